"""Variables of a `GraphDef` become constants; what reads them, in functions too, takes the constants."""

from .. import protos
from ..core.static_values import make_tensor_proto

# Op type -> the attribute with the type of what it passes on.
_PASSES = frozenset("Identity Switch Enter Exit Merge NextIteration".split())
# Op type -> (number of inputs before the arguments, the attribute with their types, attributes with functions).
_CALLS = {
    "PartitionedCall": (0, "Tin", ("f",)),
    "StatefulPartitionedCall": (0, "Tin", ("f",)),
    "If": (1, "Tin", ("then_branch", "else_branch")),
    "StatelessIf": (1, "Tin", ("then_branch", "else_branch")),
    "Case": (1, "Tin", ("branches",)),
    "While": (0, "T", ("cond", "body")),
    "StatelessWhile": (0, "T", ("cond", "body")),
}


class Freezer:
    """Makes a graph without variables.

    Args:
      graph_def: the graph.
      values: name of the node of a variable -> its value.
    """

    def __init__(self, graph_def, values):
        self._graph_def, self._values = graph_def, values
        self.library = {f.signature.name: f for f in graph_def.library.function}
        self._made = {}  # (function, the types of the arguments that have become values) -> name of the new function

    def frozen(self):
        """The graph.

        Raises:
          ValueError: something reads a variable that can't be found, or in a way that no constant can be read.
        """
        made = protos.GraphDef()
        part = _Part(self, self._graph_def.node, {}, False)
        handles = {n.name for n in self._graph_def.node if n.op == "VarHandleOp"}
        for name in handles & self._values.keys():
            part.types[name] = part.nodes[name].attr["dtype"].type
        for node in self._graph_def.node:
            if node.op in ("ReadVariableOp", "ResourceGather") and part.source(node) not in handles:
                raise ValueError("Cannot find the variable that is an input to the ReadVariableOp.")
            if node.name in self._values:
                value = self._values[node.name]
                made.node.append(_constant(node.name, node.attr["dtype"].type, value, value.shape))
            else:
                made.node.extend(part.changed(node))
        made.library.function.extend(self.library.values())
        made.library.gradient.extend(self._graph_def.library.gradient)
        return made

    def function(self, name, types):
        """The name of the function that a function becomes if some arguments are values: number of the argument -> type."""
        key = name, tuple(sorted(types.items()))
        if key not in self._made:
            old = self.library[name]
            new = protos.FunctionDef()
            new.CopyFrom(old)
            stem = new.signature.name = name + "_frozen"
            count = 0
            while new.signature.name in self.library:
                count += 1
                new.signature.name = "%s_%d" % (stem, count)
            self._made[key] = new.signature.name
            self._freeze_function(new, old, types)
            self.library[new.signature.name] = new
        return self._made[key]

    def _freeze_function(self, new, old, types):
        arguments = {}
        for number, dtype in types.items():
            arguments[old.signature.input_arg[number].name] = new.signature.input_arg[number].type = dtype
        part = _Part(self, old.node_def, arguments, True)
        new.ClearField("node_def")
        for node in old.node_def:
            new.node_def.extend(part.changed(node))
        for argument in new.signature.output_arg:
            text = old.ret[argument.name]
            new.ret[argument.name] = part.renamed(text)
            dtype = part.type_of(text)
            if dtype:
                argument.type = dtype


class _Part:
    """The nodes of a graph or of a function.

    Args:
      freezer: the `Freezer`.
      nodes: the `NodeDef`s.
      types: name of an argument that has become a value -> the value's type.
      in_function: whether these are the nodes of a function.
    """

    def __init__(self, freezer, nodes, types, in_function):
        self._freezer, self._in_function = freezer, in_function
        self.nodes = {n.name: n for n in nodes}
        self.types = dict(types)

    def type_of(self, text):
        """The type of the value that an input has become; None if it is no handle of a variable that became one."""
        return self.types.get(self._source(text))

    def source(self, node):
        """The name of the node or argument from which the handle comes that a node reads."""
        return self._source(node.input[0])

    def _source(self, text):
        seen = set()
        while True:
            name, _, rest = text.partition(":")
            node = self.nodes.get(name)
            if node is None or name in seen:
                return name
            seen.add(name)
            if node.op in _PASSES:
                text = node.input[0]
            elif node.op in ("While", "StatelessWhile"):
                text = node.input[int(rest.rpartition(":")[2] or 0)]
            else:
                return name

    def changed(self, node):
        """The `NodeDef`s that a node becomes."""
        made = protos.NodeDef()
        made.CopyFrom(node)
        if self._in_function:
            made.input[:] = [self.renamed(text) for text in node.input]
        data = [text for text in node.input if not text.startswith("^")]
        frozen = {i: t for i, t in enumerate(map(self.type_of, data)) if t}
        if not frozen:
            return [made]
        if node.op in _PASSES:
            made.attr["T"].type = frozen.get(0, made.attr["T"].type)
        elif node.op in _CALLS:
            self._change_call(made, frozen)
        elif node.op in self._freezer.library:
            made.op = self._freezer.function(node.op, frozen)
        elif 0 in frozen:
            return self._read(node, made, frozen[0])
        return [made]

    def _change_call(self, made, frozen):
        start, types, functions = _CALLS[made.op]
        frozen = {i - start: t for i, t in frozen.items()}
        for i, dtype in frozen.items():
            made.attr[types].list.type[i] = dtype
        for name in functions:
            value = made.attr[name]
            for function in value.list.func if value.WhichOneof("value") == "list" else [value.func]:
                function.name = self._freezer.function(function.name, frozen)

    def _read(self, node, made, dtype):
        """What takes the place of a node that reads a variable."""
        new = protos.NodeDef(name=node.name, device=node.device)
        if "_class" in node.attr:
            new.attr["_class"].CopyFrom(node.attr["_class"])
        before = []
        if node.op == "ReadVariableOp":
            new.op = "Identity"
            new.attr["T"].type = dtype
        elif node.op == "VariableShape":
            new.op = "Shape"
            new.attr["T"].type = dtype
            new.attr["out_type"].CopyFrom(node.attr["out_type"])
        elif node.op == "ResourceGatherNd":
            new.op = "GatherNd"
            new.attr["Tparams"].type = dtype
            new.attr["Tindices"].CopyFrom(node.attr["Tindices"])
        elif node.op == "ResourceGather":
            if node.attr["batch_dims"].i:
                raise ValueError("batch_dims != 0 is not supported by freeze_graph.")
            axis = _constant(node.name + "/axis", node.attr["Tindices"].type, 0, ())
            before.append(axis)
            new.op = "GatherV2"
            new.attr["Tparams"].type = dtype
            new.attr["Tindices"].CopyFrom(node.attr["Tindices"])
            new.attr["Taxis"].CopyFrom(node.attr["Tindices"])
            made.input.insert(2, axis.name + ":output:0" if self._in_function else axis.name)
        else:
            return [made]
        new.input.extend(made.input)
        return [*before, new]

    def renamed(self, text):
        """How an input of a node of the function is written now: a reading node has another output."""
        parts = text.split(":")
        node = self.nodes.get(parts[0])
        if node is not None and node.op == "ReadVariableOp" and len(parts) > 1 and self.type_of(node.input[0]):
            parts[1] = "output"
        return ":".join(parts)


def _constant(name, dtype, value, shape):
    node = protos.NodeDef(name=name, op="Const")
    node.attr["dtype"].type = dtype
    node.attr["value"].tensor.CopyFrom(make_tensor_proto(value, dtype=dtype, shape=shape))
    return node
