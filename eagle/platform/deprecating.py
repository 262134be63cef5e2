"""Decorators that warn of old functions and arguments: `tf.contrib.framework.deprecated`, `tensorflow.python.util.deprecation`."""

import contextlib
import functools
import inspect
import re

from ..core.deprecation import one_of
from ..core.export import export
from . import tf_logging

_warned = set()
_silent = False


def _check(date, instructions):
    if date is not None and not re.match(r"20\d\d-[01]\d-[0123]\d", date):
        raise ValueError("Date must be YYYY-MM-DD.")
    if not instructions:
        raise ValueError("Don't deprecate things without conversion instructions!")


def _check_callable(func, decorator):
    if not callable(func):
        raise ValueError("%s is not a function. If this is a property, make sure @property appears before @%s in your source code:"
                         "\n\n@property\n@%s\ndef method(...)" % (func, decorator, decorator))  # fmt: skip


def _noticed(func, new, title, date, instructions, what):
    """The new function with a notice in its docstring."""
    when = "in a future version" if date is None else "after %s" % date
    notice = "Warning: %s. %s will be removed %s.\nInstructions for updating:\n%s" % (title, what, when, instructions)
    first, _, rest = (func.__doc__ or title).partition("\n")
    new.__doc__ = "%s (deprecated)\n\n%s\n%s" % (first, notice, rest)
    return new


def _warn(key, warn_once, text, date, instructions):
    """Logs a warning with the line that called."""
    if _silent or key in _warned:
        return
    if warn_once:
        _warned.add(key)
    caller = inspect.currentframe().f_back.f_back
    place = "%s:%d" % (caller.f_code.co_filename, caller.f_lineno)
    when = "in a future version" if date is None else "after %s" % date
    tf_logging.warning("From %s: %s will be removed %s.\nInstructions for updating:\n%s", place, text, when, instructions)


@export("contrib.framework.deprecated", "python.util.deprecation.deprecated")
def deprecated(date, instructions, warn_once=True):
    """A decorator of a function that is to go: the first call (or each one) logs a warning.

    Args:
      date: "YYYY-MM-DD", when it goes, or None.
      instructions: what to use instead.
      warn_once: whether only the first call warns.

    Raises:
      ValueError: the date is malformed, or there are no instructions.
    """
    _check(date, instructions)

    def decorate(func):
        _check_callable(func, "deprecated")

        @functools.wraps(func)
        def new(*args, **kwargs):
            text = "%s (from %s) is deprecated and" % (func.__qualname__, func.__module__)
            _warn(func, warn_once, text, date, instructions)
            return func(*args, **kwargs)

        return _noticed(func, new, "THIS FUNCTION IS DEPRECATED", date, instructions, "It")

    return decorate


def _same(a, b):
    if a is b:
        return True
    try:
        equal = a == b
    except Exception:  # whatever a comparison of foreign objects raises means that they differ
        return False
    return equal if isinstance(equal, bool) else False


@export("contrib.framework.deprecated_args", "python.util.deprecation.deprecated_args")
def deprecated_args(date, instructions, *deprecated_arg_names_or_tuples, **kwargs):
    """A decorator of a function with arguments that are to go.

    Args:
      date: "YYYY-MM-DD", when they go, or None.
      instructions: what to use instead.
      *deprecated_arg_names_or_tuples: names, or pairs of a name and a value that does not warn.
      **kwargs: `warn_once`, whether only the first call warns.

    Raises:
      ValueError: the date is malformed, there are no instructions or arguments, or the function has no such argument.
    """
    _check(date, instructions)
    if not deprecated_arg_names_or_tuples:
        raise ValueError("Specify which argument is deprecated.")
    warn_once = kwargs.pop("warn_once", True)
    if kwargs:
        raise ValueError("Illegal argument to deprecated_args: %s" % kwargs)
    named = dict(a if isinstance(a, tuple) else (a, inspect.Parameter.empty) for a in deprecated_arg_names_or_tuples)

    def decorate(func):
        _check_callable(func, "deprecated_args")
        signature = inspect.signature(func)
        missing = [n for n in named if n not in signature.parameters]
        if missing:
            raise ValueError("The following deprecated arguments are not present in the function signature: %s. Found next "
                             "arguments: %s." % (missing, list(signature.parameters)))  # fmt: skip

        @functools.wraps(func)
        def new(*args, **kwargs):
            given = signature.bind(*args, **kwargs).arguments
            for name, ok in named.items():
                if name in given and not _same(given[name], ok):
                    text = "calling %s (from %s) with %s is deprecated and" % (func.__qualname__, func.__module__, name)
                    _warn((func, name), warn_once, text, date, instructions)
            return func(*args, **kwargs)

        return _noticed(func, new, "SOME ARGUMENTS ARE DEPRECATED: `(%s)`" % ", ".join(sorted(named)), date, instructions, "They")

    return decorate


@export("contrib.framework.deprecated_arg_values", "python.util.deprecation.deprecated_arg_values")
def deprecated_arg_values(date, instructions, warn_once=True, **deprecated_kwargs):
    """A decorator of a function of which some values of arguments are to go.

    Args:
      date: "YYYY-MM-DD", when they go, or None.
      instructions: what to use instead.
      warn_once: whether only the first call warns.
      **deprecated_kwargs: argument -> value.

    Raises:
      ValueError: the date is malformed, or there are no instructions or arguments.
    """
    _check(date, instructions)
    if not deprecated_kwargs:
        raise ValueError("Specify which argument values are deprecated.")

    def decorate(func):
        _check_callable(func, "deprecated_arg_values")
        signature = inspect.signature(func)

        @functools.wraps(func)
        def new(*args, **kwargs):
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            for name, value in deprecated_kwargs.items():
                if name in bound.arguments and _same(bound.arguments[name], value):
                    text = "calling %s (from %s) with %s=%s is deprecated and"
                    text %= (func.__qualname__, func.__module__, name, value)
                    _warn((func, name), warn_once, text, date, instructions)
            return func(*args, **kwargs)

        shown = ", ".join("%s=%r" % item for item in sorted(deprecated_kwargs.items()))
        return _noticed(func, new, "SOME ARGUMENT VALUES ARE DEPRECATED: `(%s)`" % shown, date, instructions, "They")

    return decorate


@export("python.util.deprecation.deprecated_argument_lookup")
def deprecated_argument_lookup(new_name, new_value, old_name, old_value):
    """The value of an argument that has an old spelling too; raises ValueError if both are given."""
    return one_of(new_name, new_value, old_name, old_value)


@export("python.util.deprecation.silence")
@contextlib.contextmanager
def silence():
    """A context manager in which the decorators of this module log nothing."""
    global _silent
    before, _silent = _silent, True
    try:
        yield
    finally:
        _silent = before
