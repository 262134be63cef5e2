"""`tf.function` and `tfe.defun`: Python functions that are traced when they are called.

A function is traced once for each combination of types, shapes and Python values of its arguments; each trace is a
`ConcreteFunction` (function.py), which is called from then on.
"""

import functools
import inspect
import logging
import threading
import weakref

import numpy as np

from ..core import known, nest, shape as shapes, tape as tapes
from ..core.context import here
from ..core.convert import convert
from ..core.export import export
from ..core.func_graph import FuncGraph
from ..core.graph import get_default_graph
from ..core.operation import Operation
from ..core.tape import Tape
from ..core.tensor import EagerTensor, Tensor
from ..core.tensor_spec import TensorSpec
from .function import ConcreteFunction

_log = logging.getLogger("tensorflow")
_MANY_TRACES = 5


class _Mode:
    run_eagerly = False


@export("config.experimental_run_functions_eagerly", "config.run_functions_eagerly")
def run_functions_eagerly(run_eagerly):
    """Makes functions made by `tf.function` run as plain Python, for debugging (or ends that)."""
    _Mode.run_eagerly = bool(run_eagerly)


class PolymorphicFunction:
    """A Python function with its traces.

    Args:
      python_function: the function.
      name: its name.
      input_signature: the specs of its arguments, or None to trace for whatever it is called with.
      autograph: whether Python's control flow on tensors is turned into graph operations.
      creates_variables_once: whether variables may be made at the first call only (`tf.function`) or at every trace (`defun`).
      relaxes_shapes: whether shapes that vary are traced as unknown.
    """

    def __init__(self, python_function, name, input_signature=None, autograph=True, creates_variables_once=False,
                 relaxes_shapes=False):  # fmt: skip
        self._python_function = python_function
        self._name = name
        self._autograph = autograph
        self._once = creates_variables_once
        self._relaxes = relaxes_shapes
        self._signature = _checked_signature(input_signature)
        spec = inspect.getfullargspec(python_function if inspect.ismethod(python_function) else inspect.unwrap(python_function))
        bound = isinstance(python_function, _Method) or inspect.ismethod(python_function)
        self._names = spec.args[1:] if bound else spec.args
        self._takes_more = spec.varargs is not None
        self._defaults = dict(zip(reversed(self._names), reversed(spec.defaults or ())))
        self._traces = {}
        self._seen_shapes = {}
        self._lock = threading.RLock()
        self._bound = weakref.WeakKeyDictionary()
        self._created = []  # variables made by the first trace
        functools.update_wrapper(self, python_function)

    @property
    def python_function(self):
        """The function as it was given."""
        return self._python_function

    @property
    def input_signature(self):
        return self._signature

    @property
    def trace_count(self):
        """How many times the function has been traced."""
        return len(self._traces)

    def __get__(self, instance, owner):
        """As a method: a function of its own for each object, with the object as its first argument."""
        if instance is None:
            return self
        bound = self._bound.get(instance)
        if bound is None:
            method = _Method(self._python_function, instance)
            bound = self._bound[instance] = PolymorphicFunction(
                method, self._name, self._signature, self._autograph, self._once, self._relaxes
            )
        return bound

    def __call__(self, *args, **kwargs):
        if _Mode.run_eagerly:
            return self._python_function(*args, **kwargs)
        concrete, flat = self._find(args, kwargs)
        return concrete.call_flat(flat)

    def get_concrete_function(self, *args, **kwargs):
        """The trace for arguments of certain types and shapes, given by example or by `TensorSpec`.

        Raises:
          ValueError: with an input signature, arguments that don't fit it are given.
        """
        if self._signature is not None and not args and not kwargs:
            args = self._signature
        return self._find(args, kwargs)[0]

    # ----------------------------------------------------------------------------------------------------------- traces

    def _find(self, args, kwargs):
        """The trace for some arguments, and the tensors among them."""
        if self._signature is not None:
            self._check_covered(args, kwargs)
        args, kwargs = self._canonical(args, kwargs)
        if self._signature is not None:
            args = self._fit_signature(args)
        leaves = []
        structure = _structure(args, leaves), _structure(kwargs, leaves) if kwargs else None
        key = self._key(structure, leaves)
        concrete = self._traces.get(key)
        if concrete is None:
            with self._lock:
                concrete = self._traces.get(key)
                if concrete is None:
                    concrete = self._trace(args, kwargs, leaves, key)
        return concrete, [x for x in leaves if isinstance(x, Tensor)]

    def _canonical(self, args, kwargs):
        """Arguments by position as far as the function's signature allows, with defaults filled in."""
        names = self._names
        if not kwargs and len(args) == len(names):
            return args, kwargs
        if len(args) > len(names) and not self._takes_more:
            raise TypeError("%s() takes %d positional arguments but %d were given" % (self._name, len(names), len(args)))
        args, kwargs = list(args), dict(kwargs)
        for name in names[len(args) :]:
            if name in kwargs:
                args.append(kwargs.pop(name))
            elif name in self._defaults:
                args.append(self._defaults[name])
            else:
                break
        for name in kwargs:
            if name in names[: len(args)]:
                raise TypeError("%s() got two values for argument '%s'" % (self._name, name))
        return tuple(args), kwargs

    def _check_covered(self, args, kwargs):
        if len(args) > len(self._signature):
            raise TypeError(
                "When input_signature is provided, only pass arguments covered by it. Received %d argument(s)." % len(args)
            )
        for name in kwargs:
            if name not in self._names:
                raise TypeError("Function got an unexpected keyword argument %s" % name)

    def _fit_signature(self, args):
        """The arguments, those that have a spec in the signature as tensors that fit it."""
        count = len(self._signature)
        try:
            given = nest.flatten_up_to(self._signature, args[:count], check_types=False)
        except (TypeError, ValueError):
            raise ValueError(
                "Structure of Python function inputs does not match input_signature. Inputs (%s), input_signature (%s)."
                % (args, self._signature)
            ) from None
        fitted = []
        for x, spec in zip(given, nest.flatten(self._signature)):
            if not isinstance(x, Tensor | TensorSpec):
                try:
                    x = convert(x, spec.dtype)
                except (TypeError, ValueError):
                    raise ValueError(
                        "When input_signature is provided, all inputs to the Python function must be convertible to Tensors. "
                        "Inputs (%s), input_signature(%s)" % (args, self._signature)
                    ) from None
            if not spec.is_compatible_with(x):
                raise ValueError(
                    "Python inputs incompatible with input_signature: inputs (%s), input_signature (%s)" % (args, self._signature)
                )
            fitted.append(x)
        return (*nest.pack_sequence_as(self._signature, fitted), *args[count:])

    def _key(self, structure, leaves):
        """What a trace depends on: structure, types, shapes, Python values, and the graph in which it is called."""
        if self._signature is not None:
            leaves = leaves[len(nest.flatten(self._signature)) :]
        parts = tuple([_part(x) for x in leaves])
        if self._relaxes and self._signature is None:
            parts = self._relaxed(parts)
        try:
            hash(parts)
        except TypeError:
            raise ValueError("Arguments of a function that are no tensors must be hashable: %s" % (leaves,)) from None
        if here.eager:
            return parts, structure, here.device
        graph = get_default_graph()
        return parts, structure, here.device, weakref.ref(graph) if graph.building_function else None

    def _relaxed(self, parts):
        """Shapes seen to vary as unknown ones."""
        types = tuple(p[:2] if p[0] == "tensor" else p for p in parts)
        seen = self._seen_shapes.get(types)
        now = [p[2] if p[0] == "tensor" else None for p in parts]
        if seen is not None:
            now = [shapes.relax(a, b) if p[0] == "tensor" else None for p, a, b in zip(parts, seen, now)]
        self._seen_shapes[types] = now
        return tuple((*p[:2], s) if p[0] == "tensor" else p for p, s in zip(parts, now))

    def _trace(self, args, kwargs, leaves, key):
        if len(self._traces) == _MANY_TRACES:
            _log.warning(
                "%s has been traced %d times; it is traced again for every new combination of types, shapes and Python values of "
                "its arguments. The newest: %s. Pass numbers that vary as tensors, or give an input_signature.",
                self._name, len(self._traces) + 1, [_part(x) for x in leaves],
            )  # fmt: skip
        first = not self._traces
        concrete = self._traced(args, kwargs, leaves, key)
        if first and self._once and self._created:
            concrete = self._traced(args, kwargs, leaves, key)  # without the making of variables
        self._traces[key] = concrete
        return concrete

    def _traced(self, args, kwargs, leaves, key):
        outer = get_default_graph()
        graph = FuncGraph("__inference_" + self._name, outer)
        graph.runs_effects = graph.keeps_captures = True
        specs = nest.flatten(self._signature) if self._signature is not None else []
        relaxed = key[0] if self._relaxes and self._signature is None else ()
        watcher = Tape()
        with graph.as_default():
            inner = []
            for i, x in enumerate(leaves):
                if not isinstance(x, Tensor | TensorSpec):
                    inner.append(x)
                    continue
                shape = specs[i].shape._dims if i < len(specs) else relaxed[i][2] if relaxed else shapes.as_tuple(x.shape)
                placeholder = graph.add_input(x.dtype, shape, _input_name(x, i))
                placeholder._handle_data = known.handle_data(x) if isinstance(x, Tensor) else None
                inner.append(placeholder)
            count = len(graph.inputs)
            call_args, call_kwargs = nest.pack_sequence_as((args, kwargs), inner, expand_composites=True)
            tapes.push(watcher)
            try:
                result = self._call_python(call_args, call_kwargs)
                outputs = nest.map_structure(lambda x: _as_output(x, graph), result, expand_composites=True)
            finally:
                tapes.pop(watcher)
        graph.outputs = [t for t in nest.flatten(outputs, expand_composites=True) if isinstance(t, Tensor)]
        return ConcreteFunction(graph, count, outputs, watcher.variables.values())

    def _call_python(self, args, kwargs):
        function = self._python_function
        if self._autograph and autograph_hook is not None:
            function = autograph_hook(function)
        return function(*args, **kwargs)


