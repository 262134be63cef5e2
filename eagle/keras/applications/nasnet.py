"""NASNet-A: cells that were found by search (arXiv 1707.07012)."""

import contextlib
import warnings

from ...core.export import export, open_namespace
from ...core.scopes import name_scope
from ..backend.settings import image_data_format, set_image_data_format
from ..backend.tensors import int_shape
from ..layers.merging import Add, Concatenate
from ..layers.pooling import AveragePooling2D
from ..layers.reshaping import Cropping2D
from .building import Given, conv, documented, max_pool, norm, pad, pad_to_halve, relu, separable

_RELEASE = "https://github.com/titu1994/Keras-NASNet/releases/download/v1.2/"
# (kind, with top) -> name of the file, name of it where it comes from, hash
_FILES = {
    ("mobile", True): ("nasnet_mobile.h5", "NASNet-mobile.h5", "020fb642bf7360b370c678b08e0adf61"),
    ("mobile", False): ("nasnet_mobile_no_top.h5", "NASNet-mobile-no-top.h5", "1ed92395b5b598bdda52abe5c0dbfd63"),
    ("large", True): ("nasnet_large.h5", "NASNet-large.h5", "11577c9a518f0070763c2b964a382f17"),
    ("large", False): ("nasnet_large_no_top.h5", "NASNet-large-no-top.h5", "d81d89dc07e6e56530c4e77faddd61b5"),
}


def _norm(x, name):
    return norm(x, name, momentum=0.9997, epsilon=1e-3)


def _conv(x, filters, name, **options):
    return conv(x, filters, (1, 1), name, padding="same", use_bias=False, kernel_initializer="he_normal", **options)


def _average(x, size, strides, padding, name):
    return AveragePooling2D(size, strides=strides, padding=padding, name=name)(x)


def _add(a, b, name=None):
    return Add(name=name)([a, b])


def _separable(x, filters, size, name, is_halved=False):
    """Two separable convolutions, each activated before and normalized after."""
    with name_scope("separable_conv_block_" + name):
        x, strides, padding = relu(x), (1, 1), "same"
        if is_halved:
            x, strides, padding = pad_to_halve(x, size, "separable_conv_1_pad_" + name), (2, 2), "valid"
        x = separable(x, filters, (size, size), "separable_conv_1_" + name, strides=strides, padding=padding,
                      kernel_initializer="he_normal")  # fmt: skip
        x = relu(_norm(x, "separable_conv_1_bn_" + name))
        x = separable(x, filters, (size, size), "separable_conv_2_" + name, padding="same", kernel_initializer="he_normal")
        return _norm(x, "separable_conv_2_bn_" + name)


