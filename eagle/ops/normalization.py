"""Normalization: moments and what is made of them, batch normalization, local response normalization, `l2_loss`."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import constant, convert
from ..core.deprecation import one_of
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..core.scopes import name_scope
from .arithmetic import add, multiply, subtract
from .batch_norm import fused_batch_norm_v3
from .binary import maximum, squared_difference
from .cast import cast
from .filling import zeros_like
from .gathering import gather
from .passing import stop_gradient
from .reduce import reduce_mean, reduce_prod, reduce_sum
from .shaping import shape as shape_of, squeeze
from .statistics import norm
from .unary import reciprocal, rsqrt, square


@op("L2Loss")
def _l2_loss(xp, t):
    """Half the sum of the squares of a tensor's elements."""
    flat = t.reshape(-1)
    return (xp.dot(flat, flat) / t.dtype.type(2)).astype(t.dtype)


_l2_loss.shape(lambda t: ())


@_l2_loss.grad("t")
def _(g, t):
    return t * g


@_l2_loss.samples
def _(make):
    yield (make(2, 3),)
    yield (make(),)
    yield (make(0, 3),)


@export("nn.l2_loss")
def l2_loss(t, name=None):
    """Half the sum of the squares of a tensor's elements.

    Args:
      t: a tensor of floats.
      name: the name of the node.
    """
    return _l2_loss(t, name=name)


# ------------------------------------------------------------------------------------------- local response normalization


def _neighbours(channels, radius, dtype):
    """The matrix that adds up, for each channel, those no further away than `radius`."""
    index = np.arange(channels)
    return (np.abs(index[:, None] - index) <= radius).astype(dtype)


def _wide(x):
    return x.astype(np.float32) if x.dtype.itemsize < 4 else x


def _check_lrn(x):
    if x.ndim != 4:
        raise invalid("in must be 4-dimensional")


@op("LRN")
def _lrn(xp, input, *, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5):
    _check_lrn(input)
    x = _wide(input)
    norm = bias + alpha * (xp.square(x) @ _neighbours(x.shape[-1], depth_radius, x.dtype))
    return (x * norm**-beta).astype(input.dtype)


_lrn.shape(lambda input: shapes.with_rank(input, 4))


@_lrn.grad("input")
def _(g, input, output, *, depth_radius, bias, alpha, beta):
    return _lrn_grad(g, input, output, depth_radius=depth_radius, bias=bias, alpha=alpha, beta=beta)


@_lrn.samples
def _(make):
    yield (make(2, 2, 3, 4),)
    yield make(1, 2, 2, 7), dict(depth_radius=2, bias=0.5, alpha=0.3, beta=0.75)
    yield (make(0, 2, 3, 4),)


@op("LRNGrad")
def _lrn_grad(xp, input_grads, input_image, output_image, *, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5):
    _check_lrn(input_image)
    g, x, y = _wide(input_grads), _wide(input_image), _wide(output_image)
    band = _neighbours(x.shape[-1], depth_radius, x.dtype)
    norm = bias + alpha * (xp.square(x) @ band)
    return (g * norm**-beta - 2 * alpha * beta * x * ((g * y / norm) @ band)).astype(input_image.dtype)


@_lrn_grad.shape
def _(input_grads, input_image, output_image):
    return shapes.with_rank(shapes.agree(shapes.agree(input_grads, input_image), output_image), 4)


@_lrn_grad.samples
def _(make):
    for shape, attrs in (((2, 2, 3, 4), {}), ((1, 2, 2, 7), dict(depth_radius=2, bias=0.5, alpha=0.3, beta=0.75))):
        x = make(*shape)
        yield make(*shape), x, _lrn.numpy(x, **attrs), attrs


@export("nn.local_response_normalization", "nn.lrn")
def local_response_normalization(input, depth_radius=5, bias=1, alpha=1, beta=0.5, name=None):
    """Each element divided by `(bias + alpha * s) ** beta`, where s is the sum of the squares of its neighbours among channels.

    Args:
      input: a tensor of floats of shape `[batch, height, width, channels]`.
      depth_radius: how far neighbours may be away.
      bias, alpha, beta: numbers.
      name: the name of the node.
    """
    return _lrn(input, depth_radius=depth_radius, bias=bias, alpha=alpha, beta=beta, name=name)


# --------------------------------------------------------------------------------------------------------------- moments


