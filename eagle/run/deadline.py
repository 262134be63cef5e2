"""Runs with a time limit: `RunOptions.timeout_in_ms` and `ConfigProto.operation_timeout_in_ms`."""

import contextlib
import ctypes
import threading

from ..core.errors import DeadlineExceededError


class _Expired(BaseException):
    """Raised in a thread whose time is over."""


@contextlib.contextmanager
def deadline(milliseconds):
    """A context manager whose block is ended by DeadlineExceededError when it takes longer; 0 is no limit.

    The error comes between two operations, never in the middle of one.
    """
    if not milliseconds:
        yield
        return
    thread, lock, done = threading.get_ident(), threading.Lock(), threading.Event()

    def expire():
        with lock:
            if not done.is_set():
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(_Expired))

    timer = threading.Timer(milliseconds / 1000, expire)
    timer.daemon = True
    timer.start()
    try:
        yield
        with lock:
            done.set()
        timer.cancel()
    except _Expired:
        raise DeadlineExceededError(None, None, "Timed out waiting for notification") from None
    finally:
        timer.cancel()
