"""The network of Szegedy et al., Rethinking the Inception Architecture for Computer Vision, 2015."""

from ....core.export import export, open_namespace, public as tf
from ....variables.scope import variable_scope
from ...framework.arg_scopes import arg_scope
from ...layers.normalizing import batch_norm
from ...layers.shaping import avg_pool2d, dropout, max_pool2d, softmax
from .inception_v1 import arguments, inception_names, normalization
from .parts import checked_depth, conv2d, reduced_kernel_size, run_layers, truncated_normal

_VALID = {"stride": 2, "padding": "VALID"}
_HALF_3X3 = {"stride": 2, "padding": "VALID", "window": [3, 3]}  # whose scopes say 1x1

_STEM = [
    ("Conv2d_1a_3x3", (32, {"stride": 2})), ("Conv2d_2a_3x3", (32,)), ("Conv2d_2b_3x3", (64, {"padding": "SAME"})),
    ("MaxPool_3a_3x3", ({"stride": 2},)), ("Conv2d_3b_1x1", (80,)), ("Conv2d_4a_3x3", (192,)), ("MaxPool_5a_3x3", ({"stride": 2},)),
]  # fmt: skip


def _small(name, last, scopes=("Conv2d_0a_1x1", "Conv2d_0b_5x5")):
    return name, [
        [("Conv2d_0a_1x1", 64)], [(scopes[0], 48), (scopes[1], 64)],
        [("Conv2d_0a_1x1", 64), ("Conv2d_0b_3x3", 96), ("Conv2d_0c_3x3", 96)], [("AvgPool_0a_3x3",), ("Conv2d_0b_1x1", last)],
    ]  # fmt: skip


def _medium(name, n):
    return name, [
        [("Conv2d_0a_1x1", 192)], [("Conv2d_0a_1x1", n), ("Conv2d_0b_1x7", n), ("Conv2d_0c_7x1", 192)],
        [("Conv2d_0a_1x1", n), ("Conv2d_0b_7x1", n), ("Conv2d_0c_1x7", n), ("Conv2d_0d_7x1", n), ("Conv2d_0e_1x7", 192)],
        [("AvgPool_0a_3x3",), ("Conv2d_0b_1x1", 192)],
    ]  # fmt: skip


def _wide(name, third):
    return name, [
        [("Conv2d_0a_1x1", 320)], [("Conv2d_0a_1x1", 384), [("Conv2d_0b_1x3", 384), (third, 384)]],
        [("Conv2d_0a_1x1", 448), ("Conv2d_0b_3x3", 384), [("Conv2d_0c_1x3", 384), ("Conv2d_0d_3x1", 384)]],
        [("AvgPool_0a_3x3",), ("Conv2d_0b_1x1", 192)],
    ]  # fmt: skip


_MODULES = [
    _small("Mixed_5b", 32),
    _small("Mixed_5c", 64, ("Conv2d_0b_1x1", "Conv_1_0c_5x5")),
    _small("Mixed_5d", 64),
    ("Mixed_6a", [
        [("Conv2d_1a_1x1", 384, _HALF_3X3)],
        [("Conv2d_0a_1x1", 64), ("Conv2d_0b_3x3", 96), ("Conv2d_1a_1x1", 96, _HALF_3X3)], [("MaxPool_1a_3x3", _VALID)],
    ]),
    _medium("Mixed_6b", 128), _medium("Mixed_6c", 160), _medium("Mixed_6d", 160), _medium("Mixed_6e", 192),
    ("Mixed_7a", [
        [("Conv2d_0a_1x1", 192), ("Conv2d_1a_3x3", 320, _VALID)],
        [("Conv2d_0a_1x1", 192), ("Conv2d_0b_1x7", 192), ("Conv2d_0c_7x1", 192), ("Conv2d_1a_3x3", 192, _VALID)],
        [("MaxPool_1a_3x3", _VALID)],
    ]),
    _wide("Mixed_7b", "Conv2d_0b_3x1"), _wide("Mixed_7c", "Conv2d_0c_3x1"),
]  # fmt: skip


@export(*inception_names("v3", "inception_v3_base"))
def inception_v3_base(inputs, final_endpoint="Mixed_7c", min_depth=16, depth_multiplier=1.0, scope=None):
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
    with variable_scope(scope, "InceptionV3", [inputs]):
        with arg_scope([conv2d, max_pool2d, avg_pool2d], stride=1, padding="VALID"):
            net, is_there = run_layers(inputs, _STEM, final_endpoint, depth, end_points)
        if not is_there:
            with arg_scope([conv2d, max_pool2d, avg_pool2d], stride=1, padding="SAME"):
                net, is_there = run_layers(net, _MODULES, final_endpoint, depth, end_points)
    if not is_there:
        raise ValueError("Unknown final endpoint %s" % final_endpoint)
    return net, end_points


