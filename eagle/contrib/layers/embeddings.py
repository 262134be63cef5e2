"""Vectors whose elements are picked from one pool by hashes of the value and the place in the vector."""

from ...core import dtypes
from ...core.convert import constant
from ...core.export import export, public as tf
from ...core.scopes import control_dependencies, name_scope
from ...core.sparse_tensor import SparseTensor
from ...platform import tf_logging as logging
from ...variables.partitioned import PartitionedVariable
from .utilities import names

_HERE = "contrib.layers.python.layers.embedding_ops."


def _as_list(params):
    return list(params) if isinstance(params, list | PartitionedVariable) else [params]


def _check_sizes(params):
    """Raises ValueError unless the parts of a pool are equally long, the first ones perhaps by one longer; gives the sum."""
    sizes = []
    for part in params:
        part.get_shape().assert_has_rank(1)
        part.get_shape().assert_is_fully_defined()
        sizes.append(part.get_shape()[0].value)
    total = sum(sizes)
    for i, size in enumerate(sizes):
        expected = (total - i - 1) // len(sizes) + 1
        if size != expected:
            raise ValueError("Tensor %d in params has size %d, expected %d." % (i, size, expected))
    return total


def _checked_places(places, values_shape):
    """The size of vectors, and the places to look up as a matrix, once their shape is checked."""
    dimension = tf.shape(places)[tf.subtract(tf.rank(places), 1)]
    shape = tf.shape(places)
    expected = tf.concat([values_shape, tf.reshape(dimension, shape=[1])], 0)
    message = ["The shape of sampled_candidates: ", shape, " does not match the shape of values: ", values_shape]
    with control_dependencies([tf.Assert(tf.reduce_all(tf.equal(shape, expected)), message)]):
        return dimension, tf.reshape(places, [-1, dimension])


@export(_HERE + "_sampled_scattered_embedding_lookup")
def _sampled_scattered_embedding_lookup(params, values, dimension=None, sampled_candidates=None, hash_key=None, name=None):
    """Vectors of values, or some elements of them.

    Args:
      params: the pool, a vector or its parts: a list or a partitioned variable.
      values: a tensor of strings or integers.
      dimension: the size of the vectors.
      sampled_candidates: which elements are wanted instead of all, an int tensor of the shape `values.shape + [n]`.
      hash_key: the key of the hashes; without one they are made in an older way.
      name: the name scope.

    Raises:
      ValueError: neither size nor places are given, or the parts have odd sizes.
    """
    params = _as_list(params)
    with name_scope(name, "scattered_embedding_lookup", [*params, dimension, values]):
        shape = tf.shape(values)
        values = tf.reshape(values, [-1, 1])
        if sampled_candidates is None:
            if dimension is None:
                raise ValueError("You must specify either dimension or sampled_candidates.")
            if dimension <= 0:
                raise ValueError("Dimension must be >0. Given is %d" % dimension)
            places = tf.tile(tf.expand_dims(tf.range(0, dimension), 0), tf.shape(values))
        else:
            dimension, places = _checked_places(sampled_candidates, shape)
        size = _check_sizes(params)
        ids = tf.contrib.slim.sparse_feature_cross([places, values], hashed_output=True, num_buckets=size, hash_key=hash_key)
        found = tf.nn.embedding_lookup(params, tf.sparse_tensor_to_dense(ids), partition_strategy="div")
        return tf.reshape(found, tf.concat([shape, [dimension]], 0))


@export("contrib.slim.scattered_embedding_lookup", _HERE + "scattered_embedding_lookup")
def scattered_embedding_lookup(params, values, dimension, name=None, hash_key=None):
    """Vectors of values, whose elements are picked from one pool by hashes.

    Args:
      params: the pool, a vector or its parts: a list or a partitioned variable.
      values: a tensor of strings or integers.
      dimension: the size of the vectors.
      name: the name scope.
      hash_key: the key of the hashes; without one they are made in an older way.

    Returns:
      A tensor of the shape `values.shape + [dimension]`.

    Raises:
      ValueError: `dimension` is missing, or the parts have odd sizes.
    """
    if dimension is None:
        raise ValueError("You must specify dimension.")
    return _sampled_scattered_embedding_lookup(params, values, dimension=dimension, hash_key=hash_key, name=name)


