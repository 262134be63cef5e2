"""What a queue is at run time: elements, and the attempts of threads to add and take some.

An attempt that can't be completed at once waits in line; whoever adds or takes elements completes what has become possible, and
the thread of the attempt goes on.  A session that closes cancels all attempts.
"""

import collections
import heapq
import itertools
import threading

import numpy as np

from ..core import dtypes, shape as shapes
from ..core.constant import eager_name
from ..core.dtypes import Handle, NamedResource
from ..core.errors import CancelledError, OutOfRangeError, invalid
from . import philox

UNBOUNDED = 2**31 - 1
_NOTHING, _PROGRESS, _COMPLETE = range(3)  # what an attempt comes to when it is tried
_POLL = 0.1  # seconds after which a waiting thread looks up, so that a run with a time limit can end
private_names = itertools.count()


class Attempt:
    """What a thread wants of a queue.

    Attributes:
      run: a function of the attempt, called with the queue locked, that tries to complete it.
      remaining: how many elements it has still to add or take.
      got: the elements taken so far.
      result, error: what the thread gets, or what it raises.
      is_done: whether it is completed or cancelled.
    """

    __slots__ = ("run", "remaining", "got", "result", "error", "is_done", "event")

    def __init__(self, run, remaining=1):
        self.run, self.remaining, self.got = run, remaining, []
        self.result = self.error = self.event = None
        self.is_done = False

    def finish(self, error=None):
        """Lets the thread go on, with an error if there is one."""
        self.is_done = True
        self.error = error or self.error
        if self.event is not None:
            self.event.set()


def cancelled(message):
    return CancelledError(None, None, message)


class Waiting:
    """A thing that threads may have to wait for: lines of attempts, and a lock."""

    def __init__(self):
        self.lock = threading.Lock()

    def submit(self, line, attempt, what):
        """Waits until an attempt is completed; its result.

        Args:
          line: the deque that it waits in.
          attempt: the `Attempt`.
          what: "Enqueue" or "Dequeue", for the message of a cancellation.
        """
        with self.lock:
            line.append(attempt)
            self.flush()
            if not attempt.is_done:
                attempt.event = threading.Event()
        if not attempt.is_done:
            self._wait(line, attempt, what)
        if attempt.error is not None:
            raise attempt.error
        return attempt.result

    def _wait(self, line, attempt, what):
        try:
            while not attempt.event.wait(_POLL):
                pass
        except BaseException:  # the run ends, by a time limit or by the user
            with self.lock:
                if attempt in line:
                    line.remove(attempt)
                    self.flush()
            raise

    def flush(self):
        """Completes what has become possible; called with the lock held."""
        raise NotImplementedError


def try_line(line):
    """Tries the attempts of a line in turn; whether anything came of it."""
    progress = False
    while line:
        attempt = line[0]
        if not attempt.is_done:
            outcome = attempt.run(attempt)
            if outcome == _NOTHING:
                return progress
            if outcome == _PROGRESS:
                return True
            attempt.finish()
            progress = True
        line.popleft()
    return progress


def element_of(values):
    """The values of one element, arrays of their own."""
    return tuple([v.copy() if isinstance(v, np.ndarray) else v for v in values])


def row(value, i):
    """Row `i` of an array; one string as an array too."""
    part = value[i]
    if value.dtype == object and value.ndim == 1:
        part = np.array(part, object)
    return part


def stacked(values, dtype, shape):
    """Arrays of one shape as one array."""
    out = np.empty((len(values), *shape), dtype.np)
    if dtype is dtypes.string and not shape:
        out[:] = [v.item() for v in values]
        return out
    for i, v in enumerate(values):
        out[i] = v
    return out


