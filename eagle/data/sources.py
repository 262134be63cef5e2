"""Datasets of tensors, ranges and generators."""

import numpy as np

from ..core.errors import UnimplementedError, invalid
from ..core.func_graph import body_of
from ..core.variants import TensorVariant, Variants
from .dataset_op import dataset_op
from .running import DatasetValue, Function, part_of, rows


class Tensors(DatasetValue):
    """A dataset of one element."""

    __slots__ = ("components",)

    def __init__(self, components):
        self.components = tuple(components)

    def iterate(self, run, place):
        return iter([self.components])

    def size(self):
        return 1


@dataset_op("TensorDataset")
def _tensors(xp, components):
    return Tensors(components)


class Slices(DatasetValue):
    """A dataset of the slices of tensors along their first dimension."""

    __slots__ = ("components",)

    def __init__(self, components):
        self.components = components

    def iterate(self, run, place):
        return zip(*map(rows, self.components))

    def size(self):
        return len(self.components[0].items if isinstance(self.components[0], Variants) else self.components[0])

    def gather(self, positions):
        """The components at some positions, as one element."""
        first = positions[0]
        if positions[-1] - first == len(positions) - 1 and positions == list(range(first, first + len(positions))):
            return tuple([part_of(c, slice(first, first + len(positions))) for c in self.components])
        return tuple([part_of(c, positions) for c in self.components])


class Positions(DatasetValue):
    """The positions of slices, in the place of elements."""

    __slots__ = ("count",)

    def __init__(self, count):
        self.count = count

    def iterate(self, run, place):
        return iter(range(self.count))

    def size(self):
        return self.count


@dataset_op("TensorSliceDataset")
def _slices(xp, components):
    if any(c.ndim == 0 for c in components):
        raise invalid("All components must be at least 1-dimensional")
    counts = [c.shape[0] for c in components]
    if any(n != counts[0] for n in counts):
        raise invalid("All components must have the same size in the 0th dimension")
    return Slices(components)


class SparseSlices(DatasetValue):
    """A dataset of the slices of a sparse tensor along its first dimension: indices, values, shape."""

    __slots__ = ("indices", "values", "dense_shape")

    def __init__(self, indices, values, dense_shape):
        self.indices, self.values, self.dense_shape = indices, values, dense_shape

    def iterate(self, run, place):
        rank = len(self.dense_shape)
        first = self.indices[:, 0]
        bounds = np.searchsorted(first, np.arange(int(self.dense_shape[0]) + 1))
        shape = self.dense_shape[1:]

        def one(i):
            part = slice(bounds[i], bounds[i + 1])
            return self.indices[part, 1:].reshape(-1, rank - 1), self.values[part], shape

        return map(one, range(int(self.dense_shape[0])))

    def size(self):
        return int(self.dense_shape[0])


@dataset_op("SparseTensorSliceDataset", ignores=("Tvalues",))
def _sparse_slices(xp, indices, values, dense_shape):
    if indices.ndim != 2:
        raise invalid("Input indices should be a matrix but received shape [%s]", ",".join(map(str, indices.shape)))
    if values.ndim != 1:
        raise invalid("Input values should be a vector but received shape [%s]", ",".join(map(str, values.shape)))
    if dense_shape.ndim != 1:
        raise invalid("Input shape should be a vector but received shape [%s]", ",".join(map(str, dense_shape.shape)))
    first = indices[:, 0] if len(dense_shape) else indices
    for a, b in zip(first, first[1:]):
        if b < a:
            raise UnimplementedError(
                None, None, "The SparseTensor must be ordered in the batch dimension; handling arbitrarily ordered input is not "
                "currently supported.",
            )  # fmt: skip
    return SparseSlices(indices, values, dense_shape)


class Range(DatasetValue):
    """A dataset of the numbers of a range."""

    __slots__ = ("numbers",)

    def __init__(self, start, stop, step):
        self.numbers = range(start, stop, step)

    def iterate(self, run, place):
        return zip(map(np.int64, self.numbers))

    def size(self):
        return len(self.numbers)


@dataset_op("RangeDataset")
def _range(xp, start, stop, step):
    if step == 0:
        raise invalid("step must be a non-zero integer.")
    return Range(int(start), int(stop), int(step))


class Generated(DatasetValue):
    """A dataset that a function makes: what `begin` gives is passed to `next` for every element and to `end` at last."""

    __slots__ = ("arguments", "begin", "next", "end")

    def __init__(self, arguments, begin, next, end):
        self.arguments, self.begin, self.next, self.end = tuple(arguments), begin, next, end

    def iterate(self, run, place):
        return _Generator(self, run)


class _Generator:
    def __init__(self, dataset, run):
        self._dataset = dataset
        self._begin = dataset.begin.bind(run)
        self._next = dataset.next.bind(run)
        self._end = dataset.end.bind(run)
        self._state = None
        self._done = False

    def __iter__(self):
        return self

    def __next__(self):
        if self._done:
            raise StopIteration
        if self._state is None:
            self._state = self._begin(self._dataset.arguments)
        try:
            return self._next(self._state)
        except StopIteration:
            self._finish()
            raise

    def _finish(self):
        if not self._done:
            self._done = True
            if self._state is not None:
                self._end(self._state)

    def __del__(self):
        try:
            self._finish()
        except Exception:  # nobody is there to hear of it, as when TensorFlow's iterator is destroyed
            return


@dataset_op("GeneratorDataset", ignores=("Tinit_func_args", "Tnext_func_args", "Tfinalize_func_args"))
def _generator(xp, init_func_other_args, next_func_other_args, finalize_func_other_args, *, init_func, next_func, finalize_func):
    body = body_of(init_func)
    count = len(body.inputs) - len(body.captures)
    return Generated(
        init_func_other_args[:count], Function(init_func, init_func_other_args[count:]),
        Function(next_func, next_func_other_args), Function(finalize_func, finalize_func_other_args),
    )  # fmt: skip


@dataset_op("WrapDatasetVariant")
def _wrap(xp, input_handle):
    return TensorVariant(input_handle)


@dataset_op("UnwrapDatasetVariant")
def _unwrap(xp, input_handle):
    return input_handle.value


class Elements(DatasetValue):
    """A dataset of given elements."""

    __slots__ = ("elements",)

    def __init__(self, elements):
        self.elements = elements

    def iterate(self, run, place):
        return iter(self.elements)

    def size(self):
        return len(self.elements)
