"""Elementwise functions of one operand: `-x`, `exp`, `tanh`, ...; the special ones stand in special.py."""

import operator
import sys

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.op import Op
from ..core.scopes import name_scope
from ..core.sparse_tensor import SparseTensor
from ..core.tensor import EagerTensor, overload
from ..core.versions import shortcut, versioned
from .arithmetic import conj
from .doors import unary


def same_shape(x):
    """The shape rule of elementwise ops of one operand."""
    return x


def declare_unary(name, compute, grad=None, grad_numpy=None, numpy=None, parameter="x", samples=None, **options):
    """Declares an op of one operand.

    Args:
      name: the op type.
      compute: the kernel: a function of `xp` and `x`, or the name of a function that NumPy and jax.numpy have.
      grad: its gradient function, of `g` and what it names of the operand and the output; without one it is not differentiable.
      grad_numpy: that function's form for NumPy values, if it is worth a short cut.
      numpy: a kernel for NumPy that is faster than `compute`.
      parameter: the operand's name in TensorFlow.
      samples: how to make sample arguments, if small random ones won't do.
      **options: as of `Op`.
    """
    kernel = compute
    if isinstance(compute, str):
        kernel = eval("lambda xp, %s: xp.%s(%s)" % (parameter, compute, parameter))  # the parameter's name is part of the op
        numpy = numpy or getattr(np, compute)
    kernel.__module__ = sys._getframe(1).f_globals["__name__"]  # the op belongs to the family that declares it
    op = Op(name, kernel, **options)
    if numpy is not None:
        op.kernel_for("numpy")(numpy)
    op.shape(same_shape)
    if grad is None:
        op.not_differentiable()
    else:
        op.grad(parameter, grad_numpy)(grad)
    op.samples(samples or simple_samples)
    return op


def simple_samples(make):
    """Sample operands of several shapes."""
    yield (make(2, 3),)
    yield (make(),)
    yield (make(0, 2),)


def between(low, high):
    """Samples of several shapes with numbers in a range."""

    def samples(make):
        yield (make.between(low, high, 2, 3),)
        yield (make.between(low, high),)
        yield (make.between(low, high, 0, 2),)

    return samples


_positive = between(0.2, 2.0)
_FLOATING = [dtypes.float32, dtypes.float64, dtypes.float16, dtypes.bfloat16, dtypes.complex64, dtypes.complex128]
_WHOLE = [dtypes.int32, dtypes.int64]


# --------------------------------------------------------------------- ops that the gradients of some functions are made of


def _declare_slope(name, compute, of_y, of_dy):
    """Declares the op that makes the gradient of a function from its output.

    Args:
      name: the op type.
      compute: the kernel: a function of `xp`, `y`, the function's output, and `dy`, the gradient of that.
      of_y, of_dy: the gradient functions of `y` and `dy`.
    """
    op = Op(name, lambda xp, y, dy: compute(xp, y, dy))
    op.shape(shapes.agree)
    op.grad("y")(of_y)
    op.grad("dy")(of_dy)

    @op.samples
    def _(make):
        yield make.positive(2, 3), make(2, 3)
        yield make.positive(), make()

    return op


def _times(xp, dy, factor):
    """`dy` times a factor, but 0 where `dy` is 0, even if the factor is infinite."""
    return xp.where(dy == 0, xp.zeros_like(dy), dy * factor)


def _reciprocal_slope(xp, y, dy):
    y = xp.conjugate(y)
    return _times(xp, dy, -y * y)


def _sqrt_slope(xp, y, dy):
    return _times(xp, dy, 1 / (2 * xp.conjugate(y)))


def _rsqrt_slope(xp, y, dy):
    y = xp.conjugate(y)
    return _times(xp, dy, -(y * y * y) / 2)


def _tanh_slope(xp, y, dy):
    return dy * (1 - y * y)


def _sigmoid_slope(xp, y, dy):
    return dy * y * (1 - y)


def _of_sigmoid_output(g, y, dy):
    g = g * conj(dy)
    return g - 2.0 * g * conj(y)


def _declare_reciprocal_grad(name):
    return _declare_slope(
        name, _reciprocal_slope, lambda g, y, dy: conj(g) * -2.0 * dy * conj(y), lambda g, y: _reciprocal_grad(conj(y), g)
    )


_inv_grad = _declare_reciprocal_grad("InvGrad")
_reciprocal_grad = _declare_reciprocal_grad("ReciprocalGrad")
_sqrt_grad = _declare_slope("SqrtGrad", _sqrt_slope, lambda g, y, z: -conj(g / y) * z, lambda g, y: 0.5 * (g / y))
_rsqrt_grad = _declare_slope(
    "RsqrtGrad", _rsqrt_slope, lambda g, y, dy: -1.5 * conj(g) * dy * square(conj(y)), lambda g, y: _rsqrt_grad(conj(y), g)
)
_tanh_grad = _declare_slope(
    "TanhGrad", _tanh_slope, lambda g, y, dy: g * -2.0 * conj(dy) * conj(y), lambda g, y: _tanh_grad(conj(y), g)
)
_sigmoid_grad = _declare_slope("SigmoidGrad", _sigmoid_slope, _of_sigmoid_output, lambda g, y: _sigmoid_grad(conj(y), g))


