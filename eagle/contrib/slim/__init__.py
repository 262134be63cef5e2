"""The namespace `tf.contrib.slim`."""

from ...core.export import open_namespace

open_namespace(globals())
