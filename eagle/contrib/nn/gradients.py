"""`tf.contrib.nn.scaled_softplus`, which has a gradient of its own, and derivatives forwards."""

from ...core.convert import convert
from ...core.custom_gradient import custom_gradient
from ...core.dispatch import registry
from ...core.export import export, public as tf
from ...core.indexed_slices import IndexedSlices
from ...core.scopes import control_dependencies, name_scope


def _summed(g, like):
    """A gradient summed to the shape of what was broadcast."""
    shape = tf.shape(like)
    axes, _ = registry["BroadcastGradientArgs"](shape, tf.shape(g))
    return tf.reshape(tf.reduce_sum(g, axes), shape)


@export("contrib.nn.scaled_softplus")
def scaled_softplus(x, alpha, clip=None, name=None):
    """`alpha * log(1 + exp(x / alpha))`, a smooth ReLU; at most `clip`.

    The gradient is computed from the result, so that less is kept in memory.

    Args:
      x: a tensor of floats.
      alpha: how smooth, positive; broadcast against `x`.
      clip: None, or the upper bound.
      name: the name scope.
    """
    bounds = [] if clip is None else [clip]
    with name_scope(name, "scaled_softplus", [x, alpha, *bounds]):
        x = convert(x, name="x")
        alpha = convert(alpha, dtype=x.dtype, name="alpha")
        bounds = [convert(b, dtype=x.dtype, name="clip") for b in bounds]
        return _softplus(x, alpha, *bounds)


@custom_gradient
def _softplus(x, alpha, *bounds):
    y = alpha * tf.nn.softplus(x / alpha)
    for bound in bounds:
        y = tf.minimum(y, bound)

    def gradient(g):
        with control_dependencies([g]):
            scaled = tf.identity(y)
        of_bounds = []
        for bound in bounds:
            inside = tf.cast(scaled < bound, g.dtype)
            of_bounds.append(_summed(g * (1.0 - inside), bound))
            g *= inside
        scaled /= alpha
        rest = tf.exp(-scaled)
        slope = 1.0 - rest
        of_alpha = scaled * rest - slope * tf.log(slope + 1e-8)
        return [_summed(g * slope, x), _summed(g * of_alpha, alpha), *of_bounds]

    return y, gradient


@export("contrib.nn.python.ops.fwd_gradients.fwd_gradients")
def fwd_gradients(ys, xs, grad_xs=None, assert_unused=False):
    """Derivatives forwards: how `ys` change when `xs` change by `grad_xs`.  They are gradients of gradients.

    Args:
      ys, xs: lists of tensors.
      grad_xs: a list of tensors like `xs`; None for ones.
      assert_unused: whether a run fails that needs the values of the first gradients.

    Returns:
      A list of tensors like `ys`.
    """
    seeds = [tf.zeros_like(y) + float("nan") for y in ys]
    backward = [convert(g) if isinstance(g, IndexedSlices) else g for g in tf.gradients(ys, xs, grad_ys=seeds)]
    if assert_unused:
        with control_dependencies([g for g in backward if g is not None]):
            unused = tf.Assert(False, [1], name="fwd_gradients")
        with control_dependencies([unused]):
            backward = tf.identity_n(backward)
    backward = [tf.zeros_like(x) if g is None else g for x, g in zip(xs, backward)]
    for x, g in zip(xs, backward):
        g.set_shape(x.shape)
    return tf.gradients(backward, seeds, grad_ys=grad_xs)
