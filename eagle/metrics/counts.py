"""Metrics that count: true and false positives and negatives, and what is computed from two counts, precision and recall."""

from ..core import dtypes
from ..core.export import export, public as tf
from ..core.scopes import control_dependencies
from .base import collected, collected_value, counts_at_thresholds, metric, metric_variable, with_ranks_that_fit


def _count(condition, weights=None, metrics_collections=None, updates_collections=None):
    """How often a condition held, as a variable's value and the operation that adds to it."""
    tf.assert_type(condition, dtypes.bool_)
    count = metric_variable([], dtypes.float32, name="count")
    values = tf.cast(condition, dtypes.float32)
    if weights is not None:
        with control_dependencies((tf.assert_rank_in(weights, (0, tf.rank(values))),)):
            weights = tf.cast(weights, dtypes.float32)
            values = tf.multiply(values, weights)
    value = collected_value(lambda: tf.identity(count), metrics_collections)
    return value, collected(tf.assign_add(count, tf.reduce_sum(values)), updates_collections)


def _bools(labels, predictions, weights):
    predictions, labels = tf.cast(predictions, dtypes.bool_), tf.cast(labels, dtypes.bool_)
    return with_ranks_that_fit(predictions, labels, weights)


def _counted(name, of_true, of_positive, described):
    """Makes `tf.metrics.<name>` and `tf.metrics.<name>_at_thresholds`."""

    def count(labels, predictions, weights=None, metrics_collections=None, updates_collections=None, name=None):
        with tf.variable_scope(name, public_name, (predictions, labels, weights)):
            predictions, labels, weights = _bools(labels, predictions, weights)
            found = tf.logical_and(tf.equal(labels, of_true), tf.equal(predictions, of_positive))
            return _count(found, weights, metrics_collections, updates_collections)

    def at_thresholds(labels, predictions, thresholds, weights=None, metrics_collections=None, updates_collections=None,
                      name=None):  # fmt: skip
        with tf.variable_scope(name, public_name, (predictions, labels, weights)):
            variables, updates = counts_at_thresholds(labels, predictions, thresholds, weights=weights, includes=(key,))
            value = collected_value(lambda: tf.identity(variables[key]), metrics_collections)
            return value, collected(updates[key], updates_collections)

    public_name, key = name, name[0] + name[name.index("_") + 1]
    arguments = """
    Args:
      labels: a tensor that is cast to bool.
      predictions: a tensor of the same shape, %s.%s
      weights: None, or a tensor that can be spread over the labels.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 %s and the operation that updates it.

    Raises:
      ValueError: shapes don't fit.
      RuntimeError: eagerly.
    """
    thresholds = "\n      thresholds: a list of floats."
    count.__doc__ = "How many %s.\n" % described + arguments % ("cast to bool", "", "scalar")
    at_thresholds.__doc__ = "How many %s, for each of several thresholds.\n" % described
    at_thresholds.__doc__ += arguments % ("floats between 0 and 1", thresholds, "vector")
    count.__name__ = count.__qualname__ = name
    at_thresholds.__name__ = at_thresholds.__qualname__ = name + "_at_thresholds"
    count = export("metrics." + name)(metric(name)(count))
    name += "_at_thresholds"
    return count, export("metrics." + name)(metric(name)(at_thresholds))


false_negatives, false_negatives_at_thresholds = _counted("false_negatives", True, False, "true labels were predicted as false")
false_positives, false_positives_at_thresholds = _counted("false_positives", False, True, "false labels were predicted as true")
true_negatives, true_negatives_at_thresholds = _counted("true_negatives", False, False, "false labels were predicted as false")
true_positives, true_positives_at_thresholds = _counted("true_positives", True, True, "true labels were predicted as true")


def _share(true, other, name):
    """`true / (true + other)`, 0 if both are 0."""
    return tf.where(tf.greater(true + other, 0), tf.div(true, true + other), 0, name)


@export("metrics.precision")
@metric("precision")
def precision(labels, predictions, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """How many of those that were predicted as true are true.

    Args:
      labels, predictions: tensors of one shape that are cast to bool.
      weights: None, or a tensor that can be spread over the labels.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar and the operation that updates it.

    Raises:
      ValueError: shapes don't fit.
      RuntimeError: eagerly.
    """
    return _share_metric("precision", false_positives, labels, predictions, weights, metrics_collections, updates_collections, name)


@export("metrics.recall")
@metric("recall", known_as="recall is not supported")
def recall(labels, predictions, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """How many of those that are true were predicted as true.

    Args:
      labels, predictions: tensors of one shape that are cast to bool.
      weights: None, or a tensor that can be spread over the labels.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar and the operation that updates it.

    Raises:
      ValueError: shapes don't fit.
      RuntimeError: eagerly.
    """
    return _share_metric("recall", false_negatives, labels, predictions, weights, metrics_collections, updates_collections, name)


def _share_metric(kind, count_others, labels, predictions, weights, metrics_collections, updates_collections, name):
    """True positives divided by their and other counts' sum."""
    with tf.variable_scope(name, kind, (predictions, labels, weights)):
        predictions, labels, weights = _bools(labels, predictions, weights)
        true, true_update = true_positives(labels, predictions, weights)
        others, others_update = count_others(labels, predictions, weights)
        value = collected_value(lambda: _share(true, others, "value"), metrics_collections)
        return value, collected(_share(true_update, others_update, "update_op"), updates_collections)


@export("metrics.precision_at_thresholds")
@metric("precision_at_thresholds")
def precision_at_thresholds(labels, predictions, thresholds, weights=None, metrics_collections=None, updates_collections=None,
                            name=None):  # fmt: skip
    """How many of those that were predicted as true are true, for each of several thresholds.

    Args:
      labels: a tensor that is cast to bool.
      predictions: a tensor of the same shape, floats between 0 and 1.
      thresholds: a list of floats.
      weights: None, or a tensor that can be spread over the labels.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 vector and the operation that updates it.

    Raises:
      ValueError: shapes don't fit.
      RuntimeError: eagerly.
    """
    return _share_at_thresholds("precision", "fp", labels, predictions, thresholds, weights, metrics_collections,
                                updates_collections, name)  # fmt: skip


@export("metrics.recall_at_thresholds")
@metric("recall_at_thresholds")
def recall_at_thresholds(labels, predictions, thresholds, weights=None, metrics_collections=None, updates_collections=None,
                         name=None):  # fmt: skip
    """How many of those that are true were predicted as true, for each of several thresholds.

    Args:
      labels: a tensor that is cast to bool.
      predictions: a tensor of the same shape, floats between 0 and 1.
      thresholds: a list of floats.
      weights: None, or a tensor that can be spread over the labels.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 vector and the operation that updates it.

    Raises:
      ValueError: shapes don't fit.
      RuntimeError: eagerly.
    """
    return _share_at_thresholds("recall", "fn", labels, predictions, thresholds, weights, metrics_collections,
                                updates_collections, name)  # fmt: skip


_EPSILON = 1e-7  # keeps divisions at thresholds from dividing by 0


def _share_at_thresholds(kind, others, labels, predictions, thresholds, weights, metrics_collections, updates_collections, name):
    with tf.variable_scope(name, kind + "_at_thresholds", (predictions, labels, weights)):
        variables, updates = counts_at_thresholds(labels, predictions, thresholds, weights, includes=("tp", others))

        def share(counts, name):
            return tf.div(counts["tp"], _EPSILON + counts["tp"] + counts[others], name="%s_%s" % (kind, name))

        value = collected_value(lambda: share(variables, "value"), metrics_collections)
        return value, collected(share(updates, "update_op"), updates_collections)
