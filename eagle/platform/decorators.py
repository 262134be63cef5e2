"""TensorFlow's decorators that remember what they decorate, and the views of signatures through them."""

import contextlib
import functools
import inspect
import sys
import types
from collections import namedtuple

from ..core.export import export

_OWN = __name__.partition(".")[0] + "."
_DECORATOR, _INSPECT, _FUNCTIONS = "python.util.tf_decorator.", "python.util.tf_inspect.", "python.util.function_utils."
_KEY = "_tf_decorator"


@export(_DECORATOR + "TFDecorator", "flags.tf_decorator.TFDecorator")
class TFDecorator:
    """What a decorated function knows of its decoration; called, it calls what was decorated.

    Attributes:
      decorated_target: what was decorated.
      decorator_name: the decorator's name.
      decorator_doc: what its documentation says besides.
      decorator_argspec: the signature that the decoration has, None for that of the target.
    """

    def __init__(self, decorator_name, target, decorator_doc="", decorator_argspec=None):
        self.decorated_target, self.decorator_name = target, decorator_name
        self.decorator_doc, self.decorator_argspec = decorator_doc, decorator_argspec
        for name in ("__name__", "__qualname__"):
            if hasattr(target, name):
                setattr(self, name, getattr(target, name))
        self.__doc__ = decorator_doc or getattr(target, "__doc__", None) or ""

    def __get__(self, instance, owner):
        return self.decorated_target.__get__(instance, owner)

    def __call__(self, *args, **kwargs):
        return self.decorated_target(*args, **kwargs)


@export(_DECORATOR + "make_decorator", "flags.tf_decorator.make_decorator")
def make_decorator(target, decorator_func, decorator_name=None, decorator_doc="", decorator_argspec=None):
    """Gives a wrapper the name, documentation and attributes of the function that it wraps, and notes that function on it.

    Args:
      target: the function that is wrapped.
      decorator_func: the wrapper.
      decorator_name: the decorator's name; by default that of the calling function.
      decorator_doc: documentation in the place of the target's.
      decorator_argspec: the signature, if it is not the target's.

    Returns:
      The wrapper.
    """
    name = decorator_name or sys._getframe(1).f_code.co_name
    decorator = TFDecorator(name, target, decorator_doc, decorator_argspec)
    setattr(decorator_func, _KEY, decorator)
    for attribute in ("__name__", "__qualname__", "__module__"):
        if hasattr(target, attribute):
            setattr(decorator_func, attribute, getattr(target, attribute))
    for key, value in getattr(target, "__dict__", {}).items():
        decorator_func.__dict__.setdefault(key, value)
    decorator_func.__doc__ = decorator.__doc__
    decorator_func.__wrapped__ = decorator_func.__original_wrapped__ = target
    return decorator_func


def _decorator_of(thing):
    if isinstance(thing, TFDecorator):
        return thing
    found = getattr(thing, _KEY, None)
    return found if isinstance(found, TFDecorator) else None


@export(_DECORATOR + "unwrap", "flags.tf_decorator.unwrap")
def unwrap(maybe_tf_decorator):
    """The decorators around a function, from outside in, and the function.

    Returns:
      A list of `TFDecorator`s and the function itself.
    """
    found, thing = [], maybe_tf_decorator
    while True:
        decorator = _decorator_of(thing)
        if decorator is not None:
            found.append(decorator)
            thing = decorator.decorated_target
        elif _is_own_wrapper(thing):
            thing = thing.__wrapped__
        else:
            return found, thing


def _is_own_wrapper(function):
    """Whether a function of Eagle's stands around another one that is public; TensorFlow has none there, or a decorator."""
    return hasattr(function, "__wrapped__") and getattr(function, "__globals__", {}).get("__name__", "").startswith(_OWN)


