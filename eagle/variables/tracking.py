"""Lists and dictionaries that are attributes of trackable objects: what is in them is saved, too."""

import collections.abc
import copy

from ..core.trackable import Trackable, TrackableReference


class _Container(Trackable):
    """A list or dictionary whose elements, those that can be tracked, are dependencies at any time."""

    def _entries(self):
        raise NotImplementedError

    @property
    def _checkpoint_dependencies(self):
        return [TrackableReference(name, x) for name, x in self._entries() if isinstance(x, Trackable)]

    def _lookup_dependency(self, name):
        return next((x for n, x in self._entries() if n == name and isinstance(x, Trackable)), None)

    def _came(self, name, value):
        value = wrapped(value)
        if isinstance(value, Trackable):
            self._handle_deferred_dependencies(name=str(name), trackable=value)
        return value


class ListWrapper(_Container, list):
    """A list whose elements are dependencies of the object that it is an attribute of."""

    def __init__(self, values=()):
        list.__init__(self)
        self._maybe_initialize_trackable()
        self.extend(values)

    def _entries(self):
        return [(str(i), x) for i, x in enumerate(self)]

    def append(self, value):
        list.append(self, self._came(len(self), value))

    def extend(self, values):
        for v in values:
            self.append(v)

    def insert(self, index, value):
        list.insert(self, index, wrapped(value))

    def __setitem__(self, key, value):
        list.__setitem__(self, key, [wrapped(v) for v in value] if isinstance(key, slice) else self._came(key, value))

    def __iadd__(self, values):
        self.extend(values)
        return self

    def __hash__(self):
        return id(self)

    def __repr__(self):
        return "ListWrapper(%s)" % list.__repr__(self)

    def __reduce__(self):
        return list, (list(self),)

    def __deepcopy__(self, memo):
        return _copied(self, memo)


class DictWrapper(_Container, dict):
    """A dictionary whose values are dependencies of the object that it is an attribute of."""

    def __init__(self, values=()):
        dict.__init__(self)
        self._maybe_initialize_trackable()
        self.update(values)

    def _entries(self):
        return [(str(k), v) for k, v in self.items()]

    def __setitem__(self, key, value):
        dict.__setitem__(self, key, self._came(key, value))

    def update(self, *args, **kwargs):
        for key, value in dict(*args, **kwargs).items():
            self[key] = value

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]

    def __hash__(self):
        return id(self)

    def __repr__(self):
        return "DictWrapper(%s)" % dict.__repr__(self)

    def __reduce__(self):
        return dict, (dict(self),)

    def __deepcopy__(self, memo):
        return _copied(self, memo)


def _copied(container, memo):
    made = memo[id(container)] = type(container)()
    if isinstance(container, dict):
        made.update({k: copy.deepcopy(v, memo) for k, v in container.items()})
    else:
        made.extend(copy.deepcopy(v, memo) for v in container)
    return made


def wrapped(value):
    """A value as it is kept in an attribute of a trackable object: lists and dictionaries as dependencies."""
    if type(value) is list:
        return ListWrapper(value)
    if type(value) is dict:
        return DictWrapper(value)
    return value


def contents(value):
    """All that is in a structure of lists, tuples and dictionaries, in order."""
    if isinstance(value, str | bytes):
        yield value
    elif isinstance(value, collections.abc.Mapping):
        for v in value.values():
            yield from contents(v)
    elif isinstance(value, list | tuple):
        for v in value:
            yield from contents(v)
    else:
        yield value
