"""Images as PNG files."""

import struct
import zlib

import numpy as np

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}  # number of channels -> how PNG calls that


def encode(image, compression=-1):
    """The bytes of a PNG file.

    Args:
      image: an array of shape `(height, width, channels)` of 8 or 16 bit numbers; gray, gray and alpha, RGB, or RGB and alpha.
      compression: zlib's level.
    """
    height, width, channels = image.shape
    size = image.dtype.itemsize
    rows = np.ascontiguousarray(image, image.dtype.newbyteorder(">")).reshape(height, width * channels).view(np.uint8)
    header = struct.pack(">IIBBBBB", width, height, 8 * size, _COLOR_TYPES[channels], 0, 0, 0)
    data = _compressed(_filtered(rows, channels * size).tobytes(), compression)
    return b"".join([_SIGNATURE, _chunk(b"IHDR", header), _chunk(b"IDAT", data), _chunk(b"IEND", b"")])


def _compressed(data, level):
    """Data compressed by zlib, which says how small a window is enough to decompress it."""
    compressor = zlib.compressobj(level, zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.Z_FILTERED)
    packed = bytearray(compressor.compress(data) + compressor.flush())
    bits = 15
    while bits > 8 and len(data) <= 1 << bits - 1:
        bits -= 1
    packed[0] = packed[0] & 0x0F | bits - 8 << 4
    flags = packed[1] & 0xE0
    packed[1] = flags + 31 - (packed[0] * 256 + flags) % 31  # makes the two bytes a multiple of 31
    return bytes(packed)


def _chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _filtered(rows, step):
    """The rows, each after the filter that leaves the smallest differences, with that filter's number before them.

    Args:
      rows: the bytes of each row.
      step: how many bytes before a byte the same channel of the pixel to the left is.
    """
    left, above, corner = np.zeros_like(rows), np.zeros_like(rows), np.zeros_like(rows)
    left[:, step:] = rows[:, :-step]
    above[1:] = rows[:-1]
    corner[1:, step:] = rows[:-1, :-step]
    mean = ((left.astype(np.uint16) + above) >> 1).astype(np.uint8)
    tried = [rows, rows - left, rows - above, rows - mean, rows - _paeth(left, above, corner)]
    costs = [np.abs(t.view(np.int8).astype(np.int16)).sum(axis=1, dtype=np.int64) for t in tried]
    chosen = np.argmin(costs, axis=0)
    out = np.empty((len(rows), 1 + rows.shape[1]), np.uint8)
    out[:, 0] = chosen
    for number, t in enumerate(tried):
        out[chosen == number, 1:] = t[chosen == number]
    return out


def _paeth(left, above, corner):
    """That neighbour of each byte which is nearest to what the three let expect."""
    a, b, c = left.astype(np.int16), above.astype(np.int16), corner.astype(np.int16)
    to_left, to_above, to_corner = np.abs(b - c), np.abs(a - c), np.abs(a + b - 2 * c)
    nearest = np.where(to_above <= to_corner, above, corner)
    return np.where((to_left <= to_above) & (to_left <= to_corner), left, nearest)
