"""Picking parts of a tensor by index: gather, gather_nd."""

import numpy as np

from ..core import dtypes, known, shape as shapes
from ..core.context import here, process
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.dtypes import Handles
from ..core.errors import invalid
from ..core.export import export
from ..core.indexed_slices import IndexedSlices
from ..core.op import Host, HostShape, Shape, op
from ..core.scopes import name_scope
from ..core.tensor import EagerTensor, Tensor
from ..core.tracing import is_traced, require
from ..core.versions import shortcut, versioned
from .doors import finish
from .filling import ones, zeros
from .joining import concat, stack
from .rearranging import tile
from .sequences import meshgrid
from .shaping import rank, reshape, shape_of, squeeze
from .splitting import unstack
from .transposing import transpose

# -------------------------------------------------------------------------------------------------------------- gather


def _bad_index(indices, size):
    """TensorFlow's message for the first index that is out of range."""
    flat = np.asarray(indices)
    at = np.argwhere((flat < 0) | (flat >= size))[0]
    return "indices[%s] = %d is not in [0, %d)" % (",".join(map(str, at)), flat[tuple(at)], size) if flat.ndim else (
        "indices = %d is not in [0, %d)" % (flat, size))  # fmt: skip


def _check_range(indices, size):
    """Raises InvalidArgumentError if an index is negative or too large; NumPy would count negative ones from the end."""
    if is_traced(indices):
        require((indices >= 0) & (indices < size), lambda: invalid("an index is out of range"))
    elif type(indices) is np.ndarray:
        if indices.size and (indices.min() < 0 or indices.max() >= size):
            raise invalid(_bad_index(indices, size))
    elif not 0 <= indices < size:
        raise invalid(_bad_index(indices, size))


def _gather_axis(axis, batch_dims, params, indices):
    """Axis and number of batch dimensions counted from the front."""
    rank = params.ndim
    if not rank:
        raise invalid("params must be at least 1 dimensional")
    if type(axis) is not int:
        raise invalid("axis must be scalar")
    if not -rank <= axis < rank:
        raise invalid("Expected axis in the range [%d, %d), but got %d", -rank, rank, axis)
    axis %= rank
    if batch_dims:
        if not -indices.ndim <= batch_dims <= indices.ndim:
            raise invalid("Expected batch_dims in the range [%d, %d), but got %d", -indices.ndim, indices.ndim, batch_dims)
        batch_dims += indices.ndim if batch_dims < 0 else 0
        if batch_dims >= rank:
            raise invalid("batch_dims (%d) must be less than rank(params) (%d).", batch_dims, rank)
        if axis < batch_dims:
            raise invalid("batch_dims (%d) must be less than or equal to axis (%d).", batch_dims, axis)
        for i in range(batch_dims):
            if params.shape[i] != indices.shape[i]:
                raise invalid("params.shape[%d]: %d should be equal to indices.shape[%d]: %d",
                              i, params.shape[i], i, indices.shape[i])  # fmt: skip
    return axis, batch_dims


def _batched(xp, indices, count):
    """What picks elements batch by batch: an index array for each of the `count` batch dimensions, then `indices`."""
    places = [np.arange(n).reshape((n,) + (1,) * (indices.ndim - i - 1)) for i, n in enumerate(indices.shape[:count])]
    return (*places, indices)


def _gathered(xp, params, indices, axis, batch_dims):
    axis, batch_dims = _gather_axis(axis, batch_dims, params, indices)
    _check_range(indices, params.shape[axis])
    if not batch_dims:
        return xp.take(params, indices, axis) if xp is np else xp.take(params, indices, axis, mode="clip")
    moved = xp.moveaxis(params, axis, batch_dims)[_batched(xp, indices, batch_dims)]
    return xp.moveaxis(moved, range(batch_dims, indices.ndim), range(axis, axis + indices.ndim - batch_dims))


def _always_array(value):
    """A picked piece of text as an array."""
    return value if isinstance(value, np.ndarray | np.generic) or hasattr(value, "dtype") else np.array(value, object)


