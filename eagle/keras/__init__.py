"""The namespace `tf.keras`."""

from ..core.export import open_namespace

open_namespace(globals())
__version__ = "2.2.4-tf"
