"""`tf.train.GradientDescentOptimizer`."""

from ..core.dispatch import registry
from ..core.export import export
from ..core.indexed_slices import IndexedSlices
from .optimizer import FormulaOptimizer, cast


@export("train.GradientDescentOptimizer")
class GradientDescentOptimizer(FormulaOptimizer):
    """Gradient descent: `var -= learning_rate * gradient`.

    Args:
      learning_rate: a number, a tensor, or a function that returns one.
      use_locking: has no meaning here.
      name: the name scope of the operations.
    """

    _formula = "GradientDescent"
    _numbers = (("alpha", "_learning_rate", "learning_rate"),)

    def __init__(self, learning_rate, use_locking=False, name="GradientDescent"):
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate

    _learning_rate_tensor = property(lambda self: self._tensors["alpha"])

    def _resource_apply_sparse_duplicate_indices(self, grad, handle, indices):
        rate = self._call_if_callable(self._learning_rate)
        return registry["ResourceScatterAdd"](handle.handle, indices, -grad * rate)

    def _apply_sparse_duplicate_indices(self, grad, var):
        values = grad.values * cast(self._learning_rate_tensor, var.dtype.base_dtype)
        return var.scatter_sub(IndexedSlices(values, grad.indices, grad.dense_shape), use_locking=self._use_locking)
