"""Operators that are made of a list of others: their product, and the blocks of a block diagonal matrix."""

from ..core import dtypes, shape as shapes
from ..core.convert import convert
from ..core.export import export
from ..core.scopes import name_scope
from ..ops.filling import zeros
from ..ops.flow import group
from ..ops.joining import concat, stack
from ..ops.shaping import broadcast_static_shape, shape as shape_of, squeeze
from ..ops.splitting import split
from . import algebra, util
from .base import LinearOperator


class Combined(LinearOperator):
    """A base class of operators that are made of a list of others.

    Args:
      operators: the others, of one type.
      hints: the hints as keywords.
      name: the name, or None.
      joint: what stands between the names of the others in the name that it has by default.
    """

    def __init__(self, operators, hints, name, joint):
        self._operators = operators
        parents = [p for o in operators for p in o.graph_parents]
        if name is None:
            name = joint.join(o.name for o in operators)
        with name_scope(name, values=parents):
            super().__init__(operators[0].dtype, parents, name=name, **hints)

    @property
    def operators(self):
        """The operators that it is made of."""
        return self._operators

    def _batch_shape(self):
        shape = self.operators[0].batch_shape
        for o in self.operators[1:]:
            shape = broadcast_static_shape(shape, o.batch_shape)
        return shape

    def _batch_shape_by_zeros(self):
        """The batch shape as that of a sum of tensors, which broadcasts."""
        total = zeros(shape=self.operators[0].batch_shape_tensor())
        for o in self.operators[1:]:
            total += zeros(shape=o.batch_shape_tensor())
        return shape_of(total)

    def _determinant(self):
        result = self.operators[0].determinant()
        for o in self.operators[1:]:
            result *= o.determinant()
        return result

    def _log_abs_determinant(self):
        result = self.operators[0].log_abs_determinant()
        for o in self.operators[1:]:
            result += o.log_abs_determinant()
        return result


@export("linalg.LinearOperatorComposition")
class LinearOperatorComposition(Combined):
    """The product of operators, `A1 A2 ... An`; they are applied one after the other.

    Args:
      operators: the operators, of one type, with dimensions that fit.
      is_non_singular: a hint, as in `LinearOperator`; True if it is one for each of them.
      is_self_adjoint: another.
      is_positive_definite: another.
      is_square: another.
      name: what the names of the operator's nodes begin with; by default the names of the operators, joined by `_o_`.

    Raises:
      TypeError: they have different types.
      ValueError: there are none, or a hint can't be.
    """

    def __init__(self, operators, is_non_singular=None, is_self_adjoint=None, is_positive_definite=None, is_square=None, name=None):
        operators = util.listed(operators)
        util.check_same_dtype(operators)
        is_non_singular = util.implied_hint(is_non_singular, operators, "is_non_singular",
                                            "The composition of non-singular operators is always non-singular.")  # fmt: skip
        hints = dict(is_non_singular=is_non_singular, is_self_adjoint=is_self_adjoint,
                     is_positive_definite=is_positive_definite, is_square=is_square)  # fmt: skip
        super().__init__(operators, hints, name, "_o_")

    def _shape(self):
        for a, b in zip(self.operators, self.operators[1:], strict=False):
            a.domain_dimension.assert_is_compatible_with(b.range_dimension)
        matrix = shapes.TensorShape([self.operators[0].range_dimension, self.operators[-1].domain_dimension])
        return self._batch_shape().concatenate(matrix)

    def _shape_tensor(self):
        if self.shape.is_fully_defined():
            return convert(self.shape.as_list(), dtypes.int32, name="shape")
        matrix = stack([self.operators[0].range_dimension_tensor(), self.operators[-1].domain_dimension_tensor()])
        return concat((self._batch_shape_by_zeros(), matrix), 0)

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        first, *others = self.operators if adjoint else reversed(self.operators)
        x = first.matmul(x, adjoint=adjoint, adjoint_arg=adjoint_arg)
        for o in others:
            x = o.matmul(x, adjoint=adjoint)
        return x

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        first, *others = reversed(self.operators) if adjoint else self.operators
        x = first.solve(rhs, adjoint=adjoint, adjoint_arg=adjoint_arg)
        for o in others:
            x = o.solve(x, adjoint=adjoint)
        return x


