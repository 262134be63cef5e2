"""Reductions of sparse tensors."""

import numpy as np

from ..core.errors import invalid
from ..core.op import Host, HostShape, op
from .cast import cast
from .gathering import gather_nd
from .kept_shape import kept_shape
from .shaping import reshape
from .sparse_parts import check_parts, places, row_major, sample


def _axes(axes, rank):
    """The axes of a reduction as a set of numbers from 0 on."""
    axes = axes if type(axes) is tuple else (axes,)
    for a in axes:
        if not -rank <= a < rank:
            raise invalid("Invalid reduction dimension %d, for input with %d dimensions.", a, rank)
    return {a % rank for a in axes}


def _grouped(function, indices, values, shape, axes):
    """The indices of the result, without the reduced dimensions, and its values; the dimensions that remain."""
    check_parts(indices, values, shape)
    axes = _axes(axes, len(shape))
    kept = [d for d in range(len(shape)) if d not in axes]
    order = row_major(indices[:, kept])
    groups = indices[order][:, kept]
    at = places(groups, [shape[d] for d in kept])
    starts = np.flatnonzero(np.concatenate([[True], np.diff(at) != 0])) if len(at) else np.zeros(0, int)
    reduced = function.reduceat(values[order], starts) if len(at) else values
    return groups[starts], reduced.astype(values.dtype, copy=False), kept


def _to_dense(function, indices, values, shape, axes, keep_dims):
    groups, reduced, kept = _grouped(function, indices, values, shape, axes)
    sizes = [shape[d] for d in kept]
    out = np.zeros(sizes, values.dtype)
    out.reshape(-1)[places(groups, sizes)] = reduced
    return out.reshape([d if i in kept else 1 for i, d in enumerate(shape)]) if keep_dims else out[()]


def _to_sparse(function, indices, values, shape, axes, keep_dims):
    groups, reduced, kept = _grouped(function, indices, values, shape, axes)
    if not keep_dims:
        return groups, reduced, np.array([shape[d] for d in kept], np.int64)
    full = np.zeros((len(groups), len(shape)), np.int64)
    full[:, kept] = groups
    return full, reduced, np.array([d if i in kept else 1 for i, d in enumerate(shape)], np.int64)


def _declare(name, function):
    """Declares a reduction to a dense tensor and the one to a sparse tensor."""

    @op(name, host=True)
    def dense(xp, input_indices, input_values, input_shape: HostShape, reduction_axes: Host, *, keep_dims=False):
        return _to_dense(function, input_indices, input_values, input_shape, reduction_axes, keep_dims)

    @dense.shape
    def _(input_indices, input_values, input_shape, reduction_axes, *, keep_dims):
        if input_shape is None or reduction_axes is None or None in input_shape:
            return None
        axes = _axes(reduction_axes, len(input_shape))
        if keep_dims:
            return tuple(1 if i in axes else d for i, d in enumerate(input_shape))
        return tuple(d for i, d in enumerate(input_shape) if i not in axes)

    @op(name + "Sparse", host=True)
    def sparse(xp, input_indices, input_values, input_shape: HostShape, reduction_axes: Host, *, keep_dims=False):
        return _to_sparse(function, input_indices, input_values, input_shape, reduction_axes, keep_dims)

    @sparse.shape
    def _(input_indices, input_values, input_shape, reduction_axes):
        return [None, None, None]

    for declared in (dense, sparse):

        @declared.samples
        def _(make):
            yield *sample(make(4)), (0,)
            yield *sample(make(4)), (-1,), dict(keep_dims=True)
            yield *sample(make(4)), (1, 0)
            yield *sample(make(4)), ()

    return dense, sparse


sparse_reduce_sum, sparse_reduce_sum_sparse = _declare("SparseReduceSum", np.add)
sparse_reduce_max, sparse_reduce_max_sparse = _declare("SparseReduceMax", np.maximum)


@sparse_reduce_sum.grad("input_values")
def _(g, input_indices, input_shape, reduction_axes):
    shape = cast(input_shape, "int64")
    kept = cast(kept_shape(shape, cast(reduction_axes, "int32")), "int64")
    return gather_nd(reshape(g, kept), input_indices // (shape // kept))
