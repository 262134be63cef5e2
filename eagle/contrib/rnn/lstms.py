"""Variants of the LSTM: normalized, coupled, grouped, phased."""

from ...core.collections import get_collection
from ...core.dtypes import float32
from ...core.export import export
from ...core.graph import get_default_graph
from ...core.scopes import control_dependencies
from ...ops.bias import bias_add
from ...ops.cast import cast
from ...ops.clip import clip_by_value
from ...ops.division import floor_mod
from ...ops.dropout import dropout
from ...ops.initializers import Constant, RandomUniform, Zeros
from ...ops.joining import concat
from ...ops.matmul import matmul
from ...ops.normalization import l2_normalize
from ...ops.passing import stop_gradient
from ...ops.random import random_uniform
from ...ops.shaping import shape as shape_of
from ...ops.slicing import slice_
from ...ops.splitting import split
from ...ops.unary import exp, log, sigmoid, tanh
from ...ops.where import where
from ...platform import tf_logging
from ...rnn.cell import RNNCell
from ...rnn.cells import LSTMStateTuple, warn_of_joined_state
from ...variables.scope import get_variable, get_variable_scope, variable_scope
from ..layers.normalizing import layer_norm
from .linear import Linear, bias_variable, checked_arguments


class LSTMVariant(RNNCell):
    """An LSTM with a projection or none.

    Attributes:
      _num_units, _num_proj: the sizes of memory and output.
    """

    def _set_sizes(self, num_units, num_proj, state_is_tuple=True):
        self._num_units, self._num_proj = num_units, num_proj
        self._output_size = num_proj or num_units
        self._state_size = LSTMStateTuple(num_units, self._output_size) if state_is_tuple else num_units + self._output_size

    @property
    def state_size(self):
        return self._state_size

    @property
    def output_size(self):
        return self._output_size

    def _diagonals(self, names, dtype):
        """The weights of peepholes, by the names of their variables."""
        return [get_variable(n, shape=[self._num_units], dtype=dtype) for n in names]


def known_input_size(inputs):
    """The number of columns of a matrix; raises ValueError if it is unknown."""
    size = inputs.get_shape().with_rank(2).dims[1]
    if size.value is None:
        raise ValueError("Could not infer input size from inputs.get_shape()[-1]")
    return size.value


def concat_variable(name, shape, dtype, num_shards):
    """A variable in parts, joined along the first dimension; the same tensor each time.

    Raises:
      ValueError: there are more parts than rows.
    """
    if num_shards > shape[0]:
        raise ValueError("Too many shards: shape=%s, num_shards=%d" % (shape, num_shards))
    least, rest = divmod(shape[0], num_shards)
    parts = [get_variable("%s_%d" % (name, i), [least + (i < rest), *shape[1:]], dtype=dtype) for i in range(num_shards)]
    if len(parts) == 1:
        return parts[0]
    full_name = "%s/%s/concat:0" % (get_variable_scope().name, name)
    for tensor in get_collection("concatenated_variables"):
        if tensor.name == full_name:
            return tensor
    joined = concat(parts, 0, name=name + "/concat")
    get_default_graph().add_to_collection("concatenated_variables", joined)
    return joined


def normalized(x, scope, gain, shift, dtype=float32):
    """A tensor after layer normalization, with variables `gamma` and `beta` in a scope."""
    shape = x.get_shape()[-1:]
    with variable_scope(scope):
        get_variable("gamma", shape=shape, initializer=Constant(gain), dtype=dtype)
        get_variable("beta", shape=shape, initializer=Constant(shift), dtype=dtype)
    return layer_norm(x, reuse=True, scope=scope)


