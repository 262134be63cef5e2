"""Boxes cut out of images and resized: `tf.image.crop_and_resize`."""

import numpy as np

from ..core import shape as shapes
from ..core.deprecation import one_of
from ..core.dispatch import registry
from ..core.errors import OutOfRangeError, invalid
from ..core.export import export
from ..core.op import HostShape, op

_f = np.float32


def _check_boxes(boxes, box_ind):
    if not boxes.size and not box_ind.size:
        return 0
    if boxes.ndim != 2:
        raise invalid("boxes must be 2-D%s", shapes.to_brackets(boxes.shape))
    if boxes.shape[1] != 4:
        raise invalid("boxes must have 4 columns")
    if box_ind.ndim != 1:
        raise invalid("box_index must be 1-D%s", shapes.to_brackets(box_ind.shape))
    if len(box_ind) != len(boxes):
        raise invalid("box_index has incompatible shape")
    return len(boxes)


def _check_indices(box_ind, count):
    if ((box_ind < 0) | (box_ind >= count)).any():
        raise OutOfRangeError(None, None, "box_index has values outside [0, batch_size)")


def _check_image(image, what="input image must be 4-D", positive="image dimensions must be positive"):
    if image.ndim != 4:
        raise invalid("%s%s", what, shapes.to_brackets(image.shape))
    if not image.shape[1] or not image.shape[2]:
        raise invalid(positive)


def _lines(first, last, size, crop):
    """Where the lines of crops lie in an image along an axis, and which of them are inside: matrices `[boxes, crop]`."""
    end = _f(size - 1)
    if crop > 1:
        scale = (last - first) * end / _f(crop - 1)
        at = (first * end)[:, None] + np.arange(crop).astype(_f) * scale[:, None]
    else:
        at = (0.5 * (first + last).astype(np.float64) * (size - 1)).astype(_f)[:, None]
    return at, ~((at < 0) | (at > end))


def _corners(at, inside):
    """The two lines of an image about each place, and the share of the second."""
    at = np.where(inside, at, _f(0))
    low = np.floor(at)
    return low.astype(np.int64), np.ceil(at).astype(np.int64), at - low


def _rounded(at, inside):
    return np.floor(np.where(inside, at, _f(0)) + _f(0.5)).astype(np.int64)


class _Places:
    """Where the pixels of crops lie in their images."""

    def __init__(self, boxes, height, width, crop_height, crop_width):
        self.y, y_inside = _lines(boxes[:, 0], boxes[:, 2], height, crop_height)
        self.x, x_inside = _lines(boxes[:, 1], boxes[:, 3], width, crop_width)
        self.y_inside, self.x_inside = y_inside, x_inside
        self.inside = (y_inside[:, :, None] & x_inside[:, None, :])[..., None]


@op("CropAndResize", host=True, golden_tolerance=1e-5)
def _crop_and_resize(xp, image, boxes, box_ind, crop_size: HostShape, *, method="bilinear", extrapolation_value=0.0):
    _check_image(image)
    count = _check_boxes(boxes, box_ind)
    if np.ndim(crop_size) != 1:
        raise invalid("crop_size must be 1-D%s", shapes.to_brackets(np.shape(crop_size)))
    if len(crop_size) != 2:
        raise invalid("crop_size must have two elements%s", shapes.to_brackets(np.shape(crop_size)))
    if min(crop_size) <= 0:
        raise invalid("crop dimensions must be positive")
    _, height, width, depth = image.shape
    if not count:
        return np.empty((0, *crop_size, depth), _f)
    _check_indices(box_ind, len(image))
    places = _Places(boxes, height, width, *crop_size)
    b = box_ind[:, None, None]
    if method == "nearest":
        y, x = _rounded(places.y, places.y_inside), _rounded(places.x, places.x_inside)
        crops = image[b, y[:, :, None], x[:, None, :]].astype(_f)
    else:
        crops = _bilinear(image, b, places)
    return np.where(places.inside, crops, _f(extrapolation_value))


