"""The feature columns of `tf.contrib.layers` that layers take: numbers, buckets, indicators, vectors; and crosses."""

import collections
import math

from ...core import dtypes
from ...core.export import export, public as tf
from ...core.graph import get_default_graph
from ...core.shape import TensorShape
from ...core.sparse_tensor import SparseTensor
from ...feature_column.base import DenseColumn, IdWeightPair
from ...platform import tf_logging as logging
from ...platform.deprecation import experimental
from ...saved.checkpoint_utils import init_from_checkpoint
from ...variables.base import Variable
from .embeddings import scattered_embedding_lookup_sparse
from .encoding import safe_embedding_lookup_sparse
from .shaping import _inner_flatten as inner_flatten
from .sparse import bucketize, expanded
from .sparse_columns import (
    DeepLookup,
    LinearLookup,
    OldColumn,
    _Classes,
    _SparseColumn,
    _WeightedSparseColumn,
    column_names,
    feature_config,
    zeros,
)
from .utilities import model_variable

# ------------------------------------------------------------------------------------------------- indicators and vectors


class _OneHotColumn(OldColumn, DenseColumn, collections.namedtuple("_OneHotColumn", "sparse_id_column")):
    """For each example which classes it has."""

    name = property(lambda self: f"{self.sparse_id_column.name}_one_hot")
    length = property(lambda self: self.sparse_id_column.length)
    config = property(lambda self: feature_config(self.sparse_id_column))
    variable_shape = property(lambda self: TensorShape([self.length]))

    def transform(self, inputs):
        return self._to_dnn_input_layer(inputs.get(self.sparse_id_column))

    def insert_transformed_feature(self, columns_to_tensors):
        if self.sparse_id_column not in columns_to_tensors:
            self.sparse_id_column.insert_transformed_feature(columns_to_tensors)
        columns_to_tensors[self] = columns_to_tensors[self.sparse_id_column]

    def _to_dnn_input_layer(self, transformed, weight_collections=None, trainable=True, output_rank=2):
        ids = inner_flatten(self.sparse_id_column.id_tensor(transformed), output_rank)
        weights = self.sparse_id_column.weight_tensor(transformed)
        if weights is None:
            ids = tf.sparse_tensor_to_dense(ids, default_value=-1)
            indicators = tf.one_hot(ids, depth=self.length, on_value=1.0, off_value=0.0)
            return tf.reduce_sum(indicators, axis=[output_rank - 1])
        merged = tf.sparse_merge(sp_ids=ids, sp_values=weights, vocab_size=self.length)
        merged = tf.sparse_slice(merged, tf.zeros_like(merged.dense_shape), merged.dense_shape)  # without those of class -1
        found = tf.sparse_tensor_to_dense(merged)
        return tf.reshape(found, tf.concat([tf.shape(found)[:-1], [self.length]], axis=0))


@export(*column_names("one_hot_column"))
def one_hot_column(sparse_id_column):
    """A column with ones, or weights, for the classes of another column, and zeros elsewhere."""
    return _OneHotColumn(sparse_id_column)


_FIELDS = (
    "sparse_id_column dimension combiner initializer ckpt_to_load_from tensor_name_in_ckpt shared_embedding_name "
    "shared_vocab_size max_norm trainable"
)


