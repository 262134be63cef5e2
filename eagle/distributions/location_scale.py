"""Distributions with a place and a width: Normal, Laplace, Student's t, Uniform."""

import math

import numpy as np

from ..core.convert import constant
from ..core.export import export, public as tf
from ..core.scopes import control_dependencies, name_scope
from ..ops.where import where_v2
from .base import FULLY_REPARAMETERIZED, ScalarEvents
from .checks import new_seed
from .divergence import RegisterKL
from .special import log_cdf_laplace, log_ndtr, ndtr, ndtri


class LocationScale(ScalarEvents):
    """The base of distributions with a place and a width.

    Args:
      loc, scale: tensors of floats, the second above 0.
      validate_args, allow_nan_stats, name: as of `Distribution`.
      parameters: the arguments of the constructor.
    """

    _spread = ("loc", "scale")

    def __init__(self, loc, scale, validate_args, allow_nan_stats, name, parameters):
        with name_scope(name, values=[loc, scale]) as name:
            with control_dependencies([tf.assert_positive(scale)] if validate_args else []):
                self._loc, self._scale = tf.identity(loc, name="loc"), tf.identity(scale, name="scale")
                tf.debugging.assert_same_float_dtype([self._loc, self._scale])
        super().__init__(dtype=self._scale.dtype, reparameterization_type=FULLY_REPARAMETERIZED, validate_args=validate_args,
                         allow_nan_stats=allow_nan_stats, parameters=parameters, graph_parents=[self._loc, self._scale],
                         name=name)  # fmt: skip

    loc = property(lambda self: self._loc)
    scale = property(lambda self: self._scale)

    def _uniform(self, n, seed, least):
        shape = tf.concat([[n], self.batch_shape_tensor()], 0)
        return tf.random_uniform(shape=shape, minval=least, maxval=1.0, dtype=self.dtype, seed=seed)

    def _z(self, x):
        with name_scope("standardize", values=[x]):
            return (x - self.loc) / self.scale

    def _spread_loc(self):
        return self.loc * tf.ones_like(self.scale)


@export("distributions.Normal", "contrib.distributions.Normal")
class Normal(LocationScale):
    """The normal distribution.

    Args:
      loc: the mean, a tensor of floats.
      scale: the standard deviation, a tensor of floats above 0.
      validate_args: whether arguments are checked by assertions.
      allow_nan_stats: whether statistics may be not a number.
      name: the name of the distribution.

    Raises:
      TypeError: the types differ.
    """

    def __init__(self, loc, scale, validate_args=False, allow_nan_stats=True, name="Normal"):
        super().__init__(loc, scale, validate_args, allow_nan_stats, name, dict(locals()))

    def _sample_n(self, n, seed=None):
        shape = tf.concat([[n], self.batch_shape_tensor()], 0)
        drawn = tf.random_normal(shape=shape, mean=0.0, stddev=1.0, dtype=self.loc.dtype, seed=seed)
        return drawn * self.scale + self.loc

    def _log_prob(self, x):
        return self._log_unnormalized_prob(x) - self._log_normalization()

    def _log_cdf(self, x):
        return log_ndtr(self._z(x))

    def _cdf(self, x):
        return ndtr(self._z(x))

    def _log_survival_function(self, x):
        return log_ndtr(-self._z(x))

    def _survival_function(self, x):
        return ndtr(-self._z(x))

    def _log_unnormalized_prob(self, x):
        return -0.5 * tf.square(self._z(x))

    def _log_normalization(self):
        return 0.5 * math.log(2.0 * math.pi) + tf.math.log(self.scale)

    def _entropy(self):
        scale = self.scale * tf.ones_like(self.loc)
        return 0.5 * math.log(2.0 * math.pi * math.e) + tf.math.log(scale)

    def _mean(self):
        return self.loc * tf.ones_like(self.scale)

    def _quantile(self, p):
        return self._inv_z(ndtri(p))

    def _stddev(self):
        return self.scale * tf.ones_like(self.loc)

    def _mode(self):
        return self._mean()

    def _inv_z(self, z):
        with name_scope("reconstruct", values=[z]):
            return z * self.scale + self.loc


