"""The namespace `tf.contrib.slim.nets`: networks for images."""

from ....core.export import open_namespace

open_namespace(globals())
