"""Distributions of classes: Bernoulli, Categorical."""

from ..core import dtypes
from ..core.convert import constant, convert
from ..core.export import export, public as tf
from ..core.scopes import name_scope
from ..core.shape import TensorShape
from .base import NOT_REPARAMETERIZED, Distribution, ScalarEvents
from .checks import get_logits_and_probs, with_check_of_cast, with_check_of_classes
from .divergence import RegisterKL


@export("distributions.Bernoulli", "contrib.distributions.Bernoulli")
class Bernoulli(ScalarEvents):
    """The distribution of 0 and 1.

    Args:
      logits: the logarithms of the odds of 1, a tensor of floats, or None.
      probs: the probabilities of 1, if there are no logits.
      dtype: the type of samples.
      validate_args: whether arguments are checked by assertions.
      allow_nan_stats: whether statistics may be not a number.
      name: the name of the distribution.

    Raises:
      ValueError: both or none of `logits` and `probs` are given.
    """

    _spread = ("logits",)

    def __init__(self, logits=None, probs=None, dtype=dtypes.int32, validate_args=False, allow_nan_stats=True, name="Bernoulli"):
        parameters = dict(locals())
        with name_scope(name) as name:
            self._logits, self._probs = get_logits_and_probs(logits, probs, validate_args=validate_args, name=name)
        super().__init__(dtype=dtype, reparameterization_type=NOT_REPARAMETERIZED, validate_args=validate_args,
                         allow_nan_stats=allow_nan_stats, parameters=parameters, graph_parents=[self._logits, self._probs],
                         name=name)  # fmt: skip

    logits = property(lambda self: self._logits)
    probs = property(lambda self: self._probs)

    def _sample_n(self, n, seed=None):
        shape = tf.concat([[n], self.batch_shape_tensor()], 0)
        drawn = tf.random_uniform(shape, seed=seed, dtype=self.probs.dtype)
        return tf.cast(tf.less(drawn, self.probs), self.dtype)

    def _log_prob(self, event):
        if self.validate_args:
            event = with_check_of_cast(event, dtypes.bool_)
        event, logits = tf.cast(event, self.logits.dtype), self.logits
        if not (event.shape.is_fully_defined() and logits.shape.is_fully_defined() and event.shape == logits.shape):
            logits, event = tf.ones_like(event) * logits, tf.ones_like(logits) * event
        return -tf.nn.sigmoid_cross_entropy_with_logits(labels=event, logits=logits)

    def _entropy(self):
        return -self.logits * (tf.sigmoid(self.logits) - 1) + tf.nn.softplus(-self.logits)

    def _mean(self):
        return tf.identity(self.probs)

    def _variance(self):
        return self._mean() * (1.0 - self.probs)

    def _mode(self):
        return tf.cast(self.probs > 0.5, self.dtype)


@export("contrib.distributions.BernoulliWithSigmoidProbs")
class BernoulliWithSigmoidProbs(Bernoulli):
    """A `Bernoulli` under its old name; `logits` are what it is made from."""

    def __init__(
        self, logits=None, dtype=dtypes.int32, validate_args=False, allow_nan_stats=True, name="BernoulliWithSigmoidProbs"
    ):
        parameters = dict(locals())
        with name_scope(name) as name:
            super().__init__(probs=tf.sigmoid(logits, name="sigmoid_probs"), dtype=dtype, validate_args=validate_args,
                             allow_nan_stats=allow_nan_stats, name=name)  # fmt: skip
        self._parameters = parameters


@RegisterKL(Bernoulli, Bernoulli)
def _kl_bernoulli_bernoulli(a, b, name=None):
    with name_scope(name, "kl_bernoulli_bernoulli", values=[a.logits, b.logits]):
        of_0 = tf.nn.softplus(-b.logits) - tf.nn.softplus(-a.logits)
        of_1 = tf.nn.softplus(b.logits) - tf.nn.softplus(a.logits)
        return tf.sigmoid(a.logits) * of_0 + tf.sigmoid(-a.logits) * of_1


def _spread(event, parameter, dtype):
    """Classes and a parameter, spread to shapes that fit: `event` has that of the parameter without its last dimension."""
    if event.dtype.is_floating:
        event = tf.cast(event, dtype=dtypes.int32)
    elif not event.dtype.is_integer:
        raise TypeError("`value` should have integer `dtype` or `self.dtype` (%s)" % dtype)
    known = parameter.shape.ndims is not None and parameter.shape[:-1].is_fully_defined() and event.shape.is_fully_defined()
    if not known or parameter.shape[:-1] != event.shape:
        parameter *= tf.ones_like(event[..., None], dtype=parameter.dtype)
        event *= tf.ones(tf.shape(parameter)[:-1], dtype=event.dtype)
        if parameter.shape.ndims is not None:
            event.set_shape(TensorShape(parameter.shape[:-1]))
    return event, parameter


