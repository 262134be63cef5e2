"""Arithmetic of two operands, with broadcasting: `+ - * / // % **`, maximum, minimum, ..."""

import functools
import operator

from ..core import shape as shapes
from ..core.dispatch import registry
from ..core.export import export
from ..core.op import IDENTITY, Op, Shape, op
from ..core.tensor import EagerTensor
from .doors import binary, overload_binary


def broadcast_shape(x, y):
    """The shape rule of ops that broadcast two operands."""
    result = shapes.broadcast(x, y)
    if result is shapes.CONTRADICTION:
        for a, b in zip(reversed(x), reversed(y)):
            if None not in (a, b) and a != b and 1 not in (a, b):
                raise ValueError("Dimensions must be equal, but are %d and %d" % (a, b))
    return result


def incompatible(values):
    """TensorFlow's message for operands that can't be broadcast."""
    return "Incompatible shapes: %s vs. %s" % tuple(shapes.to_brackets(v.shape) for v in values)


def declare_binary(name, compute, grad_x=None, grad_y=None, samples=None, **options):
    """Declares an op of two operands whose kernel is `compute(x, y)` with NumPy arrays and `jax.numpy` ones alike.

    Args:
      name: the op type.
      compute: the kernel: an operator, or a function of `xp`, `x` and `y`.
      grad_x, grad_y: the gradient functions of the two operands, each with its form for NumPy values or None; without any the op
        is not differentiable.
      samples: how to make sample arguments, if small random ones won't do.
      **options: as of `Op`.
    """
    takes_xp = hasattr(compute, "__code__")
    kernel = compute if takes_xp else lambda xp, x, y: compute(x, y)
    declared = Op(name, kernel, broadcasts=True, **options)
    if not takes_xp:
        declared.kernel_for("numpy")(compute)
        declared.infix = _INFIX.get(compute)
    declared.shape(broadcast_shape)
    declared.explains(incompatible)
    if grad_x is None:
        declared.not_differentiable()
    else:
        declared.grad("x", grad_x[1])(grad_x[0])
        declared.grad("y", grad_y[1])(grad_y[0])
    declared.samples(samples or _samples)
    return declared


_INFIX = {operator.add: "+", operator.sub: "-", operator.mul: "*"}


def _samples(make):
    yield make(2, 3), make(2, 3)
    yield make(2, 3), make(3)
    yield make(2, 1), make(1, 4)
    yield make(), make(2)
    yield make(), make()
    yield make(0, 3), make(1, 3)


def conj(x):
    """The complex conjugate; `x` itself if it is real."""
    kind = x._v.dtype.kind if type(x) is EagerTensor else "c" if x.dtype.is_complex else ""
    return registry["Conj"](x) if kind == "c" else x


def _same(g):
    return g


def _minus(g):
    return -g


SAME = (_same, IDENTITY)
MINUS = (_minus, operator.neg)
_add = declare_binary("Add", operator.add, SAME, SAME)
_add_v2 = declare_binary("AddV2", operator.add, SAME, SAME)
_sub = declare_binary("Sub", operator.sub, SAME, MINUS)
_mul = declare_binary("Mul", operator.mul, (lambda g, y: g * conj(y), operator.mul), (lambda g, x: g * conj(x), operator.mul))

add = export("add", "math.add")(binary(_add))
add_v2 = binary(_add_v2)
subtract = export("subtract", "math.subtract")(binary(_sub))
multiply = export("multiply", "math.multiply")(binary(_mul))


@op("AddN")
def _add_n(xp, inputs):
    return functools.reduce(operator.add, inputs)


add_n = export("add_n", "math.add_n")(_add_n)


@_add_n.shape
def _(inputs):
    merged = None
    for shape in inputs:
        merged = shapes.merge(merged, shape)
        if merged is shapes.CONTRADICTION:
            raise ValueError("From merging shape %d with other shapes." % inputs.index(shape))
    return merged


@_add_n.grad
def _(g, inputs: Shape):
    return [g] * len(inputs)


@_add_n.samples
def _(make):
    yield ([make(2, 3), make(2, 3), make(2, 3)],)
    yield ([make()],)


def _add_operator(x, y, name):
    """`+` is AddV2, but Add where strings are joined, which AddV2 doesn't do."""
    return add(x, y, name) if x.dtype.name == "string" else add_v2(x, y, name)


overload_binary("add", _add_v2, _add_operator)
overload_binary("sub", _sub, subtract)
overload_binary("mul", _mul, multiply)
