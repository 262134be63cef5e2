"""What operations keep between runs: variables, queues, random generators, ...

Eager execution has one `State`, each session its own.
"""

import threading


class State:
    """Resources by name, and slots for what single kernels keep.

    Attributes:
      resources: (container, name) -> a resource.
      lock: guards both dictionaries.
      node_name: None; of a `NodeState` the name of the operation that runs.
    """

    node_name = None

    def __init__(self):
        self.resources = {}
        self.lock = threading.RLock()
        self._slots = {}

    def resource(self, container, name, make):
        """The resource of this name, made by `make()` if there is none."""
        key = (container, name)
        found = self.resources.get(key)
        if found is None:
            with self.lock:
                found = self.resources.get(key)
                if found is None:
                    found = self.resources[key] = make()
        return found

    def slot(self, key, make):
        """What the kernel with this key keeps, made by `make()` at the first call."""
        found = self._slots.get(key)
        if found is None:
            with self.lock:
                found = self._slots.setdefault(key, make())
        return found

    def clear_slots(self):
        """Forgets what kernels keep."""
        with self.lock:
            self._slots.clear()

    def close(self):
        """Closes what can be closed (queues, for one) and forgets everything."""
        with self.lock:
            for thing in [*self.resources.values(), *self._slots.values()]:
                close = getattr(thing, "close", None)
                if close is not None:
                    close()
            self.clear()

    def clear(self, containers=None):
        """Forgets all resources, or those of some containers."""
        with self.lock:
            if containers is None:
                self.resources.clear()
                self._slots.clear()
            for key in [k for k in self.resources if containers and k[0] in containers]:
                del self.resources[key]


class NodeState:
    """A session's state as the kernel of one node sees it: its slot is the node's own."""

    __slots__ = ("_state", "node_name")

    def __init__(self, state, node_name):
        self._state = state
        self.node_name = node_name

    @property
    def resources(self):
        return self._state.resources

    @property
    def lock(self):
        return self._state.lock

    def resource(self, container, name, make):
        return self._state.resource(container, name or self.node_name, make)

    def slot(self, key, make):
        return self._state.slot(self.node_name, make)


eager_state = State()
