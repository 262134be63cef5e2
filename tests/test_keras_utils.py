"""What surrounds models of Keras: data ahead, drawings, scikit-learn, several devices, files of trained networks."""

import sys
import types

import numpy as np
import pytest

import eagle as tf

K = tf.keras


class Squares(K.utils.Sequence):
    """Batches of squares, whose order on_epoch_end turns round."""

    def __init__(self):
        self.epochs = 0

    def __len__(self):
        return 4

    def __getitem__(self, index):
        return np.array([index * index + 100 * self.epochs])

    def on_epoch_end(self):
        self.epochs += 1


@pytest.mark.parametrize("processes", [False, True])
def test_sequences_come_in_order(processes):
    enqueuer = K.utils.OrderedEnqueuer(Squares(), use_multiprocessing=processes)
    enqueuer.start(workers=2, max_queue_size=3)
    data = enqueuer.get()
    assert [int(next(data)[0]) for _ in range(6)] == [0, 1, 4, 9, 100, 101]
    enqueuer.stop()
    assert not enqueuer.is_running()
    assert K.experimental.terminate_keras_multiprocessing_pools(use_sigkill=True) == []


def test_generators_end():
    enqueuer = K.utils.GeneratorEnqueuer(iter(range(5)))
    enqueuer.start(workers=1)
    assert list(enqueuer.get()) == [0, 1, 2, 3, 4]
    enqueuer.stop()


def test_errors_of_workers_are_raised():
    def failing():
        yield 1
        raise ZeroDivisionError("no")

    enqueuer = K.utils.GeneratorEnqueuer(failing())
    enqueuer.start()
    data = enqueuer.get()
    assert next(data) == 1
    with pytest.raises(ZeroDivisionError):
        next(data)
    assert not enqueuer.is_running()
    with pytest.raises(TypeError):
        K.utils.SequenceEnqueuer(Squares())


# ----------------------------------------------------------------------------------------------------------------- drawings


class Part:
    """A node, an edge, or a drawing, as pydot has them."""

    def __init__(self, *names, **options):
        self.names, self.options, self.parts = names, options, []

    def set(self, name, value):
        self.options[name] = value

    def set_node_defaults(self, **options):
        self.options.update(options)

    def create(self):
        return b""

    def get_name(self):
        return self.names[0]

    def get_nodes(self):
        return [p for p in self.parts if isinstance(p, Part) and len(p.names) == 1]

    def get_edge(self, *names):
        return [p for p in self.parts if p.names == names]

    def add(self, part):
        self.parts.append(part)

    add_node = add_edge = add_subgraph = add


def test_drawings(monkeypatch):
    with tf.Graph().as_default():
        inner = K.Sequential([K.layers.Dense(2, input_shape=(3,), name="in")], name="inner")
        x = K.Input((3,), name="x")
        outer = K.Model(x, K.layers.Dense(1, name="out")(inner(x)))
        monkeypatch.setitem(sys.modules, "pydot_ng", None)
        monkeypatch.setitem(sys.modules, "pydotplus", None)
        monkeypatch.setitem(sys.modules, "pydot", None)
        with pytest.raises(ImportError, match="Failed to import pydot"):
            K.utils.plot_model(outer)
        library = types.SimpleNamespace(Dot=Part, Node=Part, Edge=Part, Cluster=Part)
        monkeypatch.setitem(sys.modules, "pydot", library)
        plain = K.utils.model_to_dot(outer, show_shapes=True)
        labels = [p.options["label"] for p in plain.get_nodes()]
        assert labels[0] == "x: InputLayer\n|{input:|output:}|{{[(?, 3)]}|{[(?, 3)]}}" and labels[1].startswith("inner: Sequential")
        edges = [p for p in plain.parts if len(p.names) == 2]
        assert [e.names for e in edges] == [tuple(str(id(n)) for n in outer.layers[i : i + 2]) for i in (0, 1)]
        nested = K.utils.model_to_dot(outer, expand_nested=True, show_layer_names=False)
        cluster = next(p for p in nested.parts if not p.names)
        assert cluster.options["label"] == "inner" and [p.options["label"] for p in cluster.get_nodes()][-1] == "Dense"
        assert cluster.get_nodes()[-1].get_name() in [p.names[0] for p in nested.parts if len(p.names) == 2]


