"""`tf.linalg.LinearOperator`: a batch of matrices that are given by what they do."""

import abc
import contextlib

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import convert, is_tensor
from ..core.export import export, public
from ..core.scopes import name_scope
from ..core.versions import version
from ..ops.assertions import assert_equal, assert_less, assert_positive
from ..ops.cast import cast
from ..ops.decompositions import svd
from ..ops.linalg import (
    adjoint as adjoint_of,
    cholesky as cholesky_of,
    det as determinant_of,
    slogdet,
)
from ..ops.matrices import eye, matrix_diag_part
from ..ops.reduce import reduce_max, reduce_min, reduce_sum
from ..ops.shaping import expand_dims, size, squeeze
from ..ops.unary import exp, log
from ..platform import tf_logging
from ..variables.module import Module
from . import algebra, util

_SLOW = "Using (possibly slow) default implementation of %s  Requires conversion to a dense matrix%s."
_CUBIC = " and O(N^3) operations"


def _warn_slow(what, cost=_CUBIC):
    tf_logging.warn(_SLOW % (what, cost))


@export("linalg.LinearOperator")
class LinearOperator(Module, metaclass=abc.ABCMeta):
    """A batch of matrices, of shape `[B1, ..., Bb, M, N]`, that are not written out but known by what they do to others.

    A subclass defines `_shape` (the static shape), `_shape_tensor` (the shape when the graph runs) and `_matmul`, and for every
    other public method that it does better than by way of the dense matrices the method with an underscore in front, which has
    the same arguments except the name.

    What is known of the matrices is given as hints, `is_...`: True and False are promises of the caller (nobody checks them),
    None says nothing.  They choose the algorithms.

    Args:
      dtype: the type of the elements, and of what the operator is applied to.
      graph_parents: the tensors and variables that it is made of.
      is_non_singular: whether the matrices are invertible.
      is_self_adjoint: whether they equal their adjoints.
      is_positive_definite: whether the real part of `x^H A x` is positive for every `x` but zero; they need not be self-adjoint.
      is_square: whether they are square.
      name: what the names of the operator's nodes begin with; by default the name of the class.

    Raises:
      ValueError: one of `graph_parents` is no tensor, or the hints contradict each other.
    """

    def __init__(self, dtype, graph_parents=None, is_non_singular=None, is_self_adjoint=None, is_positive_definite=None,
                 is_square=None, name=None):  # fmt: skip
        if is_positive_definite:
            if is_non_singular is False:
                raise ValueError("A positive definite matrix is always non-singular.")
            is_non_singular = True
        for hint, kind in ((is_non_singular, "non-singular"), (is_self_adjoint, "self-adjoint")):
            if hint:
                if is_square is False:
                    raise ValueError("A %s matrix is always square." % kind)
                is_square = True
        self._is_square_set_or_implied_by_hints = is_square
        self._graph_parents = [] if graph_parents is None else graph_parents
        for i, t in enumerate(self._graph_parents):
            if t is None or not (util.is_reference(t) or is_tensor(t)):
                raise ValueError("Graph parent item %d is not a Tensor; %s." % (i, t))
        self._dtype = dtypes.as_dtype(dtype).base_dtype if dtype else dtype
        self._is_non_singular = is_non_singular
        self._is_self_adjoint = is_self_adjoint
        self._is_positive_definite = is_positive_definite
        self._name = name or type(self).__name__

    @contextlib.contextmanager
    def _name_scope(self, name=None):
        with name_scope(self.name if name is None else "%s/%s" % (self.name, name)) as scope:
            yield scope

    # --------------------------------------------------------------------------------------------------- what it is

    @property
    def dtype(self):
        """The type of the elements."""
        return self._dtype

    @property
    def name(self):
        """What the names of its nodes begin with."""
        return self._name

    @property
    def graph_parents(self):
        """The tensors and variables that it is made of."""
        return self._graph_parents

    @property
    def is_non_singular(self):
        """The hint whether the matrices are invertible."""
        return self._is_non_singular

    @property
    def is_self_adjoint(self):
        """The hint whether they equal their adjoints."""
        return self._is_self_adjoint

    @property
    def is_positive_definite(self):
        """The hint whether they are positive definite."""
        return self._is_positive_definite

    @property
    def is_square(self):
        """Whether they are square: as the hints say, or the static shape; None if neither does.

        Raises:
          ValueError: the hint says no, and the shape yes.
        """
        by_shape = self.domain_dimension == self.range_dimension
        if self._is_square_set_or_implied_by_hints is False and by_shape:
            raise ValueError("User set is_square hint to False, but the operator was square.")
        return by_shape if self._is_square_set_or_implied_by_hints is None else self._is_square_set_or_implied_by_hints

    # --------------------------------------------------------------------------------------------------------- shape

    @abc.abstractmethod
    def _shape(self):
        raise NotImplementedError("_shape is not implemented.")

    @abc.abstractmethod
    def _shape_tensor(self):
        raise NotImplementedError("_shape_tensor is not implemented.")

    @property
    def shape(self):
        """The static shape, a `TensorShape`."""
        return self._shape()

    def shape_tensor(self, name="shape_tensor"):
        """The shape, an int32 vector."""
        with self._name_scope(name):
            if self.shape.is_fully_defined():
                return util.as_shape_tensor(self.shape.as_list())
            return self._shape_tensor()

    @property
    def batch_shape(self):
        """The static shape without the last two dimensions."""
        return self.shape[:-2]

    def batch_shape_tensor(self, name="batch_shape_tensor"):
        """The shape without the last two dimensions, an int32 vector."""
        with self._name_scope(name):
            if self.batch_shape.is_fully_defined():
                return util.as_shape_tensor(self.batch_shape.as_list(), name="batch_shape")
            return self.shape_tensor()[:-2]

    @property
    def tensor_rank(self):
        """The number of dimensions, or None if it is unknown."""
        with self._name_scope("tensor_rank"):
            return self.shape.ndims

    def tensor_rank_tensor(self, name="tensor_rank_tensor"):
        """The number of dimensions, an int32 scalar."""
        with self._name_scope(name):
            rank = self.tensor_rank
            return size(self.shape_tensor()) if rank is None else convert(rank)

    @property
    def domain_dimension(self):
        """The number of columns, a `Dimension`."""
        return shapes.Dimension(None) if self.shape.ndims is None else self.shape.dims[-1]

    def domain_dimension_tensor(self, name="domain_dimension_tensor"):
        """The number of columns, an int32 scalar."""
        return self._dimension_tensor(name, self.domain_dimension, -1)

    @property
    def range_dimension(self):
        """The number of rows, a `Dimension`."""
        return self.shape.dims[-2] if self.shape.dims else shapes.Dimension(None)

    def range_dimension_tensor(self, name="range_dimension_tensor"):
        """The number of rows, an int32 scalar."""
        return self._dimension_tensor(name, self.range_dimension, -2)

    def _dimension_tensor(self, name, dimension, axis):
        with self._name_scope(name):
            return self.shape_tensor()[axis] if dimension.value is None else convert(dimension.value)

    # ---------------------------------------------------------------------------------------------------- assertions

    def _assert_non_singular(self):
        _warn_slow("assert_non_singular.")
        if self._can_use_cholesky():
            return self.assert_positive_definite()
        values = svd(self.to_dense(), compute_uv=False)
        condition = reduce_max(values, axis=-1) / reduce_min(values, axis=-1)
        return assert_less(condition, self._max_condition_number_to_be_non_singular(),
                           message="Singular matrix up to precision epsilon.")  # fmt: skip

    def _max_condition_number_to_be_non_singular(self):
        with name_scope("max_nonsingular_condition_number"):
            eps = np.finfo(self.dtype.as_numpy_dtype).eps
            sizes = [cast(self.range_dimension_tensor(), self.dtype), cast(self.domain_dimension_tensor(), self.dtype)]
            return 1.0 / (cast(reduce_max([100.0, *sizes]), self.dtype) * eps)

    def assert_non_singular(self, name="assert_non_singular"):
        """An operation that fails if a matrix is singular as far as its precision goes.

        A matrix counts as singular if its condition number is not below `1 / (max(100, M, N) * eps)`.
        """
        with self._name_scope(name):
            return self._assert_non_singular()

    def _assert_positive_definite(self):
        _warn_slow("assert_positive_definite.")
        if self.is_self_adjoint:
            return assert_positive(matrix_diag_part(cholesky_of(self.to_dense())), message="Matrix was not positive definite.")
        raise NotImplementedError("assert_positive_definite is not implemented.")

    def assert_positive_definite(self, name="assert_positive_definite"):
        """An operation that fails if a matrix is not positive definite.

        Raises:
          NotImplementedError: there is no way to find that out for these matrices.
        """
        with self._name_scope(name):
            return self._assert_positive_definite()

    def _assert_self_adjoint(self):
        dense = self.to_dense()
        _warn_slow("assert_self_adjoint.", "")
        return assert_equal(dense, adjoint_of(dense), message="Matrix was not equal to its adjoint.")

    def assert_self_adjoint(self, name="assert_self_adjoint"):
        """An operation that fails if a matrix does not equal its adjoint exactly."""
        with self._name_scope(name):
            return self._assert_self_adjoint()

    def _check_input_dtype(self, arg):
        if arg.dtype.base_dtype != self.dtype:
            raise TypeError("Expected argument to have dtype %s.  Found: %s in tensor %s" % (self.dtype, arg.dtype, arg))

    def _check_dimension(self, axis, x, axis_of_x):
        """Raises ValueError unless a dimension of the operator fits one of a tensor."""
        own = self.shape
        shapes.Dimension(None if own.ndims is None else own.dims[axis]).assert_is_compatible_with(x.shape[axis_of_x])

    # ------------------------------------------------------------------------------------------------------ products

    @abc.abstractmethod
    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        raise NotImplementedError("_matmul is not implemented.")

    def matmul(self, x, adjoint=False, adjoint_arg=False, name="matmul"):
        """The product with matrices on the right.

        Args:
          x: a tensor of shape `[..., N, R]` and the operator's type, or another operator.
          adjoint: whether the adjoint of the operator is meant, `A^H x`.
          adjoint_arg: whether the adjoint of `x` is meant, `A x^H`.
          name: the name scope of the nodes.

        Returns:
          A tensor of shape `[..., M, R]`; for an operator an operator.

        Raises:
          TypeError: `x` has another type.
          ValueError: the dimensions don't fit.
        """
        if isinstance(x, LinearOperator):
            return self._with_operator("matmul", x, adjoint, adjoint_arg, "x", name)
        with self._name_scope(name):
            x = convert(x, name="x")
            self._check_input_dtype(x)
            self._check_dimension(-2 if adjoint else -1, x, -1 if adjoint_arg else -2)
            return self._matmul(x, adjoint=adjoint, adjoint_arg=adjoint_arg)

    def _with_operator(self, operation, other, adjoint, adjoint_arg, parameter, name):
        """The product of two operators, or the solution of a system of them."""
        left = self.adjoint() if adjoint else self
        right = other.adjoint() if adjoint_arg else other
        if right.range_dimension != left.domain_dimension:
            raise ValueError("Operators are incompatible. Expected `%s` to have dimension %s but got %s."
                             % (parameter, left.domain_dimension, right.range_dimension))  # fmt: skip
        with self._name_scope(name):
            return algebra.apply(operation, left, right)

    def _matvec(self, x, adjoint=False):
        return squeeze(self.matmul(expand_dims(x, axis=-1), adjoint=adjoint), axis=-1)

    def matvec(self, x, adjoint=False, name="matvec"):
        """The product with vectors on the right.

        Args:
          x: a tensor of shape `[..., N]` and the operator's type.
          adjoint: whether the adjoint of the operator is meant.
          name: the name scope of the nodes.

        Returns:
          A tensor of shape `[..., M]`.

        Raises:
          TypeError: `x` has another type.
          ValueError: the dimensions don't fit.
        """
        with self._name_scope(name):
            x = convert(x, name="x")
            self._check_input_dtype(x)
            self._check_dimension(-2 if adjoint else -1, x, -1)
            return self._matvec(x, adjoint=adjoint)

    # -------------------------------------------------------------------------------------------------- determinants

    def _determinant(self):
        _warn_slow("determinant.")
        if self._can_use_cholesky():
            return exp(self.log_abs_determinant())
        return determinant_of(self.to_dense())

    def determinant(self, name="det"):
        """The determinants.

        Returns:
          A tensor of the shape `batch_shape`.

        Raises:
          NotImplementedError: the matrices are not square.
        """
        self._check_square_for_determinant()
        with self._name_scope(name):
            return self._determinant()

    def _log_abs_determinant(self):
        _warn_slow("determinant.")
        if self._can_use_cholesky():
            diagonal = matrix_diag_part(cholesky_of(self.to_dense()))
            return 2 * reduce_sum(log(diagonal), axis=[-1])
        return slogdet(self.to_dense())[1]

    def log_abs_determinant(self, name="log_abs_det"):
        """The logarithms of the absolute values of the determinants.

        Returns:
          A tensor of the shape `batch_shape`.

        Raises:
          NotImplementedError: the matrices are not square.
        """
        self._check_square_for_determinant()
        with self._name_scope(name):
            return self._log_abs_determinant()

    def _check_square_for_determinant(self):
        if self.is_square is False:
            raise NotImplementedError("Determinant not implemented for an operator that is expected to not be square.")

    # ----------------------------------------------------------------------------------------------------- equations

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        if self.is_square is False:
            raise NotImplementedError("Solve is not yet implemented for non-square operators.")
        _warn_slow("solve.")
        rhs = adjoint_of(rhs) if adjoint_arg else rhs
        if self._can_use_cholesky():
            return util.cholesky_solve_broadcast(cholesky_of(self.to_dense()), rhs)
        return util.matrix_solve_broadcast(self.to_dense(), rhs, adjoint=adjoint)

    def solve(self, rhs, adjoint=False, adjoint_arg=False, name="solve"):
        """The solution `x` of `A x = rhs`.

        Args:
          rhs: a tensor of shape `[..., M, R]` and the operator's type, or another operator.
          adjoint: whether the adjoint of the operator is meant, `A^H x = rhs`.
          adjoint_arg: whether the adjoint of `rhs` is meant, `A x = rhs^H`.
          name: the name scope of the nodes.

        Returns:
          A tensor of shape `[..., N, R]`; for an operator an operator.

        Raises:
          NotImplementedError: the hints say that the matrices are singular or not square.
          TypeError: `rhs` has another type.
          ValueError: the dimensions don't fit.
        """
        if self.is_non_singular is False:
            raise NotImplementedError("Exact solve not implemented for an operator that is expected to be singular.")
        if self.is_square is False:
            raise NotImplementedError("Exact solve not implemented for an operator that is expected to not be square.")
        if isinstance(rhs, LinearOperator):
            return self._with_operator("solve", rhs, adjoint, adjoint_arg, "rhs", name)
        with self._name_scope(name):
            rhs = convert(rhs, name="rhs")
            self._check_input_dtype(rhs)
            self._check_dimension(-1 if adjoint else -2, rhs, -1 if adjoint_arg else -2)
            return self._solve(rhs, adjoint=adjoint, adjoint_arg=adjoint_arg)

    def _solvevec(self, rhs, adjoint=False):
        return squeeze(self.solve(expand_dims(rhs, axis=-1), adjoint=adjoint), axis=-1)

    def solvevec(self, rhs, adjoint=False, name="solve"):
        """The solution `x` of `A x = rhs` for vectors.

        Args:
          rhs: a tensor of shape `[..., M]` and the operator's type.
          adjoint: whether the adjoint of the operator is meant.
          name: the name scope of the nodes.

        Returns:
          A tensor of shape `[..., N]`.

        Raises:
          NotImplementedError: the hints say that the matrices are singular or not square.
          TypeError: `rhs` has another type.
          ValueError: the dimensions don't fit.
        """
        with self._name_scope(name):
            rhs = convert(rhs, name="rhs")
            self._check_input_dtype(rhs)
            self._check_dimension(-1 if adjoint else -2, rhs, -1)
            return self._solvevec(rhs, adjoint=adjoint)

    # ----------------------------------------------------------------------------------------------- other operators

    def adjoint(self, name="adjoint"):
        """The operator of the adjoint matrices (also `operator.H`)."""
        if self.is_self_adjoint is True:
            return self
        with self._name_scope(name):
            return algebra.apply("adjoint", self)

    H = property(adjoint)

    def inverse(self, name="inverse"):
        """The operator of the inverse matrices.

        Raises:
          ValueError: the hints say that the matrices are singular or not square.
        """
        for hint, kind in ((self.is_square, "non square"), (self.is_non_singular, "singular")):
            if hint is False:
                raise ValueError("Cannot take the Inverse: This operator represents a %s matrix." % kind)
        with self._name_scope(name):
            return algebra.apply("inverse", self)

    def cholesky(self, name="cholesky"):
        """The operator of the lower triangular matrices `L` with `A = L L^H`.

        Raises:
          ValueError: the hints don't say that the matrices are self-adjoint and positive definite.
        """
        if not self._can_use_cholesky():
            raise ValueError("Cannot take the Cholesky decomposition: Not a positive definite self adjoint matrix.")
        with self._name_scope(name):
            return algebra.apply("cholesky", self)

    # ------------------------------------------------------------------------------------------------ dense matrices

    def _to_dense(self):
        batch = self.batch_shape if self.batch_shape.is_fully_defined() else self.batch_shape_tensor()
        n = self.domain_dimension.value
        n = self.domain_dimension_tensor() if n is None else n
        return self.matmul(eye(num_rows=n, batch_shape=batch, dtype=self.dtype))

    def to_dense(self, name="to_dense"):
        """The matrices, written out."""
        with self._name_scope(name):
            return self._to_dense()

    def _diag_part(self):
        return matrix_diag_part(self.to_dense())

    def diag_part(self, name="diag_part"):
        """The diagonals, a tensor of shape `[B1, ..., Bb, min(M, N)]`."""
        with self._name_scope(name):
            return self._diag_part()

    def _trace(self):
        return reduce_sum(self.diag_part(), axis=-1)

    def trace(self, name="trace"):
        """The sums of the diagonals."""
        with self._name_scope(name):
            return self._trace()

    def _add_to_tensor(self, x):
        return self.to_dense() + x

    def add_to_tensor(self, x, name="add_to_tensor"):
        """The sum with a tensor.

        Args:
          x: a tensor of the operator's type, of a shape that can be broadcast to the operator's.
          name: the name scope of the nodes.

        Raises:
          TypeError: `x` has another type.
        """
        with self._name_scope(name):
            x = convert(x, name="x")
            self._check_input_dtype(x)
            return self._add_to_tensor(x)

    def _can_use_cholesky(self):
        return self.is_self_adjoint and self.is_positive_definite


