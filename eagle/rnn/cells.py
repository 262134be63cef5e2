"""The basic cells: `BasicRNNCell`, `GRUCell`, `BasicLSTMCell`, `LSTMCell`, and their stack, `MultiRNNCell`."""

import collections

from ..core import dtypes, nest
from ..core.convert import constant
from ..core.export import export
from ..core.scopes import name_scope
from ..core.tensor import EagerTensor
from ..keras import activations, initializers
from ..keras.engine.input_spec import InputSpec
from ..layers.base import Layer
from ..ops.arithmetic import add, multiply
from ..ops.bias import bias_add
from ..ops.clip import clip_by_value
from ..ops.initializers import Constant, Zeros
from ..ops.joining import concat
from ..ops.matmul import matmul
from ..ops.slicing import slice_
from ..ops.splitting import split
from ..ops.unary import sigmoid, tanh
from ..platform import tf_logging
from ..variables.partitioned import fixed_size_partitioner
from ..variables.scope import variable_scope
from .cell import LayerRNNCell, RNNCell, check_dtype, check_dtypes, input_depth

for _name, _value in (("_WEIGHTS_VARIABLE_NAME", "kernel"), ("_BIAS_VARIABLE_NAME", "bias")):
    export("python.ops.rnn_cell_impl." + _name)(_value)  # cells of programs use these


class _Units(LayerRNNCell):
    """A cell with a number of units and an activation."""

    def __init__(self, num_units, activation, reuse, name, dtype, **kwargs):
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_dtype(self.dtype)
        self.input_spec = InputSpec(ndim=2)
        self._num_units = num_units
        self._activation = activations.get(activation) if activation else tanh

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units

    def _arguments(self):
        """The arguments that the cell was made with, for its configuration, beside those that all cells have."""
        return {}

    def get_config(self):
        """The arguments to make the cell again, as a dictionary."""
        common = {"num_units": self._num_units, "activation": activations.serialize(self._activation), "reuse": self._reuse}
        return {**super().get_config(), **common, **self._arguments()}

    def build(self, inputs_shape):
        """Makes the variables for inputs of a shape."""
        depth = input_depth(inputs_shape)
        check_dtype(self.dtype)
        self._add_variables(depth)
        self.built = True


@export("nn.rnn_cell.BasicRNNCell", "contrib.rnn.BasicRNNCell")
class BasicRNNCell(_Units):
    """The simplest cell: `output = new_state = activation(W * input + U * state + b)`.

    Args:
      num_units: the number of units.
      activation: a function, or the name of one of Keras; by default `tanh`.
      reuse: whether to reuse variables that are there.
      name: the name of the variable scope.
      dtype: the type of the variables; by default that of the first input.
    """

    def __init__(self, num_units, activation=None, reuse=None, name=None, dtype=None, **kwargs):
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)

    def _add_variables(self, depth):
        self._kernel = self.add_variable("kernel", shape=[depth + self._num_units, self._num_units])
        self._bias = self.add_variable("bias", shape=[self._num_units], initializer=Zeros(dtype=self.dtype))

    def call(self, inputs, state):
        """Runs the cell."""
        check_dtypes([inputs, state])
        output = self._activation(bias_add(matmul(concat([inputs, state], 1), self._kernel), self._bias))
        return output, output


