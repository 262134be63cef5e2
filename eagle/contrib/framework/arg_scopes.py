"""`arg_scope`: default values of arguments for the functions called in a block."""

import contextlib
import functools
import inspect
import threading

from ...core.export import export


class _Stack(threading.local):
    def __init__(self):
        self.scopes = [{}]


_stack = _Stack()
_decorated = {}  # key of a function -> the names of its arguments that have defaults


def _names(name):
    """Where programs look for a function."""
    return "contrib.framework." + name, "contrib.framework.python.ops.arg_scope." + name, "contrib.slim." + name


@export(*_names("current_arg_scope"))
def current_arg_scope():
    """The dictionary of the arguments that are in force: from keys of functions to dictionaries of arguments."""
    return _stack.scopes[-1]


@export(*_names("arg_scope_func_key"))
def arg_scope_func_key(op):
    """The key of a function in a scope."""
    return getattr(op, "_key_op", str(op))


@export(*_names("arg_scope"))
@contextlib.contextmanager
def arg_scope(list_ops_or_scope, **kwargs):
    """A context manager in which functions have other default arguments.

    Args:
      list_ops_or_scope: a list of functions that `add_arg_scope` decorates, or a scope that `arg_scope` gave, to use again.
      **kwargs: the arguments.

    Raises:
      TypeError: `list_ops_or_scope` is neither.
      ValueError: a function is not decorated, or arguments are given with a scope.
    """
    if isinstance(list_ops_or_scope, dict):
        if kwargs:
            raise ValueError("When attempting to re-use a scope by suppling adictionary, kwargs must be empty.")
        scope = list_ops_or_scope.copy()
    else:
        if not isinstance(list_ops_or_scope, list | tuple):
            raise TypeError("list_ops_or_scope must either be a list/tuple or reused scope (i.e. dict)")
        scope = current_arg_scope().copy()
        for op in list_ops_or_scope:
            if not has_arg_scope(op):
                raise ValueError("%s is not decorated with @add_arg_scope", (op.__module__, op.__name__))
            key = arg_scope_func_key(op)
            scope[key] = {**scope.get(key, {}), **kwargs}
    _stack.scopes.append(scope)
    try:
        yield scope
    finally:
        _stack.scopes.pop()


@export(*_names("add_arg_scope"))
def add_arg_scope(func):
    """A decorator: the function takes defaults from `arg_scope`."""
    key = arg_scope_func_key(func)

    @functools.wraps(func)
    def func_with_args(*args, **kwargs):
        defaults = _stack.scopes[-1].get(key)
        return func(*args, **(kwargs if defaults is None else {**defaults, **kwargs}))

    _decorated[key] = tuple(n for n, p in inspect.signature(func).parameters.items() if p.default is not p.empty)
    func_with_args._key_op = key
    return func_with_args


@export(*_names("has_arg_scope"))
def has_arg_scope(func):
    """Whether a function is decorated with `add_arg_scope`."""
    return arg_scope_func_key(func) in _decorated


@export(*_names("arg_scoped_arguments"))
def arg_scoped_arguments(func):
    """The names of the arguments of a decorated function that have defaults."""
    assert has_arg_scope(func)
    return _decorated[arg_scope_func_key(func)]
