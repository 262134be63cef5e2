"""`tf.GraphKeys`, the names of the standard collections, and the functions on the default graph's collections."""

from .export import export
from .graph import get_default_graph


@export("GraphKeys")
class GraphKeys:
    """The names of the collections that TensorFlow's library code fills and reads."""

    GLOBAL_VARIABLES = "variables"
    LOCAL_VARIABLES = "local_variables"
    METRIC_VARIABLES = "metric_variables"
    MODEL_VARIABLES = "model_variables"
    TRAINABLE_VARIABLES = "trainable_variables"
    SUMMARIES = "summaries"
    QUEUE_RUNNERS = "queue_runners"
    TABLE_INITIALIZERS = "table_initializer"
    ASSET_FILEPATHS = "asset_filepaths"
    MOVING_AVERAGE_VARIABLES = "moving_average_variables"
    REGULARIZATION_LOSSES = "regularization_losses"
    CONCATENATED_VARIABLES = "concatenated_variables"
    SAVERS = "savers"
    WEIGHTS = "weights"
    BIASES = "biases"
    ACTIVATIONS = "activations"
    UPDATE_OPS = "update_ops"
    LOSSES = "losses"
    SAVEABLE_OBJECTS = "saveable_objects"
    RESOURCES = "resources"
    LOCAL_RESOURCES = "local_resources"
    TRAINABLE_RESOURCE_VARIABLES = "trainable_resource_variables"
    INIT_OP = "init_op"
    LOCAL_INIT_OP = "local_init_op"
    READY_OP = "ready_op"
    READY_FOR_LOCAL_INIT_OP = "ready_for_local_init_op"
    SUMMARY_OP = "summary_op"
    GLOBAL_STEP = "global_step"
    EVAL_STEP = "eval_step"
    TRAIN_OP = "train_op"
    COND_CONTEXT = "cond_context"
    WHILE_CONTEXT = "while_context"
    _SUMMARY_COLLECTION = "_SUMMARY_V2"
    _VARIABLE_COLLECTIONS = ["variables", "local_variables", "model_variables", "trainable_variables"]
    _STREAMING_MODEL_PORTS = "streaming_model_ports"
    VARIABLES = "variables"  # deprecated spelling of GLOBAL_VARIABLES


@export("add_to_collection")
def add_to_collection(name, value):
    """Appends `value` to a collection of the default graph."""
    get_default_graph().add_to_collection(name, value)


@export("add_to_collections")
def add_to_collections(names, value):
    """Appends `value` to several collections of the default graph."""
    get_default_graph().add_to_collections(names, value)


@export("get_collection_ref")
def get_collection_ref(key):
    """The list that is a collection of the default graph."""
    return get_default_graph().get_collection_ref(key)


@export("get_collection")
def get_collection(key, scope=None):
    """A copy of a collection of the default graph; `scope` filters by a regular expression at the beginning of the name."""
    return get_default_graph().get_collection(key, scope)


def get_all_collection_keys():
    """The names of all collections of the default graph."""
    return get_default_graph().get_all_collection_keys()


_in_files = {}  # key of a collection -> (type of the messages, function to a message, function from a message)


@export("python.framework.ops.register_proto_function")
def register_proto_function(collection_name, proto_type=None, to_proto=None, from_proto=None):
    """Says how files hold the items of a collection.

    Args:
      collection_name: the key of the collection.
      proto_type: the class of the messages that stand for items.
      to_proto: a function from an item and a keyword `export_scope` to a message, or to None if the item is not in that scope.
      from_proto: a function from a message and a keyword `import_scope` to an item.

    Raises:
      KeyError: it has been said already.
      TypeError: a function can't be called.
    """
    if collection_name in _in_files:
        raise KeyError("Registering two proto_function with name '%s'!" % collection_name)
    for function, what in ((to_proto, "to_proto"), (from_proto, "from_proto")):
        if function and not callable(function):
            raise TypeError("%s must be callable." % what)
    _in_files[collection_name] = proto_type, to_proto, from_proto


def proto_functions(collection_name):
    """How files hold the items of a collection: the arguments of `register_proto_function`; a triple of None if nobody said."""
    return _in_files.get(collection_name, (None, None, None))


@export("python.framework.ops.get_collection_proto_type")
def get_collection_proto_type(collection_name):
    """The class of the messages that stand for the items of a collection, or None."""
    return proto_functions(collection_name)[0]


@export("python.framework.ops.get_to_proto_function")
def get_to_proto_function(collection_name):
    """The function that makes messages of the items of a collection, or None."""
    return proto_functions(collection_name)[1]


@export("python.framework.ops.get_from_proto_function")
def get_from_proto_function(collection_name):
    """The function that makes items of a collection of messages, or None."""
    return proto_functions(collection_name)[2]
