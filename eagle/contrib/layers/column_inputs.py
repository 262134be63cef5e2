"""What models take of feature columns: `tf.contrib.layers.input_from_feature_columns` and its kin."""

import functools

from ...core import dtypes, nest
from ...core.collections import GraphKeys
from ...core.export import export, public as tf
from ...core.sparse_tensor import SparseTensor
from ...platform import tf_logging as logging
from ...platform.deprecation import experimental
from ...variables.base import Variable
from ...variables.scope import variable_scope
from .dense_columns import (
    _BucketizedColumn,
    _CrossedColumn,
    _EmbeddingColumn,
    _OneHotColumn,
    _RealValuedColumn,
    _RealValuedVarLenColumn,
    _ScatteredEmbeddingColumn,
    looked_up,
    parts_of,
    real_valued_column,
    restore,
)
from .encoding import safe_embedding_lookup_sparse
from .shaping import _inner_flatten as inner_flatten
from .sparse_columns import _WeightedSparseColumn, create_feature_spec_for_parsing, sequence_feature_spec, zeros
from .utilities import model_variable, names


def _names(name):
    return names(name, "feature_column_ops")


@export("contrib.layers.python.layers.feature_column_ops._Transformer")
class Transformer:
    """Makes of features what columns say, each only once.

    Args:
      columns_to_tensors: a dict with the features, to which the results are added.
    """

    def __init__(self, columns_to_tensors):
        self._columns_to_tensors = columns_to_tensors

    def transform(self, feature_column):
        """What a column makes of the features; raises ValueError if it makes nothing."""
        logging.debug("Transforming feature_column %s", feature_column)
        if feature_column not in self._columns_to_tensors:
            feature_column.insert_transformed_feature(self._columns_to_tensors)
        if feature_column not in self._columns_to_tensors:
            raise ValueError(f"Column {feature_column.name} is not supported.")
        return self._columns_to_tensors[feature_column]


@export("contrib.layers.check_feature_columns", "contrib.layers.python.layers.feature_column_ops.check_feature_columns")
def check_feature_columns(feature_columns):
    """Raises ValueError if columns come in a dict, or if two of them have the same key."""
    if isinstance(feature_columns, dict):
        raise ValueError("Expected feature_columns to be iterable, found dict.")
    seen = set()
    for column in feature_columns:
        key = column.key
        if key in seen:
            raise ValueError(f"Duplicate feature column key found for column: {column.name}. This usually means that the "
                             "column is almost identical "
                             "to another column, and one must be discarded.")  # fmt: skip
        seen.add(key)


def _sorted(feature_columns):
    return sorted(set(feature_columns), key=lambda column: column.key)


# ---------------------------------------------------------------------------------------------------------- input of layers


def _reshaped(tensor, column_name, output_rank):
    """A tensor, dense or sparse, with a certain rank: with one more dimension, or with the last ones made one."""
    rank = tensor.get_shape().ndims
    if rank is None and isinstance(tensor, SparseTensor):
        rank = tensor.dense_shape.get_shape().as_list()[0]
    if rank is None:
        raise ValueError(f"Error while processing column {column_name}. Rank of input Tensor can not be None.")
    if output_rank > rank + 1:
        raise ValueError(f"Error while processing column {column_name}. Rank of input Tensor ({rank}) should be the same "
                         f"as output_rank ({output_rank}). For "
                         "example, sequence data should typically be 3 dimensional (rank 3) while non-sequence data is typically 2 "
                         "dimensional (rank 2).")  # fmt: skip
    if output_rank < rank:
        return inner_flatten(tensor, output_rank)
    if output_rank == rank:
        return tensor
    if isinstance(tensor, SparseTensor):
        return tf.sparse_reshape(tensor, tf.concat([tensor.dense_shape, [1]], 0))
    reshaped = tf.expand_dims(tensor, -1)
    if tensor.get_shape().dims is not None:
        reshaped.set_shape(tensor.get_shape().as_list() + [1])
    return reshaped


def _layer_input(column, transformed, weight_collections, trainable, output_rank):
    """What layers take of one column."""
    try:
        args = column._deep_embedding_lookup_arguments(transformed)
        return looked_up(column, args, weight_collections, trainable, output_rank=output_rank)
    except NotImplementedError as no_lookup:
        try:
            return column._to_dnn_input_layer(transformed, weight_collections, trainable, output_rank=output_rank)
        except ValueError as error:
            raise ValueError(f"Error creating input layer for column: {column.name}.\n{error}, {no_lookup}") from error


