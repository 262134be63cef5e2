"""`tf.ragged.boolean_mask` and `tf.ragged.stack_dynamic_partitions`."""

from ..core import dtypes
from ..core.convert import convert
from ..core.export import export, public as tf
from ..core.scopes import control_dependencies, name_scope
from .gathering import gather
from .ranges import map_flat_values
from .reducing import reduce_sum
from .rows import checks_that_splits_match, row_splits_to_segment_ids, splits_of
from .tensor import RaggedTensor, common_splits_type, is_ragged, to_tensor_or_ragged


@export("ragged.boolean_mask")
def boolean_mask(data, mask, name=None):
    """The elements where a mask holds, in rows as the mask has them.

    Args:
      data: a tensor or ragged tensor.
      mask: one of bools, whose shape begins that of `data`.
      name: of the scope.

    Raises:
      ValueError: the mask is a scalar, or its rank is unknown.
    """
    with name_scope(name, "RaggedMask", [data, mask]):
        data = to_tensor_or_ragged(data, None, "data")
        mask = to_tensor_or_ragged(mask, dtypes.bool_, "mask")
        splits_type, (data, mask) = common_splits_type(data, mask)
        rank = mask.shape.ndims
        if rank is None:
            raise ValueError("mask.shape.ndims must be known statically.")
        if rank == 0:
            raise ValueError("mask cannot be scalar.")
        if is_ragged(mask):
            return _by_ragged_mask(data, mask, splits_type)
        if not is_ragged(data):
            return _by_dense_mask(data, mask, rank, splits_type)
        if rank == 1:
            splits = splits_of(tf.boolean_mask(data.row_lengths(), mask))
            of_values = tf.gather(mask, row_splits_to_segment_ids(data.row_splits))
            return RaggedTensor.from_row_splits(boolean_mask(data.values, of_values), splits, validate=False)
        ragged_rank = min(data.ragged_rank, rank - 1)
        return boolean_mask(data, RaggedTensor.from_tensor(mask, ragged_rank=ragged_rank, row_splits_dtype=data.row_splits.dtype))


def _by_ragged_mask(data, mask, splits_type):
    if not is_ragged(data):
        data = RaggedTensor.from_tensor(data, ragged_rank=mask.ragged_rank, row_splits_dtype=mask.row_splits.dtype)
    with control_dependencies(checks_that_splits_match([mask.nested_row_splits, data.nested_row_splits[: mask.ragged_rank]])):
        splits = []
        while is_ragged(mask):
            if mask.shape.ndims > 2:
                splits.append(mask.row_splits)
            else:
                numbers = map_flat_values(tf.cast, mask, dtype=splits_type)
                splits.append(splits_of(reduce_sum(numbers, axis=1)))
            mask, data = mask.values, data.values
        return RaggedTensor.from_nested_row_splits(boolean_mask(data, mask), splits, validate=False)


def _by_dense_mask(data, mask, rank, splits_type):
    values = tf.boolean_mask(data, mask)
    if rank >= 2:
        lengths = tf.reshape(tf.math.count_nonzero(mask, axis=-1, dtype=splits_type), [-1])
        values = RaggedTensor.from_row_lengths(values, lengths, validate=False)
    if rank > 2:
        shape = tf.shape(mask, out_type=splits_type)
        counts = tf.cumprod(shape) + 1
        for axis in range(rank - 3, -1, -1):
            values = RaggedTensor.from_row_splits(values, tf.range(counts[axis]) * shape[axis + 1], validate=False)
    return values


@export("ragged.stack_dynamic_partitions")
def stack_dynamic_partitions(data, partitions, num_partitions, name=None):
    """The slices of a tensor, in a row for each partition.

    Args:
      data: a tensor or ragged tensor.
      partitions: one of integers, whose shape begins that of `data`: to which partition each slice goes.
      num_partitions: the number of partitions.
      name: of the scope.

    Raises:
      ValueError: the rank of `partitions` is unknown, or the shapes don't fit.
    """
    with name_scope(name, "SegmentStack", [data, partitions, num_partitions]):
        data = to_tensor_or_ragged(data, None, "data")
        splits_type = data.row_splits.dtype if is_ragged(data) else None
        partitions = to_tensor_or_ragged(partitions, None, "partitions", preferred=splits_type)
        count = convert(num_partitions, None, "num_partitions", preferred=partitions.dtype)
        if splits_type is not None:
            partitions = tf.cast(partitions, splits_type)
        count = tf.cast(count, partitions.dtype)
        rank = partitions.shape.ndims
        if rank is None:
            raise ValueError("partitions must have known rank.")
        count.shape.assert_has_rank(0)
        partitions.shape.assert_is_compatible_with(data.shape[:rank])
        if rank == 0:
            return RaggedTensor.from_value_rowids(tf.stack([data]), tf.stack([partitions]), nrows=count, validate=False)
        if rank == 1:
            order = tf.argsort(partitions, stable=True)
            ids = tf.gather(partitions, order)
            values = gather(data, order)
            text = "partitions must be less than num_partitions"
            with control_dependencies([tf.debugging.assert_less(ids[-1:], count, message=text)]):
                return RaggedTensor.from_value_rowids(values, ids, nrows=count, validate=False)
        if not is_ragged(data):
            data = RaggedTensor.from_tensor(data, row_splits_dtype=partitions.dtype, ragged_rank=1)
        if not is_ragged(partitions):
            ragged_rank = max(data.ragged_rank, rank - 1)
            partitions = RaggedTensor.from_tensor(partitions, row_splits_dtype=partitions.dtype, ragged_rank=ragged_rank)
        text = "data and partitions have incompatible ragged shapes"
        with control_dependencies([tf.debugging.assert_equal(data.row_splits, partitions.row_splits, message=text)]):
            return stack_dynamic_partitions(data.values, partitions.values, count)
