"""`ResourceVariable`: the variables of eager execution, and of graphs that ask for them: read where the read stands."""

import itertools

from .. import protos
from ..core import dtypes, nest, shape as shapes
from ..core.context import CALLBACK, here, process
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.func_graph import FuncGraph
from ..core.graph import get_default_graph
from ..core.indexed_slices import IndexedSlices
from ..core.scopes import NOTHING, colocate_with, control_dependencies, device, init_scope, name_scope
from ..core.tape import call_back, variable_accessed, variable_read
from ..core.tensor import EagerTensor, from_value, value_text
from ..ops.variable_state import VariableState
from .base import VariableV1, checked_collections, checked_properties, creation, guarded, prepend_name_scope
from .ref import class_attribute, from_inside

_serial = itertools.count()


def accessed(variable):
    """Lets tapes, and the function being built, know that a variable is used."""
    if here.tapes and variable._trainable:
        variable_accessed(variable)
    if not here.eager:
        watch = getattr(get_default_graph(), "watch_variable", None)
        if watch is not None:
            watch(variable)


@export("python.ops.resource_variable_ops.BaseResourceVariable")
class BaseResourceVariable(VariableV1):
    """What resource variables and what assignments to them give have in common.

    Attributes:
      handle: the tensor that stands for the variable itself.
    """

    _cached_value = None
    _graph_element = None
    _initial_value = None
    _initializer_op = None
    _is_initialized_op = None
    _parent_op = None

    handle = property(lambda self: self._handle)
    name = property(lambda self: self._handle_name)
    dtype = property(lambda self: self._dtype)
    shape = property(lambda self: shapes.TensorShape(self._shape))
    device = property(lambda self: self._handle.device)
    graph = property(lambda self: self._handle.graph)
    op = property(lambda self: self._handle.op)
    _gradient_source = property(lambda self: self._handle)

    @property
    def create(self):
        """The operation that initializes the variable; raises RuntimeError eagerly."""
        if not self._in_graph_mode:
            raise RuntimeError("Calling create is not supported when eager execution is enabled.")
        return self._initializer_op

    @property
    def initial_value(self):
        if here.eager:
            raise RuntimeError("initial_value not supported in EAGER mode.")
        return self._initial_value

    def _shape_tuple(self):
        return self._shape

    def set_shape(self, shape):
        raise NotImplementedError("ResourceVariable does not implement set_shape()")

    def _value_text(self):
        if not here.eager or self._in_graph_mode:
            return ""
        return ", numpy=" + value_text(self._state.tensor(), True)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        if not here.eager:
            raise NotImplementedError("__deepcopy__() is only available when eager execution is enabled.")
        copied = ResourceVariable(self.read_value(), trainable=self._trainable, constraint=self._constraint, dtype=self._dtype,
                                  name=self._shared_name + "_copy")  # fmt: skip
        memo[id(self)] = copied
        return copied

    def __reduce_ex__(self, protocol):
        arguments = dict(initial_value=self.numpy(), trainable=self.trainable, name=self._shared_name, dtype=self._dtype,
                         constraint=self._constraint)  # fmt: skip
        return _remade, (arguments,)

    # --------------------------------------------------------------------------------------------------------- reading

    def value(self):
        """The value as a tensor, read at this place of the program."""
        t = self._eager_value()
        if t is not self:
            return t
        if self._cached_value is not None:
            return self._cached_value
        with colocate_with(None, ignore_existing=True), device(self._handle.device):
            return self._read_variable_op()

    def _eager_value(self):
        """`value()` of an eager variable; of one of a graph the variable itself."""
        if not here.eager or type(self._handle) is not EagerTensor:
            return self
        t = self._state.tensor()
        if process.busy:
            self._note_read(t)
        return t

    def _note_read(self, tensor):
        """Lets tapes and callbacks know that the variable was read."""
        variable_read(self, tensor)
        if process.busy >= CALLBACK:
            call_back(registry["ReadVariableOp"], (self._handle,), (tensor,), {"dtype": self._dtype})

    def _read_variable_op(self):
        accessed(self)
        return registry["ReadVariableOp"](self._handle, dtype=self._dtype)

    def read_value(self):
        """The value as a tensor of its own, read at this place of the program: control dependencies apply to it."""
        if here.eager:
            return registry["Identity"](self.value())
        with name_scope("Read"), device(self._handle.device):
            value = self._read_variable_op()
        return registry["Identity"](value)

    def sparse_read(self, indices, name=None):
        """Rows of the variable: `tf.gather(var, indices)` without reading the whole."""
        with name_scope("Gather" if name is None else name) as scope:
            accessed(self)
            value = registry["ResourceGather"](self._handle, indices, dtype=self._dtype, name=scope)
        return registry["Identity"](value)

    def gather_nd(self, indices, name=None):
        """Elements or slices of the variable: `tf.gather_nd(var, indices)` without reading the whole."""
        with name_scope("GatherNd" if name is None else name) as scope:
            accessed(self)
            value = registry["ResourceGatherNd"](self._handle, indices, dtype=self._dtype, name=scope)
        return registry["Identity"](value)

    def numpy(self):
        """The value as a NumPy array of the caller's own."""
        if here.eager:
            return self.value().numpy()
        raise NotImplementedError("numpy() is only available when eager execution is enabled.")

    def eval(self, session=None):
        """The value in a session, by default the default session."""
        if here.eager:
            raise RuntimeError("Trying to eval in EAGER mode")
        return self._graph_element.eval(session=session)

    def _ref(self):
        return self._handle

    def _as_graph_element(self):
        return self._graph_element

    def is_initialized(self, name=None):
        """Whether the variable has a value, as a boolean tensor."""
        return registry["VarIsInitializedOp"](self._handle, name=name)

    _is_initialized = is_initialized

    def __bool__(self):
        return bool(self.read_value())

    __nonzero__ = __bool__

    def __int__(self):
        if self._dtype not in (dtypes.int32, dtypes.int64):
            raise TypeError("Non-integer variable can't be converted to integer.")
        return int(self.value().numpy())

    # -------------------------------------------------------------------------------------------------------- changing

    def assign(self, value, use_locking=None, name=None, read_value=True):
        """Gives the variable a new value.

        Args:
          value: a tensor or a value to make one of.
          use_locking: has no meaning here: changes by several threads never mix.
          name: the name of the operation.
          read_value: whether to return something to read the new value from; else the operation (eagerly None).

        Raises:
          ValueError: the shape or type of the value is not that of the variable.
        """
        with self._handle_graph():
            value = convert(value, self._dtype)
            if value._shape != self._shape:
                self.shape.assert_is_compatible_with(value.shape)
            return self._changed(registry["AssignVariableOp"](self._handle, value, name=name), read_value)

    def assign_add(self, delta, use_locking=None, name=None, read_value=True):
        """As `assign`, adding to the value."""
        return self._update("AssignAddVariableOp", delta, name, read_value)

    def assign_sub(self, delta, use_locking=None, name=None, read_value=True):
        """As `assign`, subtracting from the value."""
        return self._update("AssignSubVariableOp", delta, name, read_value)

    def _update(self, op, delta, name, read_value):
        with self._handle_graph(), self._after_caching():
            return self._changed(registry[op](self._handle, convert(delta, self._dtype), name=name), read_value)

    def _changed(self, op, read_value=True):
        return self._lazy_read(op) if read_value else op

    def _handle_graph(self):
        """A context manager for the graph of the handle, where nothing else says where operations go."""
        return NOTHING if here.eager or here.graphs or not self._in_graph_mode else self._handle.graph.as_default()

    def _after_caching(self):
        return NOTHING if self._cached_value is None else control_dependencies([self._cached_value])

    def _lazy_read(self, op):
        """What stands for the variable after it was changed by an operation: read only if something uses it."""
        accessed(self)
        return _UnreadVariable(self, op)

    def _scatter(self, way, sparse_delta, use_locking, name):
        if not isinstance(sparse_delta, IndexedSlices):
            raise TypeError("sparse_delta is not IndexedSlices: %s" % (sparse_delta,))
        return self._scatter_rows(way, sparse_delta.indices, sparse_delta.values, name)

    def _scatter_rows(self, way, indices, updates, name):
        return self._lazy_read(registry["ResourceScatter" + way](self._handle, indices, convert(updates, self._dtype), name=name))

    def _scatter_nd(self, way, indices, updates, name):
        return self._lazy_read(registry["ResourceScatterNd" + way](self._handle, indices, convert(updates, self._dtype), name=name))

    def _strided_slice_assign(self, begin, end, strides, value, name, begin_mask, end_mask, ellipsis_mask, new_axis_mask,
                              shrink_axis_mask):  # fmt: skip
        with self._handle_graph(), self._after_caching():
            return self._lazy_read(registry["ResourceStridedSliceAssign"](
                self._handle, begin, end, strides, convert(value, self._dtype), name=name, begin_mask=begin_mask,
                end_mask=end_mask, ellipsis_mask=ellipsis_mask, new_axis_mask=new_axis_mask,
                shrink_axis_mask=shrink_axis_mask))  # fmt: skip

    def count_up_to(self, limit):
        """The value as a tensor, which adds 1 to it, until `limit` is reached: then `OutOfRangeError`."""
        return registry["ResourceCountUpTo"](self._handle, limit=limit, T=self._dtype)

    # ---------------------------------------------------------------------------------------------------------- protos

    def to_proto(self, export_scope=None):
        """The variable as a `VariableDef`; None if it is not in the scope."""
        if here.eager:
            raise RuntimeError("to_proto not supported in EAGER mode.")
        if export_scope is not None and not self._handle.name.startswith(export_scope):
            return None
        snapshot = self._graph_element if self._cached_value is None else self._cached_value
        return self._fill_proto(protos.VariableDef(is_resource=True), self._handle, snapshot, export_scope)

    @staticmethod
    def from_proto(variable_def, import_scope=None):
        """The variable of the default graph that a `VariableDef` describes."""
        if here.eager:
            raise RuntimeError("from_proto not supported in EAGER mode.")
        return ResourceVariable(variable_def=variable_def, import_scope=import_scope)


