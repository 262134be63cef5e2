"""`tf.train.warm_start`, and matrices in the order of other vocabularies."""

import numpy as np
import pytest

import eagle as tf

OLD, NEW = ["mercury", "venus", "mars"], ["venus", "jupiter", "mercury"]
OLD_COLUMNS, NEW_COLUMNS = ["good", "better", "best"], ["good", "best", "fantastic"]
MATRIX = np.arange(9, dtype=np.float32).reshape(3, 3) + 100


@pytest.fixture(autouse=True)
def sess():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


@pytest.fixture
def checkpoint(tmp_path):
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.Variable(MATRIX, name="matrix")
        tf.Variable([1.0, 2.0], name="plain")
        tf.Variable(1, name="counter")
        sess.run(tf.global_variables_initializer())
        return tf.train.Saver().save(sess, str(tmp_path / "model"))


@pytest.fixture
def vocabulary(tmp_path):
    def write(words):
        path = tmp_path / ("_".join(words) + ".txt")
        path.write_text("".join(w + "\n" for w in words))
        return str(path)

    return write


def counting(shape):
    """An initializer that gives the natural numbers."""
    size = tf.reduce_prod(tf.convert_to_tensor(shape))
    return tf.reshape(tf.cast(tf.range(1, size + 1), tf.float32), shape)


def test_rows_and_columns_in_another_order(sess, checkpoint, vocabulary):
    rows = dict(old_row_vocab_file=vocabulary(OLD), new_row_vocab_file=vocabulary(NEW))
    columns = dict(old_col_vocab_file=vocabulary(OLD_COLUMNS), new_col_vocab_file=vocabulary(NEW_COLUMNS))
    load = tf.contrib.framework.load_and_remap_matrix
    both = load(checkpoint, "matrix", 0, 3, 3, counting, **rows, **columns)
    assert both.shape == [3, 3]
    assert sess.run(both).tolist() == [[103, 105, 1], [2, 3, 4], [100, 102, 5]]
    more = load(checkpoint, "matrix", 1, 2, 3, counting, num_row_oov_buckets=1, num_col_oov_buckets=1, **rows)
    assert sess.run(more).tolist() == [[1, 2, 3, 1], [100, 101, 102, 2], [1, 2, 3, 3]]
    fewer = load(checkpoint, "matrix", 0, 3, 3, counting, old_row_vocab_size=1, **rows)
    assert sess.run(fewer).tolist() == [[1, 2, 3], [4, 5, 6], [100, 101, 102]]
    only_columns = load(checkpoint, "matrix", 1, 2, 3, counting, **columns)
    assert sess.run(only_columns).tolist() == [[103, 105, 1], [106, 108, 2]]


def test_what_does_not_fit(sess, checkpoint, vocabulary):
    load, rows = (
        tf.contrib.framework.load_and_remap_matrix,
        dict(old_row_vocab_file=vocabulary(OLD), new_row_vocab_file=vocabulary(NEW)),
    )
    with pytest.raises(ValueError, match="num_row_oov_buckets must be >= 0"):
        load(checkpoint, "matrix", 0, 3, 3, counting, num_row_oov_buckets=-1, **rows)
    with pytest.raises(ValueError, match="old_row_vocab_file and new_row_vocab_file must both be specified"):
        load(checkpoint, "matrix", 0, 3, 3, counting, old_row_vocab_file="x")
    with pytest.raises(ValueError, match="Must provide either row or column vocab files"):
        load(checkpoint, "matrix", 0, 3, 3, counting)
    for arguments, message in (
        (("matrix", 0, 4, 3), "lookup table size must be larger than last new vocab entry's line"),
        (("matrix", 0, 3, 2), "where the size of its 2nd dimension is 3 instead of being equal to num_cols=2"),
        (("plain", 0, 3, 2), r"Tensor plain has shape \[2\] of invalid rank 1"),
        (("counter", 0, 3, 2), "Tensor counter has invalid type int32 instead of expected type float"),
    ):
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            sess.run(load(checkpoint, *arguments, counting, **rows))
    twice = dict(old_row_vocab_file=vocabulary(OLD), new_row_vocab_file=vocabulary(["mars", "mars"]))
    with pytest.raises(tf.errors.UnimplementedError, match="Old ID 2 is mapped to both new ID 0 and 1"):
        sess.run(load(checkpoint, "matrix", 0, 2, 3, counting, **twice))
    with pytest.raises(tf.errors.NotFoundError):
        sess.run(load(checkpoint, "nothing", 0, 3, 3, counting, **rows))


def test_variables_begin_with_a_checkpoint(sess, checkpoint, vocabulary):
    plain = tf.get_variable("plain", [2])
    renamed = tf.get_variable("renamed", [2])
    other = tf.get_variable("other", [2], initializer=tf.zeros_initializer())
    words = tf.get_variable("words", [4, 3], partitioner=tf.fixed_size_partitioner(2))
    info = tf.train.VocabInfo(vocabulary(NEW), 3, 1, vocabulary(OLD), backup_initializer=tf.ones_initializer())
    tf.train.warm_start(checkpoint, "plain|renamed|words", {"words": info}, {"renamed": "plain", "words": "matrix"})
    sess.run(tf.global_variables_initializer())
    assert [v.tolist() for v in sess.run([plain, renamed, other])] == [[1.0, 2.0], [1.0, 2.0], [0.0, 0.0]]
    assert sess.run(words.as_tensor()).tolist() == [[103, 104, 105], [1, 1, 1], [100, 101, 102], [1, 1, 1]]
    with pytest.raises(ValueError, match=r"variables in var_name_to_prev_var_name that were not used: \{'no'\}"):
        tf.train.warm_start(checkpoint, [plain], var_name_to_prev_var_name={"no": "plain"})
    with pytest.raises(ValueError, match="variables in var_name_to_vocab_info that were not used"):
        tf.train.warm_start(checkpoint, "plain", {"no": info})
    for bad in 3, [plain, "plain"]:
        with pytest.raises(ValueError, match="vars_to_warm_start"):
            tf.train.warm_start(checkpoint, bad)
    with pytest.raises(ValueError, match="The only supported values for the axis argument are 0 and 1"):
        tf.train.VocabInfo("a", 1, 0, "b", axis=2)


def test_from_a_checkpoint_of_objects(sess, tmp_path):
    root = tf.train.Checkpoint(attribute=tf.Variable([3.0], name="v", use_resource=True))
    sess.run(tf.global_variables_initializer())
    path = root.save(str(tmp_path / "x"), session=sess)
    with tf.Graph().as_default(), tf.Session() as other:
        v = tf.get_variable("v", [1])
        tf.train.warm_start(path)
        other.run(v.initializer)
        assert other.run(v).tolist() == [3.0]
        tf.get_variable("w", [1])
        with pytest.raises(ValueError, match=r"The following variables were missing: \{'w'\}"):
            tf.train.warm_start(path)
