"""FarmHash's 64-bit fingerprint of bytes, which TensorFlow calls `Fingerprint64`, and `tf.fingerprint`."""

import functools

import numpy as np

from ..core.errors import invalid
from ..core.export import export
from ..core.op import Host, op

_MASK = 2**64 - 1
_K0, _K1, _K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F


def _u64(s, at):
    return int.from_bytes(s[at : at + 8], "little")


def _u32(s, at):
    return int.from_bytes(s[at : at + 4], "little")


def _rotated(v, n):
    v &= _MASK
    return (v >> n | v << (64 - n)) & _MASK


def _mixed(v):
    v &= _MASK
    return v ^ v >> 47


def _pair(u, v, mul):
    """Two numbers hashed into one."""
    a = _mixed((u ^ v) * mul)
    return _mixed((v ^ a) * mul) * mul & _MASK


def fingerprint64(s):
    """The fingerprint of a `bytes` object, an int of 64 bits."""
    size = len(s)
    return _of_word(s, size) if size <= 64 else _longer(s, size)


@functools.lru_cache(2**16)  # texts say the same words over and over
def _of_word(s, size):
    if size <= 16:
        return _up_to_16(s, size)
    return _up_to_32(s, size) if size <= 32 else _up_to_64(s, size)


def _up_to_16(s, size):
    mul = _K2 + size * 2
    if size >= 8:
        a, b = _u64(s, 0) + _K2, _u64(s, size - 8)
        c = _rotated(b, 37) * mul + a
        d = (_rotated(a, 25) + b) * mul
        return _pair(c & _MASK, d & _MASK, mul)
    if size >= 4:
        return _pair(size + (_u32(s, 0) << 3), _u32(s, size - 4), mul)
    if size:
        y, z = s[0] + (s[size >> 1] << 8), size + (s[-1] << 2)
        return _mixed(y * _K2 & _MASK ^ z * _K0 & _MASK) * _K2 & _MASK
    return _K2


def _up_to_32(s, size):
    mul = _K2 + size * 2
    a, b, c, d = _u64(s, 0) * _K1, _u64(s, 8), _u64(s, size - 8) * mul, _u64(s, size - 16) * _K2
    return _pair((_rotated(a + b, 43) + _rotated(c, 30) + d) & _MASK, (a + _rotated(b + _K2, 18) + c) & _MASK, mul)


def _up_to_64(s, size):
    mul = _K2 + size * 2
    a, b, c, d = _u64(s, 0) * _K2, _u64(s, 8), _u64(s, size - 8) * mul, _u64(s, size - 16) * _K2
    y = (_rotated(a + b, 43) + _rotated(c, 30) + d) & _MASK
    z = _pair(y, (a + _rotated(b + _K2, 18) + c) & _MASK, mul)
    e, f = _u64(s, 16) * mul, _u64(s, 24)
    g, h = (y + _u64(s, size - 32)) * mul, (z + _u64(s, size - 24)) * mul
    return _pair((_rotated(e + f, 43) + _rotated(g, 30) + h) & _MASK, (e + _rotated(f + a, 18) + g) & _MASK, mul)


def _weak(s, at, a, b):
    """32 bytes hashed into two numbers, given two."""
    w, x, y, z = (_u64(s, at + 8 * i) for i in range(4))
    a += w
    b = _rotated(b + a + z, 21)
    c = a
    a += x + y
    return (a + z) & _MASK, (b + _rotated(a, 44) + c) & _MASK


def _round(s, at, x, y, z, v, w, mul, nine):
    """64 bytes taken into the state; `nine` is 9 in the last round, else 1."""
    x = _rotated(x + y + v[0] + _u64(s, at + 8), 37) * mul & _MASK
    y = _rotated(y + v[1] + _u64(s, at + 48), 42) * mul & _MASK
    x ^= w[1] * nine & _MASK
    y = (y + v[0] * nine + _u64(s, at + 40)) & _MASK
    z = _rotated(z + w[0], 33) * mul & _MASK
    v = _weak(s, at, v[1] * mul, x + w[0])
    w = _weak(s, at + 32, z + w[1], y + _u64(s, at + 16))
    return z, y, x, v, w


def _longer(s, size):
    y = 81 * _K1 + 113 & _MASK
    z = _mixed(y * _K2 + 113) * _K2 & _MASK
    x = 81 * _K2 + _u64(s, 0) & _MASK
    v = w = (0, 0)
    for at in range(0, (size - 1) // 64 * 64, 64):
        x, y, z, v, w = _round(s, at, x, y, z, v, w, _K1, 1)
    mul = _K1 + ((z & 0xFF) << 1)
    w0 = w[0] + (size - 1 & 63)
    v = (v[0] + w0 & _MASK, v[1])
    w = (w0 + v[0] & _MASK, w[1])
    x, y, z, v, w = _round(s, size - 64, x, y, z, v, w, mul, 9)
    first = _pair(v[0], w[0], mul) + _mixed(y) * _K0 + z
    return _pair(first & _MASK, (_pair(v[1], w[1], mul) + x) & _MASK, mul)


@op("Fingerprint", host=True)
def _fingerprint(xp, data, method: Host):
    if method != b"farmhash64":
        raise invalid("Unsupported fingerprint method: %s", method.decode(errors="replace"))
    if not data.ndim:
        raise invalid("`data` should have at least one dimension: []")
    if data.dtype == object:
        rows = [[fingerprint64(v) for v in row] for row in data.reshape(data.shape[0], -1).tolist()]
        found = [row[0] if len(row) == 1 else fingerprint64(np.array(row, "<u8").tobytes()) for row in rows]
    else:
        found = [fingerprint64(np.ascontiguousarray(row).tobytes()) for row in data]
    return np.array(found, "<u8").view(np.uint8).reshape(-1, 8)


@_fingerprint.shape
def _(data, method):
    if data == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    return (None if data is None else data[0], 8)


@_fingerprint.samples
def _(make):
    yield make(2, 3), b"farmhash64"
    yield make(3), b"farmhash64"
    yield make(2, 40), b"farmhash64"


@export("fingerprint")
def fingerprint(data, method="farmhash64", name=None):
    """A fingerprint of each row of a tensor: numbers that are different where, most likely, the rows are.

    Args:
      data: a tensor of rank 1 or more.
      method: "farmhash64".
      name: the name of the node.

    Returns:
      A uint8 tensor of shape `[rows, 8]`.

    Raises:
      InvalidArgumentError: there is no such method, or `data` is a scalar.
    """
    return _fingerprint(data, method, name=name)
