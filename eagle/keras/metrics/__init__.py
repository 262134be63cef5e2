"""The namespace `tf.keras.metrics`."""

from ...core.export import open_namespace

open_namespace(globals())