class Queue(NamedResource):
    """A queue; its kinds differ in where elements lie and in how they are put together.

    Attributes:
      name: as messages show it.
      capacity: the most elements that it holds.
      types: the types of the components of an element.
      shapes: their shapes; empty if they are not told.
      closed: whether no more elements may come.
      items: the elements, tuples of arrays.
    """

    kind = "FIFOQueue"

    def __init__(self, name, capacity, types, component_shapes):
        self.name, self.capacity, self.types, self.shapes = name, capacity, types, component_shapes
        self.closed = False
        self.items = collections.deque()
        self.enqueues, self.dequeues = collections.deque(), collections.deque()
        self._waiting = _Lines(self)

    # ------------------------------------------------------------------------------------------------- where elements lie

    def count(self):
        return len(self.items)

    def push(self, element):
        self.items.append(element)

    def pop(self):
        return self.items.popleft()

    def restore(self, elements):
        """Puts back elements that were taken."""
        self.items.extendleft(reversed(elements))

    def available(self):
        """How many elements may be taken now."""
        return len(self.items)

    def together(self, elements):
        """Several elements as one array for each component."""
        return [stacked(column, t, s) for column, t, s in zip(zip(*elements), self.types, self.shapes)]

    # ----------------------------------------------------------------------------------------------------------- checking

    def _check_types(self, values):
        have = [dtypes.FROM_NUMPY[v.dtype] if not isinstance(v, Handle) else None for v in values]
        if have != list(self.types):
            names = [", ".join(["resource", *(eager_name(t) if t else "resource" for t in ts)]) for ts in (have, self.types)]
            raise invalid("Signature mismatch, have: %s-> expected: %s->", *names)

    def _fits(self, want, have):
        return want == have

    def _check_shape(self, i, want, have):
        if not self._fits(want, have):
            raise invalid("Shape mismatch in tuple component %d. Expected %s, got %s",
                          i, shapes.to_brackets(want), shapes.to_brackets(have))  # fmt: skip

    def check(self, values):
        """Raises if values are no element."""
        self._check_types(values)
        for i, (shape, v) in enumerate(zip(self.shapes, values)):
            self._check_shape(i, shape, np.shape(v))

    def check_many(self, values):
        """Raises if values are not several elements."""
        self._check_types(values)
        size = len(values[0])
        if self.shapes:
            for i, (shape, v) in enumerate(zip(self.shapes, values)):
                self._check_shape(i, (size, *shape), np.shape(v))
            return
        for i, v in enumerate(values):
            if len(v) != size:
                raise invalid("All input tensors must have the same size in the 0th dimension. Component %d has %d, and should "
                              "have %d", i, len(v), size)  # fmt: skip

    # ------------------------------------------------------------------------------------------------------------- adding

    def enqueue(self, values):
        """Adds an element; waits while the queue is full."""
        self.check(values)
        element = element_of(values)

        def run(attempt):
            if self.closed:
                attempt.error = self._closed()
                return _COMPLETE
            if self.count() >= self.capacity:
                return _NOTHING
            self.push(element)
            return _COMPLETE

        self._waiting.submit(self.enqueues, Attempt(run), "Enqueue")

    def enqueue_many(self, values):
        """Adds several elements, one by one, as there is room for them."""
        self.check_many(values)
        elements = [element_of(parts) for parts in zip(*[[row(v, i) for i in range(len(v))] for v in values])]
        if not elements:
            return

        def run(attempt):
            if self.closed:
                attempt.error = self._closed()
                return _COMPLETE
            outcome = _NOTHING
            while attempt.remaining and self.count() < self.capacity:
                self.push(elements[-attempt.remaining])
                attempt.remaining -= 1
                outcome = _PROGRESS
            return outcome if attempt.remaining else _COMPLETE

        self._waiting.submit(self.enqueues, Attempt(run, len(elements)), "Enqueue")

    def _closed(self):
        return cancelled("%s '%s' is closed." % (self.kind, self.name))

    # ------------------------------------------------------------------------------------------------------------- taking

    def dequeue(self):
        """Takes an element; waits while there is none."""

        def run(attempt):
            size = self.count()
            if self.closed and not size:
                attempt.error = self._too_few(1, size)
                return _COMPLETE
            if self.available() <= 0:
                return _NOTHING
            attempt.result = list(self.pop())
            return _COMPLETE

        return self._waiting.submit(self.dequeues, Attempt(run), "Dequeue")

    def _too_few(self, wanted, size):
        message = "%s '%s' is closed and has insufficient elements (requested %d, current size %d)"
        return OutOfRangeError(None, None, message % (self.kind, self.name, wanted, size))

    def _check_told(self):
        if not self.shapes:
            raise invalid("%s's DequeueMany and DequeueUpTo require the components to have specified shapes.", self.kind)

    def dequeue_many(self, count, allow_small_batch=False):
        """Takes several elements, one by one, as they come.

        Args:
          count: how many.
          allow_small_batch: whether fewer will do when the queue is closed.

        Returns:
          An array for each component.
        """
        self._check_told()
        if not count:
            return [np.empty((0, *(d or 0 for d in s)), t.np) for t, s in zip(self.types, self.shapes)]

        def run(attempt):
            size = self.count()
            if self.closed and size < attempt.remaining:
                self.restore(attempt.got)
                attempt.got = []
                if allow_small_batch and self.count():
                    attempt.remaining = self.count()
                elif allow_small_batch and self.enqueues:
                    return _PROGRESS  # elements may come from those who wait to add some
                else:
                    attempt.error = self._too_few(attempt.remaining, size)
                    return _COMPLETE
            return self._take(attempt)

        return self._waiting.submit(self.dequeues, Attempt(run, count), "Dequeue")

    def _take(self, attempt):
        """Lets an attempt have the elements that there are."""
        outcome = _NOTHING
        for _ in range(min(self.available(), attempt.remaining)):
            attempt.got.append(self.pop())
            attempt.remaining -= 1
            outcome = _PROGRESS
        if attempt.remaining:
            return outcome
        attempt.result = self.together(attempt.got)
        return _COMPLETE

    # ------------------------------------------------------------------------------------------------------------ closing

    def shut(self, cancels_enqueues):
        """Closes the queue: nothing is added any more.

        Args:
          cancels_enqueues: whether those who wait to add elements fail, too; otherwise it is closed after them.
        """
        if cancels_enqueues:
            with self._waiting.lock:
                self.closed = True
                self._cancel(self.enqueues, "Enqueue")
                self._waiting.flush()
            return

        def run(attempt):
            if self.closed:
                attempt.error = cancelled("Queue '%s' is already closed." % self.name)
            self.closed = True
            return _COMPLETE

        self._waiting.submit(self.enqueues, Attempt(run, 0), "Enqueue")

    def _cancel(self, line, what):
        for attempt in line:
            if not attempt.is_done:
                attempt.finish(cancelled("%s operation was cancelled" % what))
        line.clear()

    def close(self):
        """Ends with its session: whoever waits fails."""
        with self._waiting.lock:
            self._cancel(self.enqueues, "Enqueue")
            self._cancel(self.dequeues, "Dequeue")

    # ------------------------------------------------------------------------------------------------------------- sharing

    def match(self, attrs):
        """Raises if a node that shares the queue describes another one."""
        capacity = attrs["capacity"] if attrs["capacity"] >= 0 else UNBOUNDED
        if capacity != self.capacity:
            raise invalid("Shared queue '%s' has capacity %d but requested capacity was %d", self.name, self.capacity, capacity)
        wanted = self.all_types(attrs["component_types"])
        if wanted != tuple(self.types):
            raise invalid("Shared queue '%s' has component types %s but requested component types were %s", self.name,
                          *[", ".join(map(eager_name, ts)) for ts in (self.types, wanted)])  # fmt: skip
        wanted = self.all_shapes(attrs["shapes"])
        if not self._same_shapes(wanted):
            raise invalid("Shared queue '%s' has component shapes %s but requested component shapes were %s", self.name,
                          *["[%s]" % ", ".join(map(shapes.to_brackets, ss)) for ss in (self.shapes, wanted)])  # fmt: skip

    def _same_shapes(self, wanted):
        return tuple(wanted) == tuple(self.shapes)

    @staticmethod
    def all_types(component_types):
        """The types of all components, from the attribute."""
        return tuple(component_types)

    @staticmethod
    def all_shapes(component_shapes):
        return tuple(component_shapes)


