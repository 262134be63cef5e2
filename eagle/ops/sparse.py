"""Functions on sparse tensors: `tf.sparse.add`, `tf.sparse_concat`, `tf.sparse_tensor_to_dense`, ..."""

import collections.abc
import numbers

import numpy as np

from ..core import compat, dtypes
from ..core.convert import constant, convert
from ..core.deprecation import one_of
from ..core.dispatch import registry
from ..core.export import export
from ..core.scopes import name_scope
from ..core.sparse_tensor import SparseTensor, SparseTensorValue
from ..core.static_values import constant_value, constant_value_as_shape
from ..core.tensor import Tensor
from .arithmetic import add
from .assertions import assert_equal, assert_less_equal
from .binary import maximum, minimum
from .cast import cast
from .comparison import not_equal
from .filling import fill, ones, ones_like, range_, zeros
from .flow import with_dependencies
from .gathering import gather, gather_nd
from .joining import concat, stack
from .passing import identity
from .reduce import reduce_max
from .shaping import broadcast_static_shape, expand_dims, rank as rank_of, reshape, shape as shape_of
from .slicing import slice_
from .sparse_arithmetic import sparse_sparse_maximum, sparse_sparse_minimum
from .sparse_reducing import (
    sparse_reduce_max as reduce_max_op,
    sparse_reduce_max_sparse as reduce_max_sparse_op,
    sparse_reduce_sum as reduce_sum_op,
    sparse_reduce_sum_sparse as reduce_sum_sparse_op,
)
from .sparse_shaping import (
    sparse_concat_op,
    sparse_fill_empty_rows_op,
    sparse_reorder_op,
    sparse_reshape_op,
    sparse_slice_op,
    sparse_split_op,  # fmt: skip
)
from .transposing import transpose
from .where import where_v2

_SPARSE = (SparseTensor, SparseTensorValue)


def sparse_input(value):
    """An argument that must be a `SparseTensor` or its value; raises TypeError otherwise."""
    if isinstance(value, SparseTensorValue):
        return SparseTensor.from_value(value)
    if not isinstance(value, SparseTensor):
        raise TypeError("Input must be a SparseTensor.")
    return value


def _parts(x):
    return x.indices, x.values, x.dense_shape


# ------------------------------------------------------------------------------------------------------------------ making


@export("sparse.from_dense")
def from_dense(tensor, name=None):
    """The sparse tensor of those elements of a tensor that are not 0.

    Args:
      tensor: a tensor.
      name: the name scope of the nodes.
    """
    with name_scope(name, "dense_to_sparse"):
        tensor = convert(tensor)
        indices = where_v2(not_equal(tensor, constant(0, tensor.dtype)))
        values = gather_nd(tensor, indices)
        return SparseTensor(indices, values, shape_of(tensor, out_type=dtypes.int64))


def _int64(value, name):
    if isinstance(value, compat.integral_types):
        return convert(value, dtypes.int64, name)
    if not isinstance(value, Tensor):
        raise TypeError("%s must be an integer value" % name)
    return value if value.dtype == dtypes.int64 else cast(value, dtypes.int64)


@export("sparse.eye")
def sparse_eye(num_rows, num_columns=None, dtype=dtypes.float32, name=None):
    """A sparse matrix with ones on its diagonal.

    Args:
      num_rows, num_columns: ints or int scalars; by default the matrix is square.
      dtype: its type.
      name: the name scope of the nodes.

    Raises:
      TypeError: a size is no integer.
    """
    with name_scope(name, "eye", [num_rows, num_columns]):
        num_rows = _int64(num_rows, "num_rows")
        num_columns = num_rows if num_columns is None else _int64(num_columns, "num_columns")
        size = minimum(num_rows, num_columns)
        diagonal = range_(size, dtype=dtypes.int64)
        return SparseTensor(stack([diagonal, diagonal], axis=1), ones(size, dtype), [num_rows, num_columns])


