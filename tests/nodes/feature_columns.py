"""Programs whose graphs must be TensorFlow's node for node: the feature columns of tf.contrib.layers."""


def _features(tf):
    return {
        "word": tf.sparse_placeholder(tf.string, [None, 2]),
        "number": tf.sparse_placeholder(tf.int64, [None, 2]),
        "weight": tf.sparse_placeholder(tf.float32, [None, 2]),
        "price": tf.placeholder(tf.float32, [None, 1]),
        "size": tf.placeholder(tf.int32, [None, 2]),
    }


def _columns(tf):
    layers = tf.contrib.layers
    word = layers.sparse_column_with_hash_bucket("word", 10)
    number = layers.sparse_column_with_integerized_feature("number", 5)
    price = layers.real_valued_column("price")
    size = layers.real_valued_column("size", dimension=2, normalizer=lambda x: x * 2)
    return word, number, price, size


def wide(tf):
    layers = tf.contrib.layers
    word, number, price, size = _columns(tf)
    buckets = layers.bucketized_column(price, [0, 10])
    crossed = layers.crossed_column([word, layers.bucketized_column(size, [1.0])], 20, hash_key=7)
    weighted = layers.weighted_sparse_column(number, "weight")
    layers.weighted_sum_from_feature_columns(_features(tf), [word, weighted, price, size, buckets, crossed], num_outputs=2)
    layers.joint_weighted_sum_from_feature_columns(_features(tf), [word, number, crossed], num_outputs=1, scope="joint")


def deep(tf):
    layers = tf.contrib.layers
    word, number, price, size = _columns(tf)
    columns = [
        layers.embedding_column(word, 3, combiner="sum", initializer=tf.zeros_initializer()),
        layers.one_hot_column(number),
        layers.one_hot_column(layers.weighted_sparse_column(number, "weight")),
        layers.scattered_embedding_column("word", 7, 2, hash_key=9, initializer=tf.zeros_initializer()),
        price,
        size,
        layers.bucketized_column(size, [1.0, 2.0]),
    ]
    layers.input_from_feature_columns(_features(tf), columns)
    other = layers.sparse_column_with_integerized_feature("size", 5, dtype=tf.int32)
    shared = layers.shared_embedding_columns([number, other], 2, initializer=tf.ones_initializer())
    layers.input_from_feature_columns(_features(tf), shared, weight_collections=["mine"], scope="shared")


def sequences(tf):
    layers = tf.contrib.layers
    words = tf.sparse_placeholder(tf.string, [None, 2, 1])
    column = layers.embedding_column(layers.sparse_column_with_hash_bucket("word", 10), 3, initializer=tf.zeros_initializer())
    columns = [column, layers.real_valued_column("price")]
    layers.sequence_input_from_feature_columns({"word": words, "price": tf.ones([2, 2])}, columns)


def inferred(tf):
    layers = tf.contrib.layers
    features = {"price": tf.placeholder(tf.float32, [None, 2]), "size": tf.placeholder(tf.int32, [None, 3, 2])}
    columns = layers.infer_real_valued_columns(features)
    layers.transform_features(features, columns)
    layers.make_place_holder_tensors_for_base_features(columns)
    layers.parse_feature_columns_from_examples(tf.placeholder(tf.string, [None]), _columns(tf))
