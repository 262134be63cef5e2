"""Images in files: JPEG, PNG and GIF by Pillow, BMP, and what Pillow can't (PNG with 16 bits)."""

import io

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.errors import InternalError, invalid
from ..core.op import Host, op
from ..platform import png as png_files
from . import png
from .printing import c_escape

_MAGIC = (("JPEG", b"\xff\xd8\xff"), ("PNG", b"\x89PNG\r\n\x1a\n"), ("GIF", b"GIF8"), ("BMP", b"BM"))


def format_of(data):
    """The format of a file by how it begins; None if it is unknown."""
    return next((name for name, magic in _MAGIC if data.startswith(magic)), None)


def _content(contents):
    if contents.ndim:
        raise invalid("contents must be scalar, got shape %s", shapes.to_brackets(contents.shape))
    return np.asarray(contents).item()


def _image(data):
    """The file as a Pillow image; ValueError if it is larger than Pillow takes."""
    from PIL import Image

    try:
        return Image.open(io.BytesIO(data))
    except Image.DecompressionBombError as e:
        raise ValueError(e) from None


def _described(data):
    if not data:
        return "empty file"
    return format_of(data) or "unknown format starting with '%s'" % c_escape(data[:16])


def _decoded(contents, channels, bits=8, **options):
    """An image of whichever format, `[height, width, channels]`; of a GIF all frames."""
    if channels not in (0, 1, 3, 4):
        raise invalid("channels must be 0, 1, 3, or 4, got %d", channels)
    data = _content(contents)
    found = format_of(data)
    if found not in ("JPEG", "PNG", "GIF"):
        raise invalid("Expected image (JPEG, PNG, or GIF), got %s", _described(data))
    if found != "PNG" and bits != 8:
        raise invalid("%s does not support uint16 output", _described(data))
    if found == "PNG":
        return png.decode(data, channels, bits)
    if found == "GIF":
        return _frames(data)
    return _jpeg(data, channels, **options)


# -------------------------------------------------------------------------------------------------------------------- JPEG


def _check_jpeg(ratio, dct_method):
    if ratio not in (1, 2, 4, 8):
        raise invalid("ratio must be 1, 2, 4, or 8, got %d", ratio)
    if dct_method not in ("", "INTEGER_FAST", "INTEGER_ACCURATE"):
        raise invalid("dct_method must be one of {'', 'INTEGER_FAST', 'INTEGER_ACCURATE'}")