@export("sparse.to_dense", "sparse_tensor_to_dense")
def sparse_tensor_to_dense(sp_input, default_value=None, validate_indices=True, name=None):
    """A sparse tensor as a dense one.

    Args:
      sp_input: a `SparseTensor`.
      default_value: a scalar: the elements that it does not have; by default 0.
      validate_indices: whether its indices must be in order and each there only once.
      name: the name of the node.

    Raises:
      TypeError: `sp_input` is no `SparseTensor`.
    """
    x = sparse_input(sp_input)
    if default_value is None:
        default_value = zeros([], x.dtype)
    return registry["SparseToDense"](
        x.indices, x.dense_shape, x.values, default_value, validate_indices=validate_indices, name=name
    )


@export("sparse.to_indicator", "sparse_to_indicator")
def sparse_to_indicator(sp_input, vocab_size, name=None):
    """Which numbers there are in each row of a sparse tensor, as a dense tensor of bools.

    Args:
      sp_input: a `SparseTensor` of ints below `vocab_size`.
      vocab_size: an int, the last dimension of the result.
      name: the name scope of the nodes.

    Raises:
      TypeError: `sp_input` is no `SparseTensor`.
    """
    x = sparse_input(sp_input)
    with name_scope(name, "SparseToIndicator", [x]) as name:
        count = shape_of(x.indices)[0]
        values = SparseTensor(x.indices, fill(expand_dims(count, 0), True), x.dense_shape)
        merged = _merge(x, values, vocab_size, name)
        return sparse_tensor_to_dense(merged, default_value=False, validate_indices=False, name=name)


@export("sparse.merge", "sparse_merge")
def sparse_merge(sp_ids, sp_values, vocab_size, name=None, already_sorted=False):
    """A sparse tensor whose last index is given by the values of another one.

    Args:
      sp_ids: a `SparseTensor` of ints, or a list of them for several last indices.
      sp_values: a `SparseTensor` of the values, with the same indices.
      vocab_size: an int, the size of the last dimension, or a list of them.
      name: the name scope of the nodes.
      already_sorted: whether the result need not be put in order.

    Raises:
      TypeError: an argument has another type.
      ValueError: the lists don't have one length.
    """
    return _merge(sp_ids, sp_values, vocab_size, name, already_sorted)


def _is_size(x):
    return isinstance(x, Tensor | numbers.Integral)


def _merge_arguments(sp_ids, vocab_size):
    if isinstance(sp_ids, _SPARSE):
        if not _is_size(vocab_size):
            raise TypeError("vocab_size has to be a Tensor or Python int. Found %s" % type(vocab_size))
        return [sp_ids], [vocab_size]
    if not isinstance(sp_ids, collections.abc.Iterable):
        raise TypeError("sp_ids has to be a SparseTensor or list thereof. Found %s" % type(sp_ids))
    if not isinstance(vocab_size, collections.abc.Iterable):
        raise TypeError("vocab_size has to be a list of Tensors or Python ints. Found %s" % type(vocab_size))
    for size in vocab_size:
        if not _is_size(size):
            raise TypeError("vocab_size has to be a list of Tensors or Python ints. Found %s" % type(size))
    if len(sp_ids) != len(vocab_size):
        raise ValueError("sp_ids and vocab_size have to have equal lengths.")
    return sp_ids, vocab_size


def _merge(sp_ids, sp_values, vocab_size, name=None, already_sorted=False):
    sp_ids, vocab_size = _merge_arguments(sp_ids, vocab_size)
    with name_scope(name, "SparseMerge", [sp_ids, sp_values]):
        sp_ids, sp_values = [sparse_input(x) for x in sp_ids], sparse_input(sp_values)
        columns = []
        for x in sp_ids:
            ids = x.values if x.dtype == dtypes.int64 else cast(x.values, dtypes.int64)
            columns.append(expand_dims(ids, axis=1))
        sizes = [cast(size, dtypes.int64) for size in vocab_size]
        indices = concat([sp_ids[0].indices[:, :-1], *columns], 1)
        shape = concat([sp_ids[0].dense_shape[:-1], sizes], 0)
        merged = SparseTensor(indices, sp_values.values, shape)
        if already_sorted:
            return merged
        merged = sparse_reorder(merged)
        return SparseTensor(merged.indices, merged.values, shape)


