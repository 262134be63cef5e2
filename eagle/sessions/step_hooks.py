"""Hooks that count steps: timers, `StopAtStepHook`, `StepCounterHook`, `GlobalStepWaiterHook`, ..."""

import time

from .. import protos
from ..core.dtypes import int32
from ..core.errors import OutOfRangeError
from ..core.export import export, resolve
from ..core.graph import get_default_graph
from ..platform import tf_logging as logging
from ..summary import writer
from ..training.global_step import get_global_step, global_step_read
from ..variables.scope import get_variable, variable_scope
from ..variables.store import AUTO_REUSE
from .session_run_hook import SessionRunArgs, SessionRunHook, hook_names


def summary_writer(folder):
    """The writer of event files for a folder, the same each time."""
    return writer.FileWriterCache.get(folder)


def expected_global_step(hook):
    """A tensor that reads the global step.

    Raises:
      RuntimeError: there is no global step, which the hook of this name needs.
    """
    step = global_step_read()
    if step is None:
        raise RuntimeError("Global step should be created to use %s." % hook)
    return step


# ------------------------------------------------------------------------------------------------------------------- timers


class _HookTimer:
    """Says when a hook is to act."""

    def reset(self):
        """Begins anew."""

    def should_trigger_for_step(self, step):
        """Whether the hook is to act at a step."""
        raise NotImplementedError

    def update_last_triggered_step(self, step):
        """Notes that it has; returns the seconds and the steps since it did before, None and None the first time."""
        raise NotImplementedError

    def last_triggered_step(self):
        """The step at which it last did; None if it never has."""
        raise NotImplementedError


@export(*hook_names("SecondOrStepTimer"))
class SecondOrStepTimer(_HookTimer):
    """A timer that goes off every so many seconds, or every so many steps.

    Raises:
      ValueError: not exactly one of both is given.
    """

    def __init__(self, every_secs=None, every_steps=None):
        self.reset()
        self._every_secs = every_secs
        self._every_steps = every_steps
        if every_secs is None and every_steps is None:
            raise ValueError("Either every_secs or every_steps should be provided.")
        if every_secs is not None and every_steps is not None:
            raise ValueError("Can not provide both every_secs and every_steps.")

    def reset(self):
        self._last_triggered_step = None
        self._last_triggered_time = None

    def should_trigger_for_step(self, step):
        if self._last_triggered_step is None:
            return True
        if self._last_triggered_step == step:
            return False
        if self._every_secs is not None:
            return time.time() >= self._last_triggered_time + self._every_secs
        return bool(step >= self._last_triggered_step + self._every_steps)

    def update_last_triggered_step(self, step):
        now, before = time.time(), self._last_triggered_time
        since = (None, None) if before is None else (now - before, step - self._last_triggered_step)
        self._last_triggered_time, self._last_triggered_step = now, step
        return since

    def last_triggered_step(self):
        return self._last_triggered_step


@export("python.training.basic_session_run_hooks.NeverTriggerTimer")
class NeverTriggerTimer(_HookTimer):
    """A timer that never goes off."""

    def should_trigger_for_step(self, step):
        return False

    def update_last_triggered_step(self, step):
        return None, None

    def last_triggered_step(self):
        return None


# ----------------------------------------------------------------------------------------------------------------- stopping


def _check_end(num_steps, last_step):
    if num_steps is None and last_step is None:
        raise ValueError("One of num_steps or last_step must be specified.")
    if num_steps is not None and last_step is not None:
        raise ValueError("Only one of num_steps or last_step can be specified.")


