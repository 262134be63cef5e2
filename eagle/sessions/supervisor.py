"""`tf.train.Supervisor`: a session that is initialized or restored, and threads that save checkpoints and summaries."""

import contextlib
import os
import time

from .. import protos
from ..core.context import here
from ..core.dtypes import int32, int64
from ..core.errors import AbortedError
from ..core.export import export
from ..core.graph import get_default_graph
from ..lookup.initializing import tables_initializer
from ..ops.flow import group
from ..platform import tf_logging as logging
from ..saved.graph_util import write_graph
from ..saved.meta_graph import create_meta_graph_def
from ..saved.saver import Saver
from ..summary import writer
from ..summary.graph_summaries import merge_all
from ..training.coordinator import Coordinator, LooperThread
from ..training.global_step import global_step as value_of_step
from ..variables.listing import (
    global_variables,
    global_variables_initializer,
    local_variables_initializer,
    report_uninitialized_variables,
)
from .session_manager import SessionManager

_DEFAULT = 0  # what `Supervisor.USE_DEFAULT` is in TensorFlow


@export("train.Supervisor")
class Supervisor:
    """Makes a session that is initialized or restored, and saves checkpoints and summaries in threads while it is used.

    Args:
      graph: the graph; by default the default graph.
      ready_op: gives the names of the variables that are not initialized.
      ready_for_local_init_op: the same, before `local_init_op` is run.
      is_chief: whether it initializes the variables, saves and restores; if not it waits until another one has.
      init_op: the operation that initializes the variables.
      init_feed_dict: what to feed to it.
      local_init_op: the operation that initializes local variables and tables.
      logdir: the folder of checkpoints and event files; None for none.
      summary_op: gives all summaries.
      saver: the `Saver`.
      global_step: the global step.
      save_summaries_secs: every how many seconds to write summaries; 0 for never.
      save_model_secs: every how many seconds to save a checkpoint; 0 for never.
      recovery_wait_secs: how many seconds to wait before looking again whether the variables are ready.
      stop_grace_secs: how many seconds threads have at the end.
      checkpoint_basename: what the names of checkpoints begin with.
      session_manager: the `SessionManager`.
      summary_writer: what writes event files.
      init_fn: a function of the session that is called after `init_op`.
      local_init_run_options: the `RunOptions` for `local_init_op`.

    An operation, the saver, the global step or the writer is by default (`USE_DEFAULT`) what the graph's collections have or what
    is made; None means that there is none.

    Raises:
      RuntimeError: it is made eagerly.
      ValueError: it is not the chief, and a variable has no device.
    """

    USE_DEFAULT = _DEFAULT

    def __init__(self, graph=None, ready_op=_DEFAULT, ready_for_local_init_op=_DEFAULT, is_chief=True, init_op=_DEFAULT,
                 init_feed_dict=None, local_init_op=_DEFAULT, logdir=None, summary_op=_DEFAULT, saver=_DEFAULT,
                 global_step=_DEFAULT, save_summaries_secs=120, save_model_secs=600, recovery_wait_secs=30, stop_grace_secs=120,
                 checkpoint_basename="model.ckpt", session_manager=None, summary_writer=_DEFAULT, init_fn=None,
                 local_init_run_options=None):  # fmt: skip
        if here.eager:
            raise RuntimeError("Supervisors are compatible with eager execution.")
        self._graph = graph = get_default_graph() if graph is None else graph
        with graph.as_default():
            self._ready_op = _given(ready_op, "ready_op", report_uninitialized_variables)
            self._ready_for_local_init_op = _given(ready_for_local_init_op, "ready_for_local_init_op", lambda: None)
            self._init_op = _given(init_op, "init_op", global_variables_initializer)
            self._init_feed_dict = init_feed_dict
            self._local_init_op = _given(local_init_op, "local_init_op", _initialize_local)
            self._saver = _given(saver, "savers", lambda: Saver() if global_variables() else None)
            self._summary_op = _given(summary_op, "summary_op", merge_all)
            self._global_step = _given(global_step, "global_step", _found_global_step)
        self._meta_graph_def = create_meta_graph_def(
            graph_def=graph.as_graph_def(add_shapes=True), saver_def=self._saver.saver_def if self._saver else None)  # fmt: skip
        self._is_chief = is_chief
        self._coord = Coordinator()
        self._stop_grace_secs = stop_grace_secs
        self._init_fn = init_fn
        self._logdir = logdir if is_chief else None
        self._save_summaries_secs = save_summaries_secs if is_chief else None
        self._save_model_secs = save_model_secs if is_chief else None
        self._save_path = os.path.join(self._logdir, checkpoint_basename) if self._logdir else None
        self._summary_writer = self._writer(summary_writer) if is_chief else None
        self._graph_added_to_summary = False
        self._session_manager = session_manager or SessionManager(
            local_init_op=self._local_init_op, ready_op=self._ready_op, ready_for_local_init_op=self._ready_for_local_init_op,
            graph=graph, recovery_wait_secs=recovery_wait_secs, local_init_run_options=local_init_run_options)  # fmt: skip
        self._verify_setup()
        graph.finalize()

    def _writer(self, given):
        if given is not _DEFAULT:
            return given
        return writer.FileWriter(self._logdir) if self._logdir else None

    def _verify_setup(self):
        """Raises ValueError if variables that others share have no device."""
        for op in () if self._is_chief else self._graph.get_operations():
            if op.type in ("Variable", "VariableV2") and not op.device:
                raise ValueError("When using replicas, all Variables must have their device set: %s" % op)

    is_chief = property(lambda self: self._is_chief)
    session_manager = property(lambda self: self._session_manager)
    coord = property(lambda self: self._coord)
    init_op = property(lambda self: self._init_op)
    init_feed_dict = property(lambda self: self._init_feed_dict)
    ready_op = property(lambda self: self._ready_op)
    ready_for_local_init_op = property(lambda self: self._ready_for_local_init_op)
    summary_writer = property(lambda self: self._summary_writer)
    summary_op = property(lambda self: self._summary_op)
    save_summaries_secs = property(lambda self: self._save_summaries_secs)
    global_step = property(lambda self: self._global_step)
    saver = property(lambda self: self._saver)
    save_model_secs = property(lambda self: self._save_model_secs)
    save_path = property(lambda self: self._save_path)

    def _write_graph(self):
        """Writes the graph into the folder and the event file."""
        if self._logdir:
            write_graph(self._graph.as_graph_def(add_shapes=True), self._logdir, "graph.pbtxt")
        if self._summary_writer and not self._graph_added_to_summary:
            self._summary_writer.add_graph(self._graph)
            self._summary_writer.add_meta_graph(self._meta_graph_def)
            self._graph_added_to_summary = True

    # ------------------------------------------------------------------------------------------------------ beginning

    def prepare_or_wait_for_session(self, master="", config=None, wait_for_checkpoint=False, max_wait_secs=7200,
                                    start_standard_services=True):  # fmt: skip
        """A session that is ready.

        Args:
          master: the target of the session.
          config: its `ConfigProto`.
          wait_for_checkpoint: whether to wait until there is a checkpoint.
          max_wait_secs: how many seconds to wait at most.
          start_standard_services: whether to start the threads that save, and those that fill queues.

        Returns:
          The session.
        """
        self._coord.clear_stop()
        if self._summary_writer:
            self._summary_writer.reopen()
        if self._is_chief:
            sess = self._session_manager.prepare_session(
                master, init_op=self.init_op, saver=self.saver, checkpoint_dir=self._logdir,
                wait_for_checkpoint=wait_for_checkpoint, max_wait_secs=max_wait_secs, config=config,
                init_feed_dict=self._init_feed_dict, init_fn=self._init_fn)  # fmt: skip
            self._write_graph()
            if start_standard_services:
                logging.info("Starting standard services.")
                self.start_standard_services(sess)
        else:
            sess = self._session_manager.wait_for_session(master, config=config, max_wait_secs=max_wait_secs)
        if start_standard_services:
            logging.info("Starting queue runners.")
            self.start_queue_runners(sess)
        return sess

    def start_standard_services(self, sess):
        """Starts the threads that save summaries and checkpoints and count steps.

        Args:
          sess: the session.

        Returns:
          The list of threads; None without a folder.

        Raises:
          RuntimeError: this is not the chief.
        """
        if not self._is_chief:
            raise RuntimeError(
                "Only chief supervisor can start standard services. Because only chief supervisors can write events."
            )
        if not self._logdir:
            logging.warning("Standard services need a 'logdir' passed to the SessionManager")
            return None
        if self._global_step is not None and self._summary_writer:
            step = value_of_step(sess, self._global_step)
            self._summary_writer.add_session_log(protos.SessionLog(status=protos.SessionLog.START), step)
        threads = []
        if self._save_summaries_secs and self._summary_writer:
            if self._summary_op is not None:
                threads.append(SummaryThread(self, sess))
            if self._global_step is not None:
                threads.append(StepCounterThread(self, sess))
        if self.saver and self._save_model_secs:
            threads.append(CheckpointThread(self, sess))
        for thread in threads:
            thread.start()
        return threads

    def start_queue_runners(self, sess, queue_runners=None):
        """Starts the threads that fill queues.

        Args:
          sess: the session.
          queue_runners: a list of `QueueRunner`; by default those of the graph's collection.

        Returns:
          The list of threads.

        Raises:
          RuntimeError: it is called eagerly.
        """
        if here.eager:
            raise RuntimeError("Queues are not compatible with eager execution.")
        if queue_runners is None:
            queue_runners = self._graph.get_collection("queue_runners")
        return [t for r in queue_runners for t in r.create_threads(sess, coord=self._coord, daemon=True, start=True)]

    def loop(self, timer_interval_secs, target, args=None, kwargs=None):
        """Starts a `LooperThread` that calls a function every so many seconds; returns the thread."""
        return LooperThread.loop(self._coord, timer_interval_secs, target, args, kwargs)

    # --------------------------------------------------------------------------------------------------------- ending

    def stop(self, threads=None, close_summary_writer=True, ignore_live_threads=False):
        """Stops the threads.

        Args:
          threads: threads to wait for, beside its own.
          close_summary_writer: whether to close the writer of event files.
          ignore_live_threads: whether it is no error if some threads don't end.
        """
        self._coord.request_stop()
        try:
            self._coord.join(threads, stop_grace_period_secs=self._stop_grace_secs, ignore_live_threads=ignore_live_threads)
        finally:
            if close_summary_writer and self._summary_writer:
                self._summary_writer.add_session_log(protos.SessionLog(status=protos.SessionLog.STOP))
                self._summary_writer.close()
                self._graph_added_to_summary = False

    def request_stop(self, ex=None):
        """As `Coordinator.request_stop`."""
        self._coord.request_stop(ex=ex)

    def should_stop(self):
        """As `Coordinator.should_stop`."""
        return self._coord.should_stop()

    def stop_on_exception(self):
        """As `Coordinator.stop_on_exception`."""
        return self._coord.stop_on_exception()

    def wait_for_stop(self):
        """Waits until the threads are to stop."""
        self._coord.wait_for_stop()

    def summary_computed(self, sess, summary, global_step=None):
        """Writes a summary to the event file.

        Args:
          sess: the session.
          summary: a `Summary`, or the bytes of one.
          global_step: the step that it belongs to; by default the session's.

        Raises:
          RuntimeError: there is no event file.
        """
        if not self._summary_writer:
            raise RuntimeError("Writing a summary requires a summary writer.")
        if global_step is None and self.global_step is not None:
            global_step = value_of_step(sess, self.global_step)
        self._summary_writer.add_summary(summary, global_step)

    @contextlib.contextmanager
    def managed_session(self, master="", config=None, start_standard_services=True, close_summary_writer=True):
        """A context manager that gives a session which is ready, and stops all when the session's use ends.

        What is raised inside or in a thread is raised at the end, but for what only says that an input has come to its end.

        Args:
          master: the target of the session.
          config: its `ConfigProto`.
          start_standard_services: whether to start the threads that save.
          close_summary_writer: whether to close the writer of event files.
        """
        sess = None
        try:
            sess = self.prepare_or_wait_for_session(master=master, config=config, start_standard_services=start_standard_services)
            yield sess
        except Exception as e:
            self.request_stop(e)
        finally:
            try:
                self.stop(close_summary_writer=close_summary_writer)
            finally:
                if sess is not None:
                    _close(sess)

    PrepareSession = prepare_or_wait_for_session
    StartQueueRunners = start_queue_runners
    StartStandardServices = start_standard_services
    Stop = stop
    RequestStop = request_stop
    Loop = loop
    ShouldStop = should_stop
    StopOnException = stop_on_exception
    WaitForStop = wait_for_stop
    SummaryComputed = summary_computed


