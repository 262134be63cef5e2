"""Optimizers by their names, and those of `tf.train` for models."""

from ...core.export import export, public as tf
from ...core.scopes import name_scope
from ...core.trackable import Trackable
from ...training import schedules
from ...training.optimizer import Optimizer as TrainOptimizer
from ..backend.settings import track_variable
from ..utils.serialization import deserialize as _deserialize, serialize_keras_object
from . import methods
from .base import OptimizerV2


@export("python.keras.optimizers.TFOptimizer")
class TFOptimizer(Trackable):
    """An optimizer of `tf.train` as models use it.

    Args:
      optimizer: the optimizer.
      iterations: the variable that counts steps, by default the global step.
    """

    def __init__(self, optimizer, iterations=None):
        self.optimizer = optimizer
        self._track_trackable(optimizer, name="optimizer")
        self.iterations = iterations
        if iterations is None:
            with name_scope(type(self).__name__):
                self.iterations = tf.keras.backend.variable(0, dtype="int64", name="iterations")
        self._track_trackable(self.iterations, name="global_step")

    def apply_gradients(self, grads):
        """Applies pairs of gradients and variables."""
        self.optimizer.apply_gradients(grads, global_step=self.iterations)

    def get_grads(self, loss, params):
        """The pairs of gradients and variables."""
        return self.optimizer.compute_gradients(loss, params)

    def get_updates(self, loss, params):
        """The operations of a step, a list."""
        pairs = self.optimizer.compute_gradients(loss, params)
        update = self.optimizer.apply_gradients(pairs, self.iterations)
        for variable in self.optimizer.variables():
            track_variable(variable)
        return [update]

    @property
    def weights(self):
        raise NotImplementedError

    def get_config(self):
        raise NotImplementedError

    def from_config(self, config):
        raise NotImplementedError


_KNOWN = {
    cls.__name__.lower(): cls
    for cls in (
        methods.SGD, methods.Adam, methods.Adamax, methods.Nadam, methods.RMSprop, methods.Adagrad, methods.Adadelta, methods.Ftrl,
    )
}  # fmt: skip


@export("keras.optimizers.serialize")
def serialize(optimizer):
    """An optimizer as a configuration."""
    return serialize_keras_object(optimizer)


@export("keras.optimizers.deserialize")
def deserialize(config, custom_objects=None):
    """The optimizer of a configuration."""
    if config["class_name"].lower() in _KNOWN:
        config = {**config, "class_name": config["class_name"].lower()}
    return _deserialize(config, _KNOWN.get, custom_objects, "optimizer")


@export("keras.optimizers.schedules.serialize")
def serialize_schedule(learning_rate_schedule):
    """A schedule of learning rates as a configuration."""
    return serialize_keras_object(learning_rate_schedule)


@export("keras.optimizers.schedules.deserialize")
def deserialize_schedule(config, custom_objects=None):
    """The schedule of learning rates of a configuration."""
    return _deserialize(config, lambda name: getattr(schedules, name, None), custom_objects, "decay")


@export("keras.optimizers.get", "python.keras.optimizers.get")
def get(identifier):
    """The optimizer that a name, a configuration or an optimizer stands for; raises ValueError if it is none of these."""
    if isinstance(identifier, OptimizerV2 | TFOptimizer):
        return identifier
    if isinstance(identifier, TrainOptimizer):
        return TFOptimizer(identifier)
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        return deserialize({"class_name": str(identifier), "config": {}})
    raise ValueError("Could not interpret optimizer identifier:", identifier)
