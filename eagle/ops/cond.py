"""Branches: `tf.cond` and `tf.case`.

In a graph each branch is the body of a function; the op `If` has both as attributes.  Eagerly a branch is Python's.
"""

import collections
import functools

from ..core import dtypes, known, nest, op_definitions, shape as shapes
from ..core.backprop import densify
from ..core.context import here, process
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.errors import NotYetError
from ..core.export import export
from ..core.func_graph import FuncGraph, GraphFunction
from ..core.graph import get_default_graph
from ..core.graph_gradients import gradients_between
from ..core.indexed_slices import IndexedSlices
from ..core.op import op
from ..core.operation import Operation
from ..core.scopes import control_dependencies, name_scope
from ..core.tensor import EagerTensor, GraphTensor, Tensor
from .flow import with_dependencies
from .printing import Assert


@op("If", ignores=("output_shapes", "Tcond"))
def _if(xp, cond, input, *, then_branch, else_branch, Tin=(), Tout=()):
    raise NotYetError("tf.raw_ops.If: eagerly a branch is Python's own `if`")


@_if.emits
def _(program, node):
    """An `if` statement with the two bodies."""
    emit_branches(program, node, [node.attrs["then_branch"].graph, node.attrs["else_branch"].graph])


def emit_branches(program, node, bodies):
    """Writes an `if` statement for a node whose first input chooses between bodies."""
    condition, *arguments = [program.value(t) for t in node._inputs]
    wanted = [(i, t) for i, t in enumerate(node.outputs) if program.is_wanted(t)]
    names = [program.local(t) for _, t in wanted]
    block = program.block(node, names)
    for head, body in zip(("if %s:" % condition, "else:"), bodies):
        with block.part(head):
            outputs = [body.outputs[i] for i, _ in wanted]
            texts = iter(program.inline(body, arguments, [t for t in outputs if t is not None]))
            for name, t in zip(names, outputs):
                program.statement(node, "%s = %s" % (name, "None" if t is None else next(texts)), [name])


@_if.grad
def _(*grads, node):
    """The gradient of a branch is a branch: each body's gradient, which asks the forward branch for what it needs of it."""
    return (None, *branch_gradients(node, grads))


# ------------------------------------------------------------------------------------------------------- building a branch


@export("cond")
def cond(pred, true_fn=None, false_fn=None, strict=False, name=None, fn1=None, fn2=None):
    """What one of two functions returns.

    Args:
      pred: a scalar: which function.
      true_fn, false_fn: functions without arguments that return tensors (or operations) in the same structure.
      strict: whether a list or tuple of one result stays one.
      name: the name scope.
      fn1, fn2: old spellings of `true_fn` and `false_fn`.

    Returns:
      The result of the function chosen; in a graph tensors in its structure (for an operation a boolean tensor).

    Raises:
      TypeError: a function can't be called, `pred` is a Python bool in a graph, or the structures differ.
      ValueError: a function returns None or nothing, or types differ.
    """
    true_fn, false_fn = _old_spelling(true_fn, fn1, "true_fn", "fn1"), _old_spelling(false_fn, fn2, "false_fn", "fn2")
    for function, label in ((true_fn, "true_fn"), (false_fn, "false_fn")):
        if function is None:
            raise TypeError("cond(): %s argument required" % label)
        if not callable(function):
            raise TypeError("%s must be callable." % label)
    with name_scope(name, "cond", [pred]):
        if here.eager:
            return _unpack_if_single((true_fn if pred else false_fn)(), strict)
        if isinstance(pred, bool):
            raise TypeError("pred must not be a Python bool")
        pred = convert(pred)
        branches = [_Branch(f, label, pred, strict) for f, label in ((true_fn, "true_fn"), (false_fn, "false_fn"))]
        return _join(pred, *branches, strict)


def _old_spelling(value, old, name, old_name):
    if old is None:
        return value
    if value is not None:
        raise TypeError("cond(): %s and %s may not be set simultaneously." % (name, old_name))
    return old


def _unpack_if_single(result, strict):
    if not strict and isinstance(result, list | tuple) and not hasattr(result, "_fields") and len(result) == 1:
        return result[0]
    return result


class _Branch:
    """The body of one branch: its graph, and the structure of what its function returned."""

    def __init__(self, function, label, pred, strict):
        outer = get_default_graph()
        self.graph = FuncGraph("%s_%s" % ((outer._name_stack or "cond").replace("/", "_"), label[:-3]), outer, shares_names=True)
        self.graph.name += "_%d" % id(self.graph)
        summaries = outer.get_collection_ref("_SUMMARY_V2")
        before = list(summaries)
        with self.graph.as_default():
            result = function()
            made = [s for s in summaries if s not in before]
            if result is None:
                raise ValueError("%s must have a return value." % label)
            self.structure = _unpack_if_single(result, strict)
            with control_dependencies(made):
                flat = [self._output(x, pred) for x in nest.flatten(result, expand_composites=True)]
                if made:
                    flat = [registry["Identity"](t) for t in flat]
        summaries[:] = before
        if not flat:
            raise ValueError("true_fn and false_fn must return at least one result.")
        self.graph.outputs = flat

    def _output(self, x, pred):
        """What a branch returned as a tensor of its graph; for an operation the condition, once it has run."""
        if isinstance(x, Operation):
            return with_dependencies([x], self.graph.admit(pred) if pred.op.graph is not self.graph else pred)
        if hasattr(x, "flow") and hasattr(x, "handle"):
            x = x.flow
        tensor = convert(x)
        return tensor if tensor.op.graph is self.graph else self.graph.admit(tensor)


