"""Initializers: objects that make the first value of a variable from its shape.

An initializer is called as `initializer(shape, dtype=None, partition_info=None)`; `partition_info` says of which larger shape
(`full_shape`, at `var_offset`) a partitioned variable's part is made.
"""

import math

import numpy as np

from ..core import dtypes
from ..core.convert import constant
from ..core.export import export
from .filling import ones, zeros
from .random import random_normal, random_uniform, truncated_normal


@export("keras.initializers.Initializer", "python.ops.init_ops.Initializer")
class Initializer:
    """The base of all initializers."""

    _config = ()  # the attributes that `get_config` gives, beside the type

    def __call__(self, shape, dtype=None, partition_info=None):
        """A tensor with the first value of a variable.

        Args:
          shape: the variable's shape.
          dtype: its type; by default the initializer's.
          partition_info: None, or what the variable is a part of.
        """
        raise NotImplementedError

    def get_config(self):
        """The arguments from which `from_config` makes an equal initializer, as a dictionary that JSON can hold."""
        config = {name: getattr(self, name) for name in self._config}
        return {**config, "dtype": self.dtype.name} if hasattr(self, "dtype") else config

    @classmethod
    def from_config(cls, config):
        """An initializer from what `get_config` gave."""
        return cls(**config)


@export("python.ops.init_ops._assert_float_dtype")
def float_type(dtype):
    """A type as a `DType`.

    Raises:
      ValueError: it is no floating point type.
    """
    dtype = dtypes.as_dtype(dtype)
    if not dtype.is_floating:
        raise ValueError("Expected floating point type, got %s." % dtype)
    return dtype


