"""Images made brighter, richer in contrast, greyer, ...: `tf.image.adjust_brightness`, `random_contrast`, `rgb_to_yuv`, ..."""

from ..core import dtypes
from ..core.convert import convert
from ..core.export import export
from ..core.scopes import name_scope
from .arithmetic import add
from .binary import maximum
from .cast import cast
from .contraction import tensordot
from .division import div
from .filling import ones
from .flow import with_dependencies
from .image_checks import checked, checked_gray, is_tensor, require
from .image_codecs import decode_jpeg, encode_jpeg_variable_quality
from .image_color import adjust_contrast as contrast_op, adjust_hue as hue_op, adjust_saturation as saturation_op
from .image_dtypes import as_floats, convert_image_dtype
from .joining import concat
from .random import random_uniform
from .rearranging import tile
from .reduce import reduce_mean, reduce_prod
from .shaping import expand_dims, rank, shape as shape_of
from .statistics import reduce_std
from .unary import rsqrt


@export("image.per_image_standardization")
def per_image_standardization(image):
    """Images scaled linearly to mean 0 and variance 1, each by itself.

    Args:
      image: a tensor whose last three dimensions are `[height, width, channels]`.

    Returns:
      A tensor of the same shape and type.

    Raises:
      ValueError: there are fewer than 3 dimensions.
    """
    with name_scope(None, "per_image_standardization", [image]) as scope:
        image = checked(convert(image, name="image"))
        dtype = image.dtype
        image = as_floats(image)
        count = reduce_prod(shape_of(image)[-3:])
        mean = reduce_mean(image, axis=[-1, -2, -3], keepdims=True)
        deviation = reduce_std(image, axis=[-1, -2, -3], keepdims=True)
        least = rsqrt(cast(count, image.dtype))  # so that an even image is not divided by 0
        divisor = maximum(deviation, least)
        image -= mean
        image = div(image, divisor, name=scope)
        return convert_image_dtype(image, dtype, saturate=True)


# -------------------------------------------------------------------------------------------- brightness, contrast, gamma


@export("image.adjust_brightness")
def adjust_brightness(image, delta):
    """An image with a number added to its pixels.

    Args:
      image: a tensor.
      delta: a scalar, of pixels between 0 and 1.

    Returns:
      A tensor of the same shape and type.
    """
    with name_scope(None, "adjust_brightness", [image, delta]) as scope:
        image = convert(image, name="image")
        floats = as_floats(image)
        adjusted = add(floats, cast(delta, floats.dtype), name=scope)
        return convert_image_dtype(adjusted, image.dtype, saturate=True)


@export("image.random_brightness")
def random_brightness(image, max_delta, seed=None):
    """An image with a random number added to its pixels, from `[-max_delta, max_delta)`.

    Args:
      image: a tensor.
      max_delta: a Python float that is not negative.
      seed: a Python int for the random numbers.

    Raises:
      ValueError: `max_delta` is negative.
    """
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    return adjust_brightness(image, random_uniform([], -max_delta, max_delta, seed=seed))


@export("image.adjust_contrast")
def adjust_contrast(images, contrast_factor):
    """Images with the distance of pixels from the mean of their channel multiplied.

    Args:
      images: a tensor whose last three dimensions are `[height, width, channels]`.
      contrast_factor: a scalar.

    Returns:
      A tensor of the same shape and type.
    """
    with name_scope(None, "adjust_contrast", [images, contrast_factor]) as scope:
        images = convert(images, name="images")
        adjusted = contrast_op(as_floats(images), contrast_factor, name=scope)
        return convert_image_dtype(adjusted, images.dtype, saturate=True)


def _check_range(lower, upper):
    if upper <= lower:
        raise ValueError("upper must be > lower.")
    if lower < 0:
        raise ValueError("lower must be non-negative.")


@export("image.random_contrast")
def random_contrast(image, lower, upper, seed=None):
    """Images with their contrast changed by a random factor, from `[lower, upper)`.

    Args:
      image: a tensor whose last three dimensions are `[height, width, channels]`.
      lower: a Python float that is not negative.
      upper: a Python float.
      seed: a Python int for the random numbers.

    Raises:
      ValueError: the bounds are wrong.
    """
    _check_range(lower, upper)
    return adjust_contrast(image, random_uniform([], lower, upper, seed=seed))


