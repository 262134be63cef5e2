"""Columns of classes as dense tensors: indicators and embeddings."""

import collections
import math

from ..core import dtypes
from ..core.collections import GraphKeys, add_to_collection, get_collection
from ..core.context import here
from ..core.export import export, public as tf
from ..core.shape import TensorShape
from ..saved.checkpoint_utils import init_from_checkpoint
from ..variables.partitioned import PartitionedVariable
from ..variables.scope import get_variable
from .base import CategoricalColumn, DenseColumn
from .categorical import WeightedCategoricalColumn


class IndicatorColumn(DenseColumn, collections.namedtuple("IndicatorColumn", "categorical_column")):
    """How often each class occurs."""

    name = property(lambda self: self.categorical_column.name + "_indicator")
    parse_example_spec = property(lambda self: self.categorical_column.parse_example_spec)
    variable_shape = property(lambda self: TensorShape([1, self.categorical_column.num_buckets]))

    def transform(self, inputs):
        ids, weights = self.categorical_column._get_sparse_tensors(inputs)
        classes = self.variable_shape.as_list()[-1]
        if weights is not None:
            joined = tf.sparse_merge(sp_ids=ids, sp_values=weights, vocab_size=classes)
            joined = tf.sparse_slice(joined, [0, 0], joined.dense_shape)
            return tf.scatter_nd(joined.indices, joined.values, joined.dense_shape)
        dense = tf.sparse_tensor_to_dense(ids, default_value=-1)
        return tf.reduce_sum(tf.one_hot(dense, depth=classes, on_value=1.0, off_value=0.0), axis=[-2])


@export("feature_column.indicator_column")
def indicator_column(categorical_column):
    """A column of how often each class of another column occurs."""
    return IndicatorColumn(categorical_column)


class Embedding(DenseColumn):
    """What both kinds of embeddings have in common."""

    parse_example_spec = property(lambda self: self.categorical_column.parse_example_spec)
    variable_shape = property(lambda self: TensorShape([self.dimension]))

    def transform(self, inputs):
        return inputs.get(self.categorical_column)

    def dense_tensor(self, inputs, weight_collections=None, trainable=None):
        pair = self.categorical_column._get_sparse_tensors(inputs, weight_collections, trainable)
        weights = inputs.weights.get(self)
        if weights is None:
            weights = self._weights(weight_collections, trainable)
        if self.ckpt_to_load_from is not None:
            restored = weights._get_variable_list() if isinstance(weights, PartitionedVariable) else weights
            init_from_checkpoint(self.ckpt_to_load_from, {self.tensor_name_in_ckpt: restored})
        return tf.nn.safe_embedding_lookup_sparse(
            embedding_weights=weights, sparse_ids=pair.id_tensor, sparse_weights=pair.weight_tensor, combiner=self.combiner,
            name="%s_weights" % self.name, max_norm=self.max_norm)  # fmt: skip

    def _new_weights(self, weight_collections, trainable):
        if weight_collections and GraphKeys.GLOBAL_VARIABLES not in weight_collections:
            weight_collections.append(GraphKeys.GLOBAL_VARIABLES)
        return get_variable(
            name="embedding_weights", shape=(self.categorical_column.num_buckets, self.dimension), dtype=dtypes.float32,
            initializer=self.initializer, trainable=self.trainable and trainable, collections=weight_collections)  # fmt: skip


_FIELDS = "categorical_column dimension combiner initializer ckpt_to_load_from tensor_name_in_ckpt max_norm trainable"


class EmbeddingColumn(Embedding, collections.namedtuple("EmbeddingColumn", _FIELDS)):
    """Vectors of classes."""

    name = property(lambda self: self.categorical_column.name + "_embedding")

    def _weights(self, weight_collections, trainable):
        return self._new_weights(weight_collections, trainable)


def _checked_initializer(dimension, initializer, checkpoint, tensor, what=""):
    if dimension is None or dimension < 1:
        raise ValueError("Invalid dimension %s." % dimension)
    if (checkpoint is None) != (tensor is None):
        raise ValueError("Must specify both `ckpt_to_load_from` and `tensor_name_in_ckpt` or none of them.")
    if initializer is not None and not callable(initializer):
        raise ValueError("initializer must be callable if specified." + what)
    return initializer or tf.truncated_normal_initializer(mean=0.0, stddev=1 / math.sqrt(dimension))


