"""The namespace `tf.contrib.checkpoint`."""

from ...core.export import open_namespace

open_namespace(globals())
