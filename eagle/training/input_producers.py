"""What feeds input pipelines that are built of queues: names, numbers, slices, epoch after epoch."""

from ..core import dtypes
from ..core.collections import GraphKeys
from ..core.context import here
from ..core.convert import constant, convert
from ..core.export import export, resolve
from ..core.scopes import control_dependencies, name_scope
from ..core.sparse_tensor import SparseTensor
from ..core.tensor import Tensor
from ..ops.assertions import Assert
from ..ops.cast import cast
from ..ops.comparison import greater
from ..ops.files import matching_files
from ..ops.filling import range_
from ..ops.gathering import gather
from ..ops.passing import identity
from ..ops.queues import FIFOQueue
from ..ops.random_shuffle import random_shuffle
from ..ops.shaping import shape as shape_of, size
from ..variables.scope import VariableV1 as Variable
from .queue_runner import QueueRunner, add_queue_runner

EAGERLY = (
    "Input pipelines based on Queues are not supported when eager execution is enabled. Please use tf.data to ingest data into "
    "your model instead."
)


def fullness(name, queue, capacity):
    """Adds a summary that tells how full a queue is."""
    resolve("summary.scalar")(name, cast(queue.size(), dtypes.float32) * (1.0 / capacity))


def as_tensors(values):
    """Values as tensors; sparse ones stay."""
    return [v if isinstance(v, SparseTensor) else convert(v) for v in values]


@export("train.match_filenames_once", "io.match_filenames_once")
def match_filenames_once(pattern, name=None):
    """A local variable with the names of the files that match patterns when it is initialized.

    Args:
      pattern: a pattern or a list of patterns.
      name: the name of the operations.
    """
    with name_scope(name, "matching_filenames", [pattern]) as name:
        return Variable(
            name=name, initial_value=matching_files(pattern), trainable=False, validate_shape=False,
            collections=[GraphKeys.LOCAL_VARIABLES],
        )  # fmt: skip


@export("train.limit_epochs")
def limit_epochs(tensor, num_epochs=None, name=None):
    """A tensor that can be computed a number of times, and then raises `OutOfRangeError`.

    Args:
      tensor: the tensor.
      num_epochs: how many times; None for no limit.
      name: the name of the operations.

    Raises:
      ValueError: the number is not above zero.
    """
    if num_epochs is None:
        return tensor
    if num_epochs <= 0:
        raise ValueError("num_epochs must be > 0 not %d." % num_epochs)
    with name_scope(name, "limit_epochs", [tensor]) as name:
        zero = constant(0, dtype=dtypes.int64)
        epochs = Variable(zero, name="epochs", trainable=False, collections=[GraphKeys.LOCAL_VARIABLES])
        counter = epochs.count_up_to(num_epochs)
        with control_dependencies([counter]):
            return identity(tensor, name=name)


@export("train.input_producer")
def input_producer(input_tensor, element_shape=None, num_epochs=None, shuffle=True, seed=None, capacity=32, shared_name=None,
                   summary_name=None, name=None, cancel_op=None):  # fmt: skip
    """A queue that a queue runner fills with the rows of a tensor, epoch after epoch.

    Args:
      input_tensor: the tensor.
      element_shape: the shape of a row, if the tensor does not tell.
      num_epochs: how many epochs; None for no end.
      shuffle: whether the rows of each epoch are shuffled.
      seed: the seed of this.
      capacity: the queue's capacity.
      shared_name: the name under which sessions of a server share it.
      summary_name: the name of a summary that tells how full it is; None for none.
      name: the name of the queue.
      cancel_op: what cancels the queue.

    Returns:
      The queue.

    Raises:
      ValueError: the shape of a row is not known.
      RuntimeError: eagerly.
    """
    if here.eager:
        raise RuntimeError(EAGERLY)
    with name_scope(name, "input_producer", [input_tensor]):
        input_tensor = convert(input_tensor, name="input_tensor")
        element_shape = input_tensor.shape[1:].merge_with(element_shape)
        if not element_shape.is_fully_defined():
            raise ValueError("Either `input_tensor` must have a fully defined shape or `element_shape` must be specified")
        if shuffle:
            input_tensor = random_shuffle(input_tensor, seed=seed)
        input_tensor = limit_epochs(input_tensor, num_epochs)
        queue = FIFOQueue(capacity=capacity, dtypes=[input_tensor.dtype.base_dtype], shapes=[element_shape],
                          shared_name=shared_name, name=name)  # fmt: skip
        enqueue = queue.enqueue_many([input_tensor])
        add_queue_runner(QueueRunner(queue, [enqueue], cancel_op=cancel_op))
        if summary_name is not None:
            fullness(summary_name, queue, capacity)
        return queue


