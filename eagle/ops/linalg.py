"""Solving linear equations, for batches of matrices: Cholesky factors, inverses, determinants, least squares."""

import math

import numpy as np

from ..core import shape as shapes
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.dtypes import complex64, complex128, float32, float64
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..core.scopes import name_scope
from ..core.tensor import Tensor
from ..core.versions import versioned
from .cast import cast
from .complex import conj, real
from .cond import cond
from .matmul import matmul
from .matrices import eye, matrix_band_part, matrix_diag_part, matrix_set_diag
from .reduce import reduce_sum
from .shaping import reshape, shape as shape_of
from .transposing import matrix_transpose
from .unary import log

# The types for which TensorFlow has kernels.
TYPES = [float32, float64, complex64, complex128]

# ------------------------------------------------------------------------------------------------------- shapes and checks


def square_shape(input):
    """The static shape of a batch of square matrices."""
    if input is None:
        return None
    shapes.with_rank_at_least(input, 2)
    size = shapes.merge_dims(input[-2], input[-1])
    return (*input[:-2], size, size)


def batch_shape(input):
    """The static shape of what an op makes one number of for each square matrix of a batch."""
    if input is None:
        return None
    shapes.with_rank_at_least(input, 2)
    shapes.merge_dims(input[-1], input[-2])
    return input[:-2]


def check_square(x, message="Input matrix must be square."):
    """Raises TensorFlow's errors unless `x` holds square matrices."""
    check_matrix(x)
    if x.shape[-2] != x.shape[-1]:
        raise invalid(message)


def check_matrix(x, number=0):
    """Raises TensorFlow's error unless `x` holds matrices."""
    if x.ndim < 2:
        raise invalid("Input tensor %d must have rank >= 2, got %d", number, x.ndim)


def check_system(matrix, rhs):
    """Raises TensorFlow's errors unless the right-hand sides fit the matrices."""
    check_matrix(matrix)
    check_matrix(rhs, 1)
    if matrix.ndim != rhs.ndim:
        raise invalid("All input tensors must have the same rank.")
    if matrix.shape[:-2] != rhs.shape[:-2]:
        raise invalid("All input tensors must have the same outer dimensions.")
    if matrix.shape[-2] != rhs.shape[-2]:
        raise invalid("Input matrix and rhs are incompatible.")


def _system_shape(matrix, rhs):
    """The shape of the solution of a system of equations."""
    if matrix is None and rhs is None:
        return None
    matrix = shapes.with_rank_at_least(matrix, 2)
    rhs = shapes.with_rank_at_least(rhs, 2)
    if matrix is not None and rhs is not None:
        batch = shapes.agree(matrix[:-2], rhs[:-2])
        shapes.merge_dims(matrix[-2], rhs[-2])
        return (*batch, matrix[-1], rhs[-1])
    known = matrix if rhs is None else rhs
    return (*known[:-2], None if matrix is None else matrix[-1], None if rhs is None else rhs[-1])


def _square_system_shape(matrix, rhs):
    found = _system_shape(square_shape(matrix), rhs)
    return found if found is None or rhs is None else (*found[:-2], shapes.merge_dims(found[-2], rhs[-2]), found[-1])


def _adjoint(xp, x):
    return xp.conj(xp.swapaxes(x, -1, -2))


def _multipliers(g, like):
    """Numbers, one for each matrix of a batch, in a shape in which they multiply the matrices."""
    if shapes.is_known(like._shape):
        return reshape(g, (*like._shape, 1, 1))
    return reshape(g, registry["ConcatV2"]([shape_of(like), [1, 1]], 0))


# ---------------------------------------------------------------------------------------------------------------- Cholesky


@op("Cholesky", sample_types=TYPES)
def _cholesky(xp, input):
    check_square(input)
    if not input.size:
        return input
    return xp.linalg.cholesky(input)


_cholesky.shape(square_shape)


@_cholesky.kernel_for("xla")
def _(xp, input):
    return xp.linalg.cholesky(input, symmetrize_input=False)


@_cholesky.explains
def _(values):
    return "Cholesky decomposition was not successful. The input might not be valid."


@_cholesky.grad("input")
def _(g, output):
    """For a self-adjoint input, of which both halves change: L^-H (L^H g * half_of_lower) L^-1, made self-adjoint."""
    inverse = _triangular_solve(output, _identities_like(output))
    middle = matmul(output, g, adjoint_a=True)
    middle = matrix_set_diag(middle, 0.5 * matrix_diag_part(middle))
    middle = matrix_band_part(middle, -1, 0)
    whole = matmul(matmul(inverse, middle, adjoint_a=True), inverse)
    return (whole + matrix_transpose(whole, conjugate=True)) * 0.5


