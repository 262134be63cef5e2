"""`tf.train.batch` and its kin: examples gathered into batches, by queues that threads fill."""

import collections.abc
import contextlib

from ..core import dtypes
from ..core.compat import dimension_value
from ..core.context import here
from ..core.convert import constant, convert
from ..core.dispatch import registry
from ..core.export import export, resolve
from ..core.scopes import colocate_with, name_scope
from ..core.shape import Dimension, as_shape
from ..core.sparse_tensor import SparseTensor
from ..ops.binary import maximum
from ..ops.case import smart_cond
from ..ops.cast import cast
from ..ops.distinct import dynamic_partition
from ..ops.filling import ones
from ..ops.flow import no_op, with_dependencies
from ..ops.gathering import gather
from ..ops.queues import FIFOQueue, PaddingFIFOQueue, RandomShuffleQueue
from ..ops.shaping import expand_dims, shape as shape_of, squeeze
from .input_producers import EAGERLY, as_tensors, fullness
from .queue_runner import QueueRunner, add_queue_runner

# --------------------------------------------------------------------------------------------------- lists, dictionaries


def as_list(tensors):
    return [tensors[k] for k in sorted(tensors, key=str)] if isinstance(tensors, dict) else tensors


def _as_lists(tensors_list):
    if not tensors_list:
        raise ValueError("Expected at least one set of tensors")
    first = tensors_list[0]
    if not isinstance(first, dict):
        return tensors_list
    if any(set(tensors) != set(first) for tensors in tensors_list[1:]):
        raise ValueError("All dictionaries in tensors_list must have the same keys")
    return [as_list(tensors) for tensors in tensors_list]


def as_given(original, tensors):
    """Tensors in the form in which the examples were given."""
    if not isinstance(original, dict):
        return tensors
    tensors = [tensors] if len(original) == 1 else tensors
    return dict(zip(sorted(original, key=str), tensors))


# -------------------------------------------------------------------------------------------------------- sparse tensors


class _Stored:
    """How a component that may be sparse is stored in a queue.

    Attributes:
      sparse: whether it is sparse; a number then stands for it.
      map_op: the operation that puts it aside.
      rank: the rank of an element, a `Dimension`.
    """

    def __init__(self, sparse, map_op, rank):
        self.sparse, self.map_op, self.rank = sparse, map_op, Dimension(rank)

    def fits(self, other):
        """Whether the same component of other examples is stored alike."""
        if self.sparse != other.sparse:
            return False
        return not self.sparse or (self.map_op == other.map_op and self.rank.is_compatible_with(other.rank))

    def merge_with(self, other):
        if self.sparse:
            self.rank = self.rank.merge_with(other.rank)
        return self


class _Maker:
    """Puts sparse tensors aside.

    Attributes:
      map_op: the operation that does; that of other examples of the same kind, if there was one.
    """

    def __init__(self, map_op):
        self.map_op = map_op
        self._shared_name = map_op.name if map_op else ""

    def put(self, kind, t):
        """A number that stands for a sparse tensor (`AddSparse...`), or numbers for its rows (`AddManySparse...`)."""
        number = registry[kind](t.indices, t.values, t.dense_shape, shared_name=self._shared_name)
        self.map_op = self.map_op or number.op
        return number

    def store(self, t, enqueue_many, keep_input):
        """A number that stands for a sparse tensor, or numbers for its rows; -1 for what is not kept."""
        if keep_input.shape.ndims == 1:
            kept = resolve("sparse_retain")(t, gather(keep_input, t.indices[:, 0]))
            return self.put("AddManySparseToTensorsMap", kept)
        if enqueue_many:
            stored = smart_cond(
                keep_input,
                lambda: self.put("AddManySparseToTensorsMap", t),
                lambda: -1 * ones(shape_of(t)[0:1], dtypes.int64),
            )
            stored.set_shape([None])
            return stored
        return smart_cond(keep_input, lambda: self.put("AddSparseToTensorsMap", t), lambda: constant(-1, dtypes.int64))


