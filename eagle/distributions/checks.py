"""What parameters of distributions have in common: checks of values, logits from probabilities, seeds from seeds."""

import hashlib

import numpy as np

from ..core import dtypes
from ..core.convert import constant, convert
from ..core.export import export, public as tf
from ..core.scopes import name_scope
from ..ops.flow import no_op, with_dependencies
from ..ops.where import where_v2

_WHOLE = {"float16": dtypes.int16, "float32": dtypes.int32, "float64": dtypes.int64}


def new_seed(seed, salt):
    """A seed that is another one for each salt; None if there is no seed."""
    if seed is None:
        return None
    return int(hashlib.md5((str(seed) + salt).encode()).hexdigest()[:8], 16) & 0x7FFFFFFF


def assert_integer_form(x, data=None, summarize=None, message=None, int_dtype=None, name="assert_integer_form"):
    """Asserts that all elements of a tensor are whole numbers.

    Args:
      x: a tensor.
      data, summarize, message: what is shown, as of `assert_equal`.
      int_dtype: the type of integers that they must fit in.
      name: the name scope of the nodes.

    Raises:
      TypeError: `x` has no type of numbers.
    """
    with name_scope(name, values=[x, data]):
        x = convert(x, name="x")
        if x.dtype.is_integer:
            return no_op()
        message = message or "%s has non-integer components" % x
        if int_dtype is None:
            if x.dtype.base_dtype.name not in _WHOLE:
                raise TypeError("Unrecognized type %s" % x.dtype.name)
            int_dtype = _WHOLE[x.dtype.base_dtype.name]
        whole = tf.cast(tf.cast(x, int_dtype), x.dtype)
        return tf.assert_equal(x, whole, data=data, summarize=summarize, message=message, name=name)


def with_check_of_counts(x, name="embed_check_nonnegative_integer_form"):
    """A tensor that is asserted to consist of whole numbers from 0 on."""
    with name_scope(name, values=[x]):
        x = convert(x, name="x")
        checks = [tf.assert_non_negative(x, message="'%s' must be non-negative." % x)]
        if not x.dtype.is_integer:
            checks.append(assert_integer_form(x, message="'%s' cannot contain fractional components." % x))
        return with_dependencies(checks, x)


def _largest_whole(dtype):
    """The largest whole number up to which a type has all of them."""
    if dtype.is_floating:
        return int(2 ** (np.finfo(dtype.as_numpy_dtype).nmant + 1))
    if dtype.is_integer:
        return int(np.iinfo(dtype.as_numpy_dtype).max)
    return 1


def with_check_of_classes(parameter, name="embed_check_categorical_event_shape"):
    """A parameter with classes along its last dimension, of which there must be at least two and not too many for its type."""
    with name_scope(name, values=[parameter]):
        x = convert(parameter, name="categorical_param")
        if not x.dtype.base_dtype.is_floating:
            raise TypeError("Unable to validate size of unrecognized dtype (%s)." % x.dtype.base_dtype.name)
        most = _largest_whole(x.dtype.base_dtype)
        if x.shape.ndims == 0:
            raise ValueError("A categorical-distribution parameter must have at least 1 dimension.")
        count = x.shape.dims[-1].value if x.shape.ndims is not None else None
        if count is None:
            count = tf.shape(x, name="x_shape")[-1]
            few, many = (
                "A categorical-distribution parameter must have at least ",
                "Number of classes exceeds `dtype` precision, i.e., ",
            )
            many += "%s dtype cannot exceed %s shape." % (x.dtype.base_dtype.name, most)
            ranked = tf.assert_rank_at_least(x, 1, message=few + "1 dimension.")
            enough = tf.assert_greater_equal(tf.shape(x)[-1], 2, message=few + "2 events.")
            return with_dependencies([ranked, enough, tf.assert_less_equal(count, most, message=many)], x)
        if count < 2:
            raise ValueError("A categorical-distribution parameter must have at least 2 events.")
        if count > most:
            raise ValueError("Number of classes exceeds `dtype` precision, i.e., %s implies shape (%s) cannot exceed %s."
                             % (x.dtype.base_dtype.name, count, most))  # fmt: skip
        return x


