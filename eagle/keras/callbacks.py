"""Callbacks: what happens beside training."""

import collections.abc
import copy
import csv
import json
import os
import re

import numpy as np

from ..core.context import here
from ..core.export import export, public as tf
from ..platform import tf_logging
from .backend.settings import get_graph
from .backend.values import get_value, set_value
from .utils.progress import Progbar


def configure_callbacks(callbacks, model, do_validation=False, batch_size=None, epochs=None, steps_per_epoch=None, samples=None,
                        verbose=1, count_mode="steps", mode="train"):  # fmt: skip
    """The `CallbackList` of a loop; arguments as `Callback.params` has them."""
    if isinstance(callbacks, CallbackList):
        return callbacks
    callbacks = list(callbacks or []) if not isinstance(callbacks, Callback) else [callbacks]
    if mode == "train":
        model.history = History()
        callbacks = [BaseLogger(), *callbacks, model.history]
        if verbose:
            callbacks.append(ProgbarLogger(count_mode))
    found = CallbackList(callbacks)
    found.set_model(model)
    metrics = []
    if mode != "predict":
        metrics = copy.copy(model.metrics_names)
        if do_validation:
            metrics += ["val_" + n for n in model.metrics_names]
    for callback in found:
        if isinstance(callback, BaseLogger | ProgbarLogger):
            callback.stateful_metrics = model.metrics_names[1:]
    found.set_params({
        "batch_size": batch_size, "epochs": epochs, "steps": steps_per_epoch, "samples": samples, "verbose": verbose,
        "do_validation": do_validation, "metrics": metrics,
    })  # fmt: skip
    model.stop_training = False
    return found


export("python.keras.callbacks.configure_callbacks")(configure_callbacks)


def make_logs(model, logs, outputs, mode, prefix=""):
    """Puts results among what callbacks get."""
    if mode == "predict":
        logs["outputs"] = outputs
    else:
        logs.update((prefix + name, output) for name, output in zip(model.metrics_names, outputs))
    return logs


@export("python.keras.callbacks.CallbackList")
class CallbackList:
    """Several callbacks as one.

    Args:
      callbacks: a list.
      queue_length: not used.
    """

    def __init__(self, callbacks=None, queue_length=10):
        self.callbacks = list(callbacks or [])
        self.queue_length = queue_length
        self.params, self.model = {}, None

    def append(self, callback):
        """Adds one."""
        self.callbacks.append(callback)

    def set_params(self, params):
        """Tells them about the loop."""
        self.params = params
        for callback in self.callbacks:
            callback.set_params(params)

    def set_model(self, model):
        """Tells them the model."""
        self.model = model
        for callback in self.callbacks:
            callback.set_model(model)

    def _call_batch_hook(self, mode, hook, batch, logs=None):
        for callback in self.callbacks:
            getattr(callback, "on_%s_batch_%s" % (mode, hook))(batch, logs if logs is not None else {})

    def _call_begin_hook(self, mode):
        getattr(self, "on_%s_begin" % mode)()

    def _call_end_hook(self, mode):
        getattr(self, "on_%s_end" % mode)()

    def on_batch_begin(self, batch, logs=None):
        """A batch of training begins."""
        self._call_batch_hook("train", "begin", batch, logs)

    def on_batch_end(self, batch, logs=None):
        """A batch of training ended."""
        self._call_batch_hook("train", "end", batch, logs)

    def __iter__(self):
        return iter(self.callbacks)


def _of_all(name, takes_index):
    def hook(self, *args, **kwargs):
        logs = kwargs.get("logs", args[-1] if len(args) > takes_index else None)
        for callback in self.callbacks:
            getattr(callback, name)(*args[:takes_index], logs if logs is not None else {} if takes_index else None)

    hook.__name__ = name
    hook.__doc__ = "Calls `%s` of all." % name
    return hook


_MOMENTS = [(name % kind, takes) for kind in ("train", "test", "predict") for name, takes in (
    ("on_%s_batch_begin", 1), ("on_%s_batch_end", 1), ("on_%s_begin", 0), ("on_%s_end", 0))]  # fmt: skip
