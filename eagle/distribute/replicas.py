"""Runs a function for several replicas, one after the other, each in a thread.

A replica that calls `merge_call` stops there until all others have come as far; then the function that they want to be called
is called once, for all, and they go on.
"""

import re
import threading

from ..core.context import here
from ..core.convert import convert
from ..core.graph import get_default_graph
from ..core.scopes import NOTHING, control_dependencies, device, name_scope
from ..variables.scope import get_variable_scope, variable_creator_scope, variable_scope
from . import context
from .strategy import ReplicaContext
from .values import regroup, select_replica

_STATE = ("eager", "switches", "graphs", "default_graph", "sessions", "scope", "device", "converted", "callbacks")


class _Stopped(Exception):
    """A replica ends because another one failed."""


class _Replica(threading.Thread):
    """The thread of one replica.

    Args:
      strategy: the strategy.
      number: which of the replicas it is.
      device: the name of its device.
      creator: what makes variables in this replica.
      call: a function without arguments: what the replica does.
    """

    def __init__(self, strategy, number, device, creator, call):
        super().__init__(daemon=True, name="replica_%d" % number)
        self._strategy, self._number, self._device, self._creator, self._call = strategy, number, device, creator, call
        self.result = self.error = self.wanted = self.merged = None
        self.done = self.stops = False
        self._may_run, self._has_paused = threading.Event(), threading.Event()
        self._state = {name: getattr(here, name) for name in _STATE}
        self.graph = get_default_graph()
        self._creators = list(self.graph._variable_creators)
        self._variable_scope = get_variable_scope()
        scope = here.scope if here.eager else self.graph.get_name_scope()
        self._name_scope = scope + "/" if scope and scope[-1] != "/" else scope
        if number:
            self._name_scope += "replica_%d/" % number

    def advance(self):
        """Lets the replica run until it waits for the others or is done."""
        self._may_run.set()
        self._has_paused.wait()
        self._has_paused.clear()

    def run(self):
        self._may_run.wait()
        self._may_run.clear()
        try:
            if not self.stops:
                self._run()
        except _Stopped:
            pass
        except BaseException as e:
            self.error = e
        finally:
            self.done = True
            self._has_paused.set()

    def _run(self):
        for name, value in self._state.items():
            setattr(here, name, list(value) if isinstance(value, list) else value)
        context.thread.stacks = {}
        self.graph._variable_creators = self._creators
        replica = _ReplicaInThread(self._strategy, convert(self._number), self._number, self)
        reuse = True if self._number and not here.eager else None
        with (
            replica,
            device(self._device),
            name_scope(self._name_scope or None),
            variable_scope(self._variable_scope, reuse=reuse),
            variable_creator_scope(self._creator),
        ):
            self.result = self._call()

    def wait_for_others(self, merge_fn, args, kwargs):
        """Stops until the others want to call a function together, too; what it gives."""
        if get_default_graph() is not self.graph:
            raise RuntimeError(
                "`merge_call` called while defining a new graph or a tf.function. This can often happen if the function `fn` "
                "passed to `strategy.experimental_run()` is decorated with `@tf.function` (or contains a nested `@tf.function`), "
                "and `fn` contains a synchronization point, such as aggregating gradients. This behavior is not yet supported. "
                "Instead, please wrap the entire call `strategy.experimental_run(fn)` in a `@tf.function`, and avoid nested "
                "`tf.function`s that may potentially cross a synchronization boundary."
            )
        scope = here.scope if here.eager else self.graph.get_name_scope()
        self.name_scope = scope + "/" if scope and scope[-1] != "/" else scope or None
        self.variable_scope = get_variable_scope()
        self.control = set() if here.eager else self.graph._current_control_dependencies()
        self.wanted = merge_fn, args, kwargs
        self._has_paused.set()
        self._may_run.wait()
        self._may_run.clear()
        if self.stops:
            raise _Stopped()
        return self.merged


class _ReplicaInThread(ReplicaContext):
    """One of several replicas; see `ReplicaContext`."""

    def __init__(self, strategy, replica_id, number, thread):
        super().__init__(strategy, replica_id, number)
        self._thread = thread

    def _merge_call(self, merge_fn, args, kwargs):
        return self._thread.wait_for_others(merge_fn, args, kwargs)

    @property
    def devices(self):
        context.require_replica_context(self)
        return (self._strategy.extended.worker_devices[self._number],)


class _SharedVariables:
    """What lets the other replicas have the variables that the first one made: the n-th of each name is the same for all."""

    def __init__(self):
        self._made = {}

    def creator(self, number):
        """What makes variables in a replica."""
        if number == 0:
            return self._make
        taken = {}

        def reuse(next_creator, **kwargs):
            name = _plain_name(kwargs.get("name"))
            index = taken.get(name, 0)
            taken[name] = index + 1
            found = self._made.get(name, [])
            if index >= len(found):
                raise RuntimeError("Tried to create variable %s with mismatching name on device %d" % (kwargs.get("name"), number))
            return found[index]

        return reuse

    def _make(self, next_creator, **kwargs):
        made = next_creator(**kwargs)
        self._made.setdefault(_plain_name(kwargs.get("name")), []).append(made)
        return made


def _plain_name(name):
    """A name without the numbers that make parts of it unique."""
    return "Variable" if name is None else re.sub(r"_\d$", "", re.sub(r"_\d/", "/", name))


def call_for_each(strategy, devices, fn, args, kwargs):
    """Calls a function for each of several replicas; see `Strategy.experimental_run_v2`."""
    get_default_graph().switch_to_thread_local()
    shared = _SharedVariables()
    replicas = [
        _Replica(strategy, i, d, shared.creator(i), _bound(fn, select_replica(i, args), select_replica(i, kwargs)))
        for i, d in enumerate(devices)
    ]
    for r in replicas:
        r.start()
    try:
        while not all(r.done for r in replicas):
            for r in replicas:
                r.advance()
                if r.error is not None:
                    raise r.error
            if any(r.done for r in replicas):
                if all(r.done for r in replicas):
                    break
                raise RuntimeError("Some replicas made a different number of replica_context().merge_call() calls.")
            _merge(strategy, devices, replicas)
    finally:
        for r in replicas:
            if not r.done:
                r.stops = True
                r.advance()
            r.join()
    return regroup(devices, tuple(r.result for r in replicas))


def _bound(fn, args, kwargs):
    return lambda: fn(*args, **kwargs)


def _merge(strategy, devices, replicas):
    """Calls the function that all replicas wait for, and gives each what is its part of the result."""
    first = replicas[0]
    args = regroup(devices, tuple(r.wanted[1] for r in replicas))
    kwargs = regroup(devices, tuple(r.wanted[2] for r in replicas))
    waits = control_dependencies(list(set().union(*(r.control for r in replicas)))) if not here.eager else NOTHING
    with name_scope(first.name_scope), waits, variable_scope(first.variable_scope):
        found = first.wanted[0](strategy, *args, **kwargs)
    for i, r in enumerate(replicas):
        r.merged = select_replica(i, found)
