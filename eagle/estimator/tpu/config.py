"""`tf.estimator.tpu.RunConfig`: the configuration of estimators that may run on TPUs."""

import collections
import json
import os
import re

from ... import protos
from ...core.export import export
from ...platform import tf_logging as logging
from ..run_config import RunConfig as _RunConfig, TaskType

_LOOP = re.compile(r"^(?P<value>[1-9]\d*)((?P<suffix>[s|m|h])$|$)")


def _export(name):
    return export("estimator.tpu." + name, "contrib.tpu." + name, "contrib.tpu.python.tpu.tpu_config." + name)


@export("contrib.tpu.python.tpu.util.check_positive_integer")
def check_positive_integer(value, name):
    """Raises TypeError or ValueError unless this is a positive integer."""
    if not isinstance(value, int):
        raise TypeError("%s must be int, got %s" % (name, type(value).__name__))
    if value <= 0:
        raise ValueError("%s must be positive, got %s" % (name, value))


def parse_iterations_per_loop(iterations_per_loop):
    """How long a loop on the device is: a number, and whether it counts `"count"` or `"seconds"`.

    Raises:
      ValueError: it is neither a positive integer nor a text such as `"30s"`, `"10m"` or `"1h"`.
    """
    match = _LOOP.match(str(iterations_per_loop))
    if match is None:
        raise ValueError(
            "Invalid TPUConfig `iterations_per_loop` value. Value must be positive integer value or time-based value `<N><s|m|h>` "
            "where <N> is anypositive integer and `s`, `m`, `h` are unit of time in seconds, minutes, hours respectively. Examples "
            "of valid values: `3600s`, `60m`, `1h`."
        )
    suffix = match["suffix"]
    return int(match["value"]) * {"m": 60, "h": 3600}.get(suffix, 1), "seconds" if suffix in ("h", "m", "s") else "count"


@_export("InputPipelineConfig")
class InputPipelineConfig:
    """How input gets to the TPUs: one pipeline per core or host, one for all, or one whose batches are cut."""

    PER_SHARD_V1, PER_HOST_V1, PER_HOST_V2, BROADCAST, SLICED = 1, 2, 3, 4, 5


_FIELDS = [
    "iterations_per_loop", "num_shards", "num_cores_per_replica", "per_host_input_for_training", "tpu_job_name",
    "initial_infeed_sleep_secs", "input_partition_dims", "eval_training_input_configuration",
    "experimental_host_call_every_n_steps",
]  # fmt: skip


@_export("TPUConfig")
class TPUConfig(collections.namedtuple("TPUConfig", _FIELDS)):
    """What is to be said about TPUs; without one nothing of it matters.

    Args:
      iterations_per_loop: how many steps a loop on the device has, or a text such as `"1h"`.
      num_shards, num_cores_per_replica: how the cores are shared.
      per_host_input_for_training: an `InputPipelineConfig`.
      tpu_job_name, initial_infeed_sleep_secs, input_partition_dims, eval_training_input_configuration,
        experimental_host_call_every_n_steps: further options.

    Raises:
      ValueError: a value is out of range, or some don't go together.
    """

    def __new__(cls, iterations_per_loop=2, num_shards=None, num_cores_per_replica=None, per_host_input_for_training=True,
                tpu_job_name=None, initial_infeed_sleep_secs=None, input_partition_dims=None,
                eval_training_input_configuration=InputPipelineConfig.PER_HOST_V1,
                experimental_host_call_every_n_steps=1):  # fmt: skip
        parse_iterations_per_loop(iterations_per_loop)
        if num_shards is not None:
            check_positive_integer(num_shards, "TPUConfig num_shards")
        if input_partition_dims is not None:
            if len(input_partition_dims) not in (1, 2):
                raise ValueError("input_partition_dims must be a list/tuple with one or two elements.")
            if per_host_input_for_training is not InputPipelineConfig.PER_HOST_V2:
                raise ValueError("input_partition_dims is only supported in PER_HOST_V2 mode.")
            if num_cores_per_replica is None:
                raise ValueError("input_partition_dims requires setting num_cores_per_replica.")
        if num_cores_per_replica not in (None, 1, 2, 4, 8, 16, 32, 64, 128):
            raise ValueError("num_cores_per_replica must be 1, 2, 4, 8, 16, 32, 64, 128; got %s" % num_cores_per_replica)
        if eval_training_input_configuration not in (InputPipelineConfig.PER_HOST_V1, InputPipelineConfig.SLICED):
            raise ValueError("eval_training_input_configuration must be PER_HOST_V1 or SLICED; got %s"
                             % eval_training_input_configuration)  # fmt: skip
        if per_host_input_for_training is False:
            per_host_input_for_training = InputPipelineConfig.PER_SHARD_V1
        elif per_host_input_for_training is True:
            per_host_input_for_training = InputPipelineConfig.PER_HOST_V1
        if initial_infeed_sleep_secs:
            check_positive_integer(initial_infeed_sleep_secs, "TPUConfig initial_infeed_sleep_secs")
        return super().__new__(
            cls, iterations_per_loop, num_shards, num_cores_per_replica, per_host_input_for_training, tpu_job_name or _job_name(),
            initial_infeed_sleep_secs, input_partition_dims, eval_training_input_configuration,
            experimental_host_call_every_n_steps)  # fmt: skip


def _job_name():
    name = json.loads(os.environ.get("TF_CONFIG", "{}")).get("service", {}).get("tpu_worker_job_name")
    if name:
        logging.info("Load TPU job name from TF_CONFIG: %s", name)
    return name


@_export("RunConfig")
class RunConfig(_RunConfig):
    """The configuration of an estimator that may run on TPUs.

    Args:
      tpu_config: a `TPUConfig`.
      evaluation_master, master: the addresses of the sessions.
      cluster: a `ClusterResolver` instead of `master`.
      **kwargs: the arguments of `tf.estimator.RunConfig`.

    Raises:
      ValueError: both `master` and `cluster` are given, or the options of sessions describe a cluster, too.
    """

    def __init__(self, tpu_config=None, evaluation_master=None, master=None, cluster=None, **kwargs):
        super().__init__(**kwargs)
        self._tpu_config, self._cluster = tpu_config or TPUConfig(), cluster
        if master is not None:
            if cluster is not None:
                raise ValueError("Both master and cluster are set.")
            self._master = master
        elif cluster:
            self._master = cluster.master()
        if evaluation_master is not None:
            self._evaluation_master = evaluation_master
        elif not self._evaluation_master and self.task_type != TaskType.EVALUATOR:
            self._evaluation_master = self._master
        if cluster:
            self._take_cluster(cluster)

    def _take_cluster(self, cluster):
        self._cluster_spec = cluster.cluster_spec()
        if self._session_config is None:
            self._session_config = protos.ConfigProto(allow_soft_placement=True, isolate_session_state=True)
        if self._session_config.HasField("cluster_def"):
            raise ValueError("You cannot provide a ClusterResolver and session_config.cluster_def.")
        if self._cluster_spec:
            self._session_config.cluster_def.CopyFrom(self._cluster_spec.as_cluster_def())

    def _cluster_session_config(self):
        return None  # filters would hide the TPUs

    tpu_config = property(lambda self: self._tpu_config)
    cluster = property(lambda self: self._cluster)

    def replace(self, **kwargs):
        """A copy with other values of some arguments; raises ValueError for names and values that can't be."""
        tpu_config = kwargs.pop("tpu_config", self._tpu_config)
        other = super().replace(**kwargs)
        other._tpu_config = tpu_config
        return other
