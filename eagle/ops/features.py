"""What is wanted of `Example` protocol buffers: `tf.FixedLenFeature`, `tf.VarLenFeature` and their kin."""

import collections

from ..core import dtypes, shape as shapes
from ..core.export import export
from ..platform import tf_logging

# ------------------------------------------------------------------------------------------------------- what is wanted


@export("VarLenFeature", "io.VarLenFeature")
class VarLenFeature(collections.namedtuple("VarLenFeature", ["dtype"])):
    """A feature with any number of values: it becomes a `SparseTensor`.

    Attributes:
      dtype: float32, int64 or string.
    """


@export("SparseFeature", "io.SparseFeature")
class SparseFeature(collections.namedtuple("SparseFeature", ["index_key", "value_key", "dtype", "size", "already_sorted"])):
    """Two features or more that are the indices and the values of a `SparseTensor`.

    Attributes:
      index_key: the name of the feature with the indices; a list of names for several dimensions.
      value_key: the name of the feature with the values.
      dtype: the type of the values.
      size: the size of the dimension that the indices are of; a list for several.
      already_sorted: whether the indices are in order.
    """

    def __new__(cls, index_key, value_key, dtype, size, already_sorted=False):
        return super().__new__(cls, index_key, value_key, dtype, size, already_sorted)


@export("FixedLenFeature", "io.FixedLenFeature")
class FixedLenFeature(collections.namedtuple("FixedLenFeature", ["shape", "dtype", "default_value"])):
    """A feature with as many values as a shape says.

    Attributes:
      shape: the shape of the values in one example.
      dtype: float32, int64 or string.
      default_value: the values of an example that does not have the feature; None if it must have it.
    """

    def __new__(cls, shape, dtype, default_value=None):
        return super().__new__(cls, shape, dtype, default_value)


@export("FixedLenSequenceFeature", "io.FixedLenSequenceFeature")
class FixedLenSequenceFeature(
    collections.namedtuple("FixedLenSequenceFeature", ["shape", "dtype", "allow_missing", "default_value"])
):
    """A feature with any number of entries of one shape: it becomes a dense tensor, filled up where entries are missing.

    Attributes:
      shape: the shape of one entry.
      dtype: float32, int64 or string.
      allow_missing: whether an example need not have the feature.
      default_value: what fills up; by default 0 or the empty string.
    """

    def __new__(cls, shape, dtype, allow_missing=False, default_value=None):
        return super().__new__(cls, shape, dtype, allow_missing, default_value)


class Wanted:
    """Features sorted into sparse and dense ones, in the order of their names.

    Attributes:
      sparse_keys, sparse_types: names and types of the sparse ones.
      dense_keys, dense_types, dense_shapes: of the dense ones.
      dense_defaults: name -> default value, for those that have one; None where missing entries are allowed.

    Args:
      features: name -> a feature.
      kinds: the kinds of features that are allowed.
    """

    def __init__(self, features, kinds):
        self.sparse_keys, self.sparse_types = [], []
        self.dense_keys, self.dense_types, self.dense_shapes, self.dense_defaults = [], [], [], {}
        for key in sorted(features or ()):
            feature = features[key]
            add = _ADDERS.get(next((c for c in type(feature).__mro__ if c in _ADDERS), None))
            if add is None:
                raise ValueError("Invalid feature %s:%s." % (key, feature))
            if not isinstance(feature, kinds):
                raise ValueError("Unsupported %s %s." % (type(feature).__name__, feature))
            add(self, key, feature)

    def add_sparse(self, key, feature):
        if not feature.dtype:
            raise ValueError("Missing type for feature %s." % key)
        self.sparse_keys.append(key)
        self.sparse_types.append(feature.dtype)

    def add_sparse_parts(self, key, feature):
        for part in ("index_key", "value_key"):
            if not getattr(feature, part):
                raise ValueError("Missing %s for SparseFeature %s." % (part, feature))
        if not feature.dtype:
            raise ValueError("Missing type for feature %s." % key)
        index_keys = [feature.index_key] if isinstance(feature.index_key, str) else feature.index_key
        if len(index_keys) > 1:
            tf_logging.warning("SparseFeature with several index keys: a VarLenFeature may be the simpler choice.")
        for index_key in sorted(index_keys):
            self._add_part(index_key, dtypes.int64, "int64")
        self._add_part(feature.value_key, feature.dtype, feature.dtype)

    def _add_part(self, key, dtype, shown):
        if key in self.sparse_keys:
            have = self.sparse_types[self.sparse_keys.index(key)]
            if have != dtype:
                raise ValueError("Conflicting type %s vs %s for feature %s." % (have, shown, key))
        else:
            self.sparse_keys.append(key)
            self.sparse_types.append(dtype)

    def add_dense(self, key, feature):
        if not feature.dtype:
            raise ValueError("Missing type for feature %s." % key)
        if feature.shape is None:
            raise ValueError("Missing shape for feature %s." % key)
        if isinstance(feature, FixedLenFeature):
            shape = shapes.as_shape(feature.shape)
            if feature.shape and shape.ndims and shape.dims[0].value is None:
                raise ValueError("First dimension of shape for feature %s unknown. Consider using FixedLenSequenceFeature." % key)
            if not shape.is_fully_defined():
                raise ValueError("All dimensions of shape for feature %s need to be known but received %s."
                                 % (key, str(feature.shape)))  # fmt: skip
        elif feature.allow_missing:
            self.dense_defaults[key] = None
        self.dense_keys.append(key)
        self.dense_shapes.append(feature.shape)
        self.dense_types.append(feature.dtype)
        if feature.default_value is not None:
            self.dense_defaults[key] = feature.default_value


_ADDERS = {
    VarLenFeature: Wanted.add_sparse,
    SparseFeature: Wanted.add_sparse_parts,
    FixedLenFeature: Wanted.add_dense,
    FixedLenSequenceFeature: Wanted.add_dense,
}
ALL = (VarLenFeature, SparseFeature, FixedLenFeature, FixedLenSequenceFeature)


def with_any_length(features):
    """The features with another dimension, of any size, before those of sequences."""
    features = dict(features)
    for key, feature in features.items():
        if isinstance(feature, FixedLenSequenceFeature):
            if not feature.allow_missing:
                raise ValueError("Unsupported: FixedLenSequenceFeature requires allow_missing to be True.")
            features[key] = feature._replace(shape=[None, *feature.shape])
    return features