@export("contrib.rnn.CoupledInputForgetGateLSTMCell")
class CoupledInputForgetGateLSTMCell(LSTMVariant):
    """An LSTM whose input gate is what the forget gate leaves (arXiv:1503.04069).

    Args:
      num_units: the number of units.
      use_peepholes: whether the gates see the memory, through diagonal matrices.
      initializer: kept, but (as in TensorFlow) the scope's initializer makes the weights.
      num_proj: the size to which the output is projected.
      proj_clip: the projected output is clipped to this absolute value.
      num_unit_shards, num_proj_shards: into how many variables the weights are divided.
      forget_bias: what is added to the forget gate.
      state_is_tuple: whether states are `LSTMStateTuple`s; otherwise `c` and `h` are one tensor, side by side.
      activation: the activation function.
      reuse: whether to reuse variables that are there.
      layer_norm: whether gates and memory are normalized.
      norm_gain, norm_shift: the first gain and shift of normalizations.
    """

    def __init__(self, num_units, use_peepholes=False, initializer=None, num_proj=None, proj_clip=None, num_unit_shards=1,
                 num_proj_shards=1, forget_bias=1.0, state_is_tuple=True, activation=tanh, reuse=None, layer_norm=False,
                 norm_gain=1.0, norm_shift=0.0):  # fmt: skip
        super().__init__(_reuse=reuse)
        warn_of_joined_state(self, state_is_tuple)
        self._set_sizes(num_units, num_proj, state_is_tuple)
        self._use_peepholes, self._initializer, self._proj_clip = use_peepholes, initializer, proj_clip
        self._num_unit_shards, self._num_proj_shards = num_unit_shards, num_proj_shards
        self._forget_bias, self._state_is_tuple, self._activation = forget_bias, state_is_tuple, activation
        self._layer_norm, self._norm_gain, self._norm_shift = layer_norm, norm_gain, norm_shift

    def _norm(self, x, scope):
        return normalized(x, scope, self._norm_gain, self._norm_shift) if self._layer_norm else x

    def call(self, inputs, state):
        """Runs the cell."""
        units, num_proj, dtype = self._num_units, self._num_proj or self._num_units, inputs.dtype
        if self._state_is_tuple:
            c_prev, m_prev = state
        else:
            c_prev = slice_(state, [0, 0], [-1, units])
            m_prev = slice_(state, [0, units], [-1, num_proj])
        w = concat_variable("W", [known_input_size(inputs) + num_proj, 3 * units], dtype, self._num_unit_shards)
        b = get_variable("B", shape=[3 * units], initializer=Zeros(), dtype=dtype)
        gates = matmul(concat([inputs, m_prev], 1), w)
        if not self._layer_norm:
            gates = bias_add(gates, b)
        j, f, o = split(gates, 3, axis=1)
        j, f, o = self._norm(j, "transform"), self._norm(f, "forget"), self._norm(o, "output")
        if self._use_peepholes:
            w_f, w_o = self._diagonals(("W_F_diag", "W_O_diag"), dtype)
            f = sigmoid(f + self._forget_bias + w_f * c_prev)
        else:
            f = sigmoid(f + self._forget_bias)
        c = self._norm(f * c_prev + (1 - f) * self._activation(j), "state")
        m = sigmoid(o + w_o * c if self._use_peepholes else o) * self._activation(c)
        if self._num_proj is not None:
            m = matmul(m, concat_variable("W_P", [units, self._num_proj], dtype, self._num_proj_shards))
            if self._proj_clip is not None:
                m = clip_by_value(m, -self._proj_clip, self._proj_clip)
        return m, LSTMStateTuple(c, m) if self._state_is_tuple else concat([c, m], 1)


@export("contrib.rnn.LayerNormBasicLSTMCell")
class LayerNormBasicLSTMCell(RNNCell):
    """An LSTM with layer normalization (arXiv:1607.06450) and dropout of new memories (arXiv:1603.05118).

    Args:
      num_units: the number of units.
      forget_bias: what is added to the forget gate.
      input_size: deprecated, and without effect.
      activation: the activation function.
      layer_norm: whether gates and memory are normalized.
      norm_gain, norm_shift: the first gain and shift of normalizations.
      dropout_keep_prob: the probability to keep an element of the new memory: a float, or a scalar.
      dropout_prob_seed: the seed of dropout.
      reuse: whether to reuse variables that are there.
    """

    def __init__(self, num_units, forget_bias=1.0, input_size=None, activation=tanh, layer_norm=True, norm_gain=1.0, norm_shift=0.0,
                 dropout_keep_prob=1.0, dropout_prob_seed=None, reuse=None):  # fmt: skip
        super().__init__(_reuse=reuse)
        if input_size is not None:
            tf_logging.warn("%s: The input_size parameter is deprecated.", self)
        self._num_units, self._activation, self._forget_bias = num_units, activation, forget_bias
        self._keep_prob, self._seed = dropout_keep_prob, dropout_prob_seed
        self._layer_norm, self._norm_gain, self._norm_shift = layer_norm, norm_gain, norm_shift

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self):
        return self._num_units

    def _norm(self, x, scope, dtype):
        return normalized(x, scope, self._norm_gain, self._norm_shift, dtype) if self._layer_norm else x

    def call(self, inputs, state):
        """Runs the cell."""
        c, h = state
        args = concat([inputs, h], 1)
        dtype, size = args.dtype, 4 * self._num_units
        gates = matmul(args, get_variable("kernel", [args.get_shape()[-1], size], dtype=dtype))
        if not self._layer_norm:
            gates = bias_add(gates, get_variable("bias", [size], dtype=dtype))
        i, j, f, o = split(gates, 4, axis=1)
        i, j = self._norm(i, "input", dtype), self._norm(j, "transform", dtype)
        f, o = self._norm(f, "forget", dtype), self._norm(o, "output", dtype)
        g = self._activation(j)
        if not isinstance(self._keep_prob, float) or self._keep_prob < 1:
            g = dropout(g, self._keep_prob, seed=self._seed)
        new_c = self._norm(c * sigmoid(f + self._forget_bias) + sigmoid(i) * g, "state", dtype)
        new_h = self._activation(new_c) * sigmoid(o)
        return new_h, LSTMStateTuple(new_c, new_h)


