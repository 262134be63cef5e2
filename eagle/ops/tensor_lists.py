"""Lists of tensors as values: with them TensorFlow's functional loops keep what their gradients need.

A list never changes; what would change it makes another one.  Lists that came from each other by appending share their elements.
"""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.constant import eager_name
from ..core.dispatch import registry
from ..core.dtypes import FROM_NUMPY, VARIANT, Handle, Handles
from ..core.errors import invalid
from ..core.op import Host, op
from ..core.variants import variant_of


class TensorList(Handle):
    """The value of a variant tensor that is a list.

    Attributes:
      dtype_of: the type of its elements.
      element_shape: what is known of their shapes, with None for unknown dimensions; None if nothing is.
      most: how many elements it may have, or -1.
      size: how many it has.
    """

    __slots__ = ("dtype_of", "element_shape", "most", "count", "_shared")
    dtype = VARIANT

    def __init__(self, dtype_of, element_shape, shared, count=None, most=-1):
        self.dtype_of, self.element_shape, self.most = dtype_of, element_shape, most
        self._shared, self.count = shared, len(shared) if count is None else count

    @property
    def items(self):
        """The elements; None for those that are not set."""
        return self._shared[: self.count]

    def __getitem__(self, index):
        return self._shared[index] if index < self.count else None

    def appended(self, value):
        """The list with one more element."""
        shared = self._shared
        if len(shared) > self.count:  # another list went on here
            shared = self.items
        shared.append(value)
        return self._like(shared, self.count + 1)

    def shortened(self):
        """The list without its last element."""
        return self._like(self._shared, self.count - 1)

    def with_items(self, items):
        """A list of the same kind with other elements."""
        return self._like(items, len(items))

    def _like(self, shared, count):
        return TensorList(self.dtype_of, self.element_shape, shared, count, self.most)

    def zeros_like(self):
        return self.with_items([None if v is None else _zeros_like(v) for v in self.items])

    def __add__(self, other):
        if not isinstance(other, TensorList):  # the zero with which a sum may begin
            return self
        if self.count != other.count:
            raise invalid("Trying to add two lists of tensors with different lengths. One is %d and the other is %d",
                          self.count, other.count)  # fmt: skip
        if not shapes.compatible(self.element_shape, other.element_shape):
            raise invalid("Trying to add two lists of tensors with incompatible element shapes. One is %s and the other is %s",
                          _text(self.element_shape), _text(other.element_shape))  # fmt: skip
        pairs = zip(self.items, other.items)
        return self.with_items([b if a is None else a if b is None else a + b for a, b in pairs])

    __radd__ = __add__


def _zeros_like(value):
    return value.zeros_like() if isinstance(value, Handle) else np.zeros_like(value)


# --------------------------------------------------------------------------------------------------------------- shapes


def _partial(spelled):
    """A shape of elements as a host input spells it: with None for unknown dimensions, None for an unknown rank."""
    if not isinstance(spelled, tuple):
        if spelled != -1:
            raise invalid("The only valid scalar shape tensor is the fully unknown shape specified as -1.")
        return None
    return tuple(None if d == -1 else d for d in spelled)


def _text(shape):
    return "<unknown>" if shape is None else "[%s]" % ",".join("?" if d is None else "%d" % d for d in shape)


def _merged(a, b):
    merged = shapes.merge(a, b)
    if merged is shapes.CONTRADICTION:
        if len(a) != len(b):
            raise invalid("Incompatible ranks during merge: %d vs. %d", len(a), len(b))
        raise invalid("Incompatible shapes during merge: %s vs. %s", _text(a), _text(b))
    return merged


def _element_shape(value, spelled):
    """What is known of the elements' shapes, with what an input says."""
    return _merged(value.element_shape, _partial(spelled))


def _common(value, items, shape, message):
    """The full shape of elements, found from those that are set; InvalidArgumentError with this message if it stays unknown."""
    for v in items:
        if v is not None:
            shape = _merged(shape, v.shape)
    if not shapes.is_known(shape):
        raise invalid("%s: %s", message, _text(shape))
    return shape


