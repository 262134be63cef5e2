"""The graphs that public functions build are TensorFlow's, node for node."""

import nodes
import pytest

import eagle as tf

PROGRAMS = [(path, name) for path in nodes.files() for name in nodes.load(path)]


@pytest.mark.parametrize("path,name", PROGRAMS, ids=lambda v: getattr(v, "stem", v))
def test_nodes(path, name):
    with tf.Graph().as_default() as graph:
        nodes.load(path)[name](tf)
    expected = nodes.outside(path, nodes.recorded(path)[name])
    built = nodes.outside(path, nodes.describe(graph))
    for got, wanted in zip(built, expected):
        assert got == wanted
    assert len(built) == len(expected)