class _FullLSTM(LSTMVariant):
    """An LSTM as `LSTMCell`, with variables made when it is called, and something else than `Linear` for its gates."""

    def _set(self, num_units, use_peepholes, cell_clip, initializer, num_proj, proj_clip, forget_bias, activation):
        self._set_sizes(num_units, num_proj)
        self._use_peepholes, self._cell_clip, self._proj_clip = use_peepholes, cell_clip, proj_clip
        self._initializer, self._forget_bias, self._activation = initializer, forget_bias, activation or tanh

    def _next(self, gates, c_prev, dtype):
        """Memory and output before the projection."""
        i, j, f, o = (self._norm_gate(x, name) for x, name in zip(gates, ("input", "transform", "forget", "output")))
        forget, activation = self._forget_bias, self._activation
        if self._use_peepholes:
            w_f, w_i, w_o = self._diagonals(("w_f_diag", "w_i_diag", "w_o_diag"), dtype)
            c = self._sum((sigmoid(f + forget + w_f * c_prev), c_prev), (sigmoid(i + w_i * c_prev), activation(j)))
        else:
            c = self._sum((sigmoid(f + forget), c_prev), (sigmoid(i), activation(j)))
        c = self._norm_gate(c, "state")
        if self._cell_clip is not None:
            c = clip_by_value(c, -self._cell_clip, self._cell_clip)
        return c, sigmoid(o + w_o * c if self._use_peepholes else o) * activation(c)

    def _sum(self, forgotten, added):
        return forgotten[0] * forgotten[1] + added[0] * added[1]

    def _norm_gate(self, x, name):
        return x

    def _projected(self, m, linear):
        """The output after the projection, if there is one."""
        if self._num_proj is None:
            return m
        with variable_scope("projection"):
            m = linear(m)
        return m if self._proj_clip is None else clip_by_value(m, -self._proj_clip, self._proj_clip)


@export("contrib.rnn.python.ops.rnn_cell.LayerNormLSTMCell")
class LayerNormLSTMCell(_FullLSTM):
    """`LSTMCell` with layer normalization.

    Args:
      num_units, use_peepholes, cell_clip, initializer, num_proj, proj_clip, forget_bias, activation, reuse: as of `LSTMCell`.
      layer_norm: whether gates and memory are normalized.
      norm_gain, norm_shift: the first gain and shift of normalizations.
    """

    def __init__(self, num_units, use_peepholes=False, cell_clip=None, initializer=None, num_proj=None, proj_clip=None,
                 forget_bias=1.0, activation=None, layer_norm=False, norm_gain=1.0, norm_shift=0.0, reuse=None):  # fmt: skip
        super().__init__(_reuse=reuse)
        self._set(num_units, use_peepholes, cell_clip, initializer, num_proj, proj_clip, forget_bias, activation)
        self._layer_norm, self._norm_gain, self._norm_shift = layer_norm, norm_gain, norm_shift

    def _norm_gate(self, x, name):
        return normalized(x, name, self._norm_gain, self._norm_shift) if self._layer_norm else x

    def _linear(self, args, output_size, bias):
        args, columns = checked_arguments(args)
        dtype = args[0].dtype
        with variable_scope(get_variable_scope()) as outer:
            weights = get_variable("kernel", [columns, output_size], dtype=dtype)
            result = matmul(args[0] if len(args) == 1 else concat(args, 1), weights)
            if not bias:
                return result
            biases = bias_variable(outer, output_size, dtype)
        return result if self._layer_norm else bias_add(result, biases)

    def call(self, inputs, state):
        """Runs the cell."""
        c_prev, m_prev = state
        known_input_size(inputs)
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            gates = split(self._linear([inputs, m_prev], 4 * self._num_units, True), 4, axis=1)
            c, m = self._next(gates, c_prev, inputs.dtype)
            m = self._projected(m, lambda m: self._linear(m, self._num_proj, False))
        return m, LSTMStateTuple(c, m)


