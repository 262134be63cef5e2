"""Convolutions as layers."""

from ...core.context import here
from ...core.export import export, public as tf
from ...core.shape import TensorShape
from .. import activations, regularizers
from ..engine.base_layer import Layer
from ..engine.input_spec import InputSpec
from ..utils.conv_sizes import (
    conv_output_length,
    convert_data_format,
    deconv_output_length,
    normalize_data_format,
    normalize_padding,
    normalize_tuple,
)
from .core import parts_config, set_parts

_CONV_PARTS = (
    "kernel_initializer", "bias_initializer", "kernel_regularizer", "bias_regularizer", "activity_regularizer",
    "kernel_constraint", "bias_constraint",
)  # fmt: skip


class Conv(Layer):
    """A convolution of any rank.

    Args:
      rank: how many spatial dimensions there are.
      filters: how many channels the output has.
      kernel_size, strides, dilation_rate: an integer, or one for each spatial dimension.
      padding: "valid", "same", or for one dimension "causal".
      data_format: "channels_last" or "channels_first".
      activation: a function or its name.
      use_bias: whether there is a bias.
      kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, kernel_constraint, bias_constraint: of the
        variables.
      activity_regularizer: a function from the output to a loss.
      trainable, name, **kwargs: as of `Layer`.

    Raises:
      ValueError: an argument is not as it must be.
    """

    def __init__(self, rank, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1, activation=None,
                 use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros", kernel_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None, trainable=True,
                 name=None, **kwargs):  # fmt: skip
        super().__init__(trainable=trainable, name=name, activity_regularizer=regularizers.get(activity_regularizer), **kwargs)
        self.rank = rank
        self.filters = filters
        self.kernel_size = normalize_tuple(kernel_size, rank, "kernel_size")
        self.strides = normalize_tuple(strides, rank, "strides")
        self.padding = normalize_padding(padding)
        if self.padding == "causal" and not isinstance(self, Conv1D | SeparableConv1D):
            raise ValueError("Causal padding is only supported for `Conv1D`and ``SeparableConv1D`.")
        self.data_format = normalize_data_format(data_format)
        self.dilation_rate = normalize_tuple(dilation_rate, rank, "dilation_rate")
        self.use_bias = use_bias
        set_parts(
            self, activation=activation, kernel_initializer=kernel_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, bias_regularizer=bias_regularizer, kernel_constraint=kernel_constraint,
            bias_constraint=bias_constraint,
        )  # fmt: skip
        self.input_spec = InputSpec(ndim=self.rank + 2)

    @property
    def _is_channels_first(self):
        return self.data_format == "channels_first"

    def _channels_of(self, input_shape, what="the inputs"):
        """How many channels the input has; notes that it must have these."""
        axis = 1 if self._is_channels_first else -1
        channels = input_shape.as_list()[axis]
        if channels is None:
            raise ValueError("The channel dimension of %s should be defined. Found `None`." % what)
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={axis: channels})
        return channels

    def _add_bias(self, size):
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias", shape=(size,), initializer=self.bias_initializer, regularizer=self.bias_regularizer,
                constraint=self.bias_constraint, trainable=True, dtype=self.dtype,
            )  # fmt: skip

    def _add_kernel(self, shape, name="kernel"):
        """Makes a kernel and the attribute of its name."""
        prefix = name if name == "kernel" else name.removesuffix("_kernel")
        made = self.add_weight(
            name=name, shape=shape, initializer=getattr(self, prefix + "_initializer"),
            regularizer=getattr(self, prefix + "_regularizer"), constraint=getattr(self, prefix + "_constraint"), trainable=True,
            dtype=self.dtype,
        )  # fmt: skip
        setattr(self, name, made)

    def build(self, input_shape):
        input_shape = TensorShape(input_shape)
        channels = self._channels_of(input_shape)
        self._add_kernel((*self.kernel_size, channels, self.filters))
        self._add_bias(self.filters)
        padding = "valid" if self.padding == "causal" else self.padding
        self._convolution_op = tf.python.ops.nn_ops.Convolution(
            input_shape, filter_shape=self.kernel.shape, dilation_rate=self.dilation_rate, strides=self.strides,
            padding=padding if isinstance(padding, list | tuple) else padding.upper(),
            data_format=convert_data_format(self.data_format, self.rank + 2),
        )  # fmt: skip
        self.built = True

    def call(self, inputs):
        outputs = self._convolution_op(inputs, self.kernel)
        if self.use_bias:
            if self._is_channels_first and self.rank == 1:
                outputs += tf.reshape(self.bias, (1, self.filters, 1))
            else:
                outputs = tf.nn.bias_add(outputs, self.bias, data_format="NCHW" if self._is_channels_first else "NHWC")
        return outputs if self.activation is None else self.activation(outputs)

    def compute_output_shape(self, input_shape):
        sizes = TensorShape(input_shape).as_list()
        space = sizes[2:] if self._is_channels_first else sizes[1:-1]
        space = [
            conv_output_length(n, k, padding=self.padding, stride=s, dilation=d)
            for n, k, s, d in zip(space, self.kernel_size, self.strides, self.dilation_rate)
        ]
        filters = self._output_filters(sizes)
        return TensorShape([sizes[0], filters, *space] if self._is_channels_first else [sizes[0], *space, filters])

    def _output_filters(self, sizes):
        return self.filters

    def get_config(self):
        return {
            **super().get_config(), "filters": self.filters, "kernel_size": self.kernel_size, "strides": self.strides,
            "padding": self.padding, "data_format": self.data_format, "dilation_rate": self.dilation_rate,
            "activation": activations.serialize(self.activation), "use_bias": self.use_bias, **parts_config(self, *_CONV_PARTS),
        }  # fmt: skip

    def _compute_causal_padding(self):
        left = [self.dilation_rate[0] * (self.kernel_size[0] - 1), 0]
        return [[0, 0], [0, 0], left] if self._is_channels_first else [[0, 0], left, [0, 0]]


