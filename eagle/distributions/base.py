"""`tf.distributions.Distribution`: what all distributions can do."""

import contextlib

import numpy as np

from ..core import dtypes
from ..core.context import here
from ..core.convert import constant, convert
from ..core.export import export, public as tf
from ..core.scopes import name_scope
from ..core.shape import TensorShape, as_shape
from ..core.static_values import constant_value
from ..core.tensor import Tensor
from ..ops.flow import with_dependencies
from ..ops.where import where_v2
from .divergence import cross_entropy, kl_divergence


@export("distributions.ReparameterizationType", "contrib.distributions.ReparameterizationType")
class ReparameterizationType:
    """Whether samples are a differentiable function of the parameters.

    Args:
      rep_type: the name of the kind.
    """

    def __init__(self, rep_type):
        self._rep_type = rep_type

    def __repr__(self):
        return "<Reparameteriation Type: %s>" % self._rep_type

    def __eq__(self, other):
        return self is other

    __hash__ = object.__hash__


FULLY_REPARAMETERIZED = ReparameterizationType("FULLY_REPARAMETERIZED")
NOT_REPARAMETERIZED = ReparameterizationType("NOT_REPARAMETERIZED")
export("distributions.FULLY_REPARAMETERIZED", "contrib.distributions.FULLY_REPARAMETERIZED")(FULLY_REPARAMETERIZED)
export("distributions.NOT_REPARAMETERIZED", "contrib.distributions.NOT_REPARAMETERIZED")(NOT_REPARAMETERIZED)


def _missing(name):
    """Makes the method `_<name>` of the base class, which says that a distribution lacks it."""

    def method(self, *args, **kwargs):
        raise NotImplementedError("%s is not implemented: %s" % (name, type(self).__name__))

    return method


def _value(value, dtype):
    """An argument of a density as a tensor, of the distribution's type if that is as good."""
    if here.eager and dtype is not None and (dtype.is_integer or dtype.is_bool):
        tensor = convert(value, name="value")
        if tensor.dtype.is_floating:
            return tensor
    return tf.convert_to_tensor(value, name="value", preferred_dtype=dtype)


def _either(first, *others):
    """What the first of several functions gives that is implemented; the first one's error if none is."""
    try:
        return first()
    except NotImplementedError as e:
        for other in others:
            with contextlib.suppress(NotImplementedError):
                return other()
        raise e


