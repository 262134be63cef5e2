"""Padding at the borders of a tensor: with a constant, or with its mirror image."""

import numpy as np

from ..core import known, shape as shapes
from ..core.context import here
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.op import Host, Shape, op
from ..core.tensor import Tensor


def _check_paddings(input, paddings, comma=""):
    shape = np.shape(paddings)
    if len(shape) != 2 or shape[1] != 2:
        raise invalid("paddings must be a matrix with 2 columns: %s", shapes.to_brackets(shape))
    if shape[0] != input.ndim:
        raise invalid("The first dimension of paddings must be the rank of inputs%s%s %s", shapes.to_brackets(shape), comma,
                      shapes.to_brackets(input.shape))  # fmt: skip


def _padded_shape(input, paddings):
    """The shape rule of padding."""
    if paddings is None:
        return None if input is None else (None,) * len(input)
    shape = np.shape(paddings)
    if paddings == ():
        shape = (0, 2)
    if len(shape) != 2:
        raise ValueError("Shape must be rank 2 but is rank %d" % len(shape))
    if shape[1] != 2:
        raise ValueError("Dimension must be 2 but is %d" % shape[1])
    if input is not None and len(input) != shape[0]:
        raise ValueError("Shape must be rank %d but is rank %d" % (shape[0], len(input)))
    if any(p < 0 for pair in paddings for p in pair):
        raise ValueError("Paddings must be non-negative")
    return tuple(None if d is None else d + a + b for d, (a, b) in zip(input or (None,) * shape[0], paddings))


# ----------------------------------------------------------------------------------------------------- with a constant


def padded(xp, input, paddings, value):
    """An array with `value` added around it: `paddings` are pairs of how many before and after, one for each dimension."""
    if input.ndim or np.shape(paddings) != (0,):
        _check_paddings(input, paddings)
    for a, b in paddings:
        if a < 0 or b < 0:
            raise invalid("Paddings must be non-negative: %d %d", a, b)
    if xp is not np:
        return xp.pad(input, paddings, constant_values=value) if input.ndim else input
    out = np.full(tuple([d + a + b for d, (a, b) in zip(input.shape, paddings)]), value, input.dtype)
    out[tuple([slice(a, a + d) for d, (a, _) in zip(input.shape, paddings)])] = input
    return out


@op("Pad")
def _pad(xp, input, paddings: Host):
    return padded(xp, input, paddings, b"" if input.dtype == object else np.zeros((), input.dtype))


@op("PadV2")
def _pad_v2(xp, input, paddings: Host, constant_values):
    if constant_values.ndim:
        raise invalid("constant_values must be a scalar. Found: %s", shapes.to_brackets(constant_values.shape))
    return padded(xp, input, paddings, constant_values if input.dtype != object else constant_values[()])


_pad.shape(_padded_shape)


@_pad_v2.shape
def _(input, paddings, constant_values):
    return _padded_shape(input, paddings)


def _unpadded(g, paddings, shape):
    return g[tuple([slice(a, a + d) for (a, _), d in zip(paddings, shape)])]


def _gradient(g, paddings, input: Shape):
    if isinstance(paddings, Tensor):
        begin = registry["StridedSlice"](paddings, [0, 0], [0, 1], [1, 1], begin_mask=1, end_mask=1, shrink_axis_mask=2)
        if isinstance(input, Tensor) and begin.dtype != input.dtype:
            begin = registry["Cast"](begin, DstT=input.dtype.base_dtype)
    else:
        begin = [a for a, _ in paddings]
    return registry["Slice"](g, begin, input)


for _op in (_pad, _pad_v2):
    _op.grad("input", _unpadded)(_gradient)


@_pad.samples
def _(make):
    yield make(2, 3), ((1, 0), (0, 2))
    yield make(2, 0), ((0, 0), (1, 1))
    yield make(3), ((2, 1),)


@_pad_v2.samples
def _(make):
    yield make(2, 3), ((1, 0), (0, 2)), make()
    yield make(3), ((2, 1),), make()


# ------------------------------------------------------------------------------------------------ with a mirror image


def _mirrored(size, before, after, offset):
    """Where the elements along one padded dimension come from; `offset` is 1 if the border itself is not repeated."""
    left = np.arange(before - 1 + offset, offset - 1, -1)
    right = np.arange(size - 1 - offset, size - 1 - offset - after, -1)
    return np.concatenate([left, np.arange(size), right])


def _offset(mode):
    return 1 if mode == "REFLECT" else 0


def _check_mirror(input, paddings, offset):
    if input.ndim or np.shape(paddings) != (0,):
        _check_paddings(input, paddings, ",")
    for size, (a, b) in zip(input.shape, paddings):
        if a < 0 or b < 0:
            raise invalid("paddings must be non-negative: %d %d", a, b)
        if max(a, b) > size - offset:
            text = ("paddings must be less than the dimension size: %d, %d not less than %d" if offset else
                    "paddings must be no greater than the dimension size: %d, %d greater than %d")  # fmt: skip
            raise invalid(text, a, b, size)