@export("keras.layers.Conv1D", "keras.layers.Convolution1D")
class Conv1D(Conv):
    """A convolution of sequences; see `Conv`."""

    def __init__(self, filters, kernel_size, strides=1, padding="valid", data_format="channels_last", dilation_rate=1,
                 activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros",
                 kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
                 bias_constraint=None, **kwargs):  # fmt: skip
        super().__init__(
            1, filters, kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias, kernel_initializer,
            bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint,
            **kwargs,
        )  # fmt: skip

    def call(self, inputs):
        if self.padding == "causal":
            inputs = tf.pad(inputs, self._compute_causal_padding())
        return super().call(inputs)


@export("keras.layers.Conv2D", "keras.layers.Convolution2D")
class Conv2D(Conv):
    """A convolution of images; see `Conv`."""

    def __init__(self, filters, kernel_size, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1),
                 activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros",
                 kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
                 bias_constraint=None, **kwargs):  # fmt: skip
        super().__init__(
            2, filters, kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias, kernel_initializer,
            bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint,
            **kwargs,
        )  # fmt: skip


@export("keras.layers.Conv3D", "keras.layers.Convolution3D")
class Conv3D(Conv):
    """A convolution of volumes; see `Conv`."""

    def __init__(self, filters, kernel_size, strides=(1, 1, 1), padding="valid", data_format=None, dilation_rate=(1, 1, 1),
                 activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros",
                 kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
                 bias_constraint=None, **kwargs):  # fmt: skip
        super().__init__(
            3, filters, kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias, kernel_initializer,
            bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint,
            **kwargs,
        )  # fmt: skip


# ------------------------------------------------------------------------------------------------------------ transposed


