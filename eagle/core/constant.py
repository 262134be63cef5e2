"""From Python and NumPy values to the array of a constant, by the rules of each mode.

The two modes differ as TensorFlow's do: a graph constant is checked element by element and narrows `float64` and `int64` that
came from Python numbers; an eager one takes the type of NumPy scalars as they are, and has its own error messages.
"""

import numbers

import numpy as np

from . import dtypes, shape as shapes
from .context import here
from .dtypes import BFLOAT16, FROM_NUMPY

_OBJECT = np.dtype(object)
_FLOAT32, _INT32 = np.dtype(np.float32), np.dtype(np.int32)
_EAGER_NAMES = {"float32": "float", "float64": "double", "float16": "half"}
_INT32_RANGE = range(-(2**31), 2**31)


def to_array(value, dtype=None, eager=None):
    """The constant `value` as an array (or NumPy scalar) that nothing else refers to.

    Args:
      value: a number, string, nested list, NumPy array, ...
      dtype: the wanted `DType`, or None for the value's own.
      eager: by which mode's rules; by default the current one's.

    Raises:
      TypeError, ValueError: as TensorFlow raises in that mode.
    """
    kind = type(value)
    if kind is float and (dtype is None or dtype.is_floating):
        return (dtype or dtypes.float32).np.type(value)
    if kind is int and dtype is not None and dtype.base_dtype.np.kind in "iuf" and value in _INT32_RANGE and value >= 0:
        return np.array(value).astype(dtype.np)[()]
    if isinstance(value, (np.ndarray, np.generic)):
        return _from_numpy(value, dtype)
    if not isinstance(value, (list, tuple)) and (hasattr(value, "__array__") or hasattr(value, "__array_interface__")):
        return _from_numpy(np.array(value), dtype)
    if here.eager if eager is None else eager:
        return _from_python_eagerly(value, dtype)
    return _from_python(value, dtype)


def _from_numpy(value, dtype):
    if type(value) is not np.ndarray and isinstance(value, np.ndarray):
        value = value.view(np.ndarray)  # a matrix would keep its two dimensions
    if value.dtype.kind == "O" or value.dtype.kind in "SU":
        if dtype is not None and dtype.base_dtype is not dtypes.string:
            try:
                return np.array(value, dtype=dtype.np)[()]
            except (TypeError, ValueError):
                raise TypeError("Cannot convert %r to EagerTensor of dtype %s" % (value, eager_name(dtype))) from None
        return strings(value)
    if dtype is not None and dtype.base_dtype.np is not value.dtype:
        if dtype.base_dtype is dtypes.string or not dtype.is_numpy_compatible:
            if here.eager:
                raise TypeError("Cannot convert %r to EagerTensor of dtype %s" % (value, eager_name(dtype)))
            raise TypeError("Expected %s, got %s of type '%s' instead." % (dtype.name, value, type(value).__name__))
        if dtype.is_quantized and value.dtype.fields is None:
            return value.astype(dtype.np[0]).view(dtype.np)
        return value.astype(dtype.np)
    native = FROM_NUMPY.get(value.dtype) or FROM_NUMPY.get(value.dtype.newbyteorder("="))
    if native is None:
        if here.eager:
            raise ValueError("Failed to convert a NumPy array to a Tensor (Unsupported numpy type: %s)." % value.dtype)
        raise TypeError("Cannot convert value %r to a TensorFlow DType." % (value.dtype,))
    return value.astype(native.np) if isinstance(value, np.ndarray) else value


def strings(value):
    """An array (or nested list) of text and bytes as an object array of bytes."""
    source = np.asarray(value, dtype=object)
    out = np.empty(source.shape, dtype=object)
    flat, target = source.ravel(), out.reshape(-1)
    for i in range(flat.size):
        item = flat[i]
        if isinstance(item, str):
            item = item.encode("utf-8")
        elif not isinstance(item, bytes):
            if here.eager:
                raise ValueError("Failed to convert a NumPy array to a Tensor (Unsupported object type %s)." % type(item).__name__)
            raise TypeError("Expected binary or unicode string, got %r" % (item,))
        target[i] = bytes(item)
    return out


# ------------------------------------------------------------------------------------------------------ graph constants


