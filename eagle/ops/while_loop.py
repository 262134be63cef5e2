"""Loops: `tf.while_loop`.

In a graph the condition and the turn are bodies of functions; the op `While` has both as attributes.  Eagerly a loop is Python's.

A loop's gradient is a loop that takes the turns backwards.  What it needs of the forward turns the forward loop collects: for
each such value inside, the `While` gets one more output, the list of that value in every turn (`Turns`).
"""

import numpy as np

from ..core import dtypes, known, nest, op_definitions, shape as shapes
from ..core.attributes import FunctionName
from ..core.backprop import densify
from ..core.context import here, process
from ..core.convert import constant, convert
from ..core.dispatch import registry
from ..core.errors import NotYetError
from ..core.export import export
from ..core.func_graph import FuncGraph, GradientGraph, GraphFunction, body_of
from ..core.gradient_registry import no_gradient
from ..core.graph import get_default_graph
from ..core.graph_gradients import gradients_between
from ..core.indexed_slices import IndexedSlices
from ..core.op import op
from ..core.scopes import control_dependencies, name_scope
from ..core.tensor import GraphTensor
from ..core.tensor_spec import TensorSpec
from ..core.type_spec import TypeSpec
from .branches import share_captures
from .compiled_flow import loop
from .control_flow_version import is_version_2
from .turns import Turns, count_turns, turn_like, turn_of


@op("While", ignores=("output_shapes", "parallel_iterations"))
def _while(xp, input, *, cond, body, T=()):
    raise NotYetError("tf.raw_ops.While: eagerly a loop is Python's own `while`")


@op("StatelessWhile", ignores=("output_shapes", "parallel_iterations"))
def _stateless_while(xp, input, *, cond, body, T=()):
    raise NotYetError("tf.raw_ops.StatelessWhile: eagerly a loop is Python's own `while`")


def _emit(program, node):
    """A `while` statement with the two bodies."""
    condition, body = body_of(node.attrs["cond"]), body_of(node.attrs["body"])
    count = len(body.outputs)
    collected = _collected(node)
    names = [program.local(t) for t in node.outputs[:count]]
    lists = {}
    initial, captured = map(program.value, node._inputs[:count]), map(program.expression, node._inputs[count:])
    program.statement(node, "%s = %s" % (", ".join(names) or "_", ", ".join(initial) or "()"), names)
    for out, inner in zip(node.outputs[count:], collected):
        if program.is_wanted(out):
            lists[inner] = program.local(out)
            program.statement(node, "%s = %s()" % (lists[inner], program.bind("Turns", Turns)), [lists[inner]])
    block = program.block(node, names)
    inside = [*names, *captured]
    with block.part("while True:"):
        (test,) = program.inline(condition, inside, condition.outputs)
        program.statement(node, "if not %s: break" % test)
        wanted = list(body.outputs) + list(lists)
        texts = program.inline(body, inside, wanted)
        for (_, name), text in zip(lists.items(), texts[count:]):
            program.statement(node, "%s.add(%s)" % (name, text))
        changed = [(n, t) for n, t in zip(names, texts[:count]) if n != t]
        if changed:
            program.statement(node, "%s = %s" % (", ".join(n for n, _ in changed), ", ".join(t for _, t in changed)))


