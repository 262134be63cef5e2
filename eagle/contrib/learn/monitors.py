"""`tf.contrib.learn.monitors`: objects that are called before and after steps of training."""

import copy
import time

from ...core.export import export
from ...core.graph import get_default_graph
from ...estimator.estimator import Estimator as CoreEstimator
from ...platform import tf_logging as logging
from ...platform.decorators import fn_args
from ...saved.checkpoint_state import latest_checkpoint
from ...sessions.session_run_hook import SessionRunArgs, SessionRunHook
from ...training.global_step import get_global_step


def _export(name):
    return export("contrib.learn.monitors." + name, "contrib.learn.python.learn.monitors." + name)


@_export("BaseMonitor")
class BaseMonitor:
    """What is called before and after steps of training; does nothing itself."""

    def __init__(self):
        self._begun = False
        self._current_epoch = self._current_step = self._max_steps = self._estimator = None

    run_on_all_workers = property(lambda self: False)

    def set_estimator(self, estimator):
        """Tells which estimator trains; raises ValueError for None."""
        if estimator is None:
            raise ValueError("Missing estimator.")
        self._estimator = estimator

    def begin(self, max_steps=None):
        """Called before training, with the graph as the default; raises ValueError if it has begun."""
        if self._begun:
            raise ValueError("begin called twice without end.")
        self._max_steps, self._begun = max_steps, True

    def end(self, session=None):
        """Called after training; raises ValueError if it hasn't begun."""
        if not self._begun:
            raise ValueError("end called without begin.")
        self._max_steps, self._begun = None, False

    def epoch_begin(self, epoch):
        """Called before a round; raises ValueError if there is one, or the number is negative."""
        if self._current_epoch is not None:
            raise ValueError("epoch_begin called twice without epoch_end.")
        if epoch < 0:
            raise ValueError("Invalid epoch %s." % epoch)
        self._current_epoch = epoch

    def epoch_end(self, epoch):
        """Called after a round; raises ValueError if it is another one."""
        if self._current_epoch != epoch:
            raise ValueError("epoch_end expected %s but got %s." % (self._current_epoch, epoch))
        self._current_epoch = None

    def step_begin(self, step):
        """Called before a step.

        Returns:
          A list of tensors, or their names, that are to be computed in the step.

        Raises:
          ValueError: the number is negative, or above the last one.
        """
        if step < 0 or (self._max_steps is not None and step > self._max_steps):
            raise ValueError("Invalid step %s." % step)
        self._current_step = step
        return []

    def step_end(self, step, output):
        """Called after a step with a dict of what was asked for; returns whether to stop; raises ValueError for another step."""
        if self._current_step != step:
            raise ValueError("step_end expected %s but got %s." % (self._current_step, step))
        self._current_step = None
        return False

    def post_step(self, step, session):
        """Called after `step_end` of all monitors."""


@_export("EveryN")
class EveryN(BaseMonitor):
    """What is called in each n-th step and in the first ones.

    Args:
      every_n_steps: n.
      first_n_steps: how many first ones.
    """

    def __init__(self, every_n_steps=100, first_n_steps=1):
        super().__init__()
        self._every_n_steps, self._first_n_steps = every_n_steps, first_n_steps
        self._last_successful_step, self._last_active_step = None, 0
        self._every_n_step_begin_called = False

    def every_n_step_begin(self, step):
        """Called before such a step; the same as `step_begin`."""
        return []

    def every_n_step_end(self, step, outputs):
        """Called after such a step; the same as `step_end`."""
        return False

    def every_n_post_step(self, step, session):
        """Called after such a step, and after the last one."""

    def step_begin(self, step):
        super().step_begin(step)
        self._every_n_step_begin_called = (
            step <= self._first_n_steps or step >= self._every_n_steps + self._last_active_step or step == self._max_steps
        )
        return self.every_n_step_begin(step) if self._every_n_step_begin_called else []

    def step_end(self, step, output):
        super().step_end(step, output)
        return self.every_n_step_end(step, output) if self._every_n_step_begin_called else False

    def post_step(self, step, session):
        super().post_step(step, session)
        if self._every_n_step_begin_called:
            self.every_n_post_step(step, session)
            self._last_active_step = step
        self._last_successful_step = step

    def end(self, session=None):
        super().end(session=session)
        if self._last_successful_step != self._last_active_step:
            self.every_n_post_step(self._last_successful_step, session)


