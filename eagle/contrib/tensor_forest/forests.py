"""The graphs of random forests: `tf.contrib.tensor_forest.python.tensor_forest.RandomForestGraphs`."""

from ...core import dtypes
from ...core.dispatch import registry
from ...core.export import export, public as tf
from ...core.scopes import control_dependencies, device
from ...ops.flow import group
from ...platform import tf_logging
from ...variables.scope import get_variable
from .inputs import ParseDataTensorOrDict, ParseLabelTensorOrDict
from .trees import TreeVariables

_HERE = "contrib.tensor_forest.python.tensor_forest."


@export(_HERE + "get_epoch_variable")
def get_epoch_variable():
    """The number of the epoch that `tf.train.limit_epochs` counts, a vector of one; `[0]` if it does not."""
    for variable in tf.local_variables():
        if "limit_epochs/epoch" in variable.op.name:
            return tf.reshape(variable, [1])
    return [0]


@export(_HERE + "ForestVariables")
class ForestVariables:
    """The resources of the trees of a forest; `variables[i]` are those of a tree.

    Args:
      params: filled `ForestHParams`.
      device_assigner: a device or device function that deals the trees out.
      training: whether the forest is to be trained.
      tree_variables_class: what makes those of a tree.
      tree_configs, tree_stats: for each tree the serialized messages that it begins with, or None.
    """

    def __init__(
        self, params, device_assigner, training=True, tree_variables_class=TreeVariables, tree_configs=None, tree_stats=None
    ):
        with device(device_assigner):
            self.device_dummies = [get_variable(name="device_dummy_%d" % i, shape=0) for i in range(params.num_trees)]
        self.variables = []
        for i in range(params.num_trees):
            begins = {}
            if tree_configs is not None:
                begins["tree_config"] = tree_configs[i]
            if tree_stats is not None:
                begins["tree_stat"] = tree_stats[i]
            with device(self.device_dummies[i].device):
                self.variables.append(tree_variables_class(params, i, training, **begins))

    def __setitem__(self, t, val):
        self.variables[t] = val

    def __getitem__(self, t):
        return self.variables[t]


def _sparse_parts(sparse):
    return ([], [], []) if sparse is None else (sparse.indices, sparse.values, sparse.dense_shape)


@export(_HERE + "RandomTreeGraphs")
class RandomTreeGraphs:
    """The graphs of one tree.

    Args:
      variables: its `TreeVariables`.
      params: filled `ForestHParams`.
      tree_num: its number.
    """

    def __init__(self, variables, params, tree_num):
        self.variables, self.params, self.tree_num = variables, params, tree_num

    def _attributes(self, data_spec):
        return dict(input_spec=data_spec.SerializeToString(), params=self.params.serialized_params_proto)

    def training_graph(self, input_data, input_labels, random_seed, data_spec, sparse_features=None, input_weights=None):
        """The operation that trains the tree with a batch.

        Args:
          input_data: the dense features, a float32 matrix, or None.
          input_labels: float32: a vector of classes, or a vector or matrix of targets.
          random_seed: the seed of the candidates that each batch draws, an int; 0 for one from the system.
          data_spec: a `TensorForestDataSpec`.
          sparse_features: a `SparseTensor` or None; with one the operation raises `NotYetError` when it runs.
          input_weights: the weights of the examples, a float32 vector, or None.
        """
        tf.cast(get_epoch_variable(), dtypes.int32)  # TensorFlow builds this node, and nothing uses it
        tree, stats, attributes = self.variables.tree, self.variables.stats, self._attributes(data_spec)
        features = [[] if input_data is None else input_data, *_sparse_parts(sparse_features)]
        weights = [] if input_weights is None else input_weights
        params = attributes["params"]
        leaf_ids = registry["TraverseTreeV4"](tree, *features, **attributes)
        update = registry["UpdateModelV4"](tree, leaf_ids, input_labels, weights, params=params)
        finished = registry["ProcessInputV4"](
            tree, stats, *features, input_labels, weights, leaf_ids, random_seed=random_seed, **attributes
        )
        with control_dependencies([update]):
            return registry["GrowTreeV4"](tree, stats, finished, params=params)

    def inference_graph(self, input_data, data_spec, sparse_features=None):
        """What the tree says of examples: probabilities of classes or means, and paths (serialized `TreePath`s)."""
        features = [[] if input_data is None else input_data, *_sparse_parts(sparse_features)]
        return registry["TreePredictionsV4"](self.variables.tree, *features, **self._attributes(data_spec))

    def size(self):
        """The number of nodes, an int32 scalar."""
        return registry["TreeSize"](self.variables.tree)

    def feature_usage_counts(self):
        """How many nodes split by each of the features, an int32 vector."""
        return registry["FeatureUsageCounts"](self.variables.tree, params=self.params.serialized_params_proto)