def _emit_compiled(program, node):
    """A call that takes turns with the two bodies, which are functions inside the text."""
    condition, body = body_of(node.attrs["cond"]), body_of(node.attrs["body"])
    count = len(body.outputs)
    initial, captured = list(map(program.value, node._inputs[:count])), list(map(program.expression, node._inputs[count:]))
    listed = [(out, inner) for out, inner in zip(node.outputs[count:], _collected(node)) if program.is_wanted(out)]
    inside = [program.fresh(t.op._name) for t in body.inputs[:count]]

    def write(name, graph, outputs, parameters):
        with program.nested(node, name) as function:
            results = program.inline(graph, [*parameters, *captured], outputs)
        return function, results

    def counting(test):
        """The text of what `loop` needs in order to count the turns until `test` is false."""
        counters = _counters(condition, test, body)
        if counters is None:
            return None
        more = write("more", condition, [test], inside)
        step = write("step", body, [body.outputs[i] for i in counters], inside)
        for function, results in (more, step):
            program.end_nested(node, function, [inside[i] for i in counters], results)
        return "(%s, %s, %s)" % (counters, more[0].name, step[0].name)

    whole, parts = counting(condition.outputs[0]), _conjuncts(condition.outputs[0])
    limits = [text for text in map(counting, parts) if text is not None] if listed and len(parts) > 1 else []
    test = write("condition", condition, condition.outputs, inside)
    turn = write("turn", body, [*body.outputs, *[inner for _, inner in listed]], inside)
    cells = program.set_by([test[0], turn[0]])
    kept = [c.current for c in cells]
    program.end_nested(node, test[0], inside + kept, test[1])
    program.end_nested(node, turn[0], inside + kept, turn[1], cells)
    names = [program.local(t) for t in [*node.outputs[:count], *[out for out, _ in listed]]] + program.after_nested(node, cells)
    arguments = [test[0].name, turn[0].name, _tuple(initial), _tuple(kept), str(len(listed)), str(whole), _tuple(limits)]
    call = "%s(%s)" % (program.bind("loop", loop), ", ".join(arguments))
    program.statement(node, "%s= %s" % ("".join(n + ", " for n in names), call), names)


def _tuple(texts):
    return "(%s)" % "".join(t + ", " for t in texts)


def _conjuncts(tensor):
    """The booleans all of which are true if this one is."""
    if tensor.op.type == "Identity":
        return _conjuncts(tensor.op._inputs[0])
    return [c for t in tensor.op._inputs for c in _conjuncts(t)] if tensor.op.type == "LogicalAnd" else [tensor]


def _counters(condition, test, body):
    """The numbers of the loop variables on which alone a boolean of the condition depends; None if that has effects."""
    count = len(body.outputs)
    found, waiting = set(), [(condition, test)]
    while waiting:
        graph, tensor = waiting.pop()
        needed = _needed_inputs(graph, tensor)
        if needed is None:
            return None
        for i in needed - found:
            if i < count:
                found.add(i)
                waiting.append((body, body.outputs[i]))
    return tuple(sorted(found))


def _needed_inputs(graph, tensor):
    """The numbers of the inputs of a body on which a tensor depends; None if it depends on more than these."""
    numbers = {t.op: i for i, t in enumerate(graph.inputs)}
    found, seen, stack = set(), set(), [tensor.op]
    while stack:
        op = stack.pop()
        if op in seen:
            continue
        seen.add(op)
        if op in numbers:
            found.add(numbers[op])
        elif op.spec is None or op.spec.is_stateful:
            return None
        else:
            stack += [t.op for t in op._inputs] + op._control_inputs
    return found


def _collected(node):
    """The tensors inside the body whose values in every turn are outputs of a `While`."""
    return node._extra if node._extra is not None else []


# ---------------------------------------------------------------------------------------------------------- building a loop


@export("while_loop")
def while_loop(cond, body, loop_vars, shape_invariants=None, parallel_iterations=10, back_prop=True, swap_memory=False, name=None,
               maximum_iterations=None, return_same_structure=False):  # fmt: skip
    """Repeats `body` as long as `cond` is true.

    Args:
      cond: a function of the loop variables that returns a boolean scalar.
      body: a function of the loop variables that returns their new values, in the same structure.
      loop_vars: a structure of tensors, `TensorArray`s, sparse tensors: the values at the beginning.
      shape_invariants: the shapes that the loop variables keep, in the same structure, where they become less specific.
      parallel_iterations: how many turns may overlap; they run one after the other here.
      back_prop: whether gradients flow through the loop.
      swap_memory: whether TensorFlow may move values to the host's memory, where they are here anyway.
      name: the name scope.
      maximum_iterations: a limit to the number of turns.
      return_same_structure: whether a single loop variable is returned in the structure of `loop_vars`.

    Returns:
      The values of the loop variables at the end.

    Raises:
      TypeError: `cond` or `body` can't be called, or structures or types differ.
      ValueError: there are no loop variables, or a shape changes.
    """
    if not callable(cond):
        raise TypeError("cond must be callable.")
    if not callable(body):
        raise TypeError("body must be callable.")
    if parallel_iterations < 1:
        raise TypeError("parallel_iterations must be a positive integer.")
    with name_scope(name, "while", [v for v in nest.flatten(loop_vars) if isinstance(v, GraphTensor)]):
        if not loop_vars:
            raise ValueError("No loop variables provided")
        loop = _Loop(cond, body, loop_vars, return_same_structure)
        limit = _checked_limit(maximum_iterations)
        if here.eager:
            return loop.run(limit)
        return loop.build(limit, shape_invariants, back_prop, parallel_iterations)


