"""`tf.losses`: losses with weights, added to a collection of the graph.

A loss is computed element by element, weighted, and reduced to a scalar in the way that a `Reduction` says.
"""

from ..core import dtypes
from ..core.collections import GraphKeys
from ..core.context import here
from ..core.convert import convert
from ..core.deprecation import one_of
from ..core.export import export, public as tf
from ..core.graph import get_default_graph
from ..core.scopes import control_dependencies, name_scope
from ..ops.confusion import remove_squeezable_dimensions
from ..ops.weights import assert_broadcastable, broadcast_weights
from .collecting import add_loss


@export("losses.Reduction")
class Reduction:
    """How weighted losses become one number.

    `NONE`: they stay as they are.  `SUM`: their sum.  `MEAN`: the sum divided by the sum of the weights.
    `SUM_OVER_BATCH_SIZE`: the sum divided by the number of losses.  `SUM_OVER_NONZERO_WEIGHTS` (also
    `SUM_BY_NONZERO_WEIGHTS`): the sum divided by the number of weights that are not 0.
    """

    NONE = "none"
    SUM = "weighted_sum"
    SUM_OVER_BATCH_SIZE = "weighted_sum_over_batch_size"
    MEAN = "weighted_mean"
    SUM_BY_NONZERO_WEIGHTS = "weighted_sum_by_nonzero_weights"
    SUM_OVER_NONZERO_WEIGHTS = SUM_BY_NONZERO_WEIGHTS

    @classmethod
    def all(cls):
        """All reductions."""
        return (cls.NONE, cls.SUM, cls.MEAN, cls.SUM_OVER_BATCH_SIZE, cls.SUM_OVER_NONZERO_WEIGHTS, cls.SUM_BY_NONZERO_WEIGHTS)

    @classmethod
    def validate(cls, key):
        """Raises ValueError if `key` is no reduction."""
        if key not in cls.all():
            raise ValueError("Invalid Reduction Key %s." % key)


def safe_mean(losses, count):
    """The sum of losses divided by their number; 0 if there are none."""
    return tf.div_no_nan(tf.reduce_sum(losses), count, name="value")


def _num_present(losses, weights, per_batch=False):
    """How many losses have a weight that is not 0: a scalar, or for each example of the batch, with all dimensions kept."""
    if isinstance(weights, float) and weights != 0.0:
        return _num_elements(losses)
    if here.eager and weights.shape.ndims == 0 and not tf.equal(weights, 0.0):
        return _num_elements(losses)  # for each example, too: that is TensorFlow's number
    with name_scope(None, "num_present", (losses, weights)) as scope:
        weights = tf.cast(weights, dtypes.float32)
        present = tf.where(tf.equal(weights, 0.0), tf.zeros_like(weights), tf.ones_like(weights))
        present = broadcast_weights(present, losses)
        if per_batch:
            return tf.reduce_sum(present, axis=tf.range(1, tf.rank(present)), keepdims=True, name=scope)
        return tf.reduce_sum(present, name=scope)


def _num_elements(losses):
    with name_scope(None, "num_elements", [losses]) as scope:
        return tf.cast(tf.size(losses, name=scope), losses.dtype)


def _reduced(weighted, losses, weights, reduction):
    """Weighted losses reduced as asked for."""
    if reduction == Reduction.NONE:
        return weighted
    total = tf.reduce_sum(weighted)
    if reduction == Reduction.MEAN:
        return safe_mean(total, tf.reduce_sum(tf.ones_like(losses) * weights))
    if reduction == Reduction.SUM_OVER_NONZERO_WEIGHTS:
        return safe_mean(total, _num_present(losses, weights))
    if reduction == Reduction.SUM_OVER_BATCH_SIZE:
        return safe_mean(total, _num_elements(losses))
    return total


