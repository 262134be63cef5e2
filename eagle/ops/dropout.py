"""Dropout."""

import numbers

from ..core import known, shape as shapes
from ..core.context import here
from ..core.convert import convert
from ..core.deprecation import one_of
from ..core.export import export
from ..core.scopes import name_scope
from ..core.tensor import EagerTensor
from ..platform import tf_logging
from .cast import cast
from .random import random_uniform
from .shaping import shape as shape_of


def _noise_shape(x, noise_shape):
    """The shape of the random numbers: that of `x` where `noise_shape` is None or leaves a dimension open."""
    if noise_shape is None:
        return shape_of(x)
    try:
        wanted = shapes.as_tuple(noise_shape)
    except (TypeError, ValueError):
        return noise_shape
    if x._shape is None or wanted is None or len(x._shape) != len(wanted):
        return noise_shape
    return shapes.TensorShape([own if d is None else d for d, own in zip(wanted, x._shape)])


@export("nn.dropout")
def dropout(x, keep_prob=None, noise_shape=None, seed=None, name=None, rate=None):
    """Sets elements to zero at random, and scales the others so that their expected sum stays.

    Args:
      x: a tensor of floats.
      keep_prob: deprecated: the probability that an element is kept, `1 - rate`.
      noise_shape: the shape of the random decisions, an int vector that broadcasts to the shape of `x`; elements along broadcast
        dimensions are kept or dropped together.
      seed: an int from which, with the graph's seed, the decisions follow; see `tf.set_random_seed`.
      name: the name of the scope of the nodes.
      rate: the probability that an element is dropped: a number or scalar tensor in [0, 1).

    Raises:
      ValueError: the rate is missing or out of range, or `x` is no tensor of floats.
    """
    try:
        dropped = 1.0 - keep_prob if keep_prob is not None else None
    except TypeError:
        raise ValueError("keep_prob must be a floating point number or Tensor (got %r)" % keep_prob) from None
    rate = one_of("rate", rate, "keep_prob", dropped)
    if rate is None:
        raise ValueError("You must provide a rate to dropout.")
    with name_scope(name, "dropout", [x]):
        x = convert(x, name="x")
        if not x.dtype.is_floating:
            raise ValueError(
                "x has to be a floating point tensor since it's going to be scaled. Got a %s tensor instead." % x.dtype
            )
        if isinstance(rate, numbers.Real):
            if not 0 <= rate < 1:
                raise ValueError("rate must be a scalar tensor or a float in the range [0, 1), got %g" % rate)
            if rate > 0.5:
                tf_logging.log_first_n(
                    tf_logging.WARN, "Large dropout rate: %g (>0.5). It is the part that is dropped, not kept.", 5, rate
                )
            if rate == 0:
                return x
        if here.eager:
            if isinstance(rate, EagerTensor) and rate.numpy() == 0:
                return x
        else:
            rate = convert(rate, x.dtype, "rate")
            rate.shape.assert_has_rank(0)
            if known.value(rate) == 0:
                return x
        uniform = random_uniform(_noise_shape(x, noise_shape), seed=seed, dtype=x.dtype)
        scale = 1 / (1 - rate)
        is_kept = uniform >= rate
        result = x * scale * cast(is_kept, x.dtype)
        if not here.eager:
            result.set_shape(x.shape)
        return result
