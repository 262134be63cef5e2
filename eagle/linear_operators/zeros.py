"""The matrices of zeros."""

from ..core import dtypes, shape as shapes
from ..core.errors import invalid
from ..core.export import export
from ..core.scopes import name_scope
from ..ops.filling import zeros
from ..ops.flow import no_op
from ..ops.joining import concat, stack
from ..ops.linalg import adjoint as adjoint_of
from ..ops.shaping import shape as shape_of
from . import algebra, util
from .base import LinearOperator
from .sizes import Sized, checked_size


@export("linalg.LinearOperatorZeros")
class LinearOperatorZeros(LinearOperator, Sized):
    """Matrices of zeros.

    Args:
      num_rows: the number of rows, an integer scalar.
      num_columns: the number of columns; by default that of the rows.
      batch_shape: the batch dimensions, an integer vector; by default there are none.
      dtype: the type of the elements, by default float32.
      is_non_singular: False.
      is_self_adjoint: True if they are square.
      is_positive_definite: False.
      is_square: whether they are square.
      assert_proper_shapes: whether the graph checks the arguments when it runs; else only what is known before.
      name: what the names of the operator's nodes begin with.

    Raises:
      TypeError: a size is no integer, or a variable.
      ValueError: a size is negative or of the wrong rank, or a hint can't be.
    """

    def __init__(self, num_rows, num_columns=None, batch_shape=None, dtype=None, is_non_singular=False, is_self_adjoint=True,
                 is_positive_definite=False, is_square=True, assert_proper_shapes=False, name="LinearOperatorZeros"):  # fmt: skip
        dtype = dtype or dtypes.float32
        self._assert_proper_shapes = assert_proper_shapes
        with name_scope(name):
            dtype = dtypes.as_dtype(dtype)
            if not is_self_adjoint and is_square:
                raise ValueError("A zero operator is always self adjoint.")
            if is_non_singular:
                raise ValueError("A zero operator is always singular.")
            if is_positive_definite:
                raise ValueError("A zero operator is always not positive-definite.")
            super().__init__(dtype, None, is_non_singular, is_self_adjoint, is_positive_definite, is_square, name)
            for value, what in ((num_rows, "num_rows"), (num_columns, "num_columns"), (batch_shape, "batch_shape")):
                util.check_no_reference(value, what)
            num_columns = num_rows if num_columns is None else num_columns
            self._num_rows, self._num_rows_static = checked_size(num_rows, "num_rows", "num_rows", assert_proper_shapes)
            self._num_columns, self._num_columns_static = checked_size(
                num_columns, "num_columns", "num_columns", assert_proper_shapes
            )
            sizes = (self._num_rows_static, self._num_columns_static)
            if is_square and None not in sizes and sizes[0] != sizes[1]:
                raise ValueError(
                    "LinearOperatorZeros initialized as is_square=True, but got num_rows(%s) != num_columns(%s)" % sizes
                )
            self._set_batch_shape(batch_shape)

    def _shape(self):
        matrix = shapes.TensorShape((self._num_rows_static, self._num_columns_static))
        return matrix if self._batch_shape_arg is None else shapes.TensorShape(self._batch_shape_static).concatenate(matrix)

    def _shape_tensor(self):
        matrix = stack((self._num_rows, self._num_columns), axis=0)
        return matrix if self._batch_shape_arg is None else concat((self._batch_shape_arg, matrix), 0)

    def _assert_non_singular(self):
        raise invalid("Zero operators are always non-invertible.")

    def _assert_positive_definite(self):
        raise invalid("Zero operators are always non-positive definite.")

    def _assert_self_adjoint(self):
        return no_op("assert_self_adjoint")

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        if self._assert_proper_shapes:
            x = self._checked_argument(adjoint_of(x) if adjoint_arg else x)
            adjoint_arg = False
        shape = shape_of(x)
        if self.is_square:
            if adjoint_arg:
                shape = concat([shape[:-2], [shape[-1], shape[-2]]], axis=0)
        else:
            rows = self._num_columns if adjoint else self._num_rows
            shape = concat([shape[:-2], [rows, shape[-2] if adjoint_arg else shape[-1]]], axis=0)
        return self._broadcast_to_batch(zeros(shape=shape, dtype=x.dtype))

    def _determinant(self):
        return self._filled_batch(zeros)

    def _trace(self):
        return self._filled_batch(zeros)

    def _diag_part(self):
        return self._filled_diagonal(zeros)

    def add_to_tensor(self, mat, name="add_to_tensor"):
        """The sum with a tensor, which is the tensor.

        Args:
          mat: matrices of the operator's type, of a shape that can be broadcast to the operator's.
          name: the name scope of the nodes.
        """
        with self._name_scope(name):
            return self._broadcast_to_batch(mat)


@algebra.rule("matmul", LinearOperator, LinearOperatorZeros)
def _(operator, of_zeros):
    return _product(of_zeros, operator)


@algebra.rule("matmul", LinearOperatorZeros, LinearOperator)
def _(of_zeros, operator):
    return _product(of_zeros, operator)


def _product(of_zeros, operator):
    """The product of zeros and an operator, in any order."""
    if not of_zeros.is_square or not operator.is_square:
        raise ValueError("Matmul with non-square `LinearOperator`s or non-square `LinearOperatorZeros` not supported at this time.")
    return of_zeros
