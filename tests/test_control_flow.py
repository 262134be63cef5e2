"""Branches and loops in both modes: values, gradients of any order, effects, shapes, errors."""

import threading

import numpy as np
import pytest

import eagle as tf
import eagle.contrib.eager as tfe
from eagle.core.dispatch import registry
from eagle.core.func_graph import GraphFunction


def run(fetches, feeds=None):
    with tf.Session() as sess:
        return sess.run(fetches, feeds or {})


# ------------------------------------------------------------------------------------------------------------ branches


def test_cond():
    p, x = tf.placeholder(tf.bool, []), tf.placeholder(tf.float32, [2])
    y = tf.cond(p, lambda: {"a": x * x, "b": [x]}, lambda: {"a": -x, "b": [x + 1.0]})
    with tf.Session() as sess:
        yes, no = sess.run(y, {p: True, x: [2, 3]}), sess.run(y, {p: False, x: [2, 3]})
    assert yes["a"].tolist() == [4, 9] and yes["b"][0].tolist() == [2, 3]
    assert no["a"].tolist() == [-2, -3] and no["b"][0].tolist() == [3, 4]


def test_only_the_branch_taken_runs():
    p, seen = tf.placeholder(tf.bool, []), []

    def note(value):
        return tf.py_func(lambda: seen.append(value) or np.float32(value), [], tf.float32)

    y = tf.cond(p, lambda: note(1), lambda: note(2))
    run(y, {p: True})
    run(y, {p: False})
    assert seen == [1, 2]


def test_gradients_of_cond():
    p, x = tf.placeholder(tf.bool, []), tf.placeholder(tf.float64, [])
    y = tf.cond(p, lambda: x * x * x, lambda: tf.constant(1.0, tf.float64))
    g = tf.gradients(y, x)[0]
    gg = tf.gradients(g, x)[0]
    ggg = tf.gradients(gg, x)[0]
    assert run([y, g, gg, ggg], {p: True, x: 2}) == [8, 12, 12, 6]
    assert run([y, g, gg, ggg], {p: False, x: 2}) == [1, 0, 0, 0]


def test_gradient_with_respect_to_a_constant():
    x = tf.constant(3.0)
    y = tf.cond(tf.placeholder_with_default(True, []), lambda: x * x, lambda: x)
    assert run(tf.gradients(y, x)[0]) == 6


def test_gradient_inside_a_branch_of_something_outside():
    x = tf.placeholder(tf.float32, [])
    y = tf.cond(x > 0.0, lambda: tf.gradients(x * x * 2.0, x)[0], lambda: x)
    assert run(y, {x: 3.0}) == 12 and run(y, {x: -3.0}) == -3


def test_operations_as_results():
    seen = []
    done = tf.cond(tf.placeholder_with_default(True, []), lambda: tf.py_func(lambda: seen.append(1), [], []), tf.no_op)
    run(done)
    assert seen == [1]


@pytest.mark.parametrize(
    "build,error,message",
    [
        (lambda p: tf.cond(p, 1, lambda: 2), TypeError, "true_fn must be callable"),
        (lambda p: tf.cond(p, lambda: 1), TypeError, "false_fn argument required"),
        (lambda p: tf.cond(True, lambda: tf.constant(1), lambda: tf.constant(2)), TypeError, "pred must not be a Python bool"),
        (lambda p: tf.cond(p, lambda: None, lambda: tf.constant(2)), ValueError, "true_fn must have a return value"),
        (lambda p: tf.cond(p, lambda: tf.constant(1.0), lambda: tf.constant(2)), ValueError,
         "Outputs of true_fn and false_fn must have the same type: float32, int32"),
        (lambda p: tf.cond(p, lambda: [tf.constant(1), tf.constant(1)], lambda: tf.constant(2)), ValueError,
         "don't have the same nested structure"),
    ],
)  # fmt: skip
def test_bad_branches(build, error, message):
    with pytest.raises(error, match=message):
        build(tf.placeholder(tf.bool, []))


def test_a_tensor_of_a_branch_can_be_used_outside():
    inner = []

    def branch():
        inner.append(tf.constant(3.0) * 2.0)
        return inner[0]

    tf.cond(tf.placeholder_with_default(True, []), branch, lambda: tf.constant(0.0))
    assert run(inner[0] + 1.0) == 7


