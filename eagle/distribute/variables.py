"""Variables with a copy for each replica.

They are resource variables whose handle is that of the copy of the replica that the program speaks for, so that everything
that reads a resource variable reads that copy.
"""

import contextlib
import weakref

from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.scopes import device
from ..core.trackable import VARIABLE_VALUE_KEY, SaveableObject, SaveSpec
from ..ops.flow import group
from ..saved.saver_saveables import ResourceVariableSaveable
from ..variables.base import VariableAggregation
from ..variables.resource import BaseResourceVariable
from . import context
from .reducing import ReduceOp
from .values import DistributedValues

_NEEDS_AGGREGATION = (
    "You must specify an aggregation method to update a %s in Replica Context. You can do so by passing an explicit value for "
    "argument `aggregation` to tf.Variable(..).e.g. `tf.Variable(..., aggregation=tf.VariableAggregation.SUM)`"
    "`tf.VariableAggregation` lists the possible aggregation methods.This is required because %s should always be kept in sync. "
    "When updating them or assigning to them in a replica context, we automatically try to aggregate the values before updating "
    "the variable. For this aggregation, we need to know the aggregation method. Another alternative is to not try to update such "
    "%s in replica context, but in cross replica context. You can enter cross replica context by calling "
    "`tf.distribute.get_replica_context().merge_call(merge_fn, ..)`.Inside `merge_fn`, you can then update the %s using "
    "`tf.distribute.StrategyExtended.update()`."
)


@contextlib.contextmanager
def inside(strategy):
    """A context manager in which a strategy is in force; raises RuntimeError if another one is."""
    if context.has_strategy():
        context.require_strategy(strategy)
        yield
    else:
        with strategy.scope():
            yield


def _of_current(name):
    return property(lambda self: getattr(self._closest(), name))


def _of_primary(name):
    return property(lambda self: getattr(self._values[0], name))


@export("python.distribute.values.DistributedVariable")
class DistributedVariable(DistributedValues, BaseResourceVariable):
    """A variable with a copy for each replica.

    Args:
      strategy: the strategy that made it.
      devices: the names of the devices.
      values: the copies, one on each device.
      aggregation: a `tf.VariableAggregation`.
    """

    def __init__(self, strategy, devices, values, aggregation):
        DistributedValues.__init__(self, devices, values)
        self._distribute_strategy = strategy
        self._aggregation = aggregation
        for v in values:
            v._distributed_container = weakref.ref(self)

    is_tensor_like = _is_distributed = True
    distribute_strategy = property(lambda self: self._distribute_strategy)

    @property
    def initializer(self):
        return group(*[v.initializer for v in self._values])

    def initialized_value(self):
        return self._closest().initialized_value()

    def is_initialized(self, name=None):
        found = self._values[0].is_initialized()
        for v in self._values[1:-1]:
            found = registry["LogicalAnd"](found, v.is_initialized())
        return registry["LogicalAnd"](found, self._values[-1].is_initialized(), name=name)

    def _is_initialized(self):
        return self.is_initialized()

    def load(self, value, session=None):
        for v in self._values:
            v.load(value, session)

    def eval(self, session=None):
        return self._closest().eval(session)

    def _set_save_slice_info(self, save_slice_info):
        for v in self._values:
            v._set_save_slice_info(save_slice_info)

    def to_proto(self, export_scope=None):
        return self._values[0].to_proto(export_scope)

    def _cross_replica_update(self, change, args, kwargs):
        """The same change of all copies; the operation that stands for it."""
        done = []
        for d, v in zip(self._devices, self._values):
            with device(d):
                done.append(change(v, *args, **kwargs))
        return group(*done)


for _name in "handle device initial_value _handle _state _graph_element _cached_value _in_graph_mode".split():
    setattr(DistributedVariable, _name, _of_current(_name))
for _name in (
    "name dtype shape graph synchronization trainable constraint _handle_name _dtype _shape _graph_key _unique_id _trainable "
    "_constraint _synchronization _initial_value _initializer_op _save_slice_info _parent_op _caching_device"
).split():
    setattr(DistributedVariable, _name, _of_primary(_name))


def _assigner(name):
    def change(variable, *args, **kwargs):
        return getattr(variable, name)(*args, **kwargs)

    def method(self, *args, **kwargs):
        return self._assign(name, change, args, kwargs)

    method.__name__ = name
    method.__doc__ = "As `%s` of a variable, of the copies of all replicas." % name
    return method


for _name in ("assign", "assign_add", "assign_sub"):
    setattr(DistributedVariable, _name, _assigner(_name))


def aggregated(strategy, value, aggregation, destinations):
    """The replicas' values brought together in the way that a variable asks for."""
    if aggregation == VariableAggregation.ONLY_FIRST_REPLICA:
        return strategy.extended.broadcast_to(strategy.experimental_local_results(value)[0], destinations)
    return strategy.extended.reduce_to(ReduceOp.from_variable_aggregation(aggregation), value, destinations)


