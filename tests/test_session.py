"""Sessions: what may be fetched and fed, what errors say, what stays as it was."""

import collections
import gc
import json
import threading
import time
import warnings

import numpy as np
import pytest

import eagle as tf

Pair = collections.namedtuple("Pair", ["first", "second"])


def test_fetches_of_any_nesting():
    a, b = tf.constant(1.0, name="a"), tf.constant([2, 3], name="b")
    op = tf.no_op(name="nothing")
    with tf.Session() as sess:
        assert sess.run(a) == 1 and type(sess.run(a)) is np.float32
        assert sess.run("b:0").tolist() == [2, 3]
        assert sess.run(op) is None and sess.run("nothing") is None
        result = sess.run({"x": [a, (b, op)], "y": Pair(a, [b, b])})
    assert result["x"][0] == 1 and type(result["x"][1]) is tuple and result["x"][1][1] is None
    assert type(result["y"]) is Pair and len(result["y"].second) == 2


def test_a_structure_of_fetches_is_prepared_once():
    """Monitored sessions fetch dictionaries of hooks: their runs must count as those of one plan, or it never gets compiled."""
    a, b = tf.constant(1.0), tf.placeholder(tf.float32, [])
    hook = object()
    structures = [
        lambda a, b: {"caller": [a, b], hook: {"b": b}},
        lambda a, b: collections.OrderedDict([("caller", (a, b)), (hook, [b])]),
        lambda a, b: [[a], (b, Pair(a, [b]))],
        lambda a, b: [[a], [b, (a, [b])]],
        lambda a, b: (a, b),
        lambda a, b: Pair(a, b),
    ]
    with tf.Session() as sess:
        for make in structures:
            for value in (2.0, 3.0):
                assert repr(sess.run(make(a, b), {b: value})) == repr(make(np.float32(1.0), np.float32(value)))
        assert len(sess._prepared) == len(structures)


def test_what_is_fetched_belongs_to_the_caller():
    a = tf.constant([1.0, 2.0])
    with tf.Session() as sess:
        first = sess.run([a, tf.identity(a)])[0]
        first[0] = 7
        assert sess.run([a, tf.identity(a)])[1].tolist() == [1, 2]


def test_feeding():
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    y = tf.add(x, 1.0, name="y")
    z = y * 2.0
    with tf.Session() as sess:
        assert sess.run(z, {x: [[1, 2]]}).tolist() == [[4, 6]]
        assert sess.run(z, {"x:0": np.ones([3, 2], np.float64)}).shape == (3, 2)
        assert sess.run(z, {y: [[0.5, 0.5]]}).tolist() == [[1, 1]]  # anything may be fed
        fed = np.ones([1, 2], np.float32)
        out = sess.run(x, {x: fed})
        out[0, 0] = 5
        assert fed[0, 0] == 1


def test_feeding_strings():
    words = tf.placeholder(tf.string, [None], name="words")
    y, lengths = tf.identity(words), tf.strings.length(words)
    with tf.Session() as sess:
        fed = [["b", "é"], np.array(["b", "é"], object), np.array(["b", "é"]), np.array([b"b", "é"], object)]
        for value in [*fed, [np.str_("b"), np.bytes_("é".encode())]]:
            values = sess.run([y, lengths], {words: value})
            assert [v.tolist() for v in values] == [[b"b", "é".encode()], [1, 2]]
        assert fed[1].tolist() == ["b", "é"]
        fed = np.array([b"b"], object)
        sess.run(words, {words: fed})[0] = b"c"
        assert fed[0] == b"b"
        for value, kind in [([5], "int"), ([None], "NoneType"), ([b"a", 2.5], "float"), (np.array([1]), "int")]:
            with pytest.raises(tf.errors.InternalError, match="Unsupported object type %s$" % kind):
                sess.run(y, {words: value})


def test_placeholder_with_default():
    x = tf.placeholder_with_default([1.0], [None])
    with tf.Session() as sess:
        assert sess.run(x).tolist() == [1]
        assert sess.run(x, {x: [2, 3]}).tolist() == [2, 3]


@pytest.mark.parametrize(
    "fetch,error,message",
    [
        (3, TypeError, "Fetch argument 3 has invalid type <class 'int'>, must be a string or Tensor. "
                       r"\(Can not convert a int into a Tensor or Operation.\)"),
        (None, TypeError, "Fetch argument None has invalid type <class 'NoneType'>"),
        ("nowhere", ValueError, """Fetch argument 'nowhere' cannot be interpreted as a Tensor. """
                                r"""\("The name 'nowhere' refers to an Operation not in the graph."\)"""),
        ("x:7", ValueError, "Fetch argument 'x:7' cannot be interpreted as a Tensor"),
    ],
)  # fmt: skip
def test_bad_fetches(fetch, error, message):
    tf.placeholder(tf.float32, name="x")
    with tf.Session() as sess, pytest.raises(error, match=message):
        sess.run(fetch)


