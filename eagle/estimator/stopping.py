"""Hooks that stop a training early, and one that evaluates while it goes on."""

import collections
import operator
import os
import time

from ..core import dtypes
from ..core.collections import GraphKeys, get_collection
from ..core.export import export, public as tf
from ..core.graph import Graph
from ..ops.flow import group
from ..platform import gfile, tf_logging as logging
from ..sessions.evaluation import evaluate_once
from ..sessions.scaffold import Scaffold
from ..sessions.session_run_hook import SessionRunArgs, SessionRunHook
from ..sessions.step_hooks import SecondOrStepTimer, StopAtStepHook
from ..training.global_step import get_global_step, global_step_read
from ..variables.assigning import assign
from ..variables.scope import AUTO_REUSE, get_variable, variable_scope
from .estimator import Estimator
from .reporting import write_results


def _export(name):
    return export("estimator.experimental." + name, "contrib.estimator." + name)


def _stop_variable():
    with variable_scope("signal_early_stopping", values=[], reuse=AUTO_REUSE):
        return get_variable("STOP", shape=[], dtype=dtypes.bool_, initializer=tf.constant_initializer(False), trainable=False,
                            collections=[GraphKeys.GLOBAL_VARIABLES])  # fmt: skip


class _Asking(SessionRunHook):
    """Asks a function now and then whether to stop, and tells the other workers."""

    def __init__(self, should_stop_fn, run_every_secs=60, run_every_steps=None):
        if not callable(should_stop_fn):
            raise TypeError("`should_stop_fn` must be callable.")
        self._should_stop_fn = should_stop_fn
        self._timer = SecondOrStepTimer(every_secs=run_every_secs, every_steps=run_every_steps)

    def begin(self):
        self._step = get_global_step()
        self._stop = assign(_stop_variable(), True)

    def before_run(self, run_context):
        return SessionRunArgs(self._step)

    def after_run(self, run_context, run_values):
        step = run_values.results
        if not self._timer.should_trigger_for_step(step):
            return
        self._timer.update_last_triggered_step(step)
        if self._should_stop_fn():
            logging.info("Requesting early stopping at global step %d", step)
            run_context.session.run(self._stop)
            run_context.request_stop()


class _Told(SessionRunHook):
    """Stops when the chief has said so."""

    def begin(self):
        self._variable = _stop_variable()

    def before_run(self, run_context):
        return SessionRunArgs(self._variable)

    def after_run(self, run_context, run_values):
        if run_values.results:
            logging.info("Early stopping requested, suspending run.")
            run_context.request_stop()


@_export("make_early_stopping_hook")
def make_early_stopping_hook(estimator, should_stop_fn, run_every_secs=60, run_every_steps=None):
    """A hook that stops a training when a function says so.

    Args:
      estimator: the `Estimator`.
      should_stop_fn: the function.
      run_every_secs, run_every_steps: after how many seconds or steps it is asked.

    Raises:
      TypeError: `estimator` is none, or the function can't be called.
      ValueError: both numbers are given.
    """
    if not isinstance(estimator, Estimator):
        raise TypeError("`estimator` must have type `tf.estimator.Estimator`. Got: %s" % type(estimator))
    if run_every_secs is not None and run_every_steps is not None:
        raise ValueError("Only one of `run_every_secs` and `run_every_steps` must be set.")
    return _Asking(should_stop_fn, run_every_secs, run_every_steps) if estimator.config.is_chief else _Told()


@export("contrib.estimator.read_eval_metrics", "estimator.experimental.read_eval_metrics")
def read_eval_metrics(eval_dir):
    """The results of the evaluations in a folder, an ordered dict from global steps to dicts."""
    found = collections.defaultdict(dict)
    paths = gfile.glob(os.path.join(eval_dir, "events.out.tfevents.*")) if gfile.exists(eval_dir) else []
    for path in paths:
        for event in tf.train.summary_iterator(path):
            metrics = {v.tag: v.simple_value for v in event.summary.value if v.HasField("simple_value")}
            if metrics:
                found[event.step].update(metrics)
    return collections.OrderedDict(sorted(found.items()))


