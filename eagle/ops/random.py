"""Random numbers of given shapes: `tf.random_uniform`, `tf.random_normal`, `tf.truncated_normal`.

A random op has a generator of its own, seeded by the attributes `seed` and `seed2`.  It goes on from run to run: in a graph each
node has one in each session; eagerly there is one for each combination of op, attributes and device.
"""

import math

import numpy as np

from ..core import dtypes, shape as shapes, tracing
from ..core.context import here
from ..core.convert import convert
from ..core.errors import invalid
from ..core.export import export
from ..core.op import HostShape, State, op
from ..core.scopes import name_scope
from ..core.seeds import get_seed
from ..core.tensor import EagerTensor
from . import random_numbers
from .arithmetic import add
from .philox import RESERVED, Generator


def generator(state, op_name, seed, seed2, *others):
    """The generator that a kernel keeps, made at its first call.

    Args:
      state: what the kernel got as `state`.
      op_name: the op type.
      seed, seed2: the op's attributes.
      *others: the other attributes of the op, which tell kernels of eager execution apart.
    """
    return state.slot((op_name, seed, seed2, here.device, *others), lambda: Generator(seed, seed2))


def checked_shape(shape):
    """A shape given to a kernel as ints; raises TensorFlow's errors if it is none."""
    if type(shape) is not tuple or any(type(d) is not int for d in shape):
        if type(shape) is tuple and any(type(d) is float for d in shape):
            raise invalid("Value for attr 'T' of float is not in the list of allowed values: int32, int64")
        raise invalid("shape must be a vector of {int32,int64}, got shape %s", shapes.to_brackets(np.shape(shape)))
    for d in shape:
        if d < 0:
            raise invalid("Dimension %d must be >= 0", d)
    return shape


def _declare(name, make):
    """Declares the op that makes numbers of a distribution; `make` is a function of random_numbers.py."""

    @op(name, compiles=True)
    def declared(xp, shape: HostShape, *, state: State, dtype, seed=0, seed2=0, T=dtypes.int32):
        shape = checked_shape(shape)
        stream = generator(state, name, seed, seed2, dtype, T).reserve(math.prod(shape) * RESERVED)
        return make(xp, stream, shape, dtype)

    declared.shape(_spelled_shape)
    declared.not_differentiable()
    declared.samples(_samples)
    return declared


def _spelled_shape(shape):
    return shape


def _samples(make):
    for dtype in (dtypes.float32, dtypes.float64, dtypes.float16, dtypes.bfloat16):
        yield (2, 3), dict(dtype=dtype, seed=3, seed2=5)
        yield (61,), dict(dtype=dtype, seed=2**40, seed2=-7)
    yield np.zeros(0, np.int32), dict(dtype=dtypes.float32, seed=3, seed2=5)
    yield (0, 2), dict(dtype=dtypes.float32, seed=3, seed2=5)


_random_uniform = _declare("RandomUniform", random_numbers.uniform)
_random_standard_normal = _declare("RandomStandardNormal", random_numbers.normal)
_truncated_normal = _declare("TruncatedNormal", random_numbers.truncated_normal)


@op("RandomUniformInt", compiles=True)
def _random_uniform_int(xp, shape: HostShape, minval, maxval, *, state: State, Tout, seed=0, seed2=0, T=dtypes.int32):
    shape = checked_shape(shape)
    check_integer_range(tracing.known(minval), tracing.known(maxval), math.prod(shape))
    stream = generator(state, "RandomUniformInt", seed, seed2, Tout, T).reserve(math.prod(shape) * RESERVED)
    return random_numbers.integers(xp, stream, shape, Tout, minval, int(maxval) - int(minval))


def check_integer_range(minval, maxval, count):
    """Raises TensorFlow's errors for limits of random integers that are no scalars, or leave nothing to choose."""
    for name, limit in (("minval", minval), ("maxval", maxval)):
        if limit.ndim:
            raise invalid("%s must be 0-D, got shape %s", name, shapes.to_brackets(limit.shape))
    if count and minval >= maxval:
        raise invalid("Need minval < maxval, got %d >= %d", minval, maxval)


@_random_uniform_int.shape
def _(shape, minval, maxval):
    shapes.with_rank(minval, 0)
    shapes.with_rank(maxval, 0)
    return shape


_random_uniform_int.not_differentiable()


@_random_uniform_int.samples
def _(make):
    t = make.dtype.np.type
    yield (2, 3), t(-5), t(7), dict(seed=3, seed2=5)
    yield (61,), t(np.iinfo(t).min), t(np.iinfo(t).max), dict(seed=2**40, seed2=-7)
    yield np.zeros(0, np.int32), t(0), t(1), dict(seed=3)
    yield (0, 2), t(4), t(4), dict(seed=3)


# ----------------------------------------------------------------------------------------------------- public functions


def shape_argument(shape):
    """A shape that a caller gives, for an op: in a graph as a tensor, eagerly as it is unless its parts need conversion."""
    if isinstance(shape, list | tuple):
        shape = [d.value if isinstance(d, shapes.Dimension) else d for d in shape]
    if here.eager:
        return shape
    return convert(shape, dtypes.int32 if isinstance(shape, list) and not shape else None, "shape")


