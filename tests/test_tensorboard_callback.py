"""Version 2 of the callback of Keras for TensorBoard writes the events that TensorFlow 1.15 writes."""

import os

import numpy as np
import pytest

import eagle as tf
from eagle.core.context import eager_mode

TensorBoard = tf.compat.v2.keras.callbacks.TensorBoard
WEIGHTS = [(0, name + part, kind) for name in ("d/kernel_0", "d/bias_0", "e/kernel_0")
           for part, kind in (("", "histo"), ("/image/0", "image"))] + [(0, "e/bias_0", "histo")]  # fmt: skip


@pytest.fixture(params=["graph", "eager"], autouse=True)
def mode(request):
    """Both modes."""
    with tf.Graph().as_default() if request.param == "graph" else eager_mode():
        yield request.param
    tf.keras.backend.clear_session()


def trained(*more, **arguments):
    """Trains four examples in two batches, twice."""
    model = tf.keras.Sequential([tf.keras.layers.Dense(2, input_shape=(3,), name="d"), tf.keras.layers.Dense(1, name="e")])
    model.compile("sgd", "mse")
    x, y = np.ones((4, 3)), np.ones((4, 1))
    callbacks = [*more, TensorBoard(profile_batch=0, **arguments)]
    model.fit(x, y, batch_size=2, epochs=2, validation_data=(x, y), callbacks=callbacks, verbose=0)


def events(folder):
    """The step, the tag and the kind of what a folder's only file of events has."""
    (name,) = os.listdir(folder)
    found = []
    for event in tf.train.summary_iterator(str(folder / name)):
        if event.WhichOneof("what") == "summary":
            found += [(event.step, v.tag, v.WhichOneof("value")) for v in event.summary.value]
        else:
            found.append((event.step, event.WhichOneof("what")))
    return found


def test_what_is_written(tmp_path):
    trained(log_dir=str(tmp_path), histogram_freq=2, write_images=True, update_freq=4)
    loss = "batch_loss", "simple_value"
    begun = [(0, "file_version"), (0, "graph_def"), (0, "keras", "tensor"), (0, *loss), (0, "epoch_loss", "simple_value")]
    assert events(tmp_path / "train") == [*begun, *WEIGHTS, (2, *loss), (1, "epoch_loss", "simple_value")]
    assert events(tmp_path / "validation") == [(0, "file_version"), *((i, "epoch_loss", "simple_value") for i in range(2))]


def test_summaries_of_the_program(tmp_path, mode):
    own = tf.keras.callbacks.LambdaCallback(
        on_batch_end=lambda batch, logs: tf.compat.v2.summary.write("own", tf.constant(1.0)) if mode == "eager" else None
    )
    trained(own, log_dir=str(tmp_path), write_graph=False, update_freq="batch")
    steps = [e[0] for e in events(tmp_path / "train") if e[1] == "own"]
    assert steps == ([0, 1, 2, 3] if mode == "eager" else [])
    assert tf.compat.v2.summary.experimental.get_step() is None


def test_embeddings(tmp_path):
    model = tf.keras.Sequential([tf.keras.layers.Embedding(5, 2, input_length=1, name="words"), tf.keras.layers.Flatten()])
    model.compile("sgd", "mse")
    board = TensorBoard(str(tmp_path), embeddings_freq=1, embeddings_metadata={"words": "words.tsv"}, profile_batch=0)
    model.fit(np.ones((2, 1)), np.ones((2, 2)), callbacks=[board], verbose=0)
    written = (tmp_path / "projector_config.pbtxt").read_text()
    assert 'tensor_name: "words/embeddings:0"' in written and 'metadata_path: "words.tsv"' in written
    assert tf.train.list_variables(str(tmp_path / "train" / "keras_embedding.ckpt-0"))
    with pytest.raises(ValueError, match="Unrecognized `Embedding` layer names"):
        TensorBoard(str(tmp_path), embeddings_freq=1, embeddings_metadata={"none": "words.tsv"}).set_model(model)


def test_arguments(mode):
    with pytest.raises(ValueError, match="Unrecognized arguments in `TensorBoard` Callback: {'wwrite_images'}"):
        TensorBoard(wwrite_images=True)
    assert TensorBoard(update_freq="batch", write_grads=True).update_freq == 1
