"""The feature LISTS: lists that loops and branches of graphs change.

`[]` makes a `NewList`, a Python list that may know of which type and shape its elements are.  Where a loop or a branch in a graph
changes it, it becomes a `StagedList`, whose elements are in one tensor of type variant.
"""

from ..core import dtypes, shape as shapes
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import resolve
from ..core.tensor import Tensor
from ..ops.list_functions import empty_tensor_list, tensor_list_get_item, tensor_list_pop_back, tensor_list_stack


class NewList(list):
    """A Python list that was made by `[]`.

    Attributes:
      element: None, or the (type, static shape) of the elements.
    """

    element = None

    def known_element(self):
        """The (type, static shape) of the elements, as it was set or as they have it; None if nothing is known."""
        if self.element is not None or not self or not all(isinstance(x, Tensor | int | float | bool) for x in self):
            return self.element
        tensors = [convert(x) for x in self]
        kinds = {(t.dtype.base_dtype, t._shape) for t in tensors}
        return kinds.pop() if len(kinds) == 1 else None

    def as_staged(self):
        """This list for use in loops and branches of graphs: a `StagedList`, if its elements are known."""
        element = self.known_element()
        if element is None:
            return NewList(self)
        made = StagedList(empty_tensor_list(shapes.TensorShape(element[1]), element[0]), *element)
        for x in self:
            made = made.appended(x)
        return made


class StagedList:
    """A list in a graph.

    Attributes:
      handle: the tensor with the elements.
    """

    def __init__(self, handle, dtype, shape):
        self.handle, self._dtype, self._element_shape = handle, dtype, shape

    def _nest_parts(self):
        return [self.handle]

    def _nest_rebuild(self, parts):
        return StagedList(parts[0], self._dtype, self._element_shape)

    def _spelled_shape(self):
        return shapes.TensorShape(self._element_shape)

    def appended(self, value):
        """The list with one more element."""
        return self._nest_rebuild([registry["TensorListPushBack"](self.handle, convert(value, self._dtype))])

    def popped(self):
        """The list without its last element, and this element."""
        handle, value = tensor_list_pop_back(self.handle, self._dtype, self._spelled_shape())
        return self._nest_rebuild([handle]), value

    def replaced(self, index, value):
        """The list with another element at an index."""
        return self._nest_rebuild([registry["TensorListSetItem"](self.handle, index, convert(value, self._dtype))])

    def __getitem__(self, index):
        return tensor_list_get_item(self.handle, index, self._dtype, self._spelled_shape())

    def stacked(self, dtype=None):
        """The elements in one tensor."""
        return tensor_list_stack(self.handle, self._dtype if dtype is None else dtypes.as_dtype(dtype), -1, self._spelled_shape())

    def length(self):
        """The number of elements, a tensor."""
        return registry["TensorListLength"](self.handle)


def new_list():
    """`[]`."""
    return NewList()


def typed_list(target, dtype, shape=None):
    """A list of which it is known what its elements are: what `set_element_type` says."""
    if isinstance(target, NewList):
        target.element = dtypes.as_dtype(dtype), shapes.as_tuple(shape)
    return target


def list_append(target, value):
    """`target.append(value)`; returns the list."""
    if isinstance(target, StagedList):
        return target.appended(value)
    target.append(value)
    return target


def list_pop(target):
    """`target.pop()`; returns the list and the element."""
    if isinstance(target, StagedList):
        return target.popped()
    return target, target.pop()


def set_item(target, key, value):
    """`target[key] = value`; returns the list, or of a tensor a new one."""
    if isinstance(target, StagedList):
        return target.replaced(key, value)
    if isinstance(target, Tensor):
        rows = resolve("expand_dims")(convert(key), 0)
        updated = resolve("expand_dims")(convert(value, target.dtype.base_dtype), 0)
        return resolve("tensor_scatter_update")(target, resolve("expand_dims")(rows, -1), updated)
    target[key] = value
    return target
