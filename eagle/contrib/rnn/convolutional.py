"""LSTMs with convolutions (arXiv:1506.04214)."""

from ...core.export import export
from ...core.shape import TensorShape
from ...ops.conv_functions import conv1d, conv2d, conv3d
from ...ops.initializers import Constant
from ...ops.joining import concat
from ...ops.splitting import split
from ...ops.unary import sigmoid, tanh
from ...rnn.cell import RNNCell
from ...rnn.cells import LSTMStateTuple
from ...variables.scope import get_variable


@export("contrib.rnn.ConvLSTMCell")
class ConvLSTMCell(RNNCell):
    """An LSTM whose inputs, states and outputs are images, or signals, or volumes.

    Args:
      conv_ndims: the number of their dimensions: 1, 2 or 3.
      input_shape: the shape of inputs without the batch, the channels last: a list.
      output_channels: the number of channels of outputs.
      kernel_shape: the shape of the filter, without channels.
      use_bias: whether there is a bias.
      skip_connection: whether the inputs are put beside the outputs.
      forget_bias: what is added to the forget gate.
      initializers: without effect, as in TensorFlow.
      name: the name of the variable scope.

    Raises:
      ValueError: `input_shape` does not fit `conv_ndims`.
    """

    def __init__(self, conv_ndims, input_shape, output_channels, kernel_shape, use_bias=True, skip_connection=False,
                 forget_bias=1.0, initializers=None, name="conv_lstm_cell"):  # fmt: skip
        super().__init__(name=name)
        if conv_ndims != len(input_shape) - 1:
            raise ValueError("Invalid input_shape %s for conv_ndims=%s." % (input_shape, conv_ndims))
        self._conv_ndims, self._kernel_shape, self._output_channels = conv_ndims, list(kernel_shape), output_channels
        self._use_bias, self._forget_bias, self._skip_connection = use_bias, forget_bias, skip_connection
        size = TensorShape(input_shape[:-1] + [output_channels])
        self._state_size = LSTMStateTuple(size, size)
        self._output_size = TensorShape(input_shape[:-1] + [output_channels + (input_shape[-1] if skip_connection else 0)])

    @property
    def output_size(self):
        return self._output_size

    @property
    def state_size(self):
        return self._state_size

    def call(self, inputs, state, scope=None):
        """Runs the cell."""
        cell, hidden = state
        gates = _convolved([inputs, hidden], self._kernel_shape, 4 * self._output_channels, self._use_bias)
        i, j, f, o = split(gates, 4, axis=self._conv_ndims + 1)
        new_cell = sigmoid(f + self._forget_bias) * cell
        new_cell += sigmoid(i) * tanh(j)
        output = tanh(new_cell) * sigmoid(o)
        if self._skip_connection:
            output = concat([output, inputs], axis=-1)
        return output, LSTMStateTuple(new_cell, output)


def _convolved(args, kernel_shape, channels, bias):
    """The convolution of tensors side by side, with variables `kernel` and `biases`."""
    shapes = [a.get_shape().as_list() for a in args]
    rank = len(shapes[0])
    for shape in shapes:
        if len(shape) not in (3, 4, 5):
            raise ValueError("Conv Linear expects 3D, 4D or 5D arguments: %s" % shapes)
        if len(shape) != rank:
            raise ValueError("Conv Linear expects all args to be of same Dimension: %s" % shapes)
    dtype = args[0].dtype
    kernel = get_variable("kernel", [*kernel_shape, sum(s[-1] for s in shapes), channels], dtype=dtype)
    convolve = {3: conv1d, 4: conv2d, 5: conv3d}[rank]
    result = convolve(concat(args, axis=rank - 1), kernel, 1 if rank == 3 else [1] * rank, padding="SAME")
    if not bias:
        return result
    return result + get_variable("biases", [channels], dtype=dtype, initializer=Constant(0.0, dtype=dtype))


def _of_rank(rank):
    class Cell(ConvLSTMCell):
        def __init__(self, name="conv_%dd_lstm_cell" % rank, **kwargs):
            super().__init__(conv_ndims=rank, name=name, **kwargs)

    Cell.__name__ = Cell.__qualname__ = "Conv%dDLSTMCell" % rank
    Cell.__doc__ = "`ConvLSTMCell` in %d dimensions; its arguments are those, by name." % rank
    return Cell


Conv1DLSTMCell = export("contrib.rnn.Conv1DLSTMCell")(_of_rank(1))
Conv2DLSTMCell = export("contrib.rnn.Conv2DLSTMCell")(_of_rank(2))
Conv3DLSTMCell = export("contrib.rnn.Conv3DLSTMCell")(_of_rank(3))
