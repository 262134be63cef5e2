"""The namespace `tf.losses`."""

from ..core.export import open_namespace

open_namespace(globals())
