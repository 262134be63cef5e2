"""Sequences of ids as vectors."""

from ...core.convert import convert
from ...core.export import export, public as tf
from ...core.scopes import name_scope
from ...core.sparse_tensor import SparseTensor
from ...platform import tf_logging as logging
from ...variables.base import Variable
from ...variables.partitioned import PartitionedVariable
from ...variables.scope import variable_scope
from .utilities import model_variable, names


@export(*names("bow_encoder", "encoders"))
def bow_encoder(ids, vocab_size, embed_dim, sparse_lookup=True, initializer=None, regularizer=None, trainable=True, scope=None,
                reuse=None):  # fmt: skip
    """The mean of the vectors of each sequence of ids.

    Args:
      ids: an int matrix, or a sparse one.
      vocab_size, embed_dim: how many ids there are, and how long the vectors are.
      sparse_lookup: whether ids 0 are taken as missing.
      initializer, regularizer, trainable: of the variable.
      scope, reuse: of the variable scope.

    Raises:
      ValueError: a size is missing.
      TypeError: `ids` are sparse without `sparse_lookup`.
    """
    if not vocab_size or not embed_dim:
        raise ValueError("Must specify vocab size and embedding dimension")
    with variable_scope(scope, "bow_encoder", [ids], reuse=reuse):
        embeddings = model_variable("embeddings", shape=[vocab_size, embed_dim], initializer=initializer, regularizer=regularizer,
                                    trainable=trainable)  # fmt: skip
        if sparse_lookup:
            sparse_ids = ids if isinstance(ids, SparseTensor) else tf.contrib.layers.dense_to_sparse(ids)
            return tf.contrib.layers.safe_embedding_lookup_sparse([embeddings], sparse_ids, combiner="mean", default_id=0)
        if isinstance(ids, SparseTensor):
            raise TypeError("ids are expected to be dense Tensor, got: %s", ids)
        return tf.reduce_mean(tf.nn.embedding_lookup(embeddings, ids), axis=1)


@export(*names("embed_sequence", "encoders"))
def embed_sequence(ids, vocab_size=None, embed_dim=None, unique=False, initializer=None, regularizer=None, trainable=True,
                   scope=None, reuse=None):  # fmt: skip
    """The vectors of each sequence of ids: `[batch, length, embed_dim]`.

    Args:
      ids: an int matrix.
      vocab_size, embed_dim: how many ids there are, and how long the vectors are; needed unless the variable is shared.
      unique: whether each id is looked up only once.
      initializer, regularizer, trainable: of the variable.
      scope, reuse: of the variable scope.

    Raises:
      ValueError: a size is missing.
    """
    if not (reuse or (vocab_size and embed_dim)):
        raise ValueError("Must specify vocab size and embedding dimension when not reusing. Got vocab_size=%s and embed_dim=%s"
                         % (vocab_size, embed_dim))  # fmt: skip
    with variable_scope(scope, "EmbedSequence", [ids], reuse=reuse):
        shape = None if reuse and vocab_size is None or embed_dim is None else [vocab_size, embed_dim]
        embeddings = model_variable(
            "embeddings", shape=shape, initializer=initializer, regularizer=regularizer, trainable=trainable
        )
        if unique:
            return embedding_lookup_unique(embeddings, ids)
        return tf.nn.embedding_lookup(embeddings, ids)


@export(*names("embedding_lookup_unique", "embedding_ops"))
def embedding_lookup_unique(params, ids, partition_strategy="mod", name=None):
    """As `tf.nn.embedding_lookup`, but each id is looked up only once.

    Args:
      params: a variable or a list of parts.
      ids: an int tensor.
      partition_strategy: how ids are dealt out to parts, "mod" or "div".
      name: the name scope.
    """
    with name_scope(name, "EmbeddingLookupUnique", [params, ids]):
        ids = convert(ids)
        shape = tf.shape(ids)
        flat = tf.reshape(ids, tf.reduce_prod(shape, keepdims=True))
        unique, places = tf.unique(flat)
        vectors = tf.nn.embedding_lookup(params, unique, partition_strategy)
        found = tf.reshape(tf.gather(vectors, places), tf.concat([shape, tf.shape(vectors)[1:]], 0))
        found.set_shape(ids.get_shape().concatenate(vectors.get_shape()[1:]))
        return found


@export(*names("safe_embedding_lookup_sparse", "embedding_ops"))
def safe_embedding_lookup_sparse(embedding_weights, sparse_ids, sparse_weights=None, combiner=None, default_id=None, name=None,
                                 partition_strategy="div", max_norm=None):  # fmt: skip
    """`tf.nn.safe_embedding_lookup_sparse`, with "mean" for a `combiner` of None.

    Raises:
      ValueError: there are no weights, or they have not the same type.
    """
    if combiner is None:
        logging.warn('The default value of combiner will change from "mean" to "sqrtn" after 2016/11/01.')
        combiner = "mean"
    if isinstance(embedding_weights, list | PartitionedVariable):
        dtype = None if sparse_weights is None else sparse_weights.dtype
        embedding_weights = [w if isinstance(w, Variable) else convert(w, dtype) for w in embedding_weights]
        tf.debugging.assert_same_float_dtype([*embedding_weights, sparse_weights])
    return tf.nn.safe_embedding_lookup_sparse(embedding_weights, sparse_ids, sparse_weights, combiner, default_id, name,
                                              partition_strategy, max_norm)  # fmt: skip
