"""Cells whose step, or all of whose steps, are one op."""

import abc

from ...core import dtypes
from ...core.convert import convert
from ...core.export import export
from ...keras.engine.input_spec import InputSpec
from ...layers.base import Layer
from ...ops.cast import cast
from ...ops.filling import range_, zeros
from ...ops.gathering import gather_nd
from ...ops.initializers import Constant
from ...ops.joining import concat, stack
from ...ops.rearranging import tile
from ...ops.reduce import reduce_max
from ...ops.rnn_blocks import block_lstm, gru_block_cell, lstm_block_cell
from ...ops.sequences import sequence_mask
from ...ops.shaping import expand_dims, shape as shape_of
from ...ops.splitting import unstack
from ...ops.transposing import transpose
from ...rnn.cell import LayerRNNCell
from ...rnn.cells import LSTMStateTuple


def _add_lstm_variables(layer, input_size):
    """The variables of an LSTM, by the names of those of `LSTMCell`."""
    units = layer._num_units
    layer._kernel = layer.add_variable("kernel", [input_size + units, units * 4])
    layer._bias = layer.add_variable("bias", [units * 4], initializer=Constant(0.0))
    if layer._use_peephole:
        for name in ("w_i_diag", "w_f_diag", "w_o_diag"):
            setattr(layer, "_" + name, layer.add_variable(name, [units]))
    layer.built = True


def _peepholes(layer, dtype):
    """The weights of peepholes; zeros where there are none."""
    if layer._use_peephole:
        return dict(wci=layer._w_i_diag, wcf=layer._w_f_diag, wco=layer._w_o_diag)
    return dict.fromkeys(("wci", "wcf", "wco"), zeros([layer._num_units], dtype=dtype))


@export("contrib.rnn.LSTMBlockCell")
class LSTMBlockCell(LayerRNNCell):
    """An LSTM whose step is one op.

    Args:
      num_units: the number of units.
      forget_bias: what is added to the forget gate.
      cell_clip: the memory is clipped to this absolute value.
      use_peephole: whether the gates see the memory, through diagonal matrices.
      dtype: the type of the variables; by default that of the first input.
      reuse: whether to reuse variables that are there.
      name: the name of the variable scope.
    """

    def __init__(self, num_units, forget_bias=1.0, cell_clip=None, use_peephole=False, dtype=None, reuse=None, name="lstm_cell"):
        super().__init__(_reuse=reuse, dtype=dtype, name=name)
        self._num_units, self._forget_bias, self._use_peephole = num_units, forget_bias, use_peephole
        self._cell_clip = -1 if cell_clip is None else cell_clip
        self.input_spec = InputSpec(ndim=2)

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self):
        return self._num_units

    def build(self, inputs_shape):
        """Makes the variables for inputs of a shape."""
        if not inputs_shape.dims[1].value:
            raise ValueError("Expecting inputs_shape[1] to be set: %s" % str(inputs_shape))
        _add_lstm_variables(self, inputs_shape.dims[1].value)

    def call(self, inputs, state):
        """Runs the cell."""
        if len(state) != 2:
            raise ValueError("Expecting state to be a tuple with length 2.")
        cs_prev, h_prev = state
        _, cs, _, _, _, _, h = lstm_block_cell(
            x=inputs, cs_prev=cs_prev, h_prev=h_prev, w=self._kernel, b=self._bias, forget_bias=self._forget_bias,
            cell_clip=self._cell_clip, use_peephole=self._use_peephole, **_peepholes(self, self.dtype))  # fmt: skip
        return h, LSTMStateTuple(cs, h)


@export("contrib.rnn.LSTMBlockWrapper")
class LSTMBlockWrapper(Layer, metaclass=abc.ABCMeta):
    """The base of LSTMs all of whose steps are one op."""

    @property
    @abc.abstractmethod
    def num_units(self):
        """The number of units."""

    @abc.abstractmethod
    def _call_cell(self, inputs, initial_cell_state, initial_output, dtype, sequence_length):
        """The memories and outputs of all steps."""

    def call(self, inputs, initial_state=None, dtype=None, sequence_length=None):
        """Runs over the inputs.

        Args:
          inputs: a tensor of the shape `[time, batch_size, input_size]`, or a list of tensors, one for each step.
          initial_state: the memory and the output to begin with; by default zeros.
          dtype: the type of states; required if there is no `initial_state`.
          sequence_length: an int vector with the length of each row of the batch.

        Returns:
          The outputs, a tensor or a list as the inputs, and the last state.

        Raises:
          ValueError: a size is unknown, or neither `initial_state` nor `dtype` is given.
        """
        is_list = isinstance(inputs, list)
        if is_list:
            inputs = stack(inputs)
        shape = inputs.get_shape().with_rank(3)
        if not shape[2]:
            raise ValueError("Expecting inputs_shape[2] to be set: %s" % shape)
        steps, batch_size = shape.as_list()[:2]
        if batch_size is None:
            batch_size = shape_of(inputs)[1]
        if steps is None:
            steps = shape_of(inputs)[0]
        if initial_state is None:
            if dtype is None:
                raise ValueError("Either initial_state or dtype needs to be specified")
            z = zeros(stack([batch_size, self.num_units]), dtype=dtype)
            initial_state = z, z
        else:
            if len(initial_state) != 2:
                raise ValueError("Expecting initial_state to be a tuple with length 2 or None")
            dtype = initial_state[0].dtype if dtype is None else dtype
        if sequence_length is not None:
            sequence_length = convert(sequence_length)
        cell_state, output = initial_state
        cell_states, outputs = self._call_cell(inputs, cell_state, output, dtype, sequence_length)
        if sequence_length is None:
            cell_state, output = cell_states[-1], outputs[-1]
        else:
            mask = transpose(sequence_mask(sequence_length, steps, dtype=dtype), [1, 0])
            outputs *= tile(expand_dims(mask, [-1]), [1, 1, self.num_units])
            all_states = concat([expand_dims(cell_state, [0]), cell_states], 0)
            all_outputs = concat([expand_dims(output, [0]), outputs], 0)
            cell_state, output = (_last(x, sequence_length, batch_size) for x in (all_states, all_outputs))
        return unstack(outputs) if is_list else outputs, LSTMStateTuple(cell_state, output)


