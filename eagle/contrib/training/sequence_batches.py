"""`tf.contrib.training.batch_sequences_with_states`: sequences padded and dealt out in parts by queue runners."""

import collections
import numbers

from ...core import dtypes
from ...core.convert import constant, convert
from ...core.dispatch import registry
from ...core.errors import CancelledError, OutOfRangeError
from ...core.export import export, public as tf
from ...core.scopes import control_dependencies, name_scope
from ...core.sparse_tensor import SparseTensor, SparseTensorValue
from ...core.tensor import Tensor
from ...ops.flow import with_dependencies
from .sequence_states import SequenceQueueingStateSaver

_FROM_CONTEXT = "_context_in_seq_"  # sparse context travels among the sequences under names that begin so


def _is_sparse(value):
    return isinstance(value, SparseTensor | SparseTensorValue)


def _sparse_names(tensors):
    return [k for k in sorted(tensors) if _is_sparse(tensors[k])]


@export("contrib.training.batch_sequences_with_states")
def batch_sequences_with_states(input_key, input_sequences, input_context, input_length, initial_states, num_unroll, batch_size,
                                num_threads=3, capacity=1000, allow_small_batch=True, pad=True, make_keys_unique=False,
                                make_keys_unique_seed=None, name=None):  # fmt: skip
    """Deals sequences out in batches of parts; the states behind a part are there with the next one.

    Args:
      input_key: the key of a sequence, a string scalar.
      input_sequences: a dict from names to tensors, perhaps sparse ones, whose first dimension is time.
      input_context: a dict from names to tensors, perhaps sparse ones, that the whole sequence has.
      input_length: None, or the length of the sequence.
      initial_states: a dict from names to the states before the first part.
      num_unroll: how many steps a part has.
      batch_size: how many parts come together.
      num_threads: how many threads add sequences.
      capacity: how many sequences are under way at most.
      allow_small_batch: whether the last batches may have fewer parts.
      pad: whether sequences are padded to a multiple of `num_unroll`; else they must be that long.
      make_keys_unique: whether random numbers are added to the keys, with `make_keys_unique_seed`.
      name: the name scope.

    Returns:
      A `NextQueuedSequenceBatch`.

    Raises:
      TypeError: something has a wrong type.
      ValueError: something does not fit.
    """
    used = [*input_sequences.values(), *input_context.values(), *initial_states.values()]
    with name_scope(name, "batch_sequences_with_states", used):
        if pad:
            length, input_sequences = _padding(input_sequences, num_unroll)
            input_length = length if input_length is None else input_length
        elif input_sequences:
            input_sequences = {k: _whole_parts(k, v, num_unroll) for k, v in input_sequences.items()}
        input_context, input_sequences = _context_to_sequences(input_context, input_sequences, num_unroll)
        dense, names, maps = _stored(input_sequences)
        if make_keys_unique:
            number = tf.random_uniform((), minval=0, maxval=100000000, dtype=dtypes.int32, seed=make_keys_unique_seed)
            input_key = tf.string_join([input_key, tf.as_string(number)])
        saver = SequenceQueueingStateSaver(
            batch_size, num_unroll, input_length=input_length, input_key=input_key, input_sequences=dense,
            input_context=input_context, initial_states=initial_states, capacity=capacity,
            allow_small_batch=allow_small_batch)  # fmt: skip
        barrier = saver.barrier
        tf.summary.scalar("queue/%s/ready_segment_batches_" % barrier.name, tf.cast(barrier.ready_size(), dtypes.float32))
        ends = (OutOfRangeError, CancelledError)
        tf.train.add_queue_runner(tf.train.QueueRunner(saver, [saver.prefetch_op] * num_threads, queue_closed_exception_types=ends))
        batch = saver.next_batch
        _restore(batch.sequences, names, maps, batch_size, num_unroll)
        _context_from_sequences(batch.context, batch.sequences)
        return batch


def _whole_parts(key, value, num_unroll):
    """A sequence, once its length has been found to be a multiple of `num_unroll`."""
    if _is_sparse(value):
        length, kind = value.dense_shape[0], "SparseTensor"
    else:
        if not isinstance(value, Tensor):
            try:
                value = convert(value)
            except TypeError:
                raise TypeError("Unsupported input_sequences expected Tensor or SparseTensor values, got: %s for key %s"
                                % (type(value), key)) from None  # fmt: skip
        length, kind = tf.shape(value)[0], "Tensor"
    message = ["%s %s first dimension should be a multiple of: " % (kind, key), tf.as_string(num_unroll), ", but saw value: ",
               tf.as_string(length), ". Consider setting pad=True."]  # fmt: skip
    fits = tf.logical_and(tf.equal(length % num_unroll, 0), tf.not_equal(length, 0))
    with control_dependencies([tf.Assert(fits, [tf.string_join(message)])]):
        if not _is_sparse(value):
            return tf.identity(value, name="multiple_of_checked")
        parts = (value.indices, value.values, value.dense_shape)
        return SparseTensor(*[tf.identity(part, name="multiple_of_checked") for part in parts])


