"""Layers that everything else is built around: `Dense`, `Dropout`, `Flatten`, `Activation`, `Reshape`, ..."""

import numpy as np

from ...core.context import here
from ...core.convert import convert
from ...core.dtypes import as_dtype
from ...core.export import export, public as tf
from ...core.shape import TensorShape
from ...core.sparse_tensor import SparseTensor
from ...ops.case import layers_smart_cond
from .. import activations, constraints, initializers, regularizers
from ..backend.settings import floatx, image_data_format, learning_phase
from ..engine.base_layer import Layer
from ..engine.input_spec import InputSpec
from ..utils.conv_sizes import normalize_data_format

PART_KINDS = {
    "initializer": initializers, "regularizer": regularizers, "constraint": constraints, "activation": activations,
}  # fmt: skip


def set_parts(layer, **given):
    """Sets the initializers, regularizers, constraints and activations of a layer from names, configurations or functions."""
    for attribute, value in given.items():
        setattr(layer, attribute, PART_KINDS[attribute.rpartition("_")[2]].get(value))


def parts_config(layer, *attributes):
    """The configurations of such parts of a layer."""
    return {a: PART_KINDS[a.rpartition("_")[2]].serialize(getattr(layer, a)) for a in attributes}


@export("keras.layers.Dense")
class Dense(Layer):
    """`activation(inputs @ kernel + bias)`.

    Args:
      units: the size of the last dimension of the output.
      activation: a function or its name.
      use_bias: whether there is a bias.
      kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, kernel_constraint, bias_constraint: of the
        variables.
      activity_regularizer: a function from the output to a loss.
      **kwargs: as of `Layer`; `input_dim` is the last dimension of the input.
    """

    def __init__(self, units, activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros",
                 kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
                 bias_constraint=None, **kwargs):  # fmt: skip
        if "input_shape" not in kwargs and "input_dim" in kwargs:
            kwargs["input_shape"] = (kwargs.pop("input_dim"),)
        super().__init__(activity_regularizer=regularizers.get(activity_regularizer), **kwargs)
        self.units = int(units)
        self.use_bias = use_bias
        set_parts(
            self, activation=activation, kernel_initializer=kernel_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, bias_regularizer=bias_regularizer, kernel_constraint=kernel_constraint,
            bias_constraint=bias_constraint,
        )  # fmt: skip
        self.supports_masking = True
        self.input_spec = InputSpec(min_ndim=2)

    def build(self, input_shape):
        dtype = as_dtype(self.dtype or floatx())
        if not (dtype.is_floating or dtype.is_complex):
            raise TypeError("Unable to build `Dense` layer with non-floating point dtype %s" % (dtype,))
        last = TensorShape(input_shape).as_list()[-1]
        if last is None:
            raise ValueError("The last dimension of the inputs to `Dense` should be defined. Found `None`.")
        self.input_spec = InputSpec(min_ndim=2, axes={-1: last})
        self.kernel = self.add_weight(
            "kernel", shape=[last, self.units], initializer=self.kernel_initializer, regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint, dtype=self.dtype, trainable=True,
        )  # fmt: skip
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                "bias", shape=[self.units], initializer=self.bias_initializer, regularizer=self.bias_regularizer,
                constraint=self.bias_constraint, dtype=self.dtype, trainable=True,
            )  # fmt: skip
        self.built = True

    def call(self, inputs):
        rank = len(inputs.shape)
        if rank > 2:
            outputs = tf.tensordot(inputs, self.kernel, [[rank - 1], [0]])
            if not here.eager:
                outputs.set_shape(inputs.shape.as_list()[:-1] + [self.units])
        else:
            inputs = tf.cast(inputs, self._compute_dtype)
            if isinstance(inputs, SparseTensor):
                outputs = tf.sparse.sparse_dense_matmul(inputs, self.kernel)
            else:
                outputs = tf.matmul(inputs, self.kernel)
        if self.use_bias:
            outputs = tf.nn.bias_add(outputs, self.bias)
        return outputs if self.activation is None else self.activation(outputs)

    def compute_output_shape(self, input_shape):
        input_shape = TensorShape(input_shape).with_rank_at_least(2)
        if input_shape.as_list()[-1] is None:
            raise ValueError("The innermost dimension of input_shape must be defined, but saw: %s" % input_shape)
        return input_shape[:-1].concatenate(self.units)

    def get_config(self):
        return {
            **super().get_config(), "units": self.units, "use_bias": self.use_bias,
            **parts_config(self, "activation", "kernel_initializer", "bias_initializer", "kernel_regularizer", "bias_regularizer",
                           "activity_regularizer", "kernel_constraint", "bias_constraint"),
        }  # fmt: skip


