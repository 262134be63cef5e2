"""What a staging area is at run time: elements that wait for the next step, in a line or by key."""

import collections
import threading

import numpy as np

from ..core.dtypes import RESOURCE, Handle
from ..core.errors import ResourceExhaustedError, invalid
from .queue_state import cancelled, element_of

_POLL = 0.1  # seconds after which a waiting thread looks up, so that a run with a time limit can end


def _bytes(values):
    return sum(np.asarray(v).nbytes for v in values if v is not None)


class _Area(Handle):
    """What both kinds of areas share.

    Attributes:
      types: the types of the components of an element.
      capacity: the most elements, or 0.
      memory_limit: the most bytes of all elements, or 0.
    """

    dtype = RESOURCE

    def __init__(self, types, capacity, memory_limit):
        self.types, self.capacity, self.memory_limit = types, capacity, memory_limit
        self._bytes = 0
        self._changed = threading.Condition()
        self._is_closed = False

    def _await(self, is_possible):
        """Waits, with the area locked, until something is possible."""
        while not is_possible():
            if self._is_closed:
                raise cancelled("The session was closed while an operation of a staging area waited")
            self._changed.wait(_POLL)

    def _check_size(self, size):
        if 0 < self.memory_limit < size:
            message = "Attempted to insert tensors with combined size of '%d' bytes into Staging Area with a memory limit of '%d'."
            raise ResourceExhaustedError(None, None, message % (size, self.memory_limit))

    def _has_memory(self, size):
        return not self.memory_limit or self._bytes + size <= self.memory_limit

    def _note(self, more):
        """Counts bytes that came or went, and wakes whoever waits."""
        self._bytes += more
        self._changed.notify_all()

    def close(self):
        """Ends with its session: whoever waits fails."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()


class Line(_Area):
    """The area of `StagingArea`: elements are taken in the order in which they came."""

    def __init__(self, *args):
        super().__init__(*args)
        self._elements = collections.deque()

    def put(self, values):
        """Adds an element; waits while there is no room."""
        element, size = element_of(values), _bytes(values)
        with self._changed:
            self._check_size(size)
            self._await(lambda: self._has_memory(size) and (not self.capacity or len(self._elements) < self.capacity))
            self._elements.append(element)
            self._note(size)

    def get(self):
        """Takes the first element; waits while there is none."""
        with self._changed:
            self._await(lambda: self._elements)
            element = self._elements.popleft()
            self._note(-_bytes(element))
            return list(element)

    def peek(self, index):
        """An element, which stays; waits until there are so many."""
        with self._changed:
            self._await(lambda: len(self._elements) > index)
            return list(self._elements[index])

    def size(self):
        return len(self._elements)

    def clear(self):
        with self._changed:
            self._elements.clear()
            self._note(-self._bytes)


class Map(_Area):
    """The area of `MapStagingArea`: elements have keys, and may come and go in parts.

    Args:
      ordered: whether the element taken without a key is that with the least key; otherwise it is the oldest.
    """

    def __init__(self, ordered, *args):
        super().__init__(*args)
        self._is_ordered = ordered
        self._elements, self._incomplete = {}, {}  # key -> a list of values; None where there is none

    def put(self, key, indices, values):
        """Adds components of an element; with the last of them it can be taken. Waits while there is no room."""
        values, size = element_of(values), _bytes(values)
        _check_ordered(indices)
        is_whole = len(indices) == len(self.types)
        with self._changed:
            self._check_size(size)
            self._await(
                lambda: self._has_memory(size) and not (is_whole and self.capacity and len(self._elements) >= self.capacity)
            )
            if is_whole:
                self._elements.setdefault(key, list(values))
            else:
                self._put_part(key, indices, values)
            self._note(size)

    def _put_part(self, key, indices, values):
        element = self._incomplete.get(key, [None] * len(self.types))
        for i, value in zip(indices, values):
            self._check_index(key, i)
            if element[i] is not None:
                raise invalid("The tensor for index '%d' for key '%d' was already initialized '%d'.", i, key, len(self.types))
            element[i] = value
        self._incomplete[key] = element
        if all(v is not None for v in element):
            self._elements[key] = self._incomplete.pop(key)

    def _check_index(self, key, i):
        if not 0 <= i < len(self.types):
            raise invalid("Index '%d' for key '%d' was out of bounds '%d'.", i, key, len(self.types))

    def take(self, key, indices, stays=False):
        """Takes components of the element with a key (None: of any element), and waits for it.

        Returns:
          The key and the components.
        """
        _check_ordered(indices)
        with self._changed:
            self._await(lambda: self._elements if key is None else key in self._elements)
            if key is None:
                key = min(self._elements) if self._is_ordered else next(iter(self._elements))
            element = self._elements[key]
            for i in indices:
                self._check_index(key, i)
                if element[i] is None:
                    raise invalid("Tensor at index '%d' for key '%d' has already been removed.", i, key)
            taken = [element[i] for i in indices]
            if not stays:
                for i in indices:
                    element[i] = None
                if all(v is None for v in element):
                    del self._elements[key]
                self._note(-_bytes(taken))
            return key, taken

    def size(self):
        return len(self._elements)

    def incomplete_size(self):
        return len(self._incomplete)

    def clear(self):
        with self._changed:
            self._elements.clear()
            self._incomplete.clear()
            self._note(-self._bytes)


def _check_ordered(indices):
    if any(a >= b for a, b in zip(indices, indices[1:])):
        raise invalid("Indices are not strictly ordered")
