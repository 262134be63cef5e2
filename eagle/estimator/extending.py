"""Estimators made of others: `tf.estimator.add_metrics`; and what to parse examples for one with."""

from ..core import dtypes
from ..core.export import export, public as tf
from ..core.sparse_tensor import SparseTensor, convert_to_tensor_or_sparse_tensor
from ..feature_column.numeric import NumericColumn
from ..platform.decorators import fn_args
from ..training.optimizer import Optimizer
from .estimator import Estimator
from .modes import ModeKeys
from .outputs import PredictOutput

_METRIC_ARGUMENTS = {"features", "labels", "predictions", "config"}


@export("estimator.add_metrics", "contrib.estimator.add_metrics")
def add_metrics(estimator, metric_fn):
    """An estimator that is like another one, and has further metrics.

    Args:
      estimator: the `tf.estimator.Estimator`.
      metric_fn: a function of some of `features`, `labels`, `predictions` and `config` that gives a dict of metrics, each a pair of
        a value and its update.  They take the place of those of the same name.

    Raises:
      ValueError: the function has other arguments.
    """
    others = set(fn_args(metric_fn)) - _METRIC_ARGUMENTS
    if others:
        raise ValueError("metric_fn (%s) has following not expected args: %s" % (metric_fn, list(others)))

    def model_fn(features, labels, mode, config):
        spec = estimator.model_fn(features, labels, mode, config)
        if mode != ModeKeys.EVAL:
            return spec
        given = {"features": features, "labels": labels, "predictions": spec.predictions, "config": estimator.config}
        more = metric_fn(**{name: value for name, value in given.items() if name in fn_args(metric_fn)}) or {}
        return spec._replace(eval_metric_ops={**(spec.eval_metric_ops or {}), **more})

    return Estimator(model_fn=model_fn, model_dir=estimator.model_dir, config=estimator.config,
                     warm_start_from=estimator._warm_start_settings)  # fmt: skip


@export("contrib.estimator.forward_features")
def forward_features(estimator, keys=None, sparse_default_values=None):
    """An estimator that is like another one, and has features among its predictions.

    Args:
      estimator: the `tf.estimator.Estimator`; its predictions are a dict.
      keys: the name of a feature, or a list of names; None for all.
      sparse_default_values: name -> what stands for missing values of a sparse feature, which becomes dense.

    Raises:
      TypeError: the keys are no text.
      ValueError: when the model is built: there is no such feature, or it is sparse, or a prediction has its name.
    """
    if isinstance(keys, str):
        keys = [keys]
    if keys is not None and not isinstance(keys, list | tuple):
        raise TypeError("keys should be either a string or a list of strings. Given: %s" % type(keys))
    for key in keys or ():
        if not isinstance(key, str):
            raise TypeError("All items in the given keys list should be a string. There exist an item with type: %s" % type(key))
    defaults = sparse_default_values or {}

    def model_fn(features, labels, mode, config):
        spec = estimator.model_fn(features, labels, mode, config)
        if spec.predictions is None:
            return spec
        if not isinstance(spec.predictions, dict):
            raise ValueError("Predictions should be a dict to be able to forward features. Given: %s" % type(spec.predictions))
        more = {}
        for key in features if keys is None else keys:
            if key not in features:
                raise ValueError('keys should be exist in features. Key "%s" is not in features dict. features dict has following '
                                 "keys: %s. Please check arguments of forward_features." % (key, features.keys()))  # fmt: skip
            if key in spec.predictions:
                raise ValueError("Cannot forward feature key (%s). Since it does exist in predictions. Existing prediction keys: "
                                 "%s. Please check arguments of forward_features." % (key, spec.predictions.keys()))  # fmt: skip
            more[key] = _dense(key, features[key], defaults)
        for name in ("predict", "serving_default"):
            output = (spec.export_outputs or {}).get(name)
            if isinstance(output, PredictOutput):
                output.outputs.update(more)
        return spec._replace(predictions={**spec.predictions, **more})

    return Estimator(model_fn=model_fn, model_dir=estimator.model_dir, config=estimator.config)


