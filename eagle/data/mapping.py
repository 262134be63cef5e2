"""Datasets that functions make of others: mapped, filtered, flattened, interleaved, scanned, grouped."""

import itertools
import operator

import numpy as np

from ..core import shape as shapes
from ..core.errors import InvalidArgumentError, OpError, invalid
from .dataset_op import dataset_op
from .flow import Batch, Batches, batches_of, stacked
from .running import UNKNOWN, DatasetValue, Function, Unary
from .sources import Elements
from .threads import CORES, OrderedMap, Prefetcher


class Map(Unary):
    """What a function makes of the elements of a dataset, with `calls` calls at a time (0: none but the caller's own)."""

    __slots__ = ("function", "calls", "keeps_size")

    def __init__(self, input, function, calls=0, keeps_size=False):
        super().__init__(input)
        self.function, self.calls, self.keeps_size = function, calls, keeps_size

    def iterate(self, run, place):
        call = self.function.bind_numbered(run, may_end=not self.keeps_size)
        upstream = zip(itertools.count(), self.upstream(run, place))
        if self.calls:
            return OrderedMap(call, upstream, self.calls)
        return map(call, upstream)

    def size(self):
        return self.input.size() if self.keeps_size else UNKNOWN if self.input.size() == UNKNOWN else self.input.size()


_MAP = ("use_inter_op_parallelism",)


@dataset_op("MapDataset", "ExperimentalMapDataset", ignores=_MAP)
def _map(xp, input_dataset, other_arguments, *, f, preserve_cardinality=False):
    return Map(input_dataset, Function(f, other_arguments), 0, preserve_cardinality)


def parallel_calls(count, name="num_parallel_calls"):
    """How many calls at a time are asked for; -1 leaves it to us."""
    if count == -1:
        return CORES
    if count < 1:
        raise invalid("%s must be greater than zero." % name)
    return int(count)


@dataset_op("ParallelMapDataset", ignores=(*_MAP, "sloppy"))
def _parallel_map(xp, input_dataset, other_arguments, num_parallel_calls, *, f, preserve_cardinality=False):
    return Map(input_dataset, Function(f, other_arguments), parallel_calls(num_parallel_calls), preserve_cardinality)


@dataset_op("MapAndBatchDataset", "ExperimentalMapAndBatchDataset")
def _map_and_batch(xp, input_dataset, other_arguments, batch_size, num_parallel_calls, drop_remainder, *, f,
                   preserve_cardinality=False):  # fmt: skip
    if batch_size <= 0:
        raise invalid("batch_size must be greater than zero.")
    calls = parallel_calls(num_parallel_calls)
    mapped = Map(input_dataset, Function(f, other_arguments), calls, preserve_cardinality)
    return MapAndBatch(mapped, int(batch_size), bool(drop_remainder))


class MapAndBatch(Batch):
    """Batches of mapped elements, of which one is made ahead."""

    __slots__ = ()

    def iterate(self, run, place):
        batches = Batches(self.upstream(run, place), self.count, self.drops, _stacked_results, _whole_chunk)
        return Prefetcher(batches, 1, run)

    def size(self):
        return batches_of(self.input.input.size(), self.count, self.drops)


def _whole_chunk(upstream, count):
    """As many elements, of which all are taken even if one is an error, which is raised at the end."""
    chunk, error = [], None
    for _ in range(count):
        try:
            chunk.append(next(upstream))
        except StopIteration:
            break
        except OpError as e:
            error = error or e
    if error is not None:
        raise error
    return chunk


def _stacked_results(chunk):
    for values in zip(*chunk):
        shape = values[0].shape
        for v in values:
            if v.shape != shape:
                raise invalid("Cannot add tensor to the batch: number of elements does not match. Shapes are: [tensor]: %s, "
                              "[batch]: %s", shapes.to_brackets(v.shape), shapes.to_brackets(shape))  # fmt: skip
    return stacked(chunk)


class Filter(Unary):
    """The elements of a dataset for which a function is true."""

    __slots__ = ("predicate",)

    def __init__(self, input, predicate):
        super().__init__(input)
        self.predicate = predicate

    def iterate(self, run, place):
        return filter(_Predicate(self.predicate.bind(run)), self.upstream(run, place))


