"""`tf.compat.v2.nn`: functions of `tf.nn` whose arguments TensorFlow 2 calls or orders otherwise.

Each does what the function that it calls says.
"""

from ..core import dtypes
from ..core.export import export
from ..core.seeds import get_seed
from . import (
    activation,
    atrous,
    conv_functions,
    cross_entropy,
    depthwise,
    dropout as dropouts,
    fractional_pool,
    morphology,
    normalization,
    pool_functions,
    ranking,
)


def _export(name):
    return export("compat.v2.nn." + name)


# ----------------------------------------------------------------------------------------------------------- convolution


@_export("conv1d")
def conv1d(input, filters, stride, padding, data_format="NWC", dilations=None, name=None):
    """`tf.nn.conv1d`."""
    return conv_functions.conv1d(input, filters, stride, padding, True, data_format, name, dilations=dilations)


@_export("conv2d")
def conv2d(input, filters, strides, padding, data_format="NHWC", dilations=None, name=None):
    """`tf.nn.conv2d`."""
    return conv_functions.conv2d(input, filters, strides, padding, True, data_format, dilations, name)


@_export("conv2d_transpose")
def conv2d_transpose(input, filters, output_shape, strides, padding="SAME", data_format="NHWC", dilations=None, name=None):
    """`tf.nn.conv2d_transpose`."""
    return conv_functions.conv2d_transpose_v2(input, filters, output_shape, strides, padding, data_format, dilations, name)


@_export("conv3d")
def conv3d(input, filters, strides, padding, data_format="NDHWC", dilations=None, name=None):
    """`tf.nn.conv3d`."""
    return conv_functions.conv3d(input, filters, strides, padding, data_format, dilations or (1, 1, 1, 1, 1), name)


@_export("conv3d_transpose")
def conv3d_transpose(input, filters, output_shape, strides, padding="SAME", data_format="NDHWC", dilations=None, name=None):
    """`tf.nn.conv3d_transpose`."""
    return conv_functions.conv3d_transpose_v2(input, filters, output_shape, strides, padding, data_format, dilations, name)


@_export("convolution")
def convolution(input, filters, strides=None, padding="VALID", data_format=None, dilations=None, name=None):
    """`tf.nn.convolution`."""
    return atrous.convolution(input, filters, padding, strides, dilations, name, data_format)


@_export("depthwise_conv2d")
def depthwise_conv2d(input, filter, strides, padding, data_format=None, dilations=None, name=None):
    """`tf.nn.depthwise_conv2d`."""
    return depthwise.depthwise_conv2d(input, filter, strides, padding, dilations, name, data_format)


@_export("separable_conv2d")
def separable_conv2d(input, depthwise_filter, pointwise_filter, strides, padding, data_format=None, dilations=None, name=None):
    """`tf.nn.separable_conv2d`."""
    return depthwise.separable_conv2d(input, depthwise_filter, pointwise_filter, strides, padding, dilations, name, data_format)


@_export("dilation2d")
def dilation2d(input, filters, strides, padding, data_format, dilations, name=None):
    """`tf.nn.dilation2d`; raises ValueError unless `data_format` is "NHWC"."""
    _check_last(data_format)
    return morphology.dilation2d(input, filters, strides, dilations, padding, name)


@_export("erosion2d")
def erosion2d(value, filters, strides, padding, data_format, dilations, name=None):
    """`tf.nn.erosion2d`; raises ValueError unless `data_format` is "NHWC"."""
    _check_last(data_format)
    return morphology.erosion2d(value, filters, strides, dilations, padding, name)


def _check_last(data_format):
    if data_format != "NHWC":
        raise ValueError("Data formats other than NHWC are not yet supported")


# --------------------------------------------------------------------------------------------------------------- pooling

_export("max_pool")(pool_functions.max_pool_v2)
_export("avg_pool")(pool_functions.avg_pool_v2)


@_export("pool")
def pool(input, window_shape, pooling_type, strides=None, padding="VALID", data_format=None, dilations=None, name=None):
    """`tf.nn.pool`."""
    return atrous.pool(input, window_shape, pooling_type, padding, dilations, strides, name, data_format)


@_export("max_pool_with_argmax")
def max_pool_with_argmax(input, ksize, strides, padding, data_format="NHWC", output_dtype=dtypes.int64,
                         include_batch_in_index=False, name=None):  # fmt: skip
    """`tf.nn.max_pool_with_argmax`, with `ksize` and `strides` in any form."""
    ksize = conv_functions.per_dimension(ksize, 2, 3, "ksize")
    strides = conv_functions.per_dimension(strides, 2, 3, "strides")
    return pool_functions.max_pool_with_argmax(input, ksize, strides, padding, data_format, output_dtype, name,
                                               include_batch_in_index=include_batch_in_index)  # fmt: skip


