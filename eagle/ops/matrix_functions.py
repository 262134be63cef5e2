"""Functions of matrices that are made of others: exponential, pseudo-inverse, rank."""

import math

import numpy as np

from ..core import dtypes
from ..core.convert import constant, convert
from ..core.export import export
from ..core.scopes import control_dependencies, name_scope
from .assertions import assert_rank_at_least
from .binary import maximum, pow_
from .cast import cast
from .comparison import less
from .decompositions import svd
from .joining import concat
from .linalg import matrix_solve
from .matmul import matmul
from .matrices import eye
from .passing import identity
from .reduce import reduce_max, reduce_sum
from .shaping import expand_dims, reshape, shape as shape_of, size as size_of
from .unary import abs_, floor, log
from .where import where, where_v2
from .while_loop import while_loop

# ------------------------------------------------------------------------------------------------------------- exponential

# The coefficients of the Pade approximants of the exponential, by their order, and up to which 1-norm of a matrix each is good
# enough in the two precisions (Higham, The scaling and squaring method for the matrix exponential revisited, 2005).
_PADE = {
    3: [120.0, 60.0, 12.0],
    5: [30240.0, 15120.0, 3360.0, 420.0, 30.0],
    7: [17297280.0, 8648640.0, 1995840.0, 277200.0, 25200.0, 1512.0, 56.0],
    9: [17643225600.0, 8821612800.0, 2075673600.0, 302702400.0, 30270240.0, 2162160.0, 110880.0, 3960.0, 90.0],
    13: [64764752532480000.0, 32382376266240000.0, 7771770303897600.0, 1187353796428800.0, 129060195264000.0, 10559470521600.0,
         670442572800.0, 33522128640.0, 1323241920.0, 40840800.0, 960960.0, 16380.0, 182.0],
}  # fmt: skip
_SINGLE = {3: 4.258730016922831e-001, 5: 1.880152677804762e000, 7: 3.925724783138660}
_DOUBLE = {3: 1.495585217958292e-002, 5: 2.539398330063230e-001, 7: 9.504178996162932e-001, 9: 2.097847961257068e000,
           13: 5.371920351148152}  # fmt: skip


