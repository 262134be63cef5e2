"""`scipy.misc` with the functions for images that SciPy dropped in version 1.2, for programs that `eagle run` runs; on Pillow."""

import importlib.abc
import importlib.machinery

import numpy as np

from . import finders

_FILTERS = {"nearest": 0, "lanczos": 1, "bilinear": 2, "bicubic": 3, "cubic": 3}


def bytescale(data, cmin=None, cmax=None, high=255, low=0):
    """Numbers as bytes: those from `cmin` to `cmax` (by default the least and the greatest) become those from `low` to `high`.

    Raises:
      ValueError: the limits are no bytes, or in the wrong order.
    """
    data = np.asarray(data)
    if data.dtype == np.uint8:
        return data
    if high > 255:
        raise ValueError("`high` should be less than or equal to 255.")
    if low < 0:
        raise ValueError("`low` should be greater than or equal to 0.")
    if high < low:
        raise ValueError("`high` should be greater than or equal to `low`.")
    cmin = data.min() if cmin is None else cmin
    cmax = data.max() if cmax is None else cmax
    if cmax < cmin:
        raise ValueError("`cmax` should be larger than `cmin`.")
    scaled = (data - cmin) * (float(high - low) / ((cmax - cmin) or 1)) + low
    return (scaled.clip(low, high) + 0.5).astype(np.uint8)


def toimage(arr, high=255, low=0, cmin=None, cmax=None, pal=None, mode=None, channel_axis=None):
    """An array as an image of Pillow's, its numbers scaled to bytes (see `bytescale`).

    Args:
      arr: a matrix, or an array of three dimensions of which one has 3 or 4 channels.
      high, low, cmin, cmax: as of `bytescale`.
      pal: a palette, an array `[256, 3]`, for matrices.
      mode: the image's mode.
      channel_axis: which dimension has the channels; by default the first of size 3, or else of size 4.

    Raises:
      ValueError: it can't be an image.
    """
    from PIL import Image

    data = np.asarray(arr)
    if np.iscomplexobj(data):
        raise ValueError("Cannot convert a complex-valued array.")
    channels = [i for n in (3, 4) for i, d in enumerate(data.shape) if d == n]
    if data.ndim != 2 and (data.ndim != 3 or channel_axis is None and not channels):
        raise ValueError("'arr' does not have a suitable array shape for any mode.")
    if data.ndim == 2:
        if mode in ("F", "I"):
            return Image.fromarray(data.astype(np.float32 if mode == "F" else np.int32))
        image = Image.fromarray(bytescale(data, cmin, cmax, high, low))
        if mode == "1":
            return image.point(lambda v: 255 * (v > 0)).convert("1")
        if pal is not None or mode == "P":
            image.putpalette(bytescale(np.repeat(np.arange(256), 3) if pal is None else pal).tobytes())
        return image
    axis = channels[0] if channel_axis is None else channel_axis
    if data.shape[axis] not in (3, 4):
        raise ValueError("Channel axis dimension is not valid.")
    pixels = np.moveaxis(bytescale(data, cmin, cmax, high, low), axis, -1)
    kind = mode or ("RGB" if pixels.shape[-1] == 3 else "RGBA")
    if len(kind) != pixels.shape[-1] and kind not in ("YCbCr",):
        raise ValueError("Invalid array shape for mode.")
    height, width = pixels.shape[:2]
    return Image.frombytes(kind, (width, height), np.ascontiguousarray(pixels).tobytes())


def fromimage(im, flatten=False, mode=None):
    """An image of Pillow's as an array; flattened: its grey values as floats."""
    if mode is not None:
        im = im.convert(mode) if mode != im.mode else im
    elif im.mode == "P":
        im = im.convert("RGBA" if "transparency" in im.info else "RGB")
    if flatten:
        im = im.convert("F")
    elif im.mode == "1":
        im = im.convert("L")
    return np.array(im)


def imread(name, flatten=False, mode=None):
    """The image of a file as an array; see `fromimage`."""
    from PIL import Image

    with Image.open(name) as image:
        return fromimage(image, flatten, mode)


def imsave(name, arr, format=None):
    """Writes an array to a file as an image, scaled as by `toimage`."""
    toimage(arr, channel_axis=2).save(name, format)


def imresize(arr, size, interp="bilinear", mode=None):
    """An image of another size.

    Args:
      arr: the image, an array.
      size: the percentage (an int), the fraction (a float), or height and width.
      interp: `"nearest"`, `"lanczos"`, `"bilinear"`, `"bicubic"` or `"cubic"`.
      mode: the mode of Pillow's image in between.
    """
    image = toimage(arr, mode=mode)
    if np.ndim(size):
        width_and_height = size[1], size[0]
    else:
        part = size / 100.0 if isinstance(size, int | np.integer) else size
        width_and_height = tuple(int(n * part) for n in image.size)
    return fromimage(image.resize(width_and_height, _FILTERS[interp]))


def imrotate(arr, angle, interp="bilinear"):
    """An image turned counterclockwise by an angle in degrees."""
    return fromimage(toimage(arr).rotate(angle, _FILTERS[interp]))


_FUNCTIONS = (bytescale, toimage, fromimage, imread, imsave, imresize, imrotate)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds `scipy.misc`: SciPy's own, if it still has one, with what it lacks."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname != "scipy.misc":
            return None
        own = importlib.machinery.PathFinder.find_spec(fullname, path)
        if own is None:
            return importlib.machinery.ModuleSpec(fullname, self)
        return finders.when_loaded(own, self.exec_module)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        for function in _FUNCTIONS:
            vars(module).setdefault(function.__name__, function)


def install():
    """Has `scipy.misc` found from now on, in this process."""
    finders.put_first(_Finder)
