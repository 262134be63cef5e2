"""Functions traced as graphs, and their calls.

A `ConcreteFunction` is a traced function: eagerly a call runs its program (codegen.py), in a graph it is a node.  Its gradient is a
traced function too, made when it is first needed.  What users call, and what decides when to trace, is in the package
`functions`.
"""

import copy
import functools

import numpy as np

from ..core import dtypes, known, nest, op_definitions, shape as shapes, tape as tapes
from ..core.attributes import BODY
from ..core.backprop import densify
from ..core.constant import eager_name
from ..core.context import here, process
from ..core.convert import convert
from ..core.custom_gradient import record_function
from ..core.errors import InvalidArgumentError, NotYetError
from ..core.func_graph import GradientGraph, GraphFunction, body_of
from ..core.graph import get_default_graph
from ..core.graph_gradients import gradients_between
from ..core.indexed_slices import IndexedSlices
from ..core.op import op
from ..core.scopes import control_dependencies
from ..core.state import eager_state
from ..core.tensor import GraphTensor, Tensor, from_value
from .effects import effects_of
from .plan import Plan
from .reinference import output_shapes
from .tiers import Runner, default_tier
from .values import on_host


class ConcreteFunction:
    """A function traced for arguments of certain types and shapes.

    Args:
      graph: its `FuncGraph`, whose inputs are those for the arguments, then those for captured tensors.
      count: the number of tensors among the arguments.
      structured_outputs: the structure of what the Python function returned, with graph tensors.
      variables: the variables that it uses.
      deferred_values: None, or a function that gives, at the time of a call, the tensors for the inputs behind those for captured
        tensors.
    """

    def __init__(self, graph, count, structured_outputs, variables=(), deferred_values=None):
        self.graph = graph
        self.structured_outputs = structured_outputs
        self.variables = list(variables)
        self._count = count
        outer = {inner: t for t, inner in graph.captures.items()}
        self.captured_tensors = [outer[t] for t in graph.inputs[count:] if t in outer]
        self._deferred_values = deferred_values
        self._trained = [v for v in self.variables if v.trainable]
        self._arg_keywords = None
        self._programs = {}
        self._differentiated = {}

    @property
    def name(self):
        return self.graph.name.encode()

    @property
    def graph_function(self):
        """The function as the value of an operation's attribute."""
        return GraphFunction(self.graph)

    @property
    def captured_inputs(self):
        """The outer tensors that are passed besides the arguments."""
        return [*self.captured_tensors, *(self._deferred_values() if self._deferred_values else ())]

    @property
    def structured_input_signature(self):
        """The arguments that it was traced for, by position and by name, with `TensorSpec`s in the place of tensors."""
        return self.graph.structured_input_signature

    @property
    def inputs(self):
        """The graph tensors that stand for arguments and captured tensors."""
        return list(self.graph.inputs)

    @property
    def outputs(self):
        """The graph tensors that the function returns."""
        return list(self.graph.outputs)

    @property
    def output_shapes(self):
        return nest.map_structure(lambda t: getattr(t, "shape", t), _taken_apart(self.structured_outputs))

    @property
    def output_dtypes(self):
        return nest.map_structure(lambda t: getattr(t, "dtype", t), _taken_apart(self.structured_outputs))

    def program(self, extra=()):
        """What computes, from the values of the inputs, those of the outputs, and of more tensors of the graph: a `Runner`."""
        key = tuple(extra)
        found = self._programs.get(key)
        if found is None:
            plan = Plan(self.graph.inputs, [*self.graph.outputs, *extra], effects_of(self.graph), replaced=())
            tier = default_tier()
            tier = "xla" if self.graph.compiles and tier == "auto" else tier
            found = self._programs[key] = Runner(plan, eager_state, tier, finish=on_host, lasting=True)
        return found

    def name_arguments(self):
        """Gives each input a keyword under which it can be passed: the parameter's name, with a number behind it if need be."""
        if self._arg_keywords is not None:
            return
        names = []
        for t in self.graph.inputs[: self._count]:
            own = name = t.op.attrs.get("_user_specified_name", t.op.name)
            number = 0
            while name in names:
                number += 1
                name = "%s_%d" % (own, number)
            names.append(name)
        self._arg_keywords, self._num_positional_args = names, len(names)

    def __call__(self, *args, **kwargs):
        """Calls the function with a tensor (or variable) for each of its inputs, by position or by keyword.

        Raises:
          AssertionError: it was not got from `get_concrete_function`.
          TypeError: there are too many or too few arguments, or unknown ones.
          ValueError: one is no tensor.
        """
        names = self._arg_keywords
        if names is None:
            raise AssertionError(
                "Tried to call a concrete function obtained from an internal API through the public interface. Use "
                "get_concrete_function instead."
            )
        if len(args) > len(names):
            raise TypeError(
                "Expected at most %d positional arguments (and the rest keywords, of %s), got %s. When calling a concrete "
                "function, positional arguments may not be bound to Tensors within nested structures." % (len(names), names, args)
            )
        args = list(args)
        for name in names[len(args) :]:
            if name not in kwargs:
                given = names[: len(args)] + list(kwargs)
                missing = [n for n in names if n not in given]
                raise TypeError("Expected argument names %s but got values for %s. Missing: %s." % (names, given, missing))
            args.append(kwargs.pop(name))
        for name in kwargs:
            if name in names:
                raise TypeError("Got two values for keyword '%s'." % name)
            raise TypeError("Keyword arguments %s unknown. Expected %s." % (list(kwargs), names))
        return self.call_flat([self._as_tensor(x, i) for i, x in enumerate(args)])

    def _as_tensor(self, x, index):
        """An argument as a tensor.

        Raises:
          InvalidArgumentError: it has another type than the function was traced for.
          ValueError: it is neither a tensor nor a variable.
        """
        wanted = self.graph.inputs[index]._dtype.base_dtype
        if hasattr(x, "trainable") and hasattr(x, "handle"):  # a variable
            x = x.handle if wanted is dtypes.resource else convert(x)
        if not isinstance(x, Tensor):
            name = self.graph.name.removeprefix("__inference_").rpartition("_")[0]
            raise ValueError(
                "All inputs to `ConcreteFunction`s must be Tensors; on invocation of %s, the %d-th input (%s) was not a Tensor."
                % (name, index, x)
            )
        if x.dtype.base_dtype != wanted:
            name, is_type = self.graph.name, eager_name(x.dtype.base_dtype)
            raise InvalidArgumentError(
                None,
                None,
                "cannot compute %s as input #%d(zero-based) was expected to be a %s tensor but is a %s tensor [Op:%s]"
                % (name, index, eager_name(wanted), is_type, name),
            )
        return x

    def call_flat(self, args):
        """Calls the function with a list of tensors; the result in the structure of the Python function's.

        Raises:
          TypeError: the number of tensors is wrong.
          ValueError: in a graph, the shape of one is not what the function was traced for.
        """
        if len(args) != self._count:
            raise TypeError("The function takes %d tensors but was given %d" % (self._count, len(args)))
        if here.tapes:
            for v in self._trained:
                tapes.variable_accessed(v)
        inputs = [*args, *self.captured_tensors]
        if self._deferred_values is not None:
            inputs += self._deferred_values()
        return self._packed(self._run(inputs) if here.eager else self._add_call(inputs))

    def _packed(self, outputs):
        if self.structured_outputs is None:
            return None
        rest = iter(outputs)
        leaves = nest.flatten(self.structured_outputs, expand_composites=True)
        filled = [next(rest) if isinstance(leaf, GraphTensor) else leaf for leaf in leaves]
        return nest.pack_sequence_as(self.structured_outputs, filled, expand_composites=True)

    # -------------------------------------------------------------------------------------------------------- eagerly

    def _run(self, inputs):
        if any(t._id in tape.watched for tape in here.tapes for t in inputs):
            outputs = self._run_taped(inputs)
        else:
            outputs = run_program(self.program(), inputs)
        for callback in here.callbacks:
            callback(_call, (inputs,), outputs, {"f": self.graph_function}, None)
        return outputs

    def _run_taped(self, inputs):
        """Runs, keeping what the backward functions need, and lets the tapes know."""
        again = len(here.tapes) > 1 or here.tapes[0].is_persistent
        differentiated = self._differentiated.get(again)
        if differentiated is None:
            differentiated = self._differentiated[again] = _Differentiated(self, again)
        before, here.tapes = here.tapes, ()  # what happens inside is the backward functions' business
        try:
            results = run_program(self.program(differentiated.intermediates), inputs)
        finally:
            here.tapes = before
        outputs = results if again else results[: len(self.graph.outputs)]
        record_function(inputs, outputs, lambda *grads: differentiated.gradients(grads, inputs, results), zeros=False)
        return results[: len(self.graph.outputs)]

    # ------------------------------------------------------------------------------------------------------ in a graph

    def _add_call(self, inputs):
        graph = get_default_graph()
        inputs = [graph.admit(t) for t in inputs]
        self._check_shapes(inputs)
        if graph.building_function:
            for v in self.variables:
                graph.watch_variable(v)
        is_stateful = any(node.definition.is_stateful for node in self.graph.get_operations())
        kind = "StatefulPartitionedCall" if is_stateful else "PartitionedCall"
        types = tuple(t._dtype.base_dtype for t in self.graph.outputs)
        attrs = {"Tin": tuple(t._dtype.base_dtype for t in inputs), "Tout": types, "f": GraphFunction(self.graph)}
        with control_dependencies([op for op in self.graph.outer_control if op.graph is graph]):
            node = process.build_node(graph, op_definitions.lookup(kind), graph.unique_name(kind), inputs, attrs, list(types))
        for out, shape, inner in zip(node.outputs, output_shapes(self.graph, inputs), self.graph.outputs):
            out._shape = shape
            out._handle_data = known.handle_data(inner)
        return node.outputs

    def _check_shapes(self, inputs):
        for i, (t, inner) in enumerate(zip(inputs[: self._count], self.graph.inputs)):
            if not shapes.compatible(t._shape, inner._shape):
                raise ValueError(
                    "The argument %s (value %s) is not compatible with the shape this function was traced with. Expected shape "
                    "%s, but got shape %s.\n\nIf you called get_concrete_function, you may need to pass a tf.TensorSpec(..., "
                    "shape=...) with a less specific shape, having None on axes which can vary."
                    % ("'%s'" % self._arg_keywords[i] if self._arg_keywords else "with index %d" % i, t,
                       shapes.to_text(inner._shape), shapes.to_text(t._shape))
                )  # fmt: skip


