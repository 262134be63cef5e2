"""TensorArray in both modes: reading and writing, shapes, gradients, errors."""

import numpy as np
import pytest

import eagle as tf


def run(fetches, feeds=None):
    with tf.Session() as sess:
        return sess.run(fetches, feeds or {})


def value(t):
    return t.numpy() if tf.executing_eagerly() else run(t)


@pytest.fixture(params=["graph", "eager"])
def either_mode(request):
    if request.param == "eager":
        tf.enable_eager_execution()


def test_write_read_stack(either_mode):
    ta = tf.TensorArray(tf.float32, size=3)
    ta = ta.write(0, [1.0, 2.0]).write(2, [5.0, 6.0]).write(1, [3.0, 4.0])
    assert value(ta.stack()).tolist() == [[1, 2], [3, 4], [5, 6]]
    assert value(ta.size()) == 3


def test_unstack_gather_scatter(either_mode):
    ta = tf.TensorArray(tf.int32, size=4, clear_after_read=False).unstack([1, 2, 3, 4])
    assert value(ta.gather([3, 0])).tolist() == [4, 1]
    ta = tf.TensorArray(tf.int32, size=4).scatter([1, 3, 0, 2], [10, 11, 12, 13])
    assert value(ta.stack()).tolist() == [12, 10, 13, 11]


def test_split_concat(either_mode):
    ta = tf.TensorArray(tf.float32, size=3, infer_shape=False).split([1.0, 2.0, 3.0], [1, 0, 2])
    assert value(ta.concat()).tolist() == [1, 2, 3]


def test_dynamic_size(either_mode):
    ta = tf.TensorArray(tf.float32, size=0, dynamic_size=True)
    for i in range(4):
        ta = ta.write(i, float(i))
    assert value(ta.size()) == 4 and value(ta.stack()).tolist() == [0, 1, 2, 3]


def test_an_element_not_written_is_zero(either_mode):
    ta = tf.TensorArray(tf.float32, size=2, element_shape=[2]).write(1, [1.0, 2.0])
    assert value(ta.stack()).tolist() == [[0, 0], [1, 2]]


def test_static_shapes():
    ta = tf.TensorArray(tf.float32, size=2).write(0, tf.placeholder(tf.float32, [3, None]))
    assert ta.read(0).shape.as_list() == [3, None] and ta.stack().shape.as_list() == [None, 3, None]
    with pytest.raises(ValueError):
        ta.write(1, tf.constant([1.0]))


@pytest.mark.parametrize(
    "use,error",
    [
        (lambda: tf.TensorArray(tf.float32, size=2).write(2, 1.0).stack(),
         "Tried to write to index 2 but array is not resizeable and size is: 2"),
        (lambda: tf.TensorArray(tf.float32, size=2).write(-1, 1.0).stack(), "Tried to write to index -1"),
        (lambda: tf.TensorArray(tf.float32, size=2).write(0, 1.0).write(0, 1.0).stack(), "because it has already been written to"),
        (lambda: tf.TensorArray(tf.float32, size=2).read(0), "Could not read from TensorArray index 0"),
    ],
)  # fmt: skip
def test_errors_when_run(use, error):
    with pytest.raises(tf.errors.InvalidArgumentError, match=error):
        run(use())


def test_wrong_type():
    with pytest.raises(TypeError):
        tf.TensorArray(tf.float32, size=2).write(0, tf.constant(1))


def test_read_twice():
    ta = tf.TensorArray(tf.float32, size=1).write(0, 1.0)
    with pytest.raises(tf.errors.InvalidArgumentError, match="because it was cleared after a previous read"):
        first = ta.read(0)
        with tf.control_dependencies([first]):
            run(ta.read(0) + first)


def test_gradients():
    x = tf.placeholder(tf.float64, [3])
    ta = tf.TensorArray(tf.float64, size=3, clear_after_read=False).unstack(x)
    y = ta.read(0) * ta.read(1) + tf.reduce_sum(ta.gather([2, 2]) ** 3)
    g = tf.gradients(y, x)[0]
    gg = tf.gradients(g, x)[0]
    found, slope, curve = run([y, g, gg], {x: [2, 3, 4]})
    assert found == 134 and slope.tolist() == [3, 2, 96] and curve.tolist() == [1, 1, 48]


def test_gradients_through_a_loop():
    x = tf.placeholder(tf.float64, [4])
    ta = tf.TensorArray(tf.float64, size=4).unstack(x)
    out = tf.TensorArray(tf.float64, size=4)

    def turn(i, total, out):
        total += ta.read(i) ** 2
        return i + 1, total, out.write(i, total)

    _, _, out = tf.while_loop(lambda i, *_: i < 4, turn, [tf.constant(0), tf.constant(0.0, tf.float64), out])
    y = out.stack()
    g = tf.gradients(y, x)[0]
    gg = tf.gradients(g, x)[0]
    found, slope, curve = run([y, g, gg], {x: [1, 2, 3, 4]})
    assert found.tolist() == [1, 5, 14, 30]
    np.testing.assert_allclose(slope, [8, 12, 12, 8])
    np.testing.assert_allclose(curve, [8, 6, 4, 2])


def test_gradients_of_split_and_concat():
    x = tf.placeholder(tf.float64, [3])
    ta = tf.TensorArray(tf.float64, size=2, infer_shape=False).split(x, [1, 2])
    y = tf.reduce_sum(ta.concat() ** 2)
    assert run(tf.gradients(y, x)[0], {x: [1, 2, 3]}).tolist() == [2, 4, 6]


def test_grad_method():
    x = tf.constant([1.0, 2.0])
    ta = tf.TensorArray(tf.float32, size=2, clear_after_read=False).unstack(x)
    y = ta.read(0) * 3.0
    gradient = ta.grad("gradients")
    gradient = gradient.write(0, 5.0).write(0, 2.0)  # writing adds
    assert run(gradient.read(0)) == 7 and run(y) == 3


def test_eager_gradients():
    tf.enable_eager_execution()
    x = tf.constant([1.0, 2.0, 3.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        ta = tf.TensorArray(tf.float32, size=3).unstack(x)
        y = ta.read(1) * ta.read(2)
    assert tape.gradient(y, x).numpy().tolist() == [0, 3, 2]