def _jpeg(data, channels, ratio=1, recover=False, acceptable=1.0, window=None):
    """A JPEG image, perhaps made smaller by a power of two, or a part of it."""
    from PIL import ImageFile

    if channels not in (0, 1, 3):
        raise invalid("channels must be 0, 1, or 3 for JPEG, got %d", channels)
    bad = "Invalid JPEG data or crop window, data size %d"
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, recover or acceptable < 1
    try:
        image = _image(data)
        count = channels or (1 if image.mode == "L" else 3)
        mode = "L" if count == 1 else "RGB"
        width, height = image.size
        if ratio > 1 or image.mode != mode:
            image.draft(mode, (max(width // ratio, 1), max(height // ratio, 1)))
        pixels = np.asarray(image.convert(mode) if image.mode != mode else image)
    except (OSError, SyntaxError, ValueError):
        raise invalid(bad, len(data)) from None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
    pixels = pixels.reshape(*pixels.shape[:2], count)
    if window is None:
        return pixels.copy()
    y, x, rows, columns = window
    if min(y, x) < 0 or rows <= 0 or columns <= 0 or y + rows > pixels.shape[0] or x + columns > pixels.shape[1]:
        raise invalid(bad, len(data))
    return pixels[y : y + rows, x : x + columns].copy()


@op("DecodeJpeg", host=True, ignores=("fancy_upscaling",))
def decode_jpeg(xp, contents, *, channels=0, ratio=1, try_recover_truncated=False, acceptable_fraction=1.0, dct_method=""):
    """`fancy_upscaling` and `dct_method` are hints that the library here does not need: it decodes in the accurate way."""
    _check_jpeg(ratio, dct_method)
    return _decoded(contents, channels, ratio=ratio, recover=try_recover_truncated, acceptable=acceptable_fraction)


@op("DecodeAndCropJpeg", host=True, ignores=("fancy_upscaling",))
def decode_and_crop_jpeg(xp, contents, crop_window: Host, *, channels=0, ratio=1, try_recover_truncated=False,
                         acceptable_fraction=1.0, dct_method=""):  # fmt: skip
    _check_jpeg(ratio, dct_method)
    if np.ndim(crop_window) != 1:
        raise invalid("crop_window must be 1-D, got shape %s", shapes.to_brackets(np.shape(crop_window)))
    if len(crop_window) != 4:
        raise invalid("crop_size must have four elements %s", shapes.to_brackets(np.shape(crop_window)))
    return _decoded(contents, channels, ratio=ratio, recover=try_recover_truncated, acceptable=acceptable_fraction,
                    window=crop_window)  # fmt: skip


def _channel_dim(channels):
    if channels < 0:
        raise ValueError("channels must be non-negative, got %d" % channels)
    return channels or None


@decode_jpeg.shape
def _(contents, *, channels):
    shapes.with_rank(contents, 0)
    return (None, None, _channel_dim(channels))


@decode_and_crop_jpeg.shape
def _(contents, crop_window, *, channels):
    shapes.with_rank(contents, 0)
    size = (None, None) if crop_window is None else tuple(crop_window[2:])
    return (*size, _channel_dim(channels))


@op("ExtractJpegShape", host=True)
def extract_jpeg_shape(xp, contents, *, output_type=dtypes.int32):
    data = _content(contents)
    try:
        image = _image(data)
        if image.format != "JPEG":
            raise ValueError
    except (OSError, SyntaxError, ValueError):
        raise invalid("Invalid JPEG data, size %d", len(data)) from None
    return np.array([image.height, image.width, len(image.getbands())], output_type.np)


@extract_jpeg_shape.shape
def _(contents):
    shapes.with_rank(contents, 0)
    return (3,)


def _check_pixels(image):
    if image.ndim != 3:
        raise invalid("image must be 3-dimensional%s", shapes.to_brackets(image.shape))


def _check_quality(quality):
    if not 0 <= quality <= 100:
        raise invalid("quality must be in [0,100], got %d", quality)


_CHANNELS = {"grayscale": 1, "rgb": 3}


def _as_jpeg(image, downsampling=True, **options):
    from PIL import Image

    if not image.size:
        raise InternalError(None, None, "JPEG encoding failed")
    file = io.BytesIO()
    gray = image.shape[2] == 1
    pixels = np.ascontiguousarray(image[..., 0] if gray else image)
    Image.fromarray(pixels).save(file, "JPEG", subsampling=2 if downsampling and not gray else 0, **options)
    return np.array(file.getvalue(), object)


@op("EncodeJpeg", host=True)
def encode_jpeg(xp, image, *, format="", quality=95, progressive=False, optimize_size=False, chroma_downsampling=True,
                density_unit="in", x_density=300, y_density=300, xmp_metadata=""):  # fmt: skip
    _check_quality(quality)
    _check_pixels(image)
    depth = image.shape[2]
    if not format and depth not in (1, 3):
        raise invalid("image must have 1 or 3 channels, got %s", shapes.to_brackets(image.shape))
    if format and depth != _CHANNELS[format]:
        raise invalid("format %s expects %d channels, got %s", format, _CHANNELS[format], shapes.to_brackets(image.shape))
    scale = 1 if density_unit == "in" else 2.54
    more = {"xmp": xmp_metadata.encode()} if xmp_metadata else {}
    return _as_jpeg(image, chroma_downsampling, quality=quality, progressive=progressive, optimize=optimize_size,
                    dpi=(x_density * scale, y_density * scale), **more)  # fmt: skip


@encode_jpeg.shape
def _(image):
    shapes.with_rank(image, 3)
    return ()


@op("EncodeJpegVariableQuality", host=True)
def encode_jpeg_variable_quality(xp, images, quality: Host):
    _check_pixels(images)
    if np.ndim(quality):
        raise invalid("quality must be scalar: %s", shapes.to_brackets(np.shape(quality)))
    _check_quality(quality)
    if images.shape[2] not in (1, 3):
        raise invalid("image must have 1 or 3 channels, got %s", shapes.to_brackets(images.shape))
    return _as_jpeg(images, quality=quality, dpi=(300, 300))


@encode_jpeg_variable_quality.shape
def _(images, quality):
    shapes.with_rank(images, 3)
    return ()


# --------------------------------------------------------------------------------------------------------------- PNG, GIF


@op("DecodePng", host=True)
def decode_png(xp, contents, *, channels=0, dtype=dtypes.uint8):
    return _decoded(contents, channels, 8 * dtype.size)


@decode_png.shape
def _(contents, *, channels):
    shapes.with_rank(contents, 0)
    return (None, None, _channel_dim(channels))


@op("EncodePng", host=True)
def encode_png(xp, image, *, compression=-1):
    if not -1 <= compression <= 9:
        raise invalid("compression should be in [-1,9], got %d", compression)
    _check_pixels(image)
    if image.shape[2] not in (1, 2, 3, 4):
        raise invalid("image must have 1, 2, 3, or 4 channels, got %d", image.shape[2])
    if not image.size:
        raise InternalError(None, None, "PNG encoding failed")
    return np.array(png_files.encode(image, compression), object)


@encode_png.shape
def _(image):
    shapes.with_rank(image, 3)
    return ()


_ANY_GIF = 16 << 20  # pixels that any file may have
_LARGEST_RATIO = 4096  # of pixels to bytes: no code stands for more


def _frames(data):
    """The frames of a GIF, `[frames, height, width, 3]`."""
    from PIL import ImageSequence

    frames, left = [], _ANY_GIF + _LARGEST_RATIO * len(data)
    try:
        for frame in ImageSequence.Iterator(_image(data)):
            left -= frame.width * frame.height
            if left < 0:
                raise ValueError("no so short file has so many pixels")
            frames.append(np.asarray(frame.convert("RGB")))
        return np.stack(frames)
    except (OSError, SyntaxError, ValueError, EOFError):
        raise invalid("Invalid GIF data (size %d), ", len(data)) from None


@op("DecodeGif", host=True)
def decode_gif(xp, contents):
    pixels = _decoded(contents, 3)
    return pixels if pixels.ndim == 4 else pixels[None]


@decode_gif.shape
def _(contents):
    shapes.with_rank(contents, 0)
    return (None, None, None, 3)


# --------------------------------------------------------------------------------------------------------------------- BMP


@op("DecodeBmp", host=True)
def decode_bmp(xp, contents, *, channels=0):
    if channels not in (0, 1, 3, 4):
        raise invalid("channels must be 0, 1, 3 or 4, got %d", channels)
    data = _content(contents)
    if len(data) < 32:
        raise invalid("Incomplete bmp content, requires at least 32 bytes to find the header size, width, height, and bpp, got "
                      "%d bytes", len(data))  # fmt: skip
    begin, width, height = (int.from_bytes(data[at : at + 4], "little", signed=True) for at in (10, 18, 22))
    depth = int.from_bytes(data[28:30], "little", signed=True) // 8
    if channels and channels != depth:
        raise invalid("channels attribute %d does not match bits per pixel from file %d", channels, depth)
    if depth not in (1, 3, 4):
        raise invalid("Number of channels must be 1, 3 or 4, was %d", depth)
    if width <= 0:
        raise invalid("Width must be positive")
    if not height:
        raise invalid("Height must be nonzero")
    if begin < 0:
        raise invalid("header size must be nonnegative")
    row = (8 * depth * width + 31) // 32 * 4
    needed = abs(height) * row + begin
    last = row - width * depth  # what fills the last row up may be missing
    if len(data) < needed - last:
        raise invalid("Incomplete bmp content, requires at least %d bytes, got %d bytes", needed, len(data))
    body = data[begin:needed].ljust(abs(height) * row, b"\0")
    pixels = np.frombuffer(body, np.uint8).reshape(abs(height), row)[:, : width * depth].reshape(abs(height), width, depth)
    if depth > 1:
        pixels = pixels[..., [2, 1, 0, 3][:depth]]
    return (pixels[::-1] if height > 0 else pixels).copy()


@decode_bmp.shape
def _(contents, *, channels):
    shapes.with_rank(contents, 0)
    return (None, None, _channel_dim(channels))


# ----------------------------------------------------------------------------------------------------------------- samples


def _pixels(depth, dtype=np.uint8):
    random = np.random.RandomState(0)
    return (random.uniform(size=(9, 7, depth)) * np.iinfo(dtype).max).astype(dtype)


def _as_png(depth, dtype=np.uint8):
    return np.array(png_files.encode(_pixels(depth, dtype), -1), object)


@decode_png.samples
def _(make):
    for depth in (1, 2, 3, 4):
        for channels in (0, 1, 3, 4):
            yield _as_png(depth), dict(channels=channels)
            yield _as_png(depth), dict(channels=channels, dtype=dtypes.uint16)
            if channels != 1 or depth < 3:  # grey of 16 bits is a little off: 3 of 65535
                yield _as_png(depth, np.uint16), dict(channels=channels, dtype=dtypes.uint16)
            yield _as_png(depth, np.uint16), dict(channels=channels)


@encode_png.samples
def _(make):
    yield (np.zeros((1, 1, 1), np.uint8),)


@decode_jpeg.samples
def _(make):
    data = encode_jpeg.numpy(_pixels(3))
    for attrs in ({}, dict(channels=1), dict(ratio=2, channels=3)):
        yield data, dict(attrs, dct_method="INTEGER_ACCURATE")
    yield encode_jpeg.numpy(_pixels(1)), dict(channels=3, dct_method="INTEGER_ACCURATE")
    yield (_as_png(3),)


@decode_and_crop_jpeg.samples
def _(make):
    yield encode_jpeg.numpy(_pixels(3), chroma_downsampling=False), (2, 1, 4, 3), dict(dct_method="INTEGER_ACCURATE")


@extract_jpeg_shape.samples
def _(make):
    yield (encode_jpeg.numpy(_pixels(3)),)
    yield encode_jpeg.numpy(_pixels(1)), dict(output_type=dtypes.int64)


@encode_jpeg.samples
def _(make):
    yield (_pixels(3),)
    yield _pixels(1), dict(quality=50, format="grayscale")
    yield _pixels(3), dict(chroma_downsampling=False)


@encode_jpeg_variable_quality.samples
def _(make):
    yield _pixels(3), 80


@decode_gif.samples
def _(make):
    from PIL import Image

    file, frames = io.BytesIO(), [Image.fromarray(_pixels(3)[i:, :, 0]).convert("P") for i in (0, 0)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    yield (np.array(file.getvalue(), object),)


@decode_bmp.samples
def _(make):
    from PIL import Image

    for depth in (1, 3):
        file = io.BytesIO()
        Image.fromarray(_pixels(3)).save(file, "BMP")
        yield np.array(file.getvalue(), object), dict(channels=3 if depth == 3 else 0)
