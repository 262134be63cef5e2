"""Rows in JAX: its own eager where marked, jit elsewhere (the compiled limit on this machine)."""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from timing import best, clock

t0 = clock()
import jax
import jax.numpy as jnp

rows = {"import_s": clock() - t0}
import numpy as np

rng = np.random.RandomState(0)
A = lambda *s: jnp.asarray((rng.randn(*s) * 0.05).astype(np.float32))
only = os.environ.get("ROWS", "").split(",") if os.environ.get("ROWS") else None


def row(name):
    def run(make):
        if not only or name in only:
            f = make()
            rows[name] = best(lambda: jax.block_until_ready(f()))

    return run


xent = lambda logits, y: -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1))


@row("add_2x2")
def _():
    a, b = jnp.ones((2, 2)), jnp.ones((2, 2))
    return lambda: a + b


@row("scalar_gradient_jit")
def _():
    g = jax.jit(jax.grad(lambda x: x * x + 2 * x + 4.0))
    return lambda: g(2.0)


@row("elementwise_1m_chain")
def _():
    x = A(1024, 1024)
    f = jax.jit(lambda x: (jnp.tanh(x * 2.0 + 1.0) * jnp.exp(-x * x)).sum())
    return lambda: f(x)


def trainer(loss, params):
    f = jax.jit(lambda p: jax.tree.map(lambda a, g: a - 0.01 * g, p, jax.grad(loss)(p)), donate_argnums=0)
    box = [params]

    def go():
        box[0] = f(box[0])
        return box[0]

    return go


@row("graph_mlp_sgd_b100")
def _():
    x, y = A(100, 784), jnp.asarray(rng.randint(0, 10, 100))
    return trainer(lambda p: xent(jax.nn.relu(x @ p[0] + p[1]) @ p[2] + p[3], y), [A(784, 128), A(128), A(128, 10), A(10)])


@row("graph_cnn_sgd_b32")
def _():
    x, y = A(32, 28, 28, 1), jnp.asarray(rng.randint(0, 10, 32))
    conv = lambda x, k: jax.lax.conv_general_dilated(x, k, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
    pool = lambda x: jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "SAME")

    def loss(p):
        h = pool(jax.nn.relu(conv(x, p[0])))
        h = pool(jax.nn.relu(conv(h, p[1])))
        return xent(jax.nn.relu(h.reshape(-1, 7 * 7 * 64) @ p[2]) @ p[3], y)

    return trainer(loss, [A(5, 5, 1, 32), A(5, 5, 32, 64), A(7 * 7 * 64, 256), A(256, 10)])


@row("graph_lstm_sgd_t20_b32_h64")
def _():
    xs = A(20, 32, 64)

    def loss(p):
        def cell(hc, x):
            h, c = hc
            i, j, f, o = jnp.split(jnp.concatenate([x, h], 1) @ p[0] + p[1], 4, 1)
            c = c * jax.nn.sigmoid(f + 1) + jax.nn.sigmoid(i) * jnp.tanh(j)
            return (jnp.tanh(c) * jax.nn.sigmoid(o), c), None

        (h, c), _ = jax.lax.scan(cell, (jnp.zeros((32, 64)), jnp.zeros((32, 64))), xs)
        return jnp.sum(h * h)

    return trainer(loss, [A(128, 256), A(256)])


print(json.dumps(rows))
