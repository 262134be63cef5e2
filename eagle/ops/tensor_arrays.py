"""The class `tf.TensorArray`: in graphs over the ops of tensor_array.py, eagerly a Python list."""

import contextlib

from ..core import dtypes, known, shape as shapes
from ..core.context import here
from ..core.convert import constant, convert
from ..core.dispatch import registry
from ..core.errors import OutOfRangeError, invalid
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.scopes import colocate_with, device, name_scope
from ..core.tensor import Tensor
from . import tensor_array as ops
from .filling import range_
from .shaping import shape


@export("TensorArray")
class TensorArray:
    """A list of tensors of one type, written once and read, for loops.

    Every writing method gives a new object; use that one from then on.

    Args:
      dtype: the type of the elements.
      size: an int scalar: the number of elements.
      dynamic_size: whether writing past the end makes the array longer.
      clear_after_read: whether an element is gone once it has been read; by default True.
      tensor_array_name: a name for the array.
      handle, flow: of another TensorArray, to make a second object for it.
      infer_shape: whether all elements must have one shape, that of the first written if `element_shape` does not say it.
      element_shape: the shape of the elements.
      colocate_with_first_write_call: whether the array is placed where the first value written is.
      name: the name scope.

    Raises:
      TypeError, ValueError: arguments that exclude each other are given, or neither `handle` nor `size` is.
    """

    def __init__(self, dtype, size=None, dynamic_size=None, clear_after_read=None, tensor_array_name=None, handle=None, flow=None,
                 infer_shape=True, element_shape=None, colocate_with_first_write_call=True, name=None):  # fmt: skip
        _check_arguments(handle, tensor_array_name, size, element_shape, dynamic_size, clear_after_read)
        kind = _EagerArray if here.eager else _GraphArray
        self._implementation = kind(dtype, size, dynamic_size or False, clear_after_read, tensor_array_name, handle, flow,
                                    infer_shape, shapes.as_tuple(element_shape), colocate_with_first_write_call, name)  # fmt: skip

    @property
    def flow(self):
        """The flow, a float scalar that orders the operations on the array."""
        return self._implementation.flow

    @property
    def dtype(self):
        return self._implementation.dtype

    @property
    def handle(self):
        return self._implementation.handle

    @property
    def element_shape(self):
        """The `TensorShape` of the elements."""
        return shapes.TensorShape(self._implementation.element_shape[0])

    @property
    def dynamic_size(self):
        return self._implementation.dynamic_size

    @property
    def _infer_shape(self):
        return self._implementation.infer_shape

    def _with_flow(self, flow):
        """Another object for the same array, at another flow."""
        made = object.__new__(TensorArray)
        made._implementation = self._implementation.with_flow(flow)
        return made

    def identity(self):
        """The same array at the identity of the flow."""
        return self._with_flow(self._implementation.identity_flow())

    def grad(self, source, flow=None, name=None):
        """The array of the gradients, in which writing to an index adds."""
        made = object.__new__(TensorArray)
        made._implementation = self._implementation.grad(source, flow, name)
        return made

    def read(self, index, name=None):
        """The element at an index."""
        return self._implementation.read(index, name)

    def write(self, index, value, name=None):
        """The array with an element written."""
        return self._with_flow(self._implementation.write(index, value, name))

    def stack(self, name=None):
        """All elements as one tensor."""
        return self._implementation.stack(name)

    def gather(self, indices, name=None):
        """Some elements as one tensor."""
        return self._implementation.gather(indices, name)

    def concat(self, name=None):
        """All elements one behind the other, along their first dimension."""
        return self._implementation.concat(name)

    def unstack(self, value, name=None):
        """The array with the rows of a tensor as its elements."""
        return self._with_flow(self._implementation.unstack(value, name))

    def scatter(self, indices, value, name=None):
        """The array with the rows of a tensor written at some indices."""
        return self._with_flow(self._implementation.scatter(indices, value, name))

    def split(self, value, lengths, name=None):
        """The array with parts of a tensor, of the given lengths, as its elements."""
        return self._with_flow(self._implementation.split(value, lengths, name))

    def size(self, name=None):
        """The number of elements, an int32 scalar."""
        return self._implementation.size(name)

    def close(self, name=None):
        """Ends the use of the array."""
        return self._implementation.close(name)


