"""What lookup tables hold, and how they are read from text files."""

import threading

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.dtypes import RESOURCE, Handle
from ..core.errors import AbortedError, FailedPreconditionError, NotFoundError, invalid

_text = shapes.to_brackets


class Table(Handle):
    """A lookup table from keys to values.

    Attributes:
      name: as messages show it.
      key_dtype, value_dtype: the types.
      key_shape, value_shape: the shapes of one key and one value.
      entries: key (a scalar or a tuple) -> value (a scalar, or an array of `value_shape`).
    """

    dtype = RESOURCE

    def __init__(self, name, key_dtype, value_dtype, value_shape=(), key_shape=()):
        self.name, self.key_dtype, self.value_dtype = name, key_dtype, value_dtype
        self.key_shape, self.value_shape = tuple(key_shape), tuple(value_shape)
        self.entries = {}
        self.lock = threading.RLock()

    # ---------------------------------------------------------------------------------------------------------- arguments

    def check_types(self, key_dtype, value_dtype):
        if key_dtype != self.key_dtype or value_dtype not in (None, self.value_dtype):
            raise invalid("Conflicting key/value dtypes %s->%s with %s-%s for table %s", key_dtype.name,
                          getattr(value_dtype, "name", ""), self.key_dtype.name, self.value_dtype.name, self.name)  # fmt: skip

    def _outer(self, keys):
        """The shape of the keys without that of one key."""
        count = len(self.key_shape)
        if keys.shape[keys.ndim - count :] != self.key_shape:
            raise invalid("Input key shape %s must end with the table's key shape %s", _text(keys.shape), _text(self.key_shape))
        return keys.shape[: keys.ndim - count]

    def _listed(self, keys):
        """The keys as a list of scalars or tuples."""
        if not self.key_shape:
            return keys.reshape(-1).tolist()
        return [tuple(k) for k in keys.reshape(-1, int(np.prod(self.key_shape))).tolist()]

    def check_values(self, keys, values):
        expected = self._outer(keys) + self.value_shape
        if values.shape != expected:
            raise invalid("Expected shape %s for value, got %s", _text(expected), _text(values.shape))

    # ------------------------------------------------------------------------------------------------------ what it does

    def size(self):
        return len(self.entries)

    def find(self, keys, default):
        outer = self._outer(keys)
        if default.shape != self.value_shape:
            raise invalid("Expected shape %s for default value, got %s", _text(self.value_shape), _text(default.shape))
        with self.lock:
            listed, entries = self._listed(keys), self.entries
            absent = default if self.value_shape else default[()]
            found = [entries.get(k, absent) for k in listed]
        return self._array(found).reshape(outer + self.value_shape)

    def _array(self, values):
        out = np.empty((len(values),) + self.value_shape, self.value_dtype.np)
        if values:
            out[:] = values
        return out

    def insert(self, keys, values):
        self.check_values(keys, values)
        rows = values.reshape((-1,) + self.value_shape)
        with self.lock:
            self.entries.update(zip(self._listed(keys), rows.copy() if self.value_shape else rows.tolist()))

    def remove(self, keys):
        self._outer(keys)
        with self.lock:
            for key in self._listed(keys):
                self.entries.pop(key, None)

    def load(self, keys, values):
        """Takes these entries in the place of all others."""
        self.check_values(keys, values)
        with self.lock:
            self.entries = {}
            self.insert(keys, values)

    def export(self):
        with self.lock:
            keys = np.empty((len(self.entries),) + self.key_shape, self.key_dtype.np)
            if self.entries:
                keys[:] = [np.reshape(k, self.key_shape) for k in self.entries] if self.key_shape else list(self.entries)
            return keys, self._array(list(self.entries.values()))


