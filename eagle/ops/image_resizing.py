"""Images resized: bilinear, bicubic, by area, by nearest neighbour.

Along each axis an output pixel is a weighted sum of a few input pixels: its taps.  A gradient spreads over the same taps.
"""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.errors import invalid
from ..core.export import export
from ..core.op import HostShape, Shape, op
from .image_taps import area_weights, bicubic_taps, bilinear_taps, interpolated, nearest_places, spread

# ----------------------------------------------------------------------------------------------------------------- checks


def _check(images, size, align_corners, half_pixel_centers):
    if half_pixel_centers and align_corners:
        raise invalid("If half_pixel_centers is True, align_corners must be False.")
    if images.ndim != 4:
        raise invalid("input must be 4-dimensional%s", shapes.to_brackets(images.shape))
    if np.ndim(size) != 1:
        raise invalid("shape_t must be 1-dimensional%s", shapes.to_brackets(np.shape(size)))
    if len(size) != 2:
        raise invalid("shape_t must have two elements%s", shapes.to_brackets(np.shape(size)))
    if min(size) <= 0:
        raise invalid("output dimensions must be positive")
    if not images.shape[3]:
        raise invalid("image must have at least one channel")
    if not images.shape[1] or not images.shape[2]:
        raise invalid("input image must be of non-zero size")


def _check_gradient(grads, original_image, align_corners, half_pixel_centers):
    if half_pixel_centers and align_corners:
        raise invalid("If half_pixel_centers is True, align_corners must be False.")
    if grads.ndim != 4:
        raise invalid("input_grad must be 4-dimensional%s", shapes.to_brackets(grads.shape))
    if original_image.ndim != 4:
        raise invalid("original_image must be 4-dimensional%s", shapes.to_brackets(original_image.shape))


def _resized_shape(images, size):
    """The shape rule of resizing."""
    images = shapes.with_rank(images, 4)
    if size is not None and len(size) != 2:
        raise ValueError("Dimension must be 2 but is %d" % len(size))
    return (images[0], *(size or (None, None)), images[3])


def _sizes(make):
    yield make(2, 3, 4, 2), (5, 7)
    yield make(2, 3, 4, 2), (5, 7), dict(align_corners=True)
    yield make(1, 7, 6, 3), (3, 2)
    yield make(1, 4, 4, 1), (4, 4)
    yield make(1, 4, 5, 3), (1, 1), dict(align_corners=True)


def _sizes_with_centers(make):
    yield from _sizes(make)
    yield make(1, 7, 6, 3), (3, 9), dict(half_pixel_centers=True)


# ------------------------------------------------------------------------------------------------ bilinear and bicubic


def _declare(name, taps, combine):
    """Declares an op that resizes by a few taps along each axis, and its gradient's."""

    @op(name, golden_tolerance=1e-4)
    def resize(xp, images, size: HostShape, *, align_corners=False, half_pixel_centers=False):
        _check(images, size, align_corners, half_pixel_centers)
        if combine and tuple(images.shape[1:3]) == tuple(size):
            return images.astype(np.float32)
        y, x = (taps(n, m, align_corners, half_pixel_centers) for n, m in zip(images.shape[1:3], size))
        return interpolated(xp, images.astype(np.float32), y, x, combine)

    resize.shape(_resized_shape)
    resize.samples(_sizes_with_centers)

    @op(name + "Grad", sample_types=(dtypes.float32, dtypes.float64), golden_tolerance=1e-4)
    def grad(xp, grads, original_image, *, align_corners=False, half_pixel_centers=False):
        _check_gradient(grads, original_image, align_corners, half_pixel_centers)
        _, height, width, _ = original_image.shape
        y, x = (taps(n, m, align_corners, half_pixel_centers) for n, m in zip((height, width), grads.shape[1:3]))
        return spread(xp, spread(xp, grads, x, 2, width), y, 1, height).astype(original_image.dtype)

    @grad.shape
    def _(grads, original_image):
        return original_image

    @grad.samples
    def _(make):
        for attrs in ({}, dict(align_corners=True), dict(half_pixel_centers=True)):
            yield make(2, 5, 7, 2).astype(np.float32), make(2, 3, 4, 2), attrs
        yield make(1, 2, 2, 3).astype(np.float32), make(1, 7, 6, 3)

    @resize.grad("images")
    def _(g, images, *, align_corners, half_pixel_centers):
        return grad(g, images, align_corners=align_corners, half_pixel_centers=half_pixel_centers)

    return resize


_resize_bilinear = _declare("ResizeBilinear", bilinear_taps, True)
_resize_bicubic = _declare("ResizeBicubic", bicubic_taps, False)

