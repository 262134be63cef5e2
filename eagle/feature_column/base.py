"""What feature columns are, and the cache of what they make of features."""

import abc
import collections

from ..core import dtypes
from ..core.export import export, public as tf
from ..core.scopes import control_dependencies, name_scope
from ..core.sparse_tensor import SparseTensor, convert_to_tensor_or_sparse_tensor
from ..platform import tf_logging as logging

IdWeightPair = collections.namedtuple("IdWeightPair", ["id_tensor", "weight_tensor"])
_INNER = "python.feature_column."


@export(_INNER + "feature_column._FeatureColumn", _INNER + "feature_column_v2.FeatureColumn")
class FeatureColumn(abc.ABC):
    """What is made of one or more features."""

    @property
    @abc.abstractmethod
    def name(self):
        """The name."""

    @property
    @abc.abstractmethod
    def parse_example_spec(self):
        """How to parse the features, a dict as for `tf.io.parse_example`."""

    @abc.abstractmethod
    def transform(self, inputs):
        """What is made of the features that `inputs`, a `Builder`, knows."""

    _parse_example_spec = property(lambda self: self.parse_example_spec)
    var_scope_name = _var_scope_name = property(lambda self: self.name)
    _is_v2_column = True

    def _transform_feature(self, inputs):
        return self.transform(inputs)

    def __lt__(self, other):
        return str(self) < str(other)


@export(_INNER + "feature_column._DenseColumn", _INNER + "feature_column_v2.DenseColumn")
class DenseColumn(FeatureColumn):
    """A column of dense tensors."""

    @property
    @abc.abstractmethod
    def variable_shape(self):
        """The shape of one example."""

    _variable_shape = property(lambda self: self.variable_shape)

    def dense_tensor(self, inputs, weight_collections=None, trainable=None):
        """The tensor; may make variables."""
        return inputs.get(self)

    def _get_dense_tensor(self, inputs, weight_collections=None, trainable=None):
        return self.dense_tensor(inputs, weight_collections, trainable)


@export(_INNER + "feature_column._CategoricalColumn", _INNER + "feature_column_v2.CategoricalColumn")
class CategoricalColumn(FeatureColumn):
    """A column of sparse tensors of numbers of classes."""

    IdWeightPair = IdWeightPair

    @property
    @abc.abstractmethod
    def num_buckets(self):
        """The number of classes."""

    _num_buckets = property(lambda self: self.num_buckets)

    def sparse_tensors(self, inputs):
        """A pair of the classes, a sparse tensor, and their weights or None."""
        return IdWeightPair(inputs.get(self), None)

    def _get_sparse_tensors(self, inputs, weight_collections=None, trainable=None):
        return self.sparse_tensors(inputs)


@export(_INNER + "feature_column._LazyBuilder")
class Builder:
    """Knows features, and remembers what columns made of them.

    Args:
      features: a dict from names to tensors; features of rank 1 get a second axis.
      weights: column -> the variable of its vectors, where a layer has made it.
    """

    def __init__(self, features, weights=None):
        self._features, self._found = features.copy(), {}
        self.weights = weights or {}

    def get(self, key):
        """The feature with a name, or what a column makes of the features.

        Raises:
          ValueError: there is no such feature, or it is a scalar.
          TypeError: `key` is something else.
        """
        if key not in self._found:
            self._found[key] = self._make(key)
        return self._found[key]

    def _make(self, key):
        if key in self._features:
            return self._raw(key)
        if isinstance(key, str):
            raise ValueError("Feature %s is not in features dictionary." % key)
        if not isinstance(key, FeatureColumn):
            raise TypeError('"key" must be either a "str" or "_FeatureColumn". Provided: %s' % (key,))
        logging.debug("Transforming feature_column %s.", key)
        made = key._transform_feature(self)
        if made is None:
            raise ValueError("Column %s is not supported." % key.name)
        return made

    def _raw(self, key):
        tensor = convert_to_tensor_or_sparse_tensor(self._features[key])
        rank = tensor.get_shape().ndims
        message = "Feature (key: %s) cannot have rank 0. Given: %s" % (key, tensor)
        if rank == 0:
            raise ValueError(message)
        if rank is not None:
            return tensor if rank != 1 else _expanded(tensor)
        with control_dependencies([tf.assert_positive(tf.rank(tensor), message=message)]):
            return tf.cond(tf.equal(1, tf.rank(tensor)), lambda: _expanded(tensor), lambda: tensor)


