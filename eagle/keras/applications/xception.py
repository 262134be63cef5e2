"""Xception: separable convolutions with residuals (arXiv 1610.02357)."""

from ...core.export import export, open_namespace
from ..layers.merging import Add
from .building import RELEASES, Given, conv, documented, max_pool, norm, relu, separable


def _separable(x, filters, name):
    return norm(separable(x, filters, (3, 3), name, padding="same"), name + "_bn")


def _halved(x, filters, name, is_activated=True):
    """Two separable convolutions and pooling, added to a convolution in strides."""
    residual = norm(conv(x, filters[1], (1, 1), strides=(2, 2), padding="same", use_bias=False))
    if is_activated:
        x = relu(x, name + "_sepconv1_act")
    x = _separable(x, filters[0], name + "_sepconv1")
    x = _separable(relu(x, name + "_sepconv2_act"), filters[1], name + "_sepconv2")
    x = max_pool(x, (3, 3), (2, 2), name + "_pool", padding="same")
    return Add()([x, residual])


def _middle(x, name):
    """Three separable convolutions, added to their input."""
    residual = x
    for i in (1, 2, 3):
        x = _separable(relu(x, "%s_sepconv%d_act" % (name, i)), 728, "%s_sepconv%d" % (name, i))
    return Add()([x, residual])


@export("keras.applications.Xception", "keras.applications.xception.Xception")
@documented
def Xception(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000):
    """The network Xception."""
    given = Given(include_top, weights, input_tensor, input_shape, pooling, classes)
    given.check()
    given = given.with_shape(299, 71)
    begin = given.input()
    x = conv(begin, 32, (3, 3), "block1_conv1", strides=(2, 2), use_bias=False)
    x = relu(norm(x, "block1_conv1_bn"), "block1_conv1_act")
    x = relu(norm(conv(x, 64, (3, 3), "block1_conv2", use_bias=False), "block1_conv2_bn"), "block1_conv2_act")
    x = _halved(x, (128, 128), "block2", is_activated=False)
    x = _halved(x, (256, 256), "block3")
    x = _halved(x, (728, 728), "block4")
    for i in range(5, 13):
        x = _middle(x, "block%d" % i)
    x = _halved(x, (728, 1024), "block13")
    for i, filters in ((1, 1536), (2, 2048)):
        x = relu(_separable(x, filters, "block14_sepconv%d" % i), "block14_sepconv%d_act" % i)
    x = given.classified(x, "predictions") if include_top else given.pooled(x)

    def file():
        name = "xception_weights_tf_dim_ordering_tf_kernels%s.h5" % ("" if include_top else "_notop")
        file_hash = "0a58e3b7378bc2990ea3b43d5981f1f6" if include_top else "b0042744bf5b25fce3cb969f33bebb97"
        return name, RELEASES + "v0.4/" + name, file_hash

    return given.model(begin, x, "xception", file)


open_namespace(globals())
