"""Lists of tensors as TensorFlow's inner module `list_ops` makes and reads them: shapes of elements may be spelled in any way."""

from ..core import dtypes
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.shape import Dimension, TensorShape
from ..core.tensor import Tensor


def _inner(name):
    return export("python.ops.list_ops." + name)


@_inner("_build_element_shape")
def spelled(shape):
    """A shape of elements as the ops take it: -1 for unknown dimensions, or alone for an unknown rank."""
    if isinstance(shape, Tensor):
        return shape
    if isinstance(shape, TensorShape):
        shape = None if shape.rank is None else shape.as_list()
    if shape is None:
        return -1
    if not shape:
        return convert(shape, dtypes.int32)
    return [-1 if d is None or isinstance(d, Dimension) and d.value is None else d for d in shape]


@_inner("empty_tensor_list")
def empty_tensor_list(element_shape, element_dtype, max_num_elements=None, name=None):
    """A list without elements; it may have `max_num_elements`, any number if None."""
    most = -1 if max_num_elements is None else max_num_elements
    return registry["EmptyTensorList"](spelled(element_shape), most, element_dtype=element_dtype, name=name)


@_inner("tensor_list_reserve")
def tensor_list_reserve(element_shape, num_elements, element_dtype, name=None):
    """A list with so many elements that are not set."""
    return registry["TensorListReserve"](spelled(element_shape), num_elements, element_dtype=element_dtype, name=name)


@_inner("tensor_list_from_tensor")
def tensor_list_from_tensor(tensor, element_shape, name=None):
    """A list of the rows of a tensor."""
    return registry["TensorListFromTensor"](tensor, spelled(element_shape), name=name)


@_inner("tensor_list_get_item")
def tensor_list_get_item(input_handle, index, element_dtype, element_shape=None, name=None):
    """An element of a list."""
    return registry["TensorListGetItem"](input_handle, index, spelled(element_shape), element_dtype=element_dtype, name=name)


@_inner("tensor_list_pop_back")
def tensor_list_pop_back(input_handle, element_dtype, element_shape=None, name=None):
    """The list without its last element, and this element."""
    return registry["TensorListPopBack"](input_handle, spelled(element_shape), element_dtype=element_dtype, name=name)


@_inner("tensor_list_gather")
def tensor_list_gather(input_handle, indices, element_dtype, element_shape=None, name=None):
    """Some elements of a list in one tensor."""
    return registry["TensorListGather"](input_handle, indices, spelled(element_shape), element_dtype=element_dtype, name=name)


@_inner("tensor_list_scatter")
def tensor_list_scatter(tensor, indices, element_shape=None, input_handle=None, name=None):
    """A list (or another one, `input_handle`) with the rows of a tensor at indices."""
    if input_handle is not None:
        return registry["TensorListScatterIntoExistingList"](input_handle, tensor, indices, name=name)
    return registry["TensorListScatterV2"](tensor, indices, spelled(element_shape), -1, name=name)


@_inner("tensor_list_stack")
def tensor_list_stack(input_handle, element_dtype, num_elements=-1, element_shape=None, name=None):
    """The elements of a list in one tensor."""
    return registry["TensorListStack"](
        input_handle, spelled(element_shape), element_dtype=element_dtype, num_elements=num_elements, name=name
    )


@_inner("tensor_list_concat")
def tensor_list_concat(input_handle, element_dtype, element_shape=None, name=None):
    """The elements of a list, one after the other."""
    lengths = convert([], dtypes.int64)
    return registry["TensorListConcatV2"](input_handle, spelled(element_shape), lengths, element_dtype=element_dtype, name=name)[0]


@_inner("tensor_list_split")
def tensor_list_split(tensor, element_shape, lengths, name=None):
    """A list of pieces of a tensor."""
    return registry["TensorListSplit"](tensor, spelled(element_shape), lengths, name=name)


@_inner("tensor_list_set_item")
def tensor_list_set_item(input_handle, index, item, resize_if_index_out_of_bounds=False, name=None):
    """The list with another element at an index; with `resize_if_index_out_of_bounds` it grows if need be."""
    if resize_if_index_out_of_bounds:
        size, last = registry["TensorListLength"](input_handle), convert(index, dtypes.int32)
        size = registry["Maximum"](size, registry["AddV2"](last, 1))
        input_handle = registry["TensorListResize"](input_handle, size)
    return registry["TensorListSetItem"](input_handle, index, item, name=name)


for _name, _op_type in (
    ("tensor_list_push_back", "TensorListPushBack"),
    ("tensor_list_push_back_batch", "TensorListPushBackBatch"),
    ("tensor_list_length", "TensorListLength"),
    ("tensor_list_element_shape", "TensorListElementShape"),
    ("tensor_list_resize", "TensorListResize"),
    ("tensor_list_concat_lists", "TensorListConcatLists"),
):
    _inner(_name)(registry[_op_type])
