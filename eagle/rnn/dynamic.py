"""Running cells over time in a loop: `tf.nn.dynamic_rnn`, `tf.nn.bidirectional_dynamic_rnn`, `tf.nn.raw_rnn`."""

from ..core import dtypes, nest, shape as shapes
from ..core.context import here
from ..core.convert import constant, convert
from ..core.export import export
from ..core.scopes import colocate_with, control_dependencies, name_scope
from ..core.shape import TensorShape
from ..ops.binary import maximum, minimum
from ..ops.cast import cast
from ..ops.comparison import equal, logical_not, logical_or
from ..ops.filling import zeros
from ..ops.joining import stack
from ..ops.passing import identity
from ..ops.printing import Assert
from ..ops.rearranging import reverse, reverse_sequence
from ..ops.reduce import reduce_all, reduce_max, reduce_min
from ..ops.shaping import shape as shape_of
from ..ops.splitting import unstack
from ..ops.tensor_arrays import TensorArray
from ..ops.where import where
from ..ops.while_loop import while_loop
from ..variables.scope import variable_scope
from .cell import assert_like_rnncell, concat_sizes
from .stepping import (
    best_effort_input_batch_size,
    cache_on_devices,
    initial_state_of,
    is_keras_cell,
    state_dtype,
    static_sizes,
    step,
    transpose_batch_time,
    zero_output as zero_output_of,
)


@export("nn.dynamic_rnn")
def dynamic_rnn(cell, inputs, sequence_length=None, initial_state=None, dtype=None, parallel_iterations=None, swap_memory=False,
                time_major=False, scope=None):  # fmt: skip
    """Runs a cell over time, for as many steps as the inputs have.

    Args:
      cell: the cell.
      inputs: a tensor of the shape `[batch_size, max_time, ...]`, with `time_major` `[max_time, batch_size, ...]`, or a
        structure of such tensors.
      sequence_length: an int vector with the length of each row of the batch: past it outputs are zero and the state stays.
      initial_state: the state to begin with; by default that of zeros.
      dtype: the type of states and outputs; required if there is no `initial_state`.
      parallel_iterations: how many steps may overlap; 32 by default.
      swap_memory: whether TensorFlow may move values to the host's memory, where they are here anyway.
      time_major: whether time is the first dimension of inputs and outputs.
      scope: a variable scope, or its name; by default "rnn".

    Returns:
      The outputs, in the structure of `cell.output_size`, of the shapes `[batch_size, max_time, size]` (`time_major`: the other way
      round), and the last state.

    Raises:
      TypeError: `cell` is no cell.
      ValueError: neither `initial_state` nor `dtype` is given, a size of the inputs is unknown, or sizes differ.
    """
    assert_like_rnncell("cell", cell)
    with variable_scope(scope or "rnn") as opened:
        cache_on_devices(opened)
        flat_input = nest.flatten(inputs)
        if not time_major:
            flat_input = [convert(x) for x in flat_input]
            flat_input = [transpose_batch_time(x) for x in flat_input]
        if sequence_length is not None:
            sequence_length = cast(sequence_length, dtypes.int32)
            if sequence_length.get_shape().ndims not in (None, 1):
                raise ValueError("sequence_length must be a vector of length batch_size, but saw shape: %s"
                                 % sequence_length.get_shape())  # fmt: skip
            sequence_length = identity(sequence_length, name="sequence_length")
        batch_size = best_effort_input_batch_size(flat_input)
        state = initial_state
        if state is None:
            if not dtype:
                raise ValueError("If there is no initial_state, you must give a dtype.")
            state = initial_state_of(cell, batch_size, dtype)
        if not here.eager and sequence_length is not None:
            with control_dependencies([_assert_shape(sequence_length, [batch_size])]):
                sequence_length = identity(sequence_length, name="CheckSeqLen")
        inputs = nest.pack_sequence_as(inputs, flat_input)
        run = _run_eagerly if here.eager else _run_in_graph
        outputs, state = run(cell, inputs, state, parallel_iterations or 32, swap_memory, sequence_length, dtype)
        if not time_major:
            outputs = nest.map_structure(transpose_batch_time, outputs)
        return outputs, state