_FILL_TEXT, _FILL_NUMBER = "6ZxWzWOHxZ", 1288896567  # unlikely values, as TensorFlow takes them for empty rows


@export("contrib.slim.scattered_embedding_lookup_sparse", _HERE + "scattered_embedding_lookup_sparse")
def scattered_embedding_lookup_sparse(params, sparse_values, dimension, combiner=None, default_value=None, name=None,
                                      hash_key=None):  # fmt: skip
    """For each row of a sparse matrix the vectors of its values, joined.

    Args:
      params, dimension, name, hash_key: as of `scattered_embedding_lookup`.
      sparse_values: a sparse matrix of strings or integers.
      combiner: "sum", "mean" or "sqrtn"; "mean" by default.
      default_value: what empty rows have; by default something unlikely.

    Raises:
      TypeError: the values are no sparse tensor.
      ValueError: the combiner is none of the three.
    """
    if combiner is None:
        logging.warn('The default value of combiner will change from "mean" to "sqrtn" after 2016/11/01.')
        combiner = "mean"
    params = _as_list(params)
    if not isinstance(sparse_values, SparseTensor):
        raise TypeError("sparse_values must be SparseTensor")
    with name_scope(name, "scattered_embedding_lookup_sparse", [*params, sparse_values]) as scope:
        if default_value is None:
            default_value = _FILL_TEXT if sparse_values.dtype == dtypes.string else _FILL_NUMBER
        filled, _ = tf.sparse_fill_empty_rows(sparse_values, default_value)
        segments = tf.cast(filled.indices[:, 0], dtypes.int32)
        values, places = tf.unique(filled.values)
        vectors = scattered_embedding_lookup(params, values, dimension, hash_key=hash_key)
        combine = {"sum": tf.sparse_segment_sum, "mean": tf.sparse_segment_mean, "sqrtn": tf.sparse_segment_sqrt_n}.get(combiner)
        if combine is None:
            raise ValueError("Combiner must be one of 'mean', 'sqrtn' or 'sum'.")
        return combine(vectors, places, segments, name=scope)


@export(_HERE + "_sampled_scattered_embedding_lookup_sparse")
def _sampled_scattered_embedding_lookup_sparse(params, sp_values, dimension=None, sampled_candidates=None, hash_key=None,
                                               with_sign_hash=False, name=None):  # fmt: skip
    """For each row of a sparse matrix the sum of the vectors of its values, or of some elements of these.

    Args:
      params, dimension, hash_key, name: as of `scattered_embedding_lookup`.
      sp_values: a sparse matrix of strings or integers.
      sampled_candidates: which elements are wanted instead of all, an int matrix.
      with_sign_hash: whether hashes give elements signs, too.

    Raises:
      TypeError: the values are no sparse tensor.
      ValueError: neither size nor places are given.
    """
    if not isinstance(sp_values, SparseTensor):
        raise TypeError("sp_values must be SparseTensor")
    used = [sp_values, params, dimension, sampled_candidates]
    with name_scope(name, "sampled_scattered_embedding_lookup_sparse", used) as scope:
        segments = sp_values.indices[:, 0]
        if sampled_candidates is not None:
            sampled_candidates = tf.gather(sampled_candidates, segments)
        rest = dict(dimension=dimension, sampled_candidates=sampled_candidates, hash_key=hash_key)
        vectors = _sampled_scattered_embedding_lookup(params, sp_values.values, name="values_lookup", **rest)
        if with_sign_hash:
            signs = constant([-1.0, 1.0])
            signs = _sampled_scattered_embedding_lookup(signs, sp_values.values, name="signs_lookup", **rest)
            vectors = tf.multiply(signs, vectors, name="signs_hash")
        segments = tf.cast(segments, dtypes.int32)
        return tf.unsorted_segment_sum(vectors, segments, num_segments=tf.shape(sp_values)[0], name=scope)


@export(*names("embedding_lookup_sparse_with_distributed_aggregation", "embedding_ops")[1:])
def embedding_lookup_sparse_with_distributed_aggregation(params, sp_ids, sp_weights, partition_strategy="mod", name=None,
                                                         combiner=None, max_norm=None):  # fmt: skip
    """`tf.nn.embedding_lookup_sparse`, which on one machine is this: there is no device with a part to sum up first."""
    return tf.nn.embedding_lookup_sparse(params, sp_ids, sp_weights, partition_strategy, name, combiner, max_norm)