def _values(eval_dir, metric, min_steps):
    """The values of a metric, by step."""
    return [(step, metrics[metric]) for step, metrics in read_eval_metrics(eval_dir).items() if step >= min_steps]


def _declare_threshold(name, is_better, words):
    def stop_if(estimator, metric_name, threshold, eval_dir=None, min_steps=0, run_every_secs=60, run_every_steps=None):
        folder = estimator.eval_dir() if eval_dir is None else eval_dir

        def should_stop():
            for step, value in _values(folder, metric_name, min_steps):
                if is_better(value, threshold):
                    logging.info('At step %s, metric "%s" has value %s which is %s the configured threshold (%s) for early '
                                 "stopping.", step, metric_name, value, words, threshold)  # fmt: skip
                    return True
            return False

        return make_early_stopping_hook(estimator, should_stop, run_every_secs, run_every_steps)

    stop_if.__name__ = stop_if.__qualname__ = name
    stop_if.__doc__ = (
        """A hook that stops a training when a metric is %s a number.

    Args:
      estimator: the `Estimator`.
      metric_name: the name of the metric.
      threshold: the number.
      eval_dir: the folder of the evaluations' summaries; by default the estimator's.
      min_steps: evaluations at earlier steps don't count.
      run_every_secs, run_every_steps: after how many seconds or steps the summaries are read.
    """
        % words
    )
    return _export(name)(stop_if)


stop_if_higher_hook = _declare_threshold("stop_if_higher_hook", operator.gt, "greater than")
stop_if_lower_hook = _declare_threshold("stop_if_lower_hook", operator.lt, "less than")


def _no_improvement(estimator, metric, most, eval_dir, min_steps, seconds, steps, is_better, word):
    folder = estimator.eval_dir() if eval_dir is None else eval_dir

    def should_stop():
        best = best_step = None
        for step, value in _values(folder, metric, min_steps):
            if best is None or is_better(value, best):
                best, best_step = value, step
            if step - best_step >= most:
                logging.info('No %s in metric "%s" for %s steps, which is greater than or equal to max steps (%s) configured for '
                             "early stopping.", word, metric, step - best_step, most)  # fmt: skip
                return True
        return False

    return make_early_stopping_hook(estimator, should_stop, seconds, steps)


@_export("stop_if_no_increase_hook")
def stop_if_no_increase_hook(estimator, metric_name, max_steps_without_increase, eval_dir=None, min_steps=0, run_every_secs=60,
                             run_every_steps=None):  # fmt: skip
    """A hook that stops a training when a metric has not increased for so many steps.

    Args:
      estimator: the `Estimator`.
      metric_name: the name of the metric.
      max_steps_without_increase: the number of steps.
      eval_dir, min_steps, run_every_secs, run_every_steps: as of `stop_if_higher_hook`.
    """
    return _no_improvement(estimator, metric_name, max_steps_without_increase, eval_dir, min_steps, run_every_secs, run_every_steps,
                           operator.gt, "increase")  # fmt: skip


@_export("stop_if_no_decrease_hook")
def stop_if_no_decrease_hook(estimator, metric_name, max_steps_without_decrease, eval_dir=None, min_steps=0, run_every_secs=60,
                             run_every_steps=None):  # fmt: skip
    """A hook that stops a training when a metric has not decreased for so many steps.

    Args:
      estimator: the `Estimator`.
      metric_name: the name of the metric.
      max_steps_without_decrease: the number of steps.
      eval_dir, min_steps, run_every_secs, run_every_steps: as of `stop_if_higher_hook`.
    """
    return _no_improvement(estimator, metric_name, max_steps_without_decrease, eval_dir, min_steps, run_every_secs, run_every_steps,
                           operator.lt, "decrease")  # fmt: skip


