"""Learning rates that change with the step: `tf.train.exponential_decay` and its kin, and the schedules behind them.

A schedule is an object that gives the rate for a step.  The functions of `tf.train` give the rate for the global step at once, or
eagerly a function without arguments that gives it when an optimizer asks.
"""

import functools
import inspect
import math

from ..core import dtypes
from ..core.context import here
from ..core.convert import constant, convert
from ..core.export import export, public
from ..core.scopes import name_scope


@export("keras.optimizers.schedules.LearningRateSchedule")
class LearningRateSchedule:
    """A learning rate that changes with the step: called with a step it gives the rate."""

    def __call__(self, step):
        raise NotImplementedError("Learning rate schedule must override __call__")

    def get_config(self):
        """The arguments of the constructor that make such a schedule, as a dictionary."""
        raise NotImplementedError("Learning rate schedule must override get_config")

    @classmethod
    def from_config(cls, config):
        """The schedule for what `get_config` gave."""
        return cls(**config)


class _Schedule(LearningRateSchedule):
    """A schedule that keeps its constructor's arguments as attributes; a subclass says what they mean in `_rate`.

    Attributes:
      default_name: the name scope where the argument `name` is None.
    """

    default_name = None

    def get_config(self):
        return {name: getattr(self, name) for name in inspect.signature(type(self).__init__).parameters if name != "self"}

    def __call__(self, step):
        with name_scope(self.name or self.default_name) as scope:
            rate = convert(self.initial_learning_rate, name="initial_learning_rate")
            return self._rate(rate, rate.dtype.base_dtype, step, scope)

    def _rate(self, rate, dtype, step, scope):
        """The rate at a step, as a node of the name `scope`; `rate` is the initial one, of type `dtype`."""
        raise NotImplementedError

    def _cast(self, dtype, *names):
        """Some arguments as tensors of a type."""
        return [public.cast(getattr(self, n), dtype) for n in names]


def _keep(schedule, arguments):
    """Makes a constructor's arguments attributes."""
    for name, value in arguments.items():
        if name not in ("self", "__class__"):
            setattr(schedule, name, value)


@export("keras.optimizers.schedules.ExponentialDecay")
class ExponentialDecay(_Schedule):
    """`initial_learning_rate * decay_rate ** (step / decay_steps)`, with `staircase` in whole powers."""

    default_name = "ExponentialDecay"

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False, name=None):
        _keep(self, locals())

    def _rate(self, rate, dtype, step, scope):
        steps, decay = self._cast(dtype, "decay_steps", "decay_rate")
        p = public.cast(step, dtype) / steps
        if self.staircase:
            p = public.floor(p)
        return public.multiply(rate, public.pow(decay, p), name=scope)


@export("keras.optimizers.schedules.InverseTimeDecay")
class InverseTimeDecay(_Schedule):
    """`initial_learning_rate / (1 + decay_rate * step / decay_steps)`, with `staircase` in whole steps."""

    default_name = "InverseTimeDecay"

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False, name=None):
        _keep(self, locals())

    def _rate(self, rate, dtype, step, scope):
        steps, decay = self._cast(dtype, "decay_steps", "decay_rate")
        p = public.cast(step, dtype) / steps
        if self.staircase:
            p = public.floor(p)
        one = public.cast(constant(1), dtype)
        return public.divide(rate, public.add(one, public.multiply(decay, p)), name=scope)


@export("keras.optimizers.schedules.PiecewiseConstantDecay")
class PiecewiseConstantDecay(_Schedule):
    """`values[i]` for steps above `boundaries[i - 1]` and up to `boundaries[i]`.

    Raises:
      ValueError: there is not one value more than there are boundaries.
    """

    def __init__(self, boundaries, values, name=None):
        if len(boundaries) != len(values) - 1:
            raise ValueError("The length of boundaries should be 1 less than the length of values")
        _keep(self, locals())

    def __call__(self, step):
        with name_scope(self.name or "PiecewiseConstant"):
            boundaries, values = _converted(self.boundaries), _converted(self.values)
            x = convert(step)
            boundaries = [b if b.dtype.base_dtype is x.dtype.base_dtype else public.cast(b, x.dtype.base_dtype) for b in boundaries]
            cases = [(x <= boundaries[0], lambda: values[0]), (x > boundaries[-1], lambda: values[-1])]
            for low, high, v in zip(boundaries[:-1], boundaries[1:], values[1:-1]):
                cases.append(((x > low) & (x <= high), lambda v=v: v))
            return public.case(cases, lambda: values[0], exclusive=True)


