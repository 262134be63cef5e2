"""`tf.contrib.learn.MetricSpec`: which predictions and labels a metric is of."""

import functools
import inspect

from ...core.export import export
from ...platform import tf_logging as logging

_NAMES = {
    "labels": {"labels", "label", "targets", "target"},
    "predictions": {"predictions", "prediction", "logits", "logit"},
    "weights": {"weights", "weight"},
}


def _fn_name(fn):
    inner = fn.func if isinstance(fn, functools.partial) else fn
    return getattr(inner, "__name__", str(fn))


def _names_of_arguments(fn):
    """The names of the arguments of a function, also of one behind a wrapper, as metrics are."""
    if isinstance(fn, functools.partial):
        return tuple(a for a in _names_of_arguments(fn.func)[len(fn.args) :] if a not in fn.keywords)
    parameters = inspect.signature(fn).parameters.values()
    return tuple(p.name for p in parameters if p.kind == p.POSITIONAL_OR_KEYWORD)


def _argument(fn_name, args, what, is_required=False):
    """What a function calls its labels, predictions or weights; None if it has none.

    Raises:
      ValueError: it has several, or none although it must.
    """
    candidates = _NAMES[what]
    found = candidates.intersection(args)
    if len(found) > 1:
        raise ValueError("Ambiguous arguments %s, must provide only one of %s." % (found, candidates))
    if not found:
        if is_required:
            raise ValueError("%s missing from %s(%s)." % (candidates, fn_name, args))
        return None
    (name,) = found
    if name != what:
        logging.warning("Canonical arg %s missing from %s(%s), using %s.", what, fn_name, args, name)
    return name


def _with_named_arguments(metric_fn, fn_name, needs_labels, needs_weights):
    """A function of `labels`, `predictions` and `weights` that calls a metric function with its own names."""
    args = _names_of_arguments(metric_fn)
    labels_arg = _argument(fn_name, args, "labels", needs_labels)
    predictions_arg = _argument(fn_name, args, "predictions")
    weights_arg = _argument(fn_name, args, "weights", needs_weights)

    def call(_sentinel=None, labels=None, predictions=None, weights=None):
        if _sentinel is not None:
            raise ValueError("`metric_fn` requires named args: `labels`, `predictions`, and optionally `weights`.")
        positional, named = [], {}
        if predictions_arg:
            named[predictions_arg] = predictions
        else:
            positional.append(predictions)
        if labels_arg and not predictions_arg and labels_arg == args[0]:
            positional.insert(0, labels)
        elif labels_arg:
            named[labels_arg] = labels
        if weights is not None:
            named[weights_arg] = weights
        return metric_fn(*positional, **named)

    return call


def _pick(what, given, key):
    """A tensor, or the one of a dict with a key, or its only one."""
    if key:
        if not isinstance(given, dict):
            raise ValueError("MetricSpec with %s_key specified requires %ss dict, got %s.\nYou must not provide a %s_key if you "
                             "only have a single Tensor as %ss." % (what, what, given, what, what))  # fmt: skip
        if key not in given:
            raise KeyError("Key '%s' missing from %s." % (key, given.keys()))
        return given[key]
    if not isinstance(given, dict):
        return given
    if len(given) != 1:
        raise ValueError("MetricSpec without specified %s_key requires %ss tensor or single element dict, got %s"
                         % (what, what, given))  # fmt: skip
    return next(iter(given.values()))


@export("contrib.learn.MetricSpec", "contrib.learn.python.learn.metric_spec.MetricSpec")
class MetricSpec:
    """Which predictions and labels a metric is of.

    Args:
      metric_fn: a function of predictions and, if it has such arguments, labels and weights, that gives a tensor or a pair of a
        value and the operation that updates it.
      prediction_key: the key of the predictions; None if there are only these.
      label_key: the key of the labels; None if there are only these.
      weight_key: the key of the weights among the features; None for no weights.

    Raises:
      ValueError: the function has no argument for something that has a key, or several.
    """

    def __init__(self, metric_fn, prediction_key=None, label_key=None, weight_key=None):
        self._metric_fn_name = _fn_name(metric_fn)
        self._metric_fn = _with_named_arguments(metric_fn, self._metric_fn_name, label_key is not None, weight_key is not None)
        self._prediction_key, self._label_key, self._weight_key = prediction_key, label_key, weight_key

    prediction_key = property(lambda self: self._prediction_key)
    label_key = property(lambda self: self._label_key)
    weight_key = property(lambda self: self._weight_key)
    metric_fn = property(lambda self: self._metric_fn, doc="A function of the named arguments labels, predictions and weights.")

    def __str__(self):
        return "MetricSpec(metric_fn=%s, prediction_key=%s, label_key=%s, weight_key=%s)" % (
            self._metric_fn_name, self.prediction_key, self.label_key, self.weight_key)  # fmt: skip

    def create_metric_ops(self, inputs, labels, predictions):
        """What the function gives for some features, labels and predictions.

        Raises:
          ValueError: there is a key but no dict, or no key but a dict of several.
          KeyError: there is nothing with a key.
        """
        prediction, label = _pick("prediction", predictions, self.prediction_key), _pick("label", labels, self.label_key)
        try:
            weights = inputs[self.weight_key] if self.weight_key else None
            return self.metric_fn(labels=label, predictions=prediction, weights=weights)
        except Exception as error:
            logging.error("Could not create metric ops for %s, %s." % (self, error))
            raise
