"""Summaries and event files (the values of the ops are compared in test_registry.py)."""

import glob
import os
import struct
import zlib

import numpy as np
import pytest

import eagle as tf


def events(folder):
    paths = sorted(glob.glob(os.path.join(folder, "*")), key=lambda p: os.stat(p).st_mtime_ns)
    return [e for p in paths if os.path.isfile(p) for e in tf.train.summary_iterator(p)]


def unpacked(png):
    """The pixels of a PNG file."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, data = 8, b""
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + size]
        assert zlib.crc32(name + body) == struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0]
        at += 12 + size
        if name == b"IHDR":
            width, height, bits, kind = struct.unpack(">IIBB", body[:10])
            assert bits == 8
            channels = {0: 1, 4: 2, 2: 3, 6: 4}[kind]
        elif name == b"IDAT":
            data += body
    rows = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, 1 + width * channels)
    out = np.zeros((height + 1, (width + 1) * channels), np.int64)  # a row and a pixel of zeros before
    for y in range(height):
        for x in range(width * channels):
            a, b, c = out[y + 1, x], out[y, x + channels], out[y, x]
            p = a + b - c
            near = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            out[y + 1, x + channels] = (int(rows[y, x + 1]) + (0, a, b, (a + b) // 2, near)[rows[y, 0]]) % 256
    return out[1:, channels:].reshape(height, width, channels)


@pytest.mark.parametrize("shape", [(1, 1, 1), (5, 7, 1), (30, 20, 3), (9, 50, 4)])
def test_images(shape):
    noise = np.random.RandomState(0).randint(0, 256, shape)
    slope = np.add.outer(3 * np.arange(shape[0]), 2 * np.arange(shape[1]))[:, :, None] + np.zeros(shape)
    with tf.Graph().as_default(), tf.Session() as sess:
        for image in (noise, slope.astype(np.int64) % 256):
            text = sess.run(tf.summary.image("i", tf.constant(image[None], tf.uint8), max_outputs=1))
            value = tf.Summary.FromString(text).value[0]
            assert (value.image.height, value.image.width, value.image.colorspace) == shape
            assert np.array_equal(unpacked(value.image.encoded_image_string), image)


def test_floats_as_pixels():
    image = np.array([[[[0.0], [0.5], [1.0]]], [[[-1.0], [0.0], [0.5]]], [[[np.nan], [np.inf], [2.0]]]], np.float32)
    with tf.Graph().as_default(), tf.Session() as sess:
        summary = tf.Summary.FromString(sess.run(tf.summary.image("i", image)))
    found = [unpacked(v.image.encoded_image_string).ravel().tolist() for v in summary.value]
    assert found == [[0, 127, 255], [1, 128, 191], [255, 255, 255]]


MESSAGES = [
    (lambda: tf.summary.histogram("h", [1.0, np.nan]), "Nan in summary histogram for: h"),
    (lambda: tf.summary.histogram("h", [-np.inf]), "Infinity in summary histogram for: h"),
    (lambda: tf.summary.scalar("s", [1.0, 2.0]), r"tags and values not the same shape: \[\] != \[2\] \(tag 's'\)"),
    (lambda: tf.summary.image("i", np.zeros((1, 2, 2, 2), "f")), r"Tensor must be 4-D with last dim 1, 3, or 4, not \[1,2,2,2\]"),
    (lambda: tf.summary.image("i", np.zeros((1, 0, 2, 1), "f")), r"input tensor must have non-zero dims. Found: \[1, 0, 2, 1\]."),
    (lambda: tf.summary.audio("a", np.zeros((1, 2, 2, 2)), 3.0), r"Tensor must be 3-D or 2-D, got: \[1,2,2,2\]"),
    (lambda: tf.summary.audio("a", np.zeros((1, 2)), 0.0), "sample_rate must be > 0"),
    (lambda: tf.summary.merge([b"abc"]), "Could not parse one of the summary inputs"),
    (lambda: tf.summary.merge([tf.summary.scalar("q", 1)] * 2), "Duplicate tag q found in summary inputs"),
]


@pytest.mark.parametrize("number", range(len(MESSAGES)))
def test_messages(number):
    build, message = MESSAGES[number]
    with tf.Graph().as_default(), tf.Session() as sess:
        summary = build()
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            sess.run(summary)


def test_file_writer(tmp_path):
    folder = str(tmp_path / "new" / "logs")
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        x = tf.placeholder(tf.float32, [], name="x")
        tf.summary.scalar("x_value", x)
        tf.summary.text("note", tf.constant("hello"))
        merged = tf.summary.merge_all()
        with tf.summary.FileWriter(folder, graph, filename_suffix=".mine") as writer:
            assert writer.get_logdir() == folder
            for step in range(3):
                writer.add_summary(sess.run(merged, {x: step}), step)
            writer.add_run_metadata(tf.RunMetadata(), "run")
            with pytest.raises(ValueError, match="already used"):
                writer.add_run_metadata(tf.RunMetadata(), "run")
            writer.add_session_log(tf.SessionLog(status=tf.SessionLog.START), 7)
            writer.add_event(tf.Event(step=9))
    (path,) = os.listdir(folder)
    assert path.startswith("events.out.tfevents.") and path.endswith(".mine")
    found = events(folder)
    assert found[0].file_version == "brain.Event:2"
    graph_def = tf.GraphDef.FromString(found[1].graph_def)
    assert [n.name for n in graph_def.node] == [op.name for op in graph.get_operations()]
    assert "_output_shapes" in graph_def.node[0].attr
    assert tf.MetaGraphDef.FromString(found[2].meta_graph_def).meta_info_def.tensorflow_version == tf.VERSION
    assert [(e.step, e.summary.value[0].tag, e.summary.value[0].simple_value) for e in found[3:6]] == [
        (i, "x_value", float(i)) for i in range(3)
    ]
    assert found[3].summary.value[1].metadata.plugin_data.plugin_name == "text"
    assert not found[4].summary.value[1].HasField("metadata")
    assert found[6].tagged_run_metadata.tag == "run"
    assert (found[7].step, found[7].session_log.status, found[8].step) == (7, tf.SessionLog.START, 9)


def test_writers_close_and_open_again(tmp_path):
    writer = tf.summary.FileWriter(str(tmp_path))
    writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="a", simple_value=1)]), 1)
    writer.close()
    with pytest.warns(UserWarning, match="closed FileWriter"):
        writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="lost", simple_value=1)]), 2)
    writer.reopen()
    writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="b", simple_value=2)]), 3)
    writer.flush()
    assert [v.tag for e in events(tmp_path) for v in e.summary.value][-1] == "b"
    writer.close()
    assert "lost" not in [v.tag for e in events(tmp_path) for v in e.summary.value]


def test_what_writers_refuse(tmp_path):
    writer = tf.summary.FileWriter(str(tmp_path))
    graph = tf.Graph()
    with pytest.raises(ValueError, match="only graph, or graph_def"):
        writer.add_graph(graph, graph_def=graph.as_graph_def())
    with pytest.raises(TypeError, match="must be an instance of `Graph`"):
        writer.add_graph("graph")
    with pytest.raises(TypeError, match="must be type MetaGraphDef"):
        writer.add_meta_graph(graph.as_graph_def())
    writer.close()


def test_cache_of_writers(tmp_path):
    with tf.Graph().as_default():
        a, b = (tf.summary.FileWriterCache.get(str(tmp_path / n)) for n in "ab")
        assert a is not b and tf.summary.FileWriterCache.get(str(tmp_path / "a")) is a
        tf.summary.FileWriterCache.clear()
        assert tf.summary.FileWriterCache.get(str(tmp_path / "a")) is not a
        tf.summary.FileWriterCache.clear()


def test_merging_is_for_graphs():
    with tf.Graph().as_default():
        assert tf.summary.merge_all() is None


def test_description():
    node = tf.NodeDef(op="TensorSummary")
    node.attr["description"].s = b'{"typeHint": "x"}'
    assert tf.summary.get_summary_description(node).type_hint == "x"
    with pytest.raises(ValueError, match="Can't get_summary_description on Const"):
        tf.summary.get_summary_description(tf.NodeDef(op="Const"))


# ------------------------------------------------------------------------------------------------------ tf.contrib.summary


def tags(folder):
    return [(v.tag, e.step) for e in events(folder) for v in e.summary.value]


def test_written_by_a_graph(tmp_path):
    summary = tf.contrib.summary
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        x = tf.placeholder(tf.float32, [], name="p")
        step = tf.train.get_or_create_global_step()
        writer = summary.create_file_writer(str(tmp_path), max_queue=100)
        with writer.as_default(), summary.record_summaries_every_n_global_steps(2):
            summary.scalar("x", x)
            summary.generic("pair", tf.constant([1, 2]))
        assert len(summary.all_summary_ops()) == 2
        with pytest.raises(tf.errors.NotFoundError, match="does not exist"):
            sess.run(writer.flush())
        with writer.as_default():
            sess.run(tf.global_variables_initializer())
            summary.initialize(graph)
        for i in range(4):
            sess.run(summary.all_summary_ops(), {x: i})
            sess.run(tf.assign_add(step, 1))
        assert tags(tmp_path) == []
        sess.run(writer.close())
        with pytest.raises(tf.errors.NotFoundError, match="does not exist"):
            sess.run(writer.close())
    assert tags(tmp_path) == [("x", 0), ("pair", 0), ("x", 2), ("pair", 2)]
    graphs = [e.graph_def for e in events(tmp_path) if e.graph_def]
    assert "p" in [n.name for n in tf.GraphDef.FromString(graphs[0]).node]


def test_session_writers_share_a_file(tmp_path):
    with tf.Graph().as_default(), tf.Session() as sess:
        writers = [tf.summary.FileWriter(str(tmp_path), session=sess) for _ in range(2)]
        for i, writer in enumerate(writers):
            writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="t", simple_value=1)]), i)
        writers[0].close()
    assert len(os.listdir(tmp_path)) == 1
    assert tags(tmp_path) == [("t", 0), ("t", 1)]


def test_event_that_is_none(tmp_path):
    with tf.Graph().as_default(), tf.Session() as sess:
        with tf.contrib.summary.create_file_writer(str(tmp_path)).as_default():
            bad = tf.contrib.summary.import_event(tf.constant(b"\xff\xff"))
        sess.run(tf.contrib.summary.summary_writer_initializer_op())
        with pytest.raises(tf.errors.DataLossError, match="Bad tf.Event binary proto tensor string"):
            sess.run(bad)


def test_databases_are_not_there():
    with tf.Graph().as_default(), tf.Session() as sess:
        with pytest.raises(ValueError, match="experiment_name"):
            tf.contrib.summary.create_db_writer("file:x", experiment_name="no\nnewline")
        tf.contrib.summary.create_db_writer("file:x", "experiment", "run", "user")
        with pytest.raises(NotImplementedError, match="databases"):
            sess.run(tf.contrib.summary.summary_writer_initializer_op())


def test_records_that_are_no_events(tmp_path):
    with tf.python_io.TFRecordWriter(str(tmp_path / "events")) as writer:
        writer.write(b"\xff\xff")
    with pytest.raises(tf.errors.DataLossError, match="is no Event"):
        list(tf.train.summary_iterator(str(tmp_path / "events")))