def _identities_like(matrices):
    """Identity matrices in the shape of a batch of square matrices."""
    shape = matrices._shape
    if not shapes.is_known(shape):
        shape = shape_of(matrices)
    return eye(shape[-1], batch_shape=shape[:-2], dtype=matrices.dtype)


def _positive(make, *shape):
    """Sample matrices that are self-adjoint and positive definite."""
    x = make(*shape)
    return np.asarray(x @ np.conj(np.swapaxes(x, -1, -2)) + 2 * np.eye(shape[-1], dtype=x.dtype), x.dtype)


@_cholesky.samples
def _(make):
    yield (_positive(make, 3, 3),)
    yield (_positive(make, 2, 2, 2),)
    yield (make(0, 0),)
    yield (make(2, 0, 0),)


@op("CholeskyGrad", sample_types=[float32, float64])
def _cholesky_grad(xp, l, grad):  # noqa: E741 (the name is part of the op)
    if l.shape[-2:] != grad.shape[-2:]:
        raise invalid("Inputs (L and grad) must have the same shape.")
    check_square(l, "Inputs must be a square matrices.")
    lower, grad = xp.tril(l), xp.tril(grad)
    middle = xp.tril(xp.swapaxes(lower, -1, -2) @ grad)
    middle = middle - 0.5 * middle * xp.eye(l.shape[-1], dtype=l.dtype)
    inverse = xp.linalg.inv(lower)
    whole = xp.swapaxes(inverse, -1, -2) @ middle @ inverse
    return 0.5 * (whole + xp.swapaxes(whole, -1, -2))


@_cholesky_grad.shape
def _(l, grad):  # noqa: E741
    return square_shape(l)


@_cholesky_grad.samples
def _(make):
    yield np.linalg.cholesky(_positive(make, 3, 3)), make(3, 3)
    yield np.linalg.cholesky(_positive(make, 2, 2, 2)), make(2, 2, 2)


cholesky = export("cholesky", "linalg.cholesky")(versioned(_cholesky))


# --------------------------------------------------------------------------------------------------- inverse, determinant


@op("MatrixInverse", sample_types=TYPES)
def _matrix_inverse(xp, input, *, adjoint=False):
    check_square(input)
    return xp.linalg.inv(_adjoint(xp, input) if adjoint else input)


_matrix_inverse.shape(square_shape)


@_matrix_inverse.explains
def _(values):
    return "Input is not invertible."


@_matrix_inverse.grad("input")
def _(g, output, *, adjoint):
    if adjoint:
        return -matmul(output, matmul(g, output, adjoint_a=True))
    return -matmul(output, matmul(g, output, adjoint_b=True), adjoint_a=True)


def _regular(make, *shape):
    """Sample matrices that are well-conditioned."""
    x = make(*shape)
    return x + 3 * np.eye(shape[-1], dtype=x.dtype)


@_matrix_inverse.samples
def _(make):
    yield (_regular(make, 3, 3),)
    yield _regular(make, 2, 2, 2), dict(adjoint=True)
    yield (make(0, 0),)
    yield (make(0, 2, 2),)


matrix_inverse = export("matrix_inverse", "linalg.inv")(versioned(_matrix_inverse))


@op("MatrixDeterminant", sample_types=TYPES)
def _matrix_determinant(xp, input):
    check_square(input)
    return xp.linalg.det(input).astype(input.dtype)


_matrix_determinant.shape(batch_shape)


@_matrix_determinant.grad("input")
def _(g, input, output):
    return _multipliers(g * conj(output), output) * _matrix_inverse(input, adjoint=True)


@_matrix_determinant.samples
def _(make):
    yield (_regular(make, 3, 3),)
    yield (make(2, 2, 2),)
    yield (make(0, 0),)
    yield (make(2, 0, 0),)


det = export("matrix_determinant", "linalg.det")(versioned(_matrix_determinant))


@op("LogMatrixDeterminant", sample_types=TYPES)
def _log_matrix_determinant(xp, input):
    check_square(input)
    sign, logarithm = xp.linalg.slogdet(input)
    return sign.astype(input.dtype), logarithm.astype(input.dtype)


@_log_matrix_determinant.shape
def _(input):
    found = batch_shape(input)
    return [found, found]


