"""Shapes: asking for them, and changing them without computing anything."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.backprop import sum_to_shape
from ..core.context import here
from ..core.convert import convert, from_array
from ..core.export import export
from ..core.op import Host, HostShape, Shape, op
from ..core.scopes import name_scope


def normal_axis(axis, rank, name="axis"):
    """An axis as a number between 0 and `rank - 1`; raises ValueError if it is out of range."""
    if not -rank <= axis < rank:
        raise ValueError("%s %d not in [%d, %d)" % (name, axis, -rank, rank))
    return axis % rank if rank else 0


# ------------------------------------------------------------------------------------------------------- asking for shapes


@op("Shape")
def _shape(xp, input, *, out_type=dtypes.int32):
    return np.array(input.shape, out_type.np)


@_shape.shape
def _(input):
    return (None if input is None else len(input),)


@_shape.known
def _(node):
    shape = node._inputs[0]._shape
    return [np.array(shape, node.attrs["out_type"].np)] if shapes.is_known(shape) else None


@_shape.partial
def _(node):
    return node._inputs[0]._shape


_shape.not_differentiable()


@_shape.samples
def _(make):
    yield (make(2, 3),)
    yield make(), dict(out_type=dtypes.int64)


@op("ShapeN")
def _shape_n(xp, input, *, out_type=dtypes.int32):
    return [np.array(x.shape, out_type.np) for x in input]


@_shape_n.shape
def _(input):
    return [(None if s is None else len(s),) for s in input]


@_shape_n.known
def _(node):
    found = [t._shape for t in node._inputs]
    return [np.array(s, node.attrs["out_type"].np) for s in found] if all(map(shapes.is_known, found)) else None


_shape_n.not_differentiable()


@_shape_n.samples
def _(make):
    yield ([make(2, 3), make(4)],)


@op("Size")
def _size(xp, input, *, out_type=dtypes.int32):
    return out_type.np.type(input.size)


@_size.shape
def _(input):
    return ()


@_size.known
def _(node):
    count = shapes.element_count(node._inputs[0]._shape)
    return None if count is None else [np.array(count, node.attrs["out_type"].np)]


_size.not_differentiable()


@_size.samples
def _(make):
    yield (make(2, 3),)
    yield make(), dict(out_type=dtypes.int64)


@op("Rank")
def _rank(xp, input):
    return np.int32(input.ndim)


@_rank.shape
def _(input):
    return ()


@_rank.known
def _(node):
    shape = node._inputs[0]._shape
    return None if shape is None else [np.array(len(shape), np.int32)]


_rank.not_differentiable()


@_rank.samples
def _(make):
    yield (make(2, 3),)


@export("shape")
def shape(input, name=None, out_type=dtypes.int32):
    """The shape of a tensor as an integer vector.

    In a graph a shape that is fully known becomes a constant.

    Args:
      input: a tensor or sparse tensor.
      name: the name of the node.
      out_type: int32 or int64.
    """
    with name_scope(name, "Shape", [input]) as scope:
        if not here.eager:
            input = convert(input)
            if shapes.is_known(input._shape):
                return from_array(np.array(input._shape, dtypes.as_dtype(out_type).np), scope)
        return _shape(input, out_type=out_type, name=scope)


# ------------------------------------------------------------------------------------------------------------- reshaping


@op("Reshape")
def _reshape(xp, tensor, shape: HostShape):
    return tensor.reshape(shape)


@_reshape.shape
def _(tensor, shape):
    if shape is None:
        return None
    count = shapes.element_count(tensor)
    known_part = shapes.element_count(tuple(d for d in shape if d is not None))
    unknown = shape.count(None)
    if count is None or unknown > 1 or (unknown and not known_part):
        return shape
    if unknown:
        if count % known_part:
            raise ValueError("Dimension size must be evenly divisible by %d but is %d" % (known_part, count))
        return tuple(count // known_part if d is None else d for d in shape)
    if known_part != count:
        raise ValueError(
            "Cannot reshape a tensor with %d elements to shape %s (%d elements)" % (count, shapes.to_brackets(shape), known_part)
        )
    return shape


@_reshape.explains
def _(values):
    tensor, shape = values
    missing = [i for i, d in enumerate(shape) if d == -1]
    if len(missing) > 1:
        return "Only one input size may be -1, not both %d and %d" % tuple(missing[:2])
    for i, d in enumerate(shape):
        if d < -1:
            return "Size %d must be non-negative, not %d" % (i, d)
    count = shapes.element_count(tuple(d for d in shape if d >= 0))
    if missing:
        text = "Input to reshape is a tensor with %d values, but the requested shape requires a multiple of %d"
        return text % (tensor.size, count)
    return "Input to reshape is a tensor with %d values, but the requested shape has %d" % (tensor.size, count)


@_reshape.grad("tensor")
def _(g, tensor: Shape):
    return _reshape(g, tensor)


@_reshape.samples
def _(make):
    yield make(2, 3), (3, 2)
    yield make(2, 3), (-1,)
    yield make(), (1, 1)


@export("reshape", "manip.reshape")
def reshape(tensor, shape, name=None):
    """The elements of a tensor in another shape.

    Args:
      tensor: a tensor.
      shape: an int vector; one element may be -1 and follows from the others.
      name: the name of the node.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): the number of elements does not fit.
    """
    return _reshape(tensor, shape, name=name)


@op("BroadcastTo")
def _broadcast_to(xp, input, shape: HostShape):
    return xp.broadcast_to(input, shape)


@_broadcast_to.shape
def _(input, shape):
    return shape


@_broadcast_to.grad("input")
def _(g, input: Shape):
    return sum_to_shape(g, input)


@_broadcast_to.samples
def _(make):
    yield make(3), (2, 3)
    yield make(2, 1), (2, 3)


broadcast_to = export("broadcast_to")(_broadcast_to)


@op("BroadcastGradientArgs")
def _broadcast_gradient_args(xp, s0: Host, s1: Host, *, T=dtypes.int32):
    out = np.broadcast_shapes(s0, s1)
    return [np.array(_summed_axes(s, out), T.np) for s in (s0, s1)]


def _summed_axes(shape, out):
    """The axes along which an operand of this shape was stretched to the shape `out`."""
    ahead = len(out) - len(shape)
    return [i for i in range(len(out)) if i < ahead or shape[i - ahead] == 1]


@_broadcast_gradient_args.shape
def _(s0, s1):
    return [(None,), (None,)]


_broadcast_gradient_args.not_differentiable()


@_broadcast_gradient_args.samples
def _(make):
    yield np.array([2, 3], np.int32), np.array([3], np.int32)
    yield np.array([2, 1], np.int32), np.array([1, 4], np.int32)


@op("EagleSumLike", definition="EagleSumLike(g: T, like: T) -> (sum: T) | T: type | gradient")
def _sum_like(xp, g, like):
    """A gradient summed over the dimensions along which its operand, `like`, was broadcast."""
    if g.shape == like.shape:
        return g
    axes = tuple(_summed_axes(like.shape, g.shape))
    return xp.sum(g, axis=axes, dtype=g.dtype).reshape(like.shape)


@_sum_like.shape
def _(g, like):
    return like


@_sum_like.grad("g")
def _(grad, g: Shape):
    return broadcast_to(grad, g)


@_sum_like.samples
def _(make):
    yield make(2, 3), make(3)
    yield make(2, 3), make(2, 1)
    yield make(2, 3), make(2, 3)
