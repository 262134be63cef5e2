"""Tensors and sparse tensors from ragged ones, and the other way round: methods of `RaggedTensor`."""

from ..core import dtypes
from ..core.convert import convert
from ..core.export import public as tf
from ..core.scopes import control_dependencies, name_scope
from ..core.sparse_tensor import SparseTensor, convert_to_tensor_or_sparse_tensor, is_sparse
from ..ops.ragged import ragged_tensor_to_sparse
from .making import Ragged
from .rows import to_int_tensor


class Converting(Ragged):
    """The base of `RaggedTensor` with the methods that convert."""

    @classmethod
    def from_tensor(cls, tensor, lengths=None, padding=None, ragged_rank=1, name=None, row_splits_dtype=dtypes.int64):
        """A ragged tensor of a tensor's rows.

        Args:
          tensor: a tensor of rank `ragged_rank + 1` at least.
          lengths: the lengths of the rows, a vector, or a list of vectors for several dimensions; values behind are left out.
          padding: a value; such values at the ends of rows are left out.
          ragged_rank: how many dimensions become ragged.
          name: of the scope.
          row_splits_dtype: the type of the row splits.

        Raises:
          TypeError, ValueError: the arguments don't fit; both `lengths` and `padding` are given.
        """
        splits_type = dtypes.as_dtype(row_splits_dtype)
        if lengths is not None and padding is not None:
            raise ValueError("Specify lengths or padding, but not both")
        if not isinstance(ragged_rank, int):
            raise TypeError("ragged_rank expected int, got %r" % (ragged_rank,))
        if ragged_rank <= 0:
            raise ValueError("ragged_rank must be greater than 0; got %s" % ragged_rank)
        with name_scope(name, "RaggedFromTensor", [tensor, lengths, padding]):
            tensor = convert(tensor, None, "tensor")
            tensor.shape.with_rank_at_least(ragged_rank + 1)
            shape = tf.shape(tensor, out_type=splits_type)
            ncols = shape[1]
            if ragged_rank > 1:
                flat = tf.reshape(tensor, tf.concat([tf.constant([-1], splits_type), shape[ragged_rank:]], axis=0))
                values = cls.from_tensor(flat, lengths, padding, row_splits_dtype=splits_type)
                sizes = tf.cumprod(shape)
                splits = [tf.range(0, sizes[d - 1] + 1) * shape[d] for d in range(1, ragged_rank)]
                return cls.from_nested_row_splits(values, splits, validate=False)
            if padding is not None:
                lengths = _lengths_without(padding, tensor, ncols, splits_type)
            if lengths is None:
                nrows = shape[0]
                count, splits = nrows * ncols, tf.range(nrows + 1) * ncols
                values = tf.reshape(tensor, tf.concat([[count], shape[2:]], axis=0))
                return cls.from_row_splits(values, splits, validate=False)
            if isinstance(lengths, list | tuple) and len(lengths) and not isinstance(lengths[0], int | float):
                return cls._from_nested_lengths(tensor, lengths)
            lengths = to_int_tensor(lengths, "lengths", splits_type)
            lengths.shape.assert_has_rank(1)
            lengths = tf.maximum(tf.minimum(lengths, ncols), 0)
            limits = tf.cumsum(lengths)
            splits = tf.concat([tf.zeros([1], splits_type), limits], axis=0)
            values = tf.boolean_mask(tensor, tf.sequence_mask(lengths, maxlen=ncols))
            return cls.from_row_splits(values, splits, validate=False)

    @classmethod
    def _from_nested_lengths(cls, tensor, lengths):
        tensor.shape.with_rank_at_least(len(lengths) + 1)
        ones = tf.ones([tf.reduce_sum(lengths[-1])], dtype=dtypes.bool_)
        mask = cls.from_nested_row_lengths(ones, lengths, validate=False).to_tensor(default_value=False)
        return cls.from_nested_row_lengths(tf.boolean_mask(tensor, mask), lengths, validate=False)

    @classmethod
    def from_sparse(cls, st_input, name=None, row_splits_dtype=dtypes.int64):
        """A ragged tensor from a `SparseTensor` of rank 2 whose rows have no gaps.

        Raises:
          TypeError: `st_input` is no sparse tensor.
          ValueError: its rank is not known to be 2.
          InvalidArgumentError: a row has a gap.
        """
        splits_type = dtypes.as_dtype(row_splits_dtype)
        if not is_sparse(st_input):
            raise TypeError("Expected SparseTensor, got %s" % type(st_input).__name__)
        with name_scope(name, "RaggedFromSparse", [st_input]):
            st_input = convert_to_tensor_or_sparse_tensor(st_input, name="st_input")
            of_shape, of_indices = st_input.dense_shape.shape, st_input.indices.shape
            ranks = [of_shape.as_list()[0] if of_shape.ndims else None, of_indices.as_list()[1] if of_indices.ndims else None]
            if 2 not in ranks:
                raise ValueError("rank(st_input) must be 2")
            with control_dependencies(_checks_for_gaps(st_input.indices)):
                ids = tf.cast(st_input.indices[:, 0], splits_type)
                count = tf.cast(st_input.dense_shape[0], splits_type)
                return cls.from_value_rowids(st_input.values, ids, count, validate=False)

    def to_tensor(self, default_value=None, name=None):
        """A tensor with all rows equally long.

        Args:
          default_value: what short rows are filled up with, of a shape that can be broadcast to that of a value; by default
            zeros.
          name: of the scope.

        Raises:
          ValueError: the default does not fit.
        """
        with name_scope(name, "RaggedToTensor", [self, default_value]):
            if default_value is not None:
                default_value = convert(default_value, self.dtype, "default_value")
            values = self._values
            if isinstance(values, Ragged):
                values = values.to_tensor(default_value)
            if default_value is not None:
                default_value = _default_for(values, default_value)
            splits, splits_type = self._row_splits, self._row_splits.dtype
            lengths = [splits[1:] - splits[:-1]]
            nrows = tf.shape(splits, out_type=splits_type)[0] - 1
            ncols = tf.maximum(tf.reduce_max(lengths), 0)
            shape = tf.shape(values, out_type=splits_type)
            of_one, count = shape[1:], shape[0]
            if default_value is None:
                default_value = tf.zeros(of_one, dtype=values.dtype)
            default_value.shape.assert_is_compatible_with(values.shape[1:])
            default_value.set_shape(values.shape[1:])
            starts, limits = tf.expand_dims(splits[:-1], 1), tf.expand_dims(splits[1:], 1)
            columns = tf.expand_dims(tf.range(0, ncols), 0)
            extended = tf.concat([values, tf.stack([default_value])], axis=0)
            places = starts + columns
            indices = tf.where(places < limits, places, tf.fill(tf.stack([nrows, ncols]), count))
            return tf.gather(extended, indices)

    def to_sparse(self, name=None):
        """A `SparseTensor` with the same elements."""
        with name_scope(name, "RaggedToSparse", [self]):
            return SparseTensor(*ragged_tensor_to_sparse(list(self.nested_row_splits), self.flat_values, name=name))


