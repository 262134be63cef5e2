"""Numbers as text, text as numbers, text in buckets."""

import re
import struct

import numpy as np

from ..core import dtypes
from ..core.deprecation import one_of
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..core.versions import versioned
from .farmhash import fingerprint64
from .text import from_each, same_shape, some_strings

# -------------------------------------------------------------------------------------------------------------- as_string


def _check_format(T, precision, scientific, shortest, fill):
    if not (T.is_floating or T.is_complex):
        if scientific or shortest:
            raise invalid("scientific and shortest format not supported for datatype %s", T.name)
        if precision >= 0:
            raise invalid("precision not supported for datatype %s", T.name)
    if len(fill) > 1:
        raise invalid("Fill string must be one or fewer characters")
    if fill not in ("", " ", "-", "+", "0", "#"):
        raise invalid('Fill argument not supported: "%s"', fill)
    if scientific and shortest:
        raise invalid("Cannot select both scientific and shortest notation")


@op("AsString", host=True)
def _as_string(xp, input, *, precision=-1, scientific=False, shortest=False, width=-1, fill="", T):
    _check_format(T, precision, scientific, shortest, fill)
    out = np.empty(input.shape, object)
    if T is dtypes.bool_:
        out.reshape(-1)[:] = [b"true" if v else b"false" for v in input.ravel().tolist()]
        return out
    size = str(width) if width > -1 else ""
    if T.is_integer:
        form = "%" + (fill if size else "") + size + "d"
        texts = [form % v for v in input.ravel().tolist()]
    else:
        tail = (".%d" % precision if precision > -1 else "") + ("g" if shortest else "e" if scientific else "f")
        form = "%" + (fill if size else "") + size + tail
        of_infinite = "%" + (fill.replace("0", "") if size else "") + size + tail  # which are never filled with zeros
        flat = input.ravel()
        parts = [flat.real, flat.imag] if T.is_complex else [flat]
        columns = [[_float_text(v, form, of_infinite) for v in part] for part in parts]
        texts = ["(%s,%s)" % pair for pair in zip(*columns)] if T.is_complex else columns[0]
    out.reshape(-1)[:] = [t.encode() for t in texts]
    return out


def _float_text(v, form, of_infinite):
    if v != v:
        return re.sub(r"[a-z]$", "s", re.sub(r"\.\d+", "", of_infinite)) % ("-nan" if np.signbit(v) else "nan")
    return (form if np.isfinite(v) else of_infinite) % float(v)


_as_string.shape(same_shape)
_as_string.not_differentiable()


@_as_string.samples
def _(make):
    yield make(2, 3)
    yield make(3), dict(width=9, fill="0")
    yield make(3), dict(precision=2, width=8)
    yield make(3), dict(scientific=True, precision=3, fill="-", width=12)
    yield make(3), dict(shortest=True)
    yield np.float32([np.inf, -np.inf, 1e30, 1e-7, 0.1]), dict(width=7, fill="0")


@export("as_string", "strings.as_string", "dtypes.as_string")
@versioned
def as_string(input, precision=-1, scientific=False, shortest=False, width=-1, fill="", name=None):
    """Numbers as text.

    Args:
      input: a tensor of numbers or bools.
      precision: the number of digits behind the point; below zero the usual one.
      scientific: whether to write `1e+02`.
      shortest: whether to write whichever form is shorter.
      width: the least length of the text.
      fill: what fills the text up: `" "` (as `""`), `"0"`, or `"-"` for spaces on the right.
      name: the name of the node.

    Returns:
      A string tensor of the same shape.

    Raises:
      InvalidArgumentError: an argument does not fit the type, or is none of those above.
    """
    return _as_string(input, precision=precision, scientific=scientific, shortest=shortest, width=width, fill=fill, name=name)


# --------------------------------------------------------------------------------------------------------------- to_number

_FLOAT = re.compile(rb"\s*([+-]?)(?:(inf)|(nan)|0x([0-9a-f]+)|((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?))\s*", re.I)
_INT = re.compile(rb"\s*(-?\d+)\s*")


def float_of(s):
    try:  # plain decimals are read faster by Python, whose other forms are not ours
        value = float(s)
        if -np.inf < value < np.inf and b"_" not in s:
            return value
    except ValueError:
        pass
    found = _FLOAT.fullmatch(s)
    if found is None:
        return None
    sign, is_infinite, is_nan, digits, decimal = found.groups()
    value = np.inf if is_infinite else np.nan if is_nan else float(int(digits, 16)) if digits else float(decimal)
    return -value if sign == b"-" else value


def int_of(s):
    found = _INT.fullmatch(s)
    return None if found is None else int(found.group(1))


@op("StringToNumber", host=True, foldable=True)
def _string_to_number(xp, string_tensor, *, out_type=dtypes.float32):
    of = int_of if out_type.is_integer else float_of
    least, most = (out_type.min, out_type.max) if out_type.is_integer else (-np.inf, np.inf)

    def number(s):
        value = of(s)
        if value is None or value < least or value > most:
            raise invalid("StringToNumberOp could not correctly convert string: %s", s.split(b"\0")[0].decode(errors="replace"))
        return value

    return from_each(number, string_tensor, out_type.np)


@_string_to_number.shape
def _(string_tensor):
    return string_tensor


_string_to_number.not_differentiable()


@_string_to_number.samples
def _(make):
    yield np.array([[b"1.5", b" -2e3 ", b"inf"], [b"nan", b".5", b"0x1F"]], object)
    yield np.array([b" 12", b"-7 "], object), dict(out_type=dtypes.int32)
    yield np.array(b"9007199254740993", object), dict(out_type=dtypes.int64)
    yield np.array([b"0.1", b"1e400"], object), dict(out_type=dtypes.float64)


