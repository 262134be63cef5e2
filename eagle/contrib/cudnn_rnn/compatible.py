"""Cells that compute what the networks of cuDNN do, with the variables in which these are saved."""

from ...core.export import export
from ...ops.bias import bias_add
from ...ops.initializers import Constant, Zeros
from ...ops.joining import concat
from ...ops.matmul import matmul
from ...ops.splitting import split
from ...ops.unary import sigmoid
from ...rnn.cell import input_depth
from ...rnn.cells import GRUCell
from ..rnn.blocks import LSTMBlockCell


@export("contrib.cudnn_rnn.CudnnCompatibleLSTMCell")
class CudnnCompatibleLSTMCell(LSTMBlockCell):
    """An `LSTMBlockCell` without a bias of the forget gate.

    Args:
      num_units: the number of units.
      reuse: whether to reuse variables that are there.
    """

    def __init__(self, num_units, reuse=None):
        super().__init__(num_units, forget_bias=0, reuse=reuse, name="cudnn_compatible_lstm_cell")


@export("contrib.cudnn_rnn.CudnnCompatibleGRUCell")
class CudnnCompatibleGRUCell(GRUCell):
    """A `GRUCell` that resets the projection of the state, rather than the state.

    Args:
      num_units: the number of units.
      reuse: whether to reuse variables that are there.
      kernel_initializer: the initializer of the weights.
    """

    def __init__(self, num_units, reuse=None, kernel_initializer=None):
        super().__init__(num_units, activation=None, reuse=reuse, kernel_initializer=kernel_initializer)

    def build(self, inputs_shape):
        """Makes the variables for inputs of a shape."""
        depth, units, kernel, bias, dtype = (
            input_depth(inputs_shape), self._num_units, self._kernel_initializer, self._bias_initializer, self.dtype,
        )  # fmt: skip
        zeros = Zeros(dtype=dtype) if bias is None else bias
        ones = Constant(1.0, dtype=dtype) if bias is None else bias
        self._gate_kernel = self.add_variable("gates/kernel", shape=[depth + units, 2 * units], initializer=kernel)
        self._gate_bias = self.add_variable("gates/bias", shape=[2 * units], initializer=ones)
        add, scope = self.add_variable, "candidate/input_projection/"
        self._candidate_input_kernel = add(scope + "kernel", shape=[depth, units], initializer=kernel)
        self._candidate_hidden_kernel = add("candidate/hidden_projection/kernel", shape=[units, units], initializer=kernel)
        self._candidate_input_bias = add(scope + "bias", shape=[units], initializer=zeros)
        self._candidate_hidden_bias = add("candidate/hidden_projection/bias", shape=[units], initializer=zeros)

    def call(self, inputs, state):
        """Runs the cell."""
        gates = bias_add(matmul(concat([inputs, state], 1), self._gate_kernel), self._gate_bias)
        r, u = split(sigmoid(gates), 2, axis=1)
        candidate = bias_add(matmul(inputs, self._candidate_input_kernel), self._candidate_input_bias)
        candidate += r * bias_add(matmul(state, self._candidate_hidden_kernel), self._candidate_hidden_bias)
        candidate = self._activation(candidate)
        new_h = (1 - u) * candidate + u * state
        return new_h, new_h
