"""Moving blocks of space into the batch or the depth, and back."""

import math

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import convert
from ..core.deprecation import one_of
from ..core.errors import invalid
from ..core.export import export
from ..core.op import Host, HostVector, op
from ..core.scopes import name_scope
from ..core.static_values import constant_value
from .filling import zeros
from .joining import stack
from .padding import padded

# ------------------------------------------------------------------------------------------------------ space and batch


def _check_block(input, block_shape, pairs, what):
    """Checks a block shape and what is padded or cropped; both are host values."""
    if type(block_shape) is not tuple or block_shape and type(block_shape[0]) is tuple:
        raise invalid("block_shape rank should be 1 instead of %d", np.ndim(block_shape))
    count = len(block_shape)
    if input.ndim < 1 + count:
        raise invalid("input rank should be >= %d instead of %d", 1 + count, input.ndim)
    if np.shape(pairs) != (count, 2) and (count or pairs):
        raise invalid("%s should have shape [%d, 2] instead of %s", what, count, shapes.to_brackets(np.shape(pairs)))
    if math.prod(block_shape) <= 0:
        raise invalid("Product of block sizes must be positive, got %d", math.prod(block_shape))
    if any(p < 0 for pair in pairs for p in pair):
        raise invalid("%s must be non-negative", what.capitalize())


