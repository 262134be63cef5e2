"""`tf.RaggedTensor`: what it is made of, and what it becomes; its operators and indexing are in dispatching.py and indexing.py."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import convert, register_tensor_conversion_function
from ..core.export import export, public as tf
from ..core.scopes import control_dependencies, name_scope
from ..core.sparse_tensor import SparseTensor, convert_to_tensor_or_sparse_tensor, is_sparse
from ..core.static_values import constant_value
from ..core.tensor import EagerTensor, Tensor, default_session
from ..ops.flow import with_dependencies
from ..ops.ragged import ragged_tensor_to_sparse
from ..run.fetches import register_session_run_conversion_functions
from .rows import AUTO_CAST, SPLITS, positive_axis, row_splits_to_segment_ids, to_int_tensor
from .value import RaggedTensorValue

MISMATCH = "%s have mismatched row_splits dtypes; use RaggedTensor.with_row_splits_dtype() to convert them to compatible dtypes."


@export("RaggedTensor")
class RaggedTensor:
    """A tensor with rows of different lengths, made by `tf.ragged.constant` or by one of the `from_...` methods.

    Attributes:
      values: a tensor or a `RaggedTensor`: the values of all rows, one after another.
      row_splits: a vector of int32 or int64: row `i` is `values[row_splits[i]:row_splits[i + 1]]`.
    """

    is_tensor_like = True

    def __init__(self, values, row_splits, cached_row_lengths=None, cached_value_rowids=None, cached_nrows=None, internal=False):
        if not internal:
            raise ValueError("RaggedTensor constructor is private; please use one of the factory methods instead (e.g., "
                             "RaggedTensor.from_row_lengths())")  # fmt: skip
        if not isinstance(row_splits, Tensor):
            raise TypeError("Row-partitioning argument must be a Tensor, got %r" % (row_splits,))
        if not isinstance(values, RaggedTensor | Tensor):
            raise TypeError("values must be a Tensor or RaggedTensor, got %r" % (values,))
        if row_splits.dtype not in SPLITS:
            raise ValueError("Row-partitioning argument must be int32 or int64")
        row_splits.shape.assert_has_rank(1)
        values.shape.with_rank_at_least(1)
        row_splits.set_shape([None])
        if isinstance(values, RaggedTensor):
            assert row_splits.dtype == values.row_splits.dtype
        for tensor in (cached_row_lengths, cached_value_rowids, cached_nrows):
            if tensor is not None and not isinstance(tensor, Tensor):
                raise TypeError("Cached value must be a Tensor or None.")
            if tensor is not None and tensor.dtype not in SPLITS:
                raise TypeError("Cached value must be int32 or int64.")
        self._values, self._row_splits = values, row_splits
        self._row_lengths, self._value_rowids, self._nrows = cached_row_lengths, cached_value_rowids, cached_nrows

    # ------------------------------------------------------------------------------------------------------- factories

    @classmethod
    def from_value_rowids(cls, values, value_rowids, nrows=None, name=None, validate=True):
        """A ragged tensor from the row number of each value.

        Args:
          values: a tensor or `RaggedTensor` of shape `[nvals, ...]`.
          value_rowids: a sorted vector of `nvals` integers.
          nrows: the number of rows; by default one more than the last row number.
          name: of the scope.
          validate: whether to check the row numbers when they are known.

        Raises:
          TypeError, ValueError: the arguments don't fit, as far as that is known now.
        """
        _check_validate(validate)
        with name_scope(name, "RaggedFromValueRowIds", [values, value_rowids, nrows]):
            values, value_rowids = _as_pair(values, value_rowids, "value_rowids")
            nrows, known = _count_rows(value_rowids, nrows)
            value_rowids.shape.assert_has_rank(1)
            nrows.shape.assert_has_rank(0)
            values.shape[:1].assert_is_compatible_with(value_rowids.shape)
            if validate:
                text = _invalid("value_rowids")
                count, others = first_dimension(values), first_dimension(value_rowids)
                value_rowids = _checked(values, value_rowids, [
                    tf.debugging.assert_rank(value_rowids, 1, message=text),
                    tf.debugging.assert_rank(nrows, 0, message=text),
                    tf.debugging.assert_equal(count, others, message=text),
                    tf.debugging.assert_non_negative(value_rowids[:1], message=text),
                    _check_sorted(value_rowids, text),
                    tf.debugging.assert_less(value_rowids[-1:], nrows, message=text),
                ])  # fmt: skip
            ids, size = tf.cast(value_rowids, dtypes.int32), tf.cast(nrows, dtypes.int32)
            lengths = tf.math.bincount(ids, minlength=size, maxlength=size, dtype=value_rowids.dtype)
            splits = tf.concat([[0], tf.cumsum(lengths)], axis=0)
            if known is not None:
                lengths.set_shape([known])
                splits.set_shape([known + 1])
            return cls(values, splits, lengths, value_rowids, nrows, internal=True)

    @classmethod
    def from_row_splits(cls, values, row_splits, name=None, validate=True):
        """A ragged tensor from the places where rows begin and end: row `i` is `values[row_splits[i]:row_splits[i + 1]]`.

        Args:
          values: a tensor or `RaggedTensor` of shape `[nvals, ...]`.
          row_splits: a sorted vector of `nrows + 1` integers, the first 0, the last `nvals`.
          name, validate: as of `from_value_rowids`.

        Raises:
          TypeError, ValueError: the arguments don't fit, as far as that is known now.
        """
        _check_validate(validate)
        if isinstance(row_splits, list | tuple) and not row_splits:
            raise ValueError("row_splits tensor may not be empty.")
        with name_scope(name, "RaggedFromRowSplits", [values, row_splits]):
            values, row_splits = _as_pair(values, row_splits, "row_splits")
            row_splits.shape.assert_has_rank(1)
            if validate:
                text = _invalid("row_splits")
                count = first_dimension(values, row_splits.dtype)
                row_splits = _checked(values, row_splits, [
                    tf.debugging.assert_rank(row_splits, 1, message=text),
                    _check_zero(row_splits[0], text),
                    _check_sorted(row_splits, text),
                    tf.debugging.assert_equal(row_splits[-1], count, message=text),
                ])  # fmt: skip
            return cls(values, row_splits, internal=True)

    @classmethod
    def from_row_lengths(cls, values, row_lengths, name=None, validate=True):
        """A ragged tensor from the lengths of its rows, which are not negative and sum up to the number of values."""
        _check_validate(validate)
        with name_scope(name, "RaggedFromRowLengths", [values, row_lengths]):
            values, row_lengths = _as_pair(values, row_lengths, "row_lengths")
            row_lengths.shape.assert_has_rank(1)
            if validate:
                text = _invalid("row_lengths")
                total, count = tf.reduce_sum(row_lengths), first_dimension(values, row_lengths.dtype)
                row_lengths = _checked(values, row_lengths, [
                    tf.debugging.assert_rank(row_lengths, 1, message=text),
                    tf.debugging.assert_non_negative(row_lengths, message=text),
                    tf.debugging.assert_equal(total, count, message=text),
                ])  # fmt: skip
            splits = tf.concat([[0], tf.cumsum(row_lengths)], axis=0)
            return cls(values, splits, row_lengths, internal=True)

    @classmethod
    def from_row_starts(cls, values, row_starts, name=None, validate=True):
        """A ragged tensor from the places where its rows begin, a sorted vector that begins with 0."""
        _check_validate(validate)
        with name_scope(name, "RaggedFromRowStarts", [values, row_starts]):
            values, row_starts = _as_pair(values, row_starts, "row_starts")
            row_starts.shape.assert_has_rank(1)
            count = first_dimension(values, row_starts.dtype)
            if validate:
                text = _invalid("row_starts")
                row_starts = _checked(values, row_starts, [
                    tf.debugging.assert_rank(row_starts, 1, message=text),
                    _check_zero(row_starts[:1], text),
                    _check_sorted(row_starts, text),
                    tf.debugging.assert_less_equal(row_starts[-1:], count, message=text),
                ])  # fmt: skip
            return cls(values, tf.concat([row_starts, [count]], axis=0), internal=True)

    @classmethod
    def from_row_limits(cls, values, row_limits, name=None, validate=True):
        """A ragged tensor from the places where its rows end, a sorted vector that ends with the number of values."""
        _check_validate(validate)
        with name_scope(name, "RaggedFromRowLimits", [values, row_limits]):
            values, row_limits = _as_pair(values, row_limits, "row_limits")
            row_limits.shape.assert_has_rank(1)
            if validate:
                text = _invalid("row_limits")
                count = first_dimension(values, row_limits.dtype)
                row_limits = _checked(values, row_limits, [
                    tf.debugging.assert_rank(row_limits, 1, message=text),
                    tf.debugging.assert_non_negative(row_limits[:1], message=text),
                    _check_sorted(row_limits, text),
                    tf.debugging.assert_equal(row_limits[-1:], count, message=text),
                ])  # fmt: skip
            zero = tf.zeros([1], row_limits.dtype)
            return cls(values, tf.concat([zero, row_limits], axis=0), internal=True)

    @classmethod
    def from_nested_value_rowids(cls, flat_values, nested_value_rowids, nested_nrows=None, name=None, validate=True):
        """A ragged tensor from lists of the row numbers (and numbers of rows) of all ragged dimensions, the outermost first."""
        _check_validate(validate)
        _check_list(nested_value_rowids, "nested_value_rowids")
        if nested_nrows is None:
            nested_nrows = [None] * len(nested_value_rowids)
        _check_list(nested_nrows, "nested_nrows")
        if len(nested_nrows) != len(nested_value_rowids):
            raise ValueError("nested_nrows must have the same length as nested_value_rowids")
        with name_scope(name, "RaggedFromNestedValueRowIds", [flat_values, *nested_value_rowids, *nested_nrows]):
            result = flat_values
            for ids, nrows in zip(reversed(nested_value_rowids), reversed(nested_nrows)):
                result = cls.from_value_rowids(result, ids, nrows, validate=validate)
            return result

    @classmethod
    def from_nested_row_splits(cls, flat_values, nested_row_splits, name=None, validate=True):
        """A ragged tensor from a list of the row splits of all ragged dimensions, the outermost first."""
        scope = name, "RaggedFromNestedRowSplits"
        return cls._nest(cls.from_row_splits, flat_values, nested_row_splits, "nested_row_splits", scope, validate)

    @classmethod
    def from_nested_row_lengths(cls, flat_values, nested_row_lengths, name=None, validate=True):
        """A ragged tensor from a list of the row lengths of all ragged dimensions, the outermost first."""
        scope = name, "RaggedFromNestedRowlengths"
        return cls._nest(cls.from_row_lengths, flat_values, nested_row_lengths, "nested_row_lengths", scope, validate)

    @staticmethod
    def _nest(factory, flat_values, partitions, parameter, scope, validate):
        _check_validate(validate)
        _check_list(partitions, parameter)
        with name_scope(*scope, [flat_values, *partitions]):
            result = flat_values
            for partition in reversed(partitions):
                result = factory(result, partition, validate=validate)
            return result

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

    # ------------------------------------------------------------------------------------------------------ properties

    values = property(lambda self: self._values)
    row_splits = property(lambda self: self._row_splits)
    dtype = property(lambda self: self._values.dtype)

    @property
    def shape(self):
        """The static shape; ragged dimensions are None."""
        splits, rest = self._row_splits.shape.as_list()[0], self._values.shape[1:]
        return shapes.TensorShape([None if splits is None else splits - 1, None]).concatenate(rest)

    def get_shape(self):
        return self.shape

    @property
    def ragged_rank(self):
        """The number of ragged dimensions."""
        return len(self.nested_row_splits)

    @property
    def flat_values(self):
        """The innermost values, a tensor."""
        values = self._values
        return values.flat_values if isinstance(values, RaggedTensor) else values

    @property
    def nested_row_splits(self):
        """The row splits of all ragged dimensions, a tuple from the outermost one."""
        return tuple([rt._row_splits for rt in self._dimensions()])

    def _dimensions(self):
        """This ragged tensor, its values, their values, as long as they are ragged."""
        rt = self
        while isinstance(rt, RaggedTensor):
            yield rt
            rt = rt._values

    # -------------------------------------------------------------------------------------------------- rows in numbers

    def value_rowids(self, name=None):
        """For each value the number of its row."""
        if self._value_rowids is not None:
            return self._value_rowids
        with name_scope(name, "RaggedValueRowIds", [self]):
            return row_splits_to_segment_ids(self._row_splits)

    def nested_value_rowids(self, name=None):
        """The row numbers of all ragged dimensions, a tuple from the outermost one."""
        with name_scope(name, "RaggedNestedValueRowIds", [self]):
            return tuple([rt.value_rowids() for rt in self._dimensions()])

    def nrows(self, out_type=None, name=None):
        """The number of rows, of the row splits' type by default."""
        out_type = self._row_splits.dtype if out_type is None else dtypes.as_dtype(out_type)
        if self._nrows is not None:
            return tf.cast(self._nrows, out_type)
        with name_scope(name, "RaggedNRows", [self]):
            return tf.shape(self._row_splits, out_type=out_type)[0] - 1

    def row_starts(self, name=None):
        """Where rows begin among the values."""
        with name_scope(name, "RaggedRowStarts", [self]):
            return self._row_splits[:-1]

    def row_limits(self, name=None):
        """Where rows end among the values."""
        with name_scope(name, "RaggedRowLimits", [self]):
            return self._row_splits[1:]

    def row_lengths(self, axis=1, name=None):
        """The lengths of the rows: a vector, or for an axis further in a ragged tensor."""
        if self._row_lengths is not None:
            return self._row_lengths
        with name_scope(name, "RaggedRowLengths", [self]):
            axis = positive_axis(axis, self.shape.ndims)
            if axis == 0:
                return self.nrows()
            if axis == 1:
                return self._row_splits[1:] - self._row_splits[:-1]
            if isinstance(self._values, RaggedTensor):
                return self.with_values(self._values.row_lengths(axis - 1))
            shape = tf.shape(self._values, out_type=self._row_splits.dtype)
            return self.with_values(tf.ones(shape[: axis - 1], self._row_splits.dtype) * shape[axis - 1])

    def nested_row_lengths(self, name=None):
        """The row lengths of all ragged dimensions, a tuple from the outermost one."""
        with name_scope(name, "RaggedNestedRowLengths", [self]):
            return tuple([rt.row_lengths() for rt in self._dimensions()])

    def bounding_shape(self, axis=None, name=None, out_type=None):
        """The shape of the smallest tensor that has room for all: a vector, or what it has at `axis`."""
        out_type = self._row_splits.dtype if out_type is None else dtypes.as_dtype(out_type)
        with name_scope(name, "RaggedBoundingBox", [self, axis]):
            splits = self.nested_row_splits
            if isinstance(axis, int) and axis == 0:
                return tf.shape(splits[0], out_type=out_type)[0] - 1
            if isinstance(axis, int) and axis == 1:
                return tf.maximum(tf.reduce_max(self.row_lengths()), 0)
            of_splits = tf.shape(self._row_splits, out_type=out_type)
            of_values = tf.shape(self.flat_values, out_type=out_type)
            outer = tf.stack([of_splits[0] - 1, *[tf.maximum(tf.reduce_max(s[1:] - s[:-1]), 0) for s in splits]])
            box = tf.concat([outer, of_values[1:]], axis=0)
            return box if axis is None else tf.gather(box, axis)

    # ----------------------------------------------------------------------------------------------- others of its kind

    def with_values(self, new_values):
        """Other values in the same rows."""
        new_values.shape.with_rank_at_least(1)
        self._values.shape[:1].assert_is_compatible_with(new_values.shape[:1])
        if isinstance(new_values, RaggedTensor) and new_values.row_splits.dtype != self._row_splits.dtype:
            if not AUTO_CAST:
                raise ValueError(MISMATCH % "self and new_values")
            return self.with_row_splits_dtype(dtypes.int64).with_values(new_values.with_row_splits_dtype(dtypes.int64))
        return RaggedTensor(new_values, self._row_splits, self._row_lengths, self._value_rowids, self._nrows, internal=True)

    def with_flat_values(self, new_values):
        """Other innermost values in the same rows."""
        if isinstance(self._values, RaggedTensor):
            new_values = self._values.with_flat_values(new_values)
        return self.with_values(new_values)

    def with_row_splits_dtype(self, dtype):
        """The same with row splits of another type, int32 or int64."""
        dtype = dtypes.as_dtype(dtype)
        if dtype not in SPLITS:
            raise ValueError("dtype must be int32 or int64")
        if self._row_splits.dtype == dtype:
            return self
        splits = tf.cast(self._row_splits, dtype)
        values = self._values.with_row_splits_dtype(dtype) if isinstance(self._values, RaggedTensor) else self._values
        cached = [None if t is None else tf.cast(t, dtype) for t in (self._row_lengths, self._value_rowids, self._nrows)]
        return RaggedTensor(values, splits, *cached, internal=True)

    # ------------------------------------------------------------------------------------------------------ conversions

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
            if isinstance(values, RaggedTensor):
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

    def to_list(self):
        """The rows as nested lists; eagerly only."""
        if not self._is_eager():
            raise ValueError("RaggedTensor.to_list() is only supported in eager mode; in graph mode, evaluate the RaggedTensor "
                             "first and then use RaggedTensorValue.to_list().")  # fmt: skip
        return self._as_ragged_value().to_list()

    def _is_eager(self):
        return all(isinstance(t, EagerTensor) for t in self._nest_parts())

    def _as_ragged_value(self):
        return _value_of([t.numpy() for t in _parts(self)])

    def eval(self, feed_dict=None, session=None):
        """Runs the graph for the value of this tensor, a `RaggedTensorValue`."""
        return default_session(self.flat_values.graph, session, "evaluate tensor", "eval()").run(self, feed_dict)

    def consumers(self):
        """The operations that use one of the parts."""
        return [op for part in self._nest_parts() for op in part.consumers()]

    def _as_graph_element(self):
        return self.flat_values

    def _nest_parts(self):
        return [self.flat_values, *self.nested_row_splits]

    def _nest_rebuild(self, parts):
        result, *splits = parts
        for s in reversed(splits):
            result = RaggedTensor(result, s, internal=True)
        return result

    def __repr__(self):
        if self._is_eager():
            return "<tf.RaggedTensor %s>" % self.to_list()
        return "tf.RaggedTensor(values=%s, row_splits=%s)" % (self._values, self._row_splits)

    @staticmethod
    def _override_operator(operator, func):
        setattr(RaggedTensor, operator, func)


