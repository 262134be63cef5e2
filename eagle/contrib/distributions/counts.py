"""Distributions of counts: Poisson, binomial, negative binomial, geometric."""

import numpy as np

from ...core.convert import convert
from ...core.export import export, public as tf
from ...core.scopes import control_dependencies, name_scope
from ...distributions.base import NOT_REPARAMETERIZED, ScalarEvents
from ...distributions.checks import assert_integer_form, get_logits_and_probs, new_seed, with_check_of_counts
from ...ops.flow import with_dependencies
from ...ops.where import where_v2


class _Counts(ScalarEvents):
    """The base of distributions of counts."""

    def _make(self, dtype, parents, parameters, name):
        super().__init__(dtype=dtype, reparameterization_type=NOT_REPARAMETERIZED, validate_args=parameters["validate_args"],
                         allow_nan_stats=parameters["allow_nan_stats"], parameters=parameters, graph_parents=parents,
                         name=name)  # fmt: skip

    def _valid(self, x):
        return with_check_of_counts(x) if self.validate_args else x


@export("contrib.distributions.Poisson")
class Poisson(_Counts):
    """Poisson's distribution.

    Args:
      rate: the mean, a tensor of floats above 0; or
      log_rate: its logarithm.
      validate_args: whether arguments are checked by assertions.
      allow_nan_stats: whether statistics may be not a number.
      name: the name of the distribution.

    Raises:
      ValueError: both parameters are given, or neither.
      TypeError: the parameter has no floats.
    """

    _spread = ("rate",)

    def __init__(self, rate=None, log_rate=None, validate_args=False, allow_nan_stats=True, name="Poisson"):
        parameters = dict(locals())
        with name_scope(name, values=[rate]) as name:
            if (rate is None) == (log_rate is None):
                raise ValueError("Must specify exactly one of `rate` and `log_rate`.")
            kind = "rate" if log_rate is None else "log_rate"
            given = convert(rate if log_rate is None else log_rate, name=kind)
            if not given.dtype.is_floating:
                raise TypeError("%s.dtype (%s) is a not a float-type." % (kind, given.dtype.name))
            if log_rate is None:
                with control_dependencies([tf.assert_positive(given)] if validate_args else []):
                    self._rate, self._log_rate = tf.identity(given, name="rate"), tf.math.log(given, name="log_rate")
            else:
                self._rate, self._log_rate = tf.exp(given, name="rate"), given
        self._make(self._rate.dtype, [self._rate], parameters, name)

    rate = property(lambda self: self._rate)
    log_rate = property(lambda self: self._log_rate)

    @staticmethod
    def _param_shapes(sample_shape):
        raise NotImplementedError("_param_shapes not implemented")

    def _log_prob(self, x):
        x = self._valid(x)
        return x * self.log_rate - tf.lgamma(1.0 + x) - self.rate

    def _cdf(self, x):
        return tf.igammac(1.0 + self._valid(x), self.rate)

    def _log_cdf(self, x):
        return tf.math.log(self.cdf(x))

    def _mean(self):
        return tf.identity(self.rate)

    _variance = _mean

    def _mode(self):
        return tf.floor(self.rate)

    def _sample_n(self, n, seed=None):
        return tf.random_poisson(self.rate, [n], dtype=self.dtype, seed=seed)


@export("contrib.distributions.Geometric")
class Geometric(_Counts):
    """The distribution of the number of failures before the first success.

    Args:
      logits, probs: the logarithm of the odds of a success, or its probability.
      validate_args, allow_nan_stats, name: as of `Poisson`.

    Raises:
      ValueError: both parameters are given, or neither.
    """

    _spread = ("probs",)

    def __init__(self, logits=None, probs=None, validate_args=False, allow_nan_stats=True, name="Geometric"):
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs]) as name:
            self._logits, self._probs = get_logits_and_probs(logits, probs, validate_args=validate_args, name=name)
            with control_dependencies([tf.assert_positive(self._probs)] if validate_args else []):
                self._probs = tf.identity(self._probs, name="probs")
        self._make(self._probs.dtype, [self._probs, self._logits], parameters, name)

    logits = property(lambda self: self._logits)
    probs = property(lambda self: self._probs)
    _param_shapes = Poisson._param_shapes

    def _sample_n(self, n, seed=None):
        uniform = tf.random_uniform(tf.concat([[n], tf.shape(self._probs)], 0), minval=np.finfo(self.dtype.as_numpy_dtype).tiny,
                                    maxval=1.0, seed=seed, dtype=self.dtype)  # fmt: skip
        return tf.floor(tf.math.log(uniform) / tf.log1p(-self.probs))

    def _whole(self, x):
        return (with_check_of_counts(x) if self.validate_args else tf.floor(x)) * tf.ones_like(self.probs)

    def _cdf(self, x):
        x = self._whole(x)
        return tf.where(x < 0.0, tf.zeros_like(x), -tf.expm1((1.0 + x) * tf.log1p(-self.probs)))

    def _log_prob(self, x):
        x = self._whole(x)
        probs = self.probs * tf.ones_like(x)
        failing = tf.where(tf.equal(x, 0.0), tf.zeros_like(probs), probs)
        return x * tf.log1p(-failing) + tf.math.log(probs)

    def _entropy(self):
        probs = self._probs
        if self.validate_args:
            message = "Entropy is undefined when logits = inf or probs = 1."
            probs = with_dependencies([tf.assert_less(probs, tf.constant(1.0, probs.dtype), message=message)], probs)
        return tf.nn.softplus(self.logits) / probs - self.logits

    def _mean(self):
        return tf.exp(-self.logits)

    def _variance(self):
        return self._mean() / self.probs

    def _mode(self):
        return tf.zeros(self.batch_shape_tensor(), dtype=self.dtype)


