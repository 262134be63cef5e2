"""Pooling ops: maxima and averages of windows, and their gradients."""

import functools

import numpy as np

from ..core import dtypes, errors, shape as shapes
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.op import Host, HostShape, Op, Shape, op
from . import pooling, windows

_to_brackets = shapes.to_brackets


# ------------------------------------------------------------------------------------------------- checks, plans and shapes


def _unimplemented(message):
    return errors.UnimplementedError(None, None, message)


def _check_windows(ksize, strides, data_format, rank):
    """What kernels demand of windows: a size for each dimension, and no pooling over the batch."""
    for what, values in (("ksize", ksize), ("stride", strides)):
        if len(values) != rank:
            raise invalid("Sliding window %s field must specify %d dimensions", what, rank)
    if data_format == "NCHW_VECT_C":
        raise invalid("Default MaxPoolingOp only supports NHWC on device type CPU")
    if 0 in ksize:
        raise invalid("Sliding window ksize for dimension %d was zero.", ksize.index(0))
    if min(strides) < 1:
        raise invalid("Sliding window strides should be larger than 0.")
    if ksize[0] != 1 or strides[0] != 1:
        raise _unimplemented("Pooling is not yet supported on the batch dimension.")


def _check_attributes(attrs):
    _check_windows(attrs["ksize"], attrs["strides"], attrs["data_format"], len(attrs["data_format"]))


@functools.lru_cache(maxsize=1024)
def _plan(input_shape, ksize, strides, padding, data_format, what="tensor_in"):
    """The plan for pooling an input of this shape; raises if TensorFlow does."""
    rank = len(data_format)
    if len(input_shape) != rank:
        raise invalid("%s must be %d-dimensional", what, rank)
    _check_windows(ksize, strides, data_format, rank)
    if windows.channels_of(ksize, data_format) != 1 or windows.channels_of(strides, data_format) != 1:
        raise _unimplemented("Pooling is not yet supported on the depth dimension.")
    of = functools.partial(windows.spatial_dims, data_format=data_format)
    return pooling.plan(input_shape, of(ksize), of(strides), padding, data_format)


@functools.lru_cache(maxsize=1024)
def _gradient_plan(input_shape, output_shape, grad_shape, ksize, strides, padding, data_format, like_input=False):
    """The plan behind a gradient op, whose operands have these shapes; `grad` lies like the input or the output."""
    rank = len(data_format)
    for what, shape in (("tensor_out", output_shape), ("out_backprop", grad_shape)):
        if shape is not None and len(shape) != rank:
            raise invalid("%s must be %d-dimensional", what, rank)
    plan = _plan(input_shape, ksize, strides, padding, data_format)
    wanted = plan.input_shape if like_input else plan.output_shape
    for what, shape, right in (("orig_output", output_shape, plan.output_shape), ("grad", grad_shape, wanted)):
        if shape is not None and shape != right:
            raise invalid("Expected %s shape to be %s, but got %s", what, _to_brackets(right), _to_brackets(shape))
    return plan


def _is_over_channels(ksize, data_format):
    return len(ksize) == len(data_format) and windows.channels_of(ksize, data_format) > 1


def _maximum_over_channels(input, ksize, strides, data_format):
    """Max pooling over groups of channels, the one other kind that there is."""
    _check_windows(ksize, strides, data_format, len(data_format))
    depth, channel = windows.channels_of(ksize, data_format), 1 if windows.is_channels_first(data_format) else -1
    if any(k != 1 for k in windows.spatial_dims(ksize, data_format)):
        raise _unimplemented("MaxPooling supports exactly one of pooling across depth or pooling across width/height.")
    if input.shape[channel] % depth:
        raise _unimplemented("Depthwise max pooling requires the depth window to evenly divide the input depth")
    if windows.channels_of(strides, data_format) != depth:
        raise _unimplemented("Depthwise max pooling requires the depth window to equal the depth stride")
    if channel == 1:
        return input.reshape(input.shape[0], -1, depth, *input.shape[2:]).max(2)
    return input.reshape(*input.shape[:-1], -1, depth).max(-1)


