"""Convolution ops of two and three dimensions, depthwise ones, and their gradients, which are convolutions too."""

import functools

from ..core import shape as shapes
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.op import HostShape, Op, Shape, op
from . import convolving, windows

_to_brackets = shapes.to_brackets


def shape_of(x):
    """The shape of a tensor: as a tuple, or where that is not known as a tensor."""
    return x._shape if shapes.is_known(x._shape) else registry["Shape"](x)


# ------------------------------------------------------------------------------- plans, after a check of what comes together


@functools.lru_cache(maxsize=1024)
def forward_plan(name, input_shape, filter_shape, strides, padding, explicit_paddings, data_format, dilations):
    """The plan of a convolution whose arguments have these shapes; raises InvalidArgumentError if they don't fit."""
    rank = len(dilations)
    windows.check_attributes(strides, dilations, padding, explicit_paddings, data_format, rank)
    if len(input_shape) != rank:
        raise invalid("input must be %d-dimensional%s", rank, "" if rank == 5 else _to_brackets(input_shape))
    if len(filter_shape) != rank:
        raise invalid("filter must be %d-dimensional%s", rank, "" if rank == 5 else ": " + _to_brackets(filter_shape))
    channels, each = windows.channels_of(input_shape, data_format), filter_shape[-2]
    if each and channels % each:
        text = "%s depth must be evenly divisible by filter depth: %d vs %d"
        raise invalid(text, "Input" if rank == 5 else "input", channels, each)
    return convolving.plan(input_shape, filter_shape, strides, padding, explicit_paddings, data_format, dilations)


@functools.lru_cache(maxsize=1024)
def backprop_plan(name, input_shape, filter_shape, out_shape, strides, padding, explicit_paddings, data_format, dilations):
    """The plan behind a gradient; `name` is what TensorFlow's messages call the kernel."""
    rank = len(dilations)
    windows.check_attributes(strides, dilations, padding, explicit_paddings, data_format, rank)
    for what, shape in (("input", input_shape), ("filter", filter_shape), ("out_backprop", out_shape)):
        if len(shape) != rank:
            raise invalid("%s: %s must be %d-dimensional", name, what, rank)
    if input_shape[0] != out_shape[0]:
        text = "%s: input and out_backprop must have the same batch sizeinput batch: %doutbackprop batch: %d batch_dim: 0"
        raise invalid(text, name, input_shape[0], out_shape[0])
    if filter_shape[-2] and windows.channels_of(input_shape, data_format) % filter_shape[-2]:
        raise invalid("%s: input depth must be evenly divisible by filter depth", name)
    if filter_shape[-1] != windows.channels_of(out_shape, data_format):
        raise invalid("%s: filter and out_backprop must have the same out_depth", name)
    plan = convolving.plan(input_shape, filter_shape, strides, padding, explicit_paddings, data_format, dilations)
    for i, (actual, computed) in enumerate(zip(windows.spatial_dims(out_shape, data_format), plan.counts)):
        if actual != computed:
            text = (
                "%s: Size of out_backprop doesn't match computed: actual = %d, computed = %d spatial_dim: %d input: %d filter: %d "
                "output: %d stride: %d dilation: %d"
            )
            size, d = windows.spatial_dims(input_shape, data_format)[i], i + (2 if windows.is_channels_first(data_format) else 1)
            raise invalid(text, name, actual, computed, d, size, filter_shape[i], actual, plan.strides[i], plan.dilations[i])
    return plan


# ------------------------------------------------------------------------------------------------------------ shape rules


def forward_shape(name, input, filter, strides, padding, explicit_paddings, data_format, dilations):
    """The static shape of a convolution's output."""
    rank = 5 if data_format in ("NDHWC", "NCDHW") else 4
    input, filter = shapes.with_rank(input, rank), shapes.with_rank(filter, rank)
    windows.check_static(name, strides, dilations, padding, explicit_paddings, data_format, rank)
    channels, each = windows.channels_of(input, data_format), filter[-2]
    if channels is not None and each and channels % each:
        raise ValueError("Depth of input (%d) is not a multiple of input depth of filter (%d)" % (channels, each))
    spatial = _static_sizes(input, filter, strides, padding, explicit_paddings, data_format, dilations)
    return windows.assemble(input[0], spatial, filter[-1], data_format)


