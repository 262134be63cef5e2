"""Lists that checkpoints save: `tf.contrib.checkpoint.List`, and what a list becomes as an attribute."""

import collections.abc
import copy
import sys

from ..core.export import export
from ..core.trackable import Trackable
from .structures import CHANGED_OUTSIDE, IGNORING, WRAPPERS, TrackableDataStructure, is_function, sticky_attribute_assignment

_AUTOMATIC = "Unable to save the object %s (a list wrapper constructed to track trackable TensorFlow objects). "


def _bare(other):
    """The list in a wrapper; anything else as it is."""
    return getattr(other, "_storage", other)


@export("contrib.checkpoint.List", "python.training.tracking.data_structures.List")
class List(TrackableDataStructure, collections.abc.Sequence):
    """A list that can only grow, of things that checkpoints save: layers, variables, other structures.

    Args:
      *args, **kwargs: as for `list`.

    Raises:
      ValueError: it would hold something else.
    """

    def __init__(self, *args, **kwargs):
        super().__init__()
        self._storage = self._make_storage(*args, **kwargs)
        for i, element in enumerate(self._storage):
            self._storage[i] = self._track_value(element, name=self._name_element(i))

    def copy(self):
        """A list with the same elements."""
        return type(self)(copy.copy(self._storage))

    def __copy__(self):
        return self.copy()

    def __deepcopy__(self, memo):
        return type(self)(copy.deepcopy(self._storage, memo))

    def _make_storage(self, *args, **kwargs):
        return list(*args, **kwargs)

    def _name_element(self, index):
        return "%d" % index

    @property
    def _values(self):
        return self

    def append(self, value):
        """Adds an element."""
        self._storage.append(self._track_value(value, self._name_element(len(self._storage))))

    def extend(self, values):
        """Adds elements."""
        for value in values:
            self.append(value)

    def __iadd__(self, values):
        self.extend(values)
        return self

    def __add__(self, other):
        return self.__class__(self._storage + _bare(other))

    def __radd__(self, other):
        return self.__class__(other) + self

    def __imul__(self, y):
        if y <= 0:
            raise ValueError("List only supports append, multiplying in place by %d removes elements." % y)
        self.extend(self._storage * (y - 1))
        return self

    def __mul__(self, n):
        return self.__class__(self._storage * n)

    def __rmul__(self, n):
        return self * n

    def __getitem__(self, key):
        return self._storage[key]

    def __len__(self):
        return len(self._storage)

    def __repr__(self):
        return "List(%s)" % repr(self._storage)

    def __sizeof__(self):
        return super().__sizeof__() + sys.getsizeof(self._storage)


