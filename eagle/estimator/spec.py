"""`tf.estimator.EstimatorSpec`: what a model function gives."""

import collections

from ..core.collections import GraphKeys, add_to_collection, get_collection
from ..core.context import here
from ..core.export import export, public as tf
from ..core.graph import get_default_graph
from ..core.nest import flatten
from ..core.operation import Operation
from ..core.tensor import Tensor
from ..platform import tf_logging as logging
from ..platform.decorators import fn_args
from ..sessions.scaffold import Scaffold
from ..sessions.session_run_hook import SessionRunHook
from ..variables.base import Variable
from .modes import ModeKeys
from .outputs import get_export_outputs

LOSS_METRIC_KEY, AVERAGE_LOSS_METRIC_KEY = "loss", "average_loss"
_ARGUMENTS = {"features", "labels", "mode", "params", "self", "config"}
_OTHER_GRAPH = (
    '%s with "%s" must be from the default graph. Possible causes of this error include: \n\n1) %s was created outside the context '
    "of the default graph.\n\n2) The object passed through to EstimatorSpec was not created in the most recent call to "
    '"model_fn".'
)
_FIELDS = ("mode predictions loss train_op eval_metric_ops export_outputs training_chief_hooks training_hooks scaffold "
           "evaluation_hooks prediction_hooks").split()  # fmt: skip


@export("estimator.EstimatorSpec")
class EstimatorSpec(collections.namedtuple("EstimatorSpec", _FIELDS)):
    """What a model function gives.

    Args:
      mode: one of `ModeKeys`.
      predictions: a tensor or a dict of tensors; needed to predict.
      loss: a scalar; needed to train and to evaluate.
      train_op: the operation of a step; needed to train.
      eval_metric_ops: a dict of pairs of a metric's value and its update.
      export_outputs: a dict of `ExportOutput`s by signature.
      training_chief_hooks, training_hooks, evaluation_hooks, prediction_hooks: `SessionRunHook`s.
      scaffold: a `Scaffold`.

    Raises:
      ValueError: something that the mode needs is missing, or comes from another graph.
      TypeError: something has another type.
    """

    def __new__(cls, mode, predictions=None, loss=None, train_op=None, eval_metric_ops=None, export_outputs=None,
                training_chief_hooks=None, training_hooks=None, scaffold=None, evaluation_hooks=None,
                prediction_hooks=None):  # fmt: skip
        train_op = checked_train_op(train_op, mode)
        loss = checked_loss(loss, mode)
        predictions = checked_predictions(predictions, mode)
        if mode == ModeKeys.PREDICT:
            export_outputs = get_export_outputs(export_outputs, predictions)
        training_hooks, evaluation_hooks, prediction_hooks, training_chief_hooks = (
            checked_hooks(h) for h in (training_hooks, evaluation_hooks, prediction_hooks, training_chief_hooks)
        )
        eval_metric_ops = _checked_metrics(eval_metric_ops)
        scaffold = scaffold or Scaffold()
        if not isinstance(scaffold, Scaffold):
            raise TypeError("scaffold must be tf.train.Scaffold. Given: %s" % scaffold)
        return super().__new__(cls, mode, predictions, loss, train_op, eval_metric_ops, export_outputs, training_chief_hooks,
                               training_hooks, scaffold, evaluation_hooks, prediction_hooks)  # fmt: skip

    def _replace(self, **kwds):
        if "mode" in kwds and kwds["mode"] != self.mode:
            raise ValueError("mode of EstimatorSpec cannot be changed.")
        return EstimatorSpec(*[kwds.pop(name, value) for name, value in zip(self._fields, self)])


def _check_graph(thing, what, name):
    if not here.eager and thing.graph is not get_default_graph():
        raise ValueError(_OTHER_GRAPH % (what, name, what))


def _is_tensor(x):
    return isinstance(x, Tensor) or getattr(x, "is_tensor_like", False) or isinstance(x, Variable)


def _checked_tensor(x, name):
    if not _is_tensor(x):
        raise TypeError("%s must be Tensor, given: %s" % (name, x))
    return x


def checked_train_op(train_op, mode):
    """The operation of a step, which must be given to train."""
    if train_op is None:
        if mode == ModeKeys.TRAIN:
            raise ValueError("Missing train_op.")
        return None
    if not isinstance(train_op, Operation) and not _is_tensor(train_op):
        raise TypeError("train_op must be Operation or Tensor, given: %s" % train_op)
    train_op = train_op.op if isinstance(train_op, Variable) else train_op
    _check_graph(train_op, "train_op", getattr(train_op, "name", ""))
    return train_op


