"""`tf.train.AdamOptimizer`."""

from ..core.context import here
from ..core.dispatch import registry
from ..core.export import export, resolve
from ..core.graph import get_default_graph
from ..core.scopes import colocate_with, control_dependencies, init_scope
from ..ops.flow import group
from ..variables.assigning import assign, assign_sub
from .optimizer import ByFormula, Optimizer, cast


@export("train.AdamOptimizer")
class AdamOptimizer(Optimizer, ByFormula):
    """Adam (Kingma and Ba, 2015): steps by the gradient's running mean over the root of its running mean square.

    Args:
      learning_rate, beta1, beta2: numbers, tensors, or functions that return one: the step, and how slowly the two means change.
      epsilon: a number (or tensor or function) that keeps the divisor from zero.
      use_locking: has no meaning here.
      name: the name scope of the operations.
    """

    _formula = "Adam"
    _slot_inputs = ("m", "v")
    _numbers = (
        ("lr", "_lr", "_lr_t", "learning_rate"),
        ("beta1", "_beta1", "_beta1_t", "beta1"),
        ("beta2", "_beta2", "_beta2_t", "beta2"),
        ("epsilon", "_epsilon", "_epsilon_t", "epsilon"),
    )

    def __init__(self, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-08, use_locking=False, name="Adam"):
        super().__init__(use_locking, name)
        self._lr = learning_rate
        self._beta1 = beta1
        self._beta2 = beta2
        self._epsilon = epsilon

    def _get_beta_accumulators(self):
        """The variables that hold the powers of `beta1` and `beta2`."""
        graph = None
        if not here.eager:
            with init_scope():
                graph = None if here.eager else get_default_graph()
        return self._get_non_slot_variable("beta1_power", graph), self._get_non_slot_variable("beta2_power", graph)

    def _create_slots(self, var_list):
        first = min(var_list, key=lambda v: v.name)
        self._create_non_slot_variable(self._beta1, "beta1_power", first)
        self._create_non_slot_variable(self._beta2, "beta2_power", first)
        ByFormula._create_slots(self, var_list)

    def _number(self, name, var):
        if name in ("beta1_power", "beta2_power"):
            return cast(self._get_beta_accumulators()[name == "beta2_power"], var.dtype.base_dtype)
        return super()._number(name, var)

    def _apply_sparse_shared(self, grad, var, indices, scatter_add):
        """An update by slices: the means of all rows decay, but only some get a gradient."""
        dtype = var.dtype.base_dtype
        beta1_power, beta2_power = [cast(power, dtype) for power in self._get_beta_accumulators()]
        lr, beta1, beta2, epsilon = [cast(t, dtype) for t in (self._lr_t, self._beta1_t, self._beta2_t, self._epsilon_t)]
        rate = lr * resolve("sqrt")(1 - beta2_power) / (1 - beta1_power)
        m = self._decayed(var, "m", beta1, indices, lambda: grad * (1 - beta1), scatter_add)
        v = self._decayed(var, "v", beta2, indices, lambda: grad * grad * (1 - beta2), scatter_add)
        root = resolve("sqrt")(v)
        step = assign_sub(var, rate * m / (root + epsilon), use_locking=self._use_locking)
        return group(step, m, v)

    def _decayed(self, var, slot_name, beta, indices, scaled, scatter_add):
        """A mean after it decayed and slices were added to it."""
        slot = self.get_slot(var, slot_name)
        scaled = scaled()
        decayed = assign(slot, slot * beta, use_locking=self._use_locking)
        with control_dependencies([] if here.eager else [decayed]):
            return scatter_add(slot, indices, scaled)

    def _apply_sparse(self, grad, var):
        def scatter_add(variable, indices, values):
            return registry["ScatterAdd"](variable, indices, values, use_locking=self._use_locking)

        return self._apply_sparse_shared(grad.values, var, grad.indices, scatter_add)

    def _resource_scatter_add(self, x, i, v):
        added = registry["ResourceScatterAdd"](x.handle, i, v)
        with control_dependencies([] if added is None else [added]):
            return x.value()

    def _resource_apply_sparse(self, grad, var, indices):
        return self._apply_sparse_shared(grad, var, indices, self._resource_scatter_add)

    def _finish(self, update_ops, name_scope):
        powers = self._get_beta_accumulators()
        if here.eager:
            for power, beta in zip(powers, (self._beta1_t, self._beta2_t)):
                power._state.assign((power * beta)._v)
            return None
        with control_dependencies(update_ops), colocate_with(powers[0]):
            updates = [power.assign(power * beta, use_locking=self._use_locking)
                       for power, beta in zip(powers, (self._beta1_t, self._beta2_t))]  # fmt: skip
        return group(*update_ops, *updates, name=name_scope)