class _Predicate:
    __slots__ = ("_call",)

    def __init__(self, call):
        self._call = call

    def __call__(self, element):
        (value,) = self._call(element)
        if value.ndim:
            raise invalid("Filter predicate `f` must return a scalar bool.")
        return bool(value)


@dataset_op("FilterDataset")
def _filter(xp, input_dataset, other_arguments, *, predicate):
    return Filter(input_dataset, Function(predicate, other_arguments))


class FilterByLast(Unary):
    """The elements of a dataset whose last component is true, without that component."""

    __slots__ = ()

    def iterate(self, run, place):
        return map(_without_last, filter(operator.itemgetter(-1), self.upstream(run, place)))


def _without_last(element):
    return element[:-1]


@dataset_op("FilterByLastComponentDataset")
def _filter_by_last(xp, input_dataset):
    return FilterByLast(input_dataset)


class TakeWhile(Unary):
    """The elements of a dataset up to the first for which a function is false."""

    __slots__ = ("predicate",)

    def __init__(self, input, predicate):
        super().__init__(input)
        self.predicate = predicate

    def iterate(self, run, place):
        return itertools.takewhile(_Predicate(self.predicate.bind(run)), self.upstream(run, place))


@dataset_op("TakeWhileDataset", "ExperimentalTakeWhileDataset")
def _take_while(xp, input_dataset, other_arguments, *, predicate):
    return TakeWhile(input_dataset, Function(predicate, other_arguments))


# ------------------------------------------------------------------------------------------------------- datasets of each


class _Inner:
    """Makes iterators of the datasets that a function makes of elements.

    Args:
      function: a `Function`.
      run, place: as of `DatasetValue.iterate`.
    """

    def __init__(self, function, run, place):
        self._call, self._run, self._place = function.bind(run), run, place

    def __call__(self, element, number):
        results = self._call(element)
        if len(results) != 1 or not isinstance(results[0], DatasetValue):
            raise invalid("Function must return a single scalar of dtype DT_VARIANT.")
        return results[0].iterate(self._run, "%s[%d]/" % (self._place, number))


class FlatMap(Unary):
    """The elements of the datasets that a function makes of elements, one dataset after the other."""

    __slots__ = ("function",)

    def __init__(self, input, function):
        super().__init__(input)
        self.function = function

    def iterate(self, run, place):
        place += "FlatMap"
        return itertools.chain.from_iterable(map(_Inner(self.function, run, place), self.upstream(run, place), itertools.count()))


@dataset_op("FlatMapDataset")
def _flat_map(xp, input_dataset, other_arguments, *, f):
    return FlatMap(input_dataset, Function(f, other_arguments))


class Interleave(Unary):
    """The elements of the datasets that a function makes of elements, `block` of each in turn, `cycle` datasets at a time.

    With `ahead` above 0 threads get so many elements of each dataset in advance.
    """

    __slots__ = ("function", "cycle", "block", "ahead")

    def __init__(self, input, function, cycle, block, ahead=0):
        super().__init__(input)
        self.function, self.cycle, self.block, self.ahead = function, cycle, block, ahead

    def iterate(self, run, place):
        place += "Interleave"
        inner = _Inner(self.function, run, place)
        if self.ahead:
            begin, ahead = inner, self.ahead

            def inner(element, number):
                return Prefetcher(begin(element, number), ahead, run).start()

        return _Cycle(self.upstream(run, place), inner, self.cycle, self.block, bool(self.ahead))


class _Cycle:
    """The slots of an interleaving; a slot whose dataset is exhausted takes the next element when its turn comes.

    With `eager` the slots behind it are filled at the start, so that their threads work.
    """

    def __init__(self, upstream, inner, cycle, block, eager):
        self._upstream, self._inner, self._block, self._eager = upstream, inner, block, eager
        self._slots = [None] * cycle
        self._at = self._taken = self._open = 0
        self._exhausted = False

    def __iter__(self):
        return self

    def _advance(self):
        self._at = (self._at + 1) % len(self._slots)
        self._taken = 0

    def _fill(self, at):
        try:
            element = next(self._upstream)
        except StopIteration:
            self._exhausted = True
        else:
            self._slots[at] = self._inner(element, at)
            self._open += 1

    def _fill_or_fail(self, at):
        """Fills a slot; an error is held back until the slot's turn comes."""
        try:
            self._fill(at)
        except Exception as e:
            self._slots[at] = _Failed(e)
            self._open += 1

    def __next__(self):
        if self._eager:
            self._eager = False
            for at in range(len(self._slots)):
                if not self._exhausted:
                    self._fill_or_fail(at)
        while not self._exhausted or self._open:
            current = self._slots[self._at]
            if current is not None:
                try:
                    element = next(current)
                except StopIteration:
                    self._slots[self._at] = None
                    self._open -= 1
                    self._advance()
                    continue
                self._taken += 1
                if self._taken == self._block:
                    self._advance()
                return element
            if not self._exhausted:
                self._fill(self._at)
            else:
                self._advance()
        raise StopIteration


