"""What is known about tensors of a graph before it runs: values that follow from constants and static shapes.

Shape rules use it (the axis of a sum, the target of a reshape), and so do gradients and `tf.contrib.util.constant_value`.
"""

import numpy as np

from . import shape as shapes
from .tensor import EagerTensor

LARGEST = 20000  # elements; larger values are left to the run


def value(tensor):
    """The value of a tensor as an array, or None if it is not known (or too large to be worth it)."""
    if type(tensor) is EagerTensor:
        return tensor._v
    found = _remembered(tensor)
    if found is _NOT_TRIED:
        _try(tensor.op)
        found = _remembered(tensor)
    return found


_NOT_TRIED = object()
_FED = frozenset({"PlaceholderWithDefault"})  # another value may be fed


def _remembered(tensor):
    """The value, None if it is known to be unknown, or `_NOT_TRIED`."""
    op = tensor.op
    if op.type == "Const":
        return op.attrs["value"]
    memo = op._known
    if memo is not None:
        return memo[tensor.value_index]
    return None if op in op.graph._unknown else _NOT_TRIED


def _try(op):
    """Finds the outputs of an operation, after those of the operations that it depends on, however many there are."""
    stack = [op]
    while stack:
        op = stack[-1]
        spec = op.spec
        if spec is None or op.graph._mutations and op._control_inputs:
            results = None
        elif spec.known_rule is not None:
            results = spec.known_rule(op)
        elif spec.is_stateful or spec.asks_state or not op._inputs or not spec.foldable or op.type in _FED:
            results = None
        else:
            values, missing = _input_values(op)
            if missing is not None:
                stack.append(missing)
                continue
            results = None if values is None else _fold(op, spec, values)
        stack.pop()
        if results is None:
            op.graph._unknown.add(op)
        else:
            op._known = results


def _input_values(op):
    """The values of an operation's inputs, None if one is unknown; and the operation that must be tried before, or None."""
    values = []
    for t in op._inputs:
        v = _remembered(t)
        if v is _NOT_TRIED:
            return None, t.op
        if v is None or v.size > LARGEST:
            return None, None
        values.append(v)
    return values, None


def _fold(op, spec, values):
    """The outputs of an operation whose inputs are known."""
    try:
        result = spec.numpy(*spec.gather(op, values), **{n: op.attrs[n] for n in spec.attr_names})
    except Exception:  # a value that doesn't fit fails when the graph runs, with the node's name
        return None
    results = list(spec.flatten(result))
    return results if all(getattr(r, "size", LARGEST + 1) <= LARGEST for r in results) else None


def partial(tensor):
    """What is known of an int vector: a tuple with None for unknown elements, or None if even its length is unknown."""
    if type(tensor) is EagerTensor:
        return tuple(int(d) for d in tensor._v.ravel())
    spec = tensor.op.spec
    if spec is not None and spec.partial_rule is not None:
        found = spec.partial_rule(tensor.op)
        if found is not None:
            return found
    known = value(tensor)
    if known is not None:
        return tuple(known.tolist()) if known.ndim == 1 else None
    length = tensor._shape
    return None if not shapes.is_known(length) or len(length) != 1 else (None,) * length[0]


def partial_shape(tensor):
    """The shape that an int vector spells: a tuple with None for unknown sizes (and for -1), or None if its length is unknown."""
    found = partial(tensor)
    return None if found is None else tuple([d if d is not None and d >= 0 else None for d in found])


def host(tensor):
    """A known value as plain Python (int, or nested tuple), or None."""
    known = value(tensor)
    return None if known is None else plain(known)


def plain(array):
    return _tuples(np.asarray(array).tolist())


def _tuples(v):
    return tuple([_tuples(x) for x in v]) if type(v) is list else v


def handle_data(tensor):
    """The type and static shape of the variable whose handle a tensor is, or None if they are not known."""
    if type(tensor) is EagerTensor:
        v = tensor._v
        return (v.element, v.static_shape) if hasattr(v, "element") else None
    if tensor._handle_data is None:
        op = tensor.op
        if op.type == "VarHandleOp":
            tensor._handle_data = op.attrs["dtype"], op.attrs["shape"]
        elif op.type in ("Identity", "IdentityN"):
            return handle_data(op._inputs[tensor.value_index])
    return tensor._handle_data


def rule_arguments(node):
    """The arguments of a node's shape rule: static shapes, or for host inputs their values (None where unknown)."""
    op, inputs = node.spec, node._inputs
    kinds = op.rule_kinds
    if op.shapes_suffice:
        return [t._shape for t in inputs]
    if "l" not in kinds and "L" not in kinds:
        return [_rule_argument(k, t) for k, t in zip(kinds, inputs)]
    args, position = [], 0
    for kind, count in zip(kinds, op.counts(node)):
        group = inputs[position : position + count]
        position += count
        if kind == "l":
            args.append([t._shape for t in group])
        elif kind == "L":
            args.append([t._shape if v is None else v for t, v in zip(group, map(value, group))])
        else:
            args.append(_rule_argument(kind, group[0]))
    return args


def _rule_argument(kind, tensor):
    if kind == "t":
        return tensor._shape
    if kind == "h":
        return host(tensor)
    if kind == "k":
        return value(tensor)
    if kind == "r":
        return handle_data(tensor)
    if tensor._shape is not None and len(tensor._shape) != 1:
        raise ValueError("Shape must be rank 1 but is rank %d" % len(tensor._shape))
    found = partial(tensor)
    if kind == "v" or found is None:
        return found
    for d in found:
        if d is not None and d < -1:
            raise ValueError("Invalid value in tensor used for shape: %d" % d)
    return tuple([None if d is None or d < 0 else d for d in found])
