"""Quotients and remainders: `/`, `//`, `%` and their kin."""

import operator

import numpy as np

from ..core import dtypes
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.scopes import name_scope
from ..core.tracing import require
from ..core.versions import versioned
from .arithmetic import conj, declare_binary
from .cast import cast
from .doors import FLOATS, binary, overload_binary

_ndarray = np.ndarray
_WHOLE = [dtypes.int32, dtypes.int64, dtypes.uint8, dtypes.int16, dtypes.uint16]
_REAL = [dtypes.float32, dtypes.float64, dtypes.float16]


def _are_integers(x, y):
    return (getattr(x, "dtype", None) or y.dtype).kind in "iu"


def _checked(compute):
    """A kernel for NumPy that refuses to divide integers by zero."""

    def kernel(x, y):
        if _are_integers(x, y) and not (y.all() if type(y) is _ndarray else y):
            raise invalid("Integer division by zero")
        return compute(np, x, y)

    return kernel


def _portable(compute):
    """A kernel for any array namespace that refuses to divide integers by zero."""

    def kernel(xp, x, y):
        if _are_integers(x, y):
            require(y != 0, lambda: invalid("Integer division by zero"))
        return compute(xp, x, y)

    return kernel


def _divide(xp, x, y):
    """The quotient; of integers rounded towards zero."""
    if not _are_integers(x, y):
        return x / y
    down = x // y
    return xp.where((down < 0) & (down * y != x), down + 1, down)


def _divide_down(xp, x, y):
    """The quotient rounded down."""
    return x // y if _are_integers(x, y) else xp.floor(x / y)


def _divide_unless_zero(xp, x, y, zero):
    """The quotient, but 0 where `zero` (one of the operands) is 0."""
    return xp.where(zero == 0, xp.zeros_like(x), x / y)


def _samples(make):
    """Sample operands without zeros."""
    yield make(2, 3), make(2, 3)
    yield make(2, 3), make(3)
    yield make(2, 1), make(1, 4)
    yield make(), make(2)
    yield make(), make()


def _samples_with_zeros(make):
    yield from _samples(make)
    if make.dtype is not dtypes.float64:  # the type of the tests that take differences, which must stay away from zero
        for x, y in _samples(make):
            yield np.where(x == x.ravel()[0], x * 0, x), y
            yield x, np.where(y == y.ravel()[0], y * 0, y)


def _gradients_by(divide):
    """The gradients of dividend and divisor, made of quotients: `divide(x, y)` is a quotient of the same kind."""

    def of_dividend(g, y):
        return divide(g, conj(y))

    def of_divisor(g, x, y):
        y = conj(y)
        return g * divide(divide(-conj(x), y), y)

    return of_dividend, of_divisor


def _declare(name, compute, *grads, **options):
    return declare_binary(name, compute, *grads, **{"samples": _samples, **options})


def _declare_checked(name, compute, *grads, **options):
    return _declare(name, _portable(compute), *grads, numpy=_checked(compute), **options)


_by_real_div = _gradients_by(lambda x, y: real_div(x, y))
_real_div = _declare("RealDiv", _divide, (_by_real_div[0], operator.truediv), (_by_real_div[1], lambda g, x, y: g * (-x / y / y)))
_div = _declare_checked("Div", _divide, *_gradients_by(operator.truediv))
_truncate_div = _declare_checked("TruncateDiv", _divide, sample_types=_WHOLE)
_floor_div = _declare_checked("FloorDiv", _divide_down, sample_types=_WHOLE + _REAL)
_floor_mod = _declare_checked("FloorMod", lambda xp, x, y: xp.mod(x, y), lambda g: g, lambda g, x, y: g * -floor_div(x, y))
_truncate_mod = _declare_checked("TruncateMod", lambda xp, x, y: xp.fmod(x, y), has_gradient=False)
_mod = _declare_checked("Mod", lambda xp, x, y: xp.fmod(x, y), has_gradient=False)
_div_no_nan = _declare("DivNoNan", lambda xp, x, y: _divide_unless_zero(xp, x, y, y), *_gradients_by(lambda x, y: div_no_nan(x, y)),
                       samples=_samples_with_zeros)  # fmt: skip
_xdivy = _declare("Xdivy", lambda xp, x, y: _divide_unless_zero(xp, x, y, x), lambda g, x, y: xdivy(nonzero(x), y) * g,
                  lambda g, x, y: xdivy(-x, y * y) * g, samples=_samples_with_zeros)  # fmt: skip

