"""TensorFlow's V2 checkpoints, "tensor bundles": `<prefix>.index` and `<prefix>.data-00000-of-00001`: their index.

The index is a table (bundle_table.py) of a header and, by the tensors' names, of where each tensor's bytes are in which data file,
with their checksum.  A tensor in parts has an entry that lists the parts, and one for each part.
"""

import os
import struct
import threading
import uuid

import numpy as np

from .. import protos
from ..core.errors import DataLossError, invalid
from .bundle_table import Table
from .gfile import Translated

CHUNK = 1 << 22  # bytes that are read or written, and checked, at a time: they stay in the processor's cache meanwhile
VERSION = 1


def index_name(prefix):
    """The file name of the index."""
    return prefix + ".index"


def data_name(prefix, shard, count):
    """The file name of one of the data files."""
    return "%s.data-%05d-of-%05d" % (prefix, shard, count)


def temporary_name(name):
    """Where a file is written before it gets its name."""
    return "%s.tempstate%d" % (name, uuid.uuid4().int & (1 << 64) - 1)


def shape_of(entry):
    return tuple(d.size for d in entry.shape.dim)


def summed_lengths(lengths):
    """Lengths as checksums see them: as four bytes each, as eight where four are too few."""
    if max(lengths, default=0) < 1 << 32:
        return np.array(lengths, "<u4").tobytes()
    return b"".join(struct.pack("<I" if n < 1 << 32 else "<Q", n) for n in lengths)


def has_bundle(prefix):
    """Whether there is a V2 checkpoint with this prefix."""
    return os.path.exists(index_name(prefix))


class Index:
    """What the index of a checkpoint says.

    Attributes:
      shard_count: the number of data files.
      version: the `VersionDef`.
      entries: key -> `BundleEntryProto`, in the order of the keys.
    """

    def __init__(self, file, name):
        self.entries = {}
        self.shard_count = None
        for key, value in Table(file, name):
            message = protos.BundleEntryProto if key else protos.BundleHeaderProto
            try:
                parsed = message.FromString(value)
            except Exception as e:  # protobuf's own exceptions have no common base
                what = "Entry for key %s not parseable." % as_printed(key) if key else "unable to parse header"
                raise DataLossError(None, None, "%s: %s" % (name, what)) from e
            if key:
                self.entries[key] = parsed
            else:
                self._read_header(parsed, name)
        if self.shard_count is None:
            raise corrupt(name, "failed to seek to header entry")
        self._check(name)

    def _read_header(self, header, name):
        self.shard_count = header.num_shards
        self.version = header.version
        if header.endianness != 0:
            raise invalid("%s was written by a machine with big-endian numbers", name)
        if header.version.min_consumer > VERSION or VERSION in header.version.bad_consumers:
            raise invalid("Checkpoint min consumer version %d above current version %d for %s.  Please upgrade TensorFlow.",
                          header.version.min_consumer, VERSION, name)  # fmt: skip

    def _check(self, name):
        """Raises DataLossError for entries with impossible shapes or that share bytes.

        So all tensors together are no longer than the data files.
        """
        ranges = {}
        for key, entry in self.entries.items():
            shape = shape_of(entry)
            if entry.shape.unknown_rank or any(d < 0 for d in shape):
                raise corrupt(name, "Invalid tensor shape: %s %s" % (as_printed(key), list(shape)))
            if entry.size < 0 or entry.offset < 0 or not 0 <= entry.shard_id < max(self.shard_count, 1):
                raise corrupt(name, "Invalid place of tensor %s" % as_printed(key))
            if entry.size:
                ranges.setdefault(entry.shard_id, []).append((entry.offset, entry.offset + entry.size))
        for found in ranges.values():
            found.sort()
            if any(a[1] > b[0] for a, b in zip(found, found[1:])):
                raise corrupt(name, "Tensors overlap")


def corrupt(name, detail):
    return DataLossError(None, None, "Unable to read file (%s). Perhaps the file is corrupt or was produced by a newer version of "
                         "TensorFlow with format changes (%s)" % (name, detail))  # fmt: skip


def as_printed(key):
    """A key as messages show it."""
    return key.decode("utf-8", "backslashreplace")


_indices = {}  # (path, inode, time, size) -> `Index`, of the last files read
_indices_lock = threading.Lock()


def open_index(prefix):
    """The `Index` of a checkpoint, from memory if the file is the same as last time."""
    name = index_name(prefix)
    with Translated(name), open(name, "rb") as file:
        found = os.fstat(file.fileno())
        key = name, found.st_ino, found.st_mtime_ns, found.st_size
        with _indices_lock:
            index = _indices.pop(key, None)
        if index is None:
            index = Index(file, name)
    with _indices_lock:
        _indices[key] = index
        while len(_indices) > 4:
            del _indices[next(iter(_indices))]
    return index
