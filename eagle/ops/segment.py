"""Sums, products and the like over the segments of a tensor: groups of rows with equal ids.

The ids of `segment_sum` and its kin are sorted, those of `unsorted_segment_sum` and its kin are not; `sparse_segment_sum` and its
kin first pick rows.
"""

import math

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import convert
from ..core.dtypes import highest, lowest
from ..core.errors import invalid
from ..core.export import export
from ..core.op import Host, Shape, op
from ..core.scopes import name_scope
from ..core.tracing import is_traced, require
from ..core.versions import versioned
from .binary import maximum, where, zeros_like
from .cast import cast
from .comparison import equal, greater, logical_and
from .filling import fill, ones, ones_like
from .gathering import gather
from .joining import concat
from .shaping import expand_dims, rank, reshape, shape as shape_of
from .unary import sqrt

_NARROW = (dtypes.float16.np, dtypes.bfloat16.np)
_LONG_ROW = 200  # elements, from which on NumPy is faster row by row


# -------------------------------------------------------------------------------------------------------- on NumPy values


def _accumulate(ufunc, start, data, ids, count):
    """Accumulates the slices of an array that have the same id.

    Args:
      ufunc: the NumPy function of two operands that accumulates.
      start: the number to begin with.
      data: an array.
      ids: an array whose shape is a prefix of that of `data`; slices with negative ids are left out.
      count: the number of segments; all ids are smaller.
    """
    inner, d = data.shape[ids.ndim :], data.dtype
    wide = np.float32 if d in _NARROW else d
    length = math.prod(inner)
    ids, rows = ids.reshape(-1), data.reshape(-1, length) if data.size else data.reshape(0, length)
    out = np.full((count, length), start, wide)
    if ids.size and ids.min() < 0:
        kept = ids >= 0
        ids, rows = ids[kept], rows[kept]
    if not length or not ids.size:
        pass
    elif length < _LONG_ROW:
        places = ids if length == 1 else (ids.astype(np.int64)[:, None] * length + np.arange(length)).reshape(-1)
        ufunc.at(out.reshape(-1), places, np.ascontiguousarray(rows, wide).reshape(-1))
    else:
        for i, row in zip(ids.tolist(), rows):
            ufunc(out[i], row, out[i])
    return out.reshape((count, *inner)).astype(d, copy=False)


def _sizes(ids, count):
    """The number of elements of each segment."""
    return np.bincount(ids, minlength=count)[:count]


def _column(counts, like):
    """A vector as an array that can be broadcast against the rows of another."""
    return counts.reshape(-1, *[1] * (like.ndim - 1))


def _check_sorted(ids):
    """The number of segments of sorted ids; what is wrong with others is told in the order in which TensorFlow comes upon it."""
    if not ids.size:
        return 0
    count = int(ids[-1]) + 1
    if count <= 0:
        raise invalid("segment ids must be >= 0")
    ends = np.flatnonzero(np.append(ids[1:] != ids[:-1], True))  # where segments end
    falling = np.append(ids[ends[1:]] < ids[ends[:-1]], False)
    outside = (ids[ends] < 0) | (ids[ends] >= count)
    wrong = falling | outside
    if wrong.any():
        at = int(wrong.argmax())
        if falling[at]:
            raise invalid("segment ids are not increasing")
        text = "Segment id %d out of range [0, %d), possibly because 'segment_ids' input is not sorted."
        raise invalid(text, ids[ends[at]], count)
    return count


