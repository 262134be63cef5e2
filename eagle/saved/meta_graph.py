"""Meta graphs: graphs with their collections, their ops' definitions and what saves their variables."""

import os
import re

from .. import protos
from ..core import attributes, op_definitions
from ..core.collections import GraphKeys, proto_functions
from ..core.compat import as_text
from ..core.context import here
from ..core.dispatch import registry
from ..core.export import export
from ..core.graph import Graph, get_default_graph
from ..platform import gfile
from ..platform.versions import VERSION
from ..variables.base import prepend_name_scope, strip_name_scope
from .collections import UNBOUND, Restoring, add_collection_def, is_included
from .graph_util import write_graph
from .importing import import_graph_def

export("python.framework.meta_graph.add_collection_def")(add_collection_def)

_SAVING = frozenset(
    "SaveV2 Save SaveSlice LegacySave LegacySaveSlice RestoreV2 Restore RestoreSlice LegacyRestore LegacyRestoreSlice".split()
)
_INTERNAL = ("_Arg", "_Retval", "_ListToArray", "_ArrayToList")
_MOST_BYTES = 1 << 31
_NO_GRAPH = "Exporting/importing meta graphs is not supported when %s. No graph exists when eager execution is enabled."


# ------------------------------------------------------------------------------------------------------- what a graph uses


@export("contrib.util.ops_used_by_graph_def", "python.framework.meta_graph.ops_used_by_graph_def")
def ops_used_by_graph_def(graph_def):
    """The op types of a `GraphDef`'s nodes and of the nodes of functions that these call: a list without the functions."""
    functions = {f.signature.name: f for f in graph_def.library.function}
    used, stack = set(), [graph_def.node]
    while stack:
        for node in stack.pop():
            if node.op not in used:
                used.add(node.op)
                if node.op in functions:
                    stack.append(functions[node.op].node_def)
    return [name for name in used if name not in functions]


@export("contrib.util.stripped_op_list_for_graph", "python.framework.meta_graph.stripped_op_list_for_graph")
def stripped_op_list_for_graph(graph_def):
    """The definitions of the ops that a `GraphDef` uses, as an `OpList`; raises ValueError if there is no such op."""
    made = protos.OpList()
    for name in sorted(ops_used_by_graph_def(graph_def)):
        definition = _definition(name)
        if definition is not None:
            made.op.append(attributes.op_def(definition))
        elif name not in _INTERNAL:
            raise ValueError("Op %s is used by the graph, but is not registered" % name)
    return made


def _definition(name):
    found = op_definitions.lookup(name)
    return registry[name].definition if found is None and name in registry else found


@export("python.framework.meta_graph.strip_graph_default_valued_attrs")
def strip_graph_default_valued_attrs(meta_graph_def):
    """Takes the attributes that have their default values out of a `MetaGraphDef`."""
    library = meta_graph_def.graph_def.library
    functions = {f.signature.name for f in library.function}
    defaults = {}
    for node in [*meta_graph_def.graph_def.node, *[n for f in library.function for n in f.node_def]]:
        if node.op in functions:
            continue
        if node.op not in defaults:
            definition = _definition(node.op)
            op_def = protos.OpDef() if definition is None else attributes.op_def(definition)
            defaults[node.op] = {a.name: a.default_value for a in op_def.attr if a.HasField("default_value")}
        for name, value in defaults[node.op].items():
            if name in node.attr and _equal(node.attr[name], value):
                del node.attr[name]
    meta_graph_def.meta_info_def.stripped_default_attrs = True


def _equal(value, other):
    """Whether two `AttrValue`s mean the same; tensors may be written in different ways."""
    if value == other:
        return True
    if value.WhichOneof("value") != "tensor" or other.WhichOneof("value") != "tensor":
        return False
    a, b = attributes.from_proto(value), attributes.from_proto(other)
    return a.dtype == b.dtype and a.shape == b.shape and (a == b).all()


# ---------------------------------------------------------------------------------------------------------------- writing