real_div = export("realdiv")(binary(_real_div))
truncate_div = export("truncatediv")(binary(_truncate_div))
floor_div = export("floor_div")(binary(_floor_div))
floor_mod = export("mod", "floormod", "math.mod", "math.floormod")(binary(_floor_mod))
truncate_mod = export("truncatemod")(binary(_truncate_mod))
xdivy = export("math.xdivy")(binary(_xdivy))


def nonzero(x):
    """1 where `x` is not 0, and 0 where it is, in the type of `x`."""
    return cast(registry["NotEqual"](x, cast(0.0, x.dtype)), x.dtype)


_TRUE_QUOTIENT = {
    dtypes.uint8: dtypes.float32, dtypes.int8: dtypes.float32, dtypes.uint16: dtypes.float32, dtypes.int16: dtypes.float32,
    dtypes.int32: dtypes.float64, dtypes.int64: dtypes.float64,
    **dict.fromkeys((dtypes.bfloat16, dtypes.float16, dtypes.float32, dtypes.float64, dtypes.complex64, dtypes.complex128)),
}  # fmt: skip


def agreeing(x, y, wanted=None):
    """Two operands as tensors; raises TypeError if their types differ.

    Args:
      x, y: the operands.
      wanted: the type to convert `y` to, by default its own; "x" for that of `x`.
    """
    x = convert(x, None, "x")
    y = convert(y, x.dtype.base_dtype if wanted == "x" else None, "y")
    if x.dtype.base_dtype is not y.dtype.base_dtype:
        raise TypeError("x and y must have the same dtype, got %r != %r" % (x.dtype.base_dtype, y.dtype.base_dtype))
    return x, y


@export("truediv", "math.truediv")
@versioned
def truediv(x, y, name=None):
    """The quotient of `x` and `y`, as Python 3's `/`: integers are divided as floats.

    Args:
      x, y: tensors of the same type; int8, uint8, int16 and uint16 give float32, int32 and int64 give float64.
      name: the name of the node.

    Raises:
      TypeError: the types differ or can't be divided.
    """
    with name_scope(name, "truediv", [x, y]) as name:
        x, y = agreeing(x, y)
        dtype = x.dtype.base_dtype
        if dtype not in _TRUE_QUOTIENT:
            raise TypeError("Invalid dtype %r in __truediv__" % dtype)
        wider = _TRUE_QUOTIENT[dtype]
        if wider is not None:
            x, y = cast(x, wider), cast(y, wider)
        return real_div(x, y, name)


@export("div")
def div(x, y, name=None):
    """The quotient of `x` and `y`, as Python 2's `/`: that of integers is rounded down.

    Args:
      x, y: tensors of the same type.
      name: the name of the node.

    Raises:
      TypeError: the types differ.
      InvalidArgumentError: an integer is divided by zero.
    """
    with name_scope(name, "div", [x, y]) as name:
        x, y = agreeing(x, y, "x")
        return (real_div if x.dtype.is_floating or x.dtype.is_complex else floor_div)(x, y, name)


@export("divide", "math.divide")
def divide(x, y, name=None):
    """`x / y`, with a name.

    Args:
      x, y: tensors of the same type.
      name: the name of the node.
    """
    return x / y if name is None else truediv(x, y, name)


@export("floordiv", "math.floordiv")
@versioned
def floordiv(x, y, name=None):
    """The quotient of `x` and `y` rounded down, as Python's `//`.

    Args:
      x, y: real tensors of the same type.
      name: the name of the node.

    Raises:
      InvalidArgumentError: an integer is divided by zero.
    """
    with name_scope(name, "floordiv", [x, y]) as name:
        return floor_div(x, y, name)


@export("div_no_nan", "math.divide_no_nan")
@versioned
def div_no_nan(x, y, name=None):
    """The quotient of `x` and `y`, but 0 where `y` is 0.

    Args:
      x, y: float or complex tensors of the same type.
      name: the name of the node.

    Raises:
      TypeError: the types differ.
    """
    with name_scope(name, "div_no_nan", [x, y]) as name:
        x, y = agreeing(x, y, "x")
        return _div_no_nan(x, y, name=name)


overload_binary("truediv", _real_div, truediv, operator.truediv, FLOATS)
overload_binary("div", _real_div, div, operator.truediv, FLOATS)
overload_binary("floordiv", _floor_div, floordiv)
overload_binary("mod", _floor_mod, floor_mod)