@export("distributions.Categorical", "contrib.distributions.Categorical")
class Categorical(Distribution):
    """The distribution of the numbers of classes.

    Args:
      logits: a tensor of floats with the classes along its last dimension: logarithms of probabilities up to a constant.
      probs: the probabilities, if there are no logits.
      dtype: the type of samples.
      validate_args: whether arguments are checked by assertions.
      allow_nan_stats: whether statistics may be not a number.
      name: the name of the distribution.

    Raises:
      ValueError: both or none of `logits` and `probs` are given.
    """

    def __init__(self, logits=None, probs=None, dtype=dtypes.int32, validate_args=False, allow_nan_stats=True, name="Categorical"):
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs]) as name:
            self._logits, self._probs = get_logits_and_probs(logits, probs, validate_args=validate_args, multidimensional=True,
                                                             name=name)  # fmt: skip
            if validate_args:
                self._logits = with_check_of_classes(self._logits)
            self._measure(name)
        super().__init__(dtype=dtype, reparameterization_type=NOT_REPARAMETERIZED, validate_args=validate_args,
                         allow_nan_stats=allow_nan_stats, parameters=parameters, graph_parents=[self._logits, self._probs],
                         name=name)  # fmt: skip

    def _measure(self, name):
        """Keeps the rank and shape of the batch and the number of classes, as tensors."""
        static = self._logits.shape.with_rank_at_least(1)
        if static.ndims is not None:
            self._batch_rank = convert(static.ndims - 1, dtypes.int32, "batch_rank")
        else:
            with name_scope(name="batch_rank"):
                self._batch_rank = tf.rank(self._logits) - 1
        shape = tf.shape(self._logits, name="logits_shape")
        count = static.dims[-1].value if static.ndims is not None else None
        if count is not None:
            self._event_size = convert(count, dtypes.int32, "event_size")
        else:
            with name_scope(name="event_size"):
                self._event_size = shape[self._batch_rank]
        if static.ndims is not None and static[:-1].is_fully_defined():
            self._batch_shape_val = constant(static[:-1].as_list(), dtypes.int32, name="batch_shape")
        else:
            with name_scope(name="batch_shape"):
                self._batch_shape_val = shape[:-1]

    event_size = property(lambda self: self._event_size)
    logits = property(lambda self: self._logits)
    probs = property(lambda self: self._probs)

    def _batch_shape_tensor(self):
        return tf.identity(self._batch_shape_val)

    def _batch_shape(self):
        return self.logits.shape[:-1] if self.logits.shape.ndims is not None else TensorShape(None)

    def _event_shape_tensor(self):
        return constant([], dtypes.int32)

    def _event_shape(self):
        return TensorShape([])

    def _sample_n(self, n, seed=None):
        logits = self.logits if self.logits.shape.ndims == 2 else tf.reshape(self.logits, [-1, self.event_size])
        drawn_dtype = dtypes.int64 if self.dtype.size > 4 else dtypes.int32
        draws = tf.multinomial(logits, n, seed=seed, output_dtype=drawn_dtype)
        draws = tf.reshape(tf.transpose(draws), tf.concat([[n], self.batch_shape_tensor()], 0))
        return tf.cast(draws, self.dtype)

    def _checked(self, k):
        k = convert(k, name="k")
        return with_check_of_cast(k, dtypes.int32) if self.validate_args else k

    def _cdf(self, k):
        k, probs = _spread(self._checked(k), self.probs, self.dtype.base_dtype)
        rows, flat = tf.reshape(probs, (-1, self._event_size)), tf.reshape(k, [-1])
        below = tf.where(tf.sequence_mask(flat, self._event_size), rows, tf.zeros_like(rows))
        return tf.reshape(tf.reduce_sum(below, axis=-1), tf.shape(k))

    def _log_prob(self, k):
        k, logits = _spread(self._checked(k), self.logits, self.dtype.base_dtype)
        return -tf.nn.sparse_softmax_cross_entropy_with_logits(labels=k, logits=logits)

    def _entropy(self):
        return -tf.reduce_sum(tf.nn.log_softmax(self.logits) * self.probs, axis=-1)

    def _mode(self):
        mode = tf.cast(tf.argmax(self.logits, axis=self._batch_rank), self.dtype)
        mode.set_shape(self.batch_shape)
        return mode


@RegisterKL(Categorical, Categorical)
def _kl_categorical_categorical(a, b, name=None):
    with name_scope(name, "kl_categorical_categorical", values=[a.logits, b.logits]):
        difference = tf.nn.log_softmax(a.logits) - tf.nn.log_softmax(b.logits)
        return tf.reduce_sum(tf.nn.softmax(a.logits) * difference, axis=-1)
