"""Changes of images that are arrays of rank 3: rotation, shift, shear, zoom, colors.

The random ones draw from NumPy's global generator, as TensorFlow's do.
"""

import numpy as np

from ...core.export import export
from .image_files import as_array, as_image


def flip_axis(x, axis):
    """An array backwards along an axis."""
    return np.flip(np.asarray(x), axis)


def _affine(theta, tx, ty, shear, zx, zy):
    """The matrix of rotation, shift, shear and zoom, or None if there is nothing to do."""
    factors = []
    if theta != 0:
        angle = np.deg2rad(theta)
        factors.append([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    if tx != 0 or ty != 0:
        factors.append([[1, 0, tx], [0, 1, ty], [0, 0, 1]])
    if shear != 0:
        angle = np.deg2rad(shear)
        factors.append([[1, -np.sin(angle), 0], [0, np.cos(angle), 0], [0, 0, 1]])
    if zx != 1 or zy != 1:
        factors.append([[zx, 0, 0], [0, zy, 0], [0, 0, 1]])
    matrix = None
    for factor in factors:
        matrix = np.array(factor) if matrix is None else np.dot(matrix, np.array(factor))
    return matrix


def _centered(matrix, height, width):
    """A matrix that works from the middle of an image."""
    x, y = float(height) / 2 + 0.5, float(width) / 2 + 0.5
    there = np.array([[1, 0, x], [0, 1, y], [0, 0, 1]])
    back = np.array([[1, 0, -x], [0, 1, -y], [0, 0, 1]])
    return np.dot(np.dot(there, matrix), back)


@export("keras.preprocessing.image.apply_affine_transform")
def apply_affine_transform(x, theta=0, tx=0, ty=0, shear=0, zx=1, zy=1, row_axis=0, col_axis=1, channel_axis=2,
                           fill_mode="nearest", cval=0.0, order=1):  # fmt: skip
    """An image rotated, shifted, sheared and zoomed.

    Args:
      x: an array of rank 3.
      theta: how far to rotate, in degrees.
      tx, ty: how many rows and columns to shift.
      shear: the angle of shear, in degrees.
      zx, zy: how far to zoom out.
      row_axis, col_axis, channel_axis: which axes these are.
      fill_mode: what is outside: "constant", "nearest", "reflect" or "wrap".
      cval: the constant.
      order: the order of the splines that interpolate.

    Raises:
      ImportError: SciPy is not installed.
    """
    try:
        from scipy import ndimage
    except ImportError:
        raise ImportError("Image transformations require SciPy. Install SciPy.") from None
    matrix = _affine(theta, tx, ty, shear, zx, zy)
    if matrix is None:
        return x
    matrix = _centered(matrix, x.shape[row_axis], x.shape[col_axis])
    channels = [
        ndimage.affine_transform(channel, matrix[:2, :2], matrix[:2, 2], order=order, mode=fill_mode, cval=cval)
        for channel in np.moveaxis(x, channel_axis, 0)
    ]
    return np.moveaxis(np.stack(channels), 0, channel_axis)


# The random changes tell where the channels are but not where the rows are: rows and columns are taken to be the first two axes, as
# TensorFlow 1.15 takes them. `row_axis` and `col_axis` say only by which size a shift is multiplied.


@export("keras.preprocessing.image.random_rotation")
def random_rotation(x, rg, row_axis=1, col_axis=2, channel_axis=0, fill_mode="nearest", cval=0.0, interpolation_order=1):
    """An image rotated by up to `rg` degrees either way; see `apply_affine_transform`."""
    theta = np.random.uniform(-rg, rg)
    return apply_affine_transform(
        x, theta=theta, channel_axis=channel_axis, fill_mode=fill_mode, cval=cval, order=interpolation_order
    )  # fmt: skip


@export("keras.preprocessing.image.random_shift")
def random_shift(x, wrg, hrg, row_axis=1, col_axis=2, channel_axis=0, fill_mode="nearest", cval=0.0, interpolation_order=1):
    """An image shifted by up to these fractions of its width and height; see `apply_affine_transform`."""
    height, width = x.shape[row_axis], x.shape[col_axis]
    tx = np.random.uniform(-hrg, hrg) * height
    ty = np.random.uniform(-wrg, wrg) * width
    return apply_affine_transform(
        x, tx=tx, ty=ty, channel_axis=channel_axis, fill_mode=fill_mode, cval=cval, order=interpolation_order
    )  # fmt: skip


@export("keras.preprocessing.image.random_shear")
def random_shear(x, intensity, row_axis=1, col_axis=2, channel_axis=0, fill_mode="nearest", cval=0.0, interpolation_order=1):
    """An image sheared by up to `intensity` degrees either way; see `apply_affine_transform`."""
    shear = np.random.uniform(-intensity, intensity)
    return apply_affine_transform(
        x, shear=shear, channel_axis=channel_axis, fill_mode=fill_mode, cval=cval, order=interpolation_order
    )  # fmt: skip


def random_zooms(zoom_range):
    """Two random numbers of a range, or 1 and 1."""
    if zoom_range[0] == 1 and zoom_range[1] == 1:
        return 1, 1
    return np.random.uniform(zoom_range[0], zoom_range[1], 2)


@export("keras.preprocessing.image.random_zoom")
def random_zoom(x, zoom_range, row_axis=1, col_axis=2, channel_axis=0, fill_mode="nearest", cval=0.0, interpolation_order=1):
    """An image zoomed by numbers of a range; see `apply_affine_transform`; raises ValueError unless the range has two numbers."""
    if len(zoom_range) != 2:
        raise ValueError("`zoom_range` should be a tuple or list of two floats. Received: %s" % (zoom_range,))
    zx, zy = random_zooms(zoom_range)
    return apply_affine_transform(
        x, zx=zx, zy=zy, channel_axis=channel_axis, fill_mode=fill_mode, cval=cval, order=interpolation_order
    )  # fmt: skip


@export("keras.preprocessing.image.apply_channel_shift")
def apply_channel_shift(x, intensity, channel_axis=0):
    """An image with a number added to all values, which stay between the least and the largest value there is.

    `channel_axis` changes nothing, since all channels are shifted by the same number.
    """
    del channel_axis
    return np.clip(x + intensity, np.min(x), np.max(x))


@export("keras.preprocessing.image.random_channel_shift")
def random_channel_shift(x, intensity_range, channel_axis=0):
    """`apply_channel_shift` by up to `intensity_range` either way."""
    return apply_channel_shift(x, np.random.uniform(-intensity_range, intensity_range), channel_axis=channel_axis)


@export("keras.preprocessing.image.apply_brightness_shift")
def apply_brightness_shift(x, brightness):
    """An image, channels last, made brighter; 0.0 is black, 1.0 leaves it; raises ImportError if Pillow is not installed."""
    try:
        from PIL import ImageEnhance
    except ImportError:
        raise ImportError("Using brightness shifts requires PIL. Install PIL or Pillow.") from None
    return as_array(ImageEnhance.Brightness(as_image(x)).enhance(brightness))


@export("keras.preprocessing.image.random_brightness")
def random_brightness(x, brightness_range):
    """`apply_brightness_shift` by a number of a range; raises ValueError unless the range has two numbers."""
    if len(brightness_range) != 2:
        raise ValueError("`brightness_range should be tuple or list of two floats. Received: %s" % (brightness_range,))
    return apply_brightness_shift(x, np.random.uniform(brightness_range[0], brightness_range[1]))