def _assert_shape(x, shape):
    have, wanted = shape_of(x), stack(shape)
    return Assert(reduce_all(equal(have, wanted)), ["Expected shape for Tensor %s is " % x.name, wanted, " but saw shape: ", have])


def _checked_shapes(flat_input):
    """The static shapes of inputs, of which the sizes behind batch and time must be known, and those must agree."""
    found = [x.get_shape().with_rank_at_least(3) for x in flat_input]
    time, batch = found[0].as_list()[:2]
    for shape in found:
        if not shape[2:].is_fully_defined():
            raise ValueError("Input size (depth of inputs) must be accessible via shape inference, but saw value None.")
        if shape.as_list()[0] != time:
            raise ValueError("Time steps is not the same for all the elements in the input in a batch.")
        if shape.as_list()[1] != batch:
            raise ValueError("Batch_size is not the same for all the elements in the input.")
    return found


def _caller(cell):
    """A function that calls a cell; one of Keras with its state in a list."""
    if not is_keras_cell(cell):
        return cell

    def call(inputs, state):
        output, new_state = cell(inputs, state if nest.is_sequence(state) else [state])
        return output, new_state[0] if len(new_state) == 1 else new_state

    return call


def _run_eagerly(cell, inputs, state, parallel_iterations, swap_memory, sequence_length, dtype):
    """The steps one after the other; outputs and last state."""
    flat_input = [convert(x) for x in nest.flatten(inputs)]
    _checked_shapes(flat_input)
    steps, batch_size = flat_input[0]._v.shape[:2]
    call, zero = _caller(cell), None
    if sequence_length is not None:
        kind = state_dtype(dtype, state)
        zero = nest.map_structure(lambda size: zero_output_of(batch_size, size, kind), cell.output_size)
    rows = [unstack(x, steps) for x in flat_input]
    outputs = []
    for time in range(steps):
        current = nest.pack_sequence_as(inputs, [r[time] for r in rows])
        if sequence_length is None:
            output, state = call(current, state)
        else:
            output, state = step(time, sequence_length, None, None, zero, state, lambda: call(current, state), always_calls=True)
        outputs.append(nest.flatten(output))
    if not outputs:
        kind = state_dtype(dtype, state)
        stacked = [zeros([0, batch_size, *shapes.as_tuple(s)], kind) for s in nest.flatten(cell.output_size)]
    else:
        stacked = [stack(column) for column in zip(*outputs)]
    return nest.pack_sequence_as(cell.output_size, stacked), state