@export("nn.rnn_cell.GRUCell", "contrib.rnn.GRUCell")
class GRUCell(_Units):
    """A gated recurrent unit (arXiv:1406.1078).

    Args:
      num_units: the number of units.
      activation: a function, or the name of one of Keras; by default `tanh`.
      reuse: whether to reuse variables that are there.
      kernel_initializer, bias_initializer: initializers; the biases of gates are 1 by default, those of candidates 0.
      name: the name of the variable scope.
      dtype: the type of the variables; by default that of the first input.
    """

    def __init__(self, num_units, activation=None, reuse=None, kernel_initializer=None, bias_initializer=None, name=None,
                 dtype=None, **kwargs):  # fmt: skip
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)
        self._kernel_initializer = initializers.get(kernel_initializer)
        self._bias_initializer = initializers.get(bias_initializer)

    def _arguments(self):
        return {
            "kernel_initializer": initializers.serialize(self._kernel_initializer),
            "bias_initializer": initializers.serialize(self._bias_initializer),
        }

    def _add_variables(self, depth):
        units, kernel, bias = self._num_units, self._kernel_initializer, self._bias_initializer
        rows = depth + units
        self._gate_kernel = self.add_variable("gates/kernel", shape=[rows, 2 * units], initializer=kernel)
        dtype = self.dtype  # known from the first variable at the latest
        self._gate_bias = self.add_variable(
            "gates/bias", shape=[2 * units], initializer=Constant(1.0, dtype=dtype) if bias is None else bias
        )
        self._candidate_kernel = self.add_variable("candidate/kernel", shape=[rows, units], initializer=kernel)
        self._candidate_bias = self.add_variable(
            "candidate/bias", shape=[units], initializer=Zeros(dtype=dtype) if bias is None else bias
        )

    def call(self, inputs, state):
        """Runs the cell."""
        check_dtypes([inputs, state])
        gates = bias_add(matmul(concat([inputs, state], 1), self._gate_kernel), self._gate_bias)
        r, u = split(sigmoid(gates), 2, axis=1)
        reset = r * state
        candidate = bias_add(matmul(concat([inputs, reset], 1), self._candidate_kernel), self._candidate_bias)
        c = self._activation(candidate)
        new = u * state + (1 - u) * c
        return new, new


@export("nn.rnn_cell.LSTMStateTuple", "contrib.rnn.LSTMStateTuple")
class LSTMStateTuple(collections.namedtuple("LSTMStateTuple", ("c", "h"))):
    """The state of an LSTM, or its sizes: the memory `c` and the output `h`."""

    __slots__ = ()

    @property
    def dtype(self):
        """The type of both parts; raises TypeError if they differ."""
        if self.c.dtype != self.h.dtype:
            raise TypeError("Inconsistent internal state: %s vs %s" % (self.c.dtype, self.h.dtype))
        return self.c.dtype


def warn_of_joined_state(cell, state_is_tuple):
    """Warns that states which are no tuples are slower."""
    if not state_is_tuple:
        tf_logging.warn("%s: Using a concatenated state is slower and will soon be deprecated.  Use state_is_tuple=True.", cell)


@export("nn.rnn_cell.BasicLSTMCell", "contrib.rnn.BasicLSTMCell")
class BasicLSTMCell(_Units):
    """An LSTM (arXiv:1409.2329) without clipping, projection and peepholes.

    Args:
      num_units: the number of units.
      forget_bias: what is added to the forget gate.
      state_is_tuple: whether states are `LSTMStateTuple`s; otherwise `c` and `h` are one tensor, side by side.
      activation: a function, or the name of one of Keras; by default `tanh`.
      reuse: whether to reuse variables that are there.
      name: the name of the variable scope.
      dtype: the type of the variables; by default that of the first input.
    """

    def __init__(self, num_units, forget_bias=1.0, state_is_tuple=True, activation=None, reuse=None, name=None, dtype=None,
                 **kwargs):  # fmt: skip
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)
        warn_of_joined_state(self, state_is_tuple)
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple

    def _arguments(self):
        return {"forget_bias": self._forget_bias, "state_is_tuple": self._state_is_tuple}

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self._num_units) if self._state_is_tuple else 2 * self._num_units

    def _add_variables(self, depth):
        units = self._num_units
        self._kernel = self.add_variable("kernel", shape=[depth + units, 4 * units])
        self._bias = self.add_variable("bias", shape=[4 * units], initializer=Zeros(dtype=self.dtype))

    def call(self, inputs, state):
        """Runs the cell."""
        check_dtypes([inputs, state])
        one = constant(1, dtype=dtypes.int32)
        c, h = state if self._state_is_tuple else split(state, 2, axis=one)
        gates = bias_add(matmul(concat([inputs, h], 1), self._kernel), self._bias)
        i, j, f, o = split(gates, 4, axis=one)
        forget_bias = constant(self._forget_bias, dtype=f.dtype)
        new_c = add(multiply(c, sigmoid(add(f, forget_bias))), multiply(sigmoid(i), self._activation(j)))
        new_h = multiply(self._activation(new_c), sigmoid(o))
        return new_h, LSTMStateTuple(new_c, new_h) if self._state_is_tuple else concat([new_c, new_h], 1)


