"""Joining tensors: concat and stack, and the packing of lists of tensors."""

import numpy as np

from ..core import dtypes, known, shape as shapes
from ..core.context import here, process
from ..core.convert import convert, register_tensor_conversion_function
from ..core.dispatch import registry
from ..core.dtypes import Handle, Handles
from ..core.errors import InternalError, invalid
from ..core.export import export
from ..core.indexed_slices import IndexedSlices
from ..core.op import Host, Shape, Slices, op
from ..core.scopes import name_scope
from ..core.variants import Variants
from ..core.versions import shortcut, versioned
from .doors import eager_values, finish
from .passing import identity
from .shaping import expand_dims, normal_axis

# ------------------------------------------------------------------------------------------------------------- concat


def _concatenated_shape(values, axis):
    """The shape of tensors of these shapes, joined along `axis` (None if it is not known)."""
    if axis is not None and type(axis) is not int:
        raise ValueError("Shape must be rank 0 but is rank %d" % np.ndim(axis))
    rank = next((len(s) for s in values if s is not None), None)
    if rank is None:
        return None
    for s in values:
        if s is not None and len(s) != rank:
            raise ValueError("Shape must be rank %d but is rank %d" % (rank, len(s)))
    if not rank:
        raise ValueError("Can't concatenate scalars (use tf.stack instead)")
    if axis is None:
        return (None,) * rank
    at_least = axis + 1 if axis >= 0 else -axis
    if at_least > rank:
        raise ValueError("Shape must be at least rank %d but is rank %d" % (at_least, rank))
    axis %= rank
    merged, size = (None,) * rank, 0
    for s in values:
        s = s or (None,) * rank
        size = None if size is None or s[axis] is None else size + s[axis]
        merged = _merged_beside(merged, s, axis)
    return merged[:axis] + (size,) + merged[axis + 1 :]


def _merged_beside(a, b, axis):
    """Two shapes merged, except along `axis`."""
    parts = []
    for x, y in ((a[:axis], b[:axis]), (a[axis + 1 :], b[axis + 1 :])):
        part = shapes.merge(x, y)
        if part is shapes.CONTRADICTION:
            raise ValueError(_unequal_dimension(x, y))
        parts.append(part)
    return (*parts[0], None, *parts[1])


def _unequal_dimension(a, b):
    i = next(i for i, (x, y) in enumerate(zip(a, b)) if None not in (x, y) and x != y)
    return "Dimension %d in both shapes must be equal, but are %d and %d. Shapes are %s and %s." % (
        i, a[i], b[i], shapes.to_brackets(a), shapes.to_brackets(b))  # fmt: skip


def why_no_concat(values, axis, lowest_axis=None):
    """TensorFlow's message for values that can't be joined along `axis`, or None; axes count from `lowest_axis`."""
    first = values[0].shape
    rank = len(first)
    lowest_axis = -rank if lowest_axis is None else lowest_axis
    if not lowest_axis <= axis < rank:
        return "ConcatOp : Expected concatenating dimensions in the range [%d, %d), but got %d" % (lowest_axis, rank, axis)
    axis %= rank
    for i, v in enumerate(values):
        pair = (0, shapes.to_brackets(first), i, shapes.to_brackets(v.shape))
        if v.ndim != rank:
            return "ConcatOp : Ranks of all input tensors should match: shape[%d] = %s vs. shape[%d] = %s" % pair
        if v.shape[:axis] != first[:axis] or v.shape[axis + 1 :] != first[axis + 1 :]:
            return "ConcatOp : Dimensions of inputs should match: shape[%d] = %s vs. shape[%d] = %s" % pair
    return None


def _scalar_axis(axis):
    if type(axis) is not int:
        raise invalid("axis tensor should be a scalar integer, but got shape %s", shapes.to_brackets(np.shape(axis)))
    return axis


@op("ConcatV2")
def _concat_v2(xp, values, axis: Host):
    return xp.concatenate(values, _scalar_axis(axis))


_concat_v2.shape(_concatenated_shape)


@_concat_v2.explains
def _(args):
    return why_no_concat(*args)


@_concat_v2.partial
def _(node):
    parts = [known.partial_shape(t) for t in node._inputs[:-1]]
    return None if None in parts else tuple([d for part in parts for d in part])


