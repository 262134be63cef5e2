"""Cells simpler than the LSTM, and one that was searched for."""

from ...core import dtypes
from ...core.convert import constant
from ...core.export import export
from ...keras import activations, initializers
from ...keras.engine.input_spec import InputSpec
from ...ops.activation import relu
from ...ops.arithmetic import add, multiply
from ...ops.bias import bias_add
from ...ops.initializers import Constant, RandomUniform, Zeros
from ...ops.joining import concat
from ...ops.matmul import matmul
from ...ops.rearranging import tile
from ...ops.splitting import split
from ...ops.unary import sigmoid, tanh
from ...rnn.cell import LayerRNNCell, RNNCell, input_depth
from ...rnn.cells import LSTMStateTuple
from ...variables.scope import get_variable_scope, variable_scope
from .linear import Linear
from .lstms import known_input_size


class _Units:
    """A cell with a number of units, which are its state and its output."""

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units


@export("contrib.rnn.NASCell")
class NASCell(LayerRNNCell):
    """The cell that an architecture search found (arXiv:1611.01578).

    Args:
      num_units: the number of units.
      num_proj: the size to which the output is projected.
      use_bias: whether there is a bias.
      reuse: whether to reuse variables that are there.
    """

    _NAS_BASE = 8

    def __init__(self, num_units, num_proj=None, use_bias=False, reuse=None, **kwargs):
        super().__init__(_reuse=reuse, **kwargs)
        self._num_units, self._num_proj, self._use_bias = num_units, num_proj, use_bias
        self._output_size = num_units if num_proj is None else num_proj

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self._output_size)

    @property
    def output_size(self):
        return self._output_size

    def build(self, inputs_shape):
        """Makes the variables for inputs of a shape."""
        depth = input_depth(inputs_shape) if inputs_shape[-1] is not None else None
        if depth is None:
            raise ValueError("Could not infer input size from inputs.get_shape()[-1]")
        size = self._NAS_BASE * self._num_units
        self.recurrent_kernel = self.add_variable("recurrent_kernel", [self._output_size, size])
        self.kernel = self.add_variable("kernel", [depth, size])
        if self._use_bias:
            self.bias = self.add_variable("bias", shape=[size], initializer=Zeros)
        if self._num_proj is not None:
            self.projection_weights = self.add_variable("projection_weights", [self._num_units, self._num_proj])
        self.built = True

    def call(self, inputs, state):
        """Runs the cell."""
        c_prev, m_prev = state
        m_matrix, x_matrix = matmul(m_prev, self.recurrent_kernel), matmul(inputs, self.kernel)
        if self._use_bias:
            m_matrix = bias_add(m_matrix, self.bias)
        m, x = split(m_matrix, self._NAS_BASE, axis=1), split(x_matrix, self._NAS_BASE, axis=1)
        functions = sigmoid, relu, sigmoid, relu, tanh, sigmoid, tanh, sigmoid
        a = [f(x[i] * m[i] if i == 3 else x[i] + m[i]) for i, f in enumerate(functions)]
        b0, b1, b2, b3 = tanh(a[0] * a[1]), tanh(a[2] + a[3]), tanh(a[4] * a[5]), sigmoid(a[6] + a[7])
        new_c = tanh(b0 + c_prev) * b1
        new_m = tanh(new_c * tanh(b2 + b3))
        if self._num_proj is not None:
            new_m = matmul(new_m, self.projection_weights)
        return new_m, LSTMStateTuple(new_c, new_m)


@export("contrib.rnn.UGRNNCell")
class UGRNNCell(_Units, RNNCell):
    """A cell with one gate, for the update (arXiv:1611.09913).

    Args:
      num_units: the number of units.
      initializer: the initializer of the weights.
      forget_bias: what is added to the gate.
      activation: the activation function.
      reuse: whether to reuse variables that are there.
    """

    def __init__(self, num_units, initializer=None, forget_bias=1.0, activation=tanh, reuse=None):
        super().__init__(_reuse=reuse)
        self._num_units, self._initializer, self._forget_bias = num_units, initializer, forget_bias
        self._activation, self._linear = activation, None

    def call(self, inputs, state):
        """Runs the cell."""
        known_input_size(inputs)
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            joined = concat([inputs, state], 1)
            if self._linear is None:
                self._linear = Linear(joined, 2 * self._num_units, True)
            g, c = split(self._linear(joined), 2, axis=1)
            c = self._activation(c)
            g = sigmoid(g + self._forget_bias)
            new_state = g * state + (1.0 - g) * c
        return new_state, new_state


