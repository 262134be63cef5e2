"""Objects as configurations and back: names and dictionaries that stand for classes and functions."""

import inspect
import re

from ...core.export import export

_CUSTOM = {}
_WORD_START = re.compile("(.)([A-Z][a-z0-9]+)")
_HUMP = re.compile("([a-z])([A-Z])")


@export("keras.utils.get_custom_objects")
def get_custom_objects():
    """The dictionary from names to classes and functions of the program that configurations may name."""
    return _CUSTOM


@export("keras.utils.custom_object_scope", "keras.utils.CustomObjectScope")
class CustomObjectScope:
    """A context manager in which configurations may name more classes and functions.

    Args:
      *args: dictionaries from names to them.
    """

    def __init__(self, *args):
        self.custom_objects = args
        self.backup = None

    def __enter__(self):
        self.backup = _CUSTOM.copy()
        for objects in self.custom_objects:
            _CUSTOM.update(objects)
        return self

    def __exit__(self, *unused):
        _CUSTOM.clear()
        _CUSTOM.update(self.backup)


@export("keras.utils.serialize_keras_object")
def serialize_keras_object(instance):
    """An object as a configuration: a dictionary of its class name and configuration, or a function's name.

    Raises:
      ValueError: it has neither.
    """
    if instance is None:
        return None
    if hasattr(instance, "get_config"):
        config = instance.get_config()
        items = {}
        for key, item in config.items():
            if isinstance(item, str) or not callable(item) or not hasattr(item, "get_config"):
                items[key] = item
            else:
                items[key] = serialize_keras_object(item)
        return {"class_name": type(instance).__name__, "config": items}
    if hasattr(instance, "__name__"):
        return instance.__name__
    raise ValueError("Cannot serialize", instance)


def class_and_config(config, known, custom_objects=None, kind="object"):
    """The class and the arguments that a configuration names.

    Args:
      config: a dictionary with "class_name" and "config".
      known: a function from a name to a class, or None.
      custom_objects: more names.
      kind: what it is, for messages.

    Raises:
      ValueError: the configuration has another form, or the class is not known.
    """
    if not isinstance(config, dict) or "class_name" not in config or "config" not in config:
        raise ValueError("Improper config format: " + str(config))
    name = config["class_name"]
    cls = (custom_objects or {}).get(name) or _CUSTOM.get(name) or known(name)
    if cls is None:
        raise ValueError("Unknown %s: %s" % (kind, name))
    return cls, config["config"]


def deserialize(identifier, known, custom_objects=None, kind="object"):
    """The object that a configuration or name stands for.

    Args:
      identifier: a dictionary, a name, or a function.
      known: a function from a name to a class or function, or None.
      custom_objects: a dictionary of more of them.
      kind: what it is, for messages.

    Raises:
      ValueError: nothing is known by that name, or it is no identifier.
    """
    if identifier is None:
        return None
    if isinstance(identifier, dict):
        cls, config = class_and_config(identifier, known, custom_objects, kind)
        if not hasattr(cls, "from_config"):
            with CustomObjectScope(custom_objects or {}):
                return cls(**config)
        if "custom_objects" in inspect.signature(cls.from_config).parameters:
            return cls.from_config(config, custom_objects={**_CUSTOM, **(custom_objects or {})})
        with CustomObjectScope(custom_objects or {}):
            return cls.from_config(config)
    if isinstance(identifier, str):
        found = (custom_objects or {}).get(identifier) or _CUSTOM.get(identifier) or known(identifier)
        if found is None:
            raise ValueError("Unknown %s:%s" % (kind, identifier))
        return found() if inspect.isclass(found) else found
    if inspect.isfunction(identifier):
        return identifier
    raise ValueError("Could not interpret serialized %s: %s" % (kind, identifier))


@export("keras.utils.deserialize_keras_object")
def deserialize_keras_object(identifier, module_objects=None, custom_objects=None, printable_module_name="object"):
    """The object that a configuration or name stands for; see `deserialize`.

    Args:
      identifier: a dictionary, a name, or a function.
      module_objects, custom_objects: dictionaries from names to classes and functions.
      printable_module_name: what it is, for messages.
    """
    return deserialize(identifier, (module_objects or {}).get, custom_objects, printable_module_name)


def to_snake_case(name):
    """The name of a class in snake case."""
    spread = _HUMP.sub(r"\1_\2", _WORD_START.sub(r"\1_\2", name)).lower()
    return "private" + spread if spread[0] == "_" else spread


def to_list(x):
    """A list: the thing itself, or one of it alone."""
    return x if isinstance(x, list) else [x]


def of_identifier(identifier, deserialize):
    """What a configuration, a name or a function stands for, found by `deserialize`; None where it is none of these."""
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        return deserialize({"class_name": str(identifier), "config": {}})
    return identifier if callable(identifier) else None
