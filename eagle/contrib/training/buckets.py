"""`tf.contrib.training.bucket`: batches of examples that are alike, by a queue for each kind."""

import functools

import numpy as np

from ...core import dtypes
from ...core.convert import constant, convert
from ...core.errors import CancelledError, OutOfRangeError
from ...core.export import export, public as tf
from ...core.scopes import name_scope
from ...core.shape import TensorShape
from ...core.static_values import constant_value
from ...ops.case import smart_cond
from ...ops.flow import group, no_op
from ...ops.queues import FIFOQueue, PaddingFIFOQueue
from ...training.batching import as_given, as_list, checked_keep, restore_sparse, shapes_of, store_sparse, types_of
from ...training.input_producers import as_tensors, fullness
from ...training.queue_runner import QueueRunner, add_queue_runner

_ENDS = (OutOfRangeError, CancelledError)


def _for_each_bucket(value, count, message):
    """A value for each bucket, of which one may stand for all."""
    values = list(value) if isinstance(value, list | tuple) else [value] * count
    if len(values) != count:
        raise ValueError(message)
    return values


@export("contrib.training.bucket")
def bucket(tensors, which_bucket, batch_size, num_buckets, num_threads=1, capacity=32, bucket_capacities=None, shapes=None,
           dynamic_pad=False, allow_smaller_final_batch=False, keep_input=True, shared_name=None, name=None):  # fmt: skip
    """Batches of examples, each of examples from one bucket.

    Each bucket has a queue; when it has enough for a batch, that goes to a queue from which the result is taken.

    Args:
      tensors: one example, a list or a dictionary of tensors.
      which_bucket: its bucket, an int32 scalar below `num_buckets`.
      batch_size: how many examples a batch has; a list for different numbers in different buckets.
      num_buckets: how many buckets there are.
      num_threads: how many threads enqueue examples.
      capacity: how many batches wait at most, and how many examples in each bucket.
      bucket_capacities: a list of how many examples wait in each bucket, instead.
      shapes: the shapes of the tensors; by default what is known of them.
      dynamic_pad: whether dimensions may vary, and examples are padded.
      allow_smaller_final_batch: whether the last batches may be smaller.
      keep_input: a boolean scalar that says whether to keep the example.
      shared_name: the name of the queues for other sessions.
      name: the name scope.

    Returns:
      The bucket of a batch, an int32 scalar, and the batch in the form of `tensors`.

    Raises:
      ValueError: shapes are not known, or a list has another length than there are buckets.
    """
    sizes = _for_each_bucket(batch_size, num_buckets, "If batch_size is a list it must have num_buckets elements")
    capacities = [capacity] * num_buckets if bucket_capacities is None else bucket_capacities
    if len(capacities) != num_buckets:
        raise ValueError("The list bucket_capacities (%s) must have exactly num_buckets (%d) elements." % (capacities, num_buckets))
    listed = as_list(tensors)
    with name_scope(name, "bucket", listed):
        listed = as_tensors(listed)
        if not listed:
            raise ValueError("Expected at least one tensor in bucket().")
        keep_input = checked_keep(keep_input, False)
        listed, infos = store_sparse(listed, False, keep_input)
        sizes = [_static(convert(s, dtypes.int32, "batch_size")) for s in sizes]
        types, shapes = types_of([listed]), shapes_of([listed], shapes, False)
        which_bucket = convert(which_bucket, dtypes.int32, "which_bucket")
        make = PaddingFIFOQueue if dynamic_pad else FIFOQueue
        queues = [
            make(capacity=capacities[i], dtypes=types, shapes=shapes, name="bucket_queue_%d" % i,
                 shared_name=None if shared_name is None else "%s_%d" % (shared_name, i)) for i in range(num_buckets)]  # fmt: skip
        one_size = not (allow_smaller_final_batch or isinstance(batch_size, list | tuple)) and isinstance(sizes[-1], int)
        batched = [TensorShape([sizes[-1] if one_size else None]).concatenate(s) for s in queues[0].shapes]
        top = PaddingFIFOQueue(capacity=capacity, dtypes=[dtypes.int32, *types], shapes=[TensorShape([]), *batched],
                               shared_name=shared_name, name="top_queue")  # fmt: skip
        enqueue = smart_cond(keep_input, lambda: _enqueue(queues, which_bucket, listed), no_op)
        _add_runners(queues, top, sizes, [enqueue] * num_threads, allow_smaller_final_batch)
        for queue in queues:
            tf.summary.scalar("bucket/%s/size" % queue.name, tf.cast(top.size(), dtypes.float32))
        fullness("bucket/%s/fraction_of_%d_full" % (top.name, capacity), top, capacity)
        found, *batch = top.dequeue(name="dequeue_top")
        return found, as_given(tensors, restore_sparse(batch[0] if len(batch) == 1 else batch, infos))


