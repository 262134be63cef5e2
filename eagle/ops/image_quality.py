"""How images differ, from others and within themselves: `tf.image.psnr`, `ssim`, `total_variation`, `sobel_edges`, ..."""

import numpy as np

from ..core import dtypes
from ..core.convert import constant, convert
from ..core.export import export
from ..core.scopes import control_dependencies, name_scope
from .activation import relu
from .arithmetic import subtract
from .binary import pow_, squared_difference
from .cast import cast
from .comparison import equal, greater_equal, not_equal
from .cond import cond
from .cross_entropy import softmax
from .depthwise import depthwise_conv2d
from .filling import range_, zeros
from .image_dtypes import convert_image_dtype
from .joining import concat, stack
from .padding import pad
from .passing import identity
from .pool_functions import avg_pool
from .printing import Assert
from .rearranging import tile
from .reduce import reduce_all, reduce_any, reduce_mean, reduce_prod, reduce_sum
from .shaping import expand_dims, reshape, shape as shape_of, shape_n, size as size_of
from .splitting import unstack
from .unary import abs_, log, square


def _check_alike(a, b):
    """Checks that two images agree in their last three dimensions; their shapes and the assertions made."""
    known_a, known_b = a.shape.with_rank_at_least(3), b.shape.with_rank_at_least(3)
    known_a[-3:].assert_is_compatible_with(known_b[-3:])
    if known_a.ndims is not None and known_b.ndims is not None:
        for m, n in zip(reversed(known_a.dims[:-3]), reversed(known_b.dims[:-3])):
            if not (m == 1 or n == 1 or m.is_compatible_with(n)):
                raise ValueError("Two images are not compatible: %s and %s" % (known_a, known_b))
    a, b = shape_n([a, b])
    return a, b, [
        Assert(greater_equal(size_of(a), 3), [a, b], summarize=10),
        Assert(reduce_all(equal(a[-3:], b[-3:])), [a, b], summarize=10),
    ]  # fmt: skip


@export("image.psnr")
def psnr(a, b, max_val, name=None):
    """The ratio of the strongest signal to the noise between images, in decibels.

    Args:
      a: a tensor whose last three dimensions are `[height, width, channels]`.
      b: the same.
      max_val: the range of pixels.
      name: the name scope.

    Returns:
      A float32 tensor: one number for each image.
    """
    with name_scope(name, "PSNR", [a, b]):
        max_val = convert_image_dtype(cast(max_val, a.dtype), dtypes.float32)
        a = convert_image_dtype(a, dtypes.float32)
        b = convert_image_dtype(b, dtypes.float32)
        mse = reduce_mean(squared_difference(a, b), [-3, -2, -1])
        signal = 20 * log(max_val) / log(10.0)
        found = subtract(signal, np.float32(10 / np.log(10)) * log(mse), name="psnr")
        *_, checks = _check_alike(a, b)
        with control_dependencies(checks):
            return identity(found)


# ---------------------------------------------------------------------------------------------------- structural likeness


def _window(size, sigma):
    """A Gaussian window, `[size, size, 1, 1]`, that sums to 1."""
    size = convert(size, dtypes.int32)
    sigma = convert(sigma)
    places = cast(range_(size), sigma.dtype)
    places -= cast(size - 1, sigma.dtype) / 2.0
    powers = square(places)
    powers *= -0.5 / square(sigma)
    powers = reshape(powers, shape=[1, -1]) + reshape(powers, shape=[-1, 1])
    powers = softmax(reshape(powers, shape=[1, -1]))
    return reshape(powers, shape=[size, size, 1, 1])


def _likeness(x, y, mean_of, max_val, k1, k2):
    """The likeness of two images in brightness, and in contrast and structure."""
    c1, c2 = (k1 * max_val) ** 2, (k2 * max_val) ** 2
    mean_x, mean_y = mean_of(x), mean_of(y)
    of_means = mean_x * mean_y * 2.0
    of_squares = square(mean_x) + square(mean_y)
    brightness = (of_means + c1) / (of_squares + c1)
    products = mean_of(x * y) * 2.0
    squares = mean_of(square(x) + square(y))
    c2 *= 1.0
    return brightness, (products - of_means + c2) / (squares - of_squares + c2)


