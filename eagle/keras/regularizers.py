"""The namespace `tf.keras.regularizers`."""

from ..core.export import export, open_namespace, public as tf
from .utils.serialization import deserialize as _deserialize, of_identifier, serialize_keras_object


@export("keras.regularizers.Regularizer")
class Regularizer:
    """The base of functions from a variable to a loss."""

    def __call__(self, x):
        return 0.0

    @classmethod
    def from_config(cls, config):
        return cls(**config)


@export("keras.regularizers.L1L2")
class L1L2(Regularizer):
    """The sum of absolute values, times `l1`, and that of squares, times `l2`.

    Args:
      l1, l2: numbers.
    """

    def __init__(self, l1=0.0, l2=0.0):
        self.l1 = tf.keras.backend.cast_to_floatx(l1)
        self.l2 = tf.keras.backend.cast_to_floatx(l2)

    def __call__(self, x):
        if not self.l1 and not self.l2:
            return tf.keras.backend.constant(0.0)
        loss = 0.0
        if self.l1:
            loss += tf.reduce_sum(self.l1 * tf.abs(x))
        if self.l2:
            loss += tf.reduce_sum(self.l2 * tf.square(x))
        return loss

    def get_config(self):
        """The arguments to make it again."""
        return {"l1": float(self.l1), "l2": float(self.l2)}


@export("keras.regularizers.l1")
def l1(l=0.01):  # noqa: E741
    """The sum of absolute values, times `l`."""
    return L1L2(l1=l)


@export("keras.regularizers.l2")
def l2(l=0.01):  # noqa: E741
    """The sum of squares, times `l`."""
    return L1L2(l2=l)


@export("keras.regularizers.l1_l2")
def l1_l2(l1=0.01, l2=0.01):
    """The sum of absolute values, times `l1`, and that of squares, times `l2`."""
    return L1L2(l1=l1, l2=l2)


_KNOWN = {"L1L2": L1L2, "Regularizer": Regularizer, "l1": l1, "l2": l2, "l1_l2": l1_l2}


@export("keras.regularizers.serialize")
def serialize(regularizer):
    """A regularizer as a configuration."""
    return serialize_keras_object(regularizer)


@export("keras.regularizers.deserialize")
def deserialize(config, custom_objects=None):
    """The regularizer of a configuration or name."""
    return _deserialize(config, _KNOWN.get, custom_objects, "regularizer")


@export("keras.regularizers.get")
def get(identifier):
    """The regularizer that a configuration, a name or a function stands for; raises ValueError if nothing is known by it."""
    found = of_identifier(identifier, deserialize)
    if found is None and identifier is not None:
        raise ValueError("Could not interpret regularizer identifier:", identifier)
    return found


open_namespace(globals())
