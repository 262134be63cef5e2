"""`tf.train.MonitoredSession` and its kin: sessions with hooks, which initialize, restore and save by themselves."""

import inspect

from .. import protos
from ..core.errors import AbortedError, OutOfRangeError, UnavailableError
from ..core.export import export
from ..core.graph import get_default_graph
from ..platform import tf_logging as logging
from ..training.coordinator import Coordinator
from ..training.queue_runner import start_queue_runners
from .saving_hooks import CheckpointSaverHook, SummarySaverHook
from .scaffold import ChiefSessionCreator, Scaffold, SessionCreator, WorkerSessionCreator
from .session_run_hook import SessionRunArgs, SessionRunContext, SessionRunValues
from .step_hooks import StepCounterHook

_PREEMPTION_ERRORS = (AbortedError, UnavailableError)  # another process went; a new session may go on
USE_DEFAULT = export("python.training.monitored_session.USE_DEFAULT")(object())


def _either(first, second, default_first, default_second):
    """Two arguments of which one excludes the other: what is not said is None, unless both are not said."""
    if first is USE_DEFAULT and second is USE_DEFAULT:
        return default_first, default_second
    return (None if first is USE_DEFAULT else first), (None if second is USE_DEFAULT else second)


def _is_positive(number):
    return bool(number and number > 0)


@export("train.MonitoredTrainingSession")
def MonitoredTrainingSession(
    master="", is_chief=True, checkpoint_dir=None, scaffold=None, hooks=None, chief_only_hooks=None,
    save_checkpoint_secs=USE_DEFAULT, save_summaries_steps=USE_DEFAULT, save_summaries_secs=USE_DEFAULT, config=None,
    stop_grace_period_secs=120, log_step_count_steps=100, max_wait_secs=7200, save_checkpoint_steps=USE_DEFAULT, summary_dir=None,
):  # fmt: skip
    """A `MonitoredSession` for training: it saves checkpoints and summaries.

    Args:
      master: the target of the session.
      is_chief: whether it initializes the variables, saves and restores; if not it waits until another one has initialized them.
      checkpoint_dir: the folder of the checkpoints; None for none.
      scaffold: the `Scaffold`.
      hooks: a list of `SessionRunHook`.
      chief_only_hooks: more, if `is_chief`.
      save_checkpoint_secs, save_checkpoint_steps: every how many seconds or steps to save a checkpoint; by default every 600 s.
      save_summaries_steps, save_summaries_secs: every how many steps or seconds to write summaries; by default every 100 steps.
      config: the `ConfigProto` of the session.
      stop_grace_period_secs: how many seconds threads have at the end.
      log_step_count_steps: every how many steps to log how many are made in a second.
      max_wait_secs: how many seconds to wait for the variables at most, if not `is_chief`.
      summary_dir: the folder of the summaries; by default `checkpoint_dir`.
    """
    save_summaries_steps, save_summaries_secs = _either(save_summaries_steps, save_summaries_secs, 100, None)
    save_checkpoint_steps, save_checkpoint_secs = _either(save_checkpoint_steps, save_checkpoint_secs, None, 600)
    scaffold = scaffold or Scaffold()
    if not is_chief:
        creator = WorkerSessionCreator(scaffold=scaffold, master=master, config=config, max_wait_secs=max_wait_secs)
        return MonitoredSession(session_creator=creator, hooks=hooks or [], stop_grace_period_secs=stop_grace_period_secs)
    all_hooks = list(chief_only_hooks or ())
    creator = ChiefSessionCreator(scaffold=scaffold, checkpoint_dir=checkpoint_dir, master=master, config=config)
    summary_dir = summary_dir or checkpoint_dir
    if summary_dir and _is_positive(log_step_count_steps):
        all_hooks.append(StepCounterHook(output_dir=summary_dir, every_n_steps=log_step_count_steps))
    if summary_dir and (_is_positive(save_summaries_steps) or _is_positive(save_summaries_secs)):
        all_hooks.append(SummarySaverHook(
            scaffold=scaffold, save_steps=save_summaries_steps, save_secs=save_summaries_secs, output_dir=summary_dir))  # fmt: skip
    if checkpoint_dir and (_is_positive(save_checkpoint_secs) or _is_positive(save_checkpoint_steps)):
        all_hooks.append(CheckpointSaverHook(
            checkpoint_dir, save_steps=save_checkpoint_steps, save_secs=save_checkpoint_secs, scaffold=scaffold))  # fmt: skip
    return MonitoredSession(
        session_creator=creator, hooks=all_hooks + list(hooks or ()), stop_grace_period_secs=stop_grace_period_secs
    )


