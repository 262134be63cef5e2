"""Distributions of numbers above 0: Gamma, Exponential; and between 0 and 1: Beta."""

import numpy as np

from ..core import dtypes
from ..core.convert import convert
from ..core.export import export, public as tf
from ..core.scopes import control_dependencies, name_scope
from ..ops.flow import with_dependencies
from .base import FULLY_REPARAMETERIZED, ScalarEvents
from .checks import new_seed
from .divergence import RegisterKL


@export("distributions.Gamma", "contrib.distributions.Gamma")
class Gamma(ScalarEvents):
    """The gamma distribution.

    Args:
      concentration: the shape parameter, a tensor of floats above 0.
      rate: the inverse of the scale, a tensor of floats above 0.
      validate_args: whether arguments are checked by assertions.
      allow_nan_stats: whether statistics may be not a number.
      name: the name of the distribution.

    Raises:
      TypeError: the types differ.
    """

    _spread = ("concentration", "rate")

    def __init__(self, concentration, rate, validate_args=False, allow_nan_stats=True, name="Gamma"):
        parameters = dict(locals())
        with name_scope(name, values=[concentration, rate]) as name:
            checks = [tf.assert_positive(concentration), tf.assert_positive(rate)] if validate_args else []
            with control_dependencies(checks):
                self._concentration = tf.identity(concentration, name="concentration")
                self._rate = tf.identity(rate, name="rate")
                tf.debugging.assert_same_float_dtype([self._concentration, self._rate])
        super().__init__(dtype=self._concentration.dtype, validate_args=validate_args, allow_nan_stats=allow_nan_stats,
                         reparameterization_type=FULLY_REPARAMETERIZED, parameters=parameters,
                         graph_parents=[self._concentration, self._rate], name=name)  # fmt: skip

    concentration = property(lambda self: self._concentration)
    rate = property(lambda self: self._rate)

    def _sample_n(self, n, seed=None):
        return tf.random_gamma(shape=[n], alpha=self.concentration, beta=self.rate, dtype=self.dtype, seed=seed)

    def _log_prob(self, x):
        return self._log_unnormalized_prob(x) - self._log_normalization()

    def _cdf(self, x):
        x = self._checked(x)
        return tf.igamma(self.concentration, self.rate * x)

    def _log_unnormalized_prob(self, x):
        x = self._checked(x)
        return tf.math.xlogy(self.concentration - 1.0, x) - self.rate * x

    def _log_normalization(self):
        return tf.lgamma(self.concentration) - self.concentration * tf.math.log(self.rate)

    def _entropy(self):
        start = self.concentration - tf.math.log(self.rate) + tf.lgamma(self.concentration)
        return start + (1.0 - self.concentration) * tf.digamma(self.concentration)

    def _mean(self):
        return self.concentration / self.rate

    def _variance(self):
        return self.concentration / tf.square(self.rate)

    def _stddev(self):
        return tf.sqrt(self.concentration) / self.rate

    def _mode(self):
        mode = (self.concentration - 1.0) / self.rate

        def checks():
            message = "mode not defined when any concentration <= 1"
            return [tf.assert_less(tf.ones([], self.dtype), self.concentration, message=message)]

        return self._where_defined(lambda: self.concentration > 1.0, mode, checks)

    def _checked(self, x):
        tf.debugging.assert_same_float_dtype(tensors=[x], dtype=self.dtype)
        return with_dependencies([tf.assert_positive(x)], x) if self.validate_args else x


@export("contrib.distributions.GammaWithSoftplusConcentrationRate")
class GammaWithSoftplusConcentrationRate(Gamma):
    """A `Gamma` whose parameters are the softplus of `concentration` and `rate`."""

    def __init__(self, concentration, rate, validate_args=False, allow_nan_stats=True, name="GammaWithSoftplusConcentrationRate"):
        parameters = dict(locals())
        with name_scope(name, values=[concentration, rate]) as name:
            concentration = tf.nn.softplus(concentration, name="softplus_concentration")
            rate = tf.nn.softplus(rate, name="softplus_rate")
            super().__init__(concentration, rate, validate_args, allow_nan_stats, name)
        self._parameters = parameters


