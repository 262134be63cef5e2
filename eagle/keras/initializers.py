"""The namespace `tf.keras.initializers`: those of the op library, with the defaults of Keras."""

from ..core import dtypes
from ..core.export import export, open_namespace, resolve
from ..ops import initializers as ops
from .utils.serialization import deserialize as _deserialize, of_identifier, serialize_keras_object


@export("keras.initializers.RandomNormal", "keras.initializers.random_normal", "keras.initializers.normal")
class RandomNormal(ops.RandomNormal):
    """Normal numbers.

    Args:
      mean, stddev: of the distribution.
      seed: the seed.
      dtype: the type.
    """

    def __init__(self, mean=0.0, stddev=0.05, seed=None, dtype=dtypes.float32):
        super().__init__(mean=mean, stddev=stddev, seed=seed, dtype=dtype)


@export("keras.initializers.RandomUniform", "keras.initializers.random_uniform", "keras.initializers.uniform")
class RandomUniform(ops.RandomUniform):
    """Uniform numbers.

    Args:
      minval, maxval: the bounds.
      seed: the seed.
      dtype: the type.
    """

    def __init__(self, minval=-0.05, maxval=0.05, seed=None, dtype=dtypes.float32):
        super().__init__(minval=minval, maxval=maxval, seed=seed, dtype=dtype)


@export("keras.initializers.TruncatedNormal", "keras.initializers.truncated_normal")
class TruncatedNormal(ops.TruncatedNormal):
    """Normal numbers of which those farther than two standard deviations from the mean are drawn again.

    Args:
      mean, stddev: of the distribution.
      seed: the seed.
      dtype: the type.
    """

    def __init__(self, mean=0.0, stddev=0.05, seed=None, dtype=dtypes.float32):
        super().__init__(mean=mean, stddev=stddev, seed=seed, dtype=dtype)


_OTHER_NAMES = {
    "one": "ones", "zero": "zeros", "truncated_normal": "truncated_normal", "GlorotUniform": "glorot_uniform",
    "GlorotNormal": "glorot_normal", "variance_scaling": "VarianceScaling",
}  # fmt: skip


_FUNCTIONS = ("he_normal", "he_uniform", "lecun_normal", "lecun_uniform")  # functions that make initializers


def _known(name):
    try:
        return resolve("keras.initializers." + _OTHER_NAMES.get(name, name))
    except AttributeError:
        return None


@export("keras.initializers.serialize")
def serialize(initializer):
    """An initializer as a configuration."""
    return serialize_keras_object(initializer)


@export("keras.initializers.deserialize")
def deserialize(config, custom_objects=None):
    """The initializer of a configuration or name."""
    return _deserialize(config, _known, custom_objects, "initializer")


@export("keras.initializers.get")
def get(identifier):
    """The initializer that a configuration, a name or a function stands for; raises ValueError if nothing is known by it."""
    if isinstance(identifier, str) and str(identifier) not in _FUNCTIONS:
        return deserialize(str(identifier))
    found = of_identifier(identifier, deserialize)
    if found is None and identifier is not None:
        raise ValueError("Could not interpret initializer identifier: " + str(identifier))
    return found


open_namespace(globals())
