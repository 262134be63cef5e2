"""TensorFlow's decorators for what is deprecated: `tensorflow.python.util.deprecation`."""

import contextlib
import functools
import inspect
import re
import sys

from ..core.export import export
from . import tf_logging
from .decorators import getcallargs, getfullargspec, make_decorator

_HERE = "python.util.deprecation."
_warned = set()
_silenced = []
_NOTHING = object()  # a value that no argument has


@export(_HERE + "silence")
@contextlib.contextmanager
def silence():
    """A context manager in which nothing warns."""
    _silenced.append(True)
    try:
        yield
    finally:
        _silenced.pop()


def _check(date, instructions):
    if date is not None and not re.match(r"20\d\d-[01]\d-[0123]\d", date):
        raise ValueError("Date must be YYYY-MM-DD.")
    if not instructions:
        raise ValueError("Don't deprecate things without conversion instructions!")


def _when(date):
    return "in a future version" if date is None else "after %s" % date


def _warn(key, once, what, date, instructions):
    """Logs a warning about a call of a deprecated function, found two frames above; `key` is what is warned of only once."""
    if _silenced or key in _warned:
        return
    if once:
        _warned.add(key)
    caller = sys._getframe(2)
    place = "%s:%d" % (caller.f_code.co_filename, caller.f_lineno)
    tf_logging.warning("From %s: %s deprecated and will be removed %s.\nInstructions for updating:\n%s",
                       place, what, _when(date), instructions)  # fmt: skip


def _described(func):
    return "%s (from %s)" % (func.__qualname__, func.__module__)


def _documented(doc, date, instructions, kind, text):
    """A docstring with a notice after its first line.

    Args:
      doc: the docstring, or None.
      date, instructions: as of `deprecated`.
      kind: what is deprecated: "function", "function arguments" or "function argument values".
      text: the notice.
    """
    mark = "(deprecated)" if kind == "function" else "(deprecated %s)" % kind.removeprefix("function ")
    subject = "It" if kind == "function" else "They"
    notice = "%s %s will be removed %s.\nInstructions for updating:\n%s" % (text, subject, _when(date), instructions)
    return _with_notice(doc, "DEPRECATED " + kind.upper(), mark, notice)


def _with_notice(doc, stand_in, mark, notice):
    """A docstring with a mark at the end of its first line and a notice after it."""
    first, _, rest = (doc or "").partition("\n")
    first = "%s %s" % (first, mark) if doc else stand_in
    return "\n\n".join(filter(None, [first, "Warning: " + notice, inspect.cleandoc(rest)]))


@export("contrib.framework.experimental", "contrib.framework.python.framework.experimental.experimental")
def experimental(func):
    """A decorator for functions that may change: each call logs a warning, and the docstring says so."""

    @functools.wraps(func)
    def warning(*args, **kwargs):
        tf_logging.warning("%s (from %s) is experimental and may change or be removed at any time, and without warning.",
                           func.__qualname__, func.__module__)  # fmt: skip
        return func(*args, **kwargs)

    notice = "THIS FUNCTION IS EXPERIMENTAL. It may change or be removed at any time, and without warning."
    warning.__doc__ = _with_notice(func.__doc__, "EXPERIMENTAL FUNCTION", "(experimental)", notice)
    return warning