def test_case():
    x = tf.placeholder(tf.float32, [])
    pairs = [(x < 1.0, lambda: tf.constant(1)), (x < 2.0, lambda: tf.constant(2))]
    y = tf.case(pairs, default=lambda: tf.constant(3))
    assert [run(y, {x: v}) for v in (0.5, 1.5, 2.5)] == [1, 2, 3]
    with pytest.raises(tf.errors.InvalidArgumentError, match="None of conditions evaluated as True"):
        run(tf.case(pairs), {x: 5.0})
    with pytest.raises(tf.errors.InvalidArgumentError, match="more than 1 conditions"):
        run(tf.case(pairs, default=lambda: tf.constant(3), exclusive=True), {x: 0.0})


def test_switch_case():
    i, x = tf.placeholder(tf.int32, []), tf.placeholder(tf.float32, [])
    y = tf.switch_case(i, [lambda: x, lambda: x * x], default=lambda: tf.constant(0.0))
    g = tf.gradients(y, x)[0]
    assert [run([y, g], {i: k, x: 3}) for k in (0, 1, 2, -1)] == [[3, 1], [9, 6], [0, 0], [0, 0]]


def test_smart_cond():
    smart_cond = tf.contrib.framework.smart_cond
    assert smart_cond(True, lambda: 1, lambda: 2) == 1 and smart_cond(tf.constant(1) > 2, lambda: 1, lambda: 2) == 2
    y = smart_cond(tf.placeholder_with_default(False, []), lambda: tf.constant(1), lambda: tf.constant(2))
    assert run(y) == 2
    with pytest.raises(TypeError, match="`pred` must be a Tensor, or a Python bool, or 1 or 0"):
        smart_cond("x", lambda: 1, lambda: 2)


# ---------------------------------------------------------------------------------------------------------------- loops


def test_while_loop():
    i, x = tf.while_loop(lambda i, x: i < 5, lambda i, x: (i + 1, x * 2.0), [tf.constant(0), tf.constant(1.0)])
    assert run([i, x]) == [5, 32]
    assert run(tf.while_loop(lambda i: i < 5, lambda i: i + 1, [0])) == 5
    assert run(tf.while_loop(lambda i: i < 5, lambda i: [i + 1], [0], maximum_iterations=3)) == 3


def test_structures_of_loop_variables():
    start = {"i": tf.constant(0), "pair": (tf.constant(1.0), [tf.constant(2.0)])}

    def turn(v):
        return [{"i": v["i"] + 1, "pair": (v["pair"][1][0], [v["pair"][0] + v["pair"][1][0]])}]

    (result,) = tf.while_loop(lambda v: v["i"] < 5, turn, [start], return_same_structure=True)
    result = run(result)
    assert result["i"] == 5 and result["pair"][0] == 13 and result["pair"][1] == [21]


@pytest.mark.parametrize("turns", [0, 1, 7])
def test_gradients_of_a_loop(turns):
    x = tf.placeholder(tf.float64, [])
    _, y = tf.while_loop(lambda i, y: i < turns, lambda i, y: (i + 1, y * x), [tf.constant(0), tf.constant(1.0, tf.float64)])
    g = tf.gradients(y, x, unconnected_gradients="zero")[0]
    gg = tf.gradients(g, x, unconnected_gradients="zero")[0]
    n = turns
    expected = [2.0**n, n * 2.0 ** max(n - 1, 0), n * (n - 1) * 2.0 ** max(n - 2, 0)]
    assert run([y, g, gg], {x: 2}) == expected


def test_gradient_of_a_loop_in_a_loop():
    x = tf.placeholder(tf.float64, [])

    def outer(i, y):
        inner = tf.while_loop(lambda j, z: j < i, lambda j, z: (j + 1, z * x), [tf.constant(0), y])[1]
        return i + 1, inner

    y = tf.while_loop(lambda i, y: i < 4, outer, [tf.constant(0), x])[1]  # x ** 7
    g = tf.gradients(y, x)[0]
    gg = tf.gradients(g, x)[0]
    np.testing.assert_allclose(run([y, g, gg], {x: 1.5}), [1.5**7, 7 * 1.5**6, 42 * 1.5**5])