def run_program(runner, inputs):
    """What a runner gives for some eager tensors, as eager tensors."""
    with np.errstate(all="ignore"):
        values = runner.run([t._v for t in inputs])
    return [from_value(v if type(v) is not bytes else np.array(v, object)) for v in values]  # a scalar string comes as bytes


def is_differentiable(tensor):
    """Whether gradients can flow through a graph tensor, by its type."""
    dtype = tensor._dtype.base_dtype
    return dtype.is_floating or dtype.is_complex or dtype in (dtypes.resource, dtypes.variant)


class _Differentiated:
    """A traced function with its gradient.

    Args:
      forward: the `ConcreteFunction`.
      again: whether its gradient may be differentiated in turn.  Then the intermediate values that the gradient uses are outputs as
        others, with gradients of their own.

    Attributes:
      intermediates: the tensors of the forward graph, neither inputs nor outputs, whose values the gradient needs.
    """

    def __init__(self, forward, again):
        self._graph = forward.graph
        self._backward = {}  # which outputs have gradients -> _Backward
        self.intermediates = []
        known = {*self._graph.inputs, *self._graph.outputs}
        while True:
            outputs = self._graph.outputs + self.intermediates if again else self._graph.outputs
            needed = _Backward(self._graph, [t for t in outputs if is_differentiable(t)]).needed
            new = [t for t in needed if t not in known]
            self.intermediates += new
            known.update(new)
            if not (again and new):
                return

    def gradients(self, grads, inputs, results):
        """The gradients of the inputs from those of the outputs (some None), with the values of a run: inputs and results."""
        outputs = self._graph.outputs + self.intermediates
        given = [(t, g) for t, g in zip(outputs, grads) if g is not None]
        key = tuple(t for t, _ in given)
        backward = self._backward.get(key)
        if backward is None:
            backward = self._backward[key] = _Backward(self._graph, key)
        values = dict(zip(self._graph.inputs, inputs))
        values.update(zip(outputs, results))
        return backward([convert(densify(g)) for _, g in given], values)