@export("losses.compute_weighted_loss")
def compute_weighted_loss(losses, weights=1.0, scope=None, loss_collection=GraphKeys.LOSSES,
                          reduction=Reduction.SUM_BY_NONZERO_WEIGHTS):  # fmt: skip
    """Weighs losses, reduces them and adds the result to a collection.

    Args:
      losses: a tensor of shape `[batch_size, d1, ... dN]`.
      weights: a scalar, or a tensor of the same rank with dimensions of 1 or of the losses' sizes.
      scope: the name scope of the nodes.
      loss_collection: the collection to which the loss is added.
      reduction: a `Reduction`.

    Returns:
      A tensor of the type of `losses`, a scalar unless the reduction is `NONE`.

    Raises:
      ValueError: the weights don't fit, or there is no such reduction.
    """
    Reduction.validate(reduction)
    with name_scope(scope, "weighted_loss", (losses, weights)):
        if not here.eager:
            get_default_graph()._last_loss_reduction = reduction
        with control_dependencies((assert_broadcastable(weights, losses),)):
            losses = convert(losses)
            dtype = losses.dtype
            losses, weights = tf.cast(losses, dtypes.float32), tf.cast(weights, dtypes.float32)
            loss = tf.cast(_reduced(tf.multiply(losses, weights), losses, weights, reduction), dtype)
            add_loss(loss, loss_collection)
            return loss


def _demand(**arguments):
    """Raises ValueError for an argument that is None."""
    for name, value in arguments.items():
        if value is None:
            raise ValueError("%s must not be None." % name)


def _float_pair(predictions, labels):
    """Predictions and labels as floats, their shapes compared."""
    predictions, labels = tf.cast(predictions, dtypes.float32), tf.cast(labels, dtypes.float32)
    predictions.shape.assert_is_compatible_with(labels.shape)
    return predictions, labels


@export("losses.absolute_difference")
def absolute_difference(labels, predictions, weights=1.0, scope=None, loss_collection=GraphKeys.LOSSES,
                        reduction=Reduction.SUM_BY_NONZERO_WEIGHTS):  # fmt: skip
    """The loss `|predictions - labels|`.

    Args:
      labels, predictions: tensors of one shape.
      weights: a scalar, or a tensor of the same rank with dimensions of 1 or of the labels' sizes.
      scope: the name scope of the nodes.
      loss_collection: the collection to which the loss is added.
      reduction: a `Reduction`.

    Returns:
      A float32 tensor, a scalar unless the reduction is `NONE`.

    Raises:
      ValueError: shapes don't fit, or an argument is None.
    """
    _demand(labels=labels, predictions=predictions)
    with name_scope(scope, "absolute_difference", (predictions, labels, weights)) as scope:
        predictions, labels = _float_pair(predictions, labels)
        losses = tf.abs(tf.subtract(predictions, labels))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction=reduction)


@export("losses.cosine_distance")
def cosine_distance(labels, predictions, axis=None, weights=1.0, scope=None, loss_collection=GraphKeys.LOSSES,
                    reduction=Reduction.SUM_BY_NONZERO_WEIGHTS, dim=None):  # fmt: skip
    """The loss `1 - cos(angle)` between vectors of length 1.

    Args:
      labels, predictions: tensors of one shape.
      axis: the dimension of the vectors.
      weights: a scalar, or a tensor of the labels' rank with dimensions of 1 or of the losses' sizes.
      scope: the name scope of the nodes.
      loss_collection: the collection to which the loss is added.
      reduction: a `Reduction`.
      dim: the old spelling of `axis`.

    Returns:
      A float32 tensor, a scalar unless the reduction is `NONE`.

    Raises:
      ValueError: shapes don't fit, or an argument is None.
    """
    axis = one_of("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("You must specify 'axis'.")
    _demand(labels=labels, predictions=predictions)
    with name_scope(scope, "cosine_distance_loss", (predictions, labels, weights)) as scope:
        predictions, labels = _float_pair(predictions, labels)
        losses = 1 - tf.reduce_sum(tf.multiply(predictions, labels), axis=(axis,), keepdims=True)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction=reduction)


