"""`tf.RaggedTensor`: what it is made of, and what it becomes; its operators and indexing are in dispatching.py and indexing.py."""

from ..core import dtypes, shape as shapes
from ..core.convert import convert, register_tensor_conversion_function
from ..core.export import export, public as tf
from ..core.scopes import name_scope
from ..core.tensor import EagerTensor, Tensor, default_session
from ..run.fetches import register_session_run_conversion_functions
from .converting import Converting
from .making import of_value
from .rows import AUTO_CAST, SPLITS, positive_axis, row_splits_to_segment_ids
from .value import RaggedTensorValue

MISMATCH = "%s have mismatched row_splits dtypes; use RaggedTensor.with_row_splits_dtype() to convert them to compatible dtypes."


@export("RaggedTensor")
class RaggedTensor(Converting):
    """A tensor with rows of different lengths, made by `tf.ragged.constant` or by one of the `from_...` methods.

    Attributes:
      values: a tensor or a `RaggedTensor`: the values of all rows, one after another.
      row_splits: a vector of int32 or int64: row `i` is `values[row_splits[i]:row_splits[i + 1]]`.
    """

    is_tensor_like = True

    def __init__(self, values, row_splits, cached_row_lengths=None, cached_value_rowids=None, cached_nrows=None, internal=False):
        if not internal:
            raise ValueError("RaggedTensor constructor is private; please use one of the factory methods instead (e.g., "
                             "RaggedTensor.from_row_lengths())")  # fmt: skip
        if not isinstance(row_splits, Tensor):
            raise TypeError("Row-partitioning argument must be a Tensor, got %r" % (row_splits,))
        if not isinstance(values, RaggedTensor | Tensor):
            raise TypeError("values must be a Tensor or RaggedTensor, got %r" % (values,))
        if row_splits.dtype not in SPLITS:
            raise ValueError("Row-partitioning argument must be int32 or int64")
        row_splits.shape.assert_has_rank(1)
        values.shape.with_rank_at_least(1)
        row_splits.set_shape([None])
        if isinstance(values, RaggedTensor):
            assert row_splits.dtype == values.row_splits.dtype
        for tensor in (cached_row_lengths, cached_value_rowids, cached_nrows):
            if tensor is not None and not isinstance(tensor, Tensor):
                raise TypeError("Cached value must be a Tensor or None.")
            if tensor is not None and tensor.dtype not in SPLITS:
                raise TypeError("Cached value must be int32 or int64.")
        self._values, self._row_splits = values, row_splits
        self._row_lengths, self._value_rowids, self._nrows = cached_row_lengths, cached_value_rowids, cached_nrows

    # ------------------------------------------------------------------------------------------------------ properties

    values = property(lambda self: self._values)
    row_splits = property(lambda self: self._row_splits)
    dtype = property(lambda self: self._values.dtype)

    @property
    def shape(self):
        """The static shape; ragged dimensions are None."""
        splits, rest = self._row_splits.shape.as_list()[0], self._values.shape[1:]
        return shapes.TensorShape([None if splits is None else splits - 1, None]).concatenate(rest)

    def get_shape(self):
        return self.shape

    @property
    def ragged_rank(self):
        """The number of ragged dimensions."""
        return len(self.nested_row_splits)

    @property
    def flat_values(self):
        """The innermost values, a tensor."""
        values = self._values
        return values.flat_values if isinstance(values, RaggedTensor) else values

    @property
    def nested_row_splits(self):
        """The row splits of all ragged dimensions, a tuple from the outermost one."""
        return tuple([rt._row_splits for rt in self._dimensions()])

    def _dimensions(self):
        """This ragged tensor, its values, their values, as long as they are ragged."""
        rt = self
        while isinstance(rt, RaggedTensor):
            yield rt
            rt = rt._values

    # -------------------------------------------------------------------------------------------------- rows in numbers

    def value_rowids(self, name=None):
        """For each value the number of its row."""
        if self._value_rowids is not None:
            return self._value_rowids
        with name_scope(name, "RaggedValueRowIds", [self]):
            return row_splits_to_segment_ids(self._row_splits)

    def nested_value_rowids(self, name=None):
        """The row numbers of all ragged dimensions, a tuple from the outermost one."""
        with name_scope(name, "RaggedNestedValueRowIds", [self]):
            return tuple([rt.value_rowids() for rt in self._dimensions()])

    def nrows(self, out_type=None, name=None):
        """The number of rows, of the row splits' type by default."""
        out_type = self._row_splits.dtype if out_type is None else dtypes.as_dtype(out_type)
        if self._nrows is not None:
            return tf.cast(self._nrows, out_type)
        with name_scope(name, "RaggedNRows", [self]):
            return tf.shape(self._row_splits, out_type=out_type)[0] - 1

    def row_starts(self, name=None):
        """Where rows begin among the values."""
        with name_scope(name, "RaggedRowStarts", [self]):
            return self._row_splits[:-1]

    def row_limits(self, name=None):
        """Where rows end among the values."""
        with name_scope(name, "RaggedRowLimits", [self]):
            return self._row_splits[1:]

    def row_lengths(self, axis=1, name=None):
        """The lengths of the rows: a vector, or for an axis further in a ragged tensor."""
        if self._row_lengths is not None:
            return self._row_lengths
        with name_scope(name, "RaggedRowLengths", [self]):
            axis = positive_axis(axis, self.shape.ndims)
            if axis == 0:
                return self.nrows()
            if axis == 1:
                return self._row_splits[1:] - self._row_splits[:-1]
            if isinstance(self._values, RaggedTensor):
                return self.with_values(self._values.row_lengths(axis - 1))
            shape = tf.shape(self._values, out_type=self._row_splits.dtype)
            return self.with_values(tf.ones(shape[: axis - 1], self._row_splits.dtype) * shape[axis - 1])

    def nested_row_lengths(self, name=None):
        """The row lengths of all ragged dimensions, a tuple from the outermost one."""
        with name_scope(name, "RaggedNestedRowLengths", [self]):
            return tuple([rt.row_lengths() for rt in self._dimensions()])

    def bounding_shape(self, axis=None, name=None, out_type=None):
        """The shape of the smallest tensor that has room for all: a vector, or what it has at `axis`."""
        out_type = self._row_splits.dtype if out_type is None else dtypes.as_dtype(out_type)
        with name_scope(name, "RaggedBoundingBox", [self, axis]):
            splits = self.nested_row_splits
            if isinstance(axis, int) and axis == 0:
                return tf.shape(splits[0], out_type=out_type)[0] - 1
            if isinstance(axis, int) and axis == 1:
                return tf.maximum(tf.reduce_max(self.row_lengths()), 0)
            of_splits = tf.shape(self._row_splits, out_type=out_type)
            of_values = tf.shape(self.flat_values, out_type=out_type)
            outer = tf.stack([of_splits[0] - 1, *[tf.maximum(tf.reduce_max(s[1:] - s[:-1]), 0) for s in splits]])
            box = tf.concat([outer, of_values[1:]], axis=0)
            return box if axis is None else tf.gather(box, axis)

    # ----------------------------------------------------------------------------------------------- others of its kind

    def with_values(self, new_values):
        """Other values in the same rows."""
        new_values.shape.with_rank_at_least(1)
        self._values.shape[:1].assert_is_compatible_with(new_values.shape[:1])
        if isinstance(new_values, RaggedTensor) and new_values.row_splits.dtype != self._row_splits.dtype:
            if not AUTO_CAST:
                raise ValueError(MISMATCH % "self and new_values")
            return self.with_row_splits_dtype(dtypes.int64).with_values(new_values.with_row_splits_dtype(dtypes.int64))
        return RaggedTensor(new_values, self._row_splits, self._row_lengths, self._value_rowids, self._nrows, internal=True)

    def with_flat_values(self, new_values):
        """Other innermost values in the same rows."""
        if isinstance(self._values, RaggedTensor):
            new_values = self._values.with_flat_values(new_values)
        return self.with_values(new_values)

    def with_row_splits_dtype(self, dtype):
        """The same with row splits of another type, int32 or int64."""
        dtype = dtypes.as_dtype(dtype)
        if dtype not in SPLITS:
            raise ValueError("dtype must be int32 or int64")
        if self._row_splits.dtype == dtype:
            return self
        splits = tf.cast(self._row_splits, dtype)
        values = self._values.with_row_splits_dtype(dtype) if isinstance(self._values, RaggedTensor) else self._values
        cached = [None if t is None else tf.cast(t, dtype) for t in (self._row_lengths, self._value_rowids, self._nrows)]
        return RaggedTensor(values, splits, *cached, internal=True)

    def to_list(self):
        """The rows as nested lists; eagerly only."""
        if not self._is_eager():
            raise ValueError("RaggedTensor.to_list() is only supported in eager mode; in graph mode, evaluate the RaggedTensor "
                             "first and then use RaggedTensorValue.to_list().")  # fmt: skip
        return self._as_ragged_value().to_list()

    def _is_eager(self):
        return all(isinstance(t, EagerTensor) for t in self._nest_parts())

    def _as_ragged_value(self):
        return _value_of([t.numpy() for t in _parts(self)])

    def eval(self, feed_dict=None, session=None):
        """Runs the graph for the value of this tensor, a `RaggedTensorValue`."""
        return default_session(self.flat_values.graph, session, "evaluate tensor", "eval()").run(self, feed_dict)

    def _shape_invariant_to_type_spec(self, shape):
        """The spec of a loop variable that keeps a shape."""
        return type(self._type_spec)(shape, self.dtype, self.ragged_rank, self._row_splits.dtype)

    def consumers(self):
        """The operations that use one of the parts."""
        return [op for part in self._nest_parts() for op in part.consumers()]

    def _as_graph_element(self):
        return self.flat_values

    def _nest_parts(self):
        return [self.flat_values, *self.nested_row_splits]

    def _nest_rebuild(self, parts):
        result, *splits = parts
        for s in reversed(splits):
            result = RaggedTensor(result, s, internal=True)
        return result

    def __repr__(self):
        if self._is_eager():
            return "<tf.RaggedTensor %s>" % self.to_list()
        return "tf.RaggedTensor(values=%s, row_splits=%s)" % (self._values, self._row_splits)

    @staticmethod
    def _override_operator(operator, func):
        setattr(RaggedTensor, operator, func)


