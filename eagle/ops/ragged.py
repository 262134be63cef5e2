"""The ops below ragged tensors: ranges, rows picked, sparse form."""

import numpy as np

from ..core import dtypes
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.indexed_slices import IndexedSlices
from ..core.op import op
from .gathering import gather
from .shaping import reshape, shape_of


def _splits_of(lengths, kind):
    splits = np.zeros(len(lengths) + 1, kind)
    np.cumsum(lengths, out=splits[1:])
    return splits


def _spread(starts, lengths):
    """The numbers from `starts[i]` on, `lengths[i]` of them, for all `i` one after another."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(starts - (ends - lengths), lengths)


@op("RaggedRange", host=True)
def ragged_range(xp, starts, limits, deltas, *, Tsplits=dtypes.int64):
    given = dict(starts=starts, limits=limits, deltas=deltas)
    for name, value in given.items():
        if value.ndim > 1:
            raise invalid("%s must be a scalar or vector", name)
    sizes = {len(v) for v in given.values() if v.ndim}
    if len(sizes) > 1:
        raise invalid("starts, limits, and deltas must have the same shape")
    count = sizes.pop() if sizes else 1
    starts, limits, deltas = (np.broadcast_to(v, (count,)) for v in given.values())
    if not deltas.all():
        raise invalid("Requires delta != 0")
    wide = [v.astype(np.int64 if v.dtype.kind == "i" else np.float64) for v in (starts, limits, deltas)]
    span = wide[1] - wide[0]
    lengths = -(-span // wide[2]) if wide[0].dtype.kind == "i" else np.ceil(np.abs(span / wide[2]))
    lengths = np.where((span > 0) == (wide[2] > 0), lengths, 0).astype(np.int64)
    lengths = np.where(span == 0, 0, lengths)
    places = _spread(np.zeros(count, np.int64), lengths)
    values = np.repeat(starts, lengths) + places.astype(starts.dtype) * np.repeat(deltas, lengths)
    return _splits_of(lengths, Tsplits.np), values.astype(starts.dtype)


@ragged_range.shape
def _(starts, limits, deltas):
    count = None
    for shape in (starts, limits, deltas):
        if shape is None or not shape:
            continue
        if len(shape) > 1:
            raise ValueError("Shape must be at most rank 1 but is rank %d" % len(shape))
        if None not in (count, shape[0]) and count != shape[0]:
            raise ValueError("Dimensions must be equal, but are %d and %d" % (shape[0], count))
        count = shape[0] if count is None else count
    if starts == limits == deltas == ():
        count = 1
    return [(None if count is None else count + 1,), (None,)]


@ragged_range.samples
def _(make):
    yield make.between(0, 3, 3), make.between(4, 8, 3), make.between(1, 3, 3)


ragged_range.not_differentiable()


def _check_gather(nested, values, indices):
    for level, splits in enumerate(nested):
        size = values.shape[0] if level + 1 == len(nested) else len(nested[level + 1]) - 1
        if not len(splits):
            raise invalid("Ragged splits may not be empty")
        if splits[0] < 0:
            raise invalid("Ragged splits must be non-negative")
        if splits[-1] > size:
            raise invalid("Ragged splits must not point past values")
        if (splits[1:] < splits[:-1]).any():
            raise invalid("Ragged splits must be sorted")
    rows = len(nested[0]) - 1
    bad = np.argwhere((indices < 0) | (indices >= rows))
    if len(bad):
        place = tuple(bad[0])
        where = "[%s]" % ",".join(map(str, place)) if place else ""
        raise invalid("indices%s = %d is not in [0, %d)", where, indices[place], rows)


@op("RaggedGather", host=True)
def ragged_gather(xp, params_nested_splits, params_dense_values, indices, *, OUTPUT_RAGGED_RANK):
    if not params_dense_values.ndim:
        raise invalid("params.rank must be nonzero")
    _check_gather(params_nested_splits, params_dense_values, indices)
    kind = params_nested_splits[0].dtype
    out = []
    for size in range(1, indices.ndim):
        count, length = int(np.prod(indices.shape[:size], dtype=np.int64)), indices.shape[size]
        out.append(np.arange(count + 1, dtype=kind) * kind.type(length))
    rows = np.asarray(indices).ravel()
    for splits in params_nested_splits:
        starts = splits[rows]
        lengths = splits[rows + 1] - starts
        out.append(_splits_of(lengths, kind))
        rows = _spread(starts, lengths)
    return out, params_dense_values[rows]


@ragged_gather.shape
def _(params_nested_splits, params_dense_values, indices, *, OUTPUT_RAGGED_RANK):
    wanted = OUTPUT_RAGGED_RANK - len(params_nested_splits) + 1
    if indices is not None and len(indices) != wanted:
        raise ValueError("Shape must be rank %d but is rank %d" % (wanted, len(indices)))
    for shape in params_nested_splits:
        if shape is not None and len(shape) != 1:
            raise ValueError("Shape must be rank 1 but is rank %d" % len(shape))
    if params_dense_values == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    values = None if params_dense_values is None else (None, *params_dense_values[1:])
    return [(None,)] * OUTPUT_RAGGED_RANK + [values]


@ragged_gather.grad("params_dense_values")
def _(g_splits, g_values, params_nested_splits, params_dense_values, indices):
    splits = params_nested_splits[0]
    for inner in params_nested_splits[1:]:
        splits = gather(inner, splits)
    flat = reshape(indices, [-1])
    places = ragged_range(gather(splits, flat), gather(splits[1:], flat), registry["OnesLike"](splits[0]))[1]
    return IndexedSlices(g_values, places, shape_of(params_dense_values))


@ragged_gather.samples
def _(make):
    splits = np.array([0, 2, 2, 3])
    yield [splits], make(3, 2), np.array([2, 0, 0]), dict(OUTPUT_RAGGED_RANK=1)
    yield [splits, np.array([0, 1, 1, 4])], make(4), np.array([[2, 0], [1, 1]]), dict(OUTPUT_RAGGED_RANK=3)


@op("RaggedTensorToSparse", host=True)
def ragged_tensor_to_sparse(xp, rt_nested_splits, rt_dense_values):
    nested, values = rt_nested_splits, rt_dense_values
    for level, splits in enumerate(nested):
        size = values.shape[0] if level + 1 == len(nested) else len(nested[level + 1]) - 1
        if not len(splits):
            raise invalid("ragged splits may not be empty.")
        if splits[0]:
            raise invalid("First value of ragged splits must be 0.")
        if splits[-1] != size:
            raise invalid("Final value of ragged splits must match the length the corresponding ragged values.")
    rows = len(nested[0]) - 1
    shape, columns = [rows], [np.arange(rows)]
    for splits in nested:
        lengths = splits[1:] - splits[:-1]
        columns = [np.repeat(c, lengths) for c in columns]
        columns.append(_spread(np.zeros(len(lengths), np.int64), lengths))
        shape.append(int(lengths.max(initial=0)))
    inner = values.shape[1:]
    each = int(np.prod(inner, dtype=np.int64))
    columns = [np.repeat(c, each) for c in columns]
    if inner:
        columns += [np.tile(c.ravel(), values.shape[0]) for c in np.indices(inner)]
    indices = np.stack(columns, axis=1).astype(np.int64)
    return indices, values.reshape(-1), np.array([*shape, *inner], np.int64)


@ragged_tensor_to_sparse.shape
def _(rt_nested_splits, rt_dense_values):
    for shape in rt_nested_splits:
        if shape is not None and len(shape) != 1:
            raise ValueError("Shape must be rank 1 but is rank %d" % len(shape))
    if rt_dense_values is None:
        return [(None, None), (None,), (None,)]
    if not rt_dense_values:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    rank = len(rt_nested_splits) + len(rt_dense_values)
    count = None if None in rt_dense_values else int(np.prod(rt_dense_values, dtype=np.int64))
    return [(count, rank), (count,), (rank,)]


@ragged_tensor_to_sparse.grad("rt_dense_values")
def _(g_indices, g_values, g_shape, rt_dense_values):
    return reshape(g_values, shape_of(rt_dense_values))


@ragged_tensor_to_sparse.samples
def _(make):
    yield [np.array([0, 2, 2, 3])], make(3)
    yield [np.array([0, 2, 3]), np.array([0, 1, 1, 4])], make(4, 2)
