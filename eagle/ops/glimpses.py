"""Windows of images that may reach beyond them: `tf.image.extract_glimpse`."""

import numpy as np

from ..core import shape as shapes
from ..core.errors import invalid
from ..core.export import export
from ..core.op import HostShape, op

_f = np.float32


def _kind(noise, uniform_noise):
    if uniform_noise and noise not in ("", "uniform"):
        raise invalid("The uniform_noise and noise could not be specified at the same time")
    if noise not in ("", "uniform", "gaussian", "zero"):
        raise invalid("The noise could only be uniform, gaussian, or zero, got%s", noise)
    return noise or ("uniform" if uniform_noise else "gaussian")


def _check(input, size, offsets):
    if input.ndim != 4:
        raise invalid("input must be 4-dimensional (batch_size, height, width, depth)%s", shapes.to_brackets(input.shape))
    if len(size) != 2:
        raise invalid("input must be a vector of size 2 (height, width)%s", shapes.to_brackets(np.shape(size)))
    if offsets.ndim != 2:
        raise invalid("input must be a matrix%s", shapes.to_brackets(offsets.shape))
    if len(offsets) != len(input):
        raise invalid("first dimension should be batch%s", shapes.to_brackets(offsets.shape))
    if offsets.shape[1] != 2:
        raise invalid("second dimension should be of size 2 (y,x)%s", shapes.to_brackets(offsets.shape))


def _first(offset, size, window, normalized, centered):
    """The first line of a window along an axis."""
    if normalized:
        offset = offset * _f(size)
    if centered:
        offset = offset / _f(2) + _f(size) / _f(2)
    return int(offset - _f(window) / _f(2))


def _parts(first, size, window):
    """Which lines of a window are of the image, and which of the image they are; and whether the window reaches its edge."""
    if first < 0:
        count = max(0, window + first)
        kept = min(count, size)
        return slice(window - count, window - count + kept), slice(0, kept), True
    count = max(0, size - first) if first + window >= size else window
    return slice(0, count), slice(first, first + count), first + window >= size


def _noise(kind, image, shape):
    random = np.random.default_rng()
    if kind == "zero":
        return np.zeros(shape, _f)
    if kind == "uniform":
        return image.min() + random.random(shape, _f) * (image.max() - image.min())
    mean, deviation = image.mean((0, 1)), image.std((0, 1))
    return np.clip(mean + random.standard_normal(shape, _f) * deviation, image.min((0, 1)), image.max((0, 1)))


@op("ExtractGlimpse", host=True)
def _extract_glimpse(xp, input, size: HostShape, offsets, *, centered=True, normalized=True, uniform_noise=True,
                     noise="uniform"):  # fmt: skip
    kind = _kind(noise, uniform_noise)
    _check(input, size, offsets)
    batch, height, width, depth = input.shape
    out = np.zeros((batch, *size, depth), _f)
    if not out.size:
        return out
    for glimpse, image, (y, x) in zip(out, input, offsets):
        rows, from_rows, at_edge = _parts(_first(y, height, size[0], normalized, centered), height, size[0])
        columns, from_columns, at_side = _parts(_first(x, width, size[1], normalized, centered), width, size[1])
        if at_edge or at_side:
            glimpse[:] = _noise(kind, image, glimpse.shape)
        glimpse[rows, columns] = image[from_rows, from_columns]
    return out


@_extract_glimpse.shape
def _(input, size, offsets):
    input, offsets = shapes.with_rank(input, 4), shapes.with_rank(offsets, 2)
    if size is not None and len(size) != 2:
        raise ValueError("Dimension must be 2 but is %d" % len(size))
    return (shapes.merge_dims(input[0], offsets[0]), *(size or (None, None)), input[3])


_extract_glimpse.not_differentiable()


@_extract_glimpse.samples
def _(make):
    offsets = np.array([[0.1, -0.2], [1.0, 1.0], [-1.0, 0.3]], _f)
    for attrs in ({}, dict(centered=False), dict(normalized=False), dict(centered=False, normalized=False)):
        yield make(3, 6, 7, 2), (3, 4), offsets * _f(4 if len(attrs) == 2 else 1), dict(attrs, noise="zero", uniform_noise=False)
    yield make(3, 3, 2, 2), (8, 9), offsets, dict(noise="zero", uniform_noise=False)


@export("image.extract_glimpse")
def extract_glimpse(input, size, offsets, centered=True, normalized=True, uniform_noise=True, name=None):
    """Windows of images, filled up with random numbers where they reach beyond them.

    Args:
      input: a float32 tensor `[batch, height, width, channels]`.
      size: the height and width of windows, an int32 vector.
      offsets: float32 `[batch, 2]`: where the middles of windows are: `y, x`.
      centered: whether 0 is the middle of an image; otherwise its upper left corner.
      normalized: whether offsets count in sizes of the image (in halves of these if `centered`); otherwise in pixels.
      uniform_noise: whether the numbers are uniform between the image's least and largest; otherwise normal.
      name: the name of the node.

    Returns:
      A float32 tensor `[batch, window_height, window_width, channels]`.
    """
    return _extract_glimpse(input, size, offsets, centered=centered, normalized=normalized, uniform_noise=uniform_noise, name=name)
