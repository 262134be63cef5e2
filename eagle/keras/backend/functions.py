"""Functions of tensors that layers use."""

import numpy as np

from ...core.convert import constant as make_constant
from ...core.export import export, public as tf
from .settings import floatx, image_data_format


@export("keras.backend.cast_to_floatx")
def cast_to_floatx(x):
    """A value as an array of the default type of floats."""
    return np.asarray(x, dtype=floatx())


@export("keras.backend.constant")
def constant(value, dtype=None, shape=None, name=None):
    """A constant, of the default type of floats unless another one is given."""
    return make_constant(value, dtype=dtype or floatx(), shape=shape, name=name)


@export("keras.backend.relu")
def relu(x, alpha=0.0, max_value=None, threshold=0):
    """The rectified linear unit.

    Args:
      x: a tensor.
      alpha: the slope below the threshold.
      max_value: the greatest value, or None.
      threshold: below it the value is `alpha * (x - threshold)`.
    """
    if alpha != 0.0 and max_value is None and threshold == 0:
        return tf.nn.leaky_relu(x, alpha=alpha)
    if alpha != 0.0:
        negative = tf.nn.relu(-x + threshold if threshold != 0 else -x)
    clips = max_value is not None
    if threshold != 0:
        x = x * tf.cast(tf.greater(x, threshold), floatx())
    elif max_value == 6:
        x = tf.nn.relu6(x)
        clips = False
    else:
        x = tf.nn.relu(x)
    if clips:
        base = x.dtype.base_dtype
        x = tf.clip_by_value(x, make_constant(0.0, base), make_constant(max_value, base))
    if alpha != 0.0:
        x -= make_constant(alpha, x.dtype.base_dtype) * negative
    return x


@export("keras.backend.elu")
def elu(x, alpha=1.0):
    """`x` above 0, `alpha * (exp(x) - 1)` below."""
    result = tf.nn.elu(x)
    return result if alpha == 1 else tf.where(x > 0, result, alpha * result)


@export("keras.backend.hard_sigmoid")
def hard_sigmoid(x):
    """`0.2 * x + 0.5`, clipped to 0 and 1."""
    base = x.dtype.base_dtype
    point_two, point_five = make_constant(0.2, base), make_constant(0.5, base)
    return tf.clip_by_value(tf.add(tf.multiply(x, point_two), point_five), 0.0, 1.0)


# ------------------------------------------------------------------------------------------------------- with windows


def checked_format(data_format):
    """The data format, by default that of images; raises ValueError for another word."""
    data_format = data_format or image_data_format()
    if data_format not in {"channels_first", "channels_last"}:
        raise ValueError("Unknown data_format: " + str(data_format))
    return data_format


def checked_padding(padding):
    """The padding in capital letters; raises ValueError for another word."""
    if padding not in {"same", "valid"}:
        raise ValueError("Invalid padding: " + str(padding))
    return padding.upper()


# There are no convolutions with channels first without a GPU in TensorFlow, and its graphs say so: channels are put last.


def channels_last(x, data_format):
    """A tensor with its channels last."""
    rank = x.shape.ndims
    return tf.transpose(x, (0, *range(2, rank), 1)) if data_format == "channels_first" else x


def channels_back(x, data_format):
    """A tensor with channels last as the data format says."""
    rank = x.shape.ndims
    return tf.transpose(x, (0, rank - 1, *range(1, rank - 1))) if data_format == "channels_first" else x


