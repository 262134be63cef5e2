"""Distributions of numbers: Cauchy, logistic, half-normal, inverse gamma, chi-squared, one value only."""

import math

import numpy as np

from ...core import dtypes
from ...core.convert import constant, convert
from ...core.export import export, public as tf
from ...core.scopes import control_dependencies, name_scope
from ...core.shape import TensorShape
from ...core.static_values import constant_value
from ...distributions.base import FULLY_REPARAMETERIZED, NOT_REPARAMETERIZED, Distribution, ScalarEvents
from ...distributions.location_scale import LocationScale
from ...distributions.positive import Gamma
from ...distributions.special import erfinv
from ...ops.flow import with_dependencies


@export("contrib.distributions.Cauchy")
class Cauchy(LocationScale):
    """Cauchy's distribution.

    Args:
      loc: the median, a tensor of floats.
      scale: half the distance of the quartiles, a tensor of floats above 0.
      validate_args: whether arguments are checked by assertions.
      allow_nan_stats: whether mean and deviation are not a number, rather than errors.
      name: the name of the distribution.

    Raises:
      TypeError: the types differ.
    """

    def __init__(self, loc, scale, validate_args=False, allow_nan_stats=True, name="Cauchy"):
        super().__init__(loc, scale, validate_args, allow_nan_stats, name, dict(locals()))

    def _sample_n(self, n, seed=None):
        return self._quantile(self._uniform(n, seed, 0.0))

    def _log_prob(self, x):
        return -tf.log1p(tf.square(self._z(x))) - (math.log(math.pi) + tf.math.log(self.scale))

    def _cdf(self, x):
        return tf.atan(self._z(x)) / math.pi + 0.5

    def _log_cdf(self, x):
        return tf.log1p(2 / math.pi * tf.atan(self._z(x))) - math.log(2)

    def _entropy(self):
        return (math.log(4 * math.pi) + tf.math.log(self.scale)) * tf.ones_like(self.loc)

    def _quantile(self, p):
        return self.loc + self.scale * tf.tan(math.pi * (p - 0.5))

    _mode = LocationScale._spread_loc

    def _none(self, name):
        if not self.allow_nan_stats:
            raise ValueError("`%s` is undefined for Cauchy distribution." % name)
        return tf.fill(self.batch_shape_tensor(), self.dtype.as_numpy_dtype(np.nan))

    def _mean(self):
        return self._none("mean")

    def _stddev(self):
        return self._none("stddev")


@export("contrib.distributions.Logistic")
class Logistic(LocationScale):
    """The logistic distribution.

    Args:
      loc: the mean, a tensor of floats.
      scale: a tensor of floats above 0.
      validate_args, allow_nan_stats, name: as of `Cauchy`.

    Raises:
      TypeError: the types differ.
    """

    def __init__(self, loc, scale, validate_args=False, allow_nan_stats=True, name="Logistic"):
        super().__init__(loc, scale, validate_args, allow_nan_stats, name, dict(locals()))

    def _sample_n(self, n, seed=None):
        uniform = self._uniform(n, seed, np.finfo(self.dtype.as_numpy_dtype).tiny)
        return (tf.math.log(uniform) - tf.log1p(-1.0 * uniform)) * self.scale + self.loc

    def _log_prob(self, x):
        z = self._z(x)
        return -z - 2.0 * tf.nn.softplus(-z) - tf.math.log(self.scale)

    def _log_cdf(self, x):
        return -tf.nn.softplus(-self._z(x))

    def _cdf(self, x):
        return tf.sigmoid(self._z(x))

    def _log_survival_function(self, x):
        return -tf.nn.softplus(self._z(x))

    def _survival_function(self, x):
        return tf.sigmoid(-self._z(x))

    def _entropy(self):
        return 2 + tf.math.log(self.scale * tf.ones_like(self.loc))

    _mean = _mode = LocationScale._spread_loc

    def _stddev(self):
        return self.scale * tf.ones_like(self.loc) * math.pi / math.sqrt(3)


