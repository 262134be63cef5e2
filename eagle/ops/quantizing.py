"""Quantized types: to them, from them, and back and forth."""

import numpy as np

from ..core import dtypes
from ..core.errors import invalid
from ..core.export import export
from ..core.op import Host, HostShape, op
from .joining import why_no_concat
from .shaping import reshape

_FLOAT = np.float32
_LARGEST = np.finfo(np.float32).max


def _limits(dtype):
    """The lowest and the highest number of a quantized NumPy type."""
    info = np.iinfo(dtype[0])
    return info.min, info.max


def _round_away(x):
    """Rounds halves away from zero."""
    return np.trunc(x + np.copysign(_FLOAT(0.5), x))


def _levels(x, dtype):
    """Floats that are whole numbers as elements of a quantized type."""
    return np.asarray(x).astype(np.int64).astype(dtype[0]).view(dtype)


def _numbers(x):
    return np.asarray(x).view(x.dtype[0])


# ------------------------------------------------------------------------------------- to quantized types and from them


def _to_levels(input, low, high, dtype):
    """Floats in quantized form: the levels are even steps through the range, one of them at 0."""
    lowest, highest = _limits(dtype)
    steps = float(2 ** (dtype.itemsize * 8)) - 1.0
    scale = _FLOAT(0 if high == low else steps / float(high - low))
    first = _round_away(low * scale)
    levels = _round_away(input * scale) - (first - _FLOAT(lowest))
    limits = max(_FLOAT(lowest), _FLOAT(-2.147483648e09)), min(_FLOAT(highest), _FLOAT(2.147483520e09))
    return _levels(np.clip(levels, *limits), dtype)


def _from_levels(input, low, high):
    """The reverse of `_to_levels`."""
    lowest, _ = _limits(input.dtype)
    scale = _FLOAT(float(high - low) / (float(2 ** (input.dtype.itemsize * 8)) - 1.0))
    first = low if high == low else _round_away(low / scale) * scale
    return ((first - _FLOAT(lowest) * scale) + _numbers(input).astype(_FLOAT) * scale).astype(_FLOAT)


@op("QuantizeV2", host=True)
def _quantize_v2(xp, input, min_range, max_range, *, T, mode="MIN_COMBINED", round_mode="HALF_AWAY_FROM_ZERO"):
    if round_mode == "HALF_TO_EVEN" and mode != "SCALED":
        raise invalid("Round mode 'HALF_TO_EVEN' only supported for mode 'SCALED', but mode is '%s'.", mode)
    if max_range < min_range:
        raise invalid("input_max_range must be larger than input_min_range.")
    dtype = T.np
    lowest, highest = _limits(dtype)
    low = min(_FLOAT(0), _FLOAT(min_range))
    epsilon = max(_FLOAT(1), abs(_FLOAT(min_range)), abs(_FLOAT(max_range))) / _FLOAT(100)
    high = max(_FLOAT(0), _FLOAT(max_range), low + epsilon)
    if mode == "MIN_FIRST":
        out = _to_levels(input, low, high, dtype)
    elif mode == "MIN_COMBINED":
        scale = _FLOAT(float(highest - lowest) / float(high - low))
        levels = (np.clip(input, low, high) - low) * scale
        half = _FLOAT((highest - lowest + 1) / 2)
        out = _levels(_round_away(levels - half) if lowest else np.trunc(levels + _FLOAT(0.5)), dtype)
    else:
        sides = [_FLOAT(n) / v if n * v > 0 else _LARGEST for n, v in ((lowest, low), (highest, high))]
        scale = min(sides)
        low, high = _FLOAT(lowest) / scale, _FLOAT(highest) / scale
        rounded = (np.round if round_mode == "HALF_TO_EVEN" else _round_away)(np.clip(input, low, high) * scale)
        out = _levels(rounded, dtype)
    return out, _FLOAT(low), _FLOAT(high)


@_quantize_v2.shape
def _(input, min_range, max_range):
    for s in (min_range, max_range):
        if s not in ((), None):
            raise ValueError("Shape must be rank 0 but is rank %d" % len(s))
    return [input, (), ()]


