"""The session in which an estimator trains."""

from ..core.collections import GraphKeys, add_to_collection, get_collection
from ..core.export import public as tf
from ..platform import tf_logging as logging
from ..saved.saver import Saver
from ..sessions.monitored_session import MonitoredTrainingSession
from ..sessions.saving_hooks import CheckpointSaverHook, SummarySaverHook
from ..sessions.step_hooks import StepCounterHook
from ..sessions.watching_hooks import LoggingTensorHook, NanTensorHook
from .run_config import TaskType


def train(config, session_config, model_dir, spec, input_hooks, hooks, global_step, listeners, with_loss_summary=True):
    """Trains until a hook stops it or the input ends.

    Args:
      config: the `RunConfig`.
      session_config: the `ConfigProto`.
      model_dir: the folder of checkpoints and summaries.
      spec: the `EstimatorSpec`.
      input_hooks, hooks: lists of `SessionRunHook`s.
      global_step: the variable.
      listeners: a list of `CheckpointSaverListener`s.
      with_loss_summary: whether there is a summary of the loss, if the model makes none.

    Returns:
      The loss of the last step; None if there was none.

    Raises:
      ValueError: there are listeners, but nothing that saves.
    """
    if with_loss_summary and not any(summary.op.name == "loss" for summary in get_collection(GraphKeys.SUMMARIES)):
        tf.summary.scalar("loss", spec.loss)
    add_to_collection(GraphKeys.LOSSES, spec.loss)
    worker_hooks = [*input_hooks, *hooks, NanTensorHook(spec.loss)]
    if config.log_step_count_steps is not None:
        shown = {"loss": spec.loss, "step": global_step}
        worker_hooks.append(LoggingTensorHook(shown, every_n_iter=config.log_step_count_steps))
    worker_hooks.extend(spec.training_hooks)
    if not (spec.scaffold.saver or get_collection(GraphKeys.SAVERS)):
        saver = Saver(sharded=True, max_to_keep=config.keep_checkpoint_max, defer_build=True, save_relative_paths=True,
                      keep_checkpoint_every_n_hours=config.keep_checkpoint_every_n_hours)  # fmt: skip
        add_to_collection(GraphKeys.SAVERS, saver)
    chief_hooks = _saving_hooks(config, model_dir, spec, worker_hooks, listeners)
    summary_steps, count_steps = _intervals(config, spec, worker_hooks)
    with MonitoredTrainingSession(
        master=config.master, is_chief=config.is_chief, checkpoint_dir=model_dir, scaffold=spec.scaffold, hooks=worker_hooks,
        chief_only_hooks=(*chief_hooks, *spec.training_chief_hooks), save_checkpoint_secs=0, save_summaries_steps=summary_steps,
        config=session_config, max_wait_secs=config.session_creation_timeout_secs, log_step_count_steps=count_steps,
    ) as session:  # fmt: skip
        loss, has_stepped = None, False
        while not session.should_stop():
            _, loss = session.run([spec.train_op, spec.loss])
            has_stepped = True
    if not has_stepped:
        logging.warning("Training with estimator made no steps. Perhaps input is empty or misspecified.")
    return loss


def _saving_hooks(config, model_dir, spec, worker_hooks, listeners):
    """The hook that saves checkpoints, if the given ones don't; tells the listeners to it."""
    saving = [h for h in (*worker_hooks, *spec.training_chief_hooks) if isinstance(h, CheckpointSaverHook)]
    added = []
    if not saving and (config.save_checkpoints_secs or config.save_checkpoints_steps):
        added = saving = [CheckpointSaverHook(model_dir, save_secs=config.save_checkpoints_secs,
                                              save_steps=config.save_checkpoints_steps, scaffold=spec.scaffold)]  # fmt: skip
    if listeners and not saving:
        raise ValueError("There should be a CheckpointSaverHook to use saving_listeners. Please set one of the "
                         "RunConfig.save_checkpoints_steps or RunConfig.save_checkpoints_secs.")  # fmt: skip
    for listener in listeners or ():
        if listener not in saving[0]._listeners:
            saving[0]._listeners.append(listener)
    return added


def _intervals(config, spec, worker_hooks):
    """After how many steps summaries are written and speed is counted; with a master the first worker does it."""
    jobs = config.cluster_spec.jobs if config.cluster_spec else ()
    if TaskType.WORKER not in jobs or TaskType.MASTER not in jobs:
        return config.save_summary_steps, config.log_step_count_steps
    if config.task_type == TaskType.WORKER and config.task_id == 0:
        if config.save_summary_steps and config.save_summary_steps > 0:
            worker_hooks.append(SummarySaverHook(save_steps=config.save_summary_steps, output_dir=config.model_dir,
                                                 scaffold=spec.scaffold))  # fmt: skip
        if config.log_step_count_steps and config.log_step_count_steps > 0:
            worker_hooks.append(StepCounterHook(every_n_steps=config.log_step_count_steps, output_dir=config.model_dir))
    return 0, None
