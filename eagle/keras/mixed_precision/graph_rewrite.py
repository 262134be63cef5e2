"""`enable_mixed_precision_graph_rewrite`: an optimizer whose loss is multiplied, and the option of sessions that goes with it."""

from ...core.export import export, public as tf
from ...platform import tf_logging
from ...training.loss_scale import MixedPrecisionLossScaleOptimizer
from ...training.optimizer import Optimizer
from ..optimizers.base import OptimizerV2
from .loss_scale_optimizer import LossScaleOptimizer
from .policy import state


def _wrapped(opt, loss_scale):
    for kind in (MixedPrecisionLossScaleOptimizer, LossScaleOptimizer):
        if isinstance(opt, kind):
            raise ValueError(
                f'"opt" must not already be an instance of a {kind.__name__}. `enable_mixed_precision_graph_rewrite` will '
                f"automatically wrap the optimizer with a {kind.__name__}."
            )
    if isinstance(opt, Optimizer):
        return MixedPrecisionLossScaleOptimizer(opt, loss_scale)
    if isinstance(opt, OptimizerV2):
        return LossScaleOptimizer(opt, loss_scale)
    raise ValueError(
        '"opt" must be an instance of a tf.train.Optimizer or a tf.keras.optimizers.Optimizer, but got: %s' % (opt,)
    )  # fmt: skip


@export("train.experimental.enable_mixed_precision_graph_rewrite")
def enable_mixed_precision_graph_rewrite(opt, loss_scale="dynamic"):
    """Lets graphs compute in float16 where a GPU does so; the loss is multiplied so that small gradients don't vanish.

    Eagle changes no types of graphs, as TensorFlow changes none on a CPU: what changes is the optimizer, and the option
    `auto_mixed_precision`.

    Args:
      opt: an optimizer of `tf.train` or of Keras.
      loss_scale: a number, "dynamic", or a `tf.train.experimental.LossScale`.

    Returns:
      The optimizer to use in the place of `opt`.

    Raises:
      ValueError: it is none of these, or multiplies the loss already, or there is a policy of `tf.keras.mixed_precision`.
    """
    if state.policy is not None:
        raise ValueError(
            "The mixed precision graph rewrite cannot be enabled, because a keras mixed precision Policy has been set. At most, "
            "one of the following functions can be called:\n\n  1. tf.keras.mixed_precision.experimental.set_policy() (You called "
            "this first)\n  2. tf.train.experimental.enable_mixed_precision_graph_rewrite() (You called this second)\n\nYou called "
            "both functions, which is an error, because both functions enable you to use mixed precision. If in doubt which "
            "function to "
            "use, use the second, as it is currently more complete and easy to use. The first function enables mixed precision in "
            "the graph with a graph rewrite."
        )
    opt = _wrapped(opt, loss_scale)
    tf.config.optimizer.set_experimental_options({"auto_mixed_precision": True})
    state.is_graph_rewritten = True
    return opt


@export("train.experimental.disable_mixed_precision_graph_rewrite")
def disable_mixed_precision_graph_rewrite():
    """Takes back what `enable_mixed_precision_graph_rewrite` said about graphs; optimizers stay as they are."""
    if not state.is_graph_rewritten:
        tf_logging.warning("disable_mixed_precision_graph_rewrite() called when mixed precision is already disabled.")
    tf.config.optimizer.set_experimental_options({"auto_mixed_precision": False})
    state.is_graph_rewritten = False
