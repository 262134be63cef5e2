"""Datasets of files: lines, records, records of fixed length; and names of files."""

import itertools
import os

import numpy as np

from ..core.errors import DataLossError, invalid
from ..core.op import State, op
from ..platform.gfile import Translated, glob, local_path
from ..platform.records import COMPRESSIONS, RecordReader, RecordWriter, open_for_reading
from .dataset_op import dataset_op
from .running import DatasetValue, Run, text

_MOST_BUFFERED = 256 << 20
_BLOCK = 64 << 10


def names_of(filenames):
    if filenames.ndim > 1:
        raise invalid("`filenames` must be a scalar or a vector.")
    return [f.decode() for f in filenames.ravel().tolist()]


def _string(value):
    return (value.item() if isinstance(value, np.ndarray) else value).decode()


def checked_compression(compression_type):
    """The name of a compression, from the value of a scalar tensor."""
    found = _string(compression_type)
    if found not in COMPRESSIONS:
        raise invalid("Unsupported compression_type.")
    return found


class Files(DatasetValue):
    """What files hold, one file after the other.

    Attributes:
      names: the files.
      compression: their compression.
      buffer_size: how many bytes to read at once; 0 leaves it to us.
    """

    __slots__ = ("names", "compression", "buffer_size")

    def __init__(self, filenames, compression_type, buffer_size):
        self.names = names_of(filenames)
        self.compression = checked_compression(compression_type)
        if buffer_size < 0:
            raise invalid("`buffer_size` must be >= 0 (0 == default)")
        self.buffer_size = min(int(buffer_size), _MOST_BUFFERED)

    def iterate(self, run, place):
        return zip(itertools.chain.from_iterable(map(self.open, self.names)))

    def open(self, name):
        """An iterator of the values that a file holds."""
        raise NotImplementedError


class Lines(Files):
    """The lines of text files, without what ends them."""

    __slots__ = ()

    def open(self, name):
        return map(text, itertools.chain.from_iterable(_Blocks(open_for_reading(name, self.compression, self.buffer_size))))


class _Blocks:
    """The lines of a file in lists, without line feeds and carriage returns."""

    def __init__(self, file):
        self._file, self._rest = file, []

    def __iter__(self):
        return self

    def __next__(self):
        while data := self._file.read1(_BLOCK):
            if b"\r" in data:
                data = data.replace(b"\r", b"")
            first, *lines = data.split(b"\n")
            self._rest.append(first)
            if lines:
                lines.insert(0, b"".join(self._rest))
                self._rest = [lines.pop()]
                return lines
        rest, self._rest = b"".join(self._rest), []
        if not rest:
            raise StopIteration
        return [rest]


@dataset_op("TextLineDataset")
def _lines(xp, filenames, compression_type, buffer_size):
    return Lines(filenames, compression_type, buffer_size)


class Records(Files):
    """The records of record files."""

    __slots__ = ()

    def open(self, name):
        return map(text, _all_records(RecordReader(name, self.compression, self.buffer_size)))


def _all_records(reader):
    """The records of a file; after an error there are no more."""
    yield from reader


@dataset_op("TFRecordDataset")
def _records(xp, filenames, compression_type, buffer_size):
    return Records(filenames, compression_type, buffer_size)


class FixedLengthRecords(Files):
    """The parts of equal length of files, between a header and a footer."""

    __slots__ = ("header", "length", "footer")

    def __init__(self, filenames, header, length, footer, buffer_size, compression_type):
        super().__init__(filenames, compression_type, buffer_size)
        if header < 0:
            raise invalid("`header_bytes` must be >= 0")
        if length <= 0:
            raise invalid("`record_bytes` must be > 0")
        if footer < 0:
            raise invalid("`footer_bytes` must be >= 0")
        self.header, self.length, self.footer = int(header), int(length), int(footer)

    def open(self, name):
        if self.compression:
            return map(text, self._inflated(name))
        with Translated(name):
            size = os.path.getsize(local_path(name))
        body = size - self.header - self.footer
        if body % self.length:
            raise invalid(self._message(name, body))
        file = open_for_reading(name, "", self.buffer_size)
        file.seek(self.header)
        return map(text, map(file.read, [self.length] * (body // self.length)))

    def _inflated(self, name):
        """The parts of a compressed file, whose length is known only at its end."""
        with open_for_reading(name, self.compression, self.buffer_size) as file:
            count, ahead = len(file.read(self.header)), file.read(self.footer)
            while len(ahead := ahead + file.read(self.footer + self.length - len(ahead))) == self.footer + self.length:
                yield ahead[: self.length]
                ahead, count = ahead[self.length :], count + self.length
            if len(ahead) != self.footer:
                raise DataLossError(None, None, self._message(name, count + len(ahead) - self.header - self.footer))

    def _message(self, name, body):
        return (
            'Excluding the header (%d bytes) and footer (%d bytes), input file "%s" has body length %d bytes, which is not an '
            "exact multiple of the record length (%d bytes)." % (self.header, self.footer, name, body, self.length)
        )


@dataset_op("FixedLengthRecordDatasetV2")
def _fixed_v2(xp, filenames, header_bytes, record_bytes, footer_bytes, buffer_size, compression_type):
    return FixedLengthRecords(filenames, header_bytes, record_bytes, footer_bytes, buffer_size, compression_type)


@dataset_op("FixedLengthRecordDataset")
def _fixed(xp, filenames, header_bytes, record_bytes, footer_bytes, buffer_size):
    return FixedLengthRecords(filenames, header_bytes, record_bytes, footer_bytes, buffer_size, b"")


class MatchingNames(DatasetValue):
    """The names of files that match patterns."""

    __slots__ = ("patterns",)

    def __init__(self, patterns):
        self.patterns = patterns

    def iterate(self, run, place):
        return zip(map(text, _matching(self.patterns)))


def _matching(patterns):
    return [n.encode() for p in patterns for n in glob(p)]


@dataset_op("MatchingFilesDataset", "ExperimentalMatchingFilesDataset")
def _matching_dataset(xp, patterns):
    return MatchingNames([p.decode() for p in patterns.ravel().tolist()])


@op("DatasetToTFRecord", host=True)
def _write_records(xp, input_dataset, filename, compression_type, *, state: State):
    run = Run(getattr(state, "_state", state))
    writer = RecordWriter(_string(filename), checked_compression(compression_type))
    try:
        for (record,) in input_dataset.iterate(run, ""):
            writer.write(record.item() if isinstance(record, np.ndarray) else record)
    finally:
        writer.close()
        run.close()
    return ()


_write_records.not_differentiable()
