"""`tf.Operation`: a node of a graph."""

import linecache
import os
import sys

from . import attributes, device as devices
from .export import export
from .tensor import GraphTensor, default_session

_HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


@export("Operation")
class Operation:
    """A node of a `Graph`: it takes tensors and gives tensors when a `Session` runs it.

    Attributes:
      graph: the graph that it belongs to.
      type: the op type, such as `"MatMul"`.
      outputs: the list of its output tensors.
      spec: the op's entry in Eagle's registry (its kernel, shape rule, gradient), or None if Eagle does not have it.
      definition: the op's `Definition`.
      attrs: attribute values as plain Python: a `DType` for a type, a tuple or None for a shape, an array for a tensor.
    """

    __slots__ = ("graph", "type", "_name", "_inputs", "outputs", "attrs", "_control_inputs", "_id", "_device", "_frames", "spec",
                 "definition", "_original_op", "_control_flow_context", "_known", "_feedable", "_extra", "__dict__",
                 "__weakref__")  # fmt: skip

    def __init__(self, graph, spec, definition, name, inputs, attrs, output_types):
        self.graph = graph
        self.spec = spec
        self.definition = definition
        self.type = definition.name
        self._name = name
        self._inputs = inputs
        self.attrs = attrs
        self._control_inputs = []
        self._device = ""
        self._known = self._extra = self._original_op = self._control_flow_context = None
        if len(output_types) == 1:
            self.outputs = [GraphTensor(self, 0, output_types[0])]
        else:
            self.outputs = [GraphTensor(self, i, t) for i, t in enumerate(output_types)]
        for t in inputs:
            if t._consumers is None:
                t._consumers = [self]
            else:
                t._consumers.append(self)
        self._frames = _capture(sys._getframe(3))

    @property
    def name(self):
        return self._name

    @property
    def inputs(self):
        """The sequence of its input tensors."""
        return InputList(self._inputs)

    @property
    def control_inputs(self):
        """The operations that must run before this one."""
        return list(self._control_inputs)

    @property
    def _control_outputs(self):
        return [op for op in self.graph.get_operations() if self in op._control_inputs]

    def values(self):
        """The tuple of its output tensors."""
        return tuple(self.outputs)

    @property
    def device(self):
        """The name of the device on which the operation is to run, or `""`."""
        return self._device

    def _set_device(self, device):
        self._device = devices.canonical(device if isinstance(device, str) else device.to_string())

    def _set_device_from_string(self, device):
        self._device = device

    @property
    def op_def(self):
        """The op type's definition as an `OpDef`."""
        return attributes.op_def(self.definition)

    @property
    def node_def(self):
        """This operation as a `NodeDef`."""
        return attributes.node_def(self)

    @property
    def _is_stateful(self):
        return self.definition.is_stateful

    # --------------------------------------------------------------------------------------------------- attributes

    def get_attr(self, name):
        """The value of an attribute as TensorFlow gives it: bytes for a string, a `TensorProto` for a tensor, ...

        Raises:
          ValueError: there is no such attribute.
        """
        if name not in self.attrs:
            raise ValueError("Operation '%s' has no attr named '%s'." % (self._name, name))
        return attributes.public_value(self.attrs[name], attributes.kind_of(self, name))

    def _set_attr(self, name, value):
        """Sets an attribute from an `AttrValue`."""
        self.attrs[name] = attributes.from_proto(value)

    def _clear_attr(self, name):
        self.attrs.pop(name, None)

    def colocation_groups(self):
        """The colocation groups (`b"loc:@name"`) of the operation; its own if it has no others."""
        groups = [c.encode() if isinstance(c, str) else c for c in self.attrs.get("_class", ())]
        groups = [c for c in groups if c.startswith(b"loc:@")]
        return groups or [b"loc:@" + self._name.encode()]

    # ------------------------------------------------------------------------------------------------ changing the graph

    def _update_input(self, index, tensor):
        """Makes `tensor` the input number `index`."""
        if tensor.graph is not self.graph:
            raise ValueError("%s must be from the same graph as %s." % (tensor, self))
        self.graph._check_not_finalized()
        old = self._inputs[index]
        old._consumers.remove(self)
        self._inputs[index] = tensor
        tensor._consumers = (tensor._consumers or []) + [self]
        self._forget_values()
        self.graph.changed()

    def _forget_values(self):
        """Forgets what is known of the values of this operation and of those that depend on it."""
        seen, stack = {self}, [self]
        while stack:
            op = stack.pop()
            op._known = None
            for t in op.outputs:
                for consumer in t._consumers or ():
                    if consumer not in seen:
                        seen.add(consumer)
                        stack.append(consumer)

    def _add_control_inputs(self, ops):
        for op in ops:
            self._add_control_input(op)

    def _add_control_input(self, op):
        if not isinstance(op, Operation):
            raise TypeError("op must be an Operation: %s" % (op,))
        if op.graph is not self.graph:
            raise ValueError("%s must be from the same graph as %s." % (op, self))
        if op not in self._control_inputs:
            self._control_inputs.append(op)
            self.graph.changed()

    def _remove_all_control_inputs(self):
        self._control_inputs = []
        self.graph.changed()

    def _get_control_flow_context(self):
        return self._control_flow_context

    def _set_control_flow_context(self, ctx):
        self._control_flow_context = ctx

    # ----------------------------------------------------------------------------------------------------- where made

    def _stack(self):
        """The call stack where the operation was made as (code, last instruction) pairs, innermost last."""
        return list(zip(self._frames[::2], self._frames[1::2]))[::-1]

    @property
    def traceback(self):
        """The call stack where the operation was made, innermost last: (file, line, function, code) tuples."""
        return [_describe(code, lasti) for code, lasti in self._stack()]

    @property
    def traceback_with_start_lines(self):
        return [_describe(code, lasti) + (code.co_firstlineno,) for code, lasti in self._stack()]

    def user_traceback(self):
        """The part of the call stack outside Eagle."""
        return [_describe(code, lasti) for code, lasti in self._stack() if not _internal(code)]

    def where(self):
        """The user's own line that made the operation, as `file:line`."""
        for code, lasti in reversed(self._stack()):
            if not _internal(code):
                return "%s:%d" % (code.co_filename, _line(code, lasti))
        return "<unknown>"

    # ------------------------------------------------------------------------------------------------------- running

    def run(self, feed_dict=None, session=None):
        """Runs this operation in a session (by default the default session).

        Raises:
          ValueError: there is no session, or it runs another graph.
        """
        default_session(self.graph, session, "execute operation", "run()").run(self, feed_dict)

    def __str__(self):
        return str(self.node_def)

    def __repr__(self):
        return "<tf.Operation '%s' type=%s>" % (self._name, self.type)


class InputList(list):
    """The inputs of an operation: a sequence that is read only."""

    __slots__ = ()

    def _refuse(self, *unused):
        raise TypeError("the inputs of an operation can't be changed")

    __setitem__ = __delitem__ = append = extend = insert = pop = remove = clear = _refuse


def _capture(frame):
    """The call stack as code, last instruction, code, ..., innermost first: cheap to take, turned into lines only when asked."""
    found = []
    while frame is not None:
        found += (frame.f_code, frame.f_lasti)
        frame = frame.f_back
    return tuple(found)  # which the garbage collector does not look into


def _internal(code):
    return code.co_filename.startswith(_HOME)


def _line(code, lasti):
    for start, end, line in code.co_lines():
        if start <= lasti < end and line:
            return line
    return code.co_firstlineno


def _describe(code, lasti):
    line = _line(code, lasti)
    return code.co_filename, line, code.co_name, linecache.getline(code.co_filename, line).strip() or None
