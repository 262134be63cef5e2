"""Reductions: sums, means, extremes and logical ones along some or all axes."""

import math

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.context import here, process
from ..core.convert import convert, from_array
from ..core.deprecation import one_of
from ..core.dispatch import registry
from ..core.dtypes import highest, lowest
from ..core.export import export
from ..core.op import Host, Shape, op
from ..core.tensor import EagerTensor, GraphTensor, Tensor
from ..core.versions import shortcut, versioned
from .arithmetic import conj
from .binary import maximum, ones_like
from .cast import cast
from .comparison import equal
from .doors import finish
from .shaping import broadcast_to, rank, reshape


def _normal_axes(rank, axes):
    """The axes of a reduction, an int or several, as a list of non-negative ints."""
    axes = (axes,) if type(axes) is int else axes
    for a in axes:
        if not -rank <= a < rank:
            raise ValueError("Invalid reduction dimension %d for input with %d dimensions." % (a, rank))
    return [a % rank for a in axes]


def _distinct_axes(rank, axes):
    """The axes of a reduction, however they are given, each once."""
    return tuple(dict.fromkeys(_normal_axes(rank, np.ravel(axes).astype(int).tolist())))


def reduced_shape(input, reduction_indices, *, keep_dims):
    """The shape rule of reductions."""
    if type(reduction_indices) is tuple and reduction_indices and type(reduction_indices[0]) is tuple:
        raise ValueError("Shape must be at most rank 1 but is rank %d" % np.ndim(reduction_indices))
    if input is None:
        return None
    if reduction_indices is None:
        return (None,) * len(input) if keep_dims else None
    axes = _normal_axes(len(input), reduction_indices)
    if keep_dims:
        return tuple(1 if i in axes else d for i, d in enumerate(input))
    return tuple(d for i, d in enumerate(input) if i not in axes)


def bad_axis(values):
    """TensorFlow's message for axes that the input does not have."""
    input, axes = values
    for a in np.ravel(axes).tolist():
        if not -input.ndim <= a < input.ndim:
            return "Invalid reduction dimension (%d for input with %d dimension(s)" % (a, input.ndim)


def _spread_value(g, shape, axes, *, keep_dims):
    """`spread` of a value."""
    if not keep_dims and g.ndim:
        axes = _normal_axes(len(shape), axes)
        g = g.reshape([1 if i in axes else d for i, d in enumerate(shape)])
    if math.prod(shape) > 10000:
        return np.broadcast_to(g, shape)
    out = np.empty(shape, g.dtype)  # for small arrays many times faster than broadcasting
    out[...] = g
    return out


def spread(g, shape, axes, keep_dims):
    """A value of a reduction's output shape, such as its gradient, spread over the shape of its input.

    Args:
      g: the tensor.
      shape: the input's shape, as a tuple or a tensor.
      axes: the reduced axes, as ints or a tensor.
      keep_dims: whether the reduction kept them.
    """
    return broadcast_to(_kept(g, shape, axes, keep_dims), shape)


def _kept(g, shape, axes, keep_dims):
    """A value of a reduction's output shape with the reduced dimensions put back, with size 1."""
    if keep_dims:
        return g
    if type(shape) is not tuple or type(axes) not in (tuple, int):
        return reshape(g, _kept_shape(shape, axes))
    if not shape:
        return g
    axes = _normal_axes(len(shape), axes)
    return reshape(g, tuple(1 if i in axes else d for i, d in enumerate(shape)))


# Of Eagle's own: the shape of a reduction's output if it keeps its dimensions.
_KEPT_SHAPE = (
    "EagleKeptShape(shape: S, axes: Tidx) -> (kept: int32) | S: type in [int32,int64] = 'int32'; "
    "Tidx: type in [int32,int64] = 'int32' | gradient"
)


@op("EagleKeptShape", definition=_KEPT_SHAPE)
def _kept_shape(xp, shape: Host, axes: Host):
    axes = _normal_axes(len(shape), axes)
    return np.array([1 if i in axes else d for i, d in enumerate(shape)], np.int32)


@_kept_shape.shape
def _(shape, axes):
    return (None if shape is None else len(shape),)


_kept_shape.not_differentiable()


