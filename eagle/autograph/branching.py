"""What `if` means where its condition is a graph tensor: an `If` node with the branches' values."""

import numpy as np

from ..core import nest
from ..core.convert import convert
from ..core.func_graph import FuncGraph
from ..core.graph import get_default_graph
from ..core.operation import Operation
from ..core.scopes import name_scope
from ..core.tensor import Tensor
from ..ops.branches import add_branches
from ..ops.tensor_arrays import TensorArray
from .lists import NewList
from .values import FELL, Undefined, as_value, same

_LABELS = ("TRUE", "FALSE")
_CLAUSES = ("if", "else")


class _Branch:
    """One branch, traced.

    Attributes:
      graph: its body.
      values: the values of the variables at its end.
      result: what it returned.
    """

    def __init__(self, function, get_state, set_state, before):
        outer = get_default_graph()
        name = (outer._name_stack or "cond").replace("/", "_")
        self.graph = FuncGraph(name, outer, shares_names=True)
        with self.graph.as_default():
            if set_state is not None:
                set_state(tuple([copied(v) for v in before]))
            self.result = function()
            self.values = list(get_state()) if get_state is not None else []


def copied(value):
    """A value in which lists and dictionaries are copies, so that a branch that changes them leaves the others alone."""
    if isinstance(value, NewList):
        return value.as_staged()
    if isinstance(value, list):
        return [copied(v) for v in value] if type(value) is list else value
    if type(value) is dict:
        return {k: copied(v) for k, v in value.items()}
    return value


def staged_if(condition, body, orelse, get_state, set_state, names):
    """Adds an `If` for an `if` statement; its result is what the branches returned.

    Args:
      condition: a boolean graph tensor.
      body, orelse: functions that run the branches.
      get_state, set_state: functions that get and set the variables that the branches change, or None.
      names: the names of these variables; there may be more of them, which are not used afterwards.

    Raises:
      ValueError: a variable is defined, or a value returned, in one branch only.
      TypeError: a variable has different types or structures in the branches.
    """
    with name_scope(None, "cond", [condition]):
        before = get_state() if get_state is not None else ()
        branches = [_Branch(f, get_state, set_state, before) for f in (body, orelse)]
        _check_defined(branches, names)
        values = [(name, b[0], b[1]) for name, *b in zip(names, *[b.values for b in branches])]
        values.append((None, *_results(branches)))
        merged = _Merge(branches)
        slots = [merged.add(name, a, b) for name, a, b in values]
        outputs = merged.outputs(condition)
    made = [slot(outputs) for slot in slots]
    if set_state is not None:
        set_state((*made[:-1], *before[len(names) :]))
    return made[-1]


def fill(target, values):
    """Gives a list or dictionary new elements; those that are lists or dictionaries themselves stay the same objects."""
    if type(target) is list and type(values) is list:
        target[:] = [_filled(target[i] if i < len(target) else None, v) for i, v in enumerate(values)]
    elif type(target) is dict and type(values) is dict:
        made = {k: _filled(target.get(k), v) for k, v in values.items()}
        target.clear()
        target.update(made)


def _filled(old, new):
    if type(old) is type(new) and type(new) in (list, dict):
        fill(old, new)
        return old
    return new


def _check_defined(branches, names):
    for branch, other, clause in zip(branches, branches[::-1], _CLAUSES):
        missing = [
            n for n, v, w in zip(names, branch.values, other.values) if isinstance(v, Undefined) and not isinstance(w, Undefined)
        ]
        if any(n.startswith("retval__") for n in missing):
            continue  # `_Merge` has a stand-in for it
        if missing:
            raise ValueError(
                "The following symbols must also be initialized in the %s branch: %s. Alternatively, you may initialize them "
                "before the if statement." % (clause, tuple(missing))
            )


def _results(branches):
    """What the branches returned; both or none of them must have returned something."""
    results = [b.result for b in branches]
    if any(r is FELL for r in results) and not all(r is FELL for r in results):
        raise ValueError(
            "In a `try` that has an `else` a branch that depends on a tensor can't return or leave a loop unless all of them do."
        )
    for result, other, clause in zip(results, results[::-1], _CLAUSES):
        if result is None and other is not None and other is not False and other is not True:
            raise ValueError(
                "A value must also be returned from the %s branch. If a value is returned from one branch of a conditional a value "
                "must be returned from all branches." % clause
            )
    if any(r is None for r in results) and any(type(r) is bool for r in results):
        results = [bool(r) for r in results]  # whether a loop is to be left
    return results


