"""Random numbers that follow from their seed alone: `tf.random.stateless_uniform` and its sisters."""

import math

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import convert
from ..core.errors import invalid
from ..core.export import export
from ..core.op import HostShape, dtype_of, op
from ..core.scopes import name_scope
from . import philox, random_numbers
from .arithmetic import add
from .random import check_integer_range, checked_shape, shape_argument


def seed_stream(xp, seed):
    """The stream that follows from the input `seed` of a stateless op."""
    if seed.shape != (2,):
        raise invalid("seed must have shape [2], not %s", shapes.to_brackets(seed.shape))
    return philox.stateless(xp, seed)


def check_seed_shape(seed):
    """What shape rules demand of an input `seed`."""
    (count,) = shapes.with_rank(seed, 1)
    if count not in (None, 2):
        raise ValueError("Dimension must be 2 but is %d" % count)


def _declare(name, make):
    """Declares the op that makes numbers of a distribution; `make` is a function of random_numbers.py."""

    @op(name)
    def declared(xp, shape: HostShape, seed, *, dtype=dtypes.float32):
        return make(xp, seed_stream(xp, seed), checked_shape(shape), dtype)

    @declared.shape
    def _(shape, seed):
        check_seed_shape(seed)
        return shape

    declared.not_differentiable()
    declared.samples(_samples)
    return declared


def _samples(make):
    for dtype in (dtypes.float32, dtypes.float64, dtypes.float16, dtypes.bfloat16):
        yield (2, 3), np.array([3, -5], np.int32), dict(dtype=dtype)
        yield (61,), np.array([2**40, -7], np.int64), dict(dtype=dtype)
    yield np.zeros(0, np.int32), np.array([3, 5]), {}
    yield (0, 2), np.array([3, 5]), {}


_uniform = _declare("StatelessRandomUniform", random_numbers.uniform)
_normal = _declare("StatelessRandomNormal", random_numbers.normal)
_truncated_normal = _declare("StatelessTruncatedNormal", random_numbers.truncated_normal)


@op("StatelessRandomUniformInt")
def _uniform_int(xp, shape: HostShape, seed, minval, maxval):
    shape = checked_shape(shape)
    if xp is np:
        check_integer_range(minval, maxval, math.prod(shape))
        size = int(maxval) - int(minval)
    else:
        size = maxval - minval
    return random_numbers.integers(xp, seed_stream(xp, seed), shape, dtype_of(minval), minval, size)


@_uniform_int.shape
def _(shape, seed, minval, maxval):
    check_seed_shape(seed)
    shapes.with_rank(minval, 0)
    shapes.with_rank(maxval, 0)
    return shape


_uniform_int.not_differentiable()


@_uniform_int.samples
def _(make):
    for t in (np.int32, np.int64):
        yield (2, 3), np.array([3, -5], np.int32), t(-5), t(7)
        yield (61,), np.array([2**40, -7], np.int64), t(np.iinfo(t).min), t(np.iinfo(t).max)
        yield (0, 2), np.array([3, 5]), t(4), t(4)


# ----------------------------------------------------------------------------------------------------- public functions


@export("random.stateless_uniform", "contrib.stateless.stateless_random_uniform")
def stateless_random_uniform(shape, seed, minval=0, maxval=None, dtype=dtypes.float32, name=None):
    """Numbers from a uniform distribution over `[minval, maxval)` that follow from `seed` alone.

    Args:
      shape: the shape of the result, an int vector.
      seed: two integers, as a vector.
      minval: the lower bound, a number or tensor that broadcasts to `shape`; for integers a scalar.
      maxval: the upper bound, likewise; by default 1, for integers it must be given.
      dtype: float16, bfloat16, float32, float64, int32 or int64.
      name: the name of the last node.

    Raises:
      ValueError: the type is none of those, or integer and `maxval` is missing.
      InvalidArgumentError (in a graph ValueError where shapes are known): `shape` or `seed` is no such vector, or
        `minval >= maxval` for integers.
    """
    dtype = dtypes.as_dtype(dtype)
    if dtype not in (dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64, dtypes.int32, dtypes.int64):
        raise ValueError("Invalid dtype %r" % dtype)
    if maxval is None:
        if dtype.is_integer:
            raise ValueError("Must specify maxval for integer dtype %r" % dtype)
        maxval = 1
    with name_scope(name, "stateless_random_uniform", [shape, seed, minval, maxval]) as scope:
        shape = shape_argument(shape)
        minval = convert(minval, dtype, "min")
        maxval = convert(maxval, dtype, "max")
        if dtype.is_integer:
            return _uniform_int(shape, seed, minval, maxval, name=scope)
        numbers = _uniform(shape, seed, dtype=dtype)
        return add(numbers * (maxval - minval), minval, name=scope)


def _located(op, default_name, shape, seed, mean, stddev, dtype, name):
    dtype = dtypes.as_dtype(dtype)
    with name_scope(name, default_name, [shape, seed, mean, stddev]) as scope:
        shape = shape_argument(shape)
        mean = convert(mean, dtype, "mean")
        stddev = convert(stddev, dtype, "stddev")
        return add(op(shape, seed, dtype=dtype) * stddev, mean, name=scope)


@export("random.stateless_normal", "contrib.stateless.stateless_random_normal")
def stateless_random_normal(shape, seed, mean=0.0, stddev=1.0, dtype=dtypes.float32, name=None):
    """Numbers from a normal distribution that follow from `seed` alone.

    Args:
      shape: the shape of the result, an int vector.
      seed: two integers, as a vector.
      mean: the mean, a number or tensor that broadcasts with `shape`.
      stddev: the standard deviation, likewise.
      dtype: float16, bfloat16, float32 or float64.
      name: the name of the last node.

    Raises:
      InvalidArgumentError (in a graph ValueError where shapes are known): `shape` or `seed` is no such vector.
    """
    return _located(_normal, "stateless_random_normal", shape, seed, mean, stddev, dtype, name)


@export("random.stateless_truncated_normal", "contrib.stateless.stateless_truncated_normal")
def stateless_truncated_normal(shape, seed, mean=0.0, stddev=1.0, dtype=dtypes.float32, name=None):
    """Numbers from a normal distribution, none beyond two standard deviations, that follow from `seed` alone.

    Args:
      shape: the shape of the result, an int vector.
      seed: two integers, as a vector.
      mean: the mean, a number or tensor that broadcasts with `shape`.
      stddev: the standard deviation before anything is left out, likewise.
      dtype: float16, bfloat16, float32 or float64.
      name: the name of the last node.

    Raises:
      InvalidArgumentError (in a graph ValueError where shapes are known): `shape` or `seed` is no such vector.
    """
    return _located(_truncated_normal, "stateless_truncated_normal", shape, seed, mean, stddev, dtype, name)