def _four(image, b, places):
    """The four pixels about each place, and the shares of the lower and right ones."""
    top, bottom, y_share = _corners(places.y, places.y_inside)
    left, right, x_share = _corners(places.x, places.x_inside)
    rows, columns = (top[:, :, None], bottom[:, :, None]), (left[:, None, :], right[:, None, :])
    pixels = [image[b, r, c].astype(_f) for r in rows for c in columns]
    return pixels, y_share[:, :, None, None], x_share[:, None, :, None]


def _bilinear(image, b, places):
    (top_left, top_right, bottom_left, bottom_right), y_share, x_share = _four(image, b, places)
    top = top_left + (top_right - top_left) * x_share
    bottom = bottom_left + (bottom_right - bottom_left) * x_share
    return top + (bottom - top) * y_share


@_crop_and_resize.shape
def _(image, boxes, box_ind, crop_size):
    image, boxes = shapes.with_rank(image, 4), shapes.with_rank(boxes, 2)
    (count,) = shapes.with_rank(box_ind, 1)
    if boxes[1] not in (4, None):
        raise ValueError("Dimension must be 4 but is %d" % boxes[1])
    return (shapes.merge_dims(boxes[0], count), *(crop_size or (None, None)), image[3])


def _some_boxes():
    boxes = np.array([[0, 0, 1, 1], [0.2, 0.3, 0.7, 0.9], [-0.5, 0.1, 0.4, 1.5], [1, 1, 0, 0.2]], _f)
    return boxes, np.array([0, 1, 1, 0], np.int32)


@_crop_and_resize.samples
def _(make):
    boxes, which = _some_boxes()
    yield make(2, 4, 5, 3), boxes, which, (3, 2)
    yield make(2, 4, 5, 3), boxes, which, (3, 4), dict(method="nearest", extrapolation_value=2.5)
    yield make(2, 4, 5, 1), boxes, which, (1, 1)
    yield make(2, 4, 5, 1), boxes[:0], which[:0], (2, 2)


@op("CropAndResizeGradImage", host=True, golden_tolerance=1e-4)
def _grad_image(xp, grads, boxes, box_ind, image_size: HostShape, *, T, method="bilinear"):
    _check_image(grads, "grads image must be 4-D", "grads dimensions must be positive")
    count = _check_boxes(boxes, box_ind)
    if len(grads) != count:
        raise invalid("boxes and grads have incompatible shape")
    if len(image_size) != 4:
        raise invalid("image_size must have 4 elements%s", shapes.to_brackets(np.shape(image_size)))
    if min(image_size[1:3]) <= 0:
        raise invalid("image dimensions must be positive")
    if grads.shape[3] != image_size[3]:
        raise invalid("image_size and grads are incompatible")
    out = np.zeros(image_size, T.np if T.size > 2 else _f)
    if not count:
        return out.astype(T.np)
    _check_indices(box_ind, image_size[0])
    places = _Places(boxes, *image_size[1:3], *grads.shape[1:3])
    grads = np.where(places.inside, grads, _f(0))
    b = box_ind[:, None, None]
    if method == "nearest":
        y, x = _rounded(places.y, places.y_inside), _rounded(places.x, places.x_inside)
        np.add.at(out, (b, y[:, :, None], x[:, None, :]), grads)
        return out.astype(T.np)
    top, bottom, y_share = _corners(places.y, places.y_inside)
    left, right, x_share = _corners(places.x, places.x_inside)
    for y, y_part in ((top, 1 - y_share), (bottom, y_share)):
        for x, x_part in ((left, 1 - x_share), (right, x_share)):
            part = grads * y_part[:, :, None, None] * x_part[:, None, :, None]
            np.add.at(out, (b, y[:, :, None], x[:, None, :]), part)
    return out.astype(T.np)


@_grad_image.shape
def _(grads, boxes, box_ind, image_size):
    return image_size


@_grad_image.samples
def _(make):
    boxes, which = _some_boxes()
    yield make(4, 3, 2, 3), boxes, which, (2, 4, 5, 3), dict(T="float32")
    yield make(4, 3, 2, 3), boxes, which, (2, 4, 5, 3), dict(T="float64", method="nearest")
    yield make(4, 1, 1, 3), boxes, which, (2, 4, 5, 3), dict(T="float32")