def store_sparse(tensors, enqueue_many, keep_input, map_ops=None):
    """The tensors that go into the queue, and how each is stored."""
    stored, infos = [], []
    for t, map_op in zip(tensors, map_ops or [None] * len(tensors)):
        if not isinstance(t, SparseTensor):
            stored.append(t)
            infos.append(_Stored(False, None, None))
            continue
        maker = _Maker(map_op)
        stored.append(maker.store(t, enqueue_many, keep_input))
        rank = t.dense_shape.shape.with_rank(1).dims[0]
        infos.append(_Stored(True, maker.map_op, rank - 1 if enqueue_many else rank))
    stored = [expand_dims(s, [-1]) if info.sparse else s for s, info in zip(stored, infos)]
    return stored, infos


def _store_join(tensor_lists, enqueue_many, keep_input):
    first, infos = store_sparse(tensor_lists[0], enqueue_many, keep_input)
    stored_lists = [first]
    for tensors in tensor_lists[1:]:
        stored, others = store_sparse(tensors, enqueue_many, keep_input, [info.map_op for info in infos])
        if not all(map(_Stored.fits, infos, others)):
            raise ValueError("Inconsistent SparseTensors list: %s vs. %s" % (tensor_lists[0], tensors))
        infos = list(map(_Stored.merge_with, infos, others))
        stored_lists.append(stored)
    return stored_lists, infos


def _take_back(numbers, info):
    """The sparse tensor that numbers stand for."""
    op = info.map_op
    numbers = squeeze(numbers, [1])
    with contextlib.nullcontext() if op.graph is not numbers.graph else colocate_with(op):
        shared_name = op.get_attr("shared_name").decode() or op.name
        indices, values, shape = registry["TakeManySparseFromTensorsMap"](
            numbers, dtype=op.get_attr("T"), container=op.get_attr("container").decode(), shared_name=shared_name
        )
    rank = dimension_value(info.rank + 1)
    indices.set_shape([None, rank])
    shape.set_shape([rank])
    return SparseTensor(indices, values, shape)


def restore_sparse(dequeued, infos):
    """What was taken from a queue, sparse tensors in the place of their numbers."""
    several = isinstance(dequeued, collections.abc.Sequence)
    tensors = [_take_back(s, i) if i.sparse else s for s, i in zip(dequeued if several else [dequeued], infos)]
    if not any(i.sparse for i in infos):
        return tensors if several else tensors[0]
    values = [t.values if isinstance(t, SparseTensor) else t for t in tensors]

    def together(x):
        return with_dependencies(values, x)

    complete = [SparseTensor(together(t.indices), together(t.values), together(t.dense_shape)) if isinstance(t, SparseTensor)
                else together(t) for t in tensors]  # fmt: skip
    return complete if several else tensors[0]


# ------------------------------------------------------------------------------------------------------ types and shapes


def checked_keep(keep_input, enqueue_many):
    keep_input = convert(keep_input)
    ndims = keep_input.shape.ndims
    if ndims is None:
        raise ValueError("`keep_input` dimensions must be known at graph construction.")
    if not enqueue_many and ndims == 1:
        raise ValueError("`keep_input` cannot be a vector when `enqueue_many=False`.")
    if ndims > 1:
        raise ValueError("`keep_input` must be 0 or 1 dimensions.")
    return keep_input


def types_of(tensor_lists):
    all_types = [[t.dtype for t in tensors] for tensors in tensor_lists]
    for types in all_types[1:]:
        if types != all_types[0]:
            shown = [", ".join(t.name for t in ts) for ts in (all_types[0], types)]
            raise TypeError("Expected types to be consistent: %s vs. %s." % tuple(shown))
    return all_types[0]