def test_gradient_of_a_branch_in_a_loop():
    x = tf.placeholder(tf.float64, [])

    def turn(i, y):
        return i + 1, tf.cond(tf.equal(i % 2, 0), lambda: y * x, lambda: y + x)

    y = tf.while_loop(lambda i, y: i < 4, turn, [tf.constant(0), tf.constant(1.0, tf.float64)])[1]  # ((x + x) x) + x
    g = tf.gradients(y, x)[0]
    assert run([y, g], {x: 3}) == [21, 13]


def test_gradient_of_a_loop_in_a_branch():
    x = tf.placeholder(tf.float64, [])
    loop = lambda: tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * x), [tf.constant(0), x])[1]
    y = tf.cond(x > 0.0, loop, lambda: x)
    g = tf.gradients(y, x)[0]
    assert run([y, g], {x: 2}) == [16, 32] and run([y, g], {x: -2}) == [-2, 1]


def test_no_back_prop():
    x = tf.placeholder(tf.float32, [])
    y = tf.while_loop(lambda y: y < 100.0, lambda y: y * x, [x], back_prop=False)
    assert tf.gradients(y, x) == [None]


def test_shapes_must_be_invariant():
    start = tf.constant([1.0])
    grow = lambda x: tf.concat([x, x], 0)
    with pytest.raises(ValueError, match="To allow the shape to vary across iterations"):
        tf.while_loop(lambda x: tf.size(x) < 5, grow, [start])
    y = tf.while_loop(lambda x: tf.size(x) < 5, grow, [start], shape_invariants=[tf.TensorShape([None])])
    assert y.shape.as_list() == [None] and run(y).shape == (8,)
    with pytest.raises(ValueError, match="is not compatible with the initial shape of the loop variable"):
        tf.while_loop(lambda x: tf.size(x) < 5, grow, [start], shape_invariants=[tf.TensorShape([3])])


def test_types_must_be_invariant():
    with pytest.raises((TypeError, ValueError)):
        tf.while_loop(lambda x: x < 5, lambda x: tf.cast(x, tf.float32), [tf.constant(1)])


def test_effects_in_a_loop_happen_in_order():
    seen = []

    def turn(i):
        with tf.control_dependencies([tf.py_func(lambda v: seen.append(int(v)), [i], [])]):
            return i + 1

    run(tf.while_loop(lambda i: i < 4, turn, [tf.constant(0)]))
    assert seen == [0, 1, 2, 3]


def test_a_tensor_of_a_loop_cannot_be_used_outside():
    inner = []

    def turn(i):
        inner.append(i * 2)
        return i + 1

    tf.while_loop(lambda i: i < 3, turn, [tf.constant(0)])
    with pytest.raises(ValueError, match="Cannot use 'while/mul' as input to 'Add' because 'while/mul' is in a while loop."):
        tf.add(inner[0], 1, name="Add")


def test_bad_loops():
    with pytest.raises(TypeError, match="cond must be callable"):
        tf.while_loop(1, lambda i: i, [0])
    with pytest.raises(TypeError, match="body must be callable"):
        tf.while_loop(lambda i: True, 1, [0])
    with pytest.raises(ValueError, match="No loop variables provided"):
        tf.while_loop(lambda: True, lambda: (), [])


def test_time_limit():
    forever = tf.while_loop(lambda i: True, lambda i: i + 1, [tf.constant(0)])
    with tf.Session() as sess:
        with pytest.raises(tf.errors.DeadlineExceededError):
            sess.run(forever, options=tf.RunOptions(timeout_in_ms=50))
        assert sess.run(tf.constant(1)) == 1
    with tf.Session(config=tf.ConfigProto(operation_timeout_in_ms=50)) as sess, pytest.raises(tf.errors.DeadlineExceededError):
        sess.run(forever)


def test_eagerly(eager):
    x = tf.constant(2.0)
    assert tf.cond(x > 1.0, lambda: x * 3.0, lambda: x).numpy() == 6
    assert tf.while_loop(lambda y: y < 100.0, lambda y: y * x, [x]).numpy() == 128
    assert tfe.gradients_function(lambda x: tf.while_loop(lambda y: y < 10.0, lambda y: y * x, [x]))(x)[0].numpy() == 32