def _to_batch(xp, input, block_shape, paddings):
    _check_block(input, block_shape, paddings, "paddings")
    count = len(block_shape)
    for i, (size, (a, b), block) in enumerate(zip(input.shape[1:], paddings, block_shape)):
        if (size + a + b) % block:
            raise invalid("padded_shape[%d]=%d is not divisible by block_shape[%d]=%d", i, size + a + b, i, block)
    rest = input.ndim - 1 - count
    input = padded(xp, input, ((0, 0), *paddings, *[(0, 0)] * rest), b"" if input.dtype == object else np.zeros((), input.dtype))
    sizes = [(s // b, b) for s, b in zip(input.shape[1:], block_shape)]
    tail = input.shape[1 + count :]
    parts = input.reshape((input.shape[0], *[n for pair in sizes for n in pair], *tail))
    order = [*range(2, 2 * count + 1, 2), 0, *range(1, 2 * count + 1, 2), *range(2 * count + 1, parts.ndim)]
    return parts.transpose(order).reshape((input.shape[0] * math.prod(block_shape), *[s for s, _ in sizes], *tail))


def _from_batch(xp, input, block_shape, crops):
    _check_block(input, block_shape, crops, "crops")
    count, blocks = len(block_shape), math.prod(block_shape)
    if input.shape[0] % blocks:
        raise invalid("Input batch dimension (%d) is not divisible by product of block sizes (%d)", input.shape[0], blocks)
    for i, (size, (a, b), block) in enumerate(zip(input.shape[1:], crops, block_shape)):
        if size * block - a - b < 0:
            raise invalid("cropped_shape[%d]=%d must be non-negative", i, size * block - a - b)
    tail = input.shape[1 + count :]
    parts = input.reshape((*block_shape, input.shape[0] // blocks, *input.shape[1:]))
    order = [count, *[n for i in range(count) for n in (count + 1 + i, i)], *range(2 * count + 1, parts.ndim)]
    sizes = [s * b for s, b in zip(input.shape[1:], block_shape)]
    whole = parts.transpose(order).reshape((input.shape[0] // blocks, *sizes, *tail))
    return whole[(slice(None), *[slice(a, s - b) for s, (a, b) in zip(sizes, crops)])]


def _divided(size, by):
    if size is None or by is None:
        return None
    if size % by:
        raise ValueError("Dimension size must be evenly divisible by %d but is %d" % (by, size))
    return size // by


def _checked_for_rule(input, block_shape, pairs, what):
    """Checks what is known for a shape rule; the number of block dimensions, or None."""
    count = len(block_shape) if block_shape is not None else len(pairs) if pairs is not None else None
    if count is not None and pairs is not None and np.shape(pairs) != (count, 2) and (count or pairs):
        raise ValueError("%s should have shape [%d, 2] instead of %s" % (what, count, shapes.to_brackets(np.shape(pairs))))
    if count is not None and input is not None and len(input) < count + 1:
        raise ValueError("Shape must be at least rank %d but is rank %d" % (count + 1, len(input)))
    if block_shape is not None and any(b is not None and b < 1 for b in block_shape):
        raise ValueError("block_shape must be positive")
    if pairs is not None and any(p < 0 for pair in pairs for p in pair):
        raise ValueError("%s cannot be negative" % what)
    return count


def _to_batch_shape(input, block_shape, paddings):
    count = _checked_for_rule(input, block_shape, paddings, "paddings")
    if input is None or count is None:
        return None if input is None else (None,) * len(input)
    block_shape = block_shape or (None,) * count
    batch = None if None in block_shape or input[0] is None else input[0] * math.prod(block_shape)
    out = [None] * count
    if paddings is not None:
        out = [_divided(None if s is None else s + a + b, d) for s, (a, b), d in zip(input[1:], paddings, block_shape)]
    return (batch, *out, *input[1 + count :])


def _from_batch_shape(input, block_shape, crops):
    count = _checked_for_rule(input, block_shape, crops, "crops")
    if input is None or count is None:
        return None if input is None else (None,) * len(input)
    block_shape = block_shape or (None,) * count
    batch = None if None in block_shape else _divided(input[0], math.prod(block_shape))
    out = [None] * count
    if crops is not None:
        for i, (s, (a, b), d) in enumerate(zip(input[1:], crops, block_shape)):
            if None not in (s, d):
                if s * d - a - b < 0:
                    raise ValueError("Negative dimension size caused by subtracting %d from %d" % (b, s * d - a))
                out[i] = s * d - a - b
    return (batch, *out, *input[1 + count :])


@op("SpaceToBatchND")
def _space_to_batch_nd(xp, input, block_shape: HostVector, paddings: Host):
    return _to_batch(xp, input, block_shape, paddings)


@op("BatchToSpaceND")
def _batch_to_space_nd(xp, input, block_shape: HostVector, crops: Host):
    return _from_batch(xp, input, block_shape, crops)


@op("SpaceToBatch")
def _space_to_batch(xp, input, paddings: Host, *, block_size):
    return _to_batch(xp, input, (block_size, block_size), paddings)


@op("BatchToSpace")
def _batch_to_space(xp, input, crops: Host, *, block_size):
    return _from_batch(xp, input, (block_size, block_size), crops)


_space_to_batch_nd.shape(_to_batch_shape)
_batch_to_space_nd.shape(_from_batch_shape)


@_space_to_batch.shape
def _(input, paddings, *, block_size):
    return _to_batch_shape(input, (block_size, block_size), paddings)


@_batch_to_space.shape
def _(input, crops, *, block_size):
    return _from_batch_shape(input, (block_size, block_size), crops)


@_space_to_batch_nd.grad("input")
def _(g, block_shape, paddings):
    return _batch_to_space_nd(g, block_shape, paddings)


@_batch_to_space_nd.grad("input")
def _(g, block_shape, crops):
    return _space_to_batch_nd(g, block_shape, crops)


@_space_to_batch.grad("input")
def _(g, paddings, *, block_size):
    return _batch_to_space(g, paddings, block_size=block_size)


@_batch_to_space.grad("input")
def _(g, crops, *, block_size):
    return _space_to_batch(g, crops, block_size=block_size)


@_space_to_batch_nd.samples
def _(make):
    yield make(1, 4, 3, 2), (2, 2), ((0, 0), (1, 0))
    yield make(2, 4), (2,), ((0, 2),)
    yield make(1, 2, 3, 1), (1, 3), ((0, 0), (0, 0))


@_batch_to_space_nd.samples
def _(make):
    yield make(4, 2, 2, 2), (2, 2), ((0, 0), (1, 0))
    yield make(4, 3), (2,), ((0, 2),)


@_space_to_batch.samples
def _(make):
    yield make(1, 4, 3, 2), ((0, 0), (1, 0)), dict(block_size=2)


@_batch_to_space.samples
def _(make):
    yield make(4, 2, 2, 2), ((0, 0), (1, 0)), dict(block_size=2)


@export("space_to_batch_nd", "manip.space_to_batch_nd")
def space_to_batch_nd(input, block_shape, paddings, name=None):
    """Cuts the spatial dimensions of a tensor into blocks and moves the places within a block into the batch.

    Args:
      input: a tensor of shape `[batch] + spatial + rest`.
      block_shape: an int vector: the size of a block in each of the first spatial dimensions.
      paddings: an int matrix: the zeros that are added before and after in each of them.
      name: the name of the node.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): the arguments don't fit.
    """
    return _space_to_batch_nd(input, block_shape, paddings, name=name)


@export("batch_to_space_nd", "manip.batch_to_space_nd")
def batch_to_space_nd(input, block_shape, crops, name=None):
    """Undoes `space_to_batch_nd`.

    Args:
      input: a tensor of shape `[batch] + spatial + rest`.
      block_shape: an int vector: the size of a block in each of the first spatial dimensions.
      crops: an int matrix: what is cut off before and after in each of them.
      name: the name of the node.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): the arguments don't fit.
    """
    return _batch_to_space_nd(input, block_shape, crops, name=name)


@export("space_to_batch", "nn.space_to_batch")
def space_to_batch(input, paddings, block_size=None, name=None, block_shape=None):
    """`space_to_batch_nd` of images with square blocks.

    Args:
      input: a tensor of rank 4.
      paddings: an int matrix of shape `[2, 2]`.
      block_size: the height and width of a block.
      name: the name of the node.
      block_shape: a new spelling of `block_size`.
    """
    return _square(_space_to_batch_nd, input, one_of("block_shape", block_shape, "block_size", block_size), paddings, name)


@export("batch_to_space")
def batch_to_space(input, crops, block_size, name=None, block_shape=None):
    """`batch_to_space_nd` of images with square blocks.

    Args:
      input: a tensor of rank 4.
      crops: an int matrix of shape `[2, 2]`.
      block_size: the height and width of a block.
      name: the name of the node.
      block_shape: a new spelling of `block_size`.
    """
    return _square(_batch_to_space_nd, input, one_of("block_shape", block_shape, "block_size", block_size), crops, name)


def _square(op, input, block_size, pairs, name):
    result = op(input, np.array([block_size, block_size], np.int64), pairs, name=name)
    result.set_shape(result.shape.with_rank(4))
    return result


@export("required_space_to_batch_paddings")
def required_space_to_batch_paddings(input_shape, block_shape, base_paddings=None, name=None):
    """The paddings with which blocks cover a tensor exactly, and the crops that undo them afterwards.

    Args:
      input_shape: an int vector: the spatial sizes.
      block_shape: an int vector of known length: the size of a block.
      base_paddings: an int matrix: the least padding; by default none.
      name: the name scope of the nodes.

    Returns:
      A pair of int matrices of shape `[len(block_shape), 2]`: the paddings for `space_to_batch_nd` and the crops for
      `batch_to_space_nd`.
    """
    with name_scope(name, "required_space_to_batch_paddings", [input_shape, block_shape]):
        input_shape = convert(input_shape, dtypes.int32, "input_shape")
        block_shape = convert(block_shape, dtypes.int32, "block_shape")
        block_shape.shape.assert_is_fully_defined()
        block_shape.shape.assert_has_rank(1)
        count = block_shape._shape[0]
        if not count:
            return zeros([0, 2], dtypes.int32), zeros([0, 2], dtypes.int32)
        input_shape.shape.assert_is_compatible_with([count])
        if base_paddings is not None:
            base_paddings = convert(base_paddings, dtypes.int32, "base_paddings")
            base_paddings.shape.assert_is_compatible_with([count, 2])
        else:
            base_paddings = zeros([count, 2], dtypes.int32)
        values = [constant_value(t) for t in (block_shape, input_shape, base_paddings)]
        if all(v is not None for v in values):
            block_shape, input_shape, base_paddings = values
        start, end = base_paddings[:, 0], base_paddings[:, 1]
        full = input_shape + start + end
        extra = (block_shape - full % block_shape) % block_shape
        end = end + extra
        paddings = stack([[start[i], end[i]] for i in range(count)], name="paddings")
        crops = stack([[0, extra[i]] for i in range(count)], name="crops")
        return paddings, crops


# ------------------------------------------------------------------------------------------------------ space and depth


def _as_nhwc(input, data_format):
    """An image batch as `[batch, height, width, depth]`."""
    wanted = 5 if data_format == "NCHW_VECT_C" else 4
    if input.ndim != wanted:
        raise invalid("Input rank should be %d instead of %d", wanted, input.ndim)
    if data_format == "NHWC":
        return input
    if data_format == "NCHW":
        return input.transpose((0, 2, 3, 1))
    n, c, h, w, v = input.shape
    return input.transpose((0, 2, 3, 1, 4)).reshape((n, h, w, c * v))


def _from_nhwc(input, data_format):
    if data_format == "NHWC":
        return input
    if data_format == "NCHW":
        return input.transpose((0, 3, 1, 2))
    n, h, w, c = input.shape
    return input.reshape((n, h, w, c // 4, 4)).transpose((0, 3, 1, 2, 4))


@op("SpaceToDepth")
def _space_to_depth(xp, input, *, block_size, data_format="NHWC"):
    image = _as_nhwc(input, data_format)
    n, h, w, c = image.shape
    if h % block_size or w % block_size:
        raise invalid("Image width %d and height %d should be divisible by block_size: %d", w, h, block_size)
    parts = image.reshape((n, h // block_size, block_size, w // block_size, block_size, c)).transpose((0, 1, 3, 2, 4, 5))
    return _from_nhwc(parts.reshape((n, h // block_size, w // block_size, c * block_size**2)), data_format)


@op("DepthToSpace")
def _depth_to_space(xp, input, *, block_size, data_format="NHWC"):
    image = _as_nhwc(input, data_format)
    n, h, w, c = image.shape
    if c % block_size**2:
        raise invalid("Input depth dimension %d should be divisible by: %d", c, block_size**2)
    depth = c // block_size**2
    parts = image.reshape((n, h, w, block_size, block_size, depth)).transpose((0, 1, 3, 2, 4, 5))
    return _from_nhwc(parts.reshape((n, h * block_size, w * block_size, depth)), data_format)


def _moved_shape(input, data_format, change):
    """The shape after `change`, a function of height, width and depth (for vectors of depth: of their number)."""
    rank = 5 if data_format == "NCHW_VECT_C" else 4
    if input is not None and len(input) != rank:
        raise ValueError("Shape must be rank %d but is rank %d" % (rank, len(input)))
    if input is None:
        return (None,) * rank
    h, w, c = (1, 2, 3) if data_format == "NHWC" else (2, 3, 1)
    out = list(input)
    out[h], out[w], out[c] = change(input[h], input[w], input[c])
    return tuple(out)


@_space_to_depth.shape
def _(input, *, block_size, data_format):
    def change(h, w, c):
        return _divided(h, block_size), _divided(w, block_size), None if c is None else c * block_size**2

    return _moved_shape(input, data_format, change)


@_depth_to_space.shape
def _(input, *, block_size, data_format):
    def change(h, w, c):
        return tuple(None if d is None else d * block_size for d in (h, w)) + (_divided(c, block_size**2),)

    return _moved_shape(input, data_format, change)


@_space_to_depth.grad("input")
def _(g, *, block_size, data_format):
    _refuse_vectors("SpaceToDepth", data_format)
    return _depth_to_space(g, block_size=block_size, data_format=data_format)


@_depth_to_space.grad("input")
def _(g, *, block_size, data_format):
    _refuse_vectors("DepthToSpace", data_format)
    return _space_to_depth(g, block_size=block_size, data_format=data_format)


def _refuse_vectors(op_type, data_format):
    if data_format == "NCHW_VECT_C":
        raise ValueError("Cannot compute %s gradient with NCHW_VECT_C. NCHW_VECT_C requires qint8 data type." % op_type)


@_space_to_depth.samples
def _(make):
    yield make(1, 4, 2, 3), dict(block_size=2)
    yield make(2, 3, 3, 1), dict(block_size=3)


@_depth_to_space.samples
def _(make):
    yield make(1, 2, 1, 8), dict(block_size=2)
    yield make(2, 1, 2, 9), dict(block_size=3)


@export("space_to_depth", "nn.space_to_depth")
def space_to_depth(input, block_size, name=None, data_format="NHWC"):
    """Moves square blocks of images into the depth.

    Args:
      input: a batch of images, a tensor of rank 4 (for "NCHW_VECT_C" 5).
      block_size: the height and width of a block, at least 2.
      name: the name of the node.
      data_format: "NHWC", "NCHW" or "NCHW_VECT_C".

    Raises:
      InvalidArgumentError (in a graph ValueError where the shape is known): height or width is no multiple of `block_size`.
    """
    return _space_to_depth(input, block_size=block_size, data_format=data_format, name=name)


@export("depth_to_space", "nn.depth_to_space")
def depth_to_space(input, block_size, name=None, data_format="NHWC"):
    """Spreads the depth of images over square blocks: undoes `space_to_depth`.

    Args:
      input: a batch of images, a tensor of rank 4 (for "NCHW_VECT_C" 5).
      block_size: the height and width of a block, at least 2.
      name: the name of the node.
      data_format: "NHWC", "NCHW" or "NCHW_VECT_C".

    Raises:
      InvalidArgumentError (in a graph ValueError where the shape is known): the depth is no multiple of `block_size ** 2`.
    """
    return _depth_to_space(input, block_size=block_size, data_format=data_format, name=name)