def _checked_limit(limit):
    if limit is None:
        return None
    limit = convert(limit, name="maximum_iterations")
    if limit.shape.ndims not in (0, None):
        raise ValueError("maximum_iterations must be a scalar, saw shape: %s" % limit.shape)
    return limit


class _Loop:
    """The arguments of one call of `while_loop`.

    Attributes:
      unpacks: whether the only loop variable is returned by itself.
      keeps_structure: whether nothing is ever returned by itself.
      returned: what `body` returned in a graph; the structure of the result is its.
    """

    def __init__(self, cond, body, loop_vars, keeps_structure):
        self.cond, self.body, self.loop_vars, self.keeps_structure = cond, body, loop_vars, keeps_structure
        self.unpacks = len(loop_vars) == 1 and not keeps_structure

    def turn(self, values, limit):
        """The new values of the loop variables, as a sequence even if there is only one."""
        result = self.body(*values)
        if len(self.loop_vars) == 1 and (
            not isinstance(result, list | tuple)
            or hasattr(result, "_fields")
            or limit is not None
            and _is_like(result, self.loop_vars[0])  # TensorFlow passes it on beside its counter
        ):
            result = (result,) if not isinstance(self.loop_vars, list) else [result]
        return result

    # -------------------------------------------------------------------------------------------------------- eagerly

    def run(self, limit):
        limit = None if limit is None else int(limit)
        values, turns, packed = self.loop_vars, 0, False
        while (limit is None or turns < limit) and self.cond(*values):
            result = self.body(*values)
            packed = self.unpacks and not isinstance(result, list | tuple)
            values = (result,) if packed else result
            nest.assert_same_structure(list(self.loop_vars), list(values))
            turns += 1
        values = nest.map_structure(lambda x: x if hasattr(x, "flow") else convert(x), values, expand_composites=True)
        if limit is not None:
            return values[0] if self.unpacks else values
        return values[0] if packed else values

    # ------------------------------------------------------------------------------------------------------ in a graph

    def build(self, limit, invariants, back_prop, parallel_iterations):
        """Adds the operation; the final values of the loop variables."""
        outer = get_default_graph()
        flat = [_loop_tensor(v) for v in nest.flatten(self.loop_vars, expand_composites=True)]
        given = self._invariants(flat, invariants)
        initial, kept = list(flat), list(given)
        if limit is not None:
            initial.insert(0, constant(0, dtypes.int32, name="iteration_counter"))
            kept.insert(0, ())
        # TensorFlow makes two operations for each variable, those of the condition, one, two for each variable, those of the body,
        # and two for each variable.  Here one of two is an input of the condition, of the body, and an operation behind the loop.
        count = len(initial)
        outer.count_more(count)
        condition = self._condition(outer, initial, kept, limit)
        outer.count_more(1 + count)
        body = self._body(outer, initial, kept, limit)
        outer.count_more(count - len(condition.captures.keys() & body.captures.keys()))
        self._check_types(initial[-len(flat) :], body.outputs[-len(flat) :], given, flat)
        before = outer._last_id
        outputs = add_while(initial, condition, body, kept, parallel_iterations, back_prop)
        outer.count_more(before - outer._last_id)
        outputs = [registry["Identity"](t, name="Exit") for t in outputs][len(initial) - len(flat) :]
        packed = nest.pack_sequence_as(self.returned, _rewrap(self.loop_vars, outputs), expand_composites=True)
        if limit is None:  # TensorFlow looks at the number of tensors, of which the counter is one
            return packed[0] if len(flat) == 1 and not self.keeps_structure else packed
        return packed[0] if self.unpacks else packed

    def _invariants(self, flat, invariants):
        """For each flat loop variable its shape invariant; what is known of sparse tensors is not the number of elements."""
        variables = nest.flatten(self.loop_vars)
        if invariants is None:
            wanted = [None] * len(variables)
        else:
            nest.assert_same_structure(self.loop_vars, invariants, expand_composites=False)
            wanted = nest.flatten_up_to(self.loop_vars, invariants, check_types=False)
        found = []
        for v, s in zip(variables, wanted):
            found += _expanded_invariant(v, flat[len(found)], s)
        for t, s in zip(flat, found):
            if not _is_less_specific(t._shape, s):
                raise ValueError(
                    "The shape invariant specified for %s is not compatible with the initial shape of the loop variable. It enters "
                    "the loop with shape %s, but the specified shape invariant is %s."
                    % (t.name, shapes.to_text(t._shape), shapes.to_text(s))
                )
        return found

    def _arguments(self, graph, initial, kept):
        """The loop variables as inputs of a body, flat and in their structure."""
        for t, s in zip(initial, kept):
            inner = graph.add_input(t.dtype, s, "Identity")
            inner._handle_data = known.handle_data(t)
        flat = graph.inputs[: len(initial)]
        count = len(nest.flatten(self.loop_vars, expand_composites=True))
        packed = nest.pack_sequence_as(self.loop_vars, _rewrap(self.loop_vars, flat[-count:]), expand_composites=True)
        return flat, packed

    def _condition(self, outer, initial, kept, limit):
        graph = _LoopGraph(_label(outer) + "_cond", outer)
        with graph.as_default():
            flat, packed = self._arguments(graph, initial, kept)
            is_within = None if limit is None else registry["Less"](flat[0], limit)
            result = convert(self.cond(*packed))
            if limit is not None:
                result = registry["LogicalAnd"](is_within, result)
            graph.outputs = [graph.admit(result, "LoopCond")]
        return graph

    def _body(self, outer, initial, kept, limit):
        graph = _LoopGraph(_label(outer) + "_body", outer)
        with graph.as_default():
            flat, packed = self._arguments(graph, initial, kept)
            ahead = [] if limit is None else [registry["AddV2"](flat[0], 1, name="add")]
            result = self.returned = self.turn(packed, limit)
            nest.assert_same_structure(list(packed), list(result), expand_composites=True)
            consumer = outer._name_stack + "/NextIteration"
            outputs = [graph.admit(convert(_flow_or_self(x)), consumer) for x in nest.flatten(result, expand_composites=True)]
            graph.outputs = ahead + outputs
        return graph

    def _check_types(self, initial, after, given, flat):
        for before, t, s, original in zip(initial, after, given, flat):
            if before.dtype.base_dtype != t.dtype.base_dtype:
                if is_version_2(get_default_graph()):
                    raise TypeError("Loop var %s enters the loop with type %s but has type %s after 1 iteration."
                                    % (before.name, before.dtype.base_dtype, t.dtype.base_dtype))  # fmt: skip
                raise TypeError(
                    "Input tensor '%s' enters the loop with type %s, but has type %s after one iteration."
                    % (before.name, before.dtype.base_dtype.name, t.dtype.base_dtype.name)
                )
            if not _is_less_specific(t._shape, s):
                raise ValueError(_changed_shape(original, t))


