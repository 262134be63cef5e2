"""The strategy that is in force where none was chosen."""

from ..core import nest
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export, public as tf
from ..core.graph import get_default_graph
from ..core.scopes import colocate_with
from . import context
from .inputs import DistributedIterator, InputContext, InputReplicationMode, numpy_dataset
from .reducing import ReduceOp
from .strategy import ReplicaContext, Strategy, StrategyExtended


class DefaultScope:
    """The context manager of the default strategy's scope."""

    def __init__(self, strategy):
        self._strategy = strategy

    def __enter__(self):
        if context.has_strategy():
            raise RuntimeError("Must not nest tf.distribute.Strategy scopes.")
        return self._strategy

    def __exit__(self, *unused):
        return False


class OneReplica:
    """What strategies with one replica have in common: values have one copy, so nothing is sent or added up."""

    def _broadcast_to(self, tensor, destinations):
        return tensor

    def _reduce_to(self, reduce_op, value, destinations):
        return value

    def _update(self, var, fn, args, kwargs, group):
        return self._update_non_slot(var, fn, (var, *args), kwargs, group)

    def read_var(self, v):
        return registry["Identity"](convert(v))

    def _local_results(self, distributed_value):
        return (distributed_value,)

    def value_container(self, value):
        return value


class DefaultExtended(OneReplica, StrategyExtended):
    """What is in force where no strategy was chosen: one replica, wherever the program places it."""

    _num_replicas_in_sync = 1
    _global_batch_size = True

    def _scope(self, strategy):
        return DefaultScope(strategy)

    def colocate_vars_with(self, colocate_with_variable):
        context.require_strategy(self._container_strategy())
        return colocate_with(colocate_with_variable)

    def variable_created_in_scope(self, v):
        return v._distribute_strategy is None

    def _experimental_distribute_dataset(self, dataset):
        return dataset

    def _experimental_distribute_datasets_from_function(self, dataset_fn):
        return dataset_fn(InputContext())

    def _make_dataset_iterator(self, dataset):
        return DefaultIterator(dataset)

    def _make_input_fn_iterator(self, input_fn, replication_mode=InputReplicationMode.PER_WORKER):
        return DefaultIterator(input_fn(InputContext()))

    def _experimental_make_numpy_dataset(self, numpy_input, session):
        return numpy_dataset(numpy_input, None, session)

    def _call_for_each_replica(self, fn, args, kwargs):
        with ReplicaContext(self._container_strategy(), convert(0), 0):
            return fn(*args, **kwargs)

    def _update_non_slot(self, colocate_with, fn, args, kwargs, group):
        with context.UpdateContext(0):
            found = fn(*args, **kwargs)
        return found if group else nest.map_structure(self._local_results, found)

    @property
    def worker_devices(self):
        raise RuntimeError("worker_devices() method unsupported by default tf.distribute.Strategy.")

    @property
    def parameter_devices(self):
        raise RuntimeError("parameter_devices() method unsupported by default tf.distribute.Strategy.")

    def non_slot_devices(self, var_list):
        return min(var_list, key=lambda v: v.name)


class DefaultIterator(DistributedIterator):
    """An iterator of a dataset for the only replica."""

    def __init__(self, dataset):
        self._source = dataset
        self.element_spec = dataset.element_spec
        self._begin()

    def _begin(self):
        make = tf.compat.v1.data.make_one_shot_iterator if here.eager else tf.compat.v1.data.make_initializable_iterator
        self._iterator = make(self._source)

    def get_next(self, name=None):
        return self._iterator.get_next(name)

    def initialize(self):
        if here.eager:
            self._begin()
            return []
        return [self._iterator.initializer]


class DefaultStrategy(Strategy):
    """The strategy in force where none was chosen; there is only one."""

    def __init__(self):
        super().__init__(DefaultExtended(self))

    def __deepcopy__(self, memo):
        raise RuntimeError("Should only create a single instance of _DefaultDistributionStrategy")


_default = DefaultStrategy()
_default_mode = ReplicaContext(_default, 0)._mode
export("python.distribute.distribution_strategy_context._default_mode")(_default_mode)


@export("distribute.get_loss_reduction", "contrib.distribute.get_loss_reduction")
def get_loss_reduction():
    """How the losses of replicas become one: by their sum, but by their mean where an estimator trains with a mean as loss."""
    if not context.get_strategy()._scale_loss_for_estimator:
        return ReduceOp.SUM
    last = getattr(get_default_graph(), "_last_loss_reduction", None)
    return ReduceOp.SUM if last in ("weighted_sum", "sum") else ReduceOp.MEAN