def is_ragged(value):
    return isinstance(value, RaggedTensor | RaggedTensorValue)


# ------------------------------------------------------------------------------------------------ parts of the factories


def _invalid(partition):
    return "Arguments to from_%s do not form a valid RaggedTensor" % partition


def _check_validate(validate):
    if not isinstance(validate, bool):
        raise TypeError("validate must have type bool")


def _check_list(partitions, parameter):
    if isinstance(partitions, Tensor):
        raise TypeError("%s must be a list of Tensors" % parameter)


def first_dimension(values, out_type=dtypes.int32):
    """The length of the first dimension of a tensor or ragged tensor."""
    if isinstance(values, RaggedTensor):
        return values.nrows(out_type=out_type)
    return tf.shape(values, out_type=out_type)[0]


def _check_sorted(partition, text):
    return tf.debugging.assert_non_negative(partition[1:] - partition[:-1], message=text)


def _check_zero(tensor, text):
    return tf.debugging.assert_equal(tensor, tf.constant(0, dtype=tensor.dtype), message=text)


def _checked(values, partition, checks):
    if not isinstance(values, RaggedTensor):
        checks.append(tf.debugging.assert_rank_at_least(values, 1))
    return with_dependencies(checks, partition)


def _as_pair(values, partition, name):
    """Values and a partition as tensors, with row splits of one type."""
    if isinstance(values, RaggedTensorValue):
        values = to_tensor_or_ragged(values)
    if not isinstance(values, RaggedTensor):
        values = convert(values, None, "values")
        is_int32 = isinstance(partition, np.ndarray) and partition.dtype == np.int32
        partition = convert(partition, None, name, preferred=None if is_int32 else dtypes.int64)
    elif not isinstance(partition, Tensor):
        return values, convert(partition, values.row_splits.dtype, name)
    if partition.dtype not in SPLITS:
        raise ValueError("%s must have dtype int32 or int64" % name)
    if isinstance(values, RaggedTensor) and values.row_splits.dtype != partition.dtype:
        if not AUTO_CAST:
            raise ValueError("dtype mismatch: %s (%s) vs values.row_splits (%s)" % (name, partition.dtype, values.row_splits.dtype))
        return values.with_row_splits_dtype(dtypes.int64), tf.cast(partition, dtypes.int64)
    return values, partition


