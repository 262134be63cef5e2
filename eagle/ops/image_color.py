"""Colours of images: hue, saturation, contrast, RGB and HSV."""

import functools

import numpy as np

from ..core import shape as shapes
from ..core.errors import FailedPreconditionError, invalid
from ..core.export import export
from ..core.op import op
from .cast import cast
from .comparison import logical_and
from .division import div_no_nan
from .doors import unary
from .joining import stack
from .splitting import unstack


def _three_channels(images):
    if images is not None and len(images) and images[-1] not in (3, None):
        raise ValueError("Dimension must be 3 but is %d" % images[-1])
    return shapes.with_rank_at_least(images, 1)


def _channels(images):
    if not images.ndim:
        raise invalid("input must be at least 1D%s", shapes.to_brackets(images.shape))
    if images.shape[-1] != 3:
        message = "input must have 3 channels but input only has %d channels." % images.shape[-1]
        raise FailedPreconditionError(None, None, message)
    return images[..., 0], images[..., 1], images[..., 2]


# ------------------------------------------------------------------------------------------------------------ RGB and HSV


@op("RGBToHSV")
def _rgb_to_hsv(xp, images):
    r, g, b = _channels(images)
    t = images.dtype.type
    value = images.max(-1)
    extent = value - images.min(-1)
    saturation = xp.where(value > 0, extent / xp.where(value > 0, value, t(1)), t(0))
    norm = 1 / xp.where(extent > 0, extent, t(1)) * t(t(1) / t(6))
    hue = xp.where(
        r == value,
        norm * (g - b),
        xp.where(g == value, norm * (b - r) + t(t(2) / t(6)), norm * (r - g) + t(t(4) / t(6))),
    )
    hue = xp.where(extent > 0, hue, t(0))
    hue = xp.where(hue < 0, hue + t(1), hue)
    return xp.stack([hue, saturation, value], -1).astype(images.dtype)


@op("HSVToRGB")
def _hsv_to_rgb(xp, images):
    h, s, v = _channels(images)
    t = images.dtype.type
    six = h * t(6)

    def clipped(x):
        return xp.minimum(xp.maximum(x, t(0)), t(1))

    red = clipped(abs(six - t(3)) - t(1))
    green = clipped(t(2) - abs(six - t(2)))
    blue = clipped(t(2) - abs(six - t(4)))
    rest = t(1) - s
    return xp.stack([(rest + s * part) * v for part in (red, green, blue)], -1).astype(images.dtype)


for _op in (_rgb_to_hsv, _hsv_to_rgb):
    _op.shape(_three_channels)


@_rgb_to_hsv.samples
@_hsv_to_rgb.samples
def _(make):
    yield make.between(0, 1, 4, 5, 3)
    yield make.between(0, 1, 3)
    yield make.between(0, 1, 0, 3)


_hsv_to_rgb.not_differentiable()


@_rgb_to_hsv.grad("images")
def _(g, images, output):
    dtype = images.dtype
    r, g_, b = unstack(images, 3, -1)
    _, _, value = unstack(output, 3, -1)
    by_hue, by_saturation, by_value = unstack(g, 3, -1)
    r_big, g_big = logical_and(r >= b, r >= g_), logical_and(g_ > r, g_ >= b)
    big = [cast(m, dtype) for m in (r_big, g_big, logical_and(b > r, b > g_))]
    r_small, g_small = logical_and(r < b, r < g_), logical_and(g_ <= r, g_ < b)
    small = [cast(m, dtype) for m in (r_small, g_small, logical_and(b <= r, b <= g_))]
    least = sum_of(m * x for m, x in zip(small, (r, g_, b)))
    extent = value - least
    numerator = big[0] * (g_ - b) + big[1] * (b - r) + big[2] * (r - g_)
    slopes = big[2] - big[1], big[0] - big[2], big[1] - big[0]
    found = []
    for is_big, is_small, slope in zip(big, small, slopes):
        hue = div_no_nan(slope * extent - numerator * (is_big - is_small), 6 * extent * extent)
        saturation = div_no_nan(is_big * least, value * value) - div_no_nan(is_small, value)
        found.append(by_hue * hue + by_saturation * saturation + by_value * is_big)
    return stack(found, axis=-1)


def sum_of(terms):
    """The sum of tensors."""
    return functools.reduce(lambda a, b: a + b, terms)


rgb_to_hsv = export("image.rgb_to_hsv")(unary(_rgb_to_hsv, "images"))
hsv_to_rgb = export("image.hsv_to_rgb")(unary(_hsv_to_rgb, "images"))


# -------------------------------------------------------------------------------------------------------------- contrast


def _check_images(images, amount, name):
    if images.ndim < 3:
        raise invalid("input must be at least 3-D, got shape%s", shapes.to_brackets(images.shape))
    if amount.ndim:
        raise invalid("%s must be scalar: %s", name, shapes.to_brackets(amount.shape))


def _at_least_three(images, amount):
    """The shape rule of adjustments."""
    return shapes.with_rank_at_least(images, 3)