def _checked(value, element_dtype):
    """A list, whose elements must be of a type."""
    if value.dtype_of is not element_dtype:
        raise invalid("Invalid data types; op elements %s but list elements %s",
                      eager_name(element_dtype), eager_name(value.dtype_of))  # fmt: skip
    return value


def _filled(value, items, shape):
    """The elements in one array, zeros for those that are not set."""
    if value.dtype_of is dtypes.resource:
        return Handles(list(items))
    if value.dtype_of is dtypes.variant:
        return variant_of(np.array(list(items) + [None], object)[:-1])
    out = np.zeros((len(items), *shape), value.dtype_of.np)
    if out.dtype == object:
        out[...] = b""
    for i, v in enumerate(items):
        if v is not None:
            out[i] = v
    return out


def _rows(tensor):
    if not tensor.ndim:
        raise invalid("Tensor must be at least a vector, but saw shape: %s", shapes.to_brackets(tensor.shape))
    return list(tensor.items if isinstance(tensor, Handle) else tensor)


def _type_of(tensor):
    return FROM_NUMPY.get(tensor.dtype) or dtypes.as_dtype(tensor.dtype.name)


# ------------------------------------------------------------------------------------------------------------ making lists


@op("EmptyTensorList", host=True, ignores=("shape_type",))
def _empty(xp, element_shape: Host, max_num_elements: Host, *, element_dtype):
    if type(max_num_elements) is tuple:
        raise invalid("max_num_elements expected to be a scalar but got shape: %s", shapes.to_brackets(np.shape(max_num_elements)))
    return TensorList(element_dtype, _partial(element_shape), [], most=max_num_elements)


@op("TensorListReserve", host=True, ignores=("shape_type",))
def _reserve(xp, element_shape: Host, num_elements: Host, *, element_dtype):
    if num_elements < 0:
        raise invalid("The num_elements to reserve must be a non negative number, got %d", num_elements)
    return TensorList(element_dtype, _partial(element_shape), [None] * num_elements)


@op("TensorListFromTensor", host=True, ignores=("shape_type",))
def _from_tensor(xp, tensor, element_shape: Host):
    items, shape = _rows(tensor), _partial(element_shape)
    if not shapes.compatible(shape, tensor.shape[1:]):
        raise invalid("Specified a list with shape %s from a tensor with shape %s", _text(shape), _text(tensor.shape[1:]))
    return TensorList(_type_of(tensor), shape, items)


@op("TensorListSplit", host=True, ignores=("shape_type",))
def _split(xp, tensor, element_shape: Host, lengths: Host):
    shape, rows = _partial(element_shape), tensor.shape[0] if tensor.ndim else 0
    if shape == ():
        raise invalid("TensorListSplit requires element_shape to be at least of rank 1, but saw: []")
    _rows(tensor)
    if shape is not None and not shapes.compatible(shape[1:], tensor.shape[1:]):
        raise invalid("tensor shape %s is not compatible with element_shape %s", _text(tensor.shape), _text(shape))
    items, start = [], 0
    if type(lengths) is not tuple:
        raise invalid("Expected lengths to be a vector, received shape: []")
    for length in lengths:
        if length < 0:
            raise invalid("Invalid value in lengths: %d", length)
        if start + length > rows:
            raise invalid("Attempting to slice [%d, %d] from tensor with length %d", start, start + length, rows)
        items.append(tensor[start : start + length])
        start += length
    if start < rows:
        raise invalid("Unused values in tensor. Length of tensor: %d Values used: %d", rows, start)
    return TensorList(_type_of(tensor), shape, items)


def _scattered(items, tensor, indices):
    """The elements of a list with the rows of a tensor put at indices; it grows if need be."""
    rows, indices = _rows(tensor), np.atleast_1d(indices).tolist()
    if len(rows) != len(indices):
        raise invalid("Invalid number of rows in input tensor. Expected: %d Actual: %d", len(indices), len(rows))
    if any(i < 0 for i in indices):
        raise invalid("Indices in TensorListScatter must all be non-negative.")
    items = items + [None] * (max(indices, default=-1) + 1 - len(items))
    for i, row in zip(indices, rows):
        items[i] = row
    return items


@op("TensorListScatter", host=True, ignores=("shape_type",))
def _scatter(xp, tensor, indices, element_shape: Host):
    return TensorList(_type_of(tensor), _partial(element_shape), _scattered([], tensor, indices))


