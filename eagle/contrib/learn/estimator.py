"""`tf.contrib.learn.Estimator` and `SKCompat`: train and evaluate what a model function builds, from functions or arrays."""

import os
import tempfile

import numpy as np

from ...core.collections import GraphKeys
from ...core.context import graph_mode
from ...core.errors import NotYetError
from ...core.export import export, public as tf
from ...core.graph import Graph
from ...estimator.estimator import _replica_device_setter
from ...estimator.reporting import write_results
from ...estimator.training_session import train
from ...ops.flow import group
from ...platform import tf_logging as logging
from ...platform.decorators import fn_args
from ...saved.checkpoint_state import latest_checkpoint
from ...saved.checkpoint_utils import list_variables, load_variable
from ...sessions.evaluation import StopAfterNEvalsHook, evaluate_once
from ...sessions.monitored_session import MonitoredSession
from ...sessions.scaffold import ChiefSessionCreator, Scaffold
from ...sessions.step_hooks import FeedFnHook, StopAtStepHook
from ...training.global_step import create_global_step, global_step_read
from .feeding import input_and_feed, verify_input_args
from .metric_spec import MetricSpec
from .model_fn import ModelFnOps
from .monitors import replace_monitors_with_hooks
from .running import ModeKeys, RunConfig
from .signatures import compatible, placeholders, signatures

_PLACE = "contrib.learn.python.learn.estimators.estimator."


@export("contrib.learn.NotFittedError", "contrib.learn.python.learn.estimators._sklearn.NotFittedError")
class NotFittedError(ValueError, AttributeError):
    """An estimator has not been trained."""


def _export(name):
    return export("contrib.learn." + name, _PLACE + name)


@_export("infer_real_valued_columns_from_input_fn")
def infer_real_valued_columns_from_input_fn(input_fn):
    """Columns of numbers for the features that a function gives.

    Args:
      input_fn: a function that gives features and labels.
    """
    with Graph().as_default():
        features, _ = input_fn()
        return tf.contrib.layers.infer_real_valued_columns(features)


@_export("infer_real_valued_columns_from_input")
def infer_real_valued_columns_from_input(x):
    """Columns of numbers for arrays of `[examples, ...]`."""
    input_fn, _ = input_and_feed(x, None, None, None, None)
    return infer_real_valued_columns_from_input_fn(input_fn)


