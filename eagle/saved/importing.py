"""`tf.import_graph_def`: the nodes of a `GraphDef` become operations of the default graph."""

import contextlib
import re

from .. import protos
from ..core import device as devices
from ..core.attributes import default_value, to_proto
from ..core.context import here
from ..core.convert import convert
from ..core.export import export
from ..core.graph import GRAPH_DEF_VERSION, GRAPH_DEF_VERSION_MIN_PRODUCER, get_default_graph
from ..core.op_definitions import lookup
from ..core.scopes import name_scope
from ..core.tensor import Tensor
from ..platform.versions import VERSION
from .functions import read_library
from .graph_builder import Builder, Reading
from .node_defs import read_nodes

_GROUP = "loc:@"


@export("import_graph_def", "graph_util.import_graph_def", "python.framework.importer.import_graph_def")
def import_graph_def(graph_def, input_map=None, return_elements=None, name=None, op_dict=None, producer_op_list=None):
    """Adds the nodes of a `GraphDef` to the default graph.

    Loops and branches that TensorFlow 1.x wrote as `Switch`, `Merge`, `Enter`, ... become `While` and `If` operations that hold
    what is inside them; their results keep their names.  An op that Eagle lacks becomes an operation that can't be run.

    Args:
      graph_def: the `GraphDef`.
      input_map: name of a tensor in it (`"x:0"`, or `"x"`) -> the tensor to use in its place; `"^x"` -> the operation to wait for.
      return_elements: names of operations and tensors in `graph_def`.
      name: what goes before the names; `"import"` by default, made unique.
      op_dict: deprecated, not used.
      producer_op_list: an `OpList`: attributes that TensorFlow 1.15 does not know but that have their default value according to it
        are left out.

    Returns:
      The list of operations and tensors that `return_elements` names, or None.

    Raises:
      TypeError: an argument has the wrong type.
      ValueError: a name is not in `graph_def`, or this is malformed.
    """
    graph_def = _checked_graph_def(graph_def)
    input_map = _checked_input_map(input_map)
    if return_elements is not None:
        if not all(isinstance(x, str | bytes) for x in return_elements):
            raise TypeError("return_elements must be a list of strings.")
        return_elements = [_text(x) for x in return_elements]
    if producer_op_list is not None:
        graph_def = _without_unknown_defaults(graph_def, producer_op_list)
    graph = get_default_graph()
    with name_scope(name, "import", list(input_map.values())) as scope:
        graph = get_default_graph()
        input_map = _mapped_tensors(name, input_map)
    importing = _Import(graph, graph_def, scope or "", input_map)
    wanted = [importing.find(x) for x in return_elements or ()]
    with _root_scope(graph):
        importing.add()
    importing.place()
    importing.check_input_map()
    return None if return_elements is None else [importing.element(w) for w in wanted]


def _text(x):
    return x if isinstance(x, str) else x.decode()


def _checked_graph_def(graph_def):
    if isinstance(graph_def, protos.GraphDef):
        _add_defaults(graph_def)
        return graph_def
    try:  # a message of the same kind that another library made
        return protos.GraphDef.FromString(graph_def.SerializeToString())
    except (AttributeError, TypeError):
        raise TypeError("graph_def must be a GraphDef proto.") from None


def _add_defaults(graph_def):
    """Adds the attributes that nodes lack to the caller's message, as TensorFlow does: saved models are seen with them."""
    defaults = {}
    for node in graph_def.node:
        found = defaults.get(node.op)
        if found is None:
            definition = lookup(node.op)
            attrs = () if definition is None else definition.attrs.values()
            found = defaults[node.op] = [(a.name, to_proto(default_value(a), a.kind)) for a in attrs if a.has_default]
        for name, value in found:
            if name not in node.attr:
                node.attr[name].CopyFrom(value)


def _checked_input_map(input_map):
    if input_map is None:
        return {}
    if not (isinstance(input_map, dict) and all(isinstance(k, str | bytes) for k in input_map)):
        raise TypeError("input_map must be a dictionary mapping strings to Tensor objects.")
    return {_text(k): v for k, v in input_map.items()}


def _mapped_tensors(name, input_map):
    """The values of an input map as tensors; what waits stays what it is."""
    if all(isinstance(v, Tensor) or k[:1] == "^" for k, v in input_map.items()):
        return input_map
    if name == "":
        raise ValueError(
            "tf.import_graph_def() requires a non-empty `name` if `input_map` contains non-Tensor values. Try calling "
            "tf.convert_to_tensor() on `input_map` values before calling tf.import_graph_def()."
        )
    with name_scope("_inputs"):
        return {k: v if k[:1] == "^" else convert(v) for k, v in input_map.items()}