class _Transposed(Conv):
    """What transposed convolutions have in common; `output_padding` is how much larger the output is than it must be."""

    def _set_output_padding(self, output_padding):
        self.output_padding = output_padding
        if output_padding is not None:
            self.output_padding = normalize_tuple(output_padding, self.rank, "output_padding")
            for stride, pad in zip(self.strides, self.output_padding):
                if pad >= stride:
                    raise ValueError("Stride %s must be greater than output padding %s" % (self.strides, self.output_padding))

    def _build_transposed(self, input_shape):
        channels = self._channels_of(input_shape)
        self._add_kernel((*self.kernel_size, self.filters, channels))
        self._add_bias(self.filters)
        self.built = True

    def _spatial_lengths(self, lengths, with_dilation=True):
        """The sizes of the output from those of the input, which may be tensors."""
        pads = self.output_padding or [None] * self.rank
        return [
            deconv_output_length(
                n, k, padding=self.padding, output_padding=p, stride=s, **({"dilation": d} if with_dilation else {})
            )
            for n, k, p, s, d in zip(lengths, self.kernel_size, pads, self.strides, self.dilation_rate)
        ]

    def _output_shape(self, inputs):
        """The shape of the output as a tensor."""
        sizes = tf.shape(inputs)
        first = 2 if self._is_channels_first else 1
        batch = sizes[0]
        space = self._spatial_lengths([sizes[first + i] for i in range(self.rank)])
        return tf.stack((batch, self.filters, *space) if self._is_channels_first else (batch, *space, self.filters))

    def _finished(self, inputs, outputs):
        if not here.eager:
            outputs.set_shape(self.compute_output_shape(inputs.shape))
        if self.use_bias:
            outputs = tf.nn.bias_add(outputs, self.bias, data_format=convert_data_format(self.data_format, ndim=4))
        return outputs if self.activation is None else self.activation(outputs)

    def compute_output_shape(self, input_shape):
        sizes = TensorShape(input_shape).as_list()
        space = self._spatial_lengths(sizes[2:] if self._is_channels_first else sizes[1:-1])
        return TensorShape(
            [sizes[0], self.filters, *space] if self._is_channels_first else [sizes[0], *space, self.filters]
        )  # fmt: skip


@export("keras.layers.Conv2DTranspose", "keras.layers.Convolution2DTranspose")
class Conv2DTranspose(_Transposed, Conv2D):
    """The transpose of a convolution of images; see `Conv`.

    `output_padding` is how much larger the output is than it must be, less than the strides.
    """

    def __init__(self, filters, kernel_size, strides=(1, 1), padding="valid", output_padding=None, data_format=None,
                 dilation_rate=(1, 1), activation=None, use_bias=True, kernel_initializer="glorot_uniform",
                 bias_initializer="zeros", kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None,
                 kernel_constraint=None, bias_constraint=None, **kwargs):  # fmt: skip
        Conv2D.__init__(
            self, filters, kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias, kernel_initializer,
            bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint,
            **kwargs,
        )  # fmt: skip
        self._set_output_padding(output_padding)

    def build(self, input_shape):
        input_shape = TensorShape(input_shape)
        if len(input_shape) != 4:
            raise ValueError("Inputs should have rank 4. Received input shape: " + str(input_shape))
        self._build_transposed(input_shape)

    def call(self, inputs):
        outputs = tf.keras.backend.conv2d_transpose(
            inputs, self.kernel, self._output_shape(inputs), strides=self.strides, padding=self.padding,
            data_format=self.data_format, dilation_rate=self.dilation_rate,
        )  # fmt: skip
        return self._finished(inputs, outputs)

    def get_config(self):
        return {**super().get_config(), "output_padding": self.output_padding}


@export("keras.layers.Conv3DTranspose", "keras.layers.Convolution3DTranspose")
class Conv3DTranspose(_Transposed, Conv3D):
    """The transpose of a convolution of volumes; see `Conv`.

    `output_padding` is how much larger the output is than it must be, less than the strides.
    """

    def __init__(self, filters, kernel_size, strides=(1, 1, 1), padding="valid", output_padding=None, data_format=None,
                 activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros",
                 kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
                 bias_constraint=None, **kwargs):  # fmt: skip
        Conv3D.__init__(
            self, filters, kernel_size, strides, padding, data_format, (1, 1, 1), activation, use_bias, kernel_initializer,
            bias_initializer, kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint,
            **kwargs,
        )  # fmt: skip
        self._set_output_padding(output_padding)

    def build(self, input_shape):
        input_shape = TensorShape(input_shape)
        if len(input_shape) != 5:
            raise ValueError("Inputs should have rank 5, received input shape:", str(input_shape))
        self._build_transposed(input_shape)

    def call(self, inputs):
        outputs = tf.nn.conv3d_transpose(
            inputs, self.kernel, self._output_shape(inputs),
            (1, 1, *self.strides) if self._is_channels_first else (1, *self.strides, 1),
            data_format=convert_data_format(self.data_format, ndim=5), padding=self.padding.upper(),
        )  # fmt: skip
        return self._finished(inputs, outputs)

    def get_config(self):
        config = {**super().get_config(), "output_padding": self.output_padding}
        del config["dilation_rate"]
        return config


# ------------------------------------------------------------------------------------------------------------- separable


