"""Heads: what is made of logits for a kind of task, i.e. losses, predictions, metrics and outputs."""

import collections

from ..core import dtypes
from ..core.collections import GraphKeys, get_collection
from ..core.convert import convert
from ..core.export import export, public as tf
from ..core.scopes import control_dependencies, name_scope
from ..core.sparse_tensor import SparseTensor, convert_to_tensor_or_sparse_tensor
from ..feature_column.base import Builder
from ..feature_column.numeric import NumericColumn, numeric_column
from ..ops.flow import group
from ..ops.weights import broadcast_weights
from ..platform.decorators import fn_args
from ..training.global_step import get_global_step
from .modes import ModeKeys
from .outputs import ClassificationOutput, PredictOutput, RegressionOutput
from .spec import EstimatorSpec

LossSpec = collections.namedtuple("LossSpec", ["training_loss", "unreduced_loss", "weights", "processed_labels"])
_REDUCTIONS = ("weighted_sum", "weighted_mean", "weighted_sum_over_batch_size", "weighted_sum_by_nonzero_weights")
_NO_LABELS = ("You must provide a labels Tensor. Given: None. Suggested troubleshooting steps: Check that your data contain your "
              "label feature. Check that your input_fn properly parses and returns labels.")  # fmt: skip


def _some(*checks):
    return [c for c in checks if c is not None]


def _checked_labels(labels, logits, size):
    """Labels in the shape of logits, with a last axis of a certain size."""
    if labels is None:
        raise ValueError(_NO_LABELS)
    with name_scope(None, "labels", (labels, logits)) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            raise ValueError("SparseTensor labels are not supported. labels must be a Tensor of shape [D0, D1, ..., DN, %s], e.g. "
                             "[batch_size, %s]." % (size, size))  # fmt: skip
        if labels.shape.ndims is not None and logits.shape.ndims is not None and labels.shape.ndims == logits.shape.ndims - 1:
            labels = tf.expand_dims(labels, -1)
        shape, logits_shape = tf.shape(labels), tf.shape(logits)
        message = ("labels shape must be [D0, D1, ... DN, %s]. Suggested Fix: check your n_classes argument to the estimator "
                   "and/or the shape of your label." % size)  # fmt: skip
        with control_dependencies(_some(tf.assert_rank_at_least(labels, 2, message=message))):
            last = labels.shape.dims[-1].value if labels.shape.dims else None
            if last not in (None, size):
                raise ValueError("Mismatched label shape. Expected labels dimension=%s.  Received %s. Suggested Fix:If your "
                                 "classifier expects one-hot encoding label,check your n_classes argument to the estimator and/or "
                                 "the shape of your label. Otherwise, check the shape of your label." % (size, last))  # fmt: skip
            expected = tf.concat([logits_shape[:-1], [size]], axis=0)
            check = tf.assert_equal(expected, shape, message=message,
                                    data=["expected_labels_shape: ", expected, "labels_shape: ", shape])  # fmt: skip
            with control_dependencies(_some(check)):
                return tf.identity(labels, name=scope)


def _weights(features, column, logits, per_logit):
    """The weights of examples, or with `per_logit` those of logits; 1 if there is no column of them."""
    message = "weights shape must be [D0, D1, ... DN]%s [D0, D1, ... DN, 1]%s" % (
        (",", " or [D0, D1, ... DN, logits_dimension]") if per_logit else (" or", "")
    )
    with name_scope(None, "weights", (*features.values(), logits)) as scope:
        if column is None:
            return 1.0
        if isinstance(column, str):
            column = numeric_column(key=column, shape=(1,))
        if not isinstance(column, NumericColumn):
            raise TypeError("Weight column must be either a string or _NumericColumn. Given type: %s." % type(column))
        weights = tf.to_float(column._get_dense_tensor(Builder(features)), name="weights")
        shape, logits_shape = tf.shape(weights, name="weights_shape"), tf.shape(logits, name="logits_shape")
        data = ["logits_shape: ", logits_shape, "weights_shape: ", shape]
        supported = tf.concat([logits_shape[:-1], [1]], axis=0)
        if per_logit:
            fits = [tf.reduce_all(tf.equal(s, shape)) for s in (logits_shape, supported)]
            check = tf.Assert(condition=tf.reduce_any(fits), data=[message, *data])
        else:
            check = tf.assert_equal(supported, shape, message=message, data=data)
        with control_dependencies(_some(check)):
            return tf.identity(weights, name=scope)


