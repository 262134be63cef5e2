"""Hooks that write files: checkpoints, summaries, profiles."""

import os

from .. import protos
from ..core.export import export
from ..core.graph import get_default_graph
from ..platform import gfile, tf_logging as logging
from ..run.timeline import Timeline
from ..saved.graph_util import write_graph
from ..saved.meta_graph import create_meta_graph_def
from .session_run_hook import SessionRunArgs, SessionRunHook, hook_names
from .step_hooks import SecondOrStepTimer, expected_global_step, summary_writer

_SAVERS = "savers"


@export(*hook_names("CheckpointSaverListener"))
class CheckpointSaverListener:
    """What is called when a `CheckpointSaverHook` saves; to be inherited from."""

    def begin(self):
        """Called before there is a session; may add operations to the default graph."""

    def before_save(self, session, global_step_value):
        """Called before a checkpoint is saved."""

    def after_save(self, session, global_step_value):
        """Called afterwards; returns whether the session is to end."""

    def end(self, session, global_step_value):
        """Called at the end of the session."""


@export(*hook_names("CheckpointSaverHook"))
class CheckpointSaverHook(SessionRunHook):
    """Saves checkpoints: at the beginning, every so many steps or seconds, and at the end.

    Args:
      checkpoint_dir: the folder.
      save_secs: every how many seconds.
      save_steps: or every how many steps.
      saver: the `Saver`.
      checkpoint_basename: what the names of the files begin with.
      scaffold: the `Scaffold` whose saver it is, instead.
      listeners: a list of `CheckpointSaverListener`.

    Raises:
      ValueError: not exactly one of `save_secs` and `save_steps` is given, or both `saver` and `scaffold` are.
    """

    def __init__(self, checkpoint_dir, save_secs=None, save_steps=None, saver=None, checkpoint_basename="model.ckpt", scaffold=None,
                 listeners=None):  # fmt: skip
        logging.info("Create CheckpointSaverHook.")
        if saver is not None and scaffold is not None:
            raise ValueError("You cannot provide both saver and scaffold.")
        self._saver = saver
        self._checkpoint_dir = checkpoint_dir
        self._save_path = os.path.join(checkpoint_dir, checkpoint_basename)
        self._scaffold = scaffold
        self._timer = SecondOrStepTimer(every_secs=save_secs, every_steps=save_steps)
        self._listeners = listeners or []
        self._steps_per_run = 1

    def _set_steps_per_run(self, steps_per_run):
        self._steps_per_run = steps_per_run

    def begin(self):
        self._summary_writer = summary_writer(self._checkpoint_dir)
        self._global_step_tensor = expected_global_step("CheckpointSaverHook")
        for listener in self._listeners:
            listener.begin()

    def after_create_session(self, session, coord):
        step = session.run(self._global_step_tensor)
        graph = get_default_graph()
        graph_def = graph.as_graph_def(add_shapes=True)
        write_graph(graph_def, self._checkpoint_dir, "graph.pbtxt")
        saver = self._get_saver()
        meta_graph = create_meta_graph_def(graph_def=graph_def, saver_def=saver.saver_def if saver else None)
        self._summary_writer.add_graph(graph)
        self._summary_writer.add_meta_graph(meta_graph)
        self._save(session, step)
        self._timer.update_last_triggered_step(step)

    def before_run(self, run_context):
        return SessionRunArgs(self._global_step_tensor)

    def after_run(self, run_context, run_values):
        if self._timer.should_trigger_for_step(run_values.results + self._steps_per_run):
            step = run_context.session.run(self._global_step_tensor)
            if self._timer.should_trigger_for_step(step):
                self._timer.update_last_triggered_step(step)
                if self._save(run_context.session, step):
                    run_context.request_stop()

    def end(self, session):
        step = session.run(self._global_step_tensor)
        if step != self._timer.last_triggered_step():
            self._save(session, step)
        for listener in self._listeners:
            listener.end(session, step)

    def _save(self, session, step):
        """Saves; whether a listener wants the session to end."""
        logging.info("Saving checkpoints for %d into %s.", step, self._save_path)
        for listener in self._listeners:
            listener.before_save(session, step)
        self._get_saver().save(session, self._save_path, global_step=step)
        log = protos.SessionLog(status=protos.SessionLog.CHECKPOINT, checkpoint_path=self._save_path)
        self._summary_writer.add_session_log(log, step)
        should_stop = False
        for listener in self._listeners:
            if listener.after_save(session, step):
                logging.info("A CheckpointSaverListener requested that training be stopped. listener: %s", listener)
                should_stop = True
        return should_stop

    def _get_saver(self):
        if self._saver is None and self._scaffold is not None:
            return self._scaffold.saver
        if self._saver is None:
            savers = get_default_graph().get_collection(_SAVERS)
            if not savers:
                raise RuntimeError("No items in collection %s. Please add a saver to the collection or provide a saver or scaffold."
                                   % _SAVERS)  # fmt: skip
            if len(savers) > 1:
                raise RuntimeError("More than one item in collection %s. Please indicate which one to use by passing it to the "
                                   "constructor." % _SAVERS)  # fmt: skip
            self._saver = savers[0]
        return self._saver


