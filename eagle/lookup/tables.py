"""Lookup tables: `tf.lookup.StaticHashTable`, `tf.contrib.lookup.MutableHashTable`, ..."""

import functools
import uuid

from ..core import dtypes, shape as shapes
from ..core.collections import GraphKeys, add_to_collection
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.scopes import colocate_with, init_scope, name_scope
from ..core.sparse_tensor import SparseTensor
from ..core.trackable import SaveableObject, SaveSpec, Trackable
from ..variables.tracking import TrackableResource
from .initializing import eager_number, inside_control_flow


def table_name(handle):
    """The name of a table that is shown in name scopes: that of its operation without scopes; eagerly None."""
    return None if here.eager else handle.op.name.split("/")[-1]


@export("contrib.lookup.LookupInterface", "python.ops.lookup_ops.LookupInterface")
class LookupInterface(TrackableResource):
    """The base of tables.

    Args:
      key_dtype, value_dtype: the types of keys and values.
    """

    def __init__(self, key_dtype, value_dtype):
        self._key_dtype = dtypes.as_dtype(key_dtype)
        self._value_dtype = dtypes.as_dtype(value_dtype)
        super().__init__()

    def _create_resource(self):
        raise NotImplementedError

    key_dtype = property(lambda self: self._key_dtype)
    value_dtype = property(lambda self: self._value_dtype)

    @property
    def name(self):
        """The table's name."""
        raise NotImplementedError

    def size(self, name=None):
        """The number of keys, an int64 scalar."""
        raise NotImplementedError

    def lookup(self, keys, name=None):
        """The values of keys, the default value for those that it does not have."""
        raise NotImplementedError


@export("contrib.lookup.InitializableLookupTableBase", "python.ops.lookup_ops.InitializableLookupTableBase")
class InitializableLookupTableBase(LookupInterface):
    """The base of tables that are filled once.

    Args:
      default_value: a scalar: the value of keys that the table does not have.
      initializer: a `TableInitializerBase`.
    """

    def __init__(self, default_value, initializer):
        super().__init__(initializer.key_dtype, initializer.value_dtype)
        self._default_value = convert(default_value, self._value_dtype)
        self._default_value.shape.merge_with(shapes.TensorShape([]))
        if isinstance(initializer, Trackable):
            self._initializer = self._track_trackable(initializer, "_initializer")
        with init_scope():
            self._resource_handle = self._create_resource()
        if inside_control_flow():
            with init_scope():
                self._init_op = self._initialize()
        else:
            self._init_op = self._initialize()

    def _initialize(self):
        return self._initializer.initialize(self)

    default_value = property(lambda self: self._default_value)

    @property
    def initializer(self):
        """The operation that fills the table."""
        return self._init_op

    def size(self, name=None):
        """The number of keys, an int64 scalar."""
        with name_scope(name, "%s_Size" % self.name, [self.resource_handle]):
            return registry["LookupTableSizeV2"](self.resource_handle)

    def lookup(self, keys, name=None):
        """The values of keys.

        Args:
          keys: a tensor or `SparseTensor` of the type of the keys.
          name: the name scope of the node.

        Returns:
          A tensor or `SparseTensor` of values, the default value for keys that the table does not have.

        Raises:
          TypeError: the keys have another type.
        """
        values = keys.values if isinstance(keys, SparseTensor) else keys
        if keys.dtype.base_dtype != self._key_dtype:
            raise TypeError("Signature mismatch. Keys must be dtype %s, got %s." % (self._key_dtype, keys.dtype))
        with name_scope(name, "%s_Lookup" % self.name, (self.resource_handle, values, self._default_value)):
            found = registry["LookupTableFindV2"](self.resource_handle, values, self._default_value)
        found.set_shape(values.shape)
        return SparseTensor(keys.indices, found, keys.dense_shape) if isinstance(keys, SparseTensor) else found


