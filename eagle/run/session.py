"""`tf.Session`: runs a graph."""

import collections
import threading
import warnings

import numpy as np

from ..core.context import here
from ..core.errors import AbortedError, NotFoundError, NotYetError
from ..core.export import export
from ..core.graph import Graph, get_default_graph
from ..core.state import State
from ..platform.devices import devices, memory_of
from .deadline import deadline
from .feeds import Feeds
from .fetches import Fetches, hashable
from .places import check_places
from .plan import Plan
from .servers import SessionState, resources_of
from .tiers import Runner, default_tier
from .timed import TimedProgram, add_step_stats

_Prepared = collections.namedtuple("_Prepared", ["program", "function", "feeds", "build"])
_Device = collections.namedtuple("_Device", ["name", "device_type", "memory_limit_bytes"])


@export("python.client.session.SessionInterface")
class SessionInterface:
    """The base of all that runs graphs; wrappers of sessions inherit it, too."""

    @property
    def graph(self):
        """The graph that runs."""
        raise NotImplementedError("graph")

    @property
    def sess_str(self):
        """The target as bytes."""
        raise NotImplementedError("sess_str")

    def run(self, fetches, feed_dict=None, options=None, run_metadata=None):
        """Runs operations; see `Session.run`."""
        raise NotImplementedError("run")

    def partial_run_setup(self, fetches, feeds=None):
        """Sets up a run in several steps."""
        raise NotImplementedError("partial_run_setup")

    def partial_run(self, handle, fetches, feed_dict=None):
        """Makes one of these steps."""
        raise NotImplementedError("partial_run")


