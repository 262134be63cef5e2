"""What linear operators share: references to variables, hints, batches that are broadcast."""

import math

import numpy as np

from ..core import dtypes
from ..core.convert import convert, convert_to_tensor
from ..core.export import export
from ..core.scopes import name_scope
from ..ops.assertions import assert_equal, assert_less, assert_proper_iterable
from ..ops.complex import imag
from ..ops.flow import no_op
from ..ops.joining import concat
from ..ops.linalg import adjoint as adjoint_of, cholesky_solve, matrix_solve, matrix_triangular_solve
from ..ops.shaping import broadcast_dynamic_shape, broadcast_static_shape, broadcast_to, reshape, shape as shape_of
from ..ops.transposing import transpose
from ..ops.unary import abs_
from ..variables.base import Variable
from ..variables.module import Module

_HERE = "python.ops.linalg.linear_operator_util."  # libraries that extend TensorFlow know these functions by this module

# ------------------------------------------------------------------------------------------------- tensors and references


@export(_HERE + "is_ref")
def is_reference(x):
    """Whether something is a variable, or a module with a type and a shape: what is read anew whenever it is used."""
    return isinstance(x, Variable) or (isinstance(x, Module) and hasattr(x, "dtype") and hasattr(x, "shape"))


@export(_HERE + "assert_not_ref_type")
def check_no_reference(x, arg_name):
    """Raises TypeError if something is a variable or the like; `arg_name` is the argument that it was given as."""
    if is_reference(x):
        raise TypeError("Argument %s cannot be reference type. Found: %s" % (arg_name, type(x)))


def tensor_or_reference(value, name):
    """A variable as it is, everything else as a tensor."""
    return value if value is None or is_reference(value) else convert(value, name=name)


def check_rank(x, name, rank, plural=False):
    """Raises ValueError if something is known to have fewer than `rank` dimensions; `plural`: "dimensions", even for one."""
    if x.shape.ndims is not None and x.shape.ndims < rank:
        raise ValueError(
            "Argument %s must have at least %d dimension%s.  Found: %s" % (name, rank, "s" if (plural or rank > 1) else "", x)
        )


@export(_HERE + "shape_tensor")
def as_shape_tensor(shape, name=None):
    """A shape, or one of its dimensions, as a tensor of integers."""
    empty = isinstance(shape, tuple | list) and not shape
    return convert_to_tensor(shape, dtypes.int32 if empty else None, name)


# ------------------------------------------------------------------------------------------------------------ assertions


@export(_HERE + "assert_no_entries_with_modulus_zero")
def assert_no_zeros(x, message=None, name="assert_no_entries_with_modulus_zero"):
    """An operation that fails if an element is zero."""
    with name_scope(name, values=[x]):
        x = convert(x, name="x")
        size = abs_(x)
        return assert_less(convert(0, x.dtype.base_dtype.real_dtype), size, message=message)


@export(_HERE + "assert_zero_imag_part")
def assert_real(x, message=None, name="assert_zero_imag_part"):
    """An operation that fails if an element has an imaginary part."""
    with name_scope(name, values=[x]):
        x = convert(x, name="x")
        if x.dtype.is_floating:
            return no_op()
        return assert_equal(convert(0, x.dtype.base_dtype.real_dtype), imag(x), message=message)


@export(_HERE + "assert_compatible_matrix_dimensions")
def assert_fits(operator, x):
    """An operation that fails unless the operator can be applied to the matrices `x`."""
    message = "Dimensions are not compatible.  shape[-2] of argument to be the same as this operator"
    return assert_equal(shape_of(x)[-2], operator.domain_dimension_tensor(), message=message)


# ----------------------------------------------------------------------------------------------------------------- hints


