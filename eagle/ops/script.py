"""Python functions as operations: `tf.py_func`, `tf.numpy_function`, `tf.py_function` (`tfe.py_func`)."""

import itertools
import threading
import traceback
import weakref

import numpy as np

from ..core import dtypes, errors, nest, tape as tapes
from ..core.backprop import gradient_of_tape
from ..core.constant import eager_name, strings
from ..core.context import eager_mode, here
from ..core.convert import convert
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.op import op
from ..core.tape import Tape
from ..core.tensor import EagerTensor, from_value

_functions = weakref.WeakValueDictionary()  # token -> the function; the graph keeps it alive
_serial = itertools.count().__next__


class _Function:
    """A Python function that operations name by its token."""

    def __init__(self, function, output_types):
        self.function = function
        self.output_types = output_types
        self.token = "pyfunc_%d" % _serial()
        _functions[self.token] = self


def _keep(function):
    """Lets the default graph keep a function alive."""
    get_default_graph().get_collection_ref("_eagle_py_funcs").append(function)
    return function.token


def _lookup(token):
    function = _functions.get(token)
    if function is None:
        raise errors.UnknownError(None, None, "KeyError: %r: the Python function of this graph is not in this process" % token)
    return function


_ERRORS = {
    TypeError: errors.InvalidArgumentError,
    ValueError: errors.InvalidArgumentError,
    StopIteration: errors.OutOfRangeError,
    MemoryError: errors.ResourceExhaustedError,
    NotImplementedError: errors.UnimplementedError,
}


def _call_user(function, args):
    """Calls a user's function; what it raises becomes what TensorFlow raises, with the user's traceback."""
    try:
        return function(*args)
    except errors.OpError:
        raise
    except Exception as e:
        kind = next((target for cls, target in _ERRORS.items() if isinstance(e, cls)), errors.UnknownError)
        text = "%s: %s\n%s" % (type(e).__name__, e, "".join(traceback.format_exception(e)))
        raise kind(None, None, text) from e


def _as_list(result):
    if result is None:
        return []
    return list(result) if isinstance(result, list | tuple) else [result]


def _call_numpy(token, args, output_types):
    """The results of a function of arrays, as arrays of the promised types."""
    results = _as_list(_call_user(_lookup(token).function, [_for_user(a) for a in args]))
    if len(results) != len(output_types):
        raise errors.InvalidArgumentError(
            None, None, "%s returns %d values, but expects to see %d values." % (token, len(results), len(output_types))
        )
    return [_checked(r, t, i, token) for i, (r, t) in enumerate(zip(results, output_types))]


def _for_user(value):
    return np.array(value) if isinstance(value, np.ndarray) else value


def _checked(result, dtype, index, token):
    """A result as an array, which must have the promised type as it is."""
    try:
        array = np.asarray(result)
    except ValueError:  # rows of different lengths
        array = np.array(result, dtype=object)
    if array.dtype.kind in "SUO":
        found = next((x for x in array.ravel() if not isinstance(x, str | bytes)), None)
        if found is not None:
            raise errors.InternalError(None, None, "Unsupported object type %s" % type(found).__name__)
        array = strings(array)
    found = dtypes.FROM_NUMPY.get(array.dtype.newbyteorder("="))
    if found is None:
        raise errors.InternalError(None, None, "Unsupported numpy data type")
    if found is not dtype:
        raise errors.InvalidArgumentError(
            None, None, "%d-th value returned by %s is %s, but expects %s" % (index, token, eager_name(found), eager_name(dtype))
        )
    array = array.astype(dtype.np)
    return array if array.ndim or dtype is dtypes.string else array[()]


def _check_callable(func):
    if not callable(func):
        raise ValueError("Expected func to be callable, got func of type %s" % type(func))


@op("PyFunc", host=True, ignores=("Tin",))
def _py_func(xp, input, *, token, Tout):
    return _call_numpy(token, input, Tout)


@op("PyFuncStateless", host=True, foldable=False, ignores=("Tin",))
def _py_func_stateless(xp, input, *, token, Tout):
    return _call_numpy(token, input, Tout)


def _unknown_shapes(input, *, Tout):
    return [None] * len(Tout)


for _declared in (_py_func, _py_func_stateless):
    _declared.shape(_unknown_shapes)
    _declared.not_differentiable()


