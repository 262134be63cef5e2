"""Which operations must run for some fetches, and in which order.

A plan is made once for a set of fetches and feeds.  Its operations run in the order in which the program created them: that is
an order that edges allow, and it gives effects the meaning that the same lines have eagerly.  Only what may have to wait for
other threads (a queue's elements) comes as late as edges allow, in a plain graph: nothing that could run waits with it.
"""

import heapq

import numpy as np

from ..core import errors, known
from ..core.func_graph import FuncGraph


class Plan:
    """What must run.

    Attributes:
      feeds: the tensors that are fed, in the order of the values.
      fetches: the tensors whose values are wanted.
      targets: operations that must run although nothing is fetched from them.
      operations: the operations to run, in order.
      aliases: ref tensors whose operations are not in the plan -> the variables that they are.
      replaced: tensors that the graph alone would make known before the run, but that depend on something that is fed.

    Args:
      feeds, fetches, targets: see above.
      replaced: those of the feeds whose values may differ from what the graph makes known; by default all.
    """

    aliases = {}

    def __init__(self, feeds, fetches, targets=(), replaced=None):
        self.feeds = list(feeds)
        self.fetches = list(fetches)
        self.targets = list(targets)
        self.replaced = _depending([t for t in (self.feeds if replaced is None else replaced) if known.value(t) is not None])
        self.operations = _in_order(_needed(set(self.feeds), self.fetches, self.targets, self.replaced), set(self.feeds))


class PartPlan(Plan):
    """Some operations of a plan.

    Args:
      feeds, fetches: as of `Plan`.
      operations: the operations, in order.
      replaced, aliases: see `Plan`.
    """

    def __init__(self, feeds, fetches, operations, replaced, aliases):
        self.feeds, self.fetches, self.targets = feeds, fetches, []
        self.operations, self.replaced, self.aliases = operations, replaced, aliases


def _depending(tensors):
    """The tensors whose values depend on those of some tensors, these among them."""
    found, stack = set(tensors), list(tensors)
    while stack:
        for op in stack.pop()._consumers or ():
            if op.spec is not None and op.spec.known_rule is not None:
                continue  # known by the static shape of its input, which whatever is fed must have
            for t in op.outputs:
                if t not in found:
                    found.add(t)
                    stack.append(t)
    return found


def _needed(fed, fetches, targets, replaced):
    """The operations on which the fetches and targets depend, where feeds cut the graph.

    An operation that only ordering edges ask for need not run if it is a placeholder that is fed.
    """
    stack = [t.op for t in fetches if t not in fed] + list(targets)
    found = set(stack)
    while stack:
        op = stack.pop()
        is_known = known_outputs(op, replaced) is not None
        for t in () if is_known else op._inputs:
            if t.op not in found and t not in fed:
                found.add(t.op)
                stack.append(t.op)
        for c in [c for o in (_behind(op) if is_known else (op,)) for c in o._control_inputs]:
            if c not in found and not (c.outputs and c.outputs[0] in fed and not c._inputs):
                found.add(c)
                stack.append(c)
    return found


def _behind(op):
    """An operation whose value is known, and those on which it depends that are known too: they need not run, but wait."""
    found, stack = {op}, [op]
    while stack:
        for t in stack.pop()._inputs:
            if t.op not in found and known_outputs(t.op) is not None:
                found.add(t.op)
                stack.append(t.op)
    return found


def known_outputs(op, replaced=()):
    """The values of an operation's outputs if they are known before the run, so that its inputs need not be computed."""
    if replaced and any(t in replaced for t in op.outputs):
        return None
    if not op.outputs or op.outputs[0]._dtype._is_ref_dtype or any(map(_is_variable, op._inputs)):
        return None  # a variable must be there, even for what its static shape tells
    values = [known.value(t) for t in op.outputs]
    return None if any(v is None for v in values) else [np.asarray(v) for v in values]


def _is_variable(tensor):
    """Whether a tensor is a variable or was just read from one."""
    return tensor._dtype._is_ref_dtype or tensor.op.type == "ReadVariableOp" or (
        tensor.op.type == "Identity" and tensor.op._inputs[0]._dtype._is_ref_dtype
    )  # fmt: skip


def _in_order(operations, fed):
    """The operations by age; where an edge was added later against that order, edges come first."""
    ordered = sorted(operations, key=lambda op: op._id)
    if any(op.spec is not None and op.spec.waits for op in ordered) and not isinstance(ordered[0].graph, FuncGraph):
        return _topological(ordered, operations, fed)
    done = set()
    for op in ordered:
        if any(p not in done for p in _before(op, operations, fed)):
            return _topological(ordered, operations, fed)
        done.add(op)
    return ordered


def _before(op, operations, fed):
    for t in op._inputs:
        if t not in fed and t.op in operations:
            yield t.op
    for c in op._control_inputs:
        if c in operations:
            yield c


def _turn(op):
    return 0 if op.spec is None else op.spec.waits, op._id


def _topological(ordered, operations, fed):
    """The oldest operation whose predecessors are done, again and again; what may have to wait only if there is no other."""
    waiting = {op: set(_before(op, operations, fed)) for op in ordered}
    followers = {}
    for op, before in waiting.items():
        for p in before:
            followers.setdefault(p, []).append(op)
    ready = [_turn(op) for op in ordered if not waiting[op]]
    by_id = {op._id: op for op in ordered}
    heapq.heapify(ready)
    result = []
    while ready:
        op = by_id[heapq.heappop(ready)[1]]
        result.append(op)
        for f in followers.get(op, ()):
            waiting[f].discard(op)
            if not waiting[f]:
                heapq.heappush(ready, _turn(f))
    if len(result) < len(ordered):
        stuck = next(op for op in ordered if waiting[op])
        raise errors.InvalidArgumentError(stuck.node_def, stuck, "Graph is invalid, contains a cycle through node %r" % stuck.name)
    return result
