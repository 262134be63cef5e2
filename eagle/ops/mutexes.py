"""Mutexes: what one run holds, others wait for."""

import threading
import weakref

from ..core.dtypes import RESOURCE, VARIANT, Handle
from ..core.op import State, op


class Lock(Handle):
    """That a mutex is held: until the lock is consumed, or gone because the run that took it failed."""

    __slots__ = ("mutex", "thread", "__weakref__")
    dtype = VARIANT

    def __init__(self, mutex):
        self.mutex, self.thread = mutex, threading.get_ident()

    def release(self):
        self.mutex.free(self)

    def __del__(self):
        self.mutex.free(self)


class Mutex(Handle):
    """The value of a mutex's handle."""

    __slots__ = ("_condition", "_held")
    dtype = RESOURCE

    def __init__(self):
        self._condition = threading.Condition(threading.RLock())  # a lock may go while its thread waits here
        self._held = None

    def take(self):
        """Waits until nobody else holds the mutex; the lock.

        A thread never waits for itself: its runs are one after the other, so what it seems to hold is what a failed run left.
        """
        with self._condition:
            while self._holder() not in (None, threading.get_ident()):
                self._condition.wait()
            lock = Lock(self)
            self._held = weakref.ref(lock)
            return lock

    def _holder(self):
        lock = None if self._held is None else self._held()
        return None if lock is None else lock.thread

    def free(self, lock):
        """Lets go of a lock, if it is the one that holds."""
        with self._condition:
            if self._held is not None and self._held() in (None, lock):
                self._held = None
                self._condition.notify_all()


@op("MutexV2", host=True)
def mutex(xp, *, container="", shared_name="", state: State):
    return state.resource((container, "mutex"), shared_name or state.node_name, Mutex)


@mutex.shape
def _():
    return ()


@op("MutexLock", host=True)
def mutex_lock(xp, mutex):
    return mutex.take()


@mutex_lock.shape
def _(mutex):
    return ()


@op("ConsumeMutexLock", host=True)
def consume_mutex_lock(xp, mutex_lock):
    mutex_lock.release()


mutex.not_differentiable()
mutex_lock.not_differentiable()
consume_mutex_lock.not_differentiable()
