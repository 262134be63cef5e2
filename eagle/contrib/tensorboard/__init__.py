"""The namespace `tf.contrib.tensorboard`."""

from ...core.export import open_namespace

open_namespace(globals())
