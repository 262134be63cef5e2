"""Sparse and ragged tensors as data of models: examples of them, and batches of them put together."""

import numpy as np

from ...core.export import public as tf


def examples(arrays, rows):
    """The examples with some numbers, of a list of arrays, sparse tensors and None; sparse tensors are values or eager ones."""
    return [_sparse_rows(x, rows) if isinstance(x, tf.SparseTensor | tf.SparseTensorValue) else _rows(x, rows) for x in arrays]


def _rows(x, rows):
    return x[rows.tolist()] if hasattr(x, "__getitem__") else x


def _sparse_rows(x, rows):
    indices, values, shape = np.asarray(x.indices), np.asarray(x.values), np.array(x.dense_shape)
    places = np.full(shape[0], -1, np.int64)
    places[rows] = np.arange(len(rows))
    firsts = places[indices[:, 0]]
    is_wanted = firsts >= 0
    indices, values = indices[is_wanted], values[is_wanted]
    indices[:, 0] = firsts[is_wanted]
    order = np.lexsort(indices.T[::-1])
    shape[0] = len(rows)
    return type(x)(indices[order], values[order], shape)


def joined(parts):
    """Batches of outputs as one.

    Raises:
      ValueError: sparse batches differ in the dimensions of an example.
    """
    first = parts[0]
    if len(parts) == 1:
        return first
    if isinstance(first, tf.SparseTensor):
        return tf.sparse.concat(0, parts)
    if isinstance(first, tf.SparseTensorValue):
        return _joined_sparse(parts)
    if isinstance(first, tf.RaggedTensor):
        return tf.concat(parts, 0)
    if isinstance(first, tf.ragged.RaggedTensorValue):
        splits = [first.row_splits]
        for part in parts[1:]:
            splits.append(part.row_splits[1:] + splits[-1][-1])
        return tf.ragged.RaggedTensorValue(joined([p.values for p in parts]), np.concatenate(splits))
    return np.concatenate(parts, axis=0)


def _joined_sparse(parts):
    shapes = [np.asarray(p.dense_shape) for p in parts]
    if any((s[1:] != shapes[0][1:]).any() for s in shapes):
        raise ValueError("Sparse outputs of batches can't be put together: their shapes are %s" % [s.tolist() for s in shapes])
    ends = np.cumsum([s[0] for s in shapes])
    indices = [np.array(p.indices) for p in parts]
    for moved, end, shape in zip(indices, ends, shapes):
        moved[:, 0] += end - shape[0]
    values = np.concatenate([p.values for p in parts])
    return tf.SparseTensorValue(np.concatenate(indices), values, np.append(ends[-1:], shapes[0][1:]))
