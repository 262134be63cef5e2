"""Images turned, moved and skewed: `tf.contrib.image.rotate`, `translate`, `transform`."""

from ...core import dtypes
from ...core.context import here
from ...core.convert import constant, convert
from ...core.export import export
from ...core.scopes import name_scope
from ...core.static_values import constant_value
from ...ops.cast import cast
from ...ops.filling import ones, zeros
from ...ops.joining import concat
from ...ops.linalg import matrix_inverse
from ...ops.matmul import matmul
from ...ops.projective import transformed
from ...ops.shaping import reshape, shape as shape_of
from ...ops.unary import cos, sin

_TYPES = {dtypes.uint8, dtypes.int32, dtypes.int64, dtypes.float16, dtypes.float32, dtypes.float64}


def _as_batch(images):
    """Images of rank 2, 3 or 4 as a batch with channels."""
    if images.dtype.base_dtype not in _TYPES:
        raise TypeError("Invalid dtype %s." % images.dtype)
    if images.shape.ndims is None:
        raise TypeError("image_or_images rank must be statically known")
    if images.shape.ndims == 2:
        return images[None, :, :, None]
    if images.shape.ndims == 3:
        return images[None, :, :, :]
    if images.shape.ndims == 4:
        return images
    raise TypeError("Images should have rank between 2 and 4.")


def _like(images, result):
    """A batch as the images were given."""
    if images.shape.ndims == 2:
        return result[0, :, :, 0]
    return result[0, :, :, :] if images.shape.ndims == 3 else result


@export("contrib.image.transform")
def transform(images, transforms, interpolation="NEAREST", output_shape=None, name=None):
    """Images whose pixel at `(x, y)` is that of the image at `((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k)`, where
    `k = c0 x + c1 y + 1`; 0 outside of it.

    Args:
      images: a tensor `[height, width]`, `[height, width, channels]` or `[batch, height, width, channels]`.
      transforms: the numbers `[a0, a1, a2, b0, b1, b2, c0, c1]`, a vector or a row for each image.
      interpolation: `"NEAREST"` or `"BILINEAR"`.
      output_shape: the height and width of the results; by default the images'.
      name: the name scope.

    Raises:
      TypeError: a type or a rank is wrong.
      ValueError: `output_shape` is no size.
    """
    with name_scope(name, "transform"):
        given = convert(images, name="images")
        transforms = convert(transforms, dtypes.float32, name="transforms")
        images = _as_batch(given)
        output_shape = _size_of(images) if output_shape is None else output_shape
        output_shape = convert(output_shape, dtypes.int32, name="output_shape")
        if not output_shape.shape.is_compatible_with([2]):
            raise ValueError("output_shape must be a 1-D Tensor of 2 elements: new_height, new_width")
        if transforms.shape.ndims is None:
            raise TypeError("transform_or_transforms rank must be statically known")
        if transforms.shape.ndims not in (1, 2):
            raise TypeError("Transforms should have rank 1 or 2.")
        if transforms.shape.ndims == 1:
            transforms = transforms[None]
        return _like(given, transformed(images, transforms, output_shape, interpolation=interpolation.upper()))


def _size_of(images):
    size = shape_of(images)[1:3]
    known = None if here.eager else constant_value(size)
    return size if known is None else known


@transformed.grad("images")
def _(g, images, transforms, output_shape, *, interpolation):
    back = matrices_to_flat_transforms(matrix_inverse(flat_transforms_to_matrices(transforms)))
    return transformed(g, back, shape_of(images)[1:3], interpolation=interpolation)


@export("contrib.image.rotate")
def rotate(images, angles, interpolation="NEAREST", name=None):
    """Images turned counter-clockwise about their middle.

    Args:
      images: a tensor `[height, width]`, `[height, width, channels]` or `[batch, height, width, channels]`.
      angles: by how much, in radians: a scalar, or a number for each image.
      interpolation: `"NEAREST"` or `"BILINEAR"`.
      name: the name scope.

    Raises:
      TypeError: a type or a rank is wrong.
    """
    with name_scope(name, "rotate"):
        given = convert(images)
        images = _as_batch(given)
        height = _float_size(images, 1)
        width = _float_size(images, 2)
        turned = transform(images, angles_to_projective_transforms(angles, height, width), interpolation=interpolation)
        return _like(given, turned)


def _float_size(images, axis):
    """The size of images along an axis as a float32 vector of one element."""
    return cast(shape_of(images)[axis], dtypes.float32)[None]


@export("contrib.image.translate")
def translate(images, translations, interpolation="NEAREST", name=None):
    """Images moved.

    Args:
      images: a tensor `[height, width]`, `[height, width, channels]` or `[batch, height, width, channels]`.
      translations: by how much: a vector `[dx, dy]`, or one for each image.
      interpolation: `"NEAREST"` or `"BILINEAR"`.
      name: the name scope.

    Raises:
      TypeError: a type or a rank is wrong.
    """
    with name_scope(name, "translate"):
        return transform(images, translations_to_projective_transforms(translations), interpolation=interpolation)


