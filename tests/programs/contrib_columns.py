"""What feature columns of tf.contrib.layers, and losses and functions of tf.contrib.nn, give."""

import weighted_networks as networks


def _features(tf):
    return {
        "word": tf.SparseTensor([[0, 0], [1, 0], [1, 1]], ["a", "b", "c"], [3, 2]),
        "number": tf.SparseTensor([[0, 0], [1, 0], [1, 1]], tf.constant([1, 2, 13], tf.int64), [3, 2]),
        "weight": tf.SparseTensor([[0, 0], [1, 0], [1, 1]], [0.5, 1.0, 2.0], [3, 2]),
        "price": tf.constant([[1.0], [20.0], [-3.0]]),
        "size": tf.constant([[1, 2], [3, 4], [0, 9]]),
    }


def _columns(tf):
    layers = tf.contrib.layers
    word = layers.sparse_column_with_hash_bucket("word", 10)
    number = layers.sparse_column_with_integerized_feature("number", 5)
    size = layers.real_valued_column("size", dimension=2, normalizer=lambda x: x * 2)
    return word, number, layers.real_valued_column("price"), size


def _values(tf, tensors):
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        return session.run(tensors)


def transformed(tf):
    layers = tf.contrib.layers
    word, number, price, size = _columns(tf)
    columns = {
        "word": word,
        "strong": layers.sparse_column_with_hash_bucket("word", 10, hash_keys=[[1, 2], [3, 4]]),
        "hashed": layers.sparse_column_with_hash_bucket("number", 10, dtype=tf.int64),
        "keys": layers.sparse_column_with_keys("word", ["c", "a"]),
        "dense": layers.sparse_column_with_integerized_feature("size", 3, dtype=tf.int32),
        "number": number,
        "weighted": layers.weighted_sparse_column(number, "weight"),
        "price": price,
        "size": size,
        "buckets": layers.bucketized_column(size, [2, 2, 8]),
        "old cross": layers.crossed_column([word, number], 100),
        "cross": layers.crossed_column([word, layers.bucketized_column(size, [1.0])], 2**60, hash_key=7),
    }
    found = {n: layers.transform_features(_features(tf), [c])[c] for n, c in columns.items()}
    return {n: list(v) if type(v) is tuple else v for n, v in _values(tf, found).items()}


def inputs(tf):
    layers = tf.contrib.layers
    word, number, price, size = _columns(tf)
    rows, fewer = [tf.constant_initializer(networks.ramp([n, 3], 0.1)) for n in (10, 5)]
    columns = {
        "sum": layers.embedding_column(word, 3, combiner="sum", initializer=rows),
        "norm": layers.embedding_column(word, 3, initializer=rows, max_norm=0.5),
        "weighted": layers.embedding_column(layers.weighted_sparse_column(number, "weight"), 3, "sqrtn", initializer=fewer),
        "hot": layers.one_hot_column(number),
        "hot weights": layers.one_hot_column(layers.weighted_sparse_column(number, "weight")),
        "scattered": layers.scattered_embedding_column(
            "word", 7, 2, hash_key=9, initializer=tf.constant_initializer(networks.ramp([7], 1))
        ),
        "price": price,
        "buckets": layers.bucketized_column(size, [1.0, 2.0]),
    }
    found = {}
    whole = layers.input_from_feature_columns(_features(tf), list(columns.values()), cols_to_outs=found)
    tensors = {n: found[c] for n, c in columns.items()}
    tensors["core"] = tf.feature_column.input_layer(_features(tf), [columns["hot"], columns["sum"], price])
    return _values(tf, dict(tensors, whole=whole))


def linear(tf):
    layers = tf.contrib.layers
    word, number, price, size = _columns(tf)
    columns = [word, layers.weighted_sparse_column(number, "weight"), price, layers.bucketized_column(size, [1.0])]
    sums, variables, bias = layers.weighted_sum_from_feature_columns(_features(tf), columns, num_outputs=2)
    weights = [v for c in columns for v in variables[c]]
    gradients = [tf.convert_to_tensor(g) for g in tf.gradients(sums * [1.0, 2.0], [*weights, bias])]
    steps = [tf.assign_sub(v, 0.1 * g) for v, g in zip([*weights, bias], gradients)]
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        first = session.run(gradients)
        session.run(steps)
        names = [v.op.name for v in [*weights, bias]]
        return {"gradients": first, "sums": session.run(sums), "names": names}


def joint(tf):
    layers = tf.contrib.layers
    word, number, _, _ = _columns(tf)
    columns = [word, number, layers.crossed_column([word, number], 9, hash_key=5)]
    sums, weights, bias = layers.joint_weighted_sum_from_feature_columns(_features(tf), columns, num_outputs=1)
    return _values(tf, {"gradient": tf.convert_to_tensor(tf.gradients(sums, weights[0])[0]), "sums": sums, "bias": bias})


def _of_classes(tf, shards):
    weights = [tf.constant(networks.ramp([3, 2], 0.1 * (i + 1))) for i in range(shards)]
    return dict(
        weights=weights,
        biases=[tf.constant([0.1, 0.3, -0.2])] * shards,
        labels=tf.constant([[1], [2]], tf.int64),
        inputs=tf.constant([[1.0, 2.0], [3.0, 4.0]]),
        num_classes=3 * shards,
    )


def sampled(tf):
    found = {}
    for shards in (1, 2):
        for strategy in ("div", "mod"):
            of_classes = _of_classes(tf, shards)
            sampled = tf.constant([0, 2, 1], tf.int64), tf.constant([[0.5], [0.2]]), tf.constant([0.3, 0.4, 0.6])
            loss = tf.contrib.nn.rank_sampled_softmax_loss(
                **of_classes, num_sampled=3, num_resampled=2, num_true=1, sampled_values=sampled,
                resampling_temperature=tf.constant(0.5), remove_accidental_hits=True, partition_strategy=strategy)  # fmt: skip
            sparse = tf.contrib.nn.sampled_sparse_softmax_loss(**of_classes, num_sampled=3, sampled_values=sampled)
            gradient = tf.convert_to_tensor(tf.gradients(loss, of_classes["inputs"])[0])
            found["%d %s" % (shards, strategy)] = [loss, sparse, gradient]
    return _values(tf, found)


def functions(tf):
    x, alpha = tf.constant(networks.ramp([2, 3], 0.7)), tf.constant([0.5, 1.0, 2.0])
    soft = tf.contrib.nn.scaled_softplus(x, alpha)
    clipped = tf.contrib.nn.scaled_softplus(x, alpha, clip=1.2)
    sparse = tf.contrib.sparsemax.sparsemax(x)
    labels = tf.constant([[0.0, 0.0, 1.0], [0.5, 0.5, 0.0]])
    loss = tf.contrib.sparsemax.sparsemax_loss(x, sparse, labels)
    infinite = tf.contrib.sparsemax.sparsemax(tf.constant([[float("inf"), 1.0], [-float("inf"), 2.0]]))
    tensors = {
        "soft": [soft, clipped, *tf.gradients(soft * 3.0, [x, alpha]), *tf.gradients(clipped * 3.0, [x, alpha])],
        "sparse": [sparse, loss, *tf.gradients(loss, [x]), infinite],
        "dropped": tf.contrib.nn.alpha_dropout(x, 0.6, seed=3),
    }
    return _values(tf, tensors)


for _program in (inputs, linear, sampled, functions):
    _program.rtol = 1e-5