for _name, _takes in [*_MOMENTS, ("on_epoch_begin", 1), ("on_epoch_end", 1)]:
    setattr(CallbackList, _name, _of_all(_name, _takes))


@export("keras.callbacks.Callback")
class Callback:
    """The base of callbacks; `params` and `model` are set before training."""

    def __init__(self):
        self.validation_data = self.model = None
        self._chief_worker_only = None

    def set_params(self, params):
        """Takes what is known about the loop."""
        self.params = params

    def set_model(self, model):
        """Takes the model."""
        self.model = model

    def on_batch_begin(self, batch, logs=None):
        """Is called before a batch of training."""

    def on_batch_end(self, batch, logs=None):
        """Is called after a batch of training."""

    def on_epoch_begin(self, epoch, logs=None):
        """Is called before an epoch."""

    def on_epoch_end(self, epoch, logs=None):
        """Is called after an epoch."""

    def on_train_batch_begin(self, batch, logs=None):
        """Is called before a batch of training."""
        self.on_batch_begin(batch, logs=logs)

    def on_train_batch_end(self, batch, logs=None):
        """Is called after a batch of training."""
        self.on_batch_end(batch, logs=logs)

    def on_test_batch_begin(self, batch, logs=None):
        """Is called before a batch of evaluation."""

    def on_test_batch_end(self, batch, logs=None):
        """Is called after a batch of evaluation."""

    def on_predict_batch_begin(self, batch, logs=None):
        """Is called before a batch of prediction."""

    def on_predict_batch_end(self, batch, logs=None):
        """Is called after a batch of prediction."""

    def on_train_begin(self, logs=None):
        """Is called before training."""

    def on_train_end(self, logs=None):
        """Is called after training."""

    def on_test_begin(self, logs=None):
        """Is called before evaluation."""

    def on_test_end(self, logs=None):
        """Is called after evaluation."""

    def on_predict_begin(self, logs=None):
        """Is called before prediction."""

    def on_predict_end(self, logs=None):
        """Is called after prediction."""


@export("keras.callbacks.BaseLogger")
class BaseLogger(Callback):
    """Means of metrics over an epoch.

    Args:
      stateful_metrics: names of those that keep their own means.
    """

    def __init__(self, stateful_metrics=None):
        super().__init__()
        self.stateful_metrics = set(stateful_metrics or [])

    def on_epoch_begin(self, epoch, logs=None):
        self.seen, self.totals = 0, {}

    def on_batch_end(self, batch, logs=None):
        logs = logs or {}
        size = logs.get("size", 0)
        self.seen += size * logs.get("num_steps", 1)
        for name, value in logs.items():
            if name in self.stateful_metrics:
                self.totals[name] = value
            else:
                self.totals[name] = self.totals.get(name, 0) + value * np.float64(size)

    def on_epoch_end(self, epoch, logs=None):
        if logs is not None:
            for name in self.params["metrics"]:
                if name in self.totals:
                    logs[name] = self.totals[name] if name in self.stateful_metrics else self.totals[name] / self.seen


@export("keras.callbacks.TerminateOnNaN")
class TerminateOnNaN(Callback):
    """Ends training when the loss is not a finite number."""

    def on_batch_end(self, batch, logs=None):
        loss = (logs or {}).get("loss")
        if loss is not None and not np.isfinite(loss):
            print("Batch %d: Invalid loss, terminating training" % batch)
            self.model.stop_training = True


