"""Data prepared ahead by threads or processes, in a queue."""

import abc
import contextlib
import gc
import itertools
import multiprocessing
import multiprocessing.pool
import os
import queue
import random
import signal
import threading
import time
import weakref

import numpy as np

from ...core.export import export

_numbers = itertools.count()
_pools = weakref.WeakSet()
_workers = set()  # the ids of processes


class _Shared:
    """What workers read from: number of an enqueuer -> sequence or generator; processes have copies of their own."""

    sources = {}
    workers = None  # a queue of the ids of processes, made when it is needed


def _worker_queue():
    if _Shared.workers is None:
        _Shared.workers = multiprocessing.Queue()
    return _Shared.workers


def _begin_worker(sources, seed, ids):
    _Shared.sources = sources
    process = multiprocessing.current_process()
    process.name = "Keras_worker_" + process.name
    if seed is not None:
        np.random.seed(seed + process.ident)
    ids.put(process.ident, block=True, timeout=0.1)


def _item(number, index):
    return _Shared.sources[number][index]


def _next(number):
    return next(_Shared.sources[number])


@export("keras.utils.SequenceEnqueuer")
class SequenceEnqueuer(abc.ABC):
    """The base of those that prepare data ahead; subclasses have `_run`, which fills the queue, and `get`.

    Args:
      sequence: a `Sequence` or a generator.
      use_multiprocessing: whether processes prepare the data; by default threads do.
    """

    random_seed = None

    def __init__(self, sequence, use_multiprocessing=False):
        self.sequence = sequence
        self.use_multiprocessing = use_multiprocessing
        self.uid = next(_numbers)
        self.workers = 0
        self.queue = self.run_thread = self.stop_signal = None

    def is_running(self):
        """Whether it was started and not stopped."""
        return self.stop_signal is not None and not self.stop_signal.is_set()

    def start(self, workers=1, max_queue_size=10):
        """Starts.

        Args:
          workers: how many threads or processes there are.
          max_queue_size: how far they run ahead.
        """
        self.workers = workers
        self.queue = queue.Queue(max_queue_size)
        self.stop_signal = threading.Event()
        self.run_thread = threading.Thread(target=self._run, daemon=True)
        self.run_thread.start()

    def _executor(self):
        if not self.use_multiprocessing:
            return multiprocessing.pool.ThreadPool(self.workers)
        arguments = (_Shared.sources, self.random_seed, _worker_queue())
        pool = multiprocessing.get_context("fork").Pool(self.workers, initializer=_begin_worker, initargs=arguments)
        _pools.add(pool)
        return pool

    def _send_sequence(self):
        _Shared.sources[self.uid] = self.sequence

    def stop(self, timeout=None):
        """Stops, and waits for the end.

        Args:
          timeout: how many seconds at most, or None.
        """
        self.stop_signal.set()
        with self.queue.mutex:
            self.queue.queue.clear()
            self.queue.unfinished_tasks = 0
            self.queue.not_full.notify()
        self.run_thread.join(timeout)
        _Shared.sources[self.uid] = None

    def _results(self):
        """What comes out of the queue, without None."""
        while self.is_running():
            found = self.queue.get(block=True).get()
            self.queue.task_done()
            if found is not None:
                yield found

    @abc.abstractmethod
    def _run(self):
        """Fills the queue with results to come, until it is stopped."""

    @abc.abstractmethod
    def get(self):
        """A generator of the data."""


@export("keras.utils.OrderedEnqueuer")
class OrderedEnqueuer(SequenceEnqueuer):
    """The batches of a `Sequence`, again and again, in order.

    Args:
      sequence: the `Sequence`.
      use_multiprocessing: whether processes prepare the data.
      shuffle: whether batches come in another order each time.
    """

    def __init__(self, sequence, use_multiprocessing=False, shuffle=False):
        super().__init__(sequence, use_multiprocessing)
        self.shuffle = shuffle

    def _run(self):
        order = list(range(len(self.sequence)))
        self._send_sequence()
        while True:
            if self.shuffle:
                random.shuffle(order)
            with contextlib.closing(self._executor()) as executor:
                for i in order:
                    if self.stop_signal.is_set():
                        return
                    self.queue.put(executor.apply_async(_item, (self.uid, i)), block=True)
                while self.queue.unfinished_tasks and not self.stop_signal.is_set():
                    time.sleep(0.02)
                if self.stop_signal.is_set():
                    return
            self.sequence.on_epoch_end()
            self._send_sequence()

    def get(self):
        """A generator of the batches."""
        try:
            yield from self._results()
        except Exception:
            self.stop()
            raise


@export("keras.utils.GeneratorEnqueuer")
class GeneratorEnqueuer(SequenceEnqueuer):
    """What a generator gives.

    Args:
      sequence: the generator; with several threads it must allow that, with several processes each has its own copy.
      use_multiprocessing: whether processes run it.
      random_seed: what NumPy's global generator is seeded with in processes, with the number of the process added.
    """

    def __init__(self, sequence, use_multiprocessing=False, random_seed=None):
        super().__init__(sequence, use_multiprocessing)
        self.random_seed = random_seed

    def _run(self):
        self._send_sequence()
        with contextlib.closing(self._executor()) as executor:
            while not self.stop_signal.is_set():
                self.queue.put(executor.apply_async(_next, (self.uid,)), block=True)

    def get(self):
        """A generator of the data, which ends when the given one does; raises RuntimeError if two threads run it at once."""
        results = self._results()
        try:
            while True:
                try:
                    found = next(results)
                except StopIteration:
                    return
                except RuntimeError as e:  # how a StopIteration leaves a generator
                    if isinstance(e.__cause__, StopIteration):
                        break
                    raise
                yield found
        except Exception as e:
            self.stop()
            if "generator already executing" in str(e):
                raise RuntimeError(
                    "Your generator is NOT thread-safe. Keras requires a thread-safe generator when `use_multiprocessing=False, "
                    "workers > 1`. "
                ) from e
            raise
        yield from self._last_ones()

    def _last_ones(self):
        """What other workers had got before the generator ended."""
        futures = []
        while self.queue.qsize() > 0:
            futures.append(self.queue.get(block=True))
        for future in futures:
            future.wait()
        yield from (x for x in (f.get() for f in futures if f.successful()) if x is not None)


@export("keras.experimental.terminate_keras_multiprocessing_pools")
def terminate_keras_multiprocessing_pools(grace_period=0.1, use_sigkill=False):
    """Ends the processes that prepare data.

    Args:
      grace_period: how many seconds to wait for each.
      use_sigkill: whether those that don't end are killed.

    Returns:
      A list of texts: what did not work.
    """
    gc.collect()
    for pool in list(_pools):
        pool.close()
        pool.terminate()
    ways = [signal.SIGTERM, *([signal.SIGKILL] if use_sigkill else [])]
    with contextlib.suppress(queue.Empty):
        while _Shared.workers is not None:
            _workers.add(_Shared.workers.get_nowait())
    for way in ways:
        for worker in _alive():
            with contextlib.suppress(OSError):
                os.kill(worker.pid, way)
            worker.join(timeout=grace_period)
    errors = [f"worker still alive: {w.name}, pid={w.pid}, hash={hash(w)}" for w in _alive()]
    _workers.clear()
    gc.collect()
    return errors


def _alive():
    return [w for w in multiprocessing.active_children() if w.ident in _workers and w.is_alive()]
