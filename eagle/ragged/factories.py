"""Ragged tensors of nested lists, and placeholders for them."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.context import here
from ..core.convert import constant as dense_constant
from ..core.export import export, public as tf
from ..core.scopes import name_scope
from .tensor import RaggedTensor, is_ragged
from .value import RaggedTensorValue


@export("ragged.constant")
def constant(pylist, dtype=None, ragged_rank=None, inner_shape=None, name=None, row_splits_dtype=dtypes.int64):
    """A constant `RaggedTensor` (or a plain tensor, if no dimension is ragged).

    Args:
      pylist: nested lists, tuples or arrays; all scalars in it are nested equally deep.
      dtype: the type of the elements; by default as of `tf.constant`.
      ragged_rank: the number of ragged dimensions; by default as many as possible after what `inner_shape` takes.
      inner_shape: the shape of a value, a tuple; by default `()`, or what follows if `ragged_rank` is given.
      name: of the scope.
      row_splits_dtype: the type of the row splits.

    Raises:
      TypeError: `pylist` is a ragged tensor.
      ValueError: scalars are nested unequally deep, or `pylist` does not fit the other arguments.
    """

    def make(values, splits):
        return RaggedTensor.from_row_splits(values, dense_constant(splits, dtype=row_splits_dtype), validate=False)

    with name_scope(name, "RaggedConstant"):
        return _build(make, _dense, pylist, dtype, ragged_rank, inner_shape)


@export("ragged.constant_value")
def constant_value(pylist, dtype=None, ragged_rank=None, inner_shape=None, row_splits_dtype="int64"):
    """A `RaggedTensorValue` (or an array, if no dimension is ragged) of nested lists.

    Args: as of `tf.ragged.constant`, except that `dtype` is a type of NumPy.

    Raises: as `tf.ragged.constant`.
    """
    splits_type = dtypes.as_dtype(row_splits_dtype).as_numpy_dtype

    def make_array(values, dtype, shape, name=None):
        return np.reshape(np.array(values, dtype=dtype), shape)

    def make(values, splits):
        return RaggedTensorValue(values, np.array(splits, dtype=splits_type))

    return _build(make, make_array, pylist, dtype, ragged_rank, inner_shape)


@export("ragged.placeholder")
def placeholder(dtype, ragged_rank, value_shape=None, name=None):
    """A placeholder that is fed a `RaggedTensorValue`.

    Args:
      dtype: the type of the elements.
      ragged_rank: the number of ragged dimensions.
      value_shape: the shape of a value of the innermost ragged dimension.
      name: of the scope.

    Raises:
      RuntimeError: eagerly.
    """
    if ragged_rank == 0:
        return tf.placeholder(dtype, value_shape, name)
    with name_scope(name, "RaggedPlaceholder"):
        result = tf.placeholder(dtype, shapes.TensorShape([None]).concatenate(value_shape), "flat_values")
        for i in reversed(range(ragged_rank)):
            result = RaggedTensor(result, tf.placeholder(dtypes.int64, [None], "row_splits_%d" % i), internal=True)
        return result


def _dense(values, dtype, shape, name="Const"):
    """A constant; values of another shape are no constant of this one, unless there is one or none to spread."""
    may_spread = shape is None or 0 in shape or here.eager or np.size(values) == 1
    return dense_constant(values, dtype, shape, name, verify_shape=not may_spread)


def _nested(x):
    return isinstance(x, list | tuple) or np.ndim(x) != 0


def _build(make, make_dense, pylist, dtype, ragged_rank, inner_shape):
    """What `constant` and `constant_value` have in common; they say how tensors are made."""
    if is_ragged(pylist):
        raise TypeError("pylist may not be a RaggedTensor or RaggedTensorValue.")
    if not _nested(pylist):
        if ragged_rank:
            raise ValueError("Invalid pylist=%r: incompatible with ragged_rank=%d" % (pylist, ragged_rank))
        if inner_shape:
            raise ValueError("Invalid pylist=%r: incompatible with dim(inner_shape)=%d" % (pylist, len(inner_shape)))
        return make_dense(pylist, dtype, ())
    if ragged_rank is not None and ragged_rank < 0:
        raise ValueError("Invalid ragged_rank=%r: must be nonnegative" % ragged_rank)
    depth, deepest = _depths(pylist)
    _check_depths(pylist, depth, deepest, ragged_rank, inner_shape)
    inner_rank = 0 if inner_shape is None else len(inner_shape)
    if ragged_rank == 0 or ragged_rank is None and (deepest < 2 or deepest - inner_rank < 2):
        return make_dense(pylist, dtype, inner_shape)
    if inner_shape is None:
        inner_shape = () if ragged_rank is None else _inner_shape(pylist, ragged_rank)
    if ragged_rank is None:
        ragged_rank = max(1, deepest - 1 if depth is None else depth - 1 - len(inner_shape))
    splits, values = [], pylist
    for _ in range(ragged_rank):
        splits.append([0, *np.cumsum([len(row) for row in values], dtype=np.int64).tolist()])
        values = [v for row in values for v in row]
    result = make_dense(values, dtype=dtype, shape=(len(values), *inner_shape), name="values")
    for limits in reversed(splits):
        result = make(result, limits)
    return result


def _check_depths(pylist, depth, deepest, ragged_rank, inner_shape):
    if depth is not None and deepest > depth:
        raise ValueError("Invalid pylist=%r: empty list nesting is greater than scalar value nesting" % pylist)
    if inner_shape is None or ragged_rank is None:
        return
    expected = ragged_rank + len(inner_shape) + 1
    if (expected < deepest) if depth is None else (expected != depth):
        raise ValueError("Invalid pylist=%r: incompatible with ragged_rank=%d and dim(inner_shape)=%d"
                         % (pylist, ragged_rank, len(inner_shape)))  # fmt: skip


def _depths(x):
    """How deep scalars are nested (None if there are none), and how deep lists are."""
    if not _nested(x):
        return 0, 0
    depth, deepest = None, 1
    for below, lists in map(_depths, x):
        if below is not None:
            if depth not in (None, below + 1):
                raise ValueError("all scalar values must have the same nesting depth")
            depth = below + 1
        deepest = max(deepest, lists + 1)
    return depth, deepest


def _inner_shape(pylist, ragged_rank):
    """The shape of a value below the ragged dimensions."""
    values = pylist
    for i in range(ragged_rank):
        if not all(map(_nested, values)):
            raise ValueError("pylist has scalar values depth %d, but ragged_rank=%d requires scalar value depth greater than %d"
                             % (i + 1, ragged_rank, ragged_rank))  # fmt: skip
        values = [v for row in values for v in row]
    shape, x = [], values
    while _nested(x):
        shape.append(len(x))
        if not len(x):
            break
        x = x[0]
    _check_inner(values, shape)
    return tuple(shape[1:])


def _check_inner(x, shape):
    if _nested(x) != bool(shape) or shape and len(x) != shape[0]:
        raise ValueError("inner values have inconsistent shape")
    if shape:
        for child in x:
            _check_inner(child, shape[1:])
