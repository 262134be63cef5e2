"""The namespace `tf.contrib.layers`."""

from ...core.export import open_namespace

open_namespace(globals())
