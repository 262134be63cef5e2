"""Graphs that TensorFlow wrote run here and give what they gave there."""

import graphs
import numpy as np
import pytest

import eagle as tf

NAMES = sorted(p.stem for p in graphs.DATA.glob("*.npz"))


def check(values, expected):
    assert len(values) == len(expected)
    for got, wanted in zip(values, expected):
        assert (got.dtype, got.shape) == (wanted.dtype, wanted.shape)
        if wanted.dtype == object or wanted.dtype.kind in "biu":
            assert np.array_equal(got, wanted)
        else:
            np.testing.assert_allclose(got, wanted, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", NAMES)
def test_graph_of_tensorflow(name):
    graph_def, plan, expected = graphs.recorded(name)
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(tf.GraphDef.FromString(graph_def), name="read")
    check(graphs.run(tf, graph, plan, "read/"), expected)


@pytest.mark.parametrize("name", NAMES)
def test_graph_written_again(name):
    """A graph that was read and written is the same graph."""
    graph_def, plan, expected = graphs.recorded(name)
    with tf.Graph().as_default() as first:
        tf.import_graph_def(tf.GraphDef.FromString(graph_def), name="")
    with tf.Graph().as_default() as second:
        tf.import_graph_def(tf.GraphDef.FromString(first.as_graph_def().SerializeToString()), name="")
    check(graphs.run(tf, second, plan), expected)


@pytest.mark.parametrize("name", sorted(graphs.programs()))
def test_own_graph_written(name):
    """A graph that Eagle built is the same graph after it was written and read, and TensorFlow knows all of its ops."""
    with tf.Graph().as_default() as graph:
        plan = graphs.programs()[name](tf)
    expected = graphs.run(tf, graph, plan)
    written = graph.as_graph_def()
    nodes = [*written.node, *[n for f in written.library.function for n in f.node_def]]
    assert not [n.op for n in nodes if n.op.startswith("Eagle")]
    with tf.Graph().as_default() as read:
        tf.import_graph_def(tf.GraphDef.FromString(written.SerializeToString()), name="read")
    check(graphs.run(tf, read, plan, "read/"), expected)


def test_several_outputs_of_an_own_op():
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        x, axes = tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.placeholder(tf.int32, [None], name="axes")
        y = tf.identity(tf.gradients(tf.reduce_prod(x, axes), x)[0], name="y")
        expected = sess.run(y, {axes: [1]})
    assert "EagleAxesFirst" in [op.type for op in graph.get_operations()]
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.import_graph_def(graph.as_graph_def(), name="")
        assert np.array_equal(sess.run("y:0", {"axes:0": [1]}), expected)


@pytest.mark.parametrize("turns", [10, 3])
def test_older_versions_can_read_loops(turns):
    """TensorFlow 1.13 has no attribute `parallel_iterations`; it is written where it says something."""
    with tf.Graph().as_default() as graph:
        tf.while_loop(lambda i: i < 3, lambda i: i + 1, [tf.constant(0)], parallel_iterations=turns)
    (loop,) = [node for node in graph.as_graph_def().node if node.op == "While"]
    assert ("parallel_iterations" in loop.attr) == (turns != 10)
    with tf.Graph().as_default() as again:
        tf.import_graph_def(graph.as_graph_def(), name="")
    (loop,) = [op for op in again.get_operations() if op.type == "While"]
    assert loop.get_attr("parallel_iterations") == turns
