"""Converting functions: `if`, `while`, `for`, `and`, ... of Python as operators that also work on graph tensors.

A function is converted when converted code calls it, once for each code object.  The new code has the file name and the line
numbers of the old one, so tracebacks and debuggers show the user's own lines.
"""

import __future__

import ast
import copy
import functools
import os
import sys
import types

from ..core.context import here
from ..core.export import ROOT
from ..platform import tf_logging
from . import builtin_functions, operators
from .expressions import AG, NO_TYPES, Expressions, arguments
from .list_statements import rewrite as rewrite_lists
from .lowering import Lowering, is_generator
from .source import NoSource, tree_of

_FACTORY = AG + "factory"
_FUNCTION = AG + "function"  # not its own name, by which it may call itself
_FUTURES = sum({getattr(__future__, name).compiler_flag for name in __future__.all_feature_names})
_LIBRARIES = set(
    "numpy scipy jax jaxlib six absl ml_dtypes google matplotlib pandas sklearn PIL pytest _pytest mock torch h5py".split()
) | set(sys.stdlib_module_names) - {"__main__"} | {ROOT}  # fmt: skip
UNCONVERTED = "_autograph_unconverted"  # an attribute of functions that are to stay as they are

_templates = {}  # features -> id of a code object -> (the code object, None or its `_Template`)


class _Verbosity:
    """How much the conversion logs.

    Attributes:
      level: 0 for nothing.
      prints: whether it is printed as well.
    """

    def __init__(self):
        self.level = int(os.environ.get("AUTOGRAPH_VERBOSITY", "0"))
        self.prints = False

    def log(self, message):
        if self.level > 0:
            tf_logging.warning(message)
            if self.prints:
                print(message)


verbosity = _Verbosity()


class ConversionError(Exception):
    """A function can't be converted."""


class Options:
    """How functions are converted.

    Attributes:
      features: the names of the optional features in use.
      recursive: whether the functions that converted ones call are converted, too.
    """

    def __init__(self, features=(), recursive=True):
        self.features = frozenset(features)
        self.recursive = recursive
        self._operators = None

    @property
    def operators(self):
        """What converted code finds under the name `ag__`."""
        if self._operators is None:
            made = types.SimpleNamespace(**{k: v for k, v in vars(operators).items() if not k.startswith("__")})
            made.converted = functools.partial(converted, options=self) if self.recursive else _as_it_is
            self._operators = made
        return self._operators

    def templates(self):
        return _templates.setdefault((self.features, self.recursive), {})


def _as_it_is(function):
    return function


class _Template:
    """Converted code, of which functions are made.

    Attributes:
      code: the code object.
      tree: the rewritten syntax tree.
    """

    def __init__(self, code, tree):
        self.code, self.tree = code, tree

    def function(self, original, options):
        """The converted function with the variables and defaults of the original one."""
        cells = dict(zip(original.__code__.co_freevars, original.__closure__ or ()))
        cells[AG] = types.CellType(options.operators)
        closure = tuple([cells[name] for name in self.code.co_freevars])
        made = types.FunctionType(self.code, original.__globals__, original.__name__, original.__defaults__, closure)
        made.__kwdefaults__ = original.__kwdefaults__
        made.__dict__.update(original.__dict__)
        made.__qualname__, made.__doc__, made.__module__ = original.__qualname__, original.__doc__, original.__module__
        made.__annotations__ = original.__annotations__
        return made


DEFAULT = Options()


def converted(function, options=DEFAULT):
    """What converted code calls where the program calls `function`: the function itself, or its converted form."""
    kind = type(function)
    if kind is types.FunctionType:
        if not here.converted:
            return function
        found = options.templates().get(id(function.__code__))
        if found is None:
            found = _prepare(function, options)
        template = found[1]
        return function if template is None or function.__dict__.get(UNCONVERTED) else template.function(function, options)
    if kind is types.MethodType:
        inner = function.__func__
        made = converted(inner, options)
        return function if made is inner else types.MethodType(made, function.__self__)
    if kind is types.BuiltinFunctionType or isinstance(function, type):
        return builtin_functions.OVERLOADS.get(function, function) if here.converted else function
    if kind is functools.partial:
        made = converted(function.func, options)
        return function if made is function.func else functools.partial(made, *function.args, **function.keywords)
    return _converted_object(function, kind, options)


def _converted_object(thing, kind, options):
    """An object of a class that the program defines, called through its method `__call__`."""
    method = call_method(kind)
    if type(method) is not types.FunctionType or hasattr(thing, "python_function"):
        return thing
    made = converted(method, options)
    return thing if made is method else types.MethodType(made, thing)


def call_method(kind):
    """What calling an object of a class does: a method, or None."""
    return next((c.__dict__["__call__"] for c in kind.__mro__ if "__call__" in c.__dict__), None)