@_export("InMemoryEvaluatorHook")
class InMemoryEvaluatorHook(SessionRunHook):
    """Evaluates a model while it is trained, without checkpoints.

    Args:
      estimator: the `Estimator`.
      input_fn, steps, hooks, name: as of `Estimator.evaluate`.
      every_n_iter: after how many runs.

    Raises:
      ValueError: `every_n_iter` is not positive, or there is a cluster.
    """

    def __init__(self, estimator, input_fn, steps=None, hooks=None, name=None, every_n_iter=100):
        if every_n_iter is None or every_n_iter <= 0:
            raise ValueError("invalid every_n_iter=%s." % every_n_iter)
        if estimator.config.num_ps_replicas > 0 or estimator.config.num_worker_replicas > 1:
            raise ValueError("InMemoryEvaluator supports only single machine (aka Local) setting.")
        self._estimator, self._input_fn, self._eval_dir = estimator, input_fn, estimator.eval_dir(name)
        self._hooks = list(hooks or []) + estimator._convert_eval_steps_to_hooks(steps)
        self._timer = SecondOrStepTimer(every_steps=every_n_iter)

    def begin(self):
        self._timer.reset()
        self._runs, self._graph = 0, Graph()
        with self._graph.as_default():
            built = self._estimator._evaluate_build_graph(self._input_fn, self._hooks, checkpoint_path=None)
            self._scaffold, self._update, self._results, self._all_hooks = built
            for what in ("saver", "init_fn"):
                if getattr(self._scaffold, what) is not None:
                    raise ValueError("InMemoryEvaluator does not support custom " + what)
            self._copies = {v.name: (v, tf.placeholder(v.dtype.base_dtype)) for v in get_collection(GraphKeys.GLOBAL_VARIABLES)}

    def after_create_session(self, session, coord):
        if get_collection(GraphKeys.SAVEABLE_OBJECTS):
            raise ValueError("InMemoryEvaluator does not support saveables other than global variables.")
        self._trained = {v.name: v for v in get_collection(GraphKeys.GLOBAL_VARIABLES) if v.name in self._copies}
        with self._graph.as_default():
            self._feeding = group([assign(*self._copies[name]) for name in self._trained])
        self._evaluate(session)

    def _evaluate(self, session):
        values = {self._copies[name][1]: value for name, value in session.run(self._trained).items()}
        scaffold = Scaffold(init_fn=lambda _, session: session.run(self._feeding, values), copy_from_scaffold=self._scaffold)
        with self._graph.as_default():
            results = evaluate_once(
                None, master=self._estimator.config.evaluation_master, scaffold=scaffold, eval_ops=self._update,
                final_ops=self._results, hooks=self._all_hooks, config=self._estimator._session_config)  # fmt: skip
        write_results(self._eval_dir, results, results[GraphKeys.GLOBAL_STEP])
        self._timer.update_last_triggered_step(self._runs)

    def after_run(self, run_context, run_values):
        self._runs += 1
        if self._timer.should_trigger_for_step(self._runs):
            self._evaluate(run_context.session)

    def end(self, session):
        self._evaluate(session)


class _StopAtCheckpoint(SessionRunHook):
    """Stops a worker when the chief has written the last checkpoint."""

    def __init__(self, estimator, last_step, seconds):
        if last_step is None:
            raise ValueError("last_step must be specified.")
        self._estimator, self._last_step, self._seconds = estimator, last_step, seconds

    def begin(self):
        self._step = global_step_read()
        if self._step is None:
            raise RuntimeError("Global step should be created to use StopAtCheckpointStepHook.")

    def before_run(self, run_context):
        return SessionRunArgs(self._step)

    def after_run(self, run_context, run_values):
        if run_values.results + 1 < self._last_step:
            return
        if self._estimator._stored_step() >= self._last_step:
            run_context.request_stop()
        else:
            time.sleep(self._seconds)


@_export("make_stop_at_checkpoint_step_hook")
def make_stop_at_checkpoint_step_hook(estimator, last_step, wait_after_file_check_secs=30):
    """A hook that stops the chief at a step, and workers when its checkpoint is there.

    Args:
      estimator: the `Estimator`.
      last_step: the step.
      wait_after_file_check_secs: how long workers wait before they look again.
    """
    if estimator.config.is_chief:
        return StopAtStepHook(last_step=last_step)
    return _StopAtCheckpoint(estimator, last_step, wait_after_file_check_secs)
