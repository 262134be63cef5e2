"""`tf.train.replica_device_setter`: which operations are placed on the parameter servers."""

import hashlib

import numpy as np

from ..core.device import DeviceSpec
from ..core.export import export
from ..core.shape import as_shape
from ..distribute.server import ClusterSpec
from ..platform import tf_logging as logging

STANDARD_PS_OPS = export("python.training.device_setter.STANDARD_PS_OPS")((
    "Variable", "VariableV2", "AutoReloadVariable", "MutableHashTable", "MutableHashTableV2", "MutableHashTableOfTensors",
    "MutableHashTableOfTensorsV2", "MutableDenseHashTable", "MutableDenseHashTableV2", "VarHandleOp",
    "BoostedTreesEnsembleResourceHandleOp", "BoostedTreesQuantileStreamResourceHandleOp", "ResourceConditionalAccumulator",
))  # fmt: skip


@export("python.training.device_setter._RoundRobinStrategy")
class RoundRobinStrategy:
    """A function of operations that gives the numbers of `num_tasks` tasks in turn."""

    def __init__(self, num_tasks):
        self._num_tasks = num_tasks
        self._next_task = 0

    def __call__(self, op):
        task = self._next_task
        self._next_task = (task + 1) % self._num_tasks
        return task


@export("contrib.training.RandomStrategy")
class RandomStrategy:
    """A function of operations that gives one of `num_ps_tasks` tasks, which depends on the name and a seed only."""

    def __init__(self, num_ps_tasks, seed=0):
        self._num_tasks = num_ps_tasks
        self._seed = seed

    def __call__(self, op):
        return int(hashlib.md5(("%s_%d" % (op.name, self._seed)).encode()).hexdigest(), 16) % self._num_tasks


@export("contrib.training.GreedyLoadBalancingStrategy")
class GreedyLoadBalancingStrategy:
    """A function of operations that gives the one of `num_tasks` tasks with the least load, as `load_fn` of operations says."""

    def __init__(self, num_tasks, load_fn):
        self._num_tasks = num_tasks
        self._load_fn = load_fn
        self._ps_loads = np.zeros(num_tasks)

    def __call__(self, op):
        task = np.argmin(self._ps_loads)
        self._ps_loads[task] += self._load_fn(op)
        return task


@export("contrib.training.byte_size_load_fn")
def byte_size_load_fn(op):
    """How many bytes the only output of an operation has.

    Raises:
      ValueError: its shape is not known.
    """
    if len(op.outputs) != 1:
        raise ValueError("Op %s must have a single output" % op)
    output = op.outputs[0]
    shape = output.get_shape()
    if not shape.is_fully_defined():
        shape = as_shape(op.get_attr("shape"))  # the operation is under construction: its shape is told later
    shape.assert_is_fully_defined()
    return shape.num_elements() * output.dtype.size


class _ReplicaDeviceChooser:
    """Chooses devices; see `replica_device_setter`."""

    def __init__(self, ps_tasks, ps_device, worker_device, merge_devices, ps_ops, ps_strategy):
        self._ps_tasks = ps_tasks
        self._ps_device = ps_device
        self._worker_device = worker_device
        self._merge_devices = merge_devices
        self._ps_ops = ps_ops
        self._ps_strategy = ps_strategy

    def device_function(self, op):
        """The device of an operation."""
        if not self._merge_devices and op.device:
            return op.device
        current = DeviceSpec.from_string(op.device or "")
        kind = op.op if hasattr(op, "op") else op.type  # of a `NodeDef`, or of an operation
        if self._ps_tasks and self._ps_device and kind in self._ps_ops:
            place = DeviceSpec.from_string(self._ps_device)
            if place.job and (not current.job or current.job == place.job):
                place.task = self._ps_strategy(op)
        else:
            place = DeviceSpec.from_string(self._worker_device or "")
        place.merge_from(current)
        return place.to_string()


@export("train.replica_device_setter")
def replica_device_setter(ps_tasks=0, ps_device="/job:ps", worker_device="/job:worker", merge_devices=True, cluster=None,
                          ps_ops=None, ps_strategy=None):  # fmt: skip
    """A function for `tf.device` that places variables on parameter servers and all else on the worker.

    Args:
      ps_tasks: how many parameter servers there are.
      ps_device: their device.
      worker_device: the device of the worker.
      merge_devices: whether the device that an operation has already is merged with it.
      cluster: a `ClusterSpec`, or what that takes, which says how many parameter servers there are.
      ps_ops: the types of operations to place on them; by default those of variables and tables.
      ps_strategy: a function of an operation that gives the number of its server; by default they come in turn.

    Returns:
      The function; None if there are no parameter servers.

    Raises:
      TypeError: `cluster` is no cluster, or `ps_strategy` no function.
    """
    if cluster is not None:
        tasks = (cluster if isinstance(cluster, ClusterSpec) else ClusterSpec(cluster)).as_dict()
        ps_tasks = len(tasks.get(DeviceSpec.from_string(ps_device).job) or ())
    if ps_tasks == 0:
        return None
    if not merge_devices:
        logging.warning("DEPRECATION: It is recommended to set merge_devices=true in replica_device_setter")
    if ps_strategy is None:
        ps_strategy = RoundRobinStrategy(ps_tasks)
    if not callable(ps_strategy):
        raise TypeError("ps_strategy must be callable")
    ops = list(STANDARD_PS_OPS) if ps_ops is None else ps_ops
    return _ReplicaDeviceChooser(ps_tasks, ps_device, worker_device, merge_devices, ops, ps_strategy).device_function