# ------------------------------------------------------------------------------------------------------------- scikit-learn


def made(units=4, loss="sparse_categorical_crossentropy", classes=2):
    last = K.layers.Dense(classes, activation="softmax")
    model = K.Sequential([K.layers.Dense(units, activation="relu", input_shape=(2,), kernel_initializer="ones"), last])
    model.compile("rmsprop", loss, metrics=["acc"])
    return model


def test_classifier():
    x = np.random.RandomState(0).randn(20, 2)
    y = np.where(x[:, 0] > 0, "yes", "no")
    with tf.Graph().as_default():
        classifier = K.wrappers.scikit_learn.KerasClassifier(made, units=3, epochs=1, batch_size=5)
        assert classifier.get_params() == {"units": 3, "epochs": 1, "batch_size": 5, "build_fn": made}
        classifier.fit(x, y, verbose=0)
        assert classifier.model.layers[0].units == 3 and set(classifier.predict(x)) <= {"yes", "no"}
        np.testing.assert_allclose(classifier.predict_proba(x).sum(1), np.ones(20), rtol=1e-5)
        assert 0 <= classifier.score(x, y, verbose=0) <= 1
        with pytest.raises(ValueError, match="depth is not a legal parameter"):
            classifier.set_params(depth=3)


def test_regressor():
    def build():
        model = K.Sequential([K.layers.Dense(1, input_shape=(2,), kernel_initializer="ones", use_bias=False)])
        model.compile("sgd", "mse")
        return model

    x = np.ones((6, 2))
    with tf.Graph().as_default():
        regressor = K.wrappers.scikit_learn.KerasRegressor(build)
        regressor.fit(x, np.full(6, 2.0), verbose=0)
        np.testing.assert_allclose(regressor.predict(x), np.full(6, 2.0))
        assert regressor.score(x, np.full(6, 3.0), verbose=0) == pytest.approx(-1.0)


# ------------------------------------------------------------------------------------------------------------------ devices


def test_one_device_is_not_several():
    with tf.Graph().as_default(), tf.Session():
        model = made()
        with pytest.raises(ValueError, match="call `multi_gpu_model` with `gpus >= 2`"):
            K.utils.multi_gpu_model(model, 1)
        with pytest.raises(ValueError, match="we expect the following devices to be available"):
            K.utils.multi_gpu_model(model, [70, 71])


def test_kernels_turned_round():
    with tf.Graph().as_default(), tf.Session():
        model = K.Sequential([K.layers.Conv2D(2, (2, 3), input_shape=(4, 4, 1))])
        before = model.get_weights()[0]
        K.utils.convert_all_kernels_in_model(model)
        np.testing.assert_array_equal(model.get_weights()[0], before[::-1, ::-1])


# ------------------------------------------------------------------------------------------------------------ trained networks


