"""Fractional pooling (Graham 2014): windows of two sizes in random order, so that sizes shrink by any ratio."""

import math

import numpy as np

from ..core import dtypes, errors, shape as shapes
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.op import Host, Op, Shape
from . import philox
from .random_shuffle import permutation

# ----------------------------------------------------------------------------------------------------- where windows begin


def _sequence(generator, size, count, pseudo_random):
    """The places where windows begin along a dimension, and where the last one ends."""
    steps = _pseudo_random_steps(generator, size, count) if pseudo_random else _random_steps(generator, size, count)
    return np.concatenate([[0], np.cumsum(steps)]).astype(np.int64)


def _random_steps(generator, size, count):
    """The two sizes of windows in random order."""
    steps = np.full(count, size // count)
    steps[: size % count] += 1
    return steps[permutation(generator.reserve((count + 3) // 4), count)] if count > 1 else steps


def _pseudo_random_steps(generator, size, count):
    """Sizes of windows whose ends are multiples of the ratio, moved by one random number and rounded up."""
    ratio, least = size / count, size // count
    # The number must not be so great that the first or the last window gets another size.
    bound = min((least + 2) / ratio - 1, (size + 1 - least) / ratio - (count - 1))
    words = philox.words(np, generator.reserve(1), 1)
    high, low = int(words[0][0]) & 0xFFFFF, int(words[1][0])
    u = ((high << 32) | low) / 2.0**52 * bound
    ends = [1, *[math.ceil(ratio * (i + u)) for i in range(1, count)], size + 1]
    return np.diff(ends)


def _begin(value, pooling_ratio, pseudo_random, deterministic, seed, seed2):
    """The two sequences for an input, after a check of the attributes."""
    if len(pooling_ratio) != 4:
        raise invalid("pooling_ratio field must specify 4 dimensions")
    if pooling_ratio[0] != 1 and pooling_ratio[3] != 1:
        raise errors.UnimplementedError(
            None, None, "Fractional max pooling is not yet supported on the batch nor channel dimension."
        )
    if not deterministic and (seed or seed2):
        raise invalid("Both seed and seed2 should be 0 if deterministic is false.")
    if value.ndim != 4:
        raise invalid("tensor_in must be 4-dimensional")
    generator = philox.Generator(seed, seed2)
    counts = [_shrunk(n, r) for n, r in zip(value.shape, pooling_ratio)][1:3]
    return [_sequence(generator, n, c, pseudo_random) for n, c in zip(value.shape[1:3], counts)]


def _shrunk(size, ratio):
    return int(np.floor(np.float32(size) / np.float32(ratio)))


def _pooled_shape(value, *, pooling_ratio):
    value = shapes.with_rank(value, 4)
    for r in pooling_ratio:
        if r < 1:
            raise ValueError("pooling_ratio cannot be smaller than 1, got: %g" % r)
    if len(pooling_ratio) != 4:
        raise ValueError("pooling_ratio field must specify 4 dimensions")
    out = tuple(None if n is None else _shrunk(n, r) for n, r in zip(value, pooling_ratio))
    return [out, (None,), (None,)]


def _ends(sequence, overlapping):
    """How many elements each window has along a dimension."""
    steps = np.diff(sequence)
    if overlapping:  # the first element of the next window too
        steps[:-1] += 1
    return steps


def _reduced(ufunc, x, sequence, overlapping, axis):
    """The windows of a dimension reduced by a NumPy function."""
    out = ufunc.reduceat(x, sequence[:-1], axis, x.dtype)
    if overlapping and len(sequence) > 2:
        most = (slice(None),) * axis + (slice(0, -1),)
        out[most] = ufunc(out[most], x.take(sequence[1:-1], axis))
    return out


# -------------------------------------------------------------------------------------------------------------- the ops


def _declare(name, reduce_values, gradient, sample_ratio):
    """Declares a fractional pooling op.

    Args:
      name: the op type.
      reduce_values: a function from the input, the two sequences and whether windows overlap to the output.
      gradient: a function that gives the op of the gradient's rule (see below).
      sample_ratio: the ratios of samples.
    """

    def kernel(xp, value, *, pooling_ratio, pseudo_random=False, overlapping=False, deterministic=False, seed=0, seed2=0):
        rows, columns = _begin(value, pooling_ratio, pseudo_random, deterministic, seed, seed2)
        return reduce_values(value, rows, columns, overlapping), rows, columns

    made = Op(name, kernel, host=True, foldable=False)
    made.shape(_pooled_shape)
    made.grad(gradient)

    @made.samples
    def _(make):
        fixed = dict(deterministic=True, seed=3, seed2=8)
        for pseudo_random in (False, True):
            for overlapping in (False, True):
                attrs = dict(fixed, pooling_ratio=sample_ratio, pseudo_random=pseudo_random, overlapping=overlapping)
                yield make(2, 7, 8, 2), attrs
        yield make(1, 6, 6, 1), dict(fixed, pooling_ratio=(1.0, 2.0, 3.0, 1.0))

    return made


def _maxima(value, rows, columns, overlapping):
    return _reduced(np.maximum, _reduced(np.maximum, value, rows, overlapping, 1), columns, overlapping, 2)


def _averages(value, rows, columns, overlapping):
    sums = _reduced(np.add, _reduced(np.add, value, rows, overlapping, 1), columns, overlapping, 2)
    counts = _counts(rows, columns, overlapping)
    if value.dtype.kind == "f":
        return sums / counts.astype(value.dtype)
    return np.sign(sums) * (np.abs(sums) // counts.astype(value.dtype))


def _counts(rows, columns, overlapping):
    """How many elements each window has, to be broadcast over channels."""
    return _ends(rows, overlapping)[:, None, None] * _ends(columns, overlapping)[:, None]


def _places(rows, columns, overlapping):
    """For each element of the largest window: which windows have it, and in which rows and columns it lies there."""
    heights, widths = _ends(rows, overlapping), _ends(columns, overlapping)
    for i in range(heights.max(initial=0)):
        for j in range(widths.max(initial=0)):
            yield np.flatnonzero(i < heights), np.flatnonzero(j < widths), i, j


def _max_gradient(x, g, rows, columns, overlapping):
    """The gradient of the output, given to the first greatest element of each window."""
    best = where = None
    grid = np.arange(x.shape[1])[:, None] * x.shape[2] + np.arange(x.shape[2])
    for high, wide, i, j in _places(rows, columns, overlapping):
        at = np.ix_(rows[high] + i, columns[wide] + j)
        candidates, numbers = x[(slice(None), *at)], grid[at][None, :, :, None]
        if best is None:  # every window has a first element
            best, where = candidates.copy(), np.broadcast_to(numbers, candidates.shape).copy()
            continue
        windows = (slice(None), *np.ix_(high, wide))
        better = candidates > best[windows]
        best[windows] = np.where(better, candidates, best[windows])
        where[windows] = np.where(better, numbers, where[windows])
    total = np.zeros((x.shape[0], x.shape[1] * x.shape[2], x.shape[3]), g.dtype)
    if where is not None:
        batch, channel = np.arange(x.shape[0])[:, None, None, None], np.arange(x.shape[3])
        np.add.at(total, (batch, where, channel), g)
    return total.reshape(x.shape)


def _average_gradient(shape, g, rows, columns, overlapping):
    """The gradient of the output in equal parts, computed in double precision."""
    total, share = np.zeros(shape), g / _counts(rows, columns, overlapping)
    for high, wide, i, j in _places(rows, columns, overlapping):
        total[(slice(None), *np.ix_(rows[high] + i, columns[wide] + j))] += share[(slice(None), *np.ix_(high, wide))]
    return total.astype(g.dtype)


def _gradient_of_maxima(g, g_rows, g_columns, value, output, row_pooling_sequence, col_pooling_sequence, *, overlapping):
    return _max_pool_grad(value, output, g, row_pooling_sequence, col_pooling_sequence, overlapping=overlapping)


def _gradient_of_averages(g, g_rows, g_columns, value: Shape, row_pooling_sequence, col_pooling_sequence, *, overlapping):
    if type(value) is not tuple:
        value = registry["Cast"](value, DstT=dtypes.int64)
    return _avg_pool_grad(value, g, row_pooling_sequence, col_pooling_sequence, overlapping=overlapping)


_max_pool = _declare("FractionalMaxPool", _maxima, _gradient_of_maxima, (1.0, 1.5, 1.7, 1.0))
_avg_pool = _declare("FractionalAvgPool", _averages, _gradient_of_averages, (1.0, 1.3, 1.9, 1.0))


def _max_pool_grad_kernel(xp, orig_input, orig_output, out_backprop, row_pooling_sequence, col_pooling_sequence, *,
                          overlapping=False):  # fmt: skip
    return _max_gradient(orig_input, out_backprop, row_pooling_sequence, col_pooling_sequence, overlapping)


def _avg_pool_grad_kernel(xp, orig_input_tensor_shape: Host, out_backprop, row_pooling_sequence, col_pooling_sequence, *,
                          overlapping=False):  # fmt: skip
    shape = orig_input_tensor_shape
    if type(shape) is not tuple or len(shape) != 4:
        raise invalid("original input tensor shape must be1-dimensional and 4 elements")
    return _average_gradient(shape, out_backprop, row_pooling_sequence, col_pooling_sequence, overlapping)


_max_pool_grad = Op("FractionalMaxPoolGrad", _max_pool_grad_kernel, host=True)
_avg_pool_grad = Op("FractionalAvgPoolGrad", _avg_pool_grad_kernel, host=True)
_max_pool_grad.shape(lambda orig_input, *others: shapes.with_rank(orig_input, 4))
_avg_pool_grad.shape(lambda shape, *others: (None,) * 4 if shape is None else tuple(shape))

_SEQUENCES = np.array([0, 2, 3, 5]), np.array([0, 1, 3, 4])


@_max_pool_grad.samples
def _(make):
    for overlapping in (False, True):
        x = make(2, 5, 4, 2)
        y = _maxima(x, *_SEQUENCES, overlapping)
        yield x, y, make(*y.shape), *_SEQUENCES, dict(overlapping=overlapping)


@_avg_pool_grad.samples
def _(make):
    for overlapping in (False, True):
        yield np.array([2, 5, 4, 2]), make(2, 3, 3, 2), *_SEQUENCES, dict(overlapping=overlapping)


# ------------------------------------------------------------------------------------------------------ the public functions


@export("nn.fractional_max_pool")
def fractional_max_pool(value, pooling_ratio, pseudo_random=False, overlapping=False, deterministic=False, seed=0, seed2=0,
                        name=None):  # fmt: skip
    """Max pooling that shrinks height and width by any ratio.

    Args:
      value: a numeric tensor of shape `[batch, height, width, channels]`.
      pooling_ratio: four floats, the first and the last 1: by how much each dimension shrinks.
      pseudo_random: whether the sizes of windows follow from one random number; else they stand in random order.
      overlapping: whether the first row and column of the next window count too.
      deterministic: whether every run chooses the same windows.
      seed, seed2: ints from which these follow; if not `deterministic` both must be 0.
      name: the name of the node.

    Returns:
      A named tuple: `output`; `row_pooling_sequence` and `col_pooling_sequence`, where windows begin and the last one ends.

    Raises:
      ValueError, InvalidArgumentError: an argument is not as it should be.
    """
    return _max_pool(value, pooling_ratio=pooling_ratio, pseudo_random=pseudo_random, overlapping=overlapping,
                     deterministic=deterministic, seed=seed, seed2=seed2, name=name)  # fmt: skip


@export("nn.fractional_avg_pool")
def fractional_avg_pool(value, pooling_ratio, pseudo_random=False, overlapping=False, deterministic=False, seed=0, seed2=0,
                        name=None):  # fmt: skip
    """Average pooling that shrinks height and width by any ratio; arguments and result as of `fractional_max_pool`."""
    return _avg_pool(value, pooling_ratio=pooling_ratio, pseudo_random=pseudo_random, overlapping=overlapping,
                     deterministic=deterministic, seed=seed, seed2=seed2, name=name)  # fmt: skip