@export("python.framework.meta_graph.create_meta_graph_def")
def create_meta_graph_def(meta_info_def=None, graph_def=None, saver_def=None, collection_list=None, graph=None, export_scope=None,
                          exclude_nodes=None, clear_extraneous_savers=False, strip_default_attrs=False):  # fmt: skip
    """A `MetaGraphDef`.

    Args:
      meta_info_def: a `MetaInfoDef`, to which versions and definitions of ops are added.
      graph_def: the `GraphDef`; by default that of `graph`.
      saver_def: a `SaverDef`.
      collection_list: the keys of the collections to keep, by default all.
      graph: the `Graph` with the collections; the default graph if None.
      export_scope: the scope whose items are kept, without it in their names.
      exclude_nodes: the names of nodes to leave out of collections.
      clear_extraneous_savers: whether the collection of savers has that of `saver_def` alone.
      strip_default_attrs: whether attributes with default values are left out.

    Raises:
      TypeError: an argument is of the wrong type.
    """
    for value, cls, what in (
        (graph, Graph, "graph must be of type Graph"),
        (meta_info_def, protos.MetaGraphDef.MetaInfoDef, "meta_info_def must be of type MetaInfoDef"),
        (graph_def, protos.GraphDef, "graph_def must be of type GraphDef"),
        (saver_def, protos.SaverDef, "saver_def must be of type SaverDef"),
    ):
        if value and not isinstance(value, cls):
            raise TypeError("%s, not %s" % (what, type(value)))
    graph = graph or get_default_graph()
    made = protos.MetaGraphDef()
    info = made.meta_info_def
    if meta_info_def is not None:
        info.MergeFrom(meta_info_def)
    info.tensorflow_version, info.tensorflow_git_version = VERSION, "eagle"
    made.graph_def.MergeFrom(graph_def or graph.as_graph_def(add_shapes=True))
    if not info.stripped_op_list.op:
        info.stripped_op_list.MergeFrom(stripped_op_list_for_graph(made.graph_def))
    if strip_default_attrs:
        strip_graph_default_valued_attrs(made)
    if saver_def:
        made.saver_def.MergeFrom(saver_def)
    for key in graph.get_all_collection_keys() if collection_list is None else collection_list:
        contents = None
        if clear_extraneous_savers and key == GraphKeys.SAVERS:
            contents = [proto_functions(key)[2](saver_def)]
        add_collection_def(made, key, graph, export_scope, exclude_nodes, contents)
    return made


@export("train.export_meta_graph")
def export_meta_graph(filename=None, meta_info_def=None, graph_def=None, saver_def=None, collection_list=None, as_text=False,
                      graph=None, export_scope=None, clear_devices=False, clear_extraneous_savers=False, strip_default_attrs=False,
                      save_debug_info=False, **kwargs):  # fmt: skip
    """A graph with all that belongs to it as a `MetaGraphDef`.

    Args:
      filename: the path of a file to write it to, or None.
      meta_info_def: a `MetaInfoDef`, to which versions and definitions of ops are added.
      graph_def: the `GraphDef`, if it is not that of `graph`.
      saver_def: a `SaverDef`, which says how the variables are saved.
      collection_list: the keys of the collections to keep, by default all.
      as_text: whether the file is text.
      graph: the `Graph`; the default graph if None.
      export_scope: a name scope, if only what is inside is wanted; the names lack it then.
      clear_devices: whether the nodes lose their devices.
      clear_extraneous_savers: whether the operations of other savers than that of `saver_def` are left out.
      strip_default_attrs: whether attributes with default values are left out.
      save_debug_info: whether a file beside `filename` says where in the program the operations were made.
      **kwargs: `unbound_inputs_col_name`, the key of the collection for the names of inputs outside of `export_scope`.

    Returns:
      The `MetaGraphDef`.

    Raises:
      ValueError: the graph is larger than 2 GB.
      RuntimeError: eager execution is enabled, and `graph` and `graph_def` are not both given.
    """
    if here.eager and (graph_def is None or graph is None):
        raise RuntimeError(_NO_GRAPH % "eager execution is enabled")
    return export_scoped_meta_graph(
        filename=filename, meta_info_def=meta_info_def, graph_def=graph_def, saver_def=saver_def, collection_list=collection_list,
        as_text=as_text, graph=graph, export_scope=export_scope, clear_devices=clear_devices,
        clear_extraneous_savers=clear_extraneous_savers, strip_default_attrs=strip_default_attrs, save_debug_info=save_debug_info,
        **kwargs)[0]  # fmt: skip


