"""Values as `TensorProto`s, and what is known of a graph's tensors before it runs, as TensorFlow tells it to users."""

import numpy as np

from .. import protos
from . import dtypes, known, shape as shapes, tensor_proto
from .constant import to_array
from .convert import convert, is_tensor
from .export import export
from .tensor import EagerTensor, Tensor


@export("make_tensor_proto", "contrib.util.make_tensor_proto")
def make_tensor_proto(values, dtype=None, shape=None, verify_shape=False, allow_broadcast=False):
    """A value as a `TensorProto`.

    Args:
      values: a number, string, NumPy array or nested list.
      dtype: the type of its elements; by default that of `values`.
      shape: the shape; it may have more elements than `values`, whose last one then stands for the rest.
      verify_shape: whether `values` must have exactly this shape.
      allow_broadcast: whether a single element may stand for all, and any other number of elements must be that of the shape.

    Raises:
      TypeError, ValueError: `values` don't fit `dtype` or `shape`.
    """
    if allow_broadcast and verify_shape:
        raise ValueError("allow_broadcast and verify_shape are not both allowed.")
    if isinstance(values, protos.TensorProto):
        return values
    dtype = None if dtype is None else dtypes.as_dtype(dtype)
    if shape is not None and not isinstance(values, (np.ndarray, np.generic)) and not np.prod(shape, dtype=np.int64):
        array = np.empty(shape, dtypes.float32.np if dtype is None else dtype.np)
    else:
        array = np.asarray(to_array(values, dtype, eager=False))
    if dtype is not None and array.dtype is not dtype.base_dtype.np:
        raise TypeError("Incompatible types: %s vs. %s. Value is %s" % (dtype, array.dtype, values))
    if shape is None:
        return tensor_proto.encode(array)
    shape = tuple(int(d) for d in shape)
    _check_size(array, shape, verify_shape, allow_broadcast)
    return tensor_proto.encode(array, shape=shape)


def _check_size(array, shape, verify_shape, allow_broadcast):
    count = shapes.element_count(shape)
    if allow_broadcast:
        if array.shape not in ((1,), ()) and array.size != count:
            raise TypeError("Expected Tensor's shape: %s, got %s." % (shape, array.shape))
        return
    if verify_shape and array.shape != shape:
        raise TypeError("Expected Tensor's shape: %s, got %s." % (shape, array.shape))
    if array.size > count:
        raise ValueError("Too many elements provided. Needed at most %d, but received %d" % (count, array.size))


@export("make_ndarray", "contrib.util.make_ndarray", "python.framework.tensor_util.MakeNdarray")
def make_ndarray(tensor):
    """The array that a `TensorProto` holds; raises TypeError if no array can hold its type."""
    return np.array(tensor_proto.decode(tensor))


# The op types that TensorFlow's Python looks through for a value.
_TRANSPARENT = {"Range", "Cast", "Concat", "ConcatV2", "Fill", "Equal", "NotEqual"}


@export("get_static_value", "contrib.util.constant_value")
def constant_value(tensor, partial=False):
    """The value of a tensor if it follows from constants and static shapes, else None.

    More is known inside Eagle; this tells what TensorFlow's function tells, so that programs take the same turns.  A tensor whose
    value was told can't be fed any more.

    Args:
      tensor: a tensor; what is no tensor is given back as it is.
      partial: whether a stacked tensor may be known in part; unknown elements are None.

    Returns:
      A NumPy array, or None.
    """
    if type(tensor) is EagerTensor:
        return tensor.numpy()
    if not is_tensor(tensor):
        return tensor
    if not isinstance(tensor, Tensor):
        return None
    found = _told(tensor, partial)
    if found is not None:
        tensor.graph.prevent_feeding(tensor)
    return found


def _told(tensor, partial):
    op = tensor.op
    if op.type == "Pack":
        if not op._inputs or op.attrs["axis"]:
            return None
        parts = [constant_value(t, partial) for t in op._inputs]
        return None if not partial and any(p is None for p in parts) else _as_array(parts)
    if op.type not in ("Const", "Shape", "Size", "Rank"):
        if op.type not in _TRANSPARENT or any(_told(t, False) is None for t in op._inputs):
            return None
    value = known.value(tensor)
    return None if value is None else np.array(value)


