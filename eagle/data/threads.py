"""Threads that work ahead: a `Prefetcher` for one iterator, an `OrderedMap` for calls of a function."""

import collections
import concurrent.futures
import itertools
import os
import queue
import threading
import time
import weakref

import numpy as np

from ..core.errors import CancelledError

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
_END, _ERROR, _VALUE = range(3)
_MOST_THREADS = 1024
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
            arguments = self._upstream, self._limit, self._ready, self._free
            self._thread = threading.Thread(target=_fill, args=arguments, name="prefetch-%d" % next(_names), daemon=True)
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
        """Lets the thread end; whoever waits for an element gets a CancelledError."""
        self._done = True
        self._free.put(True)
        self._ready.put((_ERROR, CancelledError(None, None, "Operation was cancelled")))


def _fill(upstream, places, ready, free):
    """What a prefetching thread does: an element for each free place, until it is told to end.

    `free` tells of more places (False), and of the end (True).
    """
    quiet()
    while True:
        while not places or not free.empty():
            if free.get():
                return
            places += 1
        places -= 1
        try:
            ready.put((_VALUE, next(upstream)))
        except StopIteration:
            ready.put((_END, None))
            return
        except Exception as e:
            ready.put((_ERROR, e))


class _Workers:
    """The threads that call functions for all datasets, as many as there are calls at a time; a forked process has its own."""

    def __init__(self):
        self._process = self._pool = None

    def pool(self):
        if self._process != os.getpid():
            self._process = os.getpid()
            self._pool = concurrent.futures.ThreadPoolExecutor(_MOST_THREADS, "tf_data_map", quiet)
        return self._pool


workers = _Workers()


class _Failure:
    """Stands among results for a call that raised; an error of None ends the iterator."""

    __slots__ = ("error",)

    def __init__(self, error):
        self.error = error


class OrderedMap:
    """An iterator of the results of a function for the elements of another, in their order, several calls at a time.

    Quick calls are made in chunks, since waking a thread costs more than such a call.

    Args:
      call: the function; StopIteration from it ends the iterator.
      upstream: the elements.
      limit: how many calls may be under way, if each is worth a thread of its own.
    """

    _SECONDS = 0.002  # what a chunk should take
    _MOST = 128  # elements of a chunk

    def __init__(self, call, upstream, limit):
        self._call, self._upstream, self._limit = call, upstream, limit
        self._under_way = collections.deque()
        self._results = iter(())
        self._chunk = None  # the one whose results are being taken
        self._size = 1
        self._exhausted = False

    def __iter__(self):
        return self

    def _gather(self):
        """The next elements, and in the place of one that failed its error."""
        chunk, upstream = [], self._upstream
        for _ in range(self._size):
            try:
                chunk.append(next(upstream))
            except StopIteration:
                self._exhausted = True
                break
            except Exception as e:
                chunk.append(_Failure(e))
                break
        return chunk

    def _submit(self):
        """Begins as many calls as are allowed."""
        limit = self._limit if self._size == 1 else min(self._limit, CORES + 1)
        while len(self._under_way) < limit and not self._exhausted:
            start = time.perf_counter()
            elements = self._gather()
            if elements:
                chunk = _Chunk(self._call, elements, time.perf_counter() - start)
                chunk.task = workers.pool().submit(chunk.run)
                self._under_way.append(chunk)

    def __next__(self):
        result = next(self._results, None)
        if result is None:
            result = self._next_result()
        if type(result) is not _Failure:
            return result
        if result.error is None:
            raise StopIteration
        raise result.error

    def _next_result(self):
        """Waits for a chunk, or for the first results of one that takes long; the first of them."""
        if self._chunk is None:
            self._submit()
            if not self._under_way:
                raise StopIteration
            self._chunk = self._under_way.popleft()
        chunk = self._chunk
        results = chunk.wait()
        if chunk.is_taken:
            self._chunk = None
            self._size = max(1, min(2 * self._size, self._MOST, int(self._SECONDS / max(chunk.seconds_each(), 1e-9))))
            self._submit()
        self._results = iter(results)
        return next(self._results)


class _Chunk:
    """Calls for some elements, one after the other on one thread.

    Args:
      call: the function.
      elements: the elements; a `_Failure` is its own result.
      seconds: how long it took to get them.
    """

    _PATIENCE = 0.02  # seconds after which results are taken before all are there

    def __init__(self, call, elements, seconds):
        self._call, self._elements, self._seconds = call, elements, seconds
        self._results, self._taken = [], 0
        self.task = None

    def run(self):
        """Makes the calls."""
        start, call, add = time.perf_counter(), self._call, self._results.append
        for element in self._elements:
            if type(element) is _Failure:
                add(element)
                continue
            try:
                add(call(element))
            except StopIteration:
                add(_Failure(None))
            except Exception as e:
                add(_Failure(e))
        self._seconds += time.perf_counter() - start

    @property
    def is_taken(self):
        """Whether `wait` has given all results."""
        return self._taken == len(self._elements)

    def wait(self):
        """The results that were not given yet, at least one."""
        while True:
            try:
                self.task.result(self._PATIENCE)
            except concurrent.futures.TimeoutError:
                if len(self._results) == self._taken:
                    continue
            found = self._results[self._taken :]
            self._taken += len(found)
            return found

    def seconds_each(self):
        """How long an element took."""
        return self._seconds / len(self._elements)
