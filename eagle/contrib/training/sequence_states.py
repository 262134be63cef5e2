"""`tf.contrib.training.SequenceQueueingStateSaver`: long sequences in parts, with states kept from part to part."""

import collections

from ...core import dtypes
from ...core.convert import convert
from ...core.export import export, public as tf
from ...core.scopes import colocate_with, control_dependencies, name_scope
from ...core.shape import TensorShape
from ...core.static_values import constant_value
from ...core.tensor import Tensor
from ...ops.barriers import Barrier
from ...ops.flow import group

_TOKEN = 21051976  # what stands in the queue for a sequence; its value means nothing
_OWN = ("__length", "__total_length", "__next_key", "__sequence", "__sequence_count")


# ----------------------------------------------------------------------------------------------------------------- checks


def _checked(value, condition, data, name):
    """A tensor, once a condition has been found to hold."""
    with control_dependencies([tf.Assert(condition, data)]):
        return tf.identity(value, name=name)


def _check_multiple_of(value, factor):
    fits = tf.logical_and(tf.equal(tf.mod(value, factor), 0), tf.not_equal(value, 0))
    message = ["Tensor %s should be a multiple of: " % value.name, tf.as_string(factor), ", but saw value: ", tf.as_string(value),
               ". Consider setting pad=True."]  # fmt: skip
    return _checked(value, fits, [tf.string_join(message)], "multiple_of_checked")


def _known(value):
    """A number or shape that a tensor is known to be, else the tensor."""
    found = constant_value(value) if isinstance(value, Tensor) else value
    return value if found is None else found


def _check_rank(value, rank):
    fits = tf.equal(rank, tf.rank(value))
    message = tf.string_join(["Rank of tensor %s should be: " % value.name, tf.as_string(rank), ", shape received:"])
    checked = _checked(value, fits, [message, tf.shape(value)], "rank_checked")
    rank = _known(rank)
    if not isinstance(rank, Tensor):
        try:
            checked.set_shape(checked.get_shape().with_rank(int(rank)))
        except ValueError as error:
            raise ValueError("Rank check failed for %s: %s" % (value.name, error)) from error
    return checked


def _check_shape(value, shape):
    shape = shape.as_list() if isinstance(shape, TensorShape) else shape
    known = _known(shape)
    shape = known if isinstance(known, Tensor) else [int(d) for d in known]
    value = _check_rank(value, tf.size(shape) if isinstance(shape, Tensor) else len(shape))
    fits = tf.reduce_all(tf.equal(shape, tf.shape(value)))
    message = [
        "Shape of tensor %s should be: " % value.name,
        tf.as_string(shape),
        ", shape received: ",
        tf.as_string(tf.shape(value)),
    ]
    checked = _checked(value, fits, [tf.string_join(message)], "shape_checked")
    if not isinstance(shape, Tensor):
        try:
            checked.set_shape(checked.get_shape().merge_with(shape))
        except ValueError as error:
            raise ValueError("Shape check failed for %s: %s" % (value.name, error)) from error
    return checked


def _check_sizes(value, axes, sizes, label):
    """A tensor, once some of its dimensions have been found to have certain sizes."""
    shape = value.get_shape()
    if shape.ndims is not None:
        if shape.ndims <= max(axes):
            message = "%s: rank of input is not greater than max(dimensions): %d vs. %d"
            raise ValueError(message % (label, shape.ndims, max(axes)))
        known = shape.as_list()
        for axis, size in zip(axes, sizes):
            if not isinstance(size, Tensor):
                known[axis] = size
        try:
            value.set_shape(shape.merge_with(known))
        except ValueError as error:
            raise ValueError("Dimensions check failed for %s: %s" % (label, error)) from error
    checks = []
    for axis, size in zip(axes, sizes):
        fits = tf.equal(size, tf.shape(value)[axis])
        message = ["Dimension %d of tensor labeled %s should be: " % (axis, label), tf.as_string(size), ", shape received: ",
                   tf.as_string(tf.shape(value))]  # fmt: skip
        checks.append(tf.Assert(fits, [tf.string_join(message)]))
    with control_dependencies(checks):
        return tf.identity(value, name="dims_checked_%s" % label)


def _check_names(names, what):
    for name in names:
        if not isinstance(name, str):
            raise TypeError("%s must be string: %s" % (what, name))
        if ":" in name:
            raise ValueError("%s may not have a colon: '%s'" % (what, name))


def _sorted(tensors):
    return collections.OrderedDict(sorted(tensors.items()))


