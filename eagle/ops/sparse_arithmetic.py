"""Arithmetic on sparse tensors, with each other and with dense ones: the ops."""

import numpy as np

from ..core import shape as shapes
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.op import op
from ..core.sparse_tensor import SparseTensor
from .comparison import equal
from .filling import ones, zeros_like
from .gathering import gather_nd
from .joining import concat
from .shaping import expand_dims, shape as shape_of, size
from .slicing import slice_
from .sparse_parts import check_parts, check_ranks, check_same_shapes, places, row_major, sample
from .where import where

# -------------------------------------------------------------------------------------------------------- sparse + sparse


def _merged(a_indices, a_values, a_shape, b_indices, b_values, combine, absent):
    """All indices of two sparse tensors in order, and of each the combination of the values, and whether both have it."""
    a_places, b_places = places(a_indices, a_shape), places(b_indices, a_shape)
    every, first = np.unique(np.concatenate([a_places, b_places]), return_index=True)
    values = []
    for at, v in ((a_places, a_values), (b_places, b_values)):
        spread = np.full(len(every), absent, v.dtype)
        spread[np.searchsorted(every, at)] = v
        values.append(spread)
    both = np.isin(every, a_places) & np.isin(every, b_places)
    return np.concatenate([a_indices, b_indices])[first], combine(*values), both


@op("SparseAdd", host=True)
def _sparse_add(xp, a_indices, a_values, a_shape, b_indices, b_values, b_shape, thresh):
    check_same_shapes(a_indices, a_values, a_shape, b_indices, b_values, b_shape)
    if thresh.ndim:
        raise invalid("The magnitude threshold must be a scalar: got shape %s", shapes.to_brackets(thresh.shape))
    indices, values, both = _merged(a_indices, a_values, a_shape, b_indices, b_values, np.add, 0)
    kept = ~both | (np.abs(values) >= thresh)
    return indices[kept], values[kept], a_shape


@_sparse_add.shape
def _(a_indices, a_values, a_shape, b_indices, b_values, b_shape, thresh):
    (shape,) = check_ranks((a_shape, 1))
    return [(None, shape[0]), (None,), shape]


@_sparse_add.grad
def _(g_indices, g, g_shape, a_indices, a_values, a_shape, b_indices, b_values, b_shape, thresh, sum_indices):
    a_grad, b_grad = _sparse_add_grad(g, a_indices, b_indices, sum_indices)
    return None, a_grad, None, None, b_grad, None, None


@_sparse_add.samples
def _(make):
    a_indices, _, shape = sample(make(4))
    thresh = np.zeros((), make.dtype.real_dtype.np)
    yield a_indices, make(4), shape, a_indices[1:] + [[0, 0], [0, 1], [0, 0]], make(3), shape, thresh
    yield a_indices, make(4), shape, a_indices[:0], make(0), shape, thresh


@op("SparseAddGrad", host=True)
def _sparse_add_grad(xp, backprop_val_grad, a_indices, b_indices, sum_indices):
    every = np.concatenate([a_indices, b_indices, sum_indices])
    shape = every.max(0) + 1 if len(every) else np.zeros(every.shape[1], np.int64)
    at = places(sum_indices, shape)
    order = np.argsort(at, kind="stable")

    def found(indices):
        wanted = places(indices, shape)
        if not len(at):
            return np.zeros(len(indices), backprop_val_grad.dtype)
        near = order[np.minimum(np.searchsorted(at[order], wanted), len(at) - 1)]
        return np.where(at[near] == wanted, backprop_val_grad[near], backprop_val_grad.dtype.type(0))

    return found(a_indices), found(b_indices)


@_sparse_add_grad.shape
def _(backprop_val_grad, a_indices, b_indices, sum_indices):
    a, b = check_ranks((a_indices, 2), (b_indices, 2))
    return [(a[0],), (b[0],)]


_sparse_add_grad.not_differentiable()


@_sparse_add_grad.samples
def _(make):
    a_indices, _, _ = sample(make(4))
    yield make(4), a_indices, a_indices[1:3], a_indices


def _extreme(name, function):
    """Declares the op that takes the larger or the smaller one of the elements of two sparse tensors; absent ones are 0."""

    @op(name, host=True)
    def kernel(xp, a_indices, a_values, a_shape, b_indices, b_values, b_shape):
        check_same_shapes(a_indices, a_values, a_shape, b_indices, b_values, b_shape)
        indices, values, _ = _merged(a_indices, a_values, a_shape, b_indices, b_values, function, 0)
        return indices, values

    @kernel.shape
    def _(a_indices, a_values, a_shape, b_indices, b_values, b_shape):
        check_ranks((a_indices, 2), (a_values, 1), (a_shape, 1), (b_indices, 2), (b_values, 1), (b_shape, 1))
        return [(None, None), (None,)]

    @kernel.grad
    def _(g_indices, g, a_indices, a_values, b_indices, b_values, output_indices, output_values):
        """To the element that was taken; TensorFlow has no gradient here."""
        grads = _sparse_add_grad(g, a_indices, b_indices, output_indices)
        taken = _sparse_add_grad(output_values, a_indices, b_indices, output_indices)
        of_a, of_b = (where(equal(v, t), x, zeros_like(x)) for v, t, x in zip((a_values, b_values), taken, grads))
        return None, of_a, None, None, of_b, None

    @kernel.samples
    def _(make):
        indices, _, shape = sample(make(4))
        yield indices, make(4), shape, indices[1:] + [[0, 0], [0, 1], [0, 0]], make(3), shape

    return kernel


