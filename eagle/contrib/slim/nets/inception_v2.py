"""The network of Ioffe and Szegedy, Batch Normalization, 2015."""

from ....core.export import export, open_namespace, public as tf
from ....variables.scope import variable_scope
from ...framework.arg_scopes import arg_scope
from ...layers.normalizing import batch_norm
from ...layers.shaping import avg_pool2d, dropout, max_pool2d, softmax
from .inception_v1 import arguments, inception_names, normalization
from .parts import checked_depth, conv2d, reduced_kernel_size, run_layers, separable_conv2d, truncated_normal


def _init(stddev):
    return {"weights_initializer": truncated_normal(stddev)}


def _module(name, a, b, c, d, pool="AvgPool"):
    """A module with four branches, from their numbers of channels."""
    return name, [
        [("Conv2d_0a_1x1", a)],
        [("Conv2d_0a_1x1", b[0], _init(0.09)), ("Conv2d_0b_3x3", b[1])],
        [("Conv2d_0a_1x1", c[0], _init(0.09)), ("Conv2d_0b_3x3", c[1]), ("Conv2d_0c_3x3", c[1])],
        [(pool + "_0a_3x3",), ("Conv2d_0b_1x1", d, _init(0.1))],
    ]


def _reduction(name, a, b):
    """A module that halves the size."""
    return name, [
        [("Conv2d_0a_1x1", a[0], _init(0.09)), ("Conv2d_1a_3x3", a[1], {"stride": 2})],
        [("Conv2d_0a_1x1", b[0], _init(0.09)), ("Conv2d_0b_3x3", b[1]), ("Conv2d_1a_3x3", b[1], {"stride": 2})],
        [("MaxPool_1a_3x3", {"stride": 2})],
    ]


def _first(depth):
    def layer(net, scope):
        multiplier = min(int(depth(64) / 3), 8)
        return separable_conv2d(net, depth(64), [7, 7], depth_multiplier=multiplier, stride=2,
                                weights_initializer=truncated_normal(1.0), scope=scope)  # fmt: skip

    return layer


_LAYERS = [
    ("MaxPool_2a_3x3", ({"stride": 2},)),
    ("Conv2d_2b_1x1", (64, _init(0.1))),
    ("Conv2d_2c_3x3", (192,)),
    ("MaxPool_3a_3x3", ({"stride": 2},)),
    _module("Mixed_3b", 64, (64, 64), (64, 96), 32),
    _module("Mixed_3c", 64, (64, 96), (64, 96), 64),
    _reduction("Mixed_4a", (128, 160), (64, 96)),
    _module("Mixed_4b", 224, (64, 96), (96, 128), 128),
    _module("Mixed_4c", 192, (96, 128), (96, 128), 128),
    _module("Mixed_4d", 160, (128, 160), (128, 160), 96),
    _module("Mixed_4e", 96, (128, 192), (160, 192), 96),
    _reduction("Mixed_5a", (128, 192), (192, 256)),
    _module("Mixed_5b", 352, (192, 320), (160, 224), 128),
    _module("Mixed_5c", 352, (192, 320), (192, 224), 128, "MaxPool"),
]


@export(*inception_names("v2", "inception_v2_base"))
def inception_v2_base(inputs, final_endpoint="Mixed_5c", min_depth=16, depth_multiplier=1.0, scope=None):
    """The network up to a layer.

    Args:
      inputs: a tensor `[batch, height, width, channels]`.
      final_endpoint: the name of the last layer.
      min_depth: the least number of channels of a layer.
      depth_multiplier: by what numbers of channels are multiplied.
      scope: the variable scope.

    Returns:
      The output, and a dictionary of the outputs of the layers.

    Raises:
      ValueError: there is no such layer, or the multiplier is not above 0.
    """
    end_points = {}
    depth = checked_depth(depth_multiplier, min_depth)
    with (
        variable_scope(scope, "InceptionV2", [inputs]),
        arg_scope([conv2d, max_pool2d, avg_pool2d, separable_conv2d], stride=1, padding="SAME"),
    ):
        layers = [("Conv2d_1a_7x7", _first(depth)), *_LAYERS]
        net, is_there = run_layers(inputs, layers, final_endpoint, depth, end_points)
    if not is_there:
        raise ValueError("Unknown final endpoint %s" % final_endpoint)
    return net, end_points


@export(*inception_names("v2", "inception_v2"))
def inception_v2(inputs, num_classes=1000, is_training=True, dropout_keep_prob=0.8, min_depth=16, depth_multiplier=1.0,
                 prediction_fn=softmax, spatial_squeeze=True, reuse=None, scope="InceptionV2"):  # fmt: skip
    """The network.

    Args:
      inputs: a tensor `[batch, 224, 224, channels]`.
      num_classes: how many classes there are.
      is_training: whether dropout and batch normalization train.
      dropout_keep_prob: which part the dropout keeps.
      min_depth, depth_multiplier: as of `inception_v2_base`.
      prediction_fn: a function from the logits to the predictions.
      spatial_squeeze: whether to leave out the spatial dimensions of the output.
      reuse, scope: of the variable scope.

    Returns:
      The logits, and a dictionary of the outputs of the layers.

    Raises:
      ValueError: the multiplier is not above 0.
    """
    checked_depth(depth_multiplier, min_depth)
    with (
        variable_scope(scope, "InceptionV2", [inputs, num_classes], reuse=reuse) as scope,
        arg_scope([batch_norm, dropout], is_training=is_training),
    ):
        net, end_points = inception_v2_base(inputs, scope=scope, min_depth=min_depth, depth_multiplier=depth_multiplier)
        with variable_scope("Logits"):
            size = reduced_kernel_size(net, [7, 7])
            net = avg_pool2d(net, size, padding="VALID", scope="AvgPool_1a_%dx%d" % tuple(size))
            net = dropout(net, keep_prob=dropout_keep_prob, scope="Dropout_1b")
            logits = conv2d(net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope="Conv2d_1c_1x1")
            if spatial_squeeze:
                logits = tf.squeeze(logits, [1, 2], name="SpatialSqueeze")
        end_points["Logits"] = logits
        end_points["Predictions"] = prediction_fn(logits, scope="Predictions")
    return logits, end_points


inception_v2.default_image_size = 224


@export(*inception_names("v2", "inception_v2_arg_scope"))
def inception_v2_arg_scope(weight_decay=0.00004, batch_norm_var_collection="moving_vars"):
    """The arguments of the layers.

    Args:
      weight_decay: the factor of the regularization.
      batch_norm_var_collection: the collection of the moving averages.
    """
    return arguments(weight_decay, batch_norm, normalization(batch_norm_var_collection))


open_namespace(globals())
