"""Writing V2 checkpoints, and merging several into one."""

import os
import struct

import numpy as np

from .. import protos
from ..core.compat import as_bytes
from ..core.dtypes import FROM_NUMPY, Handle, string
from ..core.errors import InternalError, OpError, UnimplementedError, invalid
from ..core.shape import to_brackets
from . import bundle_slices as slices, crc32c
from .bundle_index import CHUNK, VERSION, as_printed, data_name, index_name, open_index, shape_of, summed_lengths, temporary_name
from .bundle_table import TableWriter, put_varint
from .gfile import Translated

_RESERVED = 1 << 20  # data files of this size get their space on the disk in advance


class BundleWriter:
    """Writes a checkpoint; what has the prefix's name before stays as it is until `finish`.

    Args:
      prefix: the path that the names of the files begin with.
      expected_size: about how many bytes will be written.

    Raises:
      NotFoundError, PermissionDeniedError, ...: the files can't be written.
    """

    def __init__(self, prefix, expected_size=0):
        self._prefix = prefix
        self._entries = {}  # key -> `BundleEntryProto`
        self._offset = 0
        make_parent(prefix)
        self._path = temporary_name(data_name(prefix, 0, 1))
        with Translated(self._path):
            self._file = open(self._path, "wb", buffering=0)
            if expected_size >= _RESERVED:
                _reserve(self._file, expected_size)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.discard()
        return False

    def discard(self):
        """Gives the writing up, unless it is at its end."""
        self._file.close()
        if os.path.exists(self._path):
            os.remove(self._path)

    def add(self, key, value):
        """Adds a tensor.

        Args:
          key: its name, as bytes.
          value: an array.

        Raises:
          InvalidArgumentError: there is one of this name.
        """
        if key in self._entries:
            raise invalid("Adding duplicate key: %s", as_printed(key))
        value, dtype = _storable(key, value)
        parts = _string_parts(value) if dtype is string else _plain_parts(value)
        size, crc = 0, 0
        with Translated(self._path):
            for stored, summed in parts:
                self._write(stored)
                size += len(stored)
                crc = crc32c.extend(crc, summed)
        entry = protos.BundleEntryProto(dtype=dtype.as_datatype_enum, offset=self._offset, size=size, crc32c=crc32c.mask(crc))
        _fill_shape(entry, value.shape)
        self._entries[key] = entry
        self._offset += size

    def _write(self, data):
        data = memoryview(data)
        while data:
            data = data[self._file.write(data) :]

    def add_slice(self, key, shape, extents, value):
        """Adds a part of a tensor.

        Args:
          key: the name of the whole, as bytes.
          shape: the shape of the whole.
          extents: which part it is.
          value: an array.

        Raises:
          InvalidArgumentError: what was added before does not go with it.
        """
        if slices.is_whole(extents, shape):
            self.add(key, value)
            return
        value, dtype = _storable(key, value)
        dtype = dtype.as_datatype_enum
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = protos.BundleEntryProto(dtype=dtype)
            _fill_shape(entry, shape)
        elif not entry.slices:
            raise invalid("Adding duplicate key: %s", as_printed(key))
        elif entry.dtype != dtype or shape_of(entry) != tuple(shape):
            raise invalid("Parts of tensor %s have different types or are of different shapes: %s and %s",
                          as_printed(key), to_brackets(shape_of(entry)), to_brackets(shape))  # fmt: skip
        slices.fill_proto(entry.slices.add(), extents)
        self.add(slices.encode_name(key, extents), value)

    def finish(self):
        """Ends the writing: from now on the prefix's name stands for what was added."""
        with Translated(self._path):
            self._file.truncate(self._offset)
            self._file.close()
        _publish(self._prefix, [self._path], self._entries, protos.VersionDef(producer=VERSION))


def _storable(key, value):
    """A value as an array, and its type."""
    if isinstance(value, Handle):
        raise UnimplementedError(None, None, "Tensor %s has type %s, which can't be saved" % (as_printed(key), value.dtype.name))
    value = np.asarray(value)
    return value, FROM_NUMPY[value.dtype]


def make_parent(prefix):
    """Makes the folder that a file is to be in, if there is one to make it in."""
    folder = os.path.dirname(prefix)
    if folder and not os.path.isdir(folder):
        try:
            os.mkdir(folder)
        except FileExistsError:
            pass
        except OSError:
            with Translated(folder):
                raise


def _reserve(file, size):
    """Lets the file system provide the space, so that writing and renaming need not wait for it."""
    try:
        os.posix_fallocate(file.fileno(), 0, size)
    except (AttributeError, OSError):
        return  # then writing finds out whether there is enough


def _fill_shape(entry, shape):
    entry.shape.SetInParent()
    for size in shape:
        entry.shape.dim.add(size=size)


