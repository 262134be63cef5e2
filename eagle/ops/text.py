"""Strings, element by element: case, length, parts, base64."""

import base64
import binascii
import re

import numpy as np

from ..core import shape as shapes
from ..core.errors import UnimplementedError, invalid
from ..core.export import export
from ..core.op import op
from ..core.versions import versioned
from .arithmetic import broadcast_shape
from .doors import unary


def each(function, strings):
    """An array of strings with a function from bytes to bytes applied to all of them."""
    out = np.empty(strings.shape, object)
    out.reshape(-1)[:] = [function(s) for s in strings.ravel().tolist()]
    return out


def from_each(function, strings, dtype):
    """An array of numbers of this NumPy type: what a function makes of each string."""
    return np.array([function(s) for s in strings.ravel().tolist()], dtype).reshape(strings.shape)


def same_shape(input):
    """The shape rule of ops that work on each element."""
    return input


def some_strings(make):
    """Sample inputs of ops on strings that take no attributes."""
    yield make.strings(2, 3)
    yield make.strings()
    yield make.strings(0, 2)


# ------------------------------------------------------------------------------------------------------------------- case


def _declare_case(name, of_ascii, of_text, what):
    """Declares an op that changes letters to one case, and its public function."""

    @op(name, host=True)
    def kernel(xp, input, *, encoding=""):
        if encoding not in ("", "utf-8"):
            raise invalid("only utf-8 or '' (no encoding) is supported, received %s", encoding)
        if not encoding:
            return each(of_ascii, input)
        return each(lambda s: of_text(s.decode("utf-8", "replace")).encode(), input)

    kernel.shape(same_shape)

    @kernel.samples
    def _(make):
        yield make.strings(2, 3)
        yield np.array([b"aBc", "\u00e9\u00c9x".encode()], object), dict(encoding="utf-8")

    def function(input, encoding="", name=None):
        return kernel(input, encoding=encoding, name=name)

    function.__doc__ = (
        """Strings in %s case.

    Args:
      input: a string tensor.
      encoding: `""` to change ASCII letters only, or `"utf-8"`.
      name: the name of the node.

    Returns:
      A string tensor of the same shape.

    Raises:
      InvalidArgumentError: the encoding is another one.
    """
        % what
    )
    return function


lower = export("strings.lower")(_declare_case("StringLower", bytes.lower, str.lower, "lower"))
upper = export("strings.upper")(_declare_case("StringUpper", bytes.upper, str.upper, "upper"))
SPACES = b" \t\n\v\f\r"


@op("StringStrip", host=True)
def _string_strip(xp, input):
    return each(lambda s: s.strip(SPACES), input)


_string_strip.shape(same_shape)
_string_strip.samples(some_strings)
string_strip = export("strings.strip", "string_strip")(unary(_string_strip, "input"))


# ------------------------------------------------------------------------------------------------------- length and parts


def _is_trail(byte):
    """Whether a byte is one of a character of UTF-8 but not its first."""
    return byte & 0xC0 == 0x80


def _characters(s):
    return len(s) - sum(map(_is_trail, s))


@op("StringLength", host=True, foldable=True)
def _string_length(xp, input, *, unit="BYTE"):
    return from_each(len if unit == "BYTE" else _characters, input, np.int32)


_string_length.shape(same_shape)


@_string_length.samples
def _(make):
    yield make.strings(2, 3)
    yield make.strings(8), dict(unit="UTF8_CHAR")


@export("strings.length")
@versioned
def string_length(input, name=None, unit="BYTE"):
    """The lengths of strings.

    Args:
      input: a string tensor.
      name: the name of the node.
      unit: what is counted: `"BYTE"` or `"UTF8_CHAR"`.

    Returns:
      An int32 tensor of the same shape.
    """
    return _string_length(input, unit=unit, name=name)


def _forward(s, count, at):
    """The position `count` characters after `at`, and whether there are as many."""
    counted = 0
    while counted < count and at < len(s):
        at += 1
        while at < len(s) and _is_trail(s[at]):
            at += 1
        counted += 1
    return at, counted >= count


def _back(s, count, at):
    """The position `count` characters before `at`, and whether there are as many."""
    counted = 0
    while counted < count and at > 0:
        at -= 1
        while at > 0 and _is_trail(s[at]):
            at -= 1
        counted += 1
    return at, counted >= count


def _part_of_characters(s, pos, length, where):
    if pos >= 0:
        begin, is_inside = _forward(s, pos, 0)
        end, _ = _forward(s, length, begin)
    else:
        skipped = max(-pos - length, 0)
        end, end_is_inside = _back(s, skipped, len(s))
        begin, is_inside = _back(s, -pos - skipped, end)
        is_inside = is_inside and end_is_inside
    if not is_inside:
        raise invalid("pos %d out of range for string at index %s", pos, where)
    return s[begin:end]


def _part_of_bytes(s, pos, length, where):
    begin = pos + len(s) if pos < 0 else pos
    if not 0 <= begin <= len(s):
        raise invalid("pos %d out of range for string b'%s' at index %s", pos, s.decode(errors="replace"), where)
    return s[begin:] if length < 0 else s[begin : begin + length]


