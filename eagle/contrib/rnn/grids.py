"""LSTMs over time and frequency: `TimeFreqLSTMCell`, `GridLSTMCell`."""

import collections

from ...core import dtypes
from ...core.convert import constant
from ...core.export import export
from ...ops.bias import bias_add
from ...ops.clip import clip_by_value
from ...ops.filling import zeros
from ...ops.initializers import Zeros
from ...ops.joining import concat
from ...ops.matmul import matmul
from ...ops.padding import pad
from ...ops.shaping import shape as shape_of
from ...ops.slicing import slice_
from ...ops.splitting import split
from ...ops.unary import sigmoid, tanh
from ...rnn.cell import RNNCell
from ...rnn.cells import warn_of_joined_state
from ...variables.scope import get_variable, variable_scope
from .lstms import concat_variable


def _input_size(inputs):
    size = inputs.get_shape().with_rank(2).dims[-1].value
    if size is None:
        raise ValueError("Cannot infer input_size from static shape inference.")
    return size


@export("contrib.rnn.TimeFreqLSTMCell")
class TimeFreqLSTMCell(RNNCell):
    """An LSTM that runs over the frequencies of each step.

    Args:
      num_units: the number of units.
      use_peepholes: whether the gates see the memory, through diagonal matrices.
      cell_clip: the memory is clipped to this absolute value.
      initializer: kept, but (as in TensorFlow) the scope's initializer makes the weights.
      num_unit_shards: into how many variables the weights are divided.
      forget_bias: what is added to the forget gate.
      feature_size: the number of frequencies that the LSTM sees at once.
      frequency_skip: by how many it goes on.
      reuse: whether to reuse variables that are there.
    """

    def __init__(self, num_units, use_peepholes=False, cell_clip=None, initializer=None, num_unit_shards=1, forget_bias=1.0,
                 feature_size=None, frequency_skip=1, reuse=None):  # fmt: skip
        super().__init__(_reuse=reuse)
        self._num_units, self._use_peepholes, self._cell_clip = num_units, use_peepholes, cell_clip
        self._initializer, self._num_unit_shards, self._forget_bias = initializer, num_unit_shards, forget_bias
        self._feature_size, self._frequency_skip = feature_size, frequency_skip

    @property
    def output_size(self):
        return self._num_units

    @property
    def state_size(self):
        return 2 * self._num_units

    def call(self, inputs, state):
        """Runs the cell."""
        parts, dtype, units = self._make_tf_features(inputs), inputs.dtype, self._num_units
        size = parts[0].get_shape().as_list()[1]
        w = concat_variable("W", [size + 2 * units, 4 * units], dtype, self._num_unit_shards)
        b = get_variable("B", shape=[4 * units], initializer=Zeros(), dtype=dtype)
        if self._use_peepholes:
            w_f, w_i, w_o = (get_variable(n, shape=[units], dtype=dtype) for n in ("W_F_diag", "W_I_diag", "W_O_diag"))
        m_before = zeros([inputs.shape.dims[0].value or inputs.get_shape()[0], units], dtype)
        for n, part in enumerate(parts):
            c_prev = slice_(state, [0, 2 * n * units], [-1, units])
            m_prev = slice_(state, [0, (2 * n + 1) * units], [-1, units])
            gates = bias_add(matmul(concat([part, m_prev, m_before], 1), w), b)
            i, j, f, o = split(gates, 4, axis=1)
            if self._use_peepholes:
                c = sigmoid(f + self._forget_bias + w_f * c_prev) * c_prev + sigmoid(i + w_i * c_prev) * tanh(j)
            else:
                c = sigmoid(f + self._forget_bias) * c_prev + sigmoid(i) * tanh(j)
            if self._cell_clip is not None:
                c = clip_by_value(c, -self._cell_clip, self._cell_clip)
            m_before = m = sigmoid(o + w_o * c if self._use_peepholes else o) * tanh(c)
            if n == 0:
                state_out, m_out = concat([c, m], 1), m
            else:
                state_out, m_out = concat([state_out, c, m], 1), concat([m_out, m], 1)
        return m_out, state_out

    def _make_tf_features(self, input_feat):
        """The parts of the frequencies that the LSTM sees."""
        count = int((_input_size(input_feat) - self._feature_size) / self._frequency_skip) + 1
        return [slice_(input_feat, [0, f * self._frequency_skip], [-1, self._feature_size]) for f in range(count)]


