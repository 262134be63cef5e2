"""The feature columns of `tf.contrib.layers`: what they are, and those of classes."""

import abc
import collections

from ...core import dtypes, nest
from ...core.export import export, public as tf
from ...core.sparse_tensor import SparseTensor
from ...feature_column.base import CategoricalColumn, IdWeightPair
from ...platform import tf_logging as logging
from .sparse import dense_to_sparse_tensor, expanded
from .utilities import names

LinearLookup = collections.namedtuple("LinearLookup", "input_tensor weight_tensor vocab_size initializer combiner")
DeepLookup = collections.namedtuple(
    "DeepLookup",
    "input_tensor weight_tensor vocab_size initializer combiner dimension shared_embedding_name hash_key max_norm trainable",
)


def column_names(name):
    """Where programs look for a function that makes a column."""
    return names(name, "feature_column")


class OldColumn(abc.ABC):
    """What is made of one or more features, as `tf.contrib.layers` has it.

    Columns are tuples: the fields of two that are equal are.  `transform` gives what is made of the features; the results of
    that are kept in a dict under the column, next to the features under their names.
    """

    key = property(lambda self: str(self), doc="What columns are sorted by.")

    @property
    @abc.abstractmethod
    def config(self):
        """How to parse the features, a dict as for `tf.io.parse_example`."""

    parse_example_spec = property(lambda self: self.config)

    def insert_transformed_feature(self, columns_to_tensors):
        """Puts what is made of the features into the dict that holds them."""
        columns_to_tensors[self] = self.transform(Features(columns_to_tensors))

    def _to_dnn_input_layer(self, transformed, weight_collections=None, trainable=True, output_rank=2):
        """What was made of the features as a tensor that layers take.

        Raises:
          ValueError: there is none.
        """
        raise ValueError("Calling an abstract method.")

    def _deep_embedding_lookup_arguments(self, transformed):
        """What to look up for layers, a `DeepLookup`; raises NotImplementedError if it is no such column."""
        raise NotImplementedError(f"No deep embedding lookup arguments for column {self}.")

    def _wide_embedding_lookup_arguments(self, transformed):
        """What to look up for a linear model, a `LinearLookup`; raises NotImplementedError if it is no such column."""
        raise NotImplementedError(f"No wide embedding lookup arguments for column {self}.")

    def _to_dense_tensor(self, transformed):
        """The dense tensor that linear models take; raises NotImplementedError if there is none."""
        raise NotImplementedError(f"No dense tensor representation for column {self}.")

    def _checkpoint_path(self):
        """None, or the path of a checkpoint and the name of a tensor there to begin with."""
        return None

    def key_without(self, *left_out):
        """The key without fields that may differ from run to run: functions."""
        fields = [f"{k}={v}" for k, v in zip(self._fields, self) if k not in left_out]
        return "{}({})".format(type(self).__name__, ", ".join(fields))


class Features:
    """Gives features by name and what columns make of them, from a dict in which the latter are kept."""

    def __init__(self, columns_to_tensors):
        self._tensors = columns_to_tensors

    def get(self, key):
        """A feature, or what a column makes of features.

        Raises:
          ValueError: there is no such feature.
          TypeError: the key is neither a name nor a column.
        """
        if key in self._tensors:
            return self._tensors[key]
        if isinstance(key, str):
            raise ValueError(f"features dictionary doesn't contain key ({key})")
        if not isinstance(key, OldColumn):
            raise TypeError(f'"key" must be either a "str" or "_FeatureColumn". Provided: {key}')
        key.insert_transformed_feature(self._tensors)
        return self._tensors[key]


@export("contrib.layers.python.layers.feature_column._SparseIdLookupConfig")
class _SparseIdLookupConfig(
    collections.namedtuple("_SparseIdLookupConfig", "vocabulary_file keys num_oov_buckets vocab_size default_value",
                           defaults=(None, None, 0, None, -1))
):  # fmt: skip
    """Where the numbers of classes come from: a file or a list."""


def zeros():
    return tf.zeros_initializer()


# -------------------------------------------------------------------------------------------------------- columns of classes


