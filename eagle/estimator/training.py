"""`tf.estimator.train_and_evaluate`: trains a model and evaluates it again and again."""

import collections
import json
import os
import time

from .. import protos
from ..core.collections import GraphKeys
from ..core.export import export
from ..distribute.server import Server
from ..platform import tf_logging as logging
from ..sessions.saving_hooks import CheckpointSaverListener
from ..sessions.session_run_hook import SessionRunHook
from ..sessions.step_hooks import SecondOrStepTimer
from .estimator import Estimator
from .exporters import Exporter
from .run_config import TaskType

EVALUATED, MISSING_CHECKPOINT, NO_NEW_CHECKPOINT = "evaluated", "missing checkpoint", "no new checkpoint"


def _check_input_fn(input_fn):
    if not callable(input_fn):
        raise TypeError("`input_fn` must be callable, given: %s" % input_fn)


def _checked_hooks(hooks):
    hooks = tuple(hooks or [])
    for hook in hooks:
        if not isinstance(hook, SessionRunHook):
            raise TypeError("All hooks must be `SessionRunHook` instances, given: %s" % hook)
    return hooks


def _checked_exporters(exporters):
    if not exporters:
        return ()
    exporters = [exporters] if isinstance(exporters, Exporter) else exporters
    message = "`exporters` must be an Exporter, an iterable of Exporter, or `None`, found %s." % exporters
    try:
        exporters = tuple(exporters)
    except TypeError:
        raise TypeError(message) from None
    if not all(isinstance(e, Exporter) for e in exporters):
        raise TypeError(message)
    names = [e.name for e in exporters]
    for i, name in enumerate(names):
        if not name:
            raise ValueError("An Exporter cannot have a name that is `None` or empty. All exporter names: %s" % names)
        if not isinstance(name, str):
            raise ValueError("An Exporter must have a string name. Given: %s" % type(name))
        if name in names[:i]:
            raise ValueError("`exporters` must have unique names. Such a name cannot be `None`. All exporter names: %s" % names)
    return exporters


@export("estimator.TrainSpec")
class TrainSpec(collections.namedtuple("TrainSpec", ["input_fn", "max_steps", "hooks"])):
    """How to train.

    Args:
      input_fn: the input function.
      max_steps: up to which global step; None for as long as there is input.
      hooks: a list of `SessionRunHook`s.

    Raises:
      TypeError: the function can't be called, or a hook is none.
      ValueError: the number is not positive.
    """

    def __new__(cls, input_fn, max_steps=None, hooks=None):
        _check_input_fn(input_fn)
        if max_steps is not None and max_steps <= 0:
            raise ValueError("Must specify max_steps > 0, given: %s" % max_steps)
        return super().__new__(cls, input_fn, max_steps, _checked_hooks(hooks))


_EVAL_FIELDS = ["input_fn", "steps", "name", "hooks", "exporters", "start_delay_secs", "throttle_secs"]


@export("estimator.EvalSpec")
class EvalSpec(collections.namedtuple("EvalSpec", _EVAL_FIELDS)):
    """How to evaluate.

    Args:
      input_fn: the input function.
      steps: how many steps; None for as long as there is input.
      name: the name of the evaluation.
      hooks: a list of `SessionRunHook`s.
      exporters: an `Exporter` or several.
      start_delay_secs: how long an evaluator waits before it begins.
      throttle_secs: how long it waits between evaluations.

    Raises:
      TypeError: something has another type.
      ValueError: a number is out of range, or exporters have no names of their own.
    """

    def __new__(cls, input_fn, steps=100, name=None, hooks=None, exporters=None, start_delay_secs=120, throttle_secs=600):
        _check_input_fn(input_fn)
        if steps is not None and steps <= 0:
            raise ValueError("Must specify steps > 0, given: %s" % steps)
        if name is not None and not isinstance(name, str):
            raise TypeError("`name` must be string, given: %s" % name)
        hooks, exporters = _checked_hooks(hooks), _checked_exporters(exporters)
        for argument, seconds in (("start_delay_secs", start_delay_secs), ("throttle_secs", throttle_secs)):
            if seconds < 0:
                raise ValueError("Must specify %s >= 0, given: %s" % (argument, seconds))
        return super().__new__(cls, input_fn, steps, name, hooks, exporters, start_delay_secs, throttle_secs)


class _Result(collections.namedtuple("EvalResult", ["status", "metrics", "checkpoint_path"])):
    """What came of an attempt to evaluate."""

    def __new__(cls, status, metrics=None, checkpoint_path=None):
        return super().__new__(cls, status, metrics, checkpoint_path)


