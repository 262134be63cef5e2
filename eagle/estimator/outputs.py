"""What an exported model gives: `tf.estimator.export.PredictOutput` and the like, and the signatures made of them."""

import abc
import collections
import os
import time

from ..core import dtypes
from ..core.convert import constant
from ..core.export import export
from ..core.operation import Operation
from ..core.scopes import control_dependencies
from ..core.tensor import Tensor
from ..platform import gfile, tf_logging as logging
from ..saved import signatures
from .modes import ModeKeys

_DEFAULT_KEY = "serving_default"
TAGS = {ModeKeys.PREDICT: ["serve"], ModeKeys.TRAIN: ["train"], ModeKeys.EVAL: ["eval"]}
_KEYS = {ModeKeys.PREDICT: _DEFAULT_KEY, ModeKeys.TRAIN: "train", ModeKeys.EVAL: "eval"}


@export("estimator.export.ExportOutput")
class ExportOutput(abc.ABC):
    """The base of what an exported model gives."""

    @abc.abstractmethod
    def as_signature_def(self, receiver_tensors):
        """The `SignatureDef` for these inputs, a dict of tensors."""


def _key(key, what):
    key = "/".join(key) if isinstance(key, tuple) else key
    if not isinstance(key, str):
        raise ValueError("%s output key must be a string; got %s." % (what, key))
    return key


def _outputs(outputs, name, what=None):
    """A dict of tensors with checked keys; one tensor gets a name."""
    what = what or name
    outputs = outputs if isinstance(outputs, dict) else {name: outputs}
    found = {}
    for key, value in outputs.items():
        key = _key(key, what)
        if not isinstance(value, Tensor):
            raise ValueError("%s output value must be a Tensor; got %s." % (what, value))
        found[key] = value
    return found


def _single_example(receiver_tensors, what):
    """The one string tensor that must be given to classifiers and regressors."""
    tensors = list(receiver_tensors.values())
    if len(tensors) != 1 or dtypes.as_dtype(tensors[0].dtype) != dtypes.string:
        raise ValueError("%s input must be a single string Tensor; got %s" % (what, receiver_tensors))
    return tensors[0]


@export("estimator.export.ClassificationOutput")
class ClassificationOutput(ExportOutput):
    """The output of a classifier.

    Args:
      scores: a tensor of floats, or None.
      classes: a string tensor, or None.

    Raises:
      ValueError: both are None, or they have other types.
    """

    def __init__(self, scores=None, classes=None):
        if scores is not None and not (isinstance(scores, Tensor) and scores.dtype.is_floating):
            raise ValueError("Classification scores must be a float32 Tensor; got %s" % scores)
        if classes is not None and not (isinstance(classes, Tensor) and classes.dtype.base_dtype == dtypes.string):
            raise ValueError("Classification classes must be a string Tensor; got %s" % classes)
        if scores is None and classes is None:
            raise ValueError("At least one of scores and classes must be set.")
        self._scores, self._classes = scores, classes

    scores = property(lambda self: self._scores)
    classes = property(lambda self: self._classes)

    def as_signature_def(self, receiver_tensors):
        examples = _single_example(receiver_tensors, "Classification")
        return signatures.classification_signature_def(examples, self.classes, self.scores)


@export("estimator.export.RegressionOutput")
class RegressionOutput(ExportOutput):
    """The output of a regressor, a tensor of floats; raises ValueError if `value` is none."""

    def __init__(self, value):
        if not (isinstance(value, Tensor) and value.dtype.is_floating):
            raise ValueError("Regression output value must be a float32 Tensor; got %s" % value)
        self._value = value

    value = property(lambda self: self._value)

    def as_signature_def(self, receiver_tensors):
        examples = _single_example(receiver_tensors, "Regression")
        return signatures.regression_signature_def(examples, self.value)


@export("estimator.export.PredictOutput")
class PredictOutput(ExportOutput):
    """The output of a prediction, a tensor or a dict of tensors; raises ValueError if it is none."""

    def __init__(self, outputs):
        self._outputs = _outputs(outputs, "output", "Prediction")

    outputs = property(lambda self: self._outputs)

    def as_signature_def(self, receiver_tensors):
        return signatures.predict_signature_def(receiver_tensors, self.outputs)


class _SupervisedOutput(ExportOutput):
    """The outputs of training or evaluation: losses, predictions and metrics, by names that begin with what they are."""

    _loss = _predictions = _metrics = None

    def __init__(self, loss=None, predictions=None, metrics=None):
        if loss is not None:
            self._loss = {_prefixed(k, "loss"): v for k, v in _outputs(loss, "loss").items()}
        if predictions is not None:
            self._predictions = {_prefixed(k, "predictions"): v for k, v in _outputs(predictions, "predictions").items()}
        if metrics is not None:
            self._metrics = _metric_outputs(metrics)

    loss = property(lambda self: self._loss)
    predictions = property(lambda self: self._predictions)
    metrics = property(lambda self: self._metrics)

    def as_signature_def(self, receiver_tensors):
        return self._signature_function()(receiver_tensors, self.loss, self.predictions, self.metrics)


def _prefixed(key, name):
    return key if key.startswith(name) else name + "/" + key


