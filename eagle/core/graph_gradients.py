"""`tf.gradients`: the operations between two sets of tensors as records for the reverse sweep."""

import enum

import numpy as np

from . import backprop, known, shape as shapes
from .backprop import sweep
from .context import here
from .convert import convert, from_array
from .dispatch import registry
from .export import export
from .gradient_registry import registered
from .graph import get_default_graph
from .indexed_slices import IndexedSlices
from .scopes import NOTHING, name_scope
from .tape import NOT_DIFFERENTIABLE
from .tensor import EagerTensor, GraphTensor, Tensor


@export("AggregationMethod")
class AggregationMethod:
    """Ways to add up several gradients of one tensor; all give the same sum, and Eagle has one way for all."""

    ADD_N = 0
    DEFAULT = ADD_N
    EXPERIMENTAL_TREE = 1
    EXPERIMENTAL_ACCUMULATE_N = 2


@export("UnconnectedGradients")
class UnconnectedGradients(enum.Enum):
    """What stands for the gradient with respect to a tensor on which the target does not depend: None or zeros."""

    NONE = "none"
    ZERO = "zero"


@export("gradients")
def gradients(ys, xs, grad_ys=None, name="gradients", colocate_gradients_with_ops=False, gate_gradients=False,
              aggregation_method=None, stop_gradients=None, unconnected_gradients=UnconnectedGradients.NONE):  # fmt: skip
    """Adds operations that compute the derivatives of the sum of `ys` with respect to each of `xs`.

    Args:
      ys: a tensor or list of tensors to differentiate.
      xs: a tensor, variable or list of them with respect to which.
      grad_ys: the gradients to begin with, one for each of `ys`; by default ones.
      name: the name scope of the new operations.
      colocate_gradients_with_ops: whether they are placed with the operations whose gradients they are.
      gate_gradients: whether the gradients of one operation's inputs are used only when all of them are there.  That is so in any
        case, since operations run in the order in which they were created.
      aggregation_method: an `AggregationMethod`.
      stop_gradients: tensors to take as constants.
      unconnected_gradients: an `UnconnectedGradients`.

    Returns:
      A list with the sum of dy/dx, a tensor or `IndexedSlices` or None, for each x.

    Raises:
      LookupError: an operation in between has no gradient.
      RuntimeError: eager execution is on.
      TypeError, ValueError: arguments don't fit together.
    """
    if here.eager:
        raise RuntimeError("tf.gradients is not supported when eager execution is enabled. Use tf.GradientTape instead.")
    unconnected = unconnected_mode(unconnected_gradients)
    ys, xs, stops = _as_list(ys), _as_list(xs), _as_list(stop_gradients or [])
    grad_ys = [None] * len(ys) if grad_ys is None else _as_list(grad_ys)
    if len(grad_ys) != len(ys):
        raise ValueError("Passed %d grad_ys for %d ys" % (len(grad_ys), len(ys)))
    if aggregation_method not in (None, 0, 1, 2):
        raise ValueError("Invalid aggregation_method specified %s." % aggregation_method)
    with name_scope(name, "gradients", ys + xs + stops + [g for g in grad_ys if g is not None]):
        ys = [_to_tensor(y, "y_%d" % i) for i, y in enumerate(ys)]
        xs = [_to_tensor(getattr(x, "_gradient_source", x), "x_%d" % i, as_ref=True) for i, x in enumerate(xs)]
        around = _Around(colocate_gradients_with_ops)
        found = {}
        for i, (y, g) in enumerate(zip(ys, grad_ys)):
            with around.placed(y.op):
                backprop._add(found, _key(y), _first_gradient(y, g, i))
        stops = {_key(_to_tensor(s, "stop")) for s in stops}
        wanted = [_key(x) for x in xs]
        captures = _Captures(get_default_graph())
        operations, reached = _between(ys, wanted, stops, captures)
        records = [r for op in operations for r in _records(op, reached, captures)]
        sweep(records, found, set(wanted), around)
        return [_result(backprop.total(found, _key(x)), x, unconnected) for x in xs]


