"""The state of the trees of a forest as resources that are initialized and saved with a graph."""

import functools

from ...core.collections import GraphKeys, add_to_collection
from ...core.context import here
from ...core.dispatch import registry
from ...core.export import export
from ...core.scopes import control_dependencies, name_scope
from ...core.trackable import SaveableObject, SaveSpec
from ...ops.forest_state import parameters
from ...sessions.resources import register_resource
from ...variables.tracking import TrackableResource
from .parameters import build_params_proto

_OPS = "contrib.tensor_forest.python.ops."


class _Saveable(SaveableObject):
    """What is saved of such a resource: it as a serialized message."""

    def __init__(self, variable, params, create_op, name):
        self._variable, self._params, self._create_op = variable, params, create_op
        specs = [SaveSpec(variable.serialized(), "", name)]
        super().__init__(variable.resource_handle, specs, name)

    def restore(self, restored_tensors, restored_shapes):
        """The operation that sets the resource to what was saved."""
        with control_dependencies([self._create_op]):
            return self._variable.deserialized(restored_tensors[0])


class _Variable(TrackableResource):
    """What a tree and its statistics share."""

    _handle = _create = _is_initialized = _deserialize = _kind = None

    def __init__(self, params, config, name, container=None):
        super().__init__()
        self._params, self._config, self._name, self._container = params, config, name, container
        self._init_op = None
        self._resource_handle = self._create_resource()

    def _create_resource(self):
        shared = "%s_%d" % (self._kind, id(self)) if here.eager else self._name
        return registry[self._handle](container=self._container or "", shared_name=shared, name=self._name)

    def _initialize(self):
        return registry[self._create](self.resource_handle, self._config, params=self._params.serialized_params_proto)

    @property
    def initializer(self):
        """The operation that makes it."""
        if self._init_op is None:
            self._init_op = self._initialize()
        return self._init_op

    def is_initialized(self):
        """Whether it has been made, a bool scalar."""
        return registry[self._is_initialized](self.resource_handle)

    def deserialized(self, text):
        """The operation that sets it to a serialized message."""
        return registry[self._deserialize](self.resource_handle, text, params=self._params.serialized_params_proto)

    def _gather_saveables_for_checkpoint(self):
        made = functools.partial(_Saveable, variable=self, params=self._params, create_op=self.initializer)
        return {self._kind: made}

    @classmethod
    def registered(cls, params, config, name, container, default_name):
        """The handle of a new one that is initialized and saved with the graph."""
        with name_scope(name, default_name) as name:
            variable = cls(params, config, name, container)
            handle, create_op = variable.resource_handle, variable.initializer
            is_initialized = variable.is_initialized()
            saveable = variable._gather_saveables_for_checkpoint()[cls._kind](name=handle.name)
            add_to_collection(GraphKeys.SAVEABLE_OBJECTS, saveable)
            register_resource(handle, create_op, is_initialized)
            return handle


class TreeVariable(_Variable):
    """A decision tree."""

    _handle, _create, _is_initialized = "DecisionTreeResourceHandleOp", "CreateTreeVariable", "TreeIsInitializedOp"
    _deserialize, _kind = "TreeDeserialize", "tree_variable"

    def serialized(self):
        """The tree as a serialized message."""
        return registry["TreeSerialize"](self.resource_handle)


class FertileStatsVariable(_Variable):
    """The statistics of the leaves of a tree."""

    _handle, _create = "FertileStatsResourceHandleOp", "CreateFertileStatsVariable"
    _is_initialized = "FertileStatsIsInitializedOp"
    _deserialize, _kind = "FertileStatsDeserialize", "fertile_stats_variable"

    def serialized(self):
        """The statistics as a serialized message."""
        return registry["FertileStatsSerialize"](self.resource_handle, params=self._params.serialized_params_proto)


@export(_OPS + "model_ops.tree_variable")
def tree_variable(params, tree_config, stats_handle, name, container=None):
    """Makes a decision tree that is initialized and saved with the graph.

    Args:
      params: filled `ForestHParams` with `serialized_params_proto`.
      tree_config: a serialized `decision_trees.Model`, a string scalar; "" for a single leaf.
      stats_handle: without meaning, as in TensorFlow.
      name: the name of the operation.
      container: the container that it is kept in.

    Returns:
      Its handle.
    """
    return TreeVariable.registered(params, tree_config, name, container, "TreeVariable")


@export(_OPS + "stats_ops.fertile_stats_variable")
def fertile_stats_variable(params, stats_config, name, container=None):
    """Makes the statistics of a tree, which are initialized and saved with the graph.

    Args:
      params: filled `ForestHParams` with `serialized_params_proto`.
      stats_config: a serialized `FertileStats`, a string scalar; "" for that of a single leaf.
      name: the name of the operation.
      container: the container that they are kept in.

    Returns:
      Their handle.
    """
    return FertileStatsVariable.registered(params, stats_config, name, container, "FertileStatsVariable")


@export("contrib.tensor_forest.python.tensor_forest.TreeVariables")
class TreeVariables:
    """The resources of one tree.

    Args:
      params: filled `ForestHParams`.
      tree_num: the number of the tree.
      training: whether it is to be trained, and so has statistics.
      tree_config, tree_stat: serialized messages that it begins with.

    Attributes:
      tree, stats: the handles.

    Raises:
      NotYetError: the parameters ask for a strategy that Eagle does not have.
    """

    def __init__(self, params, tree_num, training, tree_config="", tree_stat=""):
        if not hasattr(params, "params_proto"):
            params.params_proto = build_params_proto(params)
        params.serialized_params_proto = params.params_proto.SerializeToString()
        parameters(params.serialized_params_proto)
        self.stats = None
        if training:
            self.stats = fertile_stats_variable(params, tree_stat, self.get_tree_name("stats", tree_num))
        self.tree = tree_variable(params, tree_config, self.stats, self.get_tree_name("tree", tree_num))

    def get_tree_name(self, name, num):
        """The name of a resource of a tree."""
        return "%s-%s" % (name, num)
