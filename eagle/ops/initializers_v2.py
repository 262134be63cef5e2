"""Initializers of TensorFlow 2: without a type of their own, and with a seed always the same numbers."""

import math

from ..core import dtypes
from ..core.convert import constant
from ..core.export import export
from . import initializers as v1
from .decompositions import qr
from .filling import ones, zeros
from .matrices import diag_part, eye
from .random import random_normal, random_uniform, truncated_normal
from .shaping import reshape
from .stateless_random import stateless_random_normal, stateless_random_uniform, stateless_truncated_normal
from .transposing import matrix_transpose
from .unary import sign


def _names(*names):
    return [prefix + n for n in names for prefix in ("compat.v2.initializers.", "compat.v2.keras.initializers.")]


class Initializer(v1.Initializer):
    """The base: called with a shape and a type it makes the first value of a variable."""

    def __call__(self, shape, dtype=None):
        raise NotImplementedError


@export("compat.v2.zeros_initializer", *_names("Zeros", "zeros"))
class Zeros(Initializer):
    """Makes zeros."""

    def __call__(self, shape, dtype=dtypes.float32):
        return zeros(shape, dtypes.as_dtype(dtype))


@export("compat.v2.ones_initializer", *_names("Ones", "ones"))
class Ones(Initializer):
    """Makes ones; raises ValueError when it is called with a type that is neither a number nor a boolean."""

    def __call__(self, shape, dtype=dtypes.float32):
        dtype = dtypes.as_dtype(dtype)
        if not dtype.is_numpy_compatible or dtype == dtypes.string:
            raise ValueError("Expected numeric or boolean dtype, got %s." % dtype)
        return ones(shape, dtype)


@export("compat.v2.constant_initializer", *_names("Constant", "constant"))
class Constant(Initializer):
    """Makes tensors of given elements.

    Args:
      value: a number, string or bool, or a list, tuple or array of them.

    Raises:
      TypeError: `value` is nothing of that kind.
    """

    _config = ("value",)

    def __init__(self, value=0):
        self.value = v1.Constant(value).value

    def __call__(self, shape, dtype=None):
        return constant(self.value, None if dtype is None else dtypes.as_dtype(dtype), shape)


class _Random(Initializer):
    """What the random ones have in common: a seed that alone says what the numbers are."""

    def _uniform(self, shape, low, high, dtype):
        if self.seed is None:
            return random_uniform(shape, low, high, dtype)
        return stateless_random_uniform(shape, [self.seed, 0], low, high, dtype)

    def _normal(self, shape, mean, stddev, dtype):
        if self.seed is None:
            return random_normal(shape, mean, stddev, dtype)
        return stateless_random_normal(shape, [self.seed, 0], mean, stddev, dtype)

    def _truncated(self, shape, mean, stddev, dtype):
        if self.seed is None:
            return truncated_normal(shape, mean, stddev, dtype)
        return stateless_truncated_normal(shape, [self.seed, 0], mean, stddev, dtype)


@export("compat.v2.random_uniform_initializer", *_names("RandomUniform", "random_uniform", "uniform"))
class RandomUniform(_Random):
    """Makes random numbers from a uniform distribution.

    Args:
      minval, maxval: the bounds.
      seed: an int that says what the numbers are, or None.

    Raises:
      ValueError: when called: the type is neither a float nor an integer.
    """

    _config = ("minval", "maxval", "seed")

    def __init__(self, minval=-0.05, maxval=0.05, seed=None):
        self.minval, self.maxval, self.seed = minval, maxval, seed

    def __call__(self, shape, dtype=dtypes.float32):
        dtype = dtypes.as_dtype(dtype)
        if not dtype.is_floating and not dtype.is_integer:
            raise ValueError("Expected float or integer dtype, got %s." % dtype)
        return self._uniform(shape, self.minval, self.maxval, dtype)


class _WithMean(_Random):
    _config = ("mean", "stddev", "seed")

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        self.mean, self.stddev, self.seed = mean, stddev, seed


@export("compat.v2.random_normal_initializer", *_names("RandomNormal", "random_normal", "normal"))
class RandomNormal(_WithMean):
    """Makes random numbers from a normal distribution.

    Args:
      mean, stddev: of the distribution.
      seed: an int that says what the numbers are, or None.

    Raises:
      ValueError: when called: the type is no float.
    """

    def __call__(self, shape, dtype=dtypes.float32):
        return self._normal(shape, self.mean, self.stddev, v1.float_type(dtype))


@export(*_names("TruncatedNormal", "truncated_normal"))
class TruncatedNormal(_WithMean):
    """Makes random numbers from a normal distribution, without those beyond two standard deviations.

    Args:
      mean, stddev: of the distribution before anything is left out.
      seed: an int that says what the numbers are, or None.

    Raises:
      ValueError: when called: the type is no float.
    """

    def __call__(self, shape, dtype=dtypes.float32):
        return self._truncated(shape, self.mean, self.stddev, v1.float_type(dtype))