def _gathered_shape(params, indices, axis, batch_dims=0):
    if params == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    if batch_dims < 0 and indices is not None:
        batch_dims += len(indices)
    if axis is None:
        return None if params is None or indices is None else (None,) * (len(params) + len(indices) - 1 - batch_dims)
    if type(axis) is not int:
        raise ValueError("Shape must be rank 0 but is rank %d" % np.ndim(axis))
    if params is None:
        return None
    for needed in (-axis if axis < 0 else axis + 1, -batch_dims if batch_dims < 0 else batch_dims + 1):
        if needed > len(params):
            raise ValueError("Shape must be at least rank %d but is rank %d" % (needed, len(params)))
    if indices is None:
        return None
    axis %= len(params)
    return (*params[:axis], *indices[batch_dims:], *params[axis + 1 :])


@op("GatherV2")
def _gather_v2(xp, params, indices, axis: Host, *, batch_dims=0):
    if isinstance(params, Handles):
        return params.rearranged(_gathered(xp, params.items, indices, axis, batch_dims))
    return _always_array(_gathered(xp, params, indices, axis, batch_dims))


@_gather_v2.shape
def _(params, indices, axis, *, batch_dims):
    return _gathered_shape(params, indices, axis, batch_dims)


def _gradient(g, params, indices, axis=0, batch_dims=0):
    """The gradient of a gather with respect to `params`, a shape: slices if whole rows were gathered."""
    if axis == 0 and not batch_dims and type(axis) is int:
        return _row_gradient(g, params, indices)
    return _gather_grad(g, indices, params, axis, batch_dims=batch_dims)


def _row_gradient(g, params, indices):
    if here.eager:
        params = convert(params, dtypes.int32)
        rows = reshape(indices, [-1])
        return IndexedSlices(reshape(g, [rows._v.size, *params._v[1:].tolist()]), rows, params)
    params = params if isinstance(params, Tensor) else convert(params, dtypes.int32)
    size = registry["ExpandDims"](registry["Size"](indices), 0)
    return IndexedSlices(reshape(g, concat([size, params[1:]], 0)), reshape(indices, size), params)


@_gather_v2.grad("params")
def _(g, params: Shape, indices, axis, *, batch_dims):
    return _gradient(g, params, indices, axis, batch_dims)


@_gather_v2.samples
def _(make):
    yield make(4, 3), make.ints(0, 4, 2), 0
    yield make(2, 4, 3), make.ints(0, 4, 2, 2, dtype=np.int64), -2
    yield make(2, 3, 4), make.ints(0, 3, 2, 2), 1, dict(batch_dims=1)
    yield make(2, 3, 4), make.ints(0, 4, 2, 2), 2, dict(batch_dims=1)
    yield make(4), np.int32(2), 0
    yield make(2, 3, 4), make.ints(0, 3, 2), 1, dict(batch_dims=-1)


@op("Gather", ignores=("validate_indices",))
def _gather(xp, params, indices):
    return _always_array(_gathered(xp, params, indices, 0, 0))


@_gather.shape
def _(params, indices):
    return _gathered_shape(params, indices, 0)


@_gather.grad("params")
def _(g, params: Shape, indices):
    return _gradient(g, params, indices)


@_gather.samples
def _(make):
    yield make(4, 3), make.ints(0, 4, 2)
    yield make(4), make.ints(0, 4, 2, 2, dtype=np.int64)


# Of Eagle's own: what a gather picked, added up where it came from.
_GATHER_GRAD = (
    "EagleGatherGrad(dy: T, indices: Tindices, shape: Tshape, axis: Taxis) -> (output: T) | batch_dims: int = 0; T: type; "
    "Tindices: type in [int32,int64]; Tshape: type in [int32,int64] = 'int32'; Taxis: type in [int32,int64] = 'int32' | gradient"
)


