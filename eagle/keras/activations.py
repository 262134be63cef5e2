"""The namespace `tf.keras.activations`."""

from ..core.export import export, open_namespace, public as tf
from .utils.serialization import deserialize as _deserialize, serialize_keras_object


@export("keras.activations.softmax")
def softmax(x, axis=-1):
    """The softmax along an axis.

    Args:
      x: a tensor of rank 2 or more.
      axis: the axis.

    Raises:
      ValueError: the rank is 1.
    """
    rank = x.shape.ndims
    if rank == 2:
        return tf.nn.softmax(x)
    if rank is not None and rank > 2:
        e = tf.exp(x - tf.reduce_max(x, axis=axis, keepdims=True))
        return e / tf.reduce_sum(e, axis=axis, keepdims=True)
    raise ValueError("Cannot apply softmax to a tensor that is 1D. Received input: %s" % x)


@export("keras.activations.elu")
def elu(x, alpha=1.0):
    """`x` above 0, `alpha * (exp(x) - 1)` below."""
    return tf.keras.backend.elu(x, alpha)


@export("keras.activations.selu")
def selu(x):
    """The scaled exponential linear unit."""
    return tf.nn.selu(x)


@export("keras.activations.softplus")
def softplus(x):
    """`log(exp(x) + 1)`."""
    return tf.nn.softplus(x)


@export("keras.activations.softsign")
def softsign(x):
    """`x / (abs(x) + 1)`."""
    return tf.nn.softsign(x)


@export("keras.activations.relu")
def relu(x, alpha=0.0, max_value=None, threshold=0):
    """The rectified linear unit, perhaps leaky, bounded or with another threshold than 0."""
    return tf.keras.backend.relu(x, alpha=alpha, max_value=max_value, threshold=threshold)


@export("keras.activations.tanh")
def tanh(x):
    """The hyperbolic tangent."""
    return tf.nn.tanh(x)


@export("keras.activations.sigmoid")
def sigmoid(x):
    """`1 / (1 + exp(-x))`."""
    return tf.nn.sigmoid(x)


@export("keras.activations.exponential")
def exponential(x):
    """The exponential function."""
    return tf.exp(x)


@export("keras.activations.hard_sigmoid")
def hard_sigmoid(x):
    """`0.2 * x + 0.5`, clipped to 0 and 1."""
    return tf.keras.backend.hard_sigmoid(x)


@export("keras.activations.linear")
def linear(x):
    """`x` itself."""
    return x


_KNOWN = {
    f.__name__: f
    for f in (softmax, elu, selu, softplus, softsign, relu, tanh, sigmoid, exponential, hard_sigmoid, linear)
}  # fmt: skip


@export("keras.activations.serialize")
def serialize(activation):
    """The name of an activation function; for a layer a dictionary of its class and configuration.

    Raises:
      ValueError: it has neither.
    """
    return serialize_keras_object(activation)


@export("keras.activations.deserialize")
def deserialize(name, custom_objects=None):
    """The activation function of a name."""
    return _deserialize(name, _KNOWN.get, custom_objects, "activation function")


@export("keras.activations.get")
def get(identifier):
    """The activation function of a name, `linear` for None; raises TypeError for something else that can't be called."""
    if identifier is None:
        return linear
    if isinstance(identifier, str):
        return deserialize(str(identifier))
    if callable(identifier):
        return identifier
    if isinstance(identifier, dict):
        return _deserialize(identifier, _KNOWN.get, None, "activation")
    raise TypeError("Could not interpret activation function identifier: " + repr(identifier))


open_namespace(globals())
