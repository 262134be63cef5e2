"""`tf.compat.v2.nn`: embeddings and losses over sampled classes, with contiguous parts and other orders of arguments."""

from ..core.export import export
from . import embedding, sampled_losses


def _export(name):
    return export("compat.v2.nn." + name)


@_export("embedding_lookup")
def embedding_lookup(params, ids, max_norm=None, name=None):
    """`tf.nn.embedding_lookup` with contiguous parts."""
    return embedding.embedding_lookup(params, ids, "div", name, max_norm=max_norm)


@_export("embedding_lookup_sparse")
def embedding_lookup_sparse(params, sp_ids, sp_weights, combiner=None, max_norm=None, name=None):
    """`tf.nn.embedding_lookup_sparse` with contiguous parts."""
    return embedding.embedding_lookup_sparse(params, sp_ids, sp_weights, "div", name, combiner, max_norm)


@_export("safe_embedding_lookup_sparse")
def safe_embedding_lookup_sparse(embedding_weights, sparse_ids, sparse_weights=None, combiner="mean", default_id=None,
                                 max_norm=None, name=None):  # fmt: skip
    """`tf.nn.safe_embedding_lookup_sparse` with contiguous parts."""
    return embedding.safe_embedding_lookup_sparse(
        embedding_weights, sparse_ids, sparse_weights, combiner, default_id, name, "div", max_norm
    )


@_export("nce_loss")
def nce_loss(weights, biases, labels, inputs, num_sampled, num_classes, num_true=1, sampled_values=None,
             remove_accidental_hits=False, name="nce_loss"):  # fmt: skip
    """`tf.nn.nce_loss` with contiguous parts."""
    return sampled_losses.nce_loss(
        weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled_values, remove_accidental_hits, "div", name
    )


@_export("sampled_softmax_loss")
def sampled_softmax_loss(weights, biases, labels, inputs, num_sampled, num_classes, num_true=1, sampled_values=None,
                         remove_accidental_hits=True, seed=None, name="sampled_softmax_loss"):  # fmt: skip
    """`tf.nn.sampled_softmax_loss` with contiguous parts."""
    return sampled_losses.sampled_softmax_loss(weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled_values,
                                               remove_accidental_hits, "div", name, seed)  # fmt: skip
