"""`tf.Tensor`: a value (`EagerTensor`) or the promise of one (`GraphTensor`, an output of a graph's operation).

The operators (`+`, `[...]`, `@`, ...) are defined where the ops are and put on the classes by `overload`.
"""

import itertools

import numpy as np

from . import nest, shape as shapes
from .context import here
from .dtypes import FROM_NUMPY, Handle
from .errors import NotYetError, OperatorNotAllowedInGraphError
from .export import export
from .identity import Reference

next_id = itertools.count(1).__next__

_ndarray, _generic = np.ndarray, np.generic


@export("Tensor")
class Tensor:
    """What is common to eager and graph tensors; not made directly.

    Attributes:
      dtype: the `DType` of the elements.
      shape: the static `TensorShape`.
    """

    __slots__ = ("__weakref__",)
    is_tensor_like = True
    __array_priority__ = 100  # NumPy arrays leave operators to us
    _USE_EQUALITY = False  # see equality.py
    OVERLOADABLE_OPERATORS = {
        "__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__rmul__", "__div__", "__rdiv__", "__truediv__",
        "__rtruediv__", "__floordiv__", "__rfloordiv__", "__mod__", "__rmod__", "__lt__", "__le__", "__gt__", "__ge__",
        "__and__", "__rand__", "__or__", "__ror__", "__xor__", "__rxor__", "__getitem__", "__pow__", "__rpow__", "__invert__",
        "__neg__", "__abs__", "__matmul__", "__rmatmul__",
    }  # fmt: skip

    def get_shape(self):
        """The static shape, as the property `shape`."""
        return self.shape

    def experimental_ref(self):
        """A hashable reference to this tensor, to stand for it in sets and as a key; its `deref()` gives the tensor back."""
        return Reference(self)

    def eval(self, feed_dict=None, session=None):
        raise NotImplementedError("eval is not supported for %r" % (self,))

    @staticmethod
    def _override_operator(operator, func):
        overload(operator, func)


def overload(operator, function, eager_function=None):
    """Makes `function` the operator (such as `"__add__"`) of all tensors, or of graph tensors with one of their own for eager."""
    setattr(Tensor, operator, function)
    setattr(GraphTensor, operator, function)
    setattr(EagerTensor, operator, eager_function or function)


