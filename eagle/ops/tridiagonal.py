"""Tridiagonal matrices, given by their three diagonals: products and systems of equations."""

import numpy as np

from ..core import shape as shapes
from ..core.convert import convert
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..core.tensor import Tensor
from .complex import conj
from .filling import zeros_like
from .gathering import gather_nd
from .joining import concat, stack
from .linalg import TYPES
from .matrices import matrix_diag_part
from .padding import pad
from .reduce import reduce_sum
from .shaping import expand_dims, squeeze
from .transposing import matrix_transpose, transpose

# Rows up and down: what row i + 1 (or i - 1) has comes to row i; the last (or first) row becomes zeros.


def _up(x):
    return concat([x[..., 1:, :], zeros_like(x[..., :1, :])], -2)


def _down(x):
    return concat([zeros_like(x[..., :1, :]), x[..., :-1, :]], -2)


@op("TridiagonalMatMul", sample_types=TYPES)
def _tridiagonal_mat_mul(xp, superdiag, maindiag, subdiag, rhs):
    n = rhs.shape[-2]
    for name, d in (("superdiagonal", superdiag), ("main diagonal", maindiag), ("subdiagonal", subdiag)):
        if d.shape[-2:] != (1, n):
            raise invalid("Invalid %s shape.", name)
    above, main, below = (d[..., 0, :, None] for d in (superdiag, maindiag, subdiag))
    zero = xp.zeros((*rhs.shape[:-2], 1, rhs.shape[-1]), rhs.dtype)
    from_above = xp.concatenate([above[..., :-1, :] * rhs[..., 1:, :], zero], -2)
    from_below = xp.concatenate([zero, below[..., 1:, :] * rhs[..., :-1, :]], -2)
    return main * rhs + from_above + from_below if n else rhs


@_tridiagonal_mat_mul.shape
def _(superdiag, maindiag, subdiag, rhs):
    rhs = shapes.with_rank_at_least(rhs, 2)
    for d in (superdiag, maindiag, subdiag):
        d = shapes.with_rank_at_least(d, 2)
        if d is None:
            continue
        if d[-2] not in (None, 1):
            raise ValueError("Dimension must be 1 but is %d" % d[-2])
        if rhs is not None:
            shapes.agree(d[:-2], rhs[:-2])
            shapes.merge_dims(d[-1], rhs[-2])
    return rhs


@_tridiagonal_mat_mul.grad
def _(g, superdiag, maindiag, subdiag, rhs):
    above, main, below = (matrix_transpose(d, conjugate=True) for d in (superdiag, maindiag, subdiag))
    rhs = conj(rhs)
    of_diagonals = [expand_dims(reduce_sum(x * g, -1), -2) for x in (_up(rhs), rhs, _down(rhs))]
    return *of_diagonals, _down(above * g) + main * g + _up(below * g)


@_tridiagonal_mat_mul.samples
def _(make):
    yield make(1, 4), make(1, 4), make(1, 4), make(4, 2)
    yield make(2, 1, 3), make(2, 1, 3), make(2, 1, 3), make(2, 3, 1)
    yield make(1, 1), make(1, 1), make(1, 1), make(1, 2)


@op("TridiagonalSolve", sample_types=TYPES, host=True)
def _tridiagonal_solve(xp, diagonals, rhs, *, partial_pivoting=True):
    if diagonals.shape[-2] != 3:
        raise invalid("Expected diagonals to be provided as a matrix with 3 rows, got %d rows.", diagonals.shape[-2])
    n = diagonals.shape[-1]
    if n != rhs.shape[-2]:
        raise invalid("Expected the same number of left-hand sides and right-hand sides, got %d and %d.", n, rhs.shape[-2])
    if not rhs.size:
        return rhs
    above, main, below = (diagonals[..., i, :, None] for i in range(3))
    with np.errstate(all="ignore"):
        if n == 1:
            if not main.all():
                raise invalid("The matrix is not invertible: it is a scalar with value zero.")
            return rhs / main
        if partial_pivoting:
            return _solve_with_pivots(above, main, below, rhs, n)
        return _solve_without_pivots(above, main, below, rhs, n)


