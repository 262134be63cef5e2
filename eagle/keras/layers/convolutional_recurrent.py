"""Recurrent layers of images: the gates are convolutions."""

import numpy as np

from ...core.export import export, public as tf
from ...core.shape import TensorShape
from ...variables.structures import NoDependency
from ..backend.tensors import zeros
from ..backend.values import batch_set_value
from ..engine.base_layer import Layer
from ..engine.input_spec import InputSpec
from ..utils.conv_sizes import conv_output_length, normalize_data_format, normalize_padding, normalize_tuple
from .recurrent import RNN, is_multiple
from .recurrent_cells import OPTIONS, RECURRENT_PARTS, Cell, CellLayer, config_of, forget_gate_of_ones, multiplied


class ConvRNN2D(RNN):
    """Runs a cell whose states are images along the time.

    Args:
      cell: a cell with `data_format`, `kernel_size`, `strides`, `padding`, `dilation_rate`, `filters`, `kernel_shape` and
        `input_conv`.
      return_sequences, return_state, go_backwards, stateful, **kwargs: as of `RNN`.
      unroll: must be false.

    Raises:
      TypeError: it is to be unrolled, or there are several cells.
    """

    def __init__(self, cell, return_sequences=False, return_state=False, go_backwards=False, stateful=False, unroll=False,
                 **kwargs):  # fmt: skip
        if unroll:
            raise TypeError("Unrolling isn't possible with convolutional RNNs.")
        if isinstance(cell, list | tuple):
            raise TypeError("It is not possible at the moment tostack convolutional cells.")
        super().__init__(cell, return_sequences, return_state, go_backwards, stateful, unroll, **kwargs)
        self.input_spec = [InputSpec(ndim=5)]

    @property
    def _is_channels_first(self):
        return self.cell.data_format == "channels_first"

    def _sizes(self):
        return list(self.cell.state_size) if is_multiple(self.cell.state_size) else [self.cell.state_size]

    def _image_shape(self, space, channels):
        return [channels, *space] if self._is_channels_first else [*space, channels]

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, list):
            input_shape = input_shape[0]
        cell, sizes = self.cell, TensorShape(input_shape).as_list()
        space = [
            conv_output_length(n, k, padding=cell.padding, stride=s, dilation=d)
            for n, k, s, d in zip(sizes[3:] if self._is_channels_first else sizes[2:4], cell.kernel_size, cell.strides,
                                  cell.dilation_rate)
        ]  # fmt: skip
        image = self._image_shape(space, cell.filters)
        shape = TensorShape([*sizes[: 2 if self.return_sequences else 1], *image])
        return [shape, *(TensorShape([sizes[0], *image]) for _ in range(2))] if self.return_state else shape

    def build(self, input_shape):
        constants = None
        if isinstance(input_shape, list):
            constants = input_shape[-self._num_constants :] if self._num_constants else None
            input_shape = input_shape[0]
        dims = TensorShape(input_shape).as_list()
        self.input_spec[0] = InputSpec(shape=(dims[0] if self.stateful else None, None, *dims[2:5]))
        if isinstance(self.cell, Layer) and not self.cell.built:
            step = (dims[0], *dims[2:])
            self.cell.build(step if constants is None else [step, *constants])
        sizes = self._sizes()
        if self.state_spec is None:
            self.state_spec = [InputSpec(shape=(None, *self._image_shape((None, None), size))) for size in sizes]
        elif [spec.shape[1 if self._is_channels_first else 3] for spec in self.state_spec] != sizes:
            raise ValueError(
                "An initial_state was passed that is not compatible with `cell.state_size`. Received `state_spec`=%s; However "
                "`cell.state_size` is %s" % ([spec.shape for spec in self.state_spec], self.cell.state_size)
            )
        if self.stateful:
            self.reset_states()
        self.built = True

    def get_initial_state(self, inputs):
        """States of zeros, a list."""
        cell = self.cell
        nothing = tf.reduce_sum(tf.zeros_like(inputs), axis=1)
        state = cell.input_conv(nothing, tf.zeros((*cell.kernel_shape[:-1], cell.filters)), padding=cell.padding)
        return [state for _ in self._sizes()]

    def reset_states(self, states=None):
        """Gives the states of a layer that keeps them values; see `RNN.reset_states`."""
        if not self.stateful:
            raise AttributeError("Layer must be stateful.")
        shape = self.compute_output_shape(self.input_spec[0].shape)
        shape = (shape[0] if self.return_state else shape).as_list()
        if self.return_sequences:
            shape = shape[:1] + shape[2:]
        if None in shape:
            raise ValueError(
                "If a RNN is stateful, it needs to know its batch size. Specify the batch size of your input tensors: \n- If using "
                "a Sequential model, specify the batch size by passing a `batch_input_shape` argument to your first layer.\n- If "
                "using the functional API, specify the time dimension by passing a `batch_shape` argument to your Input "
                "layer.\nThe same thing goes for the number of rows and columns."
            )
        space = shape[2:] if self._is_channels_first else shape[1:3]
        shapes = [(shape[0], *self._image_shape(space, size)) for size in self._sizes()]
        if self.states[0] is None:
            self.states = [zeros(s) for s in shapes]
            return
        if states is None:
            batch_set_value([(state, np.zeros(s)) for state, s in zip(self.states, shapes)])
            return
        states = list(states) if isinstance(states, list | tuple) else [states]
        if len(states) != len(self.states):
            raise ValueError("Layer %s expects %d states, but it received %d state values. Input received: %s"
                             % (self.name, len(self.states), len(states), states))  # fmt: skip
        for i, (value, expected) in enumerate(zip(states, shapes)):
            if value.shape != expected:
                raise ValueError("State %d is incompatible with layer %s: expected shape=%s, found shape=%s"
                                 % (i, self.name, expected, value.shape))  # fmt: skip
        batch_set_value(list(zip(self.states, states)))


