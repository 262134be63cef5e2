"""What the current thread is doing: in which mode, on which graph, under which tapes.

`here` is the state of the calling thread.  `process.busy` is the one check on the eager hot path: it is 0 while every thread
just runs operations, and counts the reasons to look closer: graph mode as the default, graph contexts, recording tapes and
callbacks, in whatever thread.
"""

import contextlib
import threading

from .export import export


class _Process:
    """State that all threads share.

    Attributes:
      eager: the mode in which a thread starts.
      busy: the number of reasons why an eager operation may have to do more than run its kernel.  (With the interpreter lock
        `busy += 1` is atomic: no thread switch can happen inside it.)  A callback counts as `CALLBACK`, so that it can be told.
      get_default_graph, build_node: functions of graph.py and dispatch.py, on higher floors, put here when those load.
    """

    __slots__ = ("eager", "busy", "get_default_graph", "build_node")


CALLBACK = 1 << 20

process = _Process()
process.eager = False
process.busy = 1  # graph mode is the default


class _Thread(threading.local):
    """The state of one thread.

    Attributes:
      eager: whether operations run at once.
      tapes: the tapes that record now, a tuple.
      callbacks: functions of (op, args, outputs, attrs, name), called after every eager operation, a tuple.
      switches: the stack of context switches: the graph that became the default, or None for a switch to eager execution.
      graphs: the stack of default graphs (the graphs among `switches`).
      default_graph: the graph that serves when the stack is empty, or None until it is needed.
      sessions: the stack of default sessions.
      scope: the name scope of eager execution.
      device: the device scope of eager execution, or "".
      converted: in the trace of a function whether AutoGraph converts it; None outside of functions.
      trace: the `Trace` of the program that is being compiled, or None.
    """

    def __init__(self):
        self.tapes = ()
        self.callbacks = ()
        self.switches = []
        self.graphs = []
        self.default_graph = None
        self.sessions = []
        self.scope = ""
        self.device = ""
        self.converted = None
        self.trace = None
        self.eager = process.eager


here = _Thread()


@export("executing_eagerly", "contrib.eager.executing_eagerly", "contrib.eager.in_eager_mode")
def executing_eagerly():
    """Whether operations of the calling thread run at once."""
    return here.eager


class _Mode(contextlib.ContextDecorator):
    """Runs a block in one mode; the mode before comes back afterwards."""

    def __init__(self, eager):
        self._eager = eager
        self._before = []

    def __enter__(self):
        self._before.append(here.eager)
        here.switches.append(None if self._eager else process.get_default_graph())
        here.eager = self._eager
        process.busy += not self._eager

    def __exit__(self, *unused):
        process.busy -= not self._eager
        here.switches.pop()
        here.eager = self._before.pop()


@export("eager_mode")
def eager_mode():
    """A context manager (and decorator) in which operations run at once.  TensorFlow's public API has none."""
    return _Mode(True)


@export("graph_mode")
def graph_mode():
    """A context manager (and decorator) in which operations build the default graph.  TensorFlow's public API has none."""
    return _Mode(False)


@contextlib.contextmanager
def stop_recording():
    """A context manager in which no tape of this thread records."""
    before, here.tapes = here.tapes, ()
    try:
        yield
    finally:
        here.tapes = before


def set_default_mode(eager):
    """Sets the mode in which threads start, and that of the calling thread unless it is inside a graph's context."""
    process.busy += process.eager - eager
    process.eager = eager
    if not here.graphs:
        here.eager = eager
