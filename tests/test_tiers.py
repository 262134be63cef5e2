"""The tiers: compiled programs do what programs over NumPy do, and take over at fixed runs."""

import gc
import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from random_graphs import SHAPE, RandomGraph

import eagle as tf
from eagle.run import costs, tiers


def session(graph=None, level=0):
    config = tf.ConfigProto()
    config.graph_options.optimizer_options.global_jit_level = level
    return tf.Session(graph=graph, config=config)


def compiled(graph=None):
    """A session that compiles at once."""
    return session(graph, tf.OptimizerOptions.ON_1)


def on_numpy(graph=None):
    return session(graph, tf.OptimizerOptions.OFF)


def count_compiled(monkeypatch):
    """A list that grows by one for each program that is compiled."""
    found = []
    original = tiers.Compiled.__init__

    def counted(self, *args):
        original(self, *args)
        found.append(self)

    monkeypatch.setattr(tiers.Compiled, "__init__", counted)
    return found


@pytest.fixture(autouse=True)
def fresh():
    tf.reset_default_graph()


# ------------------------------------------------------------------------------------------------------- random graphs


@pytest.mark.parametrize("seed", range(100))
def test_random_graphs(seed):
    made = RandomGraph(seed, cuts=seed % 3 == 0)
    with made.graph.as_default():
        sources = [made.x, *made.variables] if seed % 3 else made.variables[:0]
        gradients = [g for g in tf.gradients(made.result, sources) if g is not None] if sources else []
    start = np.random.RandomState(seed).randn(*SHAPE)
    runs = []
    for make in (on_numpy, compiled):
        with make(made.graph) as sess:
            with made.graph.as_default():
                sess.run(tf.global_variables_initializer())
            found = []
            for i in range(3):
                found += sess.run([made.result, *made.outputs, *gradients, *made.updates], {made.x: start + i})
            runs.append(found + sess.run(made.variables))
    for a, b in zip(*runs):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9)
    if len(gradients) == 3 and seed % 5 == 0:
        check_differences(made, gradients[0], start)


def check_differences(made, gradient, start):
    """The gradient of the placeholder against central differences along a direction."""
    direction, step = np.random.RandomState(1).randn(*SHAPE), 1e-6
    with compiled(made.graph) as sess:
        with made.graph.as_default():
            sess.run(tf.global_variables_initializer())
        slope = np.sum(sess.run(gradient, {made.x: start}) * direction)
        up, down = (sess.run(made.result, {made.x: start + s * step * direction}) for s in (1, -1))
    assert abs((up - down) / (2 * step) - slope) < 1e-4 * max(1, abs(slope))


# ------------------------------------------------------------------------------------------------------------- switching

PROGRAM = """
import eagle as tf
tf.set_random_seed(3)
x = tf.random_normal([64, 64])
w = tf.get_variable("w", [64, 64])
loss = tf.reduce_mean(tf.square(tf.tanh(tf.matmul(x, w)) - tf.nn.dropout(x, 0.5)))
for _ in range(12):
    loss = loss + tf.reduce_mean(tf.sin(loss * w))
train = tf.train.AdamOptimizer(0.01).minimize(loss)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print([repr(sess.run([loss, train])[0]) for _ in range(230)])
"""


def test_a_seeded_program_prints_the_same_every_time(tmp_path):
    """Although compiling takes the time that it takes."""
    environment = dict(os.environ, EAGLE_TIER="auto", EAGLE_CACHE=str(tmp_path))
    outputs = {subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True).stdout
               for _ in range(2)}  # fmt: skip
    assert len(outputs) == 1 and len(outputs.pop()) > 1000
    assert os.listdir(tmp_path)  # the compiled program, for a warm start


def test_the_switch_comes_at_a_fixed_run(monkeypatch):
    made = count_compiled(monkeypatch)
    monkeypatch.setattr(tiers, "switching", lambda plan: (2, 4))
    x = tf.placeholder(tf.float32, [None])
    y = tf.reduce_sum(tf.sin(x) * x)
    with session() as sess:
        for i in range(6):
            value = sess.run(y, {x: np.arange(3)})
            assert np.isclose(value, np.sum(np.sin(np.arange(3)) * np.arange(3)))
            assert len(made) <= (i >= 1) and (i < 3 or len(made) == 1)


