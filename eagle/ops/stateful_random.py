"""Random ops whose generator is a variable: the ops behind `tf.random.experimental.Generator`.

The variable's value, three 64-bit integers, is a Philox generator's counter and key.
"""

import math
import os

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.errors import invalid
from ..core.op import Host, HostShape, Variable, op
from . import random_numbers
from .binomial import binomial
from .philox import RESERVED, Stream
from .random import check_integer_range, checked_shape

PHILOX, THREEFRY = 1, 2  # the algorithms
_WORD = 0xFFFFFFFF
_BATCH = 100  # numbers in a batch of binomial ones with the same parameters


def _taken(resource, algorithm, blocks, tag=0):
    """The stream at the generator's place, which moves on by so many blocks; `tag` is how many elements come before its state."""
    with resource.lock:
        if not resource.is_initialized:
            raise resource.missing()
        state = resource.value
        if state.dtype != np.int64:
            found = dtypes.FROM_NUMPY[state.dtype].name
            raise invalid("dtype of RNG state variable must be int64, not %s", found)
        if state.ndim != 1:
            raise invalid("RNG state must have one and only one dimension, not %d", state.ndim)
        if tag:
            if not len(state):
                raise invalid("Size of tensor must be at least 1")
            algorithm = int(state[0])
        if algorithm != PHILOX:
            raise invalid("Unsupported algorithm id: %d", algorithm)
        if len(state) < tag + 3:
            raise invalid("For the Philox algorithm, the size of state must be at least %d; got %d", tag + 3, len(state))
        low, high, key = (int(x) % 2**64 for x in state[tag : tag + 3])
        stream = Stream((key & _WORD, key >> 32), (low & _WORD, low >> 32, high & _WORD, high >> 32))
        moved = state.copy()
        counter = stream.at(blocks).counter
        moved[tag : tag + 2] = np.array([counter[0] | counter[1] << 32, counter[2] | counter[3] << 32], np.uint64).view(np.int64)
        resource.assign(moved)
    return stream


def _scalar(value, number):
    """A host input that must be a scalar."""
    if type(value) is not int:
        raise invalid("input %d (0-based) must have shape [], not %s", number, shapes.to_brackets(np.shape(value)))
    return value


def _shape_rule(resource, algorithm, shape):
    return shape


def _declare(name, make, default):
    """Declares the op that makes numbers of a distribution; `make` is a function of random_numbers.py."""

    @op(name, ignores=("shape_dtype",))
    def declared(xp, resource: Variable, algorithm: Host, shape: HostShape, *, dtype=default):
        shape = checked_shape(shape)
        stream = _taken(resource, _scalar(algorithm, 1), math.prod(shape) * RESERVED)
        return make(np, stream, shape, dtype)

    declared.shape(_shape_rule)
    declared.not_differentiable()


_declare("StatefulStandardNormalV2", random_numbers.normal, dtypes.float32)
_declare("StatefulTruncatedNormal", random_numbers.truncated_normal, dtypes.float32)
_declare("StatefulUniform", random_numbers.uniform, dtypes.float32)
_declare("StatefulUniformFullInt", random_numbers.integers, dtypes.uint64)


@op("StatefulStandardNormal", ignores=("shape_dtype",))
def _stateful_standard_normal(xp, resource: Variable, shape: HostShape, *, dtype=dtypes.float32):
    """The older op, whose variable begins with the algorithm."""
    shape = checked_shape(shape)
    return random_numbers.normal(np, _taken(resource, None, math.prod(shape) * RESERVED, 1), shape, dtype)


@_stateful_standard_normal.shape
def _(resource, shape):
    return shape


_stateful_standard_normal.not_differentiable()


@op("StatefulUniformInt", ignores=("shape_dtype",))
def _stateful_uniform_int(xp, resource: Variable, algorithm: Host, shape: HostShape, minval, maxval, *, dtype=dtypes.int64):
    shape = checked_shape(shape)
    check_integer_range(minval, maxval, 1)
    stream = _taken(resource, _scalar(algorithm, 1), math.prod(shape) * RESERVED)
    return random_numbers.integers(np, stream, shape, dtype, minval, int(maxval) - int(minval))


@_stateful_uniform_int.shape
def _(resource, algorithm, shape, minval, maxval):
    shapes.with_rank(minval, 0)
    shapes.with_rank(maxval, 0)
    return shape


_stateful_uniform_int.not_differentiable()


@op("StatefulRandomBinomial")
def _stateful_random_binomial(xp, resource: Variable, algorithm: Host, shape: HostShape, counts, probs, *, dtype=dtypes.int64):
    shape = checked_shape(shape)
    batches, size = _batches(shape, counts, probs)
    stream = _taken(resource, _scalar(algorithm, 1), batches * 2 * 100 * (size + 3) // 4 * RESERVED)
    out, at = np.empty(math.prod(shape)), 0
    for i in range(batches):
        count, prob = (float(p.reshape(-1)[i if p.size > 1 else 0]) for p in (counts, probs))
        target = out[i * size : (i + 1) * size]
        target[:], taken = binomial(stream.at(at), len(target), count, prob)
        at += taken
    return out.reshape(shape).astype(dtype.np)


def _batches(shape, counts, probs):
    """The number and size of batches; raises if the parameters' shapes don't fit."""
    for name, p in (("counts", counts), ("probs", probs)):
        if p.ndim > 1:
            raise invalid("Input %s should be a scalar or vector, got shape: %s", name, shapes.to_brackets(p.shape))
    if counts.size == 1 and probs.size == 1:
        return -(-math.prod(shape) // _BATCH), _BATCH
    for name, p in (("counts", counts), ("probs", probs)):
        if p.ndim and p.shape[0] not in (1, shape[0]):
            raise invalid("Input %s should have length 1 or shape[0], got shape: %s", name, shapes.to_brackets(p.shape))
    return shape[0], math.prod(shape[1:])


@_stateful_random_binomial.shape
def _(resource, algorithm, shape, counts, probs):
    return shape


_stateful_random_binomial.not_differentiable()


@op("RngSkip")
def _rng_skip(xp, resource: Variable, algorithm: Host, delta: Host):
    _taken(resource, _scalar(algorithm, 1), _scalar(delta, 2) * RESERVED)


@_rng_skip.shape
def _(resource, algorithm, delta):
    return []


_rng_skip.not_differentiable()


@op("NonDeterministicInts", ignores=("shape_dtype",))
def _non_deterministic_ints(xp, shape: HostShape, *, dtype=dtypes.int64):
    shape = checked_shape(shape)
    if dtype not in (dtypes.int32, dtypes.uint32, dtypes.int64, dtypes.uint64):
        raise invalid("Unsupported dtype: %s", dtype.name)
    return np.frombuffer(os.urandom(math.prod(shape) * dtype.size), dtype.np).reshape(shape)


@_non_deterministic_ints.shape
def _(shape):
    return shape


_non_deterministic_ints.not_differentiable()
