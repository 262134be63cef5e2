"""Arrays as `TensorProto` messages and back."""

import numpy as np

from .. import protos
from . import dtypes, shape as shapes
from .dtypes import FROM_NUMPY

# Where a TensorProto keeps the elements of each type when they are not in `tensor_content`.
_FIELDS = {
    dtypes.float32: "float_val",
    dtypes.float64: "double_val",
    dtypes.int64: "int64_val",
    dtypes.uint32: "uint32_val",
    dtypes.uint64: "uint64_val",
    dtypes.bool_: "bool_val",
    dtypes.string: "string_val",
    dtypes.complex64: "scomplex_val",
    dtypes.complex128: "dcomplex_val",
    dtypes.float16: "half_val",
    dtypes.bfloat16: "half_val",
}
_CONTENT_TYPES = {
    dtypes.float32, dtypes.float64, dtypes.int32, dtypes.uint8, dtypes.int16, dtypes.int8, dtypes.int64, dtypes.qint8,
    dtypes.quint8, dtypes.qint16, dtypes.quint16, dtypes.qint32, dtypes.uint32, dtypes.uint64,
}  # fmt: skip


def encode(array, dtype=None, shape=None):
    """The `TensorProto` for an array.

    An array made by broadcasting one element is stored as that element, as TensorFlow stores a constant with a `shape`.

    Args:
      array: the array.
      dtype: its type, if its NumPy type does not tell.
      shape: the shape, if it has more elements than the array, whose last one stands for the rest.
    """
    dtype = dtype or FROM_NUMPY[array.dtype]
    proto = protos.TensorProto(dtype=dtype.base_dtype.as_datatype_enum)
    proto.tensor_shape.CopyFrom(shapes.to_proto(array.shape if shape is None else shape))
    same_size = shape is None or shapes.element_count(shape) == array.size
    repeated = array.ndim and array.size > 1 and not any(array.strides)
    if dtype in _CONTENT_TYPES and array.size > 1 and same_size and not repeated:
        proto.tensor_content = array.tobytes()
        return proto
    flat = np.asarray(array).ravel()[:1] if repeated else np.asarray(array).ravel()
    if dtype in (dtypes.float16, dtypes.bfloat16):
        flat = flat.view(np.uint16)
    elif dtype.is_quantized:
        flat = flat.view(dtype.np[0])
    elif dtype.is_complex:
        flat = flat.view(dtype.real_dtype.np)
    getattr(proto, _FIELDS.get(dtype, "int_val")).extend(flat.tolist())
    return proto


def encode_content(array):
    """The `TensorProto` for an array that TensorFlow's kernels write: whatever the type, all in `tensor_content`."""
    dtype = FROM_NUMPY[array.dtype]
    proto = protos.TensorProto(dtype=dtype.base_dtype.as_datatype_enum)
    proto.tensor_shape.CopyFrom(shapes.to_proto(array.shape))
    if dtype is dtypes.string:
        texts = array.ravel().tolist()
        proto.tensor_content = b"".join([*map(_varint, map(len, texts)), *texts])
    else:
        proto.tensor_content = np.ascontiguousarray(array).tobytes()
    return proto


def _varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    return bytes([*out, n])


def _texts(content, count):
    """The strings in the content of a `TensorProto`: all lengths as varints, then the strings."""
    lengths, at = [], 0
    for _ in range(count):
        length = shift = 0
        while True:
            length |= (content[at] & 127) << shift
            shift, at = shift + 7, at + 1
            if content[at - 1] < 128:
                break
        lengths.append(length)
    out = np.empty(count, object)
    for i, length in enumerate(lengths):
        out[i] = content[at : at + length]
        at += length
    if at != len(content):
        raise ValueError("TensorProto with %d bytes of strings that take %d" % (len(content), at))
    return out


def decode(proto):
    """The array that a `TensorProto` holds.

    Raises:
      TypeError: it has a type that no array can hold.
      ValueError: its content does not fit its shape.
    """
    dtype = dtypes.as_dtype(proto.dtype)
    shape = tuple(d.size for d in proto.tensor_shape.dim)
    if proto.tensor_shape.unknown_rank or any(d < 0 for d in shape):
        raise ValueError("Shape %s of a TensorProto is not fully known" % (shape,))
    if not dtype.is_numpy_compatible:
        raise TypeError("Unsupported tensor type: %s" % proto.dtype)
    count = shapes.element_count(shape)
    if proto.tensor_content:
        if dtype is dtypes.string:
            return _texts(proto.tensor_content, count).reshape(shape)
        if len(proto.tensor_content) != count * dtype.size:
            raise ValueError("TensorProto with %d bytes of content for shape %s of type %s"
                             % (len(proto.tensor_content), shape, dtype.name))  # fmt: skip
        return np.frombuffer(proto.tensor_content, dtype=dtype.np).reshape(shape)
    values = getattr(proto, _FIELDS.get(dtype, "int_val"))
    if dtype is dtypes.string:
        flat = dtypes.object_array(values)
    elif dtype in (dtypes.float16, dtypes.bfloat16):
        flat = np.array(values, np.uint16).view(dtype.np)
    elif dtype.is_quantized:
        flat = np.array(values).astype(dtype.np[0]).view(dtype.np)
    elif dtype.is_complex:
        flat = np.array(values, dtype.real_dtype.np).view(dtype.np)
    else:
        flat = np.array(values).astype(dtype.np)
    return _fill(flat, shape, count, dtype)


def _fill(flat, shape, count, dtype):
    """The elements in their shape; the last one stands for all that are missing."""
    if flat.size == count:
        return flat.reshape(shape)
    if flat.size == 1:
        return np.broadcast_to(flat.reshape((1,) * len(shape)), shape)
    if flat.size > count:
        raise ValueError("TensorProto with %d elements for shape %s" % (flat.size, shape))
    missing = np.full(count - flat.size, flat[-1] if flat.size else (b"" if dtype is dtypes.string else 0), flat.dtype)
    return np.concatenate([flat, missing]).reshape(shape)
