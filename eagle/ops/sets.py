"""Sets: operations on the rows of tensors, dense or sparse, taken as sets."""

import itertools

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..core.sparse_tensor import SparseTensor, convert_to_tensor_or_sparse_tensor

_OPERATIONS = {
    "a-b": lambda a, b: a - b,
    "b-a": lambda a, b: b - a,
    "intersection": lambda a, b: a & b,
    "union": lambda a, b: a | b,
}


def _check_indices(indices, shape):
    """Raises InvalidArgumentError if the indices of a sparse tensor are out of bounds, out of order or repeated."""
    last = None
    for i, row in enumerate(indices.tolist()):
        at = "indices[%d] = [%s]" % (i, ",".join(map(str, row)))
        if any(not 0 <= k < d for k, d in zip(row, shape)):
            raise invalid("%s is out of bounds: need 0 <= index < [%s]", at, ",".join(map(str, shape)))
        if last is not None and row < last:
            raise invalid("%s is out of order", at)
        if row == last:
            raise invalid("%s is repeated", at)
        last = row


def _dense_rows(x):
    """The sets along the last dimension of a tensor, by the other indices, and the shape that these have."""
    _check_rank(x.shape)
    groups = x.shape[:-1]
    return {place: set(x[place].tolist()) for place in itertools.product(*map(range, groups))}, groups


def _sparse_rows(indices, values, shape, validate):
    shape = tuple(shape.tolist())
    _check_rank(shape)
    if validate:
        _check_indices(indices, shape)
    found = {}
    for row, v in zip(indices.tolist(), values.tolist()):
        found.setdefault(tuple(row[:-1]), set()).add(v)
    return found, shape[:-1]


def _check_rank(shape):
    if len(shape) < 2:
        raise invalid("Shape %s has rank %d < 2", shapes.to_brackets(shape), len(shape))


def _combined(first, second, set_operation, dtype):
    """A set operation on all pairs of sets: indices, values and shape of the sparse tensor of the results."""
    (a, groups), (b, other) = first, second
    operate = _OPERATIONS.get(set_operation.lower())
    if operate is None:
        raise invalid("Invalid set_operation %s.", set_operation)
    if groups != other:
        raise invalid("Mismatched shapes %s vs %s", shapes.to_brackets(groups), shapes.to_brackets(other))
    indices, values, largest = [], [], 0
    for place in sorted({**a, **b}):
        result = sorted(operate(a.get(place, set()), b.get(place, set())))
        largest = max(largest, len(result))
        indices += [(*place, i) for i in range(len(result))]
        values += result
    out = np.empty(len(values), dtype)
    out[:] = values
    return np.array(indices, np.int64).reshape(-1, len(groups) + 1), out, np.array([*groups, largest], np.int64)


@op("DenseToDenseSetOperation", host=True, ignores=("validate_indices",))
def _dense_to_dense(xp, set1, set2, *, set_operation):
    return _combined(_dense_rows(set1), _dense_rows(set2), set_operation, set1.dtype)


@op("DenseToSparseSetOperation", host=True)
def _dense_to_sparse(xp, set1, set2_indices, set2_values, set2_shape, *, set_operation, validate_indices=True):
    sparse = _sparse_rows(set2_indices, set2_values, set2_shape, validate_indices)
    return _combined(_dense_rows(set1), sparse, set_operation, set1.dtype)


@op("SparseToSparseSetOperation", host=True)
def _sparse_to_sparse(xp, set1_indices, set1_values, set1_shape, set2_indices, set2_values, set2_shape, *, set_operation,
                      validate_indices=True):  # fmt: skip
    first = _sparse_rows(set1_indices, set1_values, set1_shape, validate_indices)
    second = _sparse_rows(set2_indices, set2_values, set2_shape, validate_indices)
    return _combined(first, second, set_operation, set1_values.dtype)