class _StepContext:
    """What the function gets that `run_step_fn` runs.

    Attributes:
      session: the session itself, without hooks.
    """

    def __init__(self, session, run_with_hooks_fn):
        self._session = session
        self._run_with_hooks_fn = run_with_hooks_fn

    session = property(lambda self: self._session)

    def run_with_hooks(self, *args, **kwargs):
        """As `MonitoredSession.run`."""
        return self._run_with_hooks_fn(*args, **kwargs)

    def request_stop(self):
        """Ends the function, and the training, by raising StopIteration."""
        raise StopIteration("step_fn has requested the iterations to stop.")


@export("python.training.monitored_session._MonitoredSession")
class BaseMonitoredSession:
    """What `MonitoredSession` and `SingularMonitoredSession` have in common.

    Args:
      session_creator: makes the session; by default a `ChiefSessionCreator`.
      hooks: a list of `SessionRunHook`.
      should_recover: whether to make a new session when the old one was lost.
      stop_grace_period_secs: how many seconds threads have at the end.
    """

    StepContext = _StepContext

    def __init__(self, session_creator, hooks, should_recover, stop_grace_period_secs=120):
        self._graph_was_finalized = get_default_graph().finalized
        self._hooks = hooks or []
        for hook in self._hooks:
            hook.begin()
        creator = session_creator or ChiefSessionCreator()
        self._coordinated_creator = self._CoordinatedSessionCreator(creator, self._hooks, stop_grace_period_secs)
        make = _RecoverableSession if should_recover else self._CoordinatedSessionCreator.create_session
        self._sess = make(self._coordinated_creator)

    @property
    def graph(self):
        """The graph of the session; None when it is closed."""
        session = self._tf_sess()
        return None if session is None else session.graph

    def run(self, fetches, feed_dict=None, options=None, run_metadata=None):
        """As `Session.run`, with all that the hooks want to do and to be run."""
        return self._sess.run(fetches, feed_dict=feed_dict, options=options, run_metadata=run_metadata)

    def run_step_fn(self, step_fn):
        """Calls a function that makes one step.

        Args:
          step_fn: a function with one argument, which must be called `step_context`: a `StepContext`.

        Returns:
          What the function returns.

        Raises:
          StopIteration: the function has called `request_stop`; leaving the session's context takes it.
          ValueError: the function has other arguments.
        """
        arguments = _argument_names(step_fn)
        if arguments not in (("step_context",), ("self", "step_context")):
            raise ValueError("`step_fn` may either have one `step_context` argument, or `self` and `step_context` arguments if "
                             "it's an instance method. Got %s instead." % (arguments,))  # fmt: skip
        return self._sess.run_step_fn(step_fn, self._tf_sess(), run_with_hooks=None)

    def should_stop(self):
        """Whether the session is closed or is to end."""
        return self._sess is None or self._sess.should_stop()

    def close(self):
        """Ends the session."""
        self._close_internal()

    def __enter__(self):
        return self

    def __exit__(self, exception_type, exception_value, traceback):
        if exception_type in (OutOfRangeError, StopIteration):
            exception_type = None
        self._close_internal(exception_type)
        return exception_type is None

    class _CoordinatedSessionCreator(SessionCreator):
        """Makes sessions with a coordinator, threads that fill queues, and hooks."""

        def __init__(self, session_creator, hooks, stop_grace_period_secs):
            self._session_creator = session_creator
            self._hooks = hooks
            self.coord = None
            self.tf_sess = None
            self._stop_grace_period_secs = stop_grace_period_secs

        def create_session(self):
            self.tf_sess = self._session_creator.create_session()
            self.coord = Coordinator(clean_stop_exception_types=[])  # each exception counts
            if get_default_graph().get_collection("queue_runners"):
                start_queue_runners(sess=self.tf_sess, coord=self.coord)
            for hook in self._hooks:
                hook.after_create_session(self.tf_sess, self.coord)
            return _CoordinatedSession(_HookedSession(self.tf_sess, self._hooks), self.coord, self._stop_grace_period_secs)

    def _close_internal(self, exception_type=None):
        try:
            if not exception_type:
                for hook in self._hooks:
                    hook.end(self._coordinated_creator.tf_sess)
        finally:
            try:
                if self._sess is None:
                    raise RuntimeError("Session is already closed.")
                self._sess.close()
            finally:
                self._sess = None
                self._coordinated_creator.tf_sess = None
                self._coordinated_creator.coord = None
                if not self._graph_was_finalized:
                    get_default_graph()._unsafe_unfinalize()

    def _is_closed(self):
        return self._coordinated_creator.tf_sess is None

    def _tf_sess(self):
        """The session itself."""
        return self._coordinated_creator.tf_sess


