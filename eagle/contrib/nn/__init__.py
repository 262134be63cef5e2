"""The namespace `tf.contrib.nn`."""

from ...core.export import open_namespace

open_namespace(globals())