@export("feature_column.embedding_column")
def embedding_column(categorical_column, dimension, combiner="mean", initializer=None, ckpt_to_load_from=None,
                     tensor_name_in_ckpt=None, max_norm=None, trainable=True):  # fmt: skip
    """A column of vectors of the classes of another column.

    Args:
      categorical_column: the column of classes.
      dimension: the size of the vectors.
      combiner: how several vectors of an example are joined: `"mean"`, `"sqrtn"` or `"sum"`.
      initializer: the initializer; by default normal.
      ckpt_to_load_from, tensor_name_in_ckpt: a checkpoint and the name of a tensor there to begin with.
      max_norm: longer vectors are shortened to this length.
      trainable: whether they are trained.

    Raises:
      ValueError: a value is out of range.
    """
    what = " Embedding of column_name: %s" % categorical_column.name
    initializer = _checked_initializer(dimension, initializer, ckpt_to_load_from, tensor_name_in_ckpt, what)
    return EmbeddingColumn(categorical_column, dimension, combiner, initializer, ckpt_to_load_from, tensor_name_in_ckpt, max_norm,
                           trainable)  # fmt: skip


_SHARED_FIELDS = _FIELDS + " shared_embedding_collection_name"


class SharedEmbeddingColumn(Embedding, collections.namedtuple("SharedEmbeddingColumn", _SHARED_FIELDS)):
    """Vectors of classes that several columns share."""

    name = property(lambda self: self.categorical_column.name + "_shared_embedding")
    _var_scope_name = property(lambda self: self.shared_embedding_collection_name)

    def _weights(self, weight_collections, trainable):
        name = self.shared_embedding_collection_name
        found = get_collection(name)
        if len(found) > 1:
            raise ValueError("Collection %s can only contain one variable. Suggested fix A: Choose a unique name for this "
                             "collection. Suggested fix B: Do not add any variables to this collection. The feature_column library "
                             "already adds a variable under the hood." % found)  # fmt: skip
        shape = (self.categorical_column.num_buckets, self.dimension)
        if not found:
            weights = self._new_weights(weight_collections, trainable)
            add_to_collection(name, weights)
            return weights
        if found[0].get_shape() != shape:
            raise ValueError("Shared embedding collection %s contains variable %s of unexpected shape %s. Expected shape is %s."
                             % (found, found[0].name, found[0].get_shape(), shape))  # fmt: skip
        return found[0]


def _without_weights(column):
    return column.categorical_column if isinstance(column, WeightedCategoricalColumn) else column


@export("feature_column.shared_embedding_columns")
def shared_embedding_columns(categorical_columns, dimension, combiner="mean", initializer=None,
                             shared_embedding_collection_name=None, ckpt_to_load_from=None, tensor_name_in_ckpt=None,
                             max_norm=None, trainable=True):  # fmt: skip
    """Columns of vectors of the classes of several columns, which share the vectors.

    Args:
      categorical_columns: the columns of classes, all of one kind and with as many classes.
      dimension, combiner, initializer, ckpt_to_load_from, tensor_name_in_ckpt, max_norm, trainable: as of `embedding_column`.
      shared_embedding_collection_name: a name for the variable's collection.

    Returns:
      A list of columns.

    Raises:
      RuntimeError: eagerly.
      ValueError: a value is out of range, or the columns are of different kinds.
    """
    if here.eager:
        raise RuntimeError("shared_embedding_columns are not supported when eager execution is enabled.")
    initializer = _checked_initializer(dimension, initializer, ckpt_to_load_from, tensor_name_in_ckpt)
    ordered = sorted(categorical_columns, key=lambda c: c.name)
    first, classes = ordered[0], ordered[0].num_buckets
    if not isinstance(first, CategoricalColumn):
        raise ValueError("All categorical_columns must be subclasses of _CategoricalColumn. Given: %s, of type: %s"
                         % (first, type(first)))  # fmt: skip
    first = _without_weights(first)
    for other in map(_without_weights, ordered[1:]):
        if not isinstance(other, type(first)):
            raise ValueError("To use shared_embedding_column, all categorical_columns must have the same type, or be "
                             "weighted_categorical_column of the same type. Given column: %s of type: %s does not match given "
                             "column: %s of type: %s" % (first, type(first), other, type(other)))  # fmt: skip
        if other.num_buckets != classes:
            raise ValueError("To use shared_embedding_column, all categorical_columns must have the same number of buckets. Given "
                             "column: %s with buckets: %s does  not match column: %s with buckets: %s"
                             % (first, classes, other, other.num_buckets))  # fmt: skip
    name = shared_embedding_collection_name or "_".join(c.name for c in ordered) + "_shared_embedding"
    rest = (dimension, combiner, initializer, ckpt_to_load_from, tensor_name_in_ckpt, max_norm, trainable, name)
    return [SharedEmbeddingColumn(column, *rest) for column in categorical_columns]
