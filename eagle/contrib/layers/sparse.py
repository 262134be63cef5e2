"""Dense tensors as sparse ones, and other help of feature columns."""

from ...core import dtypes
from ...core.convert import convert
from ...core.dispatch import registry
from ...core.export import export, public as tf
from ...core.scopes import name_scope
from ...core.sparse_tensor import SparseTensor
from ...platform import tf_logging as logging
from .shaping import _inner_flatten as inner_flatten

_HERE = "contrib.layers.python.ops.sparse_ops."


def _ignored(dtype, value):
    """What is left out, as a tensor: by default zero, or the empty string."""
    if value is None:
        value = "" if dtype == dtypes.string else dtype.as_numpy_dtype()
    return tf.cast(value, dtype, name="ignore_value")


@export(_HERE + "dense_to_sparse_tensor")
def dense_to_sparse_tensor(dense_tensor, ignore_value=None):
    """The elements of a tensor that are not `ignore_value` as a `SparseTensor`.

    Args:
      dense_tensor: the tensor.
      ignore_value: what is left out; by default 0, or "".
    """
    with name_scope("DenseToSparseTensor"):
        dense_tensor = convert(dense_tensor)
        ignored = _ignored(dense_tensor.dtype, ignore_value)
        indices = tf.where(tf.not_equal(dense_tensor, ignored), name="indices")
        values = tf.gather_nd(dense_tensor, indices, name="values")
        return SparseTensor(indices, values, tf.shape(dense_tensor, out_type=dtypes.int64, name="dense_shape"))


@export(_HERE + "indicators_to_sparse_ids")
def indicators_to_sparse_ids(indicators, ignore_value=None, dtype=dtypes.int64):
    """The places along the last dimension where elements are not `ignore_value`, as a sparse tensor without gaps.

    Args:
      indicators: a tensor of the shape `[..., classes]`.
      ignore_value: what means that a class is missing; by default 0, or "".
      dtype: the type of the result, integers.

    Raises:
      ValueError: `dtype` is no integer type.
    """
    if not dtype.is_integer:
        raise ValueError(f"Invalid dtype {dtype} not integer.")
    with name_scope(None, "indicators_to_sparse_ids", (indicators, ignore_value)):
        indicators = convert(indicators, name="indicators")
        missing = tf.equal(indicators, _ignored(indicators.dtype, ignore_value), name="missing")
        nothing = tf.zeros_like(indicators, dtype=dtypes.int64, name="zeros")
        ones = tf.ones_like(indicators, dtype=dtypes.int64, name="ones")
        present = tf.where(missing, nothing, ones, name="binary_indicators")
        numbers = tf.where(missing, nothing, tf.cumsum(present, axis=-1), "row_index_indicators")  # from 1 on in each row
        longest = tf.reshape(tf.reduce_max(numbers), shape=(1,), name="result_last_dim")
        found = dense_to_sparse_tensor(numbers, ignore_value=0)
        places = (found.indices[:, :-1], tf.reshape(found.values - 1, (-1, 1)))
        return SparseTensor(
            indices=tf.concat(places, axis=1, name="indices"),
            values=tf.cast(found.indices[:, -1], dtype=dtype, name="values"),
            dense_shape=tf.concat((found.dense_shape[0:-1], longest), axis=0, name="dense_shape"),
        )


@export(_HERE + "sparse_row_envelope")
def sparse_row_envelope(sparse_input, row_axis=0, col_axis=1, name=None):
    """How long each row of a sparse tensor is: up to its last element.

    Args:
      sparse_input: a sparse tensor of rank 2 at least.
      row_axis, col_axis: the axes of rows and columns.
      name: the name scope.

    Raises:
      ValueError: the axes are the same, or no integers.
    """
    if not (isinstance(row_axis, int) and isinstance(col_axis, int)):
        raise ValueError("`row_axis` and `col_axis` must be integers.")
    if row_axis == col_axis:
        raise ValueError("Row and column can not be the same axis.")
    with name_scope(name, "sparse_row_envelope", [sparse_input]):
        indices = sparse_input.indices
        rows, columns = indices[:, row_axis], indices[:, col_axis]
        count = tf.cast(sparse_input.dense_shape[row_axis], dtypes.int32)
        found = tf.unsorted_segment_max(columns + 1, rows, count, name=name)
        none = tf.zeros_like(found)
        return tf.where(found > none, found, none)


@export("contrib.layers.python.ops.bucketization_op.bucketize")
def bucketize(input_tensor, boundaries, name=None):
    """The number of the bucket in which each element lies.

    Args:
      input_tensor: a tensor of numbers.
      boundaries: the numbers between the buckets, a sorted list.
      name: the name of the node.
    """
    return registry["Bucketize"](input_tensor, boundaries=boundaries, name=name)


def expanded(tensor, output_rank, column_name=None):
    """A dense tensor of numbers with a certain rank: with one more dimension, or with the last ones made one.

    Raises:
      ValueError: the rank is too small.
    """
    rank = tensor.get_shape().ndims
    if rank is not None:
        if output_rank > rank + 1:
            message = (
                f"Rank of input Tensor ({rank}) should be the same as output_rank ({output_rank}). For example, sequence "
                "data should typically be 3 "
                "dimensional (rank 3) while non-sequence data is typically 2 dimensional (rank 2)."
            )
            if column_name is not None:
                message = f"Error while processing column {column_name}." + message
            raise ValueError(message)
        if output_rank == rank + 1:
            logging.warning(f"Rank of input Tensor ({rank}) should be the same as output_rank ({output_rank}) for "
                            "column. Will attempt to expand dims. "
                            "It is highly recommended that you resize your input, as this behavior may change.")  # fmt: skip
            return tf.expand_dims(tensor, -1, name="expand_dims")
        if output_rank == rank:
            return tensor
    return inner_flatten(tensor, output_rank)