# ------------------------------------------------------------------------------------------------------------------ rules


@algebra.rule("adjoint", LinearOperator)
def _(operator):
    return public.linalg.LinearOperatorAdjoint(operator, **util.hints_of(operator))


@algebra.rule("inverse", LinearOperator)
def _(operator):
    return public.linalg.LinearOperatorInversion(operator, **util.hints_of(operator))


@algebra.rule("cholesky", LinearOperator)
def _(operator):
    return public.linalg.LinearOperatorLowerTriangular(
        cholesky_of(operator.to_dense()), is_non_singular=True, is_self_adjoint=False, is_square=True
    )


@algebra.rule("matmul", LinearOperator, LinearOperator)
def _(a, b):
    return public.linalg.LinearOperatorComposition([a, b], **_hints_of_product(a, b))


@algebra.rule("solve", LinearOperator, LinearOperator)
def _(a, b):
    return public.linalg.LinearOperatorComposition([public.linalg.LinearOperatorInversion(a), b], **_hints_of_product(a, b))


def _hints_of_product(a, b):
    """The hints for the product of any two operators, as keywords."""
    is_square = _is_product_square(a, b)
    if is_square:
        return dict(is_non_singular=util.both_non_singular(a, b), is_square=True)
    if is_square is False:
        return dict(is_non_singular=False, is_self_adjoint=False, is_positive_definite=False, is_square=False)
    return {}


