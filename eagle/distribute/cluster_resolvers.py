"""`tf.distribute.cluster_resolver`: what knows which tasks a cluster has."""

import abc
import collections
import json
import os
import subprocess

from ..core.errors import NotYetError
from ..core.export import export
from ..platform.devices import gpus
from .server import ClusterSpec


def _address(master, rpc_layer=None):
    return "%s://%s" % (rpc_layer, master) if rpc_layer else master


@export("distribute.cluster_resolver.ClusterResolver", "contrib.cluster_resolver.ClusterResolver")
class ClusterResolver(abc.ABC):
    """What knows which tasks a cluster has; the base of all such."""

    environment = ""

    @abc.abstractmethod
    def cluster_spec(self):
        """The `tf.train.ClusterSpec`."""

    @abc.abstractmethod
    def master(self, task_type=None, task_id=None, rpc_layer=None):
        """The address of a task's session.

        Args:
          task_type, task_id: the task.
          rpc_layer: the protocol, which the address begins with.
        """

    def num_accelerators(self, task_type=None, task_id=None, config_proto=None):
        """How many devices of each kind but CPUs a task has: kind -> number.  Eagle knows those of this process.

        Args:
          task_type, task_id: the task.
          config_proto: options of sessions.
        """
        found = collections.defaultdict(int)
        if gpus():
            found["GPU"] = len(gpus())
        return found


@export("distribute.cluster_resolver.SimpleClusterResolver", "contrib.cluster_resolver.SimpleClusterResolver")
class SimpleClusterResolver(ClusterResolver):
    """Knows what it was told.

    Args:
      cluster_spec: a `tf.train.ClusterSpec`.
      master: the address of the session.
      task_type, task_id: the task that this process is.
      environment: where it runs, a string.
      num_accelerators: kind of device -> number.
      rpc_layer: the protocol.

    Raises:
      TypeError: `cluster_spec` or `master` is of another type.
    """

    def __init__(
        self, cluster_spec, master="", task_type=None, task_id=None, environment="", num_accelerators=None, rpc_layer=None
    ):
        if not isinstance(cluster_spec, ClusterSpec):
            raise TypeError("cluster_spec must be a ClusterSpec.")
        if not isinstance(master, str):
            raise TypeError("master must be a string.")
        self._cluster_spec, self._master, self._num_accelerators = cluster_spec, master, num_accelerators
        self.task_type, self.task_id, self.environment, self.rpc_layer = task_type, task_id, environment, rpc_layer

    def cluster_spec(self):
        return self._cluster_spec

    def master(self, task_type=None, task_id=None, rpc_layer=None):
        known = task_type is not None and task_id is not None
        return _address(self._cluster_spec.task_address(task_type, task_id) if known else self._master, rpc_layer or self.rpc_layer)

    def num_accelerators(self, task_type=None, task_id=None, config_proto=None):
        return {} if self._num_accelerators is None else self._num_accelerators


@export("distribute.cluster_resolver.UnionResolver", "contrib.cluster_resolver.UnionClusterResolver")
class UnionClusterResolver(ClusterResolver):
    """Knows what several others know.

    Args:
      *args: the others; what is not about the cluster's tasks is asked of the first.
      rpc_layer, task_type, task_id: the protocol, and the task that this process is.

    Raises:
      TypeError: an argument is no `ClusterResolver`.
      ValueError: there are none, or there are other keyword arguments.
    """

    def __init__(self, *args, **kwargs):
        self._rpc_layer, self._task_type, self._task_id = (kwargs.pop(k, None) for k in ("rpc_layer", "task_type", "task_id"))
        if kwargs:
            raise ValueError(f"Unexpected kwargs provided {kwargs!r}")
        if not args:
            raise ValueError("At least one ClusterResolver is required.")
        if not all(isinstance(a, ClusterResolver) for a in args):
            raise TypeError("All arguments must be a sub-class of `ClusterResolver.`")
        self._resolvers = args

    def cluster_spec(self):
        """The tasks of all clusters: lists of them one behind the other, numbered ones together.

        Raises:
          KeyError: two have the same number.
        """
        parts = collections.defaultdict(list)
        for resolver in self._resolvers:
            for job, tasks in resolver.cluster_spec().as_dict().items():
                parts[job].append(tasks)
        return ClusterSpec({job: _merged(tasks) for job, tasks in parts.items()})

    def master(self, task_type=None, task_id=None, rpc_layer=None):
        if task_type is not None and task_id is not None:
            return _address(self.cluster_spec().task_address(task_type, task_id), rpc_layer or self._rpc_layer)
        return self._resolvers[0].master(rpc_layer=rpc_layer)

    def num_accelerators(self, task_type=None, task_id=None, config_proto=None):
        return self._resolvers[0].num_accelerators(task_type, task_id, config_proto)

    environment = property(lambda self: self._resolvers[0].environment)


