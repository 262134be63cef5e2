"""Examples and tensors as messages; data sets and caches."""

import io
import os
import struct
import sys

import numpy as np

from .mechanism import Contents, Format, Iterating, compressed, format_of


def _features(tf):
    return {
        "dense": tf.FixedLenFeature([2], tf.float32), "word": tf.FixedLenFeature([], tf.string, b"none"),
        "number": tf.FixedLenFeature([], tf.int64), "sparse": tf.VarLenFeature(tf.int64),
        "sequence": tf.FixedLenSequenceFeature([], tf.float32, allow_missing=True), "words": tf.VarLenFeature(tf.string),
    }  # fmt: skip


def _example(tf):
    feature = {
        "dense": tf.train.Feature(float_list=tf.train.FloatList(value=[1.5, 2.5])),
        "word": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"word"])),
        "number": tf.train.Feature(int64_list=tf.train.Int64List(value=[300])),
        "sparse": tf.train.Feature(int64_list=tf.train.Int64List(value=[1, -2, 3])),
        "sequence": tf.train.Feature(float_list=tf.train.FloatList(value=[1, 2, 3, 4])),
        "words": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"a", b"bc"])),
    }
    return tf.train.Example(features=tf.train.Features(feature=feature))


def _flat(values):
    out = []
    for key in sorted(values):
        out.extend(values[key] if isinstance(values[key], tuple) else [values[key]])
    return out


@format_of
class Example(Contents):
    name = "example"

    def encoded(self):
        return _example(self.tf).SerializeToString()

    def decode(self, contents):
        return self.tf.parse_single_example(contents, _features(self.tf))

    def read(self):
        return _flat(super().read())


@format_of
class Examples(Example):
    name = "examples"

    def decode(self, contents):
        return self.tf.parse_example(self.tf.stack([contents, contents]), _features(self.tf))


@format_of
class SequenceExample(Contents):
    name = "sequence-example"

    def encoded(self):
        tf = self.tf
        lists = {
            "steps": tf.train.FeatureList(feature=[tf.train.Feature(int64_list=tf.train.Int64List(value=[i])) for i in range(3)]),
            "texts": tf.train.FeatureList(
                feature=[tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"x"] * i)) for i in range(3)]
            ),
        }
        return tf.train.SequenceExample(
            context=_example(tf).features, feature_lists=tf.train.FeatureLists(feature_list=lists)
        ).SerializeToString()

    def decode(self, contents):
        tf = self.tf
        steps = {"steps": tf.FixedLenSequenceFeature([], tf.int64), "texts": tf.VarLenFeature(tf.string)}
        return tf.parse_single_sequence_example(
            contents, {"number": tf.FixedLenFeature([], tf.int64), "sparse": tf.VarLenFeature(tf.int64)}, steps
        )

    def read(self):
        context, steps = super().read()
        return _flat(context) + _flat(steps)


@format_of
class TensorMessage(Contents):
    name = "tensor"

    def encoded(self):
        return self.tf.make_tensor_proto(np.arange(24, dtype=np.float32).reshape(2, 3, 4)).SerializeToString()

    def decode(self, contents):
        return self.tf.io.parse_tensor(contents, self.tf.float32)


@format_of
class TensorOfTexts(Contents):
    name = "tensor-texts"

    def encoded(self):
        return self.tf.make_tensor_proto([[b"a", b"bc" * 30], [b"", b"d"]]).SerializeToString()

    def decode(self, contents):
        return self.tf.io.parse_tensor(contents, self.tf.string)


@format_of
class TensorArray(Format):
    """A tensor's message as an array."""

    name = "make-ndarray"
    names = ["file"]
    refusals = "ValueError", "TypeError", "DecodeError", "InvalidArgumentError", "KeyError"
    tells = False

    def write(self):
        self.put("file", self.tf.make_tensor_proto(np.arange(24, dtype=np.int32).reshape(2, 3, 4)).SerializeToString())

    def read(self):
        message = type(self.tf.make_tensor_proto(0)).FromString(self.content("file"))
        return self.tf.make_ndarray(message)


