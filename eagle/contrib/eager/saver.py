"""`tf.contrib.eager.Saver`, and values of new variables out of checkpoints by their names."""

import contextlib

from ...core.context import here
from ...core.errors import NotFoundError
from ...core.export import export
from ...core.scopes import device
from ...saved import saver
from ...saved.checkpoint_utils import load_checkpoint
from ...variables.base import creation


@export("contrib.eager.Saver")
class Saver:
    """A `tf.train.Saver` for eager variables.

    Args:
      var_list: a list of variables, or a dictionary from the names that they get in a checkpoint.

    Raises:
      RuntimeError: it is made in a graph.
    """

    def __init__(self, var_list):
        if not here.eager:
            raise RuntimeError("tfe.Saver can only be used when eager execution is enabled. Use tf.train.Saver when building "
                               "graphs.")  # fmt: skip
        self._saver = saver.Saver(var_list=var_list)

    def save(self, file_prefix, global_step=None):
        """Saves the variables.

        Args:
          file_prefix: what the names of the files begin with.
          global_step: a number to put behind that: an int, a variable or a tensor.

        Returns:
          The name of the checkpoint.
        """
        with device("/device:CPU:0"):
            return self._saver.save(None, file_prefix, write_meta_graph=False, global_step=global_step)

    def restore(self, file_prefix):
        """Restores the variables from the checkpoint of a name."""
        with device("/device:CPU:0"):
            self._saver.restore(None, file_prefix)


@export("contrib.eager.restore_variables_on_create")
@contextlib.contextmanager
def restore_variables_on_create(save_path, map_func=None):
    """A context manager in which new variables get their values from a checkpoint.

    Args:
      save_path: the name of the checkpoint; None for none.
      map_func: a function from the name of a variable to that in the checkpoint; by default they are the same.

    Raises:
      NotFoundError: the checkpoint lacks a variable.
      ValueError: it is called in a graph, or `map_func` is no function.
    """
    if not here.eager:
        raise ValueError("Currently, restore_variables_on_create can only be used with eager execution enabled.")
    if not save_path:
        yield
        return
    if map_func is not None and not callable(map_func):
        raise ValueError("map_func must be callable.")
    reader, given = load_checkpoint(save_path), set()

    def restore(variable):
        name = variable._shared_name if map_func is None else map_func(variable._shared_name)
        if not reader.has_tensor(name):
            raise NotFoundError(None, None, "%s not found in checkpoint" % name)
        if name not in given:  # each value goes to one variable
            variable.assign(reader.get_tensor(name))
            given.add(name)

    before, creation.restore = creation.restore, restore
    try:
        yield
    finally:
        creation.restore = before
