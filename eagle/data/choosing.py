"""Datasets that choose among elements or datasets: by number, without errors, without repetitions; and sliding windows."""

import collections
import itertools
import time

import numpy as np

from ..core import shape as shapes
from ..core.errors import DataLossError, OpError, invalid
from ..core.variants import tensors_as_variants
from .dataset_op import dataset_op
from .flow import stacked
from .running import DatasetValue, Unary


class Directed(DatasetValue):
    """The next element of one dataset or another, as numbers say."""

    __slots__ = ("inputs",)

    def __init__(self, selector, datasets):
        self.inputs = (selector, *datasets)

    def iterate(self, run, place):
        selector, *datasets = [d.iterate(run, "%sDirected[%d]/" % (place, i)) for i, d in enumerate(self.inputs)]
        return _Directed(selector, datasets)


class _Directed:
    def __init__(self, selector, datasets):
        self._selector, self._datasets = selector, datasets
        self._left = len(datasets)

    def __iter__(self):
        return self

    def __next__(self):
        while self._left:
            number = next(self._selector)[0]
            if number.ndim:
                raise invalid("The selector input must be a dataset of scalar int64 elements.")
            if not 0 <= number < len(self._datasets):
                raise invalid("Selector index out of range: %d >= %d", number, len(self._datasets))
            if self._datasets[number] is not None:
                try:
                    return next(self._datasets[number])
                except StopIteration:
                    self._datasets[number] = None
                    self._left -= 1
        raise StopIteration


@dataset_op("DirectedInterleaveDataset", "ExperimentalDirectedInterleaveDataset")
def _directed(xp, selector_input_dataset, data_input_datasets):
    return Directed(selector_input_dataset, data_input_datasets)


class WithoutErrors(Unary):
    """The elements of a dataset that did not fail."""

    __slots__ = ()

    def iterate(self, run, place):
        return _WithoutErrors(self.upstream(run, place))


class _WithoutErrors:
    def __init__(self, upstream):
        self._upstream = upstream

    def __iter__(self):
        return self

    def __next__(self):
        while True:
            try:
                return next(self._upstream)
            except OpError:
                continue


@dataset_op("IgnoreErrorsDataset", "ExperimentalIgnoreErrorsDataset")
def _ignore_errors(xp, input_dataset):
    return WithoutErrors(input_dataset)


class Unique(Unary):
    """The elements of a dataset, each once."""

    __slots__ = ()

    def iterate(self, run, place):
        seen = set()

        def is_new(element):
            value = element[0]
            key = value.shape, tuple(value.ravel().tolist()) if value.dtype.hasobject else value.tobytes()
            if key in seen:
                return False
            seen.add(key)
            return True

        return filter(is_new, self.upstream(run, place))


@dataset_op("UniqueDataset", "ExperimentalUniqueDataset")
def _unique(xp, input_dataset):
    return Unique(input_dataset)


class Sliding(Unary):
    """Batches of elements that overlap."""

    __slots__ = ("count", "shift", "stride")

    def __init__(self, input, count, shift, stride):
        super().__init__(input)
        self.count, self.shift, self.stride = count, shift, stride

    def iterate(self, run, place):
        return _Sliding(self, self.upstream(run, place))

    def size(self):
        size = self.input.size()
        return size if size < 0 else max(0, (size - ((self.count - 1) * self.stride + 1)) // self.shift + 1)


class _Sliding:
    def __init__(self, dataset, upstream):
        self._dataset, self._upstream = dataset, upstream
        self._held = collections.deque()
        self._skip = 0

    def __iter__(self):
        return self

    def __next__(self):
        d, held = self._dataset, self._held
        for _ in range(self._skip):
            next(self._upstream)
        self._skip = 0
        wanted = (d.count - 1) * d.stride + 1
        while len(held) < wanted:
            held.append(next(self._upstream))
        window = list(itertools.islice(held, 0, None, d.stride))
        self._skip = max(0, d.shift - wanted)
        for _ in range(min(d.shift, wanted)):
            held.popleft()
        return stacked(window)


@dataset_op("SlidingWindowDataset", "ExperimentalSlidingWindowDataset")
def _sliding(xp, input_dataset, window_size, window_shift, window_stride):
    for name, value in (("size", window_size), ("shift", window_shift), ("stride", window_stride)):
        if value <= 0:
            raise invalid("Window %s must be greater than zero." % name)
    return Sliding(input_dataset, int(window_size), int(window_shift), int(window_stride))


class SparseBatches(Unary):
    """Batches of dense elements as serialized sparse tensors with rows of one shape."""

    __slots__ = ("count", "row_shape")

    def __init__(self, input, count, row_shape):
        super().__init__(input)
        self.count, self.row_shape = count, row_shape

    def iterate(self, run, place):
        return _SparseBatches(self, self.upstream(run, place))

    def size(self):
        size = self.input.size()
        return size if size < 0 else -(-size // self.count)

    def sparse(self, values):
        """The three parts of the sparse tensor of some rows."""
        shape = list(self.row_shape)
        indices = []
        for i, v in enumerate(values):
            if v.ndim != len(shape):
                raise invalid("Input element had shape (%s) that is incompatible with the row shape (%s).",
                              shapes.to_brackets(v.shape), shapes.to_brackets(self.row_shape))  # fmt: skip
            for j, d in enumerate(v.shape):
                if self.row_shape[j] < 0:
                    shape[j] = max(shape[j], d)
                elif d > self.row_shape[j]:
                    raise DataLossError(None, None, "Input element had shape (%s) that is larger than the row shape (%s)."
                                        % (shapes.to_brackets(v.shape), shapes.to_brackets(self.row_shape)))  # fmt: skip
            places = np.indices(v.shape).reshape(v.ndim, v.size).T
            indices.append(np.concatenate([np.full((v.size, 1), i), places], 1))
        flat = np.concatenate([v.ravel() for v in values])
        return np.concatenate(indices).astype(np.int64), flat, np.array([len(values), *shape], np.int64)


class _SparseBatches:
    def __init__(self, dataset, upstream):
        self._dataset, self._upstream = dataset, upstream

    def __iter__(self):
        return self

    def __next__(self):
        chunk = list(itertools.islice(self._upstream, self._dataset.count))
        if not chunk:
            raise StopIteration
        return (tensors_as_variants(self._dataset.sparse([e[0] for e in chunk]), (3,)),)


@dataset_op("DenseToSparseBatchDataset", "ExperimentalDenseToSparseBatchDataset")
def _sparse_batches(xp, input_dataset, batch_size, row_shape):
    if batch_size <= 0:
        raise invalid("Batch size must be greater than zero.")
    return SparseBatches(input_dataset, int(batch_size), tuple(int(d) for d in row_shape))


class Sleeping(Unary):
    """The elements of a dataset, each after a pause."""

    __slots__ = ("seconds",)

    def __init__(self, input, seconds):
        super().__init__(input)
        self.seconds = seconds

    def iterate(self, run, place):
        return map(self._after_pause, self.upstream(run, place))

    def _after_pause(self, element):
        time.sleep(self.seconds)
        return element

    def size(self):
        return self.input.size()


@dataset_op("SleepDataset", "ExperimentalSleepDataset")
def _sleep(xp, input_dataset, sleep_microseconds):
    return Sleeping(input_dataset, int(sleep_microseconds) * 1e-6)
