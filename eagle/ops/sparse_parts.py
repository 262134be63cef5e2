"""What kernels and shape rules of sparse tensors share: checks of indices, values and shape, and the order of indices."""

import numpy as np

from ..core import shape as shapes
from ..core.errors import invalid

_text = shapes.to_brackets


def check_parts(indices, values, shape):
    """Raises InvalidArgumentError unless a sparse tensor's parts are a matrix and two vectors."""
    if indices.ndim != 2:
        raise invalid("Input indices should be a matrix but received shape %s", _text(indices.shape))
    if values is not None and values.ndim != 1:
        raise invalid("Input values should be a vector but received shape %s", _text(values.shape))
    if np.ndim(shape) != 1:
        raise invalid("Input shape should be a vector but received shape %s", _text(np.shape(shape)))
    if values is not None and len(indices) != len(values):
        raise invalid(
            "indices and values rows (indexing dimension) must match. (indices = %d, values = %d", len(indices), len(values)
        )
    if indices.shape[1] != len(shape):
        raise invalid("Indices dims must match shape dimensions. (indices = %d, shape = %d)", indices.shape[1], len(shape))


def places(indices, shape):
    """The number of each index in row-major order, an int64 vector; it need not lie inside the shape."""
    strides = np.cumprod([1, *tuple(shape)[:0:-1]], dtype=np.int64)[::-1] if len(shape) else np.zeros(0, np.int64)
    return indices @ strides


def row_major(indices):
    """The permutation that sorts indices."""
    return np.lexsort(indices.T[::-1]) if indices.shape[1] else np.arange(len(indices))


def check_same_shapes(a_indices, a_values, a_shape, b_indices, b_values, b_shape):
    """Raises InvalidArgumentError unless two sparse tensors have one shape."""
    if a_indices.ndim != 2 or b_indices.ndim != 2:
        raise invalid(
            "Input indices should be matrices but received shapes: %s and %s", _text(a_indices.shape), _text(b_indices.shape)
        )
    if a_values.ndim != 1 or b_values.ndim != 1:
        raise invalid("Input values should be vectors but received shapes: %s and %s", _text(a_values.shape), _text(b_values.shape))
    if len(a_values) != len(a_indices) or len(b_values) != len(b_indices):
        raise invalid(
            "Expected %d and %d non-empty input values, got %d and %d", len(a_indices), len(b_indices), len(a_values), len(b_values)
        )
    if a_shape.ndim != 1 or b_shape.ndim != 1:
        raise invalid("Input shapes should be a vector but received shapes %s and %s", _text(a_shape.shape), _text(b_shape.shape))
    if len(a_shape) != len(b_shape):
        raise invalid("Operands do not have the same ranks; got shapes: %s and %s", _spaced(a_shape), _spaced(b_shape))
    for i, (x, y) in enumerate(zip(a_shape.tolist(), b_shape.tolist())):
        if x != y:
            raise invalid("Operands' shapes do not match: got %d and %d for dimension %d", x, y, i)


def _spaced(values):
    return " ".join(map(str, values.tolist()))


def check_ranks(*ranked):
    """For shape rules: each of the pairs of a static shape and a rank must fit; gives the shapes as tuples."""
    return [shapes.with_rank(shape, rank) for shape, rank in ranked]


def length(shape):
    """What is known of the length of a vector with this static shape."""
    return None if shape is None else shapes.element_count(shape)


def sample(values, order=True):
    """A sparse tensor of shape `[3, 4]` with up to 4 values, for the tests of ops."""
    indices = np.array([[0, 1], [0, 3], [1, 0], [2, 2]], np.int64)[: len(values)]
    return (indices if order else indices[::-1].copy()), values, np.array([3, 4], np.int64)
