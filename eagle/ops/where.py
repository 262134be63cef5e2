"""Choosing elements by condition: where, select, boolean_mask."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.context import here, process
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..core.scopes import name_scope
from ..core.tensor import EagerTensor
from ..core.versions import shortcut, versioned
from .arithmetic import broadcast_shape
from .doors import finish
from .filling import zeros, zeros_like
from .gathering import gather
from .joining import concat, unequal_shapes
from .shaping import reshape, shape_of, squeeze


@op("Where", host=True, foldable=True)
def _where(xp, input):
    if not 1 <= input.ndim <= 8:
        raise invalid("WhereOp : Unhandled input dimensions: %d", input.ndim)
    found = input.nonzero()
    return found[0].reshape(-1, 1) if len(found) == 1 else np.transpose(found)


@_where.shape
def _(input):
    return (None, None if input is None else len(input))


@_where.samples
def _(make):
    yield (make.between(-2, 2, 2, 3),)
    yield (make.between(0, 1, 4),)


# -------------------------------------------------------------------------------------------------------------- select


def _chosen(xp, condition, t, e):
    """`t` where the condition holds, else `e`; a vector of conditions is one for each row."""
    if condition.ndim == 1 and t.ndim > 1:
        condition = condition.reshape((-1,) + (1,) * (t.ndim - 1))
    return xp.where(condition, t, e)


@op("Select")
def _select(xp, condition, t, e):
    if t.shape != e.shape or condition.shape != t.shape:
        _check_select(condition.shape, t.shape, e.shape)
    return _chosen(xp, condition, t, e)


def _check_select(condition, t, e):
    """Raises what TensorFlow raises for shapes that don't fit."""
    if len(condition) == 1 and len(t) != 1:
        if not t:
            raise invalid("'then' must be at least a vector, but saw shape: []")
        if condition[0] != t[0]:
            raise invalid("Number of batches of 'then' must match size of 'cond', but saw: %d vs. %d", t[0], condition[0])
    elif condition:
        for i, other in ((1, t), (2, e)):
            if condition != other:
                raise invalid("Inputs to operation Select of type Select must have the same size and shape.  Input 0: %s != input "
                              "%d: %s", shapes.to_brackets(condition), i, shapes.to_brackets(other))  # fmt: skip
    if t != e:
        named = shapes.to_brackets(t), shapes.to_brackets(e)
        raise invalid("'then' and 'else' must have the same size.  but received: %s vs. %s", *named)


@_select.shape
def _(condition, t, e):
    data = _merged(t, e)
    if condition is None or data is None or not condition:
        return data
    if len(condition) == 1 and data:
        _merged(condition, data[:1])
        return data
    return _merged(data, condition)


def _merged(a, b):
    found = shapes.merge(a, b)
    if found is shapes.CONTRADICTION:
        raise ValueError(unequal_shapes(a, b))
    return found


@_select.grad("t", lambda g, condition: _chosen(np, condition, g, np.zeros((), g.dtype)))
def _(g, condition):
    return _select(condition, g, zeros_like(g))


@_select.grad("e", lambda g, condition: _chosen(np, ~condition, g, np.zeros((), g.dtype)))
def _(g, condition):
    return _select(condition, zeros_like(g), g)


@_select.samples
def _(make):
    yield make.bools(2, 3), make(2, 3), make(2, 3)
    yield make.bools(2), make(2, 3), make(2, 3)
    yield np.bool_(True), make(2), make(2)
    yield np.bool_(False), make(), make()


@op("SelectV2", broadcasts=True)
def _select_v2(xp, condition, t, e):
    return xp.where(condition, t, e)


@_select_v2.explains
def _(values):
    text = "condition %s, then %s, and else %s must be broadcastable"
    if shapes.broadcast(values[1].shape, values[2].shape) is shapes.CONTRADICTION:
        return "then %s and else %s must be broadcastable" % tuple(shapes.to_brackets(v.shape) for v in values[1:])
    return text % tuple(shapes.to_brackets(v.shape) for v in values)


@_select_v2.shape
def _(condition, t, e):
    return broadcast_shape(condition, broadcast_shape(t, e))


@_select_v2.grad("t")
def _(g, condition):
    return _select_v2(condition, g, zeros([], g.dtype.base_dtype))