@export(_HERE + "use_operator_or_provided_hint_unless_contradicting")
def agreed_hint(operator, hint_attr_name, provided_hint_value, message):
    """A hint that must be the same for an operator and one that is made of it: the operator's, or the one given.

    Raises:
      ValueError: they contradict each other; `message` says why.
    """
    own, given = getattr(operator, hint_attr_name), provided_hint_value
    if own is False and given or own and given is False:
        raise ValueError(message)
    if own or given:
        return True
    return False if own is False or given is False else None


def implied_hint(given, operators, hint, message):
    """A hint for an operator that is made of others and has the property if all of these have it.

    Raises:
      ValueError: it is given as False all the same; `message` says why it can't be.
    """
    if not all(getattr(o, hint) for o in operators):
        return given
    if given is False:
        raise ValueError(message)
    return True


def self_adjoint_if_real(diagonal, given, message="A real diagonal operator is always self adjoint."):
    """The hint whether matrices are self-adjoint that are known by their diagonal or their eigenvalues.

    Raises:
      ValueError: it is given as False for real ones.
    """
    if diagonal.dtype.is_complex:
        return given
    if given is False:
        raise ValueError(message)
    return True


def hints_of(operator, **others):
    """The hints of an operator as keywords, some replaced."""
    names = ("is_non_singular", "is_self_adjoint", "is_positive_definite", "is_square")
    return {**{n: getattr(operator, n) for n in names}, **others}


def combined_hints(a, b, keeps_definite=True):
    """The hints of the product of two operators that commute, as keywords.

    Args:
      a, b: square operators.
      keeps_definite: whether the product of positive definite ones is known to be so.
    """
    definite = keeps_definite and all(o.is_positive_definite is True and o.is_self_adjoint is True for o in (a, b))
    kinds = (a.is_self_adjoint, b.is_self_adjoint)
    self_adjoint = True if all(kinds) else False if kinds in ((True, False), (False, True)) else None
    return dict(is_non_singular=both_non_singular(a, b), is_self_adjoint=self_adjoint,
                is_positive_definite=True if definite else None, is_square=True)  # fmt: skip


def both_non_singular(a, b):
    """Whether the product of two operators is non-singular, as far as their hints say."""
    if a.is_non_singular is False or b.is_non_singular is False:
        return False
    return a.is_non_singular and b.is_non_singular


def check_same_dtype(operators):
    """The type that operators have in common.

    Raises:
      TypeError: they don't have one.
    """
    dtype = operators[0].dtype
    if any(o.dtype != dtype for o in operators):
        raise TypeError(
            "Expected all operators to have the same dtype.  Found %s" % "   ".join(str((o.name, o.dtype)) for o in operators)
        )
    return dtype


def listed(operators, empty="Expected a non-empty list of operators. Found: %s"):
    """Operators as a list.

    Raises:
      TypeError: they are no list or the like.
      ValueError: there are none.
    """
    assert_proper_iterable(operators)
    operators = list(operators)
    if not operators:
        raise ValueError(empty % operators)
    return operators


# -------------------------------------------------------------------------------------------------------------- batches


@export(_HERE + "broadcast_matrix_batch_dims")
def broadcast_batches(batch_matrices, name=None):
    """Matrices with the batch dimensions of all of them broadcast to one shape.

    Args:
      batch_matrices: a list of tensors of rank 2 or more.
      name: the name scope of the nodes.

    Returns:
      A list of tensors.

    Raises:
      ValueError: a rank is known to be smaller, or the batch dimensions don't fit.
    """
    with name_scope(name or "broadcast_matrix_batch_dims", values=batch_matrices):
        assert_proper_iterable(batch_matrices)
        matrices = [convert(m) for m in batch_matrices]
        for m in matrices:
            if m.shape.ndims is not None and m.shape.ndims < 2:
                raise ValueError("Expected [batch] matrix to have at least two dimensions.  Found: %s" % m)
        if len(matrices) < 2:
            return matrices
        batch = matrices[0].shape[:-2]
        for m in matrices[1:]:
            batch = broadcast_static_shape(batch, m.shape[:-2])
        if batch.is_fully_defined():
            return [m if m.shape[:-2] == batch else _stretched(m, batch.as_list()) for m in matrices]
        batch = shape_of(matrices[0])[:-2]
        for m in matrices[1:]:
            batch = broadcast_dynamic_shape(batch, shape_of(m)[:-2])
        return [_stretched(m, batch) for m in matrices]