@export("python.framework.meta_graph.export_scoped_meta_graph")
def export_scoped_meta_graph(
    filename=None, graph_def=None, graph=None, export_scope=None, as_text=False, unbound_inputs_col_name="unbound_inputs",
    clear_devices=False, saver_def=None, clear_extraneous_savers=False, strip_default_attrs=False, save_debug_info=False, **kwargs
):  # fmt: skip
    """As `export_meta_graph`.

    Returns:
      The `MetaGraphDef`, and the variables in it: a dictionary by their names there.
    """
    if here.eager and (graph_def is None or graph is None):
        raise ValueError("Exporting/importing meta graphs is not supported when Eager Execution is enabled.")
    graph = graph or get_default_graph()
    excluded, unbound = None, []
    if export_scope or clear_extraneous_savers or clear_devices:
        whole = graph_def or graph.as_graph_def(add_shapes=True)
        if clear_extraneous_savers:
            excluded = find_extraneous_saver_nodes(whole, saver_def)
        graph_def = protos.GraphDef(versions=whole.versions, library=whole.library)
        for node in whole.node:
            if is_included(node.name, export_scope, excluded):
                graph_def.node.append(_without_scope(node, export_scope, unbound, clear_devices))
        if graph_def.ByteSize() >= _MOST_BYTES:
            raise ValueError("GraphDef cannot be larger than 2GB.")
        if unbound_inputs_col_name:
            graph.clear_collection(unbound_inputs_col_name)
            for name in unbound:
                graph.add_to_collection(unbound_inputs_col_name, name)
    variables = [v for v in graph.get_collection("variables", export_scope) if is_included(v, export_scope, excluded)]
    made = create_meta_graph_def(
        graph_def=graph_def, graph=graph, export_scope=export_scope, exclude_nodes=excluded, saver_def=saver_def,
        clear_extraneous_savers=clear_extraneous_savers, strip_default_attrs=strip_default_attrs, **kwargs)  # fmt: skip
    if filename:
        folder, name = os.path.split(filename)
        write_graph(made, folder, name, as_text=as_text)
        if save_debug_info:
            debug_info = _debug_info(graph, [prepend_name_scope(n.name, export_scope) for n in made.graph_def.node])
            write_graph(debug_info, folder, os.path.splitext(name)[0] + ".debug", as_text=as_text)
    return made, {strip_name_scope(v.name, export_scope): v for v in variables}


def _without_scope(node, scope, unbound, clear_devices):
    """A node of a scope as it is outside of it; inputs that are not in the scope get another name, which `unbound` takes in."""
    made = protos.NodeDef()
    made.CopyFrom(node)
    for i, text in enumerate(node.input):
        if scope and not text.lstrip("^").startswith(scope):
            made.input[i] = "^" * text.startswith("^") + UNBOUND + text.lstrip("^")
            unbound.append(made.input[i])
        else:
            made.input[i] = strip_name_scope(text, scope)
    made.name = strip_name_scope(node.name, scope)
    if scope and "_class" in node.attr:
        groups = [as_text(g) for g in node.attr["_class"].list.s]
        kept = [strip_name_scope(g, scope).encode() for g in groups if g.partition("@")[2].startswith(scope)]
        made.attr["_class"].CopyFrom(protos.AttrValue(list=protos.AttrValue.ListValue(s=kept)))
    if scope and node.op in ("Enter", "RefEnter"):
        made.attr["frame_name"].s = strip_name_scope(as_text(node.attr["frame_name"].s), scope).encode()
    if clear_devices:
        made.device = ""
    return made


def find_extraneous_saver_nodes(graph_def, saver_def):
    """The names of the nodes of savers, each in a scope of its own, other than that of a `SaverDef`."""
    kept = set()
    if saver_def is not None:
        kept = {_scope_of(saver_def.save_tensor_name), _scope_of(saver_def.restore_op_name)}
    saving = {n.name for n in graph_def.node if n.op in _SAVING}
    scopes = tuple({_scope_of(n) for n in saving} - {n + "/" for n in saving} - kept)
    return {n.name for n in graph_def.node if n.name.startswith(scopes)}


export("python.framework.meta_graph._find_extraneous_saver_nodes")(find_extraneous_saver_nodes)


def _scope_of(name):
    """The scope of a node or tensor, with a slash at its end."""
    return name.lstrip("^").rpartition("/")[0] + "/"


def _debug_info(graph, names):
    """Where in the program operations were made, as a `GraphDebugInfo`."""
    made, files = protos.GraphDebugInfo(), {}
    for name in names:
        op = graph._by_name.get(name)
        if op is None:
            continue
        trace = made.traces[name + "@"]
        for file, line, function, code, *_ in op.traceback or ():
            if file not in files:
                files[file] = len(files)
                made.files.append(file)
            trace.file_line_cols.add(file_index=files[file], line=line, func=function, code=code or "")
    return made


# ---------------------------------------------------------------------------------------------------------------- reading


@export("python.framework.meta_graph.read_meta_graph_file")
def read_meta_graph_file(filename):
    """The `MetaGraphDef` of a file, binary or text; raises IOError if there is none."""
    return read_message(filename, protos.MetaGraphDef)


def read_message(filename, cls):
    """The message of a file, binary or text; raises IOError if there is no such file or no such message in it."""
    from google.protobuf import text_format
    from google.protobuf.message import DecodeError

    if not gfile.exists(filename):
        raise OSError("File %s does not exist." % filename)
    with gfile.GFile(filename, "rb") as f:
        content = f.read()
    try:
        return cls.FromString(content)
    except DecodeError:
        pass
    try:
        return text_format.Merge(content.decode("utf-8"), cls())
    except (text_format.ParseError, UnicodeDecodeError) as e:
        raise OSError("Cannot parse file %s: %s." % (filename, e)) from None