class _EmbeddingColumn(OldColumn, DenseColumn, collections.namedtuple("_EmbeddingColumn", _FIELDS)):
    """Vectors of classes."""

    def __new__(cls, sparse_id_column, dimension, combiner="mean", initializer=None, ckpt_to_load_from=None,
                tensor_name_in_ckpt=None, shared_embedding_name=None, shared_vocab_size=None, max_norm=None,
                trainable=True):  # fmt: skip
        if initializer is not None and not callable(initializer):
            raise ValueError(f"initializer must be callable if specified. Embedding of column_name: {sparse_id_column.name}")
        _check_checkpoint(ckpt_to_load_from, tensor_name_in_ckpt)
        if initializer is None:
            logging.warn('The default stddev value of initializer was changed from "1/sqrt(vocab_size)" to '
                         '"1/sqrt(dimension)" in core '
                         "implementation (tf.feature_column.embedding_column).")  # fmt: skip
            initializer = tf.truncated_normal_initializer(mean=0.0, stddev=1 / math.sqrt(sparse_id_column.length))
        return super().__new__(cls, sparse_id_column, dimension, combiner, initializer, ckpt_to_load_from, tensor_name_in_ckpt,
                               shared_embedding_name, shared_vocab_size, max_norm, trainable)  # fmt: skip

    @property
    def name(self):
        kind = "embedding" if self.shared_embedding_name is None else "shared_embedding"
        return f"{self.sparse_id_column.name}_{kind}"

    length = property(lambda self: self.sparse_id_column.length if self.shared_vocab_size is None else self.shared_vocab_size)
    config = property(lambda self: feature_config(self.sparse_id_column))
    key = property(lambda self: self.key_without("initializer"))
    variable_shape = property(lambda self: TensorShape([self.dimension]))

    def transform(self, inputs):
        return inputs.get(self.sparse_id_column)

    def _deep_embedding_lookup_arguments(self, transformed):
        column = self.sparse_id_column
        return DeepLookup(
            column.id_tensor(transformed), column.weight_tensor(transformed), self.length, self.initializer, self.combiner,
            self.dimension, self.shared_embedding_name, None, self.max_norm, self.trainable)  # fmt: skip

    def _wide_embedding_lookup_arguments(self, transformed):
        raise ValueError(f"Column {self} is not supported in linear models. Please use sparse_column.")

    def _checkpoint_path(self):
        return None if self.ckpt_to_load_from is None else (self.ckpt_to_load_from, self.tensor_name_in_ckpt)

    def dense_tensor(self, inputs, weight_collections=None, trainable=None):
        return looked_up(self, self._deep_embedding_lookup_arguments(inputs.get(self)), weight_collections, trainable)


def _check_checkpoint(path, tensor):
    if (path is None) != (tensor is None):
        raise ValueError("Must specify both `ckpt_to_load_from` and `tensor_name_in_ckpt` or none of them.")


@export(*column_names("embedding_column"))
def embedding_column(sparse_id_column, dimension, combiner="mean", initializer=None, ckpt_to_load_from=None,
                     tensor_name_in_ckpt=None, max_norm=None, trainable=True):  # fmt: skip
    """A column of vectors of the classes of another column.

    Args:
      sparse_id_column: the column of classes.
      dimension: the size of the vectors.
      combiner: how several vectors of an example are joined: "mean", "sqrtn" or "sum".
      initializer: their initializer; by default normal.
      ckpt_to_load_from, tensor_name_in_ckpt: a checkpoint and the name of a tensor there to begin with.
      max_norm: longer vectors are shortened to this length.
      trainable: whether they are trained.

    Raises:
      ValueError: the initializer is no function, or one of the two that belong together is missing.
    """
    return _EmbeddingColumn(sparse_id_column, dimension, combiner, initializer, ckpt_to_load_from, tensor_name_in_ckpt,
                            max_norm=max_norm, trainable=trainable)  # fmt: skip