# -------------------------------------------------------------------------------------------------------------- arithmetic


@export("sparse.add", "sparse_add")
def sparse_add(a, b, threshold=None, thresh=None):
    """The sum of two sparse tensors, or of a sparse and a dense one.

    Args:
      a, b: `SparseTensor`s of one shape, or one and a tensor.
      threshold: a scalar: sums of two elements that are smaller are left out of a sparse result; 0 by default.
      thresh: the old spelling of it.

    Returns:
      A `SparseTensor`; a tensor if one is dense.

    Raises:
      TypeError: both are dense.
    """
    threshold = one_of("threshold", threshold, "thresh", thresh)
    if not isinstance(a, _SPARSE) and not isinstance(b, _SPARSE):
        raise TypeError("At least one input should be SparseTensor; do you mean to use tf.add()?")
    if not (isinstance(a, _SPARSE) and isinstance(b, _SPARSE)):
        a, b = (b, a) if isinstance(b, _SPARSE) else (a, b)
        return registry["SparseTensorDenseAdd"](*_parts(sparse_input(a)), b)
    a, b = sparse_input(a), sparse_input(b)
    threshold = convert(0 if threshold is None else threshold, a.values.dtype.real_dtype.base_dtype, "threshold")
    indices, values, shape = registry["SparseAdd"](*_parts(a), *_parts(b), threshold)
    a.shape.assert_is_compatible_with(b.shape)
    known = broadcast_static_shape(a.shape, b.shape)
    return SparseTensor(indices, values, known.as_list() if known.is_fully_defined() else shape)


@export("python.ops.sparse_ops.sparse_dense_cwise_add")
def sparse_dense_cwise_add(sp_t, dense_t):
    """A sparse tensor to whose elements those of a dense one, spread to its shape, are added."""
    return SparseTensor(sp_t.indices, registry["SparseDenseCwiseAdd"](*_parts(sp_t), dense_t), sp_t.dense_shape)


def _operator(op_type, label):
    def operate(sp_x, y):
        with name_scope(None, label, [*_parts(sp_x), y]) as name:
            y = convert(y, sp_x.dtype.base_dtype, "y")
            return SparseTensor(sp_x.indices, registry[op_type](*_parts(sp_x), y, name=name), sp_x.dense_shape)

    return operate


def _true_divide(sp_x, y):
    """`sp_x / y`: integers are divided as floats."""
    with name_scope(None, "truediv", [*_parts(sp_x), y]) as name:
        values, dense = convert(sp_x.values, name="sp_values"), convert(y, name="y")
        if values.dtype.base_dtype != dense.dtype.base_dtype:
            raise TypeError("x and y must have the same dtype, got %r != %r" % (values.dtype.base_dtype, dense.dtype.base_dtype))
        to = {
            "uint8": "float32",
            "int8": "float32",
            "uint16": "float32",
            "int16": "float32",
            "int32": "float64",
            "int64": "float64",
        }
        dtype = to.get(values.dtype.base_dtype.name)
        if dtype is not None:
            values, dense = cast(values, dtype), cast(dense, dtype)
        quotient = registry["SparseDenseCwiseDiv"](sp_x.indices, values, sp_x.dense_shape, dense, name=name)
        return SparseTensor(sp_x.indices, quotient, sp_x.dense_shape)


SparseTensor._override_operator("__div__", _operator("SparseDenseCwiseDiv", "div"))
SparseTensor._override_operator("__truediv__", _true_divide)
SparseTensor._override_operator("__mul__", _operator("SparseDenseCwiseMul", "mul"))


def _extreme(op, label, sp_a, sp_b, name):
    with name_scope(name, label, [sp_a.indices, sp_a.values, sp_b.indices, sp_b.values]) as name:
        indices, values = op(*_parts(sp_a), *_parts(sp_b), name=name)
    return SparseTensor(indices, values, sp_a.dense_shape)


@export("sparse.maximum", "sparse_maximum")
def sparse_maximum(sp_a, sp_b, name=None):
    """The larger ones of the elements of two sparse tensors; elements that are not there count as 0.

    Args:
      sp_a, sp_b: `SparseTensor`s of one shape.
      name: the name of the node.
    """
    return _extreme(sparse_sparse_maximum, "SparseSparseMaximum", sp_a, sp_b, name)


