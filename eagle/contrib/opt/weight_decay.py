"""`tf.contrib.opt.AdamWOptimizer` and its like: weights that shrink beside the steps of an optimizer."""

from ...core.context import here
from ...core.convert import convert
from ...core.dispatch import registry
from ...core.export import export, resolve
from ...core.scopes import control_dependencies
from ...ops.flow import no_op
from ...training.adam import AdamOptimizer
from ...training.gradient_descent import MomentumOptimizer
from ...training.optimizer import Optimizer


def _before(op):
    """A context manager: what is made in it comes after an operation."""
    return control_dependencies([] if here.eager or op is None else [op])


@export("contrib.opt.DecoupledWeightDecayExtension")
class DecoupledWeightDecayExtension:
    """The first base of an optimizer that multiplies variables by `1 - weight_decay` before each step (Loshchilov & Hutter).

    Optimizers whose steps depend on the values of the variables must not be extended.

    Args:
      weight_decay: a number or tensor, or a function that returns one.
      **kwargs: what the optimizer is made with.
    """

    def __init__(self, weight_decay, **kwargs):
        self._decay_var_list = None
        self._weight_decay = weight_decay
        self._weight_decay_tensor = None
        super().__init__(**kwargs)

    def minimize(self, loss, global_step=None, var_list=None, gate_gradients=Optimizer.GATE_OP, aggregation_method=None,
                 colocate_gradients_with_ops=False, name=None, grad_loss=None, decay_var_list=None):  # fmt: skip
        """As that of the optimizer.

        Args:
          loss, global_step, var_list, gate_gradients, aggregation_method, colocate_gradients_with_ops, name, grad_loss: see
            `tf.train.Optimizer.minimize`.
          decay_var_list: has no effect, as in TensorFlow: all variables decay.  Give it to `apply_gradients`.
        """
        return super().minimize(
            loss,
            global_step=global_step,
            var_list=var_list,
            gate_gradients=gate_gradients,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
            name=name,
            grad_loss=grad_loss,
        )

    def apply_gradients(self, grads_and_vars, global_step=None, name=None, decay_var_list=None):
        """As that of the optimizer; only the variables in `decay_var_list` decay, by default all."""
        self._decay_var_list = set(decay_var_list) if decay_var_list else False
        return super().apply_gradients(grads_and_vars, global_step=global_step, name=name)

    def _prepare(self):
        weight_decay = self._weight_decay() if callable(self._weight_decay) else self._weight_decay
        self._weight_decay_tensor = convert(weight_decay, name="weight_decay")
        super()._prepare()

    def _decays(self, var):
        return not self._decay_var_list or var in self._decay_var_list

    def _factor(self):
        """The number by which weights are multiplied."""
        return self._weight_decay() if callable(self._weight_decay) else self._weight_decay

    def _decay_weights_op(self, var):
        return var.assign_sub(self._factor() * var, self._use_locking) if self._decays(var) else no_op()

    def _decay_weights_sparse_op(self, var, indices, scatter_add):
        if not self._decays(var):
            return no_op()
        return scatter_add(var, indices, -self._factor() * resolve("gather")(var, indices), self._use_locking)

    def _apply_dense(self, grad, var):
        with _before(self._decay_weights_op(var)):
            return super()._apply_dense(grad, var)

    def _resource_apply_dense(self, grad, var):
        with _before(self._decay_weights_op(var)):
            return super()._resource_apply_dense(grad, var)

    def _apply_sparse(self, grad, var):
        with _before(self._decay_weights_sparse_op(var, grad.indices, resolve("scatter_add"))):
            return super()._apply_sparse(grad, var)

    def _scatter_add(self, x, i, v, _=None):
        with _before(registry["ResourceScatterAdd"](x.handle, i, v)):
            return x.value()

    def _resource_apply_sparse(self, grad, var, indices):
        with _before(self._decay_weights_sparse_op(var, indices, self._scatter_add)):
            return super()._resource_apply_sparse(grad, var, indices)


@export("contrib.opt.extend_with_decoupled_weight_decay")
def extend_with_decoupled_weight_decay(base_optimizer):
    """A class of optimizers that do what those of another class do, and let the weights decay.

    Args:
      base_optimizer: a class of optimizers.

    Returns:
      A class, whose first argument is the weight decay; the others are given by name.
    """

    class OptimizerWithDecoupledWeightDecay(DecoupledWeightDecayExtension, base_optimizer):
        def __init__(self, weight_decay, *args, **kwargs):
            super().__init__(weight_decay, *args, **kwargs)

    return OptimizerWithDecoupledWeightDecay


@export("contrib.opt.MomentumWOptimizer")
class MomentumWOptimizer(DecoupledWeightDecayExtension, MomentumOptimizer):
    """Steps with momentum, and weights that decay.

    Args:
      weight_decay: how much weights decay with each step.
      learning_rate, momentum, use_locking, name, use_nesterov: see `tf.train.MomentumOptimizer`.
    """

    def __init__(self, weight_decay, learning_rate, momentum, use_locking=False, name="MomentumW", use_nesterov=False):
        super().__init__(
            weight_decay,
            learning_rate=learning_rate,
            momentum=momentum,
            use_locking=use_locking,
            name=name,
            use_nesterov=use_nesterov,
        )


@export("contrib.opt.AdamWOptimizer")
class AdamWOptimizer(DecoupledWeightDecayExtension, AdamOptimizer):
    """Adam, and weights that decay.

    Args:
      weight_decay: how much weights decay with each step.
      learning_rate, beta1, beta2, epsilon, use_locking, name: see `tf.train.AdamOptimizer`.
    """

    def __init__(self, weight_decay, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, use_locking=False, name="AdamW"):
        super().__init__(
            weight_decay,
            learning_rate=learning_rate,
            beta1=beta1,
            beta2=beta2,
            epsilon=epsilon,
            use_locking=use_locking,
            name=name,
        )
