"""Ops that change slices of variables: scatter_update, scatter_add, ..., scatter_nd_add, ..., and slice assignment."""

import numpy as np

from ..core import shape as shapes
from ..core.errors import UnimplementedError, invalid
from ..core.op import Host
from ..core.tracing import is_traced, require
from .slicing import checked_index, sliced_shape
from .updates import update


def occurrences(indices):
    """Splits positions of a flat list of indices so that in each part every index comes once, earlier occurrences first."""
    order = np.argsort(indices, kind="stable")
    ordered = indices[order]
    if ordered.size < 2 or (ordered[1:] != ordered[:-1]).all():
        return [slice(None)]
    begins = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    lengths = np.diff(np.concatenate([begins, [ordered.size]]))
    rank = np.empty(ordered.size, np.int64)
    rank[order] = np.arange(ordered.size) - np.repeat(begins, lengths)
    return [np.flatnonzero(rank == r) for r in range(lengths.max())]


def check_rows(indices, count):
    """Raises InvalidArgumentError if an index is none of `count` rows."""
    wrong = (indices < 0) | (indices >= count)
    if is_traced(wrong):
        require(~wrong, lambda: invalid("an index is out of range"))
    elif wrong.any():
        place = np.unravel_index(int(np.argmax(wrong)), indices.shape)
        text = "[%s]" % ",".join(map(str, place)) if indices.ndim else ""
        raise invalid("indices%s = %d is not in [0, %d)", text, indices[place], count)


# ----------------------------------------------------------------------------------------------------- rows of a variable


def _check(op, values, inputs):
    """What TensorFlow checks before it changes rows; there the indices are checked one by one."""
    params, (indices, updates) = values[0], inputs
    if op.is_on_refs:
        if not params.ndim:
            raise invalid("params must be at least 1-D, got shape []")
        if updates.ndim and updates.shape != indices.shape + params.shape[1:]:
            raise invalid(
                "Must have updates.shape = indices.shape + params.shape[1:] or updates.shape = [], got updates.shape %s, "
                "indices.shape %s, params.shape %s",
                *map(shapes.to_brackets, (updates.shape, indices.shape, params.shape)),
            )
    elif indices.size and updates.ndim and updates.size != indices.size * int(np.prod(params.shape[1:])):
        raise invalid("shape of indices (%s) is not compatible with the shape of updates (%s)",
                      shapes.to_brackets(indices.shape), shapes.to_brackets(updates.shape))  # fmt: skip
    check_rows(indices if is_traced(indices) else np.asarray(indices), params.shape[0])


def _shape(ref, indices, updates):
    if ref is not None and indices is not None and updates != ():
        shapes.agree(updates, indices + shapes.with_rank_at_least(ref, 1)[1:])
    return ref


def _truncating_divide(a, b):
    """The quotient of integers, rounded towards zero as in C."""
    quotient = np.abs(a) // np.abs(b)
    return np.where((a < 0) != (b < 0), -quotient, quotient).astype(a.dtype)


def _divide_rows(ref, indices, updates):
    if ref.dtype.kind not in "iu":
        np.divide.at(ref, indices, updates)
        return
    if not np.all(updates):
        raise invalid("Integer division by zero")
    indices, updates = np.ravel(indices), np.broadcast_to(updates, np.shape(indices) + ref.shape[1:])
    updates = updates.reshape(indices.shape + ref.shape[1:])
    for part in occurrences(indices):
        ref[indices[part]] = _truncating_divide(ref[indices[part]], updates[part])


def _assign_rows(ref, indices, updates):
    ref[indices] = updates


def _subtract_rows(ref, indices, updates):
    (np.logical_xor if ref.dtype.kind == "b" else np.subtract).at(ref, indices, updates)


