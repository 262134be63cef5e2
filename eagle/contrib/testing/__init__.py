"""The namespace `tf.contrib.testing`."""

from ...core.export import open_namespace

open_namespace(globals())
