"""What fills lookup tables: tensors of keys and values, or text files."""

import itertools

from ..core import dtypes
from ..core.collections import GraphKeys, add_to_collection, get_collection
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.scopes import init_scope, name_scope
from ..core.tensor import Tensor
from ..core.trackable import Trackable
from ..ops.flow import group, no_op
from ..ops.lookup_state import LINE_NUMBER, WHOLE_LINE
from ..variables.tracking import TrackableAsset

_numbers = itertools.count(1)


def eager_number():
    """A number that tells eager tables of one name apart."""
    return next(_numbers)


@export("tables_initializer", "initializers.tables_initializer")
def tables_initializer(name="init_all_tables"):
    """An operation that initializes all tables of the graph.

    Args:
      name: its name.
    """
    found = get_collection(GraphKeys.TABLE_INITIALIZERS)
    return group(*found, name=name) if found else no_op(name=name)


@export("initialize_all_tables")
def initialize_all_tables(name="init_all_tables"):
    """The old name of `tables_initializer`."""
    return tables_initializer(name)


def inside_control_flow():
    """Whether a branch or loop of the default graph is being built."""
    return not here.eager and get_default_graph()._get_control_flow_context() is not None


def _check_types(table, key_dtype, value_dtype):
    if key_dtype.base_dtype != table.key_dtype:
        raise TypeError("Invalid key dtype, expected %s but got %s." % (table.key_dtype, key_dtype))
    if value_dtype.base_dtype != table.value_dtype:
        raise TypeError("Invalid value dtype, expected %s but got %s." % (table.value_dtype, value_dtype))


@export("contrib.lookup.TableInitializerBase", "python.ops.lookup_ops.TableInitializerBase")
class TableInitializerBase(Trackable):
    """The base of what fills tables.

    Args:
      key_dtype, value_dtype: the types of keys and values.
    """

    def __init__(self, key_dtype, value_dtype):
        self._key_dtype = dtypes.as_dtype(key_dtype)
        self._value_dtype = dtypes.as_dtype(value_dtype)

    key_dtype = property(lambda self: self._key_dtype)
    value_dtype = property(lambda self: self._value_dtype)

    def initialize(self, table):
        """Fills a table; gives the operation that does it."""
        raise NotImplementedError

    @property
    def _shared_name(self):
        """The name under which tables with the same content are shared; none in graphs."""
        return str(eager_number()) if here.eager else ""


@export("lookup.KeyValueTensorInitializer", "contrib.lookup.KeyValueTensorInitializer")
class KeyValueTensorInitializer(TableInitializerBase):
    """Fills a table from two tensors.

    Args:
      keys, values: tensors of one shape.
      key_dtype, value_dtype: their types, if Python values are given.
      name: the name scope of the operation.
    """

    def __init__(self, keys, values, key_dtype=None, value_dtype=None, name=None):
        if inside_control_flow():
            with init_scope():
                self._convert(keys, values, key_dtype, value_dtype)
        else:
            self._convert(keys, values, key_dtype, value_dtype)
        self._name = name if name is not None else "key_value_init"
        if here.eager:
            self._name += str(eager_number())
        super().__init__(self._keys.dtype, self._values.dtype)

    def _convert(self, keys, values, key_dtype, value_dtype):
        self._keys = convert(keys, key_dtype, "keys")
        self._values = convert(values, value_dtype, "values")

    def initialize(self, table):
        """Fills a table; gives the operation that does it, which the collection of table initializers has, too.

        Raises:
          TypeError: the table has other types.
        """
        _check_types(table, self._keys.dtype, self._values.dtype)
        with name_scope(self._name, values=(table.resource_handle, self._keys, self._values)):
            done = registry["LookupTableImportV2"](table.resource_handle, self._keys, self._values)
        add_to_collection(GraphKeys.TABLE_INITIALIZERS, done)
        return done


@export("lookup.TextFileIndex", "contrib.lookup.TextFileIndex")
class TextFileIndex:
    """What of a line is meant, if no column is."""

    WHOLE_LINE = WHOLE_LINE
    LINE_NUMBER = LINE_NUMBER