def _expanded(tensor):
    if isinstance(tensor, SparseTensor):
        return tf.sparse_reshape(tensor, [tf.shape(tensor)[0], 1])
    return tf.expand_dims(tensor, -1)


def as_sparse(tensor, ignore_value=None):
    """A tensor as a sparse one, without the elements that have a certain value: `""`, -1 or 0.0 by default."""
    tensor = convert_to_tensor_or_sparse_tensor(tensor)
    if isinstance(tensor, SparseTensor):
        return tensor
    with name_scope(None, "to_sparse_input", (tensor, ignore_value)):
        if ignore_value is None:
            ignore_value = "" if tensor.dtype == dtypes.string else -1 if tensor.dtype.is_integer else 0.0
        ignored = tf.cast(ignore_value, tensor.dtype, name="ignore_value")
        indices = tf.where(tf.not_equal(tensor, ignored), name="indices")
        return SparseTensor(indices=indices, values=tf.gather_nd(tensor, indices, name="values"),
                            dense_shape=tf.shape(tensor, out_type=dtypes.int64, name="dense_shape"))  # fmt: skip


def checked_key(key):
    """A name of a feature; raises ValueError if it is no string."""
    if not isinstance(key, str):
        raise ValueError("key must be a string. Got: type %s. Given key: %s." % (type(key), key))
    return key


def check_string_or_int(dtype, prefix):
    """Raises ValueError unless a type is string or integer."""
    if dtype != dtypes.string and not dtype.is_integer:
        raise ValueError("%s dtype must be string or integer. dtype: %s." % (prefix, dtype))


def check_batch_sizes(tensors, columns):
    """Raises ValueError if tensors have different known batch sizes."""
    known = [(t.shape.dims[0].value, c) for t, c in zip(tensors, columns) if t.shape.dims and t.shape.dims[0].value is not None]
    for size, column in known[1:]:
        if size != known[0][0]:
            raise ValueError("Batch size (first dimension) of each feature must be same. Batch size of columns (%s, %s): (%s, %s)"
                             % (known[0][1].name, column.name, known[0][0], size))  # fmt: skip


def checked_columns(feature_columns):
    """A list of columns, with names of their own.

    Raises:
      ValueError: something is none, there is none, or two have the same name.
    """
    if isinstance(feature_columns, FeatureColumn):
        feature_columns = [feature_columns]
    if isinstance(feature_columns, collections.abc.Iterator):
        feature_columns = list(feature_columns)
    if isinstance(feature_columns, dict):
        raise ValueError("Expected feature_columns to be iterable, found dict.")
    for column in feature_columns:
        if not isinstance(column, FeatureColumn):
            raise ValueError("Items of feature_columns must be a _FeatureColumn. Given (type %s): %s." % (type(column), column))
    if not feature_columns:
        raise ValueError("feature_columns must not be empty.")
    known = {}
    for column in feature_columns:
        if column.name in known:
            raise ValueError(
                "Duplicate feature column name found for columns: %s and %s. This usually means that these columns refer to same "
                "base feature. Either one must be discarded or a duplicated but renamed item must be inserted in features dict."
                % (column, known[column.name])
            )
        known[column.name] = column
    return feature_columns


@export("feature_column.make_parse_example_spec")
def make_parse_example_spec(feature_columns):
    """How to parse the features of columns, a dict as for `tf.io.parse_example`.

    Raises:
      ValueError: something is no column, or columns parse a feature differently.
    """
    found = {}
    for column in feature_columns:
        if not isinstance(column, FeatureColumn):
            raise ValueError("All feature_columns must be _FeatureColumn instances. Given: %s" % column)
        for key, value in column._parse_example_spec.items():
            if found.setdefault(key, value) != value:
                raise ValueError(
                    "feature_columns contain different parse_spec for key %s. Given %s and %s" % (key, value, found[key])
                )
    return found
