"""Images from files and to files: `tf.image.decode_jpeg`, `decode_image`, `encode_png`, ..."""

from ..core import dtypes
from ..core.export import export
from ..core.scopes import control_dependencies, name_scope
from . import image_codecs as codecs
from .comparison import equal, logical_and, not_equal
from .cond import cond
from .gathering import gather
from .image_dtypes import convert_image_dtype
from .printing import Assert
from .text import substr


@export("io.decode_jpeg", "image.decode_jpeg")
def decode_jpeg(contents, channels=0, ratio=1, fancy_upscaling=True, try_recover_truncated=False, acceptable_fraction=1,
                dct_method="", name=None):  # fmt: skip
    """The pixels of a JPEG file.

    Args:
      contents: a scalar string: the file.
      channels: the number of channels wanted: 1 or 3; 0 for as many as the file has.
      ratio: by what to divide the height and width: 1, 2, 4 or 8.
      fancy_upscaling: a hint.
      try_recover_truncated: whether a file that ends too soon is taken for as much as there is.
      acceptable_fraction: how much of the lines must be there at least.
      dct_method: a hint: `""`, `"INTEGER_FAST"` or `"INTEGER_ACCURATE"`; decoding is always accurate here.
      name: the name of the node.

    Returns:
      A uint8 tensor of shape `[height, width, channels]`.

    Raises:
      InvalidArgumentError: the file is no such image.
    """
    return codecs.decode_jpeg(contents, channels=channels, ratio=ratio, fancy_upscaling=fancy_upscaling,
                              try_recover_truncated=try_recover_truncated, acceptable_fraction=acceptable_fraction,
                              dct_method=dct_method, name=name)  # fmt: skip


@export("io.decode_and_crop_jpeg", "image.decode_and_crop_jpeg")
def decode_and_crop_jpeg(contents, crop_window, channels=0, ratio=1, fancy_upscaling=True, try_recover_truncated=False,
                         acceptable_fraction=1, dct_method="", name=None):  # fmt: skip
    """A part of the pixels of a JPEG file.

    Args:
      contents: a scalar string: the file.
      crop_window: an int32 vector: the first row and column, the height and width.
      channels: the number of channels wanted: 1 or 3; 0 for as many as the file has.
      ratio: by what to divide the height and width: 1, 2, 4 or 8.
      fancy_upscaling: a hint.
      try_recover_truncated: whether a file that ends too soon is taken for as much as there is.
      acceptable_fraction: how much of the lines must be there at least.
      dct_method: a hint: `""`, `"INTEGER_FAST"` or `"INTEGER_ACCURATE"`; decoding is always accurate here.
      name: the name of the node.

    Returns:
      A uint8 tensor of shape `[height, width, channels]`.

    Raises:
      InvalidArgumentError: the file is no such image, or the window is not in it.
    """
    return codecs.decode_and_crop_jpeg(contents, crop_window, channels=channels, ratio=ratio, fancy_upscaling=fancy_upscaling,
                                       try_recover_truncated=try_recover_truncated,
                                       acceptable_fraction=acceptable_fraction, dct_method=dct_method, name=name)  # fmt: skip


@export("io.decode_png", "image.decode_png")
def decode_png(contents, channels=0, dtype=dtypes.uint8, name=None):
    """The pixels of a PNG file.

    Args:
      contents: a scalar string: the file.
      channels: the number of channels wanted: 1, 3 or 4; 0 for as many as the file has.
      dtype: `tf.uint8` or `tf.uint16`.
      name: the name of the node.

    Returns:
      A tensor of shape `[height, width, channels]`.

    Raises:
      InvalidArgumentError: the file is no such image.
    """
    return codecs.decode_png(contents, channels=channels, dtype=dtype, name=name)


@export("io.decode_gif", "image.decode_gif")
def decode_gif(contents, name=None):
    """The pixels of the frames of a GIF file.

    Args:
      contents: a scalar string: the file.
      name: the name of the node.

    Returns:
      A uint8 tensor of shape `[frames, height, width, 3]`.

    Raises:
      InvalidArgumentError: the file is no such image.
    """
    return codecs.decode_gif(contents, name=name)


@export("io.decode_bmp", "image.decode_bmp")
def decode_bmp(contents, channels=0, name=None):
    """The pixels of a BMP file.

    Args:
      contents: a scalar string: the file.
      channels: the number of channels that the file must have; 0 for any.
      name: the name of the node.

    Returns:
      A uint8 tensor of shape `[height, width, channels]`.

    Raises:
      InvalidArgumentError: the file is no such image.
    """
    return codecs.decode_bmp(contents, channels=channels, name=name)


