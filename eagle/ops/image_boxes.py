"""Boxes drawn into images, and boxes chosen at random: `tf.image.draw_bounding_boxes`, `sample_distorted_bounding_box`."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.errors import invalid
from ..core.op import State, op
from ..platform import tf_logging
from . import philox
from .random import generator

_f = np.float32

# ----------------------------------------------------------------------------------------------------------------- drawing

# Yellow, blue, red, lime, purple, olive, maroon, navy blue, aqua, fuchsia.
_COLORS = np.array([[1, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1], [0, 1, 0, 1], [0.5, 0, 0.5, 1], [0.5, 0.5, 0, 1], [0.5, 0, 0, 1],
                    [0, 0, 0.5, 1], [0, 1, 1, 1], [1, 0, 1, 1]], _f)  # fmt: skip


def _draw(images, boxes, colors=None):
    if images.ndim != 4:
        raise invalid("The rank of the images should be 4")
    if boxes.ndim != 3:
        raise invalid("The rank of the boxes tensor should be 3")
    if len(images) != len(boxes):
        raise invalid("The batch sizes should be the same")
    depth = images.shape[3]
    if depth not in (1, 3, 4):
        raise invalid("Channel depth should be either 1 (GRY), 3 (RGB), or 4 (RGBA)")
    canvas = images.copy()
    table = _table(colors, depth)
    for image, its_boxes in zip(canvas, boxes):
        for i, box in enumerate(its_boxes):
            _draw_box(image, box, table[i % len(table), :depth].astype(images.dtype))
    return canvas


def _table(colors, depth):
    if colors is not None:
        if colors.ndim != 2:
            raise invalid("colors must be a 2-D matrix%s", shapes.to_brackets(colors.shape))
        if colors.shape[1] < depth:
            raise invalid("colors must have equal or more channels than the image provided: %s", shapes.to_brackets(colors.shape))
        if colors.size:
            return colors
    table = _COLORS.copy()
    if depth == 1:
        table[:, 0] = 1
    return table


def _draw_box(image, box, color):
    height, width, _ = image.shape
    top, left, bottom, right = (int(_f(c) * _f(n - 1)) for c, n in zip(box, (height, width, height, width)))
    if top > bottom or left > right:
        tf_logging.warning("Bounding box (%d,%d,%d,%d) is inverted and will not be drawn.", top, left, bottom, right)
        return
    if top >= height or bottom < 0 or left >= width or right < 0:
        tf_logging.warning("Bounding box (%d,%d,%d,%d) is completely outside the image and will not be drawn.",
                           top, left, bottom, right)  # fmt: skip
        return
    rows = slice(max(top, 0), min(bottom, height - 1) + 1)
    columns = slice(max(left, 0), min(right, width - 1) + 1)
    if top >= 0:
        image[top, columns] = color
    if bottom < height:
        image[bottom, columns] = color
    if left >= 0:
        image[rows, left] = color
    if right < width:
        image[rows, right] = color


@op("DrawBoundingBoxes", host=True, sample_types=(dtypes.float32,))
def draw(xp, images, boxes):
    return _draw(images, boxes)


@draw.shape
def _(images, boxes):
    images, boxes = shapes.with_rank(images, 4), shapes.with_rank(boxes, 3)
    if images[3] not in (1, 3, 4, None):
        raise ValueError("Channel depth should be either 1 (GRY), 3 (RGB), or 4 (RGBA)")
    if boxes[2] not in (4, None):
        raise ValueError("Dimension must be 4 but is %d" % boxes[2])
    return images


draw.not_differentiable()


@op("DrawBoundingBoxesV2", host=True, sample_types=(dtypes.float32,))
def draw_colored(xp, images, boxes, colors):
    return _draw(images, boxes, colors)


@draw_colored.shape
def _(images, boxes, colors):
    return shapes.with_rank_at_least(images, 3)


def _some_boxes():
    return np.array([[[0, 0, 1, 1], [0.2, 0.3, 0.6, 0.9], [-0.5, 0.1, 0.4, 1.5]], [[0.5, 0.5, 0.2, 0.9], [0.1, 0.1, 0.1, 0.8],
                     [2, 2, 3, 3]]], _f)  # fmt: skip


@draw.samples
def _(make):
    yield make(2, 6, 7, 3), _some_boxes()
    yield make(2, 6, 7, 1), _some_boxes()


@draw_colored.samples
def _(make):
    yield make(2, 6, 7, 3), _some_boxes(), np.array([[0.5, 0.25, 1, 0], [1, 0, 0.5, 0]], _f)


# ---------------------------------------------------------------------------------------------------------------- sampling


class _Random:
    """Random numbers from a stream of words."""

    def __init__(self, stream):
        self._stream, self._ready = stream, []

    def _word(self):
        if not self._ready:
            made = philox.words(np, self._stream, 64)
            self._stream = self._stream.at(64)
            self._ready = np.stack(made, axis=1).reshape(-1).tolist()[::-1]
        return self._ready.pop()

    def below(self, n):
        """An int from 0 to `n - 1`, all alike."""
        if not n & (n - 1):
            return self._word() & (n - 1) if n else self._word() * 0
        refused = (2**32 - 1) % n + 1
        while True:
            word = self._word()
            if word >= refused:
                return word % n

    def fraction(self):
        """A float32 in [0, 1)."""
        bits = np.uint32(0x3F800000 | self._word() & 0x7FFFFF)
        return bits.view(_f) - _f(1)


def _area(box):
    left, top, right, bottom = box
    return _f((right - left) * (bottom - top))


def _common(a, b):
    left, top, right, bottom = max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])
    return (0, 0, 0, 0) if left > right or top > bottom else (left, top, right, bottom)


def _covers(crop, least, boxes):
    """Whether a crop covers enough of some box."""
    if _area(crop) < 1:
        return False
    return any(_area(b) >= 1 and _area(_common(crop, b)) / _area(b) >= least for b in boxes)


def _root(x):
    return int(np.rint(np.sqrt(_f(x))))


def _crop(width, height, least, most, ratio, random):
    """A random crop of an image with an area between two bounds, as left, top, right and bottom; None if there is none."""
    if most <= 0 or ratio <= 0 or width <= 0 or height <= 0 or least > most:
        return None
    least_area, most_area = _f(least) * _f(width) * _f(height), _f(most) * _f(width) * _f(height)
    rows, most_rows = _root(least_area / ratio), _root(most_area / ratio)
    if np.rint(_f(most_rows) * ratio) > width:
        most_rows = int(_f(width + 0.5 - float(_f(0.0000001))) / ratio)
    most_rows = min(most_rows, height)
    rows = min(rows, most_rows)
    if rows < most_rows:
        rows += random.below(most_rows - rows + 1)
    columns = int(np.rint(_f(rows) * ratio))
    if _f(columns * rows) < least_area:
        rows += 1
        columns = int(np.rint(_f(rows) * ratio))
    if _f(columns * rows) > most_area:
        rows -= 1
        columns = int(np.rint(_f(rows) * ratio))
    area = _f(columns * rows)
    if not least_area <= area <= most_area or not 0 < columns <= width or not 0 < rows <= height:
        return None
    top = random.below(height - rows) if rows < height else 0
    left = random.below(width - columns) if columns < width else 0
    return left, top, left + columns, top + rows


def _check_ranges(aspect_ratio_range, area_range, max_attempts, min_object_covered):
    if len(aspect_ratio_range) != 2:
        raise invalid("Aspect ratio range field must specify 2 dimensions")
    if min(aspect_ratio_range) <= 0:
        raise invalid("Aspect ratio range must be non-negative: [%g, %g]", *aspect_ratio_range)
    if len(area_range) != 2:
        raise invalid("Area range field must specify 2 dimensions")
    if min(area_range) <= 0:
        raise invalid("Area range must be non-negative: [%g, %g]", *area_range)
    if max(area_range) > 1:
        raise invalid("Area range must be less then or equal to 1.0: [%g, %g]", *area_range)
    if max_attempts <= 0:
        raise invalid("Max attempts must be non-negative: %d", max_attempts)
    if np.ndim(min_object_covered):
        raise invalid("min_object_covered must be 0-D, got shape %s", shapes.to_brackets(np.shape(min_object_covered)))
    if min_object_covered < 0:
        raise invalid("Min object covered must be non-negative: %g", min_object_covered)


def _pixel_boxes(bounding_boxes, width, height, use_image):
    if bounding_boxes.ndim != 3:
        raise invalid("input boxes must be 3-dimensional [batch, num_boxes, coords]: %s", shapes.to_brackets(bounding_boxes.shape))
    if bounding_boxes.shape[2] != 4:
        raise invalid("bounding boxes must have shape [4] or [*, 4], got %s", shapes.to_brackets(bounding_boxes.shape))
    boxes = []
    for box in bounding_boxes.reshape(-1, 4):
        for c in box:
            if not 0 <= c <= 1:
                raise invalid("All bounding box coordinates must be in [0.0, 1.0]: %g", c)
        top, left, bottom, right = (int(c * _f(n)) for c, n in zip(box, (height, width, height, width)))
        boxes.append((left, top, right, bottom))
    if not boxes and not use_image:
        raise invalid("No bounding boxes provided as input. One must enable use_image_if_no_bounding_boxes if you wish to not "
                      "provide any bounding boxes.")  # fmt: skip
    return boxes or [(0, 0, width, height)]


def _sample(image_size, bounding_boxes, min_object_covered, stream_of, aspect_ratio_range, area_range, max_attempts, use_image):
    _check_ranges(aspect_ratio_range, area_range, max_attempts, min_object_covered)
    if image_size.ndim != 1:
        raise invalid("image_size must be 1-dimensional%s", shapes.to_brackets(image_size.shape))
    if image_size.size != 3:
        raise invalid("image_size must contain 3 elements%s", shapes.to_brackets(image_size.shape))
    height, width = int(image_size[0]), int(image_size[1])
    boxes = _pixel_boxes(bounding_boxes, width, height, use_image)
    low, high = map(_f, aspect_ratio_range)
    random = _Random(stream_of().reserve((4 * max_attempts + 3) // 4))
    crop = 0, 0, width, height
    for _ in range(max_attempts):
        ratio = random.fraction() * (high - low) + low
        found = _crop(width, height, *area_range, ratio, random)
        if found is not None and _covers(found, min_object_covered, boxes):
            crop = found
            break
    left, top, right, bottom = crop
    begin = np.array([top, left, 0]).astype(image_size.dtype)
    size = np.array([bottom - top, right - left, -1]).astype(image_size.dtype)
    box = np.array([top, left, bottom, right], _f) / np.array([height, width, height, width], _f)
    return begin, size, box.reshape(1, 1, 4)


@op("SampleDistortedBoundingBox", host=True)
def _sample_box(xp, image_size, bounding_boxes, *, state: State, seed=0, seed2=0, min_object_covered=0.1,
                aspect_ratio_range=(0.75, 1.33), area_range=(0.05, 1.0), max_attempts=100,
                use_image_if_no_bounding_boxes=False):  # fmt: skip
    def stream_of():
        return generator(state, "SampleDistortedBoundingBox", seed, seed2, image_size.dtype)

    return _sample(image_size, bounding_boxes, min_object_covered, stream_of, aspect_ratio_range, area_range, max_attempts,
                   use_image_if_no_bounding_boxes)  # fmt: skip


@op("SampleDistortedBoundingBoxV2", host=True)
def sample_box(xp, image_size, bounding_boxes, min_object_covered, *, state: State, seed=0, seed2=0,
               aspect_ratio_range=(0.75, 1.33), area_range=(0.05, 1.0), max_attempts=100,
               use_image_if_no_bounding_boxes=False):  # fmt: skip
    def stream_of():
        return generator(state, "SampleDistortedBoundingBoxV2", seed, seed2, image_size.dtype)

    return _sample(image_size, bounding_boxes, min_object_covered, stream_of, aspect_ratio_range, area_range, max_attempts,
                   use_image_if_no_bounding_boxes)  # fmt: skip


def _sampled_shape(image_size, bounding_boxes):
    (count,) = shapes.with_rank(image_size, 1)
    if count not in (3, None):
        raise ValueError("Dimension must be 3 but is %d" % count)
    boxes = shapes.with_rank(bounding_boxes, 3)
    if boxes[2] not in (4, None):
        raise ValueError("Dimension must be 4 but is %d" % boxes[2])
    return [(3,), (3,), (1, 1, 4)]


_sample_box.shape(_sampled_shape)


@sample_box.shape
def _(image_size, bounding_boxes, min_object_covered):
    shapes.with_rank(min_object_covered, 0)
    return _sampled_shape(image_size, bounding_boxes)


for _op in (_sample_box, sample_box):
    _op.not_differentiable()


def _sizes(make):
    dtype = make.dtype.np
    for height, width in ((100, 80), (30, 120)):
        yield np.array([height, width, 3]).astype(dtype), np.array([[[0.1, 0.2, 0.6, 0.9], [0.4, 0.4, 0.9, 0.7]]], _f)


@_sample_box.samples
def _(make):
    for seed, args in enumerate(_sizes(make)):
        yield *args, dict(seed=3, seed2=seed + 1, min_object_covered=0.3)
    yield *args, dict(seed=3, seed2=9, aspect_ratio_range=[0.5, 2.0], area_range=[0.2, 0.5], max_attempts=10)


@sample_box.samples
def _(make):
    for seed, args in enumerate(_sizes(make)):
        yield *args, _f(0.5), dict(seed=3, seed2=seed + 1)
    yield args[0], args[1][:, :0], _f(0.1), dict(seed=3, seed2=9, use_image_if_no_bounding_boxes=True)
