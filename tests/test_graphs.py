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
