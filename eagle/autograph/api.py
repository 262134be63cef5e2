"""`tf.autograph`: what users call."""

import ast
import enum
import functools
import inspect
import types

from ..core.context import here
from ..core.export import export
from ..core.tensor import Tensor
from ..ops.joining import stack as stack_tensors
from .conversion import (
    UNCONVERTED,
    ConversionError,
    Options,
    call_method,
    convert_code,
    converted,
    feature_names,
    verbosity,
)  # fmt: skip
from .lists import StagedList
from .source import NoSource

export("python.autograph.impl.api.ConversionError")(ConversionError)


@export("autograph.experimental.Feature", "contrib.autograph.Feature", "python.autograph.core.converter.Feature")
class Feature(enum.Enum):
    """What can be asked of the conversion besides what it always does.

    Attributes:
      ALL: all of these.
      AUTO_CONTROL_DEPS: effects in program order, which functions have anyway.
      ASSERT_STATEMENTS: `assert` on tensors, which is always converted.
      BUILTIN_FUNCTIONS: `print` prints tensors when the graph runs; `len`, `range`, ... on tensors are always converted.
      EQUALITY_OPERATORS: `==` and `!=` compare the elements of tensors.
      LISTS: `list.append` and item assignment on tensors.
      NAME_SCOPES: name scopes for converted functions, which Eagle does not make.
    """

    ALL = "ALL"
    AUTO_CONTROL_DEPS = "AUTO_CONTROL_DEPS"
    ASSERT_STATEMENTS = "ASSERT_STATEMENTS"
    BUILTIN_FUNCTIONS = "BUILTIN_FUNCTIONS"
    EQUALITY_OPERATORS = "EQUALITY_OPERATORS"
    LISTS = "LISTS"
    NAME_SCOPES = "NAME_SCOPES"

    @classmethod
    def all(cls):
        """All features, as a tuple."""
        return tuple(cls.__members__.values())

    @classmethod
    def all_but(cls, exclude):
        """All features but one (or some)."""
        left_out = exclude if isinstance(exclude, list | tuple | set) else (exclude,)
        return tuple(f for f in cls.all() if f not in left_out and f is not cls.ALL)


@export("autograph.to_graph", "contrib.autograph.to_graph")
def to_graph(entity, recursive=True, arg_values=None, arg_types=None, experimental_optional_features=None):
    """Converts a Python function into one whose control flow also works on graph tensors.

    Args:
      entity: the function, method, or object that can be called.
      recursive: whether the functions that it calls are converted, too.
      arg_values, arg_types: no longer used, as in TensorFlow.
      experimental_optional_features: None, or one or several of `Feature`.

    Returns:
      The converted function.

    Raises:
      ValueError: `entity` can't be converted.
    """
    options = Options(feature_names(experimental_optional_features), recursive)
    function, bind = _function_of(entity)
    template = _template(function, options)
    return bind(_active(template.function(function, options) if template is not None else function))