def _remade(arguments):
    return ResourceVariable(**arguments)


def _refuses(symbol, instead):
    def operator(self, other):
        raise RuntimeError("Variable %s= value not supported. %s" % (symbol, instead))

    return operator


for _name, _symbol, _method in (("iadd", "+", "assign_add"), ("isub", "-", "assign_sub")):
    _instead = "Use variable.%s(value) to modify the variable value and variable = variable %s value to get a new Tensor object."
    setattr(BaseResourceVariable, "__%s__" % _name, _refuses(_symbol, _instead % (_method, _symbol)))
for _name, _symbol in (("imul", "*"), ("idiv", "/"), ("itruediv", "/"), ("irealdiv", "/"), ("ipow", "**")):
    _instead = "Use `var.assign(var %s value)` to modify the variable or `var = var %s value` to get a new Tensor object."
    setattr(BaseResourceVariable, "__%s__" % _name, _refuses(_symbol, _instead % (_symbol, _symbol)))


class _Owner:
    """What an eager variable shares with what its assignments give: when the last is gone, so is the value behind the handle."""

    __slots__ = ("_state",)

    def __init__(self, state):
        self._state = state

    def __del__(self):
        if self._state.peek() is not None:
            self._state.destroy()


@export("contrib.framework.is_resource_variable")
def is_resource_variable(var):
    """Whether `var` is a resource variable."""
    return isinstance(var, BaseResourceVariable) or hasattr(var, "_should_act_as_resource_variable")