@export(*hook_names("SummarySaverHook"))
class SummarySaverHook(SessionRunHook):
    """Writes summaries to event files every so many steps or seconds.

    Args:
      save_steps: every how many steps.
      save_secs: or every how many seconds.
      output_dir: the folder of the event files.
      summary_writer: what writes them, instead.
      scaffold: the `Scaffold` whose summary operation is to be run.
      summary_op: the summary, a string tensor or a list of them, instead.

    Raises:
      ValueError: not exactly one of `save_steps` and `save_secs`, or of `scaffold` and `summary_op`, is given.
    """

    def __init__(self, save_steps=None, save_secs=None, output_dir=None, summary_writer=None, scaffold=None, summary_op=None):
        if (scaffold is None) == (summary_op is None):
            raise ValueError("Exactly one of scaffold or summary_op must be provided.")
        self._summary_op = summary_op
        self._summary_writer = summary_writer
        self._output_dir = output_dir
        self._scaffold = scaffold
        self._timer = SecondOrStepTimer(every_secs=save_secs, every_steps=save_steps)

    def begin(self):
        if self._summary_writer is None and self._output_dir:
            self._summary_writer = summary_writer(self._output_dir)
        self._next_step = None
        self._global_step_tensor = expected_global_step("SummarySaverHook")

    def before_run(self, run_context):
        self._request_summary = self._next_step is None or self._timer.should_trigger_for_step(self._next_step)
        requests = {"global_step": self._global_step_tensor}
        summary = self._get_summary_op() if self._request_summary else None
        if summary is not None:
            requests["summary"] = summary
        return SessionRunArgs(requests)

    def after_run(self, run_context, run_values):
        if not self._summary_writer:
            return
        step = run_values.results["global_step"] + 1
        if self._next_step is None or self._request_summary:
            step = run_context.session.run(self._global_step_tensor)
        if self._next_step is None:
            self._summary_writer.add_session_log(protos.SessionLog(status=protos.SessionLog.START), step)
        if self._request_summary:
            self._timer.update_last_triggered_step(step)
            for summary in run_values.results.get("summary", ()):
                self._summary_writer.add_summary(summary, step)
        self._next_step = step + 1

    def end(self, session=None):
        if self._summary_writer:
            self._summary_writer.flush()

    def _get_summary_op(self):
        """The list of summaries to fetch; None if there are none."""
        summary = self._scaffold.summary_op if self._summary_op is None else self._summary_op
        return summary if summary is None or isinstance(summary, list) else [summary]


@export(*hook_names("ProfilerHook"))
class ProfilerHook(SessionRunHook):
    """Writes profiles of runs, in the format of Chrome's traces, every so many steps or seconds.

    Args:
      save_steps: every how many steps.
      save_secs: or every how many seconds.
      output_dir: the folder for the files `timeline-<step>.json`.
      show_dataflow: whether to show which operation gets tensors from which.
      show_memory: whether to show how much memory tensors take.

    Raises:
      ValueError: not exactly one of the first two is given.
    """

    def __init__(self, save_steps=None, save_secs=None, output_dir="", show_dataflow=True, show_memory=False):
        self._timer = SecondOrStepTimer(every_secs=save_secs, every_steps=save_steps)
        self._output_file = os.path.join(output_dir, "timeline-{}.json")
        self._file_writer = summary_writer(output_dir)
        self._show_dataflow = show_dataflow
        self._show_memory = show_memory

    def begin(self):
        self._next_step = None
        self._global_step_tensor = expected_global_step("ProfilerHook")

    def before_run(self, run_context):
        self._request_summary = self._next_step is not None and self._timer.should_trigger_for_step(self._next_step)
        options = protos.RunOptions(trace_level=protos.RunOptions.FULL_TRACE) if self._request_summary else None
        return SessionRunArgs({"global_step": self._global_step_tensor}, options=options)

    def after_run(self, run_context, run_values):
        before = run_values.results["global_step"]
        if self._next_step is None:
            self._timer.update_last_triggered_step(before)
        step = before + 1
        if self._request_summary:
            step = run_context.session.run(self._global_step_tensor)
            self._timer.update_last_triggered_step(step)
            self._save(step, self._output_file.format(step), run_values.run_metadata.step_stats)
            self._file_writer.add_run_metadata(run_values.run_metadata, "step_%d" % step)
        self._next_step = step + 1

    def _save(self, step, save_path, step_stats):
        logging.info("Saving timeline for %d into '%s'.", step, save_path)
        trace = Timeline(step_stats)
        with gfile.GFile(save_path, "w") as f:
            f.write(trace.generate_chrome_trace_format(show_dataflow=self._show_dataflow, show_memory=self._show_memory))
