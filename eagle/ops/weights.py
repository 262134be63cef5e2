"""Weights of losses and metrics: which shapes they may have, and how they are spread over the values that they weigh."""

from ..core.convert import convert
from ..core.export import export
from ..core.scopes import control_dependencies, name_scope
from ..core.static_values import constant_value
from .arithmetic import multiply
from .comparison import equal
from .cond import cond
from .filling import ones_like
from .flow import no_op
from .joining import concat
from .printing import Assert
from .sets import set_difference
from .shaping import expand_dims, rank as rank_of, shape as shape_of, size

_CANNOT = "weights can not be broadcast to values."


def _dimensions_fit(weights_shape, values_shape):
    """Whether each dimension of the weights is 1 or that of the values; both are int vectors of one length."""
    with name_scope(None, "has_invalid_dims", (weights_shape, values_shape)) as scope:
        column = expand_dims(values_shape, -1)
        allowed = concat((column, ones_like(column)), axis=1)
        wrong = set_difference(expand_dims(weights_shape, -1), allowed)
        return equal(0, size(wrong.values, name="num_invalid_dims"), name=scope)


def _shapes_fit(weights_rank, weights_shape, values_rank, values_shape):
    with name_scope(None, "has_valid_nonscalar_shape", (weights_rank, weights_shape, values_rank, values_shape)) as scope:
        same = equal(values_rank, weights_rank, name="is_same_rank")
        return cond(same, lambda: _dimensions_fit(weights_shape, values_shape), lambda: same, name=scope)


def _measured(tensor, label):
    """A tensor, its shape and its rank, in a name scope of their own."""
    with name_scope(None, label, (tensor,)) as scope:
        tensor = convert(tensor, name=scope)
        return tensor, shape_of(tensor, name="shape"), rank_of(tensor, name="rank")


def _known_to_fit(weights, values, weights_shape, values_shape):
    """The name of a check that is done already, None if it must wait; raises ValueError if the shapes don't fit."""
    if weights.shape.ndims == 0:
        return "static_scalar_check_success"
    if weights.shape.ndims != values.shape.ndims:
        raise ValueError("%s values.rank=%s. weights.rank=%s. values.shape=%s. weights.shape=%s."
                         % (_CANNOT, values.shape.ndims, weights.shape.ndims, values.shape, weights.shape))  # fmt: skip
    known_weights, known_values = constant_value(weights_shape), constant_value(values_shape)
    if known_weights is None or known_values is None:
        return None
    for i, (w, v) in enumerate(zip(known_weights, known_values, strict=True)):
        if w not in (1, v):
            raise ValueError("%s Mismatch at dim %s. values.shape=%s weights.shape=%s." % (_CANNOT, i, known_values, known_weights))
    return "static_dims_check_success"


@export("python.ops.weights_broadcast_ops.assert_broadcastable")
def assert_broadcastable(weights, values):
    """Asserts that weights are a scalar, or have the rank of the values and in each dimension 1 or the size of the values.

    Args:
      weights, values: tensors.

    Returns:
      An operation that fails if they don't fit; one that does nothing where the shapes are known.

    Raises:
      ValueError: the shapes are known not to fit.
    """
    with name_scope(None, "assert_broadcastable", (weights, values)) as scope:
        weights, weights_shape, weights_rank = _measured(weights, "weights")
        values, values_shape, values_rank = _measured(values, "values")
        if weights.shape.ndims is not None and values.shape.ndims is not None:
            done = _known_to_fit(weights, values, weights_shape, values_shape)
            if done is not None:
                return no_op(name=done)
        is_scalar = equal(0, weights_rank, name="is_scalar")
        data = (_CANNOT, "weights.shape=", weights.name, weights_shape, "values.shape=", values.name, values_shape,
                "is_scalar=", is_scalar)  # fmt: skip
        valid = cond(is_scalar, lambda: is_scalar, lambda: _shapes_fit(weights_rank, weights_shape, values_rank, values_shape),
                     name="is_valid_shape")  # fmt: skip
        return Assert(valid, data, name=scope)


@export("python.ops.weights_broadcast_ops.broadcast_weights")
def broadcast_weights(weights, values):
    """Weights of the shape of the values.

    Args:
      weights: a tensor as `assert_broadcastable` wants it.
      values: a tensor.

    Raises:
      ValueError: the shapes are known not to fit.
    """
    with name_scope(None, "broadcast_weights", (weights, values)) as scope:
        values = convert(values, name="values")
        weights = convert(weights, values.dtype.base_dtype, "weights")
        if weights.shape.is_fully_defined() and values.shape.is_fully_defined() and weights.shape.is_compatible_with(values.shape):
            return weights
        with control_dependencies((assert_broadcastable(weights, values),)):
            return multiply(weights, ones_like(values), name=scope)