@_kept_shape.writes
def _(writer, node):
    """As TensorFlow computes it: the dimensions stitched together with ones."""
    shape, axes = map(writer.ref, node._inputs)
    index = node.attrs["Tidx"]

    def number(value, dtype, name):
        return writer.output(writer.add("Const", node, [], name, dtype=dtype, value=np.array(value, dtype.np)))

    def add(op_type, inputs, name="", **attrs):
        return writer.output(writer.add(op_type, node, inputs, name, **attrs))

    if node.attrs["S"] is not dtypes.int32:
        shape = add("Cast", [shape], "Cast", SrcT=node.attrs["S"], DstT=dtypes.int32)
    if index is not dtypes.int32:
        axes = add("Cast", [axes], "Cast", SrcT=index, DstT=dtypes.int32)
    rank = add("Size", [shape], "Size", T=dtypes.int32)
    axes = add("FloorMod", [add("AddV2", [axes, rank], "add", T=dtypes.int32), rank], "mod", T=dtypes.int32)
    everything = add(
        "Range", [number(0, dtypes.int32, "start"), rank, number(1, dtypes.int32, "delta")], "range", Tidx=dtypes.int32
    )
    ones = add("Fill", [add("Shape", [axes], "Shape", T=dtypes.int32), number(1, dtypes.int32, "one")], "ones", T=dtypes.int32)
    writer.replace(node.outputs[0], add("DynamicStitch", [everything, axes, shape, ones], N=2, T=dtypes.int32))


@_kept_shape.samples
def _(make):
    yield np.array([2, 3, 4], np.int32), np.array([-1, 0], np.int32)


# ----------------------------------------------------------------------------------------------------------- declaring


def declare_reduction(name, kernel, xla, samples=None, **options):
    """Declares a reduction.

    Args:
      name: the op type.
      kernel: the kernel for NumPy: a function of the input, the axes (an int, a tuple, or None for all) and, by keyword, whether to
        keep dimensions.
      xla: the one for JAX, a function of `jax.numpy` and these.
      samples: how to make sample inputs with axes, if small random numbers won't do.
      **options: as of `Op`.
    """

    @op(name, **options)
    def declared(xp, input, reduction_indices: Host, *, keep_dims=False):
        return xla(xp, input, _distinct_axes(input.ndim, reduction_indices), keep_dims)

    @declared.kernel_for("numpy")
    def _(input, reduction_indices, *, keep_dims=False):
        try:
            return kernel(input, reduction_indices, keep_dims=keep_dims)
        except (ValueError, TypeError):  # NumPy wants each axis once, and no nested ones
            return kernel(input, _distinct_axes(input.ndim, reduction_indices), keep_dims=keep_dims)

    declared.shape(reduced_shape)
    declared.explains(bad_axis)
    declared.samples(samples or reduction_samples)
    return declared


def reduction_samples(make):
    """Sample inputs of reductions, with axes."""
    yield make(2, 3), 0
    yield make(2, 3), (0, 1), dict(keep_dims=True)
    yield make(2, 3, 4), (-1, 0)
    yield make(2, 3), ()
    yield make(), ()
    yield make(0, 3), 0


def _bool_samples(make):
    yield make.bools(2, 3), 0
    yield make.bools(2, 3), (0, 1), dict(keep_dims=True)
    yield make.bools(2, 3), ()
    yield make.bools(0, 3), 0


def reduction_axes(input, axis):
    """The axes of a reduction: those given or, spelled out as TensorFlow does in a graph, all of them."""
    if axis is not None:
        return axis
    if here.eager and not isinstance(input, GraphTensor):
        input = input if type(input) is EagerTensor else convert(input)
        if type(input) is EagerTensor:  # parts of what was given may belong to a graph
            return tuple(range(input._v.ndim))
    if isinstance(input, Tensor) and input._rank() is not None:
        return from_array(np.arange(input._rank(), dtype=np.int32))
    return registry["Range"](0, rank(input), 1, name="range")


def to_scalar(result, axis, keepdims):
    """The output of a reduction; of one along all axes the static shape is known."""
    if axis is None and not keepdims and type(result) is not EagerTensor:
        result.set_shape(())
    return result


