"""Datasets with the elements of others: repeated, cut, chained, zipped, in batches and windows."""

import collections
import itertools
import operator

import numpy as np

from ..core import shape as shapes
from ..core.errors import DataLossError, invalid
from .dataset_op import dataset_op
from .running import INFINITE, UNKNOWN, Alias, DatasetValue, Unary, rows, stack
from .sources import Elements, Positions, Slices


class Repeat(Unary):
    """The elements of a dataset several times over; always if `count` is negative."""

    __slots__ = ("count",)

    def __init__(self, input, count):
        super().__init__(input)
        self.count = count

    def iterate(self, run, place):
        return itertools.chain.from_iterable(_Epochs(self, run, place))

    def size(self):
        size = self.input.size()
        if self.count < 0:
            return 0 if size == 0 else INFINITE
        if self.count == 0:
            return 0
        return size * self.count if size >= 0 else size


class _Epochs:
    """The iterators of one epoch after the other; empty epochs are left out, and end what has no end."""

    def __init__(self, dataset, run, place):
        self._dataset, self._run, self._place = dataset, run, place
        self._left = dataset.count
        self._begun = None  # the iterator of an epoch that has given no element yet

    def __iter__(self):
        return self

    def __next__(self):
        while True:
            if self._begun is None:
                if not self._left:
                    raise StopIteration
                self._left -= 1
                self._begun = self._dataset.upstream(self._run, self._place)
            try:
                first = next(self._begun)
            except StopIteration:
                self._begun = None
                if self._dataset.count < 0:
                    self._left = 0
                continue
            epoch, self._begun = self._begun, None
            return itertools.chain((first,), epoch)


@dataset_op("RepeatDataset")
def _repeat(xp, input_dataset, count):
    return Repeat(input_dataset, int(count))


class Take(Unary):
    """The first elements of a dataset; all if `count` is negative."""

    __slots__ = ("count",)

    def __init__(self, input, count):
        super().__init__(input)
        self.count = count

    def iterate(self, run, place):
        if not self.count:
            return iter(())
        upstream = self.upstream(run, place)
        return upstream if self.count < 0 else itertools.islice(upstream, self.count)

    def size(self):
        size = self.input.size()
        if size == UNKNOWN:
            return 0 if self.count == 0 else UNKNOWN
        return size if self.count < 0 else self.count if size == INFINITE else min(size, self.count)


@dataset_op("TakeDataset")
def _take(xp, input_dataset, count):
    return Take(input_dataset, int(count))


class Skip(Unary):
    """All but the first elements of a dataset; none if `count` is negative."""

    __slots__ = ("count",)

    def __init__(self, input, count):
        super().__init__(input)
        self.count = count

    def iterate(self, run, place):
        return iter(()) if self.count < 0 else itertools.islice(self.upstream(run, place), self.count, None)

    def size(self):
        size = self.input.size()
        return 0 if self.count < 0 else max(size - self.count, 0) if size >= 0 else size


@dataset_op("SkipDataset")
def _skip(xp, input_dataset, count):
    return Skip(input_dataset, int(count))


class Shard(Unary):
    """Every `count`-th element of a dataset."""

    __slots__ = ("count", "index", "never_empty")

    def __init__(self, input, count, index, never_empty):
        super().__init__(input)
        self.count, self.index, self.never_empty = count, index, never_empty

    def iterate(self, run, place):
        upstream = self.upstream(run, place)
        if self.never_empty:
            first = list(itertools.islice(upstream, self.count))
            if 0 < len(first) < self.count:
                raise invalid("There aren't enough elements in this dataset for each shard to have at least one element (# elems = "
                              "%d, # shards = %d). If you are using datasets with distribution strategy, considering setting the "
                              "auto sharding policy to either DATA or OFF using the `experimental_distribute.auto_shard_policy` "
                              "option of `tf.data.Options()`.", len(first), self.count)  # fmt: skip
            upstream = itertools.chain(first, upstream)
        return itertools.islice(upstream, self.index, None, self.count)

    def size(self):
        size = self.input.size()
        return size // self.count + (self.index < size % self.count) if size >= 0 else size


@dataset_op("ShardDataset")
def _shard(xp, input_dataset, num_shards, index, *, require_non_empty=False):
    if num_shards < 1:
        raise invalid("Number of shards must be greater than zero (currently num_shards = %d).", num_shards)
    if not 0 <= index < num_shards:
        raise invalid("Index must be between 0 and %d (currently index = %d).", num_shards - 1, index)
    return Shard(input_dataset, int(num_shards), int(index), require_non_empty)


class Concatenation(DatasetValue):
    """The elements of one dataset, then those of another."""

    __slots__ = ("inputs",)

    def __init__(self, *inputs):
        self.inputs = inputs

    def iterate(self, run, place):
        made = (d.iterate(run, "%sConcatenation[%d]/" % (place, i)) for i, d in enumerate(self.inputs))
        return itertools.chain.from_iterable(made)

    def size(self):
        sizes = [d.size() for d in self.inputs]
        return INFINITE if INFINITE in sizes else UNKNOWN if UNKNOWN in sizes else sum(sizes)


