"""The kernel of `SqlDataset`: rows of an SQLite database."""

import re
import sqlite3

import numpy as np

from ..core import errors
from ..core.errors import UnimplementedError, invalid
from .dataset_op import dataset_op
from .running import DatasetValue, text

_ERRORS = {  # by SQLite's code
    3: errors.PermissionDeniedError, 4: errors.AbortedError, 5: errors.UnavailableError, 6: errors.UnavailableError,
    7: errors.UnavailableError, 8: errors.FailedPreconditionError, 9: errors.CancelledError, 11: errors.DataLossError,
    12: errors.InvalidArgumentError, 13: errors.ResourceExhaustedError, 14: errors.InvalidArgumentError,
    15: errors.UnavailableError, 18: errors.ResourceExhaustedError, 19: errors.InvalidArgumentError,
    20: errors.FailedPreconditionError, 23: errors.PermissionDeniedError, 26: errors.InvalidArgumentError,
}  # fmt: skip


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
                connection = sqlite3.connect("file:%s?mode=rw" % self._dataset.file, uri=True, check_same_thread=False)
                connection.text_factory = bytes
                self._cursor = connection.execute(self._dataset.query)
                if self._cursor.description is None:  # it was no query for rows
                    raise self._mismatch(0)
            row = next(self._cursor)
        except sqlite3.Error as e:
            code = getattr(e, "sqlite_errorcode", 1)
            raise _ERRORS.get(code & 0xFF, errors.UnknownError)(
                None, None, "Prepare() failed: [%d] %s: %s (in %s)" % (code, e, self._dataset.query, self._dataset.file)
            ) from e
        types = self._dataset.types
        if len(row) != len(types):
            raise self._mismatch(len(row))
        return tuple([_value(v, t) for v, t in zip(row, types)])

    def _mismatch(self, count):
        return invalid("The number of columns in query (%d) must match the number of elements in output_types (%d).",
                       count, len(self._dataset.types))  # fmt: skip


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


_NUMBER = re.compile(rb"\s*([+-]?)(\d+(?:\.\d*)?|\.\d+)((?:[eE][+-]?\d+)?)")
_LONGEST = 300  # digits of a number that text begins with


def _number(value):
    """The number that text begins with, 0 if it begins with none."""
    found = _NUMBER.match(value)
    if found is None:
        return 0
    sign, digits, exponent = found.groups()
    if exponent or not digits.isdigit() or len(digits) > _LONGEST:
        return float(sign + digits + exponent)
    return int(sign + digits)


@dataset_op("SqlDataset", "ExperimentalSqlDataset")
def _sql(xp, driver_name, data_source_name, query, *, output_types):
    if driver_name.item() != b"sqlite":
        raise invalid("The database type, %s, is not supported by SqlDataset. The set of supported databases is: {'sqlite'}.",
                      driver_name.item().decode())  # fmt: skip
    for t in output_types:
        if not (t.is_integer or t.is_floating or t.name in ("string", "bool")):
            raise UnimplementedError(None, None, "SqlDataset can't give values of type %s" % t.name)
    return Rows(data_source_name.item().decode(), query.item().decode(), output_types)
