"""Programs whose graphs must be TensorFlow's node for node: sparse tensors."""


def _matrices(tf):
    x = tf.sparse_placeholder(tf.float32, [3, 4])
    y = tf.SparseTensor([[0, 1], [2, 3]], tf.constant([1.0, 2.0]), [3, 4])
    z = tf.sparse_placeholder(tf.float32)
    return x, y, z


def arithmetic(tf):
    x, y, z = _matrices(tf)
    dense = tf.placeholder(tf.float32, [3, 4])
    tf.sparse_add(x, y)
    tf.sparse_add(x, z, threshold=0.5)
    tf.sparse.add(dense, x)
    tf.sparse_maximum(x, y)
    tf.sparse_minimum(x, z, name="least")
    tf.sparse_softmax(y)
    x * dense
    y / 2.0
    tf.SparseTensor([[0, 1]], tf.constant([4]), [2, 2]) / tf.constant([2, 3])
    tf.sparse_tensor_dense_matmul(x, dense, adjoint_b=True)
    tf.sparse.matmul(z, dense, adjoint_a=True, name="product")
    tf.sparse_matmul(dense, dense, transpose_b=True, a_is_sparse=True)


def reductions(tf):
    x, y, z = _matrices(tf)
    for reduce in (tf.sparse_reduce_sum, tf.sparse_reduce_sum_sparse, tf.sparse_reduce_max, tf.sparse_reduce_max_sparse):
        reduce(x)
        reduce(y, axis=1, keepdims=True)
        reduce(z, reduction_axes=[0, -1], keep_dims=True)
        reduce(z)


def pieces(tf):
    x, y, z = _matrices(tf)
    tf.sparse_concat(0, [x, y])
    tf.sparse_concat(-1, [x, z], expand_nonconcat_dim=True)
    tf.sparse_concat(1, [y, y], name="joined")
    tf.sparse.concat(0, [x])
    tf.sparse_split(sp_input=x, num_split=2, axis=1)
    tf.sparse_split(sp_input=z, num_split=3, axis=0, name="pieces")
    tf.sparse_slice(x, [0, 1], [2, 2])
    tf.sparse_slice(z, [0, 1], [2, 2], name="part")


def shaping(tf):
    x, y, z = _matrices(tf)
    tf.sparse_reorder(x)
    tf.sparse_reorder(z, name="ordered")
    tf.sparse_reshape(x, [2, -1])
    tf.sparse_reshape(z, tf.placeholder(tf.int32, [3]), name="other")
    tf.sparse_transpose(x)
    tf.sparse_transpose(z, [1, 0], name="turned")
    tf.sparse.expand_dims(x, 1)
    tf.sparse.expand_dims(y, name="wider")
    tf.sparse_reset_shape(x)
    tf.sparse_reset_shape(y, [5, 6])


def elements(tf):
    x, y, z = _matrices(tf)
    tf.sparse_retain(x, tf.placeholder(tf.bool, [None]))
    tf.sparse_fill_empty_rows(y, 7.0)
    tf.sparse.fill_empty_rows(z, 7.0, name="full")
    tf.sparse_tensor_to_dense(x)
    tf.sparse.to_dense(z, -1.0, validate_indices=False, name="all")
    ids = tf.SparseTensor(tf.placeholder(tf.int64, [None, 2]), tf.placeholder(tf.int32, [None]), [3, 4])
    tf.sparse_to_indicator(ids, 10)
    tf.sparse_merge(ids, z, 10)
    tf.sparse_merge([ids, ids], z, [10, 20], already_sorted=True, name="both")
    tf.sparse.from_dense([[1, 0], [0, 2]])
    tf.sparse.eye(3)
    tf.sparse.eye(tf.placeholder(tf.int32, []), 4, tf.int64, name="ones")


def serialized(tf):
    x, _, z = _matrices(tf)
    tf.serialize_sparse(x)
    tf.io.serialize_many_sparse(z, name="many")
    tf.deserialize_many_sparse(tf.placeholder(tf.string, [None, 3]), tf.float32, rank=2)