def _changed_shape(before, after):
    return (
        "Input tensor '%s' enters the loop with shape %s, but has shape %s after one iteration. To allow the shape to vary across "
        "iterations, use the `shape_invariants` argument of tf.while_loop to specify a less-specific shape."
        % (before.name, shapes.to_text(before._shape), shapes.to_text(after._shape))
    )


def _is_like(a, b):
    """Whether two structures are the same."""
    try:
        nest.assert_same_structure(a, b, expand_composites=True)
    except (TypeError, ValueError):
        return False
    return True


class _LoopGraph(FuncGraph):
    """The body or the condition of a loop: outside of it its tensors have no value."""

    def __init__(self, name, outer_graph):
        super().__init__(name, outer_graph, shares_names=True)

    def let_out(self, tensor, consumer, user=None):
        if self.runs_effects:
            return super().let_out(tensor, consumer, user)
        name, around = tensor.op.name, set(self.around())
        if user is not None and any(isinstance(g, _LoopGraph) and g not in around for g in user.around()):
            why = "they are in different while loops"
        else:
            why = "'%s' is in a while loop" % name
        raise ValueError("Cannot use '%s' as input to '%s' because %s. See info log for more details." % (name, consumer, why))


def is_in_loop(graph):
    """Whether a graph is the body or the condition of a loop, or inside one."""
    return isinstance(graph, FuncGraph) and any(isinstance(g, _LoopGraph) for g in graph.around())


