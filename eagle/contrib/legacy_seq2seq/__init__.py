"""The namespace `tf.contrib.legacy_seq2seq`."""

from ...core.export import open_namespace

open_namespace(globals())
