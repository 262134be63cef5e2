"""The ops of queues.  Each has an old form, whose handle is a reference, and a new one, whose handle is a resource."""

import numpy as np

from ..core.constant import eager_name
from ..core.errors import invalid
from ..core.op import Host, State, op
from .queue_state import UNBOUNDED, PaddingFIFOQueue, PriorityQueue, Queue, RandomShuffleQueue, private_names


def _made(kind, state, node_name, attrs):
    """The queue that an operation makes or shares."""
    shared = attrs["shared_name"]

    def make():
        name = shared or "_%d_%s" % (next(private_names), node_name)
        capacity = attrs["capacity"] if attrs["capacity"] >= 0 else UNBOUNDED
        types, component_shapes = kind.all_types(attrs["component_types"]), kind.all_shapes(attrs["shapes"])
        if component_shapes and len(component_shapes) != len(types) or kind is PaddingFIFOQueue and not component_shapes:
            raise invalid("Shapes must be provided for all components, but received %d dtypes and %d shapes." if kind is
                          PaddingFIFOQueue else "Different number of component types (%d) vs. shapes (%d).",
                          len(types), len(component_shapes))  # fmt: skip
        if kind is RandomShuffleQueue:
            return kind(name, capacity, types, component_shapes, _least(attrs, capacity), attrs["seed"], attrs["seed2"])
        return kind(name, capacity, types, component_shapes)

    found = state.resource((attrs["container"], "queue"), shared or (node_name,), make)
    if shared:
        if type(found) is not kind:
            raise invalid("Expected %s, found %s", found.kind, kind.kind)
        found.match(attrs)
    return found


def _least(attrs, capacity):
    least = attrs["min_after_dequeue"]
    if least < 0:
        raise invalid("min_after_dequeue %d must be >= 0", least)
    if least >= capacity:
        raise invalid("min_after_dequeue %d must be < capacity %d", least, capacity)
    return least


def _name_of(state):
    return state.node_name or "queue"


@op("FIFOQueueV2", host=True)
def _fifo(xp, *, component_types, shapes=(), capacity=-1, container="", shared_name="", state: State):
    attrs = dict(component_types=component_types, shapes=shapes, capacity=capacity, container=container, shared_name=shared_name)
    return _made(Queue, state, _name_of(state), attrs)


@op("PaddingFIFOQueueV2", host=True)
def _padding(xp, *, component_types, shapes=(), capacity=-1, container="", shared_name="", state: State):
    attrs = dict(component_types=component_types, shapes=shapes, capacity=capacity, container=container, shared_name=shared_name)
    return _made(PaddingFIFOQueue, state, _name_of(state), attrs)


@op("PriorityQueueV2", host=True)
def _priority(xp, *, component_types=(), shapes, capacity=-1, container="", shared_name="", state: State):
    attrs = dict(component_types=component_types, shapes=shapes, capacity=capacity, container=container, shared_name=shared_name)
    return _made(PriorityQueue, state, _name_of(state), attrs)


@op("RandomShuffleQueueV2", host=True)
def _random_shuffle(xp, *, component_types, shapes=(), capacity=-1, min_after_dequeue=0, seed=0, seed2=0, container="",
                    shared_name="", state: State):  # fmt: skip
    attrs = dict(component_types=component_types, shapes=shapes, capacity=capacity, container=container, shared_name=shared_name,
                 min_after_dequeue=min_after_dequeue, seed=seed, seed2=seed2)  # fmt: skip
    return _made(RandomShuffleQueue, state, _name_of(state), attrs)


for _op in (_fifo, _padding, _priority, _random_shuffle):
    _op.shape(lambda: ())


def _declare_old(name, kind, kernel):
    """The old form of an op that makes a queue: its output stands for the queue itself."""
    declared = op(name, host=True)(kernel)
    declared.shape(lambda: (2,))

    @declared.emits("numpy")
    def _(program, node):
        queue = _made(kind, program.state, node._name, node.attrs)
        program.refer(node.outputs[0], program.bind(node._name, queue))


