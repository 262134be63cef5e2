"""`reduce_sum` and its like, and the unsorted segment functions, of ragged tensors."""

import numpy as np

from ..core import dtypes
from ..core.export import public as tf
from ..core.scopes import control_dependencies, name_scope
from ..core.static_values import constant_value
from ..core.tensor import Tensor
from .ranges import map_flat_values, ragged_range
from .rows import positive_axis, row_splits_to_segment_ids
from .tensor import RaggedTensor, is_ragged, match_splits_types, to_tensor_or_ragged


def _segment(function, data, segment_ids, num_segments, name=None):
    """Combines the rows of each segment, column by column, with a function of plain tensors."""
    if not is_ragged(data) and not is_ragged(segment_ids):
        return function(data, segment_ids, num_segments, name)
    with name_scope(name, "RaggedSegment", [data, segment_ids, num_segments]):
        data, ids = to_tensor_or_ragged(data, None, "data"), to_tensor_or_ragged(segment_ids, None, "segment_ids")
        data, ids = match_splits_types(data, ids)
        if ids.dtype not in (dtypes.int32, dtypes.int64):
            raise ValueError("segment_ids must have dtype int32 or int64.")
        if is_ragged(ids):
            if not is_ragged(data):
                raise ValueError("segment_ids.shape must be a prefix of data.shape, but segment_ids is ragged and data is not.")
            text = "segment_ids.shape must be a prefix of data.shape"
            with control_dependencies([tf.debugging.assert_equal(ids.row_splits, data.row_splits, message=text)]):
                return _segment(function, data.values, ids.values, num_segments)
        lengths = data.row_splits[1:] - data.row_splits[:-1]
        # A segment is as long as the longest of its rows.
        segment_lengths = tf.maximum(tf.math.unsorted_segment_max(lengths, ids, num_segments), 0)
        splits = tf.concat([tf.zeros([1], segment_lengths.dtype), tf.cumsum(segment_lengths)], axis=0)
        starts = tf.gather(splits, ids)
        places = ragged_range(starts, starts + lengths).values
        return RaggedTensor.from_row_splits(_segment(function, data.values, places, splits[-1]), splits, validate=False)


def _segment_function(kind, scope):
    def function(data, segment_ids, num_segments, name=None):
        plain = getattr(tf.math, "unsorted_segment_" + kind)
        return _segment(plain, data, segment_ids, num_segments, name or scope)

    function.__name__ = "segment_" + kind
    function.__doc__ = "`tf.math.unsorted_segment_%s` where `data` or `segment_ids` are ragged." % kind
    return function


segment_sum = _segment_function("sum", "RaggedSegmentSum")
segment_prod = _segment_function("prod", "RaggedSegmentProd")
segment_min = _segment_function("min", "RaggedSegmentMin")
segment_max = _segment_function("max", "RaggedSegmentMax")


def _segment_quotient(data, segment_ids, num_segments, scope, name, of_count):
    with name_scope(name, scope, [data, segment_ids, num_segments]):
        total = segment_sum(data, segment_ids, num_segments)
        data = to_tensor_or_ragged(data)
        ones = data.with_flat_values(tf.ones_like(data.flat_values))
        count = segment_sum(ones, segment_ids, num_segments)
        if is_ragged(total):
            return total.with_flat_values(total.flat_values / of_count(count.flat_values))
        return total / of_count(count)


def segment_mean(data, segment_ids, num_segments, name=None):
    """`tf.math.unsorted_segment_mean` where `data` is ragged."""
    return _segment_quotient(data, segment_ids, num_segments, "RaggedSegmentMean", name, lambda count: count)


def segment_sqrt_n(data, segment_ids, num_segments, name=None):
    """`tf.math.unsorted_segment_sqrt_n` where `data` is ragged."""
    return _segment_quotient(data, segment_ids, num_segments, "RaggedSegmentSqrtN", name, lambda count: tf.sqrt(count))


# ------------------------------------------------------------------------------------------------------------ reducing


def _functions_of(kind):
    return getattr(tf, "reduce_" + kind), getattr(tf.math, "unsorted_segment_" + kind)


