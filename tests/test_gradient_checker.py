"""`tf.test.compute_gradient` in its two forms, and runs in which constants are fed."""

import numpy as np
import pytest

import eagle as tf
from eagle.testing.gradient_checker import compute_gradient_v2


@pytest.mark.parametrize("dtype", [tf.float32, tf.float64, tf.complex64])
def test_jacobians_of_a_graph_agree(dtype):
    x = tf.constant(np.array([[1.0, 2.0, 3.0]]), dtype)
    with tf.Session():
        by_gradients, by_differences = tf.test.compute_gradient(x, [1, 3], tf.square(x) * x, [1, 3], delta=1e-2)
        assert by_gradients.shape == by_differences.shape == ((6, 6) if dtype.is_complex else (3, 3))
        np.testing.assert_allclose(by_gradients, by_differences, atol=2e-2)


def test_error_is_that_of_the_worst_argument():
    x, y = tf.constant([1.0, 2.0]), tf.constant([3.0, 4.0])
    with tf.Session():
        product = x * y
        good = tf.test.compute_gradient_error([x, y], [[2], [2]], product, [2], x_init_value=[np.ones(2, "f"), np.ones(2, "f")])
        assert good < 1e-3
        wrong = x * tf.stop_gradient(x)
        assert tf.test.compute_gradient_error(x, [2], wrong, [2], x_init_value=np.ones(2, "f")) == pytest.approx(1, abs=1e-2)


def test_rows_of_a_gather_are_added_up():
    x = tf.constant(np.arange(6.0).reshape(3, 2))
    with tf.Session():
        assert tf.test.compute_gradient_error(x, [3, 2], tf.gather(x, [0, 2, 0]), [3, 2]) < 1e-6


def test_a_function_eagerly_and_in_a_graph():
    def cube(x):
        return x * x * x

    with tf.eager_mode():
        eager = compute_gradient_v2(cube, [np.array([1.0, 2.0])])
    with tf.Session():
        graph = compute_gradient_v2(cube, [np.array([1.0, 2.0])])
    for (by_gradients,), (by_differences,) in (eager, graph):
        np.testing.assert_allclose(by_gradients, np.diag([3.0, 12.0]))
        np.testing.assert_allclose(by_differences, np.diag([3.0, 12.0]), rtol=1e-5)
    with pytest.raises(ValueError, match="must be a list"):
        compute_gradient_v2(cube, np.array([1.0]))


def test_what_follows_from_a_constant_follows_from_what_is_fed_for_it():
    x, shape = tf.constant([1.0, 2.0]), tf.constant([2, 1])
    y, z = x * 2.0, tf.reshape(x, shape)
    with tf.Session() as sess:
        np.testing.assert_allclose(sess.run(y), [2, 4])
        np.testing.assert_allclose(sess.run(y, {x: [3.0, 4.0]}), [6, 8])
        np.testing.assert_allclose(sess.run(z, {x: [3.0, 4.0]}), [[3], [4]])
        np.testing.assert_allclose(sess.run(y), [2, 4])