def _static_sizes(input, filter, strides, padding, explicit_paddings, data_format, dilations):
    of = functools.partial(windows.spatial_dims, data_format=data_format)
    before, after = windows.explicit_of(explicit_paddings, data_format) or ((0,) * 3,) * 2
    geometry = zip(of(input), filter, of(strides), of(dilations), before, after)
    return [windows.static_size(n, w, s, d, padding, b, a) for n, w, s, d, b, a in geometry]


def given_shape(sizes, rank):
    """The static shape of a result whose sizes are an input of the op."""
    return shapes.with_rank(sizes, rank)


# ----------------------------------------------------------------------------------------------------------------- Conv2D


@op("Conv2D", ignores=("use_cudnn_on_gpu",))
def conv2d_op(xp, input, filter, *, strides, padding, explicit_paddings=(), data_format="NHWC", dilations=(1, 1, 1, 1)):
    plan = forward_plan("Conv2D", input.shape, filter.shape, strides, padding, explicit_paddings, data_format, dilations)
    return convolving.forward(xp, plan, input, filter)


@conv2d_op.shape
def _(input, filter, *, strides, padding, explicit_paddings, data_format, dilations):
    return forward_shape("Conv2D", input, filter, strides, padding, explicit_paddings, data_format, dilations)


def _gradients_of_values(g, input, filter, *, needs, strides, padding, explicit_paddings, data_format, dilations):
    plan = forward_plan("Conv2D", input.shape, filter.shape, strides, padding, explicit_paddings, data_format, dilations)
    return convolving.gradients(plan, input, filter, g, needs)


@conv2d_op.grad(None, _gradients_of_values)
def _(g, input, filter, *, needs, strides, padding, explicit_paddings, data_format, dilations):
    attrs = dict(strides=strides, padding=padding, explicit_paddings=explicit_paddings, data_format=data_format,
                 dilations=dilations)  # fmt: skip
    return (
        conv2d_backprop_input_op(shape_of(input), filter, g, **attrs) if needs[0] else None,
        conv2d_backprop_filter_op(input, shape_of(filter), g, **attrs) if needs[1] else None,
    )


@op("Conv2DBackpropInput", ignores=("use_cudnn_on_gpu",))
def conv2d_backprop_input_op(xp, input_sizes: HostShape, filter, out_backprop, *, strides, padding, explicit_paddings=(),
                           data_format="NHWC", dilations=(1, 1, 1, 1)):  # fmt: skip
    plan = backprop_plan("Conv2DCustomBackpropInput", input_sizes, filter.shape, out_backprop.shape, strides, padding,
                         explicit_paddings, data_format, dilations)  # fmt: skip
    return convolving.input_gradient(xp, plan, filter, out_backprop)


@conv2d_backprop_input_op.shape
def _(input_sizes, filter, out_backprop):
    return given_shape(input_sizes, 4)


@conv2d_backprop_input_op.grad("filter")
def _(g, filter: Shape, out_backprop, *, strides, padding, explicit_paddings, data_format, dilations):
    return conv2d_backprop_filter_op(
        g, filter, out_backprop, strides=strides, padding=padding, explicit_paddings=explicit_paddings, data_format=data_format,
        dilations=dilations,
    )  # fmt: skip


@conv2d_backprop_input_op.grad("out_backprop")
def _(g, filter, *, strides, padding, explicit_paddings, data_format, dilations):
    return conv2d_op(
        g, filter, strides=strides, padding=padding, explicit_paddings=explicit_paddings, data_format=data_format,
        dilations=dilations,
    )  # fmt: skip


