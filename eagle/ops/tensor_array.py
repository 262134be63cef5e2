"""`tf.TensorArray`: a list of tensors that loops read and write.

The array itself lives in the handle, as TensorFlow's does; the flow, a float that is passed from write to write, orders them.
At run time a flow's value is an `Elements`: what its gradient is, too, namely the gradients of the elements by index.
"""

import numpy as np

from ..core import shape as shapes
from ..core.dtypes import RESOURCE, Handle, string as STRING
from ..core.errors import invalid
from ..core.op import op
from ..core.tracing import NotCompilable, known
from .traced_lists import SomeElements, TracedArray, TracedElements

_FLOW = np.dtype(np.float32)


class Elements(Handle):
    """The value of a flow: elements, or gradients of elements, by index."""

    __slots__ = ("values",)
    dtype = _FLOW

    def __init__(self, values=None):
        self.values = {} if values is None else values

    def __add__(self, other):
        if not isinstance(other, Elements):  # the zero with which a sum of gradients may begin
            return self
        summed = dict(self.values)
        for index, value in other.values.items():
            summed[index] = summed[index] + value if index in summed else value
        return Elements(summed)

    __radd__ = __add__

    def zeros_like(self):
        return Elements()


_MISSING = (
    "TensorArray %s: Could not read from TensorArray index %d.  Furthermore, the element shape is not fully defined: %s. It is "
    "possible you are working with a resizeable TensorArray and stop_gradients is not allowing the gradients to be written. If you "
    "set the full element_shape property on the forward TensorArray, the proper all-zeros tensor will be returned instead of "
    "incurring this error."
)


class ArrayState(Handle):
    """The value of a handle: the array."""

    __slots__ = (
        "name",
        "element_type",
        "element_shape",
        "uniform",
        "size",
        "dynamic",
        "clears",
        "elements",
        "cleared",
        "gradients",
    )
    dtype = RESOURCE

    def __init__(self, name, element_type, element_shape, uniform, size, dynamic, clears):
        self.name, self.element_type, self.element_shape, self.uniform = name, element_type, element_shape, uniform
        self.size, self.dynamic, self.clears = size, dynamic, clears
        self.elements = {}
        self.cleared = set()
        self.gradients = {}  # source -> the array of the gradients

    def write(self, index, value, accumulates=False):
        index = int(index)
        if index < 0:
            raise invalid("TensorArray %s: Tried to write to index %d.", self.name, index)
        if index >= self.size:
            if not self.dynamic:
                raise invalid("TensorArray %s: Tried to write to index %d but array is not resizeable and size is: %d",
                              self.name, index, self.size)  # fmt: skip
            self.size = index + 1
        if self.element_type is STRING:
            value = np.asarray(value, object)
        if value.dtype != self.element_type.np:
            raise invalid("TensorArray dtype is %s but Op is trying to write dtype %s", self.element_type.name, value.dtype)
        self._check_shape(value)
        if index in self.elements:
            if not accumulates:
                raise invalid("TensorArray %s: Could not write to TensorArray index %d because it has already been written to.",
                              self.name, index)  # fmt: skip
            value = self.elements[index] + value
        elif index in self.cleared:
            raise invalid("TensorArray %s: Could not write to TensorArray index %d because it has already been read.",
                          self.name, index)  # fmt: skip
        self.elements[index] = value

    def _check_shape(self, value):
        have = tuple(value.shape)
        if not shapes.compatible(self.element_shape, have):
            raise invalid("TensorArray %s: Could not write to TensorArray because the value shape is %s which is incompatible with "
                          "the TensorArray's inferred element shape: %s (consider setting infer_shape=False).",
                          self.name, shapes.to_brackets(have), shapes.to_brackets(self.element_shape))  # fmt: skip
        if self.uniform:
            self.element_shape = have

    def read(self, index):
        index = int(index)
        if not 0 <= index < self.size:
            raise invalid("Tried to read from index %d but array size is: %d", index, self.size)
        if index in self.cleared:
            raise invalid("TensorArray %s: Could not read index %d twice because it was cleared after a previous read (perhaps try "
                          "setting clear_after_read = false?).", self.name, index)  # fmt: skip
        value = self.elements.get(index)
        if value is None:
            if not shapes.is_known(self.element_shape):
                raise invalid(_MISSING, self.name, index, shapes.to_brackets(self.element_shape))
            if self.element_type is STRING:
                raise invalid("tensor_array::TensorSetZero type not supported: string")
            return np.zeros(self.element_shape, self.element_type.np)
        if self.clears:
            self.cleared.add(index)
            del self.elements[index]
        return value

    def gradient(self, source):
        """The array of the gradients for one source, to which writes add."""
        found = self.gradients.get(source)
        if found is None:
            found = self.gradients[source] = GradientState(self.name + "@" + source, self.element_type, self.element_shape,
                                                           self.uniform, self.size, False, False)  # fmt: skip
        return found