@export("contrib.distributions.HalfNormal")
class HalfNormal(ScalarEvents):
    """The distribution of the absolute value of a normally distributed number with mean 0.

    Args:
      scale: the deviation of that number, a tensor of floats above 0.
      validate_args, allow_nan_stats, name: as of `Cauchy`.
    """

    _spread = ("scale",)

    def __init__(self, scale, validate_args=False, allow_nan_stats=True, name="HalfNormal"):
        parameters = dict(locals())
        with name_scope(name, values=[scale]) as name:
            with control_dependencies([tf.assert_positive(scale)] if validate_args else []):
                self._scale = tf.identity(scale, name="scale")
        super().__init__(dtype=self._scale.dtype, reparameterization_type=FULLY_REPARAMETERIZED, validate_args=validate_args,
                         allow_nan_stats=allow_nan_stats, parameters=parameters, graph_parents=[self._scale],
                         name=name)  # fmt: skip

    scale = property(lambda self: self._scale)

    def _sample_n(self, n, seed=None):
        shape = tf.concat([[n], self.batch_shape_tensor()], 0)
        return tf.abs(tf.random_normal(shape=shape, mean=0.0, stddev=1.0, dtype=self.dtype, seed=seed) * self.scale)

    def _prob(self, x):
        density = math.sqrt(2) / self.scale / math.sqrt(math.pi) * tf.exp(-0.5 * (x / self.scale) ** 2)
        return density * tf.cast(x >= 0, self.dtype)

    def _cdf(self, x):
        return tf.math.erf(tf.nn.relu(x) / self.scale / math.sqrt(2.0))

    def _entropy(self):
        return 0.5 * tf.math.log(math.pi * self.scale**2.0 / 2.0) + 0.5

    def _mean(self):
        return self.scale * math.sqrt(2.0) / math.sqrt(math.pi)

    def _quantile(self, p):
        return math.sqrt(2.0) * self.scale * erfinv(p)

    def _mode(self):
        return tf.zeros(self.batch_shape_tensor())

    def _variance(self):
        return self.scale**2.0 * (1.0 - 2.0 / math.pi)


@export("contrib.distributions.InverseGamma")
class InverseGamma(ScalarEvents):
    """The distribution of the inverse of a number with a gamma distribution.

    Args:
      concentration, rate: as of `Gamma`.
      validate_args, allow_nan_stats, name: as of `Cauchy`.

    Raises:
      TypeError: the types differ.
    """

    _spread = ("concentration", "rate")

    def __init__(self, concentration, rate, validate_args=False, allow_nan_stats=True, name="InverseGamma"):
        parameters = dict(locals())
        with name_scope(name, values=[concentration, rate]) as name:
            with control_dependencies([tf.assert_positive(concentration), tf.assert_positive(rate)] if validate_args else []):
                self._concentration = tf.identity(concentration, name="concentration")
                self._rate = tf.identity(rate, name="rate")
                tf.debugging.assert_same_float_dtype([self._concentration, self._rate])
        super().__init__(dtype=self._concentration.dtype, reparameterization_type=NOT_REPARAMETERIZED, validate_args=validate_args,
                         allow_nan_stats=allow_nan_stats, parameters=parameters,
                         graph_parents=[self._concentration, self._rate], name=name)  # fmt: skip

    concentration = property(lambda self: self._concentration)
    rate = property(lambda self: self._rate)

    def _sample_n(self, n, seed=None):
        return 1.0 / tf.random_gamma(shape=[n], alpha=self.concentration, beta=self.rate, dtype=self.dtype, seed=seed)

    def _valid(self, x):
        tf.debugging.assert_same_float_dtype([x], self.dtype)
        return with_dependencies([tf.assert_positive(x)], x) if self.validate_args else x

    def _log_prob(self, x):
        x = self._valid(x)
        normalizer = tf.lgamma(self.concentration) - self.concentration * tf.math.log(self.rate)
        return -(1.0 + self.concentration) * tf.math.log(x) - self.rate / x - normalizer

    def _cdf(self, x):
        return tf.igammac(self.concentration, self.rate / self._valid(x))

    def _entropy(self):
        c = self.concentration
        return c + tf.math.log(self.rate) + tf.lgamma(c) - (1.0 + c) * tf.digamma(c)

    def _defined_above(self, least, name, value):
        return self._where_defined(
            lambda: self.concentration > least, value,
            lambda: [tf.assert_less(constant(least, self.dtype), self.concentration,
                                    message="%s undefined when any concentration <= %d" % (name, least))])  # fmt: skip

    def _mean(self):
        return self._defined_above(1.0, "mean", self.rate / (self.concentration - 1.0))

    def _variance(self):
        value = tf.square(self.rate) / tf.squared_difference(self.concentration, 1.0) / (self.concentration - 2.0)
        return self._defined_above(2.0, "variance", value)

    def _mode(self):
        return self.rate / (1.0 + self.concentration)