class SeparableConv(Conv):
    """A convolution of each channel by itself, and then one of size 1 that mixes the channels.

    Args:
      rank: how many spatial dimensions there are.
      filters: how many channels the output has.
      kernel_size, strides, padding, data_format, dilation_rate: as of `Conv`.
      depth_multiplier: how many outputs each channel has in between.
      activation, use_bias: as of `Conv`.
      depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer, pointwise_regularizer,
        bias_regularizer, depthwise_constraint, pointwise_constraint, bias_constraint: of the variables.
      activity_regularizer: a function from the output to a loss.
      trainable, name, **kwargs: as of `Layer`.
    """

    def __init__(self, rank, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1,
                 depth_multiplier=1, activation=None, use_bias=True, depthwise_initializer="glorot_uniform",
                 pointwise_initializer="glorot_uniform", bias_initializer="zeros", depthwise_regularizer=None,
                 pointwise_regularizer=None, bias_regularizer=None, activity_regularizer=None, depthwise_constraint=None,
                 pointwise_constraint=None, bias_constraint=None, trainable=True, name=None, **kwargs):  # fmt: skip
        super().__init__(
            rank, filters, kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias,
            bias_initializer=bias_initializer, bias_regularizer=bias_regularizer, activity_regularizer=activity_regularizer,
            bias_constraint=bias_constraint, trainable=trainable, name=name, **kwargs,
        )  # fmt: skip
        self.depth_multiplier = depth_multiplier
        set_parts(
            self, depthwise_initializer=depthwise_initializer, pointwise_initializer=pointwise_initializer,
            depthwise_regularizer=depthwise_regularizer, pointwise_regularizer=pointwise_regularizer,
            depthwise_constraint=depthwise_constraint, pointwise_constraint=pointwise_constraint,
        )  # fmt: skip

    def build(self, input_shape):
        channels = self._channels_of(TensorShape(input_shape))
        self._add_kernel((*self.kernel_size, channels, self.depth_multiplier), "depthwise_kernel")
        self._add_kernel((*(1,) * self.rank, self.depth_multiplier * channels, self.filters), "pointwise_kernel")
        self._add_bias(self.filters)
        self.built = True

    def call(self, inputs):
        raise NotImplementedError

    def get_config(self):
        return {
            **super().get_config(), "depth_multiplier": self.depth_multiplier,
            **parts_config(self, "depthwise_initializer", "pointwise_initializer", "depthwise_regularizer", "pointwise_regularizer",
                           "depthwise_constraint", "pointwise_constraint"),
        }  # fmt: skip


@export("keras.layers.SeparableConv1D", "keras.layers.SeparableConvolution1D")
class SeparableConv1D(SeparableConv):
    """A separable convolution of sequences; see `SeparableConv`."""

    def __init__(self, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1, depth_multiplier=1,
                 activation=None, use_bias=True, depthwise_initializer="glorot_uniform", pointwise_initializer="glorot_uniform",
                 bias_initializer="zeros", depthwise_regularizer=None, pointwise_regularizer=None, bias_regularizer=None,
                 activity_regularizer=None, depthwise_constraint=None, pointwise_constraint=None, bias_constraint=None,
                 **kwargs):  # fmt: skip
        super().__init__(
            1, filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias,
            depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer, pointwise_regularizer,
            bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint, bias_constraint, **kwargs,
        )  # fmt: skip

    def call(self, inputs):
        if self.padding == "causal":
            inputs = tf.pad(inputs, self._compute_causal_padding())
        strides, axis = ((1, 1, *self.strides * 2), 2) if self._is_channels_first else ((1, *self.strides * 2, 1), 1)
        inputs = tf.expand_dims(inputs, axis)
        depthwise, pointwise = tf.expand_dims(self.depthwise_kernel, 0), tf.expand_dims(self.pointwise_kernel, 0)
        data_format = convert_data_format(self.data_format, ndim=4)
        outputs = tf.nn.separable_conv2d(
            inputs, depthwise, pointwise, strides=strides, padding="VALID" if self.padding == "causal" else self.padding.upper(),
            rate=(1, *self.dilation_rate), data_format=data_format,
        )  # fmt: skip
        if self.use_bias:
            outputs = tf.nn.bias_add(outputs, self.bias, data_format=data_format)
        outputs = tf.squeeze(outputs, [axis])
        return outputs if self.activation is None else self.activation(outputs)


