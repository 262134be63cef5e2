"""Products of matrices, alone or in batches."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.backprop import Deferred
from ..core.context import here, process
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.op import op
from ..core.scopes import name_scope
from ..core.tensor import EagerTensor, read_variable
from ..core.versions import shortcut, versioned
from ..onednn import library as onednn, primitives
from .arithmetic import broadcast_shape
from .cast import cast
from .complex import conj
from .doors import finish, overload_binary

_FLOAT32, _FLOAT64, _BFLOAT16 = dtypes.float32.np, dtypes.float64.np, dtypes.bfloat16.np
_HALVES = (dtypes.float16.np, _BFLOAT16)


def _product(a, b):
    """The product of two matrices with NumPy; that of half precision is added up in single."""
    d = a.dtype
    if d is _FLOAT32:
        return _large_product(a, b) if a.size * b.shape[1] >= _LARGE else a.dot(b)
    if d in _HALVES:
        return _product(a.astype(_FLOAT32), b.astype(_FLOAT32)).astype(d)
    return a.dot(b)


# Multiplications from which BLAS would use several threads, which wait for each other in loops: where other processes want the
# processors too, that takes a hundred times as long.  oneDNN's one thread is as fast at that size.
_LARGE = 1 << 18
_SHARED = 1 << 22  # multiplications from which several threads of oneDNN are worth it


def _laid_out(m):
    """A matrix whose rows or columns lie one behind another, and its strides in elements."""
    if m.flags.c_contiguous:
        return m, (m.shape[1], 1)
    if m.flags.f_contiguous:
        return m, (1, m.shape[0])
    return np.ascontiguousarray(m), (m.shape[1], 1)


def _large_product(a, b):
    """The product of two matrices of floats by oneDNN."""
    if a.shape[1] != b.shape[0] or not b.size or not onednn.available():
        return a.dot(b)
    (a, a_strides), (b, b_strides) = _laid_out(a), _laid_out(b)
    out = np.empty((a.shape[0], b.shape[1]), _FLOAT32)
    alone = a.size * b.shape[1] < _SHARED
    primitives.product(a.shape, a_strides, b.shape, b_strides, alone)(a, b, out)
    return out


# ------------------------------------------------------------------------------------------------------------- matrices


@op("MatMul")
def _mat_mul(xp, a, b, *, transpose_a=False, transpose_b=False):
    return xp.matmul(a.T if transpose_a else a, b.T if transpose_b else b)


@_mat_mul.kernel_for("numpy")
def _(a, b, *, transpose_a=False, transpose_b=False):
    if a.ndim != 2 or b.ndim != 2:
        raise ValueError("no matrix")
    return _product(a.T if transpose_a else a, b.T if transpose_b else b)


@_mat_mul.explains
def _(values):
    for i, v in enumerate(values):
        if v.ndim != 2:
            return "In[%d] is not a matrix. Instead it has shape %s" % (i, shapes.to_brackets(v.shape))
    return "Matrix size-incompatible: In[0]: %s, In[1]: %s" % tuple(shapes.to_brackets(v.shape) for v in values)


def _matrix_product_shape(a, b, transpose_a, transpose_b):
    a, b = shapes.with_rank(a, 2), shapes.with_rank(b, 2)
    shapes.merge_dims(a[0 if transpose_a else 1], b[1 if transpose_b else 0])
    return a[1 if transpose_a else 0], b[0 if transpose_b else 1]


@_mat_mul.shape
def _(a, b, *, transpose_a, transpose_b):
    return _matrix_product_shape(a, b, transpose_a, transpose_b)


def _value_of_left(g, b, *, transpose_a, transpose_b):
    b = b if transpose_b else b.T
    return _product(b.T, g.T) if transpose_a else _product(g, b)


def _stacked_product(pairs):
    """The sum of products `a.T @ g`, such as the steps of a recurrent network give: one product of matrices stacked."""
    a, g = pairs[0] if len(pairs) == 1 else map(np.concatenate, zip(*pairs))
    return _product(a.T, g)


def _value_of_right(g, a, *, transpose_a, transpose_b):
    if not transpose_a and not transpose_b and a.dtype is _FLOAT32:
        return Deferred(_stacked_product, (a, g))
    a = a if transpose_a else a.T
    return _product(g.T, a.T) if transpose_b else _product(a, g)


@_mat_mul.grad("a", _value_of_left)
def _(g, b, *, transpose_a, transpose_b):
    b = conj(b)
    if transpose_a:
        return _mat_mul(b, g, transpose_a=transpose_b, transpose_b=True)
    return _mat_mul(g, b, transpose_b=not transpose_b)


@_mat_mul.grad("b", _value_of_right)
def _(g, a, *, transpose_a, transpose_b):
    a = conj(a)
    if transpose_b:
        return _mat_mul(g, a, transpose_a=True, transpose_b=transpose_a)
    return _mat_mul(a, g, transpose_a=not transpose_a)


@_mat_mul.samples
def _(make):
    yield make(2, 3), make(3, 4)
    yield make(3, 2), make(3, 4), dict(transpose_a=True)
    yield make(2, 3), make(4, 3), dict(transpose_b=True)
    yield make(3, 2), make(4, 3), dict(transpose_a=True, transpose_b=True)
    yield make(2, 0), make(0, 2)


@op("SparseMatMul", ignores=("a_is_sparse", "b_is_sparse"))
def _sparse_mat_mul(xp, a, b, *, transpose_a=False, transpose_b=False):
    a, b = a.astype(_FLOAT32), b.astype(_FLOAT32)
    return xp.matmul(a.T if transpose_a else a, b.T if transpose_b else b)


@_sparse_mat_mul.shape
def _(a, b, *, transpose_a, transpose_b):
    return _matrix_product_shape(a, b, transpose_a, transpose_b)


@_sparse_mat_mul.explains
def _(values):
    for name, v in zip("ab", values):
        if v.ndim != 2:
            return "%s is not a matrix" % name
    return "Matrix size incompatible: a: %s, b: %s" % tuple(shapes.to_brackets(v.shape) for v in values)


@_sparse_mat_mul.grad("a")
def _(g, a, b, *, transpose_a, transpose_b, b_is_sparse):
    if transpose_a:
        product = matmul(b, g, transpose_b, True, a_is_sparse=b_is_sparse)
    else:
        product = matmul(g, b, False, not transpose_b, b_is_sparse=b_is_sparse)
    return cast(product, a.dtype)


@_sparse_mat_mul.grad("b")
def _(g, a, b, *, transpose_a, transpose_b, a_is_sparse):
    if transpose_b:
        product = matmul(g, a, True, transpose_a, b_is_sparse=a_is_sparse)
    else:
        product = matmul(a, g, not transpose_a, a_is_sparse=a_is_sparse)
    return cast(product, b.dtype)


@_sparse_mat_mul.samples
def _(make):
    yield make(2, 3), make(3, 4), dict(a_is_sparse=True)
    yield make(3, 2), make(4, 3), dict(transpose_a=True, transpose_b=True)


# -------------------------------------------------------------------------------------------------------------- batches


def _turned(xp, x, adjoint):
    """Matrices, transposed and conjugated if `adjoint`."""
    if not adjoint:
        return x
    x = xp.swapaxes(x, -1, -2)
    return xp.conjugate(x) if x.dtype.kind == "c" else x


def _batch_product(xp, x, y, adj_x, adj_y):
    x, y = _turned(xp, x, adj_x), _turned(xp, y, adj_y)
    d = x.dtype
    if xp is np and d in _HALVES:
        return np.matmul(x.astype(_FLOAT32), y.astype(_FLOAT32)).astype(d)
    if xp is np and d is _FLOAT32 and x.shape[-2] * x.shape[-1] * y.shape[-1] >= _LARGE:
        return _large_batch_product(x, y)
    return xp.matmul(x, y)


def _large_batch_product(x, y):
    """The products of pairs of large matrices of floats."""
    batch = np.broadcast_shapes(x.shape[:-2], y.shape[:-2])
    x, y = np.broadcast_to(x, batch + x.shape[-2:]), np.broadcast_to(y, batch + y.shape[-2:])
    out = np.empty((*batch, x.shape[-2], y.shape[-1]), _FLOAT32)
    for place in np.ndindex(*batch):
        out[place] = _large_product(x[place], y[place])
    return out


def _check_matrices(x, y, adj_x, adj_y):
    for i, v in enumerate((x, y)):
        if v.ndim < 2:
            raise invalid("In[%d] ndims must be >= 2: %d", i, v.ndim)
    inner, other = x.shape[-2 if adj_x else -1], y.shape[-1 if adj_y else -2]
    if inner != other:
        both = shapes.to_brackets(x.shape), shapes.to_brackets(y.shape)
        raise invalid("In[0] mismatch In[1] shape: %d vs. %d: %s %s %d %d", inner, other, *both, adj_x, adj_y)


@op("BatchMatMul")
def _batch_mat_mul(xp, x, y, *, adj_x=False, adj_y=False):
    both = shapes.to_brackets(x.shape), shapes.to_brackets(y.shape)
    if x.ndim != y.ndim:
        raise invalid("In[0] and In[1] has different ndims: %s vs. %s", *both)
    for i, (m, n) in enumerate(zip(x.shape[:-2], y.shape[:-2])):
        if m != n:
            raise invalid("In[0].dim(%d) and In[1].dim(%d) must be the same: %s vs %s", i, i, *both)
    _check_matrices(x, y, adj_x, adj_y)
    return _batch_product(xp, x, y, adj_x, adj_y)


@op("BatchMatMulV2", broadcasts=True)
def _batch_mat_mul_v2(xp, x, y, *, adj_x=False, adj_y=False):
    _check_matrices(x, y, adj_x, adj_y)
    if shapes.broadcast(x.shape[:-2], y.shape[:-2]) is shapes.CONTRADICTION:
        both = shapes.to_brackets(x.shape), shapes.to_brackets(y.shape)
        raise invalid("In[0] and In[1] must have compatible batch dimensions: %s vs. %s", *both)
    return _batch_product(xp, x, y, adj_x, adj_y)


def _batch_product_shape(x, y, adj_x, adj_y, batch_shape):
    x, y = shapes.with_rank_at_least(x, 2), shapes.with_rank_at_least(y, 2)
    if x is None or y is None:
        return None
    batch = batch_shape(x[:-2], y[:-2])
    shapes.merge_dims(x[-2 if adj_x else -1], y[-1 if adj_y else -2])
    return (*batch, x[-1 if adj_x else -2], y[-2 if adj_y else -1])


@_batch_mat_mul.shape
def _(x, y, *, adj_x, adj_y):
    return _batch_product_shape(x, y, adj_x, adj_y, shapes.agree)


@_batch_mat_mul_v2.shape
def _(x, y, *, adj_x, adj_y):
    return _batch_product_shape(x, y, adj_x, adj_y, broadcast_shape)


def _of_left(g, y, *, adj_x, adj_y):
    if adj_x:
        return matmul(y, g, adjoint_a=adj_y, adjoint_b=True)
    return matmul(g, y, adjoint_b=not adj_y)


def _of_right(g, x, *, adj_x, adj_y):
    if adj_y:
        return matmul(g, x, adjoint_a=True, adjoint_b=adj_x)
    return matmul(x, g, adjoint_a=not adj_x)


def _batch_samples(make):
    yield make(2, 2, 3), make(2, 3, 4)
    yield make(2, 3, 2), make(2, 3, 4), dict(adj_x=True)
    yield make(2, 2, 3), make(2, 4, 3), dict(adj_y=True)
    yield make(2, 3, 2), make(2, 4, 3), dict(adj_x=True, adj_y=True)
    yield make(2, 3), make(3, 2)


def _broadcast_batch_samples(make):
    yield from _batch_samples(make)
    yield make(2, 1, 2, 3), make(2, 3, 2)
    yield make(3, 2), make(2, 2, 3), dict(adj_x=True, adj_y=True)


for _op, _samples in ((_batch_mat_mul, _batch_samples), (_batch_mat_mul_v2, _broadcast_batch_samples)):
    _op.grad("x")(_of_left)
    _op.grad("y")(_of_right)
    _op.samples(_samples)


# ------------------------------------------------------------------------------------------------------ public functions


@versioned
def _general_matmul(a, b, transpose_a, transpose_b, adjoint_a, adjoint_b, a_is_sparse, b_is_sparse, name):
    """`matmul` of anything that it works with."""
    with name_scope(name, "MatMul", [a, b]) as name:
        if transpose_a and adjoint_a:
            raise ValueError("Only one of transpose_a and adjoint_a can be True.")
        if transpose_b and adjoint_b:
            raise ValueError("Only one of transpose_b and adjoint_b can be True.")
        a, b = convert(a, None, "a"), convert(b, None, "b")
        sparse = a_is_sparse or b_is_sparse
        if not sparse and (a._rank() is None or a._rank() > 2 or b._rank() is None or b._rank() > 2):
            a = conj(a) if transpose_a else a
            b = conj(b) if transpose_b else b
            return _batch_mat_mul_v2(a, b, adj_x=adjoint_a or transpose_a, adj_y=adjoint_b or transpose_b, name=name)
        a = conj(a) if adjoint_a else a
        b = conj(b) if adjoint_b else b
        return _of_matrices(a, b, adjoint_a or transpose_a, adjoint_b or transpose_b, a_is_sparse, b_is_sparse, name)


_AS_THEY_ARE = {"transpose_a": False, "transpose_b": False}


@export("matmul", "linalg.matmul")
@shortcut(_general_matmul)
def matmul(a, b, transpose_a=False, transpose_b=False, adjoint_a=False, adjoint_b=False, a_is_sparse=False, b_is_sparse=False,
           name=None):  # fmt: skip
    """The product of two matrices, or of two batches of matrices.

    Args:
      a: a tensor of shape `[..., m, k]`.
      b: a tensor of the same type and shape `[..., k, n]`; batch dimensions are broadcast.
      transpose_a, transpose_b: whether the matrices of `a` or `b` are transposed first.
      adjoint_a, adjoint_b: whether they are transposed and conjugated first.
      a_is_sparse, b_is_sparse: whether `a` or `b`, a float32 or bfloat16 matrix, has many zeros.
      name: the name of the node.

    Returns:
      A tensor of shape `[..., m, n]`.

    Raises:
      InvalidArgumentError (in a graph ValueError): the shapes don't fit.
      ValueError: a matrix is to be both transposed and adjoint.
    """
    if type(b) is not EagerTensor:
        b = read_variable(b)
    if type(a) is EagerTensor and type(b) is EagerTensor:
        x, y = a._v, b._v
        d = x.dtype
        if (
            d is y.dtype and (d is _FLOAT32 or d is _FLOAT64) and x.ndim == 2 == y.ndim
            and not (adjoint_a or adjoint_b or a_is_sparse or b_is_sparse) and (not process.busy or here.eager)
        ):  # fmt: skip
            try:
                v = _product(x.T if transpose_a else x, y.T if transpose_b else y)
            except ValueError:  # the shapes don't fit: the long way has the message
                return _mat_mul(a, b, transpose_a=transpose_a, transpose_b=transpose_b, name=name)
            turned = transpose_a or transpose_b
            attrs = {"transpose_a": transpose_a, "transpose_b": transpose_b} if turned else _AS_THEY_ARE
            return finish(_mat_mul, (a, b), v, attrs)
    return _general_matmul(a, b, transpose_a, transpose_b, adjoint_a, adjoint_b, a_is_sparse, b_is_sparse, name)


def _of_matrices(a, b, transpose_a, transpose_b, a_is_sparse, b_is_sparse, name):
    """The product of two matrices by the op that TensorFlow takes for their types."""
    types = [a.dtype.base_dtype, b.dtype.base_dtype]
    may_be_sparse = all(t in (dtypes.float32, dtypes.bfloat16) for t in types)
    mixed = dtypes.bfloat16 in types and types[0] is not types[1]
    if not mixed and not (may_be_sparse and (a_is_sparse or b_is_sparse)):
        return _mat_mul(a, b, transpose_a=transpose_a, transpose_b=transpose_b, name=name)
    product = _sparse_mat_mul(
        a, b, transpose_a=transpose_a, transpose_b=transpose_b, a_is_sparse=a_is_sparse, b_is_sparse=b_is_sparse, name=name
    )
    return cast(product, dtypes.bfloat16) if types == [dtypes.bfloat16] * 2 else product


@export("linalg.matvec")
def matvec(a, b, transpose_a=False, adjoint_a=False, a_is_sparse=False, b_is_sparse=False, name=None):
    """The product of a matrix and a vector, or of batches of them.

    Args:
      a: a tensor of shape `[..., m, k]`.
      b: a tensor of the same type and shape `[..., k]`.
      transpose_a, adjoint_a, a_is_sparse, b_is_sparse: as of `matmul`.
      name: the name of the node.

    Returns:
      A tensor of shape `[..., m]`.
    """
    with name_scope(name, "MatVec", [a, b]):
        column = registry["ExpandDims"](b, -1)
        product = matmul(a, column, transpose_a, adjoint_a=adjoint_a, a_is_sparse=a_is_sparse, b_is_sparse=b_is_sparse)
        return registry["Squeeze"](product, squeeze_dims=[-1])


export("sparse_matmul")(_sparse_mat_mul)
overload_binary("matmul", _mat_mul, lambda x, y, name: matmul(x, y, name=name), types={_FLOAT32, _FLOAT64})