def _without_unknown_defaults(graph_def, producer_op_list):
    """The graph without attributes that TensorFlow 1.15 does not know and that have the producer's default."""
    producers = {op.name: {a.name: a for a in op.attr} for op in producer_op_list.op}
    made = protos.GraphDef()
    made.CopyFrom(graph_def)
    for node in made.node:
        definition, theirs = lookup(node.op), producers.get(node.op)
        if definition is None or theirs is None:
            continue
        for key in list(node.attr):
            attr = theirs.get(key)
            if key not in definition.attrs and attr is not None and attr.HasField("default_value"):
                if node.attr[key] == attr.default_value:
                    del node.attr[key]
    return made


def parse_tensor_name(name):
    """The name of an operation and the number of an output from the name of a tensor; raises ValueError if it is none."""
    op_name, *rest = name.split(":")
    if not rest:
        return op_name, 0
    if len(rest) > 1 or not re.fullmatch(r"\s*[+-]?\d+\s*", rest[0]):
        raise ValueError("Cannot convert %r to a tensor name." % name)
    return op_name, int(rest[0])


@contextlib.contextmanager
def _root_scope(graph):
    """A context manager in which `graph` is the default one and new operations get their names and devices as they are."""
    before = graph._name_stack, graph._device_stack
    graph._name_stack, graph._device_stack = "", []
    try:
        if here.graphs and here.graphs[-1] is graph and not here.eager:
            yield
        else:
            with graph.as_default():
                yield
    finally:
        graph._name_stack, graph._device_stack = before


class _Import:
    """One import.

    Args:
      graph: the graph to add to.
      graph_def: the `GraphDef`.
      scope: what goes before the names.
      input_map: name -> tensor.
    """

    def __init__(self, graph, graph_def, scope, input_map):
        check_versions(graph_def.versions)
        self.graph, self.versions = graph, graph_def.versions
        self.nodes = read_nodes(graph_def.node)
        self.library = {**graph._functions, **read_library(graph_def.library)}
        self.own_functions = [f.signature.name for f in graph_def.library.function]
        self._map = {parse_tensor_name(k): v for k, v in input_map.items() if k[:1] != "^"}
        self._waits = {k[1:]: v for k, v in input_map.items() if k[:1] == "^"}
        self.names = _Names(graph, scope, self.nodes).chosen()
        self._check_inputs()
        reading = Reading(self.library, _merged_versions(graph, self.versions).producer, self.names)
        self.builder = Builder(graph, reading)

    def _check_inputs(self):
        for node in self.nodes.values():
            for i, ref in enumerate(node.inputs):
                if ref not in self._map and ref[0] not in self.nodes:
                    raise ValueError("Node '%s': Unknown input node '%s'" % (node.name, node.proto.input[i]))
            for name in node.controls:
                if name not in self._waits and name not in self.nodes:
                    raise ValueError("Node '%s': Unknown input node '^%s'" % (node.name, name))
            for group in node.proto.attr["_class"].list.s if "_class" in node.proto.attr else ():
                group = group.decode("utf-8", "replace")
                if group.startswith(_GROUP) and group[len(_GROUP) :] not in self.nodes:
                    raise ValueError("Node '%s' expects to be colocated with unknown node '%s'" % (node.name, group[len(_GROUP) :]))

    def add(self):
        """Adds the nodes."""
        graph, builder = self.graph, self.builder
        before = len(graph._nodes)
        builder.values.update((k, graph.admit(t)) for k, t in self._map.items())
        builder.waits.update((k, getattr(v, "op", v)) for k, v in self._waits.items())
        try:
            builder.build(list(self.nodes.values()))
            graph._graph_def_versions = _merged_versions(graph, self.versions)
        except BaseException:
            _take_back(graph, before)
            raise
        for name in self.own_functions:
            graph._add_function(self.library[name])

    def place(self):
        """Gives the operations their devices: those of the graph that was read inside the scopes in force, or of the operations
        that they are placed with."""
        graph, placed_with = self.graph, []
        for node in self.nodes.values():
            op = self.builder.operations.get(node.name)
            if op is None:
                continue
            self._leave_groups(op)
            others = [g[len(_GROUP) :] for g in _groups(op) if g.startswith(_GROUP)]
            others = [o for o in others if o != op._name]
            op._device = ""
            if others:
                placed_with.append((op, others))
            elif node.proto.device or graph._device_stack:
                self._apply_devices(op, node.proto.device)
        for op, others in placed_with:
            for other in others:
                found = graph._by_name.get(other)
                if found is not None and found._device:
                    op._device = devices.canonical(found._device)
                    break

    def _leave_groups(self, op):
        """Takes an operation out of the groups of nodes that are inside of loops and branches now."""
        groups = _groups(op)
        kept = tuple(g for g in groups if not g.startswith(_GROUP) or g[len(_GROUP) :] in self.graph._by_name)
        if len(kept) < len(groups):
            del op.attrs["_class"]
            if kept:
                op.attrs["_class"] = kept

    def _apply_devices(self, op, device):
        graph = self.graph
        if not device:
            graph._apply_devices(op)
            return
        with graph.device(device):
            graph._apply_devices(op)

    # ------------------------------------------------------------------------------------------------- what is returned

    def find(self, name):
        """What a name in `return_elements` means: (name of a node, number of an output or None)."""
        if ":" not in name:
            if name not in self.nodes:
                raise ValueError("Requested return node '%s' not found in graph def" % name)
            return name, None
        op_name, index = parse_tensor_name(name)
        if op_name not in self.nodes and (op_name, index) not in self._map:
            raise ValueError("Requested return tensor '%s' not found in graph def" % name)
        return op_name, index

    def element(self, wanted):
        name, index = wanted
        if index is None:
            op = self.builder.operations.get(name)
            if op is None:
                raise ValueError("Requested return node '%s' is inside a loop or a branch" % name)
            return op
        found = self.builder.tensor(wanted) if index >= 0 else None
        if found is None:
            op = self.builder.operations.get(name)
            if op is None:
                raise ValueError("Requested return tensor '%s:%d' is inside a loop or a branch" % wanted)
            raise ValueError("Invalid return output %d of node '%s', which has %d output(s)" % (index, name, len(op.outputs)))
        return found

    def check_input_map(self):
        """Raises ValueError if the input map has a tensor that is not in the graph."""
        missing = []
        for name, index in self._map:
            op = self.builder.operations.get(name)
            if (name, index) in self.builder.reading.used or op is not None and 0 <= index < len(op.outputs):
                continue
            missing.append("%s:%d" % (name, index))
        if missing:
            raise ValueError("Attempted to map inputs that were not found in graph_def: [%s]" % ", ".join(missing))


