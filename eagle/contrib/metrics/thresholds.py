"""Metrics at thresholds of `tf.contrib.metrics`: rates, points of a curve, precision for a recall."""

import collections

from ...core import dtypes
from ...core.convert import convert
from ...core.export import export, public as tf
from ...core.scopes import control_dependencies, name_scope
from ...metrics.base import between_0_and_1, collected, counts_at_thresholds, metric_variable, with_ranks_that_fit
from ...metrics.curves import EDGE, thresholds_around

_EPSILON = 1e-6


def _counts(predictions, labels, thresholds, weights=None, includes=("tp", "fn", "tn", "fp")):
    return counts_at_thresholds(labels, predictions, thresholds, weights, includes, checked=False)


def _count(name):
    key = name[0] + name[name.index("_") + 1]

    def at_thresholds(predictions, labels, thresholds, weights=None):
        variables, updates = _counts(predictions, labels, thresholds, weights, (key,))
        return variables[key], updates[key]

    at_thresholds.__name__ = at_thresholds.__qualname__ = "streaming_%s_at_thresholds" % name
    at_thresholds.__doc__ = """The number of %s for each of several thresholds.

    Args:
      predictions: a tensor of floats between 0 and 1.
      labels: a tensor of the same shape, cast to bool.
      thresholds: a list of floats.
      weights: None, or a tensor that can be spread over the labels.

    Returns:
      A variable with the counts and the operation that adds to it.
    """ % name.replace("_", " ")
    return export("contrib.metrics.streaming_%s_at_thresholds" % name)(at_thresholds)


for _name in ("true_positives", "false_negatives", "false_positives", "true_negatives"):
    _count(_name)


def _rate(name, first, second):
    """Makes `streaming_<name>_rate` and `streaming_<name>_rate_at_thresholds`, counts of which are `first / (first + second)`."""
    short = first + "r"

    def rate(predictions, labels, weights=None, metrics_collections=None, updates_collections=None, name=None):
        with tf.variable_scope(name, label + "_rate", (predictions, labels, weights)):
            predictions, labels = tf.cast(predictions, dtypes.bool_), tf.cast(labels, dtypes.bool_)
            predictions, labels, weights = with_ranks_that_fit(predictions, labels, weights)
            counts = [getattr(tf.metrics, n)(labels, predictions, weights) for n in (_FULL[first], _FULL[second])]
            value, update = (
                tf.where(tf.greater(a + b, 0), tf.div(a, a + b), 0, n) for (a, b), n in zip(zip(*counts), ("value", "update_op"))
            )
            return collected(value, metrics_collections), collected(update, updates_collections)

    def at_thresholds(predictions, labels, thresholds, weights=None, metrics_collections=None, updates_collections=None,
                      name=None):  # fmt: skip
        with tf.variable_scope(name, label + "_rate_at_thresholds", (predictions, labels, weights)):
            variables, updates = _counts(predictions, labels, thresholds, weights, (first, second))
            value, update = (
                tf.div(c[first], EDGE + c[first] + c[second], name="%s_%s" % (short, n))
                for c, n in ((variables, "value"), (updates, "update_op"))
            )
            return collected(value, metrics_collections), collected(update, updates_collections)

    label = name
    for function, suffix, more in ((rate, "_rate", ""), (at_thresholds, "_rate_at_thresholds", ", for each of several thresholds")):
        function.__name__ = function.__qualname__ = "streaming_" + name + suffix
        function.__doc__ = "The rate of %ss%s: its value and the operation that updates it." % (name.replace("_", " "), more)
        export("contrib.metrics.streaming_" + name + suffix)(function)


_FULL = {"tp": "true_positives", "fn": "false_negatives", "tn": "true_negatives", "fp": "false_positives"}
_rate("false_positive", "fp", "tn")
_rate("false_negative", "fn", "tp")


@export("contrib.metrics.streaming_curve_points")
def streaming_curve_points(labels=None, predictions=None, weights=None, num_thresholds=200, metrics_collections=None,
                           updates_collections=None, curve="ROC", name=None):  # fmt: skip
    """Points of the curve of true over false positive rate ("ROC") or of precision over recall ("PR").

    Args:
      labels, predictions: tensors of one shape.
      weights: None, or a tensor that can be spread over the labels.
      num_thresholds: the number of points.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      curve: "ROC" or "PR".
      name: the variable scope.

    Returns:
      A matrix of shape `[num_thresholds, 2]` and the operation that updates it.

    Raises:
      ValueError: there is no such curve.
    """
    with tf.variable_scope(name, "curve_points", (labels, predictions, weights)):
        if curve not in ("ROC", "PR"):
            raise ValueError("curve must be either ROC or PR, %s unknown" % curve)
        counts, updates = _counts(predictions, labels, thresholds_around(num_thresholds), weights)
        tp, fn, tn, fp = (counts[k] for k in ("tp", "fn", "tn", "fp"))
        recall = tf.div(tp + _EPSILON, tp + fn + _EPSILON)
        if curve == "ROC":
            x, y = tf.div(fp, fp + tn + _EPSILON), recall
        else:
            x, y = recall, tf.div(tp + _EPSILON, tp + fp + _EPSILON)
        points = tf.stack([x, y], axis=1)
        update = tf.group(*updates.values())
        return collected(points, metrics_collections), collected(update, updates_collections)


def _recall_at(counts, precision, name, strict_mode):
    tp, fp, fn = (counts[k] for k in ("tp", "fp", "fn"))
    precisions = tf.div(tp, tp + fp + EDGE)
    if not strict_mode:
        nearest = tf.argmin(tf.abs(precisions - precision), 0, output_type=dtypes.int32)
        return tf.div(tp[nearest], tp[nearest] + fn[nearest] + EDGE, name)
    best = tf.argmax(tf.div(1.0, precisions - precision + EDGE), 0, output_type=dtypes.int32)
    return tf.cond(precisions[best] >= precision, lambda: tf.div(tp[best], tp[best] + fn[best] + EDGE, name), lambda: 0.0)


