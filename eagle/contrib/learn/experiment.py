"""`tf.contrib.learn.Experiment` and `learn_runner`: an estimator with its input, and how to train and evaluate it."""

import collections
import math
import os
import time

from ...core.collections import GraphKeys
from ...core.export import export, public as tf
from ...estimator.estimator import Estimator as CoreEstimator
from ...platform import tf_logging as logging
from ...platform.decorators import fn_args
from ...saved.checkpoint_state import latest_checkpoint
from ...sessions.saving_hooks import CheckpointSaverHook, CheckpointSaverListener
from ...sessions.step_hooks import GlobalStepWaiterHook
from .monitors import ValidationMonitor, replace_monitors_with_hooks
from .running import RunConfig

_PLACE = "contrib.learn.python.learn."


@export("contrib.learn.ExportStrategy", _PLACE + "export_strategy.ExportStrategy")
class ExportStrategy(collections.namedtuple("ExportStrategy", ["name", "export_fn", "strip_default_attrs"])):
    """How a model is exported.

    Args:
      name: the name of the folder.
      export_fn: a function of an estimator, a folder and, if they are among its arguments, `checkpoint_path`, `eval_result` and
        `strip_default_attrs`, that gives the folder of the export.
      strip_default_attrs: what it gets as this.
    """

    def __new__(cls, name, export_fn, strip_default_attrs=None):
        return super().__new__(cls, name, export_fn, strip_default_attrs)

    def export(self, estimator, export_path, checkpoint_path=None, eval_result=None):
        """Exports an estimator; raises ValueError if the function takes results but no checkpoint."""
        wanted = fn_args(self.export_fn)
        if "eval_result" in wanted and "checkpoint_path" not in wanted:
            raise ValueError("An export_fn accepting eval_result must also accept checkpoint_path.")
        given = {"checkpoint_path": checkpoint_path, "eval_result": eval_result, "strip_default_attrs": self.strip_default_attrs}
        return self.export_fn(estimator, export_path, **{name: value for name, value in given.items() if name in wanted})


class _EvalAndExportListener(CheckpointSaverListener):
    """Evaluates and exports each new checkpoint."""

    def __init__(self, evaluate, export_all, model_dir):
        self._evaluate, self._export_all, self._model_dir = evaluate, export_all, model_dir
        self._latest_path = self.eval_result = self.export_results = None

    def after_save(self, session, global_step_value):
        newest = latest_checkpoint(self._model_dir)
        if not newest or newest == self._latest_path:
            logging.warning("Skipping evaluation and export: there is no new checkpoint.")
            return
        self._latest_path = newest
        self.eval_result = self._evaluate(name="intermediate_export", checkpoint_path=newest)
        self.export_results = self._export_all(self.eval_result, checkpoint_path=newest)


def _goes_on(predicate_fn, eval_result, checkpoint_path):
    """Whether a function says that evaluations go on."""
    if predicate_fn is None:
        return True
    if "checkpoint_path" in fn_args(predicate_fn):
        return predicate_fn(eval_result, checkpoint_path=checkpoint_path)
    return predicate_fn(eval_result)


def _check_predicate(predicate_fn):
    if predicate_fn is not None and not callable(predicate_fn):
        raise ValueError("`continuous_eval_predicate_fn` must be a callable, or None.")


def _wait(seconds, what):
    if seconds and seconds > 0:
        logging.info("Waiting %s secs before starting %s.", seconds, what)
        time.sleep(seconds)