class _Failed:
    """An iterator that raises an error, then ends."""

    def __init__(self, error):
        self._error = error

    def __next__(self):
        error, self._error = self._error, None
        if error is None:
            raise StopIteration
        raise error


def _checked_cycle(cycle_length, block_length):
    if cycle_length == -1:
        cycle_length = CORES
    if cycle_length <= 0:
        raise invalid("cycle_length must be greater than zero.")
    if block_length <= 0:
        raise invalid("block_length must be greater than zero.")
    return int(cycle_length), int(block_length)


@dataset_op("InterleaveDataset")
def _interleave(xp, input_dataset, other_arguments, cycle_length, block_length, *, f):
    return Interleave(input_dataset, Function(f, other_arguments), *_checked_cycle(cycle_length, block_length))


@dataset_op("ParallelInterleaveDatasetV2", ignores=("sloppy",))
def _parallel_interleave(xp, input_dataset, other_arguments, cycle_length, block_length, num_parallel_calls, *, f):
    cycle, block = _checked_cycle(cycle_length, block_length)
    calls = parallel_calls(num_parallel_calls)
    if num_parallel_calls != -1 and calls > cycle:
        raise invalid("num_parallel_calls must less than or equal to cycle_length.")
    return Interleave(input_dataset, Function(f, other_arguments), cycle, block, max(block, 1))


@dataset_op("ParallelInterleaveDataset", "ExperimentalParallelInterleaveDataset", ignores=("sloppy",))
def _legacy_interleave(xp, input_dataset, other_arguments, cycle_length, block_length, sloppy, buffer_output_elements,
                       prefetch_input_elements, *, f):  # fmt: skip
    cycle, block = _checked_cycle(cycle_length, block_length)
    if buffer_output_elements <= 0:
        raise invalid("`buffer_output_elements` must be > 0")
    if prefetch_input_elements < 0:
        raise invalid("`prefetch_input_elements` must be >= 0")
    return Interleave(input_dataset, Function(f, other_arguments), cycle, block, int(buffer_output_elements))


# -------------------------------------------------------------------------------------------------------- with a memory


class Scan(Unary):
    """What a function makes of a state and each element: the next state, and an element."""

    __slots__ = ("initial", "function", "keeps_size")

    def __init__(self, input, initial, function, keeps_size):
        super().__init__(input)
        self.initial, self.function, self.keeps_size = tuple(initial), function, keeps_size

    def iterate(self, run, place):
        return _Scanned(self, self.upstream(run, place), self.function.bind(run))

    def size(self):
        return self.input.size()


class _Scanned:
    def __init__(self, dataset, upstream, call):
        self._dataset, self._upstream, self._call = dataset, upstream, call
        self._state = dataset.initial

    def __iter__(self):
        return self

    def __next__(self):
        element = next(self._upstream)
        try:
            results = self._call(self._state + element)
        except StopIteration:
            if self._dataset.keeps_size:
                raise InvalidArgumentError(None, None, "Function invocation produced OutOfRangeError") from None
            raise
        count = len(self._state)
        self._state = results[:count]
        return results[count:]


@dataset_op("ScanDataset", "ExperimentalScanDataset", ignores=("Tstate",))
def _scan(xp, input_dataset, initial_state, other_arguments, *, f, preserve_cardinality=False):
    return Scan(input_dataset, initial_state, Function(f, other_arguments), preserve_cardinality)


def _key_of(results, name):
    if len(results) != 1 or results[0].dtype != np.int64 or results[0].size != 1:
        raise invalid("`%s` must return a scalar int64." % name)
    return int(results[0])


