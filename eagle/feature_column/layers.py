"""`DenseFeatures` and `SequenceFeatures`: columns as layers of Keras."""

from ..core.dtypes import DType, as_dtype
from ..core.export import export, public as tf
from ..core.scopes import control_dependencies, name_scope
from ..keras import initializers
from ..keras.engine.base_layer import Layer
from ..keras.utils.serialization import deserialize, serialize_keras_object
from ..variables.scope import get_variable, variable_scope
from .base import Builder, DenseColumn, FeatureColumn, check_batch_sizes, checked_columns
from .categorical import (
    CrossedColumn,
    HashedCategoricalColumn,
    IdentityCategoricalColumn,
    VocabularyFileCategoricalColumn,
    VocabularyListCategoricalColumn,
    WeightedCategoricalColumn,
)
from .embedding import Embedding, EmbeddingColumn, IndicatorColumn
from .numeric import BucketizedColumn, NumericColumn
from .sequence import SequenceCategoricalColumn, SequenceNumericColumn, sequence_length

_KINDS = {
    kind.__name__: kind
    for kind in (
        BucketizedColumn, CrossedColumn, EmbeddingColumn, HashedCategoricalColumn, IdentityCategoricalColumn, IndicatorColumn,
        NumericColumn, SequenceCategoricalColumn, SequenceNumericColumn, VocabularyFileCategoricalColumn,
        VocabularyListCategoricalColumn, WeightedCategoricalColumn,
    )
}  # fmt: skip


def _config_of(value, name):
    """A field of a column as JSON can hold it."""
    if isinstance(value, FeatureColumn):
        return {"class_name": type(value).__name__, "config": {f: _config_of(getattr(value, f), f) for f in value._fields}}
    if isinstance(value, DType):
        return value.name
    if name == "keys":
        return tuple(_config_of(v, "key") for v in value)
    return serialize_keras_object(value) if name in ("initializer", "normalizer_fn") else value


def _from_config(config, name, custom_objects):
    """A field of a column."""
    if isinstance(config, dict) and config.get("class_name") in _KINDS:
        kind = _KINDS[config["class_name"]]
        return kind(*(_from_config(config["config"][f], f, custom_objects) for f in kind._fields))
    if name == "dtype":
        return as_dtype(config)
    if name == "initializer":
        return initializers.deserialize(config, custom_objects)
    if name == "normalizer_fn":
        return deserialize(config, lambda _: None, custom_objects, "normalizer_fn")
    if isinstance(config, list):
        return tuple(_from_config(c, "", custom_objects) for c in config)
    return config


class _Features(Layer):
    """What both have in common: the columns, in the order of their names, and the vectors of classes as variables."""

    _is_feature_layer = True

    def __init__(self, feature_columns, trainable=True, name=None, **kwargs):
        super().__init__(name=name, trainable=trainable, **kwargs)
        self._feature_columns = sorted(checked_columns(feature_columns), key=lambda c: c.name)
        self._column_weights = {}
        for column in self._feature_columns:
            self._check(column)

    def build(self, input_shape):
        for column in self._feature_columns:
            if isinstance(column, Embedding):
                with variable_scope(self.name, auxiliary_name_scope=False):
                    with variable_scope(column.name, auxiliary_name_scope=False):
                        self._column_weights[column] = self.add_weight(
                            "embedding_weights", shape=(column.categorical_column.num_buckets, column.dimension),
                            dtype="float32", initializer=column.initializer, trainable=self.trainable and column.trainable,
                            use_resource=True, getter=get_variable,
                        )  # fmt: skip
        self.built = True

    def _builder(self, features):
        if not isinstance(features, dict):
            raise ValueError("We expected a dictionary here. Instead we got: ", features)
        return Builder(features, self._column_weights)

    def _reshaped(self, column, tensor):
        return tf.reshape(tensor, self._target_shape(tf.shape(tensor), column.variable_shape.num_elements()))

    def _joined(self, tensors):
        check_batch_sizes(tensors, self._feature_columns)
        return tf.concat(tensors, -1)

    def compute_output_shape(self, input_shape):
        return self._target_shape(input_shape, sum(c.variable_shape.num_elements() for c in self._feature_columns))

    def get_config(self):
        return {**super().get_config(), "feature_columns": [_config_of(c, "") for c in self._feature_columns]}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        columns = [_from_config(c, "", custom_objects) for c in config["feature_columns"]]
        return cls(**{**config, "feature_columns": columns})


