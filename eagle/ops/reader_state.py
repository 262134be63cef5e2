"""What a reader is at run time: it takes names of files from a queue and gives one record after the other."""

import threading

import numpy as np

from .. import protos
from ..core import dtypes
from ..core.dtypes import NamedResource
from ..core.errors import UnimplementedError, invalid
from ..platform.gfile import GFile
from ..platform.records import RecordReader, open_for_reading
from .printing import c_escape


class Reader(NamedResource):
    """A reader; its kinds differ in what records of a file are.

    Attributes:
      name: as messages show it.
      work: the name of the file that is being read; None between files.
      produced: how many records were read.
    """

    kind = None

    def __init__(self, node_name):
        self.name = "%s '%s'" % (self.kind, node_name)
        self._lock = threading.Lock()
        self._forget()

    def _forget(self):
        self.work = self._records = None
        self.produced = self._started = self._finished = 0

    @property
    def finished(self):
        """How many files were read to the end."""
        return self._finished

    reads_whole_files = False

    def open(self, name):
        """An iterator of the records of a file, pairs of key and value."""
        raise NotImplementedError

    # ------------------------------------------------------------------------------------------------------------ reading

    def read(self, queue):
        """The next record: key and value; waits for the name of a file if need be."""
        with self._lock:
            while True:
                record = self._next(queue)
                if record is not None:
                    return record

    def read_up_to(self, count, queue):
        """Up to so many records, but only from one file: keys and values."""
        found = []
        with self._lock:
            while len(found) < count:
                record = self._next(queue)
                if record is not None:
                    found.append(record)
                if self._records is None and found:
                    break
        return [k for k, _ in found], [v for _, v in found]

    def _next(self, queue):
        """The next record; None at the end of a file."""
        if self._records is None:
            self.work = None
            self.work = _name_from(queue)
            self._records = iter(self.open(self.work))
            self._started += 1
        record = next(self._records, None)
        if record is None or self.reads_whole_files:
            self._records = None
            self._finished = self._started
        if record is not None:
            self.produced += 1
        return record

    # -------------------------------------------------------------------------------------------------------------- state

    def reset(self):
        """Begins anew, with another file."""
        with self._lock:
            self._forget()

    def serialize(self):
        """The state as bytes; only of readers that read files as wholes."""
        if not self.reads_whole_files:
            raise UnimplementedError(None, None, "Reader SerializeState")
        with self._lock:
            state = protos.ReaderBaseState(
                work_started=self._started,
                work_finished=self._finished,
                num_records_produced=self.produced,
                current_work=self.work or b"",
            )
            return state.SerializeToString()

    def restore(self, data):
        """Goes on from a state."""
        if not self.reads_whole_files:
            self.reset()
            raise UnimplementedError(None, None, "Reader RestoreState")
        with self._lock:
            try:
                self._restore(data)
            except Exception:
                self._forget()
                raise

    def _restore(self, data):
        from google.protobuf.message import DecodeError

        try:
            state = protos.ReaderBaseState.FromString(data)
        except DecodeError:
            raise invalid("Could not parse state for %s: %s", self.name, c_escape(data)) from None
        if min(state.work_started, state.work_finished, state.num_records_produced) < 0:
            raise invalid("Unexpected negative value when restoring in %s: %s", self.name, state)
        if state.work_started > state.work_finished:
            raise invalid("Inconsistent work started vs. finished when restoring in %s: %s", self.name, state)
        self._started, self._finished, self.produced = state.work_started, state.work_finished, state.num_records_produced
        self.work, self._records = state.current_work, None


def _name_from(queue):
    """The name of the next file in a queue."""
    found = queue.dequeue()
    if len(found) != 1:
        raise invalid("Expected single component queue")
    if queue.types[0] is not dtypes.string:
        raise invalid("Expected queue with single string component")
    if np.size(found[0]) != 1:
        raise invalid("Expected to dequeue a one-element string tensor")
    return np.ravel(found[0])[0]


def _key(name, number):
    return name + b":%d" % number


class WholeFileReader(Reader):
    """Each file is a record, its name the key."""

    kind = "WholeFileReader"
    reads_whole_files = True

    def open(self, name):
        with GFile(name.decode(), "rb") as f:
            yield name, f.read()


class IdentityReader(Reader):
    """Each name is a record."""

    kind = "IdentityReader"
    reads_whole_files = True

    def open(self, name):
        yield name, name


class TextLineReader(Reader):
    """Each line is a record, without what ends it; the keys have the numbers of the lines."""

    kind = "TextLineReader"

    def __init__(self, node_name, skip_header_lines):
        if skip_header_lines < 0:
            raise invalid("skip_header_lines must be >= 0 not %d", skip_header_lines)
        super().__init__(node_name)
        self._skipped = skip_header_lines

    def open(self, name):
        file = open_for_reading(name.decode())
        return self._lines(name, file)

    def _lines(self, name, file):
        with file:
            for number, line in enumerate(file, 1):
                if number > self._skipped:
                    yield _key(name, number), line.removesuffix(b"\n").replace(b"\r", b"")


class TFRecordReader(Reader):
    """The records of record files; the keys have the places where they begin."""

    kind = "TFRecordReader"

    def __init__(self, node_name, compression_type):
        super().__init__(node_name)
        self._compression = compression_type

    def open(self, name):
        return self._records_of(name, RecordReader(name.decode(), self._compression))

    def _records_of(self, name, reader):
        offset = reader.offset
        for record in reader:
            yield _key(name, offset), record
            offset = reader.offset
        reader.close()


class FixedLengthRecordReader(Reader):
    """Parts of one length of files, between a header and a footer; the keys have their numbers."""

    kind = "FixedLengthRecordReader"

    def __init__(self, node_name, header_bytes, record_bytes, footer_bytes, hop_bytes, encoding):
        for what, count in (("header", header_bytes), ("record", record_bytes), ("footer", footer_bytes), ("hop", hop_bytes)):
            if count < 0:
                raise invalid("%s_bytes must be >= 0 not %d", what, count)
        super().__init__(node_name)
        self._header, self._record, self._footer, self._hop = header_bytes, record_bytes, footer_bytes, hop_bytes or record_bytes
        self._encoding = encoding if encoding in ("ZLIB", "GZIP") else ""

    def open(self, name):
        return self._parts(name, open_for_reading(name.decode(), self._encoding))

    def _parts(self, name, file):
        with file:
            file.read(self._header)
            ahead, number, length = b"", 0, self._record + self._footer
            while True:
                if number:
                    missing = self._hop - len(ahead)
                    ahead = ahead[self._hop :]
                    if missing > 0 and len(file.read(missing)) < missing:
                        return
                ahead += file.read(length - len(ahead))
                if len(ahead) < length:
                    return
                yield _key(name, number), ahead[: self._record]
                number += 1