@export("image.adjust_gamma")
def adjust_gamma(image, gamma=1, gain=1):
    """`gain * image ** gamma`, of pixels between 0 and 1.

    Args:
      image: a tensor.
      gamma: a number that is not negative, or a scalar.
      gain: a number or a scalar.

    Returns:
      A tensor of the same shape and type.

    Raises:
      ValueError (InvalidArgumentError when the graph runs, for a tensor): `gamma` is negative.
    """
    with name_scope(None, "adjust_gamma", [image, gamma, gain]):
        image = convert(image, name="image")
        floats = as_floats(image)
        checks = require(gamma >= 0, "Gamma should be a non-negative real number.")
        if checks:
            gamma = with_dependencies(checks, gamma)
        return convert_image_dtype(gain * floats**gamma, image.dtype, saturate=True)


# --------------------------------------------------------------------------------------------------- hue and saturation


@export("image.adjust_hue")
def adjust_hue(image, delta, name=None):
    """RGB images with a number added to their hue.

    Args:
      image: a tensor whose last dimension is 3.
      delta: a scalar in [-1, 1].
      name: the name scope.

    Returns:
      A tensor of the same shape and type.
    """
    with name_scope(name, "adjust_hue", [image]):
        image = convert(image, name="image")
        return convert_image_dtype(hue_op(as_floats(image), delta), image.dtype)


@export("image.random_hue")
def random_hue(image, max_delta, seed=None):
    """RGB images with a random number added to their hue, from `[-max_delta, max_delta)`.

    Args:
      image: a tensor whose last dimension is 3.
      max_delta: a Python float in [0, 0.5].
      seed: a Python int for the random numbers.

    Raises:
      ValueError: `max_delta` is not in that range.
    """
    if max_delta > 0.5:
        raise ValueError("max_delta must be <= 0.5.")
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    return adjust_hue(image, random_uniform([], -max_delta, max_delta, seed=seed))


@export("image.adjust_saturation")
def adjust_saturation(image, saturation_factor, name=None):
    """RGB images with their saturation multiplied.

    Args:
      image: a tensor whose last dimension is 3.
      saturation_factor: a scalar.
      name: the name scope.

    Returns:
      A tensor of the same shape and type.
    """
    with name_scope(name, "adjust_saturation", [image]):
        image = convert(image, name="image")
        return convert_image_dtype(saturation_op(as_floats(image), saturation_factor), image.dtype)


@export("image.random_saturation")
def random_saturation(image, lower, upper, seed=None):
    """RGB images with their saturation changed by a random factor, from `[lower, upper)`.

    Args:
      image: a tensor whose last dimension is 3.
      lower: a Python float that is not negative.
      upper: a Python float.
      seed: a Python int for the random numbers.

    Raises:
      ValueError: the bounds are wrong.
    """
    _check_range(lower, upper)
    return adjust_saturation(image, random_uniform([], lower, upper, seed=seed))


# --------------------------------------------------------------------------------------------------------- JPEG's noise


@export("image.adjust_jpeg_quality")
def adjust_jpeg_quality(image, jpeg_quality, name=None):
    """An image as it is after it was written as JPEG.

    Args:
      image: a tensor of shape `[height, width, channels]` with 1 or 3 channels.
      jpeg_quality: an int in [0, 100], or an int32 scalar.
      name: the name scope.

    Returns:
      A tensor of the same shape and type.
    """
    with name_scope(name, "adjust_jpeg_quality", [image]):
        image = convert(image, name="image")
        pixels = convert_image_dtype(image, dtypes.uint8)
        if not is_tensor(jpeg_quality):
            jpeg_quality = convert(jpeg_quality, dtypes.int32)
        return convert_image_dtype(decode_jpeg(encode_jpeg_variable_quality(pixels, jpeg_quality)), image.dtype)