def reduction(op, what, more="", compute=None):
    """The public function of a reduction.

    Args:
      op: the `Op`.
      what: what it computes, for the docstring.
      more: what else the docstring says of the argument.
      compute: the kernel for one axis or all; by default the op's one for NumPy.
    """
    compute, seen = compute or op.numpy, op.fast

    @versioned
    def general(input_tensor, axis, keepdims, name):
        result = op(input_tensor, reduction_axes(input_tensor, axis), keep_dims=keepdims, name=name)
        return to_scalar(result, axis, keepdims)

    @shortcut(general)
    def function(input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None, keep_dims=None):
        if type(input_tensor) is EagerTensor and (axis is None or type(axis) is int) and not keepdims:
            v = input_tensor._v
            if v.dtype in seen and reduction_indices is None and keep_dims is None and (not process.busy or here.eager):
                try:
                    result = compute(v, axis)
                except ValueError:  # the axis does not exist: the long way has the message
                    return op(input_tensor, axis)
                axes = axis if axis is not None else _ALL[v.ndim] if process.busy else None
                return finish(op, (input_tensor, axes), result, _DROPPED)
        axis = one_of("axis", axis, "reduction_indices", reduction_indices)
        keepdims = bool(one_of("keepdims", keepdims, "keep_dims", keep_dims))
        return general(input_tensor, axis, keepdims, name)

    function.__name__ = function.__qualname__ = op.name
    function.__doc__ = _DOC % (what, more)
    return function


_DROPPED = {"keep_dims": False}
_ALL = [tuple(range(rank)) for rank in range(65)]  # for each rank all its axes
_DOC = """The %s of the elements of a tensor along axes.

    Args:
      input_tensor: a tensor%s.
      axis: an axis or several; by default all.
      keepdims: whether reduced axes stay, with size 1.
      name: the name of the node.
      reduction_indices, keep_dims: old spellings of `axis` and `keepdims`.

    Raises:
      InvalidArgumentError (in a graph ValueError): the tensor does not have these axes.
    """

# ---------------------------------------------------------------------------------------------------- sums and products

_REAL = [getattr(dtypes, n) for n in "float32 float64 float16 bfloat16 int8 int16 int32 int64 uint8 uint16 uint32 uint64".split()]

# Half precision is summed up in single.
_ACCUMULATORS = {dtypes.float16.np: dtypes.float32.np, dtypes.bfloat16.np: dtypes.float32.np}
_FLOAT32, _FLOAT64 = dtypes.float32.np, dtypes.float64.np
_MANY, _ROW = 1 << 14, 1024  # elements: of an array that is worth some trouble, of a row that is added up without pairing
_add_up, _multiply_up = np.add.reduce, np.multiply.reduce


def _sum_of(v, axes, *, keep_dims=False):
    d = v.dtype
    if d is _FLOAT32 or d is _FLOAT64:
        if v.size >= _MANY:
            return _sum_of_many(v, axes, keep_dims)
        return _add_up(v, axes, None, None, keep_dims)
    return _in_own_type(_add_up, v, axes, keep_dims)


def _sum_of_many(v, axes, keep_dims):
    """The sum of a large array of floats: along all axes or the last one NumPy's einsum is two to five times as fast as its sum."""
    rank = v.ndim
    if type(axes) is tuple and len(axes) == 1:
        axes = axes[0]
    if not v.flags.c_contiguous:
        pass
    elif axes is None or type(axes) is tuple and len(axes) == rank and sorted([a % rank for a in axes]) == list(range(rank)):
        flat = v.reshape(-1)
        whole = flat.size // _ROW * _ROW
        total = _add_up(np.einsum("ij->i", flat[:whole].reshape(-1, _ROW))) + _add_up(flat[whole:])
        return total.reshape((1,) * rank) if keep_dims else total
    elif type(axes) is int and axes in (-1, rank - 1) and v.shape[-1] <= 2 * _ROW:
        sums = np.einsum("ij->i", v.reshape(-1, v.shape[-1]))
        return sums.reshape(*v.shape[:-1], 1) if keep_dims else sums.reshape(v.shape[:-1])
    return _add_up(v, axes, None, None, keep_dims)


def _in_own_type(reduce, v, axes, keep_dims):
    """`reduce`, NumPy's, with a result of the input's type, but narrow floats added up in wider ones."""
    d = v.dtype
    wide = _ACCUMULATORS.get(d)
    if wide is None:
        return reduce(v, axes, d, None, keep_dims)
    return reduce(v, axes, wide, None, keep_dims).astype(d)


def _product_of(v, axes, *, keep_dims=False):
    return _in_own_type(_multiply_up, v, axes, keep_dims)


def _count(shape, axes):
    """How many elements become one."""
    if axes is None:
        return math.prod(shape)
    if type(axes) is int:
        return shape[axes]
    count = 1
    for a in axes:
        count *= shape[a]
    return count


