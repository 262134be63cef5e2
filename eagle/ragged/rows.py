"""Arithmetic of row splits, row lengths and row numbers, which are plain tensors."""

from ..core import dtypes
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export, public as tf
from ..core.scopes import name_scope
from ..core.static_values import constant_value
from ..core.tensor import Tensor
from ..ops.ragged import ragged_range

SPLITS = (dtypes.int32, dtypes.int64)
AUTO_CAST = False  # TensorFlow casts partitions of int32 to int64 by itself only if it is built so


def to_int_tensor(value, name, dtype=dtypes.int32):
    """A value as a tensor of integers of a type.

    Raises:
      TypeError: it has no integers.
    """
    tensor = convert(value, None, name, preferred=dtype)
    if not tensor.dtype.is_integer:
        raise TypeError("%s must be an integer tensor; dtype=%s" % (name, tensor.dtype))
    return registry["Cast"](tensor, DstT=dtype)  # a node also if the type is that already, as in TensorFlow


def positive_axis(axis, rank):
    """An axis counted from the front.

    Raises:
      TypeError: it is no int.
      ValueError: there is no such axis, or it is counted from the back of a tensor of unknown rank.
    """
    if not isinstance(axis, int):
        raise TypeError("axis must be an int; got %s" % type(axis).__name__)
    if rank is None:
        if axis < 0:
            raise ValueError("axis may only be negative if ndims is statically known.")
        return axis
    if not -rank <= axis < rank:
        raise ValueError("axis=%s out of bounds: expected %s<=axis<%s" % (axis, -rank, rank))
    return axis % rank


def checks_that_splits_match(nested_splits):
    """Assertions that lists of row splits are equal.

    Raises:
      ValueError: they have different lengths.
    """
    message = "Inputs must have identical ragged splits"
    first, *others = nested_splits
    if any(len(splits) != len(first) for splits in others):
        raise ValueError(message)
    return [tf.debugging.assert_equal(a, b, message=message) for splits in others for a, b in zip(first, splits)]


def splits_of(lengths):
    """Row splits from row lengths."""
    return tf.concat([[0], tf.cumsum(lengths)], axis=-1)


def repeat_ranges(params, splits, repeats):
    """Repeats each of the pieces `params[splits[i]:splits[i + 1]]` right after itself, `repeats` or `repeats[i]` times."""
    if repeats.shape.ndims == 0:
        doubled = tf.repeat(splits, repeats, axis=0)
        count = tf.shape(doubled, out_type=repeats.dtype)[0]
        starts, limits = doubled[: count - repeats], doubled[repeats:]
    else:
        starts, limits = tf.repeat(splits[:-1], repeats, axis=0), tf.repeat(splits[1:], repeats, axis=0)
    return tf.gather(params, ragged_range(starts, limits, tf.ones((), starts.dtype))[1])


@export("ragged.row_splits_to_segment_ids")
def row_splits_to_segment_ids(splits, name=None, out_type=None):
    """For each value the number of its row.

    Args:
      splits: row splits, a vector of int32 or int64.
      name: of the scope.
      out_type: the type of the result; by default that of `splits`.

    Raises:
      ValueError: `splits` is empty, no vector or of another type.
    """
    with name_scope(name, "RaggedSplitsToSegmentIds", [splits]):
        splits = convert(splits, None, "splits", preferred=dtypes.int64)
        if splits.dtype not in SPLITS:
            raise ValueError("splits must have dtype int32 or int64")
        splits.shape.assert_has_rank(1)
        if splits.shape.as_list() == [0]:
            raise ValueError("Invalid row_splits: []")
        out_type = splits.dtype if out_type is None else dtypes.as_dtype(out_type)
        lengths = splits[1:] - splits[:-1]
        nrows = tf.shape(splits, out_type=out_type)[-1] - 1
        return tf.repeat(tf.range(nrows), lengths, axis=0)


@export("ragged.segment_ids_to_row_splits")
def segment_ids_to_row_splits(segment_ids, num_segments=None, out_type=None, name=None):
    """Row splits from the row numbers of values.

    Args:
      segment_ids: for each value the number of its row: a sorted vector of integers.
      num_segments: the number of rows; by default one more than the largest row number.
      out_type: the type of the result; by default that of a tensor among the arguments, or int64.
      name: of the scope.

    Raises:
      TypeError, ValueError: an argument is no vector or no scalar of integers.
    """
    if out_type is not None:
        out_type = dtypes.as_dtype(out_type)
    else:
        out_type = next((t.dtype for t in (segment_ids, num_segments) if isinstance(t, Tensor)), dtypes.int64)
    with name_scope(name, "SegmentIdsToRaggedSplits", [segment_ids]):
        segment_ids = to_int_tensor(segment_ids, "segment_ids")
        segment_ids.shape.assert_has_rank(1)
        if num_segments is not None:
            num_segments = to_int_tensor(num_segments, "num_segments")
            num_segments.shape.assert_has_rank(0)
        lengths = tf.math.bincount(segment_ids, minlength=num_segments, maxlength=num_segments, dtype=out_type)
        splits = tf.concat([[0], tf.cumsum(lengths)], axis=0)
        known = None if num_segments is None else constant_value(num_segments)
        if known is not None:
            splits.set_shape([int(known) + 1])
        return splits