def _close(sess):
    try:
        sess.close()
    except Exception as e:  # it is over in any case
        logging.vlog(1, "Ignored exception: %s", str(e))


def _given(value, collection, make):
    """What is given; by default the first thing in a collection of the default graph, or what is made and added to it."""
    if value is not _DEFAULT:
        return value
    graph = get_default_graph()
    found = graph.get_collection(collection)
    if len(found) > 1:
        logging.info("Found %d %s operations. Returning the first one.", len(found), collection)
    if found:
        return found[0]
    made = make()
    if made is not None:
        graph.add_to_collection(collection, made)
    return made


def _initialize_local():
    return group(local_variables_initializer(), tables_initializer())


def _found_global_step():
    """The tensor of the default graph that is called so, if it is an integer."""
    try:
        step = get_default_graph().get_tensor_by_name("global_step:0")
    except KeyError:
        return None
    if step.dtype.base_dtype in (int32, int64):
        return step
    logging.warning("Found 'global_step' is not an int type: %s", step.dtype)
    return None


# ------------------------------------------------------------------------------------------------------------------ threads


@export("python.training.supervisor.SVSummaryThread")
class SummaryThread(LooperThread):
    """Writes summaries for a supervisor."""

    def __init__(self, sv, sess):
        super().__init__(sv.coord, sv.save_summaries_secs)
        self._sv, self._sess = sv, sess

    def run_loop(self):
        sv, step = self._sv, None
        if sv.global_step is None:
            summary = self._sess.run(sv.summary_op)
        else:
            summary, step = self._sess.run([sv.summary_op, sv.global_step])
        if sv.summary_writer:
            logging.info("Recording summary at step %s.", step)
            sv.summary_writer.add_summary(summary, step)


