"""Lookup tables: static ones from tensors and files, mutable ones, vocabularies, checkpoints."""

import numpy as np
import pytest

import eagle as tf

lookup = tf.contrib.lookup


@pytest.fixture
def words(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("brain\nsalad\nsurgery\n")
    return str(path)


def _run(fetches, feeds=None):
    with tf.Session() as session:
        session.run(tf.tables_initializer())
        return session.run(fetches, feeds)


def test_static_table():
    with tf.Graph().as_default():
        table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["a", "b"], [1, 2]), -1)
        keys = tf.placeholder(tf.string, [None])
        found = table.lookup(keys)
        assert found.shape.as_list() == [None] and found.dtype == tf.int32
        with tf.Session() as session:
            with pytest.raises(tf.errors.FailedPreconditionError, match="Table not initialized."):
                session.run(found, {keys: ["a"]})
            session.run(table.initializer)
            session.run(table.initializer)
            assert session.run(found, {keys: ["b", "x", "a"]}).tolist() == [2, -1, 1]
            assert session.run(table.size()) == 2
            exported = session.run(table.export())
            assert sorted(zip(*[e.tolist() for e in exported])) == [(b"a", 1), (b"b", 2)]
        with pytest.raises(TypeError, match="Signature mismatch. Keys must be dtype <dtype: 'string'>"):
            table.lookup(tf.constant([1]))


def test_sparse_keys():
    with tf.Graph().as_default():
        table = lookup.index_table_from_tensor(["a", "b"], num_oov_buckets=1)
        keys = tf.SparseTensor([[0, 1], [2, 0]], ["b", "x"], [3, 2])
        found = _run(table.lookup(keys))
        assert found.values.tolist() == [1, 2] and found.indices.tolist() == [[0, 1], [2, 0]]


def test_repeated_keys():
    with tf.Graph().as_default(), tf.Session() as session:
        table = lookup.HashTable(lookup.KeyValueTensorInitializer(["a", "a"], [1, 2], value_dtype=tf.int64), -1)
        with pytest.raises(tf.errors.FailedPreconditionError, match="Key a has 1 and trying to add value 2"):
            session.run(table.init)


def test_files(words):
    with tf.Graph().as_default():
        to_index = lookup.index_table_from_file(words, vocab_size=2, num_oov_buckets=3)
        to_string = lookup.index_to_string_table_from_file(words)
        found, back = to_index.lookup(tf.constant(["salad", "tarkus"])), to_string.lookup(tf.constant([2, 9], tf.int64))
        assert [t.op.type for t in tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS)] == ["Const", "Const"]
        values = _run([found, back, to_index.size()])
        assert values[0][0] == 1 and 2 <= values[0][1] < 5 and values[1].tolist() == [b"surgery", b"UNK"] and values[2] == 5


def test_columns(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("7,a\n8,b\n")
    with tf.Graph().as_default():
        init = tf.lookup.TextFileInitializer(str(path), tf.string, 1, tf.int64, 0, delimiter=",")
        assert _run(tf.lookup.StaticHashTable(init, -1).lookup(tf.constant(["b", "c"]))).tolist() == [8, -1]


@pytest.mark.parametrize(
    "text, options, message",
    [
        ("a\n", {"vocab_size": 2}, "Invalid vocab_size in .*: expected 2 but got 1"),
        ("a\n\nb\n", {}, "empty line found at position"),
        ("a\n", {"key_column_index": 1}, r"Invalid number of columns in .* line 0 \(a\) : expected 1 got 1"),
        ("a\n", {"key_dtype": tf.int64}, "Field a in line 0 is not a valid int64."),
    ],
)
def test_files_refuse(tmp_path, text, options, message):
    path = tmp_path / "words.txt"
    path.write_text(text)
    with tf.Graph().as_default(), pytest.raises(tf.errors.InvalidArgumentError, match=message):
        lookup.index_table_from_file(str(path), **options)
        _run([])


def test_missing_file(tmp_path):
    with tf.Graph().as_default(), pytest.raises(tf.errors.NotFoundError, match="No such file or directory"):
        lookup.index_table_from_file(str(tmp_path / "absent.txt"))
        _run([])


@pytest.mark.parametrize("spec", [lookup.FastHashSpec, lookup.StrongHashSpec([1, 2]), lookup.HasherSpec("legacy", None)])
def test_buckets_only(spec):
    with tf.Graph().as_default():
        table = lookup.IdTableWithHashBuckets(None, num_oov_buckets=4, hasher_spec=spec)
        ids = _run(table.lookup(tf.constant(["a", "b", "c", "a"])))
        assert ids[0] == ids[3] and ids.min() >= 0 and ids.max() < 4


def test_mutable_table():
    with tf.Graph().as_default(), tf.Session() as session:
        table = lookup.MutableHashTable(tf.string, tf.int64, -1)
        found = table.lookup(["a", "b", "c"])
        session.run(table.insert(["a", "b"], [1, 2]))
        assert session.run(found).tolist() == [1, 2, -1]
        session.run(table.insert(["b", "c"], [5, 6]))
        session.run(table.remove(tf.constant(["a"])))
        assert session.run(found).tolist() == [-1, 5, 6] and session.run(table.size()) == 2
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"Expected shape \[2\] for value, got \[3\]"):
            session.run(table.insert(["a", "b"], [1, 2, 3]))