@op("TensorListScatterV2", host=True, ignores=("shape_type",))
def _scatter_v2(xp, tensor, indices, element_shape: Host, num_elements: Host):
    if num_elements < -1:
        raise invalid("TensorListScatter expects num_elements >= -1, found: %d", num_elements)
    items = _scattered([None] * max(num_elements, 0), tensor, indices)
    if -1 < num_elements < len(items):
        raise invalid("TensorListScatter: Trying to scatter at index %d in list with size %d", len(items) - 1, num_elements)
    return TensorList(_type_of(tensor), _partial(element_shape), items)


@op("TensorListScatterIntoExistingList", host=True, ignores=("element_dtype",))
def _scatter_into(xp, input_handle, tensor, indices):
    return input_handle.with_items(_scattered(input_handle.items, tensor, indices))


# --------------------------------------------------------------------------------------------------------- changing lists


@op("TensorListPushBack", host=True)
def _push(xp, input_handle, tensor, *, element_dtype):
    value = _checked(input_handle, element_dtype)
    if not shapes.compatible(value.element_shape, tensor.shape):
        raise invalid("Tried to append a tensor with incompatible shape to a list. Op element shape: %s list shape: %s",
                      _text(tensor.shape), _text(value.element_shape))  # fmt: skip
    if 0 <= value.most <= value.count:
        raise invalid("Tried to push item into a full list list size: %d max_num_elements: %d", value.count, value.most)
    return value.appended(tensor)


@op("TensorListPushBackBatch", host=True)
def _push_batch(xp, input_handles, tensor, *, element_dtype):
    lists, rows = _rows(input_handles), _rows(tensor)
    if len(lists) != len(rows):
        raise invalid("Expected tensor.shape[0] == input_handles.size, but saw: %d vs. %d", len(rows), len(lists))
    return variant_of(np.array([_checked(v, element_dtype).appended(row) for v, row in zip(lists, rows)] + [None], object)[:-1])


@op("TensorListSetItem", host=True)
def _set_item(xp, input_handle, index: Host, item, *, element_dtype):
    value = _checked(input_handle, element_dtype)
    if not 0 <= index < value.count:
        raise invalid("Trying to modify element %d in a list with %d elements.", index, value.count)
    if not shapes.compatible(value.element_shape, item.shape):
        raise invalid("Tried to set a tensor with incompatible shape at a list index. Item element shape: %s list shape: %s",
                      _text(item.shape), _text(value.element_shape))  # fmt: skip
    items = value.items
    items[index] = item
    return value.with_items(items)


@op("TensorListResize", host=True)
def _resize(xp, input_handle, size: Host):
    if size < 0:
        raise invalid("TensorListSlice expects size to be non-negative. Got: %d", size)
    items = input_handle.items[:size]
    return input_handle.with_items(items + [None] * (size - len(items)))


@op("TensorListConcatLists", host=True)
def _concat_lists(xp, input_a, input_b, *, element_dtype):
    def joined(a, b):
        return _checked(a, element_dtype).with_items(a.items + _checked(b, element_dtype).items)

    if isinstance(input_a, TensorList):
        return joined(input_a, input_b)
    pairs = zip(input_a.items.ravel(), input_b.items.ravel())
    return variant_of(np.array([joined(a, b) for a, b in pairs] + [None], object)[:-1].reshape(input_a.shape))


# ---------------------------------------------------------------------------------------------------------- reading lists


@op("TensorListPopBack", host=True)
def _pop(xp, input_handle, element_shape: Host, *, element_dtype):
    value = _checked(input_handle, element_dtype)
    if not value.count:
        raise invalid("Trying to pop from an empty list.")
    return [value.shortened(), _item(value, value.count - 1, element_shape)]


@op("TensorListGetItem", host=True)
def _get_item(xp, input_handle, index: Host, element_shape: Host, *, element_dtype):
    value = _checked(input_handle, element_dtype)
    if not 0 <= index < value.count:
        raise invalid("Trying to access element %d in a list with %d elements.", index, value.count)
    return _item(value, index, element_shape)


