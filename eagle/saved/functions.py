"""The functions of a graph's library: `FunctionDef` messages, and what their nodes say."""

import re

from .. import protos
from ..core import attributes, hidden_ops, op_definitions
from ..core.dispatch import registry
from ..core.export import export
from ..core.op_definitions import Definition
from .node_defs import Node, attr_values, split_input

_VALID_ARGUMENT = re.compile(r"\w+").fullmatch


class LibraryFunction:
    """A function of a graph's library.

    Attributes:
      name: its name.
      definition: the `FunctionDef`.
      gradient: the name of the function that computes its gradient, or None.
      python_gradient: a Python function that builds its gradient, or None.
      op_definition: the `Definition` of nodes that call it.
    """

    def __init__(self, definition, gradient=None):
        self.definition = definition
        self.name = definition.signature.name
        self.gradient = gradient
        self.python_gradient = None
        self.op_definition = definition_of(definition.signature)

    @property
    def stateful_ops(self):
        """The (name, type) of its nodes that act on the world."""
        found = [(n.name, op_definitions.lookup(n.op)) for n in self.definition.node_def]
        return [(name, d.name) for name, d in found if d is not None and d.is_stateful]


def read_library(library):
    """The functions of a `FunctionDefLibrary`, by name.

    Raises:
      ValueError: a function is there twice, or it has a name or a signature that no function can have.
    """
    gradients = {g.function_name: g.gradient_func for g in library.gradient}
    found = {}
    for definition in library.function:
        name = definition.signature.name
        if name in found and found[name].definition != definition:
            raise ValueError("Cannot add function '%s' because a different function with the same name already exists." % name)
        found[name] = LibraryFunction(definition, gradients.get(name))
    for name in gradients:
        if name not in found:
            raise ValueError("The library has a gradient for the function '%s' but no such function" % name)
    return found


def definition_of(signature):
    """The `Definition` of the nodes that call a function with this signature, an `OpDef`.

    Raises:
      ValueError: a name in it is not valid.
    """
    names = [a.name for a in (*signature.input_arg, *signature.output_arg, *signature.attr)]
    if not signature.name or not all(map(_VALID_ARGUMENT, names)):
        raise ValueError("'%s' has a name, or arguments with names, that no function can have" % signature.name)
    attrs = ["%s: %s" % (a.name, a.type) for a in signature.attr]
    flags = "stateful" if signature.is_stateful else ""
    arguments = [", ".join(map(_argument, args)) for args in (signature.input_arg, signature.output_arg)]
    try:
        made = Definition("Function(%s) -> (%s) | %s | %s" % (*arguments, "; ".join(attrs), flags))
        made.name = signature.name  # with any characters
    except (AttributeError, TypeError, ValueError) as e:
        raise ValueError("The signature of the function '%s' is not valid: %s" % (signature.name, e)) from None
    for a in signature.attr:
        if a.HasField("default_value"):
            made.attrs[a.name].has_default = True
            made.attrs[a.name].default = attributes.from_proto(a.default_value)
    return made


def _argument(a):
    kind = a.type_attr or a.type_list_attr
    if a.type:
        if a.type not in protos.DataType.values():
            raise ValueError("Argument '%s' has invalid type %d" % (a.name, a.type))
        kind = protos.DataType.Name(a.type)[3:].lower()
        kind = {"half": "float16", "float": "float32", "double": "float64"}.get(kind, kind)
    if not _VALID_ARGUMENT(kind):
        raise ValueError("Argument '%s' has no type" % a.name)
    if a.number_attr:
        kind = "%s*%s" % (a.number_attr, kind)
    return "%s: %s%s" % (a.name, "&" if a.is_ref else "", kind)


def lookup(name, library):
    """The `Definition` of an op type or of a function of a library, or None."""
    found = op_definitions.lookup(name)
    if found is None and name in library:
        return library[name].op_definition
    return found if found is not None or name not in registry else registry[name].definition


