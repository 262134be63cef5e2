"""Metrics of the k best predictions: `tf.metrics.recall_at_k`, `precision_at_k`, `average_precision_at_k`, ...

Labels are a tensor or sparse tensor of class numbers, of shape `[d1, ... dN, num_labels]` or, where there is one label each,
`[d1, ... dN]`; predictions are a tensor of shape `[d1, ... dN, num_classes]`.
"""

from ..core import dtypes
from ..core.export import export, public as tf
from ..core.scopes import control_dependencies, name_scope
from ..core.sparse_tensor import SparseTensor, convert_to_tensor_or_sparse_tensor, is_sparse
from ..ops.kept_shape import kept_shape
from ..ops.sets import set_difference, set_intersection, set_size
from ..ops.weights import assert_broadcastable, broadcast_weights
from ..ops.where import where_v2
from .base import collected, collected_value, metric, metric_variable


def _name(name, k=None, class_id=None):
    name = "%s_at_k" % name if k is None else "%s_at_%d" % (name, k)
    return name if class_id is None else "%s_class%d" % (name, class_id)


def _with_rank_of(labels, predictions):
    """Labels, with a dimension of 1 behind the others if there was one label each."""
    with name_scope(None, "expand_labels", (labels, predictions)) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            return tf.cond(tf.equal(tf.rank(predictions), tf.size(labels.dense_shape) + 1),
                           lambda: tf.sparse_reshape(labels, tf.concat((labels.dense_shape, (1,)), 0), name=scope),
                           lambda: labels)  # fmt: skip
        if labels.shape.ndims is not None and predictions.shape.ndims is not None:
            missing = predictions.shape.ndims - labels.shape.ndims
            if missing not in (0, 1):
                raise ValueError("Unexpected labels shape %s for predictions shape %s." % (labels.shape, predictions.shape))
            return tf.expand_dims(labels, -1, name=scope) if missing else labels
        is_missing = tf.equal(tf.rank(predictions), tf.rank(labels) + 1)
        return tf.cond(is_missing, lambda: tf.expand_dims(labels, -1, name=scope), lambda: labels)


def _only(ids, class_id):
    """Those of the ids that are a class; a sparse tensor."""
    ids = convert_to_tensor_or_sparse_tensor(ids)
    if isinstance(ids, SparseTensor):
        return tf.sparse_retain(ids, tf.equal(ids.values, class_id))
    shape = tf.shape(ids, out_type=dtypes.int64)
    last = tf.size(shape) - 1
    filled = tf.fill(kept_shape(shape, tf.reshape(last, [1])), tf.cast(class_id, dtypes.int64))
    found = set_intersection(filled, ids)
    return SparseTensor(found.indices, found.values, shape)


def _set_count(labels, predictions, class_id, weights, name, scope_name, combine):
    """The sizes of the sets that `combine(predictions, labels)` gives, weighted, as float64."""
    with name_scope(name, scope_name, (predictions, labels, weights)):
        if class_id is not None:
            labels, predictions = _only(labels, class_id), _only(predictions, class_id)
        count = tf.cast(set_size(combine(predictions, labels)), dtypes.float64)
        if weights is not None:
            with control_dependencies((assert_broadcastable(weights, count),)):
                weights = tf.cast(weights, dtypes.float64)
                count = tf.multiply(count, weights)
        return count


def _true_positives(labels, predictions, class_id=None, weights=None, name=None):
    return _set_count(labels, predictions, class_id, weights, name, "true_positives", set_intersection)


def _false_positives(labels, predictions, class_id=None, weights=None, name=None):
    return _set_count(labels, predictions, class_id, weights, name, "false_positives", set_difference)


def _false_negatives(labels, predictions, class_id=None, weights=None, name=None):
    def missed(p, labels):
        return set_difference(p, labels, aminusb=False)

    return _set_count(labels, predictions, class_id, weights, name, "false_negatives", missed)


def _gathered(kind, count, labels, predictions, k, class_id, weights):
    """A variable with a count over all batches, and the operation that adds a batch."""
    with name_scope(None, _name(kind, k, class_id), (predictions, labels, weights)) as scope:
        of_batch = tf.cast(tf.reduce_sum(count(labels, predictions, class_id, weights)), dtypes.float64)
        variable = metric_variable([], dtypes.float64, name=scope)
        return variable, tf.assign_add(variable, of_batch, name="update")


