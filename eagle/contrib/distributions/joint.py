"""Distributions made of others: `Independent`, `MixtureSameFamily`; and of one-hot vectors."""

import numpy as np

from ...core import dtypes
from ...core.convert import convert
from ...core.export import export, public as tf
from ...core.scopes import control_dependencies, name_scope
from ...core.shape import TensorShape
from ...core.static_values import constant_value
from ...distributions.base import NOT_REPARAMETERIZED, Distribution
from ...distributions.checks import get_logits_and_probs
from ...distributions.divergence import RegisterKL, kl_divergence
from ...ops.flow import with_dependencies
from ...ops.where import where_v2


def _length(shape):
    """How many dimensions a shape, an int vector, has; an int if it is known."""
    known = shape.shape.with_rank_at_least(1).as_list()[0]
    return tf.shape(shape)[0] if known is None else known


@export("contrib.distributions.Independent")
class Independent(Distribution):
    """A distribution of which the last dimensions of a batch are one draw.

    Args:
      distribution: the distribution.
      reinterpreted_batch_ndims: how many dimensions; by default all but the first.
      validate_args: whether arguments are checked by assertions.
      name: its name.

    Raises:
      ValueError: there are not as many.
    """

    def __init__(self, distribution, reinterpreted_batch_ndims=None, validate_args=False, name=None):
        parameters = dict(locals())
        self._distribution = distribution
        with name_scope(name or "Independent" + distribution.name) as name:
            if reinterpreted_batch_ndims is None:
                rank = distribution.batch_shape.ndims
                if rank is None:
                    reinterpreted_batch_ndims = tf.maximum(0, tf.shape(distribution.batch_shape_tensor())[0] - 1)
                else:
                    reinterpreted_batch_ndims = max(0, rank - 1)
            count = convert(reinterpreted_batch_ndims, dtypes.int32, "reinterpreted_batch_ndims")
            self._known = constant_value(count)
            self._reinterpreted_batch_ndims = count if self._known is None else self._known
            super().__init__(
                dtype=distribution.dtype, reparameterization_type=distribution.reparameterization_type,
                validate_args=validate_args, allow_nan_stats=distribution.allow_nan_stats, parameters=parameters,
                graph_parents=[count, *distribution._graph_parents], name=name)  # fmt: skip
            self._checks = self._checks_of(distribution, count)

    distribution = property(lambda self: self._distribution)
    reinterpreted_batch_ndims = property(lambda self: self._reinterpreted_batch_ndims)

    def _checks_of(self, distribution, count):
        rank = distribution.batch_shape.ndims
        if rank is not None and self._known is not None:
            if self._known > rank:
                raise ValueError("reinterpreted_batch_ndims(%s) cannot exceed distribution.batch_ndims(%s)" % (self._known, rank))
            return []
        if not self.validate_args:
            return []
        rank = _length(distribution.batch_shape_tensor())
        message = "reinterpreted_batch_ndims cannot exceed distribution.batch_ndims"
        return [tf.assert_less_equal(count, rank, message=message)]

    def _batch_shape_tensor(self):
        with control_dependencies(self._checks):
            shape = self.distribution.batch_shape_tensor()
            return shape[: _length(shape) - self.reinterpreted_batch_ndims]

    def _event_shape_tensor(self):
        with control_dependencies(self._checks):
            shape = self.distribution.batch_shape_tensor()
            own = shape[_length(shape) - self.reinterpreted_batch_ndims :]
            return tf.concat([own, self.distribution.event_shape_tensor()], axis=0)

    def _batch_shape(self):
        shape = self.distribution.batch_shape
        return TensorShape(None) if self._known is None or shape.ndims is None else shape[: shape.ndims - int(self._known)]

    def _event_shape(self):
        shape = self.distribution.batch_shape
        if self._known is None or shape.ndims is None:
            return TensorShape(None)
        return shape[shape.ndims - int(self._known) :].concatenate(self.distribution.event_shape)

    def _sample_n(self, n, seed=None):
        with control_dependencies(self._checks):
            return self.distribution.sample(sample_shape=n, seed=seed)

    def _summed(self, value):
        count = np.arange(self._known) if self._known is not None else tf.range(self._reinterpreted_batch_ndims)
        return tf.reduce_sum(value, axis=-1 - count)

    def _log_prob(self, x):
        with control_dependencies(self._checks):
            return self._summed(self.distribution.log_prob(x))

    def _entropy(self):
        with control_dependencies(self._checks):
            return self._summed(self.distribution.entropy())


