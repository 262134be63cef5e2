"""Python functions that are traced when they are called: `tfe.defun`, and what `tf.function` is made of.

A function is traced once for each combination of types, shapes and Python values of its arguments; each trace is a
`ConcreteFunction` (run/function.py), which is called from then on.
"""

import functools
import inspect
import logging
import threading
import weakref

import numpy as np

from ..core import nest, shape as shapes
from ..core.context import here
from ..core.convert import convert
from ..core.graph import get_default_graph
from ..core.scopes import outside_functions
from ..core.tensor import EagerTensor, GraphTensor, Tensor
from ..variables.resource import BaseResourceVariable
from .signature import FunctionSpec, is_spec, with_leaves
from .tracing import Tracer, tensors_among

_log = logging.getLogger("tensorflow")
_MANY_TRACES = 5


class FunctionCache:
    """The traces of a function.

    Attributes:
      primary: key -> trace for exactly these shapes.
      missed: what keys have in common but for the arguments, for which something was traced.
      arg_relaxed: key without sizes -> trace for shapes in which sizes that vary are unknown.
      arg_relaxed_shapes: key without sizes -> the shapes of that trace.
    """

    def __init__(self):
        self.primary = {}
        self.missed = set()
        self.arg_relaxed = {}
        self.arg_relaxed_shapes = {}

    def all_values(self):
        """All traces."""
        return list(dict.fromkeys([*self.primary.values(), *self.arg_relaxed.values()]))


class WeakMethod:
    """A function bound to an object that it does not keep alive."""

    def __init__(self, function, instance):
        self.function = function
        self._instance = weakref.ref(instance)
        functools.update_wrapper(self, function, updated=())

    @property
    def __self__(self):
        return self._instance()

    def as_method(self):
        """The method itself, which keeps the object alive (or what calls it without an object that is gone), to be converted."""
        return functools.partial(self.function, self._instance())

    def __call__(self, *args, **kwargs):
        return self.function(self._instance(), *args, **kwargs)


class Signature:
    """The attribute `__signature__` of functions: the parameters of the Python function, for Python's `inspect`."""

    def __get__(self, instance, owner):
        if instance is None:
            raise AttributeError("__signature__")
        function = instance.python_function
        if isinstance(function, WeakMethod):
            return inspect.signature(function.function.__get__(function.__self__))
        return inspect.signature(function)


class PolymorphicFunction:
    """A Python function with its traces.

    Args:
      python_function: the function.
      name: its name.
      input_signature: the specs of its arguments, or None to trace for whatever it is called with.
      convert_control_flow: None, or what makes of the function one whose `if`, `for`, ... work on tensors.
      relaxes_shapes: whether sizes that vary are traced as unknown.
      variable_creator: None, or what makes variables inside the function.
      compiles: whether its first call compiles it.
    """

    def __init__(self, python_function, name, input_signature=None, convert_control_flow=None, relaxes_shapes=False,
                 variable_creator=None, compiles=False):  # fmt: skip
        is_method = True if isinstance(python_function, WeakMethod) else None
        self._python_function = python_function
        self._name = name
        self._function_spec = FunctionSpec(python_function, input_signature, is_method)
        self._relaxes = relaxes_shapes
        self._tracer = Tracer(python_function, name, self._function_spec, convert_control_flow, variable_creator, compiles)
        self._function_cache = FunctionCache()
        self._lock = threading.RLock()
        self._bound = Bound(self, lambda method: PolymorphicFunction(
            method, name, input_signature, convert_control_flow, relaxes_shapes, variable_creator, compiles))  # fmt: skip
        functools.update_wrapper(self, python_function, updated=())

    __signature__ = Signature()
    python_function = property(lambda self: self._python_function, doc="The function as it was given.")
    function_spec = property(lambda self: self._function_spec, doc="The `FunctionSpec`: its parameters.")
    input_signature = property(lambda self: self._function_spec.input_signature, doc="The specs of its arguments, or None.")
    flat_input_signature = property(lambda self: self._function_spec.flat_input_signature, doc="The leaves of `input_signature`.")

    @property
    def trace_count(self):
        """How many traces there are."""
        return len(self._function_cache.all_values())

    def __get__(self, instance, owner):
        """As a method: a function of its own for each object, with the object as its first argument."""
        return self if instance is None else self._bound.to(instance)

    def __call__(self, *args, **kwargs):
        concrete, tensors = self.find(args, kwargs)
        return concrete.call_flat(tensors)

    def get_concrete_function(self, *args, **kwargs):
        """The trace for arguments of certain types and shapes, given by example or by `TensorSpec`.

        Raises:
          ValueError: with an input signature, arguments that don't fit it are given.
        """
        if self.input_signature is not None and not args and not kwargs:
            args = self.input_signature
        concrete, _ = self.find(args, kwargs)
        concrete.name_arguments()
        return concrete

    # ----------------------------------------------------------------------------------------------------------- traces

    def find(self, args, kwargs):
        """The trace for some arguments, and the tensors to call it with."""
        args, kwargs = self._function_spec.bind(args, kwargs)
        leaves = []
        structure = _structure(args, leaves), _structure(kwargs, leaves) if kwargs else None
        parts = self._parts(leaves)
        context = self._context()
        cache = self._function_cache
        key = (parts, structure, context)
        try:
            concrete = cache.primary.get(key)
        except TypeError:
            raise _unhashable(leaves) from None
        if concrete is None:
            concrete = self._find_or_trace(args, kwargs, leaves, key)
        return concrete, tensors_among(leaves)

    def _parts(self, leaves):
        """What a trace depends on of the leaves of the arguments."""
        if self.flat_input_signature is not None:  # all that it covers has been made to fit
            leaves = leaves[len(self.flat_input_signature) :]
        return tuple([_part(x) for x in leaves])

    def _context(self):
        """What a trace depends on besides the arguments: the graph outside all functions, and the device."""
        outside = None if here.eager else outside_functions()
        return here.device if outside is None else weakref.ref(outside)

    def _find_or_trace(self, args, kwargs, leaves, key):
        own_key = None
        if not here.eager and get_default_graph().building_function:
            own_key = (*key, weakref.ref(get_default_graph()))
        with self._lock:
            cache = self._function_cache
            concrete = cache.primary.get(key) or cache.primary.get(own_key)
            if concrete is not None:
                return concrete
            if self._relaxes and self.input_signature is None and key[1:] in cache.missed:
                return self._relaxed(args, kwargs, leaves, key)
            cache.missed.add(key[1:])
            concrete = self._trace(args, kwargs, leaves)
            # One that uses tensors of a function around this one can't serve elsewhere.
            own = own_key is not None and any(_is_inside(t) for t in concrete.captured_tensors)
            cache.primary[own_key if own else key] = concrete
            return concrete

    def _relaxed(self, args, kwargs, leaves, key):
        """The trace for shapes in which sizes that were seen to vary are unknown."""
        cache = self._function_cache
        key = tuple([(*p[:2], None if p[2] is None else len(p[2])) if p[0] == "tensor" else p for p in key[0]]), *key[1:]
        now = [shapes.as_tuple(x.shape) if isinstance(x, Tensor) or is_spec(x) else None for x in leaves]
        seen = cache.arg_relaxed_shapes.get(key)
        if seen is not None:
            now = [None if a is None else shapes.relax(a, b) for a, b in zip(seen, now)]
            if now == seen:
                return cache.arg_relaxed[key]
        cache.arg_relaxed_shapes[key] = now
        concrete = cache.arg_relaxed[key] = self._trace(args, kwargs, leaves, now)
        return concrete

    def _trace(self, args, kwargs, leaves, shapes_of=None):
        if self.trace_count == _MANY_TRACES:
            _log.warning(
                "%s has been traced %d times; it is traced again for every new combination of types, shapes and Python values of "
                "its arguments. The newest: %s. Pass numbers that vary as tensors, or give an input_signature.",
                self._name, _MANY_TRACES + 1, [_part(x) for x in leaves],
            )  # fmt: skip
        args, kwargs = with_leaves((args, kwargs), leaves)
        if self.input_signature is not None:
            args = *self.input_signature, *args[len(self.input_signature) :]
        return self._tracer.trace(args, kwargs, shapes_of)