@export("contrib.image.angles_to_projective_transforms")
def angles_to_projective_transforms(angles, image_height, image_width, name=None):
    """The numbers for `transform` that turn images about their middle.

    Args:
      angles: in radians: a scalar, or a number for each image.
      image_height: the height of images.
      image_width: their width.
      name: the name scope.

    Returns:
      A float32 tensor `[images, 8]`.

    Raises:
      TypeError: the rank is wrong.
    """
    with name_scope(name, "angles_to_projective_transforms"):
        angles = convert(angles, dtypes.float32, name="angles")
        if angles.shape.ndims not in (0, 1):
            raise TypeError("Angles should have rank 0 or 1.")
        if angles.shape.ndims == 0:
            angles = angles[None]
        x_offset = (image_width - 1 - (cos(angles) * (image_width - 1) - sin(angles) * (image_height - 1))) / 2.0
        y_offset = (image_height - 1 - (sin(angles) * (image_width - 1) + cos(angles) * (image_height - 1))) / 2.0
        count = shape_of(angles)[0]
        columns = [
            cos(angles)[:, None], -sin(angles)[:, None], x_offset[:, None],
            sin(angles)[:, None], cos(angles)[:, None], y_offset[:, None],
        ]  # fmt: skip
        return concat([*columns, zeros((count, 2), dtypes.float32)], axis=1)


@export("contrib.image.translations_to_projective_transforms")
def translations_to_projective_transforms(translations, name=None):
    """The numbers for `transform` that move images.

    Args:
      translations: a vector `[dx, dy]`, or one for each image.
      name: the name scope.

    Returns:
      A float32 tensor `[images, 8]`.

    Raises:
      TypeError: the rank is wrong.
    """
    with name_scope(name, "translations_to_projective_transforms"):
        moves = convert(translations, dtypes.float32, name="translations")
        if moves.shape.ndims is None:
            raise TypeError("translation_or_translations rank must be statically known")
        if moves.shape.ndims not in (1, 2):
            raise TypeError("Translations should have rank 1 or 2.")
        if moves.shape.ndims == 1:
            moves = moves[None]
        count = shape_of(moves)[0]

        def column(make, n=1):
            return make((count, n), dtypes.float32)

        return concat([column(ones), column(zeros), -moves[:, 0, None], column(zeros), column(ones), -moves[:, 1, None],
                       column(zeros, 2)], axis=1)  # fmt: skip


@export("contrib.image.compose_transforms")
def compose_transforms(*transforms):
    """The numbers for `transform` that do what several would do one after the other.

    Args:
      *transforms: float32 tensors `[8]` or `[images, 8]`.

    Returns:
      A float32 tensor `[images, 8]`.
    """
    assert transforms, "transforms cannot be empty"
    with name_scope("compose_transforms"):
        composed = flat_transforms_to_matrices(transforms[0])
        for one in transforms[1:]:
            composed = matmul(composed, flat_transforms_to_matrices(one))
        return matrices_to_flat_transforms(composed)


@export("contrib.image.flat_transforms_to_matrices")
def flat_transforms_to_matrices(transforms):
    """The numbers for `transform` as matrices.

    Args:
      transforms: a float32 tensor `[8]` or `[images, 8]`.

    Returns:
      A float32 tensor `[images, 3, 3]`.

    Raises:
      ValueError: the rank is wrong.
    """
    with name_scope("flat_transforms_to_matrices"):
        transforms = convert(transforms, name="transforms")
        if transforms.shape.ndims not in (1, 2):
            raise ValueError("Transforms should be 1D or 2D, got: %s" % transforms)
        transforms = reshape(transforms, constant([-1, 8]))
        count = shape_of(transforms)[0]
        return reshape(concat([transforms, ones([count, 1])], axis=1), constant([-1, 3, 3]))


@export("contrib.image.matrices_to_flat_transforms")
def matrices_to_flat_transforms(transform_matrices):
    """Matrices as the numbers for `transform`.

    Args:
      transform_matrices: a float32 tensor `[3, 3]` or `[images, 3, 3]`.

    Returns:
      A float32 tensor `[images, 8]`.

    Raises:
      ValueError: the rank is wrong.
    """
    with name_scope("matrices_to_flat_transforms"):
        matrices = convert(transform_matrices, name="transform_matrices")
        if matrices.shape.ndims not in (2, 3):
            raise ValueError("Matrices should be 2D or 3D, got: %s" % matrices)
        flat = reshape(matrices, constant([-1, 9]))
        flat /= flat[:, 8:9]
        return flat[:, :8]
