"""Special functions: gamma and its kin, error functions, Bessel functions, by SciPy or, compiled, by JAX."""

import numpy as np

from ..core import shape as shapes
from ..core.convert import convert
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..core.scopes import name_scope
from .arithmetic import declare_binary
from .binary import ones_like, where
from .doors import binary, unary
from .gamma_derivative import gamma_sample_derivative
from .reduce import reduce_sum
from .unary import abs_, declare_unary, exp, log, reciprocal, sign, square


def _special(xp):
    """SciPy's module of special functions, or JAX's."""
    if xp is np:
        import scipy.special

        return scipy.special
    import jax.scipy.special

    return jax.scipy.special


def _in_single(compute):
    """A kernel that computes half precision in single."""

    def kernel(xp, *operands):
        d = operands[0].dtype
        if d.itemsize == 2:
            operands = [x.astype(np.float32) for x in operands]
        return xp.asarray(compute(xp, _special(xp), *operands)).astype(d)

    return kernel


def _declare(name, compute, grad, **options):
    """Declares a function of one operand: `compute(xp, special, x)`."""
    kernel = _in_single(compute)
    return declare_unary(name, lambda xp, x: kernel(xp, x), grad, **options)


def _by_name(function):
    return lambda xp, special, *operands: getattr(special, function)(*operands)


# ------------------------------------------------------------------------------------------------------- of one operand


def _digamma_value(xp, special, x):
    return xp.where((x <= 0) & (x == xp.floor(x)), np.inf, special.digamma(x))


def _lgamma_value(xp, special, x):
    return xp.where(xp.isinf(x), np.inf, special.gammaln(x))


def _constant_like(number, x):
    return convert(number, x.dtype.base_dtype)


def _bell(x):
    """The derivative of the error function."""
    return _constant_like(2 / np.sqrt(np.pi), x) * exp(-square(x))


def _of_bessel_i1e(g, x, y):
    """Near zero, where the formula would divide by zero, the derivative is one half."""
    tiny = abs_(x) <= _constant_like(np.finfo(x.dtype.base_dtype.np).eps, x)
    one = ones_like(x)
    safe = where(tiny, one, x)
    return g * where(tiny, one / 2, bessel_i0e(safe) - y * (sign(safe) + reciprocal(safe)))


_lgamma = _declare("Lgamma", _lgamma_value, lambda g, x: g * digamma(x))
_digamma = _declare("Digamma", _digamma_value, lambda g, x: g * polygamma(_constant_like(1, x), x))
_erf = _declare("Erf", _by_name("erf"), lambda g, x: g * _bell(x))
_erfc = _declare("Erfc", _by_name("erfc"), lambda g, x: -g * _bell(x))
_bessel_i0e = _declare("BesselI0e", _by_name("i0e"), lambda g, x, y: g * (bessel_i1e(x) - sign(x) * y))
_bessel_i1e = _declare("BesselI1e", _by_name("i1e"), _of_bessel_i1e)

lgamma = export("lgamma", "math.lgamma")(unary(_lgamma))
digamma = export("digamma", "math.digamma")(unary(_digamma))
erf = export("erf", "math.erf")(unary(_erf, of_sparse=True))
erfc = export("erfc", "math.erfc")(unary(_erfc))
bessel_i0e = export("math.bessel_i0e")(unary(_bessel_i0e, of_sparse=True))
bessel_i1e = export("math.bessel_i1e")(unary(_bessel_i1e, of_sparse=True))


def _declare_bessel(order, scaled):
    name = "bessel_i%d" % order

    def function(x, name=None):
        with name_scope(name, function.__name__, [x]):
            return exp(abs_(x)) * scaled(x)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = """The modified Bessel function of order %d.  `%se` is stabler for large numbers.

    Args:
      x: a float tensor.
      name: the name scope of the nodes.
    """ % (order, name)
    return export("math." + name)(function)


bessel_i0 = _declare_bessel(0, bessel_i0e)
bessel_i1 = _declare_bessel(1, bessel_i1e)


# ------------------------------------------------------------------------------------------------------ of two operands


def _two_positive(make):
    yield make.positive(2, 3), make.positive(2, 3)
    yield make.positive(2, 3), make.positive(3)
    yield make.positive(2, 1), make.positive(1, 4)
    yield np.asarray(make.positive()), make.positive(2)


def _exponents(make):
    for x, q in _two_positive(make):
        yield x + 1, q


def _orders(make):
    for i, (_, x) in enumerate(_two_positive(make)):
        yield np.array(i, make.dtype.np), x


def _declare_two(name, compute, grad_x, grad_y, operands, samples=_two_positive, **options):
    """Declares a function of two operands: `compute(xp, special, x, y)`."""
    kernel = _in_single(compute)
    wrapped = eval("lambda xp, {0}, {1}: kernel(xp, {0}, {1})".format(*operands), {"kernel": kernel})  # the names matter
    return declare_binary(name, wrapped, grad_x, grad_y, operands=operands, samples=samples, **options)


