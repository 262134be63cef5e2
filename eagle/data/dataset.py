"""`tf.data.Dataset`: sources, transformations, and how they become operations."""

from ..core import dtypes
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export, public
from ..core.graph import get_default_graph
from ..core.scopes import name_scope
from ..core.static_values import constant_value
from ..core.tensor_spec import TensorSpec
from ..core.trackable import Trackable
from ..core.type_spec import TypeSpec
from . import padding, specs
from .functions import DatasetFunction, uses_ref_variables, warn_of_refs
from .generator import generator_functions
from .options import AutotuneAlgorithm, Options
from .seeds import get_seed
from .specs import flat_attrs
from .structures import flatten, map_structure, pack_sequence_as

AUTOTUNE = -1
export("data.experimental.AUTOTUNE", "contrib.data.AUTOTUNE")(AUTOTUNE)


@export("compat.v2.data.Dataset", "python.data.ops.dataset_ops.DatasetV2")
class DatasetV2(Trackable):
    """A pipeline of elements: a source and transformations of it.

    Args:
      variant_tensor: the tensor of type variant that is the dataset.
    """

    _maps_keep_size = True  # whether a function that is mapped may not end the dataset

    def __init__(self, variant_tensor):
        self._variant_tensor_attr = variant_tensor
        self._graph_attr = get_default_graph() if not here.eager else None

    @property
    def _variant_tensor(self):
        return self._variant_tensor_attr

    @property
    def _graph(self):
        return self._graph_attr

    @classmethod
    def _wrap(cls, dataset):
        """What a method of this class gives for a dataset that it made."""
        return dataset

    def _inputs(self):
        """The datasets that this one is made of."""
        raise NotImplementedError("Dataset._inputs")

    def _functions(self):
        """The `DatasetFunction`s that this dataset uses."""
        return []

    @property
    def element_spec(self):
        """The structure of specs of the elements."""
        raise NotImplementedError("Dataset.element_spec")

    def __repr__(self):
        shapes = str(map_structure(str, specs.legacy(self.element_spec, 1))).replace("'", "")
        types = str(map_structure(repr, specs.legacy(self.element_spec, 0))).replace("'", "")
        return "<%s shapes: %s, types: %s>" % (self._class_name(), shapes, types)

    def _class_name(self):
        return type(self).__name__

    @property
    def _flat_structure(self):
        return flat_attrs(self.element_spec)

    @property
    def _flat_shapes(self):
        return [s.shape for s in specs.flat_specs(self.element_spec)]

    @property
    def _flat_types(self):
        return [s.dtype for s in specs.flat_specs(self.element_spec)]

    # --------------------------------------------------------------------------------------------------------- options

    def options(self):
        """The `Options` of this dataset and of those that it is made of."""
        options = Options()
        for dataset in self._inputs():
            found = dataset.options()
            if found is not None:
                options = options.merge(found)
        return options

    def _has_captured_ref(self):
        return any(map(uses_ref_variables, self._functions())) or any(d._has_captured_ref() for d in self._inputs())

    def _apply_options(self):
        """The dataset with the nodes that options ask for."""
        options = self.options()
        dataset, spec = self, self.element_spec
        threading = options.experimental_threading
        if threading is not None:
            if threading.max_intra_op_parallelism is not None:
                count = convert(threading.max_intra_op_parallelism, dtypes.int64, "max_intra_op_parallelism")
                dataset = _alike(dataset, "MaxIntraOpParallelismDataset", count)
            if threading.private_threadpool_size is not None:
                count = convert(threading.private_threadpool_size, dtypes.int64, "num_threads")
                dataset = _alike(dataset, "PrivateThreadPoolDataset", count)
        rewrites = options._static_optimizations()
        if rewrites and self._has_captured_ref():
            warn_of_refs(rewrites)
        elif rewrites:
            names = convert(rewrites, dtypes.string, "optimizations")
            dataset = _alike(dataset, "OptimizeDataset", names, optimization_configs=tuple(options._static_optimization_configs()))
        optimization = options.experimental_optimization
        if optimization is None or optimization.autotune is not False:
            algorithm = optimization and optimization.autotune_algorithm or 0
            algorithm = algorithm.value if isinstance(algorithm, AutotuneAlgorithm) else algorithm
            budget = optimization and optimization.autotune_cpu_budget or 0
            dataset = _alike(dataset, "ModelDataset", algorithm=algorithm, cpu_budget=budget)
        assert dataset is self or dataset.element_spec is spec
        return dataset

    def with_options(self, options):
        """The dataset with options, added to those that it has.

        Args:
          options: a `tf.data.Options`.

        Raises:
          ValueError: an option is set to another value already.
        """
        made = Made(self._variant_tensor, self.element_spec, (self,), name="_OptionsDataset")
        made._own_options = self.options().merge(options)
        return self._wrap(made)

    def __iter__(self):
        """An iterator of the elements, eagerly or in a function.

        Raises:
          RuntimeError: in a graph that is no function's.
        """
        if here.eager or get_default_graph().building_function:
            return public.python.data.ops.iterator_ops.IteratorV2(self)
        raise RuntimeError("__iter__() is only supported inside of tf.function or when eager execution is enabled.")

    def _nest_parts(self):
        return [self._variant_tensor]

    def _nest_rebuild(self, parts):
        return Made(parts[0], self.element_spec, name="_VariantDataset")

    def _nest_key(self):
        return specs.key_of(self.element_spec)

    def _autograph_for(self, *args):
        """What AutoGraph makes of a `for` statement over this dataset."""
        return public.python.data.loops.autograph_for(self, *args)

    # --------------------------------------------------------------------------------------------------------- sources

    @classmethod
    def from_tensors(cls, tensors):
        """A dataset of one element.

        Args:
          tensors: the element: tensors, arrays, sparse tensors, datasets, ... in a structure.
        """
        element = specs.normalize(tensors)
        spec = specs.spec_of(element)
        components = specs.to_tensors(spec, element)
        shapes = tuple(s.shape._dims for s in specs.flat_specs(spec))
        return cls._wrap(_source("TensorDataset", spec, components, output_shapes=shapes))

    @classmethod
    def from_tensor_slices(cls, tensors):
        """A dataset of the slices of tensors along their first dimension.

        Args:
          tensors: a structure of tensors, arrays or sparse tensors of equal first dimensions.

        Raises:
          ValueError: the dimensions differ, or a tensor is a scalar.
        """
        element = specs.normalize(tensors)
        spec = specs.spec_of(element)
        components = specs.to_tensors(spec, element, batched=True)
        for t in components:
            if t.shape.ndims == 0:
                raise ValueError("Value %s has insufficient rank for batching." % (t,))
        inner = specs.unbatched(spec)
        first = components[0].shape[0] if components[0].shape.ndims else components[0].shape[0:1]
        for t in components[1:]:
            first.assert_is_compatible_with(t.shape[0])
        shapes = tuple(s.shape._dims for s in specs.flat_specs(inner))
        return cls._wrap(_source("TensorSliceDataset", inner, components, output_shapes=shapes))

    @classmethod
    def from_generator(cls, generator, output_types, output_shapes=None, args=None):
        """A dataset of what a Python generator gives.

        Args:
          generator: a function that gives something to iterate over; it is called anew in every epoch.
          output_types: the structure of the types of the elements.
          output_shapes: that of their shapes; by default they are unknown.
          args: tensors to be passed to `generator` as arrays.

        Raises:
          TypeError: `generator` can't be called.
          InvalidArgumentError: (when run) it gives an element of another structure, type or shape.
        """
        if not callable(generator):
            raise TypeError("`generator` must be callable.")
        shapes = specs.shape_structure(output_types, output_shapes)
        arguments = () if args is None else tuple(convert(a, None, "args_%d" % i) for i, a in enumerate(args))
        begin, more, end = generator_functions(generator, output_types, shapes, arguments)

        def flat_map_fn(dummy):
            spec = specs.spec_of(dummy)
            name = "Dataset.from_generator()"
            first = DatasetFunction(begin, name, spec)
            following = DatasetFunction(more, name, first.output_spec)
            last = DatasetFunction(end, name, first.output_spec)
            variant = registry["GeneratorDataset"](
                specs.to_tensors(spec, dummy) + first.captured, following.captured, last.captured,
                init_func=first.concrete, next_func=following.concrete, finalize_func=last.concrete,
                **flat_attrs(following.output_spec),
            )  # fmt: skip
            return Made(variant, following.output_spec, (), (first, following, last), "_GeneratorDataset")

        return cls._wrap(DatasetV2.from_tensors(0).flat_map(flat_map_fn))

    @classmethod
    def range(cls, *args):
        """A dataset of the int64 numbers of a range.

        Args:
          *args: `stop`, or `start` and `stop`, or `start`, `stop` and `step`, as of Python's `range`.

        Raises:
          ValueError: there are none, or too many.
        """
        if not 1 <= len(args) <= 3:
            raise ValueError("Invalid arguments to RangeDataset: %s" % str(args))
        start, stop, step = (0, *args, 1) if len(args) == 1 else (*args, 1)[:3]
        parts = [convert(v, dtypes.int64, n) for v, n in ((start, "start"), (stop, "stop"), (step, "step"))]
        return cls._wrap(_source("RangeDataset", TensorSpec([], dtypes.int64), *parts))

    @classmethod
    def zip(cls, datasets):
        """A dataset whose elements have one of each of several datasets as components.

        Args:
          datasets: a structure of datasets (in which lists do not count).

        Raises:
          TypeError: something in it is no dataset.
        """
        for d in flatten(datasets):
            if not isinstance(d, DatasetV2):
                message = "The argument to `Dataset.zip()` must be a nested structure of `Dataset` objects."
                if isinstance(d, list):
                    message += " Nested structures do not support Python lists; please use a tuple instead."
                raise TypeError(message)
        inputs = flatten(datasets)
        spec = pack_sequence_as(datasets, [d.element_spec for d in inputs])
        variant = registry["ZipDataset"]([d._variant_tensor for d in inputs], **flat_attrs(spec))
        return cls._wrap(Made(variant, spec, inputs, name="ZipDataset"))

    @classmethod
    def list_files(cls, file_pattern, shuffle=None, seed=None):
        """A dataset of the names of files.

        Args:
          file_pattern: a pattern with `*`, `?` and `[...]`, or a list of such.
          shuffle: whether the names come in an order of chance; by default they do.
          seed: the seed of the order.

        Raises:
          InvalidArgumentError: (when run) there is no such file.
        """
        with name_scope("list_files"):
            file_pattern = convert(file_pattern, dtypes.string, "file_pattern")
            files = registry["MatchingFiles"](file_pattern)
            found = public.greater(public.shape(files)[0], 0, name="match_not_empty")
            message = public.add("No files matched pattern: ", public.reduce_join(file_pattern, separator=", "), name="message")
            checked = public.Assert(found, [message], summarize=1, name="assert_not_empty")
            with public.control_dependencies([checked] if checked is not None else []):
                files = public.identity(files)
            dataset = cls.from_tensor_slices(files)
            if shuffle is None or shuffle:
                count = public.maximum(public.shape(files, out_type=dtypes.int64)[0], 1)
                dataset = dataset.shuffle(count, seed=seed)
            return dataset

    # ------------------------------------------------------------------------------------------------- transformations

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
        return self._wrap(Made(variant, spec, (self, dataset), name="ConcatenateDataset"))

    def prefetch(self, buffer_size):
        """Gets elements in advance, on a thread of its own.

        Args:
          buffer_size: how many; -1 or None (`tf.data.experimental.AUTOTUNE`) leaves it to the system.
        """
        size = convert(-1 if buffer_size is None else buffer_size, dtypes.int64, "buffer_size")
        return self._wrap(_alike(self, "PrefetchDataset", size))

    def repeat(self, count=None):
        """The elements several times over.

        Args:
          count: how many times; None or -1 means without end.
        """
        count = convert(-1 if count is None else count, dtypes.int64, "count")
        return self._wrap(_alike(self, "RepeatDataset", count))

    def enumerate(self, start=0):
        """Pairs of a number and an element.

        Args:
          start: the first number.
        """
        return self._wrap(DatasetV2.zip((type(self).range(start, dtypes.int64.max), self)))

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
        return self._wrap(_alike(self, "ShuffleDataset", size, *get_seed(seed), reshuffle_each_iteration=again))

    def cache(self, filename=""):
        """Keeps the elements of the first epoch for those after it.

        Args:
          filename: what names of files begin with in which they are kept; by default they are kept in memory.
        """
        return self._wrap(_alike(self, "CacheDataset", convert(filename, dtypes.string, "filename")))

    def take(self, count):
        """The first elements.

        Args:
          count: how many; -1 means all.
        """
        return self._wrap(_alike(self, "TakeDataset", convert(count, dtypes.int64, "count")))

    def skip(self, count):
        """All but the first elements.

        Args:
          count: how many to leave out; -1 means all.
        """
        return self._wrap(_alike(self, "SkipDataset", convert(count, dtypes.int64, "count")))

    def shard(self, num_shards, index):
        """Every `num_shards`-th element.

        Args:
          num_shards: how many parts the dataset is split into.
          index: the number of the part.

        Raises:
          InvalidArgumentError: one of them is negative, or `index` too large.
        """
        count = convert(num_shards, dtypes.int64, "num_shards")
        return self._wrap(_alike(self, "ShardDataset", count, convert(index, dtypes.int64, "index")))

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
        return self._wrap(Made(variant, spec, (self,), name="BatchDataset"))

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
        return self._wrap(Made(variant, spec, (self,), name="PaddedBatchDataset"))

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
        return Made(variant, function.output_spec, (self,), (function,), name)

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
        return self._wrap(Made(variant, spec, (self,), (function,), "FlatMapDataset"))

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
        return self._wrap(Made(variant, spec, (self,), (function,), kind.removesuffix("V2")))

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
        return self._wrap(Made(variant, self.element_spec, (self,), (function,), "FilterDataset"))

    def apply(self, transformation_func):
        """What a function makes of this dataset.

        Args:
          transformation_func: a function from a dataset to a dataset.

        Raises:
          TypeError: it gives something else.
        """
        dataset = transformation_func(self)
        if not isinstance(dataset, DatasetV2):
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
        return self._wrap(Made(variant, spec, (self,), name="WindowDataset"))

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
        return self._wrap(unbatched(Made(normalized._variant_tensor, spec, (normalized,), name="_RestructuredDataset")))


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
    return Made(variant, spec, (dataset,), name="_UnbatchDataset")


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


