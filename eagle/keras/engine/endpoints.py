"""What a compiled model knows about one of its outputs: loss, target, weights of examples."""

import collections.abc

import numpy as np

from ...core import nest
from ...core.context import here
from ...core.export import export, public as tf
from ...platform import tf_logging
from .. import losses as losses_module
from ..backend.settings import floatx, image_data_format
from ..backend.tensors import int_shape, is_sparse, placeholder
from ..losses import Loss, LossFunctionWrapper, Reduction, reduce_weighted_loss, squeeze_or_expand
from ..metrics.base import Metric
from ..metrics.kinds import MeanMetricWrapper


class Endpoint:
    """An output of a compiled model.

    Args:
      output: its tensor.
      name: its name.
      loss: a `Loss` or function, or None.
    """

    def __init__(self, output, name, loss):
        self.output, self.name, self.loss_fn = output, name, loss
        self.loss_weight = 1.0
        self.target = None
        self.is_fed = loss is not None
        self.sample_weight = self.sample_weight_mode = None
        self.loss_metric = None

    @property
    def shape(self):
        """The static shape of the output."""
        return int_shape(self.output)

    @property
    def loss_name(self):
        """The name of its loss."""
        return self.name + "_loss"

    @property
    def is_skipped(self):
        """Whether it has no loss."""
        return self.loss_fn is None

    def make_target(self, target):
        """Takes a tensor as the target, or makes a placeholder."""
        if self.is_skipped:
            return
        if target is None:
            target = placeholder(
                ndim=len(self.shape), name=self.name + "_target", dtype=self.output.dtype.base_dtype.name,
                sparse=is_sparse(self.output),
            )  # fmt: skip
        else:
            self.is_fed = target.op.type == "Placeholder"
        self.target = target

    def make_sample_weight(self):
        """Makes the placeholder of weights if it has a mode of them."""
        if self.is_skipped or not self.is_fed or self.sample_weight_mode is None or here.eager:
            self.sample_weight = None
            return
        is_temporal = self.sample_weight_mode == "temporal"
        self.sample_weight = tf.placeholder_with_default(
            tf.constant([[1.0]] if is_temporal else [1.0], dtype=floatx()), shape=[None, None] if is_temporal else [None],
            name=self.name + "_sample_weights",
        )  # fmt: skip

    @property
    def has_stale_weights(self):
        """Whether the mode of weights changed since they were made."""
        return (self.sample_weight_mode is None) != (self.sample_weight is None)

    @property
    def feed_shape(self):
        """The shape that targets must have, or None."""
        loss = self.loss_fn
        if _is_sparse(loss):
            if image_data_format() == "channels_first":
                return (self.shape[0], 1) + self.shape[2:]
            return self.shape[:-1] + (1,)
        if not isinstance(loss, Loss):
            return None
        if isinstance(loss, LossFunctionWrapper) and getattr(losses_module, getattr(loss.fn, "__name__", ""), None) is None:
            return None
        return self.shape

    def loss_of(self, target, output, sample_weight, mask):
        """The loss, a scalar, of targets and outputs."""
        if mask is not None:
            mask = tf.cast(mask, output.dtype)
            if sample_weight is None:
                sample_weight = mask
            else:
                mask, _, sample_weight = squeeze_or_expand(mask, None, sample_weight)
                sample_weight *= mask
        if not hasattr(self.loss_fn, "reduction"):
            return self.loss_fn(target, output, sample_weight=sample_weight)
        losses = self.loss_fn.call(target, output)
        losses = losses_module.compute_weighted_loss(losses, sample_weight=sample_weight, reduction=Reduction.NONE)
        reduction = self.loss_fn.reduction
        return reduce_weighted_loss(losses, Reduction.SUM_OVER_BATCH_SIZE if reduction == Reduction.AUTO else reduction)


def _is_sparse(loss):
    return isinstance(loss, losses_module.SparseCategoricalCrossentropy) or (
        isinstance(loss, LossFunctionWrapper) and loss.fn is losses_module.sparse_categorical_crossentropy
    )


def _is_binary(loss):
    return isinstance(loss, losses_module.BinaryCrossentropy) or (
        isinstance(loss, LossFunctionWrapper) and loss.fn is losses_module.binary_crossentropy
    )


# ------------------------------------------------------------------------------------------------------------ what compile gets


def check_keys(name, given, expected):
    """Checks that a dictionary of something by outputs names outputs only; raises ValueError."""
    unknown = set(given).difference(expected)
    if unknown:
        raise ValueError(f"Unknown entries in {name} dictionary: {list(unknown)}. Only expected following keys: {list(expected)}")


