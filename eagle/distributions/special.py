"""The normal distribution function, its logarithm and its inverse; the logarithm of Laplace's distribution function."""

import numpy as np

from ..core.convert import constant, convert
from ..core.export import export, public as tf
from ..core.scopes import name_scope
from ..ops.where import where_v2

_SPACE = "python.ops.distributions.special_math."


def _as_float(x, name):
    x = convert(x, name=name)
    if x.dtype.as_numpy_dtype not in (np.float32, np.float64):
        raise TypeError("%s.dtype=%s is not handled, see docstring for supported types." % (name, x.dtype))
    return x


@export(_SPACE + "ndtr")
def ndtr(x, name="ndtr"):
    """The distribution function of the standard normal distribution.

    Args:
      x: a float32 or float64 tensor.
      name: the name scope of the nodes.

    Raises:
      TypeError: it has another type.
    """
    with name_scope(name, values=[x]):
        return _ndtr(_as_float(x, "x"))


def _ndtr(x):
    half_root = constant(0.5 * np.sqrt(2.0), x.dtype, name="half_sqrt_2")
    w = x * half_root
    z = tf.abs(w)
    near = tf.less(z, half_root)
    inner = 1.0 + tf.erf(w)
    above = tf.greater(w, 0.0)
    return 0.5 * where_v2(near, inner, where_v2(above, 2.0 - tf.erfc(z), tf.erfc(z)))


# The rational approximations of Cephes' ndtri, highest powers first: near the middle, in the tails, and far out.
_P0 = [-59.9633501014107895267, 98.0010754185999661536, -56.6762857469070293439, 13.9312609387279679503, -1.23916583867381258016]
_Q0 = [1.0, 1.95448858338141759834, 4.67627912898881538453, 86.3602421390890590575, -225.462687854119370527, 200.260212380060660359,
       -82.0372256168333339912, 15.9056225126211695515, -1.18331621121330003142]  # fmt: skip
_P1 = [4.05544892305962419923, 31.5251094599893866154, 57.1628192246421288162, 44.0805073893200834700, 14.6849561928858024014,
       2.18663306850790267539, -0.140256079171354495875, -0.0350424626827848203418, -8.57456785154685413611e-4]  # fmt: skip
_Q1 = [1.0, 15.7799883256466749731, 45.3907635128879210584, 41.3172038254672030440, 15.0425385692907503408, 2.50464946208309415979,
       -0.142182922854787788574, -0.0380806407691578277194, -9.33259480895457427372e-4]  # fmt: skip
_P2 = [3.23774891776946035970, 6.91522889068984211695, 3.93881025292474443415, 1.33303460815807542389, 0.201485389549179081538,
       0.0123716634817820021358, 3.01581553508235416007e-4, 2.65806974686737550832e-6, 6.23974539184983293730e-9]  # fmt: skip
_Q2 = [1.0, 6.02427039364742014255, 3.67983563856160859403, 1.37702099489081330271, 0.216236993594496635890,
       0.0134204006088543189037, 3.28014464682127739104e-4, 2.89247864745380683936e-6, 6.79019408009981274425e-9]  # fmt: skip


def _polynomial(x, coefficients):
    """The polynomial with these coefficients, that of the highest power first."""
    result = tf.zeros_like(x)
    for c in np.array(coefficients, x.dtype.as_numpy_dtype):
        result = c + result * x
    return result


