"""Cells around cells: with attention to the past, highways, compilation."""

from ...core import nest
from ...core.errors import NotYetError
from ...core.export import export
from ...ops.conv_functions import conv2d
from ...ops.cross_entropy import softmax
from ...ops.dense import xw_plus_b
from ...ops.initializers import Constant
from ...ops.joining import concat
from ...ops.reduce import reduce_sum
from ...ops.shaping import expand_dims, reshape
from ...ops.slicing import slice_
from ...ops.unary import sigmoid, tanh
from ...rnn.cell import RNNCell, assert_like_rnncell
from ...rnn.cells import warn_of_joined_state
from ...variables.scope import get_variable, variable_scope
from .linear import Linear
from .projections import Around


@export("contrib.rnn.AttentionCellWrapper")
class AttentionCellWrapper(RNNCell):
    """A cell with attention to its last outputs (arXiv:1409.0473).

    Args:
      cell: the cell inside.
      attn_length: how many outputs are attended to.
      attn_size: the size of attention, and of outputs; by default that of the cell's outputs.
      attn_vec_size: the size of the vectors in which scores are computed; by default `attn_size`.
      input_size: the size to which inputs and attention are projected; by default that of the inputs.
      state_is_tuple: whether states are tuples; otherwise all is one tensor, side by side.
      reuse: whether to reuse variables that are there.

    Raises:
      TypeError: `cell` is no cell.
      ValueError: the cell's states are tuples though `state_is_tuple` is False, or `attn_length` is not positive.
    """

    def __init__(self, cell, attn_length, attn_size=None, attn_vec_size=None, input_size=None, state_is_tuple=True, reuse=None):
        super().__init__(_reuse=reuse)
        assert_like_rnncell("cell", cell)
        if nest.is_sequence(cell.state_size) and not state_is_tuple:
            raise ValueError("Cell returns tuple of states, but the flag state_is_tuple is not set. State size is: %s"
                             % str(cell.state_size))  # fmt: skip
        if attn_length <= 0:
            raise ValueError("attn_length should be greater than zero, got %s" % attn_length)
        warn_of_joined_state(self, state_is_tuple)
        self._cell, self._attn_length, self._state_is_tuple, self._input_size = cell, attn_length, state_is_tuple, input_size
        self._attn_size = cell.output_size if attn_size is None else attn_size
        self._attn_vec_size = self._attn_size if attn_vec_size is None else attn_vec_size
        self._linear1 = self._linear2 = self._linear3 = None

    @property
    def state_size(self):
        size = self._cell.state_size, self._attn_size, self._attn_size * self._attn_length
        return size if self._state_is_tuple else sum(size)

    @property
    def output_size(self):
        return self._attn_size

    def call(self, inputs, state):
        """Runs the cell inside on inputs and attention, then attends."""
        size, length = self._attn_size, self._attn_length
        if self._state_is_tuple:
            state, attns, past = state
        else:
            joined, inner = state, self._cell.state_size
            state = slice_(joined, [0, 0], [-1, inner])
            attns = slice_(joined, [0, inner], [-1, size])
            past = slice_(joined, [0, inner + size], [-1, size * length])
        past = reshape(past, [-1, length, size])
        input_size = inputs.get_shape().as_list()[1] if self._input_size is None else self._input_size
        if self._linear1 is None:
            self._linear1 = Linear([inputs, attns], input_size, True)
        cell_output, new_state = self._cell(self._linear1([inputs, attns]), state)
        query = concat(nest.flatten(new_state), 1) if self._state_is_tuple else new_state
        new_attns, new_past = self._attention(query, past)
        with variable_scope("attn_output_projection"):
            if self._linear2 is None:
                self._linear2 = Linear([cell_output, new_attns], size, True)
            output = self._linear2([cell_output, new_attns])
        new_past = reshape(concat([new_past, expand_dims(output, 1)], 1), [-1, length * size])
        new_state = (new_state, new_attns, new_past)
        return output, new_state if self._state_is_tuple else concat(list(new_state), 1)

    def _attention(self, query, past):
        """The attention to past outputs, and these without the first."""
        size, vec_size, length = self._attn_size, self._attn_vec_size, self._attn_length
        with variable_scope("attention"):
            k = get_variable("attn_w", [1, 1, size, vec_size])
            v = get_variable("attn_v", [vec_size])
            hidden = reshape(past, [-1, length, 1, size])
            features = conv2d(hidden, k, [1, 1, 1, 1], "SAME")
            if self._linear3 is None:
                self._linear3 = Linear(query, vec_size, True)
            y = reshape(self._linear3(query), [-1, 1, 1, vec_size])
            weights = softmax(reduce_sum(v * tanh(features + y), [2, 3]))
            found = reduce_sum(reshape(weights, [-1, length, 1, 1]) * hidden, [1, 2])
            return reshape(found, [-1, size]), slice_(past, [0, 1, 0], [-1, -1, -1])


@export("contrib.rnn.HighwayWrapper")
class HighwayWrapper(Around):
    """A cell whose inputs go past it in part, as a gate says (arXiv:1505.00387).

    Args:
      cell: the cell inside.
      couple_carry_transform_gates: whether the gate of the outputs is what that of the inputs leaves.
      carry_bias_init: the first bias of the gate.
    """

    def __init__(self, cell, couple_carry_transform_gates=True, carry_bias_init=1.0):
        self._cell = cell
        self._couple_carry_transform_gates, self._carry_bias_init = couple_carry_transform_gates, carry_bias_init

    def _gate(self, name, x, size, bias):
        weight = get_variable(name + "_w", [size, size])
        return sigmoid(xw_plus_b(x, weight, get_variable(name + "_b", [size], initializer=Constant(bias))))

    def _highway(self, x, out):
        size = x.get_shape().with_rank(2).dims[1].value
        carry = self._gate("carry", x, size, self._carry_bias_init)
        if self._couple_carry_transform_gates:
            transform = 1 - carry
        else:
            transform = self._gate("transform", x, size, -self._carry_bias_init)
        return x * carry + out * transform

    def __call__(self, inputs, state, scope=None):
        """Runs the cell inside; raises TypeError or ValueError if inputs and outputs differ in structure or shape."""
        outputs, new_state = self._cell(inputs, state, scope=scope)
        nest.assert_same_structure(inputs, outputs)
        nest.map_structure(lambda i, o: i.get_shape().assert_is_compatible_with(o.get_shape()), inputs, outputs)
        return nest.map_structure(self._highway, inputs, outputs), new_state


@export("contrib.rnn.CompiledWrapper")
class CompiledWrapper(Around):
    """A cell that TensorFlow compiles."""

    def __init__(self, cell, compile_stateful=False):
        raise NotYetError("tf.contrib.rnn.CompiledWrapper")
