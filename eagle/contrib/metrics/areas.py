"""Areas under curves of `tf.contrib.metrics`: exact ones of all predictions so far, and one from histograms."""

import collections
import statistics

from ...core import dtypes
from ...core.collections import GraphKeys
from ...core.convert import convert
from ...core.export import export, public as tf
from ...core.scopes import control_dependencies, name_scope
from ...metrics.base import collected, with_ranks_that_fit
from ...ops.confusion import remove_squeezable_dimensions
from .gathering import streaming_concat

_EPSILON = 1e-7


def _are_0_or_1(labels):
    return [
        tf.assert_greater_equal(labels, tf.zeros_like(labels, dtypes.int64), message="labels must be 0 or 1, at least one is <0"),
        tf.assert_less_equal(labels, tf.ones_like(labels, dtypes.int64), message="labels must be 0 or 1, at least one is >1"),
    ]


def _running_sum(values):
    """The sums of the first 0, 1, 2, ... elements of a vector."""
    return tf.pad(tf.cumsum(values), paddings=[[1, 0]])


def _exact_area(labels, predictions, curve, weights):
    size = tf.size(predictions)
    if weights is None:
        weights = tf.ones_like(labels, dtype=dtypes.float64)
    labels, predictions, weights = with_ranks_that_fit(labels, predictions, weights)
    total = tf.reduce_sum(weights)
    none = tf.zeros_like(labels, dtype=dtypes.float64)
    total_positive = tf.reduce_sum(tf.where(tf.greater(labels, 0), weights, none))

    def area():
        ordered, order = tf.nn.top_k(predictions, k=size)
        ordered_labels, ordered_weights = tf.gather(labels, order), tf.gather(weights, order)
        _, _, counts = tf.unique_with_counts(ordered)
        splits = tf.cast(_running_sum(counts), dtypes.int32)
        none = tf.zeros_like(ordered_labels, dtype=dtypes.float64)
        positive = tf.gather(_running_sum(tf.where(tf.greater(ordered_labels, 0), ordered_weights, none)), splits)
        if curve == "ROC":
            negative = tf.gather(_running_sum(tf.where(tf.less(ordered_labels, 1), ordered_weights, none)), splits)
            x, y = tf.truediv(negative, total - total_positive), tf.truediv(positive, total_positive)
        else:
            x = tf.truediv(positive, total_positive)
            everything = tf.gather(_running_sum(ordered_weights), splits)
            y = tf.where(tf.greater(splits, 0), tf.truediv(positive, everything), tf.ones_like(positive, dtype=dtypes.float64))
        heights = tf.add(y[1:], y[:-1]) / 2.0
        return tf.reduce_sum(tf.multiply(heights, tf.abs(tf.subtract(x[1:], x[:-1]))))

    one_sided = tf.logical_or(tf.equal(total_positive, 0), tf.equal(total_positive, total))
    return tf.cond(one_sided, true_fn=lambda: tf.constant(0, dtypes.float64), false_fn=area)


@export("contrib.metrics.streaming_dynamic_auc")
def streaming_dynamic_auc(labels, predictions, curve="ROC", metrics_collections=(), updates_collections=(), name=None,
                          weights=None):  # fmt: skip
    """The exact area under a curve, all predictions being kept.

    Args:
      labels: a tensor of 0s and 1s.
      predictions: a tensor of the same shape.
      curve: "ROC" or "PR".
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.
      weights: None, or a tensor of that shape.

    Returns:
      A float64 scalar and the operation that updates it.

    Raises:
      ValueError: there is no such curve, or shapes don't fit.
    """
    if curve not in ("PR", "ROC"):
        raise ValueError("curve must be either ROC or PR, %s unknown" % curve)
    with tf.variable_scope(name, default_name="dynamic_auc"):
        labels.shape.assert_is_compatible_with(predictions.shape)
        predictions = tf.reshape(tf.cast(predictions, dtypes.float64), [-1])
        labels = tf.reshape(tf.cast(labels, dtypes.int64), [-1])
        with control_dependencies(_are_0_or_1(labels)):
            all_predictions, update_predictions = streaming_concat(predictions, name="concat_preds")
            all_labels, update_labels = streaming_concat(labels, name="concat_labels")
            all_weights, updates = None, [update_labels, update_predictions]
            if weights is not None:
                weights = tf.reshape(tf.cast(weights, dtypes.float64), [-1])
                all_weights, update_weights = streaming_concat(weights, name="concat_weights")
                updates.append(update_weights)
            update = tf.group(*updates)
            area = _exact_area(all_labels, all_predictions, curve, all_weights)
            return collected(area, metrics_collections), collected(update, updates_collections)


