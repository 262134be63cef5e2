"""Lookup tables whose keys lie in buckets, as checkpoints have them: those of `DenseHashTable`."""

import numpy as np

from ..core import shape as shapes
from ..core.errors import invalid
from .lookup_state import Table
from .text_numbers import hash64

_text = shapes.to_brackets
_MASK = 0xFFFFFFFFFFFFFFFF


def _hash(part):
    return hash64(part) if isinstance(part, bytes) else int(part) & _MASK


def _hash_of(key):
    """The hash of a key, a tuple."""
    if len(key) == 1:
        return _hash(key[0])
    result = 0
    for part in key:
        result ^= (_hash(part) + 0x9E3779B97F4A7800 + (result << 10) + (result >> 4)) & _MASK
    return result


class DenseTable(Table):
    """A table with open addressing, in which two keys mean that a bucket is empty or that its key was removed.

    Args:
      name, key_dtype, value_dtype, value_shape: as for `Table`.
      empty_key, deleted_key: arrays, those keys.
      buckets: the number of buckets, a power of 2.
      max_load_factor: how full they may be before there are more of them.
    """

    def __init__(self, name, key_dtype, value_dtype, value_shape, empty_key, deleted_key, buckets, max_load_factor):
        super().__init__(name, key_dtype, value_dtype, value_shape, empty_key.shape)
        if empty_key.shape != deleted_key.shape:
            raise invalid("Empty and deleted keys must have same shape, got shapes: %s and %s", _text(empty_key.shape),
                          _text(deleted_key.shape))  # fmt: skip
        self._empty, self._deleted = (tuple(k.reshape(-1).tolist()) for k in (empty_key, deleted_key))
        if self._empty == self._deleted:
            raise invalid("Empty and deleted keys cannot be equal")
        self._max_load_factor, self._count = max_load_factor, 0
        self._allocate(buckets)

    def _allocate(self, buckets):
        if buckets < 4 or buckets & buckets - 1:
            raise invalid("Number of buckets must be at least 4 and a power of 2, got: %d", buckets)
        self._keys = [self._empty] * buckets
        self._values = np.full((buckets,) + self.value_shape, b"" if self.value_dtype.name == "string" else 0, self.value_dtype.np)

    def _rows(self, keys):
        """The keys as tuples; there is one dimension before that of a key, or none."""
        expected = (keys.shape[0] if keys.ndim else 1,) + self.key_shape
        if keys.shape != expected and (keys.ndim or self.key_shape):
            raise invalid("Expected key shape %s got %s", _text(expected), _text(keys.shape))
        return [tuple(k) for k in keys.reshape(expected[0], -1).tolist()]

    def _check_allowed(self, row):
        for name, key in (("empty_key", self._empty), ("deleted_key", self._deleted)):
            if row == key:
                raise invalid("Using the %s as a table key is not allowed", name)

    def _probe(self, row):
        """The numbers of the buckets in which a key may lie, in order."""
        mask = len(self._keys) - 1
        at = _hash_of(row) & mask
        for step in range(1, len(self._keys) + 1):
            yield at
            at = at + step & mask

    def _place(self, row):
        """The bucket that holds a key, or None."""
        self._check_allowed(row)
        for at in self._probe(row):
            if self._keys[at] == row:
                return at
            if self._keys[at] == self._empty:
                return None
        return None

    def size(self):
        return self._count

    def find(self, keys, default):
        with self.lock:
            rows = self._rows(keys)
            out = np.empty((len(rows),) + self.value_shape, self.value_dtype.np)
            for i, row in enumerate(rows):
                at = self._place(row)
                out[i] = default if at is None else self._values[at]
        return out.reshape(keys.shape[: keys.ndim - len(self.key_shape)] + self.value_shape)

    def _grow_for(self, more):
        buckets = len(self._keys)
        if self._count + more <= buckets * self._max_load_factor:
            return
        while self._count + more > buckets * self._max_load_factor:
            buckets *= 2
        old_keys, old_values = self._keys, self._values
        self._allocate(buckets)
        self._count = 0
        for row, value in zip(old_keys, old_values):
            if row not in (self._empty, self._deleted):
                self._put(row, value)

    def _put(self, row, value):
        self._check_allowed(row)
        for at in self._probe(row):
            if self._keys[at] != row:
                if self._keys[at] not in (self._empty, self._deleted):
                    continue
                self._keys[at] = row
                self._count += 1
            self._values[at] = value
            return

    def insert(self, keys, values):
        with self.lock:
            rows = self._rows(keys)
            self.check_values(keys, values)
            self._grow_for(len(rows))
            for row, value in zip(rows, values.reshape((-1,) + self.value_shape)):
                self._put(row, value)

    def remove(self, keys):
        with self.lock:
            for row in self._rows(keys):
                at = self._place(row)
                if at is not None:
                    self._keys[at] = self._deleted
                    self._count -= 1

    def export(self):
        """The buckets: all keys, with the empty and removed ones, and all values."""
        with self.lock:
            keys = np.empty((len(self._keys), len(self._empty)), self.key_dtype.np)
            keys[:] = self._keys
            return keys, self._values.reshape(len(self._keys), -1).copy()

    def load(self, keys, values):
        """Takes buckets as `export` gives them in the place of its own."""
        with self.lock:
            if keys.ndim != 2 or keys.shape[1] != len(self._empty):
                raise invalid("Expected shape %s for key, got %s", _text((len(keys), len(self._empty))), _text(keys.shape))
            width = int(np.prod(self.value_shape))
            if values.shape != (len(keys), width):
                raise invalid("Expected shape %s for value, got %s", _text((len(keys), width)), _text(values.shape))
            self._keys = [tuple(k) for k in keys.tolist()]
            self._values = values.reshape((len(keys),) + self.value_shape).copy()
            self._count = sum(k not in (self._empty, self._deleted) for k in self._keys)