@export("contrib.training.python.training.sequence_queueing_state_saver._padding")
def _padding(sequences, num_unroll):
    """The length of sequences, and these padded to a multiple of `num_unroll`.

    Raises:
      ValueError: `num_unroll` is no int.
      TypeError: they are no dict with names as keys.
    """
    if not isinstance(num_unroll, numbers.Integral):
        raise ValueError("Unsupported num_unroll expected int, got: %s" % num_unroll)
    if not isinstance(sequences, dict):
        raise TypeError("Unsupported sequences expected dict, got: %s" % sequences)
    for key in sequences:
        if not isinstance(key, str):
            raise TypeError("Unsupported sequences key expected string, got: %s" % key)
    if not sequences:
        return 0, {}
    found = collections.OrderedDict((k, v if _is_sparse(v) else convert(v)) for k, v in sorted(sequences.items()))
    lengths = [tf.shape(v)[0] for v in found.values() if isinstance(v, Tensor)]
    if lengths:
        message = "All sequence lengths must match, but received lengths: "
        checks = [tf.Assert(tf.equal(n, lengths[0]), [tf.string_join([message, tf.as_string(lengths)])]) for n in lengths]
        length = with_dependencies(checks, lengths[0])
    else:
        length = tf.reduce_max(tf.cast([v.dense_shape[0] for v in found.values()], dtypes.int32))
    unroll = constant(num_unroll)
    padded_length = length + (unroll - length % unroll) % unroll
    return length, {k: _padded(v, padded_length) for k, v in found.items()}


def _padded(value, length):
    """A sequence with a certain length."""
    if not isinstance(value, Tensor):
        shape = tf.concat([[tf.cast(length, dtypes.int64)], value.dense_shape[1:]], 0)
        return SparseTensor(indices=value.indices, values=value.values, dense_shape=shape)
    shape = tf.concat(([length - tf.shape(value)[0]], tf.shape(value)[1:]), 0)
    nothing = constant("" if value.dtype == dtypes.string else 0, dtype=value.dtype)
    return tf.concat([value, tf.fill(dims=shape, value=nothing)], 0)


# --------------------------------------------------------------------------------------------------------- sparse tensors


def _context_to_sequences(context, sequences, num_unroll):
    """The context without its sparse tensors, which become sequences: the first step of each part has them."""
    names = _sparse_names(context)
    if not names:
        return context, sequences
    length = constant(1)
    for value in list(sequences.values())[:1]:
        if _is_sparse(value):
            length = value.dense_shape[0]
        else:
            with control_dependencies([value]):
                length = tf.shape(value)[0]
    length = tf.cast(length, dtypes.int64)
    moved = {_FROM_CONTEXT + k: _repeated(context[k], length, num_unroll) for k in names}
    return {k: v for k, v in context.items() if k not in names}, {**sequences, **moved}


def _repeated(sparse, length, num_unroll):
    """A sparse tensor at every `num_unroll`th step of a new first dimension."""
    count = tf.cast(length // num_unroll, dtypes.int32)
    values = tf.tile(sparse.values, tf.expand_dims(count, 0))
    shape = tf.concat([tf.expand_dims(length, 0), sparse.dense_shape], 0)
    repeated = tf.tile(tf.expand_dims(sparse.indices, 0), tf.stack([count, 1, 1]))
    size, rank = tf.shape(sparse.indices)[0], tf.shape(sparse.indices)[1]
    steps = tf.range(start=0, limit=length, delta=num_unroll)
    steps = tf.tile(tf.expand_dims(tf.expand_dims(steps, 1), 2), [1, size, 1])
    indices = tf.reshape(tf.concat([steps, repeated], 2), [size * count, rank + 1])
    return SparseTensor(indices=indices, values=values, dense_shape=shape)


def _context_from_sequences(context, sequences):
    """Gives a batch its sparse context back, of which the sequences have it at the first steps."""
    for key in [k for k in sorted(sequences) if k.startswith(_FROM_CONTEXT)]:
        found = sequences.pop(key)
        shape = found.dense_shape
        first = SparseTensor(found.indices, found.values, tf.concat([[shape[0]], [1], shape[2:]], 0))
        context[key[len(_FROM_CONTEXT) :]] = tf.sparse_reshape(first, tf.concat([[shape[0]], shape[2:]], 0))


def _stored(sequences):
    """The sequences with handles in the place of sparse tensors, the names of these, and the operations that stored them."""
    names = _sparse_names(sequences)
    found, maps = dict(sequences), []
    for name in names:
        sparse = sequences[name]
        found[name] = registry["AddManySparseToTensorsMap"](sparse.indices, sparse.values, sparse.dense_shape)
        maps.append(found[name].op)
    return found, names, maps


def _restore(sequences, names, maps, batch_size, num_unroll):
    """Gives a batch its sparse sequences back."""
    if not names:
        return
    stored = []
    for name, made in zip(names, maps):
        handles = tf.reshape(sequences[name], [-1])
        stored.append(registry["TakeManySparseFromTensorsMap"](
            handles, dtype=made.get_attr("T"), container=made.get_attr("container").decode(),
            shared_name=made.get_attr("shared_name").decode() or made.name))  # fmt: skip
    steps = convert(num_unroll, dtype=dtypes.int64, name="num_unroll_int64")
    for name, (indices, values, shape) in zip(names, stored):
        rows = tf.cast(tf.floor(indices[:, 0] / steps), dtypes.int64)
        places = [tf.expand_dims(rows, 1), tf.expand_dims(tf.mod(indices[:, 0], steps), 1), indices[:, 1:]]
        outer = [[tf.cast(batch_size, dtypes.int64)], [tf.cast(steps, dtypes.int64)], shape[1:]]
        sequences[name] = SparseTensor(indices=tf.concat(places, axis=1), values=values, dense_shape=tf.concat(outer, axis=0))
