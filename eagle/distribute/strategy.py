"""`tf.distribute.Strategy`: what all strategies have; and the one that is in force where none was chosen."""

import copy
import weakref

from ..autograph.conversion import converted
from ..core import nest
from ..core.context import here
from ..core.convert import convert
from ..core.custom_gradient import custom_gradient
from ..core.export import export, public as tf
from ..core.scopes import NOTHING, device
from ..core.tensor import Tensor
from ..core.trackable import CheckpointInitialValue
from ..ops.flow import group as group_ops
from ..platform import tf_logging as logging
from ..variables.scope import get_variable_scope, variable_creator_scope, variable_scope
from . import context
from .context import Mode, require_cross_replica
from .devices import current_device
from .inputs import InputReplicationMode
from .reducing import ReduceOp, as_reduce_op


class Scope:
    """The context manager of `Strategy.scope`: the program speaks for all replicas, and variables are the strategy's.

    Args:
      strategy: the strategy.
      scopes: further context managers, entered in this order.
    """

    def __init__(self, strategy, *scopes):
        self._strategy, self._scopes = strategy, scopes
        self._again = 0

    def __enter__(self):
        if context.has_strategy():
            require_cross_replica(self._strategy.extended)
            self._again += 1
        else:
            context.push(Mode(self._strategy))
            for scope in self._scopes:
                scope.__enter__()
        return self._strategy

    def __exit__(self, *error):
        if self._again:
            self._again -= 1
            return
        for scope in reversed(self._scopes):
            try:
                scope.__exit__(*error)
            except RuntimeError as e:
                raise RuntimeError("Scope nesting error: move call to tf.distribute.set_strategy() out of `with` scope.") from e
        context.pop()