@export("lookup.TextFileInitializer", "contrib.lookup.TextFileInitializer")
class TextFileInitializer(TableInitializerBase):
    """Fills a table from a text file, a key and a value in each line.

    Args:
      filename: the file, a string or a tensor.
      key_dtype: the type of the keys.
      key_index: the column of the keys from 0 on, or one of `TextFileIndex`.
      value_dtype: the type of the values.
      value_index: the column of the values, or one of `TextFileIndex`.
      vocab_size: how many lines are read; by default all.
      delimiter: what separates columns.
      name: the name scope of the operation.

    Raises:
      ValueError: there is no file name, or types and columns don't fit.
    """

    def __init__(self, filename, key_dtype, key_index, value_dtype, value_index, vocab_size=None, delimiter="\t", name=None):
        if not isinstance(filename, Tensor) and not filename:
            raise ValueError("Filename required for %s." % name)
        self._filename_arg = filename
        key_dtype, value_dtype = dtypes.as_dtype(key_dtype), dtypes.as_dtype(value_dtype)
        _check_index("key", "Keys", key_index, key_dtype, key_dtype.is_integer)
        _check_index("value", "Values", value_index, value_dtype, False)
        if vocab_size is not None and vocab_size <= 0:
            raise ValueError("Invalid vocab_size %s." % vocab_size)
        self._key_index, self._value_index = key_index, value_index
        self._vocab_size, self._delimiter, self._name = vocab_size, delimiter, name
        self._filename = self._track_trackable(TrackableAsset(filename), "_filename")
        super().__init__(key_dtype, value_dtype)

    def initialize(self, table):
        """Fills a table; gives the operation that does it, which the collection of table initializers has, too.

        Raises:
          TypeError: the table has other types.
        """
        _check_types(table, self.key_dtype, self.value_dtype)
        with name_scope(self._name, "text_file_init", (table.resource_handle,)):
            filename = convert(self._filename, dtypes.string, "asset_filepath")
            done = registry["InitializeTableFromTextFileV2"](
                table.resource_handle, filename, key_index=self._key_index, value_index=self._value_index,
                vocab_size=-1 if self._vocab_size is None else self._vocab_size, delimiter=self._delimiter)  # fmt: skip
        add_to_collection(GraphKeys.TABLE_INITIALIZERS, done)
        if not here.eager and filename.op.type == "Const":
            add_to_collection(GraphKeys.ASSET_FILEPATHS, filename)
        return done

    @property
    def _shared_name(self):
        if self._vocab_size:
            return "hash_table_%s_%d_%s_%s" % (self._filename_arg, self._vocab_size, self._key_index, self._value_index)
        return "hash_table_%s_%s_%s" % (self._filename_arg, self._key_index, self._value_index)


def _check_index(what, plural, index, dtype, integers_too):
    if index < -2:
        raise ValueError("Invalid %s index %s." % (what, index))
    if index == LINE_NUMBER and dtype != dtypes.int64:
        raise ValueError("Signature mismatch. %s must be dtype %s, got %s." % (plural, dtypes.int64, dtype))
    if index == WHOLE_LINE and not integers_too and dtype != dtypes.string:
        wanted = "integer or string" if what == "key" else "dtype %s" % dtypes.string
        raise ValueError("Signature mismatch. %s must be %s, got %s." % (plural, wanted, dtype))


@export("contrib.lookup.TextFileStringTableInitializer")
class TextFileStringTableInitializer(TextFileInitializer):
    """Fills a table from numbers to strings from a text file.

    Args:
      filename: the file.
      key_column_index, value_column_index: the columns, or one of `TextFileIndex`.
      vocab_size: how many lines are read; by default all.
      delimiter: what separates columns.
      name: the name scope of the operation.
    """

    def __init__(self, filename, key_column_index=LINE_NUMBER, value_column_index=WHOLE_LINE, vocab_size=None, delimiter="\t",
                 name="text_file_string_table_init"):  # fmt: skip
        super().__init__(filename, dtypes.int64, key_column_index, dtypes.string, value_column_index, vocab_size, delimiter, name)


@export("contrib.lookup.TextFileIdTableInitializer")
class TextFileIdTableInitializer(TextFileInitializer):
    """Fills a table from strings (or integers) to numbers from a text file.

    Args:
      filename: the file.
      key_column_index, value_column_index: the columns, or one of `TextFileIndex`.
      vocab_size: how many lines are read; by default all.
      delimiter: what separates columns.
      name: the name scope of the operation.
      key_dtype: the type of the keys.
    """

    def __init__(self, filename, key_column_index=WHOLE_LINE, value_column_index=LINE_NUMBER, vocab_size=None, delimiter="\t",
                 name="text_file_id_table_init", key_dtype=dtypes.string):  # fmt: skip
        super().__init__(filename, key_dtype, key_column_index, dtypes.int64, value_column_index, vocab_size, delimiter, name)