@export("linalg.LinearOperatorBlockDiag")
class LinearOperatorBlockDiag(Combined):
    """Block diagonal matrices, with square operators as the blocks.

    Args:
      operators: the blocks, square operators of one type.
      is_non_singular: a hint, as in `LinearOperator`; True if it is one for each of them, like the next two.
      is_self_adjoint: another.
      is_positive_definite: another.
      is_square: True.
      name: what the names of the operator's nodes begin with; by default the names of the operators, joined by `_ds_`.

    Raises:
      TypeError: they have different types.
      ValueError: there are none, one is not square, or a hint can't be.
    """

    def __init__(self, operators, is_non_singular=None, is_self_adjoint=None, is_positive_definite=None, is_square=True, name=None):
        operators = util.listed(operators)
        util.check_same_dtype(operators)
        given = dict(is_non_singular=is_non_singular, is_self_adjoint=is_self_adjoint, is_positive_definite=is_positive_definite)
        kinds = ("non-singular", "self-adjoint", "positive definite")
        hints = {
            hint: util.implied_hint(value, operators, hint, "The direct sum of %s operators is always %s." % (kind, kind))
            for (hint, value), kind in zip(given.items(), kinds, strict=True)
        }
        if not (is_square and all(o.is_square for o in operators)):
            raise ValueError("Can only represent a block diagonal of square matrices.")
        super().__init__(operators, {**hints, "is_square": True}, name, "_ds_")

    def _shape(self):
        rows = sum((o.range_dimension for o in self.operators[1:]), self.operators[0].range_dimension)
        columns = sum((o.domain_dimension for o in self.operators[1:]), self.operators[0].domain_dimension)
        return self._batch_shape().concatenate(shapes.TensorShape([rows, columns]))

    def _shape_tensor(self):
        if self.shape.is_fully_defined():
            return convert(self.shape.as_list(), dtypes.int32, name="shape")
        columns, rows = self.operators[0].domain_dimension_tensor(), self.operators[0].range_dimension_tensor()
        for o in self.operators[1:]:
            columns += o.domain_dimension_tensor()
            rows += o.range_dimension_tensor()
        matrix = stack([columns, rows])
        return concat((self._batch_shape_by_zeros(), matrix), 0)

    def _blocks(self, x, adjoint):
        """The parts of matrices (or of their adjoints) that the blocks are applied to."""
        if self.shape.is_fully_defined():
            sizes = [o.domain_dimension.value for o in self.operators]
        else:
            sizes = [o.domain_dimension_tensor() for o in self.operators]
        return split(x, sizes, axis=-1 if adjoint else -2)

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        blocks = self._blocks(x, adjoint_arg)
        results = [o.matmul(b, adjoint=adjoint, adjoint_arg=adjoint_arg) for o, b in zip(self.operators, blocks, strict=True)]
        return concat(util.broadcast_batches(results), axis=-2)

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        blocks = self._blocks(rhs, adjoint_arg)
        results = [o.solve(b, adjoint=adjoint, adjoint_arg=adjoint_arg) for o, b in zip(self.operators, blocks, strict=True)]
        return concat(util.broadcast_batches(results), axis=-2)

    def _diag_part(self):
        diagonals = [o.diag_part()[..., None] for o in self.operators]
        return squeeze(concat(util.broadcast_batches(diagonals), axis=-2), axis=-1)

    def _trace(self):
        result = self.operators[0].trace()
        for o in self.operators[1:]:
            result += o.trace()
        return result

    def _to_dense(self):
        columns = 0
        rows = []
        for block in util.broadcast_batches([o.to_dense() for o in self.operators]):
            height = shape_of(block)[:-1]
            before = zeros(shape=concat([height, [columns]], axis=-1), dtype=block.dtype)
            columns += shape_of(block)[-1]
            after = zeros(shape=concat([height, [self.domain_dimension_tensor() - columns]], axis=-1), dtype=block.dtype)
            rows.append(concat([before, block, after], axis=-1))
        dense = concat(rows, axis=-2)
        dense.set_shape(self.shape)
        return dense

    def _assert_non_singular(self):
        return group([o.assert_non_singular() for o in self.operators])

    def _assert_self_adjoint(self):
        return group([o.assert_self_adjoint() for o in self.operators])

    def _assert_positive_definite(self):
        return group([o.assert_positive_definite() for o in self.operators])


# ------------------------------------------------------------------------------------------------------------------ rules


@algebra.rule("adjoint", LinearOperatorBlockDiag)
def _(operator):
    return LinearOperatorBlockDiag([o.adjoint() for o in operator.operators], **util.hints_of(operator, is_square=True))


@algebra.rule("inverse", LinearOperatorBlockDiag)
def _(operator):
    return LinearOperatorBlockDiag([o.inverse() for o in operator.operators], **util.hints_of(operator, is_square=True))


@algebra.rule("cholesky", LinearOperatorBlockDiag)
def _(operator):
    factors = [o.cholesky() for o in operator.operators]
    return LinearOperatorBlockDiag(factors, is_non_singular=True, is_self_adjoint=False, is_square=True)