@export("python.training.tracking.data_structures.ListWrapper")
class ListWrapper(List, collections.abc.MutableSequence, list):
    """A list that is an attribute of something that checkpoints save.

    It can hold anything, and change as any list does; but where elements that a checkpoint would save have been replaced or moved
    it can't be saved.

    Args:
      wrapped_list: the list, which goes on to hold the elements; it must not be changed other than through the wrapper.
    """

    _plain_type = list  # a function sees no difference
    _object_identifier = "trackable_list_wrapper"

    def __init__(self, wrapped_list=()):
        self._non_append_mutation = False
        self._external_modification = False
        super().__init__(wrapped_list)
        self._last_wrapped_list_snapshot = list(self._storage)

    def _with_flags_of(self, other):
        self._non_append_mutation, self._external_modification = other._non_append_mutation, other._external_modification
        return self

    def __copy__(self):
        return super().__copy__()._with_flags_of(self)

    def __deepcopy__(self, memo):
        return super().__deepcopy__(memo)._with_flags_of(self)

    def __reduce_ex__(self, protocol):
        return self.__class__, (self._storage,)

    def _make_storage(self, wrapped_list):
        return wrapped_list if isinstance(wrapped_list, list) else list(wrapped_list)

    def _is_lost(self):
        return self._external_modification or self._non_append_mutation

    def _check_external_modification(self):
        """Notes a change of the list that was not made through the wrapper."""
        if not self._is_lost() and self._storage != self._last_wrapped_list_snapshot:
            self._external_modification = True
            self._last_wrapped_list_snapshot = None

    def _update_snapshot(self):
        if not self._is_lost():
            self._last_wrapped_list_snapshot = list(self._storage)

    @property
    def _checkpoint_dependencies(self):
        self._check_external_modification()
        if self._non_append_mutation:
            raise ValueError((
                _AUTOMATIC + "A list element was replaced (__setitem__, __setslice__), deleted (__delitem__, __delslice__), or "
                "moved (sort). In order to support restoration on object creation, tracking is exclusively for append-only data "
                "structures." + IGNORING % "list") % (self,))  # fmt: skip
        if self._external_modification:
            raise ValueError(_AUTOMATIC % (self,)
                             + CHANGED_OUTSIDE % ("list", self._storage, self._last_wrapped_list_snapshot)
                             + IGNORING % "list")  # fmt: skip
        return super()._checkpoint_dependencies

    def __delitem__(self, key):
        self._non_append_mutation = True
        del self._storage[key]

    def __setitem__(self, key, value):
        self._check_external_modification()
        if isinstance(key, slice):
            self._set_slice(key, value)
        else:
            if isinstance(self._storage[key], Trackable):
                self._non_append_mutation = True
            self._storage[key] = self._track_value(value, self._name_element(key))
        self._update_snapshot()

    def _set_slice(self, key, value):
        before = list(self._storage)
        self._storage[key] = value
        if any(isinstance(v, Trackable) for v in before):
            self._non_append_mutation = True
        for i, now in enumerate(self._storage):
            if now is not None and (i >= len(before) or now != before[i]):
                self._storage[i] = self._track_value(now, self._name_element(i))

    def append(self, value):
        """Adds an element."""
        self._check_external_modification()
        super().append(value)
        self._update_snapshot()

    def extend(self, values):
        """Adds elements."""
        self._check_external_modification()
        super().extend(values)
        self._update_snapshot()

    def __imul__(self, y):
        if y > 0:
            return super().__imul__(y)
        self._non_append_mutation = True
        self._storage *= y
        return self

    def insert(self, index, obj):
        """Adds an element in front of another."""
        self._non_append_mutation = True
        self._storage.insert(index, obj)

    def sort(self, *, key=None, reverse=False):
        """Sorts the elements."""
        self._non_append_mutation = True
        self._storage.sort(key=key, reverse=reverse)

    def reverse(self):
        """Turns the order of the elements round."""
        self._non_append_mutation = True
        self._storage.reverse()

    def _track_value(self, value, name):
        try:
            return super()._track_value(value=value, name=name)
        except ValueError:  # it can be no dependency, and need not be
            return sticky_attribute_assignment(trackable=self, value=value, name=name)

    def __eq__(self, other):
        return self._storage == _bare(other)

    def __ne__(self, other):
        return self._storage != _bare(other)

    def __lt__(self, other):
        return self._storage < _bare(other)

    def __le__(self, other):
        return self._storage <= _bare(other)

    def __gt__(self, other):
        return self._storage > _bare(other)

    def __ge__(self, other):
        return self._storage >= _bare(other)

    def __hash__(self):
        raise TypeError("unhashable type: 'ListWrapper'")

    def __repr__(self):
        return "ListWrapper(%s)" % repr(self._storage)

    def _list_functions_for_serialization(self, serialization_cache):
        return {str(i): value for i, value in enumerate(self) if is_function(value)}


WRAPPERS[list] = ListWrapper


@export("python.training.tracking.data_structures._set_list_item")
def set_list_item(made, name, value):
    """Gives a list the element whose name is that of its place, as the elements of a SavedModel come."""
    index = int(name)
    made.extend([None] * (1 + index - len(made)))
    made[index] = value
