"""`RefVariable`: the variables of graphs, whose readers see the value at their own turn."""

from .. import protos
from ..core import shape as shapes
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.func_graph import FuncGraph
from ..core.graph import get_default_graph
from ..core.indexed_slices import IndexedSlices
from ..core.scopes import colocate_with, device, init_scope, name_scope
from .base import VariableV1, checked_collections, checked_properties, guarded, prepend_name_scope


def class_attribute(name):
    """The attribute of operations that are placed with one that is yet to be made, as `Graph._attr_scope` takes it."""
    return {"_class": protos.AttrValue(list=protos.AttrValue.ListValue(s=[b"loc:@" + name.encode()]))}


def from_inside(initial_value, name):
    """The exception for an initial value that was computed in a branch or loop."""
    return ValueError(
        "Initializer for variable %s is from inside a control-flow construct, such as a loop or conditional. When creating a "
        "variable inside a loop or conditional, use a lambda as the initializer." % name
    )


@export("python.ops.variables.RefVariable")
class RefVariable(VariableV1):
    """A variable of a graph; see `tf.Variable`."""

    _in_graph_mode = True

    def __init__(self, initial_value=None, trainable=None, collections=None, validate_shape=True, caching_device=None, name=None,
                 variable_def=None, dtype=None, expected_shape=None, import_scope=None, constraint=None, synchronization=None,
                 aggregation=None, shape=None):  # fmt: skip
        if variable_def is not None:
            if initial_value is not None:
                raise ValueError("variable_def and initial_value are mutually exclusive.")
            self._init_from_proto(variable_def, import_scope)
            return
        if initial_value is None:
            raise ValueError("initial_value must be specified.")
        initial_value = self._take_restored(initial_value)
        if constraint is not None and not callable(constraint):
            raise ValueError("The `constraint` argument must be a callable.")
        checked_collections(collections, False)
        self._synchronization, self._aggregation, self._trainable = checked_properties(
            synchronization, aggregation, trainable, name
        )
        self._constraint = constraint
        self._caching_device = caching_device
        self._graph_key = get_default_graph()._graph_key
        with init_scope():
            if here.eager:
                raise RuntimeError("RefVariable not supported when eager execution is enabled. ")
            self._build(initial_value, name, dtype, shape, validate_shape)
            get_default_graph().add_to_collections(checked_collections(collections, self._trainable), self)

    def _build(self, initial_value, name, dtype, shape, validate_shape):
        from_function = callable(initial_value)
        with name_scope(name, "Variable", [] if from_function else [initial_value]) as scope:
            if from_function:
                with get_default_graph()._attr_scope(class_attribute(scope[:-1])):
                    with name_scope("Initializer"), device(None):
                        self._initial_value = convert(initial_value(), dtype, "initial_value")
                    self._make(scope, shape, validate_shape)
            else:
                graph = getattr(getattr(initial_value, "op", None), "graph", None)
                if isinstance(graph, FuncGraph) and not graph.runs_effects:
                    raise from_inside(initial_value, scope)
                self._initial_value = convert(initial_value, dtype, "initial_value")
                self._make(scope, shape, validate_shape)
            if validate_shape and not shapes.is_known(self._initial_value._shape):
                raise ValueError("initial_value must have a shape specified: %s" % self._initial_value)
            value = guarded(scope, self._initial_value)
            self._initializer_op = registry["Assign"](self._variable, value, validate_shape=validate_shape).op
            at = colocate_with(self._variable.op) if self._caching_device is None else device(self._caching_device)
            with at:
                self._snapshot = registry["Identity"](self._variable, name="read")

    def _make(self, scope, shape, validate_shape):
        if shape is None:
            shape = self._initial_value._shape if validate_shape else None
        dtype = self._initial_value.dtype.base_dtype
        self._variable = registry["VariableV2"](shape=shapes.as_tuple(shape), dtype=dtype, name=scope)

    def _init_from_proto(self, variable_def, scope):
        find = get_default_graph().as_graph_element
        self._graph_key = get_default_graph()._graph_key
        self._variable = find(prepend_name_scope(variable_def.variable_name, scope))
        self._snapshot = find(prepend_name_scope(variable_def.snapshot_name, scope))
        self._read_proto(variable_def, scope)

    # ------------------------------------------------------------------------------------------------------ properties

    name = property(lambda self: self._variable.name)
    device = property(lambda self: self._variable.device)
    dtype = property(lambda self: self._variable.dtype)
    op = property(lambda self: self._variable.op)
    graph = property(lambda self: self._variable.graph)
    shape = property(lambda self: self._variable.shape)
    initial_value = property(lambda self: self._initial_value)
    _gradient_source = property(lambda self: self._variable)
    _shape = property(lambda self: self._variable._shape)

    def _shape_tuple(self):
        return self._variable._shape

    def set_shape(self, shape):
        """Adds to what is known of the static shape."""
        self._variable.set_shape(shape)
        self.value().set_shape(shape)

    # --------------------------------------------------------------------------------------------------------- reading

    def value(self):
        """A tensor that stands for the variable: it has the variable's value at the time when something uses it."""
        return self._snapshot

    def read_value(self):
        """The value as a tensor read at this place of the program: control dependencies apply to it."""
        return registry["Identity"](self._variable, name="read")

    def eval(self, session=None):
        """The value in a session, by default the default session."""
        return self._variable.eval(session=session)

    def _ref(self):
        return self._variable

    def _as_graph_element(self):
        return self._variable

    def _is_initialized(self, name=None):
        return registry["IsVariableInitialized"](self._variable, name=name)

    # -------------------------------------------------------------------------------------------------------- changing

    def assign(self, value, use_locking=False, name=None, read_value=True):
        """Adds an operation that gives the variable a new value.

        Args:
          value: a tensor or a value to make one of.
          use_locking: has no meaning here: changes by several threads never mix.
          name: the name of the operation.
          read_value: whether to return the variable's reference after the assignment instead of the operation.
        """
        return self._change("Assign", value, use_locking, name, read_value)

    def assign_add(self, delta, use_locking=False, name=None, read_value=True):
        """As `assign`, adding to the value."""
        return self._change("AssignAdd", delta, use_locking, name, read_value)

    def assign_sub(self, delta, use_locking=False, name=None, read_value=True):
        """As `assign`, subtracting from the value."""
        return self._change("AssignSub", delta, use_locking, name, read_value)

    def _change(self, op, value, use_locking, name, read_value):
        changed = registry[op](self._variable, value, use_locking=use_locking, name=name)
        return changed if read_value else changed.op

    def _scatter(self, way, sparse_delta, use_locking, name):
        if not isinstance(sparse_delta, IndexedSlices):
            raise TypeError("sparse_delta is not IndexedSlices: %s" % (sparse_delta,))
        return registry["Scatter" + way](
            self._variable, sparse_delta.indices, sparse_delta.values, use_locking=use_locking, name=name
        )

    def _scatter_nd(self, way, indices, updates, name):
        return registry["ScatterNd" + way](self._variable, indices, updates, use_locking=True, name=name)

    def _strided_slice_assign(self, begin, end, strides, value, name, begin_mask, end_mask, ellipsis_mask, new_axis_mask,
                              shrink_axis_mask):  # fmt: skip
        return registry["StridedSliceAssign"](
            self._variable, begin, end, strides, value, name=name, begin_mask=begin_mask, end_mask=end_mask,
            ellipsis_mask=ellipsis_mask, new_axis_mask=new_axis_mask, shrink_axis_mask=shrink_axis_mask)  # fmt: skip

    def count_up_to(self, limit):
        """Adds an operation that gives the value and adds 1 to it, until `limit` is reached: then `OutOfRangeError`."""
        return registry["CountUpTo"](self._variable, limit=limit)

    # ---------------------------------------------------------------------------------------------------------- protos

    def to_proto(self, export_scope=None):
        """The variable as a `VariableDef`; None if it is not in the scope."""
        if export_scope is not None and not self._variable.name.startswith(export_scope):
            return None
        return self._fill_proto(protos.VariableDef(), self._variable, self._snapshot, export_scope)