@export("lookup.StaticHashTable", "compat.v2.lookup.StaticHashTable")
class StaticHashTable(InitializableLookupTableBase):
    """A table that is filled once.

    Args:
      initializer: a `KeyValueTensorInitializer`, `TextFileInitializer` or the like.
      default_value: a scalar: the value of keys that the table does not have.
      name: the name of the operation.
    """

    def __init__(self, initializer, default_value, name=None):
        self._initializer = initializer
        self._default_value = default_value
        self._shared_name = initializer._shared_name or "hash_table_%s" % uuid.uuid4()
        self._name = name or "hash_table"
        self._table_name = None
        super().__init__(default_value, initializer)
        self._value_shape = self._default_value.shape

    def _create_resource(self):
        handle = registry["HashTableV2"](shared_name=self._shared_name, key_dtype=self._initializer.key_dtype,
                                         value_dtype=self._initializer.value_dtype, name=self._name)  # fmt: skip
        self._table_name = table_name(handle)
        return handle

    name = property(lambda self: self._table_name)

    def export(self, name=None):
        """All keys and all values, two tensors."""
        with name_scope(name, "%s_Export" % self.name, [self.resource_handle]):
            keys, values = registry["LookupTableExportV2"](self.resource_handle, Tkeys=self._key_dtype, Tvalues=self._value_dtype)
        values.set_shape(keys.shape.concatenate(self._value_shape))
        return keys, values


@export("contrib.lookup.HashTable", "python.ops.lookup_ops.HashTable")
class HashTable(StaticHashTable):
    """`tf.lookup.StaticHashTable` under its old name.

    Args:
      initializer: a `KeyValueTensorInitializer`, `TextFileInitializer` or the like.
      default_value: a scalar: the value of keys that the table does not have.
      shared_name: a name under which sessions share the table.
      name: the name of the operation.
    """

    def __init__(self, initializer, default_value, shared_name=None, name="hash_table"):
        self._given_name = shared_name
        super().__init__(initializer, default_value, name=name)

    @property
    def init(self):
        """The operation that fills the table."""
        return self.initializer

    def _create_resource(self):
        if self._given_name:
            self._shared_name = self._given_name
        return super()._create_resource()


class _Saveable(SaveableObject):
    """What is saved of a mutable table: all its keys and values."""

    def __init__(self, table, name):
        keys, values = table.export()
        specs = [SaveSpec(keys, "", name + "-keys"), SaveSpec(values, "", name + "-values")]
        super().__init__(table, specs, name)

    def restore(self, restored_tensors, restored_shapes, name=None):
        with name_scope(name, "%s_table_restore" % self.name), colocate_with(self.op.resource_handle):
            return registry["LookupTableImportV2"](self.op.resource_handle, *restored_tensors)


class _Mutable(LookupInterface):
    """What tables share that change."""

    def _make(self, name, checkpoint):
        """Makes the table and lets it be saved if that is wanted."""
        self._name, self._checkpoint = name, checkpoint
        self._shared_name = "table_%d" % eager_number() if here.eager else None
        self._value_shape = self._default_value.shape
        self._resource_handle = self._create_resource()
        if checkpoint:
            saveable = _Saveable(self, name)
            if not here.eager:
                add_to_collection(GraphKeys.SAVEABLE_OBJECTS, saveable)

    def _gather_saveables_for_checkpoint(self):
        return {"table": functools.partial(_Saveable, table=self, name=self._name)}

    def _sharing(self):
        """The attributes that say under which name the table is kept."""
        return {
            "shared_name": self._shared_name or "",
            "use_node_name_sharing": self._checkpoint and self._shared_name is None,
        }

    name = property(lambda self: self._table_name)

    def _scope(self, name, what, values):
        return name_scope(name, "%s_%s" % (self.name, what), [self.resource_handle, *values])

    def size(self, name=None):
        """The number of keys, an int64 scalar."""
        with self._scope(name, "Size", []), colocate_with(self.resource_handle):
            return registry["LookupTableSizeV2"](self.resource_handle)

    def lookup(self, keys, name=None):
        """The values of keys.

        Args:
          keys: a tensor of keys.
          name: the name scope of the node.

        Returns:
          A tensor of values, the default value for keys that the table does not have.

        Raises:
          TypeError: the keys have another type.
        """
        with self._scope(name, "lookup_table_find", [keys]):
            keys = convert(keys, self._key_dtype, "keys")
            with colocate_with(self.resource_handle):
                values = registry["LookupTableFindV2"](self.resource_handle, keys, self._default_value)
        if keys.shape.ndims is not None and self._key_rank is not None:
            values.set_shape(keys.shape[: keys.shape.ndims - self._key_rank].concatenate(self._value_shape))
        return values

    _key_rank = 0

    def insert(self, keys, values, name=None):
        """Sets the values of keys; gives the operation that does it.

        Args:
          keys, values: tensors.
          name: the name scope of the node.

        Raises:
          TypeError: they have other types.
        """
        with self._scope(name, "lookup_table_insert", [keys, values]):
            keys, values = convert(keys, self._key_dtype, "keys"), convert(values, self._value_dtype, "values")
            with colocate_with(self.resource_handle):
                return registry["LookupTableInsertV2"](self.resource_handle, keys, values)

    def remove(self, keys, name=None):
        """Removes keys; gives the operation that does it.

        Args:
          keys: a tensor.
          name: the name scope of the node.

        Raises:
          TypeError: they have another type.
        """
        if keys.dtype != self._key_dtype:
            raise TypeError("Signature mismatch. Keys must be dtype %s, got %s." % (self._key_dtype, keys.dtype))
        with self._scope(name, "lookup_table_remove", [keys, self._default_value]):
            return registry["LookupTableRemoveV2"](self.resource_handle, keys)

    def export(self, name=None):
        """All keys and all values, two tensors."""
        with self._scope(name, "lookup_table_export_values", []), colocate_with(self.resource_handle):
            return tuple(registry["LookupTableExportV2"](self.resource_handle, Tkeys=self._key_dtype, Tvalues=self._value_dtype))


