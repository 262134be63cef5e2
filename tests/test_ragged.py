"""Ragged tensors: what the classes and functions do; values are TensorFlow's."""

import numpy as np
import pytest

import eagle as tf
from eagle.core import context

ROWS = [[3, 1, 4], [], [1, 5], [9]]


@pytest.fixture(params=["graph", "eager"])
def evaluate(request):
    """Runs a function in one of the modes; ragged tensors come as lists."""

    def value(x):
        if isinstance(x, tf.ragged.RaggedTensorValue):
            return x.to_list()
        if isinstance(x, tf.RaggedTensor):
            return x.to_list()
        return np.asarray(x.numpy() if hasattr(x, "numpy") else x).tolist()

    def run(function):
        if request.param == "eager":
            with context.eager_mode():
                return value(function())
        with tf.Graph().as_default(), tf.Session() as sess:
            return value(sess.run(function()))

    return run


def rows(**options):
    return tf.ragged.constant(ROWS, **options)


CASES = {
    "add": (lambda: rows() + rows(), [[6, 2, 8], [], [2, 10], [18]]),
    "add a number": (lambda: 1 + rows(), [[4, 2, 5], [], [2, 6], [10]]),
    "multiply a tensor": (lambda: tf.constant([[1], [2], [3], [4]]) * rows(), [[3, 1, 4], [], [3, 15], [36]]),
    "compare": (lambda: rows() > 3, [[False, False, True], [], [False, True], [True]]),
    "to_tensor": (lambda: rows().to_tensor(-1), [[3, 1, 4], [-1, -1, -1], [1, 5, -1], [9, -1, -1]]),
    "to_sparse": (lambda: rows().to_sparse().indices, [[0, 0], [0, 1], [0, 2], [2, 0], [2, 1], [3, 0]]),
    "from_sparse": (lambda: tf.RaggedTensor.from_sparse(rows().to_sparse()), ROWS),
    "from_tensor": (lambda: tf.RaggedTensor.from_tensor([[1, 0, 2, 0], [0, 0, 0, 0]], padding=0), [[1, 0, 2], []]),
    "lengths": (lambda: tf.RaggedTensor.from_tensor([[1, 2], [3, 4]], lengths=[1, 2]), [[1], [3, 4]]),
    "value_rowids": (lambda: tf.RaggedTensor.from_value_rowids([1, 2, 3], [0, 0, 2], nrows=4), [[1, 2], [], [3], []]),
    "row_lengths": (lambda: rows().row_lengths(), [3, 0, 2, 1]),
    "bounding_shape": (lambda: rows().bounding_shape(), [4, 3]),
    "reduce columns": (lambda: tf.reduce_sum(rows(), axis=0), [13, 6, 4]),
    "reduce rows": (lambda: tf.reduce_max(rows(row_splits_dtype=tf.int32), axis=1), [4, -(2**31), 5, 9]),
    "reduce all": (lambda: tf.reduce_prod(rows()), 540),
    "mean": (lambda: tf.reduce_mean(tf.cast(rows(), tf.float64), axis=0), [13 / 3, 3.0, 4.0]),
    "concat": (lambda: tf.concat([rows(), rows()], axis=1), [[3, 1, 4, 3, 1, 4], [], [1, 5, 1, 5], [9, 9]]),
    "concat a tensor": (lambda: tf.concat([tf.constant([[8, 8]]), rows()], axis=0), [[8, 8], *ROWS]),
    "concat no ragged": (lambda: tf.concat([tf.ragged.constant([[1]]), tf.constant([[2, 3]])], axis=1), [[1, 2, 3]]),
    "repeat rows": (lambda: tf.repeat(tf.constant([[1, 2], [3, 4]]), [1, 2], axis=0), [[1, 2], [3, 4], [3, 4]]),
    "repeat a scalar": (lambda: tf.repeat(3, [2]), [3, 3]),
    "gather a row": (lambda: tf.gather(rows(), 2), [1, 5]),
    "stack": (lambda: tf.ragged.stack([rows()[2:], [[7]]]), [[[1, 5], [9]], [[7]]]),
    "tile": (lambda: tf.tile(rows()[2:], [2, 2]), [[1, 5, 1, 5], [9, 9], [1, 5, 1, 5], [9, 9]]),
    "expand_dims": (lambda: tf.expand_dims(rows(), 2), [[[3], [1], [4]], [], [[1], [5]], [[9]]]),
    "gather": (lambda: tf.gather(rows(), [2, 0, 1]), [[1, 5], [3, 1, 4], []]),
    "gather_nd": (lambda: tf.gather_nd(rows(), [[0, 2], [3, 0]]), [4, 9]),
    "where": (lambda: tf.where(rows() > 3), [[0, 2], [2, 1], [3, 0]]),
    "mask": (lambda: tf.ragged.boolean_mask(rows(), rows() > 3), [[4], [], [5], [9]]),
    "row": (lambda: rows()[0], [3, 1, 4]),
    "slice": (lambda: rows()[1:3], [[], [1, 5]]),
    "columns": (lambda: rows()[:, :-1], [[3, 1], [], [1], []]),
    "range": (lambda: tf.ragged.range([0, 5], [3, 2], [1, -1]), [[0, 1, 2], [5, 4, 3]]),
    "partitions": (lambda: tf.ragged.stack_dynamic_partitions([1, 2, 3], [1, 0, 1], 3), [[2], [1, 3], []]),
    "strings": (lambda: tf.strings.length(tf.ragged.constant([["a", "bc"], []])), [[1, 2], []]),
    "join": (lambda: tf.strings.reduce_join(tf.ragged.constant([["a", "b"], ["c"]]), axis=1), [b"ab", b"c"]),
    "map": (lambda: tf.ragged.map_flat_values(lambda x: x * 2, rows()), [[6, 2, 8], [], [2, 10], [18]]),
    "split": (lambda: tf.strings.split(["a b", "c"], result_type="RaggedTensor"), [[b"a", b"b"], [b"c"]]),
    "split below": (lambda: tf.strings.split([["a b"], ["c"]], result_type="RaggedTensor"), [[[b"a", b"b"]], [[b"c"]]]),
    "bytes_split": (lambda: tf.strings.bytes_split(["abc", "d"]), [[b"a", b"b", b"c"], [b"d"]]),
    "ngrams": (lambda: tf.strings.ngrams(tf.ragged.constant([["a", "b", "c"], ["d"]]), 2), [[b"a b", b"b c"], []]),
    "padded ngrams": (lambda: tf.strings.ngrams(["a"], 2, pad_values="-"), [b"- a", b"a -"]),
    "decode": (lambda: tf.strings.unicode_decode(["a\u00e9", "c"], "UTF-8"), [[97, 233], [99]]),
    "decode a scalar": (lambda: tf.strings.unicode_decode("ab", "UTF-8"), [97, 98]),
    "offsets": (lambda: tf.strings.unicode_decode_with_offsets(["\u00e9b"], "UTF-8")[1], [[0, 2]]),
    "encode": (lambda: tf.strings.unicode_encode(tf.ragged.constant([[97, 98], []]), "UTF-8"), [b"ab", b""]),
    "encode a vector": (lambda: tf.strings.unicode_encode([97, 98], "UTF-8"), b"ab"),
    "unicode_split": (lambda: tf.strings.unicode_split(["a\u00e9"], "UTF-8"), [[b"a", b"\xc3\xa9"]]),
    "size": (lambda: tf.size(rows()), 6),
    "rank": (lambda: tf.rank(rows()), 2),
    "segments": (lambda: tf.math.unsorted_segment_sum(rows(), [0, 1, 0, 1], 2), [[4, 6, 4], [9]]),
}