@RegisterKL(Gamma, Gamma)
def _kl_gamma_gamma(a, b, name=None):
    with name_scope(name, "kl_gamma_gamma", values=[a.concentration, a.rate, b.concentration, b.rate]):
        start = (a.concentration - b.concentration) * tf.digamma(a.concentration)
        start = start + tf.lgamma(b.concentration) - tf.lgamma(a.concentration)
        start = start + b.concentration * tf.math.log(a.rate) - b.concentration * tf.math.log(b.rate)
        return start + a.concentration * (b.rate / a.rate - 1.0)


@export("distributions.Exponential", "contrib.distributions.Exponential")
class Exponential(Gamma):
    """The exponential distribution.

    Args:
      rate: the inverse of the mean, a tensor of floats above 0.
      validate_args: whether arguments are checked by assertions.
      allow_nan_stats: whether statistics may be not a number.
      name: the name of the distribution.
    """

    def __init__(self, rate, validate_args=False, allow_nan_stats=True, name="Exponential"):
        parameters = dict(locals())
        with name_scope(name, values=[rate]) as name:
            self._rate = convert(rate, name="rate")
        ones = tf.ones([], dtype=self._rate.dtype)
        super().__init__(ones, self._rate, validate_args, allow_nan_stats, name)
        self._parameters = parameters
        self._graph_parents += [self._rate]

    @classmethod
    def _param_shapes(cls, sample_shape):
        return {"rate": convert(sample_shape, dtypes.int32)}

    def _log_survival_function(self, value):
        return self._log_prob(value) - tf.math.log(self._rate)

    def _sample_n(self, n, seed=None):
        shape = tf.concat([[n], tf.shape(self._rate)], 0)
        tiny = np.finfo(self.dtype.as_numpy_dtype).tiny
        drawn = tf.random_uniform(shape, minval=tiny, maxval=1.0, seed=seed, dtype=self.dtype)
        return -tf.math.log(drawn) / self._rate


@export("contrib.distributions.ExponentialWithSoftplusRate")
class ExponentialWithSoftplusRate(Exponential):
    """An `Exponential` whose rate is the softplus of `rate`."""

    def __init__(self, rate, validate_args=False, allow_nan_stats=True, name="ExponentialWithSoftplusRate"):
        parameters = dict(locals())
        with name_scope(name, values=[rate]) as name:
            super().__init__(tf.nn.softplus(rate, name="softplus_rate"), validate_args, allow_nan_stats, name)
        self._parameters = parameters


