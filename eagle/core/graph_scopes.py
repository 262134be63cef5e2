"""The scopes of a graph: what is in force when an operation is added (names, control dependencies, devices, attributes)."""

import contextlib
import re
import threading

from . import attributes, device as devices
from .operation import Operation
from .tensor import EagerTensor, GraphTensor

VALID_OP_NAME = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.\-/]*$").match
VALID_SCOPE_NAME = re.compile(r"[A-Za-z0-9_.\-/]*$").match


class NameScope:
    """The context manager of `Graph.name_scope`; entering gives the scope with a slash at its end."""

    __slots__ = ("_graph", "_name", "_before")

    def __init__(self, graph, name):
        self._graph = graph
        self._name = name

    def __enter__(self):
        graph, name = self._graph, self._name
        self._before = before = graph._name_stack
        if not name:
            graph._name_stack = ""
            return ""
        if isinstance(name, bytes):
            name = name.decode()
        if not (VALID_SCOPE_NAME(name) if before else VALID_OP_NAME(name)):
            raise ValueError("'%s' is not a valid scope name" % name)
        graph._name_stack = name[:-1] if name[-1] == "/" else graph.unique_name(name)
        return graph._name_stack + "/"

    def __exit__(self, *unused):
        self._graph._name_stack = self._before
        return False


class ControlDependencies:
    """The context manager of `Graph.control_dependencies`."""

    def __init__(self, graph, ops):
        self._graph = graph
        self._clears = ops is None
        self.control_inputs = ops or []
        self.seen = set()

    def __enter__(self):
        graph = self._graph
        if self._clears:
            self._before = graph._control_stack, graph._control_flow_context
            graph._control_stack, graph._control_flow_context = [], None
        graph._control_stack.append(self)

    def __exit__(self, *unused):
        graph = self._graph
        graph._control_stack.remove(self)
        if self._clears:
            graph._control_stack, graph._control_flow_context = self._before
        return False


class _Device:
    """One entry of the device stack: a name to merge, or a function of the operation, or a reset."""

    def __init__(self, given):
        self.function = self.name = None
        if callable(given) and not hasattr(given, "to_string"):
            self.function = given
        elif given is not None:
            self.name = given.to_string() if hasattr(given, "to_string") else devices.canonical(given)
        self.resets = given is None

    def apply(self, op):
        if self.function is None:
            return devices.merge(self.name, op._device)
        given = self.function(op)
        if isinstance(given, bytes):
            given = given.decode()
        if isinstance(given, str):
            return given
        if not hasattr(given, "to_string"):
            raise TypeError("Expected binary or unicode string, got %r" % (given,))
        return given.to_string()


