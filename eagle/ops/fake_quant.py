"""Simulated quantization for training: values are rounded to the levels of a quantized type but stay floats."""

import numpy as np

from ..core.errors import invalid
from ..core.export import export
from ..core.op import op

_ZERO, _ONE, _HALF = np.float32(0), np.float32(1), np.float32(0.5)


def _levels(num_bits, narrow_range):
    """The lowest and the highest quantized level."""
    if not 2 <= num_bits <= 16:
        raise invalid("num_bits must be between 2 and 16, inclusive")
    return np.float32(bool(narrow_range)), np.float32(2**num_bits - 1)


def _nudged(xp, low, high, num_bits, narrow_range):
    """The range moved so that 0 is one of its levels, and the distance of levels.  Where the range is empty it is of no use."""
    first, last = _levels(num_bits, narrow_range)
    scale = (high - low) / (last - first)
    scale = xp.where(scale == 0, _ONE, scale)
    zero_point = xp.floor(xp.clip(first - low / scale, first, last) + _HALF)
    return (first - zero_point) * scale, (last - zero_point) * scale, scale


def _quantized(xp, inputs, low, high, num_bits, narrow_range):
    nudged_low, nudged_high, scale = _nudged(xp, low, high, num_bits, narrow_range)
    shifted = xp.clip(inputs, nudged_low, nudged_high) - nudged_low
    result = xp.floor(shifted / scale + _HALF) * scale + nudged_low
    return xp.where((low == 0) & (high == 0), _ZERO, result)


def _gradients(xp, gradients, inputs, low, high, num_bits, narrow_range, axes):
    """The gradients of inputs and of both ends of the range, which are summed over `axes`."""
    if gradients.shape != inputs.shape:
        raise invalid("gradient and input must be the same size")
    nudged_low, nudged_high, _ = _nudged(xp, low, high, num_bits, narrow_range)
    empty = (low == 0) & (high == 0)
    below, above = inputs < nudged_low, inputs > nudged_high
    inside = xp.where(empty | ~(below | above), gradients, _ZERO)
    return (
        inside,
        xp.sum(xp.where(below & ~empty, gradients, _ZERO), axes),
        xp.sum(xp.where(above & ~empty, gradients, _ZERO), axes),
    )


# -------------------------------------------------------------------------------------------------- ranges as attributes


def _check_range(min, max):
    if not min < max:
        raise invalid("min has to be smaller than max, was: %g >= %g", min, max)


@op("FakeQuantWithMinMaxArgs")
def _args(xp, inputs, *, min=-6.0, max=6.0, num_bits=8, narrow_range=False):
    _check_range(min, max)
    low, high, scale = _nudged(np, np.float32(min), np.float32(max), num_bits, narrow_range)
    shifted = xp.clip(inputs, low, high) - low
    return xp.floor(shifted * (_ONE / scale) + _HALF) * scale + low


@op("FakeQuantWithMinMaxArgsGradient")
def _args_gradient(xp, gradients, inputs, *, min=-6.0, max=6.0, num_bits=8, narrow_range=False):
    _check_range(min, max)
    return _gradients(xp, gradients, inputs, np.float32(min), np.float32(max), num_bits, narrow_range, None)[0]


@_args.shape
def _(inputs):
    return inputs


@_args_gradient.shape
def _(gradients, inputs):
    return inputs


@_args.grad("inputs")
def _(g, inputs, *, min, max, num_bits, narrow_range):
    return _args_gradient(g, inputs, min=min, max=max, num_bits=num_bits, narrow_range=narrow_range)


# ------------------------------------------------------------------------------------------------------ ranges as inputs


@op("FakeQuantWithMinMaxVars")
def _vars(xp, inputs, min, max, *, num_bits=8, narrow_range=False):
    return _quantized(xp, inputs, min, max, num_bits, narrow_range)


@op("FakeQuantWithMinMaxVarsGradient")
def _vars_gradient(xp, gradients, inputs, min, max, *, num_bits=8, narrow_range=False):
    return _gradients(xp, gradients, inputs, min, max, num_bits, narrow_range, None)


def _check_channels(inputs, min, max):
    for value, which in ((min, "min"), (max, "max")):
        if value.shape != inputs.shape[-1:]:
            raise invalid("%s has incorrect size, expected %d was %d", which, inputs.shape[-1], value.size)


@op("FakeQuantWithMinMaxVarsPerChannel")
def _channels(xp, inputs, min, max, *, num_bits=8, narrow_range=False):
    _check_channels(inputs, min, max)
    return _quantized(xp, inputs, min, max, num_bits, narrow_range)