def _divided(total, counts):
    """A sum divided by counts, which are 0 only where the sum is 0; of integers rounded towards zero."""
    counts = np.maximum(_column(counts, total), 1)
    if total.dtype.kind in "iu":
        return (np.sign(total) * (abs(total) // counts.astype(total.dtype))).astype(total.dtype)
    return (total / counts.astype(np.float32 if total.dtype in _NARROW else total.dtype)).astype(total.dtype)


def _sum(data, ids, count):
    return _accumulate(np.add, 0, data, ids, count)


def _mean(data, ids, count):
    return _divided(_sum(data, ids, count), _sizes(ids, count))


def _prod(data, ids, count):
    return _accumulate(np.multiply, 1, data, ids, count)


def _extreme(ufunc, worst):
    def compute(data, ids, count):
        found = _accumulate(ufunc, worst(data.dtype), data, ids, count)
        return np.where(_column(_sizes(ids, count), found) > 0, found, np.zeros_like(found))

    return compute


# ------------------------------------------------------------------------------------------------------------ sorted ids


def _segment_samples(make):
    yield make(4, 3), np.array([0, 0, 1, 2], np.int32)
    yield make(4), np.array([0, 2, 2, 2], np.int64)
    yield make(3, 2, 2), np.array([1, 1, 1], np.int32)


def _declare_sorted(name, compute):
    @op(name, host=True)
    def declared(xp, data, segment_ids):
        if segment_ids.ndim != 1:
            raise invalid("segment_ids should be a vector.")
        if not data.ndim or len(segment_ids) != data.shape[0]:
            raise invalid("segment_ids should be the same size as dimension 0 of input.")
        return compute(data, segment_ids, _check_sorted(segment_ids))

    @declared.shape
    def _(data, segment_ids):
        shapes.with_rank(segment_ids, 1)
        data = shapes.with_rank_at_least(data, 1)
        return None if data is None else (None, *data[1:])

    declared.samples(_segment_samples)
    return declared


_segment_sum = _declare_sorted("SegmentSum", _sum)
_segment_mean = _declare_sorted("SegmentMean", _mean)
_segment_prod = _declare_sorted("SegmentProd", _prod)
_segment_max = _declare_sorted("SegmentMax", _extreme(np.maximum, lowest))
_segment_min = _declare_sorted("SegmentMin", _extreme(np.minimum, highest))


def _as_column(vector, like):
    """A vector tensor as one that can be broadcast against the rows of `like`."""
    known = like._rank()
    if known is not None:
        return reshape(vector, (-1, *[1] * (known - 1)))
    return reshape(vector, concat([[-1], fill(expand_dims(rank(like) - 1, 0), 1)], 0))


@_segment_sum.grad("data")
def _(g, segment_ids):
    return gather(g, segment_ids)


@_segment_mean.grad("data")
def _(g, segment_ids):
    sizes = _segment_sum(cast(ones_like(segment_ids), g.dtype), segment_ids)
    return gather(g / _as_column(sizes, g), segment_ids)


def _of_extreme(g, data, segment_ids, output):
    """The gradient goes to the elements that are the extremes, in equal parts."""
    chosen = equal(data, gather(output, segment_ids))
    count = _segment_sum(cast(chosen, g.dtype), segment_ids)
    return where(chosen, gather(g / count, segment_ids), zeros_like(data))


_segment_max.grad("data")(_of_extreme)
_segment_min.grad("data")(_of_extreme)


# ---------------------------------------------------------------------------------------------------------- unsorted ids


def _samples_without_gaps(make):
    yield make(4, 3), np.array([2, 0, 2, 1], np.int32), 3
    yield make(2, 3, 2), np.array([[0, 1, 0], [1, 1, 0]], np.int32), 2
    yield make(4), np.array([0, -1, 1, 0], np.int64), 2


def _unsorted_samples(make):
    yield from _samples_without_gaps(make)
    yield make(4), np.array([0, -1, 0, 2], np.int64), 4
    yield make(2), np.int32(1), 3


def _extreme_samples(make):
    """No differences can be taken of the extremes of nothing."""
    return _samples_without_gaps(make) if make.dtype is dtypes.float64 else _unsorted_samples(make)


def _check_unsorted(data, ids, count):
    if type(count) is tuple:
        raise invalid("num_segments should be a scalar, not shape [%d]", len(count))
    if count < 0:
        raise invalid("Input num_segments == %d must not be negative.", count)
    if data.shape[: ids.ndim] != ids.shape:
        text = "data.shape = %s does not start with segment_ids.shape = %s"
        raise invalid(text, shapes.to_brackets(data.shape), shapes.to_brackets(ids.shape))
    if is_traced(ids):
        require(ids < count, lambda: invalid("a segment id is out of range"))
    elif ids.size and ids.max() >= count:
        at = np.unravel_index(int((ids >= count).argmax()), ids.shape)
        raise invalid("segment_ids[%s] = %d is out of range [0, %d)", ",".join(map(str, at)), ids[at], count)


def _declare_unsorted(name, ufunc, start, method, samples=_unsorted_samples):
    """Declares an op on segments with unsorted ids.

    Args:
      name: the op type.
      ufunc: the NumPy function that accumulates.
      start: from a NumPy type to the number that it begins with.
      method: the name of the method of JAX's `x.at[...]` that accumulates.
      samples: how to make sample arguments.
    """

    @op(name)
    def declared(xp, data, segment_ids, num_segments: Host):
        _check_unsorted(data, segment_ids, num_segments)
        inner = data.shape[segment_ids.ndim :]
        ids = xp.where(segment_ids < 0, num_segments, segment_ids).reshape(-1)
        out = xp.full((num_segments, *inner), start(data.dtype), data.dtype)
        return getattr(out.at[ids], method)(data.reshape(-1, *inner), mode="drop")

    @declared.kernel_for("numpy")
    def _(data, segment_ids, num_segments):
        _check_unsorted(data, segment_ids, num_segments)
        return _accumulate(ufunc, start(data.dtype), data, segment_ids, num_segments)

    @declared.shape
    def _(data, segment_ids, num_segments):
        if type(num_segments) is tuple:
            raise ValueError("Shape must be rank 0 but is rank %d" % np.ndim(num_segments))
        if num_segments is not None and num_segments < 0:
            raise ValueError("Dimension size, given by scalar input 2, must be non-negative but is %d" % num_segments)
        if data is None or segment_ids is None:
            return None
        shapes.with_rank_at_least(data, len(segment_ids))
        for a, b in zip(data, segment_ids):
            shapes.merge_dims(a, b)
        return (num_segments, *data[len(segment_ids) :])

    declared.samples(samples)
    return declared


def _finite(function):
    """The finite extremes of types: TensorFlow's name for the extremes of nothing."""
    return lambda dtype: (
        function(dtype) if dtype.kind in "iu" else -dtypes.FROM_NUMPY[dtype].max * (1 if function is lowest else -1)
    )


_unsorted_segment_sum = _declare_unsorted("UnsortedSegmentSum", np.add, lambda dtype: 0, "add")
_unsorted_segment_prod = _declare_unsorted("UnsortedSegmentProd", np.multiply, lambda dtype: 1, "multiply")
_unsorted_segment_max = _declare_unsorted("UnsortedSegmentMax", np.maximum, _finite(lowest), "max", _extreme_samples)
_unsorted_segment_min = _declare_unsorted("UnsortedSegmentMin", np.minimum, _finite(highest), "min", _extreme_samples)


def _gather_or_zero(params, ids):
    """Slices of `params`, and zeros where the id is negative; with it the mask of the others, in the shape of the result."""
    found = gather(params, maximum(ids, zeros_like(ids)))
    there = greater(ids, -1)
    if there._rank() is None or found._rank() is None:
        ahead = rank(found) - rank(there)
        there = reshape(there, concat([shape_of(there), fill(expand_dims(ahead, 0), 1)], 0))
    else:
        for _ in range(found._rank() - there._rank()):
            there = expand_dims(there, -1)
    there = logical_and(there, ones_like(found, dtype=dtypes.bool_))
    return where(there, found, zeros_like(found)), there


def _values_or_zero(g, ids):
    """`_gather_or_zero` on values."""
    if ids.size and ids.min() < 0:
        found = g[np.maximum(ids, 0)]
        found[ids < 0] = 0
        return found
    return g[ids]


@_unsorted_segment_sum.grad("data", _values_or_zero)
def _(g, segment_ids):
    return _gather_or_zero(g, segment_ids)[0]


def _of_unsorted_extreme(g, data, segment_ids, num_segments, output):
    best, there = _gather_or_zero(output, segment_ids)
    chosen = logical_and(equal(data, best), there)
    count = _unsorted_segment_sum(cast(chosen, g.dtype), segment_ids, num_segments)
    parts = _gather_or_zero(g / count, segment_ids)[0]
    return where(chosen, parts, zeros_like(parts))


_unsorted_segment_max.grad("data")(_of_unsorted_extreme)
_unsorted_segment_min.grad("data")(_of_unsorted_extreme)


@_unsorted_segment_prod.grad("data")
def _(g, data, segment_ids, num_segments, output):
    """The product of the others: by division where an element is not zero, else that of all elements that are not zero."""
    is_zero = equal(data, zeros_like(data))
    zeros = _unsorted_segment_sum(cast(is_zero, dtypes.int32), segment_ids, num_segments)
    g = where(greater(zeros, 1), zeros_like(g), g)  # with two zeros all products of others are zero
    safe = where(is_zero, ones_like(data), data)
    product = _unsorted_segment_prod(safe, segment_ids, num_segments)
    ids = maximum(segment_ids, zeros_like(segment_ids))
    others = where(is_zero, gather(product, ids), gather(output, ids) / safe)
    return _gather_or_zero(g, segment_ids)[0] * others


# ---------------------------------------------------------------------------------------------------------- picked rows


def _root_of_count(data, ids, count):
    return (_sum(data, ids, count) / np.sqrt(np.maximum(_column(_sizes(ids, count), data), 1))).astype(data.dtype)


def _picked_samples(make):
    yield make(4, 3), np.array([3, 0, 1, 0], np.int32), np.array([0, 0, 1, 2], np.int32)
    yield make(3), np.array([2, 2, 1], np.int64), np.array([0, 2, 2], np.int32)


def _check_picked(data, indices, segment_ids):
    if len(indices) != len(segment_ids):
        raise invalid("segment_ids and indices should have same size.")
    wrong = (indices < 0) | (indices >= len(data))
    if wrong.any():
        at = int(wrong.argmax())
        raise invalid("Bad: indices[%d] == %d out of range [0, %d)", at, indices[at], len(data))


def _picked_shape(data, indices, segment_ids, first):
    data = shapes.with_rank_at_least(data, 1)
    shapes.agree(shapes.with_rank(indices, 1), shapes.with_rank(segment_ids, 1))
    return None if data is None else (first, *data[1:])


def _check_number(number, name):
    if type(number) is tuple:
        raise ValueError("Shape must be rank 0 but is rank %d" % np.ndim(number))
    if number is not None and number < 0:
        raise ValueError("Cannot specify a negative value for %s" % name)
    return number


def _declare_picked(kind, compute, grad):
    """Declares an op on segments of picked rows, and the one that is told the number of segments.

    Args:
      kind: the end of their names.
      compute: from rows, ids and number of segments to values.
      grad: their gradient function.
    """

    @op("SparseSegment" + kind, host=True)
    def plain(xp, data, indices, segment_ids):
        count = _check_sorted(segment_ids)
        _check_picked(data, indices, segment_ids)
        return compute(data[indices], segment_ids, count)

    @op("SparseSegment%sWithNumSegments" % kind, host=True)
    def counted(xp, data, indices, segment_ids, num_segments: Host):
        if type(num_segments) is tuple:
            raise invalid("num_segments should be a scalar, not shape [%d]", len(num_segments))
        if num_segments < 0:
            raise invalid("segment ids must be >= 0")
        if _check_sorted(segment_ids) > num_segments:
            raise invalid("segment ids must be < num_segments")
        _check_picked(data, indices, segment_ids)
        return compute(data[indices], segment_ids, num_segments)

    plain.shape(lambda data, indices, segment_ids: _picked_shape(data, indices, segment_ids, None))
    counted.shape(lambda data, indices, segment_ids, num_segments: _picked_shape(
        data, indices, segment_ids, _check_number(num_segments, "num_segments")))  # fmt: skip
    plain.samples(_picked_samples)

    @counted.samples
    def _(make):
        for sample in _picked_samples(make):
            yield *sample, 5

    for declared in (plain, counted):
        declared.grad("data")(grad)
    return plain, counted


def _declare_picked_grad(kind, scale):
    """Declares the op that makes the gradient of one on segments of picked rows.

    Args:
      kind: its name's middle.
      scale: from the number of elements of a segment to what its gradient is divided by.
    """

    @op("SparseSegment%sGrad" % kind, host=True)
    def declared(xp, grad, indices, segment_ids, output_dim0: Host):
        if segment_ids.size and segment_ids[-1] + 1 > len(grad):
            raise invalid("Invalid number of segments")
        wrong = (segment_ids < 0) | (segment_ids >= len(grad))
        if wrong.any():
            raise invalid("Segment id %d out of range [0, %d).", segment_ids[wrong.argmax()], len(grad))
        if indices.size and not 0 <= indices.min() <= indices.max() < output_dim0:
            wrong = indices[(indices < 0) | (indices >= output_dim0)][0]
            raise invalid("Index %d out of range [0, %d).", wrong, output_dim0)
        sizes = np.maximum(_sizes(segment_ids, len(grad)), 1)
        scaled = (grad / _column(scale(sizes), grad)).astype(grad.dtype)
        return _sum(scaled[segment_ids], indices, output_dim0)

    declared.shape(lambda grad, indices, segment_ids, output_dim0: _picked_shape(
        grad, indices, segment_ids, _check_number(output_dim0, "output_dim0")))  # fmt: skip

    @declared.samples
    def _(make):
        yield make(3, 2), np.array([3, 0, 1, 0], np.int32), np.array([0, 0, 1, 2], np.int32), 4

    return declared


_sparse_segment_mean_grad = _declare_picked_grad("Mean", lambda sizes: sizes)
_sparse_segment_sqrt_n_grad = _declare_picked_grad("SqrtN", np.sqrt)


def _of_sum(g, data: Shape, indices, segment_ids):
    return _unsorted_segment_sum(gather(g, segment_ids), indices, data[0])


def _of_mean(g, data: Shape, indices, segment_ids):
    return _sparse_segment_mean_grad(g, indices, segment_ids, data[0])


def _of_root(g, data: Shape, indices, segment_ids):
    return _sparse_segment_sqrt_n_grad(g, indices, segment_ids, data[0])


_sparse_sum = _declare_picked("Sum", _sum, _of_sum)
_sparse_mean = _declare_picked("Mean", _mean, _of_mean)
_sparse_root = _declare_picked("SqrtN", _root_of_count, _of_root)


# ------------------------------------------------------------------------------------------------------ public functions

_SORTED_DOC = """The %s of each segment of a tensor.

    Args:
      data: a tensor of shape `[N, ...]`.
      segment_ids: a sorted integer vector of length N: to which segment each row belongs.
      name: the name of the node.

    Returns:
      A tensor of shape `[number of segments, ...]`; a segment without rows is %s.

    Raises:
      InvalidArgumentError: the ids are not sorted, or not as many as rows.
    """
_UNSORTED_DOC = """The %s of each segment of a tensor.

    Args:
      data: a tensor.
      segment_ids: an integer tensor whose shape is a prefix of that of `data`: to which segment each slice belongs; slices with
        negative ids are left out.
      num_segments: the number of segments.
      name: the name of the node.

    Returns:
      A tensor of shape `[num_segments, ...]`; a segment without slices is %s.

    Raises:
      InvalidArgumentError: an id is too large, or the shapes don't fit.
    """
_SPARSE_DOC = """The %s of each segment of some rows of a tensor.

    Args:
      data: a tensor of shape `[N, ...]`.
      indices: an integer vector: the rows.
      segment_ids: a sorted int32 vector: to which segment each of these rows belongs.
      name: the name of the node.
      num_segments: the number of segments; by default the last id plus 1.

    Returns:
      A tensor of shape `[number of segments, ...]`; a segment without rows is zero.

    Raises:
      InvalidArgumentError: the ids are not sorted or too large, or an index is out of range.
    """


def _public_sorted(name, op, what, nothing):
    def function(data, segment_ids, name=None):
        return op(data, segment_ids, name=name)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = _SORTED_DOC % (what, nothing)
    return export(name, "math." + name)(function)


def _public_unsorted(name, op, what, nothing):
    def function(data, segment_ids, num_segments, name=None):
        return op(data, segment_ids, num_segments, name=name)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = _UNSORTED_DOC % (what, nothing)
    return export(name, "math." + name)(versioned(function))


def _public_sparse(name, ops, what):
    def function(data, indices, segment_ids, name=None, num_segments=None):
        if num_segments is None:
            return ops[0](data, indices, segment_ids, name=name)
        return ops[1](data, indices, segment_ids, num_segments, name=name)

    function.__name__ = function.__qualname__ = "sparse_" + name
    function.__doc__ = _SPARSE_DOC % what
    return export("sparse_" + name, "sparse." + name)(function)


segment_sum = _public_sorted("segment_sum", _segment_sum, "sum", "zero")
segment_mean = _public_sorted("segment_mean", _segment_mean, "mean", "zero")
segment_prod = _public_sorted("segment_prod", _segment_prod, "product", "one")
segment_max = _public_sorted("segment_max", _segment_max, "maximum", "zero")
segment_min = _public_sorted("segment_min", _segment_min, "minimum", "zero")
unsorted_segment_sum = _public_unsorted("unsorted_segment_sum", _unsorted_segment_sum, "sum", "zero")
unsorted_segment_prod = _public_unsorted("unsorted_segment_prod", _unsorted_segment_prod, "product", "one")
unsorted_segment_max = _public_unsorted("unsorted_segment_max", _unsorted_segment_max, "maximum", "the type's lowest number")
unsorted_segment_min = _public_unsorted("unsorted_segment_min", _unsorted_segment_min, "minimum", "the type's highest number")
sparse_segment_sum = _public_sparse("segment_sum", _sparse_sum, "sum")
sparse_segment_mean = _public_sparse("segment_mean", _sparse_mean, "mean")
sparse_segment_sqrt_n = _public_sparse("segment_sqrt_n", _sparse_root, "sum, divided by the root of the number of rows,")


def _sum_and_sizes(data, segment_ids, num_segments):
    """The sum of each segment, and its number of slices (at least 1) so that it can be broadcast against that."""
    data, segment_ids = convert(data), convert(segment_ids)
    counts = _unsorted_segment_sum(ones(shape_of(segment_ids), data.dtype), segment_ids, num_segments)
    counts = maximum(reshape(counts, [num_segments] + [1] * (data._rank() - segment_ids._rank())), 1)
    return _unsorted_segment_sum(data, segment_ids, num_segments), counts


def _mean_of_unsorted(data, segment_ids, num_segments, name=None):
    with name_scope(name, "UnsortedSegmentMean"):
        total, counts = _sum_and_sizes(data, segment_ids, num_segments)
        return total / counts


def _root_of_unsorted(data, segment_ids, num_segments, name=None):
    with name_scope(name, "UnsortedSegmentSqrtN"):
        total, counts = _sum_and_sizes(data, segment_ids, num_segments)
        return total / sqrt(counts)


unsorted_segment_mean = _public_unsorted("unsorted_segment_mean", _mean_of_unsorted, "mean", "zero")
unsorted_segment_sqrt_n = _public_unsorted(
    "unsorted_segment_sqrt_n", _root_of_unsorted, "sum, divided by the root of the number of slices,", "zero"
)
