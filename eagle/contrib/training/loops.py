"""`tf.contrib.training`: training and evaluation in a loop."""

import time

from ...core.export import export
from ...platform import tf_logging as logging
from ...saved.checkpoint_utils import checkpoints_iterator
from ...sessions.evaluation import StopAfterNEvalsHook, get_or_create_eval_step, with_eval_step
from ...sessions.monitored_session import MonitoredSession, MonitoredTrainingSession
from ...sessions.scaffold import ChiefSessionCreator
from ...sessions.session_run_hook import SessionRunHook
from ...sessions.step_hooks import FinalOpsHook
from ...summary import writer
from ...summary.graph_summaries import merge_all
from ...training.global_step import get_or_create_global_step, global_step
from ...variables.assigning import assign_add
from ..slim.training import clip_gradient_norms


@export("contrib.training.clip_gradient_norms_fn")
def clip_gradient_norms_fn(max_norm):
    """A function of (gradient, variable) pairs that clips gradients to a norm, for `create_train_op`."""
    return lambda gradients_to_variables: clip_gradient_norms(gradients_to_variables, max_norm)


@export("contrib.training.SummaryAtEndHook")
class SummaryAtEndHook(SessionRunHook):
    """Writes summaries at the end of a session.

    Args:
      log_dir: the folder of the event files.
      summary_writer: what writes them, instead.
      summary_op: the summary; by default all of the graph.
      feed_dict: what to feed to it.

    Raises:
      ValueError: there is neither a folder nor a writer.
    """

    def __init__(self, log_dir=None, summary_writer=None, summary_op=None, feed_dict=None):
        self._summary_op = summary_op
        self._replace_summary_op = summary_op is None
        self._feed_dict = feed_dict
        self._summary_writer = summary_writer
        self._log_dir = log_dir
        if log_dir is None and summary_writer is None:
            raise ValueError("One of log_dir or summary_writer should be used.")

    def begin(self):
        if self._replace_summary_op:
            self._summary_op = merge_all()
        self._global_step = get_or_create_global_step()

    def after_create_session(self, session, coord):
        if self._summary_writer is None and self._log_dir:
            self._summary_writer = writer.FileWriterCache.get(self._log_dir)

    def end(self, session):
        if self._summary_op is not None:
            step = global_step(session, self._global_step)
            summary = session.run(self._summary_op, self._feed_dict)
            if self._summary_writer:
                self._summary_writer.add_summary(summary, step)
        if self._summary_writer:
            self._summary_writer.flush()


@export("contrib.training.evaluate_repeatedly")
def evaluate_repeatedly(checkpoint_dir, master="", scaffold=None, eval_ops=None, feed_dict=None, final_ops=None,
                        final_ops_feed_dict=None, eval_interval_secs=60, hooks=None, config=None, max_number_of_evaluations=None,
                        timeout=None, timeout_fn=None):  # fmt: skip
    """Evaluates the checkpoints of a folder as they come.

    Args:
      checkpoint_dir: the folder.
      master, scaffold, eval_ops, feed_dict, final_ops, final_ops_feed_dict, hooks, config: as of `evaluate_once`.
      eval_interval_secs: how many seconds there are between two evaluations at least.
      max_number_of_evaluations: how many to make; None for as many as come.
      timeout, timeout_fn: as of `checkpoints_iterator`.

    Returns:
      The values of `final_ops` in the last evaluation.
    """
    step, hooks = get_or_create_eval_step(), hooks or []
    if eval_ops is not None:
        update = assign_add(step, 1)
        for hook in hooks:
            if isinstance(hook, StopAfterNEvalsHook):
                hook._set_evals_completed_tensor(update)
        eval_ops = with_eval_step(eval_ops, update)
    final = FinalOpsHook(final_ops, final_ops_feed_dict)
    hooks.append(final)
    checkpoints = checkpoints_iterator(checkpoint_dir, eval_interval_secs, timeout, timeout_fn)
    for count, checkpoint in enumerate(checkpoints, 1):
        creator = ChiefSessionCreator(scaffold=scaffold, checkpoint_filename_with_path=checkpoint, master=master, config=config)
        with MonitoredSession(session_creator=creator, hooks=hooks) as session:
            logging.info("Starting evaluation at %s", time.strftime("%Y-%m-%d-%H:%M:%S", time.gmtime()))
            while eval_ops is not None and not session.should_stop():
                session.run(eval_ops, feed_dict)
            logging.info("Finished evaluation at %s", time.strftime("%Y-%m-%d-%H:%M:%S", time.gmtime()))
        if max_number_of_evaluations is not None and count >= max_number_of_evaluations:
            break
    return final.final_ops_values


@export("contrib.training.train")
def train(train_op, logdir, master="", is_chief=True, scaffold=None, hooks=None, chief_only_hooks=None, save_checkpoint_secs=600,
          save_summaries_steps=100, config=None, max_wait_secs=7200, run_metadata=None):  # fmt: skip
    """Trains until a hook ends it.

    Args:
      train_op: the tensor that makes a step and gives the loss.
      logdir: the folder of checkpoints and event files.
      master, is_chief, scaffold, hooks, chief_only_hooks, config, max_wait_secs: as of `tf.train.MonitoredTrainingSession`.
      save_checkpoint_secs: every how many seconds to save a checkpoint; None for never.
      save_summaries_steps: every how many steps to write summaries; None for never.
      run_metadata: a `RunMetadata` for the runs.

    Returns:
      The last loss.

    Raises:
      ValueError: there is no folder for what is to be saved.
    """
    for name, value in ("save_summaries_steps", save_summaries_steps), ("save_checkpoint_secs", save_checkpoint_secs):
        if logdir is None and is_chief and value:
            raise ValueError("logdir cannot be None when %s is not None" % name)
    loss = None
    with MonitoredTrainingSession(
        master=master, is_chief=is_chief, checkpoint_dir=logdir, scaffold=scaffold, hooks=hooks, chief_only_hooks=chief_only_hooks,
        save_checkpoint_secs=save_checkpoint_secs, save_summaries_steps=save_summaries_steps, config=config,
        max_wait_secs=max_wait_secs) as session:  # fmt: skip
        while not session.should_stop():
            loss = session.run(train_op, run_metadata=run_metadata)
    return loss