@op("Dequantize", host=True, sample_types=[dtypes.quint8])
def _dequantize(xp, input, min_range, max_range, *, mode="MIN_COMBINED"):
    lowest, highest = _limits(input.dtype)
    low, high = _FLOAT(min_range), _FLOAT(max_range)
    numbers = _numbers(input).astype(_FLOAT)
    if mode == "MIN_FIRST":
        return _from_levels(input, low, high)
    if mode == "MIN_COMBINED":
        half = _FLOAT((_FLOAT(highest) - _FLOAT(lowest) + 1) / 2 if lowest else 0)
        scale = (high - low) / (_FLOAT(highest) - _FLOAT(lowest))
        return (numbers + half) * scale + low
    scale = high / _FLOAT(highest)
    return numbers * (max(low / _FLOAT(lowest), scale) if lowest else scale)


@_dequantize.shape
def _(input, min_range, max_range):
    return input


def _floats():
    return np.array([-2.1, -1, -0.5, 0, 0.25, 1.5, 2.49, 7.0], np.float32)


@_quantize_v2.samples
def _(make):
    for T in (dtypes.quint8, dtypes.qint8, dtypes.qint32):
        for mode in ("MIN_COMBINED", "MIN_FIRST", "SCALED"):
            if T is not dtypes.qint32 or mode == "SCALED":
                yield _floats(), np.float32(-2), np.float32(5), dict(T=T, mode=mode)
    yield _floats(), np.float32(-2), np.float32(5), dict(T=dtypes.qint8, mode="SCALED", round_mode="HALF_TO_EVEN")


def _quantized_sample(dtype):
    return np.array([0, 1, 100, 127]).astype(dtype.np[0]).view(dtype.np)


@_dequantize.samples
def _(make):
    for mode in ("MIN_COMBINED", "MIN_FIRST", "SCALED"):
        yield _quantized_sample(dtypes.quint8), np.float32(-2), np.float32(5), dict(mode=mode)
        yield _quantized_sample(dtypes.qint8), np.float32(-2), np.float32(5), dict(mode=mode)


@export("quantization.quantize", "quantize")
def quantize(input, min_range, max_range, T, mode="MIN_COMBINED", round_mode="HALF_AWAY_FROM_ZERO", name=None):
    """Floats as elements of a quantized type.

    Args:
      input: a float32 tensor.
      min_range, max_range: the range that the levels cover, scalars.
      T: a quantized type.
      mode: "MIN_COMBINED", "MIN_FIRST" or "SCALED".
      round_mode: "HALF_AWAY_FROM_ZERO", or with "SCALED" also "HALF_TO_EVEN".
      name: the name of the node.

    Returns:
      A named tuple `(output, output_min, output_max)`: the elements, and the range that they cover in fact.

    Raises:
      InvalidArgumentError: the range is negative, or the modes don't go together.
    """
    return _quantize_v2(input, min_range, max_range, T=T, mode=mode, round_mode=round_mode, name=name)


@export("quantize_v2")
def quantize_v2(input, min_range, max_range, T, mode="MIN_COMBINED", name=None, round_mode="HALF_AWAY_FROM_ZERO"):
    """Deprecated: `tf.quantization.quantize` with its arguments in another order.

    Args:
      input: a float32 tensor.
      min_range, max_range: the range that the levels cover, scalars.
      T: a quantized type.
      mode: "MIN_COMBINED", "MIN_FIRST" or "SCALED".
      name: the name of the node.
      round_mode: "HALF_AWAY_FROM_ZERO", or with "SCALED" also "HALF_TO_EVEN".
    """
    return _quantize_v2(input, min_range, max_range, T=T, mode=mode, round_mode=round_mode, name=name)


@export("quantization.dequantize", "dequantize")
def dequantize(input, min_range, max_range, mode="MIN_COMBINED", name=None):
    """Elements of a quantized type as floats.

    Args:
      input: a tensor of a quantized type.
      min_range, max_range: the range that the levels cover, scalars.
      mode: "MIN_COMBINED", "MIN_FIRST" or "SCALED".
      name: the name of the node.
    """
    return _dequantize(input, min_range, max_range, mode=mode, name=name)