@export("autograph.to_code", "contrib.autograph.to_code")
def to_code(entity, recursive=True, arg_values=None, arg_types=None, indentation="  ", experimental_optional_features=None):
    """The source of the function that `to_graph` makes; arguments and errors as of `to_graph`.

    Args:
      indentation: what lines inside begin with.
    """
    options = Options(feature_names(experimental_optional_features), recursive)
    function, _ = _function_of(entity)
    template = _template(function, options)
    if template is None:
        return inspect.getsource(function)
    lines = ast.unparse(template.tree).splitlines()
    return "\n".join(indentation * ((len(x) - len(x.lstrip())) // 4) + x.lstrip() for x in lines) + "\n"


def _function_of(entity):
    """A Python function, and what makes of its converted form something that is called as the entity was."""
    if isinstance(entity, types.MethodType):
        return entity.__func__, lambda f: types.MethodType(f, entity.__self__)
    if isinstance(entity, types.FunctionType):
        return entity, lambda f: f
    if hasattr(entity, "python_function"):
        return _function_of(entity.python_function)
    if isinstance(entity, functools.partial):
        function, bind = _function_of(entity.func)
        return function, lambda f: functools.partial(bind(f), *entity.args, **entity.keywords)
    method = call_method(type(entity))
    if isinstance(method, types.FunctionType) and not isinstance(entity, type):
        return method, lambda f: types.MethodType(f, entity)
    if isinstance(entity, type):
        raise ConversionError("converting %r: ValueError: cannot convert %r: it is a class" % (entity, entity))
    raise NotImplementedError('cannot convert entity "%s": object conversion is not yet supported.' % (entity,))


def _template(function, options):
    try:
        return convert_code(function, options)
    except NoSource as e:
        raise ConversionError("converting %s: %s: %s" % (function, type(e).__name__, e)) from e


def _active(function):
    """A converted function, in whose calls conversion is on."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        before, here.converted = here.converted, True
        try:
            return function(*args, **kwargs)
        finally:
            here.converted = before

    setattr(wrapper, UNCONVERTED, True)
    return wrapper


@export("autograph.experimental.do_not_convert", "contrib.autograph.do_not_convert", "python.autograph.impl.api.do_not_convert")
def do_not_convert(func=None, *unused_old_arguments):
    """Lets a function, and what it calls, stay as it is; as a call or as a decorator.

    Args:
      func: the function; without it a decorator is returned.
    """
    if func is None or not callable(func):
        return do_not_convert

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        before, here.converted = here.converted, False if here.converted else here.converted
        try:
            return func(*args, **kwargs)
        finally:
            here.converted = before

    setattr(wrapper, UNCONVERTED, True)
    return wrapper


@export("contrib.autograph.convert", "python.autograph.impl.api.convert")
def convert(recursive=False, verbose=None, optional_features=None, user_requested=True):
    """A decorator that converts a function when it is called.

    Args:
      recursive: whether the functions that it calls are converted, too.
      verbose, user_requested: no longer matter.
      optional_features: None, or one or several of `Feature`.
    """
    options = Options(feature_names(optional_features), recursive)

    def decorator(f):
        @functools.wraps(f)
        def wrapper(*args, **kwargs):
            before, here.converted = here.converted, True
            try:
                return converted(f, options)(*args, **kwargs)
            finally:
                here.converted = before

        setattr(wrapper, UNCONVERTED, True)
        return wrapper

    return decorator


@export("contrib.autograph.converted_call", "python.autograph.impl.api.converted_call")
def converted_call(f, args, kwargs=None, **unused):
    """Calls a function in its converted form.

    Args:
      f: the function.
      args: a tuple of arguments.
      kwargs: None, or a dictionary of arguments by name.
    """
    before, here.converted = here.converted, True
    try:
        return converted(f)(*args, **(kwargs or {}))
    finally:
        here.converted = before


@export("autograph.trace")
def trace(*args):
    """Prints its arguments, always while the function is traced."""
    print(*args)


@export("autograph.set_verbosity")
def set_verbosity(level, alsologtostdout=False):
    """Sets how much the conversion logs.

    Args:
      level: 0 for nothing; from 1 on the functions that are not converted are logged.
      alsologtostdout: whether it is printed as well.
    """
    verbosity.level, verbosity.prints = level, alsologtostdout


@export("autograph.experimental.set_loop_options", "contrib.autograph.set_loop_options")
def set_loop_options(parallel_iterations=None, back_prop=None, swap_memory=None, maximum_iterations=None):
    """Inside a loop of a converted function: options for the `tf.while_loop` that it becomes.

    Args:
      parallel_iterations, back_prop, swap_memory, maximum_iterations: as of `tf.while_loop`.
    """


@export("contrib.autograph.set_element_type")
def set_element_type(entity, dtype, shape=None):
    """Inside a function that is converted with the feature LISTS: says of which type and shape the elements of a list are.

    Args:
      entity: the list.
      dtype: the type of the elements.
      shape: their shape.
    """


@export("contrib.autograph.stack")
def stack(list_or_tensor, element_dtype=None, strict=True):
    """Stacks a list of tensors into one tensor.

    Args:
      list_or_tensor: the list; a tensor is returned as it is, unless `strict`.
      element_dtype: the type of the elements, for a list that is empty.
      strict: whether anything but a list is an error.

    Raises:
      ValueError: it is no list.
    """
    if isinstance(list_or_tensor, StagedList):
        return list_or_tensor.stacked(element_dtype)
    if isinstance(list_or_tensor, list | tuple):
        return stack_tensors(list_or_tensor)
    if strict or not isinstance(list_or_tensor, Tensor):
        raise ValueError("%s must be stackable when strict=True" % (list_or_tensor,))
    return list_or_tensor
