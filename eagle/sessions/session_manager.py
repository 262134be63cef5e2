"""`tf.train.SessionManager`: makes sessions whose variables are initialized or restored."""

import math
import time

import numpy as np

from ..core.errors import DeadlineExceededError, FailedPreconditionError
from ..core.export import export
from ..core.graph import get_default_graph
from ..platform import tf_logging as logging
from ..run.session import Session
from ..saved.checkpoint_state import get_checkpoint_state


@export("train.SessionManager", "python.training.session_manager.SessionManager")
class SessionManager:
    """Makes sessions whose variables are initialized, or restored from a checkpoint.

    Args:
      local_init_op: an operation that every new session runs: it initializes local variables and tables.
      ready_op: gives the names of the variables that are not initialized; the session is ready if there are none.  None: it is not
        checked.
      ready_for_local_init_op: the same before `local_init_op`.
      graph: the graph; by default the default graph.
      recovery_wait_secs: how many seconds to wait before looking again whether others have initialized the variables.
      local_init_run_options: the `RunOptions` for `local_init_op`.

    Raises:
      ValueError: there is a `ready_for_local_init_op` without `local_init_op`.
    """

    def __init__(self, local_init_op=None, ready_op=None, ready_for_local_init_op=None, graph=None, recovery_wait_secs=30,
                 local_init_run_options=None):  # fmt: skip
        self._local_init_op = local_init_op
        self._ready_op = ready_op
        self._ready_for_local_init_op = ready_for_local_init_op
        self._graph = get_default_graph() if graph is None else graph
        self._recovery_wait_secs = recovery_wait_secs
        self._target = None
        self._local_init_run_options = local_init_run_options
        if ready_for_local_init_op is not None and local_init_op is None:
            raise ValueError("If you pass a ready_for_local_init_op you must also pass a local_init_op , ready_for_local_init_op "
                             "[%s]" % ready_for_local_init_op)  # fmt: skip

    def prepare_session(self, master, init_op=None, saver=None, checkpoint_dir=None, checkpoint_filename_with_path=None,
                        wait_for_checkpoint=False, max_wait_secs=7200, config=None, init_feed_dict=None, init_fn=None):  # fmt: skip
        """A session that is ready: restored if there is a checkpoint, initialized else.

        Args:
          master: the target of the session.
          init_op: the operation that initializes the variables.
          saver: what restores them.
          checkpoint_dir: the folder of the checkpoints.
          checkpoint_filename_with_path: the name of the checkpoint, instead.
          wait_for_checkpoint: whether to wait until there is one.
          max_wait_secs: for how many seconds at most.
          config: the `ConfigProto` of the session.
          init_feed_dict: what to feed to `init_op`.
          init_fn: a function of the session that is called after `init_op`.

        Returns:
          The session.

        Raises:
          RuntimeError: there is nothing that initializes the variables, or they are not ready afterwards.
          ValueError: both a folder and a name are given.
        """
        sess, is_restored = self._restore_checkpoint(
            master, saver, checkpoint_dir, checkpoint_filename_with_path, wait_for_checkpoint, max_wait_secs, config
        )
        if not is_restored:
            if init_op is None and not init_fn and self._local_init_op is None:
                raise RuntimeError("Model is not initialized and no init_op or init_fn or local_init_op was given")
            if init_op is not None:
                sess.run(init_op, feed_dict=init_feed_dict)
            if init_fn:
                init_fn(sess)
        is_ready, why = self._try_run_local_init_op(sess)
        if not is_ready:
            raise RuntimeError("Init operations did not make model ready for local_init.  Init op: %s, init fn: %s, error: %s"
                               % (_maybe_name(init_op), init_fn, why))  # fmt: skip
        is_ready, why = self._model_ready(sess)
        if not is_ready:
            raise RuntimeError("Init operations did not make model ready.  Init op: %s, init fn: %s, local_init_op: %s, error: %s"
                               % (_maybe_name(init_op), init_fn, self._local_init_op, why))  # fmt: skip
        return sess

    def recover_session(self, master, saver=None, checkpoint_dir=None, checkpoint_filename_with_path=None,
                        wait_for_checkpoint=False, max_wait_secs=7200, config=None):  # fmt: skip
        """A session that is restored if there is a checkpoint; see `prepare_session` for the arguments.

        Returns:
          A pair of the session and whether it was restored and is ready.
        """
        sess, is_restored = self._restore_checkpoint(
            master, saver, checkpoint_dir, checkpoint_filename_with_path, wait_for_checkpoint, max_wait_secs, config
        )
        local_is_ready, why = self._try_run_local_init_op(sess)
        if not is_restored:
            return sess, False
        source = checkpoint_dir or checkpoint_filename_with_path
        if not local_is_ready:
            logging.info("Restoring model from %s did not make model ready for local init: %s", source, why)
            return sess, False
        is_ready, why = self._model_ready(sess)
        if not is_ready:
            logging.info("Restoring model from %s did not make model ready: %s", source, why)
            return sess, False
        logging.info("Restored model from %s", source)
        return sess, True

    def wait_for_session(self, master, config=None, max_wait_secs=math.inf):
        """A session whose variables others initialize; waits until they have.

        Args:
          master: the target of the session.
          config: its `ConfigProto`.
          max_wait_secs: for how many seconds at most.

        Raises:
          DeadlineExceededError: the variables are not ready by then.
        """
        self._target = master
        end = time.time() + (math.inf if max_wait_secs is None else max_wait_secs)
        while True:
            sess = Session(self._target, graph=self._graph, config=config)
            why = None
            is_ready, why_not_local = self._try_run_local_init_op(sess)
            if is_ready:
                is_ready, why = self._model_ready(sess)
                if is_ready:
                    return sess
            self._safe_close(sess)
            if max(0, end - time.time()) < self._recovery_wait_secs:
                raise DeadlineExceededError(None, None, "Session was not ready after waiting %d secs." % max_wait_secs)
            logging.info("Waiting for model to be ready.  Ready_for_local_init_op:  %s, ready: %s", why_not_local, why)
            time.sleep(self._recovery_wait_secs)

    def _restore_checkpoint(self, master, saver=None, checkpoint_dir=None, checkpoint_filename_with_path=None,
                            wait_for_checkpoint=False, max_wait_secs=7200, config=None):  # fmt: skip
        """A new session, and whether it was restored."""
        self._target = master
        sess = Session(self._target, graph=self._graph, config=config)
        if checkpoint_dir and checkpoint_filename_with_path:
            raise ValueError("Can not provide both checkpoint_dir and checkpoint_filename_with_path.")
        if not saver or not (checkpoint_dir or checkpoint_filename_with_path):
            return sess, False
        if checkpoint_filename_with_path:
            saver.restore(sess, checkpoint_filename_with_path)
            return sess, True
        waited = 0
        state = get_checkpoint_state(checkpoint_dir)
        while not state or not state.model_checkpoint_path:
            if not wait_for_checkpoint or waited >= max_wait_secs:
                return sess, False
            logging.info("Waiting for checkpoint to be available.")
            time.sleep(min(self._recovery_wait_secs, max_wait_secs - waited))
            waited += self._recovery_wait_secs
            state = get_checkpoint_state(checkpoint_dir)
        saver.restore(sess, state.model_checkpoint_path)
        saver.recover_last_checkpoints(state.all_model_checkpoint_paths)
        return sess, True

    def _safe_close(self, sess):
        try:
            sess.close()
        except Exception as e:  # it is given up in any case
            logging.vlog(1, "Ignored exception: %s", str(e))

    def _model_ready(self, sess):
        """Whether the variables are ready, and if not, why."""
        return ready(self._ready_op, sess, "Model not ready")

    def _model_ready_for_local_init(self, sess):
        """Whether `local_init_op` can be run, and if not, why."""
        return ready(self._ready_for_local_init_op, sess, "Model not ready for local init")

    def _try_run_local_init_op(self, sess):
        """Runs `local_init_op` if it can be; whether all is well, and if not, why."""
        if self._local_init_op is None:
            return True, None
        is_ready, why = self._model_ready_for_local_init(sess)
        if not is_ready:
            return False, why
        logging.info("Running local_init_op.")
        sess.run(self._local_init_op, options=self._local_init_run_options)
        logging.info("Done running local_init_op.")
        return True, None


def _maybe_name(thing):
    if thing is None:
        return "None"
    return thing.name if hasattr(thing, "name") else "<no name for %s>" % type(thing)


def ready(op, sess, message):
    """Whether an operation says that all is ready, and if not, why."""
    if op is None:
        return True, None
    try:
        missing = sess.run(op)
    except FailedPreconditionError as e:
        if "uninitialized" not in str(e):
            logging.warning("%s : error [%s]", message, str(e))
            raise
        return False, str(e)
    if missing is None or missing.dtype == np.int32 or missing.size == 0:
        return True, None
    return False, "Variables not initialized: " + ", ".join(name.decode() for name in missing)
