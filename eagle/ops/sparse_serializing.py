"""Sparse tensors as strings, and sparse tensors kept in maps from numbers.

A serialized sparse tensor is a vector of its three parts, each a `TensorProto`.  Of type variant it holds the same.
"""

import numpy as np

from .. import protos
from ..core import dtypes, shape as shapes, tensor_proto
from ..core.dtypes import FROM_NUMPY, Handles
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..core.sparse_tensor import SparseTensor
from ..core.variants import TensorVariant, tensors_as_variants
from .sparse import sparse_input
from .sparse_parts import check_parts, check_ranks, places, row_major, sample

_text = shapes.to_brackets


def _strings(rows, shape):
    return dtypes.object_array([tensor_proto.encode_content(r).SerializeToString() for r in rows]).reshape(shape)


def _serialized(parts, shape, out_type):
    return tensors_as_variants(parts, shape) if out_type is dtypes.variant else _strings(parts, shape)


@op("SerializeSparse", host=True)
def _serialize_sparse(xp, sparse_indices, sparse_values, sparse_shape, *, out_type=dtypes.string):
    check_parts(sparse_indices, sparse_values, sparse_shape)
    return _serialized([sparse_indices, sparse_values, sparse_shape], (3,), out_type)


@_serialize_sparse.shape
def _(sparse_indices, sparse_values, sparse_shape):
    check_ranks((sparse_indices, 2), (sparse_values, 1), (sparse_shape, 1))
    return (3,)


def _examples(indices, values, shape):
    """The parts of the examples of a batch, a sparse tensor: for each its indices, its values and their common shape."""
    check_parts(indices, values, shape)
    if len(shape) < 2:
        raise invalid("Rank of input SparseTensor should be > 1, but saw rank: %d", len(shape))
    order = row_major(indices)
    if (order != np.arange(len(order))).any():
        wrong = int(np.flatnonzero(np.diff(places(indices, shape)) < 0)[0]) + 1
        raise invalid("indices[%d] = [%s] is out of order", wrong, ",".join(map(str, indices[wrong].tolist())))
    count = int(shape[0])
    for b in indices[:, 0].tolist():
        if not 0 <= b < count:
            raise invalid("Received unexpected column 0 value in input SparseTensor: %d < 0 or >= N (= %d)", b, count)
    bounds = np.searchsorted(indices[:, 0], np.arange(count + 1))
    return [(indices[a:b, 1:], values[a:b], shape[1:]) for a, b in zip(bounds, bounds[1:])]