def checked_loss(loss, mode):
    """The loss as a scalar; it must be given to train and to evaluate."""
    if loss is None:
        if mode in (ModeKeys.TRAIN, ModeKeys.EVAL):
            raise ValueError("Missing loss.")
        return None
    loss = _checked_tensor(loss, "loss")
    if loss.shape.num_elements() not in (None, 1):
        raise ValueError("Loss must be scalar, given: %s" % loss)
    if not loss.shape.is_compatible_with([]):
        loss = tf.reshape(loss, [])
    _check_graph(loss, "loss", getattr(loss, "name", ""))
    return loss


def checked_predictions(predictions, mode):
    """The predictions, which must be given to predict."""
    if predictions is None:
        if mode == ModeKeys.PREDICT:
            raise ValueError("Missing predictions.")
        return {}
    if not isinstance(predictions, dict):
        predictions = _checked_tensor(predictions, "predictions")
        _check_graph(predictions, "prediction values", getattr(predictions, "name", ""))
        return predictions
    predictions = {k: _checked_tensor(v, "predictions[%s]" % k) for k, v in predictions.items()}
    for key, value in predictions.items():
        _check_graph(value, "prediction values", "%s: %s" % (key, getattr(value, "name", "")))
    return predictions


def checked_hooks(hooks):
    """The hooks as a tuple; raises TypeError if one is none."""
    hooks = tuple(hooks or [])
    for hook in hooks:
        if not isinstance(hook, SessionRunHook):
            raise TypeError("All hooks must be SessionRunHook instances, given: %s" % hook)
    return hooks


def _is_metric(value):
    """Whether a value is a Keras metric."""
    return hasattr(value, "update_state") and hasattr(value, "result")


def _checked_metrics(metrics):
    metrics = {} if metrics is None else metrics
    if not isinstance(metrics, dict):
        raise TypeError("eval_metric_ops must be a dict, given: %s" % metrics)
    for key, value in metrics.items():
        if _is_metric(value):
            if not value.updates:
                raise ValueError('Please call update_state(...) on the "%s" metric' % value.name)
        elif not isinstance(value, tuple) or len(value) != 2:
            raise TypeError(
                "Values of eval_metric_ops must be (metric_value, update_op) tuples, given: %s for key: %s" % (value, key)
            )
    variables = []
    for key, value in list(metrics.items()):
        if _is_metric(value):
            variables += value.variables
            metrics[key] = value = (value.result(), value.updates[0])
        for part in flatten(value):
            _check_graph(part, "eval_metric_ops", "%s: %s" % (key, part.name))
    for collection in (GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES):
        known = {id(v) for v in get_collection(collection)}
        for v in variables:
            if id(v) not in known:
                add_to_collection(collection, v)
    return metrics


def verify_model_fn_args(model_fn, params):
    """Raises ValueError unless a model function takes the arguments that it will be given."""
    args = set(fn_args(model_fn))
    if "features" not in args:
        raise ValueError("model_fn (%s) must include features argument." % model_fn)
    if params is not None and "params" not in args:
        raise ValueError(
            "model_fn (%s) does not include params argument, but params (%s) is passed to Estimator." % (model_fn, params)
        )
    if params is None and "params" in args:
        logging.warning("Estimator's model_fn (%s) includes params argument, but params are not passed to Estimator.", model_fn)
    if args - _ARGUMENTS:
        raise ValueError("model_fn (%s) has following not expected args: %s" % (model_fn, list(args - _ARGUMENTS)))


@export("estimator.experimental.call_logit_fn")
def call_logit_fn(logit_fn, features, mode, params, config):
    """Calls a function of logits with those of these arguments that it takes.

    Raises:
      ValueError: it gives neither a tensor nor a dict of tensors.
    """
    args = fn_args(logit_fn)
    given = {"mode": mode, "params": params, "config": config}
    result = logit_fn(features=features, **{k: v for k, v in given.items() if k in args})
    is_dict = isinstance(result, dict) and all(isinstance(k, str) and isinstance(v, Tensor) for k, v in result.items())
    if not is_dict and not isinstance(result, Tensor):
        raise ValueError(
            "logit_fn should return a Tensor or a dictionary mapping strings to Tensors.  logit_fn returned: %s" % result
        )
    return result
