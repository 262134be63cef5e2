"""Optimizers around optimizers: `tf.contrib.opt.VariableClippingOptimizer` and `MultitaskOptimizerWrapper`."""

import contextlib

from ...core import dtypes
from ...core.context import here
from ...core.export import export, public as tf
from ...core.indexed_slices import IndexedSlices
from ...core.scopes import colocate_with, control_dependencies, name_scope
from ...core.tensor import Tensor
from ...ops.flow import group
from ...platform import tf_logging as logging
from ...training.optimizer import Optimizer

_HERE = "contrib.opt.python.training."


@export("contrib.opt.VariableClippingOptimizer", _HERE + "variable_clipping_optimizer.VariableClippingOptimizer")
class VariableClippingOptimizer(Optimizer):
    """Lets an optimizer step, then scales down variables whose norms have become too large.

    Args:
      opt: the optimizer.
      vars_to_clip_dims: a dict from variables to the lists of axes along which norms are taken.
      max_norm: the largest norm.
      use_locking: has no meaning here.
      colocate_clip_ops_with_vars: whether norms are computed on the devices of the variables.
      name: the name scope of the operations.
    """

    def __init__(self, opt, vars_to_clip_dims, max_norm, use_locking=False, colocate_clip_ops_with_vars=False,
                 name="VariableClipping"):  # fmt: skip
        super().__init__(use_locking, name)
        self._opt, self._max_norm, self._colocates = opt, max_norm, colocate_clip_ops_with_vars
        self._axes = {var: list(axes) for var, axes in vars_to_clip_dims.items()}

    def compute_gradients(self, *args, **kwargs):
        """As of the optimizer."""
        return self._opt.compute_gradients(*args, **kwargs)

    def get_slot(self, *args, **kwargs):
        """As of the optimizer."""
        return self._opt.get_slot(*args, **kwargs)

    def get_slot_names(self, *args, **kwargs):
        """As of the optimizer."""
        return self._opt.get_slot_names(*args, **kwargs)

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        """Applies gradients to variables, then clips these."""
        with name_scope(name, self._name) as scope:
            update, clips = self._opt.apply_gradients(grads_and_vars, global_step=global_step), []
            with control_dependencies([] if here.eager else [update]):
                for grad, var in grads_and_vars:
                    if grad is None or var not in self._axes:
                        continue
                    with name_scope("clip_" + var.op.name):
                        clips.append(self._clip_dense(var) if isinstance(grad, Tensor) else self._clip_sparse(grad, var))
            return None if here.eager else group(update, *clips, name=scope)

    def _beside(self, var):
        return colocate_with(var) if self._colocates else contextlib.nullcontext()

    def _clip_dense(self, var):
        with self._beside(var):
            value = var.read_value()
            excess = value - tf.clip_by_norm(value, self._max_norm, self._axes[var])
        with colocate_with(var):
            return var.assign_sub(excess, use_locking=self._use_locking)

    def _clip_sparse(self, grad, var):
        axes = self._axes[var]
        if 0 in axes:
            logging.warning(
                "Clipping norm across dims %s for %s is inefficient when including sparse dimension 0.", axes, var.op.name
            )
            return self._clip_dense(var)
        with colocate_with(var):
            rows = tf.gather(var, grad.indices)
        with self._beside(var):
            excess = rows - tf.clip_by_norm(rows, self._max_norm, axes)
            excess = IndexedSlices(excess, grad.indices, grad.dense_shape)
        with colocate_with(var):
            return var.scatter_sub(excess, use_locking=self._use_locking)


def _is_zero(grad):
    return tf.equal(tf.math.count_nonzero(grad), 0)


def _unless_zero(apply):
    """A method that applies a gradient, unless that is zero."""

    def apply_unless_zero(grad, *args, **kwargs):
        def call():
            with control_dependencies([apply(grad, *args, **kwargs)]):
                return tf.no_op()

        return tf.cond(_is_zero(grad), tf.no_op, call)

    return apply_unless_zero


@export("contrib.opt.MultitaskOptimizerWrapper", _HERE + "multitask_optimizer_wrapper.MultitaskOptimizerWrapper")
class MultitaskOptimizerWrapper:
    """Lets an optimizer leave variables and slots alone whose gradients are zero: those of tasks that a batch is not about.

    Args:
      opt: the optimizer.

    Raises:
      TypeError: it is none.
    """

    def __init__(self, opt):
        if not isinstance(opt, Optimizer):
            raise TypeError("Supplied optimizer must be an instance of tf.train.Optimizer")
        self._opt = opt
        for name in ("_apply_dense", "_resource_apply_dense", "_apply_sparse", "_resource_apply_sparse"):
            setattr(opt, name, _unless_zero(getattr(opt, name)))

    def __getattr__(self, name):
        return getattr(self._opt, name)


@export("contrib.opt.clip_gradients_by_global_norm", _HERE + "multitask_optimizer_wrapper.clip_gradients_by_global_norm")
def clip_gradients_by_global_norm(gradients_variables, clip_norm=20.0):
    """Scales gradients down to a norm of all; those that are zero don't count.

    Args:
      gradients_variables: pairs of gradients, perhaps None, and variables.
      clip_norm: the largest norm.

    Returns:
      A list of pairs, and the norm before.
    """
    gradients, variables = zip(*gradients_variables)

    def counted(grad):
        if grad is None:
            return None
        return tf.cond(_is_zero(grad), lambda: tf.zeros([], dtype=dtypes.as_dtype(grad.dtype)), lambda: grad)

    norm = tf.global_norm([counted(g) for g in gradients])
    clipped, _ = tf.clip_by_global_norm(list(gradients), clip_norm, use_norm=norm)
    return list(zip(clipped, variables)), norm
