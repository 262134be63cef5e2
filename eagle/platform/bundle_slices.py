"""Parts of tensors: how checkpoints spell them, name them and put them together.

A `Slice` is a tuple with a pair (start, length) for each dimension; `FULL` stands for all of a dimension.
"""

import math
import re

import numpy as np

from ..core.errors import InternalError, invalid
from ..core.shape import to_brackets

FULL = (0, -1)


def parse(text):
    """The slice that a text like `"0,2:-"` spells.

    Raises:
      InvalidArgumentError: it spells none.
    """
    extents = []
    for item in text.split(":"):
        if not item:
            continue
        if item == "-":
            extents.append(FULL)
            continue
        try:
            start, length = (int(part) for part in item.split(",") if part)
        except ValueError:
            raise invalid("Expected a pair of numbers or '-' but got '%s': string = %s", item, text) from None
        if start < 0 or length <= 0:
            raise invalid("Expected non-negative start and positive length but got start = %d, length = %d: string = %s",
                          start, length, text)  # fmt: skip
        extents.append((start, length))
    return tuple(extents)


def spell(extents):
    """A slice as text."""
    return ":".join("-" if e == FULL else "%d,%d" % e for e in extents)


def parse_shape_and_slice(text):
    """What `"4 3 0,2:-"` says: the shape of the whole, the slice, and the shape of the slice.

    Raises:
      InvalidArgumentError, InternalError: it says nothing sensible.
    """
    *sizes, last = text.split(" ")
    if not sizes:
        raise invalid("Need least two elements in shape_and_slice specification: %s", text)
    extents = parse(last)
    try:
        shape = tuple(int(s) for s in sizes)
    except ValueError:
        raise invalid("Non numerical dimension in shape_and_slice: %s", text) from None
    if any(d < 0 for d in shape):
        raise invalid("Non numerical dimension in shape_and_slice: %s", text)
    return shape, extents, shape_of(extents, shape)


def shape_of(extents, shape):
    """The shape of a slice of a tensor.

    Raises:
      InternalError: it does not fit the tensor.
    """
    if len(extents) != len(shape):
        raise InternalError(None, None, "Mismatching ranks: shape = %s, slice = %s" % (to_brackets(shape), spell(extents)))
    result = []
    for i, ((start, length), size) in enumerate(zip(extents, shape)):
        if length < 0:
            length = size
        elif start + length > size:
            raise InternalError(None, None, "Extent in dimension %d out of bounds: shape = %s, slice = %s"
                                % (i, to_brackets(shape), spell(extents)))  # fmt: skip
        result.append(length)
    return tuple(result)


def is_whole(extents, shape):
    """Whether a slice is all of a tensor."""
    return all(e == FULL for e in extents) or shape_of(extents, shape) == tuple(shape)


def from_proto(proto):
    """The slice that a `TensorSliceProto` is."""
    return tuple((e.start, e.length) if e.HasField("length") else FULL for e in proto.extent)


def fill_proto(proto, extents):
    """Makes a `TensorSliceProto` of a slice."""
    for e in extents:
        made = proto.extent.add()
        if e != FULL:
            made.start, made.length = e


# ----------------------------------------------------------------------------------------------------------------- names


def encode_name(name, extents):
    """The key under which a slice of a tensor, whose name is given as bytes, is kept.

    Numbers and text are written so that the keys' order is that of names and slices.
    """
    parts = [_unsigned(0), re.sub(rb"[\0\xff]", _escaped, name), b"\0\1", _unsigned(len(extents))]
    for start, length in extents:
        parts += _signed(start), _signed(length)
    return b"".join(parts)


def _escaped(found):
    return b"\0\xff" if found[0] == b"\0" else b"\xff\0"


def _unsigned(number):
    size = (number.bit_length() + 7) // 8
    return bytes([size]) + number.to_bytes(size, "big")


def _signed(number):
    """A number of any sign in two's complement, its first bits turned into the sign and the number of bytes."""
    magnitude = number if number >= 0 else ~number
    size = magnitude.bit_length() // 7 + 1
    everything = (1 << 8 * size) - 1
    leading = everything ^ ((1 << 7 * size) - 1)
    return (number & everything ^ leading).to_bytes(size, "big")


# ---------------------------------------------------------------------------------------------------------------- joining


def _bounds(extents, shape):
    """A slice as a tuple of pairs (start, end)."""
    return tuple((0, size) if length < 0 else (start, start + length) for (start, length), size in zip(extents, shape))


def _meet(a, b):
    """What two slices, as bounds, have in common, or None."""
    common = tuple((max(x[0], y[0]), min(x[1], y[1])) for x, y in zip(a, b))
    return common if all(low < high for low, high in common) else None


def _volume(bounds):
    return math.prod(high - low for low, high in bounds)


def covering(wanted, stored, shape):
    """Those stored slices of a tensor that together make up a wanted one if they don't overlap.

    Args:
      wanted: a slice.
      stored: a list of slices.
      shape: the shape of the whole tensor.

    Returns:
      A list of slices; None if the stored ones can't make it up.
    """
    if wanted in stored:
        return [wanted]
    target = _bounds(wanted, shape)
    met = [(s, _meet(target, _bounds(s, shape))) for s in stored]
    found = [(s, common) for s, common in met if common is not None]
    if sum(_volume(common) for _, common in found) != _volume(target):
        return None
    return [s for s, _ in found]


def overlap(wanted, stored, shape):
    """Whether slices, of which `covering` found that they have the size of the wanted one, overlap in it.

    Takes memory and time in proportion to the number of elements of the wanted slice.
    """
    target = _bounds(wanted, shape)
    pieces = [_meet(target, _bounds(s, shape)) for s in stored]
    divided = [i for i in range(len(target)) if any(p[i] != target[i] for p in pieces)]
    if len(divided) < 2:
        spans = sorted(p[i] for p in pieces for i in divided)
        return any(a[1] > b[0] for a, b in zip(spans, spans[1:])) or not divided and len(pieces) > 1
    seen = np.zeros([high - low for low, high in target], bool)
    for s in stored:
        seen[place(wanted, s, shape)[0]] = True
    return not seen.all()


def place(wanted, stored, shape):
    """Where what a wanted and a stored slice have in common lies in each of them: two tuples of Python slices."""
    target, source = _bounds(wanted, shape), _bounds(stored, shape)
    common = _meet(target, source)
    into = tuple(slice(low - t, high - t) for (low, high), (t, _) in zip(common, target))
    out_of = tuple(slice(low - s, high - s) for (low, high), (s, _) in zip(common, source))
    return into, out_of
