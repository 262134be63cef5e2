"""`tf.nn.compute_average_loss`: losses of replicas, such that their sum is the loss of all examples together."""

from ..core import dtypes
from ..core.convert import convert
from ..core.export import export, public as tf
from ..core.scopes import control_dependencies
from ..distribute.context import get_strategy, has_strategy, in_cross_replica_context
from ..ops.weights import broadcast_weights
from .losses import squeeze_or_expand

_NO_VECTOR = "Invalid value passed for `per_example_loss`. Expected a tensor with at least rank 1"


def _demand_replica(name):
    if has_strategy() and in_cross_replica_context():
        raise RuntimeError("You are calling `%s` in cross replica context, while it was expected to be called in replica context."
                           % name)  # fmt: skip


@export("nn.compute_average_loss")
def compute_average_loss(per_example_loss, sample_weight=None, global_batch_size=None):
    """The sum of the losses of examples, divided by the number of examples that all replicas have together.

    Args:
      per_example_loss: a tensor with a loss for each example.
      sample_weight: None, or a tensor of weights that can be spread over the losses.
      global_batch_size: the number of examples; by default those of this replica, times the number of replicas.

    Raises:
      ValueError: the losses are a scalar.
      RuntimeError: the number is missing, and the program speaks for all replicas.
    """
    losses = convert(per_example_loss)
    dtype, rank = losses.dtype, losses.shape.ndims
    if rank == 0:
        raise ValueError("%s, received: %s" % (_NO_VECTOR, losses))
    checks = [tf.assert_greater_equal(tf.rank(losses), 1, message=_NO_VECTOR + ".")] if rank is None else []
    with control_dependencies([c for c in checks if c is not None]):
        if sample_weight is not None:
            losses, weights = tf.cast(losses, dtypes.float32), tf.cast(sample_weight, dtypes.float32)
            losses, _, weights = squeeze_or_expand(losses, None, weights)
            losses = tf.multiply(losses, broadcast_weights(weights, losses))
        losses = tf.cast(losses, dtype)
        if global_batch_size is None:
            _demand_replica("compute_average_loss")
            global_batch_size = tf.cast(tf.shape(losses)[0] * get_strategy().num_replicas_in_sync, dtype)
        return tf.reduce_sum(losses) / global_batch_size


@export("nn.scale_regularization_loss")
def scale_regularization_loss(regularization_loss):
    """The sum of losses, divided by the number of replicas.

    Args:
      regularization_loss: a tensor of losses.

    Raises:
      RuntimeError: the program speaks for all replicas.
    """
    _demand_replica("scale_regularization_loss")
    return tf.reduce_sum(regularization_loss) / get_strategy().num_replicas_in_sync
