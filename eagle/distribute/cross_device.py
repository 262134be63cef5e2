"""How values of several devices become one: `tf.distribute.CrossDeviceOps` and what implements it."""

import collections
import enum

from ..core.convert import convert
from ..core.errors import NotYetError
from ..core.export import export, public as tf
from ..core.indexed_slices import IndexedSlices
from ..core.scopes import device
from ..core.tensor import Tensor
from ..platform import tf_logging as logging
from ..variables.resource import BaseResourceVariable
from .devices import resolved
from .reducing import ReduceOp, as_reduce_op
from .values import DistributedValues, Mirrored, PerReplica, regroup


@export("distribute.experimental.CollectiveCommunication", "compat.v2.distribute.experimental.CollectiveCommunication")
class CollectiveCommunication(enum.Enum):
    """How workers add up values among themselves; Eagle has one worker, which adds them up in memory."""

    AUTO = "AUTO"
    RING = "RING"
    NCCL = "NCCL"


def devices_of(destinations):
    """The names of the devices where something is, or that are named."""
    if isinstance(destinations, DistributedValues):
        return destinations.devices
    name = destinations if isinstance(destinations, str) else destinations.device
    return (resolved(name or ""),)


def check_destinations(destinations):
    """Raises ValueError for what names no devices."""
    if not isinstance(destinations, DistributedValues | BaseResourceVariable | Tensor | IndexedSlices | str):
        raise ValueError("destinations must be one of a `DistributedValues` object, a tf.Variable object, or a device string.")
    if isinstance(destinations, str) and not destinations:
        raise ValueError("destinations can not be empty")


def copied(value, name):
    """A tensor, or `IndexedSlices`, on a device."""
    with device(name):
        if isinstance(value, IndexedSlices):
            shape = None if value.dense_shape is None else tf.identity(value.dense_shape)
            return IndexedSlices(tf.identity(value.values), tf.identity(value.indices), shape)
        return tf.identity(value)


def broadcast(value, destinations):
    """A tensor as a `Mirrored` value on all devices of `destinations`."""
    devices = devices_of(destinations)
    return Mirrored(devices, [copied(value, d) for d in devices])


def reduce_single(reduce_op, value, destinations, count):
    """What a value that is the same in all of `count` replicas becomes.

    Raises:
      ValueError: it is to be summed although there are several replicas.
    """
    if not isinstance(value, Tensor | IndexedSlices) and not hasattr(value, "_handle") and value == 0:
        return 0
    if reduce_op is ReduceOp.MEAN:
        return value
    check_destinations(destinations)
    if count != 1:
        raise ValueError("A non-DistributedValues value %s cannot be reduced with the given reduce op %s." % (value, reduce_op))
    devices = devices_of(destinations)
    if len(devices) == 1:
        return copied(value, devices[0])
    return Mirrored(devices, [copied(value, d) for d in devices])


def _added(values, add):
    """The sum of tensors or of `IndexedSlices`."""
    if any(isinstance(v, IndexedSlices) for v in values):
        shapes = [v.dense_shape for v in values]
        return IndexedSlices(
            tf.concat([v.values for v in values], 0),
            tf.concat([v.indices for v in values], 0),
            None if any(s is None for s in shapes) else shapes[0],
        )
    return add([convert(v) for v in values])


def _divided(value, count):
    if isinstance(value, IndexedSlices):
        return IndexedSlices(value.values / tf.cast(count, value.values.dtype), value.indices, value.dense_shape)
    return value / count


@export("distribute.CrossDeviceOps", "contrib.distribute.CrossDeviceOps")
class CrossDeviceOps:
    """How values of several devices become one, and one value is copied to several; the base of what implements it."""

    def __init__(self):
        pass

    def reduce(self, reduce_op, per_replica_value, destinations):
        """One value of the replicas' values.

        Args:
          reduce_op: a `ReduceOp`, or its name.
          per_replica_value: the values, or a tensor.
          destinations: where the result is wanted: a variable, a value or a device's name.

        Returns:
          A `Mirrored` value.

        Raises:
          ValueError: the destinations are of another type, or name no device.
        """
        if not isinstance(per_replica_value, DistributedValues):
            per_replica_value = _as_per_replica(per_replica_value)
        check_destinations(destinations)
        if len(per_replica_value.values) == 1 and set(per_replica_value.devices) == set(devices_of(destinations)):
            return regroup(per_replica_value.devices, per_replica_value.values, Mirrored)
        return self.reduce_implementation(as_reduce_op(reduce_op), per_replica_value, destinations)

    def batch_reduce(self, reduce_op, value_destination_pairs):
        """The same for several pairs of values and destinations; a list."""
        return [self.reduce(reduce_op, value, where) for value, where in _checked_pairs(value_destination_pairs)]

    def broadcast(self, tensor, destinations):
        """A tensor as a `Mirrored` value on all devices of `destinations`."""
        check_destinations(destinations)
        return self.broadcast_implementation(tensor, destinations)

    def reduce_implementation(self, reduce_op, per_replica_value, destinations):
        """Does the work of `reduce`; to be overridden."""
        raise NotImplementedError("_reduce method must be implemented in descendants.")

    def batch_reduce_implementation(self, reduce_op, value_destination_pairs):
        """Does the work of `batch_reduce`; to be overridden."""
        raise NotImplementedError("_batch_reduce method must be implemented in descendants.")

    def broadcast_implementation(self, tensor, destinations):
        """Does the work of `broadcast`."""
        return broadcast(tensor, destinations)


def _as_per_replica(value):
    if not isinstance(value, Tensor | IndexedSlices):
        raise ValueError("Cannot convert a %s to a `PerReplica`." % type(value))
    return PerReplica([resolved(value.device or "")], [value])


