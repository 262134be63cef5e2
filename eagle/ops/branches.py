"""The ops of branches: `If`, and `Case` for more than two.

Each branch is the body of a function, an attribute of the node.  What users call is in cond.py.
"""

import functools

import numpy as np

from ..core import dtypes, known, op_definitions, shape as shapes
from ..core.attributes import FunctionName
from ..core.backprop import densify
from ..core.context import process
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.dtypes import VARIANT, Handle
from ..core.errors import NotYetError
from ..core.func_graph import GradientGraph, GraphFunction, body_of
from ..core.graph import get_default_graph
from ..core.graph_gradients import gradients_between
from ..core.indexed_slices import IndexedSlices
from ..core.op import op
from ..core.scopes import control_dependencies
from ..core.tensor import GraphTensor
from .compiled_flow import branch, nothing


@op("If", ignores=("output_shapes", "Tcond"))
def _if(xp, cond, input, *, then_branch, else_branch, Tin=(), Tout=()):
    raise NotYetError("tf.raw_ops.If: eagerly a branch is Python's own `if`")


@op("StatelessIf", ignores=("output_shapes", "Tcond"))
def _stateless_if(xp, cond, input, *, then_branch, else_branch, Tin=(), Tout=()):
    raise NotYetError("tf.raw_ops.StatelessIf: eagerly a branch is Python's own `if`")


@op("Case", ignores=("output_shapes",))
def _case(xp, branch_index, input, *, branches, Tin=(), Tout=()):
    raise NotYetError("tf.raw_ops.Case: eagerly a branch is Python's own `if`")


def bodies_of(node):
    """The bodies of an `If` (for true, for false) or of a `Case` (for 0, 1, ..., the last one also for all other numbers)."""
    attrs = node.attrs
    return [body_of(f) for f in ((attrs["then_branch"], attrs["else_branch"]) if "then_branch" in attrs else attrs["branches"])]


def _emit(program, node):
    """An `if` statement with the bodies."""
    bodies = bodies_of(node)
    index, *arguments = node._inputs
    index, arguments = program.value(index), list(map(program.expression, arguments))
    wanted = [(i, t) for i, t in enumerate(node.outputs) if program.is_wanted(t)]
    names = [program.local(t) for _, t in wanted]
    block = program.block(node, names)
    if node.type != "Case":
        if node._inputs[0]._dtype.base_dtype is not dtypes.bool_:
            index = "%s(%s)" % (program.bind("is_true", _is_true), index)
        heads = ["if %s:" % index, "else:"]
    else:
        heads = ["%s %s == %d:" % ("elif" if i else "if", index, i) for i in range(len(bodies) - 1)]
        heads.append("else:" if heads else "if True:")
    for head, body in zip(heads, bodies):
        with block.part(head):
            outputs = [body.outputs[i] for i, _ in wanted]
            texts = iter(program.inline(body, arguments, [t for t in outputs if t is not None], node))
            for (_, out), name, t in zip(wanted, names, outputs):
                text = _stand_in(program, out) if t is None else next(texts)
                program.statement(node, "%s = %s" % (name, text), [name])


def _emit_compiled(program, node):
    """A call that chooses among the bodies as functions inside the text."""
    index, *arguments = node._inputs
    index, arguments = program.value(index), list(map(program.expression, arguments))
    wanted = [(i, t) for i, t in enumerate(node.outputs) if program.is_wanted(t)]
    functions, lacking = [], False
    for number, body in enumerate(bodies_of(node)):
        with program.nested(node, "branch_%d" % number) as function:
            outputs = [body.outputs[i] for i, _ in wanted]
            texts = iter(program.inline(body, arguments, [t for t in outputs if t is not None], node))
            results = [program.bind("nothing", nothing) if t is None else next(texts) for t in outputs]
        lacking |= None in outputs
        functions.append((function, results))
    cells = program.set_by([f for f, _ in functions])
    for function, results in functions:
        program.end_nested(node, function, [], results, cells)
    names = [program.local(t) for _, t in wanted] + program.after_nested(node, cells)
    arguments = [index, *[f.name for f, _ in functions], *["lacking=True"] * lacking]
    call = "%s(%s)" % (program.bind("branch", branch), ", ".join(arguments))
    program.statement(node, "%s%s" % ("".join(n + ", " for n in names) + "= " if names else "", call), names)


def _is_true(value):
    """Whether a value that is no boolean counts as true: a number that is not 0, a string or an array that is not empty."""
    return value.size > 0 if getattr(value, "ndim", 0) else bool(value)


def _stand_in(program, tensor):
    """What stands for a value of the branch that is not taken: a zero; only gradients that add up to nothing use it."""
    dtype = tensor._dtype.base_dtype
    if isinstance(dtype.np, np.dtype):
        return program.bind("no_" + dtype.name, b"" if dtype.np.kind == "O" else dtype.np.type())
    return program.bind("nothing", Nothing())


class Nothing(Handle):
    """A variant value of a branch that is not taken."""

    __slots__ = ()
    dtype = VARIANT

    def zeros_like(self):
        return self

    def __add__(self, other):
        return other

    __radd__ = __add__


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