def _of_distribution(name):
    def method(self):
        with control_dependencies(self._checks):
            return getattr(self.distribution, name)()

    return method


for _name in ("mean", "variance", "stddev", "mode"):
    setattr(Independent, "_" + _name, _of_distribution(_name))


@RegisterKL(Independent, Independent)
def _independent_divergence(a, b, name="kl_independent"):
    p, q = a.distribution, b.distribution
    if a.event_shape.is_fully_defined() and b.event_shape.is_fully_defined():
        if a.event_shape != b.event_shape:
            raise ValueError("Event shapes do not match.")
        if p.event_shape != q.event_shape:
            raise NotImplementedError("KL between Independents with different event shapes not supported.")
        count = a.event_shape.ndims - p.event_shape.ndims
        return tf.reduce_sum(kl_divergence(p, q, name=name), axis=[-i - 1 for i in range(count)])
    checks = [tf.assert_equal(a.event_shape_tensor(), b.event_shape_tensor()),
              tf.assert_equal(p.event_shape_tensor(), q.event_shape_tensor())]  # fmt: skip
    with control_dependencies([c for c in checks if c is not None]):
        count = tf.shape(a.event_shape_tensor())[0] - tf.shape(p.event_shape_tensor())[0]
        return tf.reduce_sum(kl_divergence(p, q, name=name), axis=tf.range(-count, 0))


@export("contrib.distributions.OneHotCategorical")
class OneHotCategorical(Distribution):
    """The distribution of one-hot vectors.

    Args:
      logits, probs: a tensor with classes along its last dimension, of logarithms of weights, or of probabilities.
      dtype: the type of the vectors.
      validate_args: whether arguments are checked by assertions.
      allow_nan_stats: whether statistics may be not a number.
      name: the name of the distribution.

    Raises:
      ValueError: both parameters are given, or neither.
    """

    def __init__(self, logits=None, probs=None, dtype=dtypes.int32, validate_args=False, allow_nan_stats=True,
                 name="OneHotCategorical"):  # fmt: skip
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs]) as name:
            self._logits, self._probs = get_logits_and_probs(
                name=name, logits=logits, probs=probs, validate_args=validate_args, multidimensional=True
            )
            rank = self._logits.shape.with_rank_at_least(1).ndims
            if rank is not None:
                self._batch_rank = convert(rank - 1, dtypes.int32, "batch_rank")
            else:
                with name_scope("batch_rank"):
                    self._batch_rank = tf.rank(self._logits) - 1
            with name_scope("event_size"):
                self._event_size = tf.shape(self._logits)[-1]
        super().__init__(dtype=dtype, reparameterization_type=NOT_REPARAMETERIZED, validate_args=validate_args,
                         allow_nan_stats=allow_nan_stats, parameters=parameters, graph_parents=[self._logits, self._probs],
                         name=name)  # fmt: skip

    event_size = property(lambda self: self._event_size)
    logits = property(lambda self: self._logits)
    probs = property(lambda self: self._probs)

    def _batch_shape_tensor(self):
        return tf.shape(self.logits)[:-1]

    def _batch_shape(self):
        return self.logits.shape[:-1] if self.logits.shape.ndims is not None else TensorShape(None)

    def _event_shape_tensor(self):
        return tf.shape(self.logits)[-1:]

    def _event_shape(self):
        return self.logits.shape.with_rank_at_least(1)[-1:]

    def _sample_n(self, n, seed=None):
        shape = tf.concat([[n], tf.shape(self.logits)], 0)
        logits = self.logits if self.logits.shape.ndims == 2 else tf.reshape(self.logits, [-1, self.event_size])
        drawn = tf.transpose(tf.multinomial(logits, n, seed=seed))
        return tf.reshape(tf.one_hot(drawn, self.event_size, dtype=self.dtype), shape)

    def _log_prob(self, x):
        if self.validate_args:
            near = tf.debugging.assert_near(tf.zeros([], dtype=self.dtype), tf.reduce_logsumexp(x, axis=[-1]))
            x = with_dependencies([tf.assert_non_positive(x), near], x)
        logits = self.logits
        known = x.shape.is_fully_defined() and logits.shape.is_fully_defined()
        if not known or x.shape != logits.shape:
            logits = tf.ones_like(x, dtype=logits.dtype) * logits
            x = tf.ones_like(logits, dtype=x.dtype) * x
        shape = tf.shape(tf.reduce_sum(logits, -1))
        flat, rows = tf.reshape(logits, [-1, self.event_size]), tf.reshape(x, [-1, self.event_size])
        return tf.reshape(-tf.nn.softmax_cross_entropy_with_logits(labels=rows, logits=flat), shape)

    def _entropy(self):
        return -tf.reduce_sum(tf.nn.log_softmax(self.logits) * self.probs, axis=-1)

    def _mode(self):
        found = tf.one_hot(tf.argmax(self.logits, axis=self._batch_rank), self.event_size, dtype=self.dtype)
        found.set_shape(self.logits.shape)
        return found

    def _covariance(self):
        p = self.probs
        return tf.matrix_set_diag(-tf.matmul(p[..., None], p[..., None, :]), self._variance())

    def _variance(self):
        return self.probs * (1.0 - self.probs)


