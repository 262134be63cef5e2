"""Distributions of vectors: shares (Dirichlet) and counts of classes (Multinomial, DirichletMultinomial)."""

import numpy as np

from ..core import dtypes
from ..core.convert import convert
from ..core.export import export, public as tf
from ..core.scopes import name_scope
from ..ops.flow import with_dependencies
from ..ops.where import where_v2
from .base import FULLY_REPARAMETERIZED, NOT_REPARAMETERIZED, Distribution
from .checks import get_logits_and_probs, log_combinations, new_seed, with_check_of_classes, with_check_of_counts
from .divergence import RegisterKL


class _OfClasses(Distribution):
    """What distributions share whose last parameter dimension are classes; `_vector` has the shape of batch and classes."""

    def _batch_shape_tensor(self):
        return tf.shape(self._vector)[:-1]

    def _batch_shape(self):
        return self._vector.shape.with_rank_at_least(1)[:-1]

    def _event_shape_tensor(self):
        return tf.shape(self._vector)[-1:]

    def _event_shape(self):
        return self._vector.shape.with_rank_at_least(1)[-1:]


class _WithConcentration(_OfClasses):
    """What distributions share that have a concentration for each class."""

    _vector = property(lambda self: self._concentration)
    concentration = property(lambda self: self._concentration)
    total_concentration = property(lambda self: self._total_concentration)

    def _batch_shape_tensor(self):
        return tf.shape(self.total_concentration)

    def _batch_shape(self):
        return self.total_concentration.shape

    def _covariance(self):
        x = self._variance_scale_term() * self._mean()
        return tf.matrix_set_diag(-tf.matmul(x[..., None], x[..., None, :]), self._variance())


@export("distributions.Dirichlet", "contrib.distributions.Dirichlet")
class Dirichlet(_WithConcentration):
    """The Dirichlet distribution of shares, which sum to 1.

    Args:
      concentration: a tensor of floats above 0 with the classes along its last dimension.
      validate_args: whether arguments are checked by assertions.
      allow_nan_stats: whether statistics may be not a number.
      name: the name of the distribution.
    """

    def __init__(self, concentration, validate_args=False, allow_nan_stats=True, name="Dirichlet"):
        parameters = dict(locals())
        with name_scope(name, values=[concentration]) as name:
            self._concentration = _checked_concentration(convert(concentration, name="concentration"), validate_args)
            self._total_concentration = tf.reduce_sum(self._concentration, -1)
        super().__init__(dtype=self._concentration.dtype, validate_args=validate_args, allow_nan_stats=allow_nan_stats,
                         reparameterization_type=FULLY_REPARAMETERIZED, parameters=parameters,
                         graph_parents=[self._concentration, self._total_concentration], name=name)  # fmt: skip

    def _sample_n(self, n, seed=None):
        drawn = tf.random_gamma(shape=[n], alpha=self.concentration, dtype=self.dtype, seed=seed)
        return drawn / tf.reduce_sum(drawn, -1, keepdims=True)

    def _log_prob(self, x):
        return self._log_unnormalized_prob(x) - self._log_normalization()

    def _prob(self, x):
        return tf.exp(self._log_prob(x))

    def _log_unnormalized_prob(self, x):
        x = self._checked(x)
        return tf.reduce_sum(tf.math.xlogy(self.concentration - 1.0, x), -1)

    def _log_normalization(self):
        return tf.lbeta(self.concentration)

    def _entropy(self):
        k = tf.cast(self.event_shape_tensor()[0], self.dtype)
        start = self._log_normalization() + (self.total_concentration - k) * tf.digamma(self.total_concentration)
        return start - tf.reduce_sum((self.concentration - 1.0) * tf.digamma(self.concentration), axis=-1)

    def _mean(self):
        return self.concentration / self.total_concentration[..., None]

    def _variance(self):
        scale = self._variance_scale_term()
        x = scale * self._mean()
        return x * (scale - x)

    def _variance_scale_term(self):
        return tf.rsqrt(1.0 + self.total_concentration[..., None])

    def _mode(self):
        k = tf.cast(self.event_shape_tensor()[0], self.dtype)
        mode = (self.concentration - 1.0) / (self.total_concentration[..., None] - k)
        if self.allow_nan_stats:
            nan = tf.fill(tf.shape(mode), np.array(np.nan, self.dtype.as_numpy_dtype), name="nan")
            return where_v2(tf.reduce_all(self.concentration > 1.0, axis=-1, keepdims=True), mode, nan)
        check = tf.assert_less(tf.ones([], self.dtype), self.concentration, message="Mode undefined when any concentration <= 1")
        return with_dependencies([check], mode)

    def _checked(self, x):
        if not self.validate_args:
            return x
        positive = tf.assert_positive(x, message="samples must be positive")
        one = tf.ones([], dtype=self.dtype)
        return with_dependencies([
            positive, tf.assert_near(one, tf.reduce_sum(x, -1), message="sample last-dimension must sum to `1`")], x)  # fmt: skip


