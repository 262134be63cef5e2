"""Philox 4x32-10, the counter-based random generator that TensorFlow uses: four 32-bit words for each 128-bit counter.

A stream is a key and a counter; its n-th block of words depends on nothing else, so blocks are made in any order, many at once.
Words are 32-bit numbers in 64-bit arrays.  `words` is written for any array namespace, with a form for NumPy that is fast.

    Salmon et al., Parallel random numbers: as easy as 1, 2, 3.  SC 2011.
"""

import concurrent.futures
import os
import threading

import numpy as np

_MULTIPLIERS = 0xD2511F53, 0xCD9E8D57
_WEYL = 0x9E3779B9, 0xBB67AE85
_SCRAMBLING_KEY = 0x3EC8F720, 0x02461E29
_WORD, _DOUBLE_WORD = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF
_ROUNDS = 10
RESERVED = 256  # blocks of words that a random op sets aside for each number that it makes
CHUNK = 32768  # blocks made at once: their arrays fit into a cache, and NumPy's overhead is small beside the work
_FEW = 8  # for so few blocks Python's integers are faster than NumPy's arrays


class Stream:
    """A place in a stream of random words.

    Attributes:
      key: two 32-bit words, as ints or, in a traced program, as scalar arrays.
      counter: four 32-bit words, lowest first, likewise.
    """

    __slots__ = ("key", "counter")

    def __init__(self, key, counter):
        self.key = key
        self.counter = counter

    def at(self, position):
        """The stream `position` blocks further on (a stream of ints)."""
        return Stream(self.key, _split(_join(self.counter) + position))


def _join(words):
    return sum(w << (32 * i) for i, w in enumerate(words))


def _split(number):
    return number & _WORD, (number >> 32) & _WORD, (number >> 64) & _WORD, (number >> 96) & _WORD


class Generator:
    """A stream from which a kernel takes its share, run after run.

    Args:
      seed, seed2: 64-bit ints that become the key and the upper half of the counter; both 0 mean seeds from the system.
    """

    def __init__(self, seed=0, seed2=0):
        if not seed and not seed2:
            seed, seed2 = (int.from_bytes(os.urandom(8), "little") for _ in range(2))
        self._stream = Stream((seed & _WORD, (seed >> 32) & _WORD), (0, 0, seed2 & _WORD, (seed2 >> 32) & _WORD))
        self._lock = threading.Lock()

    def reserve(self, blocks):
        """The stream at its present place, which then moves on by so many blocks."""
        with self._lock:
            stream = self._stream
            self._stream = stream.at(blocks)
        return stream

    @property
    def words(self):
        """Key and counter as an array of six 32-bit words."""
        with self._lock:
            return np.array([*self._stream.key, *self._stream.counter], np.uint32)

    @words.setter
    def words(self, array):
        words = np.asarray(array).tolist()
        with self._lock:
            self._stream = Stream(tuple(words[:2]), tuple(words[2:]))


class TracedGenerator:
    """A generator in a compiled program: its place comes in as six traced words, and goes out as others.

    It stands for what the kernel keeps from run to run as well.

    Args:
      slot: a function that finds the generator that keeps the place between runs.
      words: key and counter.
    """

    def __init__(self, slot, words):
        self.slot = lambda key, make: slot(key, make) and self
        self._words = words

    def reserve(self, blocks):
        """As `Generator.reserve`."""
        import jax.numpy as jnp

        before = [self._words[i] for i in range(6)]
        low = before[2].astype(jnp.uint64) | (before[3].astype(jnp.uint64) << 32)
        high = before[4].astype(jnp.uint64) | (before[5].astype(jnp.uint64) << 32)
        after = low + jnp.uint64(blocks)
        high += (after < low).astype(jnp.uint64)
        counter = [(part >> shift).astype(jnp.uint32) for part in (after, high) for shift in (0, 32)]
        self._words = jnp.stack([*before[:2], *counter])
        return Stream(before[:2], before[2:])

    def end(self):
        """The words at the present place."""
        return self._words