@export("keras.callbacks.ProgbarLogger")
class ProgbarLogger(Callback):
    """Bars of progress.

    Args:
      count_mode: "samples" or "steps".
      stateful_metrics: names of metrics that are not averaged.

    Raises:
      ValueError: `count_mode` is not known.
    """

    def __init__(self, count_mode="samples", stateful_metrics=None):
        super().__init__()
        if count_mode not in ("samples", "steps"):
            raise ValueError("Unknown `count_mode`: " + str(count_mode))
        self.use_steps = count_mode == "steps"
        self.stateful_metrics = set(stateful_metrics or [])

    def on_train_begin(self, logs=None):
        self.verbose, self.epochs = self.params["verbose"], self.params["epochs"]

    def on_epoch_begin(self, epoch, logs=None):
        self.seen = 0
        self.target = self.params["steps" if self.use_steps else "samples"]
        if self.verbose and self.epochs > 1:
            print("Epoch %d/%d" % (epoch + 1, self.epochs))
        self.progbar = Progbar(target=self.target, verbose=self.verbose, stateful_metrics=self.stateful_metrics,
                               unit_name="step" if self.use_steps else "sample")  # fmt: skip
        self.log_values = []

    def on_batch_begin(self, batch, logs=None):
        self.log_values = []

    def on_batch_end(self, batch, logs=None):
        logs = logs or {}
        steps = logs.get("num_steps", 1)
        self.seen += steps if self.use_steps else logs.get("size", 0) * steps
        self.log_values.extend((name, logs[name]) for name in self.params["metrics"] if name in logs)
        if self.verbose and (self.target is None or self.seen < self.target):
            self.progbar.update(self.seen, self.log_values)

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        self.log_values.extend((name, logs[name]) for name in self.params["metrics"] if name in logs)
        if self.verbose:
            self.progbar.update(self.seen, self.log_values)


@export("keras.callbacks.History")
class History(Callback):
    """What the epochs gave: lists by names in `history`."""

    def on_train_begin(self, logs=None):
        self.epoch, self.history = [], {}

    def on_epoch_end(self, epoch, logs=None):
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)


def _checked_mode(mode, kind):
    if mode not in ("auto", "min", "max"):
        tf_logging.warning("%s mode %s is unknown, fallback to auto mode.", kind, mode)
        return "auto"
    return mode


