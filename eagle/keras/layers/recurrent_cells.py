"""Recurrent cells, and layers that run them: simple ones, GRU and LSTM."""

from ...core.context import here
from ...core.export import export, public as tf
from ...platform import tf_logging
from ...variables.structures import NoDependency
from .. import initializers, regularizers
from ..backend import tensors as K
from ..backend.functions import bias_add
from ..backend.networks import dropout, in_train_phase
from ..engine.base_layer import Layer
from ..engine.input_spec import InputSpec
from .core import parts_config, set_parts
from .recurrent import RNN, zero_states_for_cell

RECURRENT_PARTS = tuple(
    "%s_%s" % (variable, kind)
    for kind in ("initializer", "regularizer", "constraint")
    for variable in ("kernel", "recurrent", "bias")
)  # fmt: skip


class Cell(Layer):
    """What cells share: variables, dropout."""

    gates = 1

    def _settle(self, units, use_bias, dropout, recurrent_dropout, **parts):
        self.units, self.use_bias = units, use_bias
        set_parts(self, **parts)
        self.dropout, self.recurrent_dropout = min(1.0, max(0.0, dropout)), min(1.0, max(0.0, recurrent_dropout))
        self._dropout_masks = {}
        self.state_size = self.output_size = units

    def _add(self, name, prefix, shape, initializer=None):
        return self.add_weight(
            shape=shape, name=name, initializer=initializer or getattr(self, prefix + "_initializer"),
            regularizer=getattr(self, prefix + "_regularizer"), constraint=getattr(self, prefix + "_constraint"),
        )  # fmt: skip

    def _build_kernels(self, input_shape):
        width = self.units * self.gates
        self.kernel = self._add("kernel", "kernel", (tuple(input_shape)[-1], width))
        self.recurrent_kernel = self._add("recurrent_kernel", "recurrent", (self.units, width))

    def reset_dropout_mask(self):
        """Forgets what inputs are dropped."""
        self._dropout_masks = {k: v for k, v in self._dropout_masks.items() if k[0] != "input"}

    def reset_recurrent_dropout_mask(self):
        """Forgets what states are dropped."""
        self._dropout_masks = {k: v for k, v in self._dropout_masks.items() if k[0] != "state"}

    def _mask(self, kind, like, rate, training, count):
        if rate == 0:
            return None
        key = (kind, here.eager)
        if key not in self._dropout_masks:
            ones = tf.ones_like(like)
            made = [in_train_phase(lambda: dropout(ones, rate), ones, training=training) for _ in range(count)]
            self._dropout_masks[key] = made
        return self._dropout_masks[key]

    def get_dropout_mask_for_cell(self, inputs, training, count=1):
        """What the inputs are multiplied with, None without dropout."""
        found = self._mask("input", inputs, self.dropout, training, count)
        return found[0] if count == 1 and found else found

    def get_recurrent_dropout_mask_for_cell(self, inputs, training, count=1):
        """What the states are multiplied with, None without dropout."""
        found = self._mask("state", inputs, self.recurrent_dropout, training, count)
        return found[0] if count == 1 and found else found

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        """States of zeros."""
        return zero_states_for_cell(self, inputs, batch_size, dtype)

    _names = ("units", "activation", "use_bias", *RECURRENT_PARTS, "dropout", "recurrent_dropout")

    def get_config(self):
        return {**super().get_config(), **config_of(self, self._names)}


def config_of(layer, names):
    """The configuration of some attributes."""
    kinds = ("initializer", "regularizer", "constraint", "activation")
    parts = parts_config(layer, *(n for n in names if n.rpartition("_")[2] in kinds))
    return {n: parts[n] if n in parts else getattr(layer, n) for n in names}


def forget_gate_of_ones(initializer, units, *args, **kwargs):
    """Biases of the gates of LSTM, those of the forget gate are 1."""
    return K.concatenate([
        initializer((units,), *args, **kwargs),
        initializers.get("ones")((units,), *args, **kwargs),
        initializer((units * 2,), *args, **kwargs),
    ])  # fmt: skip


def multiplied(x, masks, rate, count):
    """Copies of a tensor, multiplied with masks."""
    return [x * m for m in masks] if 0.0 < rate < 1.0 else [x] * count