@export("distribute.Strategy", "contrib.distribute.DistributionStrategy", "compat.v2.distribute.Strategy")
class Strategy:
    """How computation and variables are shared among devices; the base of all strategies.

    Args:
      extended: a `StrategyExtended`, which does the work.
    """

    def __init__(self, extended):
        self._extended = extended
        self._scale_loss_for_estimator = False

    extended = property(lambda self: self._extended)

    @property
    def num_replicas_in_sync(self):
        """How many replicas train together."""
        return self._extended._num_replicas_in_sync

    def scope(self):
        """A context manager in which the strategy is in force: variables are its own, and the program speaks for all replicas."""
        return self._extended._scope(self)

    def _scale_loss_for_estimator_enabled(self):
        return _LossScaling(self)

    def colocate_vars_with(self, colocate_with_variable):
        """As the method of `extended`."""
        return self._extended.colocate_vars_with(colocate_with_variable)

    # ------------------------------------------------------------------------------------------------------------- input

    def make_dataset_iterator(self, dataset):
        """An iterator over a dataset whose batches are shared among the replicas."""
        return self._extended._make_dataset_iterator(dataset)

    def make_input_fn_iterator(self, input_fn, replication_mode=InputReplicationMode.PER_WORKER):
        """An iterator over the dataset that an input function makes; each replica takes whole batches.

        Args:
          input_fn: a function of an `InputContext` that gives a dataset, or a function that gives elements.
          replication_mode: an `InputReplicationMode`.

        Raises:
          ValueError: it is another mode, or the input function gives something else.
        """
        if replication_mode != InputReplicationMode.PER_WORKER:
            raise ValueError("Input replication mode not supported: %r" % replication_mode)
        with self.scope():
            return self._extended._make_input_fn_iterator(input_fn, replication_mode=replication_mode)

    def experimental_make_numpy_dataset(self, numpy_input, session=None):
        """A dataset of the rows of NumPy arrays, which are kept in variables.

        Args:
          numpy_input: a structure of arrays.
          session: in graphs the session in which the variables get their values.
        """
        return self._extended.experimental_make_numpy_dataset(numpy_input, session=session)

    def experimental_distribute_dataset(self, dataset):
        """A dataset whose elements have a value for each replica: each batch of `dataset` is shared among them."""
        return self._extended._experimental_distribute_dataset(dataset)

    def experimental_distribute_datasets_from_function(self, dataset_fn):
        """The same of the dataset that a function of an `InputContext` makes; each replica takes whole batches."""
        return self._extended._experimental_distribute_datasets_from_function(dataset_fn)

    # ----------------------------------------------------------------------------------------------------------- running

    def experimental_run(self, fn, input_iterator=None):
        """Calls `fn` for each replica, with an element of an iterator if one is given; see `experimental_run_v2`."""
        with self.scope():
            args = () if input_iterator is None else (input_iterator.get_next(),)
        return self.experimental_run_v2(fn, args=args)

    def experimental_run_v2(self, fn, args=(), kwargs=None):
        """Calls `fn` for each replica.

        Args:
          fn: the function; it may ask `get_replica_context()` for which replica it is called.
          args, kwargs: its arguments; of values that differ among replicas each replica gets its own.

        Returns:
          What `fn` gives, with a value for each replica where they differ.
        """
        with self.scope():
            return self._extended.call_for_each_replica(converted(fn), args=args, kwargs=kwargs)

    def reduce(self, reduce_op, value, axis=None):
        """One tensor of the replicas' values.

        Args:
          reduce_op: a `ReduceOp`, or its name.
          value: a value for each replica.
          axis: None, or the dimension along which each replica's value is reduced, too; a mean then is one over all rows.

        Raises:
          TypeError: `reduce_op` or `axis` is of another type.
          ValueError: there is no such dimension.
          RuntimeError: the program speaks for one replica.
        """
        require_cross_replica(self._extended)
        reduce_op = as_reduce_op(reduce_op)
        if axis is None:
            return self._extended._reduce(reduce_op, value)
        if reduce_op is ReduceOp.SUM:
            sums = self.experimental_run_v2(lambda v: tf.reduce_sum(v, axis=axis), args=(value,))
            return self._extended._reduce(reduce_op, sums)
        if reduce_op is not ReduceOp.MEAN:
            raise TypeError("Expected `reduce_op` to be a `tf.distribute.ReduceOp`, not: %r" % reduce_op)
        if not isinstance(axis, int):
            raise TypeError("Expected `axis` to be an integer not: %r" % axis)
        sums, counts = self.experimental_run_v2(lambda v: _sum_and_count(v, axis), args=(value,))
        total = self._extended._reduce(ReduceOp.SUM, sums)
        return tf.truediv(total, tf.cast(self._extended._reduce(ReduceOp.SUM, counts), total.dtype))

    def experimental_local_results(self, value):
        """The replicas' values as a tuple."""
        return self._extended._local_results(value)

    unwrap = experimental_local_results

    def group(self, value, name=None):
        """An operation that waits for the values of all replicas.

        Args:
          value: what `experimental_run_v2` gave.
          name: the name of the operation.
        """
        return self._extended._group(value, name)

    def configure(self, session_config=None, cluster_spec=None, task_type=None, task_id=None):
        """Adapts the strategy to a cluster, and options of sessions to the strategy."""
        return self._extended._configure(session_config, cluster_spec, task_type, task_id)

    def update_config_proto(self, config_proto):
        """A copy of a `ConfigProto` with what the strategy needs of sessions."""
        return self._extended._update_config_proto(config_proto)

    def __deepcopy__(self, memo):
        made = type(self).__new__(type(self))
        memo[id(self)] = made
        for name, value in self.__dict__.items():
            setattr(made, name, copy.deepcopy(value, memo))
        made._extended._container_strategy_weakref = weakref.ref(made)
        return made

    def __copy__(self):
        raise RuntimeError("Must only deepcopy DistributionStrategy.")


class _LossScaling:
    """A context manager in which optimizers divide means of losses by the number of replicas."""

    def __init__(self, strategy):
        self._strategy = strategy

    def __enter__(self):
        self._strategy._scale_loss_for_estimator = True

    def __exit__(self, *unused):
        self._strategy._scale_loss_for_estimator = False


