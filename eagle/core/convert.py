"""From any value to a tensor: `tf.convert_to_tensor`, constants, and the registry of conversion functions."""

import numpy as np

from . import dtypes, op_definitions, shape as shapes
from .constant import to_array
from .context import here, process
from .export import export
from .graph import get_default_graph
from .operation import Operation
from .tensor import EagerTensor, GraphTensor, Tensor, from_value

_functions = []  # (priority, order of registration, base types, function)
_by_type = {}  # type -> its conversion functions, in the order to try them


@export("register_tensor_conversion_function")
def register_tensor_conversion_function(base_type, conversion_func, priority=100):
    """Registers how objects of `base_type` become tensors.

    Args:
      base_type: a type or tuple of types.
      conversion_func: called as `conversion_func(value, dtype=None, name=None, as_ref=False)`; gives a tensor, or
        NotImplemented to let the next function try.
      priority: functions with smaller numbers are tried first; among equals the one registered first.

    Raises:
      TypeError: an argument has the wrong type.
    """
    base_types = base_type if isinstance(base_type, tuple) else (base_type,)
    if not all(isinstance(t, type) for t in base_types):
        raise TypeError("base_type must be a type or a tuple of types.")
    if not callable(conversion_func):
        raise TypeError("conversion_func must be callable.")
    _functions.append((priority, len(_functions), base_types, conversion_func))
    _functions.sort(key=lambda entry: entry[:2])
    _by_type.clear()


def _conversions(kind):
    found = _by_type.get(kind)
    if found is None:
        found = _by_type[kind] = [f for _, _, bases, f in _functions if issubclass(kind, bases)]
    return found


@export("convert_to_tensor")
def convert_to_tensor(value, dtype=None, name=None, preferred_dtype=None, dtype_hint=None):
    """Converts a value to a tensor.

    Args:
      value: a tensor, a number, a string, a NumPy array, a nested list of these, a variable, or an object of a type for which
        `register_tensor_conversion_function` was called.
      dtype: the type that the result must have.
      name: the name of a new constant.
      preferred_dtype, dtype_hint: a type to try first when `dtype` is None.

    Returns:
      A tensor; `value` itself if it is one.

    Raises:
      TypeError: there is no conversion for the type of `value`.
      ValueError: a tensor was given that has another type than `dtype`, or the conversion failed.
      RuntimeError: a conversion function gave something that is no tensor, or one of another type than asked for.
    """
    dtype = None if dtype is None else dtypes.as_dtype(dtype)
    preferred = preferred_dtype if preferred_dtype is not None else dtype_hint
    return convert(value, dtype, name, None if preferred is None else dtypes.as_dtype(preferred))


def convert(value, dtype=None, name=None, preferred=None, as_ref=False):
    """`convert_to_tensor` with `as_ref` for a ref variable's reference."""
    if dtype is not None and type(dtype) is not dtypes.DType:
        dtype = dtypes.as_dtype(dtype)
    if isinstance(value, Tensor):
        if type(value) is EagerTensor and not here.eager:
            return get_default_graph().admit(value, name)
        if dtype is not None and not dtype.is_compatible_with(value.dtype):
            raise ValueError(
                "Tensor conversion requested dtype %s for Tensor with dtype %s: %r" % (dtype.name, value.dtype.name, value)
            )
        return value
    for function in _conversions(type(value)):
        result = None
        if preferred is not None and dtype is None:
            result = _try_preferred(function, value, name, preferred, as_ref)
        if result is None:
            result = function(value, dtype=dtype, name=name, as_ref=as_ref)
        if result is NotImplemented:
            continue
        if not isinstance(result, Tensor):
            raise RuntimeError("%sConversion function %r for type %s returned non-Tensor: %r"
                               % ("" if name is None else "%s: " % name, function, type(value), result))  # fmt: skip
        if dtype is not None and not dtype.is_compatible_with(result.dtype):
            raise RuntimeError("%sConversion function %r for type %s returned incompatible dtype: requested = %s, actual = %s"
                               % ("" if name is None else "%s: " % name, function, type(value), dtype.name,
                                  result.dtype.name))  # fmt: skip
        return result
    raise TypeError("%sCannot convert %r with type %s to Tensor: no conversion function registered."
                    % ("" if name is None else "%s: " % name, value, type(value)))  # fmt: skip


def _try_preferred(function, value, name, preferred, as_ref):
    try:
        result = function(value, dtype=preferred, name=name, as_ref=as_ref)
    except (TypeError, ValueError):
        return None
    if result is not NotImplemented and result.dtype.base_dtype != preferred.base_dtype:
        raise TypeError("convert_to_tensor did not convert to the preferred dtype: %s vs %s "
                        % (result.dtype.base_dtype, preferred.base_dtype))  # fmt: skip
    return result


# --------------------------------------------------------------------------------------------------------- constants


