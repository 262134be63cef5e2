"""Which strategy is in force, and whether the program speaks for one replica or for all of them.

A graph keeps a stack of modes; the threads that run replicas have stacks of their own.
"""

import threading

from ..core.export import export, resolve
from ..core.graph import get_default_graph


class Mode:
    """A strategy, and the replica (a `ReplicaContext`) that the program is in; None where it speaks for all replicas."""

    __slots__ = ("strategy", "replica")

    def __init__(self, strategy, replica=None):
        self.strategy = strategy
        self.replica = replica


class _Thread(threading.local):
    """The state of one thread.

    Attributes:
      stacks: None, or in a thread that runs a replica: graph -> its stack of modes in this thread.
      updating: None, or the number of the replica whose copies of variables are being changed.
    """

    stacks = updating = None


thread = _Thread()


class _Process:
    """What all threads share.

    Attributes:
      entered: whether a mode was ever entered; until then nobody has to look for one, as optimizers do at every step.
    """

    entered = False


def _stack(graph):
    if thread.stacks is not None:
        return thread.stacks.setdefault(graph, [])
    found = graph.__dict__.get("_strategies")
    if found is None:
        found = graph._strategies = []
    return found


def push(mode):
    """Lets a mode be in force in the default graph."""
    _Process.entered = True
    _stack(get_default_graph()).append(mode)


def pop():
    """Ends the mode in force."""
    _stack(get_default_graph()).pop()


def current():
    """The mode in force, if the program entered one: that of the default graph, in the body of a function that around it."""
    if not _Process.entered:
        return None
    graph = get_default_graph()
    while graph is not None:
        stack = _stack(graph)
        if stack:
            return stack[-1]
        graph = getattr(graph, "outer_graph", None)
    return None


def default_mode():
    """The mode where no strategy was chosen: the one replica of the default strategy."""
    return resolve("python.distribute.distribution_strategy_context._default_mode")


def mode():
    """The mode in force."""
    return current() or default_mode()


@export("distribute.get_strategy", "contrib.distribute.get_strategy", "contrib.distribute.get_distribution_strategy",
        "python.distribute.distribution_strategy_context.get_strategy")  # fmt: skip
def get_strategy():
    """The strategy in force: that of the innermost `strategy.scope()`, or the default one, which has a single replica."""
    return mode().strategy


@export("distribute.has_strategy", "contrib.distribute.has_strategy", "contrib.distribute.has_distribution_strategy",
        "python.distribute.distribution_strategy_context.has_strategy")  # fmt: skip
def has_strategy():
    """Whether another strategy than the default one is in force."""
    found = current()
    return found is not None and found.strategy is not default_mode().strategy


@export("distribute.get_replica_context", "contrib.distribute.get_replica_context",
        "python.distribute.distribution_strategy_context.get_replica_context")  # fmt: skip
def get_replica_context():
    """The `ReplicaContext` of the replica that the program speaks for; None where it speaks for all of them."""
    return mode().replica


@export("distribute.in_cross_replica_context", "contrib.distribute.in_cross_replica_context",
        "python.distribute.distribution_strategy_context.in_cross_replica_context")  # fmt: skip
def in_cross_replica_context():
    """Whether the program speaks for all replicas."""
    found = current()
    return found is not None and found.replica is None


@export("contrib.distribute.get_cross_replica_context")
def get_cross_replica_context():
    """The strategy in force where the program speaks for all replicas, else None."""
    found = current()
    return found.strategy if found is not None and found.replica is None else None


@export("distribute.experimental_set_strategy")
def experimental_set_strategy(strategy):
    """Lets a strategy be in force from now on, without a `with` statement.

    Args:
      strategy: the strategy; None for the default one.

    Raises:
      RuntimeError: the program is inside a `strategy.scope()`.
    """
    graph = get_default_graph()
    scope = graph.__dict__.pop("_strategy_scope", None)
    if scope is not None:
        scope.__exit__(None, None, None)
    if has_strategy():
        raise RuntimeError("Must not be called inside a `tf.distribute.Strategy` scope.")
    if strategy is not None:
        scope = strategy.scope()
        scope.__enter__()
        graph._strategy_scope = scope


# ------------------------------------------------------------------------------------- whether a call is allowed where it stands


def require_cross_replica(extended):
    """Raises RuntimeError unless the program speaks for all replicas of a strategy, or for the default one's only replica."""
    found = current()
    if found is None or found.replica is None and found.strategy.extended is extended:
        return
    strategy = extended._container_strategy()
    if found.strategy is not strategy:
        raise wrong_strategy(strategy)
    raise RuntimeError("Method requires being in cross-replica context, use get_replica_context().merge_call()")


@export("contrib.distribute.require_replica_context")
def require_replica_context(replica_ctx):
    """Raises RuntimeError unless the program speaks for this replica."""
    found = mode()
    if found.replica is replica_ctx:
        return
    if found.replica is None:
        raise RuntimeError("Need to be inside `call_for_each_replica()`")
    if found.strategy is replica_ctx.strategy:
        raise RuntimeError("Mismatching ReplicaContext.")
    raise RuntimeError("Mismatching tf.distribute.Strategy objects: %s is not %s." % (found.strategy, replica_ctx.strategy))


def require_strategy(strategy):
    """Raises RuntimeError unless a strategy is in force."""
    if mode().strategy is not strategy:
        raise wrong_strategy(strategy)


def wrong_strategy(strategy):
    """The error where a strategy is not in force."""
    if not has_strategy():
        return RuntimeError('Need to be inside "with strategy.scope()" for %s' % (strategy,))
    return RuntimeError("Mixing different tf.distribute.Strategy objects: %s is not %s" % (mode().strategy, strategy))


@export("contrib.distribute.UpdateContext")
class UpdateContext:
    """A context manager in which the copies of variables that belong to one replica are being changed.

    Args:
      device: the number of the replica.
    """

    def __init__(self, device):
        self._device = device

    def __enter__(self):
        self._before, thread.updating = thread.updating, self._device

    def __exit__(self, *unused):
        thread.updating = self._before
