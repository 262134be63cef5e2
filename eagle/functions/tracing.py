"""Tracing: calling a Python function with graph tensors in the place of its arguments, which gives the body of a function."""

import contextlib
import weakref

from ..core import known, nest, shape as shapes
from ..core.context import here
from ..core.convert import convert
from ..core.errors import InaccessibleTensorError
from ..core.export import export
from ..core.func_graph import FuncGraph
from ..core.graph import get_default_graph
from ..core.graph_scopes import VALID_OP_NAME
from ..core.operation import Operation
from ..core.scopes import init_scope
from ..core.tensor import Tensor
from ..run.function import ConcreteFunction
from ..variables.resource import BaseResourceVariable
from ..variables.scope import get_variable_scope
from .signature import input_names, is_spec, structured_signature

# The collections that a function shares with the graph around it; it has copies of the others.
_SHARED = ("variables", "local_variables", "trainable_variables", ("__variable_store",), ("__varscope",))
_MUTATED = (
    "Function to be traced should not modify structure of input arguments. Check if your function has list and dictionary "
    "operations that alter input arguments, such as `list.pop`, `list.append`"
)


class TracedGraph(FuncGraph):
    """The body of a function that users wrote in Python.

    Attributes:
      structured_input_signature: its arguments with specs in the place of tensors.
      structured_outputs: what the Python function returned, with tensors of this graph.
      variables: the variables that it uses, in order.
      deferred: for values to be had at every call: key -> (function that gives them, their spec, their placeholders).
    """

    keeps_captures = True

    def __init__(self, name, outer_graph):
        super().__init__(name, outer_graph)
        self.runs_effects = True
        self._collections = {k: list(v) for k, v in outer_graph._collections.items() if k not in _SHARED}
        for name in _SHARED:
            self._collections[name] = outer_graph.get_collection_ref(name)
        self.structured_input_signature = self.structured_outputs = None
        self.deferred = {}
        self._watched_variables = {}  # weak references: the graph, in which there are cycles, does not keep variables alive

    @property
    def variables(self):
        found = [reference() for reference in self._watched_variables.values()]
        return [v for v in found if v is not None]

    def watch_variable(self, variable):
        self._watched_variables.setdefault(id(variable), weakref.ref(variable))
        super().watch_variable(variable)

    @property
    def internal_captures(self):
        """The inputs that stand for captured tensors."""
        return list(self.captures.values())

    @property
    def external_captures(self):
        """The captured tensors."""
        return list(self.captures)

    def capture_call_time_value(self, closure, spec, key=None):
        """Tensors whose values are had from a Python function at every call.

        Args:
          closure: the function; it returns something that becomes tensors.
          spec: the `TensorSpec`s of these, in the same structure.
          key: the second call with the same key gives the tensors of the first.

        Returns:
          Tensors of this graph in the structure of `spec`.
        """
        key = object() if key is None else key
        if key not in self.deferred:
            specs = nest.flatten(spec, expand_composites=True)
            made = [self._placeholder(s.dtype, s.shape._dims, "deferred") for s in specs]
            self.deferred[key] = closure, spec, made
        _, spec, made = self.deferred[key]
        return nest.pack_sequence_as(spec, made, expand_composites=True)

    def _placeholder(self, dtype, shape, name):
        tensor = self.add_input(dtype, shape, name)
        self.inputs.pop()
        return tensor

    def add_argument(self, dtype, shape, name):
        """An input for an argument, named as it if it has a name and such a name is possible for an operation."""
        if name is None:
            return self.add_input(dtype, shape, "placeholder")
        placeholder = self.add_input(dtype, shape, name if VALID_OP_NAME(name) else "Placeholder")
        placeholder.op.attrs["_user_specified_name"] = name
        return placeholder


export("python.framework.func_graph.FuncGraph")(TracedGraph)


