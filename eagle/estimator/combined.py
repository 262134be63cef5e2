"""`tf.estimator.DNNLinearCombinedClassifier` and the like: a network and a linear model whose logits are added."""

import math

from ..core.collections import GraphKeys, get_collection
from ..core.export import export, public as tf
from ..ops.flow import group
from ..training.global_step import get_global_step
from ..variables.scope import variable_scope
from .canned import Network, WeightedSum, chosen_optimizer, part_sizes, show_activation
from .estimator import Estimator
from .heads import RegressionHead, classifying_head

_SUM = "weighted_sum"


class _Part:
    """The network or the linear model, in the scope of its variables, with the optimizer that trains them.

    Args:
      scope: the name of the scope.
      model: what makes the logits.
      optimizer: an optimizer, a function that makes one, or a name.
      rate: the learning rate if it is only named.
      part_size: into parts of at least how many bytes variables are cut.
      partitioner: what cuts them instead, or None.
      shows: whether the logits are summarized here.
    """

    def __init__(self, scope, model, optimizer, rate, part_size, partitioner=None, shows=False):
        self._scope, self._model, self._optimizer, self._rate = scope, model, optimizer, rate
        self._part_size, self._partitioner, self._shows = part_size, partitioner, shows

    def logits(self, features, mode, units, config):
        """The logits, and a function from a loss to the operation that trains this part."""
        optimizer = chosen_optimizer(self._optimizer, self._rate)
        if isinstance(optimizer, tf.train.SyncReplicasOptimizer):
            raise ValueError("SyncReplicasOptimizer does not support multi optimizers case. Therefore, it is not supported in "
                             "DNNLinearCombined model. If you want to use this optimizer, please use either DNN or Linear "
                             "model.")  # fmt: skip
        partitioner = self._partitioner or part_sizes(config, self._part_size)
        with variable_scope(self._scope, values=tuple(features.values()), partitioner=partitioner) as scope:
            logits = self._model.logits(features, mode, units, config)
            if self._shows:
                show_activation(logits, scope.name)

        def train(loss):
            return optimizer.minimize(loss, var_list=get_collection(GraphKeys.TRAINABLE_VARIABLES, scope=scope.name))

        return logits, train


def _model_fn(head, parts):
    """The model function of a head on the sum of the logits of some parts."""

    def model_fn(features, labels, mode, config):
        if not isinstance(features, dict):
            raise ValueError("features should be a dictionary of `Tensor`s. Given type: %s" % type(features))
        found = [part.logits(features, mode, head.logits_dimension, config) for part in parts]
        logits = found[0][0] if len(found) == 1 else found[0][0] + found[1][0]

        def train(loss):
            together = group(*[train_part(loss) for _, train_part in found])
            with tf.control_dependencies([together]):
                return tf.assign_add(get_global_step(), 1).op

        return head.create_estimator_spec(features, mode, logits, labels, train_op_fn=train)

    return model_fn


class _Combined(Estimator):
    def _make(self, head, linear, dnn, rest):
        """Makes the estimator.

        Args:
          head: the head.
          linear: columns, optimizer and combiner of the linear model.
          dnn: columns, optimizer, hidden units, activation function, dropout, whether batches are normalized, and the partitioner
            of the input layer.
          rest: the arguments of `Estimator`.
        """
        columns, optimizer, hidden_units, activation_fn, dropout, batch_norm, partitioner = dnn
        parts = []
        if columns:
            if not hidden_units:
                raise ValueError("dnn_hidden_units must be defined when dnn_feature_columns is specified.")
            network = Network(hidden_units, columns, activation_fn, dropout, batch_norm, partitioner)
            parts.append(_Part("dnn", network, optimizer, 0.001, 256 << 10))
        columns, optimizer, combiner = linear
        if columns:
            rate = min(0.005, 1.0 / math.sqrt(len(columns)))
            model = WeightedSum(columns, combiner)
            parts.append(_Part("linear", model, optimizer, rate, 64 << 20, partitioner, shows=True))
        if not parts:
            raise ValueError("Either linear_feature_columns or dnn_feature_columns must be defined.")
        super().__init__(model_fn=_model_fn(head, parts), **rest)


