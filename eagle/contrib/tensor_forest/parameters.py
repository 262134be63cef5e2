"""The parameters of forests: `tf.contrib.tensor_forest.python.tensor_forest.ForestHParams`."""

import math
import numbers
import random

from ... import protos
from ...core.export import export

_HERE = "contrib.tensor_forest.python.tensor_forest."
# The strategies by name, as the numbers that `TensorForestParams` has for them: those of leaves with those of their statistics.
CLASSIFICATION_LEAF_MODEL_TYPES = {"all_dense": (0, 0), "all_sparse": (1, 1), "sparse_then_dense": (3, 3)}
REGRESSION_MODEL_TYPE = (2, 2, 0)
FINISH_TYPES = {"basic": 0, "hoeffding": 2, "bootstrap": 3}
PRUNING_TYPES = {"none": 0, "half": 1, "quarter": 2, "10_percent": 3, "hoeffding": 4}
SPLIT_TYPES = {"less_or_equal": 0, "less": 1}
for _name in "CLASSIFICATION_LEAF_MODEL_TYPES REGRESSION_MODEL_TYPE FINISH_TYPES PRUNING_TYPES SPLIT_TYPES".split():
    export(_HERE + _name)(globals()[_name])


@export(_HERE + "ForestHParams")
class ForestHParams:
    """The parameters of a forest, to be completed with `fill()`.

    Args:
      num_trees: how many trees there are.
      max_nodes: how many nodes a tree may have before it grows no more.
      bagging_fraction: the share of the examples of a batch that a tree sees.
      num_splits_to_consider: how many candidates a leaf has; 0 for about the root of the number of features.
      feature_bagging_fraction: the share of the features that a tree sees.
      max_fertile_nodes, valid_leaf_threshold, dominate_method: without meaning, as in TensorFlow.
      split_after_samples: how many examples a leaf sees before it is split.
      dominate_fraction: how sure one must be to split early.
      model_name: what leaves keep, "all_dense", "all_sparse" or "sparse_then_dense".
      split_finish_name: when leaves are split: "basic", "hoeffding" or "bootstrap".
      split_pruning_name: how bad candidates are left out: "none", "half", "quarter", "10_percent" or "hoeffding".
      prune_every_samples, early_finish_check_every_samples: how often that is looked at.
      collate_examples: whether examples are gathered by leaf; those of the batch that begins a leaf count no more then.
      checkpoint_stats: whether the statistics of leaves are saved.
      use_running_stats_method: whether impurities are kept up to date; the results are the same.
      initialize_average_splits: whether thresholds are means of two examples.
      inference_tree_paths: whether the paths of examples are given.
      param_file: the path of a text file of `TensorForestParams` that goes before these.
      split_name: which examples go to the left: "less_or_equal" or "less".
      **kwargs: `num_classes` and `num_features`, which must be given; `regression`; `base_random_seed`; others.
    """

    def __init__(self, num_trees=100, max_nodes=10000, bagging_fraction=1.0, num_splits_to_consider=0,
                 feature_bagging_fraction=1.0, max_fertile_nodes=0, split_after_samples=250, valid_leaf_threshold=1,
                 dominate_method="bootstrap", dominate_fraction=0.99, model_name="all_dense", split_finish_name="basic",
                 split_pruning_name="none", prune_every_samples=0, early_finish_check_every_samples=0, collate_examples=False,
                 checkpoint_stats=False, use_running_stats_method=False, initialize_average_splits=False,
                 inference_tree_paths=False, param_file=None, split_name="less_or_equal", **kwargs):  # fmt: skip
        given = dict(locals(), **kwargs)
        for other in ("self", "kwargs", "__class__"):
            given.pop(other, None)
        vars(self).update(given)

    def values(self):
        """All parameters by name, a dict."""
        return self.__dict__

    def fill(self):
        """Gives values to parameters that follow from others; the object itself.

        Raises:
          AttributeError: `num_classes` or `num_features` was not given.
          KeyError: a strategy is an unknown one.
        """
        classes, features = self.num_classes, self.num_features
        self.bagged_num_features = int(self.feature_bagging_fraction * features)
        self.bagged_features = None
        if self.feature_bagging_fraction < 1.0:
            self.bagged_features = [random.sample(range(features), self.bagged_num_features) for _ in range(self.num_trees)]
        self.regression = getattr(self, "regression", False)
        self.num_outputs = classes if self.regression else 1
        self.num_output_columns = classes + 1
        self.num_splits_to_consider = self.num_splits_to_consider or min(max(10, math.floor(math.sqrt(features))), 1000)
        self.base_random_seed = getattr(self, "base_random_seed", 0)
        kinds = REGRESSION_MODEL_TYPE if self.regression else CLASSIFICATION_LEAF_MODEL_TYPES[self.model_name]
        self.leaf_model_type, self.stats_model_type = kinds[:2]
        self.finish_type = FINISH_TYPES["basic" if self.regression else self.split_finish_name]
        self.pruning_type = PRUNING_TYPES[self.split_pruning_name]
        self.prune_every_samples = self._every(self.pruning_type, self.prune_every_samples, 2)
        self.early_finish_check_every_samples = self._every(self.finish_type, self.early_finish_check_every_samples, 4)
        self.split_type = SPLIT_TYPES[self.split_name]
        return self

    def _every(self, strategy, given, times):
        """How often a strategy looks: as often as given, or so many times before a leaf is split; 0 without one."""
        return (given or int(self.split_after_samples) / times) if strategy else 0


def _merge(text, message):
    from google.protobuf import text_format

    text_format.Merge(text, message)


@export(_HERE + "parse_number_or_string_to_proto")
def parse_number_or_string_to_proto(proto, param):
    """Puts a number, or the text of one or of a `DepthDependentParam`, into a `DepthDependentParam`."""
    if isinstance(param, numbers.Number):
        proto.constant_value = param
    elif param.isdigit():
        proto.constant_value = int(param)
    else:
        _merge(param, proto)


@export(_HERE + "build_params_proto")
def build_params_proto(params):
    """The `TensorForestParams` of filled `ForestHParams`."""
    proto = protos.TensorForestParams(
        num_trees=params.num_trees,
        max_nodes=params.max_nodes,
        is_regression=params.regression,
        num_outputs=params.num_classes,
        num_features=params.num_features,
        leaf_type=params.leaf_model_type,
        stats_type=params.stats_model_type,
        inequality_test_type=params.split_type,
        collate_examples=params.collate_examples,
        checkpoint_stats=params.checkpoint_stats,
        use_running_stats_method=params.use_running_stats_method,
        initialize_average_splits=params.initialize_average_splits,
        inference_tree_paths=params.inference_tree_paths,
    )
    proto.pruning_type.type, proto.finish_type.type = params.pruning_type, params.finish_type
    parse_number_or_string_to_proto(proto.pruning_type.prune_every_samples, params.prune_every_samples)
    parse_number_or_string_to_proto(proto.finish_type.check_every_steps, params.early_finish_check_every_samples)
    parse_number_or_string_to_proto(proto.split_after_samples, params.split_after_samples)
    parse_number_or_string_to_proto(proto.num_splits_to_consider, params.num_splits_to_consider)
    proto.dominate_fraction.constant_value = params.dominate_fraction
    if params.param_file:
        with open(params.param_file) as f:
            _merge(f.read(), proto)
    return proto
