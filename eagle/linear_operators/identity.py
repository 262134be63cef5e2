"""The identity, and its multiples."""

from ..core import dtypes, shape as shapes
from ..core.convert import convert
from ..core.export import export
from ..core.scopes import name_scope
from ..ops.assertions import assert_equal, assert_positive
from ..ops.cast import cast
from ..ops.complex import conj, imag, real
from ..ops.filling import ones, zeros, zeros_like
from ..ops.flow import no_op
from ..ops.joining import concat, stack
from ..ops.linalg import adjoint as adjoint_of
from ..ops.matrices import matrix_diag_part, matrix_set_diag
from ..ops.shaping import expand_dims, shape as shape_of
from ..ops.unary import abs_, log, sqrt
from . import algebra, util
from .base import LinearOperator
from .sizes import Sized, checked_size


class _SquareBySize(LinearOperator, Sized):
    """Square operators of a given number of rows."""

    def _set_num_rows(self, num_rows):
        self._num_rows, self._num_rows_static = checked_size(num_rows, "num_rows", "num_rows", self._assert_proper_shapes)

    def _matrix_shape(self):
        return shapes.TensorShape((self._num_rows_static, self._num_rows_static))

    def _matrix_shape_tensor(self):
        return stack((self._num_rows, self._num_rows), axis=0)

    def _add_to_diagonal(self, what, mat):
        """`mat` with something added to its diagonals."""
        mat = convert(mat, name="mat")
        return matrix_set_diag(mat, what + matrix_diag_part(mat))


@export("linalg.LinearOperatorIdentity")
class LinearOperatorIdentity(_SquareBySize):
    """Identity matrices.

    Args:
      num_rows: the number of rows, an integer scalar.
      batch_shape: the batch dimensions, an integer vector; by default there are none.
      dtype: the type of the elements, by default float32.
      is_non_singular: True, like the other hints.
      is_self_adjoint: True.
      is_positive_definite: True.
      is_square: True.
      assert_proper_shapes: whether the graph checks the arguments when it runs; else only what is known before.
      name: what the names of the operator's nodes begin with.

    Raises:
      TypeError: `num_rows` or `batch_shape` are no integers, or variables.
      ValueError: they are negative or of the wrong rank, or a hint is not True.
    """

    def __init__(self, num_rows, batch_shape=None, dtype=None, is_non_singular=True, is_self_adjoint=True,
                 is_positive_definite=True, is_square=True, assert_proper_shapes=False, name="LinearOperatorIdentity"):  # fmt: skip
        dtype = dtype or dtypes.float32
        self._assert_proper_shapes = assert_proper_shapes
        with name_scope(name):
            dtype = dtypes.as_dtype(dtype)
            for hint, kind in ((is_self_adjoint, "self adjoint"), (is_non_singular, "non-singular"),
                               (is_positive_definite, "positive-definite"), (is_square, "square")):  # fmt: skip
                if not hint:
                    raise ValueError("An identity operator is always %s." % kind)
            super().__init__(dtype, None, is_non_singular, is_self_adjoint, is_positive_definite, is_square, name)
            util.check_no_reference(num_rows, "num_rows")
            util.check_no_reference(batch_shape, "batch_shape")
            self._set_num_rows(num_rows)
            self._set_batch_shape(batch_shape)

    def _shape(self):
        matrix = self._matrix_shape()
        return matrix if self._batch_shape_arg is None else shapes.TensorShape(self._batch_shape_static).concatenate(matrix)

    def _shape_tensor(self):
        matrix = self._matrix_shape_tensor()
        return matrix if self._batch_shape_arg is None else concat((self._batch_shape_arg, matrix), 0)

    def _assert_non_singular(self):
        return no_op("assert_non_singular")

    def _assert_positive_definite(self):
        return no_op("assert_positive_definite")

    def _assert_self_adjoint(self):
        return no_op("assert_self_adjoint")

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        return self._broadcast_to_batch(self._checked_argument(adjoint_of(x) if adjoint_arg else x))

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        return self._matmul(rhs, adjoint_arg=adjoint_arg)

    def _determinant(self):
        return ones(shape=self.batch_shape_tensor(), dtype=self.dtype)

    def _log_abs_determinant(self):
        return zeros(shape=self.batch_shape_tensor(), dtype=self.dtype)

    def _trace(self):
        batch = self._filled_batch(ones)
        size = self._min_matrix_dim()
        return (cast(self._min_matrix_dim_tensor(), self.dtype) if size is None else size) * batch

    def _diag_part(self):
        return self._filled_diagonal(ones)

    def add_to_tensor(self, mat, name="add_to_tensor"):
        """The sum with a tensor.

        Args:
          mat: matrices of the operator's type, of a shape that can be broadcast to the operator's.
          name: the name scope of the nodes.
        """
        with self._name_scope(name):
            return self._add_to_diagonal(1, mat)