@export("sparse.minimum", "sparse_minimum")
def sparse_minimum(sp_a, sp_b, name=None):
    """The smaller ones of the elements of two sparse tensors; elements that are not there count as 0.

    Args:
      sp_a, sp_b: `SparseTensor`s of one shape.
      name: the name of the node.
    """
    return _extreme(sparse_sparse_minimum, "SparseSparseMinimum", sp_a, sp_b, name)


@export("sparse.softmax", "sparse_softmax")
def sparse_softmax(sp_input, name=None):
    """The softmax of each row of a sparse tensor, elements that are not there having probability 0.

    Args:
      sp_input: a `SparseTensor` of floats of rank 2 or more.
      name: the name scope of the node.
    """
    with name_scope(name, "SparseSoftmax", [sp_input.indices, sp_input.values]) as name:
        return SparseTensor(sp_input.indices, registry["SparseSoftmax"](*_parts(sp_input)), sp_input.dense_shape)


@export("sparse.sparse_dense_matmul", "sparse.matmul", "sparse_tensor_dense_matmul")
def sparse_tensor_dense_matmul(sp_a, b, adjoint_a=False, adjoint_b=False, name=None):
    """The product of a sparse matrix and a dense one.

    Args:
      sp_a: a `SparseTensor` of rank 2.
      b: a matrix of the same type.
      adjoint_a, adjoint_b: whether the conjugate transpose is taken.
      name: the name scope of the node.

    Raises:
      TypeError: `sp_a` is no `SparseTensor`.
    """
    sp_a = sparse_input(sp_a)
    with name_scope(name, "SparseTensorDenseMatMul", [sp_a.indices, sp_a.values, b]) as name:
        b = convert(b, name="b")
        return registry["SparseTensorDenseMatMul"](*_parts(sp_a), b, adjoint_a=adjoint_a, adjoint_b=adjoint_b)


# -------------------------------------------------------------------------------------------------------------- reductions


def _reduced_axes(sp_input, axis):
    """The axes of a reduction; by default all of them."""
    if axis is not None:
        return axis
    rank = sp_input.dense_shape.shape.dims and sp_input.dense_shape.shape.dims[0].value
    if rank is not None:
        return constant(np.arange(rank), dtypes.int32)
    return range_(0, rank_of(sp_input))


def _reduction(op, names, sparse, what):
    def reduce(sp_input, axis=None, keepdims=None, reduction_axes=None, keep_dims=None):
        keepdims = one_of("keepdims", keepdims, "keep_dims", keep_dims)
        axis = one_of("axis", axis, "reduction_axes", reduction_axes)
        result = op(*_parts(sp_input), _reduced_axes(sp_input, axis), keep_dims=bool(keepdims))
        return SparseTensor(*result) if sparse else result

    reduce.__name__ = reduce.__qualname__ = names[1]
    reduce.__doc__ = """The %s of the elements of a sparse tensor along dimensions; those that it does not have are left out.

    Args:
      sp_input: a `SparseTensor`.
      axis: an int or ints; by default all dimensions.
      keepdims: whether they stay, with size 1.
      reduction_axes, keep_dims: the old spellings.

    Returns:
      A %s.
    """ % (what, "`SparseTensor`" if sparse else "tensor")
    return export(*names)(reduce)


sparse_reduce_sum = _reduction(reduce_sum_op, ("sparse.reduce_sum", "sparse_reduce_sum"), False, "sum")
sparse_reduce_sum_sparse = _reduction(reduce_sum_sparse_op, ("sparse.reduce_sum_sparse", "sparse_reduce_sum_sparse"), True, "sum")
sparse_reduce_max = _reduction(reduce_max_op, ("sparse.reduce_max", "sparse_reduce_max"), False, "maximum")
sparse_reduce_max_sparse = _reduction(
    reduce_max_sparse_op, ("sparse.reduce_max_sparse", "sparse_reduce_max_sparse"), True, "maximum"
)

