"""`tf.contrib.learn.RunConfig` and `ModeKeys`."""

import json
import os

from ... import protos
from ...core.export import export
from ...estimator import run_config


@export("contrib.learn.ModeKeys", "contrib.learn.python.learn.estimators.model_fn.ModeKeys")
class ModeKeys:
    """What a model is built for: training, evaluation or inference."""

    TRAIN, EVAL, INFER = "train", "eval", "infer"

    @classmethod
    def validate(cls, key):
        """Raises ValueError if a key is none of these."""
        if key not in (cls.TRAIN, cls.EVAL, cls.INFER):
            raise ValueError("Invalid mode %s." % key)


_MAY_DIFFER = ["tf_random_seed", "save_summary_steps", "save_checkpoints_steps", "save_checkpoints_secs", "session_config",
               "keep_checkpoint_max", "keep_checkpoint_every_n_hours", "log_step_count_steps"]  # fmt: skip


@export("contrib.learn.RunConfig", "contrib.learn.python.learn.estimators.run_config.RunConfig")
class RunConfig(run_config.RunConfig):
    """Where and how an estimator runs.

    Args:
      master: the address of the session.
      num_cores: how many threads run operations; 0 for as many as there are cores.
      log_device_placement: whether the devices of operations are logged.
      gpu_memory_fraction: which part of a GPU's memory is used.
      evaluation_master: the address of the session of evaluations.
      tf_random_seed, save_summary_steps, save_checkpoints_secs, save_checkpoints_steps, keep_checkpoint_max,
        keep_checkpoint_every_n_hours, log_step_count_steps, protocol, model_dir, session_config: as of `tf.estimator.RunConfig`.
    """

    def __init__(self, master=None, num_cores=0, log_device_placement=False, gpu_memory_fraction=1, tf_random_seed=None,
                 save_summary_steps=100, save_checkpoints_secs=600, save_checkpoints_steps=None, keep_checkpoint_max=5,
                 keep_checkpoint_every_n_hours=10000, log_step_count_steps=100, protocol=None, evaluation_master="",
                 model_dir=None, session_config=None):  # fmt: skip
        if save_checkpoints_steps is not None and save_checkpoints_secs == 600:
            save_checkpoints_secs = None
        super().__init__(
            model_dir=model_dir, tf_random_seed=tf_random_seed, save_summary_steps=save_summary_steps,
            save_checkpoints_secs=save_checkpoints_secs, save_checkpoints_steps=save_checkpoints_steps,
            session_config=session_config, keep_checkpoint_max=keep_checkpoint_max,
            keep_checkpoint_every_n_hours=keep_checkpoint_every_n_hours, log_step_count_steps=log_step_count_steps,
            protocol=protocol)  # fmt: skip
        self._master = master or self._master
        self._evaluation_master = evaluation_master or self._evaluation_master
        self._tf_config = protos.ConfigProto(
            log_device_placement=log_device_placement,
            inter_op_parallelism_threads=num_cores,
            intra_op_parallelism_threads=num_cores,
        )
        self._tf_config.gpu_options.per_process_gpu_memory_fraction = gpu_memory_fraction

        self._environment = json.loads(os.environ.get("TF_CONFIG") or "{}").get("environment", "local")

    tf_config = property(lambda self: self._tf_config)
    environment = property(lambda self: self._environment)

    def uid(self, whitelist=None):
        """A text that tells configurations apart.

        Args:
          whitelist: the names of properties that make no difference; by default those that programs may well replace.
        """
        left_out = {"_" + name for name in (_MAY_DIFFER if whitelist is None else whitelist)}
        state = {name: value for name, value in vars(self).items() if name not in left_out}
        state["_cluster_spec"] = self.cluster_spec.as_dict()
        return ", ".join("%s=%r" % item for item in sorted(state.items()))
