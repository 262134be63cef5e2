"""Vocabularies: tables from words to numbers with buckets for other words, and back."""

import collections
import functools

from ..core import compat, dtypes
from ..core.convert import convert
from ..core.export import export, public as tf
from ..core.scopes import name_scope
from ..core.sparse_tensor import SparseTensor
from ..core.static_values import constant_value
from ..core.tensor import Tensor
from ..ops.flow import no_op
from ..ops.lookup_state import LINE_NUMBER, WHOLE_LINE
from ..ops.where import where_v2
from .initializing import KeyValueTensorInitializer, TextFileIdTableInitializer, TextFileStringTableInitializer
from .tables import HashTable, LookupInterface, StaticHashTable


@export("contrib.lookup.HasherSpec", "python.ops.lookup_ops.HasherSpec")
class HasherSpec(collections.namedtuple("HasherSpec", ["hasher", "key"])):
    """How words get into buckets: the kind of hash function, and its key.

    `hasher` is "fasthash", "legacy" or "stronghash".
    """

    __slots__ = ()


FastHashSpec = HasherSpec("fasthash", None)
export("contrib.lookup.FastHashSpec", "python.ops.lookup_ops.FastHashSpec")(FastHashSpec)


@export("contrib.lookup.StrongHashSpec", "python.ops.lookup_ops.StrongHashSpec")
class StrongHashSpec(HasherSpec):
    """A hash function with a key, a pair of integers, that nobody who does not know it can predict."""

    __slots__ = ()

    def __new__(cls, key):
        if len(key) != 2:
            raise ValueError("key must have size 2, got %s." % len(key))
        if not all(isinstance(k, compat.integral_types) for k in key):
            raise TypeError("Invalid key %s. Must be unsigned integer values." % key)
        return HasherSpec.__new__(cls, "stronghash", key)


def _hash_function(spec):
    if not isinstance(spec, HasherSpec):
        raise TypeError("hasher_spec must be of type HasherSpec %s" % spec)
    if spec.hasher == "fasthash":
        return tf.string_to_hash_bucket_fast
    if spec.hasher == "legacy":
        return tf.string_to_hash_bucket
    if spec.hasher == "stronghash":
        return functools.partial(tf.string_to_hash_bucket_strong, key=spec.key)
    raise ValueError("Unknown hasher %s" % spec.hasher)


def _check_key_types(of_table, value_dtype, key_dtype):
    supported = (dtypes.int64, dtypes.string)
    if of_table not in supported:
        raise TypeError("Invalid key dtype, expected one of %s, but got %s." % (supported, key_dtype))
    if of_table.is_integer != key_dtype.is_integer:
        raise TypeError("Invalid key dtype, expected %s but got %s."
                        % ("integer" if key_dtype.is_integer else "non-integer", of_table))  # fmt: skip
    if value_dtype != dtypes.int64:
        raise TypeError("Invalid value dtype, expected %s but got %s." % (dtypes.int64, value_dtype))


class _WithBuckets(LookupInterface):
    """A table of words, or none, and buckets for those that it does not have."""

    _hasher_spec = FastHashSpec

    def _set_up(self, table, num_oov_buckets, key_dtype, name):
        if not key_dtype.is_integer and dtypes.string != key_dtype:
            raise TypeError("Invalid key_dtype, expected integer or string, got %s." % key_dtype)
        self._num_oov_buckets = num_oov_buckets
        self._table_name = name.split("/")[-1] if name else None
        LookupInterface.__init__(self, key_dtype, dtypes.int64)

    def _create_resource(self):
        return self._table._create_resource() if self._table is not None else None

    def _initialize(self):
        if self._table is not None:
            return self._table._initialize()
        with name_scope(None, "init"):
            return no_op()

    @property
    def initializer(self):
        """The operation that fills the table."""
        if self._table is not None:
            return self._table._init_op
        with name_scope(None, "init"):
            return no_op()

    @property
    def resource_handle(self):
        return self._table.resource_handle if self._table is not None else None

    name = property(lambda self: self._table_name)

    def size(self, name=None):
        """The number of words and buckets, an int64 scalar."""
        with name_scope(name, "%s_Size" % self.name):
            words = self._table.size() if self._table else convert(0, dtypes.int64)
            return words + self._num_oov_buckets

    def lookup(self, keys, name=None):
        """The numbers of words; those of words that the table does not have are those of buckets, behind all others.

        Args:
          keys: a tensor or `SparseTensor`.
          name: the name scope of the nodes.

        Returns:
          An int64 tensor or `SparseTensor`.

        Raises:
          TypeError: the keys have another type.
        """
        if keys.dtype.base_dtype != self._key_dtype:
            raise TypeError("Signature mismatch. Keys must be dtype %s, got %s." % (self._key_dtype, keys.dtype))
        values = keys.values if isinstance(keys, SparseTensor) else keys
        if self._table and self._table.key_dtype.base_dtype == dtypes.int64:
            values = tf.cast(values, dtypes.int64)
        if self._num_oov_buckets == 0:
            ids = self._table.lookup(values, name=name)
        else:
            with name_scope(name, "%s_Lookup" % self.name):
                ids = self._with_buckets(values)
        return SparseTensor(keys.indices, ids, keys.dense_shape) if isinstance(keys, SparseTensor) else ids

    def _with_buckets(self, values):
        hash_bucket = _hash_function(self._hasher_spec)
        words = values if values.dtype.base_dtype == dtypes.string else tf.as_string(values)
        buckets = hash_bucket(words, num_buckets=self._num_oov_buckets, name="hash_bucket")
        if not self._table:
            return buckets
        ids = self._table.lookup(values)
        buckets = tf.add(buckets, self._table.size())
        return where_v2(tf.not_equal(ids, self._table.default_value), ids, buckets)


