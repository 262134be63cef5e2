"""Losses over many classes that look at a sample of them: `tf.contrib.nn.rank_sampled_softmax_loss` and its kin."""

from ...core import dtypes
from ...core.export import export, public as tf
from ...core.scopes import name_scope
from ...variables.embedding import embedding_lookup, look_up
from ...variables.sampled_losses import sampled_logits


def _most_likely(weights, biases, inputs, sampled_values, count, temperature, partition_strategy):
    """Of sampled classes those that are most likely for the batch, in the form that candidate samplers give."""
    sampled, true_count, sampled_count = sampled_values
    sampled = tf.cast(tf.stop_gradient(sampled), dtypes.int64)
    true_count, sampled_count = tf.stop_gradient(true_count), tf.stop_gradient(sampled_count)
    inputs = inputs / temperature

    def scores(rows):
        return tf.reduce_logsumexp(tf.matmul(rows, inputs, transpose_b=True), axis=1, keepdims=False)

    logits = look_up(weights, sampled, partition_strategy, transform=scores)
    logits += tf.reshape(embedding_lookup(biases, sampled, partition_strategy), [-1]) / temperature
    _, best = tf.nn.top_k(logits, k=count, sorted=False)
    return tf.gather(sampled, indices=best), true_count, tf.gather(sampled_count, indices=best)


@export("contrib.nn.rank_sampled_softmax_loss")
def rank_sampled_softmax_loss(weights, biases, labels, inputs, num_sampled, num_resampled, num_classes, num_true, sampled_values,
                              resampling_temperature, remove_accidental_hits, partition_strategy, name=None):  # fmt: skip
    """`tf.nn.sampled_softmax_loss` over the most likely classes of a larger sample.

    Args:
      weights, biases, labels, inputs, num_classes, num_true: as of `tf.nn.sampled_softmax_loss`.
      num_sampled: how many classes to sample for the batch.
      num_resampled: how many of these to keep.
      sampled_values: what a candidate sampler gives; None lets `learned_unigram_candidate_sampler` sample.
      resampling_temperature: a scalar tensor: the lower, the more each example's best class counts.
      remove_accidental_hits: whether sampled classes that are true ones of an example don't count for it.
      partition_strategy: "div" or "mod", as of `tf.nn.embedding_lookup`.
      name: the name scope.

    Returns:
      A vector with the loss of each example.

    Raises:
      ValueError: the counts don't fit each other, or `partition_strategy` is neither of the two.
    """
    if num_sampled > num_classes:
        raise ValueError(f"num_sampled ({num_sampled}) cannot be greater than num_classes ({num_classes})")
    if num_sampled <= num_resampled:
        raise ValueError(f"num_resampled ({num_resampled}) must be less than num_sampled ({num_sampled})")
    if partition_strategy not in ("div", "mod"):
        raise ValueError(f"unsupported partition_strategy ({partition_strategy})")
    values = [weights, biases, labels, inputs, sampled_values, resampling_temperature]
    with name_scope(name, "rank_sampled_softmax_loss", values) as scope:
        if not sampled_values:
            sampled_values = tf.nn.learned_unigram_candidate_sampler(
                true_classes=labels, num_true=num_true, num_sampled=num_sampled, unique=True, range_max=num_classes)  # fmt: skip
        best = _most_likely(weights, biases, inputs, sampled_values, num_resampled, resampling_temperature, partition_strategy)
        return tf.nn.sampled_softmax_loss(
            weights=weights, biases=biases, labels=labels, inputs=inputs, num_sampled=num_resampled, num_classes=num_classes,
            num_true=num_true, sampled_values=best, remove_accidental_hits=remove_accidental_hits,
            partition_strategy=partition_strategy, name=scope)  # fmt: skip


@export("contrib.nn.sampled_sparse_softmax_loss")
def sampled_sparse_softmax_loss(weights, biases, labels, inputs, num_sampled, num_classes, sampled_values=None,
                                remove_accidental_hits=True, partition_strategy="mod",
                                name="sampled_sparse_softmax_loss"):  # fmt: skip
    """`tf.nn.sampled_softmax_loss` for one true class each, by the sparse cross entropy.

    Args:
      labels: an int64 matrix `[batch, 1]`: the true classes.
      weights, biases, inputs, num_sampled, num_classes, sampled_values, remove_accidental_hits, partition_strategy, name: as of
        `tf.nn.sampled_softmax_loss`.

    Returns:
      A vector with the loss of each example.
    """
    logits, _ = sampled_logits(weights, biases, labels, inputs, num_sampled, num_classes, 1, sampled_values, remove_accidental_hits,
                               partition_strategy, name)  # fmt: skip
    first = tf.zeros([tf.shape(logits)[0], 1], dtype=dtypes.int64)  # the logits begin with that of the true class
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.squeeze(first), logits=logits)
