"""`tf.wrap_function`: a function of TensorFlow 1's kind, traced once, of which only what is asked for runs, as in a session."""

import weakref

from ..core import nest
from ..core.context import process
from ..core.convert import convert_to_tensor
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.known import handle_data
from ..core.operation import Operation
from ..core.scopes import init_scope, name_scope
from ..core.tensor import Tensor
from ..protos import TensorInfo
from ..run.function import ConcreteFunction
from ..variables.resource import BaseResourceVariable, ResourceVariable
from ..variables.scope import variable_creator_scope
from .lifting import UnliftableError
from .signature import FunctionSpec, is_spec
from .tracing import TracedGraph, Tracer, finished

_KEYS = ("variables", "local_variables")


class WrappedBody(TracedGraph):
    """The body of such a function.  It shares no collections with the graph around it.

    Attributes:
      control_outputs: the operations that run whenever it is called; all others run only if an output needs them.
    """

    def __init__(self, name, outer_graph):
        super().__init__("__inference_" + name, outer_graph)
        self.control_outputs = []
        self._collections = {}


class VariableHolder:
    """Keeps the variables of a function alive, and notes them in the collections of its body.

    Attributes:
      variables: name -> variable.
    """

    def __init__(self):
        self.variables = {}

    def create(self, next_creator, collections=None, **arguments):
        """Makes a variable, for `tf.variable_creator_scope`."""
        with name_scope(arguments.get("name"), "Variable") as scope:
            variable = next_creator(**{**arguments, "name": scope})
        self.variables[scope[:-1]] = variable
        collections = ["variables"] if collections is None else list(collections)
        if variable.trainable and "trainable_variables" not in collections:
            collections.append("trainable_variables")
        get_default_graph().add_to_collections(collections, variable)
        return variable


class LiftedVariable(ResourceVariable):
    """A variable outside of a function for one that a graph read into its body has; it has no value yet.

    Args:
      inner: the variable of the body.
    """

    def __init__(self, inner):
        self._distribute_strategy = self._constraint = self._caching_device = None
        self._synchronization, self._aggregation, self._trainable = inner._synchronization, inner._aggregation, inner.trainable
        with init_scope():
            self._hold(inner.op.name, inner.dtype, inner._shape, ())
        self._initializer_op = inner._initializer_op


def _lift_variables(graph, holder):
    """Gives the variables that a graph read into a body brought with it a place outside of it; handles become arguments."""
    lifted = {}
    for key in set(_KEYS).intersection(graph.get_all_collection_keys()):
        items = graph.get_collection_ref(key)
        for i, v in enumerate(items):
            if isinstance(v, BaseResourceVariable) and v._in_graph_mode and v.graph is graph:
                if v.handle not in lifted:
                    lifted[v.handle] = made = LiftedVariable(v)
                    holder.variables[made.name.split(":")[0]] = made
                    graph.watch_variable(made)
                    _use_instead(graph.admit(made.handle), v.handle)
                items[i] = lifted[v.handle]


def _use_instead(new, old):
    """Lets operations take one tensor where they took another."""
    for op in list(dict.fromkeys(old._consumers or ())):
        for i, t in enumerate(op._inputs):
            if t is old:
                op._update_input(i, new)


class _Tracer(Tracer):
    """How such a function is traced: its arguments have no names but those of their specs."""

    def _input_names(self, args, kwargs):
        return [getattr(x, "name", None) if is_spec(x) else None for x in nest.flatten(args, expand_composites=True)]


class WrappedFunction(ConcreteFunction):
    """A function as `tf.wrap_function` makes it.

    Args:
      traced: the function as it was traced: a `ConcreteFunction`.
      holder: the `VariableHolder` of its variables.
      specs: what its arguments are made to fit: the leaves of the signature; None if they are given as to any traced function.
    """

    def __init__(self, traced, holder, specs=None):
        graph = traced.graph
        super().__init__(graph, traced._count, traced.structured_outputs, graph.variables, traced._deferred_values)
        self._variable_holder, self._specs = holder, specs

    def __call__(self, *args, **kwargs):
        """Calls the function with a tensor, or a value to make one of, for each tensor of its signature.

        Raises:
          NotImplementedError: an argument is given by name.
          ValueError: one is no tensor and stands where the signature has no `TensorSpec`; or there are too many or too few.
        """
        if self._specs is None:
            return super().__call__(*args, **kwargs)
        if kwargs:
            raise NotImplementedError("Keyword arguments not supported when calling a wrap_function-decorated function.")
        tensors = [self._fitting(x, i) for i, x in enumerate(args)]
        if len(args) != self._count:
            inner = len(self.captured_inputs)
            raise ValueError("Arguments and signature arguments do not match. got: %d, expected: %d "
                             % (len(args) + inner, self._count + inner))  # fmt: skip
        return self.call_flat(tensors)

    def _fitting(self, x, index):
        if not isinstance(x, Tensor | BaseResourceVariable) and index < len(self._specs) and is_spec(self._specs[index]):
            return convert_to_tensor(x, self._specs[index].dtype)
        return self._as_tensor(x, index) if index < self._count else x

    def prune(self, feeds, fetches, name=None, input_signature=None):
        """A part of the function as a function of its own.

        Args:
          feeds: a tensor of the body, or any nesting of them: the arguments of the new function.
          fetches: what it returns: tensors or operations of the body (these run, and None is returned for them), names of such, or
            `TensorInfo`s, in any nesting.
          name: the name of its body; by default "pruned".
          input_signature: what its attribute `structured_input_signature` will be.

        Returns:
          A `WrappedFunction`.

        Raises:
          ValueError: a feed is no tensor, or something belongs to another graph.
          UnliftableError: the fetches depend on an argument that is not among the feeds.
        """
        return _Pruning(self.graph, feeds, fetches, name or "pruned").function(self, input_signature)


