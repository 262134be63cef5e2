"""Which input pixels an output pixel of a resized image is made of, along one axis, and with which weights.

Places are computed in single precision, as TensorFlow computes them: a rounding decides which pixel is taken.
"""

import functools

import numpy as np

_TABLE = 1024
_f = np.float32


def scale_of(in_size, out_size, align_corners):
    """The distance of neighbouring output pixels in the input."""
    if align_corners and out_size > 1:
        return _f(_f(in_size - 1) / _f(out_size - 1))
    return _f(_f(in_size) / _f(out_size))


def _places(in_size, out_size, align_corners, half_pixel_centers):
    """Where output pixels lie in the input."""
    scale, numbers = scale_of(in_size, out_size, align_corners), np.arange(out_size).astype(_f)
    return (numbers + _f(0.5)) * scale - _f(0.5) if half_pixel_centers else numbers * scale


def bilinear_taps(in_size, out_size, align_corners, half_pixel_centers):
    """The two pixels about each output pixel, and their weights: indices and weights of shape `[2, out_size]`."""
    at = _places(in_size, out_size, align_corners, half_pixel_centers)
    below = np.floor(at)
    indices = np.stack([np.maximum(below, 0), np.minimum(np.ceil(at), in_size - 1)]).astype(np.int64)
    share = at - below
    return indices, np.stack([1 - share, share])


@functools.cache
def _cubic_table(a):
    """The cubic kernel at distances in [0, 1] and [1, 2]."""
    x = (np.arange(_TABLE + 1) * 1.0 / _TABLE).astype(_f).astype(np.float64)
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    x = (x + 1.0).astype(_f).astype(np.float64)
    return near.astype(_f), (((a * x - 5 * a) * x + 8 * a) * x - 4 * a).astype(_f)


def bicubic_taps(in_size, out_size, align_corners, half_pixel_centers):
    """The four pixels about each output pixel, and their weights: indices and weights of shape `[4, out_size]`."""
    at = _places(in_size, out_size, align_corners, half_pixel_centers)
    below = np.floor(at)
    offset = np.rint((at - below) * _f(_TABLE)).astype(np.int64)
    near, far = _cubic_table(-0.5 if half_pixel_centers else -0.75)
    weights = np.stack([far[offset], near[offset], near[_TABLE - offset], far[_TABLE - offset]])
    wanted = below.astype(np.int64) + np.arange(-1, 3)[:, None]
    indices = np.clip(wanted, 0, in_size - 1)
    if half_pixel_centers:
        weights = np.where(indices == wanted, weights, _f(0))
        total = weights.sum(0, dtype=_f)
        weights = weights * np.where(np.abs(total) >= 1000 * np.finfo(_f).tiny, 1 / np.where(total == 0, 1, total), 1).astype(_f)
    return indices, weights


def nearest_places(in_size, out_size, align_corners, half_pixel_centers):
    """The pixel that each output pixel is."""
    scale, numbers = scale_of(in_size, out_size, align_corners), np.arange(out_size).astype(_f)
    at = (numbers + _f(0.5)) * scale if half_pixel_centers else numbers * scale
    at = np.floor(at + _f(0.5)) if align_corners else np.floor(at)
    return np.clip(at.astype(np.int64), 0, in_size - 1)


def area_weights(in_size, out_size, align_corners):
    """How much of each input pixel an output pixel covers, relative to its size: a matrix `[out_size, in_size]`."""
    scale = scale_of(in_size, out_size, align_corners)
    weights = np.zeros((out_size, in_size), _f)
    for i in range(out_size):
        begin, end = _f(i) * scale, _f(i + 1) * scale
        for p in range(int(np.floor(begin)), int(np.ceil(end))):
            if p < begin:
                part = scale if p + 1 > end else p + 1 - begin
            else:
                part = end - p if p + 1 > end else 1.0
            weights[i, min(max(p, 0), in_size - 1)] += _f(part)
    return weights * (1 / scale)


def interpolated(xp, images, y, x, is_linear):
    """Images in single precision at the taps of both axes.

    Args:
      images: a tensor `[batch, height, width, channels]`.
      y, x: indices and weights for either axis.
      is_linear: whether the taps are two, to be combined as `a + (b - a) * share` is; then along rows first.
    """
    if is_linear:
        rows = _between(xp, images, x, 2)
        return _between(xp, rows, y, 1)
    return _weighted(xp, _weighted(xp, images, y, 1), x, 2)


def _along(weights, axis):
    """A vector of weights in the shape that multiplies along an axis."""
    return weights.reshape([-1 if i == axis else 1 for i in range(4)])


def _between(xp, values, taps, axis):
    (lower, upper), (_, share) = taps
    low = xp.take(values, lower, axis)
    return low + (xp.take(values, upper, axis) - low) * _along(share, axis)


def _weighted(xp, values, taps, axis):
    total = None
    for indices, weights in zip(*taps):
        part = xp.take(values, indices, axis) * _along(weights, axis)
        total = part if total is None else total + part
    return total


def spread(xp, grads, taps, axis, size):
    """What a gradient along an axis means for the input pixels: each output pixel's goes to its taps.

    Args:
      grads: a tensor of rank 4.
      taps: indices and weights, of shape `[taps, grads.shape[axis]]`.
      axis: the axis.
      size: the size of the input along it.
    """
    indices, weights = taps
    if xp is np:
        return _spread_by_matrix(grads, indices, weights, axis, size)
    shape = [size if i == axis else d for i, d in enumerate(grads.shape)]
    out = xp.zeros(shape, grads.dtype)
    where = (slice(None),) * axis
    for places, w in zip(indices, weights):
        out = out.at[(*where, places)].add(grads * _along(w.astype(grads.dtype), axis))
    return out


def _spread_by_matrix(grads, indices, weights, axis, size):
    from scipy.sparse import csr_matrix

    count, n = indices.shape
    exact = grads.dtype if grads.dtype.kind == "f" and grads.dtype.itemsize > 2 else np.dtype(np.float32)
    exact = np.dtype(np.int64) if grads.dtype.kind in "iu" else exact
    matrix = csr_matrix((weights.ravel().astype(exact), (indices.ravel(), np.tile(np.arange(n), count))), (size, n))
    moved = np.moveaxis(grads, axis, 0)
    out = matrix @ moved.reshape(n, -1).astype(exact)
    return np.moveaxis(out.reshape(size, *moved.shape[1:]), 0, axis).astype(grads.dtype)