def _check_arguments(handle, tensor_array_name, size, element_shape, dynamic_size, clear_after_read):
    if handle is not None and tensor_array_name:
        raise ValueError("Cannot construct with both handle and tensor_array_name")
    if handle is not None and not isinstance(handle, Tensor):
        raise TypeError("Handle must be a Tensor")
    if handle is None and size is None:
        raise ValueError("Size must be provided if handle is not provided")
    given = {"size": size, "element_shape": element_shape, "dynamic_size": dynamic_size, "clear_after_read": clear_after_read}
    for name, value in given.items():
        if handle is not None and value is not None:
            raise ValueError("Cannot provide both a handle and %s at the same time" % name)


def _check_type(value, dtype):
    if value.dtype.base_dtype != dtype:
        raise TypeError("TensorArray dtype is %s but Op is trying to write dtype %s." % (dtype.name, value.dtype.name))


class _GraphArray:
    """A TensorArray in a graph.

    Attributes:
      element_shape: a list with the static shape of the elements, shared by all objects for one array.
    """

    def __init__(self, dtype, size, dynamic_size, clear_after_read, array_name, handle, flow, infer_shape, element_shape,
                 colocates, name):  # fmt: skip
        self.dtype = dtypes.as_dtype(dtype).base_dtype
        self.dynamic_size, self.infer_shape, self.element_shape = dynamic_size, infer_shape, [element_shape]
        self._colocate_with = [] if colocates else None
        with name_scope(name, "TensorArray", [v for v in (handle, size, flow) if v is not None]) as scope:
            if handle is not None:
                if flow is None:
                    raise ValueError("flow must not be None if handle is not None.")
                self.handle, self.flow = handle, flow
                return
            with device(None), get_default_graph().colocate_with(None, ignore_existing=True):
                self.handle, self.flow = ops._tensor_array(
                    size, dtype=self.dtype, element_shape=element_shape, identical_element_shapes=infer_shape,
                    dynamic_size=dynamic_size, clear_after_read=clear_after_read is not False, tensor_array_name=array_name or "",
                    name=scope,
                )  # fmt: skip

    def with_flow(self, flow):
        made = object.__new__(_GraphArray)
        made.__dict__.update(self.__dict__, flow=flow)
        return made

    def identity_flow(self):
        return registry["Identity"](self.flow)

    def _check_shape(self, shape):
        known_shape = self.element_shape[0]
        if not shapes.compatible(known_shape, shape):
            raise ValueError("Inconsistent shapes: saw %s but expected %s " % (shapes.to_text(shape), shapes.to_text(known_shape)))
        if self.infer_shape:
            self.element_shape[0] = shapes.merge(known_shape, shape)

    def _placed(self, value):
        if self._colocate_with is None:
            return contextlib.nullcontext()
        if not self._colocate_with:
            self._colocate_with.append(value)
        return colocate_with(self._colocate_with[0])

    def grad(self, source, flow, name):
        flow = self.flow if flow is None else flow
        with name_scope(name, "TensorArrayGrad", [self.handle]), colocate_with(self.handle):
            handle, _ = ops._tensor_array_grad(self.handle, flow, source=source, name=name)
            with get_default_graph().control_dependencies([handle]):
                flow = registry["Identity"](flow, name="gradient_flow")
        made = self.with_flow(flow)
        made.handle, made._colocate_with = handle, None
        return made

    def read(self, index, name):
        value = ops._read(self.handle, index, self.flow, dtype=self.dtype, name=name)
        value.set_shape(self.element_shape[0])
        return value

    def write(self, index, value, name):
        with name_scope(name, "TensorArrayWrite", [self.handle, index, value]):
            value = convert(value, None, "value", self.dtype)
            _check_type(value, self.dtype)
            self._check_shape(value._shape)
            with self._placed(value):
                return ops._write(self.handle, index, value, self.flow, name=name)

    def stack(self, name):
        with colocate_with(self.handle), name_scope(name, "TensorArrayStack", [self.handle]):
            return self.gather(range_(0, self.size(None)), name)

    def gather(self, indices, name):
        element_shape = self.element_shape[0]
        value = ops._gather(self.handle, indices, self.flow, dtype=self.dtype, element_shape=element_shape, name=name)
        if element_shape is not None:
            value.set_shape((None, *element_shape))
        return value

    def concat(self, name):
        rest = None if self.element_shape[0] is None else self.element_shape[0][1:]
        value, _ = ops._concat(self.handle, self.flow, dtype=self.dtype, element_shape_except0=rest, name=name)
        if rest is not None:
            value.set_shape((None, *rest))
        return value

    def unstack(self, value, name):
        with name_scope(name, "TensorArrayUnstack", [self.handle, value]):
            value = convert(value, None, None, self.dtype)
            return self.scatter(range_(0, shape(value)[0]), value, name)

    def scatter(self, indices, value, name):
        with name_scope(name, "TensorArrayScatter", [self.handle, value, indices]):
            value = convert(value, None, "value", self.dtype)
            _check_type(value, self.dtype)
            self._check_shape(None if value._shape is None else value._shape[1:])
            with self._placed(value):
                return ops._scatter(self.handle, indices, value, self.flow, name=name)

    def split(self, value, lengths, name):
        with name_scope(name, "TensorArraySplit", [self.handle, value, lengths]):
            value = convert(value, self.dtype, "value")
            with self._placed(value):
                lengths = registry["Cast"](convert(lengths), DstT=dtypes.int64)
                each = known.value(lengths)
                if value._shape is not None and each is not None and each.size and each.max() == each.min():
                    self._check_shape((int(each[0]), *value._shape[1:]))
                return ops._split(self.handle, value, lengths, self.flow, name=name)

    def size(self, name):
        return ops._size(self.handle, self.flow, name=name)

    def close(self, name):
        return ops._close(self.handle, name=name)