@export("contrib.distributions.NormalWithSoftplusScale")
class NormalWithSoftplusScale(Normal):
    """A `Normal` whose scale is the softplus of `scale`."""

    def __init__(self, loc, scale, validate_args=False, allow_nan_stats=True, name="NormalWithSoftplusScale"):
        parameters = dict(locals())
        with name_scope(name, values=[scale]) as name:
            scale = tf.nn.softplus(scale, name="softplus_scale")
            super().__init__(loc, scale, validate_args, allow_nan_stats, name)
        self._parameters = parameters


@RegisterKL(Normal, Normal)
def _kl_normal_normal(a, b, name=None):
    with name_scope(name, "kl_normal_normal", [a.loc, b.loc]):
        one, two, half = constant(1, a.dtype), constant(2, a.dtype), constant(0.5, a.dtype)
        of_a, of_b = tf.square(a.scale), tf.square(b.scale)
        ratio = of_a / of_b
        return tf.squared_difference(a.loc, b.loc) / (two * of_b) + half * (ratio - one - tf.math.log(ratio))


@export("distributions.Laplace", "contrib.distributions.Laplace")
class Laplace(LocationScale):
    """Laplace's distribution, the density of which falls exponentially to both sides.

    Args:
      loc: the mean, a tensor of floats.
      scale: the width, a tensor of floats above 0.
      validate_args: whether arguments are checked by assertions.
      allow_nan_stats: whether statistics may be not a number.
      name: the name of the distribution.

    Raises:
      TypeError: the types differ.
    """

    def __init__(self, loc, scale, validate_args=False, allow_nan_stats=True, name="Laplace"):
        super().__init__(loc, scale, validate_args, allow_nan_stats, name, dict(locals()))

    def _sample_n(self, n, seed=None):
        kind = self.dtype.as_numpy_dtype
        drawn = self._uniform(n, seed, np.nextafter(kind(-1.0), kind(0.0)))
        return self.loc - self.scale * tf.sign(drawn) * tf.log1p(-tf.abs(drawn))

    def _log_prob(self, x):
        return self._log_unnormalized_prob(x) - self._log_normalization()

    def _prob(self, x):
        return tf.exp(self._log_prob(x))

    def _log_cdf(self, x):
        return log_cdf_laplace(self._z(x))

    def _log_survival_function(self, x):
        return log_cdf_laplace(-self._z(x))

    def _cdf(self, x):
        z = self._z(x)
        return 0.5 + 0.5 * tf.sign(z) * (1.0 - tf.exp(-tf.abs(z)))

    def _log_unnormalized_prob(self, x):
        return -tf.abs(self._z(x))

    def _log_normalization(self):
        return math.log(2.0) + tf.math.log(self.scale)

    def _entropy(self):
        scale = self.scale + tf.zeros_like(self.loc)
        return math.log(2.0) + 1.0 + tf.math.log(scale)

    def _mean(self):
        return self.loc + tf.zeros_like(self.scale)

    def _stddev(self):
        return math.sqrt(2.0) * self.scale + tf.zeros_like(self.loc)

    def _mode(self):
        return self._mean()

    def _z(self, x):
        return (x - self.loc) / self.scale


@export("contrib.distributions.LaplaceWithSoftplusScale")
class LaplaceWithSoftplusScale(Laplace):
    """A `Laplace` whose scale is the softplus of `scale`."""

    def __init__(self, loc, scale, validate_args=False, allow_nan_stats=True, name="LaplaceWithSoftplusScale"):
        parameters = dict(locals())
        with name_scope(name, values=[loc, scale]) as name:
            scale = tf.nn.softplus(scale, name="softplus_scale")
            super().__init__(loc, scale, validate_args, allow_nan_stats, name)
        self._parameters = parameters