@export("losses.hinge_loss")
def hinge_loss(labels, logits, weights=1.0, scope=None, loss_collection=GraphKeys.LOSSES,
               reduction=Reduction.SUM_BY_NONZERO_WEIGHTS):  # fmt: skip
    """The loss `max(0, 1 - (2 * labels - 1) * logits)`.

    Args:
      labels: a tensor of 0s and 1s.
      logits: a tensor of floats of the same shape.
      weights: a scalar, or a tensor of the same rank with dimensions of 1 or of the labels' sizes.
      scope: the name scope of the nodes.
      loss_collection: the collection to which the loss is added.
      reduction: a `Reduction`.

    Returns:
      A float32 tensor, a scalar unless the reduction is `NONE`.

    Raises:
      ValueError: shapes don't fit, or an argument is None.
    """
    _demand(labels=labels, logits=logits)
    with name_scope(scope, "hinge_loss", (logits, labels, weights)) as scope:
        logits, labels = _float_pair(logits, labels)
        ones = tf.ones_like(labels)
        labels = tf.subtract(2 * labels, ones)
        losses = tf.nn.relu(tf.subtract(ones, tf.multiply(labels, logits)))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction=reduction)


@export("losses.huber_loss")
def huber_loss(labels, predictions, weights=1.0, delta=1.0, scope=None, loss_collection=GraphKeys.LOSSES,
               reduction=Reduction.SUM_BY_NONZERO_WEIGHTS):  # fmt: skip
    """The loss that is `0.5 * x**2` of small errors `x` and grows linearly with larger ones.

    Args:
      labels, predictions: tensors of one shape.
      weights: a scalar, or a tensor of the same rank with dimensions of 1 or of the labels' sizes.
      delta: a float: the error at which the loss becomes linear.
      scope: the name scope of the nodes.
      loss_collection: the collection to which the loss is added.
      reduction: a `Reduction`.

    Returns:
      A float32 tensor, a scalar unless the reduction is `NONE`.

    Raises:
      ValueError: shapes don't fit, or an argument is None.
    """
    _demand(labels=labels, predictions=predictions)
    with name_scope(scope, "huber_loss", (predictions, labels, weights)) as scope:
        predictions, labels = _float_pair(predictions, labels)
        error = tf.abs(tf.subtract(predictions, labels))
        quadratic = tf.minimum(error, delta)
        linear = tf.subtract(error, quadratic)
        half = convert(0.5, quadratic.dtype)
        losses = tf.add(tf.multiply(half, tf.multiply(quadratic, quadratic)), tf.multiply(delta, linear))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction=reduction)


@export("losses.log_loss")
def log_loss(labels, predictions, weights=1.0, epsilon=1e-7, scope=None, loss_collection=GraphKeys.LOSSES,
             reduction=Reduction.SUM_BY_NONZERO_WEIGHTS):  # fmt: skip
    """The loss `-labels * log(predictions) - (1 - labels) * log(1 - predictions)`.

    Args:
      labels, predictions: tensors of one shape.
      weights: a scalar, or a tensor of the same rank with dimensions of 1 or of the labels' sizes.
      epsilon: what is added to the arguments of the logarithms.
      scope: the name scope of the nodes.
      loss_collection: the collection to which the loss is added.
      reduction: a `Reduction`.

    Returns:
      A float32 tensor, a scalar unless the reduction is `NONE`.

    Raises:
      ValueError: shapes don't fit, or an argument is None.
    """
    _demand(labels=labels, predictions=predictions)
    with name_scope(scope, "log_loss", (predictions, labels, weights)) as scope:
        predictions, labels = _float_pair(predictions, labels)
        losses = _log_losses(predictions, labels, epsilon)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction=reduction)


def _log_losses(predictions, labels, epsilon):
    true = -tf.multiply(labels, tf.math.log(predictions + epsilon))
    return true - tf.multiply((1 - labels), tf.math.log(1 - predictions + epsilon))


