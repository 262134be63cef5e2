"""`tensorflow.python.util.tf_inspect`, `function_utils` and `all_util`: what they tell of functions and modules."""

import collections
import functools
import inspect
import re
import sys

from ..core.export import export

_SPACE = "python.util.tf_inspect."

for _name in (
    "getcallargs getframeinfo getdoc getfile getfullargspec getmembers getmodule getmro getsource getsourcefile getsourcelines "
    "isbuiltin isclass isfunction isframe isgenerator isgeneratorfunction ismethod ismodule isroutine stack FullArgSpec"
).split():
    export(_SPACE + _name)(getattr(inspect, _name))

ArgSpec = collections.namedtuple("ArgSpec", ["args", "varargs", "keywords", "defaults"])
export(_SPACE + "ArgSpec")(ArgSpec)


@export(_SPACE + "currentframe")
def currentframe():
    """The frame of the caller."""
    return inspect.stack()[1][0]


@export(_SPACE + "getargspec")
def getargspec(obj):
    """The arguments of a callable as an `ArgSpec` (Python 3's own `inspect` has no such function any more).

    Raises:
      TypeError: its arguments can't be told.
      ValueError: it is a `functools.partial` in which an argument without default follows one that has been given.
    """
    if isinstance(obj, functools.partial):
        return _partial_argspec(obj)
    for target in (obj, getattr(obj, "__init__", None), type(obj).__call__ if callable(obj) else None):
        try:
            spec = inspect.getfullargspec(target)
        except TypeError:
            continue
        return ArgSpec(spec.args, spec.varargs, spec.varkw, spec.defaults)
    raise TypeError("unsupported callable")


def _partial_argspec(obj):
    args, varargs, keywords, defaults = getargspec(obj.func)
    given, missing = obj.keywords or {}, object()
    values = dict(zip(args, [missing] * (len(args) - len(defaults or ())) + list(defaults or ())))
    values.update((k, v) for k, v in given.items() if k in values)
    args = args[len(obj.args) :]
    values = [values[a] for a in args]
    first = next((i for i, v in enumerate(values) if v is not missing), len(values))
    wrong = [a for a, v in zip(args[first:], values[first:]) if v is missing]
    if wrong:
        raise ValueError("Some arguments %s do not have default value, but they are positioned after those with default values. "
                         "This can not be expressed with ArgSpec." % wrong)  # fmt: skip
    return ArgSpec(args, varargs, keywords, tuple(values[first:]) or None)


def _callable_part(fn):
    """A function, or the `__call__` of an object that has one."""
    plain = inspect.isfunction(fn) or inspect.isclass(fn) or inspect.ismethod(fn)
    return fn.__call__ if not plain and callable(fn) and inspect.ismethod(fn.__call__) else fn


@export("python.util.function_utils.fn_args")
def fn_args(fn):
    """The names of the arguments of a function, method, callable object or `functools.partial`, without `self`."""
    if isinstance(fn, functools.partial):
        return tuple(a for a in fn_args(fn.func)[len(fn.args) :] if a not in (fn.keywords or ()))
    fn = _callable_part(fn)
    args = inspect.getfullargspec(fn).args
    return tuple(args[1:] if inspect.ismethod(fn) and args else args)


@export("python.util.function_utils.has_kwargs")
def has_kwargs(fn):
    """Whether a callable takes any argument by name; raises TypeError if it is no callable."""
    if isinstance(fn, functools.partial):
        fn = fn.func
    elif not callable(fn):
        raise TypeError("fn should be a function-like object, but is of type %s." % type(fn))
    return inspect.getfullargspec(_callable_part(fn)).varkw is not None


@export("python.util.function_utils.get_func_name")
def get_func_name(func):
    """The name of a callable; raises ValueError if it is none."""
    if not callable(func):
        raise ValueError("Argument must be callable")
    if inspect.isfunction(func):
        return func.__name__
    if inspect.ismethod(func):
        return "%s.%s" % (func.__self__.__class__.__name__, func.__func__.__name__)
    return str(type(func))


@export("python.util.function_utils.get_func_code")
def get_func_code(func):
    """The code of a callable, or None if it has none; raises ValueError if it is no callable."""
    if not callable(func):
        raise ValueError("Argument must be callable")
    found = func if inspect.isfunction(func) or inspect.ismethod(func) else func.__call__
    return getattr(found, "__code__", None)


# ---------------------------------------------------------------------------------------------- the contents of modules

_hidden = {}  # full name -> (module, value), of what `remove_undocumented` removed


@export("python.util.all_util.make_all")
def make_all(module_name, doc_string_modules=None):
    """The names of a module's members that its docstring, or those of `doc_string_modules`, mention as `@@name`."""
    members = dir(sys.modules[module_name])
    documented = doc_string_modules or [sys.modules[module_name]]
    found = {m for module in documented for m in re.findall(r"^@@(\w+)$", module.__doc__ or "", re.MULTILINE)}
    return [name for name in members if name in found]


@export("python.util.all_util.remove_undocumented")
def remove_undocumented(module_name, allowed_exception_list=None, doc_string_modules=None):
    """Removes from a module the public names that its docstring does not mention as `@@name`.

    Args:
      module_name: its full name.
      allowed_exception_list: names that stay all the same.
      doc_string_modules: modules whose docstrings count; by default the module itself.
    """
    module = sys.modules[module_name]
    kept = {*make_all(module_name, doc_string_modules), *(allowed_exception_list or ())}
    for name in set(dir(module)) - kept:
        if not name.startswith("_"):
            _hidden["%s.%s" % (module_name, name)] = module, getattr(module, name)
            delattr(module, name)


@export("python.util.all_util.reveal_undocumented")
def reveal_undocumented(symbol_name, target_module=None):
    """Puts back what `remove_undocumented` removed, into its module or another one; raises LookupError if that is nothing."""
    if symbol_name not in _hidden:
        raise LookupError("Symbol %s is not a hidden symbol" % symbol_name)
    module, value = _hidden[symbol_name]
    setattr(target_module or module, symbol_name.rpartition(".")[2], value)
