"""tf.keras.layers.DenseFeatures and tf.keras.experimental.SequenceFeatures: tensors, variables, configurations."""

import numpy as np


def _ramp(tf, *shape):
    return tf.constant_initializer(np.linspace(-1, 1, int(np.prod(shape))).reshape(shape))


def dense(tf):
    column = tf.feature_column
    numeric = column.numeric_column("n", shape=(2,))
    classes = column.categorical_column_with_vocabulary_list("c", ["a", "b", "d"], num_oov_buckets=1)
    columns = [
        numeric,
        column.bucketized_column(column.numeric_column("m"), [0.0, 1.0]),
        column.embedding_column(classes, 2, initializer=_ramp(tf, 4, 2)),
        column.indicator_column(column.categorical_column_with_identity("i", 3)),
    ]
    features = {
        "n": tf.constant([[1.0, 2.0], [3.0, 4.0]]),
        "m": tf.constant([[0.5], [2.0]]),
        "c": tf.constant([["a"], ["z"]]),
        "i": tf.constant([[2], [0]]),
    }
    layer = tf.keras.layers.DenseFeatures(columns)
    tensors = {}
    y = layer(features, cols_to_output_tensors=tensors)
    again = layer(features)
    found = {"name": layer.name, "variables": [v.name for v in layer.trainable_variables], "shape": y.shape.as_list()}
    found["columns"] = sorted(c.name for c in tensors)
    config = layer.get_config()
    found["config"] = [[c["class_name"], sorted(c["config"])] for c in config["feature_columns"]]
    copy = type(layer).from_config(dict(config, name="copy"))
    z = copy(features)
    found["copied"] = [v.name for v in copy.variables]
    for bad in (
        [classes],
        {"a": numeric},
        [],
        [column.embedding_column(column.sequence_categorical_column_with_identity("i", 3), 2)],
    ):
        try:
            tf.keras.layers.DenseFeatures(bad)(features)
        except ValueError as e:
            found["refused %d" % len(found)] = str(e)[:40] if "Suggested fix A" not in str(e) else "with suggestions"
    try:
        layer(features["n"])
    except ValueError as e:
        found["no dictionary"] = "We expected a dictionary here" in str(e)
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
        found["values"] = sess.run([y, again, z, *tf.gradients(y, layer.trainable_variables)])
    return found


dense.rtol = 1e-5


def _sparse(tf, values, indices, shape):
    return tf.SparseTensor(np.array(indices, np.int64).reshape(len(values), -1), values, shape)


def sequences(tf):
    column = tf.feature_column
    where = [[0, 0], [1, 0], [1, 1], [2, 0]]
    features = {
        "r": _sparse(tf, [0.5, 1.0, 2.0, 3.0], where, (4, 2)),
        "i": _sparse(tf, [2, 0, 1, 0], where, (4, 2)),
        "w": _sparse(tf, ["a", "b", "x", "a"], where, (4, 2)),
        "h": _sparse(tf, ["a", "b", "x", "a"], where, (4, 2)),
    }
    columns = [
        column.sequence_numeric_column("r", default_value=-1.0),
        column.embedding_column(column.sequence_categorical_column_with_identity("i", 3), 2, initializer=_ramp(tf, 3, 2)),
        column.indicator_column(column.sequence_categorical_column_with_vocabulary_list("w", ["a", "b"], num_oov_buckets=1)),
        column.embedding_column(column.sequence_categorical_column_with_hash_bucket("h", 4), 1, initializer=_ramp(tf, 4, 1)),
    ]
    layer = tf.keras.experimental.SequenceFeatures(columns)
    y, lengths = layer(features)
    found = {"variables": [v.name for v in layer.variables], "shape": y.shape.as_list(), "name": layer.name}
    wide = tf.keras.experimental.SequenceFeatures([column.sequence_numeric_column("r", shape=2, normalizer_fn=None)])
    z, pairs = wide({"r": _sparse(tf, [1.0, 2.0, 3.0, 4.0, 5.0], [[0, 0], [0, 1], [0, 2], [0, 3], [2, 1]], (3, 4))})
    found["config"] = [c["class_name"] for c in layer.get_config()["feature_columns"]]
    try:
        tf.keras.experimental.SequenceFeatures([column.embedding_column(column.categorical_column_with_identity("i", 3), 2)])(
            features
        )
    except ValueError as e:
        found["refused"] = "must be of type SequenceCategoricalColumn to use SequenceFeatures" in str(e)
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
        found["values"] = sess.run([y, lengths, z, pairs])
    return found


sequences.rtol = 1e-5


def models(tf):
    column = tf.feature_column
    columns = [column.numeric_column("a"), column.numeric_column("b", shape=(2,))]
    x = {"a": np.arange(6.0).reshape(6, 1), "b": np.ones((6, 2))}
    model = tf.keras.Sequential([
        tf.keras.layers.DenseFeatures(columns),
        tf.keras.layers.Dense(1, kernel_initializer="ones"),
    ])  # fmt: skip
    model.compile("sgd", "mse")
    history = model.fit(x, np.ones((6, 1)), epochs=2, batch_size=3, shuffle=False, verbose=0).history
    return {"loss": np.array(history["loss"]), "weights": model.get_weights(), "values": model.predict(x)}


models.rtol = 1e-4
