"""Training by Keras gives the numbers of TensorFlow 1.15, in graphs and eagerly."""

import contextlib

import numpy as np
import pytest

import eagle as tf

K = tf.keras
HISTORY = {
    "loss": [0.81775, 0.64287],
    "u_loss": [0.16124, 0.052824],
    "u_mean_absolute_error": [0.55464, 0.39101],
    "v_acc": [0.375, 0.33333],
    "v_loss": [1.1651, 1.0361],
    "val_loss": [0.92141, 1.3538],
    "val_u_loss": [0.26122, 0.64497],
    "val_u_mean_absolute_error": [0.525, 0.73897],
    "val_v_acc": [0.33333, 0.16667],
    "val_v_loss": [1.1688, 1.2895],
}


@contextlib.contextmanager
def mode_of(name):
    from eagle.core.context import eager_mode

    with eager_mode() if name == "eager" else tf.Graph().as_default():
        yield
    K.backend.clear_session()


def ramp(*shape):
    return K.initializers.Constant(np.linspace(-1, 1, int(np.prod(shape))).reshape(shape))


@pytest.mark.parametrize("mode", ["graph", "eager"])
def test_two_inputs_two_outputs(mode):
    random = np.random.RandomState(1)
    with mode_of(mode):
        a, b = K.Input((3,), name="a"), K.Input((2,), name="b")
        h = K.layers.concatenate([a, b])
        h = K.layers.Dense(4, activation="tanh", kernel_initializer=ramp(5, 4), kernel_regularizer="l2")(h)
        u = K.layers.Dense(1, name="u", kernel_initializer=ramp(4, 1))(h)
        v = K.layers.Dense(3, activation="softmax", name="v", kernel_initializer=ramp(4, 3))(h)
        model = K.Model([a, b], [u, v])
        model.compile(
            K.optimizers.RMSprop(0.05),
            ["mse", "categorical_crossentropy"],
            metrics={"u": ["mae"], "v": ["acc"]},
            loss_weights=[1.0, 0.5],
        )
        x = [random.rand(30, 3), random.rand(30, 2)]
        y = [x[0].sum(1), np.eye(3)[np.argmax(x[0], 1)]]
        weights = [np.linspace(0, 1, 30), np.ones(30)]
        fit = model.fit(x, y, epochs=2, batch_size=8, verbose=0, validation_split=0.2, shuffle=False, sample_weight=weights)
        assert set(fit.history) == set(HISTORY)
        for name, values in HISTORY.items():
            np.testing.assert_allclose(fit.history[name], values, rtol=1e-4)
        assert model.metrics_names == ["loss", "u_loss", "v_loss", "u_mean_absolute_error", "v_acc"]
        np.testing.assert_allclose(model.evaluate(x, y, verbose=0), [0.8669, 0.29432, 1.0169, 0.4471, 0.46667], rtol=1e-4)
        np.testing.assert_allclose(model.predict([t[:2] for t in x])[0].ravel(), [0.9648, 0.64911], rtol=1e-4)

        def batches():
            while True:
                yield [t[:5] for t in x], [t[:5] for t in y]

        fit = model.fit_generator(batches(), steps_per_epoch=3, epochs=1, verbose=0)
        np.testing.assert_allclose(fit.history["loss"], [0.7068], rtol=1e-4)
        np.testing.assert_allclose(model.train_on_batch(x, y), [0.65676, 0.12914, 1.0019, 0.28634, 0.6], rtol=1e-4)


@pytest.mark.parametrize("mode", ["graph", "eager"])
def test_normalization_is_trained(mode):
    with mode_of(mode):
        model = K.Sequential([
            K.layers.Dense(2, input_shape=(3,), kernel_initializer="ones"),
            K.layers.BatchNormalization(),
            K.layers.Dense(1, kernel_initializer="ones"),
        ])  # fmt: skip
        model.compile(K.optimizers.SGD(0.0), "mse")
        x = np.random.RandomState(1).rand(10, 3).astype("float32")
        y = (x.sum(1) > 1.5).astype("int64")
        np.testing.assert_allclose(model.train_on_batch(x, y), 2.6205554, rtol=1e-6)
        np.testing.assert_allclose(model.get_weights()[4], [0.01306344] * 2, rtol=1e-5)
        np.testing.assert_allclose(model.get_weights()[5], [0.99184805] * 2, rtol=1e-5)
        model.train_on_batch(x, y)
        np.testing.assert_allclose(model.test_on_batch(x, y), 4.9812446, rtol=1e-6)


class Doubled(K.Model):
    """A subclassed model that is built by the data."""

    def __init__(self):
        super().__init__()
        self.dense = K.layers.Dense(1, kernel_initializer="ones")

    def call(self, x):
        return 2.0 * self.dense(x)


