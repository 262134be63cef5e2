"""The collections of graphs in meta graphs: variables, savers and others that TensorFlow keeps as messages."""

from .. import protos
from ..core.collections import GraphKeys, proto_functions, register_proto_function
from ..core.compat import as_bytes, as_text
from ..core.errors import DataLossError
from ..core.export import exists, resolve
from ..core.graph import Graph, get_default_graph
from ..platform import tf_logging as logging
from ..variables.base import prepend_name_scope, strip_name_scope
from ..variables.ref import RefVariable
from ..variables.resource import ResourceVariable
from .saver import Saver

UNBOUND = "$unbound_inputs_"
_OLD = (GraphKeys.LOCAL_VARIABLES, GraphKeys.MODEL_VARIABLES, GraphKeys.METRIC_VARIABLES)
_VARIABLES = ("variables", "local_variables", "model_variables", "trainable_variables")
# What TensorFlow 1.x remembers of control flow; Eagle's loops and branches are single operations, which need no such thing.
_CONTEXTS = (GraphKeys.COND_CONTEXT, GraphKeys.WHILE_CONTEXT)
# Key of a collection -> the class of its items, a public name, and the messages that stand for them.
_LATER = {GraphKeys.QUEUE_RUNNERS: ("train.QueueRunner", "QueueRunnerDef")}


def _variable_to_proto(variable, export_scope=None):
    return variable.to_proto(export_scope=export_scope)


def variable_from_proto(message, import_scope=None):
    """The variable that a `VariableDef` describes, whose operations are in the default graph, in a scope."""
    if message.is_resource:
        return ResourceVariable.from_proto(message, import_scope=import_scope)
    return RefVariable(variable_def=message, import_scope=import_scope)


def _saver_to_proto(saver, export_scope=None):
    return saver.to_proto(export_scope=export_scope)


for _key in ("variables", "trainable_variables", "moving_average_variables", "local_variables", "model_variables", "global_step",
             "metric_variables"):  # fmt: skip
    register_proto_function(_key, protos.VariableDef, _variable_to_proto, variable_from_proto)
register_proto_function(GraphKeys.SAVERS, protos.SaverDef, _saver_to_proto, Saver.from_proto)


def _functions(key):
    """How the items of a collection are kept; what keeps them is loaded if need be."""
    item, message = _LATER.get(key, ("", ""))
    if item and proto_functions(key)[0] is None and exists(item):
        cls = resolve(item)
        if proto_functions(key)[0] is None:
            register_proto_function(key, protos.message(message), cls.to_proto, cls.from_proto)
    return proto_functions(key)


# ------------------------------------------------------------------------------------------------------------------- writing


def is_included(item, export_scope, exclude_nodes):
    """Whether an item of a collection, or a node of this name, is in a scope and not left out."""
    name = item if isinstance(item, str) else getattr(item, "name", None)
    if name is None:
        return True
    if exclude_nodes and (name in exclude_nodes or item in exclude_nodes):
        return False
    return name.startswith(UNBOUND) or not export_scope or name.startswith(export_scope)


def add_collection_def(meta_graph_def, key, graph=None, export_scope=None, exclude_nodes=None, override_contents=None):
    """Adds a collection to a `MetaGraphDef`; what can't be kept is left out with a warning.

    Args:
      meta_graph_def: the `MetaGraphDef`.
      key: the key of the collection.
      graph: the `Graph` that has it; the default graph if None.
      export_scope: the scope whose items are kept, without it in their names.
      exclude_nodes: the names of nodes to leave out.
      override_contents: items to keep instead of those of the collection.

    Raises:
      TypeError: `graph` is no graph.
    """
    if graph is not None and not isinstance(graph, Graph):
        raise TypeError("graph must be of type Graph, not %s" % type(graph))
    if not isinstance(key, str | bytes):
        logging.warning("Only collections with string type keys will be serialized. This key has %s", type(key))
        return
    graph = graph or get_default_graph()
    items = [x for x in override_contents or graph.get_collection(key) if is_included(x, export_scope, exclude_nodes)]
    if not items:
        return
    try:
        _fill(meta_graph_def.collection_def[key], key, items, export_scope)
    except Exception as e:  # items of users may be of any kind
        logging.warning(
            "Issue encountered when serializing %s.\nType is unsupported, or the types of the items don't match field type in "
            "CollectionDef. Note this is a warning and probably safe to ignore.\n%s", key, e,
        )  # fmt: skip
        if key in meta_graph_def.collection_def:
            del meta_graph_def.collection_def[key]