# Name of the op -> what writes into an array, the method of `jax.numpy`'s `array.at[indices]`.
_WAYS = {
    "Update": (_assign_rows, "set"),
    "Add": (np.add.at, "add"),
    "Sub": (_subtract_rows, "subtract"),
    "Mul": (np.multiply.at, "multiply"),
    "Div": (_divide_rows, "divide"),
    "Min": (np.minimum.at, "min"),
    "Max": (np.maximum.at, "max"),
}


def _declare(way):
    write, method = _WAYS[way]

    def in_place(ref, indices, updates):
        if updates.ndim:
            updates = updates.reshape(np.shape(indices) + ref.shape[1:])
        write(ref, indices, updates)

    options = dict(changes=1, check=_check, ignores=("use_locking",))

    @update("Scatter" + way, "ResourceScatter" + way, **options)
    def declared(xp, ref, indices, updates):
        if xp is np:
            ref = np.array(ref)
            in_place(ref, indices, updates)
            return (ref,)
        if method == "divide" and ref.dtype.kind in "iu":
            return (ref.at[indices].set(_truncating_divide(ref[indices], updates)),)
        return (getattr(ref.at[indices], method)(updates),)

    declared.in_place(in_place)
    declared.shape(_shape)
    declared.not_differentiable()

    @declared.samples
    def _(make):
        yield make(4, 3), np.array([3, 0], np.int32), make(2, 3)
        yield make(4), np.array([1, 1, 3], np.int64), make(3)
        yield make(4, 2), np.array([[0, 2]], np.int32), make(1, 2, 2)
        yield make(4, 2), np.array([2, 1], np.int32), make()


for _way in _WAYS:
    _declare(_way)


# ------------------------------------------------------------------------------------------- elements and slices: scatter_nd


def check_nd(shape, indices, updates):
    """Raises InvalidArgumentError if `indices` and `updates` don't fit an array of this shape."""
    if not shape:
        raise invalid("Output must be at least 1-D, got shape: []")
    if 0 in shape and (indices.size or updates.size):
        raise invalid("Indices and updates specified for empty output.  indices shape: %s", shapes.to_brackets(indices.shape))
    if indices.shape[:1] != updates.shape[:1]:
        raise invalid("The outermost dimension of updates and indices must match. Got indices.shape %s, updates.shape %s",
                      shapes.to_brackets(indices.shape), shapes.to_brackets(updates.shape))  # fmt: skip
    depth, outer = (indices.shape[-1], indices.ndim - 1) if indices.ndim > 1 else (1, 1)
    if updates.shape != indices.shape[:outer] + shape[depth:] or depth > len(shape):
        raise invalid(
            "Must have updates.shape = indices.shape[:batch_dim] + params_shape[slice_dim:], got updates.shape: %s, "
            "indices.shape: %s, params_shape: %s, slice_dim: %d, and batch_dim: %d",
            *map(shapes.to_brackets, (updates.shape, indices.shape, shape)), depth, outer)  # fmt: skip
    wrong = ((indices < 0) | (indices >= np.array(shape[:depth], np.int64))).reshape(*indices.shape[:outer], -1).any(-1)
    if wrong.any():
        place = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
        text = "[%s]" % ",".join(map(str, place)) if indices.ndim > 1 else "[%d]" % place
        raise invalid("indices%s = [%s] does not index into shape %s", text, ", ".join(map(str, np.ravel(indices[place]))),
                      shapes.to_brackets(shape))  # fmt: skip


def _check_nd(op, values, inputs):
    check_nd(values[0].shape, *inputs)


def _nd_shape(ref, indices, updates):
    indices, updates = shapes.with_rank_at_least(indices, 1), shapes.with_rank_at_least(updates, 1)
    if ref is not None and 0 in ref and any(s is not None and shapes.element_count(s) for s in (indices, updates)):
        raise ValueError("Indices and updates specified for empty output shape")
    if indices is None or updates is None or indices[-1] is None:
        return ref
    depth, outer = indices[-1], len(indices) - 1
    _agree_nd("outer", outer, "indices.shape", indices, "updates.shape", updates, indices[:outer], updates[:outer])
    if ref is not None:
        inner = len(ref) - depth
        _agree_nd("inner", inner, "input.shape", ref, "updates.shape", updates, ref[depth:], updates[outer:])
    return ref


