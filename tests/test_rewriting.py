"""Traced programs keep what they compute when they are rewritten, and get the form that is wanted."""

import functools
import operator

import numpy as np
import pytest

import eagle as tf
from eagle.run import rewriting
from eagle.run.rewriting import rewritten
from eagle.run.xla import jax, with_64_bits

pytest.importorskip("jax")


@pytest.fixture(autouse=True)
def strict(monkeypatch):
    """A program that can't be rewritten makes a test fail."""

    def fail(error):
        raise AssertionError("not rewritten") from error

    monkeypatch.setattr(rewriting, "give_up", fail)


def _array(*shape, seed=0):
    return np.random.RandomState(seed).randn(*shape).astype(np.float32)


def _both(function, *arguments):
    """The equations of a function's program after rewriting, when its results have been found to be the same."""
    with with_64_bits():
        closed = jax().make_jaxpr(function)(*arguments)
        new = jax().make_jaxpr(rewritten(closed))(*arguments)
        before = jax().tree_util.tree_leaves(jax().jit(function)(*arguments))
        after = jax().jit(rewritten(closed))(*arguments)
    assert len(before) == len(after)
    for a, b in zip(before, after):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(b, a, rtol=2e-5, atol=2e-5)
    return _unwrapped(new.jaxpr)


def _unwrapped(jaxpr):
    while len(jaxpr.eqns) == 1 and jaxpr.eqns[0].primitive.name in ("jit", "pjit"):
        jaxpr = jaxpr.eqns[0].params["jaxpr"].jaxpr
    return jaxpr.eqns


def _named(eqns, name):
    return [e for e in eqns if e.primitive.name == name]


def _in_loop(eqns, name="dot_general"):
    """The equations of a kind inside of the only loop."""
    (loop,) = _named(eqns, "scan")
    return _named(loop.params["jaxpr"].jaxpr.eqns, name)


def test_a_product_with_an_element_of_a_sequence_is_taken_out():
    xs, w, h = _array(5, 3, 4), _array(6, 2), _array(3, 2)

    def run(xs, w, h):
        def turn(h, i):
            x = jax().lax.dynamic_index_in_dim(xs, i, keepdims=False)
            return jax().numpy.tanh(jax().numpy.concatenate([x, h], 1) @ w), h

        return jax().lax.scan(turn, h, np.arange(5))

    eqns = _both(run, xs, w, h)
    (inner,) = _in_loop(eqns)
    assert inner.invars[0].aval.shape == (3, 2)  # of the state alone
    assert [e.outvars[0].aval.shape for e in _named(eqns, "dot_general")] == [(5, 3, 2)]


def test_a_product_that_only_the_turn_decides_is_taken_out():
    xs, w, u, h = _array(5, 3, 4), _array(4, 2), _array(2, 2), _array(3, 2)

    def run(xs, w, u, h):
        return jax().lax.scan(lambda h, x: (jax().numpy.tanh(x @ w + h @ u), h), h, xs, reverse=True)

    eqns = _both(run, xs, w, u, h)
    assert len(_in_loop(eqns)) == 1


def test_sums_of_products_and_of_elements_are_added_up_after_the_loop():
    xs, g = _array(6, 3, 4), _array(3, 2)

    def run(xs, g):
        def turn(state, i):
            g, weights, bias, ones = state
            x = jax().lax.dynamic_index_in_dim(xs, 5 - i, keepdims=False)
            g = jax().numpy.sin(g + x[:, :2])
            return (g, weights + x.T @ g, bias + g.sum(0), ones + np.ones(3, np.float32) @ g), None

        zeros = np.zeros((4, 2), np.float32), np.ones(2, np.float32), np.zeros(2, np.float32)
        return jax().lax.scan(turn, (g, *zeros), np.arange(6))[0]

    eqns = _both(run, xs, g)
    assert not _in_loop(eqns) and not _in_loop(eqns, "reduce_sum")
    assert len(_named(eqns, "dot_general")) == 2


def test_a_sum_that_the_loop_reads_stays():
    xs, w = _array(6, 3, 4), _array(4, 4)

    def run(xs, w):
        def turn(state, x):
            return (state[0] + x.T @ x, state[1] + state[0].sum()), None

        return jax().lax.scan(turn, (w, np.float32(0)), xs)[0]

    (inner,) = _in_loop(_both(run, xs, w))
    assert inner.outvars[0].aval.shape == (4, 4)


