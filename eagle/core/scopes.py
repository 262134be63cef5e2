"""The scopes of the default graph, and of eager execution: `tf.name_scope`, `tf.control_dependencies`, `tf.device`, ..."""

import contextlib

from . import device as devices
from .context import eager_mode, here, process, set_default_mode, stop_recording
from .export import export
from .graph import Graph, get_default_graph
from .graph_scopes import NameScope
from .operation import Operation
from .tensor import EagerTensor, GraphTensor


@export("name_scope", "keras.backend.name_scope")
class name_scope:
    """A context manager in which the names of new operations begin with `name/`.

    Args:
      name: the scope, or None for `default_name`.
      default_name: the scope if `name` is None.
      values: the tensors that the operations are about: their graph becomes the default one.

    Raises:
      TypeError: `default_name` is no string.
      ValueError: neither name is given although `values` are, or the values come from different graphs.
    """

    __slots__ = ("_name", "_default_name", "_values", "_scope", "_graph", "_before")

    def __init__(self, name, default_name=None, values=None):
        if default_name is not None and not isinstance(default_name, str):
            raise TypeError("`default_name` type (%s) is not a string type. You likely meant to pass this into the `values` kwarg."
                            % type(default_name))  # fmt: skip
        self._name = default_name if name is None else name
        self._default_name = default_name
        self._values = values
        self._scope = self._graph = None

    @property
    def name(self):
        return self._name

    def __enter__(self):
        if here.eager and not self._symbolic():
            return self._enter_eagerly()
        if self._name is None and self._values is not None:
            raise ValueError("At least one of name (%s) and default_name (%s) must be provided." % (self._name, self._default_name))
        graph = get_default_graph()
        if self._values and not graph.building_function:
            wanted = graph_from_inputs(self._values)
            if wanted is not graph or here.eager:
                self._graph = wanted.as_default()
                self._graph.__enter__()
                graph = wanted
        try:
            self._scope = NameScope(graph, self._name)
            return self._scope.__enter__()
        except BaseException:
            if self._graph is not None:
                self._graph.__exit__(None, None, None)
            raise

    def _symbolic(self):
        """Whether a value belongs to a graph under construction; one that has left its function belongs nowhere."""
        return self._values is not None and any(isinstance(v, GraphTensor) and not v.graph.runs_effects for v in self._values)

    def _enter_eagerly(self):
        self._before = before = here.scope
        name = self._name
        if not name:
            here.scope = ""
        elif name[-1] == "/":
            here.scope = name
        else:
            here.scope = before + name + "/"
        return here.scope

    def __exit__(self, *exc):
        if self._scope is None:
            here.scope = self._before
        else:
            self._scope.__exit__(*exc)
            self._scope = None
            if self._graph is not None:
                self._graph.__exit__(*exc)
                self._graph = None
        return False


@export("op_scope")
@contextlib.contextmanager
def op_scope(values, name, default_name=None):
    """Deprecated: `name_scope` with its arguments in another order."""
    with name_scope(name, default_name=default_name, values=values) as scope:
        yield scope


def graph_from_inputs(op_input_list, graph=None):
    """The graph in which an operation with these inputs belongs.

    Raises:
      TypeError: `graph` is no graph.
      ValueError: the inputs come from different graphs, or from another one than `graph`.
    """
    current = get_default_graph()
    if current.building_function:
        return current
    if graph is not None and not isinstance(graph, Graph):
        raise TypeError("Input graph needs to be a Graph: %s" % graph)
    first = None
    for value in op_input_list:
        element = value if type(value) is GraphTensor else graph_element(value)
        if element is None:
            continue
        own = element.graph.outermost()
        if graph is None:
            first, graph = element, own
        elif own is not graph:
            if first is None:
                raise ValueError("%s is not from the passed-in graph." % (element,))
            raise ValueError("%s must be from the same graph as %s." % (element, first))
    return graph or current


def graph_element(value):
    """What `value` stands for in a graph, or None."""
    if isinstance(value, (Operation, GraphTensor)):
        return value
    if isinstance(value, EagerTensor):
        return None
    convert = getattr(value, "_as_graph_element", None)
    if convert is not None:
        return convert()
    if getattr(value, "is_tensor_like", False) and hasattr(value, "graph"):
        return value
    return None


NOTHING = contextlib.nullcontext()


@export("control_dependencies")
def control_dependencies(control_inputs):
    """A context manager in which new operations run after the given ones.

    Eagerly operations run in program order anyway; functions in the list are called, as in TensorFlow.

    Args:
      control_inputs: a list of operations, tensors or variables (eagerly also functions), or None to forget outer dependencies.

    Raises:
      TypeError: `control_inputs` is no list of such things.
    """
    if here.eager:
        if control_inputs is not None:
            for control in control_inputs:
                if callable(control):
                    control()
        return NOTHING
    return get_default_graph().control_dependencies(control_inputs)


