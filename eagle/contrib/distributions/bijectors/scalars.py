"""Bijectors of numbers: each element of a tensor is mapped by itself."""

import numpy as np

from ....core.convert import convert
from ....core.export import export, public as tf
from ....core.scopes import name_scope
from ....core.static_values import constant_value
from ....distributions.bijector import Bijector
from ....distributions.checks import softplus_inverse
from ....ops.flow import with_dependencies
from ....ops.where import where_v2


class Scalar(Bijector):
    """The base of bijectors of numbers.

    Args:
      validate_args, name, is_constant_jacobian: as of `Bijector`.
    """

    def __init__(self, validate_args, name, is_constant_jacobian=False):
        super().__init__(forward_min_event_ndims=0, validate_args=validate_args, name=name,
                         is_constant_jacobian=is_constant_jacobian)  # fmt: skip

    def _when_valid(self, value, *checks):
        """A tensor that waits for assertions, pairs of a function and its message, if arguments are checked."""
        if not self.validate_args:
            return value
        return with_dependencies([check(value, message) for check, message in checks], value)


def _scope_of(name):
    """A context manager for the nodes of the parameters of a bijector."""

    class Both:
        def __enter__(self):
            self._scopes = [name_scope(name), name_scope("init")]
            for scope in self._scopes:
                scope.__enter__()

        def __exit__(self, *error):
            for scope in reversed(self._scopes):
                scope.__exit__(*error)

    return Both()


def _not_negative(value, message):
    return tf.assert_non_negative(value, message=message)


def _positive(value, message):
    return tf.assert_positive(value, message=message)


def _at_most_one(value, message):
    return tf.assert_less_equal(value, tf.constant(1.0, value.dtype), message=message)


_BETWEEN = (
    (_not_negative, "Inverse transformation input must be greater than 0."),
    (
        _at_most_one,
        "Inverse transformation input must be less than or equal to 1.",
    ),
)


def _positive_parameter(value, name, validate_args, message=None):
    """A parameter as a tensor that must be positive."""
    value = convert(value, name=name)
    if validate_args:
        message = message or "Argument %s was not positive" % name
        value = with_dependencies([tf.assert_positive(value, message=message)], value)
    return value


@export("contrib.distributions.bijectors.AbsoluteValue")
class AbsoluteValue(Scalar):
    """`y = |x|`; there are two inverses.

    Args:
      validate_args: whether arguments are checked by assertions.
      name: its name.
    """

    _is_injective = False

    def __init__(self, validate_args=False, name="absolute_value"):
        super().__init__(validate_args, name, is_constant_jacobian=True)

    def _forward(self, x):
        return tf.abs(x)

    def _inverse(self, y):
        y = self._when_valid(y, (_not_negative, "Argument y was negative"))
        return -y, y

    def _inverse_log_det_jacobian(self, y):
        zeros = self._constant(0.0, y)
        if self.validate_args:
            zeros = with_dependencies([tf.assert_non_negative(y, message="Argument y was negative")], zeros)
        return zeros, zeros


@export("contrib.distributions.bijectors.AffineScalar")
class AffineScalar(Scalar):
    """`y = scale x + shift`.

    Args:
      shift, scale: tensors; None for 0 and 1.
      validate_args: whether it is asserted that `scale` is not 0.
      name: its name.
    """

    def __init__(self, shift=None, scale=None, validate_args=False, name="affine_scalar"):
        with _scope_of(name):
            self._shift = None if shift is None else convert(shift, name="shift")
            self._scale = None if scale is None else convert(scale, name="scale")
            if validate_args and scale is not None:
                checks = [tf.assert_none_equal(self._scale, tf.zeros([], dtype=self._scale.dtype))]
                self._scale = with_dependencies(checks, self._scale)
            super().__init__(validate_args, name, is_constant_jacobian=True)

    shift = property(lambda self: self._shift)
    scale = property(lambda self: self._scale)

    def _forward(self, x):
        y = tf.identity(x)
        y = y if self.scale is None else y * self.scale
        return y if self.shift is None else y + self.shift

    def _inverse(self, y):
        x = tf.identity(y)
        x = x if self.shift is None else x - self.shift
        return x if self.scale is None else x / self.scale

    def _forward_log_det_jacobian(self, x):
        return self._constant(0.0, x) if self.scale is None else tf.math.log(tf.abs(self.scale))


