"""`tf.graph_util`: parts of `GraphDef`s, and `GraphDef`s in which variables have become constants."""

import os

from .. import protos
from ..core import dtypes
from ..core.export import export
from ..core.graph import Graph
from ..core.operation import Operation
from ..platform import gfile, tf_logging
from .freezing import Freezer

_VARIABLE_OPS = {
    "Assign", "AssignAdd", "AssignSub", "Queue", "ScatterAdd", "ScatterSub", "ScatterUpdate", "TruncatedNormal", "Variable",
    "VariableV2",
}  # fmt: skip


@export("graph_util.must_run_on_cpu")
def must_run_on_cpu(node, pin_variables_on_cpu=False):
    """Whether TensorFlow must run a node on the host: one that gives or takes small integers or strings.

    Args:
      node: an operation or a `NodeDef`.
      pin_variables_on_cpu: whether variables, and what changes them, count too.
    """
    if isinstance(node, Operation):
        node = node.node_def
    if pin_variables_on_cpu and node.op in _VARIABLE_OPS:
        return True
    attr, types = {
        "Const": ("dtype", (dtypes.string, dtypes.int32)),
        "DynamicStitch": ("T", (dtypes.int32,)),
        "ParallelDynamicStitch": ("T", (dtypes.int32,)),
        "Cast": ("SrcT", (dtypes.int32,)),
    }.get(node.op, ("", ()))
    return bool(types) and node.attr[attr].type in [t.as_datatype_enum for t in types]


def _node_name(text):
    """The name of the node that an input names."""
    return text[1:] if text.startswith("^") else text.split(":")[0]


@export("python.framework.graph_util_impl._extract_graph_summary")
def extract_graph_summary(graph_def):
    """Three dictionaries by the names of nodes: what each takes in or is placed with, the `NodeDef`s, and their order."""
    inputs, nodes, order = {}, {}, {}
    for number, node in enumerate(graph_def.node):
        name = _node_name(node.name)
        nodes[name], order[name] = node, number
        inputs[name] = [_node_name(text) for text in node.input]
        if "_class" in node.attr:
            groups = [g.decode() for g in node.attr["_class"].list.s]
            inputs[name] += [g[5:] for g in groups if g.startswith("loc:@")]
    return inputs, nodes, order


@export("python.framework.graph_util_impl._bfs_for_reachable_nodes")
def bfs_for_reachable_nodes(target_nodes, name_to_input_name):
    """The names of nodes that can be reached from some, going against the edges."""
    found, stack = set(), list(target_nodes)
    while stack:
        name = stack.pop()
        if name not in found:
            found.add(name)
            stack += name_to_input_name.get(name, ())
    return found


def _check_present(nodes, names):
    for name in names:
        if name not in nodes:
            raise AssertionError("%s is not in graph" % name)


def _check_graph_def(graph_def):
    if not isinstance(graph_def, protos.GraphDef):
        raise TypeError("graph_def must be a graph_pb2.GraphDef proto.")


@export("graph_util.extract_sub_graph")
def extract_sub_graph(graph_def, dest_nodes):
    """The part of a graph that some nodes need.

    Args:
      graph_def: a `GraphDef`.
      dest_nodes: a list of names.

    Returns:
      A `GraphDef` with the nodes in their order.

    Raises:
      TypeError: `graph_def` is no `GraphDef`, or `dest_nodes` is no list.
      AssertionError: a node is not in the graph.
    """
    _check_graph_def(graph_def)
    if isinstance(dest_nodes, str):
        raise TypeError("dest_nodes must be a list.")
    inputs, nodes, order = extract_graph_summary(graph_def)
    _check_present(nodes, dest_nodes)
    made = protos.GraphDef()
    kept = bfs_for_reachable_nodes(dest_nodes, inputs)
    made.node.extend(nodes[name] for name in sorted(kept, key=order.__getitem__))
    made.library.CopyFrom(graph_def.library)
    made.versions.CopyFrom(graph_def.versions)
    return made