def gradients_between(ys, xs, grad_ys):
    """`gradients` of tensors of a body, built in the default graph: the gradient body.

    Args:
      ys: tensors of the forward body.
      xs: tensors of the forward body.
      grad_ys: the gradients to begin with, tensors of the gradient body or of graphs around it.
    """
    around, found, wanted = _Around(False), {}, [_key(x) for x in xs]
    for y, g in zip(ys, grad_ys):
        backprop._add(found, _key(y), g)
    captures = _Captures(None)
    operations, reached = _between(ys, wanted, (), captures)
    sweep([r for op in operations for r in _records(op, reached, captures)], found, set(wanted), around)
    return [backprop.total(found, x) for x in wanted]


def unconnected_mode(value):
    """An `UnconnectedGradients` given as itself or by its value; raises ValueError if it is none."""
    if type(value) is UnconnectedGradients:
        return value
    try:
        return UnconnectedGradients(value)
    except ValueError:
        raise ValueError("Unknown value for unconnected_gradients: %r" % value) from None


def _as_list(x):
    return list(x) if isinstance(x, (list, tuple)) else [x]


def _to_tensor(x, name, as_ref=False):
    return x if isinstance(x, (Tensor, IndexedSlices)) else convert(x, None, name, as_ref=as_ref)


def _key(x):
    """What stands for a tensor in the sweep: a ref variable's reference and the values read from it are different tensors."""
    return x.values if isinstance(x, IndexedSlices) else x


def _result(gradient, x, unconnected):
    if gradient is not None or unconnected is UnconnectedGradients.NONE:
        return gradient
    handle = known.handle_data(x) if x.dtype.name == "resource" else None
    if handle is not None:
        return registry["Fill"](registry["VariableShape"](x), from_array(handle[0].np.type(0), "zero"))
    return registry["ZerosLike"](x)


def _first_gradient(y, gradient, index):
    """The gradient that the sweep begins with: the one given, checked, or ones."""
    dtype = y.dtype.base_dtype
    if gradient is None:
        if dtype.is_complex:
            raise TypeError("Gradients of complex tensors must set grad_ys (y.dtype = %r)" % y.dtype)
        known_shape = shapes.is_known(y._shape)
        shape = from_array(np.array(y._shape, np.int32), "Shape") if known_shape else registry["Shape"](y)
        return registry["Fill"](shape, from_array(dtype.np.type(1), "grad_ys_%d" % index))
    gradient = _to_tensor(gradient, "grad_y_%d" % index)
    given = gradient.dtype.base_dtype
    if dtype.is_floating or dtype.is_integer:
        if not given.is_floating and not given.is_integer:
            raise TypeError("Gradient type %s generated for real or integer-valued tensor %s with type %s must be real or integer"
                            % (given.name, y, dtype.name))  # fmt: skip
    elif dtype.is_complex:
        if not given.is_complex:
            raise TypeError("Gradient type %s generated for complex-valued tensor %s with type %s must be real"
                            % (given.name, y, dtype.name))  # fmt: skip
    elif dtype.name not in ("variant", "resource"):
        raise TypeError("Tensor %s with type %s must be numeric to obtain a default gradient" % (y, dtype.name))
    if isinstance(gradient, IndexedSlices):
        return gradient
    return registry["Identity"](gradient, name="grad_ys_%d" % index)


# --------------------------------------------------------------------------------------------- which operations, and how


def _is_trainable(tensor):
    dtype = tensor._dtype.base_dtype
    return dtype.is_floating or dtype.is_complex or dtype.name in ("resource", "variant")


class _Captures:
    """The outer tensors that stand for inputs in a graph and the graphs around it, through which dependence goes on.

    Attributes:
      inside: outer tensor -> the inputs that stand for it.
      outside: operation of such an input -> the outer tensor.
      depth: graph -> how many of these graphs are around it.
    """

    def __init__(self, graph):
        self.inside, self.outside, chain = {}, {}, [graph]
        while getattr(chain[-1], "building_function", False):
            for outer, inner in chain[-1].captures.items():
                self.inside.setdefault(outer, []).append(inner)
                self.outside[inner.op] = outer
            chain.append(chain[-1].outer_graph)
        self.depth = {g: -i for i, g in enumerate(chain)}


