"""Datasets that hold elements back: prefetched, cached, shuffled; and random numbers."""

import itertools
import os
import threading

import numpy as np

from ..core.errors import AlreadyExistsError, OpError, invalid
from ..ops.philox import Generator, words
from ..platform.bundle_index import corrupt, has_bundle, index_name
from ..platform.bundle_reader import BundleReader
from ..platform.bundle_writer import BundleWriter
from ..platform.gfile import Translated
from .dataset_op import dataset_op
from .flow import ARRANGING
from .running import INFINITE, UNKNOWN, DatasetValue, Unary
from .threads import Prefetcher

_DEPTH = 2  # how many elements are prefetched if that is left to us


class Prefetch(Unary):
    """The elements of a dataset, of which a thread gets some in advance."""

    __slots__ = ("limit",)

    def __init__(self, input, limit):
        super().__init__(input)
        self.limit = limit

    def iterate(self, run, place):
        upstream = self.upstream(run, place)
        return Prefetcher(upstream, self.limit, run) if self.limit else upstream

    def size(self):
        return self.input.size()


@dataset_op("PrefetchDataset", ignores=("slack_period", "legacy_autotune"))
def _prefetch(xp, input_dataset, buffer_size):
    if buffer_size < -1:
        raise invalid("buffer_size must be >= 0 or set buffer_size to be %d for auto-tuning", -1)
    return Prefetch(input_dataset, _DEPTH if buffer_size == -1 else int(buffer_size))


# ------------------------------------------------------------------------------------------------------------ shuffling


_AT_ONCE = 256  # blocks of four random numbers


def random_words(seed, seed2):
    """An iterator of the 32-bit numbers of a stream, without end."""
    generator = Generator(seed, seed2)

    def block():
        return np.stack(words(np, generator.reserve(_AT_ONCE), _AT_ONCE), 1).ravel().tolist()

    return itertools.chain.from_iterable(iter(block, None))


class SeedGenerator:
    """The seeds of one epoch after the other."""

    def __init__(self, seed, seed2):
        self._words = random_words(seed, seed2)
        self._lock = threading.Lock()

    def next(self):
        with self._lock:
            return next(self._words), next(self._words)


class Shuffle(Unary):
    """The elements of a dataset in an order of chance, `limit` of them held back; `epochs` times over (-1: always)."""

    __slots__ = ("limit", "seeds", "again", "epochs")

    def __init__(self, input, limit, seeds, again, epochs=1):
        super().__init__(input)
        self.limit, self.seeds, self.again, self.epochs = limit, seeds, again, epochs

    def iterate(self, run, place):
        seeds = self.seeds
        if self.again:
            seeds = run.keep(place + "Shuffle::Seeds", lambda: SeedGenerator(*self.seeds)).next()
        return _Shuffled(self, run, place, random_words(*seeds))

    def size(self):
        size = self.input.size()
        return INFINITE if self.epochs < 0 or size == INFINITE else size if size == UNKNOWN else size * self.epochs


class _Shuffled:
    """A ring of elements, of which any of the oldest epoch's is given and replaced by the first of these."""

    _MOST_EPOCHS = 3

    def __init__(self, dataset, run, place, numbers):
        self._dataset, self._run, self._place, self._numbers = dataset, run, place, numbers
        self._ring = [None] * min(dataset.limit, 1024)
        self._parts = [[0, 0]]  # for each epoch in the ring where it begins and ends
        self._held = self._epoch = 0
        self._upstream = None
        self._begun = False
        self._is_steady = False  # whether the ring is full, all of one epoch
        self._first = 0  # where in a steady ring the oldest element is

    def __iter__(self):
        return self

    def _begin(self):
        self._upstream = self._dataset.upstream(self._run, self._place)

    def _read(self):
        """The next element, or None after the last epoch."""
        dataset = self._dataset
        first, self._begun = not self._begun, True
        if first:
            self._begin()
        while dataset.epochs < 0 or self._epoch < dataset.epochs:
            for element in self._upstream:
                return element
            if first and dataset.epochs < 0:
                break
            self._epoch += 1
            end = self._parts[-1][1]
            self._parts.append([end, end])
            self._begin()
        self._upstream = None
        return None

    def _fill(self):
        limit = self._dataset.limit
        while (self._upstream is not None or not self._begun) and self._held < limit:
            element = self._read()
            if element is not None:
                at = self._parts[-1][1] % limit
                if at >= len(self._ring):
                    self._ring += [None] * min(len(self._ring), limit - len(self._ring))
                self._ring[at] = element
                self._held += 1
                self._parts[-1][1] += 1
            if len(self._parts) > self._MOST_EPOCHS:
                return

    def __next__(self):
        if self._is_steady:
            try:
                element = next(self._upstream)
            except StopIteration:
                self._is_steady = False
                self._parts[0][:] = self._first, self._first + self._held
            else:
                ring, first = self._ring, self._first
                ring[first - 1] = element
                at = (first + next(self._numbers)) % len(ring)
                element, ring[at], ring[first] = ring[at], ring[first], None
                self._first = (first + 1) % len(ring)
                return element
        self._fill()
        if not self._held:
            raise StopIteration
        while self._parts[0][0] == self._parts[0][1]:
            del self._parts[0]
        limit = self._dataset.limit
        self._is_steady = len(self._parts) == 1 and self._held == limit == len(self._ring) and self._upstream is not None
        self._held -= 1
        element = self._chosen(self._parts[0])
        self._first = self._parts[0][0] % limit
        return element

    def _chosen(self, part):
        """Takes an element of the oldest epoch out of the ring."""
        ring, limit = self._ring, self._dataset.limit
        start, end = part
        at = (start + next(self._numbers) % (end - start)) % limit
        first = start % limit
        element, ring[at], ring[first] = ring[at], ring[first], None
        part[0] = start + 1
        return element