def _state_names(blocks, prefix="state"):
    return ["%s_f%02d_b%02d_%s" % (prefix, f, b, part) for b, count in enumerate(blocks) for f in range(count) for part in "cm"]


@export("contrib.rnn.GridLSTMCell")
class GridLSTMCell(RNNCell):
    """LSTMs over time and over frequency, which see each other's states (arXiv:1507.01526).

    Args:
      num_units: the number of units.
      use_peepholes: whether the gates see the memories, through diagonal matrices.
      share_time_frequency_weights: whether both LSTMs have the same weights.
      cell_clip: memories are clipped to this absolute value.
      initializer: kept, but (as in TensorFlow) the scope's initializer makes the weights.
      num_unit_shards: into how many variables the weights are divided.
      forget_bias: what is added to the forget gates.
      feature_size: the number of frequencies that the LSTMs see at once.
      frequency_skip: by how many they go on.
      num_frequency_blocks: a list of the numbers of parts of frequencies of each block.
      start_freqindex_list, end_freqindex_list: lists of where the blocks begin and end; by default there is one block.
      couple_input_forget_gates: whether the forget gates are what the input gates leave.
      state_is_tuple: whether states are named tuples; otherwise all is one tensor, side by side.
      reuse: whether to reuse variables that are there.

    Raises:
      ValueError: `num_frequency_blocks` is missing.
    """

    def __init__(self, num_units, use_peepholes=False, share_time_frequency_weights=False, cell_clip=None, initializer=None,
                 num_unit_shards=1, forget_bias=1.0, feature_size=None, frequency_skip=None, num_frequency_blocks=None,
                 start_freqindex_list=None, end_freqindex_list=None, couple_input_forget_gates=False, state_is_tuple=True,
                 reuse=None):  # fmt: skip
        super().__init__(_reuse=reuse)
        warn_of_joined_state(self, state_is_tuple)
        self._num_units, self._use_peepholes, self._cell_clip = num_units, use_peepholes, cell_clip
        self._share_time_frequency_weights = share_time_frequency_weights
        self._couple_input_forget_gates, self._state_is_tuple = couple_input_forget_gates, state_is_tuple
        self._initializer, self._num_unit_shards, self._forget_bias = initializer, num_unit_shards, forget_bias
        self._feature_size, self._frequency_skip = feature_size, frequency_skip
        self._start_freqindex_list, self._end_freqindex_list = start_freqindex_list, end_freqindex_list
        if num_frequency_blocks is None:
            raise ValueError("Must specify num_frequency_blocks")
        self._num_frequency_blocks = num_frequency_blocks
        self._total_blocks = sum(int(n) for n in num_frequency_blocks)
        self._state_tuple_type = None
        self._output_size = self._state_size = num_units * self._total_blocks * 2
        if state_is_tuple:
            self._state_tuple_type = collections.namedtuple("GridLSTMStateTuple", _state_names(num_frequency_blocks))
            self._state_size = self._state_tuple_type(*([num_units, num_units] * self._total_blocks))

    @property
    def output_size(self):
        return self._output_size

    @property
    def state_size(self):
        return self._state_size

    @property
    def state_tuple_type(self):
        """The type of states, or None if they are no tuples."""
        return self._state_tuple_type

    def call(self, inputs, state):
        """Runs the cell."""
        batch_size = inputs._shape[0] or shape_of(inputs)[0]
        outputs, states = [], []
        for block, parts in enumerate(self._make_tf_features(inputs)):
            block_outputs, block_states = self._compute(parts, block, state, batch_size, state_is_tuple=self._state_is_tuple)
            outputs += block_outputs
            states += block_states
        state = self._state_tuple_type(*states) if self._state_is_tuple else concat(states, 1)
        return concat(outputs, 1), state

    def _peephole_weights(self, block, dtype):
        """The weights of peepholes, by names such as `i_freqf`: gate, LSTM, and whose memory is seen."""
        if not self._use_peepholes:
            return None
        gates = "io" if self._couple_input_forget_gates else "fio"
        found = {}
        for kind in ("freq",) if self._share_time_frequency_weights else ("freq", "time"):
            for gate in gates:
                for seen in "ft":
                    name = "%s_%s%s" % (gate, kind, seen)
                    full = "W_%s_diag_%s%s_%d" % (gate.upper(), kind, seen, block)
                    found[name] = get_variable(full, shape=[self._num_units], dtype=dtype)
        if self._share_time_frequency_weights:
            found.update({n.replace("freq", "time"): v for n, v in list(found.items())})
        return found

    def _compute(self, freq_inputs, block, state, batch_size, state_prefix="state", state_is_tuple=True):
        """The outputs and states of a block."""
        units, dtype = self._num_units, freq_inputs[0].dtype
        count = 3 if self._couple_input_forget_gates else 4
        shape = [freq_inputs[0].get_shape().as_list()[1] + 2 * units, count * units]

        def weights(kind):
            w = concat_variable("W_%s_%d" % (kind, block), shape, dtype, self._num_unit_shards)
            return w, get_variable("B_%s_%d" % (kind, block), shape=[count * units], initializer=Zeros(), dtype=dtype)

        of_freq = weights("f")
        of_time = None if self._share_time_frequency_weights else weights("t")
        peepholes = self._peephole_weights(block, dtype)
        m_freq, c_freq = zeros([batch_size, units], dtype), zeros([batch_size, units], dtype)
        outputs, states = [], []
        for n, part in enumerate(freq_inputs):
            if state_is_tuple:
                name = "%s_f%02d_b%02d" % (state_prefix, n, block)
                c_time, m_time = getattr(state, name + "_c"), getattr(state, name + "_m")
            else:
                c_time = slice_(state, [0, 2 * n * units], [-1, units])
                m_time = slice_(state, [0, (2 * n + 1) * units], [-1, units])
            joined = concat([part, m_time, m_freq], 1)
            gates = self._gates(joined, of_freq, count)
            time_gates = gates if of_time is None else self._gates(joined, of_time, count)
            before = c_freq, c_time
            c_freq = self._memory("freq", gates, before, c_freq, peepholes)
            c_time = self._memory("time", time_gates, before, c_time, peepholes)
            m_freq = self._output("freq", gates, c_freq, c_time, c_freq, peepholes)
            m_time = self._output("time", time_gates, c_freq, c_time, c_time, peepholes)
            outputs += [m_time, m_freq]
            states += [c_time, m_time]
        return outputs, states

    def _gates(self, joined, weights, count):
        """The gates of an LSTM by their names."""
        return dict(zip("ijo" if count == 3 else "ijfo", split(bias_add(matmul(joined, weights[0]), weights[1]), count, axis=1)))

    def _seen(self, gate, kind, x, c_freq, c_time, peepholes):
        """A gate with what it sees of the memories."""
        if peepholes is None:
            return x
        return x + peepholes["%s_%sf" % (gate, kind)] * c_freq + peepholes["%s_%st" % (gate, kind)] * c_time

    def _memory(self, kind, gates, before, c_before, peepholes):
        """The new memory of an LSTM."""
        i = sigmoid(self._seen("i", kind, gates["i"], *before, peepholes))
        if self._couple_input_forget_gates:
            f = 1.0 - i
        else:
            f = sigmoid(self._seen("f", kind, gates["f"] + self._forget_bias, *before, peepholes))
        c = f * c_before + i * tanh(gates["j"])
        return c if self._cell_clip is None else clip_by_value(c, -self._cell_clip, self._cell_clip)

    def _output(self, kind, gates, c_freq, c_time, c, peepholes):
        return sigmoid(self._seen("o", kind, gates["o"], c_freq, c_time, peepholes)) * tanh(c)

    def _make_tf_features(self, input_feat, slice_offset=0):
        """The parts of the frequencies that the LSTMs see, a list for each block; shifted by `slice_offset`.

        Raises:
          ValueError: the blocks don't fit the input.
        """
        input_size, inputs = _input_size(input_feat), input_feat
        if slice_offset:
            before, after = (0, slice_offset) if slice_offset > 0 else (-slice_offset, 0)
            inputs = pad(input_feat, constant([0, 0, before, after], shape=[2, 2], dtype=dtypes.int32), "CONSTANT")
            slice_offset = max(slice_offset, 0)
        blocks, starts, ends = self._num_frequency_blocks, self._start_freqindex_list, self._end_freqindex_list
        if not starts:
            if len(blocks) != 1:
                raise ValueError("Length of num_frequency_blocks is not 1, but instead is %d" % len(blocks))
            starts, ends = [0], [input_size]
        if len(starts) != len(ends):
            raise ValueError("Length of start and end freqindex_list does not match %d %d", len(starts), len(ends))
        if len(blocks) != len(starts):
            raise ValueError("Length of num_frequency_blocks is not equal to start_freqindex_list %d %d", len(blocks), len(starts))
        found = []
        for wanted, start, end in zip(blocks, starts, ends):
            count = int((end - start - self._feature_size) / self._frequency_skip) + 1
            if count != wanted:
                raise ValueError("Invalid num_frequency_blocks, requires %d but gets %d, please check the input size and filter "
                                 "config are correct." % (wanted, count))  # fmt: skip
            first = start + slice_offset
            found.append([slice_(inputs, [0, first + f * self._frequency_skip], [-1, self._feature_size]) for f in range(count)])
        return found


