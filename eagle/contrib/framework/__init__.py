"""The namespace `tf.contrib.framework`."""

from ...core.export import open_namespace

open_namespace(globals())
