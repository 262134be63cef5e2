"""The namespace `tf.lookup`."""

from ..core.export import open_namespace

open_namespace(globals())