class ConvLSTM2DCell(Cell):
    """The cell of long short-term memory whose products are convolutions; the arguments are those of `ConvLSTM2D`."""

    _names = ("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "activation", "recurrent_activation",
              "use_bias", *RECURRENT_PARTS, "unit_forget_bias", "dropout", "recurrent_dropout")  # fmt: skip

    def __init__(self, filters, kernel_size, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1),
                 activation="tanh", recurrent_activation="hard_sigmoid", use_bias=True, kernel_initializer="glorot_uniform",
                 recurrent_initializer="orthogonal", bias_initializer="zeros", unit_forget_bias=True, kernel_regularizer=None,
                 recurrent_regularizer=None, bias_regularizer=None, kernel_constraint=None, recurrent_constraint=None,
                 bias_constraint=None, dropout=0.0, recurrent_dropout=0.0, **kwargs):  # fmt: skip
        super().__init__(**kwargs)
        self._settle(
            filters, use_bias, dropout, recurrent_dropout, activation=activation, recurrent_activation=recurrent_activation,
            kernel_initializer=kernel_initializer, recurrent_initializer=recurrent_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, recurrent_regularizer=recurrent_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, recurrent_constraint=recurrent_constraint, bias_constraint=bias_constraint,
        )  # fmt: skip
        self.filters, self.unit_forget_bias = filters, unit_forget_bias
        self.kernel_size = normalize_tuple(kernel_size, 2, "kernel_size")
        self.strides = normalize_tuple(strides, 2, "strides")
        self.padding = normalize_padding(padding)
        self.data_format = normalize_data_format(data_format)
        self.dilation_rate = normalize_tuple(dilation_rate, 2, "dilation_rate")
        self.state_size = NoDependency((filters, filters))

    def build(self, input_shape):
        channels = input_shape[1 if self.data_format == "channels_first" else -1]
        if channels is None:
            raise ValueError("The channel dimension of the inputs should be defined. Found `None`.")
        width = self.filters * 4
        self.kernel_shape = (*self.kernel_size, channels, width)
        self.kernel = self._add("kernel", "kernel", self.kernel_shape)
        self.recurrent_kernel = self._add("recurrent_kernel", "recurrent", (*self.kernel_size, self.filters, width))
        self.bias = None
        if self.use_bias:
            initializer = None
            if self.unit_forget_bias:

                def initializer(_, *args, **kwargs):
                    return forget_gate_of_ones(self.bias_initializer, self.filters, *args, **kwargs)

            self.bias = self._add("bias", "bias", (width,), initializer)
        self.built = True

    def input_conv(self, x, w, b=None, padding="valid"):
        """A convolution of the inputs."""
        backend = tf.keras.backend
        found = backend.conv2d(
            x, w, strides=self.strides, padding=padding, data_format=self.data_format, dilation_rate=self.dilation_rate
        )  # fmt: skip
        return found if b is None else backend.bias_add(found, b, data_format=self.data_format)

    def recurrent_conv(self, x, w):
        """A convolution of the states, which keeps their size."""
        return tf.keras.backend.conv2d(x, w, strides=(1, 1), padding="same", data_format=self.data_format)

    def call(self, inputs, states, training=None):
        """The output and the new states."""
        h, c = states[0], states[1]
        input_masks = self.get_dropout_mask_for_cell(inputs, training, count=4)
        state_masks = self.get_recurrent_dropout_mask_for_cell(h, training, count=4)
        inputs = multiplied(inputs, input_masks, self.dropout, 4)
        hs = multiplied(h, state_masks, self.recurrent_dropout, 4)
        kernels = tf.split(self.kernel, 4, axis=3)
        recurrent_kernels = tf.split(self.recurrent_kernel, 4, axis=3)
        biases = tf.split(self.bias, 4) if self.use_bias else [None] * 4
        xs = [self.input_conv(x, w, b, padding=self.padding) for x, w, b in zip(inputs, kernels, biases)]
        gates = [self.recurrent_conv(x, w) for x, w in zip(hs, recurrent_kernels)]
        i = self.recurrent_activation(xs[0] + gates[0])
        f = self.recurrent_activation(xs[1] + gates[1])
        c = f * c + i * self.activation(xs[2] + gates[2])
        o = self.recurrent_activation(xs[3] + gates[3])
        h = o * self.activation(c)
        return h, [h, c]

    def get_config(self):
        return {**Layer.get_config(self), **config_of(self, self._names)}