@export("keras.layers.SimpleRNNCell")
class SimpleRNNCell(Cell):
    """The cell whose output is `activation(inputs @ kernel + output @ recurrent_kernel + bias)`.

    Args:
      units: the size of the output.
      activation: a function or its name.
      use_bias: whether there is a bias.
      kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer, recurrent_regularizer, bias_regularizer,
        kernel_constraint, recurrent_constraint, bias_constraint: of the variables.
      dropout, recurrent_dropout: fractions of inputs and states that are dropped while training.
      **kwargs: as of `Layer`.
    """

    def __init__(self, units, activation="tanh", use_bias=True, kernel_initializer="glorot_uniform",
                 recurrent_initializer="orthogonal", bias_initializer="zeros", kernel_regularizer=None, recurrent_regularizer=None,
                 bias_regularizer=None, kernel_constraint=None, recurrent_constraint=None, bias_constraint=None, dropout=0.0,
                 recurrent_dropout=0.0, **kwargs):  # fmt: skip
        super().__init__(**kwargs)
        self._settle(
            units, use_bias, dropout, recurrent_dropout, activation=activation, kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer, bias_initializer=bias_initializer, kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer, bias_regularizer=bias_regularizer, kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint, bias_constraint=bias_constraint,
        )  # fmt: skip

    def build(self, input_shape):
        self._build_kernels(input_shape)
        self.bias = self._add("bias", "bias", (self.units,)) if self.use_bias else None
        self.built = True

    def call(self, inputs, states, training=None):
        """The output and the new state."""
        previous = states[0]
        input_mask = self.get_dropout_mask_for_cell(inputs, training)
        state_mask = self.get_recurrent_dropout_mask_for_cell(previous, training)
        h = K.dot(inputs * input_mask if input_mask is not None else inputs, self.kernel)
        if self.bias is not None:
            h = bias_add(h, self.bias)
        if state_mask is not None:
            previous = previous * state_mask
        output = h + K.dot(previous, self.recurrent_kernel)
        if self.activation is not None:
            output = self.activation(output)
        return output, [output]


@export("keras.layers.GRUCell")
class GRUCell(Cell):
    """The cell with an update gate and a reset gate.

    Args:
      units: the size of the output.
      activation: the function of the new state.
      recurrent_activation: the function of the gates.
      use_bias: whether there is a bias.
      kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer, recurrent_regularizer, bias_regularizer,
        kernel_constraint, recurrent_constraint, bias_constraint: of the variables.
      dropout, recurrent_dropout: fractions of inputs and states that are dropped while training.
      implementation: 1 for products of each gate, 2 for one product of all.
      reset_after: whether the reset gate is applied after the product.
      **kwargs: as of `Layer`.
    """

    gates = 3

    def __init__(self, units, activation="tanh", recurrent_activation="hard_sigmoid", use_bias=True,
                 kernel_initializer="glorot_uniform", recurrent_initializer="orthogonal", bias_initializer="zeros",
                 kernel_regularizer=None, recurrent_regularizer=None, bias_regularizer=None, kernel_constraint=None,
                 recurrent_constraint=None, bias_constraint=None, dropout=0.0, recurrent_dropout=0.0, implementation=1,
                 reset_after=False, **kwargs):  # fmt: skip
        super().__init__(**kwargs)
        self._settle(
            units, use_bias, dropout, recurrent_dropout, activation=activation, recurrent_activation=recurrent_activation,
            kernel_initializer=kernel_initializer, recurrent_initializer=recurrent_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, recurrent_regularizer=recurrent_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, recurrent_constraint=recurrent_constraint, bias_constraint=bias_constraint,
        )  # fmt: skip
        self.implementation, self.reset_after = implementation, reset_after

    def build(self, input_shape):
        self._build_kernels(input_shape)
        shape = (2, 3 * self.units) if self.reset_after else (3 * self.units,)
        self.bias = self._add("bias", "bias", shape) if self.use_bias else None
        self.built = True

    def call(self, inputs, states, training=None):
        """The output and the new state."""
        h, n = states[0], self.units
        input_masks = self.get_dropout_mask_for_cell(inputs, training, count=3)
        state_masks = self.get_recurrent_dropout_mask_for_cell(h, training, count=3)
        input_bias = recurrent_bias = None
        if self.use_bias:
            input_bias, recurrent_bias = tf.unstack(self.bias) if self.reset_after else (self.bias, None)
        parts = (slice(None, n), slice(n, 2 * n), slice(2 * n, None))
        if self.implementation == 1:
            x = [K.dot(v, self.kernel[:, p]) for v, p in zip(multiplied(inputs, input_masks, self.dropout, 3), parts)]
            if self.use_bias:
                x = [bias_add(v, input_bias[p]) for v, p in zip(x, parts)]
            hs = multiplied(h, state_masks, self.recurrent_dropout, 3)
            gates = [K.dot(v, self.recurrent_kernel[:, p]) for v, p in zip(hs[:2], parts)]
            if recurrent_bias is not None:
                gates = [bias_add(v, recurrent_bias[p]) for v, p in zip(gates, parts)]
            z, r = (self.recurrent_activation(a + b) for a, b in zip(x, gates))
            if self.reset_after:
                inner = K.dot(hs[2], self.recurrent_kernel[:, parts[2]])
                if self.use_bias:
                    inner = bias_add(inner, recurrent_bias[parts[2]])
                inner = r * inner
            else:
                inner = K.dot(r * hs[2], self.recurrent_kernel[:, parts[2]])
        else:
            if 0.0 < self.dropout < 1.0:
                inputs = inputs * input_masks[0]
            whole = K.dot(inputs, self.kernel)
            if self.use_bias:
                whole = bias_add(whole, input_bias)
            x = [whole[:, p] for p in parts]
            if 0.0 < self.recurrent_dropout < 1.0:
                h = h * state_masks[0]
            if self.reset_after:
                whole = K.dot(h, self.recurrent_kernel)
                if self.use_bias:
                    whole = bias_add(whole, recurrent_bias)
            else:
                whole = K.dot(h, self.recurrent_kernel[:, : 2 * n])
            z = self.recurrent_activation(x[0] + whole[:, parts[0]])
            r = self.recurrent_activation(x[1] + whole[:, parts[1]])
            inner = r * whole[:, parts[2]] if self.reset_after else K.dot(r * h, self.recurrent_kernel[:, parts[2]])
        h = z * h + (1 - z) * self.activation(x[2] + inner)
        return h, [h]

    _names = ("units", "activation", "recurrent_activation", "use_bias", *RECURRENT_PARTS, "dropout", "recurrent_dropout",
              "implementation", "reset_after")  # fmt: skip


