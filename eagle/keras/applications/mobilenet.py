"""MobileNet (arXiv 1704.04861) and MobileNetV2 (arXiv 1801.04381)."""

import warnings

from ...core.export import export, open_namespace
from ..backend.settings import image_data_format
from ..backend.tensors import int_shape, is_keras_tensor
from ..layers.core import Dropout
from ..layers.merging import Add
from ..layers.pooling import GlobalAveragePooling2D
from ..layers.reshaping import Activation, Reshape
from .building import RELEASES, Given, channel_axis, conv, depthwise, documented, norm, pad, pad_to_halve, relu6

_V2_RELEASE = "https://github.com/JonathanCMitchell/mobilenet_v2_keras/releases/download/v1.1/"
_SIZES, _V2_SIZES = (128, 160, 192, 224), (96, 128, 160, 192, 224)
_WIDTHS = {1.0: "1_0", 0.75: "7_5", 0.50: "5_0", 0.25: "2_5"}
_V2_WIDTHS = (0.35, 0.50, 0.75, 1.0, 1.3, 1.4)


def _default_size(sizes, known):
    return sizes[0] if sizes is not None and sizes[0] == sizes[1] and sizes[0] in known else 224


def _rows(given, known):
    """The size that the name of the network tells; with trained weights one that there are weights for."""
    rows, columns = given.sizes()
    if given.weights == "imagenet" and (rows != columns or rows not in known):
        warnings.warn(
            "`input_shape` is undefined or non-square, or `rows` is not in %s. Weights for input shape (224, 224) will be loaded "
            "as the default." % list(known),
            stacklevel=3,
        )
        return 224
    return rows


def _block(x, filters, alpha, depth_multiplier, strides, index):
    """A convolution of each channel and one that mixes them, both normalized and activated."""
    padding = "same" if strides == (1, 1) else "valid"
    if padding == "valid":
        x = pad(x, ((0, 1), (0, 1)), "conv_pad_%d" % index)
    name = "conv_dw_%d" % index
    x = depthwise(x, (3, 3), name, padding=padding, depth_multiplier=depth_multiplier, strides=strides)
    x = relu6(norm(x, name + "_bn"), name + "_relu")
    name = "conv_pw_%d" % index
    x = conv(x, int(filters * alpha), (1, 1), name, padding="same", use_bias=False, strides=(1, 1))
    return relu6(norm(x, name + "_bn"), name + "_relu")


# (filters, strides) of the blocks
_BLOCKS = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *((512, 1),) * 5, (1024, 2), (1024, 1))


@export("keras.applications.MobileNet", "keras.applications.mobilenet.MobileNet")
@documented
def MobileNet(input_shape=None, alpha=1.0, depth_multiplier=1, dropout=1e-3, include_top=True, weights="imagenet",
              input_tensor=None, pooling=None, classes=1000):  # fmt: skip
    """The network MobileNet.

    `alpha` is what the numbers of filters are multiplied with, `depth_multiplier` how many outputs each channel has, `dropout` the
    part of values before the top that is dropped.
    """
    given = Given(include_top, weights, input_tensor, input_shape, pooling, classes)
    given.check()
    given = given.with_shape(_default_size(input_shape and given.sizes(), _SIZES), 32)
    if weights == "imagenet":
        if depth_multiplier != 1:
            raise ValueError("If imagenet weights are being loaded, depth multiplier must be 1")
        if alpha not in _WIDTHS:
            raise ValueError("If imagenet weights are being loaded, alpha can be one of`0.25`, `0.50`, `0.75` or `1.0` only.")
    rows = _rows(given, _SIZES)
    begin = given.input()
    x = pad(begin, ((0, 1), (0, 1)), "conv1_pad")
    x = conv(x, int(32 * alpha), (3, 3), "conv1", padding="valid", use_bias=False, strides=(2, 2))
    x = relu6(norm(x, "conv1_bn"), "conv1_relu")
    for i, (filters, stride) in enumerate(_BLOCKS, 1):
        x = _block(x, filters, alpha, depth_multiplier, (stride, stride), i)
    if include_top:
        x = GlobalAveragePooling2D()(x)
        width = int(1024 * alpha)
        x = Reshape((width, 1, 1) if channel_axis() == 1 else (1, 1, width), name="reshape_1")(x)
        x = Dropout(dropout, name="dropout")(x)
        x = conv(x, classes, (1, 1), "conv_preds", padding="same")
        x = Activation("softmax", name="act_softmax")(Reshape((classes,), name="reshape_2")(x))
    else:
        x = given.pooled(x)

    def file():
        name = "mobilenet_%s_%d_tf%s.h5" % (_WIDTHS[alpha], rows, "" if include_top else "_no_top")
        return name, RELEASES + "v0.6/" + name

    return given.model(begin, x, "mobilenet_%0.2f_%s" % (alpha, rows), file)


