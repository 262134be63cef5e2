"""Distinct elements, and sorting slices into groups: unique, setdiff1d, dynamic_partition, dynamic_stitch."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.errors import invalid
from ..core.export import export
from ..core.op import Host, Known, Shape, op
from ..core.versions import versioned
from .gathering import gather
from .joining import unequal_shapes

# -------------------------------------------------------------------------------------------------------------- unique


def _distinct(x):
    """The distinct elements of a vector in the order in which they first occur, and for each element the place of its like."""
    if x.dtype == object or x.dtype.kind in "fcV":  # text can't be sorted beside numbers; no NaN is like another
        places, idx, first = {}, np.empty(len(x), np.int64), []
        for i, v in enumerate(x.tolist()):
            at = places.setdefault(v if v == v else (i,), len(first))
            if at == len(first):
                first.append(i)
            idx[i] = at
        return x[first], idx
    _, first, inverse = np.unique(x, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return x[first[order]], rank[inverse.ravel()]


def _distinct_slices(x, axis):
    """`_distinct` for slices of a tensor along an axis, given as a vector of no or one number."""
    if type(axis) is not tuple:
        raise invalid("axis expects a 1D vector.")
    if len(axis) > 1:
        raise invalid("axis does not support input tensors larger than 1 elements")
    if not axis:
        if x.ndim != 1:
            raise invalid("unique expects a 1D vector.")
        return _distinct(x)
    at = axis[0] + x.ndim if axis[0] < 0 else axis[0]
    if not 0 <= at < x.ndim:
        raise invalid("axis has to be between [0, %d)", x.ndim)
    if x.ndim == 1:
        return _distinct(x)
    places, idx, first = {}, np.empty(x.shape[at], np.int64), []
    for i, row in enumerate(np.moveaxis(x, at, 0)):
        key = tuple(row.ravel().tolist()) if x.dtype == object else row.tobytes()
        where = places.setdefault(key, len(first))
        if where == len(first):
            first.append(i)
        idx[i] = where
    return x.take(np.array(first, np.int64), at), idx


def _check_vector(x):
    if x.ndim != 1:
        raise invalid("unique expects a 1D vector.")


@op("Unique", host=True, foldable=True)
def _unique(xp, x, *, out_idx=dtypes.int32):
    _check_vector(x)
    y, idx = _distinct(x)
    return y, idx.astype(out_idx.np)


@op("UniqueV2", host=True, foldable=True)
def _unique_v2(xp, x, axis: Host, *, out_idx=dtypes.int32):
    y, idx = _distinct_slices(x, axis)
    return y, idx.astype(out_idx.np)


def _with_counts(y, idx, count, out_idx):
    return y, idx.astype(out_idx.np), np.bincount(idx, minlength=count).astype(out_idx.np)


@op("UniqueWithCounts", host=True, foldable=True)
def _unique_with_counts(xp, x, *, out_idx=dtypes.int32):
    _check_vector(x)
    y, idx = _distinct(x)
    return _with_counts(y, idx, len(y), out_idx)


@op("UniqueWithCountsV2", host=True, foldable=True)
def _unique_with_counts_v2(xp, x, axis: Host, *, out_idx=dtypes.int32):
    y, idx = _distinct_slices(x, axis)
    return _with_counts(y, idx, int(idx.max(initial=-1)) + 1, out_idx)


def _vector_rule(x):
    if x is not None and len(x) != 1:
        raise ValueError("Shape must be rank 1 but is rank %d" % len(x))
    return [(None,), x or (None,)]


def _slices_rule(x, axis):
    if x is None or axis is None:
        return [None if x is None else (None,) * len(x), (None,)]
    if not axis:
        return _vector_rule(x)
    at = axis[0] % len(x)
    return [(*x[:at], None, *x[at + 1 :]), (x[at],)]


_unique.shape(_vector_rule)
_unique_v2.shape(_slices_rule)


@_unique_with_counts.shape
def _(x):
    return [*_vector_rule(x), (None,)]


@_unique_with_counts_v2.shape
def _(x, axis):
    return [*_slices_rule(x, axis), (None,)]


def _repeating(make, *shape):
    """An array in which elements repeat."""
    values = make(3)
    return values[make.ints(0, 3, *shape)]


for _op in (_unique, _unique_with_counts):

    @_op.samples
    def _(make):
        yield (_repeating(make, 7),)
        yield _repeating(make, 5), dict(out_idx=dtypes.int64)


for _op in (_unique_v2, _unique_with_counts_v2):

    @_op.samples
    def _(make):
        yield _repeating(make, 4, 1), np.array([0], np.int64)
        yield _repeating(make, 1, 6), np.array([1], np.int32)
        yield _repeating(make, 6), np.zeros(0, np.int64)


@export("unique")
def unique(x, out_idx=dtypes.int32, name=None):
    """The distinct elements of a vector, in the order in which they first occur.

    Args:
      x: a vector.
      out_idx: int32 or int64.
      name: the name of the node.

    Returns:
      A named tuple `(y, idx)`: the distinct elements, and for each element of `x` its place in `y`.

    Raises:
      InvalidArgumentError (in a graph ValueError where the rank is known): `x` is no vector.
    """
    return _unique(x, out_idx=out_idx, name=name)


@export("unique_with_counts")
def unique_with_counts(x, out_idx=dtypes.int32, name=None):
    """`unique` that also tells how often each distinct element occurs.

    Args:
      x: a vector.
      out_idx: int32 or int64.
      name: the name of the node.

    Returns:
      A named tuple `(y, idx, count)`.

    Raises:
      InvalidArgumentError (in a graph ValueError where the rank is known): `x` is no vector.
    """
    return _unique_with_counts(x, out_idx=out_idx, name=name)


@op("ListDiff", host=True, foldable=True)
def _list_diff(xp, x, y, *, out_idx=dtypes.int32):
    for value, which in ((x, "x"), (y, "y")):
        if value.ndim != 1:
            raise invalid("%s should be a 1D vector.", which)
    seen = set(y.tolist())
    idx = np.array([i for i, v in enumerate(x.tolist()) if v not in seen], out_idx.np)
    return x[idx], idx


@_list_diff.shape
def _(x, y):
    for s in (x, y):
        if s is not None and len(s) != 1:
            raise ValueError("Shape must be rank 1 but is rank %d" % len(s))
    return [(None,), (None,)]


@_list_diff.samples
def _(make):
    x = make(6)
    yield x, x[[1, 4, 1]]
    yield x, x[:0], dict(out_idx=dtypes.int64)


@export("setdiff1d")
def setdiff1d(x, y, index_dtype=dtypes.int32, name=None):
    """The elements of one vector that are not in another.

    Args:
      x, y: vectors of one type.
      index_dtype: int32 or int64.
      name: the name of the node.

    Returns:
      A named tuple `(out, idx)`: those elements in their order, and their places in `x`.

    Raises:
      InvalidArgumentError (in a graph ValueError where the ranks are known): an argument is no vector.
    """
    return _list_diff(x, y, out_idx=index_dtype, name=name)


# -------------------------------------------------------------------------------------------- partitions and stitches


@op("DynamicPartition", host=True, foldable=True)
def _dynamic_partition(xp, data, partitions, *, num_partitions):
    count = partitions.ndim
    if data.shape[:count] != partitions.shape:
        raise invalid("data.shape must start with partitions.shape, got data.shape = %s, partitions.shape = %s",
                      shapes.to_brackets(data.shape), shapes.to_brackets(partitions.shape))  # fmt: skip
    wrong = (partitions < 0) | (partitions >= num_partitions)
    if np.any(wrong):
        at = tuple(np.argwhere(wrong)[0])
        place = "[%s]" % ",".join(map(str, at)) if at else ""
        raise invalid("partitions%s = %d is not in [0, %d)", place, partitions[at], num_partitions)
    flat = np.reshape(data, (partitions.size, *data.shape[count:]))
    groups = np.reshape(partitions, -1)
    return [flat[groups == i] for i in range(num_partitions)]


@_dynamic_partition.shape
def _(data, partitions, *, num_partitions):
    if data is None or partitions is None:
        return [None] * num_partitions
    if not shapes.compatible(data[: len(partitions)], partitions):
        raise ValueError("data.shape must start with partitions.shape, got data.shape = %s, partitions.shape = %s"
                         % (shapes.to_brackets(data), shapes.to_brackets(partitions)))  # fmt: skip
    return [(None, *data[len(partitions) :])] * num_partitions


# Of Eagle's own: the slices of a partition put back where they came from.
_PARTITION_GRAD = "EaglePartitionGrad(dy: N*T, partitions: int32) -> (output: T) | N: int >= 1; T: type | gradient"


@op("EaglePartitionGrad", definition=_PARTITION_GRAD, host=True)
def _partition_grad(xp, dy, partitions):
    out = np.zeros((partitions.size, *dy[0].shape[1:]), dy[0].dtype)
    groups = np.reshape(partitions, -1)
    for i, part in enumerate(dy):
        out[groups == i] = part
    return out.reshape(partitions.shape + dy[0].shape[1:])


@_partition_grad.shape
def _(dy, partitions):
    inner = next((s[1:] for s in dy if s is not None), None)
    return None if partitions is None or inner is None else (*partitions, *inner)


@_partition_grad.grad
def _(g, dy: Shape, partitions):
    return (*_dynamic_partition(g, partitions, num_partitions=len(dy)), None)


@_dynamic_partition.grad("data")
def _(g, partitions):
    return _partition_grad(g, partitions)


@_dynamic_partition.samples
def _(make):
    yield make(5), np.array([0, 0, 1, 1, 0], np.int32), dict(num_partitions=2)
    yield make(2, 2, 3), np.array([[2, 0], [0, 2]], np.int32), dict(num_partitions=3)


@_partition_grad.samples
def _(make):
    yield [make(3, 2), make(1, 2)], np.array([0, 1, 0, 0], np.int32)


@export("dynamic_partition")
@versioned
def dynamic_partition(data, partitions, num_partitions, name=None):
    """Sorts the slices of a tensor into groups.

    Args:
      data: a tensor.
      partitions: an int32 tensor, whose shape is the beginning of that of `data`: for each slice the number of its group.
      num_partitions: how many groups there are.
      name: the name of the node.

    Returns:
      A list with a tensor for each group.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): the shapes don't fit, or there is no such group.
    """
    return _dynamic_partition(data, partitions, num_partitions=num_partitions, name=name)


def _stitched(xp, indices, data):
    inner = data[0].shape[indices[0].ndim :]
    for i, (index, d) in enumerate(zip(indices, data)):
        if d.shape[: index.ndim] != index.shape:
            raise invalid("data[%d].shape = %s does not start with indices[%d].shape = %s", i, shapes.to_brackets(d.shape), i,
                          shapes.to_brackets(index.shape))  # fmt: skip
        if d.shape[index.ndim :] != inner:
            text = "Need data[0].shape[%d:] = data[%d].shape[%d:], got data[0].shape = %s, data[%d].shape = %s, "
            text += "indices[0].shape = %s, indices[%d].shape = %s"
            raise invalid(text, indices[0].ndim, i, index.ndim, shapes.to_brackets(data[0].shape), i, shapes.to_brackets(d.shape),
                          shapes.to_brackets(indices[0].shape), i, shapes.to_brackets(index.shape))  # fmt: skip
    size = max((int(np.max(index)) + 1 for index in indices if index.size), default=0)
    out = np.full((size, *inner), b"", object) if data[0].dtype == object else np.zeros((size, *inner), data[0].dtype)
    for index, d in zip(indices, data):
        flat = np.reshape(index, -1)
        if flat.size and flat.min() < 0:
            raise invalid("indices[%d] is out of range", int(np.argmax(flat < 0)))
        out[flat] = np.reshape(d, (flat.size, *inner))
    return out


@op("DynamicStitch", host=True, foldable=True)
def _dynamic_stitch(xp, indices: Known, data):
    return _stitched(xp, indices, data)


@op("ParallelDynamicStitch", host=True, foldable=True)
def _parallel_dynamic_stitch(xp, indices: Known, data):
    return _stitched(xp, indices, data)


def _stitched_shape(indices, data):
    size, inner = 0, None
    for index, d in zip(indices, data):
        if isinstance(index, np.ndarray | np.generic):
            size = None if size is None else max(size, int(index.max(initial=-1)) + 1)
            index = index.shape
        else:
            size = None
        if index is None or d is None:
            continue
        if not shapes.compatible(d[: len(index)], index):
            raise ValueError("Shapes of indices %s and data %s don't fit" % (shapes.to_brackets(index), shapes.to_brackets(d)))
        last, inner = inner, shapes.merge(inner, d[len(index) :])
        if inner is shapes.CONTRADICTION:
            raise ValueError(unequal_shapes(last, d[len(index) :]))
    return None if inner is None else (size, *inner)


for _op in (_dynamic_stitch, _parallel_dynamic_stitch):
    _op.shape(_stitched_shape)

    @_op.grad
    def _(g, indices):
        return [None] * len(indices) + [gather(g, index) for index in indices]

    @_op.samples
    def _(make):
        yield [np.array(2, np.int32), np.array([0, 1], np.int32)], [make(2), make(2, 2)]
        yield [np.array([0, 2], np.int32), np.array([[1], [3]], np.int32)], [make(2), make(2, 1)]


@export("dynamic_stitch")
def dynamic_stitch(indices, data, name=None):
    """Puts the slices of several tensors into one; where an index occurs again, the later slice counts.

    Args:
      indices: a list of int32 tensors: where the slices belong.
      data: a list of tensors; the shape of each begins with that of its `indices`.
      name: the name of the node.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): the shapes don't fit.
    """
    return _dynamic_stitch(indices, data, name=name)