def _pade(matrix, order):
    """The odd and the even part of the numerator of an approximant; the denominator is their difference."""
    b = [constant(x, matrix.dtype) for x in _PADE[order]]
    ident = eye(shape_of(matrix)[-2], batch_shape=shape_of(matrix)[:-2], dtype=matrix.dtype)
    powers = [None, matmul(matrix, matrix)]
    for _ in range(min(order // 2, 3) - 1 + (order == 9)):
        powers.append(matmul(powers[-1], powers[1]))
    if order < 13:
        odd, even = powers[-1], b[-1] * powers[-1]
        for i in range(len(powers) - 2, 0, -1):
            odd = odd + b[2 * i + 1] * powers[i]
        odd = odd + b[1] * ident
        odd = matmul(matrix, odd)
        for i in range(len(powers) - 2, 0, -1):
            even = even + b[2 * i] * powers[i]
        return odd, even + b[0] * ident
    _, m2, m4, m6 = powers
    odd = matmul(m6, m6 + b[11] * m4 + b[9] * m2) + b[7] * m6 + b[5] * m4 + b[3] * m2 + b[1] * ident
    odd = matmul(matrix, odd)
    even = matmul(m6, b[12] * m6 + b[10] * m4 + b[8] * m2) + b[6] * m6 + b[4] * m4 + b[2] * m2 + b[0] * ident
    return odd, even


@export("linalg.expm")
def matrix_exponential(input, name=None):
    """The exponentials of square matrices.

    Args:
      input: a tensor of shape `[..., m, m]` and a floating point or complex type.
      name: the name scope of the nodes.

    Raises:
      ValueError: the type is none of these.
    """
    with name_scope(name, "matrix_exponential", [input]):
        matrix = convert(input, None, "input")
        if matrix.shape[-2:] == [0, 0]:
            return matrix
        batch = matrix.shape[:-2]
        known = matrix.shape.is_fully_defined()
        if not batch.is_fully_defined():
            batch = shape_of(matrix)[:-2]
        matrix = reshape(matrix, concat(([-1], shape_of(matrix)[-2:]), axis=0))
        result, squarings = _scaled_exponential(matrix)
        result = _squared(result, squarings)
        if not known:
            return reshape(result, concat((batch, shape_of(result)[-2:]), axis=0))
        return reshape(result, batch.concatenate(result.shape[-2:]))


def _scaled_exponential(matrix):
    """The exponentials of matrices over powers of 2, and the exponents of those."""
    norm = reduce_max(reduce_sum(abs_(matrix), axis=size_of(shape_of(matrix)) - 2), axis=-1)
    if matrix.dtype in (dtypes.float16, dtypes.float32, dtypes.complex64):
        limits = _SINGLE
    elif matrix.dtype in (dtypes.float64, dtypes.complex128):
        limits = _DOUBLE
    else:
        raise ValueError("tf.linalg.expm does not support matrices of type %s" % matrix.dtype)

    def const(x):
        return constant(x, norm.dtype)

    *orders, last = limits
    squarings = maximum(floor(log(norm / const(limits[last])) / log(const(2.0))), 0)
    parts = [_pade(matrix, order) for order in orders]
    parts.append(_pade(matrix / pow_(constant(2.0, matrix.dtype), cast(squarings, matrix.dtype))[..., None, None], last))

    def chosen(cases, orders):
        if len(cases) == 1:
            return cases[0]
        return where(less(norm, const(limits[orders[0]])), cases[0], chosen(cases[1:], orders[1:]))

    odd, even = (chosen([p[i] for p in parts], orders) for i in range(2))
    numerator = odd + even
    return matrix_solve(-odd + even, numerator), squarings


def _squared(result, squarings):
    """Each matrix of a batch squared as many times as `squarings` says."""
    most = reduce_max(squarings)

    def square(i, r):
        return i + 1, where(less(i, squarings), matmul(r, r), r)

    return while_loop(lambda i, r: less(i, most), square, [constant(0.0, squarings.dtype), result])[1]


# ------------------------------------------------------------------------------------------------- rank and pseudo-inverse


def _checked_matrix(a, validate_args):
    """A tensor that holds matrices of floating point numbers.

    Raises:
      TypeError: it holds no floating point numbers.
      ValueError: its rank is less than 2 (at run time InvalidArgumentError, if `validate_args` is set).
    """
    if not a.dtype.is_floating:
        raise TypeError("Input `a` must have `float`-like `dtype` (saw %s)." % a.dtype.name)
    if a._shape is not None:
        if len(a._shape) < 2:
            raise ValueError("Input `a` must have at least 2 dimensions; saw: %d." % len(a._shape))
    elif validate_args:
        with control_dependencies([assert_rank_at_least(a, 2, message="Input `a` must have at least 2 dimensions.")]):
            return identity(a)
    return a


@export("linalg.matrix_rank")
def matrix_rank(a, tol=None, validate_args=False, name=None):
    """The ranks of matrices: how many singular values are not negligible.

    Args:
      a: a tensor of shape `[..., m, n]` and a floating point type.
      tol: the largest singular value that is negligible; by default the largest of all times `max(m, n)` times the precision.
      validate_args: whether a rank of `a` that is not known is checked at run time.
      name: the name scope of the nodes.

    Returns:
      An int32 tensor of shape `[...]`.

    Raises:
      TypeError, ValueError: `a` is no such tensor.
    """
    with name_scope(name or "matrix_rank"):
        a = _checked_matrix(convert(a, None, "a", dtypes.float32), validate_args)
        s = svd(a, compute_uv=False)
        if tol is None:
            known = a._shape is not None and None not in a._shape[-2:]
            longest = np.int64(max(a._shape[-2:])) if known else reduce_max(shape_of(a)[-2:])
            tol = np.finfo(a.dtype.np).eps * cast(longest, a.dtype) * reduce_max(s, axis=-1, keepdims=True)
        return reduce_sum(cast(s > tol, dtypes.int32), axis=-1)


@export("linalg.pinv")
def pinv(a, rcond=None, validate_args=False, name=None):
    """The Moore-Penrose pseudo-inverses of matrices.

    Args:
      a: a tensor of shape `[..., m, n]` and a floating point type.
      rcond: singular values up to this times the largest one count as 0; by default `10 * max(m, n)` times the precision.
      validate_args: whether a rank of `a` that is not known is checked at run time.
      name: the name scope of the nodes.

    Returns:
      A tensor of shape `[..., n, m]`.

    Raises:
      TypeError, ValueError: `a` is no such tensor.
    """
    with name_scope(name or "pinv"):
        a = _checked_matrix(convert(a, None, "a"), validate_args)
        number = a.dtype.np.type
        if rcond is None:
            sizes = [shape_of(a)[i] if a._shape is None or a._shape[i] is None else a._shape[i] for i in (-2, -1)]
            if all(type(d) is int for d in sizes):
                longest = float(max(sizes))
            else:
                longest = cast(maximum(*sizes), a.dtype)
            rcond = 10.0 * longest * np.finfo(a.dtype.np).eps
        rcond = convert(rcond, a.dtype, "rcond")
        s, u, v = svd(a, full_matrices=False, compute_uv=True)
        cutoff = rcond * reduce_max(s, axis=-1)
        s = where_v2(s > expand_dims(cutoff, -1), s, np.array(math.inf, number))  # so that its reciprocal is 0
        result = matmul(v / expand_dims(s, -2), u, adjoint_b=True)
        if a._shape is not None:
            result.set_shape((*a._shape[:-2], a._shape[-1], a._shape[-2]))
        return result
