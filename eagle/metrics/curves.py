"""Metrics of a curve over many thresholds: `tf.metrics.auc`, `sensitivity_at_specificity`, ..."""

from ..core import dtypes
from ..core.export import export, public as tf
from ..platform import tf_logging
from .base import collected, collected_value, counts_at_thresholds, metric, ratio

EDGE = 1e-7  # how far the outer thresholds lie outside of [0, 1], and what keeps divisions from dividing by 0
_EPSILON = 1e-6


def thresholds_around(count, above=EDGE):
    """`count` thresholds at even distances, the first one below 0 and the last one `above` 1."""
    return [0.0 - EDGE] + [(i + 1) * 1.0 / (count - 1) for i in range(count - 2)] + [1.0 + above]


@export("metrics.auc")
@metric("auc")
def auc(labels, predictions, weights=None, num_thresholds=200, metrics_collections=None, updates_collections=None, curve="ROC",
        name=None, summation_method="trapezoidal", thresholds=None):  # fmt: skip
    """The area under a curve, approximated by a sum.

    Args:
      labels: a tensor that is cast to bool.
      predictions: a tensor of the same shape, floats between 0 and 1.
      weights: None, or a tensor that can be spread over the labels.
      num_thresholds: the number of thresholds.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      curve: "ROC" (true over false positive rate) or "PR" (precision over recall).
      name: the variable scope.
      summation_method: "trapezoidal", "careful_interpolation" (better for "PR"), "minoring" or "majoring".
      thresholds: the thresholds between 0 and 1; by default they are spread evenly.

    Returns:
      A float32 scalar and the operation that updates it.

    Raises:
      ValueError: shapes don't fit, or there is no such curve or method.
      RuntimeError: eagerly.
    """
    with tf.variable_scope(name, "auc", (labels, predictions, weights)):
        if curve not in ("ROC", "PR"):
            raise ValueError("curve must be either ROC or PR, %s unknown" % curve)
        thresholds = thresholds_around(num_thresholds) if thresholds is None else [0.0 - EDGE, *sorted(thresholds), 1.0 + EDGE]
        variables, updates = counts_at_thresholds(labels, predictions, thresholds, weights)
        last = len(thresholds) - 1
        value = collected_value(lambda: _area(variables, curve, summation_method, last, "value"), metrics_collections)
        return value, collected(_area(updates, curve, summation_method, last, "update_op"), updates_collections)


def _area(counts, curve, method, last, name):
    tp, fn, tn, fp = (counts[k] for k in ("tp", "fn", "tn", "fp"))
    if curve == "PR":
        if method == "trapezoidal":
            tf_logging.warning(
                'Trapezoidal rule is known to produce incorrect PR-AUCs; please switch to "careful_interpolation" instead.'
            )
        elif method == "careful_interpolation":
            return _interpolated_area(tp, fp, fn, last)
    recall = tf.div(tp + _EPSILON, tp + fn + _EPSILON)
    if curve == "ROC":
        x, y = tf.div(fp, fp + tn + _EPSILON), recall
    else:
        x, y = recall, tf.div(tp + _EPSILON, tp + fp + _EPSILON)
    if method in ("trapezoidal", "careful_interpolation"):
        return tf.reduce_sum(tf.multiply(x[:last] - x[1:], (y[:last] + y[1:]) / 2.0), name=name)
    if method in ("minoring", "majoring"):
        widths = x[:last] - x[1:]
        bound = tf.minimum if method == "minoring" else tf.maximum
        return tf.reduce_sum(tf.multiply(widths, bound(y[:last], y[1:])), name=name)
    raise ValueError("Invalid summation_method: %s" % method)


def _interpolated_area(tp, fp, fn, last):
    """The area under the curve of precision over recall, true positives being interpolated between thresholds, not precision."""
    steps = tp[:last] - tp[1:]
    positives = tp + fp
    slope = ratio(steps, positives[:last] - positives[1:], "prec_slope")
    intercept = tp[1:] - tf.multiply(slope, positives[1:])
    both = tf.logical_and(positives[:last] > 0, positives[1:] > 0)
    quotient = ratio(positives[:last], positives[1:], "recall_relative_ratio")
    safe = tf.where(both, quotient, tf.ones_like(positives[1:]))
    increments = slope * (steps + intercept * tf.math.log(safe))
    return tf.reduce_sum(ratio(increments, tp[1:] + fn[1:], "pr_auc_increment"), name="interpolate_pr_auc")


