"""Images as PNG files, byte for byte as libpng writes them."""

import struct
import zlib

import numpy as np

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KIND_OF = {1: 0, 2: 4, 3: 2, 4: 6}  # by the number of channels


def encode(image, compression=-1):
    """Pixels with 8 or 16 bits as the bytes of a file.

    Args:
      image: `[height, width, channels]`, uint8 or uint16.
      compression: the level, from 0 to 9; -1 for the usual one.
    """
    height, width, depth = image.shape
    bits = 8 * image.dtype.itemsize
    big = np.ascontiguousarray(image, image.dtype.newbyteorder(">")).reshape(height, -1).view(np.uint8)
    step = depth * bits // 8
    body = _filtered(big, step)

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, bits, _KIND_OF[depth], 0, 0, 0)
    packed = _packed(body, compression)
    parts = [chunk(b"IDAT", packed[at : at + 8192]) for at in range(0, len(packed), 8192)]
    return _SIGNATURE + chunk(b"IHDR", head) + b"".join(parts) + chunk(b"IEND", b"")


def _packed(body, compression):
    """Bytes compressed as libpng does it: with no larger a window than they need."""
    window = min(max((len(body) - 1).bit_length(), 8), 15)
    how = zlib.compressobj(compression, zlib.DEFLATED, max(window, 9), zlib.DEF_MEM_LEVEL + 1, zlib.Z_FILTERED)
    packed = bytearray(how.compress(body) + how.flush())
    packed[0] = window - 8 << 4 | 8
    packed[1] &= 0xE0
    packed[1] += 31 - (packed[0] << 8 | packed[1]) % 31
    return bytes(packed)


def _filtered(rows, step):
    """Rows of bytes, each by the filter of five that leaves the least sum of differences."""
    height, width = rows.shape
    left, above = np.zeros_like(rows), np.zeros_like(rows)
    left[:, step:] = rows[:, :-step]
    above[1:] = rows[:-1]
    corner = np.zeros_like(rows)
    corner[1:, step:] = rows[:-1, :-step]
    a, b, c = (v.astype(np.int16) for v in (left, above, corner))
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    paeth = np.where((pa <= pb) & (pa <= pc), a, np.where(pb <= pc, b, c)).astype(np.uint8)
    mean = ((a + b) // 2).astype(np.uint8)
    tries = np.stack([rows, rows - left, rows - above, rows - mean, rows - paeth])
    cost = np.minimum(tries, -tries.astype(np.int16) & 0xFF).astype(np.int64).sum(2)
    best = cost.argmin(0)
    chosen = tries[best, np.arange(height)]
    return np.concatenate([best[:, None].astype(np.uint8), chosen], axis=1).tobytes()