def _with_globals(collections):
    """The collections of a variable: that of all variables, too, if there are others."""
    return list({*collections, GraphKeys.GLOBAL_VARIABLES}) if collections else collections


def _input(columns_to_tensors, feature_columns, weight_collections, trainable, scope, output_rank, default_name,
           cols_to_outs=None):  # fmt: skip
    columns_to_tensors = columns_to_tensors.copy()
    check_feature_columns(feature_columns)
    if cols_to_outs is not None and not isinstance(cols_to_outs, dict):
        raise ValueError("cols_to_outs must be a dict unless None")
    with variable_scope(scope, default_name=default_name, values=columns_to_tensors.values()):
        outputs, transformer = [], Transformer(columns_to_tensors)
        weight_collections = _with_globals(weight_collections)
        for column in _sorted(feature_columns):
            with variable_scope(None, default_name=column.name, values=columns_to_tensors.values()):
                transformed = transformer.transform(column)
                if output_rank == 3:
                    reshape = functools.partial(_reshaped, column_name=column.name, output_rank=output_rank)
                    transformed = nest.map_structure(reshape, transformed)
                outputs.append(_layer_input(column, transformed, weight_collections, trainable, output_rank))
                if cols_to_outs is not None:
                    cols_to_outs[column] = outputs[-1]
        return tf.concat(outputs, output_rank - 1)


@export(*_names("input_from_feature_columns"))
def input_from_feature_columns(columns_to_tensors, feature_columns, weight_collections=None, trainable=True, scope=None,
                               cols_to_outs=None):  # fmt: skip
    """The features of columns side by side, as layers take them.

    Args:
      columns_to_tensors: a dict from names of features, or columns, to tensors.
      feature_columns: the columns.
      weight_collections: names of collections for the variables.
      trainable: whether variables are trained.
      scope: the variable scope.
      cols_to_outs: None, or a dict to which the tensor of each column is added.

    Returns:
      A matrix with a row for each example.

    Raises:
      ValueError: layers can't take a column.
    """
    return _input(columns_to_tensors, feature_columns, weight_collections, trainable, scope, 2, "input_from_feature_columns",
                  cols_to_outs)  # fmt: skip


@export(*_names("sequence_input_from_feature_columns"))
@experimental
def sequence_input_from_feature_columns(columns_to_tensors, feature_columns, weight_collections=None, trainable=True, scope=None):
    """The features of columns of sequences side by side: `[batch, time, ...]`.

    Args:
      columns_to_tensors, feature_columns, weight_collections, trainable, scope: as of `input_from_feature_columns`.

    Raises:
      ValueError: a column is of no kind that sequences can have.
    """
    for column in feature_columns:
        if not isinstance(column, _OneHotColumn | _EmbeddingColumn | _RealValuedColumn | _RealValuedVarLenColumn):
            raise ValueError(f"FeatureColumn type {type(column).__name__} is not currently supported for sequence data.")
    for column in _with_sources(feature_columns):
        if isinstance(column, _ScatteredEmbeddingColumn | _BucketizedColumn | _CrossedColumn):
            raise ValueError(f"Column {column.name} is of type {type(column).__name__}, which is not currently supported "
                             "for sequences.")  # fmt: skip
    return _input(
        columns_to_tensors, feature_columns, weight_collections, trainable, scope, 3, "sequence_input_from_feature_columns"
    )


def _with_sources(feature_columns):
    """Columns and those that they are made of."""
    for column in feature_columns:
        yield column
        if isinstance(column, _WeightedSparseColumn | _OneHotColumn | _EmbeddingColumn):
            yield from _with_sources([column.sparse_id_column])
        elif isinstance(column, _BucketizedColumn):
            yield column.source_column
        elif isinstance(column, _CrossedColumn):
            yield from _with_sources(column.columns)


# ------------------------------------------------------------------------------------------------------------- linear models


def _lookup(lookup, default_scope, weights_name, num_outputs, trainable, weight_collections, values):
    """The sums of weights that a `LinearLookup` says, and the parts of their variable."""
    with variable_scope(None, default_name=default_scope, values=values):
        weights = model_variable(
            name="weights", shape=[lookup.vocab_size, num_outputs], dtype=dtypes.float32, initializer=lookup.initializer,
            trainable=trainable, collections=weight_collections)  # fmt: skip
        parts = parts_of(weights)
        return parts, safe_embedding_lookup_sparse(
            parts, lookup.input_tensor, sparse_weights=lookup.weight_tensor, combiner=lookup.combiner, name=weights_name
        )


