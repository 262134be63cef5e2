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


def _without_phase(vectors, *others):
    """Arrays whose columns are unique up to a common factor of modulus 1, which is chosen for the first array to have in each
    column a positive element of largest modulus."""
    at = np.abs(vectors).round(3).argmax(axis=-2)[..., None, :] if vectors.size else np.zeros((*vectors.shape[:-2], 1, 0), int)
    largest = np.take_along_axis(vectors, at, axis=-2)
    back = np.conj(largest) / np.abs(largest)
    return [vectors * back, *(x * back for x in others)]


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
def _(dq, dr, input, q, r, *, full_matrices):
    """After Walter and Lehmann (2012); the columns of a wide matrix that are beyond q are a product of their own."""
    if q.dtype.is_complex:
        raise NotImplementedError("QrGrad not implemented for dtype: %s" % q.dtype)
    rows, cols = input._shape[-2:] if input._shape is not None else (None, None)
    if full_matrices and (rows is None or cols is None or rows > cols):
        raise NotImplementedError("QrGrad not implemented when ncols > nrows or full_matrices is true and ncols != nrows.")
    if rows is not None and cols is not None and rows >= cols:
        return [_tall_qr_grad(dq, dr, q, r)]
    n = rows if rows is not None else shape_of(q)[-1]
    rest, dr_rest = input[..., n:], dr[..., n:]
    first = _tall_qr_grad(dq + matmul(rest, dr_rest, adjoint_b=True), dr[..., :n], q, r[..., :n])
    return [concat([first, matmul(q, dr_rest)], -1)]


def _tall_qr_grad(dq, dr, q, r):
    """The gradient for matrices with no more columns than rows."""

    def divided(x):
        """x r^-H."""
        return _adjoint(matrix_triangular_solve(r, _adjoint(x), lower=False))

    qdq, rdr = matmul(q, dq, adjoint_a=True), matmul(r, dr, adjoint_b=True)
    lower = matrix_band_part(qdq - _adjoint(qdq) + rdr - _adjoint(rdr), -1, 0)
    return matmul(q, dr + divided(lower)) + divided(dq - matmul(q, qdq))


@_qr.samples
def _(make):
    yield (make(3, 3),)
    yield (make(4, 2),)
    yield make(2, 4), dict(full_matrices=False)
    yield (make(2, 3, 2),)
    if make.dtype is not dtypes.float64:  # there is no gradient: some columns of q are arbitrary
        yield make(4, 2), dict(full_matrices=True)


qr = export("qr", "linalg.qr")(_qr)


# ---------------------------------------------------------------------------------------------------------------- singular values


def _unique_svd(s, u, v):
    """What is unique of a singular value decomposition; one vector at most may belong to no singular value."""
    if u.ndim < 2:
        return [s]  # what stands in the place of vectors that were not asked for is nothing in TensorFlow
    p = s.shape[-1]
    u1, v1 = _without_phase(u[..., :p], v[..., :p])
    return s, u1, v1, *_without_phase(u[..., p:]), *_without_phase(v[..., p:])


@op("Svd", sample_types=TYPES, normal_form=_unique_svd)
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
    """After Giles (2008) and, for the thin decomposition, Townsend (2016).

    Vectors beyond the singular values have a gradient only if there is one at most, else they are arbitrary.
    """
    if not compute_uv:
        _, u, v = _svd(input, compute_uv=True)
        return [matmul(u, matmul(matrix_diag(grad_s), v, adjoint_b=True))]
    if input.dtype.is_complex:
        raise NotImplementedError("SVD gradient is not implemented for complex types and compute_uv=True.")
    outside = [], []
    if full_matrices:
        m, n = input._shape[-2:] if input._shape is not None else (None, None)
        known = m is not None and n is not None
        if known and abs(m - n) > 1:
            raise NotImplementedError("svd gradient is not implemented for abs(m - n) > 1 when full_matrices is True")
        p = min(m, n) if known else shape_of(s)[-1]
        outside = [(u[..., p:], grad_u[..., p:])], [(v[..., p:], grad_v[..., p:])]
        u, v, grad_u, grad_v = u[..., :p], v[..., :p], grad_u[..., :p], grad_v[..., :p]
    inverse_gaps, values = _inverse_gaps(s * s), matrix_diag(s)
    by_u, by_v = (inverse_gaps * matmul(x, g, adjoint_a=True) for x, g in ((u, grad_u), (v, grad_v)))
    inner = matrix_diag(grad_s) + matmul(by_u + _adjoint(by_u), values) + matmul(values, by_v + _adjoint(by_v))
    left = matmul(u, inner) + matmul(_beyond(u, grad_u, outside[0]), matrix_diag(1.0 / s))
    right = matmul(matmul(u, matrix_diag(1.0 / s)), _beyond(v, grad_v, outside[1]), adjoint_b=True)
    return [matmul(left, v, adjoint_b=True) + right]


def _beyond(x, g, outside):
    """The part of a gradient of orthonormal columns that is not in the space that they span; `outside` are further columns."""
    result = g - matmul(x, matmul(x, g, adjoint_a=True))
    for other, other_g in outside:
        result -= matmul(other, matmul(other_g, x, adjoint_a=True))
    return result


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


def _unique_eig(e, v):
    return [e, *_without_phase(v)] if v.ndim > 1 else [e]


@op("SelfAdjointEigV2", sample_types=TYPES, normal_form=_unique_eig)
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
    factor = _complex_lu if input.dtype.kind == "c" else _real_lu(input)
    for k in np.ndindex(input.shape[:-2]):
        lu[k], exchanges = factor(input[k])
        if not np.diagonal(lu[k]).all():
            raise invalid("Input is not invertible.")
        order = list(range(len(exchanges)))
        for i, j in enumerate(exchanges):
            order[i], order[j] = order[j], order[i]
        p[k] = order
    return lu, p


def _real_lu(matrices):
    """LAPACK's function that gives the factors of a matrix, and with which later row each row was exchanged."""
    from scipy.linalg.lapack import get_lapack_funcs

    (getrf,) = get_lapack_funcs(("getrf",), (matrices,))
    return lambda x: getrf(x)[:2] if x.size else (x, [])


def _complex_lu(x):
    """As LAPACK's, with pivots of largest modulus; LAPACK takes real and imaginary part for it."""
    x, exchanges = x.copy(), []
    with np.errstate(all="ignore"):
        for i in range(len(x)):
            pivot = i + int(np.abs(x[i:, i]).argmax())
            exchanges.append(pivot)
            x[[i, pivot]] = x[[pivot, i]]
            x[i + 1 :, i] /= x[i, i]
            x[i + 1 :, i + 1 :] -= np.outer(x[i + 1 :, i], x[i, i + 1 :])
    return x, exchanges


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


lu = export("linalg.lu")(_lu)


# -------------------------------------------------------------------------------------------------- functions of matrices


def _each(function, input):
    """A function of SciPy's applied to each matrix of a batch; what is not of the input's type becomes NaN."""
    out = np.empty(input.shape, input.dtype)
    for k in np.ndindex(input.shape[:-2] if input.size else (0,)):
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
