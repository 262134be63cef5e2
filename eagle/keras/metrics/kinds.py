"""The metrics of Keras: means and sums, accuracies, counts of right and wrong predictions, areas under curves."""

import inspect

import numpy as np

from ...core import dtypes
from ...core.context import here
from ...core.convert import convert
from ...core.export import export, public as tf
from ...core.scopes import control_dependencies
from ...core.shape import TensorShape
from ...ops.weights import broadcast_weights
from .. import losses
from ..backend.settings import floatx, initialized_session
from ..backend.values import batch_set_value
from ..losses import squeeze_or_expand
from ..utils.serialization import deserialize as _deserialize, serialize_keras_object
from .base import Metric, Reduce


@export("keras.metrics.Sum")
class Sum(Reduce):
    """The sum of values."""

    def __init__(self, name="sum", dtype=None):
        super().__init__(reduction="sum", name=name, dtype=dtype)


@export("keras.metrics.Mean")
class Mean(Reduce):
    """The weighted mean of values."""

    def __init__(self, name="mean", dtype=None):
        super().__init__(reduction="weighted_mean", name=name, dtype=dtype)


class MeanMetricWrapper(Mean):
    """The mean of a function of labels and predictions.

    Args:
      fn: the function.
      name, dtype: as of `Layer`.
      **kwargs: more arguments of the function.
    """

    def __init__(self, fn, name=None, dtype=None, **kwargs):
        super().__init__(name=name, dtype=dtype)
        self._fn = fn
        self._fn_kwargs = kwargs

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds the function's values."""
        y_true, y_pred = tf.cast(y_true, self._dtype), tf.cast(y_pred, self._dtype)
        y_pred, y_true = squeeze_or_expand(y_pred, y_true)
        return Reduce.update_state(self, self._fn(y_true, y_pred, **self._fn_kwargs), sample_weight)

    def get_config(self):
        return {**super().get_config(), **self._fn_kwargs}