sparse_sparse_maximum = _extreme("SparseSparseMaximum", np.maximum)
sparse_sparse_minimum = _extreme("SparseSparseMinimum", np.minimum)

# --------------------------------------------------------------------------------------------------------- sparse + dense


@op("SparseTensorDenseAdd")
def _sparse_tensor_dense_add(xp, a_indices, a_values, a_shape, b):
    return b.at[tuple(a_indices.T)].add(a_values)


@_sparse_tensor_dense_add.kernel_for("numpy")
def _(a_indices, a_values, a_shape, b):
    if a_indices.ndim != 2:
        raise invalid("Input a_indices should be a matrix but received shape: %s", shapes.to_brackets(a_indices.shape))
    if a_values.ndim != 1 or a_shape.ndim != 1:
        raise invalid("Inputs a_values and a_shape should be vectors but received shapes: %s and %s",
                      shapes.to_brackets(a_values.shape), shapes.to_brackets(a_shape.shape))  # fmt: skip
    if len(a_shape) != b.ndim:
        raise invalid("Two operands have different ranks; received: %d and %d", len(a_shape), b.ndim)
    for i, (x, y) in enumerate(zip(a_shape.tolist(), b.shape)):
        if x != y:
            raise invalid("Dimension %d does not equal (no broadcasting is supported): sparse side %d vs dense side %d", i, x, y)
    outside = np.argwhere((a_indices < 0) | (a_indices >= a_shape))
    if len(outside):
        raise invalid("Sparse tensor has some invalid index on dimension %d; dense tensor shape: %s", outside[0, 1],
                      shapes.to_brackets(b.shape))  # fmt: skip
    out = b.copy()
    np.add.at(out, tuple(a_indices.T), a_values)
    return out


@_sparse_tensor_dense_add.shape
def _(a_indices, a_values, a_shape, b):
    return b


@_sparse_tensor_dense_add.grad("a_values")
def _(g, a_indices):
    return gather_nd(g, a_indices)


@_sparse_tensor_dense_add.grad("b")
def _(g):
    return g


@_sparse_tensor_dense_add.samples
def _(make):
    indices, values, shape = sample(make(4))
    yield indices, values, shape, make(3, 4)
    yield indices[:0], values[:0], shape, make(3, 4)


def _elements(xp, sp_indices, sp_shape, dense):
    """The elements of a dense tensor, spread over the shape, at the indices of a sparse one."""
    missing = sp_indices.shape[1] - dense.ndim
    fixed = xp.asarray([d == 1 for d in dense.shape], bool)
    at = xp.where(fixed, 0, sp_indices[:, missing:])
    return dense[tuple(at.T)]


def _check_spread(sp_indices, sp_values, sp_shape, dense):
    if sp_indices.ndim != 2:
        raise invalid("Input sp_indices should be a matrix but received shape: %s", shapes.to_brackets(sp_indices.shape))
    if sp_values.ndim != 1 or sp_shape.ndim != 1:
        raise invalid("Inputs sp_values and sp_shape should be vectors but received shapes: %s and %s",
                      shapes.to_brackets(sp_values.shape), shapes.to_brackets(sp_shape.shape))  # fmt: skip
    left, right = sp_shape.tolist(), list(dense.shape)
    if len(right) > len(left) or any(r not in (1, a) for a, r in zip(left[::-1], right[::-1])):
        raise invalid("SparseDenseBinaryOpShared broadcasts dense to sparse only; got incompatible shapes: [%s] vs. [%s]",
                      ",".join(map(str, left)), ",".join(map(str, right)))  # fmt: skip
    if ((sp_indices < 0) | (sp_indices >= sp_shape)).any():
        raise invalid("Provided indices are out-of-bounds w.r.t. dense side with broadcasted shape")


