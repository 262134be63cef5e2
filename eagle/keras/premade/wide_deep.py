"""`WideDeepModel`: a linear and a deep model that are trained together."""

from ...core.export import export, public as tf
from .. import activations
from ..engine.base_layer import Layer
from ..engine.training import Model
from ..utils.serialization import serialize_keras_object


@export("keras.experimental.WideDeepModel")
class WideDeepModel(Model):
    """The mean of a linear and a deep model.

    `compile` may be given two optimizers: that of the linear model and that of the deep one.

    Args:
      linear_model, dnn_model: the models.
      activation: a function or its name.
      **kwargs: as of `Model`.
    """

    def __init__(self, linear_model, dnn_model, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.linear_model = linear_model
        self.dnn_model = dnn_model
        self.activation = activations.get(activation)

    def call(self, inputs):
        """The mean of what both give for the same inputs, or for one of two each."""
        is_pair = isinstance(inputs, tuple | list) and len(inputs) == 2
        linear, deep = inputs if is_pair else (inputs, inputs)
        output = 0.5 * (self.linear_model(linear) + self.dnn_model(deep))
        return self.activation(output) if self.activation else output

    def _steps(self):
        """The optimizers and their variables."""
        optimizer = self.optimizer
        first, second = optimizer if isinstance(optimizer, tuple | list) else (optimizer, optimizer)
        return (first, self.linear_model.trainable_weights), (second, self.dnn_model.trainable_weights)

    def _training_updates(self):
        return [u for optimizer, weights in self._steps() for u in optimizer.get_updates(params=weights, loss=self.total_loss)]

    def _apply_eagerly(self, tape, loss):
        steps = self._steps()
        found = tape.gradient(loss, [weights for _, weights in steps])
        for (optimizer, weights), gradients in zip(steps, found):
            optimizer.apply_gradients(zip(gradients, weights))

    def get_config(self):
        return {
            **Layer.get_config(self), "linear_model": serialize_keras_object(self.linear_model),
            "dnn_model": serialize_keras_object(self.dnn_model), "activation": activations.serialize(self.activation),
        }  # fmt: skip

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        models = [tf.keras.layers.deserialize(config.pop(name), custom_objects) for name in ("linear_model", "dnn_model")]
        activation = activations.deserialize(config.pop("activation", None), custom_objects=custom_objects)
        return cls(*models, activation=activation, **config)