def _fill(target, key, items, export_scope):
    """Writes items into a `CollectionDef`."""
    message, to_proto, _ = _functions(key)
    if to_proto:
        for item in items:
            made = to_proto(item, export_scope=export_scope)
            if made:
                assert isinstance(made, message)
                target.bytes_list.value.append(made.SerializeToString())
        return
    kind = _kind(items[0])
    values = getattr(target, kind).value
    if kind == "node_list":
        values.extend(strip_name_scope(x.name, export_scope) for x in items if not export_scope or x.name.startswith(export_scope))
    elif kind == "bytes_list":
        values.extend(map(as_bytes, items))
    elif kind == "any_list":
        for x in items:
            values.add(type_url=x.type_url, value=x.value)
    else:
        values.extend(items)


def _kind(item):
    """The field of a `CollectionDef` for items like this one."""
    from google.protobuf.any_pb2 import Any

    for kind, types in (("bytes_list", str | bytes), ("int64_list", int), ("float_list", float), ("any_list", Any)):
        if isinstance(item, types):
            return kind
    return "node_list"


# ------------------------------------------------------------------------------------------------------------------- reading


class Restoring:
    """Adds collections of a `MetaGraphDef` to a graph.

    Args:
      graph: the graph.
      scope: the scope that its nodes are in, `""` for none.
      knows_trainable: whether the messages for variables say what is trainable; TensorFlow before 1.9 did not.
    """

    def __init__(self, graph, scope, knows_trainable):
        self._graph, self._scope, self._knows_trainable = graph, scope, knows_trainable
        self._variables = {}  # serialized message -> variable

    def add(self, key, definition):
        """Adds a collection, given by its key and its `CollectionDef`."""
        kind = definition.WhichOneof("kind")
        if key in _CONTEXTS:
            return
        if kind is None:
            logging.error("Cannot identify data type for collection %s. Skipping.", key)
            return
        message, _, from_proto = _functions(key)
        if from_proto and kind == "bytes_list":
            for text in definition.bytes_list.value:
                self._graph.add_to_collection(key, self._item(key, text, message, from_proto))
            return
        if key in _OLD:
            logging.warning(
                "The saved meta_graph is possibly from an older release:\n'%s' collection should be of type 'byte_list', but "
                "instead is of type '%s'.", key, kind,
            )  # fmt: skip
        for value in getattr(definition, kind).value:
            self._graph.add_to_collection(key, self._value(kind, value))

    def _item(self, key, text, message, from_proto):
        if key not in _VARIABLES:
            return from_proto(_parsed(message, text, key), import_scope=self._scope)
        found = self._variables.get(text)
        if found is None:
            proto = _parsed(message, text, key)
            if not self._knows_trainable:
                proto.trainable = key == GraphKeys.TRAINABLE_VARIABLES
            found = self._variables[text] = from_proto(proto, import_scope=self._scope)
        return found

    def _value(self, kind, value):
        if kind == "node_list":
            return self._graph.as_graph_element(prepend_name_scope(value, self._scope))
        if kind == "int64_list":
            return int(value)
        if kind == "bytes_list":
            return prepend_name_scope(as_text(value), self._scope) if self._scope else value
        return value


def _parsed(message, text, key):
    """The message of a class that some bytes are; otherwise DataLossError."""
    from google.protobuf.message import DecodeError

    try:
        return message.FromString(text)
    except DecodeError:
        raise DataLossError(None, None, "The collection %s has an item that is no %s" % (key, message.DESCRIPTOR.name)) from None