@export("contrib.lookup.IdTableWithHashBuckets", "python.ops.lookup_ops.IdTableWithHashBuckets")
class IdTableWithHashBuckets(_WithBuckets):
    """A table of words and buckets for those that it does not have.

    Args:
      table: a table to int64, or None.
      num_oov_buckets: the number of buckets.
      hasher_spec: a `HasherSpec`.
      name: the name of the table.
      key_dtype: the type of the keys; by default that of the table.

    Raises:
      ValueError: there is no table and no bucket.
      TypeError: types don't fit.
    """

    def __init__(self, table, num_oov_buckets, hasher_spec=FastHashSpec, name=None, key_dtype=None):
        name = name.rstrip("/") if name else name
        if table:
            key_dtype = table.key_dtype if key_dtype is None else key_dtype
            _check_key_types(table.key_dtype, table.value_dtype, key_dtype)
            self._table, name = table, name or table.name
        else:
            if num_oov_buckets <= 0:
                raise ValueError("oov_buckets must be > 0 if no table is supplied.")
            key_dtype = dtypes.string if key_dtype is None else key_dtype
            self._table, name = None, name or "hash_bucket"
        if not isinstance(hasher_spec, HasherSpec):
            raise TypeError("hasher_spec must be of type HasherSpec, got %s" % hasher_spec)
        self._hasher_spec = hasher_spec
        self._set_up(table, num_oov_buckets, key_dtype, name)

    @property
    def init(self):
        """The operation that fills the table."""
        return self.initializer


@export("lookup.StaticVocabularyTable", "compat.v2.lookup.StaticVocabularyTable")
class StaticVocabularyTable(_WithBuckets):
    """A vocabulary that is filled once, with buckets for words that it does not have.

    Args:
      initializer: what fills it, or None if there are buckets only.
      num_oov_buckets: the number of buckets.
      lookup_key_dtype: the type of the keys; by default that of the initializer.
      name: the name of the table.

    Raises:
      ValueError: there are no buckets.
      TypeError: types don't fit.
    """

    def __init__(self, initializer, num_oov_buckets, lookup_key_dtype=None, name=None):
        if num_oov_buckets <= 0:
            raise ValueError("oov_buckets must be > 0.")
        name = name.rstrip("/") if name else name
        if initializer:
            lookup_key_dtype = initializer.key_dtype if lookup_key_dtype is None else lookup_key_dtype
            _check_key_types(initializer.key_dtype, initializer.value_dtype, lookup_key_dtype)
            self._table = HashTable(initializer, default_value=-1, name=None)
            name = name or self._table.name
        else:
            lookup_key_dtype, self._table, name = dtypes.string, None, name or "hash_bucket"
        self._set_up(self._table, num_oov_buckets, lookup_key_dtype, name)


# -------------------------------------------------------------------------------------------------------------- functions


def _check_file(vocabulary_file, vocab_size, message):
    if vocabulary_file is None or isinstance(vocabulary_file, str | bytes) and not vocabulary_file:
        raise ValueError("vocabulary_file must be specified and must not be empty.")
    if vocab_size is not None and vocab_size < 1:
        raise ValueError(message())


def _check_buckets(num_oov_buckets):
    if num_oov_buckets < 0:
        raise ValueError("num_oov_buckets must be greater or equal than 0, got %d." % num_oov_buckets)


