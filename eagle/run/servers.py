"""Servers in this process: what is kept for the sessions whose target they are."""

import weakref

from ..core.state import State

_servers = {}  # target -> ServerResources


class ServerResources:
    """The variables and other resources that all sessions of a server share; they outlive the sessions.

    Args:
      target: what a session is given to become one of the server's.
      config: the `ConfigProto` of sessions that have none.
      task: the names of its job and the number of its task.
    """

    def __init__(self, target, config, task):
        self.config = config
        self.task = task
        self.state = State()
        self.sessions = weakref.WeakSet()
        _servers[target] = self

    def reset(self, containers=None):
        """Forgets resources, all or those of some containers, and closes all sessions."""
        for session in list(self.sessions):
            session.abort()
        self.state.clear(containers)


def resources_of(target):
    """The `ServerResources` of a target; None if no server in this process has it."""
    return _servers.get(target)


class SessionState(State):
    """The state of a session of a server: only what single kernels keep is its own.

    Args:
      shared: the `State` of the server.
    """

    def __init__(self, shared):
        super().__init__()
        self.resources = shared.resources
        self.lock = shared.lock

    def close(self):
        self.clear_slots()
