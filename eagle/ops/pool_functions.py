"""The public pooling functions of one, two and three dimensions."""

import numpy as np

from ..core import dtypes
from ..core.convert import convert
from ..core.deprecation import one_of
from ..core.dispatch import registry
from ..core.export import export
from ..core.scopes import name_scope
from .conv_functions import per_dimension
from .pool import avg_pool3d_op, avg_pool_op, max_pool3d_op, max_pool_op, max_pool_with_argmax_op


def _pool(op, count, input, ksize, strides, padding, data_format, name):
    """Pooling over `count` spatial dimensions with the given op, with `ksize` and `strides` in any form."""
    channel_index = 1 if data_format.startswith("NC") else count + 1
    ksize = per_dimension(ksize, count, channel_index, "ksize")
    strides = per_dimension(strides, count, channel_index, "strides")
    return op(input, ksize=ksize, strides=strides, padding=padding, data_format=data_format, name=name)


def _pool_one_dimension(op, input, ksize, strides, padding, data_format, scope):
    """Pooling over one dimension, as over two of which one has size 1."""
    data_format = data_format or "NWC"
    channel_index = 1 if data_format.startswith("NC") else 2
    ksize = [1, *per_dimension(ksize, 1, channel_index, "ksize")]
    strides = [1, *per_dimension(strides, 1, channel_index, "strides")]
    inserted, data_format = (1, "NHWC") if data_format == "NWC" else (2, "NCHW")
    input = registry["ExpandDims"](input, inserted)
    result = op(input, ksize=ksize, strides=strides, padding=padding, data_format=data_format, name=scope)
    return registry["Squeeze"](result, squeeze_dims=[inserted])


@export("nn.max_pool")
def max_pool(value, ksize, strides, padding, data_format="NHWC", name=None, input=None):
    """The greatest element of each window of an image.

    Args:
      value: a numeric tensor of shape `[batch, height, width, channels]`, or as `data_format` says.
      ksize: the size of the window: a number, one for each of height and width, or one for each dimension.
      strides: the step of the window, as `ksize`.
      padding: "SAME" or "VALID".
      data_format: "NHWC" or "NCHW".
      name: the name of the node.
      input: another name for `value`.

    Raises:
      ValueError: an argument has no proper form, or the shape is known and the window does not fit.
      InvalidArgumentError: the window does not fit.
      UnimplementedError: the window goes over the batch, or over channels in a way that is not supported.
    """
    value = one_of("input", input, "value", value)
    with name_scope(name, "MaxPool", [value]) as scope:
        if np.any(np.equal(ksize, 0)):
            raise ValueError("ksize cannot be zero.")
        return _pool(max_pool_op, 2, value, ksize, strides, padding, data_format or "NHWC", scope)


@export("nn.max_pool2d")
def max_pool2d(input, ksize, strides, padding, data_format="NHWC", name=None):
    """The greatest element of each window of an image; arguments as of `max_pool`."""
    with name_scope(name, "MaxPool2d", [input]) as scope:
        return _pool(max_pool_op, 2, input, ksize, strides, padding, data_format or "NHWC", scope)


@export("nn.max_pool3d")
def max_pool3d(input, ksize, strides, padding, data_format="NDHWC", name=None):
    """The greatest element of each window of a volume.

    Args:
      input: a tensor of floats of shape `[batch, depth, height, width, channels]`, or as `data_format` says.
      ksize: the size of the window: a number, one for each spatial dimension, or one for each dimension.
      strides: the step of the window, as `ksize`.
      padding: "SAME" or "VALID".
      data_format: "NDHWC" or "NCDHW".
      name: the name of the node.
    """
    with name_scope(name, "MaxPool3D", [input]) as scope:
        return _pool(max_pool3d_op, 3, input, ksize, strides, padding, data_format or "NDHWC", scope)


@export("nn.max_pool1d")
def max_pool1d(input, ksize, strides, padding, data_format="NWC", name=None):
    """The greatest element of each window of a sequence.

    Args:
      input: a numeric tensor of shape `[batch, width, channels]`, or as `data_format` says.
      ksize: the size of the window: a number or one for each dimension.
      strides: the step of the window, as `ksize`.
      padding: "SAME" or "VALID".
      data_format: "NWC" or "NCW".
      name: the name of the node.
    """
    with name_scope(name, "MaxPool1d", [input]) as scope:
        return _pool_one_dimension(max_pool_op, input, ksize, strides, padding, data_format, scope)