class _Backward:
    """The function from gradients of some tensors of a graph to gradients of its inputs.

    Attributes:
      needed: the tensors of the graph whose values it takes besides.
    """

    def __init__(self, graph, outputs):
        inputs = self._inputs = [i for i, t in enumerate(graph.inputs) if is_differentiable(t)]
        self._count = len(graph.inputs)
        body = _BackwardGraph(graph)
        with body.as_default():
            seeds = [body.add_input(t._dtype, t._shape, "grad") for t in outputs]
            found = gradients_between(list(outputs), [graph.inputs[i] for i in inputs], seeds)
            self._parts = [[body.admit(t) for t in _tensors(g)] for g in found]
        self._is_sparse = [isinstance(g, IndexedSlices) for g in found]
        body.outputs = [t for parts in self._parts for t in parts]
        body.inputs[len(seeds) : len(seeds)] = body.stand_ins
        self.needed = body.needed
        self._function = ConcreteFunction(body, len(seeds) + len(body.needed), list(body.outputs))

    def __call__(self, seeds, values):
        """The gradients of the inputs, None for those that have none."""
        rest = iter(self._function.call_flat(seeds + [values[t] for t in self.needed]))
        result = [None] * self._count
        for i, sparse, parts in zip(self._inputs, self._is_sparse, self._parts):
            taken = [next(rest) for _ in parts]
            if taken:
                result[i] = IndexedSlices(*taken) if sparse else taken[0]
        return tuple(result)