@export("estimator.DNNLinearCombinedClassifier")
class DNNLinearCombinedClassifier(_Combined):
    """A network and a linear model that classify together: their logits are added.

    Args:
      linear_feature_columns, linear_optimizer, linear_sparse_combiner: of the linear model, as of `LinearClassifier`.
      dnn_feature_columns, dnn_optimizer, dnn_hidden_units, dnn_activation_fn, dnn_dropout, batch_norm, input_layer_partitioner: of
        the network, as of `DNNClassifier`.
      n_classes, weight_column, label_vocabulary, loss_reduction: as of `DNNClassifier`.
      model_dir, config, warm_start_from: as of `tf.estimator.Estimator`.

    Raises:
      ValueError: there are no columns, or no hidden units for those of the network.
    """

    def __init__(self, model_dir=None, linear_feature_columns=None, linear_optimizer="Ftrl", dnn_feature_columns=None,
                 dnn_optimizer="Adagrad", dnn_hidden_units=None, dnn_activation_fn=None, dnn_dropout=None, n_classes=2,
                 weight_column=None, label_vocabulary=None, input_layer_partitioner=None, config=None, warm_start_from=None,
                 loss_reduction=_SUM, batch_norm=False, linear_sparse_combiner="sum"):  # fmt: skip
        self._make(
            classifying_head(n_classes, weight_column, label_vocabulary, loss_reduction),
            (linear_feature_columns, linear_optimizer, linear_sparse_combiner),
            (dnn_feature_columns, dnn_optimizer, dnn_hidden_units, dnn_activation_fn, dnn_dropout, batch_norm,
             input_layer_partitioner),
            {"model_dir": model_dir, "config": config, "warm_start_from": warm_start_from},
        )  # fmt: skip


@export("estimator.DNNLinearCombinedRegressor")
class DNNLinearCombinedRegressor(_Combined):
    """A network and a linear model that predict numbers together.

    Args:
      label_dimension: how many numbers an example has.
      model_dir, linear_feature_columns, linear_optimizer, dnn_feature_columns, dnn_optimizer, dnn_hidden_units, dnn_activation_fn,
        dnn_dropout, weight_column, input_layer_partitioner, config, warm_start_from, loss_reduction, batch_norm,
        linear_sparse_combiner: as of `DNNLinearCombinedClassifier`.

    Raises:
      ValueError: there are no columns, or no hidden units for those of the network.
    """

    def __init__(self, model_dir=None, linear_feature_columns=None, linear_optimizer="Ftrl", dnn_feature_columns=None,
                 dnn_optimizer="Adagrad", dnn_hidden_units=None, dnn_activation_fn=None, dnn_dropout=None, label_dimension=1,
                 weight_column=None, input_layer_partitioner=None, config=None, warm_start_from=None, loss_reduction=_SUM,
                 batch_norm=False, linear_sparse_combiner="sum"):  # fmt: skip
        self._make(
            RegressionHead(weight_column, label_dimension, loss_reduction),
            (linear_feature_columns, linear_optimizer, linear_sparse_combiner),
            (dnn_feature_columns, dnn_optimizer, dnn_hidden_units, dnn_activation_fn, dnn_dropout, batch_norm,
             input_layer_partitioner),
            {"model_dir": model_dir, "config": config, "warm_start_from": warm_start_from},
        )  # fmt: skip


@export("estimator.DNNLinearCombinedEstimator", "contrib.estimator.DNNLinearCombinedEstimator")
class DNNLinearCombinedEstimator(_Combined):
    """A network and a linear model with a head of their own.

    Args:
      head: the head.
      model_dir, linear_feature_columns, linear_optimizer, dnn_feature_columns, dnn_optimizer, dnn_hidden_units, dnn_activation_fn,
        dnn_dropout, input_layer_partitioner, config, batch_norm, linear_sparse_combiner: as of `DNNLinearCombinedClassifier`.

    Raises:
      ValueError: there are no columns, or no hidden units for those of the network.
    """

    def __init__(self, head, model_dir=None, linear_feature_columns=None, linear_optimizer="Ftrl", dnn_feature_columns=None,
                 dnn_optimizer="Adagrad", dnn_hidden_units=None, dnn_activation_fn=None, dnn_dropout=None,
                 input_layer_partitioner=None, config=None, batch_norm=False, linear_sparse_combiner="sum"):  # fmt: skip
        self._make(
            head,
            (linear_feature_columns, linear_optimizer, linear_sparse_combiner),
            (dnn_feature_columns, dnn_optimizer, dnn_hidden_units, dnn_activation_fn, dnn_dropout, batch_norm,
             input_layer_partitioner),
            {"model_dir": model_dir, "config": config},
        )  # fmt: skip