def _gradients_of_parts(g, values, axis):
    """The gradients of tensors that were joined.

    Args:
      g: the gradient of the whole.
      values: the shapes of the parts, tuples or tensors.
      axis: along which they were joined.
    """
    if isinstance(g, IndexedSlices):
        return _slices_of_parts(g, values, axis)
    if type(axis) is int and all(type(s) is tuple for s in values):
        return registry["SplitV"](g, [s[axis] for s in values], axis, num_split=len(values))
    if type(axis) is not int:
        rank = len(values[0]) if type(values[0]) is tuple else registry["Size"](values[0])
        axis = registry["FloorMod"](axis, rank)
    offsets = _concat_offset(axis, [convert(s, dtypes.int32) for s in values])
    return [registry["Slice"](g, begin, size) for begin, size in zip(offsets, values)]


def _slices_of_parts(g, values, axis):
    """`_gradients_of_parts` where only some slices of the whole have a gradient."""
    if type(axis) is not int:
        raise ValueError("Can only compute IndexedSlices gradient with statically-known concat_dim")
    if axis < 0:
        rank = next((len(s) for s in values if type(s) is tuple), None)
        if rank is None:
            raise ValueError(
                "Can only compute IndexedSlices gradient with negative concat_dim when first value rank is statically-known."
            )
        axis %= rank
    if axis:
        offsets = _concat_offset(axis - 1, [convert(s, dtypes.int32)[1:] for s in values])
        grads = []
        for s, offset in zip(values, offsets):
            s = convert(s, dtypes.int32)
            begin = concat([[0], offset], 0)
            size = concat([[-1], s[1:]], 0)
            grads.append(IndexedSlices(registry["Slice"](g.values, begin, size), g.indices, s))
        return grads
    start, grads = convert(0, g.indices.dtype), []
    for s in values:
        s = convert(s, dtypes.int32)
        end = start + registry["Cast"](s[0], DstT=g.indices.dtype)
        mine = registry["LogicalAnd"](registry["GreaterEqual"](g.indices, start), registry["Less"](g.indices, end))
        chosen = registry["Squeeze"](registry["Where"](mine), squeeze_dims=[1])
        gather = registry["GatherV2"]
        grads.append(IndexedSlices(gather(g.values, chosen, 0), gather(g.indices, chosen, 0) - start, s))
        start = end
    return grads


def pieces(value, axis, sizes):
    """The parts of these sizes of an array, along an axis counted from the front."""
    ahead, parts, at = (slice(None),) * axis, [], 0
    for size in sizes:
        parts.append(value[(*ahead, slice(at, at + size))])
        at += size
    return parts


def _values_of_parts(g, values, axis):
    return pieces(g, axis % g.ndim, [s[axis] for s in values])


@_concat_v2.grad(numpy=_values_of_parts)
def _(g: Slices, values: Shape, axis):
    return _gradients_of_parts(g, values, axis)


@_concat_v2.samples
def _(make):
    yield [make(2, 3), make(1, 3)], 0
    yield [make(2, 3), make(2, 2), make(2, 0)], -1
    yield [make(2, 1, 2), make(2, 2, 2)], 1


@op("Concat")
def _concat(xp, concat_dim: Host, values):
    return xp.concatenate(values, _scalar_axis(concat_dim))


@_concat.shape
def _(concat_dim, values):
    return _concatenated_shape(values, concat_dim)


@_concat.explains
def _(args):
    return why_no_concat(args[1], args[0])


@_concat.grad
def _(g: Slices, values: Shape, concat_dim):
    return (None, *_gradients_of_parts(g, values, concat_dim))


@_concat.samples
def _(make):
    yield 0, [make(2, 3), make(1, 3)]
    yield 1, [make(2, 3), make(2, 2)]


@op("ConcatOffset")
def _concat_offset(xp, concat_dim: Host, shape):
    for i, s in enumerate(shape):
        if s.ndim != 1:
            raise invalid("input %d should be a vector, but got shape %s", i, shapes.to_brackets(s.shape))
    rank = len(shape[0])
    if not -rank <= concat_dim < rank:
        raise invalid("Concat dim is out of range: %d vs. %d", concat_dim, rank)
    axis = concat_dim % rank
    if xp is np:
        _check_shapes_to_join([s.tolist() for s in shape], axis)
    offsets, total = [], 0
    for s in shape:
        offsets.append(xp.array([total if i == axis else 0 for i in range(rank)], dtype=np.int32))
        total = total + s[axis]
    return offsets


def _check_shapes_to_join(sizes, axis):
    first = sizes[0]
    for i, s in enumerate(sizes):
        if len(s) != len(first):
            raise invalid("input %d should contain %d elements, but got %d", i, len(first), len(s))
        if s[:axis] != first[:axis] or s[axis + 1 :] != first[axis + 1 :]:
            text = "All dimensions except %d must match. Input %d has shape %s and doesn't match input 0 with shape %s."
            raise invalid(text, axis, i, "[%s]" % " ".join(map(str, s)), "[%s]" % " ".join(map(str, first)))


