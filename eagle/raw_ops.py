"""`tf.raw_ops`: every op under its own name, a function of keyword arguments alone."""

import functools
import inspect

from .core.dispatch import registry
from .core.export import missing

_made = {}  # op type -> function


def __getattr__(name):
    op = None if name.startswith("_") else registry.get(name)
    if op is None:
        if name.startswith("__"):
            raise AttributeError(name)
        raise missing("raw_ops." + name)
    if name not in _made:
        _made[name] = _function(op)
    return _made[name]


def __dir__():
    return sorted({*registry.homes, *registry})


def _function(op):
    """The function for an op: by TensorFlow's names of the parameters, where those differ from the op's own."""
    own_names = {**op.definition.wrapper_parameters(), "name": "name"}
    defaults = {a.name: a.default for a in op.definition.attrs.values() if a.has_default}
    defaults["name"] = None
    kind, none = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.empty
    parameters = [inspect.Parameter(public, kind, default=defaults.get(own, none)) for public, own in own_names.items()]
    parameters.sort(key=lambda p: p.default is not none)  # a signature has those without a default first
    required = [p.name for p in parameters if p.default is none]

    def raw(*args, **kwargs):
        if args:
            raise TypeError("%s only takes keyword args (possible keys: %s). Please pass these args as kwargs instead."
                            % (op.name, list(own_names)))  # fmt: skip
        for n in kwargs:
            if n not in own_names:
                raise TypeError("%s() got an unexpected keyword argument '%s'" % (op.name, n))
        absent = [n for n in required if n not in kwargs]
        if absent:
            raise TypeError("%s() missing %d required positional argument%s: %s"
                            % (op.name, len(absent), "s" * (len(absent) > 1), " and ".join(map(repr, absent))))  # fmt: skip
        return op(**{own_names[n]: v for n, v in kwargs.items()})

    raw.__name__ = raw.__qualname__ = op.name
    raw.__doc__ = op.__doc__
    raw.__signature__ = inspect.Signature(parameters)
    return raw


def generated(name):
    """The function that TensorFlow's generated modules (`gen_array_ops`, ...) have for an op, with arguments by position, too.

    Args:
      name: its name there: that of the op in snake case, perhaps with an underscore in front.

    Raises:
      AttributeError: there is no such op.
    """
    raw = globals()["__getattr__"](_by_generated_name().get(_plain(name), "_"))

    def function(*args, **kwargs):
        names = list(raw.__signature__.parameters)
        if len(args) > len(names):
            raise TypeError("%s() takes %d positional arguments but %d were given" % (name, len(names), len(args)))
        return raw(**dict(zip(names, args)), **kwargs)

    function.__name__ = function.__qualname__ = name
    function.__doc__, function.__signature__ = raw.__doc__, raw.__signature__
    return function


@functools.cache
def _by_generated_name():
    return {_plain(op): op for op in __dir__()}


def _plain(name):
    return name.replace("_", "").lower()