def seeds(seed, shape=()):
    """The attributes `seed` and `seed2` of a random op, from the seed that its caller gives.

    Eagerly the type of the shape is given too, since it tells kernels apart but is not seen in a shape's plain value.
    """
    first, second = get_seed(seed)
    if here.eager and getattr(shape, "dtype", None) == dtypes.int64:
        return dict(seed=first or 0, seed2=second or 0, T=dtypes.int64)
    return dict(seed=first or 0, seed2=second or 0)


def _shifted(numbers, factor, offset, name):
    """`numbers * factor + offset`; eagerly, if those are plain numbers, in the memory of `numbers`, which nobody else has yet."""
    if type(numbers) is EagerTensor and not here.callbacks and _is_plain(factor) and _is_plain(offset):
        values = numbers._v
        if values.ndim:
            if factor != 1:
                values *= values.dtype.type(factor)
            values += values.dtype.type(offset)
            return numbers
    return add(numbers * factor, offset, name=name)


def _is_plain(number):
    return type(number) is float or type(number) is int


@export("random_uniform", "random.uniform")
def random_uniform(shape, minval=0, maxval=None, dtype=dtypes.float32, seed=None, name=None):
    """Numbers from a uniform distribution over `[minval, maxval)`.

    Integers are a little uneven unless `maxval - minval` is a power of two.

    Args:
      shape: the shape of the result, an int vector.
      minval: the lower bound, a number or tensor that broadcasts to `shape`; for integers a scalar.
      maxval: the upper bound, likewise; by default 1, for integers it must be given.
      dtype: float16, bfloat16, float32, float64, int32 or int64.
      seed: an int from which, with the graph's seed, the numbers follow; see `tf.set_random_seed`.
      name: the name of the last node.

    Raises:
      ValueError: the type is none of those, or integer and `maxval` is missing.
      InvalidArgumentError: `shape` is no vector or has negative elements, or `minval >= maxval` for integers.
    """
    dtype = dtypes.as_dtype(dtype)
    if dtype not in _UNIFORM_TYPES:
        raise ValueError("Invalid dtype %r" % dtype)
    if maxval is None:
        if dtype.is_integer:
            raise ValueError("Must specify maxval for integer dtype %r" % dtype)
        maxval = 1
    with name_scope(name, "random_uniform", [shape, minval, maxval]) as scope:
        if here.eager and not dtype.is_integer and _is_plain(minval) and _is_plain(maxval):
            numbers = _random_uniform(shape_argument(shape), dtype=dtype, **seeds(seed, shape))
            number = dtype.np.type
            return _shifted(numbers, float(number(maxval) - number(minval)), minval, scope)
        shape = shape_argument(shape)
        minval = convert(minval, dtype, "min")
        maxval = convert(maxval, dtype, "max")
        if dtype.is_integer:
            return _random_uniform_int(shape, minval, maxval, **seeds(seed, shape), name=scope)
        numbers = _random_uniform(shape, dtype=dtype, **seeds(seed, shape))
        return add(numbers * (maxval - minval), minval, name=scope)


_UNIFORM_TYPES = {dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64, dtypes.int32, dtypes.int64}


def _located(op, default_name, shape, mean, stddev, dtype, seed, name):
    """Numbers of a distribution around 0, moved to a mean and scaled to a standard deviation."""
    dtype = dtypes.as_dtype(dtype)
    with name_scope(name, default_name, [shape, mean, stddev]) as scope:
        shape = shape_argument(shape)
        if not (here.eager and dtype.is_floating and _is_plain(mean) and _is_plain(stddev)):
            mean = convert(mean, dtype, "mean")
            stddev = convert(stddev, dtype, "stddev")
        return _shifted(op(shape, dtype=dtype, **seeds(seed, shape)), stddev, mean, scope)


@export("random_normal", "random.normal")
def random_normal(shape, mean=0.0, stddev=1.0, dtype=dtypes.float32, seed=None, name=None):
    """Numbers from a normal distribution.

    Args:
      shape: the shape of the result, an int vector.
      mean: the mean, a number or tensor that broadcasts with `shape`.
      stddev: the standard deviation, likewise.
      dtype: float16, bfloat16, float32 or float64.
      seed: an int from which, with the graph's seed, the numbers follow; see `tf.set_random_seed`.
      name: the name of the last node.

    Raises:
      InvalidArgumentError: `shape` is no vector or has negative elements.
    """
    return _located(_random_standard_normal, "random_normal", shape, mean, stddev, dtype, seed, name)


@export("truncated_normal", "random.truncated_normal")
def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=dtypes.float32, seed=None, name=None):
    """Numbers from a normal distribution without those farther than two standard deviations from the mean.

    Args:
      shape: the shape of the result, an int vector.
      mean: the mean of the distribution, a number or tensor that broadcasts with `shape`.
      stddev: its standard deviation before anything is left out, likewise.
      dtype: float16, bfloat16, float32 or float64.
      seed: an int from which, with the graph's seed, the numbers follow; see `tf.set_random_seed`.
      name: the name of the last node.

    Raises:
      InvalidArgumentError: `shape` is no vector or has negative elements.
    """
    return _located(_truncated_normal, "truncated_normal", shape, mean, stddev, dtype, seed, name)
