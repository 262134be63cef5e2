"""Where along an axis the extremes are: argmax, argmin."""

import numpy as np

from ..core import dtypes
from ..core.deprecation import one_of
from ..core.errors import invalid
from ..core.export import export
from ..core.op import Host, op

_REAL = [getattr(dtypes, n) for n in "float32 float64 float16 bfloat16 int8 int16 int32 int64 uint8 uint16".split()]


def _declare(name, function, loses):
    """Declares an op that finds an extreme; of several the first, and never a NaN if there is anything else.

    Args:
      name: the op type.
      function: the name of the function that NumPy and jax.numpy have.
      loses: the number that takes the place of a NaN.
    """

    @op(name, sample_types=_REAL)
    def declared(xp, input, dimension: Host, *, output_type=dtypes.int64):
        rank = input.ndim
        if type(dimension) is tuple:
            raise invalid("dim must be a scalar, but received tensor of shape: [%d]", len(dimension))
        if not -rank <= dimension < rank:
            raise invalid("Expected dimension in the range [%d, %d), but got %d", -rank, rank, dimension)
        if not input.shape[dimension]:
            raise invalid("Reduction axis %d is empty in shape [%s]", dimension, ",".join(map(str, input.shape)))
        if input.dtype.kind in "fV":
            input = _without_nans(xp, input, loses)
        return getattr(xp, function)(input, dimension).astype(output_type.np)

    @declared.shape
    def _(input, dimension):
        if type(dimension) is tuple:
            raise ValueError("Shape must be rank 0 but is rank 1")
        if input is None or len(input) <= 1:
            return None if input is None else ()
        if dimension is None:
            return (None,) * (len(input) - 1)
        if not -len(input) <= dimension < len(input):
            text = "Dimension (%d) must be in the range [%d, %d), where %d is the number of dimensions in the input."
            raise ValueError(text % (dimension, -len(input), len(input), len(input)))
        at = dimension % len(input)
        return input[:at] + input[at + 1 :]

    declared.not_differentiable()

    @declared.samples
    def _(make):
        yield make(2, 3), 0
        yield make(2, 3), -1, dict(output_type=dtypes.int32)
        yield make(3), 0
        yield make(2, 3, 4), np.array(1, np.int64)

    return declared


def _without_nans(xp, x, loses):
    if xp is np:
        total = np.add.reduce(x, None)
        if total == total:
            return x
    return xp.where(x != x, x.dtype.type(loses), x)


_arg_max = _declare("ArgMax", "argmax", -np.inf)
_arg_min = _declare("ArgMin", "argmin", np.inf)

_DOC = """Where along an axis the elements of a tensor are %s: of equal ones the first.

    Args:
      input: a numeric tensor.
      axis: the axis, by default 0.
      name: the name of the node.
      dimension: an old spelling of `axis`.
      output_type: the type of the result, int32 or int64.

    Returns:
      A tensor of the shape of `input` without that axis.

    Raises:
      InvalidArgumentError (in a graph ValueError): `input` does not have this axis, or no elements along it.
    """


def _public(name, op, what):
    def function(input, axis=None, name=None, dimension=None, output_type=dtypes.int64):
        axis = one_of("axis", axis, "dimension", dimension)
        return op(input, 0 if axis is None else axis, output_type=output_type, name=name)

    def old(input, dimension, output_type=dtypes.int64, name=None):
        return op(input, dimension, output_type=output_type, name=name)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = _DOC % what
    old.__name__ = old.__qualname__ = name.replace("arg", "arg_")
    old.__doc__ = "`tf.%s`, in an old spelling." % name
    export(old.__name__)(old)
    return export(name, "math." + name)(function)


argmax = _public("argmax", _arg_max, "largest")
argmin = _public("argmin", _arg_min, "smallest")
