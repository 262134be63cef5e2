"""The largest elements, and places in sorted sequences: top_k, in_top_k, searchsorted, sort."""

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.convert import convert, from_array
from ..core.dispatch import registry
from ..core.errors import invalid
from ..core.export import export
from ..core.op import Host, Shape, op
from ..core.scopes import name_scope
from ..core.static_values import constant_value
from .filling import range_
from .joining import concat
from .shaping import rank, reshape, shape_of
from .transposing import transpose

# --------------------------------------------------------------------------------------------------------------- top_k


def _top(xp, input, k):
    """The k largest elements of each row, equal ones in their order, and their places."""
    if type(k) is not int:
        raise invalid("k must be scalar, got shape %s", shapes.to_brackets(np.shape(k)))
    if k < 0:
        raise invalid("Need k >= 0, got %d", k)
    if not input.ndim:
        raise invalid("input must be >= 1-D, got shape []")
    if input.shape[-1] < k:
        raise invalid("input must have at least k columns. Had %d, needed %d", input.shape[-1], k)
    last = input.shape[-1]
    # Sorting the reversed row stably and reading it backwards keeps equal elements in their order.
    order = (last - 1 - xp.argsort(xp.flip(input, -1), -1, stable=True))[..., ::-1][..., :k]
    return xp.take_along_axis(input, order, -1), order.astype(np.int32)


def _top_shape(input, k):
    if input == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    if k is not None and type(k) is not int:
        raise ValueError("Input must be scalar but has rank %d" % np.ndim(k))
    if k is not None and k < 0:
        raise ValueError("Need k >= 0, got %d" % k)
    if input is None:
        return [None, None]
    if k is not None and input[-1] is not None and input[-1] < k:
        raise ValueError("input must have last dimension >= k = %d but is %d" % (k, input[-1]))
    return [(*input[:-1], k)] * 2


@op("TopKV2", ignores=("sorted",))
def _top_k_v2(xp, input, k: Host):
    return _top(xp, input, k)


@op("TopK", ignores=("sorted",))
def _top_k(xp, input, *, k):
    return _top(xp, input, k)


_top_k_v2.shape(_top_shape)


@_top_k.shape
def _(input, *, k):
    return _top_shape(input, k)


for _op in (_top_k_v2, _top_k):

    @_op.grad("input")
    def _(g, g_indices, input: Shape, indices):
        return registry["EagleGatherGrad"](g, indices, input, -1, batch_dims=-1)


@_top_k_v2.samples
def _(make):
    yield make(2, 5), 3
    yield make(4), 1
    yield make(2, 3), 0


@_top_k.samples
def _(make):
    yield make(2, 5), dict(k=2)


@export("nn.top_k", "math.top_k")
def top_k(input, k=1, sorted=True, name=None):
    """The k largest elements of each row.

    Args:
      input: a numeric tensor of rank 1 or more; its last dimension are the rows.
      k: how many, an int32 scalar, at most the length of a row.
      sorted: whether they must be in descending order (here they always are).
      name: the name of the node.

    Returns:
      A named tuple `(values, indices)`; of equal elements the first comes first.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): `k` does not fit.
    """
    return _top_k_v2(input, k, sorted=sorted, name=name)


# ------------------------------------------------------------------------------------------------------------ in_top_k


def _in_top(xp, predictions, targets, k):
    if predictions.ndim != 2:
        raise invalid("predictions must be 2-dimensional")
    if targets.ndim != 1:
        raise invalid("targets must be 1-dimensional")
    if predictions.shape[0] != targets.shape[0]:
        raise invalid("First dimension of predictions %d must match length of targets %d", predictions.shape[0], targets.shape[0])
    classes = predictions.shape[1]
    inside = (targets >= 0) & (targets < classes)
    chosen = xp.take_along_axis(predictions, xp.where(inside, targets, 0)[:, None], 1)
    finite = xp.isfinite(chosen)[:, 0] & xp.isfinite(xp.where(predictions > chosen, predictions, chosen)).all(1)
    finite = finite & ~xp.isnan(predictions).any(1)
    return inside & finite & ((predictions > chosen).sum(1) < k)


def _in_top_shape(predictions, targets):
    if predictions is not None and len(predictions) != 2:
        raise ValueError("Shape must be rank 2 but is rank %d" % len(predictions))
    if targets is not None and len(targets) != 1:
        raise ValueError("Shape must be rank 1 but is rank %d" % len(targets))
    rows, count = (predictions or (None,))[0], (targets or (None,))[0]
    if rows is not None and count is not None and rows != count:
        raise ValueError("Dimensions must be equal, but are %d and %d" % (rows, count))
    return (rows if rows is not None else count,)