@export("contrib.distributions.bijectors.PowerTransform")
class PowerTransform(Scalar):
    """`y = (1 + x power)^(1 / power)`, the exponential where the power is 0.

    Args:
      power: a number that is not negative.
      validate_args: whether arguments are checked by assertions.
      name: its name.

    Raises:
      ValueError: the power is negative or not known.
    """

    def __init__(self, power=0.0, validate_args=False, name="power_transform"):
        with _scope_of(name):
            power = constant_value(convert(power, name="power"))
        if power is None or power < 0:
            raise ValueError("`power` must be a non-negative TF constant.")
        self._power = power
        super().__init__(validate_args, name)

    power = property(lambda self: self._power)

    def _valid_x(self, x):
        if not self.validate_args or self.power == 0.0:
            return x
        message = "Forward transformation input must be at least %s." % (-1.0 / self.power)
        return with_dependencies([tf.assert_non_negative(1.0 + self.power * x, message=message)], x)

    def _valid_y(self, y):
        return self._when_valid(y, (_positive, "Inverse transformation input must be greater than 0."))

    def _forward(self, x):
        x = self._valid_x(x)
        return tf.exp(x) if self.power == 0.0 else tf.exp(tf.log1p(x * self.power) / self.power)

    def _inverse(self, y):
        y = self._valid_y(y)
        return tf.math.log(y) if self.power == 0.0 else tf.expm1(tf.math.log(y) * self.power) / self.power

    def _inverse_log_det_jacobian(self, y):
        return (self.power - 1.0) * tf.math.log(self._valid_y(y))

    def _forward_log_det_jacobian(self, x):
        x = self._valid_x(x)
        return x if self.power == 0.0 else (1.0 / self.power - 1.0) * tf.log1p(x * self.power)


@export("contrib.distributions.bijectors.Exp")
class Exp(PowerTransform):
    """`y = exp(x)`.

    Args:
      validate_args: whether arguments are checked by assertions.
      name: its name.
    """

    def __init__(self, validate_args=False, name="exp"):
        super().__init__(validate_args=validate_args, name=name)


@export("contrib.distributions.bijectors.Gumbel")
class Gumbel(Scalar):
    """`y = exp(-exp(-(x - loc) / scale))`, the distribution function of Gumbel's distribution.

    Args:
      loc, scale: tensors.
      validate_args: whether arguments are checked by assertions.
      name: its name.
    """

    def __init__(self, loc=0.0, scale=1.0, validate_args=False, name="gumbel"):
        with _scope_of(name):
            self._loc = convert(loc, name="loc")
            self._scale = _positive_parameter(scale, "scale", validate_args)
            tf.debugging.assert_same_float_dtype([self._loc, self._scale])
        super().__init__(validate_args, name)

    loc = property(lambda self: self._loc)
    scale = property(lambda self: self._scale)

    def _forward(self, x):
        return tf.exp(-tf.exp(-(x - self.loc) / self.scale))

    def _inverse(self, y):
        return self.loc - self.scale * tf.math.log(-tf.math.log(self._when_valid(y, *_BETWEEN)))

    def _inverse_log_det_jacobian(self, y):
        y = self._when_valid(y, *_BETWEEN)
        return tf.math.log(self.scale / (-tf.math.log(y) * y))

    def _forward_log_det_jacobian(self, x):
        z = (x - self.loc) / self.scale
        return -z - tf.exp(-z) - tf.math.log(self.scale)


@export("contrib.distributions.python.ops.bijectors.weibull.Weibull")
class Weibull(Scalar):
    """`y = 1 - exp(-(x / scale)^concentration)`, the distribution function of Weibull's distribution.

    Args:
      scale, concentration: tensors of positive numbers.
      validate_args: whether arguments are checked by assertions.
      name: its name.
    """

    def __init__(self, scale=1.0, concentration=1.0, validate_args=False, name="weibull"):
        with _scope_of(name):
            self._scale = _positive_parameter(scale, "scale", validate_args)
            self._concentration = _positive_parameter(concentration, "concentration", validate_args)
            tf.debugging.assert_same_float_dtype([self._scale, self._concentration])
        super().__init__(validate_args, name)

    scale = property(lambda self: self._scale)
    concentration = property(lambda self: self._concentration)

    def _valid_x(self, x):
        return self._when_valid(x, (_not_negative, "Forward transformation input must be at least 0."))

    def _forward(self, x):
        return -tf.expm1(-((self._valid_x(x) / self.scale) ** self.concentration))

    def _inverse(self, y):
        return self.scale * (-tf.log1p(-self._when_valid(y, *_BETWEEN))) ** (1 / self.concentration)

    def _inverse_log_det_jacobian(self, y):
        inner = -tf.log1p(-self._when_valid(y, *_BETWEEN))
        return inner + (1 / self.concentration - 1) * tf.math.log(inner) + tf.math.log(self.scale / self.concentration)

    def _forward_log_det_jacobian(self, x):
        x, c = self._valid_x(x), self.concentration
        return -((x / self.scale) ** c) + (c - 1) * tf.math.log(x) + tf.math.log(c) + -c * tf.math.log(self.scale)


