"""Crosses of sparse tensors: `tf.sparse.cross` and `tf.sparse.cross_hashed`."""

import itertools

import numpy as np

from ..core import dtypes
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..core.shape import to_brackets
from ..core.sparse_tensor import SparseTensor
from ..core.tensor import Tensor
from ..platform.deprecation import deprecated_arg_values
from .cast import cast
from .farmhash import fingerprint64

_ALL = 2**64 - 1
_LARGEST = 2**63 - 1
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
    """For each column the lists of values of the rows, and how many rows there are."""
    count = int(shapes[0][0]) if shapes else len(dense_inputs[0]) if dense_inputs else 0
    columns = []
    for i, (at, found, shape) in enumerate(zip(indices, values, shapes)):
        if at.ndim != 2:
            raise invalid("Input indices should be a matrix but received shape %s at position %d", to_brackets(at.shape), i)
        if at.shape[1] != 2:
            raise invalid("Expected D2 of index to be 2 got %d at position %d", at.shape[1], i)
        if found.ndim != 1:
            raise invalid("Input values should be a std::vector but received shape %s at position %d", to_brackets(found.shape), i)
        if len(at) != len(found):
            raise invalid("Expected size of values to be %d got %d at position %d", len(at), len(found), i)
        if shape.shape != (2,):
            raise invalid("shape should imply a 2D tensor, but got %s at position %d", to_brackets(shape.shape), i)
        if int(shape[0]) != count:
            raise invalid("Expected batch size %d got %d at position %d", count, int(shape[0]), i)
        rows = [[] for _ in range(count)]
        for (row, _), value in zip(at.tolist(), found.tolist()):
            rows[row].append(value)
        columns.append(rows)
    for i, dense in enumerate(dense_inputs):
        if dense.ndim != 2:
            raise invalid("Dense inputs should be a matrix but received shape %s at position %d", to_brackets(dense.shape), i)
        if len(dense) != count:
            raise invalid("Expected batch size %d got %d at dense tensor %d", count, len(dense), i)
        columns.append(dense.tolist())
    return columns, count


def _fingerprint(part):
    return fingerprint64(part) if isinstance(part, bytes) else part & _ALL


def _numbered(key, num_buckets):
    """A function from the parts of a combination to its number: their fingerprints joined, beginning with a key."""

    def make(parts):
        found = key & _ALL
        for part in parts:
            found = _joined(found, _fingerprint(part))
        return found % (num_buckets or _LARGEST)

    return make


def _combined(num_buckets):
    """The same as TensorFlow joined them first, by shifts of signed numbers, so that many combinations have one number."""

    def make(parts):
        found = _DEFAULT_KEY
        for part in parts:
            signed = found - 2**64 if found >> 63 else found
            found ^= (_fingerprint(part) + 0x9E3779B97F4A7800 + (found << 10) + (signed >> 4)) & _ALL
        return found % (num_buckets or _LARGEST)

    return make


def _text(parts):
    return b"_X_".join(p if isinstance(p, bytes) else str(p).encode() for p in parts)


def _crossed(rows, make, out_type):
    """The sparse matrix of what `make` makes of every combination of the values of a row: indices, values and shape."""
    columns, count = rows
    places, crossed, longest = [], [], 0
    for row in range(count):
        found = [make(parts) for parts in itertools.product(*(c[row] for c in columns))]
        places += [(row, i) for i in range(len(found))]
        crossed += found
        longest = max(longest, len(found))
    out = np.empty(len(crossed), object if out_type is dtypes.string else np.int64)
    out[:] = crossed
    return np.array(places, np.int64).reshape(-1, 2), out, np.array([count, longest], np.int64)


# What `internal_type` says follows from the types of values.
@op("SparseCross", host=True, ignores=("internal_type",))
def _sparse_cross(xp, indices, values, shapes, dense_inputs, *, hashed_output, num_buckets, hash_key, out_type):
    return _crossed(
        _rows(indices, values, shapes, dense_inputs), _numbered(hash_key, num_buckets) if hashed_output else _text, out_type
    )