@export("distributions.StudentT", "contrib.distributions.StudentT")
class StudentT(ScalarEvents):
    """Student's t-distribution.

    Args:
      df: the degrees of freedom, a tensor of floats above 0.
      loc: the place, a tensor of floats.
      scale: the width, a tensor of floats.
      validate_args: whether arguments are checked by assertions.
      allow_nan_stats: whether statistics may be not a number.
      name: the name of the distribution.

    Raises:
      TypeError: the types differ.
    """

    _spread = ("df", "loc", "scale")

    def __init__(self, df, loc, scale, validate_args=False, allow_nan_stats=True, name="StudentT"):
        parameters = dict(locals())
        with name_scope(name, values=[df, loc, scale]) as name:
            with control_dependencies([tf.assert_positive(df)] if validate_args else []):
                self._df, self._loc = tf.identity(df, name="df"), tf.identity(loc, name="loc")
                self._scale = tf.identity(scale, name="scale")
                tf.debugging.assert_same_float_dtype((self._df, self._loc, self._scale))
        super().__init__(dtype=self._scale.dtype, reparameterization_type=FULLY_REPARAMETERIZED, validate_args=validate_args,
                         allow_nan_stats=allow_nan_stats, parameters=parameters, graph_parents=[self._df, self._loc, self._scale],
                         name=name)  # fmt: skip

    df = property(lambda self: self._df)
    loc = property(lambda self: self._loc)
    scale = property(lambda self: self._scale)

    def _sample_n(self, n, seed=None):
        shape = tf.concat([[n], self.batch_shape_tensor()], 0)
        normal = tf.random_normal(shape, dtype=self.dtype, seed=seed)
        df = self.df * self._ones()
        gamma = tf.random_gamma([n], 0.5 * df, beta=0.5, dtype=self.dtype, seed=new_seed(seed, salt="student_t"))
        return normal * tf.rsqrt(gamma / df) * self.scale + self.loc

    def _log_prob(self, x):
        return self._log_unnormalized_prob(x) - self._log_normalization()

    def _log_unnormalized_prob(self, x):
        y = (x - self.loc) / self.scale
        return -0.5 * (self.df + 1.0) * tf.log1p(y**2.0 / self.df)

    def _log_normalization(self):
        size = tf.math.log(tf.abs(self.scale)) + 0.5 * tf.math.log(self.df) + 0.5 * np.log(np.pi)
        return size + tf.lgamma(0.5 * self.df) - tf.lgamma(0.5 * (self.df + 1.0))

    def _cdf(self, x):
        y = (x - self.loc) / tf.abs(self.scale)
        below = 0.5 * tf.betainc(0.5 * self.df, 0.5, self.df / (y**2.0 + self.df))
        return where_v2(tf.less(y, 0.0), below, 1.0 - below)

    def _entropy(self):
        ones = self._ones()[..., None]
        beta = tf.concat([ones * self.df[..., None], ones], -1) / 2.0
        start = tf.math.log(tf.abs(self.scale)) + 0.5 * tf.math.log(self.df) + tf.lbeta(beta)
        return start + 0.5 * (self.df + 1.0) * (tf.digamma(0.5 * (self.df + 1.0)) - tf.digamma(0.5 * self.df))

    def _more_than_one(self, what):
        """The condition and the checks of statistics that need more than one degree of freedom."""
        message = what + " not defined for components of df <= 1"
        return (lambda: tf.greater(self.df, self._ones())), (
            lambda: [tf.assert_less(tf.ones([], dtype=self.dtype), self.df, message=message)]
        )

    def _mean(self):
        mean = self.loc * self._ones()
        is_defined, checks = self._more_than_one("mean")
        return self._where_defined(is_defined, mean, checks, nan_first=False)

    def _variance(self):
        denominator = where_v2(tf.greater(self.df, 2.0), self.df - 2.0, tf.ones_like(self.df))
        variance = self._ones() * tf.square(self.scale) * self.df / denominator
        two = tf.fill(self.batch_shape_tensor(), self.dtype.as_numpy_dtype(2.0))
        infinite = tf.fill(self.batch_shape_tensor(), np.array(np.inf, self.dtype.as_numpy_dtype), name="inf")
        variance = where_v2(self.df > two, variance, infinite)
        is_defined, checks = self._more_than_one("variance")
        return self._where_defined(is_defined, variance, checks, nan_first=False)

    def _mode(self):
        return tf.identity(self.loc)


