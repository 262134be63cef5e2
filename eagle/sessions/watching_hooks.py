"""Hooks that watch tensors: `LoggingTensorHook`, `NanTensorHook`."""

import numpy as np

from ..core.export import export
from ..core.graph import get_default_graph
from ..platform import tf_logging as logging
from .session_run_hook import SessionRunArgs, SessionRunHook, hook_names
from .step_hooks import NeverTriggerTimer, SecondOrStepTimer


@export(*hook_names("LoggingTensorHook"))
class LoggingTensorHook(SessionRunHook):
    """Logs the values of tensors every so many runs or seconds, or at the end.

    Args:
      tensors: a dictionary from tags to tensors or their names, or a list of these.
      every_n_iter: every how many runs.
      every_n_secs: or every how many seconds.
      at_end: whether to do it at the end.
      formatter: a function that makes the text of a dictionary of the values.

    Raises:
      ValueError: `every_n_iter` is not positive, or it is not said when.
    """

    def __init__(self, tensors, every_n_iter=None, every_n_secs=None, at_end=False, formatter=None):
        only_at_end = at_end and every_n_iter is None and every_n_secs is None
        if not only_at_end and (every_n_iter is None) == (every_n_secs is None):
            raise ValueError("either at_end and/or exactly one of every_n_iter and every_n_secs must be provided.")
        if every_n_iter is not None and every_n_iter <= 0:
            raise ValueError("invalid every_n_iter=%s." % every_n_iter)
        self._tag_order = sorted(tensors) if isinstance(tensors, dict) else tensors
        self._tensors = tensors if isinstance(tensors, dict) else {item: item for item in tensors}
        self._formatter = formatter
        self._timer = NeverTriggerTimer() if only_at_end else SecondOrStepTimer(every_n_secs, every_n_iter)
        self._log_at_end = at_end

    def begin(self):
        self._timer.reset()
        self._iter_count = 0
        self._current_tensors = {tag: as_graph_element(tensor) for tag, tensor in self._tensors.items()}

    def before_run(self, run_context):
        self._should_trigger = self._timer.should_trigger_for_step(self._iter_count)
        return SessionRunArgs(self._current_tensors) if self._should_trigger else None

    def _log_tensors(self, tensor_values):
        seconds, _ = self._timer.update_last_triggered_step(self._iter_count)
        with np.printoptions(suppress=True):
            if self._formatter:
                logging.info(self._formatter(tensor_values))
                return
            text = ", ".join("%s = %s" % (tag, tensor_values[tag]) for tag in self._tag_order)
        if seconds is None:
            logging.info("%s", text)
        else:
            logging.info("%s (%.3f sec)", text, seconds)

    def after_run(self, run_context, run_values):
        if self._should_trigger:
            self._log_tensors(run_values.results)
        self._iter_count += 1

    def end(self, session):
        if self._log_at_end:
            self._log_tensors(session.run(self._current_tensors))


def as_graph_element(thing):
    """A tensor or operation of the default graph, given itself or by name; the name of an operation stands for its only output.

    Raises:
      ValueError: it belongs to another graph, or the operation has several outputs.
    """
    graph = get_default_graph()
    if not isinstance(thing, str):
        if getattr(thing, "graph", None) is not graph:
            raise ValueError("Passed %s should have graph attribute that is equal to current graph %s." % (thing, graph))
        return thing
    if ":" in thing:
        return graph.as_graph_element(thing)
    found = graph.as_graph_element(thing + ":0")
    if len(found.op.outputs) > 1:
        raise ValueError("Name %s is ambiguous, as this `Operation` has multiple outputs (at least 2)." % thing)
    return found


@export("train.NanLossDuringTrainingError", "estimator.NanLossDuringTrainingError",
        "compat.v2.estimator.NanLossDuringTrainingError")  # fmt: skip
class NanLossDuringTrainingError(RuntimeError):
    """The loss of a training became NaN."""

    def __str__(self):
        return "NaN loss during training."


@export(*hook_names("NanTensorHook"))
class NanTensorHook(SessionRunHook):
    """Ends a session when a loss becomes NaN.

    Args:
      loss_tensor: the loss.
      fail_on_nan_loss: whether that is an error.

    Raises:
      NanLossDuringTrainingError: (after a run) it has.
    """

    def __init__(self, loss_tensor, fail_on_nan_loss=True):
        self._loss_tensor = loss_tensor
        self._fail_on_nan_loss = fail_on_nan_loss

    def before_run(self, run_context):
        return SessionRunArgs(self._loss_tensor)

    def after_run(self, run_context, run_values):
        if not np.isnan(run_values.results):
            return
        if self._fail_on_nan_loss:
            logging.error("Model diverged with loss = NaN.")
            raise NanLossDuringTrainingError
        logging.warning("Model diverged with loss = NaN.")
        run_context.request_stop()