def _sum_and_count(v, axis):
    """The sum of a tensor along a dimension, and the size of that dimension."""
    total, rank = tf.reduce_sum(v, axis=axis), v.shape.ndims
    if rank is not None:
        if not -rank <= axis < rank:
            raise ValueError("`axis` = %r out of range for `value` with rank %d" % (axis, rank))
        size = v.shape.as_list()[axis]
        if size is not None:
            return total, convert(size)
    where = axis if axis >= 0 else axis + (rank if rank is not None else tf.rank(v))
    return total, tf.shape(v, out_type=tf.int64)[where]


@export("distribute.StrategyExtended", "contrib.distribute.DistributionStrategyExtended", "compat.v2.distribute.StrategyExtended")
class StrategyExtended:
    """What a strategy does, for libraries that must know of it: optimizers, metrics.

    Args:
      container_strategy: the strategy.
    """

    _default_device = None
    _require_static_shapes = False

    def __init__(self, container_strategy):
        self._container_strategy_weakref = weakref.ref(container_strategy)

    def __getstate__(self):
        return {k: v for k, v in self.__dict__.items() if k != "_container_strategy_weakref"}

    def _container_strategy(self):
        found = self._container_strategy_weakref()
        assert found is not None
        return found

    @property
    def experimental_require_static_shapes(self):
        """Whether shapes must be known before a program runs."""
        return self._require_static_shapes

    # --------------------------------------------------------------------------------------------------------- variables

    def _scope(self, strategy):
        def create(next_creator, **kwargs):
            context.require_strategy(self._container_strategy())
            kwargs.update(use_resource=True, distribute_strategy=strategy)
            if isinstance(kwargs["initial_value"], CheckpointInitialValue):
                kwargs["initial_value"] = kwargs["initial_value"].wrapped_value
            return self._create_variable(next_creator, **kwargs)

        def get(getter, *args, **kwargs):
            if not self._allow_variable_partition() and kwargs.pop("partitioner", None) is not None:
                logging.log_first_n(
                    logging.WARN, "Partitioned variables are disabled when using current tf.distribute.Strategy.", 1
                )
            return getter(*args, **kwargs)

        place = NOTHING if self._default_device is None else device(self._default_device)
        return Scope(strategy, variable_scope(get_variable_scope(), custom_getter=get), variable_creator_scope(create), place)

    def _allow_variable_partition(self):
        return False

    def _create_variable(self, next_creator, **kwargs):
        raise NotImplementedError("must be implemented in descendants")

    def variable_created_in_scope(self, v):
        """Whether a variable was made inside the scope of this strategy."""
        return v._distribute_strategy is self._container_strategy_weakref()

    def colocate_vars_with(self, colocate_with_variable):
        """A context manager in which variables are made on the devices of another one.

        Args:
          colocate_with_variable: a variable that was made inside the scope of this strategy, or what `non_slot_devices` gives.

        Raises:
          RuntimeError: the strategy is not in force.
          ValueError: it is no such variable.
        """

        def create(next_creator, **kwargs):
            context.require_strategy(self._container_strategy())
            kwargs.update(use_resource=True, colocate_with=colocate_with_variable)
            return next_creator(**kwargs)

        context.require_strategy(self._container_strategy())
        self._validate_colocate_with_variable(colocate_with_variable)
        return variable_creator_scope(create)

    def _validate_colocate_with_variable(self, colocate_with_variable):
        """Raises ValueError if variables can't be made where `colocate_with_variable` is."""

    def read_var(self, v):
        """The value of a variable: where the replicas' copies differ, what they give together."""
        raise NotImplementedError("must be implemented in descendants")

    # ------------------------------------------------------------------------------------------------------------- input

    def _make_dataset_iterator(self, dataset):
        raise NotImplementedError("must be implemented in descendants")

    def _make_input_fn_iterator(self, input_fn, replication_mode):
        raise NotImplementedError("must be implemented in descendants")

    def _experimental_distribute_dataset(self, dataset):
        raise NotImplementedError("must be implemented in descendants")

    def _experimental_distribute_datasets_from_function(self, dataset_fn):
        raise NotImplementedError("must be implemented in descendants")

    def experimental_make_numpy_dataset(self, numpy_input, session=None):
        """As the method of `Strategy`."""
        require_cross_replica(self)
        return self._experimental_make_numpy_dataset(numpy_input, session=session)

    def _experimental_make_numpy_dataset(self, numpy_input, session):
        raise NotImplementedError("must be implemented in descendants")

    # ---------------------------------------------------------------------------------------------------------- reducing

    def _reduce(self, reduce_op, value):
        return self._local_results(self._reduce_to(reduce_op, value, current_device() or "/device:CPU:0"))[0]

    def reduce_to(self, reduce_op, value, destinations):
        """One value of the replicas' values.

        Args:
          reduce_op: a `ReduceOp`, or its name.
          value: a value for each replica.
          destinations: where the result is wanted: a variable, a value or a device's name.
        """
        require_cross_replica(self)
        assert not isinstance(destinations, list | tuple)
        reduce_op = as_reduce_op(reduce_op)
        assert reduce_op in (ReduceOp.SUM, ReduceOp.MEAN)
        return self._reduce_to(reduce_op, value, destinations)

    def _reduce_to(self, reduce_op, value, destinations):
        raise NotImplementedError("must be implemented in descendants")

    def batch_reduce_to(self, reduce_op, value_destination_pairs):
        """The same for several pairs of values and destinations; a list."""
        require_cross_replica(self)
        return self._batch_reduce_to(as_reduce_op(reduce_op), list(value_destination_pairs))

    def _batch_reduce_to(self, reduce_op, value_destination_pairs):
        return [self.reduce_to(reduce_op, value, where) for value, where in value_destination_pairs]

    def broadcast_to(self, tensor, destinations):
        """A tensor as a value for each replica.

        Args:
          tensor: the tensor.
          destinations: a variable, a value or a device's name.
        """
        assert destinations is not None and not isinstance(destinations, list | tuple)
        require_cross_replica(self)
        return self._broadcast_to(tensor, destinations)

    def _broadcast_to(self, tensor, destinations):
        raise NotImplementedError("must be implemented in descendants")

    # ---------------------------------------------------------------------------------------------------------- updating

    def update(self, var, fn, args=(), kwargs=None, group=True):
        """Changes all copies of a variable.

        Args:
          var: the variable.
          fn: a function of a copy and of `args` and `kwargs`, which must not differ among replicas.
          group: whether the results become one, which waits for all changes; else a list of them is given.
        """
        require_cross_replica(self)
        with self._container_strategy().scope():
            return self._update(var, fn, args, kwargs or {}, group)

    def _update(self, var, fn, args, kwargs, group):
        raise NotImplementedError("must be implemented in descendants")

    def update_non_slot(self, colocate_with, fn, args=(), kwargs=None, group=True):
        """Calls a function on each of the devices that `non_slot_devices` gave; see `update`."""
        require_cross_replica(self)
        with self._container_strategy().scope():
            return self._update_non_slot(colocate_with, fn, args, kwargs or {}, group)

    def _update_non_slot(self, colocate_with, fn, args, kwargs, group):
        raise NotImplementedError("must be implemented in descendants")

    # ----------------------------------------------------------------------------------------------------------- running

    def experimental_run_steps_on_iterator(self, fn, iterator, iterations=1, initial_loop_values=None):
        """Runs a step function some times on the elements of an iterator.

        Args:
          fn: a function of a `MultiStepContext` and an element.
          iterator: the iterator.
          iterations: how often.
          initial_loop_values: initial values of the outputs that the context gets.

        Returns:
          The `MultiStepContext`.
        """
        require_cross_replica(self)
        with self._container_strategy().scope():
            return self._experimental_run_steps_on_iterator(fn, iterator, iterations, initial_loop_values)

    def _experimental_run_steps_on_iterator(self, fn, iterator, iterations, initial_loop_values):
        raise NotImplementedError("must be implemented in descendants")

    def call_for_each_replica(self, fn, args=(), kwargs=None):
        """As `Strategy.experimental_run_v2`."""
        require_cross_replica(self)
        with self._container_strategy().scope():
            return self._call_for_each_replica(fn, args, kwargs or {})

    def _call_for_each_replica(self, fn, args, kwargs):
        raise NotImplementedError("must be implemented in descendants")

    # ----------------------------------------------------------------------------------------------------------- results

    def _local_results(self, distributed_value):
        raise NotImplementedError("must be implemented in descendants")

    def value_container(self, value):
        """The variable one of whose copies `value` is, else `value` itself."""
        raise NotImplementedError("must be implemented in descendants")

    def _group(self, value, name=None):
        values = nest.flatten(self._local_results(value))
        if len(values) != 1 or name is not None:
            return group_ops(*values, name=name)
        only = values[0]
        return only.op if isinstance(only, Tensor) and not here.eager or hasattr(only, "_handle") and not here.eager else only

    # ----------------------------------------------------------------------------------------------------------- devices

    def _has_none(self):
        raise NotImplementedError("must be implemented in descendants")

    _num_replicas_in_sync = worker_devices = parameter_devices = property(_has_none)
    experimental_between_graph = experimental_should_init = property(_has_none)
    should_checkpoint = should_save_summary = property(_has_none)

    def non_slot_devices(self, var_list):
        """The devices of variables that optimizers keep once.

        Args:
          var_list: the variables that are optimized.
        """
        raise NotImplementedError("must be implemented in descendants")

    def _configure(self, session_config=None, cluster_spec=None, task_type=None, task_id=None):
        """Nothing needs to be adapted."""

    def _update_config_proto(self, config_proto):
        return copy.deepcopy(config_proto)