class Made(DatasetV2):
    """A dataset made by an operation.

    Args:
      variant: the operation's output.
      spec: the structure of specs of the elements.
      inputs: the datasets that it is made of.
      functions: the `DatasetFunction`s that it uses.
      name: what TensorFlow calls such datasets.
    """

    _own_options = None

    def __init__(self, variant, spec, inputs=(), functions=(), name="Dataset"):
        self._spec, self._made_of, self._uses, self._called = spec, list(inputs), list(functions), name
        super().__init__(variant)

    def _inputs(self):
        return self._made_of

    def _functions(self):
        return self._uses

    @property
    def element_spec(self):
        return self._spec

    def options(self):
        return self._own_options if self._own_options is not None else super().options()

    def _class_name(self):
        return self._called


def _source(kind, spec, *inputs, **attrs):
    """A dataset made by an operation without datasets as inputs."""
    if not attrs:
        attrs = flat_attrs(spec)
    return Made(registry[kind](*inputs, **attrs), spec, name=kind)


def _alike(dataset, kind, *inputs, **attrs):
    """A dataset with elements of the same structure, made by an operation."""
    spec = dataset.element_spec
    variant = registry[kind](dataset._variant_tensor, *inputs, **attrs, **flat_attrs(spec))
    return Made(variant, spec, (dataset,), name=kind)