@export(*_names("VarianceScaling"))
class VarianceScaling(_Random):
    """Makes random weights whose variance is `scale / n`, where n is the number of a layer's inputs, outputs, or their mean.

    Args:
      scale: a positive factor.
      mode: what n counts: "fan_in", "fan_out" or "fan_avg".
      distribution: "truncated_normal" (or its old name "normal"), "untruncated_normal" or "uniform".
      seed: an int that says what the numbers are, or None.

    Raises:
      ValueError: an argument is none of these; when called: the type is no float.
    """

    _config = ("scale", "mode", "distribution", "seed")

    def __init__(self, scale=1.0, mode="fan_in", distribution="truncated_normal", seed=None):
        checked = v1.VarianceScaling(scale, mode, distribution)
        self.scale, self.mode, self.seed = scale, mode, seed
        self.distribution = "truncated_normal" if checked.distribution == "normal" else checked.distribution

    def __call__(self, shape, dtype=dtypes.float32):
        dtype = v1.float_type(dtype)
        variance = v1.scaled_variance(self.scale, self.mode, shape)
        if self.distribution == "uniform":
            limit = math.sqrt(3.0 * variance)
            return self._uniform(shape, -limit, limit, dtype)
        if self.distribution == "untruncated_normal":
            return self._normal(shape, 0.0, math.sqrt(variance), dtype)
        return self._truncated(shape, 0.0, math.sqrt(variance) / v1.TRUNCATED_STDDEV, dtype)


@export(*_names("GlorotUniform", "glorot_uniform"))
class GlorotUniform(VarianceScaling):
    """Makes random weights from a uniform distribution up to `sqrt(6 / (inputs + outputs))`."""

    _config = ("seed",)

    def __init__(self, seed=None):
        super().__init__(1.0, "fan_avg", "uniform", seed)


@export(*_names("GlorotNormal", "glorot_normal"))
class GlorotNormal(VarianceScaling):
    """Makes random weights from a truncated normal distribution with variance `2 / (inputs + outputs)`."""

    _config = ("seed",)

    def __init__(self, seed=None):
        super().__init__(1.0, "fan_avg", "truncated_normal", seed)


@export(*_names("Orthogonal", "orthogonal"))
class Orthogonal(_Random):
    """Makes matrices with orthogonal rows or columns, whichever are fewer.

    Args:
      gain: what the matrix is multiplied by.
      seed: an int that says what the numbers are, or None.

    Raises:
      ValueError: when called: the type is no float, or the shape has less than two dimensions.
    """

    _config = ("gain", "seed")

    def __init__(self, gain=1.0, seed=None):
        self.gain, self.seed = gain, seed

    def __call__(self, shape, dtype=dtypes.float32):
        dtype = v1.float_type(dtype)
        if len(shape) < 2:
            raise ValueError("The tensor to initialize must be at least two-dimensional")
        rows, columns = math.prod(int(d) for d in shape[:-1]), int(shape[-1])
        a = self._normal((max(rows, columns), min(rows, columns)), 0.0, 1, dtype)
        q, r = qr(a, full_matrices=False)
        q *= sign(diag_part(r))
        return self.gain * reshape(matrix_transpose(q) if rows < columns else q, shape)


@export(*_names("Identity", "identity"))
class Identity(Initializer):
    """Makes identity matrices.

    Args:
      gain: what the matrix is multiplied by.

    Raises:
      ValueError: when called: the type is no float, or it is no matrix.
    """

    _config = ("gain",)

    def __init__(self, gain=1.0):
        self.gain = gain

    def __call__(self, shape, dtype=dtypes.float32):
        dtype = v1.float_type(dtype)
        if len(shape) != 2:
            raise ValueError("Identity matrix initializer can only be used for 2D matrices.")
        return self.gain * eye(*shape, dtype=dtype)


@export(*_names("lecun_normal"))
def lecun_normal(seed=None):
    """An initializer of random weights from a truncated normal distribution with variance `1 / inputs`."""
    return VarianceScaling(1.0, "fan_in", "truncated_normal", seed)


@export(*_names("lecun_uniform"))
def lecun_uniform(seed=None):
    """An initializer of random weights from a uniform distribution with variance `1 / inputs`."""
    return VarianceScaling(1.0, "fan_in", "uniform", seed)


@export(*_names("he_normal"))
def he_normal(seed=None):
    """An initializer of random weights from a truncated normal distribution with variance `2 / inputs`."""
    return VarianceScaling(2.0, "fan_in", "truncated_normal", seed)


@export(*_names("he_uniform"))
def he_uniform(seed=None):
    """An initializer of random weights from a uniform distribution with variance `2 / inputs`."""
    return VarianceScaling(2.0, "fan_in", "uniform", seed)
