"""Fused cells, which run over all steps at once, made of cells and of each other."""

import abc

from ...core.export import export
from ...ops.joining import stack
from ...ops.rearranging import reverse, reverse_sequence
from ...ops.splitting import unstack
from ...rnn.dynamic import dynamic_rnn
from ...rnn.static import static_rnn


@export("contrib.rnn.FusedRNNCell")
class FusedRNNCell(metaclass=abc.ABCMeta):
    """The base of what runs over all steps at once."""

    @abc.abstractmethod
    def __call__(self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
        """Runs over the inputs.

        Args:
          inputs: a tensor of the shape `[time, batch_size, input_size]`, or a list of tensors, one for each step.
          initial_state: the state to begin with; by default that of zeros.
          dtype: the type of states and outputs; required if there is no `initial_state`.
          sequence_length: an int vector with the length of each row of the batch.
          scope: a variable scope, or its name.

        Returns:
          The outputs, a tensor or a list as the inputs, and the last state.
        """


@export("contrib.rnn.FusedRNNCellAdaptor")
class FusedRNNCellAdaptor(FusedRNNCell):
    """A fused cell that runs a cell step by step.

    Args:
      cell: the cell.
      use_dynamic_rnn: whether the steps are a loop (`dynamic_rnn`) rather than all in the graph (`static_rnn`).
    """

    def __init__(self, cell, use_dynamic_rnn=False):
        self._cell, self._use_dynamic_rnn = cell, use_dynamic_rnn

    def __call__(self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
        """Runs over the inputs; see `FusedRNNCell`."""
        is_list = isinstance(inputs, list)
        settings = dict(initial_state=initial_state, dtype=dtype, sequence_length=sequence_length, scope=scope)
        if self._use_dynamic_rnn:
            outputs, state = dynamic_rnn(self._cell, stack(inputs) if is_list else inputs, time_major=True, **settings)
            return unstack(outputs) if is_list else outputs, state
        outputs, state = static_rnn(self._cell, inputs if is_list else unstack(inputs), **settings)
        return outputs if is_list else stack(outputs), state


@export("contrib.rnn.TimeReversedFusedRNN")
class TimeReversedFusedRNN(FusedRNNCell):
    """A fused cell that runs another one backwards.

    Args:
      cell: the fused cell.
    """

    def __init__(self, cell):
        self._cell = cell

    def __call__(self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
        """Runs over the inputs; see `FusedRNNCell`."""
        outputs, state = self._cell(_turned(inputs, sequence_length), initial_state=initial_state, dtype=dtype,
                                    sequence_length=sequence_length, scope=scope)  # fmt: skip
        return _turned(outputs, sequence_length), state


def _turned(x, lengths):
    if isinstance(x, list):
        return list(reversed(x))
    return reverse(x, [0]) if lengths is None else reverse_sequence(x, lengths, 0, 1)
