"""Meta graphs: graphs with their collections, written and read, also those that TensorFlow 1.15 wrote (tests/graphs/meta)."""

import graphs
import numpy as np
import pytest
from graphs.networks import INPUT, after_training, network

import eagle as tf


def built():
    with tf.Graph().as_default() as graph:
        network(tf)
    return graph


def test_round_trip(tmp_path):
    graph = built()
    expected = after_training(tf, graph)
    for as_text in (False, True):
        path = str(tmp_path / "graph.meta")
        written = tf.train.export_meta_graph(path, graph=graph, as_text=as_text)
        assert written.meta_info_def.tensorflow_version == tf.VERSION
        assert [op.name for op in written.meta_info_def.stripped_op_list.op] == sorted({n.op for n in written.graph_def.node})
        with tf.Graph().as_default() as read:
            saver = tf.train.import_meta_graph(path)
            assert isinstance(saver, tf.train.Saver)
        assert [v.name for v in read.get_collection("variables")] == [v.name for v in graph.get_collection("variables")]
        assert [v.name for v in read.get_collection("trainable_variables")] == ["net/w:0", "net/b:0"]
        assert read.get_collection("ints") == [3] and read.get_collection("floats") == [2.5]
        assert read.get_collection("texts") == [b"abc"] and read.get_collection("tensors") == [read.get_tensor_by_name("y:0")]
        for a, b in zip(after_training(tf, read), expected):
            np.testing.assert_allclose(a, b, rtol=1e-6)


def test_into_a_scope():
    graph = built()
    expected = after_training(tf, graph)
    written = tf.train.export_meta_graph(graph=graph)
    with tf.Graph().as_default() as read:
        tf.constant(1, name="taken")
        tf.train.import_meta_graph(written, import_scope="inner")
        assert [v.name for v in tf.trainable_variables()] == ["inner/net/w:0", "inner/net/b:0"]
        assert tf.get_collection("texts") == ["inner/abc"]
    for a, b in zip(after_training(tf, read, "inner/"), expected):
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_saved_and_restored(tmp_path):
    graph = built()
    with graph.as_default(), tf.Session() as sess:
        saver = tf.train.Saver()
        sess.run(tf.global_variables_initializer())
        sess.run(graph.get_collection("train_op")[0], {"x:0": np.ones((2, 4))})
        path = saver.save(sess, str(tmp_path / "model"), global_step=7)
        expected = sess.run("y:0", {"x:0": INPUT})
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.train.import_meta_graph(path + ".meta").restore(sess, path)
        assert np.array_equal(sess.run("y:0", {"x:0": INPUT}), expected)


def test_part_of_a_graph():
    export = tf.train.export_meta_graph
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [3], name="x")
        with tf.name_scope("part"), tf.device("/cpu:0"):
            v = tf.Variable([1.0, 2.0, 3.0], name="v")
            tf.add(x * v, 1.0, name="out")
        tf.Variable(0.0, name="outside")
        written = export(export_scope="part", clear_devices=True)
    assert "x" not in [n.name for n in written.graph_def.node] and not any(n.device for n in written.graph_def.node)
    assert graph.get_collection("unbound_inputs") == ["$unbound_inputs_x"]
    with tf.Graph().as_default(), tf.Session() as sess:
        with pytest.raises(ValueError, match=r"Graph contains unbound inputs: \$unbound_inputs_x. Must provide these inputs"):
            tf.train.import_meta_graph(written)
        y = tf.constant([10.0, 20.0, 30.0])
        tf.train.import_meta_graph(written, import_scope="copy", input_map={"$unbound_inputs_x": y})
        (v,) = tf.global_variables()
        assert v.name == "copy/v:0"
        sess.run(v.initializer)
        assert sess.run("copy/out:0").tolist() == [11.0, 41.0, 91.0]


def test_defaults_are_stripped():
    with tf.Graph().as_default() as graph:
        tf.matmul(tf.placeholder(tf.float32, [2, 2]), tf.zeros([2, 2]), transpose_b=True)
        tf.summary.image("i", tf.zeros([1, 2, 2, 1]), max_outputs=2)
    whole, stripped = (tf.train.export_meta_graph(graph=graph, strip_default_attrs=s) for s in (False, True))
    nodes = {n.op: dict(n.attr) for n in stripped.graph_def.node}
    assert stripped.meta_info_def.stripped_default_attrs and not whole.meta_info_def.stripped_default_attrs
    assert set(nodes["MatMul"]) - {"_output_shapes"} == {"T", "transpose_b"}
    assert set(nodes["ImageSummary"]) - {"_output_shapes"} == {"max_images"}
    with tf.Graph().as_default() as read:
        tf.train.import_meta_graph(stripped)
    assert [n.attr for n in read.as_graph_def(add_shapes=True).node] == [n.attr for n in whole.graph_def.node]


def test_other_savers_are_left_out():
    with tf.Graph().as_default() as graph:
        tf.Variable(1.0, name="v")
        saver, _ = tf.train.Saver(), tf.train.Saver()
        written = saver.export_meta_graph(clear_extraneous_savers=True)
    names = [n.name for n in written.graph_def.node]
    assert "save/SaveV2" in names and not any(n.startswith("save_1/") for n in names)
    assert "save_1/SaveV2" in [op.name for op in graph.get_operations()]


def test_what_is_refused(tmp_path):
    with pytest.raises(IOError, match="does not exist"):
        tf.train.import_meta_graph(str(tmp_path / "nothing"))
    (tmp_path / "bad").write_bytes(b"\xff\xfe no meta graph")
    with pytest.raises(IOError, match="Cannot parse file"):
        tf.train.import_meta_graph(str(tmp_path / "bad"))
    written = tf.train.export_meta_graph(graph=built())
    written.graph_def.node[3].input.append("nowhere")
    with tf.Graph().as_default() as graph:
        with pytest.raises(ValueError):
            tf.train.import_meta_graph(written)
        assert graph.get_operations() == []


@pytest.mark.parametrize("name", ["network"])
def test_of_tensorflow(name):
    """A meta graph of TensorFlow's gives what it gave there."""
    with np.load(graphs.HOME / "meta" / (name + ".npz")) as found:
        meta_graph_def = tf.MetaGraphDef.FromString(found["meta_graph"].tobytes())
        expected = [found[k] for k in ("y", "loss", "step")]
    with tf.Graph().as_default() as read:
        tf.train.import_meta_graph(meta_graph_def)
    assert [v.name for v in read.get_collection("trainable_variables")] == ["net/w:0", "net/b:0"]
    for a, b in zip(after_training(tf, read), expected):
        np.testing.assert_allclose(a, b, rtol=1e-5)
