"""Activations with variables or arguments as layers, and noise."""

import numpy as np

from ...core.export import export, public as tf
from ...ops.case import layers_smart_cond
from ..backend.settings import learning_phase
from ..engine.base_layer import Layer
from ..engine.input_spec import InputSpec
from .core import parts_config, set_parts


class _Elementwise(Layer):
    """A layer whose output has the shape of its input."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_output_shape(self, input_shape):
        return input_shape


@export("keras.layers.LeakyReLU")
class LeakyReLU(_Elementwise):
    """`x` above 0, `alpha * x` below."""

    def __init__(self, alpha=0.3, **kwargs):
        super().__init__(**kwargs)
        self.alpha = tf.keras.backend.cast_to_floatx(alpha)

    def call(self, inputs):
        return tf.keras.backend.relu(inputs, alpha=self.alpha)

    def get_config(self):
        return {**super().get_config(), "alpha": float(self.alpha)}


@export("keras.layers.PReLU")
class PReLU(_Elementwise):
    """`x` above 0, `alpha * x` below, with trained `alpha`.

    Args:
      alpha_initializer, alpha_regularizer, alpha_constraint: of the variable.
      shared_axes: the axes along which it is the same, or None.
    """

    def __init__(self, alpha_initializer="zeros", alpha_regularizer=None, alpha_constraint=None, shared_axes=None, **kwargs):
        super().__init__(**kwargs)
        set_parts(self, alpha_initializer=alpha_initializer, alpha_regularizer=alpha_regularizer, alpha_constraint=alpha_constraint)
        self.shared_axes = None
        if shared_axes is not None:
            self.shared_axes = list(shared_axes) if isinstance(shared_axes, list | tuple) else [shared_axes]

    def build(self, input_shape):
        shape = [d if not hasattr(d, "value") else d.value for d in input_shape][1:]
        for i in self.shared_axes or ():
            shape[i - 1] = 1
        self.alpha = self.add_weight(
            shape=shape, name="alpha", initializer=self.alpha_initializer, regularizer=self.alpha_regularizer,
            constraint=self.alpha_constraint,
        )  # fmt: skip
        known = {i: shape[i - 1] for i in range(1, len(input_shape)) if i not in self.shared_axes} if self.shared_axes else {}
        self.input_spec = InputSpec(ndim=len(input_shape), axes=known)
        self.built = True

    def call(self, inputs):
        return tf.nn.relu(inputs) + -self.alpha * tf.nn.relu(-inputs)

    def get_config(self):
        return {
            **super().get_config(), **parts_config(self, "alpha_initializer", "alpha_regularizer", "alpha_constraint"),
            "shared_axes": self.shared_axes,
        }  # fmt: skip


@export("keras.layers.ELU")
class ELU(_Elementwise):
    """`x` above 0, `alpha * (exp(x) - 1)` below."""

    def __init__(self, alpha=1.0, **kwargs):
        super().__init__(**kwargs)
        self.alpha = tf.keras.backend.cast_to_floatx(alpha)

    def call(self, inputs):
        return tf.keras.backend.elu(inputs, self.alpha)

    def get_config(self):
        return {**super().get_config(), "alpha": float(self.alpha)}


@export("keras.layers.ThresholdedReLU")
class ThresholdedReLU(_Elementwise):
    """`x` above `theta`, 0 below."""

    def __init__(self, theta=1.0, **kwargs):
        super().__init__(**kwargs)
        self.theta = tf.keras.backend.cast_to_floatx(theta)

    def call(self, inputs):
        theta = tf.cast(self.theta, inputs.dtype)
        return inputs * tf.cast(tf.greater(inputs, theta), inputs.dtype)

    def get_config(self):
        return {**super().get_config(), "theta": float(self.theta)}


@export("keras.layers.Softmax")
class Softmax(_Elementwise):
    """The softmax along an axis."""

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs):
        return tf.keras.activations.softmax(inputs, axis=self.axis)

    def get_config(self):
        return {**super().get_config(), "axis": self.axis}


@export("keras.layers.ReLU")
class ReLU(_Elementwise):
    """The rectified linear unit.

    Args:
      max_value: the greatest value, or None.
      negative_slope: the slope below the threshold.
      threshold: below it the value is `negative_slope * (x - threshold)`.

    Raises:
      ValueError: one is less than 0.
    """

    def __init__(self, max_value=None, negative_slope=0, threshold=0, **kwargs):
        super().__init__(**kwargs)
        for name, value in (("max_value", max_value), ("negative_slope", negative_slope)):
            if value is not None and value < 0.0:
                raise ValueError("%s of Relu layer cannot be negative value: %s" % (name, value))
        cast = tf.keras.backend.cast_to_floatx
        self.max_value = None if max_value is None else cast(max_value)
        self.negative_slope = cast(negative_slope)
        self.threshold = cast(threshold)

    def call(self, inputs):
        return tf.keras.backend.relu(inputs, alpha=self.negative_slope, max_value=self.max_value, threshold=self.threshold)

    def get_config(self):
        return {
            **super().get_config(), "max_value": self.max_value, "negative_slope": self.negative_slope, "threshold": self.threshold,
        }  # fmt: skip


# ------------------------------------------------------------------------------------------------------------------- noise


class _Noise(_Elementwise):
    """A layer that does something random while it trains."""

    def _noised(self, inputs):
        raise NotImplementedError

    def call(self, inputs, training=None):
        if training is None:
            training = learning_phase()
        return layers_smart_cond(training, lambda: self._noised(inputs), lambda: tf.identity(inputs))


@export("keras.layers.GaussianNoise")
class GaussianNoise(_Noise):
    """Adds normal noise while training.

    Args:
      stddev: its standard deviation.
    """

    def __init__(self, stddev, **kwargs):
        super().__init__(**kwargs)
        self.stddev = stddev

    def _noised(self, inputs):
        return inputs + tf.keras.backend.random_normal(shape=tf.shape(inputs), mean=0.0, stddev=self.stddev, dtype=inputs.dtype)

    def get_config(self):
        return {**super().get_config(), "stddev": self.stddev}


@export("keras.layers.GaussianDropout")
class GaussianDropout(_Noise):
    """Multiplies by normal noise around 1 while training.

    Args:
      rate: as of `Dropout`; it says how wide the noise is.
    """

    def __init__(self, rate, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate

    def _noised(self, inputs):
        stddev = np.sqrt(self.rate / (1.0 - self.rate))
        return inputs * tf.keras.backend.random_normal(shape=tf.shape(inputs), mean=1.0, stddev=stddev, dtype=inputs.dtype)

    def call(self, inputs, training=None):
        return super().call(inputs, training) if 0 < self.rate < 1 else inputs

    def get_config(self):
        return {**super().get_config(), "rate": self.rate}


@export("keras.layers.AlphaDropout")
class AlphaDropout(_Noise):
    """Dropout after `selu` that keeps mean and variance.

    Args:
      rate: which part is dropped.
      noise_shape: the shape of the random mask.
      seed: the seed.
    """

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.noise_shape = noise_shape
        self.seed = seed

    def _noised(self, inputs):
        alpha = -1.6732632423543772848170429916717 * 1.0507009873554804934193349852946
        shape = self.noise_shape if self.noise_shape else tf.shape(inputs)
        kept = tf.greater_equal(tf.keras.backend.random_uniform(shape, seed=self.seed), self.rate)
        kept = tf.cast(kept, inputs.dtype)
        a = ((1 - self.rate) * (1 + self.rate * alpha**2)) ** -0.5
        b = -a * alpha * self.rate
        return a * (inputs * kept + alpha * (1 - kept)) + b

    def call(self, inputs, training=None):
        return super().call(inputs, training) if 0.0 < self.rate < 1.0 else inputs

    def get_config(self):
        return {**super().get_config(), "rate": self.rate}