def test_what_does_not_pay_stays_on_numpy(monkeypatch):
    made = count_compiled(monkeypatch)
    monkeypatch.setattr(costs, "_FEWEST_RUNS", 2)
    monkeypatch.setattr(costs, "_MOST_RUNS", 4)
    a = tf.placeholder(tf.float32, [])
    small = a + 1.0
    host = tf.py_func(lambda v: v, [small], tf.float32)
    x = tf.placeholder(tf.float32, [1000, 1000])
    large = tf.reduce_sum(tf.tanh(tf.exp(-x * x) + x))
    with session() as sess:
        for _ in range(10):
            sess.run([small, host], {a: 1.0})
        assert not made
        for _ in range(10):
            sess.run(large, {x: np.ones((1000, 1000))})
        assert len(made) == 1


def test_shapes_that_vary_compile_a_bounded_number_of_programs(monkeypatch):
    made = count_compiled(monkeypatch)
    x = tf.placeholder(tf.float32, [None])
    y = tf.reduce_sum(tf.sin(x) * x)
    with compiled() as sess:
        for _ in range(2):
            for n in range(1, 30):
                assert np.isclose(sess.run(y, {x: np.ones(n)}), n * np.sin(1), rtol=1e-5)
    assert len(made) == tiers.MOST_VARIANTS


def test_a_compiled_program_stays_whatever_else_is_fed(monkeypatch):
    monkeypatch.setattr(tiers, "switching", lambda plan: (2, 4))
    made = count_compiled(monkeypatch)
    calls = []
    original = tiers.Compiled.__call__
    monkeypatch.setattr(tiers.Compiled, "__call__", lambda self, values: calls.append(1) or original(self, values))
    x = tf.placeholder(tf.float32, [None])
    y = tf.reduce_sum(tf.sin(x) * x)
    with session() as sess:
        for _ in range(4):
            sess.run(y, {x: np.ones(3)})
        for n in range(4, 200):
            sess.run(y, {x: np.ones(n)})
        sess.run(y, {x: np.ones(3)})
    assert len(made) == 1 and len(calls) == 2


def test_memory_is_steady_with_varying_shapes():
    x = tf.placeholder(tf.float32, [None])
    y = tf.reduce_sum(tf.sin(x) * x)
    with compiled() as sess:
        sizes = []
        for _ in range(4):
            for n in range(1, 300):
                sess.run(y, {x: np.ones(n)})
            gc.collect()
            sizes.append(len(gc.get_objects()))
    assert sizes[-1] - sizes[1] < 100


def test_what_a_tier_may_be():
    with pytest.raises(ValueError, match="EAGLE_TIER must be 'numpy', 'xla' or 'auto', not 'fast'"):
        tiers.tier_named("fast")


# ------------------------------------------------------------------------------------------------ known values, and cuts


def test_shapes_are_known_while_a_program_is_traced(monkeypatch):
    made = count_compiled(monkeypatch)
    x = tf.placeholder(tf.float32, [None, 4])
    y = tf.reshape(tf.tanh(x), [tf.shape(x)[0] * 2, -1])
    with compiled() as sess:
        assert sess.run(y, {x: np.ones((3, 4))}).shape == (6, 2)
    assert len(made) == 1


def test_plans_are_cut_at_host_operations(monkeypatch):
    made = count_compiled(monkeypatch)
    x = tf.placeholder(tf.float32, [4])
    before = tf.sin(x) * 2.0
    middle = tf.py_func(lambda v: v + 1, [before], tf.float32)
    middle.set_shape([4])
    after = tf.cos(middle) * x
    with compiled() as sess:
        for _ in range(2):
            got = sess.run(after, {x: np.arange(4)})
    np.testing.assert_allclose(got, np.cos(np.sin(np.arange(4)) * 2 + 1) * np.arange(4), rtol=1e-5)
    assert len(made) == 2


def test_effects_keep_the_order_of_the_program():
    """Each update is seen by what comes after it, on the host and in compiled parts."""
    seen = []
    v = tf.get_variable("v", initializer=1.0, use_resource=True)
    ops = []
    for i in range(4):
        with tf.control_dependencies(ops[-1:]):
            ops.append(tf.py_func(lambda value: seen.append(float(value)), [v.read_value() * 1.0], []))
        with tf.control_dependencies(ops[-1:]):
            ops.append(v.assign(v.read_value() * 2.0 + i))
    with compiled() as sess:
        sess.run(v.initializer)
        for _ in range(2):
            sess.run(ops[-1])
    expected, value = [], 1.0
    for _ in range(2):
        for i in range(4):
            expected.append(value)
            value = value * 2 + i
    assert seen == expected