@export(*hook_names("StopAtStepHook"))
class StopAtStepHook(SessionRunHook):
    """Ends a session after so many steps, or after a step.

    Args:
      num_steps: how many steps to make.
      last_step: the step to end with.

    Raises:
      ValueError: not exactly one of both is given.
    """

    def __init__(self, num_steps=None, last_step=None):
        _check_end(num_steps, last_step)
        self._num_steps = num_steps
        self._last_step = last_step

    def begin(self):
        self._global_step_tensor = expected_global_step("StopAtStepHook")

    def after_create_session(self, session, coord):
        if self._last_step is None:
            self._last_step = session.run(self._global_step_tensor) + self._num_steps

    def before_run(self, run_context):
        return SessionRunArgs(self._global_step_tensor)

    def after_run(self, run_context, run_values):
        # The run has read the step before it counted, if it did count.
        if run_values.results + 1 >= self._last_step and run_context.session.run(self._global_step_tensor) >= self._last_step:
            run_context.request_stop()


@export("python.training.basic_session_run_hooks.get_or_create_steps_per_run_variable")
def get_or_create_steps_per_run_variable():
    """The local variable of the default graph that says how many steps one run makes; made if there is none.

    Raises:
      RuntimeError: there are several.
    """
    collection = "hooks_steps_per_run"
    found = get_default_graph().get_collection(collection)
    if len(found) > 1:
        raise RuntimeError("Multiple steps_per_run_var in collection.")
    if found:
        return found[0]
    with variable_scope("hooks", reuse=AUTO_REUSE):
        return get_variable("steps_per_run", initializer=resolve("ones_initializer")(), shape=[], dtype=int32, trainable=False,
                            collections=[collection, "local_variables"], use_resource=True)  # fmt: skip


@export("python.training.basic_session_run_hooks._MultiStepStopAtStepHook")
class MultiStepStopAtStepHook(SessionRunHook):
    """As `StopAtStepHook` for runs that make several steps, of which the last one may make fewer.

    Args:
      num_steps, last_step: as of `StopAtStepHook`.
      steps_per_run: how many steps a run makes.
    """

    def __init__(self, num_steps=None, last_step=None, steps_per_run=1):
        _check_end(num_steps, last_step)
        if steps_per_run is None or steps_per_run < 1:
            raise ValueError("steps_per_run should be greater than 0")
        self._num_steps = num_steps
        self._last_step = last_step
        self._steps_per_run_initial_value = steps_per_run

    def begin(self):
        self._global_step_tensor = get_global_step()
        if self._global_step_tensor is None:
            raise RuntimeError("Global step should be created to use StopAtStepHook.")
        self._steps_per_run_variable = get_or_create_steps_per_run_variable()

    def _update_steps_per_run_variable(self, global_step, session):
        steps = min(self._last_step - global_step, self._steps_per_run_initial_value)
        self._steps_per_run_variable.load(steps, session=session)

    def after_create_session(self, session, coord):
        step = session.run(self._global_step_tensor)
        if self._last_step is None:
            self._last_step = step + self._num_steps
        self._update_steps_per_run_variable(step, session)

    def after_run(self, run_context, run_values):
        step = run_context.session.run(self._global_step_tensor)
        if step >= self._last_step:
            run_context.request_stop()
        else:
            self._update_steps_per_run_variable(step, run_context.session)


# ----------------------------------------------------------------------------------------------------------------- counting