@op("EagleGatherGrad", definition=_GATHER_GRAD)
def _gather_grad(xp, dy, indices, shape: HostShape, axis: Host, *, batch_dims=0):
    axis %= len(shape)
    batch_dims += indices.ndim if batch_dims < 0 else 0
    target = xp.zeros(shape, dy.dtype)
    inner = indices.ndim - batch_dims
    dy = xp.moveaxis(dy, range(axis, axis + inner), range(batch_dims, batch_dims + inner))
    target = _added(xp, xp.moveaxis(target, axis, batch_dims), _batched(xp, indices, batch_dims), dy)
    return xp.moveaxis(target, batch_dims, axis)


def _added(xp, target, index, values):
    """The array `target`, which nobody else refers to, with values added at index arrays, repeatedly where indices repeat."""
    if xp is not np:
        return target.at[index].add(values)
    np.add.at(target, index, values)
    return target


@_gather_grad.shape
def _(dy, indices, shape, axis):
    return shape


@_gather_grad.grad("dy")
def _(g, indices, axis, *, batch_dims):
    return _gather_v2(g, indices, axis, batch_dims=batch_dims)


@_gather_grad.samples
def _(make):
    yield make(2, 3, 2), np.array([1, 1, 0], np.int32), (2, 4, 2), 1
    yield make(2, 3), np.array([[1, 1, 0], [2, 2, 2]], np.int32), (2, 4), -1, dict(batch_dims=1)


@versioned
def _general_gather(params, indices, axis, batch_dims, name):
    """`gather` of anything that it works with."""
    if type(params) is not EagerTensor and type(axis) is int and not axis and hasattr(params, "sparse_read"):
        return params.sparse_read(indices, name=name)
    return _gather_v2(params, indices, axis, batch_dims=batch_dims, name=name)


@export("gather")
@shortcut(_general_gather)
def gather(params, indices, validate_indices=None, name=None, axis=None, batch_dims=0):
    """Slices of a tensor along a dimension, picked by index.

    Args:
      params: a tensor, or a variable.
      indices: an int tensor; every index must be in `[0, params.shape[axis])`.
      validate_indices: without effect, as in TensorFlow.
      name: the name of the node.
      axis: the dimension; by default the first after the batch dimensions.
      batch_dims: how many first dimensions `params` and `indices` have in common.

    Returns:
      A tensor of shape `params.shape[:axis] + indices.shape[batch_dims:] + params.shape[axis + 1:]`.

    Raises:
      InvalidArgumentError: an index is out of range, or (in a graph ValueError where the shapes are known) the arguments don't fit.
    """
    batch_dims = batch_dims or 0
    if axis is None:
        axis = batch_dims
    if type(params) is EagerTensor:
        if type(indices) is EagerTensor and type(axis) is int and not batch_dims and (not process.busy or here.eager):
            return _gather_eagerly(params, indices, axis, name)
    return _general_gather(params, indices, axis=axis, batch_dims=batch_dims, name=name)


def _gather_eagerly(params, indices, axis, name):
    p, i = params._v, indices._v
    if i.dtype.kind == "i" and p.dtype != object and -p.ndim <= axis < p.ndim:
        lowest = i if type(i) is not np.ndarray else i.item(i.argmin()) if i.size else 0
        if lowest >= 0:
            try:
                return finish(_gather_v2, (params, indices, axis), p.take(i, axis))
            except IndexError:  # the long way has the message
                pass
    return _gather_v2(params, indices, axis, name=name)


@export("batch_gather")
@versioned
def batch_gather(params, indices, name=None):
    """Deprecated: `tf.gather` in which all dimensions of `indices` but the last are batch dimensions.

    Args:
      params: a tensor.
      indices: an int tensor of known rank.
      name: the name scope of the nodes.

    Raises:
      ValueError: the ranks don't fit.
    """
    with name_scope(name, "BatchGather", [params, indices]):
        indices = convert(indices, name="indices")
        params = convert(params, name="params")
        if indices._rank() is None:
            raise ValueError("batch_gather does not allow indices with unknown shape.")
        return _batch_gather(params, indices, indices._rank() - 1)


