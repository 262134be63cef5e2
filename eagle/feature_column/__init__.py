"""The namespace `tf.feature_column`."""

from ..core.export import open_namespace

open_namespace(globals())