def loss_function(loss):
    """A loss from a name, function, configuration or object."""
    if loss is None or isinstance(loss, Loss):
        return loss
    if isinstance(loss, collections.abc.Mapping):
        loss = losses_module.get(loss)
    if callable(loss) and not hasattr(loss, "__name__"):
        return loss
    function = losses_module.get(loss)
    return LossFunctionWrapper(function, name=function.__name__, reduction=Reduction.SUM_OVER_BATCH_SIZE)


def loss_functions(loss, names):
    """The losses of outputs, a list; raises ValueError if there are too many or too few."""
    if isinstance(loss, collections.abc.Mapping):
        check_keys("loss", loss, names)
        for name in names:
            if name not in loss:
                tf_logging.warning(
                    f"Output {name} missing from loss dictionary. We assume this was done on purpose. The fit and evaluate APIs "
                    f"will not be expecting any data to be passed to {name}."
                )
        return [loss_function(loss.get(name)) for name in names]
    if isinstance(loss, str):
        return [loss_function(loss) for _ in names]
    if isinstance(loss, collections.abc.Sequence):
        if len(loss) != len(names):
            raise ValueError(
                f"When passing a list as loss, it should have one entry per model outputs. The model has {len(names)} outputs, "
                f"but you passed loss={loss}"
            )
        return [loss_function(x) for x in loss]
    return [loss_function(loss) for _ in names]


def set_loss_weights(endpoints, weights):
    """Gives endpoints the weights of their losses; raises ValueError or TypeError if these are not as they must be."""
    if weights is None:
        weights = [1.0] * len(endpoints)
    elif isinstance(weights, collections.abc.Mapping):
        check_keys("loss_weights", weights, [e.name for e in endpoints])
        weights = [weights.get(e.name, 1.0) for e in endpoints]
    elif not isinstance(weights, list):
        raise TypeError("Could not interpret loss_weights argument: " + str(weights) + " - expected a list of dicts.")
    elif len(weights) != len(endpoints):
        raise ValueError("When passing a list as loss_weights, it should have one entry per model output. The model has "
                         + str(len(endpoints)) + " outputs, but you passed loss_weights=" + str(weights))  # fmt: skip
    for endpoint, weight in zip(endpoints, weights):
        endpoint.loss_weight = weight


def set_weight_modes(endpoints, modes):
    """Gives endpoints the modes of the weights of examples; raises ValueError if these are not as they must be."""
    if isinstance(modes, collections.abc.Mapping):
        check_keys("sample_weight_mode", modes, [e.name for e in endpoints])
        for e in endpoints:
            if not e.is_skipped and e.is_fed and e.name not in modes:
                raise ValueError("Output " + e.name + "missing from `_sample_weight_modes` dictionary")
        modes = [modes.get(e.name) for e in endpoints]
    elif isinstance(modes, list | tuple):
        if len(modes) != len(endpoints):
            raise ValueError(
                "When passing a list as sample_weight_mode, it should have one entry per model output. The model has "
                + str(len(endpoints))
                + " outputs, but you passed "
                + str(len(modes))
                + "_sample_weight_modes."
            )
    else:
        modes = [modes] * len(endpoints)
    for endpoint, mode in zip(endpoints, modes):
        if not endpoint.is_skipped and endpoint.is_fed:
            endpoint.sample_weight_mode = mode


def target_tensors_of(tensors, outputs, names):
    """The targets given to `compile`, a list with None where there is none; raises ValueError or TypeError."""
    if tensors is None or isinstance(tensors, list) and not tensors:
        return [None] * len(names)
    if isinstance(tensors, list):
        if len(tensors) != len(outputs):
            raise ValueError(
                "When passing a list as `target_tensors`, it should have one entry per model output. The model has %s outputs, "
                "but you passed target_tensors=%s" % (len(outputs), tensors)
            )
        return tensors
    if isinstance(tensors, dict):
        unknown = set(tensors).difference(names)
        if unknown:
            raise ValueError(
                f'Unknown entry in `target_tensors` dictionary: "{unknown}". Only expected the following keys: {str(names)}'
            )
        return [tensors.get(name) for name in names]
    if tf.is_tensor(tensors):
        return [tensors]
    raise TypeError("Expected `target_tensors` to be a list or tuple or dict or a single tensor, but got:", tensors)


# ------------------------------------------------------------------------------------------------------------------- metrics


def metric_name(metric, is_weighted=False):
    """The name that a metric of `compile` has."""
    prefix = "weighted_" if is_weighted else ""
    if isinstance(metric, str) and metric in ("accuracy", "acc"):
        return prefix + "acc"
    if isinstance(metric, str) and metric in ("crossentropy", "ce"):
        return prefix + "ce"
    function = tf.keras.metrics.get(metric)
    return prefix + (function.name if hasattr(function, "name") else function.__name__)


