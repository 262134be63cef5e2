"""Graphs as `GraphDef`s, bodies of functions as `FunctionDef`s.

Most operations are written as they are.  Ops that TensorFlow does not have say how to write them (`Op.writes`).
"""

import re

import numpy as np

from .. import protos
from . import attributes, dtypes, hidden_ops, op_definitions

_UNFIT = re.compile(r"[^a-z0-9_]")


# What loops have by default is left out: TensorFlow 1.13 does not know the attribute, later versions add it when they read a graph.
_NEWER = ("parallel_iterations", 10)


class Writer:
    """Writes operations of one graph as `NodeDef`s.

    Args:
      library: the `Library` of the functions that they call.
      graph: the graph.
      arguments: for the body of a function: tensor -> the name of the argument that stands for it.

    Attributes:
      nodes: the `NodeDef`s so far.
      waits: operation -> more control inputs that it gets.
    """

    def __init__(self, library, graph, arguments=None):
        self.library, self.nodes, self.waits = library, [], {}
        self._graph = graph
        self._arguments = arguments
        self._replaced = {}  # tensor -> the text for it
        self._names = set()

    def ref(self, tensor):
        """How nodes name a tensor."""
        found = self._replaced.get(tensor)
        if found is not None:
            return found
        if self._arguments is None:
            return tensor._as_node_def_input()
        if tensor in self._arguments:
            return self._arguments[tensor]
        body = getattr(tensor.op.attrs.get(attributes.BODY), "graph", None)
        if body is not None and not body.as_read():  # a function with more results than it had when it was read
            results = self.library.definitions[self.library.name_of(body)].signature.output_arg
            return "%s:%s:0" % (tensor.op._name, results[tensor.value_index].name)
        return output_text(tensor.op._name, tensor.op.definition, tensor.op.attrs, tensor.value_index)

    def replace(self, tensor, text):
        """Lets nodes name a tensor so."""
        self._replaced[tensor] = text

    def output(self, node, index=0):
        """How nodes name an output of a node that `add` gave."""
        if self._arguments is None:
            return "%s:%d" % (node.name, index) if index else node.name
        values = {k: attributes.from_proto(v) for k, v in node.attr.items()}
        return output_text(node.name, op_definitions.lookup(node.op), values, index)

    def write(self, op):
        """Writes an operation."""
        if op.spec is not None and op.spec.writer is not None:
            op.spec.writer(self, op)
            return
        self.copy(op)

    def copy(self, op, **changed):
        """Writes an operation as it is but for some attributes; the `NodeDef`."""
        node = protos.NodeDef(name=op._name, op=op.type, device=op._device)
        left_out = self.variables_passed(op)
        node.input.extend(self.ref(t) for i, t in enumerate(op._inputs) if i not in left_out)
        if left_out:
            changed = {**_types_without(op, left_out), **changed}
        node.input.extend(sorted({*controls_of(op), *self.waits.get(op, ())}))
        for name, value in {**op.attrs, **changed}.items():
            if name != attributes.BODY and (name, value) != _NEWER:
                node.attr[name].CopyFrom(attributes.to_proto(self.library.named(value), attributes.kind_of(op, name)))
        body = getattr(op.attrs.get(attributes.BODY), "graph", None)
        if body is not None and not body.as_read():
            node.op = self.library.name_of(body)
            for name in op.definition.attrs:
                del node.attr[name]
        if hidden_ops.is_hidden(op.type):
            self._hide(op, node)
        else:
            self.nodes.append(node)
        return node

    def _hide(self, op, node):
        """Writes what takes the place of an op that TensorFlow does not have."""
        made = hidden_ops.hide(node, [(t._dtype, t._shape) for t in op.outputs])
        if self._arguments is not None:  # inside of functions nodes name other nodes in another way
            if len(made) > 1:
                made[-1].input[: len(made) - 1] = [n.name + ":output:0" for n in made[:-1]]
            for i, t in enumerate(op.outputs):
                self.replace(t, "%s:output:%d" % (node.name, i))
        self.nodes.extend(made)

    def variables_passed(self, op):
        """The numbers of the inputs that an operation does not give to the functions that it calls, as these share variables."""
        found = variables_passed(op)
        for body in bodies_passed(op) if found else ():
            self.library.left_out[body] = {i - len(op._inputs) + len(body.inputs) for i in found}
        return found

    def nothing(self, dtype):
        """Writes something of a type that nobody uses; how nodes name it."""
        name = "nothing_%d" % len(self.nodes)
        while name in self._graph._by_name:
            name += "_"
        if dtype.is_numpy_compatible:
            zero = np.array(b"" if dtype.name == "string" else 0).astype(dtype.np)
            return self._new(name, "Const", (), dtype=dtype, value=zero)
        if dtype.name == "variant":  # a list, which is the only thing of this type that needs no other
            shape, limit = (self._new(name + "/" + s, "Const", (), dtype=dtypes.int32, value=np.array(-1, np.int32)) for s in "sl")
            return self._new(name, "EmptyTensorList", (shape, limit), element_dtype=dtypes.int32, shape_type=dtypes.int32)
        return self._new(name, "VarHandleOp", (), dtype=dtypes.float32, shape=(), container="", shared_name="")

    def variable(self, tensor):
        """Writes a node for a variable of the first kind of a graph around: TensorFlow's functions can't take such as arguments.

        It shares the variable of that graph by its name there.
        """
        outer, graph = tensor, self._graph
        while outer.op.graph is graph and getattr(graph, "captures", None):
            found = next((o for o, inner in graph.captures.items() if inner is outer), None)
            if found is None:
                break
            outer, graph = found, found.op.graph
        attrs = {**outer.op.attrs, "shared_name": outer.op.attrs.get("shared_name") or outer.op._name}
        self.library.shared.add(outer.op)
        self.replace(tensor, self._new(tensor.op._name, outer.op.type, (), **attrs))

    def _new(self, name, op_type, inputs, **attrs):
        """Writes a node; how nodes name its output."""
        node, definition = protos.NodeDef(name=name, op=op_type, input=inputs), op_definitions.lookup(op_type)
        for key, value in attrs.items():
            if key in definition.attrs:
                node.attr[key].CopyFrom(attributes.to_proto(value, definition.attrs[key].kind))
        self.nodes.append(node)
        return self.output(node)

    def add(self, op_type, op, inputs, suffix="", **attrs):
        """Writes a node that has no operation of its own.

        Args:
          op_type: its op type.
          op: the operation in whose place it stands, alone or with others; one of them has its name and waits as it does.
          inputs: the texts for its inputs.
          suffix: what is added to the operation's name; `""` for the last of the nodes.
          **attrs: its attributes in their plain form.

        Returns:
          The `NodeDef`.
        """
        name = op._name
        if suffix:
            stem = name = "%s/%s" % (op._name, suffix)
            count = 0
            while name in self._names or name in self._graph._by_name:
                count += 1
                name = "%s_%d" % (stem, count)
        self._names.add(name)
        node = protos.NodeDef(name=name, op=op_type, device=op._device)
        node.input.extend([*inputs, *controls_of(op)])
        definition = op_definitions.lookup(op_type)
        for key, value in attrs.items():
            node.attr[key].CopyFrom(attributes.to_proto(self.library.named(value), definition.attrs[key].kind))
        for a in definition.attrs.values():
            if a.name not in attrs and a.has_default:
                node.attr[a.name].CopyFrom(attributes.to_proto(attributes.default_value(a), a.kind))
        if not suffix:
            for key in [k for k in op.attrs if k[:1] == "_" and k != attributes.BODY]:
                node.attr[key].CopyFrom(attributes.to_proto(op.attrs[key], attributes.kind_of(op, key)))
        self.nodes.append(node)
        return node