@op("MirrorPad")
def _mirror_pad(xp, input, paddings: Host, *, mode):
    offset = _offset(mode)
    _check_mirror(input, paddings, offset)
    for axis, (a, b) in enumerate(paddings):
        if a or b:
            input = xp.take(input, _mirrored(input.shape[axis], a, b, offset), axis)
    return input


@_mirror_pad.shape
def _(input, paddings):
    return _padded_shape(input, paddings)


@_mirror_pad.grad("input")
def _(g, paddings, *, mode):
    return _mirror_pad_grad(g, paddings, mode=mode)


@op("MirrorPadGrad")
def _mirror_pad_grad(xp, input, paddings: Host, *, mode):
    offset = _offset(mode)
    _check_paddings(input, paddings, ",")
    for axis, (a, b) in enumerate(paddings):
        size = input.shape[axis] - a - b
        if a < 0 or b < 0 or max(a, b) > size - offset:
            text = ("Paddings must be non-negative and less than the dimension size: %d, %d, %d" if offset else
                    "Paddings must be non-negative and no greater than output dimension size: %d, %d, %d")  # fmt: skip
            raise invalid(text, a, b, size)
        if a or b:
            input = _folded(xp, input, axis, a, b, size, offset)
    return input


def _folded(xp, input, axis, before, after, size, offset):
    """Adds what stands in the padding of one dimension to the elements of which it is the image."""
    left, middle, right = xp.split(input, [before, before + size], axis)
    total = middle
    for part, at in ((xp.flip(left, axis), offset), (xp.flip(right, axis), size - offset - after)):
        around = [(0, 0)] * input.ndim
        around[axis] = (at, size - at - part.shape[axis])
        total = total + xp.pad(part, around)
    return total


@_mirror_pad_grad.shape
def _(input, paddings):
    if paddings is None:
        return None if input is None else (None,) * len(input)
    if input is None:
        return (None,) * len(paddings)
    for d, (a, b) in zip(input, paddings):
        if min(a, b) < 0:
            raise ValueError("Paddings must be non-negative")
        if d is not None and d - a - b < 0:
            raise ValueError("Negative dimension size caused by subtracting %d from %d" % (a + b, d))
    return tuple(None if d is None else d - a - b for d, (a, b) in zip(input, paddings))


@_mirror_pad_grad.grad("input")
def _(g, paddings, *, mode):
    return _mirror_pad(g, paddings, mode=mode)


@_mirror_pad.samples
def _(make):
    yield make(3, 4), ((1, 2), (0, 3)), dict(mode="REFLECT")
    yield make(3, 4), ((1, 2), (0, 3)), dict(mode="SYMMETRIC")


@_mirror_pad_grad.samples
def _(make):
    yield make(5, 4), ((1, 2), (0, 1)), dict(mode="SYMMETRIC")
    yield make(5, 4), ((1, 1), (0, 1)), dict(mode="REFLECT")


@export("pad")
def pad(tensor, paddings, mode="CONSTANT", name=None, constant_values=0):
    """A tensor with elements added before and after it in each dimension.

    Args:
      tensor: a tensor.
      paddings: an int matrix of shape `[rank, 2]`: how many elements come before and after.
      mode: "CONSTANT", "REFLECT" (a mirror image without the border itself) or "SYMMETRIC" (a mirror image), in any case.
      name: the name of the node.
      constant_values: the scalar to pad with, for "CONSTANT".

    Raises:
      ValueError: there is no such mode.
      InvalidArgumentError (in a graph ValueError where the shapes are known): the paddings don't fit.
    """
    mode = mode.upper()
    if mode == "CONSTANT":
        if not getattr(constant_values, "is_tensor_like", False) and np.all(constant_values == 0):
            result = _pad(tensor, paddings, name=name)
        else:
            result = _pad_v2(tensor, paddings, constant_values, name=name)
    elif mode in ("REFLECT", "SYMMETRIC"):
        result = _mirror_pad(tensor, paddings, mode=mode, name=name)
    else:
        raise ValueError("Unknown padding mode: %s" % mode)
    if not here.eager and not shapes.is_known(result._shape):
        _set_known_part(result)
    return result


def _set_known_part(result):
    """Sets those sizes of a padded tensor that follow from paddings of which only some are known."""
    input, paddings = result.op._inputs[:2]
    if result._shape is None and paddings._shape is not None:
        result.set_shape([None] * paddings._shape[0] if paddings._shape[0] is not None else None)
    if input._shape is None or paddings.op.type != "Pack" or paddings.op.attrs["axis"]:
        return
    rows = [known.partial(row) for row in paddings.op._inputs]
    result.set_shape([None if row is None or d is None or None in row else d + sum(row) for row, d in zip(rows, input._shape)])