def _label(outer):
    return (outer._name_stack or "while").replace("/", "_")


def _flow_or_self(x):
    return x.flow if hasattr(x, "flow") and hasattr(x, "handle") else x


def _loop_tensor(value):
    """A loop variable's initial value as a tensor."""
    return convert(_flow_or_self(value))


def _rewrap(structure, tensors):
    """Flat tensors, those of TensorArrays as TensorArrays again."""
    leaves = nest.flatten(structure, expand_composites=True)
    return [v._with_flow(t) if hasattr(v, "flow") and hasattr(v, "handle") else t for v, t in zip(leaves, tensors)]


def _expanded_invariant(variable, tensor, invariant):
    """The shapes of a loop variable's parts, those of a composite's components.

    Args:
      variable: the loop variable.
      tensor: its first part, or itself, as a tensor.
      invariant: a shape, a `TensorSpec` or another spec, or None for what is known of the variable.

    Raises:
      TypeError: the spec is one of something else.
    """
    if hasattr(variable, "flow") and hasattr(variable, "handle"):
        return [()]
    if hasattr(variable, "_type_spec"):
        return [s.shape._dims for s in _kept_spec(variable, invariant)._component_specs]
    if isinstance(invariant, TypeSpec) and (not isinstance(invariant, TensorSpec) or tensor.dtype.base_dtype != invariant.dtype):
        kind = "TensorSpec" if isinstance(invariant, TensorSpec) else "TypeSpec"
        raise TypeError("%s %r is not compatible with %r" % (kind, invariant, tensor))
    return [tensor._shape if invariant is None else shapes.as_tuple(getattr(invariant, "shape", invariant))]


def _kept_spec(variable, invariant):
    """The spec that a composite keeps from turn to turn."""
    if invariant is None:
        return variable._type_spec
    if not isinstance(invariant, TypeSpec):
        return variable._shape_invariant_to_type_spec(shapes.as_shape(invariant))
    if not invariant.is_compatible_with(variable):
        raise TypeError("TypeSpec %r is not compatible with %r" % (invariant, variable))
    return invariant


def _is_less_specific(have, kept):
    """Whether a tensor of the static shape `have` fits everywhere where `kept` is promised."""
    if kept is None:
        return True
    if have is None or len(have) != len(kept):
        return False
    return all(k is None or k == h for h, k in zip(have, kept))


_NO_GRADIENT = "EagleNoGradient"
no_gradient(_NO_GRADIENT)


def add_while(initial, condition, body, kept, parallel_iterations, back_prop, name="While"):
    """Adds a `While` to the default graph; the list of the loop variables' final values."""
    graph = get_default_graph()
    count = len(initial)
    heads = [condition.inputs[:count], body.inputs[:count]]
    for b in (condition, body):
        b.inputs = b.inputs[count:]
    captured = share_captures([condition, body])
    for b, head in zip((condition, body), heads):
        b.inputs = head + b.inputs
    initial = [graph.admit(t) for t in initial]
    inputs = [*initial, *captured]
    types = tuple(t.dtype.base_dtype for t in inputs)
    attrs = {
        "T": types,
        "cond": GraphFunction(condition),
        "body": GraphFunction(body),
        "output_shapes": tuple(kept),
        "parallel_iterations": parallel_iterations,
    }
    if not back_prop:
        attrs["_gradient_op_type"] = _NO_GRADIENT
    with control_dependencies(condition.outer_control + body.outer_control):
        node = process.build_node(
            graph, op_definitions.lookup("While"), graph.unique_name(name), inputs, attrs, [t.dtype.base_dtype for t in initial]
        )
    for out, s in zip(node.outputs, kept):
        out._shape = s
    return list(node.outputs)


