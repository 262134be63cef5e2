"""What `tf.contrib.slim` has of other namespaces."""

from ...core.export import export, namespace
from ...ops import initializers

for _name in ("losses", "metrics"):
    export("contrib.slim." + _name)(namespace("contrib." + _name))

for _name, _initializer in {
    "zeros_initializer": initializers.Zeros, "ones_initializer": initializers.Ones, "constant_initializer": initializers.Constant,
    "truncated_normal_initializer": initializers.TruncatedNormal, "random_normal_initializer": initializers.RandomNormal,
    "random_uniform_initializer": initializers.RandomUniform,
}.items():  # fmt: skip
    export("contrib.slim.init_ops." + _name)(_initializer)
