"""Strings in pieces and put together: string_split, reduce_join, unsorted_segment_join, n-grams."""

import functools
import operator
import re

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.compat import as_bytes
from ..core.convert import convert, from_array
from ..core.deprecation import one_of
from ..core.dispatch import registry
from ..core.errors import OutOfRangeError, invalid
from ..core.export import export
from ..core.op import Host, op
from ..core.scopes import name_scope
from ..core.sparse_tensor import SparseTensor
from ..core.versions import versioned
from .reduce import reduced_shape
from .text import SPACES

# ------------------------------------------------------------------------------------------------------------------ split


def _sparse(rows):
    """Lists of strings as the indices, values and shape of a sparse matrix."""
    if len(rows) == 1:  # as in the functions of datasets
        count = len(rows[0])
        indices = np.zeros((count, 2), np.int64)
        indices[:, 1] = np.arange(count)
    else:
        indices = np.array([(i, j) for i, row in enumerate(rows) for j in range(len(row))], np.int64).reshape(-1, 2)
    values = dtypes.object_array([s for row in rows for s in row])
    return indices, values, np.array([len(rows), max(map(len, rows), default=0)], np.int64)


def _check_ranks(input, separator, name):
    if input.ndim != 1:
        raise invalid("input must be a vector, got shape: %s", shapes.to_brackets(input.shape))
    if separator.ndim:
        raise invalid("%s must be a scalar, got shape: %s", name, shapes.to_brackets(separator.shape))


def _sparse_shape(input, separator):
    shapes.with_rank(input, 1)
    shapes.with_rank(separator, 0)
    return [(None, 2), (None,), (2,)]


@op("StringSplit", host=True)
def _string_split(xp, input, delimiter, *, skip_empty=True):
    _check_ranks(input, delimiter, "delimiter")
    any_of = np.asarray(delimiter).item()
    if not any_of:
        rows = [[s[i : i + 1] for i in range(len(s))] for s in input.tolist()]
    else:
        split = _splitter(any_of)
        rows = [split(s) if s else [] for s in input.tolist()]
        if skip_empty:
            rows = [[s for s in row if s] for row in rows]
    return _sparse(rows)


@functools.lru_cache(64)
def _splitter(any_of):
    """A function that splits a string at each of these bytes."""
    return operator.methodcaller("split", any_of) if len(any_of) == 1 else re.compile(b"[" + re.escape(any_of) + b"]").split


@op("StringSplitV2", host=True)
def _string_split_v2(xp, input, sep, *, maxsplit=-1):
    _check_ranks(input, sep, "sep")
    by = np.asarray(sep).item()
    if maxsplit == 0:
        rows = [[s] for s in input.tolist()]
    elif by:
        rows = [s.split(by, maxsplit) for s in input.tolist()]
    else:
        rows = [_words(s, maxsplit) for s in input.tolist()]
    return _sparse(rows)


def _words(s, maxsplit):
    """The words of a string; after `maxsplit` of them what is left, be it empty."""
    words = s.split()
    if maxsplit < 0 or len(words) < maxsplit:
        return words
    rest = s.lstrip(SPACES)
    for word in words[:maxsplit]:
        rest = rest[len(word) :].lstrip(SPACES)
    return [*words[:maxsplit], rest]


for _op in (_string_split, _string_split_v2):
    _op.shape(_sparse_shape)
_string_split.not_differentiable()


def _texts(*texts):
    """An array of strings."""
    return dtypes.object_array([t.encode() for t in texts])


def _text(text):
    return np.array(text.encode(), object)


@_string_split.samples
def _(make):
    yield _texts("a b  c", "", " x "), _text(" ")
    yield _texts("a b,;c", ",", " x "), _text(",;"), dict(skip_empty=False)
    yield _texts("a b", ""), _text("")


@_string_split_v2.samples
def _(make):
    yield _texts("a b  c", "", " x "), _text("")
    yield _texts("a<><>c", "", "<>x<>"), _text("<>")
    yield _texts("a<><>c", "", "<>x<>"), _text("<>"), dict(maxsplit=1)
    yield _texts("a b  c ", "", " x "), _text(""), dict(maxsplit=1)
    yield _texts("a b  c ", "", " x "), _text(""), dict(maxsplit=0)


def _as_sparse(parts):
    indices, values, shape = parts
    indices.set_shape((None, 2))
    values.set_shape((None,))
    shape.set_shape((2,))
    return SparseTensor(indices, values, shape)


