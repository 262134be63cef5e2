"""Programs whose graphs must be TensorFlow's node for node: embeddings and losses over sampled classes."""


def lookups(tf):
    p = tf.placeholder(tf.float32, [10, 3], name="p")
    ids = tf.placeholder(tf.int32, [None], name="ids")
    tf.nn.embedding_lookup(p, ids)
    tf.nn.embedding_lookup(p, [1, 2], name="e", max_norm=1.0)
    tf.nn.embedding_lookup([p], tf.placeholder(tf.int64, [2, 3]))


def lookups_in_parts(tf):
    parts = [tf.placeholder(tf.float32, [5, 3]), tf.placeholder(tf.float32, [5, 3])]
    ids = tf.placeholder(tf.int64, [None], name="ids")
    tf.nn.embedding_lookup(parts, ids)
    tf.nn.embedding_lookup(parts, ids, "div", name="e")
    tf.nn.embedding_lookup([tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32)], ids, "div", max_norm=2.0)


def lookups_in_variables(tf):
    v = tf.get_variable("v", [10, 3])
    r = tf.get_variable("r", [10, 3], use_resource=True)
    ids = tf.placeholder(tf.int32, [None], name="ids")
    tf.nn.embedding_lookup(v, ids)
    tf.nn.embedding_lookup(r, ids)
    tf.nn.embedding_lookup(tf.get_variable("w", [10, 3], partitioner=tf.fixed_size_partitioner(2)), ids, "div")


def sparse_lookups(tf):
    p = tf.placeholder(tf.float32, [10, 3], name="p")
    ids = tf.SparseTensor(tf.placeholder(tf.int64, [None, 2]), tf.placeholder(tf.int64, [None]), tf.placeholder(tf.int64, [2]))
    weights = tf.SparseTensor(ids.indices, tf.placeholder(tf.float32, [None]), ids.dense_shape)
    tf.nn.embedding_lookup_sparse(p, ids, None, combiner="sum")
    tf.nn.embedding_lookup_sparse(p, ids, None, combiner="sqrtn", name="e")
    tf.nn.embedding_lookup_sparse(p, ids, weights, combiner="mean")
    tf.nn.embedding_lookup_sparse(tf.placeholder(tf.float16, [4, 2]), ids, weights, combiner="sqrtn")


def sampled(tf):
    tf.set_random_seed(3)
    w, b = tf.placeholder(tf.float32, [10, 3], name="w"), tf.placeholder(tf.float32, [10], name="b")
    x, y = tf.placeholder(tf.float32, [None, 3], name="x"), tf.placeholder(tf.int64, [None, 1], name="y")
    tf.nn.nce_loss(w, b, y, x, 4, 10)
    tf.nn.sampled_softmax_loss(w, b, tf.placeholder(tf.int32, [2, 2]), x, 4, 10, num_true=2, seed=5)
