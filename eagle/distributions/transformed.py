"""`TransformedDistribution`: the distribution of what a bijector makes of draws."""

import numpy as np

from ..core import dtypes
from ..core.convert import constant, convert
from ..core.export import export, public as tf
from ..core.scopes import name_scope
from ..core.static_values import constant_value, constant_value_as_shape
from ..ops.flow import with_dependencies
from .base import Distribution, pick_vector, vector_and_count
from .bijector import Identity, static_number


def _known(x):
    return constant_value(convert(x))


def _not(x):
    known = _known(x)
    return tf.logical_not(x) if known is None else constant(np.logical_not(known))


def _and(*args):
    known = [_known(x) for x in args]
    if any(x is not None and not x for x in known):
        return constant(False)
    if all(x is not None and x for x in known):
        return constant(True)
    return tf.logical_and(*args) if len(args) == 2 else tf.reduce_all(args)


def _equal(x, y):
    first, second = _known(x), _known(y)
    return tf.equal(x, y) if first is None or second is None else constant(np.array_equal(first, second))


def _joined(*vectors):
    known = [_known(v) for v in vectors]
    if any(v is None for v in known):
        return tf.concat(vectors, 0)
    return constant([n for v in known for n in v], dtypes.int32)


def _length(shape):
    """How many dimensions a shape has, a scalar."""
    if shape.shape.ndims not in (None, 1):
        raise ValueError("input is not a valid shape: not 1D")
    if not shape.dtype.is_integer:
        raise TypeError("input is not a valid shape: wrong dtype")
    if shape.shape.is_fully_defined():
        return constant(shape.shape.as_list()[0])
    return tf.shape(shape)[0]