def _checked_logits(logits, size):
    with name_scope(None, "logits", (logits,)) as scope:
        logits = tf.to_float(logits)
        shape, message = tf.shape(logits), "logits shape must be [D0, D1, ... DN, logits_dimension]"
        with control_dependencies(_some(tf.assert_rank_at_least(logits, 2, data=[shape], message=message))):
            last = logits.shape.dims[-1].value if logits.shape.dims else None
            if last is not None:
                if last != size:
                    raise ValueError("%s, got %s." % (message, (logits.shape,)))
                return logits
            with control_dependencies(_some(tf.assert_equal(size, shape[-1], data=[shape], message=message))):
                return tf.identity(logits, name=scope)


def _check_loss_fn(loss_fn):
    args = fn_args(loss_fn)
    for name in ("labels", "logits"):
        if name not in args:
            raise ValueError("loss_fn must contain argument: %s. Given arguments: %s" % (name, args))
    others = list(set(args) - {"labels", "logits", "features"})
    if others:
        raise ValueError("loss_fn has unexpected args: %s" % others)


def _tiled(values, logits):
    return tf.tile(input=tf.expand_dims(input=values, axis=0), multiples=[tf.shape(logits)[0], 1])


def _mean(values, weights, name, what):
    """The mean of labels or predictions."""
    with name_scope(name, what + "_mean", (values, weights)) as scope:
        values = tf.to_float(values, name=what)
        return tf.metrics.mean(values, weights=_like(weights, values), name=scope)


def _like(weights, values):
    return None if weights is None else broadcast_weights(weights, values)


class Head:
    """What all heads have in common.

    Args:
      weight_column: the name of a feature of weights, or its `numeric_column`.
      loss_reduction: how the losses of examples are joined.
      loss_fn: a function of `labels`, `logits` and `features` that gives the losses instead.
      name: the name, which the names of metrics get behind them.

    Raises:
      ValueError: the reduction is unknown, or the function takes other arguments.
    """

    _per_logit = False

    def __init__(self, weight_column=None, loss_reduction="weighted_sum", loss_fn=None, name=None):
        if loss_reduction not in _REDUCTIONS:
            raise ValueError("Invalid loss_reduction: %s" % loss_reduction)
        if loss_fn:
            _check_loss_fn(loss_fn)
        self._weight_column, self._loss_reduction, self._loss_fn, self._name = weight_column, loss_reduction, loss_fn, name

    name = property(lambda self: self._name)

    def _key(self, key):
        return "%s/%s" % (key, self._name) if self._name else key

    def create_loss(self, features, mode, logits, labels):
        """A `LossSpec`: the loss, the losses of examples, the weights, and the labels as numbers."""
        logits = convert(logits)
        labels = self._processed(_checked_labels(labels, logits, self._label_size))
        if self._loss_fn:
            losses = self._called_loss(labels, logits, features)
        else:
            losses = self._losses(labels, logits)
        weights = _weights(features, self._weight_column, logits, self._per_logit)
        total = tf.losses.compute_weighted_loss(losses, weights=weights, reduction=self._loss_reduction)
        return LossSpec(total, losses, weights, labels)

    def _called_loss(self, labels, logits, features):
        more = {"features": features} if "features" in fn_args(self._loss_fn) else {}
        with name_scope(None, "call_loss_fn", [labels, logits, *features.values()]):
            losses = self._loss_fn(labels=labels, logits=logits, **more)
            logits_shape = tf.shape(logits, name="logits_shape")
            expected = tf.concat([logits_shape[:-1], [self._label_size]], axis=0, name="expected_loss_shape")
            shape = tf.shape(losses, name="loss_shape")
            message = "loss_fn must return Tensor of shape [D0, D1, ... DN, %s]. " % self._label_size
            check = tf.Assert(tf.reduce_all(tf.equal(shape, expected)), name="check_loss_shape",
                              data=[message, "logits_shape: ", logits_shape, "loss_shape: ", shape])  # fmt: skip
            with control_dependencies(_some(check)):
                return tf.identity(losses)

    def create_estimator_spec(
        self, features, mode, logits, labels=None, optimizer=None, train_op_fn=None, regularization_losses=None
    ):
        """The `EstimatorSpec` of a model.

        Args:
          features: the features, a dict of tensors.
          mode: one of `ModeKeys`.
          logits: the logits.
          labels: the labels.
          optimizer: the optimizer, or instead
          train_op_fn: a function of the loss that gives the operation of a step.
          regularization_losses: further losses.

        Raises:
          ValueError: labels, optimizer and function are missing or wrong.
        """
        with name_scope(self._name, "head"):
            found, scores = self._predictions(logits)
            if mode == ModeKeys.PREDICT:
                return EstimatorSpec(mode, predictions=found, export_outputs=self._outputs(found, scores))
            loss, losses, weights, labels = self.create_loss(features, mode, found.get("logits", logits), labels)
            regularization = tf.add_n(regularization_losses) if regularization_losses else None
            total = loss if regularization is None else tf.add_n([loss, regularization])
            if mode == ModeKeys.EVAL:
                metrics = self._metrics(labels, found, weights, losses)
                if regularization is not None:
                    metrics["regularization_loss"] = tf.metrics.mean(regularization, name="regularization_loss")
                metrics = {self._key(k): v for k, v in metrics.items()}
                return EstimatorSpec(mode, predictions=found, loss=total, eval_metric_ops=metrics)
            if (optimizer is None) == (train_op_fn is None):
                raise ValueError("train_op_fn and optimizer cannot both be %s." % ("None" if optimizer is None else "set"))
            step = train_op_fn(total) if optimizer is None else optimizer.minimize(total, global_step=get_global_step())
            updates = get_collection(GraphKeys.UPDATE_OPS)
            step = group(step, *updates) if updates else step
            shown = {"loss": total}
            if self._loss_reduction == "weighted_sum":
                shown["average_loss"] = loss / tf.reduce_sum(weights * tf.ones_like(losses))
            if regularization is not None:
                shown["regularization_loss"] = regularization
        with name_scope(""):
            for name, value in shown.items():
                tf.summary.scalar(self._key(name), value)
        return EstimatorSpec(mode, predictions=found, loss=total, train_op=step)