@export(*column_names("shared_embedding_columns"))
def shared_embedding_columns(sparse_id_columns, dimension, combiner="mean", shared_embedding_name=None, initializer=None,
                             ckpt_to_load_from=None, tensor_name_in_ckpt=None, max_norm=None, trainable=True):  # fmt: skip
    """Columns of vectors of the classes of several columns, which share the vectors.

    Args:
      sparse_id_columns: the columns of classes, a list or tuple.
      shared_embedding_name: the name of the vectors' variable; by default made of the names of the columns.
      dimension, combiner, initializer, ckpt_to_load_from, tensor_name_in_ckpt, max_norm, trainable: as of `embedding_column`.

    Returns:
      A list of one column, or a tuple of several.

    Raises:
      ValueError: there are no columns, or they have not the same classes.
      TypeError: it is no sequence of such columns.
    """
    columns = sparse_id_columns
    if not isinstance(columns, collections.abc.Sequence) or isinstance(columns, str):
        raise TypeError(f"sparse_id_columns must be a non-string sequence (ex: list or tuple) instead of type {type(columns)}.")
    if len(columns) < 1:
        raise ValueError("The input sparse_id_columns should have at least one element.")
    for column in columns:
        if not isinstance(column, _SparseColumn | _WeightedSparseColumn):
            raise TypeError(f"Elements of sparse_id_columns must be _SparseColumn or _WeightedSparseColumn, but {column} is not.")
    rest = dict(max_norm=max_norm, trainable=trainable)
    first = (dimension, combiner, initializer, ckpt_to_load_from, tensor_name_in_ckpt)
    if len(columns) == 1:
        return [_EmbeddingColumn(columns[0], *first, shared_embedding_name, **rest)]
    weighted = isinstance(columns[0], _WeightedSparseColumn)
    if not all(columns[0].is_compatible(c) if weighted else c.is_compatible(columns[0]) for c in columns[1:]):
        raise ValueError("The input sparse id columns are not compatible.")
    shared_embedding_name = shared_embedding_name or _shared_name(columns)
    return tuple(_EmbeddingColumn(c, *first, shared_embedding_name, columns[0].length, **rest) for c in columns)


def _shared_name(columns):
    """A name for the vectors that columns share, whatever order they come in."""
    plain = sorted((c for c in columns if isinstance(c, _SparseColumn)), key=tuple)
    ordered = plain + sorted((c for c in columns if not isinstance(c, _SparseColumn)), key=lambda c: c.name)
    name = "_".join(c.name for c in ordered[:3])
    if len(ordered) > 3:
        name += f"_plus_{len(ordered) - 3}_others"
    return name + "_shared_embedding"


_SCATTERED_FIELDS = "column_name size dimension hash_key combiner initializer"


class _ScatteredEmbeddingColumn(OldColumn, DenseColumn, collections.namedtuple("_ScatteredEmbeddingColumn", _SCATTERED_FIELDS)):
    """Vectors whose elements are picked from one pool by hashes of the value and the place."""

    def __new__(cls, column_name, size, dimension, hash_key, combiner="sqrtn", initializer=None):
        if initializer is not None and not callable(initializer):
            raise ValueError(f"initializer must be callable if specified. column_name: {column_name}")
        initializer = initializer or tf.truncated_normal_initializer(mean=0.0, stddev=0.1)
        return super().__new__(cls, column_name, size, dimension, hash_key, combiner, initializer)

    name = property(lambda self: f"{self.column_name}_scattered_embedding")
    config = property(lambda self: {self.column_name: tf.VarLenFeature(dtypes.string)})
    key = property(lambda self: self.key_without("initializer"))
    variable_shape = property(lambda self: TensorShape([self.dimension]))

    def transform(self, inputs):
        return inputs.get(self.column_name)

    def _deep_embedding_lookup_arguments(self, transformed):
        return DeepLookup(
            transformed, None, self.size, self.initializer, self.combiner, self.dimension, None, self.hash_key, None, True
        )

    def dense_tensor(self, inputs, weight_collections=None, trainable=None):
        return looked_up(self, self._deep_embedding_lookup_arguments(inputs.get(self)), weight_collections, trainable)


@export(*column_names("scattered_embedding_column"))
def scattered_embedding_column(column_name, size, dimension, hash_key, combiner="mean", initializer=None):
    """A column of vectors whose elements are picked from one pool by hashes.

    Args:
      column_name: the name of the feature, strings.
      size: the size of the pool.
      dimension: the size of the vectors.
      hash_key: the key of the hashes.
      combiner: how several vectors of an example are joined: "mean", "sqrtn" or "sum".
      initializer: the initializer of the pool; by default normal.

    Raises:
      ValueError: a size is not positive, or the combiner none of these.
    """
    if dimension < 1 or size < 1:
        raise ValueError(f"Dimension and size must be greater than 0. dimension: {dimension}, size: {size}, column_name: "
                         f"{column_name}")  # fmt: skip
    if combiner not in ("mean", "sqrtn", "sum"):
        raise ValueError(f"Combiner must be one of 'mean', 'sqrtn' or 'sum'. combiner: {combiner}, column_name: {column_name}")
    return _ScatteredEmbeddingColumn(column_name, size, dimension, hash_key, combiner, initializer)


