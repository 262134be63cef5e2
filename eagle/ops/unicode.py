"""Encoded text: transcoding, code points and their scripts."""

import bisect
import codecs
import functools
import os

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from .doors import unary
from .text import each, same_shape

_LAST = 0x10FFFF
_CODECS = {"UTF-8": "utf-8", "UTF-16-BE": "utf-16-be", "UTF-32-BE": "utf-32-be"}


def _codec(name):
    """Python's codec for an encoding by one of its names."""
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        raise invalid("Could not create converter for input encoding: %s", name) from None


_MARKS = {  # byte order marks by codec: what they say about those that leave the order open
    "utf-16": ((codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF16_LE, "utf-16-le")),
    "utf-32": ((codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF32_LE, "utf-32-le")),
}


def _characters(data, codec):
    """The characters of encoded text with the positions of their first bytes; None for bytes that spell none."""
    found, at = [], 0
    if codec in _MARKS:
        mark, codec = next((m for m in _MARKS[codec] if data.startswith(m[0])), (b"", codec + "-be"))
        at = len(mark)
    while at < len(data):
        try:
            good, bad = data[at:].decode(codec), 0
        except UnicodeDecodeError as e:
            good, bad = data[at : at + e.start].decode(codec), e.end - e.start
        for c in good:
            found.append((ord(c), at))
            at += len(c.encode(codec))
        if not bad:
            break
        found.append((None, at))
        at += bad
    return found


class _Repair:
    """What becomes of bytes that spell no character: the attributes that several ops share.

    Attributes:
      was_needed: whether some character was replaced or left out.
    """

    def __init__(self, errors, replacement_char, replace_control_characters=False):
        if not 0 <= replacement_char <= _LAST:
            raise invalid("replacement_char out of unicode codepoint range")
        self.errors, self.character, self.of_control = errors, replacement_char, replace_control_characters
        self.was_needed = False

    def apply(self, characters, strict_control=False):
        """Code points with their positions; control characters are errors of the strict kind only if so asked."""
        for code, at in characters:
            if code is None or self.of_control and code <= 0x1F:
                if self.errors == "strict" and (code is None or strict_control):
                    raise invalid("Invalid formatting on input string")
                if self.errors == "ignore":
                    continue
                code = self.character
            yield code, at


def _encoded(codes, encoding):
    """Code points as bytes."""
    text = "".join(map(chr, codes))
    if encoding == "UTF-8":
        text = "".join("\ufffd" if 0xD800 <= ord(c) < 0xE000 else c for c in text)
    return text.encode(_CODECS[encoding], "surrogatepass")


# -------------------------------------------------------------------------------------------------------------- transcode


@op("UnicodeTranscode", host=True)
def _unicode_transcode(xp, input, *, input_encoding, output_encoding, errors="replace", replacement_char=65533,
                       replace_control_characters=False):  # fmt: skip
    repair, codec = _Repair(errors, replacement_char, replace_control_characters), _codec(input_encoding)
    return each(lambda s: _encoded([c for c, _ in repair.apply(_characters(s, codec), True)], output_encoding), input)


_unicode_transcode.shape(same_shape)


def _odd_strings():
    """Encoded text, some of it wrong."""
    out = np.empty(6, object)
    out[:] = ["a\u00e9\u20ac\U0001f600".encode(), b"\xff\xfe", b"a\xe2\x82b", b"\xed\xa0\x80", b"a\tb\n\0", b""]
    return out


@_unicode_transcode.samples
def _(make):
    attrs = dict(input_encoding="UTF-8", output_encoding="UTF-16-BE")
    yield _odd_strings(), attrs
    yield _odd_strings().reshape(2, 3), dict(attrs, output_encoding="UTF-8", errors="ignore", replace_control_characters=True)
    yield _odd_strings(), dict(attrs, output_encoding="UTF-32-BE", replacement_char=0x1F600)
    yield _odd_strings(), dict(attrs, input_encoding="ISO-8859-1", output_encoding="UTF-8")


@export("strings.unicode_transcode")
def unicode_transcode(input, input_encoding, output_encoding, errors="replace", replacement_char=65533,
                      replace_control_characters=False, name=None):  # fmt: skip
    """Text from one encoding to another.

    Args:
      input: a string tensor.
      input_encoding: the name of its encoding: `"UTF-8"`, `"UTF-16-BE"`, `"US-ASCII"`, ...
      output_encoding: `"UTF-8"`, `"UTF-16-BE"` or `"UTF-32-BE"`.
      errors: what becomes of bytes that spell no character: they are replaced (`"replace"`), left out (`"ignore"`), or an error
        is raised (`"strict"`).
      replacement_char: the code point that replaces them.
      replace_control_characters: whether the control characters 0 to 31 are treated like them.
      name: the name of the node.

    Returns:
      A string tensor of the same shape.

    Raises:
      InvalidArgumentError: there is no such encoding, or strings are wrong and `errors` is `"strict"`.
    """
    return _unicode_transcode(input, input_encoding=input_encoding, output_encoding=output_encoding, errors=errors,
                              replacement_char=replacement_char, replace_control_characters=replace_control_characters,
                              name=name)  # fmt: skip