@export("contrib.distributions.Binomial")
class Binomial(_Counts):
    """The distribution of the number of successes; it has no samples.

    Args:
      total_count: how often is tried, a tensor of floats.
      logits, probs: the logarithm of the odds of a success, or its probability.
      validate_args, allow_nan_stats, name: as of `Poisson`.

    Raises:
      ValueError: both parameters are given, or neither.
    """

    _spread = ("total_count", "probs")

    def __init__(self, total_count, logits=None, probs=None, validate_args=False, allow_nan_stats=True, name="Binomial"):
        parameters = dict(locals())
        with name_scope(name, values=[total_count, logits, probs]) as name:
            self._total_count = convert(total_count, name="total_count")
            if validate_args:
                checks = [tf.assert_non_negative(self._total_count, message="total_count must be non-negative."),
                          assert_integer_form(self._total_count,
                                              message="total_count cannot contain fractional components.")]  # fmt: skip
                self._total_count = with_dependencies(checks, self._total_count)
            self._logits, self._probs = get_logits_and_probs(logits, probs, validate_args=validate_args, name=name)
        self._make(self._probs.dtype, [self._total_count, self._logits, self._probs], parameters, name)

    total_count = property(lambda self: self._total_count)
    logits = property(lambda self: self._logits)
    probs = property(lambda self: self._probs)
    _param_shapes = Poisson._param_shapes

    def _valid(self, counts):
        if not self.validate_args:
            return counts
        counts = with_check_of_counts(counts)
        message = "counts are not less than or equal to n."
        return with_dependencies([tf.assert_less_equal(counts, self.total_count, message=message)], counts)

    def _log_prob(self, counts):
        counts, n = self._valid(counts), self.total_count
        weights = counts * tf.math.log(self.probs) + (n - counts) * tf.log1p(-self.probs)
        return weights - (tf.lgamma(1.0 + n - counts) + tf.lgamma(1.0 + counts) - tf.lgamma(1.0 + n))

    def _cdf(self, counts):
        counts, probs = self._valid(counts), self.probs
        known = counts.shape.is_fully_defined() and probs.shape.is_fully_defined()
        if not (known and counts.shape.is_compatible_with(probs.shape)):
            probs, counts = probs + tf.zeros_like(counts), counts + tf.zeros_like(self.probs)
        ones = tf.ones_like(self.total_count - counts)
        is_all = tf.equal(counts, self.total_count)
        failures = where_v2(is_all, ones, self.total_count - counts)
        return where_v2(is_all, ones, tf.betainc(a=failures, b=counts + 1, x=1 - probs))

    def _mean(self):
        return self.total_count * self.probs

    def _variance(self):
        return self._mean() * (1.0 - self.probs)

    def _mode(self):
        return tf.floor((1.0 + self.total_count) * self.probs)


@export("contrib.distributions.NegativeBinomial")
class NegativeBinomial(_Counts):
    """The distribution of the number of successes before the `total_count`-th failure.

    Args:
      total_count: a tensor of floats above 0.
      logits, probs: the logarithm of the odds of a success, or its probability.
      validate_args, allow_nan_stats, name: as of `Poisson`.

    Raises:
      ValueError: both parameters are given, or neither.
    """

    _spread = ("total_count", "probs")

    def __init__(self, total_count, logits=None, probs=None, validate_args=False, allow_nan_stats=True, name="NegativeBinomial"):
        parameters = dict(locals())
        with name_scope(name, values=[total_count, logits, probs]) as name:
            self._logits, self._probs = get_logits_and_probs(logits, probs, validate_args=validate_args, name=name)
            with control_dependencies([tf.assert_positive(total_count)] if validate_args else []):
                self._total_count = tf.identity(total_count)
        self._make(self._probs.dtype, [self._total_count, self._probs, self._logits], parameters, name)

    total_count = property(lambda self: self._total_count)
    logits = property(lambda self: self._logits)
    probs = property(lambda self: self._probs)
    _param_shapes = Poisson._param_shapes

    def _sample_n(self, n, seed=None):
        rate = tf.random_gamma(shape=[n], alpha=self.total_count, beta=tf.exp(-self.logits), dtype=self.dtype, seed=seed)
        return tf.random_poisson(rate, shape=[], dtype=self.dtype, seed=new_seed(seed, "negative_binom"))

    def _cdf(self, x):
        return tf.betainc(self.total_count, 1.0 + self._valid(x), tf.sigmoid(-self.logits))

    def _log_prob(self, x):
        x, n = self._valid(x), self.total_count
        weights = n * tf.log_sigmoid(-self.logits) + x * tf.log_sigmoid(self.logits)
        return weights - (-tf.lgamma(n + x) + tf.lgamma(1.0 + x) + tf.lgamma(n))

    def _mean(self):
        return self.total_count * tf.exp(self.logits)

    def _mode(self):
        n = self.total_count
        return tf.floor(where_v2(1.0 < n, n - 1.0, tf.zeros_like(n)) * tf.exp(self.logits))

    def _variance(self):
        return self._mean() / tf.sigmoid(-self.logits)