def test_bad_feeds():
    x = tf.placeholder(tf.float32, [2], name="x")
    n = tf.placeholder(tf.int32, [], name="n")
    y = x + 1.0
    m = n + 1
    with tf.Session() as sess:
        with pytest.raises(ValueError, match=r"Cannot feed value of shape \(3,\) for Tensor 'x:0', which has shape '\(2,\)'"):
            sess.run(y, {x: [1, 2, 3]})
        with pytest.raises(ValueError, match="could not convert string to float"):
            sess.run(y, {x: ["a", "b"]})
        with pytest.raises(
            TypeError,
            match="Type of feed value 2147483648 with type <class 'int'> is not compatible with Tensor type <class .numpy.int32.>",
        ):
            sess.run(m, {n: 2**31})
        with pytest.raises(TypeError, match="The value of a feed cannot be a tf.Tensor object"):
            sess.run(y, {x: tf.constant([1.0, 2.0])})
        with pytest.raises(TypeError, match="Cannot interpret feed_dict key as Tensor"):
            sess.run(y, {"gone:0": [1.0, 2.0]})
        with pytest.raises(
            tf.errors.InvalidArgumentError, match="You must feed a value for placeholder tensor 'x' with dtype float and shape"
        ):
            sess.run(y)


def test_unfeedable():
    x = tf.constant(1.0)
    tf.get_default_graph().prevent_feeding(x)
    with (
        tf.Session() as sess,
        pytest.raises(ValueError, match=r"Tensor Tensor\(\"Const:0\", shape=\(\), dtype=float32\) may not be fed."),
    ):
        sess.run(x + 1.0, {x: 2.0})


def test_foreign_graph():
    with tf.Graph().as_default():
        other = tf.constant(1.0)
    tf.constant(2.0)
    with tf.Session() as sess, pytest.raises(ValueError, match="is not an element of this graph"):
        sess.run(other)


def test_closed_and_empty():
    with pytest.raises(RuntimeError, match="The Session graph is empty"):
        tf.Session().run("x:0")
    x = tf.constant(1.0)
    with tf.Session() as sess:
        sess.run(x)
    with pytest.raises(RuntimeError, match="Attempted to use a closed Session."):
        sess.run(x)
    call = tf.Session().make_callable(x)
    assert call() == 1
    with pytest.raises(TypeError, match="graph must be a tf.Graph"):
        tf.Session(graph=3)


def test_graph_grows_between_runs():
    x = tf.constant(1.0)
    with tf.Session() as sess:
        assert sess.run(x + 1.0) == 2
        y = x * 3.0
        assert sess.run([x, y]) == [1, 3]


def test_make_callable():
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    with tf.Session() as sess:
        call = sess.make_callable({"sum": x + y}, [x, y])
        assert call(1, 2) == {"sum": 3}
        with pytest.raises(ValueError):
            call(1)
        with pytest.raises(TypeError, match="feed_list"):
            sess.make_callable(x, {x: 1})
        sess.close()
        with pytest.raises(RuntimeError, match="closed"):
            call(1, 2)


def test_eval_and_run_use_the_default_session():
    x = tf.constant(3.0)
    with pytest.raises(ValueError, match="Cannot evaluate tensor using `eval\\(\\)`: No default session is registered"):
        x.eval()
    with tf.Session():
        assert x.eval() == 3
        assert x.op.run() is None
    sess = tf.InteractiveSession()
    assert x.eval() == 3 and tf.get_default_session() is sess
    sess.close()
    assert tf.get_default_session() is None


def test_an_error_at_run_time_names_node_and_line():
    x = tf.placeholder(tf.float32, name="left")
    y = tf.add(x, [1.0, 2.0], name="broken")  # the line
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError) as caught:
        sess.run(y, {x: [1, 2, 3]})
    assert "Incompatible shapes: [3] vs. [2]" in caught.value.message
    assert "broken" in str(caught.value) and "test_session.py" in str(caught.value)
    assert caught.value.op is y.op and caught.value.node_def.name == "broken"


