"""A hook that saves how far input pipelines have come."""

from ..core.export import export
from ..core.graph import get_default_graph
from ..data.devices import make_saveable_from_resource
from ..saved.checkpoint_state import latest_checkpoint
from ..saved.saver import Saver
from .saving_hooks import CheckpointSaverHook
from .session_run_hook import SessionRunHook


class _InputSaver(Saver):
    """A `Saver` that notes its checkpoints in a file of its own.

    Args:
      saveables: what is saved.
      latest_filename: the file.
    """

    def __init__(self, saveables, latest_filename):
        super().__init__(saveables)
        self._latest_filename = latest_filename

    def save(self, sess, save_path, global_step=None, latest_filename=None, *args, **kwargs):
        return super().save(sess, save_path, global_step, latest_filename or self._latest_filename, *args, **kwargs)


@export("data.experimental.CheckpointInputPipelineHook", "contrib.data.CheckpointInputPipelineHook")
class CheckpointInputPipelineHook(SessionRunHook):
    """Saves how far the iterators of the graph have come whenever the estimator saves; restores it at the first run.

    Args:
      estimator: the `Estimator`, whose model folder and whose configuration are used.
    """

    def __init__(self, estimator):
        config = estimator._config
        prefix = "input"
        if config.num_worker_replicas > 1:
            prefix += "_%s_%s" % (config.task_type, config.task_id)
        self._hook = CheckpointSaverHook(
            estimator.model_dir, save_secs=config.save_checkpoints_secs, save_steps=config.save_checkpoints_steps,
            checkpoint_basename=prefix + ".ckpt",
        )  # fmt: skip
        self._latest_filename = "checkpoint_" + prefix
        self._is_first_run = True

    def begin(self):
        if self._hook._saver is None and self._hook._scaffold is None:
            iterators = get_default_graph().get_collection("iterators")
            self._hook._saver = _InputSaver([make_saveable_from_resource(i) for i in iterators], self._latest_filename)
        self._hook.begin()

    def before_run(self, run_context):
        if self._is_first_run:
            self._is_first_run = False
            self._restore_or_save(run_context.session)
        return self._hook.before_run(run_context)

    def _restore_or_save(self, session):
        path = latest_checkpoint(self._hook._checkpoint_dir, latest_filename=self._latest_filename)
        if path:
            self._hook._get_saver().restore(session, path)
        else:
            step = session.run(self._hook._global_step_tensor)
            self._hook._save(session, step)
            self._hook._timer.update_last_triggered_step(step)

    def after_run(self, run_context, run_values):
        self._hook.after_run(run_context, run_values)

    def end(self, session):
        self._hook.end(session)