class EagerTensor(Tensor):
    """A tensor whose value is known.

    The value `_v` is an array or, mostly for scalars, a NumPy scalar; nobody writes into it.  `_id` is 0 until the tensor is
    printed or a tape gets to know it.
    """

    __slots__ = ("_v", "_id", "assign", "__dict__")  # a slice of a variable has a function `assign`

    @property
    def dtype(self):
        return FROM_NUMPY[self._v.dtype]

    @property
    def shape(self):
        return shapes.TensorShape(self._v.shape)

    def _shape_as_list(self):
        return list(self._v.shape)

    @property
    def _shape(self):
        return self._v.shape

    def _shape_tuple(self):
        return self._v.shape

    @property
    def ndim(self):
        return self._v.ndim

    def _rank(self):
        return self._v.ndim

    @property
    def _unique_id(self):
        if not self._id:
            self._id = next_id()
        return self._id

    def numpy(self):
        """The value as a NumPy array, or as a NumPy scalar (for strings: bytes) if the tensor is a scalar.

        The array belongs to the caller: writing into it changes no tensor.
        """
        v = self._v
        if type(v) is _ndarray:
            return v.copy() if v.ndim else v[()]
        if isinstance(v, Handle):
            raise ValueError("Cannot convert a Tensor of dtype %s to a NumPy array." % v.dtype.name)
        return v

    def __array__(self, dtype=None, copy=None):
        v = self._v
        if isinstance(v, Handle):
            raise ValueError("Cannot convert a Tensor of dtype %s to a NumPy array." % v.dtype.name)
        if copy is False and (dtype is None or v.dtype == dtype) and type(v) is _ndarray:
            view = v.view()
            view.flags.writeable = False
            return view
        return np.array(v, dtype=dtype)

    @property
    def device(self):
        return "/job:localhost/replica:0/task:0/device:CPU:0"

    @property
    def backing_device(self):
        return self.device

    @property
    def name(self):
        raise AttributeError("Tensor.name is meaningless when eager execution is enabled.")

    @property
    def op(self):
        raise AttributeError("Tensor.op is meaningless when eager execution is enabled.")

    @property
    def graph(self):
        raise AttributeError("Tensor.graph is meaningless when eager execution is enabled.")

    @property
    def value_index(self):
        raise AttributeError("Tensor.value_index is meaningless when eager execution is enabled.")

    def _as_tf_output(self):
        raise NotImplementedError("_as_tf_output not supported when eager execution is enabled.")

    def _num_elements(self):
        return self._v.size

    def _datatype_enum(self):
        return self.dtype.as_datatype_enum

    def consumers(self):
        raise NotImplementedError("Tensor.consumers is meaningless when eager execution is enabled.")

    def set_shape(self, shape):
        """Checks the shape: an eager tensor's can't change."""
        if not self.shape.is_compatible_with(shape):
            raise ValueError("Tensor's shape %s is not compatible with supplied shape %s" % (self._v.shape, shape))

    def eval(self, feed_dict=None, session=None):
        raise NotImplementedError("eval is not supported when eager execution is enabled, is .numpy() what you're looking for?")

    def cpu(self):
        """A copy of this tensor in host memory."""
        return from_value(self._v)

    def gpu(self, gpu_index=0):
        """A copy of this tensor in the memory of an accelerator."""
        raise NotYetError("EagerTensor.gpu: Eagle has no eager tensors on accelerators yet")

    def __bool__(self):
        return bool(self._v)

    __nonzero__ = __bool__

    def __int__(self):
        return int(self.numpy())

    def __float__(self):
        return float(self.numpy())

    def __complex__(self):
        return complex(self.numpy())

    def __index__(self):
        v = self._v
        return v.__index__() if v.ndim else int(v[()] if v.dtype.kind in "iub" else v.__index__())

    def __len__(self):
        if not self._v.ndim:
            raise TypeError("Scalar tensor has no `len()`")
        return self._v.shape[0]

    def __iter__(self):
        if not self._v.ndim:
            raise TypeError("Cannot iterate over a scalar tensor")
        return (self[i] for i in range(self._v.shape[0]))

    def __format__(self, spec):
        return self.numpy().__format__(spec)

    def __dlpack__(self, **options):
        return np.array(self._v).__dlpack__(**options)

    def __dlpack_device__(self):
        return np.asarray(self._v).__dlpack_device__()

    def __reduce__(self):
        return from_value, (np.array(self._v) if type(self._v) is _ndarray else self._v,)

    def __copy__(self):
        return from_value(self._v)

    def __deepcopy__(self, memo):
        return from_value(self._v)

    def __str__(self):
        return "tf.Tensor(%s, shape=%s, dtype=%s)" % (value_text(self, False), shapes.to_text(self._v.shape), self.dtype.name)

    def __repr__(self):
        return "<tf.Tensor: id=%d, shape=%s, dtype=%s, numpy=%s>" % (
            self._unique_id, shapes.to_text(self._v.shape), self.dtype.name, value_text(self, True))  # fmt: skip


def from_value(value):
    """The eager tensor with this value, an array that nobody else will write into, or a NumPy scalar."""
    t = EagerTensor()
    t._v = value
    t._id = 0
    return t


def read_variable(x):
    """The value of an eager variable as a tensor; anything else as it is."""
    read = getattr(x, "_eager_value", None)
    return x if read is None else read()


def value_text(tensor, is_repr):
    """The value of an eager tensor as TensorFlow prints it."""
    if not tensor.dtype.is_numpy_compatible:
        return "<unprintable>"
    value = tensor.numpy()
    if isinstance(value, _ndarray):
        text = repr(value) if is_repr else str(value)
    else:
        text = repr(value) if isinstance(value, bytes) else str(value)
    return "\n" + text if "\n" in text else text