@export("keras.callbacks.ModelCheckpoint")
class ModelCheckpoint(Callback):
    """Saves the model after epochs.

    Args:
      filepath: where, a pattern with `{epoch}` and names of metrics.
      monitor: the metric that says which is best.
      verbose: whether it tells.
      save_best_only: whether only a model better than all before is saved.
      save_weights_only: whether only the weights are saved.
      mode: "min", "max" or "auto".
      save_freq: "epoch", or a number of examples.
      **kwargs: `period`, a number of epochs; `load_weights_on_restart`.
    """

    def __init__(self, filepath, monitor="val_loss", verbose=0, save_best_only=False, save_weights_only=False, mode="auto",
                 save_freq="epoch", **kwargs):  # fmt: skip
        super().__init__()
        self.monitor, self.verbose, self.filepath = monitor, verbose, filepath
        self.save_best_only, self.save_weights_only, self.save_freq = save_best_only, save_weights_only, save_freq
        self.epochs_since_last_save = self._samples_seen_since_last_saving = 0
        self.load_weights_on_restart = kwargs.get("load_weights_on_restart", False)
        if "load_weights_on_restart" in kwargs:
            tf_logging.warning(
                "`load_weights_on_restart` argument is deprecated. Please use `model.load_weights()` for loading weights "
                "before the start of `model.fit()`."
            )
        self.period = kwargs.get("period", 1)
        if "period" in kwargs:
            tf_logging.warning(
                "`period` argument is deprecated. Please use `save_freq` to specify the frequency in number of samples seen."
            )
        mode = _checked_mode(mode, "ModelCheckpoint")
        is_greatest = mode == "max" or mode == "auto" and ("acc" in monitor or monitor.startswith("fmeasure"))
        self.monitor_op, self.best = (np.greater, -np.inf) if is_greatest else (np.less, np.inf)
        if save_freq != "epoch" and not isinstance(save_freq, int):
            raise ValueError(f"Unrecognized save_freq: {save_freq}")
        self._chief_worker_only = False

    def set_model(self, model):
        self.model = model
        if not self.save_weights_only and not model._is_graph_network and type(model).__name__ != "Sequential":
            self.save_weights_only = True

    def on_train_begin(self, logs=None):
        if self.load_weights_on_restart:
            path = self._get_most_recently_modified_file_matching_pattern(self.filepath)
            if path is not None:
                try:
                    self.model.load_weights(path)
                except (OSError, ValueError) as e:
                    raise ValueError(f"Error loading file from {path}. Reason: {e}") from e

    def on_batch_end(self, batch, logs=None):
        logs = logs or {}
        if isinstance(self.save_freq, int):
            self._samples_seen_since_last_saving += logs.get("size", 1)
            if self._samples_seen_since_last_saving >= self.save_freq:
                self._save_model(epoch=self._current_epoch, logs=logs)
                self._samples_seen_since_last_saving = 0

    def on_epoch_begin(self, epoch, logs=None):
        self._current_epoch = epoch

    def on_epoch_end(self, epoch, logs=None):
        self.epochs_since_last_save += 1
        if self.save_freq == "epoch":
            self._save_model(epoch=epoch, logs=logs)

    def _save_model(self, epoch, logs):
        logs = logs or {}
        if not isinstance(self.save_freq, int) and self.epochs_since_last_save < self.period:
            return
        self.epochs_since_last_save = 0
        path = self.filepath.format(epoch=epoch + 1, **logs)
        if self.save_best_only:
            current = logs.get(self.monitor)
            if current is None:
                tf_logging.warning("Can save best model only with %s available, skipping.", self.monitor)
                return
            if not self.monitor_op(current, self.best):
                if self.verbose > 0:
                    print("\nEpoch %05d: %s did not improve from %0.5f" % (epoch + 1, self.monitor, self.best))
                return
            if self.verbose > 0:
                print("\nEpoch %05d: %s improved from %0.5f to %0.5f, saving model to %s"
                      % (epoch + 1, self.monitor, self.best, current, path))  # fmt: skip
            self.best = current
        elif self.verbose > 0:
            print("\nEpoch %05d: saving model to %s" % (epoch + 1, path))
        if self.save_weights_only:
            self.model.save_weights(path, overwrite=True)
        else:
            self.model.save(path, overwrite=True)

    def _get_most_recently_modified_file_matching_pattern(self, pattern):
        folder = os.path.dirname(pattern)
        matches = re.compile("^" + re.sub(r"{.*}", r".*", os.path.basename(pattern)) + "$").match
        latest = tf.train.latest_checkpoint(folder)
        if latest is not None and matches(os.path.basename(latest)):
            return latest
        found = [os.path.join(folder, n) for n in os.listdir(folder or ".") if matches(n)] if os.path.isdir(folder or ".") else []
        if not found:
            return None
        newest = max(os.path.getmtime(p) for p in found)
        of_newest = [p for p in found if os.path.getmtime(p) == newest]
        return of_newest[0] if len(of_newest) == 1 else max(found)


@export("keras.callbacks.EarlyStopping")
class EarlyStopping(Callback):
    """Ends training when a metric gets no better.

    Args:
      monitor: the metric.
      min_delta: by how much it must get better to count.
      patience: after how many epochs without it training ends.
      verbose: whether it tells.
      mode: "min", "max" or "auto".
      baseline: what the metric must be better than.
      restore_best_weights: whether the model gets the weights of its best epoch.
    """

    def __init__(self, monitor="val_loss", min_delta=0, patience=0, verbose=0, mode="auto", baseline=None,
                 restore_best_weights=False):  # fmt: skip
        super().__init__()
        self.monitor, self.patience, self.verbose, self.baseline = monitor, patience, verbose, baseline
        self.wait = self.stopped_epoch = 0
        self.restore_best_weights, self.best_weights = restore_best_weights, None
        mode = _checked_mode(mode, "EarlyStopping")
        self.monitor_op = np.greater if mode == "max" or mode == "auto" and "acc" in monitor else np.less
        self.min_delta = abs(min_delta) * (1 if self.monitor_op == np.greater else -1)

    def on_train_begin(self, logs=None):
        self.wait = self.stopped_epoch = 0
        self.best = self.baseline if self.baseline is not None else np.inf if self.monitor_op == np.less else -np.inf

    def on_epoch_end(self, epoch, logs=None):
        current = self.get_monitor_value(logs)
        if current is None:
            return
        if self.monitor_op(current - self.min_delta, self.best):
            self.best, self.wait = current, 0
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            return
        self.wait += 1
        if self.wait >= self.patience:
            self.stopped_epoch = epoch
            self.model.stop_training = True
            if self.restore_best_weights:
                if self.verbose > 0:
                    print("Restoring model weights from the end of the best epoch.")
                self.model.set_weights(self.best_weights)

    def on_train_end(self, logs=None):
        if self.stopped_epoch > 0 and self.verbose > 0:
            print("Epoch %05d: early stopping" % (self.stopped_epoch + 1))

    def get_monitor_value(self, logs):
        """The metric's value among logs, or None."""
        logs = logs or {}
        value = logs.get(self.monitor)
        if value is None:
            tf_logging.warning("Early stopping conditioned on metric `%s` which is not available. Available metrics are: %s",
                               self.monitor, ",".join(logs))  # fmt: skip
        return value