def split_at_characters(source, sep, skip_empty, delimiter):
    """Strings split at each of some characters: a sparse tensor."""
    sep = one_of("sep", sep, "delimiter", delimiter)
    sep = convert(" " if sep is None else sep, dtypes.string)
    return _as_sparse(_string_split(convert(source, dtypes.string), sep, skip_empty=skip_empty))


def split_sparse(input, sep, maxsplit):
    """Strings split as Python does: a sparse tensor."""
    sep = convert("" if sep is None else sep, dtypes.string)
    return _as_sparse(_string_split_v2(input, sep, maxsplit=maxsplit))


def split_bytes(input):
    """Strings split into bytes: the parts of a sparse tensor."""
    return _string_split(input, "", skip_empty=False)


# ------------------------------------------------------------------------------------------------------------------- join


@op("ReduceJoin", host=True)
def _reduce_join(xp, inputs, reduction_indices: Host, *, keep_dims=False, separator=""):
    rank, axes = inputs.ndim, []
    for axis in np.ravel(reduction_indices).astype(int).tolist():
        if not -rank <= axis < rank:
            message = "Invalid reduction dimension %d for input with %d dimension(s)" % (axis, rank)
            raise OutOfRangeError(None, None, message)
        if axis % rank in axes:
            raise invalid("Duplicate reduction dimension %d", axis)
        axes.append(axis % rank)
    kept = [i for i in range(rank) if i not in axes]
    shape = tuple(inputs.shape[i] for i in kept)
    count = int(np.prod([inputs.shape[i] for i in axes]))
    rows = inputs.transpose(kept + axes[::-1]).reshape(int(np.prod(shape)), count)
    out = dtypes.object_array([as_bytes(separator).join(row) for row in rows.tolist()])
    return out.reshape([1 if i in axes else d for i, d in enumerate(inputs.shape)] if keep_dims else shape)


@_reduce_join.shape
def _(inputs, reduction_indices, *, keep_dims):
    return reduced_shape(inputs, reduction_indices, keep_dims=keep_dims)


_reduce_join.not_differentiable()


@_reduce_join.samples
def _(make):
    yield make.strings(2, 3), 0
    yield make.strings(2, 3), (1, 0), dict(separator=", ")
    yield make.strings(2, 3, 4), (0, -1), dict(keep_dims=True, separator="|")
    yield make.strings(2, 3), ()
    yield make.strings(0, 3), 0
    yield make.strings(), ()


@export("reduce_join", "strings.reduce_join")
@versioned
def reduce_join(inputs, axis=None, keep_dims=None, separator="", name=None, reduction_indices=None, keepdims=None):
    """Strings joined along dimensions.

    Args:
      inputs: a string tensor.
      axis: the dimensions, an int or a vector, the innermost first; by default all, the last one the innermost.
      keep_dims: the old name of `keepdims`.
      separator: the text between strings.
      name: the name of the node.
      reduction_indices: the old name of `axis`.
      keepdims: whether the dimensions stay, with size 1.

    Returns:
      A string tensor.

    Raises:
      ValueError, OutOfRangeError, InvalidArgumentError: there is no such dimension, or one is given twice.
    """
    keepdims = one_of("keepdims", keepdims, "keep_dims", keep_dims)
    axis = one_of("axis", axis, "reduction_indices", reduction_indices)
    with name_scope(None, "ReduceJoin", [inputs, axis]):
        inputs = convert(inputs)
        if axis is None and inputs.shape.ndims is not None:
            axis = from_array(np.arange(inputs.shape.ndims - 1, -1, -1, dtype=np.int32))
        elif axis is None:
            axis = registry["Range"](registry["Sub"](registry["Rank"](inputs), 1, name="sub"), -1, -1, name="range")
        return _reduce_join(inputs, axis, keep_dims=bool(keepdims), separator=separator, name=name)


