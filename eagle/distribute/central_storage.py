"""Strategies that keep one copy of each variable: `CentralStorageStrategy`, and `ParameterServerStrategy` of one worker."""

from ..core import nest
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.errors import NotYetError
from ..core.export import export
from ..core.scopes import colocate_with as placed_with, device
from ..variables.resource import BaseResourceVariable
from . import context
from .cluster_resolvers import SimpleClusterResolver, TFConfigClusterResolver
from .cross_device import ReductionToOneDevice, reduce_single
from .devices import all_local_devices, canonical
from .inputs import InputDevice
from .mirrored import DevicesExtended, create_distributed, validate_colocate
from .strategy import Strategy
from .values import DistributedValues
from .variables import AggregatingVariable

_CPU = "/device:CPU:0"


@export("distribute.experimental.CentralStorageStrategy", "compat.v2.distribute.experimental.CentralStorageStrategy")
class CentralStorageStrategy(Strategy):
    """Trains with a replica on each of several devices, and keeps one copy of all variables.

    Args:
      compute_devices: the names of the devices; by default all GPUs, or the CPU if there are none.
      parameter_device: the device of the variables; by default the CPU, or the only one of `compute_devices`.
    """

    def __init__(self, compute_devices=None, parameter_device=None):
        super().__init__(CentralStorageExtended(self, compute_devices, parameter_device))


@export("distribute.experimental.ParameterServerStrategy", "compat.v2.distribute.experimental.ParameterServerStrategy")
class ParameterServerStrategy(Strategy):
    """Trains with the variables on parameter servers; in Eagle in one process, which is the worker and keeps the variables.

    Args:
      cluster_resolver: what knows the cluster; by default the environment's `TF_CONFIG`.

    Raises:
      NotYetError: there is a cluster of several tasks.
    """

    def __init__(self, cluster_resolver=None):
        if (cluster_resolver or TFConfigClusterResolver()).cluster_spec().as_dict():
            raise NotYetError("tf.distribute.experimental.ParameterServerStrategy: a cluster of several tasks")
        super().__init__(CentralStorageExtended(self, *_devices_of(cluster_resolver)))


def _devices_of(cluster_resolver):
    return (None if cluster_resolver is None else all_local_devices(cluster_resolver.num_accelerators().get("GPU", 0)), None)


@export("contrib.distribute.ParameterServerStrategy")
class ContribParameterServerStrategy(Strategy):
    """As `tf.distribute.experimental.ParameterServerStrategy`.

    Args:
      num_gpus_per_worker: how many GPUs the worker has.
    """

    def __init__(self, num_gpus_per_worker=0):
        known = TFConfigClusterResolver()
        if known.cluster_spec().as_dict():
            raise NotYetError("tf.contrib.distribute.ParameterServerStrategy: a cluster of several tasks")
        resolver = SimpleClusterResolver(known.cluster_spec(), num_accelerators={"GPU": num_gpus_per_worker})
        super().__init__(WholeBatches(self, *_devices_of(resolver)))


class CentralStorageExtended(DevicesExtended):
    """What these strategies do.

    Args:
      container_strategy, compute_devices, parameter_device: the strategy and its arguments.
    """

    experimental_between_graph = True

    def __init__(self, container_strategy, compute_devices=None, parameter_device=None):
        super().__init__(container_strategy)
        compute_devices = compute_devices or all_local_devices()
        if parameter_device is None:
            parameter_device = compute_devices[0] if len(compute_devices) == 1 else _CPU
        self._devices = tuple(canonical(d) for d in compute_devices)
        assert len(set(self._devices)) == len(self._devices), "Duplicate devices in %s" % (compute_devices,)
        self._variable_device = parameter_device
        self._cross_device_ops = ReductionToOneDevice(reduce_to_device=_CPU)

    _num_replicas_in_sync = property(lambda self: len(self._devices))
    worker_devices = property(lambda self: self._devices)
    worker_devices_by_replica = property(lambda self: tuple((d,) for d in self._devices))
    parameter_devices = property(lambda self: (self._variable_device,))

    def non_slot_devices(self, var_list):
        return min(var_list, key=lambda v: v.name, default=None)

    def _allow_variable_partition(self):
        return not here.eager

    def _create_variable(self, next_creator, **kwargs):
        where = kwargs.pop("colocate_with", None)
        if isinstance(where, InputDevice):
            with device(where.device):
                return next_creator(**kwargs)

        def make(**kwargs):
            if hasattr(where, "_handle"):
                with device(None), placed_with(where):
                    return [next_creator(**kwargs)]
            with placed_with(None, ignore_existing=True), device(self._variable_device):
                return [next_creator(**kwargs)]

        if len(self._devices) == 1:
            return make(**kwargs)[0]
        return create_distributed(self._container_strategy(), None, make, _aggregating, **kwargs)

    def _validate_colocate_with_variable(self, colocate_with_variable):
        validate_colocate(colocate_with_variable, self)

    def _broadcast_to(self, tensor, destinations):
        return tensor if isinstance(tensor, float | int) else self._cross_device_ops.broadcast(tensor, destinations)

    def _reduce_to(self, reduce_op, value, destinations):
        if not isinstance(value, DistributedValues):
            return reduce_single(reduce_op, value, destinations, self._num_replicas_in_sync)
        return self._cross_device_ops.reduce(reduce_op, value, destinations)

    def _batch_reduce_to(self, reduce_op, value_destination_pairs):
        return self._cross_device_ops.batch_reduce(reduce_op, value_destination_pairs)

    def _update(self, var, fn, args, kwargs, group):
        if isinstance(var, AggregatingVariable):
            var = var.get()
        if not isinstance(var, BaseResourceVariable):
            raise ValueError("You can not update `var` %r. It must be a Variable." % var)
        return self._update_non_slot(var, fn, (var, *_single(tuple(args))), _single(kwargs), group)

    def _update_non_slot(self, colocate_with, fn, args, kwargs, group):
        with placed_with(colocate_with), context.UpdateContext(0):
            found = fn(*args, **kwargs)
        return found if group else nest.map_structure(self._local_results, found)

    def read_var(self, v):
        return registry["Identity"](convert(v))

    def _configure(self, session_config=None, cluster_spec=None, task_type=None, task_id=None):
        if cluster_spec:
            raise NotYetError("tf.distribute.experimental.ParameterServerStrategy: a cluster of several tasks")
        if session_config:
            session_config.CopyFrom(self._update_config_proto(session_config))


class WholeBatches(CentralStorageExtended):
    """The same, where each replica takes whole batches of the input."""

    _global_batch_size = False

    def _make_dataset_iterator(self, dataset):
        return whole_batches(self, dataset)


def whole_batches(extended, dataset):
    """An iterator of a dataset whose batches each go to one replica."""
    return extended._make_input_fn_iterator(lambda unused: dataset)


def _aggregating(strategy, devices, copies, aggregation):
    return AggregatingVariable(strategy, copies[0], aggregation)


def _single(structured):
    """A structure with the only value of each `Mirrored` in it; raises ValueError where there are several."""

    def select(x):
        if not isinstance(x, DistributedValues):
            return x
        if not x.is_mirrored:
            raise ValueError("You cannot update variable with a PerReplica object %r when using ParameterServerStrategy. You must "
                             "specify a single value or a Mirrored with a single value" % x)  # fmt: skip
        if len(x.devices) > 1:
            raise ValueError("You cannot update variable with a Mirrored object with multiple components %r when using "
                             "ParameterServerStrategy. You must specify a single value or a Mirrored with a single value."
                             % x)  # fmt: skip
        return x.primary

    return nest.map_structure(select, structured)
