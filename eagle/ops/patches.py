"""Patches of images and volumes, put into the depth."""

import itertools
import math

import numpy as np

from ..core import shape as shapes
from ..core.deprecation import one_of
from ..core.errors import UnimplementedError, invalid
from ..core.export import export
from ..core.op import HostShape, Shape, op


def _output_size(size, window, stride, padding):
    """How many patches lie along a dimension; `window` is the patch's extent, gaps included."""
    if size is None:
        return None
    return max(0, -(-size // stride) if padding == "SAME" else (size - window) // stride + 1)


def _places(size, ksize, stride, rate, padding):
    """Along one dimension: for each patch the places of its elements in the padded input, and the padding before and after."""
    window = (ksize - 1) * rate + 1
    count = _output_size(size, window, stride, padding)
    before = after = 0
    if padding == "SAME":
        missing = max(0, (count - 1) * stride + window - size)
        before, after = missing // 2, missing - missing // 2
    elif size < window:
        text = "Computed output size would be negative: %d [input_size: %d, effective_filter_size: %d, stride: %d]"
        raise invalid(text, (size - window) // stride + 1, size, window, stride)
    return (np.arange(count) * stride)[:, None] + np.arange(ksize) * rate, (before, after)


def _check(shape, ksizes, strides, rates):
    rank = len(ksizes)
    if len(shape) != rank:
        raise invalid("input must be %d-dimensional%s", rank, shapes.to_brackets(shape))
    for values, what in ((ksizes, "ksizes"), (strides, "strides"), (rates, "rates")):
        if len(values) != rank:
            raise invalid("Sliding window %s field must specify %d dimensions", what, rank)
        if values[0] != 1 or values[-1] != 1:
            raise UnimplementedError(None, None, "Only support %s across space." % what)


def _geometry(shape, ksizes, strides, rates, padding):
    """The NumPy index that picks all patches of the padded input, the paddings, and the numbers of patches and their sizes."""
    _check(shape, ksizes, strides, rates)
    count = len(shape) - 2
    found = [_places(*args, padding) for args in zip(shape[1:-1], ksizes[1:-1], strides[1:-1], rates[1:-1])]
    index = [slice(None)]
    for i, (places, _) in enumerate(found):
        around = [1] * (2 * count)
        around[i], around[count + i] = places.shape
        index.append(places.reshape(around))
    sizes = [places.shape for places, _ in found]
    return tuple(index), [(0, 0), *[p for _, p in found], (0, 0)], sizes


def _extracted(xp, input, ksizes, strides, rates, padding):
    index, paddings, sizes = _geometry(input.shape, ksizes, strides, rates, padding)
    patches = xp.pad(input, paddings)[index]
    depth = math.prod(k for _, k in sizes) * input.shape[-1]
    return patches.reshape((input.shape[0], *[n for n, _ in sizes], depth))


def _put_back(xp, dy, shape, ksizes, strides, rates, padding):
    """The adjoint of `_extracted`: patches added up where they came from."""
    index, paddings, sizes = _geometry(shape, ksizes, strides, rates, padding)
    parts = dy.reshape((shape[0], *[n for n, _ in sizes], *[k for _, k in sizes], shape[-1]))
    target = xp.zeros(tuple(d + a + b for d, (a, b) in zip(shape, paddings)), dy.dtype)
    if xp is np:
        np.add.at(target, index, parts)
    else:
        target = target.at[index].add(parts)
    return target[tuple(slice(a, a + d) for d, (a, _) in zip(shape, paddings))]


def _extracted_shape(input, ksizes, strides, rates, padding):
    if input is None:
        return (None,) * len(ksizes)
    if len(input) != len(ksizes):
        raise ValueError("Shape must be rank %d but is rank %d" % (len(ksizes), len(input)))
    windows = [(k - 1) * r + 1 for k, r in zip(ksizes[1:-1], rates[1:-1])]
    for size, window in zip(input[1:-1], windows):
        if padding == "VALID" and size is not None and size < window:
            raise ValueError("Negative dimension size caused by subtracting %d from %d" % (window, size))
    space = [_output_size(d, w, s, padding) for d, w, s in zip(input[1:-1], windows, strides[1:-1])]
    depth = None if input[-1] is None else input[-1] * math.prod(ksizes[1:-1])
    return (input[0], *space, depth)


@op("ExtractImagePatches")
def _extract_image_patches(xp, images, *, ksizes, strides, rates, padding):
    return _extracted(xp, images, ksizes, strides, rates, padding)


@_extract_image_patches.shape
def _(images, *, ksizes, strides, rates, padding):
    return _extracted_shape(images, ksizes, strides, rates, padding)


@_extract_image_patches.grad("images")
def _(g, images: Shape, *, ksizes, strides, rates, padding):
    return _image_patches_grad(g, images, ksizes=ksizes, strides=strides, rates=rates, padding=padding)


@op("ExtractVolumePatches")
def _extract_volume_patches(xp, input, *, ksizes, strides, padding):
    return _extracted(xp, input, ksizes, strides, (1,) * 5, padding)


@_extract_volume_patches.shape
def _(input, *, ksizes, strides, padding):
    return _extracted_shape(input, ksizes, strides, (1,) * 5, padding)


@_extract_volume_patches.grad("input")
def _(g, input: Shape, *, ksizes, strides, padding):
    return _volume_patches_grad(g, input, ksizes=ksizes, strides=strides, padding=padding)


# Of Eagle's own: patches added up where they came from.
_IMAGE_GRAD = (
    "EagleImagePatchesGrad(dy: T, shape: Tshape) -> (output: T) | ksizes: list(int) >= 4; strides: list(int) >= 4; "
    "rates: list(int) >= 4; T: type in [real]; padding: string in [SAME,VALID]; Tshape: type in [int32,int64] = 'int32' | gradient"
)
_VOLUME_GRAD = (
    "EagleVolumePatchesGrad(dy: T, shape: Tshape) -> (output: T) | ksizes: list(int) >= 5; strides: list(int) >= 5; "
    "T: type in [real]; padding: string in [SAME,VALID]; Tshape: type in [int32,int64] = 'int32' | gradient"
)


@op("EagleImagePatchesGrad", definition=_IMAGE_GRAD)
def _image_patches_grad(xp, dy, shape: HostShape, *, ksizes, strides, rates, padding):
    return _put_back(xp, dy, shape, ksizes, strides, rates, padding)


@op("EagleVolumePatchesGrad", definition=_VOLUME_GRAD)
def _volume_patches_grad(xp, dy, shape: HostShape, *, ksizes, strides, padding):
    return _put_back(xp, dy, shape, ksizes, strides, (1,) * 5, padding)


for _op in (_image_patches_grad, _volume_patches_grad):

    @_op.shape
    def _(dy, shape):
        return shape


@_image_patches_grad.grad("dy")
def _(g, *, ksizes, strides, rates, padding):
    return _extract_image_patches(g, ksizes=ksizes, strides=strides, rates=rates, padding=padding)


@_volume_patches_grad.grad("dy")
def _(g, *, ksizes, strides, padding):
    return _extract_volume_patches(g, ksizes=ksizes, strides=strides, padding=padding)


_IMAGE = [
    dict(ksizes=(1, 2, 2, 1), strides=(1, 1, 2, 1), rates=(1, 1, 1, 1), padding="VALID"),
    dict(ksizes=(1, 3, 2, 1), strides=(1, 2, 1, 1), rates=(1, 2, 1, 1), padding="SAME"),
]
_VOLUME = [
    dict(ksizes=(1, 1, 2, 2, 1), strides=(1, 1, 1, 2, 1), padding="VALID"),
    dict(ksizes=(1, 2, 2, 1, 1), strides=(1, 2, 1, 1, 1), padding="SAME"),
]


@_extract_image_patches.samples
def _(make):
    yield from zip(itertools.repeat(make(1, 4, 3, 2)), _IMAGE)


@_extract_volume_patches.samples
def _(make):
    yield from zip(itertools.repeat(make(1, 2, 3, 3, 2)), _VOLUME)


@_image_patches_grad.samples
def _(make):
    yield make(1, 3, 1, 8), (1, 4, 3, 2), _IMAGE[0]
    yield make(1, 2, 3, 12), (1, 4, 3, 2), _IMAGE[1]


@_volume_patches_grad.samples
def _(make):
    yield make(1, 2, 2, 1, 8), (1, 2, 3, 3, 2), _VOLUME[0]


@export("extract_image_patches", "image.extract_image_patches")
def extract_image_patches(images, ksizes=None, strides=None, rates=None, padding=None, name=None, sizes=None):
    """The patches of images, each flattened into the depth of one place of the result.

    Args:
      images: a tensor of shape `[batch, rows, columns, depth]`.
      ksizes: the size of a patch, as `[1, rows, columns, 1]`.
      strides: how far the centres of neighbours are apart, as `[1, rows, columns, 1]`.
      rates: how far the elements of a patch are apart, as `[1, rows, columns, 1]`.
      padding: "SAME" or "VALID".
      name: the name of the node.
      sizes: a new spelling of `ksizes`.

    Raises:
      InvalidArgumentError, UnimplementedError (in a graph ValueError where the shapes are known): the arguments don't fit.
    """
    ksizes = one_of("sizes", sizes, "ksizes", ksizes)
    return _extract_image_patches(images, ksizes=ksizes, strides=strides, rates=rates, padding=padding, name=name)


@export("image.extract_patches")
def extract_patches(images, sizes, strides, rates, padding, name=None):
    """`tf.image.extract_image_patches` under its newer name.

    Args:
      images: a tensor of shape `[batch, rows, columns, depth]`.
      sizes: the size of a patch, as `[1, rows, columns, 1]`.
      strides: how far the centres of neighbours are apart, as `[1, rows, columns, 1]`.
      rates: how far the elements of a patch are apart, as `[1, rows, columns, 1]`.
      padding: "SAME" or "VALID".
      name: the name of the node.
    """
    return _extract_image_patches(images, ksizes=sizes, strides=strides, rates=rates, padding=padding, name=name)


@export("extract_volume_patches")
def extract_volume_patches(input, ksizes, strides, padding, name=None):
    """The patches of volumes, each flattened into the depth of one place of the result.

    Args:
      input: a tensor of shape `[batch, planes, rows, columns, depth]`.
      ksizes: the size of a patch, as `[1, planes, rows, columns, 1]`.
      strides: how far neighbours are apart, as `[1, planes, rows, columns, 1]`.
      padding: "SAME" or "VALID".
      name: the name of the node.

    Raises:
      InvalidArgumentError, UnimplementedError (in a graph ValueError where the shapes are known): the arguments don't fit.
    """
    return _extract_volume_patches(input, ksizes=ksizes, strides=strides, padding=padding, name=name)