@export(_SPACE + "ndtri")
def ndtri(p, name="ndtri"):
    """The quantiles of the standard normal distribution.

    Args:
      p: a float32 or float64 tensor of probabilities.
      name: the name scope of the nodes.

    Raises:
      TypeError: it has another type.
    """
    with name_scope(name, values=[p]):
        p = _as_float(p, "p")
        lower = where_v2(p > -np.expm1(-2.0), 1.0 - p, p)
        lower = where_v2(lower <= 0.0, tf.fill(tf.shape(p), np.array(0.5, p.dtype.as_numpy_dtype)), lower)
        w = lower - 0.5
        ww = w**2
        middle = w + w * ww * (_polynomial(ww, _P0) / _polynomial(ww, _Q0))
        middle *= -np.sqrt(2.0 * np.pi)
        z = tf.sqrt(-2.0 * tf.math.log(lower))
        first = z - tf.math.log(z) / z
        far = _polynomial(1.0 / z, _P2) / _polynomial(1.0 / z, _Q2) / z
        tail = _polynomial(1.0 / z, _P1) / _polynomial(1.0 / z, _Q1) / z
        far, tail = first - far, first - tail
        x = where_v2(lower > np.exp(-2.0), middle, where_v2(z >= 8.0, far, tail))
        x = where_v2(p > 1.0 - np.exp(-2.0), x, -x)
        infinity = constant(np.inf, p.dtype)
        infinity = tf.fill(tf.shape(p), infinity)
        return where_v2(p <= 0.0, -infinity, where_v2(p >= 1.0, infinity, x))


@export(_SPACE + "log_ndtr")
def log_ndtr(x, series_order=3, name="log_ndtr"):
    """The logarithm of the distribution function of the standard normal distribution, exact far down, too.

    Args:
      x: a float32 or float64 tensor.
      series_order: how many terms the series for small `x` has, an int up to 30.
      name: the name scope of the nodes.

    Raises:
      TypeError: `x` has another type, or `series_order` is no int.
      ValueError: `series_order` is out of range.
    """
    if not isinstance(series_order, int):
        raise TypeError("series_order must be a Python integer.")
    if series_order < 0:
        raise ValueError("series_order must be non-negative.")
    if series_order > 30:
        raise ValueError("series_order must be <= 30.")
    with name_scope(name, values=[x]):
        x = convert(x, name="x")
        kind = x.dtype.as_numpy_dtype
        if kind not in (np.float32, np.float64):
            raise TypeError("x.dtype=%s is not supported." % x.dtype)
        low, high = (kind(-20), kind(8)) if kind == np.float64 else (kind(-10), kind(5))
        is_high, above = tf.greater(x, high), -_ndtr(-x)
        is_middle, middle = tf.greater(x, low), tf.math.log(_ndtr(tf.maximum(x, low)))
        return where_v2(is_high, above, where_v2(is_middle, middle, _lower(tf.minimum(x, low), series_order)))


def _lower(x, order):
    square = tf.square(x)
    scale = -0.5 * square - tf.math.log(-x) - 0.5 * np.log(2.0 * np.pi)
    return scale + tf.math.log(_series(x, order))


def _series(x, order):
    """The asymptotic series of the distribution function over the density, for small `x`."""
    kind = x.dtype.as_numpy_dtype
    if order <= 0:
        return kind(1)
    square = tf.square(x)
    even, odd, power = tf.zeros_like(x), tf.zeros_like(x), square
    for n in range(1, order + 1):
        term = np.array(np.prod(np.arange(2 * n - 1, 1, -2)), kind) / power
        if n % 2:
            odd += term
        else:
            even += term
        power *= square
    return 1.0 + even - odd


@export(_SPACE + "log_cdf_laplace")
def log_cdf_laplace(x, name="log_cdf_laplace"):
    """The logarithm of the distribution function of Laplace's standard distribution.

    Args:
      x: a tensor of floats.
      name: the name scope of the nodes.
    """
    with name_scope(name, values=[x]):
        x = convert(x, name="x")
        lower = -np.log(2.0) + x
        upper = tf.log1p(-0.5 * tf.exp(-tf.abs(x)))
        return where_v2(x < 0.0, lower, upper)


@export(_SPACE + "erfinv")
def erfinv(x, name="erfinv"):
    """The inverse of the error function.

    Args:
      x: a float32 or float64 tensor.
      name: the name scope of the nodes.

    Raises:
      TypeError: it has another type.
    """
    with name_scope(name, values=[x]):
        x = _as_float(x, "x")
        return ndtri((x + 1.0) / 2.0) / np.sqrt(2)
