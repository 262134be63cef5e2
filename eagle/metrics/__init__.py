"""The namespace `tf.metrics`."""

from ..core.export import open_namespace

open_namespace(globals())
