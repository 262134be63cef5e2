"""`tf.distribute.MirroredStrategy`: each device has a copy of all variables, and replicas train together."""

import copy

from ..core.context import here, stop_recording
from ..core.convert import convert
from ..core.device import DeviceSpec
from ..core.dispatch import registry
from ..core.errors import NotYetError
from ..core.export import export
from ..core.graph import get_default_graph
from ..core.scopes import device, executing_eagerly_outside_functions, name_scope
from ..variables.base import VariableAggregation, VariableSynchronization
from . import context
from .cross_device import ReductionToOneDevice, reduce_single
from .devices import all_local_devices, canonical, resolved
from .inputs import (
    DistributedDataset,
    DistributedIterator,
    InputContext,
    InputDevice,
    InputReplicationMode,
    iterator_of_function,
    numpy_dataset,
    run_steps,
    split_batches,
)
from .reducing import ReduceOp
from .replicas import call_for_each
from .strategy import ReplicaContext, Strategy, StrategyExtended
from .values import DistributedValues, Mirrored, container, regroup_updates, select_mirrored
from .variables import DistributedVariable, MirroredVariable, SyncOnReadVariable


@export("distribute.MirroredStrategy", "compat.v2.distribute.MirroredStrategy")
class MirroredStrategy(Strategy):
    """Trains with a replica on each of several devices of this machine, which have copies of all variables.

    Eagle computes one replica after the other.

    Args:
      devices: the names of the devices; by default all GPUs, or the CPU if there are none.
      cross_device_ops: a `CrossDeviceOps`, which adds up gradients.

    Raises:
      AssertionError: a device stands in the list twice.
      NotYetError: the devices are those of several workers.
    """

    def __init__(self, devices=None, cross_device_ops=None):
        super().__init__(MirroredExtended(self, devices, cross_device_ops))


class InputOfReplicas(StrategyExtended):
    """What strategies have in common that feed one worker: a batch of the input is shared among its replicas."""

    def _input_context(self):
        return InputContext(1, 0, self._num_replicas_in_sync)

    def _make_dataset_iterator(self, dataset):
        return DistributedIterator(split_batches(dataset, self._num_replicas_in_sync), self._container_strategy())

    def _make_input_fn_iterator(self, input_fn, replication_mode=InputReplicationMode.PER_WORKER):
        return iterator_of_function(input_fn, self._container_strategy(), self._input_context())

    def _experimental_distribute_dataset(self, dataset):
        split = split_batches(dataset, self._num_replicas_in_sync)
        return DistributedDataset(lambda: split, self._container_strategy())

    def _experimental_distribute_datasets_from_function(self, dataset_fn):
        return DistributedDataset(lambda: dataset_fn(self._input_context()), self._container_strategy())

    def _experimental_make_numpy_dataset(self, numpy_input, session):
        return numpy_dataset(numpy_input, InputDevice(canonical("/cpu:0")), session)

    def _experimental_run_steps_on_iterator(self, fn, iterator, iterations, initial_loop_values=None):
        return run_steps(self, fn, iterator, iterations, initial_loop_values)

    experimental_between_graph = False
    experimental_should_init = should_checkpoint = should_save_summary = True
    _global_batch_size = True


def create_distributed(strategy, devices, make_copies, mirrored, **kwargs):
    """Makes a variable with several copies.

    Args:
      strategy: the strategy.
      devices: the names of the devices.
      make_copies: a function of keyword arguments of variables that gives a copy for each device.
      mirrored: the class of variables whose copies are always equal.
      **kwargs: the arguments of the variable.

    Raises:
      ValueError: it is to be synchronized, or its copies are to be brought together, in a way that can't be.
    """
    name, collections = kwargs.get("name"), kwargs.pop("collections", None)
    collections = ["variables"] if collections is None else list(collections)
    when = kwargs.get("synchronization") or VariableSynchronization.AUTO
    if when is VariableSynchronization.NONE:
        raise ValueError("`NONE` variable synchronization mode is not supported with `Mirrored` distribution strategy. Please "
                         "change the `synchronization` for variable: %s" % (name,))  # fmt: skip
    if not isinstance(when, VariableSynchronization):
        raise ValueError("Invalid variable synchronization mode: %s for variable: %s" % (when, name))
    aggregation = kwargs.pop("aggregation", None) or VariableAggregation.NONE
    if not isinstance(aggregation, VariableAggregation):
        raise ValueError("Invalid variable aggregation mode: %s for variable: %s" % (aggregation, name))
    kwargs.pop("caching_device", None)
    kwargs["collections"] = []
    with stop_recording():
        copies = make_copies(**kwargs)
    kind = SyncOnReadVariable if when is VariableSynchronization.ON_READ else mirrored
    made = kind(strategy, devices, copies, aggregation)
    if copies[0]._in_graph_mode:
        graph = copies[0].graph
        listed = graph.get_collection_ref("trainable_variables")
        listed[:] = [v for v in listed if not any(v is c for c in copies)]
        if made.trainable and "trainable_variables" not in collections:
            collections.append("trainable_variables")
        graph.add_to_collections(collections, made)
    elif "global_step" in collections:
        get_default_graph().add_to_collections(["global_step"], made)
    return made


class DevicesExtended(InputOfReplicas):
    """What strategies have in common that have a replica on each of their devices."""

    def _call_for_each_replica(self, fn, args, kwargs):
        strategy = self._container_strategy()
        if len(self._devices) > 1:
            return call_for_each(strategy, self._devices, fn, args, kwargs)
        with ReplicaOnDevices(strategy, convert(0), 0), device(self._devices[0]):
            return fn(*args, **kwargs)

    def _local_results(self, distributed_value):
        return distributed_value.values if isinstance(distributed_value, DistributedValues) else (distributed_value,)

    def value_container(self, value):
        return container(value)

    def _update_config_proto(self, config_proto):
        updated = copy.deepcopy(config_proto)
        updated.isolate_session_state = True
        return updated


