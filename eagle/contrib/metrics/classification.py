"""Metrics of classification of `tf.contrib.metrics`: accuracy of one batch, F1."""

from ...core import dtypes
from ...core.export import export, public as tf
from ...core.scopes import name_scope
from ...metrics.base import collected, counts_at_thresholds, with_ranks_that_fit
from ...metrics.curves import EDGE, thresholds_around


@export("contrib.metrics.accuracy")
def accuracy(predictions, labels, weights=None, name=None):
    """How many of the predictions of a batch are the labels.

    Args:
      predictions, labels: tensors of one type (integers, bools or strings) and shape.
      weights: None, or a tensor that can be spread over the labels.
      name: the name scope of the nodes.

    Returns:
      A float32 scalar.

    Raises:
      ValueError: the types don't fit.
    """
    if not (labels.dtype.is_integer or labels.dtype in (dtypes.bool_, dtypes.string)):
        raise ValueError("Labels should have bool, integer, or string dtype, not %r" % labels.dtype)
    if not labels.dtype.is_compatible_with(predictions.dtype):
        raise ValueError("Dtypes of predictions and labels should match. Given: predictions (%r) and labels (%r)"
                         % (predictions.dtype, labels.dtype))  # fmt: skip
    with name_scope(name, "accuracy", values=[predictions, labels]):
        correct = tf.cast(tf.equal(predictions, labels), dtypes.float32)
        if weights is None:
            return tf.reduce_mean(correct)
        correct = tf.multiply(correct, weights)
        number = tf.multiply(weights, tf.ones_like(correct))
        return tf.div(tf.reduce_sum(correct), tf.reduce_sum(number))


@export("contrib.metrics.f1_score")
def f1_score(labels, predictions, weights=None, num_thresholds=200, metrics_collections=None, updates_collections=None, name=None):
    """The best F1, the harmonic mean of precision and recall, at any of many thresholds.

    Args:
      labels: a tensor that is cast to bool.
      predictions: a tensor of the same shape, floats between 0 and 1.
      weights: None, or a tensor that can be spread over the labels.
      num_thresholds: the number of thresholds.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar and the operation that updates it.
    """
    with tf.variable_scope(name, "f1", (labels, predictions, weights)):
        predictions, labels, weights = with_ranks_that_fit(predictions, labels, weights)
        thresholds = thresholds_around(num_thresholds)
        variables, updates = counts_at_thresholds(labels, predictions, thresholds, weights, includes=("tp", "fp", "fn"))

        def best(counts, name):
            tp, fp, fn = (counts[k] for k in ("tp", "fp", "fn"))
            precision = tf.div(tp, EDGE + tp + fp, name="precision_" + name)
            recall = tf.div(tp, EDGE + tp + fn, name="recall_" + name)
            return tf.reduce_max(2.0 * precision * recall / (precision + recall + EDGE))

        value = collected(best(variables, "value"), metrics_collections)
        return value, collected(best(updates, "update"), updates_collections)
