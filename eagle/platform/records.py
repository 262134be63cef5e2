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
_AT_ONCE = 1 << 24  # bytes
_LARGEST = (1 << 64) - 5
_LENGTH, _CHECKSUM = struct.Struct("<Q"), struct.Struct("<I")
_HEAD = struct.Struct("<QI")


def lost(what, name):
    """The error of a damaged file: what is wrong, where, and the file's name."""
    return DataLossError(None, None, "%s in %s" % (what, name))


class _Inflated(io.RawIOBase):
    """A compressed file as what it holds; gzip files may have several members, and zeros at the end."""

    def __init__(self, file, compression):
        self._file = file
        self._bits = 31 if compression == "GZIP" else 15
        self._inflater = zlib.decompressobj(self._bits)
        self._begun = False  # whether it has got anything
        self._rest = b""

    def readable(self):
        return True

    def readinto(self, buffer):
        while True:
            if self._inflater.eof:
                self._rest = (self._inflater.unused_data or self._file.read(_BUFFER)).lstrip(b"\0")
                self._inflater, self._begun = zlib.decompressobj(self._bits), False
            data = self._rest or self._file.read(_BUFFER)
            if not data:
                if self._begun:
                    raise self._lost("compressed data ends too early")
                return 0
            self._begun = True
            try:
                out = self._inflater.decompress(data, len(buffer))
            except zlib.error as e:
                code, _, reason = str(e).removeprefix("Error ").partition(" while decompressing data: ")
                raise self._lost("inflate() failed with error %s: %s" % (code, reason)) from e
            self._rest = self._inflater.unconsumed_tail
            if out:
                buffer[: len(out)] = out
                return len(out)

    def _lost(self, what):
        return lost("%s before byte %d" % (what, self._file.tell()), self._file.name)

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
        self._name = name
        self.offset = 0

    def __iter__(self):
        return self

    def __next__(self):
        """The next record.

        Raises:
          DataLossError: it is cut off, or its checksums don't fit.
        """
        read = self._file.read
        head = read(_HEAD.size)
        if len(head) < _HEAD.size:  # also if only a part is there: somebody may be writing it
            raise StopIteration
        length, checksum = _HEAD.unpack(head)
        if mask(value(head[:8])) != checksum:
            raise lost("corrupted record at %d" % self.offset, self._name)
        if length > _LARGEST:
            raise lost("record size too large at %d" % self.offset, self._name)
        data, tail = self._read(length), read(_CHECKSUM.size)
        if len(tail) < _CHECKSUM.size:
            raise lost("truncated record at %d" % self.offset, self._name)
        if mask(value(data)) != _CHECKSUM.unpack(tail)[0]:
            raise lost("corrupted record at %d" % (self.offset + _HEAD.size), self._name)
        self.offset += length + 16
        return data

    def _read(self, length):
        """So many bytes if there are as many; no memory is taken for those that a damaged file only promises."""
        if length <= _AT_ONCE:
            return self._file.read(length)
        parts = []
        while length and (part := self._file.read(min(length, _AT_ONCE))):
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def close(self):
        self._file.close()


def framed(data):
    """A record as it stands in a file."""
    head = _LENGTH.pack(len(data))
    return b"".join([head, _CHECKSUM.pack(mask(value(head))), data, _CHECKSUM.pack(mask(value(data)))])


def compressor(compression, level=-1, method=zlib.DEFLATED, bits=zlib.MAX_WBITS, memory=8, strategy=zlib.Z_DEFAULT_STRATEGY):
    """A new compressor of zlib's, or None for no compression.

    Args:
      compression: one of `COMPRESSIONS`.
      level, method, bits, memory, strategy: as of `zlib.compressobj`; for gzip `bits` is the logarithm of the window's size alone.

    Raises:
      InvalidArgumentError: the compression is unknown, or zlib can't do it like this.
    """
    if compression not in COMPRESSIONS:
        raise InvalidArgumentError(None, None, "Unsupported compression_type:%s." % compression)
    if not compression:
        return None
    if compression == "GZIP" and bits <= zlib.MAX_WBITS:
        bits = abs(bits) + 16
    try:
        return zlib.compressobj(level, method, bits, memory, strategy)
    except (ValueError, zlib.error, OverflowError) as e:
        raise InvalidArgumentError(None, None, "zlib can't compress like this: %s" % e) from None


class RecordWriter:
    """Writes records to a file.

    Args:
      name: its path.
      compression: one of `COMPRESSIONS`.
      flush_mode: how zlib flushes whenever it got `input_size` bytes.
      **options: as of `compressor`.

    Raises:
      InvalidArgumentError: the compression is unknown.
      NotFoundError, ...: the file can't be opened.
    """

    def __init__(self, name, compression="", flush_mode=zlib.Z_NO_FLUSH, input_size=_BUFFER, **options):
        self._deflater = compressor(compression, **options)
        self._flush_mode, self._limit, self._count = flush_mode, input_size, 0
        self._translated = Translated(name)
        with self._translated:
            self._file = open(local_path(name), "wb")

    def write(self, data):
        """Adds a record, a bytes-like object."""
        record = framed(data)
        if self._deflater is not None:
            self._count += len(record)
            record = self._deflater.compress(record)
            if self._flush_mode and self._count >= self._limit:
                self._count = 0
                record += self._deflater.flush(self._flush_mode)
        with self._translated:
            self._file.write(record)

    def flush(self):
        """Lets everything written so far be in the file."""
        with self._translated:
            if self._deflater is not None:
                self._file.write(self._deflater.flush(zlib.Z_PARTIAL_FLUSH))
            self._file.flush()

    def close(self):
        """Ends the file."""
        if self._file.closed:
            return
        with self._translated, self._file:
            if self._deflater is not None:
                self._file.write(self._deflater.flush())
