"""`tf.estimator.tpu.TPUEstimatorSpec`: what a model function for TPUs gives."""

import collections

from ...core.export import export, resolve
from ...platform import tf_logging as logging
from ...platform.decorators import fn_args, getfullargspec
from ...sessions.session_run_hook import SessionRunArgs, SessionRunHook
from ..spec import EstimatorSpec

_FIELDS = ("mode predictions loss train_op eval_metrics export_outputs scaffold_fn host_call training_hooks evaluation_hooks "
           "prediction_hooks").split()  # fmt: skip


@export("estimator.tpu.TPUEstimatorSpec", "contrib.tpu.TPUEstimatorSpec", "contrib.tpu.python.tpu.tpu_estimator.TPUEstimatorSpec")
class TPUEstimatorSpec(collections.namedtuple("TPUEstimatorSpec", _FIELDS)):
    """What a model function for TPUs gives.

    Args:
      mode, predictions, loss, train_op, export_outputs: as of `tf.estimator.EstimatorSpec`.
      eval_metrics: a pair of a function that makes metrics, and its arguments, a list or dict of tensors.
      scaffold_fn: a function that makes the `Scaffold`.
      host_call: a pair of a function that is called at each step, and its arguments.
      training_hooks, evaluation_hooks, prediction_hooks: `SessionRunHook`s.

    Raises:
      ValueError: a pair is none.
      TypeError: a function can't be called, or a hook is none.
      RuntimeError: a function takes another number of arguments.
    """

    def __new__(cls, mode, predictions=None, loss=None, train_op=None, eval_metrics=None, export_outputs=None, scaffold_fn=None,
                host_call=None, training_hooks=None, evaluation_hooks=None, prediction_hooks=None):  # fmt: skip
        for name, call in (("eval_metrics", eval_metrics), ("host_call", host_call)):
            if call is not None:
                _check_call(name, call)
        hooks = [tuple(h or []) for h in (training_hooks, evaluation_hooks, prediction_hooks)]
        for hook in sum(hooks, ()):
            if not isinstance(hook, SessionRunHook):
                raise TypeError("All hooks must be SessionRunHook instances, given: %s" % hook)
        return super().__new__(cls, mode, predictions, loss, train_op, eval_metrics, export_outputs, scaffold_fn, host_call, *hooks)

    def as_estimator_spec(self):
        """The `EstimatorSpec` of the same model without a TPU."""
        metrics = None if self.eval_metrics is None else _call("eval_metrics", self.eval_metrics)
        hooks = () if self.host_call is None else (_HostCallHook(_call("host_call", self.host_call)),)
        return EstimatorSpec(
            self.mode, predictions=self.predictions, loss=self.loss, train_op=self.train_op, eval_metric_ops=metrics,
            export_outputs=self.export_outputs, scaffold=self.scaffold_fn() if self.scaffold_fn else None,
            training_hooks=self.training_hooks + hooks, evaluation_hooks=self.evaluation_hooks + hooks,
            prediction_hooks=self.prediction_hooks + hooks)  # fmt: skip


def _check_call(name, call):
    if not isinstance(call, tuple | list):
        raise ValueError("%s should be tuple or list" % name)
    if len(call) != 2:
        raise ValueError("%s should have two elements." % name)
    function, tensors = call
    if not callable(function):
        raise TypeError("%s[0] should be callable." % name)
    if not isinstance(tensors, tuple | list | dict):
        raise ValueError("%s[1] should be tuple or list, or dict." % name)
    if isinstance(tensors, dict) or getfullargspec(function).varargs is not None:
        return
    if len(tensors) != len(fn_args(function)):
        raise RuntimeError("In TPUEstimatorSpec.%s, length of tensors %s does not match method args of the function, which "
                           "takes %s." % (name, len(tensors), len(fn_args(function))))  # fmt: skip


def _call(name, call):
    function, tensors = call
    if not isinstance(tensors, dict):
        return function(*tensors)
    try:
        return function(**tensors)
    except TypeError as e:
        logging.warning("Exception while calling %s: %s. It is likely the tensors (%s[1]) do not match the function's arguments",
                        name, e, name)  # fmt: skip
        raise


class _HostCallHook(SessionRunHook):
    """Runs at each step what a `host_call` gave, and writes the summaries."""

    def __init__(self, tensors):
        self._tensors = tensors

    def begin(self):
        self._initializers = resolve("contrib.summary.summary_writer_initializer_op")()
        self._finalizers = [resolve("contrib.summary.flush")(writer=op.inputs[0]) for op in self._initializers]

    def after_create_session(self, session, coord):
        session.run(self._initializers)

    def before_run(self, run_context):
        return SessionRunArgs(self._tensors)

    def end(self, session):
        session.run(self._finalizers)
