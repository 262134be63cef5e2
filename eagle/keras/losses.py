"""The namespace `tf.keras.losses`: losses as functions and as objects that weight and reduce."""

import inspect
import types

from ..core.context import here
from ..core.convert import convert
from ..core.export import export, open_namespace, public as tf
from ..core.scopes import name_scope
from ..core.tensor import Tensor
from ..ops.case import smart_cond
from ..ops.confusion import remove_squeezable_dimensions
from .backend.settings import epsilon, floatx
from .utils.serialization import deserialize as _deserialize, serialize_keras_object


@export("keras.losses.Reduction", "python.keras.utils.losses_utils.ReductionV2", "python.ops.losses.loss_reduction.ReductionV2")
class Reduction:
    """How the losses of the examples become one: not at all, summed, or by their mean."""

    AUTO = "auto"
    NONE = "none"
    SUM = "sum"
    SUM_OVER_BATCH_SIZE = "sum_over_batch_size"

    @classmethod
    def all(cls):
        """All of them."""
        return cls.AUTO, cls.NONE, cls.SUM, cls.SUM_OVER_BATCH_SIZE

    @classmethod
    def validate(cls, key):
        """Raises ValueError if something is none of them."""
        if key not in cls.all():
            raise ValueError("Invalid Reduction Key %s." % key)


def squeeze_or_expand(y_pred, y_true=None, sample_weight=None):
    """Predictions, labels and weights of ranks that go together.

    A last dimension of 1 that only one of predictions and labels has is left out; weights get or lose one to fit.
    """
    rank = y_pred.shape.ndims
    if y_true is not None:
        label_rank = y_true.shape.ndims
        if label_rank is not None and rank is not None:
            if rank - label_rank != 1 or y_pred.shape.as_list()[-1] == 1:
                y_true, y_pred = remove_squeezable_dimensions(y_true, y_pred)
        else:
            difference = tf.rank(y_pred) - tf.rank(y_true)
            is_last_one = tf.equal(1, tf.shape(y_pred)[-1])

            def always():
                return remove_squeezable_dimensions(y_true, y_pred)

            def if_one():
                return tf.cond(is_last_one, always, lambda: (y_true, y_pred))

            y_true, y_pred = tf.cond(tf.equal(1, difference), if_one, always)
    if sample_weight is None:
        return y_pred, y_true
    weight_rank = sample_weight.shape.ndims
    if weight_rank == 0:
        return y_pred, y_true, sample_weight
    if rank is not None and weight_rank is not None:
        if weight_rank - rank == 1:
            sample_weight = tf.squeeze(sample_weight, [-1])
        elif rank - weight_rank == 1:
            sample_weight = tf.expand_dims(sample_weight, [-1])
        return y_pred, y_true, sample_weight
    difference = tf.rank(sample_weight) - tf.rank(y_pred)

    def adjusted():
        return tf.cond(
            tf.equal(difference, 1), lambda: tf.squeeze(sample_weight, [-1]),
            lambda: tf.cond(tf.equal(difference, -1), lambda: tf.expand_dims(sample_weight, [-1]), lambda: sample_weight),
        )  # fmt: skip

    sample_weight = tf.cond(tf.equal(tf.rank(sample_weight), 0), lambda: sample_weight, adjusted)
    return y_pred, y_true, sample_weight


def reduce_weighted_loss(losses, reduction=Reduction.SUM_OVER_BATCH_SIZE):
    """Losses of examples reduced to a scalar, unless `reduction` is `Reduction.NONE`."""
    if reduction == Reduction.NONE:
        return losses
    total = tf.reduce_sum(losses)
    if reduction == Reduction.SUM_OVER_BATCH_SIZE:
        total = tf.div_no_nan(total, tf.cast(tf.size(losses, name="num_elements"), total.dtype))
    return total


def compute_weighted_loss(losses, sample_weight=None, reduction=Reduction.SUM_OVER_BATCH_SIZE, name=None):
    """Losses of examples, weighted and reduced.

    Args:
      losses: a tensor.
      sample_weight: weights that broadcast to it, or None.
      reduction: a `Reduction`.
      name: the name scope.
    """
    Reduction.validate(reduction)
    if reduction == Reduction.AUTO:
        reduction = Reduction.SUM_OVER_BATCH_SIZE
    sample_weight = 1.0 if sample_weight is None else sample_weight
    with name_scope(name, "weighted_loss", (losses, sample_weight)):
        losses = convert(losses)
        dtype = losses.dtype.base_dtype
        losses = tf.cast(losses, "float32")
        sample_weight = tf.cast(sample_weight, "float32")
        losses, _, sample_weight = squeeze_or_expand(losses, None, sample_weight)
        losses = tf.multiply(losses, sample_weight)
        losses = reduce_weighted_loss(losses, reduction)
        return tf.cast(losses, dtype)