class _BackwardGraph(GradientGraph):
    """The body of a backward function: values of the forward graph are arguments.

    Attributes:
      needed: the tensors of the forward graph whose values it needs; `stand_ins` the inputs for them.
    """

    keeps_captures = True

    def __init__(self, forward):
        super().__init__("backward_" + forward.name, forward.outer_graph, forward, shares_names=False)
        self.compiles = forward.compiles
        self.needed, self.stand_ins = [], []

    def _take(self, tensor):
        self.needed.append(tensor)
        self.stand_ins.append(self._stand_in(tensor))
        return self.stand_ins[-1]


def _tensors(gradient):
    """The tensors of a gradient: none, one, or those of `IndexedSlices`."""
    if gradient is None:
        return []
    if isinstance(gradient, IndexedSlices):
        return [gradient.values, gradient.indices] + ([] if gradient.dense_shape is None else [gradient.dense_shape])
    return [convert(gradient)]


# ----------------------------------------------------------------------------------------------------------- calls as nodes


@op("PartitionedCall", ignores=("Tin", "Tout", "config", "config_proto", "executor_type"))
def _call(xp, args, *, f):
    raise NotYetError("tf.raw_ops.PartitionedCall: eagerly a function is called, not run as an op")


@op("StatefulPartitionedCall", ignores=("Tin", "Tout", "config", "config_proto", "executor_type"))
def _stateful_call(xp, args, *, f):
    raise NotYetError("tf.raw_ops.StatefulPartitionedCall: eagerly a function is called, not run as an op")


