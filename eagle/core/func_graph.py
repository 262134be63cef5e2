"""`FuncGraph`: a graph that is the body of something: a branch, a loop, a function.

A tensor of an outer graph that is used inside is captured: it gets an input inside, and whoever calls the body passes it.
"""

from . import attributes, known, op_definitions
from .context import process
from .dtypes import FROM_NUMPY
from .graph import Graph
from .tensor import EagerTensor


class FuncGraph(Graph):
    """The body of a branch, a loop or a function.

    Attributes:
      name: the function's name.
      outer_graph: the graph in which it was built.
      inputs: the tensors that stand for its arguments, those for captured tensors at the end.
      outputs: the tensors that it returns; None where another body's intermediate value has no counterpart here.
      captures: outer tensor -> the input that stands for it.
      outer_control: outer operations on which operations inside depend.
    """

    building_function = True

    def __init__(self, name, outer_graph, shares_names=False):
        super().__init__()
        self.name = name
        self.outer_graph = outer_graph
        self.inputs = []
        self.outputs = []
        self.captures = {}
        self.outer_control = []
        self._seed = outer_graph.seed
        self._collections = outer_graph._collections
        self._variable_creators = list(outer_graph._variable_creators)
        self._functions = outer_graph._functions
        self._gradient_override_map = dict(outer_graph._gradient_override_map)
        if shares_names:  # names inside a branch or loop go on where the outer graph's stopped
            self._names = outer_graph._names
            self._name_stack = outer_graph._name_stack
            self._device_stack = list(outer_graph._device_stack)

    def add_input(self, dtype, shape, name):
        """A new input; its name is made unique."""
        full = self.unique_name(name)
        tensor = process.build_node(
            self, op_definitions.lookup("Placeholder"), full, [], {"dtype": dtype.base_dtype, "shape": shape}, [dtype]
        ).outputs[0]
        tensor._shape = shape
        self.inputs.append(tensor)
        return tensor

    def admit(self, tensor, name=None):
        """The tensor inside that stands for an outer one."""
        inner = self.captures.get(tensor)
        if inner is None:
            inner = self._constant(tensor)
            inner = self.captures[tensor] = self._capture(tensor) if inner is None else inner
        return inner

    def _constant(self, tensor):
        """A constant's own copy, so that its value stays known inside."""
        if isinstance(tensor, EagerTensor) or tensor.op.type != "Const":
            return None
        definition, attrs = tensor.op.definition, tensor.op.attrs
        return process.build_node(self, definition, self._hidden_name(tensor), [], dict(attrs)).outputs[0]

    def _capture(self, tensor):
        if isinstance(tensor, EagerTensor):
            dtype, shape = FROM_NUMPY[tensor._v.dtype], tensor._v.shape
        else:
            if tensor.op.graph is not self.outer_graph:
                tensor = self.outer_graph.admit(tensor)
            dtype, shape = tensor._dtype, tensor._shape
        definition = op_definitions.lookup("Placeholder")
        attrs = {"dtype": dtype.base_dtype, "shape": shape}
        inner = process.build_node(self, definition, self._hidden_name(tensor), [], attrs, [dtype]).outputs[0]
        inner._shape = shape
        inner._handle_data = known.handle_data(tensor)
        self.inputs.append(inner)
        return inner

    def _hidden_name(self, tensor):
        """A name that takes none from the names of the outer graph."""
        base = tensor.op._name if not isinstance(tensor, EagerTensor) else "eager"
        return "captured_%d/%s" % (len(self.captures), base)

    def outer_tensors(self):
        """The captured tensors of the outer graph, in the order of the inputs that stand for them."""
        by_input = {inner: outer for outer, inner in self.captures.items()}
        found = []
        for inner in self.inputs:
            outer = by_input.get(inner)
            if outer is not None:
                if not isinstance(outer, EagerTensor) and outer.op.graph is not self.outer_graph:
                    outer = self.outer_graph.admit(outer)
                found.append(outer)
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


def _is_outer(element, graph):
    op = getattr(element, "op", element)
    return getattr(op, "graph", graph) is not graph and not isinstance(element, str)


class GraphFunction(attributes.FunctionName):
    """The value of an attribute that names a function, with the function's body."""

    __slots__ = ("graph",)

    def __new__(cls, graph):
        made = attributes.FunctionName.__new__(cls, graph.name)
        made.graph = graph
        return made
