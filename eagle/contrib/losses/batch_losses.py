"""`tf.contrib.losses`: the losses from before `tf.losses`, whose weights belong to the first dimensions of the losses.

Predictions come before labels here, and every loss is a scalar in the collection of losses.
"""

from ...core import dtypes
from ...core.collections import GraphKeys, add_to_collection
from ...core.convert import convert
from ...core.deprecation import one_of
from ...core.export import export, public as tf
from ...core.scopes import name_scope
from ...losses.collecting import get_losses, get_regularization_losses
from ...losses.weighted import safe_mean
from ..framework.arg_scopes import add_arg_scope


@export("contrib.losses.add_loss")
@add_arg_scope
def add_loss(loss, loss_collection=GraphKeys.LOSSES):
    """Adds a loss to a collection of the graph, unless `loss_collection` is None."""
    if loss_collection:
        add_to_collection(loss_collection, loss)


@export("contrib.losses.get_total_loss")
def get_total_loss(add_regularization_losses=True, name="total_loss"):
    """The sum of all losses that were added.

    Args:
      add_regularization_losses: whether the regularization losses are counted.
      name: the name of the node.

    Raises:
      ValueError: there are none.
    """
    found = get_losses()
    if add_regularization_losses:
        found += get_regularization_losses()
    return tf.add_n(found, name=name)


def _weighted_sum(losses, weights):
    """The sum of the losses, each times its weight; weights lack the last dimensions."""
    axis = list(range(max(0, weights.shape.ndims), losses.shape.ndims))
    reduced = tf.multiply(tf.reduce_sum(losses, axis=axis), weights)
    return tf.reduce_sum(reduced)


def _count(losses, weights, per_batch=False):
    """How many losses have a weight that is not 0, altogether or for each example of the batch."""
    per_example = _count_unweighted(losses, weights) if weights.shape.ndims == 0 else _count_weighted(losses, weights)
    return per_example if per_batch else tf.reduce_sum(per_example)


def _count_unweighted(losses, weights):
    batch_size = tf.reshape(tf.slice(tf.shape(losses), [0], [1]), [])
    each = tf.div(tf.cast(tf.size(losses), dtypes.float32), tf.cast(batch_size, dtypes.float32))
    each = tf.where(tf.equal(weights, 0), 0.0, each)
    return tf.multiply(tf.ones(tf.reshape(batch_size, [1])), each)


def _count_weighted(losses, weights):
    axis = list(range(1, weights.shape.ndims))
    nonzero = tf.reduce_sum(tf.cast(tf.not_equal(weights, 0), dtypes.float32), axis=axis)
    below = tf.slice(tf.shape(losses), [weights.shape.ndims], [-1])
    return tf.multiply(nonzero, tf.cast(tf.reduce_prod(below), dtypes.float32))


@export("contrib.losses.compute_weighted_loss")
def compute_weighted_loss(losses, weights=1.0, scope=None):
    """The mean of losses whose weights are not 0, each times its weight.

    Args:
      losses: a tensor of shape `[batch_size, d1, ... dN]`.
      weights: a scalar, or a tensor of shape `[batch_size, d1, ... dK]` with `K <= N`.
      scope: the name scope of the nodes.

    Returns:
      A scalar of the type of `losses`, which is added to the collection of losses.

    Raises:
      ValueError: a rank is unknown.
    """
    with name_scope(scope, "weighted_loss", [losses, weights]):
        losses = convert(losses)
        dtype = losses.dtype
        losses = tf.cast(losses, dtypes.float32)
        weights = tf.cast(convert(weights), dtypes.float32)
        if losses.shape.ndims is None:
            raise ValueError("losses.get_shape().ndims cannot be None")
        if weights.shape.ndims is None:
            raise ValueError("weights.get_shape().ndims cannot be None")
        if weights.shape.ndims > 1 and weights.shape.dims[-1].is_compatible_with(1):
            weights = tf.squeeze(weights, [-1])
        total = _weighted_sum(losses, weights)
        loss = tf.cast(safe_mean(total, _count(losses, weights)), dtype)
        add_loss(loss)
        return loss


def _float_pair(predictions, labels):
    """Predictions and labels as floats, their shapes compared."""
    predictions.shape.assert_is_compatible_with(labels.shape)
    return tf.cast(predictions, dtypes.float32), tf.cast(labels, dtypes.float32)


