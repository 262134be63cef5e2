"""The loss of sequences."""

from ...core.export import export
from ...core.scopes import name_scope
from ...ops.cast import cast
from ...ops.cross_entropy import sparse_softmax_cross_entropy_with_logits
from ...ops.division import div_no_nan
from ...ops.reduce import reduce_sum
from ...ops.shaping import reshape, shape as shape_of
from ...ops.statistics import count_nonzero


@export("contrib.seq2seq.sequence_loss")
def sequence_loss(logits, targets, weights, average_across_timesteps=True, average_across_batch=True, sum_over_timesteps=False,
                  sum_over_batch=False, softmax_loss_function=None, name=None):  # fmt: skip
    """The weighted cross entropy of sequences of classes.

    Args:
      logits: a tensor of the shape `[batch_size, time, classes]`.
      targets: the classes, an int tensor of the shape `[batch_size, time]`.
      weights: the weight of each step, a float tensor of that shape.
      average_across_timesteps, average_across_batch: whether the losses are summed along that dimension and divided by the sum of
        the weights.
      sum_over_timesteps, sum_over_batch: whether they are summed and divided by the number of weights that are not zero.
      softmax_loss_function: a function of `labels` and `logits` to use instead of the cross entropy.
      name: the name scope.

    Returns:
      A scalar, or a tensor with the dimensions that are neither averaged nor summed over.

    Raises:
      ValueError: a rank is wrong, or both averages and sums are asked for.
    """
    if len(logits.get_shape()) != 3:
        raise ValueError("Logits must be a [batch_size x sequence_length x logits] tensor")
    if len(targets.get_shape()) != 2:
        raise ValueError("Targets must be a [batch_size x sequence_length] tensor")
    if len(weights.get_shape()) != 2:
        raise ValueError("Weights must be a [batch_size x sequence_length] tensor")
    if average_across_timesteps and sum_over_timesteps:
        raise ValueError("average_across_timesteps and sum_over_timesteps cannot be set to True at same time.")
    if average_across_batch and sum_over_batch:
        raise ValueError("average_across_batch and sum_over_batch cannot be set to True at same time.")
    with name_scope(name, "sequence_loss", [logits, targets, weights]):
        flat_logits = reshape(logits, [-1, shape_of(logits)[2]])
        labels = reshape(targets, [-1])
        loss = (softmax_loss_function or sparse_softmax_cross_entropy_with_logits)(labels=labels, logits=flat_logits)
        loss *= reshape(weights, [-1])
        if average_across_timesteps and average_across_batch:
            return div_no_nan(reduce_sum(loss), reduce_sum(weights))
        if sum_over_timesteps and sum_over_batch:
            loss = reduce_sum(loss)
            return div_no_nan(loss, cast(count_nonzero(weights), loss.dtype))
        loss = reshape(loss, shape_of(logits)[0:2])
        if average_across_timesteps or average_across_batch:
            axis = [0] if average_across_batch else [1]
            return div_no_nan(reduce_sum(loss, axis=axis), reduce_sum(weights, axis=axis))
        if sum_over_timesteps or sum_over_batch:
            axis = [0] if sum_over_batch else [1]
            loss = reduce_sum(loss, axis=axis)
            return div_no_nan(loss, cast(count_nonzero(weights, axis=axis), dtype=loss.dtype))
        return loss
