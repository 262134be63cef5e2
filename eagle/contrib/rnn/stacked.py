"""Several layers that run in both directions."""

from ...core.export import export
from ...ops.joining import concat
from ...rnn.dynamic import bidirectional_dynamic_rnn
from ...rnn.static import static_bidirectional_rnn
from ...variables.scope import variable_scope


def _checked(cells_fw, cells_bw, states_fw, states_bw):
    """The layers, each a tuple of its cells and states; raises ValueError if lists are none or of different lengths."""
    for cells, kind in ((cells_fw, "fw"), (cells_bw, "bw")):
        if not cells:
            raise ValueError("Must specify at least one %s cell for BidirectionalRNN." % kind)
    for cells, name in ((cells_fw, "cells_fw"), (cells_bw, "cells_bw")):
        if not isinstance(cells, list):
            raise ValueError("%s must be a list of RNNCells (one per layer)." % name)
    if len(cells_fw) != len(cells_bw):
        raise ValueError("Forward and Backward cells must have the same depth.")
    for states, name in ((states_fw, "initial_states_fw"), (states_bw, "initial_states_bw")):
        if states is not None and not (isinstance(states, list) and len(states) == len(cells_fw)):
            raise ValueError("%s must be a list of state tensors (one per layer)." % name)
    none = [None] * len(cells_fw)
    return zip(cells_fw, cells_bw, states_fw or none, states_bw or none)


@export("contrib.rnn.stack_bidirectional_rnn")
def stack_bidirectional_rnn(cells_fw, cells_bw, inputs, initial_states_fw=None, initial_states_bw=None, dtype=None,
                            sequence_length=None, scope=None):  # fmt: skip
    """Runs layers of `static_bidirectional_rnn`, each on the outputs of the one before.

    Args:
      cells_fw, cells_bw: lists of the layers' cells.
      inputs, dtype, sequence_length: as of `static_bidirectional_rnn`.
      initial_states_fw, initial_states_bw: lists of the states to begin with; by default those of zeros.
      scope: a variable scope, or its name; by default "stack_bidirectional_rnn".

    Returns:
      The outputs of the last layer; the tuples of the layers' last states, forwards and backwards.

    Raises:
      ValueError: lists are none, empty, or of different lengths.
    """
    found = []
    layers = _checked(cells_fw, cells_bw, initial_states_fw, initial_states_bw)
    with variable_scope(scope or "stack_bidirectional_rnn"):
        for i, (fw, bw, state_fw, state_bw) in enumerate(layers):
            with variable_scope("cell_%d" % i) as opened:
                inputs, *states = static_bidirectional_rnn(fw, bw, inputs, initial_state_fw=state_fw, initial_state_bw=state_bw,
                                                           dtype=dtype, sequence_length=sequence_length, scope=opened)  # fmt: skip
            found.append(states)
    return inputs, *zip(*found)


@export("contrib.rnn.stack_bidirectional_dynamic_rnn")
def stack_bidirectional_dynamic_rnn(cells_fw, cells_bw, inputs, initial_states_fw=None, initial_states_bw=None, dtype=None,
                                    sequence_length=None, parallel_iterations=None, time_major=False, scope=None,
                                    swap_memory=False):  # fmt: skip
    """Runs layers of `bidirectional_dynamic_rnn`, each on the joined outputs of the one before.

    Args:
      cells_fw, cells_bw: lists of the layers' cells.
      inputs, dtype, sequence_length, parallel_iterations, time_major, swap_memory: as of `bidirectional_dynamic_rnn`.
      initial_states_fw, initial_states_bw: lists of the states to begin with; by default those of zeros.
      scope: a variable scope, or its name; by default "stack_bidirectional_rnn".

    Returns:
      The outputs of the last layer, those of both directions joined; the tuples of the layers' last states, forwards and backwards.

    Raises:
      ValueError: lists are none, empty, or of different lengths.
    """
    found = []
    layers = _checked(cells_fw, cells_bw, initial_states_fw, initial_states_bw)
    with variable_scope(scope or "stack_bidirectional_rnn"):
        for i, (fw, bw, state_fw, state_bw) in enumerate(layers):
            with variable_scope("cell_%d" % i):
                outputs, states = bidirectional_dynamic_rnn(
                    fw, bw, inputs, initial_state_fw=state_fw, initial_state_bw=state_bw, sequence_length=sequence_length,
                    parallel_iterations=parallel_iterations, dtype=dtype, swap_memory=swap_memory,
                    time_major=time_major)  # fmt: skip
                inputs = concat(outputs, 2)
            found.append(states)
    return inputs, *zip(*found)