def _static(size):
    """A size as a number if it is known."""
    value = constant_value(size)
    return size if value is None else int(value)


def _enqueue(queues, which_bucket, tensors):
    """The operation that puts an example into its bucket."""
    return group(*[
        tf.cond(tf.equal(which_bucket, i), functools.partial(queue.enqueue, tensors), no_op) for i, queue in enumerate(queues)
    ], name="group_enqueues")  # fmt: skip


def _add_runners(queues, top, sizes, enqueue_ops, allow_smaller_final_batch):
    """Adds what fills the buckets, and what moves batches from them to the queue behind."""
    moves = []
    for i, (queue, size) in enumerate(zip(queues, sizes)):
        take = queue.dequeue_up_to if allow_smaller_final_batch else queue.dequeue_many
        number, batch = constant(i), take(size, name="read_bucket_%d" % i)
        batch = batch if isinstance(batch, list | tuple) else [batch]
        moves.append(top.enqueue([number, *batch], name="enqueue_from_bucket_%d" % i))
    add_queue_runner(QueueRunner(queues[0], moves, close_op=top.close(), cancel_op=top.close(cancel_pending_enqueues=True),
                                 queue_closed_exception_types=_ENDS))  # fmt: skip
    add_queue_runner(QueueRunner(
        top, enqueue_ops, close_op=group(*[q.close() for q in queues]),
        cancel_op=group(*[q.close(cancel_pending_enqueues=True) for q in queues]), queue_closed_exception_types=_ENDS))  # fmt: skip


@export("contrib.training.bucket_by_sequence_length")
def bucket_by_sequence_length(input_length, tensors, batch_size, bucket_boundaries, num_threads=1, capacity=32,
                              bucket_capacities=None, shapes=None, dynamic_pad=False, allow_smaller_final_batch=False,
                              keep_input=True, shared_name=None, name=None):  # fmt: skip
    """Batches of sequences, each of sequences of about the same length.

    Args:
      input_length: the length of the sequence, an int32 scalar.
      tensors: one example, a list or a dictionary of tensors.
      batch_size, num_threads, capacity, bucket_capacities, shapes, dynamic_pad, allow_smaller_final_batch, keep_input, shared_name,
        name: as of `bucket`.
      bucket_boundaries: the lengths with which new buckets begin, an increasing list of ints.

    Returns:
      The lengths of the sequences in a batch, an int32 vector, and the batch in the form of `tensors`.

    Raises:
      TypeError: `bucket_boundaries` is no list of ints.
      ValueError: it is empty or does not increase.
    """
    listed = as_list(tensors)
    if not isinstance(bucket_boundaries, list | tuple):
        raise TypeError("bucket_boundaries must be a list or tuple, but received: %s" % bucket_boundaries)
    if not bucket_boundaries:
        raise ValueError("bucket_boundaries must not be empty")
    for begin, end in zip(bucket_boundaries, bucket_boundaries[1:]):
        if not isinstance(begin, int) or not isinstance(end, int):
            raise TypeError("bucket boundaries must be integers, but saw: %s and %s" % (begin, end))
        if begin >= end:
            raise ValueError("Buckets must contain sequential increasing lengths, but saw: %d before %d" % (begin, end))
    with name_scope(name, "bucket_by_sequence_length", [input_length, *listed]):
        input_length = convert(input_length, dtypes.int32, "input_length")
        limits = np.iinfo(np.int32)
        is_inside = tf.logical_and(tf.less_equal([limits.min, *bucket_boundaries], input_length),
                                   tf.less(input_length, [*bucket_boundaries, limits.max]))  # fmt: skip
        which = tf.cast(tf.reduce_min(tf.where_v2(is_inside)), dtypes.int32)
        _, batch = bucket(
            tensors=[input_length, *listed], which_bucket=which, batch_size=batch_size, num_buckets=len(bucket_boundaries) + 1,
            num_threads=num_threads, capacity=capacity, bucket_capacities=bucket_capacities,
            shapes=None if shapes is None else [TensorShape([]), *shapes], dynamic_pad=dynamic_pad,
            allow_smaller_final_batch=allow_smaller_final_batch, keep_input=keep_input, shared_name=shared_name)  # fmt: skip
        return batch[0], as_given(tensors, batch[1] if len(batch) == 2 else batch[1:])