@export("nn.rnn_cell.LSTMCell", "contrib.rnn.LSTMCell")
class LSTMCell(_Units):
    """An LSTM with peepholes, clipping and a projection, as wanted.

    Args:
      num_units: the number of units.
      use_peepholes: whether the gates see the memory, through diagonal matrices.
      cell_clip: the memory is clipped to this absolute value.
      initializer: the initializer of the weights.
      num_proj: the size to which the output is projected.
      proj_clip: the projected output is clipped to this absolute value.
      num_unit_shards, num_proj_shards: deprecated: into how many parts the weights are divided; use a partitioner of the scope.
      forget_bias: what is added to the forget gate.
      state_is_tuple: whether states are `LSTMStateTuple`s; otherwise `c` and `h` are one tensor, side by side.
      activation: a function, or the name of one of Keras; by default `tanh`.
      reuse: whether to reuse variables that are there.
      name: the name of the variable scope.
      dtype: the type of the variables; by default that of the first input.
    """

    def __init__(self, num_units, use_peepholes=False, cell_clip=None, initializer=None, num_proj=None, proj_clip=None,
                 num_unit_shards=None, num_proj_shards=None, forget_bias=1.0, state_is_tuple=True, activation=None, reuse=None,
                 name=None, dtype=None, **kwargs):  # fmt: skip
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)
        warn_of_joined_state(self, state_is_tuple)
        if num_unit_shards is not None or num_proj_shards is not None:
            tf_logging.warn(
                "%s: The num_unit_shards and proj_unit_shards parameters are deprecated and will be removed in Jan 2017.  Use a "
                "variable scope with a partitioner instead.", self)  # fmt: skip
        self._use_peepholes, self._cell_clip = use_peepholes, cell_clip
        self._initializer = initializers.get(initializer)
        self._num_proj, self._proj_clip = num_proj, proj_clip
        self._num_unit_shards, self._num_proj_shards = num_unit_shards, num_proj_shards
        self._forget_bias, self._state_is_tuple = forget_bias, state_is_tuple
        self._output_size = num_proj or num_units
        self._state_size = LSTMStateTuple(num_units, self._output_size) if state_is_tuple else num_units + self._output_size

    def _arguments(self):
        names = ("use_peepholes", "cell_clip", "num_proj", "proj_clip", "num_unit_shards", "num_proj_shards", "forget_bias",
                 "state_is_tuple")  # fmt: skip
        return {"initializer": initializers.serialize(self._initializer), **{n: getattr(self, "_" + n) for n in names}}

    @property
    def state_size(self):
        return self._state_size

    @property
    def output_size(self):
        return self._output_size

    def _add_variables(self, depth):
        units, init = self._num_units, self._initializer
        h_depth = units if self._num_proj is None else self._num_proj
        self._kernel = self.add_variable("kernel", shape=[depth + h_depth, 4 * units], initializer=init,
                                         partitioner=_partitioner(self._num_unit_shards))  # fmt: skip
        zeros = Zeros() if self.dtype is None else Zeros(dtype=self.dtype)
        self._bias = self.add_variable("bias", shape=[4 * units], initializer=zeros)
        if self._use_peepholes:
            self._w_f_diag = self.add_variable("w_f_diag", shape=[units], initializer=init)
            self._w_i_diag = self.add_variable("w_i_diag", shape=[units], initializer=init)
            self._w_o_diag = self.add_variable("w_o_diag", shape=[units], initializer=init)
        if self._num_proj is not None:
            self._proj_kernel = self.add_variable("projection/kernel", shape=[units, self._num_proj], initializer=init,
                                                  partitioner=_partitioner(self._num_proj_shards))  # fmt: skip

    def call(self, inputs, state):
        """Runs the cell."""
        check_dtypes([inputs, state])
        if self._state_is_tuple:
            c_prev, m_prev = state
        else:
            num_proj = self._num_units if self._num_proj is None else self._num_proj
            c_prev = slice_(state, [0, 0], [-1, self._num_units])
            m_prev = slice_(state, [0, self._num_units], [-1, num_proj])
        if inputs.get_shape().with_rank(2).dims[1].value is None:
            raise ValueError("Could not infer input size from inputs.get_shape()[-1]")
        gates = bias_add(matmul(concat([inputs, m_prev], 1), self._kernel), self._bias)
        i, j, f, o = split(gates, 4, axis=1)
        if self._use_peepholes:
            c = sigmoid(f + self._forget_bias + self._w_f_diag * c_prev) * c_prev + sigmoid(
                i + self._w_i_diag * c_prev
            ) * self._activation(j)
        else:
            c = sigmoid(f + self._forget_bias) * c_prev + sigmoid(i) * self._activation(j)
        if self._cell_clip is not None:
            c = clip_by_value(c, -self._cell_clip, self._cell_clip)
        m = sigmoid(o + self._w_o_diag * c if self._use_peepholes else o) * self._activation(c)
        if self._num_proj is not None:
            m = matmul(m, self._proj_kernel)
            if self._proj_clip is not None:
                m = clip_by_value(m, -self._proj_clip, self._proj_clip)
        return m, LSTMStateTuple(c, m) if self._state_is_tuple else concat([c, m], 1)


