"""What metrics share: their variables, tensors of ranks that fit, counts at thresholds."""

import functools

from ..core import dtypes
from ..core.collections import GraphKeys, add_to_collections
from ..core.context import here
from ..core.convert import convert
from ..core.export import export, public as tf
from ..core.scopes import control_dependencies
from ..distribute.context import get_replica_context
from ..ops.confusion import remove_squeezable_dimensions
from ..ops.weights import broadcast_weights
from ..variables.base import VariableAggregation, VariableSynchronization
from ..variables.scope import VariableV1


def metric(name, known_as=None, space="metrics"):
    """Makes `tf.metrics.<name>` fail eagerly, with a message about `known_as`."""
    message = "tf.%s.%s is not supported when eager execution is enabled." % (space, known_as or name)

    def declare(function):
        @functools.wraps(function)
        def in_graphs(*args, **kwargs):
            if here.eager:
                raise RuntimeError(message)
            return function(*args, **kwargs)

        return in_graphs

    return declare


def collected(tensor, collections):
    """A tensor, added to collections if there are any."""
    if collections:
        add_to_collections(collections, tensor)
    return tensor


def collected_value(compute, collections):
    """The value of a metric, which `compute()` makes of what all replicas gathered; added to collections if there are any."""
    replica = get_replica_context()
    if replica is None:
        return collected(compute(), collections)
    return replica.merge_call(lambda strategy: collected(compute(), collections))


@export("python.ops.metrics_impl.metric_variable")
def metric_variable(shape, dtype, validate_shape=True, name=None):
    """A local variable of zeros, in which a metric gathers what it needs.

    Args:
      shape: its shape.
      dtype: its type.
      validate_shape: whether the shape is fixed.
      name: its name.
    """
    collections = [GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES]
    return VariableV1(lambda: tf.zeros(shape, dtype), trainable=False, collections=collections, validate_shape=validate_shape,
                      synchronization=VariableSynchronization.ON_READ, aggregation=VariableAggregation.SUM, name=name)  # fmt: skip


def with_ranks_that_fit(predictions, labels, weights):
    """Predictions, labels and weights as tensors, with a last dimension removed or added where the ranks differ by one."""
    predictions = convert(predictions)
    if labels is not None:
        labels, predictions = remove_squeezable_dimensions(labels, predictions)
        predictions.shape.assert_is_compatible_with(labels.shape)
    if weights is None:
        return predictions, labels, None
    weights = convert(weights)
    if weights.shape.ndims == 0:
        return predictions, labels, weights
    return predictions, labels, _weights_that_fit(weights, predictions)


def _weights_that_fit(weights, predictions):
    if predictions.shape.ndims is not None and weights.shape.ndims is not None:
        difference = weights.shape.ndims - predictions.shape.ndims
        return tf.squeeze(weights, [-1]) if difference == 1 else tf.expand_dims(weights, [-1]) if difference == -1 else weights
    rank = tf.rank(weights)
    difference = rank - tf.rank(predictions)

    def squeezed():
        if weights.shape.ndims is not None and not weights.shape.dims[-1].is_compatible_with(1):
            return weights
        return tf.squeeze(weights, [-1])

    def expanded():
        return tf.cond(tf.equal(difference, -1), lambda: tf.expand_dims(weights, [-1]), lambda: weights)

    def adjusted():
        return tf.cond(tf.equal(difference, 1), squeezed, expanded)

    return tf.cond(tf.equal(rank, 0), lambda: weights, adjusted)


def between_0_and_1(predictions):
    """Assertions that all predictions lie between 0 and 1."""
    message = "predictions must be in [0, 1]"
    return [
        tf.assert_greater_equal(predictions, tf.cast(0.0, predictions.dtype), message=message),
        tf.assert_less_equal(predictions, tf.cast(1.0, predictions.dtype), message=message),
    ]


# What is counted at a threshold: the variable's name, whether the label is to be true and whether the prediction.
_COUNTED = {
    "tp": ("true_positives", True, True),
    "fn": ("false_negatives", True, False),
    "tn": ("true_negatives", False, False),
    "fp": ("false_positives", False, True),
}


def counts_at_thresholds(labels, predictions, thresholds, weights=None, includes=("tp", "fn", "tn", "fp"), checked=True):
    """Counts of true and false positives and negatives for each of several thresholds.

    Args:
      labels: a tensor that is cast to bool.
      predictions: a tensor of floats between 0 and 1.
      thresholds: a list of floats.
      weights: None, or a tensor that can be spread over the labels.
      includes: what is counted.
      checked: whether it is asserted that predictions lie between 0 and 1.

    Returns:
      Two dicts, by what is counted: the variables, vectors as long as `thresholds`, and the tensors that update them.
    """
    for what in includes:
        if what not in _COUNTED:
            raise ValueError("Invalid key: %s." % what)
    if checked:
        with control_dependencies(between_0_and_1(predictions)):
            predictions, labels = tf.cast(predictions, dtypes.float32), tf.cast(labels, dtypes.bool_)
            predictions, labels, weights = with_ranks_that_fit(predictions, labels, weights)
    else:
        predictions, labels, weights = with_ranks_that_fit(predictions, labels, weights)
    labels_true, above, weights = _tables(labels, predictions, thresholds, weights, includes)
    variables, updates = {}, {}
    for what, (name, of_true, of_positive) in _COUNTED.items():
        if what in includes:
            variables[what] = metric_variable([len(thresholds)], dtypes.float32, name=name)
            found = tf.cast(tf.logical_and(labels_true[of_true], above[of_positive]), dtypes.float32)
            if weights is not None:
                found *= weights
            updates[what] = tf.assign_add(variables[what], tf.reduce_sum(found, 1))
    return variables, updates


def _tables(labels, predictions, thresholds, weights, includes):
    """Whether labels are true and predictions above thresholds, with their negations, and weights; a row for each threshold."""
    count = len(thresholds)
    column = tf.reshape(predictions, [-1, 1])
    row = tf.reshape(tf.cast(labels, dtypes.bool_), [1, -1])
    size = column.shape.as_list()[0]
    if size is None:
        size = tf.shape(column)[0]
    tiled = tf.tile(tf.expand_dims(tf.constant(thresholds), [1]), tf.stack([1, size]))
    above = {True: tf.greater(tf.tile(tf.transpose(column), [count, 1]), tiled)}
    if "fn" in includes or "tn" in includes:
        above[False] = tf.logical_not(above[True])
    labels_true = {True: tf.tile(row, [count, 1])}
    if "fp" in includes or "tn" in includes:
        labels_true[False] = tf.logical_not(labels_true[True])
    if weights is not None:
        weights = broadcast_weights(tf.cast(weights, dtypes.float32), predictions)
        weights = tf.tile(tf.reshape(weights, [1, -1]), [count, 1])
        tiled.shape.assert_is_compatible_with(weights.shape)
    return labels_true, above, weights


def ratio(numerator, denominator, name=None):
    """`numerator / denominator`, 0 where the denominator is not above 0."""
    return tf.div_no_nan(numerator, tf.maximum(denominator, 0), name=name)