@pytest.mark.parametrize("name", CASES)
def test_values(evaluate, name):
    function, expected = CASES[name]
    assert evaluate(function) == expected


def test_printed_forms():
    with context.eager_mode():
        assert repr(rows()) == "<tf.RaggedTensor [[3, 1, 4], [], [1, 5], [9]]>"
    value = tf.ragged.constant_value([[1], []])
    assert str(value) == "<tf.RaggedTensorValue [[1], []]>" and value.shape == (2, None)


def test_feed_and_fetch():
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.ragged.placeholder(tf.int32, 1)
        fed = tf.ragged.constant_value(ROWS, dtype=np.int32)
        assert sess.run(x + 1, {x: fed}).to_list() == [[4, 2, 5], [], [2, 6], [10]]


def test_gradient_goes_through_ragged_ops():
    with context.eager_mode():
        values = tf.constant([1.0, 2.0, 3.0])
        with tf.GradientTape() as tape:
            tape.watch(values)
            rt = tf.RaggedTensor.from_row_splits(values, [0, 2, 2, 3])
            y = tf.reduce_sum(tf.square(tf.gather(rt, [0, 0])).flat_values)
        g = tf.convert_to_tensor(tape.gradient(y, values))
        assert g.numpy().tolist() == [4.0, 8.0, 0.0]


def test_a_function_taken_before_takes_ragged_tensors():
    import subprocess
    import sys

    code = (
        "import eagle as tf; f = tf.reduce_sum; tf.enable_eager_execution(); print(f(tf.ragged.constant([[1, 2], []]), 1).numpy())"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[3 0]"


@pytest.mark.parametrize(
    "function, error, text",
    [
        (lambda: tf.RaggedTensor(None, None), ValueError, "constructor is private"),
        (lambda: tf.ragged.constant([1, [2]]), ValueError, "all scalar values must have the same nesting depth"),
        (lambda: bool(rows()), TypeError, "may not be used as a boolean"),
        (lambda: rows()[:, 0], ValueError, "Cannot index into an inner ragged dimension"),
        (lambda: tf.convert_to_tensor(rows()), TypeError, "Failed to convert object of type"),
        (lambda: tf.reduce_sum(rows(), 1, keepdims=True), ValueError, "keepdims=True is not supported"),
        (lambda: rows() + rows(row_splits_dtype=tf.int32), ValueError, "mismatched row_splits dtypes"),
    ],
)
def test_errors(function, error, text):
    with tf.Graph().as_default(), pytest.raises(error, match=text):
        function()


def test_a_tensor_that_was_an_operand_before_meets_a_ragged_one():
    """The short cut for types seen before takes a ragged tensor for no variable."""
    with context.eager_mode():
        x = tf.constant([[1], [2]])
        assert (x * x).numpy().tolist() == [[1], [4]]
        assert (x * tf.ragged.constant([[1, 2], [3]])).to_list() == [[1, 2], [6]]


@pytest.mark.parametrize("starts,limits,deltas", [([1, 2], [1, 2, 3], 1), ([1, 2], [3, 4], [1, 1, 1]), (1, [3, 4], [1])])
def test_ranges_that_do_not_fit(evaluate, starts, limits, deltas):
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError)):
        evaluate(lambda: tf.ragged.range(starts, limits, deltas))


def test_repeats_that_do_not_fit():
    with pytest.raises(ValueError, match="Dimensions 2 and 3 are not compatible"), tf.Graph().as_default():
        tf.repeat([1, 2], [1, 2, 3])
    with pytest.raises(TypeError, match="repeats must be an integer tensor"), tf.Graph().as_default():
        tf.repeat([1, 2], [1.0, 2.0])
