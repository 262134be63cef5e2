"""Strings: joining."""

import numpy as np

from ..core import shape as shapes
from ..core.compat import as_bytes
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..core.versions import versioned


@op("StringJoin", host=True)
def _string_join(xp, inputs, *, separator=""):
    others = [v.shape for v in inputs if v.ndim]
    full = others[0] if others else ()
    for shape in others:
        if shape != full:
            raise invalid("Input shapes do not match: %s vs. %s", shapes.to_brackets(full), shapes.to_brackets(shape))
    columns = [np.broadcast_to(v, full).ravel().tolist() for v in inputs]
    result = np.empty(full, object)
    result.reshape(-1)[:] = [as_bytes(separator).join(row) for row in zip(*columns)]
    return result


@_string_join.shape
def _(inputs):
    if all(s == () for s in inputs):
        return ()
    out = None
    for s in inputs:
        if s:
            out = shapes.agree(out, s)
    return out


@_string_join.samples
def _(make):
    yield [make.strings(2, 3), make.strings(2, 3)], dict(separator=", ")
    yield [make.strings(3), make.strings()]
    yield [make.strings(), make.strings(), make.strings()], dict(separator="")


_string_join.not_differentiable()


@export("string_join", "strings.join")
@versioned
def string_join(inputs, separator="", name=None):
    """Strings joined element by element.

    Args:
      inputs: a list of string tensors, of one shape or scalars.
      separator: the text between them.
      name: the name of the operation.

    Returns:
      A string tensor.

    Raises:
      ValueError, InvalidArgumentError: the shapes differ.
    """
    return _string_join(inputs, separator=separator, name=name)
