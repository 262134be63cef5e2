"""From indices and values to a dense tensor."""

import numpy as np

from ..core import shape as shapes
from ..core.errors import invalid
from ..core.export import export
from ..core.op import HostShape, op
from .gathering import gather_nd
from .reduce import reduce_sum

_to_brackets = shapes.to_brackets


def _check(indices, shape, values, default):
    """Raises what TensorFlow raises for arguments of the wrong shape; gives the indices as a matrix."""
    if indices.ndim > 2:
        raise invalid("sparse_indices should be a scalar, vector, or matrix, got shape %s", _to_brackets(indices.shape))
    if type(shape) is not tuple or shape and type(shape[0]) is tuple:
        raise invalid("output_shape should be a vector, got shape %s", _to_brackets(np.shape(shape)))
    count = indices.shape[0] if indices.ndim else 1
    width = indices.shape[1] if indices.ndim == 2 else 1
    if len(shape) != width:
        raise invalid("output_shape has incorrect number of elements: %d should be: %d", len(shape), width)
    if values.shape not in ((), (count,)):
        raise invalid("sparse_values has incorrect shape %s, should be [] or [%d]", _to_brackets(values.shape), count)
    if default.ndim:
        raise invalid("default_value should be a scalar.")
    return indices.reshape(count, width)


def _check_order(indices, shape):
    """What `validate_indices` asks for: indices inside the shape, in order, each only once."""
    outside = ((indices < 0) | (indices >= shape)).any(1)
    flat = np.ravel_multi_index(tuple(np.clip(indices, 0, np.array(shape) - 1).T), shape) if indices.size else np.zeros(0, int)
    steps = np.diff(flat)
    wrong = np.flatnonzero(outside | np.concatenate([[False], steps <= 0])) if len(indices) else []
    if len(wrong):
        i = wrong[0]
        text = "indices[%d] = %s" % (i, _to_brackets(indices[i].tolist()))
        if outside[i]:
            raise invalid("%s is out of bounds: need 0 <= index < %s", text, _to_brackets(shape))
        raise invalid("%s is %s", text, "repeated" if not steps[i - 1] else (
            "out of order. Many sparse ops require sorted indices."))  # fmt: skip


@op("SparseToDense", host=True, foldable=True)
def _sparse_to_dense(xp, sparse_indices, output_shape: HostShape, sparse_values, default_value, *, validate_indices=True):
    indices = _check(sparse_indices, output_shape, sparse_values, default_value)
    if validate_indices:
        _check_order(indices, output_shape)
    elif ((indices < 0) | (indices >= output_shape)).any():
        raise invalid("Indices are not valid (out of bounds).  Shape: %s", _to_brackets(output_shape))
    dense = np.full(output_shape, default_value, default_value.dtype)
    dense[tuple(indices.T)] = sparse_values
    return dense


@_sparse_to_dense.shape
def _(sparse_indices, output_shape, sparse_values, default_value):
    return output_shape


@_sparse_to_dense.grad("sparse_values")
def _(g, sparse_indices):
    return gather_nd(g, sparse_indices)


@_sparse_to_dense.grad("default_value")
def _(g, sparse_indices):
    return reduce_sum(g) - reduce_sum(gather_nd(g, sparse_indices))


@_sparse_to_dense.samples
def _(make):
    yield np.array([[0, 1], [1, 2]]), np.array([2, 3]), make(2), make()
    yield np.array([1, 2], np.int32), np.array([4], np.int32), make(2), make()
    yield np.array([[1, 1], [0, 1]]), np.array([2, 3]), make(), make(), dict(validate_indices=False)


@export("sparse_to_dense")
def sparse_to_dense(sparse_indices, output_shape, sparse_values, default_value=0, validate_indices=True, name=None):
    """Deprecated: a dense tensor with given elements.

    Args:
      sparse_indices: an int scalar, vector or matrix: the places of the elements, one a row.
      output_shape: the shape of the result, an int vector.
      sparse_values: the elements: a vector, or a scalar for all of them.
      default_value: what stands elsewhere, a scalar.
      validate_indices: whether the places must be in order, each only once.
      name: the name of the node.

    Raises:
      InvalidArgumentError: the arguments don't fit.
    """
    return _sparse_to_dense(sparse_indices, output_shape, sparse_values, default_value, validate_indices=validate_indices,
                            name=name)  # fmt: skip
