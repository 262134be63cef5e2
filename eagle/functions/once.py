"""`tf.function`: a function that may make variables at its first call."""

import functools
import threading

from ..autograph.conversion import converter
from ..core.context import here
from ..core.export import export
from .polymorphic import Bound, PolymorphicFunction, Signature, WeakMethod, name_of
from .signature import FunctionSpec
from .unlifted import Creations

_NON_FIRST = "Creating variables on a non-first call to a function decorated with tf.function."


class _Mode:
    run_eagerly = False


@export("config.experimental_run_functions_eagerly")
def run_functions_eagerly(run_eagerly):
    """Makes functions made by `tf.function` run as plain Python, for debugging (or ends that)."""
    _Mode.run_eagerly = bool(run_eagerly)


class Function:
    """A Python function that is traced when it is called, and makes its variables at the first call.

    The first trace makes the variables.  If it made some, everything is traced anew afterwards, and no trace may make any more.

    Args:
      python_function: the function.
      name: its name.
      input_signature: the specs of its arguments, or None to trace for whatever it is called with.
      autograph: whether Python's control flow on tensors is turned into graph operations.
      autograph_options: options of that.
      relaxes_shapes: whether sizes that vary are traced as unknown.
      compiles: whether its first call compiles it.
    """

    def __init__(self, python_function, name, input_signature=None, autograph=True, autograph_options=None, relaxes_shapes=False,
                 compiles=False):  # fmt: skip
        self._python_function = python_function
        self._function_spec = FunctionSpec(python_function, input_signature, isinstance(python_function, WeakMethod) or None)
        self._autograph = autograph
        self._options = autograph_options
        self._name = name
        self.experimental_relax_shapes = relaxes_shapes
        self._compiles = compiles
        self._lock = threading.Lock()
        self._creations = self._first = self._later = None  # what makes variables; the function with it, and without
        self._bound = Bound(
            self, lambda method: Function(method, name, input_signature, autograph, autograph_options, relaxes_shapes, compiles)
        )
        functools.update_wrapper(self, python_function, updated=())

    __signature__ = Signature()
    python_function = property(lambda self: self._python_function, doc="The function as it was given.")
    function_spec = property(lambda self: self._function_spec, doc="The `FunctionSpec`: its parameters.")
    input_signature = property(lambda self: self._function_spec.input_signature, doc="The specs of its arguments, or None.")

    @property
    def trace_count(self):
        """How many traces there are."""
        return sum(f.trace_count for f in (self._first, self._later) if f is not None)

    def __get__(self, instance, owner):
        """As a method: a function of its own for each object, with the object as its first argument."""
        return self if instance is None else self._bound.to(instance)

    def _decorate(self, decorator):
        """Wraps the Python function.

        Raises:
          ValueError: it has been traced.
        """
        if self._first is not None:
            raise ValueError("Functions cannot be decorated after they have been traced.")
        self._python_function = decorator(self._python_function)
        self._function_spec = FunctionSpec(self._python_function, self.input_signature)

    def _made(self, creations):
        return PolymorphicFunction(
            self._python_function, self._name, self.input_signature, converter(self._options) if self._autograph else None,
            self.experimental_relax_shapes, creations, self._compiles)  # fmt: skip

    def _begin(self, args, kwargs):
        """The first trace: its `ConcreteFunction` and the tensors to call it with."""
        self._creations = Creations()
        first = self._made(self._creations)
        try:
            found = first.find(args, kwargs)
        except BaseException:
            self._creations = None
            raise
        self._first = first
        if self._creations.made:
            invalid = Creations()
            invalid.allowed = False
            self._later = self._made(invalid)
        return found

    def __call__(self, *args, **kwargs):
        """Calls the function.

        Raises:
          ValueError: it makes variables at another call than the first.
        """
        if _Mode.run_eagerly:
            return self._python_function(*args, **kwargs)
        if self._later is not None:
            return self._later(*args, **kwargs)
        if self._first is None:
            self._initialize(args, kwargs)
            if self._later is not None:
                return self._later(*args, **kwargs)
        result = self._first(*args, **kwargs)
        self._check_none_made()
        return result

    def _initialize(self, args, kwargs):
        with self._lock:
            if self._first is not None:
                return
            concrete, tensors = self._begin(args, kwargs)
            self._creations.initialize(concrete.inputs, tensors if here.eager else ())

    def _check_none_made(self):
        if self._creations.made and self._later is None:
            raise ValueError(_NON_FIRST)

    def get_concrete_function(self, *args, **kwargs):
        """The trace for arguments of certain types and shapes, given by example or by `TensorSpec`.

        Raises:
          ValueError: with an input signature, arguments that don't fit it are given; or the function makes variables, and this
            is not the first call.
          UnliftableError: the initial value of a variable depends on an argument.
        """
        if self.input_signature is not None and not args and not kwargs:
            args = self.input_signature
        if self._first is None:
            with self._lock:
                if self._first is None:
                    self._begin(args, kwargs)
                    self._creations.initialize()
        if self._later is not None:
            return self._later.get_concrete_function(*args, **kwargs)
        concrete = self._first.get_concrete_function(*args, **kwargs)
        self._check_none_made()
        return concrete

    def get_initialization_function(self, *args, **kwargs):
        """Traces the function, which makes its variables, and returns a function that gives them their initial values.

        Args:
          *args, **kwargs: arguments for the trace.

        Raises:
          RuntimeError: the function has been called already.
        """
        with self._lock:
            if self._first is not None:
                raise RuntimeError("get_initialization_function cannot be called after the function has been used")
            self._begin(args, kwargs)
        return self._creations.initialize

    def _list_all_concrete_functions_for_serialization(self):
        """All traces, one for the input signature among them if there is one; their arguments have keywords."""
        if self.input_signature is not None:
            self.get_concrete_function()
        found = []
        for f in (self._first, self._later):
            found += f._function_cache.all_values() if f is not None and (f is self._later or self._later is None) else []
        for concrete in found:
            concrete.name_arguments()
        return found


@export("function", "contrib.eager.function", "python.eager.def_function.function")
def function(func=None, input_signature=None, autograph=True, experimental_autograph_options=None, experimental_relax_shapes=False,
             experimental_compile=None):  # fmt: skip
    """Turns a Python function of tensors into a graph function that makes its variables at the first call only.

    Args:
      func: the function; without it a decorator is returned.
      input_signature: the `TensorSpec`s of its arguments; by default it is traced for whatever it is called with.
      autograph: whether Python's control flow on tensors is turned into graph operations.
      experimental_autograph_options: a `tf.autograph.experimental.Feature` or a tuple of them.
      experimental_relax_shapes: whether shapes that vary are traced as unknown.
      experimental_compile: whether XLA compiles it at the first call, rather than when it has been called often.

    Returns:
      A function of the same arguments.

    Raises:
      TypeError: the signature is no list or tuple of `TensorSpec`s.
      ValueError: there is a signature, and the function has parameters that are given by name only.
    """

    def make(f):
        return Function(f, name_of(f), input_signature, autograph, experimental_autograph_options, experimental_relax_shapes,
                        bool(experimental_compile))  # fmt: skip

    return make(func) if func is not None else make