def _batch_gather(params, indices, batch_dims):
    """`gather` of one flattened tensor, as TensorFlow's `batch_gather` builds it."""
    count = indices._rank()
    if not 0 <= batch_dims < count:
        raise ValueError("batch_dims = %d must be less than rank(indices) = %d" % (batch_dims, count))
    if params._rank() is not None and batch_dims >= params._rank():
        raise ValueError("batch_dims = %d must be less than rank(params) = %d" % (batch_dims, params._rank()))
    indices_shape, params_shape = shape_of(indices), shape_of(params)
    dtype = indices.dtype.base_dtype
    picked, stride = indices, ones((), dtype)
    sizes = registry["Cast"](params_shape, DstT=dtype)
    for dim in range(batch_dims, 0, -1):
        size = sizes[dim - 1]
        stride *= sizes[dim]
        start, step = zeros((), dtype), ones((), dtype)
        offsets = registry["Range"](start, size, step) * stride
        picked += reshape(offsets, stack([1] * (dim - 1) + [size] + [1] * (count - dim), axis=0))
    flat = reshape(picked, [-1])
    outer = params_shape[batch_dims + 1 :]
    inner = registry["Prod"](params_shape[: batch_dims + 1], [0], keep_dims=False)
    result = gather(reshape(params, concat([[inner], outer], axis=0)), flat)
    result = reshape(result, concat([indices_shape, outer], axis=0))
    known_shape = indices.shape[:batch_dims].merge_with(params.shape[:batch_dims])
    known_shape = known_shape.concatenate(indices.shape[batch_dims:]).concatenate(params.shape[batch_dims + 1 :])
    result.set_shape(known_shape)
    return result


# ----------------------------------------------------------------------------------------------------------- gather_nd


def _check_nd(params_shape, indices):
    """Raises InvalidArgumentError if index vectors, the rows of `indices`, don't point into a tensor of this shape."""
    if not indices.ndim:
        raise invalid("indices must be at least a vector")
    depth, rank = indices.shape[-1], len(params_shape)
    if depth > rank:
        raise invalid("index innermost dimension length must be <= params rank; saw: %d vs. %d", depth, rank)


def nd_index(indices):
    """Index vectors, the rows of an array, as a NumPy index."""
    return tuple([indices[..., i] for i in range(indices.shape[-1])])


def check_nd_range(indices, shape, text):
    """Raises InvalidArgumentError, with `text` for the place and the index vector, if one points out of an array of this shape."""
    depth = indices.shape[-1]
    limits = np.array(shape[:depth], indices.dtype)
    if is_traced(indices):
        require((indices >= 0) & (indices < limits), lambda: invalid("an index is out of range"))
        return
    wrong = ((indices < 0) | (indices >= limits)).any(-1)
    if wrong.any():
        at = np.argwhere(wrong)[0]
        listed = ", ".join(map(str, indices[tuple(at)]))
        raise invalid(text, ",".join(map(str, at)), listed, shapes.to_brackets(shape))


@op("GatherNd")
def _gather_nd(xp, params, indices):
    _check_nd(params.shape, indices)
    if xp is np:
        if not params.size and indices.size and 0 not in params.shape[indices.shape[-1] :]:
            text = "Requested more than 0 entries, but params is empty.  Params shape: %s"
            raise invalid(text, shapes.to_brackets(params.shape))
    if indices.size:
        check_nd_range(indices, params.shape, "indices[%s] = [%s] does not index into param shape %s")
    if not indices.shape[-1]:
        return xp.broadcast_to(params, indices.shape[:-1] + params.shape)
    return _always_array(params[nd_index(indices)])


@_gather_nd.shape
def _(params, indices):
    if indices == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    if params is None or indices is None or indices[-1] is None:
        return None
    if indices[-1] > len(params):
        raise ValueError("indices.shape[-1] must be <= params.rank, but saw indices shape: %s and params shape: %s"
                         % (shapes.to_brackets(indices), shapes.to_brackets(params)))  # fmt: skip
    return indices[:-1] + params[indices[-1] :]


