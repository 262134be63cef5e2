"""`tf.train.CheckpointManager`: numbers checkpoints, and deletes old ones."""

import os
import time

from ..core.compat import integral_types
from ..core.context import here
from ..core.export import export, resolve
from ..platform import tf_logging as logging
from .checkpoint_state import delete_bundle, get_checkpoint_state, write_state


@export("train.CheckpointManager", "contrib.checkpoint.CheckpointManager",
        "python.training.checkpoint_management.CheckpointManager")  # fmt: skip
class CheckpointManager:
    """Saves a `Checkpoint` into a folder again and again, and deletes old ones.

    Args:
      checkpoint: the `tf.train.Checkpoint`.
      directory: the folder; checkpoints that an earlier manager has written into it are taken over.
      max_to_keep: how many checkpoints to keep; None for all.
      keep_checkpoint_every_n_hours: how often to keep one for good; None for never.
      checkpoint_name: what the names of the files begin with.

    Raises:
      ValueError: `max_to_keep` is not positive.
    """

    def __init__(self, checkpoint, directory, max_to_keep, keep_checkpoint_every_n_hours=None, checkpoint_name="ckpt"):
        if max_to_keep is not None and max_to_keep <= 0:
            raise ValueError("Expected a positive integer or `None` for `max_to_max_to_keep`, got %d." % max_to_keep)
        self._checkpoint = checkpoint
        self._save_counter_assign = None
        self._max_to_keep = max_to_keep
        self._keep_checkpoint_every_n_hours = keep_checkpoint_every_n_hours
        self._directory = directory
        self._checkpoint_prefix = os.path.join(directory, checkpoint_name)
        self._maybe_delete = {}  # name -> time, oldest first
        self._latest_checkpoint = None
        self._recover(get_checkpoint_state(directory), time.time())

    def _recover(self, state, now):
        """Takes over what the file says that knows the checkpoints in the folder."""
        if state is None:
            self._last_preserved_timestamp = now - 1.0  # before any checkpoint even if clocks are coarse
            return
        self._latest_checkpoint = state.model_checkpoint_path
        self._last_preserved_timestamp = state.last_preserved_timestamp
        if now < self._last_preserved_timestamp:
            logging.warning("time.time() returned a value %f seconds behind the last preserved checkpoint timestamp.",
                            self._last_preserved_timestamp - now)  # fmt: skip
            self._last_preserved_timestamp = now
        paths = state.all_model_checkpoint_paths
        times = state.all_model_checkpoint_timestamps or [self._last_preserved_timestamp] * len(paths)
        for path, written in zip(paths, times):
            if min(written, now) > self._last_preserved_timestamp:
                self._maybe_delete[path] = min(written, now)

    @property
    def latest_checkpoint(self):
        """The name of the newest checkpoint; None if there is none."""
        return self._latest_checkpoint

    @property
    def checkpoints(self):
        """The names of the checkpoints that may still be deleted, oldest first."""
        return list(self._maybe_delete)

    @property
    def _prefix(self):
        return self._checkpoint_prefix

    def save(self, checkpoint_number=None):
        """Saves.

        Args:
          checkpoint_number: a number for the name, an int or an integer variable or tensor; by default the checkpoint's counter.

        Returns:
          The name of the checkpoint.
        """
        session = None if here.eager else here.sessions[-1] if here.sessions else None
        counter = self._counted(session)
        number = counter if checkpoint_number is None else checkpoint_number
        if not isinstance(number, integral_types):
            number = resolve("train.global_step")(session, number)
        path = self._checkpoint.write("%s-%d" % (self._prefix, number))
        self._maybe_delete.pop(path, None)
        self._maybe_delete[path] = time.time()
        self._latest_checkpoint = path
        self._record_state()  # first, in case that all ends while files are deleted
        self._sweep()
        self._record_state()
        return path

    def _counted(self, session):
        """The checkpoint's counter after it has been raised."""
        if here.eager:
            self._checkpoint.save_counter.assign_add(1)
            return self._checkpoint.save_counter
        is_new = self._checkpoint._save_counter is None
        counter = self._checkpoint.save_counter
        if is_new:
            session.run(counter.initializer)
        if self._save_counter_assign is None:
            self._save_counter_assign = counter.assign_add(1, read_value=False)
        session.run(self._save_counter_assign)
        return counter

    def _sweep(self):
        """Deletes the oldest checkpoints, or keeps them for good."""
        while self._max_to_keep and len(self._maybe_delete) > self._max_to_keep:
            path = next(iter(self._maybe_delete))
            written = self._maybe_delete.pop(path)
            hours = self._keep_checkpoint_every_n_hours
            if hours and written - hours * 3600.0 >= self._last_preserved_timestamp:
                self._last_preserved_timestamp = written
            else:
                delete_bundle(path)

    def _record_state(self):
        write_state(self._directory, self.latest_checkpoint, list(self._maybe_delete), save_relative_paths=True,
                    all_model_checkpoint_timestamps=list(self._maybe_delete.values()),
                    last_preserved_timestamp=self._last_preserved_timestamp)  # fmt: skip
