"""Dictionaries that checkpoints save: `tf.contrib.checkpoint.Mapping`, and what a dictionary becomes as an attribute."""

import collections
import collections.abc
import copy

from ..core.export import export
from ..core.trackable import Trackable
from .structures import (
    CHANGED_OUTSIDE,
    IGNORING,
    WRAPPERS,
    NoDependency,
    TrackableDataStructure,
    is_function,
    sticky_attribute_assignment,
    wrap_or_unwrap,
)

_AUTOMATIC = "Unable to save the object %s (a dictionary wrapper constructed automatically on attribute assignment). "


def _by_key(mapping):
    """The values of a mapping in the order of its keys."""
    return [value for _, value in sorted(mapping.items(), key=lambda item: item[0])]


@export("contrib.checkpoint.Mapping", "python.training.tracking.data_structures.Mapping")
class Mapping(TrackableDataStructure, collections.abc.Mapping):
    """A dictionary that can only grow, from strings to things that checkpoints save.

    Args:
      *args, **kwargs: as for `dict`.

    Raises:
      TypeError: a key is no string.
      ValueError: it would hold something else.
    """

    def __init__(self, *args, **kwargs):
        super().__init__()
        self._storage = self._make_storage(*args, **kwargs)
        for key, value in list(self._storage.items()):
            self._storage[key] = self._track_value(value, name=self._name_element(key))

    def __copy__(self):
        return type(self)(copy.copy(self._storage))

    def __deepcopy__(self, memo):
        return type(self)(copy.deepcopy(self._storage, memo))

    def _make_storage(self, *args, **kwargs):
        return dict(*args, **kwargs)

    @property
    def _values(self):
        return _by_key(self)

    def _name_element(self, key):
        if not isinstance(key, str):
            raise TypeError("Mapping accepts only string keys, but got a key %s." % repr(key))
        return key

    def __setitem__(self, key, value):
        value = self._track_value(value, name=self._name_element(key))
        current = self._storage.setdefault(key, value)
        if current is not value:
            raise ValueError("Mappings are an append-only data structure. Tried to overwrite the key '%s' with value %s, but it "
                             "already contains %s" % (key, value, current))  # fmt: skip

    def update(self, *args, **kwargs):
        """Adds what another dictionary has."""
        for key, value in dict(*args, **kwargs).items():
            self[key] = value

    def __getitem__(self, key):
        return self._storage[key]

    def __len__(self):
        return len(self._storage)

    def __iter__(self):
        return iter(self._storage)

    def __repr__(self):
        return "Mapping(%s)" % repr(self._storage)