def test_vectors_as_values():
    with tf.Graph().as_default(), tf.Session() as session:
        table = lookup.MutableHashTable(tf.int64, tf.float32, [0.0, 0.0])
        session.run(table.insert(np.array([3], np.int64), [[1.0, 2.0]]))
        found = table.lookup(np.array([[3], [4]], np.int64))
        assert found.shape.as_list() == [2, 1, 2]
        np.testing.assert_array_equal(session.run(found), [[[1, 2]], [[0, 0]]])


def test_dense_table():
    """The buckets lie as TensorFlow's."""
    with tf.Graph().as_default(), tf.Session() as session:
        table = lookup.MutableDenseHashTable(tf.string, tf.int64, -1, "", "$", initial_num_buckets=8)
        session.run(table.insert(["a", "bcd", "some longer string of bytes", "z", "12345678"], [1, 2, 3, 4, 5]))
        session.run(table.remove(tf.constant(["bcd"])))
        keys, values = session.run(table.export())
        assert keys[:, 0].tolist() == [b"12345678", b"z", b"", b"", b"a", b"", b"$", b"some longer string of bytes"]
        assert values[:, 0].tolist() == [5, 4, 0, 0, 1, 0, 2, 3] and session.run(table.size()) == 4
        many = [str(i) for i in range(100)]
        session.run(table.insert(many, list(range(100))))
        assert session.run(table.lookup(many)).tolist() == list(range(100)) and session.run(table.size()) == 104
        with pytest.raises(tf.errors.InvalidArgumentError, match="Using the empty_key as a table key is not allowed"):
            session.run(table.lookup([""]))


def test_dense_table_of_vectors():
    with tf.Graph().as_default(), tf.Session() as session:
        table = lookup.MutableDenseHashTable(tf.int64, tf.int64, [-1, -1], [0, 0], [0, 1], initial_num_buckets=8)
        session.run(table.insert([[1, 2], [3, 4]], [[1, 2], [3, 4]]))
        found = table.lookup([[3, 4], [5, 6]])
        assert found.shape.as_list() == [2, 2] and session.run(found).tolist() == [[3, 4], [-1, -1]]
        assert session.run(table.export())[0].tolist()[3] == [1, 2]


@pytest.mark.parametrize("dense", [False, True])
def test_checkpoints(tmp_path, dense):
    def make():
        if dense:
            return lookup.MutableDenseHashTable(tf.string, tf.int64, -1, "", "$", name="t", initial_num_buckets=8)
        return lookup.MutableHashTable(tf.string, tf.int64, -1, name="t")

    with tf.Graph().as_default(), tf.Session() as session:
        table = make()
        session.run(table.insert(["a", "b"], [1, 2]))
        path = tf.train.Saver().save(session, str(tmp_path / "model"))
    with tf.Graph().as_default(), tf.Session() as session:
        table = make()
        session.run(table.insert(["c"], [3]))
        tf.train.Saver().restore(session, path)
        assert session.run(table.lookup(["a", "b", "c"])).tolist() == [1, 2, -1]


def test_eagerly(words):
    with tf.eager_mode():
        table = lookup.index_table_from_file(words, num_oov_buckets=1)
        assert table.lookup(tf.constant(["salad", "x"])).numpy().tolist() == [1, 3]
        mutable = lookup.MutableHashTable(tf.string, tf.int64, -1)
        mutable.insert(["a"], [1])
        assert mutable.lookup(["a", "b"]).numpy().tolist() == [1, -1] and mutable.size().numpy() == 1
        other = lookup.MutableHashTable(tf.string, tf.int64, -1)
        assert other.size().numpy() == 0


def test_tables_in_functions():
    with tf.eager_mode():
        table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(["a"], [7]), 0)
        assert tf.contrib.eager.defun(lambda k: table.lookup(k) + 1)(tf.constant(["a", "b"])).numpy().tolist() == [8, 1]
