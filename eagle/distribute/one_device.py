"""`tf.distribute.OneDeviceStrategy`: everything on one device."""

from ..core import nest
from ..core.convert import convert
from ..core.export import export
from ..core.scopes import colocate_with as placed_with, device
from . import context
from .default import OneReplica
from .devices import canonical
from .inputs import DistributedDataset, InputDevice
from .mirrored import InputOfReplicas, ReplicaOnDevices, validate_colocate
from .strategy import Strategy


@export("distribute.OneDeviceStrategy", "contrib.distribute.OneDeviceStrategy", "compat.v2.distribute.OneDeviceStrategy")
class OneDeviceStrategy(Strategy):
    """Places variables and computation on one device, so that a program for many can be tried on one.

    Args:
      device: its name.
    """

    def __init__(self, device):
        super().__init__(OneDeviceExtended(self, device))


class OneDeviceExtended(OneReplica, InputOfReplicas):
    """What a `OneDeviceStrategy` does.

    Args:
      container_strategy, device: the strategy and its argument.
    """

    _num_replicas_in_sync = 1
    worker_devices = property(lambda self: (self._device,))
    parameter_devices = property(lambda self: (self._device,))

    def __init__(self, container_strategy, device):
        super().__init__(container_strategy)
        self._device = canonical(device)

    def non_slot_devices(self, var_list):
        return (self._device,)

    def _create_variable(self, next_creator, **kwargs):
        where = kwargs.pop("colocate_with", None)
        if isinstance(where, InputDevice):
            scope = device(where.device)
        else:
            scope = placed_with(where) if hasattr(where, "_handle") else device(self._device)
        with scope:
            return next_creator(**kwargs)

    def _validate_colocate_with_variable(self, colocate_with_variable):
        validate_colocate(colocate_with_variable, self)

    def _experimental_distribute_dataset(self, dataset):
        return DistributedDataset(lambda: dataset, self._container_strategy())

    def _call_for_each_replica(self, fn, args, kwargs):
        with device(self._device), ReplicaOnDevices(self._container_strategy(), convert(0), 0):
            return fn(*args, **kwargs)

    def _update_non_slot(self, colocate_with, fn, args, kwargs, group):
        with device(self._device), context.UpdateContext(0):
            found = fn(*args, **kwargs)
        return found if group else nest.map_structure(self._local_results, found)
