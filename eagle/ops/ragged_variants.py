"""Ragged tensors as variants, as which they travel through datasets: one each, or one for each row.

The value of such a variant is a vector of variants: the row splits, the outermost first, then the flat values.
"""

import numpy as np

from ..core import shape as shapes
from ..core.dtypes import FROM_NUMPY, Handles
from ..core.errors import invalid
from ..core.op import op
from ..core.variants import TensorVariant, Variants, tensors_as_variants


def _encoded(parts):
    return TensorVariant(tensors_as_variants(parts, (len(parts),)))


def _row(nested, values, i):
    """The parts of one row of a ragged tensor, a ragged tensor with one dimension less."""
    start, limit = nested[0][i : i + 2]
    parts = []
    for splits in nested[1:]:
        inner = splits[start : limit + 1]
        start, limit = inner[0], inner[-1]
        parts.append(inner - start)
    return [*parts, values[start:limit]]


@op("RaggedTensorToVariant", host=True)
def ragged_tensor_to_variant(xp, rt_nested_splits, rt_dense_values, *, batched_input):
    if not batched_input:
        return _encoded([*rt_nested_splits, rt_dense_values])
    count = len(rt_nested_splits[0]) - 1
    items = np.empty(count, object)
    for i in range(count):
        items[i] = _encoded(_row(rt_nested_splits, rt_dense_values, i))
    return Variants(items)


@ragged_tensor_to_variant.shape
def _(rt_nested_splits, rt_dense_values, *, batched_input):
    if rt_dense_values == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    for shape in rt_nested_splits:
        shapes.with_rank(shape, 1)
    if not batched_input:
        return ()
    outer = shapes.with_rank(rt_nested_splits[0], 1)[0]
    return (None if outer is None else outer - 1,)


ragged_tensor_to_variant.not_differentiable()


def _number_of(array):
    return FROM_NUMPY[array.dtype].as_datatype_enum


def _decoded(variant, i, rank, dtype, splits_dtype):
    """The row splits and the flat values of a ragged tensor from a variant, the one at place `i`.

    Raises:
      InvalidArgumentError: it is none.
    """
    parts = variant.value if isinstance(variant, TensorVariant) else None
    if parts is None:
        raise invalid("Input Variant element at index %d doesn't hold a Tensor: %s", i, variant)
    if parts.ndim != 1:
        raise invalid("Encoded input Variant must have rank 1, but found rank: %d. encoded input Variant: %s", parts.ndim, parts)
    if parts.size not in (rank + 1, 1):
        raise invalid("Encoded input Variant must hold either input_ragged_rank + 1 Tensors or an empty Tensor (zero splits "
                      "Tensors, 1 values Tensor), input_ragged_rank: %d, encoded input Variant: %s", rank, parts)  # fmt: skip
    *nested, values = [v.value for v in parts.items]
    for j, splits in enumerate(nested):
        if splits.dtype != splits_dtype.np:
            raise invalid("Expected splits Tensor dtype: %d, found: %d", splits_dtype.as_datatype_enum, _number_of(splits))
        if splits.ndim != 1:
            raise invalid("Ragged splits must have rank 1; encoded scalar element at index %d has splits Tensor at split_index "
                          "%d: %s", i, j, splits)  # fmt: skip
    if values.dtype != dtype.np:
        raise invalid("Expected values Tensor dtype: %d, found: %d", dtype.as_datatype_enum, _number_of(values))
    if not values.ndim:
        raise invalid("Ragged values must have rank >= 1; encoded scalar element at index %d has values Tensor: %s", i, values)
    return nested, values


def _joined_splits(parts, dtype):
    """The row splits of ragged dimensions one after another."""
    bounds = [np.zeros(1, dtype)]
    last = 0
    for splits in parts:
        bounds.append(splits[1:] + last)
        last = bounds[-1][-1] if len(bounds[-1]) else last
    return np.concatenate(bounds).astype(dtype)


def _stacked(components, outer, input_rank, dtype, dtype_of_values):
    """The ragged tensor of ragged tensors, which get their places in outer dimensions."""
    counts = np.cumprod(outer)
    nested = [np.arange(counts[i] + 1, dtype=dtype) * dtype.type(outer[i + 1]) for i in range(len(outer) - 1)]
    lengths = [len(s[0]) - 1 if input_rank and s else len(v) for s, v in components]
    nested.append(np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(dtype))
    for level in range(input_rank):
        nested.append(_joined_splits([s[level] for s, _ in components if s], dtype))
    if not components:
        return nested, np.zeros(0, dtype_of_values)
    first = components[0][1]
    for i, (_, values) in enumerate(components):
        if values.ndim != first.ndim:
            raise invalid("Rank of values must match for all components; values shape at index 0: %s, values shape at index %d: %s",
                          shapes.to_brackets(first.shape), i, shapes.to_brackets(values.shape))  # fmt: skip
    return nested, np.concatenate([v for _, v in components])


@op("RaggedTensorFromVariant", host=True)
def ragged_tensor_from_variant(xp, encoded_ragged, *, input_ragged_rank, output_ragged_rank, Tvalues, Tsplits):
    outer = encoded_ragged.shape
    rank = input_ragged_rank
    if rank == -1:
        rank = output_ragged_rank - len(outer)
        if rank < 0:
            raise invalid("Inferred input_ragged_rank (output_ragged_rank - encoded_variant.dims()) must be >= 0, found "
                          "output_ragged_rank: %d, encoded_variant.dims(): %d, inferred input_ragged_rank: %d",
                          output_ragged_rank, len(outer), rank)  # fmt: skip
    if output_ragged_rank != len(outer) + rank:
        raise invalid("output_ragged_rank must be equal to input_ragged_rank + encoded_ragged.dims(); output_ragged_rank: %d, "
                      "input_ragged_rank: %d, encoded_variant.dims(): %d.", output_ragged_rank, rank, len(outer))  # fmt: skip
    items = encoded_ragged.items.ravel() if isinstance(encoded_ragged, Handles) else [encoded_ragged]
    components = [_decoded(v, i, rank, Tvalues, Tsplits) for i, v in enumerate(items)]
    return components[0] if not outer else _stacked(components, outer, rank, Tsplits.np, Tvalues.np)


@ragged_tensor_from_variant.shape
def _(encoded_ragged, *, input_ragged_rank, output_ragged_rank):
    if encoded_ragged is not None and input_ragged_rank >= 0:
        shapes.with_rank(encoded_ragged, output_ragged_rank - input_ragged_rank)
    return [(None,)] * output_ragged_rank + [None]