@export("contrib.rnn.BidirectionalGridLSTMCell")
class BidirectionalGridLSTMCell(GridLSTMCell):
    """Two `GridLSTMCell`s, one of which runs over the frequencies backwards.

    Args:
      num_units, use_peepholes, share_time_frequency_weights, cell_clip, initializer, num_unit_shards, forget_bias, feature_size,
        frequency_skip, num_frequency_blocks, start_freqindex_list, end_freqindex_list, couple_input_forget_gates, reuse: as of
        `GridLSTMCell`.
      backward_slice_offset: by how many frequencies the parts of the second one are shifted.
    """

    def __init__(self, num_units, use_peepholes=False, share_time_frequency_weights=False, cell_clip=None, initializer=None,
                 num_unit_shards=1, forget_bias=1.0, feature_size=None, frequency_skip=None, num_frequency_blocks=None,
                 start_freqindex_list=None, end_freqindex_list=None, couple_input_forget_gates=False, backward_slice_offset=0,
                 reuse=None):  # fmt: skip
        super().__init__(num_units, use_peepholes, share_time_frequency_weights, cell_clip, initializer, num_unit_shards,
                         forget_bias, feature_size, frequency_skip, num_frequency_blocks, start_freqindex_list, end_freqindex_list,
                         couple_input_forget_gates, True, reuse)  # fmt: skip
        self._backward_slice_offset = int(backward_slice_offset)
        names = [n for way in ("fwd", "bwd") for n in _state_names(num_frequency_blocks, way + "_state")]
        self._state_tuple_type = collections.namedtuple("BidirectionalGridLSTMStateTuple", names)
        self._state_size = self._state_tuple_type(*([num_units, num_units] * self._total_blocks * 2))
        self._output_size = 2 * num_units * self._total_blocks * 2

    def call(self, inputs, state):
        """Runs the cell."""
        batch_size = inputs._shape[0] or shape_of(inputs)[0]
        forward = backward = self._make_tf_features(inputs)
        if self._backward_slice_offset:
            backward = self._make_tf_features(inputs, self._backward_slice_offset)
        outputs, states = [], []
        for way, blocks in (("fwd", forward), ("bwd", [parts[::-1] for parts in backward])):
            with variable_scope(way):
                for block, parts in enumerate(blocks):
                    block_outputs, block_states = self._compute(parts, block, state, batch_size, state_prefix=way + "_state")
                    outputs += block_outputs
                    states += block_states
        return concat(outputs, 1), self._state_tuple_type(*states)