def _join(pred, true, false, strict):
    """Adds the operation for two branches; its outputs in the structure of the first."""
    try:
        nest.assert_same_structure(true.structure, false.structure, expand_composites=True)
    except (TypeError, ValueError) as e:
        raise TypeError("Incompatible return types of true_fn and false_fn: %s" % e) from None
    for a, b in zip(true.graph.outputs, false.graph.outputs):
        if a.dtype.base_dtype != b.dtype.base_dtype:
            raise ValueError("Outputs of true_fn and false_fn must have the same type: %s, %s" % (a.dtype.name, b.dtype.name))
    outputs = add_if(pred, true.graph, false.graph, "If")
    outputs = [registry["Identity"](t, name="Merge") for t in outputs]
    packed = (
        nest.pack_sequence_as(true.structure, outputs, expand_composites=True)
        if nest.is_sequence_or_composite(true.structure)
        else outputs[0]
    )
    return _unpack_if_single(packed, strict)


def share_captures(bodies):
    """Gives several bodies the same inputs: one for each tensor that one of them captures; the captured tensors, in order."""
    captured = list(dict.fromkeys(t for body in bodies for t in body.outer_tensors()))
    for body in bodies:
        by_outer = dict(zip(body.outer_tensors(), body.inputs))
        body.inputs = []
        for t in captured:
            inner = by_outer.get(t)
            if inner is None:
                inner = body._capture(t)  # an input that this body does not use
            else:
                body.inputs.append(inner)
            body.captures[t] = inner
    return captured


def add_if(pred, then_graph, else_graph, name):
    """Adds an `If` with two bodies to the default graph; the list of its outputs."""
    graph = get_default_graph()
    pred = pred if pred.op.graph is graph else graph.admit(pred)
    captured = share_captures([then_graph, else_graph])
    types = [t.dtype.base_dtype for t in then_graph.outputs]
    attrs = {
        "Tcond": pred.dtype.base_dtype,
        "Tin": tuple(t.dtype.base_dtype for t in captured),
        "Tout": tuple(types),
        "then_branch": GraphFunction(then_graph),
        "else_branch": GraphFunction(else_graph),
        "output_shapes": (),
    }
    waits = then_graph.outer_control + else_graph.outer_control
    with control_dependencies(waits):
        node = process.build_node(graph, op_definitions.lookup("If"), graph.unique_name(name), [pred, *captured], attrs, types)
    for out, a, b in zip(node.outputs, then_graph.outputs, else_graph.outputs):
        out._shape = shapes.relax(a._shape, b._shape)
    return node.outputs


# --------------------------------------------------------------------------------------------------------------- gradients


class BodyGradientGraph(FuncGraph):
    """The body of a gradient: an intermediate value of the forward body that it uses becomes one more output of that."""

    def __init__(self, name, outer_graph, forward_node, forward_body):
        super().__init__(name, outer_graph, shares_names=True)
        self._forward_node = forward_node
        self._forward_body = forward_body
        self._taken = {}  # tensor of the forward body -> tensor of this one

    def admit(self, tensor, name=None):
        if isinstance(tensor, EagerTensor) or tensor.op.graph is not self._forward_body:
            return super().admit(tensor, name)
        inner = self._taken.get(tensor)
        if inner is None:
            inner = self._constant(tensor)
            if inner is None:
                inner = super().admit(output_of_body(self._forward_node, self._forward_body, tensor))
            self._taken[tensor] = inner
        return inner


def output_of_body(node, body, tensor):
    """The output of an `If` that carries a value from inside one of its bodies; added if there is none."""
    if tensor in body.inputs:
        return node._inputs[1 + body.inputs.index(tensor)]
    if tensor in body.outputs:
        return node.outputs[body.outputs.index(tensor)]
    out = GraphTensor(node, len(node.outputs), tensor.dtype.base_dtype)
    out._shape = tensor._shape
    node.outputs.append(out)
    node.attrs["Tout"] += (tensor.dtype.base_dtype,)
    for other in (node.attrs["then_branch"].graph, node.attrs["else_branch"].graph):
        other.outputs.append(tensor if other is body else None)
    node.graph.changed()
    return out