def is_ragged(value):
    return isinstance(value, RaggedTensor | RaggedTensorValue)


# --------------------------------------------------------------------------------------------------- common to functions


def to_tensor_or_ragged(value, dtype=None, name=None, preferred=None):
    """A value as a tensor, or as a `RaggedTensor` if it is ragged.

    Raises:
      ValueError: a ragged tensor has another type than `dtype`.
    """
    if isinstance(value, RaggedTensor):
        if dtype is not None and not dtype.is_compatible_with(value.dtype):
            raise ValueError("Tensor conversion requested dtype %s for RaggedTensor with dtype %s: %r"
                             % (dtype.name, value.dtype.name, value))  # fmt: skip
        return value
    if isinstance(value, RaggedTensorValue):
        return of_value(value, dtype, preferred)
    return convert(value, dtype, name, preferred=preferred)


def common_splits_type(*tensors):
    """The type of row splits that ragged ones among the tensors have in common, and the tensors with it.

    Raises:
      ValueError: the types differ.
    """
    found = {t.row_splits.dtype for t in tensors if isinstance(t, RaggedTensor)}
    if len(found) < 2:
        return (*found, dtypes.int64)[0], tensors
    if not AUTO_CAST:
        raise ValueError(MISMATCH % "Input RaggedTensors")
    return dtypes.int64, tuple([t.with_row_splits_dtype(dtypes.int64) if isinstance(t, RaggedTensor) else t for t in tensors])


def match_splits_types(*tensors):
    """The tensors, the ragged ones with row splits of one type."""
    return common_splits_type(*tensors)[1]


# ------------------------------------------------------------------------------------------------------ fetch and feed


def _value_of(parts):
    """The `RaggedTensorValue` of row splits and flat values."""
    *splits, value = parts
    for s in reversed(splits):
        value = RaggedTensorValue(value, s)
    return value


def _parts(rt):
    return [*rt.nested_row_splits, rt.flat_values]


register_session_run_conversion_functions(
    RaggedTensor,
    lambda rt: (_parts(rt), _value_of),
    lambda key, value: list(zip(_parts(key), _parts(value))),
    _parts,
)


class _NoTensor:
    """The text of the error when a ragged tensor is to become a tensor.

    It has all elements, and is made when it is asked for: functions that have a version for ragged tensors come by here.
    """

    def __init__(self, value):
        self._value = value

    def __str__(self):
        value = self._value
        text = "Failed to convert object of type %s to Tensor. Contents: %s. Consider casting elements to a supported type."
        return text % (type(value), value)


def _no_tensor(value, dtype=None, name=None, as_ref=False):
    raise TypeError(_NoTensor(value))


register_tensor_conversion_function(RaggedTensor, _no_tensor)
