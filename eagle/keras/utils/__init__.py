"""The namespace `tf.keras.utils`."""

from ...core.export import open_namespace

open_namespace(globals())
