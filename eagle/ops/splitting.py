"""Taking tensors apart: split and unstack."""

import numpy as np

from ..core import shape as shapes
from ..core.context import here, process
from ..core.convert import convert
from ..core.dispatch import host_value
from ..core.errors import invalid
from ..core.export import export
from ..core.op import Host, op
from ..core.tensor import EagerTensor
from .doors import finish_several
from .joining import concat, pieces, stack
from .shaping import normal_axis

# ------------------------------------------------------------------------------------------------------------ unstack


@op("Unpack")
def _unpack(xp, value, *, num, axis=0):
    axis = normal_axis(axis, value.ndim)
    if value.shape[axis] != num:
        raise invalid("Input shape axis %d must equal %d, got shape %s", axis, num, shapes.to_brackets(value.shape))
    if not axis and value.dtype != object:
        return list(value)
    return [value[(slice(None),) * axis + (i, ...)] for i in range(num)]


@_unpack.shape
def _(value, *, num, axis):
    if value is None:
        return [None] * num
    axis = normal_axis(axis, len(value))
    if value[axis] not in (None, num):
        raise ValueError("Dimension must be %d but is %d" % (num, value[axis]))
    return [value[:axis] + value[axis + 1 :]] * num


@_unpack.grad("value", stack.op.numpy)
def _(g, *, axis):
    return stack.op(g, axis=axis)


@_unpack.samples
def _(make):
    yield make(2, 3), dict(num=2)
    yield make(2, 3), dict(num=3, axis=-1)
    yield make(3), dict(num=3)
    yield make(1, 3), dict(num=1)


@export("unstack")
def unstack(value, num=None, axis=0, name="unstack"):
    """The slices of a tensor along a dimension, as a list of tensors of a rank less by one.

    Args:
      value: a tensor.
      num: the size of that dimension; by default its static size.
      axis: an int in `[-rank, rank)`.
      name: the name of the node.

    Raises:
      ValueError: `axis` is out of range, or `num` is not given and not known.
    """
    if type(value) is EagerTensor and type(axis) is int and (not process.busy or here.eager):
        v = value._v
        if -v.ndim <= axis < v.ndim and num in (None, v.shape[axis]):
            attrs = {"num": v.shape[axis], "axis": axis}
            return finish_several(_unpack, (value,), _unpack.numpy(v, **attrs), attrs)
    if num is None:
        value = convert(value)
        shape = value._shape
        if shape is not None:
            if not -len(shape) <= axis < len(shape):
                raise ValueError("axis = %d not in [%d, %d)" % (axis, -len(shape), len(shape)))
            num = shape[axis]
        if num is None:
            raise ValueError("Cannot infer num from shape %s" % shapes.to_text(shape))
    return _unpack(value, num=num, axis=axis, name=name)


# -------------------------------------------------------------------------------------------------------------- split


def _split_axis(axis, rank):
    if type(axis) is tuple:
        if np.size(axis) != 1:
            raise invalid("split_dim_tensor must have exactly one element.")
        axis = np.ravel(axis).item()
    if not -rank <= axis < rank:
        raise invalid("-input rank(-%d) <= split_dim < input rank (%d), but got %d", rank, rank, axis)
    return axis % rank


def _split_rule_axis(axis, rank):
    if type(axis) is tuple:
        if np.size(axis) != 1:
            raise ValueError("Input must be scalar but has rank %d" % np.ndim(axis))
        axis = np.ravel(axis).item()
    if not -rank <= axis < rank:
        raise ValueError("Dimension size, given by scalar input %d must be in range [-%d, %d)" % (axis, rank, rank))
    return axis % rank


@op("Split")
def _split(xp, split_dim: Host, value, *, num_split):
    axis = _split_axis(split_dim, value.ndim)
    size, rest = divmod(value.shape[axis], num_split)
    if rest:
        raise invalid("Number of ways to split should evenly divide the split dimension, but got split_dim %d (size = %d) and "
                      "num_split %d", split_dim, value.shape[axis], num_split)  # fmt: skip
    return pieces(value, axis, [size] * num_split)


@_split.shape
def _(split_dim, value, *, num_split):
    if value is None or split_dim is None:
        return [None if value is None else (None,) * len(value)] * num_split
    axis = _split_rule_axis(split_dim, len(value))
    size = value[axis]
    if size is not None:
        if size % num_split:
            raise ValueError("Dimension size must be evenly divisible by %d but is %d\n\tNumber of ways to split should evenly "
                             "divide the split dimension" % (num_split, size))  # fmt: skip
        size //= num_split
    return [(*value[:axis], size, *value[axis + 1 :])] * num_split


@_split.grad("value", np.concatenate)
def _(g, split_dim):
    return concat(g, split_dim)


@_split.samples
def _(make):
    yield 1, make(2, 6), dict(num_split=3)
    yield -2, make(4, 2), dict(num_split=2)
    yield 0, make(4), dict(num_split=1)