def reachable(xs, stops=(), operations=None, captures=None):
    """The tensors that depend on xs, themselves included; `operations` collects the operations that take one of them.

    Nothing depends on tensors of types that have no gradients.
    """
    reached, operations = set(xs), set() if operations is None else operations
    stack = [x for x in xs if isinstance(x, EagerTensor) or _is_trainable(x)]
    while stack:
        tensor = stack.pop()
        dependent = list(captures.inside.get(tensor, ())) if captures is not None and captures.inside else []
        operations.update(t.op for t in dependent)
        for op in () if isinstance(tensor, EagerTensor) else tensor._consumers or ():
            if op not in operations:
                operations.add(op)
                dependent += op.outputs
        for t in dependent:
            if t not in reached and t not in stops and _is_trainable(t):
                reached.add(t)
                stack.append(t)
    return reached


def _between(ys, xs, stops, captures):
    """The operations on the ways from xs to ys, in order, and the tensors that depend on xs."""
    operations = set()
    reached = reachable(xs, stops, operations, captures)
    found, stack = set(), [_key(y).op for y in ys if isinstance(_key(y), GraphTensor)]
    stopping = {t.op for t in stops}
    while stack:
        op = stack.pop()
        if op in operations and op not in found and op not in stopping:
            found.add(op)
            stack += [t.op for t in op._inputs if t in reached]
            outer = captures.outside.get(op)
            if isinstance(outer, GraphTensor):
                stack.append(outer.op)
    depth = captures.depth
    return sorted(found, key=lambda op: (depth.get(op.graph, 0), op._id)), reached


def _records(op, reached, captures):
    """The records of one operation."""
    if op in captures.outside:
        yield op.outputs[0], captures.outside[op], None, (), None, None, op
        return
    output = op.outputs[0] if len(op.outputs) == 1 else tuple(op.outputs)
    override = op.attrs.get("_gradient_op_type")
    function = registered(override or op.type)
    spec = op.spec
    if function is None and override is not None:
        raise LookupError("gradient registry has no entry for: %s" % override)
    targets = tuple([t if t in reached else None for t in op._inputs])
    if function is NOT_DIFFERENTIABLE or function is None and spec is not None and spec.joint_rule is NOT_DIFFERENTIABLE:
        return
    if function is not None:
        yield output, targets, _Plain(lambda *grads: _checked(function(op, *grads), op), True), (), None, None, op
    elif spec is None or spec.joint_rule is None and not spec.rules:
        raise LookupError("No gradient defined for operation '%s' (op type: %s)" % (op.name, op.type))
    elif spec.joint_rule is not None:
        yield output, targets, _Bound(op, spec.joint_rule, None, targets), (), None, None, op
    else:
        for i, rule in spec.rules.items():
            position = i if "l" not in spec.kinds else sum(spec.counts(op)[:i])
            target = targets[position]
            if target is not None:
                if not _passes(rule, output, target):
                    bound = _Bound(op, rule, position)
                else:
                    bound = None if rule.takes_slices else _PASS
                yield output, target, bound, (), None, None, op


def _passes(rule, output, target):
    """Whether a rule gives the gradient of an operation's one output as it is to an input, whose shape is known to fit."""
    return rule.passes and type(output) is not tuple and target._shape == output._shape and shapes.is_known(target._shape)


class _Plain:
    """A function of the gradients of an operation's outputs, one by one, in the place of a rule."""

    lists = False

    def __init__(self, function, takes_slices):
        self.function, self.takes_slices = function, takes_slices

    def per_output(self, gradients):
        return gradients


_PASS = _Plain(lambda g: g, False)


def _checked(gradients, op):
    """What a registered gradient function returned, one entry for each input."""
    gradients = _as_list(gradients)
    if len(gradients) != len(op._inputs):
        raise ValueError("Num gradients %d generated for op %s do not match num inputs %d"
                         % (len(gradients), op.node_def, len(op._inputs)))  # fmt: skip
    return tuple(gradients)