@export("nn.moments")
def moments(x, axes, shift=None, name=None, keep_dims=None, keepdims=None):
    """Mean and variance of a tensor along axes.

    Args:
      x: a tensor of floats.
      axes: an int or list of ints.
      shift: accepted for the sake of old programs, as in TensorFlow, which takes no notice of it.
      name: the name of the scope of the nodes.
      keep_dims, keepdims: whether the axes stay, with size 1.

    Returns:
      Two tensors: mean and variance.
    """
    del shift
    keep = bool(one_of("keepdims", keepdims, "keep_dims", keep_dims))
    with name_scope(name, "moments", [x, axes]):
        is_half = x.dtype == dtypes.float16
        y = cast(x, dtypes.float32) if is_half else x
        mean = reduce_mean(y, axes, keepdims=True, name="mean")
        variance = reduce_mean(squared_difference(y, stop_gradient(mean)), axes, keepdims=True, name="variance")
        if not keep:
            mean, variance = squeeze(mean, axes), squeeze(variance, axes)
        if is_half:
            return cast(mean, dtypes.float16), cast(variance, dtypes.float16)
        return mean, variance


@export("nn.weighted_moments")
def weighted_moments(x, axes, frequency_weights, name=None, keep_dims=None, keepdims=None):
    """Mean and variance of a tensor along axes, in which elements have weights.

    Args:
      x: a tensor of floats.
      axes: an int or list of ints.
      frequency_weights: a tensor that broadcasts to the shape of `x`: how often each element counts.
      name: the name of the scope of the nodes.
      keep_dims, keepdims: whether the axes stay, with size 1.

    Returns:
      Two tensors: mean and variance.
    """
    keep = bool(one_of("keepdims", keepdims, "keep_dims", keep_dims))
    with name_scope(name, "weighted_moments", [x, frequency_weights, axes]):
        x = convert(x, name="x")
        weights = convert(frequency_weights, name="frequency_weights")
        is_half = x.dtype == dtypes.float16
        if is_half:
            x = cast(x, dtypes.float32)
        if weights.dtype != x.dtype:
            weights = cast(weights, x.dtype)
        weighted_sum = reduce_sum(weights * x, axes, name="weighted_input_sum", keepdims=True)
        # The weights may broadcast; their sum is that of all elements of x.
        spread = weights + zeros_like(x)
        total = reduce_sum(spread, axes, name="sum_of_weights", keepdims=True)
        divisor = reciprocal(total, name="inv_weight_sum")
        mean = multiply(weighted_sum, divisor)
        squares = reduce_sum(weights * squared_difference(x, mean), axes, name="weighted_distsq", keepdims=True)
        variance = multiply(squares, divisor)
        if not keep:
            mean, variance = squeeze(mean, axes), squeeze(variance, axes)
        if is_half:
            mean, variance = cast(mean, dtypes.float16), cast(variance, dtypes.float16)
        return mean, variance


@export("nn.sufficient_statistics")
def sufficient_statistics(x, axes, shift=None, keep_dims=None, name=None, keepdims=None):
    """Count, sum and sum of squares along axes, from which moments follow (see `normalize_moments`).

    Args:
      x: a tensor of floats.
      axes: a list of ints.
      shift: a tensor that is subtracted from `x` first, for exactness, or None.
      keep_dims, keepdims: whether the axes stay, with size 1.
      name: the name of the scope of the nodes.

    Returns:
      A tuple: the count, the sum, the sum of squares, the shift or None.
    """
    axes = list(set(axes))
    keep = bool(one_of("keepdims", keepdims, "keep_dims", keep_dims))
    with name_scope(name, "sufficient_statistics", [x, shift]):
        x = convert(x, name="x")
        static = x._shape
        if static is not None and all(static[a] is not None for a in axes):
            counts = constant(np.prod([static[a] for a in axes], dtype=int).item(), dtype=x.dtype)
        else:
            sizes = gather(cast(shape_of(x), x.dtype), axes)
            counts = reduce_prod(sizes, name="count")
        if shift is not None:
            shift = convert(shift, name="shift")
            first, second = subtract(x, shift), squared_difference(x, shift)
        else:
            first, second = x, square(x)
        first = reduce_sum(first, axes, keepdims=keep, name="mean_ss")
        second = reduce_sum(second, axes, keepdims=keep, name="var_ss")
    return counts, first, second, shift


@export("nn.normalize_moments")
def normalize_moments(counts, mean_ss, variance_ss, shift, name=None):
    """Mean and variance from sufficient statistics.

    Args:
      counts, mean_ss, variance_ss, shift: what `sufficient_statistics` gives.
      name: the name of the scope of the nodes.

    Returns:
      Two tensors: mean and variance.
    """
    with name_scope(name, "normalize", [counts, mean_ss, variance_ss, shift]):
        divisor = reciprocal(counts, name="divisor")
        if shift is not None:
            shifted = multiply(mean_ss, divisor, name="shifted_mean")
            mean = add(shifted, shift, name="mean")
        else:
            mean = shifted = multiply(mean_ss, divisor, name="mean")
        variance = subtract(multiply(variance_ss, divisor), square(shifted), name="variance")
    return mean, variance


