"""Metrics that are means: `tf.metrics.mean`, `accuracy`, `mean_squared_error`, `mean_iou`, ...

A metric gives a tensor with its value and a tensor that takes the values of a batch in and gives the new value.
"""

from ..core import dtypes
from ..core.export import export, public as tf
from ..core.scopes import control_dependencies
from ..ops.confusion import confusion_matrix, remove_squeezable_dimensions
from ..ops.weights import broadcast_weights
from .base import collected, collected_value, metric, metric_variable, ratio, with_ranks_that_fit


def _gathered(total, count, values, counts, metrics_collections, updates_collections):
    """The mean of values: its value and its update, `values` and `counts` added to the variables."""
    total_update = tf.assign_add(total, values())
    with control_dependencies([counts[0]]):
        count_update = tf.assign_add(count, counts[1])
    value = collected_value(lambda: ratio(total, count, "value"), metrics_collections)
    update = collected(ratio(total_update, count_update, "update_op"), updates_collections)
    return value, update


@export("metrics.mean")
@metric("mean")
def mean(values, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """The mean of values.

    Args:
      values: a tensor.
      weights: None, or a tensor that can be spread over the values.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar, the mean of all values so far, and the operation that takes in new ones and gives the mean.

    Raises:
      ValueError: the weights don't fit.
      RuntimeError: eagerly.
    """
    with tf.variable_scope(name, "mean", (values, weights)):
        values = tf.cast(values, dtypes.float32)
        total = metric_variable([], dtypes.float32, name="total")
        count = metric_variable([], dtypes.float32, name="count")
        if weights is None:
            number = tf.cast(tf.size(values), dtypes.float32)
        else:
            values, _, weights = with_ranks_that_fit(values, None, weights)
            weights = broadcast_weights(tf.cast(weights, dtypes.float32), values)
            values = tf.multiply(values, weights)
            number = tf.reduce_sum(weights)
        counts = (values, number)
        return _gathered(total, count, lambda: tf.reduce_sum(values), counts, metrics_collections, updates_collections)


@export("metrics.mean_tensor")
@metric("mean_tensor")
def mean_tensor(values, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """The mean of tensors, element by element.

    Args:
      values: a tensor of known shape.
      weights: None, or a tensor that can be spread over the values.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 tensor of the shape of `values` and the operation that updates it.

    Raises:
      ValueError: the weights don't fit.
      RuntimeError: eagerly.
    """
    with tf.variable_scope(name, "mean", (values, weights)):
        values = tf.cast(values, dtypes.float32)
        total = metric_variable(values.shape, dtypes.float32, name="total_tensor")
        count = metric_variable(values.shape, dtypes.float32, name="count_tensor")
        number = tf.ones_like(values)
        if weights is not None:
            values, _, weights = with_ranks_that_fit(values, None, weights)
            weights = broadcast_weights(tf.cast(weights, dtypes.float32), values)
            values = tf.multiply(values, weights)
            number = tf.multiply(number, weights)
        return _gathered(total, count, lambda: values, (values, number), metrics_collections, updates_collections)


@export("metrics.accuracy")
@metric("accuracy")
def accuracy(labels, predictions, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """How often predictions are the labels.

    Args:
      labels, predictions: tensors of one shape.
      weights: None, or a tensor that can be spread over the labels.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar and the operation that updates it.

    Raises:
      ValueError: shapes don't fit.
      RuntimeError: eagerly.
    """
    predictions, labels, weights = with_ranks_that_fit(predictions, labels, weights)
    predictions.shape.assert_is_compatible_with(labels.shape)
    if labels.dtype != predictions.dtype:
        predictions = tf.cast(predictions, labels.dtype)
    correct = tf.cast(tf.equal(predictions, labels), dtypes.float32)
    return mean(correct, weights, metrics_collections, updates_collections, name or "accuracy")


@export("metrics.mean_absolute_error")
@metric("mean_absolute_error")
def mean_absolute_error(labels, predictions, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """The mean of `|predictions - labels|`.

    Args:
      labels, predictions: tensors of one shape.
      weights: None, or a tensor that can be spread over the labels.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar and the operation that updates it.

    Raises:
      ValueError: shapes don't fit.
      RuntimeError: eagerly.
    """
    predictions, labels, weights = with_ranks_that_fit(predictions, labels, weights)
    errors = tf.abs(predictions - labels)
    return mean(errors, weights, metrics_collections, updates_collections, name or "mean_absolute_error")


@export("metrics.mean_cosine_distance")
@metric("mean_cosine_distance")
def mean_cosine_distance(labels, predictions, dim, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """The mean of the cosine distances of vectors of length 1.

    Args:
      labels, predictions: tensors of one shape.
      dim: the dimension of the vectors.
      weights: None, or a tensor that can be spread over the labels, of size 1 in that dimension.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar and the operation that updates it.

    Raises:
      ValueError: shapes don't fit.
      RuntimeError: eagerly.
    """
    predictions, labels, weights = with_ranks_that_fit(predictions, labels, weights)
    cosines = tf.reduce_sum(tf.multiply(predictions, labels), axis=[dim], keepdims=True)
    similarity, update = mean(cosines, weights, None, None, name or "mean_cosine_distance")
    value = collected_value(lambda: tf.subtract(1.0, similarity), metrics_collections)
    return value, collected(tf.subtract(1.0, update), updates_collections)


def _flat(tensor):
    return tf.reshape(tensor, [-1]) if tensor.shape.ndims > 1 else tensor


@export("metrics.mean_per_class_accuracy")
@metric("mean_per_class_accuracy")
def mean_per_class_accuracy(labels, predictions, num_classes, weights=None, metrics_collections=None, updates_collections=None,
                            name=None):  # fmt: skip
    """The mean over the classes of how often their examples are recognized.

    Args:
      labels, predictions: int tensors of one shape, the numbers of classes.
      num_classes: the number of classes.
      weights: None, or a tensor of that shape.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar, and the operation that updates it and gives the accuracy of each class.

    Raises:
      ValueError: shapes don't fit.
      RuntimeError: eagerly.
    """
    with tf.variable_scope(name, "mean_accuracy", (predictions, labels, weights)):
        labels = _flat(tf.cast(labels, dtypes.int64))
        predictions = _flat(predictions)
        predictions.shape.assert_is_compatible_with(labels.shape)
        total = metric_variable([num_classes], dtypes.float32, name="total")
        count = metric_variable([num_classes], dtypes.float32, name="count")
        ones = tf.ones([tf.size(labels)], dtypes.float32)
        if labels.dtype != predictions.dtype:
            predictions = tf.cast(predictions, labels.dtype)
        correct = tf.cast(tf.equal(predictions, labels), dtypes.float32)
        if weights is not None:
            weights = tf.cast(_flat(weights), dtypes.float32)
            correct *= weights
            ones *= weights
        total_update = tf.scatter_add(total, labels, ones)
        count_update = tf.scatter_add(count, labels, correct)
        value = collected_value(lambda: tf.reduce_mean(ratio(count, total), name="mean_accuracy"), metrics_collections)
        update = collected(ratio(count_update, total_update, "update_op"), updates_collections)
        return value, update


@export("python.ops.metrics_impl._streaming_confusion_matrix")
def streaming_confusion_matrix(labels, predictions, num_classes, weights=None):
    """A variable with the confusion matrix of all batches so far, and the operation that adds a batch."""
    total = metric_variable([num_classes, num_classes], dtypes.float64, name="total_confusion_matrix")
    predictions, labels = tf.cast(predictions, dtypes.int64), tf.cast(labels, dtypes.int64)
    num_classes = tf.cast(num_classes, dtypes.int64)
    predictions, labels = _flat(predictions), _flat(labels)
    if weights is not None:
        weights = _flat(weights)
    current = confusion_matrix(labels, predictions, num_classes, weights=weights, dtype=dtypes.float64)
    return total, tf.assign_add(total, current)


@export("metrics.mean_iou")
@metric("mean_iou")
def mean_iou(labels, predictions, num_classes, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """The mean over the classes of intersection over union, of the places where a class is and where it was predicted.

    Args:
      labels, predictions: int tensors of one shape, the numbers of classes.
      num_classes: the number of classes.
      weights: None, or a tensor of that shape.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar, and the operation that updates the confusion matrix and gives it.

    Raises:
      ValueError: shapes don't fit.
      RuntimeError: eagerly.
    """
    with tf.variable_scope(name, "mean_iou", (predictions, labels, weights)):
        predictions.shape.assert_is_compatible_with(labels.shape)
        matrix, update = streaming_confusion_matrix(labels, predictions, num_classes, weights)
        return collected_value(lambda: _iou(matrix), metrics_collections), collected(update, updates_collections)


def _iou(matrix):
    predicted = tf.cast(tf.reduce_sum(matrix, 0), dtypes.float32)
    labeled = tf.cast(tf.reduce_sum(matrix, 1), dtypes.float32)
    both = tf.cast(tf.diag_part(matrix), dtypes.float32)
    union = predicted + labeled - both
    classes = tf.reduce_sum(tf.cast(tf.not_equal(union, 0), dtypes.float32))
    union = tf.where(tf.greater(union, 0), union, tf.ones_like(union))
    each = tf.div(both, union)
    return tf.where(tf.greater(classes, 0), tf.reduce_sum(each, name="mean_iou") / classes, 0)


@export("metrics.mean_relative_error")
@metric("mean_relative_error")
def mean_relative_error(labels, predictions, normalizer, weights=None, metrics_collections=None, updates_collections=None,
                        name=None):  # fmt: skip
    """The mean of `|labels - predictions| / normalizer`; 0 is taken where the normalizer is 0.

    Args:
      labels, predictions, normalizer: tensors of one shape.
      weights: None, or a tensor that can be spread over the labels.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar and the operation that updates it.

    Raises:
      ValueError: shapes don't fit.
      RuntimeError: eagerly.
    """
    predictions, labels, weights = with_ranks_that_fit(predictions, labels, weights)
    predictions, normalizer = remove_squeezable_dimensions(predictions, normalizer)
    predictions.shape.assert_is_compatible_with(normalizer.shape)
    is_zero, zeros = tf.equal(normalizer, 0.0), tf.zeros_like(labels)
    errors = tf.where(is_zero, zeros, tf.div(tf.abs(labels - predictions), normalizer))
    return mean(errors, weights, metrics_collections, updates_collections, name or "mean_relative_error")


@export("metrics.mean_squared_error")
@metric("mean_squared_error")
def mean_squared_error(labels, predictions, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """The mean of `(labels - predictions)**2`.

    Args:
      labels, predictions: tensors of one shape.
      weights: None, or a tensor that can be spread over the labels.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar and the operation that updates it.

    Raises:
      ValueError: shapes don't fit.
      RuntimeError: eagerly.
    """
    predictions, labels, weights = with_ranks_that_fit(predictions, labels, weights)
    errors = tf.squared_difference(labels, predictions)
    return mean(errors, weights, metrics_collections, updates_collections, name or "mean_squared_error")


@export("metrics.root_mean_squared_error")
@metric("root_mean_squared_error")
def root_mean_squared_error(labels, predictions, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """The root of the mean of `(labels - predictions)**2`.

    Args:
      labels, predictions: tensors of one shape.
      weights: None, or a tensor that can be spread over the labels.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar and the operation that updates it.

    Raises:
      ValueError: shapes don't fit.
      RuntimeError: eagerly.
    """
    predictions, labels, weights = with_ranks_that_fit(predictions, labels, weights)
    mean_square, update = mean_squared_error(labels, predictions, weights, None, None, name or "root_mean_squared_error")
    value = collected_value(lambda: tf.sqrt(mean_square), metrics_collections)
    return value, collected(tf.sqrt(update), updates_collections)


@export("metrics.percentage_below")
@metric("percentage_below")
def percentage_below(values, threshold, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """How many of the values are below a threshold.

    Args:
      values: a tensor of numbers.
      threshold: a scalar.
      weights: None, or a tensor that can be spread over the values.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar between 0 and 1, and the operation that updates it.

    Raises:
      ValueError: the weights don't fit.
      RuntimeError: eagerly.
    """
    below = tf.cast(tf.less(values, threshold), dtypes.float32)
    return mean(below, weights, metrics_collections, updates_collections, name or "percentage_below_threshold")