@_log_matrix_determinant.grad
def _(sign_g, g, input, log_abs_determinant):
    """Nothing flows through the sign."""
    return [_multipliers(g, log_abs_determinant) * _matrix_inverse(input, adjoint=True)]


@_log_matrix_determinant.samples
def _(make):
    yield (_regular(make, 3, 3),)
    yield (make(2, 2, 2),)
    yield (make(0, 0),)
    yield (make(2, 0, 0),)


slogdet = export("linalg.slogdet")(_log_matrix_determinant)


# ----------------------------------------------------------------------------------------------------------------- solving


@op("MatrixSolve", sample_types=TYPES)
def _matrix_solve(xp, matrix, rhs, *, adjoint=False):
    check_square(matrix, "First input (lhs) must be a square matrix.")
    check_system(matrix, rhs)
    return xp.linalg.solve(_adjoint(xp, matrix) if adjoint else matrix, rhs)


_matrix_solve.shape(_square_system_shape)


@_matrix_solve.explains
def _(values):
    return "Input matrix is not invertible."


def _solve_grads(g, matrix, output, adjoint, solve):
    """The gradients of the solution with respect to matrix and right-hand sides; `solve` solves with the adjoint matrix."""
    rhs_grad = solve(matrix, g, adjoint=not adjoint)
    matrix_grad = matmul(output, rhs_grad, adjoint_b=True) if adjoint else matmul(rhs_grad, output, adjoint_b=True)
    return -matrix_grad, rhs_grad


@_matrix_solve.grad
def _(g, matrix, output, *, adjoint):
    return _solve_grads(g, matrix, output, adjoint, _matrix_solve)


@_matrix_solve.samples
def _(make):
    yield _regular(make, 3, 3), make(3, 2)
    yield _regular(make, 2, 2, 2), make(2, 2, 1), dict(adjoint=True)
    yield make(0, 0), make(0, 2)
    yield _regular(make, 2, 2), make(2, 0)


matrix_solve = export("matrix_solve", "linalg.solve")(versioned(_matrix_solve))


@op("MatrixTriangularSolve", sample_types=TYPES)
def _triangular_solve(xp, matrix, rhs, *, lower=True, adjoint=False):
    check_square(matrix, "First input (lhs) must be a square matrix.")
    check_system(matrix, rhs)
    if not rhs.size:
        return rhs
    if not np.diagonal(matrix, axis1=-2, axis2=-1).all():
        raise invalid("Input matrix is not invertible.")
    if adjoint:
        matrix, lower = _adjoint(np, matrix), not lower
    if matrix.ndim > 2 and matrix.shape[-1] < matrix[..., 0, 0].size:
        return _substituted(matrix, rhs, lower)
    from scipy.linalg.blas import get_blas_funcs

    (trsm,) = get_blas_funcs(("trsm",), (matrix, rhs))
    out = np.empty(rhs.shape, rhs.dtype)
    for k in np.ndindex(matrix.shape[:-2]):
        out[k] = trsm(1.0, matrix[k].T, rhs[k].T, side=1, lower=not lower).T  # the transposed system, since BLAS goes by columns
    return out


def _substituted(matrix, rhs, lower):
    """The solutions of many small triangular systems: row after row, for all of them together."""
    n = matrix.shape[-1]
    out = np.empty(rhs.shape, rhs.dtype)
    for i in range(n) if lower else range(n - 1, -1, -1):
        done = slice(0, i) if lower else slice(i + 1, n)
        known = (matrix[..., i, None, done] @ out[..., done, :])[..., 0, :]
        out[..., i, :] = (rhs[..., i, :] - known) / matrix[..., i, i, None]
    return out


@_triangular_solve.kernel_for("xla")
def _(xp, matrix, rhs, *, lower=True, adjoint=False):
    import jax.scipy.linalg

    trans = "C" if adjoint else "N"
    return jax.scipy.linalg.solve_triangular(matrix, rhs, lower=lower, trans=trans)


_triangular_solve.shape(_square_system_shape)


@_triangular_solve.grad
def _(g, matrix, output, *, lower, adjoint):
    def solve(matrix, rhs, adjoint):
        return _triangular_solve(matrix, rhs, lower=lower, adjoint=adjoint)

    matrix_grad, rhs_grad = _solve_grads(g, matrix, output, adjoint, solve)
    return matrix_band_part(matrix_grad, *((-1, 0) if lower else (0, -1))), rhs_grad