def _is_product_square(a, b):
    if a.is_square and b.is_square:
        return True
    if a.is_square is False and b.is_square is False:
        return a.range_dimension == b.domain_dimension
    if a.is_square != b.is_square and a.is_square is not None:
        return False
    return None


# ---------------------------------------------------------------------------------------- functions that take operators


@version("linalg.adjoint", LinearOperator)
def _(matrix, name=None):
    return matrix.adjoint(name)


@version("cholesky", LinearOperator)
def _(input, name=None):
    return input.cholesky(name)


@version("matrix_diag_part", LinearOperator)
def _(input, name="diag_part", k=0, padding_value=0):
    return input.diag_part(name)


@version("matrix_determinant", LinearOperator)
def _(input, name=None):
    return input.determinant(name)


@version("matrix_inverse", LinearOperator)
def _(input, adjoint=False, name=None):
    inverse = input.inverse(name)
    return inverse.adjoint() if adjoint else inverse


@version("linalg.logdet", LinearOperator)
def _(matrix, name=None):
    if matrix.is_positive_definite and matrix.is_self_adjoint:
        return matrix.log_abs_determinant(name)
    raise ValueError("Expected matrix to be self-adjoint positive definite.")


@version("matmul", LinearOperator, operands=2)
def _(a, b, transpose_a=False, transpose_b=False, adjoint_a=False, adjoint_b=False, a_is_sparse=False, b_is_sparse=False,
      name=None):  # fmt: skip
    if transpose_a or transpose_b:
        raise ValueError("Transposing not supported at this time.")
    if a_is_sparse or b_is_sparse:
        raise ValueError("Sparse methods not supported at this time.")
    if isinstance(a, LinearOperator):
        return a.matmul(b, adjoint=adjoint_a, adjoint_arg=adjoint_b, name=name)
    return adjoint_of(b.matmul(a, adjoint=not adjoint_b, adjoint_arg=not adjoint_a, name=name))


@version("matrix_solve", LinearOperator, operands=2)
def _(matrix, rhs, adjoint=False, name=None):
    if not isinstance(matrix, LinearOperator):
        raise ValueError("Passing in `matrix` as a Tensor and `rhs` as a LinearOperator is not supported.")
    return matrix.solve(rhs, adjoint=adjoint, name=name)


@version("trace", LinearOperator)
def _(x, name=None):
    return x.trace(name)