def metric_function(metric, output_shape=None, loss=None):
    """The function or object of a metric; "accuracy" and "crossentropy" are those that fit the loss."""
    if not isinstance(metric, str) or metric not in ("accuracy", "acc", "crossentropy", "ce"):
        return tf.keras.metrics.get(metric)
    is_binary = output_shape[-1] == 1 or _is_binary(loss)
    kind = "binary" if is_binary else "sparse_categorical" if _is_sparse(loss) else "categorical"
    return getattr(tf.keras.metrics, kind + ("_accuracy" if metric in ("accuracy", "acc") else "_crossentropy"))


def per_output_metrics(metrics, names, shapes, losses, is_weighted=False):
    """The metrics of outputs: a list of dictionaries of metrics by names; raises TypeError or ValueError."""
    if not metrics:
        return [{} for _ in names]
    if isinstance(metrics, list):
        if any(isinstance(m, list) for m in metrics):
            if len(metrics) != len(names):
                raise ValueError(
                    "When passing a list of lists as `metrics`, it should have one entry per model output. The model has "
                    + str(len(names))
                    + " outputs, but you passed metrics="
                    + str(metrics)
                )
            nested = [m if isinstance(m, list) else [m] for m in metrics]
        elif len(names) > 1:
            nested = [[_clone(m) for m in metrics] for _ in names]
        else:
            nested = [metrics]
    elif isinstance(metrics, collections.abc.Mapping):
        check_keys("metrics", metrics, names)
        nested = [m if isinstance(m, list) else [m] for m in (metrics.get(name, []) for name in names)]
    else:
        raise TypeError("Type of `metrics` argument not understood. Expected a list or dictionary, found: " + str(metrics))
    found = []
    for some, shape, loss in zip(nested, shapes, losses):
        by_name = {}
        for metric in some:
            name = metric_name(metric, is_weighted)
            function = metric_function(metric, output_shape=shape, loss=loss)
            if not isinstance(function, Metric):
                function = MeanMetricWrapper(function, name=name)
            by_name[name] = function
        found.append(by_name)
    return found


def _clone(metric):
    return type(metric).from_config(metric.get_config()) if isinstance(metric, Metric) else metric


def call_metric(metric, target, output, weights=None, mask=None):
    """Calls a metric with weights that a mask multiplies."""
    if mask is not None:
        mask = tf.cast(mask, output.dtype)
        if weights is None:
            weights = mask
        else:
            mask, _, weights = squeeze_or_expand(mask, None, weights)
            weights *= mask
    return metric(target, output, sample_weight=weights)


# ----------------------------------------------------------------------------------------------------------------- placeholders


class ModelInputs:
    """Data that a model is called with first, to make placeholders like it.

    Args:
      inputs: an array or tensor, or a list or dictionary of them.
    """

    def __init__(self, inputs):
        self.is_dict, self.is_single = isinstance(inputs, dict), not isinstance(inputs, dict | list | tuple)
        if self.is_dict:
            self.names = sorted(inputs)
            self.values = [inputs[name] for name in self.names]
        else:
            self.values = [inputs] if self.is_single else list(inputs)
            self.names = ["input_%d" % (i + 1) for i in range(len(self.values))]

    def symbolic(self):
        """Puts placeholders in the place of arrays; the list of tensors."""
        for i, value in enumerate(self.values):
            if isinstance(value, list | float | int):
                value = np.asarray(value)
                if value.ndim == 1:
                    value = np.expand_dims(value, 1)
            if hasattr(value, "op") and not hasattr(value, "numpy"):
                continue
            dtype = tf.as_dtype(value.dtype)
            if dtype.is_floating and not isinstance(value, tf.TensorSpec):
                dtype = tf.as_dtype(floatx())
            dims = value.shape.as_list() if hasattr(value.shape, "as_list") else value.shape
            shape = (None, *tuple(dims)[1:]) if len(dims) != 1 else (None, 1)  # numbers become rows of one
            self.values[i] = placeholder(shape=shape, name=self.names[i], dtype=dtype.name)
        return self.values

    def structure(self):
        """The tensors as the data were."""
        if self.is_dict:
            return dict(zip(self.names, self.values))
        return self.values[0] if self.is_single else self.values


def flat_masks(outputs):
    """The masks of outputs, a list."""
    return [getattr(x, "_keras_mask", None) for x in nest.flatten(outputs)]


export("python.keras.engine.training_utils.ModelInputs")(ModelInputs)
