"""`tile`, `expand_dims`, `squeeze`, `size` and `rank` of ragged tensors."""

from ..core import dtypes
from ..core.export import public as tf
from ..core.scopes import name_scope
from ..core.static_values import constant_value
from ..ops.flow import with_dependencies
from .rows import positive_axis, repeat_ranges, splits_of, to_int_tensor
from .tensor import RaggedTensor, is_ragged, to_tensor_or_ragged


def tile(input, multiples, name=None):
    """`tf.tile` of a ragged tensor."""
    with name_scope(name, "RaggedTile", [input, multiples]):
        rt = to_tensor_or_ragged(input, None, "input")
        if not is_ragged(rt):
            return tf.tile(rt, multiples, name)
        multiples = to_int_tensor(multiples, "multiples", rt.row_splits.dtype)
        multiples.shape.assert_has_rank(1)
        known = constant_value(multiples)
        values = _tiled_values(rt, multiples, known)
        return RaggedTensor.from_nested_row_splits(values, _tiled_splits(rt, multiples, known), validate=False)


def _repeats(known, axis):
    return known is None or known[axis] != 1


def _tiled_values(rt, multiples, known):
    """The flat values, dimensions tiled from the innermost ragged one outwards."""
    nested, rank = rt.nested_row_splits, rt.ragged_rank
    ids, below = tf.range(nested[-1][-1]), None
    for axis in range(rank, 0, -1):
        splits = nested[axis - 1]
        if below is not None:
            splits = tf.gather(below * multiples[axis + 1], splits)
        if _repeats(known, axis):
            ids = repeat_ranges(ids, splits, multiples[axis])
        below = splits
    values = tf.gather(rt.flat_values, ids)
    return tf.tile(values, tf.concat([multiples[:1], multiples[rank + 1 :]], axis=0))


def _tiled_splits(rt, multiples, known):
    nested, rank = rt.nested_row_splits, rt.ragged_rank
    # Where the rows of a dimension begin among those of a dimension further in.
    projected = [{i: splits} for i, splits in enumerate(nested)]
    for outer in range(rank):
        for inner in range(outer + 1, rank - 1):
            projected[outer][inner] = tf.gather(nested[inner], projected[outer][inner - 1])
    result = []
    for axis, splits in enumerate(nested):
        lengths = (splits[1:] - splits[:-1]) * multiples[axis + 1]
        repeats = 1
        for outer in range(axis - 1, -1, -1):
            if _repeats(known, outer + 1):
                lengths = repeat_ranges(lengths, projected[outer][axis - 1] * repeats, multiples[outer + 1])
            repeats *= multiples[outer + 1]
        result.append(splits_of(tf.tile(lengths, multiples[:1])))
    return result


def expand_dims(input, axis=None, name=None, dim=None):
    """`tf.expand_dims` of a ragged tensor."""
    axis = axis if dim is None else dim
    with name_scope(name, "RaggedExpandDims", [input]):
        rt = to_tensor_or_ragged(input, None, "input")
        if not is_ragged(rt):
            return tf.expand_dims(rt, axis)
        axis = positive_axis(axis, None if rt.shape.ndims is None else rt.shape.ndims + 1)
        if axis == 0:
            values, splits = rt, tf.stack([0, rt.nrows()])
        elif axis == 1:
            values, splits = rt, tf.range(rt.nrows() + 1)
        else:
            values, splits = expand_dims(rt.values, axis - 1), rt.row_splits
        return RaggedTensor.from_row_splits(values, splits, validate=False)


def size(input, name=None, out_type=dtypes.int32):
    """`tf.size` of a ragged tensor: the number of its elements."""
    return tf.size(input.flat_values, out_type=out_type, name=name)


def rank(input, name=None):
    """`tf.rank` of a ragged tensor."""
    with name_scope(name, "RaggedRank", [input]):
        return input.ragged_rank + tf.rank(input.flat_values)


def squeeze(input, axis=None, name=None, squeeze_dims=None):
    """`tf.squeeze` of a ragged tensor, whose axes must be given."""
    if axis is not None and squeeze_dims is not None:
        raise ValueError("Cannot specify both 'squeeze_dims' and 'axis'")
    axis = squeeze_dims if axis is None else axis
    with name_scope(name, "RaggedSqueeze", [input]):
        rt = to_tensor_or_ragged(input)
        if axis is None:
            raise ValueError("Ragged.squeeze must have an axis argument.")
        axes = [axis] if isinstance(axis, int) else axis
        if not isinstance(axes, list | tuple) or not all(isinstance(a, int) for a in axes):
            raise TypeError("Axis must be a list or tuple of integers.")
        axes = [positive_axis(a, rt.shape.ndims) for a in axes]
        ragged = [a for a in axes if a <= rt.ragged_rank]
        dense = [a - rt.ragged_rank for a in axes if a > rt.ragged_rank]
        values = with_dependencies(_checks_for_ones(rt, ragged), rt.flat_values)
        if dense:
            values = tf.squeeze(values, dense)
        splits = [s for i, s in enumerate(rt.nested_row_splits) if i + 1 not in ragged]
        if splits and 0 in ragged:
            splits.pop(0)
        result = RaggedTensor.from_nested_row_splits(values, splits)
        return tf.squeeze(result, [0], name) if set(range(rt.ragged_rank + 1)) <= set(ragged) else result


def _checks_for_ones(rt, axes):
    text = "the given axis (axis = %d) is not squeezable!"
    one = tf.constant(1, dtype=rt.row_splits.dtype)
    checks = []
    for i, lengths in enumerate(rt.nested_row_lengths(), 1):
        if i in axes:
            checks.append(tf.Assert(tf.reduce_all(tf.equal(lengths, one)), [text % i]))
    if 0 in axes:
        checks.append(tf.Assert(tf.equal(tf.size(rt.row_splits), tf.constant(2)), [text % 0]))
    return checks