# ------------------------------------------------------------------------------------------------- functions of functions


@pytest.mark.parametrize("mode", ["graph", "eager"])
def test_functions_of_functions(mode):
    if mode == "eager":
        tf.enable_eager_execution()
    numbers = tf.constant([1.0, 2.0, 3.0])
    results = [
        tf.map_fn(lambda x: x * x, numbers),
        tf.map_fn(lambda pair: (pair[0] + pair[1], tf.cast(pair[0], tf.int32)), (numbers, numbers), dtype=(tf.float32, tf.int32)),
        tf.foldl(lambda a, x: a * 2.0 + x, numbers),
        tf.foldr(lambda a, x: a * 2.0 + x, numbers, initializer=tf.constant(1.0)),
        tf.scan(lambda a, x: a + x, numbers),
        tf.scan(lambda a, x: a + x, numbers, reverse=True),
        tf.scan(lambda a, x: (a[1], a[0] + a[1]), numbers, initializer=(tf.constant(0.0), tf.constant(1.0))),
    ]
    plain = tf.nest.map_structure(lambda t: t.numpy(), results) if mode == "eager" else run(results)
    plain = tf.nest.map_structure(lambda v: v.tolist(), plain)
    assert plain == [[1, 4, 9], ([2, 4, 6], [1, 2, 3]), 11, 25, [1, 3, 6], [6, 5, 3], ([1, 1, 2], [1, 2, 3])]


def test_gradients_of_functions_of_functions():
    x = tf.placeholder(tf.float64, [None])
    w = tf.placeholder(tf.float64, [])
    for y in (tf.map_fn(lambda v: v * v * w, x), tf.scan(lambda a, v: a * w + v, x), tf.foldl(lambda a, v: a * w + v, x)):
        gx, gw = tf.gradients(y, [x, w])
        with tf.Session() as sess:

            def total(x_value, w_value):
                return np.sum(sess.run(y, {x: x_value, w: w_value}))

            at, eps = np.array([1.0, 2.0, 3.0]), 1e-6
            found_x, found_w = sess.run([gx, gw], {x: at, w: 1.5})
            expected_x = [(total(at + d, 1.5) - total(at - d, 1.5)) / (2 * eps) for d in np.eye(3) * eps]
            expected_w = (total(at, 1.5 + eps) - total(at, 1.5 - eps)) / (2 * eps)
        np.testing.assert_allclose(found_x, expected_x, rtol=1e-6)
        np.testing.assert_allclose(found_w, expected_w, rtol=1e-6)


def test_map_over_a_scalar():
    with pytest.raises(ValueError, match="elems must be a 1\\+ dimensional Tensor, not a scalar"):
        tf.map_fn(lambda x: x, tf.constant(1.0))
    with pytest.raises(TypeError, match="fn must be callable."):
        tf.scan(1, tf.constant([1.0]))


def random_seeds(graph):
    """The operation seeds of a graph's random operations, those of branches and loops among them."""
    found = []
    for node in graph.get_operations():
        if node.type == "RandomUniform":
            found.append(node.get_attr("seed2"))
        for body in node.attrs.values():
            if isinstance(body, GraphFunction):
                found += random_seeds(body.graph)
    return sorted(found)


def test_seeds_of_random_operations_in_branches_and_loops():
    """They count the operations that TensorFlow would make; the numbers are those of 1.15."""
    tf.set_random_seed(5)
    x, p = tf.placeholder(tf.float32, [3, 4]), tf.placeholder(tf.bool, [])
    w = tf.Variable(tf.ones([4, 4]))
    a = tf.nn.dropout(x, 0.5)
    y = tf.cond(p, lambda: tf.nn.dropout(tf.matmul(x, w), 0.5) + a, lambda: tf.matmul(x, w) + tf.random_uniform([3, 4]))
    tf.nn.dropout(y, 0.5)
    loop = tf.while_loop(lambda i, v: i < tf.shape(x)[0], lambda i, v: (i + 1, tf.nn.dropout(tf.matmul(v, w), 0.3) + a), [0, x])
    tf.nn.dropout(loop[1], 0.5)
    loop = tf.while_loop(lambda i, v: i < 3, lambda i, v: [i + 1, tf.cond(p, lambda: tf.nn.dropout(v, 0.4), lambda: v)], [0, x],
                         maximum_iterations=10)  # fmt: skip
    tf.nn.dropout(loop[1], 0.5)
    inner = lambda: tf.cond(tf.reduce_sum(x) > 0, lambda: tf.nn.dropout(x, 0.1), lambda: x)
    tf.nn.dropout(tf.cond(p, lambda: (x, a), lambda: (a, inner()))[1], 0.5)
    cell = tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.BasicLSTMCell(4), 0.5, 0.5)
    outputs, _ = tf.nn.dynamic_rnn(cell, tf.zeros([2, 3, 4]), dtype=tf.float32, sequence_length=[2, 3])
    tf.nn.dropout(outputs, 0.5)
    tf.nn.dropout(tf.map_fn(lambda v: tf.nn.dropout(v, 0.5), x), 0.5)
    expected = [10, 33, 53, 63, 99, 121, 167, 192, 223, 245, 366, 381, 416, 465, 520, 551]
    assert random_seeds(tf.get_default_graph()) == expected


