"""What ref variables and resource variables have in common."""

import enum
import functools

from .. import protos
from ..core.context import here
from ..core.convert import register_tensor_conversion_function
from ..core.equality import equal, hash_of, not_equal
from ..core.export import export, resolve
from ..core.graph import get_default_graph
from ..core.identity import Reference
from ..core.indexed_slices import IndexedSlices
from ..core.scopes import init_scope
from ..core.tensor import Tensor
from ..core.trackable import VARIABLE_VALUE_KEY, CheckpointInitialValue, Trackable
from ..ops.slicing import get_item


@export("VariableSynchronization")
class VariableSynchronization(enum.Enum):
    """When the replicas of a distributed variable are brought together; without distribution all mean the same."""

    AUTO = 0
    NONE = 1
    ON_WRITE = 2
    ON_READ = 3


@export("VariableAggregation")
class VariableAggregation(enum.Enum):
    """How the replicas of a distributed variable are brought together; without distribution all mean the same."""

    NONE = 0
    SUM = 1
    MEAN = 2
    ONLY_FIRST_REPLICA = 3
    ONLY_FIRST_TOWER = 3

    def __hash__(self):
        return hash(self.value)


def checked_properties(synchronization, aggregation, trainable, name):
    """The synchronization, aggregation and trainability of a variable, defaults in the place of None.

    Raises:
      ValueError: a value is no `VariableSynchronization` or `VariableAggregation`.
    """
    try:
        aggregation = VariableAggregation(aggregation if aggregation is not None else VariableAggregation.NONE)
    except ValueError:
        raise ValueError("Invalid variable aggregation mode: %s for variable: %s" % (aggregation, name)) from None
    try:
        synchronization = VariableSynchronization(synchronization if synchronization is not None else VariableSynchronization.AUTO)
    except ValueError:
        raise ValueError("Invalid variable synchronization mode: %s for variable: %s" % (synchronization, name)) from None
    if trainable is None:
        trainable = synchronization is not VariableSynchronization.ON_READ
    return synchronization, aggregation, trainable


def checked_collections(collections, trainable):
    """The collections that a new variable is added to.

    Raises:
      ValueError: `collections` is no list, tuple or set.
    """
    if collections is None:
        collections = ["variables"]
    if not isinstance(collections, list | tuple | set):
        raise ValueError("collections argument to Variable constructor must be a list, tuple, or set. Got %s of type %s"
                         % (collections, type(collections)))  # fmt: skip
    if trainable and "trainable_variables" not in collections:
        collections = [*collections, "trainable_variables"]
    return collections


class _Creation:
    """How variables are made; scope.py, on a higher floor, puts the default ways here.

    Attributes:
      default: called with the keyword arguments of `tf.Variable`.
      default_v2: the same for variables of TensorFlow 2.
      restore: None, or a function that is called with each new eager variable and may give it another value.
    """

    default = default_v2 = restore = None


creation = _Creation()


def _create(default, arguments):
    """Makes a variable by way of the creators of `variable_creator_scope`, the innermost first."""
    creators = get_default_graph()._variable_creators
    create = _without_parent(default) if creators else default
    for creator in creators:
        create = _bound(creator, create)
    return create(**arguments)


def _without_parent(default):
    """What makes a variable without regard to the object that depends on it, of which `capture_dependencies` tells."""
    return lambda trackable_parent=None, **arguments: default(**arguments)


def _bound(creator, next_creator):
    return lambda **arguments: creator(next_creator, **arguments)


class VariableMetaclass(type):
    """Lets `tf.Variable(...)` make a variable of the kind that fits."""

    def __call__(cls, *args, **kwargs):
        if cls is VariableV1:
            return _create(creation.default, _v1_arguments(*args, **kwargs))
        if cls is Variable:
            return _create(creation.default_v2, _v2_arguments(*args, **kwargs))
        return super().__call__(*args, **kwargs)


def _v1_arguments(initial_value=None, trainable=None, collections=None, validate_shape=True, caching_device=None, name=None,
                  variable_def=None, dtype=None, expected_shape=None, import_scope=None, constraint=None, use_resource=None,
                  synchronization=VariableSynchronization.AUTO, aggregation=VariableAggregation.NONE, shape=None):  # fmt: skip
    if aggregation is None:
        aggregation = VariableAggregation.NONE
    return dict(locals())