class _ClassifyingHead(Head):
    """What heads for classes have in common."""

    _label_size = 1

    def __init__(self, n_classes, label_vocabulary, **kwargs):
        if label_vocabulary is not None and not isinstance(label_vocabulary, list | tuple):
            raise ValueError("label_vocabulary should be a list or a tuple. Given type: %s" % type(label_vocabulary))
        super().__init__(**kwargs)
        self._n_classes, self._label_vocabulary = n_classes, label_vocabulary

    def _names(self):
        return self._label_vocabulary or tf.as_string(tf.range(self._n_classes))

    def _looked_up(self, labels):
        return tf.contrib.lookup.index_table_from_tensor(tuple(self._label_vocabulary), name="class_id_lookup").lookup(labels)

    def _classes(self, logits):
        """The predictions of classes."""
        ids = tf.expand_dims(tf.argmax(logits, axis=-1, name="class_ids"), axis=-1)
        if self._label_vocabulary:
            table = tf.contrib.lookup.index_to_string_table_from_tensor(self._label_vocabulary, name="class_string_lookup")
            classes = table.lookup(ids)
        else:
            classes = tf.as_string(ids, name="str_classes")
        every = {"all_class_ids": _tiled(tf.range(self._n_classes), logits), "all_classes": _tiled(self._names(), logits)}
        return {"probabilities": tf.nn.softmax(logits, name="probabilities"), "class_ids": ids, "classes": classes, **every}

    def _outputs(self, found, scores):
        output = ClassificationOutput(scores=scores, classes=_tiled(self._names(), scores))
        return {"serving_default": output, "classification": output, **self._more_outputs(found), "predict": PredictOutput(found)}

    def _more_outputs(self, found):
        return {}


