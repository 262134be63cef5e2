"""Images seen from elsewhere: turned, moved, skewed."""

import numpy as np

from ..core import shape as shapes
from ..core.errors import invalid
from ..core.op import HostShape, op

_f = np.float32


def _places(transforms, height, width):
    """Where the pixels of the results are in the images, `[transforms, height, width]`; NaN where that is infinitely far."""
    a0, a1, a2, b0, b1, b2, c0, c1 = (t[:, None, None] for t in transforms.T)
    y, x = np.arange(height).astype(_f)[:, None], np.arange(width).astype(_f)
    with np.errstate(divide="ignore", invalid="ignore"):
        depth = c0 * x + c1 * y + _f(1)
        depth = np.where(depth == 0, _f(np.nan), depth)
        return (b0 * x + b1 * y + b2) / depth, (a0 * x + a1 * y + a2) / depth


def _read(images, y, x):
    """The pixels at places, 0 outside of the images."""
    _, height, width, _ = images.shape
    inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
    rows, columns = (np.where(inside, n, 0).astype(np.int64) for n in (y, x))
    which = np.arange(len(images))[:, None, None]
    return np.where(inside[..., None], images[which, rows, columns], images.dtype.type(0))


def _nearest(n):
    return np.trunc(n + np.copysign(_f(0.5), n))  # halves go away from zero


@op("ImageProjectiveTransformV2", host=True, golden_tolerance=1e-5)
def transformed(xp, images, transforms, output_shape: HostShape, *, interpolation):
    if images.ndim != 4:
        raise invalid("Input images must have rank 4")
    if transforms.ndim != 2 or transforms.shape[0] not in (1, len(images)) or transforms.shape[1] != 8:
        raise invalid("Input transform should be num_images x 8 or 1 x 8")
    y, x = _places(transforms, *output_shape)
    if interpolation == "NEAREST":
        return _read(images, _nearest(y), _nearest(x))
    top, left = np.floor(y), np.floor(x)
    y_share, x_share = (y - top)[..., None], (x - left)[..., None]

    def line(y):
        return (1 - x_share) * _read(images, y, left).astype(_f) + x_share * _read(images, y, left + 1).astype(_f)

    found = (1 - y_share) * line(top) + y_share * line(top + 1)
    return np.nan_to_num(found, nan=0.0).astype(images.dtype)


@transformed.shape
def _(images, transforms, output_shape):
    images = shapes.with_rank(images, 4)
    return (images[0], *(output_shape or (None, None)), images[3])


@transformed.samples
def _(make):
    some = np.array([[0.8, -0.3, 1.2, 0.2, 0.9, -0.5, 0.01, 0.02], [1, 0, -1, 0, 1, 0.5, 0, 0]], _f)
    for interpolation in ("NEAREST", "BILINEAR"):
        yield make(2, 5, 6, 2), some, (4, 7), dict(interpolation=interpolation)
        yield make(2, 5, 6, 1), some[:1], (5, 6), dict(interpolation=interpolation)
