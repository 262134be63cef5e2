"""`tf.contrib.training.resample_at_rate`: examples drawn as often as their rates say."""

from ...core.convert import convert
from ...core.dtypes import int32
from ...core.export import export, public as tf
from ...core.scopes import name_scope
from ...training import moving_averages


def _repeat_range(counts, name=None):
    """The numbers 0, 1, ..., each as often as the vector `counts` says."""
    with name_scope(name, "repeat_range", [counts]) as scope:
        counts = convert(counts, name="counts")
        size = tf.shape(counts)[0]
        array = tf.TensorArray(dtype=int32, size=size, infer_shape=False)

        def write(array, i):
            return array.write(i, tf.fill(counts[i : i + 1], i)), i + 1

        array, written = tf.while_loop(lambda _, i: i < size, write, [array, 0])
        return tf.cond(written > 0, array.concat, lambda: tf.zeros(shape=[0], dtype=int32), name=scope)


@export("contrib.training.resample_at_rate")
def resample_at_rate(inputs, rates, scope=None, seed=None, back_prop=False):
    """Draws examples, each on average as often as its rate says.

    Args:
      inputs: a list of tensors, whose first dimension is that of the examples.
      rates: a vector of how often each example is to come.
      scope: the name scope.
      seed: for the random numbers.
      back_prop: whether gradients may flow to the rates.

    Returns:
      The list of tensors of the examples drawn.
    """
    with name_scope(scope, "resample_at_rate", [*inputs, rates]):
        rates = convert(rates, name="rates")
        counts = tf.cast(tf.random_poisson(rates, (), rates.dtype, seed=seed), int32)
        chosen = _repeat_range(counts)
        if not back_prop:
            chosen = tf.stop_gradient(chosen)
        return [tf.gather(x, chosen) for x in inputs]


@export("contrib.training.weighted_resample")
def weighted_resample(inputs, weights, overall_rate, scope=None, mean_decay=0.999, seed=None):
    """Draws examples in proportion to their weights.

    Args:
      inputs: a list of tensors, whose first dimension is that of the examples.
      weights: a vector of the weights.
      overall_rate: how many examples are drawn for each that is given, on average over many calls.
      scope: the name scope.
      mean_decay: how slowly the estimate of the mean weight changes.
      seed: for the random numbers.

    Returns:
      The list of tensors of the examples drawn, and the rates with which they were.
    """
    with name_scope(scope, "weighted_resample", inputs) as name:
        with tf.variable_scope(scope, "estimate_mean", inputs):
            estimate = tf.get_local_variable("estimated_mean", initializer=tf.cast(0, weights.dtype), dtype=weights.dtype)
            mean = moving_averages.assign_moving_average(estimate, tf.reduce_mean(weights), mean_decay)
        rates = weights * overall_rate / mean
        drawn_rates, *drawn = resample_at_rate([rates, *inputs], rates, scope=name, seed=seed, back_prop=False)
        return drawn, drawn_rates
