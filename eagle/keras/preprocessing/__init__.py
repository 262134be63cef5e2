"""The namespace `tf.keras.preprocessing`."""

from ...core.export import open_namespace

open_namespace(globals())