@export("io.encode_jpeg", "image.encode_jpeg")
def encode_jpeg(image, format="", quality=95, progressive=False, optimize_size=False, chroma_downsampling=True,
                density_unit="in", x_density=300, y_density=300, xmp_metadata="", name=None):  # fmt: skip
    """An image as a JPEG file.

    Args:
      image: a uint8 tensor of shape `[height, width, channels]` with 1 or 3 channels.
      format: `"grayscale"` or `"rgb"`; by default as there are channels.
      quality: the quality, from 0 to 100.
      progressive: whether a coarse picture comes first.
      optimize_size: whether to take longer to make the file smaller.
      chroma_downsampling: whether colours have half the pixels along each axis.
      density_unit: `"in"` or `"cm"`.
      x_density: pixels to the unit, noted in the file.
      y_density: the same downwards.
      xmp_metadata: text put into the file.
      name: the name of the node.

    Returns:
      A scalar string.
    """
    return codecs.encode_jpeg(image, format=format, quality=quality, progressive=progressive, optimize_size=optimize_size,
                              chroma_downsampling=chroma_downsampling, density_unit=density_unit, x_density=x_density,
                              y_density=y_density, xmp_metadata=xmp_metadata, name=name)  # fmt: skip


@export("image.encode_png")
def encode_png(image, compression=-1, name=None):
    """An image as a PNG file.

    Args:
      image: a uint8 or uint16 tensor of shape `[height, width, channels]` with 1 to 4 channels.
      compression: how hard to compress, from 0 to 9; -1 for the usual.
      name: the name of the node.

    Returns:
      A scalar string.
    """
    return codecs.encode_png(image, compression=compression, name=name)


@export("io.extract_jpeg_shape", "image.extract_jpeg_shape")
def extract_jpeg_shape(contents, output_type=dtypes.int32, name=None):
    """The height, width and number of channels of a JPEG file.

    Args:
      contents: a scalar string: the file.
      output_type: `tf.int32` or `tf.int64`.
      name: the name of the node.
    """
    return codecs.extract_jpeg_shape(contents, output_type=output_type, name=name)


@export("io.is_jpeg", "image.is_jpeg")
def is_jpeg(contents, name=None):
    """Whether a file looks like JPEG.

    Args:
      contents: a scalar string: the file.
      name: the name scope.

    Returns:
      A scalar bool.
    """
    with name_scope(name, "is_jpeg"):
        return equal(substr(contents, 0, 3), b"\xff\xd8\xff", name=name)


def _is_png(contents, name=None):
    with name_scope(name, "is_png"):
        return equal(substr(contents, 0, 3), b"\211PN", name=name)


@export("io.decode_image", "image.decode_image")
def decode_image(contents, channels=None, dtype=dtypes.uint8, name=None, expand_animations=True):
    """The pixels of a file of any kind.

    Args:
      contents: a scalar string: a JPEG, PNG, GIF or BMP file.
      channels: the number of channels wanted; 0 or None for as many as the file has.
      dtype: the type of the pixels.
      name: the name scope.
      expand_animations: whether a GIF gives all its frames, with a dimension before the others; otherwise the first.

    Returns:
      A tensor of shape `[height, width, channels]`, or `[frames, height, width, 3]`.

    Raises:
      ValueError: there can't be so many channels.
    """
    with name_scope(name, "decode_image"):
        if channels not in (None, 0, 1, 3, 4):
            raise ValueError("channels must be in (None, 0, 1, 3, 4)")
        return _Decoding(contents, channels or 0, dtype, expand_animations).result()


class _Decoding:
    """A file's pixels, by the kind of file that it turns out to be."""

    def __init__(self, contents, channels, dtype, expand):
        self.contents, self.channels, self.dtype, self.expand = contents, channels, dtype, expand

    def result(self):
        self.beginning = substr(self.contents, 0, 3)
        return cond(is_jpeg(self.contents), self._jpeg, self._others, name="cond_jpeg")

    def _converted(self, pixels):
        return convert_image_dtype(pixels, self.dtype)

    def _jpeg(self):
        good = not_equal(self.channels, 4, name="check_jpeg_channels")
        check = Assert(good, ["Channels must be in (None, 0, 1, 3) when decoding JPEG images"])
        with control_dependencies([check]):
            return self._converted(codecs.decode_jpeg(self.contents, channels=self.channels))

    def _others(self):
        return cond(_is_png(self.contents), self._png, self._rest, name="cond_png")

    def _png(self):
        dtype = dtypes.uint8 if self.dtype == dtypes.uint8 else dtypes.uint16
        return self._converted(codecs.decode_png(self.contents, channels=self.channels, dtype=dtype))

    def _rest(self):
        is_gif = equal(self.beginning, b"GIF", name="is_gif")
        return cond(is_gif, self._gif, self._bmp, name="cond_gif")

    def _gif(self):
        good = logical_and(
            not_equal(self.channels, 1, name="check_gif_channels"), not_equal(self.channels, 4, name="check_gif_channels")
        )
        check = Assert(good, ["Channels must be in (None, 0, 3) when decoding GIF images"])
        with control_dependencies([check]):
            frames = self._converted(codecs.decode_gif(self.contents))
            return frames if self.expand else gather(frames, 0)

    def _bmp(self):
        signature = substr(self.contents, 0, 2)
        is_bmp = equal(signature, "BM", name="is_bmp")
        known = Assert(is_bmp, ["Unable to decode bytes as JPEG, PNG, GIF, or BMP"])
        good = not_equal(self.channels, 1, name="check_channels")
        check = Assert(good, ["Channels must be in (None, 0, 3) when decoding BMP images"])
        with control_dependencies([known, check]):
            return self._converted(codecs.decode_bmp(self.contents))
