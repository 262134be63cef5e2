"""Assertions: what they say when they fail, in graphs and eagerly."""

import numpy as np


def _message(tf, call):
    try:
        result = call()
    except (tf.errors.InvalidArgumentError, TypeError, ValueError) as e:
        return [type(e).__name__, str(e).split("\n\t [[")[0].split("\nOriginal stack")[0]]
    return "a tensor" if tf.is_tensor(result) else "an operation" if hasattr(result, "node_def") else str(result)


def _calls(tf):
    x, y = tf.constant([1.0, 2.0, 3.0, 4.0, 5.0]), tf.constant([1.0, 2.5, 3.0, 3.0, 5.5])
    matrix, scalar = tf.constant([[1, -2], [3, 4]]), tf.constant(2)
    d = tf.debugging
    return [
        lambda: d.assert_equal(x, y), lambda: d.assert_equal(x, y, message="no"), lambda: d.assert_equal(x, 1.0, summarize=2),
        lambda: d.assert_equal(x, y, data=["a", x, 3], summarize=2), lambda: d.assert_equal(x, y, summarize=-1),
        lambda: d.assert_equal(x, y, summarize=0), lambda: d.assert_equal(x, x), lambda: d.assert_equal(scalar, 3),
        lambda: d.assert_none_equal(x, y), lambda: d.assert_less(x, y), lambda: d.assert_less_equal(x, y, message="no"),
        lambda: d.assert_greater(x, y), lambda: d.assert_greater_equal(x, y), lambda: d.assert_less(matrix, [[2, 2], [2, 5]]),
        lambda: d.assert_negative(matrix), lambda: d.assert_positive(matrix, message="no"), lambda: d.assert_non_negative(matrix),
        lambda: d.assert_non_positive(matrix), lambda: d.assert_positive(x), lambda: d.assert_less(tf.constant([]), 1.0),
        lambda: d.assert_near(x, y), lambda: d.assert_near(x, x + 1e-8), lambda: d.assert_near(x, y, 0.1, 0.1, message="no"),
        lambda: d.assert_rank(matrix, 1), lambda: d.assert_rank(matrix, 1, message="no"), lambda: d.assert_rank(matrix, [1]),
        lambda: d.assert_rank(matrix, 2), lambda: d.assert_rank(matrix, 1.5), lambda: d.assert_rank_at_least(matrix, 3),
        lambda: d.assert_rank_in(matrix, (1, 3)), lambda: d.assert_rank_in(matrix, (1, 2)), lambda: d.assert_rank_in(matrix, [[1]]),
        lambda: d.assert_type(x, tf.int32, message="no"), lambda: d.assert_type(x, tf.float32), lambda: d.assert_integer(x),
        lambda: d.assert_integer(scalar), lambda: d.assert_scalar(x, message="no "), lambda: d.assert_scalar(scalar),
        lambda: d.assert_same_float_dtype([x, y]), lambda: d.assert_same_float_dtype([x, y], tf.float64),
        lambda: d.assert_same_float_dtype([scalar]), lambda: d.assert_same_float_dtype(),
        lambda: d.assert_proper_iterable(np.ones(2)),
        lambda: d.assert_proper_iterable("text"), lambda: d.assert_proper_iterable(3), lambda: d.assert_proper_iterable([x]),
        lambda: d.assert_shapes([(x, ("N",)), (matrix, ("N", "N"))]), lambda: d.assert_shapes([(x, (3,))], message="no"),
        lambda: d.assert_shapes([(x, (5,)), (matrix, ("D", "D")), (scalar, ())]), lambda: d.assert_shapes([(x, 3)]),
        lambda: d.assert_shapes([(matrix, ("N", ...))]), lambda: d.assert_shapes([(matrix, ("*", 3))]),
        lambda: d.assert_shapes([(matrix, ("A", "B", "C"))]), lambda: d.assert_shapes([(matrix, ("A",))]),
        lambda: d.is_non_decreasing("text"), lambda: d.is_numeric_tensor(matrix), lambda: d.is_numeric_tensor([1]),
    ]  # fmt: skip


def messages_of_construction(tf):
    return {"messages": [_message(tf, c) for c in _calls(tf)]}


def eager_messages(tf):
    # TensorFlow puts an address into the message if a tensor is shown as an object; none of these does.
    return {"messages": [_message(tf, c) for c in _calls(tf)]}


def messages_of_runs(tf):
    x, y = tf.placeholder(tf.float32, name="x"), tf.placeholder(tf.float32, name="y")
    rank = tf.placeholder(tf.int32, name="rank")
    d = tf.debugging
    checks = [
        d.assert_equal(x, y), d.assert_less(x, y, message="no"), d.assert_greater_equal(x, y, data=["only this", x], summarize=2),
        d.assert_positive(x), d.assert_non_positive(x, summarize=-1), d.assert_near(x, y, 0.1, 0.1),
        d.assert_rank(x, 2), d.assert_rank_at_least(x, 2, message="no"), d.assert_rank_in(x, (0, 2)), d.assert_rank(x, rank),
        d.assert_shapes([(x, ("*", "N")), (y, (..., "N"))]), d.assert_shapes([(x, ("*", 2))]),
    ]  # fmt: skip
    feeds = [
        {x: [1.0, 2.0, 3.0, 4.0], y: [1.0, 2.0, 3.5, 4.0], rank: 1},
        {x: [-1.0, -2.0], y: [1.0, 2.0], rank: 2},
        {x: [[1.0, 2.0]], y: [[3.0], [1.0]], rank: [2]},
        {x: 1.0, y: [1.0], rank: 0},
    ]
    with tf.Session() as sess:
        return {"messages": [[_message(tf, lambda: sess.run(check, feed)) for check in checks] for feed in feeds]}


def order(tf):
    cases = [[], [1], [1, 1], [1, 2], [2, 1], [[1, 2], [3, 3]], [1.0, 1.5, 1.25]]
    with tf.Session() as sess:
        return {"falls not": [bool(sess.run(tf.debugging.is_non_decreasing(np.array(c)))) for c in cases],
                "rises": [bool(sess.run(tf.debugging.is_strictly_increasing(np.array(c)))) for c in cases]}  # fmt: skip


def waits_for_constants(tf):
    """An operation on constants still waits for what they wait for."""
    x = tf.placeholder(tf.float32, [])
    with tf.control_dependencies([tf.assert_positive(x, message="no")]):
        five = tf.constant(2) + 3
    with tf.Session() as sess:
        return {"five": int(sess.run(five * 1, {x: 1.0})), "message": _message(tf, lambda: sess.run(five * 1, {x: -1.0}))}