def _graphs_only(xp, *, component_types, shapes=(), capacity=-1, container="", shared_name=""):
    raise NotImplementedError("a queue whose handle is a reference exists in graphs only")


def _shuffled_graphs_only(xp, *, component_types, shapes=(), capacity=-1, min_after_dequeue=0, seed=0, seed2=0, container="",
                          shared_name=""):  # fmt: skip
    raise NotImplementedError("a queue whose handle is a reference exists in graphs only")


for _name, _kind in (("FIFOQueue", Queue), ("PaddingFIFOQueue", PaddingFIFOQueue), ("PriorityQueue", PriorityQueue)):
    _declare_old(_name, _kind, _graphs_only)
_declare_old("RandomShuffleQueue", RandomShuffleQueue, _shuffled_graphs_only)


# ---------------------------------------------------------------------------------------------------------- what they do


def _check_timeout(timeout_ms):
    if timeout_ms != -1:
        raise invalid("Timeout not supported yet.")


def _check_components(handle, component_types):
    if tuple(component_types) != tuple(handle.types):
        have, want = (", ".join(map(eager_name, ts)) for ts in (component_types, handle.types))
        raise invalid("Signature mismatch, have: resource->%s expected: resource->%s", have, want)


def _enqueue(xp, handle, components, *, Tcomponents, timeout_ms=-1):
    _check_timeout(timeout_ms)
    handle.enqueue(components)
    return ()


def _enqueue_many(xp, handle, components, *, Tcomponents, timeout_ms=-1):
    _check_timeout(timeout_ms)
    handle.enqueue_many(components)
    return ()


def _dequeue(xp, handle, *, component_types, timeout_ms=-1):
    _check_timeout(timeout_ms)
    _check_components(handle, component_types)
    return handle.dequeue()


def _dequeue_many(xp, handle, n: Host, *, component_types, timeout_ms=-1):
    _check_timeout(timeout_ms)
    _check_components(handle, component_types)
    if n < 0:
        raise invalid("DequeueManyOp requested %d < 0 elements", n)
    return handle.dequeue_many(n)


def _dequeue_up_to(xp, handle, n: Host, *, component_types, timeout_ms=-1):
    _check_timeout(timeout_ms)
    _check_components(handle, component_types)
    if n < 0:
        raise invalid("DequeueUpToOp requested %d < 0 elements", n)
    return handle.dequeue_many(n, allow_small_batch=True)


def _close(xp, handle, *, cancel_pending_enqueues=False):
    handle.shut(cancel_pending_enqueues)
    return ()


def _is_closed(xp, handle):
    return np.bool_(handle.closed)


def _size(xp, handle):
    return np.int32(handle.count())


def _no_outputs(handle, components=None):
    return []


def _unknown(handle, *, component_types):
    return [None] * len(component_types)


def _unknown_many(handle, n, *, component_types):
    if n is not None and n < 0:
        raise ValueError("Input 'n' must be >= 0, but is %d" % n)
    return [None] * len(component_types)


def _scalar(handle):
    return ()


_KERNELS = {
    "QueueEnqueue": (_enqueue, _no_outputs),
    "QueueEnqueueMany": (_enqueue_many, _no_outputs),
    "QueueDequeue": (_dequeue, _unknown),
    "QueueDequeueMany": (_dequeue_many, _unknown_many),
    "QueueDequeueUpTo": (_dequeue_up_to, _unknown_many),
    "QueueClose": (_close, _no_outputs),
    "QueueIsClosed": (_is_closed, _scalar),
    "QueueSize": (_size, _scalar),
}
_WAITS = {_enqueue: 1, _enqueue_many: 1, _close: 1, _dequeue: 2, _dequeue_many: 2, _dequeue_up_to: 2}
OPS = {}
for _name, (_kernel, _rule) in _KERNELS.items():
    for _form in (_name, _name + "V2"):
        OPS[_form] = op(_form, host=True, ignores=("Tcomponents",), waits=_WAITS.get(_kernel, 0))(_kernel)
        OPS[_form].shape(_rule)
    if _name != "QueueIsClosed":
        OPS[_name].not_differentiable()