_ABOUT = """

    Args:
      images: a tensor of shape `[batch, height, width, channels]`.
      size: the new height and width, an int32 vector.
      align_corners: whether the corner pixels lie upon each other.
      name: the name of the node.
      half_pixel_centers: whether pixels are taken to be squares around their centres.

    Returns:
      A %s tensor of shape `[batch, new_height, new_width, channels]`.

    Raises:
      InvalidArgumentError: the shapes are wrong, or both flags are set.
    """


def _function(resize, what, result):
    def function(images, size, align_corners=False, name=None, half_pixel_centers=False):
        return resize(images, size, align_corners=align_corners, half_pixel_centers=half_pixel_centers, name=name)

    function.__doc__ = what + _ABOUT % result
    return function


resize_bilinear = export("image.resize_bilinear")(_function(_resize_bilinear, "Images resized, bilinear.", "float32"))
resize_bicubic = export("image.resize_bicubic")(_function(_resize_bicubic, "Images resized, bicubic.", "float32"))


# --------------------------------------------------------------------------------------------------------------- nearest


@op("ResizeNearestNeighbor")
def _resize_nearest(xp, images, size: HostShape, *, align_corners=False, half_pixel_centers=False):
    _check(images, size, align_corners and not half_pixel_centers, half_pixel_centers)
    y, x = (nearest_places(n, m, align_corners, half_pixel_centers) for n, m in zip(images.shape[1:3], size))
    return xp.take(xp.take(images, y, 1), x, 2)


_resize_nearest.shape(_resized_shape)
_resize_nearest.samples(_sizes_with_centers)


@op("ResizeNearestNeighborGrad")
def _resize_nearest_grad(xp, grads, size: HostShape, *, align_corners=False, half_pixel_centers=False):
    if grads.ndim != 4:
        raise invalid("input must be 4-dimensional%s", shapes.to_brackets(grads.shape))
    if np.ndim(size) != 1:
        raise invalid("shape_t must be 1-dimensional%s", shapes.to_brackets(np.shape(size)))
    if len(size) != 2:
        raise invalid("shape_t must have two elements%s", shapes.to_brackets(np.shape(size)))
    if min(size) <= 0:
        raise invalid("shape_t's elements must be positive")
    out = grads
    for axis, (n, m) in enumerate(zip(size, grads.shape[1:3]), 1):
        places = nearest_places(n, m, align_corners, half_pixel_centers)
        out = spread(xp, out, (places[None], np.ones((1, len(places)), grads.dtype)), axis, n)
    return out


_resize_nearest_grad.shape(_resized_shape)


@_resize_nearest_grad.samples
def _(make):
    yield make(2, 5, 7, 2), (3, 4)
    yield make(2, 5, 7, 2), (3, 4), dict(align_corners=True)
    yield make(1, 2, 3, 1), (4, 7), dict(half_pixel_centers=True)


@_resize_nearest_grad.grad("grads")
def _(g, grads: Shape, *, align_corners, half_pixel_centers):
    return _resize_nearest(g, grads[1:3], align_corners=align_corners, half_pixel_centers=half_pixel_centers)


@_resize_nearest.grad("images")
def _(g, images: Shape, *, align_corners, half_pixel_centers):
    return _resize_nearest_grad(g, images[1:3], align_corners=align_corners, half_pixel_centers=half_pixel_centers)


resize_nearest_neighbor = export("image.resize_nearest_neighbor")(
    _function(_resize_nearest, "Images resized; each pixel is the nearest of the old ones.", "same type")
)


# ------------------------------------------------------------------------------------------------------------------ area


@op("ResizeArea", golden_tolerance=1e-4)
def _resize_area(xp, images, size: HostShape, *, align_corners=False):
    _check(images, size, align_corners, False)
    y, x = (area_weights(n, m, align_corners) for n, m in zip(images.shape[1:3], size))
    rows = xp.einsum("xw,bhwc->bhxc", x, images.astype(np.float32))
    return xp.einsum("yh,bhxc->byxc", y, rows).astype(np.float32)


_resize_area.shape(_resized_shape)
_resize_area.samples(_sizes)


@export("image.resize_area")
def resize_area(images, size, align_corners=False, name=None):
    """Images resized; each pixel is the mean of the area that it covers.

    Args:
      images: a tensor of shape `[batch, height, width, channels]`.
      size: the new height and width, an int32 vector.
      align_corners: whether the corner pixels lie upon each other.
      name: the name of the node.

    Returns:
      A float32 tensor of shape `[batch, new_height, new_width, channels]`.

    Raises:
      InvalidArgumentError: the shapes are wrong.
    """
    return _resize_area(images, size, align_corners=align_corners, name=name)
