"""Layers by their names: `serialize` and `deserialize`."""

from ...core.export import export, resolve
from ..utils.serialization import deserialize as _deserialize, serialize_keras_object

_OLD_NAMES = {"BatchNormalizationV1": "BatchNormalization", "BatchNormalizationV2": "BatchNormalization"}  # in saved models


def _known(name):
    name = _OLD_NAMES.get(name, name)
    for start in ("keras.layers.", "keras.models.", "keras.experimental.", "python.keras.engine.base_layer."):
        try:
            return resolve(start + name)
        except AttributeError:
            continue
    return None


@export("keras.layers.serialize")
def serialize(layer):
    """A layer as a configuration."""
    return serialize_keras_object(layer)


@export("keras.layers.deserialize")
def deserialize(config, custom_objects=None):
    """The layer of a configuration.

    Args:
      config: a dictionary of the name of a class and its configuration.
      custom_objects: a dictionary from names to classes and functions of the program.

    Raises:
      ValueError: nothing is known by the name.
    """
    return _deserialize(config, _known, custom_objects, "layer")