def looked_up(column, args, weight_collections, trainable, output_rank=2):
    """The vectors that a `DeepLookup` of a column says.

    Args:
      column: the column.
      args: the `DeepLookup`.
      weight_collections: where the variable is put.
      trainable: whether it may be trained.
      output_rank: the rank of the result.

    Raises:
      ValueError: columns that share vectors don't agree about them.
    """
    ids = inner_flatten(args.input_tensor, output_rank)
    weights = None if args.weight_tensor is None else inner_flatten(args.weight_tensor, output_rank)
    rest = dict(dtype=dtypes.float32, initializer=args.initializer, trainable=trainable and args.trainable,
                collections=weight_collections)  # fmt: skip
    if args.hash_key:
        pool = model_variable(name="weights", shape=[args.vocab_size], **rest)
        return scattered_embedding_lookup_sparse(
            pool, ids, args.dimension, hash_key=args.hash_key, combiner=args.combiner, name="lookup"
        )
    shape = [args.vocab_size, args.dimension]
    if args.shared_embedding_name is None:
        vectors = model_variable(name="weights", shape=shape, **rest)
    else:
        vectors = _shared_vectors(args.shared_embedding_name, shape, rest)
    vectors = parts_of(vectors)
    restore(column._checkpoint_path(), vectors)
    return safe_embedding_lookup_sparse(
        vectors, ids, sparse_weights=weights, combiner=args.combiner, name=column.name + "weights", max_norm=args.max_norm
    )


def _shared_vectors(name, shape, rest):
    """The variable with vectors that is in a collection of the graph, or put there now."""
    collection = "SHARED_EMBEDDING_COLLECTION_" + name.upper()
    known = get_default_graph().get_collection_ref(collection)
    if len(known) > 1:
        raise ValueError("Collection %s can only contain one (partitioned) variable." % collection)
    if not known:
        known.append(model_variable(name=name, shape=shape, **rest))
    elif known[0].get_shape() != shape:
        raise ValueError(
            f"The embedding variable with name {name} already exists, but its shape does not match required embedding "
            "shape here. Please "
            "make sure to use different shared_embedding_name for different shared embeddings."
        )
    return known[0]


def parts_of(variable):
    """A variable, or the parts of a partitioned one, as a list."""
    return [variable] if isinstance(variable, Variable) else variable._get_variable_list()


def restore(checkpoint, variables):
    """Lets variables, the parts of one, begin with a tensor of a checkpoint: a pair of path and name, or None."""
    if checkpoint is not None:
        path, name = checkpoint
        init_from_checkpoint(path, {name: variables[0] if len(variables) == 1 else variables})


# -------------------------------------------------------------------------------------------------------------- numbers


class _RealValuedVarLenColumn(
    OldColumn, collections.namedtuple("_RealValuedVarLenColumn", "column_name default_value dtype normalizer is_sparse")
):
    """Numbers, as many as an example has."""

    name = property(lambda self: self.column_name)
    key = property(lambda self: self.key_without("normalizer"))
    normalizer_fn = property(lambda self: self.normalizer)

    @property
    def config(self):
        if self.is_sparse:
            return {self.column_name: tf.VarLenFeature(self.dtype)}
        padded = tf.FixedLenSequenceFeature([], self.dtype, allow_missing=True, default_value=self.default_value)
        return {self.column_name: padded}

    def transform(self, inputs):
        values = inputs.get(self.name)
        if self.normalizer is not None and self.is_sparse:
            values = SparseTensor(values.indices, self.normalizer(values.values), values.dense_shape)
        elif self.normalizer is not None:
            values = self.normalizer(values)
        return tf.cast(values, dtypes.float32)

    def _to_dnn_input_layer(self, transformed, weight_collections=None, trainable=True, output_rank=2):
        return expanded(self._to_dense_tensor(transformed), output_rank, self.name)

    def _to_dense_tensor(self, transformed):
        if self.is_sparse:
            raise ValueError(f"Set is_sparse to False if you want a dense Tensor for column_name: {self.name}")
        return transformed


