"""`tf.estimator.RunConfig`: where and how an estimator runs."""

import copy
import json
import os

from .. import protos
from ..core.compat import path_to_str
from ..core.errors import NotYetError
from ..core.export import export, public as tf
from ..platform import tf_logging as logging
from ..platform.decorators import fn_args

_DEFAULT = object()  # what stands for an interval of checkpoints that was not given
_BOTH = "`save_checkpoints_steps` and `save_checkpoints_secs` cannot be both set."
_REPLACEABLE = [
    "model_dir", "tf_random_seed", "save_summary_steps", "save_checkpoints_steps", "save_checkpoints_secs", "session_config",
    "keep_checkpoint_max", "keep_checkpoint_every_n_hours", "log_step_count_steps", "train_distribute", "device_fn", "protocol",
    "eval_distribute", "experimental_distribute", "experimental_max_worker_delay_secs", "session_creation_timeout_secs",
]  # fmt: skip


class TaskType:
    """The kinds of tasks of a cluster."""

    MASTER, PS, WORKER, CHIEF, EVALUATOR = "master", "ps", "worker", "chief", "evaluator"


def default_session_config():
    """The options of sessions of estimators that were given none."""
    rewriting = protos.RewriterConfig(meta_optimizer_iterations=protos.RewriterConfig.ONE)
    return protos.ConfigProto(allow_soft_placement=True, graph_options=protos.GraphOptions(rewrite_options=rewriting))


_CHECKS = [
    ("model_dir", bool, "model_dir should be non-empty"),
    ("save_summary_steps", lambda v: v >= 0, "save_summary_steps should be >= 0"),
    ("save_checkpoints_steps", lambda v: v >= 0, "save_checkpoints_steps should be >= 0"),
    ("save_checkpoints_secs", lambda v: v >= 0, "save_checkpoints_secs should be >= 0"),
    ("session_config", lambda v: type(v).__name__ == "ConfigProto", "session_config must be instance of ConfigProto"),
    ("keep_checkpoint_max", lambda v: v >= 0, "keep_checkpoint_max should be >= 0"),
    ("keep_checkpoint_every_n_hours", lambda v: v > 0, "keep_checkpoint_every_n_hours should be > 0"),
    ("log_step_count_steps", lambda v: v > 0, "log_step_count_steps should be > 0"),
    ("tf_random_seed", lambda v: isinstance(v, int), "tf_random_seed must be integer."),
    ("experimental_max_worker_delay_secs", lambda v: isinstance(v, int),
     "experimental_max_worker_delay_secs must be an integer if set."),
    ("session_creation_timeout_secs", lambda v: v > 0, "session_creation_timeout_secs should be > 0"),
    ("device_fn", lambda v: callable(v) and set(fn_args(v)) == {"op"},
     'device_fn must be callable with exactly one argument "op".'),
    ("protocol", lambda v: v in ("grpc", "grpc+verbs"), "protocol should be grpc or grpc+verbs"),
]  # fmt: skip


def _model_dir(environment, model_dir):
    if model_dir == "":
        raise ValueError("model_dir should be non-empty.")
    given = environment.get("model_dir")
    if given == "":
        raise ValueError("model_dir in TF_CONFIG should be non-empty.")
    if given:
        if model_dir and given != model_dir:
            raise ValueError("`model_dir` provided in RunConfig construct, if set, must have the same value as the model_dir "
                             'in TF_CONFIG. model_dir: %s\nTF_CONFIG["model_dir"]: %s.\n' % (model_dir, given))  # fmt: skip
        logging.info("Using model_dir in TF_CONFIG: %s", given)
    return model_dir or given