@export("python.framework.meta_graph.import_scoped_meta_graph")
def import_scoped_meta_graph(meta_graph_or_file, clear_devices=False, graph=None, import_scope=None, input_map=None,
                             unbound_inputs_col_name="unbound_inputs", restore_collections_predicate=lambda key: True):  # fmt: skip
    """Adds the graph of a `MetaGraphDef` to a graph, with its collections.

    Args:
      meta_graph_or_file: the `MetaGraphDef`, or the path of a file with one.
      clear_devices: whether the operations lose their devices.
      graph: the graph to add to; the default graph if None.
      import_scope: a name scope to put everything into.
      input_map: name of an input -> the tensor to use in its place.
      unbound_inputs_col_name: the key of the collection with the names of inputs that `input_map` must have.
      restore_collections_predicate: a function from a key to whether that collection is wanted.

    Returns:
      The variables in the scope: a dictionary by their names in the meta graph.

    Raises:
      ValueError: an input is missing, the graph is malformed, or eager execution is enabled.
    """
    return import_scoped_meta_graph_with_return_elements(
        meta_graph_or_file, clear_devices, graph, import_scope, input_map, unbound_inputs_col_name, restore_collections_predicate
    )[0]


@export("python.framework.meta_graph.import_scoped_meta_graph_with_return_elements")
def import_scoped_meta_graph_with_return_elements(
    meta_graph_or_file, clear_devices=False, graph=None, import_scope=None, input_map=None,
    unbound_inputs_col_name="unbound_inputs", restore_collections_predicate=lambda key: True, return_elements=None
):  # fmt: skip
    """As `import_scoped_meta_graph`; a pair of the variables and of the operations and tensors that `return_elements` names."""
    if here.eager:
        raise ValueError("Exporting/importing meta graphs is not supported when eager execution is enabled.")
    found = meta_graph_or_file
    meta_graph_def = found if isinstance(found, protos.MetaGraphDef) else read_meta_graph_file(found)
    collections = meta_graph_def.collection_def
    if unbound_inputs_col_name and unbound_inputs_col_name in collections:
        _check_unbound(collections[unbound_inputs_col_name], input_map)
    graph = graph or get_default_graph()
    with graph.as_default():
        info = meta_graph_def.meta_info_def
        if clear_devices:
            for node in meta_graph_def.graph_def.node:
                node.device = ""
        scope = graph.unique_name(import_scope or "", mark_as_used=False)
        elements = import_graph_def(
            meta_graph_def.graph_def, name=import_scope or scope, input_map=input_map, return_elements=return_elements,
            producer_op_list=info.stripped_op_list if info.HasField("stripped_op_list") else None)  # fmt: skip
        restoring = Restoring(graph, scope, not info.tensorflow_version or _version(info.tensorflow_version) >= (1, 9))
        for key in sorted(collections, key=lambda k: (k != GraphKeys.TRAINABLE_VARIABLES, k)):
            if key != unbound_inputs_col_name and restore_collections_predicate(key):
                restoring.add(key, collections[key])
        return {strip_name_scope(v.name, scope): v for v in graph.get_collection("variables", scope)}, elements


def _version(text):
    return tuple(int(n) for n in re.findall(r"\d+", text)[:2])


def _check_unbound(definition, input_map):
    """Raises ValueError if an input map does not have just the inputs that a collection names."""
    kind = definition.WhichOneof("kind")
    names = [as_text(v) for v in getattr(definition, kind).value] if kind else []
    if names and (not input_map or sorted(names) != sorted(input_map)):
        missing = [n for n in names if not input_map or n not in input_map]
        raise ValueError("Graph contains unbound inputs: %s. Must provide these inputs through input_map." % ",".join(missing))


@export("python.framework.meta_graph.copy_scoped_meta_graph")
def copy_scoped_meta_graph(from_scope, to_scope, from_graph=None, to_graph=None):
    """Copies what is in one scope of a graph to another scope.

    Args:
      from_scope, to_scope: the scopes.
      from_graph, to_graph: the graphs; the default graph where None.

    Returns:
      The variables of the copy: a dictionary by their names without the scope.

    Raises:
      ValueError: both scopes are the same one.
    """
    from_graph, to_graph = from_graph or get_default_graph(), to_graph or get_default_graph()
    if from_graph is to_graph and from_scope == to_scope:
        raise ValueError("'from_scope' and 'to_scope' need to be different when performing copy in the same graph.")
    meta_graph_def, _ = export_scoped_meta_graph(export_scope=from_scope, graph=from_graph)
    return import_scoped_meta_graph(meta_graph_def, graph=to_graph, import_scope=to_scope)
