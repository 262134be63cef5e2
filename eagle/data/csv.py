"""The kernel of `CsvDataset`: records of text files as columns of numbers and strings."""

import itertools

import numpy as np

from ..core import dtypes
from ..core.constant import eager_name
from ..core.errors import DataLossError, InvalidArgumentError, invalid
from ..ops.text_numbers import float_of, int_of
from ..platform.records import open_for_reading
from .dataset_op import dataset_op
from .files import checked_compression, names_of
from .running import DatasetValue, text


class Csv(DatasetValue):
    """The records of text files.

    Attributes:
      names, compression, buffer_size: as of `Files`.
      header: whether the first line of a file is left out.
      delimiter: the byte between fields.
      quotes: whether fields may be in quotation marks.
      missing: what stands for a missing value besides nothing.
      columns: the numbers of the fields to take; empty for all.
      defaults: for each column an array of one element, or of none if the column is required.
    """

    __slots__ = (
        "names",
        "compression",
        "buffer_size",
        "header",
        "delimiter",
        "quotes",
        "missing",
        "columns",
        "defaults",
        "parsers",
    )

    def iterate(self, run, place):
        return _Records(self)

    def fields(self, line, more):
        """The fields of a record; a quoted one may go on in lines that `more` gives.

        Raises:
          InvalidArgumentError: quotation marks stand where they may not.
        """
        if not self.quotes or b'"' not in line:
            return line.split(self.delimiter)
        fields, at, problem = [], 0, None
        while True:
            if line[at : at + 1] == b'"':
                field, line, at, wrong = self._quoted(line, at, more)
            else:
                end = line.find(self.delimiter, at)
                end = len(line) if end < 0 else end
                field, wrong = line[at:end], None
                if b'"' in field:
                    wrong = "Unquoted fields cannot have quotes inside"
                at = end
            problem = problem or wrong
            fields.append(field)
            if at >= len(line):
                break
            at += 1
        if problem:
            raise invalid(problem)
        return fields

    def _quoted(self, line, at, more):
        """A field in quotation marks: its content, the line (lengthened if need be), where it ends, and what is wrong or None."""
        parts, start, wrong = [], at + 1, None
        while True:
            end = line.find(b'"', start)
            if end < 0:
                line, end = _lengthened(line, more)
            parts.append(line[start:end])
            after = line[end + 1 : end + 2]
            if after in (b"", self.delimiter):
                return b'"'.join(parts), line, end + 1, wrong
            if after != b'"':
                wrong = "Quote inside a string has to be escaped by another quote"
            start = end + 2

    def element(self, fields):
        """The values of the columns.

        Raises:
          InvalidArgumentError: there are too few or too many fields, or one has no value of its column's type.
        """
        count = len(self.defaults)
        if self.columns:
            fields = [fields[c] for c in self.columns if c < len(fields)]
        values = [self._value(i, field) for i, field in enumerate(fields[:count])]
        if len(fields) > count:
            raise invalid("Expect %d fields but have more in record", count)
        if len(fields) < count:
            raise invalid("Expect %d fields but have %d in record", count, len(fields))
        return tuple(values)

    def _value(self, column, field):
        default = self.defaults[column]
        if not field or field == self.missing:
            if default.size != 1:
                raise invalid("Field %d is required but missing in record!", column)
            value = default.ravel()[0]
            return text(value) if default.dtype.hasobject else value
        parse = self.parsers[column]
        if parse is None:
            return text(field)
        try:
            return parse(field)
        except (ValueError, OverflowError):
            raise invalid("Field %d in record is not a valid %s: %s", column, eager_name(dtypes.FROM_NUMPY[default.dtype]),
                          field.decode("utf-8", "replace")) from None  # fmt: skip


def _lengthened(line, more):
    """A line with those after it up to the next quotation mark, and where that is."""
    parts, size = [line], len(line)
    while True:
        parts.append(more.end)
        size += len(more.end)
        following = next(more, None)
        if following is None:
            raise invalid("Reached end of file without closing quoted field in record")
        parts.append(following)
        end = following.find(b'"')
        if end >= 0:
            return b"".join(parts), size + end
        size += len(following)


class _Lines:
    """The lines of a file without what ends them, a line feed, a carriage return or both.

    Attributes:
      number: how many were given.
      end: what ended the last one.
    """

    def __init__(self, file):
        self._lines = itertools.chain.from_iterable(map(_parts, file))
        self.number, self.end = 0, b""

    def __iter__(self):
        return self

    def __next__(self):
        line = next(self._lines)
        self.number += 1
        content = line.rstrip(b"\r\n") if line[-1:] == b"\n" else line.removesuffix(b"\r")
        self.end = line[len(content) :]
        return content


def _parts(line):
    return (line,) if b"\r" not in line else line.splitlines(True)


class _Records:
    """The records of the files, one file after the other."""

    def __init__(self, dataset):
        self._dataset, self._names = dataset, iter(dataset.names)
        self._name, self._lines = None, iter(())

    def __iter__(self):
        return self

    def __next__(self):
        dataset = self._dataset
        while True:
            try:
                line = next(self._lines)
            except StopIteration:
                self._name = name = next(self._names)
                self._lines = _Lines(open_for_reading(name, dataset.compression, dataset.buffer_size))
                if dataset.header and next(self._lines, None) is None:
                    raise invalid("Can't read header of file %s", name) from None
                continue
            except DataLossError:
                self._lines = iter(())
                raise
            first = self._lines.number
            try:
                return dataset.element(dataset.fields(line, self._lines))
            except InvalidArgumentError as e:
                raise invalid("%s (line %d of %s)", e.message, first, self._name) from None


def _given(number):
    """A number; raises ValueError for None."""
    if number is None:
        raise ValueError(number)
    return number


def _parser(dtype):
    """What makes a value of a type of text; None for strings."""
    if dtype is dtypes.string:
        return None
    kind = dtype.np.type
    if dtype.is_floating:
        return lambda field: kind(_given(float_of(field)))
    limits = np.iinfo(dtype.np)

    def parse(field):
        number = _given(int_of(field))
        if not limits.min <= number <= limits.max:
            raise OverflowError(field)
        return kind(number)

    return parse


@dataset_op("CSVDataset", "ExperimentalCSVDataset")
def _csv(
    xp, filenames, compression_type, buffer_size, header, field_delim, use_quote_delim, na_value, select_cols, record_defaults
):
    for i, default in enumerate(record_defaults):
        if default.ndim > 1:
            raise invalid("Each record default should be at most rank 1")
        if default.size > 1:
            raise invalid("There should only be 1 default per field but field %d has %d", i, default.size)
    made = Csv()
    made.names, made.compression = names_of(filenames), checked_compression(compression_type)
    if buffer_size <= 0:
        raise invalid("buffer_size should be positive")
    made.buffer_size, made.header, made.quotes = int(buffer_size), bool(header), bool(use_quote_delim)
    made.delimiter, made.missing = field_delim.item(), na_value.item()
    if len(made.delimiter) != 1:
        raise invalid("field_delim should be only 1 char")
    made.columns = select_cols.tolist()
    if made.columns and len(made.columns) != len(record_defaults):
        raise invalid("select_cols should match output size")
    if any(a >= b for a, b in zip(made.columns, made.columns[1:])):
        raise invalid("select_cols should be strictly increasing indices")
    if made.columns and made.columns[0] < 0:
        raise invalid("select_cols should be non-negative indices")
    made.defaults = record_defaults
    made.parsers = [_parser(dtypes.FROM_NUMPY[d.dtype]) for d in record_defaults]
    return made
