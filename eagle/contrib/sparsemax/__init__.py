"""The namespace `tf.contrib.sparsemax`."""

from ...core.export import open_namespace

open_namespace(globals())
