"""`tf.ConditionalAccumulator`, `tf.SparseConditionalAccumulator`: gradients of several workers, gathered."""

from ..core import dtypes
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.indexed_slices import IndexedSlices
from ..core.shape import TensorShape
from .accumulator_ops import OPS, apply_sparse, take_sparse
from .cast import cast


@export("ConditionalAccumulatorBase")
class ConditionalAccumulatorBase:
    """What accumulators have in common.

    Args:
      dtype, shape: the type and shape of the gradients.
      accumulator_ref: the tensor with the accumulator's handle.
    """

    _prefix = "Resource"

    def __init__(self, dtype, shape, accumulator_ref):
        self._dtype = dtype
        self._shape = TensorShape(shape if shape is not None else None)
        self._accumulator_ref = accumulator_ref
        self._name = "" if here.eager else accumulator_ref.op.name.split("/")[-1]

    accumulator_ref = property(lambda self: self._accumulator_ref)
    name = property(lambda self: self._name)
    dtype = property(lambda self: self._dtype)

    def _op(self, name):
        return OPS[self._prefix + name]

    def num_accumulated(self, name=None):
        """How many gradients were added since the last one was taken, an int32 tensor."""
        name = "%s_NumAccumulated" % self._name if name is None else name
        return self._op("AccumulatorNumAccumulated")(self._accumulator_ref, name=name)

    def set_global_step(self, new_global_step, name=None):
        """An operation that sets the step: older gradients are dropped.

        Args:
          new_global_step: the step, a scalar.
          name: the name of the operation.
        """
        step = cast(convert(new_global_step), dtypes.int64)
        return self._op("AccumulatorSetGlobalStep")(self._accumulator_ref, step, name=name)


@export("ConditionalAccumulator")
class ConditionalAccumulator(ConditionalAccumulatorBase):
    """Adds gradients up until enough of them are there.

    Args:
      dtype: their type.
      shape: their shape, which may be known in part.
      shared_name: the name under which sessions of a server share it.
      name: the name of the operation.
      reduction_type: `"MEAN"` or `"SUM"`.
    """

    def __init__(self, dtype, shape=None, shared_name=None, name="conditional_accumulator", reduction_type="MEAN"):
        ref = registry["ResourceConditionalAccumulator"](dtype=dtype, shape=shape, shared_name=shared_name or "", name=name,
                                                         reduction_type=reduction_type)  # fmt: skip
        super().__init__(dtype, shape, ref)

    def apply_grad(self, grad, local_step=0, name=None):
        """An operation that adds a gradient, unless it is of an older step than the accumulator's.

        Args:
          grad: the gradient.
          local_step: the step for which it was computed.
          name: the name of the operation.

        Raises:
          ValueError: the gradient has another shape.
        """
        grad = convert(grad, self._dtype)
        grad.shape.assert_is_compatible_with(self._shape)
        step = cast(convert(local_step), dtypes.int64)
        return self._op("AccumulatorApplyGradient")(self._accumulator_ref, step, grad, name=name)

    def take_grad(self, num_required, name=None):
        """The mean (or sum) of the gradients; waits until enough were added, and begins anew.

        Args:
          num_required: how many are enough, an int32 scalar.
          name: the name of the operation.

        Raises:
          InvalidArgumentError (when it runs): the number is not above zero.
        """
        out = self._op("AccumulatorTakeGradient")(self._accumulator_ref, num_required, dtype=self._dtype, name=name)
        out.set_shape(self._shape)
        return out


@export("SparseConditionalAccumulator", "sparse.SparseConditionalAccumulator")
class SparseConditionalAccumulator(ConditionalAccumulatorBase):
    """Adds gradients up that are given by rows, until enough of them are there.

    Args:
      dtype: their type.
      shape: their shape, which may be known in part.
      shared_name: the name under which sessions of a server share it.
      name: the name of the operation.
      reduction_type: `"MEAN"` or `"SUM"`.
    """

    _prefix = ""

    def __init__(self, dtype, shape=None, shared_name=None, name="sparse_conditional_accumulator", reduction_type="MEAN"):
        ref = registry["SparseConditionalAccumulator"](dtype=dtype, shape=shape, shared_name=shared_name or "", name=name,
                                                       reduction_type=reduction_type)  # fmt: skip
        super().__init__(dtype, shape, ref)

    def apply_indexed_slices_grad(self, grad, local_step=0, name=None):
        """An operation that adds a gradient, an `IndexedSlices`, unless it is of an older step than the accumulator's."""
        return self.apply_grad(grad_indices=grad.indices, grad_values=grad.values, grad_shape=grad.dense_shape,
                               local_step=local_step, name=name)  # fmt: skip

    def apply_grad(self, grad_indices, grad_values, grad_shape=None, local_step=0, name=None):
        """An operation that adds a gradient, unless it is of an older step than the accumulator's.

        Args:
          grad_indices: the numbers of the rows, in order.
          grad_values: the rows.
          grad_shape: the shape of the whole, or None.
          local_step: the step for which it was computed.
          name: the name of the operation.

        Raises:
          InvalidArgumentError (when it runs): shapes don't fit.
        """
        step = cast(convert(local_step), dtypes.int64)
        indices = cast(grad_indices, dtypes.int64)
        shape = cast([] if grad_shape is None else grad_shape, dtypes.int64)
        return apply_sparse(self._accumulator_ref, step, indices, grad_values, shape, has_known_shape=grad_shape is not None,
                            name=name)  # fmt: skip

    def take_grad(self, num_required, name=None):
        """The mean (or sum) of the gradients as indices, values and shape; waits until enough were added, and begins anew."""
        return take_sparse(self._accumulator_ref, num_required, dtype=self._dtype, name=name)

    def take_indexed_slices_grad(self, num_required, name=None):
        """The mean (or sum) of the gradients as `IndexedSlices`; waits until enough were added, and begins anew."""
        found = take_sparse(self._accumulator_ref, num_required, dtype=self._dtype, name=name)
        return IndexedSlices(indices=found.indices, values=found.values, dense_shape=found.shape)
