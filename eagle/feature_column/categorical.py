"""Columns of classes: by numbers, words, hashes, and crosses of columns."""

import collections

import numpy as np

from ..core import dtypes
from ..core.export import export, public as tf
from ..core.scopes import control_dependencies
from ..core.sparse_tensor import SparseTensor, convert_to_tensor_or_sparse_tensor
from ..ops.sparse_crossing import sparse_cross_hashed
from ..platform import gfile, tf_logging as logging
from .base import CategoricalColumn, FeatureColumn, IdWeightPair, as_sparse, check_string_or_int, checked_key


class _Named(CategoricalColumn):
    """A column of one feature of some length."""

    name = property(lambda self: self.key)

    @property
    def parse_example_spec(self):
        return {self.key: tf.io.VarLenFeature(self.dtype)}

    def _check(self, tensor):
        check_string_or_int(tensor.dtype, "column_name: %s input_tensor" % self.key)
        if self.dtype.is_integer != tensor.dtype.is_integer:
            raise ValueError("Column dtype and SparseTensors dtype must be compatible. key: %s, column dtype: %s, tensor dtype: %s"
                             % (self.key, self.dtype, tensor.dtype))  # fmt: skip


class HashedCategoricalColumn(_Named, collections.namedtuple("HashedCategoricalColumn", "key hash_bucket_size dtype")):
    """Hashes of strings or integers."""

    num_buckets = property(lambda self: self.hash_bucket_size)

    def transform(self, inputs):
        tensor = as_sparse(inputs.get(self.key))
        self._check(tensor)
        values = tensor.values if self.dtype == dtypes.string else tf.as_string(tensor.values)
        ids = tf.string_to_hash_bucket_fast(values, self.hash_bucket_size, name="lookup")
        return SparseTensor(tensor.indices, ids, tensor.dense_shape)


@export("feature_column.categorical_column_with_hash_bucket")
def categorical_column_with_hash_bucket(key, hash_bucket_size, dtype=dtypes.string):
    """A column of hashes of strings or integers.

    Args:
      key: the name of the feature.
      hash_bucket_size: how many hashes there are.
      dtype: the type of the feature.

    Raises:
      ValueError: a value is out of range.
    """
    if hash_bucket_size is None:
        raise ValueError("hash_bucket_size must be set. key: %s" % key)
    if hash_bucket_size < 1:
        raise ValueError("hash_bucket_size must be at least 1. hash_bucket_size: %s, key: %s" % (hash_bucket_size, key))
    check_string_or_int(dtype, "column_name: %s" % checked_key(key))
    return HashedCategoricalColumn(key, hash_bucket_size, dtype)


class _Vocabulary(_Named):
    """Numbers of words of a vocabulary."""

    def transform(self, inputs):
        tensor = as_sparse(inputs.get(self.key))
        self._check(tensor)
        kind = self.dtype
        if tensor.dtype.is_integer:
            kind, tensor = dtypes.int64, tf.cast(tensor, dtypes.int64)
        return self._table(kind, "%s_lookup" % self.key).lookup(tensor)


_FILE_FIELDS = "key vocabulary_file vocabulary_size num_oov_buckets dtype default_value"


class VocabularyFileCategoricalColumn(_Vocabulary, collections.namedtuple("VocabularyFileCategoricalColumn", _FILE_FIELDS)):
    """Numbers of words of a file."""

    num_buckets = property(lambda self: self.vocabulary_size + self.num_oov_buckets)

    def _table(self, kind, name):
        return tf.contrib.lookup.index_table_from_file(
            vocabulary_file=self.vocabulary_file, num_oov_buckets=self.num_oov_buckets, vocab_size=self.vocabulary_size,
            default_value=self.default_value, key_dtype=kind, name=name)  # fmt: skip


def _check_unknown(num_oov_buckets, has_default, key):
    if num_oov_buckets:
        if has_default:
            raise ValueError("Can't specify both num_oov_buckets and default_value in %s." % key)
        if num_oov_buckets < 0:
            raise ValueError("Invalid num_oov_buckets %s in %s." % (num_oov_buckets, key))


@export("feature_column.categorical_column_with_vocabulary_file")
def categorical_column_with_vocabulary_file(key, vocabulary_file, vocabulary_size=None, num_oov_buckets=0, default_value=None,
                                            dtype=dtypes.string):  # fmt: skip
    """A column of numbers of words of a file.

    Args:
      key: the name of the feature.
      vocabulary_file: the file, with a word a line.
      vocabulary_size: how many words count; None for all.
      num_oov_buckets: how many numbers unknown words get.
      default_value: the number of unknown words, by default -1.
      dtype: the type of the feature.

    Raises:
      ValueError: there is no file, or a value is out of range.
    """
    if not vocabulary_file:
        raise ValueError("Missing vocabulary_file in %s." % key)
    if vocabulary_size is None:
        if not gfile.exists(vocabulary_file):
            raise ValueError("vocabulary_file in %s does not exist." % key)
        with gfile.GFile(vocabulary_file) as f:
            vocabulary_size = sum(1 for _ in f)
        logging.info("vocabulary_size = %d in %s is inferred from the number of elements in the vocabulary_file %s.",
                     vocabulary_size, key, vocabulary_file)  # fmt: skip
    if vocabulary_size < 1:
        raise ValueError("Invalid vocabulary_size in %s." % key)
    _check_unknown(num_oov_buckets, default_value is not None, key)
    check_string_or_int(dtype, "column_name: %s" % checked_key(key))
    return VocabularyFileCategoricalColumn(
        key, vocabulary_file, vocabulary_size, num_oov_buckets or 0, dtype, -1 if default_value is None else default_value
    )