def assign_in_replica(variable, kind, change, args, kwargs):
    """A change of a variable that a replica asks for: the replicas' values are brought together, and then all copies changed.

    Raises:
      ValueError: the variable does not say how to bring them together.
    """
    if variable._aggregation == VariableAggregation.NONE:
        raise ValueError(_NEEDS_AGGREGATION % (kind, kind, kind, kind))

    def merged(strategy, value, *others, **named):
        together = aggregated(strategy, value, variable._aggregation, variable)
        return strategy.extended.update(variable, change, args=(together, *others), kwargs=named)

    return context.get_replica_context().merge_call(merged, args=args, kwargs=kwargs)


@export("python.distribute.values.MirroredVariable")
class MirroredVariable(DistributedVariable):
    """A variable whose copies always have the same value; see `DistributedVariable`."""

    is_mirrored = True

    def _get_cross_replica(self):
        return self._closest()

    def _assign(self, name, change, args, kwargs):
        with inside(self._distribute_strategy):
            if not context.in_cross_replica_context():
                return assign_in_replica(self, "MirroredVariable", change, args, kwargs)
            if context.thread.updating is not None:
                return change(self.get(), *args, **kwargs)
            return self._distribute_strategy.extended.update(self, change, args=args, kwargs=kwargs)

    def _as_graph_element(self):
        return self._closest()._as_graph_element()

    def _gather_saveables_for_checkpoint(self):
        return {VARIABLE_VALUE_KEY: lambda name=self._shared_name: MirroredSaveable(self, name)}


class MirroredSaveable(ResourceVariableSaveable):
    """How a mirrored variable is saved and restored: the first copy is saved, and all are restored."""

    def __init__(self, variable, name):
        self._variable = variable
        primary = variable.primary
        super().__init__(primary._graph_element if primary._in_graph_mode else primary, "", name)

    def restore(self, restored_tensors, restored_shapes):
        return self._variable._cross_replica_update(lambda v, t: v.assign(t), restored_tensors, {})


@export("python.distribute.values.SyncOnReadVariable")
class SyncOnReadVariable(DistributedVariable):
    """A variable whose copies change independently, and are brought together where it is read for all replicas."""

    def _assign(self, name, change, args, kwargs):
        with inside(self._distribute_strategy):
            if not context.in_cross_replica_context() or len(self._values) == 1:
                return change(self._closest(), *args, **kwargs)
            if self._aggregation == VariableAggregation.SUM:
                if name != "assign":
                    raise ValueError("SyncOnReadVariable does not support `%s` in cross-replica context when aggregation is set to "
                                     "`tf.VariableAggregation.SUM`." % name)  # fmt: skip
                args = (convert(args[0], self.dtype) * (1.0 / len(self._values)), *args[1:])
            return self._cross_replica_update(change, args[:1], {})

    def _get_cross_replica(self):
        if self._aggregation == VariableAggregation.ONLY_FIRST_REPLICA:
            return self.primary
        with inside(self._distribute_strategy):
            return self._distribute_strategy.reduce(ReduceOp.from_variable_aggregation(self._aggregation), self, axis=None)

    def value(self):
        found = self.get()
        return convert(found) if isinstance(found, BaseResourceVariable) else found

    def read_value(self):
        return registry["Identity"](self.value())

    def _as_graph_element(self):
        found = self.get()
        return found._as_graph_element() if isinstance(found, BaseResourceVariable) else found

    def numpy(self):
        return self.value().numpy() if here.eager else super().numpy()

    def _gather_saveables_for_checkpoint(self):
        return {VARIABLE_VALUE_KEY: lambda name=self._shared_name: SyncOnReadSaveable(self, name)}


class SyncOnReadSaveable(SaveableObject):
    """How such a variable is saved and restored: what the copies give together is saved, and shared among them."""

    def __init__(self, variable, name):
        self._variable = variable

        def tensor():
            return variable._distribute_strategy.extended.read_var(variable)

        spec = SaveSpec(tensor, "", name, dtype=variable.dtype, device=variable.primary.device)
        super().__init__(tensor, [spec], name)

    def restore(self, restored_tensors, restored_shapes):
        return self._variable.assign(restored_tensors[0])


@export("python.distribute.values.AggregatingVariable")
class AggregatingVariable(DistributedVariable):
    """A variable with one copy that all replicas share; see `DistributedVariable`.

    Args:
      strategy: the strategy that made it.
      v: the variable.
      aggregation: a `tf.VariableAggregation`.
    """

    is_mirrored = True

    def __init__(self, strategy, v, aggregation):
        super().__init__(strategy, [v.device], [v], aggregation)

    def get(self):
        return self._values[0]

    _closest = get
    _as_graph_element = MirroredVariable._as_graph_element

    def _assign(self, name, change, args, kwargs):
        with inside(self._distribute_strategy):
            if not context.in_cross_replica_context():
                return assign_in_replica(self, "AggregatingVariable", change, args, kwargs)
            if context.thread.updating is not None:
                return change(self._values[0], *args, **kwargs)
            return self._distribute_strategy.extended.update(self, change, args=args, kwargs=kwargs)

    def _gather_saveables_for_checkpoint(self):
        return {VARIABLE_VALUE_KEY: self._values[0]}
