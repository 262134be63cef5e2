"""Convolutions whose kernels differ from place to place: `LocallyConnected1D`, `LocallyConnected2D`."""

import itertools

import numpy as np

from ...core.export import export, public as tf
from ...core.shape import TensorShape
from .. import regularizers
from ..backend.functions import bias_add
from ..backend.settings import image_data_format
from ..backend.tensors import batch_dot, concatenate
from ..engine.base_layer import Layer
from ..engine.input_spec import InputSpec
from ..utils.conv_sizes import conv_output_length, normalize_data_format, normalize_padding, normalize_tuple
from .core import parts_config, set_parts

_PARTS = ("activation", "kernel_initializer", "bias_initializer", "kernel_regularizer", "bias_regularizer", "activity_regularizer",
          "kernel_constraint", "bias_constraint")  # fmt: skip


def _local_conv(inputs, kernel, kernel_size, strides, output_shape, data_format=None):
    data_format = data_format or image_data_format()
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError("Unknown data_format: " + str(data_format))
    shape = kernel.shape.as_list()
    rank = len(output_shape)
    parts = []
    for position in itertools.product(*(range(n) for n in output_shape)):
        place = [slice(p * s, p * s + k) for p, s, k in zip(position, strides, kernel_size)]
        place = [slice(None), slice(None), *place] if data_format == "channels_first" else [slice(None), *place, slice(None)]
        parts.append(tf.reshape(inputs[tuple(place)], (1, -1, shape[1])))
    output = batch_dot(concatenate(parts, axis=0), kernel)
    output = tf.reshape(output, (*output_shape, -1, shape[-1]))
    axes = list(range(rank))
    return tf.transpose(output, [rank, rank + 1, *axes] if data_format == "channels_first" else [rank, *axes, rank + 1])


@export("keras.backend.local_conv1d")
def local_conv1d(inputs, kernel, kernel_size, strides, data_format=None):
    """A convolution of sequences with another kernel at each place.

    Args:
      inputs: a tensor of rank 3.
      kernel: of shape [places, size * channels, filters].
      kernel_size, strides: tuples of one number.
      data_format: "channels_last" or "channels_first".
    """
    return _local_conv(inputs, kernel, kernel_size, strides, (kernel.shape.as_list()[0],), data_format)


@export("keras.backend.local_conv2d")
def local_conv2d(inputs, kernel, kernel_size, strides, output_shape, data_format=None):
    """A convolution of images with another kernel at each place.

    Args:
      inputs: a tensor of rank 4.
      kernel: of shape [places, size * channels, filters].
      kernel_size, strides, output_shape: tuples of two numbers.
      data_format: "channels_last" or "channels_first".
    """
    return _local_conv(inputs, kernel, kernel_size, strides, output_shape, data_format)


def _connected(input_shape, kernel_shape, position, strides, padding):
    """The ranges of inputs that an output at a position depends on."""
    for size, kernel, p, stride in zip(input_shape, kernel_shape, position, strides):
        left = kernel // 2
        center = p * stride + (left if padding == "valid" else 0)
        yield range(max(0, center - left), min(size, center + kernel - left))


def _pairs(input_shape, kernel_shape, strides, padding, output_shape):
    """Positions of outputs and of inputs that they depend on."""
    for position in itertools.product(*(range(n) for n in output_shape)):
        for source in itertools.product(*_connected(input_shape, kernel_shape, position, strides, padding)):
            yield position, source