@export("contrib.metrics.recall_at_precision")
def recall_at_precision(labels, predictions, precision, weights=None, num_thresholds=200, metrics_collections=None,
                        updates_collections=None, name=None, strict_mode=False):  # fmt: skip
    """The recall at the threshold that gives a precision.

    Args:
      labels, predictions: tensors of one shape.
      precision: a float between 0 and 1.
      weights: None, or a tensor that can be spread over the labels.
      num_thresholds: the number of thresholds to choose from.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.
      strict_mode: whether the precision must be reached; the recall is 0 where it is not.

    Returns:
      A float32 scalar and the operation that updates it.

    Raises:
      ValueError: `precision` lies outside of [0, 1].
    """
    if not 0 <= precision <= 1:
        raise ValueError("`precision` must be in the range [0, 1].")
    with tf.variable_scope(name, "recall_at_precision", (predictions, labels, weights)):
        variables, updates = _counts(predictions, labels, thresholds_around(num_thresholds), weights)
        value = collected(_recall_at(variables, precision, "value", strict_mode), metrics_collections)
        return value, collected(_recall_at(updates, precision, "update_op", strict_mode), updates_collections)


@export("contrib.metrics.precision_at_recall")
def precision_at_recall(labels, predictions, target_recall, weights=None, num_thresholds=200, metrics_collections=None,
                        updates_collections=None, name=None):  # fmt: skip
    """The precision at the largest threshold that gives a recall.

    Args:
      labels, predictions: tensors of one shape.
      target_recall: a float between 0 and 1.
      weights: None, or a tensor that can be spread over the labels.
      num_thresholds: the number of thresholds to choose from.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar and the operation that updates it.

    Raises:
      ValueError: `target_recall` lies outside of [0, 1].
    """
    if target_recall < 0 or target_recall > 1:
        raise ValueError("`target_recall` must be in the range [0, 1].")
    with tf.variable_scope(name, "precision_at_recall", (predictions, labels, weights)):
        variables, updates = _counts(predictions, labels, thresholds_around(num_thresholds), weights)

        def compute(counts, name):
            tp, fp, fn = (counts[k] for k in ("tp", "fp", "fn"))
            recalls = tf.div(tp, tp + fn + EDGE)
            last = tf.reduce_sum(tf.cast(tf.greater_equal(recalls, target_recall), dtypes.int64)) - 1
            return tf.div(tp[last] + EDGE, tp[last] + fp[last] + EDGE, name)

        value = collected(compute(variables, "value"), metrics_collections)
        return value, collected(compute(updates, "update_op"), updates_collections)


PrecisionRecallData = collections.namedtuple("PrecisionRecallData", ["tp", "fp", "tn", "fn", "precision", "recall", "thresholds"])


@export("contrib.metrics.precision_recall_at_equal_thresholds")
def precision_recall_at_equal_thresholds(labels, predictions, weights=None, num_thresholds=None, use_locking=None, name=None):
    """Counts, precision and recall at thresholds at even distances, from two histograms.

    Args:
      labels: a bool tensor.
      predictions: a tensor of the same shape, floats between 0 and 1.
      weights: a tensor that can be spread over the labels; by default 1.
      num_thresholds: the number of thresholds; by default 201.
      use_locking: whether updates lock the histograms; by default they do.
      name: the variable scope.

    Returns:
      A `PrecisionRecallData` of vectors, and the operation that updates it.
    """
    num_thresholds = 201 if num_thresholds is None else num_thresholds
    weights = 1.0 if weights is None else weights
    use_locking = True if use_locking is None else use_locking
    tf.assert_type(labels, dtypes.bool_)
    with tf.variable_scope(name, "precision_recall_at_equal_thresholds", (labels, predictions, weights)):
        with control_dependencies(between_0_and_1(predictions)):
            predictions, labels, weights = with_ranks_that_fit(predictions, labels, weights)
        predictions.shape.assert_is_compatible_with(labels.shape)
        truth, weights = tf.cast(labels, dtypes.float64), tf.cast(weights, dtypes.float64)
        true, false = truth * weights, (1.0 - truth) * weights
        predictions, true, false = (tf.reshape(x, [-1]) for x in (predictions, true, false))
        buckets = tf.cast(tf.floor(predictions * (num_thresholds - 1)), dtypes.int32)
        with name_scope("variables"):
            true_buckets = metric_variable([num_thresholds], dtypes.float64, name="tp_buckets")
            false_buckets = metric_variable([num_thresholds], dtypes.float64, name="fp_buckets")
        with name_scope("update_op"):
            update_true = tf.scatter_add(true_buckets, buckets, true, use_locking=use_locking)
            update_false = tf.scatter_add(false_buckets, buckets, false, use_locking=use_locking)
        tp = tf.cumsum(true_buckets, reverse=True, name="tp")
        fp = tf.cumsum(false_buckets, reverse=True, name="fp")
        tn, fn = fp[0] - fp, tp[0] - tp
        least = convert(EDGE, dtypes.float64)
        precision, recall = tp / tf.maximum(least, tp + fp), tp / tf.maximum(least, tp + fn)
        thresholds = tf.lin_space(0.0, 1.0, num_thresholds)
        parts = [tf.cast(x, predictions.dtype) for x in (tp, fp, tn, fn, precision, recall, thresholds)]
        return PrecisionRecallData(*parts), tf.group(update_true, update_false)
