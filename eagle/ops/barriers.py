"""Barriers: elements whose components come one by one, under keys, and that are taken when they are complete."""

import threading

import numpy as np

from ..core import dtypes, shape as shapes_of
from ..core.constant import eager_name
from ..core.dtypes import NamedResource
from ..core.errors import OutOfRangeError, invalid
from ..core.export import export
from ..core.op import Host, op
from ..core.shape import Dimension, TensorShape
from ..core.static_values import constant_value
from .queue_state import UNBOUNDED, PriorityQueue, cancelled, element_of, private_names, row
from .queues import as_shape_list, as_type_list

_text = shapes_of.to_brackets


class BarrierState(NamedResource):
    """What a barrier is at run time.

    Args:
      name: as messages show it.
      types, component_shapes: of the components of a value.
    """

    def __init__(self, name, types, component_shapes):
        self.name, self.types, self.shapes = name, tuple(types), tuple(component_shapes)
        self._lock = threading.Lock()
        self._incomplete = {}  # key -> the number of the insertion, and its components so far
        self._insertions = -(2**63)
        self._is_closed = self._cancels = False
        self._ready = PriorityQueue(name + "_queue", UNBOUNDED, (dtypes.int64, dtypes.string, *types), ((), (), *component_shapes))

    def insert(self, index, keys, values):
        """Gives component `index` of the elements under `keys` their values."""
        if not 0 <= index < len(self.types):
            raise invalid("The component ID is out of range %d > num_components (= %d)", index, len(self.types))
        if keys.size and not values.size:
            raise invalid("Tensors with no elements are not supported %s: received shape %s", self.name, _text(values.shape))
        with self._lock:
            if self._is_closed and (self._cancels or keys.size and not self._incomplete):
                raise cancelled("Barrier %s is closed.  Pending enqueues cancelled: %d.  Number of new insertions: %d.  Number of "
                                "incomplete keys: %d." % (self.name, self._cancels, keys.size, len(self._incomplete)))  # fmt: skip
            before, done = self._insertions, []
            for i, key in enumerate(keys.ravel().tolist()):
                complete = self._insert_one(i, key, index, row(values, i), before)
                if complete:
                    done.append(complete)
        for element in done:
            self._ready.enqueue(element)
        with self._lock:
            if self._is_closed and not self._incomplete and not self._ready.closed and self._ready.count():
                self._ready.shut(False)

    def _insert_one(self, i, key, index, value, number):
        """One component of one element; the element if that completes it."""
        if key not in self._incomplete:
            if self._is_closed:
                message = ("Barrier %s is closed, but attempted to insert a brand new key: %s.  Pending enqueues cancelled: %d.  "
                           "Insertion index: %d.  Number of incomplete keys: %d.")  # fmt: skip
                raise cancelled(message % (self.name, key.decode("utf8", "replace"), self._cancels, i, len(self._incomplete)))
            self._incomplete[key] = number, [None] * len(self.types)
            self._insertions = number + 1
        first, parts = self._incomplete[key]
        if parts[index] is not None:
            raise invalid(
                "Key %s already has a value for component %d in barrier %s", key.decode("utf8", "replace"), index, self.name
            )
        (parts[index],) = element_of((value,))
        if any(part is None for part in parts):
            return None
        del self._incomplete[key]
        element = (np.array(first, np.int64), np.array(key, object), *parts)
        self._ready.check(element)
        return element

    def take(self, count, allow_small_batch):
        """Takes complete elements, those first whose first components came first: insertions, keys, and lists of components."""
        with self._lock:
            if self._is_closed:
                ready = self._ready.count()
                if allow_small_batch:
                    count = min(count, ready)
                else:
                    ready += len(self._incomplete)
                if ready < max(count, 1):
                    message = "Barrier '%s' is closed and has insufficient elements (requested %d, total size %d)"
                    raise OutOfRangeError(None, None, message % (self.name, count, ready))
        indices, keys, *values = self._ready.dequeue_many(count, allow_small_batch)
        return indices, keys, list(values)

    def shut(self, cancels):
        """Closes the barrier: there are no new keys; with `cancels` elements are not completed either."""
        with self._lock:
            if self._is_closed and (self._cancels or not cancels):
                raise cancelled("Barrier '%s' is already closed." % self.name)
            self._cancels, self._is_closed = cancels, True
            if cancels or not self._incomplete:
                self._incomplete.clear()
                self._ready.shut(cancels)

    def close(self):
        """Ends with its session: whoever waits fails."""
        self._ready.close()

    def ready(self):
        return self._ready.count()

    def incomplete(self):
        with self._lock:
            return len(self._incomplete)

    def match(self, attrs):
        """Raises if a node that shares the barrier describes another one."""
        types, component_shapes = tuple(attrs["component_types"]), tuple(attrs["shapes"])
        if types != self.types:
            raise invalid("Shared barrier '%s' has component types %s but requested component types were %s", self.name,
                          *[", ".join(map(eager_name, ts)) for ts in (self.types, types)])  # fmt: skip
        if component_shapes != self.shapes:
            raise invalid("Shared barrier '%s' has component shapes %s but requested component shapes were %s", self.name,
                          *["[%s]" % ", ".join(map(_text, ss)) for ss in (self.shapes, component_shapes)])  # fmt: skip


# --------------------------------------------------------------------------------------------------------------------- ops


@op("Barrier", host=True)
def _barrier(xp, *, component_types, shapes=(), capacity=-1, container="", shared_name=""):
    raise NotImplementedError("a barrier, whose handle is a reference, exists in graphs only")


_barrier.shape(lambda: (2,))


