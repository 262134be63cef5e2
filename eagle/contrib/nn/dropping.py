"""`tf.contrib.nn.alpha_dropout`: the dropout of networks that normalize themselves."""

import numbers

from ...core.convert import convert
from ...core.dispatch import registry
from ...core.export import export, public as tf
from ...core.scopes import name_scope
from ...core.static_values import constant_value

_DROPPED = -1.7580993408473766  # what SELU gives far below zero


@export("contrib.nn.alpha_dropout")
def alpha_dropout(x, keep_prob, noise_shape=None, seed=None, name=None):
    """Dropout that keeps mean and variance of its input: dropped elements get the lowest value of SELU.

    Args:
      x: a tensor of floats.
      keep_prob: the probability that an element is kept, in (0, 1]; a number or a scalar tensor.
      noise_shape: the shape of what is drawn; by default that of `x`.
      seed: of the random numbers.
      name: the name scope.

    Raises:
      ValueError: `keep_prob` is no such probability.
    """
    with name_scope(name, "alpha_dropout", [x]):
        x = convert(x, name="x")
        if isinstance(keep_prob, numbers.Real) and not 0 < keep_prob <= 1.0:
            raise ValueError("keep_prob must be a scalar tensor or a float in the range (0, 1], got %g" % keep_prob)
        keep_prob = convert(keep_prob, dtype=x.dtype, name="keep_prob")
        keep_prob.get_shape().assert_has_rank(0)
        if constant_value(keep_prob) == 1:
            return x
        noise_shape = tf.shape(x) if noise_shape is None else noise_shape
        noise = tf.random_uniform(noise_shape, seed=seed, dtype=x.dtype)
        kept = tf.cast(registry["GreaterEqual"](noise, 1 - keep_prob), x.dtype)
        x = x * kept + _DROPPED * (1 - kept)
        scale = (keep_prob + keep_prob * (1 - keep_prob) * _DROPPED**2) ** -0.5
        offset = -scale * _DROPPED * (1 - keep_prob)
        return scale * x + offset
