"""Fused batch normalization: the three versions of the op, and their gradients."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.op import Op
from .bias import sum_of_channels

_to_brackets = shapes.to_brackets
_SINGLE = [dtypes.float32]
# For bfloat16 TensorFlow gives the unused outputs another shape.
_TYPES = {"rm": _SINGLE, "ad": _SINGLE, "V2": [dtypes.float32, dtypes.float16], "V3": [dtypes.float32, dtypes.float16]}


def _along_channels(values, data_format):
    """A vector with a number for each channel so that it can be broadcast beside an input."""
    return values.reshape(-1, 1, 1) if data_format == "NCHW" else values


def _check(x, scale, offset, mean, variance, is_training):
    if x.ndim != 4:
        raise invalid("input must be 4-dimensional%s", _to_brackets(x.shape))
    for name, v in (("scale", scale), ("offset", offset), ("estimated_mean", mean), ("estimated_variance", variance)):
        if v.ndim != 1:
            raise invalid("%s must be 1-dimensional%s", name, _to_brackets(v.shape))
    if is_training:
        for name, v in (("estimated_mean", mean), ("estimated_variance", variance)):
            if v.size:
                raise invalid("%s must be empty for training%s", name, _to_brackets(v.shape))


def _normalize(xp, x, scale, offset, mean, variance, epsilon, data_format, is_training):
    """The normalized input, mean and variance for the running averages, and the two that the gradient needs.

    The variance for the running averages is that of a sample, with one less in the divisor; the input is divided by the other.
    """
    _check(x, scale, offset, mean, variance, is_training)
    dtype, x = x.dtype, x.astype(scale.dtype)
    if not is_training:
        factor = scale / xp.sqrt(variance + scale.dtype.type(epsilon))
        y = (x - _along_channels(mean, data_format)) * _along_channels(factor, data_format)
        return (y + _along_channels(offset, data_format)).astype(dtype), mean, variance, mean, variance
    if not x.size:
        nan = xp.full(scale.shape, xp.nan, scale.dtype)
        return x.astype(dtype), nan, nan, nan, nan
    count = x.size // scale.size
    mean = sum_of_channels(xp, x, data_format) / scale.dtype.type(count)
    centred = x - _along_channels(mean, data_format)
    variance = sum_of_channels(xp, centred * centred, data_format) / scale.dtype.type(count)
    factor = scale / xp.sqrt(variance + scale.dtype.type(epsilon))
    y = centred * _along_channels(factor, data_format) + _along_channels(offset, data_format)
    return y.astype(dtype), mean, variance * scale.dtype.type(count / max(count - 1, 1)), mean, variance


def _gradients(xp, g, x, scale, mean, variance, epsilon, data_format, is_training):
    """The gradients of input, scale and offset."""
    if g.shape != x.shape:
        raise invalid("x and y_backprop must have same shape, but x has shape %s and y_backprop has shape %s",
                      _to_brackets(x.shape), _to_brackets(g.shape))  # fmt: skip
    dtype, x, g = x.dtype, x.astype(scale.dtype), g.astype(scale.dtype)
    if not x.size:
        return x.astype(dtype), xp.zeros(scale.shape, scale.dtype), xp.zeros(scale.shape, scale.dtype)
    inverse = 1 / xp.sqrt(variance + scale.dtype.type(epsilon))
    normal = (x - _along_channels(mean, data_format)) * _along_channels(inverse, data_format)
    of_offset = sum_of_channels(xp, g, data_format)
    of_scale = sum_of_channels(xp, g * normal, data_format)
    if is_training:
        count = scale.dtype.type(x.size // scale.size)
        g = g - _along_channels(of_offset / count, data_format) - normal * _along_channels(of_scale / count, data_format)
    return (g * _along_channels(scale * inverse, data_format)).astype(dtype), of_scale, of_offset


# ----------------------------------------------------------------------------------------------------------- the forward op


def _forward_shape(x, scale, offset, mean, variance, *, is_training, data_format):
    """The static shapes of the first five outputs."""
    x, channel = shapes.with_rank(x, 4), 1 if data_format == "NCHW" else 3
    size = x[channel]
    for vector in (scale, offset) if is_training else (scale, offset, mean, variance):
        size = shapes.merge_dims(size, shapes.with_rank(vector, 1)[0])
    x = (*x[:channel], size, *x[channel + 1 :])
    return [x] + [(size,)] * 4


def _declare_forward(name, grad_op, has_third_reserve):
    """Declares a version of fused batch normalization; `grad_op` is a function that gives the op of its gradients."""
    if has_third_reserve:

        def kernel(xp, x, scale, offset, mean, variance, *, epsilon=0.0001, data_format="NHWC", is_training=True):
            found = _normalize(xp, x, scale, offset, mean, variance, epsilon, data_format, is_training)
            return *found, scale.dtype.type(0)

        def gradient(g, g1, g2, g3, g4, g5, x, scale, mean, variance, reserve_space_1, reserve_space_2, reserve_space_3, *,
                     epsilon, data_format, is_training):  # fmt: skip
            kept = (reserve_space_1, reserve_space_2) if is_training else (mean, variance)
            return _input_gradients(grad_op(), g, x, scale, (*kept, reserve_space_3), epsilon, data_format, is_training)

    else:

        def kernel(xp, x, scale, offset, mean, variance, *, epsilon=0.0001, data_format="NHWC", is_training=True):
            return _normalize(xp, x, scale, offset, mean, variance, epsilon, data_format, is_training)

        def gradient(g, g1, g2, g3, g4, x, scale, mean, variance, reserve_space_1, reserve_space_2, *, epsilon, data_format,
                     is_training):  # fmt: skip
            kept = (reserve_space_1, reserve_space_2) if is_training else (mean, variance)
            return _input_gradients(grad_op(), g, x, scale, kept, epsilon, data_format, is_training)

    made = Op(name, kernel, golden_tolerance=2e-5, sample_types=_TYPES[name[-2:]])

    @made.shape
    def _(x, scale, offset, mean, variance, *, is_training, data_format):
        found = _forward_shape(x, scale, offset, mean, variance, is_training=is_training, data_format=data_format)
        return found + [None] * has_third_reserve

    made.grad(gradient)
    made.samples(_forward_samples)
    return made


def _input_gradients(grad_op, g, x, scale, kept, epsilon, data_format, is_training):
    found = grad_op(g, x, scale, *kept, epsilon=epsilon, data_format=data_format, is_training=is_training)
    return found[0], found[1], found[2], None, None


def _forward_samples(make):
    single = np.float32 if make.dtype.size == 2 else make.dtype.np
    empty = np.zeros(0, single)
    scale, offset = make.positive(3).astype(single), make(3).astype(single)
    yield make(2, 2, 3, 3), scale, offset, empty, empty
    yield make(1, 2, 3, 3), scale, offset, empty, empty, dict(epsilon=0.1)
    yield make(2, 3, 2, 2), scale, offset, empty, empty, dict(data_format="NCHW")
    yield make(1, 1, 1, 3), scale, offset, empty, empty


# -------------------------------------------------------------------------------------------------------- the gradient op


def _declare_gradient(name, has_third_reserve):
    """Declares the op of the gradients of a version; its last two outputs are there for the sake of its signature."""
    if has_third_reserve:

        def kernel(xp, y_backprop, x, scale, reserve_space_1, reserve_space_2, reserve_space_3, *, epsilon=0.0001,
                   data_format="NHWC", is_training=True):  # fmt: skip
            found = _gradients(xp, y_backprop, x, scale, reserve_space_1, reserve_space_2, epsilon, data_format, is_training)
            return *found, scale.dtype.type(0), scale.dtype.type(0)

    else:

        def kernel(xp, y_backprop, x, scale, reserve_space_1, reserve_space_2, *, epsilon=0.0001, data_format="NHWC",
                   is_training=True):  # fmt: skip
            found = _gradients(xp, y_backprop, x, scale, reserve_space_1, reserve_space_2, epsilon, data_format, is_training)
            return *found, scale.dtype.type(0), scale.dtype.type(0)

    made = Op(name, kernel, golden_tolerance=2e-5, sample_types=_TYPES[name[-2:]])
    if has_third_reserve:
        made.shape(lambda y_backprop, x, scale, reserve_space_1, reserve_space_2, reserve_space_3, *, data_format: (
            _gradient_shape(y_backprop, x, scale, data_format)))  # fmt: skip
    else:
        made.shape(lambda y_backprop, x, scale, reserve_space_1, reserve_space_2, *, data_format: (
            _gradient_shape(y_backprop, x, scale, data_format)))  # fmt: skip

    @made.grad
    def _(gg_x, gg_scale, gg_offset, g3, g4, y_backprop, x, scale, reserve_space_1, reserve_space_2, *, epsilon, data_format,
          is_training):  # fmt: skip
        second = _second_of_training if is_training else _second_of_inference
        found = second((gg_x, gg_scale, gg_offset), y_backprop, x, scale, reserve_space_1, reserve_space_2, epsilon, data_format)
        return *found, *[None] * (2 + has_third_reserve)

    made.samples(_third_samples if has_third_reserve else _gradient_samples)
    return made


def _gradient_shape(y_backprop, x, scale, data_format):
    shape, channel = shapes.agree(shapes.with_rank(y_backprop, 4), shapes.with_rank(x, 4)), 1 if data_format == "NCHW" else 3
    size = shapes.merge_dims(shape[channel], shapes.with_rank(scale, 1)[0])
    return [(*shape[:channel], size, *shape[channel + 1 :]), (size,), (size,), None, None]


def _gradient_samples(make):
    single = np.float32 if make.dtype.size == 2 else make.dtype.np
    for shape, attrs in (
        ((2, 2, 3, 3), {}),
        ((2, 2, 3, 3), dict(is_training=False)),
        ((2, 3, 2, 2), dict(data_format="NCHW", epsilon=0.1)),
    ):
        x = make(*shape)
        axes = (0, 2, 3) if "data_format" in attrs else (0, 1, 2)
        moments = x.astype(single).mean(axes), x.astype(single).var(axes)
        yield make(*shape), x, make.positive(3).astype(single), *moments, attrs


def _third_samples(make):
    for *args, attrs in _gradient_samples(make):
        yield *args, args[-1].dtype.type(0), attrs


class _Channels:
    """Sums and means over all but the channels, of tensors, which keep their rank."""

    def __init__(self, x, data_format):
        self.axes = (0, 2, 3) if data_format == "NCHW" else (0, 1, 2)
        self.is_first = data_format == "NCHW"

    def mean(self, x):
        return registry["Mean"](x, self.axes, keep_dims=True)

    def sum(self, x):
        """A vector."""
        return registry["Sum"](x, self.axes)

    def along(self, vector):
        return registry["Reshape"](vector, (-1, 1, 1)) if self.is_first else vector


def _cast(tensor, dtype):
    return tensor if tensor.dtype.base_dtype is dtype else registry["Cast"](tensor, DstT=dtype)


def _in_single(tensors, scale):
    """Tensors in the type of the statistics, in which the second derivatives are computed."""
    dtype = scale.dtype.base_dtype
    return [_cast(t, dtype) for t in tensors]


def _second_of_training(gg, y_backprop, x, scale, mean, variance, epsilon, data_format):
    """The gradients of `y_backprop`, `x` and `scale` where mean and variance are those of `x` itself.

    With n the normalized input, b = y_backprop, r = 1 / sqrt(variance + epsilon), p and q the means of a * n and b * n, the first
    derivatives are scale * r * (b - mean(b) - n * q), sum(b * n) and sum(b); a, gs, go stand for their gradients `gg`.
    """
    over, wide = _Channels(x, data_format), scale.dtype.base_dtype
    a, b, x_ = _in_single((gg[0], y_backprop, x), scale)
    gs, go = over.along(gg[1]), over.along(gg[2])
    s = over.along(scale)
    r = registry["Rsqrt"](over.along(variance) + epsilon)
    n = (x_ - over.along(mean)) * r
    p, q = over.mean(a * n), over.mean(b * n)
    a_centred, b_centred = a - over.mean(a) - n * p, b - over.mean(b) - n * q
    of_b = s * r * a_centred + gs * n + go
    inner = over.mean(a * b_centred)
    of_x = gs * r * b_centred - s * registry["Square"](r) * (n * inner + q * a_centred + p * b_centred)
    of_scale = over.sum(a * b_centred * r)
    return _cast(of_b, y_backprop.dtype.base_dtype), _cast(of_x, x.dtype.base_dtype), _cast(of_scale, wide)


def _second_of_inference(gg, y_backprop, x, scale, mean, variance, epsilon, data_format):
    """The gradients of `y_backprop`, `x` and `scale` where mean and variance are given."""
    over, wide = _Channels(x, data_format), scale.dtype.base_dtype
    a, b, x_ = _in_single((gg[0], y_backprop, x), scale)
    gs, go = over.along(gg[1]), over.along(gg[2])
    r = registry["Rsqrt"](over.along(variance) + epsilon)
    of_b = a * over.along(scale) * r + gs * (x_ - over.along(mean)) * r + go
    of_x = gs * b * r
    of_scale = over.sum(a * b * r)
    return _cast(of_b, y_backprop.dtype.base_dtype), _cast(of_x, x.dtype.base_dtype), _cast(of_scale, wide)


_grad_v1 = _declare_gradient("FusedBatchNormGrad", False)
_grad_v2 = _declare_gradient("FusedBatchNormGradV2", False)
_grad_v3 = _declare_gradient("FusedBatchNormGradV3", True)
fused_batch_norm_v1 = _declare_forward("FusedBatchNorm", lambda: _grad_v1, False)
fused_batch_norm_v2 = _declare_forward("FusedBatchNormV2", lambda: _grad_v2, False)
fused_batch_norm_v3 = _declare_forward("FusedBatchNormV3", lambda: _grad_v3, True)
