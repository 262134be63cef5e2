"""Kin of Adam: `tf.contrib.opt.AdaMaxOptimizer`, `NadamOptimizer`, `AdamGSOptimizer` and `LazyAdamGSOptimizer`."""

from ...core import dtypes
from ...core.context import here
from ...core.dispatch import registry
from ...core.export import export, public as tf
from ...core.graph import get_default_graph
from ...core.scopes import colocate_with, control_dependencies
from ...ops.flow import group
from ...training.adam import AdamOptimizer
from ...training.optimizer import cast
from ...variables.assigning import assign
from .lazy_adam import LazySlices


@export("contrib.opt.AdaMaxOptimizer", "contrib.opt.python.training.adamax.AdaMaxOptimizer")
class AdaMaxOptimizer(AdamOptimizer):
    """AdaMax (Kingma and Ba, 2015): Adam with a decaying maximum in the place of the root of the mean square.

    Args:
      learning_rate, beta1, beta2, epsilon, use_locking, name: as of `tf.train.AdamOptimizer`.
    """

    _formula = "AdaMax"

    def __init__(self, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-08, use_locking=False, name="AdaMax"):
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking, name)

    def _get_beta_accumulators(self):
        return self._get_non_slot_variable("beta1_power", graph=None if here.eager else get_default_graph())

    def _create_slots(self, var_list):
        first = min(var_list, key=lambda v: v.name)
        self._create_non_slot_variable(initial_value=self._beta1, name="beta1_power", colocate_with=first)
        for v in var_list:
            for name in self._slot_inputs:
                self._zeros_slot(v, name, self._name)

    def _number(self, name, var):
        if name == "beta1_power":
            return cast(self._get_beta_accumulators(), var.dtype.base_dtype)
        return super()._number(name, var)

    def _apply_sparse_shared(self, grad, var, indices, scatter_add, scatter_update):
        dtype = var.dtype.base_dtype
        power = cast(self._get_beta_accumulators(), dtype)
        lr, beta1, beta2, epsilon = [cast(t, dtype) for t in (self._lr_t, self._beta1_t, self._beta2_t, self._epsilon_t)]
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        m_slice = tf.gather(m, indices) * beta1 + grad * (1 - beta1)
        with control_dependencies([] if here.eager else [m_slice]):
            m_update = scatter_update(m, indices, m_slice)
        v_slice = tf.maximum(tf.gather(v, indices) * beta2, tf.abs(grad))
        with control_dependencies([] if here.eager else [v_slice]):
            v_update = scatter_update(v, indices, v_slice)
        step = -lr / (1 - power) * (m_slice / (v_slice + epsilon))
        with control_dependencies([] if here.eager else [step]):
            return group(scatter_add(var, indices, step), m_update, v_update)

    def _apply_sparse(self, grad, var):
        def scatter(name):
            return lambda x, i, v: registry[name](x, i, v, use_locking=self._use_locking)

        return self._apply_sparse_shared(grad.values, var, grad.indices, scatter("ScatterAdd"), scatter("ScatterUpdate"))

    def _resource_scatter_update(self, x, i, v):
        updated = registry["ResourceScatterUpdate"](x.handle, i, v)
        with control_dependencies([] if updated is None else [updated]):
            return x.value()

    def _resource_apply_sparse(self, grad, var, indices):
        return self._apply_sparse_shared(grad, var, indices, self._resource_scatter_add, self._resource_scatter_update)

    def _finish(self, update_ops, name_scope):
        power = self._get_beta_accumulators()
        if here.eager:
            power.assign(power * self._beta1_t)
            return None
        with control_dependencies(update_ops), colocate_with(power):
            update = power.assign(power * self._beta1_t, use_locking=self._use_locking)
        return group(*update_ops, update, name=name_scope)


@export("contrib.opt.NadamOptimizer", "contrib.opt.python.training.nadam_optimizer.NadamOptimizer")
class NadamOptimizer(AdamOptimizer):
    """Adam that steps by what the mean of the gradients will be: Nesterov's momentum (Dozat, 2016)."""

    def _attributes(self):
        return {"use_nesterov": True}

    def _apply_sparse_shared(self, grad, var, indices, scatter_add):
        dtype = var.dtype.base_dtype
        beta1_power, beta2_power = [cast(power, dtype) for power in self._get_beta_accumulators()]
        lr, beta1, beta2, epsilon = [cast(t, dtype) for t in (self._lr_t, self._beta1_t, self._beta2_t, self._epsilon_t)]
        rate = lr * tf.sqrt(1 - beta2_power) / (1 - beta1_power)
        m = self.get_slot(var, "m")
        scaled = grad * (1 - beta1)
        decayed = assign(m, m * beta1, use_locking=self._use_locking)
        with control_dependencies([] if here.eager else [decayed]):
            ahead = scaled + beta1 * tf.gather(scatter_add(m, indices, scaled), indices)
        v = self._decayed(var, "v", beta2, indices, lambda: grad * grad * (1 - beta2), scatter_add)
        root = tf.sqrt(tf.gather(v, indices))
        return group(scatter_add(var, indices, -rate * ahead / (root + epsilon)), ahead, v)


@export("contrib.opt.AdamGSOptimizer", "contrib.opt.python.training.adam_gs_optimizer.AdamGSOptimizer")
class AdamGSOptimizer(AdamOptimizer):
    """Adam that takes the number of steps from the global step, not from variables of its own.

    Args:
      global_step: the global step.
      learning_rate, beta1, beta2, epsilon, use_locking, name: as of `tf.train.AdamOptimizer`.
    """

    def __init__(self, global_step=0, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, use_locking=False, name="Adam"):
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking, name)
        self._global_step, self._global_step_on_worker = global_step, None

    def _get_beta_accumulators(self):
        return tf.pow(self._beta1_t, self._global_step_on_worker), tf.pow(self._beta2_t, self._global_step_on_worker)

    def _create_slots(self, var_list):
        for v in var_list:
            for name in self._slot_inputs:
                self._zeros_slot(v, name, self._name)

    def _prepare(self):
        super()._prepare()
        self._global_step_on_worker = tf.cast(tf.identity(self._global_step) + 1, dtypes.float32)

    def _apply(self, grad, var, indices=None):
        self._powers = self._get_beta_accumulators()
        self._values_of.clear()  # the powers are other ones each step
        return super()._apply(grad, var, indices)

    def _number(self, name, var):
        if name in ("beta1_power", "beta2_power"):
            return cast(self._powers[name == "beta2_power"], var.dtype.base_dtype)
        return super()._number(name, var)

    def _finish(self, update_ops, name_scope):
        return None if here.eager else group(*update_ops, name=name_scope)


@export("contrib.opt.LazyAdamGSOptimizer", "contrib.opt.python.training.lazy_adam_gs_optimizer.LazyAdamGSOptimizer")
class LazyAdamGSOptimizer(LazySlices, AdamGSOptimizer):
    """`AdamGSOptimizer` that, where a gradient has slices, changes the means of these rows only."""