# ----------------------------------------------------------------------------------------------------- joined, reshaped


@op("QuantizedConcat", host=True, sample_types=[dtypes.quint8])
def _quantized_concat(xp, concat_dim: Host, values, input_mins, input_maxes):
    why = why_no_concat(values, concat_dim, lowest_axis=0)
    if why:
        raise invalid(why)
    low = min(_FLOAT(0), *[_FLOAT(m) for m in input_mins])
    high = max(_FLOAT(m) for m in input_maxes)
    if _limits(values[0].dtype)[0] < 0:
        high = max(abs(low), abs(high))
        low = -high
    parts = []
    for v, a, b in zip(values, input_mins, input_maxes):
        same = a == low and b == high
        parts.append(v if same else _to_levels(_from_levels(v, _FLOAT(a), _FLOAT(b)), low, high, v.dtype))
    return np.concatenate(parts, concat_dim), _FLOAT(low), _FLOAT(high)


@_quantized_concat.shape
def _(concat_dim, values, input_mins, input_maxes):
    ranks = {len(s) for s in values if s is not None}
    return [(None,) * ranks.pop() if len(ranks) == 1 else None, (), ()]


@_quantized_concat.samples
def _(make):
    v = _quantized_sample(dtypes.quint8).reshape(2, 2)
    yield 0, [v, v], [np.float32(0), np.float32(-1)], [np.float32(1), np.float32(3)]


@export("quantization.quantized_concat", "quantized_concat")
def quantized_concat(concat_dim, values, input_mins, input_maxes, name=None):
    """Joins tensors of a quantized type, each with a range of its own.

    Args:
      concat_dim: the dimension along which, an int scalar.
      values: a list of tensors.
      input_mins, input_maxes: lists of scalars: the ranges.
      name: the name of the node.

    Returns:
      A named tuple `(output, output_min, output_max)`.

    Raises:
      InvalidArgumentError: the shapes don't fit.
    """
    return _quantized_concat(concat_dim, values, input_mins, input_maxes, name=name)


@op("QuantizedReshape", host=True, sample_types=[dtypes.quint8])
def _quantized_reshape(xp, tensor, shape: HostShape, input_min, input_max):
    return reshape.op.numpy(tensor, shape), input_min, input_max


@_quantized_reshape.shape
def _(tensor, shape, input_min, input_max):
    return [reshape.op.shape_rule(tensor, shape), (), ()]


@_quantized_reshape.samples
def _(make):
    yield _quantized_sample(dtypes.quint8), (2, -1), np.float32(0), np.float32(1)


# -------------------------------------------------------------------------------------------------------- back and forth


def _back_and_forth(xp, input, low, high, signed_input, num_bits, range_given, half_to_even=True, narrow_range=False):
    """Values rounded to the levels of a signed or unsigned type of some bits; without a range, that of the values."""
    if not 0 < num_bits < (62 if signed_input else 63):
        raise invalid("num_bits is out of range: %d with signed_input_ %d", num_bits, signed_input)
    dtype = input.dtype.type
    if not range_given:
        low, high = xp.min(input), xp.max(input)
    elif xp is np and low > high:
        raise invalid("Invalid range: input_min %g > input_max %g", low, high)
    lowest = dtype((-(2 ** (num_bits - 1)) + bool(narrow_range)) if signed_input else 0)
    highest = dtype(2 ** (num_bits - 1) - 1 if signed_input else 2**num_bits - 1)
    largest = dtype(dtypes.as_dtype(input.dtype).max)
    one = dtype(1)
    from_low = xp.where(lowest * low > 0, lowest / xp.where(low == 0, one, low), largest)
    from_high = xp.where(highest * high > 0, highest / xp.where(high == 0, one, high), largest)
    by_low = from_low < from_high
    scale = xp.where(by_low, from_low, from_high)
    inverse = xp.where(by_low, low / (lowest if lowest else one), high / highest)
    if range_given:
        low, high = xp.where(by_low, low, lowest * inverse), xp.where(by_low, highest * inverse, high)
        input = xp.maximum(xp.minimum(input, high), low)
    scaled = input * scale
    rounded = xp.round(scaled) if half_to_even else xp.floor(scaled + dtype(0.5))
    return (rounded * inverse).astype(input.dtype)


