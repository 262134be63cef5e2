"""The namespace `tf.keras.optimizers`."""

from ...core.export import open_namespace

open_namespace(globals())
