"""What all applications have in common: arguments, first and last layers, weights; and short ways to say layers."""

import dataclasses
import os
import warnings

from ..backend.settings import image_data_format
from ..backend.tensors import int_shape, is_keras_tensor
from ..engine.input_layer import Input
from ..engine.sequential import source_inputs
from ..engine.training import Model
from ..layers.activating import ReLU
from ..layers.convolutional import Conv2D, DepthwiseConv2D, SeparableConv2D
from ..layers.core import Dense
from ..layers.normalization import BatchNormalization
from ..layers.pooling import GlobalAveragePooling2D, GlobalMaxPooling2D, MaxPooling2D
from ..layers.reshaping import Activation, ZeroPadding2D
from .pretrained import local_file

RELEASES = "https://github.com/fchollet/deep-learning-models/releases/download/"
ARGUMENTS = """
    Args:
      include_top: whether the layers that tell the classes are there.
      weights: None for random ones, the path of a file of weights, or "imagenet": those of a network trained on ImageNet, whose
        file must be in the folder ".keras/models" of the user.
      input_tensor: a tensor of Keras, or another one, that the network begins with.
      input_shape: the shape of an image; sizes may be None without the top.
      pooling: without the top "avg" or "max" over what the last layer gives, or None.
      classes: how many classes there are."""
RETURNS = """
    Returns:
      A `tf.keras.Model`.

    Raises:
      ValueError: an argument is not as it must be.
      FileNotFoundError: the weights of ImageNet are not on this machine; the message says where to put what.
    """


def documented(function):
    """A decorator that adds the common arguments to the description of a network."""
    function.__doc__ = function.__doc__.rstrip() + "\n" + ARGUMENTS + "\n" + RETURNS
    return function


@dataclasses.dataclass(frozen=True)
class Given:
    """The arguments that all applications take."""

    include_top: bool
    weights: str | None
    input_tensor: object
    input_shape: tuple | None
    pooling: str | None
    classes: int

    def check(self):
        """Raises ValueError unless the weights can be used."""
        if self.weights not in ("imagenet", None) and not os.path.exists(self.weights):
            raise ValueError(
                "The `weights` argument should be either `None` (random initialization), `imagenet` (pre-training on ImageNet), or "
                "the path to the weights file to be loaded."
            )
        if self.weights == "imagenet" and self.include_top and self.classes != 1000:
            raise ValueError('If using `weights` as `"imagenet"` with `include_top` as true, `classes` should be 1000')

    def sizes(self):
        """Height and width of `input_shape`."""
        return self.input_shape[1:3] if image_data_format() == "channels_first" else self.input_shape[:2]

    def with_shape(self, default_size, min_size, needs_sizes=None):
        """The arguments with the shape that an image has; raises ValueError if the one given can't be."""
        needs_sizes = self.include_top if needs_sizes is None else needs_sizes
        shape = _image_shape(self.input_shape, default_size, min_size, needs_sizes, self.weights == "imagenet")
        return dataclasses.replace(self, input_shape=shape)

    def input(self):
        """The tensor that the network begins with."""
        if self.input_tensor is None:
            return Input(shape=self.input_shape)
        if is_keras_tensor(self.input_tensor):
            return self.input_tensor
        return Input(tensor=self.input_tensor, shape=self.input_shape)

    def pooled(self, x, names=(None, None)):
        """What a network without its top gives."""
        if self.pooling == "avg":
            return GlobalAveragePooling2D(name=names[0])(x)
        return GlobalMaxPooling2D(name=names[1])(x) if self.pooling == "max" else x

    def classified(self, x, name, pool_name="avg_pool"):
        """The probabilities of classes, from the mean over an image."""
        x = GlobalAveragePooling2D(name=pool_name)(x)
        return Dense(self.classes, activation="softmax", name=name)(x)

    def model(self, begin, end, name, file):
        """The model from its first tensor to its last one.

        Args:
          file: a function that gives name, address and hash (or None) of the file of weights.
        """
        made = Model(begin if self.input_tensor is None else source_inputs(self.input_tensor), end, name=name)
        if self.weights is not None:
            made.load_weights(local_file(*file()) if self.weights == "imagenet" else self.weights)
        return made


def _image_shape(shape, default_size, min_size, needs_sizes, is_pretrained):
    is_first = image_data_format() == "channels_first"
    channel, rows, columns = (0, 1, 2) if is_first else (2, 0, 1)
    channels = 3
    if not is_pretrained and shape and len(shape) == 3:
        channels = shape[channel]
        if channels not in (1, 3):
            warnings.warn(
                "This model usually expects 1 or 3 input channels. However, it was passed an input_shape with %s input channels."
                % channels,
                stacklevel=5,
            )
    default = (channels, default_size, default_size) if is_first else (default_size, default_size, channels)
    if is_pretrained and needs_sizes:
        if shape is not None and shape != default:
            raise ValueError(
                "When setting `include_top=True` and loading `imagenet` weights, `input_shape` should be %s." % (default,)
            )
        return default
    if shape:
        if len(shape) != 3:
            raise ValueError("`input_shape` must be a tuple of three integers.")
        if shape[channel] != 3 and is_pretrained:
            raise ValueError("The input must have 3 channels; got `input_shape=%s`" % (shape,))
        if any(size is not None and size < min_size for size in (shape[rows], shape[columns])):
            raise ValueError("Input size must be at least %dx%d; got `input_shape=%s`" % (min_size, min_size, shape))
    elif needs_sizes:
        shape = default
    else:
        shape = (3, None, None) if is_first else (None, None, 3)
    if needs_sizes and None in shape:
        raise ValueError("If `include_top` is True, you should specify a static `input_shape`. Got `input_shape=%s`" % (shape,))
    return shape


# -------------------------------------------------------------------------------------------------------------------- layers


def channel_axis():
    """The axis of channels."""
    return 1 if image_data_format() == "channels_first" else 3


def conv(x, filters, size, name=None, **options):
    """A convolution."""
    return Conv2D(filters, size, name=name, **options)(x)


def depthwise(x, size, name=None, **options):
    """A convolution of each channel by itself, without biases."""
    return DepthwiseConv2D(size, use_bias=False, name=name, **options)(x)


def separable(x, filters, size, name=None, **options):
    """A convolution of each channel by itself and then one that mixes them, without biases."""
    return SeparableConv2D(filters, size, use_bias=False, name=name, **options)(x)


def norm(x, name=None, **options):
    """Normalization of batches."""
    return BatchNormalization(axis=channel_axis(), name=name, **options)(x)


def relu(x, name=None):
    """`max(x, 0)`."""
    return Activation("relu", name=name)(x)


def relu6(x, name):
    """`x` between 0 and 6."""
    return ReLU(6.0, name=name)(x)


def pad(x, amounts, name=None):
    """Zeros around images: a number of rows and columns, or those on each side."""
    amounts = ((amounts,) * 2,) * 2 if isinstance(amounts, int) else amounts
    return ZeroPadding2D(padding=amounts, name=name)(x)


def pad_to_halve(x, size, name):
    """Zeros around images, so that a convolution of a size with strides of 2 gives half of them, rounded up."""
    height, width = int_shape(x)[2:4] if channel_axis() == 1 else int_shape(x)[1:3]
    odd = (0, 0) if height is None else (height % 2, width % 2)
    half = size // 2
    return pad(x, tuple((half - 1 + o, half) for o in odd), name)


def max_pool(x, size, strides, name=None, **options):
    """The largest values of windows."""
    return MaxPooling2D(size, strides=strides, name=name, **options)(x)
