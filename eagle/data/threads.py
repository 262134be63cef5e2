"""Threads that work ahead: a `Prefetcher` for one iterator, an `OrderedMap` for calls of a function."""

import collections
import concurrent.futures
import itertools
import os
import queue
import threading
import weakref

import numpy as np

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
_END, _ERROR, _VALUE = range(3)
_names = itertools.count(1)


def quiet():
    """Infinities and NaNs are values like others, in every thread."""
    np.seterr(all="ignore")


class Prefetcher:
    """An iterator whose elements a thread of its own gets, up to `limit` of them ahead.

    The thread ends with the iterator, with its run, and with the process.
    """

    def __init__(self, upstream, limit, run):
        self._ready = queue.SimpleQueue()
        self._free = queue.SimpleQueue()
        self._upstream, self._limit = upstream, limit
        self._done = False
        self._thread = None
        weakref.finalize(self, self._free.put, True).atexit = False
        run.closes(self)

    def __iter__(self):
        return self

    def start(self):
        """Begins to work ahead, if the thread has not begun yet."""
        if self._thread is None:
            for _ in range(self._limit):
                self._free.put(False)
            self._thread = threading.Thread(
                target=_fill, args=(self._upstream, self._ready, self._free), name="prefetch-%d" % next(_names), daemon=True
            )
            self._upstream = None
            self._thread.start()
        return self

    def __next__(self):
        if self._done:
            raise StopIteration
        if self._thread is None:
            self.start()
        kind, value = self._ready.get()
        if kind == _END:
            self._done = True
            raise StopIteration
        self._free.put(False)
        if kind == _ERROR:
            raise value
        return value

    def close(self):
        """Lets the thread end; whoever waits for an element finds the end."""
        self._done = True
        self._free.put(True)
        self._ready.put((_END, None))


def _fill(upstream, ready, free):
    """What a prefetching thread does: an element for each free place, until it is told to end."""
    quiet()
    while not free.get():
        try:
            ready.put((_VALUE, next(upstream)))
        except StopIteration:
            ready.put((_END, None))
            return
        except Exception as e:
            ready.put((_ERROR, e))


class _Workers:
    """The threads that call functions, as many as processors, for all datasets; a forked process has its own."""

    def __init__(self):
        self._process = self._pool = None

    def pool(self):
        if self._process != os.getpid():
            self._process = os.getpid()
            self._pool = concurrent.futures.ThreadPoolExecutor(max(CORES, 2), "tf_data_map", quiet)
        return self._pool


workers = _Workers()


class OrderedMap:
    """An iterator of the results of a function for the elements of another, in their order, several calls at a time.

    Args:
      call: the function; StopIteration from it ends the iterator.
      upstream: the elements.
      limit: how many calls may be under way.
    """

    def __init__(self, call, upstream, limit):
        self._call, self._upstream, self._limit = call, upstream, limit
        self._under_way = collections.deque()
        self._exhausted = False

    def __iter__(self):
        return self

    def _submit(self):
        """Begins as many calls as are allowed."""
        pool = workers.pool()
        while len(self._under_way) < self._limit and not self._exhausted:
            try:
                element = next(self._upstream)
            except StopIteration:
                self._exhausted = True
            except Exception as e:
                failed = concurrent.futures.Future()
                failed.set_result((_ERROR, e))
                self._under_way.append(failed)
            else:
                self._under_way.append(pool.submit(_outcome, self._call, element))

    def __next__(self):
        self._submit()
        if not self._under_way:
            raise StopIteration
        kind, value = self._under_way.popleft().result()
        if kind == _VALUE:
            self._submit()
            return value
        if kind == _END:
            raise StopIteration
        raise value


def _outcome(call, element):
    try:
        return _VALUE, call(element)
    except StopIteration:
        return _END, None
    except Exception as e:
        return _ERROR, e