@export("colocate_with")
def colocate_with(op, ignore_existing=False):
    """Deprecated: a context manager in which new operations are placed with `op`."""
    if here.eager:
        return NOTHING if op is None or getattr(op, "device", None) is None else device(op.device)
    return get_default_graph().colocate_with(op, ignore_existing)


@export("container")
def container(container_name):
    """A context manager that sets the resource container of new stateful operations of the default graph."""
    return get_default_graph().container(container_name)


class _EagerDevice(contextlib.AbstractContextManager):
    """The device scope of eager execution."""

    def __init__(self, name):
        self._name = name
        self._before = []

    def __enter__(self):
        self._before.append(here.device)
        here.device = self._inside = devices.merge(here.device, self._name) if self._name is not None else ""

    def __exit__(self, *unused):
        if here.device != self._inside:
            raise RuntimeError("Exiting device scope without proper scope nesting")
        here.device = self._before.pop()
        return False


@export("device")
def device(device_name_or_function):
    """A context manager that sets the device of new operations.

    Args:
      device_name_or_function: a device name, a `DeviceSpec`, a function of the operation (graphs only), or None.

    Raises:
      RuntimeError: eagerly, a function was given; or the scope is left before a scope inside it.
    """
    if not here.eager:
        return get_default_graph().device(device_name_or_function)
    if hasattr(device_name_or_function, "to_string"):
        device_name_or_function = device_name_or_function.to_string()
    elif callable(device_name_or_function):
        raise RuntimeError("tf.device does not support functions when eager execution is enabled.")
    return _EagerDevice(device_name_or_function)


@export("init_scope")
@contextlib.contextmanager
def init_scope():
    """A context manager that leaves functions, branches and loops under construction.

    New operations go to the innermost graph that is no function body, or run at once if eager execution was on outside all of
    them; control dependencies are cleared and no tape records.
    """
    if here.eager:
        with stop_recording():
            yield
        return
    inner = get_default_graph()
    scope = inner.get_name_scope()
    outside = outside_functions()
    outer = eager_mode() if outside is None else outside.as_default()
    with outer, name_scope(scope + "/" if scope else scope), control_dependencies(None), stop_recording():
        graph = None if here.eager else get_default_graph()
        if graph is None or graph is inner:
            yield
            return
        before, graph._device_stack = graph._device_stack, inner._device_stack or graph._device_stack
        try:
            yield
        finally:
            graph._device_stack = before


def outside_functions():
    """The default graph outside all bodies of functions, branches and loops; None if operations run at once there."""
    if here.eager:
        return None
    for entry in reversed(here.switches):
        if entry is None or not entry.building_function:
            return entry
    if process.eager:
        return None
    graph = here.default_graph
    if graph is None:
        graph = here.default_graph = Graph()
    return graph


def executing_eagerly_outside_functions():
    """Whether operations run at once in the context outside all function bodies."""
    return outside_functions() is None


@export("enable_eager_execution", "contrib.eager.enable_eager_execution")
def enable_eager_execution(config=None, device_policy=None, execution_mode=None):
    """Makes operations run at once from now on.

    Unlike TensorFlow, Eagle lets a program switch at any time; a graph under construction stays as it is.

    Args:
      config: a `ConfigProto`; its session options have no meaning for operations that run at once.
      device_policy: one of the `tf.contrib.eager.DEVICE_PLACEMENT_*` constants; with all memory on one device they are alike.
      execution_mode: `tf.contrib.eager.SYNC` (ASYNC gives the same results: operations are done when they return).

    Raises:
      TypeError: `config` is no `ConfigProto`.
      ValueError: `device_policy` or `execution_mode` is none of the constants.
    """
    if config is not None and type(config).__name__ != "ConfigProto":
        raise TypeError("config must be a tf.ConfigProto, but got %s" % type(config))
    if device_policy not in (None, 0, 1, 2, 3):
        raise ValueError("device_policy must be one of None, tf.contrib.eager.DEVICE_PLACEMENT_EXPLICIT, "
                         "tf.contrib.eager.DEVICE_PLACEMENT_WARN, tf.contrib.eager.DEVICE_PLACEMENT_SILENT")  # fmt: skip
    if execution_mode not in (None, 0, 1):
        raise ValueError("execution_mode must be one of None, tf.contrib.eager.SYNC, tf.contrib.eager.ASYNC")
    set_default_mode(True)


@export("disable_eager_execution")
def disable_eager_execution():
    """Makes operations build the default graph from now on."""
    set_default_mode(False)


@export("get_default_session")
def get_default_session():
    """The innermost default session of the calling thread, or None."""
    return here.sessions[-1] if here.sessions else None