class Body:
    """The nodes of a function for one use of it.

    Args:
      function: the `LibraryFunction`.
      attrs: its own attributes, by name: `AttrValue`s.
      library: the functions that it may call: name -> `LibraryFunction`.

    Attributes:
      nodes: the `Node`s.
      arguments: (name, number, whether it is a reference) of each input tensor, as nodes name it.
      types: the types of these.
      results: the tensor (name, number) of each output.
      controls: the names of nodes that must run whenever the function is called.

    Raises:
      ValueError: the function is malformed.
    """

    def __init__(self, function, attrs, library):
        definition = function.definition
        self.name, self._attrs, self._library = function.name, attrs, library
        own = function.op_definition
        values = attr_values(protos.NodeDef(name=function.name, attr=attrs), own)
        self.arguments, self.types = [], []
        for a in own.inputs:
            types = _types(a, values)
            self.arguments += [(a.name, i, a.is_ref) for i in range(len(types))]
            self.types += types
        protos_of_nodes = [self._filled(hidden_ops.shown(n)) for n in definition.node_def]
        self._outputs = {n.name: n for n in protos_of_nodes}
        self._starts = {}
        self._names = {a.name for a in own.inputs}
        self.nodes = [self._node(n) for n in protos_of_nodes]
        self.results = []
        for a in own.outputs:
            types = _types(a, values)
            ref = definition.ret.get(a.name)
            if ref is None:
                raise ValueError("Return %s missing in the function '%s'" % (a.name, function.name))
            name, index = self._tensor(ref)
            self.results += [(name, index + i) for i in range(len(types))]
        self.controls = sorted(set(definition.control_ret.values()))

    def _filled(self, proto):
        """A `NodeDef` with the attributes that it leaves open."""
        if not any(v.WhichOneof("value") in ("placeholder", "func") for v in proto.attr.values()):
            return proto
        filled = protos.NodeDef()
        filled.CopyFrom(proto)
        for name in proto.attr:
            self._fill(filled.attr[name])
        return filled

    def _fill(self, value):
        if value.WhichOneof("value") == "placeholder":
            given = self._attrs.get(value.placeholder)
            if given is None:
                raise ValueError("The attribute '%s' of the function '%s' is not given" % (value.placeholder, self.name))
            value.CopyFrom(given)
        elif value.WhichOneof("value") == "func":
            for inner in value.func.attr.values():
                self._fill(inner)

    def _node(self, proto):
        node = Node(proto)
        node.inputs = [self._tensor(text) for text in proto.input if text[:1] != "^"]
        return node

    def _tensor(self, text):
        """A tensor as nodes of a function write it: `argument`, `argument:1`, `node:output:0`."""
        parts = text.split(":")
        if len(parts) > 3 or not all(p.isdigit() for p in parts[2:]):
            raise ValueError("'%s' in the function '%s' is no tensor" % (text, self.name))
        if parts[0] in self._names:
            return split_input(text)
        if parts[0] not in self._outputs:
            raise ValueError("'%s' in the function '%s' is neither an argument nor an output of a node" % (text, self.name))
        if len(parts) == 1 or len(parts) == 2 and parts[1].isdigit():
            return split_input(text)
        return parts[0], self._start(parts[0], parts[1]) + (int(parts[2][:9]) if len(parts) == 3 else 0)

    def _start(self, name, output):
        """The number of the first tensor of an output of a node."""
        starts = self._starts.get(name)
        if starts is None:
            proto = self._outputs[name]
            definition = lookup(proto.op, self._library)
            if definition is None:
                raise ValueError("Op type not registered '%s' in the function '%s'" % (proto.op, self.name))
            values, starts, position = attr_values(proto, definition), {}, 0
            for a in definition.outputs:
                starts[a.name] = position
                position += len(_types(a, values))
            self._starts[name] = starts
        if output == "output" and hidden_ops.is_hidden(self._outputs[name].op):
            return 0  # as the node was written that took its place
        if output not in starts:
            raise ValueError("The node '%s' in the function '%s' has no output '%s'" % (name, self.name, output))
        return starts[output]


def _types(argument, values):
    """The types of the tensors that an argument stands for."""
    t = argument.dtype if argument.dtype is not None else values[argument.type_attr]
    if argument.number_attr:
        return [t] * values[argument.number_attr]
    return list(t) if argument.is_list else [t]


@export("python.framework.function.from_library", "python.framework.function._from_library")
def from_library(lib):
    """The functions of a `FunctionDefLibrary`, a list of what `Graph._add_function` takes; raises ValueError as reading a graph."""
    return list(read_library(lib).values())
