"""Comparisons, and logic on their results: `<`, `==`, `&`, ..."""

import operator

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..core.tensor import overload
from ..core.versions import versioned
from .arithmetic import broadcast_samples, broadcast_shape, declare_binary
from .doors import binary, overload_binary, unary
from .unary import declare_unary

_less = declare_binary("Less", operator.lt)
_less_equal = declare_binary("LessEqual", operator.le)
_greater = declare_binary("Greater", operator.gt)
_greater_equal = declare_binary("GreaterEqual", operator.ge)

less = export("less", "math.less")(binary(_less))
less_equal = export("less_equal", "math.less_equal")(binary(_less_equal))
greater = export("greater", "math.greater")(binary(_greater))
greater_equal = export("greater_equal", "math.greater_equal")(binary(_greater_equal))


# ------------------------------------------------------------------------------------------------------------- equality


def _declare_equality(name, compare, otherwise):
    """Declares an op that tests for equality.

    Args:
      name: the op type.
      compare: the operator.
      otherwise: the result, one for all elements, for operands that can't be broadcast, unless that is an error.
    """

    def kernel(xp, x, y, *, incompatible_shape_error=True):
        if incompatible_shape_error or shapes.broadcast(x.shape, y.shape) is not shapes.CONTRADICTION:
            return compare(x, y)
        return xp.asarray(otherwise)

    def numpy(x, y, *, incompatible_shape_error=True):
        return compare(x, y) if incompatible_shape_error else kernel(np, x, y, incompatible_shape_error=False)

    def shape(x, y, *, incompatible_shape_error):
        if incompatible_shape_error:
            return broadcast_shape(x, y)
        result = shapes.broadcast(x, y)
        return () if result is shapes.CONTRADICTION else result if shapes.is_known(x) and shapes.is_known(y) else None

    def samples(make):
        for x, y in broadcast_samples(make):
            yield np.where(np.arange(x.size).reshape(x.shape) % 2 == 0, y.ravel()[0], x) if y.size else x, y
        yield make(2), make(3), dict(incompatible_shape_error=False)

    declared = declare_binary(name, kernel, numpy=numpy, samples=samples)
    declared.shape(shape)
    return declared


_equal = _declare_equality("Equal", operator.eq, False)
_not_equal = _declare_equality("NotEqual", operator.ne, True)
equal = export("equal", "math.equal")(binary(_equal))
not_equal = export("not_equal", "math.not_equal")(binary(_not_equal))


@op("ApproximateEqual", sample_types=[dtypes.float32, dtypes.float64])
def _approximate_equal(xp, x, y, *, tolerance=1e-05):
    if x.shape != y.shape:
        text = "x and y must be of the same shape. x shape: %s. y shape: %s"
        raise invalid(text, shapes.to_brackets(x.shape), shapes.to_brackets(y.shape))
    return abs(x - y) < tolerance


_approximate_equal.shape(shapes.agree)
_approximate_equal.not_differentiable()


@_approximate_equal.samples
def _(make):
    yield make(2, 3), make(2, 3)
    yield make(), make(), dict(tolerance=0.5)


# ---------------------------------------------------------------------------------------------------------------- logic


def _bool_samples(make):
    yield make.bools(2, 3), make.bools(2, 3)
    yield make.bools(2, 3), make.bools(3)
    yield np.bool_(True), make.bools(2)


_logical_and = declare_binary("LogicalAnd", operator.and_, samples=_bool_samples)
_logical_or = declare_binary("LogicalOr", operator.or_, samples=_bool_samples)
_logical_not = declare_unary("LogicalNot", "logical_not", samples=lambda make: iter([(make.bools(2, 3),), (np.bool_(True),)]))

logical_and = export("logical_and", "math.logical_and")(binary(_logical_and))
logical_or = export("logical_or", "math.logical_or")(binary(_logical_or))
logical_not = export("logical_not", "math.logical_not")(unary(_logical_not))


@export("logical_xor", "math.logical_xor")
@versioned
def logical_xor(x, y, name="LogicalXor"):
    """Whether exactly one of `x` and `y` is true.

    Args:
      x, y: bool tensors, which are broadcast.
      name: the name of the node.
    """
    return logical_and(logical_or(x, y), logical_not(logical_and(x, y)), name)


overload("__lt__", less)
overload("__le__", less_equal)
overload("__gt__", greater)
overload("__ge__", greater_equal)
overload("__invert__", logical_not)
overload_binary("and", _logical_and, logical_and)
overload_binary("or", _logical_or, logical_or)
overload_binary("xor", _logical_and, logical_xor, types=())