def _refuse_sequences(column):
    inner = getattr(column, "categorical_column", None)
    if isinstance(inner, SequenceCategoricalColumn):
        what = "embedding_column" if isinstance(column, Embedding) else "indicator_column"
        raise ValueError(
            f"In {what}: {column.name}. categorical_column must not be of type SequenceCategoricalColumn. Suggested fix A: If you "
            "wish to use DenseFeatures, use a non-sequence categorical_column_with_*. Suggested fix B: If you wish to create "
            f"sequence input, use SequenceFeatures instead of DenseFeatures. Given (type {type(inner)}): {inner}"
        )


@export("keras.layers.DenseFeatures", "python.feature_column.dense_features.DenseFeatures")
class DenseFeatures(_Features):
    """The tensors of columns side by side, as a layer.

    Args:
      feature_columns: the columns, all dense.
      trainable: whether variables are trained.
      name, **kwargs: as of `Layer`.

    Raises:
      ValueError: a column is not dense.
    """

    def _check(self, column):
        if not isinstance(column, DenseColumn):
            raise ValueError(
                f"Items of feature_columns must be a {DenseColumn}. You can wrap a categorical column with an embedding_column or "
                f"indicator_column. Given: {column}"
            )

    def _target_shape(self, input_shape, total_elements):
        return (input_shape[0], total_elements)

    def call(self, features, cols_to_output_tensors=None):
        """The tensor, of shape [batch, numbers].

        Args:
          features: a dictionary from names to tensors.
          cols_to_output_tensors: a dictionary that gets the tensors of the columns.

        Raises:
          ValueError: the features are no dictionary, or a column is one of sequences.
        """
        builder, found = self._builder(features), []
        for column in self._feature_columns:
            _refuse_sequences(column)
            with name_scope(column.name):
                found.append(self._reshaped(column, column.dense_tensor(builder)))
            if cols_to_output_tensors is not None:
                cols_to_output_tensors[column] = found[-1]
        return self._joined(found)


def _all_equal(tensors):
    """One of several tensors, once it is known that they are equal."""
    with name_scope(None, "assert_all_equal", values=tensors):
        if len(tensors) == 1:
            return tensors[0]
        with control_dependencies([tf.debugging.assert_equal(tensors[0], t) for t in tensors[1:]]):
            return tf.identity(tensors[0])


@export("keras.experimental.SequenceFeatures", "python.feature_column.sequence_feature_column.SequenceFeatures")
class SequenceFeatures(_Features):
    """The tensors of columns of sequences side by side, as a layer.

    Args:
      feature_columns: the columns: `sequence_numeric_column`, or `embedding_column` and `indicator_column` of
        `sequence_categorical_column_with_*`.
      trainable: whether variables are trained.
      name, **kwargs: as of `Layer`.

    Raises:
      ValueError: a column is another one.
    """

    def _check(self, column):
        if not isinstance(column, SequenceNumericColumn | Embedding | IndicatorColumn):
            raise ValueError(
                f"Items of feature_columns must be a {SequenceNumericColumn}. You can wrap a categorical column with an "
                f"embedding_column or indicator_column. Given: {column}"
            )

    def _target_shape(self, input_shape, total_elements):
        return (input_shape[0], input_shape[1], total_elements)

    def call(self, features):
        """The tensor, of shape [batch, time, numbers], and how many steps each example has.

        Args:
          features: a dictionary from names to tensors.

        Raises:
          ValueError: the features are no dictionary, or a column is none of sequences.
        """
        builder, found, lengths = self._builder(features), [], []
        for column in self._feature_columns:
            with name_scope(column.name):
                tensor, length = _sequence_tensor(column, builder)
                found.append(self._reshaped(column, tensor))
            lengths.append(length)
        check_batch_sizes(lengths, self._feature_columns)
        return self._joined(found), _all_equal(lengths)


def _sequence_tensor(column, builder):
    if isinstance(column, SequenceNumericColumn):
        return column.sequence_tensor(builder)
    inner = column.categorical_column
    if not isinstance(inner, SequenceCategoricalColumn):
        what = "embedding_column" if isinstance(column, Embedding) else "indicator_column"
        raise ValueError(
            f"In {what}: {column.name}. categorical_column must be of type SequenceCategoricalColumn to use SequenceFeatures. "
            f"Suggested fix: Use one of sequence_categorical_column_with_*. Given (type {type(inner)}): {inner}"
        )
    return column.dense_tensor(builder), sequence_length(inner.sparse_tensors(builder).id_tensor)
