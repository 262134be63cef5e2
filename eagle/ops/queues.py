"""Queues: `tf.FIFOQueue`, `tf.RandomShuffleQueue`, `tf.PaddingFIFOQueue`, `tf.PriorityQueue`."""

import collections.abc
import functools
import hashlib
import itertools

from ..core import dtypes as all_types, shape as shapes_of
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export
from ..core.scopes import name_scope
from ..core.seeds import get_seed
from ..core.shape import Dimension, TensorShape, as_shape
from ..core.state import eager_state
from ..core.static_values import constant_value
from .queue_ops import OPS

_unique = itertools.count()


def as_type_list(dtypes):
    """Types as a list, one type alone too."""
    assert dtypes is not None
    return list(dtypes) if isinstance(dtypes, list | tuple) else [dtypes]


def as_shape_list(shapes, allow_unknown_dims=False):
    """Shapes as a list of `TensorShape`s, one shape alone too; None stays.

    Raises:
      ValueError: a shape is not known as far as it must be.
      TypeError: they are no shapes.
    """

    def is_one(shapes):
        return any(s is None or isinstance(s, int) for s in shapes)

    if allow_unknown_dims and (not isinstance(shapes, collections.abc.Sequence) or not shapes or is_one(shapes)):
        raise ValueError("When providing partial shapes, a list of shapes must be provided.")
    if shapes is None:
        return None
    if isinstance(shapes, TensorShape):
        shapes = [shapes]
    if not isinstance(shapes, tuple | list):
        raise TypeError("shapes must be a TensorShape or a list or tuple of TensorShapes.")
    if all(s is None or isinstance(s, int) for s in shapes):
        shapes = [shapes]
    shapes = [as_shape(s) for s in shapes]
    if not allow_unknown_dims and not all(s.is_fully_defined() for s in shapes):
        raise ValueError("All shapes must be fully defined: %s" % shapes)
    if any(s.dims is None for s in shapes):
        raise ValueError("All shapes must have a defined rank: %s" % shapes)
    return shapes


def _as_name_list(names, dtypes):
    if names is None:
        return None
    names = list(names) if isinstance(names, list | tuple) else [names]
    if len(names) != len(dtypes):
        raise ValueError("List of names must have the same length as the list of dtypes")
    return names


def _shared(shared_name):
    """The name under which the queue is shared; eagerly each is on its own."""
    return "eager_queue_%d" % next(_unique) if here.eager else shared_name


def component_shapes(shapes, dtypes, what):
    """The shapes of all components, unknown ones if they are not told."""
    if shapes is None:
        return [TensorShape(None) for _ in dtypes]
    if len(shapes) != len(dtypes):
        raise ValueError("%s shapes must have the same length as dtypes" % what)
    return [TensorShape(s) for s in shapes]


