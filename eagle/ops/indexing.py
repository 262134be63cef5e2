"""Small functions on indices and sequences of them: unravel_index, repeat, edit_distance, sparse_mask."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.indexed_slices import IndexedSlices
from ..core.op import Host, op
from ..core.scopes import name_scope
from ..core.sparse_tensor import is_sparse
from .distinct import setdiff1d
from .filling import ones
from .gathering import gather
from .joining import concat
from .rearranging import tile
from .sequences import all_dimensions, sequence_mask
from .shaping import broadcast_to, expand_dims, rank, reshape, shape_of
from .where import boolean_mask

# ------------------------------------------------------------------------------------------------------- unravel_index


@op("UnravelIndex")
def _unravel_index(xp, indices, dims: Host):
    if indices.ndim > 1:
        raise invalid('The indices can only be scalar or vector, got "%s"', shapes.to_brackets(indices.shape))
    if type(dims) is not tuple or dims and type(dims[0]) is tuple:
        raise invalid('The indices can only be 1-D, got "%s"', shapes.to_brackets(np.shape(dims)))
    if 0 in dims:
        raise invalid("Input dims cannot contain a dim of zero, but dims contains zero at index %d", dims.index(0))
    rows, rest = [], indices
    for d in dims[:0:-1]:
        rows.append(rest % d)
        rest = rest // d
    return xp.stack([*([rest % dims[0]] if dims else []), *rows[::-1]]).astype(indices.dtype)


@_unravel_index.shape
def _(indices, dims):
    if indices is None:
        return None
    return (None if dims is None else len(dims), *indices)


@_unravel_index.samples
def _(make):
    yield np.array([22, 5, 0], make.dtype.np), np.array([7, 6], make.dtype.np)
    yield make.dtype.np.type(13), np.array([2, 3, 4], make.dtype.np)


@export("unravel_index")
def unravel_index(indices, dims, name=None):
    """From places in a flattened tensor to the indices in the tensor.

    Args:
      indices: an int scalar or vector.
      dims: an int vector: the shape of the tensor.
      name: the name of the node.

    Returns:
      An int tensor with a row for each dimension.

    Raises:
      InvalidArgumentError: the arguments have the wrong rank, or a dimension is 0.
    """
    return _unravel_index(indices, dims, name=name)


# -------------------------------------------------------------------------------------------------------------- repeat


@export("repeat")
def repeat(input, repeats, axis=None, name=None):
    """A tensor whose elements or slices are repeated.

    Args:
      input: a tensor.
      repeats: an int scalar or vector: how often, for all or for each element along `axis`.
      axis: the dimension, an int; by default the tensor is flattened first.
      name: the name scope of the nodes.

    Raises:
      TypeError: `axis` is no int.
      ValueError: `axis` is out of range, or `repeats` has a rank above 1.
    """
    if axis is None:
        input = reshape(input, [-1])
        axis = 0
    if not isinstance(axis, int):
        raise TypeError("axis must be an int; got %s" % type(axis).__name__)
    with name_scope(name, "Repeat", [input, repeats]):
        data = convert(input, name="data")
        repeats = convert(repeats, name="repeats", preferred=dtypes.int32)
        if not repeats.dtype.is_integer:
            raise TypeError("repeats must be an integer tensor; dtype=%s" % repeats.dtype)
        repeats = registry["Cast"](repeats, DstT=dtypes.int32)
        repeats.shape.with_rank_at_most(1)
        data = _at_least_a_vector(data)
        if repeats._rank() == 1 and data._rank() is not None:
            data.shape.dims[_front_axis(axis, data)].assert_is_compatible_with(repeats.shape[0])
        return _repeated_eagerly(data, repeats, axis) if here.eager else _repeated(data, repeats, axis)


def _at_least_a_vector(data):
    if data._rank() is None:
        padded = concat([[1], shape_of(data)], axis=0)
        return reshape(data, padded[-rank(data) :])
    return reshape(data, [-1]) if data._rank() == 0 else data


def _front_axis(axis, data):
    count = data._rank()
    if count is None:
        if axis < 0:
            raise ValueError("axis may only be negative if rank(data) is statically known.")
        return axis
    if not -count <= axis < count:
        raise ValueError("axis=%d out of bounds: expected %d<=axis<%d" % (axis, -count, count))
    return axis % count


def _repeated_eagerly(data, repeats, axis):
    axis = _front_axis(axis, data)
    try:
        places = np.repeat(np.arange(data._v.shape[axis], dtype=np.int32), repeats._v)
    except ValueError as e:
        raise invalid(str(e)) from None
    return gather(data, convert(places), axis=axis)


def _repeated(data, repeats, axis):
    """The nodes that TensorFlow makes: all elements as often as the most frequent one, and of those the ones that count."""
    shape = shape_of(data)
    axis = _front_axis(axis, data)
    if repeats._rank() == 0:
        wide = _tiled(expand_dims(data, axis + 1), axis + 1, repeats)
        return reshape(wide, concat([shape[:axis], [-1], shape[axis + 1 :]], axis=0))
    if repeats._rank() != axis + 1:
        own_shape, own_rank = shape_of(repeats), rank(repeats)
        repeats = broadcast_to(repeats, concat([shape[: axis + 1 - own_rank], own_shape], axis=0))
        repeats.set_shape([None] * (axis + 1))
    most = registry["Maximum"](0, registry["Max"](repeats, all_dimensions(repeats)))
    mask = sequence_mask(repeats, most)
    wide = _tiled(expand_dims(data, axis + 1), axis + 1, most)
    result = boolean_mask(wide, mask)
    if axis:
        result = reshape(result, concat([shape[:axis], [-1], shape[axis + 1 :]], axis=0))
    if data._shape is not None:
        size = 0 if repeats._shape[0] == 0 else None
        result.set_shape([*data._shape[:axis], size, *data._shape[axis + 1 :]])
    return result


def _tiled(data, axis, multiple):
    """A tensor tiled along one dimension."""
    if data._rank() is not None:
        multiples = [1] * data._rank()
        multiples[axis] = multiple
    else:
        once = ones(rank(data), dtypes.int32)
        multiples = concat([once[:axis], [multiple], once[axis + 1 :]], axis=0)
    return tile(data, multiples)


# ------------------------------------------------------------------------------------------------------- edit_distance


@op("EditDistance", host=True)
def _edit_distance(xp, hypothesis_indices, hypothesis_values, hypothesis_shape: Host, truth_indices, truth_values,
                   truth_shape: Host, *, normalize=True):  # fmt: skip
    if len(hypothesis_shape) != len(truth_shape):
        raise invalid("Expected hypothesis_shape.NumElements() == truth_shape.NumElements(): %d vs. %d",
                      len(hypothesis_shape), len(truth_shape))  # fmt: skip
    out = np.zeros(tuple(np.maximum(hypothesis_shape, truth_shape)[:-1].tolist()), np.float32)
    wanted, given = _sequences(truth_indices, truth_values), _sequences(hypothesis_indices, hypothesis_values)
    for place in {**wanted, **given}:
        h, t = given.get(place, []), wanted.get(place, [])
        distance = _levenshtein(h, t)
        if normalize:
            distance = distance / len(t) if t else float("inf") if h else 0.0
        out[place] = distance
    return out


def _sequences(indices, values):
    """The sequences along the last dimension of a sparse tensor, by the other indices."""
    found = {}
    for index, v in zip(indices.tolist(), values.tolist()):
        found.setdefault(tuple(index[:-1]), []).append(v)
    return found


def _levenshtein(a, b):
    """The number of insertions, deletions and substitutions that make one list from another."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        above, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (x != y))
    return row[-1]


