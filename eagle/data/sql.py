"""The kernel of `SqlDataset`: rows of an SQLite database."""

import sqlite3

import numpy as np

from ..core.errors import UnimplementedError, UnknownError, invalid
from .dataset_op import dataset_op
from .running import DatasetValue, text


class Rows(DatasetValue):
    """The rows that a query gives, as values of some types."""

    __slots__ = ("file", "query", "types")

    def __init__(self, file, query, types):
        self.file, self.query, self.types = file, query, types

    def iterate(self, run, place):
        return _Rows(self)


class _Rows:
    def __init__(self, dataset):
        self._dataset = dataset
        self._cursor = None

    def __iter__(self):
        return self

    def __next__(self):
        try:
            if self._cursor is None:
                connection = sqlite3.connect("file:%s?mode=ro" % self._dataset.file, uri=True, check_same_thread=False)
                self._cursor = connection.execute(self._dataset.query)
            row = next(self._cursor)
        except sqlite3.Error as e:
            raise UnknownError(
                None, None, "Prepare() failed: [%s] %s: %s" % (getattr(e, "sqlite_errorcode", ""), e, self._dataset.query)
            ) from e
        types = self._dataset.types
        if len(row) != len(types):
            raise invalid("The number of columns in query (%d) must match the number of elements in output_types (%d).",
                          len(row), len(types))  # fmt: skip
        return tuple([_value(v, t) for v, t in zip(row, types)])


def _value(value, dtype):
    """A column's value as one of a type, as SQLite itself converts."""
    if dtype.name == "string":
        value = "" if value is None else value
        return text(value if isinstance(value, bytes) else str(value).encode())
    if dtype.name == "bool":
        return np.bool_(bool(value))
    if isinstance(value, str | bytes):
        value = _number(value)
    value = value or 0
    return dtype.np.type(value if dtype.is_floating else int(value))


def _number(value):
    """The number that text begins with, 0 if it begins with none."""
    value = value.decode("latin1") if isinstance(value, bytes) else value
    for end in range(len(value), 0, -1):
        try:
            return float(value[:end]) if any(c in value[:end] for c in ".eE") else int(value[:end])
        except ValueError:
            continue
    return 0


@dataset_op("SqlDataset", "ExperimentalSqlDataset")
def _sql(xp, driver_name, data_source_name, query, *, output_types):
    if driver_name.item() != b"sqlite":
        raise invalid("The database type, %s, is not supported by SqlDataset. The set of supported databases is: {'sqlite'}.",
                      driver_name.item().decode())  # fmt: skip
    for t in output_types:
        if not (t.is_integer or t.is_floating or t.name in ("string", "bool")):
            raise UnimplementedError(None, None, "SqlDataset can't give values of type %s" % t.name)
    return Rows(data_source_name.item().decode(), query.item().decode(), output_types)