def _groups(op):
    """The groups of operations to which one belongs, as far as its attribute is well-formed."""
    groups = op.attrs.get("_class", ())
    return groups if isinstance(groups, tuple) and all(isinstance(g, str) for g in groups) else ()


class _Names:
    """The names that the nodes get in a graph: behind a prefix, and not those of operations or scopes that it has.

    Args:
      graph: the graph.
      scope: what goes before, with a slash at its end, or `""`.
      nodes: name -> node.
    """

    def __init__(self, graph, scope, nodes):
        self._scope, self._nodes = scope, nodes
        self._taken = set()
        while graph is not None:
            for name in graph._by_name:
                while name and name not in self._taken:
                    self._taken.add(name)
                    name = name.rpartition("/")[0]
            graph = getattr(graph, "outer_graph", None)

    def chosen(self):
        chosen = {}
        full = {self._scope + name for name in self._nodes}
        for name in self._nodes:
            wanted = found = self._scope + name
            count = 0
            while found in self._taken or count and found in full:
                count += 1
                found = "%s_%d" % (wanted, count)
            chosen[name] = found
        return chosen


def _take_back(graph, count):
    """Removes the operations that were added after there were so many."""
    for op in reversed(graph._nodes[count:]):
        for t in op._inputs:
            if t._consumers and op in t._consumers:
                t._consumers.remove(op)
        graph._by_name.pop(op._name, None)
    del graph._nodes[count:]
    graph.changed()


# ----------------------------------------------------------------------------------------------------------------- versions


def check_versions(versions):
    """Raises ValueError if a graph of these versions is too old or too new."""
    if versions.producer < GRAPH_DEF_VERSION_MIN_PRODUCER:
        raise ValueError("GraphDef producer version %d below min producer %d supported by TensorFlow %s.  Please regenerate your "
                         "graph." % (versions.producer, GRAPH_DEF_VERSION_MIN_PRODUCER, VERSION))  # fmt: skip
    if versions.min_consumer > GRAPH_DEF_VERSION:
        raise ValueError("GraphDef min consumer version %d above current version %d for TensorFlow %s.  Please upgrade TensorFlow."
                         % (versions.min_consumer, GRAPH_DEF_VERSION, VERSION))  # fmt: skip
    if GRAPH_DEF_VERSION in versions.bad_consumers:
        raise ValueError("GraphDef disallows consumer version %d.  Please upgrade TensorFlow: this version is likely buggy."
                         % GRAPH_DEF_VERSION)  # fmt: skip


def _merged_versions(graph, versions):
    """The versions of a graph to which one of other versions is added."""
    if not graph._nodes:
        return protos.VersionDef.FromString(versions.SerializeToString())
    own = graph.graph_def_versions
    bad = sorted({*own.bad_consumers, *versions.bad_consumers})
    return protos.VersionDef(
        producer=min(own.producer, versions.producer), min_consumer=max(own.min_consumer, versions.min_consumer), bad_consumers=bad
    )