def _lengths_without(padding, tensor, ncols, splits_type):
    """The lengths of a tensor's rows without the padding at their ends."""
    padding = convert(padding, tensor.dtype, "padding")
    padding.shape.assert_is_compatible_with(tensor.shape[2:])
    same = tf.equal(padding, tensor)
    rank = tf.rank(tensor)
    inner = tf.range(2, rank)
    padded = tf.cond(rank > 2, lambda: tf.reduce_all(same, axis=inner), lambda: same)
    padded.set_shape([None, None])
    padded.set_shape(tensor.shape[:2])
    kept = tf.cast(tf.logical_not(padded), splits_type)
    return tf.reduce_max(kept * tf.expand_dims(tf.range(1, ncols + 1), 0), axis=1)


def _default_for(values, default):
    """The default in the shape of a value."""
    of_values, of_default = values.shape.ndims, default.shape.ndims
    if of_values is not None:
        default.shape.with_rank_at_most(of_values - 1)
    if of_values is None or of_default is None or of_values != of_default + 1:
        default = tf.broadcast_to(default, tf.shape(values)[1:])
    default.shape.assert_is_compatible_with(values.shape[1:])
    return default


def _checks_for_gaps(indices):
    """Assertions that a sparse tensor's rows have no gaps."""
    rows, columns = indices[:, :-1], indices[:, -1]
    new_row = tf.reduce_any(tf.not_equal(rows[1:], rows[:-1]), axis=1)
    good = tf.where(new_row, tf.equal(columns[1:], 0), tf.equal(columns[1:], columns[:-1] + 1))
    all_good = tf.logical_and(tf.reduce_all(tf.equal(columns[:1], 0)), tf.reduce_all(good))
    return [tf.Assert(all_good, ["SparseTensor is not right-ragged", "SparseTensor.indices =", indices])]