class GradientState(ArrayState):
    """The array of gradients that `TensorArray.grad` gives: writing to an index adds."""

    __slots__ = ()

    def write(self, index, value, accumulates=True):
        super().write(index, value, True)


@op("TensorArrayV3", foldable=False, compiles=True)
def _tensor_array(xp, size, *, dtype, element_shape, dynamic_size, clear_after_read, identical_element_shapes, tensor_array_name):
    if size < 0:
        raise invalid("Size should be >= 0, but got: %d", size)
    handle = ArrayState(tensor_array_name or "TensorArray", dtype, element_shape, identical_element_shapes, int(size), dynamic_size,
                        clear_after_read)  # fmt: skip
    return handle, Elements()


@_tensor_array.kernel_for("xla")
def _(jnp, size, *, dtype, element_shape, dynamic_size, clear_after_read, identical_element_shapes, tensor_array_name):
    handle = TracedArray(tensor_array_name or "TensorArray", dtype, element_shape, int(known(size)), dynamic_size, clear_after_read)
    return handle, handle.empty()


@_tensor_array.shape
def _(size):
    return [(2,), ()]


_tensor_array.not_differentiable()


@op("TensorArrayGradV3", host=True)
def _tensor_array_grad(xp, handle, flow_in, *, source):
    return handle.gradient(source), flow_in


@_tensor_array_grad.shape
def _(handle, flow_in):
    return [(2,), ()]


_tensor_array_grad.not_differentiable()


@op("TensorArraySizeV3", compiles=True)
def _size(xp, handle, flow_in):
    return np.int32(handle.size)


@_size.kernel_for("xla")
def _(jnp, handle, flow_in):
    return np.int32(handle.size_of(flow_in))


@_size.shape
def _(handle, flow_in):
    return ()


_size.not_differentiable()


@op("TensorArrayCloseV3", compiles=True)
def _close(xp, handle):
    handle.elements.clear()
    return ()


@_close.kernel_for("xla")
def _(jnp, handle):
    return ()


_close.not_differentiable()


# ------------------------------------------------------------------------------------------------- reading and writing


@op("TensorArrayWriteV3", compiles=True)
def _write(xp, handle, index, value, flow_in):
    handle.write(index, value)
    return flow_in


@_write.kernel_for("xla")
def _(jnp, handle, index, value, flow_in):
    return handle.write(flow_in, index, value)


@_write.shape
def _(handle, index, value, flow_in):
    return ()


@_write.grad("value")
def _(g, index, value):
    return _element(g, index, value)


@_write.grad("flow_in")
def _(g):
    return g


@op("TensorArrayReadV3", compiles=True)
def _read(xp, handle, index, flow_in, *, dtype):
    return handle.read(index)


@_read.kernel_for("xla")
def _(jnp, handle, index, flow_in, *, dtype):
    return handle.read(flow_in, index)


@_read.shape
def _(handle, index, flow_in):
    return None


@_read.grad("flow_in")
def _(g, index):
    return _single(g, index)


@op("TensorArrayGatherV3", compiles=True)
def _gather(xp, handle, indices, flow_in, *, dtype, element_shape):
    values = [handle.read(i) for i in indices]
    if values:
        if any(v.shape != values[0].shape for v in values):
            bad = next(i for i, v in enumerate(values) if v.shape != values[0].shape)
            raise invalid("TensorArray has inconsistent shapes.  Index 0 has shape: %s but index %d has shape: %s",
                          shapes.to_brackets(values[0].shape), bad, shapes.to_brackets(values[bad].shape))  # fmt: skip
        return np.stack(values)
    shape = shapes.merge(element_shape, handle.element_shape)
    if not shapes.is_known(shape):
        raise invalid("TensorArray has size zero, but element shape %s is not fully defined. Currently only static shapes are "
                      "supported when packing zero-size TensorArrays.", shapes.to_brackets(shape))  # fmt: skip
    return np.zeros((0, *shape), dtype.np)


