"""Columns of numbers: as they are, or as the buckets they are in."""

import collections

from ..core import dtypes, nest
from ..core.export import export, public as tf
from ..core.shape import TensorShape
from ..core.sparse_tensor import SparseTensor
from ..ops.counting import bucketize
from .base import CategoricalColumn, DenseColumn, IdWeightPair, checked_key


def _filled(shape, value):
    return tuple(_filled(shape[1:], value) for _ in range(shape[0])) if shape else value


def _as_tuple(value):
    return tuple(_as_tuple(v) for v in value) if nest.is_sequence(value) else value


def _has_shape(value, shape):
    if nest.is_sequence(value) != bool(shape):
        return False
    return not shape or (len(value) == shape[0] and all(_has_shape(v, shape[1:]) for v in value))


def _checked_default(shape, value, dtype, key):
    """The default value as a tuple."""
    if value is None:
        return None
    if isinstance(value, int) or (isinstance(value, float) and dtype.is_floating):
        return _filled(shape, value)
    if callable(getattr(value, "tolist", None)):
        value = value.tolist()
    if nest.is_sequence(value):
        if not _has_shape(value, shape):
            raise ValueError("The shape of default_value must be equal to given shape. default_value: %s, shape: %s, key: %s"
                             % (value, shape, key))  # fmt: skip
        flat = nest.flatten(value)
        if all(isinstance(v, int) for v in flat) or (dtype.is_floating and any(isinstance(v, float) for v in flat)):
            return _as_tuple(value)
    raise TypeError("default_value must be compatible with dtype. default_value: %s, dtype: %s, key: %s" % (value, dtype, key))


def checked_shape(shape, key):
    """A shape as a tuple; raises TypeError or ValueError if it is none of positive numbers."""
    shape = tuple(shape) if nest.is_sequence(shape) else (shape,)
    for dimension in shape:
        if not isinstance(dimension, int):
            raise TypeError("shape dimensions must be integer. shape: %s, key: %s" % (shape, key))
        if dimension < 1:
            raise ValueError("shape dimensions must be greater than 0. shape: %s, key: %s" % (shape, key))
    return shape


class NumericColumn(DenseColumn, collections.namedtuple("NumericColumn", "key shape default_value dtype normalizer_fn")):
    """A feature of numbers."""

    name = property(lambda self: self.key)
    variable_shape = property(lambda self: TensorShape(self.shape))

    @property
    def parse_example_spec(self):
        return {self.key: tf.io.FixedLenFeature(self.shape, self.dtype, self.default_value)}

    def transform(self, inputs):
        tensor = inputs.get(self.key)
        if isinstance(tensor, SparseTensor):
            raise ValueError("The corresponding Tensor of numerical column must be a Tensor. SparseTensor is not supported. key: %s"
                             % self.key)  # fmt: skip
        return tf.cast(tensor if self.normalizer_fn is None else self.normalizer_fn(tensor), dtypes.float32)


@export("feature_column.numeric_column")
def numeric_column(key, shape=(1,), default_value=None, dtype=dtypes.float32, normalizer_fn=None):
    """A column of numbers.

    Args:
      key: the name of the feature.
      shape: the shape of one example.
      default_value: a number or numbers for examples without the feature.
      dtype: the type.
      normalizer_fn: a function that is called with the tensor.

    Raises:
      TypeError: something has another type.
      ValueError: a dimension is not positive, or the default values have another shape.
    """
    shape = checked_shape(shape, key)
    if not (dtype.is_integer or dtype.is_floating):
        raise ValueError("dtype must be convertible to float. dtype: %s, key: %s" % (dtype, key))
    default_value = _checked_default(shape, default_value, dtype, key)
    if normalizer_fn is not None and not callable(normalizer_fn):
        raise TypeError("normalizer_fn must be a callable. Given: %s" % normalizer_fn)
    return NumericColumn(checked_key(key), shape, default_value, dtype, normalizer_fn)


class BucketizedColumn(DenseColumn, CategoricalColumn, collections.namedtuple("BucketizedColumn", "source_column boundaries")):
    """The buckets that numbers are in."""

    name = property(lambda self: self.source_column.name + "_bucketized")
    parse_example_spec = property(lambda self: self.source_column.parse_example_spec)
    variable_shape = property(lambda self: TensorShape((*self.source_column.shape, len(self.boundaries) + 1)))
    num_buckets = property(lambda self: (len(self.boundaries) + 1) * self.source_column.shape[0])

    def transform(self, inputs):
        return bucketize(inputs.get(self.source_column), boundaries=list(self.boundaries))

    def dense_tensor(self, inputs, weight_collections=None, trainable=None):
        indices = tf.cast(inputs.get(self), dtypes.int64)
        return tf.one_hot(indices=indices, depth=len(self.boundaries) + 1, on_value=1.0, off_value=0.0)

    def sparse_tensors(self, inputs):
        tensor = inputs.get(self)
        batch_size, size = tf.shape(tensor)[0], self.source_column.shape[0]
        rows = tf.reshape(tf.tile(tf.expand_dims(tf.range(0, batch_size), 1), [1, size]), (-1,))
        places = tf.tile(tf.range(0, size), [batch_size])
        values = tf.reshape(tensor, (-1,)) + (len(self.boundaries) + 1) * places
        indices = tf.cast(tf.transpose(tf.stack((rows, places))), dtypes.int64)
        shape = tf.cast(tf.stack([batch_size, size]), dtypes.int64)
        return IdWeightPair(SparseTensor(indices=indices, values=values, dense_shape=shape), None)


@export("feature_column.bucketized_column")
def bucketized_column(source_column, boundaries):
    """A column of the buckets that the numbers of another column are in.

    Args:
      source_column: a `numeric_column` of one axis.
      boundaries: the numbers between the buckets, increasing.

    Raises:
      ValueError: the column is another one, or the boundaries are not increasing.
    """
    if not isinstance(source_column, NumericColumn):
        raise ValueError("source_column must be a column generated with numeric_column(). Given: %s" % (source_column,))
    if len(source_column.shape) > 1:
        raise ValueError("source_column must be one-dimensional column. Given: %s" % (source_column,))
    if not boundaries:
        raise ValueError("boundaries must not be empty.")
    if not isinstance(boundaries, list | tuple) or any(a >= b for a, b in zip(boundaries, boundaries[1:])):
        raise ValueError("boundaries must be a sorted list.")
    return BucketizedColumn(source_column, tuple(boundaries))
