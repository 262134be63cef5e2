"""`tf.contrib.nn.deprecated_flipped_*`: cross entropies whose logits come first."""

from ...core.export import export, public as tf


def _declare(kind):
    name = "deprecated_flipped_%s_cross_entropy_with_logits" % kind

    def flipped(logits, labels, name=None):
        function = getattr(tf.nn, "%s_cross_entropy_with_logits" % kind)
        return function(labels=labels, logits=logits, name=name)

    flipped.__name__ = flipped.__qualname__ = name
    flipped.__doc__ = (
        """`tf.nn.%s_cross_entropy_with_logits` with the logits first.

    Args:
      logits: the logits.
      labels: the labels.
      name: the name of the node.
    """
        % kind
    )
    export("contrib.nn." + name)(flipped)


for _kind in ("softmax", "sparse_softmax", "sigmoid"):
    _declare(_kind)
