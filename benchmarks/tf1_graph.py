"""Graph rows, TensorFlow 1.x API: runs unchanged on TF 1.13.2/1.15.5 and under the project's import alias."""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy as np
import tensorflow as tf
from timing import best, clock

rng = np.random.RandomState(0)
rows = {}
only = os.environ.get("ROWS", "").split(",") if os.environ.get("ROWS") else None


def row(name, once=False):
    def run(make):
        if only and name not in only:
            return
        tf.reset_default_graph()
        try:
            s = clock()
            f = make()
            first = None
            if f is not None:
                f()
                first = clock() - s
                for _ in range(20):  # let a tiered runtime warm up
                    f()
                rows[name] = best(f)
                rows[name + ":build+first_s"] = first
        except Exception as e:
            rows[name] = "%s: %s" % (type(e).__name__, str(e)[:120])

    return run


def session():
    s = tf.Session()
    s.run(tf.global_variables_initializer())
    return s


W = lambda *s: tf.Variable((rng.randn(*s) * 0.05).astype(np.float32))


@row("run_add_feed")
def _():
    a, b = tf.placeholder(tf.float32, ()), tf.placeholder(tf.float32, ())
    c = a + b
    s = session()
    return lambda: s.run(c, {a: 1.0, b: 2.0})


@row("run_small_chain_no_feed")
def _():
    x, w, b = tf.ones((8, 8)), W(8, 8), W(8)
    y = tf.reduce_sum(tf.square(tf.nn.relu(tf.matmul(tf.tanh(tf.matmul(x, w) + b), w) + b) - x) * 0.5)
    s = session()
    return lambda: s.run(y)


@row("graph_mlp_sgd_b100")
def _():
    x, y = tf.placeholder(tf.float32, (None, 784)), tf.placeholder(tf.int64, (None,))
    h = tf.nn.relu(tf.matmul(x, W(784, 128)) + W(128))
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=tf.matmul(h, W(128, 10)) + W(10)))
    t = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
    s = session()
    fx, fy = rng.randn(100, 784).astype(np.float32), rng.randint(0, 10, 100)
    return lambda: s.run([t, loss], {x: fx, y: fy})


@row("graph_mlp_adam_b100")
def _():
    x, y = tf.placeholder(tf.float32, (None, 784)), tf.placeholder(tf.int64, (None,))
    h = tf.nn.relu(tf.matmul(x, W(784, 128)) + W(128))
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=tf.matmul(h, W(128, 10)) + W(10)))
    t = tf.train.AdamOptimizer(0.001).minimize(loss)
    s = session()
    fx, fy = rng.randn(100, 784).astype(np.float32), rng.randint(0, 10, 100)
    return lambda: s.run([t, loss], {x: fx, y: fy})


@row("graph_cnn_sgd_b32")
def _():
    x, y = tf.placeholder(tf.float32, (None, 28, 28, 1)), tf.placeholder(tf.int64, (None,))
    h = tf.nn.max_pool(tf.nn.relu(tf.nn.conv2d(x, W(5, 5, 1, 32), [1, 1, 1, 1], "SAME")), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    h = tf.nn.max_pool(tf.nn.relu(tf.nn.conv2d(h, W(5, 5, 32, 64), [1, 1, 1, 1], "SAME")), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    h = tf.nn.relu(tf.matmul(tf.reshape(h, [-1, 7 * 7 * 64]), W(7 * 7 * 64, 256)))
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=tf.matmul(h, W(256, 10))))
    t = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
    s = session()
    fx, fy = rng.randn(32, 28, 28, 1).astype(np.float32), rng.randint(0, 10, 32)
    return lambda: s.run([t, loss], {x: fx, y: fy})


@row("graph_lstm_sgd_t20_b32_h64")
def _():
    x = tf.placeholder(tf.float32, (32, 20, 64))
    out, st = tf.nn.dynamic_rnn(tf.nn.rnn_cell.LSTMCell(64), x, dtype=tf.float32)
    loss = tf.reduce_sum(tf.square(st.h))
    t = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
    s = session()
    fx = rng.randn(32, 20, 64).astype(np.float32)
    return lambda: s.run([t, loss], {x: fx})


@row("elementwise_1m_chain")
def _():
    x = tf.Variable(rng.randn(1024, 1024).astype(np.float32))
    y = tf.reduce_sum(tf.tanh(x * 2.0 + 1.0) * tf.exp(-x * x))
    s = session()
    return lambda: s.run(y)


@row("while_loop_1000")
def _():
    n = tf.placeholder(tf.int32, ())
    r = tf.while_loop(lambda i, x: i < n, lambda i, x: (i + 1, x * 0.999 + 0.001), [tf.constant(0), tf.constant(0.0)])
    s = session()
    return lambda: s.run(r, {n: 1000})


def build_5000():
    tf.reset_default_graph()
    x = tf.Variable(np.ones((4, 4), np.float32))
    y = x
    for _ in range(1250):
        y = tf.tanh(y * 0.5 + 0.1)
    tf.gradients(y, x)


if not only or "build_5000_ops_and_gradients" in only:
    s = clock()
    build_5000()
    rows["build_5000_ops_and_gradients"] = (clock() - s) * 1e6
print(json.dumps(rows))