@export("contrib.rnn.IntersectionRNNCell")
class IntersectionRNNCell(_Units, RNNCell):
    """A cell with gates for the way through time and that through layers (arXiv:1611.09913).

    Args:
      num_units: the number of units.
      num_in_proj: whether (not 0 or None) inputs of another size are projected to the number of units.
      initializer: the initializer of the weights.
      forget_bias: what is added to the gates.
      y_activation: the activation function of outputs.
      reuse: whether to reuse variables that are there.
    """

    def __init__(self, num_units, num_in_proj=None, initializer=None, forget_bias=1.0, y_activation=relu, reuse=None):
        super().__init__(_reuse=reuse)
        self._num_units, self._initializer, self._forget_bias = num_units, initializer, forget_bias
        self._num_input_proj, self._y_activation = num_in_proj, y_activation
        self._linear1 = self._linear2 = None

    def call(self, inputs, state):
        """Runs the cell; raises ValueError if the input has another size and is not to be projected."""
        n = self._num_units
        size = known_input_size(inputs)
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            if size != n:
                if not self._num_input_proj:
                    raise ValueError("Must have input size == output size for Intersection RNN. To fix, num_in_proj should be set "
                                     "to num_units at cell init.")  # fmt: skip
                with variable_scope("in_projection"):
                    if self._linear1 is None:
                        self._linear1 = Linear(inputs, n, True)
                    inputs = self._linear1(inputs)
            joined = concat([inputs, state], 1)
            if self._linear2 is None:
                self._linear2 = Linear(joined, 4 * n, True)
            matrix = self._linear2(joined)
            gh, h, gy, y = (matrix[:, i * n : (i + 1) * n] if i else matrix[:, :n] for i in range(4))
            h, y = tanh(h), self._y_activation(y)
            gh, gy = sigmoid(gh + self._forget_bias), sigmoid(gy + self._forget_bias)
            new_state = gh * state + (1.0 - gh) * h
            new_y = gy * inputs + (1.0 - gy) * y
        return new_y, new_state


@export("contrib.rnn.SRUCell")
class SRUCell(_Units, LayerRNNCell):
    """A simple recurrent unit (arXiv:1709.02755).

    Args:
      num_units: the number of units.
      activation: the activation function; by default `tanh`.
      reuse: whether to reuse variables that are there.
      name: the name of the variable scope.
    """

    def __init__(self, num_units, activation=None, reuse=None, name=None, **kwargs):
        super().__init__(_reuse=reuse, name=name, **kwargs)
        self._num_units, self._activation = num_units, activation or tanh
        self.input_spec = InputSpec(ndim=2)

    def build(self, inputs_shape):
        """Makes the variables for inputs of a shape."""
        self._kernel = self.add_variable("kernel", shape=[input_depth(inputs_shape), 4 * self._num_units])
        self._bias = self.add_variable("bias", shape=[2 * self._num_units], initializer=Zeros)
        self._built = True

    def call(self, inputs, state):
        """Runs the cell."""
        x_bar, f, r, x_tx = split(matmul(inputs, self._kernel), 4, axis=1)
        f, r = split(sigmoid(bias_add(concat([f, r], 1), self._bias)), 2, axis=1)
        c = f * state + (1.0 - f) * x_bar
        return r * self._activation(c) + (1.0 - r) * x_tx, c


# ------------------------------------------------------------------------- cells whose units see only their own states


def _uniform(dtype):
    return RandomUniform(minval=-1, maxval=1, dtype=dtype)


@export("contrib.rnn.IndRNNCell")
class IndRNNCell(_Units, LayerRNNCell):
    """A `BasicRNNCell` whose units see only their own states (arXiv:1803.04831).

    Args:
      num_units: the number of units.
      activation: the activation function; by default `tanh`.
      reuse: whether to reuse variables that are there.
      name: the name of the variable scope.
      dtype: the type of the variables; by default that of the first input.
    """

    def __init__(self, num_units, activation=None, reuse=None, name=None, dtype=None):
        super().__init__(_reuse=reuse, name=name, dtype=dtype)
        self.input_spec = InputSpec(ndim=2)
        self._num_units, self._activation = num_units, activation or tanh

    def build(self, inputs_shape):
        """Makes the variables for inputs of a shape."""
        depth, units = input_depth(inputs_shape), self._num_units
        self._kernel_w = self.add_variable("kernel_w", shape=[depth, units])
        self._kernel_u = self.add_variable("kernel_u", shape=[1, units], initializer=_uniform(self.dtype))
        self._bias = self.add_variable("bias", shape=[units], initializer=Zeros(dtype=self.dtype))
        self.built = True

    def call(self, inputs, state):
        """Runs the cell."""
        output = self._activation(bias_add(matmul(inputs, self._kernel_w) + state * self._kernel_u, self._bias))
        return output, output


