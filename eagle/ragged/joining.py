"""`concat`, `stack` and `where` of ragged tensors."""

from ..core.export import export, public as tf
from ..core.scopes import control_dependencies, name_scope
from .gathering import gather
from .making import first_dimension
from .ranges import map_flat_values
from .rows import checks_that_splits_match, positive_axis, splits_of
from .shaping import expand_dims
from .tensor import RaggedTensor, common_splits_type, is_ragged, match_splits_types, to_tensor_or_ragged


def concat(values, axis, name=None):
    """`tf.concat` of tensors of which one is ragged."""
    values = values if isinstance(values, list | tuple) else [values]
    with name_scope(name, "RaggedConcat", values):
        return _join(values, axis, False)


@export("ragged.stack")
def stack(values, axis=0, name=None):
    """Stacks tensors, which may have different shapes, to a ragged tensor.

    Args:
      values: tensors and ragged tensors of one rank.
      axis: the new axis.
      name: of the scope.

    Raises:
      ValueError: there are none, their ranks differ, or there is no such axis.
    """
    values = values if isinstance(values, list | tuple) else [values]
    with name_scope(name, "RaggedConcat", values):
        return _join(values, axis, True)


def _join(values, axis, stacks):
    if not values:
        raise ValueError("rt_inputs may not be empty.")
    parts = [to_tensor_or_ragged(v, None, "rt_input") for v in values]
    splits_type, parts = common_splits_type(*parts)
    if len(parts) == 1:
        return expand_dims(parts[0], axis=axis) if stacks else parts[0]
    rank = None
    for part in parts:
        if rank is None:
            rank = part.shape.ndims
        else:
            part.shape.assert_has_rank(rank)
    rank_after = rank if rank is None or not stacks else rank + 1
    axis = positive_axis(axis, rank_after)
    if not any(map(is_ragged, parts)) and rank is not None and axis in (rank_after - 1, rank - 1):
        return tf.stack(parts, axis) if stacks else tf.concat(parts, axis)  # only the innermost dimension changes
    parts = [p if is_ragged(p) else RaggedTensor.from_tensor(p, ragged_rank=1, row_splits_dtype=splits_type) for p in parts]
    ragged_rank = max(p.ragged_rank for p in parts)
    parts = [_more_ragged(p, ragged_rank, splits_type) for p in parts]
    if axis == 0:
        return _join_rows(parts, stacks)
    if axis == 1:
        return _join_columns(parts, stacks)
    splits = [p.row_splits for p in parts]
    with control_dependencies(checks_that_splits_match([[s] for s in splits])):
        return RaggedTensor.from_row_splits(_join([p.values for p in parts], axis - 1, stacks), splits[0], validate=False)


def _more_ragged(rt, ragged_rank, splits_type):
    """The same with more ragged dimensions."""
    if ragged_rank > 0:
        if not is_ragged(rt):
            rt = RaggedTensor.from_tensor(rt, row_splits_dtype=splits_type)
        if rt.ragged_rank < ragged_rank:
            rt = rt.with_values(_more_ragged(rt.values, ragged_rank - 1, splits_type))
    return rt


def _join_rows(parts, stacks):
    values = tf.concat([p.flat_values for p in parts], axis=0)
    splits = [_joined_splits(each) for each in zip(*[p.nested_row_splits for p in parts])]
    if stacks:
        splits.insert(0, splits_of(tf.stack([p.nrows() for p in parts])))
    return RaggedTensor.from_nested_row_splits(values, splits, validate=False)


def _joined_splits(splits):
    pieces, offset = [splits[0]], splits[0][-1]
    for s in splits[1:]:
        pieces.append(s[1:] + offset)
        offset += s[-1]
    return tf.concat(pieces, axis=0)


def _join_columns(parts, stacks):
    count, nrows = len(parts), parts[0].nrows()
    text = "Input tensors have incompatible shapes."
    with control_dependencies([tf.debugging.assert_equal(p.nrows(), nrows, message=text) for p in parts[1:]]):
        # All rows one below the other, then those that belong together side by side.
        rows = _join_rows(parts, False)
        numbers = tf.reshape(tf.range(nrows * count), [count, -1])
        rows = gather(rows, tf.reshape(tf.transpose(numbers), [-1]))
        splits = tf.range(0, nrows * count + 1, count) if stacks else rows.row_splits[::count]
        for p in parts:
            known = p.shape.as_list()[0] if p.shape.ndims is not None else None
            if known is not None:
                splits.set_shape([known + 1])
        return RaggedTensor.from_row_splits(rows if stacks else rows.values, splits, validate=False)


def where(condition, x=None, y=None, name=None):
    """`tf.where` of ragged tensors: elements of `x` and `y`, or the places where the condition holds."""
    if (x is None) != (y is None):
        raise ValueError("x and y must be either both None or both non-None")
    with name_scope(name, "RaggedWhere", [condition, x, y]):
        condition = to_tensor_or_ragged(condition, None, "condition")
        if x is None:
            return _places(condition)
        x, y = to_tensor_or_ragged(x, None, "x"), to_tensor_or_ragged(y, None, "y")
        condition, x, y = match_splits_types(condition, x, y)
        ragged = [is_ragged(t) for t in (condition, x, y)]
        if all(ragged):
            return map_flat_values(tf.where, condition, x, y)
        if ragged[0]:
            raise ValueError("Input shapes do not match.")
        condition.shape.assert_has_rank(1)
        both = concat([x, y], axis=0)
        kind = both.row_splits.dtype
        of_x, of_y = first_dimension(x, kind), first_dimension(y, kind)
        return gather(both, tf.where(condition, tf.range(of_x), of_x + tf.range(of_y)))


def _places(condition):
    if not is_ragged(condition):
        return tf.where(condition)
    inner = _places(condition.values)
    condition = condition.with_row_splits_dtype(inner.dtype)
    first = inner[:, 0]
    rows = tf.gather(condition.value_rowids(), first)
    columns = first - tf.gather(condition.row_splits, rows)
    return tf.concat([tf.expand_dims(rows, 1), tf.expand_dims(columns, 1), inner[:, 1:]], axis=1)
