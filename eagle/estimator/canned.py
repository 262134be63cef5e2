"""`tf.estimator.DNNClassifier` and the like: estimators of networks and linear models over feature columns."""

from ..core.export import export, public as tf
from ..feature_column.models import input_layer, linear_model
from ..training.optimizer import Optimizer
from ..variables.scope import get_variable_scope, variable_scope
from .estimator import Estimator
from .heads import RegressionHead, classifying_head
from .modes import ModeKeys

_OPTIMIZERS = {"Adagrad": "AdagradOptimizer", "Adam": "AdamOptimizer", "Ftrl": "FtrlOptimizer", "RMSProp": "RMSPropOptimizer",
               "SGD": "GradientDescentOptimizer"}  # fmt: skip
_SUM = "weighted_sum"


def chosen_optimizer(given, rate):
    """The optimizer with a name, or that a function gives.

    Raises:
      ValueError: there is none with that name, or it is something else.
    """
    if isinstance(given, str):
        if given not in _OPTIMIZERS:
            raise ValueError("Unsupported optimizer name: %s. Supported names are: %s" % (given, tuple(sorted(_OPTIMIZERS))))
        return getattr(tf.train, _OPTIMIZERS[given])(learning_rate=rate)
    given = given() if callable(given) else given
    if not isinstance(given, Optimizer):
        raise ValueError("The given object is not an Optimizer instance. Given: %s" % given)
    return given


def show_activation(value, tag):
    tf.summary.scalar("%s/fraction_of_zero_values" % tag, tf.nn.zero_fraction(value))
    tf.summary.histogram("%s/activation" % tag, value)


class Network:
    """A network over columns.

    Args:
      hidden_units: the sizes of the hidden layers.
      columns: the columns.
      activation_fn, dropout, batch_norm: of the hidden layers.
      partitioner: of the input layer's variables.
    """

    def __init__(self, hidden_units, columns, activation_fn, dropout, batch_norm, partitioner):
        self._hidden_units, self._columns, self._activation_fn = hidden_units, tuple(columns or ()), activation_fn or tf.nn.relu
        self._dropout, self._batch_norm, self._partitioner = dropout, batch_norm, partitioner

    def logits(self, features, mode, units, config):
        partitioner = self._partitioner or part_sizes(config, 64 << 20)
        with variable_scope(get_variable_scope(), use_resource=True, auxiliary_name_scope=False):  # as Keras's models do
            return self._logits(features, units, partitioner, mode == ModeKeys.TRAIN)

    def _logits(self, features, units, partitioner, is_training):
        dense = tf.layers.dense
        with variable_scope("input_from_feature_columns", partitioner=partitioner):
            net = input_layer(features, self._columns)
        for i, size in enumerate(self._hidden_units):
            with variable_scope("hiddenlayer_%d" % i) as scope:
                net = dense(
                    net, size, activation=self._activation_fn, kernel_initializer=tf.glorot_uniform_initializer(), name=scope
                )
                if self._dropout is not None and is_training:
                    net = tf.layers.dropout(net, rate=self._dropout, training=True)
                if self._batch_norm:
                    net = tf.layers.batch_normalization(net, momentum=0.999, training=is_training, name="batchnorm_%d" % i)
            show_activation(net, scope.name)
        with variable_scope("logits") as scope:
            logits = dense(net, units, activation=None, kernel_initializer=tf.glorot_uniform_initializer(), name=scope)
        show_activation(logits, scope.name)
        return logits


class WeightedSum:
    """A weighted sum of columns.

    Args:
      columns: the columns.
      combiner: how several classes of an example are joined.
    """

    def __init__(self, columns, combiner):
        self._columns, self._combiner = tuple(columns or ()), combiner

    def logits(self, features, mode, units, config):
        variables = {}
        logits = linear_model(features, self._columns, units, self._combiner, cols_to_vars=variables)
        bias = variables.pop("bias")
        if units > 1:
            tf.summary.histogram("bias", bias[0])
        else:
            tf.summary.scalar("bias", bias[0][0])
        weights = [tf.reshape(v, [-1]) for found in variables.values() for v in found]
        tf.summary.scalar("fraction_of_zero_weights", tf.nn.zero_fraction(tf.concat(weights, 0)))
        return logits