@export(*inception_names("v3", "inception_v3"))
def inception_v3(inputs, num_classes=1000, is_training=True, dropout_keep_prob=0.8, min_depth=16, depth_multiplier=1.0,
                 prediction_fn=softmax, spatial_squeeze=True, reuse=None, scope="InceptionV3"):  # fmt: skip
    """The network.

    Args:
      inputs: a tensor `[batch, 299, 299, channels]`.
      num_classes: how many classes there are.
      is_training: whether dropout and batch normalization train.
      dropout_keep_prob: which part the dropout keeps.
      min_depth, depth_multiplier: as of `inception_v3_base`.
      prediction_fn: a function from the logits to the predictions.
      spatial_squeeze: whether to leave out the spatial dimensions of the output.
      reuse, scope: of the variable scope.

    Returns:
      The logits, and a dictionary of the outputs of the layers, among them those of the auxiliary head.

    Raises:
      ValueError: the multiplier is not above 0.
    """
    depth = checked_depth(depth_multiplier, min_depth)
    with (
        variable_scope(scope, "InceptionV3", [inputs, num_classes], reuse=reuse) as scope,
        arg_scope([batch_norm, dropout], is_training=is_training),
    ):
        net, end_points = inception_v3_base(inputs, scope=scope, min_depth=min_depth, depth_multiplier=depth_multiplier)
        with arg_scope([conv2d, max_pool2d, avg_pool2d], stride=1, padding="SAME"):
            end_points["AuxLogits"] = _auxiliary(end_points["Mixed_6e"], num_classes, depth, spatial_squeeze)
        with variable_scope("Logits"):
            size = reduced_kernel_size(net, [8, 8])
            net = avg_pool2d(net, size, padding="VALID", scope="AvgPool_1a_%dx%d" % tuple(size))
            end_points["PreLogits"] = net = dropout(net, keep_prob=dropout_keep_prob, scope="Dropout_1b")
            logits = conv2d(net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope="Conv2d_1c_1x1")
            if spatial_squeeze:
                logits = tf.squeeze(logits, [1, 2], name="SpatialSqueeze")
        end_points["Logits"] = logits
        end_points["Predictions"] = prediction_fn(logits, scope="Predictions")
    return logits, end_points


def _auxiliary(net, num_classes, depth, spatial_squeeze):
    """The auxiliary head."""
    with variable_scope("AuxLogits"):
        net = avg_pool2d(net, [5, 5], stride=3, padding="VALID", scope="AvgPool_1a_5x5")
        net = conv2d(net, depth(128), [1, 1], scope="Conv2d_1b_1x1")
        size = reduced_kernel_size(net, [5, 5])
        net = conv2d(net, depth(768), size, weights_initializer=truncated_normal(0.01), padding="VALID",
                     scope="Conv2d_2a_%dx%d" % tuple(size))  # fmt: skip
        net = conv2d(net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, weights_initializer=truncated_normal(0.001),
                     scope="Conv2d_2b_1x1")  # fmt: skip
        return tf.squeeze(net, [1, 2], name="SpatialSqueeze") if spatial_squeeze else net


inception_v3.default_image_size = 299


@export(*inception_names("v3", "inception_v3_arg_scope"))
def inception_v3_arg_scope(weight_decay=0.00004, batch_norm_var_collection="moving_vars", batch_norm_decay=0.9997,
                           batch_norm_epsilon=0.001, updates_collections="update_ops", use_fused_batchnorm=True):  # fmt: skip
    """The arguments of the layers.

    Args:
      weight_decay: the factor of the regularization.
      batch_norm_var_collection: the collection of the moving averages.
      batch_norm_decay, batch_norm_epsilon, updates_collections: of batch normalization.
      use_fused_batchnorm: whether it is to be one op.
    """
    normal = normalization(batch_norm_var_collection, decay=batch_norm_decay, epsilon=batch_norm_epsilon,
                           updates_collections=updates_collections, fused=use_fused_batchnorm)  # fmt: skip
    return arguments(weight_decay, batch_norm, normal)


open_namespace(globals())