class _Lines(Waiting):
    """The two lines of a queue."""

    def __init__(self, queue):
        super().__init__()
        self._queue = queue

    def flush(self):
        changed = True
        while changed:
            changed = try_line(self._queue.enqueues)
            changed = try_line(self._queue.dequeues) or changed


class RandomShuffleQueue(Queue):
    """A queue whose elements are taken in random order.

    Attributes:
      least: how many elements stay in the queue, while it is not closed, to be mixed with new ones.
    """

    kind = "RandomShuffleQueue"

    def __init__(self, name, capacity, types, component_shapes, least, seed, seed2):
        super().__init__(name, capacity, types, component_shapes)
        self.items = []
        self.least, self.seeds = least, (seed, seed2)
        self._words = iter(_words(philox.Generator(seed, seed2)))

    def available(self):
        return len(self.items) - (0 if self.closed else self.least)

    def pop(self):
        items = self.items
        i = next(self._words) % len(items)
        found, items[i] = items[i], items[-1]
        items.pop()
        return found

    def restore(self, elements):
        self.items.extend(reversed(elements))

    def match(self, attrs):
        if attrs["min_after_dequeue"] != self.least:
            raise invalid("Shared queue '%s' has min_after_dequeue %d but requested min_after_dequeue was %d.", self.name,
                          self.least, attrs["min_after_dequeue"])  # fmt: skip
        seeds = attrs["seed"], attrs["seed2"]
        if any(seeds) and seeds != self.seeds:
            raise invalid("Shared queue '%s' has random seeds (%d, %d) but requested seeds are (%d, %d).", self.name, *self.seeds,
                          *seeds)  # fmt: skip
        super().match(attrs)