def _share_at_top_k(kind, other, count_others, labels, predictions_idx, k, class_id, weights, metrics_collections,
                    updates_collections, name):  # fmt: skip
    with name_scope(name, _name(kind, k, class_id), (predictions_idx, labels, weights)) as scope:
        labels = _with_rank_of(labels, predictions_idx)
        top = tf.cast(predictions_idx, dtypes.int64)
        true, true_update = _gathered("true_positive", _true_positives, labels, top, k, class_id, weights)
        others, others_update = _gathered(other, count_others, labels, top, k, class_id, weights)
        value = collected_value(lambda: tf.div(true, tf.add(true, others), name=scope), metrics_collections)
        update = tf.div(true_update, tf.add(true_update, others_update), name="update")
        return value, collected(update, updates_collections)


@export("metrics.recall_at_k")
@metric("recall_at_k")
def recall_at_k(labels, predictions, k, class_id=None, weights=None, metrics_collections=None, updates_collections=None,
                name=None):  # fmt: skip
    """How many of the labels are among the k best predictions.

    Args:
      labels: an int64 tensor or sparse tensor of shape `[d1, ... dN, num_labels]` or `[d1, ... dN]`.
      predictions: a tensor of floats of shape `[d1, ... dN, num_classes]`.
      k: an int.
      class_id: an int, the one class that counts; by default all do.
      weights: None, or a tensor that can be spread over `[d1, ... dN]`.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the name scope.

    Returns:
      A float64 scalar and the operation that updates it.

    Raises:
      ValueError: shapes don't fit.
      RuntimeError: eagerly.
    """
    with name_scope(name, _name("recall", k, class_id), (predictions, labels, weights)) as scope:
        _, top = tf.nn.top_k(predictions, k)
        return recall_at_top_k(labels, top, k, class_id, weights, metrics_collections, updates_collections, scope)


@export("metrics.recall_at_top_k")
@metric("recall_at_top_k")
def recall_at_top_k(labels, predictions_idx, k=None, class_id=None, weights=None, metrics_collections=None,
                    updates_collections=None, name=None):  # fmt: skip
    """How many of the labels are among the best predictions, whose class numbers are given.

    Args:
      labels: an int64 tensor or sparse tensor of shape `[d1, ... dN, num_labels]` or `[d1, ... dN]`.
      predictions_idx: an int tensor of shape `[d1, ... dN, k]`.
      k: an int, used in the default name only.
      class_id: an int, the one class that counts; by default all do.
      weights: None, or a tensor that can be spread over `[d1, ... dN]`.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the name scope.

    Returns:
      A float64 scalar and the operation that updates it.

    Raises:
      ValueError: shapes don't fit.
      RuntimeError: eagerly.
    """
    return _share_at_top_k("recall", "false_negative", _false_negatives, labels, predictions_idx, k, class_id, weights,
                           metrics_collections, updates_collections, name)  # fmt: skip


@export("metrics.precision_at_k")
@metric("precision_at_k", known_as="sparse_precision_at_k")
def precision_at_k(labels, predictions, k, class_id=None, weights=None, metrics_collections=None, updates_collections=None,
                   name=None):  # fmt: skip
    """How many of the k best predictions are among the labels.

    Args:
      labels: an int64 tensor or sparse tensor of shape `[d1, ... dN, num_labels]` or `[d1, ... dN]`.
      predictions: a tensor of floats of shape `[d1, ... dN, num_classes]`.
      k: an int.
      class_id: an int, the one class that counts; by default all do.
      weights: None, or a tensor that can be spread over `[d1, ... dN]`.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the name scope.

    Returns:
      A float64 scalar and the operation that updates it.

    Raises:
      ValueError: shapes don't fit.
      RuntimeError: eagerly.
    """
    with name_scope(name, _name("precision", k, class_id), (predictions, labels, weights)) as scope:
        _, top = tf.nn.top_k(predictions, k)
        return precision_at_top_k(labels, top, k, class_id, weights, metrics_collections, updates_collections, scope)


@export("metrics.sparse_precision_at_k")
@metric("sparse_precision_at_k")
def sparse_precision_at_k(labels, predictions, k, class_id=None, weights=None, metrics_collections=None, updates_collections=None,
                          name=None):  # fmt: skip
    """The old name of `precision_at_k`."""
    return precision_at_k(labels, predictions, k, class_id, weights, metrics_collections, updates_collections, name)