@export("keras.layers.SeparableConv2D", "keras.layers.SeparableConvolution2D")
class SeparableConv2D(SeparableConv):
    """A separable convolution of images; see `SeparableConv`."""

    def __init__(self, filters, kernel_size, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1),
                 depth_multiplier=1, activation=None, use_bias=True, depthwise_initializer="glorot_uniform",
                 pointwise_initializer="glorot_uniform", bias_initializer="zeros", depthwise_regularizer=None,
                 pointwise_regularizer=None, bias_regularizer=None, activity_regularizer=None, depthwise_constraint=None,
                 pointwise_constraint=None, bias_constraint=None, **kwargs):  # fmt: skip
        super().__init__(
            2, filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier, activation, use_bias,
            depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer, pointwise_regularizer,
            bias_regularizer, activity_regularizer, depthwise_constraint, pointwise_constraint, bias_constraint, **kwargs,
        )  # fmt: skip

    def call(self, inputs):
        data_format = convert_data_format(self.data_format, ndim=4)
        outputs = tf.nn.separable_conv2d(
            inputs, self.depthwise_kernel, self.pointwise_kernel,
            strides=(1, 1, *self.strides) if self._is_channels_first else (1, *self.strides, 1), padding=self.padding.upper(),
            rate=self.dilation_rate, data_format=data_format,
        )  # fmt: skip
        if self.use_bias:
            outputs = tf.nn.bias_add(outputs, self.bias, data_format=data_format)
        return outputs if self.activation is None else self.activation(outputs)


@export("keras.layers.DepthwiseConv2D")
class DepthwiseConv2D(Conv2D):
    """A convolution of each channel of images by itself.

    Args:
      kernel_size, strides, padding, data_format, activation, use_bias: as of `Conv`.
      depth_multiplier: how many outputs each channel has.
      depthwise_initializer, bias_initializer, depthwise_regularizer, bias_regularizer, depthwise_constraint, bias_constraint: of
        the variables.
      activity_regularizer: a function from the output to a loss.
    """

    def __init__(self, kernel_size, strides=(1, 1), padding="valid", depth_multiplier=1, data_format=None, activation=None,
                 use_bias=True, depthwise_initializer="glorot_uniform", bias_initializer="zeros", depthwise_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, depthwise_constraint=None, bias_constraint=None,
                 **kwargs):  # fmt: skip
        super().__init__(
            None, kernel_size, strides, padding, data_format, activation=activation, use_bias=use_bias,
            bias_initializer=bias_initializer, bias_regularizer=bias_regularizer, activity_regularizer=activity_regularizer,
            bias_constraint=bias_constraint, **kwargs,
        )  # fmt: skip
        self.depth_multiplier = depth_multiplier
        set_parts(self, depthwise_initializer=depthwise_initializer, depthwise_regularizer=depthwise_regularizer,
                  depthwise_constraint=depthwise_constraint)  # fmt: skip

    def build(self, input_shape):
        if len(input_shape) < 4:
            raise ValueError("Inputs to `DepthwiseConv2D` should have rank 4. Received input shape:", str(input_shape))
        channels = self._channels_of(TensorShape(input_shape), "the inputs to `DepthwiseConv2D`")
        self.input_spec = InputSpec(ndim=4, axes={1 if self._is_channels_first else 3: channels})
        self._add_kernel((*self.kernel_size, channels, self.depth_multiplier), "depthwise_kernel")
        self._add_bias(channels * self.depth_multiplier)
        self.built = True

    def call(self, inputs, training=None):
        outputs = tf.keras.backend.depthwise_conv2d(
            inputs, self.depthwise_kernel, strides=self.strides, padding=self.padding, dilation_rate=self.dilation_rate,
            data_format=self.data_format,
        )  # fmt: skip
        if self.use_bias:
            outputs = tf.keras.backend.bias_add(outputs, self.bias, data_format=self.data_format)
        return outputs if self.activation is None else self.activation(outputs)

    def _output_filters(self, sizes):
        return sizes[1 if self._is_channels_first else 3] * self.depth_multiplier

    def get_config(self):
        config = {
            **super().get_config(), "depth_multiplier": self.depth_multiplier,
            **parts_config(self, "depthwise_initializer", "depthwise_regularizer", "depthwise_constraint"),
        }  # fmt: skip
        for part in ("filters", "kernel_initializer", "kernel_regularizer", "kernel_constraint"):
            del config[part]
        return config
