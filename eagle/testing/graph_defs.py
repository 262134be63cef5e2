"""Checks of `GraphDef`s and `MetaGraphDef`s: `tf.test.assert_equal_graph_def`, ..."""

import re

from ..core.export import export, resolve
from ..protos import message
from ..saved.node_defs import attr_summary

_UTIL = "python.framework.test_util."


@export("test.assert_equal_graph_def", _UTIL + "assert_equal_graph_def_v1")
def assert_equal_graph_def(actual, expected, checkpoint_v2=False, hash_table_shared_name=False):
    """Checks that two `GraphDef`s have the same nodes, in whatever order; versions do not matter.

    Args:
      actual: the actual one.
      expected: the expected one.
      checkpoint_v2: whether random names of temporary files of checkpoints are left out (in both, for good).
      hash_table_shared_name: whether random names of tables are left out (in both, for good).

    Raises:
      AssertionError: they differ.
      TypeError: one is no `GraphDef`.
    """
    for what, given in (("actual", actual), ("expected", expected)):
        if not isinstance(given, message("GraphDef")):
            raise TypeError("Expected tf.GraphDef for %s, got %s" % (what, type(given).__name__))
    for given in (actual, expected):
        if checkpoint_v2:
            _strip(given, lambda node, key, value: any(map(_TEMPORARY.match, value.tensor.string_val[:1])))
        if hash_table_shared_name:
            _strip(given, lambda node, key, value: node.op == "HashTableV2" and key == "shared_name" and _TABLE.match(value.s))
    found = difference(actual, expected)
    if found:
        raise AssertionError(found)


export(_UTIL + "assert_equal_graph_def")(assert_equal_graph_def)


@export("compat.v2.test.assert_equal_graph_def", _UTIL + "assert_equal_graph_def_v2")
def assert_equal_graph_def_v2(expected, actual):
    """`assert_equal_graph_def` that leaves random names out."""
    assert_equal_graph_def(actual, expected, checkpoint_v2=True, hash_table_shared_name=True)


_TEMPORARY = re.compile(rb"_temp_[0-9a-z]{32}/part")
_TABLE = re.compile(rb"hash_table_[0-9a-z\-]+")


def _strip(graph_def, is_random):
    for node in graph_def.node:
        for key in [k for k, v in node.attr.items() if is_random(node, k, v)]:
            del node.attr[key]


def difference(actual, expected):
    """How the first node that differs between two `GraphDef`s does; None if none does."""
    left = {node.name: node for node in actual.node}
    for node in expected.node:
        if node.name not in left:
            return "Did not find expected node '%s'" % _summary(node)
        found = _node_difference(left.pop(node.name), node)
        if found:
            return "Node named '%s' %s" % (node.name, found)
    if left:
        return "Found unexpected node '%s'" % _summary(next(reversed(left.values())))
    return None


def _summary(node):
    """A node as TensorFlow's messages write it."""
    attrs = ["%s=%s" % (k, attr_summary(node.attr[k])) for k in sorted(node.attr)]
    if node.device:
        attrs.append('_device="%s"' % node.device)
    return "{{node %s}} = %s[%s](%s)" % (node.name, node.op, ", ".join(attrs), ", ".join(node.input))


def _node_difference(actual, expected):
    for what in ("op", "device"):
        a, b = getattr(actual, what), getattr(expected, what)
        if a != b:
            return "has %s '%s' that is not expected '%s'" % (what, a, b)
    if len(actual.input) != len(expected.input):
        return "has inputs '%s' that don't match expected '%s'" % (", ".join(actual.input), ", ".join(expected.input))
    first = next((i for i, name in enumerate(actual.input) if name.startswith("^")), len(actual.input))
    for i, (a, b) in enumerate(zip(actual.input[:first], expected.input[:first])):
        if a.removesuffix(":0") != b.removesuffix(":0"):
            return "has input %d '%s' that doesn't match expected '%s'" % (i, a, b)
    a, b = set(actual.input[first:]), set(expected.input[first:])
    if b - a:
        return "missing expected control input '%s'" % min(b - a)
    if a - b:
        return "has unexpected control input '%s'" % min(a - b)
    return _attr_difference(actual.attr, expected.attr)


