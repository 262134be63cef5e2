"""Short cuts through the door for the ops that programs call most: elementwise ones of one or two operands.

A short cut serves eager tensors of one type that the op has seen before; every other call goes through `dispatch.call`.  It is
the same code for all ops of an arity, bound to their kernels.
"""

import re
import warnings
from math import copysign

import numpy as np

from ..core import dtypes, tape
from ..core.context import CALLBACK, here, process
from ..core.convert import convert
from ..core.dispatch import call
from ..core.errors import OpError
from ..core.scopes import name_scope
from ..core.sparse_tensor import SparseTensor
from ..core.tensor import EagerTensor, Tensor, overload, read_variable
from ..core.versions import UNFIT, fitting
from . import large
from .large import LARGE

_ndarray = np.ndarray
_BETWEEN_WORDS = re.compile("(?<=[a-z0-9])(?=[A-Z])")

# Infinities, NaNs and integers that wrap around are results like others; NumPy would warn, here and in the kernels.
warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"eagle\.")


def unary(op, parameter="x", of_sparse=False):
    """The public function of an op of one operand.

    Args:
      op: the `Op`.
      parameter: the operand's public name.
      of_sparse: whether it may be a `SparseTensor`, whose values are then its operand.
    """
    compute, seen, versions = op.numpy, op.fast, []

    def function(x, name=None):
        if type(x) is EagerTensor:
            v = x._v
            busy = process.busy
            if v.dtype in seen and (not busy or here.eager):
                out = EagerTensor()
                out._v = compute(v) if v.size < LARGE else large.of_one(op, v)
                out._id = 0
                if busy:
                    for t in here.tapes:
                        t.note_simple(op, x, None, out)
                    if busy >= CALLBACK:
                        tape.call_back(op, (x,), (out,), _NONE, name)
                return out
        elif of_sparse and isinstance(x, SparseTensor):
            return SparseTensor(x.indices, function(x.values, name), x.dense_shape)
        try:
            return call(op, (x,), {}, name)
        except UNFIT:
            other = fitting(versions, None, (x,), {})
            if other is None:
                raise
        return other(x, name)

    function.versions = versions
    return _named(function, op, (parameter,))


def binary(op, parameters=("x", "y")):
    """The public function of an op of two operands; `parameters` are their public names."""
    versions = []

    def general(x, y, name=None):
        try:
            return call(op, (x, y), {}, name)
        except UNFIT:
            other = fitting(versions, None, (x, y), {})
            if other is None:
                raise
        return other(x, y, name)

    of_tensor = _two_operands(op, general)

    def function(x, y, name=None):
        return of_tensor(x, y, name) if type(x) is EagerTensor else general(x, y, name)

    function.versions = versions
    return _named(function, op, parameters)


def _two_operands(op, general, compute=None, types=None):
    """The short cut of an op of two operands of which the first is an eager tensor.

    Args:
      op: the `Op` that serves eager tensors.
      general: the function `(x, y, name)` that serves everything else.
      compute: its kernel; by default the one for NumPy.
      types: the NumPy types that the kernel serves; by default all that the op has seen.
    """
    compute, seen = compute or op.numpy, op.fast if types is None else types

    def function(x, y, name=None):
        a = x._v
        d = a.dtype
        busy = process.busy
        if d in seen and (not busy or here.eager):
            if type(y) is EagerTensor:
                b = y._v
                if b.dtype is not d:
                    return general(x, y, name)
            else:
                b = _number(y, a)
                if b is None:
                    y = read_variable(y)
                    if type(y) is not EagerTensor or y._v.dtype is not d:
                        return general(x, y, name)
                    b = y._v
            try:
                v = compute(a, b) if a.size < LARGE else large.of_two(op, compute, a, b)
            except (ValueError, OpError):  # the operands don't fit: the long way has the message
                return general(x, y, name)
            out = EagerTensor()
            out._v = v
            out._id = 0
            if busy:
                if type(y) is EagerTensor:
                    for t in here.tapes:
                        t.note_simple(op, x, y, out)
                else:
                    for t in here.tapes:
                        t.note_beside_number(op, 0, x, y, out)
                if busy >= CALLBACK:
                    tape.call_back(op, (x, _tensor(y, d)), (out,), _NONE, name)
            return out
        return general(x, y, name)

    return function


def _tensor(operand, dtype):
    """The second operand of a short cut, a tensor or a number, as a tensor."""
    return operand if type(operand) is EagerTensor else tape.number_tensor(dtype, operand)