@RegisterKL(OneHotCategorical, OneHotCategorical)
def _one_hot_divergence(a, b, name=None):
    with name_scope(name, "kl_categorical_categorical", values=[a.logits, b.logits]):
        difference = tf.nn.log_softmax(a.logits) - tf.nn.log_softmax(b.logits)
        return tf.reduce_sum(tf.nn.softmax(a.logits) * difference, axis=-1)


@export("contrib.distributions.MixtureSameFamily")
class MixtureSameFamily(Distribution):
    """A mixture of distributions that are one batch.

    Args:
      mixture_distribution: a `Categorical`: how probable each is.
      components_distribution: the batch, the last dimension of which are the parts of the mixture.
      validate_args: whether arguments are checked by assertions.
      allow_nan_stats: whether statistics may be not a number.
      name: the name of the distribution.

    Raises:
      ValueError: the first has no scalar ints, or their shapes don't fit.
    """

    def __init__(self, mixture_distribution, components_distribution, validate_args=False, allow_nan_stats=True,
                 name="MixtureSameFamily"):  # fmt: skip
        parameters = dict(locals())
        with name_scope(name) as name:
            self._mixture_distribution, self._components_distribution = mixture_distribution, components_distribution
            self._event_ndims = _length(components_distribution.event_shape_tensor())
            self._checks, self._count = _mixture_checks(mixture_distribution, components_distribution, validate_args)
            super().__init__(
                dtype=components_distribution.dtype, reparameterization_type=NOT_REPARAMETERIZED, validate_args=validate_args,
                allow_nan_stats=allow_nan_stats, parameters=parameters,
                graph_parents=mixture_distribution._graph_parents + components_distribution._graph_parents, name=name)  # fmt: skip

    mixture_distribution = property(lambda self: self._mixture_distribution)
    components_distribution = property(lambda self: self._components_distribution)

    def _batch_shape_tensor(self):
        with control_dependencies(self._checks):
            return self.components_distribution.batch_shape_tensor()[:-1]

    def _batch_shape(self):
        return self.components_distribution.batch_shape.with_rank_at_least(1)[:-1]

    def _event_shape_tensor(self):
        with control_dependencies(self._checks):
            return self.components_distribution.event_shape_tensor()

    def _event_shape(self):
        return self.components_distribution.event_shape

    def _weights(self, x, event_ndims=None):
        """Weights of the parts, with dimensions of size 1 where the batch and the event have theirs."""
        with name_scope("pad_mix_dims", values=[x]):
            own, others = (_length(d.batch_shape_tensor()) for d in (self, self.mixture_distribution))
            count = where_v2(self.mixture_distribution.is_scalar_batch(), own, own - others)
            shape = tf.shape(x)
            event = tf.ones([self._event_shape().ndims if event_ndims is None else event_ndims], dtype=dtypes.int32)
            outer = tf.ones([count], dtype=dtypes.int32)
            return tf.reshape(x, tf.concat([shape[:-1], outer, shape[-1:], event], axis=0))

    def _padded(self, x):
        """Values with a dimension of size 1 for the parts of the mixture."""
        with name_scope("pad_sample_dims", values=[x]):
            shape = tf.shape(x)
            d = (tf.rank(x) if x.shape.ndims is None else x.shape.ndims) - self._event_ndims
            return tf.reshape(x, tf.concat([shape[:d], [1], shape[d:]], axis=0))

    def _sample_n(self, n, seed=None):
        with control_dependencies(self._checks):
            x = self.components_distribution.sample(n)
            one, zero = np.ones([], x.dtype.as_numpy_dtype), np.zeros([], x.dtype.as_numpy_dtype)
            chosen = tf.one_hot(self.mixture_distribution.sample(n), self._count, on_value=one, off_value=zero)
            return tf.reduce_sum(x * self._weights(chosen), axis=-1 - self._event_ndims)

    def _log_of_sum(self, logarithms):
        return tf.reduce_logsumexp(logarithms + tf.nn.log_softmax(self.mixture_distribution.logits, axis=-1), axis=-1)

    def _log_prob(self, x):
        with control_dependencies(self._checks):
            return self._log_of_sum(self.components_distribution.log_prob(self._padded(x)))

    def _log_cdf(self, x):
        return self._log_of_sum(self.components_distribution.log_cdf(self._padded(x)))

    def _mean(self):
        with control_dependencies(self._checks):
            weights = self._weights(self.mixture_distribution.probs)
            return tf.reduce_sum(weights * self.components_distribution.mean(), axis=-1 - self._event_ndims)

    def _variance(self):
        with control_dependencies(self._checks):
            weights, parts = self._weights(self.mixture_distribution.probs), self.components_distribution
            inside = tf.reduce_sum(weights * parts.variance(), axis=-1 - self._event_ndims)
            apart = tf.squared_difference(parts.mean(), self._padded(self._mean()))
            return inside + tf.reduce_sum(weights * apart, axis=-1 - self._event_ndims)

    def _covariance(self):
        if self.event_shape.ndims != 1:
            raise NotImplementedError("covariance is not implemented")
        with control_dependencies(self._checks):
            weights, parts = self._weights(self.mixture_distribution.probs, 2), self.components_distribution
            apart = parts.mean() - self._padded(self._mean())
            inside = tf.reduce_sum(weights * parts.covariance(), axis=-3)
            return inside + tf.reduce_sum(weights * (apart[..., None, :] * apart[..., None]), axis=-3)


