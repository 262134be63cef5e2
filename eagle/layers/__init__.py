"""The namespace `tf.layers`."""

from ..core.export import open_namespace

open_namespace(globals())