def _check_defined(label, tensors, first=0):
    for name, tensor in tensors.items():
        if not tensor.get_shape()[first:].is_fully_defined():
            note = "(ignoring first dimension)" if first else ""
            raise ValueError("Shape for %s %s is not fully defined %s: %s" % (label, name, note, tensor.get_shape()))


# ------------------------------------------------------------------------------------------------------------------ reading


@export("contrib.training.NextQueuedSequenceBatch")
class NextQueuedSequenceBatch:
    """The parts of sequences that come next, their states, and how to save these.

    Args:
      state_saver: the `SequenceQueueingStateSaver`.
    """

    def __init__(self, state_saver):
        self._state_saver = state_saver

    total_length = property(lambda self: self._state_saver._received["__total_length"], doc="The lengths of the whole sequences.")
    length = property(lambda self: self._state_saver._received["__length"], doc="The lengths of the parts.")
    batch_size = property(lambda self: self._state_saver._received_batch_size, doc="How many parts there are, an int32 scalar.")
    insertion_index = property(lambda self: self._state_saver._received_indices, doc="The numbers of the insertions.")
    key = property(lambda self: self._state_saver._received_keys, doc="The keys of the parts.")
    next_key = property(lambda self: self._state_saver._received["__next_key"], doc="The keys of the parts behind them.")
    sequence = property(lambda self: self._state_saver._received["__sequence"], doc="The numbers of the parts, from 0 on.")
    sequence_count = property(lambda self: self._state_saver._received["__sequence_count"], doc="How many parts sequences have.")
    context = property(lambda self: self._state_saver._received_context, doc="The context of the sequences, a dict.")
    sequences = property(lambda self: self._state_saver._received_sequences, doc="The parts, a dict.")

    def state(self, state_name):
        """The states before the parts."""
        return self._state_saver._received_states[state_name]

    def save_state(self, state_name, value, name=None):
        """An operation that saves the states behind the parts for the parts that follow.

        Args:
          state_name: the name of the state.
          value: a tensor like `state(state_name)`.
          name: the name scope.

        Raises:
          KeyError: there is no such state.
        """
        saver = self._state_saver
        if state_name not in saver._received_states:
            raise KeyError("state was not declared: %s" % state_name)
        with name_scope(name, "InputQueueingStateSaver_SaveState", values=[value]):
            with colocate_with(saver._capacity_queue.queue_ref):
                going_on = tf.reshape(tf.where_v2(tf.logical_not(saver._sequence_is_done)), [-1])
                keys = tf.gather(self.next_key, going_on)
                value = tf.identity(value, name="convert_%s" % state_name)
                value = _check_shape(value, tf.shape(saver._received_states[state_name]))
                index = saver._place["__state__" + state_name]
                return saver._barrier.insert_many(
                    index, keys, tf.gather(value, going_on), name="BarrierInsertState_%s" % state_name
                )


