"""Values in converted code: which are tensors not known yet, and what stands for a variable that has no value."""

import operator as operators

from ..core.tensor import GraphTensor
from ..variables.base import Variable
from .lists import NewList


def is_symbolic(x):
    """Whether Python can't know the truth of a value: a graph tensor, or a variable read inside a graph."""
    return type(x) is GraphTensor or isinstance(x, GraphTensor)


class Undefined:
    """The value of a variable to which nothing has been assigned; using it raises as Python does."""

    __slots__ = ("symbol_name",)

    def __init__(self, symbol_name):
        self.symbol_name = symbol_name

    def _refuse(self, *unused, **unused_too):
        raise UnboundLocalError("local variable '%s' referenced before assignment" % self.symbol_name)

    __getattr__ = _refuse

    def __repr__(self):
        return "<undefined %s>" % self.symbol_name


_USED = (
    "add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod rmod pow rpow matmul rmatmul and rand or ror xor rxor lt "
    "le gt ge neg pos abs invert call getitem setitem iter next len bool int float index contains enter array"
).split()
for _name in _USED:
    setattr(Undefined, "__%s__" % _name, Undefined._refuse)


class UndefinedReturnValue(Undefined):
    """What a function has returned before it has returned anything."""

    __slots__ = ()

    def __init__(self):
        super().__init__("return value")


class Fell:
    """What a part returns that has not ended the function or loop around it."""

    __slots__ = ()

    def __repr__(self):
        return "<not ended>"


FELL = Fell()


def same(a, b):
    """Whether two values that are no tensors are the same."""
    if a is b:
        return True
    try:
        return type(a) is type(b) and bool(operators.eq(a, b))
    except Exception:  # whatever comparing them raises
        return False


def as_value(x):
    """A variable as the tensor that it is read as, a list as what it is in graphs if it can be one; anything else as it is."""
    if isinstance(x, Variable):
        return x.value()
    return x.as_staged() if isinstance(x, NewList) else x
