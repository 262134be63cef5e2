"""`rt[...]`: rows, slices of rows and of columns."""

from ..core.context import here
from ..core.convert import convert
from ..core.export import public as tf
from ..core.scopes import name_scope
from ..core.tensor import Tensor
from .gathering import gather
from .ranges import ragged_range
from .tensor import RaggedTensor

_ALL = slice(None, None, None)


def getitem(self, key):
    """A row, or the rows, and of them the columns, that a slice tells.

    Raises:
      ValueError: a single index stands for a ragged dimension inside.
      TypeError: an index is no integer.
    """
    keys = list(key) if isinstance(key, list | tuple) else [key]
    with name_scope(None, "RaggedGetItem", [self, *_tensors(keys)]):
        return _item(self, keys)


def _tensors(key):
    if isinstance(key, Tensor):
        return [key]
    if isinstance(key, slice):
        key = [key.start, key.stop, key.step]
    return [t for k in key for t in _tensors(k)] if isinstance(key, list | tuple) else []


def _item(rt, keys):
    """What the keys pick, the first of them among the rows."""
    if not keys:
        return rt
    first, rest = keys[0], keys[1:]
    if first is Ellipsis:
        return _item(rt, _spell_ellipsis(keys, rt.shape.ndims))
    if first is None:
        inner = _item(rt, rest)
        count = tf.shape(inner.row_splits, out_type=inner.row_splits.dtype)[0]
        return RaggedTensor.from_row_splits(inner, tf.stack([0, count - 1]), validate=False)
    if isinstance(first, slice):
        return _inner(_slice_rows(rt, first), rest)
    starts, limits = rt.row_splits[:-1], rt.row_splits[1:]
    if here.eager and _as_int(first) is not None and _as_int(first) >= starts.shape.as_list()[0]:
        raise IndexError("Row key %s out of bounds" % (first,))
    row = rt.values[starts[first] : limits[first]]
    return row[tuple(rest)] if isinstance(row, Tensor) else _item(row, rest)


def _as_int(key):
    try:
        return int(key)
    except (TypeError, ValueError):
        return None


def _is_all(key):
    return key.start is None and key.stop is None and key.step is None


def _slice_rows(rt, key):
    if _is_all(key):
        return rt
    starts, limits = rt.row_splits[:-1][key], rt.row_splits[1:][key]
    zero = tf.zeros([1], rt.row_splits.dtype)
    if key.step is not None and key.step != 1:
        return _pick_ranges(starts, limits, 1, rt.values)
    # Without rows there is no first start: zero takes its place.
    splits = tf.concat([zero[tf.size(starts) :], starts[:1], limits], axis=0)
    first, last = splits[0], splits[-1]
    return RaggedTensor.from_row_splits(rt.values[first:last], splits - first, validate=False)


def _inner(rt, keys):
    """What the keys pick inside of each row."""
    if not keys:
        return rt
    if isinstance(rt, Tensor):
        return rt[(_ALL, *keys)]
    first, rest = keys[0], keys[1:]
    if first is Ellipsis:
        return _inner(rt, _spell_ellipsis(keys, rt.values.shape.ndims))
    if first is None:
        inner = _inner(rt, rest)
        count = tf.shape(inner.row_splits, out_type=inner.row_splits.dtype)[0]
        return RaggedTensor.from_row_splits(inner, tf.range(count), validate=False)
    if not isinstance(first, slice):
        raise ValueError("Cannot index into an inner ragged dimension.")
    if not _is_all(first):
        begin, end = rt.row_splits[:-1], rt.row_splits[1:]
        if first.start is not None and first.start != 0:
            begin = _move(first.start, rt.row_splits[:-1], rt.row_splits[1:])
        if first.stop is not None and first.stop != 0:
            end = _move(first.stop, rt.row_splits[:-1], rt.row_splits[1:])
        rt = _pick_ranges(begin, end, first.step, rt.values)
    return rt.with_values(_inner(rt.values, rest))


def _spell_ellipsis(keys, rank):
    """The keys with one more full slice before the ellipsis, or without it if they are enough."""
    if rank is None:
        raise ValueError("Ellipsis not supported for unknown shape RaggedTensors")
    count = sum(1 for key in keys if key is not None)
    if count > rank + 1:
        raise IndexError("Too many indices for RaggedTensor")
    return keys[1:] if count == rank + 1 else [_ALL, *keys]


def _pick_ranges(starts, limits, step, values):
    step = convert(1 if step is None else step, None, "step")
    if not step.dtype.is_integer:
        raise TypeError("slice strides must be integers or None")
    picked = ragged_range(starts, limits, tf.cast(step, starts.dtype), row_splits_dtype=starts.dtype)
    take = gather if isinstance(values, RaggedTensor) else tf.gather
    return picked.with_values(take(params=values, indices=picked.values))


def _move(offset, starts, limits):
    """The places at an offset in each row, from its end if that is negative."""
    forwards, backwards = (lambda: tf.minimum(starts + offset, limits)), (lambda: tf.maximum(limits + offset, starts))
    if isinstance(offset, Tensor):
        offset = tf.cast(offset, starts.dtype)
        return tf.cond(offset >= 0, forwards, backwards)
    if not isinstance(offset, int):
        raise TypeError("slice offsets must be integers or None")
    return forwards() if offset > 0 else backwards()
