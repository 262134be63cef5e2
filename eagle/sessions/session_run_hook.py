"""`tf.train.SessionRunHook`: what is called around the runs of a monitored session."""

import collections

from ..core.export import export


def hook_names(name):
    """The public names of a hook, which `tf.estimator` has, too."""
    return "train." + name, "estimator." + name, "compat.v2.estimator." + name


@export(*hook_names("SessionRunHook"))
class SessionRunHook:
    """The base of all hooks: does nothing."""

    def begin(self):
        """Called before there is a session; may add operations to the default graph."""

    def after_create_session(self, session, coord):
        """Called when there is a session, also a new one after the old one was lost.

        Args:
          session: the session.
          coord: the `Coordinator` of its threads.
        """

    def before_run(self, run_context):
        """Called before each run.

        Args:
          run_context: a `SessionRunContext`.

        Returns:
          None, or `SessionRunArgs` with what is to be run, too.
        """
        return None

    def after_run(self, run_context, run_values):
        """Called after each run, unless it raised an exception.

        Args:
          run_context: the same `SessionRunContext`; `run_context.request_stop()` ends the session.
          run_values: a `SessionRunValues` with the results of what `before_run` asked for.
        """

    def end(self, session):
        """Called before the session is closed, unless a run raised an exception other than OutOfRangeError or StopIteration."""


@export(*hook_names("SessionRunArgs"))
class SessionRunArgs(collections.namedtuple("SessionRunArgs", ["fetches", "feed_dict", "options"])):
    """What a hook adds to a run: `fetches`, `feed_dict` and `options` as of `Session.run`."""

    def __new__(cls, fetches, feed_dict=None, options=None):
        return super().__new__(cls, fetches, feed_dict, options)


@export(*hook_names("SessionRunContext"))
class SessionRunContext:
    """A run that hooks are called for.

    Attributes:
      original_args: the `SessionRunArgs` that the program asked for.
      session: the session.
      stop_requested: whether `request_stop` was called.
    """

    def __init__(self, original_args, session):
        self._original_args = original_args
        self._session = session
        self._stop_requested = False

    original_args = property(lambda self: self._original_args)
    session = property(lambda self: self._session)
    stop_requested = property(lambda self: self._stop_requested)

    def request_stop(self):
        """Lets the session end after this run."""
        self._stop_requested = True


@export(*hook_names("SessionRunValues"))
class SessionRunValues(collections.namedtuple("SessionRunValues", ["results", "options", "run_metadata"])):
    """What a hook gets after a run: the `results` of its fetches, and the `RunOptions` and `RunMetadata` of the run."""