def add_branches(index, bodies, name):
    """Adds an `If` (for a boolean `index`) or a `Case` to the default graph; the list of its outputs.

    Args:
      index: the tensor that chooses the body.
      bodies: the `FuncGraph`s: for an `If` that for true first.  An output may be None in all but one of them.
      name: the node's name.
    """
    graph = get_default_graph()
    index = graph.admit(index)
    captured = share_captures(bodies)
    outputs = [[t for t in group if t is not None] for group in zip(*[body.outputs for body in bodies])]
    types = [group[0].dtype.base_dtype for group in outputs]
    attrs = {"Tin": tuple(t.dtype.base_dtype for t in captured), "Tout": tuple(types), "output_shapes": ()}
    functions = [GraphFunction(body) for body in bodies]
    if index.dtype.base_dtype == dtypes.bool_:
        kind, (attrs["then_branch"], attrs["else_branch"]), attrs["Tcond"] = "If", functions, index.dtype.base_dtype
    else:
        kind, attrs["branches"] = "Case", functions
    with control_dependencies([waits for body in bodies for waits in body.outer_control]):
        node = process.build_node(graph, op_definitions.lookup(kind), graph.unique_name(name), [index, *captured], attrs, types)
    let_bodies_out(node, bodies)
    return node.outputs


def let_bodies_out(node, bodies):
    """Lets tensors inside the bodies of a branch's node become its outputs; its outputs get the shapes that they have inside."""
    for body in bodies:
        body.exit = functools.partial(_output_of_body, node, body)
    for out, *group in zip(node.outputs, *[body.outputs for body in bodies]):
        out._shape = functools.reduce(shapes.relax, [t._shape for t in group if t is not None])


# --------------------------------------------------------------------------------------------------------------- gradients


class _BranchGradientGraph(GradientGraph):
    """The body of a branch's gradient: a value of the forward branch that it uses becomes one more output of the `If`."""

    def __init__(self, name, outer_graph, node, body):
        super().__init__(name, outer_graph, body)
        self._node = node

    def _take(self, tensor):
        return super().admit(_output_of_body(self._node, self.forward_body, tensor))


def _output_of_body(node, body, tensor):
    """The output of a branch's node that carries a value from inside one of its bodies; added if there is none."""
    if tensor in body.inputs:
        return node._inputs[1 + body.inputs.index(tensor)]
    if tensor in body.outputs:
        return node.outputs[body.outputs.index(tensor)]
    out = GraphTensor(node, len(node.outputs), tensor.dtype.base_dtype)
    out._shape = tensor._shape
    node.outputs.append(out)
    node.attrs["Tout"] += (tensor.dtype.base_dtype,)
    for other in bodies_of(node):
        other.outputs.append(tensor if other is body else None)
    node.graph.changed()
    return out


def _gradient(*grads, node):
    """The gradient of a branch is a branch: each body's gradient, which asks the forward branch for what it needs of it."""
    graph = get_default_graph()
    made, found = [], []
    for body in bodies_of(node):
        inner = _BranchGradientGraph(body.name + "_grad", graph, node, body)
        with inner.as_default():
            ys = [(y, g) for y, g in zip(body.outputs, grads) if y is not None and g is not None]
            found.append(gradients_between([y for y, _ in ys], body.inputs, [g for _, g in ys]))
        made.append(inner)
    needed = [i for i, pair in enumerate(zip(*found)) if any(g is not None for g in pair)]
    if not needed:
        return (None,) * len(node._inputs)
    for inner, gs in zip(made, found):
        with inner.as_default():
            inner.outputs = [_dense_or_zeros(gs[i], node._inputs[1 + i], inner) for i in needed]
    outputs = dict(zip(needed, add_branches(node._inputs[0], made, node.type + "_grad")))
    return (None, *[outputs.get(i) for i in range(len(node._inputs) - 1)])


def _dense_or_zeros(gradient, like, body):
    """A gradient as a tensor of the body; zeros if there is none."""
    if gradient is None:
        return registry["ZerosLike"](_value_of(body.admit(like)))
    if isinstance(gradient, IndexedSlices):
        gradient = densify(gradient)
    return body.admit(convert(gradient))


def _value_of(tensor):
    """A tensor; for the handle of a variable the variable's value."""
    if tensor.dtype.base_dtype is not dtypes.resource:
        return tensor
    return registry["ReadVariableOp"](tensor, dtype=known.handle_data(tensor)[0])


def _write(writer, node):
    """As it is, but with outputs that are there in every branch."""

    def named(function):
        body = body_of(function)
        if body.as_read():
            return function
        outputs = [out._dtype.base_dtype if t is None else t for t, out in zip(body.outputs, node.outputs)]
        return FunctionName(writer.library.add(body, outputs))

    writer.variables_passed(node)
    if node.type == "Case":
        writer.copy(node, branches=tuple(map(named, node.attrs["branches"])))
    else:
        writer.copy(node, **{name: named(node.attrs[name]) for name in ("then_branch", "else_branch")})


for _declared in (_if, _stateless_if, _case):
    _declared.writes(_write)
    _declared.emits("numpy")(_emit)
    _declared.emits("xla")(_emit_compiled)
    _declared.grad(_gradient)
