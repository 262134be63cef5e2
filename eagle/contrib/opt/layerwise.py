"""`tf.contrib.opt.LARSOptimizer` and `RegAdagradOptimizer`."""

import contextlib

from ...core.convert import convert
from ...core.dispatch import registry
from ...core.export import export, public as tf
from ...training.adagrad import AdagradOptimizer
from ...training.optimizer import Optimizer, cast


@export("contrib.opt.LARSOptimizer", "contrib.opt.python.training.lars_optimizer.LARSOptimizer")
class LARSOptimizer(Optimizer):
    """Momentum whose steps are in proportion to the norms of the variables (You et al., 2017).

    Args:
      learning_rate: a number, tensor or function that returns one.
      momentum: likewise, not negative.
      weight_decay: how much of a variable counts as part of its gradient's norm.
      eeta: the trust coefficient: the norm of a step over that of its variable.
      epsilon: added to the divisor.
      name: the name scope of the operations.
      skip_list: None, or parts of names of variables that just have momentum.
      use_nesterov: whether it is Nesterov's momentum.

    Raises:
      ValueError: `momentum` or `weight_decay` is negative.
    """

    def __init__(self, learning_rate, momentum=0.9, weight_decay=0.0001, eeta=0.001, epsilon=0.0, name="LARSOptimizer",
                 skip_list=None, use_nesterov=False):  # fmt: skip
        if momentum < 0.0:
            raise ValueError("momentum should be positive: %s" % momentum)
        if weight_decay < 0.0:
            raise ValueError("weight_decay should be positive: %s" % weight_decay)
        super().__init__(use_locking=False, name=name)
        self._learning_rate, self._momentum, self._weight_decay = learning_rate, momentum, weight_decay
        self._eeta, self._epsilon, self._skip_list, self._use_nesterov = eeta, epsilon, skip_list, use_nesterov

    def _create_slots(self, var_list):
        for v in var_list:
            self._zeros_slot(v, "momentum", self._name)

    def compute_lr(self, grad, var):
        """The learning rate for a variable with this gradient, and the gradient with the weight decay."""
        if self._skip_list is not None and any(part in var.name for part in self._skip_list):
            return self._learning_rate, grad
        size, slope = tf.norm(var, ord=2), tf.norm(grad, ord=2)
        has_size = tf.greater(size, 0)
        trust = self._eeta * size / (slope + self._weight_decay * size + self._epsilon)
        rate = self._learning_rate * tf.where(has_size, tf.where(tf.greater(slope, 0), trust, 1.0), 1.0)
        return rate, grad + self._weight_decay * var

    def _prepare(self):
        self._learning_rate_tensor = convert(self._call_if_callable(self._learning_rate), name="learning_rate")
        self._momentum_tensor = convert(self._call_if_callable(self._momentum), name="momentum")

    def _apply_dense(self, grad, var):
        return self._scaled("ApplyMomentum", var, self.get_slot(var, "momentum"), grad, var)

    def _resource_apply_dense(self, grad, var):
        return self._scaled("ResourceApplyMomentum", var.handle, self.get_slot(var, "momentum").handle, grad, var)

    def _scaled(self, op, target, momentum, grad, var):
        """A step of momentum with the gradient times the learning rate."""
        rate, grad = self.compute_lr(grad, var)
        one = tf.cast(1.0, var.dtype.base_dtype)
        return registry[op](target, momentum, one, grad * rate, self._momentum, use_locking=False, use_nesterov=self._use_nesterov)

    def _numbers_of(self, dtype):
        return cast(self._learning_rate_tensor, dtype), cast(self._momentum_tensor, dtype)

    def _apply_sparse(self, grad, var):
        rate, momentum = self._numbers_of(var.dtype.base_dtype)
        return registry["SparseApplyMomentum"](var, self.get_slot(var, "momentum"), rate, grad.values, grad.indices, momentum,
                                               use_locking=self._use_locking, use_nesterov=self._use_nesterov).op  # fmt: skip

    def _resource_apply_sparse(self, grad, var, indices):
        rate, momentum = self._numbers_of(grad.dtype)
        return registry["ResourceSparseApplyMomentum"](
            var.handle, self.get_slot(var, "momentum").handle, rate, grad, indices, momentum, use_locking=self._use_locking,
            use_nesterov=self._use_nesterov)  # fmt: skip


@export("contrib.opt.RegAdagradOptimizer", "contrib.opt.python.training.reg_adagrad_optimizer.RegAdagradOptimizer")
class RegAdagradOptimizer(AdagradOptimizer):
    """Adagrad whose sums of squares can be left as they are, for gradients of regularizers.

    Args:
      learning_rate, initial_accumulator_value, use_locking, name: as of `tf.train.AdagradOptimizer`.
    """

    def __init__(self, learning_rate, initial_accumulator_value=0.1, use_locking=False, name="RegAdagrad"):
        super().__init__(learning_rate, initial_accumulator_value=initial_accumulator_value, use_locking=use_locking, name=name)
        self._should_update_slots = True

    @contextlib.contextmanager
    def avoid_updating_slots(self):
        """A context manager in which gradients are applied without being summed up."""
        before, self._should_update_slots = self._should_update_slots, False
        try:
            yield
        finally:
            self._should_update_slots = before

    def _attributes(self):
        return {"update_slots": self._should_update_slots}