@export("contrib.rnn.IndyGRUCell")
class IndyGRUCell(_Units, LayerRNNCell):
    """A `GRUCell` whose units see only their own states.

    Args:
      num_units: the number of units.
      activation: the activation function; by default `tanh`.
      reuse: whether to reuse variables that are there.
      kernel_initializer, bias_initializer: initializers; the biases of gates are 1 by default, those of candidates 0.
      name: the name of the variable scope.
      dtype: the type of the variables; by default that of the first input.
    """

    def __init__(self, num_units, activation=None, reuse=None, kernel_initializer=None, bias_initializer=None, name=None,
                 dtype=None):  # fmt: skip
        super().__init__(_reuse=reuse, name=name, dtype=dtype)
        self.input_spec = InputSpec(ndim=2)
        self._num_units, self._activation = num_units, activation or tanh
        self._kernel_initializer, self._bias_initializer = kernel_initializer, bias_initializer

    def build(self, inputs_shape):
        """Makes the variables for inputs of a shape."""
        depth, units, dtype = input_depth(inputs_shape), self._num_units, self.dtype
        kernel, bias = self._kernel_initializer, self._bias_initializer
        self._gate_kernel_w = self.add_variable("gates/kernel_w", shape=[depth, 2 * units], initializer=kernel)
        self._gate_kernel_u = self.add_variable("gates/kernel_u", shape=[1, 2 * units], initializer=_uniform(dtype))
        self._gate_bias = self.add_variable(
            "gates/bias", shape=[2 * units], initializer=Constant(1.0, dtype=dtype) if bias is None else bias
        )
        self._candidate_kernel_w = self.add_variable("candidate/kernel", shape=[depth, units], initializer=kernel)
        self._candidate_kernel_u = self.add_variable("candidate/kernel_u", shape=[1, units], initializer=_uniform(dtype))
        self._candidate_bias = self.add_variable(
            "candidate/bias", shape=[units], initializer=Zeros(dtype=dtype) if bias is None else bias
        )
        self.built = True

    def call(self, inputs, state):
        """Runs the cell."""
        gates = matmul(inputs, self._gate_kernel_w) + tile(state, [1, 2]) * self._gate_kernel_u
        r, u = split(sigmoid(bias_add(gates, self._gate_bias)), 2, axis=1)
        reset = r * state
        candidate = matmul(inputs, self._candidate_kernel_w) + reset * self._candidate_kernel_u
        c = self._activation(bias_add(candidate, self._candidate_bias))
        new_h = u * state + (1 - u) * c
        return new_h, new_h


@export("contrib.rnn.IndyLSTMCell")
class IndyLSTMCell(LayerRNNCell):
    """A `BasicLSTMCell` whose units see only their own states.

    Args:
      num_units: the number of units.
      forget_bias: what is added to the forget gate.
      activation: the activation function; by default `tanh`.
      reuse: whether to reuse variables that are there.
      kernel_initializer, bias_initializer: initializers; biases are 0 by default.
      name: the name of the variable scope.
      dtype: the type of the variables; by default that of the first input.
    """

    def __init__(self, num_units, forget_bias=1.0, activation=None, reuse=None, kernel_initializer=None, bias_initializer=None,
                 name=None, dtype=None):  # fmt: skip
        super().__init__(_reuse=reuse, name=name, dtype=dtype)
        self.input_spec = InputSpec(ndim=2)
        self._num_units, self._forget_bias, self._activation = num_units, forget_bias, activation or tanh
        self._kernel_initializer, self._bias_initializer = kernel_initializer, bias_initializer

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self):
        return self._num_units

    def build(self, inputs_shape):
        """Makes the variables for inputs of a shape."""
        depth, size, bias = input_depth(inputs_shape), 4 * self._num_units, self._bias_initializer
        self._kernel_w = self.add_variable("kernel_w", shape=[depth, size], initializer=self._kernel_initializer)
        self._kernel_u = self.add_variable("kernel_u", shape=[1, size], initializer=_uniform(self.dtype))
        self._bias = self.add_variable("bias", shape=[size], initializer=Zeros(dtype=self.dtype) if bias is None else bias)
        self.built = True

    def call(self, inputs, state):
        """Runs the cell."""
        one = constant(1, dtype=dtypes.int32)
        c, h = state
        gates = matmul(inputs, self._kernel_w)
        gates += tile(h, [1, 4]) * self._kernel_u
        i, j, f, o = split(bias_add(gates, self._bias), 4, axis=one)
        forget_bias = constant(self._forget_bias, dtype=f.dtype)
        new_c = add(multiply(c, sigmoid(add(f, forget_bias))), multiply(sigmoid(i), self._activation(j)))
        new_h = multiply(self._activation(new_c), sigmoid(o))
        return new_h, LSTMStateTuple(new_c, new_h)