def _partitioner(shards):
    return None if shards is None else fixed_size_partitioner(shards)


@export("nn.rnn_cell.MultiRNNCell", "contrib.rnn.MultiRNNCell")
class MultiRNNCell(RNNCell):
    """Cells one on top of the other: each has the output of the one before as its input.

    Args:
      cells: a list of cells.
      state_is_tuple: whether the state is the tuple of the cells' states; otherwise these are one tensor, side by side.

    Raises:
      TypeError: `cells` is no list.
      ValueError: there is no cell, or one has a tuple as its state though `state_is_tuple` is False.
    """

    def __init__(self, cells, state_is_tuple=True):
        super().__init__()
        if not cells:
            raise ValueError("Must specify at least one cell for MultiRNNCell.")
        if not nest.is_sequence(cells):
            raise TypeError("cells must be a list or tuple, but saw: %s." % cells)
        if len({id(cell) for cell in cells}) < len(cells):
            tf_logging.log_first_n(tf_logging.WARN, "At least two cells provided to MultiRNNCell are the same object and will "
                                   "share weights.", 1)  # fmt: skip
        self._cells = cells
        for number, cell in enumerate(cells):
            self._track_trackable(cell, name="cell-%d" % number)
        self._state_is_tuple = state_is_tuple
        if not state_is_tuple and any(nest.is_sequence(c.state_size) for c in cells):
            raise ValueError("Some cells return tuples of states, but the flag state_is_tuple is not set.  State sizes are: %s"
                             % [c.state_size for c in cells])  # fmt: skip

    @property
    def state_size(self):
        sizes = [cell.state_size for cell in self._cells]
        return tuple(sizes) if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self):
        return self._cells[-1].output_size

    def zero_state(self, batch_size, dtype):
        """The zero states of the cells."""
        with name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            if self._state_is_tuple:
                return tuple(cell.zero_state(batch_size, dtype) for cell in self._cells)
            return super().zero_state(batch_size, dtype)

    @property
    def trainable_weights(self):
        return [w for cell in self._cells if isinstance(cell, Layer) for w in cell.trainable_weights] if self.trainable else []

    @property
    def non_trainable_weights(self):
        layers = [cell for cell in self._cells if isinstance(cell, Layer)]
        trainable = [] if self.trainable else [w for cell in layers for w in cell.trainable_weights]
        return trainable + [w for cell in layers for w in cell.non_trainable_weights]

    def _is_settled(self, inputs):
        return type(self) is MultiRNNCell and all(isinstance(c, RNNCell) and c._is_settled(inputs) for c in self._cells)

    def __call__(self, inputs, state, scope=None):
        """Runs the cells; see `RNNCell`."""
        is_usual = type(inputs) is EagerTensor and scope is None and self._state_is_tuple and type(state) is tuple
        if not (is_usual and len(state) == len(self._cells) and self._is_settled(inputs)):
            return super().__call__(inputs, state, scope=scope)
        new_states = []
        for cell, current in zip(self._cells, state):
            inputs, new_state = cell(inputs, current)
            new_states.append(new_state)
        return inputs, tuple(new_states)

    def call(self, inputs, state):
        """Runs the cells."""
        if self._state_is_tuple and not nest.is_sequence(state):
            raise ValueError("Expected state to be a tuple of length %d, but received: %s" % (len(self.state_size), state))
        position, new_states = 0, []
        for i, cell in enumerate(self._cells):
            with variable_scope("cell_%d" % i):
                if self._state_is_tuple:
                    current = state[i]
                else:
                    current = slice_(state, [0, position], [-1, cell.state_size])
                    position += cell.state_size
                inputs, new_state = cell(inputs, current)
                new_states.append(new_state)
        return inputs, tuple(new_states) if self._state_is_tuple else concat(new_states, 1)