@export("contrib.distributions.InverseGammaWithSoftplusConcentrationRate")
class InverseGammaWithSoftplusConcentrationRate(InverseGamma):
    """`InverseGamma` whose parameters are the softplus of tensors."""

    def __init__(self, concentration, rate, validate_args=False, allow_nan_stats=True,
                 name="InverseGammaWithSoftplusConcentrationRate"):  # fmt: skip
        parameters = dict(locals())
        with name_scope(name, values=[concentration, rate]) as name:
            super().__init__(tf.nn.softplus(concentration, name="softplus_concentration"),
                             tf.nn.softplus(rate, name="softplus_rate"), validate_args, allow_nan_stats, name)  # fmt: skip
        self._parameters = parameters


@export("contrib.distributions.Chi2")
class Chi2(Gamma):
    """The distribution of the sum of squares of numbers with standard normal distributions.

    Args:
      df: how many numbers, a tensor of floats above 0.
      validate_args, allow_nan_stats, name: as of `Cauchy`.
    """

    def __init__(self, df, validate_args=False, allow_nan_stats=True, name="Chi2"):
        parameters = dict(locals())
        with name_scope(name, values=[df]) as name:
            with control_dependencies([tf.assert_positive(df)] if validate_args else []):
                self._df = tf.identity(df, name="df")
            super().__init__(concentration=0.5 * self._df, rate=constant(0.5, self._df.dtype), validate_args=validate_args,
                             allow_nan_stats=allow_nan_stats, name=name)  # fmt: skip
        self._parameters = parameters

    df = property(lambda self: self._df)

    @staticmethod
    def _param_shapes(sample_shape):
        return {"df": convert(sample_shape, dtypes.int32)}


@export("contrib.distributions.Chi2WithAbsDf")
class Chi2WithAbsDf(Chi2):
    """`Chi2` of the whole part of the absolute value of `df`."""

    def __init__(self, df, validate_args=False, allow_nan_stats=True, name="Chi2WithAbsDf"):
        parameters = dict(locals())
        with name_scope(name, values=[df]) as name:
            df = tf.floor(tf.abs(df, name="abs_df"), name="floor_abs_df")
            super().__init__(df=df, validate_args=validate_args, allow_nan_stats=allow_nan_stats, name=name)
        self._parameters = parameters