@export("contrib.distributions.bijectors.Kumaraswamy")
class Kumaraswamy(Scalar):
    """`y = (1 - (1 - x)^(1 / concentration0))^(1 / concentration1)`.

    Args:
      concentration1, concentration0: tensors of positive numbers.
      validate_args: whether arguments are checked by assertions.
      name: its name.
    """

    def __init__(self, concentration1=None, concentration0=None, validate_args=False, name="kumaraswamy"):
        message = "Concentration parameter must be positive."
        with _scope_of(name):
            self._concentration1 = _positive_parameter(concentration1, "concentration1", validate_args, message)
            self._concentration0 = _positive_parameter(concentration0, "concentration0", validate_args, message)
        super().__init__(validate_args, name)

    concentration1 = property(lambda self: self._concentration1)
    concentration0 = property(lambda self: self._concentration0)

    def _valid(self, x):
        return self._when_valid(x, (_not_negative, "sample must be non-negative"),
                                (_at_most_one, "sample must be no larger than `1`."))  # fmt: skip

    def _forward(self, x):
        inner = tf.log1p(-tf.exp(tf.log1p(-self._valid(x)) / self.concentration0))
        return tf.exp(inner / self.concentration1)

    def _inverse(self, y):
        return tf.exp(tf.log1p(-((1 - self._valid(y) ** self.concentration1) ** self.concentration0)))

    def _inverse_log_det_jacobian(self, y):
        y, c1, c0 = self._valid(y), self.concentration1, self.concentration0
        return tf.math.log(c1) + tf.math.log(c0) + (c1 - 1) * tf.math.log(y) + (c0 - 1) * tf.log1p(-(y**c1))


@export("contrib.distributions.bijectors.Sigmoid")
class Sigmoid(Scalar):
    """`y = 1 / (1 + exp(-x))`.

    Args:
      validate_args: whether arguments are checked by assertions.
      name: its name.
    """

    def __init__(self, validate_args=False, name="sigmoid"):
        super().__init__(validate_args, name)

    def _forward(self, x):
        return tf.sigmoid(x)

    def _inverse(self, y):
        return tf.math.log(y) - tf.log1p(-y)

    def _inverse_log_det_jacobian(self, y):
        return -tf.math.log(y) - tf.log1p(-y)

    def _forward_log_det_jacobian(self, x):
        return -tf.nn.softplus(-x) - tf.nn.softplus(x)


@export("contrib.distributions.bijectors.SinhArcsinh")
class SinhArcsinh(Scalar):
    """`y = sinh((arsinh(x) + skewness) tailweight)`.

    Args:
      skewness, tailweight: tensors; None for 0 and 1.
      validate_args: whether arguments are checked by assertions.
      name: its name.
    """

    def __init__(self, skewness=None, tailweight=None, validate_args=False, name="SinhArcsinh"):
        with _scope_of(name):
            self._skewness = convert(0.0 if skewness is None else skewness, name="skewness")
            self._tailweight = convert(1.0 if tailweight is None else tailweight, self._skewness.dtype, "tailweight")
            tf.debugging.assert_same_float_dtype([self._skewness, self._tailweight])
            if validate_args:
                self._tailweight = _positive_parameter(self._tailweight, "tailweight", True)
        super().__init__(validate_args, name)

    skewness = property(lambda self: self._skewness)
    tailweight = property(lambda self: self._tailweight)

    def _forward(self, x):
        return tf.sinh((tf.asinh(x) + self.skewness) * self.tailweight)

    def _inverse(self, y):
        return tf.sinh(tf.asinh(y) / self.tailweight - self.skewness)

    def _inverse_log_det_jacobian(self, y):
        inner = tf.cosh(tf.asinh(y) / self.tailweight - self.skewness)
        return tf.math.log(inner / _root_of_square_plus_one(y)) - tf.math.log(self.tailweight)

    def _forward_log_det_jacobian(self, x):
        inner = tf.cosh((tf.asinh(x) + self.skewness) * self.tailweight)
        return tf.math.log(inner / _root_of_square_plus_one(x)) + tf.math.log(self.tailweight)