@export("contrib.lookup.index_table_from_file", "python.ops.lookup_ops.index_table_from_file")
def index_table_from_file(vocabulary_file=None, num_oov_buckets=0, vocab_size=None, default_value=-1, hasher_spec=FastHashSpec,
                          key_dtype=dtypes.string, name=None, key_column_index=WHOLE_LINE, value_column_index=LINE_NUMBER,
                          delimiter="\t"):  # fmt: skip
    """A table from words to numbers, from a file with a word in each line.

    Args:
      vocabulary_file: the file, a string or a tensor.
      num_oov_buckets: the number of buckets for other words.
      vocab_size: how many lines are read; by default all.
      default_value: the number of other words if there are no buckets.
      hasher_spec: how words get into buckets.
      key_dtype: string or a type of integers.
      name: the name scope.
      key_column_index, value_column_index: columns of the file, or one of `TextFileIndex`.
      delimiter: what separates columns.

    Raises:
      ValueError: there is no file, or a number is out of range.
      TypeError: the keys are neither strings nor integers.
    """
    _check_buckets(0 if vocabulary_file is None else num_oov_buckets)

    def message():
        shown = (constant_value(vocabulary_file) or "?") if isinstance(vocabulary_file, Tensor) else vocabulary_file
        return "vocab_size must be greater than 0, got %d. vocabulary_file: %s" % (vocab_size, shown)

    _check_file(vocabulary_file, vocab_size, message)
    if not key_dtype.is_integer and dtypes.string != key_dtype.base_dtype:
        raise TypeError("Only integer and string keys are supported.")
    with name_scope(name, "string_to_index"):
        with name_scope(None, "hash_table"):
            of_table = dtypes.int64 if key_dtype.is_integer else key_dtype
            init = TextFileIdTableInitializer(vocabulary_file, key_column_index, value_column_index, vocab_size, delimiter,
                                              name="table_init", key_dtype=of_table)  # fmt: skip
            table = StaticHashTable(init, default_value)
        if num_oov_buckets:
            table = IdTableWithHashBuckets(table, num_oov_buckets, hasher_spec, key_dtype=key_dtype)
        return table


def _index_table(vocabulary_list, num_oov_buckets, default_value, hasher_spec, dtype, name):
    _check_buckets(num_oov_buckets)
    if not dtype.is_integer and dtypes.string != dtype.base_dtype:
        raise TypeError("Only integer and string keys are supported.")
    with name_scope(name, "string_to_index"):
        keys = convert(vocabulary_list)
        if keys.dtype.is_integer != dtype.is_integer:
            raise ValueError("Expected %s, got %s." % ("integer" if dtype.is_integer else "non-integer", keys.dtype))
        if not dtype.is_integer and keys.dtype.base_dtype != dtype:
            raise ValueError("Expected %s, got %s." % (dtype, keys.dtype))
        values = tf.cast(tf.range(tf.size(keys)), dtypes.int64)
        with name_scope(None, "hash_table"):
            keys = tf.cast(keys, dtypes.int64) if keys.dtype.is_integer else keys
            init = KeyValueTensorInitializer(keys, values, keys.dtype.base_dtype, dtypes.int64, name="table_init")
            table = StaticHashTable(init, default_value)
        if num_oov_buckets:
            table = IdTableWithHashBuckets(table, num_oov_buckets, hasher_spec, key_dtype=dtype)
        return table


@export("python.ops.lookup_ops.index_table_from_tensor")
def index_table_from_vocabulary_list(vocabulary_list, num_oov_buckets=0, default_value=-1, hasher_spec=FastHashSpec,
                                     dtype=dtypes.string, name=None):  # fmt: skip
    """`index_table_from_tensor`, whose first argument is `vocabulary_list` here."""
    if vocabulary_list is None:
        raise ValueError("vocabulary_list must be specified.")
    return _index_table(vocabulary_list, num_oov_buckets, default_value, hasher_spec, dtype, name)


@export("contrib.lookup.index_table_from_tensor")
def index_table_from_tensor(mapping, num_oov_buckets=0, default_value=-1, hasher_spec=FastHashSpec, dtype=dtypes.string,
                            name=None):  # fmt: skip
    """A table from words to their numbers in a vector.

    Args:
      mapping: a vector of words.
      num_oov_buckets: the number of buckets for other words.
      default_value: the number of other words if there are no buckets.
      hasher_spec: how words get into buckets.
      dtype: string or a type of integers.
      name: the name scope.

    Raises:
      ValueError: there are no words, or they have another type, or `num_oov_buckets` is negative.
      TypeError: `dtype` is neither string nor integer.
    """
    if mapping is None:
        raise ValueError("mapping must be specified.")
    return _index_table(mapping, num_oov_buckets, default_value, hasher_spec, dtype, name)


