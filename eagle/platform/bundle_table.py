"""The sorted string table, TensorFlow's file of (key, value) pairs: the index of a checkpoint, and all of an old checkpoint.

A file is a sequence of blocks and a footer.  A block holds entries in the order of their keys (each key without the beginning
that it shares with the one before, the value), offsets of entries whose keys are whole, and their number; a byte that says how
it is compressed and a masked checksum follow it.  The index block has a key not below any key of a data block -> the place of
that block.  The footer has the places of the index block and of a block of meta data, which is empty.
"""

import bisect
import struct

from ..core.errors import DataLossError
from . import crc32c

_MAGIC = 0xDB4775248B80FB57
_FOOTER = 48
_TRAILER = 5  # the kind of compression and a checksum
_PLAIN, _SNAPPY = 0, 1
_BLOCK_SIZE = 262144
_RESTART_INTERVAL = 16
# Keys may share their beginnings, so that they are together longer than the block that holds them: a file that TensorFlow wrote
# has a whole key at least every 16 entries, which bounds by how much.  A file made to exhaust memory would not care.
_KEYS_PER_BYTE = 20


def put_varint(number):
    """A number as a base 128 varint."""
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def get_varint(data, position, bits=64):
    """A varint of `data` and the position behind it.

    Raises:
      ValueError: there is none.
    """
    number, shift = 0, 0
    while shift < bits:
        if position >= len(data):
            break
        byte = data[position]
        position += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            if number >> bits:
                break
            return number, position
        shift += 7
    raise ValueError("bad varint")


# -------------------------------------------------------------------------------------------------------------- writing


class _BlockBuilder:
    """Collects the entries of a block."""

    def __init__(self, restart_interval):
        self._interval = restart_interval
        self._parts, self._restarts, self._count, self._last = [], [0], 0, b""
        self._size = 0

    def __bool__(self):
        return bool(self._parts)

    @property
    def size(self):
        """How long the block will be."""
        return self._size + 4 * len(self._restarts) + 4

    def add(self, key, value):
        shared = 0
        if self._count < self._interval:
            shared = _common(self._last, key)
        else:
            self._restarts.append(self._size)
            self._count = 0
        rest = key[shared:]
        head = put_varint(shared) + put_varint(len(rest)) + put_varint(len(value)) + rest
        self._parts += head, value
        self._size += len(head) + len(value)
        self._last = key
        self._count += 1

    def finish(self):
        restarts = struct.pack("<%dI" % (len(self._restarts) + 1), *self._restarts, len(self._restarts))
        return b"".join([*self._parts, restarts])


def _common(a, b):
    """How many bytes two keys have in common at their beginning."""
    n = min(len(a), len(b))
    if a[:n] == b[:n]:
        return n
    low, high = 0, n  # the first `low` bytes are equal, the first `high` are not
    while high - low > 1:
        middle = (low + high) // 2
        if a[:middle] == b[:middle]:
            low = middle
        else:
            high = middle
    return low


def _between(low, high):
    """A short key that is not below `low` and below `high`."""
    i = _common(low, high)
    if i < min(len(low), len(high)) and low[i] < 0xFF and low[i] + 1 < high[i]:
        return low[:i] + bytes([low[i] + 1])
    return low


def _beyond(key):
    """A short key that is not below `key`."""
    for i, byte in enumerate(key):
        if byte != 0xFF:
            return key[:i] + bytes([byte + 1])
    return key


class TableWriter:
    """Writes a table into a file that is open for bytes.

    Keys must come in ascending order.
    """

    def __init__(self, file, block_size=_BLOCK_SIZE):
        self._file = file
        self._block_size = block_size
        self._offset = 0
        self._block = _BlockBuilder(_RESTART_INTERVAL)
        self._index = _BlockBuilder(1)
        self._last = None  # the last key
        self._pending = None  # the place of a block whose entry in the index waits for the key that comes after it

    def add(self, key, value):
        """Adds a pair of bytes."""
        if self._last is not None and len(key) + len(value) >= 2 * self._block_size:
            self._flush()
        if self._pending is not None:
            self._index.add(_between(self._last, key), self._pending)
            self._pending = None
        self._block.add(key, value)
        self._last = key
        if self._block.size >= self._block_size:
            self._flush()

    def finish(self):
        """Writes what is left, the index and the footer."""
        self._flush()
        meta = self._write(_BlockBuilder(_RESTART_INTERVAL))
        if self._pending is not None:
            self._index.add(_beyond(self._last), self._pending)
        footer = meta + self._write(self._index)
        self._file.write(footer.ljust(_FOOTER - 8, b"\0") + struct.pack("<Q", _MAGIC))

    def _flush(self):
        if self._block:
            self._pending = self._write(self._block)
            self._block = _BlockBuilder(_RESTART_INTERVAL)

    def _write(self, block):
        """Writes a block; its place."""
        content = block.finish() + bytes([_PLAIN])
        self._file.write(content)
        self._file.write(struct.pack("<I", crc32c.mask(crc32c.value(content))))
        place = put_varint(self._offset) + put_varint(len(content) - 1)
        self._offset += len(content) + 4
        return place


# -------------------------------------------------------------------------------------------------------------- reading


def _lost(file_name, message):
    return DataLossError(None, None, "%s: %s" % (file_name, message))