def _checked_concentration(concentration, validate_args):
    if not validate_args:
        return concentration
    return with_dependencies([
        tf.assert_positive(concentration, message="Concentration parameter must be positive."),
        tf.assert_rank_at_least(concentration, 1, message="Concentration parameter must have >=1 dimensions."),
        tf.assert_less(1, tf.shape(concentration)[-1], message="Concentration parameter must have event_size >= 2."),
    ], concentration)  # fmt: skip


@RegisterKL(Dirichlet, Dirichlet)
def _kl_dirichlet_dirichlet(a, b, name=None):
    with name_scope(name, "kl_dirichlet_dirichlet", values=[a.concentration, b.concentration]):
        of_sum = tf.digamma(tf.reduce_sum(a.concentration, axis=-1, keepdims=True))
        of_each = tf.digamma(a.concentration) - of_sum
        difference = a.concentration - b.concentration
        return tf.reduce_sum(difference * of_each, axis=-1) - tf.lbeta(a.concentration) + tf.lbeta(b.concentration)


@export("distributions.Multinomial", "contrib.distributions.Multinomial")
class Multinomial(_OfClasses):
    """The distribution of the counts of classes in several draws.

    Args:
      total_count: the numbers of draws, a tensor of whole floats.
      logits: a tensor of floats with the classes along its last dimension: logarithms of probabilities up to a constant.
      probs: the probabilities, if there are no logits.
      validate_args: whether arguments are checked by assertions.
      allow_nan_stats: whether statistics may be not a number.
      name: the name of the distribution.

    Raises:
      ValueError: both or none of `logits` and `probs` are given.
    """

    def __init__(self, total_count, logits=None, probs=None, validate_args=False, allow_nan_stats=True, name="Multinomial"):
        parameters = dict(locals())
        with name_scope(name, values=[total_count, logits, probs]) as name:
            self._total_count = convert(total_count, name="total_count")
            if validate_args:
                self._total_count = with_check_of_counts(self._total_count)
            self._logits, self._probs = get_logits_and_probs(logits, probs, multidimensional=True, validate_args=validate_args,
                                                             name=name)  # fmt: skip
            self._mean_val = self._total_count[..., None] * self._probs
        parents = [self._total_count, self._logits, self._probs, self._mean_val]
        super().__init__(dtype=self._probs.dtype, reparameterization_type=NOT_REPARAMETERIZED, validate_args=validate_args,
                         allow_nan_stats=allow_nan_stats, parameters=parameters, graph_parents=parents, name=name)  # fmt: skip

    _vector = property(lambda self: self._mean_val)
    total_count = property(lambda self: self._total_count)
    logits = property(lambda self: self._logits)
    probs = property(lambda self: self._probs)

    def _sample_n(self, n, seed=None):
        counts = tf.cast(self.total_count, dtype=dtypes.int32)
        k = self.event_shape_tensor()[0]
        counts = tf.ones_like(self.logits[..., 0], dtype=counts.dtype) * counts
        logits = tf.ones_like(counts[..., None], dtype=self.logits.dtype) * self.logits
        logits, counts = tf.reshape(logits, [-1, k]), n * tf.reshape(counts, [-1])

        def of_one(args):
            drawn = tf.multinomial(args[0][None, ...], args[1], seed)
            return tf.reduce_sum(tf.one_hot(tf.reshape(drawn, shape=[n, -1]), depth=k), axis=-2)

        x = tf.transpose(tf.map_fn(of_one, [logits, counts], dtype=self.dtype), perm=[1, 0, 2])
        return tf.reshape(x, tf.concat([[n], self.batch_shape_tensor(), [k]], 0))

    def _log_prob(self, counts):
        return self._log_unnormalized_prob(counts) - self._log_normalization(counts)

    def _log_unnormalized_prob(self, counts):
        counts = self._checked(counts)
        return tf.reduce_sum(counts * tf.nn.log_softmax(self.logits), -1)

    def _log_normalization(self, counts):
        counts = self._checked(counts)
        return -log_combinations(self.total_count, counts)

    def _mean(self):
        return tf.identity(self._mean_val)

    def _spread_probs(self):
        return self.probs * tf.ones_like(self.total_count)[..., None]

    def _covariance(self):
        p = self._spread_probs()
        return tf.matrix_set_diag(-tf.matmul(self._mean_val[..., None], p[..., None, :]), self._variance())

    def _variance(self):
        p = self._spread_probs()
        return self._mean_val - self._mean_val * p

    def _checked(self, counts):
        if not self.validate_args:
            return counts
        counts = with_check_of_counts(counts)
        message = "counts must sum to `self.total_count`"
        return with_dependencies([tf.assert_equal(self.total_count, tf.reduce_sum(counts, -1), message=message)], counts)