@export("metrics.precision_at_top_k")
@metric("precision_at_top_k")
def precision_at_top_k(labels, predictions_idx, k=None, class_id=None, weights=None, metrics_collections=None,
                       updates_collections=None, name=None):  # fmt: skip
    """How many of the best predictions, whose class numbers are given, are among the labels.

    Args:
      labels: an int64 tensor or sparse tensor of shape `[d1, ... dN, num_labels]` or `[d1, ... dN]`.
      predictions_idx: an int tensor of shape `[d1, ... dN, k]`.
      k: an int, used in the default name only.
      class_id: an int, the one class that counts; by default all do.
      weights: None, or a tensor that can be spread over `[d1, ... dN]`.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the name scope.

    Returns:
      A float64 scalar and the operation that updates it.

    Raises:
      ValueError: shapes don't fit.
      RuntimeError: eagerly.
    """
    return _share_at_top_k("precision", "false_positive", _false_positives, labels, predictions_idx, k, class_id, weights,
                           metrics_collections, updates_collections, name)  # fmt: skip


# ------------------------------------------------------------------------------------------------------ average precision


def _tiled_sparse(tensor, multiple, dim, scope):
    where = tf.reshape(tf.size(tensor.dense_shape) + dim, [1]) if dim < 0 else [dim]
    before = tf.slice(tensor.dense_shape, [0], where)
    shape = tf.concat((before, [1], tf.slice(tensor.dense_shape, where, [-1])), 0, name="expanded_shape")
    expanded = tf.sparse_reshape(tensor, shape, name="expand")
    if multiple == 1:
        return expanded
    return tf.sparse_concat(dim - 1 if dim < 0 else dim, [expanded] * multiple, name=scope)


def expand_and_tile(tensor, multiple, dim=0, name=None):
    """A tensor or sparse tensor with a new dimension, along which it is repeated.

    Args:
      tensor: a tensor or sparse tensor.
      multiple: an int, the size of the new dimension.
      dim: the number of the dimension before which it is put.
      name: the name scope of the nodes.

    Raises:
      ValueError: `multiple` is below 1.
    """
    if multiple < 1:
        raise ValueError("Invalid multiple %s, must be > 0." % multiple)
    with name_scope(name, "expand_and_tile", (tensor, multiple, dim)) as scope:
        tensor = convert_to_tensor_or_sparse_tensor(tensor)
        if isinstance(tensor, SparseTensor):
            return _tiled_sparse(tensor, multiple, dim, scope)
        expanded = tf.expand_dims(tensor, dim if dim >= 0 else dim - 1, name="expand")
        if multiple == 1:
            return expanded
        ones = tf.ones_like(tf.shape(tensor))
        multiples = tf.concat((ones[:dim], (multiple,), ones[dim:]), 0, name="multiples")
        return tf.tile(expanded, multiples, name=scope)


def num_relevant(labels, k):
    """How many labels each example has, at most `k`; labels below 0 of a dense tensor don't count.

    Raises:
      ValueError: `k` is below 1.
    """
    if k < 1:
        raise ValueError("Invalid k=%s." % k)
    with name_scope(None, "num_relevant", (labels,)) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            return tf.minimum(set_size(labels), k, name=scope)
        counted = where_v2(tf.greater_equal(labels, 0), tf.ones_like(labels), tf.zeros_like(labels))
        return tf.minimum(tf.reduce_sum(counted, axis=-1), k, name=scope)


def sparse_average_precision_at_top_k(labels, predictions_idx):
    """The average precision of each example: the mean, over its labels among the predictions, of the precision up to each.

    Args:
      labels: an int64 tensor or sparse tensor of shape `[d1, ... dN, num_labels]` or `[d1, ... dN]`.
      predictions_idx: an int tensor of shape `[d1, ... dN, k]`, whose last dimension is known.

    Returns:
      A float64 tensor of shape `[d1, ... dN]`.

    Raises:
      ValueError: the last dimension of `predictions_idx` is unknown or missing.
    """
    with name_scope(None, "average_precision", (predictions_idx, labels)) as scope:
        predictions_idx = tf.cast(predictions_idx, dtypes.int64, name="predictions_idx")
        if predictions_idx.shape.ndims == 0:
            raise ValueError("The rank of predictions_idx must be at least 1.")
        k = predictions_idx.shape.as_list()[-1]
        if k is None:
            raise ValueError("The last dimension of predictions_idx must be set.")
        labels = _with_rank_of(labels, predictions_idx)
        predictions_per_k = tf.expand_dims(predictions_idx, -1, name="predictions_idx_per_k")
        labels_per_k = expand_and_tile(labels, multiple=k, dim=-1, name="labels_per_k")
        relevant = _true_positives(labels_per_k, predictions_per_k, name="relevant_per_k")
        true = tf.cumsum(relevant, axis=-1, name="tp_per_k")
        retrieved = tf.cumsum(tf.ones_like(relevant), axis=-1, name="retrieved_per_k")
        true, retrieved = tf.cast(true, dtypes.float64), tf.cast(retrieved, dtypes.float64)
        precision = tf.div(true, retrieved, name="precision_per_k")
        precision = tf.multiply(precision, tf.cast(relevant, dtypes.float64), name="relevant_precision_per_k")
        total = tf.reduce_sum(precision, axis=(-1,), name="precision_sum")
        return tf.div(total, tf.cast(num_relevant(labels, k), dtypes.float64), name=scope)