def _common_shape(shapes, enqueue_many):
    shapes = [as_shape(s) for s in shapes]
    if enqueue_many:
        shapes = [s.with_rank_at_least(1)[1:] for s in shapes]
    for s in shapes[1:]:
        shapes[0].merge_with(s)
    return shapes[0].as_list()


def shapes_of(tensor_lists, shapes, enqueue_many):
    if shapes is not None:
        return shapes
    for tensors in tensor_lists:
        for t in tensors[: len(tensor_lists[0])]:
            if t.shape.ndims is None:
                raise ValueError("Cannot infer Tensor's rank: %s" % t)
    return [_common_shape([ts[i].shape.as_list() for ts in tensor_lists], enqueue_many) for i in range(len(tensor_lists[0]))]


# --------------------------------------------------------------------------------------------------------------- batches


def _kept(tensors, keep_input):
    """The rows of tensors that are to be kept."""
    which = cast(keep_input, dtypes.int32)
    return [dynamic_partition(x, which, num_partitions=2)[1] for x in tensors]


def _enqueue_op(queue, tensors, enqueue_many, keep_input):
    enqueue = queue.enqueue_many if enqueue_many else queue.enqueue
    if keep_input.shape.ndims == 1:
        return enqueue(_kept(tensors, keep_input))
    return smart_cond(keep_input, lambda: enqueue(tensors), no_op)


def _batched(queue, enqueue_ops, summarize, batch_size, allow_smaller_final_batch, infos, name):
    """The batch that comes out of a queue."""
    add_queue_runner(QueueRunner(queue, enqueue_ops))
    summarize(queue)
    take = queue.dequeue_up_to if allow_smaller_final_batch else queue.dequeue_many
    return restore_sparse(take(batch_size, name=name), infos)


def _fifo(capacity, dynamic_pad, shared_name):
    """How to make a queue that keeps the order, and what tells how full it is."""
    kind = PaddingFIFOQueue if dynamic_pad else FIFOQueue

    def make(types, shapes):
        return kind(capacity=capacity, dtypes=types, shapes=shapes, shared_name=shared_name)

    return make, lambda queue: fullness("fraction_of_%d_full" % capacity, queue, capacity)


def _shuffled(capacity, min_after_dequeue, seed, shared_name):
    """How to make a queue that shuffles, and what tells how full it is."""

    def make(types, shapes):
        return RandomShuffleQueue(capacity=capacity, min_after_dequeue=min_after_dequeue, seed=seed, dtypes=types, shapes=shapes,
                                  shared_name=shared_name)  # fmt: skip

    def summarize(queue):
        room = capacity - min_after_dequeue
        full = cast(maximum(0, queue.size() - min_after_dequeue), dtypes.float32) * (1.0 / room)
        resolve("summary.scalar")("fraction_over_%d_of_%d_full" % (min_after_dequeue, room), full)

    return make, summarize


def _check_capacity(capacity, min_after_dequeue):
    if capacity <= min_after_dequeue:
        raise ValueError("capacity %d must be bigger than min_after_dequeue %d." % (capacity, min_after_dequeue))


def _single(scope, kind, tensors, batch_size, keep_input, num_threads, enqueue_many, shapes, allow_smaller_final_batch, name,
            check=lambda: None):  # fmt: skip
    """A batch of examples of one kind of tensors, which several threads enqueue."""
    if here.eager:
        raise ValueError(EAGERLY)
    make, summarize = kind
    listed = as_list(tensors)
    with name_scope(name, scope, [*listed, keep_input]) as name:
        check()
        listed = as_tensors(listed)
        if not listed:
            raise ValueError("Expected at least one tensor in batch().")
        keep_input = checked_keep(keep_input, enqueue_many)
        listed, infos = store_sparse(listed, enqueue_many, keep_input)
        queue = make(types_of([listed]), shapes_of([listed], shapes, enqueue_many))
        enqueue_ops = [_enqueue_op(queue, listed, enqueue_many, keep_input)] * num_threads
        return as_given(tensors, _batched(queue, enqueue_ops, summarize, batch_size, allow_smaller_final_batch, infos, name))


