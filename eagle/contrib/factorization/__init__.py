"""The namespace `tf.contrib.factorization`."""

from ...core.export import open_namespace

open_namespace(globals())