@export("losses.mean_pairwise_squared_error")
def mean_pairwise_squared_error(labels, predictions, weights=1.0, scope=None, loss_collection=GraphKeys.LOSSES):
    """The loss of the differences between the pairs of elements of an example: `((l1 - l2) - (p1 - p2))**2`.

    Args:
      labels, predictions: tensors of one shape `[batch_size, d1, ... dN]`.
      weights: a scalar, or a tensor of the same rank with dimensions of 1 or of the labels' sizes.
      scope: the name scope of the nodes.
      loss_collection: the collection to which the loss is added.

    Returns:
      A float32 scalar: the mean over all pairs.

    Raises:
      ValueError: shapes don't fit, or an argument is None.
    """
    _demand(labels=labels, predictions=predictions)
    with name_scope(scope, "mean_pairwise_squared_error", (predictions, labels, weights)) as scope:
        weights, labels = tf.cast(weights, dtypes.float32), tf.cast(labels, dtypes.float32)
        with control_dependencies((assert_broadcastable(weights, labels),)):
            predictions = tf.cast(predictions, dtypes.float32)
            predictions.shape.assert_is_compatible_with(labels.shape)
            loss = _pairwise_loss(tf.subtract(predictions, labels), weights)
            add_loss(loss, loss_collection)
            return loss


def _pairwise_loss(errors, weights):
    axis = tf.range(1, tf.rank(errors))
    squares = tf.reduce_sum(tf.square(errors), axis=axis, keepdims=True)
    present = _num_present(errors, weights, per_batch=True)
    first = 2.0 * tf.div_no_nan(squares, tf.maximum(present - 1, 0), name="value")
    total = tf.reduce_sum(errors, axis=axis, keepdims=True)
    square, pairs = tf.square(total), tf.maximum(tf.multiply(present, present - 1), 0)
    second = 2.0 * tf.div_no_nan(square, pairs, name="value")
    loss = tf.reduce_sum(tf.multiply(first - second, weights))
    return tf.where(tf.reduce_sum(present) > 0, loss, tf.zeros_like(loss), name="value")


@export("losses.mean_squared_error")
def mean_squared_error(labels, predictions, weights=1.0, scope=None, loss_collection=GraphKeys.LOSSES,
                       reduction=Reduction.SUM_BY_NONZERO_WEIGHTS):  # fmt: skip
    """The loss `(predictions - labels)**2`.

    Args:
      labels, predictions: tensors of one shape.
      weights: a scalar, or a tensor of the same rank with dimensions of 1 or of the labels' sizes.
      scope: the name scope of the nodes.
      loss_collection: the collection to which the loss is added.
      reduction: a `Reduction`.

    Returns:
      A float32 tensor, a scalar unless the reduction is `NONE`.

    Raises:
      ValueError: shapes don't fit, or an argument is None.
    """
    _demand(labels=labels, predictions=predictions)
    with name_scope(scope, "mean_squared_error", (predictions, labels, weights)) as scope:
        predictions, labels = _float_pair(predictions, labels)
        losses = tf.squared_difference(predictions, labels)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction=reduction)


@export("losses.sigmoid_cross_entropy")
def sigmoid_cross_entropy(multi_class_labels, logits, weights=1.0, label_smoothing=0, scope=None,
                          loss_collection=GraphKeys.LOSSES, reduction=Reduction.SUM_BY_NONZERO_WEIGHTS):  # fmt: skip
    """The cross entropy of independent classes.

    Args:
      multi_class_labels: a tensor of 0s and 1s, `[batch_size, num_classes]`.
      logits: a tensor of floats of the same shape.
      weights: a scalar, or a tensor of the same rank with dimensions of 1 or of the labels' sizes.
      label_smoothing: a float: how far the labels are moved towards 1/2.
      scope: the name scope of the nodes.
      loss_collection: the collection to which the loss is added.
      reduction: a `Reduction`.

    Returns:
      A tensor of the type of `logits`, a scalar unless the reduction is `NONE`.

    Raises:
      ValueError: shapes don't fit, or an argument is None.
    """
    _demand(multi_class_labels=multi_class_labels, logits=logits)
    with name_scope(scope, "sigmoid_cross_entropy_loss", (logits, multi_class_labels, weights)) as scope:
        logits = convert(logits)
        labels = tf.cast(multi_class_labels, logits.dtype)
        logits.shape.assert_is_compatible_with(labels.shape)
        if label_smoothing > 0:
            labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
        losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction=reduction)