def _of_first(name):
    def get(self):
        return getattr(self, "_" + name) or getattr(self._resolvers[0], name)

    return property(get, lambda self, value: setattr(self, "_" + name, value))


for _name in ("task_type", "task_id", "rpc_layer"):
    setattr(UnionClusterResolver, _name, _of_first(_name))


def _merged(parts):
    if all(isinstance(tasks, list) for tasks in parts):
        return [task for tasks in parts for task in tasks]
    found = {}
    for tasks in parts:
        tasks = dict(enumerate(tasks)) if isinstance(tasks, list) else tasks
        twice = set(tasks) & set(found)
        if twice:
            raise KeyError("Duplicate keys detected when merging two ClusterSpecs: %r" % twice)
        found.update(tasks)
    return found


def _from_environment(key, default=None):
    return json.loads(os.environ.get("TF_CONFIG", "{}")).get(key, default)


@export("distribute.cluster_resolver.TFConfigClusterResolver", "contrib.cluster_resolver.TFConfigClusterResolver")
class TFConfigClusterResolver(ClusterResolver):
    """Knows what the environment's `TF_CONFIG` says.

    Args:
      task_type, task_id, rpc_layer: instead of what it says.
      environment: where this process runs, a string.
    """

    def __init__(self, task_type=None, task_id=None, rpc_layer=None, environment=None):
        self._task_type, self._task_id, self._rpc_layer, self.environment = task_type, task_id, rpc_layer, environment

    @property
    def task_type(self):
        """The job of this process."""
        if self._task_type is not None:
            return str(self._task_type)
        found = _from_environment("task", {}).get("type")
        return None if found is None else str(found)

    @task_type.setter
    def task_type(self, task_type):
        self._task_type = task_type

    @property
    def task_id(self):
        """The number of this process in its job."""
        if self._task_type is not None:
            return int(self._task_id)
        found = _from_environment("task", {}).get("index")
        return None if found is None else int(found)

    @task_id.setter
    def task_id(self, task_id):
        self._task_id = task_id

    @property
    def rpc_layer(self):
        """The protocol."""
        return _from_environment("rpc_layer") if self._rpc_layer is None else self._rpc_layer

    @rpc_layer.setter
    def rpc_layer(self, rpc_layer):
        self._rpc_layer = rpc_layer

    def cluster_spec(self):
        return ClusterSpec(_from_environment("cluster", {}))

    def master(self, task_type=None, task_id=None, rpc_layer=None):
        given = _from_environment("session_master")
        if given is not None:
            return given
        cluster = self.cluster_spec()
        jobs = cluster.jobs
        if not jobs or len(jobs) == 1 and len(cluster.job_tasks(jobs[0])) == 1:
            return ""
        task_type = self.task_type if task_type is None else task_type
        task_id = self.task_id if task_id is None else task_id
        return _address(cluster.task_address(task_type, task_id), self.rpc_layer)