@export("contrib.rnn.python.ops.rnn_cell.WeightNormLSTMCell")
class WeightNormLSTMCell(_FullLSTM):
    """`LSTMCell` with normalized weights (arXiv:1602.07868).

    Args:
      num_units, use_peepholes, cell_clip, initializer, num_proj, proj_clip, forget_bias, activation, reuse: as of `LSTMCell`.
      norm: whether the weights are normalized.
    """

    def __init__(self, num_units, norm=True, use_peepholes=False, cell_clip=None, initializer=None, num_proj=None, proj_clip=None,
                 forget_bias=1, activation=None, reuse=None):  # fmt: skip
        super().__init__(_reuse=reuse)
        self._set(num_units, use_peepholes, cell_clip, initializer, num_proj, proj_clip, forget_bias, activation)
        self._scope, self._norm = "wn_lstm_cell", norm

    def _sum(self, forgotten, added):
        return forgotten[1] * forgotten[0] + added[0] * added[1]

    def _linear(self, args, output_size, bias):
        args, columns = checked_arguments(args)
        dtype = args[0].dtype
        with variable_scope(get_variable_scope()) as outer:
            weights = get_variable("kernel", [columns, output_size], dtype=dtype)
            if self._norm:
                weights = self._normalized(weights, [a._shape[1] for a in args])
            result = matmul(args[0] if len(args) == 1 else concat(args, 1), weights)
            return bias_add(result, bias_variable(outer, output_size, dtype)) if bias else result

    def _normalized(self, weights, sizes):
        """The rows of weights for each argument normalized, and scaled by a variable."""
        parts, start = [], 0
        with control_dependencies(None):
            for i, size in enumerate(sizes):
                part = weights[start : start + size, :]
                g = get_variable("norm_%d" % i, [part.get_shape().as_list()[1]], dtype=part.dtype)
                parts.append(l2_normalize(part, axis=0) * g)
                start += size
            return concat(parts, axis=0)

    def call(self, inputs, state):
        """Runs the cell."""
        c, h = state
        known_input_size(inputs)
        with variable_scope(self._scope, initializer=self._initializer):
            gates = split(self._linear([inputs, h], 4 * self._num_units, True), 4, axis=1)
            new_c, new_h = self._next(gates, c, inputs.dtype)
            new_h = self._projected(new_h, lambda m: self._linear(m, self._num_proj, False))
            return new_h, LSTMStateTuple(new_c, new_h)


