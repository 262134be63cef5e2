"""`tf.SparseTensor` and its value outside graphs; the ops on sparse tensors stand in ops/sparse.py."""

import collections

import numpy as np

from . import dtypes, known, shape as shapes
from .convert import convert
from .export import export
from .scopes import name_scope
from .tensor import default_session
from .tensor_spec import TensorSpec
from .type_spec import CompositeSpec, register_values

SparseTensorValue = collections.namedtuple("SparseTensorValue", ["indices", "values", "dense_shape"])
export("SparseTensorValue", "sparse.SparseTensorValue")(SparseTensorValue)


@export("SparseTensor", "sparse.SparseTensor")
class SparseTensor:
    """A tensor given by its non-zero elements.

    Args:
      indices: an int64 tensor of shape `[N, rank]`: where the elements are.
      values: a tensor of shape `[N]`: the elements.
      dense_shape: an int64 tensor of shape `[rank]`: the shape of the whole.

    Raises:
      ValueError: the shapes of the three don't fit together.
    """

    is_tensor_like = True

    def __init__(self, indices, values, dense_shape):
        with name_scope(None, "SparseTensor", [indices, values, dense_shape]):
            self._indices = convert(indices, dtypes.int64, "indices")
            self._values = convert(values, None, "values")
            self._dense_shape = convert(dense_shape, dtypes.int64, "dense_shape")
        indices_shape = self._indices.shape.with_rank(2)
        indices_shape[0].merge_with(self._values.shape.with_rank(1)[0])
        indices_shape[1].merge_with(self._dense_shape.shape.with_rank(1)[0])

    @classmethod
    def from_value(cls, sparse_tensor_value):
        """A `SparseTensor` from a `SparseTensorValue` (or another one).

        Raises:
          TypeError: the value is neither.
        """
        if not isinstance(sparse_tensor_value, SparseTensor | SparseTensorValue):
            raise TypeError("Neither a SparseTensor nor SparseTensorValue: %s." % (sparse_tensor_value,))
        return cls(sparse_tensor_value.indices, sparse_tensor_value.values, sparse_tensor_value.dense_shape)

    indices = property(lambda self: self._indices)
    values = property(lambda self: self._values)
    dense_shape = property(lambda self: self._dense_shape)

    @property
    def shape(self):
        """The static `TensorShape` of the whole."""
        return shapes.TensorShape(known.partial_shape(self._dense_shape))

    def get_shape(self):
        return self.shape

    @property
    def dtype(self):
        return self._values.dtype

    @property
    def op(self):
        return self._values.op

    @property
    def graph(self):
        return self._indices.graph

    def consumers(self):
        return self._values.consumers()

    def eval(self, feed_dict=None, session=None):
        """Runs the graph for the value of this tensor, a `SparseTensorValue`."""
        return default_session(self.graph, session, "evaluate tensor", "eval()").run(self, feed_dict)

    def __str__(self):
        return "SparseTensor(indices=%s, values=%s, dense_shape=%s)" % (self._indices, self._values, self._dense_shape)

    def _nest_parts(self):
        return [self._indices, self._values, self._dense_shape]

    def _nest_rebuild(self, parts):
        return SparseTensor(*parts)

    @property
    def _type_spec(self):
        return SparseTensorSpec.from_value(self)

    def _shape_invariant_to_type_spec(self, shape):
        """The spec of a loop variable with an invariant, which is the shape of `dense_shape`."""
        rank = shape._dims[0] if shape.ndims else None
        return SparseTensorSpec(None if rank is None else [None] * rank, self.dtype)

    @staticmethod
    def _override_operator(operator, func):
        setattr(SparseTensor, operator, func)


@export("SparseTensorSpec")
class SparseTensorSpec(CompositeSpec):
    """The shape and type of a sparse tensor.

    Args:
      shape: the shape of the whole, possibly unknown in parts.
      dtype: the type of the elements.
    """

    __slots__ = ("_shape", "_dtype")
    value_type = SparseTensor

    def __init__(self, shape=None, dtype=dtypes.float32):
        self._shape = shapes.as_shape(shape)
        self._dtype = dtypes.as_dtype(dtype)

    @classmethod
    def from_value(cls, value):
        """The spec of a sparse tensor, or of a `SparseTensorValue`."""
        if isinstance(value, SparseTensorValue):
            value = SparseTensor.from_value(value)
        if not isinstance(value, SparseTensor):
            raise TypeError("Expected SparseTensor or SparseTensorValue")
        return cls(value.shape, value.dtype)

    shape = property(lambda self: self._shape)
    dtype = property(lambda self: self._dtype)

    def _serialize(self):
        return self._shape, self._dtype

    @property
    def _component_specs(self):
        rank = self._shape.ndims
        indices, sizes = TensorSpec([None, rank], dtypes.int64), TensorSpec([rank], dtypes.int64)
        return [indices, TensorSpec([None], self._dtype), sizes]

    def _batch(self, batch_size):
        return SparseTensorSpec(shapes.TensorShape([batch_size]).concatenate(self._shape), self._dtype)

    def _unbatch(self):
        if self._shape.ndims == 0:
            raise ValueError("Unbatching a tensor is only supported for rank >= 1")
        return SparseTensorSpec(self._shape[1:], self._dtype)

    def _from_components(self, components):
        if all(isinstance(c, np.ndarray) for c in components):
            return SparseTensorValue(*components)
        return SparseTensor(*components)


register_values((SparseTensor, SparseTensorValue), SparseTensorSpec.from_value)


@export("convert_to_tensor_or_sparse_tensor")
def convert_to_tensor_or_sparse_tensor(value, dtype=None, name=None):
    """A value as a `SparseTensor` if it is one (or its value), else as a tensor.

    Raises:
      RuntimeError: a sparse tensor was given that has another type than `dtype`.
    """
    dtype = None if dtype is None else dtypes.as_dtype(dtype)
    if isinstance(value, SparseTensorValue):
        value = SparseTensor.from_value(value)
    if isinstance(value, SparseTensor):
        if dtype is not None and not dtype.is_compatible_with(value.dtype):
            raise RuntimeError("Sparse dtype: requested = %s, actual = %s" % (dtype.name, value.dtype.name))
        return value
    return convert(value, dtype, name)


def is_sparse(x):
    return isinstance(x, SparseTensor | SparseTensorValue)