def _converted(values):
    return [convert(v) for v in values]


@export("keras.optimizers.schedules.PolynomialDecay")
class PolynomialDecay(_Schedule):
    """From `initial_learning_rate` to `end_learning_rate` in `decay_steps` steps, along a power of the part that is left.

    With `cycle` the steps are multiplied when they are over, so that the rate rises again.
    """

    default_name = "PolynomialDecay"

    def __init__(self, initial_learning_rate, decay_steps, end_learning_rate=0.0001, power=1.0, cycle=False, name=None):
        _keep(self, locals())

    def _rate(self, rate, dtype, step, scope):
        end, power = self._cast(dtype, "end_learning_rate", "power")
        step = public.cast(step, dtype)
        (steps,) = self._cast(dtype, "decay_steps")
        if self.cycle:
            times = public.cond(public.equal(step, 0), lambda: constant(1.0, dtype), lambda: public.ceil(step / self.decay_steps))
            steps = public.multiply(steps, times)
        else:
            step = public.minimum(step, self.decay_steps)
        p = public.divide(step, steps)
        return public.add(public.multiply(rate - end, public.pow(1 - p, power)), end, name=scope)


def _half_cosine(fraction, factor=None):
    """`(1 + cos(pi * fraction)) / 2`, times a factor."""
    half = 0.5 if factor is None else 0.5 * factor
    return half * (1.0 + public.cos(constant(math.pi) * fraction))


@export("keras.experimental.CosineDecay")
class CosineDecay(_Schedule):
    """From `initial_learning_rate` down to `alpha` times that along half a cosine (Loshchilov and Hutter, 2016)."""

    default_name = "CosineDecay"

    def __init__(self, initial_learning_rate, decay_steps, alpha=0.0, name=None):
        _keep(self, locals())

    def _rate(self, rate, dtype, step, scope):
        (steps,) = self._cast(dtype, "decay_steps")
        step = public.minimum(public.cast(step, dtype), steps)
        decayed = (1 - self.alpha) * _half_cosine(step / steps) + self.alpha
        return public.multiply(rate, decayed)


@export("keras.experimental.CosineDecayRestarts")
class CosineDecayRestarts(_Schedule):
    """Cosine decay that begins again, each time over `t_mul` times as many steps at `m_mul` times the rate."""

    default_name = "SGDRDecay"

    def __init__(self, initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0, name=None):
        _keep(self, locals())
        self._t_mul, self._m_mul = t_mul, m_mul

    def _rate(self, rate, dtype, step, scope):
        steps, alpha, t_mul, m_mul = self._cast(dtype, "first_decay_steps", "alpha", "t_mul", "m_mul")
        done = public.cast(step, dtype) / steps

        def in_even_cycles():
            restarts = public.floor(done)
            return restarts, done - restarts

        def in_growing_cycles():
            restarts = public.floor(public.log(1.0 - done * (1.0 - t_mul)) / public.log(t_mul))
            begun = (1.0 - t_mul**restarts) / (1.0 - t_mul)
            return restarts, (done - begun) / t_mul**restarts

        restarts, fraction = public.cond(public.equal(t_mul, 1.0), in_even_cycles, in_growing_cycles)
        decayed = (1 - alpha) * _half_cosine(fraction, m_mul**restarts) + alpha
        return public.multiply(rate, decayed, name=scope)


@export("keras.experimental.LinearCosineDecay")
class LinearCosineDecay(_Schedule):
    """A linear decay times a cosine of `num_periods` periods (Bello et al., 2017)."""

    default_name = "LinearCosineDecay"

    def __init__(self, initial_learning_rate, decay_steps, num_periods=0.5, alpha=0.0, beta=0.001, name=None):
        _keep(self, locals())

    def _rate(self, rate, dtype, step, scope):
        steps, periods, alpha, beta = self._cast(dtype, "decay_steps", "num_periods", "alpha", "beta")
        step = public.minimum(public.cast(step, dtype), steps)
        linear = (steps - step) / steps
        done = step / steps
        cosine = _half_cosine(2.0 * periods * done)
        return public.multiply(rate, (alpha + linear) * cosine + beta, name=scope)