@export("python.training.supervisor.SVStepCounterThread")
class StepCounterThread(LooperThread):
    """Counts how many steps are made in a second, for a supervisor.

    Args:
      sv: the supervisor.
      sess: the session.
      step_counter: the tensor that counts the steps; by default the global step.
    """

    def __init__(self, sv, sess, step_counter=None):
        super().__init__(sv.coord, sv.save_summaries_secs)
        self._sv, self._sess = sv, sess
        self._last_time, self._last_step = 0.0, 0
        self._step_counter = sv.global_step if step_counter is None else step_counter
        self._summary_tag = "%s/sec" % self._step_counter.op.name

    def start_loop(self):
        self._last_time, self._last_step = time.time(), value_of_step(self._sess, self._step_counter)

    def run_loop(self):
        step, now = value_of_step(self._sess, self._step_counter), time.time()
        steps, seconds = step - self._last_step, now - self._last_time
        self._last_step, self._last_time = step, now
        rate = steps / seconds if seconds > 0.0 else float("inf")
        if self._sv.summary_writer:
            summary = protos.Summary(value=[protos.Summary.Value(tag=self._summary_tag, simple_value=rate)])
            self._sv.summary_writer.add_summary(summary, step)
        logging.log_first_n(logging.INFO, "%s: %g", 10, self._summary_tag, rate)


