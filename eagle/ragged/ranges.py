"""`tf.ragged.range` and `tf.ragged.map_flat_values`."""

from ..core import dtypes
from ..core.convert import convert
from ..core.export import export, public as tf
from ..core.scopes import control_dependencies, name_scope
from ..ops.ragged import ragged_range as _ragged_range
from .rows import AUTO_CAST, checks_that_splits_match
from .tensor import MISMATCH, RaggedTensor, is_ragged, to_tensor_or_ragged

_BY_WIDTH = (dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64)


@export("ragged.range")
def ragged_range(starts, limits=None, deltas=1, dtype=None, name=None, row_splits_dtype=dtypes.int64):
    """Rows of numbers in sequence: row `i` is `range(starts[i], limits[i], deltas[i])`.

    Args:
      starts: a vector or scalar: the first numbers, or the limits if `limits` is None.
      limits: a vector or scalar: the ends, which don't belong to the rows.
      deltas: a vector or scalar: the steps, not 0.
      dtype: the type of the numbers; by default the widest of the arguments.
      name: of the node.
      row_splits_dtype: the type of the row splits.

    Raises:
      InvalidArgumentError: the vectors have different lengths, or a step is 0.
    """
    splits_type = dtypes.as_dtype(row_splits_dtype)
    if limits is None:
        starts, limits = 0, starts
    with name_scope(name, "RaggedRange", [starts, limits, deltas]) as scope:
        given = [convert(v, dtype, n) for v, n in ((starts, "starts"), (limits, "limits"), (deltas, "deltas"))]
        if dtype is None:
            widest = max([t.dtype for t in given], key=_BY_WIDTH.index)
            given = [tf.cast(t, widest) for t in given]
        splits, values = _ragged_range(*given, Tsplits=splits_type, name=scope)
        return RaggedTensor.from_row_splits(values, splits, validate=False)


@export("ragged.map_flat_values")
def map_flat_values(op, *args, **kwargs):
    """Calls a function with the flat values of ragged tensors; what it gives is put in the same rows.

    Args:
      op: the function.
      *args, **kwargs: its arguments, in which ragged tensors, also in lists and dictionaries, have the same rows.

    Raises:
      ValueError: they don't have.
      InvalidArgumentError: they don't have, which shows when the graph runs.
    """
    nested = []
    inner_args, inner_kwargs = _flat(args, nested), _flat(kwargs, nested)
    if not nested:
        return op(*args, **kwargs)
    if len({splits[0].dtype for splits in nested}) > 1:
        if not AUTO_CAST:
            raise ValueError(MISMATCH % "Input RaggedTensors")
        nested = [[tf.cast(s, dtypes.int64) for s in splits] for splits in nested]
    with control_dependencies(checks_that_splits_match(nested)):
        return RaggedTensor.from_nested_row_splits(op(*inner_args, **inner_kwargs), nested[0], validate=False)


def _flat(value, nested):
    """A structure with flat values for ragged tensors, whose row splits are added to `nested`."""
    if is_ragged(value):
        value = to_tensor_or_ragged(value)
        nested.append(value.nested_row_splits)
        return value.flat_values
    if isinstance(value, list | tuple):
        parts = [_flat(v, nested) for v in value]
        return parts if isinstance(value, list) else tuple(parts)
    return {k: _flat(v, nested) for k, v in value.items()} if isinstance(value, dict) else value