def _check(name, is_integerized, bucket_size, lookup, dtype):
    """Raises the error that the fields of a column of classes deserve, if any."""
    if is_integerized and bucket_size is None:
        raise ValueError(f"bucket_size must be set if is_integerized is True. column_name: {name}")
    if is_integerized and not dtype.is_integer:
        raise ValueError(f"dtype must be an integer if is_integerized is True. dtype: {dtype}, column_name: {name}.")
    if dtype != dtypes.string and not dtype.is_integer:
        raise ValueError(f"dtype must be string or integer. dtype: {dtype}, column_name: {name}")
    if bucket_size is None and lookup is None:
        raise ValueError(f"one of bucket_size or lookup_config must be set. column_name: {name}")
    if bucket_size is not None and lookup:
        raise ValueError(f"one and only one of bucket_size or lookup_config must be set. column_name: {name}")
    if bucket_size is not None and bucket_size < 1:
        raise ValueError(f"bucket_size must be at least 1. bucket_size: {bucket_size}, column_name: {name}")
    if lookup and not isinstance(lookup, _SparseIdLookupConfig):
        raise TypeError("lookup_config must be an instance of _SparseIdLookupConfig. Given one is in type "
                        f"{type(lookup)} for column_name {name}")  # fmt: skip
    if lookup and lookup.vocabulary_file and lookup.vocab_size is None:
        raise ValueError(f"vocab_size must be defined. column_name: {name}")


class _Classes(OldColumn, CategoricalColumn):
    """What columns of numbers of classes have in common."""

    num_buckets = property(lambda self: self.length)

    def id_tensor(self, transformed):
        """The classes, of what was made of the features."""
        return transformed

    def weight_tensor(self, transformed):
        """Their weights, or None."""
        return None

    def sparse_tensors(self, inputs):
        transformed = inputs.get(self)
        return IdWeightPair(self.id_tensor(transformed), self.weight_tensor(transformed))


_FIELDS = "column_name is_integerized bucket_size lookup_config combiner dtype"


class _SparseColumn(_Classes, collections.namedtuple("_SparseColumn", _FIELDS)):
    """A column of classes of one feature."""

    def __new__(cls, column_name, is_integerized=False, bucket_size=None, lookup_config=None, combiner="sum", dtype=dtypes.string):
        _check(column_name, is_integerized, bucket_size, lookup_config, dtype)
        return super().__new__(cls, column_name, is_integerized, bucket_size, lookup_config, combiner, dtype)

    name = property(lambda self: self.column_name)
    config = property(lambda self: {self.column_name: tf.VarLenFeature(self.dtype)})

    @property
    def length(self):
        """The number of classes."""
        if self.bucket_size is not None:
            return self.bucket_size
        return self.lookup_config.vocab_size + self.lookup_config.num_oov_buckets

    def transform(self, inputs):
        return self._numbers(self._sparse(inputs.get(self.name)))

    def insert_transformed_feature(self, columns_to_tensors):
        columns_to_tensors[self] = self._numbers(self._sparse(columns_to_tensors[self.name]))

    @abc.abstractmethod
    def _numbers(self, values):
        """The classes of a sparse tensor of values."""

    def _sparse(self, tensor):
        if isinstance(tensor, SparseTensor):
            return tensor
        return dense_to_sparse_tensor(expanded(tensor, 2, self.name), "" if tensor.dtype == dtypes.string else -1)

    def _to_dnn_input_layer(self, transformed, weight_collections=None, trainable=True, output_rank=2):
        raise ValueError(f"SparseColumn is not supported in DNN. Please use embedding_column or one_hot_column. column: {self}")

    def _wide_embedding_lookup_arguments(self, transformed):
        return LinearLookup(self.id_tensor(transformed), self.weight_tensor(transformed), self.length, zeros(), self.combiner)

    def is_compatible(self, other_column):
        """Whether another column may share vectors with it: it has the same classes, or as many."""
        if self.lookup_config and other_column.lookup_config:
            return self.lookup_config == other_column.lookup_config
        same_type = self.dtype == other_column.dtype or (self.dtype.is_integer and other_column.dtype.is_integer)
        compatible = self.length == other_column.length and same_type
        if compatible:
            logging.warn(f"Column {self.name} and {other_column.name} may not have the same vocabulary.")
        return compatible


def _with_values(sparse, values):
    return SparseTensor(sparse.indices, values, sparse.dense_shape)


def _as_text(sparse, dtype):
    return tf.as_string(sparse.values) if dtype.is_integer else sparse.values


class _SparseColumnIntegerized(_SparseColumn):
    def _numbers(self, values):
        return _with_values(values, tf.mod(values.values, self.bucket_size, name="mod"))


@export(*column_names("sparse_column_with_integerized_feature"))
def sparse_column_with_integerized_feature(column_name, bucket_size, combiner="sum", dtype=dtypes.int64):
    """A column of classes that the feature gives as numbers.

    Args:
      column_name: the name of the feature.
      bucket_size: the number of classes.
      combiner: how linear models join several classes of an example: "sum", "mean" or "sqrtn".
      dtype: the type of the feature, integers.

    Raises:
      ValueError: there is no class, or the type is another one.
    """
    return _SparseColumnIntegerized(column_name, is_integerized=True, bucket_size=bucket_size, combiner=combiner, dtype=dtype)


