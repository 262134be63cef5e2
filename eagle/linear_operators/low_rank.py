"""An operator and a correction of low rank to it."""

from ..core import shape as shapes
from ..core.export import export
from ..core.scopes import name_scope
from ..ops.cast import cast
from ..ops.joining import concat
from ..ops.linalg import cholesky as cholesky_of, det as determinant_of
from ..ops.matmul import matmul as matmul_of
from ..ops.matrices import matrix_diag_part
from ..ops.reduce import reduce_sum
from ..ops.shaping import broadcast_dynamic_shape, broadcast_static_shape, shape as shape_of
from ..ops.unary import abs_, exp, log
from ..platform import tf_logging
from . import util
from .base import LinearOperator
from .diag import LinearOperatorDiag
from .identity import LinearOperatorIdentity

_SYMMETRIC = (
    "A = L + UDU^H, with L self-adjoint and D real diagonal.  Since UDU^H is self-adjoint, this must be a self-adjoint operator."
)


@export("linalg.LinearOperatorLowRankUpdate")
class LinearOperatorLowRankUpdate(LinearOperator):
    """The sum of an operator and a product of low rank, `L + U D V^H`.

    The equations are solved by those of `L` and of matrices `C = D^-1 + V^H L^-1 U` that have the size of the low rank
    (Woodbury's identity), and likewise the determinants.

    Args:
      base_operator: `L`.
      u: a tensor of shape `[B1, ..., Bb, M, K]`.
      diag_update: the diagonals of `D`, a tensor of shape `[B1, ..., Bb, K]`; by default ones.
      v: a tensor of shape `[B1, ..., Bb, N, K]`; by default `u`.
      is_diag_update_positive: a hint that the diagonals are real and positive.
      is_non_singular: a hint, as in `LinearOperator`.
      is_self_adjoint: another.
      is_positive_definite: another.
      is_square: another.
      name: what the names of the operator's nodes begin with.

    Raises:
      ValueError: the shapes don't fit, or a hint can't be.
    """

    def __init__(self, base_operator, u, diag_update=None, v=None, is_diag_update_positive=None, is_non_singular=None,
                 is_self_adjoint=None, is_positive_definite=None, is_square=None, name="LinearOperatorLowRankUpdate"):  # fmt: skip
        is_diag_update_positive = _positive_hint(diag_update, is_diag_update_positive, base_operator.dtype)
        self._use_cholesky = bool(base_operator.is_positive_definite and base_operator.is_self_adjoint
                                  and is_diag_update_positive and v is None)  # fmt: skip
        if base_operator.is_self_adjoint and v is None and not base_operator.dtype.is_complex:
            if is_self_adjoint is False:
                raise ValueError(_SYMMETRIC)
            is_self_adjoint = True
        if self._use_cholesky:
            if False in (is_positive_definite, is_self_adjoint, is_non_singular):
                raise ValueError("Arguments imply this is self-adjoint positive-definite operator.")
            is_positive_definite = is_self_adjoint = True
        with name_scope(name, values=[*base_operator.graph_parents, u, diag_update, v]):
            self._u = util.tensor_or_reference(u, name="u")
            self._v = self._u if v is None else util.tensor_or_reference(v, name="v")
            self._diag_update = util.tensor_or_reference(diag_update, name="diag_update")
            self._base_operator = base_operator
            parents = [p for p in (*base_operator.graph_parents, self._u, self._diag_update, self._v) if p is not None]
            super().__init__(base_operator.dtype, parents, is_non_singular, is_self_adjoint, is_positive_definite, is_square, name)
            self._is_diag_update_positive = is_diag_update_positive
            self._set_diag_operator()
            self._check_shapes()

    def _set_diag_operator(self):
        if self._diag_update is None:
            rank = self._u.shape[-1].value
            rank = shape_of(self._u)[-1] if rank is None else rank
            self._diag_operator = LinearOperatorIdentity(num_rows=rank, dtype=self.dtype)
        else:
            self._diag_operator = LinearOperatorDiag(self._diag_update, is_positive_definite=self._is_diag_update_positive)

    def _check_shapes(self):
        uv = broadcast_static_shape(self._u.shape, self._v.shape)
        batch = broadcast_static_shape(self.base_operator.batch_shape, uv[:-2])
        self.base_operator.domain_dimension.assert_is_compatible_with(uv[-2])
        if self._diag_update is not None:
            rank = shapes.Dimension(None) if uv.ndims is None else uv.dims[-1]
            rank.assert_is_compatible_with(self._diag_update.shape[-1])
            broadcast_static_shape(batch, self._diag_update.shape[:-1])

    @property
    def base_operator(self):
        """`L`."""
        return self._base_operator

    @property
    def u(self):
        """`U`."""
        return self._u

    @property
    def v(self):
        """`V`."""
        return self._v

    @property
    def diag_update(self):
        """The diagonals of `D`, or None."""
        return self._diag_update

    @property
    def diag_operator(self):
        """`D`."""
        return self._diag_operator

    @property
    def is_diag_update_positive(self):
        """The hint whether the diagonals are real and positive."""
        return self._is_diag_update_positive

    def _shape(self):
        return broadcast_static_shape(self.base_operator.batch_shape, self.u.shape[:-2]).concatenate(self.base_operator.shape[-2:])

    def _shape_tensor(self):
        batch = broadcast_dynamic_shape(self.base_operator.batch_shape_tensor(), shape_of(self.u)[:-2])
        return concat([batch, self.base_operator.shape_tensor()[-2:]], axis=0)

    def _capacitance(self):
        """The matrices `C`."""
        small = matmul_of(self.v, self.base_operator.solve(self.u), adjoint_a=True)
        return self.diag_operator.inverse().add_to_tensor(small)

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        u, v = (self.v, self.u) if adjoint else (self.u, self.v)
        main = self.base_operator.matmul(x, adjoint=adjoint, adjoint_arg=adjoint_arg)
        small = matmul_of(v, x, adjoint_a=True, adjoint_b=adjoint_arg)
        return main + matmul_of(u, self.diag_operator.matmul(small, adjoint=adjoint))

    def _determinant(self):
        if self.is_positive_definite:
            return exp(self.log_abs_determinant())
        of_capacitance = determinant_of(self._capacitance())
        of_diag, of_base = self.diag_operator.determinant(), self.base_operator.determinant()
        return of_capacitance * of_diag * of_base

    def _log_abs_determinant(self):
        of_diag = self.diag_operator.log_abs_determinant()
        of_base = self.base_operator.log_abs_determinant()
        if self._use_cholesky:
            of_capacitance = 2 * reduce_sum(log(matrix_diag_part(cholesky_of(self._capacitance()))), axis=[-1])
        else:
            of_capacitance = log(abs_(determinant_of(self._capacitance())))
            if self.dtype.is_complex:
                of_capacitance = cast(of_capacitance, self.dtype)
        return of_capacitance + of_diag + of_base

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        if self.base_operator.is_non_singular is False:
            raise ValueError("Solve not implemented unless this is a perturbation of a non-singular LinearOperator.")
        u, v = (self.v, self.u) if adjoint else (self.u, self.v)
        main = self.base_operator.solve(rhs, adjoint=adjoint, adjoint_arg=adjoint_arg)
        small = matmul_of(v, main, adjoint_a=True)
        if self._use_cholesky:
            small = util.cholesky_solve_broadcast(cholesky_of(self._capacitance()), small)
        else:
            small = util.matrix_solve_broadcast(self._capacitance(), small, adjoint=adjoint)
        return main - self.base_operator.solve(matmul_of(u, small), adjoint=adjoint)


def _positive_hint(diag_update, given, dtype):
    """The hint whether the diagonals of the update are positive."""
    if diag_update is not None:
        if given and dtype.is_complex:
            tf_logging.warn("Note: setting is_diag_update_positive with a complex dtype means that diagonal is real and positive.")
        return given
    if given is False:
        raise ValueError(
            "Default diagonal is the identity, which is positive.  However, user set 'is_diag_update_positive' to False."
        )
    return True
