"""Images flipped, turned, cropped and padded: `tf.image.flip_left_right`, `rot90`, `central_crop`, ..."""

from ..core import dtypes
from ..core.convert import convert
from ..core.export import export
from ..core.scopes import name_scope
from .binary import maximum, minimum
from .case import case
from .cast import cast
from .comparison import equal, less
from .cond import cond
from .division import floor_mod
from .flow import with_dependencies
from .image_checks import (
    as_batch,
    check_sizes,
    checked,
    is_batch,
    is_tensor,
    like_before,
    require,
    set_sizes,
    sizes_of,  # fmt: skip
)
from .joining import stack
from .padding import pad
from .random import random_uniform
from .rearranging import reverse
from .shaping import reshape, shape as shape_of
from .slicing import slice_
from .transposing import transpose as transpose_of
from .unary import round_

# ------------------------------------------------------------------------------------------------------ flips and turns

_FLIPPED = """%s

    Args:
      image: a tensor of shape `[height, width, channels]`, or with a batch before them.%s

    Returns:
      A tensor like `image`.

    Raises:
      ValueError: there are fewer than 3 or more than 4 dimensions.
    """
_SEED = "\n      seed: a Python int for the random numbers."


def _with_shape_of(image, result):
    result.set_shape([None] * 3 if image.shape.ndims is None else image.shape)
    return result


def _flip(axis, scope):
    def flip(image):
        with name_scope(None, scope, [image]):
            image = checked(convert(image, name="image"))
            if is_batch(image):
                return reverse(image, [axis + 1])
            return _with_shape_of(image, reverse(image, [axis]))

    return flip


def _random_flip(axis, scope_name):
    def flip(image, seed=None):
        with name_scope(None, scope_name, [image]) as scope:
            image = checked(convert(image, name="image"))
            if is_batch(image):
                return _each_perhaps_flipped(image, axis + 1, seed)
            drawn = random_uniform([], 0, 1.0, seed=seed)
            flips = less(drawn, 0.5)
            return _with_shape_of(image, cond(flips, lambda: reverse(image, [axis]), lambda: image, name=scope))

    return flip


def _each_perhaps_flipped(images, axis, seed):
    count = shape_of(images)[0]
    drawn = random_uniform([count], 0, 1.0, seed=seed)
    flips = cast(round_(reshape(drawn, [count, 1, 1, 1])), images.dtype)
    flipped = reverse(images, [axis])
    return flips * flipped + (1 - flips) * images


def _export_flip(name, function, what, more=""):
    function.__doc__ = _FLIPPED % (what, more)
    return export("image." + name)(function)


flip_left_right = _export_flip("flip_left_right", _flip(1, "flip_left_right"), "An image with left and right swapped.")
flip_up_down = _export_flip("flip_up_down", _flip(0, "flip_up_down"), "An image upside down.")
random_flip_left_right = _export_flip(
    "random_flip_left_right", _random_flip(1, "random_flip_left_right"),
    "An image with left and right swapped, or, half the time, as it is.", _SEED,
)  # fmt: skip
random_flip_up_down = _export_flip(
    "random_flip_up_down", _random_flip(0, "random_flip_up_down"), "An image upside down, or, half the time, as it is.", _SEED
)


@export("image.rot90")
def rot90(image, k=1, name=None):
    """An image turned counter-clockwise by right angles.

    Args:
      image: a tensor of shape `[height, width, channels]`, or with a batch before them.
      k: how many times by 90 degrees.
      name: the name scope.

    Raises:
      ValueError: there are fewer than 3 or more than 4 dimensions.
    """
    with name_scope(name, "rot90", [image, k]) as scope:
        image = checked(convert(image, name="image"))
        k = convert(k, dtypes.int32, name="k")
        k.shape.assert_has_rank(0)
        k = floor_mod(k, 4)
        first = int(is_batch(image))
        swap = [0, 2, 1, 3] if first else [1, 0, 2]
        height, width = first, first + 1
        cases = [
            (equal(k, 1), lambda: transpose_of(reverse(image, [width]), swap)),
            (equal(k, 2), lambda: reverse(image, [height, width])),
            (equal(k, 3), lambda: reverse(transpose_of(image, swap), [width])),
        ]
        result = case(cases, default=lambda: image, exclusive=True, name=scope)
        if first:
            shape = result.shape
            result.set_shape([shape[0], None, None, shape[3]])
        else:
            result.set_shape([None, None, image.shape[2]])
        return result