@export("keras.layers.LSTMCell")
class LSTMCell(Cell):
    """The cell of long short-term memory.

    Args:
      units: the size of the output.
      activation: the function of the new state and the output.
      recurrent_activation: the function of the gates.
      use_bias: whether there is a bias.
      kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer, recurrent_regularizer, bias_regularizer,
        kernel_constraint, recurrent_constraint, bias_constraint: of the variables.
      unit_forget_bias: whether the bias of the forget gate begins with 1.
      dropout, recurrent_dropout: fractions of inputs and states that are dropped while training.
      implementation: 1 for products of each gate, 2 for one product of all.
      **kwargs: as of `Layer`.
    """

    gates = 4

    def __init__(self, units, activation="tanh", recurrent_activation="hard_sigmoid", use_bias=True,
                 kernel_initializer="glorot_uniform", recurrent_initializer="orthogonal", bias_initializer="zeros",
                 unit_forget_bias=True, kernel_regularizer=None, recurrent_regularizer=None, bias_regularizer=None,
                 kernel_constraint=None, recurrent_constraint=None, bias_constraint=None, dropout=0.0, recurrent_dropout=0.0,
                 implementation=1, **kwargs):  # fmt: skip
        super().__init__(**kwargs)
        self._settle(
            units, use_bias, dropout, recurrent_dropout, activation=activation, recurrent_activation=recurrent_activation,
            kernel_initializer=kernel_initializer, recurrent_initializer=recurrent_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, recurrent_regularizer=recurrent_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, recurrent_constraint=recurrent_constraint, bias_constraint=bias_constraint,
        )  # fmt: skip
        self.unit_forget_bias, self.implementation = unit_forget_bias, implementation
        self.state_size = NoDependency([units, units])

    def build(self, input_shape):
        self._build_kernels(input_shape)
        self.bias = None
        if self.use_bias:
            initializer = None
            if self.unit_forget_bias:

                def initializer(_, *args, **kwargs):
                    return forget_gate_of_ones(self.bias_initializer, self.units, *args, **kwargs)

            self.bias = self._add("bias", "bias", (self.units * 4,), initializer)
        self.built = True

    def _compute_carry_and_output(self, x, h, c):
        n = self.units
        kernels = [self.recurrent_kernel[:, p] for p in (slice(None, n), slice(n, 2 * n), slice(2 * n, 3 * n), slice(3 * n, None))]
        i = self.recurrent_activation(x[0] + K.dot(h[0], kernels[0]))
        f = self.recurrent_activation(x[1] + K.dot(h[1], kernels[1]))
        c = f * c + i * self.activation(x[2] + K.dot(h[2], kernels[2]))
        return c, self.recurrent_activation(x[3] + K.dot(h[3], kernels[3]))

    def _compute_carry_and_output_fused(self, z, c):
        i, f = self.recurrent_activation(z[0]), self.recurrent_activation(z[1])
        c = f * c + i * self.activation(z[2])
        return c, self.recurrent_activation(z[3])

    def call(self, inputs, states, training=None):
        """The output and the new states."""
        h, c = states[0], states[1]
        input_masks = self.get_dropout_mask_for_cell(inputs, training, count=4)
        state_masks = self.get_recurrent_dropout_mask_for_cell(h, training, count=4)
        if self.implementation == 1:
            kernels = tf.split(self.kernel, num_or_size_splits=4, axis=1)
            x = [K.dot(v, k) for v, k in zip(multiplied(inputs, input_masks, self.dropout, 4), kernels)]
            if self.use_bias:
                x = [bias_add(v, b) for v, b in zip(x, tf.split(self.bias, num_or_size_splits=4, axis=0))]
            c, o = self._compute_carry_and_output(x, multiplied(h, state_masks, self.recurrent_dropout, 4), c)
        else:
            if 0.0 < self.dropout < 1.0:
                inputs = inputs * input_masks[0]
            z = K.dot(inputs, self.kernel)
            if 0.0 < self.recurrent_dropout < 1.0:
                h = h * state_masks[0]
            z += K.dot(h, self.recurrent_kernel)
            if self.use_bias:
                z = bias_add(z, self.bias)
            c, o = self._compute_carry_and_output_fused(tf.split(z, num_or_size_splits=4, axis=1), c)
        h = o * self.activation(c)
        return h, [h, c]

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        return list(super().get_initial_state(inputs, batch_size, dtype))

    _names = ("units", "activation", "recurrent_activation", "use_bias", *RECURRENT_PARTS, "unit_forget_bias", "dropout",
              "recurrent_dropout", "implementation")  # fmt: skip


