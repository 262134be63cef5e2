"""Looking up rows of embeddings, which may be divided among several variables: `tf.nn.embedding_lookup` and its kin."""

from ..core import dtypes
from ..core.convert import constant, convert
from ..core.dispatch import registry
from ..core.export import export, public
from ..core.scopes import colocate_with, name_scope
from ..core.shape import TensorShape
from ..core.sparse_tensor import SparseTensor
from ..platform import tf_logging as logging
from .partitioned import PartitionedVariable
from .resource import BaseResourceVariable


def _as_list(params):
    if isinstance(params, PartitionedVariable):
        return list(params)
    return list(params) if isinstance(params, list | tuple) else [params]


@export("nn.embedding_lookup")
def embedding_lookup(params, ids, partition_strategy="mod", name=None, validate_indices=True, max_norm=None):
    """Rows of an embedding.

    Args:
      params: a tensor or variable of shape `[rows, ...]`, a list of parts of one, or a partitioned variable.
      ids: an integer tensor: which rows.
      partition_strategy: how rows are divided among several parts: "mod" (row i is in part `i % parts`) or "div" (each part
        has consecutive rows).
      name: the name scope.
      validate_indices: no longer means anything in TensorFlow: indices are always checked.
      max_norm: if given, rows whose L2 norm is larger are scaled down to it.

    Returns:
      A tensor of shape `ids.shape + params.shape[1:]`.

    Raises:
      ValueError: there are no `params`, or `partition_strategy` is neither of the two.
    """
    return look_up(params, ids, partition_strategy, name, max_norm)


def look_up(params, ids, partition_strategy="mod", name=None, max_norm=None, transform=None):
    """`embedding_lookup`, and perhaps what a function makes of the rows where they are.

    Args:
      params, ids, partition_strategy, name, max_norm: as of `embedding_lookup`.
      transform: None, or a function of a tensor with some of the rows that gives one with as many rows.
    """
    if params is None:
        raise ValueError("params must be specified")
    params = _as_list(params)
    if not params:
        raise ValueError("Need at least one param")
    with name_scope(name, "embedding_lookup", [*params, ids]) as scope:
        if not any(isinstance(p, BaseResourceVariable) for p in params):
            params = [convert(p, name="params_%d" % i) for i, p in enumerate(params)]
        ids = convert(ids, name="ids")
        if len(params) > 1 or transform and ids.shape.ndims != 1:
            return _look_up_in_parts(params, ids, partition_strategy, scope, max_norm, transform)
        with colocate_with(params[0]):
            found = _clipped(public.gather(params[0], ids, name=scope), ids, max_norm)
            if transform:
                found = transform(found)
        return public.identity(found)


def _clipped(rows, ids, max_norm):
    """Rows of which those with too large a norm have been scaled down."""
    if max_norm is None:
        return rows
    ranks = [convert(x).shape.ndims for x in (ids, rows)]
    if all(ranks):
        axes = list(range(*ranks))
    else:
        axes = public.range(*[r or public.rank(x) for r, x in zip(ranks, (ids, rows))])
    return public.clip_by_norm(rows, max_norm, axes=axes)


def _look_up_in_parts(params, ids, strategy, scope, max_norm, transform):
    count = len(params)
    flat = public.reshape(ids, [-1])
    places = public.range(public.size(flat))
    if strategy == "mod":
        parts, rows = flat % count, flat // count
    elif strategy == "div":
        parts, rows = _consecutive(params, flat)
    else:
        raise ValueError("Unrecognized partition strategy: " + strategy)
    parts = public.cast(parts, dtypes.int32)
    rows = public.dynamic_partition(rows, parts, count)
    places = public.dynamic_partition(places, parts, count)
    found = []
    for p, r in zip(params, rows):
        with colocate_with(p):
            part = public.gather(p, r)
            found.append(transform(_clipped(part, r, max_norm)) if transform else part)
    result = registry["ParallelDynamicStitch"](places, found, name=scope)
    row_shape = (result if transform else params[0]).get_shape()[1:]
    if not transform:
        for p in params[1:]:
            row_shape = row_shape.merge_with(p.get_shape()[1:])
    if row_shape.is_fully_defined():
        row = row_shape
    elif transform:
        row = public.shape(result)[1:]
    else:
        with colocate_with(params[0]):
            whole = public.shape(params[0])
        row = whole[1:]
    result = public.reshape(result, public.concat([public.shape(ids), row], 0))
    result.set_shape(ids.get_shape().concatenate(row_shape))
    return result if transform else _clipped(result, ids, max_norm)


