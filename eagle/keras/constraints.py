"""The namespace `tf.keras.constraints`."""

import numpy as np

from ..core.export import export, open_namespace, public as tf
from .utils.serialization import deserialize as _deserialize, of_identifier, serialize_keras_object


@export("keras.constraints.Constraint")
class Constraint:
    """The base of functions that bring a variable's value back to what is allowed."""

    def __call__(self, w):
        return w

    def get_config(self):
        """The arguments to make it again."""
        return {}


def _norm(w, axis):
    return tf.sqrt(tf.reduce_sum(tf.square(w), axis=axis, keepdims=True))


@export("keras.constraints.MaxNorm", "keras.constraints.max_norm")
class MaxNorm(Constraint):
    """Norms of at most `max_value`.

    Args:
      max_value: the greatest norm.
      axis: along which axes norms are taken.
    """

    def __init__(self, max_value=2, axis=0):
        self.max_value = max_value
        self.axis = axis

    def __call__(self, w):
        norms = _norm(w, self.axis)
        return w * (tf.clip_by_value(norms, 0.0, self.max_value) / (tf.keras.backend.epsilon() + norms))

    def get_config(self):
        """The arguments to make it again."""
        return {"max_value": self.max_value, "axis": self.axis}


@export("keras.constraints.NonNeg", "keras.constraints.non_neg")
class NonNeg(Constraint):
    """No negative values."""

    def __call__(self, w):
        return w * tf.cast(tf.greater_equal(w, 0.0), tf.keras.backend.floatx())


@export("keras.constraints.UnitNorm", "keras.constraints.unit_norm")
class UnitNorm(Constraint):
    """Norms of 1.

    Args:
      axis: along which axes norms are taken.
    """

    def __init__(self, axis=0):
        self.axis = axis

    def __call__(self, w):
        return w / (tf.keras.backend.epsilon() + _norm(w, self.axis))

    def get_config(self):
        """The arguments to make it again."""
        return {"axis": self.axis}


@export("keras.constraints.MinMaxNorm", "keras.constraints.min_max_norm")
class MinMaxNorm(Constraint):
    """Norms between two bounds.

    Args:
      min_value, max_value: the bounds.
      rate: how far norms are moved there, from 0 to 1.
      axis: along which axes norms are taken.
    """

    def __init__(self, min_value=0.0, max_value=1.0, rate=1.0, axis=0):
        self.min_value = min_value
        self.max_value = max_value
        self.rate = rate
        self.axis = axis

    def __call__(self, w):
        norms = _norm(w, self.axis)
        desired = self.rate * tf.clip_by_value(norms, self.min_value, self.max_value) + (1 - self.rate) * norms
        return w * (desired / (tf.keras.backend.epsilon() + norms))

    def get_config(self):
        """The arguments to make it again."""
        return {"min_value": self.min_value, "max_value": self.max_value, "rate": self.rate, "axis": self.axis}


@export("keras.constraints.RadialConstraint", "keras.constraints.radial_constraint")
class RadialConstraint(Constraint):
    """The same value at all places of a kernel of a convolution of images that are as far from its middle."""

    def __call__(self, w):
        if w.shape.ndims != 4:
            raise ValueError("The weight tensor must be of rank 4, but is of shape: %s" % w.shape)
        height, width, channels, kernels = w.shape.as_list()
        middle, is_odd = height // 2, height % 2
        places = np.arange(height) - middle
        places = np.abs(places) if is_odd else np.where(places < 0, -places - 1, places)
        ring = np.maximum(places[:, None], places[None, :])
        values = [middle - 1] + [middle + r - is_odd for r in range(1, ring.max() + 1)]
        diagonal = tf.stack([w[v, v] for v in values])
        return tf.reshape(tf.gather(diagonal, ring.ravel()), (height, width, channels, kernels))


_KNOWN = {
    "RadialConstraint": RadialConstraint, "radial_constraint": RadialConstraint,
    "Constraint": Constraint, "MaxNorm": MaxNorm, "max_norm": MaxNorm, "NonNeg": NonNeg, "non_neg": NonNeg,
    "UnitNorm": UnitNorm, "unit_norm": UnitNorm, "MinMaxNorm": MinMaxNorm, "min_max_norm": MinMaxNorm,
}  # fmt: skip


@export("keras.constraints.serialize")
def serialize(constraint):
    """A constraint as a configuration."""
    return serialize_keras_object(constraint)


@export("keras.constraints.deserialize")
def deserialize(config, custom_objects=None):
    """The constraint of a configuration or name."""
    return _deserialize(config, _KNOWN.get, custom_objects, "constraint")


@export("keras.constraints.get")
def get(identifier):
    """The constraint that a configuration, a name or a function stands for; raises ValueError if nothing is known by it."""
    found = of_identifier(identifier, deserialize)
    if found is None and identifier is not None:
        raise ValueError("Could not interpret constraint identifier: " + str(identifier))
    return found


open_namespace(globals())