@export("image.transpose", "image.transpose_image")
def transpose(image, name=None):
    """An image with rows and columns swapped.

    Args:
      image: a tensor of shape `[height, width, channels]`, or with a batch before them.
      name: the name scope.

    Raises:
      ValueError: there are fewer than 3 or more than 4 dimensions.
    """
    with name_scope(name, "transpose", [image]):
        image = checked(convert(image, name="image"))
        return transpose_of(image, [0, 2, 1, 3] if is_batch(image) else [1, 0, 2], name=name or "transpose")


# ----------------------------------------------------------------------------------------------------- crops and padding


@export("image.central_crop")
def central_crop(image, central_fraction):
    """The middle of an image.

    Args:
      image: a tensor of shape `[height, width, channels]`, or with a batch before them.
      central_fraction: a Python float in (0, 1]: the part of the height and of the width that stays.

    Raises:
      ValueError: the fraction or the rank of the image is wrong.
    """
    with name_scope(None, "central_crop", [image]):
        image = convert(image, name="image")
        if not 0 < central_fraction <= 1:
            raise ValueError("central_fraction must be within (0, 1]")
        if central_fraction == 1:
            return image
        checked(image)
        rank = image.shape.ndims
        if rank not in (3, 4):
            raise ValueError("`image` should either be a Tensor with rank = 3 or rank = 4. Had rank = %s." % rank)
        first = rank - 3
        sizes = [_size(image, first + i) for i in range(2)]
        starts = [_margin(size, central_fraction) for size in sizes]
        rest = [size - start * 2 for size, start in zip(sizes, starts)]
        cut = slice_(image, stack([0] * first + [*starts, 0]), stack([-1] * first + [*rest, -1]))
        set_sizes(cut, [*image.shape[:first], *rest, image.shape[first + 2]])
        return cut


def _size(image, axis):
    known = image.shape.dims[axis].value
    return shape_of(image)[axis] if known is None else known


def _margin(size, fraction):
    if not is_tensor(size):
        return int((float(size) - float(size) * fraction) / 2)
    size = cast(size, dtypes.float64)
    return cast((size - size * fraction) / 2, dtypes.int32)


@export("image.pad_to_bounding_box")
def pad_to_bounding_box(image, offset_height, offset_width, target_height, target_width):
    """An image in a larger one of zeros.

    Args:
      image: a tensor of shape `[height, width, channels]`, or with a batch before them.
      offset_height: how many rows of zeros there are above it.
      offset_width: how many columns of zeros there are to its left.
      target_height: how many rows there are in all.
      target_width: how many columns there are in all.

    Raises:
      ValueError (InvalidArgumentError when the graph runs, for sizes that are tensors): the image does not fit there.
    """
    with name_scope(None, "pad_to_bounding_box", [image]):
        image, was_batch = as_batch(convert(image, name="image"))
        checks = check_sizes(image)
        batch, height, width, depth = sizes_of(image, 4)
        right = target_width - offset_width - width
        below = target_height - offset_height - height
        checks += require(offset_height >= 0, "offset_height must be >= 0")
        checks += require(offset_width >= 0, "offset_width must be >= 0")
        checks += require(right >= 0, "width must be <= target - offset")
        checks += require(below >= 0, "height must be <= target - offset")
        image = with_dependencies(checks, image)
        paddings = reshape(stack([0, 0, offset_height, below, offset_width, right, 0, 0]), [4, 2])
        padded = pad(image, paddings)
        set_sizes(padded, [batch, target_height, target_width, depth])
        return like_before(padded, was_batch)


