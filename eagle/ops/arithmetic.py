"""How ops of two operands, with broadcasting, are declared; of these here `+`, `-` and `*`."""

import operator
import sys

import numpy as np

from ..core import shape as shapes
from ..core.dispatch import registry
from ..core.export import export
from ..core.op import IDENTITY, Op
from ..core.sparse_tensor import SparseTensor
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


def declare_binary(
    name, compute, grad_x=None, grad_y=None, numpy=None, operands=("x", "y"), samples=None, has_gradient=True, **options
):
    """Declares an op of two operands, which are broadcast.

    Args:
      name: the op type.
      compute: the kernel: an operator, the name of a function that NumPy and jax.numpy have, or a function of `xp` and operands.
      grad_x, grad_y: the gradient functions of the two operands, alone or each with its form for NumPy values; without any no
        gradient flows through the op.
      numpy: a kernel for NumPy that is faster than `compute`.
      operands: their names.
      samples: how to make sample arguments, if small random ones won't do.
      has_gradient: whether TensorFlow registers a gradient at all; if not, asking for one is an error.
      **options: as of `Op`.
    """
    if isinstance(compute, str):
        numpy = numpy or getattr(np, compute)
        kernel = eval("lambda xp, {0}, {1}: xp.{2}({0}, {1})".format(*operands, compute))  # the operands' names are part of the op
    elif hasattr(compute, "__code__"):
        kernel = compute
    else:
        numpy, kernel = compute, lambda xp, x, y: compute(x, y)
    kernel.__module__ = sys._getframe(1).f_globals["__name__"]  # the op belongs to the family that declares it
    declared = Op(name, kernel, broadcasts=True, **options)
    if numpy is not None:
        declared.kernel_for("numpy")(numpy)
    declared.infix = _INFIX.get(numpy)
    declared.shape(broadcast_shape)
    declared.explains(incompatible)
    for operand, grad in zip(operands, (grad_x, grad_y)):
        if grad is not None:
            function, on_values = grad if isinstance(grad, tuple) else (grad, None)
            declared.grad(operand, on_values)(function)
    if grad_x is None and grad_y is None and has_gradient:
        declared.not_differentiable()
    declared.samples(samples or broadcast_samples)
    return declared


_INFIX = {
    operator.add: "+", operator.sub: "-", operator.mul: "*", operator.lt: "<", operator.le: "<=", operator.gt: ">",
    operator.ge: ">=", operator.and_: "&", operator.or_: "|", operator.xor: "^",
}  # fmt: skip


def broadcast_samples(make):
    """Sample operands of several pairs of shapes."""
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


def _add_operator(x, y, name):
    """`+` is AddV2, but Add where strings are joined, which AddV2 doesn't do."""
    return add(x, y, name) if x.dtype.base_dtype.name == "string" else add_v2(x, y, name)


def _multiply_operator(x, y, name):
    """`*` takes a `SparseTensor` too, on its right."""
    if not isinstance(y, SparseTensor):
        return multiply(x, y, name)
    values = registry["SparseDenseCwiseMul"](y.indices, y.values, y.dense_shape, x, name=name)
    return SparseTensor(y.indices, values, y.dense_shape)


overload_binary("add", _add_v2, _add_operator)
overload_binary("sub", _sub, subtract)
overload_binary("mul", _mul, _multiply_operator)
