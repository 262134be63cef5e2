"""How a call's arguments are bound to a Python function's parameters, and what the inputs of its trace are called."""

import functools
import inspect

from ..core import nest
from ..core.convert import convert_to_tensor
from ..core.tensor import Tensor
from ..core.tensor_spec import TensorSpec
from ..core.type_spec import TypeSpec


class FunctionSpec:
    """The parameters of a Python function, and the specs that its arguments must fit.

    Attributes:
      fullargspec: as of `inspect.getfullargspec`.
      is_method: whether the first parameter is bound already.
      arg_names: the names of the parameters that may be given by position.
      vararg_name: the name of the parameter that takes more of them, or None.
      input_signature: the tuple of specs, or None.
      flat_input_signature: the list of its leaves, or None.

    Raises:
      TypeError: the signature is no list or tuple, or holds something else than specs.
      ValueError: there is a signature, and the function has parameters that are given by name only.
    """

    def __init__(self, python_function, input_signature=None, is_method=None):
        self.is_method = inspect.ismethod(python_function) if is_method is None else is_method
        self.fullargspec = spec = _full_arg_spec(python_function)
        if not self.is_method and _is_plain_object(python_function):
            self.is_method = True  # `self` of its method `__call__`
        self.arg_names = spec.args[1:] if self.is_method else spec.args
        self.vararg_name = spec.varargs
        self._count = len(self.arg_names)
        self._defaults = dict(zip(reversed(self.arg_names), reversed(spec.defaults or ())))
        self.input_signature = self.flat_input_signature = None
        if input_signature is not None:
            self.input_signature = _checked(input_signature)
            self.flat_input_signature = nest.flatten(self.input_signature, expand_composites=True)
            if spec.kwonlyargs and not isinstance(python_function, functools.partial):
                raise ValueError("Cannot define a TensorFlow function from a Python function with keyword arguments when "
                                 "input_signature is provided.")  # fmt: skip

    def bind(self, args, kwargs):
        """The arguments by position as far as the parameters allow, with defaults filled in, and the others by name.

        With a signature they are tensors that fit it.

        Raises:
          TypeError, ValueError: they don't fit the signature.
        """
        names = self.arg_names
        if self.input_signature is not None:
            self._check_covered(args, kwargs)
        elif not kwargs and len(args) == self._count:
            return args, kwargs
        args, kwargs = list(args), dict(kwargs)
        for name in names[len(args) :]:
            if name in kwargs:
                args.append(kwargs.pop(name))
            elif name in self._defaults:
                args.append(self._defaults[name])
            else:
                break
        if self.input_signature is not None:
            return self._fitted(tuple(args)), {}
        return tuple(args), kwargs

    def _check_covered(self, args, kwargs):
        covered = "When input_signature is provided, only pass arguments covered by it. Received "
        if len(args) > len(self.input_signature):
            raise TypeError(covered + "%d argument(s)." % len(args))
        for name in kwargs:
            if name not in self.arg_names:
                raise TypeError("Function got an unexpected keyword argument %s" % name)
            if self.arg_names.index(name) >= len(self.input_signature):
                raise TypeError(covered + "argument %s." % name)

    def _fitted(self, args):
        """The arguments, those that have a spec in the signature as tensors that fit it."""
        count = len(self.input_signature)
        try:
            given = nest.flatten_up_to(self.input_signature, args[:count], check_types=False, expand_composites=True)
        except ValueError:
            raise ValueError("Structure of Python function inputs does not match input_signature:\n" + self._told(args)) from None
        fitted = []
        for x, spec in zip(given, self.flat_input_signature):
            if not isinstance(x, Tensor | TensorSpec):
                try:
                    x = convert_to_tensor(x, preferred_dtype=spec.dtype)
                except (TypeError, ValueError):
                    raise ValueError(
                        "When input_signature is provided, all inputs to the Python function must be convertible to tensors:\n"
                        + self._told(args)
                    ) from None
            if not spec.is_compatible_with(x):
                raise ValueError("Python inputs incompatible with input_signature:\n" + self._told(args))
            fitted.append(x)
        return (*with_leaves(self.input_signature, fitted), *args[count:])

    def _told(self, args):
        def listed(things):
            return "(\n    %s)" % ",\n    ".join(map(str, things))

        return "  inputs: %s\n  input_signature: %s" % (listed(args), listed(self.input_signature))