class GraphTensor(Tensor):
    """One output of an operation of a graph.

    Attributes:
      op: the `Operation`.
      value_index: which of its outputs this is.
    """

    __slots__ = ("op", "value_index", "_dtype", "_shape", "_consumers", "_id", "_handle_data", "assign", "__dict__")

    def __init__(self, op, value_index, dtype):
        self.op = op
        self.value_index = value_index
        self._dtype = dtype
        self._shape = None
        self._consumers = None
        self._handle_data = None

    @property
    def graph(self):
        return self.op.graph

    @property
    def dtype(self):
        return self._dtype

    @property
    def name(self):
        return "%s:%d" % (self.op._name, self.value_index)

    @property
    def device(self):
        """The device on which this tensor will be produced, or `""`."""
        return self.op.device

    @property
    def shape(self):
        return shapes.TensorShape(self._shape)

    def _shape_as_list(self):
        return None if self._shape is None else list(self._shape)

    def _shape_tuple(self):
        return self._shape

    def _rank(self):
        return None if self._shape is None else len(self._shape)

    def set_shape(self, shape):
        """Adds what `shape` tells to the static shape; raises ValueError if the two contradict each other."""
        self._shape = shapes.agree(self._shape, shapes.as_tuple(shape))
        self.graph._unknown.clear()

    def consumers(self):
        """The operations that take this tensor as an input."""
        return list(dict.fromkeys(self._consumers or ()))

    def eval(self, feed_dict=None, session=None):
        """Runs the graph for the value of this tensor.

        Args:
          feed_dict: values for other tensors, as for `Session.run`.
          session: the session; by default the default session.

        Raises:
          ValueError: there is no session, or it runs another graph.
        """
        return default_session(self.graph, session, "evaluate tensor", "eval()").run(self, feed_dict)

    def __iter__(self):
        raise _not_allowed("iterating over `tf.Tensor`")

    def __len__(self):
        raise TypeError(
            "len is not well defined for symbolic Tensors. (%s) Please call `x.shape` rather than `len(x)` for shape information."
            % self.name
        )

    def __bool__(self):
        raise _not_allowed("using a `tf.Tensor` as a Python `bool`")

    __nonzero__ = __bool__

    def __array__(self, dtype=None, copy=None):
        raise NotImplementedError("Cannot convert a symbolic Tensor (%s) to a numpy array." % self.name)

    def __copy__(self):
        copied = GraphTensor(self.op, self.value_index, self._dtype)
        copied._shape, copied._consumers, copied._handle_data = self._shape, self._consumers, self._handle_data
        return copied

    def _as_node_def_input(self):
        return "%s:%d" % (self.op._name, self.value_index) if self.value_index else self.op._name

    def __str__(self):
        return 'Tensor("%s"%s%s%s)' % (
            self.name,
            ", shape=%s" % shapes.to_text(self._shape) if self._shape is not None else "",
            ", dtype=%s" % self._dtype.name,
            ", device=%s" % self.device if self.device else "",
        )

    def __repr__(self):
        return "<tf.Tensor '%s' shape=%s dtype=%s>" % (self.name, shapes.to_text(self._shape), self._dtype.name)


GraphTensor.__name__ = "Tensor"  # as messages name it
nest.LEAVES |= {EagerTensor, GraphTensor}


def _not_allowed(task):
    """What is raised where Python wants to know the value of a graph tensor; it says what AutoGraph has to do with it."""
    converted = here.converted
    if converted is None:
        hint = " in Graph execution. Use Eager execution or decorate this function with @tf.function."
    else:
        state = "did not convert" if converted else "is disabled in"
        hint = ": AutoGraph %s this function. Try decorating it directly with @tf.function." % state
    return OperatorNotAllowedInGraphError("%s is not allowed%s" % (task, hint))


def default_session(graph, session, purpose, method):
    """The session in which to run something of `graph`; raises ValueError as TensorFlow does if there is none.

    Args:
      graph: the graph.
      session: the session that the caller gave, or None for the default one.
      purpose: what it is for ("evaluate tensor").
      method: the method called ("eval()").
    """
    thing = purpose.split()[-1]
    if session is not None:
        if session.graph is not graph:
            raise ValueError("Cannot use the given session to %s: the %s's graph is different from the session's graph."
                             % (purpose, thing))  # fmt: skip
        return session
    explicit = method.replace("()", "(session=sess)")
    if not here.sessions:
        raise ValueError("Cannot %s using `%s`: No default session is registered. Use `with sess.as_default()` or pass an "
                         "explicit session to `%s`" % (purpose, method, explicit))  # fmt: skip
    session = here.sessions[-1]
    if session.graph is not graph:
        raise ValueError("Cannot use the default session to %s: the %s's graph is different from the session's graph. Pass an "
                         "explicit session to `%s`." % (purpose, thing, explicit))  # fmt: skip
    return session