def stateless(xp, seed):
    """The stream that a stateless op makes of its seed, an array of two integers."""
    if xp is np:
        mixed = _block(_split((int(seed[0]) & _DOUBLE_WORD) | (int(seed[1]) & _DOUBLE_WORD) << 64), _SCRAMBLING_KEY)
    else:
        counter = [(seed.astype(xp.int64)[i] >> shift).astype(xp.uint32) for i in (0, 1) for shift in (0, 32)]
        mixed = _rounds(xp, counter, _SCRAMBLING_KEY)
    return Stream(mixed[:2], (0, 0, *mixed[2:]))


# ----------------------------------------------------------------------------------------------------------------- words


def words(xp, stream, count, stride=1, first=0):
    """Blocks of words: four uint64 arrays of `count` 32-bit numbers.

    Args:
      xp: the array namespace; for NumPy the stream must be one of ints.
      stream: a `Stream`.
      count: how many blocks.
      stride: how far from block to block.
      first: the position of the first one.

    Returns:
      Four arrays.  With NumPy they are valid until the thread makes the next ones.
    """
    if xp is not np:
        return words_at(xp, stream, first + stride * xp.arange(count, dtype=xp.uint64))
    if count <= _FEW:
        start = _join(stream.counter) + first
        return np.array([_block(_split(start + i * stride), stream.key) for i in range(count)], np.uint64).reshape(count, 4).T
    return words_at(np, stream, np.arange(first, first + count * stride, stride, np.uint64))


class Words:
    """The words of a stream one after the other, and numbers from them."""

    def __init__(self, stream):
        self._stream = stream
        self._position = 0
        self._size = 16
        self._words = iter(())

    def word(self):
        """The next 32 bits."""
        for word in self._words:
            return word
        blocks = words(np, self._stream, self._size, 1, self._position)
        self._position += self._size
        self._size = min(2 * self._size, CHUNK)
        self._words = iter(np.stack(blocks, axis=1).reshape(-1).tolist())
        return next(self._words)

    def double_word(self):
        """The next 64 bits, the lower half first."""
        low = self.word()
        return low | self.word() << 32

    def float32(self):
        """A number in [0, 1) with 23 bits."""
        return (self.word() & 0x7FFFFF) * 2.0**-23

    def float64(self):
        """A number in [0, 1) with 52 bits."""
        high = self.word() & 0xFFFFF
        return (high << 32 | self.word()) * 2.0**-52

    def below(self, n, bits=32):
        """An integer below `n`, all equally likely; words that would favour some are left out."""
        draw = self.word if bits == 32 else self.double_word
        if not n & (n - 1):
            return draw() & (n - 1)
        least = ((1 << bits) - 1) % n + 1
        while True:
            number = draw()
            if number >= least:
                return number % n


def words_at(xp, stream, positions):
    """As `words`, but the blocks at `positions`, an array of uint64."""
    if xp is np:
        low = _join(stream.counter[:2])
        if not len(positions) or low + int(positions.max()) <= _DOUBLE_WORD:
            return _numpy_rounds(positions + np.uint64(low), stream.counter[2:], stream.key)
    c0, c1, c2, c3 = (xp.asarray(c, dtype=xp.uint64) for c in stream.counter)
    low = (c0 | (c1 << 32)) + positions
    high = (c2 | (c3 << 32)) + (low < positions).astype(xp.uint64)
    return _rounds(xp, (low & _WORD, low >> 32, high & _WORD, high >> 32), stream.key)


