"""Optimizers of `tf.contrib.opt`."""

import numpy as np
import pytest

import eagle as tf
from eagle.core.context import eager_mode

opt = tf.contrib.opt
RESOURCE = pytest.mark.parametrize("resource", [False, True])


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default():
        yield


def steps(optimizer, pairs, n=3, **kwargs):
    """The values of the variables after some steps."""
    train = optimizer.apply_gradients(pairs, **kwargs)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(n):
            sess.run(train)
        return sess.run([v for _, v in pairs])


def values(resource, dtype=tf.float32):
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], dtype=dtype, use_resource=resource)
    slices = tf.IndexedSlices(tf.constant([[0.1, 0.2], [0.5, 0.1]], dtype), tf.constant([2, 0]), tf.constant([3, 2]))
    return slices, v


@RESOURCE
def test_lazy_adam(resource):
    slices, v = values(resource)
    p = tf.Variable([1.0, 2.0], use_resource=resource)
    rows, dense = steps(opt.LazyAdamOptimizer(0.1), [(slices, v), (tf.constant([0.5, 0.1]), p)])
    # rows of a gradient step as those of Adam do, others stay
    np.testing.assert_allclose(rows, [[0.7, 1.7], [3.0, 4.0], [4.7, 5.7]], rtol=1e-5)
    np.testing.assert_allclose(dense, [0.7, 1.7], rtol=1e-5)


def test_lazy_adam_is_lazy():
    index, v = tf.placeholder(tf.int32, [1]), tf.Variable([1.0, 1.0], use_resource=True)
    train = opt.LazyAdamOptimizer(0.1).apply_gradients([(tf.IndexedSlices(tf.constant([1.0]), index, tf.constant([2])), v)])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train, {index: [0]})
        first = sess.run(v)
        sess.run(train, {index: [1]})
        assert sess.run(v)[0] == first[0] and first[1] == 1.0


@RESOURCE
def test_weights_that_decay(resource):
    pairs = [values(resource), (tf.constant([0.5]), tf.Variable([2.0], use_resource=resource))]
    rows, dense = steps(opt.MomentumWOptimizer(0.1, 1.0, 0.0), pairs, 1)
    np.testing.assert_allclose(rows, [[0.9 - 0.5, 1.8 - 0.1], [3.0, 4.0], [4.5 - 0.1, 5.4 - 0.2]], rtol=1e-5)
    np.testing.assert_allclose(dense, [1.8 - 0.5], rtol=1e-5)


@RESOURCE
def test_only_some_variables_decay(resource):
    pairs = [values(resource), (tf.constant([0.5]), tf.Variable([2.0], use_resource=resource))]
    rows, dense = steps(opt.MomentumWOptimizer(lambda: 0.1, 1.0, 0.0), pairs, 1, decay_var_list=[pairs[1][1]])
    np.testing.assert_allclose(rows, [[0.5, 1.9], [3.0, 4.0], [4.9, 5.8]], rtol=1e-5)
    np.testing.assert_allclose(dense, [1.3], rtol=1e-5)


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_adam_with_decay_as_tensorflow(dtype):
    v, w = tf.Variable(np.array([1.0, 2.0], dtype)), tf.Variable(np.array([3.0, 4.0], dtype))
    pairs = [(tf.constant(np.array([0.1, 0.1], dtype)), v), (tf.constant(np.array([0.01, 0.01], dtype)), w)]
    found = steps(opt.AdamWOptimizer(0.01), pairs)
    expected = {  # of TensorFlow 1.15
        "float16": [[0.968, 1.938], [2.912, 3.883]],
        "float32": [[0.9673289, 1.9376277], [2.907927, 3.8782263]],
    }[dtype]
    np.testing.assert_allclose(found, expected, rtol=1e-3 / 4 if dtype == "float16" else 1e-6)


def test_extending_an_optimizer():
    cls = opt.extend_with_decoupled_weight_decay(tf.train.GradientDescentOptimizer)
    optimizer = cls(weight_decay=0.5, learning_rate=1.0)
    assert isinstance(optimizer, opt.DecoupledWeightDecayExtension) and isinstance(optimizer, tf.train.Optimizer)
    assert steps(optimizer, [(tf.constant(0.25), tf.Variable(4.0))], 2) == [0.625]
    v = tf.Variable(4.0, name="m")
    train = cls(0.5, learning_rate=1.0).minimize(0.25 * v, var_list=[v])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        assert sess.run(v) == 1.75


def test_eager_decay():
    with eager_mode():
        v = tf.contrib.eager.Variable([1.0, 2.0])
        opt.AdamWOptimizer(0.01).apply_gradients([(tf.constant([0.1, 0.1]), v)])
        np.testing.assert_allclose(v.numpy(), [0.989, 1.979], rtol=1e-5)