def _v2_arguments(initial_value=None, trainable=None, validate_shape=True, caching_device=None, name=None, variable_def=None,
                  dtype=None, import_scope=None, constraint=None, synchronization=VariableSynchronization.AUTO,
                  aggregation=VariableAggregation.NONE, shape=None):  # fmt: skip
    if aggregation is None:
        aggregation = VariableAggregation.NONE
    return dict(locals())


class Variable(Trackable, metaclass=VariableMetaclass):
    """A value that lives from run to run and can be changed.

    Attributes:
      name, dtype, shape, device, graph: of the variable.
      op: the operation that makes it, in a graph.
      trainable: whether optimizers train it by default.
      initializer: the operation that gives it its initial value, in a graph.
      initial_value: the tensor that it is initialized to, in a graph.
      constraint: what optimizers project the value with after an update, or None.
    """

    is_tensor_like = True
    __array_priority__ = 100
    _save_slice_info = None
    _distribute_strategy = None
    _is_distributed = False  # whether it has a copy for each replica of a strategy
    _distributed_container = None  # of such a copy: a weak reference to the whole
    _constraint = None
    _caching_device = None

    trainable = property(lambda self: self._trainable)
    synchronization = property(lambda self: self._synchronization)
    aggregation = property(lambda self: self._aggregation)
    constraint = property(lambda self: self._constraint)
    initializer = property(lambda self: self._initializer_op)

    def get_shape(self):
        """The static shape, as the property `shape`."""
        return self.shape

    def experimental_ref(self):
        """A hashable reference to this variable, to stand for it in sets and as a key; its `deref()` gives the variable back."""
        return Reference(self)

    @property
    def _shared_name(self):
        return self.name.partition(":")[0]

    def initialized_value(self):
        """A tensor with the variable's value, or with its initial value if it is not initialized."""
        with init_scope():
            return resolve("cond")(self._is_initialized(), self.read_value, lambda: self.initial_value)

    def load(self, value, session=None):
        """Gives the variable a new value at once.

        Args:
          value: the value.
          session: in graph mode, the session whose variable is changed; by default the default session.

        Raises:
          ValueError: there is no session.
        """
        if here.eager:
            self.assign(value)
            return
        session = session or (here.sessions[-1] if here.sessions else None)
        if session is None:
            raise ValueError("Either session argument should be provided or default session should be established")
        session.run(self.initializer, {self.initializer.inputs[1]: value})

    def batch_scatter_update(self, sparse_delta, use_locking=False, name=None):
        """Assigns slices of every example of a batch: `var[i, indices[i, j]] = updates[i, j]`.

        Args:
          sparse_delta: `IndexedSlices`; all dimensions of the indices but the last are those of the batch.
          use_locking: has no meaning here.
          name: the name scope.

        Raises:
          TypeError: `sparse_delta` is no `IndexedSlices`.
        """
        if not isinstance(sparse_delta, IndexedSlices):
            raise TypeError("sparse_delta is not IndexedSlices: %s" % (sparse_delta,))
        return resolve("batch_scatter_update")(self, sparse_delta.indices, sparse_delta.values, use_locking, name)

    __hash__ = hash_of
    __eq__ = equal
    __ne__ = not_equal

    def __getitem__(self, key):
        """A part of the value, as of a tensor; the part has a method `assign`, which changes the variable."""
        return get_item(self.value(), key, self)

    def __iter__(self):
        raise TypeError("'Variable' object is not iterable.")

    def _take_restored(self, initial_value):
        """The initial value itself; for one from a checkpoint the tensor that it is, after a note of where it comes from."""
        if type(initial_value) is not CheckpointInitialValue:
            return initial_value
        self._maybe_initialize_trackable()
        self._update_uid = initial_value.restore_uid
        return initial_value.wrapped_value

    def _gather_saveables_for_checkpoint(self):
        return {VARIABLE_VALUE_KEY: self}

    def _set_save_slice_info(self, save_slice_info):
        self._save_slice_info = save_slice_info

    def _get_save_slice_info(self):
        return self._save_slice_info

    def __repr__(self):
        return "<tf.Variable '%s' shape=%s dtype=%s%s>" % (self.name, self.shape, self.dtype.name, self._value_text())

    def _value_text(self):
        return ""

    # ----------------------------------------------------------------------------------------- as a `VariableDef` message

    def _fill_proto(self, variable_def, variable, snapshot, scope):
        """Fills the fields of a `VariableDef`.

        Args:
          variable_def: the message.
          variable, snapshot: the tensors that stand for the variable and for its value.
          scope: the scope to take off from names, or None.
        """
        variable_def.variable_name = strip_name_scope(variable.name, scope)
        if self._initial_value is not None:
            variable_def.initial_value_name = strip_name_scope(self._initial_value.name, scope)
        variable_def.initializer_name = strip_name_scope(self.initializer.name, scope)
        variable_def.snapshot_name = strip_name_scope(snapshot.name, scope)
        variable_def.trainable = self.trainable
        variable_def.synchronization = self.synchronization.value
        variable_def.aggregation = self.aggregation.value
        if self._save_slice_info:
            variable_def.save_slice_info_def.MergeFrom(self._save_slice_info.to_proto(export_scope=scope))
        return variable_def

    def _read_proto(self, variable_def, scope):
        """Finds in the default graph what a `VariableDef` names, but for the tensors of the variable and its value."""
        find = get_default_graph().as_graph_element
        self._initializer_op = find(prepend_name_scope(variable_def.initializer_name, scope))
        self._initial_value = None
        if variable_def.initial_value_name:
            self._initial_value = find(prepend_name_scope(variable_def.initial_value_name, scope))
        self._synchronization, self._aggregation, self._trainable = checked_properties(
            variable_def.synchronization, variable_def.aggregation, variable_def.trainable, variable_def.variable_name
        )
        if variable_def.HasField("save_slice_info_def"):
            self._save_slice_info = Variable.SaveSliceInfo(save_slice_info_def=variable_def.save_slice_info_def, import_scope=scope)

    class SaveSliceInfo:
        """Which part of a partitioned variable a variable is.

        Attributes:
          full_name, full_shape: of the whole.
          var_offset, var_shape: where the part begins, and its shape.
        """

        def __init__(self, full_name=None, full_shape=None, var_offset=None, var_shape=None, save_slice_info_def=None,
                     import_scope=None):  # fmt: skip
            if save_slice_info_def is not None:
                full_name = prepend_name_scope(save_slice_info_def.full_name, import_scope)
                full_shape = list(save_slice_info_def.full_shape)
                var_offset = list(save_slice_info_def.var_offset)
                var_shape = list(save_slice_info_def.var_shape)
            self.full_name = full_name
            self.full_shape = full_shape
            self.var_offset = var_offset
            self.var_shape = var_shape

        @property
        def spec(self):
            """The part as checkpoints spell it: `"4 3 0,2:0,3"`."""
            parts = ":".join("%d,%d" % part for part in zip(self.var_offset, self.var_shape))
            return "%s %s" % (" ".join("%d" % d for d in self.full_shape), parts)

        def to_proto(self, export_scope=None):
            """As a `SaveSliceInfoDef`; None if the name is not in the scope."""
            if export_scope is not None and not self.full_name.startswith(export_scope):
                return None
            made = protos.SaveSliceInfoDef(full_name=strip_name_scope(self.full_name, export_scope))
            made.full_shape.extend(self.full_shape)
            made.var_offset.extend(self.var_offset)
            made.var_shape.extend(self.var_shape)
            return made