def test_trained_networks_are_not_fetched(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    where = str(tmp_path / ".keras" / "models")
    with tf.Graph().as_default(), tf.Session():
        options = dict(include_top=False, alpha=0.25, input_shape=(32, 32, 3))
        with pytest.raises(FileNotFoundError, match="mobilenet_2_5_224_tf_no_top.h5.* into the folder " + where):
            K.applications.MobileNet(**options)
        saved = K.applications.MobileNet(weights=None, **options)
        (tmp_path / ".keras" / "models").mkdir(parents=True)
        saved.save_weights(str(tmp_path / ".keras" / "models" / "mobilenet_2_5_224_tf_no_top.h5"))
        with pytest.warns(UserWarning, match="Weights for input shape"):
            loaded = K.applications.MobileNet(**options)
        for a, b in zip(saved.get_weights(), loaded.get_weights()):
            np.testing.assert_array_equal(a, b)
        with pytest.raises(ValueError, match="The `weights` argument should be either"):
            K.applications.VGG16(weights="nowhere.h5")
        with pytest.raises(FileNotFoundError, match="imagenet_class_index.json"):
            K.applications.vgg16.decode_predictions(np.zeros((1, 1000)))


def test_images_of_a_table(tmp_path, capsys):
    pandas = pytest.importorskip("pandas")
    image = K.preprocessing.image
    for i in range(4):
        image.save_img(str(tmp_path / ("%d.png" % i)), np.full((3, 3, 3), 60.0 * i), scale=False)
    table = pandas.DataFrame(
        {"file": ["0.png", "1.png", "2.png", "none.png"], "kind": ["a", "b", "a", "b"], "w": [1.0, 2.0, 3.0, 4.0]}
    )
    generator = image.ImageDataGenerator()
    with pytest.warns(UserWarning, match="Found 1 invalid image"):
        flow = generator.flow_from_dataframe(
            table, str(tmp_path), "file", "kind", weight_col="w", target_size=(2, 2), shuffle=False, batch_size=2
        )
    x, y, w = next(flow)
    np.testing.assert_array_equal(x[:, 0, 0, 0], [0, 60])
    np.testing.assert_array_equal(y, [[1, 0], [0, 1]])
    np.testing.assert_array_equal(w, [1, 2])
    assert capsys.readouterr().out == "Found 3 validated image filenames belonging to 2 classes.\n"
    raw = generator.flow_from_dataframe(table[:3], str(tmp_path), "file", "w", class_mode="raw", shuffle=False, target_size=(2, 2))
    np.testing.assert_array_equal(raw[0][1], [1, 2, 3])
    with pytest.raises(TypeError, match="column values must be strings"):
        generator.flow_from_dataframe(table, str(tmp_path), "file", "w", class_mode="sparse")


# -------------------------------------------------------------------------------------------------------------- saved models


def test_exported_models(tmp_path):
    x = np.sin(np.arange(12)).reshape(4, 3).astype("float32")
    path = str(tmp_path / "model")
    with tf.Graph().as_default(), tf.Session():
        model = K.Sequential([K.layers.Dense(2, input_shape=(3,)), K.layers.BatchNormalization(), K.layers.Dense(1)])
        model.compile("adam", "mse", metrics=["mae"])
        model.fit(x, x.sum(1), verbose=0)
        expected = model.predict(x)
        K.experimental.export_saved_model(model, path)
    with tf.Graph().as_default(), tf.Session():
        np.testing.assert_allclose(K.experimental.load_from_saved_model(path).predict(x), expected, rtol=1e-5)
    with tf.Graph().as_default(), tf.Session() as sess:
        signature = tf.saved_model.loader.load(sess, ["serve"], path).signature_def["serving_default"]
        names = signature.outputs["dense_1"].name, signature.inputs["dense_input"].name
        np.testing.assert_allclose(sess.run(names[0], {names[1]: x}), expected, rtol=1e-5)
    with tf.Graph().as_default(), tf.Session() as sess:
        signature = tf.saved_model.loader.load(sess, ["train"], path).signature_def["train"]
        assert sorted(signature.outputs) == [
            "loss", "metrics/mean_absolute_error/update_op", "metrics/mean_absolute_error/value", "predictions/dense_1"
        ]  # fmt: skip


def test_functions_run_eagerly():
    from eagle.core.context import eager_mode

    with eager_mode():
        backend = K.backend
        x, v = backend.placeholder(shape=(None, 2)), backend.variable(np.ones((3, 2)))
        f = backend.function([x], [x * x + v], updates=[(v, v + x)])
        np.testing.assert_array_equal(f([np.ones((3, 2))])[0], np.full((3, 2), 2.0))
        np.testing.assert_array_equal(f([np.ones((3, 2))])[0], np.full((3, 2), 3.0))
        K.backend.clear_session()