@export("losses.softmax_cross_entropy")
def softmax_cross_entropy(onehot_labels, logits, weights=1.0, label_smoothing=0, scope=None,
                          loss_collection=GraphKeys.LOSSES, reduction=Reduction.SUM_BY_NONZERO_WEIGHTS):  # fmt: skip
    """The cross entropy of classes that exclude each other.

    Args:
      onehot_labels: a tensor of one-hot labels, `[batch_size, num_classes]`; no gradient flows into it.
      logits: a tensor of floats of the same shape.
      weights: a scalar, or a tensor of the rank of the losses (`[batch_size]`) with dimensions of 1 or of their sizes.
      label_smoothing: a float: how far the labels are moved towards `1 / num_classes`.
      scope: the name scope of the nodes.
      loss_collection: the collection to which the loss is added.
      reduction: a `Reduction`.

    Returns:
      A tensor of the type of `logits`, a scalar unless the reduction is `NONE`.

    Raises:
      ValueError: shapes don't fit, or an argument is None.
    """
    _demand(onehot_labels=onehot_labels, logits=logits)
    with name_scope(scope, "softmax_cross_entropy_loss", (logits, onehot_labels, weights)) as scope:
        logits = convert(logits)
        labels = tf.cast(onehot_labels, logits.dtype)
        logits.shape.assert_is_compatible_with(labels.shape)
        if label_smoothing > 0:
            classes = tf.cast(tf.shape(labels)[-1], logits.dtype)
            others = label_smoothing / classes
            labels = labels * (1.0 - label_smoothing) + others
        labels = tf.stop_gradient(labels, name="labels_stop_gradient")
        losses = tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction=reduction)


def _with_ranks_that_fit(labels, predictions, weights, expected_rank_diff):
    """Labels, predictions and weights, from which a last dimension of 1 was removed where it is the one too many."""
    labels, predictions = remove_squeezable_dimensions(labels, predictions, expected_rank_diff=expected_rank_diff)
    weights = convert(weights)
    labels_rank, weights_rank = labels.shape.ndims, weights.shape.ndims
    if labels_rank is not None and weights_rank is not None:
        if weights_rank - labels_rank == 1:
            weights = tf.squeeze(weights, [-1])
        return labels, predictions, weights
    difference = tf.rank(weights) - tf.rank(labels)
    if weights_rank is None or weights_rank > 0 and weights.shape.dims[-1].is_compatible_with(1):
        full = weights
        weights = tf.cond(tf.equal(1, difference), lambda: tf.squeeze(full, [-1]), lambda: full)
    return labels, predictions, weights


@export("losses.sparse_softmax_cross_entropy")
def sparse_softmax_cross_entropy(labels, logits, weights=1.0, scope=None, loss_collection=GraphKeys.LOSSES,
                                 reduction=Reduction.SUM_BY_NONZERO_WEIGHTS):  # fmt: skip
    """The cross entropy of classes that exclude each other and are given by their numbers.

    Args:
      labels: an int32 or int64 tensor of shape `[d0, ... dN]`.
      logits: a tensor of floats of shape `[d0, ... dN, num_classes]`.
      weights: a scalar, or a tensor of the rank of `labels` with dimensions of 1 or of their sizes.
      scope: the name scope of the nodes.
      loss_collection: the collection to which the loss is added.
      reduction: a `Reduction`.

    Returns:
      A tensor of the type of `logits`, a scalar unless the reduction is `NONE`.

    Raises:
      ValueError: shapes don't fit, or an argument is None.
    """
    _demand(labels=labels, logits=logits)
    with name_scope(scope, "sparse_softmax_cross_entropy_loss", (logits, labels, weights)) as scope:
        if weights is None:
            labels, logits = remove_squeezable_dimensions(labels, logits, expected_rank_diff=1)
        else:
            labels, logits, weights = _with_ranks_that_fit(labels, logits, weights, expected_rank_diff=1)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction=reduction)