@_select_v2.grad("e")
def _(g, condition):
    return _select_v2(condition, zeros([], g.dtype.base_dtype), g)


@_select_v2.samples
def _(make):
    yield make.bools(2, 3), make(2, 3), make(3)
    yield make.bools(2, 1), make(), make(2, 3)
    yield make.bools(3), make(2, 1), make()


@versioned
def _general_where(condition, x, y, name):
    """`where` of anything that it works with."""
    if x is None and y is None:
        with name_scope(name, "Where", [condition]) as scope:
            return _where(convert(condition, None, "condition", dtypes.bool_), name=scope)
    if x is None or y is None:
        raise ValueError("x and y must both be non-None or both be None.")
    return _select(condition, x, y, name=name)


@export("where")
@shortcut(_general_where)
def where(condition, x=None, y=None, name=None):
    """The elements of `x` where a condition holds and those of `y` where it does not; or the places where it holds.

    Args:
      condition: a bool tensor of the shape of `x`, or of rank 1 for whole rows, or of rank 0; without `x` and `y` any tensor.
      x, y: two tensors of one shape and type, or both None.
      name: the name of the node.

    Returns:
      A tensor like `x`; without `x` and `y` an int64 tensor of shape `[number of true elements, rank]`: their indices.

    Raises:
      ValueError: one of `x` and `y` is None; or in a graph, the shapes don't fit (eagerly InvalidArgumentError).
    """
    if type(x) is EagerTensor and type(y) is EagerTensor and type(condition) is EagerTensor and (not process.busy or here.eager):
        c, a, b = condition._v, x._v, y._v
        if c.shape == a.shape == b.shape and a.dtype is b.dtype and c.dtype == np.bool_:
            return finish(_select, (condition, x, y), np.where(c, a, b))
    return _general_where(condition, x, y, name)


@export("where_v2")
def where_v2(condition, x=None, y=None, name=None):
    """`tf.where` in which condition, `x` and `y` are broadcast.

    Args:
      condition: a bool tensor; without `x` and `y` any tensor.
      x, y: two tensors of one type, or both None.
      name: the name of the node.

    Raises:
      ValueError: one of `x` and `y` is None; or in a graph, the shapes don't fit (eagerly InvalidArgumentError).
    """
    if x is None and y is None:
        with name_scope(name, "Where", [condition]) as scope:
            return _where(convert(condition, None, "condition", dtypes.bool_), name=scope)
    if x is None or y is None:
        raise ValueError("x and y must both be non-None or both be None.")
    return _select_v2(condition, x, y, name=name)


# ------------------------------------------------------------------------------------------------------- boolean_mask


@export("boolean_mask")
def boolean_mask(tensor, mask, name="boolean_mask", axis=None):
    """The slices of a tensor where a mask is True.

    Args:
      tensor: a tensor.
      mask: a bool tensor of known rank, at least 1; its shape is that of `tensor` from `axis` on.
      name: the name scope of the nodes.
      axis: the first masked dimension; by default 0.

    Returns:
      A tensor in which one dimension, with a slice for each True, stands for the masked ones.

    Raises:
      ValueError: the mask is a scalar or of unknown rank, or its shape does not fit.
    """
    with name_scope(name, values=[tensor, mask]):
        tensor = convert(tensor, name="tensor")
        mask = convert(mask, name="mask")
        count, static = mask._rank(), tensor.shape
        if count == 0:
            raise ValueError("mask cannot be scalar.")
        if count is None:
            raise ValueError("Number of mask dimensions must be specified, even if some dimensions are None.  E.g. shape=[None] "
                             "is ok, but shape=None is not.")  # fmt: skip
        axis = 0 if axis is None else axis
        masked = static[axis : axis + count]
        masked.assert_is_compatible_with(mask.shape)
        leading = registry["Prod"](shape_of(tensor)[axis : axis + count], [0])
        flat_shape = concat([shape_of(tensor)[:axis], [leading], shape_of(tensor)[axis + count :]], 0)
        tensor = reshape(tensor, flat_shape)
        tensor.set_shape(static[:axis].concatenate([masked.num_elements()]).concatenate(static[axis + count :]))
        indices = squeeze(where(reshape(mask, [-1])), axis=[1])
        return gather(tensor, indices, axis=axis)