@export("contrib.rnn.GLSTMCell")
class GLSTMCell(LSTMVariant):
    """An LSTM in groups of units that don't see each other (arXiv:1703.10722).

    Args:
      num_units: the number of units.
      initializer: the initializer of the weights.
      num_proj: the size to which the output is projected.
      number_of_groups: the number of groups.
      forget_bias: what is added to the forget gate.
      activation: the activation function.
      reuse: whether to reuse variables that are there.

    Raises:
      ValueError: sizes are no multiples of the number of groups.
    """

    def __init__(self, num_units, initializer=None, num_proj=None, number_of_groups=1, forget_bias=1.0, activation=tanh,
                 reuse=None):  # fmt: skip
        super().__init__(_reuse=reuse)
        self._set_sizes(num_units, num_proj)
        self._initializer, self._forget_bias, self._activation = initializer, forget_bias, activation
        self._number_of_groups = number_of_groups
        if num_units % number_of_groups != 0:
            raise ValueError("num_units must be divisible by number_of_groups")
        if num_proj and num_proj % number_of_groups != 0:
            raise ValueError("num_proj must be divisible by number_of_groups")
        self._group_shape = [(num_proj or num_units) // number_of_groups, num_units // number_of_groups]
        self._linear1, self._linear2 = [None] * number_of_groups, None

    def _gates_of_group(self, group, inputs, m_prev, batch_size, input_size):
        with variable_scope("group%d" % group):
            parts = [
                slice_(x, begin=[0, group * size], size=[batch_size, size], name="GLSTM_group%d_input_generation" % group)
                for x, size in ((inputs, input_size), (m_prev, self._group_shape[0]))
            ]
            x = concat(parts, axis=1)
            if self._linear1[group] is None:
                self._linear1[group] = Linear(x, 4 * self._group_shape[1], False)
            return split(self._linear1[group](x), 4, axis=1)

    def call(self, inputs, state):
        """Runs the cell; raises ValueError if the input size is unknown or no multiple of the number of groups."""
        c_prev, m_prev = state
        batch_size, input_size = inputs._shape
        if batch_size is None:
            batch_size = shape_of(inputs)[0]
        if input_size is None:
            raise ValueError("input size must be statically known")
        groups, dtype = self._number_of_groups, inputs.dtype
        if input_size % groups != 0:
            raise ValueError("input size (%d) must be divisible by number_of_groups (%d)" % (input_size, groups))
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            parts = [self._gates_of_group(g, inputs, m_prev, batch_size, input_size // groups) for g in range(groups)]
            biases = [
                get_variable(name="bias_" + n, shape=[self._num_units], dtype=dtype, initializer=Constant(0.0, dtype=dtype))
                for n in "ijfo"
            ]
            i, j, f, o = (bias_add(concat(column, axis=1), b) for column, b in zip(zip(*parts), biases))
        c = sigmoid(f + self._forget_bias) * c_prev + sigmoid(i) * tanh(j)
        m = sigmoid(o) * self._activation(c)
        if self._num_proj is not None:
            with variable_scope("projection"):
                if self._linear2 is None:
                    self._linear2 = Linear(m, self._num_proj, False)
                m = self._linear2(m)
        return m, LSTMStateTuple(c, m)


def _exponential(low, high):
    """An initializer of numbers whose logarithms are uniform."""

    def initialize(shape, dtype=float32, partition_info=None):
        return exp(random_uniform(shape, log(low), log(high), dtype))

    return initialize


@export("contrib.rnn.PhasedLSTMCell")
class PhasedLSTMCell(RNNCell):
    """An LSTM whose units are open at times of their own (arXiv:1610.09513); its input is a pair of the time and the rest.

    Args:
      num_units: the number of units.
      use_peepholes: whether the gates see the memory.
      leak: how far units are open when they are closed.
      ratio_on: the first part of the period in which units are open.
      trainable_ratio_on: whether that is trained.
      period_init_min, period_init_max: the smallest and the largest first period.
      reuse: whether to reuse variables that are there.
    """

    def __init__(self, num_units, use_peepholes=False, leak=0.001, ratio_on=0.1, trainable_ratio_on=True, period_init_min=1.0,
                 period_init_max=1000.0, reuse=None):  # fmt: skip
        super().__init__(_reuse=reuse, autocast=False)
        self._num_units, self._use_peepholes, self._leak = num_units, use_peepholes, leak
        self._ratio_on, self._trainable_ratio_on = ratio_on, trainable_ratio_on
        self._period_init_min, self._period_init_max = period_init_min, period_init_max
        self._linears = {}

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self):
        return self._num_units

    def _linear(self, scope, args, size):
        with variable_scope(scope):
            if scope not in self._linears:
                self._linears[scope] = Linear(args, size, True)
            return self._linears[scope](args)

    def _cycle_ratio(self, time, phase, period):
        """Where in their periods the units are, in [0, 1)."""
        phase, period = cast(phase, dtype=time.dtype), cast(period, dtype=time.dtype)
        shifted = time - phase
        within = stop_gradient(floor_mod(shifted, period) - shifted) + shifted
        return cast(within / period, dtype=float32)

    def call(self, inputs, state):
        """Runs the cell.

        Args:
          inputs: a pair of the times, of the shape `[batch_size, 1]`, and a matrix.
          state: an `LSTMStateTuple`.
        """
        (c_prev, h_prev), (time, x), units = state, inputs, self._num_units
        gates = sigmoid(self._linear("mask_gates", [x, h_prev] + ([c_prev] if self._use_peepholes else []), 2 * units))
        input_gate, forget_gate = split(gates, 2, axis=1)
        new_c = c_prev * forget_gate + input_gate * tanh(self._linear("new_input", [x, h_prev], units))
        output_gate = sigmoid(self._linear("output_gate", [x, h_prev] + ([new_c] if self._use_peepholes else []), units))
        new_h = tanh(new_c) * output_gate
        period = get_variable("period", [units], initializer=_exponential(self._period_init_min, self._period_init_max))
        phase = get_variable("phase", [units], initializer=RandomUniform(0.0, period.initial_value))
        ratio_on = get_variable("ratio_on", [units], initializer=Constant(self._ratio_on), trainable=self._trainable_ratio_on)
        ratio = self._cycle_ratio(time, phase, period)
        up = 2 * ratio / ratio_on
        down = 2 - up
        closed = self._leak * ratio
        k = where(ratio < ratio_on, down, closed)
        k = where(ratio < 0.5 * ratio_on, up, k)
        new_c, new_h = k * new_c + (1 - k) * c_prev, k * new_h + (1 - k) * h_prev
        return new_h, LSTMStateTuple(new_c, new_h)