@export("graph_util.tensor_shape_from_node_def_name")
def tensor_shape_from_node_def_name(graph, input_name):
    """The static shape of a tensor of a graph, named as nodes name their inputs; raises KeyError if there is none."""
    return graph.get_tensor_by_name(input_name if ":" in input_name else input_name + ":0").get_shape()


@export("graph_util.convert_variables_to_constants")
def convert_variables_to_constants(
    sess, input_graph_def, output_node_names, variable_names_whitelist=None, variable_names_blacklist=None
):
    """The part of a graph that some nodes need, with constants in the place of variables.

    Args:
      sess: the session that has the variables' values.
      input_graph_def: the `GraphDef` of its graph.
      output_node_names: the names of the nodes that are wanted.
      variable_names_whitelist: the names of the variables that become constants; by default all.
      variable_names_blacklist: the names of variables that stay.

    Returns:
      The `GraphDef`.

    Raises:
      ValueError: something reads a variable that can't be found.
      FailedPreconditionError: a variable is not initialized.
    """
    graph_def = extract_sub_graph(input_graph_def, output_node_names)

    def chosen(name):
        kept = variable_names_blacklist is not None and name in variable_names_blacklist
        return not kept and (variable_names_whitelist is None or name in variable_names_whitelist)

    variables = {n.name: n for n in graph_def.node if n.op in ("Variable", "VariableV2", "VarHandleOp") and chosen(n.name)}
    reads = [_read_of(sess.graph, node) for node in variables.values()]
    values = dict(zip(variables, sess.run(reads) if reads else []))
    tf_logging.info("Froze %d variables.", len(values))
    made = Freezer(graph_def, values).frozen()
    tf_logging.info("Converted %d variables to const ops.", len(values))
    return made


def _read_of(graph, node):
    """The name of a tensor with the value of a variable."""
    if node.op != "VarHandleOp":
        return node.name + ":0"
    name = node.name + "/Read/ReadVariableOp"
    if name not in graph._by_name:
        for op in graph.get_operation_by_name(node.name).outputs[0].consumers():
            if op.type == "ReadVariableOp":
                return op.name + ":0"
    return name + ":0"


@export("graph_util.remove_training_nodes")
def remove_training_nodes(input_graph, protected_nodes=None):
    """A graph without nodes that matter only in training.

    `CheckNumerics` nodes go; so do `Identity` nodes that nothing waits for and that wait for nothing.

    Args:
      input_graph: a `GraphDef`.
      protected_nodes: the names of nodes that stay.

    Returns:
      A `GraphDef`.
    """
    protected = set(protected_nodes or ())
    checks = {n.name for n in input_graph.node if n.op == "CheckNumerics" and n.name not in protected}
    nodes = []
    for node in input_graph.node:
        if node.name not in checks:
            kept = protos.NodeDef()
            kept.CopyFrom(node)
            kept.ClearField("input")
            kept.input.extend(text for text in node.input if text.removeprefix("^") not in checks)
            nodes.append(kept)
    waited_for = {text[1:] for n in nodes for text in n.input if text.startswith("^")}
    spliced = {}
    for node in nodes:
        waits = any(text.startswith("^") for text in node.input)
        if node.op == "Identity" and not waits and node.name not in protected and node.name not in waited_for:
            spliced[node.name] = node.input[0]
    made = protos.GraphDef()
    for node in nodes:
        if node.name not in spliced:
            for i, text in enumerate(node.input):
                while text.removeprefix("^") in spliced:
                    text = spliced[text.removeprefix("^")]
                node.input[i] = text
            made.node.append(node)
    return made