@export("contrib.learn.Experiment", _PLACE + "experiment.Experiment")
class Experiment:
    """An estimator with its input.

    Args:
      estimator: a `tf.contrib.learn.Estimator` or `tf.estimator.Estimator`.
      train_input_fn, eval_input_fn: functions that give features and labels.
      eval_metrics: a dict of `MetricSpec`s.
      train_steps: up to which global step to train; None for no end.
      eval_steps: how many steps an evaluation has; None for as many as there is input.
      train_monitors: a list of monitors and hooks.
      eval_hooks: a list of hooks.
      local_eval_frequency: the `min_eval_frequency` of `local_run`.
      eval_delay_secs: how long to wait before the first evaluation.
      continuous_eval_throttle_secs: how many seconds are at least between the beginnings of two evaluations.
      min_eval_frequency: after how many steps of training to look for a new checkpoint to evaluate; 0 for only at the end.
      delay_workers_by_global_step: whether workers wait for a global step, not for a time.
      export_strategies: an `ExportStrategy`, or a list of them.
      train_steps_per_iteration: how many steps to train between two evaluations of `continuous_train_and_eval`.
      checkpoint_and_export: whether to evaluate and export each checkpoint during training.
      saving_listeners: a list of `CheckpointSaverListener`s of a `tf.estimator.Estimator`.
      check_interval_secs: how many seconds are at least between two looks for a new checkpoint.

    Raises:
      ValueError: the estimator is none, or can't do something, or something has the wrong type.
    """

    def __init__(self, estimator, train_input_fn, eval_input_fn, eval_metrics=None, train_steps=None, eval_steps=100,
                 train_monitors=None, eval_hooks=None, local_eval_frequency=None, eval_delay_secs=120,
                 continuous_eval_throttle_secs=60, min_eval_frequency=None, delay_workers_by_global_step=False,
                 export_strategies=None, train_steps_per_iteration=None, checkpoint_and_export=False, saving_listeners=None,
                 check_interval_secs=5):  # fmt: skip
        self._core_estimator_used = isinstance(estimator, CoreEstimator)
        if self._core_estimator_used and eval_metrics is not None:
            raise ValueError("`eval_metrics` must be `None` with `tf.estimator.Estimator`. Use `eval_metric_ops` in "
                             "`tf.estimator.EstimatorSpec` instead.")  # fmt: skip
        if not self._core_estimator_used:
            for method, kind in (("evaluate", "Evaluable"), ("fit", "Trainable")):
                if not hasattr(estimator, method):
                    raise ValueError("`estimator` must implement `tf.contrib.learn.%s` or `tf.estimator.Estimator`." % kind)
            if saving_listeners is not None:
                raise ValueError("`saving_listeners` must be `None` with `tf.contrib.learn.Estimator`.")
        if train_steps_per_iteration is not None and not isinstance(train_steps_per_iteration, int):
            raise ValueError("`train_steps_per_iteration` must be an integer.")
        self._estimator, self._train_input_fn, self._eval_input_fn = estimator, train_input_fn, eval_input_fn
        self._eval_metrics, self._train_steps, self._eval_steps = eval_metrics, train_steps, eval_steps
        self._train_monitors, self._eval_hooks = list(train_monitors or []), list(eval_hooks or [])
        self._local_eval_frequency, self._eval_delay_secs = local_eval_frequency, eval_delay_secs
        self._continuous_eval_throttle_secs = continuous_eval_throttle_secs
        self._min_eval_frequency = 1 if min_eval_frequency is None else min_eval_frequency
        self._delay_workers_by_global_step = delay_workers_by_global_step
        self._train_steps_per_iteration, self._checkpoint_and_export = train_steps_per_iteration, checkpoint_and_export
        self._saving_listeners, self._check_interval_secs = saving_listeners, check_interval_secs
        self._set_export_strategies(export_strategies)

    estimator = property(lambda self: self._estimator)
    eval_metrics = property(lambda self: self._eval_metrics)
    train_steps = property(lambda self: self._train_steps)
    eval_steps = property(lambda self: self._eval_steps)

    def _set_export_strategies(self, values):
        values = [values] if isinstance(values, ExportStrategy) else list(values or [])
        for value in values:
            if not isinstance(value, ExportStrategy):
                raise ValueError("`export_strategies` must be an ExportStrategy, an iterable of ExportStrategy, or `None`, found "
                                 "%s." % (value,))  # fmt: skip
        self._export_strategies = tuple(values)

    def extend_train_hooks(self, additional_hooks):
        """Adds hooks of training."""
        self._train_monitors.extend(additional_hooks)

    def reset_export_strategies(self, new_export_strategies=None):
        """Sets the strategies of exports and gives the old ones."""
        old = self._export_strategies
        self._set_export_strategies(new_export_strategies)
        return old

    # ------------------------------------------------------------------------------------------------------------ calling

    def _call_train(self, hooks, steps=None, max_steps=None):
        hooks = replace_monitors_with_hooks(hooks, self._estimator)
        if not self._core_estimator_used:
            return self._estimator.fit(input_fn=self._train_input_fn, steps=steps, max_steps=max_steps, monitors=hooks)
        return self._estimator.train(input_fn=self._train_input_fn, steps=steps, max_steps=max_steps, hooks=hooks,
                                     saving_listeners=self._saving_listeners)  # fmt: skip

    def _call_evaluate(self, name=None, checkpoint_path=None, input_fn=None, steps=None, hooks=None):
        metrics = {} if self._core_estimator_used else {"metrics": self._eval_metrics}
        return self._estimator.evaluate(
            input_fn=input_fn or self._eval_input_fn, steps=steps or self._eval_steps, name=name, checkpoint_path=checkpoint_path,
            hooks=self._eval_hooks if hooks is None else hooks, **metrics)  # fmt: skip

    def _maybe_export(self, eval_result, checkpoint_path=None):
        base = os.path.join(self._estimator.model_dir, "export")
        return [
            strategy.export(self._estimator, os.fsencode(os.path.join(base, strategy.name)), checkpoint_path, eval_result)
            for strategy in self._export_strategies
        ]

    def _start_server(self):
        config = self._estimator.config
        if not config.cluster_spec or not config.task_type or config.task_id is None:
            raise ValueError("Could not start server; be sure to specify cluster_spec, master, task_type, and task_id in "
                             "RunConfig or set the TF_CONFIG environment variable.")  # fmt: skip
        server = tf.train.Server(config.cluster_spec, job_name=config.task_type, task_index=config.task_id,
                                 config=config.tf_config, start=False)  # fmt: skip
        server.start()
        return server

    # ---------------------------------------------------------------------------------------------- training and evaluation

    def train(self, delay_secs=None):
        """Trains.

        Args:
          delay_secs: how long to wait before; by default the longer the higher the number of the worker.

        Returns:
          What the estimator gives: itself.

        Raises:
          ValueError: there is a cluster, and the configuration is no `tf.contrib.learn.RunConfig`.
        """
        config = self._estimator.config
        if config.cluster_spec and config.master:
            if not isinstance(config, RunConfig):
                raise ValueError("For distributed runtime, Experiment class only works with tf.contrib.learn.RunConfig for now, "
                                 "but provided %s" % type(config))  # fmt: skip
            if config.environment not in ("local", "google"):
                self._start_server()
            elif config.environment == "local":
                logging.warning("ClusterSpec and master are provided, but environment is set to 'local'. Set environment to "
                                "'cloud' if you intend to use the distributed runtime.")  # fmt: skip
        extra_hooks = []
        if delay_secs is None:
            task_id = config.task_id or 0
            delay_secs = min(60, task_id * 5)
            if self._delay_workers_by_global_step:
                extra_hooks.append(GlobalStepWaiterHook(int(8000.0 * math.log(task_id + 1))))
                delay_secs = 0
        _wait(delay_secs, "training")
        return self._call_train(self._train_monitors + extra_hooks, max_steps=self._train_steps)

    def evaluate(self, delay_secs=None, name=None):
        """Evaluates.

        Args:
          delay_secs: how long to wait before.
          name: the name of the evaluation.

        Returns:
          What the estimator gives: a dict of metrics.
        """
        _wait(self._eval_delay_secs if delay_secs is None else delay_secs, "eval")
        return self._call_evaluate(name=name or "one_pass")

    def train_and_evaluate(self):
        """Trains, evaluates new checkpoints meanwhile, and evaluates and exports at the end.

        Returns:
          A pair of a dict of metrics and the list of what the strategies of exports gave.
        """
        config = self._estimator.config
        own, listener = self._train_monitors, None
        if self._checkpoint_and_export and (config.save_checkpoints_secs or config.save_checkpoints_steps):
            listener = _EvalAndExportListener(self._call_evaluate, self._maybe_export, self._estimator.model_dir)
            added = [CheckpointSaverHook(self._estimator.model_dir, save_secs=config.save_checkpoints_secs,
                                         save_steps=config.save_checkpoints_steps, listeners=[listener])]  # fmt: skip
        elif self._min_eval_frequency:
            added = [ValidationMonitor(
                input_fn=self._eval_input_fn, eval_steps=self._eval_steps, metrics=self._eval_metrics, hooks=self._eval_hooks,
                every_n_steps=self._min_eval_frequency, check_interval_secs=self._check_interval_secs)]  # fmt: skip
        else:
            added = []
        self._train_monitors = own + added
        try:
            self.train(delay_secs=0)
        finally:
            self._train_monitors = own
        if listener:
            return listener.eval_result, listener.export_results
        eval_result = self._call_evaluate()
        return eval_result, self._maybe_export(eval_result)

    def local_run(self):
        """The same as `train_and_evaluate`, with the frequency of local evaluations."""
        frequency, self._min_eval_frequency = self._min_eval_frequency, self._local_eval_frequency
        try:
            return self.train_and_evaluate()
        finally:
            self._min_eval_frequency = frequency

    def _has_training_stopped(self, eval_result):
        step = (eval_result or {}).get(GraphKeys.GLOBAL_STEP)
        return bool(step and self._train_steps and step >= self._train_steps)

    def _continuous_eval(self, input_fn, name, delay_secs, throttle_delay_secs, once, predicate_fn, exports):
        _check_predicate(predicate_fn)
        _wait(self._eval_delay_secs if delay_secs is None else delay_secs, "eval")
        throttle = self._continuous_eval_throttle_secs if throttle_delay_secs is None else throttle_delay_secs
        previous, eval_result = None, None
        while _goes_on(predicate_fn, eval_result, previous) and not self._has_training_stopped(eval_result):
            start, newest = time.time(), latest_checkpoint(self._estimator.model_dir)
            if not newest or (once and newest == previous):
                eval_result = {}
            else:
                eval_result = self._call_evaluate(name=name, checkpoint_path=newest, input_fn=input_fn) or {}
                if exports:
                    self._maybe_export(eval_result, checkpoint_path=newest)
                previous = newest
            _wait(throttle - (time.time() - start), "next eval run")

    def continuous_eval(self, delay_secs=None, throttle_delay_secs=None, evaluate_checkpoint_only_once=True,
                        continuous_eval_predicate_fn=None, name="continuous"):  # fmt: skip
        """Evaluates one checkpoint after the other.

        Args:
          delay_secs: how long to wait before.
          throttle_delay_secs: how many seconds are at least between the beginnings of two evaluations.
          evaluate_checkpoint_only_once: whether to evaluate only new checkpoints.
          continuous_eval_predicate_fn: a function of the metrics and, if it is among its arguments, `checkpoint_path`, that says
            whether to go on.
          name: the name of the evaluation.

        Raises:
          ValueError: it is no function.
        """
        self._continuous_eval(self._eval_input_fn, name, delay_secs, throttle_delay_secs, evaluate_checkpoint_only_once,
                              continuous_eval_predicate_fn, True)  # fmt: skip

    def continuous_eval_on_train_data(self, delay_secs=None, throttle_delay_secs=None, continuous_eval_predicate_fn=None,
                                      name="continuous_on_train_data"):  # fmt: skip
        """The same with the input of training, and without exports."""
        self._continuous_eval(
            self._train_input_fn, name, delay_secs, throttle_delay_secs, True, continuous_eval_predicate_fn, False
        )

    def continuous_train_and_eval(self, continuous_eval_predicate_fn=None):
        """Trains some steps and evaluates, in turns.

        Args:
          continuous_eval_predicate_fn: as of `continuous_eval`.

        Returns:
          A pair of the last metrics and the last exports.

        Raises:
          ValueError: it is no function.
        """
        _check_predicate(continuous_eval_predicate_fn)
        steps = self._train_steps_per_iteration
        if steps is None:
            steps = 1000 if self._train_steps is None else int(self._train_steps / 10)
        newest = eval_result = exports = None
        while _goes_on(continuous_eval_predicate_fn, eval_result, newest) and not self._has_training_stopped(eval_result):
            self._call_train(self._train_monitors, steps=steps)
            newest = latest_checkpoint(self._estimator.model_dir)
            eval_result = self._call_evaluate(name="one_pass", checkpoint_path=newest)
            exports = self._maybe_export(eval_result)
        return eval_result, exports

    def test(self):
        """Trains and evaluates one step and exports; returns the metrics."""
        self._call_train(self._train_monitors, steps=1)
        eval_result = self._call_evaluate(name="one_pass", steps=1, hooks=[])
        self._maybe_export(eval_result)
        return eval_result

    def run_std_server(self):
        """Serves, without end; raises ValueError if the configuration says no cluster."""
        self._start_server().join()