def bodies_passed(op):
    """The bodies of the functions that an operation calls, if these are not written as they were read."""
    found = [f for value in op.attrs.values() for f in (value if isinstance(value, tuple) else (value,)) if hasattr(f, "graph")]
    return [f.graph for f in found if not f.graph.as_read()]


def variables_passed(op):
    """The numbers of the inputs of an operation that are variables of the first kind and go to functions, which share these."""
    bodies = bodies_passed(op)
    if len({len(body.inputs) for body in bodies}) != 1:
        return ()  # none, or functions of a dataset, each with arguments of its own, which are no such variables
    start = len(op._inputs) - len(bodies[0].inputs)
    return {start + i for i in range(len(bodies[0].inputs)) if any(_is_variable(body.inputs[i]) for body in bodies)}


def _is_variable(argument):
    """Whether an argument of a function is a variable of the first kind that must be one there, not only its value."""
    if not argument._dtype._is_ref_dtype:
        return False
    for op in argument._consumers or ():
        refs = [a.is_ref for a in op.definition.inputs]
        numbers = [i for i, t in enumerate(op._inputs) if t is argument]
        if any(refs) and any(refs[min(i, len(refs) - 1)] for i in numbers):
            return True
        if any(i in variables_passed(op) for i in numbers):
            return True
    return False