@export("keras.callbacks.RemoteMonitor")
class RemoteMonitor(Callback):
    """Sends what epochs give to a server.

    Args:
      root, path: the address.
      field: the field of the data, unless they are JSON.
      headers: HTTP headers.
      send_as_json: whether the data are JSON.
    """

    def __init__(self, root="http://localhost:9000", path="/publish/epoch/end/", field="data", headers=None, send_as_json=False):
        super().__init__()
        self.root, self.path, self.field, self.headers, self.send_as_json = root, path, field, headers, send_as_json

    def on_epoch_end(self, epoch, logs=None):
        try:
            import requests
        except ImportError:
            raise ImportError("RemoteMonitor requires the `requests` library.") from None
        data = {"epoch": epoch, **(logs or {})}
        try:
            if self.send_as_json:
                requests.post(self.root + self.path, json=data, headers=self.headers)
            else:
                requests.post(self.root + self.path, {self.field: json.dumps(data)}, headers=self.headers)
        except requests.exceptions.RequestException:
            tf_logging.warning("Warning: could not reach RemoteMonitor root server at " + str(self.root))


@export("keras.callbacks.LearningRateScheduler")
class LearningRateScheduler(Callback):
    """Sets the learning rate of epochs.

    Args:
      schedule: a function of the number of the epoch, and if it takes it the rate.
      verbose: whether it tells.
    """

    def __init__(self, schedule, verbose=0):
        super().__init__()
        self.schedule, self.verbose = schedule, verbose

    def on_epoch_begin(self, epoch, logs=None):
        if not hasattr(self.model.optimizer, "lr"):
            raise ValueError('Optimizer must have a "lr" attribute.')
        try:
            rate = self.schedule(epoch, float(get_value(self.model.optimizer.lr)))
        except TypeError:
            rate = self.schedule(epoch)
        if not isinstance(rate, float | np.float32 | np.float64):
            raise ValueError('The output of the "schedule" function should be float.')
        set_value(self.model.optimizer.lr, rate)
        if self.verbose > 0:
            print("\nEpoch %05d: LearningRateScheduler reducing learning rate to %s." % (epoch + 1, rate))

    def on_epoch_end(self, epoch, logs=None):
        if logs is not None:
            logs["lr"] = get_value(self.model.optimizer.lr)