@_export("PrintTensor")
class PrintTensor(EveryN):
    """Logs tensors.

    Args:
      tensor_names: a list of names, or a dict from what is shown to names.
      every_n: in each n-th step.
      first_n: and in so many first ones.
    """

    def __init__(self, tensor_names, every_n=100, first_n=1):
        super().__init__(every_n, first_n)
        self._tensor_names = tensor_names if isinstance(tensor_names, dict) else {name: name for name in tensor_names}

    def every_n_step_begin(self, step):
        return list(self._tensor_names.values())

    def every_n_step_end(self, step, outputs):
        shown = ["%s = %s" % (tag, outputs[name]) for tag, name in self._tensor_names.items() if name in outputs]
        logging.info("Step %d: %s", step, ", ".join(shown))
        return False


@_export("ValidationMonitor")
class ValidationMonitor(EveryN):
    """Evaluates new checkpoints, and can stop the training.

    Args:
      x, y, input_fn, batch_size, metrics, hooks, name: as of `Estimator.evaluate`.
      eval_steps: how many steps an evaluation has.
      every_n_steps: after how many steps to look for a new checkpoint.
      early_stopping_rounds: to stop when the metric has not become better for so many steps; None for never.
      early_stopping_metric: the name of the metric.
      early_stopping_metric_minimize: whether less is better.
      check_interval_secs: how many seconds are at least between two looks; None for no matter how many.

    Raises:
      ValueError: there are neither arrays nor a function.
    """

    def __init__(self, x=None, y=None, input_fn=None, batch_size=None, eval_steps=None, every_n_steps=100, metrics=None, hooks=None,
                 early_stopping_rounds=None, early_stopping_metric="loss", early_stopping_metric_minimize=True, name=None,
                 check_interval_secs=5):  # fmt: skip
        super().__init__(every_n_steps=every_n_steps, first_n_steps=-1)
        if x is None and input_fn is None:
            raise ValueError("Either x or input_fn should be provided.")
        self.x, self.y, self.input_fn, self.batch_size = x, y, input_fn, batch_size
        self.eval_steps, self.metrics, self.hooks, self.name = eval_steps, metrics, hooks, name
        self.early_stopping_rounds, self.early_stopping_metric = early_stopping_rounds, early_stopping_metric
        self.early_stopping_metric_minimize = early_stopping_metric_minimize
        self._check_interval_secs = check_interval_secs
        self._best_value_step = self._best_value = self._best_metrics = self._latest_path = self._last_check = None
        self._early_stopped = False

    early_stopped = property(lambda self: self._early_stopped)
    best_step = property(lambda self: self._best_value_step)
    best_value = property(lambda self: self._best_value)
    best_metrics = property(lambda self: self._best_metrics)

    def _evaluate(self):
        if not isinstance(self._estimator, CoreEstimator):
            return self._estimator.evaluate(
                x=self.x, y=self.y, input_fn=self.input_fn, batch_size=self.batch_size, steps=self.eval_steps,
                metrics=self.metrics, hooks=self.hooks, name=self.name)  # fmt: skip
        if any(given is not None for given in (self.x, self.y, self.batch_size, self.metrics)):
            raise ValueError("tf.estimator.Estimator does not support following arguments: x, y, batch_size, metrics. Should set "
                             "as `None` in ValidationMonitor")  # fmt: skip
        return self._estimator.evaluate(input_fn=self.input_fn, steps=self.eval_steps, hooks=self.hooks, name=self.name)

    def _has_new_checkpoint(self):
        now, interval = time.time(), self._check_interval_secs
        if interval is not None and self._last_check is not None and now - self._last_check <= interval:
            return False
        self._last_check = now
        newest = latest_checkpoint(self._estimator.model_dir)
        if newest is None or newest == self._latest_path:
            return False
        self._latest_path = newest
        return True

    def every_n_step_end(self, step, outputs):
        if self._estimator is None:
            raise ValueError("Missing call to set_estimator.")
        if not self._has_new_checkpoint():
            return False
        found = self._evaluate()
        logging.info("Validation (step %d): %s", step, ", ".join("%s = %s" % item for item in found.items()))
        return self.early_stopping_rounds is not None and self._should_stop(step, found)

    def _should_stop(self, step, found):
        if self.early_stopping_metric not in found:
            raise ValueError("Metric %s missing from outputs %s." % (self.early_stopping_metric, set(found)))
        value, best = found[self.early_stopping_metric], self._best_value
        if best is None or (value < best if self.early_stopping_metric_minimize else value > best):
            self._best_value, self._best_value_step, self._best_metrics = value, step, copy.deepcopy(found)
        if step - self._best_value_step < self.early_stopping_rounds:
            return False
        logging.info("Stopping. Best step: %s with %s = %s.", self._best_value_step, self.early_stopping_metric, self._best_value)
        self._early_stopped = True
        return True


