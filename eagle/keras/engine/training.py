"""`Model`: a network that can be trained."""

from ...core.export import export
from .network import Network


@export("keras.models.Model", "keras.Model", "python.keras.engine.training.Model")
class Model(Network):
    """A model: layers between inputs and outputs, or a subclass with a method `call`.

    Args:
      inputs, outputs: structures of tensors; without these a subclass has a method `call`.
      name: its name.
      **kwargs: as of `Network`.
    """