def with_leaves(structure, leaves):
    """Arguments like others, with other leaves; a composite of which a part stands for a tensor stays as it is.

    Args:
      structure: the arguments, or specs of such.
      leaves: a list, in which the parts of composites count.
    """
    leaves, made = iter(leaves), []
    for x in nest.flatten(structure):
        parts = [next(leaves) for _ in nest.flatten(x, expand_composites=True)]
        is_kept = nest.items(x, expand_composites=True) is not None and any(map(is_spec, parts))
        made.append(x if is_kept else nest.pack_sequence_as(x, parts, expand_composites=True))
    return nest.pack_sequence_as(structure, made)


def _full_arg_spec(function):
    while hasattr(function, "python_function"):  # a function made by `tf.function`
        function = function.python_function
    if not callable(function):
        raise TypeError("unsupported callable")
    if _is_plain_object(function) and hasattr(function, "__wrapped__"):  # a method that does not keep its object alive
        function = function.__wrapped__
    if _is_plain_object(function):
        function = type(function).__call__
    return inspect.getfullargspec(function)


def _is_plain_object(function):
    """Whether something that can be called is no function, but an object with a method `__call__`."""
    return not (
        inspect.isroutine(function) or inspect.isclass(function) or isinstance(function, functools.partial)
    ) and not hasattr(function, "python_function")


def is_spec(x):
    """Whether `x` stands for tensors, or something composed of tensors, that are not there yet."""
    return isinstance(x, TypeSpec)


def _checked(signature):
    if not all(is_spec(s) for s in nest.flatten(signature)):
        raise TypeError(
            "Invalid input_signature %s; input_signature must be a possibly nested sequence of TensorSpec objects." % (signature,)
        )
    if not isinstance(signature, list | tuple):
        raise TypeError("input_signature must be either a tuple or a list, received %s" % type(signature))
    return tuple(signature)


# ------------------------------------------------------------------------------------------------------- names of inputs


class UnknownArgument:
    """Stands in a structured signature for an argument that is neither a tensor nor a plain value."""


def argument_names(spec, count):
    """A name for each of the arguments by position."""
    names = list(spec.arg_names[:count])
    return names + ["%s_%d" % (spec.vararg_name, i) for i in range(count - len(names))]


def input_names(spec, args, kwargs):
    """For each leaf of the arguments what its input is called: the name that its spec gives, or that of the parameter.

    Raises:
      ValueError: some specs of a nested argument have names, others none.
    """
    found = []
    for name, argument in [*zip(argument_names(spec, len(args)), args), *((k, kwargs[k]) for k in sorted(kwargs))]:
        leaves = nest.flatten(argument, expand_composites=True)
        named = [getattr(x, "name", None) if is_spec(x) else None for x in leaves]
        count = sum(is_spec(x) for x in leaves)
        if 0 < sum(n is not None for n in named) < count:
            raise ValueError("If specifying TensorSpec names for nested structures, either zero or all names have to be specified.")
        found += [n or name for n in named]
    return found


_PLAIN = (int, float, complex, bool, str, bytes, type(None))


def structured_signature(spec, args, kwargs):
    """The arguments of a trace with specs in the place of tensors, as `ConcreteFunction.structured_input_signature` shows them.

    Args:
      spec: the `FunctionSpec`.
      args, kwargs: the bound arguments, in which graph tensors (or specs) stand for tensors.
    """
    names = argument_names(spec, len(args))
    shown = tuple([_shown(a, n) for a, n in zip(args, names)])
    return shown, {k: _shown(v, k) for k, v in kwargs.items()}


def _shown(argument, name):
    leaves, paths = nest.flatten(argument), _paths(argument, name)
    made = []
    for x, path in zip(leaves, paths):
        if isinstance(x, TensorSpec):
            made.append(x if x.name else TensorSpec(x.shape, x.dtype, path))
        elif hasattr(x, "_type_spec"):
            made.append(x._type_spec)
        elif isinstance(x, Tensor):
            made.append(TensorSpec(x.shape, x.dtype, path))
        elif isinstance(x, _PLAIN) or (hasattr(x, "as_datatype_enum")):
            made.append(x)
        else:
            made.append(UnknownArgument())
    return nest.pack_sequence_as(argument, made)


def _paths(structure, prefix):
    items = nest.items(structure)
    if items is None:
        return [prefix]
    return [path for key, part in items for path in _paths(part, "%s/%s" % (prefix, key))]
