"""Ragged tensors as components of datasets' elements, as which they travel as variants."""

from ..core import dtypes
from ..core.convert import convert
from ..core.export import export
from ..core.scopes import name_scope
from ..core.shape import TensorShape
from ..core.tensor import EagerTensor
from ..core.tensor_spec import TensorSpec
from ..data import specs
from ..ops.ragged_variants import ragged_tensor_from_variant, ragged_tensor_to_variant
from .spec import RaggedTensorSpec
from .tensor import RaggedTensor, to_tensor_or_ragged


def to_variant(rt, batched_input=False, name=None):
    """A ragged tensor as a variant tensor.

    Args:
      rt: the ragged tensor.
      batched_input: whether each of its rows becomes a variant of its own.
      name: of the scope.

    Returns:
      A scalar, or a vector with an element for each row.
    """
    with name_scope(name, "RaggedToVariant", [rt, batched_input]):
        return ragged_tensor_to_variant(list(rt.nested_row_splits), rt.flat_values, batched_input=batched_input, name=name)


def from_variant(variant, dtype, output_ragged_rank, input_ragged_rank=None, row_splits_dtype=dtypes.int64, name=None):
    """The ragged tensor that a variant tensor is, or of which its elements are the parts.

    Args:
      variant: a variant tensor of any rank; each element holds a ragged tensor, which gets its place in the outer dimensions.
      dtype: the type of the elements.
      output_ragged_rank: the number of ragged dimensions of the result, in which the outer dimensions count.
      input_ragged_rank: the number of ragged dimensions of each part; by default it follows from the rank of the variant.
      row_splits_dtype: the type of the row splits.
      name: of the scope.

    Raises:
      ValueError: the numbers of dimensions don't fit.
    """
    variant = convert(variant, dtypes.variant, "variant")
    rank = variant.shape.ndims
    if None not in (rank, input_ragged_rank) and output_ragged_rank != input_ragged_rank + rank:
        text = "output_ragged_rank must be equal to input_ragged_rank +variant.shape.ndims, found variant.shape.ndims: %d, "
        text += "input_ragged_rank: %d, output_ragged_rank: %d"
        raise ValueError(text % (rank, input_ragged_rank, output_ragged_rank))
    given = -1 if input_ragged_rank is None else input_ragged_rank
    with name_scope(name, "RaggedFromVariant", [variant, dtype, given, output_ragged_rank]):
        splits, values = ragged_tensor_from_variant(variant, input_ragged_rank=given, output_ragged_rank=output_ragged_rank,
                                                    Tvalues=dtype, Tsplits=row_splits_dtype, name=name)  # fmt: skip
        return RaggedTensor.from_nested_row_splits(values, splits, validate=False)


RaggedTensor._to_variant, RaggedTensor._from_variant = to_variant, staticmethod(from_variant)


class _RaggedKind(specs.Kind):
    def normalize(self, value, name):
        return to_tensor_or_ragged(value, name=name)

    def flat(self, spec):
        return [TensorSpec(None, dtypes.variant)]

    def encode(self, spec, value):
        return [to_variant(to_tensor_or_ragged(value))]

    def encode_batched(self, spec, value):
        return [to_variant(to_tensor_or_ragged(value), batched_input=True)]

    def decode(self, spec, tensors):
        if spec._ragged_rank <= 0:
            raise ValueError("ragged_rank must be non-negative; got %s." % spec._ragged_rank)
        found = from_variant(tensors[0], spec._dtype, spec._ragged_rank, row_splits_dtype=spec._row_splits_dtype)
        if spec._shape.ndims is not None and not isinstance(found.flat_values, EagerTensor):
            if spec._shape._dims[0] is not None:
                found.row_splits.set_shape([spec._shape._dims[0] + 1])
            found.flat_values.set_shape(TensorShape([None]).concatenate(spec._shape[1 + spec._ragged_rank :]))
        return found

    def legacy(self, spec):
        return spec._dtype, spec._shape, spec


specs.register_kind(RaggedTensorSpec, _RaggedKind())


@export("data.experimental.RaggedTensorStructure")
def ragged_tensor_structure(dtype, shape, ragged_rank):
    """The spec of a ragged tensor; deprecated, use `tf.RaggedTensorSpec`."""
    return RaggedTensorSpec(shape, dtype, ragged_rank)