# ----------------------------------------------------------------------------------------------------------------- shaping


@export("sparse.concat", "sparse_concat")
def sparse_concat(axis, sp_inputs, name=None, expand_nonconcat_dim=False, concat_dim=None, expand_nonconcat_dims=None):
    """Sparse tensors, one behind the other along a dimension.

    Args:
      axis: an int, the dimension.
      sp_inputs: a list of `SparseTensor`s.
      name: the name of the node.
      expand_nonconcat_dims: whether other dimensions may differ, in which case the largest counts.
      expand_nonconcat_dim, concat_dim: old spellings.

    Raises:
      TypeError: `sp_inputs` is no list of `SparseTensor`s.
    """
    if expand_nonconcat_dims is not None:
        if expand_nonconcat_dim:
            raise ValueError("Cannot specify both 'expand_nonconcat_dim' and 'expand_nonconcat_dims'")
        expand_nonconcat_dim = expand_nonconcat_dims
    axis = one_of("axis", axis, "concat_dim", concat_dim)
    if not isinstance(sp_inputs, list | tuple):
        raise TypeError("Inputs must be a list or tuple.")
    sp_inputs = [sparse_input(x) for x in sp_inputs]
    if len(sp_inputs) == 1:
        return sp_inputs[0]
    shapes = [x.dense_shape for x in sp_inputs]
    if expand_nonconcat_dim:
        shapes = _expanded_shapes(shapes, axis)
    indices, values = [x.indices for x in sp_inputs], [x.values for x in sp_inputs]
    indices, values, shape = sparse_concat_op(indices, values, shapes, concat_dim=axis, name=name)
    known = [constant_value(s) for s in shapes]
    if all(s is not None for s in known):
        joined = known[0].copy()
        joined[axis] = sum(s[axis] for s in known)
        shape = convert(joined)
    return SparseTensor(indices, values, shape)


def _expanded_shapes(shapes, axis):
    largest = reduce_max(concat([reshape(s, [1, -1]) for s in shapes], 0), 0)
    last = axis == -1
    return [
        concat([largest[:axis], s[-1:] if last else s[axis : axis + 1], [] if last else largest[axis + 1 :]], 0) for s in shapes
    ]


@export("sparse.reorder", "sparse_reorder")
def sparse_reorder(sp_input, name=None):
    """A sparse tensor whose indices are in row-major order.

    Args:
      sp_input: a `SparseTensor`.
      name: the name of the node.

    Raises:
      TypeError: `sp_input` is no `SparseTensor`.
    """
    x = sparse_input(sp_input)
    indices, values = sparse_reorder_op(*_parts(x), name=name)
    shape = x.shape.as_list() if x.shape.is_fully_defined() else identity(x.dense_shape)
    return SparseTensor(indices, values, shape)


@export("sparse.reshape", "sparse_reshape")
def sparse_reshape(sp_input, shape, name=None):
    """A sparse tensor of another shape, with its elements in the same order.

    Args:
      sp_input: a `SparseTensor`.
      shape: an int vector, in which one size may be -1.
      name: the name scope of the nodes.

    Raises:
      TypeError: `sp_input` is no `SparseTensor`.
      ValueError: both shapes are known, and don't have one number of elements.
    """
    x = sparse_input(sp_input)
    shape = cast(shape, dtypes.int64)
    with name_scope(name, "SparseReshape", [x]) as name:
        indices, new_shape = sparse_reshape_op(x.indices, x.dense_shape, shape, name=name)
        known = constant_value_as_shape(shape)
        if known.dims is not None and x.shape.is_fully_defined():
            new_shape = _known_shape(x, shape, known.as_list(), new_shape)
        return SparseTensor(indices, identity(x.values), new_shape)


