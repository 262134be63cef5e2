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
