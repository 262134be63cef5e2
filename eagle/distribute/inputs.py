"""What feeds replicas: datasets whose elements are dealt out, and iterators of them."""

import enum
import math

from ..core import nest
from ..core.context import here
from ..core.errors import OutOfRangeError
from ..core.export import export, public as tf
from ..core.graph import get_default_graph
from ..core.scopes import NOTHING, init_scope
from ..data.dataset import DatasetV2
from ..data.devices import MultiDeviceIterator
from ..ops.flow import group
from ..variables.scope import VariableV1, variable_creator_scope
from . import context
from .values import regroup


@export("distribute.InputReplicationMode")
class InputReplicationMode(enum.Enum):
    """How often an input function is called: once for each worker."""

    PER_WORKER = "PER_WORKER"


@export("distribute.InputContext")
class InputContext:
    """What an input function may want to know of the replicas that it feeds.

    Args:
      num_input_pipelines: how many pipelines there are in the cluster.
      input_pipeline_id: which of them this one is.
      num_replicas_in_sync: how many replicas train together.
    """

    def __init__(self, num_input_pipelines=1, input_pipeline_id=0, num_replicas_in_sync=1):
        self._num_input_pipelines = num_input_pipelines
        self._input_pipeline_id = input_pipeline_id
        self._num_replicas_in_sync = num_replicas_in_sync

    num_replicas_in_sync = property(lambda self: self._num_replicas_in_sync)
    input_pipeline_id = property(lambda self: self._input_pipeline_id)
    num_input_pipelines = property(lambda self: self._num_input_pipelines)

    def get_per_replica_batch_size(self, global_batch_size):
        """The size of each replica's batches; raises ValueError if the replicas can't share a batch of this size equally."""
        size, left = divmod(global_batch_size, self._num_replicas_in_sync)
        if left:
            raise ValueError("The `global_batch_size` %r is not divisible by `num_replicas_in_sync` %r "
                             % (global_batch_size, self._num_replicas_in_sync))  # fmt: skip
        return size