def _joined(scope, kind, tensors_list, batch_size, keep_input, enqueue_many, shapes, allow_smaller_final_batch, name,
            check=lambda: None):  # fmt: skip
    """A batch of examples of several kinds of tensors, each of which a thread enqueues."""
    if here.eager:
        raise ValueError(EAGERLY)
    make, summarize = kind
    lists = _as_lists(tensors_list)
    with name_scope(name, scope, [t for tensors in lists for t in tensors] + [keep_input]) as name:
        check()
        lists = [as_tensors(tensors) for tensors in lists]
        keep_input = checked_keep(keep_input, enqueue_many)
        lists, infos = _store_join(lists, enqueue_many, keep_input)
        queue = make(types_of(lists), shapes_of(lists, shapes, enqueue_many))
        enqueue_ops = [_enqueue_op(queue, tensors, enqueue_many, keep_input) for tensors in lists]
        batch = _batched(queue, enqueue_ops, summarize, batch_size, allow_smaller_final_batch, infos, name)
        return as_given(tensors_list[0], batch)


_ABOUT = """

    Args:
      %s
      batch_size: how many examples make a batch.
      capacity: the most elements in the queue.
      %s
      enqueue_many: whether the tensors hold several examples each, along their first dimension.
      shapes: the shapes of an example's tensors, if the tensors do not tell.
      %s
      allow_smaller_final_batch: whether the last batch may be smaller.
      shared_name: the name under which sessions of a server share the queue.
      name: the name of the operations.

    Returns:
      A list or dictionary of tensors like the one given, with a new first dimension (one tensor for a list of one).

    Raises:
      ValueError: the shapes are not known, or eagerly.
      TypeError: the types of several examples differ.
    """
_TENSORS = "tensors: a list or dictionary of tensors: an example."
_LISTS = "tensors_list: a list of lists or dictionaries of tensors: examples, each enqueued by a thread."
_KEEP = "keep_input: a bool tensor: whether to enqueue the example; with `enqueue_many`, also a vector."
_THREADS = "num_threads: how many threads enqueue."
_PAD = "dynamic_pad: whether examples differ in shape and are filled up with zeros."
_LEAST = "min_after_dequeue: how many elements stay in the queue, to be mixed with new ones.\n      seed: the seed of the order."


def _documented(what, *about):
    def document(function):
        about_all = [a for a in about if a]
        head, middle, tail = about_all[0], "\n      ".join(about_all[1:-1]), about_all[-1]
        lines = (_ABOUT % (head, middle, tail)).replace("\n      \n", "\n")
        function.__doc__ = what + lines
        return function

    return document


@export("train.batch")
@_documented("Batches of examples, in order.", _TENSORS, _THREADS, _PAD)
def batch(tensors, batch_size, num_threads=1, capacity=32, enqueue_many=False, shapes=None, dynamic_pad=False,
          allow_smaller_final_batch=False, shared_name=None, name=None):  # fmt: skip
    return _single("batch", _fifo(capacity, dynamic_pad, shared_name), tensors, batch_size, True, num_threads, enqueue_many, shapes,
                   allow_smaller_final_batch, name)  # fmt: skip


@export("train.maybe_batch")
@_documented("Batches of those examples that are to be kept, in order.", _TENSORS, _KEEP, _THREADS, _PAD)
def maybe_batch(tensors, keep_input, batch_size, num_threads=1, capacity=32, enqueue_many=False, shapes=None, dynamic_pad=False,
                allow_smaller_final_batch=False, shared_name=None, name=None):  # fmt: skip
    return _single("batch", _fifo(capacity, dynamic_pad, shared_name), tensors, batch_size, keep_input, num_threads, enqueue_many,
                   shapes, allow_smaller_final_batch, name)  # fmt: skip