@export("train.string_input_producer")
def string_input_producer(string_tensor, num_epochs=None, shuffle=True, seed=None, capacity=32, shared_name=None, name=None,
                          cancel_op=None):  # fmt: skip
    """A queue that a queue runner fills with strings (names of files, say), epoch after epoch.

    Args:
      string_tensor: a vector of strings.
      num_epochs: how many epochs; None for no end.
      shuffle: whether the strings of each epoch are shuffled.
      seed: the seed of this.
      capacity: the queue's capacity.
      shared_name: the name under which sessions of a server share it.
      name: the name of the operations.
      cancel_op: what cancels the queue.

    Returns:
      The queue.

    Raises:
      ValueError: there are no strings.
    """
    missing = "string_input_producer requires a non-null input tensor"
    if not isinstance(string_tensor, Tensor) and not string_tensor:
        raise ValueError(missing)
    with name_scope(name, "input_producer", [string_tensor]) as name:
        string_tensor = convert(string_tensor, dtype=dtypes.string)
        with control_dependencies([Assert(greater(size(string_tensor), 0), [missing])]):
            string_tensor = identity(string_tensor)
        return input_producer(
            input_tensor=string_tensor, element_shape=[], num_epochs=num_epochs, shuffle=shuffle, seed=seed, capacity=capacity,
            shared_name=shared_name, name=name, summary_name="fraction_of_%d_full" % capacity, cancel_op=cancel_op,
        )  # fmt: skip


@export("train.range_input_producer")
def range_input_producer(limit, num_epochs=None, shuffle=True, seed=None, capacity=32, shared_name=None, name=None):
    """A queue that a queue runner fills with the numbers from 0 to `limit - 1`, epoch after epoch.

    Args:
      limit: an int or an int32 scalar tensor.
      num_epochs: how many epochs; None for no end.
      shuffle: whether the numbers of each epoch are shuffled.
      seed: the seed of this.
      capacity: the queue's capacity.
      shared_name: the name under which sessions of a server share it.
      name: the name of the operations.

    Returns:
      The queue.
    """
    with name_scope(name, "input_producer", [limit]) as name:
        numbers = range_(limit)
        return input_producer(numbers, [], num_epochs, shuffle, seed, capacity, shared_name,
                              "fraction_of_%d_full" % capacity, name)  # fmt: skip


@export("train.slice_input_producer")
def slice_input_producer(tensor_list, num_epochs=None, shuffle=True, seed=None, capacity=32, shared_name=None, name=None):
    """One row of each of several tensors, epoch after epoch, by a queue of numbers of rows.

    Args:
      tensor_list: tensors with as many rows.
      num_epochs: how many epochs; None for no end.
      shuffle: whether the rows of each epoch are shuffled.
      seed: the seed of this.
      capacity: the queue's capacity.
      shared_name: the name under which sessions of a server share it.
      name: the name of the operations.

    Returns:
      A list of tensors.

    Raises:
      ValueError: there are no tensors.
    """
    with name_scope(name, "input_producer", tensor_list):
        tensors = as_tensors(tensor_list)
        if not tensors:
            raise ValueError("Expected at least one tensor in slice_input_producer().")
        count = shape_of(tensors[0])[0]
        queue = range_input_producer(count, num_epochs=num_epochs, shuffle=shuffle, seed=seed, capacity=capacity,
                                     shared_name=shared_name)  # fmt: skip
        index = queue.dequeue()
        return [gather(t, index) for t in tensors]