@_triangular_solve.samples
def _(make):
    for lower in (True, False):
        for adjoint in (True, False):
            yield _regular(make, 3, 3), make(3, 2), dict(lower=lower, adjoint=adjoint)
    yield _regular(make, 2, 3, 3), make(2, 3, 1)
    yield _regular(make, 5, 2, 2), make(5, 2, 1), dict(lower=False)
    yield make(0, 0), make(0, 2)
    yield _regular(make, 2, 2), make(2, 0)


matrix_triangular_solve = export("matrix_triangular_solve", "linalg.triangular_solve")(_triangular_solve)


@export("cholesky_solve", "linalg.cholesky_solve")
def cholesky_solve(chol, rhs, name=None):
    """Solves systems of linear equations whose matrices' Cholesky factors are known.

    Args:
      chol: the factors, `tf.cholesky(A)`, a tensor of shape `[..., m, m]`.
      rhs: the right-hand sides, of shape `[..., m, k]`.
      name: the name scope of the nodes.

    Returns:
      The solutions of `A x = rhs`, of shape `[..., m, k]`.

    Raises:
      InvalidArgumentError (in a graph ValueError where shapes are known): the shapes don't fit.
    """
    with name_scope(name, "cholesky_solve", [chol, rhs]):
        y = _triangular_solve(chol, rhs, adjoint=False, lower=True)
        return _triangular_solve(chol, y, adjoint=True, lower=True)


# ----------------------------------------------------------------------------------------------------------- least squares


@op("MatrixSolveLs", sample_types=TYPES)
def _matrix_solve_ls(xp, matrix, rhs, l2_regularizer, *, fast=True):
    check_system(matrix, rhs)
    rows, cols = matrix.shape[-2:]
    if not fast:
        epsilon = float(np.finfo(matrix.dtype).eps)
        return xp.matmul(xp.linalg.pinv(matrix, rcond=epsilon * max(rows, cols, 1)), rhs).astype(matrix.dtype)
    adjoint = _adjoint(xp, matrix)
    wide = rows < cols
    gramian = matrix @ adjoint if wide else adjoint @ matrix
    gramian = gramian + xp.asarray(l2_regularizer).astype(matrix.dtype) * xp.eye(min(rows, cols), dtype=matrix.dtype)
    factor = xp.linalg.cholesky(gramian)

    def solve(b):
        return xp.linalg.solve(_adjoint(xp, factor), xp.linalg.solve(factor, b))

    return adjoint @ solve(rhs) if wide else solve(adjoint @ rhs)


_matrix_solve_ls.shape(lambda matrix, rhs, l2_regularizer: _system_shape(matrix, rhs))


@_matrix_solve_ls.explains
def _(values):
    matrix = values[0]
    remedy = "a larger" if matrix.shape[-2] >= matrix.shape[-1] else "an"
    return ("Input matrix was rank deficient or ill-conditioned. Try setting fast=False or provide %s l2_regularizer > 0."
            % remedy)  # fmt: skip


@_matrix_solve_ls.grad
def _(g, matrix, rhs, l2_regularizer, output, *, fast):
    rows, cols = shapes.with_rank_at_least(matrix._shape, 2)[-2:] if matrix._shape is not None else (None, None)
    l2_regularizer = cast(l2_regularizer, matrix.dtype.base_dtype) if fast else 0
    if rows is not None and cols is not None:
        tall = rows >= cols
        return (*(_tall_grads if tall else _wide_grads)(g, matrix, rhs, output, l2_regularizer), None)
    sizes = shape_of(matrix)[-2:]
    grads = cond(
        sizes[0] >= sizes[1],
        lambda: _tall_grads(g, matrix, rhs, output, l2_regularizer),
        lambda: _wide_grads(g, matrix, rhs, output, l2_regularizer),
    )
    return (*grads, None)


def _tall_grads(g, a, b, x, l2_regularizer):
    """The gradients of x = (A^H A + l I)^-1 A^H b."""
    factor = _regularized_gramian_factor(a, l2_regularizer, True)
    z = cholesky_solve(factor, g)
    xz = matmul(x, z, adjoint_b=True)
    symmetric = xz + matrix_transpose(xz, conjugate=True)
    return matmul(b, z, adjoint_b=True) - matmul(a, symmetric), matmul(a, z)