def _words(generator, blocks=64):
    """The words of a random generator, one by one."""
    while True:
        made = philox.words(np, generator.reserve(blocks), blocks)
        yield from np.stack(made, axis=1).reshape(-1).tolist()


class PaddingFIFOQueue(Queue):
    """A queue that fills elements up with zeros when several are taken."""

    kind = "PaddingFIFOQueue"

    def _fits(self, want, have):
        return shapes.compatible(want, have)

    def _check_told(self):
        pass

    def _same_shapes(self, wanted):
        return len(wanted) == len(self.shapes) and all(map(shapes.compatible, wanted, self.shapes))

    def together(self, elements):
        return [_padded(column, t, s) for column, t, s in zip(zip(*elements), self.types, self.shapes)]


def _padded(values, dtype, partial):
    """Arrays as one array, along unknown dimensions filled up."""
    if shapes.is_known(partial):
        return stacked(values, dtype, partial)
    sizes = [np.shape(v) for v in values]
    shape = [max(s[i] for s in sizes) if d is None else d for i, d in enumerate(partial)]
    out = np.zeros((len(values), *shape), dtype.np)
    if dtype is dtypes.string:
        out[...] = b""
    for i, (v, size) in enumerate(zip(values, sizes)):
        out[(i, *map(slice, size))] = v
    return out


class PriorityQueue(Queue):
    """A queue whose first component, an int64, tells which elements are taken first: the least."""

    kind = "PriorityQueue"

    def __init__(self, name, capacity, types, component_shapes):
        super().__init__(name, capacity, types, component_shapes)
        self.items = []
        self._ages = itertools.count()

    @staticmethod
    def all_types(component_types):
        return (dtypes.int64, *component_types)

    @staticmethod
    def all_shapes(component_shapes):
        return ((), *component_shapes) if component_shapes else ()

    def push(self, element):
        heapq.heappush(self.items, (int(element[0]), next(self._ages), element))

    def pop(self):
        return heapq.heappop(self.items)[2]

    def check(self, values):
        super().check(values)
        self._check_scalar(np.shape(values[0]))

    def check_many(self, values):
        super().check_many(values)
        self._check_scalar(np.shape(values[0])[1:])

    def _check_scalar(self, shape):
        if shape:
            raise invalid("Expected the priority element to be a scalar, but received shape: %s", shapes.to_brackets(shape))

    def dequeue_many(self, count, allow_small_batch=False):
        if not self.shapes:
            raise invalid("PriorityQueue's DequeueMany requires the components to have specified shapes.")
        if not count:
            return super().dequeue_many(count)

        def run(attempt):
            size = self.count()
            if self.closed and (not size or not allow_small_batch and size < count):
                attempt.error = self._too_few(count, size)
                return _COMPLETE
            if size < count and not self.closed:  # all at once, so that they are in order
                return _NOTHING
            attempt.remaining = min(size, count)
            return self._take(attempt)

        return self._waiting.submit(self.dequeues, Attempt(run, count), "Dequeue")