def _on_values(slope):
    """A slope as the NumPy form of a gradient function."""
    return lambda g, y: slope(np, y, g)


# ------------------------------------------------------------------------------------------------------------ arithmetic


def _reciprocal(xp, x):
    return 1 // x if x.dtype.kind in "iu" else xp.reciprocal(x)


_neg = declare_unary("Neg", "negative", lambda g: -g, operator.neg, numpy=operator.neg)
_abs = declare_unary("Abs", "absolute", lambda g, x: g * sign(x), lambda g, x: g * np.sign(x), numpy=operator.abs)
_sign = declare_unary("Sign", "sign", lambda g, x: registry["ZerosLike"](x))
_square = declare_unary("Square", "square", lambda g, x: g * conj(x + x), lambda g, x: g * (x + x))
_inv = declare_unary("Inv", _reciprocal, lambda g, y: _inv_grad(y, g), sample_types=_FLOATING)
_reciprocal_op = declare_unary(
    "Reciprocal", _reciprocal, lambda g, y: _reciprocal_grad(y, g), _on_values(_reciprocal_slope), sample_types=_FLOATING
)
_sqrt = declare_unary("Sqrt", "sqrt", lambda g, y: _sqrt_grad(y, g), _on_values(_sqrt_slope), samples=_positive)
_rsqrt = declare_unary(
    "Rsqrt", lambda xp, x: 1 / xp.sqrt(x), lambda g, y: _rsqrt_grad(y, g), _on_values(_rsqrt_slope), samples=_positive
)

# ---------------------------------------------------------------------------------- exponential and hyperbolic functions


def _sigmoid_value(xp, x):
    return 1 / (1 + xp.exp(-x))


def _sigmoid_of_array(x):
    """`_sigmoid_value` of NumPy's, for arrays of floats within one array."""
    one = _ONES.get(x.dtype)
    if one is None or not x.ndim:
        return _sigmoid_value(np, x)
    t = np.negative(x)
    np.exp(t, t)
    np.add(one, t, t)
    return np.divide(one, t, t)


def _sigmoid_slope_of_arrays(dy, y):
    one = _ONES.get(y.dtype)
    if one is None or not y.ndim:
        return _sigmoid_slope(np, y, dy)
    t = np.multiply(dy, y)
    return np.multiply(t, np.subtract(one, y), t)


def _tanh_slope_of_arrays(dy, y):
    one = _ONES.get(y.dtype)
    if one is None or not y.ndim:
        return _tanh_slope(np, y, dy)
    t = np.multiply(y, y)
    np.subtract(one, t, t)
    return np.multiply(dy, t, t)


# Beside an array NumPy takes an array of one element twice as fast as a number.
_ONES = {d.np: np.array(1, d.np) for d in (dtypes.float16, dtypes.float32, dtypes.float64)}


_exp = declare_unary("Exp", "exp", lambda g, y: g * conj(y), operator.mul)
_expm1 = declare_unary("Expm1", "expm1", lambda g, x: g * exp(conj(x)))
_log = declare_unary("Log", "log", lambda g, x: g * reciprocal(conj(x)), operator.truediv, samples=_positive)
_log1p = declare_unary("Log1p", "log1p", lambda g, x: g * reciprocal(1 + conj(x)), samples=_positive)
_sinh = declare_unary("Sinh", "sinh", lambda g, x: g * cosh(conj(x)))
_cosh = declare_unary("Cosh", "cosh", lambda g, x: g * sinh(conj(x)))
_tanh = declare_unary("Tanh", "tanh", lambda g, y: _tanh_grad(conj(y), g), _tanh_slope_of_arrays)
_asinh = declare_unary("Asinh", "arcsinh", lambda g, y: g / cosh(conj(y)))
_acosh = declare_unary("Acosh", "arccosh", lambda g, y: g / sinh(conj(y)), samples=between(1.2, 3.0))
_atanh = declare_unary("Atanh", "arctanh", lambda g, x: g * reciprocal(1 - square(conj(x))), samples=between(-0.8, 0.8))
_sigmoid = declare_unary(
    "Sigmoid", _sigmoid_value, lambda g, y: _sigmoid_grad(conj(y), g), _sigmoid_slope_of_arrays, numpy=_sigmoid_of_array
)

# ---------------------------------------------------------------------------------------------- trigonometric functions

_sin = declare_unary("Sin", "sin", lambda g, x: g * cos(conj(x)), lambda g, x: g * np.cos(x))
_cos = declare_unary("Cos", "cos", lambda g, x: -g * sin(conj(x)), lambda g, x: -g * np.sin(x))
_tan = declare_unary("Tan", "tan", lambda g, x: square(reciprocal(cos(conj(x)))) * g, sample_types=_FLOATING)
_arc = dict(samples=between(-0.8, 0.8), sample_types=_FLOATING)
_asin = declare_unary("Asin", "arcsin", lambda g, x: g * rsqrt(1 - square(conj(x))), **_arc)
_acos = declare_unary("Acos", "arccos", lambda g, x: -g * rsqrt(1 - square(conj(x))), **_arc)
_atan = declare_unary("Atan", "arctan", lambda g, x: g * reciprocal(1 + square(conj(x))), **_arc)