alike, source = _alike, _source


# --------------------------------------------------------------------------------------------------- datasets as elements


@export("data.DatasetSpec", "data.experimental.DatasetStructure")
class DatasetSpec(TypeSpec):
    """The spec of a dataset that is a component.

    Args:
      element_spec: the structure of specs of its elements.
      dataset_shape: the shape of the tensor of datasets.
    """

    def __init__(self, element_spec, dataset_shape=()):
        self._element_spec = element_spec
        self._dataset_shape = specs.as_shape(dataset_shape)

    value_type = DatasetV2

    @staticmethod
    def from_value(value):
        """The spec of a dataset."""
        return DatasetSpec(value.element_spec)

    def is_compatible_with(self, other):
        if isinstance(other, DatasetV2):
            other = DatasetSpec.from_value(other)
        return isinstance(other, DatasetSpec) and specs.compatible(self._element_spec, other._element_spec)

    def __eq__(self, other):
        return isinstance(other, DatasetSpec) and (
            self._element_spec == other._element_spec and self._dataset_shape._dims == other._dataset_shape._dims
        )

    def __hash__(self):
        return hash(tuple(flatten(self._element_spec)))

    def _serialize(self):
        return self._element_spec, self._dataset_shape


class Nested:
    """A tensor of datasets that is no scalar."""

    def __init__(self, variant, spec):
        self._variant_tensor, self.element_spec, self._dataset_shape = variant, spec._element_spec, spec._dataset_shape