def _checked_experiment(experiment):
    if not isinstance(experiment, Experiment):
        raise TypeError("Experiment builder did not return an Experiment instance, got %s instead." % type(experiment))
    return experiment


def _configured_experiment(experiment_fn, run_config, hparams, require_hparams=False):
    """What a function of a configuration and parameters gives; raises errors unless it uses the configuration."""
    if not isinstance(run_config, RunConfig):
        raise ValueError("`run_config` must be `tf.contrib.learn.RunConfig` instance")
    if not run_config.model_dir:
        raise ValueError("Must specify a model directory `model_dir` in `run_config`.")
    if hparams is not None and not isinstance(hparams, tf.contrib.training.HParams):
        raise ValueError("`hparams` must be `HParams` instance")
    if require_hparams and hparams is None:
        raise ValueError("`hparams` cannot be `None`.")
    expected = run_config.uid()
    experiment = _checked_experiment(experiment_fn(run_config, hparams))
    config = experiment.estimator.config
    if not hasattr(config, "uid"):
        raise RuntimeError("Pass `run_config` argument of the `experiment_fn` to the Estimator in Experiment. It is likely a "
                           "different `RunConfig` is passed to `Estimator` or the `config` constructor argument in `Estimator` is "
                           "not set.")  # fmt: skip
    if config.uid() != expected:
        raise RuntimeError("`RunConfig` instance is expected to be used by the `Estimator` inside the `Experiment`. expected %s, "
                           "but got %s" % (expected, config.uid()))  # fmt: skip
    return experiment


