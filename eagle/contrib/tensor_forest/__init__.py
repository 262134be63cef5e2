"""The namespace `tf.contrib.tensor_forest`."""

from ...core.export import open_namespace

open_namespace(globals())