@_export("Estimator")
class Estimator:
    """Trains and evaluates what a model function builds.

    Args:
      model_fn: a function of features, labels and, if they are among its arguments, `mode`, `params`, `config` and `model_dir`,
        that gives a `ModelFnOps` or a tuple of predictions, loss and the operation that trains.
      model_dir: the folder of checkpoints and summaries; by default that of `config`, or a temporary one.
      config: a `RunConfig`.
      params: a dict that the model function gets.
      feature_engineering_fn: a function of features and labels that gives those that the model function gets.

    Raises:
      ValueError: there are two folders, or `params` but no such argument.
    """

    def __init__(self, model_fn=None, model_dir=None, config=None, params=None, feature_engineering_fn=None):
        self._config = RunConfig() if config is None else config
        self._session_config = self._config.session_config or tf.ConfigProto(allow_soft_placement=True)
        given = self._config.model_dir
        if model_dir is not None and given not in (None, model_dir):
            raise ValueError("model_dir are set both in constructor and RunConfig, but with different values. In constructor: "
                             "'%s', in RunConfig: '%s' " % (model_dir, given))  # fmt: skip
        self._model_dir = model_dir or given
        if self._model_dir is None:
            self._model_dir = tempfile.mkdtemp()
            logging.warning("Using temporary folder as model directory: %s", self._model_dir)
        if given is None:
            self._config = self._config.replace(model_dir=self._model_dir)
        logging.info("Using config: %s", vars(self._config))
        self._device_fn = _replica_device_setter(self._config)
        self._features_info = self._labels_info = None
        if model_fn is not None:
            takes_params = "params" in fn_args(model_fn)
            if params is not None and not takes_params:
                raise ValueError("Estimator's model_fn (%s) does not have a params argument, but params (%s) were passed to the "
                                 "Estimator's constructor." % (model_fn, params))  # fmt: skip
            if params is None and takes_params:
                logging.warning("Estimator's model_fn (%s) includes params argument, but params are not passed to Estimator.",
                                model_fn)  # fmt: skip
        self._model_fn, self.params = model_fn, params
        self._feature_engineering_fn = feature_engineering_fn or (lambda features, labels: (features, labels))

    model_dir = property(lambda self: self._model_dir)
    config = property(lambda self: self._config)
    model_fn = property(lambda self: self._model_fn)

    def get_variable_value(self, name):
        """The value of a variable in the newest checkpoint."""
        return load_variable(self._model_dir, name)

    def get_variable_names(self):
        """The names of the variables in the newest checkpoint."""
        return [name for name, _ in list_variables(self._model_dir)]

    # ----------------------------------------------------------------------------------------------------------- training

    def fit(self, x=None, y=None, input_fn=None, steps=None, batch_size=None, monitors=None, max_steps=None):
        """Trains.

        Args:
          x, y: arrays of features and labels, with `[examples, ...]`, or dicts of arrays.
          input_fn: instead of them a function that gives tensors of features and labels.
          steps: how many steps to train; None for as many as there is input (arrays never end).
          batch_size: how many examples of arrays are one step; None for all.
          monitors: a list of monitors and `SessionRunHook`s.
          max_steps: up to which global step; not with `steps`.

        Returns:
          This estimator.

        Raises:
          ValueError: both numbers are given, or both arrays and a function, or neither.
        """
        if steps is not None and max_steps is not None:
            raise ValueError("Can not provide both steps and max_steps.")
        verify_input_args(x, y, input_fn, None, batch_size)
        if x is not None:
            SKCompat(self).fit(x, y, batch_size, steps, max_steps, monitors)
            return self
        if max_steps is not None and max_steps <= self._stored_step():
            logging.info("Skipping training since max_steps has already saved.")
            return self
        hooks = replace_monitors_with_hooks(monitors, self)
        if steps is not None or max_steps is not None:
            hooks.append(StopAtStepHook(steps, max_steps))
        with graph_mode():
            logging.info("Loss for final step: %s.", self._train_model(input_fn, hooks))
        return self

    def partial_fit(self, x=None, y=None, input_fn=None, steps=1, batch_size=None, monitors=None):
        """The same as `fit`, by default for one step."""
        return self.fit(x=x, y=y, input_fn=input_fn, steps=steps, batch_size=batch_size, monitors=monitors)

    def _stored_step(self):
        try:
            return load_variable(self._model_dir, GraphKeys.GLOBAL_STEP)
        except (ValueError, tf.errors.OpError):  # no checkpoint, or no step in it
            return -1

    def _train_model(self, input_fn, hooks):
        with Graph().as_default() as g, g.device(self._device_fn):
            tf.set_random_seed(self._config.tf_random_seed)
            step = create_global_step(g)
            features, labels = input_fn()
            self._check_inputs(features, labels)
            global_step_read(g)
            ops = self._call_model_fn(features, labels, ModeKeys.TRAIN)
            ops = ops._replace(scaffold=ops.scaffold or Scaffold())
            return train(self._config, self._session_config, self._model_dir, ops, [], hooks, step, [], with_loss_summary=False)

    # --------------------------------------------------------------------------------------------------------- evaluation

    def evaluate(self, x=None, y=None, input_fn=None, feed_fn=None, batch_size=None, steps=None, metrics=None, name=None,
                 checkpoint_path=None, hooks=None, log_progress=True):  # fmt: skip
        """Evaluates.

        Args:
          x, y: arrays of features and labels, or dicts of arrays.
          input_fn: instead of them a function that gives tensors of features and labels.
          feed_fn: a function that gives the feeds of each step.
          batch_size: how many examples of arrays are one step; None for all.
          steps: how many steps; None for as many as there is input.
          metrics: a dict of `MetricSpec`s, or of functions of predictions and labels; a pair as the name says which predictions.
          name: the name of the evaluation, if there are several.
          checkpoint_path: a checkpoint; by default the newest one.
          hooks: a list of `SessionRunHook`s.
          log_progress: whether steps are logged.

        Returns:
          A dict of the metrics, with `"loss"` and `"global_step"`.

        Raises:
          ValueError: both arrays and a function are given, or neither, or `metrics` is no dict.
          NotFittedError: there is no checkpoint.
        """
        verify_input_args(x, y, input_fn, feed_fn, batch_size)
        if x is not None:
            input_fn, feed_fn = input_and_feed(x, y, None, None, batch_size)
        if metrics is not None and not isinstance(metrics, dict):
            raise ValueError("Metrics argument should be None or dict. Got %s." % metrics)
        checkpoint_path = checkpoint_path or self._newest()
        hooks = list(hooks or [])
        if feed_fn:
            hooks.append(FeedFnHook(feed_fn))
        if steps:
            hooks.append(StopAfterNEvalsHook(steps, log_progress=log_progress))
        elif steps == 0:
            logging.warning("evaluation steps are 0. If `input_fn` does not raise `OutOfRangeError`, the evaluation will never "
                            "stop. Use steps=None if intended.")  # fmt: skip
        with graph_mode(), Graph().as_default() as g:
            tf.set_random_seed(self._config.tf_random_seed)
            step = create_global_step(g)
            features, labels = input_fn()
            self._check_inputs(features, labels)
            ops = self._call_model_fn(features, labels, ModeKeys.EVAL, metrics)
            if "loss" not in ops.eval_metric_ops:
                ops.eval_metric_ops["loss"] = tf.metrics.mean(ops.loss)
            update, values = _updates_and_values(ops.eval_metric_ops)
            results = evaluate_once(
                checkpoint_path, master=self._config.evaluation_master, scaffold=ops.scaffold, eval_ops=update,
                final_ops={GraphKeys.GLOBAL_STEP: step, **values}, hooks=hooks, config=self._session_config)  # fmt: skip
            folder = os.path.join(self._model_dir, "eval_" + name if name else "eval")
            write_results(folder, results, results[GraphKeys.GLOBAL_STEP])
            return results

    def _newest(self):
        newest = latest_checkpoint(self._model_dir)
        if not newest:
            raise NotFittedError("Couldn't find trained model at %s." % self._model_dir)
        return newest

    # --------------------------------------------------------------------------------------------------------- prediction

    def predict(self, x=None, input_fn=None, batch_size=None, outputs=None, as_iterable=True, iterate_batches=False):
        """Predicts.

        Args:
          x: an array of features, or a dict of arrays.
          input_fn: instead of it a function that gives tensors of features; labels are left out.
          batch_size: how many examples of arrays are one step; None for all.
          outputs: which of the predictions to give; None for all.
          as_iterable: whether to give a generator; otherwise arrays, of one batch if there is a function.
          iterate_batches: whether the generator gives whole batches.

        Raises:
          ValueError: both arrays and a function are given, or neither, or there are no such predictions.
          NotFittedError: there is no checkpoint.
        """
        verify_input_args(x, None, input_fn, None, batch_size)
        if x is not None and not as_iterable:
            return SKCompat(self).predict(x, batch_size, outputs)
        input_fn, feed_fn = input_and_feed(x, None, input_fn, None, batch_size)
        return self._infer_model(input_fn, feed_fn, outputs, as_iterable, iterate_batches)

    def _infer_model(self, input_fn, feed_fn=None, outputs=None, as_iterable=True, iterate_batches=False):
        checkpoint_path = self._newest()
        with graph_mode(), Graph().as_default() as g:
            tf.set_random_seed(self._config.tf_random_seed)
            create_global_step(g)
            features = input_fn()
            features = features[0] if isinstance(features, list | tuple) else features
            labels = placeholders(self._labels_info)
            ops = self._call_model_fn(features, labels, ModeKeys.INFER)
            predictions = _chosen(ops.predictions, outputs)
            session = MonitoredSession(session_creator=ChiefSessionCreator(
                checkpoint_filename_with_path=checkpoint_path, scaffold=ops.scaffold, config=self._session_config))  # fmt: skip
        is_constant = feed_fn is None and not g.get_collection(GraphKeys.QUEUE_RUNNERS)
        batches = _batches(session, predictions, feed_fn, is_constant)
        if not as_iterable:
            return next(batches, None)
        return batches if iterate_batches else _examples(batches)

    def export_savedmodel(self, export_dir_base, serving_input_fn, default_output_alternative_key=None, assets_extra=None,
                          as_text=False, checkpoint_path=None, graph_rewrite_specs=None, strip_default_attrs=False):  # fmt: skip
        """Raises NotYetError."""
        raise NotYetError("tf.contrib.learn.Estimator.export_savedmodel")

    # ------------------------------------------------------------------------------------------------------------ calling

    def _check_inputs(self, features, labels):
        """Remembers types and shapes of the first input; raises ValueError for other ones."""
        if self._features_info is None:
            self._features_info = signatures(features)
        elif not compatible(features, self._features_info):
            raise ValueError("Features are incompatible with given information. Given features: %s, required signatures: %s."
                             % (features, self._features_info))  # fmt: skip
        if labels is None:
            return
        if self._labels_info is None:
            self._labels_info = signatures(labels)
        elif not compatible(labels, self._labels_info):
            raise ValueError("Labels are incompatible with given information. Given labels: %s, required signatures: %s."
                             % (labels, self._labels_info))  # fmt: skip

    def _call_model_fn(self, features, labels, mode, metrics=None):
        features, labels = self._feature_engineering_fn(features, labels)
        given = {"mode": mode, "params": self.params, "config": self.config, "model_dir": self.model_dir}
        wanted = fn_args(self._model_fn)
        ops = self._model_fn(features, labels, **{name: value for name, value in given.items() if name in wanted})
        if not isinstance(ops, ModelFnOps):
            if len(ops) != 3:
                raise ValueError("Unrecognized value returned by model_fn, please return ModelFnOps.")
            ops = ModelFnOps(mode, *ops)
        if metrics:
            ops.eval_metric_ops.update(_metric_ops(metrics, features, labels, ops.predictions))
        return ops