class GroupByWindow(Unary):
    """The elements of what a function makes of groups of elements with equal keys, each group as a dataset."""

    __slots__ = ("key", "reduce", "window")

    def __init__(self, input, key, reduce, window):
        super().__init__(input)
        self.key, self.reduce, self.window = key, reduce, window

    def iterate(self, run, place):
        return _Groups(self, run, place + "GroupByWindow")


class _Groups:
    def __init__(self, dataset, run, place):
        self._upstream = dataset.upstream(run, place)
        self._key, self._window = dataset.key.bind(run), dataset.window.bind(run)
        self._reduced = _Inner(dataset.reduce, run, place)
        self._groups, self._sizes = {}, {}
        self._current = None
        self._exhausted = False

    def __iter__(self):
        return self

    def _flush(self, key):
        group = self._groups.pop(key)
        self._current = self._reduced((np.int64(key), Elements(group)), 0)  # all at one place, as TensorFlow's

    def _read(self):
        """Reads until a group is whole."""
        while not self._exhausted:
            try:
                element = next(self._upstream)
            except StopIteration:
                self._exhausted = True
                return
            key = _key_of(self._key(element), "key_func")
            size = self._sizes.get(key)
            if size is None:
                size = _key_of(self._window((np.int64(key),)), "window_size_func")
                if size <= 0:
                    raise invalid("Window size must be greater than zero, but got %d.", size)
                self._sizes[key] = size
            group = self._groups.setdefault(key, [])
            group.append(element)
            if len(group) == size:
                self._flush(key)
                return

    def __next__(self):
        while True:
            if self._current is not None:
                try:
                    return next(self._current)
                except StopIteration:
                    self._current = None
            self._read()
            if self._current is None:
                if not self._groups:
                    raise StopIteration
                self._flush(min(self._groups))


@dataset_op("GroupByWindowDataset", "ExperimentalGroupByWindowDataset",
            ignores=("Tkey_func_other_arguments", "Treduce_func_other_arguments", "Twindow_size_func_other_arguments"))  # fmt: skip
def _group_by_window(xp, input_dataset, key_func_other_arguments, reduce_func_other_arguments,
                     window_size_func_other_arguments, *, key_func, reduce_func, window_size_func):  # fmt: skip
    return GroupByWindow(input_dataset, Function(key_func, key_func_other_arguments),
                         Function(reduce_func, reduce_func_other_arguments),
                         Function(window_size_func, window_size_func_other_arguments))  # fmt: skip


class GroupByReducer(Unary):
    """For each key what a reducer makes of the elements with that key."""

    __slots__ = ("key", "init", "reduce", "finalize")

    def __init__(self, input, key, init, reduce, finalize):
        super().__init__(input)
        self.key, self.init, self.reduce, self.finalize = key, init, reduce, finalize

    def iterate(self, run, place):
        return _Reduced(self, run, self.upstream(run, place))


class _Reduced:
    def __init__(self, dataset, run, upstream):
        self._upstream = upstream
        self._key, self._init = dataset.key.bind(run), dataset.init.bind(run)
        self._reduce, self._finalize = dataset.reduce.bind(run), dataset.finalize.bind(run)
        self._states = {}
        self._results = None

    def __iter__(self):
        return self

    def __next__(self):
        if self._results is None:
            for element in self._upstream:
                key = _key_of(self._key(element), "key_func")
                if key not in self._states:
                    self._states[key] = self._init((np.int64(key),))
                self._states[key] = self._reduce(self._states[key] + element)
            self._results = iter(sorted(self._states.items()))
        _, state = next(self._results)
        return self._finalize(state)


@dataset_op("GroupByReducerDataset", "ExperimentalGroupByReducerDataset",
            ignores=("Tkey_func_other_arguments", "Tinit_func_other_arguments", "Treduce_func_other_arguments",
                     "Tfinalize_func_other_arguments"))  # fmt: skip
def _group_by_reducer(xp, input_dataset, key_func_other_arguments, init_func_other_arguments, reduce_func_other_arguments,
                      finalize_func_other_arguments, *, key_func, init_func, reduce_func, finalize_func):  # fmt: skip
    return GroupByReducer(input_dataset, Function(key_func, key_func_other_arguments),
                          Function(init_func, init_func_other_arguments),
                          Function(reduce_func, reduce_func_other_arguments),
                          Function(finalize_func, finalize_func_other_arguments))  # fmt: skip
