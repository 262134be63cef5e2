"""`Defun`: functions of a graph's library, written in Python (`tensorflow.python.framework.function`)."""

import hashlib
import inspect
import re

from ..core import attributes, dtypes as types
from ..core.context import graph_mode, here, process
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.errors import InvalidArgumentError, NotYetError
from ..core.export import export
from ..core.func_graph import FuncGraph, GraphFunction
from ..core.graph import get_default_graph
from ..core.graph_writer import Library
from ..core.operation import Operation
from ..core.tensor import Tensor
from ..platform.decorators import get_func_name, getargspec
from ..run.function import ConcreteFunction, call_gradient, call_spec, is_differentiable
from .functions import LibraryFunction
from .node_defs import summary, type_name


@export("python.framework.function.Defun")
class Defun:
    """A decorator that makes a function of a graph's library of a Python function.

    Args:
      *input_types: the types of the function's arguments; without any they are those of the tensors in each call.
      func_name: its name; by default the Python function's with something that tells functions apart.
      grad_func: the function that computes its gradient, of its inputs and the gradients of its outputs; made by `Defun`, too.
      python_grad_func: a Python function that builds its gradient, of the operation and the gradients of its outputs.
      out_names: the names of its results.
      shape_func: a function from the operation to the static shapes of its outputs.
      capture_by_value: whether operations outside that it uses are copied, which Eagle can't.
      whitelisted_stateful_ops: stateful operations that may be copied.
      capture_resource_var_by_value: whether a resource variable outside is read where the function is called instead of inside;
        both give the same value.
      noinline, compiled, separate_compiled_gradients, experimental_...: attributes of the function.

    Raises:
      NotYetError: with `capture_by_value`.
      ValueError: the Python function has arguments by name or with defaults, or another number of arguments.
    """

    def __init__(self, *input_types, func_name=None, grad_func=None, python_grad_func=None, out_names=None, **options):
        self._types = [types.as_dtype(t) for t in input_types]
        self._name, self._out_names, self._options = func_name, out_names, options
        self._gradients = {"grad_func": grad_func, "python_grad_func": python_grad_func}

    def __call__(self, func):
        if not callable(func):
            raise ValueError("function %s must be callable" % func)
        spec = getargspec(func)
        if spec.keywords or spec.defaults:
            raise ValueError("function with argument defaults or keywords arguments are not supported. %s has defaults %s and "
                             "keywords %s." % (func, spec.defaults, spec.keywords))  # fmt: skip
        names = spec.args[1:] if inspect.ismethod(func) else spec.args
        given = {"out_names": self._out_names, **self._gradients, **self._options}
        if self._types and (len(self._types) < len(names) or len(self._types) > len(names) and not spec.varargs):
            raise ValueError("The function has fewer arguments than the number of specified input types.")
        if self._types or not names and not spec.varargs:
            return DefinedFunction(func, names, self._types, self._name, **given)
        return OverloadedFunction(func, names, self._name, **given)


class _Body(FuncGraph):
    """The body of such a function.  Variables made in it belong to the graph around it."""

    def __init__(self, name, outer):
        super().__init__(name, outer)
        self._variable_creators = [*self._variable_creators, self._create_outside]
        self.made_variables = []

    def _create_outside(self, next_creator, **arguments):
        with self.outer_graph.as_default(), self.outer_graph.name_scope(None):
            made = next_creator(**arguments)
        self.made_variables.append(made)
        return made