@export("contrib.eager.Variable", "python.ops.resource_variable_ops.ResourceVariable")
class ResourceVariable(BaseResourceVariable):
    """A variable whose reads have a definite place in the program: the kind that eager execution uses; see `tf.Variable`."""

    def __init__(self, initial_value=None, trainable=None, collections=None, validate_shape=True, caching_device=None, name=None,
                 dtype=None, variable_def=None, import_scope=None, constraint=None, distribute_strategy=None, synchronization=None,
                 aggregation=None, shape=None):  # fmt: skip
        self._distribute_strategy = distribute_strategy
        if variable_def is not None:
            if initial_value is not None:
                raise ValueError("variable_def and initial_value are mutually exclusive.")
            if here.eager:
                raise ValueError("Creating ResourceVariable from variable_def is not supported when eager execution is enabled.")
            self._init_from_proto(variable_def, import_scope)
            return
        if initial_value is None:
            raise ValueError("initial_value must be specified.")
        initial_value = self._take_restored(initial_value)
        if constraint is not None and not callable(constraint):
            raise ValueError("The `constraint` argument must be a callable.")
        self._synchronization, self._aggregation, self._trainable = checked_properties(
            synchronization, aggregation, trainable, name
        )
        self._constraint = constraint
        self._caching_device = caching_device
        self._make(initial_value, name, dtype, shape, checked_collections(collections, self._trainable))

    def _make(self, initial_value, name, dtype, shape, collections):
        """Makes the variable: at once, or in the graph outside all functions."""
        _check_origin(initial_value, name)
        if here.eager:
            self._make_eagerly(initial_value, name, dtype, shape, collections)
            return
        with init_scope():
            if here.eager:
                self._make_eagerly(initial_value, name, dtype, shape, collections)
            else:
                self._build(initial_value, name, dtype, shape)
                get_default_graph().add_to_collections(collections, self)

    def _make_eagerly(self, initial_value, name, dtype, shape, collections):
        from_function = callable(initial_value)
        with name_scope(name, "Variable", None) as scope:
            with name_scope("Initializer"):
                value = convert(initial_value() if from_function else initial_value, dtype, "initial_value")
        self._hold(scope[:-1], value.dtype, _checked_shape(value, shape), collections)
        self._state.assign(value._v)
        if creation.restore is not None:
            creation.restore(self)

    def _hold(self, name, dtype, shape, collections):
        """Makes what holds the value, eagerly; there is none yet."""
        self._in_graph_mode = False
        self._graph_key = get_default_graph()._graph_key
        self._handle_name = name + ":0"
        self._dtype = dtype
        self._shape = shape
        self._state = VariableState(dtype, shape, name=name)
        self._handle = from_value(self._state)
        self._owner = _Owner(self._state)
        self._unique_id = "%s_%d" % (name, next(_serial))
        if "global_step" in collections:
            get_default_graph().add_to_collections(["global_step"], self)

    def _build(self, initial_value, name, dtype, shape):
        from_function = callable(initial_value)
        graph = get_default_graph()
        self._in_graph_mode = True
        self._graph_key = graph._graph_key
        with name_scope(name, "Variable", [] if from_function else [initial_value]) as scope:
            base = scope[:-1]
            self._unique_id = base
            with graph._attr_scope(class_attribute(base)):
                with name_scope("Initializer"), device(None):
                    self._initial_value = convert(initial_value() if from_function else initial_value, dtype, "initial_value")
                self._dtype = self._initial_value.dtype.base_dtype
                self._shape = _checked_shape(self._initial_value, shape)
                self._handle = registry["VarHandleOp"](shape=self._shape, dtype=self._dtype, shared_name=base, name=scope)
            self._handle_name = self._handle.name
            with name_scope("IsInitialized"):
                self._is_initialized_op = registry["VarIsInitializedOp"](self._handle)
            with name_scope("Assign") as n, colocate_with(None, ignore_existing=True), device(self._handle.device):
                self._initializer_op = registry["AssignVariableOp"](self._handle, guarded(scope, self._initial_value), name=n)
            with name_scope("Read"):
                with device(self._handle.device):
                    self._graph_element = registry["ReadVariableOp"](self._handle, dtype=self._dtype)
                if self._caching_device is not None:
                    with colocate_with(None, ignore_existing=True), device(self._caching_device):
                        self._cached_value = registry["Identity"](self._graph_element)

    def _init_from_proto(self, variable_def, scope):
        if not variable_def.is_resource:
            raise ValueError("Trying to restore Variable as ResourceVariable.")
        graph = get_default_graph()
        self._in_graph_mode = True
        self._graph_key = graph._graph_key
        self._handle = graph.as_graph_element(prepend_name_scope(variable_def.variable_name, scope))
        self._handle_name = self._unique_id = self._handle.name
        self._dtype, self._shape = self._handle.op.attrs["dtype"], self._handle.op.attrs["shape"]
        self._read_proto(variable_def, scope)
        if variable_def.snapshot_name:
            snapshot = graph.as_graph_element(prepend_name_scope(variable_def.snapshot_name, scope))
        else:
            snapshot = graph.get_tensor_by_name(self._handle.op.name + "/Read/ReadVariableOp:0")
        if snapshot.op.type != "ReadVariableOp":
            self._cached_value = snapshot
        while snapshot.op.type != "ReadVariableOp":
            snapshot = snapshot.op.inputs[0]
        self._graph_element = snapshot