def _metric_outputs(metrics):
    found = {}
    for key, metric in (metrics if isinstance(metrics, dict) else {"metrics": metrics}).items():
        value, update = metric if isinstance(metric, tuple) else (metric.result(), metric.updates[0])
        key = _prefixed(_key(key, "metrics"), "metrics")
        if not isinstance(value, Tensor):
            raise ValueError("%s output value must be a Tensor; got %s." % (key, value))
        if not isinstance(update, Tensor | Operation):
            raise ValueError("%s update_op must be a Tensor or Operation; got %s." % (key, update))
        if isinstance(update, Operation):
            with control_dependencies([update]):
                update = constant([], name="metric_op_wrapper")
        found[key + "/value"], found[key + "/update_op"] = value, update
    return found


@export("estimator.export.TrainOutput")
class TrainOutput(_SupervisedOutput):
    """The outputs of training."""

    def _signature_function(self):
        return signatures.supervised_train_signature_def


@export("estimator.export.EvalOutput")
class EvalOutput(_SupervisedOutput):
    """The outputs of evaluation."""

    def _signature_function(self):
        return signatures.supervised_eval_signature_def


def get_export_outputs(export_outputs, predictions):
    """The outputs of an exported model by signature; by default the predictions.

    Raises:
      TypeError: they are no dict of `ExportOutput`s.
      ValueError: there are several, of which none is the default.
    """
    if export_outputs is None:
        export_outputs = {_DEFAULT_KEY: PredictOutput(predictions)}
    if not isinstance(export_outputs, dict):
        raise TypeError("export_outputs must be dict, given: %s" % export_outputs)
    if not all(isinstance(v, ExportOutput) for v in export_outputs.values()):
        raise TypeError("Values in export_outputs must be ExportOutput objects. Given: %s" % export_outputs)
    if len(export_outputs) == 1:
        export_outputs.setdefault(_DEFAULT_KEY, next(iter(export_outputs.values())))
    elif len(export_outputs) > 1 and _DEFAULT_KEY not in export_outputs:
        raise ValueError("Multiple export_outputs were provided, but none of them is specified as the default.  Do this by naming "
                         "one of them with signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY.")  # fmt: skip
    return export_outputs


def export_outputs_for_mode(mode, serving_export_outputs=None, predictions=None, loss=None, metrics=None):
    """The outputs of a model exported for a mode, by signature."""
    if mode == ModeKeys.PREDICT:
        return get_export_outputs(serving_export_outputs, predictions)
    kind = TrainOutput if mode == ModeKeys.TRAIN else EvalOutput
    return {_KEYS[mode]: kind(loss=loss, predictions=predictions, metrics=metrics)}


def build_all_signature_defs(receiver_tensors, export_outputs, receiver_tensors_alternatives=None, serving_only=True):
    """The `SignatureDef`s of a model, by name; outputs that don't fit the inputs are left out.

    Args:
      receiver_tensors: the inputs, a tensor or dict of tensors.
      export_outputs: the outputs by signature.
      receiver_tensors_alternatives: other inputs, by name.
      serving_only: whether only signatures for serving are wanted.

    Raises:
      ValueError: `export_outputs` is no dict.
    """
    if not isinstance(export_outputs, dict):
        raise ValueError("export_outputs must be a dict and not%s" % type(export_outputs))
    found, left_out = {}, {}
    inputs = {"": receiver_tensors, **{(k or "None") + ":": v for k, v in (receiver_tensors_alternatives or {}).items()}}
    for prefix, tensors in inputs.items():
        tensors = tensors if isinstance(tensors, dict) else {"input": tensors}
        for key, output in export_outputs.items():
            name = "%s%s" % (prefix, key or "None")
            try:
                found[name] = output.as_signature_def(tensors)
            except ValueError as e:
                left_out[name] = str(e)
    _log_signatures(found, left_out)
    if serving_only:
        is_valid = signatures.is_valid_signature
        found = {name: signature for name, signature in found.items() if is_valid(signature)}
    return found


_METHODS = {
    "tensorflow/serving/classify": "Classify", "tensorflow/serving/regress": "Regress", "tensorflow/serving/predict": "Predict",
    "tensorflow/supervised/training": "Train", "tensorflow/supervised/eval": "Eval",
}  # fmt: skip


def _log_signatures(found, left_out):
    by_method = collections.defaultdict(list)
    for name, signature in found.items():
        by_method[signature.method_name].append(name)
    for method, label in _METHODS.items():
        logging.info("Signatures INCLUDED in export for %s: %s", label, by_method[method] or "None")
    if left_out:
        logging.info("Signatures EXCLUDED from export because they cannot be be served via TensorFlow Serving APIs:")
        for name, message in left_out.items():
            logging.info("'%s' : %s", name, message)
    if not found:
        logging.warn("Export includes no signatures!")
    elif _DEFAULT_KEY not in found:
        logging.warn("Export includes no default signature!")


def timestamped_export_dir(export_dir_base):
    """A folder below another one that is named by the time and not there yet; as bytes."""
    for attempt in range(1, 11):
        path = os.path.join(os.fsencode(export_dir_base), str(int(time.time())).encode())
        if not gfile.exists(path):
            return path
        time.sleep(1)
        logging.warn("Directory %s already exists; retrying (attempt %d/10)", path, attempt)
    raise RuntimeError("Failed to obtain a unique export directory name after 10 attempts.")


def temporary_export_dir(export_dir):
    """Where a model is written before it gets its place."""
    folder, name = os.path.split(export_dir)
    return os.path.join(folder, b"temp-" + name)