def _agree_nd(side, count, first_name, first, second_name, second, a, b):
    try:
        shapes.agree(a, b)
    except ValueError as e:
        raise ValueError("The %s %d dimensions of %s=%s must match the %s %d dimensions of %s=%s: %s"
                         % (side, count, first_name, shapes.to_brackets(first), side, count, second_name,
                            shapes.to_brackets(second), e)) from None  # fmt: skip


def _declare_nd(way):
    write, method = _WAYS[way]

    def place(indices):
        return tuple(indices[..., i] for i in range(indices.shape[-1])) if indices.ndim > 1 else (indices,)

    def in_place(ref, indices, updates):
        write(ref, place(indices), updates)

    @update("ScatterNd" + way, "ResourceScatterNd" + way, changes=1, check=_check_nd, ignores=("use_locking",))
    def declared(xp, ref, indices, updates):
        if xp is np:
            ref = np.array(ref)
            in_place(ref, indices, updates)
            return (ref,)
        return (getattr(ref.at[place(indices)], method)(updates),)

    declared.in_place(in_place)
    declared.shape(_nd_shape)
    declared.not_differentiable()

    @declared.samples
    def _(make):
        yield make(4), np.array([[3], [0]], np.int32), make(2)
        yield make(3, 2), np.array([[1], [1]], np.int64), make(2, 2)
        yield make(3, 2), np.array([[[2, 1]], [[0, 0]]], np.int32), make(2, 1)


for _way in ("Update", "Add", "Sub"):
    _declare_nd(_way)


# ----------------------------------------------------------------------------------------------------------- v[1:3].assign


_NO_MASKS = dict.fromkeys(("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask"), 0)


def _check_slice(op, values, inputs, **masks):
    masks = {**_NO_MASKS, **masks}
    shape, (begin, end, strides, value) = values[0].shape, inputs
    checked_index(shape, begin, end, strides, **masks)
    try:
        final = sliced_shape(shape, begin, end, strides, **masks)
    except ValueError as e:
        raise invalid(str(e)) from None
    if 0 not in final and final != value.shape:
        message = "sliced l-value shape %s does not match r-value shape %s. Automatic broadcasting not yet implemented."
        raise UnimplementedError(None, None, message % (shapes.to_brackets(final), shapes.to_brackets(value.shape)))


@update("StridedSliceAssign", "ResourceStridedSliceAssign", changes=1, check=_check_slice)
def _strided_slice_assign(xp, ref, begin: Host, end: Host, strides: Host, value, *, begin_mask=0, end_mask=0, ellipsis_mask=0,
                          new_axis_mask=0, shrink_axis_mask=0):  # fmt: skip
    index = checked_index(ref.shape, begin, end, strides, begin_mask=begin_mask, end_mask=end_mask, ellipsis_mask=ellipsis_mask,
                          new_axis_mask=new_axis_mask, shrink_axis_mask=shrink_axis_mask)  # fmt: skip
    if xp is not np:
        return (ref.at[index].set(value),)
    ref = np.array(ref)
    ref[index] = value
    return (ref,)


@_strided_slice_assign.in_place
def _(ref, begin, end, strides, value, **masks):
    ref[checked_index(ref.shape, begin, end, strides, **{**_NO_MASKS, **masks})] = value


@_strided_slice_assign.shape
def _(ref, begin, end, strides, value):
    return ref


@_strided_slice_assign.samples
def _(make):
    yield make(3, 4), (1, 0), (3, 2), (1, 1), make(2, 2)
    yield make(2, 3), (1, 0), (0, 3), (1, 1), make(3), dict(shrink_axis_mask=1)
    yield make(4), (3,), (0,), (-2,), make(2)
    yield make(), np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int32), make()