@_export("RunHookAdapterForMonitors")
class RunHookAdapterForMonitors(SessionRunHook):
    """A hook that calls monitors.

    Args:
      monitors: a list of monitors.
    """

    def __init__(self, monitors):
        self._monitors = monitors

    def begin(self):
        self._next_step, self._global_step = None, get_global_step()
        for monitor in self._monitors:
            monitor.begin(max_steps=None)

    def before_run(self, run_context):
        if self._next_step is None:
            self._next_step = run_context.session.run(self._global_step) + 1
        wanted = {}
        for monitor in self._monitors:
            asked = monitor.step_begin(self._next_step) or []
            if not isinstance(asked, list):
                raise ValueError("Monitor.step_begin should return a list.")
            wanted.update((each, _graph_element(each)) for each in asked)
        return SessionRunArgs({"step": self._global_step, "monitors": wanted})

    def after_run(self, run_context, run_values):
        for monitor in self._monitors:
            if monitor.step_end(self._next_step, run_values.results["monitors"]):
                run_context.request_stop()
        for monitor in self._monitors:
            monitor.post_step(self._next_step, run_context.session)
        self._next_step = run_values.results["step"] + 1

    def end(self, session):
        self._next_step = None
        for monitor in self._monitors:
            if "session" in fn_args(monitor.end):
                monitor.end(session=session)
            else:
                monitor.end()


@_export("replace_monitors_with_hooks")
def replace_monitors_with_hooks(monitors_or_hooks, estimator):
    """A list of hooks: those of a list, and one that calls its monitors.

    Args:
      monitors_or_hooks: a list of monitors and `SessionRunHook`s, or None.
      estimator: the estimator that trains.
    """
    given = list(monitors_or_hooks or [])
    hooks = [m for m in given if isinstance(m, SessionRunHook)]
    monitors = [m for m in given if not isinstance(m, SessionRunHook)]
    if not estimator.config.is_chief:
        monitors = [m for m in monitors if m.run_on_all_workers]
    for monitor in monitors:
        monitor.set_estimator(estimator)
    return hooks + ([RunHookAdapterForMonitors(monitors)] if monitors else [])


def _graph_element(wanted):
    """A tensor or operation, given by itself or by the name of a tensor or of an operation with one output."""
    graph = get_default_graph()
    if not isinstance(wanted, str):
        if getattr(wanted, "graph", None) is not graph:
            raise ValueError("Passed %s should have graph attribute that is equal to current graph %s." % (wanted, graph))
        return wanted
    if ":" in wanted:
        return graph.as_graph_element(wanted)
    if len(graph.get_operation_by_name(wanted).outputs) > 1:
        raise ValueError("Name %s is ambiguous, as this `Operation` has multiple outputs (at least 2)." % wanted)
    return graph.as_graph_element(wanted + ":0")