@export(_DECORATOR + "rewrap", "flags.tf_decorator.rewrap")
def rewrap(decorator_func, previous_target, new_target):
    """Puts another function in the place of a decorated one; the wrapper must call its own `__wrapped__`.

    Args:
      decorator_func: what `make_decorator` gave.
      previous_target: the function that it decorates.
      new_target: the one to decorate.

    Returns:
      The wrapper; `new_target` if there is none.
    """
    thing = decorator_func
    while (decorator := _decorator_of(thing)) is not None:
        if decorator.decorated_target is previous_target or _decorator_of(decorator.decorated_target) is None:
            decorator.decorated_target = new_target
            getattr(thing, "__func__", thing).__wrapped__ = new_target
            return decorator_func
        thing = decorator.decorated_target
    assert decorator_func is previous_target
    return new_target


@export("python.util.tf_contextlib.contextmanager")
def contextmanager(target):
    """`contextlib.contextmanager`, noted by `make_decorator`."""
    return make_decorator(target, contextlib.contextmanager(target), "contextmanager")


@export("python.util.all_util.remove_undocumented")
def remove_undocumented(module_name, allowed_exception_list=None, doc_string_modules=None):
    """Would take names that are no part of a module's interface out of it; they do no harm there.

    Args:
      module_name: the module's name.
      allowed_exception_list: the names that stay.
      doc_string_modules: modules whose documentation names more of them.
    """


@export("python.util.all_util.make_all")
def make_all(module_name, doc_string_modules=None):
    """The public names of a module that is loaded, sorted: those without an underscore in front that are no modules."""
    module = sys.modules[module_name]
    return sorted(n for n, x in vars(module).items() if not n.startswith("_") and not isinstance(x, types.ModuleType))


# ----------------------------------------------------------------------------------------------------------- signatures

ArgSpec = export(_INSPECT + "ArgSpec")(namedtuple("ArgSpec", ["args", "varargs", "keywords", "defaults"]))
FullArgSpec = export(_INSPECT + "FullArgSpec")(inspect.FullArgSpec)


def _own_spec(decorators):
    return next((d.decorator_argspec for d in decorators if d.decorator_argspec is not None), None)


def _full_spec(target):
    """`inspect.getfullargspec` of a function, a class or an object that can be called; `self` is among the arguments."""
    if inspect.isfunction(target) or inspect.ismethod(target):
        return inspect.getfullargspec(getattr(target, "__func__", target))
    if isinstance(target, type):
        if inspect.isfunction(target.__init__):
            return inspect.getfullargspec(target.__init__)
        return inspect.getfullargspec(target.__new__)
    call = getattr(type(target), "__call__", None)  # noqa: B004
    return inspect.getfullargspec(call if inspect.isfunction(call) else target)


@export(_INSPECT + "getfullargspec")
def getfullargspec(obj):
    """`inspect.getfullargspec` of a function, through decorations that do not change its signature."""
    decorators, target = unwrap(obj)
    spec = _own_spec(decorators)
    if spec is None:
        return inspect.getfullargspec(target) if isinstance(target, functools.partial) else _full_spec(target)
    if isinstance(spec, FullArgSpec):
        return spec
    return FullArgSpec(spec.args, spec.varargs, spec.keywords, spec.defaults, [], None, {})


@export(_INSPECT + "getargspec")
def getargspec(obj):
    """The signature of a function as an `ArgSpec`: arguments, the names behind `*` and `**`, and defaults.

    Raises:
      ValueError: a `functools.partial` has a signature that an `ArgSpec` can't express.
    """
    if isinstance(obj, functools.partial):
        return _partial_spec(obj)
    decorators, target = unwrap(obj)
    spec = _own_spec(decorators) or _full_spec(target)
    return ArgSpec(*spec[:4])