def _default_schedule(config):
    """The method that a task of a cluster runs; raises ValueError if there is none."""
    tasks = config.cluster_spec.as_dict().values() if config and config.cluster_spec else []
    if sum(len(t) for t in tasks) <= 1:
        return "train_and_evaluate"
    if not config.task_type:
        raise ValueError("Must specify a schedule")
    schedule = {"master": "train_and_evaluate", "ps": "run_std_server", "worker": "train"}.get(config.task_type)
    if schedule is None:
        raise ValueError("No default schedule for task type: %s" % config.task_type)
    return schedule


def _export_runner(name):
    return export("contrib.learn.learn_runner." + name, _PLACE + "learn_runner." + name)


@_export_runner("run")
def run(experiment_fn, output_dir=None, schedule=None, run_config=None, hparams=None):
    """Makes an experiment and calls a method of it.

    Args:
      experiment_fn: a function of a configuration and parameters, or of an output folder, that gives an `Experiment`.
      output_dir: the folder, for the latter.
      schedule: the name of the method; by default what the task of the cluster does, `train_and_evaluate` without one.
      run_config: the configuration, a `RunConfig` with a folder.
      hparams: the parameters, an `HParams`.

    Returns:
      What the method gives.

    Raises:
      ValueError: both or none of `output_dir` and `run_config` are given, or something is missing in them, or there is no such
        method.
      TypeError: the function is none, or gives something else, or the method is none.
      RuntimeError: the experiment doesn't use the configuration.
    """
    if output_dir is not None and run_config is not None:
        raise ValueError("Cannot provide both `output_dir` and `run_config`")
    if output_dir is None and run_config is None:
        raise ValueError("Must set value for `output_dir` or `run_config`")
    if not callable(experiment_fn):
        raise TypeError('Experiment builder "%s" is not callable.' % experiment_fn)
    if run_config is not None:
        experiment = _configured_experiment(experiment_fn, run_config, hparams)
    else:
        if not output_dir:
            raise ValueError("Must specify an output directory")
        if hparams is not None:
            raise ValueError("Must set `hparams` as None for `experiment_fn` with `output_dir`.")
        experiment = _checked_experiment(experiment_fn(output_dir=output_dir))
    schedule = schedule or _default_schedule(run_config or experiment.estimator.config)
    if not hasattr(experiment, schedule):
        raise ValueError("Schedule references non-existent task %s" % schedule)
    task = getattr(experiment, schedule)
    if not callable(task):
        raise TypeError("Schedule references non-callable member %s" % schedule)
    return task()


@_export_runner("tune")
def tune(experiment_fn, tuner):
    """Runs an experiment for each trial of a tuner.

    Args:
      experiment_fn: a function of a configuration and parameters that gives an `Experiment`.
      tuner: an object whose `next_trial()` says whether there is another trial, and whose `run_experiment(experiment_fn)` runs it.
    """

    def checked(run_config, hparams):
        return _configured_experiment(experiment_fn, run_config, hparams, require_hparams=True)

    while tuner.next_trial():
        tuner.run_experiment(checked)