@export("contrib.layers.python.layers.feature_column._real_valued_var_len_column")
@experimental
def _real_valued_var_len_column(column_name, default_value=None, dtype=dtypes.float32, normalizer=None, is_sparse=False):
    """A column of numbers, as many as an example has.

    Args:
      column_name: the name of the feature.
      default_value: what shorter examples are filled up with, a number; needed unless `is_sparse`.
      dtype: the type of the feature.
      normalizer: None, or a function of the numbers to use.
      is_sparse: whether it is a sparse tensor, not a padded one.

    Raises:
      TypeError: the type is none of numbers.
      ValueError: the default value is missing, or a list.
    """
    if not (dtype.is_integer or dtype.is_floating):
        raise TypeError(f"dtype must be convertible to float. dtype: {dtype}, column_name: {column_name}")
    if default_value is None and not is_sparse:
        raise ValueError(
            f"default_value must be provided when is_sparse=False to parse a padded Tensor. column_name: {column_name}"
        )
    if isinstance(default_value, list):
        raise ValueError(f"Only scalar default value. default_value: {default_value}, column_name: {column_name}")
    if default_value is not None:
        default_value = int(default_value) if dtype.is_integer else float(default_value)
    return _RealValuedVarLenColumn(column_name, default_value, dtype, normalizer, is_sparse)


class _RealValuedColumn(
    OldColumn, DenseColumn, collections.namedtuple("_RealValuedColumn", "column_name dimension default_value dtype normalizer")
):
    """A vector of numbers."""

    def __new__(cls, column_name, dimension, default_value, dtype, normalizer):
        default_value = default_value if default_value is None else tuple(default_value)
        return super().__new__(cls, column_name, dimension, default_value, dtype, normalizer)

    name = property(lambda self: self.column_name)
    key = property(lambda self: self.key_without("normalizer"))
    normalizer_fn = property(lambda self: self.normalizer)
    variable_shape = property(lambda self: TensorShape([self.dimension]))

    @property
    def config(self):
        default = self.default_value if self.default_value is None else list(self.default_value)
        return {self.column_name: tf.FixedLenFeature([self.dimension], self.dtype, default)}

    def transform(self, inputs):
        values = inputs.get(self.name)
        return tf.cast(values if self.normalizer is None else self.normalizer(values), dtypes.float32)

    def _to_dnn_input_layer(self, transformed, weight_collections=None, trainable=True, output_rank=2):
        if transformed.dtype != dtypes.float32:
            transformed = tf.cast(transformed, dtypes.float32)
        return expanded(transformed, output_rank, self.name)

    def _to_dense_tensor(self, transformed):
        return transformed


def _all(values, kinds):
    return all(isinstance(v, kinds) for v in values)


def _default(value, dimension, dtype):
    """A default value as a list of numbers of a type, or None if it doesn't fit."""
    values = value if isinstance(value, list) else [value] * dimension
    if dtype.is_floating and _all(values, (int, float)):
        return [float(v) for v in values]
    return list(values) if dtype.is_integer and _all(values, int) else None


@export(*column_names("real_valued_column"))
def real_valued_column(column_name, dimension=1, default_value=None, dtype=dtypes.float32, normalizer=None):
    """A column of numbers.

    Args:
      column_name: the name of the feature.
      dimension: how many numbers an example has.
      default_value: None, or what examples have that lack them: a number, or a list of as many.
      dtype: the type of the feature.
      normalizer: None, or a function of the numbers to use.

    Raises:
      TypeError: `dimension` is no int, or the default value is not of the type.
      ValueError: there is no number, the type is none of numbers, or the default value has another length.
    """
    if dimension is None:
        raise TypeError("dimension must be an integer. Use the _real_valued_var_len_column for variable length features."
                        f"dimension: {dimension}, column_name: {column_name}")  # fmt: skip
    if not isinstance(dimension, int):
        raise TypeError(f"dimension must be an integer. dimension: {dimension}, column_name: {column_name}")
    if dimension < 1:
        raise ValueError(f"dimension must be greater than 0. dimension: {dimension}, column_name: {column_name}")
    if not (dtype.is_integer or dtype.is_floating):
        raise ValueError(f"dtype must be convertible to float. dtype: {dtype}, column_name: {column_name}")
    if isinstance(default_value, list) and len(default_value) != dimension:
        raise ValueError(f"The length of default_value must be equal to dimension. default_value: {default_value}, "
                         f"dimension: {dimension}, column_name: {column_name}"
                         )  # fmt: skip
    default = None
    if default_value is not None:
        default = _default(default_value, dimension, dtype)
        if default is None:
            raise TypeError(f"default_value must be compatible with dtype. default_value: {default_value}, dtype: "
                            f"{dtype}, column_name: {column_name}")  # fmt: skip
    return _RealValuedColumn(column_name, dimension, default, dtype, normalizer)