def _attr_difference(actual, expected):
    """How attributes differ; those whose names begin with `_` are left out."""
    for name in sorted((n for n in expected if not n.startswith("_")), reverse=True):
        wanted = attr_summary(expected[name])
        if name not in actual:
            return "missing expected attr '%s' with value: %s" % (name, wanted)
        if not _are_equal(actual[name], expected[name]):
            return "has attr '%s' with value: %s that does not match expected: %s" % (name, attr_summary(actual[name]), wanted)
    for name in sorted(actual):
        if not name.startswith("_") and name not in expected:
            return "has unexpected attr '%s' with value: %s" % (name, attr_summary(actual[name]))
    return None


def _are_equal(a, b):
    """Whether two `AttrValue`s mean the same: tensors by their values, however these are written."""
    if a == b:
        return True
    if a.WhichOneof("value") != "tensor" or b.WhichOneof("value") != "tensor":
        return False
    if a.tensor.dtype != b.tensor.dtype or a.tensor.tensor_shape != b.tensor.tensor_shape:
        return False
    x, y = [resolve("make_ndarray")(t.tensor) for t in (a, b)]
    return x.tobytes() == y.tobytes() if x.dtype.kind != "O" else bool((x == y).all())


@export(_UTIL + "assert_meta_graph_protos_equal")
def assert_meta_graph_protos_equal(tester, a, b):
    """Checks that two `MetaGraphDef`s are equal but for the order of nodes; leaves the messages without graphs and collections.

    Args:
      tester: the `tf.test.TestCase` whose checks are used.
      a, b: the messages.
    """
    tester.assertEqual(set(a.collection_def), set(b.collection_def))
    for key, values in a.collection_def.items():
        kind = resolve("python.framework.ops.get_collection_proto_type")(key)
        others = b.collection_def[key]
        if kind is None:
            tester.assertEqual(values, others)
            continue
        tester.assertEqual(len(values.bytes_list.value), len(others.bytes_list.value))
        for x, y in zip(values.bytes_list.value, others.bytes_list.value):
            tester.assertProtoEquals(kind.FromString(x), kind.FromString(y))
    for m in (a, b):
        m.ClearField("collection_def")
    assert_equal_graph_def(a.graph_def, b.graph_def, checkpoint_v2=True)
    tester.assertProtoEquals(a.graph_def.versions, b.graph_def.versions)
    for m in (a, b):
        m.ClearField("graph_def")
    tester.assertProtoEquals(a, b)


@export(_UTIL + "assert_ops_in_graph")
def assert_ops_in_graph(expected_ops, graph):
    """Checks that a graph has operations of some names and types.

    Args:
      expected_ops: a dictionary from names to types.
      graph: the graph.

    Returns:
      A dictionary from the names to the `NodeDef`s.

    Raises:
      ValueError: one is missing, or of another type.
    """
    found = {node.name: node for node in graph.as_graph_def().node if node.name in expected_ops}
    for name, node in found.items():
        if node.op != expected_ops[name]:
            raise ValueError("Expected op for node %s is different. %s vs %s" % (name, expected_ops[name], node.op))
    if set(found) != set(expected_ops):
        raise ValueError("Not all expected ops are present. Expected %s, found %s" % (expected_ops.keys(), found.keys()))
    return found


@export(_UTIL + "get_node_def_from_graph")
def get_node_def_from_graph(node_name, graph_def):
    """The `NodeDef` of a name in a `GraphDef`; None if there is none."""
    return next((node for node in graph_def.node if node.name == node_name), None)


@export(_UTIL + "set_producer_version")
def set_producer_version(graph, producer_version):
    """Sets the version of the producer of a graph."""
    made = message("GraphDef")()
    made.versions.producer = producer_version
    with graph.as_default():
        resolve("import_graph_def")(made)
