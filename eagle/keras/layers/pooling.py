"""Pooling as layers."""

import functools

from ...core.export import export, public as tf
from ...core.shape import TensorShape
from ..backend.settings import image_data_format
from ..engine.base_layer import Layer
from ..engine.input_spec import InputSpec
from ..utils.conv_sizes import (
    conv_output_length,
    convert_data_format,
    normalize_data_format,
    normalize_padding,
    normalize_tuple,
)


class _Pooling(Layer):
    """Pooling of any rank.

    Args:
      pool_function: what computes it.
      pool_size, strides: an integer, or one for each spatial dimension; the strides are `pool_size` by default.
      padding: "valid" or "same".
      data_format: "channels_last" or "channels_first".
    """

    _rank = None

    def __init__(self, pool_function, pool_size, strides, padding="valid", data_format=None, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        data_format = data_format or image_data_format()
        self.pool_function = pool_function
        self.pool_size = normalize_tuple(pool_size, self._rank, "pool_size")
        self.strides = normalize_tuple(pool_size if strides is None else strides, self._rank, "strides")
        self.padding = normalize_padding(padding)
        self.data_format = normalize_data_format(data_format)
        self.input_spec = InputSpec(ndim=self._rank + 2)

    def compute_output_shape(self, input_shape):
        sizes = TensorShape(input_shape).as_list()
        first = 2 if self.data_format == "channels_first" else 1
        for i, (window, stride) in enumerate(zip(self.pool_size, self.strides)):
            sizes[first + i] = conv_output_length(sizes[first + i], window, self.padding, stride)
        return TensorShape(sizes)

    def get_config(self):
        return {
            **super().get_config(), "pool_size": self.pool_size, "padding": self.padding, "strides": self.strides,
            "data_format": self.data_format,
        }  # fmt: skip


class Pooling1D(_Pooling):
    """Pooling of sequences."""

    _rank = 1

    def call(self, inputs):
        axis = 2 if self.data_format == "channels_last" else 3
        inputs = tf.expand_dims(inputs, axis)
        outputs = self.pool_function(inputs, (*self.pool_size, 1), strides=(*self.strides, 1), padding=self.padding,
                                     data_format=self.data_format)  # fmt: skip
        return tf.squeeze(outputs, axis)


class Pooling2D(_Pooling):
    """Pooling of images."""

    _rank = 2

    def call(self, inputs):
        is_last = self.data_format == "channels_last"
        return self.pool_function(
            inputs, ksize=(1, *self.pool_size, 1) if is_last else (1, 1, *self.pool_size),
            strides=(1, *self.strides, 1) if is_last else (1, 1, *self.strides), padding=self.padding.upper(),
            data_format=convert_data_format(self.data_format, 4),
        )  # fmt: skip


class Pooling3D(_Pooling):
    """Pooling of volumes."""

    _rank = 3

    def call(self, inputs):
        is_first = self.data_format == "channels_first"
        if is_first:
            inputs = tf.transpose(inputs, (0, 2, 3, 4, 1))
        outputs = self.pool_function(inputs, ksize=(1, *self.pool_size, 1), strides=(1, *self.strides, 1),
                                     padding=self.padding.upper())  # fmt: skip
        return tf.transpose(outputs, (0, 4, 1, 2, 3)) if is_first else outputs


@export("keras.layers.MaxPool1D", "keras.layers.MaxPooling1D")
class MaxPooling1D(Pooling1D):
    """The greatest of each window of a sequence; see `Layer` for further arguments."""

    def __init__(self, pool_size=2, strides=None, padding="valid", data_format="channels_last", **kwargs):
        super().__init__(
            functools.partial(tf.keras.backend.pool2d, pool_mode="max"), pool_size, strides, padding, data_format, **kwargs
        )


@export("keras.layers.AveragePooling1D", "keras.layers.AvgPool1D")
class AveragePooling1D(Pooling1D):
    """The mean of each window of a sequence."""

    def __init__(self, pool_size=2, strides=None, padding="valid", data_format="channels_last", **kwargs):
        super().__init__(
            functools.partial(tf.keras.backend.pool2d, pool_mode="avg"), pool_size, strides, padding, data_format, **kwargs
        )


@export("keras.layers.MaxPool2D", "keras.layers.MaxPooling2D")
class MaxPooling2D(Pooling2D):
    """The greatest of each window of an image."""

    def __init__(self, pool_size=(2, 2), strides=None, padding="valid", data_format=None, **kwargs):
        super().__init__(tf.nn.max_pool, pool_size, strides, padding, data_format, **kwargs)


@export("keras.layers.AveragePooling2D", "keras.layers.AvgPool2D")
class AveragePooling2D(Pooling2D):
    """The mean of each window of an image."""

    def __init__(self, pool_size=(2, 2), strides=None, padding="valid", data_format=None, **kwargs):
        super().__init__(tf.nn.avg_pool, pool_size, strides, padding, data_format, **kwargs)


@export("keras.layers.MaxPool3D", "keras.layers.MaxPooling3D")
class MaxPooling3D(Pooling3D):
    """The greatest of each window of a volume."""

    def __init__(self, pool_size=(2, 2, 2), strides=None, padding="valid", data_format=None, **kwargs):
        super().__init__(tf.nn.max_pool3d, pool_size, strides, padding, data_format, **kwargs)


@export("keras.layers.AveragePooling3D", "keras.layers.AvgPool3D")
class AveragePooling3D(Pooling3D):
    """The mean of each window of a volume."""

    def __init__(self, pool_size=(2, 2, 2), strides=None, padding="valid", data_format=None, **kwargs):
        super().__init__(tf.nn.avg_pool3d, pool_size, strides, padding, data_format, **kwargs)


# ---------------------------------------------------------------------------------------------------------------- global


class _GlobalPooling(Layer):
    """Pooling over all of the spatial dimensions.

    Args:
      data_format: "channels_last" or "channels_first".
    """

    _rank = None

    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = normalize_data_format(data_format)
        self.input_spec = InputSpec(ndim=self._rank + 2)

    def compute_output_shape(self, input_shape):
        sizes = TensorShape(input_shape).as_list()
        return TensorShape([sizes[0], sizes[-1] if self.data_format == "channels_last" else sizes[1]])

    @property
    def _axes(self):
        first = 1 if self.data_format == "channels_last" else 2
        return list(range(first, first + self._rank))

    def get_config(self):
        return {**super().get_config(), "data_format": self.data_format}


@export("keras.layers.GlobalAveragePooling1D", "keras.layers.GlobalAvgPool1D")
class GlobalAveragePooling1D(_GlobalPooling):
    """The mean of a sequence, with a mask that of what is not masked."""

    _rank = 1

    def __init__(self, data_format="channels_last", **kwargs):
        super().__init__(data_format=data_format, **kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        axis = self._axes[0]
        if mask is None:
            return tf.reduce_mean(inputs, axis=axis)
        mask = tf.cast(mask, tf.keras.backend.floatx())
        shape = inputs.shape.as_list()
        mask = tf.reshape(mask, (-1, shape[1], 1) if axis == 1 else (-1, 1, shape[2]))
        inputs *= mask
        return tf.reduce_sum(inputs, axis=axis) / tf.reduce_sum(mask, axis=axis)

    def compute_mask(self, inputs, mask=None):
        return None


@export("keras.layers.GlobalMaxPool1D", "keras.layers.GlobalMaxPooling1D")
class GlobalMaxPooling1D(_GlobalPooling):
    """The greatest of a sequence."""

    _rank = 1

    def __init__(self, data_format="channels_last", **kwargs):
        super().__init__(data_format=data_format, **kwargs)

    def call(self, inputs):
        return tf.reduce_max(inputs, axis=self._axes[0])


@export("keras.layers.GlobalAveragePooling2D", "keras.layers.GlobalAvgPool2D")
class GlobalAveragePooling2D(_GlobalPooling):
    """The mean of an image."""

    _rank = 2

    def call(self, inputs):
        return tf.reduce_mean(inputs, axis=self._axes)


@export("keras.layers.GlobalMaxPool2D", "keras.layers.GlobalMaxPooling2D")
class GlobalMaxPooling2D(_GlobalPooling):
    """The greatest of an image."""

    _rank = 2

    def call(self, inputs):
        return tf.reduce_max(inputs, axis=self._axes)


@export("keras.layers.GlobalAveragePooling3D", "keras.layers.GlobalAvgPool3D")
class GlobalAveragePooling3D(_GlobalPooling):
    """The mean of a volume."""

    _rank = 3

    def call(self, inputs):
        return tf.reduce_mean(inputs, axis=self._axes)


@export("keras.layers.GlobalMaxPool3D", "keras.layers.GlobalMaxPooling3D")
class GlobalMaxPooling3D(_GlobalPooling):
    """The greatest of a volume."""

    _rank = 3

    def call(self, inputs):
        return tf.reduce_max(inputs, axis=self._axes)