@export("string_to_number", "strings.to_number")
@versioned
def string_to_number(string_tensor=None, out_type=dtypes.float32, name=None, input=None):
    """The numbers that strings spell.

    Args:
      string_tensor: a string tensor.
      out_type: float32, float64, int32 or int64.
      name: the name of the node.
      input: another name of `string_tensor`.

    Returns:
      A tensor of this type and the same shape.

    Raises:
      InvalidArgumentError: a string spells no number of the type.
    """
    return _string_to_number(one_of("input", input, "string_tensor", string_tensor), out_type=out_type, name=name)


# ---------------------------------------------------------------------------------------------------------------- buckets

_ALL = 2**64 - 1


def hash64(s, seed=0xDECAFCAFFE):
    """MurmurHash 2 for 64 bits, with TensorFlow's seed."""
    m = 0xC6A4A7935BD1E995
    h = seed ^ (len(s) * m & _ALL)
    whole = len(s) // 8 * 8
    for (k,) in struct.iter_unpack("<Q", s[:whole]):
        k = k * m & _ALL
        k = (k ^ k >> 47) * m & _ALL
        h = (h ^ k) * m & _ALL
    if len(s) > whole:
        h = (h ^ int.from_bytes(s[whole:], "little")) * m & _ALL
    h = (h ^ h >> 47) * m & _ALL
    return h ^ h >> 47


def _rotated(v, n):
    return (v << n | v >> (64 - n)) & _ALL


def _sip_round(a, b, c, d):
    a = a + b & _ALL
    b = _rotated(b, 13) ^ a
    a = _rotated(a, 32)
    c = c + d & _ALL
    d = _rotated(d, 16) ^ c
    a = a + d & _ALL
    d = _rotated(d, 21) ^ a
    c = c + b & _ALL
    b = _rotated(b, 17) ^ c
    return a, b, _rotated(c, 32), d


def _sip_hash(s, key):
    """SipHash-2-4 with a key of two ints."""
    low, high = (k & _ALL for k in key)
    v = (low ^ 0x736F6D6570736575, high ^ 0x646F72616E646F6D, low ^ 0x6C7967656E657261, high ^ 0x7465646279746573)
    padded = s + b"\0" * (7 - len(s) % 8) + bytes([len(s) & 0xFF])
    for (word,) in struct.iter_unpack("<Q", padded):
        v = _sip_round(*_sip_round(v[0], v[1], v[2], v[3] ^ word))
        v = (v[0] ^ word, *v[1:])
    v = (v[0], v[1], v[2] ^ 0xFF, v[3])
    for _ in range(4):
        v = _sip_round(*v)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


@op("StringToHashBucket", host=True)
def _to_bucket(xp, string_tensor, *, num_buckets):
    return from_each(lambda s: hash64(s) % num_buckets, string_tensor, np.int64)


@op("StringToHashBucketFast", host=True)
def _to_bucket_fast(xp, input, *, num_buckets):
    return from_each(lambda s: fingerprint64(s) % num_buckets, input, np.int64)


@op("StringToHashBucketStrong", host=True)
def _to_bucket_strong(xp, input, *, num_buckets, key):
    if len(key) != 2:
        raise invalid("Key must have 2 elements")
    return from_each(lambda s: _sip_hash(s, key) % num_buckets, input, np.int64)


@_to_bucket.shape
def _(string_tensor):
    return string_tensor


for _op, _attrs in ((_to_bucket, {}), (_to_bucket_fast, {}), (_to_bucket_strong, {"key": (7, -11)})):
    _op.not_differentiable()
    if _op is not _to_bucket:
        _op.shape(same_shape)

    @_op.samples
    def _(make, attrs=_attrs):
        for strings in some_strings(make):
            yield strings, dict(attrs, num_buckets=1000)
        yield np.array([b"x" * n for n in (7, 8, 9, 15, 16, 17, 33, 70)], object), dict(attrs, num_buckets=2**62 + 1)


@export("string_to_hash_bucket", "strings.to_hash_bucket")
@versioned
def string_to_hash_bucket(string_tensor=None, num_buckets=None, name=None, input=None):
    """A number of a bucket for each string, by a hash function of old.

    Args:
      string_tensor: a string tensor.
      num_buckets: how many buckets there are, an int.
      name: the name of the node.
      input: another name of `string_tensor`.

    Returns:
      An int64 tensor of the same shape.
    """
    return _to_bucket(one_of("input", input, "string_tensor", string_tensor), num_buckets=num_buckets, name=name)


@export("string_to_hash_bucket_fast", "strings.to_hash_bucket_fast")
@versioned
def string_to_hash_bucket_fast(input, num_buckets, name=None):
    """A number of a bucket for each string, by FarmHash: fast, but strings that fall together can be found on purpose.

    Args:
      input: a string tensor.
      num_buckets: how many buckets there are, an int.
      name: the name of the node.

    Returns:
      An int64 tensor of the same shape.
    """
    return _to_bucket_fast(input, num_buckets=num_buckets, name=name)


@export("string_to_hash_bucket_strong", "strings.to_hash_bucket_strong")
@versioned
def string_to_hash_bucket_strong(input, num_buckets, key, name=None):
    """A number of a bucket for each string, by a keyed hash function (SipHash).

    Args:
      input: a string tensor.
      num_buckets: how many buckets there are, an int.
      key: a list of two ints.
      name: the name of the node.

    Returns:
      An int64 tensor of the same shape.

    Raises:
      InvalidArgumentError: the key has not two elements.
    """
    return _to_bucket_strong(input, num_buckets=num_buckets, key=key, name=name)
