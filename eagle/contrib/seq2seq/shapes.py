"""Tensors with shapes that are checked when they are not known: `tf.contrib.framework.with_shape`."""

from ...core.dtypes import int32
from ...core.export import export
from ...core.scopes import control_dependencies, name_scope
from ...core.shape import to_text
from ...core.sparse_tensor import SparseTensor
from ...core.tensor import Tensor
from ...ops.comparison import equal, logical_and, logical_or
from ...ops.passing import identity
from ...ops.printing import Assert
from ...ops.reduce import reduce_all
from ...ops.shaping import rank, reshape, shape as shape_of, size


@export("contrib.framework.with_same_shape")
def with_same_shape(expected_tensor, tensor):
    """As `with_shape`, with the shape of another tensor."""
    with name_scope("%s/" % tensor.op.name, values=[expected_tensor, tensor]):
        shape = expected_tensor.get_shape()
        return with_shape(shape.as_list() if shape.is_fully_defined() else shape_of(expected_tensor, name="expected_shape"), tensor)


@export("contrib.framework.with_shape")
def with_shape(expected_shape, tensor):
    """A tensor with a shape: as it is if it has that, else with a check when it is computed.

    Args:
      expected_shape: a list of sizes, or an int32 vector.
      tensor: the tensor.

    Raises:
      ValueError: the shape is another one, or `expected_shape` none.
    """
    if isinstance(tensor, SparseTensor):
        raise ValueError("SparseTensor not supported.")
    if isinstance(expected_shape, Tensor):
        if expected_shape.dtype.base_dtype != int32:
            raise ValueError("Invalid dtype %s for shape %s expected of tensor %s."
                             % (expected_shape.dtype, expected_shape, tensor.name))  # fmt: skip
        with name_scope("%s/" % tensor.op.name, values=[tensor]):
            return _checked(expected_shape, tensor)
    expected_shape = list(expected_shape)
    actual = tensor.get_shape()
    if not actual.is_fully_defined():
        with name_scope("%s/" % tensor.op.name, values=[tensor]):
            if not expected_shape:
                return reshape(tensor, [])
            result = _checked(expected_shape, tensor)
            result.set_shape(expected_shape)
            return result
    if not actual.is_compatible_with(expected_shape):
        if not expected_shape and actual.is_compatible_with([1]):
            with name_scope("%s/" % tensor.op.name, values=[tensor]):
                return reshape(tensor, [])
        raise ValueError("Invalid shape for tensor %s, expected %s, got %s."
                         % (tensor.name, "[%s]" % " ".join(map(str, expected_shape)), to_text(tensor._shape)))  # fmt: skip
    return tensor


def _checked(expected, tensor):
    with name_scope("assert_shape", values=[tensor]) as scope:
        actual = shape_of(tensor, name="actual")
        data = ["Wrong shape for %s [expected] [actual]." % tensor.name, expected, actual]
        check = Assert(_is_shape(expected, tensor, actual), data, name=scope)
    with control_dependencies([check]):
        return identity(tensor)


def _is_shape(expected, tensor, actual):
    with name_scope("is_shape", values=[tensor]) as scope:
        with name_scope("is_rank", values=[tensor]) as inner:
            same_rank = equal(size(expected), rank(tensor, name="actual"), name=inner)
        with name_scope("shape_tensor_equal", values=[actual]) as inner:
            fits = logical_or(equal(expected, -1), equal(expected, actual, "equal"), name="exclude_partial_shape")
            same_sizes = reduce_all(fits, name=inner)
        return logical_and(same_rank, same_sizes, name=scope)