def test_a_failed_check_names_operation_and_line():
    x = tf.placeholder(tf.int32, [None])
    table = tf.get_variable("table", initializer=np.ones((3, 2), np.float32))
    y = tf.reduce_sum(tf.gather(table, x), name="total")
    with compiled() as sess:
        sess.run(table.initializer)
        assert sess.run(y, {x: [0, 2]}) == 4
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"indices\[1\] = 7 is not in \[0, 3\)[^$]*test_tiers.py"):
            sess.run(y, {x: [0, 7]})
        assert sess.run(y, {x: [1]}) == 2


# ----------------------------------------------------------------------------------------------------------------- state


def test_values_that_were_fetched_stay():
    x = tf.placeholder(tf.float32, [64, 64])
    v = tf.get_variable("v", initializer=np.ones((64, 64), np.float32))
    total, update = tf.reduce_sum(v * x), v.assign_add(x)
    with compiled() as sess:
        sess.run(v.initializer)
        feed, kept = np.ones((64, 64), np.float32), []
        for i in range(4):
            assert sess.run(total, {x: feed}) == (1 + i) * 4096
            kept.append(sess.run(v))
            sess.run(update.op, {x: feed})
            feed[:] = 1
        assert [k[0, 0] for k in kept] == [1, 2, 3, 4]
        kept[0][:] = 9
        assert sess.run(v)[0, 0] == 5


def test_both_tiers_share_variables():
    v = tf.get_variable("v", initializer=np.zeros(2000, np.float32))
    fast, slow = v.assign_add(tf.ones(2000)), tf.py_func(lambda a: a.sum(), [v.read_value()], tf.float32)
    with session() as sess:
        sess.run(v.initializer)
        for i in range(40):
            sess.run(fast.op)
            assert sess.run(slow) == (i + 1) * 2000