class _BucketizedColumn(_Classes, DenseColumn, collections.namedtuple("_BucketizedColumn", "source_column boundaries")):
    """The buckets that numbers lie in."""

    def __new__(cls, source_column, boundaries):
        if not isinstance(source_column, _RealValuedColumn):
            raise TypeError(f"source_column must be an instance of _RealValuedColumn. source_column: {source_column}")
        if source_column.dimension is None:
            raise ValueError(f"source_column must have a defined dimension. source_column: {source_column}")
        if not isinstance(boundaries, list | tuple) or not boundaries:
            raise ValueError(f"boundaries must be a non-empty list or tuple. boundaries: {boundaries}")
        if any(a > b for a, b in zip(boundaries, boundaries[1:])):
            raise ValueError(f"boundaries must be a sorted list. boundaries: {boundaries}")
        different = [a for a, b in zip(boundaries, boundaries[1:]) if a != b] + [boundaries[-1]]
        return super().__new__(cls, source_column, tuple(different))

    name = property(lambda self: f"{self.source_column.name}_bucketized")
    length = property(lambda self: len(self.boundaries) + 1)
    config = property(lambda self: self.source_column.config)
    num_buckets = property(lambda self: self.length * self.source_column.dimension)
    variable_shape = property(lambda self: TensorShape([self.num_buckets]))

    def transform(self, inputs):
        return bucketize(inputs.get(self.source_column), boundaries=list(self.boundaries), name="bucketize")

    def _to_dnn_input_layer(self, transformed, weight_collections=None, trainable=True, output_rank=2):
        if output_rank != 2:
            raise ValueError("BucketizedColumn currently only supports output_rank=2")
        indicators = tf.one_hot(tf.cast(transformed, dtypes.int64), self.length, 1.0, 0.0, name="one_hot")
        return tf.reshape(indicators, [-1, self.num_buckets], name="reshape")

    def to_sparse_tensor(self, input_tensor):
        """The buckets as classes: each number of an example has buckets of its own."""
        size = self.source_column.dimension
        count = tf.shape(input_tensor, name="shape")[0]
        if size > 1:
            rows = tf.expand_dims(tf.range(0, count), 1, name="expand_dims")
            rows = tf.reshape(tf.tile(rows, [1, size], name="tile"), [-1], name="reshape")
            places = tf.tile(tf.range(0, size), [count], name="tile")
            classes = tf.reshape(input_tensor, [-1], name="reshape") + self.length * places
        else:
            rows = tf.range(0, count)
            places = tf.zeros([count], dtype=dtypes.int32, name="zeros")
            classes = tf.reshape(input_tensor, [-1], name="reshape")
        indices = tf.cast(tf.transpose(tf.stack((rows, places))), dtypes.int64)
        return SparseTensor(indices, classes, tf.cast(tf.stack([count, size]), dtypes.int64))

    def id_tensor(self, transformed):
        return self.to_sparse_tensor(transformed)

    def _wide_embedding_lookup_arguments(self, transformed):
        return LinearLookup(self.to_sparse_tensor(transformed), None, self.num_buckets, zeros(), "sum")

    def dense_tensor(self, inputs, weight_collections=None, trainable=None):
        return self._to_dnn_input_layer(inputs.get(self))


