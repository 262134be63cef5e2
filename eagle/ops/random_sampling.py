"""Samples from distributions with parameters: `tf.random_gamma`, `tf.random_poisson`, `tf.multinomial`."""

import math

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.backprop import sum_to_shape
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.op import Host, HostShape, State, dtype_of, op
from ..core.scopes import name_scope
from . import random_draws, random_numbers
from .arithmetic import broadcast_shape, incompatible
from .binary import maximum
from .filling import zeros_like
from .gamma_derivative import gamma_sample_derivative
from .philox import RESERVED
from .random import checked_shape, generator, seeds
from .stateless_random import check_seed_shape, seed_stream


def _samples_shape(shape, parameter):
    """The shape rule: samples of `shape` for each element of `parameter`."""
    return None if shape is None or parameter is None else shape + parameter


def _arranged(samples, shape, parameter, dtype):
    """Samples of shape (parameters, samples) in the order of the result."""
    return np.ascontiguousarray(samples.T).reshape(shape + parameter.shape).astype(dtype)


# ----------------------------------------------------------------------------------------------------------------- gamma


@op("RandomGamma")
def _random_gamma(xp, shape: HostShape, alpha, *, state: State, seed=0, seed2=0, S=dtypes.int32):
    shape = checked_shape(shape)
    count = math.prod(shape)
    if not count * alpha.size:
        return np.empty(shape + alpha.shape, alpha.dtype)
    stream = generator(state, "RandomGamma", seed, seed2, alpha.dtype, S).reserve(count * alpha.size * RESERVED)
    return _arranged(random_draws.gamma(stream, alpha.reshape(-1).astype(np.float64), count), shape, alpha, alpha.dtype)


_random_gamma.shape(_samples_shape)


@_random_gamma.grad("alpha")
def _(g, alpha, output):
    """The sum over the samples of their derivatives by implicit differentiation."""
    partial = g * _random_gamma_grad(alpha, output)
    return sum_to_shape(partial, alpha._shape if shapes.is_known(alpha._shape) else registry["Shape"](alpha))


@_random_gamma.samples
def _(make):
    t = make.dtype.np.type
    yield (3,), np.array([0.5, 1.0, 7.0], t), dict(seed=3, seed2=5)
    yield (40, 2), t(0.9), dict(seed=3, seed2=6)
    yield (2,), np.array([[0.1], [20.0]], t), dict(seed=4)
    yield np.zeros(0, np.int32), t(2.0), dict(seed=4)
    yield (0, 2), t(2.0), dict(seed=4)


@op("RandomGammaGrad")
def _random_gamma_grad(xp, alpha, sample):
    return gamma_sample_derivative(alpha, sample)


@_random_gamma_grad.kernel_for("xla")
def _(xp, alpha, sample):
    import jax

    return jax.lax.random_gamma_grad(*xp.broadcast_arrays(alpha, sample))


_random_gamma_grad.shape(broadcast_shape)
_random_gamma_grad.explains(incompatible)


@_random_gamma_grad.samples
def _(make):
    yield make.positive(2, 3), make.positive(2, 3)
    yield make.between(2.0, 9.0, 3), make.positive(2, 1)
    yield make(), make()


@export("random_gamma", "random.gamma")
def random_gamma(shape, alpha, beta=None, dtype=dtypes.float32, seed=None, name=None):
    """Numbers from gamma distributions; they are differentiable with respect to `alpha` and `beta`.

    Args:
      shape: how many numbers from each distribution, in which shape: an int vector.
      alpha: the shape parameters, a number or tensor.
      beta: the inverse scale parameters, broadcast with `alpha`; by default 1.
      dtype: float16, float32 or float64.
      seed: an int from which, with the graph's seed, the numbers follow; see `tf.set_random_seed`.
      name: the name scope of the nodes.

    Returns:
      A tensor of shape `shape` followed by that of `alpha + beta`.  None is less than the smallest positive normal number.

    Raises:
      InvalidArgumentError (in a graph ValueError): `shape` is no vector.
    """
    dtype = dtypes.as_dtype(dtype)
    with name_scope(name, "random_gamma", [shape, alpha, beta]):
        shape = convert(shape, dtypes.int32, "shape")
        alpha = convert(alpha, dtype, "alpha")
        beta = convert(1 if beta is None else beta, dtype, "beta")
        alpha = alpha + zeros_like(beta)
        samples = _random_gamma(shape, alpha, **seeds(seed))
        return maximum(np.finfo(dtype.np).tiny, samples / beta)


# --------------------------------------------------------------------------------------------------------------- Poisson