@export("distributions.DirichletMultinomial", "contrib.distributions.DirichletMultinomial")
class DirichletMultinomial(_WithConcentration):
    """The distribution of the counts of classes in several draws, whose probabilities are drawn from a Dirichlet distribution.

    Args:
      total_count: the numbers of draws, a tensor of whole floats.
      concentration: a tensor of floats above 0 with the classes along its last dimension.
      validate_args: whether arguments are checked by assertions.
      allow_nan_stats: whether statistics may be not a number.
      name: the name of the distribution.
    """

    def __init__(self, total_count, concentration, validate_args=False, allow_nan_stats=True, name="DirichletMultinomial"):
        parameters = dict(locals())
        with name_scope(name, values=[total_count, concentration]) as name:
            self._total_count = convert(total_count, name="total_count")
            if validate_args:
                self._total_count = with_check_of_counts(self._total_count)
            concentration = convert(concentration, name="concentration")
            if validate_args:
                concentration = with_check_of_classes(concentration)
                check = tf.assert_positive(concentration, message="Concentration parameter must be positive.")
                concentration = with_dependencies([check], concentration)
            self._concentration = concentration
            self._total_concentration = tf.reduce_sum(self._concentration, -1)
        super().__init__(dtype=self._concentration.dtype, validate_args=validate_args, allow_nan_stats=allow_nan_stats,
                         reparameterization_type=NOT_REPARAMETERIZED, parameters=parameters,
                         graph_parents=[self._total_count, self._concentration], name=name)  # fmt: skip

    total_count = property(lambda self: self._total_count)

    def _sample_n(self, n, seed=None):
        count = tf.cast(self.total_count, dtype=dtypes.int32)
        k = self.event_shape_tensor()[0]
        gamma = tf.random_gamma(shape=[n], alpha=self.concentration, dtype=self.dtype, seed=seed)
        logits = tf.reshape(tf.math.log(gamma), shape=[-1, k])
        draws = tf.multinomial(logits=logits, num_samples=count, seed=new_seed(seed, salt="dirichlet_multinomial"))
        x = tf.reduce_sum(tf.one_hot(draws, depth=k), -2)
        return tf.cast(tf.reshape(x, tf.concat([[n], self.batch_shape_tensor(), [k]], 0)), self.dtype)

    def _log_prob(self, counts):
        counts = self._checked(counts)
        ordered = tf.lbeta(self.concentration + counts) - tf.lbeta(self.concentration)
        return ordered + log_combinations(self.total_count, counts)

    def _prob(self, counts):
        return tf.exp(self._log_prob(counts))

    def _mean(self):
        return self.total_count * (self.concentration / self.total_concentration[..., None])

    def _variance(self):
        scale = self._variance_scale_term()
        x = scale * self._mean()
        return x * (self.total_count * scale - x)

    def _variance_scale_term(self):
        c0 = self.total_concentration[..., None]
        return tf.sqrt((1.0 + c0 / self.total_count) / (1.0 + c0))

    def _checked(self, counts):
        if not self.validate_args:
            return counts
        counts = with_check_of_counts(counts)
        message = "counts last-dimension must sum to `self.total_count`"
        return with_dependencies([tf.assert_equal(self.total_count, tf.reduce_sum(counts, -1), message=message)], counts)