@export("train.batch_join")
@_documented("Batches of examples from several sources.", _LISTS, _PAD)
def batch_join(tensors_list, batch_size, capacity=32, enqueue_many=False, shapes=None, dynamic_pad=False,
               allow_smaller_final_batch=False, shared_name=None, name=None):  # fmt: skip
    return _joined("batch_join", _fifo(capacity, dynamic_pad, shared_name), tensors_list, batch_size, True, enqueue_many, shapes,
                   allow_smaller_final_batch, name)  # fmt: skip


@export("train.maybe_batch_join")
@_documented("Batches of those examples from several sources that are to be kept.", _LISTS, _KEEP, _PAD)
def maybe_batch_join(tensors_list, keep_input, batch_size, capacity=32, enqueue_many=False, shapes=None, dynamic_pad=False,
                     allow_smaller_final_batch=False, shared_name=None, name=None):  # fmt: skip
    return _joined("batch_join", _fifo(capacity, dynamic_pad, shared_name), tensors_list, batch_size, keep_input, enqueue_many,
                   shapes, allow_smaller_final_batch, name)  # fmt: skip


@export("train.shuffle_batch")
@_documented("Batches of examples in random order.", _TENSORS, _THREADS, _LEAST)
def shuffle_batch(tensors, batch_size, capacity, min_after_dequeue, num_threads=1, seed=None, enqueue_many=False, shapes=None,
                  allow_smaller_final_batch=False, shared_name=None, name=None):  # fmt: skip
    return _single("shuffle_batch", _shuffled(capacity, min_after_dequeue, seed, shared_name), tensors, batch_size, True,
                   num_threads, enqueue_many, shapes, allow_smaller_final_batch, name,
                   lambda: _check_capacity(capacity, min_after_dequeue))  # fmt: skip


@export("train.maybe_shuffle_batch")
@_documented("Batches of those examples that are to be kept, in random order.", _TENSORS, _KEEP, _THREADS, _LEAST)
def maybe_shuffle_batch(tensors, batch_size, capacity, min_after_dequeue, keep_input, num_threads=1, seed=None, enqueue_many=False,
                        shapes=None, allow_smaller_final_batch=False, shared_name=None, name=None):  # fmt: skip
    return _single("shuffle_batch", _shuffled(capacity, min_after_dequeue, seed, shared_name), tensors, batch_size, keep_input,
                   num_threads, enqueue_many, shapes, allow_smaller_final_batch, name,
                   lambda: _check_capacity(capacity, min_after_dequeue))  # fmt: skip


@export("train.shuffle_batch_join")
@_documented("Batches of examples from several sources, in random order.", _LISTS, _LEAST)
def shuffle_batch_join(tensors_list, batch_size, capacity, min_after_dequeue, seed=None, enqueue_many=False, shapes=None,
                       allow_smaller_final_batch=False, shared_name=None, name=None):  # fmt: skip
    return _joined("shuffle_batch_join", _shuffled(capacity, min_after_dequeue, seed, shared_name), tensors_list, batch_size, True,
                   enqueue_many, shapes, allow_smaller_final_batch, name,
                   lambda: _check_capacity(capacity, min_after_dequeue))  # fmt: skip


@export("train.maybe_shuffle_batch_join")
@_documented("Batches of those examples from several sources that are to be kept, in random order.", _LISTS, _KEEP, _LEAST)
def maybe_shuffle_batch_join(tensors_list, batch_size, capacity, min_after_dequeue, keep_input, seed=None, enqueue_many=False,
                             shapes=None, allow_smaller_final_batch=False, shared_name=None, name=None):  # fmt: skip
    return _joined("shuffle_batch_join", _shuffled(capacity, min_after_dequeue, seed, shared_name), tensors_list, batch_size,
                   keep_input, enqueue_many, shapes, allow_smaller_final_batch, name,
                   lambda: _check_capacity(capacity, min_after_dequeue))  # fmt: skip