class _Bound:
    """A rule bound to an operation of a graph: it finds what the rule names among the operation's tensors."""

    lists = False
    takes_slices = True

    def __init__(self, op, rule, index, targets=()):
        self.op, self.rule, self.index, self.targets = op, rule, index, targets

    def per_output(self, gradients):
        return gradients  # one by one: the rule's operation knows which belong together

    def function(self, *grads):
        op, rule = self.op, self.rule
        rule.resolve()
        if not rule.takes_slices:
            grads = [backprop.densify(g) for g in grads]
        if not rule.asks_node:
            grads = rule.per_output(grads)
        kept = [self._kept(what, i) for what, i in rule.wants]
        attrs = {n: op.attrs[n] for n in rule.attr_names}
        if rule.asks_needs:
            attrs["needs"] = self._needs()
        if rule.asks_node:
            attrs["node"] = op
        result = rule.function(*grads, *kept, **attrs)
        if result is None or self.index is None:
            return result
        operand = op._inputs[self.index]
        if type(result) is GraphTensor and result._shape == operand._shape and shapes.is_known(result._shape):
            return result
        if op.spec.broadcasts and not isinstance(result, IndexedSlices):
            result = self._sum_back(result, operand)
        if isinstance(result, GraphTensor) and operand._dtype.base_dtype.name != "resource":
            self._agree(result, operand)
        return result

    def _needs(self):
        """For each input of the op whether the gradient of (one of) its tensors is asked for."""
        needs, position = [], 0
        for count in self.op.spec.counts(self.op):
            needs.append(any(t is not None for t in self.targets[position : position + count]))
            position += count
        return tuple(needs)

    def _sum_back(self, result, operand):
        if shapes.is_known(result._shape) and shapes.is_known(operand._shape):
            return backprop.sum_to_shape(result, operand._shape)
        others = [t._shape for t in self.op._inputs if t is not operand]
        axes = backprop.stretched_axes(operand._shape, others)
        if axes is None:
            return registry["EagleSumLike"](result, operand)
        ahead = tuple(a for a in axes if a < 0)
        if len(axes) > len(ahead):
            result = registry["Sum"](result, tuple(a for a in axes if a >= 0), keep_dims=True)
        return registry["Sum"](result, tuple(range(len(ahead)))) if ahead else result

    def _agree(self, result, operand):
        merged = shapes.merge(result._shape, operand._shape)
        if merged is shapes.CONTRADICTION:
            raise ValueError("Incompatible shapes between op input and calculated input gradient.  Forward operation: %s.  Input "
                             "index: %d. Original input shape: %s.  Calculated input gradient shape: %s"
                             % (self.op.name, self.index, operand.shape, result.shape))  # fmt: skip
        result.set_shape(merged)

    def _kept(self, what, index):
        op, spec = self.op, self.op.spec
        if what == "input" and "l" not in spec.kinds:
            return op._inputs[index]
        if what[0] != "o":
            counts = spec.counts(op)
            start = sum(counts[:index])
            group = op._inputs[start : start + counts[index]]
            is_list = spec.definition.inputs[index].is_list
            if what == "host":
                return _host_or_tensor(group[0])
        else:
            group, is_list = op.outputs, spec.definition.outputs[index].is_list
            group = group if is_list else group[index : index + 1]
        if what[-5:] == "shape":
            group = [_shape_of(t) for t in group]
        return list(group) if is_list else group[0]


def _host_or_tensor(tensor):
    value = known.host(tensor)
    return tensor if value is None else value


def _shape_of(tensor):
    """The shape of a tensor as a tuple, or where it is not fully known as a tensor."""
    return tensor._shape if shapes.is_known(tensor._shape) else registry["Shape"](tensor)


class _Around:
    """Called with an operation, gives the context manager in which its gradient is built: name scope, colocation."""

    def __init__(self, colocates):
        self._colocates = colocates
        self._scopes = {}  # operation -> the scope of its gradient
        self._entered = []

    def placed(self, op):
        return get_default_graph().colocate_with(op) if self._colocates else NOTHING

    def __call__(self, op):
        self._op = op
        return self

    def __enter__(self):
        op, graph = self._op, get_default_graph()
        placed = self.placed(op)
        placed.__enter__()
        self._entered.append((graph, placed, graph._name_stack, graph._default_original_op))
        scope = self._scopes.get(op)
        if scope is None:
            scope = self._scopes[op] = graph.unique_name(op._name + "_grad")
        graph._name_stack, graph._default_original_op = scope, op

    def __exit__(self, *error):
        graph, placed, graph._name_stack, graph._default_original_op = self._entered.pop()
        placed.__exit__(*error)
