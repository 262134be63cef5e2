"""The ops of staging areas.  There is no handle: those with one name share an area."""

import numpy as np

from ..core.op import Host, State, op
from .staging_state import Line, Map


def _line(state, dtypes, capacity, memory_limit, container, shared_name):
    return state.resource((container, "staging"), shared_name, lambda: Line(dtypes, capacity, memory_limit))


@op("Stage", host=True, waits=1)
def _stage(xp, values, *, dtypes, capacity=0, memory_limit=0, container="", shared_name="", state: State):
    _line(state, dtypes, capacity, memory_limit, container, shared_name).put(values)
    return ()


@op("Unstage", host=True, waits=2)
def _unstage(xp, *, dtypes, capacity=0, memory_limit=0, container="", shared_name="", state: State):
    return _line(state, dtypes, capacity, memory_limit, container, shared_name).get()


@op("StagePeek", host=True, waits=2)
def _peek(xp, index: Host, *, dtypes, capacity=0, memory_limit=0, container="", shared_name="", state: State):
    return _line(state, dtypes, capacity, memory_limit, container, shared_name).peek(int(index))


@op("StageSize", host=True)
def _size(xp, *, dtypes, capacity=0, memory_limit=0, container="", shared_name="", state: State):
    return np.int32(_line(state, dtypes, capacity, memory_limit, container, shared_name).size())


@op("StageClear", host=True)
def _clear(xp, *, dtypes, capacity=0, memory_limit=0, container="", shared_name="", state: State):
    _line(state, dtypes, capacity, memory_limit, container, shared_name).clear()
    return ()


def _declare_map(prefix, ordered):
    """The ops of areas with keys."""

    def area(state, dtypes, capacity, memory_limit, container, shared_name):
        return state.resource((container, prefix), shared_name, lambda: Map(ordered, dtypes, capacity, memory_limit))

    @op(prefix + "Stage", host=True, waits=1, ignores=("fake_dtypes",))
    def stage(xp, key: Host, indices: Host, values, *, dtypes, capacity=0, memory_limit=0, container="", shared_name="",
              state: State):  # fmt: skip
        area(state, dtypes, capacity, memory_limit, container, shared_name).put(int(key), np.asarray(indices).tolist(), values)
        return ()

    @op(prefix + "Unstage", host=True, waits=2)
    def unstage(xp, key: Host, indices: Host, *, dtypes, capacity=0, memory_limit=0, container="", shared_name="", state: State):
        found = area(state, dtypes, capacity, memory_limit, container, shared_name)
        return found.take(int(key), np.asarray(indices).tolist())[1]

    @op(prefix + "Peek", host=True, waits=2)
    def peek(xp, key: Host, indices: Host, *, dtypes, capacity=0, memory_limit=0, container="", shared_name="", state: State):
        found = area(state, dtypes, capacity, memory_limit, container, shared_name)
        return found.take(int(key), np.asarray(indices).tolist(), stays=True)[1]

    @op(prefix + "UnstageNoKey", host=True, waits=2)
    def unstage_any(xp, indices: Host, *, dtypes, capacity=0, memory_limit=0, container="", shared_name="", state: State):
        found = area(state, dtypes, capacity, memory_limit, container, shared_name)
        key, values = found.take(None, np.asarray(indices).tolist())
        return np.int64(key), values

    @op(prefix + "Size", host=True)
    def size(xp, *, dtypes, capacity=0, memory_limit=0, container="", shared_name="", state: State):
        return np.int32(area(state, dtypes, capacity, memory_limit, container, shared_name).size())

    @op(prefix + "IncompleteSize", host=True)
    def incomplete_size(xp, *, dtypes, capacity=0, memory_limit=0, container="", shared_name="", state: State):
        return np.int32(area(state, dtypes, capacity, memory_limit, container, shared_name).incomplete_size())

    @op(prefix + "Clear", host=True)
    def clear(xp, *, dtypes, capacity=0, memory_limit=0, container="", shared_name="", state: State):
        area(state, dtypes, capacity, memory_limit, container, shared_name).clear()
        return ()

    stage.shape(lambda key, indices, values: [])
    unstage.shape(lambda key, indices, *, dtypes: [None] * len(dtypes))
    peek.shape(lambda key, indices, *, dtypes: [None] * len(dtypes))
    unstage_any.shape(lambda indices, *, dtypes: [None, *[None] * len(dtypes)])
    size.shape(lambda: ())
    incomplete_size.shape(lambda: ())
    clear.shape(lambda: [])


_stage.shape(lambda values: [])
_unstage.shape(lambda *, dtypes: [None] * len(dtypes))
_peek.shape(lambda index, *, dtypes: [None] * len(dtypes))
_size.shape(lambda: ())
_clear.shape(lambda: [])
_declare_map("Map", False)
_declare_map("OrderedMap", True)