class Tracer:
    """How a Python function is traced.

    Args:
      python_function: the function.
      name: its name.
      spec: its `FunctionSpec`.
      convert_control_flow: None, or what makes of the function one whose `if`, `for`, ... work on tensors.
      variable_creator: None, or what makes variables inside it, a function for `tf.variable_creator_scope`.
      compiles: whether its first call compiles it.
    """

    def __init__(self, python_function, name, spec, convert_control_flow=None, variable_creator=None, compiles=False):
        self.python_function = python_function
        self.name = name
        self.spec = spec
        self.convert_control_flow = convert_control_flow
        self.variable_creator = variable_creator
        self.compiles = compiles

    def trace(self, args, kwargs, shapes_of=None):
        """The `ConcreteFunction` for some arguments.

        Args:
          args, kwargs: the bound arguments; arrays are tensors already.
          shapes_of: None, or for each leaf the static shape to trace with, in the place of its own.

        Raises:
          TypeError: the function returns something else than tensors.
          ValueError: it changes the structure of its arguments.
        """
        return self.trace_into(TracedGraph("__inference_" + self.name, get_default_graph()), args, kwargs, shapes_of)

    def trace_into(self, graph, args, kwargs, shapes_of=None):
        """As `trace`, with a graph that becomes the body."""
        graph.compiles = self.compiles
        with graph.as_default(), _function_scope(graph, self.variable_creator, self.convert_control_flow is not None):
            args, kwargs = self._add_arguments(graph, args, kwargs, shapes_of)
            count = len(graph.inputs)
            self._call(graph, args, kwargs)
        outputs = nest.flatten(graph.structured_outputs, expand_composites=True)
        graph.outputs = [t for t in outputs if isinstance(t, Tensor)]
        return finished(graph, count)

    def _add_arguments(self, graph, args, kwargs, shapes_of):
        """Adds an input for each tensor among the arguments; the arguments for the Python function, with these inputs."""
        leaves = nest.flatten((args, kwargs), expand_composites=True)
        names = self._input_names(args, kwargs)
        inner = []
        for i, (x, name) in enumerate(zip(leaves, names)):
            if isinstance(x, BaseResourceVariable):
                _add_variable(graph, x, name)
            elif isinstance(x, Tensor) or is_spec(x):
                shape = shapes_of[i] if shapes_of is not None else shapes.as_tuple(x.shape)
                placeholder = graph.add_argument(x.dtype, shape, name)
                placeholder._handle_data = known.handle_data(x) if isinstance(x, Tensor) else None
                x = placeholder
            inner.append(x)
        made = nest.pack_sequence_as((args, kwargs), inner, expand_composites=True)
        shown = nest.map_structure(lambda s, x: s if is_spec(s) else x, (args, kwargs), made, check_types=False)
        count = None if self.spec.input_signature is None else len(self.spec.input_signature)
        graph.structured_input_signature = structured_signature(self.spec, shown[0][:count], shown[1])
        return made

    def _input_names(self, args, kwargs):
        """For each leaf of the arguments the name of its input."""
        return input_names(self.spec, args, kwargs)

    def _call(self, graph, args, kwargs):
        """Calls the Python function; what it returns becomes the graph's structured outputs."""
        before = nest.flatten((args, kwargs), expand_composites=True)
        copy = nest.pack_sequence_as((args, kwargs), before, expand_composites=True)
        function = self.python_function
        if self.convert_control_flow is not None:
            function = self.convert_control_flow(function.as_method() if hasattr(function, "as_method") else function)
        result = function(*args, **kwargs)
        _check_unchanged((args, kwargs), copy, before)
        graph.structured_outputs = nest.map_structure(lambda x: self._output(graph, x), result)

    def _output(self, graph, x):
        """What the function returned (or a part of it) as tensors of its graph."""
        if x is None or hasattr(x, "flow") and hasattr(x, "handle"):  # a TensorArray
            return x
        try:
            if isinstance(x, Operation):
                raise TypeError
            if nest.items(x, expand_composites=True) is not None:
                return nest.map_structure(lambda t: graph.admit(convert(t)), x, expand_composites=True)
            return graph.admit(convert(x))
        except InaccessibleTensorError:
            raise
        except (TypeError, ValueError):
            raise TypeError(
                "To be compatible with tf.contrib.eager.defun, Python functions must return zero or more Tensors; in compilation "
                "of %s, found return value of type %s, which is not a Tensor." % (self.python_function, type(x))
            ) from None


def finished(graph, count):
    """The `ConcreteFunction` of a traced graph whose first `count` inputs are arguments."""
    for _, _, placeholders in graph.deferred.values():
        graph.inputs += placeholders
    return ConcreteFunction(graph, count, graph.structured_outputs, graph.variables, deferred_values(graph))


def _add_variable(graph, variable, name):
    """Lets a variable that is an argument be used inside: its handle is an input, the same for the same variable."""
    if variable.handle not in graph.captures:
        placeholder = graph.add_argument(variable.handle.dtype, (), name)
        placeholder._handle_data = known.handle_data(variable.handle)
        graph.captures[variable.handle] = placeholder


def deferred_values(graph):
    """None, or a function that gives the values, at the time of a call, of what `capture_call_time_value` captured."""
    deferred = list(graph.deferred.values())
    if not deferred:
        return None

    def values():
        with init_scope() if not here.eager else contextlib.nullcontext():
            return [t for closure, spec, _ in deferred for t in _fitting(closure(), spec)]

    return values


def _fitting(value, spec):
    """The tensors of a deferred value.

    Raises:
      ValueError: they don't fit the specs.
    """
    leaves = nest.flatten(value, expand_composites=True)
    specs = nest.flatten(spec, expand_composites=True)
    if len(leaves) != len(specs):
        raise ValueError("Value %s does not have the structure of its spec %s" % (value, spec))
    made = []
    for x, s in zip(leaves, specs):
        try:
            t = convert(x, s.dtype)
        except (TypeError, ValueError):
            t = None
        if t is None or not s.shape.is_compatible_with(t.shape):
            raise ValueError("Value %s is not convertible to a tensor with dtype %s and shape %s." % (x, s.dtype, s.shape))
        made.append(t)
    return made


@contextlib.contextmanager
def _function_scope(graph, creator, converts):
    """What is in force inside a function: variables are resource variables, made by the creator if there is one.

    Args:
      graph: its graph.
      creator: see `Tracer`.
      converts: whether AutoGraph converts it.
    """
    if creator is not None:
        # Before the creators of users' scopes, so that those are asked first; after those of functions around this one.
        position = sum(getattr(c, "is_functions", False) for c in graph._variable_creators)
        graph._variable_creators.insert(position, creator)
    scope = get_variable_scope()
    before, scope._use_resource = (scope._use_resource, here.converted), True
    here.converted = converts
    try:
        yield
    finally:
        scope._use_resource, here.converted = before


def _check_unchanged(now, before, leaves):
    try:
        nest.assert_same_structure(now, before, expand_composites=True)
    except (TypeError, ValueError):
        raise ValueError(_MUTATED) from None
    if any(a is not b for a, b in zip(nest.flatten(now, expand_composites=True), leaves)):
        raise ValueError(_MUTATED)


def tensors_among(leaves):
    """The tensors to pass for the leaves of some arguments: for variables their handles, each only once."""
    found, seen = [], set()
    for x in leaves:
        if isinstance(x, Tensor):
            found.append(x)
        elif isinstance(x, BaseResourceVariable) and id(x.handle) not in seen:
            seen.add(id(x.handle))
            found.append(x.handle)
    return found