def _run_in_graph(cell, inputs, state, parallel_iterations, swap_memory, sequence_length, dtype):
    """A loop over the steps; outputs and last state."""
    flat_input, flat_sizes = nest.flatten(inputs), nest.flatten(cell.output_size)
    steps = shape_of(flat_input[0])[0]
    batch_size = best_effort_input_batch_size(flat_input)
    input_shapes = _checked_shapes(flat_input)
    known_steps, known_batch = input_shapes[0].as_list()[:2]
    kind = state_dtype(dtype, state)
    zero = nest.pack_sequence_as(cell.output_size, [zero_output_of(batch_size, size, kind) for size in flat_sizes])
    longest = steps
    if sequence_length is not None:
        reduce_min(sequence_length)  # TensorFlow adds it, too
        longest = reduce_max(sequence_length)
    time = constant(0, dtype=dtypes.int32, name="time")
    with name_scope("dynamic_rnn") as base_name:
        pass

    def array(name, element_shape, dtype):
        return TensorArray(dtype, size=steps, element_shape=element_shape, tensor_array_name=base_name + name)

    output_arrays = tuple(
        array("output_%d" % i, TensorShape([known_batch]).concatenate(static_sizes(size)), kind)
        for i, size in enumerate(flat_sizes)
    )
    input_arrays = [array("input_%d" % i, x.shape[1:], x.dtype) for i, x in enumerate(flat_input)]
    input_arrays = [a.unstack(x) for a, x in zip(input_arrays, flat_input)]
    call = _caller(cell)

    def take_step(time, arrays, state):
        rows = [a.read(time) for a in input_arrays]
        for row, shape in zip(rows, input_shapes):
            row.set_shape(shape[1:])
        current = nest.pack_sequence_as(inputs, rows)
        if sequence_length is None:
            output, new_state = call(current, state)
        else:
            output, new_state = step(time, sequence_length, None, longest, zero, state, lambda: call(current, state), True)
        return time + 1, tuple(a.write(time, out) for a, out in zip(arrays, nest.flatten(output))), new_state

    bound = minimum(steps, maximum(1, longest))
    _, arrays, state = while_loop(
        cond=lambda time, *_: time < bound,
        body=take_step,
        loop_vars=(time, output_arrays, state),
        parallel_iterations=parallel_iterations,
        maximum_iterations=steps,
        swap_memory=swap_memory,
    )
    outputs = [a.stack() for a in arrays]
    for output, size in zip(outputs, flat_sizes):
        output.set_shape(concat_sizes([known_steps, known_batch], size, static=True))
    return nest.pack_sequence_as(cell.output_size, outputs), state


@export("nn.bidirectional_dynamic_rnn")
def bidirectional_dynamic_rnn(cell_fw, cell_bw, inputs, sequence_length=None, initial_state_fw=None, initial_state_bw=None,
                              dtype=None, parallel_iterations=None, swap_memory=False, time_major=False, scope=None):  # fmt: skip
    """Runs one cell over time, and another one backwards.

    Args:
      cell_fw, cell_bw: the cells.
      inputs, sequence_length, dtype, parallel_iterations, swap_memory, time_major: as of `dynamic_rnn`.
      initial_state_fw, initial_state_bw: the states to begin with; by default those of zeros.
      scope: a variable scope, or its name; by default "bidirectional_rnn".

    Returns:
      The pair of the outputs of both cells, and that of their last states.

    Raises:
      TypeError: a cell is none.
      ValueError: as of `dynamic_rnn`.
    """
    assert_like_rnncell("cell_fw", cell_fw)
    assert_like_rnncell("cell_bw", cell_bw)
    settings = dict(sequence_length=sequence_length, dtype=dtype, parallel_iterations=parallel_iterations, swap_memory=swap_memory,
                    time_major=time_major)  # fmt: skip
    time_axis, batch_axis = (0, 1) if time_major else (1, 0)

    def turned(x):
        if sequence_length is None:
            return reverse(x, axis=[time_axis])
        return reverse_sequence(x, sequence_length, seq_axis=time_axis, batch_axis=batch_axis)

    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as opened:
            output_fw, state_fw = dynamic_rnn(cell_fw, inputs, initial_state=initial_state_fw, scope=opened, **settings)
        with variable_scope("bw") as opened:
            backwards = nest.map_structure(turned, inputs)
            output, state_bw = dynamic_rnn(cell_bw, backwards, initial_state=initial_state_bw, scope=opened, **settings)
    return (output_fw, nest.map_structure(turned, output)), (state_fw, state_bw)