@export("distributions.Distribution", "contrib.distributions.Distribution")
class Distribution:
    """The base of distributions.  A kind of distribution implements `_log_prob`, `_sample_n` and the like.

    A distribution is a batch of distributions of one kind: a sample has shape `sample_shape + batch_shape + event_shape`.

    Args:
      dtype: the type of samples.
      reparameterization_type: `FULLY_REPARAMETERIZED` or `NOT_REPARAMETERIZED`.
      validate_args: whether arguments are checked by assertions.
      allow_nan_stats: whether statistics that are not defined are not a number, rather than errors.
      parameters: a dict of the arguments that the distribution was made with.
      graph_parents: the tensors that it was made from.
      name: its name.

    Raises:
      ValueError: one of `graph_parents` is no tensor.
    """

    def __init__(
        self, dtype, reparameterization_type, validate_args, allow_nan_stats, parameters=None, graph_parents=None, name=None
    ):
        graph_parents = [] if graph_parents is None else graph_parents
        for i, t in enumerate(graph_parents):
            if not isinstance(t, Tensor) and not getattr(t, "is_tensor_like", False):
                raise ValueError("Graph parent item %d is not a Tensor; %s." % (i, t))
        if not name or name[-1] != "/":
            with name_scope(name or type(self).__name__) as name:
                pass
        self._dtype = dtype
        self._reparameterization_type = reparameterization_type
        self._allow_nan_stats = allow_nan_stats
        self._validate_args = validate_args
        self._parameters = parameters or {}
        self._graph_parents = graph_parents
        self._name = name

    # ------------------------------------------------------------------------------------------------------- what it is

    name = property(lambda self: self._name)
    dtype = property(lambda self: self._dtype)
    reparameterization_type = property(lambda self: self._reparameterization_type)
    allow_nan_stats = property(lambda self: self._allow_nan_stats)
    validate_args = property(lambda self: self._validate_args)

    @property
    def parameters(self):
        """The arguments that the distribution was made with, by name."""
        return {k: v for k, v in self._parameters.items() if not k.startswith("__") and k != "self"}

    @classmethod
    def param_shapes(cls, sample_shape, name="DistributionParamShapes"):
        """The shapes that parameters must have for samples of a shape, a dict of int32 tensors."""
        with name_scope(name, values=[sample_shape]):
            return cls._param_shapes(sample_shape)

    @classmethod
    def param_static_shapes(cls, sample_shape):
        """The shapes that parameters must have for samples of a shape, a dict of `TensorShape`s.

        Raises:
          ValueError: the shape is not fully known.
        """
        if isinstance(sample_shape, TensorShape):
            if not sample_shape.is_fully_defined():
                raise ValueError("TensorShape sample_shape must be fully defined")
            sample_shape = sample_shape.as_list()
        found = {}
        for name, shape in cls.param_shapes(sample_shape).items():
            known = constant_value(shape)
            if known is None:
                raise ValueError("sample_shape must be a fully-defined TensorShape or list/tuple")
            found[name] = TensorShape(known)
        return found

    @staticmethod
    def _param_shapes(sample_shape):
        raise NotImplementedError("_param_shapes not implemented")

    def copy(self, **override_parameters_kwargs):
        """A distribution of the same kind with other values of some parameters."""
        return type(self)(**dict(self.parameters, **override_parameters_kwargs))

    # ------------------------------------------------------------------------------------------------------------ shapes

    _batch_shape_tensor, _event_shape_tensor = _missing("batch_shape_tensor"), _missing("event_shape_tensor")

    def _batch_shape(self):
        return TensorShape(None)

    def _event_shape(self):
        return TensorShape(None)

    @property
    def batch_shape(self):
        """The static shape of the batch."""
        return as_shape(self._batch_shape())

    @property
    def event_shape(self):
        """The static shape of one draw of one distribution."""
        return as_shape(self._event_shape())

    def batch_shape_tensor(self, name="batch_shape_tensor"):
        """The shape of the batch, an int32 vector."""
        with self._name_scope(name):
            if self.batch_shape.is_fully_defined():
                return convert(self.batch_shape.as_list(), dtypes.int32, "batch_shape")
            return self._batch_shape_tensor()

    def event_shape_tensor(self, name="event_shape_tensor"):
        """The shape of one draw of one distribution, an int32 vector."""
        with self._name_scope(name):
            if self.event_shape.is_fully_defined():
                return convert(self.event_shape.as_list(), dtypes.int32, "event_shape")
            return self._event_shape_tensor()

    def is_scalar_event(self, name="is_scalar_event"):
        """Whether draws are scalars, a bool scalar."""
        with self._name_scope(name):
            return convert(_is_scalar(self.event_shape, self.event_shape_tensor), name="is_scalar_event")

    def is_scalar_batch(self, name="is_scalar_batch"):
        """Whether there is one distribution only, a bool scalar."""
        with self._name_scope(name):
            return convert(_is_scalar(self.batch_shape, self.batch_shape_tensor), name="is_scalar_batch")

    # ----------------------------------------------------------------------------------------------------------- samples

    _sample_n = _missing("sample_n")

    def sample(self, sample_shape=(), seed=None, name="sample"):
        """Draws samples.

        Args:
          sample_shape: the shape of the draws, an int or an int vector.
          seed: the operation's seed.
          name: the name scope of the nodes.

        Returns:
          A tensor of shape `sample_shape + batch_shape + event_shape`.
        """
        return self._call_sample_n(sample_shape, seed, name)

    def _call_sample_n(self, sample_shape, seed, name, **kwargs):
        with self._name_scope(name, values=[sample_shape]):
            sample_shape = convert(sample_shape, dtypes.int32, "sample_shape")
            sample_shape, n = vector_and_count(sample_shape, "sample_shape")
            samples = self._sample_n(n, seed, **kwargs)
            inner = tf.shape(samples)[1:]
            samples = tf.reshape(samples, tf.concat([sample_shape, inner], 0))
            return self._with_static_shape(samples, sample_shape)

    def _with_static_shape(self, samples, sample_shape):
        """Samples, of which is told what is known of their shape."""
        outer = TensorShape(constant_value(sample_shape))
        rank, outer_rank = samples.shape.ndims, outer.ndims
        batch_rank, event_rank = self.batch_shape.ndims, self.event_shape.ndims
        if rank is None and None not in (outer_rank, batch_rank, event_rank):
            rank = outer_rank + batch_rank + event_rank
            samples.set_shape([None] * rank)
        if rank is None:
            return samples
        if outer_rank is not None:
            samples.set_shape(outer.concatenate([None] * (rank - outer_rank)))
        if event_rank is not None:
            samples.set_shape(TensorShape([None] * (rank - event_rank)).concatenate(self.event_shape))
        if batch_rank is not None:
            if outer_rank is None and event_rank is not None:
                outer_rank = rank - batch_rank - event_rank
            elif event_rank is None and outer_rank is not None:
                event_rank = rank - batch_rank - outer_rank
            if outer_rank is not None and event_rank is not None:
                shape = TensorShape([None] * outer_rank).concatenate(self.batch_shape)
                samples.set_shape(shape.concatenate([None] * event_rank))
        return samples

    # --------------------------------------------------------------------------------------------- densities and the like

    _log_prob, _prob, _log_cdf, _cdf = (_missing(n) for n in ("log_prob", "prob", "log_cdf", "cdf"))
    _log_survival_function, _survival_function = _missing("log_survival_function"), _missing("survival_function")
    _quantile = _missing("quantile")

    def _of_value(self, name, value, compute):
        with self._name_scope(name, values=[value]):
            return compute(_value(value, self.dtype))

    def log_prob(self, value, name="log_prob"):
        """The logarithm of the density or probability of values."""
        return self._call_log_prob(value, name)

    def _call_log_prob(self, value, name, **kwargs):
        return self._of_value(name, value, lambda v: _either(lambda: self._log_prob(v, **kwargs),
                                                            lambda: tf.math.log(self._prob(v, **kwargs))))  # fmt: skip

    def prob(self, value, name="prob"):
        """The density or probability of values."""
        return self._call_prob(value, name)

    def _call_prob(self, value, name, **kwargs):
        return self._of_value(name, value, lambda v: _either(lambda: self._prob(v, **kwargs),
                                                            lambda: tf.exp(self._log_prob(v, **kwargs))))  # fmt: skip

    def log_cdf(self, value, name="log_cdf"):
        """The logarithm of the probability that a draw is at most the value."""
        return self._call_log_cdf(value, name)

    def _call_log_cdf(self, value, name, **kwargs):
        return self._of_value(name, value, lambda v: _either(lambda: self._log_cdf(v, **kwargs),
                                                            lambda: tf.math.log(self._cdf(v, **kwargs))))  # fmt: skip

    def cdf(self, value, name="cdf"):
        """The probability that a draw is at most the value."""
        return self._call_cdf(value, name)

    def _call_cdf(self, value, name, **kwargs):
        return self._of_value(name, value, lambda v: _either(lambda: self._cdf(v, **kwargs),
                                                            lambda: tf.exp(self._log_cdf(v, **kwargs))))  # fmt: skip

    def log_survival_function(self, value, name="log_survival_function"):
        """The logarithm of the probability that a draw is larger than the value."""
        return self._call_log_survival_function(value, name)

    def _call_log_survival_function(self, value, name, **kwargs):
        return self._of_value(name, value, lambda v: _either(lambda: self._log_survival_function(v, **kwargs),
                                                            lambda: tf.log1p(-self.cdf(v, **kwargs))))  # fmt: skip

    def survival_function(self, value, name="survival_function"):
        """The probability that a draw is larger than the value."""
        return self._call_survival_function(value, name)

    def _call_survival_function(self, value, name, **kwargs):
        return self._of_value(name, value, lambda v: _either(lambda: self._survival_function(v, **kwargs),
                                                            lambda: 1.0 - self.cdf(v, **kwargs)))  # fmt: skip

    def quantile(self, value, name="quantile"):
        """The values below which draws lie with these probabilities."""
        return self._call_quantile(value, name)

    def _call_quantile(self, value, name, **kwargs):
        return self._of_value(name, value, lambda v: self._quantile(v, **kwargs))

    # -------------------------------------------------------------------------------------------------------- statistics

    _entropy, _mean, _variance, _stddev = (_missing(n) for n in ("entropy", "mean", "variance", "stddev"))
    _covariance, _mode = _missing("covariance"), _missing("mode")

    def entropy(self, name="entropy"):
        """Shannon's entropy in nats."""
        with self._name_scope(name):
            return self._entropy()

    def mean(self, name="mean"):
        """The mean."""
        with self._name_scope(name):
            return self._mean()

    def variance(self, name="variance"):
        """The variance, element by element."""
        with self._name_scope(name):
            return _either(self._variance, lambda: tf.square(self._stddev()))

    def stddev(self, name="stddev"):
        """The standard deviation, element by element."""
        with self._name_scope(name):
            return _either(self._stddev, lambda: tf.sqrt(self._variance()))

    def covariance(self, name="covariance"):
        """The covariances of the elements of a draw."""
        with self._name_scope(name):
            return self._covariance()

    def mode(self, name="mode"):
        """The most probable value."""
        with self._name_scope(name):
            return self._mode()

    def _cross_entropy(self, other):
        return cross_entropy(self, other, allow_nan_stats=self.allow_nan_stats)

    def cross_entropy(self, other, name="cross_entropy"):
        """The cross entropy with another distribution."""
        with self._name_scope(name):
            return self._cross_entropy(other)

    def _kl_divergence(self, other):
        return kl_divergence(self, other, allow_nan_stats=self.allow_nan_stats)

    def kl_divergence(self, other, name="kl_divergence"):
        """The Kullback-Leibler divergence from another distribution."""
        with self._name_scope(name):
            return self._kl_divergence(other)

    # ------------------------------------------------------------------------------------------------------------- others

    def __str__(self):
        parts = ['"%s"' % self.name]
        if self.batch_shape.ndims is not None:
            parts.append("batch_shape=%s" % self.batch_shape)
        if self.event_shape.ndims is not None:
            parts.append("event_shape=%s" % self.event_shape)
        return "tfp.distributions.%s(%s, dtype=%s)" % (type(self).__name__, ", ".join(parts), self.dtype.name)

    def __repr__(self):
        return "<tfp.distributions.%s '%s' batch_shape=%s event_shape=%s dtype=%s>" % (
            type(self).__name__, self.name, self.batch_shape, self.event_shape, self.dtype.name)  # fmt: skip

    @contextlib.contextmanager
    def _name_scope(self, name=None, values=None):
        with name_scope(self.name), name_scope(name, values=[*(values or ()), *self._graph_parents]) as scope:
            yield scope