def _from_python(value, dtype):
    if value is None:
        raise ValueError("None values not supported.")
    base = None if dtype is None else dtype.base_dtype
    _check_elements(value, base)
    leaf = _first_leaf(value)
    if base is dtypes.string or isinstance(leaf, (str, bytes)):
        if base is None and not _all_text(value):
            raise _cannot_convert(value)
        array = strings(_nested(value))
    else:
        array = _numeric(value, base)
    wanted = _dense_dimensions(value)
    if list(array.shape) != wanted and not (base and base.is_quantized):
        raise ValueError("Argument must be a dense tensor: %s - got shape %s, but wanted %s." % (value, list(array.shape), wanted))
    if base is not None and array.dtype is not base.np:
        found = FROM_NUMPY.get(array.dtype)
        raise TypeError("Incompatible types: %s vs. %s. Value is %s" % (dtype, found.name if found else array.dtype, value))
    return array


def _numeric(value, base):
    try:
        if base is not None and base.is_quantized:
            return np.array(value, dtype=base.np)
        if base is not None and base.is_numpy_compatible:
            if base.np.kind in "iu":  # out-of-range integers wrap around
                return np.array(value).astype(base.np)
            return np.array(value, dtype=base.np)
        array = np.array(value)
    except OverflowError:
        raise _cannot_convert(value) from None
    except (TypeError, ValueError):
        raise ValueError(
            "Argument must be a dense tensor: %s - got shape %s, but wanted %s."
            % (value, [len(value)] if hasattr(value, "__len__") else [], _dense_dimensions(value))
        ) from None
    if array.dtype == np.float64:
        return array.astype(np.float32)
    if array.dtype == np.int64:
        narrow = array.astype(np.int32)
        return narrow if np.array_equal(narrow, array) else array
    if array.dtype not in FROM_NUMPY or array.dtype is _OBJECT:
        raise _cannot_convert(value)
    return array


def _cannot_convert(value):
    return TypeError(
        "Failed to convert object of type %s to Tensor. Contents: %s. Consider casting elements to a supported type."
        % (type(value), value)
    )


def _nested(value):
    return list(value) if isinstance(value, tuple) else value


def _first_leaf(value):
    while isinstance(value, (list, tuple)):
        if not value:
            return None
        value = value[0]
    return value


def _leaves(value):
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, np.ndarray):
        yield from value.ravel()
    else:
        yield value


def _all_text(value):
    return all(isinstance(v, (str, bytes)) for v in _leaves(value))


def _dense_dimensions(value):
    if not isinstance(value, (list, tuple)):
        return list(value.shape) if isinstance(value, (np.ndarray, np.generic)) else []
    return [len(value)] + (_dense_dimensions(value[0]) if value else [])


def _accepts(base):
    """The check that each element of a Python constant of type `base` must pass."""
    if base is dtypes.string:
        return lambda v: isinstance(v, (str, bytes))
    if base is dtypes.bool_:
        return lambda v: isinstance(v, (bool, np.bool_))
    if base.is_complex:
        return lambda v: isinstance(v, (numbers.Complex, np.number, np.bool_))
    if base.is_floating and base.np is not BFLOAT16:
        return lambda v: isinstance(v, (numbers.Real, np.floating, np.integer, np.bool_))
    if base.is_integer:
        return lambda v: isinstance(v, (numbers.Integral, shapes.Dimension, np.bool_))
    return None


def _check_elements(value, base):
    """Raises TypeError for the first element that does not fit the wanted type."""
    if base is None:
        for v in _leaves(value):
            if v is None or getattr(v, "is_tensor_like", False):
                if v is None:
                    raise _cannot_convert(value)
                raise TypeError("List of Tensors when single Tensor expected")
        return
    if base.is_quantized:
        _check_quantized(value, base)
        return
    accepts = _accepts(base)
    for v in _leaves(value):
        if getattr(v, "is_tensor_like", False):
            raise TypeError("List of Tensors when single Tensor expected")
        if v is None or (accepts and not accepts(v)):
            raise TypeError("Expected %s, got %s of type '%s' instead." % (base.name, _shown(v), type(v).__name__))


def _check_quantized(value, base):
    """Elements of a quantized type are tuples of one integer, in nested lists."""
    if isinstance(value, list):
        for item in value:
            _check_quantized(item, base)
    elif not isinstance(value, tuple) or not all(isinstance(v, numbers.Integral) for v in value):
        raise TypeError("Expected %s, got %s of type '%s' instead." % (base.name, _shown(value), type(value).__name__))


def _shown(v):
    return repr(v) if isinstance(v, (str, bytes)) or v is None else str(v)


# ------------------------------------------------------------------------------------------------------ eager constants


def eager_name(dtype):
    """A type as TensorFlow's runtime calls it: `float`, `double`, `half`, `int32`, ..."""
    return _EAGER_NAMES.get(dtype.name, dtype.name)