class _SparseColumnHashed(_SparseColumn):
    def __new__(cls, column_name, is_integerized=False, bucket_size=None, lookup_config=None, combiner="sum", dtype=dtypes.string,
                hash_keys=None):  # fmt: skip
        if hash_keys is not None:
            if not isinstance(hash_keys, list) or not hash_keys:
                raise ValueError("hash_keys must be a non-empty list.")
            pairs = all(isinstance(pair, list) and len(pair) == 2 for pair in hash_keys)
            if not pairs or not all(isinstance(key, int) for key in nest.flatten(hash_keys)):
                raise ValueError("Each element of hash_keys must be a pair of integers.")
        made = super().__new__(cls, column_name, is_integerized, bucket_size, lookup_config, combiner, dtype)
        made.hash_keys = hash_keys
        return made

    def _numbers(self, values):
        text = _as_text(values, self.dtype)
        if not self.hash_keys:
            return _with_values(values, tf.string_to_hash_bucket_fast(text, self.bucket_size, name="lookup"))
        found = [_with_values(values, tf.string_to_hash_bucket_strong(text, self.bucket_size, key)) for key in self.hash_keys]
        return tf.sparse_concat(axis=1, sp_inputs=found, name="lookup")


@export(*column_names("sparse_column_with_hash_bucket"))
def sparse_column_with_hash_bucket(column_name, hash_bucket_size, combiner="sum", dtype=dtypes.string, hash_keys=None):
    """A column of classes that are hashes of strings or numbers.

    Args:
      column_name: the name of the feature.
      hash_bucket_size: the number of classes.
      combiner: how linear models join several classes of an example: "sum", "mean" or "sqrtn".
      dtype: the type of the feature, strings or integers.
      hash_keys: None, or a list of pairs of integers, the keys of several strong hashes that a value has instead of one.

    Raises:
      ValueError: there is no class, or the type or the keys are no such.
    """
    return _SparseColumnHashed(column_name, bucket_size=hash_bucket_size, combiner=combiner, dtype=dtype, hash_keys=hash_keys)


class _SparseColumnKeys(_SparseColumn):
    def _numbers(self, values):
        lookup = self.lookup_config
        table = tf.contrib.lookup.index_table_from_tensor(
            mapping=tuple(lookup.keys), default_value=lookup.default_value, dtype=self.dtype, name="lookup")  # fmt: skip
        return table.lookup(values)


@export(*column_names("sparse_column_with_keys"))
def sparse_column_with_keys(column_name, keys, default_value=-1, combiner="sum", dtype=dtypes.string):
    """A column of classes that stand in a list.

    Args:
      column_name: the name of the feature.
      keys: the list.
      default_value: the class of a value that is not in it.
      combiner: how linear models join several classes of an example: "sum", "mean" or "sqrtn".
      dtype: the type of the feature, strings or integers.
    """
    keys = tuple(keys)
    lookup = _SparseIdLookupConfig(keys=keys, vocab_size=len(keys), default_value=default_value)
    return _SparseColumnKeys(column_name, lookup_config=lookup, combiner=combiner, dtype=dtype)


class _SparseColumnVocabulary(_SparseColumn):
    def _numbers(self, values):
        lookup = self.lookup_config
        text = _with_values(values, _as_text(values, self.dtype)) if self.dtype.is_integer else values
        table = tf.contrib.lookup.index_table_from_file(
            vocabulary_file=lookup.vocabulary_file, num_oov_buckets=lookup.num_oov_buckets, vocab_size=lookup.vocab_size,
            default_value=lookup.default_value, name=self.name + "_lookup")  # fmt: skip
        return table.lookup(text)


@export(*column_names("sparse_column_with_vocabulary_file"))
def sparse_column_with_vocabulary_file(column_name, vocabulary_file, num_oov_buckets=0, vocab_size=None, default_value=-1,
                                       combiner="sum", dtype=dtypes.string):  # fmt: skip
    """A column of classes that stand in a file, one a line.

    Args:
      column_name: the name of the feature.
      vocabulary_file: the path of the file.
      num_oov_buckets: how many more classes there are, for hashes of what is not in the file.
      vocab_size: how many lines of the file count.
      default_value: the class of a value that is not in it, if there are no such classes.
      combiner: how linear models join several classes of an example: "sum", "mean" or "sqrtn".
      dtype: the type of the feature, strings or integers.

    Raises:
      ValueError: `vocab_size` is missing, or the type is another one.
    """
    if vocab_size is None:
        raise ValueError(f"vocab_size should be defined. column_name: {column_name}")
    lookup = _SparseIdLookupConfig(vocabulary_file, None, num_oov_buckets, vocab_size, default_value)
    return _SparseColumnVocabulary(column_name, lookup_config=lookup, combiner=combiner, dtype=dtype)