@_gather.kernel_for("xla")
def _(jnp, handle, indices, flow_in, *, dtype, element_shape):
    return handle.rows(flow_in, indices)


@_gather.shape
def _(handle, indices, flow_in, *, element_shape):
    count = indices[0] if indices is not None and len(indices) == 1 else None
    return None if element_shape is None else (count, *element_shape)


@_gather.grad("flow_in")
def _(g, indices):
    return _scattered(g, indices)


@op("TensorArrayScatterV3", compiles=True)
def _scatter(xp, handle, indices, value, flow_in):
    if not value.ndim:
        raise invalid("Input value for unpack must be at least a vector but received shape: []")
    if len(indices) != value.shape[0]:
        raise invalid("Expected len(indices) == values.shape[0], but saw: %d vs. %d", len(indices), value.shape[0])
    for i, row in zip(indices, value):
        handle.write(i, row)
    return flow_in


@_scatter.kernel_for("xla")
def _(jnp, handle, indices, value, flow_in):
    return handle.fill(flow_in, indices, value)


@_scatter.shape
def _(handle, indices, value, flow_in):
    return ()


@_scatter.grad("value")
def _(g, indices, value):
    return _gathered(g, indices, value)


@_scatter.grad("flow_in")
def _(g):
    return g


@op("TensorArrayConcatV3", compiles=True)
def _concat(xp, handle, flow_in, *, dtype, element_shape_except0):
    values = [handle.read(i) for i in range(handle.size)]
    for i, v in enumerate(values):
        if not v.ndim:
            raise invalid("Concat saw a scalar shape at index %d but requires at least vectors.  Did you mean to call pack?", i)
    lengths = np.array([v.shape[0] for v in values], np.int64)
    if not values:
        if not shapes.is_known(element_shape_except0):
            raise invalid("TensorArray has size zero, but element_shape_except0 %s is not fully defined. Currently only static "
                          "shapes are supported when concatenating zero-size TensorArrays.",
                          shapes.to_brackets(element_shape_except0))  # fmt: skip
        return np.zeros((0, *element_shape_except0), dtype.np), lengths
    for i, v in enumerate(values):
        if v.shape[1:] != values[0].shape[1:]:
            raise invalid("TensorArray has inconsistent shapes.  Index 0 has (excepting dimension 0) shape: %s but index %d has "
                          "(excepting dimension 0) shape: %s",
                          shapes.to_brackets(values[0].shape[1:]), i, shapes.to_brackets(v.shape[1:]))  # fmt: skip
    return np.concatenate(values), lengths


@_concat.kernel_for("xla")
def _(jnp, handle, flow_in, *, dtype, element_shape_except0):
    values = handle.rows(flow_in, np.arange(handle.size_of(flow_in)))
    count, length, *rest = values.shape
    return values.reshape(count * length, *rest), np.full(count, length, np.int64)


@_concat.shape
def _(handle, flow_in, *, element_shape_except0):
    return [None if element_shape_except0 is None else (None, *element_shape_except0), (None,)]


@_concat.grad
def _(g, g_lengths, lengths):
    return None, _split_up(g, lengths)


@op("TensorArraySplitV3", compiles=True)
def _split(xp, handle, value, lengths, flow_in):
    if sum(lengths) != value.shape[0]:
        raise invalid("Expected sum of lengths to be equal to values.shape[0], but sum of lengths is %d and value's shape is: %s ",
                      sum(lengths), shapes.to_brackets(value.shape))  # fmt: skip
    if not handle.dynamic and handle.size != len(lengths):
        raise invalid("TensorArray's size is not equal to the size of lengths (%d vs. %d), and the TensorArray is not marked as "
                      "dynamically resizeable", handle.size, len(lengths))  # fmt: skip
    for i, part in enumerate(np.split(value, np.cumsum(lengths)[:-1])):
        handle.write(i, part)
    return flow_in


@_split.kernel_for("xla")
def _(jnp, handle, value, lengths, flow_in):
    return handle.fill(flow_in, np.arange(len(lengths)), _parts(value, lengths))


def _parts(value, lengths):
    """A traced array cut into parts of equal length, stacked."""
    if len(set(known(lengths).tolist())) != 1:
        raise NotCompilable("a TensorArray whose elements have different shapes")
    return value.reshape(len(lengths), int(lengths[0]), *value.shape[1:])


@_split.shape
def _(handle, value, lengths, flow_in):
    return ()


@_split.grad("value")
def _(g, value, lengths):
    return _joined(g, lengths, value)