def _argument_names(function):
    """The names of a function's arguments, without one that is bound to an object."""
    return tuple(name for name, p in inspect.signature(function).parameters.items()
                 if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD))  # fmt: skip


@export("train.MonitoredSession")
class MonitoredSession(BaseMonitoredSession):
    """A session with hooks that initializes or restores the variables, and makes itself anew if it is lost.

    Args:
      session_creator: makes the session; by default a `ChiefSessionCreator`.
      hooks: a list of `SessionRunHook`.
      stop_grace_period_secs: how many seconds threads have at the end.
    """

    def __init__(self, session_creator=None, hooks=None, stop_grace_period_secs=120):
        super().__init__(session_creator, hooks, should_recover=True, stop_grace_period_secs=stop_grace_period_secs)


@export("train.SingularMonitoredSession")
class SingularMonitoredSession(BaseMonitoredSession):
    """As `MonitoredSession`, for one process: it is not made anew, and the session itself can be had.

    Args:
      hooks: a list of `SessionRunHook`.
      scaffold: the `Scaffold`.
      master: the target of the session.
      config: its `ConfigProto`.
      checkpoint_dir: the folder of the checkpoints to restore from.
      stop_grace_period_secs: how many seconds threads have at the end.
      checkpoint_filename_with_path: the name of the checkpoint, instead of the folder.
    """

    def __init__(self, hooks=None, scaffold=None, master="", config=None, checkpoint_dir=None, stop_grace_period_secs=120,
                 checkpoint_filename_with_path=None):  # fmt: skip
        creator = ChiefSessionCreator(scaffold=scaffold, master=master, config=config, checkpoint_dir=checkpoint_dir,
                                      checkpoint_filename_with_path=checkpoint_filename_with_path)  # fmt: skip
        super().__init__(creator, hooks, should_recover=False, stop_grace_period_secs=stop_grace_period_secs)

    def raw_session(self):
        """The session itself."""
        return self._tf_sess()


# ------------------------------------------------------------------------------------------------------------------- wrappers


@export("python.training.monitored_session._WrappedSession")
class _WrappedSession:
    """A session in another one, which adds something."""

    def __init__(self, sess):
        self._sess = sess
        self._wrapped_is_stoppable = isinstance(self._sess, _WrappedSession)

    graph = property(lambda self: self._sess.graph)
    sess_str = property(lambda self: self._sess.sess_str)

    def should_stop(self):
        """Whether the session is closed, or is to end."""
        if self._check_stop():
            return True
        if self._sess:
            return self._wrapped_is_stoppable and self._sess.should_stop()
        return True

    def _check_stop(self):
        """Whether the session is to end, as this wrapper sees it."""
        return False

    def close(self):
        """Closes the session."""
        if not self._sess:
            return
        try:
            self._sess.close()
        except _PREEMPTION_ERRORS as e:
            logging.warning("An error occurred when attempting to close the session. This may be due to a preemption in a "
                            "connected worker or parameter server. Error: %s", e)  # fmt: skip
        finally:
            self._sess = None

    def run(self, *args, **kwargs):
        """As `Session.run`."""
        return self._sess.run(*args, **kwargs)

    def run_step_fn(self, step_fn, raw_session, run_with_hooks):
        """Calls a function with a `StepContext`."""
        return step_fn(_StepContext(raw_session, run_with_hooks or self.run))


@export("python.training.monitored_session._RecoverableSession")
class _RecoverableSession(_WrappedSession):
    """Makes a new session when the old one was lost."""

    def __init__(self, sess_creator):
        self._sess_creator = sess_creator
        super().__init__(self._create_session())

    def _create_session(self):
        while True:
            try:
                return self._sess_creator.create_session()
            except _PREEMPTION_ERRORS as e:
                _log_loss("while a session was being created", e)

    def _check_stop(self):
        try:
            return self._sess._check_stop() if self._sess else True
        except _PREEMPTION_ERRORS as e:
            _log_loss("while considering whether the session is complete", e)
            self.close()
            self._sess = self._create_session()
            return False
        except Exception:  # the next run raises it
            return True

    def _again(self, function):
        """Calls a function, which uses the session, until the session is not lost in it."""
        while True:
            try:
                if not self._sess:
                    self._sess = self._create_session()
                return function()
            except _PREEMPTION_ERRORS as e:
                _log_loss("in a run", e)
                self.close()
                self._sess = None

    def run(self, fetches, feed_dict=None, options=None, run_metadata=None):
        return self._again(lambda: self._sess.run(fetches, feed_dict=feed_dict, options=options, run_metadata=run_metadata))

    def run_step_fn(self, step_fn, raw_session, run_with_hooks):
        return self._again(lambda: self._sess.run_step_fn(step_fn, raw_session, self._sess.run))