def _item(value, index, element_shape):
    """An element; zeros for one that is not set."""
    found = value[index]
    if found is not None:
        return found
    shape = _element_shape(value, element_shape)
    message = "Trying to read an uninitialized tensor but element_shape is not fully defined"
    return _filled(value, [None], _common(value, () if shapes.is_known(shape) else value.items, shape, message))[0]


@op("TensorListStack", host=True)
def _stack(xp, input_handle, element_shape: Host, *, element_dtype, num_elements=-1):
    value = _checked(input_handle, element_dtype)
    if num_elements not in (-1, value.count):
        raise invalid("Operation expected a list with %d elements but got a list with %d elements.", num_elements, value.count)
    which = "elements of an empty list with" if not value.count else "list which only contains uninitialized tensors and has a"
    items = value.items
    shape = _common(value, items, _element_shape(value, element_shape), "Tried to stack %s non-fully-defined element_shape" % which)
    return _filled(value, items, shape)


@op("TensorListGather", host=True)
def _gather(xp, input_handle, indices, element_shape: Host, *, element_dtype):
    value = _checked(input_handle, element_dtype)
    items = []
    for i in np.atleast_1d(indices).tolist():
        if not 0 <= i < value.count:
            raise invalid("Index %d out o range; list only has %d elements.", i, value.count)
        items.append(value[i])
    which = "uninitialized tensors from a list with non-fully-defined element_shape"
    which = which if items else "0-elements from a list with non-fully-defined shape"
    return _filled(value, items, _common(value, items, _element_shape(value, element_shape), "Tried to gather " + which))


def _concatenated(value, shape, lengths):
    """The elements one after the other, and their lengths; `lengths` are those of elements that are not set."""
    if shape == ():
        raise invalid("Concat requires elements to be at least vectors, found scalars instead.")
    items, rest = value.items, None if shape is None else shape[1:]
    for i, v in enumerate(items):
        if v is not None:
            if not v.ndim:
                raise invalid("Concat saw a scalar shape at index %d but requires at least vectors.", i)
            rest = _merged(rest, v.shape[1:])
    if not shapes.is_known(rest):
        message = "All except the first dimension must be fully defined when concating an empty tensor list. element_shape"
        if items:
            message = (
                "Trying to concat list with only uninitialized tensors but element_shape_except_first_dim_ is not fully defined"
            )
        raise invalid("%s: %s", message, _text(rest))
    first = shape[0] if shape else None
    if first is None and not lengths:  # those that are set may tell
        found = {len(v) for v in items if v is not None}
        first = found.pop() if len(found) == 1 and None in items else None
    for i, v in enumerate(items):
        if v is None:
            if first is None and i >= len(lengths):
                raise invalid(
                    "List contains uninitialized tensor at index %d but leading_dims has only %d elements.", i, len(lengths)
                )
            items[i] = np.zeros((lengths[i] if first is None else first, *rest), value.dtype_of.np)
        elif first is not None and v.shape[0] != first:
            raise invalid("First entry of element_shape input does not match the first dim of list element at index: %d Expected: "
                          "%d Actual: %d", i, first, v.shape[0])  # fmt: skip
    found = np.concatenate(items) if items else np.zeros((0, *rest), value.dtype_of.np)
    return [found, np.array([len(v) for v in items], np.int64)]


@op("TensorListConcat", host=True)
def _concat(xp, input_handle, *, element_dtype, element_shape=None):
    value = _checked(input_handle, element_dtype)
    return _concatenated(value, _merged(value.element_shape, element_shape), ())


@op("TensorListConcatV2", host=True, ignores=("shape_type",))
def _concat_v2(xp, input_handle, element_shape: Host, leading_dims: Host, *, element_dtype):
    value = _checked(input_handle, element_dtype)
    return _concatenated(value, _element_shape(value, element_shape), leading_dims)


@op("TensorListLength", host=True)
def _length(xp, input_handle):
    return np.int32(input_handle.count)


@op("TensorListElementShape", host=True)
def _shape_of(xp, input_handle, *, shape_type):
    shape = input_handle.element_shape
    spelled = -1 if shape is None else [-1 if d is None else d for d in shape]
    return np.array(spelled, shape_type.np)


# ------------------------------------------------------------------------------------------------------------- shape rules

