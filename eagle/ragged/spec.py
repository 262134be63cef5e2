"""`tf.RaggedTensorSpec`: what is known of a ragged tensor that is not there yet."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.export import export
from ..core.tensor import Tensor
from ..core.tensor_spec import TensorSpec
from ..core.type_spec import CompositeSpec, register_values
from .tensor import RaggedTensor
from .value import RaggedTensorValue


@export("RaggedTensorSpec")
class RaggedTensorSpec(CompositeSpec):
    """The shape and type of a ragged tensor.

    Args:
      shape: the shape, possibly unknown in parts; ragged dimensions are None.
      dtype: the type of the elements.
      ragged_rank: the number of ragged dimensions; by default all but the first.
      row_splits_dtype: the type of the row splits.

    Raises:
      TypeError, ValueError: `ragged_rank` is no int, does not fit the shape, or is missing where the rank is unknown.
    """

    __slots__ = ("_shape", "_dtype", "_ragged_rank", "_row_splits_dtype")

    def __init__(self, shape=None, dtype=dtypes.float32, ragged_rank=None, row_splits_dtype=dtypes.int64):
        self._shape = shapes.as_shape(shape)
        self._dtype, self._row_splits_dtype = dtypes.as_dtype(dtype), dtypes.as_dtype(row_splits_dtype)
        rank = self._shape.ndims
        if ragged_rank is None:
            if rank is None:
                raise ValueError("Must specify ragged_rank or a shape with a known rank.")
            ragged_rank = rank - 1
        if not isinstance(ragged_rank, int):
            raise TypeError("ragged_rank must be an int")
        if rank is not None and ragged_rank >= rank:
            raise ValueError("ragged_rank must be less than rank.")
        self._ragged_rank = ragged_rank

    @property
    def value_type(self):
        return RaggedTensor if self._ragged_rank > 0 else Tensor

    @classmethod
    def from_value(cls, value):
        """The spec of a ragged tensor, or of a `RaggedTensorValue`."""
        return cls(value.shape, value.dtype, value.ragged_rank, value.row_splits.dtype)

    def _serialize(self):
        return self._shape, self._dtype, self._ragged_rank, self._row_splits_dtype

    @property
    def _component_specs(self):
        if not self._ragged_rank:
            return [TensorSpec(self._shape, self._dtype)]
        flat = shapes.TensorShape([None]).concatenate(self._shape[self._ragged_rank + 1 :])
        rows = self._shape.as_list()[0] if self._shape.ndims is not None else None
        outer = TensorSpec([None if rows is None else rows + 1], self._row_splits_dtype)
        inner = TensorSpec([None], self._row_splits_dtype)
        return [TensorSpec(flat, self._dtype), outer, *[inner] * (self._ragged_rank - 1)]

    def _batch(self, batch_size):
        shape = shapes.TensorShape([batch_size]).concatenate(self._shape)
        return RaggedTensorSpec(shape, self._dtype, self._ragged_rank + 1, self._row_splits_dtype)

    def _unbatch(self):
        # A spec that is left without ragged dimensions is allowed: it may be batched again before anybody asks for elements.
        return RaggedTensorSpec(self._shape[1:], self._dtype, self._ragged_rank - 1, self._row_splits_dtype)

    def _to_components(self, value):
        return [value.flat_values, *value.nested_row_splits] if isinstance(value, RaggedTensor | RaggedTensorValue) else [value]

    def _from_components(self, components):
        result, *splits = components
        of_arrays = all(isinstance(c, np.ndarray) for c in components)
        for s in reversed(splits):
            result = RaggedTensorValue(result, s) if of_arrays else RaggedTensor(result, s, internal=True)
        return result


RaggedTensor._type_spec = property(RaggedTensorSpec.from_value)
register_values((RaggedTensor, RaggedTensorValue), RaggedTensorSpec.from_value)
