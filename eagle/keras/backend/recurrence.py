"""`rnn`: a function of steps, run along the time."""

from ...core import nest
from ...core.export import export, public as tf
from ...core.tensor import Tensor


def _swapped(x):
    axes = list(range(len(x.shape)))
    axes[0], axes[1] = 1, 0
    return tf.transpose(x, axes)


def _spread(mask, like, fixed=1):
    """A mask of the shape of a tensor."""
    for _ in range(len(like.shape) - len(mask.shape)):
        mask = tf.expand_dims(mask, -1)
    return tf.tile(mask, [1] * fixed + like.shape.as_list()[fixed:])


@export("keras.backend.rnn")
def rnn(step_function, inputs, initial_states, go_backwards=False, mask=None, constants=None, unroll=False, input_length=None,
        time_major=False, zero_output_for_mask=False):  # fmt: skip
    """Runs a function along the time.

    Args:
      step_function: a function of the input of a step and a list of states and constants, that gives the output and new states.
      inputs: a structure of tensors of shape [batch, time, ...].
      initial_states: a list of tensors.
      go_backwards: whether it begins at the end.
      mask: which steps count, a tensor of shape [batch, time] or [batch, time, 1]; others keep output and states.
      constants: what each step gets too.
      unroll: whether there is no loop but a copy of the function for each step.
      input_length: at most how many steps there are.
      time_major: whether time is the first dimension.
      zero_output_for_mask: whether steps that don't count give zeros.

    Returns: the last output, all outputs, and the last states.

    Raises:
      ValueError: the number of steps must be known and is not, or there is a mask and no state.
    """
    if not time_major:
        inputs = nest.map_structure(_swapped, inputs)
    flat = nest.flatten(inputs)
    steps, batch = flat[0].shape[0], flat[0].shape[1]
    for x in flat:
        x.shape.with_rank_at_least(3)
    count = tf.shape(flat[0])[0]
    if mask is not None:
        mask = tf.cast(mask, tf.bool) if mask.dtype != tf.bool else mask
        if len(mask.shape) == 2:
            mask = tf.expand_dims(mask, -1)
        if not time_major:
            mask = _swapped(mask)
    constants = tuple(constants or ())

    def step(x, states):
        return step_function(x, tuple(states) + constants)

    if unroll:
        if not steps:
            raise ValueError("Unrolling requires a fixed number of timesteps.")
        last, outputs, states = _unrolled(step, inputs, initial_states, go_backwards, mask, zero_output_for_mask)
    else:
        last, outputs, states = _looped(
            step, inputs, flat, initial_states, go_backwards, mask, zero_output_for_mask, count, input_length
        )

    def settled(x):
        if isinstance(x, Tensor) and not hasattr(x, "numpy"):
            x.set_shape([steps, batch, *x.shape.as_list()[2:]])
        return x if time_major else _swapped(x)

    return last, nest.map_structure(settled, outputs), states


def _unrolled(step, inputs, states, go_backwards, mask, zero_output_for_mask):
    def unstacked(x):
        parts = tf.unstack(x)
        return parts[::-1] if go_backwards else parts

    parts = [unstacked(x) for x in nest.flatten(inputs)]
    states = tuple(states)
    masks = None if mask is None else unstacked(mask)
    found = []
    for i in range(len(parts[0])):
        output, new_states = step(nest.pack_sequence_as(inputs, [p[i] for p in parts]), states)
        if masks is None:
            states = new_states
        else:
            previous = found[-1] if found else tf.zeros_like(output)
            output = tf.where(_spread(masks[i], output), output, previous)
            states = [tf.where(_spread(masks[i], new), new, old) for old, new in zip(states, new_states)]
        found.append(output)
    last, outputs = found[-1], tf.stack(found)
    if masks is not None and zero_output_for_mask:
        last = tf.where(_spread(masks[-1], last), last, tf.zeros_like(last))
        outputs = tf.where(_spread(mask, outputs, fixed=2), outputs, tf.zeros_like(outputs))
    return last, outputs, states


def _looped(step, inputs, flat, initial_states, go_backwards, mask, zero_output_for_mask, count, input_length):
    states = tuple(initial_states)
    arrays = [tf.TensorArray(dtype=x.dtype, size=count, tensor_array_name="input_ta_%s" % i) for i, x in enumerate(flat)]
    arrays = [a.unstack(tf.reverse(x, [0]) if go_backwards else x) for a, x in zip(arrays, flat)]
    first, _ = step(nest.pack_sequence_as(inputs, [x[0] for x in flat]), states)
    outputs = tuple(
        tf.TensorArray(dtype=x.dtype, size=count, element_shape=x.shape, tensor_array_name="output_ta_%s" % i)
        for i, x in enumerate(nest.flatten(first))
    )
    time = tf.constant(0, dtype="int32", name="time")
    options = {
        "cond": lambda time, *_: time < count,
        "maximum_iterations": input_length,
        "parallel_iterations": 32,
        "swap_memory": True,
    }

    def one(time, states):
        output, new_states = step(nest.pack_sequence_as(inputs, [a.read(time) for a in arrays]), states)
        for old, new in zip(nest.flatten(states), nest.flatten(new_states)):
            if isinstance(new, Tensor) and not hasattr(new, "numpy"):
                new.set_shape(old.shape)
        return output, new_states

    if mask is None:

        def body(time, arrays_, *states):
            output, new_states = one(time, states)
            arrays_ = tuple(a.write(time, x) for a, x in zip(arrays_, nest.flatten(output)))
            return (time + 1, arrays_, *nest.pack_sequence_as(initial_states, nest.flatten(new_states)))

        final = tf.while_loop(body=body, loop_vars=(time, outputs, *states), **options)
        outputs, states = final[1], final[2:]
    else:
        if not states:
            raise ValueError(
                "No initial states provided! When using masking in an RNN, you should provide initial states (and "
                "your step function "
                "should return as its first state at time `t` the output at time `t-1`)."
            )
        masks = tf.TensorArray(dtype=tf.bool, size=count, tensor_array_name="mask_ta").unstack(
            tf.reverse(mask, [0]) if go_backwards else mask
        )
        zeros = tuple(tf.zeros_like(x) for x in nest.flatten(first))

        def body(time, arrays_, previous, *states):
            mask_ = masks.read(time)
            output, new_states = one(time, states)
            others = zeros if zero_output_for_mask else nest.flatten(previous)
            output = tuple(tf.where(_spread(mask_, x), x, other) for x, other in zip(nest.flatten(output), others))
            new = [tf.where(_spread(mask_, old), x, old) for x, old in zip(nest.flatten(new_states), nest.flatten(states))]
            arrays_ = tuple(a.write(time, x) for a, x in zip(arrays_, output))
            return (time + 1, arrays_, output, *nest.pack_sequence_as(new_states, new))

        final = tf.while_loop(body=body, loop_vars=(time, outputs, zeros, *states), **options)
        outputs, states = final[1], final[3:]
    found = tuple(a.stack() for a in outputs)
    return nest.pack_sequence_as(first, [x[-1] for x in found]), nest.pack_sequence_as(first, found), states