def _count_rows(value_rowids, nrows):
    """The number of rows, as a tensor, and as an int if that is known."""
    ids = constant_value(value_rowids)
    if nrows is None:
        if ids is None:
            return tf.concat([value_rowids[-1:], [-1]], axis=0)[0] + 1, None
        known = int(ids[-1]) + 1 if ids.size else 0
        return convert(known, value_rowids.dtype, "nrows"), known
    nrows = convert(nrows, value_rowids.dtype, "nrows")
    known = constant_value(nrows)
    if known is None:
        return nrows, None
    if known < 0:
        raise ValueError("Expected nrows >= 0; got %d" % known)
    if ids is not None and ids.size and known < ids[-1] + 1:
        raise ValueError("Expected nrows >= value_rowids[-1] + 1; got nrows=%d, value_rowids[-1]=%d" % (known, ids[-1]))
    return nrows, int(known) if not known.ndim else None


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


# --------------------------------------------------------------------------------------------------- common to functions


def to_tensor_or_ragged(value, dtype=None, name=None, preferred=None):
    """A value as a tensor, or as a `RaggedTensor` if it is ragged.

    Raises:
      ValueError: a ragged tensor has another type than `dtype`.
    """
    if isinstance(value, RaggedTensor):
        if dtype is not None and not dtype.is_compatible_with(value.dtype):
            raise ValueError("Tensor conversion requested dtype %s for RaggedTensor with dtype %s: %r"
                             % (dtype.name, value.dtype.name, value))  # fmt: skip
        return value
    if isinstance(value, RaggedTensorValue):
        with name_scope(name, "ConvertToTensorOrRaggedTensor", []):
            flat = convert(value.flat_values, dtype, "flat_values", preferred=preferred)
            return RaggedTensor.from_nested_row_splits(flat, value.nested_row_splits, validate=False)
    return convert(value, dtype, name, preferred=preferred)