@op("QuantizeAndDequantize")
def _quantize_and_dequantize(xp, input, *, signed_input=True, num_bits=8, range_given=False, input_min=0.0, input_max=0.0):
    low, high = input.dtype.type(input_min), input.dtype.type(input_max)
    return _back_and_forth(xp, input, low, high, signed_input, num_bits, range_given)


@op("QuantizeAndDequantizeV2")
def _quantize_and_dequantize_v2(xp, input, input_min, input_max, *, signed_input=True, num_bits=8, range_given=False,
                                round_mode="HALF_TO_EVEN", narrow_range=False):  # fmt: skip
    even = round_mode == "HALF_TO_EVEN"
    return _back_and_forth(xp, input, input_min, input_max, signed_input, num_bits, range_given, even, narrow_range)


@op("QuantizeAndDequantizeV3")
def _quantize_and_dequantize_v3(xp, input, input_min, input_max, num_bits: Host, *, signed_input=True, range_given=True,
                                narrow_range=False):  # fmt: skip
    return _back_and_forth(xp, input, input_min, input_max, signed_input, num_bits, range_given, True, narrow_range)


@_quantize_and_dequantize.shape
def _(input):
    return input


def _check_scalars(*ends):
    for s in ends:
        if s not in ((), None):
            raise ValueError("Shape must be rank 0 but is rank %d" % len(s))


@_quantize_and_dequantize_v2.shape
def _(input, input_min, input_max):
    _check_scalars(input_min, input_max)
    return input


@_quantize_and_dequantize_v3.shape
def _(input, input_min, input_max, num_bits):
    _check_scalars(input_min, input_max)
    return input


for _op in (_quantize_and_dequantize, _quantize_and_dequantize_v2, _quantize_and_dequantize_v3):
    _op.grad("input")(lambda g: g)


@_quantize_and_dequantize.samples
def _(make):
    x = make.ints(-20, 20, 2, 3).astype(make.dtype.np)
    yield x, dict(range_given=True, input_min=-10.0, input_max=12.7)


@_quantize_and_dequantize_v2.samples
def _(make):
    t = make.dtype.np.type
    x = np.array([-1.5, -0.8, 0, 0.3, 0.95, 2]).astype(make.dtype.np)
    yield x, t(-1), t(1), dict(range_given=True)
    yield x, t(0), t(0), dict(num_bits=4)
    yield x, t(-1), t(1), dict(range_given=True, round_mode="HALF_UP", narrow_range=True)
    yield x, t(0), t(1), dict(range_given=True, signed_input=False, num_bits=3)


@_quantize_and_dequantize_v3.samples
def _(make):
    t = make.dtype.np.type
    x = np.array([-1.5, -0.8, 0, 0.3, 0.95, 2]).astype(make.dtype.np)
    yield x, t(-1), t(1), 8
    yield x, t(0), t(0), 5, dict(range_given=False)


@export("quantization.quantize_and_dequantize")
def quantize_and_dequantize(input, input_min, input_max, signed_input=True, num_bits=8, range_given=False,
                            round_mode="HALF_TO_EVEN", name=None, narrow_range=False):  # fmt: skip
    """Rounds values to the levels of a quantized type; gradients pass through unchanged.

    Args:
      input: a tensor of a floating type.
      input_min, input_max: the range of the levels, if `range_given`; otherwise it is that of the values.
      signed_input: whether the type is signed.
      num_bits: its number of bits.
      range_given: whether there is a range.
      round_mode: "HALF_TO_EVEN" or "HALF_UP".
      name: the name of the node.
      narrow_range: whether a signed type's lowest level is left out.

    Raises:
      InvalidArgumentError: the range or `num_bits` is impossible.
    """
    return _quantize_and_dequantize_v2(input, input_min, input_max, signed_input=signed_input, num_bits=num_bits,
                                       range_given=range_given, round_mode=round_mode, narrow_range=narrow_range,
                                       name=name)  # fmt: skip
