"""Datasets of tables and of serialized examples: `CsvDataset`, `make_csv_dataset`, `make_batched_features_dataset`."""

import collections
import csv
import functools
import gzip

import numpy as np

from ..core import dtypes, errors
from ..core.convert import constant, convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.shape import TensorShape
from ..core.static_values import constant_value
from ..core.tensor import Tensor
from ..core.tensor_spec import TensorSpec
from ..platform import gfile
from . import readers, specs
from .dataset import DatasetV2, Made
from .dataset_v1 import DatasetV1Adapter
from .examples import parse_example_dataset
from .transformations import ignore_errors, map_and_batch, parallel_interleave, shuffle_and_repeat, without_parallelism
from .transforming import AUTOTUNE

_TYPES = (dtypes.float32, dtypes.float64, dtypes.int32, dtypes.int64, dtypes.string)
_CSV_BUFFER = 4 * 1024 * 1024


def _default(x):
    """A column's default: a tensor; a type means that there is none."""
    if not isinstance(x, Tensor) and isinstance(x, dtypes.DType | type) and x in _TYPES:
        return constant([], dtype=x)
    return x


@export("compat.v2.data.experimental.CsvDataset", "python.data.experimental.ops.readers.CsvDatasetV2")
class CsvDatasetV2(Made):
    """A dataset of the records of CSV files, a tuple of scalars each.

    Args:
      filenames: a name, or a list or tensor of names.
      record_defaults: for each column its default, a scalar; or its type, if it may not be missing.  The types are float32,
        float64, int32, int64 and string.
      compression_type: `""`, `"ZLIB"` or `"GZIP"`.
      buffer_size: how many bytes are read at once.
      header: whether the first line of a file is left out.
      field_delim: the character between fields.
      use_quote_delim: whether fields may be in quotation marks.
      na_value: what stands for a missing value besides nothing.
      select_cols: the numbers of the columns to take, in order; by default all.

    Raises:
      InvalidArgumentError: (when run) a record has too few or too many fields, or one has no value of its column's type.
    """

    def __init__(self, filenames, record_defaults, compression_type=None, buffer_size=None, header=False, field_delim=",",
                 use_quote_delim=True, na_value="", select_cols=None):  # fmt: skip
        filenames = convert(filenames, dtypes.string, "filenames")
        compression = readers.optional_tensor("compression_type", compression_type, "", dtypes.string)
        defaults = list(map(_default, record_defaults))
        defaults = [convert(x, None, "record_defaults_%d" % i) for i, x in enumerate(defaults)]
        inputs = [
            convert(v, t, n)
            for v, t, n in (
                (_CSV_BUFFER if buffer_size is None else buffer_size, dtypes.int64, "buffer_size"),
                (header, dtypes.bool_, "header"),
                (field_delim, dtypes.string, "field_delim"), (use_quote_delim, dtypes.bool_, "use_quote_delim"),
                (na_value, dtypes.string, "na_value"), ([] if select_cols is None else select_cols, dtypes.int64, "select_cols"),
            )
        ]  # fmt: skip
        spec = tuple(TensorSpec([], d.dtype) for d in defaults)
        shapes = specs.flat_attrs(spec)["output_shapes"]
        variant = registry["CSVDataset"](filenames, compression, *inputs, defaults, output_shapes=shapes)
        super().__init__(variant, spec, name="CsvDatasetV2")


@export("data.experimental.CsvDataset", "contrib.data.CsvDataset", "python.data.experimental.ops.readers.CsvDatasetV1")
class CsvDataset(DatasetV1Adapter):
    __doc__ = CsvDatasetV2.__doc__

    def __init__(self, filenames, record_defaults, compression_type=None, buffer_size=None, header=False, field_delim=",",
                 use_quote_delim=True, na_value="", select_cols=None):  # fmt: skip
        super().__init__(
            CsvDatasetV2(filenames, record_defaults, compression_type, buffer_size, header, field_delim, use_quote_delim, na_value,
                         select_cols)
        )  # fmt: skip


# ------------------------------------------------------------------------------------------------------ what a table is


def _valid(check):
    def valid(value):
        try:
            return check(value)
        except (ValueError, OverflowError):
            return False

    return valid


_PERMISSIVE = (  # types with what is a value of them, the narrowest first
    (dtypes.int32, _valid(lambda s: -(2**31) <= int(s) < 2**31)),
    (dtypes.int64, _valid(lambda s: -(2**63) <= int(s) < 2**63)),
    (dtypes.float32, _valid(lambda s: np.float32(s) < np.inf)),
    (dtypes.float64, _valid(lambda s: np.float64(s) < np.inf)),
    (dtypes.string, lambda s: True),
)


