"""The namespace `tf.estimator`."""

from ..core.export import open_namespace

open_namespace(globals())
