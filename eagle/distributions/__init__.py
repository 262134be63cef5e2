"""The namespace `tf.distributions`."""

from ..core.export import open_namespace

open_namespace(globals())