@export("contrib.lookup.string_to_index_table_from_file")
def string_to_index_table_from_file(vocabulary_file=None, num_oov_buckets=0, vocab_size=None, default_value=-1,
                                    hasher_spec=FastHashSpec, name=None):  # fmt: skip
    """An old name of `index_table_from_file`."""
    return index_table_from_file(vocabulary_file, num_oov_buckets, vocab_size, default_value, hasher_spec, name=name)


@export("contrib.lookup.string_to_index_table_from_tensor")
def string_to_index_table_from_tensor(mapping, num_oov_buckets=0, default_value=-1, hasher_spec=FastHashSpec, name=None):
    """An old name of `index_table_from_tensor`."""
    with name_scope(name, "string_to_index") as scope:
        mapping = convert(mapping)
    if dtypes.string != mapping.dtype.base_dtype:
        raise ValueError("string_to_index_table_from_tensor requires string.")
    return index_table_from_tensor(mapping, num_oov_buckets, default_value, hasher_spec, name=scope)


@export("contrib.lookup.index_to_string_table_from_file", "python.ops.lookup_ops.index_to_string_table_from_file")
def index_to_string_table_from_file(vocabulary_file, vocab_size=None, default_value="UNK", name=None, key_column_index=LINE_NUMBER,
                                    value_column_index=WHOLE_LINE, delimiter="\t"):  # fmt: skip
    """A table from numbers to words, from a file with a word in each line.

    Args:
      vocabulary_file: the file, a string or a tensor.
      vocab_size: how many lines are read; by default all.
      default_value: the word of other numbers.
      name: the name scope.
      key_column_index, value_column_index: columns of the file, or one of `TextFileIndex`.
      delimiter: what separates columns.

    Raises:
      ValueError: there is no file, or a number is out of range.
    """
    _check_file(vocabulary_file, vocab_size, lambda: "vocab_size must be greater than 0, got %d." % vocab_size)
    with name_scope(name, "index_to_string"):
        init = TextFileStringTableInitializer(vocabulary_file, key_column_index, value_column_index, vocab_size, delimiter,
                                              name="table_init")  # fmt: skip
        return StaticHashTable(init, default_value)


def _string_table(vocabulary_list, default_value, name):
    with name_scope(name, "index_to_string"):
        words = convert(vocabulary_list, dtypes.string)
        keys = tf.cast(tf.range(tf.size(words)), dtypes.int64)
        init = KeyValueTensorInitializer(keys, words, dtypes.int64, dtypes.string, name="table_init")
        return StaticHashTable(init, default_value)


@export("python.ops.lookup_ops.index_to_string_table_from_tensor")
def index_to_string_table_from_vocabulary_list(vocabulary_list, default_value="UNK", name=None):
    """`index_to_string_table_from_tensor`, whose first argument is `vocabulary_list` here."""
    if vocabulary_list is None:
        raise ValueError("vocabulary_list must be specified.")
    return _string_table(vocabulary_list, default_value, name)


@export("contrib.lookup.index_to_string_table_from_tensor")
def index_to_string_table_from_tensor(mapping, default_value="UNK", name=None):
    """A table from numbers to the words of a vector.

    Args:
      mapping: a vector of strings.
      default_value: the word of other numbers.
      name: the name scope.

    Raises:
      ValueError: there are no words.
    """
    if mapping is None:
        raise ValueError("mapping must be specified.")
    return _string_table(mapping, default_value, name)


@export("contrib.lookup.string_to_index")
def string_to_index(tensor, mapping, default_value=-1, name=None):
    """The numbers of strings in a vector of strings; the table must be initialized before.

    Args:
      tensor: a string tensor.
      mapping: a vector of words.
      default_value: the number of other words.
      name: the name scope.
    """
    return index_table_from_tensor(mapping, default_value=default_value, name=name).lookup(tensor)


@export("contrib.lookup.index_to_string")
def index_to_string(tensor, mapping, default_value="UNK", name=None):
    """The strings in a vector with these numbers; the table must be initialized before.

    Args:
      tensor: an int64 tensor.
      mapping: a vector of words.
      default_value: the word of other numbers.
      name: the name scope.
    """
    return index_to_string_table_from_tensor(mapping, default_value, name).lookup(tensor)
