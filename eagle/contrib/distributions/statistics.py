"""Statistics of samples: `tf.contrib.distributions.percentile`."""

import numpy as np

from ...core import dtypes
from ...core.convert import convert
from ...core.export import export, public as tf
from ...core.scopes import name_scope
from ...core.static_values import constant_value
from ...ops.flow import with_dependencies

_ROUNDINGS = {"lower": tf.math.ceil, "higher": tf.math.floor, "nearest": tf.math.round}


@export("contrib.distributions.percentile")
def percentile(x, q, axis=None, interpolation=None, keep_dims=False, validate_args=False, name=None):
    """The value below which `q` percent of the values of a tensor lie.

    Args:
      x: a tensor of numbers.
      q: a scalar between 0 and 100.
      axis: None for all dimensions, or an int or ints: those over which values are taken.
      interpolation: which value is taken if the place lies between two: "lower", "higher" or "nearest", as by default.
      keep_dims: whether the dimensions stay, with size 1.
      validate_args: whether it is asserted that `q` is such a scalar.
      name: the name scope of the nodes.

    Raises:
      ValueError: a rank that must be known is not or does not fit, or there is no such dimension or interpolation.
    """
    interpolation = "nearest" if interpolation is None else interpolation
    if interpolation not in _ROUNDINGS:
        raise ValueError("Argument 'interpolation' must be in %s.  Found %s" % (set(_ROUNDINGS), interpolation))
    with name_scope(name or "percentile", values=[x, q]):
        x, q = convert(x, name="x"), tf.cast(q, dtypes.float64, name="q")
        if q.shape.ndims not in (None, 0):
            raise ValueError("Expected argument 'x' to have ndims 0.  Found tensor %s" % (q,))
        if validate_args:
            checks = [tf.assert_rank(q, 0), tf.assert_greater_equal(q, tf.cast(0.0, dtypes.float64)),
                      tf.assert_less_equal(q, tf.cast(100.0, dtypes.float64))]  # fmt: skip
            q = with_dependencies([c for c in checks if c is not None], q)
        axes = None if axis is None else _checked_axes(axis, x)
        y = tf.reshape(x, [-1]) if axes is None else _with_last(x, axes)
        count = tf.shape(y)[-1]
        place = (tf.cast(count, dtypes.float64) - 1) * (1.0 - q / 100.0)
        index = tf.clip_by_value(tf.cast(_ROUNDINGS[interpolation](place), dtypes.int32), 0, count - 1)
        found = tf.nn.top_k(y, k=count)[0][..., index]
        found.set_shape(y.shape[:-1])
        if not keep_dims:
            return found
        if axes is None:
            return found * tf.ones(tf.ones([tf.rank(x) if x.shape.ndims is None else x.shape.ndims], dtypes.int32), dtype=x.dtype)
        for a in sorted(axes):
            found = tf.expand_dims(found, axis=a)
        return found


def _checked_axes(axis, x):
    """Dimensions, counted from the front."""
    axis = convert(axis, name="axis")
    if axis.shape.ndims is None or axis.shape.ndims > 1:
        raise ValueError("Expected argument 'x' to have ndims <= 1.  Found tensor %s" % (axis,))
    known, rank = constant_value(axis), x.shape.ndims
    if known is None:
        raise ValueError("Expected argument 'axis' to be statically available.  Found: %s" % (axis,))
    if rank is None:
        raise ValueError("Expected argument 'x' to have statically defined 'ndims'.  Found: %s" % (x,))
    if rank < 1:
        raise ValueError("Expected argument 'x' to have ndims >= 1.  Found tensor %s" % (x,))
    axes = [int(a) for a in np.atleast_1d(known)]
    for a in axes:
        if a >= rank:
            raise ValueError("dim %d not in the interval [0, %d]." % (a, rank - 1))
        if a < -rank:
            raise ValueError("Negatively indexed dim %d not in the interval [-%d, -1]" % (a, rank))
    return [a % rank for a in axes]


def _with_last(x, axes):
    """A tensor whose dimensions `axes` have become one, the last."""
    front = [a for a in range(x.shape.ndims) if a not in axes]
    moved = tf.transpose(x, perm=front + axes)
    if x.shape.is_fully_defined():
        sizes = x.shape.as_list()
        return tf.reshape(moved, [sizes[a] for a in front] + [int(np.prod([sizes[a] for a in axes]))])
    return tf.reshape(moved, tf.concat([tf.shape(moved)[: len(front)], [-1]], axis=0))
