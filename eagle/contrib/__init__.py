"""The namespace `tf.contrib`."""

from ..core.export import open_namespace

open_namespace(globals())