def _types_without(op, left_out):
    """The attributes with the types of inputs when some of these are left out."""
    found = {}
    for a in op.definition.inputs:
        if a.is_list and not a.number_attr:
            types = op.attrs[a.type_attr]
            start = len(op._inputs) - len(types)
            found[a.type_attr] = tuple(t for i, t in enumerate(types) if start + i not in left_out)
    return found


def controls_of(op):
    return sorted("^" + c._name for c in op._control_inputs)


def output_text(name, definition, attrs, index):
    """How nodes of a function name an output of one of them."""
    start = 0
    for a in definition.outputs:
        count = attrs[a.number_attr] if a.number_attr else len(attrs[a.type_attr]) if a.is_list else 1
        if index < start + count:
            return "%s:%s:%d" % (name, a.name, index - start)
        start += count
    raise IndexError("%s has no output %d" % (name, index))


class Library:
    """The functions that the operations of a graph call.

    Attributes:
      definitions: name -> `FunctionDef`.
      shared: the operations of variables of the first kind that functions use.
      left_out: body of a function -> the numbers of its inputs that are such variables and not passed.
    """

    def __init__(self):
        self.definitions, self.shared, self.left_out = {}, set(), {}
        self._names = {}  # what tells functions apart -> name

    def named(self, value):
        """An attribute's value in which functions with a body have the names that they have in this library."""
        if isinstance(value, tuple):
            return tuple(map(self.named, value)) if any(hasattr(v, "graph") for v in value) else value
        if not isinstance(value, attributes.FunctionName) or not hasattr(value, "graph"):
            return value
        return attributes.FunctionName(self.name_of(value.graph), value.attrs if value.graph.as_read() else None)

    def name_of(self, body):
        """The name of a function in this library; it is added if need be."""
        return body.source.name if body.as_read() else self.add(body, body.outputs)

    def add(self, body, outputs, more_inputs=(), needs=(), finish=None):
        """Adds a function.

        Args:
          body: the graph of its body.
          outputs: its tensors that are returned; a type in the place of a value that it does not have.
          more_inputs: the types of arguments that follow those for the inputs of `body`.
          needs: tensors of the body that `finish` uses.
          finish: a function from the `Writer` and the names of the additional arguments to a list of (text, type): more results.

        Returns:
          The name.
        """
        key = body, tuple(outputs), tuple(more_inputs), tuple(needs)
        found = self._names.get(key)
        if found is None:
            definition = _function(self, body, outputs, more_inputs, needs, finish)
            found, count = body.name, 0
            while found in self.definitions:
                count += 1
                found = "%s_v%d" % (body.name, count)
            definition.signature.name = self._names[key] = found
            self.definitions[found] = definition
        return found


def _function(library, body, outputs, more_inputs, needs, finish):
    """The `FunctionDef`, still without a name, of a function (see `Library.add`)."""
    definition = protos.FunctionDef()
    taken = {op._name for op in body._nodes} - {t.op._name for t in body.inputs}  # those are written as arguments
    names = []
    left_out = library.left_out.get(body, ())
    passed = [t for i, t in enumerate(body.inputs) if i not in left_out]
    for t in [*passed, *more_inputs]:
        name = _argument_name(t.op._name if hasattr(t, "op") else "list", taken)
        names.append(name)
        dtype = t._dtype if hasattr(t, "op") else t
        definition.signature.input_arg.add(name=name, type=dtype.base_dtype.as_datatype_enum)
    writer = Writer(library, body, dict(zip(passed, names)))
    inputs = {t.op for t in body.inputs}
    operations = _needed(body, [t for t in (*outputs, *needs) if hasattr(t, "op")])
    for t in body.inputs:
        if t not in passed and any(t in op._inputs for op in operations):
            writer.variable(t)
    for op in body._nodes:
        if op in operations and op not in inputs:
            writer.write(op)
    results = [(writer.ref(t), t._dtype.base_dtype) if hasattr(t, "op") else (writer.nothing(t), t) for t in outputs]
    results += finish(writer, names[len(passed) :]) if finish is not None else []
    for i, (text, dtype) in enumerate(results):
        name = _argument_name("result_%d" % i, taken)
        definition.signature.output_arg.add(name=name, type=dtype.as_datatype_enum)
        definition.ret[name] = text
    definition.node_def.extend(writer.nodes)
    definition.signature.is_stateful = any(op.definition.is_stateful for op in operations if op not in inputs)
    return definition


def _argument_name(name, taken):
    """A name for an argument like that of an operation; it is added to the names taken."""
    stem = _UNFIT.sub("_", name.lower())
    stem = name = stem if stem[:1].isalpha() else "arg_" + stem
    count = 0
    while name in taken:
        count += 1
        name = "%s_%d" % (stem, count)
    taken.add(name)
    return name


