"""`tf.contrib.graph_editor`: finding, copying and reconnecting operations."""

import numpy as np
import pytest

import eagle as tf

ge = tf.contrib.graph_editor


@pytest.fixture
def chain():
    """A graph in which y = exp(2 x) + 1, and what is in it."""
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [2], name="x")
        with tf.name_scope("s"):
            double = tf.multiply(x, 2.0, name="double")
            power = tf.exp(double, name="power")
        y = tf.add(power, 1.0, name="y")
        yield graph, x, double, power, y


def names(things):
    return sorted(t.name for t in things)


def test_walks(chain):
    graph, x, double, power, y = chain
    assert names(ge.get_forward_walk_ops(double.op)) == ["s/double", "s/power", "y"]
    assert names(ge.get_forward_walk_ops([x], inclusive=False)) == ["s/power", "y"]
    assert names(ge.get_forward_walk_ops(double.op, stop_at_ts=[power])) == ["s/double", "s/power"]
    assert names(ge.get_backward_walk_ops([y.op], inclusive=False, within_ops=[double.op, power.op, y.op])) == [
        "s/double",
        "s/power",
    ]
    assert names(ge.get_backward_walk_ops(y, stop_at_ts=[power])) == ["y", "y/y"]
    assert names(ge.get_walks_intersection_ops([double], [power])) == ["s/power"]
    with tf.control_dependencies([double]):
        waits = tf.no_op(name="waits")
    outputs = ge.ControlOutputs(graph)
    assert waits in ge.get_forward_walk_ops(double.op, control_outputs=outputs)
    assert double.op in ge.get_backward_walk_ops(waits, control_inputs=True)


def test_selection(chain):
    graph, x, double, power, y = chain
    assert names(ge.select_ops("^s/", graph=graph)) == ["s/double", "s/double/y", "s/power"]
    assert names(ge.filter_ts_from_regex(graph, "^s/.*:0$")) == ["s/double/y:0", "s/double:0", "s/power:0"]
    assert ge.filter_ts([power.op], True) == [double, power]
    assert ge.select_ts([x, y.op], "(?#ts)^y:", graph=graph) == [x, y]
    with pytest.raises(ValueError, match="keyword argument 'graph'"):
        ge.select_ops("a")
    with pytest.raises(TypeError, match="Expected a Operation"):
        ge.make_list_of_op([1])
    view = ge.sgv([double.op, power.op])
    assert (names(view.inputs), names(view.outputs)) == (["s/double/y:0", "x:0"], ["s/power:0"])


def test_copies(chain):
    graph, x, double, power, y = chain
    view, info = ge.copy_with_input_replacements(ge.sgv([double.op, power.op]), {x: tf.constant([1.0, 3.0])}, dst_scope="again")
    assert names(view.ops) == ["again/s/double", "again/s/power"]
    assert info.transformed(power).name == "again/s/power:0" and info.original(info.transformed(power)) is power
    assert info.transformed([double.op, y.op]) == [info.transformed(double.op), None]
    with tf.Session(graph=graph) as sess:
        assert np.allclose(sess.run(info.transformed(power)), np.exp([2.0, 6.0]))
    with tf.Graph().as_default() as other, tf.Session(graph=other) as sess:
        _, info = ge.copy([double.op, power.op, *ge.select_ops("double/y$", graph=graph)], other)
        fed = [op.outputs[0] for op in other.get_operations() if op.type == "Placeholder"]
        assert np.allclose(sess.run(info.transformed(power), {fed[0]: [0.0, 1.0]}), np.exp([0.0, 2.0]))


def test_replacement(chain):
    graph, x, double, power, y = chain
    found = ge.graph_replace([y, power], {double: tf.constant([0.0, 1.0])})
    with tf.Session(graph=graph) as sess:
        values = sess.run(found)
    assert np.allclose(values[0], np.exp([0.0, 1.0]) + 1) and np.allclose(values[1], np.exp([0.0, 1.0]))
    with pytest.raises(ValueError, match="not connected"):
        ge.graph_replace(x, {y: x})


def test_rerouting(chain):
    graph, x, double, power, y = chain
    other = tf.constant([5.0, 6.0])
    assert ge.reroute_ts([other], [power]) == 1 and y.op.inputs[0] is other
    with tf.Session(graph=graph) as sess:
        assert sess.run(y).tolist() == [6.0, 7.0]
        assert ge.reroute_ts([power], [other], cannot_modify=[y.op]) == 0
        assert ge.swap_ts([power], [other], can_modify=y.op) == 1 and y.op.inputs[0] is power
        assert np.allclose(sess.run(y, {x: [0.0, 0.0]}), [2.0, 2.0])
    with pytest.raises(ValueError, match="not compatible"):
        ge.reroute_ts([tf.constant(1)], [power])
    ge.add_control_inputs(y.op, [other.op])
    assert other.op in y.op.control_inputs
    with pytest.raises(ValueError, match="already a control_input"):
        ge.add_control_inputs(y.op, other.op)


def test_values_computed_again_for_gradients():
    """As programs save memory: parts of the forward pass are copied, wait for the gradient, and the gradient takes the copies."""
    with tf.Graph().as_default() as graph, tf.Session(graph=graph) as sess:
        x = tf.constant([0.5, 1.5])
        h = tf.tanh(tf.sin(x))
        y = tf.reduce_sum(tf.exp(h))
        forward = [op for op in graph.get_operations() if op.type in ("Sin", "Tanh")]
        expected = sess.run(tf.gradients(y, x)[0])
        dh = tf.gradients(y, h)[0]
        _, info = ge.copy_with_input_replacements(ge.sgv(forward), {})
        copies = [info.transformed(op) for op in forward]
        for op in copies:
            ge.add_control_inputs(op, [dh.op])
        before = set(graph.get_operations())
        dx = tf.gradients(h, x, grad_ys=dh)[0]
        added = [op for op in graph.get_operations() if op not in before]
        olds = [t for op in forward for t in op.outputs]
        assert ge.reroute_ts([info.transformed(t) for t in olds], olds, can_modify=added) > 0
        assert np.allclose(sess.run(dx), expected)
