"""The namespace `tf.contrib.distributions`."""

from ...core.export import open_namespace

open_namespace(globals())