@export("distribute.ReplicaContext", "contrib.distribute.ReplicaContext")
class ReplicaContext:
    """The replica that the program speaks for; as a context manager it is in force inside.

    Args:
      strategy: the strategy.
      replica_id_in_sync_group: which of the replicas it is, a number or tensor.
    """

    def __init__(self, strategy, replica_id_in_sync_group, number=None):
        self._strategy = strategy
        self._replica_id_in_sync_group = replica_id_in_sync_group
        if number is None and isinstance(replica_id_in_sync_group, int):
            number = replica_id_in_sync_group
        self._number = number
        self._mode = Mode(strategy, self)

    def __enter__(self):
        context.push(self._mode)

    def __exit__(self, *unused):
        context.pop()

    strategy = property(lambda self: self._strategy)
    num_replicas_in_sync = property(lambda self: self._strategy.num_replicas_in_sync)

    @property
    def replica_id_in_sync_group(self):
        """Which of the replicas it is, a scalar tensor."""
        context.require_replica_context(self)
        return self._replica_id_in_sync_group

    @property
    def devices(self):
        """The devices of this replica, a tuple of names."""
        context.require_replica_context(self)
        return (current_device(),)

    def merge_call(self, merge_fn, args=(), kwargs=None):
        """Calls a function for all replicas together, once all of them ask for it.

        Args:
          merge_fn: a function of the strategy and of `args` and `kwargs`, with a value for each replica.
          args, kwargs: the values of this replica.

        Returns:
          What it gives; of values that differ among replicas this one's.

        Raises:
          RuntimeError: the program does not speak for this replica.
        """
        context.require_replica_context(self)
        return self._merge_call(merge_fn, args, kwargs or {})

    def _merge_call(self, merge_fn, args, kwargs):
        context.push(Mode(self._strategy))
        try:
            return merge_fn(self._strategy, *args, **kwargs)
        finally:
            context.pop()

    def all_reduce(self, reduce_op, value):
        """The sum or mean of all replicas' values, in every replica.

        Args:
          reduce_op: a `ReduceOp`, or its name.
          value: a structure of tensors, alike in all replicas.
        """
        reduce_op = as_reduce_op(reduce_op)

        def reduced(strategy, *values):
            return strategy.extended.batch_reduce_to(reduce_op, [(v, _destination(v)) for v in values])

        @custom_gradient
        def differentiable(*xs):
            return self.merge_call(reduced, args=xs), lambda *gradients: self.all_reduce(reduce_op, gradients)

        flat = [convert(v) for v in nest.flatten(value)]
        found = differentiable(*flat)
        return nest.pack_sequence_as(value, found if isinstance(found, list | tuple) else [found])


def _destination(value):
    return value.device if isinstance(value, Tensor) else value
