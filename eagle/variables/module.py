"""`tf.Module`: an object that knows the variables among its attributes."""

import functools
import re

from ..core import nest
from ..core.export import export
from ..core.scopes import name_scope
from .base import Variable
from .tracking import AutoTrackable

_BETWEEN_WORDS = re.compile("(?<=[a-z0-9])(?=[A-Z])|(?<!^)(?=[A-Z][a-z])")
_IDENTIFIER = re.compile("[a-zA-Z_][a-zA-Z0-9_]*")


@export("Module")
class Module(AutoTrackable):
    """A base class of objects that hold variables, as attributes or in structures and other modules that are attributes.

    Args:
      name: the module's name, a Python identifier; by default that of its class, in snake case.

    Raises:
      ValueError: `name` is no identifier.
    """

    _TF_MODULE_IGNORED_PROPERTIES = frozenset(
        ("_self_unconditional_checkpoint_dependencies", "_self_unconditional_dependency_names")
    )

    def __init__(self, name=None):
        if name is None:
            name = _BETWEEN_WORDS.sub("_", type(self).__name__).lower()
        elif not _IDENTIFIER.fullmatch(name):
            message = "%r is not a valid module name. Module names must be valid Python identifiers (e.g. a valid class name)."
            raise ValueError(message % name)
        self._name = name
        with name_scope(name) as scope:
            self._scope_name = scope

    @property
    def name(self):
        """The name that the module was given."""
        return self._name

    @property
    def name_scope(self):
        """A `tf.name_scope` of the module, inside those that were open when it was made."""
        return name_scope(self._scope_name)

    @property
    def variables(self):
        """The variables of the module, by the names of the attributes, and then those of its submodules, level by level."""
        return tuple(self._flatten(predicate=_is_variable))

    @property
    def trainable_variables(self):
        """Those of its variables that are trainable."""
        return tuple(self._flatten(predicate=lambda v: _is_variable(v) and v.trainable))

    @property
    def submodules(self):
        """The modules in the attributes of the module, those in theirs, and so on, level by level."""
        return tuple(self._flatten(predicate=_is_module))

    def _flatten(self, recursive=True, predicate=None, attribute_traversal_key=None, with_path=False):
        """Generates what is in the attributes of the module, and in the structures there.

        Args:
          recursive: whether modules in them are flattened, too.
          predicate: a function that says what to give; by default everything.
          attribute_traversal_key: the attributes are sorted by this function of their names; by default by the names.
          with_path: whether to give pairs of the path, a tuple, and the thing, a thing with several paths several times.
        """
        seen = None if with_path else {id(self)}
        for path, thing in _things(self, recursive, predicate or (lambda _: True), attribute_traversal_key, (), seen):
            yield (path, thing) if with_path else thing

    @classmethod
    def with_name_scope(cls, method):
        """A decorator: the method runs in the module's name scope."""

        @functools.wraps(method)
        def in_scope(self, *args, **kwargs):
            with self.name_scope:
                return method(self, *args, **kwargs)

        return in_scope


def _is_variable(thing):
    return isinstance(thing, Variable)


def _is_module(thing):
    return isinstance(thing, Module)


def _things(module, recursive, predicate, key, path, seen):
    """What is in a module and its submodules, level by level, with the paths.

    Args:
      module: the module.
      recursive, predicate, key: as in `_flatten`.
      path: where the module is.
      seen: the identities of what was given already, or None to give everything.
    """
    submodules = []
    attributes = vars(module)
    for name in sorted(attributes, key=key):
        if name in module._TF_MODULE_IGNORED_PROPERTIES:
            continue
        for inner, thing in nest.flatten_with_tuple_paths(attributes[name]):
            if seen is not None:
                if id(thing) in seen:
                    continue
                seen.add(id(thing))
            if predicate(thing):
                yield (*path, name, *inner), thing
            if recursive and _is_module(thing):
                submodules.append(((*path, name, *inner), thing))
    for place, submodule in submodules:
        yield from _things(submodule, recursive, predicate, key, place, seen)
