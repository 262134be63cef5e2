"""The Kullback-Leibler divergence of two distributions, registered by their types."""

from ..core.export import export, public as tf
from ..core.scopes import control_dependencies, name_scope

_registered = {}


def _function(type_a, type_b):
    """The function registered for two types, or for the nearest pair of types above them; None if there is none."""
    found = [
        (i + j, _registered[a, b])
        for i, a in enumerate(type_a.__mro__)
        for j, b in enumerate(type_b.__mro__)
        if (a, b) in _registered
    ]
    return min(found, key=lambda pair: pair[0])[1] if found else None


@export("distributions.kl_divergence", "contrib.distributions.kl_divergence")
def kl_divergence(distribution_a, distribution_b, allow_nan_stats=True, name=None):
    """The Kullback-Leibler divergence `E_a[log(a(X) / b(X))]`.

    Args:
      distribution_a, distribution_b: distributions.
      allow_nan_stats: whether the result may be not a number; otherwise an assertion checks it.
      name: the name scope of the nodes.

    Returns:
      A tensor of the shape of the batch.

    Raises:
      NotImplementedError: nothing is registered for the two types.
    """
    function = _function(type(distribution_a), type(distribution_b))
    if function is None:
        names = type(distribution_a).__name__, type(distribution_b).__name__
        raise NotImplementedError(
            "No KL(distribution_a || distribution_b) registered for distribution_a type %s and distribution_b type %s" % names
        )
    with name_scope("KullbackLeibler"):
        result = function(distribution_a, distribution_b, name=name)
        if allow_nan_stats:
            return result
        result = tf.identity(result, name="kl")
        message = "KL calculation between %s and %s returned NaN values (and was called with allow_nan_stats=False). Values:"
        fine = tf.logical_not(tf.reduce_any(tf.is_nan(result)))
        with control_dependencies([tf.Assert(fine, [message % (distribution_a.name, distribution_b.name), result])]):
            return tf.identity(result, name="checked_kl")


@export("python.ops.distributions.kullback_leibler.cross_entropy")
def cross_entropy(ref, other, allow_nan_stats=True, name=None):
    """The cross entropy of two distributions: the entropy of the first and their divergence.

    Args:
      ref, other: distributions.
      allow_nan_stats: whether the result may be not a number.
      name: the name scope of the nodes.
    """
    with name_scope(name, "cross_entropy"):
        return ref.entropy() + kl_divergence(ref, other, allow_nan_stats=allow_nan_stats)


@export("distributions.RegisterKL", "contrib.distributions.RegisterKL")
class RegisterKL:
    """A decorator that registers the function for the divergence of distributions of two types.

    Args:
      dist_cls_a, dist_cls_b: the types.
    """

    def __init__(self, dist_cls_a, dist_cls_b):
        self._key = (dist_cls_a, dist_cls_b)

    def __call__(self, kl_fn):
        if not callable(kl_fn):
            raise TypeError("kl_fn must be callable, received: %s" % kl_fn)
        if self._key in _registered:
            a, b = (c.__name__ for c in self._key)
            raise ValueError("KL(%s || %s) has already been registered to: %s" % (a, b, _registered[self._key]))
        _registered[self._key] = kl_fn
        return kl_fn
