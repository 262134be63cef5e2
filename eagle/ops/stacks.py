"""Stacks, with which TensorFlow's gradients of loops keep values of the forward turns; Eagle's own gradients need none."""

from ..core.dtypes import FROM_NUMPY, RESOURCE, Handle
from ..core.errors import invalid
from ..core.op import op


class Stack(Handle):
    """The value of a stack's handle: the stack itself."""

    __slots__ = ("name", "element_type", "size_limit", "values", "closed")
    dtype = RESOURCE

    def __init__(self, name, element_type, size_limit):
        self.name, self.element_type, self.size_limit = name, element_type, size_limit
        self.values, self.closed = [], False

    def check_open(self):
        if self.closed:
            raise invalid("Stack[%s] has already been closed.", self.name)


@op("StackV2", foldable=False, host=True)
def _stack(xp, max_size, *, elem_type, stack_name):
    """A new stack; it holds at most so many values if that is not negative."""
    if getattr(max_size, "ndim", 0):
        raise invalid("Stack size must be a scalar, but had shape: %s", list(max_size.shape))
    return Stack(stack_name, elem_type, int(max_size))


@_stack.shape
def _(max_size):
    return (2,)


@op("StackPushV2", ignores=("swap_memory",), foldable=False, host=True)
def _push(xp, handle, elem):
    """Puts a value on a stack; the value."""
    handle.check_open()
    if 0 <= handle.size_limit <= len(handle.values):
        raise invalid("Stack[%s] overflowed its max_size (%d)", handle.name, handle.size_limit)
    found = FROM_NUMPY[elem.dtype]
    if found is not handle.element_type:
        raise invalid("Must have type %s but got %s", handle.element_type.name, found.name)
    handle.values.append(elem)
    return elem


@_push.shape
def _(handle, elem):
    return elem


@op("StackPopV2", ignores=("elem_type",), foldable=False, host=True)
def _pop(xp, handle):
    """Takes the last value from a stack."""
    handle.check_open()
    if not handle.values:
        raise invalid("Stack[%s] is empty when calling Pop().", handle.name)
    return handle.values.pop()


@_pop.shape
def _(handle):
    return None


@op("StackCloseV2", foldable=False, host=True)
def _close(xp, handle):
    """Ends a stack; its values are gone."""
    handle.values.clear()
    handle.closed = True
    return ()


for _declared in (_stack, _push, _pop, _close):
    _declared.not_differentiable()