def _plain_parts(value):
    """The bytes of numbers, piece by piece: pairs of what is stored and what counts for the checksum."""
    flat = np.ascontiguousarray(value).reshape(-1).view(np.uint8) if value.size else np.empty(0, np.uint8)
    for i in range(0, len(flat), CHUNK):
        piece = flat[i : i + CHUNK]
        yield piece, piece


def _string_parts(value):
    """The bytes of strings: their lengths, the checksum of the lengths, the strings themselves."""
    texts = [as_bytes(t) for t in value.ravel().tolist()]
    lengths = [len(t) for t in texts]
    if max(lengths, default=0) < 0x80:
        varints = bytes(lengths)
    else:
        varints = b"".join(map(put_varint, lengths))
    summed = summed_lengths(lengths)
    yield varints, summed
    checksum = struct.pack("<I", crc32c.mask(crc32c.value(summed)))
    yield checksum, checksum
    data = b"".join(texts)
    yield data, data


def _publish(prefix, paths, entries, version):
    """Gives data files their names and writes the index, so that at any moment the prefix stands for one whole checkpoint.

    Where the index that is there refers to a data file with one of the new names, that file can't be replaced before the index is.
    Then the data files get names of their own first and the right ones later, the index following each time.

    Args:
      prefix: the checkpoint's name.
      paths: the data files, in the order of the entries' `shard_id`.
      entries: key -> `BundleEntryProto`.
      version: the `VersionDef` of the index.
    """
    count, old = len(paths), _shard_count(prefix)
    first = count + 1 if old == count else count
    for i, path in enumerate(paths):
        with Translated(path):
            os.replace(path, data_name(prefix, i, first))
    _write_index(prefix, first, entries, version)
    if first != count:
        try:
            for i in range(count):
                _link(data_name(prefix, i, first), data_name(prefix, i, count))
        except OSError:  # a file system without links: the checkpoint is whole under the names that it has
            _remove_all(data_name(prefix, i, count) for i in range(count))
            return
        _write_index(prefix, count, entries, version)
        old = first
    if old is not None and old != count:
        _remove_all(data_name(prefix, i, old) for i in range(old))


def _link(source, target):
    """Lets a second name stand for a file, in the place of whatever it stands for."""
    temporary = temporary_name(target)
    os.link(source, temporary)
    os.replace(temporary, target)


def _remove_all(paths):
    for path in paths:
        if os.path.exists(path):
            os.remove(path)


def _shard_count(prefix):
    """The number of data files of the checkpoint that is there; None if there is none that can be read."""
    try:
        return open_index(prefix).shard_count
    except OpError:
        return None


def _write_index(prefix, count, entries, version):
    """Writes the index and gives it its name."""
    header = protos.BundleHeaderProto(num_shards=count)
    header.version.CopyFrom(version)
    temporary = temporary_name(index_name(prefix))
    try:
        with Translated(temporary), open(temporary, "wb") as file:
            table = TableWriter(file)
            table.add(b"", header.SerializeToString())
            for key in sorted(entries):
                table.add(key, entries[key].SerializeToString())
            table.finish()
        with Translated(temporary):
            os.replace(temporary, index_name(prefix))
    except BaseException:
        _remove_all([temporary])
        raise


def merge_bundles(prefixes, merged_prefix):
    """Makes one checkpoint of several, whose files are renamed.

    Args:
      prefixes: the names of the checkpoints.
      merged_prefix: the name of the new one.

    Raises:
      InvalidArgumentError: a tensor is in two of them.
      NotFoundError, DataLossError: one can't be read.
    """
    make_parent(merged_prefix)
    merged, places, version = {}, {}, None
    for prefix in prefixes:
        index = open_index(prefix)
        if version is not None and index.version != version:
            raise invalid("Merging bundles with different format versions: merged %s vs. curr %s", version, index.version)
        version = index.version
        for key, entry in index.entries.items():
            _merge_entry(merged, places, key, entry, prefix, index.shard_count)
    _publish(merged_prefix, list(places), merged, version)
    _remove_all(index_name(p) for p in prefixes if p != merged_prefix)


def _merge_entry(merged, places, key, entry, prefix, shard_count):
    """Adds an entry of one checkpoint to the merged ones; `places` numbers the data files."""
    before = merged.get(key)
    if before is None:
        merged[key] = copied = protos.BundleEntryProto()
        copied.CopyFrom(entry)
        copied.shard_id = 0 if entry.slices else places.setdefault(data_name(prefix, entry.shard_id, shard_count), len(places))
        return
    if not before.slices:
        raise invalid("Duplicate tensor keyed by %s encountered, when merging prefix: %s", as_printed(key), prefix)
    if not entry.slices:
        raise InternalError(None, None, "Duplicate tensor keyed by %s; attempting to merge in a non-slice bundle entry"
                            % as_printed(key))  # fmt: skip
    if before.dtype != entry.dtype or shape_of(before) != shape_of(entry):
        raise invalid("Parts of tensor %s in %s differ from others in type or shape", as_printed(key), prefix)
    before.slices.extend(entry.slices)
