"""Cuts a plan where it acts on the world: parts that may be compiled, and between them what only NumPy and Python can do.

Operations of one kind are moved together as far as edges and effects allow.  Effects keep the order in which the program created
them: those on the world among each other, and what reads or changes a variable with respect to that variable.
"""

import numpy as np

from ..core import dtypes
from .effects import bodies_of
from .plan import PartPlan, Plan, known_outputs

# Operations that compute nothing: each part that needs one has its own.
_SOURCES = {"Const", "VariableV2", "Variable", "VarHandleOp"}
# Operations that only hand values on: a plan of nothing else on the device is not worth compiling, and better takes one at a time.
_MOVES = {"Assign", "AssignVariableOp", "Identity", "IdentityN", "NoOp", "ReadVariableOp", "Reshape"}


def is_compilable(op, inputs=()):
    """Whether an operation may be part of a compiled program; `inputs` are the operations that stand for fed tensors."""
    if op in inputs:
        return True
    spec = op.spec
    if spec is None:
        return False
    if not all(map(_is_own, op._inputs)):
        return False
    if op.type == "Const" or "xla" in spec.emitters:
        return all(map(_is_numeric, seen_inputs(op))) and all(map(_is_compilable_body, bodies_of(op)))
    if spec.is_host or "numpy" in spec.emitters or (spec.asks_state or spec.is_stateful) and not spec.compiles:
        return False
    if any(argument.is_ref for argument in spec.definition.inputs):
        return False
    return all(map(_is_numeric, (*op._inputs, *op.outputs)))


def _is_own(tensor):
    """Whether a tensor is no reference to a variable that only the host knows."""
    return not tensor._dtype._is_ref_dtype or is_variable(tensor)


def _is_numeric(tensor):
    dtype = tensor._dtype.base_dtype.np
    return not isinstance(dtype, np.dtype) or dtype.kind != "O"


def _is_compilable_body(body):
    inputs = {t.op for t in body.inputs}
    plan = Plan(body.inputs, [t for t in body.outputs if t is not None])
    return all(known_outputs(op) is not None or is_compilable(op, inputs) for op in seen_operations(plan))


def seen_operations(plan):
    """The operations of a plan without those that only tell what a failed check would show, or only order others."""
    fed = set(plan.feeds)
    needed = {t.op for t in plan.fetches if t not in fed} | set(plan.targets)
    for op in reversed(plan.operations):
        if op in needed or _has_effect(op):
            needed.add(op)
            if known_outputs(op, plan.replaced) is None:
                needed.update(t.op for t in seen_inputs(op) if t not in fed)
    return [op for op in plan.operations if op in needed]


def _has_effect(op):
    spec = op.spec
    return spec is None or spec.is_stateful or any(t._dtype._is_ref_dtype for t in op._inputs)


def seen_inputs(op):
    """The inputs that a compiled program computes for an operation: not what is known and only told when a check fails."""
    spec = op.spec
    if spec is None or not spec.unseen:
        return op._inputs
    found, position = [], 0
    for name, count in zip(spec.input_names, spec.counts(op)):
        group = op._inputs[position : position + count]
        found += [t for t in group if known_outputs(t.op) is None] if name in spec.unseen else group
        position += count
    return found


class Part:
    """Operations of a plan that run together.

    Attributes:
      compiles: whether they may be compiled.
      operations: the operations, in order.
    """

    def __init__(self, compiles):
        self.compiles = compiles
        self.operations = []

    @property
    def is_worth_compiling(self):
        """Whether it may be compiled and computes anything."""
        return self.compiles and any(op.type not in _MOVES for op in self.operations)

    def plan(self, whole):
        """The part as a `Plan`; fed is what it uses of others, fetched what others use of it.

        Args:
          whole: the plan that it is a part of.
        """
        own, sources, aliases, feeds = set(self.operations), {}, {}, {}
        fed, others = set(whole.feeds), set(whole.operations) - own
        stack = [t for op in self.operations for t in op._inputs]
        while stack:
            t = stack.pop()
            op = t.op
            if t not in fed and (op in own or op in sources):
                continue
            if t in fed or not _is_source(t, whole):
                feeds[t] = True
            elif op.type == "Identity" or op.type in _SOURCES or known_outputs(op, whole.replaced) is not None:
                sources[op] = True
                if known_outputs(op, whole.replaced) is None:
                    stack += op._inputs
            else:
                aliases[t] = root(t)
                stack.append(root(t))
        fetched = set(whole.fetches)
        fetches = [t for op in self.operations for t in op.outputs if t in fetched or _is_used_by(t, others, whole)]
        operations = sorted([*sources, *self.operations], key=lambda op: op._id)
        return PartPlan(sorted(feeds, key=_age), fetches, operations, whole.replaced, aliases)


