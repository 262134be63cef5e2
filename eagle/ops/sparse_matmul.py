"""Products of sparse matrices and dense ones."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.op import HostShape, op
from .gathering import gather
from .reduce import reduce_sum
from .slicing import strided_slice
from .sparse_parts import check_ranks, sample
from .transposing import transpose


@op("SparseTensorDenseMatMul")
def _sparse_tensor_dense_matmul(xp, a_indices, a_values, a_shape: HostShape, b, *, adjoint_a=False, adjoint_b=False):
    rows, columns = a_indices[:, 0], a_indices[:, 1]
    height = a_shape[0]
    if adjoint_a:
        rows, columns, height, a_values = columns, rows, a_shape[1], xp.conj(a_values)
    if adjoint_b:
        b = xp.conj(b).T
    out = xp.zeros((height, b.shape[1]), b.dtype)
    return out.at[rows].add(a_values[:, None] * b[columns])


@_sparse_tensor_dense_matmul.kernel_for("numpy")
def _(a_indices, a_values, a_shape: HostShape, b, *, adjoint_a=False, adjoint_b=False):
    import scipy.sparse

    _check(a_indices, a_values, a_shape, b, adjoint_a, adjoint_b)
    rows, columns, (height, width) = a_indices[:, 0], a_indices[:, 1], a_shape
    if adjoint_a:
        rows, columns, height, width, a_values = columns, rows, width, height, np.conj(a_values)
    for kind, at, side, size in (("k", columns, 0 if adjoint_a else 1, width), ("m", rows, 1 if adjoint_a else 0, height)):
        outside = np.flatnonzero((at < 0) | (at >= size))
        if len(outside):
            raise invalid("%s (%d) from index[%d,%d] out of bounds (>=%d)", kind, at[outside[0]], outside[0], side, size)
    if adjoint_b:
        b = np.conj(b).T
    if a_values.dtype.kind not in "fciu" or a_values.dtype.itemsize < 4:
        out = np.zeros((height, b.shape[1]), b.dtype)
        np.add.at(out, rows, a_values[:, None] * b[columns])
        return out
    return np.ascontiguousarray(scipy.sparse.coo_matrix((a_values, (rows, columns)), (height, width)).tocsr() @ b)


def _check(a_indices, a_values, a_shape, b, adjoint_a, adjoint_b):
    if b.ndim != 2:
        raise invalid("Tensor 'b' is not a matrix")
    if np.ndim(a_shape) != 1:
        raise invalid("Tensor 'a_shape' is not a vector")
    if len(a_shape) != 2:
        raise invalid("Tensor 'a_shape' must have 2 elements")
    if a_values.ndim != 1:
        raise invalid("Tensor 'a_values' is not a vector")
    if a_indices.ndim != 2:
        raise invalid("Tensor 'a_indices' is not a matrix")
    if len(a_indices) != len(a_values):
        raise invalid("Number of rows of a_indices does not match number of entries in a_values")
    if a_indices.shape[1] != 2:
        raise invalid("Number of columns of a_indices does not match number of entries in a_shape")
    left, right = a_shape[0 if adjoint_a else 1], b.shape[1 if adjoint_b else 0]
    if left != right:
        raise invalid("Cannot multiply A and B because inner dimension does not match: %d vs. %d.  Did you forget a transpose?  "
                      "Dimensions of A: [%d, %d).  Dimensions of B: %s",
                      left, right, *a_shape, shapes.to_brackets(b.shape))  # fmt: skip


@_sparse_tensor_dense_matmul.shape
def _(a_indices, a_values, a_shape, b, *, adjoint_a, adjoint_b):
    check_ranks((a_indices, 2), (a_values, 1))
    height, width = shapes.with_rank(a_shape, 2)
    inner, outer = shapes.with_rank(b, 2)
    if adjoint_b:
        inner, outer = outer, inner
    shapes.merge_dims(height if adjoint_a else width, inner)
    return (width if adjoint_a else height, outer)


def _refuse_complex(values):
    if values.dtype.is_complex:
        raise NotImplementedError("SparseTensorDenseMatMul op does not support complex gradients.")


@_sparse_tensor_dense_matmul.grad("a_values")
def _(g, a_indices, a_values, b, *, adjoint_a, adjoint_b):
    _refuse_complex(a_values)
    rows, columns = (strided_slice(a_indices, [0, i], [0, i + 1], begin_mask=1, end_mask=1, shrink_axis_mask=2) for i in (0, 1))
    if adjoint_a:
        rows, columns = columns, rows
    return reduce_sum(gather(g, rows) * gather(transpose(b) if adjoint_b else b, columns), axis=1)


@_sparse_tensor_dense_matmul.grad("b")
def _(g, a_indices, a_values, a_shape, *, adjoint_a, adjoint_b):
    _refuse_complex(a_values)
    of_b = _sparse_tensor_dense_matmul(a_indices, a_values, a_shape, g, adjoint_a=not adjoint_a)
    return transpose(of_b) if adjoint_b else of_b


@_sparse_tensor_dense_matmul.samples
def _(make):
    indices, values, shape = sample(make(4))
    yield indices, values, shape, make(4, 2)
    yield indices, values, shape, make(3, 2), dict(adjoint_a=True)
    yield indices, values, shape, make(2, 4), dict(adjoint_b=True)
    yield indices[[0, 0, 2]], values[:3], shape, make(2, 3), dict(adjoint_a=True, adjoint_b=True)
    yield indices[:0], values[:0], shape, make(4, 2)


@op("SparseMatMul", ignores=("a_is_sparse", "b_is_sparse"))
def _sparse_matmul(xp, a, b, *, transpose_a=False, transpose_b=False):
    a, b = a.astype(np.float32), b.astype(np.float32)
    return xp.matmul(a.T if transpose_a else a, b.T if transpose_b else b)


@_sparse_matmul.shape
def _(a, b, *, transpose_a, transpose_b):
    a, b = check_ranks((a, 2), (b, 2))
    a, b = a[::-1] if transpose_a else a, b[::-1] if transpose_b else b
    shapes.merge_dims(a[1], b[0])
    return (a[0], b[1])


@_sparse_matmul.explains
def _(values):
    return "Matrix size incompatible: a: %s, b: %s" % tuple(shapes.to_brackets(v.shape) for v in values)


@_sparse_matmul.grad
def _(g, a, b, *, transpose_a, transpose_b):
    matmul = registry["MatMul"]
    a_type, b_type = a.dtype.base_dtype, b.dtype.base_dtype
    a, b = (registry["Cast"](x, DstT=dtypes.float32) if x.dtype.base_dtype is not dtypes.float32 else x for x in (a, b))
    if transpose_a:
        of_a = matmul(b, g, transpose_a=transpose_b, transpose_b=True)
    else:
        of_a = matmul(g, b, transpose_b=not transpose_b)
    if transpose_b:
        of_b = matmul(g, a, transpose_a=True, transpose_b=transpose_a)
    else:
        of_b = matmul(a, g, transpose_a=not transpose_a)
    return registry["Cast"](of_a, DstT=a_type), registry["Cast"](of_b, DstT=b_type)


@_sparse_matmul.samples
def _(make):
    yield make(2, 3), make(3, 4)
    yield make(3, 2), make(4, 3), dict(transpose_a=True, transpose_b=True, a_is_sparse=True)