@export("keras.experimental.PeepholeLSTMCell")
class PeepholeLSTMCell(LSTMCell):
    """`LSTMCell` whose gates see the state too."""

    def build(self, input_shape):
        super().build(input_shape)
        for gate in ("input", "forget", "output"):
            name = gate + "_gate_peephole_weights"
            setattr(self, name, self.add_weight(shape=(self.units,), name=name, initializer=self.kernel_initializer))

    def _compute_carry_and_output(self, x, h, c):
        n = self.units
        kernels = [self.recurrent_kernel[:, p] for p in (slice(None, n), slice(n, 2 * n), slice(2 * n, 3 * n), slice(3 * n, None))]
        i = self.recurrent_activation(x[0] + K.dot(h[0], kernels[0]) + self.input_gate_peephole_weights * c)
        f = self.recurrent_activation(x[1] + K.dot(h[1], kernels[1]) + self.forget_gate_peephole_weights * c)
        c = f * c + i * self.activation(x[2] + K.dot(h[2], kernels[2]))
        return c, self.recurrent_activation(x[3] + K.dot(h[3], kernels[3]) + self.output_gate_peephole_weights * c)

    def _compute_carry_and_output_fused(self, z, c):
        i = self.recurrent_activation(z[0] + self.input_gate_peephole_weights * c)
        f = self.recurrent_activation(z[1] + self.forget_gate_peephole_weights * c)
        c = f * c + i * self.activation(z[2])
        return c, self.recurrent_activation(z[3] + self.output_gate_peephole_weights * c)


# ------------------------------------------------------------------------------------------------------------------- layers


class CellLayer(RNN):
    """A layer around a cell of its own."""

    def call(self, inputs, mask=None, training=None, initial_state=None):
        """The output, and with `return_state` the last states."""
        self.cell.reset_dropout_mask()
        self.cell.reset_recurrent_dropout_mask()
        return super().call(inputs, mask=mask, training=training, initial_state=initial_state)

    def _finish(self, activity_regularizer, ndim=3):
        self.activity_regularizer = regularizers.get(activity_regularizer)
        self.input_spec = [InputSpec(ndim=ndim)]

    def __getattr__(self, name):
        if name in self._names and "cell" in self.__dict__:
            return getattr(self.cell, name)
        raise AttributeError("'%s' object has no attribute '%s'" % (type(self).__name__, name))

    def get_config(self):
        config = super().get_config()
        del config["cell"]
        config.update(config_of(self, self._names))
        config["activity_regularizer"] = regularizers.serialize(self.activity_regularizer)
        return config

    @classmethod
    def from_config(cls, config):
        if config.get("implementation") == 0:
            config["implementation"] = 1
        return cls(**config)