def _poisson(op_name, shape, rate, state, seed, seed2, dtype, *others):
    shape = checked_shape(shape)
    count = math.prod(shape)
    if not count * rate.size:
        return np.empty(shape + rate.shape, dtype.np)
    stream = generator(state, op_name, seed, seed2, dtype, *others).reserve(count * rate.size * RESERVED)
    largest = float(dtype.max)
    return _arranged(random_draws.poisson(stream, rate.reshape(-1).astype(np.float64), count, largest), shape, rate, dtype.np)


@op("RandomPoisson")
def _random_poisson(xp, shape: HostShape, rate, *, state: State, seed=0, seed2=0, S=dtypes.int32):
    return _poisson("RandomPoisson", shape, rate, state, seed, seed2, dtype_of(rate), S)


@op("RandomPoissonV2")
def _random_poisson_v2(xp, shape: HostShape, rate, *, state: State, seed=0, seed2=0, dtype=dtypes.int64, S=dtypes.int32):
    return _poisson("RandomPoissonV2", shape, rate, state, seed, seed2, dtype, rate.dtype, S)


for _op in (_random_poisson, _random_poisson_v2):
    _op.shape(_samples_shape)
    _op.not_differentiable()

    @_op.samples
    def _(make):
        t = make.dtype.np.type
        yield (3,), np.array([0.5, 9.0, 12.0], t), dict(seed=3, seed2=5)
        yield (40, 2), t(300), dict(seed=3, seed2=6)
        yield (2,), np.array([[0], [20]], t), dict(seed=4)


@export("random_poisson", "random.poisson")
def random_poisson(lam, shape, dtype=dtypes.float32, seed=None, name=None):
    """Numbers from Poisson distributions.

    Args:
      lam: the rates, a number or tensor.
      shape: how many numbers from each distribution, in which shape: an int vector.
      dtype: float16, float32, float64, int32 or int64.
      seed: an int from which, with the graph's seed, the numbers follow; see `tf.set_random_seed`.
      name: the name scope of the node.

    Returns:
      A tensor of shape `shape` followed by that of `lam`.

    Raises:
      InvalidArgumentError (in a graph ValueError): `shape` is no vector.
    """
    with name_scope(name, "random_poisson", [lam, shape]):
        shape = convert(shape, dtypes.int32, "shape")
        return _random_poisson_v2(shape, lam, dtype=dtype, **seeds(seed))


# ----------------------------------------------------------------------------------------------------------- multinomial


_LOGIT_TYPES = [dtypes.float16, dtypes.float32, dtypes.float64]  # for which TensorFlow has kernels


def _check_multinomial(logits, num_samples):
    if logits.ndim != 2:
        raise invalid("logits should be a matrix, got shape %s", shapes.to_brackets(logits.shape))
    if type(num_samples) is tuple:
        raise invalid("num_samples should be a scalar, got shape %s", shapes.to_brackets(np.shape(num_samples)))
    if num_samples < 0:
        raise invalid("num_samples should be nonnegative, got %d", num_samples)
    if not logits.shape[1]:
        raise invalid("num_classes should be positive, got 0")


def _chosen_classes(xp, logits, num_samples, stream, dtype):
    """Classes drawn with probabilities in proportion to the exponentials of their logits; infinite and NaN ones are left out."""
    finite = xp.isfinite(logits)
    wide = logits.astype(xp.float64)
    largest = xp.where(finite, wide, -xp.inf).max(axis=1, keepdims=True)
    weights = xp.where(finite, xp.exp(wide - xp.where(xp.isfinite(largest), largest, 0.0)), 0.0)
    upper = xp.cumsum(weights, axis=1)
    target = random_numbers.uniform(xp, stream, (logits.shape[0], num_samples), dtypes.float64) * upper[:, -1:]
    if xp is np and num_samples > 8:
        return np.stack([np.searchsorted(u, t, "right") for u, t in zip(upper, target)]).astype(dtype.np)
    return (upper[:, None, :] <= target[:, :, None]).sum(axis=2).astype(dtype.np)


def _multinomial_shape(logits, num_samples):
    return shapes.with_rank(logits, 2)[0], num_samples