def branch_gradients(node, grads):
    """The gradients of an `If` with respect to its inputs behind the condition."""
    graph = get_default_graph()
    bodies = [node.attrs["then_branch"].graph, node.attrs["else_branch"].graph]
    made, found = [], []
    for body in bodies:
        inner = BodyGradientGraph(body.name + "_grad", graph, node, body)
        with inner.as_default():
            ys = [(y, g) for y, g in zip(body.outputs, grads) if y is not None and g is not None]
            found.append(gradients_between([y for y, _ in ys], body.inputs, [g for _, g in ys]))
        made.append(inner)
    needed = [i for i, pair in enumerate(zip(*found)) if any(g is not None for g in pair)]
    if not needed:
        return [None] * (len(node._inputs) - 1)
    for inner, gs in zip(made, found):
        with inner.as_default():
            inner.outputs = [_dense_or_zeros(gs[i], node._inputs[1 + i], inner) for i in needed]
    outputs = dict(zip(needed, add_if(node._inputs[0], *made, "If_grad")))
    return [outputs.get(i) for i in range(len(node._inputs) - 1)]


def _dense_or_zeros(gradient, like, body):
    """A gradient as a tensor of the body; zeros if there is none."""
    if gradient is None:
        return registry["ZerosLike"](_value_of(body.admit(like)))
    if isinstance(gradient, IndexedSlices):
        gradient = densify(gradient)
    gradient = convert(gradient)
    return gradient if gradient.op.graph is body else body.admit(gradient)


def _value_of(tensor):
    """A tensor; for the handle of a variable the variable's value."""
    if tensor.dtype.base_dtype is not dtypes.resource:
        return tensor
    return registry["ReadVariableOp"](tensor, dtype=known.handle_data(tensor)[0])


# --------------------------------------------------------------------------------------------------------------------- case


@export("case")
def case(pred_fn_pairs, default=None, exclusive=False, strict=False, name="case"):
    """What the function with the first true condition returns.

    Args:
      pred_fn_pairs: a list of (boolean scalar, function) pairs, or a dictionary.
      default: the function for the case that no condition is true; without one that is an error.
      exclusive: whether more than one true condition is an error.
      strict: as of `cond`.
      name: the name scope.

    Raises:
      TypeError: the pairs are no pairs of tensors and functions.
      ValueError: there is no pair.
      InvalidArgumentError: (when run) no condition is true, or several are although `exclusive`.
    """
    predicates, actions = _checked_pairs(pred_fn_pairs, exclusive)
    if default is not None and not callable(default):
        raise TypeError("default must be callable.")
    with name_scope(name, "case", predicates):
        if default is None:
            default, predicates, actions = _last_as_default(predicates, actions)
        function = default
        for predicate, action in reversed(list(zip(predicates, actions))):
            function = functools.partial(cond, predicate, true_fn=action, false_fn=function, strict=strict)
        if not exclusive:
            return function()
        with control_dependencies([_assert_at_most_one(predicates)]):
            return function()


def _checked_pairs(pairs, exclusive):
    """The conditions and the functions of a `case`."""
    if not isinstance(pairs, list | tuple | dict):
        raise TypeError("fns must be a list, tuple, or dict")
    if isinstance(pairs, collections.OrderedDict):
        pairs = pairs.items()
    elif isinstance(pairs, dict):
        if here.eager and not exclusive:
            raise ValueError(
                "Unordered dictionaries are not supported for the `pred_fn_pairs` argument when `exclusive=False` and eager mode "
                "is enabled."
            )
        pairs = pairs.items() if here.eager else sorted(pairs.items(), key=lambda item: item[0].name)
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("Each entry in pred_fn_pairs must be a 2-tuple")
        pred, fn = pair
        if isinstance(pred, Tensor):
            if pred.dtype != dtypes.bool_:
                raise TypeError("pred must be Tensor of type bool: %s" % pred.name)
        elif not (here.eager and isinstance(pred, bool)):
            raise TypeError("pred must be a Tensor, got: %s" % (pred,))
        if not callable(fn):
            raise TypeError("fn for pred %s must be callable." % getattr(pred, "name", pred))
    pairs = list(pairs)
    if not pairs:
        raise ValueError("case: no (condition, function) pair was given")
    return [p for p, _ in pairs], [f for _, f in pairs]


def _last_as_default(predicates, actions):
    """For a `case` without default: the last action, which checks that its condition is the true one."""
    *others, predicate = predicates
    *other_actions, action = actions

    def default():
        message = "Input error: None of conditions evaluated as True:"
        with control_dependencies([Assert(predicate, [message, registry["Pack"](list(predicates))])]):
            return action()

    return default, others, other_actions


def _assert_at_most_one(predicates):
    """An assertion that at most one of the conditions is true."""
    stacked = registry["Pack"](list(predicates))
    count = registry["Sum"](registry["Cast"](stacked, DstT=dtypes.int32), 0)
    names = ", ".join(getattr(p, "name", "?") for p in predicates)
    message = "Input error: exclusive=True: more than 1 conditions (%s) evaluated as True:" % names
    return Assert(registry["LessEqual"](count, 1), [message, stacked], summarize=len(predicates))
