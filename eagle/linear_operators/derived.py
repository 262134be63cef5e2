"""The adjoint and the inverse of an operator."""

from ..core.export import export
from ..core.scopes import name_scope
from ..ops.complex import conj
from ..ops.joining import concat
from ..ops.linalg import adjoint as adjoint_of
from . import algebra, util
from .base import LinearOperator


class _Derived(LinearOperator):
    """A base class of operators that share the properties of another.

    Args:
      operator: the other one.
      kind: what it is of the other, for messages.
      suffix: what its name has after the other's.
      hints: the hints that are given, as keywords.
      name: the name, or None.
    """

    def __init__(self, operator, kind, suffix, hints, name):
        self._operator = operator
        properties = {"is_square": "square", "is_non_singular": "non-singular", "is_self_adjoint": "self-adjoint",
                      "is_positive_definite": "positive-definite"}  # fmt: skip
        hints = {
            hint: util.agreed_hint(
                operator, hint, hints[hint], "An operator is %s if and only if its %s is %s." % (what, kind, what)
            )
            for hint, what in properties.items()
        }
        name = operator.name + suffix if name is None else name
        with name_scope(name, values=operator.graph_parents):
            super().__init__(operator.dtype, operator.graph_parents, name=name, **hints)

    @property
    def operator(self):
        """The operator that it is made of."""
        return self._operator

    def _assert_non_singular(self):
        return self.operator.assert_non_singular()

    def _assert_positive_definite(self):
        return self.operator.assert_positive_definite()

    def _assert_self_adjoint(self):
        return self.operator.assert_self_adjoint()


@export("linalg.LinearOperatorAdjoint")
class LinearOperatorAdjoint(_Derived):
    """The adjoint of an operator.

    Args:
      operator: the operator.
      is_non_singular: a hint, as in `LinearOperator`; by default the operator's, like the others.
      is_self_adjoint: another.
      is_positive_definite: another.
      is_square: another.
      name: what the names of its nodes begin with; by default the name of the operator and `_adjoint`.

    Raises:
      ValueError: a hint contradicts the operator's.
    """

    def __init__(self, operator, is_non_singular=None, is_self_adjoint=None, is_positive_definite=None, is_square=None, name=None):
        hints = dict(is_non_singular=is_non_singular, is_self_adjoint=is_self_adjoint,
                     is_positive_definite=is_positive_definite, is_square=is_square)  # fmt: skip
        super().__init__(operator, "adjoint", "_adjoint", hints, name)

    def _shape(self):
        shape = self.operator.shape
        return shape[:-2].concatenate([shape[-1], shape[-2]])

    def _shape_tensor(self):
        shape = self.operator.shape_tensor()
        return concat([shape[:-2], [shape[-1], shape[-2]]], axis=-1)

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        return self.operator.matmul(x, adjoint=not adjoint, adjoint_arg=adjoint_arg)

    def _matvec(self, x, adjoint=False):
        return self.operator.matvec(x, adjoint=not adjoint)

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        return self.operator.solve(rhs, adjoint=not adjoint, adjoint_arg=adjoint_arg)

    def _solvevec(self, rhs, adjoint=False):
        return self.operator.solvevec(rhs, adjoint=not adjoint)

    def _determinant(self):
        result = self.operator.determinant()
        return result if self.is_self_adjoint else conj(result)

    def _log_abs_determinant(self):
        return self.operator.log_abs_determinant()

    def _trace(self):
        result = self.operator.trace()
        return result if self.is_self_adjoint else conj(result)

    def _to_dense(self):
        dense = self.operator.to_dense()
        return dense if self.is_self_adjoint else adjoint_of(dense)


@export("linalg.LinearOperatorInversion")
class LinearOperatorInversion(_Derived):
    """The inverse of an operator.

    Args:
      operator: the operator, not known to be singular or not square.
      is_non_singular: a hint, as in `LinearOperator`; by default the operator's, like the others.
      is_self_adjoint: another.
      is_positive_definite: another.
      is_square: another.
      name: what the names of its nodes begin with; by default the name of the operator and `_inv`.

    Raises:
      ValueError: a hint contradicts the operator's, or says that there is no inverse.
    """

    def __init__(self, operator, is_non_singular=None, is_self_adjoint=None, is_positive_definite=None, is_square=None, name=None):
        for hint, given in (("is_non_singular", is_non_singular), ("is_square", is_square)):
            own = getattr(operator, hint)
            if own is False or given is False:
                raise ValueError(
                    "operator and supplied hints must have `%s` equal to `True` or `None`.  Found %s, %s" % (hint, own, given)
                )
        hints = dict(is_non_singular=is_non_singular, is_self_adjoint=is_self_adjoint,
                     is_positive_definite=is_positive_definite, is_square=is_square)  # fmt: skip
        super().__init__(operator, "inverse", "_inv", hints, name)

    def _shape(self):
        return self.operator.shape

    def _shape_tensor(self):
        return self.operator.shape_tensor()

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        return self.operator.solve(x, adjoint=adjoint, adjoint_arg=adjoint_arg)

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        return self.operator.matmul(rhs, adjoint=adjoint, adjoint_arg=adjoint_arg)

    def _determinant(self):
        return 1.0 / self.operator.determinant()

    def _log_abs_determinant(self):
        return -1.0 * self.operator.log_abs_determinant()


@algebra.rule("adjoint", LinearOperatorAdjoint)
@algebra.rule("inverse", LinearOperatorInversion)
def _(derived):
    return derived.operator


@algebra.rule("solve", LinearOperatorInversion, LinearOperator)
def _(a, b):
    return a.operator.matmul(b)