class BaseSession(SessionInterface):
    """What `Session` and `InteractiveSession` have in common: a graph, its state, and the programs made so far."""

    def __init__(self, target="", graph=None, config=None):
        if graph is not None and not isinstance(graph, Graph):
            raise TypeError("graph must be a tf.Graph, but got %s" % type(graph))
        if config is not None and type(config).__name__ != "ConfigProto":
            raise TypeError("config must be a tf.ConfigProto, but got %s" % type(config))
        target = target.decode() if isinstance(target, bytes) else target or ""
        if not isinstance(target, str):
            raise TypeError("target must be a string, but got %s" % type(target))
        server = resources_of(target)
        if server is None and target not in ("", "local"):
            raise _no_server(target, config)
        if server is not None and config is None:
            config = server.config
        self._target = target
        self._graph = graph if graph is not None else get_default_graph()
        self._config = config
        self._tier = _tier_of(config)
        self._timeout = config.operation_timeout_in_ms if config is not None else 0
        self._closed = False
        self._lock = threading.RLock()
        self._task = ("localhost", 0) if server is None else server.task
        self._was_reset = False
        if server is None or (config is not None and config.isolate_session_state):
            self._state = State()
        else:
            self._state = SessionState(server.state)
            server.sessions.add(self)
        self._prepared = {}  # what is fetched and fed -> _Prepared
        self._mutations = self._graph._mutations

    @property
    def graph(self):
        return self._graph

    @property
    def graph_def(self):
        """The graph as a `GraphDef`."""
        return self._graph.as_graph_def(add_shapes=False)

    @property
    def sess_str(self):
        return self._target.encode()

    def list_devices(self):
        """The devices that the session may use."""
        return [_Device(d.name, d.device_type, memory_of(d)) for d in devices.logical()]

    # --------------------------------------------------------------------------------------------------------- running

    def run(self, fetches, feed_dict=None, options=None, run_metadata=None):
        """Runs the operations that the fetches need and returns their values.

        Args:
          fetches: a tensor, an operation, the name of one, or any nesting of them in lists, tuples, named tuples and
            dictionaries.
          feed_dict: tensor (or its name, or a nested structure of tensors) -> the value to use in its place.
          options: a `RunOptions`: a limit of time; with a trace level the run takes the time of each operation.
          run_metadata: a `RunMetadata`, to which these times are added, and the graph if `options` asks for partition graphs.

        Returns:
          The values in the structure of `fetches`; None for an operation.  Arrays belong to the caller.

        Raises:
          RuntimeError: the session is closed, or the graph empty.
          TypeError, ValueError: fetches or feeds have the wrong type or shape, or belong to another graph.
          OpError: an operation failed.
        """
        kind = type(fetches)
        what = (kind, *fetches) if kind is list or kind is tuple else fetches
        key = (what, tuple(feed_dict)) if feed_dict else what
        try:
            prepared = self._prepared.get(key)
        except TypeError:  # lists in lists, or dictionaries, as monitored sessions fetch
            key = hashable(fetches, feed_dict)
            prepared = self._prepared.get(key)
        if prepared is None or self._mutations != self._graph._mutations:
            prepared = self._prepare(fetches, feed_dict or {}, key)
        if options is not None or run_metadata is not None or self._timeout:
            values = prepared.feeds.values(feed_dict) if feed_dict else ()
            return self._run_with_options(prepared, values, options, run_metadata)
        program, function, feeds, build = prepared
        values = feeds.values(feed_dict) if feed_dict else ()
        with np.errstate(all="ignore"):  # infinities and NaNs are values like others
            try:
                return build(function(*values))
            except Exception as e:
                error = program.failure(e)
                if error is e:
                    raise
                raise error from e

    def _run_with_options(self, prepared, values, options, run_metadata):
        _check_options(options, run_metadata)
        limit = options and options.timeout_in_ms or self._timeout
        if run_metadata is not None and options is not None:
            if options.output_partition_graphs:
                run_metadata.partition_graphs.add().CopyFrom(self._graph.as_graph_def())
            if options.trace_level:
                return self._run_timed(prepared, values, limit, run_metadata)
        run = prepared.program.run_on_numpy if limit else prepared.program.run  # a compiled program can't be interrupted
        with np.errstate(all="ignore"), deadline(limit):
            return prepared.build(run(values))

    def _run_timed(self, prepared, values, limit, run_metadata):
        """Runs over NumPy, whatever the tier, and takes the time of each operation."""
        program = TimedProgram(prepared.program.plan, self._state)
        try:
            with np.errstate(all="ignore"), deadline(limit):
                return prepared.build(program.run(values))
        finally:
            add_step_stats(program.notes, run_metadata)

    def _prepare(self, fetches, feed_dict, key):
        """Makes what a run with these fetches and fed keys needs, and keeps it."""
        self._check_open()
        with self._lock:
            if self._mutations != self._graph._mutations:
                self._prepared = {}
                self._mutations = self._graph._mutations
            wanted = Fetches(self._graph, fetches)
            feeds = Feeds(self._graph, feed_dict)
            plan = Plan(feeds.tensors, wanted.tensors, wanted.operations)
            check_places(plan.operations, *self._task)
            program = Runner(plan, self._state, self._tier)
            prepared = _Prepared(program, program.function, feeds, wanted.build)
            if key is not None:
                self._prepared[key] = prepared
            return prepared

    def _check_open(self):
        if self._was_reset:
            raise AbortedError(None, None, "Session %x is not found." % id(self))
        if self._closed:
            raise RuntimeError("Attempted to use a closed Session.")
        if not self._graph._nodes:
            raise RuntimeError("The Session graph is empty.  Add operations to the graph before calling run().")

    def make_callable(self, fetches, feed_list=None, accept_options=False):
        """A function that runs with fixed fetches and fed tensors, with less overhead than `run`.

        Args:
          fetches: as for `run`.
          feed_list: the tensors that the function's arguments are fed to.
          accept_options: whether the function takes `options` and `run_metadata`.

        Returns:
          A function of as many arguments as there are fed tensors.

        Raises:
          TypeError: `feed_list` is no list.
        """
        if feed_list is not None and not isinstance(feed_list, list | tuple):
            raise TypeError("`feed_list` must be a list or tuple.")
        keys = list(feed_list or ())
        prepared = self._prepare(fetches, dict.fromkeys(keys), None)
        feeders, program, build = prepared.feeds.feeders, prepared.program, prepared.build

        def call(*args, options=None, run_metadata=None):
            if len(args) != len(feeders):
                raise ValueError("The callable takes %d arguments but was given %d" % (len(feeders), len(args)))
            if self._closed:
                self._check_open()
            values = [feed(v) for feed, v in zip(feeders, args)]
            if options is not None or run_metadata is not None or self._timeout:
                return self._run_with_options(prepared, values, options, run_metadata)
            with np.errstate(all="ignore"):
                return build(program.run(values))

        if accept_options:
            return call
        return lambda *args: call(*args)

    def program(self, fetches, feed_dict=None):
        """The `Program` that `run` runs at first; its `source` shows what the graph really does.  Not in TensorFlow."""
        return self._prepare(fetches, dict.fromkeys(feed_dict or ()), None).program.program

    # ------------------------------------------------------------------------------------------------------- life time

    def close(self):
        """Ends the session: its variables are gone, and `run` raises RuntimeError from now on."""
        with self._lock:
            self._closed = True
            self._prepared = {}
            self._state.close()

    def abort(self):
        """Ends the session because its server was reset: `run` raises AbortedError from now on."""
        self._was_reset = True
        self.close()

    def as_default(self):
        """A context manager that makes this the default session, which `Tensor.eval` and `Operation.run` use."""
        return _DefaultSession(self)