class MultiClassHead(_ClassifyingHead):
    """One of more than two classes."""

    def __init__(
        self, n_classes, weight_column=None, label_vocabulary=None, loss_reduction="weighted_sum", loss_fn=None, name=None
    ):
        if n_classes is None:
            raise ValueError("n_classes cannot be None")
        if n_classes <= 2:
            raise ValueError("n_classes must be > 2: %s." % n_classes)
        super().__init__(n_classes, label_vocabulary, weight_column=weight_column, loss_reduction=loss_reduction, loss_fn=loss_fn,
                         name=name)  # fmt: skip

    logits_dimension = property(lambda self: self._n_classes)

    def _processed(self, labels):
        if self._label_vocabulary is None:
            if not labels.dtype.is_integer:
                raise ValueError("Labels dtype should be integer. Instead got %s." % labels.dtype)
        elif labels.dtype != dtypes.string:
            raise ValueError("Labels dtype should be string if there is a vocabulary. Instead got %s" % labels.dtype)
        else:
            labels = self._looked_up(labels)
        return _in_range(labels, self._n_classes)

    def _losses(self, labels, logits):
        losses = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits, reduction="none")
        return tf.expand_dims(losses, axis=-1)

    def _predictions(self, logits):
        logits = _checked_logits(logits, self._n_classes)
        with name_scope(None, "predictions", (logits,)):
            found = {"logits": logits, **self._classes(logits)}
        return found, found["probabilities"]

    def _metrics(self, labels, found, weights, losses):
        with name_scope(None, "metrics", (labels, weights, losses)):
            return {"average_loss": tf.metrics.mean(losses, weights=weights, name="average_loss"),
                    "accuracy": tf.metrics.accuracy(labels, found["class_ids"], weights=weights, name="accuracy")}  # fmt: skip


def _in_range(labels, n_classes):
    with name_scope(None, "assert_range", (labels,)):
        most = convert(n_classes - 1, dtype=labels.dtype)
        checks = [tf.assert_less_equal(labels, most, message="Labels must <= n_classes - 1"),
                  tf.assert_non_negative(labels, message="Labels must >= 0")]  # fmt: skip
        with control_dependencies(_some(*checks)):
            return tf.identity(labels)


class BinaryHead(_ClassifyingHead):
    """One of two classes, by one logit."""

    logits_dimension = property(lambda self: 1)

    def __init__(self, weight_column=None, thresholds=None, label_vocabulary=None, loss_reduction="weighted_sum", loss_fn=None,
                 name=None):  # fmt: skip
        self._thresholds = tuple(thresholds or ())
        if any(t <= 0.0 or t >= 1.0 for t in self._thresholds):
            raise ValueError("thresholds not in (0, 1): %s." % ((self._thresholds,),))
        super().__init__(
            2, label_vocabulary, weight_column=weight_column, loss_reduction=loss_reduction, loss_fn=loss_fn, name=name
        )

    def _processed(self, labels):
        if self._label_vocabulary is not None:
            labels = self._looked_up(labels)
        return _in_range(tf.to_float(labels), 2)

    def _losses(self, labels, logits):
        return tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)

    def _predictions(self, logits):
        with name_scope(None, "predictions", (logits,)):
            logits = _checked_logits(logits, 1)
            logistic = tf.sigmoid(logits, name="logistic")
            both = tf.concat((tf.zeros_like(logits), logits), axis=-1, name="two_class_logits")
            found = {"logits": logits, "logistic": logistic, **self._classes(both)}
        return found, found["probabilities"]

    def _more_outputs(self, found):
        return {"regression": RegressionOutput(value=found["logistic"])}

    def _metrics(self, labels, found, weights, losses):
        metrics, logistic, ids = tf.metrics, found["logistic"], found["class_ids"]

        def auc(curve, name):
            with name_scope(name, "auc", (logistic, labels, weights)) as scope:
                values = tf.to_float(logistic, name="predictions")
                return metrics.auc(labels, values, weights=_like(weights, values), curve=curve, name=scope)

        with name_scope(None, "metrics", (labels, logistic, weights, losses)):
            mean = _mean(labels, weights, "label/mean", "labels")
            result = {
                "average_loss": metrics.mean(losses, weights=weights, name="average_loss"),
                "accuracy": metrics.accuracy(labels, ids, weights=weights, name="accuracy"),
                "precision": metrics.precision(labels, ids, weights=weights, name="precision"),
                "recall": metrics.recall(labels, ids, weights=weights, name="recall"),
                "prediction/mean": _mean(logistic, weights, "prediction/mean", "predictions"), "label/mean": mean,
                "accuracy_baseline": tuple(tf.maximum(m, 1 - m) for m in mean), "auc": auc("ROC", "auc"),
                "auc_precision_recall": auc("PR", "auc_precision_recall"),
            }  # fmt: skip
            for t in self._thresholds:
                above, end = tf.to_float(tf.greater_equal(logistic, t)), "/positive_threshold_%g" % t
                result["accuracy" + end] = metrics.accuracy(labels, above, weights=weights, name="accuracy" + end)
                for name, of in (("precision", metrics.precision_at_thresholds), ("recall", metrics.recall_at_thresholds)):
                    pair = of(labels=labels, predictions=logistic, thresholds=(t,), weights=weights, name=name + end)
                    result[name + end] = tuple(tf.squeeze(x) for x in pair)
            return result


