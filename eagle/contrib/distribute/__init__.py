"""The namespace `tf.contrib.distribute`."""

from ...core.export import open_namespace

open_namespace(globals())