def _cwise(name, infix):
    """Declares the op that combines each element of a sparse tensor with that of a dense one, which is spread to its shape."""

    @op(name)
    def kernel(xp, sp_indices, sp_values, sp_shape, dense):
        return infix(xp, sp_values, _elements(xp, sp_indices, sp_shape, dense))

    @kernel.kernel_for("numpy")
    def _(sp_indices, sp_values, sp_shape, dense):
        _check_spread(sp_indices, sp_values, sp_shape, dense)
        return infix(np, sp_values, _elements(np, sp_indices, sp_shape, dense))

    @kernel.shape
    def _(sp_indices, sp_values, sp_shape, dense):
        (indices,) = check_ranks((sp_indices, 2))
        return (indices[0],)

    @kernel.samples
    def _(make):
        indices, values, shape = sample(make(4))
        yield indices, values, shape, make(3, 4)
        yield indices, values, shape, make(4)
        yield indices, values, shape, make(3, 1)

    return kernel


def _divide(xp, a, b):
    if a.dtype.kind in "iu":
        if xp is np and not np.all(b):
            raise invalid("Integer division by zero")
        quotient = a // b
        return quotient + ((quotient < 0) & (quotient * b != a)).astype(a.dtype)
    return xp.divide(a, b)


sparse_dense_cwise_add = _cwise("SparseDenseCwiseAdd", lambda xp, a, b: a + b)
sparse_dense_cwise_mul = _cwise("SparseDenseCwiseMul", lambda xp, a, b: a * b)
sparse_dense_cwise_div = _cwise("SparseDenseCwiseDiv", _divide)


def _scaled_indices(indices, shape, dense):
    """The indices of a sparse tensor as indices of the dense one that is spread to its shape, the shape of that, its elements."""
    dense_shape = shape_of(dense, out_type="int64")
    missing = expand_dims(size(shape) - size(dense_shape), 0)
    scale = shape // concat([ones(missing, "int64"), dense_shape], 0)
    scaled = slice_(indices // scale, concat([[0], missing], 0), [-1, -1])
    return scaled, dense_shape, gather_nd(dense, scaled)


@sparse_dense_cwise_add.grad
def _(g, sp_indices, sp_shape, dense):
    """TensorFlow has no gradient here."""
    scaled, shape, _ = _scaled_indices(sp_indices, sp_shape, dense)
    return None, g, None, _sparse_tensor_dense_add(scaled, g, shape, zeros_like(dense))


@sparse_dense_cwise_mul.grad
def _(g, sp_indices, sp_values, sp_shape, dense):
    scaled, shape, elements = _scaled_indices(sp_indices, sp_shape, dense)
    return None, g * elements, None, _sparse_tensor_dense_add(scaled, g * sp_values, shape, zeros_like(dense))


@sparse_dense_cwise_div.grad
def _(g, sp_indices, sp_values, sp_shape, dense):
    scaled, shape, elements = _scaled_indices(sp_indices, sp_shape, dense)
    of_dense = g * (-sp_values / registry["Square"](elements))
    return None, g / elements, None, _sparse_tensor_dense_add(scaled, of_dense, shape, zeros_like(dense))


# --------------------------------------------------------------------------------------------------------------- softmax


@op("SparseSoftmax", host=True)
def _sparse_softmax(xp, sp_indices, sp_values, sp_shape):
    if sp_indices.ndim != 2:
        raise invalid("Input sp_indices should be a matrix but received shape: %s", shapes.to_brackets(sp_indices.shape))
    if sp_values.ndim != 1 or sp_shape.ndim != 1:
        raise invalid("Inputs sp_values and sp_shape should be vectors but received shapes: %s and %s",
                      shapes.to_brackets(sp_values.shape), shapes.to_brackets(sp_shape.shape))  # fmt: skip
    if len(sp_shape) < 2:
        raise invalid("Input should have rank >= 2, but received shape: %s", " ".join(map(str, sp_shape.tolist())))
    check_parts(sp_indices, sp_values, sp_shape)
    order = row_major(sp_indices)
    rows = places(sp_indices[order, :-1], sp_shape[:-1])
    if not len(rows):
        return sp_values
    starts = np.flatnonzero(np.concatenate([[True], np.diff(rows) != 0]))
    counts = np.diff(np.append(starts, len(rows)))
    values = sp_values[order]
    powers = np.exp(values - np.repeat(np.maximum.reduceat(values, starts), counts))
    out = np.empty_like(sp_values)
    out[order] = powers / np.repeat(np.add.reduceat(powers, starts), counts)
    return out


@_sparse_softmax.shape
def _(sp_indices, sp_values, sp_shape):
    return check_ranks((sp_indices, 2), (sp_values, 1), (sp_shape, 1))[1]


@_sparse_softmax.grad("sp_values")
def _(g, sp_indices, sp_shape, output):
    product = SparseTensor(sp_indices, output * g, sp_shape)
    sums = -registry["SparseReduceSum"](product.indices, product.values, product.dense_shape, [-1], keep_dims=True)
    return sparse_dense_cwise_add(sp_indices, g, sp_shape, sums) * output


@_sparse_softmax.samples
def _(make):
    yield sample(make(4))
    yield sample(make(3))
