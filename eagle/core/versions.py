"""Other versions of public functions: for arguments that are composed of tensors (`RaggedTensor`, `LinearOperator`).

A function that is `versioned` is tried as it is.  When it can't work with its arguments (TypeError, ValueError), a version for the
kind of one of them takes the call; so calls with ordinary tensors pay nothing.  A function that serves ordinary tensors on a way
of its own is a `shortcut` to a versioned one, and the doors of ops (ops/doors.py) are versioned behind their short cuts.
"""

import collections
import functools
import inspect
import types

UNFIT = TypeError, ValueError  # what a function raises that can't work with its arguments

Version = collections.namedtuple("Version", "kinds operands function")
_of_names = {}  # public name -> the list of versions of the function of that name, whose module may not be loaded yet


def versioned(function):
    """A decorator for functions that `version` can add versions to; it goes below `export`."""
    versions = []
    updated = functools.WRAPPER_UPDATES if isinstance(function, types.FunctionType) else ()

    @functools.wraps(function, updated=updated)
    def call(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except UNFIT:
            other = fitting(versions, function, args, kwargs)
            if other is None:
                raise
        return other(*args, **kwargs)

    call.versions = versions
    return call


def shortcut(general):
    """A decorator for a function that leaves to `general`, which is versioned, what it does not serve itself."""

    def declare(function):
        function.versions = general.versions
        return function

    return declare


def version(name, kinds, operands=1):
    """A decorator for the version of a public function for arguments of some kinds; it takes the function's arguments.

    Args:
      name: the function's dotted name.
      kinds: a class or a tuple of classes.
      operands: how many of the function's parameters, the first ones, may be of these kinds, or lists with one of them.
    """

    def register(function):
        _of_names.setdefault(name, []).append(Version(kinds, operands, function))
        return function

    return register


def announce(name, thing):
    """Lets a public object have the versions that were declared for its name, when it is exported."""
    known = _of_names.get(name)
    if isinstance(thing, types.FunctionType) and hasattr(thing, "versions"):
        thing.versions += known or ()
        _of_names[name] = thing.versions
    elif known is not None:
        raise ValueError("tf.%s is not versioned" % name)


def fitting(versions, function, args, kwargs):
    """The version of a function for the arguments of a call; None if there is none."""
    for kinds, operands, other in versions:
        for value in first_arguments(function, operands, args, kwargs):
            if isinstance(value, kinds) or isinstance(value, list | tuple) and any(isinstance(v, kinds) for v in value):
                return other
    return None


def first_arguments(function, count, args, kwargs):
    """What a call gives for a function's first `count` parameters, by position or by name."""
    if len(args) >= count or not kwargs:
        return args[:count]
    names = [*inspect.signature(function).parameters][len(args) : count]
    return *args, *[kwargs[n] for n in names if n in kwargs]