@op("SparseFeatureCrossV2", host=True, ignores=("internal_type",))
def _feature_cross_v2(xp, indices, values, shapes, dense, *, hashed_output, num_buckets, hash_key, out_type):
    return _crossed(_rows(indices, values, shapes, dense), _numbered(hash_key, num_buckets) if hashed_output else _text, out_type)


@op("SparseFeatureCross", host=True, ignores=("internal_type",))
def _feature_cross(xp, indices, values, shapes, dense, *, hashed_output, num_buckets, out_type):
    return _crossed(_rows(indices, values, shapes, dense), _combined(num_buckets) if hashed_output else _text, out_type)


def _complete(cross, *keys):
    """Shape rule and samples of one of these ops, which has the attributes `keys` beside the others."""

    @cross.shape
    def _(indices, values, shapes, dense):
        return (None, 2), (None,), (2,)

    @cross.samples
    def _(make):
        indices, shape = np.array([[0, 0], [0, 1], [2, 0]], np.int64), np.array([3, 2], np.int64)
        attrs = dict(
            dict.fromkeys(keys, _DEFAULT_KEY), num_buckets=0, out_type="string", internal_type="string", hashed_output=False
        )
        yield [indices], [make.strings(3)], [shape], [make.strings(3, 1)], attrs
        mixed = [make.strings(3)], [shape], [np.array([[1, -2], [3, 4], [5, 6]])]
        yield [indices], *mixed, dict(attrs, internal_type="int64")
        hashed = dict(attrs, out_type="int64", internal_type="int64", hashed_output=True)
        yield [indices], *mixed, hashed
        yield [indices], *mixed, dict(hashed, num_buckets=10)

    cross.not_differentiable()


_complete(_sparse_cross, "hash_key")
_complete(_feature_cross_v2, "hash_key")
_complete(_feature_cross)


def _sorted_out(inputs):
    """The inputs of an op that crosses: indices, values, shapes, dense ones, and the type that it works with."""
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
    return ([x.indices for x in sparse], values, [x.dense_shape for x in sparse], dense), internal


def _cross(cross, inputs, hashed_output, num_buckets, name, **key):
    args, internal = _sorted_out(inputs)
    out_type = dtypes.int64 if hashed_output else dtypes.string
    return SparseTensor(*cross(*args, hashed_output=hashed_output, num_buckets=num_buckets, out_type=out_type,
                               internal_type=internal, name=name, **key))  # fmt: skip


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
    return _cross(_sparse_cross, inputs, False, 0, name, hash_key=_DEFAULT_KEY)


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
    return _cross(_sparse_cross, inputs, True, num_buckets, name, hash_key=hash_key or _DEFAULT_KEY)


_PATH = "contrib.layers.python.ops.sparse_feature_cross_op."
export("contrib.layers.SPARSE_FEATURE_CROSS_DEFAULT_HASH_KEY", _PATH + "SPARSE_FEATURE_CROSS_DEFAULT_HASH_KEY")(_DEFAULT_KEY)


@export("contrib.slim.sparse_feature_cross", _PATH + "sparse_feature_cross")
@deprecated_arg_values("2016-11-20", "The default of hash_key will be SPARSE_FEATURE_CROSS_DEFAULT_HASH_KEY.", hash_key=None)
def sparse_feature_cross(inputs, hashed_output=False, num_buckets=0, name=None, hash_key=None):
    """All combinations of the values of several columns, row by row, as strings or as numbers.

    Args:
      inputs: a list of sparse and dense matrices of integers or strings.
      hashed_output: whether they are int64 numbers, not strings such as `"a_X_b"`.
      num_buckets: how many numbers there are; 0 for no limit.
      name: the name of the node.
      hash_key: the key of the fingerprints that the numbers are; without one numbers are made in an older way, in which many
        combinations have the same one.

    Returns:
      A `SparseTensor` of int64 or strings.

    Raises:
      TypeError: there is no list of such.
    """
    if hash_key:
        return _cross(_feature_cross_v2, inputs, hashed_output, num_buckets, name, hash_key=hash_key)
    return _cross(_feature_cross, inputs, hashed_output, num_buckets, name)