@export("contrib.training.SequenceQueueingStateSaver")
class SequenceQueueingStateSaver:
    """Deals sequences out in parts of `num_unroll` steps; the states behind a part are there with the next one.

    Args:
      batch_size: how many parts of different sequences come together, an int or int tensor.
      num_unroll: how many steps a part has.
      input_length: the length of a sequence, an int32 scalar.
      input_key: its key, a string scalar; keys differ.
      input_sequences: a dict from names to tensors whose first dimension is time, a multiple of `num_unroll`.
      input_context: a dict from names to tensors that the whole sequence has.
      initial_states: a dict from names to the states before the first part.
      capacity: how many sequences are under way at most; None for no limit.
      allow_small_batch: whether fewer parts will do when there are no more sequences.
      name: the name scope.

    Raises:
      TypeError: something has a wrong type.
      ValueError: something does not fit.
    """

    def __init__(self, batch_size, num_unroll, input_length, input_key, input_sequences, input_context, initial_states,
                 capacity=None, allow_small_batch=False, name=None):  # fmt: skip
        if capacity is not None and isinstance(batch_size, Tensor):
            enough = tf.assert_greater_equal(tf.cast(capacity, dtypes.int64), tf.cast(batch_size, dtypes.int64),
                                             message="capacity needs to be >= batch_size.")  # fmt: skip
            with control_dependencies([enough]):
                input_key = tf.identity(input_key)
        elif capacity is not None and capacity < batch_size:
            raise ValueError("capacity %d needs to be >= batch_size %d" % (capacity, batch_size))
        self._capacity_queue = tf.FIFOQueue(capacity=-1 if capacity is None else capacity, dtypes=[dtypes.int32], shapes=[[]])
        self._batch_size, self._num_unroll, self._allow_small_batch = batch_size, num_unroll, allow_small_batch
        self._prefetch_op = self._next_batch = None
        with colocate_with(self._capacity_queue.queue_ref):
            if not isinstance(initial_states, dict):
                raise TypeError("initial_states must be a dictionary")
            if not initial_states:
                raise ValueError("initial_states may not be empty: at least one state variable is required to properly "
                                 "enqueue split "
                                 "sequences to run in separate iterations")  # fmt: skip
            _check_names(initial_states, "state name")
            used = [input_length, input_key, *input_sequences.values(), *input_context.values()]
            with name_scope(name, "InputQueueingStateSaver", used) as scope:
                self._name = self._scope = scope
                self._take_inputs(input_length, input_key, input_sequences, input_context, initial_states)
                self._create_barrier()

    name = property(lambda self: self._name, doc="The name scope.")
    barrier = property(lambda self: self._barrier, doc="The barrier in which parts wait for their states.")
    batch_size = property(lambda self: self._batch_size, doc="How many parts come together.")
    num_unroll = property(lambda self: self._num_unroll, doc="How many steps a part has.")

    def _take_inputs(self, length, key, sequences, context, states):
        """Checks what one sequence has."""
        length, key = convert(length, name="length"), convert(key, name="key")
        for what, given in (("sequences", sequences), ("context", context)):
            if not isinstance(given, dict):
                raise TypeError("%s must be a dict" % what)
        if not sequences:
            raise ValueError("must have at least one sequence tensor")
        _check_names(sequences, "sequence key")
        _check_names(context, "context key")
        sequences = {k: convert(v, name="sequence_%s" % k) for k, v in sequences.items()}
        context = {k: convert(v, name="context_%s" % k) for k, v in context.items()}
        states = {k: convert(v, name="state_%s" % k) for k, v in states.items()}
        _check_defined("state", states)
        _check_defined("context", context)
        _check_defined("sequence", sequences, first=1)
        self._context, self._states = _sorted(context), _sorted(states)
        self._length, self._key = _check_rank(length, 0), _check_rank(key, 0)
        if self._length.dtype != dtypes.int32:
            raise TypeError("length dtype must be int32, but received: %s" % self._length.dtype)
        if self._key.dtype != dtypes.string:
            raise TypeError("key dtype must be string, but received: %s" % self._key.dtype)
        sequences = _sorted(sequences)
        padded = tf.identity(tf.shape(next(iter(sequences.values())))[0], name="padded_length")
        self._padded_length = _check_multiple_of(padded, self._num_unroll)
        self._sequences = collections.OrderedDict(
            (k, _check_sizes(v, [0], [self._padded_length], "sorted_sequences_%s" % k)) for k, v in sequences.items()
        )
        fits = tf.less_equal(self._length, self._padded_length)
        message = ["Input length should be <= than length from sequences:", self._length, " vs. ", self._padded_length]
        with control_dependencies([tf.Assert(fits, message)]):
            self._length = tf.identity(self._length)

    def _create_barrier(self):
        kinds = (("sequence", self._sequences), ("context", self._context), ("state", self._states))
        names = [*_OWN, *["__%s__%s" % (kind, k) for kind, tensors in kinds for k in tensors]]
        self._place = {name: i for i, name in enumerate(names)}
        types = [dtypes.int32, dtypes.int32, dtypes.string, dtypes.int32, dtypes.int32]
        types += [v.dtype for _, tensors in kinds for v in tensors.values()]
        shapes = [()] * len(_OWN) + [[self._num_unroll] + v.get_shape().as_list()[1:] for v in self._sequences.values()]
        shapes += [v.get_shape().as_list() for _, tensors in kinds[1:] for v in tensors.values()]
        self._barrier = Barrier(types=types, shapes=shapes)

    def _in_scope(self, build):
        with name_scope(None), name_scope(self._scope, values=[self._barrier.barrier_ref]):
            return build()

    @property
    def prefetch_op(self):
        """The operation that adds one sequence; waits while `capacity` of them are under way."""
        if self._prefetch_op is None:
            self._prefetch_op = self._in_scope(self._create_prefetch_op)
        return self._prefetch_op

    @property
    def next_batch(self):
        """The `NextQueuedSequenceBatch`."""
        if self._prefetch_op is None:
            self._prefetch_op = self._in_scope(self._create_prefetch_op)
        if self._next_batch is None:
            self._next_batch = self._in_scope(self._prepare_reads)
        return self._next_batch

    def close(self, cancel_pending_enqueues=False, name=None):
        """An operation after which no sequences are added.

        Args:
          cancel_pending_enqueues: whether those who wait to add one fail.
          name: the name of the operation.
        """
        with name_scope(name, "SQSSClose", [self._prefetch_op]) as scope:
            barrier = self._barrier.close(cancel_pending_enqueues, "BarrierClose")
            queue = self._capacity_queue.close(cancel_pending_enqueues, "FIFOClose")
            return group(barrier, queue, name=scope)

    def _parts(self, count):
        """The sequences cut into parts, and the context as often as there are parts."""
        sequences, contexts = {}, {}
        for k, v in self._sequences.items():
            rest = v.get_shape().as_list()[1:]
            shape = tf.concat(
                [tf.expand_dims(count, 0), tf.expand_dims(self._num_unroll, 0), rest], 0, name="concat_sequences_%s" % k
            )
            cut = tf.reshape(v, shape, name="reshape_sequences_%s" % k)
            axes = list(range(v.get_shape().ndims + 1))
            sequences[k] = _check_sizes(cut, axes, [count, self._num_unroll, *rest], "reshaped_sequences_%s" % k)
        for k, v in self._context.items():
            row = tf.expand_dims(v, 0)
            times = tf.concat([tf.expand_dims(count, 0), [1] * v.get_shape().ndims], 0, name="concat_context_%s" % k)
            spread = tf.tile(row, times, name="tile_context_%s" % k)
            axes = list(range(v.get_shape().ndims + 1))
            contexts[k] = _check_sizes(spread, axes, [count, *v.get_shape().as_list()], "expanded_context_%s" % k)
        return sequences, contexts

    def _create_prefetch_op(self):
        count = tf.div(self._padded_length, self._num_unroll)
        ones = tf.ones(tf.expand_dims(count, 0), dtype=dtypes.int32)
        number = tf.range(count)
        length = tf.minimum(self._num_unroll, tf.maximum(0, self._length - self._num_unroll * number))
        total, counts = self._length * ones, count * ones
        numbers = [tf.as_string(number, width=5, fill="0"), "_of_", tf.as_string(count, width=5, fill="0")]
        keys = tf.string_join([*numbers, ":", self._key], name="StringJoinCurrentKeys")
        later = tf.slice(keys, [1], [-1])
        stop = tf.expand_dims(tf.string_join(["STOP:", self._key], name="StringJoinStop"), 0)
        next_keys = tf.concat([later, stop], 0, name="concat_next_keys")
        sequences, contexts = self._parts(count)

        def insert(name, values, op_name, keys=keys):
            return self._barrier.insert_many(self._place[name], keys, values, name=op_name)

        inserts = [insert("__sequence", number, "BarrierInsertSequence")]
        inserts.append(insert("__sequence_count", counts, "BarrierInsertSequenceCount"))
        inserts.append(insert("__next_key", next_keys, "BarrierInsertNextKey"))
        inserts.append(insert("__length", length, "BarrierInsertLength"))
        inserts.append(insert("__total_length", total, "BarrierInsertTotalLength"))
        constant = [insert("__context__" + k, v, "BarrierInsertContext_%s" % k) for k, v in contexts.items()]
        cut = [insert("__sequence__" + k, v, "BarrierInsertSequences_%s" % k) for k, v in sequences.items()]
        token = self._capacity_queue.enqueue((_TOKEN,))
        with control_dependencies([inserts[0], token]):
            first = []
            for k, v in self._states.items():
                first_key = tf.stack([keys[0]])
                first.append(insert("__state__" + k, tf.stack([v]), "BarrierInitialInsertState_%s" % k, keys=first_key))
        return group(token, *inserts, *first, *constant, *cut, name="StateSaverPrefetchGroup")

    def _prepare_reads(self):
        self._received_indices, self._received_keys, values = self._barrier.take_many(
            self._batch_size, self._allow_small_batch, name="BarrierTakeMany"
        )
        self._received = {name: values[self._place[name]] for name in _OWN}

        def found(kind, names):
            return collections.OrderedDict((k, values[self._place["__%s__%s" % (kind, k)]]) for k in names)

        self._received_context, self._received_sequences = found("context", self._context), found("sequence", self._sequences)
        self._received_batch_size = tf.squeeze(tf.shape(self._received["__length"]))
        self._sequence_is_done = self._received["__sequence"] + 1 >= self._received["__sequence_count"]
        finished = tf.reduce_sum(tf.cast(self._sequence_is_done, dtypes.int32))
        with control_dependencies([self._capacity_queue.dequeue_many(finished)]):
            states = found("state", self._states)
            self._received_states = collections.OrderedDict((k, tf.identity(v)) for k, v in states.items())
        return NextQueuedSequenceBatch(self)
