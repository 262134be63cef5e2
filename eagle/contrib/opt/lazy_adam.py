"""`tf.contrib.opt.LazyAdamOptimizer`: Adam whose means change only where slices have a gradient."""

from ...core.dispatch import registry
from ...core.export import export, resolve
from ...ops.flow import group
from ...training.adam import AdamOptimizer
from ...training.optimizer import cast


class LazySlices:
    """What optimizers like Adam do with slices of gradients if only the means of these rows change."""

    def _numbers_of(self, var):
        """The learning rate of this step, `beta1`, `beta2` and `epsilon`, in the type of a variable."""
        dtype = var.dtype.base_dtype
        beta1_power, beta2_power = [cast(power, dtype) for power in self._get_beta_accumulators()]
        lr, beta1, beta2, epsilon = [cast(t, dtype) for t in (self._lr_t, self._beta1_t, self._beta2_t, self._epsilon_t)]
        return lr * resolve("sqrt")(1 - beta2_power) / (1 - beta1_power), beta1, beta2, epsilon

    def _apply_sparse(self, grad, var):
        rate, beta1, beta2, epsilon = self._numbers_of(var)
        gather, sqrt, update = resolve("gather"), resolve("sqrt"), resolve("scatter_update")
        m, v, indices = self.get_slot(var, "m"), self.get_slot(var, "v"), grad.indices
        locked = {"use_locking": self._use_locking}
        m_t = update(m, indices, beta1 * gather(m, indices) + (1 - beta1) * grad.values, **locked)
        v_t = update(v, indices, beta2 * gather(v, indices) + (1 - beta2) * resolve("square")(grad.values), **locked)
        m_slice, v_slice = gather(m_t, indices), gather(v_t, indices)
        root = sqrt(v_slice) + epsilon
        return group(resolve("scatter_sub")(var, indices, rate * m_slice / root, **locked), m_t, v_t)

    def _resource_apply_sparse(self, grad, var, indices):
        rate, beta1, beta2, epsilon = self._numbers_of(var)
        gather, sqrt, update = resolve("gather"), resolve("sqrt"), registry["ResourceScatterUpdate"]
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        m_slice = beta1 * gather(m, indices) + (1 - beta1) * grad
        m_update = update(m.handle, indices, m_slice)
        v_slice = beta2 * gather(v, indices) + (1 - beta2) * resolve("square")(grad)
        v_update = update(v.handle, indices, v_slice)
        step = rate * m_slice / (sqrt(v_slice) + epsilon)
        return group(registry["ResourceScatterSub"](var.handle, indices, step), m_update, v_update)


@export("contrib.opt.LazyAdamOptimizer")
class LazyAdamOptimizer(LazySlices, AdamOptimizer):
    """Adam that, where a gradient has slices, changes the means of these rows only: faster, but not quite Adam."""
