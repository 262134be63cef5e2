"""The network of Szegedy et al., Going Deeper with Convolutions, 2014."""

from ....core.export import export, open_namespace, public as tf
from ....ops.activation import relu
from ....ops.initializers import contrib_variance_scaling_initializer
from ....variables.scope import variable_scope
from ...framework.arg_scopes import arg_scope
from ...layers.convolutions import fully_connected
from ...layers.normalizing import batch_norm
from ...layers.regularizing import l2_regularizer
from ...layers.shaping import avg_pool2d, dropout, max_pool2d, softmax
from .parts import conv2d, names, run_layers, truncated_normal

_STEM = [
    ("Conv2d_1a_7x7", (64, {"stride": 2})),
    ("MaxPool_2a_3x3", ({"stride": 2},)),
    ("Conv2d_2b_1x1", (64,)),
    ("Conv2d_2c_3x3", (192,)),
    ("MaxPool_3a_3x3", ({"stride": 2},)),
]


def _module(name, sizes, third="Conv2d_0b_3x3"):
    """A module with four branches, from their numbers of channels."""
    a, b1, b2, c1, c2, d = sizes
    return name, [
        [("Conv2d_0a_1x1", a)], [("Conv2d_0a_1x1", b1), ("Conv2d_0b_3x3", b2)], [("Conv2d_0a_1x1", c1), (third, c2)],
        [("MaxPool_0a_3x3",), ("Conv2d_0b_1x1", d)],
    ]  # fmt: skip


_LAYERS = [
    *_STEM,
    _module("Mixed_3b", (64, 96, 128, 16, 32, 32)),
    _module("Mixed_3c", (128, 128, 192, 32, 96, 64)),
    ("MaxPool_4a_3x3", ({"stride": 2},)),
    _module("Mixed_4b", (192, 96, 208, 16, 48, 64)),
    _module("Mixed_4c", (160, 112, 224, 24, 64, 64)),
    _module("Mixed_4d", (128, 128, 256, 24, 64, 64)),
    _module("Mixed_4e", (112, 144, 288, 32, 64, 64)),
    _module("Mixed_4f", (256, 160, 320, 32, 128, 128)),
    ("MaxPool_5a_2x2", ({"stride": 2},)),
    _module("Mixed_5b", (256, 160, 320, 32, 128, 128), "Conv2d_0a_3x3"),
    _module("Mixed_5c", (384, 192, 384, 48, 128, 128)),
]


def inception_names(version, function):
    """Where programs look for a function of an inception network."""
    module = "inception_" + version
    return (
        *names(module, function),
        "contrib.slim.nets.inception." + function,
        "contrib.slim.python.slim.nets.inception." + function,
    )


@export(*inception_names("v1", "inception_v1_base"))
def inception_v1_base(inputs, final_endpoint="Mixed_5c", scope="InceptionV1"):
    """The network up to a layer.

    Args:
      inputs: a tensor `[batch, height, width, channels]`.
      final_endpoint: the name of the last layer.
      scope: the variable scope.

    Returns:
      The output, and a dictionary of the outputs of the layers.

    Raises:
      ValueError: there is no such layer.
    """
    end_points = {}
    with (
        variable_scope(scope, "InceptionV1", [inputs]),
        arg_scope([conv2d, fully_connected], weights_initializer=truncated_normal(0.01)),
        arg_scope([conv2d, max_pool2d], stride=1, padding="SAME"),
    ):
        net, is_there = run_layers(inputs, _LAYERS, final_endpoint, int, end_points)
    if not is_there:
        raise ValueError("Unknown final endpoint %s" % final_endpoint)
    return net, end_points


@export(*inception_names("v1", "inception_v1"))
def inception_v1(inputs, num_classes=1000, is_training=True, dropout_keep_prob=0.8, prediction_fn=softmax, spatial_squeeze=True,
                 reuse=None, scope="InceptionV1"):  # fmt: skip
    """The network.

    Args:
      inputs: a tensor `[batch, 224, 224, channels]`.
      num_classes: how many classes there are.
      is_training: whether dropout and batch normalization train.
      dropout_keep_prob: which part the dropout keeps.
      prediction_fn: a function from the logits to the predictions.
      spatial_squeeze: whether to leave out the spatial dimensions of the output.
      reuse, scope: of the variable scope.

    Returns:
      The logits, and a dictionary of the outputs of the layers.
    """
    with (
        variable_scope(scope, "InceptionV1", [inputs, num_classes], reuse=reuse) as scope,
        arg_scope([batch_norm, dropout], is_training=is_training),
    ):
        net, end_points = inception_v1_base(inputs, scope=scope)
        with variable_scope("Logits"):
            net = avg_pool2d(net, [7, 7], stride=1, scope="MaxPool_0a_7x7")
            net = dropout(net, dropout_keep_prob, scope="Dropout_0b")
            logits = conv2d(net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope="Conv2d_0c_1x1")
            if spatial_squeeze:
                logits = tf.squeeze(logits, [1, 2], name="SpatialSqueeze")
            end_points["Logits"] = logits
            end_points["Predictions"] = prediction_fn(logits, scope="Predictions")
    return logits, end_points


inception_v1.default_image_size = 224


def arguments(weight_decay, normalizer_fn, normalizer_params):
    """The arguments of the layers of inception networks."""
    with arg_scope([conv2d, fully_connected], weights_regularizer=l2_regularizer(weight_decay)), arg_scope(
        [conv2d], weights_initializer=contrib_variance_scaling_initializer(), activation_fn=relu, normalizer_fn=normalizer_fn,
        normalizer_params=normalizer_params,
    ) as scope:  # fmt: skip
        return scope


def normalization(collection, **more):
    """The arguments of batch normalization in inception networks."""
    averages = {"beta": None, "gamma": None, "moving_mean": [collection], "moving_variance": [collection]}
    return {"decay": 0.9997, "epsilon": 0.001, "updates_collections": "update_ops", "variables_collections": averages, **more}


@export(*inception_names("v1", "inception_v1_arg_scope"))
def inception_v1_arg_scope(weight_decay=0.00004, use_batch_norm=True, batch_norm_var_collection="moving_vars"):
    """The arguments of the layers.

    Args:
      weight_decay: the factor of the regularization.
      use_batch_norm: whether there is batch normalization.
      batch_norm_var_collection: the collection of its moving averages.
    """
    if not use_batch_norm:
        return arguments(weight_decay, None, {})
    return arguments(weight_decay, batch_norm, normalization(batch_norm_var_collection))


open_namespace(globals())