@_concat_offset.shape
def _(concat_dim, shape):
    return list(shape)


_concat_offset.not_differentiable()


@_concat_offset.samples
def _(make):
    yield 1, [np.array([2, 3], np.int32), np.array([2, 4], np.int32)]
    yield -2, [np.array([2, 3], np.int32), np.array([5, 3], np.int32), np.array([1, 3], np.int32)]


@versioned
def _general_concat(values, axis, name):
    """`concat` of anything that it works with."""
    if not isinstance(values, (list, tuple)):
        values = [values]
    if len(values) != 1:
        return _concat_v2(values, axis, name=name)
    with name_scope(name):
        convert(axis, dtypes.int32, "concat_dim").shape.assert_has_rank(0)
        return identity(values[0], name=name)


@export("concat")
@shortcut(_general_concat)
def concat(values, axis, name="concat"):
    """Joins tensors along a dimension that they have.

    Args:
      values: a list of tensors of one type, or a single tensor; their shapes agree except along `axis`.
      axis: an int scalar in `[-rank, rank)`.
      name: the name of the node.

    Returns:
      The joined tensor, whose size along `axis` is the sum of the sizes.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): the shapes don't fit.
      TypeError: the types differ.
    """
    if type(axis) is int and (not process.busy or here.eager):
        arrays = eager_values(values)
        if arrays is not None and len(arrays) > 1:
            try:
                joined = np.concatenate(arrays, axis)
            except ValueError:  # the long way has the message
                return _concat_v2(list(values), axis, name=name)
            return finish(_concat_v2, (list(values), axis), joined)
    return _general_concat(values, axis, name)


@op("ParallelConcat")
def _parallel_concat(xp, values, *, shape):
    return xp.concatenate(values, 0).reshape(shape)


@_parallel_concat.shape
def _(values, *, shape):
    if not shapes.is_known(shape):
        raise ValueError("shape attr must be fully defined.")
    for s in values:
        if shapes.is_known(s):
            if s[:1] != (1,):
                raise ValueError("Size of first dimension must be 1.")
            if s[1:] != shape[1:]:
                raise ValueError(_unequal_dimension(shape[1:], s[1:]))
    return shape


@_parallel_concat.samples
def _(make):
    yield [make(1, 3), make(1, 3)], dict(shape=(2, 3))


@export("parallel_stack")
def parallel_stack(values, name="parallel_stack"):
    """Stacks tensors of one type and one fully known shape along a new first dimension; gradients don't flow through it.

    Args:
      values: a list of tensors.
      name: the name scope of the nodes.

    Raises:
      InternalError: eager execution is on, as in TensorFlow.
      ValueError: a shape is not fully known, or they differ.
    """
    if here.eager:
        message = "Found instance of parallel_stack which could not be properly replaced. [Op:ParallelConcat]"
        raise InternalError(None, None, message)
    with name_scope(name):
        shape = shapes.TensorShape([len(values)]).concatenate(convert(values[0]).shape)
        rows = [expand_dims(v, 0) for v in values]
        if not all(shapes.is_known(r._shape) for r in rows):
            raise ValueError("All input shapes must be fully defined.")
        return _parallel_concat(rows, shape=shape)


# -------------------------------------------------------------------------------------------------------------- stack


@op("Pack")
def _pack(xp, values, *, axis=0):
    first = values[0].shape
    for i, v in enumerate(values):
        if v.shape != first:
            raise invalid("Shapes of all inputs must match: values[0].shape = %s != values[%d].shape = %s",
                          shapes.to_brackets(first), i, shapes.to_brackets(v.shape))  # fmt: skip
    if xp is not np:
        return xp.stack(values, axis)
    if isinstance(values[0], Handles):
        return values[0].rearranged(np.stack([v.items for v in values], axis))
    if isinstance(values[0], Handle):
        return (Variants if values[0].dtype is dtypes.VARIANT else Handles)(values)
    if values[0].dtype != object and (not axis or not first):
        return np.array(values, values[0].dtype)
    return np.concatenate([v[(slice(None),) * (axis % (len(first) + 1)) + (None,)] for v in values], axis)


@_pack.shape
def _(values, *, axis):
    merged = None
    for i, s in reversed(list(enumerate(values))):
        last, merged = merged, shapes.merge(merged, s)
        if merged is shapes.CONTRADICTION:
            raise ValueError("%s\n\tFrom merging shape %d with other shapes." % (unequal_shapes(s, last), i))
    if merged is None:
        return None
    axis = normal_axis(axis, len(merged) + 1, "axis =")
    return (*merged[:axis], len(values), *merged[axis:])


