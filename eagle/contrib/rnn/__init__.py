"""The namespace `tf.contrib.rnn`."""

from ...core.export import open_namespace

open_namespace(globals())