class StaticTable(Table):
    """A table that is filled once.

    Attributes:
      is_initialized: whether it has been.
    """

    is_initialized = False

    def size(self):
        return len(self.entries) if self.is_initialized else 0

    def find(self, keys, default):
        if not self.is_initialized:
            raise FailedPreconditionError(None, None, "Table not initialized.")
        return super().find(keys, default)

    def export(self):
        if not self.is_initialized:
            raise AbortedError(None, None, "HashTable is not initialized.")
        return super().export()

    def insert(self, keys, values):
        raise invalid("Insert is not supported on a table that is initialized once: %s", self.name)

    remove = insert

    def fill(self, entries):
        """Fills the table with pairs of keys and values; once filled it must be with the same ones."""
        found = {}
        for key, value in entries:
            if found.setdefault(key, value) != value:
                shown = [v.decode(errors="replace") if isinstance(v, bytes) else v for v in (key, found[key], value)]
                message = "HashTable has different value for same key. Key %s has %s and trying to add value %s" % tuple(shown)
                raise FailedPreconditionError(None, None, message)
        with self.lock:
            if not self.is_initialized:
                self.entries, self.is_initialized = found, True
            elif found != self.entries:
                raise FailedPreconditionError(None, None, "Table was already initialized with different data.")

    def load(self, keys, values):
        if keys.shape != values.shape:
            raise invalid("keys and values should have the same dimension.%s vs %s", _text(keys.shape), _text(values.shape))
        if not keys.size:
            raise invalid("keys and values cannot be empty tensors.")
        self.fill(zip(keys.reshape(-1).tolist(), values.reshape(-1).tolist()))


# ------------------------------------------------------------------------------------------------------------- text files

WHOLE_LINE, LINE_NUMBER = -2, -1


def _check_columns(table, key_index, value_index):
    key, value = table.key_dtype, table.value_dtype
    if key_index == LINE_NUMBER and key != dtypes.int64:
        raise invalid("Key index for line number requires table key dtype of int64, got %s", key.name)
    if key_index == WHOLE_LINE and not key.is_integer and key != dtypes.string:
        raise invalid("Key index for whole line requires string or integer table key, got %s", key.name)
    if value_index == LINE_NUMBER and value != dtypes.int64:
        raise invalid("Value index for line number requires table value dtype of int64, got %s", value.name)
    if value_index == WHOLE_LINE and value != dtypes.string:
        raise invalid("Value index for whole line requires table value dtype of string, got %s", value.name)


def _field(text, dtype, line):
    """A value of a type from its text."""
    if dtype == dtypes.string:
        return text
    try:
        return int(text) if dtype.is_integer else dtype.np.type(float(text)).item()
    except ValueError:
        raise invalid("Field %s in line %d is not a valid %s.", text.decode(errors="replace"), line, dtype.name) from None


def _lines(filename, vocab_size):
    """The lines of a file, at most `vocab_size` of them if that is not -1, and fails if there are fewer."""
    count = 0
    try:
        with open(filename, "rb") as f:
            for line in f:
                if count == vocab_size:
                    return
                line = line.rstrip(b"\n").removesuffix(b"\r")
                if not line:
                    name = filename.decode()
                    raise invalid("Invalid content in %s: empty line found at position %d.", name, f.tell())
                yield line
                count += 1
    except FileNotFoundError:
        raise NotFoundError(None, None, "%s; No such file or directory" % filename.decode()) from None
    if count < vocab_size:
        raise invalid("Invalid vocab_size in %s: expected %d but got %d", filename.decode(), vocab_size, count)


def entries_of_file(table, filename, key_index, value_index, vocab_size, delimiter):
    """The pairs of keys and values that a text file has, a line each.

    Args:
      table: the table, whose types count.
      filename: the path as bytes.
      key_index, value_index: columns, or `WHOLE_LINE` or `LINE_NUMBER`.
      vocab_size: the number of lines that are read, or -1 for all.
      delimiter: what separates columns, one byte.
    """
    _check_columns(table, key_index, value_index)
    for number, line in enumerate(_lines(filename, vocab_size)):
        columns = line.split(delimiter) if max(key_index, value_index) >= 0 else ()
        if columns and max(key_index, value_index) >= len(columns):
            raise invalid("Invalid number of columns in %s line %d (%s) : expected %d got %d", filename.decode(), number,
                          line.decode(errors="replace"), max(key_index, value_index), len(columns))  # fmt: skip
        pair = []
        for index, dtype in ((key_index, table.key_dtype), (value_index, table.value_dtype)):
            text = line if index == WHOLE_LINE else None if index == LINE_NUMBER else columns[index]
            pair.append(number if text is None else _field(text, dtype, number))
        yield tuple(pair)
