"""Inception of version 3 (arXiv 1512.00567) and Inception-ResNet of version 2 (arXiv 1602.07261)."""

from ...core.export import export
from ..backend.tensors import int_shape
from ..layers.merging import Concatenate
from ..layers.pooling import AveragePooling2D
from ..layers.reshaping import Activation, Lambda
from .building import RELEASES, Given, channel_axis, conv, documented, max_pool, norm, relu


def _mixed(branches, name=None):
    return Concatenate(axis=channel_axis(), name=name)(branches)


def _average(x, size=(3, 3), strides=(1, 1)):
    return AveragePooling2D(size, strides=strides, padding="same")(x)


# ---------------------------------------------------------------------------------------------------------------- version 3


def _v3(x, filters, height, width, strides=(1, 1), padding="same"):
    """A convolution, normalized and activated."""
    return relu(norm(conv(x, filters, (height, width), strides=strides, padding=padding, use_bias=False), scale=False))


def _v3_halved(x, filters):
    return _v3(x, filters, 3, 3, (2, 2), "valid")


def _v3_chain(x, *steps):
    """Convolutions one after the other: (filters, height, width) of each."""
    for step in steps:
        x = _v3(x, *step)
    return x


def _v3_begin(x):
    x = _v3_halved(x, 32)
    x = _v3(x, 32, 3, 3, padding="valid")
    x = max_pool(_v3(x, 64, 3, 3), (3, 3), (2, 2))
    x = _v3(x, 80, 1, 1, padding="valid")
    x = _v3(x, 192, 3, 3, padding="valid")
    return max_pool(x, (3, 3), (2, 2))


def _v3_large(x, pooled_filters, name):
    """A block for images of 35 by 35."""
    return _mixed([
        _v3(x, 64, 1, 1),
        _v3_chain(x, (48, 1, 1), (64, 5, 5)),
        _v3_chain(x, (64, 1, 1), (96, 3, 3), (96, 3, 3)),
        _v3(_average(x), pooled_filters, 1, 1),
    ], name)  # fmt: skip


def _v3_middle(x, filters, name):
    """A block for images of 17 by 17."""
    n = filters
    return _mixed([
        _v3(x, 192, 1, 1),
        _v3_chain(x, (n, 1, 1), (n, 1, 7), (192, 7, 1)),
        _v3_chain(x, (n, 1, 1), (n, 7, 1), (n, 1, 7), (n, 7, 1), (192, 1, 7)),
        _v3(_average(x), 192, 1, 1),
    ], name)  # fmt: skip


def _v3_small(x, index):
    """A block for images of 8 by 8, with branches that part once more."""
    one = _v3(x, 320, 1, 1)
    three = _v3(x, 384, 1, 1)
    three = _mixed([_v3(three, 384, 1, 3), _v3(three, 384, 3, 1)], "mixed9_%d" % index)
    double = _v3_chain(x, (448, 1, 1), (384, 3, 3))
    double = _mixed([_v3(double, 384, 1, 3), _v3(double, 384, 3, 1)])
    return _mixed([one, three, double, _v3(_average(x), 192, 1, 1)], "mixed%d" % (9 + index))


@export("keras.applications.InceptionV3", "keras.applications.inception_v3.InceptionV3")
@documented
def InceptionV3(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000):
    """The network Inception of version 3."""
    given = Given(include_top, weights, input_tensor, input_shape, pooling, classes)
    given.check()
    given = given.with_shape(299, 75)
    begin = given.input()
    x = _v3_begin(begin)
    for i, filters in enumerate((32, 64, 64)):
        x = _v3_large(x, filters, "mixed%d" % i)
    branches = [_v3_halved(x, 384), _v3_halved(_v3_chain(x, (64, 1, 1), (96, 3, 3)), 96), max_pool(x, (3, 3), (2, 2))]
    x = _mixed(branches, "mixed3")
    for i, filters in enumerate((128, 160, 160, 192)):
        x = _v3_middle(x, filters, "mixed%d" % (4 + i))
    three = _v3_halved(_v3(x, 192, 1, 1), 320)
    seven = _v3_halved(_v3_chain(x, (192, 1, 1), (192, 1, 7), (192, 7, 1)), 192)
    x = _mixed([three, seven, max_pool(x, (3, 3), (2, 2))], "mixed8")
    for i in range(2):
        x = _v3_small(x, i)
    x = given.classified(x, "predictions") if include_top else given.pooled(x)

    def file():
        name = "inception_v3_weights_tf_dim_ordering_tf_kernels%s.h5" % ("" if include_top else "_notop")
        file_hash = "9a0d58056eeedaa3f26cb7ebd46da564" if include_top else "bcbd6486424b2319ff4ef7d526e38f63"
        return name, RELEASES + "v0.5/" + name, file_hash

    return given.model(begin, x, "inception_v3", file)


