"""The namespace `tf.keras.backend`."""

from ...core.export import open_namespace

open_namespace(globals())