@export("keras.backend.conv2d_transpose")
def conv2d_transpose(x, kernel, output_shape, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1)):
    """The transpose of a convolution of images.

    Args:
      x: a tensor of images.
      kernel: a tensor of shape `[height, width, output channels, input channels]`.
      output_shape: the shape of the output.
      strides, dilation_rate: pairs of integers.
      padding: "same" or "valid".
      data_format: "channels_last" or "channels_first".

    Raises:
      ValueError: an argument is another word.
    """
    data_format = checked_format(data_format)
    x = channels_last(x, data_format)
    if data_format == "channels_first":
        output_shape = output_shape[0], output_shape[2], output_shape[3], output_shape[1]
    if output_shape[0] is None:
        output_shape = (tf.shape(x)[0], *output_shape[1:])
    if isinstance(output_shape, tuple | list):
        output_shape = tf.stack(list(output_shape))
    padding = checked_padding(padding)
    if tuple(dilation_rate) == (1, 1):
        x = tf.nn.conv2d_transpose(x, kernel, output_shape, (1, *strides, 1), padding=padding, data_format="NHWC")
    else:
        x = tf.nn.atrous_conv2d_transpose(x, kernel, output_shape, rate=dilation_rate[0], padding=padding)
    return channels_back(x, data_format)


@export("keras.backend.depthwise_conv2d")
def depthwise_conv2d(x, depthwise_kernel, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1)):
    """A convolution of each channel of images by itself; arguments as of `conv2d_transpose`."""
    data_format = checked_format(data_format)
    x = channels_last(x, data_format)
    x = tf.nn.depthwise_conv2d(x, depthwise_kernel, strides=(1, *strides, 1), padding=checked_padding(padding),
                               rate=dilation_rate, data_format="NHWC")  # fmt: skip
    return channels_back(x, data_format)


@export("keras.backend.pool2d")
def pool2d(x, pool_size, strides=(1, 1), padding="valid", data_format=None, pool_mode="max"):
    """Pooling of images.

    Args:
      x: a tensor of images.
      pool_size, strides: pairs of integers.
      padding: "same" or "valid".
      data_format: "channels_last" or "channels_first".
      pool_mode: "max" or "avg".

    Raises:
      ValueError: an argument is another word.
    """
    data_format = checked_format(data_format)
    for name, value in (("pool_size", pool_size), ("strides", strides)):
        if len(value) != 2:
            raise ValueError("`%s` must be a tuple of 2 integers." % name)
    return _pool(x, pool_size, strides, padding, data_format, {"max": "max_pool", "avg": "avg_pool"}, pool_mode)


@export("keras.backend.pool3d")
def pool3d(x, pool_size, strides=(1, 1, 1), padding="valid", data_format=None, pool_mode="max"):
    """Pooling of volumes; arguments as of `pool2d`."""
    return _pool(x, pool_size, strides, padding, checked_format(data_format), {"max": "max_pool3d", "avg": "avg_pool3d"}, pool_mode)


def _pool(x, pool_size, strides, padding, data_format, functions, mode):
    x = channels_last(x, data_format)
    padding = checked_padding(padding)
    if mode not in functions:
        raise ValueError("Invalid pooling mode: " + str(mode))
    x = getattr(tf.nn, functions[mode])(x, (1, *pool_size, 1), (1, *strides, 1), padding=padding)
    return channels_back(x, data_format)


@export("keras.backend.bias_add")
def bias_add(x, bias, data_format=None):
    """Adds a bias.

    Args:
      x: a tensor.
      bias: a vector of the size of the channels, or a tensor of rank one less than that of `x`.
      data_format: "channels_last" or "channels_first".

    Raises:
      ValueError: the ranks don't fit.
    """
    data_format = checked_format(data_format)
    sizes, rank = tuple(bias.shape.as_list()), x.shape.ndims
    if len(sizes) != 1 and len(sizes) != rank - 1:
        raise ValueError("Unexpected bias dimensions %d, expect to be 1 or %d dimensions" % (len(sizes), rank))
    if rank == 4 and len(sizes) == 1:
        return tf.nn.bias_add(x, bias, data_format="NCHW" if data_format == "channels_first" else "NHWC")
    if rank in (3, 4, 5):
        if len(sizes) == 1:
            spread = (1, sizes[0], *(1,) * (rank - 2)) if data_format == "channels_first" else (1,) * (rank - 1) + sizes
        else:
            spread = (1, sizes[-1], *sizes[:-1]) if data_format == "channels_first" else (1, *sizes)
        return x + tf.reshape(bias, spread)
    return tf.nn.bias_add(x, bias)
