"""Python functions as operations."""

import numpy as np
import pytest

import eagle as tf


def test_py_func():
    x = tf.placeholder(tf.float32, [2])
    y = tf.py_func(lambda a: a * 2, [x], tf.float32)
    z = tf.py_func(lambda a, b: [a + b, np.int64(a.size)], [x, y], [tf.float32, tf.int64])
    with tf.Session() as sess:
        doubled, (total, size) = sess.run([y, z], {x: [1, 2]})
    assert doubled.tolist() == [2, 4] and total.tolist() == [3, 6] and size == 2
    assert y.shape.ndims is None and y.op.type == "PyFunc"


@pytest.mark.parametrize(
    "raised,expected",
    [(ValueError, tf.errors.InvalidArgumentError), (StopIteration, tf.errors.OutOfRangeError), (KeyError, tf.errors.UnknownError)],
)
def test_errors_of_the_function(raised, expected):
    def fail(a):
        raise raised("no good")

    y = tf.py_func(fail, [tf.constant(1.0)], tf.float32)
    with tf.Session() as sess, pytest.raises(expected, match="no good"):
        sess.run(y)


def test_wrong_type():
    y = tf.py_func(lambda: np.float64(1.0), [], tf.float32)
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match="is double, but expects float"):
        sess.run(y)


def test_arguments_are_copies():
    x = tf.Variable([1.0, 2.0]) if hasattr(tf, "Variable") else tf.constant([1.0, 2.0])

    def write(a):
        a[:] = 0
        return a

    y = tf.py_func(write, [tf.identity(x)], tf.float32)
    with tf.Session() as sess:
        if hasattr(tf, "Variable"):
            sess.run(tf.global_variables_initializer())
        assert sess.run(y).tolist() == [0, 0] and sess.run(x).tolist() == [1, 2]


def test_py_function_has_a_gradient():
    x = tf.placeholder(tf.float32, [2])
    y = tf.py_function(lambda t: t * t * 3.0, [x], tf.float32)
    (g,) = tf.gradients(y, [x])
    with tf.Session() as sess:
        value, slope = sess.run([y, g], {x: [1, 2]})
    assert value.tolist() == [3, 12] and slope.tolist() == [6, 12]


def test_eagerly(eager):
    assert tf.py_func(lambda a: a + 1, [tf.constant(1.0)], tf.float32).numpy() == 2
    assert tf.py_function(lambda t: t * 2.0, [tf.constant(1.5)], tf.float32).numpy() == 3
