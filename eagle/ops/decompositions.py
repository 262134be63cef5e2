"""Factors of matrices: QR, singular values, eigenvalues, LU; square roots and logarithms; for batches of matrices."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from .complex import conj, real
from .filling import ones_like, zeros_like
from .joining import concat
from .linalg import TYPES, check_matrix, check_square, matrix_solve, matrix_triangular_solve, square_shape
from .matmul import matmul
from .matrices import eye, matrix_band_part, matrix_diag, matrix_diag_part, matrix_set_diag
from .shaping import expand_dims, reshape, shape as shape_of
from .transposing import matrix_transpose


def _adjoint(x):
    return matrix_transpose(x, conjugate=True)


def _without_phase(vectors, others=()):
    """Arrays whose columns are defined up to a factor of modulus 1, with that factor chosen so that the largest element of each
    column of the first array is positive; the columns of the other arrays keep their products with those of the first one.
    """
    at = np.abs(vectors).round(3).argmax(axis=-2, keepdims=True)
    largest = np.take_along_axis(vectors, at, axis=-2)
    phase = np.where(largest == 0, 1, largest / np.where(largest == 0, 1, np.abs(largest)))
    return [vectors * np.conj(phase), *(o * np.conj(phase) for o in others)]


# ---------------------------------------------------------------------------------------------------------------------- QR


@op("Qr", sample_types=TYPES)
def _qr(xp, input, *, full_matrices=False):
    check_matrix(input)
    rows, cols = input.shape[-2:]
    if not input.size:
        inner = rows if full_matrices else min(rows, cols)
        q = xp.broadcast_to(xp.eye(rows, inner, dtype=input.dtype), (*input.shape[:-2], rows, inner))
        return q, xp.zeros((*input.shape[:-2], inner, cols), input.dtype)
    q, r = xp.linalg.qr(input, "complete" if full_matrices else "reduced")
    return q, r


@_qr.shape
def _(input, *, full_matrices):
    if input is None:
        return None
    shapes.with_rank_at_least(input, 2)
    *batch, m, n = input
    p = m if full_matrices else _least(m, n)
    return [(*batch, m, p), (*batch, p, n)]


def _least(m, n):
    """The lesser of two static dimensions."""
    if 0 in (m, n):
        return 0
    return None if None in (m, n) else min(m, n)


@_qr.grad
def _(dq, dr, q, r):
    if q.dtype.is_complex:
        raise NotImplementedError("QrGrad not implemented for dtype: %s" % q.dtype)
    if r._shape is None or None in r._shape[-2:]:
        raise NotImplementedError("QrGrad not implemented with dynamic shapes.")
    if r._shape[-2] != r._shape[-1]:
        raise NotImplementedError("QrGrad not implemented when ncols > nrows or full_matrices is true and ncols != nrows.")

    def divided(x):
        """x r^-H."""
        return _adjoint(matrix_triangular_solve(r, _adjoint(x), lower=False))

    qdq, rdr = matmul(q, dq, adjoint_a=True), matmul(r, dr, adjoint_b=True)
    lower = matrix_band_part(qdq - _adjoint(qdq) + rdr - _adjoint(rdr), -1, 0)
    return [matmul(q, dr + divided(lower)) + divided(dq - matmul(q, qdq))]


@_qr.samples
def _(make):
    yield (make(3, 3),)
    yield (make(4, 2),)
    yield make(2, 4), dict(full_matrices=False)
    yield make(4, 2), dict(full_matrices=True)
    yield (make(2, 3, 2),)
    yield (make(0, 2),)
    yield make(2, 0), dict(full_matrices=True)


qr = export("qr", "linalg.qr")(_qr)


# ---------------------------------------------------------------------------------------------------------------- singular values


@op("Svd", sample_types=TYPES)
def _svd(xp, input, *, compute_uv=True, full_matrices=False):
    check_matrix(input)
    rows, cols = input.shape[-2:]
    if not compute_uv:
        nothing = xp.zeros(0, input.dtype)
        return xp.linalg.svd(input, compute_uv=False).astype(input.dtype), nothing, nothing
    if not input.size:
        return _empty_svd(xp, input, full_matrices)
    u, s, v = xp.linalg.svd(input, full_matrices)
    return s.astype(input.dtype), u, xp.conj(xp.swapaxes(v, -1, -2))


def _empty_svd(xp, input, full_matrices):
    """The singular value decompositions of matrices without elements: identity matrices."""
    *batch, rows, cols = input.shape
    least = min(rows, cols)
    sides = [xp.eye(d, d if full_matrices else least, dtype=input.dtype) for d in (rows, cols)]
    return xp.zeros((*batch, least), input.dtype), *(xp.broadcast_to(side, (*batch, *side.shape)) for side in sides)


@_svd.shape
def _(input, *, compute_uv, full_matrices):
    nothing = [(0,), (0,)]
    if input is None:
        return [None, None, None] if compute_uv else [None, *nothing]
    shapes.with_rank_at_least(input, 2)
    *batch, m, n = input
    p = _least(m, n)
    if not compute_uv:
        return [(*batch, p), *nothing]
    return [(*batch, p), (*batch, m, m if full_matrices else p), (*batch, n, n if full_matrices else p)]


@_svd.grad
def _(grad_s, grad_u, grad_v, input, s, u, v, *, compute_uv, full_matrices):
    """After Giles (2008) and, for the thin decomposition, Townsend (2016)."""
    if not compute_uv:
        _, u, v = _svd(input, compute_uv=True)
        return [matmul(u, matmul(matrix_diag(grad_s), v, adjoint_b=True))]
    if input.dtype.is_complex:
        raise NotImplementedError("SVD gradient is not implemented for complex types and compute_uv=True.")
    m, n = input._shape[-2:] if input._shape is not None else (None, None)
    if m is None or n is None:
        raise NotImplementedError("SVD gradient has not been implemented for input with unknown inner matrix shape.")
    if full_matrices and abs(m - n) > 1:
        raise NotImplementedError("svd gradient is not implemented for abs(m - n) > 1 when full_matrices is True")
    if m > n:
        return [matrix_transpose(_wide_svd_grad(grad_s, grad_v, grad_u, s, v, u, n, m, full_matrices))]
    return [_wide_svd_grad(grad_s, grad_u, grad_v, s, u, v, m, n, full_matrices)]


def _wide_svd_grad(grad_s, grad_u, grad_v, s, u, v, m, n, full_matrices):
    """The gradient for matrices with no more rows than columns."""
    inverse_gaps = _inverse_gaps(s * s)
    v1, grad_v1 = v[..., :, :m], grad_v[..., :, :m]
    by_u = inverse_gaps * matmul(u, grad_u, adjoint_a=True)
    by_v = inverse_gaps * matmul(v1, grad_v1, adjoint_a=True)
    diagonal = matrix_diag(s)
    inner = matrix_diag(grad_s) + matmul(by_u + _adjoint(by_u), diagonal) + matmul(diagonal, by_v + _adjoint(by_v))
    result = matmul(u, matmul(inner, v1, adjoint_b=True))
    if m == n:
        return result
    grad_v1_t = matrix_transpose(grad_v1)
    outer = grad_v1_t - matmul(matmul(grad_v1_t, v1), v1, adjoint_b=True)
    if full_matrices:
        v2, grad_v2 = v[..., :, m:n], grad_v[..., :, m:n]
        outer -= matmul(matmul(v1, grad_v2, adjoint_a=True), v2, adjoint_b=True)
    return result + matmul(matmul(u, matrix_diag(1.0 / s)), outer)


def _inverse_gaps(e):
    """The matrix of `1 / (e_j - e_i)`, 0 on the diagonal."""
    gaps = expand_dims(e, -2) - expand_dims(e, -1)
    return matrix_set_diag(1.0 / matrix_set_diag(gaps, ones_like(e)), zeros_like(e))


@_svd.samples
def _(make):
    for full in (False, True):
        yield make(3, 3), dict(full_matrices=full)
        yield make(3, 2), dict(full_matrices=full)
        yield make(2, 3), dict(full_matrices=full)
    yield make(2, 3, 2), dict(compute_uv=False)
    yield (make(2, 2, 3),)
    yield (make(0, 2),)
    yield make(2, 0), dict(full_matrices=True)


@export("svd", "linalg.svd")
def svd(tensor, full_matrices=False, compute_uv=True, name=None):
    """The singular value decompositions of matrices: `tensor = u diag(s) v^H`.

    Args:
      tensor: a tensor of shape `[..., m, n]`; p is the lesser of m and n.
      full_matrices: whether u and v are square, instead of having p columns.
      compute_uv: whether u and v are wanted.
      name: the name of the node.

    Returns:
      s, the singular values in falling order, of shape `[..., p]`; with `compute_uv` a tuple of s, u and v.
    """
    s, u, v = _svd(tensor, compute_uv=compute_uv, full_matrices=full_matrices, name=name)
    return (real(s), u, v) if compute_uv else real(s)


# ------------------------------------------------------------------------------------------------------------- eigenvalues


@op("SelfAdjointEigV2", sample_types=TYPES)
def _self_adjoint_eig(xp, input, *, compute_v=True):
    check_square(input)
    if not compute_v:
        return xp.linalg.eigvalsh(input, UPLO="L").astype(input.dtype), xp.zeros(0, input.dtype)
    if not input.size:
        return xp.zeros(input.shape[:-1], input.dtype), input
    e, v = xp.linalg.eigh(input, UPLO="L")
    return e.astype(input.dtype), v


@_self_adjoint_eig.kernel_for("xla")
def _(xp, input, *, compute_v=True):
    if not compute_v:
        e = xp.linalg.eigh(input, UPLO="L", symmetrize_input=False)[0]
        return e.astype(input.dtype), xp.zeros(0, input.dtype)
    e, v = xp.linalg.eigh(input, UPLO="L", symmetrize_input=False)
    return e.astype(input.dtype), v


@_self_adjoint_eig.shape
def _(input, *, compute_v):
    shape = square_shape(input)
    return [None if shape is None else shape[:-1], shape if compute_v else (0,)]


@_self_adjoint_eig.explains
def _(values):
    return "Self-adjoint eigen decomposition was not successful. The input might not be valid."


@_self_adjoint_eig.grad
def _(grad_e, grad_v, input, e, v, *, compute_v):
    """Only the lower halves of the matrices are read, so only those have a gradient."""
    if compute_v:
        inner = matrix_diag(grad_e) + _inverse_gaps(e) * matmul(v, grad_v, adjoint_a=True)
    else:
        _, v = _self_adjoint_eig(input, compute_v=True)
        inner = matrix_diag(grad_e)
    whole = matmul(v, matmul(inner, v, adjoint_b=True))
    lower = matrix_band_part(whole + _adjoint(whole), -1, 0)
    return [matrix_set_diag(lower, 0.5 * matrix_diag_part(lower))]


@_self_adjoint_eig.samples
def _(make):
    def symmetric(*shape):
        x = make(*shape)
        return x + np.conj(np.swapaxes(x, -1, -2))

    yield (symmetric(3, 3),)
    yield symmetric(2, 2, 2), dict(compute_v=False)
    yield (symmetric(2, 2, 2),)
    yield (make(3, 3),)
    yield (make(0, 0),)


@export("self_adjoint_eig", "linalg.eigh")
def self_adjoint_eig(tensor, name=None):
    """The eigenvalues and eigenvectors of self-adjoint matrices.

    Args:
      tensor: a tensor of shape `[..., n, n]`, of which only the lower triangles are read.
      name: the name of the node.

    Returns:
      The eigenvalues in rising order, of shape `[..., n]`, and the eigenvectors, which are the columns of matrices of shape
      `[..., n, n]`.
    """
    e, v = _self_adjoint_eig(tensor, compute_v=True, name=name)
    return e, v


@export("self_adjoint_eigvals", "linalg.eigvalsh")
def self_adjoint_eigvals(tensor, name=None):
    """The eigenvalues of self-adjoint matrices, in rising order.

    Args:
      tensor: a tensor of shape `[..., n, n]`, of which only the lower triangles are read.
      name: the name of the node.
    """
    return _self_adjoint_eig(tensor, compute_v=False, name=name)[0]


# ---------------------------------------------------------------------------------------------------------------------- LU


@op("Lu", sample_types=TYPES)
def _lu(xp, input, *, output_idx_type=dtypes.int32):
    check_square(input)
    lu, p = np.empty(input.shape, input.dtype), np.empty(input.shape[:-1], output_idx_type.np)
    if not input.size:
        return lu, p
    from scipy.linalg.lapack import get_lapack_funcs

    (getrf,) = get_lapack_funcs(("getrf",), (input,))
    for k in np.ndindex(input.shape[:-2]):
        lu[k], pivots, info = getrf(input[k])
        if info > 0:
            raise invalid("Input is not invertible.")
        order = list(range(len(pivots)))
        for i, j in enumerate(pivots.tolist()):
            order[i], order[j] = order[j], order[i]
        p[k] = order
    return lu, p


@_lu.kernel_for("xla")
def _(xp, input, *, output_idx_type=dtypes.int32):
    import jax

    lu, _, permutation = jax.lax.linalg.lu(input)
    return lu, permutation.astype(output_idx_type.np)


@_lu.shape
def _(input):
    shape = square_shape(input)
    return [shape, None if shape is None else shape[:-1]]


@_lu.samples
def _(make):
    yield (make(5, 5),)
    yield make(2, 3, 3), dict(output_idx_type=dtypes.int64)
    yield (make(0, 0),)


lu = export("linalg.lu")(_lu)


# -------------------------------------------------------------------------------------------------- functions of matrices


def _each(function, input):
    """A function of SciPy's applied to each matrix of a batch; what is not of the input's type becomes NaN."""
    out = np.empty(input.shape, input.dtype)
    for k in np.ndindex(input.shape[:-2]):
        found = function(input[k])
        out[k] = np.nan if np.iscomplexobj(found) and not np.iscomplexobj(out) and found.imag.any() else found.real
        if np.iscomplexobj(out):
            out[k] = found
    return out


@op("MatrixSquareRoot", host=True, sample_types=TYPES)
def _matrix_square_root(xp, input):
    check_square(input)
    from scipy.linalg import sqrtm

    return _each(sqrtm, input)


_matrix_square_root.shape(square_shape)


@_matrix_square_root.grad("input")
def _(g, output):
    """From dA = R dR + dR R: the gradient X solves R^H X + X R^H = g, which is a linear system for the elements of X."""
    shape = output._shape if shapes.is_known(output._shape) else shape_of(output)
    n = shape[-1]
    unit = eye(n, dtype=output.dtype)
    left = _adjoint(output)[..., :, None, :, None] * unit[None, :, None, :]
    right = unit[:, None, :, None] * conj(output)[..., None, :, None, :]
    if type(shape) is tuple:
        squared, column = (*shape[:-2], n * n, n * n), (*shape[:-2], n * n, 1)
    else:
        squared, column = (concat([shape[:-2], [n * n, width]], 0) for width in (n * n, 1))
    return reshape(matrix_solve(reshape(left + right, squared), reshape(g, column)), shape)


@_matrix_square_root.samples
def _(make):
    def regular(*shape):
        x = make(*shape)
        return x @ np.swapaxes(x, -1, -2) * 0.3 + 2 * np.eye(shape[-1], dtype=x.dtype)

    yield (regular(3, 3),)
    yield (regular(2, 2, 2),)
    yield (make(0, 0),)


matrix_square_root = export("matrix_square_root", "linalg.sqrtm")(_matrix_square_root)


@op("MatrixLogarithm", host=True)
def _matrix_logarithm(xp, input):
    check_square(input)
    from scipy.linalg import logm

    return _each(logm, input)


_matrix_logarithm.shape(square_shape)
_matrix_logarithm.not_differentiable()


@_matrix_logarithm.samples
def _(make):
    yield ((make(3, 3) + 3 * np.eye(3)).astype(make.dtype.np),)
    yield ((make(2, 2, 2) + 3 * np.eye(2)).astype(make.dtype.np),)


logm = export("linalg.logm")(_matrix_logarithm)