class _OneValue(Distribution):
    """The base of distributions with one value only.

    Args:
      loc: the value.
      atol, rtol: how far from it, absolutely and relatively, values still count as it; None for 0.
      validate_args, allow_nan_stats, name: as of `Distribution`.
      parameters: the arguments of the constructor.
    """

    def __init__(self, loc, atol, rtol, validate_args, allow_nan_stats, name, parameters, is_vector=False):
        message = "Argument loc must be at least rank 1."
        with name_scope(name, values=[loc, atol, rtol]) as name:
            loc = convert(loc, name="loc")
            if is_vector and validate_args:
                if loc.shape.ndims == 0:
                    raise ValueError(message)
                if loc.shape.ndims is None:
                    loc = with_dependencies([tf.assert_rank_at_least(loc, 1, message=message)], loc)
            self._loc = loc
            super().__init__(dtype=loc.dtype, reparameterization_type=NOT_REPARAMETERIZED, validate_args=validate_args,
                             allow_nan_stats=allow_nan_stats, parameters=parameters, graph_parents=[loc], name=name)  # fmt: skip
            self._atol, self._rtol = self._tolerance(atol), self._tolerance(rtol)
            self._slack = self._atol if rtol is None else self._atol + self._rtol * tf.abs(loc)

    def _tolerance(self, tolerance):
        tolerance = convert(0 if tolerance is None else tolerance, self.loc.dtype)
        if not self.validate_args:
            return tolerance
        check = tf.assert_non_negative(tolerance, message="Argument 'tol' must be non-negative")
        return tolerance if check is None else with_dependencies([check], tolerance)

    loc = property(lambda self: self._loc)
    atol = property(lambda self: self._atol)
    rtol = property(lambda self: self._rtol)

    def _entropy(self):
        return tf.zeros(self.batch_shape_tensor(), dtype=self.dtype)

    def _mean(self):
        return tf.identity(self.loc)

    _mode = _mean

    def _variance(self):
        return tf.zeros_like(self.loc)

    def _sample_n(self, n, seed=None):
        known = constant_value(convert(n))
        if known is not None and self.loc.shape.ndims is not None:
            times = [known] + [1] * self.loc.shape.ndims
        else:
            times = tf.concat(([n], tf.ones_like(tf.shape(self.loc))), axis=0)
        return tf.tile(self.loc[None, ...], multiples=times)


@export("contrib.distributions.Deterministic")
class Deterministic(_OneValue):
    """The distribution with one number only.

    Args:
      loc: the number, a tensor.
      atol, rtol: how far from it, absolutely and relatively, values still count as it; None for 0.
      validate_args, allow_nan_stats, name: as of `Cauchy`.
    """

    def __init__(self, loc, atol=None, rtol=None, validate_args=False, allow_nan_stats=True, name="Deterministic"):
        super().__init__(loc, atol, rtol, validate_args, allow_nan_stats, name, dict(locals()))

    def _batch_shape_tensor(self):
        return tf.shape(self.loc)

    def _batch_shape(self):
        return self.loc.shape

    def _event_shape_tensor(self):
        return constant([], dtypes.int32)

    def _event_shape(self):
        return TensorShape([])

    def _prob(self, x):
        return tf.cast(tf.abs(x - self.loc) <= self._slack, self.dtype)

    def _cdf(self, x):
        return tf.cast(x >= self.loc - self._slack, self.dtype)


@export("contrib.distributions.VectorDeterministic")
class VectorDeterministic(_OneValue):
    """The distribution with one vector only.

    Args:
      loc: the vector, a tensor.
      atol, rtol, validate_args, allow_nan_stats, name: as of `Deterministic`.

    Raises:
      ValueError: arguments are checked, and `loc` is a scalar.
    """

    def __init__(self, loc, atol=None, rtol=None, validate_args=False, allow_nan_stats=True, name="VectorDeterministic"):
        super().__init__(loc, atol, rtol, validate_args, allow_nan_stats, name, dict(locals()), is_vector=True)

    def _batch_shape_tensor(self):
        return tf.shape(self.loc)[:-1]

    def _batch_shape(self):
        return self.loc.shape[:-1]

    def _event_shape_tensor(self):
        return tf.shape(self.loc)[-1:]

    def _event_shape(self):
        return self.loc.shape[-1:]

    def _prob(self, x):
        if self.validate_args:
            message = "Argument 'x' not defined in the same space R^k as this distribution"
            checks = [tf.assert_rank_at_least(x, 1), tf.assert_equal(tf.shape(self.loc)[-1], tf.shape(x)[-1], message=message)]
            x = with_dependencies([c for c in checks if c is not None], x)
        return tf.cast(tf.reduce_all(tf.abs(x - self.loc) <= self._slack, axis=-1), self.dtype)