def with_check_of_cast(x, target_dtype, name="embed_check_casting_closed"):
    """A tensor that is asserted to consist of numbers from 0 on that can be cast to a type without loss."""
    with name_scope(name, values=[x]):
        x = convert(x, name="x")
        whole = [d.is_integer or d.base_dtype == dtypes.bool_ for d in (x.dtype, target_dtype)]
        for shown, dtype, is_whole in (("%s.dtype" % x.dtype.name, x.dtype, whole[0]),
                                       ("target_dtype (%s)" % target_dtype.name, target_dtype, whole[1])):  # fmt: skip
            if not is_whole and not dtype.is_floating:
                raise TypeError("%s must be floating- or integer-type." % shown)
        if not any(whole):
            raise TypeError("At least one of %s.dtype (%s) and target_dtype (%s) must be integer-type."
                            % (x, x.dtype.name, target_dtype.name))  # fmt: skip
        checks = [tf.assert_non_negative(x, message="Elements must be non-negative.")]
        if x.dtype.is_floating:
            message = "Elements must be %s-equivalent." % target_dtype.name
            checks.append(assert_integer_form(x, int_dtype=target_dtype, message=message))
        elif _largest_whole(x.dtype) > _largest_whole(target_dtype):
            most = _largest_whole(target_dtype)
            checks.append(tf.assert_less_equal(x, most, message="Elements cannot exceed %s." % most))
        return with_dependencies(checks, x)


@export("python.ops.distributions.util.get_logits_and_probs")
def get_logits_and_probs(
    logits=None, probs=None, multidimensional=False, validate_args=False, name="get_logits_and_probs", dtype=None
):
    """Logits and probabilities, of which one is given.

    Args:
      logits, probs: a tensor of floats and None.
      multidimensional: whether the classes lie along the last dimension; otherwise there are two, of which one is told.
      validate_args: whether probabilities are checked by assertions.
      name: the name scope of the nodes.
      dtype: the type, for Python values.

    Raises:
      ValueError: both or none are given.
      TypeError: they are no floats.
    """
    with name_scope(name, values=[probs, logits]):
        if (probs is None) == (logits is None):
            raise ValueError("Must pass probs or logits, but not both.")
        if probs is None:
            logits = convert(logits, dtype, "logits")
            if not logits.dtype.is_floating:
                raise TypeError("logits must having floating type.")
            if not multidimensional:
                return logits, tf.sigmoid(logits, name="probs")
            logits = with_check_of_classes(logits) if validate_args else logits
            return logits, tf.nn.softmax(logits, name="probs")
        probs = convert(probs, dtype, "probs")
        if not probs.dtype.is_floating:
            raise TypeError("probs must having floating type.")
        if validate_args:
            probs = _checked_probs(probs, multidimensional)
        with name_scope("logits"):
            if multidimensional:
                return tf.math.log(probs), probs
            return tf.math.log(probs) - tf.log1p(-1.0 * probs), probs


def _checked_probs(probs, multidimensional):
    with name_scope("validate_probs"):
        one = constant(1.0, probs.dtype)
        checks = [tf.assert_non_negative(probs)]
        if multidimensional:
            probs = with_check_of_classes(probs)
            checks.append(tf.assert_near(tf.reduce_sum(probs, -1), one, message="probs does not sum to 1."))
        else:
            checks.append(tf.assert_less_equal(probs, one, message="probs has components greater than 1."))
        return with_dependencies(checks, probs)


def log_combinations(n, counts, name="log_combinations"):
    """The logarithm of the number of ways in which `n` things get into classes with these counts."""
    with name_scope(name, values=[n, counts]):
        n, counts = convert(n, name="n"), convert(counts, name="counts")
        total, each = tf.lgamma(n + 1), tf.lgamma(counts + 1)
        return total - tf.reduce_sum(each, axis=[-1])


@export("contrib.distributions.softplus_inverse", "python.ops.distributions.util.softplus_inverse")
def softplus_inverse(x, name=None):
    """The inverse of softplus, `log(exp(x) - 1)`.

    Args:
      x: a tensor of floats above 0.
      name: the name scope of the nodes.
    """
    with name_scope(name, "softplus_inverse", values=[x]):
        x = convert(x, name="x")
        threshold = np.log(np.finfo(x.dtype.as_numpy_dtype).eps) + 2.0
        small, large = tf.less(x, np.exp(threshold)), tf.greater(x, -threshold)
        of_small, of_large = tf.math.log(x), x
        x = where_v2(tf.logical_or(small, large), tf.ones_like(x), x)
        y = x + tf.math.log(-tf.expm1(-x))
        return where_v2(small, of_small, where_v2(large, of_large, y))
