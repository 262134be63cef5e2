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
            chunk = self._gather()
            if chunk:
                task = workers.pool().submit(_results, self._call, chunk)
                self._under_way.append((task, len(chunk), time.perf_counter() - start))

    def __next__(self):
        result = next(self._results, None)
        if result is None:
            result = self._next_chunk()
        if type(result) is not _Failure:
            return result
        if result.error is None:
            raise StopIteration
        raise result.error

    def _next_chunk(self):
        """Waits for a chunk; its first result."""
        self._submit()
        if not self._under_way:
            raise StopIteration
        task, count, gathering = self._under_way.popleft()
        results, seconds = task.result()
        each = (seconds + gathering) / count
        self._size = max(1, min(2 * self._size, self._MOST, int(self._SECONDS / max(each, 1e-9))))
        self._submit()
        self._results = iter(results)
        return next(self._results)


def _results(call, chunk):
    """The results of calls for some elements, and how long they took."""
    start = time.perf_counter()
    results = []
    for element in chunk:
        if type(element) is _Failure:
            results.append(element)
            continue
        try:
            results.append(call(element))
        except StopIteration:
            results.append(_Failure(None))
        except Exception as e:
            results.append(_Failure(e))
    return results, time.perf_counter() - start