def _metric_ops(metrics, features, labels, predictions):
    """What metrics give: `MetricSpec`s, functions, or functions with names that are pairs.

    Raises:
      ValueError: a function doesn't say which of several predictions, or says it although there is one.
    """
    label = next(iter(labels.values())) if isinstance(labels, dict) and len(labels) == 1 else labels
    result = {}
    for name, metric in sorted(metrics.items(), key=lambda item: (isinstance(item[0], tuple), item[0])):
        if isinstance(metric, MetricSpec):
            result[name] = metric.create_metric_ops(features, labels, predictions)
        elif not isinstance(name, tuple):
            if isinstance(predictions, dict):
                raise ValueError("Metrics passed provide only name, no prediction, but predictions are dict. Metrics: %s, "
                                 "Labels: %s." % (metrics, label))  # fmt: skip
            result[name] = metric(predictions, label)
        else:
            if len(name) != 2:
                raise ValueError("Invalid metric for %s. It returned a tuple with len %s, expected 2." % (name, len(name)))
            if not isinstance(predictions, dict):
                raise ValueError("Metrics passed provide (name, prediction), but predictions are not dict. Metrics: %s, "
                                 "Predictions: %s." % (metrics, predictions))  # fmt: skip
            own = labels[name[1]] if isinstance(labels, dict) and name[1] in labels else label
            result[name[0]] = metric(predictions[name[1]], own)
    return result