class MirroredExtended(DevicesExtended):
    """What a `MirroredStrategy` does.

    Args:
      container_strategy, devices, cross_device_ops: the strategy and its arguments.
    """

    def __init__(self, container_strategy, devices=None, cross_device_ops=None):
        super().__init__(container_strategy)
        self._set_devices(devices or all_local_devices())
        self._cross_device_ops = cross_device_ops

    def _set_devices(self, devices):
        devices = tuple(resolved(d) for d in devices)
        assert len(set(devices)) == len(devices), "No duplicates allowed in `devices` argument: %s" % (devices,)
        if any(DeviceSpec.from_string(d).job not in (None, "localhost") for d in devices):
            raise NotYetError("tf.distribute.MirroredStrategy: devices of several workers")
        self._devices = devices

    _num_replicas_in_sync = property(lambda self: len(self._devices))
    worker_devices = property(lambda self: self._devices)
    parameter_devices = property(lambda self: self._devices)
    worker_devices_by_replica = property(lambda self: tuple((d,) for d in self._devices))

    def non_slot_devices(self, var_list):
        return self._devices

    # --------------------------------------------------------------------------------------------------------- variables

    def _create_variable(self, next_creator, **kwargs):
        where = kwargs.pop("colocate_with", None)
        if isinstance(where, InputDevice):
            with device(where.device):
                return next_creator(**kwargs)
        devices = where.devices if isinstance(where, DistributedValues) else self._devices

        def make_copies(**kwargs):
            return _copies(devices, next_creator, kwargs)

        return create_distributed(self._container_strategy(), devices, make_copies, MirroredVariable, **kwargs)

    def _validate_colocate_with_variable(self, colocate_with_variable):
        validate_colocate(colocate_with_variable, self)

    def read_var(self, v):
        if isinstance(v, SyncOnReadVariable):
            return v._get_cross_replica()
        return registry["Identity"](convert(v.get()))

    # ---------------------------------------------------------------------------------------------------------- reducing

    def _get_cross_device_ops(self):
        return self._cross_device_ops or ReductionToOneDevice()

    def _reduce_to(self, reduce_op, value, destinations):
        if isinstance(value, Mirrored) and reduce_op is ReduceOp.MEAN:
            return value
        if not isinstance(value, DistributedValues):
            return reduce_single(reduce_op, value, destinations, self._num_replicas_in_sync)
        return self._get_cross_device_ops().reduce(reduce_op, value, destinations)

    def _batch_reduce_to(self, reduce_op, value_destination_pairs):
        return self._get_cross_device_ops().batch_reduce(reduce_op, value_destination_pairs)

    def _broadcast_to(self, tensor, destinations):
        if isinstance(tensor, float | int):
            return tensor
        return self._get_cross_device_ops().broadcast(
            tensor, self._devices[0] if isinstance(destinations, str) and not destinations else destinations
        )

    # ---------------------------------------------------------------------------------------------------------- updating

    def _update(self, var, fn, args, kwargs, group):
        assert isinstance(var, DistributedVariable)
        return self._updated(var.devices, [(v, *args) for v in var.values], fn, args, kwargs, group, with_copy=True)

    def _update_non_slot(self, colocate_with, fn, args, kwargs, group):
        return self._updated(colocate_with, [args] * len(colocate_with), fn, args, kwargs, group, with_copy=False)

    def _updated(self, devices, calls, fn, args, kwargs, group, with_copy):
        updates = []
        for i, d in enumerate(devices):
            first = (calls[i][0],) if with_copy else ()
            with device(d), context.UpdateContext(i), name_scope("update_%d" % i):
                updates.append(fn(*first, *select_mirrored(i, tuple(args)), **select_mirrored(i, kwargs)))
        return regroup_updates(devices, updates, group, self._local_results)

    # ------------------------------------------------------------------------------------------------------- configuring

    def _configure(self, session_config=None, cluster_spec=None, task_type=None, task_id=None):
        if session_config:
            session_config.CopyFrom(self._update_config_proto(session_config))
        if cluster_spec:
            raise NotYetError("tf.distribute.MirroredStrategy: a cluster of several workers")


class ReplicaOnDevices(ReplicaContext):
    """The only replica of a strategy with devices; see `ReplicaContext`."""

    @property
    def devices(self):
        context.require_replica_context(self)
        return self._strategy.extended.worker_devices


def validate_colocate(variable, extended):
    """Raises ValueError for what is no variable made inside the scope of a strategy, and no devices of it."""
    if variable is extended.non_slot_devices(()):
        return
    message = "`colocate_vars_with` must only be passed a variable created in this tf.distribute.Strategy.scope(), not"
    strategy = getattr(variable, "_distribute_strategy", None)
    if strategy is None:
        raise ValueError("%s: %r" % (message, variable))
    if strategy.extended is not extended:
        raise ValueError("%s %s created in scope: %s" % (message, variable, strategy))


def _copies(devices, next_creator, kwargs):
    """A copy of a variable on each device; all but the first begin with the first one's initial value."""
    made = []
    for i, d in enumerate(devices):
        with device(d):
            if i:
                kwargs["name"] = "%s/replica_%d/" % (made[0].name.partition(":")[0], i)
                kwargs["initial_value"] = _initial_value_of(made[0], d)
            made.append(next_creator(**kwargs))
    return made


def _initial_value_of(first, where):
    def value():
        if here.eager or executing_eagerly_outside_functions():
            return registry["Identity"](first.value())
        with device(where):
            return registry["Identity"](first.initial_value)

    return value
