"""What becomes of a dataset: the methods of `tf.data.Dataset` that give another one."""

from ..core import dtypes
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export, public
from ..core.static_values import constant_value
from ..core.tensor_spec import TensorSpec
from . import padding, specs
from .functions import DatasetFunction
from .nested import DatasetSpec
from .seeds import get_seed
from .specs import flat_attrs
from .structures import flatten, map_structure, pack_sequence_as

AUTOTUNE = -1
export("data.experimental.AUTOTUNE", "contrib.data.AUTOTUNE")(AUTOTUNE)


class Transforming:
    """The base of datasets, with the methods that transform one."""

    _maps_keep_size = True  # whether a function that is mapped may not end the dataset

    @staticmethod
    def _made(variant, spec, inputs=(), functions=(), name="Dataset"):
        """The dataset that an operation made; see `Made`."""
        raise NotImplementedError("Dataset._made")

    def _like(self, kind, *inputs, **attrs):
        """A dataset with elements of the same structure, made by an operation."""
        spec = self.element_spec
        variant = registry[kind](self._variant_tensor, *inputs, **attrs, **flat_attrs(spec))
        return self._made(variant, spec, (self,), name=kind)

    def concatenate(self, dataset):
        """The elements of this dataset, then those of another.

        Raises:
          TypeError: the types or classes of their components differ.
        """
        for which, what in ((0, "types"), (2, "classes")):
            mine, other = specs.legacy(self.element_spec, which), specs.legacy(dataset.element_spec, which)
            if mine != other:
                raise TypeError("Two datasets to concatenate have different %s %s and %s" % (what, mine, other))
        shapes = specs.legacy(self.element_spec, 1)
        merged = [
            a.most_specific_compatible_shape(b) if hasattr(a, "most_specific_compatible_shape") else a
            for a, b in zip(flatten(shapes), flatten(specs.legacy(dataset.element_spec, 1)))
        ]
        spec = specs.from_legacy(
            specs.legacy(self.element_spec, 0), pack_sequence_as(shapes, merged), specs.legacy(self.element_spec, 2)
        )
        variant = registry["ConcatenateDataset"](self._variant_tensor, dataset._variant_tensor, **flat_attrs(spec))
        return self._wrap(self._made(variant, spec, (self, dataset), name="ConcatenateDataset"))

    def prefetch(self, buffer_size):
        """Gets elements in advance, on a thread of its own.

        Args:
          buffer_size: how many; -1 or None (`tf.data.experimental.AUTOTUNE`) leaves it to the system.
        """
        size = convert(-1 if buffer_size is None else buffer_size, dtypes.int64, "buffer_size")
        return self._wrap(self._like("PrefetchDataset", size))

    def repeat(self, count=None):
        """The elements several times over.

        Args:
          count: how many times; None or -1 means without end.
        """
        count = convert(-1 if count is None else count, dtypes.int64, "count")
        return self._wrap(self._like("RepeatDataset", count))

    def enumerate(self, start=0):
        """Pairs of a number and an element.

        Args:
          start: the first number.
        """
        return type(self).zip((type(self).range(start, dtypes.int64.max), self))

    def shuffle(self, buffer_size, seed=None, reshuffle_each_iteration=None):
        """The elements in an order of chance.

        Args:
          buffer_size: how many elements are held back, among which the next is chosen.
          seed: the seed of the order (see `tf.set_random_seed`).
          reshuffle_each_iteration: whether each epoch has another order; by default it has.

        Raises:
          InvalidArgumentError: (when run) `buffer_size` is not positive.
        """
        size = convert(buffer_size, dtypes.int64, "buffer_size")
        again = True if reshuffle_each_iteration is None else reshuffle_each_iteration
        return self._wrap(self._like("ShuffleDataset", size, *get_seed(seed), reshuffle_each_iteration=again))

    def cache(self, filename=""):
        """Keeps the elements of the first epoch for those after it.

        Args:
          filename: what names of files begin with in which they are kept; by default they are kept in memory.
        """
        return self._wrap(self._like("CacheDataset", convert(filename, dtypes.string, "filename")))

    def take(self, count):
        """The first elements.

        Args:
          count: how many; -1 means all.
        """
        return self._wrap(self._like("TakeDataset", convert(count, dtypes.int64, "count")))

    def skip(self, count):
        """All but the first elements.

        Args:
          count: how many to leave out; -1 means all.
        """
        return self._wrap(self._like("SkipDataset", convert(count, dtypes.int64, "count")))

    def shard(self, num_shards, index):
        """Every `num_shards`-th element.

        Args:
          num_shards: how many parts the dataset is split into.
          index: the number of the part.

        Raises:
          InvalidArgumentError: one of them is negative, or `index` too large.
        """
        count = convert(num_shards, dtypes.int64, "num_shards")
        return self._wrap(self._like("ShardDataset", count, convert(index, dtypes.int64, "index")))

    def batch(self, batch_size, drop_remainder=False):
        """Batches of elements: their components with one more dimension in front.

        Args:
          batch_size: how many elements make a batch.
          drop_remainder: whether a last batch that is smaller is left out.

        Raises:
          InvalidArgumentError: (when run) shapes within a batch differ.
        """
        size = convert(batch_size, dtypes.int64, "batch_size")
        drops = convert(drop_remainder, dtypes.bool_, "drop_remainder")
        count = constant_value(size) if constant_value(drops) else None
        spec = specs.batched(self.element_spec, None if count is None else int(count))
        variant = registry["BatchDatasetV2"](self._variant_tensor, size, drops, **flat_attrs(spec))
        return self._wrap(self._made(variant, spec, (self,), name="BatchDataset"))

    def padded_batch(self, batch_size, padded_shapes, padding_values=None, drop_remainder=False):
        """Batches of elements whose components are filled up to equal shapes.

        Args:
          batch_size: how many elements make a batch.
          padded_shapes: the structure of shapes to fill up to; unknown sizes are those of the largest component of the batch.
          padding_values: the structure of scalars to fill with; by default zeros and empty strings.
          drop_remainder: whether a last batch that is smaller is left out.

        Raises:
          TypeError: a component is sparse, or a padding value has another type.
          ValueError: a shape does not fit.
        """
        variant, spec = padding.padded_batch(self, batch_size, padded_shapes, padding_values, drop_remainder)
        return self._wrap(self._made(variant, spec, (self,), name="PaddedBatchDataset"))

    def map(self, map_func, num_parallel_calls=None):
        """What a function makes of the elements.

        Args:
          map_func: a function of the components of an element.
          num_parallel_calls: how many calls may run at a time; `tf.data.experimental.AUTOTUNE` leaves it to the system.
        """
        return self._wrap(self._mapped(map_func, num_parallel_calls, self._maps_keep_size))

    def _mapped(self, map_func, calls, keeps_size):
        function = DatasetFunction(map_func, "Dataset.map()", self.element_spec)
        attrs = dict(f=function.concrete, preserve_cardinality=keeps_size, **flat_attrs(function.output_spec))
        if calls is None:
            variant = registry["MapDataset"](self._variant_tensor, function.captured, **attrs)
        else:
            calls = convert(calls, dtypes.int32, "num_parallel_calls")
            variant = registry["ParallelMapDataset"](self._variant_tensor, function.captured, calls, **attrs)
        name = "MapDataset" if calls is None else "ParallelMapDataset"
        return self._made(variant, function.output_spec, (self,), (function,), name)

    def flat_map(self, map_func):
        """The elements of the datasets that a function makes of the elements, one dataset after the other.

        Args:
          map_func: a function of the components of an element that gives a dataset.

        Raises:
          TypeError: it gives something else.
        """
        function = DatasetFunction(map_func, "Dataset.flat_map()", self.element_spec)
        spec = _inner_spec(function)
        variant = registry["FlatMapDataset"](self._variant_tensor, function.captured, f=function.concrete, **flat_attrs(spec))
        return self._wrap(self._made(variant, spec, (self,), (function,), "FlatMapDataset"))

    def interleave(self, map_func, cycle_length=AUTOTUNE, block_length=1, num_parallel_calls=None):
        """The elements of the datasets that a function makes of the elements, several datasets at a time in turn.

        Args:
          map_func: a function of the components of an element that gives a dataset.
          cycle_length: how many datasets at a time.
          block_length: how many elements of each in a row.
          num_parallel_calls: how many threads read them in advance; by default none does.

        Raises:
          TypeError: `map_func` gives something else.
        """
        function = DatasetFunction(map_func, "Dataset.interleave()", self.element_spec)
        spec = _inner_spec(function)
        numbers = [convert(cycle_length, dtypes.int64, "cycle_length"), convert(block_length, dtypes.int64, "block_length")]
        kind = "InterleaveDataset"
        if num_parallel_calls is not None:
            kind = "ParallelInterleaveDatasetV2"
            numbers.append(convert(num_parallel_calls, dtypes.int64, "num_parallel_calls"))
        variant = registry[kind](self._variant_tensor, function.captured, *numbers, f=function.concrete, **flat_attrs(spec))
        return self._wrap(self._made(variant, spec, (self,), (function,), kind.removesuffix("V2")))

    def filter(self, predicate):
        """The elements for which a function is true.

        Args:
          predicate: a function of the components of an element that gives a scalar of type bool.

        Raises:
          ValueError: it gives something else.
        """
        function = DatasetFunction(predicate, "Dataset.filter()", self.element_spec)
        check_predicate(function, "`predicate`")
        variant = registry["FilterDataset"](
            self._variant_tensor, function.captured, predicate=function.concrete, **self._flat_structure
        )
        return self._wrap(self._made(variant, self.element_spec, (self,), (function,), "FilterDataset"))

    def apply(self, transformation_func):
        """What a function makes of this dataset.

        Args:
          transformation_func: a function from a dataset to a dataset.

        Raises:
          TypeError: it gives something else.
        """
        dataset = transformation_func(self)
        if not isinstance(dataset, Transforming):
            raise TypeError("`transformation_func` must return a Dataset. Got %s." % (dataset,))
        dataset._input_datasets = [self]
        return self._wrap(dataset)

    def window(self, size, shift=None, stride=1, drop_remainder=False):
        """Windows of elements; each component is a dataset.

        Args:
          size: how many elements a window has.
          shift: how far it is from window to window; by default `size`.
          stride: how far it is from element to element in a window.
          drop_remainder: whether last windows that are smaller are left out.
        """
        parts = [
            convert(v, t, n)
            for v, t, n in ((size, dtypes.int64, "size"), (size if shift is None else shift, dtypes.int64, "shift"),
                            (stride, dtypes.int64, "stride"), (drop_remainder, dtypes.bool_, "drop_remainder"))
        ]  # fmt: skip
        spec = map_structure(DatasetSpec, self.element_spec)
        variant = registry["WindowDataset"](self._variant_tensor, *parts, **flat_attrs(spec))
        return self._wrap(self._made(variant, spec, (self,), name="WindowDataset"))

    def reduce(self, initial_state, reduce_func):
        """What remains when a function has taken in every element.

        Args:
          initial_state: the state to begin with, a structure of tensors.
          reduce_func: a function of the state and an element that gives the next state.

        Returns:
          The last state.

        Raises:
          TypeError: types or classes of the states differ.
        """
        return public.python.data.reducing.reduce(self, initial_state, reduce_func)

    def unbatch(self):
        """The slices of the elements along their first dimension.

        Raises:
          ValueError: a component is a scalar, or first dimensions differ.
        """
        spec = self.element_spec

        def normalize(arg, *rest):
            return tuple(specs.to_tensors(spec, (arg, *rest) if rest else arg, batched=True))

        normalized = self._mapped(normalize, None, self._maps_keep_size)
        return self._wrap(unbatched(self._made(normalized._variant_tensor, spec, (normalized,), name="_RestructuredDataset")))