@op("UnsortedSegmentJoin", host=True)
def _unsorted_segment_join(xp, inputs, segment_ids, num_segments: Host, *, separator=""):
    rank = segment_ids.ndim
    if not rank:
        raise invalid("Segment_id cannot have rank 0")
    if rank > inputs.ndim:
        message = "Invalid segment_id rank %d for input with %d dimension(s)" % (rank, inputs.ndim)
        raise OutOfRangeError(None, None, message)
    for i, (have, want) in enumerate(zip(segment_ids.shape, inputs.shape)):
        if have != want:
            raise invalid("Segment dimension is %d while input dimension is %d in rank %d", have, inputs.ndim, i)
    if ((segment_ids < 0) | (segment_ids >= num_segments)).any():
        raise invalid("segment_ids are not allowed to exceed num_segments or to have negative values.")
    shape = inputs.shape[rank:]
    cells = [[[] for _ in range(int(np.prod(shape)))] for _ in range(num_segments)]
    for i, row in zip(segment_ids.ravel().tolist(), inputs.reshape(segment_ids.size, -1).tolist()):
        for cell, s in zip(cells[i], row):
            cell.append(s)
    out = np.empty(num_segments * int(np.prod(shape)), object)
    out[:] = [as_bytes(separator).join(cell) for row in cells for cell in row]
    return out.reshape((num_segments, *shape))


@_unsorted_segment_join.shape
def _(inputs, segment_ids, num_segments):
    if inputs is None or segment_ids is None:
        return None
    if len(segment_ids) > len(inputs):
        raise ValueError("Shape must be at least rank %d but is rank %d" % (len(segment_ids), len(inputs)))
    shapes.agree(segment_ids, inputs[: len(segment_ids)])
    return (num_segments, *inputs[len(segment_ids) :])


@_unsorted_segment_join.samples
def _(make):
    yield make.strings(4), np.array([1, 0, 1, 1], np.int32), 3, dict(separator=":")
    yield make.strings(2, 3), np.array([1, 1], np.int64), 2
    yield make.strings(2, 3), np.array([[1, 1, 0], [0, 1, 1]], np.int64), 2, dict(separator=":")


@export("strings.unsorted_segment_join")
def unsorted_segment_join(inputs, segment_ids, num_segments, separator="", name=None):
    """Strings joined by segments.

    Args:
      inputs: a string tensor.
      segment_ids: int32 or int64 numbers of segments, whose shape begins that of `inputs`.
      num_segments: how many segments there are, an int.
      separator: the text between strings.
      name: the name of the node.

    Returns:
      A string tensor of shape `[num_segments, ...]`; a segment without strings is empty.

    Raises:
      InvalidArgumentError: there is no segment of such a number, or shapes don't fit.
    """
    return _unsorted_segment_join(inputs, segment_ids, num_segments, separator=separator, name=name)


# ---------------------------------------------------------------------------------------------------------------- n-grams


@op("StringNGrams", host=True)
def string_n_grams(xp, data, data_splits, *, separator, ngram_widths, left_pad, right_pad, pad_width, preserve_short_sequences):
    if not data.size or not data_splits.size:
        return data, np.zeros_like(data_splits)
    left, right, between = as_bytes(left_pad), as_bytes(right_pad), as_bytes(separator)
    found, splits = [], [0]
    for begin, end in zip(data_splits[:-1].tolist(), data_splits[1:].tolist()):
        tokens, before = data[begin:end].tolist(), len(found)
        for width in ngram_widths:
            pad = min(width - 1 if pad_width < 0 else pad_width, width - 1)
            padded = [left] * pad + tokens + [right] * pad
            found += [between.join(padded[i : i + width]) for i in range(len(padded) - width + 1)]
        if preserve_short_sequences and tokens and len(found) == before:
            found.append(between.join([left] * pad_width + tokens + [right] * pad_width))
        splits.append(len(found))
    return dtypes.object_array(found), np.array(splits, data_splits.dtype)


@string_n_grams.shape
def _(data, data_splits):
    shapes.with_rank(data, 1)
    return [(None,), shapes.with_rank(data_splits, 1)]


@string_n_grams.samples
def _(make):
    attrs = dict(separator="|", left_pad="", right_pad="", pad_width=0, preserve_short_sequences=False)
    data, splits = _texts("a", "b", "c", "d"), np.array([0, 1, 1, 4], np.int64)
    yield data, splits, dict(attrs, ngram_widths=[2])
    yield data, np.array([0, 1, 4], np.int64), dict(attrs, ngram_widths=[1, 3], pad_width=-1, left_pad="<", right_pad=">")
    yield data, splits, dict(attrs, ngram_widths=[3], pad_width=1, left_pad="<", right_pad=">")
    yield data, splits.astype(np.int32), dict(attrs, ngram_widths=[4], preserve_short_sequences=True)