@export("contrib.framework.fuse_op")
def fuse_op(graph_def, input_nodes, output_nodes, output_dtypes, output_quantized, op_name, op_type):
    """A graph in which one node stands for all between some nodes and others.

    Args:
      graph_def: a `GraphDef`.
      input_nodes: the names of the nodes that the new node takes; they stay.
      output_nodes: the names of nodes of one input each that give its outputs; they stay.
      output_dtypes: the types (of the `DataType` enumeration) of its outputs.
      output_quantized: whether its outputs are quantized.
      op_name, op_type: its name and op type.

    Returns:
      A `GraphDef`.

    Raises:
      TypeError: an argument has the wrong type, or what lies between takes something that `input_nodes` lacks.
      AssertionError: a node is not in the graph, or one of `output_nodes` has not one input.
    """
    _check_graph_def(graph_def)
    for names, label in ((input_nodes, "input_nodes"), (output_nodes, "output_nodes")):
        if isinstance(names, str):
            raise TypeError("%s must be a list." % label)
    inputs, nodes, order = extract_graph_summary(graph_def)
    _check_present(nodes, [*input_nodes, *output_nodes])
    before = bfs_for_reachable_nodes(input_nodes, inputs)
    needed = bfs_for_reachable_nodes(output_nodes, inputs)
    after = []
    for name in nodes:
        if name in needed and name not in before and name not in output_nodes:
            _check_between(name, inputs, before, set(input_nodes))
        elif name not in needed and name not in before:
            after.append(name)
    made = protos.GraphDef(library=graph_def.library, versions=graph_def.versions)
    made.node.extend(nodes[name] for name in sorted(before, key=order.__getitem__))
    fused = made.node.add(name=op_name, op=op_type, input=input_nodes)
    fused.attr["_output_types"].list.type[:] = output_dtypes
    fused.attr["_output_quantized"].b = output_quantized
    for index, name in enumerate(output_nodes):
        assert len(nodes[name].input) == 1
        made.node.append(nodes[name])
        made.node[-1].input[0] = "%s:%d" % (op_name, index) if index else op_name
    made.node.extend(nodes[name] for name in after)
    return made


def _check_between(start, inputs, before, allowed):
    """Raises TypeError if a node depends on something before the inputs without going through these."""
    stack, seen = [start], set()
    while stack:
        name = stack.pop()
        seen.add(name)
        if name in allowed:
            continue
        if name in before:
            raise TypeError("Node %s uses input %s not in input_nodes." % (start, name))
        stack += [i for i in inputs[name] if i not in seen]


@export("contrib.framework.get_placeholders")
def get_placeholders(graph):
    """The tensors of a graph's `Placeholder` operations; raises TypeError if `graph` is no graph."""
    if not isinstance(graph, Graph):
        raise TypeError("Input graph needs to be a Graph: %s" % graph)
    return [op.outputs[0] for op in graph.get_operations() if op.type == "Placeholder"]


@export("train.write_graph", "io.write_graph")
def write_graph(graph_or_graph_def, logdir, name, as_text=True):
    """Writes a graph to a file.

    Args:
      graph_or_graph_def: a `Graph` or a `GraphDef`.
      logdir: the folder; it is made if need be.
      name: the file's name.
      as_text: whether the file is text, which people can read, instead of the binary form.

    Returns:
      The path of the file.
    """
    graph_def = graph_or_graph_def.as_graph_def() if isinstance(graph_or_graph_def, Graph) else graph_or_graph_def
    if logdir and not gfile.exists(logdir):
        gfile.makedirs(logdir)
    path = os.path.join(logdir, name)
    write_message(path, graph_def, as_text)
    return path


def write_message(path, message, as_text):
    """Writes a message to a file, which is there in full or not at all."""
    temporary = "%s.tmp%d" % (path, os.getpid())
    if as_text:
        from google.protobuf import text_format

        content = text_format.MessageToString(message)
    else:
        content = message.SerializeToString()
    with gfile.GFile(temporary, "w" if as_text else "wb") as f:
        f.write(content)
    gfile.rename(temporary, path, overwrite=True)
