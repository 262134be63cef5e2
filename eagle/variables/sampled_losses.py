"""Losses over many classes that look at a sample of them: noise-contrastive estimation and sampled softmax."""

from ..core import dtypes
from ..core.dispatch import registry
from ..core.export import export
from ..core.scopes import name_scope
from ..ops.candidate_sampling import compute_accidental_hits, log_uniform_candidate_sampler
from ..ops.cast import cast
from ..ops.cross_entropy import sigmoid_cross_entropy_with_logits, softmax_cross_entropy_with_logits_v2
from ..ops.filling import ones, ones_like, zeros_like
from ..ops.joining import concat, stack
from ..ops.matmul import matmul
from ..ops.passing import stop_gradient
from ..ops.shaping import expand_dims, reshape, shape as shape_of
from ..ops.slicing import slice_
from .embedding import embedding_lookup
from .partitioned import PartitionedVariable


def _sum_of_rows(x):
    """The sum of each row of a matrix, as a product."""
    columns = shape_of(x)[1]
    return reshape(matmul(x, ones(stack([columns, 1]), x.dtype)), [-1])


def sampled_logits(weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled_values, remove_accidental_hits,
                    partition_strategy, name, seed=None):  # fmt: skip
    """Logits and labels of the true classes and of sampled ones, each less the logarithm of its expected count."""
    if isinstance(weights, PartitionedVariable):
        weights = list(weights)
    weights = weights if isinstance(weights, list) else [weights]
    with name_scope(name, "compute_sampled_logits", weights + [biases, inputs, labels]):
        labels = cast(labels, dtypes.int64)
        flat = reshape(labels, [-1])
        if sampled_values is None:
            sampled_values = log_uniform_candidate_sampler(labels, num_true, num_sampled, True, num_classes, seed=seed)
        sampled, true_count, sampled_count = [stop_gradient(s) for s in sampled_values]
        sampled = cast(sampled, dtypes.int64)
        ids = concat([flat, sampled], 0)
        all_weights = cast(embedding_lookup(weights, ids, partition_strategy=partition_strategy), inputs.dtype)
        true_weights = slice_(all_weights, [0, 0], stack([shape_of(flat)[0], -1]))
        sampled_weights = slice_(all_weights, stack([shape_of(flat)[0], 0]), [-1, -1])
        sampled_logits = matmul(inputs, sampled_weights, transpose_b=True)
        all_biases = cast(embedding_lookup(biases, ids, partition_strategy=partition_strategy), inputs.dtype)
        true_biases = slice_(all_biases, [0], shape_of(flat))
        sampled_biases = slice_(all_biases, shape_of(flat), [-1])
        dim = shape_of(true_weights)[1:2]
        of_examples = concat([[-1, num_true], dim], 0)
        products = registry["Mul"](expand_dims(inputs, 1), reshape(true_weights, of_examples))
        true_logits = reshape(_sum_of_rows(reshape(products, concat([[-1], dim], 0))), [-1, num_true])
        true_biases = reshape(true_biases, [-1, num_true])
        true_logits += true_biases
        sampled_logits += sampled_biases
        if remove_accidental_hits:
            sampled_logits = _without_hits(sampled_logits, labels, sampled, num_true, num_sampled)
        true_logits -= registry["Log"](true_count)
        sampled_logits -= registry["Log"](sampled_count)
        out_logits = concat([true_logits, sampled_logits], 1)
        out_labels = concat([ones_like(true_logits) / num_true, zeros_like(sampled_logits)], 1)
        return out_logits, out_labels


def _without_hits(logits, labels, sampled, num_true, num_sampled):
    """Logits of sampled classes, very negative where the class is a true one of the example."""
    rows, places, weights = compute_accidental_hits(labels, sampled, num_true=num_true)
    rows = reshape(rows, [-1, 1])
    places = reshape(cast(places, dtypes.int32), [-1, 1])
    indices = concat([rows, places], 1, "sparse_indices")
    shape = concat([shape_of(labels)[:1], expand_dims(num_sampled, 0)], 0)
    weights = cast(weights, logits.dtype)
    return logits + registry["SparseToDense"](indices, shape, weights, 0.0, validate_indices=False)


@export("nn.nce_loss")
def nce_loss(weights, biases, labels, inputs, num_sampled, num_classes, num_true=1, sampled_values=None,
             remove_accidental_hits=False, partition_strategy="mod", name="nce_loss"):  # fmt: skip
    """Noise-contrastive estimation: the true classes of each example against sampled ones, each as an event of its own.

    Args:
      weights: the weights of the classes, `[num_classes, dim]`, as of `embedding_lookup`.
      biases: their biases, `[num_classes]`.
      labels: an int64 matrix `[batch, num_true]`: the true classes.
      inputs: a tensor of floats `[batch, dim]`.
      num_sampled: how many classes to sample for the batch.
      num_classes: how many there are.
      num_true: how many true classes an example has.
      sampled_values: what a candidate sampler gives; by default `log_uniform_candidate_sampler` samples.
      remove_accidental_hits: whether sampled classes that are true ones of an example don't count for it.
      partition_strategy: as of `embedding_lookup`.
      name: the name of the scope of the nodes.

    Returns:
      A vector with the loss of each example.
    """
    logits, labels = sampled_logits(weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled_values,
                                     remove_accidental_hits, partition_strategy, name)  # fmt: skip
    return _sum_of_rows(sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name="sampled_losses"))


@export("nn.sampled_softmax_loss")
def sampled_softmax_loss(
    weights, biases, labels, inputs, num_sampled, num_classes, num_true=1, sampled_values=None, remove_accidental_hits=True,
    partition_strategy="mod", name="sampled_softmax_loss", seed=None,
):  # fmt: skip
    """The cross entropy of the softmax over the true classes of each example and sampled ones; arguments as of `nce_loss`.

    Args:
      weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled_values: as of `nce_loss`.
      remove_accidental_hits, partition_strategy, name: likewise.
      seed: the seed of the sampling.

    Returns:
      A vector with the loss of each example.
    """
    logits, labels = sampled_logits(weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled_values,
                                     remove_accidental_hits, partition_strategy, name, seed)  # fmt: skip
    labels = stop_gradient(labels, name="labels_stop_gradient")
    return softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits)
