"""Images resized by the method wanted: `tf.image.resize_images`, `resize_image_with_pad`."""

from ..core import dtypes
from ..core.convert import convert
from ..core.export import export
from ..core.known import partial_shape
from ..core.scopes import name_scope
from .binary import minimum
from .cast import cast
from .flow import with_dependencies
from .image_checks import as_batch, like_before, sizes_of
from .image_layout import check_target, larger, pad_to_bounding_box
from .image_resizing import resize_area, resize_bicubic, resize_bilinear, resize_nearest_neighbor
from .unary import floor, round_


@export("image.ResizeMethod")
class ResizeMethod:
    """The ways to resize images."""

    BILINEAR = 0
    NEAREST_NEIGHBOR = 1
    BICUBIC = 2
    AREA = 3


_BY_METHOD = {
    0: resize_bilinear, "bilinear": resize_bilinear, 1: resize_nearest_neighbor, "nearest": resize_nearest_neighbor,
    2: resize_bicubic, "bicubic": resize_bicubic, 3: resize_area, "area": resize_area,
}  # fmt: skip


@export("image.resize_images", "image.resize")
def resize_images(images, size, method=ResizeMethod.BILINEAR, align_corners=False, preserve_aspect_ratio=False, name=None):
    """Images resized.

    Args:
      images: a tensor of shape `[height, width, channels]`, or with a batch before them.
      size: the new height and width, an int32 vector.
      method: one of `ResizeMethod`.
      align_corners: whether the corner pixels lie upon each other.
      preserve_aspect_ratio: whether images keep their shape, so that they become as large as fits in `size`.
      name: the name scope.

    Returns:
      A float32 tensor, of nearest neighbours one of the images' type; the images themselves where they are known to have the
      size already.

    Raises:
      ValueError: the images' or the size's shape is wrong, or there is no such method.
    """
    with name_scope(name, "resize", [images, size]):
        images = convert(images, name="images")
        if images.shape.ndims is None:
            raise ValueError("'images' contains no shape.")
        images, was_batch = as_batch(images)
        size = _as_size(size)
        height, width = _known(size)
        if preserve_aspect_ratio:
            size = _fitting(images, height, width)
            height, width = _known(size)
        if None not in (height, width) and [height, width] == images.shape.as_list()[1:3]:
            return like_before(images, was_batch)
        if method not in _BY_METHOD:
            raise ValueError("Resize method is not implemented.")
        images = _BY_METHOD[method](images, size, align_corners=align_corners)
        images.set_shape([None, height, width, None])
        return like_before(images, was_batch)


def _as_size(size):
    try:
        size = convert(size, dtypes.int32, name="size")
    except (TypeError, ValueError):
        raise ValueError("'size' must be a 1-D int32 Tensor") from None
    if not size.shape.is_compatible_with([2]):
        raise ValueError("'size' must be a 1-D Tensor of 2 elements: new_height, new_width")
    return size


def _known(size):
    return partial_shape(size) or (None, None)


def _fitting(images, height, width):
    """The size that images keeping their shape get within a height and width."""
    _, *now = sizes_of(images, 4)[:3]
    by_height = cast(height, dtypes.float32) / cast(now[0], dtypes.float32)
    by_width = cast(width, dtypes.float32) / cast(now[1], dtypes.float32)
    scale = minimum(by_height, by_width)
    sizes = [cast(round_(scale * cast(n, dtypes.float32)), dtypes.int32) for n in now]
    return convert(sizes, dtypes.int32, name="size")


@export("image.resize_image_with_pad")
def resize_image_with_pad(image, target_height, target_width, method=ResizeMethod.BILINEAR, align_corners=False):
    """An image resized to fit within a size, keeping its shape, with zeros about it.

    Args:
      image: a tensor of shape `[height, width, channels]`, or with a batch before them.
      target_height: the height wanted.
      target_width: the width wanted.
      method: one of `ResizeMethod`.
      align_corners: whether the corner pixels lie upon each other.

    Raises:
      ValueError (InvalidArgumentError when the graph runs, for sizes that are tensors): they are not positive.
    """
    with name_scope(None, "resize_image_with_pad", [image]):
        image, was_batch = as_batch(convert(image, name="image"))
        image = with_dependencies(check_target(image, target_height, target_width), image)
        _, height, width, _ = sizes_of(image, 4)
        height, width, wanted_height, wanted_width = (cast(n, dtypes.float64) for n in (height, width, target_height, target_width))
        ratio = larger(width / wanted_width, height / wanted_height)
        new_height, new_width = height / ratio, width / ratio
        size = [cast(floor(n), dtypes.int32) for n in (new_height, new_width)]
        margins = (wanted_height - new_height) / 2, (wanted_width - new_width) / 2
        margins = [floor(m) for m in margins]
        top, left = (larger(0, cast(m, dtypes.int32)) for m in margins)
        resized = resize_images(image, size, method, align_corners=align_corners)
        padded = pad_to_bounding_box(resized, top, left, target_height, target_width)
        sizes_of(padded, 4)
        return like_before(padded, was_batch)
