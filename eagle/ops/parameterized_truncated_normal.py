"""The op ParameterizedTruncatedNormal: normal numbers between given limits.

Numbers are made in batches, one after the other from one stream (as TensorFlow does on a single thread); each batch has parameters
of its own.  Which of three ways to propose numbers is best depends on where the limits are.
"""

import math

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.errors import InternalError, invalid
from ..core.op import HostShape, State, op
from . import random_numbers
from .float_functions import log_float32
from .random import checked_shape, generator

_BATCH = 100  # numbers in a batch if all have the same parameters
_TRIES = 1000  # proposals in a row of which one must be acceptable
_WITHIN = 1.3  # standard deviations on one side of the mean from which on normal proposals are best


@op("ParameterizedTruncatedNormal", sample_types=[dtypes.float16, dtypes.float32, dtypes.float64])
def _parameterized(xp, shape: HostShape, means, stdevs, minvals, maxvals, *, state: State, seed=0, seed2=0, T=dtypes.int32):
    shape = checked_shape(shape)
    parameters = means, stdevs, minvals, maxvals
    batches, size = _batches(shape, parameters)
    stream = generator(state, "ParameterizedTruncatedNormal", seed, seed2, means.dtype, T).reserve(
        batches * 2 * _TRIES * (size + 3) // 4
    )
    out = np.empty(shape, means.dtype)
    flat, position = out.reshape(-1), 0
    with np.errstate(all="ignore"):
        for b in range(batches):
            mine = [p.reshape(-1)[b if p.size > 1 else 0] for p in parameters]
            target = flat[b * size : (b + 1) * size]
            position += _fill_batch(target, stream.at(position), *mine)
    return out


def _batches(shape, parameters):
    """The number and size of batches; raises if the parameters' shapes don't fit."""
    for name, p in zip(("means", "stddevs", "minvals", "maxvals"), parameters):
        if p.ndim > 1:
            raise invalid("Input %s should be a scalar or vector, got shape: %s", name, shapes.to_brackets(p.shape))
    means, stdevs, minvals, maxvals = parameters
    if means.size == 1 and stdevs.size == 1 and minvals.ndim == 0 and maxvals.ndim == 0:
        return -(-math.prod(shape) // _BATCH), _BATCH
    for name, p in zip(("means", "stddevs", "minvals", "maxvals"), parameters):
        if p.ndim and p.shape[0] not in (1, shape[0]):
            raise invalid("Input %s should have length 1 or shape[0], got shape: %s", name, shapes.to_brackets(p.shape))
    return shape[0], math.prod(shape[1:])


def _fill_batch(target, stream, mean, stddev, minval, maxval):
    """Fills a batch; the number of blocks of the stream that it took."""
    if not (stddev > 0 and minval < maxval and (np.isfinite(minval) or np.isfinite(maxval))):
        raise invalid("Invalid parameters")
    number = target.dtype.type
    if (np.isinf(minval) and minval < 0) or maxval < mean:  # mirrored, so that the lower limit is the nearer one
        minval, maxval, stddev = maxval, minval, -stddev
    low, high = (minval - mean) / stddev, (maxval - mean) / stddev
    root = np.sqrt(low * low + number(4))
    cutoff = number(2) * np.exp(number(0.5) + (low * (low - root)) / number(4)) / (low + root)
    within = number(_WITHIN)
    if (low < -within and high >= 0) or (high > within and low <= 0):
        propose = _normal_proposals
    elif high - low < cutoff:
        propose = _uniform_proposals
    else:
        propose = _exponential_proposals
    found = taken = in_vain = 0
    while found < len(target):
        values, accepted, blocks = propose(stream.at(taken), len(target) - found + 4, low, high, target.dtype)
        chosen = np.flatnonzero(accepted)[: len(target) - found]
        target[found : found + len(chosen)] = values.reshape(-1)[chosen] * stddev + mean
        found += len(chosen)
        groups = len(values) if found < len(target) else chosen[-1] // values.shape[1] + 1
        taken += int(groups) * blocks
        in_vain = 0 if len(chosen) else in_vain + accepted.size
        if in_vain >= _TRIES:
            raise InternalError(None, None, "TruncatedNormal rejection sampler failed to accept a sample.")
    return taken


# Each kind of proposals gives, from so many groups of numbers: the proposals, a row for each group; which of them are accepted;
# how many blocks of the stream a group takes.


def _normal_proposals(stream, groups, low, high, dtype):
    size = 2 if dtype == np.float64 else 4
    values = random_numbers.normal(np, stream, (groups, size), dtypes.as_dtype(dtype))
    return values, (values >= low) & (values <= high), 1


def _uniform_proposals(stream, groups, low, high, dtype):
    size = 2 if dtype == np.float64 else 4
    uniform = random_numbers.uniform(np, stream, (groups, 2, size), dtypes.as_dtype(dtype))
    values = uniform[:, 0] * (high - low) + low
    lift = dtype.type(0) if low < 0 else low * low
    return values, uniform[:, 1] <= np.exp((lift - values * values) / dtype.type(2)), 2


def _exponential_proposals(stream, groups, low, high, dtype):
    size = 1 if dtype == np.float64 else 2
    uniform = random_numbers.uniform(np, stream, (groups, size, 2), dtypes.as_dtype(dtype))
    rate = (low + np.sqrt(low * low + dtype.type(4))) / dtype.type(2)
    values = -_log(uniform[:, :, 0]) / rate + low
    x = rate - values if low < rate else low - rate
    return values, (uniform[:, :, 1] <= np.exp(-x * x / dtype.type(2))) & (values < high), 1


def _log(x):
    """The logarithm; of narrow types, which numbers in [0, 1) of them have, the C library's float32 one."""
    if x.dtype == np.float64:
        return np.log(x)
    wide = x.astype(np.float32)
    return np.where(wide > 0, log_float32(np, np.maximum(wide, np.float32(1e-7))), -np.inf).astype(x.dtype)


@_parameterized.shape
def _(shape, means, stdevs, minvals, maxvals):
    for p in (means, stdevs, minvals, maxvals):
        if p is not None and len(p) > 1:
            raise ValueError("Shape must be at most rank 1 but is rank %d" % len(p))
    return shape


_parameterized.not_differentiable()


@_parameterized.samples
def _(make):
    t = make.dtype.np.type

    def vector(*values):
        return np.array(values, t)

    yield (2, 3), t(0), t(1), t(-2), t(2), dict(seed=3, seed2=5)
    yield (250,), t(1), t(2), t(1.5), t(2.5), dict(seed=3, seed2=6)
    yield (230,), t(0), t(1), t(2.0), t(np.inf), dict(seed=3, seed2=6)
    yield (200,), t(0), t(1), t(-np.inf), t(-1.5), dict(seed=3, seed2=6)
    yield (3, 30), vector(0, 1, 2), t(1), vector(-1, 0, -5), vector(1, 9, 5), dict(seed=4)
    yield (0,), t(0), t(0), t(1), t(0), dict(seed=3)
