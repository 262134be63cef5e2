"""Graphs whose variables become constants: `tf.graph_util.convert_variables_to_constants` and the tool `freeze_graph`."""

import numpy as np
import pytest
from graphs import saved

import eagle as tf
from eagle.saved import freeze_tool


def build(use_resource, resource_in_loop=False):
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    w = tf.get_variable("w", initializer=np.array([[1.0], [2.0]], "f"), use_resource=use_resource)
    y = tf.matmul(x, w)
    if resource_in_loop:
        y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y + tf.reduce_sum(w)), [0, y])[1]
        y = tf.cond(tf.reduce_sum(y) > 0, lambda: y * w[0], lambda: y)
    return tf.identity(y, name="y")


def run(graph_def):
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.import_graph_def(graph_def, name="")
        assert not any("Var" in op.type for op in sess.graph.get_operations())
        return sess.run("y:0", {"x:0": [[1.0, 1.0], [0.0, 3.0]]}).tolist()


@pytest.mark.parametrize("use_resource", [False, True])
@pytest.mark.parametrize("in_loop", [False, True])
def test_constants(use_resource, in_loop):
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        build(use_resource, in_loop)
        sess.run(tf.global_variables_initializer())
        frozen = tf.graph_util.convert_variables_to_constants(sess, graph.as_graph_def(), ["y"])
        kept = tf.graph_util.convert_variables_to_constants(sess, graph.as_graph_def(), ["y"], variable_names_blacklist=["w"])
    assert run(frozen) == ([[12.0], [15.0]] if in_loop else [[3.0], [6.0]])
    assert any("Var" in n.op for n in kept.node)


@pytest.mark.parametrize(("use_resource", "from_meta"), [(False, False), (False, True), (True, True)])
def test_tool(tmp_path, use_resource, from_meta):
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        build(use_resource)
        sess.run(tf.global_variables_initializer())
        checkpoint = tf.train.Saver().save(sess, str(tmp_path / "model"))
        tf.train.write_graph(graph, str(tmp_path), "graph.pb", as_text=False)
    out = str(tmp_path / "frozen.pb")
    inputs = ("", str(tmp_path / "model.meta")) if from_meta else (str(tmp_path / "graph.pb"), "")
    with tf.Graph().as_default():
        made = freeze_tool.freeze_graph(
            inputs[0], "", True, checkpoint, "y", "", "", out, True, "", input_meta_graph=inputs[1]
        )  # fmt: skip
    with open(out, "rb") as f:
        assert tf.GraphDef.FromString(f.read()) == made
    assert run(made) == [[3.0], [6.0]]


def test_saved_model(tmp_path):
    (tmp_path / "words.txt").write_text("a")
    saved.write(tf, str(tmp_path / "model"), str(tmp_path / "words.txt"))
    with tf.Graph().as_default():
        made = freeze_tool.freeze_graph(
            "",
            "",
            True,
            "",
            "y",
            "",
            "",
            "",
            True,
            "",
            input_saved_model_dir=str(tmp_path / "model"),
            variable_names_blacklist="local",
        )
    assert {n.name for n in made.node if n.op == "Const"} >= {"w", "b"}


def test_what_the_tool_refuses(tmp_path):
    with pytest.raises(ValueError, match="Input checkpoint '.*' doesn't exist"):
        freeze_tool.freeze_graph_with_def_protos(None, None, str(tmp_path / "no"), "y", "", "", "", True, "")
    with pytest.raises(IOError, match="Input graph file '.*' does not exist"):
        freeze_tool.freeze_graph(str(tmp_path / "no"), "", True, "", "y", "", "", "", True, "")
