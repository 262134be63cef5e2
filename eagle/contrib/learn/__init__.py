"""The namespace `tf.contrib.learn`."""

from ...core.export import open_namespace

open_namespace(globals())
