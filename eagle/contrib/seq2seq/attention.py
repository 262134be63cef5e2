"""`AttentionWrapper`: a cell with attention."""

import collections

from ...core import nest
from ...core.context import here
from ...core.dtypes import int32
from ...core.export import export
from ...core.scopes import control_dependencies, name_scope
from ...core.shape import TensorShape
from ...core.tensor import Tensor
from ...layers.core import Dense
from ...ops.assertions import assert_equal
from ...ops.filling import zeros
from ...ops.joining import concat
from ...ops.matmul import matmul
from ...ops.passing import identity
from ...ops.shaping import expand_dims, squeeze
from ...ops.tensor_arrays import TensorArray
from ...rnn.cell import RNNCell, assert_like_rnncell, zero_state_tensors
from ..framework.checking import with_same_shape
from .memory import AttentionMechanism, size_of

_FIELDS = ("cell_state", "attention", "time", "alignments", "alignment_history", "attention_state")


@export("contrib.seq2seq.AttentionWrapperState")
class AttentionWrapperState(collections.namedtuple("AttentionWrapperState", _FIELDS)):
    """The state of an `AttentionWrapper`.

    Attributes:
      cell_state: the state of the cell inside.
      attention: the attention of the step before.
      time: the number of the step.
      alignments: the alignments of the step before, one tensor or, for several mechanisms, a tuple.
      alignment_history: the `TensorArray`, or tuple, of the alignments of all steps, or ().
      attention_state: the state, or the states, of the mechanisms.
    """

    def clone(self, **kwargs):
        """A copy with some fields changed, to tensors of the same shape.

        Raises:
          ValueError: a shape is another one.
        """
        return nest.map_structure(_of_same_shape, self, self._replace(**kwargs))


def _of_same_shape(old, new):
    if not isinstance(old, Tensor) or not isinstance(new, Tensor):
        return new
    if here.eager:
        if old.shape.as_list() != new.shape.as_list():
            raise ValueError("The shape of the AttentionWrapperState is expected to be same as the one to clone. self.shape: %s, "
                             "input.shape: %s" % (old.shape, new.shape))  # fmt: skip
        return new
    return with_same_shape(old, new)


def _attend(mechanism, cell_output, attention_state, attention_layer):
    """The attention, the alignments and the new state of a mechanism."""
    alignments, state = mechanism(cell_output, state=attention_state)
    found = squeeze(matmul(expand_dims(alignments, 1), mechanism.values), [1])
    if attention_layer is not None:
        found = attention_layer(concat([cell_output, found], 1))
    return found, alignments, state


_TILE = "via the tf.contrib.seq2seq.tile_batch function with argument multiple=beam_width."


