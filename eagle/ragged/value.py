"""`tf.ragged.RaggedTensorValue`: a ragged tensor outside of graphs, in arrays."""

import numpy as np

from ..core.export import export


@export("ragged.RaggedTensorValue")
class RaggedTensorValue:
    """What `Session.run` gives for a `RaggedTensor`.

    Args:
      values: an array, or a `RaggedTensorValue`: the values of all rows, one after another.
      row_splits: a vector of int32 or int64: row `i` is `values[row_splits[i]:row_splits[i + 1]]`.

    Raises:
      TypeError: an argument is of another type.
      ValueError: the row splits of the values have another type.
    """

    def __init__(self, values, row_splits):
        is_array = isinstance(row_splits, np.ndarray | np.generic)
        if not is_array or row_splits.dtype not in (np.int64, np.int32) or row_splits.ndim != 1:
            raise TypeError("row_splits must be a 1D int32 or int64 numpy array")
        if not isinstance(values, np.ndarray | np.generic | RaggedTensorValue):
            raise TypeError("values must be a numpy array or a RaggedTensorValue")
        if isinstance(values, RaggedTensorValue) and values.row_splits.dtype != row_splits.dtype:
            raise ValueError("row_splits and values.row_splits must have the same dtype")
        self._values, self._row_splits = values, row_splits

    values = property(lambda self: self._values)
    row_splits = property(lambda self: self._row_splits)
    dtype = property(lambda self: self._values.dtype)

    @property
    def flat_values(self):
        """The innermost values, an array."""
        values = self._values
        return values.flat_values if isinstance(values, RaggedTensorValue) else values

    @property
    def nested_row_splits(self):
        """The row splits of all ragged dimensions, a tuple from the outermost one."""
        values = self._values
        return (self._row_splits, *(values.nested_row_splits if isinstance(values, RaggedTensorValue) else ()))

    @property
    def ragged_rank(self):
        """The number of ragged dimensions."""
        return len(self.nested_row_splits)

    @property
    def shape(self):
        """The shape, a tuple with None for ragged dimensions."""
        return (len(self._row_splits) - 1, None, *self._values.shape[1:])

    def to_list(self):
        """The rows as nested lists."""
        values = self._values
        rows = values.to_list() if isinstance(values, RaggedTensorValue) else values.tolist()
        return [rows[start:limit] for start, limit in zip(self._row_splits[:-1], self._row_splits[1:])]

    def __str__(self):
        return "<tf.RaggedTensorValue %s>" % self.to_list()

    def __repr__(self):
        return "tf.RaggedTensorValue(values=%r, row_splits=%r)" % (self._values, self._row_splits)
