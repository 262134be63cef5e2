"""The namespace `tf.contrib.crf`."""

from ...core.export import open_namespace

open_namespace(globals())
