"""Reflections."""

from ..core.convert import convert
from ..core.errors import invalid
from ..core.export import export
from ..core.scopes import name_scope
from ..ops.cast import cast
from ..ops.complex import conj
from ..ops.filling import ones, zeros
from ..ops.flow import no_op
from ..ops.joining import concat
from ..ops.linalg import adjoint as adjoint_of
from ..ops.matmul import matmul as matmul_of
from ..ops.matrices import matrix_diag_part, matrix_set_diag
from ..ops.shaping import shape as shape_of
from ..ops.statistics import norm
from . import algebra, util
from .base import LinearOperator


@export("linalg.LinearOperatorHouseholder")
class LinearOperatorHouseholder(LinearOperator):
    """The reflections at the hyperplanes that vectors are orthogonal to, `I - 2 v v^H` for `v` of length one.

    Args:
      reflection_axis: the vectors, of any length but zero, a tensor of shape `[B1, ..., Bb, N]` or a variable.
      is_non_singular: a hint, as in `LinearOperator`.
      is_self_adjoint: another; True.
      is_positive_definite: another; False.
      is_square: another; True.
      name: what the names of the operator's nodes begin with.

    Raises:
      ValueError: `reflection_axis` is a scalar, or a hint can't be.
    """

    def __init__(self, reflection_axis, is_non_singular=None, is_self_adjoint=None, is_positive_definite=None, is_square=None,
                 name="LinearOperatorHouseholder"):  # fmt: skip
        with name_scope(name, values=[reflection_axis]):
            self._reflection_axis = util.tensor_or_reference(reflection_axis, name="reflection_axis")
            util.check_rank(self._reflection_axis, "reflection_axis", 1)
            if is_self_adjoint is False:
                raise ValueError("A Householder operator is always self adjoint.")
            if is_positive_definite is True:
                raise ValueError("A Householder operator is always non-positive definite.")
            if is_square is False:
                raise ValueError("A Householder operator is always square.")
            super().__init__(self._reflection_axis.dtype, [self._reflection_axis], is_non_singular, True, False, True, name)

    @property
    def reflection_axis(self):
        """The vectors."""
        return self._reflection_axis

    def _shape(self):
        shape = self._reflection_axis.shape
        return shape.concatenate(shape[-1:])

    def _shape_tensor(self):
        shape = shape_of(self._reflection_axis)
        return concat((shape, [shape[-1]]), 0)

    def _assert_non_singular(self):
        return no_op("assert_non_singular")

    def _assert_positive_definite(self):
        raise invalid("Householder operators are always non-positive definite.")

    def _assert_self_adjoint(self):
        return no_op("assert_self_adjoint")

    def _unit_vectors(self):
        axis = convert(self.reflection_axis)
        return axis / norm(axis, axis=-1, keepdims=True)

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        x = adjoint_of(x) if adjoint_arg else x
        v = self._unit_vectors()[..., None]
        along = matmul_of(v, x, adjoint_a=True)
        return x - 2 * v * along

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        return self._matmul(rhs, adjoint, adjoint_arg)

    def _trace(self):
        return cast(self.domain_dimension_tensor() - 2, self.dtype) * ones(shape=self.batch_shape_tensor(), dtype=self.dtype)

    def _determinant(self):
        return -ones(shape=self.batch_shape_tensor(), dtype=self.dtype)

    def _log_abs_determinant(self):
        return zeros(shape=self.batch_shape_tensor(), dtype=self.dtype)

    def _to_dense(self):
        v = self._unit_vectors()[..., None]
        matrix = -2 * matmul_of(v, v, adjoint_b=True)
        return matrix_set_diag(matrix, 1.0 + matrix_diag_part(matrix))

    def _diag_part(self):
        v = self._unit_vectors()
        return 1.0 - 2 * v * conj(v)


@algebra.rule("adjoint", LinearOperatorHouseholder)
@algebra.rule("inverse", LinearOperatorHouseholder)
def _(operator):
    return operator