# ------------------------------------------------------------------------------------------------------ decode and encode


def _decoded(input, input_encoding, errors, replacement_char, replace_control_characters, Tsplits):
    repair, codec = _Repair(errors, replacement_char, replace_control_characters), _codec(input_encoding)
    rows = [list(repair.apply(_characters(s, codec))) for s in input.ravel().tolist()]
    splits = np.cumsum([0, *map(len, rows)]).astype(Tsplits.np)
    codes, starts = ([c[i] for row in rows for c in row] for i in (0, 1))
    return splits, np.array(codes, np.int32), np.array(starts, np.int64)


def _splits_shape(input):
    count = shapes.element_count(input)
    return (None if count is None else count + 1,)


@op("UnicodeDecode", host=True)
def unicode_decode_op(xp, input, *, input_encoding, errors="replace", replacement_char=65533, replace_control_characters=False,
                    Tsplits=dtypes.int64):  # fmt: skip
    return _decoded(input, input_encoding, errors, replacement_char, replace_control_characters, Tsplits)[:2]


@unicode_decode_op.shape
def _(input):
    return [_splits_shape(input), (None,)]


@op("UnicodeDecodeWithOffsets", host=True)
def unicode_decode_with_offsets_op(xp, input, *, input_encoding, errors="replace", replacement_char=65533,
                                 replace_control_characters=False, Tsplits=dtypes.int64):  # fmt: skip
    return _decoded(input, input_encoding, errors, replacement_char, replace_control_characters, Tsplits)


@unicode_decode_with_offsets_op.shape
def _(input):
    return [_splits_shape(input), (None,), (None,)]


@unicode_decode_op.samples
@unicode_decode_with_offsets_op.samples
def _(make):
    yield _odd_strings(), dict(input_encoding="UTF-8")
    yield _odd_strings().reshape(2, 3), dict(input_encoding="UTF-8", errors="ignore", replace_control_characters=True)
    yield _odd_strings()[-2:], dict(input_encoding="UTF-8", errors="strict", replace_control_characters=True)


@op("UnicodeEncode", host=True)
def unicode_encode_op(xp, input_values, input_splits, *, errors="replace", output_encoding, replacement_char=65533):
    repair = _Repair(errors, replacement_char)
    out = np.empty(len(input_splits) - 1, object)
    for i, (begin, end) in enumerate(zip(input_splits[:-1].tolist(), input_splits[1:].tolist())):
        codes = input_values[begin:end].tolist()
        if errors == "strict" and not all(0 <= c <= _LAST for c in codes):
            raise invalid("Code point value out of valid Unicode range.")
        known = [(c if 0 <= c <= _LAST else None, 0) for c in codes]
        out[i] = _encoded([c for c, _ in repair.apply(known)], output_encoding)
    return out


@unicode_encode_op.shape
def _(input_values, input_splits):
    shapes.with_rank(input_values, 1)
    (count,) = shapes.with_rank(input_splits, 1)
    return (None if count is None else count - 1,)


@unicode_encode_op.samples
def _(make):
    codes, splits = np.array([97, 233, 0xD800, 0x110000, 128512], np.int32), np.array([0, 2, 5], np.int64)
    yield codes, splits, dict(output_encoding="UTF-8")
    yield codes, splits, dict(output_encoding="UTF-16-BE", errors="ignore")
    yield codes, splits.astype(np.int32), dict(output_encoding="UTF-32-BE", replacement_char=63)


# ----------------------------------------------------------------------------------------------------------------- scripts


@functools.cache
def _scripts():
    """The first code points of runs of one script, and the scripts' numbers (those of the library ICU)."""
    with open(os.path.join(os.path.dirname(__file__), "unicode_scripts.txt"), encoding="ascii") as f:
        pairs = [entry.split(":") for entry in f.read().split()]
    return [int(start, 16) for start, _ in pairs], [int(script) for _, script in pairs]


def _script(code):
    if not 0 <= code <= _LAST:
        return -1
    starts, scripts = _scripts()
    return scripts[bisect.bisect_right(starts, code) - 1]


@op("UnicodeScript", host=True)
def _unicode_script(xp, input):
    return np.array([_script(c) for c in input.ravel().tolist()], np.int32).reshape(input.shape)


_unicode_script.shape(same_shape)


@_unicode_script.samples
def _(make):
    yield np.array([[97, 0x3B1, -1], [0x110000, 0x41F, 48]], np.int32)
    yield np.int32(0x10FFFF)
    yield np.arange(0, 0x30000, 97, dtype=np.int32)


unicode_script = export("strings.unicode_script")(unary(_unicode_script, "input"))