@export("contrib.lookup.MutableHashTable", "python.ops.lookup_ops.MutableHashTable")
class MutableHashTable(_Mutable):
    """A table that changes.

    Args:
      key_dtype, value_dtype: the types of keys and values.
      default_value: a scalar or vector: the value of keys that the table does not have; others have its shape.
      shared_name: a name under which sessions share the table.
      name: the name of the operation.
      checkpoint: whether it is saved with the variables.

    Raises:
      ValueError: it is to be saved eagerly and has no name.
    """

    def __init__(self, key_dtype, value_dtype, default_value, shared_name=None, name="MutableHashTable", checkpoint=True):
        self._default_value = convert(default_value, value_dtype)
        self._given_name = shared_name
        super().__init__(key_dtype, value_dtype)
        self._make(name, checkpoint)

    def _create_resource(self):
        if self._given_name:
            self._shared_name = self._given_name
        attrs = dict(self._sharing(), key_dtype=self._key_dtype, value_dtype=self._value_dtype, name=self._name)
        if self._default_value.shape.ndims == 0:
            handle = registry["MutableHashTableV2"](**attrs)
        else:
            handle = registry["MutableHashTableOfTensorsV2"](value_shape=self._default_value.shape, **attrs)
        self._table_name = table_name(handle)
        return handle


@export("lookup.experimental.DenseHashTable", "contrib.lookup.MutableDenseHashTable", "python.ops.lookup_ops.DenseHashTable")
class DenseHashTable(_Mutable):
    """A table that changes, whose keys may be vectors.

    Args:
      key_dtype, value_dtype: the types of keys and values.
      default_value: a scalar or vector: the value of keys that the table does not have; others have its shape.
      empty_key, deleted_key: two keys that are never used; others have their shape.
      initial_num_buckets: a power of 2; no size bounds the table.
      name: the name of the operation.
      checkpoint: whether it is saved with the variables.
    """

    def __init__(self, key_dtype, value_dtype, default_value, empty_key, deleted_key, initial_num_buckets=None,
                 name="MutableDenseHashTable", checkpoint=True):  # fmt: skip
        self._default_value = convert(default_value, value_dtype, "default_value")
        self._initial_num_buckets = initial_num_buckets
        self._empty_key = convert(empty_key, key_dtype, "empty_key")
        self._deleted_key = convert(deleted_key, key_dtype, "deleted_key")
        self._key_rank = self._empty_key.shape.ndims
        super().__init__(key_dtype, value_dtype)
        self._make(name, checkpoint)

    def _create_resource(self):
        attrs = self._sharing()
        if self._initial_num_buckets is not None:
            attrs["initial_num_buckets"] = self._initial_num_buckets
        handle = registry["MutableDenseHashTableV2"](self._empty_key, self._deleted_key, value_dtype=self._value_dtype,
                                                     value_shape=self._value_shape, name=self._name, **attrs)  # fmt: skip
        self._table_name = table_name(handle)
        return handle

    def insert_or_assign(self, keys, values, name=None):
        """The same as `insert`."""
        return self.insert(keys, values, name)

    def erase(self, keys, name=None):
        """The same as `remove`."""
        return self.remove(keys, name)