@_gather_nd.grad("params")
def _(g, params: Shape, indices):
    static = indices._shape
    if static is not None and len(static) == 2 and static[1] == 1:
        wanted = dtypes.int64 if indices.dtype.base_dtype is dtypes.int64 else dtypes.int32
        params = registry["Cast"](params, DstT=wanted) if isinstance(params, Tensor) and params.dtype != wanted else params
        return IndexedSlices(g, squeeze(indices, axis=-1), convert(params, wanted))
    if isinstance(params, Tensor) and params.dtype != indices.dtype:
        params = registry["Cast"](params, DstT=indices.dtype.base_dtype)
    if static is not None and len(static) == 1:  # one index vector: what it pointed to may be a scalar
        indices, g = registry["ExpandDims"](indices, 0), registry["ExpandDims"](g, 0)
    return registry["ScatterNd"](indices, g, params)


@_gather_nd.samples
def _(make):
    yield make(4, 3), np.array([[0, 1], [3, 2]], np.int32)
    yield make(4, 3), np.array([[[0], [3]], [[2], [2]]], np.int64)
    yield make(4, 3), np.array([[1], [1]], np.int64)
    yield make(4, 3), np.array([1, 1], np.int64)
    yield make(2), np.zeros((3, 0), np.int32)


@export("gather_nd", "manip.gather_nd")
@versioned
def gather_nd(params, indices, name=None, batch_dims=0):
    """Slices of a tensor picked by index vectors.

    Args:
      params: a tensor, or a variable.
      indices: an int tensor; each vector along its last dimension points to an element or slice of `params`.
      name: the name of the node.
      batch_dims: how many first dimensions `params` and `indices` have in common.

    Returns:
      A tensor of shape `indices.shape[:-1] + params.shape[batch_dims + indices.shape[-1]:]`.

    Raises:
      ValueError: `batch_dims` does not fit.
      InvalidArgumentError: an index is out of range.
    """
    if isinstance(batch_dims, Tensor):
        value = known.value(batch_dims)
        if value is not None and value.size != 1:
            raise TypeError("only size-1 arrays can be converted to Python scalars")
        batch_dims = batch_dims if value is None else value.item()
    if batch_dims == 0:
        if type(params) is not EagerTensor and hasattr(params, "gather_nd"):
            return params.gather_nd(indices, name=name)
        return _gather_nd(params, indices, name=name)
    return _batch_gather_nd(params, indices, batch_dims, name)


def _batch_gather_nd(params, indices, batch_dims, name):
    with name_scope(name, "BatchGatherND", [params, indices]):
        indices = convert(indices, name="indices")
        params = convert(params, name="params")
        if not isinstance(batch_dims, int):
            raise TypeError("batch_dims must be an int; got %r" % (batch_dims,))
        if batch_dims < 0:
            raise ValueError("tf.gather_nd does not allow negative batch_dims.")
        for operand, what in ((indices, "indices"), (params, "params")):
            if operand._rank() is not None and batch_dims >= operand._rank():
                raise ValueError("batch_dims = %d must be less than rank(%s) = %d" % (batch_dims, what, operand._rank()))
        params_shape, indices_shape = shape_of(params), shape_of(indices)
        batch_shape = params_shape[:batch_dims]
        batch_size = registry["Prod"](batch_shape, [0])
        index_internal_ndims = rank(indices) - batch_dims - 1
        indices_internal_shape = indices_shape[batch_dims:-1]
        dtype = indices.dtype.base_dtype
        ranges = [registry["Cast"](registry["Range"](0, n, 1), DstT=dtype) for n in unstack(batch_shape, axis=0)]
        flat = [reshape(x, shape=(-1,)) for x in meshgrid(*ranges, indexing="ij")]
        grid = transpose(stack(flat, axis=0))
        grid_shape = shape_of(grid)
        grid = reshape(grid, concat([grid_shape[:1], ones(index_internal_ndims, dtype=dtypes.int32), grid_shape[1:]], axis=0))
        grid = tile(grid, multiples=concat(((1,), indices_internal_shape, (1,)), axis=0))
        flat_shape = concat(([batch_size], indices_shape[batch_dims:]), axis=0)
        indices = concat((grid, reshape(indices, shape=flat_shape)), axis=-1)
        out = _gather_nd(params, indices)
        return reshape(out, shape=concat((batch_shape, shape_of(out)[1:]), axis=0))
