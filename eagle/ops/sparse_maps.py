"""Sparse tensors put aside under numbers, so that queues can hold them."""

import itertools

import numpy as np

from ..core import shape as shapes
from ..core.constant import eager_name
from ..core.errors import invalid
from ..core.op import State, op


class SparseMap:
    """Sparse tensors by number.

    Attributes:
      name: as messages show it.
    """

    def __init__(self, name):
        self.name = name
        self._tensors, self._numbers = {}, itertools.count()

    def add(self, indices, values, shape):
        number = next(self._numbers)
        self._tensors[number] = indices, values, shape
        return number

    def take(self, number):
        """The sparse tensor of a number, which is then forgotten."""
        try:
            return self._tensors.pop(number)
        except KeyError:
            raise invalid("Unable to find SparseTensor: %d in map: %s", number, self.name) from None


def _map(state, container, shared_name):
    name = shared_name or state.node_name or ""
    return state.resource((container, "sparse map"), name, lambda: SparseMap(name))


def _check(indices, values, shape):
    for value, rank, what in ((indices, 2, "indices should be a matrix"), (values, 1, "values should be a vector"),
                              (shape, 1, "shape should be a vector")):  # fmt: skip
        if value.ndim != rank:
            raise invalid("Input %s but received shape %s", what, shapes.to_brackets(value.shape))


@op("AddSparseToTensorsMap", host=True, ignores=("T",))
def add_sparse(xp, sparse_indices, sparse_values, sparse_shape, *, container="", shared_name="", state: State):
    _check(sparse_indices, sparse_values, sparse_shape)
    found = _map(state, container, shared_name)
    return np.int64(found.add(sparse_indices.copy(), sparse_values.copy(), tuple(sparse_shape.tolist())))


@add_sparse.shape
def _(sparse_indices, sparse_values, sparse_shape):
    _check_ranks(sparse_indices, sparse_values, sparse_shape)
    return ()


def _check_ranks(indices, values, shape):
    shapes.with_rank(indices, 2)
    shapes.with_rank(values, 1)
    shapes.with_rank(shape, 1)


@op("AddManySparseToTensorsMap", host=True, ignores=("T",))
def add_many_sparse(xp, sparse_indices, sparse_values, sparse_shape, *, container="", shared_name="", state: State):
    """Each row of a sparse tensor is put aside on its own."""
    _check(sparse_indices, sparse_values, sparse_shape)
    count, *inner = sparse_shape.tolist()
    if not inner:
        raise invalid("Rank of input SparseTensor should be > 1, but saw rank: 1")
    rows = sparse_indices[:, 0]
    wrong = rows[(rows < 0) | (rows >= count)]
    if wrong.size:
        raise invalid("Received unexpected column 0 value in input SparseTensor: %d < 0 or >= N (= %d)", wrong[0], count)
    found = _map(state, container, shared_name)
    numbers = []
    for row in range(count):
        here = rows == row
        numbers.append(found.add(sparse_indices[here, 1:], sparse_values[here], tuple(inner)))
    return np.array(numbers, np.int64)


@add_many_sparse.shape
def _(sparse_indices, sparse_values, sparse_shape):
    _check_ranks(sparse_indices, sparse_values, sparse_shape)
    return (None,)


@op("TakeManySparseFromTensorsMap", host=True)
def take_many_sparse(xp, sparse_handles, *, dtype, container="", shared_name="", state: State):
    """The sparse tensors of several numbers as one, with a new first dimension."""
    if sparse_handles.ndim != 1:
        raise invalid("sparse_handles should be a vector but received shape %s", shapes.to_brackets(sparse_handles.shape))
    if not sparse_handles.size:
        raise invalid("Must have at least 1 serialized SparseTensor, but input matrix has 0 rows")
    found = _map(state, container, shared_name)
    parts = [found.take(number) for number in sparse_handles.tolist()]
    rank = len(parts[0][2])
    for i, (_, values, shape) in enumerate(parts):
        if values.dtype != dtype.np:
            raise invalid("Requested SparseTensor of type %s but SparseTensor[%d].values.dtype() == %s",
                          eager_name(dtype), i, values.dtype)  # fmt: skip
        if len(shape) != rank:
            raise invalid("Inconsistent rank across SparseTensors: rank prior to SparseTensor[%d] was: %d but rank of "
                          "SparseTensor[%d] is: %d", i, rank + 1, i, len(shape) + 1)  # fmt: skip
    indices = [np.insert(ix, 0, i, axis=1) for i, (ix, _, _) in enumerate(parts)]
    shape = [len(parts), *np.max([s for _, _, s in parts], axis=0)] if rank else [len(parts)]
    return np.concatenate(indices).astype(np.int64), np.concatenate([v for _, v, _ in parts]), np.array(shape, np.int64)


@take_many_sparse.shape
def _(sparse_handles):
    shapes.with_rank(sparse_handles, 1)
    return [(None, None), (None,), (None,)]
