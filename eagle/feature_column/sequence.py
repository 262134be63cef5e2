"""Columns of sequences: each example has several steps, with a number, or with classes, in each."""

import collections

from ..core import dtypes
from ..core.export import export, public as tf
from ..core.scopes import name_scope
from ..core.shape import TensorShape
from .base import CategoricalColumn, FeatureColumn, as_sparse, checked_key
from .categorical import (
    categorical_column_with_hash_bucket,
    categorical_column_with_identity,
    categorical_column_with_vocabulary_file,
    categorical_column_with_vocabulary_list,
)
from .numeric import checked_shape


def sequence_length(sparse, count=1):
    """How many steps each example of a sparse tensor has, of `count` numbers each."""
    with name_scope(None, "sequence_length"):
        rows, columns = sparse.indices[:, 0], sparse.indices[:, 1] + tf.ones([], dtype=dtypes.int64)
        lengths = tf.cast(tf.ceil(columns / count), dtypes.int64)
        lengths = tf.segment_max(lengths, segment_ids=rows)
        missing = tf.shape(sparse)[:1] - tf.shape(lengths)[:1]
        return tf.concat([lengths, tf.zeros(missing, dtype=lengths.dtype)], axis=0)


class SequenceCategoricalColumn(CategoricalColumn, collections.namedtuple("SequenceCategoricalColumn", "categorical_column")):
    """Classes in each step; the column inside tells them."""

    name = property(lambda self: self.categorical_column.name)
    parse_example_spec = property(lambda self: self.categorical_column.parse_example_spec)
    num_buckets = property(lambda self: self.categorical_column.num_buckets)

    def transform(self, inputs):
        return self.categorical_column._transform_feature(inputs)

    def sparse_tensors(self, inputs):
        pair = self.categorical_column.sparse_tensors(inputs)

        def with_steps(sparse):  # a third dimension, so that what belongs to a step is not joined with other steps
            sizes = tf.shape(sparse)
            return tf.sparse_reshape(sparse, tf.concat([sizes[:2], [-1]], axis=0))

        return type(pair)(*(t if t is None else with_steps(t) for t in pair))


class SequenceNumericColumn(
    FeatureColumn, collections.namedtuple("SequenceNumericColumn", "key shape default_value dtype normalizer_fn")
):
    """Numbers in each step."""

    name = property(lambda self: self.key)
    variable_shape = property(lambda self: TensorShape(self.shape))

    @property
    def parse_example_spec(self):
        return {self.key: tf.io.VarLenFeature(self.dtype)}

    def transform(self, inputs):
        tensor = as_sparse(inputs.get(self.key))
        return tensor if self.normalizer_fn is None else self.normalizer_fn(tensor)

    def sequence_tensor(self, inputs):
        """The numbers, of shape [batch, time, ...], and how many steps each example has."""
        sparse = inputs.get(self)
        dense = tf.sparse_tensor_to_dense(sparse, default_value=self.default_value)
        dense = tf.reshape(dense, tf.concat([tf.shape(dense)[:1], [-1], self.variable_shape], axis=0))
        is_flat = sparse.shape.ndims == 2
        return dense, sequence_length(sparse, self.variable_shape.num_elements() if is_flat else 1)


@export("feature_column.sequence_categorical_column_with_identity")
def sequence_categorical_column_with_identity(key, num_buckets, default_value=None):
    """A column of sequences of classes; see `categorical_column_with_identity`."""
    return SequenceCategoricalColumn(categorical_column_with_identity(key, num_buckets, default_value))


@export("feature_column.sequence_categorical_column_with_hash_bucket")
def sequence_categorical_column_with_hash_bucket(key, hash_bucket_size, dtype=dtypes.string):
    """A column of sequences of classes; see `categorical_column_with_hash_bucket`."""
    return SequenceCategoricalColumn(categorical_column_with_hash_bucket(key, hash_bucket_size, dtype))


@export("feature_column.sequence_categorical_column_with_vocabulary_file")
def sequence_categorical_column_with_vocabulary_file(key, vocabulary_file, vocabulary_size=None, num_oov_buckets=0,
                                                     default_value=None, dtype=dtypes.string):  # fmt: skip
    """A column of sequences of classes; see `categorical_column_with_vocabulary_file`."""
    return SequenceCategoricalColumn(categorical_column_with_vocabulary_file(
        key, vocabulary_file, vocabulary_size, num_oov_buckets=num_oov_buckets, default_value=default_value, dtype=dtype
    ))  # fmt: skip


@export("feature_column.sequence_categorical_column_with_vocabulary_list")
def sequence_categorical_column_with_vocabulary_list(key, vocabulary_list, dtype=None, default_value=-1, num_oov_buckets=0):
    """A column of sequences of classes; see `categorical_column_with_vocabulary_list`."""
    return SequenceCategoricalColumn(categorical_column_with_vocabulary_list(
        key, vocabulary_list, dtype=dtype, default_value=default_value, num_oov_buckets=num_oov_buckets
    ))  # fmt: skip


@export("feature_column.sequence_numeric_column")
def sequence_numeric_column(key, shape=(1,), default_value=0.0, dtype=dtypes.float32, normalizer_fn=None):
    """A column of sequences of numbers.

    Args:
      key: the name of the feature, a sparse tensor.
      shape: the shape of one step.
      default_value: the number for what is missing.
      dtype: the type.
      normalizer_fn: a function that is called with the sparse tensor.

    Raises:
      TypeError: something has another type.
      ValueError: a dimension is not positive, or the type is no number.
    """
    shape = checked_shape(shape, key)
    if not (dtype.is_integer or dtype.is_floating):
        raise ValueError(f"dtype must be convertible to float. dtype: {dtype}, key: {key}")
    if normalizer_fn is not None and not callable(normalizer_fn):
        raise TypeError(f"normalizer_fn must be a callable. Given: {normalizer_fn}")
    return SequenceNumericColumn(checked_key(key), shape, default_value, dtype, normalizer_fn)