@RESOURCE
def test_checkpoints_of_averages(tmp_path, resource):
    v = tf.Variable([1.0, 2.0], name="v", use_resource=resource)
    p = tf.get_variable("p", [4], partitioner=tf.fixed_size_partitioner(2), initializer=tf.ones_initializer(),
                        use_resource=resource)  # fmt: skip
    optimizer = opt.MovingAverageOptimizer(tf.train.GradientDescentOptimizer(2.0), 0.5)
    with pytest.raises(RuntimeError, match="Must call apply_gradients or minimize before creating the swapping_saver"):
        optimizer.swapping_saver()
    train = optimizer.minimize(tf.reduce_sum(v * [0.1, 0.2]) + tf.reduce_sum(tf.convert_to_tensor(p)))
    with pytest.raises(ValueError, match="Variable to swap v/ExponentialMovingAverage is not part of variables to save"):
        optimizer.swapping_saver([v])
    with pytest.raises(ValueError, match="Variable to swap p/part_0/ExponentialMovingAverage is not part"):
        optimizer.swapping_saver(list(p))
    swapping, plain = optimizer.swapping_saver(), tf.train.Saver()
    path = str(tmp_path / "model")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train)
        before = sess.run(tf.global_variables())
        swapping.save(sess, path)
        sess.run(tf.global_variables_initializer())
        swapping.restore(sess, path)
        for a, b in zip(before, sess.run(tf.global_variables())):
            np.testing.assert_array_equal(a, b)
        plain.restore(sess, path)
        np.testing.assert_allclose(sess.run(v), [0.9, 1.8], rtol=1e-6)
        np.testing.assert_allclose(sess.run(tf.convert_to_tensor(p)), [0.0] * 4)
    np.testing.assert_allclose(tf.train.load_variable(path, "v"), [0.9, 1.8], rtol=1e-6)
    np.testing.assert_allclose(tf.train.load_variable(path, "v/ExponentialMovingAverage"), [0.8, 1.6], rtol=1e-6)


# ---------------------------------------------------------------------------------------------------------------- Shampoo

GRADIENTS = np.random.RandomState(3).standard_normal((3, 4, 2)).astype(np.float32)  # of three steps


def root(matrix, power, epsilon=1e-4):
    """A symmetric matrix, with something added to its diagonal, to a power."""
    values, vectors = np.linalg.eigh(matrix.astype(np.float64) + epsilon * np.eye(len(matrix)))
    return vectors * np.maximum(values, epsilon) ** power @ vectors.T


def shampoo(resource, shape=(4, 2), **kwargs):
    """The values of a variable after each of three steps."""
    step, p = tf.train.get_or_create_global_step(), tf.placeholder(tf.float32, shape)
    v = tf.Variable(tf.ones(shape), use_resource=resource)
    train = opt.ShampooOptimizer(global_step=step, learning_rate=0.5, **kwargs).apply_gradients([(p, v)], global_step=step)
    found = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for g in GRADIENTS:
            sess.run(train, {p: g.reshape(shape)})
            found.append(sess.run(v))
    return found


@RESOURCE
@pytest.mark.parametrize("iterative", [False, True])
def test_shampoo(resource, iterative):
    v, left, right = np.ones((4, 2)), np.zeros((4, 4)), np.zeros((2, 2))
    for g, found in zip(GRADIENTS, shampoo(resource, use_iterative_root=iterative)):
        left, right = left + g @ g.T, right + g.T @ g
        v -= 0.5 * root(left / 4, -0.25) @ g @ root(right / 2, -0.25)
        np.testing.assert_allclose(found, v, atol=2e-2 if iterative else 2e-3)


def test_shampoo_with_momentum_and_rare_powers():
    v, bar, left, right = np.ones((4, 2)), np.zeros((4, 2)), np.zeros((4, 4)), np.zeros((2, 2))
    found = shampoo(True, gbar_decay=0.9, gbar_weight=lambda t: 0.1 * t, mat_gbar_decay=0.5, svd_interval=2)
    roots = np.eye(4), np.eye(2)
    for t, (g, now) in enumerate(zip(GRADIENTS, found), 1):
        bar = 0.9 * bar + 0.1 * t * g
        left, right = 0.5 * left + g @ g.T, 0.5 * right + g.T @ g
        if t % 2 == 0:
            roots = root(left / 4, -0.25), root(right / 2, -0.25)
        v -= 0.5 * roots[0] @ bar @ roots[1]
        np.testing.assert_allclose(now, v, atol=2e-3)


@RESOURCE
def test_shampoo_of_large_dimensions(resource):
    v, rows, right = np.ones((4, 2)), np.zeros(4), np.zeros((2, 2))
    for g, found in zip(GRADIENTS, shampoo(resource, max_matrix_size=3)):
        rows, right = rows + (g * g).sum(1) / 4, right + g.T @ g
        v -= 0.5 * (rows**-0.25)[:, None] * g @ root(right / 2, -0.25)
        np.testing.assert_allclose(found, v, atol=2e-3)


@RESOURCE
@pytest.mark.parametrize("size", [2, 100])
def test_shampoo_of_slices(resource, size):
    v = tf.Variable([1.0] * 4, use_resource=resource)
    slices = tf.IndexedSlices(tf.constant([3.0, 4.0]), tf.constant([3, 0]), tf.constant([4]))
    (found,) = steps(opt.ShampooOptimizer(learning_rate=0.5, max_matrix_size=size), [(slices, v)], 1)
    if size == 2:
        expected = [0.5, 1.0, 1.0, 0.5]
    else:
        g = np.array([4.0, 0.0, 0.0, 3.0])
        expected = 1 - 0.5 * root(np.outer(g, g) / 4, -0.5) @ g
    np.testing.assert_allclose(found, expected, atol=1e-3)
