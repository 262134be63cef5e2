"""`tf.contrib.sparsemax`: a softmax that gives exact zeros, and its loss (Martins and Astudillo, 2016)."""

from ...core import dtypes
from ...core.convert import convert
from ...core.export import export, public as tf
from ...core.scopes import name_scope


@export("contrib.sparsemax.sparsemax", "contrib.sparsemax.python.ops.sparsemax.sparsemax")
def sparsemax(logits, name=None):
    """The probabilities nearest to the logits of each row: `max(logits - tau, 0)`, where tau lets them add up to 1.

    Args:
      logits: a matrix of floats.
      name: the name scope.

    Returns:
      A tensor like `logits`.
    """
    with name_scope(name, "sparsemax", [logits]):
        logits = convert(logits, name="logits")
        rows, columns = tf.shape(logits)[0], tf.shape(logits)[1]
        ordered, _ = tf.nn.top_k(logits, k=columns)
        sums = tf.cumsum(ordered, axis=1)
        counts = tf.range(1, tf.cast(columns, logits.dtype) + 1, dtype=logits.dtype)
        inside = 1 + counts * ordered > sums
        support = tf.reduce_sum(tf.cast(inside, dtypes.int32), axis=1)  # 0 where there are infinities
        support_at_least_1 = tf.maximum(support, 1)
        places = tf.stack([tf.range(0, rows), support_at_least_1 - 1], axis=1)
        tau = (tf.gather_nd(sums, places) - 1) / tf.cast(support, logits.dtype)
        found = tf.maximum(tf.cast(0, logits.dtype), logits - tau[:, tf.newaxis])
        return tf.where(
            tf.logical_or(tf.equal(support, 0), tf.is_nan(sums[:, -1])),
            tf.fill([rows, columns], tf.cast(float("nan"), logits.dtype)),
            found,
        )


@export("contrib.sparsemax.sparsemax_loss", "contrib.sparsemax.python.ops.sparsemax_loss.sparsemax_loss")
def sparsemax_loss(logits, sparsemax, labels, name=None):
    """The loss of each row whose gradient is `sparsemax - labels`.

    Args:
      logits: a matrix of floats.
      sparsemax: `tf.contrib.sparsemax.sparsemax(logits)`.
      labels: the probabilities that are right, like `logits`.
      name: the name scope.

    Returns:
      A vector.
    """
    with name_scope(name, "sparsemax_loss", [logits, sparsemax, labels]):
        logits, labels = convert(logits, name="logits"), convert(labels, name="labels")
        sparsemax = convert(sparsemax, name="sparsemax")
        supported = tf.where(
            tf.logical_or(sparsemax > 0, tf.is_nan(sparsemax)),
            sparsemax * (logits - 0.5 * sparsemax),
            tf.zeros_like(sparsemax),
        )
        aims = labels * (0.5 * labels - logits)
        aims = tf.where(tf.logical_and(tf.equal(labels, 0), tf.is_inf(logits)), tf.zeros_like(logits), aims)  # 0 times infinity
        return tf.reduce_sum(supported + aims, axis=1)