export("python.keras.utils.losses_utils.compute_weighted_loss")(compute_weighted_loss)


# ------------------------------------------------------------------------------------------------------------------ objects


@export("keras.losses.Loss")
class Loss:
    """The base of losses as objects.

    Args:
      reduction: a `Reduction`.
      name: its name.
    """

    def __init__(self, reduction=Reduction.AUTO, name=None):
        Reduction.validate(reduction)
        self.reduction = reduction
        self.name = name

    def __call__(self, y_true, y_pred, sample_weight=None):
        """The loss, reduced.

        Args:
          y_true, y_pred: labels and predictions.
          sample_weight: weights of the examples, or None.
        """
        with name_scope("lambda" if self.name == "<lambda>" else self.name, type(self).__name__, (y_pred, y_true, sample_weight)):
            return compute_weighted_loss(self.call(y_true, y_pred), sample_weight, reduction=self.reduction)

    def call(self, y_true, y_pred):
        """The losses of the examples."""
        raise NotImplementedError("Must be implemented in subclasses.")

    def get_config(self):
        """The arguments to make it again."""
        return {"reduction": self.reduction, "name": self.name}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


class LossFunctionWrapper(Loss):
    """A function as a loss.

    Args:
      fn: a function of labels and predictions.
      reduction, name: as of `Loss`.
      **kwargs: more arguments of the function.
    """

    def __init__(self, fn, reduction=Reduction.AUTO, name=None, **kwargs):
        super().__init__(reduction=reduction, name=name)
        self.fn = fn
        self._fn_kwargs = kwargs

    def call(self, y_true, y_pred):
        if isinstance(y_pred, Tensor):
            y_pred, y_true = squeeze_or_expand(y_pred, y_true if isinstance(y_true, Tensor) else convert(y_true, y_pred.dtype))
        return self.fn(y_true, y_pred, **self._fn_kwargs)

    def get_config(self):
        values = {k: v.numpy() if here.eager and isinstance(v, Tensor) else v for k, v in self._fn_kwargs.items()}
        return {**super().get_config(), **values}


export("python.keras.losses.LossFunctionWrapper")(LossFunctionWrapper)


