"""`LinearModel`: a sum of dense layers."""

from ...core.export import export, public as tf
from .. import activations, initializers, regularizers
from ..engine.base_layer import Layer
from ..engine.training import Model
from ..layers.core import Dense


@export("keras.experimental.LinearModel")
class LinearModel(Model):
    """A linear function of one or several inputs.

    Args:
      units: the size of the output.
      activation: a function or its name.
      use_bias: whether there is a bias.
      kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer: of the variables.
      **kwargs: as of `Model`.
    """

    def __init__(self, units=1, activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros",
                 kernel_regularizer=None, bias_regularizer=None, **kwargs):  # fmt: skip
        self.units = units
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        super().__init__(**kwargs)

    def build(self, input_shape):
        shapes = input_shape if isinstance(input_shape, list) else [input_shape]
        self.dense_layers = [
            Dense(self.units, use_bias=False, kernel_initializer=self.kernel_initializer,
                  kernel_regularizer=self.kernel_regularizer, input_shape=tuple(shape))
            for shape in shapes
        ]  # fmt: skip
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                "bias", shape=self.units, initializer=self.bias_initializer, regularizer=self.bias_regularizer, dtype=self.dtype,
                trainable=True,
            )  # fmt: skip

    def call(self, inputs):
        """The sum of the products; raises ValueError if there are more or fewer inputs than it was built for."""
        inputs = inputs if isinstance(inputs, tuple | list) else [inputs]
        if len(inputs) != len(self.dense_layers):
            raise ValueError(f"Expected {len(self.dense_layers)} inputs, but got {len(inputs)} inputs")
        result = None
        for x, layer in zip(inputs, self.dense_layers):
            result = layer(x) if result is None else result + layer(x)
        if self.use_bias:
            result = tf.nn.bias_add(result, self.bias)
        return result if self.activation is None else self.activation(result)

    def get_config(self):
        return {
            **Layer.get_config(self), "units": self.units, "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias, "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
        }  # fmt: skip

    @classmethod
    def from_config(cls, config, custom_objects=None):
        return cls(**config)
