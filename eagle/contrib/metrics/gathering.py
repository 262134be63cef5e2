"""Metrics of `tf.contrib.metrics` that gather values: counts, covariance, correlation, concatenation, Cohen's kappa."""

from ...core import dtypes
from ...core.export import export, public as tf
from ...core.scopes import control_dependencies, name_scope
from ...metrics.base import collected, metric, metric_variable, with_ranks_that_fit
from ...metrics.means import mean
from ...metrics.ranked import precision_at_top_k, recall_at_top_k, streaming_sparse_average_precision_at_top_k
from ...ops.confusion import confusion_matrix
from ...ops.weights import broadcast_weights

export("contrib.metrics.streaming_sparse_average_precision_at_top_k")(
    lambda top_k_predictions, labels, weights=None, metrics_collections=None, updates_collections=None, name=None: (
        streaming_sparse_average_precision_at_top_k(
            labels, top_k_predictions, weights, metrics_collections, updates_collections, name
        )
    )
)


def _name(kind, k=None, class_id=None):
    name = "%s_at_k" % kind if k is None else "%s_at_%d" % (kind, k)
    return name if class_id is None else "%s_class%d" % (name, class_id)


@export("contrib.metrics.streaming_recall_at_k")
def streaming_recall_at_k(predictions, labels, k, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """How often the label, one for each example, is among the k best predictions.

    Args:
      predictions: a float32 tensor of shape `[batch_size, num_classes]`.
      labels: an int tensor of shape `[batch_size]`.
      k: an int.
      weights: None, or a tensor that can be spread over the labels.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar and the operation that updates it.
    """
    found = tf.cast(tf.nn.in_top_k(predictions, labels, k), dtypes.float32)
    return mean(found, weights, metrics_collections, updates_collections, name or _name("recall", k))


@export("contrib.metrics.streaming_sparse_precision_at_top_k")
def streaming_sparse_precision_at_top_k(top_k_predictions, labels, class_id=None, weights=None, metrics_collections=None,
                                        updates_collections=None, name=None):  # fmt: skip
    """`tf.metrics.precision_at_top_k`, whose arguments have another order."""
    with name_scope(name, _name("precision", class_id=class_id), (top_k_predictions, labels, weights)) as scope:
        return precision_at_top_k(
            labels, top_k_predictions, None, class_id, weights, metrics_collections, updates_collections, scope
        )


@export("contrib.metrics.sparse_recall_at_top_k")
def sparse_recall_at_top_k(labels, top_k_predictions, class_id=None, weights=None, metrics_collections=None,
                           updates_collections=None, name=None):  # fmt: skip
    """`tf.metrics.recall_at_top_k` without its argument `k`."""
    with name_scope(name, _name("recall", class_id=class_id), (top_k_predictions, labels, weights)) as scope:
        return recall_at_top_k(labels, top_k_predictions, None, class_id, weights, metrics_collections, updates_collections, scope)


def _new_mean(values, batch_count, mean, update_count):
    """The mean of a batch, and the mean of all before it, of a variable that is updated with it."""
    of_batch = tf.div_no_nan(tf.reduce_sum(values), batch_count)
    delta = tf.div_no_nan((of_batch - mean) * batch_count, update_count)
    return of_batch, tf.assign_add(mean, delta) - delta


@export("contrib.metrics.streaming_covariance")
def streaming_covariance(predictions, labels, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """The unbiased covariance of predictions and labels.

    Args:
      predictions, labels: float32 tensors of one shape.
      weights: None, or a float32 tensor that can be spread over the labels: how often each pair counts.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar, which is not a number as long as there are fewer than two pairs, and the operation that updates it.

    Raises:
      ValueError: shapes don't fit.
    """
    with tf.variable_scope(name, "covariance", (predictions, labels, weights)):
        predictions, labels, weights = with_ranks_that_fit(predictions, labels, weights)
        predictions.shape.assert_is_compatible_with(labels.shape)
        count, mean_prediction, mean_label, comoment = (
            metric_variable([], dtypes.float32, name=n) for n in ("count", "mean_prediction", "mean_label", "comoment")
        )
        if weights is None:
            batch_count, weighted = tf.cast(tf.size(labels), dtypes.float32), (predictions, labels)
        else:
            weights = broadcast_weights(weights, labels)
            batch_count = tf.reduce_sum(weights)
            weighted = tf.multiply(predictions, weights), tf.multiply(labels, weights)
        update_count = tf.assign_add(count, batch_count)
        before = update_count - batch_count
        batch_prediction, last_prediction = _new_mean(weighted[0], batch_count, mean_prediction, update_count)
        batch_label, last_label = _new_mean(weighted[1], batch_count, mean_label, update_count)
        products = (predictions - batch_prediction) * (labels - batch_label)
        of_batch = tf.reduce_sum(products if weights is None else products * weights)
        shift = (last_prediction - batch_prediction) * (last_label - batch_label)
        update_comoment = tf.assign_add(comoment, of_batch + shift * (before * batch_count / update_count))

        def covariance(name):
            too_few = tf.less_equal(count, 1.0)
            return tf.where(too_few, float("nan"), tf.truediv(comoment, count - 1), name=name)

        value = covariance("covariance")
        with control_dependencies([update_comoment]):
            update = covariance("update_op")
    return collected(value, metrics_collections), collected(update, updates_collections)


@export("contrib.metrics.streaming_pearson_correlation")
def streaming_pearson_correlation(predictions, labels, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """Pearson's coefficient of correlation of predictions and labels.

    Args:
      predictions, labels: float32 tensors of one shape.
      weights: None, or a float32 tensor that can be spread over the labels: how often each pair counts.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar and the operation that updates it.

    Raises:
      ValueError: shapes don't fit.
    """
    with tf.variable_scope(name, "pearson_r", (predictions, labels, weights)):
        predictions, labels, weights = with_ranks_that_fit(predictions, labels, weights)
        predictions.shape.assert_is_compatible_with(labels.shape)
        if weights is not None:
            weights = broadcast_weights(weights, labels)
        both = streaming_covariance(predictions, labels, weights=weights, name="covariance")
        of_predictions = streaming_covariance(predictions, predictions, weights=weights, name="variance_predictions")
        of_labels = streaming_covariance(labels, labels, weights=weights, name="variance_labels")
        value, update = (
            tf.truediv(c, tf.multiply(tf.sqrt(p), tf.sqrt(q)), name=n)
            for c, p, q, n in zip(both, of_predictions, of_labels, ("pearson_r", "update_op"))
        )
    return collected(value, metrics_collections), collected(update, updates_collections)


def _next_size(required):
    """A size that grows in steps of a half, as an int32 scalar."""
    exponent = tf.ceil(tf.log(tf.cast(required, dtypes.float32)) / tf.log(tf.cast(1.5, dtypes.float32)))
    return tf.cast(tf.ceil(1.5**exponent), dtypes.int32)


def _concat_axis(values, axis):
    """The axis as a number from 0 on and the sizes of the other dimensions, which must be known."""
    if values.shape.dims is None:
        raise ValueError("`values` must have known statically known rank")
    rank = values.shape.ndims
    normal = axis + rank if axis < 0 else axis
    if not 0 <= normal < rank:
        raise ValueError("axis = %r not in [0, %r)" % (normal, rank))
    fixed = [d.value for i, d in enumerate(values.shape.dims) if i != normal]
    if None in fixed:
        raise ValueError("all dimensions of `values` other than the dimension to concatenate along must have statically known size")
    return normal, fixed


@export("contrib.metrics.streaming_concat")
def streaming_concat(values, axis=0, max_size=None, metrics_collections=None, updates_collections=None, name=None):
    """All values so far, one batch behind the other.

    Args:
      values: a tensor whose shape is known except along `axis`.
      axis: the dimension along which the batches are joined.
      max_size: how long the result becomes at most; what comes later is left out.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A tensor and the operation that updates it.

    Raises:
      ValueError: too little is known of the shape.
    """
    with tf.variable_scope(name, "streaming_concat", (values,)):
        axis, fixed = _concat_axis(values, axis)
        rank = len(fixed) + 1
        shape = [0 if max_size is None else max_size] + fixed
        array = metric_variable(shape, values.dtype, validate_shape=False, name="array")
        size = metric_variable([], dtypes.int32, name="size")
        valid = array[:size]
        valid.set_shape([None] + fixed)
        value = tf.transpose(valid, [0 if n == axis else n + 1 if n < axis else n for n in range(rank)], name="concat")
        batch_size = tf.shape(values)[axis]
        if max_size is not None:
            batch_size = tf.minimum(batch_size, max_size - size)
        batch = tf.transpose(values, [axis] + [n for n in range(rank) if n != axis])[:batch_size]
        new_size = size + batch_size

        def grow():
            new = tf.zeros(tf.stack([_next_size(new_size)] + fixed), values.dtype)
            old = array.value()
            with control_dependencies([old]):
                assigned = tf.assign(array, new, validate_shape=False)
            with control_dependencies([assigned]):
                copied = array[:size].assign(old[:size])
            with control_dependencies([copied]):
                return tf.no_op()

        grown = tf.cond(new_size > tf.shape(array)[0], grow, tf.no_op)
        with control_dependencies([grown]):
            appended = array[size:new_size].assign(batch)
        with control_dependencies([appended]):
            update = size.assign(new_size)
        return collected(value, metrics_collections), collected(update, updates_collections)


@export("contrib.metrics.aggregate_metrics")
def aggregate_metrics(*value_update_tuples):
    """The list of the values and that of the updates of several metrics; raises ValueError if there are none."""
    if not value_update_tuples:
        raise ValueError("Expected at least one value_tensor/update_op pair")
    values, updates = zip(*value_update_tuples)
    return list(values), list(updates)


@export("contrib.metrics.aggregate_metric_map")
def aggregate_metric_map(names_to_tuples):
    """The dicts of the values and of the updates of several metrics, by name."""
    return tuple({name: pair[i] for name, pair in names_to_tuples.items()} for i in (0, 1))


@export("contrib.metrics.count")
@metric("count", space="contrib.metrics")
def count(values, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """The number of values, or the sum of their weights.

    Args:
      values: a tensor.
      weights: None, or a tensor that can be spread over the values.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float32 scalar and the operation that updates it.

    Raises:
      RuntimeError: eagerly.
    """
    with tf.variable_scope(name, "count", (values, weights)):
        total = metric_variable([], dtypes.float32, name="count")
        if weights is None:
            number = tf.cast(tf.size(values), dtypes.float32)
        else:
            values, _, weights = with_ranks_that_fit(tf.cast(values, dtypes.float32), None, weights)
            weights = broadcast_weights(tf.cast(weights, dtypes.float32), values)
            number = tf.reduce_sum(weights)
        with control_dependencies([values]):
            update = tf.assign_add(total, number)
        value = collected(tf.identity(total), metrics_collections)
        return value, collected(update, updates_collections)


@export("contrib.metrics.cohen_kappa")
@metric("cohen_kappa", space="contrib.metrics")
def cohen_kappa(labels, predictions_idx, num_classes, weights=None, metrics_collections=None, updates_collections=None, name=None):
    """Cohen's kappa: how much more often than by chance predictions agree with labels.

    Args:
      labels: an int tensor of shape `[batch_size]` or `[batch_size, 1]`.
      predictions_idx: an int tensor of shape `[batch_size]`.
      num_classes: the number of classes, 2 or more.
      weights: None, or a tensor of shape `[batch_size]`.
      metrics_collections, updates_collections: lists of collections to which value and update are added.
      name: the variable scope.

    Returns:
      A float64 scalar and the operation that updates it.

    Raises:
      ValueError: there are fewer classes, or shapes don't fit.
      RuntimeError: eagerly.
    """
    if num_classes < 2:
        raise ValueError("`num_classes` must be >= 2.Found: %s" % num_classes)
    with tf.variable_scope(name, "cohen_kappa", (labels, predictions_idx, weights)):
        labels.shape.with_rank_at_most(2)
        if labels.shape.ndims == 2:
            labels = tf.squeeze(labels, axis=[-1])
        predictions, labels, weights = with_ranks_that_fit(predictions_idx, labels, weights)
        predictions.shape.assert_is_compatible_with(labels.shape)
        dtype = dtypes.int64 if weights is None or weights.dtype.is_integer else dtypes.float32
        variables = [metric_variable((num_classes,), dtype, name=n) for n in ("po", "pe_row", "pe_col")]
        matrix = confusion_matrix(labels, predictions, num_classes, weights=weights, dtype=dtype, name="counts_in_table")
        parts = [tf.diag_part(matrix), tf.reduce_sum(matrix, axis=0), tf.reduce_sum(matrix, axis=1)]
        updates = [tf.assign_add(v, p) for v, p in zip(variables, parts)]
        value = collected(_kappa(*variables, "value"), metrics_collections)
        return value, collected(_kappa(*updates, "update_op"), updates_collections)


def _kappa(agreed, rows, columns, name):
    agreed, total = tf.reduce_sum(agreed), tf.reduce_sum(rows)
    chance = tf.div_no_nan(tf.cast(rows * columns, dtypes.float64), tf.cast(total, dtypes.float64))
    agreed, chance, total = (tf.cast(x, dtypes.float64) for x in (agreed, tf.reduce_sum(chance), total))
    return tf.div_no_nan(agreed - chance, total - chance, name=name)