@_edit_distance.shape
def _(hypothesis_indices, hypothesis_values, hypothesis_shape, truth_indices, truth_values, truth_shape):
    if hypothesis_shape is None or truth_shape is None:
        return None
    if len(hypothesis_shape) != len(truth_shape):
        raise ValueError("Num elements of hypothesis_shape does not match truth_shape: %d vs. %d"
                         % (len(hypothesis_shape), len(truth_shape)))  # fmt: skip
    return tuple(map(max, hypothesis_shape[:-1], truth_shape[:-1]))


_edit_distance.not_differentiable()


@_edit_distance.samples
def _(make):
    v = make(4)
    h = np.array([[0, 0], [0, 1], [1, 0]], np.int64), v[:3], np.array([2, 2], np.int64)
    t = np.array([[0, 0], [1, 0], [1, 1]], np.int64), v[[0, 2, 3]], np.array([2, 2], np.int64)
    yield *h, *t
    yield *h, *t, dict(normalize=False)


@export("edit_distance")
def edit_distance(hypothesis, truth, normalize=True, name="edit_distance"):
    """How many elements must be inserted, deleted or replaced to make the true sequences from the hypotheses.

    Args:
      hypothesis, truth: two sparse tensors of one type and rank, whose last dimension are the sequences.
      normalize: whether the number is divided by the length of the true sequence.
      name: the name of the node.

    Returns:
      A float32 tensor of the rank of the sparse ones less 1.

    Raises:
      TypeError: an argument is no sparse tensor.
    """
    for value, what in ((hypothesis, "Hypothesis"), (truth, "Truth")):
        if not is_sparse(value):
            raise TypeError("%s must be a SparseTensor." % what)
    return _edit_distance(hypothesis.indices, hypothesis.values, hypothesis.dense_shape, truth.indices, truth.values,
                          truth.dense_shape, normalize=normalize, name=name)  # fmt: skip


@export("sparse.mask", "sparse_mask")
def sparse_mask(a, mask_indices, name=None):
    """`IndexedSlices` without the slices at some indices.

    Args:
      a: `IndexedSlices`.
      mask_indices: the indices to leave out.
      name: the name of the gathering node.
    """
    with name_scope(name, "sparse_mask", [a, mask_indices]) as scope:
        kept, places = setdiff1d(a.indices, mask_indices)
        return IndexedSlices(gather(a.values, places, name=scope), kept, a.dense_shape)