def test_threads():
    x = tf.placeholder(tf.float32, [])
    y = x * x + 1.0
    found = []
    with tf.Session() as sess:

        def work(i):
            found.extend((i, sess.run(y, {x: i})) for _ in range(200))

        threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
    assert len(found) == 1600 and all(value == i * i + 1 for i, value in found)


def test_memory_is_steady():
    for thread in threading.enumerate():  # what other tests compile
        if thread.name == "eagle-compiler":
            thread.join()
    x = tf.placeholder(tf.float32, [4])
    y = tf.reduce_sum(x * x + 1.0)
    with tf.Session() as sess:
        for _ in range(100):
            sess.run(y, {x: np.ones(4)})
        gc.collect()
        before = len(gc.get_objects())
        for _ in range(2000):
            sess.run(y, {x: np.ones(4)})
        gc.collect()
        assert len(gc.get_objects()) - before < 50


def test_program_can_be_printed():
    x = tf.placeholder(tf.float32, [2])
    with tf.Session() as sess:
        source = sess.program(x + 1.0, {x: 0}).source
    assert "add" in source


def test_full_traces():
    x = tf.placeholder(tf.float32, [2, 2], name="x")
    product = tf.matmul(x, x, name="product")
    loop = tf.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v * 2.0), [0, product])[1]
    total = tf.reduce_sum(loop, name="total")
    metadata = tf.RunMetadata()
    options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE, output_partition_graphs=True)
    with tf.Session() as sess:
        assert sess.run(total, {x: np.ones((2, 2))}, options=options, run_metadata=metadata) == 64
    (device,) = metadata.step_stats.dev_stats
    stats = {s.node_name: s for s in device.node_stats}
    assert device.device == "/job:localhost/replica:0/task:0/device:CPU:0"
    assert stats["product"].timeline_label == "product = MatMul(x, x)"
    (output,) = stats["product"].output
    assert [d.size for d in output.tensor_description.shape.dim] == [2, 2]
    assert output.tensor_description.allocation_description.requested_bytes == 16
    assert len([s for s in device.node_stats if s.node_name == "while/mul"]) == 3
    assert [n.name for n in metadata.partition_graphs[0].node][:2] == ["x", "product"]
    timeline = tf.python.client.timeline.Timeline(metadata.step_stats)
    events = json.loads(timeline.generate_chrome_trace_format(show_memory=True))["traceEvents"]
    assert {"name": "product", "op": "MatMul", "input0": "x", "input1": "x"} in [e.get("args") for e in events if e["ph"] == "X"]
    assert any(e["ph"] == "C" for e in events)


def test_tensors_kept_between_runs():
    a = tf.placeholder(tf.float32, [2])
    double = a * 2.0
    keep = tf.get_session_handle(double)
    with tf.Session() as sess:
        handle = sess.run(keep, {a: [1.0, 2.0]})
        assert handle.eval().tolist() == [2, 4]
        holder, kept = tf.get_session_tensor(handle.handle, tf.float32)
        assert sess.run(kept + 1.0, {holder: handle.handle}).tolist() == [3, 5]
        handle = sess.run(keep, {a: handle})  # the one before is forgotten
        assert sess.run(double, {a: handle}).tolist() == [8, 16]
        raw = handle.get_raw_handle()
        del handle
        holder, delete = tf.delete_session_tensor(raw)
        sess.run(delete, {holder: raw})
        with pytest.raises(tf.errors.InvalidArgumentError, match="is not in the session store"):
            holder, kept = tf.get_session_tensor(raw, tf.float32)
            sess.run(kept, {holder: raw})
        with pytest.raises(TypeError, match="must be of type Tensor"):
            tf.get_session_handle(1.0)


def test_time():
    with tf.Session() as sess:
        times = [time.time(), sess.run(tf.timestamp()), time.time()]
    assert times == sorted(times)


def test_sessions_are_entered_once_at_a_time():
    sess = tf.Session()
    with sess, pytest.raises(RuntimeError, match="Session context managers are not re-entrant"), sess:
        pass
    first = tf.InteractiveSession()
    with pytest.warns(UserWarning, match="An interactive session is already active"):
        second = tf.InteractiveSession()
    second.close()
    first.close()
    first.close()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tf.InteractiveSession().close()


def test_names_of_bytes_and_feeds_of_the_wrong_kind():
    a, text = tf.constant(3.0, name=b"a"), tf.placeholder(tf.string)
    with tf.Session() as sess:
        assert a.name == "a:0" and sess.run("a:0") == sess.run(b"a:0") == 3
        with pytest.raises(TypeError, match="Type of feed value 1 with type <class 'int'> is not compatible with Tensor type"):
            sess.run(text, {text: 1})
