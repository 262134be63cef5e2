"""VGG16 and VGG19: blocks of convolutions of size 3."""

from ...core.export import export
from ..layers.core import Dense, Flatten
from .building import RELEASES, Given, conv, documented, max_pool

_FILTERS = (64, 128, 256, 512, 512)
_FILE = "%s_weights_tf_dim_ordering_tf_kernels%s.h5"
_HASHES = {
    ("vgg16", True): "64373286793e3c8b2b4e3219cbf3544b",
    ("vgg16", False): "6d6bbae143d832006294945121d1f1fc",
    ("vgg19", True): "cbe5617147190e668d6c5d5026f83318",
    ("vgg19", False): "253f8cb515780f3b799900260a226db6",
}


def _vgg(name, depths, given):
    given.check()
    given = given.with_shape(224, 32)
    begin = x = given.input()
    for block, (depth, filters) in enumerate(zip(depths, _FILTERS), 1):
        for i in range(1, depth + 1):
            x = conv(x, filters, (3, 3), "block%d_conv%d" % (block, i), activation="relu", padding="same")
        x = max_pool(x, (2, 2), (2, 2), "block%d_pool" % block)
    if given.include_top:
        x = Flatten(name="flatten")(x)
        for i in (1, 2):
            x = Dense(4096, activation="relu", name="fc%d" % i)(x)
        x = Dense(given.classes, activation="softmax", name="predictions")(x)
    else:
        x = given.pooled(x)

    def file():
        file_name = _FILE % (name, "" if given.include_top else "_notop")
        return file_name, RELEASES + "v0.1/" + file_name, _HASHES[name, given.include_top]

    return given.model(begin, x, name, file)


@export("keras.applications.VGG16", "keras.applications.vgg16.VGG16")
@documented
def VGG16(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000):
    """The network VGG of 16 layers with weights (arXiv 1409.1556)."""
    return _vgg("vgg16", (2, 2, 3, 3, 3), Given(include_top, weights, input_tensor, input_shape, pooling, classes))


@export("keras.applications.VGG19", "keras.applications.vgg19.VGG19")
@documented
def VGG19(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000):
    """The network VGG of 19 layers with weights (arXiv 1409.1556)."""
    return _vgg("vgg19", (2, 2, 4, 4, 4), Given(include_top, weights, input_tensor, input_shape, pooling, classes))