def _incomplete(function):
    """A kernel of an incomplete gamma function: NaN where it is not defined."""

    def compute(xp, special, a, x):
        return xp.where((a > 0) & (x >= 0) & ~xp.isinf(a), getattr(special, function)(abs(a), abs(x)), np.nan)

    return compute


def _slope_in_a(xp, special, a, x):
    """The derivative of igamma with respect to `a`."""
    if xp is not np:
        import jax

        return jax.lax.igamma_grad_a(*xp.broadcast_arrays(a, x))
    density = np.exp(-x + (a - 1) * np.log(x) - special.gammaln(a))
    return np.where(x == 0, np.where(a > 0, 0.0, np.nan), -gamma_sample_derivative(a, x) * density)


def _polygamma_value(xp, special, a, x):
    order = a + 1
    value = xp.where(a % 2 == 0, -1, 1) * xp.exp(special.gammaln(order)) * special.zeta(xp.maximum(order, 1), x)
    value = xp.where(a == 0, _digamma_value(xp, special, x), value)
    return xp.where((a >= 0) & (a == xp.floor(a)), value, np.nan)


def _slope_in_x(a, x):
    return exp(-x + (a - 1) * log(x) - lgamma(a))


_igamma = _declare_two("Igamma", _incomplete("gammainc"), lambda g, a, x: g * _igamma_grad_a(a, x),
                       lambda g, a, x: g * _slope_in_x(a, x), ("a", "x"))  # fmt: skip
_igammac = _declare_two("Igammac", _incomplete("gammaincc"), lambda g, a, x: -g * _igamma_grad_a(a, x),
                        lambda g, a, x: -g * _slope_in_x(a, x), ("a", "x"))  # fmt: skip
_igamma_grad_a = _declare_two("IgammaGradA", _slope_in_a, None, None, ("a", "x"), has_gradient=False)
_zeta = _declare_two("Zeta", _by_name("zeta"), None, lambda g, x, q: g * -x * zeta(x + 1, q), ("x", "q"), _exponents)
_polygamma = _declare_two("Polygamma", _polygamma_value, None, lambda g, a, x: g * polygamma(a + 1, x), ("a", "x"), _orders)

igamma = export("igamma", "math.igamma")(binary(_igamma, ("a", "x")))
igammac = export("igammac", "math.igammac")(binary(_igammac, ("a", "x")))
zeta = export("zeta", "math.zeta")(binary(_zeta, ("x", "q")))
polygamma = export("polygamma", "math.polygamma")(binary(_polygamma, ("a", "x")))


# --------------------------------------------------------------------------------------------- the beta function's kin


def _same_or_scalar(a, b, names):
    """The shape of two operands of betainc; TensorFlow broadcasts only scalars."""
    if a == () or b == ():
        return b if a == () else a
    if a != b:
        text = "Shapes of %s and %s are inconsistent: %s vs. %s"
        raise invalid(text, *names, shapes.to_brackets(a), shapes.to_brackets(b))
    return a


@op("Betainc", broadcasts=True)
def _betainc(xp, a, b, x):
    _same_or_scalar(_same_or_scalar(a.shape, b.shape, "ab"), x.shape, "bx" if a.shape == () else "ax")
    value = _special(xp).betainc(a, b, x)
    return xp.where((a > 0) & (b > 0) & (x >= 0) & (x <= 1), value, xp.asarray(np.nan, x.dtype))


@_betainc.shape
def _(a, b, x):
    result = ()
    unknown = False
    for shape in (a, b, x):
        if shape is None:
            unknown = True
        elif shape != ():
            result = shape if result == () else shapes.agree(result, shape)
    return None if unknown and result == () else result


@_betainc.grad("x")
def _(g, a, b, x):
    log_beta = lgamma(a) + lgamma(b) - lgamma(a + b)
    return g * exp((b - 1) * log(1 - x) + (a - 1) * log(x) - log_beta)


@_betainc.samples
def _(make):
    yield make.positive(2, 3), make.positive(2, 3), make.between(0.1, 0.9, 2, 3)
    yield np.asarray(make.positive()), make.positive(3), make.between(0.1, 0.9, 3)
    yield make.positive(3), make.positive(3), np.asarray(make.between(0.1, 0.9))


betainc = export("betainc", "math.betainc")(_betainc)


@export("lbeta", "math.lbeta")
def lbeta(x, name=None):
    """The logarithm of the multivariate beta function, whose arguments are the elements along the last dimension.

    Args:
      x: a float32 or float64 tensor of shape `[..., K]`.
      name: the name scope of the nodes.

    Returns:
      A tensor of shape `[...]`.
    """
    with name_scope(name, "lbeta", [x]):
        x = convert(x, None, "x")
        return reduce_sum(lgamma(x), [-1]) - lgamma(reduce_sum(x, [-1]))
