"""`tf.summary` and what is behind it: summaries in graphs, event files and their writers."""

from ..core.export import open_namespace

open_namespace(globals())
