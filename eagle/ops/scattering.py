"""Writing into a tensor by index: scatter_nd and the tensor_scatter functions."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.op import HostShape, op
from .filling import zeros_like
from .gathering import check_nd_range, gather_nd, nd_index


def _check_updates(shape, indices, updates):
    """Raises InvalidArgumentError if updates don't fit where the index vectors point in a tensor of this shape."""
    if len(shape) < 1:
        raise invalid("Output must be at least 1-D, got shape: %s", shapes.to_brackets(shape))
    if not shapes.element_count(shape) and (indices.size or updates.size):
        raise invalid("Indices and updates specified for empty output. indices shape: %s", shapes.to_brackets(indices.shape))
    depth = indices.shape[-1] if indices.ndim else 0
    batch = indices.shape[:-1]
    if depth > len(shape) or updates.shape != batch + shape[depth:]:
        text = (
            "Must have updates.shape = indices.shape[:batch_dim] + params_shape[slice_dim:], got updates.shape: %s, indices.shape: "
        )
        text += "%s, params_shape: %s, slice_dim: %d, and batch_dim: %d"
        raise invalid(text, shapes.to_brackets(updates.shape), shapes.to_brackets(indices.shape), shapes.to_brackets(shape), depth,
                      len(batch))  # fmt: skip
    if indices.size:
        check_nd_range(indices, shape, "indices[%s] = [%s] does not index into shape %s")


def _scattered(xp, target, indices, updates, how):
    """The array `target`, which nobody else refers to, with updates added, subtracted or set where index vectors point."""
    _check_updates(tuple(target.shape), indices, updates)
    index = nd_index(indices) if indices.shape[-1] else (...,)
    if xp is not np:
        at = target.at[index]
        return at.set(updates) if how == "set" else at.add(updates if how == "add" else -updates)
    if not indices.shape[-1]:  # every update is for the whole tensor
        updates = updates.reshape((shapes.element_count(indices.shape[:-1]), *target.shape))
        updates = updates[-1:] if how == "set" else updates
        for u in updates:
            target = u if how == "set" else target + u if how == "add" else target - u
        return target
    if how == "set":
        target[index] = updates
    elif updates.dtype.kind == "b":
        np.logical_or.at(target, index, updates)
    else:
        (np.add if how == "add" else np.subtract).at(target, index, updates)
    return target


def scattered_shape(target, indices, updates, what="shape"):
    """The shape rule of scatters into a tensor; `what` names its shape in messages."""
    if () in (indices, updates):
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    if shapes.element_count(target) == 0 and any(shapes.element_count(s) for s in (indices, updates)):
        raise ValueError("Indices and updates specified for empty output shape")
    if target is None or indices is None or updates is None:
        return target
    depth, batch = indices[-1], len(indices) - 1
    if depth is None:
        return target
    for ours, theirs, text in (
        (indices[:-1], updates[:batch], "The outer %d dimensions of indices.shape=%s must match the outer %d dimensions of updates."
         "shape=%s: %s"),
        (target[depth:], updates[batch:], "The inner %d dimensions of %s.shape=%s must match the inner %d dimensions of updates."
         "shape=%s: %s"),
    ):  # fmt: skip
        if not shapes.compatible(ours, theirs):
            raise ValueError(_mismatch(text, ours, theirs, target, indices, updates, what))
    return target


def _mismatch(text, ours, theirs, target, indices, updates, what):
    why = "Shapes must be equal rank, but are %d and %d" % (len(ours), len(theirs))
    if len(ours) == len(theirs):
        i = next(i for i, (a, b) in enumerate(zip(ours, theirs)) if None not in (a, b) and a != b)
        why = "Dimension %d in both shapes must be equal, but are %d and %d. Shapes are %s and %s." % (
            i, ours[i], theirs[i], shapes.to_brackets(ours), shapes.to_brackets(theirs))  # fmt: skip
    shown = shapes.to_brackets(updates)
    if text.startswith("The outer"):
        return text % (len(ours), shapes.to_brackets(indices), len(theirs), shown, why)
    return text % (len(ours), what, shapes.to_brackets(target), len(theirs), shown, why)


