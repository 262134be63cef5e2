"""Tensors filled by rule: zeros, ones, one value, ranges."""

import functools
import operator

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.context import here, process
from ..core.convert import constant, convert
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.op import HostVector, Known, op
from ..core.scopes import name_scope
from ..core.tensor import EagerTensor, Tensor, from_value
from ..core.versions import shortcut, versioned
from .doors import finish
from .reduce import reduce_sum
from .shaping import reshape, shape_of


@op("Fill")
def _fill(xp, dims: HostVector, value):
    if type(dims) is not tuple or dims and type(dims[0]) is tuple:
        raise invalid("dims must be a vector, got shape %s", shapes.to_brackets(np.shape(dims)))
    if value.ndim:
        raise invalid("value must be a scalar, got shape %s", shapes.to_brackets(value.shape))
    return xp.full(dims, value, value.dtype)


@_fill.shape
def _(dims, value):
    if value not in ((), None):
        raise ValueError("Shape must be rank 0 but is rank %d" % len(value))
    if dims is not None and any(d is not None and d < 0 for d in dims):
        raise ValueError("Fill dimensions must be >= 0")
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


@op("ZerosLike")
def _zeros_like(xp, x):
    if hasattr(x, "zeros_like"):  # a list of gradients
        return x.zeros_like()
    if x.dtype == object:
        return np.full(x.shape, b"", object)
    return xp.zeros(x.shape, x.dtype)


@op("OnesLike")
def _ones_like(xp, x):
    return xp.ones(x.shape, x.dtype)


for _op in (_zeros_like, _ones_like):

    @_op.shape
    def _(x):
        return x

    @_op.samples
    def _(make):
        yield (make(2, 3),)
        yield (make(),)

    _op.not_differentiable()


@export("zeros")
def zeros(shape, dtype=dtypes.float32, name=None):
    """A tensor of zeros (of False, of empty strings).

    Args:
      shape: a list of ints, a `TensorShape`, or an int tensor.
      dtype: its type.
      name: the name of the node.
    """
    dtype = dtypes.as_dtype(dtype).base_dtype
    if dtype is dtypes.string:
        return _filled("", shape, dtype, name, "zeros")
    if type(shape) in (tuple, list) and (not process.busy or here.eager):
        try:
            return from_value(np.zeros(shape, dtype.np))
        except (TypeError, ValueError):  # the long way has the message
            pass
    return _filled(dtype is not dtypes.bool_ and 0, shape, dtype, name, "zeros")


@export("ones")
def ones(shape, dtype=dtypes.float32, name=None):
    """A tensor of ones (of True).

    Args:
      shape: a list of ints, a `TensorShape`, or an int tensor.
      dtype: its type.
      name: the name of the node.
    """
    dtype = dtypes.as_dtype(dtype).base_dtype
    if type(shape) in (tuple, list) and (not process.busy or here.eager) and dtype is not dtypes.string:
        try:
            return from_value(np.ones(shape, dtype.np))
        except (TypeError, ValueError):  # the long way has the message
            pass
    return _filled(dtype is dtypes.bool_ or 1, shape, dtype, name, "ones")


def _filled(value, shape, dtype, name, default_name):
    """A tensor with one value everywhere: a constant if it is small and its shape known, as in TensorFlow."""
    with name_scope(name, default_name, [shape]) as scope:
        if not isinstance(shape, Tensor):
            try:
                if _is_small(shape):
                    return constant(value, dtype, shape, scope)
                shape = convert(shapes.TensorShape(shape))
            except (TypeError, ValueError):
                shape = convert(shape, dtypes.int32)
        if not shape._shape:
            shape = reshape(shape, [-1])
        return _fill(shape, constant(value, dtype), name=scope)


def _is_small(shape):
    """Whether a tensor of this shape has fewer than 1000 elements; False for a shape with tensors in it, or given as an int."""
    try:
        if isinstance(shape, (list, tuple)) and any(isinstance(d, Tensor) for d in shape):
            return bool(functools.reduce(operator.mul, shape) < 1000)
        return not isinstance(shape, int | np.integer) and bool(np.prod(shape) < 1000)
    except TypeError:
        return False


