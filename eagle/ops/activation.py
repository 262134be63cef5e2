"""Activation functions: `relu`, `elu`, `softplus`, ..., and the ops that their gradients are made of."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.op import Op, op
from ..core.scopes import name_scope
from .doors import unary
from .unary import declare_unary, same_shape

# The constants of self-normalizing units (Klambauer et al. 2017): the scale, and the scale times alpha.
SELU_SCALE = 1.0507009873554805
SELU_SCALE_ALPHA = 1.7580993408473766


def declare_activation(name, compute, grad, grad_numpy=None, **options):
    """Declares an activation function: an op of one operand, called `features`."""
    return declare_unary(name, compute, grad, grad_numpy, parameter="features", **options)


def declare_slope(name, compute, grad=None, second=None, samples=None):
    """Declares the op that makes the gradient of an activation function.

    Args:
      name: the op type.
      compute: the kernel: a function of `xp`, `gradients` and either `features` or `outputs`.
      grad: its gradient with respect to `gradients`; without one the op is not differentiable.
      second: its gradient with respect to the other operand; by default zeros, as of a function that is linear in pieces.
      samples: how to make sample arguments, if two arrays of small random numbers won't do.
    """
    slope = Op(name, compute)
    slope.shape(shapes.agree)
    if grad is None:
        slope.not_differentiable()
    else:
        slope.grad("gradients")(grad)
        slope.grad(slope.input_names[1])(second or _no_curvature)
    slope.samples(samples or _slope_samples)
    return slope


def _fitting(name, gradients, operand):
    """The operand of the op called `name`, whose shape must be that of `gradients`."""
    if gradients.shape != operand.shape:
        raise invalid("Inputs to operation %s of type %s must have the same size and shape.  Input 0: %s != input 1: %s",
                      name, name, shapes.to_brackets(gradients.shape), shapes.to_brackets(operand.shape))  # fmt: skip
    return operand


def _no_curvature(g, gradients):
    return registry["ZerosLike"](gradients)


def _slope_samples(make):
    yield make(2, 3), make(2, 3)
    yield make(), make()
    yield make(0, 3), make(0, 3)


# ----------------------------------------------------------------------------------------------- pieces of straight lines

_relu_grad = declare_slope(
    "ReluGrad",
    lambda xp, gradients, features: gradients * (_fitting("ReluGrad", gradients, features) > 0),
    lambda g, features: _relu_grad(g, features),
)
_relu = declare_activation(
    "Relu",
    lambda xp, features: xp.maximum(features, 0),
    lambda g, activations: _relu_grad(g, activations),
    lambda g, activations: g * (activations > 0),
)
_BLOCK = 1 << 14
_zeros = {}  # type -> a zero, as an array, and a block of zeros


@_relu.kernel_for("numpy")
def _(features):
    """Blocks beside a block of zeros: three times as fast as beside one zero, for which NumPy has no vector instructions."""
    known = _zeros.get(features.dtype)
    if known is None:
        known = _zeros[features.dtype] = np.zeros((), features.dtype), np.zeros(_BLOCK, features.dtype)
    zero, zeros = known
    if features.size < 8192 or not features.flags.c_contiguous:
        return np.maximum(features, zero)
    out = np.empty(features.shape, features.dtype)
    x, y, whole = features.reshape(-1), out.reshape(-1), features.size // _BLOCK * _BLOCK
    np.maximum(x[:whole].reshape(-1, _BLOCK), zeros, out=y[:whole].reshape(-1, _BLOCK))
    np.maximum(x[whole:], zeros[: x.size - whole], out=y[whole:])
    return out


relu = export("nn.relu")(unary(_relu, "features"))

_relu6_grad = declare_slope(
    "Relu6Grad",
    lambda xp, gradients, features: gradients * ((_fitting("Relu6Grad", gradients, features) > 0) & (features < 6)),
    lambda g, features: _relu6_grad(g, features),
)
_relu6 = declare_activation(
    "Relu6",
    lambda xp, features: xp.minimum(xp.maximum(features, 0), 6),
    lambda g, activations: _relu6_grad(g, activations),
)
relu6 = export("nn.relu6")(unary(_relu6, "features"))


def _leaky_slope(xp, features, alpha):
    """1 where `features` is positive, `alpha` elsewhere."""
    number = features.dtype.type
    if 0 <= alpha <= 1:  # much faster than a selection where signs are random
        return xp.maximum((features > 0).astype(features.dtype), number(alpha))
    return xp.where(features > 0, number(1), number(alpha))


@op("LeakyRelu")
def _leaky_relu(xp, features, *, alpha=0.2):
    if 0 < alpha <= 1:
        return xp.maximum(features, features * features.dtype.type(alpha))
    return features * _leaky_slope(xp, features, alpha)


_leaky_relu.shape(same_shape)


@_leaky_relu.grad("features")
def _(g, features, *, alpha):
    return _leaky_relu_grad(g, features, alpha=alpha)


@_leaky_relu.samples
def _(make):
    yield (make(2, 3),)
    yield make(2, 3), dict(alpha=0.1)
    yield make(), dict(alpha=-0.5)
    yield make(2, 3), dict(alpha=1.5)


@op("LeakyReluGrad")
def _leaky_relu_grad(xp, gradients, features, *, alpha=0.2):
    return gradients * _leaky_slope(xp, _fitting("LeakyReluGrad", gradients, features), alpha)


_leaky_relu_grad.shape(shapes.agree)


@_leaky_relu_grad.grad("gradients")
def _(g, features, *, alpha):
    return _leaky_relu_grad(g, features, alpha=alpha)


@_leaky_relu_grad.grad("features")
def _(g, features):
    return registry["ZerosLike"](features)


@_leaky_relu_grad.samples
def _(make):
    yield make(2, 3), make(2, 3)
    yield make(2, 3), make(2, 3), dict(alpha=0.1)
    yield make(2), make(2), dict(alpha=1.5)


@export("nn.leaky_relu")
def leaky_relu(features, alpha=0.2, name=None):
    """`features` where they are positive, `alpha * features` elsewhere.

    Args:
      features: a tensor of floats; integers are cast to float32.
      alpha: the slope for negative features, a number.
      name: the name of the node.
    """
    with name_scope(name, "LeakyRelu", [features, alpha]) as scope:
        features = convert(features, name="features")
        if features.dtype.is_integer:
            features = registry["Cast"](features, DstT=dtypes.float32)
        return _leaky_relu(features, alpha=alpha.item() if isinstance(alpha, np.ndarray) else alpha, name=scope)


@export("nn.crelu")
def crelu(features, name=None, axis=-1):
    """`relu(features)` and `relu(-features)`, concatenated along `axis`; twice as deep as `features`.

    Args:
      features: a numeric tensor.
      name: the name of the concatenation.
      axis: the axis of the concatenation.
    """
    with name_scope(name, "CRelu", [features]) as scope:
        features = convert(features, name="features")
        return _relu(registry["ConcatV2"]([features, -features], axis, name=scope))


# ------------------------------------------------------------------------------------------------------- smooth for x < 0


def _where_negative(outputs, g):
    """`g` where `outputs` are negative, zeros elsewhere."""
    return registry["Select"](outputs < 0, g, registry["ZerosLike"](outputs))


# TensorFlow lets the gradient of an `outputs` operand flow on to `gradients * g`, so that second derivatives come out right.
_elu_grad = declare_slope(
    "EluGrad",
    lambda xp, gradients, outputs: gradients * (xp.minimum(_fitting("EluGrad", gradients, outputs), 0) + 1),
    lambda g, outputs: _elu_grad(g, outputs),
    lambda g, gradients, outputs: _where_negative(outputs, g * gradients),
)
_elu = declare_activation(
    "Elu",
    lambda xp, features: xp.maximum(features, 0) + xp.expm1(xp.minimum(features, 0)),
    lambda g, activations: _elu_grad(g, activations),
)
elu = export("nn.elu")(unary(_elu, "features"))


def _selu_kernel(xp, features):
    number = features.dtype.type
    return number(SELU_SCALE) * xp.maximum(features, 0) + number(SELU_SCALE_ALPHA) * xp.expm1(xp.minimum(features, 0))


def _selu_slope(xp, outputs):
    number = outputs.dtype.type
    return xp.where(outputs < 0, outputs + number(SELU_SCALE_ALPHA), number(SELU_SCALE))


_selu_grad = declare_slope(
    "SeluGrad",
    lambda xp, gradients, outputs: gradients * _selu_slope(xp, _fitting("SeluGrad", gradients, outputs)),
    lambda g, outputs: _selu_grad(g, outputs),
    lambda g, gradients, outputs: _where_negative(outputs, g * gradients),
)
_selu = declare_activation(
    "Selu",
    _selu_kernel,
    lambda g, activations: _selu_grad(g, activations),
)
selu = export("nn.selu")(unary(_selu, "features"))


# ------------------------------------------------------------------------------------------------------- smooth everywhere


def _sigmoid(xp, x):
    """1 / (1 + exp(-x)) without overflow."""
    small = xp.exp(-xp.abs(x))
    return xp.where(x >= 0, 1, small).astype(x.dtype) / (1 + small)


def _softplus_curvature(g, gradients, features):
    """The second derivative, sigmoid(x) * sigmoid(-x), times the two gradients."""
    slope = registry["Sigmoid"](features)
    return g * gradients * (slope * (1.0 - slope))


_softplus_grad = declare_slope(
    "SoftplusGrad",
    lambda xp, gradients, features: gradients * _sigmoid(xp, _fitting("SoftplusGrad", gradients, features)),
    lambda g, features: _softplus_grad(g, features),
    _softplus_curvature,
)
_softplus = declare_activation(
    "Softplus",
    lambda xp, features: xp.maximum(features, 0) + xp.log1p(xp.exp(-xp.abs(features))),
    lambda g, features: _softplus_grad(g, features),
)
softplus = export("nn.softplus", "math.softplus")(unary(_softplus, "features"))


def _softsign_curvature(g, gradients, features):
    """The derivative of 1 / (1 + |x|)^2, which is -2 sign(x) / (1 + |x|)^3, times the two gradients."""
    ends = registry["Softsign"](features)  # sign(x) - ends is sign(x) / (1 + |x|)
    return g * -2.0 * (registry["Sign"](features) - ends) * _softsign_grad(gradients, features)


_softsign_grad = declare_slope(
    "SoftsignGrad",
    lambda xp, gradients, features: gradients / xp.square(1 + xp.abs(_fitting("SoftsignGrad", gradients, features))),
    lambda g, features: _softsign_grad(g, features),
    _softsign_curvature,
)
_softsign = declare_activation(
    "Softsign",
    lambda xp, features: features / (1 + xp.abs(features)),
    lambda g, features: _softsign_grad(g, features),
)
softsign = export("nn.softsign", "math.softsign")(unary(_softsign, "features"))
