"""Tensors made from few numbers: one-hot vectors, evenly spaced numbers, grids, masks of sequences."""

import numpy as np

from ..core import dtypes
from ..core.context import here, process
from ..core.convert import convert, from_array
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.op import Host, op
from ..core.scopes import name_scope
from ..core.sparse_tensor import SparseTensor
from ..core.tensor import EagerTensor, Tensor
from .filling import ones
from .joining import stack
from .shaping import expand_dims, rank, reshape, size


def _brackets(value):
    return "[%s]" % ",".join(map(str, np.shape(value)))


@op("OneHot")
def _one_hot(xp, indices, depth: Host, on_value, off_value, *, axis=-1):
    if not -1 <= axis <= indices.ndim:
        raise invalid("Expected axis to be -1 or between [0, %d).  But received: %d", indices.ndim + 1, axis)
    if type(depth) is not int:
        raise invalid("depth must be a scalar, but got: %s", _brackets(depth))
    for value, name in ((on_value, "on_value"), (off_value, "off_value")):
        if value.ndim:
            raise invalid("%s must be a scalar, but got: %s", name, _brackets(value))
    if depth < 0:
        raise invalid("depth must be non-negative, got: %d", depth)
    axis = indices.ndim if axis < 0 else axis
    places = np.arange(depth).reshape((depth,) + (1,) * (indices.ndim - axis))
    return xp.where(xp.expand_dims(indices, axis) == places, on_value, off_value)


@_one_hot.shape
def _(indices, depth, on_value, off_value, *, axis):
    if axis < -1:
        raise ValueError("axis must be >= -1")
    if depth is not None and type(depth) is not int:
        raise ValueError("Input must be scalar but has rank %d" % np.ndim(depth))
    if depth is not None and depth < 0:
        raise ValueError("Dimension size, given by scalar input 1, must be non-negative but is %d" % depth)
    if indices is None:
        return None
    axis = (axis + len(indices) + 1) % (len(indices) + 1)
    return (*indices[:axis], depth, *indices[axis:])


_one_hot.not_differentiable()


@_one_hot.samples
def _(make):
    indices = np.array([[0, 3, -1], [2, 1, 5]]).astype(make.dtype.np)
    yield indices, 4, np.float32(2.5), np.float32(-1)
    yield indices, 4, np.int32(1), np.int32(0), dict(axis=0)
    yield indices[0], 3, np.float64(1), np.float64(0), dict(axis=1)
    yield make.dtype.np.type(1), 3, np.bool_(True), np.bool_(False)


_ON_OFF = {}  # type -> the values 1 and 0


@export("one_hot")
def one_hot(indices, depth, on_value=None, off_value=None, axis=None, dtype=None, name=None):
    """A tensor with one more dimension, along which it is `on_value` at the index and `off_value` elsewhere.

    Args:
      indices: an int tensor; an index out of range gives `off_value` everywhere.
      depth: an int scalar: the size of the new dimension.
      on_value, off_value: scalars of one type; by default 1 and 0.
      axis: where the new dimension stands; by default (-1) it is the last.
      dtype: the type, if the values don't tell; by default float32.
      name: the name of the node.

    Raises:
      TypeError: the types don't agree.
      InvalidArgumentError (in a graph ValueError): `axis` or `depth` is out of range.
    """
    if on_value is None and off_value is None and type(indices) is EagerTensor and (not process.busy or here.eager):
        on, off = _on_and_off(dtypes.float32 if dtype is None else dtypes.as_dtype(dtype).base_dtype)
        return _one_hot(indices, depth, on, off, axis=-1 if axis is None else axis, name="one_hot/")
    with name_scope(name, "one_hot", [indices, depth, on_value, off_value, axis, dtype]) as scope:
        dtype = None if dtype is None else dtypes.as_dtype(dtype)
        on_dtype = None if on_value is None else convert(on_value).dtype.base_dtype
        off_dtype = None if off_value is None else convert(off_value).dtype.base_dtype
        for found, which in ((on_dtype, "on_value"), (off_dtype, "off_value")):
            if dtype is not None and found is not None and found != dtype:
                raise TypeError("dtype %s of %s does not match dtype parameter %s" % (found, which, dtype))
        dtype = dtype or on_dtype or off_dtype or dtypes.float32
        if on_value is None:
            on_value, on_dtype = convert(1, dtype, "on_value"), dtype
        if off_value is None:
            off_value, off_dtype = convert(0, dtype, "off_value"), dtype
        if on_dtype != off_dtype:
            raise TypeError("dtype %s of on_value does not match dtype %s of off_value" % (on_dtype, off_dtype))
        return _one_hot(indices, depth, on_value, off_value, axis=-1 if axis is None else axis, name=scope)


def _on_and_off(dtype):
    found = _ON_OFF.get(dtype)
    if found is None:
        found = _ON_OFF[dtype] = convert(1, dtype), convert(0, dtype)
    return found


