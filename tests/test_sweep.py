"""How the reverse sweep adds gradients up: in place where nobody else has the array, and later where that costs less."""

import numpy as np
import pytest

import eagle as tf
from eagle.core import backprop, nest
from eagle.core.backprop import sum_value_to_shape
from eagle.onednn.library import address


def _matrix(seed, *shape):
    return np.random.RandomState(seed).randn(*shape).astype(np.float32)


@pytest.mark.parametrize("waiting", [1 << 22, 30, 0])
def test_a_matrix_of_several_products(eager, monkeypatch, waiting):
    monkeypatch.setattr(backprop.Deferred, "MOST", waiting)
    xs = [_matrix(i, 2 + i, 3) for i in range(5)]
    w, scale = tf.Variable(_matrix(9, 3, 4)), tf.constant([1.0, 2.0, 3.0, 4.0])
    with tf.GradientTape() as tape:
        loss = tf.add_n([tf.reduce_sum(tf.matmul(x, w) * scale) for x in xs])
    wanted = sum(x.sum(0) for x in xs)[:, None] * scale.numpy()
    np.testing.assert_allclose(tape.gradient(loss, w).numpy(), wanted, rtol=1e-5)


def test_products_beside_other_gradients(eager):
    x, w = _matrix(0, 2, 3), tf.Variable(_matrix(1, 3, 2))
    with tf.GradientTape(persistent=True) as tape:
        product = tf.reduce_sum(tf.matmul(x, w)) + tf.reduce_sum(tf.matmul(x, w))
        squares = tf.reduce_sum(w * w)
        rows = tf.reduce_sum(tf.gather(w, [2, 0, 2]))
        all_of_them = product + squares + rows
    of_product = np.repeat(2 * x.sum(0)[:, None], 2, 1)
    of_rows = np.array([[1, 1], [0, 0], [2, 2]])
    dense = of_product + 2 * w.numpy()
    np.testing.assert_allclose(tape.gradient(product, w).numpy(), of_product, rtol=1e-5)
    np.testing.assert_allclose(tf.convert_to_tensor(tape.gradient(all_of_them, w)).numpy(), dense + of_rows, rtol=1e-5)


def test_products_of_a_tensor_in_between(eager):
    """A target in between is put off too; what was kept of it is its value."""
    x, v = _matrix(0, 2, 3), tf.Variable(_matrix(1, 3, 2))
    with tf.GradientTape() as tape:
        w = v * 2.0
        loss = tf.reduce_sum(tf.matmul(x, w)) + tf.reduce_sum(tf.matmul(x + 1, w))
    of_w, of_v = tape.gradient(loss, [w, v])
    wanted = np.repeat((2 * x + 1).sum(0)[:, None], 2, 1)
    np.testing.assert_allclose(of_w.numpy(), wanted, rtol=1e-5)
    np.testing.assert_allclose(of_v.numpy(), 2 * wanted, rtol=1e-5)


def test_gradients_that_share_an_array_stay_apart(eager):
    """The gradient passes through additions as it is; adding to one tensor's changes no other's."""
    x, y = tf.constant(_matrix(0, 3, 3)), tf.constant(_matrix(1, 3, 3))
    seed = tf.constant(_matrix(2, 3, 3))
    with tf.GradientTape() as tape:
        tape.watch([x, y])
        a = x + y
        b = a + x
        c = b * 1.0 + x
    of_a, of_b, of_x, of_y, of_c = tape.gradient(c, [a, b, x, y, c], seed)
    g = seed.numpy()
    for found, wanted in ((of_a, g), (of_b, g), (of_y, g), (of_c, g), (of_x, 3 * g)):
        np.testing.assert_allclose(found.numpy(), wanted, rtol=1e-6)
    np.testing.assert_array_equal(seed.numpy(), _matrix(2, 3, 3))


def test_a_persistent_tape_gives_the_same_again(eager):
    x = tf.constant(_matrix(0, 4, 4))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = tf.reduce_sum(tf.sigmoid(x) * tf.tanh(x) + tf.matmul(x, x) * tf.square(x))
    first = tape.gradient(y, x)
    kept = first.numpy()
    second = tape.gradient(y, x).numpy()
    np.testing.assert_array_equal(kept, second)
    np.testing.assert_array_equal(first.numpy(), kept)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64])
