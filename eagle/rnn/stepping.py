"""What running a cell over time needs: sizes of batches, steps that stop at the end of a sequence, turning sequences round."""

from ..core import nest, shape as shapes
from ..core.context import here
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.scopes import colocate_with
from ..core.shape import TensorShape
from ..core.static_values import constant_value
from ..core.tensor import Tensor
from ..keras.engine.base_layer import Layer
from ..ops.cond import cond
from ..ops.filling import range_, zeros
from ..ops.joining import concat, stack
from ..ops.rearranging import reverse_sequence
from ..ops.shaping import rank, shape as shape_of
from ..ops.splitting import unstack
from ..ops.tensor_arrays import TensorArray
from ..ops.transposing import transpose
from ..ops.where import where
from ..ops.while_loop import is_in_loop
from .cell import RNNCell, concat_sizes


@export("contrib.rnn.transpose_batch_time", "python.ops.rnn._transpose_batch_time")
def transpose_batch_time(x):
    """A tensor with its first two dimensions, those of the batch and of time, swapped; one of a lower rank as it is."""
    shape = x._shape
    if shape is not None and len(shape) < 2:
        return x
    if here.eager:
        return transpose(x, (1, 0, *range(2, len(shape))))
    swapped = transpose(x, concat(([1, 0], range_(2, rank(x))), axis=0))
    if shape is not None:
        swapped.set_shape((shape[1], shape[0], *shape[2:]))
    return swapped


@export("contrib.rnn.best_effort_input_batch_size", "python.ops.rnn._best_effort_input_batch_size")
def best_effort_input_batch_size(flat_input):
    """The size of the batch of tensors of the shape `[time, batch, ...]`: an int if it is known, else a tensor.

    Raises:
      ValueError: an input has a rank below 2.
    """
    for x in flat_input:
        if x._shape is None:
            continue
        if len(x._shape) < 2:
            raise ValueError("Expected input tensor %s to have rank at least 2" % x)
        if x._shape[1] is not None:
            return x._shape[1]
    return shape_of(flat_input[0])[1]


def state_dtype(explicit, state):
    """The type of a state: the given one, or that of all its tensors.

    Raises:
      ValueError: there are no tensors, or types differ.
    """
    if explicit is not None:
        return explicit
    if not nest.is_sequence(state):
        return state.dtype
    types = [t.dtype for t in nest.flatten(state)]
    if not types:
        raise ValueError("Unable to infer dtype from empty state.")
    if any(t != types[0] for t in types):
        raise ValueError("State has tensors of different inferred_dtypes. Unable to infer a single representative dtype.")
    return types[0]


def initial_state_of(cell, batch_size, dtype):
    """The state with which a cell begins if none is given."""
    if getattr(cell, "get_initial_state", None) is not None:
        return cell.get_initial_state(inputs=None, batch_size=batch_size, dtype=dtype)
    return cell.zero_state(batch_size, dtype)


def cache_on_devices(scope):
    """Lets variables of a scope be cached where they are used; not in loops, whose turns TensorFlow lets read them."""
    if not here.eager and not is_in_loop(get_default_graph()) and scope.caching_device is None:
        scope.set_caching_device(lambda op: op.device)


def is_keras_cell(cell):
    """Whether a cell is one of Keras, whose states are lists even if they are single."""
    return isinstance(cell, Layer) and not isinstance(cell, RNNCell) and getattr(cell, "zero_state", None) is None


def static_sizes(size):
    """A size as a static shape; of one given by a tensor what is known."""
    if isinstance(size, Tensor):
        value = constant_value(size)
        return None if value is None else tuple(value.reshape(-1).tolist())
    return shapes.as_tuple(size)


def _past_end(finished, before, new):
    """The new value of a tensor, in rows that are finished the one before."""
    if isinstance(before, TensorArray) or before.shape.ndims == 0:
        return new
    with colocate_with(new):
        return where(finished, before, new)


def step(time, lengths, shortest, longest, zero_output, state, call_cell, always_calls=False):
    """One step of a cell: rows of a batch that are past their end have a zero output and keep their state.

    Args:
      time: the number of the step.
      lengths, shortest, longest: the lengths of the sequences, their minimum and maximum.
      zero_output: the output past the end, in its structure.
      state: the state before.
      call_cell: a function that gives output and new state of the cell.
      always_calls: whether to spare the conditions that skip the cell, or the choice, where all rows are past their end or none is.

    Returns:
      Output and new state.
    """
    flat_zero, flat_state = nest.flatten(zero_output), nest.flatten(state)
    finished = time >= lengths

    def called():
        output, new_state = call_cell()
        nest.assert_same_structure(zero_output, output)
        nest.assert_same_structure(state, new_state)
        return nest.flatten(output), nest.flatten(new_state)

    def chosen(output, new_state):
        return [_past_end(finished, z, o) for z, o in zip(flat_zero, output)] + [
            _past_end(finished, s, n) for s, n in zip(flat_state, new_state)
        ]

    def called_or_chosen():
        output, new_state = called()
        return cond(time < shortest, lambda: output + new_state, lambda: chosen(output, new_state))

    if always_calls:
        result = chosen(*called())
    else:
        result = cond(time >= longest, lambda: flat_zero + flat_state, called_or_chosen)
    for t, before in zip(result, flat_zero + flat_state):
        if not isinstance(t, TensorArray):
            t.set_shape(before.get_shape())
    count = len(flat_zero)
    return nest.pack_sequence_as(zero_output, result[:count]), nest.pack_sequence_as(state, result[count:])


def zero_output(batch_size, size, dtype):
    """A zero output of a cell."""
    sizes = concat_sizes(batch_size, size)
    return zeros(sizes if here.eager else stack(sizes), dtype)


def reverse_list(inputs, lengths):
    """A list of inputs, one for each step, the other way round, each row of the batch up to its length."""
    if lengths is None:
        return list(reversed(inputs))
    flat = [nest.flatten(x) for x in inputs]
    results = [[] for _ in inputs]
    for column in zip(*flat):
        shape = TensorShape(None if column[0]._shape is None else [None] * len(column[0]._shape))
        for x in column:
            shape.merge_with(x.get_shape())
            x.set_shape(shape)
        for row, kept in zip(unstack(reverse_sequence(stack(column), lengths, 0, 1)), results):
            row.set_shape(shape)
            kept.append(row)
    return [nest.pack_sequence_as(x, row) for x, row in zip(inputs, results)]