@export("estimator.RunConfig")
class RunConfig:
    """Where and how an estimator runs.

    Args:
      model_dir: the folder of checkpoints and summaries.
      tf_random_seed: the seed of graphs.
      save_summary_steps: after how many steps summaries are written.
      save_checkpoints_steps, save_checkpoints_secs: after how many steps or seconds a checkpoint is written; 600 seconds if neither
        is given, never if both are None.
      session_config: a `ConfigProto`.
      keep_checkpoint_max: how many checkpoints are kept.
      keep_checkpoint_every_n_hours: one checkpoint for so many hours is kept for ever.
      log_step_count_steps: after how many steps loss and speed are logged.
      train_distribute, eval_distribute, experimental_distribute: strategies of distribution.
      device_fn: a function from an operation to its device.
      protocol: of the servers of a cluster.
      experimental_max_worker_delay_secs: how long workers wait before they start.
      session_creation_timeout_secs: how long workers wait for the chief.

    Raises:
      ValueError: a value is out of range, or both intervals are given, or the cluster of the environment's `TF_CONFIG` is wrong.
    """

    def __init__(self, model_dir=None, tf_random_seed=None, save_summary_steps=100, save_checkpoints_steps=_DEFAULT,
                 save_checkpoints_secs=_DEFAULT, session_config=None, keep_checkpoint_max=5, keep_checkpoint_every_n_hours=10000,
                 log_step_count_steps=100, train_distribute=None, device_fn=None, protocol=None, eval_distribute=None,
                 experimental_distribute=None, experimental_max_worker_delay_secs=None,
                 session_creation_timeout_secs=7200):  # fmt: skip
        steps, seconds = save_checkpoints_steps, save_checkpoints_secs
        if steps is _DEFAULT and seconds is _DEFAULT:
            steps, seconds = None, 600
        elif seconds is _DEFAULT:
            seconds = None
        elif steps is _DEFAULT:
            steps = None
        elif steps is not None and seconds is not None:
            raise ValueError(_BOTH)
        train_distribute = _strategy("train_distribute", train_distribute, experimental_distribute)
        eval_distribute = _strategy("eval_distribute", eval_distribute, experimental_distribute)
        if experimental_distribute and experimental_distribute.remote_cluster:
            raise NotYetError("tf.estimator.RunConfig: experimental_distribute.remote_cluster")
        environment = json.loads(os.environ.get("TF_CONFIG", "{}"))
        if environment:
            logging.info("TF_CONFIG environment variable: %s", environment)
        RunConfig._replace(
            self, _REPLACEABLE, model_dir=_model_dir(environment, path_to_str(model_dir)), tf_random_seed=tf_random_seed,
            save_summary_steps=save_summary_steps, save_checkpoints_steps=steps, save_checkpoints_secs=seconds,
            session_config=session_config, keep_checkpoint_max=keep_checkpoint_max,
            keep_checkpoint_every_n_hours=keep_checkpoint_every_n_hours, log_step_count_steps=log_step_count_steps,
            train_distribute=train_distribute, device_fn=device_fn, protocol=protocol, eval_distribute=eval_distribute,
            experimental_distribute=experimental_distribute,
            experimental_max_worker_delay_secs=experimental_max_worker_delay_secs,
            session_creation_timeout_secs=session_creation_timeout_secs)  # fmt: skip
        self._read_cluster(environment)
        if not self._session_config and self._cluster_spec:
            RunConfig._replace(self, _REPLACEABLE, session_config=self._cluster_session_config())

    # ----------------------------------------------------------------------------------------------------------- clusters

    def _read_cluster(self, environment):
        """Learns from the environment which task of which cluster this process is."""
        self._service = environment.get("service")
        if self._service is not None and not isinstance(self._service, dict):
            raise TypeError('If "service" is set in TF_CONFIG, it must be a dict. Given %s' % type(self._service))
        self._cluster_spec = tf.train.ClusterSpec(environment.get("cluster", {}))
        task = environment.get("task", {})
        if not self._cluster_spec:
            self._read_local_task(environment, task)
            return
        has_master = TaskType.MASTER in self._cluster_spec.jobs
        if has_master and TaskType.CHIEF in self._cluster_spec.jobs:
            raise ValueError("If `master` node exists in `cluster`, job `chief` is not supported.")
        chief = TaskType.MASTER if has_master else TaskType.CHIEF
        self._task_type, self._task_id = _checked_task(self._cluster_spec, task, chief)
        if has_master and self._task_type == TaskType.EVALUATOR:
            raise ValueError("If `master` node exists in `cluster`, task_type `evaluator` is not supported.")
        is_evaluator = self._task_type == TaskType.EVALUATOR
        self._evaluation_master = environment.get("eval_session_master", "") if is_evaluator else ""
        self._is_chief = self._task_type == chief
        if is_evaluator:
            self._cluster_spec, self._master = tf.train.ClusterSpec({}), ""
            self._num_ps_replicas = self._num_worker_replicas = 0
            self._global_id_in_cluster = None
            return
        self._master = self._master_address(environment)
        tasks = self._cluster_spec.as_dict()
        self._num_ps_replicas = len(tasks.get(TaskType.PS, []))
        self._num_worker_replicas = len(tasks.get(TaskType.WORKER, [])) + len(tasks.get(chief, []))
        self._global_id_in_cluster = _global_id(self._cluster_spec, self._task_type, self._task_id, chief)

    def _read_local_task(self, environment, task):
        self._task_type, self._task_id = task.get("type", TaskType.WORKER), int(task.get("index", 0))
        self._global_id_in_cluster = 0
        if self._task_type != TaskType.WORKER:
            raise ValueError('If "cluster" is not set in TF_CONFIG, task type must be WORKER.')
        if self._task_id != 0:
            raise ValueError('If "cluster" is not set in TF_CONFIG, task index must be 0.')
        self._master = environment.get("session_master", "")
        self._evaluation_master = environment.get("eval_session_master", "")
        self._is_chief, self._num_ps_replicas, self._num_worker_replicas = True, 0, 1

    def _master_address(self, environment):
        if "session_master" in environment:
            return environment["session_master"]
        jobs = self._cluster_spec.jobs
        if len(jobs) == 1 and len(self._cluster_spec.job_tasks(jobs[0])) == 1:
            return ""
        return "grpc://" + self._cluster_spec.job_tasks(self._task_type)[self._task_id]

    def _cluster_session_config(self):
        filters = {
            TaskType.MASTER: ["/job:ps", "/job:master"],
            TaskType.CHIEF: ["/job:ps", "/job:chief"],
            TaskType.WORKER: ["/job:ps", "/job:worker/task:%d" % self._task_id],
            TaskType.PS: ["/job:ps", "/job:worker", "/job:chief", "/job:master"],
        }.get(self._task_type)
        if filters is None:
            return None
        config = default_session_config()
        config.device_filters.extend(filters)
        return config

    # --------------------------------------------------------------------------------------------------------- properties

    cluster_spec = property(lambda self: self._cluster_spec)
    evaluation_master = property(lambda self: self._evaluation_master)
    is_chief = property(lambda self: self._is_chief)
    master = property(lambda self: self._master)
    num_ps_replicas = property(lambda self: self._num_ps_replicas)
    num_worker_replicas = property(lambda self: self._num_worker_replicas)
    task_id = property(lambda self: self._task_id)
    task_type = property(lambda self: self._task_type)
    global_id_in_cluster = property(lambda self: self._global_id_in_cluster)
    service = property(lambda self: self._service)
    device_fn = property(lambda self: self._device_fn)
    experimental_max_worker_delay_secs = property(lambda self: self._experimental_max_worker_delay_secs)
    tf_random_seed = property(lambda self: self._tf_random_seed)
    save_summary_steps = property(lambda self: self._save_summary_steps)
    save_checkpoints_secs = property(lambda self: self._save_checkpoints_secs)
    save_checkpoints_steps = property(lambda self: self._save_checkpoints_steps)
    session_config = property(lambda self: self._session_config)
    session_creation_timeout_secs = property(lambda self: self._session_creation_timeout_secs)
    keep_checkpoint_max = property(lambda self: self._keep_checkpoint_max)
    keep_checkpoint_every_n_hours = property(lambda self: self._keep_checkpoint_every_n_hours)
    log_step_count_steps = property(lambda self: self._log_step_count_steps)
    model_dir = property(lambda self: self._model_dir)
    train_distribute = property(lambda self: self._train_distribute)
    eval_distribute = property(lambda self: self._eval_distribute)
    protocol = property(lambda self: self._protocol)

    def replace(self, **kwargs):
        """A copy with other values of some arguments; raises ValueError for names and values that can't be."""
        return RunConfig._replace(copy.deepcopy(self), _REPLACEABLE, **kwargs)

    @staticmethod
    def _replace(config, allowed_properties_list=None, **kwargs):
        allowed = allowed_properties_list or []
        for key, value in kwargs.items():
            if key not in allowed:
                raise ValueError("Replacing %s is not supported. Allowed properties are %s." % (key, allowed))
            setattr(config, "_" + key, value)
        steps, seconds = (
            k in kwargs and getattr(config, k) is not None for k in ("save_checkpoints_steps", "save_checkpoints_secs")
        )
        if steps and seconds:
            raise ValueError(_BOTH)
        if steps and "save_checkpoints_secs" not in kwargs:
            config._save_checkpoints_secs = None
        elif seconds and "save_checkpoints_steps" not in kwargs:
            config._save_checkpoints_steps = None
        for name, is_fine, message in _CHECKS:
            value = getattr(config, name)
            if value is not None and not is_fine(value):
                raise ValueError(message)
        return config


