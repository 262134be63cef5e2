"""`tf.distribute.experimental.MultiWorkerMirroredStrategy` of one worker; `tf.contrib.distribute.MirroredStrategy`."""

from ..core.errors import NotYetError
from ..core.export import export
from .central_storage import whole_batches
from .cluster_resolvers import TFConfigClusterResolver
from .cross_device import CollectiveCommunication
from .devices import all_local_devices
from .mirrored import MirroredExtended
from .strategy import Strategy


@export("distribute.experimental.MultiWorkerMirroredStrategy", "compat.v2.distribute.experimental.MultiWorkerMirroredStrategy")
class MultiWorkerMirroredStrategy(Strategy):
    """As `MirroredStrategy`, with several workers; in Eagle with one.

    Args:
      communication: a `CollectiveCommunication`.

    Raises:
      NotYetError: the environment's `TF_CONFIG` has a cluster of several tasks.
    """

    def __init__(self, communication=CollectiveCommunication.AUTO):
        super().__init__(MultiWorkerExtended(self, communication, None))


@export("contrib.distribute.CollectiveAllReduceStrategy")
class CollectiveAllReduceStrategy(Strategy):
    """As `tf.distribute.experimental.MultiWorkerMirroredStrategy`.

    Args:
      num_gpus_per_worker: how many GPUs the worker has.
      communication: a `CollectiveCommunication`.
    """

    def __init__(self, num_gpus_per_worker=0, communication=CollectiveCommunication.AUTO):
        super().__init__(MultiWorkerExtended(self, communication, num_gpus_per_worker))


class MultiWorkerExtended(MirroredExtended):
    """What these strategies do.

    Args:
      container_strategy, communication: the strategy and its argument.
      num_gpus: how many GPUs the worker has, or None for all of them.
    """

    def __init__(self, container_strategy, communication, num_gpus):
        assert isinstance(communication, CollectiveCommunication)
        cluster = TFConfigClusterResolver().cluster_spec()
        if sum(len(cluster.job_tasks(job)) for job in cluster.jobs if job != "evaluator") > 1:
            raise NotYetError("tf.distribute.experimental.MultiWorkerMirroredStrategy: a cluster of several tasks")
        self._communication = communication
        super().__init__(container_strategy, all_local_devices(num_gpus))

    experimental_between_graph = True


@export("contrib.distribute.MirroredStrategy")
class ContribMirroredStrategy(Strategy):
    """As `tf.distribute.MirroredStrategy`; each replica takes whole batches of the input.

    Args:
      devices: the names of the devices; by default as many GPUs as are asked for.
      num_gpus, num_gpus_per_worker: how many GPUs; by default all, or the CPU if there are none.
      cross_device_ops, cross_tower_ops: a `CrossDeviceOps`, which adds up gradients.
      auto_shard_dataset: whether workers, of which there is one here, take different parts of the input.

    Raises:
      ValueError: the GPUs are counted twice, or counted and named.
    """

    def __init__(self, devices=None, num_gpus=None, num_gpus_per_worker=None, cross_device_ops=None, auto_shard_dataset=False,
                 cross_tower_ops=None):  # fmt: skip
        assert not (cross_device_ops and cross_tower_ops)
        if num_gpus is not None and num_gpus_per_worker is not None:
            raise ValueError("You cannot specify both `num_gpus` and `num_gpus_per_worker`.")
        count = num_gpus_per_worker if num_gpus is None else num_gpus
        if devices is not None and count is not None:
            raise ValueError("Must only specify one of `devices` and `num_gpus_per_worker`.")
        devices = all_local_devices(count) if devices is None else devices
        super().__init__(ContribMirroredExtended(self, devices, cross_device_ops or cross_tower_ops))
        self._extended._auto_shard_dataset = auto_shard_dataset


class ContribMirroredExtended(MirroredExtended):
    """What a `tf.contrib.distribute.MirroredStrategy` does."""

    _global_batch_size = False

    def _make_dataset_iterator(self, dataset):
        return whole_batches(self, dataset)


@export("distribute.experimental.TPUStrategy", "compat.v2.distribute.experimental.TPUStrategy", "contrib.distribute.TPUStrategy")
class TPUStrategy:
    """Would train on TPUs; raises NotYetError."""

    def __init__(self, *unused, **also_unused):
        raise NotYetError("tf.distribute.experimental.TPUStrategy: TPUs")
