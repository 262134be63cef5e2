"""Shapes: asking for them, and changing them without computing anything."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.backprop import sum_to_shape, sum_value_to_shape
from ..core.context import here, process
from ..core.convert import convert, from_array
from ..core.deprecation import one_of
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.op import Host, HostShape, Shape, op
from ..core.scopes import name_scope
from ..core.sparse_tensor import is_sparse
from ..core.tensor import EagerTensor, from_value
from ..core.versions import shortcut, versioned
from .doors import finish, unary


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
    if type(input) is EagerTensor and (not process.busy or here.eager):
        return from_value(np.array(input._v.shape, dtypes.as_dtype(out_type).np))
    return shape_of(input, name, out_type=out_type)


def shape_of(input, name=None, optimize=True, out_type=dtypes.int32):
    """`tf.shape`; without `optimize` a shape that is fully known becomes no constant."""
    with name_scope(name, "Shape", [input]) as scope:
        if is_sparse(input):
            return _cast_sizes(input.dense_shape, out_type)
        if not here.eager:
            input = convert(input)
            if optimize and shapes.is_known(input._shape):
                return from_array(np.array(input._shape, dtypes.as_dtype(out_type).np), scope)
        return _shape(input, out_type=out_type, name=scope)


def _cast_sizes(sizes, out_type):
    """The shape of a sparse tensor, which is of type int64, in another type."""
    return registry["Cast"](sizes, DstT=out_type)


shape_n = export("shape_n")(lambda input, out_type=dtypes.int32, name=None: _shape_n(input, out_type=out_type, name=name))


def size_of(input, name=None, optimize=True, out_type=dtypes.int32):
    """`tf.size`; without `optimize` a size that is known becomes no constant."""
    out_type = dtypes.as_dtype(out_type)
    with name_scope(name, "Size", [input]) as scope:
        if is_sparse(input):
            return registry["Prod"](_cast_sizes(input.dense_shape, out_type), 0, name=scope)
        input = convert(input)
        static = input._shape
        if here.eager:
            return from_value(out_type.np.type(input._v.size))
        if optimize and shapes.is_known(static):
            return from_array(np.array(shapes.element_count(static), out_type.np), scope)
        if optimize and static is not None and 0 in static:
            return from_array(np.array(0, out_type.np), scope)
        return _size(input, out_type=out_type, name=scope)


_general_size = versioned(size_of)


@export("size")
@shortcut(_general_size)
def size(input, name=None, out_type=dtypes.int32):
    """The number of elements of a tensor, a scalar.

    Args:
      input: a tensor or sparse tensor.
      name: the name of the node.
      out_type: int32 or int64.
    """
    if type(input) is EagerTensor and (not process.busy or here.eager):
        return from_value(dtypes.as_dtype(out_type).np.type(input._v.size))
    return _general_size(input, name=name, out_type=out_type)


def rank_of(input, name=None, optimize=True):
    """`tf.rank`; without `optimize` a rank that is known becomes no constant."""
    with name_scope(name, "Rank", [input]) as scope:
        if is_sparse(input):
            return _size(convert(input.dense_shape), name=scope)
        input = convert(input)
        if here.eager:
            return from_value(np.int32(input._v.ndim))
        if optimize and input._shape is not None:
            return from_array(np.array(len(input._shape), np.int32), scope)
        return _rank(input, name=scope)


_general_rank = versioned(rank_of)


@export("rank")
@shortcut(_general_rank)
def rank(input, name=None):
    """The number of dimensions of a tensor, an int32 scalar.

    Args:
      input: a tensor or sparse tensor.
      name: the name of the node.
    """
    if type(input) is EagerTensor and (not process.busy or here.eager):
        return from_value(np.int32(input._v.ndim))
    return _general_rank(input, name=name)


# ------------------------------------------------------------------------------------------------------------- reshaping


@op("Reshape")
def _reshape(xp, tensor, shape: HostShape):
    if type(shape) is not tuple or shape and type(shape[0]) is tuple:
        raise invalid("sizes input must be 1-D, not %s", shapes.to_brackets(np.shape(shape)))
    if shape and min(shape) < 0:
        shape = _completed(tensor, shape)
    return tensor.reshape(shape)


def _completed(tensor, shape):
    """The target shape of a reshape with the size that follows in the place of -1."""
    if min(shape) < -1 or shape.count(-1) > 1:
        raise ValueError
    if 0 not in shape:
        return shape
    at = shape.index(-1)  # of tensors without elements only the sizes that are not 0 count
    count = shapes.element_count(tuple(d for d in tensor.shape if d))
    return (*shape[:at], count // shapes.element_count(tuple(d for d in shape if d > 0)), *shape[at + 1 :])


@_reshape.shape
def _(tensor, shape):
    if shape is None or tensor is None:
        return shape
    have, unknown_here = _known_product(tensor)
    want, unknown_there = _known_product(shape)
    if unknown_here + unknown_there > 1:
        return shape
    if unknown_there and want:
        return tuple(_divided(have, want) if d is None else d for d in shape)
    if unknown_here and have:
        _divided(want, have)
    elif not unknown_here and not unknown_there and have != want:
        text = "Cannot reshape a tensor with %d elements to shape %s (%d elements)"
        raise ValueError(text % (have, shapes.to_brackets(shape), want))
    return shape


def _known_product(shape):
    """The product of the known sizes of a shape, and how many sizes are unknown."""
    return shapes.element_count(tuple(d for d in shape if d is not None)), shape.count(None)


def _divided(count, by):
    if count % by:
        raise ValueError("Dimension size must be evenly divisible by %d but is %d" % (by, count))
    return count // by


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
    if missing and count:
        text = "Input to reshape is a tensor with %d values, but the requested shape requires a multiple of %d"
        return text % (tensor.size, count)
    return "Input to reshape is a tensor with %d values, but the requested shape has %d" % (tensor.size, count)


def _reshape_value(g, shape):
    return g.reshape(shape)


@_reshape.grad("tensor", _reshape_value)
def _(g, tensor: Shape):
    return _reshape(g, tensor)


@_reshape.samples
def _(make):
    yield make(2, 3), (3, 2)
    yield make(2, 3), (-1,)
    yield make(), (1, 1)
    yield make(2, 0), (-1, 0)


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
    if type(tensor) is EagerTensor and (not process.busy or here.eager) and (type(shape) is list or type(shape) is tuple):
        try:
            if not shape or min(shape) >= -1:
                return finish(_reshape, (tensor, shape), tensor._v.reshape(shape))
        except (TypeError, ValueError):  # the long way has the message
            pass
    return _reshape(tensor, shape, name=name)


reshape.op = _reshape


# ------------------------------------------------------------------------------------------------- dimensions of size 1


def _single_number(dim):
    """The axis that a host value, a number or a vector of one number, stands for; None if it is neither."""
    if type(dim) is tuple:
        return dim[0] if len(dim) == 1 and type(dim[0]) is int else None
    return dim


@op("ExpandDims")
def _expand_dims(xp, input, dim: Host):
    axis = _single_number(dim)
    if axis is None:
        raise invalid("'dim' must be a tensor with a single value")
    rank = input.ndim
    if not -rank - 1 <= axis <= rank:
        raise invalid("Tried to expand dim index %d for tensor with %d dimensions.", axis, rank)
    return input[(slice(None),) * (axis % (rank + 1)) + (None,)]


@_expand_dims.shape
def _(input, dim):
    if dim is None or input is None:
        return None
    axis = _single_number(dim)
    if axis is None:
        raise ValueError("'dim' input must be a tensor with a single value")
    rank = len(input)
    if not -rank - 1 <= axis <= rank:
        raise ValueError("dim %d not in the interval [%d, %d]." % (axis, -rank - 1, rank))
    axis %= rank + 1
    return (*input[:axis], 1, *input[axis:])


@_expand_dims.grad("input", _reshape_value)
def _(g, input: Shape):
    return _reshape(g, input)


@_expand_dims.samples
def _(make):
    yield make(2, 3), 1
    yield make(2, 3), (-1,)
    yield make(), 0


_general_expand_dims = versioned(_expand_dims)


@export("expand_dims")
@shortcut(_general_expand_dims)
def expand_dims(input, axis=None, name=None, dim=None):
    """A tensor with one more dimension, of size 1.

    Args:
      input: a tensor.
      axis: an int scalar in `[-rank-1, rank]`: where the new dimension stands in the result.
      name: the name of the node.
      dim: an old spelling of `axis`.

    Raises:
      ValueError: no axis is given, or it is given twice.
      InvalidArgumentError (in a graph ValueError where the rank is known): the axis is out of range.
    """
    axis = one_of("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("Must specify an axis argument to tf.expand_dims()")
    if type(input) is EagerTensor and type(axis) is int and (not process.busy or here.eager):
        v = input._v
        if -v.ndim - 1 <= axis <= v.ndim:
            value = v[None] if not axis else v[(slice(None),) * (axis % (v.ndim + 1)) + (None,)]
            return finish(_expand_dims, (input, axis), value)
    return _general_expand_dims(input, axis, name=name)


@op("Squeeze")
def _squeeze(xp, input, *, squeeze_dims=()):
    shape = input.shape
    rank = len(shape)
    for axis in squeeze_dims:
        if not -rank <= axis < rank:
            raise invalid("Tried to squeeze dim index %d for tensor with %d dimensions.", axis, rank)
        if shape[axis] != 1:
            raise invalid("Can not squeeze dim[%d], expected a dimension of 1, got %d", axis % rank, shape[axis])
    away = {a % rank for a in squeeze_dims}
    kept = tuple([d for i, d in enumerate(shape) if (i not in away if away else d != 1)])
    return input.reshape(kept)


@_squeeze.shape
def _(input, *, squeeze_dims):
    if input is None:
        return None
    rank = len(input)
    for axis in squeeze_dims:
        if not -rank <= axis < rank:
            raise ValueError("squeeze_dims[%d] not in [%d,%d)." % (squeeze_dims.index(axis), -rank, rank))
        if input[axis] not in (1, None):
            raise ValueError("Can not squeeze dim[%d], expected a dimension of 1, got %d" % (axis % rank, input[axis]))
    if not squeeze_dims:
        return None if None in input else tuple(d for d in input if d != 1)
    away = {a % rank for a in squeeze_dims}
    return tuple(d for i, d in enumerate(input) if i not in away)


@_squeeze.grad("input", _reshape_value)
def _(g, input: Shape):
    return _reshape(g, input)


@_squeeze.samples
def _(make):
    yield (make(2, 1, 3, 1),)
    yield make(1, 2, 1), dict(squeeze_dims=(-1,))
    yield make(1, 2, 1), dict(squeeze_dims=(2, 0))
    yield (make(1, 1),)


_squeeze_all = unary(_squeeze, "input")


@versioned
def _general_squeeze(input, axis, name):
    """`squeeze` of anything that it works with."""
    if axis is None:
        return _squeeze_all(input, name)
    return _squeeze(input, squeeze_dims=[axis] if np.isscalar(axis) else axis, name=name)


@export("squeeze")
@shortcut(_general_squeeze)
def squeeze(input, axis=None, name=None, squeeze_dims=None):
    """A tensor without dimensions of size 1.

    Args:
      input: a tensor.
      axis: an int or list of ints: the dimensions to remove; by default all of size 1.
      name: the name of the node.
      squeeze_dims: an old spelling of `axis`.

    Raises:
      ValueError: `axis` is given twice.
      InvalidArgumentError (in a graph ValueError where the shape is known): a dimension is not of size 1, or there is none such.
    """
    axis = one_of("axis", axis, "squeeze_dims", squeeze_dims)
    if axis is None and type(input) is EagerTensor:
        return _squeeze_all(input, name)
    return _general_squeeze(input, axis, name)


# --------------------------------------------------------------------------------------------------------- broadcasting


@op("BroadcastTo")
def _broadcast_to(xp, input, shape: HostShape):
    if len(shape) < input.ndim:
        raise invalid("Rank of input (%d) must be no greater than rank of output shape (%d).", input.ndim, len(shape))
    return xp.broadcast_to(input, shape)


@_broadcast_to.explains
def _(values):
    input, shape = values
    for d in shape:
        if d < 0:
            return "Dimension %d must be >= 0" % d
    if shapes.broadcast(input.shape, shape) is not shapes.CONTRADICTION:
        text = "Unable to broadcast tensor of shape %s to tensor of shape %s"
        return text % (shapes.to_brackets(input.shape), shapes.to_brackets(shape))
    return "Incompatible shapes: %s vs. %s" % (shapes.to_brackets(input.shape), shapes.to_brackets(shape))


@_broadcast_to.shape
def _(input, shape):
    if shape is None or input is None:
        return shape
    if len(input) > len(shape):
        raise ValueError("Shape must be at most rank %d but is rank %d" % (len(shape), len(input)))
    for have, want in zip(input[::-1], shape[::-1]):
        if None not in (have, want) and have not in (1, want):
            raise ValueError("Dimensions must be equal, but are %d and %d" % (have, want))
    return shape


@_broadcast_to.grad("input", sum_value_to_shape)
def _(g, input: Shape):
    return sum_to_shape(g, input)


@_broadcast_to.samples
def _(make):
    yield make(3), (2, 3)
    yield make(2, 1), (2, 3)


broadcast_to = export("broadcast_to")(_broadcast_to)


@op("BroadcastArgs")
def _broadcast_args(xp, s0: Host, s1: Host, *, T=dtypes.int32):
    for i, s in enumerate((s0, s1)):
        if np.ndim(s) != 1:
            raise invalid("In[%d] must be a vector.%s", i, shapes.to_brackets(np.shape(s)))
    return np.array(np.broadcast_shapes(s0, s1), T.np)


@_broadcast_args.explains
def _(values):
    return "Incompatible shapes: %s vs. %s" % tuple(map(shapes.to_brackets, values))


@_broadcast_args.shape
def _(s0, s1):
    return (None if s0 is None or s1 is None else max(len(s0), len(s1)),)


_broadcast_args.not_differentiable()


@_broadcast_args.samples
def _(make):
    yield np.array([2, 3], np.int32), np.array([3], np.int32)
    yield np.array([2, 1], np.int32), np.array([5, 1, 4], np.int32)


@export("broadcast_dynamic_shape")
def broadcast_dynamic_shape(shape_x, shape_y):
    """The shape that two shapes, given as int vectors, are broadcast to, as an int vector.

    Raises:
      InvalidArgumentError: they can't be broadcast.
    """
    return _broadcast_args(shape_x, shape_y)


@export("broadcast_static_shape")
def broadcast_static_shape(shape_x, shape_y):
    """The `TensorShape` that two `TensorShape`s are broadcast to.

    Raises:
      ValueError: they can't be broadcast.
    """
    if shape_x.ndims is None or shape_y.ndims is None:
        return shapes.TensorShape(None)
    found = shapes.broadcast(shape_x._dims, shape_y._dims)
    if found is shapes.CONTRADICTION:
        raise ValueError("Incompatible shapes for broadcasting: %s and %s" % (shape_x, shape_y))
    return shapes.TensorShape(found)


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


@_sum_like.writes
def _(writer, node):
    """As TensorFlow computes it: the sum over the axes that were broadcast, in the operand's shape."""
    g, like = map(writer.ref, node._inputs)
    own = node.attrs["T"]
    shapes_ = [writer.output(writer.add("Shape", node, [t], "Shape", T=own)) for t in (like, g)]
    axes = writer.output(writer.add("BroadcastGradientArgs", node, shapes_, "BroadcastGradientArgs", T=dtypes.int32))
    total = writer.output(writer.add("Sum", node, [g, axes], "Sum", T=own, Tidx=dtypes.int32))
    made = writer.add("Reshape", node, [total, shapes_[0]], T=own, Tshape=dtypes.int32)
    writer.replace(node.outputs[0], writer.output(made))


@_sum_like.grad("g")
def _(grad, g: Shape):
    return broadcast_to(grad, g)


@_sum_like.samples
def _(make):
    yield make(2, 3), make(3)
    yield make(2, 3), make(2, 1)
    yield make(2, 3), make(2, 3)