@export(*column_names("bucketized_column"))
def bucketized_column(source_column, boundaries):
    """A column of the buckets that the numbers of another column lie in.

    Args:
      source_column: a `real_valued_column`.
      boundaries: the numbers between the buckets, a sorted list or tuple.

    Raises:
      TypeError: it is another column.
      ValueError: there are no boundaries, or they are not sorted.
    """
    return _BucketizedColumn(source_column, boundaries)


# --------------------------------------------------------------------------------------------------------------- crosses

_CROSSED_FIELDS = "columns hash_bucket_size hash_key combiner ckpt_to_load_from tensor_name_in_ckpt"


class _CrossedColumn(_Classes, collections.namedtuple("_CrossedColumn", _CROSSED_FIELDS)):
    """All combinations of the classes of several columns, hashed."""

    def __new__(cls, columns, hash_bucket_size, hash_key, combiner="sum", ckpt_to_load_from=None, tensor_name_in_ckpt=None):
        for column in columns:
            if not isinstance(column, _SparseColumn | _CrossedColumn | _BucketizedColumn):
                raise TypeError("columns must be a set of _SparseColumn, _CrossedColumn, or _BucketizedColumn instances. "
                                f"(column {column} is a {column.__class__.__name__})")  # fmt: skip
        if len(columns) < 2:
            raise ValueError(f"columns must contain at least 2 elements. columns: {columns}")
        if hash_bucket_size < 2:
            raise ValueError(f"hash_bucket_size must be at least 2. hash_bucket_size: {hash_bucket_size}")
        _check_checkpoint(ckpt_to_load_from, tensor_name_in_ckpt)
        ordered = tuple(sorted(columns, key=lambda column: column.name))
        return super().__new__(cls, ordered, hash_bucket_size, hash_key, combiner, ckpt_to_load_from, tensor_name_in_ckpt)

    name = property(lambda self: "_X_".join(sorted(column.name for column in self.columns)))
    length = property(lambda self: self.hash_bucket_size)
    config = property(lambda self: {k: v for column in self.columns for k, v in feature_config(column).items()})

    def _leaves(self):
        for column in self.columns:
            if isinstance(column, _CrossedColumn):
                yield from column._leaves()
            else:
                yield column

    def transform(self, inputs):
        features = []
        for column in self._leaves():
            if isinstance(column, _SparseColumn):
                features.append(inputs.get(column.name))
            else:
                features.append(column.to_sparse_tensor(inputs.get(column)))
        return tf.contrib.slim.sparse_feature_cross(
            features, hashed_output=True, num_buckets=self.hash_bucket_size, hash_key=self.hash_key, name="cross"
        )

    def _to_dnn_input_layer(self, transformed, weight_collections=None, trainable=True, output_rank=2):
        raise ValueError(f"CrossedColumn is not supported in DNN. Please use embedding_column. column: {self}")

    def _checkpoint_path(self):
        return None if self.ckpt_to_load_from is None else (self.ckpt_to_load_from, self.tensor_name_in_ckpt)

    def _wide_embedding_lookup_arguments(self, transformed):
        return LinearLookup(transformed, None, self.length, zeros(), self.combiner)

    def sparse_tensors(self, inputs):
        return IdWeightPair(inputs.get(self), None)


@export(*column_names("crossed_column"))
def crossed_column(columns, hash_bucket_size, combiner="sum", ckpt_to_load_from=None, tensor_name_in_ckpt=None, hash_key=None):
    """A column of all combinations of the classes of several columns, hashed.

    Args:
      columns: columns of classes, buckets or crosses.
      hash_bucket_size: how many classes there are.
      combiner: how linear models join several classes of an example: "sum", "mean" or "sqrtn".
      ckpt_to_load_from, tensor_name_in_ckpt: a checkpoint and the name of a tensor there to begin with.
      hash_key: the key of the hashes; without one they are made in an older way.

    Raises:
      TypeError: a column is another one.
      ValueError: there are not two columns and two classes at least, or one of the two that belong together is missing.
    """
    return _CrossedColumn(columns, hash_bucket_size, hash_key, combiner, ckpt_to_load_from, tensor_name_in_ckpt)