@export("linalg.LinearOperatorScaledIdentity")
class LinearOperatorScaledIdentity(_SquareBySize):
    """Multiples of the identity.

    Args:
      num_rows: the number of rows, an integer scalar.
      multiplier: the factors, a tensor of shape `[B1, ..., Bb]` or a variable.
      is_non_singular: a hint, as in `LinearOperator`.
      is_self_adjoint: another; True if the factors are real.
      is_positive_definite: another.
      is_square: True.
      assert_proper_shapes: whether the graph checks the arguments when it runs; else only what is known before.
      name: what the names of the operator's nodes begin with.

    Raises:
      TypeError: `num_rows` is no integer, or a variable.
      ValueError: it is negative or no scalar, or a hint can't be.
    """

    def __init__(self, num_rows, multiplier, is_non_singular=None, is_self_adjoint=None, is_positive_definite=None, is_square=True,
                 assert_proper_shapes=False, name="LinearOperatorScaledIdentity"):  # fmt: skip
        self._assert_proper_shapes = assert_proper_shapes
        with name_scope(name, values=[multiplier, num_rows]):
            self._multiplier = util.tensor_or_reference(multiplier, name="multiplier")
            is_self_adjoint = util.self_adjoint_if_real(self._multiplier, is_self_adjoint)
            if not is_square:
                raise ValueError("A ScaledIdentity operator is always square.")
            util.check_no_reference(num_rows, "num_rows")
            dtype = self._multiplier.dtype.base_dtype
            super().__init__(dtype, None, is_non_singular, is_self_adjoint, is_positive_definite, is_square, name)
            self._set_num_rows(num_rows)
            self._num_rows_as_factor = cast(self._num_rows, self.dtype)
            self._num_rows_as_real_factor = cast(self._num_rows, self.dtype.real_dtype)

    @property
    def multiplier(self):
        """The factors."""
        return self._multiplier

    def _shape(self):
        return self.multiplier.shape.concatenate(self._matrix_shape())

    def _shape_tensor(self):
        matrix = self._matrix_shape_tensor()
        return concat((shape_of(self.multiplier), matrix), 0)

    def _assert_non_singular(self):
        return assert_positive(abs_(self.multiplier), message="LinearOperator was singular")

    def _assert_positive_definite(self):
        return assert_positive(real(self.multiplier), message="LinearOperator was not positive definite.")

    def _assert_self_adjoint(self):
        imaginary = imag(self.multiplier)
        return assert_equal(zeros_like(imaginary), imaginary, message="LinearOperator was not self-adjoint")

    def _factors(self, conjugated):
        """The factors in the shape of matrices."""
        factors = expand_dims(expand_dims(self.multiplier, -1), -1)
        return conj(factors) if conjugated else factors

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        return self._checked_argument(adjoint_of(x) if adjoint_arg else x) * self._factors(adjoint)

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        return self._checked_argument(adjoint_of(rhs) if adjoint_arg else rhs) / self._factors(adjoint)

    def _determinant(self):
        return self.multiplier**self._num_rows_as_factor

    def _log_abs_determinant(self):
        return self._num_rows_as_real_factor * log(abs_(self.multiplier))

    def _trace(self):
        batch = self._filled_batch(ones)
        size = self._min_matrix_dim()
        return self.multiplier * (cast(self._min_matrix_dim_tensor(), self.dtype) if size is None else size) * batch

    def _diag_part(self):
        return self._filled_diagonal(ones) * self.multiplier[..., None]

    def add_to_tensor(self, mat, name="add_to_tensor"):
        """The sum with a tensor.

        Args:
          mat: matrices of the operator's type, of a shape that can be broadcast to the operator's.
          name: the name scope of the nodes.
        """
        with self._name_scope(name):
            return self._add_to_diagonal(expand_dims(self.multiplier, -1), mat)


# ------------------------------------------------------------------------------------------------------------------ rules


@algebra.rule("adjoint", LinearOperatorIdentity)
@algebra.rule("inverse", LinearOperatorIdentity)
def _(identity):
    return identity


@algebra.rule("cholesky", LinearOperatorIdentity)
def _(identity):
    return LinearOperatorIdentity(num_rows=identity._num_rows, batch_shape=identity.batch_shape, dtype=identity.dtype)


@algebra.rule("matmul", LinearOperatorIdentity, LinearOperator)
@algebra.rule("solve", LinearOperatorIdentity, LinearOperator)
def _(identity, operator):
    return operator


@algebra.rule("matmul", LinearOperator, LinearOperatorIdentity)
def _(operator, identity):
    return operator


def _scaled(identity, multiplier, **hints):
    """A multiple of the identity as another is, with other factors."""
    return LinearOperatorScaledIdentity(identity._num_rows, multiplier, **util.hints_of(identity, is_square=True, **hints))


@algebra.rule("adjoint", LinearOperatorScaledIdentity)
def _(identity):
    return _scaled(identity, conj(identity.multiplier))


@algebra.rule("inverse", LinearOperatorScaledIdentity)
def _(identity):
    return _scaled(identity, 1.0 / identity.multiplier, is_self_adjoint=True)


@algebra.rule("cholesky", LinearOperatorScaledIdentity)
def _(identity):
    return _scaled(identity, sqrt(identity.multiplier), is_non_singular=True, is_self_adjoint=True, is_positive_definite=True)