@export("python.ops.variables.VariableV1")
class VariableV1(Variable):
    """A value that lives from run to run and can be changed: `tf.Variable(initial_value, ...)`.

    In a graph this makes a ref variable unless `use_resource` (or the variable scope) asks for a resource variable; eagerly always
    a resource variable.

    Args:
      initial_value: a tensor, a value to make a tensor of, or a function without arguments that returns one.
      trainable: whether optimizers train the variable by default.
      collections: the collections to add it to; by default `GraphKeys.GLOBAL_VARIABLES`.
      validate_shape: whether the shape of `initial_value` must be known; if not, values of any shape can be assigned.
      caching_device: where the value is cached for reading.
      name: the variable's name; made unique.
      variable_def: a `VariableDef` to make the variable of, instead of the other arguments.
      dtype: the type of its elements; by default that of `initial_value`.
      expected_shape: no longer means anything in TensorFlow.
      import_scope: the name scope to put before the names in `variable_def`.
      constraint: a function with which optimizers project the value after an update.
      use_resource: whether to make a resource variable; by default what the variable scope says.
      synchronization, aggregation: a `VariableSynchronization` and a `VariableAggregation`.
      shape: the static shape, if it is to be less specific than that of `initial_value`.

    Raises:
      ValueError: `initial_value` is missing, has no known shape, or does not fit the other arguments.
    """


