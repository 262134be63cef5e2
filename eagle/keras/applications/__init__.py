"""The namespace `tf.keras.applications`: networks of images by their names."""

from ...core.export import open_namespace

open_namespace(globals())