@pytest.mark.parametrize("waits", [True, False])
def test_updates_in_a_branch_run_with_what_waits_for_them(waits):
    v, p, x = tf.Variable(1.0), tf.placeholder(tf.bool), tf.constant(5.0)

    def updated():
        with tf.control_dependencies([v.assign_add(1.0)]):
            return tf.identity(x)

    result = tf.cond(p, updated, lambda: x)
    if waits:
        with tf.control_dependencies([result]):
            result = tf.constant(7.0) + 0.0
    with tf.Session() as sess:
        sess.run(v.initializer)
        for choice, after in ((True, 2.0), (False, 2.0), (True, 3.0)):
            assert sess.run(result, {p: choice}) == (7 if waits else 5)
            assert sess.run(v) == after


@pytest.mark.parametrize("nested", [False, True])
def test_results_of_branches_wait_for_effects(nested):
    v = tf.Variable(1.0, use_resource=True)

    def inner():
        before = v.read_value()

        def add():
            with tf.control_dependencies([v.assign_add(2.0)]):
                return tf.identity(before)

        return tf.cond(tf.identity(True), add, lambda: before)

    result = tf.cond(tf.identity(True), inner, v.read_value) if nested else inner()
    with tf.Session() as sess:
        sess.run(v.initializer)
        assert sess.run(result) == 1.0
        assert sess.run(v) == 3.0