def _solve_with_pivots(above, main, below, rhs, n):
    """Gaussian elimination with exchanges of neighbouring rows, for a batch of systems together."""
    x = np.empty(rhs.shape, rhs.dtype)
    rows = np.zeros((*main.shape[:-2], n, 3), rhs.dtype)  # the upper factor: its diagonal and two above it
    current = np.concatenate([main[..., 0, :], above[..., 0, :], rhs[..., 0, :]], -1)
    for i in range(n - 1):
        last = np.zeros_like(above[..., 0, :]) if i == n - 2 else above[..., i + 1, :]
        following = np.concatenate([main[..., i + 1, :], last, rhs[..., i + 1, :]], -1)
        pivot, low = current[..., :1], below[..., i + 1, :]
        exchanged = np.abs(pivot) < np.abs(low)
        if not (pivot.astype(bool) | exchanged).all():
            raise invalid("The matrix is not invertible.")
        factor = np.where(exchanged, pivot / low, low / pivot)
        rows[..., i, 0] = np.where(exchanged, low, pivot)[..., 0]
        rows[..., i, 1] = np.where(exchanged, following[..., :1], current[..., 1:2])[..., 0]
        rows[..., i, 2] = np.where(exchanged, following[..., 1:2], 0)[..., 0]
        x[..., i, :] = np.where(exchanged, following[..., 2:], current[..., 2:])
        shifted = np.concatenate([current[..., 1:2], np.zeros_like(pivot), current[..., 2:]], -1)  # the current row, one place on
        current = np.where(exchanged, shifted - factor * following, following - factor * shifted)
    if not current[..., 0].all():
        raise invalid("The matrix is not invertible.")
    rows[..., n - 1, 0] = current[..., 0]
    x[..., n - 1, :] = current[..., 2:]
    for i in range(n - 1, -1, -1):
        for k in (1, 2):
            if i + k < n:
                x[..., i, :] -= rows[..., i, k, None] * x[..., i + k, :]
        x[..., i, :] /= rows[..., i, 0, None]
    return x


def _solve_without_pivots(above, main, below, rhs, n):
    """Thomas' algorithm, for a batch of systems together."""
    x, ratio = np.empty(rhs.shape, rhs.dtype), np.empty(main.shape, rhs.dtype)
    for i in range(n):
        pivot, known = main[..., i, :], rhs[..., i, :]
        if i:
            pivot = pivot - below[..., i, :] * ratio[..., i - 1, :]
            known = known - below[..., i, :] * x[..., i - 1, :]
        if not pivot.all():
            raise invalid("The matrix is either not invertible, or requires pivoting. Try setting partial_pivoting = True.")
        ratio[..., i, :] = above[..., i, :] / pivot
        x[..., i, :] = known / pivot
    for i in range(n - 2, -1, -1):
        x[..., i, :] -= ratio[..., i, :] * x[..., i + 1, :]
    return x


@_tridiagonal_solve.shape
def _(diagonals, rhs):
    diagonals = shapes.with_rank_at_least(diagonals, 2)
    rhs = shapes.with_rank_at_least(rhs, 2)
    if diagonals is not None:
        if diagonals[-2] not in (None, 3):
            raise ValueError("Dimension must be 3 but is %d" % diagonals[-2])
        if rhs is not None:
            shapes.agree(diagonals[:-2], rhs[:-2])
            shapes.merge_dims(diagonals[-1], rhs[-2])
    return rhs


@_tridiagonal_solve.grad
def _(g, diagonals, output, *, partial_pivoting):
    above, main, below = (conj(diagonals[..., i, :, None]) for i in range(3))
    adjoint = stack([_up(below)[..., 0], main[..., 0], _down(above)[..., 0]], axis=-2)
    rhs_grad = _tridiagonal_solve(adjoint, g, partial_pivoting=partial_pivoting)
    x = conj(output)
    return -stack([reduce_sum(rhs_grad * y, -1) for y in (_up(x), x, _down(x))], axis=-2), rhs_grad


@_tridiagonal_solve.samples
def _(make):
    def dominant(*shape):
        x = make(*shape)
        x[..., 1, :] += 4
        return x

    yield dominant(3, 4), make(4, 2)
    yield dominant(2, 3, 3), make(2, 3, 1), dict(partial_pivoting=False)
    yield make(3, 5), make(5, 1)
    yield make(3, 1), make(1, 2)


# ----------------------------------------------------------------------------------------------------- public functions


@export("linalg.tridiagonal_solve")
def tridiagonal_solve(diagonals, rhs, diagonals_format="compact", transpose_rhs=False, conjugate_rhs=False, name=None,
                      partial_pivoting=True):  # fmt: skip
    """Solves systems of equations with tridiagonal matrices.

    Args:
      diagonals: the matrices.  In the format "compact" a tensor of shape `[..., 3, m]` with the diagonal above, the main one and
        the one below, of which `[..., 0, m - 1]` and `[..., 2, 0]` are ignored; in the format "sequence" a sequence of these three,
        those beside the main one with m - 1 or m elements; in the format "matrix" the matrices themselves.
      rhs: the right-hand sides, of shape `[..., m]` or `[..., m, k]`, or `[..., k, m]` if they are to be transposed.
      diagonals_format: one of these three.
      transpose_rhs, conjugate_rhs: whether matrices of right-hand sides are transposed, and whether all are conjugated first.
      name: the name of the node.
      partial_pivoting: whether rows are exchanged, which takes longer and is safer.

    Returns:
      The solutions, in the shape of `rhs`.

    Raises:
      ValueError: the shapes don't fit, or the format is none of these.
      InvalidArgumentError: an exact zero was met as a pivot.
    """
    rhs = _tensor(rhs)
    if diagonals_format == "compact":
        diagonals = _tensor(diagonals)
    elif diagonals_format == "sequence":
        diagonals = _from_sequence(diagonals)
    elif diagonals_format == "matrix":
        diagonals = _from_matrix(_tensor(diagonals))
    else:
        raise ValueError(f"Unrecognized diagonals_format: {diagonals_format}")
    rank, rhs_rank = len(diagonals.shape), len(rhs.shape)
    _check_shapes(diagonals.shape, rhs.shape, rank, rhs_rank)
    if rhs_rank == rank - 1:
        rhs = expand_dims(conj(rhs) if conjugate_rhs else rhs, -1)
    elif transpose_rhs:
        rhs = matrix_transpose(rhs, conjugate=conjugate_rhs)
    elif conjugate_rhs:
        rhs = conj(rhs)
    left, right = diagonals._shape[-1], rhs._shape[-2]
    if left and right and left != right:
        raise ValueError(f"Expected number of left-hand sided and right-hand sides to be equal, got {left} and {right}")
    result = _tridiagonal_solve(diagonals, rhs, partial_pivoting=partial_pivoting, name=name)
    if rhs_rank == rank - 1:
        return squeeze(result, -1)
    return matrix_transpose(result) if transpose_rhs else result