@export("distributions.Beta", "contrib.distributions.Beta")
class Beta(ScalarEvents):
    """The beta distribution.

    Args:
      concentration1: how strong the pull to 1 is, a tensor of floats above 0.
      concentration0: how strong the pull to 0 is.
      validate_args: whether arguments are checked by assertions.
      allow_nan_stats: whether statistics may be not a number.
      name: the name of the distribution.

    Raises:
      TypeError: the types differ.
    """

    _spread = ("concentration1", "concentration0")

    def __init__(self, concentration1=None, concentration0=None, validate_args=False, allow_nan_stats=True, name="Beta"):
        parameters = dict(locals())
        with name_scope(name, values=[concentration1, concentration0]) as name:
            self._concentration1 = _positive(convert(concentration1, name="concentration1"), validate_args)
            self._concentration0 = _positive(convert(concentration0, name="concentration0"), validate_args)
            tf.debugging.assert_same_float_dtype([self._concentration1, self._concentration0])
            self._total_concentration = self._concentration1 + self._concentration0
        parents = [self._concentration1, self._concentration0, self._total_concentration]
        super().__init__(dtype=self._total_concentration.dtype, validate_args=validate_args, allow_nan_stats=allow_nan_stats,
                         reparameterization_type=FULLY_REPARAMETERIZED, parameters=parameters, graph_parents=parents,
                         name=name)  # fmt: skip

    concentration1 = property(lambda self: self._concentration1)
    concentration0 = property(lambda self: self._concentration0)
    total_concentration = property(lambda self: self._total_concentration)

    def _batch_shape_tensor(self):
        return tf.shape(self.total_concentration)

    def _batch_shape(self):
        return self.total_concentration.shape

    def _sample_n(self, n, seed=None):
        first = tf.ones_like(self.total_concentration, dtype=self.dtype) * self.concentration1
        second = tf.ones_like(self.total_concentration, dtype=self.dtype) * self.concentration0
        first = tf.random_gamma(shape=[n], alpha=first, dtype=self.dtype, seed=seed)
        second = tf.random_gamma(shape=[n], alpha=second, dtype=self.dtype, seed=new_seed(seed, "beta"))
        return first / (first + second)

    def _log_prob(self, x):
        return self._log_unnormalized_prob(x) - self._log_normalization()

    def _prob(self, x):
        return tf.exp(self._log_prob(x))

    def _log_cdf(self, x):
        return tf.math.log(self._cdf(x))

    def _cdf(self, x):
        return tf.betainc(self.concentration1, self.concentration0, x)

    def _log_unnormalized_prob(self, x):
        x = self._checked(x)
        return tf.math.xlogy(self.concentration1 - 1.0, x) + (self.concentration0 - 1.0) * tf.log1p(-x)

    def _log_normalization(self):
        return tf.lgamma(self.concentration1) + tf.lgamma(self.concentration0) - tf.lgamma(self.total_concentration)

    def _entropy(self):
        start = self._log_normalization() - (self.concentration1 - 1.0) * tf.digamma(self.concentration1)
        start = start - (self.concentration0 - 1.0) * tf.digamma(self.concentration0)
        return start + (self.total_concentration - 2.0) * tf.digamma(self.total_concentration)

    def _mean(self):
        return self._concentration1 / self._total_concentration

    def _variance(self):
        return self._mean() * (1.0 - self._mean()) / (1.0 + self.total_concentration)

    def _mode(self):
        mode = (self.concentration1 - 1.0) / (self.total_concentration - 2.0)

        def checks():
            return [
                tf.assert_less(tf.ones([], dtype=self.dtype), getattr(self, n), message="Mode undefined for %s <= 1." % n)
                for n in self._spread
            ]

        return self._where_defined(lambda: tf.logical_and(self.concentration1 > 1.0, self.concentration0 > 1.0), mode, checks)

    def _checked(self, x):
        if not self.validate_args:
            return x
        checks = [
            tf.assert_positive(x, message="sample must be positive"),
            tf.assert_less(x, tf.ones([], self.dtype), message="sample must be less than `1`."),
        ]
        return with_dependencies(checks, x)


def _positive(concentration, validate_args):
    if not validate_args:
        return concentration
    return with_dependencies(
        [tf.assert_positive(concentration, message="Concentration parameter must be positive.")], concentration
    )


@export("contrib.distributions.BetaWithSoftplusConcentration")
class BetaWithSoftplusConcentration(Beta):
    """A `Beta` whose parameters are the softplus of `concentration1` and `concentration0`."""

    def __init__(self, concentration1, concentration0, validate_args=False, allow_nan_stats=True,
                 name="BetaWithSoftplusConcentration"):  # fmt: skip
        parameters = dict(locals())
        with name_scope(name, values=[concentration1, concentration0]) as name:
            first = tf.nn.softplus(concentration1, name="softplus_concentration1")
            second = tf.nn.softplus(concentration0, name="softplus_concentration0")
            super().__init__(first, second, validate_args, allow_nan_stats, name)
        self._parameters = parameters


@RegisterKL(Beta, Beta)
def _kl_beta_beta(a, b, name=None):
    values = [getattr(d, n) for d in (a, b) for n in ("concentration1", "concentration0", "total_concentration")]
    with name_scope(name, "kl_beta_beta", values=values):
        result = b._log_normalization() - a._log_normalization()
        result = result - tf.digamma(a.concentration1) * (b.concentration1 - a.concentration1)
        result = result - tf.digamma(a.concentration0) * (b.concentration0 - a.concentration0)
        return result + tf.digamma(a.total_concentration) * (b.total_concentration - a.total_concentration)