# --------------------------------------------------------------------------------------------------------- minimal cells


class _Minimal(LayerRNNCell):
    """The base of `MinimalRNNCell` and `CFNCell`.

    Args:
      units: the number of units.
      activation: a function, or the name of one of Keras.
      kernel_initializer, bias_initializer: initializers, or names of those of Keras.
      name: the name of the variable scope.
      dtype: the type of the variables; by default that of the first input.
    """

    def __init__(self, units, activation="tanh", kernel_initializer="glorot_uniform", bias_initializer="ones", name=None,
                 dtype=None, **kwargs):  # fmt: skip
        super().__init__(name=name, dtype=dtype, **kwargs)
        self.input_spec = InputSpec(ndim=2)
        self.units, self.activation = units, activations.get(activation)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)

    @property
    def state_size(self):
        return self.units

    @property
    def output_size(self):
        return self.units

    def get_config(self):
        """The arguments to make the cell again, as a dictionary."""
        return {
            **super().get_config(),
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
        }


@export("contrib.rnn.python.ops.rnn_cell.MinimalRNNCell")
class MinimalRNNCell(_Minimal):
    """A cell with one gate for an input that went through a layer (arXiv:1711.06788); arguments as of `CFNCell`."""

    def build(self, inputs_shape):
        """Makes the variables for inputs of a shape."""
        depth = input_depth(inputs_shape)
        self.kernel = self.add_weight("kernel", shape=[depth + 2 * self.units, self.units], initializer=self.kernel_initializer)
        self.bias = self.add_weight("bias", shape=[self.units], initializer=self.bias_initializer)
        self.built = True

    def call(self, inputs, state):
        """Runs the cell."""
        layer, gate = split(self.kernel, [known_input_size(inputs), 2 * self.units], axis=0)
        x = self.activation(matmul(inputs, layer))
        u = sigmoid(bias_add(matmul(concat([x, state], 1), gate), self.bias))
        new_h = u * state + (1 - u) * x
        return new_h, new_h


@export("contrib.rnn.python.ops.rnn_cell.CFNCell")
class CFNCell(_Minimal):
    """A cell without chaos (arXiv:1612.06212).

    Args:
      units: the number of units.
      activation: a function, or the name of one of Keras.
      kernel_initializer, bias_initializer: initializers, or names of those of Keras.
      name: the name of the variable scope.
      dtype: the type of the variables; by default that of the first input.
    """

    def build(self, inputs_shape):
        """Makes the variables for inputs of a shape."""
        depth, units, kernel = input_depth(inputs_shape), self.units, self.kernel_initializer
        self.kernel = self.add_weight(shape=[depth, 3 * units], name="kernel", initializer=kernel)
        self.recurrent_kernel = self.add_weight(shape=[units, 2 * units], name="recurrent_kernel", initializer=kernel)
        self.bias = self.add_weight(shape=[2 * units], name="bias", initializer=self.bias_initializer)
        self.built = True

    def call(self, inputs, state):
        """Runs the cell."""
        known_input_size(inputs)
        v, w = split(self.kernel, [2 * self.units, self.units], axis=1)
        gates = matmul(state, self.recurrent_kernel) + matmul(inputs, v)
        theta, eta = split(sigmoid(bias_add(gates, self.bias)), 2, axis=1)
        x = matmul(inputs, w)
        new_h = theta * self.activation(state) + (1 - eta) * self.activation(x)
        return new_h, new_h
