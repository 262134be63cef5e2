"""Eager rows, TensorFlow 1.x API: runs unchanged on TF 1.13.2 and under the project's import alias."""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from timing import best, clock

t0 = clock()
import tensorflow as tf

import_s = clock() - t0
import numpy as np
import tensorflow.contrib.eager as tfe

tf.enable_eager_execution()
only = os.environ.get("ROWS", "").split(",") if os.environ.get("ROWS") else None
rows = {"import_s": import_s}
rng = np.random.RandomState(0)


def row(name):
    def run(make):
        if only and name not in only:
            return
        try:
            rows[name] = best(make())
        except Exception as e:  # a row that the target cannot do is told, not hidden
            rows[name] = "%s: %s" % (type(e).__name__, str(e)[:120])

    return run


@row("add_2x2")
def _():
    a, b = tf.ones((2, 2)), tf.ones((2, 2))
    return lambda: a + b


@row("matmul_2x2")
def _():
    a, b = tf.ones((2, 2)), tf.ones((2, 2))
    return lambda: tf.matmul(a, b)


@row("small_chain_10_ops")
def _():
    x, w, b = tf.ones((8, 8)), tf.ones((8, 8)), tf.ones((8,))

    def f():
        h = tf.tanh(tf.matmul(x, w) + b)
        h = tf.nn.relu(tf.matmul(h, w) + b)
        return tf.reduce_sum(tf.square(h - x) * 0.5)

    return f


@row("scalar_gradient")
def _():
    g = tfe.gradients_function(lambda x: x * x + 2 * x + 4.0)
    return lambda: g(2.0)


@row("implicit_linear_regression")
def _():
    w, b = tfe.Variable(1.0), tfe.Variable(0.0)
    x = tf.constant(rng.randn(32).astype(np.float32))
    y = 3 * x + 2
    g = tfe.implicit_value_and_gradients(lambda: tf.reduce_mean(tf.square(x * w + b - y)))
    return g


@row("minimize_mlp_adam_b100")
def _():
    x = tf.constant(rng.randn(100, 784).astype(np.float32))
    y = tf.constant(rng.randint(0, 10, 100))
    w1, b1 = tfe.Variable(rng.randn(784, 128).astype(np.float32) * 0.05), tfe.Variable(np.zeros(128, np.float32))
    w2, b2 = tfe.Variable(rng.randn(128, 10).astype(np.float32) * 0.05), tfe.Variable(np.zeros(10, np.float32))
    opt = tf.train.AdamOptimizer(1e-3)

    def loss():
        h = tf.nn.relu(tf.matmul(x, w1) + b1)
        return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=tf.matmul(h, w2) + b2))

    return lambda: opt.minimize(loss)


@row("minimize_cnn_b32")
def _():
    x = tf.constant(rng.randn(32, 28, 28, 1).astype(np.float32))
    y = tf.constant(rng.randint(0, 10, 32))
    V = lambda *s: tfe.Variable((rng.randn(*s) * 0.05).astype(np.float32))
    k1, k2, w1, w2 = V(5, 5, 1, 32), V(5, 5, 32, 64), V(7 * 7 * 64, 256), V(256, 10)
    opt = tf.train.GradientDescentOptimizer(1e-2)

    def loss():
        h = tf.nn.max_pool(tf.nn.relu(tf.nn.conv2d(x, k1, [1, 1, 1, 1], "SAME")), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
        h = tf.nn.max_pool(tf.nn.relu(tf.nn.conv2d(h, k2, [1, 1, 1, 1], "SAME")), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
        h = tf.nn.relu(tf.matmul(tf.reshape(h, [-1, 7 * 7 * 64]), w1))
        return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=tf.matmul(h, w2)))

    return lambda: opt.minimize(loss)


@row("minimize_lstm_t20_b32_h64")
def _():
    xs = [tf.constant(rng.randn(32, 64).astype(np.float32)) for _ in range(20)]
    w, b = tfe.Variable((rng.randn(128, 256) * 0.05).astype(np.float32)), tfe.Variable(np.zeros(256, np.float32))
    opt = tf.train.GradientDescentOptimizer(1e-2)

    def loss():
        h = c = tf.zeros((32, 64))
        for x in xs:
            i, j, f, o = tf.split(tf.matmul(tf.concat([x, h], 1), w) + b, 4, 1)
            c = c * tf.sigmoid(f) + tf.sigmoid(i) * tf.tanh(j)
            h = tf.tanh(c) * tf.sigmoid(o)
        return tf.reduce_sum(tf.square(h))

    return lambda: opt.minimize(loss)


@row("elementwise_1m_chain")
def _():
    x = tf.constant(rng.randn(1024, 1024).astype(np.float32))
    return lambda: tf.reduce_sum(tf.tanh(x * 2.0 + 1.0) * tf.exp(-x * x))


@row("conv_fwd_64x28x28x32_5x5x64")
def _():
    x = tf.constant(rng.randn(64, 28, 28, 32).astype(np.float32))
    k = tf.constant(rng.randn(5, 5, 32, 64).astype(np.float32))
    return lambda: tf.nn.conv2d(x, k, [1, 1, 1, 1], "SAME")


@row("conv_grads_64x28x28x32_5x5x64")
def _():
    x = tf.constant(rng.randn(64, 28, 28, 32).astype(np.float32))
    k = tf.constant(rng.randn(5, 5, 32, 64).astype(np.float32))
    g = tfe.gradients_function(lambda x, k: tf.reduce_sum(tf.nn.conv2d(x, k, [1, 1, 1, 1], "SAME")))
    return lambda: g(x, k)


@row("python_loop_100_tiny_steps")
def _():
    one, half = tf.constant(1.0), tf.constant(0.5)

    def f():
        x = tf.constant(10.0)
        for _ in range(100):
            x = x * half if x > one else x + one
        return x

    return f


print(json.dumps(rows))