def _known_shape(x, shape, known, computed):
    """The shape that a tensor of known shape is given, as far as it can be told; raises ValueError if it does not fit."""
    given, count = constant_value(shape), int(np.prod(x.shape.as_list()))
    if given is not None and (given == -1).sum() > 1:
        raise ValueError("At most one dimension can be inferred (-1). Found: %s" % given)
    if known.count(None) > 1:
        return computed
    wanted = list(known)
    if None in known:
        known[known.index(None)] = int(count // np.prod([d for d in known if d is not None]))
    if np.prod(known) != count:
        raise ValueError("Cannot reshape a tensor with %d elements to shape %s (%d elements)." % (count, wanted, np.prod(known)))
    return constant(known, dtypes.int64)


class _KeywordRequired:
    def __repr__(self):
        return "KeywordRequired()"


_REQUIRED = _KeywordRequired()


@export("sparse.split", "sparse_split")
def sparse_split(keyword_required=_REQUIRED, sp_input=None, num_split=None, axis=None, name=None, split_dim=None):
    """A sparse tensor in pieces along a dimension.

    Args:
      keyword_required: nothing; all arguments must be given by name.
      sp_input: a `SparseTensor`.
      num_split: an int, the number of pieces; the first ones are larger by one if need be.
      axis: an int scalar, the dimension.
      name: the name of the node.
      split_dim: the old spelling of `axis`.

    Returns:
      A list of `SparseTensor`s.

    Raises:
      ValueError: an argument is missing.
      TypeError: `sp_input` is no `SparseTensor`.
    """
    if keyword_required is not _REQUIRED:
        raise ValueError("Keyword arguments are required for this function.")
    for argument, value in (("sp_input", sp_input), ("num_split", num_split)):
        if value is None:
            raise ValueError("%s is required" % argument)
    axis = one_of("axis", axis, "split_dim", split_dim)
    if axis is None:
        raise ValueError("axis is required")
    x = sparse_input(sp_input)
    indices, values, shapes = sparse_split_op(axis, *_parts(x), num_split=num_split, name=name)
    return [SparseTensor(*parts) for parts in zip(indices, values, shapes)]


@export("sparse.slice", "sparse_slice")
def sparse_slice(sp_input, start, size, name=None):
    """A part of a sparse tensor.

    Args:
      sp_input: a `SparseTensor`.
      start, size: int64 vectors: where it begins and how large it is; it ends where the tensor does.
      name: the name of the node.

    Raises:
      TypeError: `sp_input` is no `SparseTensor`.
    """
    x = sparse_input(sp_input)
    start, size = convert(start, dtypes.int64), convert(size, dtypes.int64)
    with name_scope(name, "SparseSlice", [x]) as name:
        return SparseTensor(*sparse_slice_op(*_parts(x), start, size, name=name))


@export("sparse.expand_dims")
def sparse_expand_dims(sp_input, axis=None, name=None):
    """A sparse tensor with a new dimension of size 1.

    Args:
      sp_input: a `SparseTensor`.
      axis: an int scalar: the number that the new dimension gets; by default it is the last one.
      name: the name scope of the nodes.

    Raises:
      TypeError: `axis` is no integer.
    """
    rank = sp_input.dense_shape.shape[0]
    axis = -1 if axis is None else axis
    with name_scope(name, "expand_dims", [sp_input]):
        if isinstance(axis, compat.integral_types):
            axis = convert(axis, dtypes.int32, "axis")
        elif not isinstance(axis, Tensor):
            raise TypeError("axis must be an integer value in range [-rank(sp_input) - 1, rank(sp_input)]")
        axis = where_v2(axis >= 0, axis, axis + rank + 1)
        count = shape_of(sp_input.indices)[0]
        column = zeros([count, 1], dtypes.int64)
        before = slice_(sp_input.indices, [0, 0], [-1, axis])
        after = slice_(sp_input.indices, [0, axis], [-1, -1])
        indices = concat([before, column, after], axis=1)
        before = slice_(sp_input.dense_shape, [0], [axis])
        after = slice_(sp_input.dense_shape, [axis], [-1])
        shape = concat([before, convert([1], dtypes.int64, "new_shape"), after], axis=0)
        return SparseTensor(indices, sp_input.values, shape)


@export("sparse.transpose", "sparse_transpose")
def sparse_transpose(sp_input, perm=None, name=None):
    """A sparse tensor whose dimensions are exchanged.

    Args:
      sp_input: a `SparseTensor`.
      perm: an int vector, a permutation of the dimensions; by default it turns their order.
      name: the name scope of the nodes.
    """
    with name_scope(name, "SparseTranspose", [sp_input]):
        given = perm is not None
        if not given:
            rank = rank_of(sp_input)
            perm = rank - 1 - range_(0, rank, 1)
        indices = transpose(gather(transpose(sp_input.indices), perm))
        known = constant_value(convert(perm)) if given else None
        if known is not None and sp_input.shape.is_fully_defined():
            sizes = sp_input.shape.as_list()
            return sparse_reorder(SparseTensor(indices, sp_input.values, [sizes[p] for p in known]))
        shape = gather(sp_input.dense_shape, perm)
        indices, values = sparse_reorder_op(indices, sp_input.values, shape)
        return SparseTensor(indices, values, identity(shape))


@export("sparse.retain", "sparse_retain")
def sparse_retain(sp_input, to_retain):
    """Some elements of a sparse tensor.

    Args:
      sp_input: a `SparseTensor` with N elements.
      to_retain: a bool vector of length N.

    Raises:
      TypeError: `sp_input` is no `SparseTensor`.
      ValueError: the lengths differ.
    """
    x = sparse_input(sp_input)
    to_retain = convert(to_retain)
    to_retain.shape.assert_has_rank(1)
    if x.values.shape.dims is not None:
        x.values.shape.dims[0].merge_with(compat.dimension_at_index(to_retain.shape, 0))
    where = reshape(where_v2(to_retain), [-1])
    indices, values = gather(x.indices, where), gather(x.values, where)
    return SparseTensor(indices, values, identity(x.dense_shape))


@export("sparse.reset_shape", "sparse_reset_shape")
def sparse_reset_shape(sp_input, new_shape=None):
    """A sparse tensor with the same elements at the same indices, of another shape.

    Args:
      sp_input: a `SparseTensor`.
      new_shape: an int vector, at least as large in every dimension; by default the shape gets as small as can be.

    Raises:
      TypeError: `sp_input` is no `SparseTensor`.
      ValueError: the new shape is known to have another rank or to be too small.
    """
    x = sparse_input(sp_input)
    indices, values, shape = identity(x.indices), identity(x.values), identity(x.dense_shape)
    if new_shape is None:
        bound = reduce_max(indices, axis=0)
        return SparseTensor(indices, values, maximum(constant(0, dtypes.int64), add(bound, ones_like(shape))))
    target = convert(new_shape)
    target.shape.assert_has_rank(1)
    target = cast(target, dtypes.int64)
    if target.shape.ndims is not None:
        target.shape.dims[0].merge_with(shape.shape.dims[0])
    known = constant_value(target)
    if known is not None and x.shape.is_fully_defined():
        before = np.array(x.shape.as_list())
        if not np.all(before <= known):
            raise ValueError("Requested new_shape should have dimension sizes >= sp_input.shape.  Found new_shape (%s), "
                             "sp_input.shape (%s)." % (before, known))  # fmt: skip
        target = known
    else:
        target = with_dependencies([assert_equal(shape_of(shape), shape_of(target))], target)
        target = with_dependencies([assert_less_equal(shape, target)], target)
    return SparseTensor(indices, values, target)


@export("sparse.fill_empty_rows", "sparse_fill_empty_rows")
def sparse_fill_empty_rows(sp_input, default_value, name=None):
    """A sparse tensor in which rows without elements have got one.

    Args:
      sp_input: a `SparseTensor` of rank 2 or more.
      default_value: a scalar of its type: the element that they get.
      name: the name scope of the nodes.

    Returns:
      The `SparseTensor`, and a bool vector that tells which rows were empty.

    Raises:
      TypeError: `sp_input` is no `SparseTensor`.
    """
    x = sparse_input(sp_input)
    with name_scope(name, "SparseFillEmptyRows", [x]):
        default_value = convert(default_value, x.values.dtype)
        indices, values, empty, _ = sparse_fill_empty_rows_op(*_parts(x), default_value)
        return SparseTensor(indices, values, x.dense_shape), empty
