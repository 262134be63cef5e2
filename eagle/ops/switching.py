"""`switch` and `merge`, TensorFlow's first control flow by hand (`tensorflow.python.ops.control_flow_ops`).

TensorFlow does not compute what depends on the output of a `switch` that was not taken.  Here both outputs have the value, and
`merge` finds out by the conditions on the way which of its inputs TensorFlow would have computed.  So `merge` gives the same;
only what has effects, or is fetched by itself, can tell that it was computed nevertheless.
"""

import collections
import functools
import weakref

from ..core import nest
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.indexed_slices import IndexedSlices
from ..core.scopes import name_scope
from ..core.tensor import Tensor
from .case import switch_case

_conditions = weakref.WeakKeyDictionary()  # operation that passes on an output of a switch -> (condition, which output)

Merged = collections.namedtuple("Merge", ["output", "value_index"])


def _leaves(data, dtype=None):
    """The tensors of a tensor, sparse tensor or `IndexedSlices`, and a function that makes such a thing of others."""
    if not isinstance(data, IndexedSlices) and nest.items(data, expand_composites=True) is None or isinstance(data, list | tuple):
        return [convert(data, dtype)], lambda tensors: tensors[0]
    return nest.flatten(data, expand_composites=True), lambda tensors: nest.pack_sequence_as(data, tensors, expand_composites=True)


@export("python.ops.control_flow_ops.switch")
def switch(data, pred, dtype=None, name=None):
    """Passes a value to one of two outputs.

    Args:
      data: a tensor, `SparseTensor` or `IndexedSlices`.
      pred: a boolean scalar tensor.
      dtype: the type of `data`, if it is not a tensor yet.
      name: the name scope.

    Returns:
      `(output_false, output_true)`, of which the one that `pred` says may be used in `merge`.

    Raises:
      RuntimeError: eager execution is on.
    """
    _refuse_eagerly("switch")
    with name_scope(name, "Switch", [pred]):
        pred = convert(pred)
        tensors, pack = _leaves(data, dtype)
        outputs = []
        for taken in (False, True):
            passed = [registry["Identity"](t, name="output_%s" % str(taken).lower()) for t in tensors]
            for t in passed:
                _conditions[t.op] = pred, taken
            outputs.append(pack(passed))
        return tuple(outputs)


@export("python.ops.control_flow_ops.merge")
def merge(inputs, name=None):
    """The one of several values that comes from outputs of `switch` that were taken.

    Args:
      inputs: tensors, `SparseTensor`s or `IndexedSlices` of the same type.
      name: the name scope.

    Returns:
      `(output, value_index)`: the value (that of the first input of which this is true), and its number, an int32 tensor.

    Raises:
      RuntimeError: eager execution is on.
      ValueError: one of the inputs is None.
    """
    _refuse_eagerly("merge")
    if any(x is None for x in inputs):
        raise ValueError("At least one of the merge inputs is None: %s" % (inputs,))
    with name_scope(name, "Merge", None):
        parts = [_leaves(x) for x in inputs]
        if len({len(tensors) for tensors, _ in parts}) > 1:
            raise TypeError("The inputs of merge must be all tensors, all sparse tensors or all IndexedSlices, got %s" % (inputs,))
        taken = registry["Pack"]([_was_taken(tensors) for tensors, _ in parts])
        index = registry["ArgMax"](registry["Cast"](taken, DstT="int32"), 0, output_type="int32")
        choices = [functools.partial(_passed, tensors) for tensors, _ in parts]
        outputs = switch_case(index, choices)
        tensors = list(outputs) if isinstance(outputs, list | tuple) else [outputs]
        return Merged(parts[0][1](tensors), index)


def _passed(tensors):
    return [registry["Identity"](t) for t in tensors]


def _refuse_eagerly(what):
    if here.eager:
        raise RuntimeError("control_flow_ops.%s is for graphs; eagerly use Python's own `if`" % what)


def _was_taken(tensors):
    """A boolean tensor: whether all outputs of switches on which some tensors depend were taken."""
    found, seen, stack = {}, set(), [t.op for t in tensors]
    while stack:
        op = stack.pop()
        if op in seen:
            continue
        seen.add(op)
        if op in _conditions:
            found[_conditions[op]] = None
        stack += [t.op for t in op._inputs if isinstance(t, Tensor)]
    terms = [pred if taken else registry["LogicalNot"](pred) for pred, taken in found]
    return functools.reduce(registry["LogicalAnd"], terms) if terms else convert(True)
