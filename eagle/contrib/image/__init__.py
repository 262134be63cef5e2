"""The namespace `tf.contrib.image`."""

from ...core.export import open_namespace

open_namespace(globals())
