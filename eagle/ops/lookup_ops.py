"""The ops of lookup tables."""

import itertools

import numpy as np

from ..core import shape as shapes
from ..core.dtypes import FROM_NUMPY
from ..core.errors import invalid
from ..core.op import State, op
from .lookup_dense import DenseTable
from .lookup_state import StaticTable, Table, entries_of_file

_numbers = itertools.count()


def _made(state, attrs, kind, *args):
    """The table that an operation makes or shares."""
    name = attrs["shared_name"] or state.node_name or "table_%d" % next(_numbers)
    make = lambda: kind(name, attrs["key_dtype"], attrs["value_dtype"], *args)
    found = state.resource((attrs["container"], "table"), name, make)
    found.check_types(attrs["key_dtype"], attrs["value_dtype"])
    return found


@op("HashTableV2", host=True, ignores=("use_node_name_sharing",))
def _hash_table(xp, *, container="", shared_name="", key_dtype, value_dtype, state: State):
    attrs = dict(container=container, shared_name=shared_name, key_dtype=key_dtype, value_dtype=value_dtype)
    return _made(state, attrs, StaticTable)


@op("MutableHashTableV2", host=True, ignores=("use_node_name_sharing",))
def _mutable(xp, *, container="", shared_name="", key_dtype, value_dtype, state: State):
    attrs = dict(container=container, shared_name=shared_name, key_dtype=key_dtype, value_dtype=value_dtype)
    return _made(state, attrs, Table)


@op("MutableHashTableOfTensorsV2", host=True, ignores=("use_node_name_sharing",))
def _mutable_of_tensors(xp, *, container="", shared_name="", key_dtype, value_dtype, value_shape=(), state: State):
    if len(value_shape or ()) != 1:
        raise invalid("Default value must be a vector, got shape %s", shapes.to_brackets(value_shape))
    attrs = dict(container=container, shared_name=shared_name, key_dtype=key_dtype, value_dtype=value_dtype)
    return _made(state, attrs, Table, value_shape)


@op("MutableDenseHashTableV2", host=True, ignores=("use_node_name_sharing",))
def _dense(xp, empty_key, deleted_key, *, container="", shared_name="", key_dtype, value_dtype, value_shape=(),
           initial_num_buckets=131072, max_load_factor=0.8, state: State):  # fmt: skip
    if not 0 < max_load_factor < 1:
        raise invalid("max_load_factor must be between 0 and 1, got: %s", np.float32(max_load_factor))
    if len(value_shape) > 1:
        raise invalid("Empty value must be a scalar or a vector, got shape %s", shapes.to_brackets(value_shape))
    if empty_key.ndim > 1:
        raise invalid("Empty key must be a scalar or a vector, got shape %s", shapes.to_brackets(empty_key.shape))
    attrs = dict(container=container, shared_name=shared_name, key_dtype=key_dtype, value_dtype=value_dtype)
    return _made(
        state, attrs, DenseTable, value_shape, np.asarray(empty_key), np.asarray(deleted_key), initial_num_buckets, max_load_factor
    )


_hash_table.shape(lambda: ())
_mutable.shape(lambda: ())
_mutable_of_tensors.shape(lambda: ())
_dense.shape(lambda empty_key, deleted_key: ())


def _static(table):
    if not isinstance(table, StaticTable):
        raise invalid("Table %s is not initializable", table.name)
    return table


def _type(array):
    return FROM_NUMPY[np.asarray(array).dtype]


@op("InitializeTableV2", host=True)
def _initialize(xp, table_handle, keys, values):
    table = _static(table_handle)
    table.check_types(_type(keys), _type(values))
    for name, array in (("Keys", keys), ("Values", values)):
        if array.ndim != 1:
            raise invalid("%s must be a vector, but received shape%s", name, shapes.to_brackets(array.shape))
    if len(keys) != len(values):
        raise invalid("Keys and values must have the same size %d vs %d", len(keys), len(values))
    table.load(keys, values)
    return ()


@_initialize.shape
def _(table_handle, keys, values):
    keys, values = shapes.with_rank(keys, 1), shapes.with_rank(values, 1)
    shapes.merge_dims(keys[0], values[0])
    return []


@op("InitializeTableFromTextFileV2", host=True)
def _initialize_from_file(xp, table_handle, filename, *, key_index, value_index, vocab_size=-1, delimiter="\t"):
    table = _static(table_handle)
    delimiter = delimiter if isinstance(delimiter, bytes) else delimiter.encode()
    if len(delimiter) != 1:
        raise invalid("delimiter should be only 1 char")
    if np.ndim(filename):
        raise invalid("filename should be a single string, but got %s", shapes.to_brackets(np.shape(filename)))
    path = filename if isinstance(filename, bytes) else filename[()]
    if not path:
        raise invalid("filename cannot be empty.")
    table.fill(entries_of_file(table, path, key_index, value_index, vocab_size, delimiter))
    return ()


@_initialize_from_file.shape
def _(table_handle, filename):
    shapes.with_rank(filename, 0)
    return []


@op("LookupTableImportV2", host=True)
def _import(xp, table_handle, keys, values):
    table_handle.check_types(_type(keys), _type(values))
    table_handle.load(np.asarray(keys), np.asarray(values))
    return ()


@op("LookupTableInsertV2", host=True)
def _insert(xp, table_handle, keys, values):
    table_handle.check_types(_type(keys), _type(values))
    table_handle.insert(np.asarray(keys), np.asarray(values))
    return ()


@op("LookupTableRemoveV2", host=True)
def _remove(xp, table_handle, keys):
    table_handle.check_types(_type(keys), None)
    table_handle.remove(np.asarray(keys))
    return ()


@op("LookupTableFindV2", host=True)
def _find(xp, table_handle, keys, default_value):
    table_handle.check_types(_type(keys), _type(default_value))
    return table_handle.find(np.asarray(keys), np.asarray(default_value))


@op("LookupTableSizeV2", host=True)
def _size(xp, table_handle):
    return np.int64(table_handle.size())


@op("LookupTableExportV2", host=True)
def _export(xp, table_handle, *, Tkeys, Tvalues):
    table_handle.check_types(Tkeys, Tvalues)
    return table_handle.export()


@_import.shape
def _(table_handle, keys, values):
    keys = shapes.with_rank_at_least(keys, 1)
    values = shapes.with_rank_at_least(values, 1)
    if keys is not None and values is not None:
        shapes.merge_dims(keys[0], values[0])
    return []


_insert.shape(lambda table_handle, keys, values: [])
_remove.shape(lambda table_handle, keys: [])
_size.shape(lambda table_handle: ())
_export.shape(lambda table_handle: [None, None])


@_find.shape
def _(table_handle, keys, default_value):
    if default_value is not None and len(default_value) > 1:
        raise ValueError("Shape must be at most rank 1 but is rank %d" % len(default_value))
    return None


for _op in (_hash_table, _mutable, _mutable_of_tensors, _dense, _initialize, _initialize_from_file, _insert, _find, _size):
    _op.not_differentiable()