def _as_class(name, fn, default_name, doc, **options):
    """Makes a class for a loss function, whose further arguments are `options` with their defaults, public."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    defaults = {**options, "reduction": Reduction.AUTO, "name": default_name}
    parameters = [inspect.Parameter("self", kind), *(inspect.Parameter(n, kind, default=d) for n, d in defaults.items())]
    signature = inspect.Signature(parameters)

    def __init__(self, *args, **kwargs):
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        LossFunctionWrapper.__init__(fn=fn, **bound.arguments)

    __init__.__signature__ = signature
    made = type(name, (LossFunctionWrapper,), {"__init__": __init__, "__doc__": doc, "__module__": __name__})
    globals()[name] = export("keras.losses." + name)(made)


# ---------------------------------------------------------------------------------------------------------------- functions


def _pair(y_true, y_pred):
    y_pred = convert(y_pred)
    return tf.cast(y_true, y_pred.dtype), y_pred


def _names(*names):
    return [prefix + n for n in names for prefix in ("keras.losses.", "keras.metrics.")]


@export(*_names("mean_squared_error", "mse", "MSE"))
def mean_squared_error(y_true, y_pred):
    """The mean of squared differences along the last axis."""
    y_pred = convert(y_pred)
    return tf.reduce_mean(tf.squared_difference(y_pred, tf.cast(y_true, y_pred.dtype)), axis=-1)


@export(*_names("mean_absolute_error", "mae", "MAE"))
def mean_absolute_error(y_true, y_pred):
    """The mean of absolute differences along the last axis."""
    y_true, y_pred = _pair(y_true, y_pred)
    return tf.reduce_mean(tf.abs(y_pred - y_true), axis=-1)


@export(*_names("mean_absolute_percentage_error", "mape", "MAPE"))
def mean_absolute_percentage_error(y_true, y_pred):
    """The mean of absolute differences in percent of the labels along the last axis."""
    y_true, y_pred = _pair(y_true, y_pred)
    difference = tf.abs((y_true - y_pred) / tf.clip_by_value(tf.abs(y_true), epsilon(), float("inf")))
    return 100.0 * tf.reduce_mean(difference, axis=-1)


@export(*_names("mean_squared_logarithmic_error", "msle", "MSLE"))
def mean_squared_logarithmic_error(y_true, y_pred):
    """The mean of squared differences of logarithms along the last axis."""
    y_true, y_pred = _pair(y_true, y_pred)
    logs = [tf.log(tf.clip_by_value(y, epsilon(), float("inf")) + 1.0) for y in (y_pred, y_true)]
    return tf.reduce_mean(tf.squared_difference(*logs), axis=-1)


def _signed(y_true):
    """Labels of 0 and 1 as -1 and 1; others as they are."""
    is_binary = tf.reduce_all(tf.logical_or(tf.equal(y_true, 0), tf.equal(y_true, 1)))
    return smart_cond(is_binary, lambda: 2.0 * y_true - 1.0, lambda: y_true)


@export(*_names("squared_hinge"))
def squared_hinge(y_true, y_pred):
    """The mean of squared hinge losses along the last axis."""
    y_true, y_pred = _pair(y_true, y_pred)
    return tf.reduce_mean(tf.square(tf.maximum(1.0 - _signed(y_true) * y_pred, 0.0)), axis=-1)


@export(*_names("hinge"))
def hinge(y_true, y_pred):
    """The mean of hinge losses along the last axis."""
    y_true, y_pred = _pair(y_true, y_pred)
    return tf.reduce_mean(tf.maximum(1.0 - _signed(y_true) * y_pred, 0.0), axis=-1)


@export("keras.losses.categorical_hinge")
def categorical_hinge(y_true, y_pred):
    """The hinge loss of the right class against the best wrong one."""
    y_true, y_pred = _pair(y_true, y_pred)
    right = tf.reduce_sum(y_true * y_pred, axis=-1)
    return tf.maximum(0.0, tf.reduce_max((1.0 - y_true) * y_pred, axis=-1) - right + 1.0)


def huber_loss(y_true, y_pred, delta=1.0):
    """The mean of losses that are squares up to `delta` and linear beyond."""
    y_pred, y_true = tf.cast(y_pred, floatx()), tf.cast(y_true, floatx())
    error = tf.subtract(y_pred, y_true)
    size = tf.abs(error)
    square = tf.minimum(size, delta)
    linear = tf.subtract(size, square)
    half = convert(0.5, dtype=square.dtype)
    return tf.add(tf.multiply(half, tf.multiply(square, square)), tf.multiply(delta, linear))


@export("keras.losses.logcosh")
def logcosh(y_true, y_pred):
    """The mean of logarithms of hyperbolic cosines of differences along the last axis."""
    y_true, y_pred = _pair(y_true, y_pred)
    x = y_pred - y_true
    return tf.reduce_mean(x + tf.nn.softplus(-2.0 * x) - tf.log(2.0), axis=-1)


def _smoothed(y_true, label_smoothing, count):
    """Labels of which a part is spread over all classes, if there is such a part."""
    smoothing = convert(label_smoothing, dtype=floatx())
    return smart_cond(smoothing, lambda: y_true * (1.0 - smoothing) + smoothing / count(), lambda: y_true)


@export(*_names("categorical_crossentropy"))
def categorical_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0):
    """The cross entropy of classes given as vectors.

    Args:
      y_true, y_pred: tensors of the same shape; `y_pred` are probabilities, or logits.
      from_logits: whether they are logits.
      label_smoothing: how much of the labels is spread over all classes.
    """
    y_true, y_pred = _pair(y_true, y_pred)
    y_true = _smoothed(y_true, label_smoothing, lambda: tf.cast(tf.shape(y_pred)[1], y_pred.dtype))
    return tf.keras.backend.categorical_crossentropy(y_true, y_pred, from_logits=from_logits)


@export(*_names("sparse_categorical_crossentropy"))
def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False, axis=-1):
    """The cross entropy of classes given as numbers; arguments as of `categorical_crossentropy`."""
    return tf.keras.backend.sparse_categorical_crossentropy(y_true, y_pred, from_logits=from_logits, axis=axis)


@export(*_names("binary_crossentropy"))
def binary_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0):
    """The mean of cross entropies of two classes along the last axis; arguments as of `categorical_crossentropy`."""
    y_true, y_pred = _pair(y_true, y_pred)
    y_true = _smoothed(y_true, label_smoothing, lambda: 2.0)
    return tf.reduce_mean(tf.keras.backend.binary_crossentropy(y_true, y_pred, from_logits=from_logits), axis=-1)


@export(*_names("kullback_leibler_divergence", "kld", "KLD"))
def kullback_leibler_divergence(y_true, y_pred):
    """The Kullback-Leibler divergence of distributions along the last axis."""
    y_true, y_pred = _pair(y_true, y_pred)
    y_true, y_pred = (tf.clip_by_value(y, epsilon(), 1.0) for y in (y_true, y_pred))
    return tf.reduce_sum(y_true * tf.log(y_true / y_pred), axis=-1)


@export(*_names("poisson"))
def poisson(y_true, y_pred):
    """The mean of Poisson losses along the last axis."""
    y_true, y_pred = _pair(y_true, y_pred)
    return tf.reduce_mean(y_pred - y_true * tf.log(y_pred + epsilon()), axis=-1)


@export(*_names("cosine_proximity", "cosine"), "keras.losses.cosine_similarity")
def cosine_proximity(y_true, y_pred, axis=-1):
    """The cosine of the angle between vectors, with a minus."""
    y_true, y_pred = (tf.nn.l2_normalize(y, axis=axis) for y in (y_true, y_pred))
    return -tf.reduce_sum(y_true * y_pred, axis=axis)


_as_class("MeanSquaredError", mean_squared_error, "mean_squared_error", "Squared differences.")
_as_class("MeanAbsoluteError", mean_absolute_error, "mean_absolute_error", "Absolute differences.")
_as_class(
    "MeanAbsolutePercentageError", mean_absolute_percentage_error, "mean_absolute_percentage_error", "Differences in percent."
)
_as_class("MeanSquaredLogarithmicError", mean_squared_logarithmic_error, "mean_squared_logarithmic_error",
          "Squared differences of logarithms.")  # fmt: skip
_as_class("BinaryCrossentropy", binary_crossentropy, "binary_crossentropy", "The cross entropy of two classes.", from_logits=False,
          label_smoothing=0)  # fmt: skip
_as_class("CategoricalCrossentropy", categorical_crossentropy, "categorical_crossentropy",
          "The cross entropy of classes given as vectors.", from_logits=False, label_smoothing=0)  # fmt: skip
_as_class("SparseCategoricalCrossentropy", sparse_categorical_crossentropy, "sparse_categorical_crossentropy",
          "The cross entropy of classes given as numbers.", from_logits=False)  # fmt: skip
_as_class("Hinge", hinge, "hinge", "The hinge loss.")
_as_class("SquaredHinge", squared_hinge, "squared_hinge", "The squared hinge loss.")
_as_class("CategoricalHinge", categorical_hinge, "categorical_hinge", "The hinge loss of classes.")
_as_class("Poisson", poisson, "poisson", "The Poisson loss.")
_as_class("LogCosh", logcosh, "logcosh", "The logarithm of the hyperbolic cosine of differences.")
_as_class("KLDivergence", kullback_leibler_divergence, "kullback_leibler_divergence", "The Kullback-Leibler divergence.")
_as_class("Huber", huber_loss, "huber_loss", "Squares up to `delta`, linear beyond.", delta=1.0)
_as_class(
    "CosineSimilarity", cosine_proximity, "cosine_similarity", "The cosine of the angle between vectors, with a minus.", axis=-1
)


# ------------------------------------------------------------------------------------------------------------------- finding


@export("keras.losses.serialize")
def serialize(loss):
    """A loss as a configuration."""
    return serialize_keras_object(loss)


def _known(name):
    found = globals().get(name)
    found = found if found is not None else {
        "mse": mean_squared_error, "MSE": mean_squared_error, "mae": mean_absolute_error, "MAE": mean_absolute_error,
        "mape": mean_absolute_percentage_error, "MAPE": mean_absolute_percentage_error, "msle": mean_squared_logarithmic_error,
        "MSLE": mean_squared_logarithmic_error, "kld": kullback_leibler_divergence, "KLD": kullback_leibler_divergence,
        "cosine": cosine_proximity, "cosine_similarity": cosine_proximity, "bce": binary_crossentropy,
    }.get(name)  # fmt: skip
    return found if isinstance(found, type | types.FunctionType) else None


@export("keras.losses.deserialize")
def deserialize(name, custom_objects=None):
    """The loss of a name or configuration."""
    return _deserialize(name, _known, custom_objects, "loss function")


@export("keras.losses.get")
def get(identifier):
    """The loss that a name, a configuration or a function stands for; raises ValueError if it is none of these."""
    if identifier is None:
        return None
    if isinstance(identifier, str):
        return deserialize(str(identifier))
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if callable(identifier):
        return identifier
    raise ValueError("Could not interpret loss function identifier: %s" % (identifier,))


open_namespace(globals())
