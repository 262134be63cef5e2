"""`FuncGraph`: a graph that is the body of something: a branch, a loop, a function.

A tensor of an outer graph that is used inside is captured: it gets an input inside, and whoever calls the body passes it.
"""

from . import attributes, known, op_definitions
from .context import process
from .dtypes import FROM_NUMPY
from .errors import InaccessibleTensorError, NotFoundError
from .graph import Graph
from .tensor import EagerTensor, GraphTensor


class FuncGraph(Graph):
    """The body of a branch, a loop or a function.

    Args:
      name: the function's name; a number is added.
      outer_graph: the graph in which it is built.
      shares_names: whether names inside go on where those of the outer graph stopped, as in a branch or a loop.

    Attributes:
      name: the function's name.
      inputs: the tensors that stand for its arguments, those for captured tensors at the end.
      outputs: the tensors that it returns; None where another body's intermediate value has no counterpart here.
      captures: outer tensor -> the input that stands for it.
      outer_control: outer operations on which operations inside depend.
      exit: None, or a function that makes a tensor inside an output of the operation whose body this is.
      control_outputs: None, or the operations that run besides what the outputs need whenever it is called; see run/effects.py.
      compiles: whether XLA compiles it at its first call.
      source: None, or the function of a library (it has a `name`) as whose body the graph was read.
      keeps_captures: whether captured tensors are passed as they are from wherever the body is called, as a function's.
    """

    building_function = True
    keeps_captures = False
    control_outputs = None
    compiles = False

    def __init__(self, name, outer_graph, shares_names=False):
        super().__init__()
        self._function_numbers = outer_graph._function_numbers
        self.name = "%s_%d" % (name, next(self._function_numbers))
        self.outer_graph = outer_graph
        if shares_names and not outer_graph.runs_effects:
            self._count = outer_graph._count
        self.runs_effects = outer_graph.runs_effects
        self.inputs = []
        self.outputs = []
        self.captures = {}
        self.outer_control = []
        self.exit = None
        self.source = self._state_as_read = None
        self._hidden = 0
        self._seed = outer_graph.seed
        self._graph_key = outer_graph._graph_key
        self._collections = outer_graph._collections
        self._variable_creators = list(outer_graph._variable_creators)
        self._functions = outer_graph._functions
        self._gradient_override_map = dict(outer_graph._gradient_override_map)
        if shares_names:
            self._names = outer_graph._names
            self._name_stack = outer_graph._name_stack
            self._device_stack = list(outer_graph._device_stack)

    def add_input(self, dtype, shape, name):
        """A new input; its name is made unique."""
        tensor = self._detached(self.unique_name(name), dtype, shape)
        self.inputs.append(tensor)
        return tensor

    def read_from(self, source):
        """Notes that the graph is the body of a function of a library."""
        self.source, self._state_as_read = source, self._state()

    def as_read(self):
        """Whether the graph is still as it was when it was read from a library."""
        return self.source is not None and self._state() == self._state_as_read

    def _state(self):
        return len(self._nodes), self._mutations, list(self.inputs), list(self.outputs)

    def _detached(self, name, dtype, shape):
        """A placeholder, which waits for nothing in the body, whatever scopes are open."""
        attrs = {"dtype": dtype.base_dtype, "shape": shape}
        with self.control_dependencies(None):
            made = process.build_node(self, op_definitions.lookup("Placeholder"), name, [], attrs, [dtype]).outputs[0]
        made._shape = shape
        return made

    def outermost(self):
        return self.outer_graph.outermost()

    def __str__(self):
        return "FuncGraph(name=%s, id=%d)" % (self.name, id(self))

    def around(self):
        """The graphs whose tensors may be used here: this one and those around it."""
        graph = self
        while graph is not None:
            yield graph
            if isinstance(graph, GradientGraph):
                yield graph.forward_body
            graph = getattr(graph, "outer_graph", None)

    def admit(self, tensor, consumer=None):
        if isinstance(tensor, GraphTensor):
            if tensor.op.graph is self:
                return tensor
            if tensor.op.graph.building_function and tensor.op.graph not in self.around():
                return self.admit(tensor.op.graph.let_out(tensor, consumer, self), consumer)
        inner = self.captures.get(tensor)
        if inner is None:
            inner = self.captures[tensor] = self._capture(tensor)
        return inner

    def watch_variable(self, variable):
        """Notes that a variable is used inside."""
        if self.outer_graph.building_function:
            self.outer_graph.watch_variable(variable)

    def let_out(self, tensor, consumer, user=None):
        """A tensor of the graph around with the value that a tensor inside has.

        Raises:
          InaccessibleTensorError: the tensor belongs to a loop or to a function.
        """
        if self.exit is None:
            raise InaccessibleTensorError(
                "The tensor '%s' cannot be accessed here: it is defined in another function or code block. Use return values, "
                "explicit Python locals or TensorFlow collections to access it. Defined in: %s; accessed from: %s."
                % (tensor, self, self.outer_graph if user is None else user)
            )
        return self.exit(tensor)

    def _capture(self, tensor):
        inner = self._stand_in(self._outside(tensor))
        self.inputs.append(inner)
        return inner

    def _outside(self, tensor):
        """What whoever uses this body passes for a captured tensor: that tensor of the graph around which stands for it."""
        if self.keeps_captures or isinstance(tensor, EagerTensor) and not self.outer_graph.building_function:
            return tensor
        return self.outer_graph.admit(tensor)

    def _stand_in(self, tensor):
        """A placeholder for an outer tensor, not among the inputs yet."""
        if isinstance(tensor, EagerTensor):
            dtype, shape = FROM_NUMPY[tensor._v.dtype], tensor._v.shape
        else:
            dtype, shape = tensor._dtype, tensor._shape
        inner = self._detached(self._hidden_name(tensor), dtype, shape)
        inner._handle_data = known.handle_data(tensor)
        if not isinstance(tensor, EagerTensor):
            value = known.value(tensor)
            inner.op._known = None if value is None else [value]
        return inner

    def _hidden_name(self, tensor):
        """A name that takes none from the names of the outer graph."""
        self._hidden += 1
        return "captured_%d/%s" % (self._hidden, tensor.op._name if not isinstance(tensor, EagerTensor) else "eager")

    def outer_tensors(self):
        """What is passed for the captured tensors, in the order of the inputs that stand for them."""
        by_input = {inner: outer for outer, inner in self.captures.items()}
        found = []
        for inner in self.inputs:
            outer = by_input.get(inner)
            if outer is not None:
                found.append(self._outside(outer))
        return found

    def _control_element(self, element):
        """An operation inside, or None for an outer one: then the whole body waits for it."""
        element = super()._control_element(element) if not _is_outer(element, self) else element
        op = getattr(element, "op", element)
        if op.graph is self:
            return element
        self.outer_control.append(op)
        return None

    def as_graph_element(self, obj, allow_tensor=True, allow_operation=True):
        """As of `Graph`, but a name may also be one of an outer graph."""
        try:
            return super().as_graph_element(obj, allow_tensor, allow_operation)
        except KeyError:
            if isinstance(obj, str):
                return self.outer_graph.as_graph_element(obj, allow_tensor, allow_operation)
            raise