class Bound:
    """What a function has become as a method of objects.

    Args:
      function: the function.
      make: what makes of a `WeakMethod` a function of the same kind.
    """

    def __init__(self, function, make):
        self._function = weakref.ref(function)
        self._make = make
        self._by_object = weakref.WeakKeyDictionary()

    def to(self, instance):
        found = self._by_object.get(instance)
        if found is None:
            found = self._by_object[instance] = self._make(WeakMethod(self._function().python_function, instance))
        return found


def _is_inside(tensor):
    """Whether a tensor belongs to the body of a function, branch or loop."""
    return isinstance(tensor, GraphTensor) and tensor.op.graph.building_function


def _structure(x, leaves):
    """The structure of arguments without their leaves, as a key (None for a leaf); the leaves are added to a list."""
    kind = type(x)
    if kind is EagerTensor:
        leaves.append(x)
        return None
    if kind is tuple:
        return tuple([_structure(part, leaves) for part in x])
    if kind is np.ndarray:
        leaves.append(convert(x))
        return None
    items = nest.items(x, expand_composites=True)
    if items is None:
        leaves.append(x)
        return None
    key = x.value_type if is_spec(x) else getattr(kind, "_plain_type", kind)
    if hasattr(x, "_nest_key"):
        key = key, x._nest_key()
    return key, *[(k, _structure(part, leaves)) for k, part in items]


def _part(x):
    """What a trace depends on of one argument."""
    kind = type(x)
    if kind is EagerTensor:
        v = x._v
        return "tensor", v.dtype, v.shape
    if isinstance(x, Tensor) or is_spec(x):
        part = "tensor", x.dtype.base_dtype.np, shapes.as_tuple(x.shape)
        return (*part, x.name) if is_spec(x) and x.name else part
    if isinstance(x, BaseResourceVariable):
        return "variable", weakref.ref(x)
    if kind in (int, float, bool, str, bytes, complex, type(None)):
        return kind, x
    try:
        return "object", weakref.ref(x)
    except TypeError:
        return kind, x


def _unhashable(leaves):
    """The error for arguments that can't be a key."""
    for x in leaves:
        try:
            hash(x)
        except TypeError:
            return AttributeError(
                "'%s' object has no attribute 'shape': arguments of a function that are no tensors must be hashable: %r"
                % (type(x).__name__, x)
            )
    return AttributeError("Arguments of a function that are no tensors must be hashable: %s" % (leaves,))


def name_of(function):
    """What a function's traces are called."""
    return getattr(function, "__name__", None) or type(inspect.unwrap(function)).__name__