@export(
    "contrib.distributions.TransformedDistribution", "python.ops.distributions.transformed_distribution.TransformedDistribution"
)
class TransformedDistribution(Distribution):
    """The distribution of the images of the draws of another one under a bijector.

    Args:
      distribution: the other one.
      bijector: the bijector; by default the identity.
      batch_shape, event_shape: the shapes that draws of a scalar distribution are put together to; None to leave them.
      validate_args: whether arguments are checked by assertions.
      name: its name.

    Raises:
      ValueError: a shape is given although the distribution has one, or it is no vector of positive ints.
    """

    def __init__(self, distribution, bijector=None, batch_shape=None, event_shape=None, validate_args=False, name=None):
        parameters = dict(locals())
        name = name or ("" if bijector is None else bijector.name) + distribution.name
        with name_scope(name, values=[event_shape, batch_shape]) as name:
            self._zero = constant(0, dtypes.int32, name="zero")
            self._empty = constant([], dtypes.int32, name="empty")
            bijector = Identity(validate_args=validate_args) if bijector is None else bijector
            self._batch_override = self._checked_shape(batch_shape, distribution.is_scalar_batch(), validate_args, "batch_shape")
            self._has_batch = _not(_equal(_length(self._batch_override), self._zero))
            self._may_have_batch = _may_have(self._batch_override)
            self._event_override = self._checked_shape(event_shape, distribution.is_scalar_event(), validate_args, "event_shape")
            self._has_event = _not(_equal(_length(self._event_override), self._zero))
            self._may_have_event = _may_have(self._event_override)
            self._rotates = _and(self._has_event, _not(self._has_batch), _not(distribution.is_scalar_batch()))
            event_ndims, rotates = _length(self._event_override), _known(self._rotates)
            if rotates is None:
                self._rotation = tf.compat.v2.where(self._rotates, event_ndims, 0)
            else:
                self._rotation = event_ndims if rotates else 0
            self._event_axes = tf.range(self._rotation - event_ndims, self._rotation)
        self._distribution, self._bijector = distribution, bijector
        super().__init__(
            dtype=distribution.dtype, reparameterization_type=distribution.reparameterization_type, validate_args=validate_args,
            allow_nan_stats=distribution.allow_nan_stats, parameters=parameters,
            graph_parents=distribution._graph_parents + bijector.graph_parents, name=name,
        )  # fmt: skip

    distribution = property(lambda self: self._distribution)
    bijector = property(lambda self: self._bijector)

    def _checked_shape(self, shape, base_is_scalar, validate_args, name):
        """A shape that takes the place of one of the distribution's, an int32 vector; an empty one if none does."""
        shape = convert([] if shape is None else shape, dtypes.int32, name)
        is_scalar, checks = _equal(_length(shape), 0), []
        if constant_value(is_scalar):
            return self._empty
        if shape.shape.ndims is not None:
            if shape.shape.ndims != 1:
                raise ValueError("shape override must be a vector")
        elif validate_args:
            checks.append(tf.assert_rank(shape, 1, message="shape override must be a vector"))
        if constant_value(shape) is not None:
            if any(s <= 0 for s in constant_value(shape)):
                raise ValueError("shape override must have positive elements")
        elif validate_args:
            checks.append(tf.assert_positive(shape, message="shape override must have positive elements"))
        clashes = _and(_not(base_is_scalar), _not(is_scalar))
        if constant_value(clashes) is not None:
            if constant_value(clashes):
                raise ValueError("base distribution not scalar")
        elif validate_args:
            checks.append(tf.assert_equal(clashes, False, message="base distribution not scalar"))
        return with_dependencies(checks, shape) if checks else shape

    # ------------------------------------------------------------------------------------------------------------ shapes

    def _event_shape_tensor(self):
        inner = pick_vector(self._has_event, self._event_override, self.distribution.event_shape_tensor())
        return self.bijector.forward_event_shape_tensor(inner)

    def _event_shape(self):
        inner = constant_value_as_shape(self._event_override) if self._may_have_event else self.distribution.event_shape
        return self.bijector.forward_event_shape(inner)

    def _batch_shape_tensor(self):
        return pick_vector(self._has_batch, self._batch_override, self.distribution.batch_shape_tensor())

    def _batch_shape(self):
        return constant_value_as_shape(self._batch_override) if self._may_have_batch else self.distribution.batch_shape

    def _event_ndims(self):
        if self.event_shape.ndims is not None:
            return self.event_shape.ndims
        size = tf.size(self.event_shape_tensor())
        known = static_number(size)
        return size if known is None else known

    def _rotated(self, x, back=False):
        """A tensor whose first dimensions, those of an event, come last; or back."""
        known = constant_value(self._rotates)
        if known is not None and not known:
            return x
        rank = tf.rank(x)
        n = rank - self._rotation if back else self._rotation
        return tf.transpose(x, _joined(tf.range(n, rank), tf.range(0, n)))

    # ------------------------------------------------------------------------------------------------------------ values

    def _sample_n(self, n, seed=None):
        shape = _joined(
            pick_vector(self._rotates, self._empty, [n]), self._batch_override, self._event_override,
            pick_vector(self._rotates, [n], self._empty),
        )  # fmt: skip
        return self._rotated(self.distribution.sample(sample_shape=shape, seed=seed))

    def _call_sample_n(self, sample_shape, seed, name, **kwargs):
        with self._name_scope(name, values=[sample_shape]):
            sample_shape = convert(sample_shape, dtypes.int32, "sample_shape")
            sample_shape, n = vector_and_count(sample_shape, "sample_shape")
            x = self._sample_n(n, seed)
            x = tf.reshape(x, tf.concat([sample_shape, tf.shape(x)[1:]], 0))
            return self._with_static_shape(self.bijector.forward(x, **kwargs), sample_shape)

    def _of_preimages(self, y, of_one, together):
        """What `of_one` computes of the preimages of a value, brought together by `together` if there are several."""
        x = self.bijector.inverse(y)
        event_ndims = self._event_ndims()
        log_det = self.bijector.inverse_log_det_jacobian(y, event_ndims=event_ndims)
        if self.bijector._is_injective:
            return of_one(y, x, log_det, event_ndims)
        return together([of_one(y, x_i, d_i, event_ndims) for x_i, d_i in zip(x, log_det)])

    def _log_prob(self, y):
        def of_one(y, x, log_det, event_ndims):
            found = self.distribution.log_prob(self._rotated(x, back=True))
            if self._may_have_event:
                found = tf.reduce_sum(found, self._event_axes)
            return self._of_batch(found + tf.cast(log_det, found.dtype), y, event_ndims)

        return self._of_preimages(y, of_one, lambda found: tf.reduce_logsumexp(tf.stack(found), axis=0))

    def _prob(self, y):
        def of_one(y, x, log_det, event_ndims):
            found = self.distribution.prob(self._rotated(x, back=True))
            if self._may_have_event:
                found = tf.reduce_prod(found, self._event_axes)
            return self._of_batch(found * tf.exp(tf.cast(log_det, found.dtype)), y, event_ndims)

        return self._of_preimages(y, of_one, sum)

    def _of_batch(self, found, y, event_ndims):
        """A density, of which is told what is known of its shape."""
        if self._may_have_event and isinstance(event_ndims, int):
            outer = y.shape.with_rank_at_least(1)[:-event_ndims]
            found.set_shape(tf.broadcast_static_shape(outer, self.batch_shape))
        return found

    def _demand_simple(self, name):
        if self._may_have_event:
            raise NotImplementedError("%s is not implemented when overriding event_shape" % name)
        if not self.bijector._is_injective:
            raise NotImplementedError("%s is not implemented when bijector is not injective." % name)

    def _quantile(self, value):
        self._demand_simple("quantile")
        return self.bijector.forward(self.distribution.quantile(value))

    def _entropy(self):
        if not self.bijector.is_constant_jacobian:
            raise NotImplementedError("entropy is not implemented")
        if not self.bijector._is_injective:
            raise NotImplementedError("entropy is not implemented when bijector is not injective.")
        entropy = self.distribution.entropy()
        if self._may_have_event:
            entropy *= tf.cast(tf.reduce_prod(self._event_override), entropy.dtype.base_dtype)
        if self._may_have_batch:
            inner = self.distribution.batch_shape_tensor()
            entropy = tf.reshape(entropy, tf.concat([tf.ones_like(self._batch_override), inner], 0))
            entropy = tf.tile(entropy, tf.concat([self._batch_override, tf.ones_like(inner)], 0))
        anywhere = tf.zeros(tf.concat([self.batch_shape_tensor(), self.event_shape_tensor()], 0), dtype=self.dtype)
        rank = self.event_shape.ndims
        log_det = self.bijector.inverse_log_det_jacobian(
            anywhere, event_ndims=tf.size(self.event_shape_tensor()) if rank is None else rank
        )
        entropy -= tf.cast(log_det, entropy.dtype)
        entropy.set_shape(self.batch_shape)
        return entropy


def _through_inverse(name):
    def method(self, y):
        self._demand_simple(name)
        return getattr(self.distribution, name)(self.bijector.inverse(y))

    return method


for _name in ("log_cdf", "cdf", "log_survival_function", "survival_function"):
    setattr(TransformedDistribution, "_" + _name, _through_inverse(_name))


def _may_have(shape):
    known = constant_value(shape)
    return bool(known is None or known.size != 0)