def _add_scatter(way, verb):
    def scatter(self, sparse_delta, use_locking=False, name=None):
        return self._scatter(way, sparse_delta, use_locking, name)

    scatter.__name__ = "scatter_" + way.lower()
    scatter.__doc__ = (
        """%s the slices that `sparse_delta`, an `IndexedSlices`, names; raises TypeError if it is none.

        Args:
          sparse_delta: the slices: indices along the first dimension and values.
          use_locking: has no meaning here: changes by several threads never mix.
          name: the name of the operation.
        """
        % verb
    )
    setattr(Variable, scatter.__name__, scatter)


def _add_scatter_nd(way, verb):
    def scatter(self, indices, updates, name=None):
        return self._scatter_nd(way, indices, updates, name)

    scatter.__name__ = "scatter_nd_" + way.lower()
    scatter.__doc__ = (
        """%s single elements or slices.

        Args:
          indices: an int tensor whose last dimension holds the indices of an element or slice.
          updates: a tensor of shape `indices.shape[:-1] + var.shape[indices.shape[-1]:]`.
          name: the name of the operation.
        """
        % verb
    )
    setattr(Variable, scatter.__name__, scatter)


for _way, _verb in (("Sub", "Subtracts from"), ("Add", "Adds to"), ("Max", "Takes the maximum of"), ("Min", "Takes the minimum of"),
                    ("Mul", "Multiplies"), ("Div", "Divides"), ("Update", "Replaces")):  # fmt: skip
    _add_scatter(_way, _verb)
    if _way in ("Sub", "Add", "Update"):
        _add_scatter_nd(_way, _verb)


# ------------------------------------------------------------------------------------------------------------- operators


def _overload(operator):
    if operator in ("__neg__", "__abs__", "__invert__"):

        def apply(self):
            return getattr(self.value(), operator)()

    else:

        def apply(self, other):
            return getattr(self.value(), operator)(other)

    setattr(Variable, operator, functools.update_wrapper(apply, getattr(Tensor, operator)))


for _operator in Tensor.OVERLOADABLE_OPERATORS - {"__getitem__"}:
    _overload(_operator)


def _convert(variable, dtype=None, name=None, as_ref=False):
    if dtype is not None and not dtype.is_compatible_with(variable.dtype):
        raise ValueError("Incompatible type conversion requested to type %r for variable of type %r"
                         % (dtype.name, variable.dtype.name))  # fmt: skip
    return variable._ref() if as_ref and variable.dtype._is_ref_dtype else variable.value()


register_tensor_conversion_function(Variable, _convert)


# ----------------------------------------------------------------------------------------------------------------- names


def strip_name_scope(name, scope):
    """A name without the scope that it begins with (for control inputs behind `^`, for colocations behind `loc:@`)."""
    if not scope:
        return name
    scope = scope.rstrip("/")
    for prefix in ("^", "loc:@", ""):
        if name.startswith("%s%s/" % (prefix, scope)):
            return prefix + name[len(prefix) + len(scope) + 1 :]
    return name


def prepend_name_scope(name, scope):
    """A name inside a scope."""
    if not scope:
        return name
    scope = scope.rstrip("/")
    for prefix in ("^", "loc:@"):
        if name.startswith(prefix):
            return "%s%s/%s" % (prefix, scope, name[len(prefix) :])
    return "%s/%s" % (scope, name)


# ---------------------------------------------------------------------------------- initial values made of other variables


_READS = ("IsVariableInitialized", "VarIsInitializedOp", "ReadVariableOp", "If")


def guarded(name, initial_value):
    """An initial value in which other variables stand for their initial values as long as they are not initialized.

    So the order in which variables are initialized does not matter.

    Args:
      name: the name of the variable, which the names of operations made for this end with.
      initial_value: a tensor.
    """
    return _guarded_op(name, initial_value.op, {}).outputs[initial_value.value_index]


def _guarded_op(name, op, known):
    found = known.get(op)
    if found is None:
        found = known[op] = _guard(name, op, known)
    return found


def _guard(name, op, known):
    if op.type in _READS:
        return op
    if op.type in ("Variable", "VariableV2", "VarHandleOp"):
        value = _initialized_value_of(op)
        return op if value is None else value.op
    inputs = [_guarded_op(name, t.op, known).outputs[t.value_index] for t in op._inputs]
    if all(a is b for a, b in zip(inputs, op._inputs)):
        return op
    new_name = ("%s_%s" % (op.name, name)).replace(":", "_")
    return op.graph.create_op(op.type, inputs, name=new_name, attrs=dict(op.node_def.attr))


def _initialized_value_of(op):
    for collection in ("variables", "local_variables"):
        for variable in op.graph.get_collection(collection):
            if getattr(variable, "name", None) in (op.name, op.name + ":0"):
                return variable.initialized_value()
    return None