def _body_of(node):
    """The body of the function that a node calls."""
    return body_of(node.attrs[_function_attr(node)])


def _function_attr(node):
    return BODY if BODY in node.attrs else "f"


def _emit_call(program, node):
    """The function's body, written where it is called."""
    body = _body_of(node)
    arguments = [program.expression(t) for t in node._inputs]
    wanted = [(t, inner) for t, inner in zip(node.outputs, body.outputs) if program.is_wanted(t)]
    texts = program.inline(body, arguments, [inner for _, inner in wanted])
    for (t, _), text in zip(wanted, texts):
        name = program.local(t)
        program.statement(node, "%s = %s" % (name, text), [name])


class _CallGradientGraph(GradientGraph):
    """The body of a call's gradient: a value of the function's body that it uses becomes one more output of the call."""

    keeps_captures = True

    def __init__(self, node, body):
        super().__init__(body.name + "_grad", get_default_graph(), body)
        self._node = node

    def _take(self, tensor):
        node = self._node
        function, key = _body_of(node), _function_attr(node)
        if tensor in function.inputs:
            return self.admit(node._inputs[function.inputs.index(tensor)])
        if tensor not in function.outputs:
            node.attrs[key] = GraphFunction(_with_output(function, tensor))
            out = GraphTensor(node, len(node.outputs), tensor._dtype.base_dtype)
            out._shape = tensor._shape
            node.outputs.append(out)
            if "Tout" in node.attrs:
                node.attrs["Tout"] += (out._dtype,)
            node.graph.changed()
        return self.admit(node.outputs[node.attrs[key].graph.outputs.index(tensor)])


def _with_output(body, tensor):
    """A function's body with one more output; the body itself, which others call too, stays as it is."""
    extended = copy.copy(body)
    extended.outputs = [*body.outputs, tensor]
    extended.name = "%s_%d" % (body.name, next(body._function_numbers))
    return extended


def _own_graph(body):
    """The graph to which the operations of a body belong, which may have been extended."""
    nodes = body.get_operations()
    return nodes[0].graph if nodes else body


def call_gradient(*grads, node):
    """The gradient of a call is a call of the body's gradient."""
    body = _own_graph(_body_of(node))
    backward = _CallGradientGraph(node, body)
    targets = [i for i, t in enumerate(body.inputs) if is_differentiable(t)]
    with backward.as_default():
        pairs = [(y, g) for y, g in zip(_body_of(node).outputs, grads) if g is not None]
        found = gradients_between([y for y, _ in pairs], [body.inputs[i] for i in targets], [g for _, g in pairs])
        parts = [[backward.admit(t) for t in _tensors(g)] for g in found]
    backward.outputs = [t for p in parts for t in p]
    function = ConcreteFunction(backward, 0, list(backward.outputs))
    rest = iter(function.call_flat([]))
    result = [None] * len(body.inputs)
    for i, g, p in zip(targets, found, parts):
        taken = [next(rest) for _ in p]
        if taken:
            result[i] = IndexedSlices(*taken) if isinstance(g, IndexedSlices) else taken[0]
    return tuple(result)


for _declared in (_call, _stateful_call):
    _declared.emits("numpy", "xla")(_emit_call)
    _declared.grad(call_gradient)


def call_spec(definition):
    """What is known of the nodes whose op type is the name of a function, given its `Definition`; as of `PartitionedCall`."""
    made = copy.copy(_call)
    for name in [n for n in made.__dict__ if isinstance(getattr(type(made), n, None), functools.cached_property)]:
        del made.__dict__[name]
    made.name, made._definition = definition.name, definition
    return made


def _taken_apart(structure):
    """A structure with lists of their parts in the place of composites."""
    return nest.map_structure(lambda x: x if nest.items(x, True) is None else nest.flatten(x, True), structure)