def _per_channel(a, b, max_val, filter_size, filter_sigma, k1, k2):
    """The likeness of images, and that in contrast and structure alone, channel by channel."""
    filter_size = constant(filter_size, dtypes.int32)
    filter_sigma = constant(filter_sigma, a.dtype)
    shapes = shape_n([a, b])
    checks = [Assert(reduce_all(greater_equal(s[-3:-1], filter_size)), [s, filter_size], summarize=8) for s in shapes]
    with control_dependencies(checks):
        a = identity(a)
    window = _window(filter_size, filter_sigma)
    window = tile(window, multiples=[1, 1, shapes[0][-1], 1])

    def mean_of(x):
        shape = shape_of(x)
        x = reshape(x, shape=concat([[-1], shape[-3:]], 0))
        y = depthwise_conv2d(x, window, strides=[1, 1, 1, 1], padding="VALID")
        return reshape(y, concat([shape[:-3], shape_of(y)[1:]], 0))

    brightness, rest = _likeness(a, b, mean_of, max_val, k1, k2)
    axes = constant([-3, -2], dtypes.int32)
    return reduce_mean(brightness * rest, axes), reduce_mean(rest, axes)


def _as_floats(a, b, max_val):
    max_val = convert_image_dtype(cast(max_val, a.dtype), dtypes.float32)
    return convert_image_dtype(a, dtypes.float32), convert_image_dtype(b, dtypes.float32), max_val


@export("image.ssim")
def ssim(img1, img2, max_val, filter_size=11, filter_sigma=1.5, k1=0.01, k2=0.03):
    """The structural likeness of images.

    Args:
      img1: a tensor whose last three dimensions are `[height, width, channels]`.
      img2: the same.
      max_val: the range of pixels.
      filter_size: the size of the window of pixels that are compared.
      filter_sigma: its standard deviation.
      k1: how much brightness hardly matters.
      k2: how much contrast hardly matters.

    Returns:
      A float32 tensor: one number for each image, 1 for equal ones.
    """
    *_, checks = _check_alike(img1, img2)
    with control_dependencies(checks):
        img1 = identity(img1)
    img1, img2, max_val = _as_floats(img1, img2, max_val)
    of_channels, _ = _per_channel(img1, img2, max_val, filter_size, filter_sigma, k1, k2)
    return reduce_mean(of_channels, [-1])


_POWERS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
_HALF = [1, 2, 2, 1]


@export("image.ssim_multiscale")
def ssim_multiscale(img1, img2, max_val, power_factors=_POWERS, filter_size=11, filter_sigma=1.5, k1=0.01, k2=0.03):
    """The structural likeness of images at several scales.

    Args:
      img1: a tensor whose last three dimensions are `[height, width, channels]`.
      img2: the same.
      max_val: the range of pixels.
      power_factors: the weight of each scale, from the finest, each half as large as the one before.
      filter_size: the size of the window of pixels that are compared.
      filter_sigma: its standard deviation.
      k1: how much brightness hardly matters.
      k2: how much contrast hardly matters.

    Returns:
      A float32 tensor: one number for each image, 1 for equal ones.
    """
    with name_scope(None, "MS-SSIM", [img1, img2]):
        img1, img2 = convert(img1, name="img1"), convert(img2, name="img2")
        *shapes, checks = _check_alike(img1, img2)
        with control_dependencies(checks):
            img1 = identity(img1)
        *images, max_val = _as_floats(img1, img2, max_val)
        heads, tails = [s[:-3] for s in shapes], [s[-3:] for s in shapes]
        divisor = constant(_HALF[1:], dtypes.int32)
        found = []
        for k in range(len(power_factors)):
            with name_scope(None, "Scale%d" % k, images):
                if k > 0:
                    images, tails = _halved(images, heads, tails, divisor)
                whole, rest = _per_channel(*images, max_val, filter_size, filter_sigma, k1, k2)
                found.append(relu(rest))
        found.pop()
        found = stack([*found, relu(whole)], axis=-1)
        of_channels = reduce_prod(pow_(found, power_factors), [-1])
        return reduce_mean(of_channels, [-1])


