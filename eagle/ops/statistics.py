"""Reductions that are made of others: log-sum-exp, variance, standard deviation, counts, norms."""

import numpy as np

from ..core import dtypes
from ..core.convert import convert
from ..core.deprecation import one_of
from ..core.dispatch import registry
from ..core.export import export
from ..core.scopes import name_scope
from .arithmetic import add, subtract
from .binary import pow_
from .cast import cast
from .comparison import not_equal
from .complex import conj
from .filling import range_, zeros, zeros_like
from .joining import concat
from .passing import stop_gradient
from .reduce import reduce_max, reduce_mean, reduce_sum, to_scalar
from .shaping import expand_dims, rank, reshape, shape, squeeze
from .transposing import invert_permutation, transpose
from .unary import abs_, exp, is_finite, log, sqrt, square
from .where import where


@export("reduce_logsumexp", "math.reduce_logsumexp")
def reduce_logsumexp(input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None, keep_dims=None):
    """The logarithm of the sum of the exponentials of the elements along axes, without overflow on the way.

    Args:
      input_tensor: a float tensor.
      axis: an axis or several; by default all.
      keepdims: whether reduced axes stay, with size 1.
      name: the name scope of the nodes.
      reduction_indices, keep_dims: old spellings of `axis` and `keepdims`.
    """
    axis = one_of("axis", axis, "reduction_indices", reduction_indices)
    keepdims = bool(one_of("keepdims", keepdims, "keep_dims", keep_dims))
    input_tensor = convert(input_tensor)
    with name_scope(name, "ReduceLogSumExp", [input_tensor]):
        largest = reduce_max(input_tensor, axis, True)
        offset = stop_gradient(where(is_finite(largest), largest, zeros_like(largest)))
        result = log(reduce_sum(exp(subtract(input_tensor, offset)), axis, keepdims))
        if not keepdims:
            offset = reshape(offset, shape(result))
        return to_scalar(add(result, offset), axis, keepdims)


@export("math.reduce_variance")
def reduce_variance(input_tensor, axis=None, keepdims=False, name=None):
    """The variance of the elements of a tensor along axes: the mean squared deviation from the mean.

    Args:
      input_tensor: a float tensor.
      axis: an axis or several; by default all.
      keepdims: whether reduced axes stay, with size 1.
      name: the name scope of the nodes.
    """
    with name_scope(name or "reduce_variance"):
        mean = reduce_mean(input_tensor, axis, True)
        return reduce_mean(square(input_tensor - mean), axis, keepdims)


@export("math.reduce_std")
def reduce_std(input_tensor, axis=None, keepdims=False, name=None):
    """The standard deviation of the elements of a tensor along axes: the root of their variance.

    Args:
      input_tensor: a float tensor.
      axis: an axis or several; by default all.
      keepdims: whether reduced axes stay, with size 1.
      name: the name scope of the nodes.
    """
    with name_scope(name or "reduce_std"):
        return sqrt(reduce_variance(input_tensor, axis, keepdims))


@export("count_nonzero", "math.count_nonzero")
def count_nonzero(input_tensor=None, axis=None, keepdims=None, dtype=dtypes.int64, name=None, reduction_indices=None,
                  keep_dims=None, input=None):  # fmt: skip
    """How many elements of a tensor along axes are not zero (not False, not the empty string).

    Args:
      input_tensor: a tensor of numbers, bools or strings.
      axis: an axis or several; by default all.
      keepdims: whether reduced axes stay, with size 1.
      dtype: the type of the result.
      name: the name scope of the nodes.
      reduction_indices, keep_dims, input: old spellings of `axis`, `keepdims` and `input_tensor`.
    """
    keepdims = bool(one_of("keepdims", keepdims, "keep_dims", keep_dims))
    input_tensor = one_of("input_tensor", input_tensor, "input", input)
    axis = one_of("axis", axis, "reduction_indices", reduction_indices)
    with name_scope(name, "count_nonzero", [input_tensor]):
        input_tensor = convert(input_tensor, None, "input")
        counted = cast(not_equal(input_tensor, zeros([], input_tensor.dtype)), dtypes.int64)
        return cast(reduce_sum(counted, axis, keepdims), dtype)


# ---------------------------------------------------------------------------------------------------------------- norms

_NOT_AXES = "'axis' must be None, an integer, or a tuple of 2 unique integers"


def _checked_axes(ord, axis):
    """The axes of a norm as a tuple or None, and whether it is a norm of matrices; raises ValueError as TensorFlow does."""
    if isinstance(axis, (tuple, list)) and len(axis) == 2:
        if not isinstance(axis[0], int) or not isinstance(axis[1], int) or axis[0] == axis[1]:
            raise ValueError(_NOT_AXES)
        supported = ["euclidean", "fro", 1, 2, np.inf]
        if ord not in supported:
            raise ValueError("'ord' must be a supported matrix norm in %s, got %s" % (supported, ord))
        return tuple(axis), True
    if not isinstance(axis, int) and axis is not None:
        raise ValueError(_NOT_AXES)
    if ord != "euclidean" and (not np.isreal(ord) or isinstance(ord, str) or ord <= 0):
        raise ValueError("'ord' must be a supported vector norm, got %s" % ord)
    return None if axis is None else (axis,), False


@export("norm", "linalg.norm")
def norm(tensor, ord="euclidean", axis=None, keepdims=None, name=None, keep_dims=None):
    """The norm of vectors, of matrices or of a whole tensor.

    Args:
      tensor: a tensor of real or complex numbers.
      ord: which norm: `"euclidean"` (`"fro"` for matrices), 1, 2, `np.inf`, and for vectors any positive number.
      axis: the axis of the vectors, or the two axes of the matrices; None to take the tensor as one vector.
      keepdims: whether reduced axes stay, with size 1.
      name: the name scope of the nodes.
      keep_dims: an old spelling of `keepdims`.

    Returns:
      A tensor of the type of `tensor`.

    Raises:
      ValueError: there is no such norm, or `axis` is no axis or two.
    """
    keepdims = one_of("keepdims", keepdims, "keep_dims", keep_dims)
    axis, of_matrices = _checked_axes(ord, axis)
    with name_scope(name, "norm", [tensor]):
        tensor = convert(tensor)
        if of_matrices and ord == 2:
            result = _largest_singular_value(tensor, axis)
        elif ord in ("fro", "euclidean", 2):
            result = sqrt(reduce_sum(tensor * conj(tensor), axis, True))
        else:
            result = _norm_of_absolutes(abs_(tensor), ord, axis, of_matrices)
        return result if keepdims else squeeze(result, axis)


def _norm_of_absolutes(x, ord, axis, of_matrices):
    first = None if axis is None else axis[0]
    if ord == 1:
        result = reduce_sum(x, first, True)
        return reduce_max(result, axis[-1], True) if of_matrices else result
    if ord == np.inf:
        return reduce_max(reduce_sum(x, axis[1], True) if of_matrices else x, first, True)
    return pow_(reduce_sum(pow_(x, ord), axis, True), 1.0 / ord)


def _largest_singular_value(tensor, axis):
    count = rank(tensor)
    axes = convert(axis)
    axes = where(axes >= 0, axes, axes + count)
    order = concat([registry["ListDiff"](range_(count), axes)[0], axes], 0)
    values = registry["Svd"](transpose(tensor, order), compute_uv=False)[0]
    return transpose(expand_dims(reduce_max(abs_(values), -1, True), -1), invert_permutation(order))
