"""`tf.contrib.recurrent`: what `dynamic_rnn` computes, by TensorFlow's other kind of loop; here it is the same loop."""

from ..core import nest
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..rnn.dynamic import dynamic_rnn
from ..variables.scope import variable_scope

_MODULE = "contrib.recurrent.python.ops.functional_rnn."


def _swapped(x):
    return registry["Transpose"](convert(x), [1, 0, 2])


@export(_MODULE + "functional_rnn")
def functional_rnn(cell, inputs, sequence_length=None, initial_state=None, dtype=None, time_major=False, scope=None, use_tpu=False,
                   reverse=False):  # fmt: skip
    """As `tf.nn.dynamic_rnn`.

    Args:
      cell, inputs, sequence_length, initial_state, dtype, time_major, scope: as of `tf.nn.dynamic_rnn`.
      use_tpu: has no effect.
      reverse: whether the last step comes first; then steps past the end of a sequence count, up to the longest sequence.

    Returns:
      The outputs, zero past the end of each sequence, and the last state.
    """
    scope = scope or "rnn"
    if not reverse:
        return dynamic_rnn(cell, inputs, sequence_length, initial_state, dtype, time_major=time_major, scope=scope)
    if not time_major:
        inputs = nest.map_structure(_swapped, inputs)
    length = registry["Shape"](convert(nest.flatten(inputs)[0]))[0]
    longest = length if sequence_length is None else registry["Max"](registry["Cast"](convert(sequence_length), DstT="int32"), 0)
    inputs = nest.map_structure(lambda x: registry["ReverseV2"](convert(x)[:longest], [0]), inputs)
    outputs, state = dynamic_rnn(cell, inputs, None, initial_state, dtype, time_major=True, scope=scope)
    outputs = registry["ReverseV2"](outputs, [0])
    if sequence_length is not None:
        steps = registry["Range"](0, longest, 1)
        is_inside = registry["Less"](steps[:, None], registry["Cast"](convert(sequence_length), DstT="int32")[None, :])
        outputs = outputs * registry["Cast"](is_inside, DstT=outputs.dtype)[:, :, None]
        outputs = registry["Pad"](outputs, [[0, length - longest], [0, 0], [0, 0]])
    return (outputs if time_major else _swapped(outputs)), state


@export(_MODULE + "bidirectional_functional_rnn")
def bidirectional_functional_rnn(
    cell_fw, cell_bw, inputs, initial_state_fw=None, initial_state_bw=None, dtype=None, sequence_length=None, time_major=False,
    use_tpu=False, fast_reverse=False, scope=None,
):  # fmt: skip
    """As `tf.nn.bidirectional_dynamic_rnn`.

    Args:
      cell_fw, cell_bw, inputs, initial_state_fw, initial_state_bw, dtype, sequence_length, time_major, scope: as of
        `tf.nn.bidirectional_dynamic_rnn`.
      use_tpu: has no effect.
      fast_reverse: whether the backward network begins at the end of the longest sequence, not at that of each.

    Returns:
      The pair of outputs and the pair of last states, forward and backward.
    """
    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as inner:
            forward = functional_rnn(cell_fw, inputs, sequence_length, initial_state_fw, dtype, time_major, inner)
        along, batch = (0, 1) if time_major else (1, 0)

        def turned(x):
            if sequence_length is None:
                return registry["ReverseV2"](convert(x), [along])
            return registry["ReverseSequence"](convert(x), sequence_length, seq_dim=along, batch_dim=batch)

        with variable_scope("bw") as inner:
            inputs = inputs if fast_reverse else nest.map_structure(turned, inputs)
            outputs, state = functional_rnn(cell_bw, inputs, sequence_length, initial_state_bw, dtype, time_major, inner,
                                            reverse=fast_reverse)  # fmt: skip
    return (forward[0], outputs if fast_reverse else turned(outputs)), (forward[1], state)
