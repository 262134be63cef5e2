"""The graphs that public functions build are TensorFlow's, node for node."""

import nodes
import pytest

import eagle as tf

PROGRAMS = [(path, name) for path in nodes.files() for name in nodes.load(path)]


@pytest.mark.parametrize("path,name", PROGRAMS, ids=lambda v: getattr(v, "stem", v))
def test_nodes(path, name):
    with tf.Graph().as_default() as graph:
        nodes.load(path)[name](tf)
    expected = nodes.recorded(path)[name]
    for got, wanted in zip(nodes.describe(graph), expected):
        assert got == wanted
    assert len(graph.get_operations()) == len(expected)