ARRANGING.append(Shuffle)


def _checked_seeds(buffer_size, seed, seed2):
    if buffer_size <= 0:
        raise invalid("buffer_size must be greater than zero.")
    seed, seed2 = int(seed), int(seed2)
    if not seed and not seed2:
        seed, seed2 = (int.from_bytes(os.urandom(8), "little") for _ in range(2))
    return seed & (2**64 - 1), seed2 & (2**64 - 1)


@dataset_op("ShuffleDataset")
def _shuffle(xp, input_dataset, buffer_size, seed, seed2, *, reshuffle_each_iteration=True):
    return Shuffle(input_dataset, int(buffer_size), _checked_seeds(buffer_size, seed, seed2), reshuffle_each_iteration)


@dataset_op("ShuffleAndRepeatDataset")
def _shuffle_and_repeat(xp, input_dataset, buffer_size, seed, seed2, count):
    seeds = _checked_seeds(buffer_size, seed, seed2)
    if count <= 0 and count != -1:
        raise invalid("count must be greater than zero or equal to -1.")
    return Shuffle(input_dataset, int(buffer_size), seeds, False, int(count))


class Random(DatasetValue):
    """Random numbers without end."""

    __slots__ = ("seeds",)

    def __init__(self, seeds):
        self.seeds = seeds

    def iterate(self, run, place):
        return zip(map(np.int64, random_words(*self.seeds)))

    def size(self):
        return INFINITE


@dataset_op("RandomDataset", "ExperimentalRandomDataset")
def _random(xp, seed, seed2):
    return Random(_checked_seeds(1, seed, seed2))


# -------------------------------------------------------------------------------------------------------------- caching


_MOST_CACHED = 10_000_000  # elements in a file


class Cache(Unary):
    """The elements of a dataset, which is read in the first epoch only: later they come from memory or from a file."""

    __slots__ = ("file", "width")

    def __init__(self, input, file, width):
        super().__init__(input)
        self.file, self.width = file, width

    def iterate(self, run, place):
        if self.file:
            return _Reader(self.file, self.width) if has_bundle(self.file) else _Writer(self, run, place)
        kept = run.keep(place + "Cache::Elements", _Memory)
        return iter(kept.elements) if kept.elements is not None else _Remembering(self.upstream(run, place), kept)

    def size(self):
        return self.input.size()


class _Memory:
    elements = None


class _Remembering:
    def __init__(self, upstream, memory):
        self._upstream, self._memory = upstream, memory
        self._elements = []

    def __iter__(self):
        return self

    def __next__(self):
        try:
            element = next(self._upstream)
        except StopIteration:
            if self._memory.elements is None:
                self._memory.elements = self._elements
            raise
        self._elements.append(element)
        return element


class _Writer:
    """Writes elements to a tensor bundle beside others; when all are there, it becomes the cache."""

    def __init__(self, dataset, run, place):
        self._upstream = dataset.upstream(run, place)
        self._name = dataset.file
        self._lock = self._name + "_0.lockfile"
        self._bundle = None
        self._count = 0
        self._done = False

    def __iter__(self):
        return self

    def _open(self):
        with Translated(self._lock):
            try:
                os.close(os.open(self._lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            except FileExistsError:
                raise AlreadyExistsError(
                    None, None,
                    "There appears to be a concurrent caching iterator running - cache lockfile already exists ('%s'). If you are "
                    "sure no other running TF computations are using this cache prefix, delete the lockfile and re-initialize the "
                    "iterator." % self._lock,
                ) from None  # fmt: skip
        self._bundle = BundleWriter(self._name)

    def __next__(self):
        if self._done:
            raise StopIteration
        if self._bundle is None:
            self._open()
        if self._count == _MOST_CACHED:
            self._finish()
            raise invalid("Upstream iterator is producing more than %d items, which is more than the cache limit.", _MOST_CACHED)
        try:
            element = next(self._upstream)
        except StopIteration:
            self._finish()
            raise
        width = len(str(len(element) - 1))
        for i, value in enumerate(element):
            self._bundle.add(b"%7d_%*d" % (self._count, width, i), value)
        self._count += 1
        return element

    def _finish(self):
        self._done = True
        self._bundle.finish()
        os.remove(self._lock)

    def __del__(self):
        if self._bundle is not None and not self._done:
            self._bundle.discard()
            try:
                os.remove(self._lock)
            except OSError:
                return


class _Reader:
    """The elements of a cache file; after an error there are no more."""

    def __init__(self, name, width):
        self._bundle = BundleReader(name)
        keys = iter(self._bundle.entries)
        self._keys = zip(*[keys] * (width or 1))
        if width and len(self._bundle.entries) % width:
            raise corrupt(index_name(name), "%d tensors are no elements of %d each" % (len(self._bundle.entries), width))

    def __iter__(self):
        return self

    def __next__(self):
        keys = next(self._keys)
        try:
            return tuple(map(self._bundle.lookup, keys))
        except OpError:
            self._keys = iter(())
            raise


@dataset_op("CacheDataset")
def _cache(xp, input_dataset, filename, *, output_types):
    name = filename.item().decode() if isinstance(filename, np.ndarray) else filename.decode()
    return Cache(input_dataset, name, len(output_types))
