"""Diagonal matrices."""

from ..core.export import export
from ..core.scopes import name_scope
from ..ops.assertions import assert_positive
from ..ops.cast import cast
from ..ops.complex import conj, real
from ..ops.joining import concat
from ..ops.linalg import adjoint as adjoint_of
from ..ops.matrices import matrix_diag, matrix_diag_part, matrix_set_diag
from ..ops.reduce import reduce_prod, reduce_sum
from ..ops.shaping import expand_dims, shape as shape_of
from ..ops.unary import abs_, log, sqrt
from . import algebra, util
from .base import LinearOperator
from .identity import LinearOperatorScaledIdentity

_NOT_POSITIVE = {
    True: "Diagonal operator had diagonal entries with non-positive real part, thus was not positive definite.",
    False: "Real diagonal operator had non-positive diagonal entries, thus was not positive definite.",
}


@export("linalg.LinearOperatorDiag")
class LinearOperatorDiag(LinearOperator):
    """Diagonal matrices.

    Args:
      diag: the diagonals, a tensor of shape `[B1, ..., Bb, N]` or a variable.
      is_non_singular: a hint, as in `LinearOperator`.
      is_self_adjoint: another; True if the diagonals are real.
      is_positive_definite: another.
      is_square: another; True.
      name: what the names of the operator's nodes begin with.

    Raises:
      ValueError: `diag` is a scalar, or a hint can't be.
    """

    def __init__(self, diag, is_non_singular=None, is_self_adjoint=None, is_positive_definite=None, is_square=None,
                 name="LinearOperatorDiag"):  # fmt: skip
        with name_scope(name, values=[diag]):
            self._diag = util.tensor_or_reference(diag, name="diag")
            util.check_rank(self._diag, "diag", 1)
            is_self_adjoint = util.self_adjoint_if_real(self._diag, is_self_adjoint)
            if is_square is False:
                raise ValueError("Only square diagonal operators currently supported.")
            super().__init__(self._diag.dtype, [self._diag], is_non_singular, is_self_adjoint, is_positive_definite, True, name)

    @property
    def diag(self):
        """The diagonals."""
        return self._diag

    def _shape(self):
        shape = self._diag.shape
        return shape.concatenate(shape[-1:])

    def _shape_tensor(self):
        shape = shape_of(self._diag)
        return concat((shape, [shape[-1]]), 0)

    def _assert_non_singular(self):
        return util.assert_no_zeros(self._diag, message="Singular operator:  Diagonal contained zero values.")

    def _assert_positive_definite(self):
        return assert_positive(real(self._diag), message=_NOT_POSITIVE[self.dtype.is_complex])

    def _assert_self_adjoint(self):
        message = "This diagonal operator contained non-zero imaginary values.   Thus it was not self-adjoint."
        return util.assert_real(self._diag, message=message)

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        diag = conj(self._diag) if adjoint else self._diag
        x = adjoint_of(x) if adjoint_arg else x
        return expand_dims(diag, -1) * x

    def _matvec(self, x, adjoint=False):
        return (conj(self._diag) if adjoint else self._diag) * x

    def _determinant(self):
        return reduce_prod(self._diag, axis=[-1])

    def _log_abs_determinant(self):
        result = reduce_sum(log(abs_(self._diag)), axis=[-1])
        return cast(result, self.dtype) if self.dtype.is_complex else result

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        diag = conj(self._diag) if adjoint else self._diag
        rhs = adjoint_of(rhs) if adjoint_arg else rhs
        return rhs * expand_dims(1.0 / diag, -1)

    def _to_dense(self):
        return matrix_diag(self._diag)

    def _diag_part(self):
        return self.diag

    def _add_to_tensor(self, x):
        return matrix_set_diag(x, self._diag + matrix_diag_part(x))


# ------------------------------------------------------------------------------------------------------------------ rules


@algebra.rule("adjoint", LinearOperatorDiag)
def _(operator):
    return LinearOperatorDiag(conj(operator.diag), **util.hints_of(operator, is_square=True))


@algebra.rule("inverse", LinearOperatorDiag)
def _(operator):
    return LinearOperatorDiag(1.0 / operator.diag, **util.hints_of(operator, is_square=True))


@algebra.rule("cholesky", LinearOperatorDiag)
def _(operator):
    return LinearOperatorDiag(
        sqrt(operator.diag), is_non_singular=True, is_self_adjoint=True, is_positive_definite=True, is_square=True
    )


@algebra.rule("matmul", LinearOperatorDiag, LinearOperatorDiag)
def _(a, b):
    return LinearOperatorDiag(a.diag * b.diag, **util.combined_hints(a, b))


@algebra.rule("matmul", LinearOperatorDiag, LinearOperatorScaledIdentity)
def _(a, b):
    return LinearOperatorDiag(a.diag * b.multiplier, **util.combined_hints(a, b))


@algebra.rule("matmul", LinearOperatorScaledIdentity, LinearOperatorDiag)
def _(a, b):
    return LinearOperatorDiag(b.diag * a.multiplier, **util.combined_hints(b, a))


@algebra.rule("solve", LinearOperatorDiag, LinearOperatorDiag)
def _(a, b):
    return LinearOperatorDiag(b.diag / a.diag, **util.combined_hints(a, b))


@algebra.rule("solve", LinearOperatorDiag, LinearOperatorScaledIdentity)
def _(a, b):
    return LinearOperatorDiag(b.multiplier / a.diag, **util.combined_hints(a, b))


@algebra.rule("solve", LinearOperatorScaledIdentity, LinearOperatorDiag)
def _(a, b):
    return LinearOperatorDiag(b.diag / a.multiplier, **util.combined_hints(b, a))
