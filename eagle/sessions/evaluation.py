"""Evaluations: what is run so many times in a session that is restored from a checkpoint."""

import math
import time

from ..core import dtypes
from ..core.dispatch import registry
from ..core.export import export, resolve
from ..core.graph import get_default_graph
from ..core.scopes import control_dependencies
from ..platform import tf_logging as logging
from ..variables.assigning import assign_add
from ..variables.scope import get_variable
from .monitored_session import MonitoredSession
from .scaffold import ChiefSessionCreator
from .session_run_hook import SessionRunArgs, SessionRunHook
from .step_hooks import FinalOpsHook, get_or_create_steps_per_run_variable

_EVAL_STEP = "eval_step"


@export("contrib.training.get_or_create_eval_step", "python.training.evaluation._get_or_create_eval_step")
def get_or_create_eval_step():
    """The local variable of the default graph that counts the runs of an evaluation; made if there is none.

    Raises:
      ValueError: there are several.
    """
    found = get_default_graph().get_collection(_EVAL_STEP)
    if len(found) > 1:
        raise ValueError("Multiple tensors added to tf.GraphKeys.EVAL_STEP")
    if found:
        return found[0]
    return get_variable("eval_step", shape=[], dtype=dtypes.int64, initializer=resolve("zeros_initializer")(), trainable=False,
                        collections=["local_variables", _EVAL_STEP])  # fmt: skip


class _CountingHook(SessionRunHook):
    """What both hooks below have in common."""

    _evals_completed = None

    def _set_evals_completed_tensor(self, updated_eval_step):
        self._evals_completed = updated_eval_step

    def before_run(self, run_context):
        return SessionRunArgs({"evals_completed": self._evals_completed})

    def _is_over(self, run_values):
        return self._num_evals is not None and run_values.results["evals_completed"] >= self._num_evals

    def _log(self, done):
        if self._num_evals is None:
            logging.info("Evaluation [%d]", done)
        else:
            logging.info("Evaluation [%d/%d]", done, self._num_evals)


@export("contrib.training.StopAfterNEvalsHook", "python.training.evaluation._StopAfterNEvalsHook")
class StopAfterNEvalsHook(_CountingHook):
    """Ends an evaluation after so many runs.

    Args:
      num_evals: how many; None for as many as there is input.
      log_progress: whether to log how many there were.
    """

    def __init__(self, num_evals, log_progress=True):
        self._num_evals = num_evals
        self._log_progress = log_progress
        self._log_frequency = 1 if num_evals is None or num_evals < 20 else math.floor(num_evals / 10.0)

    def after_run(self, run_context, run_values):
        done = run_values.results["evals_completed"]
        if self._log_progress and (self._num_evals in (None, done) or done % self._log_frequency == 0):
            self._log(done)
        if self._is_over(run_values):
            run_context.request_stop()


@export("python.training.evaluation._MultiStepStopAfterNEvalsHook")
class MultiStepStopAfterNEvalsHook(_CountingHook):
    """The same for runs that make several steps, of which the last may make fewer.

    Args:
      num_evals: how many steps to make; None for as many as there is input.
      steps_per_run: how many steps a run makes.
    """

    def __init__(self, num_evals, steps_per_run=1):
        self._num_evals = num_evals
        self._steps_per_run_initial_value = steps_per_run

    def begin(self):
        self._steps_per_run_variable = get_or_create_steps_per_run_variable()

    def _load(self, done, session):
        steps = self._steps_per_run_initial_value
        self._steps_per_run_variable.load(steps if self._num_evals is None else min(steps, self._num_evals - done), session=session)

    def after_create_session(self, session, coord):
        self._load(0, session)

    def after_run(self, run_context, run_values):
        done = run_values.results["evals_completed"]
        self._load(done, run_context.session)
        self._log(done)
        if self._is_over(run_values):
            run_context.request_stop()


def with_eval_step(eval_ops, update):
    """What is run in an evaluation, with what counts the runs."""
    if isinstance(eval_ops, dict):
        eval_ops["update_eval_step"] = update  # the caller's dictionary, too, as in TensorFlow
        return eval_ops
    return [*(eval_ops if isinstance(eval_ops, list | tuple) else [eval_ops]), update]


@export("python.training.evaluation._get_latest_eval_step_value")
def latest_eval_step_value(update_ops):
    """A tensor that counts the runs of an evaluation, read after some operations have run."""
    with control_dependencies(list(update_ops.values()) if isinstance(update_ops, dict) else update_ops):
        return registry["Identity"](get_or_create_eval_step().read_value())


@export("contrib.training.evaluate_once", "python.training.evaluation._evaluate_once")
def evaluate_once(checkpoint_path, master="", scaffold=None, eval_ops=None, feed_dict=None, final_ops=None,
                  final_ops_feed_dict=None, hooks=None, config=None):  # fmt: skip
    """Evaluates a checkpoint.

    Args:
      checkpoint_path: its name.
      master: the target of the session.
      scaffold: the `Scaffold`.
      eval_ops: what to run again and again until a hook ends it: a tensor or operation, or a list or dictionary of them.
      feed_dict: what to feed to it.
      final_ops: what to fetch at the end.
      final_ops_feed_dict: what to feed to that.
      hooks: a list of `SessionRunHook`, with a `StopAfterNEvalsHook` for one.
      config: the `ConfigProto` of the session.

    Returns:
      The values of `final_ops`.
    """
    step, hooks = get_or_create_eval_step(), list(hooks or [])
    if eval_ops is not None:
        one = 1
        if any(isinstance(hook, MultiStepStopAfterNEvalsHook) for hook in hooks):
            one = resolve("cast")(get_or_create_steps_per_run_variable(), step.dtype.base_dtype)
        eval_ops = with_eval_step(eval_ops, assign_add(step, one, use_locking=True))
        done = latest_eval_step_value(eval_ops)
        for hook in hooks:
            if isinstance(hook, _CountingHook):
                hook._set_evals_completed_tensor(done)
    logging.info("Starting evaluation at %s", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.localtime()))
    creator = ChiefSessionCreator(scaffold=scaffold, checkpoint_filename_with_path=checkpoint_path, master=master, config=config)
    final = FinalOpsHook(final_ops, final_ops_feed_dict)
    with MonitoredSession(session_creator=creator, hooks=[*hooks, final]) as session:
        while eval_ops is not None and not session.should_stop():
            session.run(eval_ops, feed_dict)
    logging.info("Finished evaluation at %s", time.strftime("%Y-%m-%d-%H:%M:%S", time.localtime()))
    return final.final_ops_values