@export("keras.layers.ConvLSTM2D")
class ConvLSTM2D(CellLayer, ConvRNN2D):
    """Long short-term memory of images: the products are convolutions.

    Args:
      filters: how many channels output and states have.
      kernel_size, strides, dilation_rate: an integer, or two: of the convolutions of the inputs.
      padding: "valid" or "same".
      data_format: "channels_last" or "channels_first", by default as in the settings of Keras.
      activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, unit_forget_bias,
        kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint,
        dropout, recurrent_dropout: as of `LSTM`.
      activity_regularizer: a function from the output to a loss.
      return_sequences, go_backwards, stateful, **kwargs: as of `RNN`.
    """

    _names = ConvLSTM2DCell._names

    def __init__(self, filters, kernel_size, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1),
                 activation="tanh", recurrent_activation="hard_sigmoid", use_bias=True, kernel_initializer="glorot_uniform",
                 recurrent_initializer="orthogonal", bias_initializer="zeros", unit_forget_bias=True, kernel_regularizer=None,
                 recurrent_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
                 recurrent_constraint=None, bias_constraint=None, return_sequences=False, go_backwards=False, stateful=False,
                 dropout=0.0, recurrent_dropout=0.0, **kwargs):  # fmt: skip
        given = locals()
        cell = ConvLSTM2DCell(dtype=kwargs.get("dtype"), **{n: given[n] for n in self._names})
        options = {n: given[n] for n in OPTIONS if n in given}
        super().__init__(cell, **options, **kwargs)
        self._finish(activity_regularizer, ndim=5)