def _last(data, lengths, batch_size):
    """The values at the ends of the rows."""
    return gather_nd(data, stack([lengths, range_(batch_size)], axis=1))


@export("contrib.rnn.LSTMBlockFusedCell")
class LSTMBlockFusedCell(LSTMBlockWrapper):
    """An LSTM all of whose steps are one op.

    Args:
      num_units: the number of units.
      forget_bias: what is added to the forget gate.
      cell_clip: the memory is clipped to this absolute value.
      use_peephole: whether the gates see the memory, through diagonal matrices.
      reuse: whether to reuse variables that are there.
      dtype: the type of the variables; by default that of the first input.
      name: the name of the variable scope.
    """

    def __init__(self, num_units, forget_bias=1.0, cell_clip=None, use_peephole=False, reuse=None, dtype=None,
                 name="lstm_fused_cell"):  # fmt: skip
        super().__init__(_reuse=reuse, name=name, dtype=dtype)
        self._num_units, self._forget_bias, self._use_peephole = num_units, forget_bias, use_peephole
        self._cell_clip = -1 if cell_clip is None else cell_clip
        self.input_spec = InputSpec(ndim=3)

    @property
    def num_units(self):
        return self._num_units

    def build(self, input_shape):
        """Makes the variables for inputs of a shape."""
        _add_lstm_variables(self, input_shape.dims[2].value)

    def _call_cell(self, inputs, initial_cell_state=None, initial_output=None, dtype=None, sequence_length=None):
        steps = inputs.get_shape().with_rank(3).as_list()[0]
        if steps is None:
            steps = shape_of(inputs)[0]
        peepholes = _peepholes(self, dtype)
        longest = cast(steps if sequence_length is None else reduce_max(sequence_length), dtypes.int64)
        _, cs, _, _, _, _, h = block_lstm(
            seq_len_max=longest, x=inputs, cs_prev=initial_cell_state, h_prev=initial_output, w=self._kernel, b=self._bias,
            forget_bias=self._forget_bias, cell_clip=self._cell_clip, use_peephole=self._use_peephole, **peepholes)  # fmt: skip
        return cs, h


@export("contrib.rnn.GRUBlockCell")
class GRUBlockCell(LayerRNNCell):
    """A GRU whose step is one op.

    Args:
      num_units: the number of units.
      cell_size: deprecated: the number of units.
      reuse: whether to reuse variables that are there.
      name: the name of the variable scope.

    Raises:
      ValueError: neither number is given, or both are.
    """

    _NAMES = "w_ru", "b_ru", "w_c", "b_c"

    def __init__(self, num_units=None, cell_size=None, reuse=None, name="gru_cell"):
        super().__init__(_reuse=reuse, name=name)
        if (cell_size is None) == (num_units is None):
            raise ValueError("Exactly one of num_units or cell_size must be provided.")
        self._cell_size = cell_size if num_units is None else num_units
        self.input_spec = InputSpec(ndim=2)

    @property
    def state_size(self):
        return self._cell_size

    @property
    def output_size(self):
        return self._cell_size

    def build(self, input_shape):
        """Makes the variables for inputs of a shape."""
        input_size = input_shape.as_list()[1]
        if input_size is None:
            raise ValueError("Expecting input_size to be set.")
        size, (gate_kernel, gate_bias, candidate_kernel, candidate_bias) = self._cell_size, self._NAMES
        self._gate_kernel = self.add_variable(gate_kernel, [input_size + size, size * 2])
        self._gate_bias = self.add_variable(gate_bias, [size * 2], initializer=Constant(1.0))
        self._candidate_kernel = self.add_variable(candidate_kernel, [input_size + size, size])
        self._candidate_bias = self.add_variable(candidate_bias, [size], initializer=Constant(0.0))
        self.built = True

    def call(self, inputs, h_prev):
        """Runs the cell."""
        cell_size = h_prev.get_shape().with_rank(2)[1]
        if cell_size != self._cell_size:
            raise ValueError("Shape of h_prev[1] incorrect: cell_size %i vs %s" % (self._cell_size, cell_size))
        *_, new_h = gru_block_cell(x=inputs, h_prev=h_prev, w_ru=self._gate_kernel, w_c=self._candidate_kernel,
                                   b_ru=self._gate_bias, b_c=self._candidate_bias)  # fmt: skip
        return new_h, new_h


@export("contrib.rnn.GRUBlockCellV2")
class GRUBlockCellV2(GRUBlockCell):
    """`GRUBlockCell` with variables named as those of `GRUCell`."""

    _NAMES = "gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias"