class _EagerArray:
    """A TensorArray of eager execution: a Python list that all objects for one array share."""

    def __init__(self, dtype, size, dynamic_size, clear_after_read, array_name, handle, flow, infer_shape, element_shape, colocates,
                 name):  # fmt: skip
        if handle is not None:
            raise ValueError("TensorArray handles are not supported when eager execution is enabled.")
        self.dtype = dtypes.as_dtype(dtype).base_dtype
        self.dynamic_size, self.infer_shape, self.element_shape = dynamic_size, infer_shape, [element_shape]
        self._clears = clear_after_read is not False
        self._values = [None] * int(size)
        self._cleared = set()
        self.flow = constant(0, dtypes.int32)
        self.handle = None

    def with_flow(self, flow):
        return self

    def identity_flow(self):
        return self.flow

    def grad(self, source, flow, name):
        raise NotImplementedError(
            "TensorArray.grad is not supported when executing eagerly; eager's gradient implementation does not use/need this "
            "function to compute gradients of operations that use TensorArrays."
        )

    def read(self, index, name):
        index = int(index)
        if index < 0:
            raise OutOfRangeError(None, None, "Reading from negative indices (index %d) is not allowed." % index)
        if index >= len(self._values):
            raise OutOfRangeError(None, None, "Tried to read from index %d but array size is: %d" % (index, len(self._values)))
        value = self._values[index]
        if value is None:
            if index in self._cleared:
                raise invalid(
                    "Could not read index %d twice because it was cleared after a previous read (perhaps try setting "
                    "clear_after_read = false?)" % index
                )
            value = self._missing(index)
        if self._clears:
            self._values[index] = None
            self._cleared.add(index)
        return value

    def _missing(self, index):
        if not shapes.is_known(self.element_shape[0]):
            raise invalid("Could not read from TensorArray index %d: it has not been written and its shape is not known." % index)
        return registry["Fill"](self.element_shape[0], constant(0, self.dtype))

    def write(self, index, value, name):
        index = int(index)
        if index < 0:
            raise OutOfRangeError(None, None, "Writing to negative indices (index %d) is not allowed." % index)
        if index >= len(self._values):
            if not self.dynamic_size:
                raise OutOfRangeError(
                    None,
                    None,
                    "Tried to write to index %d but array is not resizeable and size is: %d" % (index, len(self._values)),
                )
            self._values += [None] * (index + 1 - len(self._values))
        value = convert(value, None, None, self.dtype)
        if value.dtype != self.dtype:
            raise invalid("TensorArray dtype is %s but Op is trying to write dtype %s" % (self.dtype.name, value.dtype.name))
        if not shapes.compatible(self.element_shape[0], value._v.shape):
            raise ValueError(
                "Incompatible shape for value (%s), expected (%s)" % (value.shape, shapes.to_text(self.element_shape[0]))
            )
        if self.infer_shape:
            self.element_shape[0] = shapes.merge(self.element_shape[0], value._v.shape)
        self._values[index] = value
        return self.flow

    def _filled(self, indices):
        """Some elements, which stay where they are; zeros for those that have not been written."""
        values = self._values
        for i in indices:
            if values[i] is None:
                values[i] = self._missing(i)
        return [values[i] for i in indices]

    def stack(self, name):
        values = self._filled(range(len(self._values)))
        if not values:
            known_shape = self.element_shape[0]
            return registry["Fill"]((0, *(known_shape or ())), constant(0, self.dtype))
        return registry["Pack"](values)

    def gather(self, indices, name):
        return registry["Pack"](self._filled(convert(indices).numpy()))

    def concat(self, name):
        values = self._filled(range(len(self._values)))
        for i, value in enumerate(values):
            if not value._v.ndim:
                raise invalid("Concat saw a scalar shape at index %d but requires at least vectors." % i)
        return registry["ConcatV2"](values, 0)

    def unstack(self, value, name):
        rows = registry["Unpack"](convert(value), num=convert(value)._v.shape[0])
        if len(rows) > len(self._values) and not self.dynamic_size:
            raise ValueError("Cannot unstack %d tensors into a TensorArray of static size %d " % (len(rows), len(self._values)))
        self._values = [None] * max(len(rows), 0 if self.dynamic_size else len(self._values))
        for i, row in enumerate(rows):
            self.write(i, row, None)
        return self.flow

    def scatter(self, indices, value, name):
        rows = registry["Unpack"](convert(value), num=convert(value)._v.shape[0])
        for index, row in zip(convert(indices).numpy(), rows):
            self.write(index, row, None)
        return self.flow

    def split(self, value, lengths, name):
        lengths = convert(lengths)
        if lengths._v.ndim != 1:
            raise invalid("Expected lengths to be a vector, received shape: %s" % shapes.to_brackets(lengths._v.shape))
        value = convert(value, None, None, self.dtype)
        total = int(lengths._v.sum())
        if not value._v.ndim or total != value._v.shape[0]:
            raise invalid(
                "Expected sum of lengths to be equal to values.shape[0], but sum of lengths is %d and value's shape is: %s "
                % (total, shapes.to_brackets(value._v.shape))
            )
        if not self.dynamic_size and len(self._values) != lengths._v.shape[0]:
            raise invalid(
                "TensorArray's size is not equal to the size of lengths (%d vs. %d), and the TensorArray is not marked as "
                "dynamically resizeable" % (len(self._values), lengths._v.shape[0])
            )
        parts = registry["SplitV"](value, lengths, 0, num_split=lengths._v.shape[0])
        self._values = list(parts)
        return self.flow

    def size(self, name):
        return constant(len(self._values))

    def close(self, name):
        self._values.clear()