OPTIONS = ("return_sequences", "return_state", "go_backwards", "stateful", "unroll")


@export("keras.layers.SimpleRNN")
class SimpleRNN(CellLayer):
    """Runs a `SimpleRNNCell` along the time.

    Args:
      units, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, kernel_regularizer,
        recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout,
        recurrent_dropout: as of the cell.
      activity_regularizer: a function from the output to a loss.
      return_sequences, return_state, go_backwards, stateful, unroll, **kwargs: as of `RNN`.
    """

    _names = SimpleRNNCell._names

    def __init__(self, units, activation="tanh", use_bias=True, kernel_initializer="glorot_uniform",
                 recurrent_initializer="orthogonal", bias_initializer="zeros", kernel_regularizer=None, recurrent_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, recurrent_constraint=None,
                 bias_constraint=None, dropout=0.0, recurrent_dropout=0.0, return_sequences=False, return_state=False,
                 go_backwards=False, stateful=False, unroll=False, **kwargs):  # fmt: skip
        kwargs.pop("implementation", None)
        given = locals()
        cell = SimpleRNNCell(dtype=kwargs.get("dtype"), **{n: given[n] for n in self._names})
        super().__init__(cell, **{n: given[n] for n in OPTIONS}, **kwargs)
        self._finish(activity_regularizer)


@export("keras.layers.GRU")
class GRU(CellLayer):
    """Runs a `GRUCell` along the time.

    Args:
      units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer,
        kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint,
        dropout, recurrent_dropout, implementation, reset_after: as of the cell.
      activity_regularizer: a function from the output to a loss.
      return_sequences, return_state, go_backwards, stateful, unroll, **kwargs: as of `RNN`.
    """

    _names = GRUCell._names

    def __init__(self, units, activation="tanh", recurrent_activation="hard_sigmoid", use_bias=True,
                 kernel_initializer="glorot_uniform", recurrent_initializer="orthogonal", bias_initializer="zeros",
                 kernel_regularizer=None, recurrent_regularizer=None, bias_regularizer=None, activity_regularizer=None,
                 kernel_constraint=None, recurrent_constraint=None, bias_constraint=None, dropout=0.0, recurrent_dropout=0.0,
                 implementation=1, return_sequences=False, return_state=False, go_backwards=False, stateful=False, unroll=False,
                 reset_after=False, **kwargs):  # fmt: skip
        warn_of_zero(implementation)
        given = locals()
        cell = GRUCell(dtype=kwargs.get("dtype"), **{n: given[n] for n in self._names})
        super().__init__(cell, **{n: given[n] for n in OPTIONS}, **kwargs)
        self._finish(activity_regularizer)


@export("keras.layers.LSTM")
class LSTM(CellLayer):
    """Runs a `LSTMCell` along the time.

    Args:
      units, activation, recurrent_activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer,
        unit_forget_bias, kernel_regularizer, recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint,
        bias_constraint, dropout, recurrent_dropout, implementation: as of the cell.
      activity_regularizer: a function from the output to a loss.
      return_sequences, return_state, go_backwards, stateful, unroll, **kwargs: as of `RNN`.
    """

    _names = LSTMCell._names

    def __init__(self, units, activation="tanh", recurrent_activation="hard_sigmoid", use_bias=True,
                 kernel_initializer="glorot_uniform", recurrent_initializer="orthogonal", bias_initializer="zeros",
                 unit_forget_bias=True, kernel_regularizer=None, recurrent_regularizer=None, bias_regularizer=None,
                 activity_regularizer=None, kernel_constraint=None, recurrent_constraint=None, bias_constraint=None, dropout=0.0,
                 recurrent_dropout=0.0, implementation=1, return_sequences=False, return_state=False, go_backwards=False,
                 stateful=False, unroll=False, **kwargs):  # fmt: skip
        warn_of_zero(implementation)
        given = locals()
        cell = LSTMCell(dtype=kwargs.get("dtype"), **{n: given[n] for n in self._names})
        super().__init__(cell, **{n: given[n] for n in OPTIONS}, **kwargs)
        self._finish(activity_regularizer)


def warn_of_zero(implementation):
    """Says that an implementation is gone."""
    if implementation == 0:
        tf_logging.warning(
            "`implementation=0` has been deprecated, and now defaults to `implementation=1`.Please update your layer call."
        )