def _wider(value, na_value, before):
    """The narrowest type of which a value is, and of which the values before are."""
    if value in ("", na_value):
        return before
    kinds = [t for t, _ in _PERMISSIVE]
    for i, (dtype, is_valid) in enumerate(_PERMISSIVE):
        if is_valid(value) and (before is None or before in kinds[: i + 1]):
            return dtype
    return dtypes.string


class _Table:
    """The files of a table, to be looked into while the graph is built."""

    def __init__(self, names, compression_type, field_delim, use_quote_delim):
        self._names, self._compression_type = names, compression_type
        self._options = {"delimiter": field_delim, "quoting": csv.QUOTE_MINIMAL if use_quote_delim else csv.QUOTE_NONE}

    @functools.cached_property
    def _open(self):  # not before it is needed: not every compression can be undone here
        return _opener(self._compression_type)

    def _first_row(self, name):
        with self._open(name) as file:
            try:
                return next(csv.reader(file, **self._options))
            except StopIteration:
                raise ValueError(
                    "Received StopIteration when reading the header line of %s.  Empty file?" % self._names[0]
                ) from None

    def column_names(self):
        """The names in the first line, which must be the same in all files."""
        names = self._first_row(self._names[0])
        if any(self._first_row(n) != names for n in self._names[1:]):
            raise ValueError("Files have different column names in the header row.")
        return names

    def rows(self, count, header):
        """The rows of all files, each with as many fields as there are columns."""
        for name in self._names:
            with self._open(name) as file:
                reader = csv.reader(file, **self._options)
                if header:
                    next(reader)
                for row in reader:
                    if len(row) != count:
                        raise ValueError("Problem inferring types: CSV row has different number of fields than expected.")
                    yield row

    def defaults(self, count, header, na_value, most_rows, columns):
        """Zero, or the empty string, for each column, of a type of which the values in the first rows are."""
        columns = range(count) if columns is None else columns
        types = [None] * len(columns)
        for i, row in enumerate(self.rows(count, header)):
            if most_rows is not None and i >= most_rows:
                break
            types = [_wider(row[c], na_value, t) for c, t in zip(columns, types)]
        types = [t or dtypes.string for t in types]
        return [constant(["" if t is dtypes.string else 0], dtype=t) for t in types]


def _column_numbers(selected, names):
    """The numbers of columns given by number or name, in order.

    Raises:
      ValueError: there is no such column, or it is given twice.
    """
    numbers = []
    for v in selected:
        if isinstance(v, int):
            if not 0 <= v < len(names):
                raise ValueError("Column index %d specified in select_columns out of valid range." % v)
            numbers.append(v)
        elif v in names:
            numbers.append(list(names).index(v))
        else:
            raise ValueError("Value '%s' specified in select_columns not a valid column index or name." % v)
    if len(set(numbers)) != len(numbers):
        raise ValueError("select_columns contains duplicate columns")
    return sorted(numbers)


def _file_names(pattern, shuffle):
    """The names of files that match some patterns, in order.

    Raises:
      ValueError: there is none.
    """
    if isinstance(pattern, list | tuple):
        if not pattern:
            raise ValueError("File pattern is empty.")
        names = [n for p in pattern for n in gfile.glob(p)]
    else:
        names = list(gfile.glob(pattern))
    if not names:
        raise ValueError("No files match %s." % (pattern,))
    if not shuffle:
        names.sort()
    return names


def _shuffled_and_repeated(dataset, epochs, shuffle, buffer_size, seed):
    if epochs != 1 and shuffle:
        return dataset.apply(shuffle_and_repeat(buffer_size, epochs, seed))
    if shuffle:
        return dataset.shuffle(buffer_size, seed)
    return dataset.repeat(epochs) if epochs != 1 else dataset


def _opener(compression_type):
    """What opens a file as text.

    Raises:
      ValueError: its compression is unknown, or can't be undone here.
    """
    if compression_type is None:
        return lambda name: open(gfile.local_path(name), newline="")
    value = constant_value(compression_type) if isinstance(compression_type, Tensor) else compression_type
    if value is None:
        raise ValueError("Received unkown compression_type")
    value = value.item().decode() if hasattr(value, "item") else value
    if value == "GZIP":
        return lambda name: gzip.open(gfile.local_path(name), "rt", newline="")
    if value == "ZLIB":
        raise ValueError("compression_type (%s) is not supported for probing columns" % compression_type)
    if value != "":
        raise ValueError("compression_type (%s) is not supported" % compression_type)
    return _opener(None)