@export("QueueBase", "queue.QueueBase", "io.QueueBase")
class QueueBase:
    """A queue of elements, each of them one tensor or several.

    Args:
      dtypes: the types of the components of an element.
      shapes: their shapes, or None.
      names: their names, or None; elements of a queue with names are dictionaries.
      queue_ref: the tensor with the queue's handle.

    Raises:
      ValueError: there are not as many shapes or names as types.
    """

    def __init__(self, dtypes, shapes, names, queue_ref):
        self._dtypes = dtypes
        self._shapes = component_shapes(shapes, dtypes, "Queue")
        if names is not None and len(names) != len(dtypes):
            raise ValueError("Queue names must have the same length as dtypes")
        self._names = names
        self._queue_ref = queue_ref
        if here.eager:
            self._name = "Empty"
        else:
            self._name = queue_ref.op.name.split("/")[-1]

    def __del__(self):
        handle = getattr(getattr(self, "_queue_ref", None), "_v", None)
        if handle is not None:  # eagerly a queue lives as long as this object
            for key in [k for k, v in list(eager_state.resources.items()) if v is handle]:
                eager_state.resources.pop(key, None)

    @staticmethod
    def from_list(index, queues):
        """One of several queues, chosen when the program runs.

        Args:
          index: which one, a scalar int tensor.
          queues: a list of queues whose elements have the same types and names.

        Raises:
          TypeError: it is no such list.
        """
        if not queues or not isinstance(queues, list) or not all(isinstance(q, QueueBase) for q in queues):
            raise TypeError("A list of queues expected")
        first = queues[0]
        if not all(q.dtypes == first.dtypes for q in queues):
            raise TypeError("Queues do not have matching component dtypes.")
        if not all(q.names == first.names for q in queues):
            raise TypeError("Queues do not have matching component names.")
        common = [functools.reduce(_what_is_common, s) for s in zip(*[q.shapes for q in queues])]
        refs = registry["Pack"]([q.queue_ref for q in queues], axis=0, name="stack")
        chosen = registry["GatherV2"](refs, index, 0)
        return QueueBase(first.dtypes, common, first.names, chosen)

    queue_ref = property(lambda self: self._queue_ref)
    dtypes = property(lambda self: self._dtypes)
    shapes = property(lambda self: self._shapes)
    names = property(lambda self: self._names)

    @property
    def name(self):
        """The name of the operation that makes the queue."""
        return self._name if here.eager else self._queue_ref.op.name

    def _op(self, name):
        """The op of this name that fits the handle."""
        return OPS[name + "V2" if self._queue_ref.dtype == all_types.resource else name]

    # --------------------------------------------------------------------------------------------------------- adding

    def _as_tensors(self, vals):
        """The components of an element in their order, as tensors."""
        if isinstance(vals, dict):
            if not self._names:
                raise ValueError("Queue must have names to enqueue a dictionary")
            if sorted(self._names, key=str) != sorted(vals.keys(), key=str):
                raise ValueError("Keys in dictionary to enqueue do not match names of Queue.  Dictionary: (%s), Queue: (%s)"
                                 % (sorted(vals.keys()), sorted(self._names)))  # fmt: skip
            vals = [vals[n] for n in self._names]
        else:
            if self._names:
                raise ValueError("You must enqueue a dictionary in a Queue with names")
            vals = vals if isinstance(vals, list | tuple) else [vals]
        return [convert(v, t, "component_%d" % i) for i, (v, t) in enumerate(zip(vals, self._dtypes))]

    def enqueue(self, vals, name=None):
        """Adds an element; waits while the queue is full.

        Args:
          vals: a tensor, a list of tensors, or a dictionary of tensors, as the queue's elements are.
          name: the name of the operation.

        Returns:
          The operation; eagerly None.

        Raises:
          ValueError: the element is not like the queue's.
          CancelledError (when it runs): the queue is closed.
        """
        with name_scope(name, "%s_enqueue" % self._name, values_of(vals)) as scope:
            vals = self._as_tensors(vals)
            for v, shape in zip(vals, self._shapes):
                v.shape.assert_is_compatible_with(shape)
            return self._op("QueueEnqueue")(self._queue_ref, vals, name=scope)

    def enqueue_many(self, vals, name=None):
        """Adds several elements: the slices of tensors along their first dimension.

        Args:
          vals: a tensor, a list of tensors, or a dictionary of tensors, as the queue's elements are.
          name: the name of the operation.

        Returns:
          The operation; eagerly None.

        Raises:
          ValueError: the elements are not like the queue's.
          CancelledError (when it runs): the queue is closed.
        """
        with name_scope(name, "%s_EnqueueMany" % self._name, values_of(vals)) as scope:
            vals = self._as_tensors(vals)
            count = Dimension(None)
            for v, shape in zip(vals, self._shapes):
                count = count.merge_with(v.shape.with_rank_at_least(1)[0])
                v.shape[1:].assert_is_compatible_with(shape)
            return OPS["QueueEnqueueManyV2"](self._queue_ref, vals, name=scope)

    # --------------------------------------------------------------------------------------------------------- taking

    def _dequeued(self, tensors, first=None):
        """What was taken, with static shapes, as the queue's elements are.

        Args:
          tensors: the components.
          first: None, or a `TensorShape` that comes before that of each component.
        """
        if not here.eager:
            for t, shape in zip(tensors, self._shapes):
                t.set_shape(shape if first is None else first.concatenate(shape))
        if self._names:
            return dict(zip(self._names, tensors))
        return tensors[0] if len(tensors) == 1 else tensors

    def dequeue(self, name=None):
        """Takes an element; waits while the queue is empty.

        Args:
          name: the name of the operation.

        Returns:
          A tensor, a list of tensors, or a dictionary of tensors.

        Raises:
          OutOfRangeError (when it runs): the queue is closed and empty.
        """
        name = "%s_Dequeue" % self._name if name is None else name
        return self._dequeued(self._op("QueueDequeue")(self._queue_ref, component_types=self._dtypes, name=name))

    def dequeue_many(self, n, name=None):
        """Takes several elements, put together along a new first dimension; waits until there are as many.

        Args:
          n: how many, an int32 scalar.
          name: the name of the operation.

        Returns:
          A tensor, a list of tensors, or a dictionary of tensors.

        Raises:
          OutOfRangeError (when it runs): the queue is closed and has fewer.
        """
        name = "%s_DequeueMany" % self._name if name is None else name
        found = OPS["QueueDequeueManyV2"](self._queue_ref, n, component_types=self._dtypes, name=name)
        count = None if here.eager else constant_value(found[0].op.inputs[1])
        return self._dequeued(found, TensorShape([None if count is None else int(count)]))

    def dequeue_up_to(self, n, name=None):
        """Takes several elements, and fewer if the queue is closed.

        Args:
          n: how many at most, an int32 scalar.
          name: the name of the operation.

        Returns:
          A tensor, a list of tensors, or a dictionary of tensors.

        Raises:
          OutOfRangeError (when it runs): the queue is closed and empty.
        """
        name = "%s_DequeueUpTo" % self._name if name is None else name
        found = OPS["QueueDequeueUpToV2"](self._queue_ref, n, component_types=self._dtypes, name=name)
        return self._dequeued(found, TensorShape([None]))

    # -------------------------------------------------------------------------------------------------------- closing

    def close(self, cancel_pending_enqueues=False, name=None):
        """Closes the queue: nothing is added any more; what is in it can still be taken.

        Args:
          cancel_pending_enqueues: whether those who wait to add elements fail.
          name: the name of the operation.

        Returns:
          The operation; eagerly None.
        """
        name = "%s_Close" % self._name if name is None else name
        return self._op("QueueClose")(self._queue_ref, cancel_pending_enqueues=cancel_pending_enqueues, name=name)

    def is_closed(self, name=None):
        """Whether the queue is closed, a bool tensor."""
        return self._op("QueueIsClosed")(self._queue_ref, name="%s_Is_Closed" % self._name if name is None else name)

    def size(self, name=None):
        """How many elements are in the queue, an int32 tensor."""
        return self._op("QueueSize")(self._queue_ref, name="%s_Size" % self._name if name is None else name)