def _rounds(xp, counter, key):
    """The words of many blocks."""
    c0, c1, c2, c3 = (xp.asarray(c, dtype=xp.uint64) for c in counter)
    k0, k1 = (xp.asarray(k, dtype=xp.uint64) for k in key)
    for _ in range(_ROUNDS):
        p0, p1 = c0 * _MULTIPLIERS[0], c2 * _MULTIPLIERS[1]
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & _WORD, (p0 >> 32) ^ c3 ^ k1, p0 & _WORD
        k0, k1 = (k0 + _WEYL[0]) & _WORD, (k1 + _WEYL[1]) & _WORD
    return c0, c1, c2, c3


def _block(counter, key):
    """The words of one block, in Python's integers; numbers are written out because this is the eager path of small tensors."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & 0xFFFFFFFF, (p0 >> 32) ^ c3 ^ k1, p0 & 0xFFFFFFFF
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return c0, c1, c2, c3


# --------------------------------------------------------------------------------------------------------- NumPy's form


class Workspace(threading.local):
    """The arrays that a thread computes in, kept because fresh memory costs more than the arithmetic on it.

    Each has two rows, of the length that `use` said last.
    """

    def __init__(self):
        self._count = 0
        self._buffers = {}
        self._views = {}

    def use(self, count):
        if count != self._count:
            self._count = count
            self._views = {}

    def __call__(self, name, dtype):
        view = self._views.get(name)
        if view is None:
            size = 2 * self._count
            buffer = self._buffers.get(name)
            if buffer is None or len(buffer) < size:
                buffer = self._buffers[name] = np.empty(size, dtype)
            view = self._views[name] = buffer[:size].reshape(2, self._count)
        return view


workspace = Workspace()

# The two products of a round are the rows of one array.  Every round exchanges the rows, so that nothing need be moved: in odd
# rounds the multipliers come in the other order.
_ROWS = np.array([_MULTIPLIERS, _MULTIPLIERS[::-1]], np.uint64)[:, :, None]
_SHIFT, _MASK = np.uint64(32), np.uint64(_WORD)


def _numpy_rounds(low, high, key):
    """`_rounds` in NumPy without temporary arrays, for counters with the lower halves `low` and the same two upper words."""
    workspace.use(len(low))
    factors = workspace("factors", np.uint64)  # c0 and c2
    product, previous = workspace("product", np.uint64), workspace("previous", np.uint64)  # c1 and c3 are in the previous product
    np.bitwise_and(low, _MASK, out=factors[0])
    np.right_shift(low, _SHIFT, out=previous[1])
    factors[1], previous[0] = high
    keys = _key_rows(key)
    for i in range(_ROUNDS):
        np.multiply(factors, _ROWS[i & 1], out=product)
        np.right_shift(product, _SHIFT, out=factors)
        factors ^= previous
        factors &= _MASK
        factors ^= keys[i]
        product, previous = previous, product[::-1]
    previous &= _MASK
    return factors[0], previous[1], factors[1], previous[0]


def _key_rows(key):
    """The keys of all rounds, in the order of the rows that they meet."""
    k0, k1 = key
    rows = []
    for i in range(_ROUNDS):
        rows.append((k0, k1) if i & 1 else (k1, k0))
        k0, k1 = (k0 + _WEYL[0]) & _WORD, (k1 + _WEYL[1]) & _WORD
    return np.array(rows, np.uint64)[:, :, None]


# ------------------------------------------------------------------------------------------------------- many at a time


def in_chunks(count, work):
    """Calls `work(first, limit)` for all of `range(count)` in chunks, on several threads if there are enough of them."""
    chunks = [(i, min(i + CHUNK, count)) for i in range(0, count, CHUNK)]
    if len(chunks) < 2 or _WORKERS < 2:
        for chunk in chunks:
            work(*chunk)
    else:
        list(_threads().map(work, *zip(*chunks)))


_WORKERS = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 8)
_pool = None, None  # the process and its threads; a forked process has none of its parent's


def _threads():
    global _pool
    if _pool[0] != os.getpid():
        _pool = os.getpid(), concurrent.futures.ThreadPoolExecutor(_WORKERS)
    return _pool[1]