@export("image.crop_to_bounding_box")
def crop_to_bounding_box(image, offset_height, offset_width, target_height, target_width):
    """A rectangle of an image.

    Args:
      image: a tensor of shape `[height, width, channels]`, or with a batch before them.
      offset_height: the first row.
      offset_width: the first column.
      target_height: the number of rows.
      target_width: the number of columns.

    Raises:
      ValueError (InvalidArgumentError when the graph runs, for sizes that are tensors): it is not inside of the image.
    """
    with name_scope(None, "crop_to_bounding_box", [image]):
        image, was_batch = as_batch(convert(image, name="image"))
        checks = check_sizes(image)
        batch, height, width, depth = sizes_of(image, 4)
        checks += require(offset_width >= 0, "offset_width must be >= 0.")
        checks += require(offset_height >= 0, "offset_height must be >= 0.")
        checks += require(target_width > 0, "target_width must be > 0.")
        checks += require(target_height > 0, "target_height must be > 0.")
        checks += require(width >= (target_width + offset_width), "width must be >= target + offset.")
        checks += require(height >= (target_height + offset_height), "height must be >= target + offset.")
        image = with_dependencies(checks, image)
        cropped = slice_(image, stack([0, offset_height, offset_width, 0]), stack([-1, target_height, target_width, -1]))
        set_sizes(cropped, [batch, target_height, target_width, depth])
        return like_before(cropped, was_batch)


def larger(x, y):
    """The larger of two sizes, each a number or a tensor."""
    return maximum(x, y) if is_tensor(x) or is_tensor(y) else max(x, y)


def _smaller(x, y):
    return minimum(x, y) if is_tensor(x) or is_tensor(y) else min(x, y)


def _same(x, y):
    return equal(x, y) if is_tensor(x) or is_tensor(y) else x == y


def check_target(image, target_height, target_width):
    """Assertions that an image and the size it is to have are proper."""
    checks = check_sizes(image)
    checks += require(target_width > 0, "target_width must be > 0.")
    return checks + require(target_height > 0, "target_height must be > 0.")


@export("image.resize_with_crop_or_pad", "image.resize_image_with_crop_or_pad")
def resize_with_crop_or_pad(image, target_height, target_width):
    """An image made as large as wanted by cutting off its edges or putting zeros about it, on all sides alike.

    Args:
      image: a tensor of shape `[height, width, channels]`, or with a batch before them.
      target_height: the height wanted.
      target_width: the width wanted.

    Raises:
      ValueError (InvalidArgumentError when the graph runs, for sizes that are tensors): they are not positive.
    """
    with name_scope(None, "resize_image_with_crop_or_pad", [image]):
        image, was_batch = as_batch(convert(image, name="image"))
        checks = check_target(image, target_height, target_width)
        image = with_dependencies(checks, image)
        if is_tensor(target_height):
            target_height = with_dependencies(checks, target_height)
        if is_tensor(target_width):
            target_width = with_dependencies(checks, target_width)
        _, height, width, _ = sizes_of(image, 4)
        wider = target_width - width
        left_off, left_on = larger(-wider // 2, 0), larger(wider // 2, 0)
        higher = target_height - height
        top_off, top_on = larger(-higher // 2, 0), larger(higher // 2, 0)
        rows, columns = _smaller(target_height, height), _smaller(target_width, width)
        cropped = crop_to_bounding_box(image, top_off, left_off, rows, columns)
        resized = pad_to_bounding_box(cropped, top_on, left_on, target_height, target_width)
        _, rows, columns, _ = sizes_of(resized, 4)
        checks = require(_same(rows, target_height), "resized height is not correct.")
        checks += require(_same(columns, target_width), "resized width is not correct.")
        return like_before(with_dependencies(checks, resized), was_batch)