def _checked_pairs(pairs):
    """Pairs of values and destinations, tensors among the values made `PerReplica`; raises ValueError for anything else."""
    pairs = list(pairs) if isinstance(pairs, list | tuple | zip) else pairs
    if not isinstance(pairs, list) or not all(isinstance(p, tuple) and len(p) == 2 for p in pairs):
        raise ValueError("each element in value_destination_pairs should be a tuple of size 2")
    made = []
    for value, where in pairs:
        check_destinations(where)
        made.append((value if isinstance(value, DistributedValues) else _as_per_replica(value), where))
    return made


@export("distribute.ReductionToOneDevice", "contrib.distribute.ReductionToOneDeviceCrossDeviceOps")
class ReductionToOneDevice(CrossDeviceOps):
    """Copies values to one device, adds them up there, and copies the result to the destinations.

    Args:
      reduce_to_device: the device; by default the first of the destinations.
      accumulation_fn: a function that adds up a list of tensors; by default `tf.add_n`.
    """

    def __init__(self, reduce_to_device=None, accumulation_fn=None):
        super().__init__()
        self.reduce_to_device = reduce_to_device
        self.accumulation_fn = accumulation_fn or tf.add_n

    def reduce_implementation(self, reduce_op, per_replica_value, destinations):
        values = per_replica_value.values
        if not values:
            raise ValueError("`per_replica_value` must be non-empty")
        devices = devices_of(destinations)
        where = self.reduce_to_device or devices[0]
        logging.log_first_n(logging.INFO, "Reduce to %s then broadcast to %r.", 10, where, devices)
        if reduce_op not in (ReduceOp.SUM, ReduceOp.MEAN):
            raise ValueError("`reduce_op` must be Reduce.SUM or Reduce.MEAN.")
        with device(where):
            total = _added(values, self.accumulation_fn)
            if reduce_op is ReduceOp.MEAN:
                total = _divided(total, len(values))
        return self.broadcast(total, destinations)

    def batch_reduce_implementation(self, reduce_op, value_destination_pairs):
        return [self.reduce_implementation(reduce_op, value, where) for value, where in value_destination_pairs]


@export("contrib.distribute.AllReduceCrossDeviceOps")
class AllReduceCrossDeviceOps(ReductionToOneDevice):
    """Adds up values in every device's memory; as Eagle's devices share theirs, they are added up once.

    Args:
      all_reduce_alg: "nccl" or "hierarchical_copy".
      num_packs: into how many packs small values are put together; 0 for none.
      agg_small_grads_max_bytes, agg_small_grads_max_group: which values are small, and how many go into one pack.
    """

    def __init__(self, all_reduce_alg="nccl", num_packs=1, agg_small_grads_max_bytes=0, agg_small_grads_max_group=10):
        super().__init__()
        self._all_reduce_alg, self._num_packs = all_reduce_alg, num_packs
        self._agg_small_grads_max_bytes = agg_small_grads_max_bytes
        self._agg_small_grads_max_group = agg_small_grads_max_group


def _checked_packs(num_packs, what):
    if num_packs < 0:
        raise ValueError(f"{what} requires num_packs >= 0, but {num_packs} is specified")
    return num_packs


@export("distribute.NcclAllReduce")
class NcclAllReduce(AllReduceCrossDeviceOps):
    """`AllReduceCrossDeviceOps` as for NVIDIA's library.

    Args:
      num_packs: into how many packs values are put together; 0 for none.

    Raises:
      ValueError: it is negative.
    """

    def __init__(self, num_packs=1):
        super().__init__("nccl", _checked_packs(num_packs, "NCCL all-reduce"))


@export("distribute.HierarchicalCopyAllReduce")
class HierarchicalCopyAllReduce(AllReduceCrossDeviceOps):
    """`AllReduceCrossDeviceOps` as for devices that are connected in a hierarchy.

    Args:
      num_packs: into how many packs values are put together; 0 for none.

    Raises:
      ValueError: it is negative.
    """

    def __init__(self, num_packs=1):
        super().__init__("hierarchical_copy", _checked_packs(num_packs, "HierarchicalCopy"))


AllReduceSpecTuple = collections.namedtuple("AllReduceSpecTuple", "alg shards limit")


@export("contrib.distribute.MultiWorkerAllReduce")
class MultiWorkerAllReduce(AllReduceCrossDeviceOps):
    """`AllReduceCrossDeviceOps` among workers, of which there is one here.

    Args:
      worker_devices: the names of the workers.
      num_gpus_per_worker: how many devices each has.
      all_reduce_spec: a tuple (algorithm, shards, limit), or a list of them.
      num_packs, agg_small_grads_max_bytes, agg_small_grads_max_group: as of `AllReduceCrossDeviceOps`.

    Raises:
      NotYetError: there are several workers.
    """

    def __init__(self, worker_devices, num_gpus_per_worker, all_reduce_spec=("pscpu/pscpu", 2, -1), num_packs=0,
                 agg_small_grads_max_bytes=0, agg_small_grads_max_group=10):  # fmt: skip
        if len(worker_devices) > 1:
            raise NotYetError("tf.contrib.distribute.MultiWorkerAllReduce: several workers")
        specs = all_reduce_spec if isinstance(all_reduce_spec, list) else [all_reduce_spec]
        self._all_reduce_spec = [AllReduceSpecTuple(*spec) for spec in specs]
        self._worker_devices, self._num_gpus_per_worker = worker_devices, num_gpus_per_worker
        super().__init__(self._all_reduce_spec[0].alg, num_packs, agg_small_grads_max_bytes, agg_small_grads_max_group)