@export("keras.experimental.NoisyLinearCosineDecay")
class NoisyLinearCosineDecay(_Schedule):
    """`LinearCosineDecay` whose linear part has noise, the variance of which decays (Bello et al., 2017)."""

    default_name = "NoisyLinearCosineDecay"

    def __init__(self, initial_learning_rate, decay_steps, initial_variance=1.0, variance_decay=0.55, num_periods=0.5, alpha=0.0,
                 beta=0.001, name=None):  # fmt: skip
        _keep(self, locals())

    def _rate(self, rate, dtype, step, scope):
        steps, variance, variance_decay, periods, alpha, beta = self._cast(
            dtype, "decay_steps", "initial_variance", "variance_decay", "num_periods", "alpha", "beta"
        )
        step = public.minimum(public.cast(step, dtype), steps)
        linear = (steps - step) / steps
        deviation = public.sqrt(variance / public.pow(1.0 + step, variance_decay))
        noisy = linear + public.random_normal(linear.shape, stddev=deviation)
        done = step / steps
        cosine = _half_cosine(2.0 * periods * done)
        return public.multiply(rate, (alpha + noisy) * cosine + beta, name=scope)


# ------------------------------------------------------------------------------------------------------ tf.train.*_decay


def _at(schedule, step):
    """The rate at a step; eagerly a function that gives it whenever it is called."""
    return functools.partial(schedule, step) if here.eager else schedule(step)


@export("train.exponential_decay")
def exponential_decay(learning_rate, global_step, decay_steps, decay_rate, staircase=False, name=None):
    """`learning_rate * decay_rate ** (global_step / decay_steps)`.

    Args:
      learning_rate: the rate at step 0.
      global_step: the step.
      decay_steps: over how many steps the rate is multiplied by `decay_rate`.
      decay_rate: a number.
      staircase: whether the exponent is rounded down to whole numbers.
      name: the name scope.

    Returns:
      A tensor; eagerly a function without arguments that gives it.
    """
    return _at(ExponentialDecay(learning_rate, decay_steps, decay_rate, staircase=staircase, name=name), global_step)


@export("train.piecewise_constant", "train.piecewise_constant_decay")
def piecewise_constant(x, boundaries, values, name=None):
    """`values[i]` where `x` is above `boundaries[i - 1]` and at most `boundaries[i]`.

    Args:
      x: a scalar.
      boundaries: a list of numbers of the type of `x`, ascending.
      values: a list of one number more.
      name: the name scope.

    Returns:
      A tensor; eagerly a function without arguments that gives it.

    Raises:
      ValueError: types or lengths don't fit.
    """
    boundaries, values, converted = _converted(boundaries), _converted(values), convert(x)
    wanted = converted.dtype.base_dtype
    for i, b in enumerate(boundaries):
        found = b.dtype.base_dtype
        if found is dtypes.int32 and wanted is dtypes.int64:
            boundaries[i] = public.cast(b, wanted)
        elif found is not wanted:
            raise ValueError("Boundaries (%s) must have the same dtype as x (%s)." % (found, wanted))
    for v in values[1:]:
        if v.dtype.base_dtype is not values[0].dtype.base_dtype:
            raise ValueError("Values must have elements all with the same dtype (%s vs %s)."
                             % (values[0].dtype.base_dtype, v.dtype.base_dtype))  # fmt: skip
    return _at(PiecewiseConstantDecay(boundaries, values, name=name), x)


@export("train.polynomial_decay")
def polynomial_decay(learning_rate, global_step, decay_steps, end_learning_rate=0.0001, power=1.0, cycle=False, name=None):
    """`(learning_rate - end_learning_rate) * (1 - global_step / decay_steps) ** power + end_learning_rate`.

    Args:
      learning_rate: the rate at step 0.
      global_step: the step; beyond `decay_steps` it counts as that.
      decay_steps: after how many steps the rate has come to its end.
      end_learning_rate: the rate at the end.
      power: the exponent.
      cycle: whether `decay_steps` is multiplied instead when the steps are over.
      name: the name scope.

    Returns:
      A tensor; eagerly a function without arguments that gives it.
    """
    schedule = PolynomialDecay(learning_rate, decay_steps, end_learning_rate=end_learning_rate, power=power, cycle=cycle, name=name)
    return _at(schedule, global_step)