autograph_hook = None  # turns Python's control flow on tensors into graph operations; put here by the autograph package


class _Method:
    """A function bound to an object that it does not keep alive."""

    def __init__(self, function, instance):
        self._function = function
        self._instance = weakref.ref(instance)
        functools.update_wrapper(self, function)

    def __call__(self, *args, **kwargs):
        return self._function(self._instance(), *args, **kwargs)


def _structure(x, leaves):
    """The structure of arguments without their leaves, as a key (None for a leaf); the leaves are added to a list."""
    if type(x) is EagerTensor:
        leaves.append(x)
        return None
    if type(x) is tuple:
        return tuple([_structure(part, leaves) for part in x])
    items = nest.items(x, expand_composites=True)
    if items is None:
        leaves.append(_as_argument(x))
        return None
    return type(x), *[(k, _structure(part, leaves)) for k, part in items]


def _checked_signature(signature):
    if signature is None:
        return None
    if not isinstance(signature, list | tuple):
        raise TypeError("input_signature must be either a tuple or a list, received %s" % type(signature))
    if not all(isinstance(s, TensorSpec) for s in nest.flatten(list(signature))):
        raise TypeError(
            "Invalid input_signature %s; input_signature must be a possibly nested sequence of TensorSpec objects" % (signature,)
        )
    return tuple(signature)


