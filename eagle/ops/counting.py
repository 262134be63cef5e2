"""Counting: bins and histograms."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import convert, from_array
from ..core.errors import invalid
from ..core.export import export
from ..core.op import Host, op
from ..core.scopes import name_scope
from .binary import maximum, minimum
from .cast import cast
from .clip import clip_by_value
from .division import truediv
from .reduce import reduce_max, reduce_prod
from .segment import unsorted_segment_sum
from .shaping import reshape, shape as shape_of
from .unary import floor


@op("Bincount")
def _bincount(xp, arr, size: Host, weights):
    return _counts(xp, arr.reshape(-1), size, weights.reshape(-1))


@_bincount.kernel_for("numpy")
def _(arr, size, weights):
    if size < 0:
        raise invalid("size (%d) must be non-negative", size)
    if arr.size and arr.min() < 0:
        raise invalid("Input arr must be non-negative!")
    return _counts(np, arr.reshape(-1), size, weights.reshape(-1))


def _counts(xp, arr, size, weights):
    """How often each number below `size` occurs, or the sums of the weights where it does."""
    if xp is not np:
        weights = xp.broadcast_to(weights, arr.shape) if weights.size else xp.ones(arr.shape, weights.dtype)
        return xp.zeros(size, weights.dtype).at[arr].add(weights, mode="drop")
    out = np.zeros(size, weights.dtype)
    kept = arr < size
    np.add.at(out, arr[kept], weights[: len(arr)][kept] if weights.size else weights.dtype.type(1))
    return out


@_bincount.shape
def _(arr, size, weights):
    if type(size) is tuple:
        raise ValueError("Shape must be rank 0 but is rank %d" % np.ndim(size))
    if size is not None and size < 0:
        raise ValueError("size (%d) must be non-negative" % size)
    return (size,)


@_bincount.samples
def _(make):
    yield np.array([1, 5, 1, 2], np.int32), 4, make(0)
    yield np.array([1, 5, 1, 2], np.int32), 6, make(4)


@export("bincount", "math.bincount")
def bincount(arr, weights=None, minlength=None, maxlength=None, dtype=dtypes.int32):
    """How often each number occurs in an integer tensor.

    Args:
      arr: an int32 tensor of numbers that are not negative.
      weights: a tensor of the shape of `arr`: what each element counts; by default 1.
      minlength: the least length of the result.
      maxlength: its largest length; numbers from there on are not counted.
      dtype: the type of the result if there are no weights.

    Returns:
      A vector, in general as long as the largest number plus 1.

    Raises:
      InvalidArgumentError: there are negative numbers.
    """
    with name_scope("bincount"):
        arr = convert(arr, dtypes.int32, "arr")
        size = cast(reduce_prod(shape_of(arr)) > 0, dtypes.int32) * (reduce_max(arr) + 1)
        if minlength is not None:
            size = maximum(convert(minlength, dtypes.int32, "minlength"), size)
        if maxlength is not None:
            size = minimum(convert(maxlength, dtypes.int32, "maxlength"), size)
        if weights is not None:
            return unsorted_segment_sum(convert(weights, None, "weights"), arr, size)
        return _bincount(arr, size, from_array(np.zeros(0, dtypes.as_dtype(dtype).np)))


@op("Bucketize")
def _bucketize(xp, input, *, boundaries):
    if list(boundaries) != sorted(boundaries):
        raise invalid("Expected sorted boundaries")
    return xp.searchsorted(xp.asarray(boundaries, np.float32), input, side="right").astype(np.int32)


@_bucketize.shape
def _(input, *, boundaries):
    return input


@_bucketize.samples
def _(make):
    yield make(2, 3), dict(boundaries=[-1.0, 0.0, 1.0])


bucketize = _bucketize


# ----------------------------------------------------------------------------------------------------------- histograms


@op("HistogramFixedWidth")
def _histogram(xp, values, value_range, nbins: Host, *, dtype=dtypes.int32):
    if xp is np:
        _check_histogram(value_range, nbins)
    low, high = value_range[0], value_range[1]
    step = (high - low).astype(np.float64) / nbins
    places = (xp.maximum(values, low) - low).astype(np.float64) / step
    places = xp.minimum(xp.floor(places), nbins - 1).astype(np.int32).reshape(-1)
    if xp is np:
        return np.bincount(places, minlength=nbins).astype(dtype.np)
    return xp.zeros(nbins, dtype.np).at[places].add(1)


def _check_histogram(value_range, nbins):
    if value_range.shape != (2,):
        raise invalid("value_range should be a vector of 2 elements.")
    if not value_range[0] < value_range[1]:
        text = "value_range should satisfy value_range[0] < value_range[1], but got '[%g, %g]'"
        raise invalid(text, *value_range.tolist())
    if type(nbins) is tuple:
        raise invalid("nbins should be a scalar.")
    if nbins <= 0:
        raise invalid("nbins should be a positive number, but got '%d'", nbins)


@_histogram.shape
def _(values, value_range, nbins):
    if shapes.with_rank(value_range, 1)[0] not in (None, 2):
        raise ValueError("Dimension must be 2 but is %d" % value_range[0])
    if type(nbins) is tuple:
        raise ValueError("Shape must be rank 0 but is rank %d" % np.ndim(nbins))
    if nbins is not None and nbins <= 0:
        raise ValueError("Requires nbins > 0: %d" % nbins)
    return (nbins,)


@_histogram.samples
def _(make):
    yield make(5), np.array([-1, 1], make.dtype.np), 4
    yield make(2, 3), np.array([0, 5], make.dtype.np), 3, dict(dtype=dtypes.int64)


@export("histogram_fixed_width")
def histogram_fixed_width(values, value_range, nbins=100, dtype=dtypes.int32, name=None):
    """How many elements of a tensor lie in each of several intervals of equal width.

    Args:
      values: a tensor of numbers.
      value_range: the bounds, a vector of two numbers of the same type; what lies outside counts for the outermost intervals.
      nbins: the number of intervals.
      dtype: the type of the result, int32 or int64.
      name: the name of the node.

    Returns:
      A vector of length `nbins`.

    Raises:
      InvalidArgumentError: the bounds are not in order, or `nbins` is not positive.
    """
    with name_scope(name, "histogram_fixed_width", [values, value_range, nbins]) as name:
        return _histogram(values, value_range, nbins, dtype=dtype, name=name)


@export("histogram_fixed_width_bins")
def histogram_fixed_width_bins(values, value_range, nbins=100, dtype=dtypes.int32, name=None):
    """In which of several intervals of equal width each element of a tensor lies.

    Args:
      values: a tensor of floats.
      value_range: the bounds, a vector of two numbers of the same type; what lies outside belongs to the outermost intervals.
      nbins: the number of intervals.
      dtype: int32 or int64; means nothing in TensorFlow, which gives int32.
      name: the name scope of the nodes.

    Returns:
      An int32 tensor of the shape of `values`.

    Raises:
      TypeError: `dtype` is neither.
    """
    if dtypes.as_dtype(dtype) not in (dtypes.int32, dtypes.int64):
        raise TypeError("dtype must be int32 or int64, not %s" % dtypes.as_dtype(dtype).name)
    with name_scope(name, "histogram_fixed_width_bins", [values, value_range, nbins]):
        values = convert(values, None, "values")
        shape = shape_of(values)
        values = reshape(values, [-1])
        value_range = convert(value_range, None, "value_range")
        count = cast(convert(nbins, dtypes.int32, "nbins"), values.dtype)
        scaled = truediv(values - value_range[0], value_range[1] - value_range[0], "scaled_values")
        indices = floor(count * scaled, "indices")
        indices = cast(clip_by_value(indices, 0, count - 1), dtypes.int32)
        return reshape(indices, shape)