class _Evaluator:
    """Evaluates new checkpoints and lets the exporters export them."""

    def __init__(self, estimator, eval_spec, max_steps):
        self._estimator, self._spec, self._max_steps = estimator, eval_spec, max_steps
        self._previous, self._warned = None, 0

    def evaluate_and_export(self):
        """The result, and what the exporters gave."""
        newest = self._estimator.latest_checkpoint()
        if not newest:
            self._warn("Estimator is not trained yet. Will start an evaluation when a checkpoint is ready.")
            return _Result(MISSING_CHECKPOINT), []
        if newest == self._previous:
            self._warn("No new checkpoint ready for evaluation. Skip the current evaluation pass as evaluation results are "
                       "expected to be same for the same checkpoint.")  # fmt: skip
            return _Result(NO_NEW_CHECKPOINT), []
        spec = self._spec
        metrics = self._estimator.evaluate(
            spec.input_fn, steps=spec.steps, name=spec.name, checkpoint_path=newest, hooks=spec.hooks
        )
        is_final = bool(self._max_steps) and metrics[GraphKeys.GLOBAL_STEP] >= self._max_steps
        exported = []
        for exporter in spec.exporters:
            folder = os.path.join(self._estimator.model_dir, "export", exporter.name)
            exported.append(exporter.export(estimator=self._estimator, export_path=folder, checkpoint_path=newest,
                                            eval_result=metrics, is_the_final_export=is_final))  # fmt: skip
        self._warned, self._previous = 0, newest
        return _Result(EVALUATED, metrics, newest), exported

    def _warn(self, message):
        if time.time() - self._warned > 600:
            logging.warning(message)
            self._warned = time.time()


class _EvaluatingListener(CheckpointSaverListener):
    """Evaluates when a checkpoint has been saved."""

    def __init__(self, evaluator, throttle_secs):
        self._evaluator, self._throttle_secs = evaluator, throttle_secs
        self.eval_result = self.export_results = None

    def begin(self):
        self._timer = SecondOrStepTimer(every_secs=self._throttle_secs)
        self._is_first = True

    def after_save(self, session, global_step_value):
        if self._is_first:  # nothing has been trained yet
            self._is_first = False
        elif self._timer.should_trigger_for_step(global_step_value):
            self._evaluate(global_step_value)
        else:
            logging.info("Skip the current checkpoint eval due to throttle secs (%s secs).", self._throttle_secs)

    def end(self, session, global_step_value):
        if global_step_value != self._timer.last_triggered_step():
            self._evaluate(global_step_value)

    def _evaluate(self, step):
        self._timer.update_last_triggered_step(step)
        self.eval_result, self.export_results = self._evaluator.evaluate_and_export()
        if self.eval_result.status != EVALUATED:
            raise RuntimeError("There was no new checkpoint after the training. Eval status: %s" % self.eval_result.status)