def _from_python_eagerly(value, dtype):
    array = _eager_array(value)
    base = None if dtype is None else dtype.base_dtype
    if array.dtype is _OBJECT:
        if base is not None and base is not dtypes.string:
            raise TypeError("Cannot convert %r to EagerTensor of dtype %s" % (value, eager_name(base)))
        return array
    if base is None or array.dtype is base.np:
        return array
    if not array.size:
        return array.astype(base.np) if base is not dtypes.string else array.astype(object)
    if not _safe(array.dtype, base):
        raise TypeError("Cannot convert %s to EagerTensor of dtype %s" % (value, eager_name(base)))
    if base.is_quantized:
        return array.astype(base.np[0]).view(base.np)
    return array.astype(base.np)


def _safe(have, want):
    """Whether eager execution converts a Python value of type `have` to `want` on its own."""
    kind = have.kind
    if want in (dtypes.string, dtypes.resource, dtypes.variant):
        return False
    if want is dtypes.bool_:
        return kind == "b"
    if want.is_integer or want.is_quantized:
        return kind in "iub"
    if want.is_complex:
        return True
    return kind in "iufb" or have is BFLOAT16


def _eager_array(value):
    leaves = [value] if not isinstance(value, (list, tuple, range)) else list(_eager_leaves(value))
    kinds = set()
    for v in leaves:
        if (kind := _eager_kind(v)) is None:
            return _eager_array(_as_lists(value))
        kinds.add(kind)
    if kinds - {"int", "float"} and len(kinds) > 1 and not kinds <= {"int", "float", "complex"}:
        raise ValueError("Can't convert Python sequence with mixed types to Tensor.")
    if kinds == {"text"}:
        array = _rectangular(value, object)
        return strings(array)
    array = _rectangular(value, None)
    if not leaves:
        return array.astype(np.float32)
    if all(isinstance(v, np.generic) for v in leaves):
        return array
    if kinds == {"int"}:
        if array.dtype.kind not in "i":
            raise ValueError("Can't convert Python sequence with out-of-range integer to Tensor.")
        narrow = array.astype(np.int32)
        return narrow if np.array_equal(narrow, array) else array
    return array.astype(np.float32) if array.dtype == np.float64 else array


def _eager_leaves(value):
    for item in value:
        if isinstance(item, (list, tuple, range)):
            yield from _eager_leaves(item)
        elif isinstance(item, np.ndarray):
            yield from item.ravel()
        else:
            yield item


def _is_sequence(v):
    kind = type(v)
    plain = not isinstance(v, dict) and not getattr(v, "is_tensor_like", False)
    return plain and hasattr(kind, "__getitem__") and hasattr(kind, "__len__")


def _as_lists(value):
    """The value with lists for the objects of other classes that can be indexed, as deep as they are nested."""
    if isinstance(value, (str, bytes, np.ndarray, np.generic, shapes.Dimension)):
        return value
    return [_as_lists(v) for v in value] if isinstance(value, (list, tuple, range)) or _is_sequence(value) else value


def _eager_kind(v):
    """What kind of element a value is; None for a sequence of a class of its own, which is none."""
    if isinstance(v, (bool, np.bool_)):
        return "bool"
    if isinstance(v, (str, bytes)):
        return "text"
    if isinstance(v, (numbers.Integral, shapes.Dimension)):
        return "int"
    if isinstance(v, (numbers.Real, np.floating)) or getattr(v, "dtype", None) is BFLOAT16:
        return "float"
    if isinstance(v, (numbers.Complex, np.complexfloating)):
        return "complex"
    if hasattr(v, "__index__"):
        return "int"
    if _is_sequence(v):
        return None
    raise ValueError("Attempt to convert a value (%r) with an unsupported type (%s) to a Tensor." % (v, type(v)))


def _rectangular(value, dtype):
    try:
        array = np.array(_plain_dimensions(value), dtype=dtype)
    except ValueError:
        array = None
    except OverflowError:
        raise ValueError("Can't convert Python sequence with out-of-range integer to Tensor.") from None
    if array is None or (dtype is object and list(array.shape) != _dense_dimensions(value)):
        raise ValueError("Can't convert non-rectangular Python sequence to Tensor.")
    if array.dtype.kind == "O" and dtype is None:
        raise ValueError("Can't convert Python sequence with out-of-range integer to Tensor.")
    return array


def _plain_dimensions(value):
    if isinstance(value, shapes.Dimension):
        return int(value)
    if isinstance(value, (list, tuple)):
        return [_plain_dimensions(v) for v in value]
    return value