def part_sizes(config, size):
    """Cuts variables into parts of at least a size, at most one for each parameter server."""
    return tf.min_max_variable_partitioner(max_partitions=config.num_ps_replicas if config else 0, min_slice_size=size)


def _model_fn(head, scope, model, optimizer, rate, partition):
    """The model function of a head on a model in a scope.

    Args:
      head: the head.
      scope: the name of the scope.
      model: what makes the logits.
      optimizer: the optimizer, or its name.
      rate: the learning rate if it is only named.
      partition: a function of the configuration that gives the partitioner.
    """

    def model_fn(features, labels, mode, config):
        if not isinstance(features, dict):
            raise ValueError("features should be a dictionary of `Tensor`s. Given type: %s" % type(features))
        chosen = chosen_optimizer(optimizer, rate)
        with variable_scope(scope, values=tuple(features.values()), partitioner=partition(config)):
            logits = model.logits(features, mode, head.logits_dimension, config)
            return head.create_estimator_spec(features, mode, logits, labels, optimizer=chosen)

    return model_fn


class _DNN(Estimator):
    def _make(
        self, head, hidden_units, feature_columns, optimizer, activation_fn, dropout, input_layer_partitioner, batch_norm, rest
    ):
        network = Network(hidden_units, feature_columns, activation_fn, dropout, batch_norm, input_layer_partitioner)
        super().__init__(
            model_fn=_model_fn(head, "dnn", network, optimizer, 0.05, lambda config: part_sizes(config, 256 << 10)), **rest
        )


@export("estimator.DNNClassifier")
class DNNClassifier(_DNN):
    """A network that classifies.

    Args:
      hidden_units: the sizes of the hidden layers.
      feature_columns: dense columns.
      n_classes: how many classes there are.
      weight_column: the name of a feature of weights, or its column.
      label_vocabulary: the classes, if labels are strings.
      optimizer: an optimizer, a function that makes one, or a name.
      activation_fn, dropout, batch_norm: of the hidden layers.
      input_layer_partitioner: of the input layer's variables.
      loss_reduction: how the losses of examples are joined.
      model_dir, config, warm_start_from: as of `tf.estimator.Estimator`.
    """

    def __init__(self, hidden_units, feature_columns, model_dir=None, n_classes=2, weight_column=None, label_vocabulary=None,
                 optimizer="Adagrad", activation_fn=None, dropout=None, input_layer_partitioner=None, config=None,
                 warm_start_from=None, loss_reduction=_SUM, batch_norm=False):  # fmt: skip
        head = classifying_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        rest = {"model_dir": model_dir, "config": config, "warm_start_from": warm_start_from}
        self._make(
            head, hidden_units, feature_columns, optimizer, activation_fn, dropout, input_layer_partitioner, batch_norm, rest
        )


@export("estimator.DNNRegressor")
class DNNRegressor(_DNN):
    """A network that predicts numbers.

    Args:
      label_dimension: how many numbers an example has.
      hidden_units, feature_columns, model_dir, weight_column, optimizer, activation_fn, dropout, input_layer_partitioner, config,
        warm_start_from, loss_reduction, batch_norm: as of `DNNClassifier`.
    """

    def __init__(self, hidden_units, feature_columns, model_dir=None, label_dimension=1, weight_column=None, optimizer="Adagrad",
                 activation_fn=None, dropout=None, input_layer_partitioner=None, config=None, warm_start_from=None,
                 loss_reduction=_SUM, batch_norm=False):  # fmt: skip
        head = RegressionHead(weight_column, label_dimension, loss_reduction)
        rest = {"model_dir": model_dir, "config": config, "warm_start_from": warm_start_from}
        self._make(
            head, hidden_units, feature_columns, optimizer, activation_fn, dropout, input_layer_partitioner, batch_norm, rest
        )