@op("Conv2DBackpropFilter", ignores=("use_cudnn_on_gpu",))
def conv2d_backprop_filter_op(xp, input, filter_sizes: HostShape, out_backprop, *, strides, padding, explicit_paddings=(),
                            data_format="NHWC", dilations=(1, 1, 1, 1)):  # fmt: skip
    plan = backprop_plan("Conv2DCustomBackpropFilter", input.shape, filter_sizes, out_backprop.shape, strides, padding,
                         explicit_paddings, data_format, dilations)  # fmt: skip
    return convolving.filter_gradient(xp, plan, input, out_backprop)


@conv2d_backprop_filter_op.shape
def _(input, filter_sizes, out_backprop):
    return given_shape(filter_sizes, 4)


@conv2d_backprop_filter_op.grad("input")
def _(g, input: Shape, out_backprop, *, strides, padding, explicit_paddings, data_format, dilations):
    return conv2d_backprop_input_op(
        input, g, out_backprop, strides=strides, padding=padding, explicit_paddings=explicit_paddings, data_format=data_format,
        dilations=dilations,
    )  # fmt: skip


@conv2d_backprop_filter_op.grad("out_backprop")
def _(g, input, *, strides, padding, explicit_paddings, data_format, dilations):
    return conv2d_op(
        input, g, strides=strides, padding=padding, explicit_paddings=explicit_paddings, data_format=data_format,
        dilations=dilations,
    )  # fmt: skip


def _check_attributes(attrs):
    data_format, explicit = attrs["data_format"], attrs.get("explicit_paddings", ())
    windows.check_attributes(attrs["strides"], attrs["dilations"], attrs["padding"], explicit, data_format, len(data_format))


for _op in (conv2d_op, conv2d_backprop_input_op, conv2d_backprop_filter_op):
    _op.checks(_check_attributes)

# Sizes of input, filter and output, and attributes, of samples of all three ops.
_SAMPLES_2D = [
    ((2, 4, 5, 3), (3, 3, 3, 2), (2, 4, 5, 2), dict(strides=(1, 1, 1, 1), padding="SAME")),
    ((2, 5, 4, 3), (2, 3, 3, 4), (2, 2, 1, 4), dict(strides=(1, 2, 2, 1), padding="VALID")),
    ((1, 5, 4, 2), (2, 2, 2, 3), (1, 3, 2, 3), dict(strides=(1, 2, 2, 1), padding="SAME")),
    ((1, 3, 4, 2), (2, 2, 2, 2), (1, 5, 5, 2),
     dict(strides=(1, 1, 1, 1), padding="EXPLICIT", explicit_paddings=(0, 0, 1, 2, 0, 2, 0, 0))),
    ((0, 4, 5, 3), (3, 3, 3, 2), (0, 4, 5, 2), dict(strides=(1, 1, 1, 1), padding="SAME")),
    ((1, 2, 4, 3), (2, 2, 2, 3), (1, 3, 4, 3), dict(strides=(1, 1, 1, 1), padding="SAME", data_format="NCHW")),
    ((1, 4, 4, 4), (2, 2, 2, 6), (1, 4, 4, 6), dict(strides=(1, 1, 1, 1), padding="SAME")),
    ((1, 6, 7, 1), (3, 3, 1, 2), (1, 2, 3, 2), dict(strides=(1, 1, 1, 1), padding="VALID", dilations=(1, 2, 2, 1))),
]  # fmt: skip


@conv2d_op.samples
def _(make):
    for input, filter, _, attrs in _SAMPLES_2D:
        yield make(*input), make(*filter), attrs


def _is_grouped(input, filter):
    """Whether channels are in groups, of whose gradients TensorFlow's CPU kernels make nonsense or die."""
    return filter[-2] not in (input[-1], input[1])


@conv2d_backprop_input_op.samples
def _(make):
    for input, filter, output, attrs in _SAMPLES_2D:
        if not _is_grouped(input, filter):
            yield input, make(*filter), make(*output), attrs


@conv2d_backprop_filter_op.samples
def _(make):
    for input, filter, output, attrs in _SAMPLES_2D:
        if not _is_grouped(input, filter):
            yield make(*input), filter, make(*output), attrs