@op("Substr", host=True)
def _substr(xp, input, pos, len, *, unit="BYTE"):
    shape = np.shape(input)
    if pos.ndim and pos.shape != shape:
        shape = shapes.broadcast(shape, pos.shape)
        if shape is shapes.CONTRADICTION:
            raise invalid("Incompatible shapes: %s vs. %s", shapes.to_brackets(input.shape), shapes.to_brackets(pos.shape))
        if _simplified_rank(input.shape, pos.shape) > 2:
            raise UnimplementedError(None, None, "Substr broadcast not implemented for %d dimensions" % np.ndim(input))
    if pos.shape != len.shape:
        raise invalid("pos and len should have the same shape, got: %s vs. %s",
                      shapes.to_brackets(pos.shape), shapes.to_brackets(len.shape))  # fmt: skip
    part = _part_of_bytes if unit == "BYTE" else _part_of_characters
    columns = [np.broadcast_to(v, shape).ravel().tolist() for v in (input, pos, len)]
    places = range(input.size) if shape == input.shape else map(_place, np.ndindex(shape))
    out = np.empty(shape, object)
    out.reshape(-1)[:] = [part(s, p, n, i) for s, p, n, i in zip(*columns, places)]
    return out


def _place(index):
    """A place in an array as a message has it: `3` or `(3, 1)`."""
    return str(index[0]) if len(index) == 1 else "(%s)" % ", ".join(map(str, index))


def _simplified_rank(a, b):
    """How many dimensions are left when neighbours that are broadcast alike are taken together."""
    rank = max(len(a), len(b))
    a, b = (1,) * (rank - len(a)) + a, (1,) * (rank - len(b)) + b
    kinds = [(x == 1, y == 1) for x, y in zip(a, b) if x != 1 or y != 1]
    return sum(1 for i, k in enumerate(kinds) if not i or k != kinds[i - 1])


@_substr.shape
def _(input, pos, len):
    if pos is not None and len is not None:
        if np.size(pos) != np.size(len):
            raise ValueError("Shape must be rank %d but is rank %d" % (np.size(len), np.size(pos)))
        if any(p != n and None not in (p, n) for p, n in zip(pos, len)):
            raise ValueError("pos and len shapes must match: %s vs. %s" % (shapes.to_brackets(pos), shapes.to_brackets(len)))
    return broadcast_shape(input, pos)


@_substr.samples
def _(make):
    words = np.array([b"hello", "h\u00e9llo w\u00f6rld".encode(), b"abc"], object)
    yield words, make.ints(-3, 3, 3), make.ints(0, 4, 3)
    yield words, np.int32(1), np.int32(3), dict(unit="UTF8_CHAR")
    yield words, np.array([[-2], [1]], np.int32), np.array([[9], [1]], np.int32), dict(unit="UTF8_CHAR")
    yield words[:1], np.arange(3, dtype=np.int32), np.arange(3, dtype=np.int32)


@export("strings.substr", "substr")
@versioned
def substr(input, pos, len, name=None, unit="BYTE"):
    """Parts of strings.

    Args:
      input: a string tensor.
      pos: where the parts begin, an int32 or int64 tensor that is broadcast with `input`; below zero, from the end.
      len: how long they are, a tensor like `pos`; a part ends with the string at the latest.
      name: the name of the node.
      unit: what is counted: `"BYTE"` or `"UTF8_CHAR"`.

    Returns:
      A string tensor.

    Raises:
      InvalidArgumentError: a position is outside of its string.
      ValueError: the shapes of `pos` and `len` differ.
    """
    return _substr(input, pos, len, unit=unit, name=name)


# ----------------------------------------------------------------------------------------------------------------- base64


@op("EncodeBase64", host=True)
def _encode_base64(xp, input, *, pad=False):
    encode = base64.urlsafe_b64encode
    return each(encode if pad else lambda s: encode(s).rstrip(b"="), input)


_encode_base64.shape(same_shape)
_encode_base64.not_differentiable()


@_encode_base64.samples
def _(make):
    yield make.strings(2, 3)
    yield make.strings(8), dict(pad=True)


@export("encode_base64", "io.encode_base64")
@versioned
def encode_base64(input, pad=False, name=None):
    """Strings in the web-safe form of base64 (with `-` and `_`).

    Args:
      input: a string tensor.
      pad: whether to fill them up with `=`.
      name: the name of the node.
    """
    return _encode_base64(input, pad=pad, name=name)


_BASE64 = re.compile(rb"[A-Za-z0-9_-]*")


def _decoded(s):
    data = s
    if len(s) % 4 == 0 and s.endswith(b"="):
        data = s[:-2] if s.endswith(b"==") else s[:-1]
    if len(data) % 4 == 1:
        raise invalid("Base64 string length cannot be 1 modulo 4.")
    if not _BASE64.fullmatch(data):
        raise invalid("Invalid character found in base64.")
    try:
        return base64.urlsafe_b64decode(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        raise invalid("Invalid character found in base64.") from None


@op("DecodeBase64", host=True)
def _decode_base64(xp, input):
    return each(_decoded, input)


_decode_base64.shape(same_shape)
_decode_base64.not_differentiable()


@_decode_base64.samples
def _(make):
    yield np.array([b"aGk", b"aGk=", b"", b"-_-_", b"YQ=="], object)
    yield np.array(b"YWJj", object)


decode_base64 = export("decode_base64", "io.decode_base64")(unary(_decode_base64, "input"))