@export(*hook_names("StepCounterHook"))
class StepCounterHook(SessionRunHook):
    """Logs how many steps are made in a second, and writes it to event files.

    Args:
      every_n_steps: every how many steps.
      every_n_secs: or every how many seconds.
      output_dir: the folder of the event files.
      summary_writer: what writes them, instead.

    Raises:
      ValueError: not exactly one of the first two is given.
    """

    def __init__(self, every_n_steps=100, every_n_secs=None, output_dir=None, summary_writer=None):
        if (every_n_steps is None) == (every_n_secs is None):
            raise ValueError("exactly one of every_n_steps and every_n_secs should be provided.")
        self._timer = SecondOrStepTimer(every_steps=every_n_steps, every_secs=every_n_secs)
        self._summary_writer = summary_writer
        self._output_dir = output_dir
        self._last_global_step = None
        self._steps_per_run = 1

    def _set_steps_per_run(self, steps_per_run):
        self._steps_per_run = steps_per_run

    def begin(self):
        if self._summary_writer is None and self._output_dir:
            self._summary_writer = summary_writer(self._output_dir)
        self._global_step_tensor = expected_global_step("StepCounterHook")
        self._summary_tag = get_global_step().op.name + "/sec"

    def before_run(self, run_context):
        return SessionRunArgs(self._global_step_tensor)

    def _log_and_record(self, elapsed_steps, elapsed_time, global_step):
        rate = elapsed_steps / elapsed_time
        if self._summary_writer is not None:
            summary = protos.Summary(value=[protos.Summary.Value(tag=self._summary_tag, simple_value=rate)])
            self._summary_writer.add_summary(summary, global_step)
        logging.info("%s: %g", self._summary_tag, rate)

    def after_run(self, run_context, run_values):
        before = run_values.results
        if self._timer.should_trigger_for_step(before + self._steps_per_run):
            step = run_context.session.run(self._global_step_tensor)
            if self._timer.should_trigger_for_step(step):
                seconds, steps = self._timer.update_last_triggered_step(step)
                if seconds is not None:
                    self._log_and_record(steps, seconds, step)
        if before == self._last_global_step:
            logging.log_first_n(
                logging.WARN,
                "It seems that global step (tf.train.get_global_step) has not been increased. Current value (could be stable): %s "
                "vs previous value: %s. You could increase the global step by passing tf.train.get_global_step() to "
                "Optimizer.apply_gradients or Optimizer.minimize.", 5, before, self._last_global_step)  # fmt: skip
        self._last_global_step = before


@export(*hook_names("GlobalStepWaiterHook"))
class GlobalStepWaiterHook(SessionRunHook):
    """Waits before the first run until others have made so many steps.

    Args:
      wait_until_step: the global step to wait for.
    """

    def __init__(self, wait_until_step):
        self._wait_until_step = wait_until_step

    def begin(self):
        self._worker_is_started = False
        self._global_step_tensor = expected_global_step("_GlobalStepWaiterHook")

    def before_run(self, run_context):
        if not self._worker_is_started and self._wait_until_step > 0:
            self._wait(run_context.session)
        self._worker_is_started = True

    def _wait(self, session):
        logging.info("Waiting for global step %d before starting training.", self._wait_until_step)
        logged = 0
        while True:
            step = session.run(self._global_step_tensor)
            if step >= self._wait_until_step:
                return
            if step - logged > 1000:
                logging.info("Waiting for global step %d before starting training. Current step is %d.",
                             self._wait_until_step, step)  # fmt: skip
                logged = step
            time.sleep(0.5)


# ----------------------------------------------------------------------------------------------------------------- the rest


@export(*hook_names("FinalOpsHook"))
class FinalOpsHook(SessionRunHook):
    """Fetches tensors at the end of a session.

    Args:
      final_ops: a tensor, or a list or dictionary of tensors.
      final_ops_feed_dict: what to feed.

    Attributes:
      final_ops_values: their values.
    """

    def __init__(self, final_ops, final_ops_feed_dict=None):
        self._final_ops = final_ops
        self._final_ops_feed_dict = final_ops_feed_dict
        self._final_ops_values = None

    final_ops_values = property(lambda self: self._final_ops_values)

    def end(self, session):
        if self._final_ops is None:
            return
        try:
            self._final_ops_values = session.run(self._final_ops, feed_dict=self._final_ops_feed_dict)
        except (OutOfRangeError, StopIteration):
            logging.warning(
                "An OutOfRangeError or StopIteration exception is raised by the code in FinalOpsHook. This typically means the Ops "
                "running by the FinalOpsHook have a dependency back to some input source, which should not happen: what they fetch "
                "should depend on variables only. For metrics that is their `value_op`; the `update_op` is for each batch."
            )
            raise


@export(*hook_names("FeedFnHook"))
class FeedFnHook(SessionRunHook):
    """Feeds each run what a function without arguments returns, a dictionary of feeds."""

    def __init__(self, feed_fn):
        self.feed_fn = feed_fn

    def before_run(self, run_context):
        return SessionRunArgs(fetches=None, feed_dict=self.feed_fn())