@export("contrib.losses.absolute_difference")
def absolute_difference(predictions, labels=None, weights=1.0, scope=None):
    """The loss `|predictions - labels|`.

    Args:
      predictions, labels: tensors of one shape.
      weights: a scalar, or a tensor of shape `[batch_size]` or longer.
      scope: the name scope of the nodes.

    Returns:
      A float32 scalar.

    Raises:
      ValueError: shapes don't fit.
    """
    with name_scope(scope, "absolute_difference", [predictions, labels, weights]) as scope:
        predictions, labels = _float_pair(predictions, labels)
        return compute_weighted_loss(tf.abs(tf.subtract(predictions, labels)), weights, scope=scope)


@export("contrib.losses.sigmoid_cross_entropy")
def sigmoid_cross_entropy(logits, multi_class_labels, weights=1.0, label_smoothing=0, scope=None):
    """The cross entropy of independent classes.

    Args:
      logits: a tensor of floats of shape `[batch_size, num_classes]`.
      multi_class_labels: a tensor of 0s and 1s of the same shape.
      weights: a scalar, or a tensor of shape `[batch_size]` or longer.
      label_smoothing: a float: how far the labels are moved towards 1/2.
      scope: the name scope of the nodes.

    Returns:
      A scalar of the type of `logits`.

    Raises:
      ValueError: shapes don't fit.
    """
    with name_scope(scope, "sigmoid_cross_entropy_loss", [logits, multi_class_labels, weights]) as scope:
        logits.shape.assert_is_compatible_with(multi_class_labels.shape)
        labels = tf.cast(multi_class_labels, logits.dtype)
        if label_smoothing > 0:
            labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
        losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope=scope)


@export("contrib.losses.softmax_cross_entropy")
def softmax_cross_entropy(logits, onehot_labels, weights=1.0, label_smoothing=0, scope=None):
    """The cross entropy of classes that exclude each other.

    Args:
      logits: a tensor of floats of shape `[batch_size, num_classes]`.
      onehot_labels: a tensor of one-hot labels of the same shape.
      weights: a scalar, or a tensor of shape `[batch_size]`.
      label_smoothing: a float: how far the labels are moved towards `1 / num_classes`.
      scope: the name scope of the nodes.

    Returns:
      A scalar of the type of `logits`.

    Raises:
      ValueError: shapes don't fit.
    """
    with name_scope(scope, "softmax_cross_entropy_loss", [logits, onehot_labels, weights]) as scope:
        logits.shape.assert_is_compatible_with(onehot_labels.shape)
        labels = tf.cast(onehot_labels, logits.dtype)
        if label_smoothing > 0:
            classes = tf.cast(tf.shape(labels)[1], logits.dtype)
            others = label_smoothing / classes
            labels = labels * (1.0 - label_smoothing) + others
        losses = tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope=scope)


@export("contrib.losses.sparse_softmax_cross_entropy")
def sparse_softmax_cross_entropy(logits, labels, weights=1.0, scope=None):
    """The cross entropy of classes that exclude each other and are given by their numbers.

    Args:
      logits: a tensor of floats of shape `[batch_size, num_classes]`.
      labels: an int32 or int64 tensor of shape `[batch_size]` or `[batch_size, 1]`.
      weights: a scalar, or a tensor of shape `[batch_size]` or `[batch_size, 1]`.
      scope: the name scope of the nodes.

    Returns:
      A scalar of the type of `logits`.

    Raises:
      ValueError: shapes don't fit.
    """
    with name_scope(scope, "sparse_softmax_cross_entropy_loss", [logits, labels, weights]) as scope:
        labels = tf.reshape(labels, shape=[tf.shape(labels)[0]])
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope=scope)


@export("contrib.losses.log_loss")
def log_loss(predictions, labels=None, weights=1.0, epsilon=1e-7, scope=None):
    """The loss `-labels * log(predictions) - (1 - labels) * log(1 - predictions)`.

    Args:
      predictions, labels: tensors of one shape.
      weights: a scalar, or a tensor of shape `[batch_size]` or longer.
      epsilon: what is added to the arguments of the logarithms.
      scope: the name scope of the nodes.

    Returns:
      A float32 scalar.

    Raises:
      ValueError: shapes don't fit.
    """
    with name_scope(scope, "log_loss", [predictions, labels, weights]) as scope:
        predictions, labels = _float_pair(predictions, labels)
        true = -tf.multiply(labels, tf.math.log(predictions + epsilon))
        losses = true - tf.multiply((1 - labels), tf.math.log(1 - predictions + epsilon))
        return compute_weighted_loss(losses, weights, scope=scope)