@export("python.training.tracking.data_structures._DictWrapper")
class DictWrapper(TrackableDataStructure):
    """A dictionary that is an attribute of something that checkpoints save.

    All but its own attributes are those of the dictionary, whose class it claims to have.  It can hold anything under any key, and
    change as any dictionary does; but what a checkpoint would save must have a string for a key.

    Args:
      wrapped_dict: the dictionary, which goes on to hold the values; it must not be changed other than through the wrapper.  Or
        what can be made into one.
    """

    _plain_type = dict  # a function sees no difference
    _object_identifier = "trackable_dict_wrapper"

    def __init__(self, wrapped_dict=None):
        wrapped = {} if wrapped_dict is None else wrapped_dict
        if not isinstance(wrapped, collections.abc.Mapping):
            wrapped = dict(wrapped)
        object.__setattr__(self, "__wrapped__", wrapped)
        super().__init__()
        self._self_non_string_key = False
        self._self_external_modification = False
        for key, value in list(wrapped.items()):
            wrapped[key] = self._track_value(value, name=key)
        self._update_snapshot()

    # ---------------------------------------------------------------------------------------------- like the dictionary

    @property
    def __class__(self):
        return type(self.__wrapped__)

    def __getattr__(self, name):
        if name == "__wrapped__":  # a copy under construction
            raise AttributeError(name)
        return getattr(self.__wrapped__, name)

    def __setattr__(self, name, value):
        if name.startswith("_self_") or hasattr(type(self), name):
            object.__setattr__(self, name, value)
        else:
            setattr(self.__wrapped__, name, value)

    def __dir__(self):
        return sorted({*object.__dir__(self), *dir(self.__wrapped__)})

    def __getitem__(self, key):
        return self.__wrapped__[key]

    def __contains__(self, key):
        return key in self.__wrapped__

    def __len__(self):
        return len(self.__wrapped__)

    def __iter__(self):
        return iter(self.__wrapped__)

    def __reversed__(self):
        return reversed(self.__wrapped__)

    def __bool__(self):
        return bool(self.__wrapped__)

    def __eq__(self, other):
        return self.__wrapped__ == getattr(other, "__wrapped__", other)

    def __ne__(self, other):
        return self.__wrapped__ != getattr(other, "__wrapped__", other)

    def __or__(self, other):
        return self.__wrapped__ | getattr(other, "__wrapped__", other)

    def __ror__(self, other):
        return other | self.__wrapped__

    def __hash__(self):
        raise TypeError("unhashable type: 'DictWrapper'")

    def __repr__(self):
        return "DictWrapper(%s)" % repr(self.__wrapped__)

    def __str__(self):
        return str(self.__wrapped__)

    def __reduce_ex__(self, protocol):
        return DictWrapper, (self.__wrapped__,)

    def copy(self):
        """A dictionary with the same values."""
        return copy.copy(self)

    def __copy__(self):
        return self._copied(copy.copy(self.__wrapped__))

    def __deepcopy__(self, memo):
        return self._copied(copy.deepcopy(self.__wrapped__, memo))

    def _copied(self, wrapped):
        made = DictWrapper(wrapped)
        made._self_external_modification = self._self_external_modification
        made._self_non_string_key = self._self_non_string_key
        return made

    # ---------------------------------------------------------------------------------------------------- dependencies

    @property
    def _values(self):
        return _by_key(self.__wrapped__)

    @property
    def _dirty(self):
        """Whether something has happened after which it can't be saved."""
        return self._self_external_modification or self._self_non_string_key

    @property
    def _checkpoint_dependencies(self):
        self._check_self_external_modification()
        if self._self_non_string_key:
            raise ValueError((
                _AUTOMATIC + "The wrapped dictionary contains a non-string key which maps to a trackable object or mutable "
                "data structure." + IGNORING % "dictionary") % (self,))  # fmt: skip
        if self._self_external_modification:
            raise ValueError(_AUTOMATIC % (self,)
                             + CHANGED_OUTSIDE % ("dictionary", self, self._self_last_wrapped_dict_snapshot)
                             + IGNORING % "dictionary")  # fmt: skip
        return super()._checkpoint_dependencies

    def _check_self_external_modification(self):
        """Notes a change of the dictionary that was not made through the wrapper."""
        if not self._dirty and self.__wrapped__ != self._self_last_wrapped_dict_snapshot:
            self._self_external_modification = True
            self._self_last_wrapped_dict_snapshot = None

    def _update_snapshot(self):
        if not self._dirty:
            self._self_last_wrapped_dict_snapshot = dict(self.__wrapped__)

    def _track_value(self, value, name):
        """Makes a value a dependency if it can be one; returns what is to be stored."""
        textual = isinstance(name, str)
        name = name if textual else "-non_string_key"
        try:
            wrapped = super()._track_value(value=value, name=name)
        except ValueError:  # it can be no dependency, and need not be
            return sticky_attribute_assignment(trackable=self, value=value, name=name)
        if not textual and not isinstance(value, NoDependency):
            self._self_non_string_key = True
        return wrapped

    def _name_element(self, key):
        return key

    def __setitem__(self, key, value):
        self._check_self_external_modification()
        self._maybe_initialize_trackable()
        if isinstance(key, str):
            value = self._track_value(value, name=key)
        else:
            is_dependency = not isinstance(value, NoDependency)
            value = wrap_or_unwrap(value)
            if is_dependency and isinstance(value, Trackable):
                self._self_non_string_key = True
        self.__wrapped__[key] = value
        self._update_snapshot()

    def __delitem__(self, key):
        self._check_self_external_modification()
        del self.__wrapped__[key]
        self._update_snapshot()

    def update(self, *args, **kwargs):
        """Takes over what another dictionary has."""
        for key, value in dict(*args, **kwargs).items():
            self[key] = value

    def __ior__(self, other):
        self.update(other)
        return self

    def _list_functions_for_serialization(self, serialization_cache):
        return {key: value for key, value in self.items() if is_function(value)}


WRAPPERS[dict] = WRAPPERS[collections.OrderedDict] = DictWrapper
