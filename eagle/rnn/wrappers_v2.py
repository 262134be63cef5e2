"""Cells of Keras around cells: version 2 of the wrappers."""

from ..core.export import export
from ..keras.layers.finding import deserialize
from ..keras.layers.recurrent import AbstractRNNCell
from .wrappers import AddingInput, CellAround, Dropping, OnDevice


class RNNCellWrapperV2(CellAround, AbstractRNNCell):
    """A cell of Keras around another cell; its variables are those of the cell inside.

    Args:
      cell: the cell inside.
    """

    def __init__(self, cell, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.cell = cell

    def call(self, inputs, state, **kwargs):
        """The output and the new state of a step; the cell inside has its variables already.

        Args:
          inputs: the input of the cell inside.
          state: its state, a tensor or a structure of tensors.
          **kwargs: as the `call` of the cell inside takes.
        """
        return self._call_wrapped_cell(inputs, state, cell_call_fn=self.cell.call, **kwargs)

    def build(self, inputs_shape):
        """Makes the variables of the cell inside."""
        self.cell.build(inputs_shape)
        self.built = True

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The wrapper of a configuration; `custom_objects` names classes and functions of the program."""
        config = dict(config)
        cell = deserialize(config.pop("cell"), custom_objects=custom_objects)
        cls._restore_functions(config, custom_objects)
        return cls(cell, **config)


@export("compat.v2.nn.RNNCellDropoutWrapper")
class DropoutWrapper(Dropping, RNNCellWrapperV2):
    """A cell of Keras whose input, output and state are dropped with some probability; see `tf.nn.rnn_cell.DropoutWrapper`."""


@export("compat.v2.nn.RNNCellResidualWrapper")
class ResidualWrapper(AddingInput, RNNCellWrapperV2):
    """A cell of Keras whose input is added to its output; see `tf.nn.rnn_cell.ResidualWrapper`."""


@export("compat.v2.nn.RNNCellDeviceWrapper")
class DeviceWrapper(OnDevice, RNNCellWrapperV2):
    """A cell of Keras that runs on a device; see `tf.nn.rnn_cell.DeviceWrapper`."""