@pytest.mark.parametrize("mode", ["graph", "eager"])
def test_subclass_and_dataset(mode):
    with mode_of(mode):
        model = Doubled()
        model.compile("sgd", "mse")
        x = np.arange(12.0, dtype="float32").reshape(6, 2)
        data = tf.data.Dataset.from_tensor_slices((x, np.ones((6, 1), "float32"))).batch(2)
        assert model.fit(data, epochs=1, verbose=0).history["loss"][0] > 0
        assert model.predict(data).shape == (6, 1)
        assert len(model.trainable_variables) == 2


@pytest.mark.parametrize("mode", ["graph", "eager"])
def test_optimizers_of_train(mode):
    with mode_of(mode):
        model = K.Sequential([K.layers.Dense(1, input_shape=(2,), kernel_initializer="ones", use_bias=False)])
        model.compile(tf.train.AdamOptimizer(0.1), "mse")
        history = model.fit(np.ones((4, 2)), np.zeros((4, 1)), epochs=3, verbose=0).history["loss"]
        np.testing.assert_allclose(history, [4.0, 3.2400002, 2.5626414], rtol=1e-5)


def test_callbacks(tmp_path):
    with mode_of("graph"):
        model = K.Sequential([K.layers.Dense(1, input_shape=(1,), kernel_initializer="zeros")])
        model.compile(K.optimizers.SGD(0.1), "mse")
        x = np.ones((4, 1))
        seen = []
        callbacks = [
            K.callbacks.LearningRateScheduler(lambda epoch: 0.1 / (epoch + 1)),
            K.callbacks.EarlyStopping(monitor="loss", patience=1, min_delta=1.0),
            K.callbacks.CSVLogger(str(tmp_path / "log.csv")),
            K.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(logs["lr"])),
        ]
        history = model.fit(x, x, epochs=5, verbose=0, callbacks=callbacks)
        np.testing.assert_allclose(history.history["loss"], [1.0, 0.36], rtol=1e-5)
        np.testing.assert_allclose(seen, [0.1, 0.05], rtol=1e-6)
        assert (tmp_path / "log.csv").read_text().startswith("epoch,loss,lr")


@pytest.mark.parametrize("mode", ["graph", "eager"])
def test_recurrent(mode):
    x = np.sin(np.arange(2 * 4 * 3)).reshape(2, 4, 3).astype("float32")
    x[1, 2:] = 0
    with mode_of(mode):
        inputs = K.Input((4, 3))
        lstm = K.layers.LSTM(2, kernel_initializer=ramp(3, 8), recurrent_initializer=ramp(2, 8))
        found = K.Model(inputs, lstm(inputs)).predict(x)
        np.testing.assert_allclose(found, [[-0.01472, -0.00481], [0.015, 0.0214]], atol=1e-5)
        cells = [
            K.layers.GRUCell(2, kernel_initializer=ramp(3, 6), recurrent_initializer=ramp(2, 6)),
            K.layers.LSTMCell(2, kernel_initializer=ramp(2, 8), recurrent_initializer=ramp(2, 8)),
        ]
        model = K.Model(inputs, K.layers.RNN(cells)(inputs))
        assert model.count_params() == 76
        np.testing.assert_allclose(model.predict(x), [[-0.03286, -0.06368], [-0.04262, -0.08764]], atol=1e-5)
        layer = K.layers.LSTM(
            2, stateful=True, batch_input_shape=(2, 4, 3), kernel_initializer=ramp(3, 8), recurrent_initializer=ramp(2, 8)
        )
        model = K.Sequential([layer])
        first, second = model.predict(x), model.predict(x)
        model.reset_states()
        np.testing.assert_allclose(first, found, atol=1e-6)
        np.testing.assert_allclose(second, [[-0.01743, -0.00588], [0.01956, 0.02852]], atol=1e-5)
        np.testing.assert_allclose(model.predict(x), first, atol=1e-6)


@pytest.mark.parametrize("mode", ["graph", "eager"])
def test_saving(mode, tmp_path):
    pytest.importorskip("h5py")
    x = np.random.RandomState(1).rand(6, 4)
    with mode_of(mode):
        model = K.Sequential([K.layers.Dense(2, input_shape=(4,)), K.layers.Activation("relu"), K.layers.Dense(1)])
        model.compile("adam", "mse", ["mae"])
        model.fit(x, x[:, :1], verbose=0)
        model.save(str(tmp_path / "model.h5"))
        loaded = K.models.load_model(str(tmp_path / "model.h5"))
        assert len(loaded.optimizer.get_weights()) == 9
        model.reset_metrics()
        np.testing.assert_allclose(loaded.train_on_batch(x, x[:, :1]), model.train_on_batch(x, x[:, :1]), rtol=1e-5)
        expected = model.predict(x)
        for path in ("weights.h5", "weights"):
            model.save_weights(str(tmp_path / path))
            copy = K.models.clone_model(model)
            copy.load_weights(str(tmp_path / path))
            np.testing.assert_allclose(copy.predict(x), expected, rtol=1e-5)
        copy = K.models.model_from_json(model.to_json())
        copy.set_weights(model.get_weights())
        np.testing.assert_allclose(copy.predict(x), expected, rtol=1e-5)