@export("compat.v2.data.experimental.make_csv_dataset")
def make_csv_dataset(file_pattern, batch_size, column_names=None, column_defaults=None, label_name=None, select_columns=None,
                     field_delim=",", use_quote_delim=True, na_value="", header=True, num_epochs=None, shuffle=True,
                     shuffle_buffer_size=10000, shuffle_seed=None, prefetch_buffer_size=AUTOTUNE, num_parallel_reads=1,
                     sloppy=False, num_rows_for_inference=100, compression_type=None, ignore_errors=False):  # fmt: skip
    """Batches of the rows of CSV files: dictionaries from the names of columns to vectors.

    Args:
      file_pattern: a pattern of names of files, or a list of such.
      batch_size: how many rows make a batch.
      column_names: the names of the columns, in order; by default those in the first line.
      column_defaults: for each column (that is taken) its default or its type; by default what the first rows tell.
      label_name: the name of the column that is the label.
      select_columns: the columns to take, by number or name.
      field_delim, use_quote_delim, na_value, header, compression_type: as of `CsvDataset`.
      num_epochs: how many times the rows are given; None means without end, in batches of exactly `batch_size`.
      shuffle: whether rows come in an order of chance.
      shuffle_buffer_size, shuffle_seed: as of `Dataset.shuffle`.
      prefetch_buffer_size: how many batches are made in advance.
      num_parallel_reads: how many files are read at a time.
      sloppy: whether rows may come in another order then; in Eagle they do not.
      num_rows_for_inference: how many rows tell types; None means all.
      ignore_errors: whether rows that are wrong are left out.

    Returns:
      A dataset of dictionaries; of pairs of a dictionary and a vector of labels with `label_name`.

    Raises:
      ValueError: no file matches, or the columns are not what is asked for.
    """
    names = _file_names(file_pattern, False)
    dataset = DatasetV2.from_tensor_slices(names)
    if shuffle:
        dataset = dataset.shuffle(len(names), shuffle_seed)
    table = _Table(names, compression_type, field_delim, use_quote_delim)
    column_names, defaults, columns = _columns_of(
        table, column_names, column_defaults, select_columns, header, na_value, num_rows_for_inference
    )
    if label_name is not None and label_name not in column_names:
        raise ValueError("`label_name` provided must be one of the columns.")

    def rows_of(filename):
        rows = CsvDatasetV2(
            filename, defaults, compression_type, header=header, field_delim=field_delim, use_quote_delim=use_quote_delim,
            na_value=na_value, select_cols=columns,
        )  # fmt: skip
        return rows.apply(_without_errors()) if ignore_errors else rows

    def named(*values):
        features = collections.OrderedDict(zip(column_names, values))
        if label_name is None:
            return features
        label = features.pop(label_name)
        return features, label

    dataset = dataset.apply(parallel_interleave(rows_of, cycle_length=num_parallel_reads, sloppy=sloppy))
    dataset = _shuffled_and_repeated(dataset, num_epochs, shuffle, shuffle_buffer_size, shuffle_seed)
    dataset = dataset.batch(batch_size, drop_remainder=num_epochs is None)
    return without_parallelism(dataset, named).prefetch(prefetch_buffer_size)


def _columns_of(table, names, defaults, selected, header, na_value, rows_to_look_at):
    """The columns of a CSV dataset.

    Args:
      table: the `_Table` of the files, which is asked for what is not given.
      names, defaults, selected: as `make_csv_dataset` is given them.
      header, na_value: as of `CsvDataset`.
      rows_to_look_at: how many rows tell types.

    Returns:
      The names of the columns that are taken, their defaults, and their numbers (None for all).

    Raises:
      ValueError: the columns are not what is asked for.
    """
    if names is None:
        if not header:
            raise ValueError("Cannot infer column names without a header line.")
        names = table.column_names()
    if len(names) != len(set(names)):
        raise ValueError("Cannot have duplicate column names.")
    columns = None if selected is None else _column_numbers(selected, names)
    if defaults is not None:
        defaults = [_default(x) for x in defaults]
    else:
        defaults = table.defaults(len(names), header, na_value, rows_to_look_at, columns)
    if columns is not None and len(defaults) != len(columns):
        raise ValueError("If specified, column_defaults and select_columns must have same length.")
    if columns is not None and len(names) > len(columns):
        names = [names[i] for i in columns]
    return names, defaults, columns