@export("python.framework.function._DefinedFunction")
class DefinedFunction:
    """A function of a graph's library for arguments of certain types; a call adds an operation of the function's name.

    Attributes:
      declared_input_types: the types of its arguments.
      python_grad_func: see `Defun`.
    """

    def __init__(
        self, func, argnames, input_types, func_name=None, grad_func=None, python_grad_func=None, out_names=None, shape_func=None,
        capture_by_value=False, whitelisted_stateful_ops=None, capture_resource_var_by_value=True, **options,
    ):  # fmt: skip
        if capture_by_value:
            raise NotYetError("Defun with capture_by_value: Eagle can't copy operations into a function")
        self._func, self._own_name = func, func_name
        self._names = [*argnames, *["arg%d" % i for i in range(len(argnames), len(input_types))]]
        self.declared_input_types = tuple(input_types)
        self._gradient, self.python_grad_func = grad_func, python_grad_func
        self._out_names, self._shape_func, self._options = out_names, shape_func, options
        self._device = None if here.eager else get_default_graph()._device_stack[-1:]
        self._function = self._graph = None

    @property
    def name(self):
        """The function's name."""
        return self._traced().name

    @property
    def definition(self):
        """The function as a `FunctionDef`."""
        return self._traced().definition

    @property
    def captured_inputs(self):
        """The tensors outside that the function uses; they are passed behind the arguments."""
        self._traced()
        return self._graph.outer_tensors()

    @property
    def stateful_ops(self):
        """The (name, type) of its operations that act on the world."""
        self._traced()
        inputs = {t.op for t in self._graph.inputs}
        return [(op.name, op.type) for op in self._graph.get_operations() if op not in inputs and op.definition.is_stateful]

    @property
    def grad_func_name(self):
        """The name of the function that computes its gradient, or None."""
        return self._gradient.name if self._gradient else None

    @property
    def _signature(self):
        return self.definition.signature

    def set_grad_func(self, grad_func):
        """Sets the function that computes its gradient, another one made by `Defun`."""
        assert not self._gradient and isinstance(grad_func, DefinedFunction)
        self._gradient = grad_func

    def add_to_graph(self, g):
        """Adds the function, and that of its gradient, to the library of a graph."""
        function = self._traced()
        function.gradient = self.grad_func_name
        g._add_function(function)
        if self._gradient:
            self._gradient.add_to_graph(g)

    def __call__(self, *args, name=None, **options):
        if here.eager:
            self._traced()
            args = [convert(a, t) for a, t in zip(args, self.declared_input_types)]
            return self._packed(ConcreteFunction(self._graph, len(args), list(self._graph.outputs)).call_flat(args))
        graph = get_default_graph()
        self.add_to_graph(graph)
        definition = self._function.op_definition
        inputs = [graph.admit(t) for t in [*map(convert, args), *self._graph.outer_tensors()]]
        name = graph.unique_name(self._function.name if name is None else name)
        self._check(inputs, definition, name)
        attrs = {
            attributes.BODY: GraphFunction(self._graph),
            "_disable_call_shape_inference": True,
            **_as_attrs(self.name, options),
        }
        spec = call_spec(definition)
        spec.grad(self._build_gradient if self._gradient or self.python_grad_func else _gradient_with_zeros)
        outputs = [t.dtype.base_dtype for t in self._graph.outputs]
        op = process.build_node(graph, definition, name, inputs, attrs, outputs, spec)
        for t in op.outputs:
            t._shape = None
        if self._shape_func is not None:
            self._set_shapes(op)
        return self._packed(op.outputs) if op.outputs else op

    def _packed(self, outputs):
        return outputs[0] if len(outputs) == 1 else tuple(outputs)

    def _set_shapes(self, op):
        shapes = self._shape_func(op)
        if len(shapes) != len(op.outputs):
            raise ValueError("shape_func produced %d shapes for %d outputs" % (len(shapes), len(op.outputs)))
        for t, shape in zip(op.outputs, shapes):
            t.set_shape(shape)

    def _check(self, inputs, definition, name):
        expected = [t._dtype for t in self._graph.inputs]
        if len(inputs) != len(expected):
            count = len(inputs) - len(expected) + len(self._names)
            raise ValueError("Expected number of arguments: %d, received: %d" % (len(self._names), count))
        for t, wanted, argument in zip(inputs, expected, definition.inputs):
            if t._dtype.base_dtype != wanted.base_dtype:
                raise ValueError(
                    "Input '%s' passed %s expected %s while building NodeDef '%s' using %s"
                    % (argument.name, type_name(t._dtype.base_dtype), type_name(wanted.base_dtype), name, summary(definition))
                )

    def _build_gradient(self, *grads, node):
        grads = [registry["ZerosLike"](t) if g is None else g for t, g in zip(node.outputs, grads)]
        if self.python_grad_func:
            found = self.python_grad_func(node, *grads)
        else:
            found = self._gradient(*node._inputs, *grads)
        found = tuple(found) if isinstance(found, list | tuple) else (found,)
        if len(found) != len(node._inputs):
            raise ValueError("The gradient of %s has %d results for %d inputs" % (self.name, len(found), len(node._inputs)))
        return found

    def _traced(self):
        """The function as one of a library, traced if that has not happened yet."""
        if self._function is not None:
            return self._function
        base = self._own_name or get_func_name(self._func) + ("_%s" % self._gradient.name if self._gradient else "")
        with graph_mode():
            body = _Body(base, get_default_graph())
            body._device_stack = list(self._device or ())
            with body.as_default():
                arguments = [body.add_input(t, None, n) for t, n in zip(self.declared_input_types, self._names)]
                result = self._func(*arguments)
                body.outputs = _outputs(body, result)
        library = Library()
        definition = library.definitions.pop(library.add(body, body.outputs))
        self._name_results(definition, body.outputs)
        definition.signature.name = ""
        definition.signature.name = self._own_name or "%s_%s" % (base, _fingerprint(definition))
        definition.signature.description = self._func.__doc__ or ""
        for key, value in _as_attrs(base, self._options).items():
            definition.attr[key].CopyFrom(attributes.to_proto(value, _KINDS[type(value)]))
        self._function = LibraryFunction(definition)
        body.read_from(self._function)
        self._graph = body
        return self._function

    def _name_results(self, definition, outputs):
        """Names the results as they were asked to be, or after the operations that compute them."""
        names = list(self._out_names or [])
        if names and len(names) != len(outputs):
            raise InvalidArgumentError(
                None,
                None,
                "output names must be either empty or equal in size to outputs. output names size = %d outputs size = %d"
                % (len(names), len(outputs)),
            )
        taken = {a.name for a in definition.signature.input_arg}
        for t in outputs[len(names) :]:
            stem = name = re.sub(r"\W", "_", t.op.name.rpartition("/")[2].lower())
            count = 0
            while name in taken or name in names:
                count += 1
                name = "%s_%d" % (stem, count)
            names.append(name)
        values = [definition.ret[a.name] for a in definition.signature.output_arg]
        definition.ret.clear()
        for argument, name, value in zip(definition.signature.output_arg, names, values):
            argument.name = name
            definition.ret[name] = value