@export("contrib.distributions.StudentTWithAbsDfSoftplusScale")
class StudentTWithAbsDfSoftplusScale(StudentT):
    """A `StudentT` with `floor(abs(df))` degrees of freedom and the softplus of `scale` as its scale."""

    def __init__(self, df, loc, scale, validate_args=False, allow_nan_stats=True, name="StudentTWithAbsDfSoftplusScale"):
        parameters = dict(locals())
        with name_scope(name, values=[df, scale]) as name:
            df, scale = tf.floor(tf.abs(df)), tf.nn.softplus(scale, name="softplus_scale")
            super().__init__(df, loc, scale, validate_args, allow_nan_stats, name)
        self._parameters = parameters


@export("distributions.Uniform", "contrib.distributions.Uniform")
class Uniform(ScalarEvents):
    """The uniform distribution on `[low, high)`.

    Args:
      low, high: tensors of floats.
      validate_args: whether arguments are checked by assertions.
      allow_nan_stats: whether statistics may be not a number.
      name: the name of the distribution.

    Raises:
      TypeError: the types differ.
      InvalidArgumentError: `low >= high`, and `validate_args` is set.
    """

    _spread = ("low", "high")

    def __init__(self, low=0.0, high=1.0, validate_args=False, allow_nan_stats=True, name="Uniform"):
        parameters = dict(locals())
        with name_scope(name, values=[low, high]) as name:
            checks = [tf.assert_less(low, high, message="uniform not defined when low >= high.")] if validate_args else []
            with control_dependencies(checks):
                self._low, self._high = tf.identity(low, name="low"), tf.identity(high, name="high")
                tf.debugging.assert_same_float_dtype([self._low, self._high])
        super().__init__(dtype=self._low.dtype, reparameterization_type=FULLY_REPARAMETERIZED, validate_args=validate_args,
                         allow_nan_stats=allow_nan_stats, parameters=parameters, graph_parents=[self._low, self._high],
                         name=name)  # fmt: skip

    low = property(lambda self: self._low)
    high = property(lambda self: self._high)

    def range(self, name="range"):
        """`high - low`."""
        with self._name_scope(name):
            return self.high - self.low

    def _sample_n(self, n, seed=None):
        shape = tf.concat([[n], self.batch_shape_tensor()], 0)
        drawn = tf.random_uniform(shape=shape, dtype=self.dtype, seed=seed)
        return self.low + self.range() * drawn

    def _prob(self, x):
        x = x * tf.ones(self.batch_shape_tensor(), dtype=x.dtype)
        is_nan = tf.is_nan(x)
        outside = tf.logical_or(x < self.low, x >= self.high)
        return where_v2(is_nan, x, where_v2(outside, tf.zeros_like(x), tf.ones_like(x) / self.range()))

    def _cdf(self, x):
        shape = tf.broadcast_dynamic_shape(tf.shape(x), self.batch_shape_tensor())
        zeros, ones = tf.zeros(shape, dtype=self.dtype), tf.ones(shape, dtype=self.dtype)
        inside = x * ones
        below = where_v2(x < self.low, zeros, (inside - self.low) / self.range())
        return where_v2(x >= self.high, ones, below)

    def _entropy(self):
        return tf.math.log(self.range())

    def _mean(self):
        return (self.low + self.high) / 2.0

    def _variance(self):
        return tf.square(self.range()) / 12.0

    def _stddev(self):
        return self.range() / math.sqrt(12.0)