@_split.grad("flow_in")
def _(g):
    return g


# ------------------------------------------------------------------------------------------------- gradients of elements
# Three ways to make the gradient of a flow, and three to take an element's gradient out of it; each is the other's derivative.


def _flow_shape(*unused):
    return ()


@op("EagleSingleElement", definition="EagleSingleElement(g: T, index: int32) -> (flow: float32) | T: type | gradient",
    foldable=False, compiles=True)  # fmt: skip
def _single(xp, g, index):
    return Elements({int(index): g})


@_single.kernel_for("xla")
def _(jnp, g, index):
    return SomeElements(jnp.asarray(g)[None], jnp.asarray(index)[None])


_single.shape(_flow_shape)


@_single.grad("g")
def _(gg, g, index):
    return _element(gg, index, g)


@op("EagleElement", definition="EagleElement(flow: float32, index: int32, like: T) -> (g: T) | T: type | gradient",
    foldable=False, compiles=True)  # fmt: skip
def _element(xp, flow, index, like):
    found = flow.values.get(int(index)) if isinstance(flow, Elements) else None
    return np.zeros(like.shape, like.dtype)[()] if found is None else found


@_element.kernel_for("xla")
def _(jnp, flow, index, like):
    return flow.at_like(index, like) if hasattr(flow, "at_like") else jnp.zeros_like(like)


@_element.shape
def _(flow, index, like):
    return like


@_element.grad("flow")
def _(g, index):
    return _single(g, index)


@op("EagleScatteredElements", definition="EagleScatteredElements(g: T, indices: int32) -> (flow: float32) | T: type | gradient",
    foldable=False, compiles=True)  # fmt: skip
def _scattered(xp, g, indices):
    values = {}
    for i, row in zip(indices.tolist(), g):
        values[i] = values[i] + row if i in values else row
    return Elements(values)


@_scattered.kernel_for("xla")
def _(jnp, g, indices):
    return SomeElements(jnp.asarray(g), indices)


_scattered.shape(_flow_shape)


@_scattered.grad("g")
def _(gg, g, indices):
    return _gathered(gg, indices, g)


@op("EagleGatheredElements",
    definition="EagleGatheredElements(flow: float32, indices: int32, like: T) -> (g: T) | T: type | gradient",
    foldable=False, compiles=True)  # fmt: skip
def _gathered(xp, flow, indices, like):
    out = np.zeros(like.shape, like.dtype)
    if isinstance(flow, Elements):
        for k, i in enumerate(indices):
            found = flow.values.get(int(i))
            if found is not None:
                out[k] = found
    return out


@_gathered.kernel_for("xla")
def _(jnp, flow, indices, like):
    return flow.rows_like(indices, like) if hasattr(flow, "rows_like") else jnp.zeros_like(like)


@_gathered.shape
def _(flow, indices, like):
    return like


@_gathered.grad("flow")
def _(g, indices):
    return _scattered(g, indices)


@op("EagleSplitElements", definition="EagleSplitElements(g: T, lengths: int64) -> (flow: float32) | T: type | gradient",
    host=True, foldable=False)  # fmt: skip
def _split_up(xp, g, lengths):
    return Elements(dict(enumerate(np.split(g, np.cumsum(lengths)[:-1]))))


@_split_up.kernel_for("xla")
def _(jnp, g, lengths):
    return TracedElements(_parts(g, lengths))


_split_up.shape(_flow_shape)


@_split_up.grad("g")
def _(gg, g, lengths):
    return _joined(gg, lengths, g)


@op("EagleJoinedElements",
    definition="EagleJoinedElements(flow: float32, lengths: int64, like: T) -> (g: T) | T: type | gradient",
    host=True, foldable=False)  # fmt: skip
def _joined(xp, flow, lengths, like):
    out = np.zeros(like.shape, like.dtype)
    start = 0
    for i, n in enumerate(lengths):
        found = flow.values.get(i) if isinstance(flow, Elements) else None
        if found is not None:
            out[start : start + n] = found
        start += n
    return out


@_joined.kernel_for("xla")
def _(jnp, flow, lengths, like):
    if not hasattr(flow, "rows_like"):
        return jnp.zeros_like(like)
    return flow.rows_like(np.arange(len(lengths)), _parts(like, lengths)).reshape(like.shape)


@_joined.shape
def _(flow, lengths, like):
    return like


@_joined.grad("flow")
def _(g, lengths):
    return _split_up(g, lengths)