@dataset_op("ConcatenateDataset")
def _concatenate(xp, input_dataset, another_dataset):
    return Concatenation(input_dataset, another_dataset)


class Zip(DatasetValue):
    """The components of several datasets side by side."""

    __slots__ = ("inputs",)

    def __init__(self, inputs):
        self.inputs = tuple(inputs)

    def iterate(self, run, place):
        made = [d.iterate(run, "%sZip[%d]/" % (place, i)) for i, d in enumerate(self.inputs)]
        if len(made) == 2:
            return map(operator.add, *made)
        return map(tuple, map(itertools.chain.from_iterable, zip(*made)))

    def size(self):
        sizes = [d.size() for d in self.inputs]
        if UNKNOWN in sizes:
            return UNKNOWN
        return min((n for n in sizes if n != INFINITE), default=INFINITE)


@dataset_op("ZipDataset")
def _zip(xp, input_datasets):
    return Zip(input_datasets)


# -------------------------------------------------------------------------------------------------------------- batches


def batches_of(size, count, drops):
    """How many batches there are."""
    return size if size < 0 else size // count if drops else -(-size // count)


def stacked(chunk):
    """An element whose components are those of some elements in a new first dimension."""
    return tuple([_stacked(i, values) for i, values in enumerate(zip(*chunk))])


def _stacked(component, values):
    shape = values[0].shape
    for i, v in enumerate(values):
        if v.shape != shape:
            raise invalid("Cannot batch tensors with different shapes in component %d. First element had shape %s and element %d "
                          "had shape %s.", component, shapes.to_brackets(shape), i, shapes.to_brackets(v.shape))  # fmt: skip
    return stack(values)


class Batch(Unary):
    """Batches of elements; without `drops` the last may be smaller."""

    __slots__ = ("count", "drops")

    def __init__(self, input, count, drops):
        super().__init__(input)
        self.count, self.drops = count, drops

    def iterate(self, run, place):
        source = _source_of_positions(self.input)
        if source is None:
            return Batches(self.upstream(run, place), self.count, self.drops, stacked)
        positions = _positions(self.input, source).iterate(run, self.place_of_input(place))
        return Batches(positions, self.count, self.drops, source.gather)

    def size(self):
        return batches_of(self.input.size(), self.count, self.drops)


# Datasets whose elements are those of one other, in some order, each perhaps several times or not at all.
ARRANGING = [Alias, Repeat, Take, Skip, Shard]


def _source_of_positions(dataset):
    """The `Slices` of which a dataset is an arrangement, or None: then its elements need not be made one by one."""
    while type(dataset) in ARRANGING:
        dataset = dataset.input
    return dataset if isinstance(dataset, Slices) else None


def _positions(dataset, source):
    """The dataset arranged like another one, of the positions of the slices."""
    return Positions(source.size()) if dataset is source else dataset.made_of([_positions(dataset.input, source)])


def _chunk(upstream, count):
    return list(itertools.islice(upstream, count))


class Batches:
    """Elements in batches.

    Args:
      upstream: the iterator of elements.
      count: how many make a batch.
      drops: whether an incomplete batch at the end is left out.
      join: what makes an element of a list of them.
      take: what takes so many elements, or those that are left, from the iterator.
    """

    def __init__(self, upstream, count, drops, join, take=_chunk):
        self._upstream, self._count, self._drops, self._join, self._take = upstream, count, drops, join, take
        self._done = False

    def __iter__(self):
        return self

    def __next__(self):
        if self._done:
            raise StopIteration
        chunk = self._take(self._upstream, self._count)
        if len(chunk) < self._count:
            self._done = True
            if not chunk or self._drops:
                raise StopIteration
        return self._join(chunk)


def _checked_batch(count):
    if count <= 0:
        raise invalid("Batch size must be greater than zero.")
    return int(count)


@dataset_op("BatchDataset")
def _batch(xp, input_dataset, batch_size):
    return Batch(input_dataset, _checked_batch(batch_size), False)


@dataset_op("BatchDatasetV2", ignores=("parallel_copy",))
def _batch_v2(xp, input_dataset, batch_size, drop_remainder):
    return Batch(input_dataset, _checked_batch(batch_size), bool(drop_remainder))


class PaddedBatch(Unary):
    """Batches of elements whose components are filled up to a shape, or to that of the largest."""

    __slots__ = ("count", "drops", "shapes", "paddings")

    def __init__(self, input, count, drops, padded_shapes, paddings):
        super().__init__(input)
        self.count, self.drops, self.paddings = count, drops, paddings
        self.shapes = [tuple(int(d) for d in s) for s in padded_shapes]

    def iterate(self, run, place):
        return Batches(self.upstream(run, place), self.count, self.drops, self._join)

    def size(self):
        return batches_of(self.input.size(), self.count, self.drops)

    def _join(self, chunk):
        return tuple([_padded(*args) for args in zip(itertools.count(), zip(*chunk), self.shapes, self.paddings)])