def _root_of_square_plus_one(x):
    """`sqrt(x^2 + 1)`, without overflow."""
    is_small = tf.abs(x) * np.sqrt(np.finfo(x.dtype.as_numpy_dtype).eps) <= 1.0
    return where_v2(is_small, tf.sqrt(x**2.0 + 1.0), tf.abs(x))


@export("contrib.distributions.bijectors.Softplus")
class Softplus(Scalar):
    """`y = log(1 + exp(x))`.

    Args:
      hinge_softness: a tensor that is not 0: how softly the curve bends; None for 1.
      validate_args: whether arguments are checked by assertions.
      name: its name.
    """

    def __init__(self, hinge_softness=None, validate_args=False, name="softplus"):
        with name_scope(name, values=[hinge_softness]):
            softness = None if hinge_softness is None else convert(hinge_softness, name="hinge_softness")
            if validate_args and softness is not None:
                check = tf.assert_none_equal(convert(0, softness.dtype), softness, message="hinge_softness must be non-zero")
                softness = with_dependencies([check], softness)
        self._hinge_softness = softness
        super().__init__(validate_args, name)

    hinge_softness = property(lambda self: self._hinge_softness)

    def _softly(self, function, x):
        if self.hinge_softness is None:
            return function(x)
        softness = tf.cast(self.hinge_softness, x.dtype)
        return softness * function(x / softness)

    def _over_softness(self, x):
        return x if self.hinge_softness is None else x / tf.cast(self.hinge_softness, x.dtype)

    def _forward(self, x):
        return self._softly(tf.nn.softplus, x)

    def _inverse(self, y):
        return self._softly(softplus_inverse, y)

    def _inverse_log_det_jacobian(self, y):
        return -tf.math.log(-tf.expm1(-self._over_softness(y)))

    def _forward_log_det_jacobian(self, x):
        return -tf.nn.softplus(-self._over_softness(x))


@export("contrib.distributions.bijectors.Softsign")
class Softsign(Scalar):
    """`y = x / (1 + |x|)`.

    Args:
      validate_args: whether arguments are checked by assertions.
      name: its name.
    """

    def __init__(self, validate_args=False, name="softsign"):
        super().__init__(validate_args, name)

    def _valid_y(self, y):
        return self._when_valid(
            y,
            (
                lambda y, m: tf.assert_greater(y, tf.cast(-1.0, y.dtype), message=m),
                "Inverse transformation input must be greater than -1.",
            ),
            (lambda y, m: tf.assert_less(y, tf.cast(1.0, y.dtype), message=m), "Inverse transformation input must be less than 1."),
        )

    def _forward(self, x):
        return x / (1.0 + tf.abs(x))

    def _inverse(self, y):
        y = self._valid_y(y)
        return y / (1.0 - tf.abs(y))

    def _forward_log_det_jacobian(self, x):
        return -2.0 * tf.log1p(tf.abs(x))

    def _inverse_log_det_jacobian(self, y):
        return -2.0 * tf.log1p(-tf.abs(self._valid_y(y)))


@export("contrib.distributions.bijectors.Square")
class Square(Scalar):
    """`y = x^2` of numbers that are not negative.

    Args:
      validate_args: whether arguments are checked by assertions.
      name: its name.
    """

    def __init__(self, validate_args=False, name="square"):
        super().__init__(validate_args, name)

    def _valid(self, t):
        return self._when_valid(t, (_not_negative, "All elements must be non-negative."))

    def _forward(self, x):
        return tf.square(self._valid(x))

    def _inverse(self, y):
        return tf.sqrt(self._valid(y))

    def _forward_log_det_jacobian(self, x):
        return np.log(2.0).astype(x.dtype.as_numpy_dtype) + tf.math.log(self._valid(x))
