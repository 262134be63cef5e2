"""Repeating and rearranging elements: tile, reverse, roll."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import convert
from ..core.deprecation import one_of
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.op import Host, HostVector, Shape, Slices, op
from ..core.tensor import Tensor
from ..core.versions import versioned
from .joining import concat, stack, unequal_shapes
from .reduce import reduce_sum
from .shaping import reshape

# --------------------------------------------------------------------------------------------------------------- tile


@op("Tile")
def _tile(xp, input, multiples: HostVector):
    if np.ndim(multiples) != 1:
        raise invalid("Expected multiples to be 1-D, but got shape %s", shapes.to_brackets(np.shape(multiples)))
    if len(multiples) != input.ndim:
        text = "Expected multiples argument to be a vector of length %d but got length %d"
        raise invalid(text, input.ndim, len(multiples))
    for i, m in enumerate(multiples):
        if m < 0:
            raise invalid("Expected multiples[%d] >= 0, but got %d", i, m)
    return xp.tile(input, multiples)


@_tile.shape
def _(input, multiples):
    if multiples is None:
        return None if input is None else (None,) * len(input)
    if input is not None and len(input) != len(multiples):
        raise ValueError("Shape must be rank %d but is rank %d" % (len(input), len(multiples)))
    input = input or (None,) * len(multiples)
    return tuple(0 if 0 in (d, m) else None if None in (d, m) or m < 0 else d * m for d, m in zip(input, multiples))


def _untiled(g, multiples, shape):
    pairs = [n for pair in zip(multiples, shape) for n in pair]
    return g.reshape(pairs).sum(tuple(range(0, len(pairs), 2)), dtype=g.dtype)


@_tile.grad("input", _untiled)
def _(g: Slices, multiples, input: Shape):
    multiples, sizes = convert(multiples, preferred=dtypes.int32), convert(input, preferred=dtypes.int32)
    sizes = sizes if sizes.dtype == multiples.dtype.base_dtype else registry["Cast"](sizes, DstT=multiples.dtype.base_dtype)
    pairs = reshape(stack([multiples, sizes], 1), [-1])
    if not isinstance(g, Tensor):  # as far as TensorFlow goes, only the first dimension was tiled
        rows = registry["Cast"](sizes[0], DstT=g.indices.dtype)
        g = registry["UnsortedSegmentSum"](g.values, registry["FloorMod"](g.indices, rows), rows)
        pairs = concat([[1], pairs[1:]], 0)
    return reduce_sum(reshape(g, pairs), registry["Range"](0, registry["Size"](pairs), 2))


@_tile.samples
def _(make):
    yield make(2, 3), (2, 1)
    yield make(2, 1), (1, 3)
    yield make(3), (0,)
    yield make(), np.zeros(0, np.int32)


@export("tile", "manip.tile")
@versioned
def tile(input, multiples, name=None):
    """Copies of a tensor beside each other.

    Args:
      input: a tensor.
      multiples: an int vector: how many copies there are along each dimension.
      name: the name of the node.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): `multiples` is no vector with an element for each
        dimension.
    """
    return _tile(input, multiples, name=name)


# ------------------------------------------------------------------------------------------------------------ reverse


def _axes_to_reverse(axis, rank):
    if type(axis) is not tuple or axis and type(axis[0]) is tuple:
        raise invalid("'dims' must be 1-dimension, not %d", np.ndim(axis))
    seen = set()
    for a in axis:
        at = a + rank if a < 0 else a
        if not 0 <= at < rank:
            raise invalid("'axis'[%d] = %d is out of valid range [0, %d", axis.index(a), at, rank - 1)
        if at in seen:
            raise invalid("axis %d specified more than once.", at)
        seen.add(at)
    return seen


def _flipped(input, axes):
    return input[tuple([slice(None, None, -1) if i in axes else slice(None) for i in range(input.ndim)])]


@op("ReverseV2")
def _reverse_v2(xp, tensor, axis: Host):
    return _flipped(tensor, _axes_to_reverse(axis, tensor.ndim))


@_reverse_v2.shape
def _(tensor, axis):
    if axis is not None and np.ndim(axis) != 1:
        raise ValueError("Shape must be rank 1 but is rank %d" % np.ndim(axis))
    if tensor is None or axis is None:
        return tensor
    rank, seen = len(tensor), set()
    for i, a in enumerate(axis):
        at = a + rank if a < 0 else a
        if not 0 <= at < rank:
            raise ValueError("'axis'[%d] = %d is out of valid range [0, %d]" % (i, at, rank - 1))
        if at in seen:
            raise ValueError("axis %d specified more than once." % at)
        seen.add(at)
    return tensor


@_reverse_v2.grad("tensor")
def _(g, axis):
    return _reverse_v2(g, axis)


@_reverse_v2.samples
def _(make):
    yield make(2, 3), (0,)
    yield make(2, 3, 2), (-1, 1)
    yield make(2), np.zeros(0, np.int32)


@op("Reverse")
def _reverse(xp, tensor, dims: Host):
    if len(dims) != tensor.ndim:
        text = "'dims' must have the same number of values as 'input' has dimensions. 'input' has %d'dims' has %d values"
        raise invalid(text, tensor.ndim, len(dims))
    return _flipped(tensor, {i for i, d in enumerate(dims) if d})


@_reverse.shape
def _(tensor, dims):
    if tensor is not None and dims is not None and len(tensor) != len(dims):
        raise ValueError("Shape must be rank %d but is rank %d" % (len(dims), len(tensor)))
    return tensor


@_reverse.grad("tensor")
def _(g, dims):
    return _reverse(g, dims)


@_reverse.samples
def _(make):
    yield make(2, 3), np.array([True, False])
    yield make(2, 3), np.array([True, True])


@export("reverse", "manip.reverse", "reverse_v2")
def reverse(tensor, axis, name=None):
    """A tensor with its elements in reverse order along some dimensions.

    Args:
      tensor: a tensor.
      axis: an int vector: the dimensions, each in `[-rank, rank)`.
      name: the name of the node.

    Raises:
      InvalidArgumentError (in a graph ValueError where the rank is known): an axis is out of range or given twice.
    """
    return _reverse_v2(tensor, axis, name=name)


@op("ReverseSequence")
def _reverse_sequence(xp, input, seq_lengths, *, seq_dim, batch_dim=0):
    _check_sequences(xp, input, seq_lengths, seq_dim, batch_dim)
    size = input.shape[seq_dim]
    lengths = xp.expand_dims(seq_lengths, 1)
    places = xp.arange(size, dtype=seq_lengths.dtype)[None]
    source = xp.where(places < lengths, lengths - 1 - places, places)  # [batch, size]
    around = [1] * input.ndim
    around[batch_dim], around[seq_dim] = source.shape
    source = (source if batch_dim < seq_dim else source.T).reshape(around)
    return xp.take_along_axis(input, xp.broadcast_to(source, input.shape), seq_dim)


def _check_sequences(xp, input, lengths, seq_dim, batch_dim):
    if lengths.ndim != 1:
        raise invalid("seq_lens input must be 1-dim, not %d", lengths.ndim)
    if batch_dim == seq_dim:
        raise invalid("batch_dim == seq_dim == %d", seq_dim)
    for dim, which in ((seq_dim, "seq_dim"), (batch_dim, "batch_dim")):
        if not 0 <= dim < input.ndim:
            raise invalid("%s must be < input.dims()( %d vs. %d)", which, dim, input.ndim)
    if len(lengths) != input.shape[batch_dim]:
        raise invalid("len(seq_lens) != input.dims(%d), (%d vs. %d)", batch_dim, len(lengths), input.shape[batch_dim])
    if xp is np and len(lengths):
        for d, n in enumerate(lengths.tolist()):
            if n < 0:
                raise invalid("seq_lens(%d) < 0", d)
            if n > input.shape[seq_dim]:
                raise invalid("seq_lens(%d) > input.dims(%d)", d, seq_dim)


@_reverse_sequence.shape
def _(input, seq_lengths, *, seq_dim, batch_dim):
    if seq_lengths is not None and len(seq_lengths) != 1:
        raise ValueError("Shape must be rank 1 but is rank %d" % len(seq_lengths))
    if input is None:
        return None
    rank = len(input)
    if batch_dim >= rank:
        raise ValueError("batch_dim must be < input rank: %d vs. %d" % (batch_dim, rank))
    if seq_dim >= rank:
        raise ValueError("seq_dim must be < input rank: %d vs. %d" % (seq_dim, rank))
    if seq_lengths is None or seq_lengths[0] is None:
        return input
    if input[batch_dim] not in (None, seq_lengths[0]):
        raise ValueError("Dimensions must be equal, but are %d and %d" % (input[batch_dim], seq_lengths[0]))
    return (*input[:batch_dim], seq_lengths[0], *input[batch_dim + 1 :])


@_reverse_sequence.grad("input")
def _(g, seq_lengths, *, seq_dim, batch_dim):
    return _reverse_sequence(g, seq_lengths, seq_dim=seq_dim, batch_dim=batch_dim)


@_reverse_sequence.samples
def _(make):
    yield make(2, 3), np.array([2, 3], np.int64), dict(seq_dim=1)
    yield make(3, 2, 2), np.array([2, 0], np.int32), dict(seq_dim=0, batch_dim=2)


@export("reverse_sequence")
def reverse_sequence(input, seq_lengths, seq_axis=None, batch_axis=None, name=None, seq_dim=None, batch_dim=None):
    """A tensor in which the first elements of each sequence of a batch are in reverse order.

    Args:
      input: a tensor.
      seq_lengths: an int vector: for each sequence how many elements.
      seq_axis: the dimension along which the sequences run.
      batch_axis: the dimension along which they stand beside each other; by default 0.
      name: the name of the node.
      seq_dim, batch_dim: old spellings of `seq_axis` and `batch_axis`.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): the arguments don't fit.
    """
    seq_axis = one_of("seq_axis", seq_axis, "seq_dim", seq_dim)
    batch_axis = one_of("batch_axis", batch_axis, "batch_dim", batch_dim)
    return _reverse_sequence(input, seq_lengths, seq_dim=seq_axis, batch_dim=batch_axis or 0, name=name)


# --------------------------------------------------------------------------------------------------------------- roll


@op("Roll")
def _roll(xp, input, shift: Host, axis: Host):
    if not input.ndim:
        raise invalid("input must be 1-D or higher")
    if np.ndim(shift) > 1:
        raise invalid("shift must be a scalar or a 1-D vector. Found: %s", shapes.to_brackets(np.shape(shift)))
    if np.ndim(axis) > 1:
        raise invalid("axis must be a scalar or a 1-D vector. Found: %s", shapes.to_brackets(np.shape(axis)))
    if np.shape(shift) != np.shape(axis):
        raise invalid("shift and axis must have the same size")
    for a in axis if type(axis) is tuple else (axis,):
        if not -input.ndim <= a < input.ndim:
            raise invalid("axis %d is out of range", a if a >= 0 else a + input.ndim)
    return xp.roll(input, shift, axis)


@_roll.shape
def _(input, shift, axis):
    if input == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    for host in (shift, axis):
        if host is not None and np.ndim(host) > 1:
            raise ValueError("Shape must be at most rank 1 but is rank %d" % np.ndim(host))
    if shift is not None and axis is not None and np.shape(shift) != np.shape(axis):
        raise ValueError(unequal_shapes(np.shape(shift), np.shape(axis)))
    return input


@_roll.grad("input")
def _(g, shift, axis):
    back = -shift if not isinstance(shift, tuple) else tuple(-s for s in shift)
    return _roll(g, back, axis)


@_roll.samples
def _(make):
    yield make(4), 1, 0
    yield make(2, 3), (1, -4), (0, 1)
    yield make(2, 3), (1, 1), (1, -1)


@export("roll", "manip.roll")
def roll(input, shift, axis, name=None):
    """A tensor whose elements are shifted along dimensions; those that leave at one end come in at the other.

    Args:
      input: a tensor of rank 1 or more.
      shift: an int, or a vector of ints: by how much.
      axis: the dimension, or a vector of dimensions; one may occur several times.
      name: the name of the node.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): the arguments don't fit.
    """
    return _roll(input, shift, axis, name=name)