class ScalarEvents(Distribution):
    """The base of distributions of scalars whose parameters are spread to one shape.

    A kind names these parameters in `_spread`; they are attributes.
    """

    _spread = ()

    @classmethod
    def _param_shapes(cls, sample_shape):
        shape = convert(sample_shape, dtypes.int32)
        return dict.fromkeys(cls._spread, shape)

    def _batch_shape_tensor(self):
        sizes = [tf.shape(getattr(self, name)) for name in self._spread]
        result = sizes[-1]
        for size in sizes[-2::-1]:
            result = tf.broadcast_dynamic_shape(size, result)
        return result

    def _batch_shape(self):
        result = getattr(self, self._spread[0]).shape
        for name in self._spread[1:]:
            result = tf.broadcast_static_shape(result, getattr(self, name).shape)
        return result

    def _event_shape_tensor(self):
        return constant([], dtypes.int32)

    def _event_shape(self):
        return TensorShape([])

    def _ones(self):
        return tf.ones(self.batch_shape_tensor(), dtype=self.dtype)

    def _undefined(self):
        """A tensor of the shape of the batch of what is not a number."""
        return tf.fill(self.batch_shape_tensor(), np.array(np.nan, self.dtype.as_numpy_dtype), name="nan")

    def _where_defined(self, is_defined, value, checks, nan_first=True):
        """A statistic that is not a number where it is not defined, or that assertions guard."""
        if self.allow_nan_stats:
            nan = self._undefined() if nan_first else None
            defined = is_defined()
            return where_v2(defined, value, nan if nan_first else self._undefined())
        return with_dependencies(checks(), value)


