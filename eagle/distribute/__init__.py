"""The namespace `tf.distribute`: strategies that share work among devices."""

from ..core.export import open_namespace

open_namespace(globals())