class Table:
    """A table that is read from a file open for bytes.

    Nothing in the file is trusted: whatever is wrong with it raises DataLossError, and what is kept in memory is in proportion to
    the size of the file.

    Args:
      file: the file.
      name: what messages call it.

    Raises:
      DataLossError: it is no table.
    """

    def __init__(self, file, name):
        self._file = file
        self._name = name
        self._size = file.seek(0, 2)
        if self._size < _FOOTER:
            raise _lost(name, "file is too short to be an sstable")
        file.seek(self._size - _FOOTER)
        footer = file.read(_FOOTER)
        if len(footer) != _FOOTER or struct.unpack("<Q", footer[-8:])[0] != _MAGIC:
            raise _lost(name, "not an sstable (bad magic number)")
        try:
            *meta, end = _place(footer, 0)
            *index, end = _place(footer, end)
        except ValueError:
            raise _lost(name, "bad block handle") from None
        if footer[end:-8].strip(b"\0"):
            raise _lost(name, "bad footer")
        self._block(*meta)
        self._blocks = self._read_index(*index)

    def _read_index(self, offset, size):
        """For each data block a key that none of its keys is above, and its place; together they are no longer than the file."""
        places, used = [], 0
        for last, value in self._entries(self._block(offset, size)):
            try:
                offset, size, _ = _place(value, 0)
            except ValueError:
                raise _lost(self._name, "bad block handle") from None
            used += size + _TRAILER
            if used > self._size:
                raise _lost(self._name, "blocks are longer than the file")
            places.append((last, offset, size))
        return places

    def __iter__(self):
        """All pairs, in the order of their keys.

        Raises:
          DataLossError: the file is damaged.
        """
        last = None
        for _, offset, size in self._blocks:
            for key, value in self._entries(self._block(offset, size)):
                if last is not None and key <= last:
                    raise _lost(self._name, "keys are out of order")
                last = key
                yield key, value

    def get(self, key):
        """The value with a key, or None.

        Raises:
          DataLossError: the file is damaged.
        """
        i = bisect.bisect_left(self._blocks, key, key=lambda block: block[0])
        if i < len(self._blocks):
            for found, value in self._entries(self._block(*self._blocks[i][1:])):
                if found == key:
                    return value
        return None

    def _block(self, offset, size):
        """The content of a block."""
        if offset + size + _TRAILER > self._size:
            raise _lost(self._name, "truncated block read")
        self._file.seek(offset)
        data = self._file.read(size + _TRAILER)
        if len(data) != size + _TRAILER:
            raise _lost(self._name, "truncated block read")
        if crc32c.unmask(struct.unpack("<I", data[-4:])[0]) != crc32c.value(data[:-4]):
            raise _lost(self._name, "block checksum mismatch")
        if data[size] == _PLAIN:
            return data[:size]
        if data[size] == _SNAPPY:
            try:
                return decompress(data[:size])
            except ValueError:
                raise _lost(self._name, "corrupted compressed block contents") from None
        raise _lost(self._name, "bad block type")

    def _entries(self, block):
        """The pairs of a block."""
        if len(block) < 4:
            raise _lost(self._name, "bad block contents")
        restarts = struct.unpack("<I", block[-4:])[0]
        end = len(block) - 4 * (restarts + 1)
        if end < 0:
            raise _lost(self._name, "bad block contents")
        budget = _KEYS_PER_BYTE * len(block)
        position, key = 0, b""
        while position < end:
            try:
                shared, position = get_varint(block, position, 32)
                rest, position = get_varint(block, position, 32)
                size, position = get_varint(block, position, 32)
            except ValueError:
                raise _lost(self._name, "bad entry in block") from None
            middle = position + rest
            budget -= shared + rest
            if shared > len(key) or middle + size > end or budget < 0:
                raise _lost(self._name, "bad entry in block")
            key = key[:shared] + block[position:middle]
            position = middle + size
            yield key, block[middle:position]


def _place(data, position):
    """The offset and size of a block, and the position behind them."""
    offset, position = get_varint(data, position)
    size, position = get_varint(data, position)
    return offset, size, position


def decompress(data):
    """What Snappy compressed.

    Raises:
      ValueError: the data is damaged.
    """
    length, position = get_varint(data, 0, 32)
    if length > 22 * len(data):  # three bytes stand for 64 at most
        raise ValueError("too long")
    out = bytearray()
    while position < len(data):
        tag = data[position]
        position += 1
        if not tag & 3:
            size = tag >> 2
            if size >= 60:
                extra = size - 59
                size = int.from_bytes(data[position : position + extra], "little")
                position += extra
            size += 1
            if position + size > len(data):
                raise ValueError("truncated")
            out += data[position : position + size]
            position += size
        else:
            extra = (1, 2, 4)[(tag & 3) - 1]
            distance = int.from_bytes(data[position : position + extra], "little")
            if tag & 3 == 1:
                size = (tag >> 2 & 7) + 4
                distance |= tag >> 5 << 8
            else:
                size = (tag >> 2) + 1
            position += extra
            if position > len(data) or not 0 < distance <= len(out):
                raise ValueError("bad copy")
            _copy(out, distance, size)
        if len(out) > length:
            raise ValueError("too long")
    if len(out) != length:
        raise ValueError("too short")
    return bytes(out)


def _copy(out, distance, size):
    """Appends `size` bytes that begin `distance` before the end; they may overlap what is appended."""
    start = len(out) - distance
    if distance >= size:
        out += out[start : start + size]
    else:
        pattern = bytes(out[start:])
        out += (pattern * (size // distance + 1))[:size]
