"""PNG files read: what is done to pixels as TensorFlow does it, files with 8 bits by Pillow, files with 16 bits here."""

import io
import struct
import zlib

import numpy as np

from ..core.errors import NotYetError, invalid

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DEPTH_OF = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type


_MOST = 1 << 29  # pixels
_LARGEST_RATIO = 1032  # of what deflate can make out of its input


def _chunks(data):
    """The chunks up to the end's: names and contents.

    Raises:
      ValueError: a checksum is wrong, or the file is cut off.
    """
    at = len(_SIGNATURE)
    name = b""
    while name != b"IEND":
        size, name = struct.unpack(">I4s", data[at : at + 8])
        end = at + 8 + size
        if zlib.crc32(data[at + 4 : end]).to_bytes(4, "big") != data[end : end + 4] and not _may_be_wrong(name):
            raise ValueError(name)
        yield name, data[at + 8 : end]
        at = end + 4


def _may_be_wrong(name):
    """Whether a chunk has no part in the pixels."""
    return name[:1].islower() and name != b"tRNS"


def decode(data, channels, bits):
    """The pixels of a file.

    Args:
      data: the file's bytes.
      channels: how many channels there are to be: 1, 3 or 4; 0 for as many as the file has.
      bits: 8 or 16.
    """
    from PIL.Image import DecompressionBombError

    try:
        chunks = list(_chunks(data))
        name, head = chunks[0]
        if name != b"IHDR":
            raise ValueError(name)
        width, height, file_bits, kind, interlaced = *struct.unpack(">IIBB", head[:10]), head[12]
        if width * height >= _MOST:
            raise invalid("PNG size too large for int: %d by %d", width, height)
        packed = b"".join(body for name, body in chunks if name == b"IDAT")
        if height * (width * file_bits * _DEPTH_OF[kind] + 7 >> 3) > _LARGEST_RATIO * len(packed):
            raise ValueError(packed)
        pixels = _sixteen(packed, width, height, kind, interlaced) if file_bits == 16 else _eight(data)
    except (KeyError, IndexError, OSError, SyntaxError, ValueError, struct.error, zlib.error, DecompressionBombError):
        raise invalid("Invalid PNG data, size %d", len(data)) from None
    return _with_bits(_with_channels(pixels, channels or pixels.shape[2]), bits)


def _eight(data):
    """The pixels of a file with up to 8 bits, palettes looked up."""
    from PIL import Image

    image = Image.open(io.BytesIO(data))
    if image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    elif image.mode == "1":
        image = image.convert("L")
    elif image.mode in ("L", "RGB") and "transparency" in image.info:
        image = image.convert("LA" if image.mode == "L" else "RGBA")
    pixels = np.asarray(image)
    return pixels.reshape(*pixels.shape[:2], -1)


def _sixteen(packed, width, height, kind, interlaced):
    """The pixels of a file with 16 bits."""
    if interlaced:
        raise NotYetError("interlaced PNG files with 16 bits")
    depth = _DEPTH_OF[kind]
    size = height * (1 + width * depth * 2)
    raw = zlib.decompressobj().decompress(packed, size)
    rows = np.frombuffer(raw, np.uint8).reshape(height, 1 + width * depth * 2)
    step, above, out = depth * 2, np.zeros(width * depth * 2, np.uint8), []
    for row in rows:
        above = _unfiltered(int(row[0]), row[1:], above, step)
        out.append(above)
    return np.stack(out).reshape(height, -1).view(">u2").astype(np.uint16).reshape(height, width, depth)


def _unfiltered(kind, row, above, step):
    """A row of bytes before the filter was applied."""
    if kind == 0:
        return row.copy()
    if kind == 2:
        return row + above
    if kind == 1:
        return np.add.accumulate(row.reshape(-1, step), axis=0, dtype=np.uint8).ravel()
    out, left, up = bytearray(row.tobytes()), bytes(step), above.tobytes()
    for i in range(len(out)):
        a = out[i - step] if i >= step else left[i]
        b, c = up[i], up[i - step] if i >= step else 0
        if kind == 3:
            predicted = (a + b) // 2
        else:
            p = a + b - c
            pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
            predicted = a if pa <= pb and pa <= pc else b if pb <= pc else c
        out[i] = (out[i] + predicted) & 0xFF
    return np.frombuffer(bytes(out), np.uint8)


def _with_channels(pixels, channels):
    """Pixels with so many channels: grey from colours as libpng makes it, and full opacity where there is none."""
    have = pixels.shape[2]
    if have == channels:
        return pixels
    alpha = pixels[..., -1:] if have in (2, 4) else None
    colors = pixels[..., : 1 if have < 3 else 3]
    if channels < 3 and have >= 3:
        colors = _gray(colors)
    elif channels >= 3 and have < 3:
        colors = np.repeat(colors, 3, axis=2)
    if channels in (1, 3):
        return colors
    if alpha is None:
        alpha = np.full((*pixels.shape[:2], 1), np.iinfo(pixels.dtype).max, pixels.dtype)
    return np.concatenate([colors, alpha], axis=2)


def _gray(colors):
    wide = colors.astype(np.int64)
    total = wide @ np.array([9798, 19235, 3735])
    gray = (total + (16384 if colors.dtype == np.uint16 else 0)) >> 15
    is_gray = (wide[..., 0] == wide[..., 1]) & (wide[..., 0] == wide[..., 2])
    return np.where(is_gray, wide[..., 0], gray).astype(colors.dtype)[..., None]


def _with_bits(pixels, bits):
    if bits == 8:
        return (pixels >> 8).astype(np.uint8) if pixels.dtype == np.uint16 else pixels.copy()
    return pixels.astype(np.uint16) * 257 if pixels.dtype == np.uint8 else pixels
