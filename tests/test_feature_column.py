"""`tf.feature_column`: values as TensorFlow 1.15 gives them."""

import numpy as np
import pytest

import eagle as tf

fc = tf.feature_column
HASHED_NUMBERS, HASHED_LETTERS = [272, 27, 482], [48, 310, 129]


def _features():
    return {
        "a": tf.constant([[1.5], [-2.0], [7.0]]), "v": tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
        "w": tf.constant(["x", "zz", "y"]), "id": tf.constant([[2], [0], [1]]),
        "h": tf.SparseTensor([[0, 0], [0, 1], [2, 0]], ["p", "q", "p"], [3, 2]),
        "hw": tf.SparseTensor([[0, 0], [0, 1], [2, 0]], [0.5, 2.0, 3.0], [3, 2]),
    }  # fmt: skip


A = fc.numeric_column("a")
BUCKETS = fc.bucketized_column(A, [0.0, 2.0, 5.0])
WORDS = fc.categorical_column_with_vocabulary_list("w", ["x", "y"], num_oov_buckets=2)
IDS = fc.categorical_column_with_identity("id", 3)
HASHES = fc.categorical_column_with_hash_bucket("h", 7)


def _run(build):
    with tf.Graph().as_default(), tf.Session() as session:
        fetched = build()
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        return session.run(fetched)


def _dense(*columns):
    return _run(lambda: fc.input_layer(_features(), columns))


def test_dense_columns():
    assert _dense(A).tolist() == [[1.5], [-2.0], [7.0]]
    assert _dense(fc.numeric_column("v", shape=[2], normalizer_fn=lambda x: x * 10)).tolist() == [[10, 20], [30, 40], [50, 60]]
    assert _dense(BUCKETS).tolist() == [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]]
    words = _dense(fc.indicator_column(WORDS))
    assert words[[0, 2]].tolist() == [[1, 0, 0, 0], [0, 1, 0, 0]] and words[1, 2:].sum() == 1
    first = fc.embedding_column(IDS, 2, initializer=tf.constant_initializer(np.arange(6).reshape(3, 2)))
    assert _dense(first, A).tolist() == [[1.5, 4, 5], [-2, 0, 1], [7, 2, 3]]
    weighted = _dense(fc.indicator_column(fc.weighted_categorical_column(HASHES, "hw")))
    assert sorted(weighted[0][weighted[0] > 0]) == [0.5, 2.0] and not weighted[1].any() and weighted[2].max() == 3.0


def test_shared_embeddings():
    columns = fc.shared_embedding_columns(
        [IDS, fc.categorical_column_with_identity("other", 3)], 2, initializer=tf.ones_initializer()
    )
    with tf.Graph().as_default():
        features = _features()
        fc.input_layer({**features, "other": features["id"]}, columns)
        assert [v.op.name for v in tf.global_variables()] == ["input_layer/id_other_shared_embedding/embedding_weights"]


def test_linear_model():
    def build():
        variables = {}
        sums = fc.linear_model(_features(), [A, WORDS, IDS], cols_to_vars=variables)
        names = ["linear_model/a/weights", "linear_model/id/weights", "linear_model/w/weights", "linear_model/bias_weights"]
        assert [v.op.name for v in tf.global_variables()] == names
        assert [v.op.name for v in variables[IDS] + variables["bias"]] == [names[1], names[3]]
        return sums, [v.assign(tf.ones_like(v)) for v in tf.global_variables()]

    with tf.Graph().as_default(), tf.Session() as session:
        sums, ones = build()
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        session.run(ones)
        assert session.run(sums).tolist() == [[4.5], [1.0], [10.0]]


def test_crosses():
    letters, numbers = tf.constant([["k"], ["l"], ["m"]]), tf.constant([[1], [2], [3]])
    h = tf.SparseTensor([[0, 0], [0, 1], [2, 0]], ["p", "q", "p"], [3, 2])
    with tf.Session() as session:
        texts = session.run(tf.sparse.cross([h, letters]))
        assert texts.values.tolist() == [b"p_X_k", b"q_X_k", b"p_X_m"] and texts.indices.tolist() == [[0, 0], [0, 1], [2, 0]]
        hashed = session.run(tf.sparse.cross_hashed([h, numbers], num_buckets=1000))
        assert hashed.values.tolist() == HASHED_NUMBERS and hashed.dense_shape.tolist() == [3, 2]
        assert session.run(tf.sparse.cross_hashed([h, letters], num_buckets=1000, hash_key=42).values).tolist() == HASHED_LETTERS


def test_wrong_columns():
    with pytest.raises(ValueError, match="sorted list"):
        fc.bucketized_column(A, [1.0, 0.0])
    with pytest.raises(ValueError, match="must be a _DenseColumn"):
        fc.input_layer(_features(), [IDS])
    with pytest.raises(ValueError, match="Duplicate feature column name"):
        fc.input_layer(_features(), [A, fc.numeric_column("a")])
    with pytest.raises(ValueError, match="Feature b is not in features"):
        fc.input_layer(_features(), [fc.numeric_column("b")])


def test_parsing():
    spec = fc.make_parse_example_spec([BUCKETS, fc.crossed_column(["w", IDS], 10)])
    assert spec == {"a": tf.FixedLenFeature((1,), tf.float32), "w": tf.VarLenFeature(tf.string), "id": tf.VarLenFeature(tf.int64)}