def unbatched(dataset):
    """The dataset of the slices of the elements, which travel as their slices do."""
    flat = specs.flat_specs(dataset.element_spec)
    if any(s.shape.ndims == 0 for s in flat):
        raise ValueError("Cannot unbatch an input with scalar components.")
    first = None
    for s in flat:
        d = s.shape._dims[0] if s.shape.ndims else None
        if first is not None and d is not None and d != first:
            raise ValueError("Cannot unbatch an input whose components have different batch sizes.")
        first = d if first is None else first
    spec = specs.unbatched(dataset.element_spec)
    variant = registry["UnbatchDataset"](dataset._variant_tensor, **flat_attrs(spec))
    return dataset._made(variant, spec, (dataset,), name="_UnbatchDataset")


def check_predicate(function, what):
    """Raises ValueError unless a function gives a scalar of type bool."""
    spec = function.output_spec
    if not isinstance(spec, TensorSpec) or not spec.is_compatible_with(TensorSpec([], dtypes.bool_)):
        raise ValueError("%s return type must be convertible to a scalar boolean tensor. Was %s." % (what, spec))


def _inner_spec(function):
    spec = function.output_spec
    if not isinstance(spec, DatasetSpec):
        raise TypeError("`map_func` must return a `Dataset` object. Got %s" % type(spec))
    return spec._element_spec