@versioned
def _general_zeros_like(tensor, dtype, name, optimize):
    """`zeros_like` of anything that it works with."""
    with name_scope(name, "zeros_like", [tensor]) as scope:
        tensor = convert(tensor, name="tensor")
        same = dtype is None or dtype == tensor.dtype
        if not here.eager and optimize and shapes.is_known(tensor._shape) and tensor.dtype != dtypes.variant:
            return zeros(tensor.shape, dtype or tensor.dtype, scope)
        if not same and (here.eager or dtype != dtypes.variant):
            return zeros(shape_of(tensor, optimize=optimize), dtype, scope)
        return _zeros_like(tensor, name=scope)


@export("zeros_like")
@shortcut(_general_zeros_like)
def zeros_like(tensor, dtype=None, name=None, optimize=True):
    """A tensor of zeros in the shape of another.

    Args:
      tensor: a tensor.
      dtype: the type; by default that of `tensor`.
      name: the name of the node.
      optimize: whether, in a graph, a shape that is known is taken as a constant.
    """
    dtype = None if dtype is None else dtypes.as_dtype(dtype)
    if type(tensor) is EagerTensor and dtype is None and (not process.busy or here.eager):
        return finish(_zeros_like, (tensor,), _zeros_like.numpy(tensor._v))
    return _general_zeros_like(tensor, dtype, name, optimize)


@versioned
def _general_ones_like(tensor, dtype, name, optimize):
    """`ones_like` of anything that it works with."""
    with name_scope(name, "ones_like", [tensor]) as scope:
        tensor = convert(tensor, name="tensor")
        result = ones(shape_of(tensor, optimize=optimize), tensor.dtype if dtype is None else dtype, scope)
        result.set_shape(tensor.shape)
        return result


@export("ones_like")
@shortcut(_general_ones_like)
def ones_like(tensor, dtype=None, name=None, optimize=True):
    """A tensor of ones in the shape of another.

    Args:
      tensor: a tensor.
      dtype: the type; by default that of `tensor`.
      name: the name of the node.
      optimize: whether, in a graph, a shape that is known is taken as a constant.
    """
    if type(tensor) is EagerTensor and (not process.busy or here.eager):
        return ones(tensor._v.shape, dtype or tensor.dtype)
    return _general_ones_like(tensor, dtype, name, optimize)


@op("Range")
def _range(xp, start: Known, limit: Known, delta: Known):
    for value, which in ((start, "start"), (limit, "limit"), (delta, "delta")):
        if np.ndim(value):
            raise invalid("%s must be a scalar, not shape %s", which, shapes.to_brackets(value.shape))
    if delta == 0:
        raise invalid("Requires delta != 0: 0")
    if (delta > 0 and start > limit) or (delta < 0 and start < limit):
        signs = ("<=", ">") if delta > 0 else (">=", "<")
        raise invalid("Requires start %s limit when delta %s 0: %g/%g", *signs, start, limit)
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
    if dtype is None and type(start) is type(limit) is type(delta) is int and (not process.busy or here.eager):
        if delta > 0 and -(2**31) <= start <= limit < 2**31 and delta < 2**31:
            return from_value(np.arange(start, limit, delta, np.int32))
    with name_scope(name, "Range", [start, limit, delta]) as scope:
        start = convert(start, dtype, "start")
        limit = convert(limit, dtype, "limit")
        delta = convert(delta, dtype, "delta")
        if dtype is None:
            given = [t.dtype.base_dtype for t in (start, limit, delta)]
            widest = _RANGE_TYPES[max(map(_RANGE_TYPES.index, given))]
            start, limit, delta = (_widened(t, widest) for t in (start, limit, delta))
        return _range(start, limit, delta, name=scope)


_RANGE_TYPES = [dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64]


def _widened(tensor, dtype):
    """A tensor in a type at least as wide as its own."""
    return tensor if tensor.dtype.base_dtype is dtype else registry["Cast"](tensor, DstT=dtype)
