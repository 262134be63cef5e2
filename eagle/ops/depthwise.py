"""The public depthwise convolutions, and the separable one that is made of two."""

from ..core.convert import convert
from ..core.deprecation import one_of
from ..core.export import export
from ..core.scopes import name_scope
from .atrous import with_space_to_batch
from .conv import depthwise_backprop_filter_op, depthwise_backprop_input_op, depthwise_op
from .conv_functions import conv2d
from .shaping import shape as shape_of


@export("nn.depthwise_conv2d_native")
def depthwise_conv2d_native(input, filter, strides, padding, data_format="NHWC", dilations=(1, 1, 1, 1), name=None):
    """Convolves each channel of an image with filters of its own.

    Args:
      input: a tensor of floats of shape `[batch, height, width, in_channels]`, or as `data_format` says.
      filter: a tensor of the same type of shape `[height, width, in_channels, multiplier]`.
      strides: the step of the window, a number for each dimension.
      padding: "SAME" or "VALID".
      data_format: "NHWC" or "NCHW".
      dilations: the step from element to element of the window, a number for each dimension.
      name: the name of the node.

    Returns:
      A tensor with `in_channels * multiplier` channels.

    Raises:
      ValueError, InvalidArgumentError: the shapes don't fit.
    """
    return depthwise_op(input, filter, strides=strides, padding=padding, data_format=data_format, dilations=dilations, name=name)


@export("nn.depthwise_conv2d_native_backprop_input", "nn.depthwise_conv2d_backprop_input")
def depthwise_conv2d_native_backprop_input(input_sizes, filter, out_backprop, strides, padding, data_format="NHWC",
                                           dilations=(1, 1, 1, 1), name=None):  # fmt: skip
    """The gradient of a depthwise convolution with respect to its input.

    Args:
      input_sizes: the shape of the input, an int vector.
      filter: the filter of the convolution.
      out_backprop: the gradient of the output.
      strides, padding, data_format, dilations: as of `depthwise_conv2d_native`.
      name: the name of the node.
    """
    return depthwise_backprop_input_op(input_sizes, filter, out_backprop, strides=strides, padding=padding,
                                       data_format=data_format, dilations=dilations, name=name)  # fmt: skip


@export("nn.depthwise_conv2d_native_backprop_filter", "nn.depthwise_conv2d_backprop_filter")
def depthwise_conv2d_native_backprop_filter(input, filter_sizes, out_backprop, strides, padding, data_format="NHWC",
                                            dilations=(1, 1, 1, 1), name=None):  # fmt: skip
    """The gradient of a depthwise convolution with respect to its filter.

    Args:
      input: the input of the convolution.
      filter_sizes: the shape of the filter, an int vector.
      out_backprop: the gradient of the output.
      strides, padding, data_format, dilations: as of `depthwise_conv2d_native`.
      name: the name of the node.
    """
    return depthwise_backprop_filter_op(input, filter_sizes, out_backprop, strides=strides, padding=padding,
                                        data_format=data_format, dilations=dilations, name=name)  # fmt: skip


def _depthwise(input, filter, strides, padding, rate, data_format, name):
    """A depthwise convolution over the space-to-batch form of its input."""

    def op(converted, _, converted_padding):
        return depthwise_op(converted, filter, strides=strides, padding=converted_padding, data_format=data_format or "NHWC",
                            name=name)  # fmt: skip

    return with_space_to_batch(input, [1, 1] if rate is None else rate, padding, op, filter_shape=shape_of(filter),
                               data_format=data_format)  # fmt: skip


@export("nn.depthwise_conv2d")
def depthwise_conv2d(input, filter, strides, padding, rate=None, name=None, data_format=None, dilations=None):
    """Convolves each channel of an image with filters of its own, with strides or with holes.

    Args:
      input: a tensor of floats of shape `[batch, height, width, in_channels]`, or as `data_format` says.
      filter: a tensor of the same type of shape `[height, width, in_channels, multiplier]`.
      strides: the step of the window, a number for each dimension.
      padding: "SAME" or "VALID".
      rate: the step from element to element of the window in height and width; where it is more than 1, strides must be 1.
      name: the name of the node or of the scope of the nodes.
      data_format: "NHWC" (the default) or "NCHW".
      dilations: another name for `rate`.

    Returns:
      A tensor with `in_channels * multiplier` channels.
    """
    rate = one_of("dilations", dilations, "rate", rate)
    with name_scope(name, "depthwise", [input, filter]) as scope:
        input = convert(input, name="tensor_in")
        filter = convert(filter, name="filter_in")
        return _depthwise(input, filter, strides, padding, rate, data_format, scope)


@export("nn.separable_conv2d")
def separable_conv2d(input, depthwise_filter, pointwise_filter, strides, padding, rate=None, name=None, data_format=None,
                     dilations=None):  # fmt: skip
    """A depthwise convolution followed by one that mixes the channels at each point.

    Args:
      input: a tensor of floats of shape `[batch, height, width, in_channels]`, or as `data_format` says.
      depthwise_filter: a tensor of shape `[height, width, in_channels, multiplier]`.
      pointwise_filter: a tensor of shape `[1, 1, in_channels * multiplier, out_channels]`.
      strides, padding, rate, data_format, dilations: those of the depthwise convolution (see `depthwise_conv2d`).
      name: the name of the node.

    Raises:
      ValueError: the pointwise filter has another shape.
    """
    rate = one_of("dilations", dilations, "rate", rate)
    with name_scope(name, "separable_conv2d", [input, depthwise_filter, pointwise_filter]) as scope:
        input = convert(input, name="tensor_in")
        depthwise_filter = convert(depthwise_filter, name="depthwise_filter")
        pointwise_filter = convert(pointwise_filter, name="pointwise_filter")
        pointwise = pointwise_filter.shape.with_rank(4)
        pointwise.dims[0].assert_is_compatible_with(1)
        pointwise.dims[1].assert_is_compatible_with(1)
        mixed = _depthwise(input, depthwise_filter, strides, padding, rate, data_format, "depthwise")
        return conv2d(mixed, pointwise_filter, [1, 1, 1, 1], padding="VALID", data_format=data_format, name=scope)