def eager_values(tensors):
    """The values of a list (or tuple) of eager tensors of one type; None if it is anything else."""
    if type(tensors) is not list and type(tensors) is not tuple or not tensors:
        return None
    values = []
    for t in tensors:
        if type(t) is not EagerTensor:
            return None
        values.append(t._v)
    dtype = values[0].dtype
    for v in values:
        if v.dtype is not dtype:
            return None
    return values


_NONE = {}


def finish(op, args, value, attrs=_NONE):
    """The eager tensor for what a short cut computed in the place of `op`; tapes and callbacks take note.

    Args:
      op: the `Op`.
      args: its inputs as `dispatch.call` takes them.
      value: the value of its output.
      attrs: its attributes.
    """
    out = EagerTensor()
    out._v = value
    out._id = 0
    if process.busy:
        tape.record(op, args, (out,), attrs)
    return out


def finish_several(op, args, values, attrs=_NONE):
    """`finish` for an op with several outputs; a list of tensors."""
    outputs = []
    for v in values:
        out = EagerTensor()
        out._v = v
        out._id = 0
        outputs.append(out)
    if process.busy:
        tape.record(op, args, outputs, attrs)
    return outputs


def _named(function, op, parameters):
    """Gives a short cut the name of its op and the public names of its operands."""
    code = function.__code__
    function.__code__ = code.replace(co_varnames=parameters + code.co_varnames[len(parameters) :], co_name=op.name)
    function.__name__ = function.__qualname__ = _BETWEEN_WORDS.sub("_", op.name).lower()
    function.__doc__ = op.__doc__
    function.op = op
    return function


def overload_binary(symbol, op, function, compute=None, types=None):
    """Defines an operator and its reflected form.

    Args:
      symbol: the operator's name without underscores ("add"); the node's name too.
      op: the `Op` that serves eager tensors.
      function: the function `(x, y, name)` that serves everything else.
      compute: the kernel for eager tensors; by default the op's one for NumPy.
      types: the NumPy types of eager tensors that the kernel serves; by default all that `op` has seen.
    """
    compute, seen = compute or op.numpy, op.fast if types is None else types

    def general(x, y, name=None):
        with name_scope(None, symbol, [x, y]) as name:
            y = y if isinstance(y, SparseTensor) else _operand(y, x, symbol)
            return y if y is NotImplemented else function(x, y, name)

    def general_reflected(y, x):
        with name_scope(None, symbol, [x, y]) as name:
            return function(convert(x, y.dtype.base_dtype, "x"), y, name)

    def reflected(y, x):
        b = y._v
        busy = process.busy
        if b.dtype in seen and (not busy or here.eager):
            a = _number(x, b)
            if a is not None:
                try:
                    v = compute(a, b) if b.size < LARGE else large.of_reflected(op, compute, a, b)
                except (ValueError, OpError):
                    return general_reflected(y, x)
                out = EagerTensor()
                out._v = v
                out._id = 0
                if busy:
                    for t in here.tapes:
                        t.note_beside_number(op, 1, y, x, out)
                    if busy >= CALLBACK:
                        tape.call_back(op, (_tensor(x, b.dtype), y), (out,), _NONE)
                return out
        return general_reflected(y, x)

    overload("__%s__" % symbol, general, _two_operands(op, general, compute, types))
    overload("__r%s__" % symbol, general_reflected, reflected)


def _operand(y, x, symbol):
    """The second operand of an operator as a tensor; NotImplemented if `y` is an object that knows what to do with a tensor."""
    if isinstance(y, Tensor):
        return y
    try:
        return convert(y, None, "y", x.dtype.base_dtype)
    except TypeError:
        if hasattr(type(y), "__r%s__" % symbol):
            return NotImplemented
        raise


FLOATS = {dtypes.float16.np, dtypes.float32.np, dtypes.float64.np}
_numbers = {}  # (dtype, type of number, number) -> array; 0.0 is not among them, which as a key equals -0.0
_zeros = {d: np.array(0, d) for d in FLOATS}


def _number(y, a):
    """The Python number `y` as an operand beside the value `a`, or None if the long way must look at it.

    Beside a NumPy scalar the Python number itself is fastest, beside an array a scalar array, which is kept.
    """
    kind = type(y)
    if kind is not float and kind is not int:
        return None
    d = a.dtype
    if type(a) is _ndarray:
        b = _numbers.get((d, kind, y))
        if b is not None:
            return b
    if d not in FLOATS if kind is float else not 0 <= y < 128 or d.kind not in "fiu":
        return None
    if type(a) is not _ndarray:
        return y
    if not y and kind is float:
        return _zeros[d] if copysign(1.0, y) > 0 else np.array(y, d)
    if len(_numbers) > 1000:
        _numbers.clear()
    b = _numbers[d, kind, y] = np.array(y, d)
    return b