def _strategy(name, given, experimental):
    """A strategy of distribution, given by itself or in `experimental_distribute`; raises ValueError if in both."""
    other = getattr(experimental, name) if experimental else None
    if given and other:
        raise ValueError("Either `%s` or`experimental_distribute.%s` can be set." % (name, name))
    return given or other


def _checked_task(cluster, task, chief):
    """The type and number of a task of a cluster; raises ValueError if there is no such task."""
    if chief not in cluster.jobs:
        raise ValueError('If "cluster" is set in TF_CONFIG, it must have one "%s" node.' % chief)
    if len(cluster.job_tasks(chief)) > 1:
        raise ValueError('The "cluster" in TF_CONFIG must have only one "%s" node.' % chief)
    kind, index = task.get("type"), task.get("index")
    if not kind:
        raise ValueError('If "cluster" is set in TF_CONFIG, task type must be set.')
    if index is None:
        raise ValueError('If "cluster" is set in TF_CONFIG, task index must be set.')
    index = int(index)
    if index < 0:
        raise ValueError("Task index must be non-negative number.")
    if kind == TaskType.EVALUATOR:
        return kind, index
    note = "\n\nNote that these values may be coming from the TF_CONFIG environment variable."
    if kind not in cluster.jobs:
        raise ValueError("%s is not a valid task_type in the cluster_spec:\n%s%s" % (kind, cluster, note))
    if index >= len(cluster.job_tasks(kind)):
        raise ValueError("%d is not a valid task_id for task_type %s in the cluster_spec:\n%s%s" % (index, kind, cluster, note))
    return kind, index


def _global_id(cluster, kind, index, chief):
    """The number of a task among those of all jobs: the chief first, parameter servers last."""
    order = [chief] + [j for j in sorted(cluster.jobs) if j not in (chief, TaskType.PS)]
    order += [TaskType.PS] if TaskType.PS in cluster.jobs else []
    return sum(len(cluster.job_tasks(j)) for j in order[: order.index(kind)]) + index