@export("train.natural_exp_decay")
def natural_exp_decay(learning_rate, global_step, decay_steps, decay_rate, staircase=False, name=None):
    """`learning_rate * exp(-decay_rate * global_step / decay_steps)`; see `exponential_decay`."""
    natural = public.exp(public.negative(decay_rate))
    return _at(ExponentialDecay(learning_rate, decay_steps, natural, staircase=staircase, name=name), global_step)


@export("train.inverse_time_decay")
def inverse_time_decay(learning_rate, global_step, decay_steps, decay_rate, staircase=False, name=None):
    """`learning_rate / (1 + decay_rate * global_step / decay_steps)`; see `exponential_decay`."""
    return _at(InverseTimeDecay(learning_rate, decay_steps, decay_rate, staircase=staircase, name=name), global_step)


@export("train.cosine_decay")
def cosine_decay(learning_rate, global_step, decay_steps, alpha=0.0, name=None):
    """From `learning_rate` down to `alpha` times that along half a cosine.

    Args:
      learning_rate: the rate at step 0.
      global_step: the step.
      decay_steps: after how many steps the rate has come to its end.
      alpha: the end, as a part of `learning_rate`.
      name: the name scope.

    Returns:
      A tensor; eagerly a function without arguments that gives it.
    """
    return _at(CosineDecay(learning_rate, decay_steps, alpha=alpha, name=name), global_step)


@export("train.cosine_decay_restarts")
def cosine_decay_restarts(learning_rate, global_step, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0, name=None):
    """Cosine decay that begins again.

    Args:
      learning_rate: the rate at step 0.
      global_step: the step.
      first_decay_steps: the steps of the first cycle.
      t_mul: how many times longer each cycle is than the one before.
      m_mul: how many times higher its rate.
      alpha: the end of a cycle, as a part of `learning_rate`.
      name: the name scope.

    Returns:
      A tensor; eagerly a function without arguments that gives it.
    """
    schedule = CosineDecayRestarts(learning_rate, first_decay_steps, t_mul=t_mul, m_mul=m_mul, alpha=alpha, name=name)
    return _at(schedule, global_step)


@export("train.linear_cosine_decay")
def linear_cosine_decay(learning_rate, global_step, decay_steps, num_periods=0.5, alpha=0.0, beta=0.001, name=None):
    """A linear decay times a cosine.

    Args:
      learning_rate: the rate at step 0.
      global_step: the step.
      decay_steps: after how many steps the rate has come to its end.
      num_periods: the periods of the cosine.
      alpha, beta: `(alpha + linear) * cosine + beta` is what `learning_rate` is multiplied by.
      name: the name scope.

    Returns:
      A tensor; eagerly a function without arguments that gives it.
    """
    schedule = LinearCosineDecay(learning_rate, decay_steps, num_periods=num_periods, alpha=alpha, beta=beta, name=name)
    return _at(schedule, global_step)


@export("train.noisy_linear_cosine_decay")
def noisy_linear_cosine_decay(learning_rate, global_step, decay_steps, initial_variance=1.0, variance_decay=0.55, num_periods=0.5,
                              alpha=0.0, beta=0.001, name=None):  # fmt: skip
    """`linear_cosine_decay` with noise.

    Args:
      learning_rate, global_step, decay_steps, num_periods, alpha, beta, name: as of `linear_cosine_decay`.
      initial_variance: the variance of the noise at step 0.
      variance_decay: it is divided by `(1 + global_step) ** variance_decay`.
    """
    schedule = NoisyLinearCosineDecay(
        learning_rate, decay_steps, initial_variance=initial_variance, variance_decay=variance_decay, num_periods=num_periods,
        alpha=alpha, beta=beta, name=name)  # fmt: skip
    return _at(schedule, global_step)