# --------------------------------------------------------------------------------------------------------- Inception-ResNet


def _resnet(x, filters, size, strides=1, padding="same", name=None):
    """A convolution, normalized and activated."""
    x = conv(x, filters, size, name, strides=strides, padding=padding, use_bias=False)
    x = norm(x, name and name + "_bn", scale=False)
    return relu(x, name and name + "_ac")


def _resnet_chain(x, *steps):
    """Convolutions one after the other: (filters, size) of each, and strides."""
    for step in steps:
        x = _resnet(x, *step)
    return x


# The branches of the blocks that are added to their input.
_BRANCHES = {
    "block35": (((32, 1),), ((32, 1), (32, 3)), ((32, 1), (48, 3), (64, 3))),
    "block17": (((192, 1),), ((128, 1), (160, [1, 7]), (192, [7, 1]))),
    "block8": (((192, 1),), ((192, 1), (224, [1, 3]), (256, [3, 1]))),
}
_HALF = (2, "valid")


def _scaled_sum(inputs, scale):
    return inputs[0] + inputs[1] * scale


def _residual(x, scale, kind, index, is_activated=True):
    """Branches, mixed and scaled, added to their input."""
    name = "%s_%d" % (kind, index)
    mixed = _mixed([_resnet_chain(x, *steps) for steps in _BRANCHES[kind]], name + "_mixed")
    up = conv(mixed, int_shape(x)[channel_axis()], 1, name + "_conv", strides=1, padding="same", use_bias=True)
    x = Lambda(_scaled_sum, output_shape=int_shape(x)[1:], arguments={"scale": scale}, name=name)([x, up])
    return Activation("relu", name=name + "_ac")(x) if is_activated else x


@export("keras.applications.InceptionResNetV2", "keras.applications.inception_resnet_v2.InceptionResNetV2")
@documented
def InceptionResNetV2(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000):
    """The network Inception-ResNet of version 2."""
    given = Given(include_top, weights, input_tensor, input_shape, pooling, classes)
    given.check()
    given = given.with_shape(299, 75)
    begin = given.input()
    x = _resnet(begin, 32, 3, *_HALF)
    x = _resnet_chain(x, (32, 3, 1, "valid"), (64, 3))
    x = _resnet_chain(max_pool(x, 3, 2), (80, 1, 1, "valid"), (192, 3, 1, "valid"))
    x = max_pool(x, 3, 2)
    branches = [_resnet_chain(x, *s) for s in (((96, 1),), ((48, 1), (64, 5)), ((64, 1), (96, 3), (96, 3)))]
    x = _mixed([*branches, _resnet(_average(x, 3, 1), 64, 1)], "mixed_5b")
    for i in range(1, 11):
        x = _residual(x, 0.17, "block35", i)
    branches = [_resnet_chain(x, *s) for s in (((384, 3, *_HALF),), ((256, 1), (256, 3), (384, 3, *_HALF)))]
    x = _mixed([*branches, max_pool(x, 3, 2, padding="valid")], "mixed_6a")
    for i in range(1, 21):
        x = _residual(x, 0.1, "block17", i)
    steps = (((256, 1), (384, 3, *_HALF)), ((256, 1), (288, 3, *_HALF)), ((256, 1), (288, 3), (320, 3, *_HALF)))
    x = _mixed([*(_resnet_chain(x, *s) for s in steps), max_pool(x, 3, 2, padding="valid")], "mixed_7a")
    for i in range(1, 10):
        x = _residual(x, 0.2, "block8", i)
    x = _residual(x, 1.0, "block8", 10, is_activated=False)
    x = _resnet(x, 1536, 1, name="conv_7b")
    x = given.classified(x, "predictions") if include_top else given.pooled(x)

    def file():
        name = "inception_resnet_v2_weights_tf_dim_ordering_tf_kernels%s.h5" % ("" if include_top else "_notop")
        file_hash = "e693bd0210a403b3192acc6073ad2e96" if include_top else "d19885ff4a710c122648d3b5c3b684e4"
        return name, RELEASES + "v0.7/" + name, file_hash

    return given.model(begin, x, "inception_resnet_v2", file)