def test_critical_sections_exclude_each_other():
    section = tf.CriticalSection(shared_name="section")
    v = tf.Variable(0.0, use_resource=True)

    def add():
        before = v.read_value()
        with tf.control_dependencies([v.assign(before + 1.0)]):
            return tf.identity(before)

    results = [section.execute(add) for _ in range(5)]
    with pytest.raises(ValueError, match="attempts to directly access the CriticalSection"):
        section.execute(lambda: section.execute(add))
    with pytest.raises(ValueError, match="requested exclusive resource access"):
        tf.CriticalSection().execute(add)
    with tf.Session() as sess:
        sess.run(v.initializer)
        threads = [threading.Thread(target=lambda: [sess.run(results) for _ in range(20)]) for _ in range(3)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        assert sess.run(v) == 300


def test_a_failed_critical_section_lets_go():
    section = tf.CriticalSection()
    fails = tf.placeholder(tf.bool, [])

    def check():
        with tf.control_dependencies([tf.Assert(tf.logical_not(fails), ["failed"])]):
            return tf.constant(1.0) + 1.0

    result = section.execute(check)
    with tf.Session() as sess:
        for _ in range(3):
            with pytest.raises(tf.errors.InvalidArgumentError):
                sess.run(result, {fails: True})
        assert sess.run(result, {fails: False}) == 2.0


def test_indices_of_both_branches():
    """Indices of slices that are int32 in one branch and int64 in the other are int64."""
    session = tf.Session()
    p = tf.placeholder(tf.bool, [])
    made = tf.cond(
        p,
        lambda: tf.IndexedSlices(tf.constant([[1.0]]), tf.constant([0], tf.int32)),
        lambda: tf.IndexedSlices(tf.constant([[2.0]]), tf.constant([1], tf.int64)),
    )
    assert made.indices.dtype == tf.int64
    assert [session.run(made.indices, {p: x})[0] for x in (True, False)] == [0, 1]


def test_tensors_of_the_other_branch():
    """They have no value: that matters when the branch that uses them is taken."""
    session = tf.Session()
    p, seen = tf.placeholder(tf.bool, []), []

    def first():
        seen.append(tf.constant(1))
        return seen[0]

    chosen = tf.cond(p, first, lambda: seen[0] + 1)
    assert session.run(chosen, {p: True}) == 1
    with pytest.raises(tf.errors.InvalidArgumentError):
        session.run(chosen, {p: False})


def test_arrays_of_strings():
    session = tf.Session()
    rows = tf.TensorArray(tf.string, 3, clear_after_read=False).unstack(["a", "b", "c"])
    assert session.run([rows.read(1), rows.gather([2, 0])])[1].tolist() == [b"c", b"a"]


def test_cases_of_one():
    session = tf.Session()
    assert session.run(tf.case([(tf.constant(True), lambda: tf.constant(3))], exclusive=True)) == 3


def test_vectorized_map():
    """The structure of the results is the function's own; so are variables that it uses."""
    v = tf.get_variable("v", [2], initializer=tf.ones_initializer(), use_resource=True)

    def gradient(row):
        with tf.GradientTape() as tape:
            y = tf.reduce_sum(v * v * row)
        return {"g": tape.gradient(y, v)}

    mapped = tf.vectorized_map(gradient, tf.constant([1.0, 2.0, 3.0]))["g"]
    assert mapped.shape == (3, 2)
    with tf.Session() as sess:
        sess.run(v.initializer)
        assert sess.run(mapped).tolist() == [[2.0, 2.0], [4.0, 4.0], [6.0, 6.0]]


def test_branches_inside_of_functions_keep_lists_of_one():
    seen = []

    @tf.contrib.eager.defun
    def function(p):
        seen.append(tf.cond(p, lambda: [tf.constant(1)], lambda: [tf.constant(2)]))
        return seen[0][0] + tf.cond(p, lambda: (tf.constant(1),), lambda: (tf.constant(2),))[0]

    result = function(tf.constant(False))
    assert isinstance(seen[0], list)
    with tf.Session() as sess:
        assert sess.run(result) == 4
    assert not isinstance(tf.cond(tf.constant(True), lambda: [tf.constant(1)], lambda: [tf.constant(2)]), list)


def test_stacks():
    """What loops of TensorFlow's first kind keep for their gradients."""
    stack = registry["StackV2"](10, elem_type=tf.float32, stack_name="s")
    pushed = registry["StackPushV2"](stack, tf.constant([1.0, 2.0]))
    with tf.control_dependencies([pushed]):
        second = registry["StackPushV2"](stack, tf.constant([3.0]))
    with tf.control_dependencies([second]):
        last = registry["StackPopV2"](stack, elem_type=tf.float32)
    with tf.control_dependencies([last]):
        first = registry["StackPopV2"](stack, elem_type=tf.float32)
    with tf.control_dependencies([first]):
        close = registry["StackCloseV2"](stack)
    with tf.Session() as sess:
        a, b, _ = sess.run([first, last, close])
        assert a.tolist() == [1, 2] and b.tolist() == [3]


@pytest.mark.parametrize("stateless", [False, True])
def test_operations_with_and_without_effects_run_alike(stateless):
    """A graph read from a file may have `StatelessIf` and `StatelessWhile`."""
    p, x = tf.placeholder(tf.bool, [], name="p"), tf.placeholder(tf.float32, [2], name="x")
    branch = tf.cond(p, lambda: x * 2.0, lambda: x + 1.0)
    loop = tf.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v * 2.0), [0, branch])[1]
    tf.identity(loop, name="result")
    graph_def = tf.get_default_graph().as_graph_def()
    if stateless:
        for node in graph_def.node:
            node.op = {"If": "StatelessIf", "While": "StatelessWhile"}.get(node.op, node.op)
    with tf.Graph().as_default():
        tf.import_graph_def(graph_def, name="")
        with tf.Session() as sess:
            for choice, expected in ((True, [16, 32]), (False, [16, 24])):
                assert sess.run("result:0", {"p:0": choice, "x:0": [1, 2]}).tolist() == expected