def _made(state, node):
    attrs = node.attrs
    shared = attrs["shared_name"]

    def make():
        if attrs["capacity"] != -1:
            raise invalid("Barrier only accepts capacity=-1.  Feed the inputs to your Barrier through a queue to enforce a limited "
                          "capacity.")  # fmt: skip
        if len(attrs["shapes"]) != len(attrs["component_types"]) or any(s is None or None in s for s in attrs["shapes"]):
            raise invalid("All of the component shapes must be specified")
        name = shared or "_%d_%s" % (next(private_names), node._name)
        return BarrierState(name, attrs["component_types"], attrs["shapes"])

    found = state.resource((attrs["container"], "barrier"), shared or (node._name,), make)
    if shared:
        found.match(attrs)
    return found


@_barrier.emits("numpy")
def _(program, node):
    program.refer(node.outputs[0], program.bind(node._name, _made(program.state, node)))


@op("BarrierInsertMany", host=True, waits=1)
def _insert(xp, handle, keys, values, *, component_index):
    handle.insert(component_index, keys, values)
    return ()


@_insert.shape
def _(handle, keys, values):
    shapes_of.with_rank(keys, 1)
    return []


@op("BarrierTakeMany", host=True, waits=2)
def _take(xp, handle, num_elements: Host, *, component_types, allow_small_batch=False, wait_for_incomplete=False, timeout_ms=-1):
    if timeout_ms != -1:
        raise invalid("Timeout not supported yet.")
    if type(num_elements) is tuple:
        raise invalid("num_elements must be a scalar.")
    return handle.take(num_elements, allow_small_batch or wait_for_incomplete)


@_take.shape
def _(handle, num_elements, *, component_types):
    return [None] * (2 + len(component_types))


@op("BarrierClose", host=True, waits=1)
def _close(xp, handle, *, cancel_pending_enqueues=False):
    handle.shut(cancel_pending_enqueues)
    return ()


_close.shape(lambda handle: [])


@op("BarrierReadySize", host=True)
def _ready_size(xp, handle):
    return np.int32(handle.ready())


@op("BarrierIncompleteSize", host=True)
def _incomplete_size(xp, handle):
    return np.int32(handle.incomplete())


for _size in (_ready_size, _incomplete_size):
    _size.shape(lambda handle: ())


# -------------------------------------------------------------------------------------------------------------- the class


@export("python.ops.data_flow_ops.Barrier")
class Barrier:
    """Elements whose components come one by one, under keys, and that are taken when they are complete.

    Args:
      types: the types of the components.
      shapes: their shapes, fully defined.
      shared_name: the name under which sessions of a server share it.
      name: the name of the operation.

    Raises:
      ValueError: there are not as many shapes as types, or one has no elements.
    """

    def __init__(self, types, shapes=None, shared_name=None, name="barrier"):
        self._types = as_type_list(types)
        self._shapes = [TensorShape(None)] * len(self._types)
        if shapes is not None:
            self._shapes = as_shape_list(shapes)
            if len(self._shapes) != len(self._types):
                raise ValueError("When providing shapes, must provide them for all types")
            for i, shape in enumerate(self._shapes):
                if shape.num_elements() == 0:
                    raise ValueError("Empty tensors are not supported, but received shape '%s' at index %d" % (shape, i))
        given = [] if shapes is None else self._shapes
        self._barrier_ref = _barrier(component_types=self._types, shapes=given, shared_name=shared_name or "", name=name)
        self._name = self._barrier_ref.op.name.split("/")[-1]

    barrier_ref = property(lambda self: self._barrier_ref, doc="The handle.")
    name = property(lambda self: self._barrier_ref.op.name, doc="The name of the operation.")

    def _named(self, name, what):
        return "%s_Barrier%s" % (self._name, what) if name is None else name

    def insert_many(self, component_index, keys, values, name=None):
        """An operation that gives one component of several elements its values.

        Args:
          component_index: which component.
          keys: a vector of strings.
          values: a tensor with a value for each.
          name: the name of the operation.
        """
        return _insert(self._barrier_ref, keys, values, component_index=component_index, name=self._named(name, "InsertMany"))

    def take_many(self, num_elements, allow_small_batch=False, timeout=None, name=None):
        """Takes complete elements; waits until there are enough.

        Args:
          num_elements: how many.
          allow_small_batch: whether fewer will do when the barrier is closed.
          timeout: not supported by TensorFlow either: a number fails when it runs.
          name: the name of the operation.

        Returns:
          The numbers of the insertions with their first components, from -2**63 on, the keys, and the list of components.
        """
        timeout = -1 if timeout is None else timeout
        found = _take(self._barrier_ref, num_elements, component_types=self._types, allow_small_batch=allow_small_batch,
                      timeout_ms=timeout, name=self._named(name, "TakeMany"))  # fmt: skip
        indices, keys, values = found
        count = None if allow_small_batch else constant_value(indices.op.inputs[1])
        rows = TensorShape([Dimension(None if count is None else int(count))])
        for tensor, shape in zip([indices, keys, *values], [[], [], *self._shapes]):
            tensor.set_shape(rows.concatenate(shape))
        return found

    def close(self, cancel_pending_enqueues=False, name=None):
        """An operation that closes the barrier: there are no new keys.

        Args:
          cancel_pending_enqueues: whether elements can't be completed any more either.
          name: the name of the operation.
        """
        return _close(self._barrier_ref, cancel_pending_enqueues=cancel_pending_enqueues, name=self._named(name, "Close"))

    def ready_size(self, name=None):
        """How many elements are complete, an int32 scalar."""
        return _ready_size(self._barrier_ref, name=self._named(name, "ReadySize"))

    def incomplete_size(self, name=None):
        """How many elements are not complete yet, an int32 scalar."""
        return _incomplete_size(self._barrier_ref, name=self._named(name, "IncompleteSize"))