class _Merge:
    """The outputs of an `If`, collected variable by variable."""

    def __init__(self, branches):
        self._graphs = [b.graph for b in branches]
        for g in self._graphs:
            g.outputs = []

    def add(self, name, a, b):
        """Takes the values that a variable has in the two branches.

        Returns:
          A function from the node's outputs to the variable's value after it.
        """
        a, b = as_value(a), as_value(b)
        if isinstance(a, Undefined) and isinstance(b, Undefined):
            return lambda outputs: a
        if isinstance(a, Undefined) or isinstance(b, Undefined):
            a, b = self._with_stand_in(a, b)
        try:
            nest.assert_same_structure(a, b, expand_composites=True)
        except (TypeError, ValueError) as e:
            raise TypeError(
                '"%s" does not have the same nested structure in the TRUE and FALSE branches.\n\n%s' % (name or "return value", e)
            ) from None
        leaves = [nest.flatten(x, expand_composites=True) for x in (a, b)]
        slots = [self._leaf(name, x, y) for x, y in zip(*leaves)]
        return lambda outputs: nest.pack_sequence_as(a, [s(outputs) for s in slots], expand_composites=True)

    def _leaf(self, name, x, y):
        is_fixed = not _is_value(x) or name is None and type(x) is bool
        if is_fixed and not isinstance(x, Tensor) and not isinstance(y, Tensor) and same(x, y):
            return lambda outputs: x
        if isinstance(x, TensorArray) and isinstance(y, TensorArray):
            flow = self._tensors(name, x.flow, y.flow)
            return lambda outputs: x._with_flow(flow(outputs))
        return self._tensors(name, x, y)

    def _tensors(self, name, x, y):
        made = []
        for graph, value, label in zip(self._graphs, (x, y), _LABELS):
            with graph.as_default():
                made.append(graph.admit(_as_tensor(value, name, label)))
        x, y = made
        if x.dtype.base_dtype != y.dtype.base_dtype:
            raise TypeError(
                '"%s" has dtype %s in the TRUE branch, but dtype=%s in the FALSE branch. TensorFlow control flow requires that '
                "they are the same." % (name or "return value", x.dtype.base_dtype.name, y.dtype.base_dtype.name)
            )
        position = len(self._graphs[0].outputs)
        for graph, t in zip(self._graphs, made):
            graph.outputs.append(t)
        return lambda outputs: outputs[position]

    def _with_stand_in(self, a, b):
        """Zeros for what a branch that does not return would have returned."""
        defined, graph = (b, self._graphs[0]) if isinstance(a, Undefined) else (a, self._graphs[1])
        with graph.as_default():
            other = nest.map_structure(zeros_of, defined, expand_composites=True)
        return (other, b) if isinstance(a, Undefined) else (a, other)

    def outputs(self, condition):
        """Adds the node; its outputs."""
        return add_branches(condition, self._graphs, "If")


def zeros_of(leaf):
    """Zeros with the type and the static shape (unknown sizes as 0) of a tensor; other values as they are."""
    if not isinstance(leaf, Tensor):
        return leaf
    dtype = leaf.dtype.base_dtype
    shape = [0 if d is None else d for d in leaf._shape or ()]
    return convert(_zeros(shape, dtype), dtype)


def _zeros(shape, dtype):
    return np.full(shape, b"", object) if dtype.np.kind == "O" else np.zeros(shape, dtype.np)


def _is_value(x):
    """Whether something becomes a tensor when branches differ in it, or is a number anyway."""
    return isinstance(x, bool | int | float | complex) or hasattr(x, "dtype")


def _as_tensor(value, name, label):
    if isinstance(value, Operation):
        raise TypeError('"%s" is an operation in the %s branch, which has no value' % (name, label))
    try:
        return convert(value)
    except (TypeError, ValueError) as e:
        raise TypeError(
            '"%s" is %r in the %s branch, which is no tensor and differs from its value in the other branch: %s'
            % (name or "return value", value, label, e)
        ) from None
