"""Gradient descent, with momentum and with proximal steps."""

from ..core.dispatch import registry
from ..core.export import export
from ..core.indexed_slices import IndexedSlices
from .optimizer import ByFormula, Optimizer, cast

LEARNING_RATE = ("_learning_rate", "_learning_rate_tensor", "learning_rate")
REGULARIZATION = (
    ("l1", "_l1_regularization_strength", "_l1_regularization_strength_tensor", "l1_regularization_strength"),
    ("l2", "_l2_regularization_strength", "_l2_regularization_strength_tensor", "l2_regularization_strength"),
)


@export("train.GradientDescentOptimizer")
class GradientDescentOptimizer(Optimizer, ByFormula):
    """Gradient descent: `var -= learning_rate * gradient`.

    Args:
      learning_rate: a number, a tensor, or a function that returns one.
      use_locking: has no meaning here.
      name: the name scope of the operations.
    """

    _formula = "GradientDescent"
    _numbers = (("alpha", *LEARNING_RATE),)

    def __init__(self, learning_rate, use_locking=False, name="GradientDescent"):
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate

    def _resource_apply_sparse_duplicate_indices(self, grad, handle, indices):
        rate = self._call_if_callable(self._learning_rate)
        return registry["ResourceScatterAdd"](handle.handle, indices, -grad * rate)

    def _apply_sparse_duplicate_indices(self, grad, var):
        values = grad.values * cast(self._learning_rate_tensor, var.dtype.base_dtype)
        return var.scatter_sub(IndexedSlices(values, grad.indices, grad.dense_shape), use_locking=self._use_locking)


@export("train.MomentumOptimizer")
class MomentumOptimizer(Optimizer, ByFormula):
    """Gradient descent with momentum: `accum = momentum * accum + gradient; var -= learning_rate * accum`.

    Args:
      learning_rate, momentum: numbers, tensors, or functions that return one.
      use_locking: has no meaning here.
      name: the name scope of the operations.
      use_nesterov: whether the gradient counts as that at the place where the momentum leads (Sutskever et al., 2013).
    """

    _formula = "Momentum"
    _slot_inputs = ("momentum",)
    _numbers = (("lr", *LEARNING_RATE), ("momentum", "_momentum", "_momentum_tensor", "momentum"))

    def __init__(self, learning_rate, momentum, use_locking=False, name="Momentum", use_nesterov=False):
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._momentum = momentum
        self._use_nesterov = use_nesterov

    def _attributes(self):
        return {"use_nesterov": self._use_nesterov}


@export("train.ProximalGradientDescentOptimizer")
class ProximalGradientDescentOptimizer(Optimizer, ByFormula):
    """Gradient descent with proximal steps for L1 and L2 regularization (Duchi and Singer, 2009).

    Args:
      learning_rate: a number or a tensor.
      l1_regularization_strength, l2_regularization_strength: numbers, not negative.
      use_locking: has no meaning here.
      name: the name scope of the operations.
    """

    _formula = "ProximalGradientDescent"
    _numbers = (("alpha", *LEARNING_RATE), *REGULARIZATION)

    def __init__(self, learning_rate, l1_regularization_strength=0.0, l2_regularization_strength=0.0, use_locking=False,
                 name="ProximalGradientDescent"):  # fmt: skip
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._l1_regularization_strength = l1_regularization_strength
        self._l2_regularization_strength = l2_regularization_strength