@export("keras.metrics.MeanRelativeError")
class MeanRelativeError(Mean):
    """The mean of absolute differences over a normalizer.

    Args:
      normalizer: a tensor.
    """

    def __init__(self, normalizer, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.normalizer = tf.cast(normalizer, self._dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds differences."""
        y_true, y_pred = tf.cast(y_true, self._dtype), tf.cast(y_pred, self._dtype)
        y_pred, y_true = squeeze_or_expand(y_pred, y_true)
        return Reduce.update_state(self, tf.div_no_nan(tf.abs(y_true - y_pred), self.normalizer), sample_weight)

    def get_config(self):
        value = self.normalizer.numpy() if here.eager else tf.keras.backend.get_value(self.normalizer)
        return {**super().get_config(), "normalizer": value}


@export("keras.metrics.RootMeanSquaredError")
class RootMeanSquaredError(Mean):
    """The root of the mean of squared differences."""

    def __init__(self, name="root_mean_squared_error", dtype=None):
        super().__init__(name, dtype=dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds squared differences."""
        y_true, y_pred = tf.cast(y_true, self._dtype), tf.cast(y_pred, self._dtype)
        y_pred, y_true = squeeze_or_expand(y_pred, y_true)
        return Reduce.update_state(self, tf.squared_difference(y_pred, y_true), sample_weight)

    def result(self):
        """The root of the mean."""
        return tf.sqrt(tf.div_no_nan(self.total, self.count))


# --------------------------------------------------------------------------------------------------------------- functions


def accuracy(y_true, y_pred):
    """Which predictions are right, 1 or 0."""
    y_pred.shape.assert_is_compatible_with(y_true.shape)
    if y_true.dtype != y_pred.dtype:
        y_pred = tf.cast(y_pred, y_true.dtype)
    return tf.cast(tf.equal(y_true, y_pred), floatx())


@export("keras.metrics.binary_accuracy")
def binary_accuracy(y_true, y_pred, threshold=0.5):
    """Which part of the predictions, over a threshold or not, is right."""
    threshold = tf.cast(threshold, y_pred.dtype)
    y_pred = tf.cast(y_pred > threshold, y_pred.dtype)
    return tf.keras.backend.mean(tf.equal(y_true, y_pred), axis=-1)


@export("keras.metrics.categorical_accuracy")
def categorical_accuracy(y_true, y_pred):
    """Whether the greatest prediction is that of the right class, given as vectors."""
    return tf.cast(tf.equal(tf.argmax(y_true, axis=-1), tf.argmax(y_pred, axis=-1)), floatx())


def _numbers(y_true, y_pred):
    """Labels given as numbers, without a last dimension too many."""
    y_true, y_pred = convert(y_true), convert(y_pred)
    if None not in (y_true.shape.ndims, y_pred.shape.ndims) and y_true.shape.ndims == y_pred.shape.ndims:
        y_true = tf.squeeze(y_true, [-1])
    return y_true


@export("keras.metrics.sparse_categorical_accuracy")
def sparse_categorical_accuracy(y_true, y_pred):
    """Whether the greatest prediction is that of the right class, given as numbers."""
    y_true = _numbers(y_true, y_pred)
    y_pred = tf.argmax(y_pred, axis=-1)
    if y_pred.dtype != y_true.dtype:
        y_pred = tf.cast(y_pred, y_true.dtype.base_dtype)
    return tf.cast(tf.equal(y_true, y_pred), floatx())


@export("keras.metrics.top_k_categorical_accuracy")
def top_k_categorical_accuracy(y_true, y_pred, k=5):
    """Whether the right class, given as vectors, is among the `k` greatest predictions."""
    return tf.cast(tf.nn.in_top_k(y_pred, tf.argmax(y_true, axis=-1), k), floatx())


@export("keras.metrics.sparse_top_k_categorical_accuracy")
def sparse_top_k_categorical_accuracy(y_true, y_pred, k=5):
    """Whether the right class, given as numbers, is among the `k` greatest predictions."""
    return tf.cast(tf.nn.in_top_k(y_pred, tf.cast(_numbers(y_true, y_pred), "int32"), k), floatx())


def _cosine(y_true, y_pred, axis=-1):
    y_true, y_pred = (tf.nn.l2_normalize(y, axis=axis) for y in (y_true, y_pred))
    return tf.reduce_sum(y_true * y_pred, axis=axis)


def _wrapped(name, fn, default_name, **options):
    """A class for the mean of a function, whose further arguments are `options` with their defaults.

    The order of the arguments is TensorFlow's: those that begin with "first_" come before the name.
    """
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    first = {k[6:]: v for k, v in options.items() if k.startswith("first_")}
    last = {k: v for k, v in options.items() if not k.startswith("first_")}
    defaults = {**first, "name": default_name, "dtype": None, **last}
    signature = inspect.Signature(
        [inspect.Parameter("self", kind), *(inspect.Parameter(n, kind, default=d) for n, d in defaults.items())]
    )

    def __init__(self, *args, **kwargs):
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        MeanMetricWrapper.__init__(fn=fn, **bound.arguments)

    __init__.__signature__ = signature
    doc = "The mean of `%s`." % fn.__name__
    made = type(name, (MeanMetricWrapper,), {"__init__": __init__, "__doc__": doc, "__module__": __name__})
    globals()[name] = export("keras.metrics." + name)(made)


_wrapped("Accuracy", accuracy, "accuracy")
_wrapped("BinaryAccuracy", binary_accuracy, "binary_accuracy", threshold=0.5)
_wrapped("CategoricalAccuracy", categorical_accuracy, "categorical_accuracy")
_wrapped("SparseCategoricalAccuracy", sparse_categorical_accuracy, "sparse_categorical_accuracy")
_wrapped("TopKCategoricalAccuracy", top_k_categorical_accuracy, "top_k_categorical_accuracy", first_k=5)
_wrapped("SparseTopKCategoricalAccuracy", sparse_top_k_categorical_accuracy, "sparse_top_k_categorical_accuracy", first_k=5)
_wrapped("CosineSimilarity", _cosine, "cosine_similarity", axis=-1)
_wrapped("MeanAbsoluteError", losses.mean_absolute_error, "mean_absolute_error")
_wrapped("MeanAbsolutePercentageError", losses.mean_absolute_percentage_error, "mean_absolute_percentage_error")
_wrapped("MeanSquaredError", losses.mean_squared_error, "mean_squared_error")
_wrapped("MeanSquaredLogarithmicError", losses.mean_squared_logarithmic_error, "mean_squared_logarithmic_error")
_wrapped("Hinge", losses.hinge, "hinge")
_wrapped("SquaredHinge", losses.squared_hinge, "squared_hinge")
_wrapped("CategoricalHinge", losses.categorical_hinge, "categorical_hinge")
_wrapped("Poisson", losses.poisson, "poisson")
_wrapped("KLDivergence", losses.kullback_leibler_divergence, "kullback_leibler_divergence")
_wrapped("LogCoshError", losses.logcosh, "logcosh")
_wrapped("BinaryCrossentropy", losses.binary_crossentropy, "binary_crossentropy", from_logits=False, label_smoothing=0)
_wrapped("CategoricalCrossentropy", losses.categorical_crossentropy, "categorical_crossentropy", from_logits=False,
         label_smoothing=0)  # fmt: skip
_wrapped("SparseCategoricalCrossentropy", losses.sparse_categorical_crossentropy, "sparse_categorical_crossentropy",
         from_logits=False, axis=-1)  # fmt: skip


# ------------------------------------------------------------------------------------------------------------------- counts


def _thresholds(thresholds, default):
    """Thresholds as a list; raises ValueError if one is not from 0 to 1."""
    found = [default] if thresholds is None else list(thresholds) if isinstance(thresholds, list | tuple) else [thresholds]
    if thresholds is not None:
        wrong = [t for t in found if t is None or t < 0 or t > 1]
        if wrong:
            raise ValueError("Threshold values must be in [0, 1]. Invalid values: %s" % wrong)
    return [float(t) for t in found]


class _Counting(Metric):
    """The base of metrics of how often labels and predictions over thresholds agree."""

    _names = ()  # the states: of "true_positives", "false_positives", "true_negatives", "false_negatives"

    _attribute = None  # under which a metric of one state keeps it; by default, as the others, under the state's own name

    def _make_states(self, thresholds):
        self.thresholds = thresholds
        for name in self._names:
            name = self._attribute or name
            setattr(self, name, self.add_weight(name, shape=(len(thresholds),), initializer="zeros"))

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Counts."""
        y_true, y_pred = tf.cast(y_true, self._dtype), tf.cast(y_pred, self._dtype)
        y_pred.shape.assert_is_compatible_with(y_true.shape)
        checks = [
            tf.assert_greater_equal(y_pred, tf.cast(0.0, y_pred.dtype), message="predictions must be >= 0"),
            tf.assert_less_equal(y_pred, tf.cast(1.0, y_pred.dtype), message="predictions must be <= 1"),
        ]
        with control_dependencies([] if here.eager else checks):
            y_pred, y_true = squeeze_or_expand(y_pred, y_true)
        top_k, class_id = getattr(self, "top_k", None), getattr(self, "class_id", None)
        if top_k is not None:
            _, places = tf.nn.top_k(y_pred, top_k, sorted=False)
            is_top = tf.reduce_sum(tf.one_hot(places, y_pred.shape.as_list()[-1], axis=-1), axis=-2)
            y_pred = y_pred * is_top + -1e10 * (1 - is_top)
        if class_id is not None:
            y_true, y_pred = y_true[..., class_id], y_pred[..., class_id]
        if sample_weight is not None:
            sample_weight = tf.cast(sample_weight, self._dtype)
            y_pred, _, sample_weight = squeeze_or_expand(y_pred, None, sample_weight)
            sample_weight = tf.reshape(broadcast_weights(sample_weight, y_pred), [1, -1])
        is_label = tf.reshape(tf.cast(y_true, dtypes.bool_), [1, -1])
        is_predicted = tf.greater(tf.reshape(y_pred, [1, -1]), tf.reshape(tf.constant(self.thresholds, self._dtype), [-1, 1]))
        updates = []
        for name in self._names:
            label = is_label if name in ("true_positives", "false_negatives") else tf.logical_not(is_label)
            predicted = is_predicted if name.endswith("positives") else tf.logical_not(is_predicted)
            hits = tf.cast(tf.logical_and(label, predicted), self._dtype)
            if sample_weight is not None:
                hits = hits * sample_weight
            updates.append(getattr(self, self._attribute or name).assign_add(tf.reduce_sum(hits, 1)))
        return None if here.eager else tf.group(*updates)

    def reset_states(self):
        batch_set_value([(v, np.zeros((len(self.thresholds),))) for v in self.variables])

    def _one_or_all(self, value):
        return value[0] if len(self.thresholds) == 1 else value


def _count(name, state):
    """The class that counts one kind of predictions."""

    class Count(_Counting):
        """Counts one kind of predictions.

        Args:
          thresholds: over which predictions are positive, one or a list; 0.5 by default.
          name, dtype: as of `Layer`.
        """

        _names, _attribute = (state,), "accumulator"

        def __init__(self, thresholds=None, name=None, dtype=None):
            super().__init__(name=name, dtype=dtype)
            self.init_thresholds = thresholds
            self._make_states(_thresholds(thresholds, 0.5))

        def result(self):
            """The count, or one for each threshold."""
            return self._one_or_all(self.accumulator)

        def get_config(self):
            return {**super().get_config(), "thresholds": self.init_thresholds}

    Count.__name__ = Count.__qualname__ = name
    globals()[name] = export("keras.metrics." + name)(Count)


for _state in ("true_positives", "false_positives", "true_negatives", "false_negatives"):
    _count("".join(w.capitalize() for w in _state.split("_")), _state)


class _Rate(_Counting):
    def __init__(self, thresholds=None, top_k=None, class_id=None, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.init_thresholds = thresholds
        self.top_k = top_k
        self.class_id = class_id
        self._make_states(_thresholds(thresholds, 0.5 if top_k is None else -1e10))

    def result(self):
        """The rate, or one for each threshold."""
        hits, misses = (getattr(self, n) for n in self._names)
        return self._one_or_all(tf.div_no_nan(hits, hits + misses))

    def get_config(self):
        return {**super().get_config(), "thresholds": self.init_thresholds, "top_k": self.top_k, "class_id": self.class_id}


@export("keras.metrics.Precision")
class Precision(_Rate):
    """Which part of the positive predictions is right.

    Args:
      thresholds: over which predictions are positive, one or a list; 0.5 by default.
      top_k: how many of the greatest predictions count, or None.
      class_id: the class that counts, or None for all.
      name, dtype: as of `Layer`.
    """

    _names = ("true_positives", "false_positives")


@export("keras.metrics.Recall")
class Recall(_Rate):
    """Which part of the positive labels is found; arguments as of `Precision`."""

    _names = ("true_positives", "false_negatives")


class _Curve(_Counting):
    _names = ("true_positives", "true_negatives", "false_positives", "false_negatives")
    _beyond = 0.0  # how far the outer thresholds lie outside of [0, 1]

    def _make_curve(self, num_thresholds):
        self.num_thresholds = num_thresholds
        inner = [(i + 1) * 1.0 / (num_thresholds - 1) for i in range(num_thresholds - 2)]
        self._make_states([0.0 - self._beyond, *inner, 1.0 + self._beyond])


class _AtOther(_Curve):
    _what = ""

    def __init__(self, value, num_thresholds=200, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        if num_thresholds <= 0:
            raise ValueError("`num_thresholds` must be > 0.")
        if value < 0 or value > 1:
            raise ValueError("`%s` must be in the range [0, 1]." % self._what)
        self.value = value
        setattr(self, self._what, value)
        if num_thresholds == 1:
            self.num_thresholds = 1
            self._make_states([0.5])
        else:
            self._make_curve(num_thresholds)

    def get_config(self):
        return {**super().get_config(), "num_thresholds": self.num_thresholds, self._what: self.value}


@export("keras.metrics.SensitivityAtSpecificity")
class SensitivityAtSpecificity(_AtOther):
    """The recall where the recall of negative labels is nearest to a value.

    Args:
      specificity: the value.
      num_thresholds: how many thresholds are tried.
    """

    _what = "specificity"

    def __init__(self, specificity, num_thresholds=200, name=None, dtype=None):
        super().__init__(specificity, num_thresholds, name, dtype)

    def result(self):
        """The recall."""
        found = tf.div_no_nan(self.true_negatives, self.true_negatives + self.false_positives)
        best = tf.argmin(tf.abs(found - self.value), axis=0, output_type="int32")
        return tf.div_no_nan(self.true_positives[best], self.true_positives[best] + self.false_negatives[best])


@export("keras.metrics.SpecificityAtSensitivity")
class SpecificityAtSensitivity(_AtOther):
    """The recall of negative labels where the recall is nearest to a value.

    Args:
      sensitivity: the value.
      num_thresholds: how many thresholds are tried.
    """

    _what = "sensitivity"

    def __init__(self, sensitivity, num_thresholds=200, name=None, dtype=None):
        super().__init__(sensitivity, num_thresholds, name, dtype)

    def result(self):
        """The recall of negative labels."""
        found = tf.div_no_nan(self.true_positives, self.true_positives + self.false_negatives)
        best = tf.argmin(tf.abs(found - self.value), axis=0, output_type="int32")
        return tf.div_no_nan(self.true_negatives[best], self.true_negatives[best] + self.false_positives[best])


@export("keras.metrics.AUC")
class AUC(_Curve):
    """The area under a curve.

    Args:
      num_thresholds: how many points the curve has.
      curve: "ROC" or "PR".
      summation_method: "interpolation", "minoring" or "majoring".
      name, dtype: as of `Layer`.
      thresholds: a list of thresholds in place of the points.

    Raises:
      ValueError: an argument is not as it must be.
    """

    _beyond = 1e-7

    def __init__(self, num_thresholds=200, curve="ROC", summation_method="interpolation", name=None, dtype=None, thresholds=None):
        methods = ("interpolation", "minoring", "majoring")
        for label, value, allowed in (("curve", curve, ("ROC", "PR")), ("summation method", summation_method, methods)):
            if value not in allowed:
                raise ValueError('Invalid AUC %s value "%s".' % (label, value))
        super().__init__(name=name, dtype=dtype)
        self.curve, self.summation_method = curve, summation_method
        if thresholds is not None:
            inner = sorted(_thresholds(thresholds, None))
            self.num_thresholds = len(inner) + 2
            self._make_states([0.0 - self._beyond, *inner, 1.0 + self._beyond])
        else:
            if num_thresholds <= 1:
                raise ValueError("`num_thresholds` must be > 1.")
            self._make_curve(num_thresholds)

    def _interpolated_precision(self):
        last = self.num_thresholds - 1
        hits = self.true_positives[:last] - self.true_positives[1:]
        positives = self.true_positives + self.false_positives
        steps = positives[:last] - positives[1:]
        slope = tf.div_no_nan(hits, tf.maximum(steps, 0), name="prec_slope")
        intercept = self.true_positives[1:] - tf.multiply(slope, positives[1:])
        ratio = tf.where(
            tf.logical_and(positives[:last] > 0, positives[1:] > 0),
            tf.div_no_nan(positives[:last], tf.maximum(positives[1:], 0), name="recall_relative_ratio"),
            tf.ones_like(positives[1:]),
        )  # fmt: skip
        total = tf.maximum(self.true_positives[1:] + self.false_negatives[1:], 0)
        return tf.reduce_sum(tf.div_no_nan(slope * (hits + intercept * tf.log(ratio)), total, name="pr_auc_increment"))

    def result(self):
        """The area."""
        if self.curve == "PR" and self.summation_method == "interpolation":
            return self._interpolated_precision()
        recall = tf.div_no_nan(self.true_positives, self.true_positives + self.false_negatives)
        if self.curve == "ROC":
            x, y = tf.div_no_nan(self.false_positives, self.false_positives + self.true_negatives), recall
        else:
            x, y = recall, tf.div_no_nan(self.true_positives, self.true_positives + self.false_positives)
        last = self.num_thresholds - 1
        if self.summation_method == "interpolation":
            heights = (y[:last] + y[1:]) / 2.0
        else:
            heights = (tf.minimum if self.summation_method == "minoring" else tf.maximum)(y[:last], y[1:])
        return tf.reduce_sum(tf.multiply(x[:last] - x[1:], heights), name=self.name)

    def get_config(self):
        config = {**super().get_config(), "num_thresholds": self.num_thresholds, "curve": self.curve,
                  "summation_method": self.summation_method, "thresholds": self.thresholds[1:-1]}  # fmt: skip
        return config


@export("keras.metrics.MeanIoU")
class MeanIoU(Metric):
    """The mean over classes of how much of the union of labels and predictions they have in common.

    Args:
      num_classes: how many classes there are.
    """

    def __init__(self, num_classes, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.num_classes = num_classes
        self.total_cm = self.add_weight("total_confusion_matrix", shape=(num_classes, num_classes), initializer="zeros",
                                        dtype=dtypes.float64)  # fmt: skip

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Counts."""
        flat = [x if x is None or x.shape.ndims <= 1 else tf.reshape(x, [-1]) for x in
                (tf.cast(y_true, self._dtype), tf.cast(y_pred, self._dtype),
                 None if sample_weight is None else convert(sample_weight))]  # fmt: skip
        found = tf.confusion_matrix(flat[0], flat[1], self.num_classes, weights=flat[2], dtype=dtypes.float64)
        return self.total_cm.assign_add(found)

    def result(self):
        """The mean."""
        rows, columns = (tf.cast(tf.reduce_sum(self.total_cm, axis=i), self._dtype) for i in (0, 1))
        hits = tf.cast(tf.diag_part(self.total_cm), self._dtype)
        union = rows + columns - hits
        count = tf.reduce_sum(tf.cast(tf.not_equal(union, 0), self._dtype))
        return tf.div_no_nan(tf.reduce_sum(tf.div_no_nan(hits, union), name="mean_iou"), count)

    def reset_states(self):
        batch_set_value([(self.total_cm, np.zeros((self.num_classes, self.num_classes)))])

    def get_config(self):
        return {**super().get_config(), "num_classes": self.num_classes}


@export("keras.metrics.MeanTensor")
class MeanTensor(Metric):
    """The weighted mean of tensors, element by element."""

    def __init__(self, name="mean_tensor", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self._shape = None
        self.total = self.count = None
        self.built = False

    def _build(self, shape):
        self._shape = TensorShape(shape)
        self.total = self.add_weight("total", shape=shape, initializer="zeros")
        self.count = self.add_weight("count", shape=shape, initializer="zeros")
        if not here.eager:
            initialized_session()  # no program can do it before the first update, which makes them
        self.built = True

    def update_state(self, values, sample_weight=None):
        """Adds values."""
        values = tf.cast(values, self._dtype)
        if not self.built:
            with tf.init_scope():
                self._build(values.shape)
        elif values.shape != self._shape:
            raise ValueError(
                "MeanTensor input values must always have the same shape. Expected shape (set during the first call): %s. "
                "Got: %s" % (self._shape, values.shape)
            )
        count = tf.ones_like(values)
        if sample_weight is not None:
            sample_weight = tf.cast(sample_weight, self._dtype)
            values, _, sample_weight = squeeze_or_expand(values, None, sample_weight)
            try:
                sample_weight = broadcast_weights(sample_weight, values)
            except ValueError:
                values = tf.reduce_mean(values, axis=list(range(sample_weight.shape.ndims, values.shape.ndims)))
            count = tf.multiply(count, sample_weight)
            values = tf.multiply(values, sample_weight)
        total = self.total.assign_add(values)
        with control_dependencies([] if here.eager else [total]):
            return self.count.assign_add(count)

    def result(self):
        """The mean."""
        if not self.built:
            raise ValueError("MeanTensor does not have any result yet. Please call the MeanTensor instance or use "
                             "`.update_state(value)` before retrieving the result.")  # fmt: skip
        return tf.div_no_nan(self.total, self.count)

    def reset_states(self):
        if self.built:
            batch_set_value([(v, np.zeros(self._shape.as_list())) for v in self.variables])


# ------------------------------------------------------------------------------------------------------------------ finding


def _known(name):
    other = {"mse": "mean_squared_error", "MSE": "mean_squared_error", "mae": "mean_absolute_error", "MAE": "mean_absolute_error",
             "mape": "mean_absolute_percentage_error", "MAPE": "mean_absolute_percentage_error",
             "msle": "mean_squared_logarithmic_error", "MSLE": "mean_squared_logarithmic_error"}  # fmt: skip
    if name in ("cosine_similarity", "cosine_proximity"):
        return _cosine
    found = globals().get(name)
    if found is None or not callable(found):
        found = getattr(losses, other.get(name, name), None)
    return found if callable(found) else None


@export("keras.metrics.serialize")
def serialize(metric):
    """A metric as a configuration."""
    return serialize_keras_object(metric)


@export("keras.metrics.deserialize")
def deserialize(config, custom_objects=None):
    """The metric of a configuration or name."""
    return _deserialize(config, _known, custom_objects, "metric function")


@export("keras.metrics.get")
def get(identifier):
    """The metric that a name, a configuration or a function stands for; raises ValueError if it is none of these."""
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        return deserialize(str(identifier))
    if callable(identifier):
        return identifier
    raise ValueError("Could not interpret metric function identifier: %s" % identifier)