@export("nn.raw_rnn")
def raw_rnn(cell, loop_fn, parallel_iterations=None, swap_memory=False, scope=None):
    """Runs a cell in a loop in which a function decides on inputs, states and the end.

    Args:
      cell: the cell.
      loop_fn: a function `(time, cell_output, cell_state, loop_state)` that returns `(finished, next_input, next_cell_state,
        emit_output, next_loop_state)`. `finished` is a bool for each row of the batch. At time 0 outputs and states are None; the
        function then gives the first state, and as `emit_output` something of the structure, shapes and types of what is to be
        emitted, or None if that is the cell's output. `next_loop_state` is whatever the function wants to keep, or None.
      parallel_iterations: how many steps may overlap; 32 by default.
      swap_memory: whether TensorFlow may move values to the host's memory, where they are here anyway.
      scope: a variable scope, or its name; by default "rnn".

    Returns:
      A structure of `TensorArray`s of what was emitted, the last state, and the last loop state.

    Raises:
      TypeError: `cell` is no cell, or `loop_fn` can't be called.
    """
    assert_like_rnncell("cell", cell)
    if not callable(loop_fn):
        raise TypeError("loop_fn must be a callable")
    with variable_scope(scope or "rnn") as opened:
        cache_on_devices(opened)
        time = constant(0, dtype=dtypes.int32)
        finished, next_input, state, emitted, first_loop_state = loop_fn(time, None, None, None)
        loop_state = constant(0, dtype=dtypes.int32) if first_loop_state is None else first_loop_state
        batch_size, known_batch = _batch_of(nest.flatten(next_input))
        nest.assert_same_structure(state, cell.state_size)
        state = nest.map_structure(convert, state)
        emitted, sizes, types = _emission(emitted, cell, nest.flatten(state)[0].dtype)
        arrays = [
            TensorArray(t, size=0, dynamic_size=True, name="rnn_output_%d" % i,
                        element_shape=TensorShape([known_batch]).concatenate(static_sizes(s)))
            for i, (t, s) in enumerate(zip(types, sizes))
        ]  # fmt: skip
        zero = nest.pack_sequence_as(emitted, [zeros(concat_sizes(batch_size, s), t) for s, t in zip(sizes, types)])

        def take_step(time, finished, current_input, arrays, state, loop_state):
            output, cell_state = cell(current_input, state)
            nest.assert_same_structure(state, cell_state)
            nest.assert_same_structure(cell.output_size, output)
            next_time = time + 1
            next_finished, next_input, next_state, emit, next_loop_state = loop_fn(next_time, output, cell_state, loop_state)
            nest.assert_same_structure(state, next_state)
            nest.assert_same_structure(current_input, next_input)
            nest.assert_same_structure(arrays, emit)

            def chosen(before, new):
                if isinstance(before, TensorArray) or before.shape.ndims == 0:
                    return new
                with colocate_with(new):
                    return where(finished, before, new)

            emit = nest.map_structure(chosen, zero, emit)
            next_state = nest.map_structure(chosen, state, next_state)
            arrays = nest.map_structure(lambda a, e: a.write(time, e), arrays, emit)
            finished = logical_or(finished, next_finished)
            return next_time, finished, next_input, arrays, next_state, loop_state if next_loop_state is None else next_loop_state

        *_, arrays, state, loop_state = while_loop(
            lambda time, finished, *_: logical_not(reduce_all(finished)),
            take_step,
            loop_vars=[time, finished, next_input, nest.pack_sequence_as(emitted, arrays), state, loop_state],
            parallel_iterations=parallel_iterations or 32,
            swap_memory=swap_memory,
        )
        return arrays, state, None if first_loop_state is None else loop_state


def _batch_of(flat_input):
    """The size of the batch of tensors of the shape `[batch, ...]`, as an int if it is known, and what is known of it."""
    sizes = [TensorShape(x._shape).dims for x in flat_input]
    known = shapes.Dimension(None) if sizes[0] is None else sizes[0][0]
    for dims in sizes:
        if dims is not None:
            known.merge_with(dims[0])
    return shape_of(flat_input[0])[0] if known.value is None else known.value, known.value


def _emission(emitted, cell, dtype):
    """The structure of what a loop emits, its sizes without the batch, and types."""
    if emitted is None:
        sizes = nest.flatten(cell.output_size)
        return cell.output_size, sizes, [dtype] * len(sizes)
    flat = nest.flatten(emitted)
    return emitted, [e.shape if e.shape.is_fully_defined() else shape_of(e) for e in flat], [e.dtype for e in flat]