def _products(column, transformed, num_outputs, trainable, weight_collections, values):
    """The products of a dense column with its weights, and their variable in a list."""
    with variable_scope(None, default_name=column.name, values=values):
        tensor = _reshaped(column._to_dense_tensor(transformed), column.name, output_rank=2)
        weights = model_variable(
            name="weight", shape=[tensor.get_shape()[1], num_outputs], initializer=zeros(), trainable=trainable,
            collections=weight_collections)  # fmt: skip
        return [weights], tf.matmul(tensor, weights, name="matmul")


def _biased(sums, num_outputs, trainable, weight_collections):
    bias = model_variable("bias_weight", shape=[num_outputs], initializer=zeros(), trainable=trainable,
                          collections=_with_globals(weight_collections))  # fmt: skip
    _log(bias)
    return tf.nn.bias_add(sums, bias), bias


def _log(variable):
    if isinstance(variable, Variable):
        logging.info("Created variable %s, with device=%s", variable.name, variable.device)


@export(*_names("weighted_sum_from_feature_columns"))
def weighted_sum_from_feature_columns(columns_to_tensors, feature_columns, num_outputs, weight_collections=None, trainable=True,
                                      scope=None):  # fmt: skip
    """A linear model of columns.

    Args:
      columns_to_tensors: a dict from names of features, or columns, to tensors.
      feature_columns: the columns.
      num_outputs: how many numbers it gives for an example.
      weight_collections: names of collections for the variables.
      trainable: whether variables are trained.
      scope: the variable scope.

    Returns:
      Its results, a matrix; a dict from each column to a list with its variable or the parts of it; the variable added to all.

    Raises:
      ValueError: a linear model can't take a column.
    """
    columns_to_tensors = columns_to_tensors.copy()
    check_feature_columns(feature_columns)
    values = columns_to_tensors.values()
    with variable_scope(scope, default_name="weighted_sum_from_feature_columns", values=values):
        outputs, variables, transformer = [], {}, Transformer(columns_to_tensors)
        rest = (num_outputs, trainable, weight_collections, values)
        for column in _sorted(feature_columns):
            transformed = transformer.transform(column)
            try:
                lookup = column._wide_embedding_lookup_arguments(transformed)
                weights, sums = _lookup(lookup, column.name, column.name + "_weights", *rest)
            except NotImplementedError:
                weights, sums = _products(column, transformed, *rest)
            except ValueError as error:
                raise ValueError(f"Error creating weighted sum for column: {column.name}.\n{error}") from error
            outputs.append(tf.reshape(sums, shape=(-1, num_outputs)))
            variables[column] = weights
            for part in weights:
                _log(part)
            restore(column._checkpoint_path(), weights)
        predictions, bias = _biased(tf.add_n(outputs), num_outputs, trainable, weight_collections)
        return predictions, variables, bias


@export(*_names("joint_weighted_sum_from_feature_columns"))
def joint_weighted_sum_from_feature_columns(columns_to_tensors, feature_columns, num_outputs, weight_collections=None,
                                            trainable=True, scope=None):  # fmt: skip
    """A linear model of columns of classes, with all weights in one variable.

    Args:
      columns_to_tensors, feature_columns, num_outputs, weight_collections, trainable, scope: as of
        `weighted_sum_from_feature_columns`.

    Returns:
      Its results, a matrix; a list with the variable of the weights or the parts of it; the variable added to all.

    Raises:
      NotImplementedError: a column is one of numbers.
    """
    columns_to_tensors = columns_to_tensors.copy()
    check_feature_columns(feature_columns)
    values = columns_to_tensors.values()
    with variable_scope(scope, default_name="joint_weighted_sum_from_feature_columns", values=values):
        lookups, transformer = [], Transformer(columns_to_tensors)
        for column in _sorted(feature_columns):
            transformed = transformer.transform(column)
            try:
                lookups.append(column._wide_embedding_lookup_arguments(transformed))
            except NotImplementedError:
                raise NotImplementedError("Real-valued columns are not supported. Use weighted_sum_from_feature_columns "
                                          "instead, or "
                                          "bucketize these columns.") from None  # fmt: skip
        lookup = _joined(lookups)
        weights, sums = _lookup(lookup, "linear_weights", "_weights", num_outputs, trainable, weight_collections, values)
        predictions, bias = _biased(sums, num_outputs, trainable, weight_collections)
        return predictions, weights, bias