class GradientGraph(FuncGraph):
    """The body of the gradient of another body: values of that body are taken from wherever they are kept.

    Args:
      name, outer_graph: as of `FuncGraph`.
      forward_body: the body whose gradient it is.
    """

    def __init__(self, name, outer_graph, forward_body, shares_names=True):
        super().__init__(name, outer_graph, shares_names)
        self.runs_effects = False
        self.forward_body = forward_body
        self._taken = {}  # tensor of the forward body -> tensor of this one

    def admit(self, tensor, consumer=None):
        if isinstance(tensor, EagerTensor) or tensor.op.graph is not self.forward_body:
            return super().admit(tensor, consumer)
        inner = self._taken.get(tensor)
        if inner is None:
            inner = self._constant(tensor)
            inner = self._taken[tensor] = self._take(tensor) if inner is None else inner
        return inner

    def _constant(self, tensor):
        """A constant's own copy, so that its value stays known inside."""
        if isinstance(tensor, EagerTensor) or tensor.op.type != "Const":
            return None
        definition, attrs = tensor.op.definition, tensor.op.attrs
        return process.build_node(self, definition, self._hidden_name(tensor), [], dict(attrs)).outputs[0]

    def _take(self, tensor):
        """A tensor of this body with the value that a tensor of the forward body had."""
        raise NotImplementedError


def _is_outer(element, graph):
    op = getattr(element, "op", element)
    return getattr(op, "graph", graph) is not graph and not isinstance(element, str)


class GraphFunction(attributes.FunctionName):
    """The value of an attribute that names a function, with the function's body."""

    __slots__ = ("graph",)

    def __new__(cls, graph, attrs=None):
        made = attributes.FunctionName.__new__(cls, graph.name, attrs)
        made.graph = graph
        return made


def body_of(function):
    """The body of the function that an attribute names.

    Raises:
      NotFoundError: the library of the graph from which the node comes does not have the function, or it calls itself.
    """
    if not isinstance(function, GraphFunction):
        raise NotFoundError(None, None, "Function %s is not defined, or calls itself." % function)
    return function.graph
