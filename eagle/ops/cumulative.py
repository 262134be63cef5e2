"""Sums, products and log-sums along an axis, of all elements so far."""

import functools

import numpy as np

from ..core import dtypes
from ..core.convert import convert
from ..core.errors import invalid
from ..core.export import export
from ..core.op import Host, op
from ..core.scopes import name_scope
from .binary import ones_like, where
from .unary import exp, log


def _scan(xp, accumulate, start, x, axis, exclusive, reverse):
    """What accumulates along an axis.

    Args:
      xp: the array namespace.
      accumulate: a function of an array and an axis.
      start: what stands before the first element if `exclusive`.
      x: the array.
      axis: the axis.
      exclusive: whether an element itself does not count.
      reverse: whether to go from the end to the beginning.
    """
    if type(axis) is tuple:
        raise invalid("ScanOp: axis must be a scalar, not [%d]", len(axis))
    rank = x.ndim
    axis = axis + rank if axis < 0 else axis
    if not 0 <= axis < rank:
        raise invalid("ScanOp: Expected scan axis in the range [%d, %d), but got %d", -rank, rank, axis)
    if reverse:
        x = xp.flip(x, axis)
    if exclusive and x.shape[axis]:
        along = [slice(None)] * rank
        along[axis] = slice(0, -1)
        first = list(x.shape)
        first[axis] = 1
        x = xp.concatenate([xp.full(first, start, x.dtype), x[tuple(along)]], axis)
    out = accumulate(x, axis)
    return xp.flip(out, axis) if reverse else out


def _declare_scan(name, accumulate, start, **options):
    """Declares an op that accumulates along an axis: `accumulate(xp, x, axis)`, beginning with `start`."""

    @op(name, **options)
    def declared(xp, x, axis: Host, *, exclusive=False, reverse=False):
        first = start(x.dtype) if callable(start) else start
        return _scan(xp, functools.partial(accumulate, xp), first, x, axis, exclusive, reverse)

    declared.shape(lambda x, axis: x)

    @declared.samples
    def _(make):
        exclusive = not callable(start) or make.dtype is not dtypes.float64  # no differences can be taken of the lowest number
        yield make(2, 3), 0
        yield make(2, 3), -1, dict(exclusive=exclusive)
        yield make(2, 3), 1, dict(reverse=True)
        yield make(2, 3, 2), 1, dict(exclusive=exclusive, reverse=True)
        yield make(0, 3), 0, dict(exclusive=exclusive)

    return declared


def _accumulated(function):
    """NumPy's or JAX's cumulative function of this name, in the type of its input."""
    return lambda xp, x, axis: getattr(xp, function)(x, axis, dtype=x.dtype)


def _log_sum_exp(xp, x, axis):
    """The logarithms of the sums of exponentials so far; works where these themselves would overflow."""
    wide = x.astype(np.float32) if x.dtype == np.float16 else x
    if xp is np:
        return np.logaddexp.accumulate(wide, axis).astype(x.dtype)
    import jax

    return jax.lax.associative_scan(xp.logaddexp, wide, axis=axis).astype(x.dtype)


_cumsum = _declare_scan("Cumsum", _accumulated("cumsum"), 0)
_cumprod = _declare_scan("Cumprod", _accumulated("cumprod"), 1)
_cumulative_logsumexp = _declare_scan("CumulativeLogsumexp", _log_sum_exp, lambda dtype: np.finfo(dtype).min)


@_cumsum.grad("x")
def _(g, axis, *, exclusive, reverse):
    return _cumsum(g, axis, exclusive=exclusive, reverse=not reverse)


@_cumprod.grad("x")
def _(g, x, axis, *, exclusive, reverse):
    product = _cumprod(x, axis, exclusive=exclusive, reverse=reverse)
    return _cumsum(product * g, axis, exclusive=exclusive, reverse=not reverse) / x


@_cumulative_logsumexp.grad("x")
def _(g, x, axis, out, *, exclusive, reverse):
    """Positive and negative parts of the gradient apart, so that the sums can be taken of logarithms."""

    def part(g):
        scaled = _logarithm(g) - out
        return exp(_cumulative_logsumexp(scaled, axis, exclusive=exclusive, reverse=not reverse) + x)

    return part(g) - part(-g)


def _logarithm(g):
    """The logarithms of numbers, and the lowest of all numbers where there is none."""
    positive = g > 0
    lowest = convert(np.finfo(g.dtype.base_dtype.np).min, g.dtype.base_dtype)
    one = ones_like(g)
    return where(positive, log(where(positive, g, one)), one * lowest)


_DOC = """The %s along an axis of all elements up to each one.

    Args:
      x: a numeric tensor.
      axis: the axis.
      exclusive: whether an element itself does not count.
      reverse: whether to go from the end to the beginning.
      name: the name of the node.

    Returns:
      A tensor of the type and shape of `x`.

    Raises:
      InvalidArgumentError: `x` does not have this axis.
    """


def _public(op, what, *names):
    def function(x, axis=0, exclusive=False, reverse=False, name=None):
        with name_scope(name, op.name, [x]) as name:
            return op(convert(x, None, "x"), axis, exclusive=exclusive, reverse=reverse, name=name)

    function.__name__ = function.__qualname__ = names[-1].rpartition(".")[2]
    function.__doc__ = _DOC % what
    return export(*names)(function)


cumsum = _public(_cumsum, "sum", "cumsum", "math.cumsum")
cumprod = _public(_cumprod, "product", "cumprod", "math.cumprod")
cumulative_logsumexp = _public(_cumulative_logsumexp, "logarithm of the sum of exponentials", "math.cumulative_logsumexp")