_without_errors = ignore_errors


@export("data.experimental.make_csv_dataset", "contrib.data.make_csv_dataset")
def make_csv_dataset_v1(file_pattern, batch_size, column_names=None, column_defaults=None, label_name=None, select_columns=None,
                        field_delim=",", use_quote_delim=True, na_value="", header=True, num_epochs=None, shuffle=True,
                        shuffle_buffer_size=10000, shuffle_seed=None, prefetch_buffer_size=AUTOTUNE, num_parallel_reads=1,
                        sloppy=False, num_rows_for_inference=100, compression_type=None, ignore_errors=False):  # fmt: skip
    """Batches of the rows of CSV files; see `tf.compat.v2.data.experimental.make_csv_dataset`."""
    return DatasetV1Adapter(
        make_csv_dataset(
            file_pattern, batch_size, column_names, column_defaults, label_name, select_columns, field_delim, use_quote_delim,
            na_value, header, num_epochs, shuffle, shuffle_buffer_size, shuffle_seed, prefetch_buffer_size, num_parallel_reads,
            sloppy, num_rows_for_inference, compression_type, ignore_errors,
        )
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------------- serialized examples


@export("compat.v2.data.experimental.make_batched_features_dataset")
def make_batched_features_dataset(file_pattern, batch_size, features, reader=None, label_key=None, reader_args=None,
                                  num_epochs=None, shuffle=True, shuffle_buffer_size=10000, shuffle_seed=None,
                                  prefetch_buffer_size=AUTOTUNE, reader_num_threads=1, parser_num_threads=2,
                                  sloppy_ordering=False, drop_final_batch=False):  # fmt: skip
    """Batches of parsed `Example`s of record files.

    Args:
      file_pattern: a pattern of names of files, or a list of such.
      batch_size: how many examples make a batch.
      features: name -> `FixedLenFeature`, `VarLenFeature`, ..., as of `tf.parse_example`.
      reader: a function from a name to a dataset of strings; by default `tf.data.TFRecordDataset`.
      label_key: the name of the feature that is the label.
      reader_args: more arguments of `reader`.
      num_epochs: how many times the examples are given; None means without end.
      shuffle: whether files and examples come in an order of chance.
      shuffle_buffer_size, shuffle_seed: as of `Dataset.shuffle`.
      prefetch_buffer_size: how many batches are made in advance.
      reader_num_threads: how many files are read at a time.
      parser_num_threads: how many batches are parsed at a time.
      sloppy_ordering: whether examples may come in another order then; in Eagle they do not.
      drop_final_batch: whether a last batch that is smaller is left out.

    Returns:
      A dataset of dictionaries; of pairs of a dictionary and labels with `label_key`.

    Raises:
      ValueError: `label_key` is none of the features.
    """
    reader = readers.TFRecordDatasetV1 if reader is None else reader
    dataset = DatasetV2.list_files(file_pattern, shuffle=shuffle, seed=shuffle_seed)
    read = parallel_interleave(
        lambda filename: reader(filename, *(reader_args or [])), cycle_length=reader_num_threads, sloppy=sloppy_ordering
    )
    dataset = dataset.apply(read)
    if specs.get_output_types(dataset) == (dtypes.string, dtypes.string):
        dataset = without_parallelism(dataset, lambda _, v: v)
    dataset = _shuffled_and_repeated(dataset, num_epochs, shuffle, shuffle_buffer_size, shuffle_seed)
    dataset = dataset.batch(batch_size, drop_remainder=drop_final_batch or num_epochs is None)
    dataset = dataset.apply(parse_example_dataset(features, num_parallel_calls=parser_num_threads))
    if label_key:
        if label_key not in features:
            raise ValueError("The `label_key` provided (%r) must be one of the `features` keys." % label_key)
        dataset = dataset.map(lambda x: (x, x.pop(label_key)))
    return dataset.prefetch(prefetch_buffer_size)


@export("data.experimental.make_batched_features_dataset", "contrib.data.make_batched_features_dataset")
def make_batched_features_dataset_v1(file_pattern, batch_size, features, reader=None, label_key=None, reader_args=None,
                                     num_epochs=None, shuffle=True, shuffle_buffer_size=10000, shuffle_seed=None,
                                     prefetch_buffer_size=AUTOTUNE, reader_num_threads=1, parser_num_threads=2,
                                     sloppy_ordering=False, drop_final_batch=False):  # fmt: skip
    """Batches of parsed `Example`s; see `tf.compat.v2.data.experimental.make_batched_features_dataset`."""
    return DatasetV1Adapter(
        make_batched_features_dataset(
            file_pattern, batch_size, features, reader, label_key, reader_args, num_epochs, shuffle, shuffle_buffer_size,
            shuffle_seed, prefetch_buffer_size, reader_num_threads, parser_num_threads, sloppy_ordering, drop_final_batch,
        )
    )  # fmt: skip


@export("contrib.data.read_batch_features")
def read_batch_features(file_pattern, batch_size, features, reader=None, reader_args=None, randomize_input=True, num_epochs=None,
                        capacity=10000):  # fmt: skip
    """The tensors of the next batch of parsed `Example`s of record files.

    Args:
      file_pattern, batch_size, features, reader, reader_args, num_epochs: as of `make_batched_features_dataset`.
      randomize_input: whether the examples come in an order of chance.
      capacity: how many are held back then.
    """
    dataset = make_batched_features_dataset_v1(
        file_pattern, batch_size, features, reader, reader_args=reader_args, shuffle=randomize_input, num_epochs=num_epochs,
        shuffle_buffer_size=capacity,
    )  # fmt: skip
    return dataset.make_one_shot_iterator().get_next()


@export("python.data.experimental.ops.readers.make_tf_record_dataset")
def make_tf_record_dataset(file_pattern, batch_size, parser_fn=None, num_epochs=None, shuffle=True, shuffle_buffer_size=None,
                           shuffle_seed=None, prefetch_buffer_size=AUTOTUNE, num_parallel_reads=None,
                           num_parallel_parser_calls=None, drop_final_batch=False):  # fmt: skip
    """Batches of the records of record files.

    Args:
      file_pattern: a pattern of names of files, or a list of such.
      batch_size: how many records make a batch.
      parser_fn: what is made of each record.
      num_epochs: how many times the records are given; None means without end.
      shuffle, shuffle_buffer_size, shuffle_seed: as of `make_batched_features_dataset`.
      prefetch_buffer_size: how many batches are made in advance; 0 means none.
      num_parallel_reads: how many files are read at a time, 24 by default.
      num_parallel_parser_calls: how many records are parsed at a time.
      drop_final_batch: whether a last batch that is smaller is left out.
    """
    files = DatasetV2.list_files(file_pattern, shuffle=shuffle, seed=shuffle_seed)
    dataset = readers.TFRecordDatasetV1(files, num_parallel_reads=24 if num_parallel_reads is None else num_parallel_reads)
    size = 10000 if shuffle_buffer_size is None else shuffle_buffer_size
    dataset = _shuffled_and_repeated(dataset, num_epochs, shuffle, size, shuffle_seed)
    drops = drop_final_batch or num_epochs is None
    if parser_fn is None:
        dataset = dataset.batch(batch_size, drop_remainder=drops)
    else:
        parse = map_and_batch(parser_fn, batch_size, num_parallel_calls=num_parallel_parser_calls, drop_remainder=drops)
        dataset = dataset.apply(parse)
    return dataset if prefetch_buffer_size == 0 else dataset.prefetch(prefetch_buffer_size)


# ------------------------------------------------------------------------------------------------- what Eagle does not read


@export("data.experimental.SqlDataset", "contrib.data.SqlDataset", "compat.v2.data.experimental.SqlDataset")
class SqlDataset(DatasetV1Adapter):
    """A dataset of the rows that a query of an SQLite database gives.

    Args:
      driver_name: the kind of database; `"sqlite"` is the only one.
      data_source_name: the file.
      query: the query.
      output_types: a tuple of the types of the columns.
    """

    def __init__(self, driver_name, data_source_name, query, output_types):
        inputs = [
            convert(v, dtypes.string, n)
            for v, n in ((driver_name, "driver_name"), (data_source_name, "data_source_name"), (query, "query"))
        ]
        spec = specs.map_structure(lambda t: TensorSpec(TensorShape([]), t), output_types)
        variant = registry["SqlDataset"](*inputs, **specs.flat_attrs(spec))
        super().__init__(Made(variant, spec, name="SqlDatasetV2"))


@export("contrib.data.LMDBDataset")
class LMDBDataset(DatasetV1Adapter):
    """A dataset of the pairs of keys and values of LMDB files, which Eagle can't read yet."""

    def __init__(self, filenames):
        raise errors.NotYetError("tf.contrib.data.LMDBDataset: Eagle can't read LMDB files yet")
