"""`tf.contrib.opt.MovingAverageOptimizer`: training whose checkpoints hold the averages of the variables."""

from ...core.export import export
from ...core.scopes import NOTHING, control_dependencies
from ...ops.flow import group
from ...saved.saver import Saver
from ...saved.saver_saveables import op_list_to_dict
from ...training.moving_averages import ExponentialMovingAverage
from ...training.optimizer import Optimizer
from ...variables.listing import global_variables
from ...variables.partitioned import PartitionedVariable


@export("contrib.opt.MovingAverageOptimizer")
class MovingAverageOptimizer(Optimizer):
    """Trains with another optimizer, and averages the variables; its saver saves averages under the names of the variables.

    So whoever evaluates with an ordinary saver gets the averages.

    Args:
      opt: the optimizer that changes the variables.
      average_decay: how slowly averages move.
      num_updates: see `tf.train.ExponentialMovingAverage`.
      sequential_update: whether averages are updated after the variables, or at any time.
    """

    def __init__(self, opt, average_decay=0.9999, num_updates=None, sequential_update=True):
        self._optimizer = opt
        self._ema = ExponentialMovingAverage(average_decay, num_updates=num_updates)
        self._swapped_variable_name_map = None  # the name of a variable -> that of its average, and back
        self._sequential_update = sequential_update

    def compute_gradients(self, *args, **kwargs):
        """As that of the optimizer."""
        return self._optimizer.compute_gradients(*args, **kwargs)

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        """The operation that changes the variables and their averages; see `tf.train.Optimizer`."""
        pairs = list(grads_and_vars)
        train_op = self._optimizer.apply_gradients(pairs, global_step=global_step, name=name)
        var_list = [v for g, v in pairs if g is not None]
        with control_dependencies([train_op]) if self._sequential_update else NOTHING:
            averaged = self._ema.apply(var_list)
        self._swapped_variable_name_map = {}
        for v in var_list:
            names = v.op.name, self._ema.average(v).op.name
            self._swapped_variable_name_map.update([names, names[::-1]])
        return group(train_op, averaged, name="train_with_avg")

    def swapping_saver(self, var_list=None, name="swapping_saver", **kwargs):
        """The saver to train with: it saves averages under the names of variables, and the variables under those of averages.

        Args:
          var_list: what to save, as for `tf.train.Saver`; by default all variables that there are.
          name: the saver's name.
          **kwargs: what else the saver is given.

        Raises:
          RuntimeError: the optimizer was not used yet.
          ValueError: a variable is to be saved without its average.
        """
        if self._swapped_variable_name_map is None:
            raise RuntimeError("Must call apply_gradients or minimize before creating the swapping_saver")
        var_list = global_variables() if var_list is None else var_list
        if not isinstance(var_list, dict):
            var_list = op_list_to_dict(var_list)
        by_name = {}
        for key, found in var_list.items():
            if isinstance(found, list | PartitionedVariable):
                by_name.update({v.op.name: v for v in found})
            else:
                by_name[key] = found

        def swapped(key, variable):
            other = self._swapped_variable_name_map.get(key)
            if other is not None and other not in by_name:
                raise ValueError(
                    "Variable to swap %s is not part of variables to save. This breaks MovingAverageOptimizer." % other
                )
            return variable if other is None else by_name[other]

        return Saver(
            {
                key: [swapped(v.op.name, v) for v in found] if isinstance(found, list) else swapped(key, found)
                for key, found in var_list.items()
            },
            name=name,
            **kwargs,
        )