class Scopes:
    """The part of a `Graph` that keeps its scopes."""

    def _init_scopes(self):
        self._names = {}  # lower-case name -> how often it was asked for
        self._name_stack = ""
        self._control_stack = []
        self._control_flow_context = None
        self._device_stack = []
        self._colocation_stack = []
        self._attr_scope_map = {}
        self._gradient_override_map = {}
        self._op_to_kernel_label_map = {}
        self._container = ""
        self._default_original_op = None

    def switch_to_thread_local(self):
        """Gives each thread scopes of its own from now on; in every thread they begin with those in force now."""
        if isinstance(self, _OfThreads):
            return
        self._shared_scopes = {name: self.__dict__.pop(name) for name in _OF_THREADS}
        self._own_scopes = threading.local()
        self.__class__ = type(type(self).__name__, (_OfThreads, type(self)), {})

    # ---------------------------------------------------------------------------------------------------------- names

    def unique_name(self, name, mark_as_used=True):
        """A name not used in this graph: `name` inside the current scope, with `_1`, `_2`, ... behind it if need be.

        Names that differ only in case count as the same.
        """
        if type(name) is bytes:
            name = name.decode()
        if self._name_stack:
            name = self._name_stack + "/" + name
        key = name.lower()
        used = self._names
        count = used.get(key, 0)
        if mark_as_used:
            used[key] = count + 1
        if not count:
            return name
        while "%s_%d" % (key, count) in used:
            count += 1
        if mark_as_used:
            used["%s_%d" % (key, count)] = 1
        return "%s_%d" % (name, count)

    def name_scope(self, name):
        """A context manager in which the names of new operations begin with `name/`.

        Args:
          name: the scope; made unique, unless it ends with `/`, which re-enters an existing scope; `""` or None for the root.

        Raises:
          ValueError: `name` is no valid scope name.
        """
        return NameScope(self, name)

    def get_name_scope(self):
        """The current scope, without a slash at its end."""
        return self._name_stack

    # --------------------------------------------------------------------------------------------- control dependencies

    def control_dependencies(self, control_inputs):
        """A context manager in which every new operation runs after the given operations and tensors.

        Args:
          control_inputs: operations or tensors, or None to forget all outer control dependencies.

        Raises:
          TypeError: an element is neither an operation nor a tensor.
        """
        if control_inputs is None:
            return ControlDependencies(self, None)
        ops = []
        for c in control_inputs:
            if hasattr(c, "_handle") and hasattr(c, "op"):
                c = c.op  # a resource variable, or an assignment to one: nothing is read
            elif hasattr(c, "_as_graph_element"):
                c = c._as_graph_element()
            if hasattr(c, "indices") and hasattr(c, "values") and not isinstance(c, (Operation, GraphTensor)):
                c = c.op  # IndexedSlices
            c = self._control_element(c)
            if c is None:
                continue
            op = c.op if isinstance(c, GraphTensor) else c
            if op not in ops:
                ops.append(op)
        return ControlDependencies(self, ops)

    def _control_element(self, element):
        return self.as_graph_element(element)

    def _current_control_dependencies(self):
        return {op for controller in self._control_stack for op in controller.control_inputs}

    def _control_inputs_for(self, input_ops):
        """The control inputs of a new operation: those in force that no input of it has already waited for."""
        found = []
        for controller in self._control_stack:
            if not any(op in controller.seen for op in input_ops):
                found += [c for c in controller.control_inputs if c not in input_ops and c not in found]
        return found

    # -------------------------------------------------------------------------------------------------------- devices

    @contextlib.contextmanager
    def device(self, device_name_or_function):
        """A context manager that sets the device of new operations.

        Args:
          device_name_or_function: a device name, merged with those of outer scopes; a `DeviceSpec`; a function from an
            operation to a device name; or None to ignore outer scopes.

        Raises:
          RuntimeError: it is left before a scope inside it.
        """
        entry = _Device(device_name_or_function)
        self._device_stack.append(entry)
        try:
            yield
        finally:
            if self._device_stack[-1:] != [entry]:
                raise RuntimeError("Exiting device scope without proper scope nesting")
            self._device_stack.pop()

    def _apply_devices(self, op):
        for entry in reversed(self._device_stack):
            if entry.resets:
                break
            op._device = entry.apply(op)

    @contextlib.contextmanager
    def colocate_with(self, op, ignore_existing=False):
        """A context manager in which new operations are placed on the device of `op`, whatever the device scopes say.

        Args:
          op: an operation, tensor or variable, or None (with `ignore_existing`) to end all colocation.
          ignore_existing: whether outer colocation scopes are ignored.

        Raises:
          ValueError: `op` is None without `ignore_existing`.
        """
        if op is None and not ignore_existing:
            raise ValueError("Trying to reset colocation (op is None) but ignore_existing is not True")
        if op is not None and not isinstance(op, Operation):
            op = _colocation_op(op, self)
            if op is None:
                yield
                return
        before = self._device_stack, self._colocation_stack
        self._device_stack = []
        self._colocation_stack = ([] if ignore_existing else before[1]) + ([] if op is None else [op])
        try:
            yield
        finally:
            self._device_stack, self._colocation_stack = before

    def _apply_colocation(self, op):
        groups = []
        for other in self._colocation_stack:
            groups += other.colocation_groups()
            if other._device:
                op._device = other._device
        op.attrs["_class"] = tuple(sorted(set(groups)))

    @contextlib.contextmanager
    def container(self, container_name):
        """A context manager that sets the resource container of new stateful operations."""
        before, self._container = self._container, container_name
        try:
            yield container_name
        finally:
            self._container = before

    # ----------------------------------------------------------------------------------------------------- attributes

    @contextlib.contextmanager
    def _attr_scope(self, attr_map):
        """A context manager that gives new operations attributes: name -> `AttrValue`, None or function of the NodeDef."""
        if not isinstance(attr_map, dict):
            raise TypeError("attr_map must be a dictionary mapping strings to Callable or None")
        for name, attr in attr_map.items():
            if not (isinstance(name, str) and (attr is None or callable(attr) or hasattr(attr, "WhichOneof"))):
                raise TypeError("attr_map must be a dictionary mapping strings to AttrValue protocol buffers or callables")
        before, self._attr_scope_map = self._attr_scope_map, dict(self._attr_scope_map, **attr_map)
        try:
            yield
        finally:
            self._attr_scope_map = before

    @contextlib.contextmanager
    def _kernel_label_map(self, op_to_kernel_label_map):
        """A context manager that gives new operations of the types in the map a `_kernel` attribute."""
        _check_string_map(op_to_kernel_label_map, "op_to_kernel_label_map")
        before = self._op_to_kernel_label_map
        self._op_to_kernel_label_map = dict(before, **op_to_kernel_label_map)
        try:
            yield
        finally:
            self._op_to_kernel_label_map = before

    @contextlib.contextmanager
    def gradient_override_map(self, op_type_map):
        """A context manager in which new operations take the gradient function of another name.

        Args:
          op_type_map: op type -> a name registered with `tf.RegisterGradient`.

        Raises:
          TypeError: it is no dictionary of strings.
        """
        _check_string_map(op_type_map, "op_type_map")
        before, self._gradient_override_map = self._gradient_override_map, dict(self._gradient_override_map, **op_type_map)
        try:
            yield
        finally:
            self._gradient_override_map = before

    def _apply_attr_scopes(self, op):
        for name, attr in self._attr_scope_map.items():
            if callable(attr):
                attr = attr(op.node_def)
            if attr is not None and name not in op.attrs:
                op.attrs[name] = attributes.from_proto(attr)
        label = self._op_to_kernel_label_map.get(op.type)
        if label is not None and "_kernel" not in op.attrs:
            op.attrs["_kernel"] = label
        override = self._gradient_override_map.get(op.type)
        if override is not None and "_gradient_op_type" not in op.attrs:
            op.attrs["_gradient_op_type"] = override

    def _apply_scopes(self, op, input_ops):
        """Gives a new operation what the scopes in force say."""
        if self._device_stack:
            self._apply_devices(op)
        if self._colocation_stack:
            self._apply_colocation(op)
        if self._attr_scope_map or self._op_to_kernel_label_map or self._gradient_override_map:
            self._apply_attr_scopes(op)
        if self._container and "container" in op.attrs and not op.attrs["container"]:
            op.attrs["container"] = self._container
        if self._control_stack:
            op._control_inputs = self._control_inputs_for(input_ops)
            for controller in self._control_stack:
                controller.seen.add(op)