@op("FakeQuantWithMinMaxVarsPerChannelGradient")
def _channels_gradient(xp, gradients, inputs, min, max, *, num_bits=8, narrow_range=False):
    _check_channels(inputs, min, max)
    return _gradients(xp, gradients, inputs, min, max, num_bits, narrow_range, tuple(range(inputs.ndim - 1)))


def _check_rank(shape, rank):
    if shape is not None and len(shape) != rank:
        raise ValueError("Shape must be rank %d but is rank %d" % (rank, len(shape)))


@_vars.shape
def _(inputs, min, max):
    _check_rank(min, 0)
    _check_rank(max, 0)
    return inputs


@_channels.shape
def _(inputs, min, max):
    _check_rank(min, 1)
    _check_rank(max, 1)
    if inputs == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    for value in (min, max):
        if inputs and value and None not in (inputs[-1], value[0]) and inputs[-1] != value[0]:
            raise ValueError("Dimensions must be equal, but are %d and %d" % (inputs[-1], value[0]))
    return inputs


@_vars_gradient.shape
def _(gradients, inputs, min, max):
    return [inputs, (), ()]


@_channels_gradient.shape
def _(gradients, inputs, min, max):
    depth = None if inputs is None else inputs[-1]
    return [inputs, (depth,), (depth,)]


@_vars.grad
def _(g, inputs, min, max, *, num_bits, narrow_range):
    return tuple(_vars_gradient(g, inputs, min, max, num_bits=num_bits, narrow_range=narrow_range))


@_channels.grad
def _(g, inputs, min, max, *, num_bits, narrow_range):
    return tuple(_channels_gradient(g, inputs, min, max, num_bits=num_bits, narrow_range=narrow_range))


def _values():
    return np.array([[-9.1, -5.92, -0.26, 0.11], [0.51, 3.37, 6.02, 8.4]], np.float32)


_ENDS = np.array([-1.1, 0, -5.5, -2], np.float32), np.array([2, 0, 6.5, 0.6], np.float32)


@_args.samples
def _(make):
    yield (_values(),)
    yield _values(), dict(min=-1.0, max=2.5, num_bits=4, narrow_range=True)


@_args_gradient.samples
def _(make):
    yield make(2, 4), _values()


@_vars.samples
def _(make):
    yield _values(), np.float32(-5.5), np.float32(6.5)
    yield _values(), np.float32(0), np.float32(0)
    yield _values(), np.float32(-1), np.float32(2.5), dict(num_bits=4, narrow_range=True)


@_vars_gradient.samples
def _(make):
    yield make(2, 4), _values(), np.float32(-5.5), np.float32(6.5)
    yield make(2, 4), _values(), np.float32(0), np.float32(0)


@_channels.samples
def _(make):
    yield _values(), *_ENDS
    yield _values(), *_ENDS, dict(num_bits=3)


@_channels_gradient.samples
def _(make):
    yield make(2, 4), _values(), *_ENDS


def _publish(op, name):
    return export("quantization." + name, name)(op)


fake_quant_with_min_max_vars = _publish(_vars, "fake_quant_with_min_max_vars")
fake_quant_with_min_max_vars_gradient = _publish(_vars_gradient, "fake_quant_with_min_max_vars_gradient")
fake_quant_with_min_max_vars_per_channel = _publish(_channels, "fake_quant_with_min_max_vars_per_channel")
fake_quant_with_min_max_vars_per_channel_gradient = _publish(
    _channels_gradient, "fake_quant_with_min_max_vars_per_channel_gradient"
)


@export("quantization.fake_quant_with_min_max_args", "fake_quant_with_min_max_args")
def fake_quant_with_min_max_args(inputs, min=-6, max=6, num_bits=8, narrow_range=False, name=None):
    """Rounds values to the levels of a quantized type.

    Args:
      inputs: a float32 tensor.
      min, max: the range of the levels; values outside are clamped.
      num_bits: the number of bits of the type, from 2 to 16.
      narrow_range: whether the lowest level is left out.
      name: the name of the node.

    Raises:
      InvalidArgumentError: the range is empty, or `num_bits` is out of range.
    """
    return _args(inputs, min=min, max=max, num_bits=num_bits, narrow_range=narrow_range, name=name)


@export("quantization.fake_quant_with_min_max_args_gradient", "fake_quant_with_min_max_args_gradient")
def fake_quant_with_min_max_args_gradient(gradients, inputs, min=-6, max=6, num_bits=8, narrow_range=False, name=None):
    """The gradient of `fake_quant_with_min_max_args`.

    Args:
      gradients: the gradient with respect to the result.
      inputs, min, max, num_bits, narrow_range: what that function got.
      name: the name of the node.
    """
    return _args_gradient(gradients, inputs, min=min, max=max, num_bits=num_bits, narrow_range=narrow_range, name=name)