@export(_HERE + "deprecated", "contrib.framework.deprecated")
def deprecated(date, instructions, warn_once=True):
    """A decorator for a deprecated function: a call logs a warning.

    Args:
      date: when it will be removed (YYYY-MM-DD), or None.
      instructions: what to use instead.
      warn_once: whether only the first call warns.

    Raises:
      ValueError: `date` is no date, or there are no instructions.
    """
    _check(date, instructions)

    def decorate(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            _warn(func, warn_once, "%s is" % _described(func), date, instructions)
            return func(*args, **kwargs)

        text = "THIS FUNCTION IS DEPRECATED."
        doc = _documented(func.__doc__, date, instructions, "function", text)
        return make_decorator(func, wrapper, "deprecated", doc)

    return decorate


def _is_same(a, b):
    if a is b:
        return True
    try:
        found = a == b
    except TypeError:
        return False
    return isinstance(found, bool) and found


@export(_HERE + "deprecated_args", "contrib.framework.deprecated_args")
def deprecated_args(date, instructions, *deprecated_arg_names_or_tuples, warn_once=True):
    """A decorator for a function with deprecated arguments: a call with one of them logs a warning.

    Args:
      date, instructions, warn_once: as of `deprecated`.
      *deprecated_arg_names_or_tuples: the names, or pairs of a name and a value that is fine.

    Raises:
      ValueError: the function has no such arguments, or as of `deprecated`.
    """
    _check(date, instructions)
    if not deprecated_arg_names_or_tuples:
        raise ValueError("Specify which argument is deprecated.")
    allowed = dict(x if isinstance(x, tuple) else (x, _NOTHING) for x in deprecated_arg_names_or_tuples)

    def decorate(func):
        spec = getfullargspec(func)
        known = [*spec.args, spec.varargs, spec.varkw]
        missing = [name for name in allowed if name not in known]
        if missing:
            raise ValueError(
                "The following deprecated arguments are not present in the function signature: %s. Found next arguments: %s."
                % (missing, known)
            )

        def given(args, kwargs):
            values = getcallargs(func, *args, **kwargs)
            positional = spec.args[: len(args)]
            for name, fine in allowed.items():
                if name == spec.varargs:
                    yield name, len(args) > len(spec.args)
                elif name == spec.varkw:
                    yield name, any(k not in spec.args for k in kwargs)
                else:
                    yield name, (name in positional or name in kwargs) and not _is_same(values[name], fine)

        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            for name, is_given in given(args, kwargs):
                if is_given:
                    what = "calling %s with %s is" % (_described(func), name)
                    _warn((func, name), warn_once, what, date, instructions)
            return func(*args, **kwargs)

        text = "SOME ARGUMENTS ARE DEPRECATED: `(%s)`." % ", ".join(sorted(allowed))
        doc = _documented(func.__doc__, date, instructions, "function arguments", text)
        return make_decorator(func, wrapper, "deprecated", doc)

    return decorate


@export(_HERE + "deprecated_arg_values", "contrib.framework.deprecated_arg_values")
def deprecated_arg_values(date, instructions, warn_once=True, **deprecated_kwargs):
    """A decorator for a function with deprecated values of arguments: a call with one of them logs a warning.

    Args:
      date, instructions, warn_once: as of `deprecated`.
      **deprecated_kwargs: the arguments with their deprecated values.

    Raises:
      ValueError: as of `deprecated`.
    """
    _check(date, instructions)
    if not deprecated_kwargs:
        raise ValueError("Specify which argument values are deprecated.")

    def decorate(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            values = getcallargs(func, *args, **kwargs)
            for name, value in deprecated_kwargs.items():
                if name in values and _is_same(values[name], value):
                    what = "calling %s with %s=%s is" % (_described(func), name, value)
                    _warn((func, name), warn_once, what, date, instructions)
            return func(*args, **kwargs)

        text = "SOME ARGUMENT VALUES ARE DEPRECATED: `(%s)`." % ", ".join("%s=%r" % x for x in sorted(deprecated_kwargs.items()))
        doc = _documented(func.__doc__, date, instructions, "function argument values", text)
        return make_decorator(func, wrapper, "deprecated", doc)

    return decorate


@export(_HERE + "deprecated_argument_lookup")
def deprecated_argument_lookup(new_name, new_value, old_name, old_value):
    """The value of an argument that has an old spelling too.

    Raises:
      ValueError: both are given.
    """
    if old_value is None:
        return new_value
    if new_value is not None:
        raise ValueError("Cannot specify both '%s' and '%s'" % (old_name, new_name))
    return old_value


@export(_HERE + "rewrite_argument_docstring")
def rewrite_argument_docstring(old_doc, old_argument, new_argument):
    """A docstring with another name of an argument."""
    return old_doc.replace("`%s`" % old_argument, "`%s`" % new_argument).replace("%s:" % old_argument, "%s:" % new_argument)