def _wide_grads(g, a, b, x, l2_regularizer):
    """The gradients of x = A^H (A A^H + l I)^-1 b."""
    factor = _regularized_gramian_factor(a, l2_regularizer, False)
    rhs_grad = cholesky_solve(factor, matmul(a, g))
    y = cholesky_solve(factor, b)
    rest = g - matmul(a, rhs_grad, adjoint_a=True)
    return matmul(y, rest, adjoint_b=True) - matmul(rhs_grad, matmul(y, a, adjoint_a=True)), rhs_grad


def _regularized_gramian_factor(matrix, l2_regularizer, first_kind):
    """The Cholesky factor of A^H A + l I, or (not of the first kind) of A A^H + l I; l is a number or a tensor."""
    gramian = matmul(matrix, matrix, adjoint_a=first_kind, adjoint_b=not first_kind)
    if isinstance(l2_regularizer, Tensor) or l2_regularizer != 0:
        sizes = shape_of(matrix)
        batch = sizes[:-2]
        gramian = gramian + l2_regularizer * eye(sizes[-1 if first_kind else -2], batch_shape=batch, dtype=matrix.dtype)
    return _cholesky(gramian)


@_matrix_solve_ls.samples
def _(make):
    l2 = np.float64(0.1)
    yield make(4, 2), make(4, 3), l2
    yield make(2, 4), make(2, 3), l2
    yield make(2, 3, 2), make(2, 3, 1), np.float64(0)
    yield make(4, 2), make(4, 3), l2, dict(fast=False)
    yield make(2, 4), make(2, 3), l2, dict(fast=False)


@export("matrix_solve_ls", "linalg.lstsq")
def matrix_solve_ls(matrix, rhs, l2_regularizer=0.0, fast=True, name=None):
    """Solves systems of linear equations in the least squares sense.

    Args:
      matrix: the matrices A, of shape `[..., m, n]`.
      rhs: the right-hand sides, of shape `[..., m, k]`.
      l2_regularizer: what the squared norm of the solution is multiplied by before it is added to what is minimised, a number.
      fast: whether by a Cholesky factor of the Gramian matrix, which must be well-conditioned; else by a complete orthogonal
        decomposition, which gives the solution of least norm and takes no regularizer.
      name: the name of the node, or of the scope of nodes.

    Returns:
      The solutions, of shape `[..., n, k]`.

    Raises:
      InvalidArgumentError: the Gramian matrix is not positive definite, or (in a graph ValueError where known) shapes don't fit.
    """
    matrix = convert(matrix, None, "matrix")
    if not fast or _is_better_in_one_go(matrix):
        return _matrix_solve_ls(matrix, rhs, l2_regularizer, fast=fast, name=name)

    def tall():
        factor = _regularized_gramian_factor(matrix, l2_regularizer, True)
        return cholesky_solve(factor, matmul(matrix, rhs, adjoint_a=True))

    def wide():
        factor = _regularized_gramian_factor(matrix, l2_regularizer, False)
        return matmul(matrix, cholesky_solve(factor, rhs), adjoint_a=True)

    with name_scope(name, "matrix_solve_ls", [matrix, rhs, l2_regularizer]):
        known = matrix._shape[-2:] if matrix._shape is not None else (None, None)
        if None not in known:
            return tall() if known[0] >= known[1] else wide()
        sizes = shape_of(matrix)[-2:]
        return cond(sizes[-2] >= sizes[-1], tall, wide)


def _is_better_in_one_go(matrix):
    """Whether so many small matrices are there that TensorFlow reads them only once."""
    shape = matrix._shape
    if not shapes.is_known(shape):
        return False
    return math.prod(shape) * matrix.dtype.size > 256000 and math.prod(shape[:-2]) > min(shape[-2:])


@export("linalg.logdet")
@versioned
def logdet(matrix, name=None):
    """The logarithm of the determinants of self-adjoint positive definite matrices.

    Args:
      matrix: a tensor of shape `[..., m, m]`.
      name: the name scope of the nodes.

    Raises:
      InvalidArgumentError: a matrix is not positive definite.
    """
    with name_scope(name, "logdet", [matrix]):
        factor = _cholesky(matrix)
        return 2.0 * reduce_sum(log(real(matrix_diag_part(factor))), axis=[-1])


@export("linalg.adjoint")
@versioned
def adjoint(matrix, name=None):
    """The transposed matrices with conjugated elements.

    Args:
      matrix: a tensor of shape `[..., m, n]`.
      name: the name scope of the nodes.
    """
    with name_scope(name, "adjoint", [matrix]):
        return matrix_transpose(convert(matrix, None, "matrix"), conjugate=True)