def _updates_and_values(metrics):
    """The operation that updates metrics, None if there is nothing to update, and their values."""
    updates, values = [], {}
    for name, metric in metrics.items():
        is_pair = isinstance(metric, list | tuple) and len(metric) == 2
        values[name] = metric[0] if is_pair else metric
        if is_pair:
            updates.append(metric[1])
    return group(*updates) if updates else None, values


def _chosen(predictions, outputs):
    if not outputs:
        return predictions
    if not isinstance(predictions, dict):
        raise ValueError("outputs argument is not valid in case of non-dict predictions.")
    chosen = {key: value for key, value in predictions.items() if key in outputs}
    if not chosen:
        raise ValueError("Expected to run at least one output from %s, provided %s." % (predictions.keys(), outputs))
    return chosen


def _batches(session, predictions, feed_fn, is_constant):
    with session:
        while not session.should_stop():
            yield session.run(predictions, feed_fn() if feed_fn else None)
            if is_constant:
                return


def _examples(batches):
    for batch in batches:
        if not isinstance(batch, dict):
            yield from batch
            continue
        first = next(iter(batch.values()))
        length = first.dense_shape[0] if hasattr(first, "dense_shape") else first.shape[0]
        for i in range(length):
            yield {key: value[i] for key, value in batch.items()}


@_export("SKCompat")
class SKCompat:
    """An estimator with the methods of Scikit-learn.

    Args:
      estimator: an `Estimator`.
    """

    def __init__(self, estimator):
        self._estimator = estimator

    def fit(self, x, y, batch_size=128, steps=None, max_steps=None, monitors=None):
        """Trains on arrays in random order, without end if there is no number of steps; the same as `Estimator.fit`."""
        input_fn, feed_fn = input_and_feed(x, y, None, None, batch_size, shuffle=True, epochs=None)
        hooks = [FeedFnHook(feed_fn), *(monitors or [])]
        self._estimator.fit(input_fn=input_fn, steps=steps, max_steps=max_steps, monitors=hooks)
        return self

    def score(self, x, y, batch_size=128, steps=None, metrics=None, name=None):
        """Evaluates on arrays; the same as `Estimator.evaluate`."""
        input_fn, feed_fn = input_and_feed(x, y, None, None, batch_size)
        return self._estimator.evaluate(input_fn=input_fn, feed_fn=feed_fn, steps=steps, metrics=metrics, name=name)

    def predict(self, x, batch_size=128, outputs=None):
        """The predictions for all examples, an array or a dict of arrays."""
        input_fn, feed_fn = input_and_feed(x, None, None, None, batch_size)
        results = list(self._estimator._infer_model(input_fn, feed_fn, outputs, as_iterable=True, iterate_batches=True))
        if not isinstance(results[0], dict):
            return np.concatenate(results, axis=0)
        return {key: np.concatenate([result[key] for result in results], axis=0) for key in results[0]}
