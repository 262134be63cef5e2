"""Small things about layers: `xw_plus_b`, `relu_layer`, `swish`, `zero_fraction`."""

from ..core import dtypes
from ..core.convert import convert
from ..core.custom_gradient import custom_gradient
from ..core.export import export
from ..core.scopes import control_dependencies, name_scope
from .activation import relu
from .bias import bias_add
from .cast import cast
from .comparison import not_equal
from .cond import cond
from .filling import zeros
from .matmul import matmul
from .passing import identity
from .reduce import reduce_sum
from .shaping import size
from .unary import sigmoid


@export("nn.xw_plus_b")
def xw_plus_b(x, weights, biases, name=None):
    """`matmul(x, weights) + biases`.

    Args:
      x: a matrix of shape `[batch, in_units]`.
      weights: a matrix of shape `[in_units, out_units]`.
      biases: a vector of `out_units` numbers.
      name: the name of the last node.
    """
    with name_scope(name, "xw_plus_b", [x, weights, biases]) as scope:
        x, weights, biases = convert(x, name="x"), convert(weights, name="weights"), convert(biases, name="biases")
        return bias_add(matmul(x, weights), biases, name=scope)


@export("nn.relu_layer")
def relu_layer(x, weights, biases, name=None):
    """`relu(matmul(x, weights) + biases)`; arguments as of `xw_plus_b`."""
    with name_scope(name, "relu_layer", [x, weights, biases]) as scope:
        x, weights, biases = convert(x, name="x"), convert(weights, name="weights"), convert(biases, name="biases")
        return relu(bias_add(matmul(x, weights), biases), name=scope)


@export("nn.swish")
@custom_gradient
def swish(features):
    """`features * sigmoid(features)`; for the gradient only `features` are kept.

    Args:
      features: a tensor of floats.
    """
    features = convert(features, name="features")

    def grad(dy):
        with control_dependencies([dy]):  # so that the sigmoid is not kept from the forward pass
            slope = sigmoid(features)
        return dy * (slope * (1.0 + features * (1.0 - slope)))

    return features * sigmoid(features), grad


@export("nn.zero_fraction", "math.zero_fraction")
def zero_fraction(value, name=None):
    """The fraction of a tensor's elements that are zero, as a float32 scalar.

    Args:
      value: a numeric tensor.
      name: the name of the scope of the nodes.
    """
    with name_scope(name, "zero_fraction", [value]):
        value = convert(value, name="value")
        count = size(value, out_type=dtypes.int64)
        nonzero = cond(
            count <= dtypes.int32.max,
            true_fn=lambda: cast(_count_nonzero(value, dtypes.int32), dtypes.int64),
            false_fn=lambda: _count_nonzero(value, dtypes.int64),
        )
        with name_scope("counts_to_fraction"):
            zero = cast(count - nonzero, dtypes.float32)
            fraction = zero / cast(count, dtypes.float32)
        return identity(fraction, "fraction")


def _count_nonzero(tensor, dtype):
    with name_scope("count_nonzero", values=[tensor]):
        zero = zeros([], tensor.dtype)
        return reduce_sum(cast(not_equal(tensor, zero), dtype), name="nonzero_count")