@export("keras.callbacks.ReduceLROnPlateau")
class ReduceLROnPlateau(Callback):
    """Makes the learning rate smaller when a metric gets no better.

    Args:
      monitor: the metric.
      factor: what the rate is multiplied with.
      patience: after how many epochs.
      verbose: whether it tells.
      mode: "min", "max" or "auto".
      min_delta: by how much the metric must get better to count.
      cooldown: how many epochs to wait afterwards.
      min_lr: the least rate.
      **kwargs: `epsilon`, the old name of `min_delta`.

    Raises:
      ValueError: `factor` makes the rate no smaller.
    """

    def __init__(self, monitor="val_loss", factor=0.1, patience=10, verbose=0, mode="auto", min_delta=1e-4, cooldown=0, min_lr=0,
                 **kwargs):  # fmt: skip
        super().__init__()
        if factor >= 1.0:
            raise ValueError("ReduceLROnPlateau does not support a factor >= 1.0.")
        if "epsilon" in kwargs:
            min_delta = kwargs.pop("epsilon")
            tf_logging.warning("`epsilon` argument is deprecated and will be removed, use `min_delta` instead.")
        self.monitor, self.factor, self.min_lr, self.min_delta = monitor, factor, min_lr, min_delta
        self.patience, self.verbose, self.cooldown, self.mode = patience, verbose, cooldown, mode
        self._reset()

    def _reset(self):
        self.mode = _checked_mode(self.mode, "Learning Rate Plateau Reducing")
        if self.mode == "min" or self.mode == "auto" and "acc" not in self.monitor:
            self.monitor_op, self.best = lambda a, b: np.less(a, b - self.min_delta), np.inf
        else:
            self.monitor_op, self.best = lambda a, b: np.greater(a, b + self.min_delta), -np.inf
        self.cooldown_counter = self.wait = 0

    def on_train_begin(self, logs=None):
        self._reset()

    def on_epoch_end(self, epoch, logs=None):
        logs = logs if logs is not None else {}
        logs["lr"] = get_value(self.model.optimizer.lr)
        current = logs.get(self.monitor)
        if current is None:
            tf_logging.warning("Reduce LR on plateau conditioned on metric `%s` which is not available. Available metrics are: %s",
                               self.monitor, ",".join(logs))  # fmt: skip
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self.monitor_op(current, self.best):
            self.best, self.wait = current, 0
        elif not self.in_cooldown():
            self.wait += 1
            rate = float(get_value(self.model.optimizer.lr))
            if self.wait >= self.patience and rate > self.min_lr:
                rate = max(rate * self.factor, self.min_lr)
                set_value(self.model.optimizer.lr, rate)
                if self.verbose > 0:
                    print("\nEpoch %05d: ReduceLROnPlateau reducing learning rate to %s." % (epoch + 1, rate))
                self.cooldown_counter, self.wait = self.cooldown, 0

    def in_cooldown(self):
        """Whether it waits."""
        return self.cooldown_counter > 0


@export("keras.callbacks.CSVLogger")
class CSVLogger(Callback):
    """Writes what epochs give to a CSV file.

    Args:
      filename: the file.
      separator: what is between values.
      append: whether it goes on with the file.
    """

    def __init__(self, filename, separator=",", append=False):
        super().__init__()
        self.sep, self.filename, self.append = separator, filename, append
        self.writer = self.keys = None
        self.append_header = True

    def on_train_begin(self, logs=None):
        if self.append and os.path.exists(self.filename):
            with open(self.filename) as f:
                self.append_header = not f.readline()
        self.csv_file = open(self.filename, "a" if self.append else "w", newline="\n")

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}

        def text_of(value):
            if isinstance(value, collections.abc.Iterable) and not isinstance(value, str) and getattr(value, "ndim", 1) != 0:
                return '"[%s]"' % (", ".join(map(str, value)))
            return value

        if self.keys is None:
            self.keys = sorted(logs)
        if self.model.stop_training:
            logs = {k: logs.get(k, "NA") for k in self.keys}
        if not self.writer:
            self.writer = csv.DictWriter(self.csv_file, fieldnames=["epoch", *self.keys], dialect=csv.excel, delimiter=self.sep)
            if self.append_header:
                self.writer.writeheader()
        self.writer.writerow({"epoch": epoch, **{k: text_of(logs[k]) for k in self.keys}})
        self.csv_file.flush()

    def on_train_end(self, logs=None):
        self.csv_file.close()
        self.writer = None