def common_splits_type(*tensors):
    """The type of row splits that ragged ones among the tensors have in common, and the tensors with it.

    Raises:
      ValueError: the types differ.
    """
    found = {t.row_splits.dtype for t in tensors if isinstance(t, RaggedTensor)}
    if len(found) < 2:
        return (*found, dtypes.int64)[0], tensors
    if not AUTO_CAST:
        raise ValueError(MISMATCH % "Input RaggedTensors")
    return dtypes.int64, tuple([t.with_row_splits_dtype(dtypes.int64) if isinstance(t, RaggedTensor) else t for t in tensors])


def match_splits_types(*tensors):
    """The tensors, the ragged ones with row splits of one type."""
    return common_splits_type(*tensors)[1]


# ------------------------------------------------------------------------------------------------------ fetch and feed


def _value_of(parts):
    """The `RaggedTensorValue` of row splits and flat values."""
    *splits, value = parts
    for s in reversed(splits):
        value = RaggedTensorValue(value, s)
    return value


def _parts(rt):
    return [*rt.nested_row_splits, rt.flat_values]


register_session_run_conversion_functions(
    RaggedTensor,
    lambda rt: (_parts(rt), _value_of),
    lambda key, value: list(zip(_parts(key), _parts(value))),
    _parts,
)


class _NoTensorError(TypeError):
    """A ragged tensor was to become a tensor.

    The text, with all elements, is made when it is asked for: functions that have a version for ragged tensors come by here.
    """

    def __str__(self):
        (value,) = self.args
        text = "Failed to convert object of type %s to Tensor. Contents: %s. Consider casting elements to a supported type."
        return text % (type(value), value)


def _no_tensor(value, dtype=None, name=None, as_ref=False):
    raise _NoTensorError(value)


register_tensor_conversion_function(RaggedTensor, _no_tensor)
