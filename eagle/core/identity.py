"""Dictionaries and sets of objects as such: two objects are different even if they are equal, and need not be hashable."""

import collections.abc
import weakref


class _ByIdentity(collections.abc.MutableMapping):
    """A dictionary whose keys are objects as such: `_items` has, by id, what stands for the key and the value."""

    def __init__(self):
        self._items = {}

    def __getitem__(self, key):
        return self._items[id(key)][1]

    def __delitem__(self, key):
        del self._items[id(key)]

    def __contains__(self, key):
        return id(key) in self._items

    def __len__(self):
        return len(self._items)


class IdentityDict(_ByIdentity):
    """A dictionary whose keys are objects as such, kept alive."""

    def __init__(self, pairs=()):
        super().__init__()
        for key, value in pairs:
            self[key] = value

    def __setitem__(self, key, value):
        self._items[id(key)] = key, value

    def __iter__(self):
        return (key for key, _ in list(self._items.values()))


class WeakIdentityDict(_ByIdentity):
    """A dictionary whose keys are objects as such; an object that goes takes its value with it."""

    def __setitem__(self, key, value):
        place, items = id(key), self._items
        found = items.get(place)
        reference = found[0] if found else weakref.ref(key, lambda _: items.pop(place, None))
        items[place] = reference, value

    def __iter__(self):
        keys = [reference() for reference, _ in list(self._items.values())]
        return (key for key in keys if key is not None)


class Reference:
    """A reference to an object, hashable and equal to other references to the same object.

    Raises:
      TypeError: it is compared with anything else than a reference.
    """

    __slots__ = ("_object", "__weakref__")

    def __init__(self, thing):
        self._object = thing

    def deref(self):
        """The object."""
        return self._object

    def __eq__(self, other):
        if not isinstance(other, Reference):
            raise TypeError("Cannot compare wrapped object with unwrapped object")
        return self._object is other._object

    def __hash__(self):
        return id(self._object)

    def __repr__(self):
        return "<Reference wrapping %r>" % (self._object,)
