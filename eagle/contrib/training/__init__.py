"""The namespace `tf.contrib.training`."""

from ...core.export import open_namespace

open_namespace(globals())