def _prepare(function, options):
    """Converts a function if it is to be; what `Options.templates` keeps of it."""
    code = function.__code__
    template = None
    if not _belongs_to_library(function) and not function.__dict__.get(UNCONVERTED):
        try:
            template = convert_code(function, options)
        except (NoSource, ConversionError) as e:
            verbosity.log("AutoGraph could not convert %r and runs it as it is: %s" % (function, e))
    found = options.templates()[id(code)] = code, template
    if template is not None:
        _note_inner(template.code, options)
    return found


def _note_inner(code, options):
    """Notes that the code objects inside converted code are converted already."""
    options.templates()[id(code)] = code, None
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            _note_inner(constant, options)


def _belongs_to_library(function):
    module = function.__globals__.get("__name__") or ""
    return module.partition(".")[0] in _LIBRARIES


def convert_code(function, options):
    """The `_Template` of a function; None if there is nothing in it to convert.

    Raises:
      NoSource: its source can't be had.
      ConversionError: it can't be converted.
    """
    code = function.__code__
    node = copy.deepcopy(tree_of(code))
    if isinstance(node, ast.FunctionDef):
        if is_generator(node):
            return None
        node.decorator_list, node.returns = [], None
        node.args.defaults = [ast.Constant(None) for _ in node.args.defaults]
        node.args.kw_defaults = [d and ast.Constant(None) for d in node.args.kw_defaults]
        for argument in ast.walk(node.args):
            if isinstance(argument, ast.arg):
                argument.annotation = None
        if {"LISTS", "ALL"} & options.features:
            node = rewrite_lists(node)
        made = Lowering(node, options.features).function()
        body = [ast.copy_location(ast.FunctionDef(_FUNCTION, made.args, made.body, [], None, **NO_TYPES), made)]
    else:
        node.args.defaults = [ast.Constant(None) for _ in node.args.defaults]
        node.args.kw_defaults = [d and ast.Constant(None) for d in node.args.kw_defaults]
        made = Expressions(None, options.features).visit(node)
        body = [ast.copy_location(ast.Return(made), node)]
    return _Template(_compiled(code, made, body, _class_of(function)), made)


def _class_of(function):
    """The name of the class in which a function was written, which private names inside it begin with; None if there is none."""
    parts = function.__qualname__.split(".")[:-1]
    while parts and parts[-1] == "<locals>":
        parts = parts[:-2]
    return parts[-1] if parts else None


def _compiled(code, made, body, class_name):
    """The code object for a rewritten function, with the free variables of the old one and the operators as one more."""
    factory = ast.FunctionDef(_FACTORY, arguments(*code.co_freevars, AG), body, [], None, **NO_TYPES)
    top = factory
    if class_name is not None:
        top = ast.ClassDef(class_name, [], [], [factory], [], **NO_TYPES)
    for node in (factory, top):
        ast.copy_location(node, made)
    module = ast.fix_missing_locations(ast.Module([top], []))
    try:
        compiled = compile(module, code.co_filename, "exec", code.co_flags & _FUTURES, dont_inherit=True)
    except (SyntaxError, ValueError) as e:
        raise ConversionError("%s:%d: %s" % (code.co_filename, code.co_firstlineno, e)) from e
    inside = _find(_find(compiled, _FACTORY), "<lambda>" if isinstance(made, ast.Lambda) else _FUNCTION)
    return _renamed(inside, code.co_name, code)


def _find(code, name):
    """The code object of this name inside another one."""
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            if constant.co_name == name:
                return constant
            found = _find(constant, name)
            if found is not None:
                return found
    return None


def _renamed(code, name, original=None):
    """Code in which the parts of a function bear the function's own name, as tracebacks show it."""
    constants = []
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            inner = name if constant.co_name.startswith(AG) else constant.co_name
            constant = _renamed(constant, inner)
        constants.append(constant)
    changes = {"co_consts": tuple(constants), "co_name": name}
    if original is not None:
        changes["co_firstlineno"] = original.co_firstlineno
        changes["co_qualname"] = original.co_qualname
    return code.replace(**changes)


def converter(features):
    """A function that converts those that `tf.function` traces.

    Args:
      features: None, or the optional features: one or several of `tf.autograph.experimental.Feature`.
    """
    options = DEFAULT if not features else Options(feature_names(features))
    return functools.partial(converted, options=options)


def feature_names(features):
    """The names of some features.

    Raises:
      TypeError: one is none.
    """
    if features is None:
        return ()
    given = features if isinstance(features, tuple | list | set | frozenset) else (features,)
    for f in given:
        if type(f).__name__ != "Feature":
            raise TypeError(
                "optional features must be a tf.autograph.experimental.Feature or a tuple of them, got %r" % (features,)
            )
    return tuple(f.name for f in given)
