"""`tf.estimator.BaselineClassifier` and the like: estimators that learn one bias whatever the features are."""

from ..core.export import export, public as tf
from ..core.scopes import control_dependencies
from ..feature_column.numeric import NumericColumn
from ..training.global_step import get_global_step
from ..variables.scope import get_variable, variable_scope
from .canned import chosen_optimizer
from .estimator import Estimator
from .heads import RegressionHead, classifying_head

_SUM = "weighted_sum"


def _key_of(weight_column):
    """The name of the feature of weights; raises TypeError for what is no name or column."""
    if weight_column is None or isinstance(weight_column, str):
        return weight_column
    if not isinstance(weight_column, NumericColumn):
        raise TypeError("Weight column must be either a string or _NumericColumn. Given type: %s." % type(weight_column))
    return weight_column.key


def _logits(features, units, weight_column):
    """The bias for every example; all features must have as many."""
    sizes = [tf.shape(feature)[0] for key, feature in features.items() if key != _key_of(weight_column)]
    checks = [tf.assert_equal(sizes[0], size) for size in sizes[1:]]
    with control_dependencies([c for c in checks if c is not None]), variable_scope("baseline"):
        bias = get_variable("bias", shape=[units], initializer=tf.zeros_initializer())
        return tf.multiply(bias, tf.ones([sizes[0], units]))


class _Baseline(Estimator):
    def _make(self, head, optimizer, weight_column, model_dir, config):
        def model_fn(features, labels, mode, config):
            def train(loss):
                return chosen_optimizer(optimizer, 0.3).minimize(loss, global_step=get_global_step())

            logits = _logits(features, head.logits_dimension, weight_column)
            return head.create_estimator_spec(features, mode, logits, labels, train_op_fn=train)

        super().__init__(model_fn=model_fn, model_dir=model_dir, config=config)


@export("estimator.BaselineClassifier")
class BaselineClassifier(_Baseline):
    """Learns how frequent classes are, whatever the features.

    Args:
      n_classes, weight_column, label_vocabulary, optimizer, loss_reduction: as of `DNNClassifier`.
      model_dir, config: as of `tf.estimator.Estimator`.
    """

    def __init__(self, model_dir=None, n_classes=2, weight_column=None, label_vocabulary=None, optimizer="Ftrl", config=None,
                 loss_reduction=_SUM):  # fmt: skip
        head = classifying_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        self._make(head, optimizer, weight_column, model_dir, config)


@export("estimator.BaselineRegressor")
class BaselineRegressor(_Baseline):
    """Learns the mean of numbers, whatever the features.

    Args:
      label_dimension: how many numbers an example has.
      model_dir, weight_column, optimizer, config, loss_reduction: as of `BaselineClassifier`.
    """

    def __init__(self, model_dir=None, label_dimension=1, weight_column=None, optimizer="Ftrl", config=None,
                 loss_reduction=_SUM):  # fmt: skip
        self._make(RegressionHead(weight_column, label_dimension, loss_reduction), optimizer, None, model_dir, config)


@export("estimator.BaselineEstimator", "contrib.estimator.BaselineEstimator")
class BaselineEstimator(_Baseline):
    """Learns a bias for a head of its own, whatever the features.

    Args:
      head: the head.
      model_dir, optimizer, config: as of `BaselineClassifier`.
    """

    def __init__(self, head, model_dir=None, optimizer="Ftrl", config=None):
        self._make(head, optimizer, None, model_dir, config)