def _needed(body, tensors):
    """The operations of a body on which some tensors depend; where all effects of the body count, also those that have some."""
    stack = [t.op for t in tensors]
    if body.runs_effects:
        stack += [op for op in body._nodes if op.definition.is_stateful]
    found = set(stack)
    while stack:
        op = stack.pop()
        for other in (*[t.op for t in op._inputs], *op._control_inputs):
            if other not in found:
                found.add(other)
                stack.append(other)
    return found


_UPDATES = ("Apply", "SparseApply", "AssignAdd", "AssignSub", "Scatter")


def _waits_of_updates(graph):
    """Control inputs for the steps of optimizers, with which no variable changes before all gradients are computed from it.

    Eagle runs operations in the order of the program; TensorFlow runs them in any order, and its variables of the first kind change
    in place.

    Returns:
      operation -> names of control inputs.
    """
    found = {}
    for step in graph._nodes:
        if step.type != "NoOp" or len(step._control_inputs) < 2:
            continue
        updates = [op for op in step._control_inputs if _changed_variable(op) is not None]
        if len(updates) < 2:
            continue
        everything = _ancestors(updates)
        late = [op for op in updates if op not in everything]
        readers = {op: [r for r in _readers(_changed_variable(op)) if r in everything] for op in late}
        behind = _Dependence(graph, {*everything, *late}, [r for found_ in readers.values() for r in found_])
        for op in late:
            names = ["^" + r._name for r in readers[op] if not behind.bits[op] & behind.bit[r]]
            found.setdefault(op, set()).update(names)
    return found


def _changed_variable(op):
    """The tensor of the variable of the first kind that an operation changes by a step; None for other operations."""
    if op.type.startswith(_UPDATES) and op._inputs and op._inputs[0]._dtype._is_ref_dtype:
        return op._inputs[0]
    return None


def _readers(tensor):
    """The operations that take the value of a variable, also of one that is only passed on."""
    readers, stack = set(), [tensor]
    while stack:
        for op in stack.pop()._consumers or ():
            if op not in readers and _changed_variable(op) is None:
                readers.add(op)
                if op.type in ("Identity", "RefIdentity"):
                    stack += op.outputs
    return readers


def _ancestors(ops):
    """All operations on which some depend."""
    found, stack = set(), list(ops)
    while stack:
        last = stack.pop()
        for other in (*[t.op for t in last._inputs], *last._control_inputs):
            if other not in found:
                found.add(other)
                stack.append(other)
    return found


class _Dependence:
    """On which of some operations others depend, as bits of numbers.

    Args:
      graph: the graph.
      within: the operations to look at.
      marked: those that have bits.

    Attributes:
      bit: marked operation -> its bit.
      bits: operation -> the bits of those that it depends on, and its own.
    """

    def __init__(self, graph, within, marked):
        self.bit = {op: 1 << i for i, op in enumerate(dict.fromkeys(marked))}
        self.bits = bits = {}
        for op in graph._nodes:
            if op in within:
                own = self.bit.get(op, 0)
                for t in op._inputs:
                    own |= bits.get(t.op, 0)
                for other in op._control_inputs:
                    own |= bits.get(other, 0)
                bits[op] = own


def graph_def(graph, from_version=None, add_shapes=False):
    """A graph as a `GraphDef`; the arguments are those of `Graph.as_graph_def`."""
    made = protos.GraphDef()
    made.versions.CopyFrom(graph.graph_def_versions)
    library, written = Library(), {}
    for name, function in graph._functions.items():
        written[name] = function
        library.definitions[name] = function.definition
    writer = Writer(library, graph)
    writer.waits = _waits_of_updates(graph)
    for op in graph._nodes[from_version or 0 :]:
        writer.write(op)
    for node in writer.nodes:
        if library.shared and graph._by_name.get(node.name) in library.shared:
            node.attr["shared_name"].s = node.attr["shared_name"].s or node.name.encode()
    made.node.extend(writer.nodes)
    if add_shapes:
        for node in made.node:
            op = graph._by_name.get(node.name)
            if op is not None and op.outputs:
                node.attr["_output_shapes"].CopyFrom(attributes.to_proto([t._shape for t in op.outputs], "list(shape)"))
    if library.definitions:
        made.library.function.extend(library.definitions.values())
    for name, function in written.items():
        if function.gradient:
            made.library.gradient.add(function_name=name, gradient_func=function.gradient)
    return made
