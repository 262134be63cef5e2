"""Complex numbers: made of two real ones, taken apart, conjugated."""

import numpy as np

from ..core import dtypes
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.scopes import name_scope
from ..core.tensor import Tensor
from ..core.versions import shortcut, versioned
from .arithmetic import broadcast_samples, declare_binary
from .filling import zeros_like
from .unary import declare_unary, simple_samples

_COMPLEX = {dtypes.float32: dtypes.complex64, dtypes.float64: dtypes.complex128}


def _join(xp, real, imag, *, Tout):
    if xp is not np:
        import jax

        return jax.lax.complex(*xp.broadcast_arrays(real, imag))
    out = np.empty(np.broadcast_shapes(real.shape, imag.shape), Tout.np)
    out.real, out.imag = real, imag
    return out


def _join_samples(make):
    for x, y in broadcast_samples(make):
        yield x, y, dict(Tout=_COMPLEX[make.dtype])


declare_binary("Complex", _join, lambda g: real(g), lambda g: imag(g), operands=("real", "imag"), samples=_join_samples)


def _part_samples(make):
    for (x,) in simple_samples(make):
        yield x, dict(Tout=make.dtype.real_dtype)


def _declare_part(name, compute, grad, parameter="input"):
    """Declares an op from complex numbers to real ones."""
    return declare_unary(name, compute, grad, parameter=parameter, samples=_part_samples, ignores=("Tout",))


def _angle_grad(g, input):
    return -complex_(g, zeros_like(g)) * registry["Reciprocal"](complex_(imag(input), real(input)))


def _abs_grad(g, x, y):
    return registry["DivNoNan"](complex_(g, zeros_like(g)) * x, complex_(y, zeros_like(y)))


_conj = declare_unary("Conj", "conjugate", lambda g: conj(g), parameter="input")
_real = _declare_part("Real", "real", lambda g: complex_(g, zeros_like(g)))
_imag = _declare_part("Imag", "imag", lambda g: complex_(zeros_like(g), g))
_angle = _declare_part("Angle", "angle", _angle_grad)
_complex_abs = _declare_part("ComplexAbs", "absolute", _abs_grad, parameter="x")


@export("complex", "dtypes.complex")
@versioned
def complex_(real, imag, name=None):
    """Complex numbers from their real and imaginary parts.

    Args:
      real, imag: two float32 or two float64 tensors.
      name: the name of the node.

    Returns:
      A complex64 or complex128 tensor.

    Raises:
      TypeError: the tensors are of other types.
    """
    real, imag = convert(real, None, "real"), convert(imag, None, "imag")
    with name_scope(name, "Complex", [real, imag]) as name:
        types = real.dtype.base_dtype, imag.dtype.base_dtype
        if types[0] is not types[1] or types[0] not in _COMPLEX:
            raise TypeError("real and imag have incorrect types: %s %s" % (types[0].name, types[1].name))
        return registry["Complex"](real, imag, Tout=_COMPLEX[types[0]], name=name)


def _part(op, input, default_name, name, of_real):
    """A real part of complex numbers, or what stands for it if they are real already."""
    with name_scope(name, default_name, [input]) as name:
        input = convert(input, None, "input")
        if input.dtype.is_complex:
            return op(input, Tout=input.dtype.base_dtype.real_dtype, name=name)
        return of_real(input)


@export("real", "math.real")
@versioned
def real(input, name=None):
    """The real parts of the elements of a tensor; the tensor itself if they are real.

    Args:
      input: a numeric tensor.
      name: the name of the node.
    """
    return _part(_real, input, "Real", name, lambda x: x)


@export("imag", "math.imag")
@versioned
def imag(input, name=None):
    """The imaginary parts of the elements of a tensor; zeros if they are real.

    Args:
      input: a numeric tensor.
      name: the name of the node.
    """
    return _part(_imag, input, "Imag", name, zeros_like)


@export("angle", "math.angle")
@versioned
def angle(input, name=None):
    """The arguments, between -pi and pi, of the elements of a tensor; zeros if they are real.

    Args:
      input: a numeric tensor.
      name: the name of the node.
    """
    return _part(_angle, input, "Angle", name, zeros_like)


@versioned
def _general_conj(x, name):
    """`conj` of anything that it works with."""
    with name_scope(name, "Conj", [x]) as name:
        x = convert(x, None, "x")
        if x.dtype.is_complex or x.dtype.base_dtype is dtypes.variant:
            return _conj(x, name=name)
        if x.dtype.is_floating or x.dtype.is_integer:
            return x
        raise TypeError("Expected numeric or variant tensor, got dtype %r" % x.dtype)


@export("conj", "math.conj")
@shortcut(_general_conj)
def conj(x, name=None):
    """The complex conjugates of the elements of a tensor; the tensor itself if they are real.

    Args:
      x: a numeric or variant tensor.
      name: the name of the node.

    Raises:
      TypeError: the tensor is not numeric.
    """
    if isinstance(x, Tensor) and (x.dtype.is_floating or x.dtype.is_integer):
        return x
    return _general_conj(x, name)
