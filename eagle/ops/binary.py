"""Other functions of two operands: powers, the larger and the smaller of two, angles, ..."""

import operator

import numpy as np

from ..core import shape as shapes
from ..core.dispatch import registry
from ..core.export import export
from ..core.scopes import name_scope
from ..core.versions import versioned
from .arithmetic import broadcast_samples, conj, declare_binary, incompatible
from .comparison import greater_equal, less_equal, not_equal
from .division import agreeing, nonzero, xdivy
from .doors import binary, overload_binary
from .unary import log, square

_ndarray = np.ndarray


def where(condition, x, y):
    return registry["Select"](condition, x, y)


def zeros_like(x):
    return registry["ZerosLike"](x)


def ones_like(x):
    return registry["OnesLike"](x)


# --------------------------------------------------------------------------------------------------------------- powers


def _pow_samples(make):
    for x, y in broadcast_samples(make):
        kind = make.dtype.np.kind
        yield (x, np.asarray(abs(y))) if kind in "iu" else (x, y) if kind == "c" else (np.asarray(abs(x)), y)


def _base_grad(g, x, y):
    x, y = conj(x), conj(y)
    return g * y * pow_(x, y - 1)


def _exponent_grad(g, x, z):
    x = conj(x)
    mask = not_equal(x, 0) if x.dtype.is_complex else x > 0
    logarithm = where(mask, log(where(mask, x, ones_like(x))), zeros_like(x))
    return g * conj(z) * logarithm


_pow = declare_binary("Pow", operator.pow, (_base_grad, lambda g, x, y: g * y * x ** (y - 1)), _exponent_grad, samples=_pow_samples)


@_pow.explains
def _(values):
    x, y = values
    if shapes.broadcast(x.shape, y.shape) is shapes.CONTRADICTION:
        return incompatible(values)
    return "Integers to negative integer powers are not allowed"


@export("pow", "math.pow")
@versioned
def pow_(x, y, name=None):
    """`x` to the power of `y`, element by element.

    Args:
      x, y: tensors of the same type, which are broadcast.
      name: the name of the node.

    Raises:
      InvalidArgumentError: an integer's exponent is negative.
    """
    with name_scope(name, "Pow", [x]) as name:
        return _power(x, y, name)


_power = binary(_pow)
overload_binary("pow", _pow, pow_)

# ------------------------------------------------------------------------------------------------- the larger, the smaller


def _extreme(bound, ignoring_nan):
    """The NumPy kernel of an op that picks one of two operands: a NaN wins only if it is the first."""

    def kernel(x, y):
        if type(y) is _ndarray and y.ndim:
            return bound(x, ignoring_nan(x, y)) if y.dtype.kind not in "iu" else bound(x, y)
        if y != y:
            return x
        if x.size > 10000 and x.shape[-1] >= 64:  # beside a scalar NumPy is several times slower
            y = np.full(x.shape[-1:], y, x.dtype)
        return bound(x, y)

    return kernel


def _declare_extreme(name, numpy, first_wins, on_values):
    """Declares an op that picks one of two operands.

    Args:
      name: the op type.
      numpy: the kernel for NumPy.
      first_wins: a function of two tensors: where the first one is picked.
      on_values: the same of two values.
    """

    def compute(xp, x, y):
        return xp.where(on_values(x, y) | (x != x), x, y)

    def of_first(g, x, y):
        return where(first_wins(x, y), g, zeros_like(g))

    def of_second(g, x, y):
        return where(first_wins(x, y), zeros_like(g), g)

    def value_of_first(g, x, y):
        return np.where(on_values(x, y), g, np.zeros_like(g))

    def value_of_second(g, x, y):
        return np.where(on_values(x, y), np.zeros_like(g), g)

    return declare_binary(name, compute, (of_first, value_of_first), (of_second, value_of_second), numpy=numpy)


_maximum = _declare_extreme("Maximum", _extreme(np.maximum, np.fmax), greater_equal, operator.ge)
_minimum = _declare_extreme("Minimum", _extreme(np.minimum, np.fmin), less_equal, operator.le)
maximum = export("maximum", "math.maximum")(binary(_maximum))
minimum = export("minimum", "math.minimum")(binary(_minimum))

# ------------------------------------------------------------------------------------------------------------ and others


def _square_of_difference(xp, x, y):
    d = x - y
    return d * xp.conjugate(d) if d.dtype.kind == "c" else d * d


def _log_samples(make):
    for x, y in broadcast_samples(make):
        yield x, y if make.dtype.is_complex else np.asarray(abs(y))


def _unless_zero(xp, chosen, result):
    """`result`, but 0 where `chosen`, one of the operands, is 0."""
    return xp.where(chosen == 0, xp.zeros_like(result), result)


def _left_angle(g, y, x):
    return x * (g / (square(x) + square(y)))


def _right_angle(g, y, x):
    return -y * (g / (square(x) + square(y)))


_squared_difference = declare_binary(
    "SquaredDifference", _square_of_difference,
    (lambda g, x, y: 2.0 * g * (x - y), lambda g, x, y: g * 2 * (x - y)),
    (lambda g, x, y: -2.0 * g * (x - y), lambda g, x, y: g * 2 * (y - x)))  # fmt: skip
_mul_no_nan = declare_binary(
    "MulNoNan", lambda xp, x, y: _unless_zero(xp, y, x * y), lambda g, y: mul_no_nan(g, y), lambda g, x: mul_no_nan(x, g)
)
_xlogy = declare_binary(
    "Xlogy", lambda xp, x, y: _unless_zero(xp, x, x * xp.log(y)), lambda g, x, y: xlogy(nonzero(x), y) * g,
    lambda g, x, y: xdivy(x, y) * g, samples=_log_samples)  # fmt: skip
_atan2 = declare_binary("Atan2", "arctan2", _left_angle, _right_angle, operands=("y", "x"))
_next_after = declare_binary("NextAfter", "nextafter", lambda g: g, lambda g: zeros_like(g), operands=("x1", "x2"))

squared_difference = export("squared_difference", "math.squared_difference")(binary(_squared_difference))
mul_no_nan = binary(_mul_no_nan)
xlogy = export("math.xlogy")(binary(_xlogy))
atan2 = export("atan2", "math.atan2")(binary(_atan2, ("y", "x")))
next_after = export("math.nextafter")(binary(_next_after, ("x1", "x2")))


@export("math.multiply_no_nan")
def multiply_no_nan(x, y, name=None):
    """The product of `x` and `y`, but 0 where `y` is 0, even if `x` is infinite or NaN.

    Args:
      x, y: float or complex tensors of the same type, which are broadcast.
      name: the name of the node.

    Raises:
      TypeError: the types differ.
    """
    with name_scope(name, "multiply_no_nan", [x, y]) as name:
        return mul_no_nan(*agreeing(x, y, "x"), name)