def test_summary():
    with mode_of("graph"):
        lines = []
        K.Sequential([K.layers.Dense(3, input_shape=(4,), name="d")], name="m").summary(print_fn=lines.append)
    assert lines[0] == 'Model: "m"' and lines[4].split() == ["d", "(Dense)", "(None,", "3)", "15"]
    assert lines[-4:-1] == ["Total params: 15", "Trainable params: 15", "Non-trainable params: 0"]


def test_operations_are_layers():
    for mode in ("graph", "eager"):
        with mode_of(mode):
            inputs = K.Input((3,))
            x = tf.concat([tf.stack([inputs, inputs])] * 2, 0)
            x = tf.cast(tf.reduce_sum(tf.cast(x, "float64") + 1.0, axis=0), tf.float32)
            model = K.Model(inputs, x)
            ones = np.ones((2, 3), "float32")
            np.testing.assert_allclose(model.predict(ones), 8 * ones)
            copy = K.models.model_from_json(model.to_json())
            np.testing.assert_allclose(copy.predict(ones), 8 * ones)
            assert [layer.name for layer in copy.layers] == [layer.name for layer in model.layers]


def test_texts_and_sequences():
    texts = ["The cat sat.", "the dog; the end"]
    tokenizer = K.preprocessing.text.Tokenizer(num_words=4, oov_token="?")
    tokenizer.fit_on_texts(texts)
    sequences = tokenizer.texts_to_sequences(texts)
    assert tokenizer.word_index["the"] == 2 and sequences == [[2, 3, 1], [2, 1, 2, 1]]
    padded = K.preprocessing.sequence.pad_sequences(sequences, maxlen=3, padding="post")
    np.testing.assert_array_equal(padded, [[2, 3, 1], [1, 2, 1]])
    again = K.preprocessing.text.tokenizer_from_json(tokenizer.to_json())
    assert again.texts_to_sequences(texts) == sequences
    assert K.utils.to_categorical([1, 0]).tolist() == [[0, 1], [1, 0]]
    series = K.preprocessing.sequence.TimeseriesGenerator(np.arange(6), np.arange(6), 2, batch_size=2)
    assert len(series) == 2 and series[0][0].tolist() == [[0, 1], [1, 2]] and series[1][1].tolist() == [4, 5]


def test_files_of_the_cache(tmp_path):
    np.savez(tmp_path / "some.npz", x=np.arange(3))
    path = K.utils.get_file("some.npz", "unused", cache_dir=str(tmp_path), cache_subdir="")
    assert np.load(path)["x"].tolist() == [0, 1, 2]
    assert callable(K.datasets.mnist.load_data) and K.__version__ == "2.2.4-tf"


def test_build_before_fit():
    with mode_of("eager"):
        model = K.Sequential([K.layers.Dense(4, activation="relu"), K.layers.Dense(5)])
        model.compile("rmsprop", "mse")
        model.build((None, 6))
        model.fit(np.ones((2, 6)), np.ones((2, 5)), verbose=0)
        assert model.predict(np.ones((2, 6))).shape == (2, 5)


def test_old_paths():
    assert tf.contrib.keras.layers.Dense is K.layers.Dense
    assert tf.contrib.keras.api.keras.models.Sequential is K.Sequential
    assert tf.contrib.layers.python.layers.initializers.xavier_initializer is tf.contrib.layers.xavier_initializer
    assert tf.contrib.framework.python.ops.add_arg_scope is tf.contrib.framework.add_arg_scope


def test_endless_data_sets_want_their_number_of_steps():
    with tf.Graph().as_default(), tf.Session():
        model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(2,))])
        model.compile("sgd", "mse")
        rows = tf.data.Dataset.from_tensors((np.ones((3, 2)), np.ones((3, 1))))
        endless = rows.repeat()
        for name, call in {
            "steps_per_epoch": lambda: model.fit(endless),
            "validation_steps": lambda: model.fit(rows, validation_data=endless, verbose=0),
            "steps": lambda: model.evaluate(endless),
        }.items():
            with pytest.raises(ValueError, match="repeating dataset, you must specify the `%s` argument" % name):
                call()


def test_layers_of_old_names():
    config = tf.keras.layers.serialize(tf.keras.layers.BatchNormalization(momentum=0.9))
    for name in "BatchNormalizationV1", "BatchNormalizationV2":
        made = tf.keras.layers.deserialize({**config, "class_name": name})
        assert type(made) is tf.keras.layers.BatchNormalization and made.momentum == 0.9