def _consecutive(params, flat):
    """The part and the row in it of each id, if each part has consecutive rows, the first ones one more."""
    count = len(params)
    sizes = [p.get_shape()[0].value for p in params]
    if None not in sizes and sum(sizes):
        total = constant(sum(sizes), flat.dtype)
    else:
        for i, size in enumerate(sizes):
            if size is None:
                with colocate_with(params[i]):
                    sizes[i] = public.shape(params[i])[0]
        total = public.reduce_sum(public.cast(public.stack(sizes), flat.dtype))
    size, extras = total // count, total % count
    parts = public.maximum(flat // (size + 1), (flat - extras) // size)
    return parts, public.where(parts < extras, flat % (size + 1), (flat - extras) % size)


@export("nn.embedding_lookup_sparse")
def embedding_lookup_sparse(params, sp_ids, sp_weights, partition_strategy="mod", name=None, combiner=None, max_norm=None):
    """For each row of a sparse matrix of ids the sum or mean of the embeddings it names.

    Args:
      params, partition_strategy, max_norm: as of `embedding_lookup`.
      sp_ids: a `SparseTensor` of ids, a matrix; no row is empty.
      sp_weights: a `SparseTensor` of as many weights, or None for ones.
      name: the name scope.
      combiner: "sum", "mean" or "sqrtn" (the sum over the root of the sum of squared weights); "mean" by default.

    Returns:
      A tensor of shape `[rows, ...]`.

    Raises:
      TypeError: the ids or weights are no sparse tensors.
      ValueError: `combiner` is none of the three.
    """
    if combiner is None:
        logging.warn('The default value of combiner will change from "mean" to "sqrtn" after 2016/11/01.')
        combiner = "mean"
    if combiner not in ("mean", "sqrtn", "sum"):
        raise ValueError("combiner must be one of 'mean', 'sqrtn' or 'sum'")
    params = _as_list(params)
    _check_sparse(sp_ids, sp_weights)
    with name_scope(name, "embedding_lookup_sparse", [*params, sp_ids]) as scope:
        segments = sp_ids.indices[:, 0]
        if segments.dtype is not dtypes.int32:
            segments = public.cast(segments, dtypes.int32)
        ids, places = public.unique(sp_ids.values)
        rows = embedding_lookup(params, ids, partition_strategy=partition_strategy, max_norm=max_norm)
        if rows.dtype in (dtypes.float16, dtypes.bfloat16):
            rows = public.cast(rows, dtypes.float32)
        if sp_weights is None:
            combine = {"sum": "sparse_segment_sum", "mean": "sparse_segment_mean", "sqrtn": "sparse_segment_sqrt_n"}[combiner]
            return getattr(public, combine)(rows, places, segments, name=scope)
        return _weighted(rows, places, segments, sp_weights.values, combiner, scope)


def _check_sparse(sp_ids, sp_weights):
    if not isinstance(sp_ids, SparseTensor):
        raise TypeError("sp_ids must be SparseTensor")
    if sp_weights is None:
        return
    if not isinstance(sp_weights, SparseTensor):
        raise TypeError("sp_weights must be either None or SparseTensor")
    for part in ("values", "indices", "dense_shape"):
        getattr(sp_ids, part).get_shape().assert_is_compatible_with(getattr(sp_weights, part).get_shape())


def _weighted(rows, places, segments, weights, combiner, scope):
    """The weighted sum or mean of rows for each segment."""
    if weights.dtype is not rows.dtype:
        weights = public.cast(weights, rows.dtype)
    rows = public.gather(rows, places)
    ones = public.fill(public.expand_dims(public.rank(rows) - 1, 0), 1)
    spread = public.concat([public.shape(weights), ones], 0)
    known = weights.get_shape()
    weights = public.reshape(weights, spread)
    if rows.get_shape().ndims is not None:
        weights.set_shape(known.concatenate([1] * (rows.get_shape().ndims - 1)))
    rows *= weights
    if combiner == "sum":
        return public.segment_sum(rows, segments, name=scope)
    total = public.segment_sum(rows, segments)
    if combiner == "mean":
        return public.div(total, public.segment_sum(weights, segments), name=scope)
    squares = public.segment_sum(public.pow(weights, 2), segments)
    return public.div(total, public.sqrt(squares), name=scope)


@export("nn.safe_embedding_lookup_sparse")
def safe_embedding_lookup_sparse(embedding_weights, sparse_ids, sparse_weights=None, combiner="mean", default_id=None, name=None,
                                 partition_strategy="div", max_norm=None):  # fmt: skip
    """As `embedding_lookup_sparse`, for ids of any rank of which some may be missing or invalid.

    Args:
      embedding_weights: as `params` of `embedding_lookup`.
      sparse_ids: a `SparseTensor` of ids of shape `[..., n]`; negative ids are left out.
      sparse_weights: a `SparseTensor` of as many weights, or None; ids whose weight is not positive are left out.
      combiner: "sum", "mean" or "sqrtn".
      default_id: the id to use for empty rows; by default their result is zero.
      name: the name scope.
      partition_strategy, max_norm: as of `embedding_lookup`.

    Returns:
      A tensor of shape `sparse_ids.shape[:-1] + embedding_weights.shape[1:]`.

    Raises:
      ValueError: there are no weights.
    """
    if embedding_weights is None:
        raise ValueError("Missing embedding_weights %s." % embedding_weights)
    params = _as_list(embedding_weights)
    if not params:
        raise ValueError("Missing embedding_weights %s." % params)
    dtype = None if sparse_weights is None else sparse_weights.dtype
    params = [w if isinstance(w, BaseResourceVariable) and dtype in (None, w.dtype) else convert(w, dtype) for w in params]
    with name_scope(name, "embedding_lookup", [*params, sparse_ids, sparse_weights]) as scope:
        shape = sparse_ids.dense_shape
        known_rank = shape.get_shape()[0].value
        rank = public.size(shape) if known_rank is None else known_rank
        outer = public.reduce_prod(public.slice(shape, [0], [rank - 1]))
        ids = public.sparse_reshape(sparse_ids, [outer, public.gather(shape, rank - 1)])
        weights = None if sparse_weights is None else SparseTensor(ids.indices, sparse_weights.values, ids.dense_shape)
        ids, weights = _without_invalid(ids, weights, combiner)
        ids, is_empty = public.sparse_fill_empty_rows(ids, default_id or 0)
        if weights is not None:
            weights, _ = public.sparse_fill_empty_rows(weights, 1.0)
        rows = embedding_lookup_sparse(params, ids, weights, combiner=combiner, partition_strategy=partition_strategy,
                                       name=None if default_id is None else scope, max_norm=max_norm)  # fmt: skip
        if default_id is None:
            is_empty = public.tile(public.reshape(is_empty, [-1, 1]), public.stack([1, public.shape(rows)[1]]))
            rows = public.where(is_empty, public.zeros_like(rows), rows, name=scope)
        head = public.slice(public.cast(shape, dtypes.int32), [0], [rank - 1])
        result = public.reshape(rows, public.concat([head, public.slice(public.shape(rows), [1], [-1])], 0))
        outer_shape = TensorShape(None if known_rank is None else [None] * (known_rank - 1))
        result.set_shape(outer_shape.concatenate(rows.get_shape()[1:]))
        return result


def _without_invalid(ids, weights, combiner):
    """The ids that are not negative and, unless they are summed, have a positive weight."""
    valid = public.greater_equal(ids.values, 0)
    if weights is not None:
        valid = public.logical_and(valid, public.ones_like(weights.values, dtype=dtypes.bool_))
    ids = public.sparse_retain(ids, valid)
    if weights is None:
        return ids, None
    weights = public.sparse_retain(weights, valid)
    if combiner == "sum":
        return ids, weights
    positive = public.greater(weights.values, 0)
    return public.sparse_retain(ids, positive), public.sparse_retain(weights, positive)
