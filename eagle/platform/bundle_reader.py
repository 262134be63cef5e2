"""Reading V2 checkpoints."""

import math
import os
import struct

import numpy as np

from ..core.dtypes import DType, bool_, string
from ..core.errors import DataLossError, InternalError, NotFoundError, invalid
from ..core.shape import to_brackets
from . import bundle_slices as slices, crc32c
from .bundle_index import CHUNK, as_printed, corrupt, data_name, index_name, open_index, shape_of, summed_lengths
from .bundle_table import get_varint
from .gfile import Translated

_OPENED_AT_ONCE = 4  # of so many data files all are opened when a checkpoint is; of more each when it is needed


class BundleReader:
    """Reads a checkpoint.

    Args:
      prefix: the path that the names of its files begin with.

    Raises:
      NotFoundError: there is none.
      DataLossError, InvalidArgumentError: its index is damaged or of an unknown version.
    """

    def __init__(self, prefix):
        self.prefix = prefix
        self._files = {}  # shard -> the open file and its size
        self._index = open_index(prefix)
        # Another process may just be replacing the checkpoint: the data files and the index must belong together.
        while self._index.shard_count <= _OPENED_AT_ONCE:
            for i in range(self._index.shard_count):
                if os.path.exists(data_name(prefix, i, self._index.shard_count)):
                    self._data(i)
            again = open_index(prefix)
            if again is self._index:
                break
            self._index = again
            self.close()

    def close(self):
        """Closes the files."""
        while self._files:
            self._files.popitem()[1][0].close()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    @property
    def entries(self):
        """key -> `BundleEntryProto`."""
        return self._index.entries

    def entry(self, key):
        """The entry of a tensor whose name is given as bytes.

        Raises:
          NotFoundError: there is none.
        """
        found = self._index.entries.get(key) if key else None
        if found is None:
            raise NotFoundError(None, None, "Key %s not found in checkpoint" % as_printed(key))
        return found

    def type_and_shape(self, key):
        """A tensor's `DType` and shape."""
        entry = self.entry(key)
        return self._type(key, entry), shape_of(entry)

    def _type(self, key, entry):
        try:
            return DType(entry.dtype)
        except TypeError:
            raise corrupt(index_name(self.prefix), "Invalid type of tensor %s: %s" % (as_printed(key), entry.dtype)) from None

    def lookup(self, key, verified=False):
        """A tensor as an array of its own.

        Args:
          key: its name, as bytes.
          verified: whether its checksum need not be looked at.

        Raises:
          NotFoundError: there is none, or no data file.
          DataLossError: it is damaged.
        """
        entry = self.entry(key)
        if entry.slices:
            return self.lookup_slice(key, (slices.FULL,) * len(entry.shape.dim), verified)
        return self._value(key, entry, verified)

    def lookup_slice(self, key, extents, verified=False):
        """A part of a tensor as an array of its own; see `lookup`."""
        entry, shape = self.entry(key), shape_of(self.entry(key))
        wanted = slices.shape_of(extents, shape)
        parts = self._parts(key, entry, extents)
        if len(parts) == 1 and (parts[0][0] == extents or wanted == shape == shape_of(parts[0][2])):
            return self._value(*parts[0][1:], verified)
        result = np.empty(wanted, self._storable(key, entry).np)
        for part, name, stored in parts:
            into, out_of = slices.place(extents, part, shape)
            result[into] = self._value(name, stored, verified)[out_of]
        return result

    def verify(self, key, extents=None):
        """Raises DataLossError if a tensor, or a part of one, is damaged; needs little memory."""
        entry = self.entry(key)
        if extents is None:
            extents = (slices.FULL,) * len(entry.shape.dim)
        for _, name, stored in self._parts(key, entry, extents):
            if self._storable(name, stored) is string:
                self._strings(name, stored)
            else:
                self._numbers(name, stored, np.empty(min(CHUNK, stored.size), np.uint8), reuse=True)

    def _parts(self, key, entry, extents):
        """The stored parts that make up a slice of a tensor: a list of (slice, key, entry)."""
        shape = shape_of(entry)
        if not entry.slices:
            return [((slices.FULL,) * len(shape), key, entry)]
        try:
            stored = [slices.from_proto(p) for p in entry.slices]
            shapes = [slices.shape_of(s, shape) for s in stored]
        except InternalError as e:
            raise corrupt(index_name(self.prefix), "%s: %s" % (as_printed(key), e.message)) from None
        chosen = slices.covering(extents, stored, shape)
        if chosen is not None:
            shapes = dict(zip(stored, shapes))
            found = [(s, name, self._index.entries.get(name)) for s in chosen for name in (slices.encode_name(key, s),)]
            for s, name, e in found:
                if e is None or shape_of(e) != shapes[s] or e.dtype != entry.dtype or e.slices:
                    raise corrupt(
                        index_name(self.prefix), "Part of tensor %s is missing or has another shape or type" % as_printed(key)
                    )
                self._check_size(name, e)
            if len(set(chosen)) == len(chosen) and (len(found) == 1 or not slices.overlap(extents, chosen, shape)):
                return found
        raise invalid("Does not have sufficient slices for partitioned tensor %s to restore in slice_spec: %s (in %s)",
                      as_printed(key), slices.spell(extents), index_name(self.prefix))  # fmt: skip

    # ---------------------------------------------------------------------------------------------- the data files

    def _data(self, shard):
        """A data file and its size."""
        found = self._files.get(shard)
        if found is None:
            name = data_name(self.prefix, shard, self._index.shard_count)
            with Translated(name):
                file = open(name, "rb", buffering=0)
                found = self._files[shard] = file, os.fstat(file.fileno()).st_size
        return found

    def _storable(self, key, entry):
        """The type of an entry, if it is one whose values are arrays."""
        dtype = self._type(key, entry)
        if not dtype.is_numpy_compatible or dtype._is_ref_dtype:
            raise invalid("%s: tensor %s has type %s, which Eagle can't read",
                          index_name(self.prefix), as_printed(key), dtype.name)  # fmt: skip
        return dtype

    def _lost(self, entry, key, message):
        name = data_name(self.prefix, entry.shard_id, self._index.shard_count)
        return DataLossError(None, None, "%s: tensor %s: %s" % (name, as_printed(key), message))

    def _check_size(self, key, entry):
        """Raises DataLossError unless the bytes of an entry are there, and as many as its shape needs."""
        dtype, count = self._storable(key, entry), math.prod(shape_of(entry))
        if dtype is string:
            fits, expected = entry.size >= count, "at least %d" % count
        else:
            fits, expected = entry.size == count * dtype.size, count * dtype.size
        if not fits:
            raise self._lost(entry, key, "Invalid size in bundle entry: stored size %d; expected size %s" % (entry.size, expected))
        if entry.size and entry.offset + entry.size > self._data(entry.shard_id)[1]:
            raise self._lost(entry, key, "Read less bytes than requested: the file is truncated")

    def _value(self, key, entry, verified):
        """The array that an entry stands for."""
        self._check_size(key, entry)
        dtype, shape = self._storable(key, entry), shape_of(entry)
        try:
            result = np.empty(shape, dtype.np)
        except (ValueError, MemoryError) as e:
            raise self._lost(entry, key, "Impossible shape %s: %s" % (to_brackets(shape), e)) from None
        if dtype is string:
            result.reshape(-1)[:] = self._strings(key, entry)
            return result
        numbers = result.reshape(-1).view(np.uint8) if result.size else np.empty(0, np.uint8)
        self._numbers(key, entry, numbers, verified=verified)
        if dtype is bool_ and numbers.size and numbers.max() > 1:
            np.not_equal(numbers, 0, out=result.reshape(-1))
        return result

    def _numbers(self, key, entry, target, reuse=False, verified=False):
        """Reads the bytes of an entry into an array of bytes, of which all use the beginning if it is to be reused."""
        crc, done = 0, 0
        file = self._data(entry.shard_id)[0] if entry.size else None
        while done < entry.size:
            start = 0 if reuse else done
            piece = target[start : start + min(CHUNK, entry.size - done)]
            with Translated(file.name):
                count = os.preadv(file.fileno(), [piece], entry.offset + done)
            if not count:
                raise self._lost(entry, key, "Read less bytes than requested: the file is truncated")
            if not verified:
                crc = crc32c.extend(crc, piece[:count])
            done += count
        if not verified:
            self._check_crc(key, entry, crc)

    def _check_crc(self, key, entry, crc):
        stored = crc32c.unmask(entry.crc32c)
        if stored != crc:
            raise self._lost(
                entry, key, "Checksum does not match: stored %08d vs. calculated on the restored bytes %d" % (stored, crc)
            )

    def _strings(self, key, entry):
        """The strings of an entry, in a flat list."""
        self._check_size(key, entry)
        count = math.prod(shape_of(entry))
        if not entry.size:
            return []
        data = np.empty(entry.size, np.uint8)
        self._numbers(key, entry, data, verified=True)
        data = data.tobytes()
        try:
            lengths, position = _read_lengths(data, count)
        except ValueError:
            raise self._lost(entry, key, "String lengths are damaged") from None
        summed = summed_lengths(lengths)
        crc = crc32c.value(summed)
        checksum = data[position : position + 4]
        if len(checksum) < 4 or crc32c.unmask(struct.unpack("<I", checksum)[0]) != crc:
            raise self._lost(entry, key, "The length checksum does not match")
        position += 4
        self._check_crc(key, entry, crc32c.extend(crc, data[position - 4 :]))
        if position + sum(lengths) != len(data):
            raise self._lost(entry, key, "Strings are longer or shorter than their place")
        texts = []
        for n in lengths:
            texts.append(data[position : position + n])
            position += n
        return texts


def _read_lengths(data, count):
    """The first `count` varints, and the position behind them; raises ValueError if there are fewer."""
    head = data[:count]
    if head.isascii() and len(head) == count:
        return list(head), count
    lengths, position = [], 0
    for _ in range(count):
        n, position = get_varint(data, position)
        if n > len(data):
            raise ValueError("too long")
        lengths.append(n)
    return lengths, position