# TensorFlow's runtime has no kernels for text and truth values in some of these ops, and stops the process for them.
_NUMBERS = [dtypes.float32, dtypes.float64, dtypes.float16, dtypes.bfloat16, dtypes.int32, dtypes.int64, dtypes.uint8,
            dtypes.complex64]  # fmt: skip


@op("ScatterNd", sample_types=_NUMBERS)
def _scatter_nd(xp, indices, updates, shape: HostShape):
    target = np.full(shape, b"", object) if updates.dtype == object else xp.zeros(shape, updates.dtype)
    return _scattered(xp, target, indices, updates, "add")


@_scatter_nd.shape
def _(indices, updates, shape):
    return scattered_shape(shape, indices, updates, "output")


@_scatter_nd.grad("updates")
def _(g, indices):
    return gather_nd(g, indices)


@_scatter_nd.samples
def _(make):
    yield np.array([[3], [1], [1]], np.int32), make(3), (5,)
    yield np.array([[[0], [2]]], np.int64), make(1, 2, 3), (3, 3)
    yield np.array([[0, 1], [1, 1]], np.int32), make(2), (2, 2)


scatter_nd = export("scatter_nd", "manip.scatter_nd")(_scatter_nd)


@op("TensorScatterUpdate", sample_types=_NUMBERS)
def _tensor_scatter_update(xp, tensor, indices, updates):
    return _scattered(xp, xp.array(tensor), indices, updates, "set")


@op("TensorScatterAdd", sample_types=_NUMBERS)
def _tensor_scatter_add(xp, tensor, indices, updates):
    return _scattered(xp, xp.array(tensor), indices, updates, "add")


@op("TensorScatterSub", sample_types=_NUMBERS)
def _tensor_scatter_sub(xp, tensor, indices, updates):
    return _scattered(xp, xp.array(tensor), indices, updates, "sub")


@op("ScatterNdNonAliasingAdd", sample_types=_NUMBERS)
def _scatter_nd_non_aliasing_add(xp, input, indices, updates):
    return _scattered(xp, xp.array(input), indices, updates, "add")


for _op in (_tensor_scatter_update, _tensor_scatter_add, _tensor_scatter_sub):

    @_op.shape
    def _(tensor, indices, updates):
        return scattered_shape(tensor, indices, updates, "tensor")


@_scatter_nd_non_aliasing_add.shape
def _(input, indices, updates):
    return scattered_shape(input, indices, updates, "input")


@_tensor_scatter_update.grad("tensor")
def _(g, indices, updates):
    return _tensor_scatter_update(g, indices, zeros_like(updates, dtype=g.dtype))


for _op, _name in ((_tensor_scatter_add, "tensor"), (_tensor_scatter_sub, "tensor"), (_scatter_nd_non_aliasing_add, "input")):
    _op.grad(_name)(lambda g: g)

for _op in (_tensor_scatter_update, _tensor_scatter_add, _scatter_nd_non_aliasing_add):
    _op.grad("updates")(lambda g, indices: gather_nd(g, indices))


@_tensor_scatter_sub.grad("updates")
def _(g, indices):
    return registry["Neg"](gather_nd(g, indices))


for _op in (_tensor_scatter_update, _tensor_scatter_add, _tensor_scatter_sub, _scatter_nd_non_aliasing_add):

    @_op.samples
    def _(make):
        yield make(5), np.array([[3], [1]], np.int32), make(2)
        yield make(3, 3), np.array([[0], [2]], np.int64), make(2, 3)
        yield make(2, 2), np.array([[0, 1]], np.int32), make(1)


tensor_scatter_update = export("tensor_scatter_update", "tensor_scatter_nd_update")(_tensor_scatter_update)
tensor_scatter_add = export("tensor_scatter_add", "tensor_scatter_nd_add")(_tensor_scatter_add)
tensor_scatter_sub = export("tensor_scatter_sub", "tensor_scatter_nd_sub")(_tensor_scatter_sub)