def _as_argument(x):
    """A leaf of the arguments: arrays as tensors."""
    if isinstance(x, np.ndarray):
        return convert(x)
    return x


def _part(x):
    """What a trace depends on of one argument."""
    if type(x) is EagerTensor:
        return "tensor", x.dtype, x._v.shape
    if isinstance(x, Tensor | TensorSpec):
        return "tensor", x.dtype, shapes.as_tuple(x.shape)
    if getattr(x, "is_tensor_like", False):
        return "object", id(x)
    return "value", type(x), x


def _input_name(x, index):
    name = getattr(x, "name", None) if isinstance(x, TensorSpec) else None
    return name or "arg%d" % index


def _as_output(x, graph):
    """A leaf of what the function returned: tensors of its graph; None and operations as None."""
    if x is None or isinstance(x, Operation):
        return None
    return graph.admit(convert(x))


# ----------------------------------------------------------------------------------------------------------------- public


def _decorate(func, make):
    return make(func) if func is not None else make


@export("contrib.eager.defun", "python.eager.function.defun")
def defun(func=None, input_signature=None, autograph=True):
    """Turns a Python function of tensors into a graph function; as a call or as a decorator.

    Args:
      func: the function.
      input_signature: the `TensorSpec`s of its arguments; by default it is traced for whatever it is called with.
      autograph: whether Python's control flow on tensors is turned into graph operations.

    Returns:
      A function of the same arguments.
    """

    def make(f):
        return PolymorphicFunction(f, getattr(f, "__name__", "function"), input_signature, autograph)

    return _decorate(func, make)


@export("function", "contrib.eager.function")
def function(func=None, input_signature=None, autograph=True, experimental_autograph_options=None, experimental_relax_shapes=False,
             experimental_compile=None):  # fmt: skip
    """Turns a Python function of tensors into a graph function that makes its variables at the first call only.

    Args:
      func: the function.
      input_signature: the `TensorSpec`s of its arguments; by default it is traced for whatever it is called with.
      autograph: whether Python's control flow on tensors is turned into graph operations.
      experimental_autograph_options: options of that.
      experimental_relax_shapes: whether shapes that vary are traced as unknown.
      experimental_compile: whether XLA must compile it; hot functions are compiled anyway.

    Returns:
      A function of the same arguments.
    """
    if experimental_autograph_options is not None and not autograph:
        raise ValueError("experimental_autograph_options without autograph")

    def make(f):
        return PolymorphicFunction(f, getattr(f, "__name__", "function"), input_signature, autograph,
                                   creates_variables_once=True, relaxes_shapes=experimental_relax_shapes)  # fmt: skip

    return _decorate(func, make)