@op("SerializeManySparse", host=True)
def _serialize_many_sparse(xp, sparse_indices, sparse_values, sparse_shape, *, out_type=dtypes.string):
    parts = [p for example in _examples(sparse_indices, sparse_values, sparse_shape) for p in example]
    return _serialized(parts, (len(parts) // 3, 3), out_type)


@_serialize_many_sparse.shape
def _(sparse_indices, sparse_values, sparse_shape):
    check_ranks((sparse_indices, 2), (sparse_values, 1), (sparse_shape, 1))
    return (None, 3)


def _parsed(row, dtype, i):
    """The parts that one serialized sparse tensor holds."""
    parts = []
    for text in row:
        if isinstance(text, TensorVariant):
            parts.append(text.value)
            continue
        try:
            parts.append(np.asarray(tensor_proto.decode(protos.TensorProto.FromString(text))))
        except Exception:  # whatever protobuf and the decoder raise for bytes that are no tensor
            raise invalid("Could not parse serialized proto") from None
    indices, values, shape = parts
    if indices.ndim != 2:
        raise invalid(
            "Expected serialized_sparse[%d, 0] to represent an index matrix but received shape %s", i, _text(indices.shape)
        )
    if values.ndim != 1:
        raise invalid(
            "Expected serialized_sparse[%d, 1] to represent a values vector but received shape %s", i, _text(values.shape)
        )
    found = FROM_NUMPY[values.dtype]
    if found is not dtype:
        raise invalid("Requested SparseTensor of type %s but SparseTensor[%d].values.dtype() == %s", dtype.name, i, found.name)
    if len(indices) != len(values):
        raise invalid("Expected row counts of SparseTensor[%d].indices and SparseTensor[%d].values to match but they do not: "
                      "%d vs. %d", i, i, len(indices), len(values))  # fmt: skip
    if shape.ndim != 1:
        raise invalid("Expected serialized_sparse[%d, 1] to be a shape vector but its shape is %s", i, _text(shape.shape))
    if indices.shape[1] != len(shape):
        raise invalid("Expected column counts of SparseTensor[%d].indices to match size of SparseTensor[%d].shape but they do "
                      "not: %d vs. %d", i, i, indices.shape[1], len(shape))  # fmt: skip
    return parts


def _batched(examples, outer):
    """One sparse tensor of several, of which each gets its place in the outer dimensions."""
    rank = len(examples[0][2])
    for i, (_, _, shape) in enumerate(examples):
        if len(shape) != rank:
            raise invalid("Inconsistent shape across SparseTensors: rank prior to SparseTensor[%d] was: %d but rank of "
                          "SparseTensor[%d] is: %d", i, rank, i, len(shape))  # fmt: skip
    counts = [len(v) for _, v, _ in examples]
    heads = np.stack(np.unravel_index(np.arange(len(examples)), outer), 1).astype(np.int64).reshape(len(examples), len(outer))
    indices = np.concatenate([np.repeat(heads, counts, 0), np.concatenate([at for at, _, _ in examples])], 1)
    shape = np.concatenate([np.array(outer, np.int64), np.max([s for _, _, s in examples], 0).astype(np.int64)])
    return indices, np.concatenate([v for _, v, _ in examples]), shape


@op("DeserializeSparse", host=True)
def _deserialize_sparse(xp, serialized_sparse, *, dtype):
    if not serialized_sparse.ndim:
        raise invalid("Serialized sparse should have non-zero rank %s", _text(serialized_sparse.shape))
    if serialized_sparse.shape[-1] != 3:
        raise invalid("Serialized sparse should have 3 as the last dimension %s", _text(serialized_sparse.shape))
    if not serialized_sparse.size:
        raise invalid("Serialized sparse should have at least 1 serialized tensor, but has a zero dimension %s",
                      _text(serialized_sparse.shape))  # fmt: skip
    rows = serialized_sparse.items if isinstance(serialized_sparse, Handles) else serialized_sparse
    examples = [_parsed(row, dtype, i) for i, row in enumerate(rows.reshape(-1, 3))]
    return tuple(examples[0]) if serialized_sparse.ndim == 1 else _batched(examples, serialized_sparse.shape[:-1])


@_deserialize_sparse.shape
def _(serialized_sparse):
    if serialized_sparse and serialized_sparse[-1] not in (None, 3):
        raise ValueError("Dimension must be 3 but is %d" % serialized_sparse[-1])
    return [(None, None), (None,), (None,)]


@op("DeserializeManySparse", host=True)
def _deserialize_many_sparse(xp, serialized_sparse, *, dtype):
    if serialized_sparse.ndim != 2:
        raise invalid("Serialized sparse should be a matrix but received shape %s", _text(serialized_sparse.shape))
    if serialized_sparse.shape[1] != 3:
        raise invalid("Serialized sparse should have 3 columns but received shape %s", _text(serialized_sparse.shape))
    examples = [_parsed(row, dtype, i) for i, row in enumerate(serialized_sparse)]
    if not examples:
        raise invalid("Must have at least 1 serialized SparseTensor, but input matrix has 0 rows")
    return _batched(examples, (len(examples),))


@_deserialize_many_sparse.shape
def _(serialized_sparse):
    _, columns = shapes.with_rank(serialized_sparse, 2)
    if columns not in (None, 3):
        raise ValueError("Dimension must be 3 but is %d" % columns)
    return [(None, None), (None,), (None,)]


for _op in (_serialize_sparse, _serialize_many_sparse, _deserialize_sparse, _deserialize_many_sparse):
    _op.not_differentiable()


@_serialize_sparse.samples
def _(make):
    yield sample(make(4))


@_serialize_many_sparse.samples
def _(make):
    yield sample(make(4))


@_deserialize_sparse.samples
def _(make):
    indices, values, shape = sample(make(4))
    yield _strings([indices, values, shape], (3,)), dict(dtype=make.dtype)
    yield _strings([indices, values, shape, indices[:1], values[:1], shape + 2], (2, 1, 3)), dict(dtype=make.dtype)


@_deserialize_many_sparse.samples
def _(make):
    indices, values, shape = sample(make(4))
    yield _strings([indices, values, shape, indices[:1], values[:1], shape + 2], (2, 3)), dict(dtype=make.dtype)


# ------------------------------------------------------------------------------------------------------- public functions


@export("io.serialize_sparse", "serialize_sparse")
def serialize_sparse(sp_input, name=None, out_type=dtypes.string):
    """A sparse tensor as a vector of three strings, its indices, values and shape.

    Args:
      sp_input: a `SparseTensor`.
      name: the name of the node.
      out_type: string or variant.

    Raises:
      TypeError: `sp_input` is no `SparseTensor`.
    """
    x = sparse_input(sp_input)
    return _serialize_sparse(x.indices, x.values, x.dense_shape, out_type=out_type, name=name)


@export("io.serialize_many_sparse", "serialize_many_sparse")
def serialize_many_sparse(sp_input, name=None, out_type=dtypes.string):
    """The examples of a batch, a sparse tensor, as a matrix of strings of shape `[batch_size, 3]`.

    Args:
      sp_input: a `SparseTensor` of rank 2 or more.
      name: the name of the node.
      out_type: string or variant.

    Raises:
      TypeError: `sp_input` is no `SparseTensor`.
    """
    x = sparse_input(sp_input)
    return _serialize_many_sparse(x.indices, x.values, x.dense_shape, out_type=out_type, name=name)


def _sparse_of_rank(indices, values, shape, rank):
    indices.set_shape([None, rank])
    shape.set_shape([rank])
    return SparseTensor(indices, values, shape)


@export("python.ops.sparse_ops.deserialize_sparse")
def deserialize_sparse(serialized_sparse, dtype, rank=None, name=None):
    """The sparse tensor that strings hold; of several serialized ones a batch.

    Args:
      serialized_sparse: a string or variant tensor of shape `[..., 3]`.
      dtype: the type of the values.
      rank: the rank of the result, if it is known.
      name: the name of the node.
    """
    return _sparse_of_rank(*_deserialize_sparse(serialized_sparse, dtype=dtype, name=name), rank)


@export("io.deserialize_many_sparse", "deserialize_many_sparse")
def deserialize_many_sparse(serialized_sparse, dtype, rank=None, name=None):
    """The batch of sparse tensors that a matrix of strings holds.

    Args:
      serialized_sparse: a string matrix of shape `[batch_size, 3]`.
      dtype: the type of the values.
      rank: the rank of the result, if it is known.
      name: the name of the node.

    Returns:
      A `SparseTensor` whose shape is the largest one in each dimension.
    """
    return _sparse_of_rank(*_deserialize_many_sparse(serialized_sparse, dtype=dtype, name=name), rank)
