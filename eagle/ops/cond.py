"""`tf.cond`.

In a graph each branch is the body of a function (branches.py); eagerly a branch is Python's.
"""

from ..core import dtypes, nest
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.func_graph import FuncGraph
from ..core.graph import get_default_graph
from ..core.indexed_slices import IndexedSlices
from ..core.operation import Operation
from ..core.scopes import control_dependencies, name_scope
from .branches import add_branches
from .control_flow_version import is_version_2
from .flow import with_dependencies


@export("cond")
def cond(pred, true_fn=None, false_fn=None, strict=False, name=None, fn1=None, fn2=None):
    """What one of two functions returns.

    Args:
      pred: a scalar: which function.
      true_fn, false_fn: functions without arguments that return tensors (or operations) in the same structure.
      strict: whether a list or tuple of one result stays one; inside of functions it always does.
      name: the name scope.
      fn1, fn2: old spellings of `true_fn` and `false_fn`.

    Returns:
      The result of the function chosen; in a graph tensors in its structure (for an operation a boolean tensor).

    Raises:
      TypeError: a function can't be called, `pred` is a Python bool in a graph, or the types of the structures differ.
      ValueError: a function returns None or nothing, or structures or types of tensors differ.
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
        outer = get_default_graph()
        strict = strict if not is_version_2(outer) else True
        pred = outer.admit(convert(pred))
        outer.count_more(_BEFORE_BRANCHES)
        branches = [Branch(f, label, pred, strict) for f, label in ((true_fn, "true_fn"), (false_fn, "false_fn"))]
        return _join(pred, *branches, strict)


_BEFORE_BRANCHES = 4  # operations that TensorFlow makes before those of the branches; see `Graph.count_more`


def _old_spelling(value, old, name, old_name):
    if old is None:
        return value
    if value is not None:
        raise TypeError("cond(): %s and %s may not be set simultaneously." % (name, old_name))
    return old


def _unpack_if_single(result, strict):
    if not strict and isinstance(result, list | tuple) and len(result) == 1:
        return result[0]
    return result


class _BranchGraph(FuncGraph):
    """The body of a branch; `label` is the name of the argument that it came from."""

    def __init__(self, label, outer_graph):
        name = (outer_graph._name_stack or "cond").replace("/", "_")
        super().__init__("%s_%s" % (name, label.removesuffix("_fn").replace(" ", "_")), outer_graph, shares_names=True)
        self.label = label

    def let_out(self, tensor, consumer, user=None):
        if self.exit is None and isinstance(user, _BranchGraph):
            if not is_version_2(self):  # it has no value then; that matters only if the other branch is taken
                return user._detached(user.unique_name("unavailable"), tensor._dtype, tensor._shape)
            name = tensor.name.removeprefix(self.outer_graph._name_stack + "/")  # as it is called inside
            raise ValueError("Tensor %s in %s is accessed from %s." % (name, self.label, user.label))
        return super().let_out(tensor, consumer, user)


class Branch:
    """The body of one branch: its graph, and the structure of what its function returned."""

    def __init__(self, function, label, index, strict):
        outer = get_default_graph()
        self.label = label
        self.graph = _BranchGraph(label, outer)
        summaries = outer.get_collection_ref("_SUMMARY_V2")
        before = list(summaries)
        with self.graph.as_default():
            result = function()
            made = [s for s in summaries if s not in before]
            if result is None:
                raise ValueError("%s must have a return value." % label)
            self.structure = _unpack_if_single(result, strict)
            with control_dependencies(made):
                flat = [self._output(x, index) for x in nest.flatten(result, expand_composites=True)]
                if made:
                    flat = [registry["Identity"](t) for t in flat]
        summaries[:] = before
        if not flat:
            raise ValueError("true_fn and false_fn must return at least one result.")
        self.graph.outputs = flat

    def _output(self, x, index):
        """What a branch returned as a tensor of its graph; for an operation the condition, once it has run."""
        if isinstance(x, Operation):
            return with_dependencies([x], self.graph.admit(index))
        if hasattr(x, "flow") and hasattr(x, "handle"):
            x = x.flow
        return self.graph.admit(convert(x))


def _join(pred, true, false, strict):
    """Adds the operation for two branches; its outputs in the structure of the first."""
    widen_indices([true, false])
    if is_version_2(get_default_graph()):
        check_alike(true, false, "true_fn and false_fn", "tf.cond")
    else:
        nest.map_structure(lambda *_: None, true.structure, false.structure)
        try:
            nest.assert_same_structure(true.structure, false.structure, expand_composites=True)
        except (TypeError, ValueError) as e:
            what = "types" if isinstance(e, TypeError) else "values"
            raise type(e)("Incompatible return %s of true_fn and false_fn: %s" % (what, e)) from None
    for a, b in zip(true.graph.outputs, false.graph.outputs):
        if a.dtype.base_dtype != b.dtype.base_dtype:
            raise ValueError("Outputs of true_fn and false_fn must have the same type: %s, %s" % (a.dtype.name, b.dtype.name))
    outer = get_default_graph()
    before = outer._last_id
    outputs = add_branches(pred, [true.graph, false.graph], "If")
    outer.count_more(before - outer._last_id)
    return _unpack_if_single(pack_outputs(true, outputs, "Merge"), strict)


def check_alike(first, other, functions, caller):
    """Raises TypeError unless two branches return the same structure of types.

    Args:
      first, other: the branches.
      functions: what the functions are called in the message.
      caller: the name of the function that they were given to.
    """
    try:
        nest.assert_same_structure(first.structure, other.structure)
        for i, pair in enumerate(zip(nest.flatten(first.structure), nest.flatten(other.structure))):
            if len({isinstance(x, IndexedSlices) for x in pair}) > 1:
                raise _Irreconcilable("Cannot reconcile %s %d-th outputs:\n  branches returned: %s" % (caller, i, pair))
        nest.assert_same_structure(first.structure, other.structure, expand_composites=True)
        for a, b in zip(first.graph.outputs, other.graph.outputs):
            if a.dtype.base_dtype != b.dtype.base_dtype:
                raise TypeError("%s and %s have different types" % (a, b))
    except _Irreconcilable:
        raise
    except (TypeError, ValueError) as e:
        raise TypeError(
            "%s arguments to %s must have the same number, type, and overall structure of return values.\n\n%s output: %s\n\n"
            "%s output: %s\n\nError details:\n%s"
            % (functions, caller, first.label, first.structure, other.label, other.structure, e)
        ) from None


class _Irreconcilable(TypeError):
    """Some branch returns `IndexedSlices` and another a tensor."""


def widen_indices(branches):
    """Makes the indices of `IndexedSlices` that are int32 in one branch and int64 in another int64 in all of them."""
    leaves = [nest.flatten(b.structure) for b in branches]
    if len({len(x) for x in leaves}) > 1:
        return  # the structures differ, which is not told here
    for place, group in enumerate(zip(*leaves)):
        if all(isinstance(x, IndexedSlices) for x in group) and len({x.indices.dtype for x in group}) > 1:
            for branch, own in zip(branches, leaves):
                own[place] = _widened(branch, own, place)
    for branch, own in zip(branches, leaves):
        branch.structure = nest.pack_sequence_as(branch.structure, own)


def _widened(branch, leaves, place):
    """The `IndexedSlices` that a branch returns as the leaf at a place with int64 indices, as which they are an output too."""
    at = 1 + sum([len(nest.flatten(x, expand_composites=True)) for x in leaves[:place]])
    with branch.graph.as_default():
        indices = branch.graph.outputs[at] = registry["Cast"](branch.graph.outputs[at], DstT=dtypes.int64)
    return IndexedSlices(leaves[place].values, indices, leaves[place].dense_shape)


def pack_outputs(branch, outputs, name):
    """The outputs of a branch's node in the structure of what the branch's function returned."""
    outputs = [registry["Identity"](t, name=name) for t in outputs]
    if not nest.is_sequence_or_composite(branch.structure):
        return outputs[0]
    return nest.pack_sequence_as(branch.structure, outputs, expand_composites=True)
