"""The static shapes of what a function returns if its arguments' shapes are known better than when it was traced."""

import threading

from ..core import known, shape as shapes
from ..core.dispatch import infer_shapes

_lock = threading.Lock()


def output_shapes(body, inputs):
    """The shapes of the outputs of a function's body.

    Args:
      body: its `FuncGraph`.
      inputs: the tensors that are passed for its inputs.
    """
    given = [shapes.merge(inner._shape, t._shape) for inner, t in zip(body.inputs, inputs)]
    given = [inner._shape if s is shapes.CONTRADICTION else s for inner, s in zip(body.inputs, given)]
    values = [_short_value(t) for t in inputs]
    if all(s == inner._shape for s, inner in zip(given, body.inputs)) and all(v is None for v in values):
        return [t._shape for t in body.outputs]
    with _lock:
        return _inferred(body, given, values)


def _short_value(tensor):
    """The value of an integer scalar or vector, if it is known: it may spell a shape."""
    if tensor._shape is None or len(tensor._shape) > 1 or tensor.dtype.base_dtype.np.kind not in "iu":
        return None
    return known.value(tensor)


def _inferred(body, given, values):
    """What the shape rules say of the outputs; the body stays as it is."""
    before = [(t, t._shape) for node in body.get_operations() for t in node.outputs]
    noted = [(node, node._known) for node in body.get_operations()]
    body._unknown.clear()
    try:
        for inner, shape, value in zip(body.inputs, given, values):
            inner._shape = shape
            if value is not None:
                inner.op._known = [value]
        for node in body.get_operations():
            if node.spec is not None and node.spec.shape_rule is not None and node._inputs:
                _infer(node)
        return [t._shape for t in body.outputs]
    finally:
        for t, shape in before:
            t._shape = shape
        for node, memo in noted:
            node._known = memo
        body._unknown.clear()


def _infer(node):
    """Adds what the shape rule says to what was known."""
    traced = [t._shape for t in node.outputs]
    try:
        infer_shapes(node)
    except ValueError:  # the run will tell
        pass
    for t, shape in zip(node.outputs, traced):
        merged = shapes.merge(t._shape, shape)
        t._shape = shape if merged is shapes.CONTRADICTION else merged