def _log_loss(when, error):
    logging.info("An error was raised %s. This may be due to a preemption of a connected worker or parameter server. A new session "
                 "will be created. Error: %s", when, error)  # fmt: skip


@export("python.training.monitored_session._CoordinatedSession")
class _CoordinatedSession(_WrappedSession):
    """Raises what went wrong in the coordinator's threads, and stops these at the end."""

    def __init__(self, sess, coord, stop_grace_period_secs=120):
        super().__init__(sess)
        self._coord = coord
        self._stop_grace_period_secs = stop_grace_period_secs

    def _check_stop(self):
        self._coord.raise_requested_exception()
        return self._coord.should_stop()

    def close(self):
        self._coord.request_stop()
        try:
            self._coord.join(stop_grace_period_secs=self._stop_grace_period_secs, ignore_live_threads=True)
        finally:
            try:
                super().close()
            except Exception as e:  # what matters was raised by `join`
                logging.vlog(1, "Ignored exception: %s", str(e))

    def run(self, *args, **kwargs):
        try:
            return self._sess.run(*args, **kwargs)
        except _PREEMPTION_ERRORS:
            raise
        except Exception:
            # The cause may be that another process went, of which a thread has heard.
            try:
                self._coord.raise_requested_exception()
            except _PREEMPTION_ERRORS:
                raise
            except Exception as e:
                logging.vlog(1, "Ignored exception: %s", str(e))
            raise


@export("python.training.monitored_session._HookedSession")
class _HookedSession(_WrappedSession):
    """Calls hooks around each run."""

    def __init__(self, sess, hooks):
        super().__init__(sess)
        self._hooks = hooks
        self._should_stop = False

    def _check_stop(self):
        return self._should_stop

    def run(self, fetches, feed_dict=None, options=None, run_metadata=None):
        if self.should_stop():
            raise RuntimeError("Run called even after should_stop requested.")
        wanted = {"caller": fetches}
        context = SessionRunContext(original_args=SessionRunArgs(fetches, feed_dict), session=self._sess)
        options = options or protos.RunOptions()
        feed_dict = self._call_hook_before_run(context, wanted, feed_dict, options)
        run_metadata = run_metadata or protos.RunMetadata()
        outputs = super().run(fetches=wanted, feed_dict=feed_dict, options=options, run_metadata=run_metadata)
        for hook in self._hooks:
            hook.after_run(context, SessionRunValues(outputs.get(hook), options, run_metadata))
        self._should_stop = self._should_stop or context.stop_requested
        return outputs["caller"]

    def _call_hook_before_run(self, run_context, fetch_dict, user_feed_dict, options):
        """Asks the hooks what they want; adds it to fetches and options, and returns what to feed."""
        feeds = {}
        for hook in self._hooks:
            request = hook.before_run(run_context)
            if request is None:
                continue
            if request.fetches is not None:
                fetch_dict[hook] = request.fetches
            if request.feed_dict:
                self._raise_if_feeds_intersects(feeds, request.feed_dict, "Same tensor is fed by two hooks.")
                feeds.update(request.feed_dict)
            if request.options:
                self._merge_run_options(options, request.options)
        if not feeds:
            return user_feed_dict
        if user_feed_dict:
            self._raise_if_feeds_intersects(user_feed_dict, feeds, "Same tensor is fed by a SessionRunHook and user.")
            feeds.update(user_feed_dict)
        return feeds

    def _raise_if_feeds_intersects(self, feeds1, feeds2, message):
        both = [key for key in feeds1 if key in feeds2]
        if both:
            raise RuntimeError("%s Conflict(s): %s" % (message, both))

    def _merge_run_options(self, options, incoming_options):
        """Adds what one `RunOptions` asks for to another one."""
        for field in ("trace_level", "timeout_in_ms", "inter_op_thread_pool", "output_partition_graphs",
                      "report_tensor_allocations_upon_oom"):  # fmt: skip
            setattr(options, field, max(getattr(options, field), getattr(incoming_options, field)))
        debug, incoming = options.debug_options, incoming_options.debug_options
        debug.debug_tensor_watch_opts.extend(incoming.debug_tensor_watch_opts)
        debug.reset_disk_byte_usage = debug.reset_disk_byte_usage or incoming.reset_disk_byte_usage