AucData = collections.namedtuple("AucData", ["auc", "lower", "upper"])


def _placements(labels, weights, groups):
    """For each element, in ascending order, where it lies among those of the other class: a number between 0 and 1."""
    true = tf.cast(labels, dtypes.float32)
    result = 0.0
    for own, other in ((true, 1.0 - true), (1.0 - true, true)):
        totals = tf.segment_sum(weights * other, groups)
        placed = (tf.cumsum(totals, exclusive=True) + totals / 2.0) / (tf.reduce_sum(totals) + _EPSILON)
        result += tf.gather(placed, groups) * own
    return result


def _placement_area(labels, predictions, weights, alpha, logit_transformation, is_valid):
    """The area under the ROC curve from placement values, with the bounds of its confidence interval."""
    total_0 = tf.reduce_sum(tf.cast(1 - labels, weights.dtype) * weights)
    total_1 = tf.reduce_sum(tf.cast(labels, weights.dtype) * weights)
    ordered, order = tf.nn.top_k(predictions, k=tf.size(predictions), sorted=True)
    ordered, order = (tf.reverse(x, axis=tf.zeros(1, dtypes.int32)) for x in (ordered, order))
    labels, weights = tf.gather(labels, order), tf.gather(weights, order)
    _, groups = tf.unique(ordered)
    placed = _placements(labels, weights, groups)
    is_0, is_1 = tf.cast(1 - labels, weights.dtype), tf.cast(labels, weights.dtype)
    placed_0, weights_0, placed_1, weights_1 = placed * is_0, weights * is_0, placed * is_1, weights * is_1
    area_0 = tf.reduce_sum(weights_0 * (1.0 - placed_0)) / (total_0 + _EPSILON)
    area_1 = tf.reduce_sum(weights_1 * placed_1) / (total_1 + _EPSILON)
    area = tf.where(tf.less(total_0, total_1), area_1, area_0)
    variance_0 = tf.reduce_sum(weights_0 * tf.square(1.0 - placed_0 - area_0)) / (total_0 - 1.0 + _EPSILON)
    variance_1 = tf.reduce_sum(weights_1 * tf.squared_difference(placed_1, area_1)) / (total_1 - 1.0 + _EPSILON)
    error = tf.sqrt(variance_0 / (total_0 + _EPSILON) + variance_1 / (total_1 + _EPSILON))
    bounds = _bounds(area, error, tf.cast(tf.constant(_quantile((1.0 - alpha) / 2.0)), area.dtype), logit_transformation)
    extreme = tf.logical_or(tf.equal(area, tf.ones_like(area)), tf.equal(area, tf.zeros_like(area)))
    lower, upper = (tf.where(extreme, area, bound) for bound in bounds)
    zero = tf.constant(0.0)
    return AucData(*tf.cond(is_valid, lambda: [area, lower, upper], lambda: [zero] * 3))


def _quantile(probability):
    """The quantile of the standard normal distribution."""
    return statistics.NormalDist().inv_cdf(probability)


def _bounds(area, error, quantile, logit_transformation):
    if not logit_transformation:
        return area + quantile * error, area - quantile * error
    estimate = tf.log(area / (1.0 - area + _EPSILON))
    error = error / (area * (1.0 - area + _EPSILON))
    return [1.0 / (1.0 + tf.exp(-x) + _EPSILON) for x in (estimate + quantile * error, estimate - quantile * error)]