def test_columns_of_a_product_that_nothing_reads_are_not_computed():
    g, w = _array(3, 5), _array(7, 5)

    def run(g, w):
        def turn(g, i):
            product = g @ w.T
            return product[:, 2:], None

        return jax().lax.scan(turn, g, np.arange(4))[0]

    (inner,) = _in_loop(_both(run, g, w))
    assert inner.outvars[0].aval.shape == (3, 5)


def test_products_that_are_added_up_become_one():
    xs, gs = _array(5, 3, 4), _array(5, 3, 2)
    eqns = _both(lambda xs, gs: functools.reduce(operator.add, [x.T @ g for x, g in zip(xs, gs)]) + 1.0, xs, gs)
    assert _named(eqns, "dot_general")[-1].invars[0].aval.shape == (4, 15)
    _both(lambda xs, gs: (sum(x.T @ g for x, g in zip(xs, gs)), xs[0].T @ gs[0]), xs, gs)


def test_a_loop_of_another_kind_of_reading_keeps_its_values():
    xs, w, h = _array(9, 3, 4), _array(6, 2), _array(3, 2)

    def run(xs, w, h, start):
        def turn(h, i):
            x = jax().lax.dynamic_index_in_dim(xs, 2 * i + 1, keepdims=False)
            y = jax().lax.dynamic_index_in_dim(xs, i + start, keepdims=False)
            return jax().numpy.tanh(jax().numpy.concatenate([x + y, h], 1) @ w), h

        return jax().lax.scan(turn, h, np.arange(4))

    _both(run, xs, w, h, np.int32(3))


def test_branches_and_uncounted_loops_inside():
    x, w = _array(3, 3), _array(3, 3)

    def run(x, w, n):
        product = lambda v: jax().lax.cond(v.sum() > 0, lambda: jax().numpy.tanh(v @ w), lambda: v.T @ w)
        return jax().lax.while_loop(lambda s: s[0] < n, lambda s: (s[0] + 1, product(s[1])), (np.int32(0), x))

    _both(run, x, w, np.int32(3))


def test_a_transposed_left_matrix_is_laid_out():
    x, g = _array(100, 784), _array(100, 128)
    assert _named(_both(lambda x, g: x.T @ g, x, g), "optimization_barrier")
    assert not _named(_both(lambda x, g: x @ g, x[:, :100], g), "optimization_barrier")


def test_a_costly_map_is_computed_before_its_sum():
    x = _array(300, 300)
    assert _named(_both(lambda x: jax().numpy.tanh(x * 2).sum(), x), "reduce_precision")
    assert not _named(_both(lambda x: (x * 2).sum(), x), "reduce_precision")


CELLS = {
    "basic": lambda: tf.nn.rnn_cell.BasicRNNCell(5),
    "gru": lambda: tf.nn.rnn_cell.GRUCell(5),
    "lstm": lambda: tf.nn.rnn_cell.LSTMCell(5, use_peepholes=True, num_proj=3),
    "layers": lambda: tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.BasicLSTMCell(5), tf.nn.rnn_cell.GRUCell(4)]),
    "attention": lambda: tf.contrib.rnn.AttentionCellWrapper(tf.nn.rnn_cell.BasicLSTMCell(5), 3),
    "ugrnn": lambda: tf.contrib.rnn.UGRNNCell(5),
}


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("lengths", [None, [3, 6, 0, 5]])
def test_gradients_of_recurrent_networks_are_those_of_numpy(name, lengths):
    with tf.Graph().as_default():
        tf.set_random_seed(1)
        x = tf.placeholder(tf.float32, (4, 6, 3))
        cell = CELLS[name]()
        out, _ = tf.nn.dynamic_rnn(cell, x, sequence_length=lengths, dtype=tf.float32)
        variables = tf.trainable_variables()
        fetches = [out, *tf.gradients(tf.reduce_sum(tf.sin(out)), [x, *variables])]
        results = []
        for level in (tf.OptimizerOptions.OFF, tf.OptimizerOptions.ON_1):  # on NumPy, compiled
            config = tf.ConfigProto()
            config.graph_options.optimizer_options.global_jit_level = level
            with tf.Session(config=config) as session:
                for i, v in enumerate(variables):
                    v.load(_array(*v.shape.as_list(), seed=i) * 0.5, session)
                results.append(session.run(fetches, {x: _array(4, 6, 3)}))
    for numpy, compiled in zip(*results):
        np.testing.assert_allclose(compiled, numpy, rtol=1e-4, atol=1e-5)