class _Locally(Layer):
    """What both layers share."""

    rank = None

    def __init__(self, filters, kernel_size, strides, padding, data_format, use_bias, implementation, parts, kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.kernel_size = normalize_tuple(kernel_size, self.rank, "kernel_size")
        self.strides = normalize_tuple(strides, self.rank, "strides")
        self.padding = normalize_padding(padding)
        if self.padding != "valid" and implementation == 1:
            raise ValueError('Invalid border mode for LocallyConnected%dD (only "valid" is supported if implementation is 1): %s'
                             % (self.rank, padding))  # fmt: skip
        self.data_format = normalize_data_format(data_format)
        self.use_bias, self.implementation = use_bias, implementation
        self.activity_regularizer = regularizers.get(parts.pop("activity_regularizer"))
        set_parts(self, **parts)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def _sizes(self, input_shape):
        """The sizes of space, and the channels."""
        dims = TensorShape(input_shape).as_list()
        return (dims[2:], dims[1]) if self.data_format == "channels_first" else (dims[1:-1], dims[-1])

    def _output_sizes(self, sizes):
        return tuple(conv_output_length(n, k, self.padding, s) for n, k, s in zip(sizes, self.kernel_size, self.strides))

    def build(self, input_shape):
        sizes, channels = self._sizes(input_shape)
        self._check(sizes, channels, input_shape)
        outputs = self._output_sizes(sizes)
        self.output_sizes = outputs
        if self.implementation == 1:
            shape = (int(np.prod(outputs)), int(np.prod(self.kernel_size)) * channels, self.filters)
        elif self.implementation == 2:
            if self.data_format == "channels_first":
                shape = (channels, *sizes, self.filters, *outputs)
            else:
                shape = (*sizes, channels, *outputs, self.filters)
            mask = np.zeros((*sizes, *outputs), bool)
            for position, source in _pairs(sizes, self.kernel_size, self.strides, self.padding, outputs):
                mask[source + position] = True
            axes = (0, -self.rank - 1) if self.data_format == "channels_first" else (self.rank, -1)
            for axis in axes:
                mask = np.expand_dims(mask, axis)
            self.kernel_mask = mask
        elif self.implementation == 3:
            self.kernel_shape = (int(np.prod(outputs)) * self.filters, int(np.prod(sizes)) * channels)
            self.kernel_idxs = sorted(self._indices(sizes, outputs, channels))
            shape = (len(self.kernel_idxs),)
        else:
            raise ValueError("Unrecognized implementation mode: %d." % self.implementation)
        if self.implementation != 3:
            self.kernel_shape = shape
        self.kernel = self.add_weight(shape=shape, initializer=self.kernel_initializer, name="kernel",
                                      regularizer=self.kernel_regularizer, constraint=self.kernel_constraint)  # fmt: skip
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(shape=(*outputs, self.filters), initializer=self.bias_initializer, name="bias",
                                        regularizer=self.bias_regularizer, constraint=self.bias_constraint)  # fmt: skip
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={1 if self.data_format == "channels_first" else -1: channels})
        self.built = True

    def _indices(self, sizes, outputs, channels):
        """Numbers of outputs and of inputs that they depend on, pairs."""

        def number(position, channel, shape, count):
            if self.data_format == "channels_first":
                return np.ravel_multi_index((channel, *position), (count, *shape))
            return np.ravel_multi_index((*position, channel), (*shape, count))

        for position, source in _pairs(sizes, self.kernel_size, self.strides, self.padding, outputs):
            for i in range(channels):
                for o in range(self.filters):
                    yield number(position, o, outputs, self.filters), number(source, i, tuple(sizes), channels)

    def compute_output_shape(self, input_shape):
        sizes, _ = self._sizes(input_shape)
        batch, outputs = TensorShape(input_shape).as_list()[0], self._output_sizes(sizes)
        first = self.data_format == "channels_first"
        return TensorShape([batch, self.filters, *outputs] if first else [batch, *outputs, self.filters])

    def call(self, inputs):
        """The convolution."""
        if self.implementation == 1:
            output = _local_conv(inputs, self.kernel, self.kernel_size, self.strides, self.output_sizes, self.data_format)
        else:
            flat = tf.reshape(inputs, (tf.shape(inputs)[0], -1))
            if self.implementation == 2:
                kernel = self.kernel_mask.astype("float32") * self.kernel
                shape, half = tf.shape(kernel), len(self.kernel_shape) // 2
                kernel = tf.reshape(kernel, (tf.reduce_prod(shape[:half]), tf.reduce_prod(shape[half:])))
                output = tf.sparse_matmul(flat, kernel, b_is_sparse=True)
            else:
                sparse = tf.SparseTensor(np.array(self.kernel_idxs, np.int64), self.kernel, self.kernel_shape)
                output = tf.transpose(tf.sparse.sparse_dense_matmul(sparse, flat, adjoint_b=True))
            output = tf.reshape(output, [tf.shape(output)[0], *self.compute_output_shape(inputs.shape).as_list()[1:]])
        if self.use_bias:
            output = bias_add(output, self.bias, data_format=self.data_format)
        return self.activation(output)

    def get_config(self):
        names = ("filters", "kernel_size", "strides", "padding", "data_format", "use_bias", "implementation")
        return {**super().get_config(), **{n: getattr(self, n) for n in names}, **parts_config(self, *_PARTS)}


@export("keras.layers.LocallyConnected1D")
class LocallyConnected1D(_Locally):
    """A convolution of sequences with another kernel at each place.

    Args:
      filters: how many channels the output has.
      kernel_size, strides: numbers.
      padding: "valid"; "same" too with `implementation` 2 or 3.
      data_format: "channels_last" or "channels_first".
      activation: a function or its name.
      use_bias: whether there is a bias.
      kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, kernel_constraint, bias_constraint: of the
        variables.
      activity_regularizer: a function from the output to a loss.
      implementation: 1 for a loop over places, 2 for a dense matrix, 3 for a sparse one.
      **kwargs: as of `Layer`.
    """

    rank = 1

    def __init__(self, filters, kernel_size, strides=1, padding="valid", data_format=None, activation=None, use_bias=True,
                 kernel_initializer="glorot_uniform", bias_initializer="zeros", kernel_regularizer=None, bias_regularizer=None,
                 activity_regularizer=None, kernel_constraint=None, bias_constraint=None, implementation=1, **kwargs):  # fmt: skip
        given = locals()
        parts = {n: given[n] for n in _PARTS}
        super().__init__(filters, kernel_size, strides, padding, data_format, use_bias, implementation, parts, kwargs)

    def _check(self, sizes, channels, shape):
        if channels is None:
            raise ValueError("Axis 2 of input should be fully-defined. Found shape:", tuple(TensorShape(shape).as_list()))


@export("keras.layers.LocallyConnected2D")
class LocallyConnected2D(_Locally):
    """A convolution of images with another kernel at each place.

    Args:
      filters: how many channels the output has.
      kernel_size, strides: numbers or pairs.
      padding, data_format, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
        activity_regularizer, kernel_constraint, bias_constraint, implementation: as of `LocallyConnected1D`.
      **kwargs: as of `Layer`.
    """

    rank = 2

    def __init__(self, filters, kernel_size, strides=(1, 1), padding="valid", data_format=None, activation=None, use_bias=True,
                 kernel_initializer="glorot_uniform", bias_initializer="zeros", kernel_regularizer=None, bias_regularizer=None,
                 activity_regularizer=None, kernel_constraint=None, bias_constraint=None, implementation=1, **kwargs):  # fmt: skip
        given = locals()
        parts = {n: given[n] for n in _PARTS}
        super().__init__(filters, kernel_size, strides, padding, data_format, use_bias, implementation, parts, kwargs)

    def _check(self, sizes, channels, shape):
        if None in sizes:
            raise ValueError(
                "The spatial dimensions of the inputs to  a LocallyConnected2D layer should be fully-defined, but layer "
                "received the inputs shape " + str(tuple(TensorShape(shape).as_list()))
            )