def _mean_of(v, axes, *, keep_dims=False):
    d = v.dtype
    count = _count(v.shape, axes)
    if d == _FLOAT32 or d == _FLOAT64:  # not `is`: arrays that were pickled have types of their own
        return _sum_of(v, axes, keep_dims=keep_dims) / count
    if d in _ACCUMULATORS:
        return (_add_up(v, axes, _ACCUMULATORS[d], None, keep_dims) / count).astype(d)
    total = _add_up(v, axes, d, None, keep_dims)
    return total / count if d.kind == "c" else _truncated(np, total, count)


def _truncated(xp, total, count):
    """The quotient of an integer array and a count, rounded towards zero."""
    if not count:
        return xp.zeros_like(total)
    return (xp.sign(total) * (abs(total) // total.dtype.type(count))).astype(total.dtype)


def _traced_mean(jnp, x, axes, keep_dims):
    total, count = jnp.sum(x, axes, dtype=x.dtype, keepdims=keep_dims), _count(x.shape, axes)
    return _truncated(jnp, total, count) if x.dtype.kind in "iu" else (total / count).astype(x.dtype)


_sum = declare_reduction("Sum", _sum_of, lambda jnp, x, axes, keep: jnp.sum(x, axes, dtype=x.dtype, keepdims=keep))
_mean = declare_reduction("Mean", _mean_of, _traced_mean)
_prod = declare_reduction("Prod", _product_of, lambda jnp, x, axes, keep: jnp.prod(x, axes, dtype=x.dtype, keepdims=keep))


@_sum.grad("input", _spread_value)
def _(g, input: Shape, reduction_indices, *, keep_dims):
    return spread(g, input, reduction_indices, keep_dims)


def _mean_value_grad(g, shape, axes, output, *, keep_dims):
    return _spread_value(g / (math.prod(shape) // max(math.prod(output), 1)), shape, axes, keep_dims=keep_dims)


@_mean.grad("input", _mean_value_grad)
def _(g, input: Shape, reduction_indices, output: Shape, *, keep_dims):
    if type(input) is tuple and type(output) is tuple:
        count = math.prod(input) // max(math.prod(output), 1)
    else:
        count = _elements(input) // maximum(_elements(output), 1)
    return spread(g / cast(count, g.dtype), input, reduction_indices, keep_dims)


def _elements(shape):
    """The number of elements of a known shape, or of one that a tensor tells."""
    return math.prod(shape) if type(shape) is tuple else reduce_prod(shape)


# The products of all others along the reduced axes: how to bring these to the front, and all dimensions back.
_FRONT = (
    "EagleAxesFirst(shape: S, axes: Tidx) -> (order: int32, back: int32, matrix: int32, moved: int32) | "
    "S: type in [int32,int64] = 'int32'; Tidx: type in [int32,int64] = 'int32' | gradient"
)


@op("EagleAxesFirst", definition=_FRONT)
def _axes_first(xp, shape: Host, axes: Host):
    axes = list(_distinct_axes(len(shape), axes))
    order = axes + [i for i in range(len(shape)) if i not in axes]
    moved = [shape[i] for i in order]
    matrix = [math.prod(moved[: len(axes)]), math.prod(moved[len(axes) :])]
    return [np.array(v, np.int32) for v in (order, np.argsort(order), matrix, moved)]


@_axes_first.shape
def _(shape, axes):
    rank = (None if shape is None else len(shape),)
    return [rank, rank, (2,), rank]


_axes_first.not_differentiable()


@_axes_first.samples
def _(make):
    yield np.array([2, 3, 4], np.int32), np.array([-1, 0], np.int32)


@_prod.grad("input")
def _(g, input, reduction_indices, *, keep_dims):
    shape = input._shape if shapes.is_known(input._shape) else registry["Shape"](input)
    return spread(g, shape, reduction_indices, keep_dims) * conj(_others(input, shape, reduction_indices))


def _others(x, shape, axes):
    """For each element the product of all others along the axes."""
    if type(axes) is int:
        axes = (axes,)
    if type(axes) is tuple:
        product = ones_like(x)
        for a in axes:
            product *= _others_along(x, a)
            x = _prod(x, a, keep_dims=True)
        return product
    transpose = registry["Transpose"]
    order, back, matrix, moved = _axes_first(shape, axes)
    others = _others_along(reshape(transpose(x, order), matrix), 0)
    return reshape(transpose(reshape(others, moved), back), shape)


def _others_along(x, axis):
    """For each element the product of all others along an axis: of those before and those behind."""
    cumprod = registry["Cumprod"]
    return cumprod(x, axis, exclusive=True) * cumprod(x, axis, exclusive=True, reverse=True)


# ------------------------------------------------------------------------------------------------------------- extremes


def _declare_extreme(name, bound, ignoring_nan, worst):
    """Declares a reduction to an extreme; NaNs are passed over.

    Args:
      name: the op type.
      bound: the NumPy function that picks the better of two.
      ignoring_nan: the same where NaNs lose.
      worst: from a NumPy type to the number that loses against all others.
    """

    def kernel(v, axes, *, keep_dims=False):
        integral = v.dtype.kind in "iu"
        return (bound if integral else ignoring_nan).reduce(v, axes, None, None, keep_dims, worst(v.dtype))

    def traced(jnp, x, axes, keep_dims):
        lost = worst(x.dtype)
        x = x if x.dtype.kind in "iu" else jnp.where(x != x, x.dtype.type(lost), x)
        return getattr(jnp, bound.__name__[:3])(x, axes, keepdims=keep_dims, initial=lost)

    declared = declare_reduction(name, kernel, traced, sample_types=_REAL)

    @declared.grad("input")
    def _(g, input, reduction_indices, output, *, keep_dims):
        shape = input._shape if shapes.is_known(input._shape) else registry["Shape"](input)
        chosen = cast(equal(_kept(output, shape, reduction_indices, keep_dims), input), g.dtype)
        count = _sum(chosen, reduction_indices, keep_dims=True)
        return chosen / count * _kept(g, shape, reduction_indices, keep_dims)

    return declared


_max = _declare_extreme("Max", np.maximum, np.fmax, lowest)
_min = _declare_extreme("Min", np.minimum, np.fmin, highest)

# ----------------------------------------------------------------------------------------------------- logic, and lengths


def _declare_logical(name, compute, traced):
    def kernel(v, axes, *, keep_dims=False):
        return compute.reduce(v, axes, None, None, keep_dims)

    declared = declare_reduction(name, kernel, traced, _bool_samples)
    declared.not_differentiable()
    return declared


def _length_of(v, axes, *, keep_dims=False):
    if axes == ():
        return v  # so TensorFlow: nothing to reduce is nothing to do
    return _root(np, _sum_of(_squares(v), axes, keep_dims=keep_dims), v.dtype)


def _squares(v):
    return (v * v.conj()).real if v.dtype.kind == "c" else v * v


def _root(xp, total, dtype):
    return xp.sqrt(total).astype(dtype)


_all = _declare_logical("All", np.logical_and, lambda jnp, x, axes, keep: jnp.all(x, axes, keepdims=keep))
_any = _declare_logical("Any", np.logical_or, lambda jnp, x, axes, keep: jnp.any(x, axes, keepdims=keep))
_euclidean_norm = declare_reduction(
    "EuclideanNorm",
    _length_of,
    lambda jnp, x, axes, keep: (
        x if axes == () else _root(jnp, jnp.sum(_squares(x), axes, dtype=_squares(x).dtype, keepdims=keep), x.dtype)
    ),
)
_euclidean_norm.not_differentiable()


def _export(name, *arguments, **options):
    return export("reduce_" + name, "math.reduce_" + name)(reduction(*arguments, **options))


reduce_sum = _export("sum", _sum, "sum", compute=_sum_of)
reduce_mean = _export("mean", _mean, "mean", ", of integers rounded towards zero", _mean_of)
reduce_prod = _export("prod", _prod, "product")
reduce_max = _export("max", _max, "maximum")
reduce_min = _export("min", _min, "minimum")
reduce_all = _export("all", _all, "logical and", " of bools")
reduce_any = _export("any", _any, "logical or", " of bools")


@export("math.reduce_euclidean_norm")
def reduce_euclidean_norm(input_tensor, axis=None, keepdims=False, name=None):
    """The Euclidean norm of the elements of a tensor along axes: the root of the sum of their squares.

    Args:
      input_tensor: a numeric tensor.
      axis: an axis or several; by default all.
      keepdims: whether reduced axes stay, with size 1.
      name: the name of the node.
    """
    axes = reduction_axes(input_tensor, axis)
    return to_scalar(_euclidean_norm(input_tensor, axes, keep_dims=keepdims, name=name), axis, keepdims)
