"""The namespace `tf.contrib.seq2seq`."""

from ...core.export import open_namespace

open_namespace(globals())