def _mixture_checks(mixture, components, validate_args):
    """Assertions that the distributions of a mixture fit, and the number of its parts."""
    checks = []
    if not mixture.dtype.is_integer:
        raise ValueError("`mixture_distribution.dtype` (%s) is not over integers" % mixture.dtype.name)
    if mixture.event_shape.ndims not in (None, 0):
        raise ValueError("`mixture_distribution` must have scalar `event_dim`s")
    own, outer = mixture.batch_shape, components.batch_shape.with_rank_at_least(1)[:-1]
    if own.is_fully_defined() and outer.is_fully_defined():
        if own.ndims != 0 and own != outer:
            raise ValueError(
                "`mixture_distribution.batch_shape` (`%s`) is not compatible with `components_distribution.batch_shape` (`%s`)"
                % (own.as_list(), outer.as_list())
            )
    elif validate_args:
        outer = components.batch_shape_tensor()[:-1]
        message = "`mixture_distribution.batch_shape` is not compatible with `components_distribution.batch_shape`"
        given = tf.cond(mixture.is_scalar_batch(), lambda: outer, mixture.batch_shape_tensor)
        checks.append(tf.assert_equal(given, outer, message=message))
    count = mixture.logits.shape.with_rank_at_least(1).as_list()[-1] if mixture.logits.shape.ndims is not None else None
    shape = components.batch_shape
    parts = shape.with_rank_at_least(1).as_list()[-1] if shape.ndims is not None else None
    if count is not None and parts is not None and count != parts:
        raise ValueError("`mixture_distribution components` (%s) does not equal `components_distribution.batch_shape[-1]` (%s)"
                         % (count, parts))  # fmt: skip
    if count is None:
        count = tf.shape(mixture.logits)[-1]
        if validate_args:
            message = "`mixture_distribution components` does not equal `components_distribution.batch_shape[-1:]`"
            checks.append(tf.assert_equal(count, components.batch_shape_tensor()[-1], message=message))
    return [c for c in checks if c is not None], count
