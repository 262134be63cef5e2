"""Regularizers: functions from a variable to a loss."""

import numbers

from ...core.convert import constant, convert
from ...core.export import export, public as tf
from ...core.scopes import name_scope
from ...platform import tf_logging
from .utilities import names


def _checked_scale(scale):
    """Whether a scale is 0; raises ValueError if it is an integer or less than 0."""
    if isinstance(scale, numbers.Integral):
        raise ValueError("scale cannot be an integer: %s" % (scale,))
    if isinstance(scale, numbers.Real):
        if scale < 0.0:
            raise ValueError("Setting a scale less than 0 on a regularizer: %g" % scale)
        if scale == 0.0:
            tf_logging.info("Scale of 0 disables regularizer.")
            return True
    return False


def _scaled(name, scale, scope, penalty):
    if _checked_scale(scale):
        return lambda _: None

    def regularizer(weights, name=None):
        with name_scope(scope, "%s_regularizer" % regularizer.__name__, [weights]) as name:
            factor = convert(scale, dtype=weights.dtype.base_dtype, name="scale")
            return tf.multiply(factor, penalty(weights), name=name)

    regularizer.__name__ = regularizer.__qualname__ = name
    return regularizer


@export(*names("l1_regularizer", "regularizers"))
def l1_regularizer(scale, scope=None):
    """A regularizer: the sum of absolute values, times a factor.

    Args:
      scale: the factor, a float or a tensor; with 0.0 there is no loss.
      scope: the name scope.

    Raises:
      ValueError: `scale` is an integer or less than 0.
    """
    return _scaled("l1", scale, scope, lambda w: tf.reduce_sum(tf.abs(w)))


@export(*names("l2_regularizer", "regularizers"))
def l2_regularizer(scale, scope=None):
    """A regularizer: half the sum of squares, times a factor; arguments as of `l1_regularizer`."""
    return _scaled("l2", scale, scope, lambda w: tf.nn.l2_loss(w))


@export(*names("l1_l2_regularizer", "regularizers"))
def l1_l2_regularizer(scale_l1=1.0, scale_l2=1.0, scope=None):
    """A regularizer: the sum of those of `l1_regularizer` and `l2_regularizer`."""
    for name, scale in (("scale_l1", scale_l1), ("scale_l2", scale_l2)):
        if isinstance(scale, numbers.Integral):
            raise ValueError("%s cannot be an integer: %s" % (name, scale))
    scope = scope or "l1_l2_regularizer"
    if scale_l1 == 0.0:
        return l2_regularizer(scale_l2, scope)
    if scale_l2 == 0.0:
        return l1_regularizer(scale_l1, scope)
    return sum_regularizer([l1_regularizer(scale_l1), l2_regularizer(scale_l2)], scope=scope)


@export(*names("sum_regularizer", "regularizers"))
def sum_regularizer(regularizer_list, scope=None):
    """A regularizer: the sum of others; None if there are none.

    Args:
      regularizer_list: a list of regularizers; None in it is left out.
      scope: the name scope.
    """
    regularizers = [r for r in regularizer_list if r is not None]
    if not regularizers:
        return None

    def sum_reg(weights):
        with name_scope(scope, "sum_regularizer", [weights]) as name:
            losses = [loss for loss in (r(weights) for r in regularizers) if loss is not None]
            return tf.add_n(losses, name=name) if losses else None

    return sum_reg


@export(*names("apply_regularization", "regularizers"))
def apply_regularization(regularizer, weights_list=None):
    """The sum of a regularizer's losses of some variables, added to the regularization losses.

    Args:
      regularizer: the regularizer.
      weights_list: the variables, by default those in the collection "weights".

    Raises:
      ValueError: there are none, or a loss is no scalar.
    """
    weights_list = weights_list or tf.get_collection("weights")
    if not weights_list:
        raise ValueError("No weights to regularize.")
    with name_scope("get_regularization_penalty", values=weights_list) as scope:
        penalties = [regularizer(w) for w in weights_list]
        penalties = [constant(0.0) if p is None else p for p in penalties]
        for p in penalties:
            if p.get_shape().ndims != 0:
                raise ValueError("regularizer must return a scalar Tensor instead of a Tensor with rank %d." % p.get_shape().ndims)
        total = tf.add_n(penalties, name=scope)
        tf.add_to_collection("regularization_losses", total)
        return total