def _tensor(x):
    return x if isinstance(x, Tensor) else convert(x)


def _check_shapes(shape, rhs_shape, rank, rhs_rank):
    if rank < 2:
        raise ValueError(f"Expected diagonals to have rank at least 2, got {rank}")
    if rhs_rank not in (rank, rank - 1):
        raise ValueError(f"Expected the rank of rhs to be {rank - 1} or {rank}, got {rhs_rank}")
    if shape[-2].value not in (None, 3):
        raise ValueError(f"Expected 3 diagonals got {shape[-2]}")
    if not shape[:-2].is_compatible_with(rhs_shape[: rank - 2]):
        raise ValueError(f"Batch shapes {shape[:-2]} and {rhs_shape[: rank - 2]} are incompatible")


def _from_sequence(diagonals):
    """The compact form of three tensors."""
    if not isinstance(diagonals, tuple | list) or len(diagonals) != 3:
        raise ValueError("Expected diagonals to be a sequence of length 3.")
    above, main, below = (_tensor(d) for d in diagonals)
    if not all(d.shape[:-1].is_compatible_with(main.shape[:-1]) for d in (above, below)):
        raise ValueError("Tensors representing the three diagonals must have the same shape,except for the last dimension, "
                         f"got {below.shape}, {main.shape}, {above.shape}")  # fmt: skip
    m = main._shape[-1]

    def padded(d, name, padding):
        n = d._shape[-1]
        if not n or n == m:
            return d
        if n != m - 1:
            raise ValueError(f"Expected {name} to be have length {m} or {m - 1}, got {n}.")
        return pad(d, [[0, 0]] * (len(d._shape) - 1) + [padding])

    below, above = padded(below, "subdiagonal", [1, 0]), padded(above, "superdiagonal", [0, 1])
    return stack((above, main, below), axis=-2)


def _size_of_matrix(matrix, both):
    """The static size of square matrices; `both` says whether both their dimensions must be known."""
    rows, cols = matrix._shape[-2:]
    if rows and cols and rows != cols:
        raise ValueError(f"Expected last two dimensions of diagonals to be same, got {cols} and {rows}")
    if not (rows and cols if both else rows or cols):
        raise ValueError('The size of the matrix needs to be known for diagonals_format="matrix"')
    return rows or cols


def _from_matrix(matrix):
    """The compact form of whole matrices."""
    m, anything = _size_of_matrix(matrix, False), [0, 0]
    places = [[[i + 1, i] if i < m - 1 else anything, [i, i], [i - 1, i] if i else anything] for i in range(m)]
    return transpose(gather_nd(transpose(matrix), places))


@export("linalg.tridiagonal_matmul")
def tridiagonal_matmul(diagonals, rhs, diagonals_format="compact", name=None):
    """The products of tridiagonal matrices with others.

    Args:
      diagonals: the tridiagonal matrices.  In the format "compact" a tensor of shape `[..., 3, m]` with the diagonal above, the
        main one and the one below, of which `[..., 0, m - 1]` and `[..., 2, 0]` are ignored; in the format "sequence" a sequence of
        these three, of shape `[..., m]`; in the format "matrix" the matrices themselves.
      rhs: the other matrices, of shape `[..., m, n]`.
      diagonals_format: one of these three.
      name: the name of the node.

    Raises:
      ValueError: the shapes don't fit, or the format is none of these.
    """
    if diagonals_format == "compact":
        diagonals = _tensor(diagonals)
        parts = [diagonals[..., i, :] for i in range(3)]
    elif diagonals_format == "sequence":
        parts = diagonals
    elif diagonals_format == "matrix":
        diagonals = _tensor(diagonals)
        m = _size_of_matrix(diagonals, True)
        main = matrix_diag_part(diagonals)
        diagonals = transpose(diagonals)
        above = transpose(gather_nd(diagonals, [[i + 1, i] for i in range(m - 1)] + [[0, 0]]))
        below = transpose(gather_nd(diagonals, [[0, 0]] + [[i - 1, i] for i in range(1, m)]))
        parts = above, main, below
    else:
        raise ValueError("Unrecognized diagonals_format: %s" % diagonals_format)
    above, main, below = (expand_dims(d, -2) for d in parts)
    return _tridiagonal_mat_mul(above, main, below, rhs, name=name)
