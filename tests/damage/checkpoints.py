"""Checkpoints, their state files, graphs and saved models."""

import os

import numpy as np

from .mechanism import Format, format_of


class _Checkpoint(Format):
    refusals = "DataLossError", "InvalidArgumentError", "NotFoundError"

    def load(self, prefix):
        reader = self.tf.train.load_checkpoint(self.path(prefix))
        reader.debug_string()
        return {name: reader.get_tensor(name) for name in sorted(reader.get_variable_to_shape_map())}


def _restored(tf, path):
    """What a saver restores to some variables."""
    with tf.Graph().as_default(), tf.Session() as session:
        weights = tf.get_variable("weights", [7, 5])
        table = tf.get_variable("table", [10, 3], partitioner=tf.fixed_size_partitioner(3))
        steps = tf.get_variable("steps", [], tf.int64)
        words = tf.Variable(np.array([b""] * 3, object), name="words", dtype=tf.string)
        tf.train.Saver([weights, steps, words, *table], sharded=False).restore(session, path)
        return session.run([weights, steps, words, *table])


def _save(tf, path, sharded=False, version=2):
    random = np.random.RandomState(0)
    with tf.Graph().as_default(), tf.Session() as session:
        weights = tf.get_variable("weights", initializer=random.rand(7, 5).astype(np.float32))
        with tf.device("/cpu:0" if not sharded else None):
            table = tf.get_variable("table", [10, 3], partitioner=tf.fixed_size_partitioner(3), initializer=tf.ones_initializer())
        steps = tf.get_variable("steps", initializer=np.int64(12))
        words = tf.Variable(np.array([b"a", b"word" * 50, b""], object), name="words", dtype=tf.string)
        session.run(tf.global_variables_initializer())
        tf.train.Saver([weights, steps, words, *table], sharded=sharded, write_version=version).save(
            session, path, write_meta_graph=False
        )


@format_of
class Bundle(_Checkpoint):
    name = "checkpoint"
    names = ["model.index", "model.data-00000-of-00001"]
    checked = True

    def write(self):
        _save(self.tf, self.path("model"))

    def read(self):
        return self.load("model")


@format_of
class BundleSharded(_Checkpoint):
    name = "checkpoint-sharded"
    checked = True

    def write(self):
        _save(self.tf, self.path("model"), True)
        self.names = sorted(n for n in os.listdir(self.folder) if n.startswith("model."))

    def read(self):
        return self.load("model")


@format_of
class BundleRestored(Bundle):
    name = "checkpoint-restored"

    def read(self):
        return _restored(self.tf, self.path("model"))


@format_of
class OldCheckpoint(_Checkpoint):
    name = "checkpoint-v1"
    names = ["model"]
    checked = True

    def write(self):
        _save(self.tf, self.path("model"), version=1)

    def read(self):
        return self.load("model")


@format_of
class OldRestored(OldCheckpoint):
    name = "checkpoint-v1-restored"

    def read(self):
        return _restored(self.tf, self.path("model"))


def _objects(tf):
    net = tf.train.Checkpoint()
    net.a, net.b = tf.Variable(np.arange(5.0), name="a"), tf.Variable(np.arange(6).reshape(2, 3), name="b")
    net.inner = tf.train.Checkpoint(again=net.a, c=tf.Variable(2.0, name="c"))
    net.step = tf.Variable(3, name="step")
    return net


@format_of
class Objects(_Checkpoint):
    name = "objects"
    checked = True

    def write(self):
        tf = self.tf
        with tf.Graph().as_default(), tf.Session() as session:
            net = _objects(tf)
            session.run(tf.global_variables_initializer())
            net.save(self.path("objects"), session=session)
        self.names = sorted(n for n in os.listdir(self.folder) if n.startswith("objects-1."))

    def read(self):
        tf = self.tf
        with tf.Graph().as_default(), tf.Session() as session:
            net = _objects(tf)
            status = net.restore(self.path("objects-1"))
            status.assert_consumed().initialize_or_restore(session)
            return session.run([net.a, net.b, net.inner.c])


@format_of
class ObjectGraph(_Checkpoint):
    """The description of the objects is damaged, and written with right checksums."""

    name = "object-graph"
    names = ["graph"]
    refusals = _Checkpoint.refusals + ("AssertionError",)
    tells = False

    def write(self):
        tf = self.tf
        with tf.Graph().as_default(), tf.Session() as session:
            net = _objects(tf)
            session.run(tf.global_variables_initializer())
            net.save(self.path("objects"), session=session)
        reader = tf.train.load_checkpoint(self.path("objects-1"))
        self.others = {n: reader.get_tensor(n) for n in reader.get_variable_to_shape_map()}
        self.put("graph", self.others.pop("_CHECKPOINTABLE_OBJECT_GRAPH"))

    def read(self):
        tf = self.tf
        with tf.Graph().as_default(), tf.Session() as session:
            names, values = zip(*sorted({**self.others, "_CHECKPOINTABLE_OBJECT_GRAPH": self.content("graph")}.items()))
            tensors = [tf.constant(v) for v in values]
            session.run(
                tf.raw_ops.SaveV2(prefix=self.path("new"), tensor_names=names, shape_and_slices=[""] * len(names), tensors=tensors)
            )
            net = _objects(tf)
            net.restore(self.path("new")).assert_consumed().initialize_or_restore(session)
            return session.run([net.a, net.b, net.inner.c])