def _as_array(parts):
    """Known values (and None) as one array, of objects if need be."""
    return np.array(parts) if all(p is not None for p in parts) else dtypes.object_array(parts)


@export("python.framework.tensor_util.constant_value_as_shape")
def constant_value_as_shape(tensor):
    """The shape that an int vector spells, as far as it is known, as a `TensorShape`.

    Raises:
      ValueError: the tensor is a scalar other than -1, which stands for an unknown shape, or has another rank than 1.
    """
    if type(tensor) is EagerTensor:
        return shapes.TensorShape([d if d != -1 else None for d in np.asarray(tensor._v).tolist()])
    if tensor._rank() == 0:
        value = constant_value(tensor)
        if value is None:
            raise ValueError("Received a scalar with unknown value as shape; require a statically known scalar with value '-1' to "
                             "describe an unknown shape.")  # fmt: skip
        if value != -1:
            raise ValueError("Received a scalar value '%s' as shape; require a statically known scalar with value '-1' to describe "
                             "an unknown shape." % value)  # fmt: skip
        return shapes.TensorShape(None)
    tensor.shape.with_rank(1)
    spelled = _told_shape(tensor)
    return shapes.TensorShape(None if spelled is None else [None if d is None or d < 0 else d for d in spelled])


def _told_shape(tensor):
    """The sizes in an int vector, with None for unknown ones, or None if not even their number is known."""
    op, size = tensor.op, tensor.shape[0].value
    if op.type == "Shape":
        return op._inputs[0]._shape
    if op.type == "Pack":
        found = [constant_value(t) for t in op._inputs]
        return [None if v is None else int(v) for v in found]
    if op.type in ("Concat", "ConcatV2"):
        parts = [_told_shape(t) for t in (op._inputs[1:] if op.type == "Concat" else op._inputs[:-1])]
        return None if any(p is None for p in parts) else [d for part in parts for d in part]
    if op.type == "StridedSlice":
        found = _told_part(op)
        if found is not None:
            return found
    value = constant_value(tensor)
    return ([None] * size if size is not None else None) if value is None else value.tolist()


def _told_part(op):
    """The sizes that a slice of an int vector has, or None if they are not known."""
    marks = op.attrs
    cut = [constant_value(t) for t in op._inputs[1:4]]
    if any(c is None or c.size != 1 for c in cut) or marks["ellipsis_mask"] or marks["new_axis_mask"] or marks["shrink_axis_mask"]:
        return None
    if op._inputs[0].shape.ndims != 1:
        return None
    whole = _told_shape(op._inputs[0])
    begin, end, step = (int(c[0]) for c in cut)
    return None if whole is None else whole[None if marks["begin_mask"] else begin : None if marks["end_mask"] else end : step]


@export("python.framework.tensor_util.shape_tensor")
def shape_tensor(shape):
    """A shape as a tensor, an int vector."""
    dtype = None
    if isinstance(shape, (tuple, list)):
        dtype = None if shape else dtypes.int32
        shape = tuple(d.value if isinstance(d, shapes.Dimension) else d for d in shape)
    return convert(shape, dtype, "shape")


@export("python.framework.tensor_util.ShapeEquals")
def shape_equals(tensor_proto, shape):
    """Whether a `TensorProto` has this shape, given as a list, tuple or `TensorShapeProto`; raises TypeError for other types."""
    if not isinstance(tensor_proto, protos.TensorProto):
        raise TypeError("tensor_proto is not a tensor_pb2.TensorProto object")
    if isinstance(shape, protos.TensorShapeProto):
        shape = [d.size for d in shape.dim]
    elif not isinstance(shape, (list, tuple)):
        raise TypeError("shape is not a list or tuple")
    return all(have.size == want for have, want in zip(tensor_proto.tensor_shape.dim, shape))
