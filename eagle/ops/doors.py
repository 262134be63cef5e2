"""Short cuts through the door for the ops that programs call most: elementwise ones of one or two operands.

A short cut serves eager tensors of one type that the op has seen before; every other call goes through `dispatch.call`.  It is
the same code for all ops of an arity, bound to their kernels.
"""

import numpy as np

from ..core import dtypes, tape
from ..core.context import here, process
from ..core.convert import convert
from ..core.dispatch import call
from ..core.scopes import name_scope
from ..core.tensor import EagerTensor, Tensor, overload

_ndarray = np.ndarray


def unary(op, parameter="x"):
    """The public function of an op of one operand; `parameter` is the operand's public name."""
    compute, seen = op.numpy, op.fast

    def function(x, name=None):
        if type(x) is EagerTensor:
            v = x._v
            if v.dtype in seen and (not process.busy or here.eager):
                out = EagerTensor()
                out._v = compute(v)
                out._id = 0
                if process.busy:
                    tape.after(op, x, None, out)
                return out
        return call(op, (x,), {}, name)

    return _named(function, op, (parameter,))


def binary(op, parameters=("x", "y")):
    """The public function of an op of two operands; `parameters` are their public names."""
    compute, seen = op.numpy, op.fast

    def function(x, y, name=None):
        if type(x) is EagerTensor and type(y) is EagerTensor:
            a, b = x._v, y._v
            d = a.dtype
            if d is b.dtype and d in seen and (not process.busy or here.eager):
                try:
                    v = compute(a, b)
                except ValueError:  # the shapes don't fit: the long way has the message
                    return call(op, (x, y), {}, name)
                out = EagerTensor()
                out._v = v
                out._id = 0
                if process.busy:
                    tape.after(op, x, y, out)
                return out
        return call(op, (x, y), {}, name)

    return _named(function, op, parameters)


def _named(function, op, parameters):
    """Gives a short cut the name of its op and the public names of its operands."""
    code = function.__code__
    function.__code__ = code.replace(co_varnames=parameters + code.co_varnames[len(parameters) :], co_name=op.name)
    function.__name__ = function.__qualname__ = op.name
    function.__doc__ = op.__doc__
    function.op = op
    return function


def overload_binary(symbol, op, function):
    """Defines an operator and its reflected form.

    Args:
      symbol: the operator's name without underscores ("add"); the node's name too.
      op: the `Op` that serves eager tensors of types that it has seen.
      function: the function `(x, y, name)` that serves everything else.
    """
    compute, seen = op.numpy, op.fast

    def general(x, y):
        return _carefully(function, x, y, symbol)

    def forward(x, y):
        a = x._v
        d = a.dtype
        if d in seen and (not process.busy or here.eager):
            if type(y) is EagerTensor:
                b = y._v
                if b.dtype is not d:
                    return general(x, y)
            else:
                b = _number(y, a)
                if b is None:
                    return general(x, y)
            try:
                v = compute(a, b)
            except ValueError:  # the shapes don't fit: the long way has the message
                return general(x, y)
            out = EagerTensor()
            out._v = v
            out._id = 0
            if process.busy:
                if type(y) is EagerTensor:
                    tape.after(op, x, y, out)
                else:
                    tape.after_number(op, 0, x, y, out)
            return out
        return general(x, y)

    def general_reflected(y, x):
        with name_scope(None, symbol, [x, y]) as name:
            return function(convert(x, y.dtype.base_dtype, "x"), y, name)

    def reflected(y, x):
        b = y._v
        if b.dtype in seen and (not process.busy or here.eager):
            a = _number(x, b)
            if a is not None:
                out = EagerTensor()
                out._v = compute(a, b)
                out._id = 0
                if process.busy:
                    tape.after_number(op, 1, y, x, out)
                return out
        return general_reflected(y, x)

    overload("__%s__" % symbol, general, forward)
    overload("__r%s__" % symbol, general_reflected, reflected)


def _carefully(function, x, y, symbol):
    """An operator's way for all that is no short cut: graph tensors, new types, operands that are no tensors yet."""
    with name_scope(None, symbol, [x, y]) as name:
        if not isinstance(y, Tensor):
            try:
                y = convert(y, None, "y", x.dtype.base_dtype)
            except TypeError:
                if hasattr(type(y), "__r%s__" % symbol):  # an object that knows what to do with a tensor
                    return NotImplemented
                raise
        return function(x, y, name)


_numbers = {}  # (dtype, type of number, number) -> array
_FLOATS = {dtypes.float16.np, dtypes.float32.np, dtypes.float64.np}


def _number(y, a):
    """The Python number `y` as an operand beside the value `a`, or None if the long way must look at it.

    Beside a NumPy scalar the Python number itself is fastest, beside an array a scalar array, which is kept.
    """
    if type(a) is _ndarray:
        try:
            return _numbers[a.dtype, y.__class__, y]
        except (KeyError, TypeError):
            pass
    kind, d = type(y), a.dtype
    if kind is float:
        if d not in _FLOATS:
            return None
    elif kind is not int or not 0 <= y < 128 or d.kind not in "fiu":
        return None
    if type(a) is not _ndarray:
        return y
    b = np.array(y, d)
    if y:  # 0.0 and -0.0 are equal as keys
        if len(_numbers) > 1000:
            _numbers.clear()
        _numbers[d, kind, y] = b
    return b
