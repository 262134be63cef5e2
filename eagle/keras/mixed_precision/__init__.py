"""The namespace `tf.keras.mixed_precision`: layers that compute in one type and have variables of another."""

from ...core.export import open_namespace

open_namespace(globals())
