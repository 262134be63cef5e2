"""The namespace `tf.estimator.tpu`."""

from ...core.export import open_namespace

open_namespace(globals())
