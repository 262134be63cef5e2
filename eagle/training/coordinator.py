"""`tf.train.Coordinator`: lets threads stop together."""

import contextlib
import sys
import threading
import time

from ..core.compat import as_str_any
from ..core.errors import OutOfRangeError
from ..core.export import export
from ..platform import tf_logging


@export("train.Coordinator")
class Coordinator:
    """Stops threads together, and raises in the main thread what one of them raised.

    Args:
      clean_stop_exception_types: exceptions that only mean that there is nothing more to do; by default `OutOfRangeError`.
    """

    def __init__(self, clean_stop_exception_types=None):
        if clean_stop_exception_types is None:
            clean_stop_exception_types = (OutOfRangeError,)
        self._clean_stop_exception_types = tuple(clean_stop_exception_types)
        self._lock = threading.Lock()
        self._stop_event = threading.Event()
        self._exc_info_to_raise = None
        self._joined = False
        self._registered_threads = set()

    def request_stop(self, ex=None):
        """Asks the threads to stop.

        Args:
          ex: None, an exception, or what `sys.exc_info()` gives: `join` raises it, unless it means a clean stop.
        """
        with self._lock:
            error = ex[1] if isinstance(ex, tuple) else ex
            if isinstance(error, self._clean_stop_exception_types):
                ex = None
            if self._joined and ex is not None:
                _reraise(ex if isinstance(ex, tuple) else sys.exc_info())
            if self._stop_event.is_set():
                return
            if ex and self._exc_info_to_raise is None:
                self._exc_info_to_raise = _reported(ex)
            self._stop_event.set()

    def clear_stop(self):
        """Lets threads run again after a stop."""
        with self._lock:
            self._joined = False
            self._exc_info_to_raise = None
            self._stop_event.clear()

    def should_stop(self):
        """Whether a stop was asked for."""
        return self._stop_event.is_set()

    @contextlib.contextmanager
    def stop_on_exception(self):
        """A context manager that asks for a stop when its block raises, and keeps the exception for `join`."""
        try:
            yield
        except BaseException:
            self.request_stop(ex=sys.exc_info())

    def wait_for_stop(self, timeout=None):
        """Waits until a stop is asked for, or for `timeout` seconds; whether it is."""
        return self._stop_event.wait(timeout)

    def register_thread(self, thread):
        """Makes `join` wait for a thread."""
        with self._lock:
            self._registered_threads.add(thread)

    def join(self, threads=None, stop_grace_period_secs=120, ignore_live_threads=False):
        """Waits until threads have ended.

        Args:
          threads: threads besides those that were registered.
          stop_grace_period_secs: for how long they may go on after a stop was asked for.
          ignore_live_threads: whether it is no error if some of them are still there then.

        Raises:
          RuntimeError: some are still there.
          Exception: what one of them reported.
        """
        with self._lock:
            threads = list(self._registered_threads.union(threads or ()))
        while any(t.is_alive() for t in threads) and not self.wait_for_stop(1.0):
            pass
        pause = 0.001
        while any(t.is_alive() for t in threads) and stop_grace_period_secs >= 0.0:
            time.sleep(pause)
            stop_grace_period_secs -= pause
            pause = max(min(2 * pause, stop_grace_period_secs), 0.001)
        left = " ".join(t.name for t in threads if t.is_alive())
        with self._lock:
            self._joined = True
            self._registered_threads = set()
            if self._exc_info_to_raise:
                _reraise(self._exc_info_to_raise)
            elif left and ignore_live_threads:
                tf_logging.info("Coordinator stopped with threads still running: %s", left)
            elif left:
                raise RuntimeError("Coordinator stopped with threads still running: %s" % left)

    @property
    def joined(self):
        """Whether `join` is done."""
        return self._joined

    def raise_requested_exception(self):
        """Raises what was reported with the request to stop, if anything."""
        with self._lock:
            if self._exc_info_to_raise:
                _reraise(self._exc_info_to_raise)


def _reraise(exc_info):
    raise exc_info[1].with_traceback(exc_info[2])


def _reported(ex):
    """What to raise later for an exception that was reported."""
    if isinstance(ex, tuple):
        tf_logging.info("Error reported to Coordinator: %s", as_str_any(ex[1]), exc_info=ex)
        found = ex
    else:
        tf_logging.info("Error reported to Coordinator: %s, %s", type(ex), as_str_any(ex))
        found = sys.exc_info()
    if len(found) == 3 and found[0] and found[1]:
        return found
    try:
        raise ValueError("ex must be a tuple or sys.exc_info must return the current exception: %s" % (found,))
    except ValueError:
        return sys.exc_info()


@export("train.LooperThread")
class LooperThread(threading.Thread):
    """A thread that does something again and again until a coordinator stops.

    Args:
      coord: the `Coordinator`.
      timer_interval_secs: the seconds between two times; None for no pause.
      target: what to do; by default the method `run_loop` of a subclass.
      args, kwargs: its arguments.

    Raises:
      ValueError: `coord` is no coordinator, or there are arguments for no function.
    """

    def __init__(self, coord, timer_interval_secs, target=None, args=None, kwargs=None):
        if not isinstance(coord, Coordinator):
            raise ValueError("'coord' argument must be a Coordinator: %s" % coord)
        super().__init__()
        self.daemon = True
        self._coord = coord
        self._timer_interval_secs = timer_interval_secs
        if target is None and (args or kwargs):
            raise ValueError("'args' and 'kwargs' argument require that you also pass 'target'")
        self._target, self._args, self._kwargs = target, args or (), kwargs or {}
        coord.register_thread(self)

    @staticmethod
    def loop(coord, timer_interval_secs, target, args=None, kwargs=None):
        """Starts such a thread; it is returned."""
        looper = LooperThread(coord, timer_interval_secs, target=target, args=args, kwargs=kwargs)
        looper.start()
        return looper

    def run(self):
        with self._coord.stop_on_exception():
            self.start_loop()
            if self._timer_interval_secs is None:
                while not self._coord.should_stop():
                    self.run_loop()
            else:
                next_time = time.time()
                while not self._coord.wait_for_stop(next_time - time.time()):
                    next_time += self._timer_interval_secs
                    self.run_loop()
            self.stop_loop()

    def start_loop(self):
        """Called before the first time; for subclasses."""

    def stop_loop(self):
        """Called after the last time; for subclasses."""

    def run_loop(self):
        """Called each time."""
        if self._target:
            self._target(*self._args, **self._kwargs)
