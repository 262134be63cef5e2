"""How ragged tensors are made of values and a partition of them into rows: the `from_...` methods of `RaggedTensor`."""

import numpy as np

from ..core import dtypes
from ..core.convert import convert
from ..core.export import public as tf
from ..core.scopes import name_scope
from ..core.static_values import constant_value
from ..core.tensor import Tensor
from ..ops.flow import with_dependencies
from .rows import AUTO_CAST, SPLITS
from .value import RaggedTensorValue


class Ragged:
    """The base of `RaggedTensor`, with the methods that make one of values and a partition."""

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


def of_value(value, dtype=None, preferred=None):
    """A `RaggedTensorValue` as a ragged tensor."""
    with name_scope(None, "ConvertToTensorOrRaggedTensor", []):
        flat = convert(value.flat_values, dtype, "flat_values", preferred=preferred)
        return tf.RaggedTensor.from_nested_row_splits(flat, value.nested_row_splits, validate=False)


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
    if isinstance(values, Ragged):
        return values.nrows(out_type=out_type)
    return tf.shape(values, out_type=out_type)[0]


def _check_sorted(partition, text):
    return tf.debugging.assert_non_negative(partition[1:] - partition[:-1], message=text)


def _check_zero(tensor, text):
    return tf.debugging.assert_equal(tensor, tf.constant(0, dtype=tensor.dtype), message=text)


def _checked(values, partition, checks):
    if not isinstance(values, Ragged):
        checks.append(tf.debugging.assert_rank_at_least(values, 1))
    return with_dependencies(checks, partition)


def _as_pair(values, partition, name):
    """Values and a partition as tensors, with row splits of one type."""
    if isinstance(values, RaggedTensorValue):
        values = of_value(values)
    if not isinstance(values, Ragged):
        values = convert(values, None, "values")
        is_int32 = isinstance(partition, np.ndarray) and partition.dtype == np.int32
        partition = convert(partition, None, name, preferred=None if is_int32 else dtypes.int64)
    elif not isinstance(partition, Tensor):
        return values, convert(partition, values.row_splits.dtype, name)
    if partition.dtype not in SPLITS:
        raise ValueError("%s must have dtype int32 or int64" % name)
    if isinstance(values, Ragged) and values.row_splits.dtype != partition.dtype:
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