def test_threads():
    v = tf.get_variable("v", initializer=np.zeros((50, 50)), use_resource=True)
    x = tf.placeholder(tf.float64, [])
    update = v.assign_add(tf.fill([50, 50], x) * tf.cos(tf.zeros([50, 50], tf.float64)), read_value=False)
    with compiled() as sess:
        sess.run(v.initializer)

        def work():
            for _ in range(100):
                sess.run(update, {x: 1.0})

        threads = [threading.Thread(target=work) for _ in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        assert (sess.run(v) == 400).all()


def test_interrupts_leave_whole_values():
    """Of two variables that change in one run either both have changed or none."""
    program = """
import os, signal, threading, time
import numpy as np, eagle as tf
a = tf.get_variable("a", initializer=np.zeros((300, 300), np.float32), use_resource=True)
b = tf.get_variable("b", initializer=np.zeros((300, 300), np.float32), use_resource=True)
step = tf.group(a.assign_add(tf.cos(a * 0.0)), b.assign_add(tf.cos(b * 0.0)))
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    sess.run(step)
    stop = []
    def disturb():
        while not stop:
            time.sleep(0.003)
            os.kill(os.getpid(), signal.SIGINT)
    thread = threading.Thread(target=disturb, daemon=True)
    interrupts = 0
    try:
        thread.start()
        end = time.time() + 20
        while interrupts < 40 and time.time() < end:
            try:
                while True:
                    sess.run(step)
            except KeyboardInterrupt:
                interrupts += 1
    except KeyboardInterrupt:
        interrupts += 1
    while len(stop) < 2:
        try:
            stop.append(1)
            thread.join()
            time.sleep(0.05)
            stop.append(1)
        except KeyboardInterrupt:
            interrupts += 1
    x, y = sess.run([a, b])
    assert (x == x[0, 0]).all() and (y == x[0, 0]).all(), (x[0, 0], y[0, 0])
    print("interrupts", interrupts)
"""
    environment = dict(os.environ, EAGLE_TIER="xla")
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert done.returncode == 0 and "interrupts" in done.stdout, done.stderr
    assert int(done.stdout.split()[1]) > 20


# ---------------------------------------------------------------------------------------------------- oneDNN inside of XLA


def test_convolutions_in_compiled_programs_are_those_of_onednn():
    """To the bit, values and gradients."""
    from eagle.onednn import ffi

    if not ffi.serves():
        pytest.skip("no oneDNN here")
    random = np.random.RandomState(0)
    x = tf.placeholder(tf.float32, [2, 9, 9, 3])
    f = tf.constant(random.randn(3, 3, 3, 8).astype(np.float32))
    y = tf.nn.avg_pool(tf.nn.max_pool(tf.nn.conv2d(x, f, [1, 1, 1, 1], "SAME"), [1, 2, 2, 1], [1, 2, 2, 1], "SAME"),
                       [1, 2, 2, 1], [1, 1, 1, 1], "VALID")  # fmt: skip
    fetches = [y, *tf.gradients(y, [x, f])]
    feed = {x: random.randn(2, 9, 9, 3)}
    with on_numpy() as slow, compiled() as fast:
        before = len(ffi._targets)
        for a, b in zip(slow.run(fetches, feed), fast.run(fetches, feed)):
            np.testing.assert_array_equal(a, b)
        assert len(ffi._targets) >= before and any(ffi._targets)


def test_an_error_in_a_primitive_reaches_the_caller():
    import jax

    from eagle.onednn import ffi

    if not ffi.serves():
        pytest.skip("no oneDNN here")

    class Failing:
        def run_at(self, addresses):
            raise ValueError("out of paint")

    with pytest.raises(Exception, match="ValueError: out of paint"):
        jax.jit(lambda a: ffi.call(Failing(), ("failing",), (2,), a))(np.ones(2, np.float32)).block_until_ready()


# ------------------------------------------------------------------------------------------------------------- functions


def test_hot_functions_are_compiled(monkeypatch):
    made = count_compiled(monkeypatch)
    monkeypatch.setattr(tiers, "switching", lambda plan: (1, 2))
    with tf.eager_mode():
        v = tf.Variable(np.ones(3, np.float32))

        @tf.contrib.eager.defun
        def step(x):
            v.assign_add(tf.sin(x) * 0.0 + 1.0)
            return tf.reduce_sum(v * x)

        x = tf.constant([1.0, 2.0, 3.0])
        assert [float(step(x)) for _ in range(4)] == [12, 18, 24, 30]
        assert v.numpy().tolist() == [5, 5, 5] and len(made) == 1
        with tf.GradientTape() as tape:
            loss = step(x)
        assert tape.gradient(loss, v).numpy().tolist() == [1, 2, 3]


def test_variables_that_change_their_shape():
    v = tf.Variable([1.0, 2.0], validate_shape=False)
    x = tf.placeholder(tf.float32, None)
    update, total = tf.assign(v, x, validate_shape=False), tf.reduce_sum(v * 2.0)
    with compiled() as sess:
        sess.run(v.initializer)
        for n in (2, 3, 3, 1):
            sess.run(update.op, {x: np.ones(n)})
            assert sess.run(total) == 2 * n and sess.run(total) == 2 * n


def test_checks_come_before_large_tables_are_written_into(monkeypatch):
    """Such a table is never copied, and after a failed check it is as before."""
    made = count_compiled(monkeypatch)
    table = tf.get_variable("table", initializer=np.ones((20000, 64), np.float32))
    x = tf.placeholder(tf.int32, [None])
    loss = tf.reduce_sum(tf.square(tf.gather(table, x)))
    step = tf.train.GradientDescentOptimizer(0.25).minimize(loss)
    with compiled() as sess:
        sess.run(table.initializer)
        assert sess.run([loss, step], {x: [3, 5]})[0] == 128
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"indices\[1\] = 20000 is not in \[0, 20000\)"):
            sess.run(step, {x: [3, 20000]})
        assert sess.run(table)[[3, 5, 7], 0].tolist() == [0.5, 0.5, 1.0]
        assert sess.run([loss, step], {x: [3, 7]})[0] == 64 * 1.25
    assert any(c._checks_first is not None for c in made)