def _padded(component, values, wanted, padding):
    rank = len(wanted)
    for v in values:
        if v.ndim != rank:
            raise invalid("All elements in a batch must have the same rank as the padded shape for component%d: expected rank %d "
                          "but got element with rank %d", component, rank, v.ndim)  # fmt: skip
    largest = tuple(map(max, zip(*[v.shape for v in values]))) if rank else ()
    for have, want in zip(largest, wanted):
        if 0 <= want < have:
            raise DataLossError(None, None, "Attempted to pad to a smaller size than the input element.")
    shape = tuple([have if want < 0 else want for have, want in zip(largest, wanted)])
    if all(v.shape == shape for v in values):
        return stack(values)
    out = np.empty((len(values), *shape), values[0].dtype)
    out[...] = padding[()] if isinstance(padding, np.ndarray) else padding
    for i, v in enumerate(values):
        out[(i, *[slice(n) for n in v.shape])] = v
    return out


def _checked_padding(padded_shapes, padding_values):
    for s in padded_shapes:
        if s.ndim != 1:
            raise invalid("All padded shapes must be vectors")
    for v in padding_values:
        if v.ndim:
            raise invalid("All padding values must be scalars")


@dataset_op("PaddedBatchDataset")
def _padded_batch(xp, input_dataset, batch_size, padded_shapes, padding_values):
    _checked_padding(padded_shapes, padding_values)
    return PaddedBatch(input_dataset, _checked_batch(batch_size), False, padded_shapes, padding_values)


@dataset_op("PaddedBatchDatasetV2", ignores=("parallel_copy",))
def _padded_batch_v2(xp, input_dataset, batch_size, padded_shapes, padding_values, drop_remainder):
    _checked_padding(padded_shapes, padding_values)
    return PaddedBatch(input_dataset, _checked_batch(batch_size), bool(drop_remainder), padded_shapes, padding_values)


class Unbatch(Unary):
    """The slices of the elements of a dataset."""

    __slots__ = ()

    def iterate(self, run, place):
        return _Unbatched(self.upstream(run, place))


class _Unbatched:
    def __init__(self, upstream):
        self._upstream = upstream
        self._current = iter(())

    def __iter__(self):
        return self

    def __next__(self):
        while True:
            for element in self._current:
                return element
            batch = next(self._upstream)
            for v in batch:
                if not v.ndim:
                    raise invalid("Input element must have a non-scalar value in each component.")
                if v.shape[0] != batch[0].shape[0]:
                    raise invalid("Input element must have the same batch size in each component. Component 0 had size %d but "
                                  "component %d had size, %d.", batch[0].shape[0], [v is x for x in batch].index(True),
                                  v.shape[0])  # fmt: skip
            self._current = zip(*map(rows, batch))


@dataset_op("UnbatchDataset", "ExperimentalUnbatchDataset")
def _unbatch(xp, input_dataset):
    return Unbatch(input_dataset)


# -------------------------------------------------------------------------------------------------------------- windows


class Window(Unary):
    """Windows of elements: each component is a dataset."""

    __slots__ = ("count", "shift", "stride", "drops")

    def __init__(self, input, count, shift, stride, drops):
        super().__init__(input)
        self.count, self.shift, self.stride, self.drops = count, shift, stride, drops

    def iterate(self, run, place):
        return _Windows(self, self.upstream(run, place))

    def size(self):
        size = self.input.size()
        if size < 0:
            return size
        if self.drops:
            rest = size - ((self.count - 1) * self.stride + 1)
            return 0 if rest < 0 else rest // self.shift + 1
        return -(-size // self.shift)


class _Windows:
    """An element that failed fails the windows in which it is."""

    def __init__(self, dataset, upstream):
        self._dataset, self._upstream = dataset, upstream
        self._held = collections.deque()  # (element, error) pairs
        self._done = False

    def __iter__(self):
        return self

    def _read(self):
        try:
            return next(self._upstream), None
        except StopIteration:
            self._done = True
            return None
        except Exception as e:
            return None, e

    def __next__(self):
        d, held = self._dataset, self._held
        wanted = (d.count - 1) * d.stride + 1
        while not self._done and len(held) < wanted:
            read = self._read()
            if read is not None:
                held.append(read)
        if not held or (d.drops and len(held) < wanted):
            raise StopIteration
        window = [held[i] for i in range(0, min(len(held), wanted), d.stride)]
        for _ in range(d.shift):
            if held:
                held.popleft()
            elif self._done:
                break
            else:
                self._read()
        for _, error in window:
            if error is not None:
                raise error
        return tuple([Elements([(v,) for v in values]) for values in zip(*[element for element, _ in window])])


@dataset_op("WindowDataset")
def _window(xp, input_dataset, size, shift, stride, drop_remainder):
    for name, value in (("size", size), ("shift", shift), ("stride", stride)):
        if value <= 0:
            raise invalid("Window %s must be greater than zero." % name)
    return Window(input_dataset, int(size), int(shift), int(stride), bool(drop_remainder))