def unequal_shapes(a, b):
    """TensorFlow's message for shapes that should be equal."""
    if len(a) != len(b):
        return "Shapes must be equal rank, but are %d and %d" % (len(a), len(b))
    return _unequal_dimension(a, b)


@_pack.partial
def _(node):
    if any(t._shape not in ((), None) for t in node._inputs) or node.attrs["axis"]:
        return None
    return tuple(known.host(t) for t in node._inputs)


def _unstack_value(g, values, axis):
    return list(g) if not axis else [g[(slice(None),) * (axis % g.ndim) + (i,)] for i in range(g.shape[axis])]


@_pack.grad(numpy=_unstack_value)
def _(g, values: Shape, *, axis):
    return registry["Unpack"](g, num=len(values), axis=axis)


@_pack.samples
def _(make):
    yield ([make(2, 3), make(2, 3)],)
    yield [make(2), make(2), make(2)], dict(axis=1)
    yield [make(2, 3), make(2, 3)], dict(axis=-2)
    yield ([make(), make()],)


@versioned
def _general_stack(values, axis, name):
    """`stack` of anything that it works with."""
    if axis == 0:
        try:
            return convert(values, name=name)
        except (TypeError, ValueError):
            pass  # no rectangle of numbers; as inputs of a node the values may still fit
    shape = convert(values[0], name=name)._shape
    if shape is not None and not -len(shape) - 1 <= axis <= len(shape):
        raise ValueError("axis = %d not in [%d, %d)" % (axis, -len(shape) - 1, len(shape) + 1))
    return _pack(values, axis=axis, name=name)


@export("stack")
@shortcut(_general_stack)
def stack(values, axis=0, name="stack"):
    """Packs tensors of one shape and type along a new dimension.

    Args:
      values: a list of tensors.
      axis: an int, where the new dimension stands in the result, in `[-(rank+1), rank+1)`.
      name: the name of the node.

    Raises:
      ValueError: `axis` is out of range.
      InvalidArgumentError (in a graph ValueError where they are known): the shapes differ.
    """
    if type(axis) is int and (not process.busy or here.eager):
        arrays = eager_values(values)
        if arrays is not None and -arrays[0].ndim - 2 < axis <= arrays[0].ndim and _alike(arrays):
            return finish(_pack, (list(values),), _pack.numpy(arrays, axis=axis), {"axis": axis})
    return _general_stack(values, axis, name)


stack.op = _pack


def _alike(arrays):
    first = arrays[0].shape
    return all([a.shape == first for a in arrays])


# -------------------------------------------------------------------------------------------- packing lists of tensors


def is_dense(x):
    """Whether `x` is a tensor, or a variable, but no sparse tensor."""
    return getattr(x, "is_tensor_like", False) and not hasattr(x, "dense_shape")


def _type_of_tensors(nested):
    """The type of the first tensor in nested lists, or None if there is none."""
    for x in nested:
        if isinstance(x, (list, tuple)):
            found = _type_of_tensors(x)
            if found is not None:
                return found
        elif is_dense(x):
            return x.dtype.base_dtype
    return None


def _cast_tensors(nested, dtype):
    if isinstance(nested, (list, tuple)):
        return [_cast_tensors(x, dtype) for x in nested]
    if is_dense(nested) and nested.dtype.base_dtype is not dtype:
        return registry["Cast"](nested, DstT=dtype)
    return nested


def _pack_nested(values, dtype, name):
    """Nested lists as one tensor, or as they are (but with inner lists of tensors packed) if there is no tensor among them."""
    if here.eager and all([is_dense(x) for x in values]):
        return _pack(list(values), name=name)
    packs, parts = False, []
    with name_scope(name) as scope:
        for i, x in enumerate(values):
            if is_dense(x):
                if x.dtype.base_dtype is not dtype:
                    raise TypeError("Cannot convert a list containing a tensor of dtype %s to %s (Tensor is: %r)"
                                    % (x.dtype, dtype, x))  # fmt: skip
            elif isinstance(x, (list, tuple)):
                x = _pack_nested(x, dtype, str(i))
            packs = packs or is_dense(x)
            parts.append(x)
        if not packs:
            return parts
        return _pack([x if is_dense(x) else convert(x, dtype, str(i)) for i, x in enumerate(parts)], name=scope)


def _packing_conversion(value, dtype=None, name=None, as_ref=False):
    """How a list or tuple with tensors in it becomes a tensor."""
    found = None if as_ref else _type_of_tensors(value)
    if found is None:
        return NotImplemented
    if dtype is None:
        dtype = found
    elif dtype is not found:
        value = _cast_tensors(value, dtype)
    return _pack_nested(value, dtype, name or "packed")


register_tensor_conversion_function((list, tuple), _packing_conversion, 99)