def _what_is_common(a, b):
    """The shape that two have in common."""
    return TensorShape(shapes_of.relax(shapes_of.as_tuple(a), shapes_of.as_tuple(b)))


def values_of(vals):
    """The components of an element, however it is given."""
    return list(vals.values()) if isinstance(vals, dict) else vals if isinstance(vals, list | tuple) else [vals]


def _described(shapes):
    """Shapes as an attribute; none if they are not told."""
    return [] if shapes is None else shapes


@export("FIFOQueue", "queue.FIFOQueue")
class FIFOQueue(QueueBase):
    """A queue whose elements are taken in the order in which they were added.

    Args:
      capacity: the most elements that it holds; below zero there is no limit.
      dtypes: the types of the components of an element; one type for elements of one tensor.
      shapes: their shapes, fully known; None if elements differ in shape (then only `dequeue` takes them).
      names: names of the components, for elements that are dictionaries.
      shared_name: the name under which sessions of a server share it.
      name: the name of the operation.
    """

    def __init__(self, capacity, dtypes, shapes=None, names=None, shared_name=None, name="fifo_queue"):
        dtypes = as_type_list(dtypes)
        shapes = as_shape_list(shapes)
        names = _as_name_list(names, dtypes)
        ref = registry["FIFOQueueV2"](component_types=dtypes, shapes=_described(shapes), capacity=capacity,
                                      shared_name=_shared(shared_name) or "", name=name)  # fmt: skip
        super().__init__(dtypes, shapes, names, ref)