@op("InTopKV2")
def _in_top_k_v2(xp, predictions, targets, k: Host):
    return _in_top(xp, predictions, targets, k)


@op("InTopK")
def _in_top_k(xp, predictions, targets, *, k):
    return _in_top(xp, predictions, targets, k)


@_in_top_k_v2.shape
def _(predictions, targets, k):
    return _in_top_shape(predictions, targets)


_in_top_k.shape(_in_top_shape)


def _scores():
    return np.array(
        [[0.1, 0.3, 0.2, 0.4], [0.1, 0.2, 0.3, 0.4], [0.5, 0.5, 0.1, 0], [0, np.nan, 1, 2], [0, 1, 2, np.inf]], np.float32
    )


@_in_top_k_v2.samples
def _(make):
    yield _scores(), np.array([1, 0, 1, 0, 3], make.dtype.np), make.dtype.np.type(2)
    yield _scores(), np.array([3, 4, -1, 2, 2], make.dtype.np), make.dtype.np.type(1)


@_in_top_k.samples
def _(make):
    yield _scores(), np.array([1, 0, 1, 0, 2], make.dtype.np), dict(k=2)


@export("nn.in_top_k", "math.in_top_k")
def in_top_k(predictions, targets, k, name=None):
    """Whether the score of each row's target is among its k highest.

    Args:
      predictions: a float32 matrix: scores, a row for each example.
      targets: an int vector: the target of each example.
      k: an int scalar.
      name: the name of the node.

    Returns:
      A bool vector; False where the target is no column or a score that counts is not finite.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): the shapes don't fit.
    """
    with name_scope(name, "in_top_k"):
        return _in_top_k_v2(predictions, targets, k, name=name)


# ---------------------------------------------------------------------------------------------------------- nth_element


@op("NthElement")
def _nth_element(xp, input, n: Host, *, reverse=False):
    if type(n) is not int:
        raise invalid("N must be scalar, got shape %s", shapes.to_brackets(np.shape(n)))
    if n < 0:
        raise invalid("Need n >= 0, got %d", n)
    if not input.ndim:
        raise invalid("Input must be >= 1-D, got shape []")
    if input.shape[-1] <= n:
        raise invalid("Input must have at least n+1 columns")
    at = input.shape[-1] - 1 - n if reverse else n
    return (np.partition(input, at, -1) if xp is np else xp.sort(input, -1))[..., at]


@_nth_element.shape
def _(input, n):
    if input == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    if n is not None and type(n) is not int:
        raise ValueError("Input must be scalar but has rank %d" % np.ndim(n))
    if n is not None and n < 0:
        raise ValueError("Dimension size, given by scalar input 1, must be non-negative but is %d" % n)
    if input is None:
        return None
    if n is not None and input[-1] is not None and input[-1] <= n:
        raise ValueError("Input must have last dimension > n = %d but is %d" % (n, input[-1]))
    return input[:-1]


@_nth_element.grad("input")
def _(g, input, values):
    """The gradient goes to all elements that are equal to the one found, in equal parts."""
    indicators = registry["Equal"](registry["ExpandDims"](values, -1), input)
    indicators = registry["Cast"](indicators, DstT=g.dtype.base_dtype)
    count = registry["ExpandDims"](registry["Sum"](indicators, -1), -1)
    return registry["RealDiv"](indicators, count) * registry["ExpandDims"](g, -1)


@_nth_element.samples
def _(make):
    yield make(2, 5), 1
    yield make(4), 0, dict(reverse=True)


@export("contrib.nn.nth_element")
def nth_element(input, n, reverse=False, name=None):
    """The element of each row that would be at place `n` if the row were sorted.

    Args:
      input: a numeric tensor of rank 1 or more; its last dimension are the rows.
      n: an int32 scalar.
      reverse: whether rows are sorted in descending order.
      name: the name of the node.

    Raises:
      InvalidArgumentError (in a graph ValueError where the shapes are known): `n` does not fit.
    """
    return _nth_element(input, n, reverse=reverse, name=name)


# --------------------------------------------------------------------------------------------------------- searchsorted


def _bounds(xp, sorted_inputs, values, side, out_type):
    for value in (sorted_inputs, values):
        if value.ndim != 2:
            raise invalid("Shape must be rank 2 but is rank %d", value.ndim)
    if sorted_inputs.shape[0] != values.shape[0]:
        raise invalid("Leading dim_size of both tensors must match.")
    rows = [xp.searchsorted(s, v, side=side) for s, v in zip(sorted_inputs, values)]
    return (xp.stack(rows) if rows else xp.zeros(values.shape, np.int64)).astype(out_type.np)


