"""What converted code calls in the place of Python's own control flow (as `ag__`).

On Python values, eager tensors included, they do what Python does.  On graph tensors they build graph operations.
"""

from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import resolve
from ..core.func_graph import FuncGraph
from ..core.graph import get_default_graph
from ..core.tensor import EagerTensor, GraphTensor, Tensor
from ..ops.tensor_arrays import TensorArray
from ..variables.base import Variable
from .branching import copied, fill, staged_if
from .lists import StagedList, list_append, list_pop, new_list, set_item, typed_list
from .looping import staged_for, staged_while
from .values import FELL, Undefined, UndefinedReturnValue

__all__ = ["FELL", "Undefined", "UndefinedReturnValue", "list_append", "list_pop", "new_list", "set_item", "typed_list"]


def _symbolic(x):
    """A condition as a graph tensor; None if Python can tell whether it is true."""
    if isinstance(x, GraphTensor):
        return x
    if isinstance(x, Variable):
        value = x.value()
        return value if isinstance(value, GraphTensor) else None
    return None


# ------------------------------------------------------------------------------------------------------------ statements


def if_stmt(condition, body, orelse, get_state, set_state, names):
    """An `if` statement; returns what the branch that runs returns."""
    staged = _symbolic(condition)
    if staged is None:
        return body() if condition else orelse()
    return staged_if(_as_bool(staged), body, orelse, get_state, set_state, names)


def _as_bool(condition):
    return condition if condition.dtype.base_dtype.is_bool else resolve("cast")(condition, "bool")


def while_stmt(test, body, get_state, set_state, names, exits, options):
    """A `while` statement; returns whether it was left with `break`."""
    going_on = _first_test(test)
    if _symbolic(going_on) is not None:
        return staged_while(test, body, get_state, set_state, names, exits, options)

    def rest():
        return staged_while(test, body, get_state, set_state, names, exits, options)

    while going_on:
        left = body()
        if _symbolic(left) is not None:  # whether there is a second turn is not known
            return staged_if(left, lambda: True, rest, get_state, set_state, names)
        if left:
            return True
        going_on = test()
        if _symbolic(going_on) is not None:  # tensors have come in
            return rest()
    return False


def _first_test(test):
    """The first value of a loop's condition.  If that is a graph tensor, its operations are thrown away: the loop has its own."""
    if here.eager:
        return test()
    trial = FuncGraph("trial", get_default_graph())
    trial.runs_effects = False
    with trial.as_default():
        return test()


def for_stmt(things, body, get_state, set_state, names, exits, options):
    """A `for` statement; returns whether it was left with `break`.  The body takes an element."""
    if isinstance(things, Variable):
        things = things.value()
    if isinstance(things, StagedList):
        things = things.stacked()
    if isinstance(things, GraphTensor) or isinstance(things, TensorArray) and isinstance(things.flow, GraphTensor):
        return staged_for(things, body, get_state, set_state, names, exits, options)
    loop = getattr(things, "_autograph_for", None)
    if loop is not None and not isinstance(things, Tensor):
        return loop(body, get_state, set_state, names, exits, options)
    if isinstance(things, TensorArray):
        things = [things.read(i) for i in range(int(things.size()))]
    return each(iter(things), body, get_state, set_state, names, exits, options)


def each(iterator, body, get_state, set_state, names, exits, options):
    """A loop over a Python iterator.  Whether it is left may turn out to be a tensor: then what follows is in a branch."""
    for thing in iterator:
        left = body(thing)
        if not exits or left is None or left is False:
            continue
        if left is True:
            return True
        if _symbolic(left) is None:
            if left:
                return True
            continue

        def rest():
            return each(iterator, body, get_state, set_state, names, exits, options)

        return staged_if(left, lambda: True, rest, get_state, set_state, names)
    return False


def assert_stmt(condition, message):
    """An `assert` statement."""
    staged = _symbolic(condition)
    if staged is not None:
        resolve("Assert")(_as_bool(staged), [message()])
    elif not condition:
        raise AssertionError(message())


def attribute(read, name):
    """The value of an attribute, `Undefined` if there is none."""
    try:
        return read()
    except (AttributeError, UnboundLocalError):
        return Undefined(name)


def set_attribute(holder, name, value):
    """Sets an attribute, unless to what stands for none."""
    if not isinstance(value, Undefined):
        setattr(holder, name, value)


def contents(read, name):
    """A copy of a list or dictionary, lists and dictionaries in it copied too; anything else as it is."""
    try:
        return copied(read())
    except (AttributeError, KeyError, NameError):
        return Undefined(name)


def set_contents(read, values):
    """Fills a list or dictionary with the elements of another one, those inside it likewise."""
    if type(values) in (list, dict):
        fill(read(), values)


# ----------------------------------------------------------------------------------------------------------- expressions


def and_(a, b):
    """`a and b()`."""
    staged = _symbolic(a)
    if staged is None:
        return a and b()
    return staged_if(_as_bool(staged), lambda: _truth(b()), lambda: False, None, None, ())


def or_(a, b):
    """`a or b()`."""
    staged = _symbolic(a)
    if staged is None:
        return a or b()
    return staged_if(_as_bool(staged), lambda: True, lambda: _truth(b()), None, None, ())


def _truth(x):
    """A value of any kind as a bool or a boolean tensor."""
    staged = _symbolic(x)
    if staged is not None:
        return _as_bool(staged)
    return x if isinstance(x, EagerTensor) else bool(x)


def not_(a):
    """`not a`."""
    staged = _symbolic(a)
    return not a if staged is None else registry["LogicalNot"](_as_bool(staged))


def if_exp(condition, body, orelse):
    """`body() if condition else orelse()`."""
    staged = _symbolic(condition)
    if staged is None:
        return body() if condition else orelse()
    return staged_if(_as_bool(staged), body, orelse, None, None, ())


def eq(a, b):
    """`a == b`, element by element if one is a tensor."""
    return registry["Equal"](*_pair(a, b)) if isinstance(a, Tensor) or isinstance(b, Tensor) else a == b


def not_eq(a, b):
    """`a != b`, element by element if one is a tensor."""
    return registry["NotEqual"](*_pair(a, b)) if isinstance(a, Tensor) or isinstance(b, Tensor) else a != b


def _pair(a, b):
    """Two operands as tensors of one type: that of the one that is a tensor."""
    if isinstance(a, Tensor):
        return a, convert(b, a.dtype.base_dtype)
    return convert(a, b.dtype.base_dtype), b