class _WeightedSparseColumn(_Classes, collections.namedtuple("_WeightedSparseColumn", "sparse_id_column weight_column_name dtype")):
    """Classes of another column, with weights from another feature."""

    name = property(lambda self: f"{self.sparse_id_column.name}_weighted_by_{self.weight_column_name}")
    length = property(lambda self: self.sparse_id_column.length)
    lookup_config = property(lambda self: self.sparse_id_column.lookup_config)

    @property
    def config(self):
        return {**feature_config(self.sparse_id_column), self.weight_column_name: tf.VarLenFeature(self.dtype)}

    def id_tensor(self, transformed):
        return transformed[0]

    def weight_tensor(self, transformed):
        return transformed[1]

    def _to_dnn_input_layer(self, transformed, weight_collections=None, trainable=True, output_rank=2):
        raise ValueError(
            f"WeightedSparseColumn is not supported in DNN. Please use embedding_column or one_hot_column. column: {self}"
        )

    def _wide_embedding_lookup_arguments(self, transformed):
        return LinearLookup(*transformed, self.length, zeros(), self.sparse_id_column.combiner)

    def transform(self, inputs):
        ids, weights = inputs.get(self.sparse_id_column), inputs.get(self.weight_column_name)
        if not isinstance(weights, SparseTensor):
            weights = dense_to_sparse_tensor(weights)
        if not self.dtype.is_floating:
            weights = tf.cast(weights, dtypes.float32)
        return ids, weights

    def is_compatible(self, other_column):
        """Whether another column may share vectors with it."""
        if isinstance(other_column, _WeightedSparseColumn):
            other_column = other_column.sparse_id_column
        return self.sparse_id_column.is_compatible(other_column)


@export(*column_names("weighted_sparse_column"))
def weighted_sparse_column(sparse_id_column, weight_column_name, dtype=dtypes.float32):
    """A column of classes with weights.

    Args:
      sparse_id_column: the column of the classes.
      weight_column_name: the name of the feature with the weights.
      dtype: their type.

    Raises:
      ValueError: they are no numbers.
    """
    if not (dtype.is_integer or dtype.is_floating):
        raise ValueError(f"dtype is not convertible to float. Given {dtype}")
    return _WeightedSparseColumn(sparse_id_column, weight_column_name, dtype)


# -------------------------------------------------------------------------------------------------------- parsing of features


def feature_config(feature_column):
    """How to parse the features of a column; raises TypeError if it is none of these."""
    if not isinstance(feature_column, OldColumn):
        raise TypeError(f"feature_columns should only contain instances of _FeatureColumn. Given column is {feature_column}")
    return feature_column.config


@export(*column_names("create_feature_spec_for_parsing"))
def create_feature_spec_for_parsing(feature_columns):
    """How to parse the features of columns: a dict as `tf.parse_example` takes.

    Args:
      feature_columns: the columns, or a dict of them.
    """
    columns = feature_columns.values() if isinstance(feature_columns, dict) else feature_columns
    return {name: kind for column in columns for name, kind in feature_config(column).items()}


@export("contrib.layers.python.layers.feature_column._create_sequence_feature_spec_for_parsing")
def sequence_feature_spec(sequence_feature_columns, allow_missing_by_default=False):
    """How to parse the features of columns of sequences.

    Args:
      sequence_feature_columns: the columns.
      allow_missing_by_default: whether features without a default value may be missing.

    Raises:
      TypeError: a feature is of another kind.
    """
    found = {}
    for key, feature in create_feature_spec_for_parsing(sequence_feature_columns).items():
        if isinstance(feature, tf.VarLenFeature):
            found[key] = feature
        elif isinstance(feature, tf.FixedLenFeature | tf.FixedLenSequenceFeature):
            has_default = feature.default_value is not None
            if has_default:
                logging.warning('Found default value %s for feature "%s". Ignoring this value and setting '
                                '`allow_missing=True` instead.',
                                feature.default_value, key)  # fmt: skip
            found[key] = tf.FixedLenSequenceFeature(
                shape=feature.shape, dtype=feature.dtype, allow_missing=allow_missing_by_default or has_default
            )
        else:
            raise TypeError(f"Unsupported feature type: {type(feature).__name__}")
    return found


@export(*column_names("make_place_holder_tensors_for_base_features"))
def make_place_holder_tensors_for_base_features(feature_columns):
    """Placeholders for the features of columns, dense or sparse ones, by name."""
    found = {}
    for name, kind in create_feature_spec_for_parsing(feature_columns).items():
        if isinstance(kind, tf.VarLenFeature):
            found[name] = tf.sparse_placeholder(kind.dtype, name=f"Placeholder_{name}")
        else:
            found[name] = tf.placeholder(kind.dtype, shape=(None, kind.shape[0]), name=f"Placeholder_{name}")
    return found