@pytest.mark.parametrize("steps", [1, 20, 100])
def test_lists_of_a_loop_have_room_for_all_turns_that_it_can_take(steps):
    """How many turns a recurrent network takes depends on fed lengths, but they are no more than the input has steps."""
    random = np.random.RandomState(steps)
    x, lengths = tf.placeholder(tf.float32, [4, None, 3]), tf.placeholder(tf.int32, [4])
    outputs, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.LSTMCell(5), x, lengths, dtype=tf.float32)
    loss = tf.reduce_sum(tf.square(outputs))
    slopes = tf.gradients(loss, [x, *tf.trainable_variables()])
    weights = [tf.constant(random.randn(*v.shape).astype(np.float32)) for v in tf.trainable_variables()]
    feed = {x: random.randn(4, steps, 3), lengths: [steps, 1, (steps + 1) // 2, 0]}
    found = []
    for make in (on_numpy, compiled):
        with make() as sess:
            sess.run([v.assign(w) for v, w in zip(tf.trainable_variables(), weights)])
            found.append(sess.run([loss, *slopes], feed))
            runner = list(sess._prepared.values())[-1].program
            assert (make is compiled) != ("program" in runner.__dict__)  # no check failed, after which NumPy would have run
    for expected, value in zip(*found):
        np.testing.assert_allclose(value, expected, rtol=1e-4, atol=1e-5)


def test_a_loop_that_takes_more_turns_than_its_lists_have_room_for():
    x, most = tf.placeholder(tf.float32, []), tf.placeholder(tf.int32, [])
    _, y = tf.while_loop(lambda i, y: i < most, lambda i, y: (i + 1, y * x), (0, 1.0))
    (slope,) = tf.gradients(y, [x])
    with compiled() as sess:
        for turns in (0, 3, 64, 65, 100):
            np.testing.assert_allclose(sess.run(slope, {x: 1.01, most: turns}), turns * 1.01 ** (turns - 1), rtol=1e-4)


def test_random_numbers_in_a_branch_that_is_never_taken():
    x = tf.placeholder(tf.float32, [3])
    y = tf.cond(tf.constant(False), lambda: tf.random_uniform([3]) + x, lambda: x * 2.0)
    with compiled() as sess:
        assert sess.run(y, {x: [1, 2, 3]}).tolist() == [2, 4, 6]
        assert sess.run(y, {x: [1, 2, 3]}).tolist() == [2, 4, 6]


@pytest.mark.parametrize("seconds", [0.1, 0.6, 1.5])  # while JAX is loaded, while XLA compiles, while the program runs, about
def test_threads_that_still_run_at_the_end_of_the_process(seconds):
    program = (
        """
import threading, time
import numpy as np, eagle as tf
x = tf.placeholder(tf.float32, [100, 100])
y = x
for _ in range(10):
    y = tf.tanh(tf.matmul(y, x) * 0.01)
sess = tf.Session()
def work():
    while True:
        sess.run(y, {x: np.ones((100, 100))})
for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
time.sleep(%s)
print("leaving")
"""
        % seconds
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=dict(os.environ, EAGLE_TIER="xla"), capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "leaving\n", "")


def test_what_waits_for_a_host_operation_runs_after_it():
    """A check on the host tells what is wrong before the operation that it guards fails."""
    x, y = tf.placeholder(tf.float32, None), tf.placeholder(tf.float32, None)

    def check(a, b):
        if a.shape != b.shape:
            raise ValueError("shapes differ")
        return np.float32(0)

    with tf.control_dependencies([tf.py_func(check, [x, y], tf.float32)]):
        z = tf.reduce_sum(tf.sin(x) * y)
    with compiled() as sess:
        assert sess.run(z, {x: [0, 0], y: [1, 2]}) == 0
        with pytest.raises(tf.errors.InvalidArgumentError, match="shapes differ"):
            sess.run(z, {x: [0, 0, 0], y: [1, 2]})


def test_errors_in_cut_plans_name_operation_and_line():
    x = tf.placeholder(tf.float32, [4])

    def fail(v):
        raise ValueError("no good")

    y = tf.py_func(fail, [tf.sin(x) * 2.0], tf.float32, name="mine") + 1.0
    for make in (on_numpy, compiled):
        with (
            make() as sess,
            pytest.raises(tf.errors.InvalidArgumentError, match=r"no good[^$]*\[\[node mine [^$]*test_tiers.py") as caught,
        ):
            sess.run(y, {x: np.ones(4)})
        assert caught.value.op is y.op.inputs[0].op


def test_inputs_that_do_not_fit_are_told_in_the_order_of_the_program():
    """A plan is not cut because of an operation that would fail anyway: what is before it fails first."""
    x, ids = tf.placeholder(tf.float32, [None]), tf.placeholder(tf.int32, [None])
    check = tf.Assert(tf.equal(tf.size(x), tf.size(ids)), ["sizes differ"], name="check")
    total = tf.unsorted_segment_sum(x, ids, 3)
    with compiled() as sess:
        assert sess.run([total, check], {x: [1, 2], ids: [0, 2]})[0].tolist() == [1, 0, 2]
        with pytest.raises(tf.errors.InvalidArgumentError, match="sizes differ"):
            sess.run([total, check], {x: [1, 2, 3], ids: [0, 2]})


def test_products_that_cancel_are_rounded():
    """As on NumPy: values without variance are normalized to zero, not to rounding errors times a million."""
    x, mean, variance = tf.placeholder(tf.float32, [None]), tf.placeholder(tf.float32, []), tf.placeholder(tf.float32, [])
    y = tf.nn.batch_normalization(x, mean, variance, 0.5, 0.7, 1e-12)
    feed = {x: np.full(64, 1.2345678, np.float32), mean: np.float32(1.2345678), variance: 0.0}
    for make in (on_numpy, compiled):
        with make() as sess:
            assert (sess.run(y, feed) == 0.5).all()