@export("constant")
def constant(value, dtype=None, shape=None, name="Const", verify_shape=False):
    """A constant tensor.

    Args:
      value: a number, string, NumPy array or nested list.
      dtype: the type of its elements; by default that of `value` (Python floats are float32, integers int32).
      shape: the shape; if it has more elements than `value`, the last element is repeated.
      name: the name of the node.
      verify_shape: whether `value` must have exactly this `shape`.

    Raises:
      TypeError, ValueError: `value` does not fit `dtype` or `shape`, or is no dense tensor.
    """
    dtype = None if dtype is None else dtypes.as_dtype(dtype)
    if isinstance(value, EagerTensor) and here.eager:
        value = value.numpy()
    if isinstance(value, Tensor):
        raise TypeError("Expected a value to make a constant from, got the tensor %s; tf.identity copies tensors." % (value,))
    array = to_array(value, dtype)
    if shape is not None:
        array = _fit(array, shapes.as_tuple(shape), verify_shape, value)
    return from_array(array, name)


def _fit(array, shape, verify, value):
    """The constant's elements in the shape asked for."""
    if not shapes.is_known(shape):
        raise TypeError("Expected a fully known shape for a constant, got %s" % shapes.to_text(shape))
    if tuple(array.shape) == shape:
        return array
    if verify:
        raise TypeError("Expected Tensor's shape: %s, got %s." % (shape, tuple(array.shape)))
    count, wanted = array.size, shapes.element_count(shape)
    if count == wanted:
        return array.reshape(shape)
    if count == 1:
        return np.broadcast_to(np.asarray(array).reshape((1,) * len(shape)), shape)
    if here.eager:
        text = "Eager execution of tf.constant with unsupported shape (value has %d elements, shape is %s with %d elements)."
        raise TypeError(text % (count, shape, wanted))
    if count > wanted:
        raise ValueError("Too many elements provided. Needed at most %d, but received %d" % (wanted, count))
    if not count:
        raise ValueError("Too few elements provided. Needed %d, but received 0" % wanted)
    flat = np.asarray(array).ravel()
    return np.concatenate([flat, np.full(wanted - count, flat[-1], flat.dtype)]).reshape(shape)


def from_array(array, name="Const"):
    """A constant tensor with this value, which nobody else refers to."""
    if here.eager:
        return from_value(array)
    array = np.asarray(array)
    graph = get_default_graph()
    name = name or "Const"
    name = name[:-1] if name[-1] == "/" else graph.unique_name(name)
    attrs = {"value": array, "dtype": dtypes.FROM_NUMPY[array.dtype]}
    return process.build_node(graph, op_definitions.lookup("Const"), name, [], attrs, None).outputs[0]


def _constant_conversion(value, dtype=None, name=None, as_ref=False):
    return from_array(to_array(value, dtype), name or "Const")


def _shape_conversion(value, dtype=None, name=None, as_ref=False):
    if not value.is_fully_defined():
        raise ValueError("Cannot convert a partially known TensorShape to a Tensor: %s" % value)
    sizes = value.as_list()
    if dtype is None:
        dtype = dtypes.int32
        for d in sizes:
            if d >= 2**31:
                dtype = dtypes.int64
    elif dtype not in (dtypes.int32, dtypes.int64):
        raise TypeError("Cannot convert a TensorShape to dtype: %s" % dtype)
    elif dtype is dtypes.int32:
        for d in sizes:
            if d >= 2**31:
                raise ValueError("Cannot convert a TensorShape to dtype int32; a dimension is too large (%s)" % d)
    return from_array(np.array(sizes, dtype.np), name or "shape_as_tensor")


def _dimension_conversion(value, dtype=None, name=None, as_ref=False):
    if value.value is None:
        raise ValueError("Cannot convert an unknown Dimension to a Tensor: %s" % value)
    if dtype is not None and dtype not in (dtypes.int32, dtypes.int64):
        raise TypeError("Cannot convert a TensorShape to dtype: %s" % dtype)
    return from_array(np.array(value.value, (dtype or dtypes.int32).np), name or "shape_as_tensor")


def _operation_conversion(value, dtype=None, name=None, as_ref=False):
    raise TypeError(
        "Can't convert Operation '%s' to Tensor (target dtype=%r, name=%r, as_ref=%r)" % (value.name, dtype, name, as_ref)
    )


register_tensor_conversion_function((list, tuple, np.ndarray, np.generic), _constant_conversion, 100)
register_tensor_conversion_function(shapes.TensorShape, _shape_conversion, 100)
register_tensor_conversion_function(shapes.Dimension, _dimension_conversion, 100)
register_tensor_conversion_function(Operation, _operation_conversion, 100)
register_tensor_conversion_function(object, _constant_conversion, 200)


@export("contrib.framework.is_tensor", "is_tensor")
def is_tensor(x):
    """Whether `x` is a tensor, sparse tensor or variable: something that ops take as a tensor."""
    return isinstance(x, GraphTensor | EagerTensor) or bool(getattr(x, "is_tensor_like", False))