@export("nn.avg_pool", "nn.avg_pool2d")
def avg_pool(value, ksize, strides, padding, data_format="NHWC", name=None, input=None):
    """The average of each window of an image, padding not counted.

    Args:
      value: a tensor of floats of shape `[batch, height, width, channels]`, or as `data_format` says.
      ksize: the size of the window: a number, one for each of height and width, or one for each dimension.
      strides: the step of the window, as `ksize`.
      padding: "SAME" or "VALID".
      data_format: "NHWC" or "NCHW".
      name: the name of the node.
      input: another name for `value`.

    Raises:
      ValueError: an argument has no proper form, or the shape is known and the window does not fit.
      InvalidArgumentError: the window does not fit.
    """
    with name_scope(name, "AvgPool", [value]) as scope:
        value = one_of("input", input, "value", value)
        return _pool(avg_pool_op, 2, value, ksize, strides, padding, data_format or "NHWC", scope)


@export("nn.avg_pool3d")
def avg_pool3d(input, ksize, strides, padding, data_format="NDHWC", name=None):
    """The average of each window of a volume, padding not counted; arguments as of `max_pool3d`."""
    with name_scope(name, "AvgPool3D", [input]) as scope:
        return _pool(avg_pool3d_op, 3, input, ksize, strides, padding, data_format or "NDHWC", scope)


@export("nn.avg_pool1d")
def avg_pool1d(input, ksize, strides, padding, data_format="NWC", name=None):
    """The average of each window of a sequence, padding not counted; arguments as of `max_pool1d`."""
    with name_scope(name, "AvgPool1D", [input]) as scope:
        return _pool_one_dimension(avg_pool_op, input, ksize, strides, padding, data_format, scope)


def _pool_any(functions, input, ksize, strides, padding, data_format, name):
    """Pooling over as many dimensions as the input has spatial ones."""
    input = convert(input) if not hasattr(input, "shape") else input
    count = len(input.shape) - 2
    if not 1 <= count <= 3:
        raise ValueError("Input tensor must be of rank 3, 4 or 5 but was %d." % (count + 2))
    if count == 1:
        return functions[0](input, ksize, strides, padding, data_format, name)
    return _pool(functions[count - 1], count, input, ksize, strides, padding, data_format or ("NHWC", "NDHWC")[count - 2], name)


@export("nn.max_pool_v2")
def max_pool_v2(input, ksize, strides, padding, data_format=None, name=None):
    """The greatest element of each window of a tensor of rank 3, 4 or 5.

    Args:
      input: a numeric tensor of shape `[batch, spatial..., channels]`, or as `data_format` says.
      ksize: the size of the window: a number, one for each spatial dimension, or one for each dimension.
      strides: the step of the window, as `ksize`.
      padding: "SAME" or "VALID".
      data_format: "N...C" (the default) or "NC...", with W, HW or DHW for the dots.
      name: the name of the node.

    Raises:
      ValueError: the rank is unknown or not one of these.
    """
    return _pool_any((max_pool1d, max_pool_op, max_pool3d_op), input, ksize, strides, padding, data_format, name)


@export("nn.avg_pool_v2")
def avg_pool_v2(input, ksize, strides, padding, data_format=None, name=None):
    """The average of each window of a tensor of rank 3, 4 or 5; arguments as of `max_pool_v2`."""
    return _pool_any((avg_pool1d, avg_pool_op, avg_pool3d_op), input, ksize, strides, padding, data_format, name)


@export("nn.max_pool_with_argmax")
def max_pool_with_argmax(input, ksize, strides, padding, data_format="NHWC", Targmax=None, name=None, output_dtype=None,
                         include_batch_in_index=False):  # fmt: skip
    """The greatest element of each window of an image, and where it is.

    Args:
      input: a tensor of real numbers of shape `[batch, height, width, channels]`.
      ksize, strides: the size and the step of the window, a number for each dimension.
      padding: "SAME" or "VALID".
      data_format: "NHWC".
      Targmax: the type of the places, int64 (the default) or int32.
      name: the name of the node.
      output_dtype: another name for `Targmax`.
      include_batch_in_index: whether places count from the beginning of the input, not of the image.

    Returns:
      A named tuple: `output`, the maxima; `argmax`, the index of each in the flattened input.

    Raises:
      ValueError: `data_format` is another.
    """
    if data_format != "NHWC":
        raise ValueError("Data formats other than 'NHWC' are not yet supported")
    places = one_of("output_dtype", output_dtype, "Targmax", Targmax)
    return max_pool_with_argmax_op(input, ksize=ksize, strides=strides, padding=padding,
                                   Targmax=dtypes.int64 if places is None else places,
                                   include_batch_in_index=include_batch_in_index, name=name)  # fmt: skip