def _partial_spec(obj):
    spec = getargspec(obj.func)
    defaults = dict(zip(spec.args[len(spec.args) - len(spec.defaults or ()) :], spec.defaults or ()))
    unknown = [k for k in obj.keywords if k not in spec.args]
    if unknown and spec.keywords is None:
        raise ValueError("Function does not have **kwargs parameter, but contains an unknown partial keyword.")
    if len(obj.args) > len(spec.args) and spec.varargs is None:
        raise ValueError("Function has too many positional arguments")
    defaults.update({k: v for k, v in obj.keywords.items() if k in spec.args})
    args = spec.args[len(obj.args) :]
    first = next((i for i, a in enumerate(args) if a in defaults), len(args))
    missing = [a for a in args[first:] if a not in defaults]
    if missing:
        raise ValueError(
            "Some arguments %s do not have default value, but they are positioned after those with default values. This can not "
            "be expressed with ArgSpec." % missing
        )
    return ArgSpec(args, spec.varargs, spec.keywords, tuple([defaults[a] for a in args[first:]]) or None)


@export(_INSPECT + "getcallargs")
def getcallargs(*func_and_positional, **named):
    """A dictionary from the names of a function's arguments to the values that a call gives them.

    Args:
      *func_and_positional: the function and the arguments by position.
      **named: those by name.
    """
    function, *positional = func_and_positional
    spec = getfullargspec(function)
    if inspect.ismethod(function):
        positional.insert(0, function.__self__)
    values = dict(zip(spec.args[len(spec.args) - len(spec.defaults or ()) :], spec.defaults or ()))
    values.update(zip(spec.args, positional))
    values.update(named)
    return values


def _through(function):
    """A function of Python's `inspect` that looks at what is decorated."""

    @functools.wraps(function)
    def wrapper(thing, *args):
        return function(unwrap(thing)[1], *args)

    return wrapper


for _name in (
    "getdoc getfile getmembers getmodule getmro getsource getsourcefile getsourcelines isbuiltin isclass isfunction isframe "
    "isgenerator isgeneratorfunction ismethod ismodule isroutine"
).split():
    export(_INSPECT + _name)(_through(getattr(inspect, _name)))
for _name in ("currentframe", "getframeinfo", "stack"):
    export(_INSPECT + _name)(getattr(inspect, _name))


# ------------------------------------------------------------------------------------------------------------ functions


def _is_object(fn):
    return inspect.ismethod(getattr(fn, "__call__", None))  # noqa: B004


@export(_FUNCTIONS + "fn_args")
def fn_args(fn):
    """The names of the arguments of a function, method, `functools.partial` or object that can be called, as a tuple."""
    if isinstance(fn, functools.partial):
        return tuple([a for a in fn_args(fn.func)[len(fn.args) :] if a not in fn.keywords])
    fn = fn.__call__ if _is_object(fn) else fn
    args = list(getfullargspec(fn).args)
    return tuple(args[1:] if inspect.ismethod(unwrap(fn)[1]) else args)


@export(_FUNCTIONS + "has_kwargs")
def has_kwargs(fn):
    """Whether a function takes any arguments by name.

    Raises:
      TypeError: it is no function.
    """
    if isinstance(fn, functools.partial):
        fn = fn.func
    elif _is_object(fn):
        fn = fn.__call__
    elif not callable(fn):
        raise TypeError("fn should be a function-like object, but is of type %s." % type(fn))
    return getfullargspec(fn).varkw is not None


@export(_FUNCTIONS + "get_func_name")
def get_func_name(func):
    """The name of a function, of a method with its class, of another object its class.

    Raises:
      ValueError: it can't be called.
    """
    _, func = unwrap(func)
    if not callable(func):
        raise ValueError("Argument must be callable")
    if inspect.isfunction(func):
        return func.__name__
    return "%s.%s" % (type(func.__self__).__name__, func.__name__) if inspect.ismethod(func) else str(type(func))


@export(_FUNCTIONS + "get_func_code")
def get_func_code(func):
    """The code object of a function, method or object that can be called; None if it has none.

    Raises:
      ValueError: it can't be called.
    """
    _, func = unwrap(func)
    if not callable(func):
        raise ValueError("Argument must be callable")
    if not inspect.isfunction(func) and not inspect.ismethod(func):
        func = func.__call__
    return getattr(func, "__code__", None)
