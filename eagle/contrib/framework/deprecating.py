"""Decorators that warn of functions and arguments that are to go."""

import functools
import inspect

from ...core.export import export
from ...platform import tf_logging

_warned = set()


def _names(name):
    return "contrib.framework." + name, "python.util.deprecation." + name


def _when(date):
    return "in a future version" if date is None else "after %s" % date


def _warn_once(key, message, *args):
    if key not in _warned:
        _warned.add(key)
        tf_logging.warning(message, *args)


@export(*_names("deprecated"))
def deprecated(date, instructions, warn_once=True):
    """A decorator: calling the function warns.

    Args:
      date: when it goes, an ISO 8601 date, or None.
      instructions: what to do instead.
      warn_once: whether only the first call warns.
    """
    if not instructions:
        raise ValueError("Don't deprecate things without conversion instructions!")

    def decorate(func):
        @functools.wraps(func)
        def warned(*args, **kwargs):
            if not warn_once:
                _warned.discard(warned)
            _warn_once(warned, "%s (from %s) is deprecated and will be removed %s.\nInstructions for updating:\n%s",
                       func.__qualname__, func.__module__, _when(date), instructions)  # fmt: skip
            return func(*args, **kwargs)

        return warned

    return decorate


@export(*_names("deprecated_args"))
def deprecated_args(date, instructions, *deprecated_arg_names_or_tuples, **kwargs):
    """A decorator: calling the function with certain arguments warns.

    Args:
      date: when they go, an ISO 8601 date, or None.
      instructions: what to do instead.
      *deprecated_arg_names_or_tuples: names of arguments, or pairs of a name and the value that does not warn.
      **kwargs: `warn_once`: whether only the first call warns.
    """
    if not instructions:
        raise ValueError("Don't deprecate things without conversion instructions!")
    if not deprecated_arg_names_or_tuples:
        raise ValueError("Specify which argument is deprecated.")
    fine = dict(x if isinstance(x, tuple) else (x, inspect.Parameter.empty) for x in deprecated_arg_names_or_tuples)
    warn_once = kwargs.get("warn_once", True)

    def decorate(func):
        signature = inspect.signature(func)
        missing = [n for n in fine if n not in signature.parameters]
        if missing:
            raise ValueError("The following deprecated arguments are not present in the function signature: %s." % missing)

        @functools.wraps(func)
        def warned(*args, **named):
            given = signature.bind_partial(*args, **named).arguments
            for name, value in fine.items():
                if name in given and (value is inspect.Parameter.empty or given[name] is not value and given[name] != value):
                    if not warn_once:
                        _warned.discard((warned, name))
                    _warn_once((warned, name), "calling %s (from %s) with %s is deprecated and will be removed %s.\n"
                               "Instructions for updating:\n%s", func.__qualname__, func.__module__, name, _when(date),
                               instructions)  # fmt: skip
            return func(*args, **named)

        return warned

    return decorate


@export(*_names("deprecated_arg_values"))
def deprecated_arg_values(date, instructions, warn_once=True, **deprecated_kwargs):
    """A decorator: calling the function with certain values of arguments warns.

    Args:
      date: when they go, an ISO 8601 date, or None.
      instructions: what to do instead.
      warn_once: whether only the first call warns.
      **deprecated_kwargs: the arguments and their values.
    """
    if not instructions:
        raise ValueError("Don't deprecate things without conversion instructions!")
    if not deprecated_kwargs:
        raise ValueError("Specify which argument values are deprecated.")

    def decorate(func):
        signature = inspect.signature(func)

        @functools.wraps(func)
        def warned(*args, **named):
            given = signature.bind_partial(*args, **named).arguments
            for name, value in deprecated_kwargs.items():
                if name in given and given[name] == value:
                    if not warn_once:
                        _warned.discard((warned, name))
                    _warn_once((warned, name), "calling %s (from %s) with %s=%s is deprecated and will be removed %s.\n"
                               "Instructions for updating:\n%s", func.__qualname__, func.__module__, name, value, _when(date),
                               instructions)  # fmt: skip
            return func(*args, **named)

        return warned

    return decorate
