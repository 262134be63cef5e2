"""`tf.contrib.learn.ModelFnOps`: what a model function gives, and `ProblemType`."""

import collections

from ...core.convert import convert_to_tensor
from ...core.export import export, public as tf
from ...core.operation import Operation
from ...core.sparse_tensor import convert_to_tensor_or_sparse_tensor
from ...estimator.modes import ModeKeys as CoreModeKeys
from ...estimator.outputs import ClassificationOutput, PredictOutput, RegressionOutput
from ...estimator.spec import EstimatorSpec
from ...platform import tf_logging as logging
from ...sessions.session_run_hook import SessionRunHook
from ..framework.checking import get_graph_from_inputs
from .running import ModeKeys

_PLACE = "contrib.learn.python.learn.estimators."
_DEFAULT_SIGNATURE = "serving_default"
_CORE_MODES = {ModeKeys.TRAIN: CoreModeKeys.TRAIN, ModeKeys.EVAL: CoreModeKeys.EVAL, ModeKeys.INFER: CoreModeKeys.PREDICT}


@export("contrib.learn.ProblemType", _PLACE + "constants.ProblemType")
class ProblemType:
    """What the outputs of a model are, for its signatures."""

    UNSPECIFIED, CLASSIFICATION, LINEAR_REGRESSION, LOGISTIC_REGRESSION = range(4)


_FIELDS = ["predictions", "loss", "train_op", "eval_metric_ops", "output_alternatives", "training_chief_hooks", "training_hooks",
           "scaffold", "mode"]  # fmt: skip


@export("contrib.learn.ModelFnOps", _PLACE + "model_fn.ModelFnOps")
class ModelFnOps(collections.namedtuple("ModelFnOps", _FIELDS)):
    """What a model function gives.

    Args:
      mode: one of `ModeKeys`.
      predictions: a tensor, or a dict of tensors.
      loss: a tensor with one element.
      train_op: an operation.
      eval_metric_ops: a dict of what metric functions give.
      output_alternatives: a dict from names to pairs of a `ProblemType` and a dict of tensors.
      training_chief_hooks, training_hooks: lists of `SessionRunHook`s.
      scaffold: a `Scaffold`.

    Raises:
      ValueError: the mode is unknown, something that the mode needs is missing, or tensors belong to different graphs.
      TypeError: something is no hook.
    """

    def __new__(cls, mode, predictions=None, loss=None, train_op=None, eval_metric_ops=None, output_alternatives=None,
                training_chief_hooks=None, training_hooks=None, scaffold=None):  # fmt: skip
        ModeKeys.validate(mode)
        get_graph_from_inputs((predictions, loss, train_op))
        train_op, loss = _checked_train_op(train_op, mode), _checked_loss(loss, mode)
        if predictions is None:
            if mode in (ModeKeys.INFER, ModeKeys.EVAL):
                raise ValueError("Missing predictions.")
        elif isinstance(predictions, dict):
            predictions = {k: convert_to_tensor_or_sparse_tensor(v) for k, v in predictions.items()}
        else:
            predictions = convert_to_tensor_or_sparse_tensor(predictions)
        eval_metric_ops = {} if eval_metric_ops is None else eval_metric_ops
        if not isinstance(eval_metric_ops, dict):
            raise ValueError("eval_metric_ops must be a dict.")
        training_chief_hooks, training_hooks = training_chief_hooks or [], training_hooks or []
        for hook in training_hooks + training_chief_hooks:
            if not isinstance(hook, SessionRunHook):
                raise TypeError("All hooks returned from model_fn must be SessionRunHook instances, got instance of %s: %s"
                                % (type(hook), hook))  # fmt: skip
        return super().__new__(cls, predictions, loss, train_op, eval_metric_ops, output_alternatives, training_chief_hooks,
                               training_hooks, scaffold, mode)  # fmt: skip

    def estimator_spec(self, default_serving_output_alternative_key=None):
        """The same as an `EstimatorSpec`.

        Args:
          default_serving_output_alternative_key: which of several output alternatives is the default signature.

        Raises:
          ValueError: the type of a problem is unknown.
        """
        alternatives = dict(self.output_alternatives or {})
        if len(alternatives) > 1 and _DEFAULT_SIGNATURE not in alternatives:
            alternatives[_DEFAULT_SIGNATURE] = alternatives[default_serving_output_alternative_key]
        exports = {name: _export_output(*alternative) for name, alternative in alternatives.items()}
        return EstimatorSpec(
            mode=_CORE_MODES[self.mode], predictions=self.predictions, loss=self.loss, train_op=self.train_op,
            eval_metric_ops={k: v for k, v in self.eval_metric_ops.items() if k != "loss"}, export_outputs=exports or None,
            training_chief_hooks=self.training_chief_hooks, training_hooks=self.training_hooks,
            scaffold=self.scaffold)  # fmt: skip


def _checked_train_op(train_op, mode):
    if train_op is None:
        if mode == ModeKeys.TRAIN:
            raise ValueError("Missing train_op.")
        return None
    return train_op if isinstance(train_op, Operation) else convert_to_tensor(train_op).op


def _checked_loss(loss, mode):
    if loss is None:
        if mode in (ModeKeys.TRAIN, ModeKeys.EVAL):
            raise ValueError("Missing loss.")
        return None
    loss = convert_to_tensor(loss)
    if loss.shape.num_elements() not in (None, 1):
        raise ValueError("Loss must be scalar: %s." % loss)
    return loss if loss.shape.is_compatible_with([]) else tf.reshape(loss, [])


def _export_output(problem_type, outputs):
    scores = outputs.get("scores")
    scores = outputs.get("probabilities") if scores is None else scores
    if problem_type == ProblemType.LINEAR_REGRESSION:
        return RegressionOutput(scores)
    if problem_type in (ProblemType.CLASSIFICATION, ProblemType.LOGISTIC_REGRESSION):
        classes = outputs.get("classes")
        if classes is None or classes.dtype != tf.string:
            logging.warning("classes is %s, Servo inference will not have class ids.", "None" if classes is None else "not string")
            classes = None
        return ClassificationOutput(scores=scores, classes=classes)
    if problem_type == ProblemType.UNSPECIFIED:
        return PredictOutput(outputs)
    raise ValueError("Unknown problem_type=%s" % problem_type)
