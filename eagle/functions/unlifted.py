"""Variables made inside a function that may make them at its first call only."""

import weakref

from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.func_graph import FuncGraph
from ..core.graph import get_default_graph
from ..core.scopes import colocate_with, device, init_scope, name_scope
from ..run.function import ConcreteFunction
from ..variables.resource import ResourceVariable
from .lifting import lift
from .tracing import TracedGraph

_NON_FIRST = "tf.function-decorated function tried to create variables on non-first call."


class UnliftedVariable(ResourceVariable):
    """A variable whose initial value is a tensor of the function in which it is made.

    In a graph its initializer is lifted out of the function at once.  Eagerly it has no value until the trace is finished; then
    `Creations.initialize` gives it one.
    """

    def _make(self, initial_value, name, dtype, shape, collections):
        graph = get_default_graph()
        with name_scope(name, "Variable"):
            with name_scope("Initializer"), device(None):
                value = convert(initial_value() if callable(initial_value) else initial_value, dtype, "initial_value")
        self._inner_initial_value = graph.admit(value)
        with init_scope():
            outer = None if here.eager else get_default_graph()
            with name_scope(name, "Variable") as scope:
                if here.eager:
                    self._hold(scope[:-1], value.dtype, shape if shape is not None else value._shape, collections)
                else:
                    self._add_handle(scope, value.dtype, shape if shape is not None else value._shape)
                    outer.add_to_collection("variables", self)
        if outer is not None:
            self._initial_value = lift(self._inner_initial_value, outer)
            with init_scope(), name_scope(scope):
                self._add_initializer()

    def _add_handle(self, scope, dtype, shape):
        self._in_graph_mode = True
        self._graph_key = get_default_graph()._graph_key
        self._dtype, self._shape = dtype, shape
        self._unique_id = scope[:-1]
        self._handle = registry["VarHandleOp"](shape=shape, dtype=dtype, shared_name=scope[:-1], name=scope)
        self._handle_name = self._handle.name
        with name_scope("Read"), device(self._handle.device):
            self._graph_element = registry["ReadVariableOp"](self._handle, dtype=dtype)

    def _add_initializer(self):
        with name_scope("IsInitialized"):
            self._is_initialized_op = registry["VarIsInitializedOp"](self._handle)
        with name_scope("Assign") as n, colocate_with(self._handle):
            self._initializer_op = registry["AssignVariableOp"](self._handle, self._initial_value, name=n)


class Creations:
    """The variables that a function makes: what it is given as its creator of variables.

    Attributes:
      allowed: whether variables may be made.
      made: weak references to those made.
    """

    is_functions = True  # see tracing._function_scope

    def __init__(self):
        self.allowed = True
        self.made = []
        self._initial_values = []

    def __call__(self, next_creator=None, use_resource=None, distribute_strategy=None, expected_shape=None, **arguments):
        if not self.allowed:
            raise ValueError(_NON_FIRST)
        if here.eager or not isinstance(get_default_graph(), FuncGraph):  # inside `tf.init_scope`
            return ResourceVariable(**arguments)
        v = UnliftedVariable(**arguments)
        self.made.append(weakref.ref(v))
        if not v._in_graph_mode:
            self._initial_values.append((v, v._inner_initial_value))
        return v

    def initialize(self, inputs=(), tensors=()):
        """Gives the variables made that have none yet their initial values.

        Args:
          inputs: the inputs of the trace for its arguments.
          tensors: the tensors that were passed for them.

        Raises:
          UnliftableError: a value depends on an argument, and these are not given.
        """
        waiting, self._initial_values = self._initial_values, []
        arguments = dict(zip(inputs, tensors))
        for v, value in waiting:
            if v._state.peek() is None:
                with init_scope():
                    v._state.assign(computed(value, arguments)._v)


def computed(tensor, arguments):
    """The eager tensor with the value that a tensor inside functions has."""
    graph = TracedGraph("initializer", get_default_graph())
    with graph.as_default():
        graph.outputs = [lift(tensor, graph, arguments)]
    return ConcreteFunction(graph, 0, list(graph.outputs)).call_flat([])[0]