@export("estimator.DNNEstimator", "contrib.estimator.DNNEstimator")
class DNNEstimator(_DNN):
    """A network with a head of its own.

    Args:
      head: the head.
      hidden_units, feature_columns, model_dir, optimizer, activation_fn, dropout, input_layer_partitioner, config, warm_start_from,
        batch_norm: as of `DNNClassifier`.
    """

    def __init__(self, head, hidden_units, feature_columns, model_dir=None, optimizer="Adagrad", activation_fn=None, dropout=None,
                 input_layer_partitioner=None, config=None, warm_start_from=None, batch_norm=False):  # fmt: skip
        rest = {"model_dir": model_dir, "config": config, "warm_start_from": warm_start_from}
        self._make(
            head, hidden_units, feature_columns, optimizer, activation_fn, dropout, input_layer_partitioner, batch_norm, rest
        )


class _Linear(Estimator):
    def _make(self, head, feature_columns, optimizer, sparse_combiner, partitioner, rest):
        model = WeightedSum(feature_columns, sparse_combiner)

        def partition(config):
            return partitioner or part_sizes(config, 64 << 20)

        super().__init__(model_fn=_model_fn(head, "linear", model, optimizer, 0.2, partition), **rest)


@export("estimator.LinearClassifier")
class LinearClassifier(_Linear):
    """A linear model that classifies.

    Args:
      feature_columns: the columns.
      partitioner: of the variables.
      sparse_combiner: how several classes of an example are joined: `"sum"`, `"mean"` or `"sqrtn"`.
      model_dir, n_classes, weight_column, label_vocabulary, optimizer, config, warm_start_from, loss_reduction: as of
        `DNNClassifier`.
    """

    def __init__(self, feature_columns, model_dir=None, n_classes=2, weight_column=None, label_vocabulary=None, optimizer="Ftrl",
                 config=None, partitioner=None, warm_start_from=None, loss_reduction=_SUM, sparse_combiner="sum"):  # fmt: skip
        head = classifying_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        rest = {"model_dir": model_dir, "config": config, "warm_start_from": warm_start_from}
        self._make(head, feature_columns, optimizer, sparse_combiner, partitioner, rest)


@export("estimator.LinearRegressor")
class LinearRegressor(_Linear):
    """A linear model that predicts numbers.

    Args:
      label_dimension: how many numbers an example has.
      feature_columns, model_dir, weight_column, optimizer, config, partitioner, warm_start_from, loss_reduction, sparse_combiner:
        as of `LinearClassifier`.
    """

    def __init__(self, feature_columns, model_dir=None, label_dimension=1, weight_column=None, optimizer="Ftrl", config=None,
                 partitioner=None, warm_start_from=None, loss_reduction=_SUM, sparse_combiner="sum"):  # fmt: skip
        rest = {"model_dir": model_dir, "config": config, "warm_start_from": warm_start_from}
        self._make(
            RegressionHead(weight_column, label_dimension, loss_reduction),
            feature_columns,
            optimizer,
            sparse_combiner,
            partitioner,
            rest,
        )


@export("estimator.LinearEstimator", "contrib.estimator.LinearEstimator")
class LinearEstimator(_Linear):
    """A linear model with a head of its own.

    Args:
      head: the head.
      feature_columns, model_dir, optimizer, config, partitioner, sparse_combiner, warm_start_from: as of `LinearClassifier`.
    """

    def __init__(self, head, feature_columns, model_dir=None, optimizer="Ftrl", config=None, partitioner=None,
                 sparse_combiner="sum", warm_start_from=None):  # fmt: skip
        rest = {"model_dir": model_dir, "config": config, "warm_start_from": warm_start_from}
        self._make(head, feature_columns, optimizer, sparse_combiner, partitioner, rest)