@op("CropAndResizeGradBoxes", host=True, ignores=("method",), golden_tolerance=1e-4)
def _grad_boxes(xp, grads, image, boxes, box_ind):
    _check_image(grads, "grads image must be 4-D", "grads dimensions must be positive")
    _check_image(image)
    if image.shape[3] != grads.shape[3]:
        raise invalid("image, grads depth differ")
    count = _check_boxes(boxes, box_ind)
    if len(grads) != count:
        raise invalid("boxes and grads have incompatible shape")
    if not count:
        return np.zeros((0, 4), _f)
    _check_indices(box_ind, len(image))
    height, width = image.shape[1:3]
    crop_height, crop_width = grads.shape[1:3]
    places = _Places(boxes, height, width, crop_height, crop_width)
    pixels, y_share, x_share = _four(image, box_ind[:, None, None], places)
    top_left, top_right, bottom_left, bottom_right = pixels
    by_y = (1 - x_share) * (bottom_left - top_left) + x_share * (bottom_right - top_right)
    by_x = (1 - y_share) * (top_right - top_left) + y_share * (bottom_right - bottom_left)
    by_y = np.where(places.inside, by_y * grads, _f(0)).sum((2, 3))
    by_x = np.where(places.inside, by_x * grads, _f(0)).sum((1, 3))
    y1, y2 = _ends(by_y, height, crop_height)
    x1, x2 = _ends(by_x, width, crop_width)
    return np.stack([y1, x1, y2, x2], axis=1).astype(_f)


def _ends(by_line, size, crop):
    """Gradients with respect to places of lines as those with respect to the ends of boxes."""
    if crop == 1:
        half = by_line.sum(1) * _f(0.5 * (size - 1))
        return half, half
    step = np.arange(crop).astype(_f) * (_f(size - 1) / _f(crop - 1))
    return (by_line * (_f(size - 1) - step)).sum(1), (by_line * step).sum(1)


@_grad_boxes.shape
def _(grads, image, boxes, box_ind):
    return boxes


@_grad_boxes.samples
def _(make):
    boxes, which = _some_boxes()
    for shape in ((4, 3, 2, 3), (4, 1, 1, 3)):
        yield make(*shape).astype(_f), make(2, 4, 5, 3), boxes, which


@_crop_and_resize.grad
def _(g, image, boxes, box_ind, *, method):
    shape = image.shape.as_list() if image.shape.is_fully_defined() else registry["Shape"](image)
    if image.dtype.is_floating:
        by_image = _grad_image(g, boxes, box_ind, shape, T=image.dtype, method=method)
    else:
        by_image = None
    return by_image, _grad_boxes(g, image, boxes, box_ind), None, None


@export("image.crop_and_resize")
def crop_and_resize(image, boxes, box_ind=None, crop_size=None, method="bilinear", extrapolation_value=0, name=None,
                    box_indices=None):  # fmt: skip
    """Boxes cut out of images and resized.

    Args:
      image: images, a tensor of shape `[batch, height, width, channels]`.
      boxes: float32 `[boxes, 4]`: `y1, x1, y2, x2`, where 0 and 1 are the first and last line of an image.
      box_ind: int32 `[boxes]`: which image each box is cut out of.
      crop_size: the height and width of the crops, an int32 vector.
      method: `"bilinear"` or `"nearest"`.
      extrapolation_value: the value of pixels outside of the image.
      name: the name of the node.
      box_indices: the new name of `box_ind`.

    Returns:
      A float32 tensor of shape `[boxes, crop_height, crop_width, channels]`.

    Raises:
      InvalidArgumentError, OutOfRangeError: shapes are wrong, or there is no such image.
    """
    box_ind = one_of("box_indices", box_indices, "box_ind", box_ind)
    return _crop_and_resize(image, boxes, box_ind, crop_size, method=method, extrapolation_value=extrapolation_value, name=name)