# --------------------------------------------------------------------------------------------------------------- gradients


class LoopGradientGraph(GradientGraph):
    """The body of a loop's gradient: a value of the forward body that it uses is taken from the list of its turns.

    Attributes:
      turn: the number of the turn, a tensor of this graph.
    """

    def __init__(self, name, outer_graph, node, body):
        super().__init__(name, outer_graph, body)
        self._node = node
        self.turn = None

    def _take(self, tensor):
        body, node = self.forward_body, self._node
        if tensor in body.inputs and body.inputs.index(tensor) >= len(body.outputs):
            return self.admit(node._inputs[body.inputs.index(tensor)])  # a captured tensor is the same in every turn
        turns = self.admit(turns_of(node, tensor))
        with self.as_default():  # a branch inside may be what asks
            return turn_of(turns, self.turn, dtype=tensor.dtype.base_dtype, shape=tensor._shape)


def turns_of(node, tensor):
    """The output of a `While` that lists the values of a tensor of its body; added if there is none."""
    if node._extra is None:
        node._extra = []
    count = len(body_of(node.attrs["body"]).outputs)
    if tensor in node._extra:
        return node.outputs[count + node._extra.index(tensor)]
    out = GraphTensor(node, len(node.outputs), dtypes.variant)
    out._shape = ()
    node.outputs.append(out)
    node._extra.append(tensor)
    node.graph.changed()
    return out


def _gradient(*grads, node):
    """A loop over the turns backwards."""
    body = body_of(node.attrs["body"])
    count = len(body.outputs)
    differentiable = [i for i in range(count) if _has_gradient(body.outputs[i])]
    captured = [i for i in range(count, len(node._inputs)) if _has_gradient(node._inputs[i])]
    start = [_dense(grads[i]) if grads[i] is not None else _zeros_of(node.outputs[i]) for i in differentiable]
    turns = _number_of_turns(node)
    found = _backward_loop(node, body, turns, differentiable, captured, start, dict(enumerate(grads[count:])))
    return tuple(found.get(i) for i in range(len(node._inputs)))


def _has_gradient(tensor):
    dtype = tensor.dtype.base_dtype
    if dtype is dtypes.resource:  # a variable, or the handle of something that has no gradient itself
        return known.handle_data(tensor) is not None
    return dtype.is_floating or dtype.is_complex or dtype is dtypes.variant


def _dense(g):
    return convert(densify(g)) if isinstance(g, IndexedSlices) else g


def _zeros_of(tensor):
    if tensor.dtype.base_dtype is dtypes.resource:
        tensor = registry["ReadVariableOp"](tensor, dtype=known.handle_data(tensor)[0])
    return registry["ZerosLike"](tensor)


def _number_of_turns(node):
    """How many turns the loop took: the length of the list of one of its values."""
    return count_turns(turns_of(node, body_of(node.attrs["body"]).inputs[0]))