def _age(tensor):
    return tensor.op._id, tensor.value_index


def _is_source(tensor, plan):
    """Whether every part that uses a tensor has it without being given it: it is known, or a variable."""
    return known_outputs(tensor.op, plan.replaced) is not None or is_variable(tensor)


def _is_used_by(tensor, others, plan):
    """Whether a tensor must be given to one of these operations."""
    return not _is_source(tensor, plan) and not others.isdisjoint(tensor._consumers or ())


def parts_of(plan, on_host=()):
    """Cuts a plan.

    Args:
      plan: the `Plan`.
      on_host: operations that turned out not to be compilable.

    Returns:
      A list of `Part`, in which those that may be compiled and others alternate.
    """
    fed = set(plan.feeds)
    levels = {}  # operation -> the number of its part
    last = {}  # variable, or "world" -> the numbers of the parts that last changed and accessed it
    parts = [Part(False)]
    for op in seen_operations(plan):
        if op.type in _SOURCES or known_outputs(op, plan.replaced) is not None:
            continue
        compiles = op not in on_host and is_compilable(op)
        least = [levels[t.op] for t in seen_inputs(op) if t not in fed and t.op in levels]
        least += [levels[c] for c in op._control_inputs if c in levels]
        accessed, changed = _accesses(op)
        least += [last[a][0] for a in accessed if a in last] + [last[c][1] for c in changed if c in last]
        level = max(least, default=0)
        if parts[level].compiles != compiles:
            level += 1
        while len(parts) <= level:
            parts.append(Part(not parts[-1].compiles))
        parts[level].operations.append(op)
        levels[op] = level
        for a in accessed:
            last[a] = last.get(a, (0, 0))[0], max(level, last.get(a, (0, 0))[1])
        for c in changed:
            last[c] = level, level
    return [p for p in parts if p.operations]


def small_feeds(plan, op, values):
    """The feeds of few integers or booleans, by number, on which alone the inputs of an operation depend; none if there are others.

    Args:
      plan: the `Plan`.
      op: the operation.
      values: the values of the feeds.
    """
    numbers = {t: i for i, t in enumerate(plan.feeds)}
    found, seen, stack = set(), set(), list(op._inputs)
    while stack:
        t = stack.pop()
        if t in numbers:
            value = np.asarray(values[numbers[t]])
            if value.dtype.kind in "iub" and value.size <= 16:
                found.add(numbers[t])
        elif t.op not in seen:
            seen.add(t.op)
            stack += t.op._inputs
    return found


def root(tensor):
    """The tensor of the variable that a ref tensor or handle is, or from which a tensor is just read."""
    while True:
        op = tensor.op
        if op.type == "Identity" or tensor._dtype._is_ref_dtype and op._inputs:
            if not op._inputs[0]._dtype._is_ref_dtype and op._inputs[0]._dtype.base_dtype.name != "resource":
                return tensor
            tensor = op._inputs[0]
        else:
            return tensor


def is_variable(tensor):
    return root(tensor).op.type in _SOURCES - {"Const"}


def _accesses(op):
    """The variables that an operation reads or changes, and those, and "world", that it changes."""
    accessed = {root(t) for t in op._inputs if is_variable(t) or t._dtype is dtypes.resource}
    if op.type in ("ReadVariableOp", "VariableShape", "Identity", "VarIsInitializedOp", "IsVariableInitialized"):
        return accessed, ()
    changed = {root(t) for t in op._inputs if t._dtype._is_ref_dtype or t._dtype.base_dtype.name == "resource"}
    if not is_compilable(op) and _has_effect(op):
        changed.add("world")
    return accessed | changed, changed
