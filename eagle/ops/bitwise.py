"""Operations on the bits of integers."""

import operator

import numpy as np

from ..core.export import export
from .arithmetic import declare_binary
from .doors import binary, unary
from .unary import declare_unary


def _shift_samples(make):
    dtype = make.dtype.np
    yield make(2, 3), make.ints(0, 7, 2, 3, dtype=dtype)
    yield make(2, 3), make.ints(0, 7, 3, dtype=dtype)


def _number_of_bits(x):
    return x.dtype.itemsize * 8


def _within_width(xp, x, y):
    """A shift by as many bits as there are, or more, is one by all but one bit; a negative one is none."""
    return xp.clip(y, 0, _number_of_bits(x) - 1)


_bitwise_and = declare_binary("BitwiseAnd", operator.and_)
_bitwise_or = declare_binary("BitwiseOr", operator.or_)
_bitwise_xor = declare_binary("BitwiseXor", operator.xor)
_left_shift = declare_binary("LeftShift", lambda xp, x, y: x << _within_width(xp, x, y), samples=_shift_samples)
_right_shift = declare_binary("RightShift", lambda xp, x, y: x >> _within_width(xp, x, y), samples=_shift_samples)
_invert = declare_unary("Invert", "invert")


def _population_count_value(xp, x):
    if xp is np:
        return np.bitwise_count(x.view("u%d" % x.dtype.itemsize))
    import jax

    return jax.lax.population_count(x).astype(np.uint8)


_population_count = declare_unary("PopulationCount", _population_count_value)

bitwise_and = export("bitwise.bitwise_and")(binary(_bitwise_and))
bitwise_or = export("bitwise.bitwise_or")(binary(_bitwise_or))
bitwise_xor = export("bitwise.bitwise_xor")(binary(_bitwise_xor))
left_shift = export("bitwise.left_shift")(binary(_left_shift))
right_shift = export("bitwise.right_shift")(binary(_right_shift))
invert = export("bitwise.invert")(unary(_invert))
population_count = unary(_population_count)