@export("metrics.sensitivity_at_specificity")
@metric("sensitivity_at_specificity")
def sensitivity_at_specificity(labels, predictions, specificity, weights=None, num_thresholds=200, metrics_collections=None,
                               updates_collections=None, name=None):  # fmt: skip
    """The sensitivity (the share of the true that is predicted as true) at the threshold that gives a specificity.

    Args:
      labels: a tensor that is cast to bool.
      predictions: a tensor of the same shape, floats between 0 and 1.
      specificity: a float between 0 and 1: the share of the false that is predicted as false.
      weights: None, or a tensor that can be spread over the labels.
      num_thresholds: the number of thresholds to choose from.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar and the operation that updates it.

    Raises:
      ValueError: shapes don't fit, or `specificity` lies outside of [0, 1].
      RuntimeError: eagerly.
    """
    if specificity < 0 or specificity > 1:
        raise ValueError("`specificity` must be in the range [0, 1].")
    with tf.variable_scope(name, "sensitivity_at_specificity", (predictions, labels, weights)):
        thresholds = thresholds_around(num_thresholds)
        variables, updates = counts_at_thresholds(labels, predictions, thresholds, weights)

        def compute(counts, name):
            tp, fn, tn, fp = (counts[k] for k in ("tp", "fn", "tn", "fp"))
            specificities = tf.div(tn, tn + fp + EDGE)
            nearest = tf.cast(tf.argmin(tf.abs(specificities - specificity), 0), dtypes.int32)
            return tf.div(tp[nearest], tp[nearest] + fn[nearest] + EDGE, name)

        value = collected_value(lambda: compute(variables, "value"), metrics_collections)
        return value, collected(compute(updates, "update_op"), updates_collections)


@export("metrics.specificity_at_sensitivity")
@metric("specificity_at_sensitivity")
def specificity_at_sensitivity(labels, predictions, sensitivity, weights=None, num_thresholds=200, metrics_collections=None,
                               updates_collections=None, name=None):  # fmt: skip
    """The specificity (the share of the false that is predicted as false) at the threshold that gives a sensitivity.

    Args:
      labels: a tensor that is cast to bool.
      predictions: a tensor of the same shape, floats between 0 and 1.
      sensitivity: a float between 0 and 1: the share of the true that is predicted as true.
      weights: None, or a tensor that can be spread over the labels.
      num_thresholds: the number of thresholds to choose from.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar and the operation that updates it.

    Raises:
      ValueError: shapes don't fit, or `sensitivity` lies outside of [0, 1].
      RuntimeError: eagerly.
    """
    if sensitivity < 0 or sensitivity > 1:
        raise ValueError("`sensitivity` must be in the range [0, 1].")
    with tf.variable_scope(name, "specificity_at_sensitivity", (predictions, labels, weights)):
        thresholds = thresholds_around(num_thresholds, above=-EDGE)
        variables, updates = counts_at_thresholds(labels, predictions, thresholds, weights)

        def compute(counts, name):
            tp, fn, tn, fp = (counts[k] for k in ("tp", "fn", "tn", "fp"))
            sensitivities = tf.div(tp, tp + fn + EDGE)
            nearest = tf.reduce_min(tf.abs(sensitivities - sensitivity))
            where = tf.cast(tf.equal(tf.abs(sensitivities - sensitivity), nearest), dtypes.int64)
            last = tf.cast(tf.argmax(tf.cumsum(where), 0), dtypes.int32)
            return tf.div(tn[last], tn[last] + fp[last] + EDGE, name)

        value = collected_value(lambda: compute(variables, "value"), metrics_collections)
        return value, collected(compute(updates, "update_op"), updates_collections)
