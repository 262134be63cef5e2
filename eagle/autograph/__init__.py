"""The namespace `tf.autograph`: Python's own control flow on tensors."""

from ..core.export import open_namespace

open_namespace(globals())
