"""ResNet (arXiv 1512.03385) and ResNetV2 (arXiv 1603.05027)."""

from ...core.export import export, open_namespace
from ..layers.merging import Add
from .building import Given, conv, documented, max_pool, norm, pad, relu

_RELEASE = "https://github.com/keras-team/keras-applications/releases/download/resnet/"
_EPSILON = 1.001e-5
_FILTERS = (64, 128, 256, 512)
_HASHES = {
    "resnet50": ("2cb95161c43110f7111970584f804107", "4d473c1dd8becc155b73f8504c6f6626"),
    "resnet101": ("f1aeb4b969a6efcfb50fad2f0c20cfc5", "88cf7a10940856eca736dc7b7e228a21"),
    "resnet152": ("100835be76be38e30d865e96f2aaae62", "ee4c566cf9a93f14d82f913c2dc6dd0c"),
    "resnet50v2": ("3ef43a0b657b3be2300d5770ece849e0", "fac2f116257151a9d068a22e544a4917"),
    "resnet101v2": ("6343647c601c52e1368623803854d971", "c0ed64b8031c3730f411d2eb4eea35b5"),
    "resnet152v2": ("a49b44d1979771252814e80f8ec446f9", "ed17cf2e0169df9d443503ef94b23b33"),
}


def _block(x, filters, stride, is_first, name):
    """Three convolutions, normalized and activated after each, added to their input."""
    shortcut = x
    if is_first:
        shortcut = conv(x, 4 * filters, 1, name + "_0_conv", strides=stride)
        shortcut = norm(shortcut, name + "_0_bn", epsilon=_EPSILON)
    x = conv(x, filters, 1, name + "_1_conv", strides=stride)
    x = relu(norm(x, name + "_1_bn", epsilon=_EPSILON), name + "_1_relu")
    x = conv(x, filters, 3, name + "_2_conv", padding="SAME")
    x = relu(norm(x, name + "_2_bn", epsilon=_EPSILON), name + "_2_relu")
    x = norm(conv(x, 4 * filters, 1, name + "_3_conv"), name + "_3_bn", epsilon=_EPSILON)
    return relu(Add(name=name + "_add")([shortcut, x]), name + "_out")


def _block_v2(x, filters, stride, is_first, name):
    """Three convolutions, normalized and activated before each, added to their input."""
    begin = relu(norm(x, name + "_preact_bn", epsilon=_EPSILON), name + "_preact_relu")
    if is_first:
        shortcut = conv(begin, 4 * filters, 1, name + "_0_conv", strides=stride)
    else:
        shortcut = max_pool(x, 1, stride) if stride > 1 else x
    x = conv(begin, filters, 1, name + "_1_conv", strides=1, use_bias=False)
    x = relu(norm(x, name + "_1_bn", epsilon=_EPSILON), name + "_1_relu")
    x = conv(pad(x, 1, name + "_2_pad"), filters, 3, name + "_2_conv", strides=stride, use_bias=False)
    x = relu(norm(x, name + "_2_bn", epsilon=_EPSILON), name + "_2_relu")
    return Add(name=name + "_out")([shortcut, conv(x, 4 * filters, 1, name + "_3_conv")])


def _stack(x, filters, depth, stride, name):
    """Blocks of which the first one goes in strides."""
    for i in range(depth):
        x = _block(x, filters, 1 if i else stride, i == 0, "%s_block%d" % (name, i + 1))
    return x


def _stack_v2(x, filters, depth, stride, name):
    """Blocks of which the last one goes in strides."""
    for i in range(depth):
        x = _block_v2(x, filters, stride if i == depth - 1 else 1, i == 0, "%s_block%d" % (name, i + 1))
    return x


def _resnet(name, depths, is_v2, given):
    given.check()
    given = given.with_shape(224, 32)
    begin = given.input()
    x = conv(pad(begin, 3, "conv1_pad"), 64, 7, "conv1_conv", strides=2, use_bias=True)
    if not is_v2:
        x = relu(norm(x, "conv1_bn", epsilon=_EPSILON), "conv1_relu")
    x = max_pool(pad(x, 1, "pool1_pad"), 3, 2, "pool1_pool")
    # Which stacks halve the image: in the first kind all but the first, in the second one all but the last.
    strides, stack = ((2, 2, 2, 1), _stack_v2) if is_v2 else ((1, 2, 2, 2), _stack)
    for i, (filters, depth, stride) in enumerate(zip(_FILTERS, depths, strides)):
        x = stack(x, filters, depth, stride, "conv%d" % (i + 2))
    if is_v2:
        x = relu(norm(x, "post_bn", epsilon=_EPSILON), "post_relu")
    x = given.classified(x, "probs") if given.include_top else given.pooled(x, ("avg_pool", "max_pool"))

    def file():
        file_name = name + "_weights_tf_dim_ordering_tf_kernels%s.h5" % ("" if given.include_top else "_notop")
        return file_name, _RELEASE + file_name, _HASHES[name][0 if given.include_top else 1]

    return given.model(begin, x, name, file)


_DEPTHS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


@export("keras.applications.ResNet50", "keras.applications.resnet.ResNet50", "keras.applications.resnet50.ResNet50")
@documented
def ResNet50(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000):
    """The residual network of 50 layers."""
    return _resnet("resnet50", _DEPTHS[50], False, Given(include_top, weights, input_tensor, input_shape, pooling, classes))


@export("keras.applications.ResNet101", "keras.applications.resnet.ResNet101")
@documented
def ResNet101(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000):
    """The residual network of 101 layers."""
    return _resnet("resnet101", _DEPTHS[101], False, Given(include_top, weights, input_tensor, input_shape, pooling, classes))


@export("keras.applications.ResNet152", "keras.applications.resnet.ResNet152")
@documented
def ResNet152(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000):
    """The residual network of 152 layers."""
    return _resnet("resnet152", _DEPTHS[152], False, Given(include_top, weights, input_tensor, input_shape, pooling, classes))


@export("keras.applications.ResNet50V2", "keras.applications.resnet_v2.ResNet50V2")
@documented
def ResNet50V2(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000):
    """The residual network of 50 layers that are activated before they are added."""
    return _resnet("resnet50v2", _DEPTHS[50], True, Given(include_top, weights, input_tensor, input_shape, pooling, classes))


@export("keras.applications.ResNet101V2", "keras.applications.resnet_v2.ResNet101V2")
@documented
def ResNet101V2(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000):
    """The residual network of 101 layers that are activated before they are added."""
    return _resnet("resnet101v2", _DEPTHS[101], True, Given(include_top, weights, input_tensor, input_shape, pooling, classes))


@export("keras.applications.ResNet152V2", "keras.applications.resnet_v2.ResNet152V2")
@documented
def ResNet152V2(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000):
    """The residual network of 152 layers that are activated before they are added."""
    return _resnet("resnet152v2", _DEPTHS[152], True, Given(include_top, weights, input_tensor, input_shape, pooling, classes))


open_namespace(globals())