def _seeded(function, value, pooling_ratio, pseudo_random, overlapping, seed, name):
    """Fractional pooling with one seed, or with none if it is 0."""
    if not seed:
        return function(value, pooling_ratio, pseudo_random, overlapping, name=name)
    seed, seed2 = get_seed(seed)
    return function(value, pooling_ratio, pseudo_random, overlapping, True, seed, seed2, name)


@_export("fractional_max_pool")
def fractional_max_pool(value, pooling_ratio, pseudo_random=False, overlapping=False, seed=0, name=None):
    """`tf.nn.fractional_max_pool`, with the ratio in any form and one seed."""
    ratio = conv_functions.per_dimension(pooling_ratio, 2, 3, "pooling_ratio")
    return _seeded(fractional_pool.fractional_max_pool, value, ratio, pseudo_random, overlapping, seed, name)


@_export("fractional_avg_pool")
def fractional_avg_pool(value, pooling_ratio, pseudo_random=False, overlapping=False, seed=0, name=None):
    """`tf.nn.fractional_avg_pool`, with one seed."""
    return _seeded(fractional_pool.fractional_avg_pool, value, pooling_ratio, pseudo_random, overlapping, seed, name)


# ----------------------------------------------------------------------------------------------- elementwise and losses


@_export("crelu")
def crelu(features, axis=-1, name=None):
    """`tf.nn.crelu`."""
    return activation.crelu(features, name, axis)


@_export("dropout")
def dropout(x, rate, noise_shape=None, seed=None, name=None):
    """`tf.nn.dropout`."""
    return dropouts.dropout(x, noise_shape=noise_shape, seed=seed, name=name, rate=rate)


@_export("softmax_cross_entropy_with_logits")
def softmax_cross_entropy_with_logits(labels, logits, axis=-1, name=None):
    """`tf.nn.softmax_cross_entropy_with_logits_v2`."""
    return cross_entropy.softmax_cross_entropy_with_logits_v2(labels, logits, axis, name)


@_export("sparse_softmax_cross_entropy_with_logits")
def sparse_softmax_cross_entropy_with_logits(labels, logits, name=None):
    """`tf.nn.sparse_softmax_cross_entropy_with_logits`."""
    return cross_entropy.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits, name=name)


@_export("sigmoid_cross_entropy_with_logits")
def sigmoid_cross_entropy_with_logits(labels=None, logits=None, name=None):
    """`tf.nn.sigmoid_cross_entropy_with_logits`."""
    return cross_entropy.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name=name)


@_export("weighted_cross_entropy_with_logits")
def weighted_cross_entropy_with_logits(labels, logits, pos_weight, name=None):
    """`tf.nn.weighted_cross_entropy_with_logits`."""
    return cross_entropy.weighted_cross_entropy_with_logits(labels, logits, pos_weight, name)


@_export("in_top_k")
def in_top_k(targets, predictions, k, name=None):
    """`tf.nn.in_top_k`."""
    return ranking.in_top_k(predictions, targets, k, name)


# ---------------------------------------------------------------------------------------------------------- normalization


@_export("moments")
def moments(x, axes, shift=None, keepdims=False, name=None):
    """`tf.nn.moments`."""
    return normalization.moments(x, axes, shift, name, keepdims=keepdims)


@_export("weighted_moments")
def weighted_moments(x, axes, frequency_weights, keepdims=False, name=None):
    """`tf.nn.weighted_moments`."""
    return normalization.weighted_moments(x, axes, frequency_weights, name, keepdims=keepdims)


@_export("sufficient_statistics")
def sufficient_statistics(x, axes, shift=None, keepdims=False, name=None):
    """`tf.nn.sufficient_statistics`."""
    return normalization.sufficient_statistics(x, axes, shift, name=name, keepdims=keepdims)


@_export("batch_norm_with_global_normalization")
def batch_norm_with_global_normalization(
    input, mean, variance, beta, gamma, variance_epsilon, scale_after_normalization, name=None
):
    """`tf.nn.batch_norm_with_global_normalization`."""
    return normalization.batch_norm_with_global_normalization(
        input, mean, variance, beta, gamma, variance_epsilon, scale_after_normalization, name
    )