def _dense(key, feature, defaults):
    """A feature as a tensor; raises ValueError where it is sparse and has no default value, or the other way round."""
    feature = convert_to_tensor_or_sparse_tensor(feature)
    is_sparse = isinstance(feature, SparseTensor)
    if key in defaults and not is_sparse:
        raise ValueError("Feature (%s) is expected to be a `SparseTensor`." % key)
    if key in defaults:
        return tf.sparse_tensor_to_dense(feature, default_value=defaults[key])
    if is_sparse:
        raise ValueError("Feature (%s) should be a Tensor. Please use `keys` argument of forward_features to filter unwanted "
                         "features, oradd key to argument `sparse_default_values`.Type of features[%s] is %s."
                         % (key, key, type(feature)))  # fmt: skip
    return feature


@export("contrib.estimator.clip_gradients_by_norm")
def clip_gradients_by_norm(optimizer, clip_norm):
    """An optimizer that first makes the norms of gradients at most `clip_norm`.

    Args:
      optimizer: a `tf.train.Optimizer`.
      clip_norm: a number.
    """

    def clip(pairs):
        gradients, variables = zip(*pairs)
        clipped, _ = tf.clip_by_global_norm(gradients, clip_norm)
        return list(zip(clipped, variables))

    return TransformGradients(optimizer, clip, "ClipByNorm" + optimizer.get_name())


class TransformGradients(Optimizer):
    """An optimizer that changes gradients before another one uses them.

    Args:
      optimizer: the other one.
      transform: a function from (gradient, variable) pairs to such pairs.
      name: its name.
    """

    def __init__(self, optimizer, transform, name=None):
        super().__init__(use_locking=False, name=name or optimizer.get_name())
        self._optimizer, self._transform = optimizer, transform

    def compute_gradients(self, *args, **kwargs):
        return self._optimizer.compute_gradients(*args, **kwargs)

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        pairs = [(g, v) for g, v in grads_and_vars if g is not None]
        return self._optimizer.apply_gradients(self._transform(pairs), global_step, name)

    def get_slot(self, *args, **kwargs):
        return self._optimizer.get_slot(*args, **kwargs)

    def get_slot_names(self):
        return self._optimizer.get_slot_names()


# ------------------------------------------------------------------------------------------------------- parsing of examples


@export("estimator.classifier_parse_example_spec")
def classifier_parse_example_spec(feature_columns, label_key, label_dtype=dtypes.int64, label_default=None, weight_column=None):
    """What `tf.io.parse_example` needs to parse examples for a classifier.

    Args:
      feature_columns: the columns.
      label_key: the name of the label.
      label_dtype: its type, int64 or string.
      label_default: the label of examples without one; None if there are none such.
      weight_column: the name of the feature of weights, or its column.

    Returns:
      A dict from names to `FixedLenFeature`s and `VarLenFeature`s.

    Raises:
      ValueError: the label or the weights are among the features, or the weights are no column.
    """
    return _parse_spec(feature_columns, label_key, tf.io.FixedLenFeature((1,), label_dtype, label_default), weight_column)


@export("estimator.regressor_parse_example_spec")
def regressor_parse_example_spec(feature_columns, label_key, label_dtype=dtypes.float32, label_default=None, label_dimension=1,
                                 weight_column=None):  # fmt: skip
    """What `tf.io.parse_example` needs to parse examples for a regressor.

    Args:
      label_dimension: how many numbers the label has.
      feature_columns, label_key, label_dtype, label_default, weight_column: as of `classifier_parse_example_spec`.

    Raises:
      ValueError: the label or the weights are among the features, or the weights are no column.
    """
    return _parse_spec(
        feature_columns, label_key, tf.io.FixedLenFeature((label_dimension,), label_dtype, label_default), weight_column
    )


def _parse_spec(feature_columns, label_key, label_spec, weight_column):
    spec = tf.feature_column.make_parse_example_spec(feature_columns)
    if label_key in spec:
        raise ValueError("label should not be used as feature. label_key: %s, features: %s" % (label_key, spec.keys()))
    spec[label_key] = label_spec
    if weight_column is None:
        return spec
    if isinstance(weight_column, str):
        weight_column = tf.feature_column.numeric_column(weight_column)
    if not isinstance(weight_column, NumericColumn):
        raise ValueError("weight_column should be an instance of tf.feature_column.numeric_column. Given type: %s value: %s"
                        % (type(weight_column), weight_column))  # fmt: skip
    if weight_column.key in spec:
        raise ValueError("weight_column should not be used as feature. weight_column: %s, features: %s"
                         % (weight_column.key, spec.keys()))  # fmt: skip
    spec.update(weight_column.parse_example_spec)
    return spec
