"""The functions of datasets: users' Python functions of elements, traced once."""

import functools
import warnings

from ..autograph.conversion import converter
from ..core.context import here
from ..core.convert import convert
from ..core.graph import get_default_graph
from ..functions.signature import FunctionSpec
from ..functions.tracing import Tracer
from .specs import flat_specs, from_tensors, spec_of, to_tensors


class DatasetFunction:
    """A traced function from elements to elements.

    Args:
      function: the Python function.
      transformation: what the function is passed to, for messages: "Dataset.map()".
      input_spec: the specs of its arguments; a tuple means several.

    Attributes:
      concrete: the `ConcreteFunction`, from tensors to tensors.
      output_spec: the specs of its result.

    Raises:
      TypeError: the function returns something that can't be an element.
    """

    def __init__(self, function, transformation, input_spec):
        self._function, self._transformation, self._input_spec = function, transformation, input_spec
        self.output_spec = None
        name = "_".join([transformation.replace(".", "_")[:-2], _name_of(function)])

        def traced(*args):
            return self._call(args)

        self._convert = None if here.converted is False else converter(None)
        self.concrete = Tracer(traced, name, FunctionSpec(traced), self._convert).trace(tuple(flat_specs(input_spec)), {})
        outer_seed = None if here.eager else get_default_graph().seed
        if outer_seed and self.concrete.graph.seed == outer_seed and self.concrete.graph._seed_used:
            warnings.warn(
                "Seed %s from outer graph might be getting used by function %s, if the random op has not been provided any seed. "
                "Explicitly set the seed in the function if this is not the intended behavior." % (outer_seed, name),
                stacklevel=4,
            )

    def _call(self, args):
        nested = from_tensors(self._input_spec, args)
        function = self._function if self._convert is None else self._convert(self._function)
        result = function(*nested) if type(nested) is tuple else function(nested)
        if isinstance(result, list):
            result = tuple(result)
        try:
            self.output_spec = spec_of(result)
        except (TypeError, ValueError):
            raise TypeError("Unsupported return value from function passed to %s: %s." % (self._transformation, result)) from None
        return [convert(t) for t in to_tensors(self.output_spec, result)]

    @property
    def function(self):
        return self.concrete

    @property
    def captured(self):
        """The tensors that the function captured."""
        return list(self.concrete.captured_inputs)

    @property
    def graph_function(self):
        return self.concrete.graph_function

    @property
    def output_structure(self):
        return self.output_spec


def _name_of(function):
    while isinstance(function, functools.partial):
        function = function.func
    return getattr(function, "__name__", None) or type(function).__name__


def uses_ref_variables(function):
    """Whether a function captured variables of the old kind."""
    if here.eager:
        return False
    return any(_comes_from_ref(t) for t in function.captured)


def _comes_from_ref(tensor):
    if not hasattr(tensor, "op") or not hasattr(tensor, "_dtype"):
        return False
    return tensor._dtype._is_ref_dtype or any(map(_comes_from_ref, tensor.op._inputs))


def warn_of_refs(optimizations):
    warnings.warn(
        "tf.data static optimizations are not compatible with tf.Variable. The following optimizations will be disabled: %s. To "
        "enable optimizations, use resource variables instead by calling `tf.enable_resource_variables()` at the start of the "
        "program." % ", ".join(optimizations),
        stacklevel=4,
    )