@export("distribute.cluster_resolver.SlurmClusterResolver", "contrib.cluster_resolver.SlurmClusterResolver")
class SlurmClusterResolver(ClusterResolver):
    """Knows what Slurm says of the hosts that it gave.

    Args:
      jobs: job -> number of tasks.
      port_base: the port of the first task on each host.
      gpus_per_node, gpus_per_task: how many GPUs a host has, and a task gets.
      tasks_per_node: how many tasks run on a host; by default what the environment says.
      auto_set_gpu: whether the environment is made to show this task's GPUs only.
      rpc_layer: the protocol.

    Raises:
      RuntimeError: the numbers don't fit, or that of tasks per host is not known.
    """

    def __init__(self, jobs, port_base=8888, gpus_per_node=1, gpus_per_task=1, tasks_per_node=None, auto_set_gpu=True,
                 rpc_layer="grpc"):  # fmt: skip
        by_mpi = "OMPI_COMM_WORLD_RANK" in os.environ
        self._rank = int(os.environ["OMPI_COMM_WORLD_RANK" if by_mpi else "SLURM_PROCID"])
        tasks = int(os.environ["OMPI_COMM_WORLD_SIZE" if by_mpi else "SLURM_NTASKS"])
        if tasks_per_node is None and "SLURM_NTASKS_PER_NODE" not in os.environ:
            raise RuntimeError("Neither `tasks_per_node` or SLURM_NTASKS_PER_NODE is set.")
        self._tasks_per_node = int(os.environ["SLURM_NTASKS_PER_NODE"]) if tasks_per_node is None else tasks_per_node
        self._jobs = collections.OrderedDict(sorted(jobs.items()))
        self._port_base, self._gpus_per_node, self._gpus_per_task = port_base, gpus_per_node, gpus_per_task
        self._auto_set_gpu, self.rpc_layer = auto_set_gpu, rpc_layer
        self.task_type = self.task_id = None
        if self._tasks_per_node * gpus_per_task > gpus_per_node:
            raise RuntimeError("Requested more GPUs per node then available.")
        if sum(jobs.values()) != tasks:
            raise RuntimeError("Requested more tasks then assigned tasks.")

    def _resolve_hostnames(self):
        return subprocess.check_output(["scontrol", "show", "hostname"]).decode("utf-8").strip().split("\n")

    def cluster_spec(self):
        """The `tf.train.ClusterSpec`; finds out which of its tasks this process is, too."""
        addresses, shown = [], []
        for host in self._resolve_hostnames():
            for i, first in zip(range(self._tasks_per_node), range(0, self._gpus_per_node, self._gpus_per_task)):
                addresses.append("%s:%d" % (host, self._port_base + i))
                shown.append(",".join(str(g) for g in range(first, first + self._gpus_per_task)))
        found, start = {}, 0
        for job, count in self._jobs.items():
            found[job] = addresses[start : start + count]
            if start <= self._rank < start + count:
                self.task_type, self.task_id = job, self._rank - start
            start += count
        if self._auto_set_gpu is True:
            os.environ["CUDA_VISIBLE_DEVICES"] = shown[self._rank]
        return ClusterSpec(found)

    def get_task_info(self):
        """The job and number of this process, as they were found out by `cluster_spec`."""
        return self.task_type, self.task_id

    def master(self, task_type=None, task_id=None, rpc_layer=None):
        task_type = self.task_type if task_type is None else task_type
        task_id = self.task_id if task_id is None else task_id
        if task_type is None or task_id is None:
            return ""
        return _address(self.cluster_spec().task_address(task_type, task_id), rpc_layer or self.rpc_layer)

    def num_accelerators(self, task_type=None, task_id=None, config_proto=None):
        return {"GPU": self._gpus_per_node}


def _of_cloud(name, arguments):
    """The class of a resolver that asks a service of a cloud, which Eagle does not do: it can't be made."""

    def refuse(self, *unused, **also_unused):
        raise NotYetError("tf.distribute.cluster_resolver.%s: asking a service of a cloud" % name)

    text = "Would ask %s which tasks there are; raises NotYetError." % arguments
    methods = {"__init__": refuse, "__doc__": text, "cluster_spec": refuse, "master": refuse, "__module__": __name__}
    made = type(name, (ClusterResolver,), methods)
    return export("distribute.cluster_resolver." + name, "contrib.cluster_resolver." + name)(made)


GCEClusterResolver = _of_cloud("GCEClusterResolver", "Google Compute Engine")
KubernetesClusterResolver = _of_cloud("KubernetesClusterResolver", "Kubernetes")