@op("Multinomial", sample_types=_LOGIT_TYPES)
def _multinomial(xp, logits, num_samples: Host, *, state: State, seed=0, seed2=0, output_dtype=dtypes.int64):
    _check_multinomial(logits, num_samples)
    if not logits.shape[0] * num_samples:
        return np.empty((logits.shape[0], num_samples), output_dtype.np)
    blocks = logits.shape[0] * ((num_samples + 3) // 4 * 4) * 2 * RESERVED
    stream = generator(state, "Multinomial", seed, seed2, logits.dtype, output_dtype).reserve(blocks)
    return _chosen_classes(np, logits, num_samples, stream, output_dtype)


_multinomial.shape(_multinomial_shape)
_multinomial.not_differentiable()


@_multinomial.samples
def _(make):
    yield make(2, 3), 4, dict(seed=3, seed2=5)
    yield make(3, 5), 40, dict(seed=3, seed2=6, output_dtype=dtypes.int32)
    yield make(0, 5), 4, dict(seed=3)
    yield make(2, 5), 0, dict(seed=3)


@op("StatelessMultinomial", sample_types=_LOGIT_TYPES)
def _stateless_multinomial(xp, logits, num_samples: Host, seed, *, output_dtype=dtypes.int64):
    _check_multinomial(logits, num_samples)
    stream = seed_stream(xp, seed)
    if not logits.shape[0] * num_samples:
        return xp.zeros((logits.shape[0], num_samples), output_dtype.np)
    return _chosen_classes(xp, logits, num_samples, stream, output_dtype)


@_stateless_multinomial.shape
def _(logits, num_samples, seed):
    check_seed_shape(seed)
    return _multinomial_shape(logits, num_samples)


_stateless_multinomial.not_differentiable()


@_stateless_multinomial.samples
def _(make):
    seed = np.array([3, -5], np.int32)
    yield make(2, 3), 4, seed
    yield make(3, 5), 40, seed, dict(output_dtype=dtypes.int32)
    yield make(0, 5), 4, seed


def _categorical(default_name, logits, num_samples, dtype, seed, name):
    with name_scope(name, default_name, [logits]):
        logits = convert(logits, None, "logits")
        return _multinomial(logits, num_samples, output_dtype=dtype or dtypes.int64, **seeds(seed))


@export("multinomial", "random.multinomial")
def multinomial(logits, num_samples, seed=None, name=None, output_dtype=None):
    """Classes drawn at random: `tf.random.categorical` with its arguments in another order.

    Args:
      logits: the unnormalised logarithms of the classes' probabilities, of shape (batch, classes).
      num_samples: how many classes for each row, an int.
      seed: an int from which, with the graph's seed, the choice follows; see `tf.set_random_seed`.
      name: the name scope of the nodes.
      output_dtype: int32 or int64 (the default).

    Returns:
      An integer tensor of shape (batch, num_samples).

    Raises:
      InvalidArgumentError (in a graph ValueError where shapes are known): an argument has the wrong rank, or there is no class.
    """
    return _categorical("multinomial", logits, num_samples, output_dtype, seed, name)


@export("random.categorical")
def categorical(logits, num_samples, dtype=None, seed=None, name=None):
    """Classes drawn at random.

    Args:
      logits: the unnormalised logarithms of the classes' probabilities, of shape (batch, classes).
      num_samples: how many classes for each row, an int.
      dtype: int32 or int64 (the default).
      seed: an int from which, with the graph's seed, the choice follows; see `tf.set_random_seed`.
      name: the name scope of the nodes.

    Returns:
      An integer tensor of shape (batch, num_samples).

    Raises:
      InvalidArgumentError (in a graph ValueError where shapes are known): an argument has the wrong rank, or there is no class.
    """
    return _categorical("categorical", logits, num_samples, dtype, seed, name)


def _stateless_categorical(default_name, logits, num_samples, seed, dtype, name):
    with name_scope(name, default_name, [logits, seed]):
        return _stateless_multinomial(convert(logits, None, "logits"), num_samples, seed, output_dtype=dtype)


@export("random.stateless_multinomial", "contrib.stateless.stateless_multinomial")
def stateless_multinomial(logits, num_samples, seed, output_dtype=dtypes.int64, name=None):
    """As `tf.random.stateless_categorical`."""
    return _stateless_categorical("stateless_multinomial", logits, num_samples, seed, output_dtype, name)


@export("random.stateless_categorical")
def stateless_categorical(logits, num_samples, seed, dtype=dtypes.int64, name=None):
    """Classes drawn at random, which follow from `seed` alone.

    Args:
      logits: the unnormalised logarithms of the classes' probabilities, of shape (batch, classes).
      num_samples: how many classes for each row, an int.
      seed: two integers, as a vector.
      dtype: int32 or int64.
      name: the name scope of the nodes.

    Returns:
      An integer tensor of shape (batch, num_samples).

    Raises:
      InvalidArgumentError (in a graph ValueError where shapes are known): an argument has the wrong shape, or there is no class.
    """
    return _stateless_categorical("stateless_categorical", logits, num_samples, seed, dtype, name)
