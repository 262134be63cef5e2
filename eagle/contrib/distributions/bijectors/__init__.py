"""The namespace `tf.contrib.distributions.bijectors`."""

from ....core.export import open_namespace

open_namespace(globals())
