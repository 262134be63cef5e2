"""Tensors filled by rule: zeros, one value, ranges."""

import math

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.context import here
from ..core.convert import constant, convert
from ..core.export import export
from ..core.op import HostShape, Known, op
from ..core.scopes import name_scope
from ..core.tensor import Tensor, from_value
from .reduce import reduce_sum
from .shaping import reshape


@op("Fill")
def _fill(xp, dims: HostShape, value):
    return xp.full(dims, value, value.dtype)


@_fill.shape
def _(dims, value):
    return dims


@_fill.grad("value")
def _(g):
    return reduce_sum(g)


@_fill.explains
def _(values):
    return "Dimension %d must be >= 0" % next((d for d in values[0] if d < 0), 0)


@_fill.samples
def _(make):
    yield (2, 3), make()
    yield (), make()


@export("fill")
def fill(dims, value, name=None):
    """A tensor of shape `dims` with `value` everywhere.

    Args:
      dims: an int vector.
      value: a scalar.
      name: the name of the node.
    """
    return _fill(dims, value, name=name)


@export("zeros")
def zeros(shape, dtype=dtypes.float32, name=None):
    """A tensor of zeros (of False or empty strings where that is the type).

    Args:
      shape: its shape: ints, a `TensorShape` or an int tensor.
      dtype: the type of its elements.
      name: the name of the node.
    """
    return _all(0, "zeros", shape, dtype, name)


@export("ones")
def ones(shape, dtype=dtypes.float32, name=None):
    """A tensor of ones (of True where that is the type).

    Args:
      shape: its shape: ints, a `TensorShape` or an int tensor.
      dtype: the type of its elements.
      name: the name of the node.
    """
    return _all(1, "ones", shape, dtype, name)


def _all(value, default_name, shape, dtype, name):
    """A tensor with one value everywhere: in a graph a constant if that is small."""
    dtype = dtypes.as_dtype(dtype).base_dtype
    if dtype is dtypes.string and not value:
        value = ""
    elif dtype is dtypes.bool_:
        value = bool(value)
    with name_scope(name, default_name, [shape]) as scope:
        if not isinstance(shape, Tensor):
            sizes = _spelled(shape)
            if sizes is None:
                shape = convert(shape, dtypes.int32)
            elif here.eager:
                return from_value(np.full(sizes, b"" if value == "" else value, dtype.np))
            elif math.prod(sizes) < 1000 and not isinstance(shape, int | np.integer):
                return constant(value, dtype, sizes, scope)
            else:
                shape = convert(shapes.TensorShape(sizes))
        if shape._rank() == 0:
            shape = reshape(shape, [-1])
        return _fill(shape, constant(value, dtype), name=scope)


def _spelled(shape):
    """A shape given as numbers as a tuple of ints; None if it contains tensors or unknown dimensions."""
    try:
        shape = shapes.as_tuple(shapes.TensorShape(shape))
    except (TypeError, ValueError):
        return None
    return shape if shapes.is_known(shape) else None


@op("ZerosLike")
def _zeros_like(xp, x):
    if x.dtype == object:
        return np.full(x.shape, b"", object)
    return xp.zeros(x.shape, x.dtype)


@_zeros_like.shape
def _(x):
    return x


_zeros_like.not_differentiable()


@_zeros_like.samples
def _(make):
    yield (make(2, 3),)
    yield (make(),)


@op("Range")
def _range(xp, start: Known, limit: Known, delta: Known):
    if delta == 0:
        raise ValueError("Requires delta != 0: %s" % delta)
    if (delta > 0 and start > limit) or (delta < 0 and start < limit):
        raise ValueError(
            "Requires start %s limit when delta %s 0: %s/%s" % (("<=", ">") if delta > 0 else (">=", "<")) + (start, limit)
        )
    size = _range_size(start, limit, delta)
    return (start + delta * np.arange(size)).astype(start.dtype)


def _range_size(start, limit, delta):
    if start.dtype.kind in "iu":
        start, limit, delta = int(start), int(limit), int(delta)
        return max(0, -((start - limit) // delta) if delta > 0 else -((limit - start) // -delta))
    return max(0, int(np.ceil((float(limit) - float(start)) / float(delta))))


@_range.shape
def _(start, limit, delta):
    if start is None or limit is None or delta is None:
        return (None,)
    if delta == 0:
        raise ValueError("Requires delta != 0")
    return (_range_size(np.asarray(start), np.asarray(limit), np.asarray(delta)),)


_range.not_differentiable()


@_range.samples
def _(make):
    t = make.dtype.np.type
    yield t(0), t(5), t(1)
    yield t(1), t(9), t(3)
    yield t(4), t(-1), t(-2)


@export("range")
def range_(start, limit=None, delta=1, dtype=None, name="range"):
    """The numbers from `start` to `limit`, exclusive, in steps of `delta`, as a vector.

    Args:
      start: the first number; the limit, beginning at 0, if `limit` is None.
      limit: where the numbers end.
      delta: the step.
      dtype: the type; by default the widest of int32, int64, float32 and float64 among the arguments.
      name: the name of the node.

    Raises:
      InvalidArgumentError (in a graph ValueError where the arguments are known): `delta` is 0 or leads away from `limit`.
    """
    if limit is None:
        start, limit = 0, start
    with name_scope(name, "Range", [start, limit, delta]) as scope:
        start = convert(start, dtype, "start")
        limit = convert(limit, dtype, "limit")
        delta = convert(delta, dtype, "delta")
        if dtype is None:
            order = [dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64]
            widest = order[max(order.index(t.dtype.base_dtype) for t in (start, limit, delta))]
            start, limit, delta = (_widened(t, widest) for t in (start, limit, delta))
        return _range(start, limit, delta, name=scope)


def _widened(tensor, dtype):
    """A tensor in a type at least as wide as its own."""
    if tensor.dtype.base_dtype is dtype:
        return tensor
    return convert(tensor.numpy() if here.eager else tensor, dtype)
