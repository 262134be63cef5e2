"""Rearranging sparse tensors: concatenation, order, shape, pieces, rows that are empty. The ops."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.op import Host, HostShape, HostVector, op
from .filling import range_
from .gathering import gather
from .shaping import shape as shape_of
from .sparse_parts import check_parts, check_ranks, length, places, row_major, sample

# ----------------------------------------------------------------------------------------------------------- concatenation


@op("SparseConcat", host=True)
def sparse_concat_op(xp, indices, values, shapes, *, concat_dim):
    for i, (at, v, s) in enumerate(zip(indices, values, shapes)):
        _check_input(i, at, v, s)
    rank = len(shapes[0])
    axis = concat_dim + rank if concat_dim < 0 else concat_dim
    if not 0 <= axis < rank:
        raise invalid("Concat dimension must be in range [%d, %d), got %d", -rank, rank, concat_dim)
    _check_shapes([s.tolist() for s in shapes], axis)
    joined = np.concatenate(indices)
    offset = np.cumsum([0] + [int(s[axis]) for s in shapes])
    joined[:, axis] += np.repeat(offset[:-1], [len(at) for at in indices])
    order = row_major(joined)
    shape = shapes[0].copy()
    shape[axis] = offset[-1]
    return joined[order], np.concatenate(values)[order], shape


def _check_input(i, indices, values, shape):
    for what, array, rank, kind in (
        ("indices", indices, 2, "matrix"),
        ("values", values, 1, "vector"),
        ("shape", shape, 1, "vector"),
    ):
        if array.ndim != rank:
            raise invalid(
                "Input %s should be a %s but received shape %s at position %d", what, kind, shapes.to_brackets(array.shape), i
            )


def _check_shapes(listed, axis):
    first = listed[0]
    for i, shape in enumerate(listed[1:], 1):
        if len(shape) != len(first):
            raise invalid("Ranks of all input tensors must match: expected %d but got %d at position %d", len(first), len(shape), i)
        for j, (a, b) in enumerate(zip(first, shape)):
            if j != axis and a != b:
                raise invalid("Input shapes must match: expected %d for dimension %d but got %d at position %d", a, j, b, i)


@sparse_concat_op.shape
def _(indices, values, shapes):
    count, width, shape = 0, None, None
    for at, v, s in zip(indices, values, shapes):
        at, v, s = check_ranks((at, 2), (v, 1), (s, 1))
        rows = _merge(at[0], v[0])
        count = None if count is None or rows is None else count + rows
        width = _merge(width, at[1])
        shape = s if shape is None else (_merge(shape[0], s[0]),)
    return [(count, width), (count,), shape]


_merge = shapes.merge_dims

sparse_concat_op.not_differentiable()


@sparse_concat_op.samples
def _(make):
    (a, _, shape), (b, _, _) = sample(make(4)), sample(make(3))
    yield [a, b], [make(4), make(3)], [shape, shape], dict(concat_dim=0)
    yield [a, b[:0]], [make(4), make(0)], [shape, np.array([3, 1], np.int64)], dict(concat_dim=-1)


# -------------------------------------------------------------------------------------------------------- order and shape


@op("SparseReorder", host=True)
def sparse_reorder_op(xp, input_indices, input_values, input_shape):
    check_parts(input_indices, input_values, input_shape)
    order = row_major(input_indices)
    return input_indices[order], input_values[order]


@sparse_reorder_op.shape
def _(input_indices, input_values, input_shape):
    return check_ranks((input_indices, 2), (input_values, 1), (input_shape, 1))[:2]


@sparse_reorder_op.grad("input_values")
def _(g_indices, g, input_indices, input_shape):
    entries = range_(shape_of(input_indices)[0])
    _, order = sparse_reorder_op(input_indices, entries, input_shape)
    return gather(g, registry["InvertPermutation"](order))


@sparse_reorder_op.samples
def _(make):
    yield sample(make(4), order=False)
    yield sample(make(4))


def _target(given, count):
    """The sizes of a reshaped tensor with this number of elements."""
    target = list(given)
    unknown = [i for i, d in enumerate(target) if d == -1]
    if len(unknown) > 1:
        raise invalid("only one output dimension may be -1, not both %d and %d", *unknown[:2])
    for i, d in enumerate(target):
        if d < -1:
            raise invalid("size %d must be non-negative, not %d", i, d)
    product = int(np.prod([d for d in target if d != -1], dtype=np.int64))
    if unknown:
        if product <= 0:
            raise invalid(
                "reshape cannot infer the missing input size for an empty tensor unless all specified input sizes are non-zero"
            )
        if count % product:
            raise invalid("Input to reshape is a SparseTensor with %d dense values, but the requested shape requires a multiple "
                          "of %d",
                          count, product)  # fmt: skip
        target[unknown[0]] = count // product
        product = count
    if product != count:
        raise invalid("Input to reshape is a tensor with %d dense values, but the requested shape has %d", count, product)
    return target


@op("SparseReshape", host=True)
def sparse_reshape_op(xp, input_indices, input_shape, new_shape: HostVector):
    check_parts(input_indices, None, input_shape)
    if type(new_shape) is not tuple:
        raise invalid("Target shape should be a vector but received shape []")
    target = _target(new_shape, int(np.prod(input_shape)))
    at = places(input_indices, input_shape)
    strides = np.cumprod([1, *target[:0:-1]], dtype=np.int64)[::-1]
    columns = [at // s % d if i else at // s for i, (s, d) in enumerate(zip(strides, target))]
    indices = np.stack(columns, 1) if columns and len(at) else np.zeros((len(at), len(target)), np.int64)
    return indices, np.array(target, np.int64)


@sparse_reshape_op.shape
def _(input_indices, input_shape, new_shape):
    indices, _ = check_ranks((input_indices, 2), (input_shape, 1))
    rank = None if new_shape is None else len(new_shape)
    return [(indices[0], rank), (rank,)]


sparse_reshape_op.not_differentiable()


@sparse_reshape_op.samples
def _(make):
    indices, _, shape = sample(make(4))
    yield indices, shape, (2, 6)
    yield indices, shape, (-1, 3, 2)
    yield indices[:0], shape, (12,)


# ----------------------------------------------------------------------------------------------------------------- pieces


@op("SparseSplit", host=True)
def sparse_split_op(xp, split_dim: Host, indices, values, shape, *, num_split):
    check_parts(indices, values, shape)
    rank = len(shape)
    if not rank or not 0 <= split_dim < rank:
        raise invalid("Input split_dim should be between 0 and rank (%d), got %d", rank, split_dim)
    size = int(shape[split_dim])
    if not 1 <= num_split <= size:
        raise invalid("Input num_split should be between 1 and the splitting dimension size (%d), got %d", size, num_split)
    each, rest = divmod(size, num_split)
    sizes = [each + (i < rest) for i in range(num_split)]
    starts = np.cumsum([0] + sizes)
    parts = []
    for start, count in zip(starts, sizes):
        inside = (indices[:, split_dim] >= start) & (indices[:, split_dim] < start + count)
        at, of_part = indices[inside], shape.copy()
        at[:, split_dim] -= start
        of_part[split_dim] = count
        parts.append((at, values[inside], of_part))
    return tuple([list(p) for p in zip(*parts)])


@sparse_split_op.shape
def _(split_dim, indices, values, shape, *, num_split):
    return [(None, length(shape))] * num_split + [(None,)] * num_split + [shape] * num_split


@sparse_split_op.samples
def _(make):
    yield 0, *sample(make(4)), dict(num_split=2)
    yield 1, *sample(make(4)), dict(num_split=4)
    yield 1, *sample(make(4)), dict(num_split=1)


@op("SparseSlice", host=True)
def sparse_slice_op(xp, indices, values, shape, start, size):
    check_parts(indices, values, shape)
    for name, vector in (("start", start), ("size", size)):
        if vector.ndim != 1:
            raise invalid("Input %s should be a vector but received shape %s", name, shapes.to_brackets(vector.shape))
        if len(vector) != len(shape):
            raise invalid("Expected %s to be a vector of length %d but got length %d", name, len(shape), len(vector))
    inside = ((indices >= start) & (indices < start + size)).all(1)
    of_slice = np.where(start + size < shape, size, shape - start)
    if (of_slice < 0).any():
        of_slice = np.maximum(of_slice, 0)
    return indices[inside] - start, values[inside], of_slice


@sparse_slice_op.shape
def _(indices, values, shape, start, size):
    return [(None, length(shape)), (None,), shape]


@sparse_slice_op.grad("values")
def _(g_indices, g, g_shape, indices, start, output_indices):
    return _sparse_slice_grad(g, indices, start, output_indices)


@sparse_slice_op.samples
def _(make):
    yield *sample(make(4)), np.array([0, 1], np.int64), np.array([2, 3], np.int64)
    yield *sample(make(4)), np.array([1, 0], np.int64), np.array([9, 1], np.int64)


@op("SparseSliceGrad", host=True)
def _sparse_slice_grad(xp, backprop_val_grad, input_indices, input_start, output_indices):
    if len(backprop_val_grad) != len(output_indices):
        raise invalid("Number of elements in backprop_val_grad and rows in output_indices should match.  Got %d vs. %d",
                      len(backprop_val_grad), len(output_indices))  # fmt: skip
    moved = output_indices + input_start
    both = np.concatenate([input_indices, moved])
    span = both.max(0) + 1 if len(both) else np.zeros(both.shape[1], np.int64)
    at, wanted = places(input_indices, span), places(moved, span)
    out = np.zeros(len(input_indices), backprop_val_grad.dtype)
    order = np.argsort(at, kind="stable")
    if len(wanted):
        out[order[np.searchsorted(at[order], wanted)]] = backprop_val_grad
    return out


@_sparse_slice_grad.shape
def _(backprop_val_grad, input_indices, input_start, output_indices):
    return (check_ranks((input_indices, 2))[0][0],)


@_sparse_slice_grad.samples
def _(make):
    indices, _, _ = sample(make(4))
    yield make(2), indices, np.array([0, 1], np.int64), indices[:2] - [0, 1]


# ------------------------------------------------------------------------------------------------------------- empty rows


@op("SparseFillEmptyRows", host=True)
def sparse_fill_empty_rows_op(xp, indices, values, dense_shape: HostShape, default_value):
    if np.ndim(dense_shape) != 1:
        raise invalid("dense_shape must be a vector, saw: %s", shapes.to_brackets(np.shape(dense_shape)))
    for name, array, rank, kind in (
        ("indices", indices, 2, "matrix"),
        ("values", values, 1, "vector"),
        ("default_value", default_value, 0, "scalar"),
    ):
        if array.ndim != rank:
            raise invalid("%s must be a %s, saw: %s", name, kind, shapes.to_brackets(array.shape))
    rows, count = dense_shape[0], len(indices)
    if not rows:
        if count:
            raise invalid("Received SparseTensor with dense_shape[0] = 0 but indices.shape[0] = %d", count)
        return np.zeros((0, indices.shape[1]), np.int64), values[:0], np.zeros(0, bool), np.zeros(0, np.int64)
    outside = np.flatnonzero((indices[:, 0] < 0) | (indices[:, 0] >= rows))
    if len(outside):
        raise invalid("indices(%d, 0) is invalid: %d >= %d", outside[0], indices[outside[0], 0], rows)
    empty = np.bincount(indices[:, 0], minlength=rows) == 0
    added = np.zeros((int(empty.sum()), indices.shape[1]), np.int64)
    added[:, 0] = np.flatnonzero(empty)
    order = np.argsort(np.concatenate([indices[:, 0], added[:, 0]]), kind="stable")
    where = np.empty_like(order)
    where[order] = np.arange(len(order))
    filled = np.empty(len(order), values.dtype)
    filled[:] = np.concatenate([values, np.full(len(added), default_value, values.dtype)])[order]
    return np.concatenate([indices, added])[order], filled, empty, where[:count]


@sparse_fill_empty_rows_op.shape
def _(indices, values, dense_shape, default_value):
    indices, values, _ = check_ranks((indices, 2), (values, 1), (default_value, 0))
    rank = None if dense_shape is None else len(dense_shape)
    rows = None if not dense_shape else dense_shape[0]
    count = shapes.merge_dims(indices[0], values[0])
    shapes.merge_dims(indices[1], rank)
    return [(None, rank), (None,), (rows,), (count,)]


@sparse_fill_empty_rows_op.grad
def _(g_indices, g, g_indicator, g_map, indices, reverse_index_map):
    of_values, of_default = _fill_grad(reverse_index_map, g)
    return None, of_values, None, of_default


@sparse_fill_empty_rows_op.samples
def _(make):
    indices, values, shape = sample(make(4))
    yield indices[:2], values[:2], (3, 4), make()
    yield indices, values, (5, 4), make()
    yield indices[:0], values[:0], (0, 4), make()


@op("SparseFillEmptyRowsGrad", host=True)
def _fill_grad(xp, reverse_index_map, grad_values):
    if reverse_index_map.ndim != 1:
        raise invalid("reverse_index_map must be a vector, saw: %s", shapes.to_brackets(reverse_index_map.shape))
    added = np.ones(len(grad_values), bool)
    added[reverse_index_map] = False
    return grad_values[reverse_index_map], grad_values[added].sum(dtype=grad_values.dtype)


@_fill_grad.shape
def _(reverse_index_map, grad_values):
    of_map, _ = check_ranks((reverse_index_map, 1), (grad_values, 1))
    return [of_map, ()]


@_fill_grad.samples
def _(make):
    if make.dtype not in (dtypes.string, dtypes.bool_):
        yield np.array([0, 1, 3], np.int64), make(5)
