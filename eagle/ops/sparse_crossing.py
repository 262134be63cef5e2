"""Crosses of sparse tensors: `tf.sparse.cross` and `tf.sparse.cross_hashed`."""

import itertools

import numpy as np

from ..core import dtypes
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..core.sparse_tensor import SparseTensor
from ..core.tensor import Tensor
from .cast import cast
from .farmhash import fingerprint64

_ALL = 2**64 - 1
_DEFAULT_KEY = 0xDECAFCAFFE


def _shift_mix(value):
    return value ^ value >> 47


def _joined(a, b):
    """The fingerprint of two fingerprints."""
    m = 0xC6A4A7935BD1E995
    found = a ^ m ^ _shift_mix(b * m & _ALL) * m & _ALL
    found = found * m & _ALL
    found = _shift_mix(found) * m & _ALL
    return _shift_mix(found)


def _rows(indices, values, shapes, dense_inputs):
    """For each column the lists of values of the rows."""
    count = len(dense_inputs[0]) if dense_inputs else int(shapes[0][0])
    columns = []
    for at, found, shape in zip(indices, values, shapes):
        if at.ndim != 2 or found.ndim != 1 or len(at) != len(found) or at.shape[1] != 2:
            raise invalid("Expected D2 of index to be 2 got %d", at.shape[-1])
        if int(shape[0]) != count:
            raise invalid("Expected batch size %d got %d", count, int(shape[0]))
        rows = [[] for _ in range(count)]
        for (row, _), value in zip(at.tolist(), found.tolist()):
            rows[row].append(value)
        columns.append(rows)
    for dense in dense_inputs:
        if dense.ndim != 2 or len(dense) != count:
            raise invalid("Expected batch size %d, got %d", count, len(dense))
        columns.append(dense.tolist())
    return columns, count


@op("SparseCross", host=True)
def _sparse_cross(xp, indices, values, shapes, dense_inputs, *, hashed_output, num_buckets, hash_key, out_type, internal_type):
    columns, count = _rows(indices, values, shapes, dense_inputs)

    def hashed(parts):
        found = hash_key & _ALL
        for part in parts:
            found = _joined(found, fingerprint64(part) if isinstance(part, bytes) else part & _ALL)
        return found % num_buckets if num_buckets else found % (2**63 - 1)

    def text(parts):
        return b"_X_".join(p if isinstance(p, bytes) else str(p).encode() for p in parts)

    if hashed_output and internal_type is dtypes.string:
        make = (lambda parts: fingerprint64(text(parts)) % (num_buckets or 2**63 - 1)) if hash_key is None else hashed
    else:
        make = hashed if hashed_output else text
    places, crossed, longest = [], [], 0
    for row in range(count):
        found = [make(parts) for parts in itertools.product(*(c[row] for c in columns))]
        places += [(row, i) for i in range(len(found))]
        crossed += found
        longest = max(longest, len(found))
    out = np.empty(len(crossed), object if out_type is dtypes.string else np.int64)
    out[:] = crossed
    return np.array(places, np.int64).reshape(-1, 2), out, np.array([count, longest], np.int64)


@_sparse_cross.shape
def _(indices, values, shapes, dense_inputs, *, hashed_output, num_buckets, hash_key, out_type, internal_type):
    return (None, 2), (None,), (2,)


@_sparse_cross.samples
def _(make):
    indices, shape = np.array([[0, 0], [0, 1], [2, 0]], np.int64), np.array([3, 2], np.int64)
    attrs = dict(num_buckets=0, hash_key=_DEFAULT_KEY, out_type="string", internal_type="string", hashed_output=False)
    yield [indices], [make.strings(3)], [shape], [make.strings(3, 1)], attrs
    hashed = dict(attrs, num_buckets=10, out_type="int64", internal_type="int64", hashed_output=True)
    yield [indices], [make.strings(3)], [shape], [np.array([[1, 2], [3, 4], [5, 6]])], hashed


def _cross(inputs, hashed_output, num_buckets, hash_key, name):
    if not isinstance(inputs, list):
        raise TypeError("Inputs must be a list")
    if not all(isinstance(x, SparseTensor | Tensor) for x in inputs):
        raise TypeError("All inputs must be SparseTensors")
    sparse = [x for x in inputs if isinstance(x, SparseTensor)]
    values, dense = [x.values for x in sparse], [x for x in inputs if not isinstance(x, SparseTensor)]
    internal = dtypes.string
    for group in (values, dense):
        for i, value in enumerate(group):
            if value.dtype != dtypes.string:
                group[i], internal = cast(value, dtypes.int64), dtypes.int64
    return SparseTensor(*_sparse_cross(
        [x.indices for x in sparse], values, [x.dense_shape for x in sparse], dense, hashed_output=hashed_output,
        num_buckets=num_buckets, hash_key=hash_key or _DEFAULT_KEY, out_type=dtypes.int64 if hashed_output else dtypes.string,
        internal_type=internal, name=name))  # fmt: skip


@export("sparse.cross")
def sparse_cross(inputs, name=None):
    """All combinations of the values of several columns, row by row, as strings.

    Args:
      inputs: a list of sparse and dense matrices of integers or strings.
      name: the name of the node.

    Returns:
      A `SparseTensor` of strings such as `"a_X_b"`.

    Raises:
      TypeError: there is no list of such.
    """
    return _cross(inputs, False, 0, None, name)


@export("sparse.cross_hashed")
def sparse_cross_hashed(inputs, num_buckets=0, hash_key=None, name=None):
    """The same as numbers: fingerprints of the combinations.

    Args:
      inputs: a list of sparse and dense matrices of integers or strings.
      num_buckets: how many numbers there are; 0 for no limit.
      hash_key: the key of the fingerprints.
      name: the name of the node.

    Returns:
      A `SparseTensor` of int64.

    Raises:
      TypeError: there is no list of such.
    """
    return _cross(inputs, True, num_buckets, hash_key, name)
