"""`CuDNNGRU` and `CuDNNLSTM`: the layers whose variables are those of cuDNN.

They compute what cuDNN computes, on any device.
"""

import collections

from ...core.export import export, public as tf
from .. import initializers, regularizers
from ..backend.recurrence import rnn
from ..engine.base_layer import Layer
from ..engine.input_spec import InputSpec
from .core import set_parts
from .recurrent import RNN
from .recurrent_cells import RECURRENT_PARTS, config_of

_OPTIONS = ("return_sequences", "return_state", "go_backwards", "stateful", "time_major")
_Cell = collections.namedtuple("cell", "state_size")


class _CuDNNRNN(RNN):
    """A layer without a cell of its own; subclasses have `gates`, `_biases`, `_step`."""

    _more = ()

    def _start(self, units, state_size, options, parts, activity_regularizer, kwargs):
        self._cell = _Cell(state_size)
        self.units = units
        Layer.__init__(self, **kwargs)
        for name in _OPTIONS:
            setattr(self, name, options.get(name, False))
        self.unroll = self.zero_output_for_mask = False
        self.input_spec = [InputSpec(ndim=3)]
        sizes = state_size if isinstance(state_size, tuple) else (state_size,)
        self.state_spec = [InputSpec(shape=(None, size)) for size in sizes]
        self.constants_spec = self._states = None
        self._num_constants = 0
        set_parts(self, **parts)
        self.activity_regularizer = regularizers.get(activity_regularizer)

    @property
    def cell(self):
        """What tells the size of the states."""
        return self._cell

    def _add(self, name, prefix, shape, initializer=None):
        return self.add_weight(
            shape=shape, name=name, initializer=initializer or getattr(self, prefix + "_initializer"),
            regularizer=getattr(self, prefix + "_regularizer"), constraint=getattr(self, prefix + "_constraint"),
        )  # fmt: skip

    def build(self, input_shape):
        super().build(input_shape)
        size = tuple(input_shape[0] if isinstance(input_shape, list) else input_shape)[-1]
        width = self.units * self.gates
        self.kernel = self._add("kernel", "kernel", (size, width))
        self.recurrent_kernel = self._add("recurrent_kernel", "recurrent", (self.units, width))
        self.bias = self._add("bias", "bias", (2 * width,), self._bias_initializer())
        self.built = True

    def _bias_initializer(self):
        return None

    def call(self, inputs, mask=None, training=None, initial_state=None):
        """The output, and with `return_state` the last states; raises ValueError if there is a mask."""
        if mask is not None and (not isinstance(mask, list) or mask[0] is not None):
            raise ValueError("Masking is not supported for CuDNN RNNs.")
        inputs, initial_state, _ = self._process_inputs(inputs, initial_state, None)
        biases = tf.split(self.bias, 2)

        def step(x, states):
            x = tf.matmul(x, self.kernel) + biases[0]
            return self._step(x, tf.matmul(states[0], self.recurrent_kernel) + biases[1], states)

        last, outputs, states = rnn(step, inputs, initial_state, go_backwards=self.go_backwards, time_major=self.time_major)
        if self.stateful:
            self.add_update([tf.assign(old, new) for old, new in zip(self.states, states)])
        output = outputs if self.return_sequences else last
        return [output, *states] if self.return_state else output

    def get_config(self):
        names = ("units", *RECURRENT_PARTS, *self._more)
        return {
            **Layer.get_config(self), **{n: getattr(self, n) for n in _OPTIONS}, **config_of(self, names),
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
        }  # fmt: skip

    @classmethod
    def from_config(cls, config):
        return cls(**config)


@export("keras.layers.CuDNNGRU")
class CuDNNGRU(_CuDNNRNN):
    """`GRU` with the variables and the formula of cuDNN: sigmoid gates, the reset gate applied after the product, two biases.

    Args:
      units: the size of the output.
      kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer, recurrent_regularizer, bias_regularizer,
        kernel_constraint, recurrent_constraint, bias_constraint: of the variables.
      activity_regularizer: a function from the output to a loss.
      return_sequences, return_state, go_backwards, stateful, **kwargs: as of `RNN`.
    """

    gates = 3

    def __init__(self, units, kernel_initializer="glorot_uniform", recurrent_initializer="orthogonal", bias_initializer="zeros",
                 kernel_regularizer=None, recurrent_regularizer=None, bias_regularizer=None, activity_regularizer=None,
                 kernel_constraint=None, recurrent_constraint=None, bias_constraint=None, return_sequences=False,
                 return_state=False, go_backwards=False, stateful=False, **kwargs):  # fmt: skip
        given = locals()
        options = {n: given[n] for n in _OPTIONS if n in given}
        options["time_major"] = kwargs.pop("time_major", False)
        self._start(units, units, options, {n: given[n] for n in RECURRENT_PARTS}, activity_regularizer, kwargs)

    def _step(self, x, r, states):
        (xz, xr, xh), (rz, rr, rh) = tf.split(x, 3, axis=1), tf.split(r, 3, axis=1)
        z, reset = tf.sigmoid(xz + rz), tf.sigmoid(xr + rr)
        h = z * states[0] + (1 - z) * tf.tanh(xh + reset * rh)
        return h, [h]


@export("keras.layers.CuDNNLSTM")
class CuDNNLSTM(_CuDNNRNN):
    """`LSTM` with the variables and the formula of cuDNN: sigmoid gates, two biases.

    Args:
      units: the size of the output.
      kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer, recurrent_regularizer, bias_regularizer,
        kernel_constraint, recurrent_constraint, bias_constraint: of the variables.
      unit_forget_bias: whether the second bias of the forget gate begins with 1.
      activity_regularizer: a function from the output to a loss.
      return_sequences, return_state, go_backwards, stateful, **kwargs: as of `RNN`.
    """

    gates = 4
    _more = ("unit_forget_bias",)

    def __init__(self, units, kernel_initializer="glorot_uniform", recurrent_initializer="orthogonal", bias_initializer="zeros",
                 unit_forget_bias=True, kernel_regularizer=None, recurrent_regularizer=None, bias_regularizer=None,
                 activity_regularizer=None, kernel_constraint=None, recurrent_constraint=None, bias_constraint=None,
                 return_sequences=False, return_state=False, go_backwards=False, stateful=False, **kwargs):  # fmt: skip
        given = locals()
        options = {n: given[n] for n in _OPTIONS if n in given}
        options["time_major"] = kwargs.pop("time_major", False)
        self._start(units, (units, units), options, {n: given[n] for n in RECURRENT_PARTS}, activity_regularizer, kwargs)
        self.unit_forget_bias = unit_forget_bias

    def _bias_initializer(self):
        if not self.unit_forget_bias:
            return None

        def initializer(_, *args, **kwargs):
            n = self.units
            return tf.concat([
                self.bias_initializer((n * 5,), *args, **kwargs), initializers.get("ones")((n,), *args, **kwargs),
                self.bias_initializer((n * 2,), *args, **kwargs),
            ], axis=0)  # fmt: skip

        return initializer

    def _step(self, x, r, states):
        i, f, c, o = tf.split(x + r, 4, axis=1)
        carry = tf.sigmoid(f) * states[1] + tf.sigmoid(i) * tf.tanh(c)
        h = tf.sigmoid(o) * tf.tanh(carry)
        return h, [h, carry]