@export("contrib.metrics.auc_with_confidence_intervals")
def auc_with_confidence_intervals(labels, predictions, weights=None, alpha=0.95, logit_transformation=True, metrics_collections=(),
                                  updates_collections=(), name=None):  # fmt: skip
    """The area under the ROC curve with a confidence interval, all predictions being kept.

    Args:
      labels: a tensor of 0s and 1s.
      predictions: a tensor of the same shape.
      weights: None, or a tensor of that shape.
      alpha: the level of confidence.
      logit_transformation: whether the interval is that of the logit of the area.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      An `AucData`, float32 scalars (0 as long as a class is missing), and the operation that updates it.

    Raises:
      ValueError: `alpha` lies outside of (0, 1).
    """
    if not 0 < alpha < 1:
        raise ValueError("alpha must be between 0 and 1; currently %.02f" % alpha)
    if weights is None:
        weights = tf.ones_like(predictions)
    with tf.variable_scope(name, default_name="auc_with_confidence_intervals", values=[labels, predictions, weights]):
        predictions, labels, weights = with_ranks_that_fit(predictions, labels, weights)
        total = tf.reduce_sum(weights)
        weights = tf.reshape(weights, [-1])
        predictions = tf.reshape(tf.cast(predictions, dtypes.float64), [-1])
        labels = tf.reshape(tf.cast(labels, dtypes.int64), [-1])
        with control_dependencies(_are_0_or_1(labels)):
            all_predictions, update_predictions = streaming_concat(predictions, name="concat_preds")
            all_labels, update_labels = streaming_concat(labels, name="concat_labels")
            all_weights, update_weights = streaming_concat(weights, name="concat_weights")
            updated = tf.group(update_labels, update_predictions, update_weights)
            both = tf.logical_and(tf.equal(tf.reduce_min(labels), 0), tf.equal(tf.reduce_max(labels), 1))
            enough = tf.greater_equal(total, 1.0)
            is_valid = tf.logical_and(both, enough)
            update = tf.cond(enough, lambda: updated, tf.no_op)
            area = _placement_area(all_labels, all_predictions, all_weights, alpha, logit_transformation, is_valid)
            return collected(area, metrics_collections), collected(update, updates_collections)


def _checked(boolean_labels, scores, check_shape):
    with name_scope("_check_labels_and_scores", values=[boolean_labels, scores]):
        boolean_labels, scores = convert(boolean_labels, name="boolean_labels"), convert(scores, name="scores")
        if boolean_labels.dtype != dtypes.bool_:
            raise ValueError("Argument boolean_labels should have dtype bool.  Found: %s", boolean_labels.dtype)
        if not check_shape:
            return boolean_labels, scores
        checks = [
            tf.Assert(tf.equal(1, tf.rank(x)), ["Argument %s should have rank 1.  Found: " % n, x.name, tf.shape(x)])
            for n, x in (("boolean_labels", boolean_labels), ("scores", scores))
        ]
        with control_dependencies(checks):
            return boolean_labels, scores


@export("contrib.metrics.auc_using_histogram")
def auc_using_histogram(boolean_labels, scores, score_range, nbins=100, collections=None, check_shape=True, name=None):
    """The area under the ROC curve, from histograms of the scores of the true and of the false.

    Args:
      boolean_labels: a bool vector.
      scores: a vector of numbers of the same length.
      score_range: a pair of the smallest and the largest score.
      nbins: the number of bins.
      collections: the collections of the histograms; by default local variables.
      check_shape: whether the ranks are asserted.
      name: the variable scope.

    Returns:
      A float32 scalar and the operation that updates it.

    Raises:
      ValueError: the labels are no bools.
    """
    collections = [GraphKeys.LOCAL_VARIABLES] if collections is None else collections
    with tf.variable_scope(name, "auc_using_histogram", [boolean_labels, scores, score_range]):
        scores, boolean_labels = remove_squeezable_dimensions(scores, boolean_labels)
        score_range = convert(score_range, name="score_range")
        boolean_labels, scores = _checked(boolean_labels, scores, check_shape)
        with tf.variable_scope(None, "make_auc_histograms", [boolean_labels, scores, nbins]):
            masks = {"hist_true": boolean_labels, "hist_false": tf.logical_not(boolean_labels)}
            histograms = {
                n: tf.histogram_fixed_width(tf.boolean_mask(scores, m), score_range, nbins=nbins, dtype=dtypes.int64, name=n)
                for n, m in masks.items()
            }
        with tf.variable_scope(None, "hist_accumulate", list(histograms.values())):
            totals = {
                n: tf.get_variable(n + "_acc", shape=[nbins], dtype=h.dtype, initializer=tf.zeros_initializer(),
                                   collections=collections, trainable=False)
                for n, h in histograms.items()
            }  # fmt: skip
            update = tf.group(*[totals[n].assign_add(h) for n, h in histograms.items()], name="update_op")
        return _histogram_area(totals["hist_true"], totals["hist_false"], nbins), update


def _histogram_area(true, false, nbins):
    true, false = (tf.truediv(h, tf.reduce_sum(h)) for h in (true, false))
    dy = tf.cast(tf.reverse(true, [0], name="delta_y_t"), dtypes.float32)
    dx = tf.cast(tf.reverse(false, [0], name="delta_x_t"), dtypes.float32)
    y = tf.cumsum(dy)
    return tf.add(dx[0] * y[0] / 2.0, tf.reduce_sum(dx[1:] * (y[1:] + y[: nbins - 1]) / 2.0), name="auc")