@op("LowerBound")
def _lower_bound(xp, sorted_inputs, values, *, out_type=dtypes.int32):
    return _bounds(xp, sorted_inputs, values, "left", out_type)


@op("UpperBound")
def _upper_bound(xp, sorted_inputs, values, *, out_type=dtypes.int32):
    return _bounds(xp, sorted_inputs, values, "right", out_type)


for _op in (_lower_bound, _upper_bound):

    @_op.shape
    def _(sorted_inputs, values):
        for s in (sorted_inputs, values):
            if s is not None and len(s) != 2:
                raise ValueError("Shape must be rank 2 but is rank %d" % len(s))
        return values or (None, None)

    @_op.samples
    def _(make):
        yield np.sort(make(2, 5), -1), make(2, 3)
        row = np.sort(make(1, 4), -1)
        yield row, row[:, [1, 1, 3]], dict(out_type=dtypes.int64)


@export("searchsorted")
def searchsorted(sorted_sequence, values, side="left", out_type=dtypes.int32, name=None):
    """Where values belong in sorted sequences.

    Args:
      sorted_sequence: a tensor of shape `[..., n]`, each row in ascending order.
      values: a tensor of shape `[..., m]` with as many rows.
      side: "left" or "right": on which side of equal elements.
      out_type: int32 or int64.
      name: the name of the node.

    Raises:
      ValueError: there is no such side.
      InvalidArgumentError: the numbers of rows differ.
    """
    sequence_size, values_size = shape_of(sorted_sequence)[-1], shape_of(values)[-1]
    sequences = reshape(sorted_sequence, [-1, sequence_size])
    rows = reshape(values, [-1, values_size])
    if side not in ("left", "right"):
        raise ValueError("side must be either 'right' or 'left'.  Saw: %s." % side)
    found = (_upper_bound if side == "right" else _lower_bound)(sequences, rows, out_type=out_type, name=name)
    return reshape(found, shape_of(values))


# ---------------------------------------------------------------------------------------------------------------- sort


@export("sort", "contrib.framework.sort")
def sort(values, axis=-1, direction="ASCENDING", name=None):
    """A tensor with its elements sorted along a dimension.

    Args:
      values: a numeric tensor of rank 1 or more.
      axis: the dimension, an int or a constant.
      direction: "ASCENDING" or "DESCENDING".
      name: the name scope of the nodes.

    Raises:
      ValueError: `axis` is not known, or `direction` is neither.
    """
    with name_scope(name, "sort"):
        return _sorted(values, axis, direction, False)


@export("argsort", "contrib.framework.argsort")
def argsort(values, axis=-1, direction="ASCENDING", stable=False, name=None):
    """The indices that sort a tensor along a dimension.

    Args:
      values: a numeric tensor of rank 1 or more.
      axis: the dimension, an int or a constant.
      direction: "ASCENDING" or "DESCENDING".
      stable: whether equal elements must keep their order (here they always do).
      name: the name scope of the nodes.

    Raises:
      ValueError: `axis` is not known, or `direction` is neither.
    """
    with name_scope(name, "argsort"):
        return _sorted(values, axis, direction, True)


def _sorted(values, axis, direction, wants_indices):
    if direction not in ("ASCENDING", "DESCENDING"):
        raise ValueError("%s should be one of ASCENDING, DESCENDING" % direction)
    axis = convert(axis, name="axis")
    static = constant_value(axis)
    if axis._rank() != 0 or static is None:
        raise ValueError("axis must be a constant scalar")
    values = convert(values, name="values")
    ascends = direction == "ASCENDING"
    found = _descending(-values if ascends else values, int(static), wants_indices)
    return -found if ascends and not wants_indices else found


def _descending(values, axis, wants_indices):
    """Sorted values, or their indices, by `top_k` along the last dimension."""
    k = shape_of(values)[axis]
    count = rank(values)
    static = values._rank()
    if axis in (-1, None if static is None else static - 1):
        return top_k(values, k)[wants_indices]
    if static is not None:
        axis %= static
        order = [*range(axis), static - 1, *range(axis + 1, static - 1), axis]
        order = from_array(np.array(order, np.int64), "transposition")
    else:
        axis = axis if axis >= 0 else axis + count
        order = concat([range_(axis), [count - 1], range_(axis + 1, count - 1), [axis]], axis=0)
    return transpose(top_k(transpose(values, order), k)[wants_indices], order)
