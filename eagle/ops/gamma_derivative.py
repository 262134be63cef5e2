"""The derivative of a gamma sample with respect to the distribution's parameter, by implicit differentiation.

A sample x of the distribution with parameter a and distribution function F(a, x), the regularised lower incomplete gamma function,
moves with a as -(dF/da) / (dF/dx).  dF/da comes from differentiating the series (x <= 1 or x <= a) or the continued fraction by
which F is computed, term by term.

    Figurnov, Mohamed, Mnih, Implicit reparameterization gradients.  2018.
"""

import numpy as np

_STEPS = 20000  # more than either form needs for any argument of interest
_LARGE = 1e100  # the fraction's terms are scaled down beyond it


def gamma_sample_derivative(alpha, sample):
    """d(sample) / d(alpha), elementwise, for arrays of one floating point type that broadcast."""
    dtype = np.result_type(alpha, sample)
    a, x = np.broadcast_arrays(np.asarray(alpha, np.float64), np.asarray(sample, np.float64))
    out = np.full(a.shape, np.nan)
    good = (x >= 0) & (a > 0)
    out[good & (x == 0)] = 0.0
    out[good & np.isinf(x)] = -0.0
    by_fraction = good & (x > 1) & (x > a) & np.isfinite(x)
    by_series = good & (x > 0) & ~(by_fraction | np.isinf(x))
    epsilon = np.finfo(dtype).eps
    out[by_series] = _by_series(a[by_series], x[by_series], epsilon)
    out[by_fraction] = _by_fraction(a[by_fraction], x[by_fraction], epsilon)
    return out.astype(dtype)


def _digamma(a):
    from scipy.special import digamma

    return digamma(a)


def _by_series(a, x, epsilon):
    term, dterm = np.ones_like(a), np.zeros_like(a)
    total, dtotal = np.ones_like(a), np.zeros_like(a)
    r = a.copy()
    for _ in range(_STEPS):
        r += 1
        factor = x / r
        dterm = factor * dterm - x / (r * r) * term
        dtotal += dterm
        term *= factor
        total += term
        if (np.abs(dterm) <= epsilon * np.abs(dtotal)).all():
            break
    return -(dtotal + total * (np.log(x) - _digamma(a + 1))) * x / a


def _by_fraction(a, x, epsilon):
    y, z, c = 1 - a, x + 1 - a + 1, 0.0
    p2, q2, p1, q1 = np.ones_like(a), x.copy(), x + 1, z * x
    dp2, dq2, dp1, dq1 = np.zeros_like(a), np.zeros_like(a), np.zeros_like(a), -x
    value = p1 / q1
    dvalue = (dp1 - value * dq1) / q1
    for _ in range(_STEPS):
        c += 1
        y = y + 1
        z = z + 2
        p, q = p1 * z - p2 * y * c, q1 * z - q2 * y * c
        dp = dp1 * z - p1 - dp2 * y * c + p2 * c
        dq = dq1 * z - q1 - dq2 * y * c + q2 * c
        before = dvalue
        value = np.where(q != 0, p / q, value)
        dvalue = np.where(q != 0, (dp - value * dq) / q, dvalue)
        if (np.abs(dvalue - before) <= epsilon).all():
            break
        scale = np.where(np.abs(p) > _LARGE, 1 / _LARGE, 1.0)
        p2, q2, p1, q1 = p1 * scale, q1 * scale, p * scale, q * scale
        dp2, dq2, dp1, dq1 = dp1 * scale, dq1 * scale, dp * scale, dq * scale
    return (dvalue + value * (np.log(x) - _digamma(a))) * x