def _pooled_shape(name, input, ksize, strides, padding, data_format):
    """The static shape of a pooled tensor."""
    rank = 5 if data_format == "NCHW_VECT_C" else len(data_format)
    input, vector = shapes.with_rank(input, rank), ()
    if data_format == "NCHW_VECT_C":  # channels in vectors of four
        input, vector, data_format, rank = input[:4], input[4:], "NCHW", 4
    for what, values in (("ksize", ksize), ("stride", strides)):
        if len(values) != rank:
            raise ValueError("%s requires the %s attribute to contain %d values, but got: %d" % (name, what, rank, len(values)))
    if min(strides) <= 0:
        raise ValueError("Stride must be > 0, but got %d" % min(strides))
    of = functools.partial(windows.spatial_dims, data_format=data_format)
    spatial = [windows.static_size(n, w, s, 1, padding) for n, w, s in zip(of(input), of(ksize), of(strides))]
    channels, depth = windows.channels_of(input, data_format), windows.channels_of(strides, data_format)
    channels = None if channels is None else -(-channels // depth) if name.startswith("Max") and rank == 4 else channels
    return (*windows.assemble(input[0], spatial, channels, data_format), *vector)


def _zeros(g, tensor):
    """The gradient of an input of which only the order of its elements matters."""
    return registry["ZerosLike"](tensor)


# -------------------------------------------------------------------------------------------------------------- maxima


def _maximum(xp, input, ksize, strides, padding, data_format):
    if _is_over_channels(ksize, data_format):
        return _maximum_over_channels(input, ksize, strides, data_format)
    return pooling.maximum(xp, _plan(input.shape, ksize, strides, padding, data_format), input)


def _maximum_gradient(xp, input, output, grad, ksize, strides, padding, data_format):
    plan = _gradient_plan(input.shape, output.shape, grad.shape, ksize, strides, padding, data_format)
    return pooling.maximum_gradient(xp, plan, input, grad)


def _picked(xp, input, output, grad, ksize, strides, padding, data_format):
    plan = _gradient_plan(input.shape, output.shape, grad.shape, ksize, strides, padding, data_format, True)
    return pooling.picked(xp, plan, input, grad)


_2D = [
    ((2, 4, 4, 3), dict(ksize=(1, 2, 2, 1), strides=(1, 2, 2, 1), padding="VALID")),
    ((1, 5, 4, 2), dict(ksize=(1, 3, 2, 1), strides=(1, 2, 1, 1), padding="SAME")),
    ((0, 4, 4, 3), dict(ksize=(1, 2, 2, 1), strides=(1, 2, 2, 1), padding="VALID")),
    ((2, 3, 4, 4), dict(ksize=(1, 1, 2, 2), strides=(1, 1, 2, 2), padding="SAME", data_format="NCHW")),
]
_3D = [
    ((1, 4, 2, 4, 2), dict(ksize=(1, 2, 2, 2, 1), strides=(1, 2, 2, 2, 1), padding="VALID")),
    ((1, 3, 4, 2, 2), dict(ksize=(1, 2, 3, 1, 1), strides=(1, 1, 2, 1, 1), padding="SAME")),
    ((1, 2, 2, 4, 4), dict(ksize=(1, 1, 2, 2, 2), strides=(1, 1, 2, 2, 2), padding="SAME", data_format="NCDHW")),
]


def _operands(make, shape, attrs):
    """An input and its maxima."""
    x = make(*shape)
    window = attrs["ksize"], attrs["strides"], attrs["padding"], attrs.get("data_format", "NHWC" if len(shape) == 4 else "NDHWC")
    plan = _plan(shape, *window)
    return x, np.zeros(plan.output_shape, x.dtype) if plan.is_empty else pooling.portable_maximum(plan, x)


def _declare_maxima(names, data_format, samples, **options):
    """Declares max pooling, its gradient, and the gradient of that.

    Args:
      names: the three op types.
      data_format: the default, which tells the rank.
      samples: pairs of the shape of an input and attributes.
      **options: as of `Op`.
    """

    def maximum(xp, input, *, ksize, strides, padding, data_format=data_format):
        return _maximum(xp, input, ksize, strides, padding, data_format)

    def gradient(xp, orig_input, orig_output, grad, *, ksize, strides, padding, data_format=data_format):
        return _maximum_gradient(xp, orig_input, orig_output, grad, ksize, strides, padding, data_format)

    def picking(xp, orig_input, orig_output, grad, *, ksize, strides, padding, data_format=data_format):
        return _picked(xp, orig_input, orig_output, grad, ksize, strides, padding, data_format)

    maximum, gradient, picking = (Op(n, k, **options) for n, k in zip(names, (maximum, gradient, picking)))

    @maximum.shape
    def _(input, *, ksize, strides, padding, data_format):
        return _pooled_shape(names[0], input, ksize, strides, padding, data_format)

    for made in (maximum, gradient, picking):
        made.checks(_check_attributes)
    rank = len(data_format)
    gradient.shape(lambda orig_input, orig_output, grad: shapes.with_rank(orig_input, rank))
    picking.shape(_picked_shape)

    def of_values(g, input, output, *, ksize, strides, padding, data_format):
        return _maximum_gradient(np, input, output, g, ksize, strides, padding, data_format)

    @maximum.grad("input", of_values)
    def _(g, input, output, *, ksize, strides, padding, data_format):
        return gradient(input, output, g, ksize=ksize, strides=strides, padding=padding, data_format=data_format)

    @gradient.grad("grad")
    def _(g, orig_input, orig_output, *, ksize, strides, padding, data_format):
        return picking(orig_input, orig_output, g, ksize=ksize, strides=strides, padding=padding, data_format=data_format)

    @picking.grad("grad")
    def _(g, orig_input, orig_output, *, ksize, strides, padding, data_format):
        return gradient(orig_input, orig_output, g, ksize=ksize, strides=strides, padding=padding, data_format=data_format)

    for made in (gradient, picking):
        made.grad("orig_input")(lambda g, orig_input: _zeros(g, orig_input))
        made.grad("orig_output")(lambda g, orig_output: _zeros(g, orig_output))

    @maximum.samples
    def _(make):
        for shape, attrs in samples:
            yield make(*shape), attrs

    @gradient.samples
    def _(make):
        for shape, attrs in samples:
            x, y = _operands(make, shape, attrs)
            yield x, y, make(*y.shape), attrs

    @picking.samples
    def _(make):
        for shape, attrs in samples:
            x, y = _operands(make, shape, attrs)
            yield x, y, make(*x.shape), attrs

    return maximum, gradient, picking


def _picked_shape(orig_input, orig_output, grad):
    shapes.agree(orig_input, grad)
    return orig_output


max_pool_op, max_pool_grad_op, _max_pool_grad_grad = _declare_maxima(("MaxPool", "MaxPoolGrad", "MaxPoolGradGrad"), "NHWC", _2D)
max_pool3d_op, _, _ = _declare_maxima(
    ("MaxPool3D", "MaxPool3DGrad", "MaxPool3DGradGrad"),
    "NDHWC",
    _3D,
    sample_types=[dtypes.float32, dtypes.float16, dtypes.bfloat16],
)


# ------------------------------------------------------------------------------ maxima of windows that are inputs of the op


@op("MaxPoolV2")
def _max_pool_v2(xp, input, ksize: Host, strides: Host, *, padding, data_format="NHWC"):
    return _maximum(xp, input, ksize, strides, padding, data_format)


@_max_pool_v2.shape
def _(input, ksize, strides, *, padding, data_format):
    for values in (ksize, strides):
        if values is not None and len(values) != 4:
            raise ValueError("Dimension must be 4 but is %d" % len(values))
    if ksize is None or strides is None:
        return None
    return _pooled_shape("MaxPool", input, ksize, strides, padding, data_format)


@_max_pool_v2.grad("input")
def _(g, input, ksize, strides, output, *, padding, data_format):
    return _max_pool_grad_v2(input, output, g, ksize, strides, padding=padding, data_format=data_format)


@op("MaxPoolGradV2")
def _max_pool_grad_v2(xp, orig_input, orig_output, grad, ksize: Host, strides: Host, *, padding, data_format="NHWC"):
    return _maximum_gradient(xp, orig_input, orig_output, grad, ksize, strides, padding, data_format)


@_max_pool_grad_v2.shape
def _(orig_input, orig_output, grad, ksize, strides):
    return shapes.with_rank(orig_input, 4)


@_max_pool_grad_v2.grad("grad")
def _(g, orig_input, orig_output, ksize, strides, *, padding, data_format):
    return _max_pool_grad_grad_v2(orig_input, orig_output, g, ksize, strides, padding=padding, data_format=data_format)


@op("MaxPoolGradGradV2")
def _max_pool_grad_grad_v2(xp, orig_input, orig_output, grad, ksize: Host, strides: Host, *, padding, data_format="NHWC"):
    return _picked(xp, orig_input, orig_output, grad, ksize, strides, padding, data_format)


@_max_pool_grad_grad_v2.shape
def _(orig_input, orig_output, grad, ksize, strides):
    return _picked_shape(orig_input, orig_output, grad)


@_max_pool_grad_grad_v2.grad("grad")
def _(g, orig_input, orig_output, ksize, strides, *, padding, data_format):
    return _max_pool_grad_v2(orig_input, orig_output, g, ksize, strides, padding=padding, data_format=data_format)


for _made in (_max_pool_grad_v2, _max_pool_grad_grad_v2):
    _made.grad("orig_input")(lambda g, orig_input: _zeros(g, orig_input))
    _made.grad("orig_output")(lambda g, orig_output: _zeros(g, orig_output))


def _without_windows(attrs):
    return {n: v for n, v in attrs.items() if n not in ("ksize", "strides")}


@_max_pool_v2.samples
def _(make):
    for shape, attrs in _2D:
        yield make(*shape), attrs["ksize"], attrs["strides"], _without_windows(attrs)


@_max_pool_grad_v2.samples
def _(make):
    for shape, attrs in _2D:
        x, y = _operands(make, shape, attrs)
        yield x, y, make(*y.shape), attrs["ksize"], attrs["strides"], _without_windows(attrs)


@_max_pool_grad_grad_v2.samples
def _(make):
    for shape, attrs in _2D:
        x, y = _operands(make, shape, attrs)
        yield x, y, make(*x.shape), attrs["ksize"], attrs["strides"], _without_windows(attrs)


# ---------------------------------------------------------------------------------------------- maxima and their places


@op("MaxPoolWithArgmax")
def max_pool_with_argmax_op(xp, input, *, ksize, strides, Targmax=dtypes.int64, padding, include_batch_in_index=False):
    plan = _plan(input.shape, ksize, strides, padding, "NHWC")
    places = pooling.flat_winners(xp, plan, input, include_batch_in_index)
    return pooling.maximum(xp, plan, input), places.astype(Targmax.np)


@max_pool_with_argmax_op.shape
def _(input, *, ksize, strides, padding):
    shape = _pooled_shape("MaxPoolWithArgmax", input, ksize, strides, padding, "NHWC")
    return [shape, shape]


@max_pool_with_argmax_op.grad
def _(g, g_argmax, input, argmax, *, ksize, strides, padding, include_batch_in_index):
    return _max_pool_grad_with_argmax(
        input, g, argmax, ksize=ksize, strides=strides, padding=padding, include_batch_in_index=include_batch_in_index
    )


def _flat_places(xp, argmax, input_shape, with_batch):
    """Places as indices into the whole input, flattened."""
    if with_batch:
        return argmax
    each = np.arange(input_shape[0], dtype=argmax.dtype) * int(np.prod(input_shape[1:]))
    return argmax + each.reshape(-1, *[1] * (argmax.ndim - 1))


@op("MaxPoolGradWithArgmax")
def _max_pool_grad_with_argmax(xp, input, grad, argmax, *, ksize, strides, padding, include_batch_in_index=False):
    _gradient_plan(input.shape, argmax.shape, grad.shape, ksize, strides, padding, "NHWC")
    places = _flat_places(xp, argmax, input.shape, include_batch_in_index).ravel()
    if xp is not np:
        return xp.zeros(input.size, grad.dtype).at[places].add(grad.ravel()).reshape(input.shape)
    total = np.zeros(input.size, grad.dtype)
    np.add.at(total, places, grad.ravel())
    return total.reshape(input.shape)


@_max_pool_grad_with_argmax.shape
def _(input, grad, argmax):
    return shapes.with_rank(input, 4)


@_max_pool_grad_with_argmax.grad("grad")
def _(g, input, argmax, *, ksize, strides, padding, include_batch_in_index):
    return _max_pool_grad_grad_with_argmax(
        input, g, argmax, ksize=ksize, strides=strides, padding=padding, include_batch_in_index=include_batch_in_index
    )


@op("MaxPoolGradGradWithArgmax")
def _max_pool_grad_grad_with_argmax(xp, input, grad, argmax, *, ksize, strides, padding, include_batch_in_index=False):
    _gradient_plan(input.shape, argmax.shape, grad.shape, ksize, strides, padding, "NHWC", True)
    return grad.ravel()[_flat_places(xp, argmax, input.shape, include_batch_in_index)]


@_max_pool_grad_grad_with_argmax.shape
def _(input, grad, argmax):
    shapes.agree(input, grad)
    return shapes.with_rank(argmax, 4)


@_max_pool_grad_grad_with_argmax.grad("grad")
def _(g, input, argmax, *, ksize, strides, padding, include_batch_in_index):
    return _max_pool_grad_with_argmax(
        input, g, argmax, ksize=ksize, strides=strides, padding=padding, include_batch_in_index=include_batch_in_index
    )


for _made in (_max_pool_grad_with_argmax, _max_pool_grad_grad_with_argmax):
    _made.grad("input")(lambda g, input: _zeros(g, input))


def _samples_with_places(make):
    for shape, attrs in _2D[:2]:
        for with_batch in (False, True):
            x = make(*shape)
            plan = _plan(shape, attrs["ksize"], attrs["strides"], attrs["padding"], "NHWC")
            yield x, pooling.flat_winners(np, plan, x, with_batch), dict(attrs, include_batch_in_index=with_batch)


@max_pool_with_argmax_op.samples
def _(make):
    for x, _, attrs in _samples_with_places(make):
        yield x, attrs
    yield make(2, 4, 4, 3), dict(_2D[0][1], Targmax=dtypes.int32)
    yield make(0, 4, 4, 3), _2D[2][1]


@_max_pool_grad_with_argmax.samples
def _(make):
    for x, places, attrs in _samples_with_places(make):
        yield x, make(*places.shape), places, attrs


@_max_pool_grad_grad_with_argmax.samples
def _(make):
    for x, places, attrs in _samples_with_places(make):
        yield x, make(*x.shape), places, attrs


# ------------------------------------------------------------------------------------------------------------- averages


def _average(xp, value, ksize, strides, padding, data_format):
    if _is_over_channels(ksize, data_format):
        raise _unimplemented("Non-spatial pooling is not yet supported. Volunteers? :)")
    return pooling.average(xp, _plan(value.shape, ksize, strides, padding, data_format), value)


@op("AvgPool")
def avg_pool_op(xp, value, *, ksize, strides, padding, data_format="NHWC"):
    return _average(xp, value, ksize, strides, padding, data_format)


@avg_pool_op.shape
def _(value, *, ksize, strides, padding, data_format):
    return _pooled_shape("AvgPool", value, ksize, strides, padding, data_format)


@op("AvgPool3D")
def avg_pool3d_op(xp, input, *, ksize, strides, padding, data_format="NDHWC"):
    return _average(xp, input, ksize, strides, padding, data_format)


@avg_pool3d_op.shape
def _(input, *, ksize, strides, padding, data_format):
    return _pooled_shape("AvgPool3D", input, ksize, strides, padding, data_format)


def _declare_average_gradient(name, average, operand, data_format, samples):
    """Declares the gradient of average pooling, which is average pooling's transpose."""

    def gradient(xp, orig_input_shape: HostShape, grad, *, ksize, strides, padding, data_format=data_format):
        plan = _gradient_plan(orig_input_shape, None, grad.shape, ksize, strides, padding, data_format)
        return pooling.average_gradient(xp, plan, grad)

    gradient = Op(name, gradient)
    for made in (average, gradient):
        made.checks(_check_attributes)
    rank = len(data_format)
    gradient.shape(lambda orig_input_shape, grad: shapes.with_rank(orig_input_shape, rank))

    def to_input(g, shape, ksize, strides, padding, data_format):
        return gradient(shape, g, ksize=ksize, strides=strides, padding=padding, data_format=data_format)

    if operand == "value":

        @average.grad("value")
        def _(g, value: Shape, *, ksize, strides, padding, data_format):
            return to_input(g, value, ksize, strides, padding, data_format)

    else:

        @average.grad("input")
        def _(g, input: Shape, *, ksize, strides, padding, data_format):
            return to_input(g, input, ksize, strides, padding, data_format)

    @gradient.grad("grad")
    def _(g, *, ksize, strides, padding, data_format):
        return average(g, ksize=ksize, strides=strides, padding=padding, data_format=data_format)

    @average.samples
    def _(make):
        for shape, attrs in samples:
            yield make(*shape), attrs

    @gradient.samples
    def _(make):
        for shape, attrs in samples:
            if shape[0]:
                yield shape, make(*_operands(make, shape, attrs)[1].shape), attrs

    return gradient


_declare_average_gradient("AvgPoolGrad", avg_pool_op, "value", "NHWC", _2D)
_declare_average_gradient("AvgPool3DGrad", avg_pool3d_op, "input", "NDHWC", _3D)
