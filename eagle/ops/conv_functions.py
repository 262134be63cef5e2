"""The public convolutions of one, two and three dimensions, and the transposed ones."""

import collections.abc

from ..core.convert import is_tensor
from ..core.deprecation import one_of
from ..core.dispatch import registry
from ..core.export import export
from ..core.scopes import name_scope
from ..core.tensor import Tensor
from .conv import (
    conv2d_backprop_filter_op,
    conv2d_backprop_input_op,
    conv2d_op,
    conv3d_backprop_filter_op,
    conv3d_backprop_input_op,
    conv3d_op,
)


def per_dimension(value, count, channel_index, name):
    """A number for each dimension of an input, from one, one for each of `count` spatial dimensions, or all.

    Args:
      value: a number, a sequence of numbers, or None for 1.
      count: how many spatial dimensions there are.
      channel_index: which dimension the channels are.
      name: the name of the argument.

    Raises:
      ValueError: the sequence has another length.
    """
    if value is None:
        value = [1]
    elif not isinstance(value, collections.abc.Sized):
        value = [value]
    if len(value) == count + 2:
        return value
    if len(value) == 1:
        value = [value[0]] * count
    elif len(value) != count:
        raise ValueError("%s should be of length 1, %d or %d but was %d" % (name, count, count + 2, len(value)))
    return [1, 1, *value] if channel_index == 1 else [1, *value, 1]


def split_padding(padding):
    """The attributes `padding` and `explicit_paddings` from the argument `padding`: a string or a list of pairs."""
    if padding == "EXPLICIT":
        raise ValueError('"EXPLICIT" is no padding by itself: give a list of pairs, one for each dimension, as the padding.')
    if not isinstance(padding, list | tuple):
        return padding, []
    for i, pair in enumerate(padding):
        if not isinstance(pair, list | tuple):
            raise ValueError("When padding is a list, each element of padding must be a list/tuple of size 2. Element with index "
                             "%d of padding is not a list/tuple" % i)  # fmt: skip
        if len(pair) != 2:
            raise ValueError("When padding is a list, each element of padding must be a list/tuple of size 2. Element with index "
                             "%d of padding has size %d" % (i, len(pair)))  # fmt: skip
    if len(padding) != 4:
        raise ValueError("When padding is a list, it must be of size 4. Got padding of size: %d" % len(padding))
    return "EXPLICIT", [n for pair in padding for n in pair]


# ------------------------------------------------------------------------------------------------------- two dimensions


@export("nn.conv2d")
def conv2d(input, filter=None, strides=None, padding=None, use_cudnn_on_gpu=True, data_format="NHWC", dilations=(1, 1, 1, 1),
           name=None, filters=None):  # fmt: skip
    """Two-dimensional convolution: each output is the sum of products of a filter and the window of the input below it.

    Args:
      input: a tensor of floats of shape `[batch, height, width, in_channels]`, or as `data_format` says.
      filter: a tensor of the same type of shape `[height, width, in_channels, out_channels]`; with fewer input channels than the
        input has, the channels are in groups.
      strides: the step of the window: a number, one for each of height and width, or one for each dimension.
      padding: "SAME", "VALID" or a list of pairs, one for each dimension: how much to add to both of its ends.
      use_cudnn_on_gpu: kept in the node; it means nothing here.
      data_format: "NHWC" or "NCHW".
      dilations: the step from element to element of the window, as `strides`.
      name: the name of the node.
      filters: another name for `filter`.

    Raises:
      ValueError: an argument has no proper form, or the shapes are known and don't fit.
      InvalidArgumentError: the shapes don't fit.
    """
    filter = one_of("filters", filters, "filter", filter)
    padding, explicit_paddings = split_padding(padding)
    data_format = data_format or "NHWC"
    channel_index = 1 if data_format.startswith("NC") else 3
    return conv2d_op(
        input, filter, strides=per_dimension(strides, 2, channel_index, "strides"), padding=padding,
        use_cudnn_on_gpu=use_cudnn_on_gpu, explicit_paddings=explicit_paddings, data_format=data_format,
        dilations=per_dimension(dilations, 2, channel_index, "dilations"), name=name,
    )  # fmt: skip