def _backward_loop(node, body, turns, differentiable, captured, start, list_gradients):
    """Adds the loop that takes the turns backwards; the gradients by the numbers of the inputs.

    A captured tensor on which nothing depends differentiably has none.
    """
    graph = get_default_graph()
    last = registry["Sub"](turns, 1)
    backward = LoopGradientGraph(body.name + "_grad", graph, node, body)
    with backward.as_default():
        for t in [last, *start]:
            backward.add_input(t.dtype, t._shape, "grad")
        heads = list(backward.inputs)
        backward.turn, *inner = heads
        ys = [body.outputs[i] for i in differentiable]
        seeds = list(inner)
        for number, g in list_gradients.items():
            if g is not None:
                collected = node._extra[number]
                ys.append(collected)
                seeds.append(turn_like(backward.admit(g), backward.turn, backward.admit(collected)))
        found = gradients_between(ys, [body.inputs[i] for i in differentiable + captured], seeds)
        outputs = [registry["Sub"](backward.turn, 1)]
        for g, i in zip(found, differentiable):
            outputs.append(backward.admit(_zeros_inside(backward, body.inputs[i]) if g is None else _dense(g)))
    summed = {i: g for i, g in zip(captured, found[len(start) :]) if g is not None}
    sums = [_zeros_of(node._inputs[i]) for i in summed]
    with backward.as_default():
        additions = [backward.admit(_dense(g)) for g in summed.values()]
        taken = backward.inputs[len(heads) :]
        before = [backward.add_input(t.dtype, t._shape, "grad") for t in sums]
        backward.inputs = heads + before + taken
        backward.outputs = outputs + [registry["AddN"]([b, g]) for b, g in zip(before, additions)]
    initial = [last, *start, *sums]
    condition = FuncGraph(body.name + "_grad_cond", graph, shares_names=True)
    with condition.as_default():
        for t in initial:
            condition.add_input(t.dtype, t._shape, "grad")
        condition.outputs = [registry["GreaterEqual"](condition.inputs[0], 0)]
    results = add_while(initial, condition, backward, [t._shape for t in initial], 1, True)
    return dict(zip([*differentiable, *summed], results[1:]))


def _zeros_inside(backward, tensor):
    return registry["ZerosLike"](backward.admit(tensor))


# ---------------------------------------------------------------------------------------------------------- writing a loop

# In a GraphDef the values of all turns are in a list of TensorFlow's, which is one more loop variable.


def _write(writer, node):
    """TensorFlow's loop returns all that it takes: captured tensors as they are, and the lists of values."""
    condition, body = body_of(node.attrs["cond"]), body_of(node.attrs["body"])
    collected = _collected(node)
    if not collected and len(body.outputs) == len(node._inputs):
        writer.copy(node)
        return
    count, lists = len(body.outputs), [dtypes.variant] * len(collected)
    left_out = writer.variables_passed(node)
    passed = [t for i, t in enumerate(node._inputs) if i not in left_out]

    def finish(inner, names):
        results = [(inner.ref(t), t._dtype.base_dtype) for i, t in enumerate(body.inputs) if i >= count and i not in left_out]
        for name, t in zip(names, collected):
            pushed = inner.add("TensorListPushBack", t.op, [name, inner.ref(t)], "push", element_dtype=t._dtype.base_dtype)
            results.append((inner.output(pushed), dtypes.variant))
        return results

    empty = []
    for t in collected:
        shape = writer.add("Const", node, [], "shape", dtype=dtypes.int32, value=np.array(-1, np.int32))
        limit = writer.add("Const", node, [], "limit", dtype=dtypes.int32, value=np.array(-1, np.int32))
        inputs = [writer.output(shape), writer.output(limit)]
        attrs = {"element_dtype": t._dtype.base_dtype, "shape_type": dtypes.int32}
        empty.append(writer.output(writer.add("EmptyTensorList", node, inputs, "turns", **attrs)))
    writer.add(
        node.type,
        node,
        [*[writer.ref(t) for t in passed], *empty],
        T=tuple(t._dtype.base_dtype for t in passed) + tuple(lists),
        cond=FunctionName(writer.library.add(condition, condition.outputs, lists)),
        body=FunctionName(writer.library.add(body, body.outputs, lists, collected, finish)),
        output_shapes=(),
        parallel_iterations=node.attrs["parallel_iterations"],
    )
    made = writer.nodes[-1]
    for i, t in enumerate(node.outputs):
        writer.replace(t, writer.output(made, i if i < count else i + len(passed) - count))


for _declared in (_while, _stateless_while):
    _declared.writes(_write)
    _declared.emits("numpy")(_emit)
    _declared.emits("xla")(_emit_compiled)
    _declared.grad(_gradient)