@op("SetSize", host=True)
def _set_size(xp, set_indices, set_values, set_shape, *, validate_indices=True):
    found, groups = _sparse_rows(set_indices, set_values, set_shape, validate_indices)
    out = np.zeros(groups, np.int32)
    for place, values in found.items():
        out[place] = len(values)
    return out


def _result(rank):
    return [(None, rank), (None,), (rank,)]


def _rank_at_least_2(shape):
    if shape is not None and len(shape) < 2:
        raise ValueError("Shape must be at least rank 2 but is rank %d" % len(shape))
    return None if shape is None else len(shape)


@_dense_to_dense.shape
def _(set1, set2):
    rank = _rank_at_least_2(set1)
    if set1 is not None and set2 is not None:
        if len(set2) != rank:
            raise ValueError("Shape must be rank %d but is rank %d" % (rank, len(set2)))
        if not shapes.compatible(set1[:-1], set2[:-1]):
            i = next(i for i, (a, b) in enumerate(zip(set1, set2)) if None not in (a, b) and a != b)
            text = "Dimension %d in both shapes must be equal, but are %d and %d. Shapes are %s and %s."
            raise ValueError(text % (i, set1[i], set2[i], shapes.to_brackets(set1[:-1]), shapes.to_brackets(set2[:-1])))
    return _result(rank if rank is not None else _rank_at_least_2(set2))


def _sparse_rank(indices, shape):
    known = [s for s in (indices and indices[-1], shape and shape[0]) if s is not None]
    return known[0] if known else None


@_dense_to_sparse.shape
def _(set1, set2_indices, set2_values, set2_shape):
    rank, other = _rank_at_least_2(set1), _sparse_rank(set2_indices, set2_shape)
    if None not in (rank, other) and rank != other:
        raise ValueError("Ranks do not match: input %d, expected %d" % (other, rank))
    return _result(rank if rank is not None else other)


@_sparse_to_sparse.shape
def _(set1_indices, set1_values, set1_shape, set2_indices, set2_values, set2_shape):
    first, second = _sparse_rank(set1_indices, set1_shape), _sparse_rank(set2_indices, set2_shape)
    if None not in (first, second) and first != second:
        raise ValueError("Ranks do not match: input %d, expected %d" % (second, first))
    return _result(first if first is not None else second)


@_set_size.shape
def _(set_indices, set_values, set_shape):
    return None


for _op in (_dense_to_dense, _dense_to_sparse, _sparse_to_sparse, _set_size):
    _op.not_differentiable()


def _sparse_sample(values):
    return np.array([[0, 0], [0, 2], [1, 1]], np.int64), values, np.array([2, 3], np.int64)


@_dense_to_dense.samples
def _(make):
    v = make(3)
    for operation in ("a-b", "b-a", "intersection", "union"):
        yield v[[[0, 1, 1], [2, 0, 2]]], v[[[1, 1], [0, 1]]], dict(set_operation=operation)


@_dense_to_sparse.samples
def _(make):
    v = make(4)
    yield v[[[0, 1, 1], [2, 0, 2]]], *_sparse_sample(v[[1, 3, 0]]), dict(set_operation="union")
    yield v[[[0, 1, 1], [2, 0, 2]]], *_sparse_sample(v[[1, 3, 0]]), dict(set_operation="a-b")


@_sparse_to_sparse.samples
def _(make):
    v = make(4)
    first, second = _sparse_sample(v[[0, 1, 2]]), _sparse_sample(v[[1, 3, 2]])
    yield *first, *second, dict(set_operation="intersection")
    yield *first, *second, dict(set_operation="b-a")


@_set_size.samples
def _(make):
    v = make(3)
    yield _sparse_sample(v[[1, 1, 2]])


_TYPES = {dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64, dtypes.uint8, dtypes.uint16, dtypes.string}