# --------------------------------------------------------------------------------------------------- what is made of them


@export("nn.l2_normalize", "math.l2_normalize", "linalg.l2_normalize")
def l2_normalize(x, axis=None, epsilon=1e-12, name=None, dim=None):
    """A tensor divided by its Euclidean norm along an axis.

    Args:
      x: a tensor of floats.
      axis: an int or list of ints, by default all dimensions.
      epsilon: the smallest square of a norm to divide by.
      name: the name of the node.
      dim: an old spelling of `axis`.
    """
    axis = one_of("axis", axis, "dim", dim)
    with name_scope(name, "l2_normalize", [x]) as scope:
        x = convert(x, name="x")
        squares = reduce_sum(square(x), axis, keepdims=True)
        return multiply(x, rsqrt(maximum(squares, epsilon)), name=scope)


@export("linalg.normalize")
def normalize(tensor, ord="euclidean", axis=None, name=None):
    """A tensor divided by its norm along an axis, and the norm.

    Args:
      tensor: a tensor of floats or complex numbers.
      ord: the norm, as of `tf.norm`.
      axis: an int or a pair of ints, by default all dimensions.
      name: the name of the scope of the nodes.

    Returns:
      Two tensors: the quotient, and the norm with size 1 along the axis.

    Raises:
      ValueError: there is no such norm.
    """
    with name_scope(name, "normalize", [tensor]):
        tensor = convert(tensor)
        length = cast(norm(tensor, ord, axis, keepdims=True), tensor.dtype)
        return tensor / length, length


@export("nn.batch_normalization")
def batch_normalization(x, mean, variance, offset, scale, variance_epsilon, name=None):
    """`(x - mean) / sqrt(variance + variance_epsilon) * scale + offset`.

    Args:
      x: a tensor of floats.
      mean, variance: tensors that broadcast to its shape.
      offset, scale: such tensors, or None.
      variance_epsilon: a small number, so that nothing is divided by zero.
      name: the name of the scope of the nodes.
    """
    with name_scope(name, "batchnorm", [x, mean, variance, scale, offset]):
        inverse = rsqrt(variance + variance_epsilon)
        if scale is not None:
            inverse *= scale
        scaled = x * cast(inverse, x.dtype)
        return scaled + cast(offset - mean * inverse if offset is not None else -mean * inverse, x.dtype)


@export("nn.batch_norm_with_global_normalization")
def batch_norm_with_global_normalization(
    t=None, m=None, v=None, beta=None, gamma=None, variance_epsilon=None, scale_after_normalization=None, name=None, input=None,
    mean=None, variance=None,
):  # fmt: skip
    """Deprecated: `batch_normalization` with its arguments in another order.

    Args:
      t, input: a tensor of floats.
      m, mean: the mean.
      v, variance: the variance.
      beta: the offset.
      gamma: the scale, which is used if `scale_after_normalization`.
      variance_epsilon: a small number, so that nothing is divided by zero.
      scale_after_normalization: whether to multiply by `gamma`.
      name: the name of the scope of the nodes.
    """
    t = one_of("input", input, "t", t)
    m = one_of("mean", mean, "m", m)
    v = one_of("variance", variance, "v", v)
    return batch_normalization(t, m, v, beta, gamma if scale_after_normalization else None, variance_epsilon, name)


_SMALLEST_EPSILON = 1.001e-5  # what TensorFlow's kernels on GPUs take


@export("nn.fused_batch_norm")
def fused_batch_norm(x, scale, offset, mean=None, variance=None, epsilon=0.001, data_format="NHWC", is_training=True,
                     name=None):  # fmt: skip
    """Batch normalization of images in one operation.

    Args:
      x: a tensor of floats of rank 4.
      scale, offset: vectors with a number for each channel.
      mean, variance: vectors that `x` is normalized with; None if `is_training`: then those of `x` serve.
      epsilon: a small number, so that nothing is divided by zero.
      data_format: "NHWC" or "NCHW".
      is_training: whether mean and variance of `x` serve.
      name: the name of the node.

    Returns:
      Three tensors: the result, the mean, and the variance (of a sample) that are to go into running averages.

    Raises:
      ValueError: mean or variance is given although `is_training`.
    """
    x = convert(x, name="input")
    scale = convert(scale, name="scale")
    offset = convert(offset, name="offset")
    if is_training and (mean is not None or variance is not None):
        raise ValueError("Both 'mean' and 'variance' must be None if is_training is True.")
    mean = constant([]) if mean is None else mean
    variance = constant([]) if variance is None else variance
    found = fused_batch_norm_v3(x, scale, offset, mean, variance, epsilon=max(epsilon, _SMALLEST_EPSILON),
                                data_format=data_format, is_training=is_training, name=name)  # fmt: skip
    return found[0], found[1], found[2]
