"""`tf.contrib.keras`, and the paths by which old programs import what `tf.contrib.layers` and `tf.contrib.framework` have."""

from ..core.export import export, namespace, public as tf

for _name in (
    "activations",
    "backend",
    "callbacks",
    "constraints",
    "datasets",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "preprocessing",
    "regularizers",
    "utils",
):
    _found = namespace("keras." + _name)
    export("contrib.keras." + _name)(_found)
    export("contrib.keras.api.keras." + _name)(_found)

for _name in ("xavier_initializer", "xavier_initializer_conv2d", "variance_scaling_initializer"):
    export("contrib.layers.python.layers.initializers." + _name)(getattr(tf.contrib.layers, _name))

for _name in (
    "batch_norm",
    "layer_norm",
    "conv2d",
    "fully_connected",
    "flatten",
    "dropout",
    "max_pool2d",
    "avg_pool2d",
    "l2_regularizer",
    "xavier_initializer",
    "variance_scaling_initializer",
    "optimize_loss",
):
    export("contrib.layers.python.layers." + _name)(getattr(tf.contrib.layers, _name))

for _name in ("add_arg_scope", "arg_scope", "add_model_variable", "model_variable", "get_or_create_global_step", "get_variables"):
    export("contrib.framework.python.ops." + _name)(getattr(tf.contrib.framework, _name))
