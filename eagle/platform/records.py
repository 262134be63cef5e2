"""Record files (TFRecord): each record with its length and checksums, the whole possibly compressed.

A record is its length (8 bytes), the masked checksum of these, the data, and the masked checksum of the data.
"""

import io
import struct
import zlib

from ..core.errors import DataLossError, InvalidArgumentError
from .crc32c import mask, value
from .gfile import Translated, local_path

COMPRESSIONS = ("", "GZIP", "ZLIB")
_BUFFER = 256 * 1024
_LENGTH, _CHECKSUM = struct.Struct("<Q"), struct.Struct("<I")
_HEAD = struct.Struct("<QI")


class _Inflated(io.RawIOBase):
    """A compressed file as what it holds; gzip files may have several members."""

    def __init__(self, file, compression):
        self._file = file
        self._bits = 31 if compression == "GZIP" else 15
        self._inflater = zlib.decompressobj(self._bits)
        self._rest = b""

    def readable(self):
        return True

    def readinto(self, buffer):
        while True:
            if self._inflater.eof:
                self._rest = self._inflater.unused_data or self._file.read(_BUFFER)
                if not self._rest:
                    return 0
                self._inflater = zlib.decompressobj(self._bits)
            data = self._rest or self._file.read(_BUFFER)
            if not data:
                return 0
            try:
                out = self._inflater.decompress(data, len(buffer))
            except zlib.error as e:
                raise DataLossError(None, None, "inflate() failed with error %s" % e) from e
            self._rest = self._inflater.unconsumed_tail
            if out:
                buffer[: len(out)] = out
                return len(out)

    def close(self):
        if not self.closed:
            self._file.close()
        super().close()


def open_for_reading(name, compression="", buffer_size=0):
    """A file, inflated if need be, as a buffered binary stream.

    Args:
      name: its path.
      compression: one of `COMPRESSIONS`.
      buffer_size: how many bytes to read at once; 0 leaves it to us.

    Raises:
      InvalidArgumentError: the compression is unknown.
      NotFoundError, ...: the file can't be opened.
    """
    if compression not in COMPRESSIONS:
        raise InvalidArgumentError(None, None, "Unsupported compression_type:%s." % compression)
    size = max(int(buffer_size) or _BUFFER, 1024)
    with Translated(name):
        if not compression:
            return open(local_path(name), "rb", buffering=size)
        return io.BufferedReader(_Inflated(open(local_path(name), "rb", buffering=0), compression), size)


class RecordReader:
    """An iterator of the records of a file, as bytes.

    Args:
      name, compression, buffer_size: as of `open_for_reading`.
    """

    def __init__(self, name, compression="", buffer_size=0):
        self._file = open_for_reading(name, compression, buffer_size)
        self.offset = 0

    def __iter__(self):
        return self

    def __next__(self):
        """The next record.

        Raises:
          DataLossError: it is cut off, or its checksums don't fit.
        """
        read = self._file.read
        head = read(12)
        if len(head) < 12:
            if head:
                raise DataLossError(None, None, "truncated record at %d" % self.offset)
            raise StopIteration
        length, checksum = _HEAD.unpack(head)
        if mask(value(head[:8])) != checksum:
            raise DataLossError(None, None, "corrupted record at %d" % self.offset)
        data = read(length)
        tail = read(4)
        if len(tail) < 4:
            raise DataLossError(None, None, "truncated record at %d" % self.offset)
        if mask(value(data)) != _CHECKSUM.unpack(tail)[0]:
            raise DataLossError(None, None, "corrupted record at %d" % self.offset)
        self.offset += length + 16
        return data

    def close(self):
        self._file.close()


def framed(data):
    """A record as it stands in a file."""
    head = _LENGTH.pack(len(data))
    return b"".join([head, _CHECKSUM.pack(mask(value(head))), data, _CHECKSUM.pack(mask(value(data)))])


class RecordWriter:
    """Writes records to a file.

    Args:
      name: its path.
      compression: one of `COMPRESSIONS`.
      level, bits, memory, strategy: what zlib is told: how hard to try, the logarithm of the size of its window, how much memory
        to use, and its strategy.

    Raises:
      InvalidArgumentError: the compression is unknown.
      NotFoundError, ...: the file can't be opened.
    """

    def __init__(self, name, compression="", level=-1, bits=15, memory=8, strategy=0):
        if compression not in COMPRESSIONS:
            raise InvalidArgumentError(None, None, "Unsupported compression_type:%s." % compression)
        with Translated(name):
            self._file = open(local_path(name), "wb")
        self._deflater = None
        if compression:
            bits = abs(bits) + (16 if compression == "GZIP" else 0)
            self._deflater = zlib.compressobj(level, zlib.DEFLATED, bits, memory, strategy)

    def write(self, data):
        """Adds a record, a bytes-like object."""
        record = framed(data)
        self._file.write(record if self._deflater is None else self._deflater.compress(record))

    def flush(self):
        """Lets everything written so far be in the file."""
        if self._deflater is not None:
            self._file.write(self._deflater.flush(zlib.Z_SYNC_FLUSH))
        self._file.flush()

    def close(self):
        """Ends the file."""
        if self._file.closed:
            return
        if self._deflater is not None:
            self._file.write(self._deflater.flush())
        self._file.close()