# --------------------------------------------------------------------------------------------------------- even steps


@op("LinSpace")
def _lin_space(xp, start, stop, num: Host):
    if num <= 0:
        raise invalid("Requires num > 0: %d", num)
    for value, name in ((start, "start"), (stop, "stop")):
        if value.ndim:
            raise invalid("%s must be a scalar, not shape %s", name, _brackets(value))
    step = (stop - start) / start.dtype.type(num - 1) if num > 1 else start - start
    values = start + step * xp.arange(num).astype(start.dtype)
    return xp.concatenate([values[:-1], stop[None]]).astype(start.dtype) if num > 1 else values.astype(start.dtype)


@_lin_space.shape
def _(start, stop, num):
    for shape in (start, stop):
        if shape not in ((), None):
            raise ValueError("Shape must be rank 0 but is rank %d" % len(shape))
    if num is not None and num <= 0:
        raise ValueError("Requires num > 0: %d" % num)
    return (num,)


_lin_space.not_differentiable()


@_lin_space.samples
def _(make):
    t = make.dtype.np.type
    yield t(1), t(3), 5
    yield t(3), t(-2), 4
    yield t(3), t(-2), 1


@export("linspace", "lin_space")
def linspace(start, stop, num, name=None):
    """Numbers in even steps, as a vector.

    Args:
      start: the first, a scalar of a floating type.
      stop: the last.
      num: how many, at least 1.
      name: the name of the node.

    Raises:
      InvalidArgumentError (in a graph ValueError where it is known): `num` is not positive.
    """
    return _lin_space(start, stop, num, name=name)


# ---------------------------------------------------------------------------------------------------- masks and grids


def all_dimensions(x):
    """The numbers of all dimensions of a tensor, as an int vector."""
    count = None
    if isinstance(x, Tensor):
        count = x._rank()
    elif isinstance(x, SparseTensor) and x.dense_shape.shape.is_fully_defined():
        count = x.dense_shape.shape[0].value
    if count is not None:
        return from_array(np.arange(count, dtype=np.int32))
    return registry["Range"](0, rank(x), 1)


@export("sequence_mask")
def sequence_mask(lengths, maxlen=None, dtype=dtypes.bool_, name=None):
    """A mask for each of several sequences: True for the first so many elements.

    Args:
      lengths: an int tensor: the lengths of the sequences.
      maxlen: the size of the last dimension of the result, an int scalar; by default the largest length.
      dtype: the type of the result.
      name: the name scope of the nodes.

    Returns:
      A tensor of shape `lengths.shape + [maxlen]`.

    Raises:
      ValueError: `maxlen` is no scalar.
    """
    with name_scope(name, "SequenceMask", [lengths, maxlen]):
        lengths = convert(lengths)
        if maxlen is None:
            maxlen = registry["Max"](lengths, all_dimensions(lengths))
            maxlen = registry["Maximum"](_constant(0, maxlen), maxlen)
        else:
            maxlen = convert(maxlen)
        if maxlen._rank() not in (None, 0):
            raise ValueError("maxlen must be scalar for sequence_mask")
        row = registry["Range"](_constant(0, maxlen), maxlen, _constant(1, maxlen))
        ends = registry["Cast"](expand_dims(lengths, -1), DstT=maxlen.dtype.base_dtype)
        result = registry["Less"](row, ends)
        dtype = None if dtype is None else dtypes.as_dtype(dtype)
        return result if dtype is None or dtype == result.dtype else registry["Cast"](result, DstT=dtype)


def _constant(number, like):
    return from_array(np.array(number, like.dtype.np)[()])


@export("meshgrid")
def meshgrid(*args, indexing="xy", name="meshgrid"):
    """The coordinates of all points of a grid.

    Args:
      *args: vectors: the coordinates along each dimension.
      indexing: "xy" (the first coordinate runs along the second dimension) or "ij".
      name: the name scope of the nodes.

    Returns:
      A list with a tensor of the grid's shape for each dimension.

    Raises:
      ValueError: `indexing` is neither.
    """
    if indexing not in ("xy", "ij"):
        raise ValueError("indexing parameter must be either 'xy' or 'ij'")
    with name_scope(name, "meshgrid", args):
        count = len(args)
        output = []
        for i, x in enumerate(args):
            output.append(reshape(stack(x), (1,) * i + (-1,) + (1,) * (count - i - 1)))
        shapes = [size(x) for x in args]
        dtype = convert(args[0]).dtype.base_dtype
        if indexing == "xy" and count > 1:
            output[0] = reshape(output[0], (1, -1) + (1,) * (count - 2))
            output[1] = reshape(output[1], (-1, 1) + (1,) * (count - 2))
            shapes[0], shapes[1] = shapes[1], shapes[0]
        factor = ones(shapes, dtype)
        return [x * factor for x in output]