def _check_origin(initial_value, name):
    """Raises ValueError for an initial value that belongs to the body of a function, branch or loop."""
    graph = getattr(getattr(initial_value, "op", None), "graph", None) if not isinstance(initial_value, EagerTensor) else None
    if not isinstance(graph, FuncGraph):
        return
    if not graph.runs_effects:
        raise from_inside(initial_value, "%s/" % (name or "Variable"))
    raise ValueError(
        "Tensor-typed variable initializers must either be wrapped in an init_scope or callable (e.g., `tf.Variable(lambda : "
        "tf.truncated_normal([10, 40]))`) when building functions. Please file a feature request if this restriction "
        "inconveniences you."
    )


def _checked_shape(initial_value, shape):
    """The static shape of a new variable as a tuple or None."""
    if shape is None:
        return initial_value._shape
    if not initial_value.shape.is_compatible_with(shape):
        raise ValueError("The initial value's shape (%s) is not compatible with the explicitly supplied `shape` argument (%s)."
                         % (initial_value.shape, shape))  # fmt: skip
    return shapes.as_tuple(shape)


nest.LEAVES.add(ResourceVariable)


class _UnreadVariable(BaseResourceVariable):
    """What an assignment gives: the variable after it, read only when something asks for the value."""

    def __init__(self, variable, parent_op):
        self.__dict__.update(variable.__dict__)
        self._parent_op = parent_op
        self._cached_value = self._graph_element = None
        if not here.eager and not get_default_graph().building_function:
            with control_dependencies([parent_op]):
                self._graph_element = registry["ReadVariableOp"](self._handle, dtype=self._dtype)

    @property
    def name(self):
        return self._parent_op.name if self._in_graph_mode else "UnreadVariable"

    @property
    def op(self):
        """The operation that changed the variable."""
        return self._parent_op

    def value(self):
        if here.eager:
            return super().value()
        return self._read_variable_op()

    def read_value(self):
        if here.eager:
            return super().value()
        return self._read_variable_op()

    def _read_variable_op(self):
        with control_dependencies([self._parent_op]):
            return super()._read_variable_op()