class _DatasetKind(specs.Kind):
    def flat(self, spec):
        return [TensorSpec(spec._dataset_shape, dtypes.variant)]

    def encode(self, spec, value):
        return [value._variant_tensor]

    def decode(self, spec, tensors):
        if spec._dataset_shape.ndims == 0:
            return Made(tensors[0], spec._element_spec, name="_VariantDataset")
        return Nested(tensors[0], spec)

    def batched(self, spec, count):
        return DatasetSpec(spec._element_spec, specs.TensorShape([count]).concatenate(spec._dataset_shape))

    def unbatched(self, spec):
        if spec._dataset_shape.ndims == 0:
            raise ValueError("Unbatching a dataset is only supported for rank >= 1")
        return DatasetSpec(spec._element_spec, spec._dataset_shape[1:])

    def legacy(self, spec):
        return spec, spec, spec


specs.register_kind(DatasetSpec, _DatasetKind(), DatasetV2, DatasetSpec.from_value)
specs.register_kind(DatasetSpec, _DatasetKind(), Nested, lambda v: DatasetSpec(v.element_spec, v._dataset_shape))


@export("data.experimental.from_variant")
def from_variant(variant, structure):
    """The dataset that a variant tensor is.

    Args:
      variant: the tensor.
      structure: the structure of specs of the elements.
    """
    return Made(variant, structure, name="_VariantDataset")


@export("data.experimental.to_variant")
def to_variant(dataset):
    """The variant tensor that a dataset is."""
    return dataset._variant_tensor