@export("contrib.losses.hinge_loss")
def hinge_loss(logits, labels=None, scope=None):
    """The loss `max(0, 1 - (2 * labels - 1) * logits)`, element by element; it is added to no collection.

    Args:
      logits: a tensor of floats.
      labels: a tensor of 0s and 1s of the same shape.
      scope: the name scope of the nodes.

    Returns:
      A tensor of the same shape.

    Raises:
      ValueError: shapes don't fit.
    """
    with name_scope(scope, "hinge_loss", [logits, labels]) as scope:
        logits.shape.assert_is_compatible_with(labels.shape)
        labels = tf.cast(labels, dtypes.float32)
        ones = tf.ones_like(labels)
        labels = tf.subtract(2 * labels, ones)
        return tf.nn.relu(tf.subtract(ones, tf.multiply(labels, logits)))


@export("contrib.losses.mean_squared_error")
def mean_squared_error(predictions, labels=None, weights=1.0, scope=None):
    """The loss `(predictions - labels)**2`.

    Args:
      predictions, labels: tensors of one shape.
      weights: a scalar, or a tensor of shape `[batch_size]` or longer.
      scope: the name scope of the nodes.

    Returns:
      A float32 scalar.

    Raises:
      ValueError: shapes don't fit.
    """
    with name_scope(scope, "mean_squared_error", [predictions, labels, weights]) as scope:
        predictions, labels = _float_pair(predictions, labels)
        return compute_weighted_loss(tf.squared_difference(predictions, labels), weights, scope=scope)


@export("contrib.losses.mean_pairwise_squared_error")
def mean_pairwise_squared_error(predictions, labels=None, weights=1.0, scope=None):
    """The loss of the differences between the pairs of elements of an example: `((p1 - p2) - (l1 - l2))**2`.

    Args:
      predictions, labels: tensors of one shape `[batch_size, d1, ... dN]`.
      weights: a scalar, or a tensor of shape `[batch_size]` or longer.
      scope: the name scope of the nodes.

    Returns:
      A float32 scalar.

    Raises:
      ValueError: shapes don't fit, or a rank is unknown.
    """
    with name_scope(scope, "mean_pairwise_squared_error", [predictions, labels, weights]) as scope:
        predictions, labels = _float_pair(predictions, labels)
        weights = tf.cast(convert(weights), dtypes.float32)
        errors = tf.subtract(predictions, labels)
        if errors.shape.ndims is None:
            raise ValueError("diffs.get_shape().ndims cannot be None")
        if weights.shape.ndims is None:
            raise ValueError("weights.get_shape().ndims cannot be None")
        loss = _pairwise_loss(errors, weights)
        add_loss(loss)
        return loss


def _pairwise_loss(errors, weights):
    axis = list(range(1, errors.shape.ndims))
    squares = tf.reduce_sum(tf.square(errors), axis=axis)
    count = _count(errors, weights, per_batch=True)
    first = 2.0 * tf.div_no_nan(squares, count, name="value")
    total = tf.reduce_sum(errors, axis=axis)
    second = 2.0 * tf.div_no_nan(tf.square(total), tf.square(count), name="value")
    loss = _weighted_sum(first - second, weights)
    return tf.where(tf.reduce_sum(count) > 0, loss, tf.zeros_like(loss), name="value")


@export("contrib.losses.cosine_distance")
def cosine_distance(predictions, labels=None, axis=None, weights=1.0, scope=None, dim=None):
    """The loss `1 - cos(angle)` between vectors of length 1.

    Args:
      predictions, labels: tensors of one shape.
      axis: the dimension of the vectors.
      weights: a scalar, or a tensor of shape `[batch_size]` or longer.
      scope: the name scope of the nodes.
      dim: the old spelling of `axis`.

    Returns:
      A float32 scalar.

    Raises:
      ValueError: shapes don't fit, or there is no `axis`.
    """
    axis = one_of("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("You must specify 'axis'.")
    with name_scope(scope, "cosine_distance_loss", [predictions, labels, weights]) as scope:
        predictions, labels = _float_pair(predictions, labels)
        losses = 1 - tf.reduce_sum(tf.multiply(predictions, labels), axis=[axis])
        return compute_weighted_loss(losses, weights, scope=scope)