@format_of
class State(Format):
    name = "state"
    names = ["checkpoint"]
    refusals = "ValueError", "NotFoundError", "InvalidArgumentError"
    tells = False
    text = True

    def write(self):
        lines = [
            b'%s: "%s"' % pair
            for pair in [(b"model_checkpoint_path", b"model-2")]
            + [(b"all_model_checkpoint_paths", b"model-%d" % i) for i in (1, 2)]
        ]
        lines += [
            b"all_model_checkpoint_timestamps: 1.5",
            b"all_model_checkpoint_timestamps: 2.5",
            b"last_preserved_timestamp: 1.0",
        ]
        self.put("checkpoint", b"\n".join(lines))
        for name in ("model-1", "model-2"):
            _save(self.tf, self.path(name))

    def read(self):
        found = self.tf.train.get_checkpoint_state(self.folder)
        return [found and found.SerializeToString(), self.tf.train.latest_checkpoint(self.folder) or ""]


def _graph(tf):
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    w = tf.get_variable("w", [4, 3], initializer=tf.ones_initializer())
    y = tf.nn.softmax(tf.matmul(x, w) + tf.constant([1.0, 2.0, 3.0]), name="y")
    looped = tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a * 2.0), [tf.constant(0), y])
    tf.cond(tf.reduce_sum(y) > 0, lambda: looped[1] + 1.0, lambda: looped[1] - 1.0)
    tf.add_to_collection("outputs", y)
    return y


class _Graphs(Format):
    refusals = (
        "DataLossError", "InvalidArgumentError", "NotFoundError", "ValueError", "TypeError", "DecodeError", "ParseError",
        "KeyError", "NotImplementedError", "UnimplementedError", "FailedPreconditionError",
    )  # fmt: skip
    tells = False


@format_of
class GraphBinary(_Graphs):
    name = "graph-pb"
    names = ["graph.pb"]
    text = False

    def write(self):
        tf = self.tf
        with tf.Graph().as_default() as graph:
            _graph(tf)
        tf.train.write_graph(graph.as_graph_def(), self.folder, self.names[0], as_text=self.text)

    def parse(self):
        return self.tf.GraphDef.FromString(self.content("graph.pb"))

    def read(self):
        tf = self.tf
        with tf.Graph().as_default() as graph:
            tf.import_graph_def(self.parse(), name="")
            return len(graph.get_operations())


@format_of
class GraphText(GraphBinary):
    name = "graph-pbtxt"
    names = ["graph.pbtxt"]
    text = True

    def parse(self):
        from google.protobuf import text_format

        return text_format.Parse(self.content("graph.pbtxt"), self.tf.GraphDef())


@format_of
class Meta(_Graphs):
    name = "meta-graph"
    refusals = _Graphs.refusals + ("OSError",)
    names = ["model.meta"]
    text = False
    tells = False

    def write(self):
        tf = self.tf
        with tf.Graph().as_default():
            _graph(tf)
            tf.train.Saver()
            tf.train.export_meta_graph(self.path("model.meta"), as_text=self.text)

    def read(self):
        tf = self.tf
        with tf.Graph().as_default() as graph:
            tf.train.import_meta_graph(self.path("model.meta"))
            return len(graph.get_operations())


@format_of
class MetaText(Meta):
    name = "meta-graph-text"
    text = True


@format_of
class SavedModel(_Graphs):
    name = "saved-model"
    names = ["model/saved_model.pb", "model/variables/variables.index", "model/variables/variables.data-00000-of-00001"]
    refusals = _Graphs.refusals + ("OSError", "RuntimeError")

    def write(self):
        tf = self.tf
        with tf.Graph().as_default(), tf.Session() as session:
            y = _graph(tf)
            session.run(tf.global_variables_initializer())
            tf.saved_model.simple_save(session, self.path("model"), {"x": session.graph.get_tensor_by_name("x:0")}, {"y": y})

    def read(self):
        tf = self.tf
        with tf.Graph().as_default(), tf.Session() as session:
            meta = tf.saved_model.loader.load(session, ["serve"], self.path("model"))
            return session.run(meta.signature_def["serving_default"].outputs["y"].name, {"x:0": np.ones((1, 4))})
