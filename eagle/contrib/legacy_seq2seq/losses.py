"""Losses of lists of steps, and models with buckets of lengths."""

from ...core.export import export
from ...core.scopes import name_scope
from ...ops.cast import cast
from ...ops.cross_entropy import sparse_softmax_cross_entropy_with_logits
from ...ops.reduce import reduce_sum
from ...ops.shaping import reshape, shape as shape_of
from ...ops.sums import add_n
from ...variables.scope import get_variable_scope, variable_scope


@export("contrib.legacy_seq2seq.sequence_loss_by_example")
def sequence_loss_by_example(logits, targets, weights, average_across_timesteps=True, softmax_loss_function=None, name=None):
    """The weighted cross entropy of each row of the batch.

    Args:
      logits: a list of tensors of the shape `[batch_size, symbols]`.
      targets: a list of int vectors of symbols.
      weights: a list of float vectors.
      average_across_timesteps: whether the losses are divided by the sums of the weights.
      softmax_loss_function: a function of `labels` and `logits` to use instead of the cross entropy.
      name: the name scope.

    Returns:
      A float vector.

    Raises:
      ValueError: the lists have different lengths.
    """
    if len(targets) != len(logits) or len(weights) != len(logits):
        raise ValueError("Lengths of logits, weights, and targets must be the same %d, %d, %d."
                         % (len(logits), len(weights), len(targets)))  # fmt: skip
    with name_scope(name, "sequence_loss_by_example", logits + targets + weights):
        losses = []
        for logit, target, weight in zip(logits, targets, weights):
            if softmax_loss_function is None:
                loss = sparse_softmax_cross_entropy_with_logits(labels=reshape(target, [-1]), logits=logit)
            else:
                loss = softmax_loss_function(labels=target, logits=logit)
            losses.append(loss * weight)
        total = add_n(losses)
        if average_across_timesteps:
            size = add_n(weights)
            size += 1e-12  # against a division by zero
            total /= size
    return total


@export("contrib.legacy_seq2seq.sequence_loss")
def sequence_loss(logits, targets, weights, average_across_timesteps=True, average_across_batch=True, softmax_loss_function=None,
                  name=None):  # fmt: skip
    """The sum of `sequence_loss_by_example`, by default divided by the size of the batch.

    Args:
      logits, targets, weights, average_across_timesteps, softmax_loss_function, name: as of `sequence_loss_by_example`.
      average_across_batch: whether to divide by the size of the batch.

    Returns:
      A float scalar.

    Raises:
      ValueError: the lists have different lengths.
    """
    with name_scope(name, "sequence_loss", logits + targets + weights):
        losses = sequence_loss_by_example(logits, targets, weights, average_across_timesteps=average_across_timesteps,
                                          softmax_loss_function=softmax_loss_function)  # fmt: skip
        cost = reduce_sum(losses)
        return cost / cast(shape_of(targets[0])[0], cost.dtype) if average_across_batch else cost


@export("contrib.legacy_seq2seq.model_with_buckets")
def model_with_buckets(encoder_inputs, decoder_inputs, targets, weights, buckets, seq2seq, softmax_loss_function=None,
                       per_example_loss=False, name=None):  # fmt: skip
    """A model for each of several pairs of lengths, with the same variables.

    Args:
      encoder_inputs, decoder_inputs, targets, weights: lists with a tensor for each step.
      buckets: a list of pairs of lengths of inputs and outputs, the longest last.
      seq2seq: a function of lists of the encoder's and the decoder's inputs that gives outputs and a state.
      softmax_loss_function: as of `sequence_loss_by_example`.
      per_example_loss: whether losses are those of each row of the batch, rather than of the batch.
      name: the name scope.

    Returns:
      Lists of the outputs and losses of the buckets.

    Raises:
      ValueError: the lists are shorter than the last bucket.
    """
    longest = buckets[-1]
    if len(encoder_inputs) < longest[0]:
        raise ValueError("Length of encoder_inputs (%d) must be at least that of last bucket (%d)."
                         % (len(encoder_inputs), longest[0]))  # fmt: skip
    for what, given in (("targets", targets), ("weights", weights)):
        if len(given) < longest[1]:
            raise ValueError("Length of %s (%d) must be at least that of last bucket (%d)." % (what, len(given), longest[1]))
    outputs, losses = [], []
    loss = sequence_loss_by_example if per_example_loss else sequence_loss
    with name_scope(name, "model_with_buckets", encoder_inputs + decoder_inputs + targets + weights):
        for i, (before, after) in enumerate(buckets):
            with variable_scope(get_variable_scope(), reuse=True if i > 0 else None):
                found, _ = seq2seq(encoder_inputs[:before], decoder_inputs[:after])
                outputs.append(found)
                losses.append(loss(found, targets[:after], weights[:after], softmax_loss_function=softmax_loss_function))
    return outputs, losses