@pytest.mark.parametrize("shape,to", [((3, 4), (4,)), ((3, 4), (3, 4)), ((2, 3, 4), (3, 4)), ((2, 3, 4), (4,)), ((3, 4), ()),
                                      ((3, 4), (1, 4)), ((3, 4), (1,)), ((0, 4), (4,)), ((4, 0), (0,)), ((2000, 3), (3,)),
                                      ((2, 0, 4), (0, 4)), ((5,), ()), ((), ())])  # fmt: skip
def test_sums_to_a_shape(shape, to, dtype):
    v = np.asarray(np.random.RandomState(0).randn(*shape)).astype(dtype)
    ahead = v.ndim - len(to)
    wanted = v.astype(np.complex128).sum(tuple(range(ahead)))
    wanted = wanted.sum(tuple(i for i, d in enumerate(to) if d == 1 and wanted.shape[i] != 1), keepdims=True).reshape(to)
    for given in (v, np.asfortranarray(v), v[::-1][::-1] if v.ndim else v):
        found = sum_value_to_shape(given, to)
        assert found.shape == to and found.dtype == dtype
        np.testing.assert_allclose(found, wanted, rtol=2e-2 if dtype is np.float16 else 2e-4, atol=1e-2)


def test_softmax_of_many_short_rows(eager):
    for shape in ((50, 3), (3, 50), (40, 100), (1, 1)):
        logits = _matrix(0, *shape) * 30
        for given in (logits, np.asfortranarray(logits)):
            labels = np.arange(shape[0]) % shape[1]
            loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.constant(labels), logits=tf.constant(given)).numpy()
            wide = logits.astype(np.float64)
            shifted = wide - wide.max(1, keepdims=True)
            wanted = np.log(np.exp(shifted).sum(1)) - shifted[np.arange(shape[0]), labels]
            np.testing.assert_allclose(loss, wanted, rtol=1e-5, atol=1e-5)


def test_addresses():
    whole = np.arange(12.0).reshape(3, 4)
    for array in (whole, whole[1:, ::2], whole.T, np.empty(0), np.float32(3).reshape(1)):
        assert address(array) == array.ctypes.data


def test_leaves_are_no_structures(eager):
    t, v = tf.constant([1.0, 2.0]), tf.Variable(1.0)
    assert nest.flatten([t, (v, {"a": [None, "b"]}), 1]) == [t, v, None, "b", 1]
    assert nest.items(t) is None and nest.items(v) is None
    packed = nest.pack_sequence_as([1, (2, [3])], [t, v, None])
    assert packed[0] is t and packed[1][0] is v and packed[1][1] == [None] and type(packed[1]) is tuple
    with pytest.raises(ValueError, match="Structure had 3 elements, but flat_sequence had 2"):
        nest.pack_sequence_as([1, (2, [3])], [t, v])


def test_registered_gradient_of_several_outputs():
    @tf.RegisterGradient("TwiceUnpack")
    def _(op, *gradients):
        assert op.type == "Unpack"
        return tf.stack([g * 2 for g in gradients])

    x = tf.constant([1.0, 2.0, 3.0])
    with tf.get_default_graph().gradient_override_map({"Unpack": "TwiceUnpack"}):
        a, b, c = tf.unstack(x)
    (gradient,) = tf.gradients(a + b * 2 + c * 3, x)
    with tf.Session() as session:
        np.testing.assert_array_equal(session.run(gradient), [2, 4, 6])


def test_slices_pass_where_they_may():
    """Through an identity a gradient in slices stays one; what broadcasts makes it dense."""
    x = tf.constant(np.ones((4, 2), np.float32))
    (through,) = tf.gradients(tf.gather(tf.identity(x), [1, 1]), x)
    (added,) = tf.gradients(tf.gather(x + tf.constant(np.ones((4, 2), np.float32)), [1, 1]), x)
    assert isinstance(through, tf.IndexedSlices) and isinstance(added, tf.Tensor)
    with tf.Session() as session:
        np.testing.assert_array_equal(session.run(added), [[0, 0], [2, 2], [0, 0], [0, 0]])