def streaming_sparse_average_precision_at_top_k(labels, predictions_idx, weights=None, metrics_collections=None,
                                                updates_collections=None, name=None):  # fmt: skip
    """The mean of the average precisions of all examples so far, and the operation that updates it."""
    with name_scope(name, "average_precision_at_top_k", (predictions_idx, labels, weights)) as scope:
        precision = sparse_average_precision_at_top_k(labels, predictions_idx)
        if weights is not None:
            weights = broadcast_weights(tf.cast(weights, dtypes.float64), precision)
            precision = tf.multiply(precision, weights)
        with name_scope(None, "max", (precision,)) as max_scope:
            most = metric_variable([], dtypes.float64, name=max_scope)
            if weights is None:
                of_batch = tf.cast(tf.size(precision, name="batch_max"), dtypes.float64)
            else:
                of_batch = tf.reduce_sum(weights, name="batch_max")
            most_update = tf.assign_add(most, of_batch, name="update")
        with name_scope(None, "total", (precision,)) as total_scope:
            total = metric_variable([], dtypes.float64, name=total_scope)
            total_update = tf.assign_add(total, tf.reduce_sum(precision, name="batch_total"), name="update")
        value = collected_value(lambda: tf.div_no_nan(total, most, name="mean"), metrics_collections)
        return value, collected(tf.div_no_nan(total_update, most_update, name=scope), updates_collections)


def _without_foreign_labels(labels, num_classes):
    """Labels in which those that are no class are -1."""

    def cleaned(values):
        return where_v2(tf.greater_equal(values, num_classes), -1 * tf.ones_like(values), values)

    def all_cleaned():
        if is_sparse(labels):
            return type(labels)(labels.indices, cleaned(labels.values), labels.dense_shape)
        return cleaned(labels)

    largest = tf.reduce_max(labels.values if is_sparse(labels) else labels)
    return tf.cond(tf.greater_equal(largest, num_classes), all_cleaned, lambda: labels)


@export("metrics.average_precision_at_k")
@metric("average_precision_at_k", known_as="sparse_average_precision_at_k")
def average_precision_at_k(labels, predictions, k, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """The mean average precision of the k best predictions.

    Args:
      labels: an int64 tensor or sparse tensor of shape `[d1, ... dN, num_labels]` or `[d1, ... dN]`; numbers that are no class
        count as labels that are never predicted.
      predictions: a tensor of floats of shape `[d1, ... dN, num_classes]`.
      k: an int.
      weights: None, or a tensor that can be spread over `[d1, ... dN]`.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the name scope.

    Returns:
      A float64 scalar and the operation that updates it.

    Raises:
      ValueError: shapes don't fit, or `k` is below 1.
      RuntimeError: eagerly.
    """
    if k < 1:
        raise ValueError("Invalid k=%s." % k)
    with name_scope(name, _name("average_precision", k), (predictions, labels, weights)) as scope:
        _, top = tf.nn.top_k(predictions, k)
        classes = tf.cast(tf.shape(predictions)[-1], dtypes.int64)
        labels = _without_foreign_labels(labels, classes)
        return streaming_sparse_average_precision_at_top_k(labels, top, weights, metrics_collections, updates_collections, scope)


@export("metrics.sparse_average_precision_at_k")
@metric("sparse_average_precision_at_k")
def sparse_average_precision_at_k(labels, predictions, k, weights=None, metrics_collections=None, updates_collections=None,
                                  name=None):  # fmt: skip
    """The old name of `average_precision_at_k`."""
    return average_precision_at_k(labels, predictions, k, weights, metrics_collections, updates_collections, name)