# ------------------------------------------------------------------- families without explicit paddings: Conv3D, depthwise


def _declare_family(names, kernel_names, rank, data_format, dense, shape_rule, samples):
    """Declares a convolution and the two ops that compute its gradients.

    Args:
      names: the three op types: forward, gradient of the input, gradient of the filter.
      kernel_names: what TensorFlow's messages call the kernels of the two gradients.
      rank: the rank of inputs.
      data_format: the default.
      dense: the shape of a filter as `convolving` has it, from the op's own.
      shape_rule: the shape rule of the forward op.
      samples: tuples of the shapes of input, filter and output, and attributes.
    """
    ones = (1,) * rank

    def forward(xp, input, filter, *, strides, padding, data_format=data_format, dilations=ones):
        if len(filter.shape) == rank:
            filter = filter.reshape(dense(filter.shape))
        plan = forward_plan(names[0], input.shape, filter.shape, strides, padding, (), data_format, dilations)
        return convolving.forward(xp, plan, input, filter)

    def to_input(xp, input_sizes: HostShape, filter, out_backprop, *, strides, padding, data_format=data_format, dilations=ones):
        if len(filter.shape) == rank:
            filter = filter.reshape(dense(filter.shape))
        plan = backprop_plan(kernel_names[0], input_sizes, filter.shape, out_backprop.shape, strides, padding, (), data_format,
                             dilations)  # fmt: skip
        return convolving.input_gradient(xp, plan, filter, out_backprop)

    def to_filter(xp, input, filter_sizes: HostShape, out_backprop, *, strides, padding, data_format=data_format, dilations=ones):
        sizes = dense(filter_sizes) if len(filter_sizes) == rank else filter_sizes
        plan = backprop_plan(kernel_names[1], input.shape, sizes, out_backprop.shape, strides, padding, (), data_format,
                             dilations)  # fmt: skip
        return convolving.filter_gradient(xp, plan, input, out_backprop).reshape(filter_sizes)

    forward, to_input, to_filter = (Op(n, k) for n, k in zip(names, (forward, to_input, to_filter)))
    forward.shape(shape_rule)
    to_input.shape(lambda input_sizes, filter, out_backprop: given_shape(input_sizes, rank))
    to_filter.shape(lambda input, filter_sizes, out_backprop: given_shape(filter_sizes, rank))
    for made in (forward, to_input, to_filter):
        made.checks(_check_attributes)
    _declare_gradients(forward, to_input, to_filter, dense)
    forward.samples(lambda make: ((make(*x), make(*f), attrs) for x, f, y, attrs in samples))
    to_input.samples(lambda make: ((x, make(*f), make(*y), attrs) for x, f, y, attrs in samples if x[0]))
    to_filter.samples(lambda make: ((make(*x), f, make(*y), attrs) for x, f, y, attrs in samples if x[0]))
    return forward, to_input, to_filter


def _declare_gradients(forward, to_input, to_filter, dense):
    """Declares the gradients of the three ops of a family: each is made of the other two."""

    def of_values(g, input, filter, *, needs, strides, padding, data_format, dilations):
        plan = forward_plan(forward.name, input.shape, dense(filter.shape), strides, padding, (), data_format, dilations)
        of_input, of_filter = convolving.gradients(plan, input, filter, g, needs)
        return of_input, None if of_filter is None else of_filter.reshape(filter.shape)

    @forward.grad(None, of_values)
    def _(g, input, filter, *, needs, strides, padding, data_format, dilations):
        attrs = dict(strides=strides, padding=padding, data_format=data_format, dilations=dilations)
        return (
            to_input(shape_of(input), filter, g, **attrs) if needs[0] else None,
            to_filter(input, shape_of(filter), g, **attrs) if needs[1] else None,
        )

    @to_input.grad("filter")
    def _(g, filter: Shape, out_backprop, *, strides, padding, data_format, dilations):
        return to_filter(g, filter, out_backprop, strides=strides, padding=padding, data_format=data_format, dilations=dilations)

    @to_input.grad("out_backprop")
    def _(g, filter, *, strides, padding, data_format, dilations):
        return forward(g, filter, strides=strides, padding=padding, data_format=data_format, dilations=dilations)

    @to_filter.grad("input")
    def _(g, input: Shape, out_backprop, *, strides, padding, data_format, dilations):
        return to_input(input, g, out_backprop, strides=strides, padding=padding, data_format=data_format, dilations=dilations)

    @to_filter.grad("out_backprop")
    def _(g, input, *, strides, padding, data_format, dilations):
        return forward(input, g, strides=strides, padding=padding, data_format=data_format, dilations=dilations)


