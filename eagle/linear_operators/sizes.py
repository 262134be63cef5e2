"""Operators that are given by their size alone: the checks of what gives it, and what follows from it."""

from ..core.static_values import constant_value
from ..ops.assertions import assert_non_negative, assert_rank
from ..ops.filling import zeros
from ..ops.flow import with_dependencies
from ..ops.joining import concat
from ..ops.reduce import reduce_min
from ..ops.shaping import broadcast_static_shape
from . import util

_RANKS = {"num_rows": 0, "num_columns": 0, "batch_shape": 1}
_NEGATIVE = {"num_rows": " Found: %s", "num_columns": " Found: %s", "batch_shape": "Found:%s"}  # as TensorFlow spaces it


def checked_size(value, name, node_name, with_asserts):
    """A number of rows or columns or a batch shape as a tensor, and its value where that is known (else None).

    Args:
      value: the number or shape.
      name: which argument it is: "num_rows", "num_columns" or "batch_shape".
      node_name: the name of the node that it becomes.
      with_asserts: whether the graph checks it when it runs.

    Raises:
      TypeError: it is a variable, or no integer.
      ValueError: it has the wrong rank, or is negative.
    """
    util.check_no_reference(value, name)
    size = util.as_shape_tensor(value, name=node_name)
    static = constant_value(size)
    rank = _RANKS[name]
    if with_asserts:
        checks = [assert_rank(size, rank, message="Argument %s must be a %d-D Tensor." % (name, rank)),
                  assert_non_negative(size, message="Argument %s must be non-negative." % name)]  # fmt: skip
        size = with_dependencies(checks, size)
    if not size.dtype.is_integer:
        raise TypeError("Argument %s must be integer type.  Found: %s" % (name, size))
    if static is not None:
        if static.ndim != rank:
            raise ValueError("Argument %s must be a %d-D Tensor.  Found: %s" % (name, rank, static))
        if (static < 0).any():
            raise ValueError("Argument %s must be non-negative. %s" % (name, _NEGATIVE[name] % static))
    return size, static


class Sized:
    """What operators that are given by their size have in common, next to `LinearOperator`."""

    _batch_shape_arg = None

    def _set_batch_shape(self, batch_shape):
        util.check_no_reference(batch_shape, "batch_shape")
        if batch_shape is not None:
            self._batch_shape_arg, self._batch_shape_static = checked_size(
                batch_shape, "batch_shape", "batch_shape_arg", self._assert_proper_shapes
            )

    def _min_matrix_dim(self):
        """The length of the diagonals, or None."""
        sizes = (self.domain_dimension.value, self.range_dimension.value)
        return None if None in sizes else min(sizes)

    def _min_matrix_dim_tensor(self):
        return reduce_min(self.shape_tensor()[-2:])

    def _filled_diagonal(self, fill):
        """The diagonals, filled by `ones` or `zeros`."""
        if self.shape.is_fully_defined():
            return fill(self.batch_shape.concatenate([self._min_matrix_dim()]), dtype=self.dtype)
        return fill(concat([self.batch_shape_tensor(), [self._min_matrix_dim_tensor()]], axis=0), dtype=self.dtype)

    def _filled_batch(self, fill):
        """One number for each matrix."""
        return fill(self.batch_shape if self.batch_shape.is_fully_defined() else self.batch_shape_tensor(), dtype=self.dtype)

    def _checked_argument(self, x):
        """The matrices that the operator is applied to, which the graph checks first if that was asked for."""
        return with_dependencies([util.assert_fits(self, x)], x) if self._assert_proper_shapes else x

    def _broadcast_to_batch(self, x):
        """Matrices, broadcast to the batch shape if there is one."""
        if self._batch_shape_arg is None:
            return x
        shape = self.batch_shape.concatenate([1, 1])
        broadcast = broadcast_static_shape(x.shape, shape)
        if shape.is_fully_defined():
            return x if broadcast == x.shape else x + zeros(shape=shape, dtype=self.dtype)
        return x + zeros(shape=concat((self.batch_shape_tensor(), [1, 1]), 0), dtype=self.dtype)