for _declared in (_empty, _reserve, _from_tensor, _split, _scatter, _scatter_v2, _scatter_into, _push, _set_item, _resize, _length):
    _declared.shape(lambda *inputs: ())


@_push_batch.shape
def _(input_handles, tensor):
    return input_handles


@_concat_lists.shape
def _(input_a, input_b):
    return shapes.agree(input_a, input_b)


def _known(spelled):
    """What an input that is known, or None, says of the shape of elements."""
    return None if spelled is None or not isinstance(spelled, tuple) else _partial(spelled)


@_pop.shape
def _(input_handle, element_shape):
    return [(), _known(element_shape)]


@_get_item.shape
def _(input_handle, index, element_shape):
    return _known(element_shape)


@_stack.shape
def _(input_handle, element_shape, *, num_elements):
    shape = _known(element_shape)
    return None if shape is None else (None if num_elements < 0 else num_elements, *shape)


@_gather.shape
def _(input_handle, indices, element_shape):
    shape = _known(element_shape)
    return None if shape is None else (indices[0] if indices else None, *shape)


@_concat.shape
def _(input_handle, *, element_shape):
    return [None if element_shape is None else (None, *element_shape[1:]), (None,)]


@_concat_v2.shape
def _(input_handle, element_shape, leading_dims):
    shape = _known(element_shape)
    return [None if not shape else (None, *shape[1:]), (None,)]


@_shape_of.shape
def _(input_handle):
    return None


# --------------------------------------------------------------------------------------------------------------- gradients


def _shape_tensor(tensor):
    """The shape of a tensor, as an array if it is known."""
    return np.array(tensor._shape, np.int32) if shapes.is_known(tensor._shape) else registry["Shape"](tensor)


def _shape_of_elements(handle):
    return _shape_of(handle, shape_type=dtypes.int32)


@_push.grad
def _(g, tensor):
    return tuple(_pop(g, _shape_tensor(tensor), element_dtype=tensor.dtype))


@_pop.grad("input_handle")
def _(dlist, delement, input_handle):
    if dlist is None:
        dlist = _empty(_shape_of_elements(input_handle), -1, element_dtype=delement.dtype)
    return _push(dlist, delement)


@_stack.grad("input_handle")
def _(g, input_handle):
    return _from_tensor(g, _shape_of_elements(input_handle))


@_from_tensor.grad("tensor")
def _(g, tensor):
    return _stack(g, _shape_tensor(tensor)[1:], element_dtype=tensor.dtype)


@_get_item.grad("input_handle")
def _(g, input_handle, index):
    zeros = _reserve(_shape_of_elements(input_handle), _length(input_handle), element_dtype=g.dtype)
    return _set_item(zeros, index, g)


@_set_item.grad
def _(g, index, item):
    rest = _set_item(g, index, registry["ZerosLike"](item))
    return rest, None, _get_item(g, index, _shape_tensor(item), element_dtype=item.dtype)


@_resize.grad("input_handle")
def _(g, input_handle):
    return _resize(g, _length(input_handle))


@_gather.grad("input_handle")
def _(g, input_handle, indices):
    zeros = _reserve(_shape_of_elements(input_handle), _length(input_handle), element_dtype=g.dtype)
    return _scatter_into(zeros, g, indices)


for _declared in (_scatter, _scatter_v2):

    @_declared.grad("tensor")
    def _(g, tensor, indices):
        return _gather(g, indices, _shape_tensor(tensor)[1:], element_dtype=tensor.dtype)


@_scatter_into.grad
def _(g, tensor, indices):
    rest = _scatter_into(g, registry["ZerosLike"](tensor), indices)
    return rest, _gather(g, indices, _shape_tensor(tensor)[1:], element_dtype=tensor.dtype), None


for _declared in (_concat, _concat_v2):

    @_declared.grad("input_handle")
    def _(g, unused, input_handle, lengths):
        return _split(g, _shape_of_elements(input_handle), lengths)


@_split.grad("tensor")
def _(g, tensor, lengths):
    return _concat_v2(g, -1, lengths, element_dtype=tensor.dtype)[0]


for _declared in (_empty, _reserve, _push_batch, _concat_lists, _length, _shape_of):
    _declared.not_differentiable()