@export("keras.callbacks.LambdaCallback")
class LambdaCallback(Callback):
    """Functions as a callback.

    Args:
      on_epoch_begin, on_epoch_end: functions of epoch and logs.
      on_batch_begin, on_batch_end: functions of batch and logs.
      on_train_begin, on_train_end: functions of logs.
      **kwargs: more attributes.
    """

    def __init__(self, on_epoch_begin=None, on_epoch_end=None, on_batch_begin=None, on_batch_end=None, on_train_begin=None,
                 on_train_end=None, **kwargs):  # fmt: skip
        super().__init__()
        self.__dict__.update(kwargs)
        given = {
            "on_epoch_begin": on_epoch_begin, "on_epoch_end": on_epoch_end, "on_batch_begin": on_batch_begin,
            "on_batch_end": on_batch_end, "on_train_begin": on_train_begin, "on_train_end": on_train_end,
        }  # fmt: skip
        self.__dict__.update((name, function) for name, function in given.items() if function is not None)


@export("keras.callbacks.TensorBoard")
class TensorBoard(Callback):
    """Writes what epochs give as events for TensorBoard.

    Args:
      log_dir: the folder.
      histogram_freq: after how many epochs histograms of the weights are written, 0 for none.
      batch_size: not used.
      write_graph: whether the graph is written.
      write_grads, write_images: not used.
      embeddings_freq, embeddings_layer_names, embeddings_metadata, embeddings_data: not used.
      update_freq: "epoch", "batch" or a number of examples.
      profile_batch: not used.
    """

    def __init__(
        self,
        log_dir="./logs",
        histogram_freq=0,
        batch_size=32,
        write_graph=True,
        write_grads=False,
        write_images=False,
        embeddings_freq=0,
        embeddings_layer_names=None,
        embeddings_metadata=None,
        embeddings_data=None,
        update_freq="epoch",
        profile_batch=2,
    ):
        super().__init__()
        self.log_dir, self.histogram_freq, self.batch_size = log_dir, histogram_freq, batch_size
        self.write_graph, self.write_grads, self.write_images = write_graph, write_grads, write_images
        self.embeddings_freq, self.embeddings_data = embeddings_freq, embeddings_data
        self.update_freq = 1 if update_freq == "batch" else update_freq
        self._samples_seen = self._samples_seen_at_last_write = 0
        self._current_batch = self._total_batches_seen = 0
        self.writer = self.merged = None

    def set_model(self, model):
        self.model = model
        if here.eager:
            self.writer = tf.contrib.summary.create_file_writer(self.log_dir)
            return
        self.writer = tf.summary.FileWriter(self.log_dir, get_graph() if self.write_graph else None)
        if self.histogram_freq and self.merged is None:
            for layer in model.layers:
                for weight in layer.weights:
                    tf.summary.histogram(weight.name.replace(":", "_"), weight)
            self.merged = tf.summary.merge_all()

    def on_batch_end(self, batch, logs=None):
        logs = logs or {}
        self._samples_seen += logs.get("size", 1)
        if self.update_freq != "epoch" and self._samples_seen - self._samples_seen_at_last_write >= self.update_freq:
            self._write(
                {"batch_" + k: v for k, v in logs.items() if k not in ("batch", "size", "num_steps")}, self._total_batches_seen
            )
            self._samples_seen_at_last_write = self._samples_seen
        self._total_batches_seen += 1

    def on_epoch_end(self, epoch, logs=None):
        logs = {"epoch_" + k if k not in ("batch", "size") else k: v for k, v in (logs or {}).items()}
        logs = {k: v for k, v in logs.items() if k not in ("batch", "size", "num_steps")}
        step = self._total_batches_seen if self.update_freq != "epoch" else epoch
        self._write(logs, step)
        if self.histogram_freq and self.merged is not None and epoch % self.histogram_freq == 0:
            self.writer.add_summary(tf.keras.backend.get_session().run(self.merged), epoch)

    def on_train_end(self, logs=None):
        self.writer.close()

    def _write(self, logs, step):
        if here.eager:
            with self.writer.as_default(), tf.contrib.summary.always_record_summaries():
                for name, value in logs.items():
                    tf.contrib.summary.scalar(name, float(value), step=step)
            self.writer.flush()
            return
        for name, value in logs.items():
            summary = tf.Summary()
            found = summary.value.add()
            found.simple_value, found.tag = float(value), name
            self.writer.add_summary(summary, step)
        self.writer.flush()
