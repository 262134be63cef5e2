"""Kronecker products."""

from ..core import shape as shapes
from ..core.errors import invalid
from ..core.export import export
from ..ops.cast import cast
from ..ops.filling import ones_like, range_, zeros
from ..ops.flow import group
from ..ops.joining import concat
from ..ops.linalg import adjoint as adjoint_of
from ..ops.shaping import broadcast_dynamic_shape, broadcast_static_shape, rank, reshape, shape as shape_of
from ..ops.transposing import matrix_transpose, transpose
from . import algebra, util
from .combined import Combined


def _columns_stacked(x):
    """Matrices as vectors, column after column."""
    return reshape(matrix_transpose(x), concat([shape_of(x)[:-2], [-1]], axis=0))


def _as_columns(y, number):
    """Vectors as matrices with a number of columns."""
    return matrix_transpose(reshape(y, concat([shape_of(y)[:-1], [number, -1]], axis=0)))


def _rotated(x, right=False):
    """A tensor whose last dimension comes first (`right`), or the first last."""
    n = rank(x)
    perm = concat([[n - 1], range_(0, n - 1)], axis=0) if right else concat([range_(1, n), [0]], axis=0)
    return transpose(x, perm)


@export("linalg.LinearOperatorKronecker")
class LinearOperatorKronecker(Combined):
    """The Kronecker product of operators: every element of the one times the whole of the next.

    Args:
      operators: the operators, of one type.
      is_non_singular: a hint, as in `LinearOperator`; True if it is one for each of them, like the next two.
      is_self_adjoint: another.
      is_positive_definite: another.
      is_square: another.
      name: what the names of the operator's nodes begin with; by default the names of the operators, joined by `_x_`.

    Raises:
      TypeError: they have different types.
      ValueError: there are none, or a hint can't be.
    """

    def __init__(self, operators, is_non_singular=None, is_self_adjoint=None, is_positive_definite=None, is_square=None, name=None):
        operators = util.listed(operators, "Expected a list of >=1 operators. Found: %s")
        util.check_same_dtype(operators)
        given = dict(is_non_singular=is_non_singular, is_self_adjoint=is_self_adjoint, is_positive_definite=is_positive_definite)
        kinds = ("non-singular", "self-adjoint", "positive-definite")
        hints = {
            hint: util.implied_hint(value, operators, hint, "The Kronecker product of %s operators is always %s." % (kind, kind))
            for (hint, value), kind in zip(given.items(), kinds, strict=True)
        }
        super().__init__(operators, {**hints, "is_square": is_square}, name, "_x_")

    def _shape(self):
        columns, rows = self.operators[0].domain_dimension, self.operators[0].range_dimension
        for o in self.operators[1:]:
            columns *= o.domain_dimension
            rows *= o.range_dimension
        return self._batch_shape().concatenate(shapes.TensorShape([rows, columns]))

    def _shape_tensor(self):
        columns = self.operators[0].domain_dimension_tensor()
        for o in self.operators[1:]:
            columns *= o.domain_dimension_tensor()
        rows = self.operators[0].range_dimension_tensor()
        for o in self.operators[1:]:
            rows *= o.range_dimension_tensor()
        batch = self.operators[0].batch_shape_tensor()
        for o in self.operators[1:]:
            batch = broadcast_dynamic_shape(batch, o.batch_shape_tensor())
        return concat((batch, [rows, columns]), 0)

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        return self._factor_by_factor("matmul", "matvec", x, adjoint, adjoint_arg)

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        return self._factor_by_factor("solve", "solvevec", rhs, adjoint, adjoint_arg)

    def _factor_by_factor(self, of_matrices, of_vectors, x, adjoint, adjoint_arg):
        """Applies an operation of the factors, one factor after the other, by `(A x B) vec(X) = vec(B X A^T)`.

        Args:
          of_matrices: the name of the method that applies it to matrices.
          of_vectors: the name of the one that applies it to vectors.
          x: the matrices.
          adjoint: whether the adjoint of the operator is meant.
          adjoint_arg: whether the adjoint of `x` is meant.
        """
        x = adjoint_of(x) if adjoint_arg else x
        x += zeros(concat([ones_like(self.batch_shape_tensor()), [1, 1]], 0), dtype=x.dtype.base_dtype)
        y = _rotated(x, right=True)[None, ...]  # the columns of x, as vectors, and a dimension in front for the blocks
        for o in self.operators[:-1]:
            size = o.range_dimension_tensor() if adjoint else o.domain_dimension_tensor()
            y = matrix_transpose(_as_columns(y, size))
            y = matrix_transpose(getattr(o, of_matrices)(y, adjoint=adjoint, adjoint_arg=False))
            y = _rotated(_columns_stacked(_rotated(y)), right=True)
        y = getattr(self.operators[-1], of_vectors)(y, adjoint=adjoint)
        y = _rotated(_columns_stacked(_rotated(y)))
        if x.shape.is_fully_defined():
            batch = broadcast_static_shape(x.shape[:-2], self.batch_shape)
            y.set_shape(batch.concatenate([self.domain_dimension if adjoint else self.range_dimension, x.shape[-1]]))
        return y

    def _determinant(self):
        total = self.domain_dimension_tensor()
        result = 1.0
        for o in self.operators:
            result *= o.determinant() ** cast(total / o.domain_dimension_tensor(), o.dtype)
        return result

    def _log_abs_determinant(self):
        total = self.domain_dimension_tensor()
        result = 0.0
        for o in self.operators:
            result += o.log_abs_determinant() * cast(total / o.domain_dimension_tensor(), o.dtype)
        return result

    def _trace(self):
        result = 1.0
        for o in self.operators:
            result *= o.trace()
        return result

    def _diag_part(self):
        result = self.operators[0].diag_part()
        for o in self.operators[1:]:
            result = result[..., :, None]
            result *= o.diag_part()[..., None, :]
            result = reshape(result, concat([shape_of(result)[:-2], [-1]], axis=0))
        shorter = self.domain_dimension if self.range_dimension > self.domain_dimension else self.range_dimension
        result.set_shape(self.batch_shape.concatenate(shorter))
        return result

    def _to_dense(self):
        result = self.operators[0].to_dense()
        for o in self.operators[1:]:
            result = result[..., :, None, :, None]
            result *= o.to_dense()[..., None, :, None, :]
            batch = shape_of(result)[:-4]
            sizes = [shape_of(result)[-4] * shape_of(result)[-3], shape_of(result)[-2] * shape_of(result)[-1]]
            result = reshape(result, concat([batch, sizes], axis=0))
        result.set_shape(self.shape)
        return result

    def _assert_non_singular(self):
        self._check_square_factors("invertible")
        return group([o.assert_non_singular() for o in self.operators])

    def _assert_self_adjoint(self):
        self._check_square_factors("self adjoint")
        return group([o.assert_self_adjoint() for o in self.operators])

    def _check_square_factors(self, purpose):
        if not all(o.is_square for o in self.operators):
            raise invalid("All Kronecker factors must be square for the product to be %s." % purpose)


# ------------------------------------------------------------------------------------------------------------------ rules


@algebra.rule("adjoint", LinearOperatorKronecker)
def _(operator):
    return LinearOperatorKronecker([o.adjoint() for o in operator.operators], **util.hints_of(operator, is_square=True))


@algebra.rule("inverse", LinearOperatorKronecker)
def _(operator):
    return LinearOperatorKronecker([o.inverse() for o in operator.operators], **util.hints_of(operator, is_square=True))


@algebra.rule("cholesky", LinearOperatorKronecker)
def _(operator):
    factors = [o.cholesky() for o in operator.operators]
    return LinearOperatorKronecker(factors, is_non_singular=True, is_self_adjoint=False, is_square=True)