_LIST_FIELDS = "key vocabulary_list dtype default_value num_oov_buckets"


class VocabularyListCategoricalColumn(_Vocabulary, collections.namedtuple("VocabularyListCategoricalColumn", _LIST_FIELDS)):
    """Numbers of words of a list."""

    num_buckets = property(lambda self: len(self.vocabulary_list) + self.num_oov_buckets)

    def _table(self, kind, name):
        return tf.contrib.lookup.index_table_from_tensor(
            tuple(self.vocabulary_list),
            default_value=self.default_value,
            num_oov_buckets=self.num_oov_buckets,
            dtype=kind,
            name=name,
        )


@export("feature_column.categorical_column_with_vocabulary_list")
def categorical_column_with_vocabulary_list(key, vocabulary_list, dtype=None, default_value=-1, num_oov_buckets=0):
    """A column of numbers of words of a list.

    Args:
      key: the name of the feature.
      vocabulary_list: the words, strings or integers.
      dtype: the type of the feature, by default that of the words.
      default_value: the number of unknown words.
      num_oov_buckets: how many numbers unknown words get instead.

    Raises:
      ValueError: there are no words, or a word twice, or a value is out of range.
    """
    if vocabulary_list is None or len(vocabulary_list) < 1:
        raise ValueError("vocabulary_list %s must be non-empty, column_name: %s" % (vocabulary_list, key))
    if len(set(vocabulary_list)) != len(vocabulary_list):
        raise ValueError("Duplicate keys in vocabulary_list %s, column_name: %s" % (vocabulary_list, key))
    kind = dtypes.as_dtype(np.array(vocabulary_list).dtype)
    _check_unknown(num_oov_buckets, default_value != -1, key)
    check_string_or_int(kind, "column_name: %s vocabulary" % key)
    if dtype is not None and dtype.is_integer != kind.is_integer:
        raise ValueError("dtype %s and vocabulary dtype %s do not match, column_name: %s" % (dtype, kind, key))
    dtype = kind if dtype is None else dtype
    check_string_or_int(dtype, "column_name: %s" % checked_key(key))
    return VocabularyListCategoricalColumn(key, tuple(vocabulary_list), dtype, default_value, num_oov_buckets)


class IdentityCategoricalColumn(_Named, collections.namedtuple("IdentityCategoricalColumn", "key number_buckets default_value")):
    """Numbers as they are."""

    dtype = dtypes.int64
    num_buckets = property(lambda self: self.number_buckets)

    def transform(self, inputs):
        tensor = as_sparse(inputs.get(self.key))
        if not tensor.dtype.is_integer:
            raise ValueError("Invalid input, not integer. key: %s dtype: %s" % (self.key, tensor.dtype))
        values = tf.cast(tensor.values, dtypes.int64, name="values")
        most, zero = tf.cast(self.num_buckets, dtypes.int64, name="num_buckets"), tf.cast(0, dtypes.int64, name="zero")
        if self.default_value is None:
            checks = [
                tf.assert_less(values, most, data=(values, most), name="assert_less_than_num_buckets",
                               message='Bucket index for categorical column "%s" exceeds number of buckets' % self.name),
                tf.assert_greater_equal(values, zero, data=(values,), name="assert_greater_or_equal_0",
                                        message='Negative bucket index for categorical column "%s"' % self.name),
            ]  # fmt: skip
            with control_dependencies([c for c in checks if c is not None]):
                values = tf.identity(values)
        else:
            is_outside = tf.logical_or(values < zero, values >= most, name="out_of_range")
            default = tf.fill(dims=tf.shape(values), value=tf.cast(self.default_value, dtypes.int64), name="default_values")
            values = tf.where_v2(is_outside, default, values)
        return SparseTensor(indices=tensor.indices, values=values, dense_shape=tensor.dense_shape)


@export("feature_column.categorical_column_with_identity")
def categorical_column_with_identity(key, num_buckets, default_value=None):
    """A column of numbers of classes.

    Args:
      key: the name of the feature.
      num_buckets: how many classes there are.
      default_value: what stands for other numbers; None if there must be none.

    Raises:
      ValueError: a value is out of range.
    """
    if num_buckets < 1:
        raise ValueError("num_buckets %s < 1, column_name %s" % (num_buckets, key))
    if default_value is not None and not 0 <= default_value < num_buckets:
        raise ValueError("default_value %s not in range [0, %s), column_name %s" % (default_value, num_buckets, key))
    return IdentityCategoricalColumn(checked_key(key), num_buckets, default_value)