def _outputs(body, result):
    if result is None or isinstance(result, Operation):
        return []
    results = result if isinstance(result, list | tuple) else [result]
    if isinstance(result, dict):
        raise TypeError("List of Tensors when single Tensor expected")
    if any(r is None for r in results):
        raise ValueError("Function can not return None.")
    return [body.admit(convert(r)) for r in results]


_KINDS = {bool: "bool", int: "int", float: "float", str: "string", bytes: "string"}


def _gradient_with_zeros(*grads, node):
    """The gradient of a call, zeros for inputs on which nothing depends."""
    found = call_gradient(*grads, node=node)
    return tuple(
        [g if g is not None or not is_differentiable(t) else registry["ZerosLike"](t) for t, g in zip(node._inputs, found)]
    )


def _fingerprint(definition):
    """A few characters that differ for different definitions."""
    return hashlib.sha1(definition.SerializeToString(deterministic=True)).hexdigest()[:8]


def _as_attrs(name, options):
    """The attributes of a function for keyword arguments.

    Raises:
      ValueError: one is unknown.
    """
    options, found = dict(options), {}
    if "noinline" in options:
        found["_noinline"] = bool(options.pop("noinline"))
    if "compiled" in options:
        found["_XlaCompile"] = bool(options.pop("compiled"))
        separate = bool(options.pop("separate_compiled_gradients", False))
        found.update(_XlaSeparateCompiledGradients=separate, _XlaScope="function_%s" % name)
    for key in list(options):
        if key in ("_implements", "_reference") or key.startswith("experimental_"):
            found[key] = options.pop(key)
            if type(found[key]) not in _KINDS:
                raise ValueError("Unsupported attribute type for %s with type %s" % (key, type(found[key])))
    if options:
        raise ValueError("Unknown keyword arguments: %s" % options.keys())
    return found


@export("python.framework.function._OverloadedFunction")
class OverloadedFunction:
    """Functions of a graph's library, one for each combination of types with which this is called."""

    def __init__(self, func, argnames, func_name=None, grad_func=None, **options):
        self._func, self._names, self._name = func, argnames, func_name
        self._gradient, self._options, self._made = grad_func, options, {}

    def instantiate(self, input_types):
        """The `DefinedFunction` for arguments of some types."""
        key = "_".join([types.as_dtype(t).name for t in input_types])
        found = self._made.get(key)
        if found is None:
            name = None if self._name is None else "%s_%s" % (self._name, key)
            found = DefinedFunction(self._func, self._names, list(input_types), name, None, **self._options)
            if self._gradient is not None:
                found._traced()
                results = [t.dtype.base_dtype for t in found._graph.outputs]
                found.set_grad_func(self._gradient.instantiate([*input_types, *results]))
            self._made[key] = found
        return found

    def __call__(self, *args, **kwargs):
        args = [a if isinstance(a, Tensor) else convert(a) for a in args]
        return self.instantiate([a.dtype.base_dtype for a in args])(*args, **kwargs)


def _body():
    graph = get_default_graph()
    return graph if isinstance(graph, _Body) else None


@export("python.framework.function.get_extra_inputs")
def get_extra_inputs():
    """Inside such a function: the tensors outside that it uses so far; else an empty list."""
    return list(_body().captures) if _body() else []


@export("python.framework.function.get_extra_args")
def get_extra_args():
    """Inside such a function: the inputs that stand for `get_extra_inputs`; else an empty list."""
    return list(_body().captures.values()) if _body() else []


@export("python.framework.function.get_extra_vars")
def get_extra_vars():
    """Inside such a function: the variables that were made in it; else an empty list."""
    return _body().made_variables if _body() else []
