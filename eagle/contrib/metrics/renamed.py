"""Metrics of `tf.contrib.metrics` that `tf.metrics` has under another name and with labels before predictions."""

import inspect

from ...core.export import export, public as tf
from ...ops.confusion import confusion_matrix
from ...ops.sets import set_difference, set_intersection, set_size, set_union

for _name, _function in (("set_size", set_size), ("set_intersection", set_intersection), ("set_difference", set_difference),
                         ("set_union", set_union), ("confusion_matrix", confusion_matrix)):  # fmt: skip
    export("contrib.metrics." + _name)(_function)

_PAIR, _TAIL = "predictions labels", "weights=None metrics_collections=None updates_collections=None name=None"

# Name here (behind `streaming_`), name in `tf.metrics`, parameters.
_RENAMED = """
true_positives        true_positives          PAIR TAIL
true_negatives        true_negatives          PAIR TAIL
false_positives       false_positives         PAIR TAIL
false_negatives       false_negatives         PAIR TAIL
mean                  mean                    values TAIL
mean_tensor           mean_tensor             values TAIL
accuracy              accuracy                PAIR TAIL
precision             precision               PAIR TAIL
recall                recall                  PAIR TAIL
auc                   auc                     PAIR weights=None num_thresholds=200 metrics_collections=None updates_collections=None curve=ROC name=None
specificity_at_sensitivity specificity_at_sensitivity PAIR sensitivity weights=None num_thresholds=200 metrics_collections=None updates_collections=None name=None
sensitivity_at_specificity sensitivity_at_specificity PAIR specificity weights=None num_thresholds=200 metrics_collections=None updates_collections=None name=None
precision_at_thresholds precision_at_thresholds PAIR thresholds TAIL
recall_at_thresholds  recall_at_thresholds    PAIR thresholds TAIL
sparse_recall_at_k    recall_at_k             PAIR k class_id=None TAIL
sparse_precision_at_k precision_at_k          PAIR k class_id=None TAIL
sparse_average_precision_at_k average_precision_at_k PAIR k TAIL
mean_absolute_error   mean_absolute_error     PAIR TAIL
mean_relative_error   mean_relative_error     PAIR normalizer TAIL
mean_squared_error    mean_squared_error      PAIR TAIL
root_mean_squared_error root_mean_squared_error PAIR TAIL
mean_cosine_distance  mean_cosine_distance    PAIR dim TAIL
percentage_less       percentage_below        values threshold TAIL
mean_iou              mean_iou                PAIR num_classes TAIL
"""  # noqa: E501


def _parameter(text):
    name, given, default = text.partition("=")
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    if not given:
        return inspect.Parameter(name, kind)
    value = None if default == "None" else int(default) if default.isdigit() else default
    return inspect.Parameter(name, kind, default=value)


def _rename(name, known_as, parameters):
    signature = inspect.Signature([_parameter(p) for p in parameters])

    def metric(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return getattr(tf.metrics, known_as)(**bound.arguments)

    metric.__signature__ = signature
    metric.__name__ = metric.__qualname__ = "streaming_" + name
    metric.__doc__ = "`tf.metrics.%s`, whose arguments have another order." % known_as
    export("contrib.metrics.streaming_" + name)(metric)


for _line in _RENAMED.strip().splitlines():
    _name, _known_as, _parameters = _line.split(None, 2)
    _rename(_name, _known_as, _parameters.replace("PAIR", _PAIR).replace("TAIL", _TAIL).split())