_OF_THREADS = (
    "_name_stack", "_control_stack", "_control_flow_context", "_device_stack", "_colocation_stack", "_variable_creators",
)  # fmt: skip


def _of_thread(name):
    """A property that each thread has for itself."""

    def get(graph):
        own = graph._own_scopes.__dict__
        if name not in own:
            shared = graph._shared_scopes[name]
            own[name] = list(shared) if isinstance(shared, list) else shared
        return own[name]

    def put(graph, value):
        graph._own_scopes.__dict__[name] = value

    return property(get, put)


class _OfThreads:
    """What becomes a base of a graph that has scopes for each thread."""


for _name in _OF_THREADS:
    setattr(_OfThreads, _name, _of_thread(_name))


def _check_string_map(mapping, name):
    if not isinstance(mapping, dict):
        raise TypeError("%s must be a dictionary mapping strings to strings" % name)
    for key, value in mapping.items():
        if not (isinstance(key, str) and isinstance(value, str)):
            raise TypeError("%s must be a dictionary mapping strings to strings" % name)


def _colocation_op(thing, graph):
    """The operation that stands for a tensor, a variable or a name in colocation groups; None for eager ones."""
    handle = getattr(thing, "_handle", None)
    if isinstance(thing, EagerTensor) or isinstance(handle, EagerTensor):
        return None
    if handle is not None and hasattr(handle, "op"):
        return handle.op
    if hasattr(thing, "op") and isinstance(thing.op, Operation):
        return thing.op
    element = graph.as_graph_element(thing)
    return element if isinstance(element, Operation) else element.op