@export("contrib.seq2seq.AttentionWrapper")
class AttentionWrapper(RNNCell):
    """A cell around another one that attends to memories.

    Args:
      cell: the cell inside.
      attention_mechanism: an attention mechanism, or a list of them.
      attention_layer_size: the size, or list of sizes, to which output and context are projected; by default the context is the
        attention as it is.
      alignment_history: whether the alignments of all steps are kept in the state.
      cell_input_fn: a function of inputs and attention that gives the inputs of the cell inside; by default both side by side.
      output_attention: whether the output is the attention, rather than the output of the cell inside.
      initial_cell_state: the state of the cell inside with which `zero_state` begins.
      name: the name of the variable scope.
      attention_layer: a layer, or list of layers, instead of `attention_layer_size`.
      attention_fn: a function `(mechanism, cell_output, attention_state, attention_layer)` that gives attention, alignments and
        state.
      dtype: the type of the variables; by default that of the first input.

    Raises:
      TypeError: `cell` is no cell, a mechanism none, or `cell_input_fn` can't be called.
      ValueError: the layers, or their sizes, are not as many as the mechanisms, or both are given.
    """

    def __init__(self, cell, attention_mechanism, attention_layer_size=None, alignment_history=False, cell_input_fn=None,
                 output_attention=True, initial_cell_state=None, name=None, attention_layer=None, attention_fn=None,
                 dtype=None):  # fmt: skip
        super().__init__(name=name, dtype=dtype)
        assert_like_rnncell("cell", cell)
        self._is_multi = isinstance(attention_mechanism, list | tuple)
        self._attention_mechanisms = _mechanisms(attention_mechanism)
        if cell_input_fn is not None and not callable(cell_input_fn):
            raise TypeError("cell_input_fn must be callable, saw type: %s" % type(cell_input_fn).__name__)
        self._cell_input_fn = cell_input_fn or (lambda inputs, attention: concat([inputs, attention], -1))
        self._cell = cell
        self._set_layers(attention_layer_size, attention_layer)
        self._attention_fn = _attend if attention_fn is None else attention_fn
        self._output_attention, self._alignment_history = output_attention, alignment_history
        with name_scope(name, "AttentionWrapperInit"):
            self._initial_cell_state = None
            if initial_cell_state is not None:
                message = (
                    "When constructing AttentionWrapper %s: Non-matching batch sizes between the memory (encoder output) and "
                    "initial_cell_state.  Are you using the BeamSearchDecoder?  You may need to tile your initial state %s"
                    % (self._base_name, _TILE)
                )
                self._initial_cell_state = self._checked(
                    size_of(nest.flatten(initial_cell_state)[-1], 0), message, initial_cell_state, "check_initial_cell_state"
                )

    def _set_layers(self, sizes, layers):
        mechanisms = self._attention_mechanisms
        if sizes is not None and layers is not None:
            raise ValueError("Only one of attention_layer_size and attention_layer should be set")
        if sizes is not None:
            sizes = tuple(sizes) if isinstance(sizes, list | tuple) else (sizes,)
            if len(sizes) != len(mechanisms):
                raise ValueError("If provided, attention_layer_size must contain exactly one integer per attention_mechanism, saw: "
                                 "%d vs %d" % (len(sizes), len(mechanisms)))  # fmt: skip
            self._attention_layers = tuple(
                Dense(size, name="attention_layer", use_bias=False, dtype=m.dtype) for size, m in zip(sizes, mechanisms)
            )
            self._attention_layer_size = sum(sizes)
            return
        depths = [m.values.shape.as_list()[-1] for m in mechanisms]
        if layers is None:
            self._attention_layers = None
            self._attention_layer_size = sum(depths)
            return
        self._attention_layers = tuple(layers) if isinstance(layers, list | tuple) else (layers,)
        if len(self._attention_layers) != len(mechanisms):
            raise ValueError("If provided, attention_layer must contain exactly one layer per attention_mechanism, saw: %d vs %d"
                             % (len(self._attention_layers), len(mechanisms)))  # fmt: skip
        shapes = [TensorShape([None, self._cell.output_size + depth]) for depth in depths]
        self._attention_layer_size = sum(
            TensorShape(layer.compute_output_shape(s)).as_list()[-1] for layer, s in zip(self._attention_layers, shapes)
        )

    def _checked(self, batch_size, message, structure, name):
        """A structure of tensors that wait for a check that the batch is that of the memories."""
        checks = [assert_equal(batch_size, m.batch_size, message=message) for m in self._attention_mechanisms]
        with control_dependencies(checks):
            return nest.map_structure(lambda s: identity(s, name=name), structure)

    def _item_or_tuple(self, sequence):
        sequence = tuple(sequence)
        return sequence if self._is_multi else sequence[0]

    @property
    def output_size(self):
        return self._attention_layer_size if self._output_attention else self._cell.output_size

    @property
    def state_size(self):
        """The `AttentionWrapperState` of sizes."""
        mechanisms = self._attention_mechanisms
        return AttentionWrapperState(
            cell_state=self._cell.state_size,
            time=TensorShape([]),
            attention=self._attention_layer_size,
            alignments=self._item_or_tuple(m.alignments_size for m in mechanisms),
            attention_state=self._item_or_tuple(m.state_size for m in mechanisms),
            alignment_history=self._item_or_tuple(m.alignments_size if self._alignment_history else () for m in mechanisms),
        )

    def zero_state(self, batch_size, dtype):
        """The state to begin with.

        Args:
          batch_size: an int, or an int scalar.
          dtype: the type.

        Raises:
          ValueError, InvalidArgumentError: the memories have another batch size.
        """
        with name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            cell_state = self._initial_cell_state
            if cell_state is None:
                cell_state = self._cell.get_initial_state(batch_size=batch_size, dtype=dtype)
            message = (
                "When calling zero_state of AttentionWrapper %s: Non-matching batch sizes between the memory (encoder output) and "
                "the requested batch size.  Are you using the BeamSearchDecoder?  If so, make sure your encoder output has been "
                "tiled to beam_width via tf.contrib.seq2seq.tile_batch, and the batch_size= argument passed to zero_state is "
                "batch_size * beam_width." % self._base_name
            )
            cell_state = self._checked(batch_size, message, cell_state, "checked_cell_state")
            mechanisms = self._attention_mechanisms
            alignments = [m.initial_alignments(batch_size, dtype) for m in mechanisms]

            def history(alignment):
                if not self._alignment_history:
                    return ()
                return TensorArray(dtype, size=0, dynamic_size=True, element_shape=alignment.shape)

            return AttentionWrapperState(
                cell_state=cell_state,
                time=zeros([], dtype=int32),
                attention=zero_state_tensors(self._attention_layer_size, batch_size, dtype),
                alignments=self._item_or_tuple(alignments),
                attention_state=self._item_or_tuple(m.initial_state(batch_size, dtype) for m in mechanisms),
                alignment_history=self._item_or_tuple(history(a) for a in alignments),
            )

    def call(self, inputs, state):
        """Runs the cell inside on inputs and attention, then attends.

        Raises:
          TypeError: `state` is no `AttentionWrapperState`.
        """
        if not isinstance(state, AttentionWrapperState):
            raise TypeError("Expected state to be instance of AttentionWrapperState. Received type %s instead." % type(state))
        cell_output, next_cell_state = self._cell(self._cell_input_fn(inputs, state.attention), state.cell_state)
        message = (
            "When applying AttentionWrapper %s: Non-matching batch sizes between the memory (encoder output) and the query "
            "(decoder output).  Are you using the BeamSearchDecoder?  You may need to tile your memory input %s"
            % (self.name, _TILE)
        )
        cell_output = self._checked(size_of(cell_output, 0), message, cell_output, "checked_cell_output")
        states = state.attention_state if self._is_multi else [state.attention_state]
        histories = state.alignment_history if self._is_multi else [state.alignment_history]
        attentions, alignments, next_states, next_histories = [], [], [], []
        for i, mechanism in enumerate(self._attention_mechanisms):
            layer = self._attention_layers[i] if self._attention_layers else None
            attention, alignment, next_state = self._attention_fn(mechanism, cell_output, states[i], layer)
            attentions.append(attention)
            alignments.append(alignment)
            next_states.append(next_state)
            next_histories.append(histories[i].write(state.time, alignment) if self._alignment_history else ())
        attention = concat(attentions, 1)
        state = AttentionWrapperState(
            time=state.time + 1,
            cell_state=next_cell_state,
            attention=attention,
            attention_state=self._item_or_tuple(next_states),
            alignments=self._item_or_tuple(alignments),
            alignment_history=self._item_or_tuple(next_histories),
        )
        return attention if self._output_attention else cell_output, state


def _mechanisms(given):
    """The mechanisms as a tuple; raises TypeError if one is none."""
    if not isinstance(given, list | tuple):
        if not isinstance(given, AttentionMechanism):
            raise TypeError("attention_mechanism must be an AttentionMechanism or list of multiple AttentionMechanism instances, "
                            "saw type: %s" % type(given).__name__)  # fmt: skip
        return (given,)
    for mechanism in given:
        if not isinstance(mechanism, AttentionMechanism):
            raise TypeError("attention_mechanism must contain only instances of AttentionMechanism, saw type: %s"
                            % type(mechanism).__name__)  # fmt: skip
    return given
