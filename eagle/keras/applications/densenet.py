"""DenseNet: each layer sees all before it (arXiv 1608.06993)."""

from ...core.export import export, open_namespace
from ..backend.tensors import int_shape
from ..layers.merging import Concatenate
from ..layers.pooling import AveragePooling2D
from .building import Given, channel_axis, conv, documented, max_pool, norm, pad, relu

_RELEASE = "https://github.com/keras-team/keras-applications/releases/download/densenet/"
_EPSILON = 1.001e-5
_GROWTH = 32
_HASHES = {
    "densenet121": ("9d60b8095a5708f2dcce2bca79d332c7", "30ee3e1110167f948a6b9946edeeb738"),
    "densenet169": ("d699b8f76981ab1b30698df4c175e90b", "b8c4d4c20dd625c148057b9ff1c1176b"),
    "densenet201": ("1ceb130c1ea1b78c3bf6114dbdfd8807", "c13680b51ded0fb44dff2d8f86ac8bb1"),
}


def _activated(x, name_of_norm, name_of_relu):
    return relu(norm(x, name_of_norm, epsilon=_EPSILON), name_of_relu)


def _dense_layer(x, name):
    """Two convolutions whose output is appended to their input."""
    new = _activated(x, name + "_0_bn", name + "_0_relu")
    new = conv(new, 4 * _GROWTH, 1, name + "_1_conv", use_bias=False)
    new = _activated(new, name + "_1_bn", name + "_1_relu")
    new = conv(new, _GROWTH, 3, name + "_2_conv", padding="same", use_bias=False)
    return Concatenate(axis=channel_axis(), name=name + "_concat")([x, new])


def _transition(x, name):
    """Half the channels and half the size."""
    x = _activated(x, name + "_bn", name + "_relu")
    x = conv(x, int(int_shape(x)[channel_axis()] * 0.5), 1, name + "_conv", use_bias=False)
    return AveragePooling2D(2, strides=2, name=name + "_pool")(x)


def _densenet(name, depths, given):
    given.check()
    given = given.with_shape(224, 32)
    begin = given.input()
    x = conv(pad(begin, 3), 64, 7, "conv1/conv", strides=2, use_bias=False)
    x = max_pool(pad(_activated(x, "conv1/bn", "conv1/relu"), 1), 3, 2, "pool1")
    for i, depth in enumerate(depths, 2):
        for j in range(1, depth + 1):
            x = _dense_layer(x, "conv%d_block%d" % (i, j))
        if i <= len(depths):
            x = _transition(x, "pool%d" % i)
    x = _activated(x, "bn", "relu")
    x = given.classified(x, "fc1000") if given.include_top else given.pooled(x, ("avg_pool", "max_pool"))

    def file():
        file_name = name + "_weights_tf_dim_ordering_tf_kernels%s.h5" % ("" if given.include_top else "_notop")
        return file_name, _RELEASE + file_name, _HASHES[name][0 if given.include_top else 1]

    return given.model(begin, x, name, file)


@export("keras.applications.DenseNet121", "keras.applications.densenet.DenseNet121")
@documented
def DenseNet121(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000):
    """The densely connected network of 121 layers."""
    return _densenet("densenet121", (6, 12, 24, 16), Given(include_top, weights, input_tensor, input_shape, pooling, classes))


@export("keras.applications.DenseNet169", "keras.applications.densenet.DenseNet169")
@documented
def DenseNet169(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000):
    """The densely connected network of 169 layers."""
    return _densenet("densenet169", (6, 12, 32, 32), Given(include_top, weights, input_tensor, input_shape, pooling, classes))


@export("keras.applications.DenseNet201", "keras.applications.densenet.DenseNet201")
@documented
def DenseNet201(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000):
    """The densely connected network of 201 layers."""
    return _densenet("densenet201", (6, 12, 48, 32), Given(include_top, weights, input_tensor, input_shape, pooling, classes))


open_namespace(globals())