@export(_HERE + "RandomForestGraphs")
class RandomForestGraphs:
    """The graphs of a random forest.

    Args:
      params: filled `ForestHParams`.
      tree_configs, tree_stats: for each tree the serialized messages that it begins with, or None.
      device_assigner: a device or device function that deals the trees out.
      variables: `ForestVariables`, or None to make them.
      tree_variables_class: what makes the variables of a tree.
      tree_graphs: what makes the graphs of a tree; by default `RandomTreeGraphs`.
      training: whether the forest is to be trained.
    """

    def __init__(self, params, tree_configs=None, tree_stats=None, device_assigner=None, variables=None,
                 tree_variables_class=TreeVariables, tree_graphs=None, training=True):  # fmt: skip
        self.params = params
        self.device_assigner = device_assigner or tf.contrib.framework.VariableDeviceChooser()
        tf_logging.info("Constructing forest with params = ")
        tf_logging.info(self.params.__dict__)
        self.variables = variables or ForestVariables(
            params,
            device_assigner=self.device_assigner,
            training=training,
            tree_variables_class=tree_variables_class,
            tree_configs=tree_configs,
            tree_stats=tree_stats,
        )
        made = tree_graphs or RandomTreeGraphs
        self.trees = [made(self.variables[i], params, i) for i in range(params.num_trees)]

    def _on_device_of(self, i):
        return device(self.variables.device_dummies[i].device)

    def _bag_features(self, tree_num, input_data):
        """The features that a tree sees."""
        columns = tf.split(value=input_data, num_or_size_splits=self.params.num_features, axis=1)
        return tf.concat([columns[i] for i in self.params.bagged_features[tree_num]], 1)

    def _features_of(self, i, dense, sparse):
        if not self.params.bagged_features:
            return dense
        if sparse is not None:
            raise NotImplementedError("Feature bagging not supported with sparse features.")
        return self._bag_features(i, dense)

    def _bagged(self, dense, sparse, labels, seed):
        """The examples that a tree sees."""
        if self.params.bagging_fraction >= 1.0:
            return dense, labels
        if sparse is not None:
            raise NotImplementedError("Bagging not supported with sparse features.")
        draws = tf.random_uniform(tf.strided_slice(tf.shape(dense), [0], [1]), seed=seed)
        mask = tf.less(draws, tf.ones_like(draws) * self.params.bagging_fraction)
        chosen = tf.squeeze(tf.where(mask), axis=[1])
        return tf.gather(dense, chosen), tf.gather(labels, chosen)

    def get_all_resource_handles(self):
        """The handles of all trees, then those of their statistics."""
        variables = [self.variables[i] for i in range(len(self.trees))]
        return [v.tree for v in variables] + [v.stats for v in variables]

    def training_graph(self, input_data, input_labels, num_trainers=1, trainer_id=0, **tree_kwargs):
        """The operation that trains the forest with a batch.

        Args:
          input_data: the features: a float32 matrix, or a dict of tensors by name.
          input_labels: the classes, a vector; or the targets, a vector or matrix; or a dict of tensors by name.
          num_trainers, trainer_id: how many share the trees, and which one this is.
          **tree_kwargs: passed to the `training_graph` of each tree.

        Raises:
          NotImplementedError: the features are sparse, and each tree is to see a part of the examples or features.
        """
        dense, sparse, spec = ParseDataTensorOrDict(input_data)
        labels = ParseLabelTensorOrDict(input_labels)
        share = self.params.num_trees / num_trainers
        steps = []
        for i in range(int(trainer_id * share), int((trainer_id + 1) * share)):
            with self._on_device_of(i):
                seed = self.params.base_random_seed
                if seed != 0:
                    seed += i
                data, targets = self._bagged(dense, sparse, labels, seed)
                data = self._features_of(i, data, sparse)
                steps.append(
                    self.trees[i].training_graph(data, targets, seed, data_spec=spec, sparse_features=sparse, **tree_kwargs)
                )
        return group(*steps, name="train")

    def inference_graph(self, input_data, **inference_args):
        """What the forest says of examples.

        Args:
          input_data: the features, as in training.
          **inference_args: passed to the `inference_graph` of each tree.

        Returns:
          Probabilities of classes or means, (batch, outputs); paths of examples as serialized `TreePath`s, (batch, trees),
          (0, trees) unless `inference_tree_paths` was set; variances among the trees, (batch, outputs).
        """
        dense, sparse, spec = ParseDataTensorOrDict(input_data)
        found = []
        for i in range(self.params.num_trees):
            with self._on_device_of(i):
                data = self._features_of(i, dense, sparse)
                found.append(self.trees[i].inference_graph(data, spec, sparse_features=sparse, **inference_args))
        count = self.params.num_trees
        with self._on_device_of(0):
            every = tf.stack([f[0] for f in found], axis=1)
            means = tf.div(tf.reduce_sum(every, 1), count, name="probabilities")
            paths = tf.stack([f[1] for f in found], axis=1)
            squares = tf.div(tf.reduce_sum(every * every, 1), count)
            return means, paths, tf.maximum(0.0, squares - means * means)

    def average_size(self):
        """The mean number of nodes of the trees, a float32 scalar."""
        sizes = []
        for i, tree in enumerate(self.trees):
            with self._on_device_of(i):
                sizes.append(tree.size())
        return tf.reduce_mean(tf.cast(tf.stack(sizes), dtypes.float32))

    def training_loss(self, features, labels, name="training_loss"):
        """The loss: the negative mean number of nodes.  Neither features nor labels matter, as in TensorFlow."""
        return tf.negative(self.average_size(), name=name)

    def validation_loss(self, features, labels):
        """The same as `training_loss`."""
        return tf.negative(self.average_size())

    def feature_importances(self):
        """For each feature the share of nodes that split by it, a float64 vector."""
        counts = tf.reduce_sum(tf.stack([tree.feature_usage_counts() for tree in self.trees], 0), 0)
        return counts / tf.reduce_sum(counts)
