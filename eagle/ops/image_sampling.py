"""Images scaled and moved, where each pixel is the mean of those about it, weighted by a kernel."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.errors import invalid
from ..core.export import export
from ..core.op import Host, HostShape, op

_f = np.float32

# ---------------------------------------------------------------------------------------------------------------- kernels


def _lanczos(radius):
    def kernel(x):
        safe = np.where(x <= 1e-3, _f(1), x)
        pi = _f(np.pi)
        wave = _f(radius) * np.sin(pi * safe) * np.sin(pi * safe / _f(radius)) / (pi * pi * safe * safe)
        return np.where(x > radius, 0, np.where(x <= 1e-3, 1, wave))

    return radius, kernel


def _gaussian(x):
    return np.where(x >= 1.5, 0, np.exp(-(x.astype(np.float64) ** 2) / 0.5))


def _keys(x):
    return np.where(x >= 2, 0, np.where(x >= 1, ((-0.5 * x + 2.5) * x - 4) * x + 2, ((1.5 * x - 2.5) * x) * x + 1))


def _mitchell(x):
    far = (((-7 / 18) * x + 2) * x - 10 / 3) * x + 16 / 9
    return np.where(x >= 2, 0, np.where(x >= 1, far, (((7 / 6) * x - 2) * x) * x + 8 / 9))


_KERNELS = {
    "lanczos1": _lanczos(1), "lanczos3": _lanczos(3), "lanczos5": _lanczos(5), "gaussian": (1.5, _gaussian),
    "box": (1, lambda x: np.where(x < 0.5, 1.0, np.where(x == 0.5, 0.5, 0))),
    "triangle": (1, lambda x: np.where(x < 1, 1 - x, 0)), "keyscubic": (2, _keys), "mitchellcubic": (2, _mitchell),
}  # fmt: skip


def _weights(size, new_size, scale, move, kernel_type, antialias):
    """The weight of each old line in each new one, `[new_size, size]`."""
    radius, kernel = _KERNELS[kernel_type]
    inverse = _f(1 / np.float64(scale))
    wide = max(inverse, _f(1)) if antialias else _f(1)
    at = (np.arange(new_size).astype(_f) + _f(0.5)) * inverse - inverse * _f(move)
    lines = np.arange(size).astype(_f) + _f(0.5)
    reach = _f(radius) * wide
    begin = np.clip(np.ceil(at - reach - _f(0.5)), 0, size - 1)
    end = np.clip(np.floor(at + reach - _f(0.5)), 0, size - 1)
    found = kernel(abs((lines - at[:, None]) * (_f(1) / wide))).astype(_f)
    near = (np.arange(size) >= begin[:, None]) & (np.arange(size) <= end[:, None])
    found = np.where(near, found, _f(0))
    total = found.sum(1, keepdims=True)
    usable = (abs(total) >= 1000 * np.finfo(_f).tiny) & ((at >= 0) & (at <= size))[:, None]
    return np.where(usable, found / np.where(usable, total, _f(1)), _f(0))


def _pair(values):
    if np.ndim(values) != 1:
        raise invalid("t must be 1-dimensional%s", shapes.to_brackets(np.shape(values)))
    if len(values) != 2:
        raise invalid("t must have two elements%s", shapes.to_brackets(np.shape(values)))
    return values


def _both(image, new_size, scale, translation, kernel_type, antialias):
    """The weights of rows and of columns."""
    if kernel_type not in _KERNELS:
        raise invalid("Unrecognized kernel type: %s", kernel_type)
    if min(new_size) <= 0:
        raise invalid("output dimensions must be positive")
    if not image[3]:
        raise invalid("image must have at least one channel")
    if not image[1] or not image[2]:
        raise invalid("input image must be of non-zero size")
    scale, translation = _pair(scale), _pair(translation)
    if min(scale) <= 0:
        raise invalid("Scale must be greater than zero.")
    return [_weights(*axis, kernel_type, antialias) for axis in zip(image[1:3], new_size, scale, translation)]


# -------------------------------------------------------------------------------------------------------------------- ops


@op("ScaleAndTranslate", host=True, golden_tolerance=1e-4)
def _scale_and_translate(xp, images, size: HostShape, scale: Host, translation: Host, *, kernel_type="lanczos3", antialias=True):
    if images.ndim != 4:
        raise invalid("input must be 4-dimensional%s", shapes.to_brackets(images.shape))
    rows, columns = _both(images.shape, size, scale, translation, kernel_type, antialias)
    return np.einsum("yh,bhwc,xw->byxc", rows, images.astype(_f), columns, optimize=True).astype(_f)


@_scale_and_translate.shape
def _(images, size, scale, translation):
    images = shapes.with_rank(images, 4)
    if size is not None and len(size) != 2:
        raise ValueError("Dimension must be 2 but is %d" % len(size))
    return (images[0], *(size or (None, None)), images[3])


@op("ScaleAndTranslateGrad", host=True, sample_types=(dtypes.float32,), golden_tolerance=1e-4)
def _grad(xp, grads, original_image, scale: Host, translation: Host, *, kernel_type="lanczos3", antialias=True):
    if grads.ndim != 4:
        raise invalid("input_grad must be 4-dimensional%s", shapes.to_brackets(grads.shape))
    if original_image.ndim != 4:
        raise invalid("original_image must be 4-dimensional%s", shapes.to_brackets(original_image.shape))
    rows, columns = _both(original_image.shape, grads.shape[1:3], scale, translation, kernel_type, antialias)
    return np.einsum("yh,byxc,xw->bhwc", rows, grads, columns, optimize=True).astype(_f)


@_grad.shape
def _(grads, original_image, scale, translation):
    return original_image


@_scale_and_translate.grad("images")
def _(g, images, scale, translation, *, kernel_type, antialias):
    return _grad(g, images, scale, translation, kernel_type=kernel_type, antialias=antialias)


def _options():
    for kernel_type in _KERNELS:
        yield (0.6, 1.7), (0.3, -0.8), dict(kernel_type=kernel_type)
    yield (0.6, 1.7), (0.0, 0.0), dict(kernel_type="triangle", antialias=False)


@_scale_and_translate.samples
def _(make):
    for scale, translation, attrs in _options():
        yield make(1, 6, 5, 2), (4, 7), np.array(scale, _f), np.array(translation, _f), attrs


@_grad.samples
def _(make):
    for scale, translation, attrs in _options():
        yield make(1, 4, 7, 2), make(1, 6, 5, 2), np.array(scale, _f), np.array(translation, _f), attrs


@export("python.ops.image_ops.scale_and_translate")
def scale_and_translate(images, size, scale, translation, kernel_type="lanczos3", antialias=True, name=None):
    """Images scaled and moved.

    Args:
      images: a tensor of shape `[batch, height, width, channels]`.
      size: the new height and width, an int32 vector.
      scale: by how much rows and columns are scaled, a float32 vector.
      translation: by how much rows and columns are moved afterwards, a float32 vector.
      kernel_type: how pixels are weighted: `"lanczos1"`, `"lanczos3"`, `"lanczos5"`, `"gaussian"`, `"box"`, `"triangle"`,
        `"keyscubic"` or `"mitchellcubic"`.
      antialias: whether the kernel becomes wider where images become smaller.
      name: the name of the node.

    Returns:
      A float32 tensor.
    """
    return _scale_and_translate(images, size, scale, translation, kernel_type=kernel_type, antialias=antialias, name=name)