def _stretched(matrix, batch):
    return broadcast_to(matrix, concat([batch, shape_of(matrix)[-2:]], axis=0))


@export(_HERE + "cholesky_solve_with_broadcast")
def cholesky_solve_broadcast(chol, rhs, name=None):
    """`tf.cholesky_solve`, with batch dimensions that are broadcast."""
    with name_scope(name, "CholeskySolveWithBroadcast", [chol, rhs]):
        return cholesky_solve(*broadcast_batches([chol, rhs]))


@export(_HERE + "matrix_solve_with_broadcast")
def matrix_solve_broadcast(matrix, rhs, adjoint=False, name=None):
    """`tf.matrix_solve`, with batch dimensions that are broadcast."""
    with name_scope(name, "MatrixSolveWithBroadcast", [matrix, rhs]):
        matrix, rhs, restore, is_adjoint = _batch_to_columns(*_matrix_and_rhs(matrix, rhs), adjoint)
        matrix, rhs = broadcast_batches([matrix, rhs])
        return restore(matrix_solve(matrix, rhs, adjoint=adjoint and not is_adjoint))


@export(_HERE + "matrix_triangular_solve_with_broadcast")
def triangular_solve_broadcast(matrix, rhs, lower=True, adjoint=False, name=None):
    """`tf.matrix_triangular_solve`, with batch dimensions that are broadcast."""
    with name_scope(name, "MatrixTriangularSolve", [matrix, rhs]):
        matrix, rhs, restore, is_adjoint = _batch_to_columns(*_matrix_and_rhs(matrix, rhs), adjoint)
        matrix, rhs = broadcast_batches([matrix, rhs])
        lower = lower != (is_adjoint and adjoint)
        return restore(matrix_triangular_solve(matrix, rhs, lower=lower, adjoint=adjoint and not is_adjoint))


def _matrix_and_rhs(matrix, rhs):
    matrix = convert(matrix, name="matrix")
    return matrix, convert(rhs, matrix.dtype, "rhs")


def _batch_to_columns(a, b, adjoint):
    """Turns batch dimensions that only the right-hand sides have into more columns, where that saves copies of the matrices.

    Args:
      a: the matrices.
      b: the right-hand sides.
      adjoint: whether the adjoint of the matrices is meant.

    Returns:
      The matrices (the adjoint ones if that is meant and anything was done), the right-hand sides, the function that brings
      the solutions back to the shape wanted, and whether anything was done.
    """
    nothing = a, b, lambda y: y, False
    if a.shape.ndims is None or b.shape.ndims is None or a.shape.ndims >= b.shape.ndims:
        return nothing
    extra = b.shape.ndims - a.shape.ndims
    extra_shape, main_shape = shape_of(b)[:extra], shape_of(b)[extra:]
    batch, size, columns = b.shape[:extra], a.shape[-2 if adjoint else -1].value, b.shape[-1].value
    if batch.is_fully_defined():
        is_small = None not in (size, columns) and size <= columns
        if math.prod(batch.as_list()) < 2 or is_small:
            return nothing
    a = adjoint_of(a) if adjoint else a
    extra_shape, main_shape = shape_of(b)[:extra], shape_of(b)[extra:]  # once more, as in TensorFlow's graphs
    perm = np.concatenate([np.arange(extra, b.shape.ndims), np.arange(extra)])
    flat = reshape(transpose(b, perm=perm), concat((main_shape[:-1], [-1]), 0))

    def restore(y):
        shape = concat((shape_of(y)[:-1], [main_shape[-1]], extra_shape), 0)
        return transpose(reshape(y, shape), perm=np.argsort(perm))

    return a, flat, restore, True
