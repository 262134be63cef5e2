"""The namespace `tf.contrib.cudnn_rnn`."""

from ...core.export import open_namespace

open_namespace(globals())
