"""Matrices that are written out: any, and lower triangular ones."""

from ..core import dtypes
from ..core.convert import convert
from ..core.export import export
from ..core.scopes import name_scope
from ..ops.linalg import adjoint as adjoint_of
from ..ops.matmul import matmul as matmul_of
from ..ops.matrices import matrix_band_part, matrix_diag_part
from ..ops.reduce import reduce_prod, reduce_sum
from ..ops.shaping import shape as shape_of
from ..ops.unary import abs_, log
from . import algebra, util
from .base import LinearOperator
from .diag import LinearOperatorDiag

_TYPES = [dtypes.float16, dtypes.float32, dtypes.float64, dtypes.complex64, dtypes.complex128]


@export("linalg.LinearOperatorFullMatrix")
class LinearOperatorFullMatrix(LinearOperator):
    """Any matrices, written out.

    Args:
      matrix: the matrices, a tensor of shape `[B1, ..., Bb, M, N]` of a floating or complex type, or a variable.
      is_non_singular: a hint, as in `LinearOperator`.
      is_self_adjoint: another.
      is_positive_definite: another.
      is_square: another.
      name: what the names of the operator's nodes begin with.

    Raises:
      TypeError: the matrices have another type.
      ValueError: they have fewer than two dimensions, or the hints contradict each other.
    """

    def __init__(self, matrix, is_non_singular=None, is_self_adjoint=None, is_positive_definite=None, is_square=None,
                 name="LinearOperatorFullMatrix"):  # fmt: skip
        with name_scope(name, values=[matrix]):
            self._matrix = util.tensor_or_reference(matrix, name="matrix")
            _check_type(convert(self._matrix, name="matrix"))
            super().__init__(
                self._matrix.dtype, [self._matrix], is_non_singular, is_self_adjoint, is_positive_definite, is_square, name
            )

    def _shape(self):
        return self._matrix.shape

    def _shape_tensor(self):
        return shape_of(self._matrix)

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        return matmul_of(self._matrix, x, adjoint_a=adjoint, adjoint_b=adjoint_arg)

    def _to_dense(self):
        return self._matrix


def _check_type(matrix):
    if matrix.dtype not in _TYPES:
        raise TypeError("Argument matrix must have dtype in %s.  Found: %s" % (_TYPES, matrix.dtype))
    util.check_rank(matrix, "matrix", 2)


@export("linalg.LinearOperatorLowerTriangular")
class LinearOperatorLowerTriangular(LinearOperator):
    """Lower triangular matrices.

    Args:
      tril: the matrices, a tensor of shape `[B1, ..., Bb, N, N]` or a variable; what is above the diagonals is ignored.
      is_non_singular: a hint, as in `LinearOperator`; they are if no element of the diagonals is zero.
      is_self_adjoint: another; they are if they are real and diagonal.
      is_positive_definite: another.
      is_square: another; True.
      name: what the names of the operator's nodes begin with.

    Raises:
      ValueError: `tril` has fewer than two dimensions, or a hint can't be.
    """

    def __init__(self, tril, is_non_singular=None, is_self_adjoint=None, is_positive_definite=None, is_square=None,
                 name="LinearOperatorLowerTriangular"):  # fmt: skip
        if is_square is False:
            raise ValueError("Only square lower triangular operators supported at this time.")
        with name_scope(name, values=[tril]):
            self._tril = util.tensor_or_reference(tril, name="tril")
            util.check_rank(self._tril, "tril", 2)
            super().__init__(self._tril.dtype, [self._tril], is_non_singular, is_self_adjoint, is_positive_definite, True, name)

    def _lower(self):
        return matrix_band_part(self._tril, -1, 0)

    def _diagonal(self):
        return matrix_diag_part(self._tril)

    def _shape(self):
        return self._tril.shape

    def _shape_tensor(self):
        return shape_of(self._tril)

    def _assert_non_singular(self):
        return util.assert_no_zeros(self._diagonal(), message="Singular operator:  Diagonal contained zero values.")

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        return matmul_of(self._lower(), x, adjoint_a=adjoint, adjoint_b=adjoint_arg)

    def _determinant(self):
        return reduce_prod(self._diagonal(), axis=[-1])

    def _log_abs_determinant(self):
        return reduce_sum(log(abs_(self._diagonal())), axis=[-1])

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        rhs = adjoint_of(rhs) if adjoint_arg else rhs
        return util.triangular_solve_broadcast(self._lower(), rhs, adjoint=adjoint)

    def _to_dense(self):
        return self._lower()


# A triangular matrix is self-adjoint only if it is diagonal, and then commutes with diagonal ones.


def _product_with_diag(tril, diag, triangular):
    return LinearOperatorLowerTriangular(tril, **util.combined_hints(diag, triangular, keeps_definite=False))


@algebra.rule("matmul", LinearOperatorDiag, LinearOperatorLowerTriangular)
def _(a, b):
    return _product_with_diag(a.diag[..., None] * b.to_dense(), a, b)


@algebra.rule("matmul", LinearOperatorLowerTriangular, LinearOperatorDiag)
def _(a, b):
    return _product_with_diag(a.to_dense() * b.diag, b, a)


@algebra.rule("solve", LinearOperatorDiag, LinearOperatorLowerTriangular)
def _(a, b):
    return _product_with_diag(b.to_dense() / a.diag[..., None], a, b)
