"""Running cells over time step by step: `tf.nn.static_rnn` and its sisters, which build every step in the graph."""

from ..core import dtypes, nest
from ..core.convert import convert
from ..core.export import export
from ..core.scopes import control_dependencies
from ..ops.cast import cast
from ..ops.joining import concat
from ..ops.passing import identity
from ..ops.reduce import reduce_max, reduce_min
from ..ops.shaping import shape as shape_of
from ..variables.scope import variable_scope
from .cell import assert_like_rnncell, concat_sizes
from .stepping import (
    cache_on_devices,
    initial_state_of,
    is_keras_cell,
    reverse_list,
    state_dtype,
    step,
    zero_output as zero_output_of,
)


def _check_list(inputs):
    if not nest.is_sequence(inputs):
        raise TypeError("inputs must be a sequence")
    if not inputs:
        raise ValueError("inputs must not be empty")


@export("nn.static_rnn", "contrib.rnn.static_rnn")
def static_rnn(cell, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
    """Runs a cell over a list of inputs.

    Args:
      cell: the cell.
      inputs: a list with a tensor of the shape `[batch_size, input_size]`, or a structure of such, for each step.
      initial_state: the state to begin with; by default that of zeros.
      dtype: the type of states and outputs; required if there is no `initial_state`.
      sequence_length: an int vector with the length of each row of the batch: past it outputs are zero and the state stays.
      scope: a variable scope, or its name; by default "rnn".

    Returns:
      The list of outputs, and the last state.

    Raises:
      TypeError: `cell` is no cell, or `inputs` no list.
      ValueError: there are no inputs, neither `initial_state` nor `dtype` is given, or a size of the inputs is unknown.
    """
    assert_like_rnncell("cell", cell)
    _check_list(inputs)
    outputs = []
    with variable_scope(scope or "rnn") as opened:
        cache_on_devices(opened)
        first, known_batch = _batch_of(inputs)
        batch_size = known_batch.value or shape_of(first)[0]
        state = initial_state
        if state is None:
            if not dtype:
                raise ValueError("If no initial_state is provided, dtype must be specified")
            state = initial_state_of(cell, batch_size, dtype)
        if sequence_length is not None:
            sequence_length = convert(sequence_length, name="sequence_length")
            if sequence_length.get_shape().ndims not in (None, 1):
                raise ValueError("sequence_length must be a vector of length batch_size")
            zero = _zero_outputs(cell, batch_size, known_batch, state_dtype(dtype, state))
            sequence_length = cast(sequence_length, dtypes.int32)
            shortest, longest = reduce_min(sequence_length), reduce_max(sequence_length)
        if is_keras_cell(cell) and not nest.is_sequence(state):
            state = [state]
        for time, x in enumerate(inputs):
            if time > 0:
                opened.reuse_variables()
            if sequence_length is None:
                output, state = cell(x, state)
            else:
                output, state = step(time, sequence_length, shortest, longest, zero, state, lambda: cell(x, state))
            outputs.append(output)
        if is_keras_cell(cell) and len(state) == 1:
            state = state[0]
        return outputs, state


def _batch_of(inputs):
    """The first tensor of the inputs, and the size of the batch as a `Dimension`."""
    first = inputs
    while nest.is_sequence(first):
        first = first[0]
    if first.get_shape().ndims == 1:
        return first, first.get_shape().dims[0]
    batch = first.get_shape().with_rank_at_least(2).dims[0]
    for x in nest.flatten(inputs):
        shape = x.get_shape().with_rank_at_least(2)
        batch.merge_with(shape.dims[0])
        for i, size in enumerate(shape.as_list()[1:]):
            if size is None:
                raise ValueError("Input size (dimension %d of inputs) must be accessible via shape inference, but saw value None."
                                 % i)  # fmt: skip
    return first, batch


def _zero_outputs(cell, batch_size, known_batch, dtype):
    """The outputs past the end, in the structure of the cell's output."""

    def zero(size):
        made = zero_output_of(batch_size, size, dtype)
        made.set_shape(concat_sizes(known_batch.value, size, static=True))
        return made

    return nest.map_structure(zero, cell.output_size)


@export("nn.static_state_saving_rnn", "contrib.rnn.static_state_saving_rnn")
def static_state_saving_rnn(cell, inputs, state_saver, state_name, sequence_length=None, scope=None):
    """As `static_rnn`, with the state taken from, and kept in, a state saver, so that long sequences can be cut into pieces.

    Args:
      cell, inputs, sequence_length, scope: as of `static_rnn`.
      state_saver: an object with methods `state(name)`, which gives a state, and `save_state(name, value)`, which gives an
        operation.
      state_name: the name of the state there, or a tuple of names if `cell.state_size` is a tuple.

    Returns:
      The list of outputs, of which the last waits until the states are saved, and the last state.

    Raises:
      TypeError, ValueError: as of `static_rnn`, or `state_name` does not fit the state.
    """
    state_size = cell.state_size
    is_tuple = nest.is_sequence(state_size)
    if is_tuple != nest.is_sequence(state_name):
        raise ValueError("state_name should be the same type as cell.state_size.  state_name: %s, cell.state_size: %s"
                         % (state_name, state_size))  # fmt: skip
    names, sizes = nest.flatten(state_name), nest.flatten(state_size)
    if len(names) != len(sizes):
        raise ValueError("#elems(state_name) != #elems(state_size): %d vs. %d" % (len(names), len(sizes)))
    initial = nest.pack_sequence_as(state_size, [state_saver.state(n) for n in names])
    outputs, state = static_rnn(cell, inputs, initial_state=initial, sequence_length=sequence_length, scope=scope)
    saved = [state_saver.save_state(n, s) for n, s in zip(names, nest.flatten(state))]
    with control_dependencies(saved):
        outputs[-1] = nest.map_structure(identity, outputs[-1])
        return outputs, nest.map_structure(identity, state)


@export("nn.static_bidirectional_rnn", "contrib.rnn.static_bidirectional_rnn")
def static_bidirectional_rnn(cell_fw, cell_bw, inputs, initial_state_fw=None, initial_state_bw=None, dtype=None,
                             sequence_length=None, scope=None):  # fmt: skip
    """Runs one cell over a list of inputs, and another one backwards.

    Args:
      cell_fw, cell_bw: the cells.
      inputs, dtype, sequence_length: as of `static_rnn`.
      initial_state_fw, initial_state_bw: the states to begin with; by default those of zeros.
      scope: a variable scope, or its name; by default "bidirectional_rnn".

    Returns:
      The list of outputs, those of both cells side by side; the last state of each cell.

    Raises:
      TypeError, ValueError: as of `static_rnn`.
    """
    assert_like_rnncell("cell_fw", cell_fw)
    assert_like_rnncell("cell_bw", cell_bw)
    _check_list(inputs)
    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as opened:
            output_fw, state_fw = static_rnn(cell_fw, inputs, initial_state_fw, dtype, sequence_length, scope=opened)
        with variable_scope("bw") as opened:
            backwards = reverse_list(inputs, sequence_length)
            output, state_bw = static_rnn(cell_bw, backwards, initial_state_bw, dtype, sequence_length, scope=opened)
    output_bw = reverse_list(output, sequence_length)
    joined = [concat([f, b], 1) for f, b in zip(nest.flatten(output_fw), nest.flatten(output_bw))]
    return nest.pack_sequence_as(output_fw, joined), state_fw, state_bw