def _conv3d_shape(input, filter, *, strides, padding, data_format, dilations):
    return forward_shape("Conv3D", input, filter, strides, padding, (), data_format, dilations)


def _depthwise_filter(shape):
    """The filter of a depthwise convolution as one of a convolution with a group for each input channel."""
    *window, channels, multiplier = shape
    return (*window, 1, channels * multiplier)


def _depthwise_shape(input, filter, *, strides, padding, data_format, dilations):
    input, filter = shapes.with_rank(input, 4), shapes.with_rank(filter, 4)
    channels = shapes.merge_dims(windows.channels_of(input, data_format), filter[2])
    outputs = None if channels is None or filter[3] is None else channels * filter[3]
    windows.check_static("DepthwiseConv2D", strides, dilations, padding, (), data_format, 4)
    spatial = _static_sizes(input, filter, strides, padding, (), data_format, dilations)
    return windows.assemble(input[0], spatial, outputs, data_format)


conv3d_op, conv3d_backprop_input_op, conv3d_backprop_filter_op = _declare_family(
    ("Conv3D", "Conv3DBackpropInputV2", "Conv3DBackpropFilterV2"),
    ("Conv3DBackpropInputOp", "Conv3DBackpropFilterOp"),
    5,
    "NDHWC",
    tuple,
    _conv3d_shape,
    [
        ((1, 3, 2, 4, 2), (2, 2, 3, 2, 2), (1, 3, 2, 4, 2), dict(strides=(1, 1, 1, 1, 1), padding="SAME")),
        ((2, 3, 4, 3, 2), (2, 2, 1, 2, 3), (2, 1, 2, 2, 3), dict(strides=(1, 2, 2, 2, 1), padding="VALID")),
        ((0, 3, 2, 4, 2), (2, 2, 3, 2, 2), (0, 3, 2, 4, 2), dict(strides=(1, 1, 1, 1, 1), padding="SAME")),
        ((1, 2, 3, 2, 2), (2, 1, 2, 2, 1), (1, 1, 3, 2, 2),
         dict(strides=(1, 1, 1, 1, 1), padding="SAME", data_format="NCDHW")),
    ],
)  # fmt: skip

depthwise_op, depthwise_backprop_input_op, depthwise_backprop_filter_op = _declare_family(
    ("DepthwiseConv2dNative", "DepthwiseConv2dNativeBackpropInput", "DepthwiseConv2dNativeBackpropFilter"),
    ("DepthwiseConv2DBackpropInput", "DepthwiseConv2DBackpropFilter"),
    4,
    "NHWC",
    _depthwise_filter,
    _depthwise_shape,
    [
        ((2, 4, 5, 3), (3, 3, 3, 2), (2, 4, 5, 6), dict(strides=(1, 1, 1, 1), padding="SAME")),
        ((1, 5, 4, 2), (2, 3, 2, 1), (1, 2, 1, 2), dict(strides=(1, 2, 2, 1), padding="VALID")),
        ((0, 4, 5, 3), (3, 3, 3, 2), (0, 4, 5, 6), dict(strides=(1, 1, 1, 1), padding="SAME")),
        ((1, 2, 4, 3), (2, 2, 2, 2), (1, 4, 4, 3), dict(strides=(1, 1, 1, 1), padding="SAME", data_format="NCHW")),
    ],
)
