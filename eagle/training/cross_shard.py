"""`tf.tpu.CrossShardOptimizer`: sums gradients over the shards of a TPU, of which there is one here."""

from ..core.export import export
from ..core.scopes import colocate_with
from ..ops.replicas import cross_replica_sum
from ..platform import tf_logging as logging
from .optimizer import Optimizer


@export("tpu.CrossShardOptimizer", "contrib.tpu.CrossShardOptimizer",
        "contrib.tpu.python.tpu.tpu_optimizer.CrossShardOptimizer")  # fmt: skip
class CrossShardOptimizer(Optimizer):
    """Sums gradients over the shards of a TPU before another optimizer applies them.

    Args:
      opt: the other optimizer.
      reduction: `"weighted_mean"` or `"weighted_sum"`.
      name: the name scope.
      group_assignment: the shards that are summed, a list of lists.

    Raises:
      ValueError: `reduction` is another one.
    """

    def __init__(self, opt, reduction="weighted_mean", name="CrossShardOptimizer", group_assignment=None):
        if reduction not in ("weighted_sum", "weighted_mean"):
            raise ValueError("Unsupported reduction: %s." % reduction)
        super().__init__(False, name)
        self._opt, self._reduction, self._group_assignment = opt, reduction, group_assignment

    def compute_gradients(self, loss, var_list=None, **kwargs):
        """The gradients, as the other optimizer computes them."""
        logging.warning(
            "CrossShardOptimizer should be used within a tpu_shard_context, but got unset number_of_shards. Assuming 1."
        )
        if self._group_assignment and sorted(i for group in self._group_assignment for i in group) != [0]:
            raise ValueError("group_assignment must be a permutation of range(1). Got group_assignment=%s" % self._group_assignment)
        return self._opt.compute_gradients(loss, var_list=var_list, **kwargs)

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        """Sums the gradients and lets the other optimizer apply them."""
        summed = []
        for grad, var in grads_and_vars:
            if grad is not None:
                with colocate_with(grad):
                    grad = cross_replica_sum(grad, self._group_assignment)
            summed.append((grad, var))
        return self._opt.apply_gradients(summed, global_step, name)

    def get_slot(self, *args, **kwargs):
        """The slot of the other optimizer."""
        return self._opt.get_slot(*args, **kwargs)

    def get_slot_names(self, *args, **kwargs):
        """The names of the other optimizer's slots."""
        return self._opt.get_slot_names(*args, **kwargs)

    def variables(self):
        """The other optimizer's variables."""
        return self._opt.variables()