@format_of
class SparseMessages(Format):
    name = "sparse"
    names = ["file"]
    refusals = ("InvalidArgumentError",)
    tells = False

    def write(self):
        tf = self.tf
        with tf.Graph().as_default(), tf.Session() as session:
            parts = session.run(tf.serialize_sparse(tf.SparseTensor([[0, 1], [2, 3]], [1.5, 2.5], [3, 4])))
        self.sizes = [len(p) for p in parts]
        self.put("file", b"".join(parts))
        with tf.Graph().as_default() as graph:
            self.given = tf.placeholder(tf.string, [None, 3])
            self.decoded = tf.deserialize_many_sparse(self.given, tf.float32)
            self.session = tf.Session(graph=graph)

    def read(self):
        data = self.content("file")
        a, b = self.sizes[0], self.sizes[0] + self.sizes[1]
        parts = [data[:a], data[a:b], data[b:]]
        return self.session.run(self.decoded, {self.given: np.array([parts, parts], object)})


@format_of
class Compressed(Contents):
    name = "compressed"
    refusals = ("DataLossError",)
    checked = True

    def excuse(self, value):
        return not value and not self.content("file")

    def encoded(self):
        return compressed(b"some text " * 30, "GZIP")

    def decode(self, contents):
        return self.tf.io.decode_compressed(contents, "GZIP")


def _idx(magic, shape, data):
    return struct.pack(">I%dI" % len(shape), magic, *shape) + data


@format_of
class MNIST(Format):
    name = "mnist"
    names = ["images", "labels"]
    refusals = ("ValueError",)
    compression = ""
    python_only = True

    def write(self):
        self.put("images", compressed(_idx(2051, (3, 4, 5), bytes(bytearray(range(60)))), self.compression))
        self.put("labels", compressed(_idx(2049, (3,), b"\1\2\3"), self.compression))

    def read(self):
        from importlib import import_module

        mnist = (
            import_module(self.tf.__name__ + ".examples.tutorials.mnist.input_data")
            if self.tf.__name__ == "tensorflow"
            else self.tf.examples.tutorials.mnist.input_data
        )
        before, sys.stdout = sys.stdout, io.StringIO()
        try:
            with open(self.path("images"), "rb") as images, open(self.path("labels"), "rb") as labels:
                return [mnist.extract_images(images), mnist.extract_labels(labels)]
        finally:
            sys.stdout = before


@format_of
class MNISTGzip(MNIST):
    name, compression = "mnist-gzip", "GZIP"
    checked = True


@format_of
class CacheFile(Format):
    """What `Dataset.cache` wrote."""

    name = "cache"
    checked = parts = True

    def write(self):
        tf = self.tf
        self.reading = Iterating(
            tf,
            lambda path: tf.data.Dataset.range(9).map(lambda i: (i, tf.as_string(i), tf.cast(i, tf.float32) / [3.0])).cache(path),
        )
        self.read()
        self.names = sorted(n for n in os.listdir(self.folder) if n.startswith("cache"))

    def read(self):
        return self.reading(self.path("cache"))


@format_of
class Hdf5(Format):
    """The weights of a network of Keras."""

    name = "keras-weights"
    names = ["weights.h5"]
    refusals = "OSError", "DataLossError", "ValueError", "KeyError", "RuntimeError", "InvalidArgumentError"

    def write(self):
        tf = self.tf
        self.graph = tf.Graph()
        with self.graph.as_default():
            self.session = tf.Session()
            with self.session.as_default():
                tf.keras.backend.set_session(self.session)
                self.net = tf.keras.Sequential([tf.keras.layers.Dense(3, input_shape=(4,)), tf.keras.layers.Dense(2)])
                self.net.save_weights(self.path("weights.h5"))

    def read(self):
        with self.graph.as_default(), self.session.as_default():
            self.net.load_weights(self.path("weights.h5"))
            return self.net.get_weights()


@format_of
class Sqlite(Format):
    name = "sql"
    names = ["file"]
    refusals = "DataLossError", "InvalidArgumentError", "UnknownError"
    parts = True

    def write(self):
        import sqlite3

        if os.path.exists(self.path("file")):
            os.remove(self.path("file"))
        with sqlite3.connect(self.path("file")) as connection:
            connection.execute("create table t (a integer, b text)")
            connection.executemany("insert into t values (?, ?)", [(i, "word %d" % i) for i in range(40)])
        connection.close()
        tf = self.tf
        self.reading = Iterating(
            tf, lambda path: tf.data.experimental.SqlDataset("sqlite", path, "select a, b from t order by a", (tf.int64, tf.string))
        )

    def read(self):
        return self.reading(self.path("file"))