def _reduce(functions, rt, axis, keepdims, name=None):
    """Reduces a ragged tensor (or what is left of one) with a pair of functions of plain tensors: `reduce_...`, and
    `unsorted_segment_...` of the same kind."""
    reduce_plain, segment_plain = functions
    if not is_ragged(rt):
        return reduce_plain(rt, axis, name=name)
    if keepdims:
        raise ValueError("keepdims=True is not supported for RaggedTensors.")
    if isinstance(axis, Tensor):
        axis = constant_value(axis)
        if axis is None:
            raise ValueError("axis must be known at graph construction time.")
        axis = np.asarray(axis).tolist()
    if axis is None:
        return reduce_plain(rt.flat_values, None, name=name)
    with name_scope(name, "RaggedReduce", [rt, axis]):
        if isinstance(axis, tuple | list):
            if not axis:
                return rt
            if len(axis) > 1:
                axes = sorted(positive_axis(a, rt.shape.ndims) for a in axis)
                return _reduce(functions, _reduce(functions, rt, axes[-1], keepdims), axes[:-1], keepdims)
            axis = axis[0]
        rt = to_tensor_or_ragged(rt, None, "rt_input")
        axis = positive_axis(axis, rt.shape.ndims)
        splits = rt.row_splits
        if axis == 0:
            lengths = splits[1:] - splits[:-1]
            longest = tf.maximum(tf.reduce_max(lengths), 0)
            return _segment(segment_plain, rt.values, ragged_range(lengths).values, longest)
        if axis == 1:
            count = tf.shape(splits)[0] - 1
            return _segment(segment_plain, rt.values, row_splits_to_segment_ids(splits), count)
        return rt.with_values(_reduce(functions, rt.values, axis - 1, keepdims))


def _reduction(kind, scope):
    def function(input_tensor, axis=None, keepdims=None, name=None):
        return _reduce(_functions_of(kind), input_tensor, axis, keepdims, name or scope)

    function.__name__ = "reduce_" + kind
    function.__doc__ = "`tf.reduce_%s` of a ragged tensor." % kind
    return function


reduce_sum = _reduction("sum", "RaggedReduceSum")
reduce_prod = _reduction("prod", "RaggedReduceProd")
reduce_min = _reduction("min", "RaggedReduceMin")
reduce_max = _reduction("max", "RaggedReduceMax")


def reduce_mean(input_tensor, axis=None, keepdims=None, name=None):
    """`tf.reduce_mean` of a ragged tensor."""
    with name_scope(name, "RaggedReduceMean", [input_tensor, axis]):
        total = reduce_sum(input_tensor, axis, keepdims)
        rt = to_tensor_or_ragged(input_tensor)
        count = reduce_sum(rt.with_flat_values(tf.ones_like(rt.flat_values)), axis, keepdims)
        if is_ragged(total):
            return total.with_flat_values(total.flat_values / count.flat_values)
        return total / count


def _as_numbers(scope, reduce):
    """A reduction of bools by one of numbers."""

    def function(input_tensor, axis=None, keepdims=None, name=None):
        with name_scope(name, scope, [input_tensor, axis]):
            numbers = reduce(map_flat_values(tf.cast, input_tensor, dtypes.int32), axis, keepdims)
            return map_flat_values(tf.cast, numbers, dtypes.bool_)

    return function


reduce_all = _as_numbers("RaggedReduceAll", reduce_prod)
reduce_any = _as_numbers("RaggedReduceAny", reduce_sum)


def _old_spellings(axis, keepdims, reduction_indices, keep_dims):
    if reduction_indices is not None:
        if axis is not None:
            raise ValueError("Can't specify both 'axis' and 'reduction_indices'.")
        axis = reduction_indices
    return axis, keep_dims if keepdims is None else keepdims


def reduce_join(inputs, axis=None, keep_dims=None, separator="", name=None, reduction_indices=None, keepdims=None):
    """`tf.reduce_join` of a ragged tensor."""
    axis, keepdims = _old_spellings(axis, keepdims, reduction_indices, keep_dims)

    def join(x, axis, name=None):
        return tf.reduce_join(x, axis, separator=separator, name=name)

    def join_segments(data, segment_ids, num_segments, name=None):
        return tf.strings.unsorted_segment_join(data, segment_ids, num_segments, separator, name)

    return _reduce((join, join_segments), inputs, axis, keepdims, name or "RaggedSegmentJoin")