@export("python.training.supervisor.SVTimerCheckpointThread")
class CheckpointThread(LooperThread):
    """Saves checkpoints for a supervisor."""

    def __init__(self, sv, sess):
        super().__init__(sv.coord, sv.save_model_secs)
        self._sv, self._sess = sv, sess

    def run_loop(self):
        sv = self._sv
        logging.info("Saving checkpoint to path %s", sv.save_path)
        sv.saver.save(self._sess, sv.save_path, global_step=sv.global_step)
        if sv.summary_writer and sv.global_step is not None:
            log = protos.SessionLog(status=protos.SessionLog.CHECKPOINT, checkpoint_path=sv.save_path)
            sv.summary_writer.add_session_log(log, value_of_step(self._sess, sv.global_step))


@export("train.basic_train_loop")
def basic_train_loop(supervisor, train_step_fn, args=None, kwargs=None, master=""):
    """Calls a function again and again in a supervisor's session until that is to stop.

    Args:
      supervisor: the `Supervisor`.
      train_step_fn: the function, called as `train_step_fn(session, *args, **kwargs)`.
      args, kwargs: more arguments.
      master: the target of the session.
    """
    while True:
        try:
            with supervisor.managed_session(master) as sess:
                while not supervisor.should_stop():
                    train_step_fn(sess, *(args or ()), **(kwargs or {}))
            return
        except AbortedError as e:  # another process went; it may be back
            logging.info("Training begins anew: %s", e)