class _Executor:
    """Does what the task of this process is."""

    def __init__(self, estimator, train_spec, eval_spec):
        self._estimator, self._train_spec, self._eval_spec = estimator, train_spec, eval_spec
        self._config = estimator.config

    def _evaluator(self):
        return _Evaluator(self._estimator, self._eval_spec, self._train_spec.max_steps)

    def _listener(self):
        return _EvaluatingListener(self._evaluator(), self._eval_spec.throttle_secs)

    def _train(self, listeners=None):
        spec = self._train_spec
        self._estimator.train(spec.input_fn, max_steps=spec.max_steps, hooks=list(spec.hooks), saving_listeners=listeners)

    def run_local(self):
        logging.info("Running training and evaluation locally (non-distributed).")
        logging.info("Start train and evaluate loop. The evaluate will happen after every checkpoint. Checkpoint frequency is "
                     "determined based on RunConfig arguments: save_checkpoints_steps %s or save_checkpoints_secs %s.",
                     self._config.save_checkpoints_steps, self._config.save_checkpoints_secs)  # fmt: skip
        listener = self._listener()
        self._train([listener])
        return (listener.eval_result or _Result(MISSING_CHECKPOINT)).metrics, listener.export_results

    def run_master(self):
        self._train_distributed([self._listener()])

    def run_chief(self):
        self._train_distributed()

    def run_worker(self):
        self._train_distributed()

    def run_ps(self):
        self._start_server().join()

    def run_evaluator(self):
        if self._config.task_id > 0:
            raise ValueError("For distributed training, there can only be one `evaluator` task (with task id 0).  Given task id %s"
                             % self._config.task_id)  # fmt: skip
        spec, most = self._eval_spec, self._train_spec.max_steps
        if spec.start_delay_secs:
            logging.info("Waiting %f secs before starting eval.", spec.start_delay_secs)
            time.sleep(spec.start_delay_secs)
        evaluator = self._evaluator()
        while True:
            start = time.time()
            result, _ = evaluator.evaluate_and_export()
            step = result.metrics.get(GraphKeys.GLOBAL_STEP) if result.status == EVALUATED else None
            rest = spec.throttle_secs - (time.time() - start)
            if rest > 0:
                logging.info("Waiting %f secs before starting next eval run.", rest)
                time.sleep(rest)
            elif spec.throttle_secs == 0 and result.status != EVALUATED:
                logging.warning("EvalSpec.throttle_secs is set as 0. This might overload the job before finding (next) new "
                                "checkpoint. Please consider to increase it.")  # fmt: skip
            if step and most and step >= most:
                logging.info("Exiting evaluation, global_step=%s >= train max_steps=%s", step, most)
                return

    def _train_distributed(self, listeners=None):
        config = self._config
        environment = json.loads(os.environ.get("TF_CONFIG") or "{}")
        if not environment:
            logging.warn("TF_CONFIG should not be empty in distributed environment.")
        if environment.get("environment") != "google":
            self._start_server()
        if config.task_type == TaskType.WORKER:  # so that the chief comes first
            most = config.experimental_max_worker_delay_secs
            delay = min(60 if most is None else int(most), (config.task_id + 1) * 5)
            if delay > 0:
                logging.info("Waiting %d secs before starting training.", delay)
                time.sleep(delay)
        self._train(listeners)

    def _start_server(self):
        """Starts the server of this task; None if it is the only one.

        Raises:
          RuntimeError: the cluster has no such task, or no address of the master.
        """
        config = self._config
        if not config.cluster_spec or not config.task_type or config.task_id is None:
            raise RuntimeError("Could not start server; be sure to specify cluster_spec, task_type, and task in RunConfig or set "
                               "the TF_CONFIG environment variable.")  # fmt: skip
        if not config.master:
            jobs = config.cluster_spec.jobs
            is_alone = len(jobs) == 1 and len(config.cluster_spec.job_tasks(jobs[0])) == 1
            if is_alone and config.task_type in (TaskType.CHIEF, TaskType.MASTER, TaskType.WORKER):
                logging.info("Skip starting Tensorflow server as there is only one node in the cluster.")
                return None
            raise RuntimeError("Could not start server; be sure to specify master in RunConfig or set the TF_CONFIG environment "
                               "variable.")  # fmt: skip
        logging.info("Start Tensorflow server.")
        session_config = protos.ConfigProto()
        if config.session_config is not None:
            session_config.gpu_options.CopyFrom(config.session_config.gpu_options)
        server = Server(config.cluster_spec, job_name=config.task_type, task_index=config.task_id, config=session_config,
                        start=False, protocol=config.protocol)  # fmt: skip
        server.start()
        return server


@export("estimator.train_and_evaluate")
def train_and_evaluate(estimator, train_spec, eval_spec):
    """Trains a model and evaluates its checkpoints; in a cluster, does what the task of this process is.

    Args:
      estimator: the `Estimator`.
      train_spec: a `TrainSpec`.
      eval_spec: an `EvalSpec`.

    Returns:
      Without a cluster a pair of the last metrics and of what the exporters gave, else None.

    Raises:
      TypeError: something has another type.
      ValueError: the cluster has no such task.
    """
    for name, thing, kind in (("eval_spec", eval_spec, EvalSpec), ("estimator", estimator, Estimator),
                              ("train_spec", train_spec, TrainSpec)):  # fmt: skip
        if not isinstance(thing, kind):
            raise TypeError("`%s` must have type `tf.estimator.%s`. Got: %s" % (name, kind.__name__, type(thing)))
    executor, config = _Executor(estimator, train_spec, eval_spec), estimator.config
    if not config.cluster_spec and config.task_type != TaskType.EVALUATOR:
        return executor.run_local()
    if not config.task_type:
        raise ValueError(
            "`estimator.config` must have task_type set. This usually means TF_CONFIG environment is not set correctly."
        )
    if config.task_type == "local":
        raise ValueError("`task.type` in TF_CONFIG cannot be `local`. Leaving `cluster` and `task` properties in TF_CONFIG absent "
                         "triggers train and evaluate `Estimator` locally (non-distributed).")  # fmt: skip
    known = sorted(name[len("run_") :] for name in vars(_Executor) if name.startswith("run_") and name != "run_local")
    if config.task_type not in known:
        raise ValueError("Task type %s is not supported. Supported task types are %s" % (config.task_type, known))
    return getattr(executor, "run_" + config.task_type)()