def _halved(images, heads, tails, divisor):
    flat = [reshape(x, concat([[-1], t], 0)) for x, t in zip(images, tails)]
    rest = tails[0] % divisor
    uneven = reduce_any(not_equal(rest, 0))

    def padded():
        padding = pad(expand_dims(rest, -1), [[1, 0], [1, 0]])
        return [pad(x, padding, mode="SYMMETRIC") for x in flat]

    even = cond(uneven, padded, lambda: flat)
    smaller = [avg_pool(x, ksize=_HALF, strides=_HALF, padding="VALID") for x in even]
    tails = [x[1:] for x in shape_n(smaller)]
    return [reshape(x, concat([h, t], 0)) for x, h, t in zip(smaller, heads, tails)], tails


# ----------------------------------------------------------------------------------------------------- within an image


@export("image.total_variation")
def total_variation(images, name=None):
    """The sum of the absolute differences of neighbouring pixels.

    Args:
      images: a tensor of shape `[height, width, channels]`, or with a batch before them.
      name: the name scope.

    Returns:
      A scalar, or a vector with a number for each image.

    Raises:
      ValueError: the rank is another one.
    """
    with name_scope(name, "total_variation"):
        if images.shape.ndims == 3:
            down, across, axes = images[1:, :, :] - images[:-1, :, :], images[:, 1:, :] - images[:, :-1, :], None
        elif images.shape.ndims == 4:
            down = images[:, 1:, :, :] - images[:, :-1, :, :]
            across, axes = images[:, :, 1:, :] - images[:, :, :-1, :], [1, 2, 3]
        else:
            raise ValueError("'images' must be either 3 or 4-dimensional.")
        return reduce_sum(abs_(down), axis=axes) + reduce_sum(abs_(across), axis=axes)


@export("image.image_gradients")
def image_gradients(image):
    """The differences of neighbouring pixels, downwards and across, 0 at the far edges.

    Args:
      image: a tensor of shape `[batch, height, width, channels]`.

    Returns:
      Two tensors of the same shape and type.

    Raises:
      ValueError: the rank is another one.
    """
    if image.shape.ndims != 4:
        raise ValueError("image_gradients expects a 4D tensor [batch_size, h, w, d], not %s." % image.shape)
    shape = shape_of(image)
    batch, height, width, depth = unstack(shape)
    down = image[:, 1:, :, :] - image[:, :-1, :, :]
    across = image[:, :, 1:, :] - image[:, :, :-1, :]
    edge = stack([batch, 1, width, depth])
    down = reshape(concat([down, zeros(edge, image.dtype)], 1), shape)
    edge = stack([batch, height, 1, depth])
    across = reshape(concat([across, zeros(edge, image.dtype)], 2), shape)
    return down, across


_SOBEL = [[[-1, -2, -1], [0, 0, 0], [1, 2, 1]], [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]


@export("image.sobel_edges")
def sobel_edges(image):
    """The edges of images by Sobel's filters, downwards and across.

    Args:
      image: a floating tensor of shape `[batch, height, width, channels]`.

    Returns:
      A tensor of shape `[batch, height, width, channels, 2]`.
    """
    known, shape = image.shape, shape_of(image)
    kernels = np.transpose(np.asarray(_SOBEL), (1, 2, 0))[:, :, None]
    kernels = tile(constant(kernels, image.dtype), [1, 1, shape[-1], 1], name="sobel_filters")
    padded = pad(image, [[0, 0], [1, 1], [1, 1], [0, 0]], mode="REFLECT")
    edges = depthwise_conv2d(padded, kernels, [1, 1, 1, 1], "VALID")
    edges = reshape(edges, shape=concat([shape, [2]], 0))
    edges.set_shape(known.concatenate([2]))
    return edges