_WEIGHTED_FIELDS = "categorical_column weight_feature_key dtype"


class WeightedCategoricalColumn(CategoricalColumn, collections.namedtuple("WeightedCategoricalColumn", _WEIGHTED_FIELDS)):
    """A column of classes with weights."""

    name = property(lambda self: "%s_weighted_by_%s" % (self.categorical_column.name, self.weight_feature_key))
    num_buckets = property(lambda self: self.categorical_column.num_buckets)

    @property
    def parse_example_spec(self):
        found = self.categorical_column.parse_example_spec
        if self.weight_feature_key in found:
            raise ValueError("Parse config %s already exists for %s." % (found[self.weight_feature_key], self.weight_feature_key))
        return {**found, self.weight_feature_key: tf.io.VarLenFeature(self.dtype)}

    def transform(self, inputs):
        weights = inputs.get(self.weight_feature_key)
        if weights is None:
            raise ValueError("Missing weights %s." % self.weight_feature_key)
        weights = convert_to_tensor_or_sparse_tensor(weights)
        if self.dtype != weights.dtype.base_dtype:
            raise ValueError("Bad dtype, expected %s, but got %s." % (self.dtype, weights.dtype))
        if not isinstance(weights, SparseTensor):
            weights = as_sparse(weights, 0.0)
        if not weights.dtype.is_floating:
            weights = tf.cast(weights, dtypes.float32)
        return inputs.get(self.categorical_column), weights

    def sparse_tensors(self, inputs):
        return IdWeightPair(*inputs.get(self))


@export("feature_column.weighted_categorical_column")
def weighted_categorical_column(categorical_column, weight_feature_key, dtype=dtypes.float32):
    """A column of classes with the weights of another feature.

    Args:
      categorical_column: the column of classes.
      weight_feature_key: the name of the feature of weights.
      dtype: its type.

    Raises:
      ValueError: that is no type of numbers.
    """
    if dtype is None or not (dtype.is_integer or dtype.is_floating):
        raise ValueError("dtype %s is not convertible to float." % dtype)
    return WeightedCategoricalColumn(categorical_column, weight_feature_key, dtype)


class CrossedColumn(CategoricalColumn, collections.namedtuple("CrossedColumn", "keys hash_bucket_size hash_key")):
    """Hashes of combinations."""

    num_buckets = property(lambda self: self.hash_bucket_size)

    def _leaves(self):
        return [leaf for key in self.keys for leaf in (key._leaves() if isinstance(key, CrossedColumn) else [key])]

    @property
    def name(self):
        return "_X_".join(sorted(k.name if isinstance(k, FeatureColumn) else k for k in self._leaves()))

    @property
    def parse_example_spec(self):
        found = {}
        for key in self.keys:
            found.update(key.parse_example_spec if isinstance(key, FeatureColumn) else {key: tf.io.VarLenFeature(dtypes.string)})
        return found

    def transform(self, inputs):
        tensors = []
        for key in self._leaves():
            if isinstance(key, str):
                tensors.append(inputs.get(key))
                continue
            pair = key._get_sparse_tensors(inputs)
            if pair.weight_tensor is not None:
                raise ValueError("crossed_column does not support weight_tensor, but the given column populates weight_tensor. "
                                 "Given column: %s" % key.name)  # fmt: skip
            tensors.append(pair.id_tensor)
        return sparse_cross_hashed(tensors, num_buckets=self.hash_bucket_size, hash_key=self.hash_key)


@export("feature_column.crossed_column")
def crossed_column(keys, hash_bucket_size, hash_key=None):
    """A column of hashes of combinations of features or columns.

    Args:
      keys: names of features, or columns of classes, a list.
      hash_bucket_size: how many hashes there are.
      hash_key: the key of the hashes.

    Raises:
      ValueError: there are fewer than two keys, or one is something else.
    """
    if not hash_bucket_size or hash_bucket_size < 1:
        raise ValueError("hash_bucket_size must be > 1. hash_bucket_size: %s" % hash_bucket_size)
    if not keys or len(keys) < 2:
        raise ValueError("keys must be a list with length > 1. Given: %s" % (keys,))
    for key in keys:
        if not isinstance(key, str | CategoricalColumn):
            raise ValueError("Unsupported key type. All keys must be either string, or categorical column except "
                             "HashedCategoricalColumn. Given: %s" % (key,))  # fmt: skip
        if isinstance(key, HashedCategoricalColumn):
            raise ValueError(
                "categorical_column_with_hash_bucket is not supported for crossing. Hashing before crossing will increase "
                "probability of collision. Instead, use the feature name as a string. Given: %s" % (key,)
            )
    return CrossedColumn(tuple(keys), hash_bucket_size, hash_key)