@export("keras.layers.Dropout")
class Dropout(Layer):
    """Sets a random part of the inputs to 0 while training, and makes the others larger so that the sum stays about the same.

    Args:
      rate: which part, from 0 to 1.
      noise_shape: the shape of the random mask, which is broadcast; None for dimensions of the input.
      seed: the seed.
    """

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.noise_shape = noise_shape
        self.seed = seed
        self.supports_masking = True

    def _get_noise_shape(self, inputs):
        if self.noise_shape is None:
            return None
        sizes = tf.shape(inputs)
        return convert([sizes[i] if n is None else n for i, n in enumerate(self.noise_shape)])

    def call(self, inputs, training=None):
        if training is None:
            training = learning_phase()

        def dropped():
            return tf.nn.dropout(inputs, noise_shape=self._get_noise_shape(inputs), seed=self.seed, rate=self.rate)

        return layers_smart_cond(training, dropped, lambda: tf.identity(inputs))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "noise_shape": self.noise_shape, "seed": self.seed}


@export("keras.layers.SpatialDropout1D")
class SpatialDropout1D(Dropout):
    """Dropout of whole channels of sequences.

    Args:
      rate: which part of the channels, from 0 to 1.
    """

    def __init__(self, rate, **kwargs):
        super().__init__(rate, **kwargs)
        self.input_spec = InputSpec(ndim=3)

    def _get_noise_shape(self, inputs):
        sizes = tf.shape(inputs)
        return sizes[0], 1, sizes[2]


class _SpatialDropout(Dropout):
    _spatial = None

    def __init__(self, rate, data_format=None, **kwargs):
        super().__init__(rate, **kwargs)
        data_format = data_format or image_data_format()
        if data_format not in {"channels_last", "channels_first"}:
            raise ValueError('data_format must be in {"channels_last", "channels_first"}')
        self.data_format = data_format
        self.input_spec = InputSpec(ndim=2 + self._spatial)

    def _get_noise_shape(self, inputs):
        sizes = tf.shape(inputs)
        ones = (1,) * self._spatial
        if self.data_format == "channels_first":
            return (sizes[0], sizes[1], *ones)
        return (sizes[0], *ones, sizes[1 + self._spatial])


@export("keras.layers.SpatialDropout2D")
class SpatialDropout2D(_SpatialDropout):
    """Dropout of whole channels of images.

    Args:
      rate: which part of the channels, from 0 to 1.
      data_format: where the channels are.
    """

    _spatial = 2


@export("keras.layers.SpatialDropout3D")
class SpatialDropout3D(_SpatialDropout):
    """Dropout of whole channels of volumes.

    Args:
      rate: which part of the channels, from 0 to 1.
      data_format: where the channels are.
    """

    _spatial = 3


@export("keras.layers.Flatten")
class Flatten(Layer):
    """Makes all dimensions but the first one.

    Args:
      data_format: where the channels are; they are put last first.
    """

    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = normalize_data_format(data_format)
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs):
        rank = inputs.shape.ndims
        if self.data_format == "channels_first" and rank is not None and rank > 1:
            inputs = tf.transpose(inputs, perm=[0, *range(2, rank), 1])
        outputs = tf.reshape(inputs, (inputs.shape[0].value or tf.shape(inputs)[0], -1))
        if not here.eager:
            outputs.set_shape(self.compute_output_shape(inputs.shape))
        return outputs

    def compute_output_shape(self, input_shape):
        first, *others = TensorShape(input_shape).as_list()
        return TensorShape([first, int(np.prod(others)) if all(others) else None])

    def get_config(self):
        return {**super().get_config(), "data_format": self.data_format}
