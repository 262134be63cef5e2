"""Elementwise functions of one operand: `-x`, `exp`, `tanh`, ..."""

import operator

import numpy as np

from ..core.export import export
from ..core.op import Op
from ..core.tensor import overload
from .doors import unary


def same_shape(x):
    """The shape rule of elementwise ops of one operand."""
    return x


def declare_unary(name, compute, grad=None, grad_numpy=None, parameter="x", samples=None, **options):
    """Declares an op of one operand.

    Args:
      name: the op type.
      compute: the kernel: a function of `xp` and `x`, or the name of a function that NumPy and jax.numpy have.
      grad: its gradient function, of `g` and what it names of the operand and the output; without one it is not differentiable.
      grad_numpy: that function's form for NumPy values, if it is worth a short cut.
      parameter: the operand's name in TensorFlow.
      samples: how to make sample arguments, if small random ones won't do.
      **options: as of `Op`.
    """
    kernel = compute
    if isinstance(compute, str):
        kernel = eval("lambda xp, %s: xp.%s(%s)" % (parameter, compute, parameter))  # the parameter's name is part of the op
    op = Op(name, kernel, **options)
    if isinstance(compute, str):
        op.kernel_for("numpy")(getattr(np, compute))
    op.shape(same_shape)
    if grad is None:
        op.not_differentiable()
    else:
        op.grad(parameter, grad_numpy)(grad)
    op.samples(samples or _samples)
    return op


def _samples(make):
    yield (make(2, 3),)
    yield (make(),)
    yield (make(0, 2),)


_neg = declare_unary("Neg", "negative", lambda g: -g, operator.neg)
_neg.kernel_for("numpy")(operator.neg)
negative = export("negative", "math.negative")(unary(_neg))
overload("__neg__", negative)

_square = declare_unary("Square", "square", lambda g, x: g * (2.0 * x))
square = export("square", "math.square")(unary(_square))