@export("RandomShuffleQueue", "queue.RandomShuffleQueue", "io.RandomShuffleQueue")
class RandomShuffleQueue(QueueBase):
    """A queue whose elements are taken in random order.

    Args:
      capacity: the most elements that it holds; below zero there is no limit.
      min_after_dequeue: how many elements stay, while it is not closed, to be mixed with new ones.
      dtypes: the types of the components of an element; one type for elements of one tensor.
      shapes: their shapes, fully known; None if elements differ in shape (then only `dequeue` takes them).
      names: names of the components, for elements that are dictionaries.
      seed: the seed of the random order.
      shared_name: the name under which sessions of a server share it.
      name: the name of the operation.
    """

    def __init__(self, capacity, min_after_dequeue, dtypes, shapes=None, names=None, seed=None, shared_name=None,
                 name="random_shuffle_queue"):  # fmt: skip
        dtypes = as_type_list(dtypes)
        shapes = as_shape_list(shapes)
        names = _as_name_list(names, dtypes)
        seed1, seed2 = get_seed(seed)
        if seed1 is None and seed2 is None:
            seed1, seed2 = 0, 0
        elif seed is None and shared_name is not None:
            seed2 = int(hashlib.md5((str(seed1) + shared_name).encode()).hexdigest()[:8], 16) & 0x7FFFFFFF
        ref = registry["RandomShuffleQueueV2"](
            component_types=dtypes, shapes=_described(shapes), capacity=capacity, min_after_dequeue=min_after_dequeue,
            seed=seed1, seed2=seed2, shared_name=_shared(shared_name) or "", name=name,
        )  # fmt: skip
        super().__init__(dtypes, shapes, names, ref)


@export("PaddingFIFOQueue", "queue.PaddingFIFOQueue", "io.PaddingFIFOQueue")
class PaddingFIFOQueue(QueueBase):
    """A `FIFOQueue` for elements of different shapes, which are filled up when several are taken together.

    Args:
      capacity: the most elements that it holds; below zero there is no limit.
      dtypes: the types of the components of an element; one type for elements of one tensor.
      shapes: a list of their shapes, with None for dimensions of any size.
      names: names of the components, for elements that are dictionaries.
      shared_name: the name under which sessions of a server share it.
      name: the name of the operation.

    Raises:
      ValueError: there is no list of shapes, or the rank of one is unknown.
    """

    def __init__(self, capacity, dtypes, shapes, names=None, shared_name=None, name="padding_fifo_queue"):
        dtypes = as_type_list(dtypes)
        shapes = as_shape_list(shapes, allow_unknown_dims=True)
        names = _as_name_list(names, dtypes)
        if len(dtypes) != len(shapes):
            raise ValueError("Shapes must be provided for all components, but received %d dtypes and %d shapes."
                             % (len(dtypes), len(shapes)))  # fmt: skip
        ref = registry["PaddingFIFOQueueV2"](component_types=dtypes, shapes=shapes, capacity=capacity,
                                             shared_name=_shared(shared_name) or "", name=name)  # fmt: skip
        super().__init__(dtypes, shapes, names, ref)


@export("PriorityQueue", "queue.PriorityQueue", "io.PriorityQueue")
class PriorityQueue(QueueBase):
    """A queue whose elements are taken in the order of their priorities, an int64 that comes before the components.

    Args:
      capacity: the most elements that it holds; below zero there is no limit.
      types: the types of the components of an element besides the priority.
      shapes: their shapes, fully known; None if elements differ in shape (then only `dequeue` takes them).
      names: names of the components, the priority's first, for elements that are dictionaries.
      shared_name: the name under which sessions of a server share it.
      name: the name of the operation.
    """

    def __init__(self, capacity, types, shapes=None, names=None, shared_name=None, name="priority_queue"):
        component_types = as_type_list(types)
        shapes = as_shape_list(shapes)
        ref = registry["PriorityQueueV2"](component_types=component_types, shapes=_described(shapes), capacity=capacity,
                                          shared_name=_shared(shared_name) or "", name=name)  # fmt: skip
        all_shapes = [(), *shapes] if shapes else shapes
        super().__init__([_INT64, *component_types], all_shapes, names, ref)


_INT64 = all_types.int64
