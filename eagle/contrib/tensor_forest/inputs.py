"""`tf.contrib.tensor_forest.python.ops.data_ops`: how features and labels come to the trees of a forest."""

from ...core import dtypes
from ...core.convert import convert
from ...core.errors import NotYetError
from ...core.export import export, public as tf
from ...core.sparse_tensor import SparseTensor
from ...platform import tf_logging

_HERE = "contrib.tensor_forest.python.ops.data_ops."
DATA_FLOAT, DATA_CATEGORICAL = 0, 1
DTYPE_TO_FTYPE = {
    dtypes.string: DATA_CATEGORICAL,
    dtypes.int32: DATA_CATEGORICAL,
    dtypes.int64: DATA_CATEGORICAL,
    dtypes.float32: DATA_FLOAT,
    dtypes.float64: DATA_FLOAT,
}
for _name in ("DATA_FLOAT", "DATA_CATEGORICAL", "DTYPE_TO_FTYPE"):
    export(_HERE + _name)(globals()[_name])


@export(_HERE + "DataColumn")
class DataColumn:
    """One column of the features: its name, its type (`DATA_FLOAT` or `DATA_CATEGORICAL`) and how many features it has."""

    def __init__(self):
        self.name, self.original_type, self.size = "", "", 0

    def SerializeToString(self):
        """The column as text."""
        return "name: %s original_type: %s size: %s" % (self.name, self.original_type, self.size)


@export(_HERE + "DataColumnCollection")
class DataColumnCollection:
    """A list of columns."""

    def __init__(self):
        self.cols = []

    def add(self):
        """Adds a column and returns it."""
        self.cols.append(DataColumn())
        return self.cols[-1]

    def size(self):
        """How many columns there are."""
        return len(self.cols)

    def SerializeToString(self):
        """The columns as text."""
        return "".join("{%s}" % c.SerializeToString() for c in self.cols)


@export(_HERE + "TensorForestDataSpec")
class TensorForestDataSpec:
    """What the columns of the features are: the dense ones, the sparse ones, and how many dense features there are."""

    def __init__(self):
        self.sparse, self.dense = DataColumnCollection(), DataColumnCollection()
        self.dense_features_size = 0

    def SerializeToString(self):
        """The columns as text, as the ops want them."""
        parts = self.dense_features_size, self.dense.SerializeToString(), self.sparse.SerializeToString()
        return "dense_features_size: %s dense: [%s] sparse: [%s]" % parts

    def _add(self, columns, name, dtype, size):
        column = columns.add()
        column.name, column.original_type, column.size = name, DTYPE_TO_FTYPE[dtype], size


@export(_HERE + "CastToFloat")
def CastToFloat(tensor):
    """A tensor of features as float32; floats as they are.

    Raises:
      NotYetError: it is one of strings.
    """
    if tensor.dtype == dtypes.string:
        raise NotYetError("tensor_forest: features that are strings")
    return tf.cast(tensor, dtypes.float32) if tensor.dtype.is_integer else tensor


@export(_HERE + "GetColumnName")
def GetColumnName(column_key, col_num):
    """The name of a column: its key, or that of a feature column, or its number."""
    return column_key if isinstance(column_key, str) else getattr(column_key, "column_name", str(col_num))


@export(_HERE + "ParseDataTensorOrDict")
def ParseDataTensorOrDict(data):
    """Features as the trees want them.

    Args:
      data: a matrix, a `SparseTensor`, or a dict of such by name.

    Returns:
      The dense features as one matrix or None; the sparse ones as one `SparseTensor` or None; a `TensorForestDataSpec`.
    """
    spec = TensorForestDataSpec()
    if isinstance(data, dict):
        return *_joined(data, spec), spec
    if isinstance(data, SparseTensor):
        spec._add(spec.sparse, "sparse_features", data.dtype, -1)
        return None, data, spec
    data = convert(data)
    spec.dense_features_size = data.shape.dims[1]
    spec._add(spec.dense, "dense_features", data.dtype, spec.dense_features_size)
    return data, None, spec


def _joined(data, spec):
    """The dense and the sparse features of a dict."""
    dense, sparse = [], []
    for key in sorted(data):
        value = data[key]
        if not isinstance(value, SparseTensor):
            size = 1 if value.shape.ndims == 1 else value.shape.dims[1].value
            spec._add(spec.dense, GetColumnName(key, len(dense)), value.dtype, size)
            spec.dense_features_size += size
            dense.append(CastToFloat(value))
        elif value.dtype == dtypes.float32:
            tf_logging.info("TensorForest does not support sparse continuous.")
        else:
            if not spec.sparse.size():
                spec._add(spec.sparse, "all_sparse", value.dtype, -1)
            sparse.append(SparseTensor(value.indices, CastToFloat(value.values), value.dense_shape))
    joined = tf.concat(dense, 1) if dense else None, tf.sparse_concat(1, sparse) if sparse else None
    tf_logging.info(spec.SerializeToString())
    return joined


@export(_HERE + "ParseLabelTensorOrDict")
def ParseLabelTensorOrDict(labels):
    """Labels as float32: a vector of classes, or a matrix of targets; of a dict the columns side by side.

    Args:
      labels: a tensor, a `SparseTensor` (-1 stands where it has no value), or a dict of tensors.
    """
    if isinstance(labels, dict):
        return tf.cast(tf.concat([labels[key] for key in sorted(labels)], 1), dtypes.float32)
    if isinstance(labels, SparseTensor):
        return tf.cast(tf.sparse_tensor_to_dense(labels, default_value=-1), dtypes.float32)
    return tf.cast(labels, dtypes.float32)
