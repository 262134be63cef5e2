"""Images as files, as images of Pillow and as arrays."""

import io
import os
import warnings

import numpy as np

from ...core.export import export
from ..backend.settings import floatx, image_data_format

IMAGE_EXTENSIONS = ("png", "jpg", "jpeg", "bmp", "ppm", "tif", "tiff")
_INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "hamming", "box", "lanczos")
_MODES = {"rgb": "RGB", "rgba": "RGBA"}
_GRAY_MODES = ("L", "I;16", "I")


def pillow(what):
    """The module `PIL.Image`; raises ImportError if Pillow is not installed."""
    try:
        from PIL import Image
    except ImportError:
        raise ImportError("Could not import PIL.Image. The use of `%s` requires PIL." % what) from None
    return Image


def _checked_format(data_format, message):
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError(message % data_format)
    return data_format


def as_image(x, data_format="channels_last", scale=True, dtype="float32"):
    """An image of Pillow from an array; see `array_to_img`."""
    image = pillow("array_to_img")
    x = np.asarray(x, dtype=dtype)
    if x.ndim != 3:
        raise ValueError("Expected image array to have rank 3 (single image). Got array with shape: %s" % (x.shape,))
    if _checked_format(data_format, "Invalid data_format: %s") == "channels_first":
        x = x.transpose(1, 2, 0)
    if scale:
        x = x - np.min(x)
        largest = np.max(x)
        if largest != 0:
            x /= largest
        x *= 255
    if x.shape[2] in (3, 4):
        return image.fromarray(x.astype("uint8"))
    if x.shape[2] == 1:
        return image.fromarray(x[:, :, 0].astype("int32" if np.max(x) > 255 else "uint8"))
    raise ValueError("Unsupported channel number: %s" % (x.shape[2],))


def as_array(img, data_format="channels_last", dtype="float32"):
    """An array from an image of Pillow; see `img_to_array`."""
    _checked_format(data_format, "Unknown data_format: %s")
    x = np.asarray(img, dtype=dtype)
    if x.ndim == 2:
        x = x[:, :, None]
    elif x.ndim != 3:
        raise ValueError("Unsupported image shape: %s" % (x.shape,))
    return x.transpose(2, 0, 1) if data_format == "channels_first" else x


@export("keras.preprocessing.image.array_to_img")
def array_to_img(x, data_format=None, scale=True, dtype=None):
    """An image of Pillow from an array.

    Args:
      x: an array of rank 3 with 1, 3 or 4 channels.
      data_format: "channels_last" or "channels_first", by default as in the settings of Keras.
      scale: whether to bring the values between 0 and 255.
      dtype: the type to compute with, by default that of floats in Keras.

    Raises:
      ImportError: Pillow is not installed.
      ValueError: the array or the format is not as it must be.
    """
    return as_image(x, data_format or image_data_format(), scale, dtype or floatx())


@export("keras.preprocessing.image.img_to_array")
def img_to_array(img, data_format=None, dtype=None):
    """An array of rank 3 from an image of Pillow.

    Args:
      img: the image.
      data_format: "channels_last" or "channels_first", by default as in the settings of Keras.
      dtype: the type of the array, by default that of floats in Keras.

    Raises:
      ValueError: the image or the format is not as it must be.
    """
    return as_array(img, data_format or image_data_format(), dtype or floatx())


@export("keras.preprocessing.image.save_img")
def save_img(path, x, data_format=None, file_format=None, scale=True, **kwargs):
    """Writes an array as an image.

    Args:
      path: a path, or a file.
      x, data_format, scale: as of `array_to_img`.
      file_format: the format, by default as the path ends.
      **kwargs: what `save` of Pillow takes.
    """
    img = as_image(x, data_format or image_data_format(), scale)
    if img.mode == "RGBA" and file_format in ("jpg", "jpeg"):
        warnings.warn("The JPG format does not support RGBA images, converting to RGB.", stacklevel=2)
        img = img.convert("RGB")
    img.save(path, format=file_format, **kwargs)


@export("keras.preprocessing.image.load_img")
def load_img(path, grayscale=False, color_mode="rgb", target_size=None, interpolation="nearest"):
    """Reads an image of Pillow.

    Args:
      path: of the file.
      grayscale: deprecated, the same as "grayscale".
      color_mode: "grayscale", "rgb" or "rgba".
      target_size: height and width, or None for those of the file.
      interpolation: "nearest", "bilinear", "bicubic", "lanczos", "box" or "hamming".

    Raises:
      ImportError: Pillow is not installed.
      ValueError: there is no such mode or interpolation.
    """
    if grayscale is True:
        warnings.warn('grayscale is deprecated. Please use color_mode = "grayscale"', stacklevel=2)
        color_mode = "grayscale"
    image = pillow("load_img")
    with open(path, "rb") as f:
        img = image.open(io.BytesIO(f.read()))
    if color_mode == "grayscale":
        img = img if img.mode in _GRAY_MODES else img.convert("L")
    elif color_mode in _MODES:
        img = img if img.mode == _MODES[color_mode] else img.convert(_MODES[color_mode])
    else:
        raise ValueError('color_mode must be "grayscale", "rgb", or "rgba"')
    if target_size is None or img.size == (target_size[1], target_size[0]):
        return img
    if interpolation not in _INTERPOLATIONS:
        raise ValueError(
            "Invalid interpolation method {} specified. Supported methods are {}".format(interpolation, ", ".join(_INTERPOLATIONS))
        )
    return img.resize((target_size[1], target_size[0]), getattr(image.Resampling, interpolation.upper()))


def is_image_file(path):
    """Whether a path is that of a file whose name ends like that of an image."""
    return path.lower().endswith(IMAGE_EXTENSIONS) and os.path.isfile(path)


def image_files(directory, part, follow_links):
    """The paths of the images in a directory and those below it, in order, relative to its parent.

    Args:
      directory: the directory.
      part: None, or which part of them, as two fractions.
      follow_links: whether links to directories are followed.
    """
    found = []
    for root, _, files in sorted(os.walk(directory, followlinks=follow_links), key=lambda entry: entry[0]):
        for name in sorted(files):
            if name.lower().endswith(".tiff"):
                warnings.warn(
                    'Using ".tiff" files with multiple bands will cause distortion. Please verify your output.', stacklevel=4
                )
            if name.lower().endswith(IMAGE_EXTENSIONS):
                found.append(os.path.join(os.path.basename(directory), os.path.relpath(os.path.join(root, name), directory)))
    return found if part is None else found[int(part[0] * len(found)) : int(part[1] * len(found))]
