"""The namespace `tf.contrib.opt`."""

from ...core.export import open_namespace

open_namespace(globals())