@op("AdjustContrastv2")
def adjust_contrast(xp, images, contrast_factor):
    """The contrast of images scaled about the mean of each channel."""
    _check_images(images, contrast_factor, "contrast_factor")
    x = images.astype(np.float32)
    mean = xp.mean(x, axis=(-3, -2), keepdims=True)
    return ((x - mean) * contrast_factor + mean).astype(images.dtype)


@adjust_contrast.shape
def _(images, contrast_factor):
    shapes.with_rank(contrast_factor, 0)
    return shapes.with_rank_at_least(images, 3)


@adjust_contrast.samples
def _(make):
    yield make(4, 5, 3), np.float32(1.5)
    yield make(2, 3, 4, 1), np.float32(-0.5)


@op("AdjustContrast")
def _adjust_contrast_old(xp, images, contrast_factor, min_value, max_value):
    _check_images(images, contrast_factor, "contrast_factor")
    x = images.astype(np.float32)
    mean = xp.mean(x, axis=(-3, -2), keepdims=True)
    return xp.maximum(xp.minimum((x - mean) * contrast_factor + mean, max_value), min_value)


@_adjust_contrast_old.shape
def _(images, contrast_factor, min_value, max_value):
    return shapes.with_rank_at_least(images, 3)


@_adjust_contrast_old.samples
def _(make):
    yield make(4, 5, 3), np.float32(1.5), np.float32(-1), np.float32(1)


# ------------------------------------------------------------------------------------------------- hue and saturation


def _check_three(images, amount, name):
    _check_images(images, amount, name)
    if images.shape[-1] != 3:
        raise invalid("input must have 3 channels but instead has %d channels.", images.shape[-1])


@op("AdjustHue")
def adjust_hue(xp, images, delta):
    """The hue of images turned by a part of the circle."""
    _check_three(images, delta, "delta")
    x = images.astype(np.float32)
    r, g, b = x[..., 0], x[..., 1], x[..., 2]
    high, low = x.max(-1), x.min(-1)
    middle = xp.where(r < g, xp.where(b < r, r, xp.where(b > g, g, b)), xp.where(b < g, g, xp.where(b > r, r, b)))
    sector = xp.where(r < g, xp.where(b < r, 1, xp.where(b > g, 3, 2)), xp.where(b < g, 0, xp.where(b > r, 4, 5)))
    extent = high - low
    ratio = (middle - low) / xp.where(extent == 0, np.float32(1), extent)
    hue = sector.astype(np.float32) + xp.where(sector % 2 == 0, ratio, 1 - ratio)
    hue = xp.where(extent == 0, np.float32(0), hue) + delta * np.float32(6)
    hue = hue - xp.floor(hue / np.float32(6)) * np.float32(6)
    sector = hue.astype(np.int32)
    ratio = hue - sector.astype(np.float32)
    ratio = xp.where(sector % 2 == 1, 1 - ratio, ratio)
    middle = low + ratio * extent
    return xp.stack([_choose(xp, sector, high, middle, low, shift) for shift in (0, 4, 2)], -1).astype(images.dtype)


def _choose(xp, sector, high, middle, low, shift):
    """A channel by the sector of the circle; the three channels go round by two sectors each."""
    at = (sector + shift) % 6
    return xp.where((at == 0) | (at == 5), high, xp.where((at == 1) | (at == 4), middle, low))


@op("AdjustSaturation")
def adjust_saturation(xp, images, scale):
    """The saturation of images scaled."""
    _check_three(images, scale, "scale")
    x = images.astype(np.float32)
    r, g, b = x[..., 0], x[..., 1], x[..., 2]
    one = np.float32(1)
    value = x.max(-1)
    extent = value - x.min(-1)
    saturation = xp.where(value > 0, extent / xp.where(value > 0, value, one), np.float32(0))
    norm = one / (np.float32(6) * xp.where(extent > 0, extent, one))
    hue = xp.where(
        r == value,
        norm * (g - b),
        xp.where(g == value, norm * (b - r) + np.float32(2 / 6), norm * (r - g) + np.float32(4 / 6)),
    )
    hue = xp.where(extent > 0, hue, np.float32(0))
    hue = xp.where(hue < 0, hue + one, hue)
    saturation = xp.minimum(one, xp.maximum(np.float32(0), saturation * scale))
    chroma = saturation * value
    low, six = value - chroma, hue * np.float32(6)
    sector = six.astype(np.int32)
    turn = six - np.float32(2) * xp.floor(six / np.float32(2))
    middle = low + chroma * (one - abs(turn - one))
    outside = (sector > 5) | (sector < 0)
    channels = [xp.where(outside, low, _choose(xp, sector, chroma + low, middle, low, shift)) for shift in (0, 4, 2)]
    return xp.stack(channels, -1).astype(images.dtype)


for _op in (adjust_hue, adjust_saturation):
    _op.shape(_at_least_three)


@adjust_hue.samples
@adjust_saturation.samples
def _(make):
    yield make.between(0, 1, 4, 5, 3), np.float32(0.3)
    yield make.between(0, 1, 2, 4, 5, 3), np.float32(-0.9)
    yield make.between(0, 1, 4, 5, 3), np.float32(1.7)
