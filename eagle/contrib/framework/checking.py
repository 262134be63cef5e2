"""Checks of tensors, and names of scopes."""

import numpy as np

from ...core import dtypes
from ...core.convert import convert
from ...core.export import export, public as tf
from ...core.graph import get_default_graph
from ...core.scopes import control_dependencies, graph_from_inputs, name_scope
from ...core.shape import TensorShape
from ...core.sparse_tensor import SparseTensor
from ...core.tensor import Tensor

_HOME = "contrib.framework.python.framework.tensor_util."


@export("contrib.framework.get_graph_from_inputs")
def get_graph_from_inputs(op_input_list, graph=None):
    """The graph in which an operation with these inputs belongs; raises ValueError if they come from different ones."""
    return graph_from_inputs(op_input_list, graph)


@export("contrib.framework.get_name_scope")
def get_name_scope():
    """The name of the name scope that is open."""
    return get_default_graph().get_name_scope()


@export("contrib.framework.assert_scalar_int", _HOME + "assert_scalar_int")
def assert_scalar_int(tensor, name=None):
    """Checks that a tensor is a scalar integer, and gives it; raises ValueError if it is not."""
    with name_scope(name, "assert_scalar_int", [tensor]) as scope:
        tensor = convert(tensor)
        if not tensor.dtype.base_dtype.is_integer:
            raise ValueError("Expected integer type for %s, received type: %s." % (tensor.name, tensor.dtype))
        return tf.assert_scalar(tensor, name=scope)


@export("contrib.framework.reduce_sum_n", _HOME + "reduce_sum_n")
def reduce_sum_n(tensors, name=None):
    """The sum of all elements of some tensors.

    Args:
      tensors: a list of tensors.
      name: the name scope.

    Raises:
      ValueError: the list is empty.
    """
    if not tensors:
        raise ValueError("No tensors provided.")
    with name_scope(name, "reduce_sum_n", tensors) as scope:
        tensors = [tf.reduce_sum(t, name="%s/sum" % t.op.name) for t in tensors]
        return tensors[0] if len(tensors) == 1 else tf.add_n(tensors, name=scope)


def _expected(expected_shape, tensor):
    """A shape as a tensor or an int32 array; raises ValueError if it is neither."""

    def wrong(what, value):
        return ValueError("Invalid %s %s for shape %s expected of tensor %s." % (what, value, expected_shape, tensor.name))

    if isinstance(expected_shape, Tensor):
        if expected_shape.dtype.base_dtype != dtypes.int32:
            raise wrong("dtype", expected_shape.dtype)
        return expected_shape
    if isinstance(expected_shape, list | tuple):
        shape = np.asarray(expected_shape)
        expected_shape = shape.astype(np.int32) if not len(shape) or shape.dtype == np.int64 else shape
    if isinstance(expected_shape, np.ndarray):
        if expected_shape.ndim > 1:
            raise wrong("rank", expected_shape.ndim)
        if expected_shape.dtype != np.int32:
            raise wrong("dtype", expected_shape.dtype)
    return expected_shape


@export("contrib.framework.with_shape", _HOME + "with_shape")
def with_shape(expected_shape, tensor):
    """A tensor that is known, or checked when it is computed, to have a shape.

    Args:
      expected_shape: a list, an int array, or an int32 tensor.
      tensor: the tensor.

    Raises:
      ValueError: the tensor can't have the shape.
    """
    if isinstance(tensor, SparseTensor):
        raise ValueError("SparseTensor not supported.")
    expected_shape = _expected(expected_shape, tensor)
    is_tensor = isinstance(expected_shape, Tensor)
    actual = tensor.get_shape()
    if is_tensor or not actual.is_fully_defined():
        with name_scope("%s/" % tensor.op.name, values=[tensor]):
            if not is_tensor and len(expected_shape) < 1:
                return tf.reshape(tensor, [])
            with control_dependencies([_assert_shape(expected_shape, tensor)]):
                result = tf.identity(tensor)
            if not is_tensor:
                result.set_shape(expected_shape)
            return result
    expected = expected_shape.as_list() if isinstance(expected_shape, TensorShape) else expected_shape.tolist()
    if not actual.is_compatible_with(expected):
        if not expected and actual.is_compatible_with([1]):
            with name_scope("%s/" % tensor.op.name, values=[tensor]):
                return tf.reshape(tensor, [])
        raise ValueError("Invalid shape for tensor %s, expected %s, got %s." % (tensor.name, expected_shape, actual))
    return tensor


def _assert_shape(expected_shape, tensor):
    """An operation that checks the shape of a tensor."""
    with name_scope("assert_shape", values=[tensor]) as scope:
        actual = tf.shape(tensor, name="actual")
        if isinstance(expected_shape, TensorShape) and not expected_shape.is_fully_defined():
            expected_shape = [d or -1 for d in expected_shape.as_list()]
        return tf.Assert(_is_shape(expected_shape, tensor, actual),
                         ["Wrong shape for %s [expected] [actual]." % tensor.name, expected_shape, actual], name=scope)  # fmt: skip


def _is_shape(expected_shape, tensor, actual):
    """Whether a tensor has a shape, in which -1 stands for any size."""
    with name_scope("is_shape", values=[tensor]) as scope:
        rank = tf.size(expected_shape)
        with name_scope("is_rank", values=[tensor]) as rank_scope:
            is_rank = tf.equal(convert(rank, name="expected"), tf.rank(tensor, name="actual"), name=rank_scope)
        with name_scope("shape_tensor_equal", values=[expected_shape, actual]) as equal_scope:
            fits = tf.logical_or(
                tf.equal(expected_shape, -1), tf.equal(expected_shape, actual, "equal"), name="exclude_partial_shape"
            )
            fits = tf.reduce_all(fits, name=equal_scope)
        return tf.logical_and(is_rank, fits, name=scope)


@export("contrib.framework.with_same_shape", _HOME + "with_same_shape")
def with_same_shape(expected_tensor, tensor):
    """A tensor that is known, or checked when it is computed, to have the shape of another; see `with_shape`."""
    with name_scope("%s/" % tensor.op.name, values=[expected_tensor, tensor]):
        shape = expected_tensor.get_shape()
        return with_shape(shape.as_list() if shape.is_fully_defined() else tf.shape(expected_tensor, name="expected_shape"), tensor)


@export("contrib.framework.assert_scalar")
def assert_scalar(tensor, name=None, message=None):
    """Checks that a tensor is a scalar, and gives it; raises ValueError if it is not."""
    return tf.assert_scalar(tensor, name=name, message=message)