# --------------------------------------------------------------------------------------------------- rounding, questions

_floor = declare_unary("Floor", "floor")
_ceil = declare_unary("Ceil", "ceil")
_rint = declare_unary("Rint", "rint")
_round = declare_unary("Round", lambda xp, x: x if x.dtype.kind in "iu" else xp.rint(x), sample_types=_FLOATING[:3] + _WHOLE)
_is_nan = declare_unary("IsNan", "isnan")
_is_inf = declare_unary("IsInf", "isinf")
_is_finite = declare_unary("IsFinite", "isfinite")


negative = export("negative", "math.negative")(unary(_neg, of_sparse=True))
sign = export("sign", "math.sign")(unary(_sign, of_sparse=True))
square = export("square", "math.square")(unary(_square, of_sparse=True))
reciprocal = export("reciprocal", "math.reciprocal")(unary(_reciprocal_op))
sqrt = export("sqrt", "math.sqrt")(unary(_sqrt, of_sparse=True))
rsqrt = export("rsqrt", "math.rsqrt")(unary(_rsqrt))
exp = export("exp", "math.exp")(unary(_exp))
expm1 = export("expm1", "math.expm1")(unary(_expm1))
log = export("log", "math.log")(unary(_log))
log1p = export("log1p", "math.log1p")(unary(_log1p))
sinh = export("sinh", "math.sinh")(unary(_sinh))
cosh = export("cosh", "math.cosh")(unary(_cosh))
tanh = export("tanh", "math.tanh", "nn.tanh")(unary(_tanh, of_sparse=True))
asinh = export("asinh", "math.asinh")(unary(_asinh))
acosh = export("acosh", "math.acosh")(unary(_acosh))
atanh = export("atanh", "math.atanh")(unary(_atanh))
sin = export("sin", "math.sin")(unary(_sin))
cos = export("cos", "math.cos")(unary(_cos))
tan = export("tan", "math.tan")(unary(_tan))
asin = export("asin", "math.asin")(unary(_asin))
acos = export("acos", "math.acos")(unary(_acos))
atan = export("atan", "math.atan")(unary(_atan))
floor = export("floor", "math.floor")(unary(_floor))
ceil = export("ceil", "math.ceil")(unary(_ceil))
rint = export("rint", "math.rint")(unary(_rint))
is_nan = export("is_nan", "math.is_nan", "debugging.is_nan")(unary(_is_nan))
is_inf = export("is_inf", "math.is_inf", "debugging.is_inf")(unary(_is_inf))
is_finite = export("is_finite", "math.is_finite", "debugging.is_finite")(unary(_is_finite))
sigmoid = export("sigmoid", "math.sigmoid", "nn.sigmoid")(unary(_sigmoid))
_real_abs = unary(_abs)


@versioned
def _general_abs(x, name):
    """`abs` of anything that it works with."""
    if isinstance(x, SparseTensor):
        return SparseTensor(x.indices, abs_(x.values, name), x.dense_shape)
    with name_scope(name, "Abs", [x]) as name:
        x = convert(x, None, "x")
        if x.dtype.is_complex:
            return registry["ComplexAbs"](x, Tout=x.dtype.base_dtype.real_dtype, name=name)
        return _abs(x, name=name)


@export("abs", "math.abs")
@shortcut(_general_abs)
def abs_(x, name=None):
    """The absolute values of the elements of a tensor.

    Args:
      x: a tensor of real or complex numbers.
      name: the name of the node.

    Returns:
      A tensor of real numbers.
    """
    if type(x) is EagerTensor and x._v.dtype.kind != "c":
        return _real_abs(x, name)
    return _general_abs(x, name)


@export("round", "math.round")
@versioned
def round_(x, name=None):
    """The elements of a tensor rounded to the nearest whole numbers, halves to even ones.

    Args:
      x: a tensor; one of integers is returned as it is.
      name: the name of the node.
    """
    x = convert(x, None, "x")
    return x if x.dtype.is_integer else _round(x, name=name)


@export("log_sigmoid", "math.log_sigmoid")
@versioned
def log_sigmoid(x, name=None):
    """The logarithm of the sigmoid, `-softplus(-x)`.

    Args:
      x: a float tensor.
      name: the name of the node.
    """
    with name_scope(name, "LogSigmoid", [x]) as name:
        x = convert(x, None, "x")
        return negative(registry["Softplus"](-x), name)


@export("math.reciprocal_no_nan")
def reciprocal_no_nan(x, name=None):
    """`1 / x`, but 0 where `x` is 0.

    Args:
      x: a float or complex tensor.
      name: the name of the node.
    """
    with name_scope(name, "reciprocal_no_nan", [x]) as name:
        x = convert(x, None, "x")
        one = convert(1, x.dtype.base_dtype, "one")
        return registry["DivNoNan"](one, x, name=name)


overload("__neg__", negative)
overload("__abs__", abs_)