def vector_and_count(shape, name):
    """A sample shape as a vector, and how many draws it means."""
    known = constant_value(shape)
    count = tf.reduce_prod(shape) if known is None else np.prod(known, dtype=shape.dtype.as_numpy_dtype)
    rank = shape.shape.ndims
    if rank is None:
        vector = pick_vector(tf.equal(tf.rank(shape), 0), np.array([1], np.int32), tf.shape(shape))
        return tf.reshape(shape, vector), count
    if rank == 0:
        if known is not None:
            return convert(np.array([known], shape.dtype.as_numpy_dtype), name=name), count
        return tf.reshape(shape, [1]), count
    if rank != 1:
        raise ValueError("Input is neither scalar nor vector.")
    return shape, count


def pick_vector(cond, true_vector, false_vector, name="pick_vector"):
    """One of two vectors of one type, of any length.

    Args:
      cond: a bool scalar.
      true_vector, false_vector: the vectors.
      name: the name scope of the nodes.

    Raises:
      TypeError: `cond` is no bool, or the types differ.
    """
    with name_scope(name, values=(cond, true_vector, false_vector)):
        cond = convert(cond, name="cond")
        if cond.dtype != dtypes.bool_:
            raise TypeError("%s.dtype=%s which is not %s" % (cond, cond.dtype, dtypes.bool_))
        known = constant_value(cond)
        if known is not None:
            return true_vector if known else false_vector
        true_vector, false_vector = convert(true_vector, name="true_vector"), convert(false_vector, name="false_vector")
        if true_vector.dtype != false_vector.dtype:
            raise TypeError("%s.dtype=%s does not match %s.dtype=%s"
                            % (true_vector, true_vector.dtype, false_vector, false_vector.dtype))  # fmt: skip
        n = tf.shape(true_vector)[0]
        both = tf.concat([true_vector, false_vector], 0)
        return tf.slice(both, [where_v2(cond, 0, n)], [tf.where(cond, n, -1)])


def _is_scalar(static, compute):
    if static.ndims is not None:
        return static.ndims == 0
    shape = compute()
    if shape.shape.ndims is not None and shape.shape.dims[0].value is not None:
        return shape.shape.as_list() == [0]
    return tf.equal(tf.shape(shape)[0], 0)
