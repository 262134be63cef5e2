"""The end of the process: threads that nobody waits for must not be inside of JAX then, whose frames they can't leave in peace."""

import atexit
import threading

_MOST_SECONDS = 20  # that the end waits


class _Inside:
    """A context manager for what a thread other than the main one does in JAX; when the process ends, none begins any more.

    A thread that is inside may enter again: a plan that can't be compiled as a whole runs its parts.
    """

    def __init__(self):
        self._changed = threading.Condition()
        self._depths = {}  # thread -> how often it has entered
        self._is_ending = self._is_watched = False

    def __enter__(self):
        with self._changed:
            if not self._is_watched:  # it may be this thread that loads JAX, and the process may end meanwhile
                self._is_watched = True
                atexit.register(self.end)
            thread = threading.get_ident()
            while self._is_ending and thread not in self._depths:
                self._changed.wait()
            self._depths[thread] = self._depths.get(thread, 0) + 1

    def __exit__(self, *unused):
        with self._changed:
            thread = threading.get_ident()
            self._depths[thread] -= 1
            if not self._depths[thread]:
                del self._depths[thread]
                if self._is_ending:
                    self._changed.notify_all()

    def end(self):
        """Waits until no thread is inside."""
        with self._changed:
            self._is_ending = True
            self._changed.wait_for(lambda: not self._depths, _MOST_SECONDS)


inside = _Inside()


def watch():
    """Has the end of the process wait; to be called when JAX is loaded, so that JAX's own clean-up comes after."""
    atexit.register(inside.end)