class _Pruning:
    """A part of a body copied into one of its own."""

    def __init__(self, graph, feeds, fetches, name):
        self._graph = graph
        feeds = nest.flatten(nest.map_structure(graph.as_graph_element, feeds))
        if not all(isinstance(f, Tensor) for f in feeds):
            raise ValueError("Feeds must be tensors.")
        captured = graph.internal_captures
        self._feeds = [f for f in feeds if not any(f is c for c in captured)]
        self._fetches = nest.map_structure(self._element, fetches)
        self._wanted = nest.flatten(self._fetches, expand_composites=True)
        for element in self._feeds + self._wanted:
            if element.graph is not graph:
                raise ValueError("Can only prune function whose feeds and fetches are from this graph (%s). Input %s is from graph "
                                 "%s"
                                 % (graph, element, element.graph))  # fmt: skip
        self._infos = [info for info in nest.flatten(fetches) if isinstance(info, TensorInfo)]
        self._copy = WrappedBody(name, graph.outer_graph)
        self._made = {}  # operation or tensor -> its copy
        for t in [*self._feeds, *captured]:
            self._add_source(t)
        for op in self._needed():
            self._add(op)

    def _element(self, fetch):
        if isinstance(fetch, TensorInfo):
            fetch = fetch.name
        return self._graph.as_graph_element(fetch)

    def _needed(self):
        """The operations to copy, in the order of the program."""
        found, stack = set(), [e for e in self._wanted if e not in self._made]
        while stack:
            element = stack.pop()
            op = getattr(element, "op", element)
            if element in self._made or op in found:
                continue
            if op.type == "Placeholder":
                raise UnliftableError(
                    "Unable to lift tensor %r because it depends transitively on placeholder %r, which is not fed"
                    % (self._wanted[0], op)
                )
            found.add(op)
            stack += [*op._inputs, *[c for c in op._control_inputs if c not in self._made]]
        return sorted(found, key=lambda op: op._id)

    def _add_source(self, tensor):
        made = self._copy._detached(self._copy.unique_name(tensor.op._name), tensor._dtype, tensor._shape)
        made._handle_data = handle_data(tensor)
        self._copy.inputs.append(made)
        self._made[tensor] = made
        self._made.setdefault(tensor.op, made.op)

    def _add(self, op):
        inputs = [self._made[t] for t in op._inputs]
        types = [t._dtype for t in op.outputs]
        made = process.build_node(
            self._copy, op.definition, self._copy.unique_name(op._name), inputs, dict(op.attrs), types, op.spec
        )
        made._device = op._device
        made._control_inputs += [self._made[c] for c in op._control_inputs if c in self._made]
        self._made[op] = made
        for old, new in zip(op.outputs, made.outputs):
            new._shape, new._handle_data = old._shape, handle_data(old)
            self._made.setdefault(old, new)

    def function(self, whole, input_signature):
        """The new function, with the variables of the one that it is a part of."""
        copy = self._copy
        for outer, inner in self._graph.captures.items():
            copy.captures[outer] = self._made[inner]
        for v in whole.variables:
            copy._watched_variables[id(v)] = weakref.ref(v)
        copy.control_outputs = [self._made[e] for e in self._wanted if isinstance(e, Operation)]
        copy.outputs = [self._made[e] for e in self._wanted if not isinstance(e, Operation)]
        for info in self._infos:
            element = self._made[self._element(info)]
            if isinstance(element, Tensor) and info.HasField("tensor_shape"):
                element.set_shape(info.tensor_shape)
        copy.structured_outputs = nest.map_structure(
            lambda e: None if isinstance(e, Operation) else self._made[e], self._fetches, expand_composites=True
        )
        copy.structured_input_signature = input_signature
        made = WrappedFunction(finished(copy, len(self._feeds)), whole._variable_holder)
        made._arg_keywords = [f.op._name for f in self._feeds]
        return made


@export("wrap_function")
def wrap_function(fn, signature, name=None):
    """Traces a function of TensorFlow 1's kind once, as a function that owns the variables it makes.

    Unlike one made by `tf.function`, a call runs only what the returned tensors need, and in no other order than edges ask for.

    Args:
      fn: the function.
      signature: the list of its arguments: `TensorSpec`s, in any nesting, for those that calls pass as tensors; others are passed
        to `fn` as they are.
      name: a name for its body.

    Returns:
      A function of the tensors of the signature, with a method `prune(feeds, fetches)` that gives parts of it.

    Raises:
      TypeError: `fn` returns something else than tensors.
    """
    holder = VariableHolder()

    def within(*args):
        with variable_creator_scope(holder.create):
            return fn(*args)

    name = "wrapped_function" if name is None else "wrapped_function_" + name
    graph = WrappedBody(name, get_default_graph())
    traced = _Tracer(within, name, FunctionSpec(within)).trace_into(graph, tuple(signature), {})
    _lift_variables(graph, holder)
    return WrappedFunction(traced, holder, [s for s in nest.flatten(signature, expand_composites=True) if is_spec(s)])