@export("sets.size", "sets.set_size")
def set_size(a, validate_indices=True):
    """How many distinct elements each row of a sparse tensor has.

    Args:
      a: a `SparseTensor` of integers or strings, whose last dimension are the sets.
      validate_indices: whether its indices are checked.

    Returns:
      An int32 tensor of the rank of `a` less 1.

    Raises:
      TypeError: `a` is no such tensor.
    """
    a = convert_to_tensor_or_sparse_tensor(a, name="a")
    if not isinstance(a, SparseTensor):
        raise TypeError("Expected `SparseTensor`, got %s." % a)
    if a.values.dtype.base_dtype not in _TYPES:
        raise TypeError("Invalid dtype %s." % a.values.dtype)
    return _set_size(a.indices, a.values, a.dense_shape, validate_indices=validate_indices)


def _operands(a, b):
    """The two operands, dense before sparse, and whether they were exchanged for that."""
    a = convert_to_tensor_or_sparse_tensor(a, name="a")
    if a.dtype.base_dtype not in _TYPES:
        raise TypeError("'a' invalid dtype %s." % a.dtype)
    b = convert_to_tensor_or_sparse_tensor(b, name="b")
    if b.dtype.base_dtype != a.dtype.base_dtype:
        raise TypeError("Types don't match, %s vs %s." % (a.dtype, b.dtype))
    if isinstance(a, SparseTensor) and not isinstance(b, SparseTensor):
        return b, a, True
    return a, b, False


def _operate(a, b, set_operation, validate_indices):
    options = {"set_operation": set_operation, "validate_indices": validate_indices}
    if isinstance(a, SparseTensor):
        parts = _sparse_to_sparse(a.indices, a.values, a.dense_shape, b.indices, b.values, b.dense_shape, **options)
    elif isinstance(b, SparseTensor):
        parts = _dense_to_sparse(a, b.indices, b.values, b.dense_shape, **options)
    else:
        parts = _dense_to_dense(a, b, **options)
    return SparseTensor(*parts)


@export("sets.intersection", "sets.set_intersection")
def set_intersection(a, b, validate_indices=True):
    """The elements that are in the sets of both tensors.

    Args:
      a, b: tensors or sparse tensors of one type, integers or strings, whose last dimensions are the sets and whose other
        dimensions agree.
      validate_indices: whether the indices of sparse tensors are checked.

    Returns:
      A `SparseTensor` with the sets, in ascending order, along its last dimension.

    Raises:
      TypeError: the types don't fit.
      InvalidArgumentError: the shapes don't fit, or the indices of a sparse tensor are not in order.
    """
    a, b, _ = _operands(a, b)
    return _operate(a, b, "intersection", validate_indices)


@export("sets.difference", "sets.set_difference")
def set_difference(a, b, aminusb=True, validate_indices=True):
    """The elements that are in the sets of one tensor and not in those of the other.

    Args:
      a, b: as for `set_intersection`.
      aminusb: whether elements of `a` that are not in `b` are asked for, or the other way round.
      validate_indices: whether the indices of sparse tensors are checked.

    Returns:
      A `SparseTensor` with the sets, in ascending order, along its last dimension.

    Raises:
      TypeError: the types don't fit.
      InvalidArgumentError: the shapes don't fit, or the indices of a sparse tensor are not in order.
    """
    a, b, exchanged = _operands(a, b)
    return _operate(a, b, "a-b" if bool(aminusb) != exchanged else "b-a", validate_indices)


@export("sets.union", "sets.set_union")
def set_union(a, b, validate_indices=True):
    """The elements that are in the sets of one of two tensors, or of both.

    Args:
      a, b: as for `set_intersection`.
      validate_indices: whether the indices of sparse tensors are checked.

    Returns:
      A `SparseTensor` with the sets, in ascending order, along its last dimension.

    Raises:
      TypeError: the types don't fit.
      InvalidArgumentError: the shapes don't fit, or the indices of a sparse tensor are not in order.
    """
    a, b, _ = _operands(a, b)
    return _operate(a, b, "union", validate_indices)