def _halved_adjusted(p, filters, name):
    """Half of an output in each direction, of which one half of the channels begins one pixel later."""
    with name_scope("adjust_reduction_block_" + name):
        p = relu(p, "adjust_relu_1_" + name)
        one = _average(p, (1, 1), (2, 2), "valid", "adjust_avg_pool_1_" + name)
        one = _conv(one, filters // 2, "adjust_conv_1_" + name)
        two = Cropping2D(cropping=((1, 0), (1, 0)))(pad(p, ((0, 1), (0, 1))))
        two = _average(two, (1, 1), (2, 2), "valid", "adjust_avg_pool_2_" + name)
        two = _conv(two, filters // 2, "adjust_conv_2_" + name)
        return _norm(Concatenate(axis=-1)([one, two]), "adjust_bn_" + name)


def _adjusted(p, x, filters, name):
    """The output before the last one, made to fit the last one."""
    with name_scope("adjust_block"):
        if p is None:
            return x
        if int_shape(p)[-2] != int_shape(x)[-2]:
            return _halved_adjusted(p, filters, name)
        if int_shape(p)[-1] != filters:
            with name_scope("adjust_projection_block_" + name):
                p = _conv(relu(p), filters, "adjust_conv_projection_" + name, strides=(1, 1))
                return _norm(p, "adjust_bn_" + name)
        return p


def _normal_cell(x, p, filters, name):
    """A cell that keeps the size; `x` and `p` are the last output and the one before it."""

    def named(what):
        return "normal_%s_%s" % (what, name)

    with name_scope("normal_A_block_" + name):
        p = _adjusted(p, x, filters, name)
        h = _norm(_conv(relu(x), filters, named("conv_1"), strides=(1, 1)), named("bn_1"))
        with name_scope("block_1"):
            one = _separable(h, filters, 5, named("left1"))
            one = _add(one, _separable(p, filters, 3, named("right1")), named("add_1"))
        with name_scope("block_2"):
            two = _separable(p, filters, 5, named("left2"))
            two = _add(two, _separable(p, filters, 3, named("right2")), named("add_2"))
        with name_scope("block_3"):
            three = _add(_average(h, (3, 3), (1, 1), "same", named("left3")), p, named("add_3"))
        with name_scope("block_4"):
            four = _average(p, (3, 3), (1, 1), "same", named("left4"))
            four = _add(four, _average(p, (3, 3), (1, 1), "same", named("right4")), named("add_4"))
        with name_scope("block_5"):
            five = _add(_separable(h, filters, 3, named("left5")), h, named("add_5"))
        return Concatenate(axis=-1, name=named("concat"))([p, one, two, three, four, five])


def _reduction_cell(x, p, filters, name):
    """A cell that halves the size; `x` and `p` are the last output and the one before it."""

    def named(what):
        return "reduction_%s_%s" % (what, name)

    with name_scope("reduction_A_block_" + name):
        p = _adjusted(p, x, filters, name)
        h = _norm(_conv(relu(x), filters, named("conv_1"), strides=(1, 1)), named("bn_1"))
        padded = pad_to_halve(h, 3, named("pad_1"))
        with name_scope("block_1"):
            one = _separable(h, filters, 5, named("left1"), is_halved=True)
            one = _add(one, _separable(p, filters, 7, named("right1"), is_halved=True), named("add_1"))
        with name_scope("block_2"):
            two = max_pool(padded, (3, 3), (2, 2), named("left2"), padding="valid")
            two = _add(two, _separable(p, filters, 7, named("right2"), is_halved=True), named("add_2"))
        with name_scope("block_3"):
            three = _average(padded, (3, 3), (2, 2), "valid", named("left3"))
            three = _add(three, _separable(p, filters, 5, named("right3"), is_halved=True), named("add3"))
        with name_scope("block_4"):
            four = _add(two, _average(one, (3, 3), (1, 1), "same", named("left4")))
        with name_scope("block_5"):
            five = _separable(one, filters, 3, named("left4"))
            five = _add(five, max_pool(padded, (3, 3), (2, 2), named("right5"), padding="valid"), named("add4"))
        return Concatenate(axis=-1, name=named("concat"))([two, three, four, five])


def _body(x, filters, depth, stem_filters, skips_reduction):
    """Two cells of reduction, then three times normal cells with one of reduction in between."""
    x = conv(x, stem_filters, (3, 3), "stem_conv1", strides=(2, 2), padding="valid", use_bias=False,
             kernel_initializer="he_normal")  # fmt: skip
    x, p = _norm(x, "stem_bn1"), None
    for i, part in ((1, 4), (2, 2)):
        x, p = _reduction_cell(x, p, filters // part, "stem_%d" % i), x
    for stage in range(3):
        width = filters * 2**stage
        if stage:
            reduced = _reduction_cell(x, p, width, "reduce_%d" % (stage * depth))
            x, p = reduced, p if skips_reduction else x
        for i in range(depth):
            x, p = _normal_cell(x, p, width, str(stage * depth + i + (stage > 0))), x
    return relu(x)


@contextlib.contextmanager
def _channels_last():
    """Lets channels be the last dimension in here, with a warning if they are not."""
    before = image_data_format()
    if before != "channels_last":
        warnings.warn(
            'The NASNet family of models is only available for the input data format "channels_last" (width, height, channels). '
            'However your settings specify the default data format "channels_first" (channels, width, height). You should set '
            '`image_data_format="channels_last"` in your Keras config located at ~/.keras/keras.json. The model being returned '
            'right now will expect inputs to follow the "channels_last" data format.',
            stacklevel=5,
        )
    set_image_data_format("channels_last")
    try:
        yield
    finally:
        set_image_data_format(before)


def _nasnet(kind, default_size, filters, depth, stem_filters, skips_reduction, given):
    given.check()
    if isinstance(given.input_shape, tuple) and None in given.input_shape and given.weights == "imagenet":
        raise ValueError(
            "When specifying the input shape of a NASNet and loading `ImageNet` weights, the input_shape argument must be static "
            "(no None entries). Got: `input_shape=%s`." % (given.input_shape,)
        )
    given = given.with_shape(default_size, 32, needs_sizes=True)
    with _channels_last():
        begin = given.input()
        x = _body(begin, filters, depth, stem_filters, skips_reduction)
        x = given.classified(x, "predictions", None) if given.include_top else given.pooled(x)

        def file():
            name, origin, file_hash = _FILES[kind, given.include_top]
            return name, _RELEASE + origin, file_hash

        return given.model(begin, x, "NASNet", file)


@export("keras.applications.NASNetLarge", "keras.applications.nasnet.NASNetLarge")
@documented
def NASNetLarge(input_shape=None, include_top=True, weights="imagenet", input_tensor=None, pooling=None, classes=1000):
    """The large network of NASNet (6 @ 4032)."""
    given = Given(include_top, weights, input_tensor, input_shape, pooling, classes)
    return _nasnet("large", 331, 4032 // 24, 6, 96, True, given)


@export("keras.applications.NASNetMobile", "keras.applications.nasnet.NASNetMobile")
@documented
def NASNetMobile(input_shape=None, include_top=True, weights="imagenet", input_tensor=None, pooling=None, classes=1000):
    """The small network of NASNet (4 @ 1056)."""
    given = Given(include_top, weights, input_tensor, input_shape, pooling, classes)
    return _nasnet("mobile", 224, 1056 // 24, 4, 32, False, given)


open_namespace(globals())