class RegressionHead(Head):
    """Numbers, with squared errors."""

    _per_logit = True

    def __init__(self, weight_column=None, label_dimension=1, loss_reduction="weighted_sum", loss_fn=None, inverse_link_fn=None,
                 name=None):  # fmt: skip
        super().__init__(weight_column, loss_reduction, loss_fn, name)
        if label_dimension < 1:
            raise ValueError("Invalid label_dimension %s." % label_dimension)
        self._label_size, self._inverse_link_fn = label_dimension, inverse_link_fn

    logits_dimension = property(lambda self: self._label_size)

    def _processed(self, labels):
        return tf.to_float(labels)

    def _losses(self, labels, logits):
        return tf.losses.mean_squared_error(labels=labels, predictions=logits, reduction="none")

    def _predictions(self, logits):
        logits = _checked_logits(logits, self._label_size)
        if self._inverse_link_fn:
            value = self._inverse_link_fn(logits)
            return {"predictions": value, "logits": logits}, value
        return {"predictions": logits}, logits

    def _outputs(self, found, scores):
        output = RegressionOutput(value=scores)
        return {"serving_default": output, "regression": output, "predict": PredictOutput(found)}

    def _metrics(self, labels, found, weights, losses):
        return {"average_loss": tf.metrics.mean(losses, weights=weights),
                "prediction/mean": _mean(found["predictions"], weights, "prediction/mean", "predictions"),
                "label/mean": tf.metrics.mean(labels, weights=weights)}  # fmt: skip


def classifying_head(n_classes, weight_column, label_vocabulary, loss_reduction):
    """The head for so many classes."""
    if n_classes == 2:
        return BinaryHead(weight_column=weight_column, label_vocabulary=label_vocabulary, loss_reduction=loss_reduction)
    return MultiClassHead(n_classes, weight_column=weight_column, label_vocabulary=label_vocabulary, loss_reduction=loss_reduction)


_MEAN = "weighted_sum_over_batch_size"


@export("contrib.estimator.multi_class_head")
def multi_class_head(n_classes, weight_column=None, label_vocabulary=None, loss_reduction=_MEAN, loss_fn=None, name=None):
    """A head for one of more than two classes.

    Args:
      n_classes: how many.
      weight_column: the name of a feature of weights, or its `numeric_column`.
      label_vocabulary: the classes, if labels are strings.
      loss_reduction: how the losses of examples are joined.
      loss_fn: a function of `labels`, `logits` and `features` that gives the losses instead.
      name: the name.

    Raises:
      ValueError: a value is out of range.
    """
    return MultiClassHead(n_classes, weight_column, label_vocabulary, loss_reduction, loss_fn, name)


@export("contrib.estimator.binary_classification_head")
def binary_classification_head(weight_column=None, thresholds=None, label_vocabulary=None, loss_reduction=_MEAN, loss_fn=None,
                               name=None):  # fmt: skip
    """A head for one of two classes.

    Args:
      thresholds: probabilities at which accuracy, precision and recall are measured.
      weight_column, label_vocabulary, loss_reduction, loss_fn, name: as of `multi_class_head`.

    Raises:
      ValueError: a value is out of range.
    """
    return BinaryHead(weight_column, thresholds, label_vocabulary, loss_reduction, loss_fn, name)


@export("contrib.estimator.regression_head")
def regression_head(weight_column=None, label_dimension=1, loss_reduction=_MEAN, loss_fn=None, inverse_link_fn=None, name=None):
    """A head for numbers.

    Args:
      label_dimension: how many numbers an example has.
      inverse_link_fn: a function from logits to predictions.
      weight_column, loss_reduction, loss_fn, name: as of `multi_class_head`.

    Raises:
      ValueError: a value is out of range.
    """
    return RegressionHead(weight_column, label_dimension, loss_reduction, loss_fn, inverse_link_fn, name)