@export("zeros_initializer", "initializers.zeros", "keras.initializers.Zeros", "keras.initializers.zeros")
class Zeros(Initializer):
    """Makes zeros.

    Args:
      dtype: the type of tensors made without one.
    """

    def __init__(self, dtype=dtypes.float32):
        self.dtype = dtypes.as_dtype(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        return zeros(shape, self.dtype if dtype is None else dtype)


@export("ones_initializer", "initializers.ones", "keras.initializers.Ones", "keras.initializers.ones")
class Ones(Initializer):
    """Makes ones.

    Args:
      dtype: the type of tensors made without one.
    """

    def __init__(self, dtype=dtypes.float32):
        self.dtype = dtypes.as_dtype(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        return ones(shape, self.dtype if dtype is None else dtype)


@export("constant_initializer", "initializers.constant", "keras.initializers.Constant", "keras.initializers.constant")
class Constant(Initializer):
    """Makes tensors of given elements.

    Args:
      value: a number, string or bool, or a list, tuple or array of them; if a shape has more elements, the last one is repeated.
      dtype: the type of tensors made without one.
      verify_shape: whether it is an error if `value` has another shape than the tensor.

    Raises:
      TypeError: `value` is nothing of that kind, or (when called) has another shape than is to be verified.
      ValueError: when called: `value` has too many elements.
    """

    _config = ("value",)

    def __init__(self, value=0, dtype=dtypes.float32, verify_shape=False):
        if not np.isscalar(value) and not isinstance(value, list | tuple | np.ndarray):
            raise TypeError(
                "Invalid type for initial value: %s (expected Python scalar, list or tuple of values, or numpy.ndarray)."
                % type(value)
            )
        self.value = value
        self.dtype = dtypes.as_dtype(dtype)
        self._verify_shape = verify_shape

    def __call__(self, shape, dtype=None, partition_info=None, verify_shape=None):
        if verify_shape is None:
            verify_shape = self._verify_shape
        return constant(self.value, self.dtype if dtype is None else dtype, shape, verify_shape=verify_shape)


@export("random_uniform_initializer", "initializers.random_uniform")
class RandomUniform(Initializer):
    """Makes random numbers from a uniform distribution.

    Args:
      minval: the least number.
      maxval: where they end, exclusively; by default 1 for floating point types.
      seed: an int from which the numbers follow; see `tf.set_random_seed`.
      dtype: the type of tensors made without one.
    """

    _config = ("minval", "maxval", "seed")

    def __init__(self, minval=0, maxval=None, seed=None, dtype=dtypes.float32):
        self.minval = minval
        self.maxval = maxval
        self.seed = seed
        self.dtype = dtypes.as_dtype(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        return random_uniform(shape, self.minval, self.maxval, self.dtype if dtype is None else dtype, seed=self.seed)


class _Normal(Initializer):
    """What the initializers with normal distributions have in common."""

    _config = ("mean", "stddev", "seed")

    def __init__(self, mean=0.0, stddev=1.0, seed=None, dtype=dtypes.float32):
        self.mean = mean
        self.stddev = stddev
        self.seed = seed
        self.dtype = float_type(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        return self._make(shape, self.mean, self.stddev, self.dtype if dtype is None else dtype, seed=self.seed)


@export("random_normal_initializer", "initializers.random_normal")
class RandomNormal(_Normal):
    """Makes random numbers from a normal distribution.

    Args:
      mean: its mean.
      stddev: its standard deviation.
      seed: an int from which the numbers follow; see `tf.set_random_seed`.
      dtype: the type of tensors made without one, a floating point one.

    Raises:
      ValueError: `dtype` is no floating point type.
    """

    _make = staticmethod(random_normal)


@export("truncated_normal_initializer", "initializers.truncated_normal")
class TruncatedNormal(_Normal):
    """Makes random numbers from a normal distribution, without those beyond two standard deviations.

    Args:
      mean: its mean.
      stddev: its standard deviation before anything is left out.
      seed: an int from which the numbers follow; see `tf.set_random_seed`.
      dtype: the type of tensors made without one, a floating point one.

    Raises:
      ValueError: `dtype` is no floating point type.
    """

    _make = staticmethod(truncated_normal)


@export("uniform_unit_scaling_initializer", "initializers.uniform_unit_scaling")
class UniformUnitScaling(Initializer):
    """Makes random weights that leave the scale of a layer's input as it is: uniform ones up to `factor * sqrt(3 / inputs)`.

    The number of inputs is the product of all dimensions but the last.

    Args:
      factor: what the nonlinearity calls for: 1 for none, about 1.43 for relu, 1.15 for tanh.
      seed: an int from which the numbers follow; see `tf.set_random_seed`.
      dtype: the type of tensors made without one, a floating point one.

    Raises:
      ValueError: `dtype` is no floating point type.
    """

    _config = ("factor", "seed")

    def __init__(self, factor=1.0, seed=None, dtype=dtypes.float32):
        self.factor = factor
        self.seed = seed
        self.dtype = float_type(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        whole = shape if partition_info is None else partition_info.full_shape
        inputs = math.prod(float(d) for d in whole[:-1])
        limit = math.sqrt(3 / max(inputs, 1.0)) * self.factor
        return random_uniform(shape, -limit, limit, self.dtype if dtype is None else dtype, seed=self.seed)


# The standard deviation of a normal distribution that is cut off at two standard deviations.
TRUNCATED_STDDEV = 0.87962566103423978


@export("variance_scaling_initializer", "initializers.variance_scaling", "keras.initializers.VarianceScaling")
class VarianceScaling(Initializer):
    """Makes random weights whose variance is `scale / n`, where n is the number of a layer's inputs, outputs, or their mean.

    Args:
      scale: a positive factor.
      mode: what n counts: "fan_in", "fan_out" or "fan_avg".
      distribution: "truncated_normal" (or its old name "normal"), "untruncated_normal" or "uniform".
      seed: an int from which the numbers follow; see `tf.set_random_seed`.
      dtype: the type of tensors made without one, a floating point one.

    Raises:
      ValueError: an argument is none of these.
    """

    _config = ("scale", "mode", "distribution", "seed")

    def __init__(self, scale=1.0, mode="fan_in", distribution="truncated_normal", seed=None, dtype=dtypes.float32):
        if scale <= 0.0:
            raise ValueError("`scale` must be positive float.")
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError("Invalid `mode` argument:", mode)
        distribution = distribution.lower()
        if distribution not in ("normal", "uniform", "truncated_normal", "untruncated_normal"):
            raise ValueError("Invalid `distribution` argument:", distribution)
        self.scale = scale
        self.mode = mode
        self.distribution = distribution
        self.seed = seed
        self.dtype = float_type(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        dtype = self.dtype if dtype is None else dtype
        variance = scaled_variance(self.scale, self.mode, shape if partition_info is None else partition_info.full_shape)
        if self.distribution == "uniform":
            limit = math.sqrt(3.0 * variance)
            return random_uniform(shape, -limit, limit, dtype, seed=self.seed)
        if self.distribution == "untruncated_normal":
            return random_normal(shape, 0.0, math.sqrt(variance), dtype, seed=self.seed)
        return truncated_normal(shape, 0.0, math.sqrt(variance) / TRUNCATED_STDDEV, dtype, seed=self.seed)


def scaled_variance(scale, mode, shape):
    """The variance of weights of a shape; see `VarianceScaling`."""
    fan_in, fan_out = fans(shape)
    return scale / max(1.0, {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2.0}[mode])


def fans(shape):
    """The numbers of inputs and outputs of a unit whose weights have this shape: (..., inputs, outputs)."""
    sizes = [int(d) for d in shape]
    if len(sizes) < 2:
        sizes = 2 * sizes or [1, 1]
    field = math.prod(sizes[:-2])
    return sizes[-2] * field, sizes[-1] * field


class _Glorot(VarianceScaling):
    """What the two Glorot initializers have in common.  As in TensorFlow their type is float32 whatever `dtype` says."""

    _config = ("seed",)

    def __init__(self, seed=None, dtype=dtypes.float32):
        super().__init__(1.0, "fan_avg", self._distribution, seed)


@export("glorot_uniform_initializer", "initializers.glorot_uniform", "keras.initializers.glorot_uniform")
class GlorotUniform(_Glorot):
    """Makes random weights from a uniform distribution up to `sqrt(6 / (inputs + outputs))` (Glorot and Bengio 2010).

    Args:
      seed: an int from which the numbers follow; see `tf.set_random_seed`.
      dtype: has no effect, in TensorFlow neither: tensors made without a type are float32.
    """

    _distribution = "uniform"


@export("glorot_normal_initializer", "initializers.glorot_normal", "keras.initializers.glorot_normal")
class GlorotNormal(_Glorot):
    """Makes random weights from a truncated normal distribution with variance `2 / (inputs + outputs)` (Glorot and Bengio 2010).

    Args:
      seed: an int from which the numbers follow; see `tf.set_random_seed`.
      dtype: has no effect, in TensorFlow neither: tensors made without a type are float32.
    """

    _distribution = "truncated_normal"


@export("initializers.lecun_normal", "keras.initializers.lecun_normal")
def lecun_normal(seed=None):
    """An initializer of random weights from a truncated normal distribution with variance `1 / inputs`."""
    return VarianceScaling(1.0, "fan_in", "truncated_normal", seed)


@export("initializers.lecun_uniform", "keras.initializers.lecun_uniform")
def lecun_uniform(seed=None):
    """An initializer of random weights from a uniform distribution with variance `1 / inputs`."""
    return VarianceScaling(1.0, "fan_in", "uniform", seed)


@export("initializers.he_normal", "keras.initializers.he_normal")
def he_normal(seed=None):
    """An initializer of random weights from a truncated normal distribution with variance `2 / inputs`."""
    return VarianceScaling(2.0, "fan_in", "truncated_normal", seed)


@export("initializers.he_uniform", "keras.initializers.he_uniform")
def he_uniform(seed=None):
    """An initializer of random weights from a uniform distribution with variance `2 / inputs`."""
    return VarianceScaling(2.0, "fan_in", "uniform", seed)


# ------------------------------------------------------------------------------------------------------------- contrib's


@export("contrib.layers.xavier_initializer", "contrib.layers.xavier_initializer_conv2d", "contrib.slim.xavier_initializer",
        "contrib.slim.xavier_initializer_conv2d", "contrib.slim.initializers.xavier_initializer")  # fmt: skip
def xavier_initializer(uniform=True, seed=None, dtype=dtypes.float32):
    """An initializer of random weights with variance `2 / (inputs + outputs)`.

    Args:
      uniform: whether from a uniform distribution, otherwise from a truncated normal one.
      seed: an int from which the numbers follow; see `tf.set_random_seed`.
      dtype: the type of tensors made without one, a floating point one.

    Raises:
      TypeError: `dtype` is no floating point type.
    """
    return contrib_variance_scaling_initializer(1.0, "FAN_AVG", uniform, seed, dtype)


@export("contrib.layers.variance_scaling_initializer", "contrib.slim.variance_scaling_initializer",
        "contrib.slim.initializers.variance_scaling_initializer")  # fmt: skip
def contrib_variance_scaling_initializer(factor=2.0, mode="FAN_IN", uniform=False, seed=None, dtype=dtypes.float32):
    """An initializer (a function) of random weights with variance `factor / n`.

    Args:
      factor: a positive number.
      mode: what n counts: "FAN_IN", "FAN_OUT" or "FAN_AVG".
      uniform: whether from a uniform distribution, otherwise from a truncated normal one.
      seed: an int from which the numbers follow; see `tf.set_random_seed`.
      dtype: the type of tensors made without one, a floating point one.

    Raises:
      TypeError: `dtype` is no floating point type or `mode` is none of those.
    """
    _refuse_integers(dtype)
    if mode not in ("FAN_IN", "FAN_OUT", "FAN_AVG"):
        raise TypeError("Unknown mode %s [FAN_IN, FAN_OUT, FAN_AVG]", mode)

    def _initializer(shape, dtype=dtype, partition_info=None):
        _refuse_integers(dtype)
        fan_in, fan_out = fans(shape)
        count = {"FAN_IN": fan_in, "FAN_OUT": fan_out, "FAN_AVG": (fan_in + fan_out) / 2.0}[mode]
        if uniform:
            limit = math.sqrt(3.0 * factor / count)
            return random_uniform(shape, -limit, limit, dtype, seed=seed)
        return truncated_normal(shape, 0.0, math.sqrt(1.3 * factor / count), dtype, seed=seed)  # 1.3: for what is cut off

    return _initializer


def _refuse_integers(dtype):
    if not dtypes.as_dtype(dtype).is_floating:
        raise TypeError("Cannot create initializer for non-floating point type.")
