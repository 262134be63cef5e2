"""Reductions: sums, means, extremes and logical ones along some or all axes."""

import numpy as np

from ..core import shape as shapes
from ..core.context import here
from ..core.convert import convert, from_array
from ..core.deprecation import one_of
from ..core.dispatch import registry
from ..core.export import export
from ..core.op import Host, Shape, op
from ..core.tensor import EagerTensor
from .shaping import broadcast_to, reshape


def _normal_axes(rank, axes):
    """The axes of a reduction as a list of non-negative ints."""
    axes = axes if type(axes) is tuple else (axes,)
    for a in axes:
        if not -rank <= a < rank:
            raise ValueError("Invalid reduction dimension %d for input with %d dimensions." % (a, rank))
    return [a % rank for a in axes]


def reduced_shape(input, reduction_indices, *, keep_dims):
    """The shape rule of reductions."""
    if input is None:
        return None
    if reduction_indices is None:
        return (None,) * len(input) if keep_dims else None
    axes = _normal_axes(len(input), reduction_indices)
    if keep_dims:
        return tuple(1 if i in axes else d for i, d in enumerate(input))
    return tuple(d for i, d in enumerate(input) if i not in axes)


def bad_axis(values):
    """TensorFlow's message for axes that the input does not have."""
    input, axes = values
    for a in axes if type(axes) is tuple else (axes,):
        if not -input.ndim <= a < input.ndim:
            return "Invalid reduction dimension (%d for input with %d dimension(s)" % (a, input.ndim)
    return "Invalid reduction arguments: Axes contains duplicate dimension: %s" % shapes.to_brackets(axes)


# Of Eagle's own: the shape of a reduction's output if it keeps its dimensions.
_KEPT_SHAPE = (
    "EagleKeptShape(shape: S, axes: Tidx) -> (kept: int32) | S: type in [int32,int64] = 'int32'; "
    "Tidx: type in [int32,int64] = 'int32' | gradient"
)


def spread(g, shape, axes, keep_dims):
    """A value of a reduction's output shape, such as its gradient, spread over the shape of its input.

    Args:
      g: the tensor.
      shape: the input's shape, as a tuple or a tensor.
      axes: the reduced axes, as ints or a tensor.
      keep_dims: whether the reduction kept them.
    """
    if type(shape) is not tuple or type(axes) not in (tuple, int):
        return broadcast_to(g if keep_dims else reshape(g, _kept_shape(shape, axes)), shape)
    if not keep_dims and shape:
        axes = _normal_axes(len(shape), axes)
        g = reshape(g, tuple(1 if i in axes else d for i, d in enumerate(shape)))
    return broadcast_to(g, shape)


@op("EagleKeptShape", definition=_KEPT_SHAPE)
def _kept_shape(xp, shape: Host, axes: Host):
    axes = _normal_axes(len(shape), axes)
    return np.array([1 if i in axes else d for i, d in enumerate(shape)], np.int32)


@_kept_shape.shape
def _(shape, axes):
    return (None if shape is None else len(shape),)


_kept_shape.not_differentiable()


@_kept_shape.samples
def _(make):
    yield np.array([2, 3, 4], np.int32), np.array([-1, 0], np.int32)


@op("Sum", promotes=True)
def _sum(xp, input, reduction_indices: Host, *, keep_dims=False):
    return (
        xp.add.reduce(input, reduction_indices, keepdims=keep_dims)
        if xp is np
        else xp.sum(input, reduction_indices, keepdims=keep_dims)
    )


_sum.shape(reduced_shape)
_sum.explains(bad_axis)


@_sum.grad("input")
def _(g, input: Shape, reduction_indices, *, keep_dims):
    return spread(g, input, reduction_indices, keep_dims)


@_sum.samples
def _(make):
    yield make(2, 3), 0
    yield make(2, 3), (0, 1), dict(keep_dims=True)
    yield make(2, 3, 4), (-1, 0)
    yield make(2, 3), ()
    yield make(), ()
    yield make(0, 3), 0


def reduction_axes(input, axis):
    """The axes of a reduction: those given or, spelled out as TensorFlow does in a graph, all of them."""
    if axis is not None:
        return axis
    if here.eager:
        return tuple(range(input._v.ndim if type(input) is EagerTensor else convert(input)._v.ndim))
    input = convert(input)
    rank = input._rank()
    if rank is not None:
        return from_array(np.arange(rank, dtype=np.int32))
    return registry["Range"](0, registry["Rank"](input), 1, name="range")


@export("reduce_sum", "math.reduce_sum")
def reduce_sum(input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None, keep_dims=None):
    """The sum of the elements of a tensor along axes.

    Args:
      input_tensor: a numeric tensor.
      axis: an axis or several; by default all.
      keepdims: whether summed axes stay, with size 1.
      name: the name of the node.
      reduction_indices, keep_dims: old spellings of `axis` and `keepdims`.
    """
    axis = one_of("axis", axis, "reduction_indices", reduction_indices)
    keepdims = one_of("keepdims", keepdims, "keep_dims", keep_dims)
    return _sum(input_tensor, reduction_axes(input_tensor, axis), keep_dims=bool(keepdims), name=name)
