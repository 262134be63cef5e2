"""Graphs that nobody should have written: they are refused with an error of TensorFlow's, or run; nothing crashes or hangs."""

import random

import graphs
import pytest
from google.protobuf.message import DecodeError

import eagle as tf

NAMES = sorted(p.stem for p in graphs.DATA.glob("*.npz"))
REFUSALS = (ValueError, TypeError, NotImplementedError, tf.errors.OpError)
INPUTS = ["", "^", "x:999", "^x", ":", "a:b:c", "x:99999999999999999999"]
OPS = "Foo Const While Switch Merge NextIteration Enter Exit LoopCond VariableV2 Placeholder".split()
SHAPES = [[], [-1], [-2], [2**40, 2**40], [0], [3]]


def spoil_attribute(value, rng):
    value.Clear()
    kind = rng.choice(["s", "i", "f", "b", "type", "list", "tensor", "func", "shape", "placeholder", "nothing"])
    dims = rng.choice(SHAPES)
    if kind == "shape":
        value.shape.SetInParent()
        for d in dims:
            value.shape.dim.add(size=d)
    elif kind == "tensor":
        value.tensor.dtype = rng.choice([0, 1, 3, 7, 20, 99])
        for d in dims:
            value.tensor.tensor_shape.dim.add(size=d)
        value.tensor.tensor_content = rng.choice([b"", b"abc"])
    elif kind == "func":
        value.func.name = "nowhere"
    elif kind == "list":
        value.list.SetInParent()
    elif kind != "nothing":
        setattr(value, kind, {"s": b"\xff", "i": 2**62, "f": float("nan"), "b": True, "type": rng.choice([0, 3, 20, 101]),
                              "placeholder": "T"}[kind])  # fmt: skip


def spoil(nodes, rng):
    """Changes one of some `NodeDef`s for the worse."""
    node, other = rng.choice(nodes), rng.choice(nodes)
    change = rng.randrange(9)
    if change == 0 and node.input:
        node.input[rng.randrange(len(node.input))] = rng.choice([*INPUTS, other.name, other.name + ":1", "^" + other.name])
    elif change == 1:
        node.op = rng.choice([*OPS, "", other.op])
    elif change == 2:
        node.name = rng.choice(["", "a b", "/x", "x/", "\x00", other.name])
    elif change == 3 and node.attr:
        del node.attr[rng.choice(sorted(node.attr))]
    elif change == 4 and node.attr:
        spoil_attribute(node.attr[rng.choice(sorted(node.attr))], rng)
    elif change == 5:
        node.input.append(other.name)
    elif change == 6 and node.input:
        del node.input[0]
    elif change == 7:
        nodes.remove(node)
    else:
        nodes.add().CopyFrom(node)


def spoil_function(function, rng):
    """Changes a `FunctionDef` for the worse."""
    signature, change = function.signature, rng.randrange(8)
    if change < 4 and function.node_def:
        spoil(function.node_def, rng)
    elif change == 4 and signature.input_arg:
        signature.input_arg[0].type = rng.choice([0, 1, 3, 20, 99, 101])
    elif change == 5 and function.ret:
        function.ret[rng.choice(sorted(function.ret))] = rng.choice(["x:y:z", *INPUTS])
    elif change == 6:
        signature.name = rng.choice(["", "Add", "x y"])
    else:
        signature.ClearField("output_arg")


def check(graph_def, plan):
    """Reads, writes and runs a graph; errors are fine if they are such as TensorFlow raises."""
    with tf.Graph().as_default() as graph:
        try:
            tf.import_graph_def(graph_def, name="")
        except REFUSALS:
            assert not graph.get_operations()
            return
    try:
        graph.as_graph_def(add_shapes=True)
        options = tf.RunOptions(timeout_in_ms=5000)
        with tf.Session(graph=graph) as sess:
            if "init" in plan:
                sess.run(plan["init"], options=options)
            sess.run(plan["fetches"], plan["feeds"], options=options)
    except (*REFUSALS, KeyError) as e:
        assert not isinstance(e, tf.errors.InternalError), e


@pytest.mark.parametrize("name", NAMES)
def test_spoiled_nodes(name):
    rng = random.Random(name)
    text, plan, _ = graphs.recorded(name)
    for _ in range(12):
        graph_def = tf.GraphDef.FromString(text)
        for _ in range(rng.randint(1, 3)):
            spoil(graph_def.node, rng)
        check(graph_def, plan)


@pytest.mark.parametrize("name", NAMES)
def test_spoiled_functions(name):
    rng = random.Random(name)
    text, plan, _ = graphs.recorded(name)
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(tf.GraphDef.FromString(text), name="")
    text = graph.as_graph_def().SerializeToString()
    if not tf.GraphDef.FromString(text).library.function:
        pytest.skip("no functions")
    for _ in range(12):
        graph_def = tf.GraphDef.FromString(text)
        spoil_function(rng.choice(graph_def.library.function), rng)
        check(graph_def, plan)


@pytest.mark.parametrize("name", NAMES[:4])
def test_damaged_bytes(name):
    rng = random.Random(name)
    text, plan, _ = graphs.recorded(name)
    for _ in range(12):
        damaged = bytearray(text)
        for _ in range(rng.randint(1, 5)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        try:
            graph_def = tf.GraphDef.FromString(bytes(damaged))
        except DecodeError:
            continue
        check(graph_def, plan)


def test_functions_that_call_each_other():
    """Functions that call themselves, or each other so often that their nodes would not fit into memory."""
    graph_def = tf.GraphDef()
    for i in range(40):
        function = graph_def.library.function.add()
        function.signature.name = "f%d" % i
        for n in range(3):
            function.node_def.add(name="call%d" % n, op="f%d" % (i + 1) if i < 39 else "NoOp")
    graph_def.node.add(name="call", op="f0")
    with tf.Graph().as_default(), pytest.raises(ValueError, match="call each other so often"):
        tf.import_graph_def(graph_def, name="")


def test_deep_calls():
    graph_def = tf.GraphDef()
    for i in range(1000):
        function = graph_def.library.function.add()
        function.signature.name = "f%d" % i
        function.node_def.add(name="call", op="f%d" % (i + 1) if i < 999 else "f0")
    graph_def.node.add(name="call", op="f0")
    with tf.Graph().as_default(), pytest.raises(ValueError, match="one inside another"):
        tf.import_graph_def(graph_def, name="")


def test_damaged_collections():
    with tf.Graph().as_default() as graph:
        tf.get_variable("v", initializer=1.0)
        tf.train.Saver()
        whole = tf.train.export_meta_graph(graph=graph)
    rng = random.Random(0)
    for _ in range(60):
        damaged = tf.MetaGraphDef.FromString(whole.SerializeToString())
        values = damaged.collection_def["variables"].bytes_list.value
        text = bytearray(values[0])
        for _ in range(rng.randint(1, 3)):
            text[rng.randrange(len(text))] = rng.randrange(256)
        values[0] = bytes(text)
        with tf.Graph().as_default():
            try:
                tf.train.import_meta_graph(damaged)
            except (*REFUSALS, KeyError):
                pass
    values[0] = b"\xff\xff"
    with tf.Graph().as_default(), pytest.raises(tf.errors.DataLossError, match="The collection variables has an item that is no"):
        tf.train.import_meta_graph(damaged)
