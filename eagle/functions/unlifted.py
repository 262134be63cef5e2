"""Variables made inside a function that may make them at its first call only."""

import weakref

from ..core.context import here
from ..core.convert import convert
from ..core.func_graph import FuncGraph
from ..core.graph import get_default_graph
from ..core.scopes import device, init_scope, name_scope
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
            if here.eager:
                with name_scope(name, "Variable") as scope:
                    self._hold(scope[:-1], value.dtype, shape if shape is not None else value._shape, collections)
            else:
                outer = get_default_graph()
                self._build(lift(self._inner_initial_value, outer), name, None, shape)
                outer.add_to_collection("variables", self)


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