def _no_server(target, config):
    """The error for a target that is no server in this process."""
    if target.startswith("grpc"):
        return NotYetError("Session(target=%r): Eagle runs graphs in this process only" % target)
    return NotFoundError(
        None, None, 'No session factory registered for the given session options: {target: "%s" config: %s} Registered factories '
        "are {DIRECT_SESSION, GRPC_SESSION}." % (target, "" if config is None else " ".join(str(config).split())))  # fmt: skip


def _tier_of(config):
    """The tier that a `ConfigProto` asks for by its level of just-in-time compilation, or else the default one."""
    level = config.graph_options.optimizer_options.global_jit_level if config is not None else 0
    return "xla" if level > 0 else "numpy" if level < 0 else default_tier()


class _DefaultSession:
    """The context manager of `Session.as_default`."""

    def __init__(self, session, nested=True):
        self._session, self._nested = session, nested

    def __enter__(self):
        here.sessions.append(self._session)
        return self._session

    def __exit__(self, *unused):
        if self._nested and here.sessions:
            if here.sessions[-1] is not self._session:
                raise AssertionError("Nesting violated for default stack of %s objects" % type(self._session))
            here.sessions.pop()
        elif self._session in here.sessions:
            here.sessions.remove(self._session)
        return False


def _check_options(options, run_metadata):
    if options is not None and type(options).__name__ != "RunOptions":
        raise TypeError("options must be a RunOptions proto, but got %s" % type(options))
    if run_metadata is not None and type(run_metadata).__name__ != "RunMetadata":
        raise TypeError("run_metadata must be a RunMetadata proto, but got %s" % type(run_metadata))


@export("Session")
class Session(BaseSession):
    """Runs the operations of a graph; as a context manager it is the default session and its graph the default graph.

    Args:
      target: `""` for this process.
      graph: the graph; by default the default graph.
      config: a `ConfigProto`.

    Raises:
      TypeError: an argument has the wrong type.
    """

    def __init__(self, target="", graph=None, config=None):
        super().__init__(target, graph, config)
        self._contexts = []

    def __enter__(self):
        """Makes the session the default one; raises RuntimeError if it was entered before and not left since."""
        if self._contexts:
            raise RuntimeError(
                "Session context managers are not re-entrant. Use `Session.as_default()` if you want to enter a session multiple "
                "times."
            )
        graph, session = self._graph.as_default(), self.as_default()
        graph.__enter__()
        session.__enter__()
        self._contexts.append((graph, session))
        return self

    def __exit__(self, exc_type, exc, trace):
        graph, session = self._contexts.pop()
        session.__exit__(exc_type, exc, trace)
        graph.__exit__(exc_type, exc, trace)
        self.close()
        return False

    @staticmethod
    def reset(target, containers=None, config=None):
        """Lets a server forget variables and other resources, and closes all its sessions.

        Args:
          target: the target of the server, which must be in this process.
          containers: the resource containers to clear; by default all.
          config: not used, as there are no connections.

        Raises:
          NotFoundError, NotYetError: there is no such server in this process.
        """
        target = target.decode() if isinstance(target, bytes) else target or ""
        server = resources_of(target)
        if server is None and target:
            raise _no_server(target, config)
        if server is None:
            raise NotYetError("Session.reset of the sessions that have no server")
        server.reset([c.decode() if isinstance(c, bytes) else c for c in containers] if containers else None)


@export("InteractiveSession")
class InteractiveSession(BaseSession):
    """A session that is the default one from the moment it is made, for shells and notebooks.

    Args:
      target, graph, config: as of `Session`.
    """

    _count_lock = threading.Lock()
    _active_session_count = 0

    def __init__(self, target="", graph=None, config=None):
        super().__init__(target, graph, config)
        self._count(1)
        self._default = _DefaultSession(self, nested=False)
        self._default.__enter__()
        self._own_graph = graph is not None
        if self._own_graph:
            self._graph_context = graph.as_default()
            self._graph_context.__enter__()

    @staticmethod
    def _count(change):
        """Counts the sessions that are open; warns of a second one."""
        with InteractiveSession._count_lock:
            if change > 0 and InteractiveSession._active_session_count:
                warnings.warn(
                    "An interactive session is already active. This can cause out-of-memory errors in some cases. You must "
                    "explicitly call `InteractiveSession.close()` to release resources held by the other session(s).",
                    stacklevel=3,
                )
            InteractiveSession._active_session_count += change

    def close(self):
        """Ends the session, and that it is the default one."""
        super().close()
        if self._default is not None:
            self._count(-1)
            self._default.__exit__(None, None, None)
            self._default = None
            if self._own_graph:
                self._graph_context.__exit__(None, None, None)