@export("image.random_jpeg_quality")
def random_jpeg_quality(image, min_jpeg_quality, max_jpeg_quality, seed=None):
    """An image as it is after it was written as JPEG with a random quality.

    Args:
      image: a tensor of shape `[height, width, channels]` with 1 or 3 channels.
      min_jpeg_quality: the least quality, a Python int in [0, 100].
      max_jpeg_quality: the quality to stay below, a Python int in [0, 100].
      seed: a Python int for the random numbers.

    Raises:
      ValueError: the qualities are wrong.
    """
    if not 0 <= min_jpeg_quality <= 100 or not 0 <= max_jpeg_quality <= 100:
        raise ValueError("jpeg encoding range must be between 0 and 100.")
    if min_jpeg_quality >= max_jpeg_quality:
        raise ValueError("`min_jpeg_quality` must be less than `max_jpeg_quality`.")
    quality = random_uniform([], min_jpeg_quality, max_jpeg_quality, seed=seed, dtype=dtypes.int32)
    return adjust_jpeg_quality(image, quality)


# ------------------------------------------------------------------------------------------------- other ways of colours


@export("image.rgb_to_grayscale")
def rgb_to_grayscale(images, name=None):
    """RGB images as grey ones.

    Args:
      images: a tensor whose last dimension is 3.
      name: the name scope.

    Returns:
      A tensor of the same type, whose last dimension is 1.
    """
    with name_scope(name, "rgb_to_grayscale", [images]) as scope:
        images = convert(images, name="images")
        floats = convert_image_dtype(images, dtypes.float32)
        gray = expand_dims(tensordot(floats, [0.2989, 0.5870, 0.1140], [-1, -1]), -1)
        return convert_image_dtype(gray, images.dtype, name=scope)


@export("image.grayscale_to_rgb")
def grayscale_to_rgb(images, name=None):
    """Grey images as RGB ones.

    Args:
      images: a tensor whose last dimension is 1.
      name: the name scope.

    Returns:
      A tensor of the same type, whose last dimension is 3.

    Raises:
      ValueError (InvalidArgumentError when the graph runs, where the shape is not known): the last dimension is not 1.
    """
    with name_scope(name, "grayscale_to_rgb", [images]) as scope:
        images = checked_gray(convert(images, name="images"))
        others = expand_dims(rank(images) - 1, 0)
        multiples = concat([ones(others, dtypes.int32), expand_dims(3, 0)], 0)
        rgb = tile(images, multiples, name=scope)
        rgb.set_shape(images.shape[:-1].concatenate([3]))
        return rgb


def _by_matrix(name, what, matrix):
    """Declares the public function that multiplies colours with a matrix."""

    def function(images):
        images = convert(images, name="images")
        kernel = convert(matrix, images.dtype, name="kernel")
        return tensordot(images, kernel, axes=[[images.shape.ndims - 1], [0]])

    function.__doc__ = (
        """%s

    Args:
      images: a floating tensor of known rank, whose last dimension is 3.

    Returns:
      A tensor of the same shape and type.
    """
        % what
    )
    return export("image." + name)(function)


rgb_to_yiq = _by_matrix("rgb_to_yiq", "RGB images as luma and two of chroma (YIQ).",
                        [[0.299, 0.59590059, 0.2115], [0.587, -0.27455667, -0.52273617],
                         [0.114, -0.32134392, 0.31119955]])  # fmt: skip
yiq_to_rgb = _by_matrix("yiq_to_rgb", "Images of luma and two of chroma (YIQ) as RGB ones.",
                        [[1, 1, 1], [0.95598634, -0.27201283, -1.10674021],
                         [0.6208248, -0.64720424, 1.70423049]])  # fmt: skip
rgb_to_yuv = _by_matrix("rgb_to_yuv", "RGB images as luma and two of chroma (YUV).",
                        [[0.299, -0.14714119, 0.61497538], [0.587, -0.28886916, -0.51496512],
                         [0.114, 0.43601035, -0.10001026]])  # fmt: skip
yuv_to_rgb = _by_matrix("yuv_to_rgb", "Images of luma and two of chroma (YUV) as RGB ones.",
                        [[1, 1, 1], [0, -0.394642334, 2.03206185], [1.13988303, -0.58062185, 0]])  # fmt: skip