def split_batches(dataset, count):
    """A dataset of batches that are 1/`count` of those of `dataset`.

    Raises:
      ValueError: the elements have no first dimension, or one that is no multiple of `count`.
    """
    if count == 1:
        return dataset
    sizes = set()
    for shape in nest.flatten(tf.compat.v1.data.get_output_shapes(dataset)):
        if shape.ndims == 0:
            raise ValueError("Call the `batch` method on the input Dataset in order to be able to split your input across %d "
                             "replicas.\n Please the tf.distribute.Strategy guide." % count)  # fmt: skip
        sizes.add(None if shape.ndims is None else shape.as_list()[0])
    for size in sizes - {None}:
        if size % count:
            raise ValueError("The batch size %d is not divisible by the number of replicas %d." % (size, count))
    known = max(sizes - {None}, default=None)

    def parts(*element):
        whole = element[0] if len(element) == 1 else element
        slices = tf.data.Dataset.from_tensor_slices(whole)
        if known is not None and None not in sizes:
            return slices.batch(known // count, drop_remainder=True)
        rows = tf.shape(nest.flatten(whole)[0], out_type=tf.int64)[0]
        return slices.batch((rows + (count - 1)) // count)

    return dataset.flat_map(parts)


class WorkerIterator:
    """What gives the replicas of this process their elements.

    Args:
      source: a dataset, or a function without arguments that gives an element.
      devices: the names of the replicas' devices.
    """

    def __init__(self, source, devices):
        self._source, self._devices = source, devices
        self._begin()

    def _begin(self):
        self._iterator = MultiDeviceIterator(self._source, self._devices) if isinstance(self._source, DatasetV2) else None

    def get_next(self):
        """An element for each replica, a list."""
        if self._iterator is None:
            return [self._source() for _ in self._devices]
        if not here.eager or len(self._devices) == 1:
            return self._iterator.get_next()
        found = [self._iterator.get_next(self._devices[0])]
        for name in self._devices[1:]:
            try:
                found.append(self._iterator.get_next(name))
            except OutOfRangeError:  # the elements don't suffice for all replicas: these get none of the rows
                found.append(nest.map_structure(lambda t: t[:0], found[0]))
        return found

    def initialize(self):
        """The operations that begin the iterator; eagerly it begins at once, and there are none."""
        if self._iterator is None:
            return []
        if here.eager:
            self._begin()
            return []
        return [self._iterator.initializer]


@export("python.distribute.input_lib.DistributedIterator")
class DistributedIterator:
    """An iterator whose elements have a value for each replica.

    Args:
      source: a dataset, or a function without arguments that gives an element.
      strategy: the strategy that it feeds.
    """

    def __init__(self, source, strategy):
        self._source, self._strategy = source, strategy
        self._devices = strategy.extended.worker_devices
        self._worker = WorkerIterator(source, self._devices)
        if isinstance(source, DatasetV2):
            self.element_spec = source.element_spec

    def __iter__(self):
        return self

    def __next__(self):
        if not here.eager and not get_default_graph().building_function:
            raise TypeError("__next__() is only supported inside of tf.function or when eager execution is enabled.")
        try:
            return self.get_next()
        except OutOfRangeError:
            raise StopIteration from None

    next = __next__

    def get_next(self, name=None):
        """The next element for each replica, as one structure.

        Args:
          name: the name of the operations.

        Raises:
          OutOfRangeError: there are no more elements for all replicas.
        """
        return regroup(self._devices, tuple(self._worker.get_next()))

    def initialize(self):
        """Begins the iterator: the operation that does it, eagerly nothing."""
        return group(*self._worker.initialize())

    initializer = property(initialize)
    output_classes = property(lambda self: tf.compat.v1.data.get_output_classes(self._source))
    output_shapes = property(lambda self: tf.compat.v1.data.get_output_shapes(self._source))
    output_types = property(lambda self: tf.compat.v1.data.get_output_types(self._source))


@export("python.distribute.input_lib.DistributedDataset")
class DistributedDataset:
    """A dataset whose elements have a value for each replica.

    Args:
      make: a function without arguments that gives the dataset.
      strategy: the strategy that it feeds.
    """

    def __init__(self, make, strategy):
        self._make, self._strategy = make, strategy

    @property
    def element_spec(self):
        """The structure of specs of what one replica gets."""
        return self._make().element_spec

    def __iter__(self):
        if not here.eager and not get_default_graph().building_function:
            raise RuntimeError("__iter__() is only supported inside of tf.function or when eager execution is enabled.")
        return DistributedIterator(self._make(), self._strategy)

    def make_one_shot_iterator(self):
        """An iterator, eagerly; raises ValueError in graphs."""
        if not here.eager:
            raise ValueError("Cannot create a one shot iterator. Please use `make_initializable_iterator()` instead.")
        return DistributedIterator(self._make(), self._strategy)

    _make_one_shot_iterator = make_one_shot_iterator

    def make_initializable_iterator(self, shared_name=None):
        """An iterator that begins when its `initializer` runs; raises ValueError eagerly.

        Args:
          shared_name: has no meaning here.
        """
        if here.eager:
            raise ValueError("Cannot create initializable iterator in Eager mode. Please use `iter()` instead.")
        return DistributedIterator(self._make(), self._strategy)

    _make_initializable_iterator = make_initializable_iterator


def iterator_of_function(input_fn, strategy, input_context):
    """An iterator of what an input function gives: a dataset, or a function that gives elements."""
    found = input_fn(input_context)
    if not isinstance(found, DatasetV2) and not callable(found):
        raise ValueError("input_fn must return a tf.data.Dataset or a callable.")
    return DistributedIterator(found, strategy)


class InputDevice:
    """The device of variables that hold input."""

    def __init__(self, device):
        self.device = device


def numpy_dataset(numpy_input, where, session):
    """A dataset of the rows of arrays, which are kept in variables.

    Args:
      numpy_input: a structure of arrays.
      where: an `InputDevice`, or None.
      session: in graphs the session in which the variables get their values.
    """

    def colocated(next_creator, **kwargs):
        return next_creator(**dict(kwargs, colocate_with=where))

    arrays = nest.flatten(numpy_input)
    with variable_creator_scope(colocated) if where is not None else NOTHING:
        made = [VariableV1(tf.zeros(a.shape, a.dtype), trainable=False, use_resource=True) for a in arrays]
    for variable, array in zip(made, arrays):
        _fill(variable, array, session)
    return tf.data.Dataset.from_tensor_slices(nest.pack_sequence_as(numpy_input, [v.read_value() for v in made]))


_BYTES_AT_ONCE = 64 << 20


def _fill(variable, array, session):
    """Gives a variable the value of an array, by parts in graphs so that no message becomes too large."""
    with init_scope():
        if here.eager:
            variable.assign(array)
            return
        assert session is not None, "A session is needed to put arrays into variables of a graph."
        session.run(variable.initializer)
        begin, end = tf.placeholder(tf.int64, ()), tf.placeholder(tf.int64, ())
        rows = tf.placeholder(variable.dtype)
        assign = variable[begin:end].assign(rows)
        row_bytes = max(1, math.prod(array.shape[1:]) * variable.dtype.size)
        at_once = math.ceil(_BYTES_AT_ONCE / row_bytes)
        for start in range(0, len(array), at_once):
            stop = min(start + at_once, len(array))
            session.run(assign, {begin: start, end: stop, rows: array[start:stop]})


@export("python.distribute.input_lib.MultiStepContext")
class MultiStepContext:
    """What a step function of `experimental_run_steps_on_iterator` gives back.

    Attributes:
      last_step_outputs: name -> the output of the last step.
      non_tensor_outputs: name -> what else a step gave.
      run_op: the operation that runs all steps.
    """

    def __init__(self):
        self._last_step_outputs = {}
        self._reduce_ops = {}
        self._non_tensor_outputs = {}

    last_step_outputs = property(lambda self: self._last_step_outputs)
    non_tensor_outputs = property(lambda self: self._non_tensor_outputs)

    def set_last_step_output(self, name, output, reduce_op=None):
        """Sets an output of the step.

        Args:
          name: its name.
          output: the value.
          reduce_op: how the replicas' values become one; None (only where the program speaks for all replicas) if they don't.
        """

        def set_for_all(strategy, value):
            self._reduce_ops[name] = reduce_op
            self._last_step_outputs[name] = value if reduce_op is None else strategy.reduce(reduce_op, value, axis=None)

        if context.in_cross_replica_context():
            set_for_all(context.get_strategy(), output)
        else:
            assert reduce_op is not None
            context.get_replica_context().merge_call(set_for_all, args=(output,))

    def set_non_tensor_output(self, name, output):
        """Sets another result of the step, which is no tensor."""

        def set_for_all(strategy, value):
            self._non_tensor_outputs[name] = strategy.experimental_local_results(value)

        if context.in_cross_replica_context():
            self._non_tensor_outputs[name] = output
        else:
            context.get_replica_context().merge_call(set_for_all, args=(output,))


def run_steps(extended, step, iterator, iterations, initial_loop_values):
    """Runs a step function on the elements of an iterator some times, in a loop of the graph; a `MultiStepContext`."""
    made = MultiStepContext()
    initial = nest.flatten({} if initial_loop_values is None else initial_loop_values)

    def body(i, *unused):
        done = step(made, iterator.get_next())
        for name, output in made.last_step_outputs.items():
            if made._reduce_ops[name] is None:
                made.last_step_outputs[name] = extended._local_results(output)
        outputs = nest.flatten(made.last_step_outputs)
        with tf.control_dependencies(nest.flatten(done)):
            return [i + 1, *[tf.identity(o) for o in outputs]]

    found = tf.while_loop(lambda i, *unused: i < iterations, body, [tf.constant(0), *initial], parallel_iterations=1,
                          back_prop=False, return_same_structure=True)  # fmt: skip
    made.run_op = group(*found)
    outputs = nest.pack_sequence_as(made.last_step_outputs, found[1:])
    for name, reduce_op in made._reduce_ops.items():
        if reduce_op is None:
            outputs[name] = regroup(extended.worker_devices, tuple(outputs[name]))
    made._last_step_outputs = outputs
    return made