def _joined(lookups):
    """One `LinearLookup` for several: the classes of each follow those of the one before."""
    for lookup in lookups:
        assert lookup.weight_tensor is None, (
            "Joint sums for weighted sparse columns are not supported. Please use weighted_sum_from_feature_columns instead."
        )
        assert lookup.combiner == "sum", (
            "Combiners other than sum are not supported for joint sums. Please use weighted_sum_from_feature_columns instead."
        )
    assert len(lookups) >= 1, "At least one column must be in the model."
    size, ids = 0, []
    for lookup in lookups:
        found = lookup.input_tensor
        ids.append(SparseTensor(found.indices, found.values + size, found.dense_shape))
        size += lookup.vocab_size
    return lookups[0]._replace(input_tensor=tf.sparse_concat(1, ids), vocab_size=size, initializer=zeros())


# ---------------------------------------------------------------------------------------------------------------- features


@export(*_names("parse_feature_columns_from_examples"))
def parse_feature_columns_from_examples(serialized, feature_columns, name=None, example_names=None):
    """Parses `tf.Example`s and makes of them what columns say.

    Args:
      serialized: a vector of serialized examples.
      feature_columns: the columns.
      name: the name of the op.
      example_names: a vector with names of the examples for messages, or None.

    Returns:
      A dict with the features under their names and what was made of them under the columns.
    """
    check_feature_columns(feature_columns)
    spec = create_feature_spec_for_parsing(feature_columns)
    columns_to_tensors = tf.parse_example(serialized=serialized, features=spec, name=name, example_names=example_names)
    transformer = Transformer(columns_to_tensors)
    for column in _sorted(feature_columns):
        transformer.transform(column)
    return columns_to_tensors


@export(*_names("transform_features"))
def transform_features(features, feature_columns):
    """What columns make of features: a dict from columns to tensors.

    Args:
      features: a dict from names of features to tensors.
      feature_columns: the columns.
    """
    columns_to_tensors = features.copy()
    check_feature_columns(feature_columns)
    transformer = Transformer(columns_to_tensors)
    for column in _sorted(feature_columns):
        transformer.transform(column)
    return {k: v for k, v in columns_to_tensors.items() if k in feature_columns}


@export(*_names("parse_feature_columns_from_sequence_examples"))
def parse_feature_columns_from_sequence_examples(serialized, context_feature_columns, sequence_feature_columns, name=None,
                                                 example_name=None):  # fmt: skip
    """Parses one `tf.SequenceExample`.

    Args:
      serialized: a scalar string, a serialized example.
      context_feature_columns, sequence_feature_columns: the columns of what the whole has and of what each step has, or None.
      name: the name of the op.
      example_name: a name of the example for messages, or None.

    Returns:
      A pair of dicts from names of features to tensors.

    Raises:
      ValueError: there is more than one example.
    """
    try:
        serialized = tf.reshape(serialized, [])
    except ValueError as error:
        raise ValueError("serialized must contain as single sequence example. Batching must be done after parsing for sequence "
                         f"examples. Error: {error}") from error  # fmt: skip
    context, sequence = context_feature_columns or [], sequence_feature_columns or []
    check_feature_columns(context)
    context = create_feature_spec_for_parsing(context)
    check_feature_columns(sequence)
    sequence = sequence_feature_spec(sequence, allow_missing_by_default=False)
    return tf.parse_single_sequence_example(serialized, context, sequence, example_name, name)


def _real_valued(name, tensor):
    if isinstance(tensor, SparseTensor):
        raise ValueError("SparseTensor is not supported for auto detection. Please define corresponding FeatureColumn "
                         "for tensor {} {}.",
                         name, tensor)  # fmt: skip
    if not (tensor.dtype.is_integer or tensor.dtype.is_floating):
        raise ValueError("Non integer or non floating types are not supported for auto detection. Please define corresponding "
                         "FeatureColumn for tensor {} {}.", name, tensor)  # fmt: skip
    size = 1
    for n in tensor.get_shape().as_list()[1:]:
        size *= n
    return real_valued_column(name, dimension=size, dtype=tensor.dtype)


@export(*_names("infer_real_valued_columns"))
def infer_real_valued_columns(features):
    """Columns of numbers for features.

    Args:
      features: a dict from names to tensors, or one tensor.

    Returns:
      A list of `real_valued_column`s; that of a single tensor is called "".

    Raises:
      ValueError: a feature is sparse, or not of numbers.
    """
    if not isinstance(features, dict):
        return [_real_valued("", features)]
    return [_real_valued(name, tensor) for name, tensor in features.items()]
