"""The namespace `tf.contrib.eager`."""

from ...core.export import open_namespace

open_namespace(globals())