@pytest.fixture(params=["graph", "eager"])
def mode(request):
    """Both modes."""
    with mode_of(request.param):
        yield request.param


class Sums(tf.keras.layers.Layer):
    """The sum of the features; the loss of such a model is known."""

    def build(self, shape):
        self.w = self.add_weight("w", ())

    def call(self, inputs):
        return tf.keras.backend.sum(inputs, axis=1, keepdims=True) + self.w * 0


def test_data_sets_begin_anew_as_epochs_do(mode):
    inputs = np.repeat(np.float32([0, 2, 1, 4]), 10)[:, None] * np.ones((1, 2), np.float32)
    rows = tf.data.Dataset.from_tensor_slices((inputs, np.zeros((40, 1), np.float32))).batch(10)
    model = tf.keras.Sequential([Sums(input_shape=(2,))])
    model.compile("rmsprop", "mae", run_eagerly=mode == "eager")
    found = model.fit(rows, epochs=3, verbose=0, validation_data=rows).history
    assert found == {"loss": [3.5] * 3, "val_loss": [3.5] * 3}
    found = model.fit(rows, epochs=2, steps_per_epoch=2, verbose=0, validation_data=rows, validation_steps=2).history
    assert found == {"loss": [2, 5], "val_loss": [2, 2]}  # training goes on, validation begins anew


def test_optimizers_are_in_checkpoints_of_models(tmp_path):
    with mode_of("eager"):
        model = tf.keras.Sequential([tf.keras.layers.Dense(4, input_shape=(4,))])
        optimizer = tf.train.AdamOptimizer(0.01)
        model.compile(optimizer, "mse")
        model.fit(np.ones((1, 4)), np.ones((1, 4)), epochs=2, verbose=0)
        power = optimizer._get_beta_accumulators()[0]
        power.assign(12.0)
        model.save_weights(str(tmp_path / "weights"))
        power.assign(13.0)
        model.load_weights(str(tmp_path / "weights"))
        assert power.numpy() == 12


def test_models_that_get_their_variables_at_the_first_batch_learn_from_it():
    class Late(tf.keras.Model):
        def __init__(self):
            super().__init__(dynamic=True)
            self.dense = tf.keras.layers.Dense(1, kernel_initializer="zeros", bias_initializer="ones")

        def call(self, inputs):
            return self.dense(inputs)

    with mode_of("eager"):
        model = Late()
        model.compile("rmsprop", "mae", run_eagerly=True)
        zero = np.zeros((1, 1))
        assert model.train_on_batch(zero, zero) == 1
        assert model.train_on_batch(zero, zero) < 1


def test_validation_beside_a_sequence_has_batches_of_its_size(mode):
    class Pairs(tf.keras.utils.Sequence):
        def __len__(self):
            return 3

        def __getitem__(self, index):
            return np.ones((2, 3)), np.ones((2, 1))

    batches = []
    model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(3,))])
    model.compile("sgd", "mse", run_eagerly=mode == "eager")
    counting = tf.keras.callbacks.Callback()
    counting.on_test_batch_end = lambda batch, logs=None: batches.append(logs["size"])
    for call in model.fit, model.fit_generator:
        call(Pairs(), validation_data=(np.ones((5, 3)), np.ones((5, 1))), callbacks=[counting], verbose=0)
    assert batches == [2, 2, 1] * 2


def test_layers_as_activations_in_configurations():
    serialize, Leaky = K.activations.serialize, K.layers.LeakyReLU
    layer = K.layers.Dense(3, activation=Leaky(alpha=0.5, name="leaky"))
    written = K.layers.serialize(layer)["config"]["activation"]
    assert written == {"class_name": "LeakyReLU", "config": {"name": "leaky", "trainable": True, "dtype": None, "alpha": 0.5}}
    with K.utils.custom_object_scope({"LeakyReLU": Leaky}):
        assert K.layers.deserialize(K.layers.serialize(layer)).activation.alpha == 0.5
    assert serialize(K.activations.relu) == "relu" and serialize(None) is None
    with pytest.raises(ValueError, match="Cannot serialize"):
        serialize(3)


def test_weights_of_files_want_variables(tmp_path):
    class Late(K.Model):
        def __init__(self):
            super().__init__()
            self.dense = K.layers.Dense(1)

        def call(self, inputs):
            return self.dense(inputs)

    path = str(tmp_path / "weights.h5")
    with mode_of("eager"):
        model = Late()
        model(tf.ones((1, 2)))
        model.save_weights(path)
        late = Late()
        with pytest.raises(ValueError, match="a weight file containing 1 layers into a model with 0 layers"):
            late.load_weights(path)