@op("SplitV")
def _split_v(xp, value, size_splits: Host, split_dim: Host, *, num_split):
    if np.ndim(size_splits) != 1 or len(size_splits) != num_split:
        raise invalid("size of the split_tensor must be 1-D and have the same elements as outputs got %d -D and %d elements",
                      np.ndim(size_splits), np.size(size_splits))  # fmt: skip
    axis = _split_axis(split_dim, value.ndim)
    size, sizes = value.shape[axis], list(size_splits)
    if num_split == 1 and sizes[0] not in (-1, size):
        raise invalid("If there is only one output, it must have the same size as the input. Input size: %d output size: %d",
                      size, sizes[0])  # fmt: skip
    open_places = sizes.count(-1)
    if open_places > 1:
        raise invalid("There can only be one -1 in the input.")
    total = sum(sizes) + open_places
    if total != size and not (open_places and total < size):
        raise invalid("Determined shape must either match input shape along split_dim exactly if fully specified, or be less than "
                      "the size of the input along split_dim if not fully specified.  Got: %d", total)  # fmt: skip
    if open_places:
        sizes[sizes.index(-1)] = size - total
    for i, s in enumerate(sizes):
        if s < 0:
            raise invalid("Split size at index %d must be >= 0. Got: %d", i, s)
    return pieces(value, axis, sizes)


@_split_v.shape
def _(value, size_splits, split_dim, *, num_split):
    if value == ():
        raise ValueError("Can't split scalars")
    if size_splits is not None and len(size_splits) != num_split:
        raise ValueError("Length of size_splits should be equal to num_outputs")
    if value is None or split_dim is None:
        return [None if value is None else (None,) * len(value)] * num_split
    axis = _split_rule_axis(split_dim, len(value))
    sizes = [None] * num_split
    if size_splits is not None:
        sizes = _known_sizes(size_splits, value[axis])
    return [(*value[:axis], s, *value[axis + 1 :]) for s in sizes]


def _known_sizes(size_splits, whole):
    """The static sizes of the parts along the split dimension."""
    sizes = list(size_splits)
    open_places = sizes.count(-1)
    if open_places > 1:
        raise ValueError("size_splits can only have one -1")
    total = sum(sizes) + open_places
    if whole is not None and (total > whole or total < whole and not open_places):
        raise ValueError("can't split axis of size %d into pieces of size %s" % (whole, shapes.to_brackets(tuple(sizes))))
    rest = None if whole is None else whole - total
    return [rest if s == -1 else s for s in sizes]


def _concatenate_back(g, split_dim):
    return np.concatenate(g, split_dim)


@_split_v.grad("value", _concatenate_back)
def _(g, split_dim):
    return concat(g, split_dim)


@_split_v.samples
def _(make):
    yield make(2, 6), (1, 3, 2), 1, dict(num_split=3)
    yield make(4, 2), (-1, 1), -2, dict(num_split=2)
    yield make(3), (3,), 0, dict(num_split=1)


@export("split")
def split(value, num_or_size_splits, axis=0, num=None, name="split"):
    """Cuts a tensor into parts along a dimension.

    Args:
      value: a tensor.
      num_or_size_splits: an int, the number of parts of equal size; or an int vector, the sizes of the parts, one of which may
        be -1 and follows from the others.
      axis: an int scalar in `[-rank, rank)`.
      num: the number of parts, if it can't be known from the shape of `num_or_size_splits`.
      name: the name of the node.

    Returns:
      The list of the parts.

    Raises:
      ValueError: the number of parts is not known, or a tensor without dimensions was given for it.
      InvalidArgumentError (in a graph ValueError where the shapes are known): the sizes don't fit.
    """
    kind = type(num_or_size_splits)
    if kind is int and type(value) is EagerTensor and type(axis) is int and (not process.busy or here.eager):
        v = value._v
        if num_or_size_splits > 0 and -v.ndim <= axis < v.ndim and not v.shape[axis] % num_or_size_splits:
            attrs = {"num_split": num_or_size_splits}
            return finish_several(_split, (axis, value), _split.numpy(axis, v, **attrs), attrs)
    if here.eager:
        sizes = host_value(num_or_size_splits)
        rank, count = np.ndim(sizes), len(sizes) if type(sizes) is tuple else None
    else:
        sizes = convert(num_or_size_splits)
        rank, count = sizes._rank(), (sizes._shape or (None,))[0]
    if isinstance(num_or_size_splits, (int, shapes.Dimension)):
        return _split(axis, value, num_split=num_or_size_splits, name=name)
    if rank == 0:
        raise ValueError("Rank-0 tensors are not supported as the num_or_size_splits argument to split. Argument provided: %s"
                         % (num_or_size_splits,))  # fmt: skip
    if num is None:
        num = count
        if num is None:
            raise ValueError("Cannot infer num from shape %s" % (num_or_size_splits,))
    return _split_v(value, sizes, axis, num_split=num, name=name)
