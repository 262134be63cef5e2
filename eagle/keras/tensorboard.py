"""Version 2 of the callback that writes events for TensorBoard: a folder for training, one for validation."""

import contextlib
import os

import numpy as np

from ..core.context import eager_mode, here
from ..core.export import export, public as tf
from ..platform import tf_logging
from .backend.settings import get_graph, image_data_format
from .backend.values import get_value
from .callbacks import Callback

_FORMER = {
    "write_grads": "`write_grads` will be ignored in TensorFlow 2.0 for the `TensorBoard` Callback.",
    "batch_size": "`batch_size` is no longer needed in the `TensorBoard` Callback and will be ignored in TensorFlow 2.0.",
    "embeddings_layer_names": "`embeddings_layer_names` is not supported in TensorFlow 2.0. Instead, all `Embedding` layers will "
    "be visualized.",
    "embeddings_data": "`embeddings_data` is not supported in TensorFlow 2.0. Instead, all `Embedding` variables will be "
    "visualized.",
}


class _Folder:
    """What the projector of TensorBoard takes for a writer."""

    def __init__(self, logdir):
        self._logdir = logdir

    def get_logdir(self):
        """The folder."""
        return self._logdir


@export("compat.v2.keras.callbacks.TensorBoard")
class TensorBoard(Callback):
    """Writes losses, metrics, weights and the graph as events for TensorBoard.

    Args:
      log_dir: the folder, below which those of training, `train`, and of validation, `validation`, are.
      histogram_freq: after how many epochs histograms of the weights are written, 0 for none.
      write_graph: whether the graph and the configuration of the model are written.
      write_images: whether weights are written as images where histograms are written.
      update_freq: after how many batches of an epoch their losses and metrics are written, "batch" for each, "epoch" for none.
        Eagerly summaries that the program writes then go to the folders too, with the number of the batch as their step.
      profile_batch: the number of a batch whose run is traced, 0 for none. Eagle traces none yet, of which it warns.
      embeddings_freq: after how many epochs embeddings are written, 0 for none.
      embeddings_metadata: the file that says what the rows of embeddings stand for, or a dictionary of files by names of layers.
      **kwargs: arguments of version 1 that mean nothing here, of which there is a warning: `write_grads`, `batch_size`,
        `embeddings_layer_names`, `embeddings_data`.

    Raises:
      ValueError: there is another argument; or, when training begins, metadata are for layers that the model lacks.
    """

    def __init__(self, log_dir="logs", histogram_freq=0, write_graph=True, write_images=False, update_freq="epoch", profile_batch=2,
                 embeddings_freq=0, embeddings_metadata=None, **kwargs):  # fmt: skip
        super().__init__()
        for name, warning in _FORMER.items():
            if kwargs.get(name):
                tf_logging.warning(warning)
        if kwargs.keys() - _FORMER.keys():
            raise ValueError("Unrecognized arguments in `TensorBoard` Callback: " + str(kwargs.keys() - _FORMER.keys()))
        self.log_dir, self.histogram_freq = log_dir, histogram_freq
        self.write_graph, self.write_images = write_graph, write_images
        self.update_freq = 1 if update_freq == "batch" else update_freq
        self.embeddings_freq, self.embeddings_metadata = embeddings_freq, embeddings_metadata
        self._profile_batch = profile_batch
        self._writers, self._steps = {}, {}
        self._default = contextlib.ExitStack()

    def set_model(self, model):
        self.model = model
        self._close_writers()
        if self.write_graph:
            self._write_model()
        if self.embeddings_freq:
            self._configure_embeddings()

    def on_train_begin(self, logs=None):
        runs = "train", "validation"
        self._steps = {run: tf.Variable(0, dtype="int64", trainable=False) if here.eager else 0 for run in runs}
        if self._profile_batch and here.eager:
            tf_logging.warning("Eagle does not trace batches yet: profile_batch=%s writes nothing.", self._profile_batch)

    def on_epoch_begin(self, epoch, logs=None):
        self._set_default_run("train")

    def on_test_begin(self, logs=None):
        self._set_default_run("validation")

    def on_train_batch_end(self, batch, logs=None):
        if self.update_freq != "epoch" and batch % self.update_freq == 0:
            self._log_metrics(logs or {}, "batch_", self._steps["train"])
        self._count("train")

    def on_test_batch_end(self, batch, logs=None):
        if self._steps:
            self._count("validation")

    def _count(self, run):
        if here.eager:
            self._steps[run].assign_add(1)
        else:
            self._steps[run] += 1

    def _set_default_run(self, run):
        """Lets summaries of the program go to a folder; in graphs they are the program's own matter."""
        self._default.close()
        if self.update_freq == "epoch" or not here.eager or not self._steps:
            return
        step, summary = self._steps[run], tf.compat.v2.summary
        self._default.callback(summary.experimental.set_step, summary.experimental.get_step())
        self._default.enter_context(self._recording(run))
        self._default.enter_context(summary.record_if(lambda: tf.equal(step % self.update_freq, 0)))
        summary.experimental.set_step(step)

    def on_epoch_end(self, epoch, logs=None):
        self._log_metrics(logs or {}, "epoch_", epoch)
        if self.histogram_freq and epoch % self.histogram_freq == 0:
            self._log_weights(epoch)
        if self.embeddings_freq and epoch % self.embeddings_freq == 0:
            self.model.save_weights(os.path.join(self.log_dir, "train", "keras_embedding.ckpt-%d" % epoch))

    def on_train_end(self, logs=None):
        self._default.close()
        self._steps = {}
        self._close_writers()

    def _recording(self, run):
        """A context in which summaries are written eagerly to the folder of a run."""
        if run not in self._writers:
            self._writers[run] = tf.compat.v2.summary.create_file_writer(os.path.join(self.log_dir, run))
        return self._writers[run].as_default()

    def _close_writers(self):
        with eager_mode():
            for writer in self._writers.values():
                writer.close()
        self._writers.clear()

    def _write_model(self):
        model, graph = self.model, get_graph()
        with eager_mode(), self._recording("train"), tf.contrib.summary.always_record_summaries():
            if not model.run_eagerly:
                tf.contrib.summary.graph(graph, step=0)
            if model._is_graph_network or type(model).__name__ == "Sequential":
                tf.python.ops.summary_ops_v2.keras_model("keras", model, step=0)

    def _configure_embeddings(self):
        projector = tf.contrib.tensorboard.plugins.projector
        config, files = projector.ProjectorConfig(), self.embeddings_metadata
        for layer in self.model.layers:
            if isinstance(layer, tf.keras.layers.Embedding):
                embedding = config.embeddings.add()
                embedding.tensor_name = layer.embeddings.name
                if isinstance(files, str):
                    embedding.metadata_path = files
                elif files and layer.name in files:
                    embedding.metadata_path = files[layer.name]
        unknown = () if isinstance(files, str) else set(files or ()) - {layer.name for layer in self.model.layers}
        if unknown:
            raise ValueError("Unrecognized `Embedding` layer names passed to `keras.callbacks.TensorBoard` `embeddings_metadata` "
                             "argument: " + str(unknown))  # fmt: skip
        projector.visualize_embeddings(_Folder(self.log_dir), config)

    def _log_metrics(self, logs, prefix, step):
        """Writes results of training and of validation as scalars to their folders."""
        found = {"train": {}, "validation": {}}
        for name, value in logs.items():
            if name not in ("batch", "size", "num_steps"):
                run = "validation" if name.startswith("val_") else "train"
                found[run][prefix + name.removeprefix("val_")] = value
        for run, values in found.items():
            if values:
                with eager_mode(), self._recording(run), tf.contrib.summary.always_record_summaries():
                    for name, value in values.items():
                        tf.contrib.summary.scalar(name, value, step=step)

    def _log_weights(self, epoch):
        values = {w.name.replace(":", "_"): get_value(w) for layer in self.model.layers for w in layer.weights}
        with eager_mode(), self._recording("train"), tf.contrib.summary.always_record_summaries():
            for name, value in values.items():
                tf.contrib.summary.histogram(name, value, step=epoch)
                image = _as_image(value) if self.write_images else None
                if image is not None:
                    tf.contrib.summary.image(name, image, step=epoch)
            self._writers["train"].flush()


def _as_image(weight):
    """A weight as an array of images, a kernel of several filters as one of each; None if it can't be shown."""
    image = np.squeeze(weight)
    if image.ndim == 1:
        image = image[None, :, None, None]
    elif image.ndim == 2:
        image = (image.T if image.shape[0] > image.shape[1] else image)[None, :, :, None]
    elif image.ndim == 3:
        image = (np.transpose(image, [2, 0, 1]) if image_data_format() == "channels_last" else image)[..., None]
    return image if image.ndim == 4 and image.shape[-1] in (1, 3, 4) else None