# ---------------------------------------------------------------------------------------------------------------- version 2


def _divisible(value, divisor=8):
    """A number near a value that can be divided, and is at least nine tenths of it."""
    found = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return found + divisor if found < 0.9 * value else found


def _v2_norm(x, name):
    return norm(x, name, epsilon=1e-3, momentum=0.999)


def _v2_block(x, filters, alpha, expansion, stride, index):
    """More channels, a convolution of each, fewer channels; added to the input where the shape is the same."""
    begin, channels = x, int_shape(x)[channel_axis()]
    filters = _divisible(int(filters * alpha))
    name = "block_%d_" % index if index else "expanded_conv_"
    if index:
        x = conv(x, expansion * channels, 1, name + "expand", padding="same", use_bias=False)
        x = relu6(_v2_norm(x, name + "expand_BN"), name + "expand_relu")
    if stride == 2:
        x = pad_to_halve(x, 3, name + "pad")
    x = depthwise(x, 3, name + "depthwise", strides=stride, padding="same" if stride == 1 else "valid")
    x = relu6(_v2_norm(x, name + "depthwise_BN"), name + "depthwise_relu")
    x = conv(x, filters, 1, name + "project", padding="same", use_bias=False)
    x = _v2_norm(x, name + "project_BN")
    return Add(name=name + "add")([begin, x]) if channels == filters and stride == 1 else x


# (filters, stride of the first, how many) of the groups of blocks
_V2_GROUPS = ((16, 1, 1), (24, 2, 2), (32, 2, 3), (64, 2, 4), (96, 1, 3), (160, 2, 3), (320, 1, 1))


def _v2_sizes(given):
    """Height and width that the arguments tell, or None; raises ValueError if they contradict each other."""
    tensor = given.input_tensor
    if tensor is None:
        return None if given.input_shape is None else given.sizes()
    if given.input_shape is None:
        if not is_keras_tensor(tensor):
            return None
        return int_shape(tensor)[2:4] if image_data_format() == "channels_first" else int_shape(tensor)[1:3]
    if not is_keras_tensor(tensor):
        raise ValueError("input_tensor specified: ", tensor, "is not a keras tensor")
    if int_shape(tensor)[2] != given.input_shape[1]:
        raise ValueError(
            "input_shape: ", given.input_shape, "and input_tensor: ", tensor, "do not meet the same shape requirements"
        )
    return given.sizes()


@export("keras.applications.MobileNetV2", "keras.applications.mobilenet_v2.MobileNetV2")
@documented
def MobileNetV2(input_shape=None, alpha=1.0, include_top=True, weights="imagenet", input_tensor=None, pooling=None,
                classes=1000):  # fmt: skip
    """The network MobileNet of version 2.

    `alpha` is what the numbers of filters are multiplied with.
    """
    given = Given(include_top, weights, input_tensor, input_shape, pooling, classes)
    given.check()
    given = given.with_shape(_default_size(_v2_sizes(given), _V2_SIZES), 32)
    if weights == "imagenet" and alpha not in _V2_WIDTHS:
        raise ValueError(
            "If imagenet weights are being loaded, alpha can be one of `0.35`, `0.50`, `0.75`, `1.0`, `1.3` or `1.4` only."
        )
    rows = _rows(given, _V2_SIZES)
    begin = given.input()
    x = pad_to_halve(begin, 3, "Conv1_pad")
    x = conv(x, _divisible(32 * alpha), 3, "Conv1", strides=(2, 2), padding="valid", use_bias=False)
    x = relu6(_v2_norm(x, "bn_Conv1"), "Conv1_relu")
    index = 0
    for filters, stride, count in _V2_GROUPS:
        for i in range(count):
            x = _v2_block(x, filters, alpha, 6 if index else 1, 1 if i else stride, index)
            index += 1
    x = conv(x, _divisible(1280 * alpha) if alpha > 1.0 else 1280, 1, "Conv_1", use_bias=False)
    x = relu6(_v2_norm(x, "Conv_1_bn"), "out_relu")
    x = given.classified(x, "Logits", None) if include_top else given.pooled(x)

    def file():
        top = "" if include_top else "_no_top"
        name = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_%s_%s%s.h5" % (alpha, rows, top)
        return name, _V2_RELEASE + name

    return given.model(begin, x, "mobilenetv2_%0.2f_%s" % (alpha, rows), file)


open_namespace(globals())