@export("nn.conv2d_backprop_filter")
def conv2d_backprop_filter(input, filter_sizes, out_backprop, strides, padding, use_cudnn_on_gpu=True, data_format="NHWC",
                           dilations=(1, 1, 1, 1), name=None):  # fmt: skip
    """The gradient of a two-dimensional convolution with respect to its filter.

    Args:
      input: the input of the convolution.
      filter_sizes: the shape of the filter, an int vector.
      out_backprop: the gradient of the output.
      strides, padding, use_cudnn_on_gpu, data_format, dilations: as of `conv2d`, a number for each dimension.
      name: the name of the node.
    """
    padding, explicit_paddings = split_padding(padding)
    return conv2d_backprop_filter_op(
        input, filter_sizes, out_backprop, strides=strides, padding=padding, use_cudnn_on_gpu=use_cudnn_on_gpu,
        explicit_paddings=explicit_paddings, data_format=data_format, dilations=dilations, name=name,
    )  # fmt: skip


@export("nn.conv2d_backprop_input")
def conv2d_backprop_input(input_sizes, filter=None, out_backprop=None, strides=None, padding=None, use_cudnn_on_gpu=True,
                          data_format="NHWC", dilations=(1, 1, 1, 1), name=None, filters=None):  # fmt: skip
    """The gradient of a two-dimensional convolution with respect to its input.

    Args:
      input_sizes: the shape of the input, an int vector.
      filter: the filter of the convolution.
      out_backprop: the gradient of the output.
      strides, padding, use_cudnn_on_gpu, data_format, dilations: as of `conv2d`, a number for each dimension.
      name: the name of the node.
      filters: another name for `filter`.
    """
    filter = one_of("filters", filters, "filter", filter)
    padding, explicit_paddings = split_padding(padding)
    return conv2d_backprop_input_op(
        input_sizes, filter, out_backprop, strides=strides, padding=padding, use_cudnn_on_gpu=use_cudnn_on_gpu,
        explicit_paddings=explicit_paddings, data_format=data_format, dilations=dilations, name=name,
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------ three dimensions


@export("nn.conv3d")
def conv3d(input, filter=None, strides=None, padding=None, data_format="NDHWC", dilations=(1, 1, 1, 1, 1), name=None,
           filters=None):  # fmt: skip
    """Three-dimensional convolution.

    Args:
      input: a tensor of floats of shape `[batch, depth, height, width, in_channels]`, or as `data_format` says.
      filter: a tensor of the same type of shape `[depth, height, width, in_channels, out_channels]`.
      strides: the step of the window, a number for each dimension.
      padding: "SAME" or "VALID".
      data_format: "NDHWC" or "NCDHW".
      dilations: the step from element to element of the window, a number for each dimension.
      name: the name of the node.
      filters: another name for `filter`.

    Raises:
      ValueError: the shapes are known and don't fit.
      InvalidArgumentError: the shapes don't fit.
    """
    filter = one_of("filters", filters, "filter", filter)
    return conv3d_op(
        input, filter, strides=strides, padding=padding, data_format=data_format, dilations=dilations, name=name
    )  # fmt: skip


@export("nn.conv3d_backprop_filter", "nn.conv3d_backprop_filter_v2")
def conv3d_backprop_filter(input, filter_sizes, out_backprop, strides, padding, data_format="NDHWC",
                           dilations=(1, 1, 1, 1, 1), name=None):  # fmt: skip
    """The gradient of a three-dimensional convolution with respect to its filter.

    Args:
      input: the input of the convolution.
      filter_sizes: the shape of the filter, an int vector.
      out_backprop: the gradient of the output.
      strides, padding, data_format, dilations: as of `conv3d`.
      name: the name of the node.
    """
    return conv3d_backprop_filter_op(input, filter_sizes, out_backprop, strides=strides, padding=padding,
                                     data_format=data_format, dilations=dilations, name=name)  # fmt: skip


# ------------------------------------------------------------------------------------------------------------ transposed


@export("nn.conv2d_transpose")
def conv2d_transpose(value=None, filter=None, output_shape=None, strides=None, padding="SAME", data_format="NHWC", name=None,
                     input=None, filters=None, dilations=None):  # fmt: skip
    """The transpose of a two-dimensional convolution: what its gradient does to the gradient of its output.

    Args:
      value: a tensor of floats of shape `[batch, height, width, in_channels]`, or as `data_format` says.
      filter: a tensor of the same type of shape `[height, width, out_channels, in_channels]`.
      output_shape: the shape of the result, an int vector.
      strides, padding, data_format, dilations: those of the convolution whose transpose it is, as of `conv2d`.
      name: the name of the node.
      input: another name for `value`.
      filters: another name for `filter`.

    Raises:
      ValueError: an argument has no proper form.
      InvalidArgumentError: the shapes don't fit.
    """
    value = one_of("input", input, "value", value)
    filter = one_of("filters", filters, "filter", filter)
    with name_scope(name, "conv2d_transpose", [value, filter, output_shape]) as scope:
        return conv2d_transpose_v2(value, filter, output_shape, strides, padding, data_format, dilations, scope)


def conv2d_transpose_v2(input, filters, output_shape, strides, padding="SAME", data_format=None, dilations=None, name=None):
    """`conv2d_transpose` with TensorFlow 2's arguments."""
    with name_scope(name, "conv2d_transpose", [input, filters, output_shape]) as scope:
        data_format = data_format or "NHWC"
        channel_index = 1 if data_format.startswith("NC") else 3
        strides = per_dimension(strides, 2, channel_index, "strides")
        dilations = per_dimension(dilations, 2, channel_index, "dilations")
        return conv2d_backprop_input_op(output_shape, filters, input, strides=strides, padding=padding, data_format=data_format,
                                        dilations=dilations, name=scope)  # fmt: skip


@export("nn.conv3d_transpose")
def conv3d_transpose(value, filter=None, output_shape=None, strides=None, padding="SAME", data_format="NDHWC", name=None,
                     input=None, filters=None, dilations=None):  # fmt: skip
    """The transpose of a three-dimensional convolution.

    Args:
      value: a tensor of floats of shape `[batch, depth, height, width, in_channels]`, or as `data_format` says.
      filter: a tensor of the same type of shape `[depth, height, width, out_channels, in_channels]`.
      output_shape: the shape of the result, an int vector.
      strides, padding, data_format, dilations: those of the convolution whose transpose it is: a number, one for each spatial
        dimension, or one for each dimension.
      name: the name of the node.
      input: another name for `value`.
      filters: another name for `filter`.

    Raises:
      ValueError: an argument has no proper form.
      InvalidArgumentError: the shapes don't fit.
    """
    filter = one_of("filters", filters, "filter", filter)
    value = one_of("input", input, "value", value)
    return conv3d_transpose_v2(value, filter, output_shape, strides, padding, data_format, dilations, name)


def conv3d_transpose_v2(input, filters, output_shape, strides, padding="SAME", data_format=None, dilations=None, name=None):
    """`conv3d_transpose` with TensorFlow 2's arguments."""
    with name_scope(name, "conv3d_transpose", [input, filters, output_shape]) as scope:
        data_format = data_format or "NDHWC"
        channel_index = 1 if data_format.startswith("NC") else 4
        strides = per_dimension(strides, 3, channel_index, "strides")
        dilations = per_dimension(dilations, 3, channel_index, "dilations")
        return conv3d_backprop_input_op(output_shape, filters, input, strides=strides, padding=padding, data_format=data_format,
                                        dilations=dilations, name=scope)  # fmt: skip


@export("nn.conv_transpose")
def conv_transpose(input, filters, output_shape, strides, padding="SAME", data_format=None, dilations=None, name=None):
    """The transpose of a convolution of one, two or three dimensions.

    Args:
      input: a tensor of floats of rank 3, 4 or 5: `[batch, spatial..., in_channels]`, or as `data_format` says.
      filters: a tensor of the same type: `[spatial..., out_channels, in_channels]`.
      output_shape: the shape of the result, an int vector, whose length says how many dimensions there are.
      strides, padding, data_format, dilations: those of the convolution whose transpose it is.
      name: the name of the node.

    Raises:
      ValueError: `output_shape` has no length, or not one of 3, 4 and 5.
    """
    with name_scope(name, "conv_transpose", [input, filters, output_shape]) as scope:
        if is_tensor(output_shape):
            count = output_shape.shape[0] - 2
        elif isinstance(output_shape, collections.abc.Sized):
            count = len(output_shape) - 2
        else:
            raise ValueError("output_shape must be a tensor or sized collection.")
        if not 1 <= count <= 3:
            raise ValueError("output_shape must be of length 3, 4 or 5 but was %d." % (count + 2))
        function = (conv1d_transpose, conv2d_transpose_v2, conv3d_transpose_v2)[int(count) - 1]
        return function(input, filters, output_shape, strides, padding, data_format, dilations, scope)


# --------------------------------------------------------------------------------------------------------- one dimension


def _in_two_dimensions(data_format):
    """For a one-dimensional format: the two-dimensional one, the dimension to insert, and which the channels are."""
    if data_format in (None, "NWC", "NHWC"):
        return "NHWC", 1, 2
    if data_format in ("NCW", "NCHW"):
        return "NCHW", 2, 1
    raise ValueError('data_format must be "NWC" or "NCW".')


@export("nn.conv1d")
def conv1d(value=None, filters=None, stride=None, padding=None, use_cudnn_on_gpu=None, data_format=None, name=None, input=None,
           dilations=None):  # fmt: skip
    """One-dimensional convolution, as a two-dimensional one of height 1.

    Args:
      value: a tensor of floats of shape `[batch, width, in_channels]`, or as `data_format` says.
      filters: a tensor of the same type of shape `[width, in_channels, out_channels]`.
      stride: the step of the window: a number, or one for each dimension.
      padding: "SAME" or "VALID".
      use_cudnn_on_gpu: kept in the node; it means nothing here.
      data_format: "NWC" (the default) or "NCW"; "NHWC" and "NCHW" are old spellings.
      name: the name of the node.
      input: another name for `value`.
      dilations: the step from element to element of the window.

    Raises:
      ValueError: an argument has no proper form, or the shapes are known and don't fit.
      InvalidArgumentError: the shapes don't fit.
    """
    value = one_of("input", input, "value", value)
    with name_scope(name, "conv1d", [value, filters]) as scope:
        data_format, inserted, channel_index = _in_two_dimensions(data_format)
        strides = [1, *per_dimension(stride, 1, channel_index, "stride")]
        dilations = [1, *per_dimension(dilations, 1, channel_index, "dilations")]
        value = registry["ExpandDims"](value, inserted)
        filters = registry["ExpandDims"](filters, 0)
        result = conv2d_op(
            value, filters, strides=strides, padding=padding,
            use_cudnn_on_gpu=True if use_cudnn_on_gpu is None else use_cudnn_on_gpu, data_format=data_format,
            dilations=dilations, name=scope,
        )  # fmt: skip
        return registry["Squeeze"](result, squeeze_dims=[inserted])


@export("nn.conv1d_transpose", "contrib.nn.conv1d_transpose")
def conv1d_transpose(input, filters, output_shape, strides, padding="SAME", data_format="NWC", dilations=None, name=None):
    """The transpose of a one-dimensional convolution.

    Args:
      input: a tensor of floats of shape `[batch, width, in_channels]`, or as `data_format` says.
      filters: a tensor of the same type of shape `[width, out_channels, in_channels]`.
      output_shape: the shape of the result, three ints.
      strides, padding, dilations: those of the convolution whose transpose it is.
      data_format: "NWC" or "NCW".
      name: the name of the node.

    Raises:
      ValueError: an argument has no proper form.
      InvalidArgumentError: the shapes don't fit.
    """
    with name_scope(name, "conv1d_transpose", [input, filters, output_shape]) as scope:
        if data_format not in (None, "NWC", "NCW"):
            raise ValueError('data_format must be "NWC" or "NCW".')
        data_format, inserted, channel_index = _in_two_dimensions(data_format)
        strides = [1, *per_dimension(strides, 1, channel_index, "stride")]
        dilations = [1, *per_dimension(dilations, 1, channel_index, "dilations")]
        input = registry["ExpandDims"](input, inserted)
        filters = registry["ExpandDims"](filters, 0)
        if not isinstance(output_shape, Tensor):
            output_shape = list(output_shape)
        output_shape = registry["ConcatV2"]([output_shape[:inserted], [1], output_shape[inserted:]], 0, name="concat")
        result = conv2d_backprop_input_op(output_shape, filters, input, strides=strides, padding=padding,
                                          data_format=data_format, dilations=dilations, name=scope)  # fmt: skip
        return registry["Squeeze"](result, squeeze_dims=[inserted])