@export("py_func")
def py_func(func, inp, Tout, stateful=True, name=None):
    """An operation that calls a Python function of NumPy arrays.

    Args:
      func: a function of arrays that returns an array or a list of arrays.
      inp: a list of tensors, its arguments.
      Tout: the type of the result, or the list of types of the results.
      stateful: whether it must be called every time that the operation runs.
      name: the name of the node.

    Returns:
      A tensor or a list of tensors, of unknown shapes; for an empty `Tout` the operation if it is stateful.

    Raises:
      ValueError: `func` can't be called.
      InvalidArgumentError, ...: (when run) the function raises, or returns something else than promised.
    """
    if here.eager:
        results = [convert(x) if x is not None else None for x in nest.flatten(func(*[convert(x).numpy() for x in inp]))]
        return results[0] if len(results) == 1 else results
    _check_callable(func)
    is_list = isinstance(Tout, list | tuple)
    types = tuple(dtypes.as_dtype(t) for t in (Tout if is_list else [Tout]))
    token = _keep(_Function(func, types))
    call = _py_func if stateful else _py_func_stateless
    outputs = call(list(inp), token=token, Tout=types, name=name)
    if not types and not stateful:
        return []
    return outputs if is_list or not isinstance(outputs, list) else outputs[0]


@export("numpy_function")
def numpy_function(func, inp, Tout, name=None):
    """`py_func` of a function that must be called every time."""
    return py_func(func, inp, Tout, stateful=True, name=name)


# ------------------------------------------------------------------------------------------- functions of eager tensors


class _EagerCalls:
    """The tapes of calls of eager functions whose gradients may be asked for, one after the other for each token."""

    def __init__(self):
        self._lock = threading.Lock()
        self._last = {}

    def put(self, token, call):
        with self._lock:
            self._last[token] = call

    def take(self, token):
        with self._lock:
            return self._last.pop(token, None)


_calls = _EagerCalls()


@op("EagerPyFunc", host=True, ignores=("Tin", "is_async"))
def _eager_py_func(xp, input, *, token, Tout):
    function = _lookup(token)
    with eager_mode():
        args = [from_value(v) for v in input]
        tape = Tape()
        for t in args:
            tape.watch(t)
        tapes.push(tape)
        try:
            outputs = _call_eager(function.function, args, Tout)
        finally:
            tapes.pop(tape)
    if len(outputs) != len(Tout):
        raise errors.InvalidArgumentError(
            None, None, "%s returns %d values, but expects to see %d values." % (token, len(outputs), len(Tout))
        )
    _calls.put(token, (tape, args, outputs))
    return [t._v for t in outputs]


def _call_eager(function, args, types):
    """What a function of eager tensors returns, as tensors of the promised types."""
    return _call_user(lambda: [_converted(r, t) for r, t in zip(_as_list(function(*args)), types)], ())


def _converted(result, dtype):
    if isinstance(result, EagerTensor):
        tensor = result
    elif hasattr(result, "handle") and hasattr(result, "trainable"):
        raise RuntimeError("Attempting to return a variable from an eagerly executed py_func; return its value, "
                           "`read_value()`, instead: %s" % (result,))  # fmt: skip
    else:
        tensor = convert(result, dtype)
    if tensor.dtype is not dtype:
        raise errors.InvalidArgumentError(
            None, None, "py_function: func returned a %s where %s was promised" % (tensor.dtype.name, dtype.name)
        )
    return tensor


_eager_py_func.shape(_unknown_shapes)


@_eager_py_func.grad
def _(*grads, node):
    """Calls back the tape that recorded the function's last call."""
    token = node.attrs["token"]
    types = [t.dtype.base_dtype for t in node._inputs]

    def backward(*values):
        call = _calls.take(token)
        if call is None:
            raise errors.InternalError(None, None, "The gradient of %s ran before the function" % token)
        tape, args, outputs = call
        found = gradient_of_tape(tape, outputs, args, list(values))
        return [from_value(np.zeros(a._v.shape, a._v.dtype)) if g is None else convert(g) for g, a in zip(found, args)]

    given = [g for g in grads if g is not None]
    results = py_function(backward, given, types)
    return tuple(results if isinstance(results, list) else [results])


@export("py_function", "contrib.eager.py_func")
def py_function(func, inp, Tout, name=None):
    """An operation that calls a Python function of eager tensors; gradients flow through it.

    Args:
      func: a function of eager tensors that returns a tensor or a list of tensors.
      inp: a list of tensors, its arguments.
      Tout: the type of the result, or the list of types of the results; empty if there is none.
      name: the name of the node.

    Returns:
      A tensor or a list of tensors, of unknown shapes.

    Raises:
      ValueError: `func` can't be called.
      InvalidArgumentError, ...: (when run) the function raises, or returns something else than promised.
    """
    _check_callable(func)
    is_list = isinstance(Tout, list | tuple)
    types = tuple(dtypes.as_dtype(t) for t in (Tout if is_list else [Tout]))
    if here.eager:
        results = _call_eager(func, [convert(x) for x in inp], types)
        return results if is_list else results[0]
    token = _keep(_Function(func, types))
    outputs = _eager_py_func([convert(x) for x in inp], token=token, Tout=types, name=name)
    return outputs if is_list or not isinstance(outputs, list) else outputs[0]
