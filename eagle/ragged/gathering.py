"""`gather`, `gather_nd` and `batch_gather` of ragged tensors."""

from ..core import dtypes
from ..core.convert import convert
from ..core.export import public as tf
from ..core.scopes import control_dependencies, name_scope
from ..ops.ragged import ragged_gather
from .shaping import expand_dims, tile
from .tensor import RaggedTensor, is_ragged, match_splits_types, to_tensor_or_ragged


def _check_zero(**given):
    for name, value in given.items():
        if not isinstance(value, int) or value:
            raise ValueError("%s != 0 is not supported for ragged gather yet." % name)


def _pair(params, indices):
    return match_splits_types(to_tensor_or_ragged(params, None, "params"), to_tensor_or_ragged(indices, None, "indices"))


def gather(params, indices, validate_indices=None, name=None, axis=0, batch_dims=0):
    """`tf.gather` where the rows or the row numbers are ragged."""
    _check_zero(axis=axis, batch_dims=batch_dims)
    with name_scope(name, "RaggedGather", [params, indices]):
        params, indices = _pair(params, indices)
        if is_ragged(indices):
            return indices.with_values(gather(params, indices.values))
        if not is_ragged(params):
            return tf.gather(params, indices)
        indices = convert(indices)
        if indices.shape.ndims is None:
            raise ValueError("indices.shape.ndims must be known statically")
        if indices.shape.ndims == 0:
            return params[indices]
        rank = indices.shape.ndims + params.ragged_rank - 1
        splits, values = ragged_gather(list(params.nested_row_splits), params.flat_values, indices, OUTPUT_RAGGED_RANK=rank)
        return RaggedTensor.from_nested_row_splits(values, splits, validate=False)


def gather_nd(params, indices, name=None, batch_dims=0):
    """`tf.gather_nd` where the values or the places are ragged."""
    _check_zero(batch_dims=batch_dims)
    if not is_ragged(params) and not is_ragged(indices):
        return tf.gather_nd(params, indices, name)
    with name_scope(name, "RaggedGatherNd", [params, indices]):
        params, indices = _pair(params, indices)
        rank = indices.shape.ndims
        if rank is None:
            raise ValueError("indices.rank be statically known.")
        if rank == 0:
            raise ValueError("indices.rank must be at least 1.")
        if is_ragged(indices) and rank == indices.ragged_rank + 1:
            raise ValueError("The innermost dimension of indices may not be ragged")
        size = indices.shape.as_list()[-1]
        if size is None:
            raise ValueError("indices.shape[-1] must be statically known.")
        if rank > 2:
            return _gather_each(params, indices, rank)
        if size == 0:
            return _gather_whole(params, indices, rank)
        if size == 1:
            return gather(params, tf.reshape(indices, [-1]))
        return _gather_elements(params, indices, size)


def _gather_each(params, indices, rank):
    """Places of rank 2 below ragged dimensions."""
    dense = not is_ragged(indices)
    if dense:
        indices = RaggedTensor.from_tensor(indices, ragged_rank=rank - 2, row_splits_dtype=params.row_splits.dtype)
    result = indices.with_flat_values(gather_nd(params, indices.flat_values))
    return result.to_tensor() if dense and is_ragged(result) and result.ragged_rank == rank - 2 else result


def _gather_whole(params, indices, rank):
    """All of the values for each place, which has no coordinates."""
    inner = params.ragged_rank + tf.rank(params.flat_values)
    for _ in range(rank - 1):
        params = expand_dims(params, axis=0)
    return tile(params, tf.concat([tf.shape(indices)[:-1], tf.ones([inner], dtypes.int32)], axis=0))


def _gather_elements(params, indices, size):
    """Places of two or more coordinates."""
    indices = tf.cast(indices, params.row_splits.dtype)
    places = tf.gather(params.row_splits, indices[..., 0]) + indices[..., 1]
    values = params.values
    for i in range(2, size):
        if not is_ragged(values):
            places = tf.concat([tf.expand_dims(places, axis=1), indices[..., i:]], axis=1)
            return tf.gather_nd(values, places)
        places = tf.gather(values.row_starts(), places) + indices[..., i]
        values = values.values
    return gather(values, places)


def batch_gather(params, indices, name=None):
    """`tf.batch_gather` where the rows or the column numbers are ragged."""
    mismatch = ValueError("batch shape from indices does not match params shape")
    with name_scope(name, "RaggedBatchGather", [params, indices]):
        params, indices = _pair(params, indices)
        rank = indices.shape.ndims
        if rank is None:
            raise ValueError("batch_gather does not allow indices with unknown shape.")
        if rank == 0:
            raise ValueError("indices.rank must be at least 1.")
        if not is_ragged(indices):
            if rank == 1:
                return gather(params, indices)
            if rank != 2:
                raise mismatch
            starts = tf.expand_dims(params.row_starts(), 1)
            return gather(params.values, tf.cast(indices, starts.dtype) + starts)
        splits = indices.row_splits
        if rank > 2:
            if not is_ragged(params):
                raise mismatch
            with control_dependencies([tf.debugging.assert_equal(params.row_splits, splits)]):
                both = is_ragged(params.values) or is_ragged(indices.values)
                inner = (batch_gather if both else tf.batch_gather)(params.values, indices.values)
                return RaggedTensor.from_row_splits(inner, splits, validate=False)
        if not is_ragged(params):
            if params.shape.ndims is not None and params.shape.ndims < 2:
                raise mismatch
            params = RaggedTensor.from_tensor(params, ragged_rank=1, row_splits_dtype=splits.dtype)
        counts = indices.row_lengths()
        starts = tf.repeat(params.row_starts(), counts, axis=0)
        places = tf.cast(indices.values, starts.dtype) + starts
        return RaggedTensor.from_row_splits(gather(params.values, places), splits, validate=False)
