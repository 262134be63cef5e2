"""The namespace `tf.keras`."""

from ..core.export import open_namespace

open_namespace(globals())
