"""`tf.data.Dataset`: sources, transformations, and how they become operations."""

from ..core import dtypes
from ..core.context import here
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export, public
from ..core.graph import get_default_graph
from ..core.scopes import name_scope
from ..core.tensor_spec import TensorSpec
from ..core.trackable import Trackable
from . import specs
from .functions import DatasetFunction, uses_ref_variables, warn_of_refs
from .generator import generator_functions
from .nested import DatasetSpec, Nested
from .options import AutotuneAlgorithm, Options
from .specs import flat_attrs
from .structures import flatten, map_structure, pack_sequence_as
from .transforming import Transforming


@export("compat.v2.data.Dataset", "python.data.ops.dataset_ops.DatasetV2")
class DatasetV2(Transforming, Trackable):
    """A pipeline of elements: a source and transformations of it.

    Args:
      variant_tensor: the tensor of type variant that is the dataset.
    """

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
                dataset = dataset._like("MaxIntraOpParallelismDataset", count)
            if threading.private_threadpool_size is not None:
                count = convert(threading.private_threadpool_size, dtypes.int64, "num_threads")
                dataset = dataset._like("PrivateThreadPoolDataset", count)
        rewrites = options._static_optimizations()
        if rewrites and self._has_captured_ref():
            warn_of_refs(rewrites)
        elif rewrites:
            names = convert(rewrites, dtypes.string, "optimizations")
            dataset = dataset._like("OptimizeDataset", names, optimization_configs=tuple(options._static_optimization_configs()))
        optimization = options.experimental_optimization
        if optimization is None or optimization.autotune is not False:
            algorithm = optimization and optimization.autotune_algorithm or 0
            algorithm = algorithm.value if isinstance(algorithm, AutotuneAlgorithm) else algorithm
            budget = optimization and optimization.autotune_cpu_budget or 0
            dataset = dataset._like("ModelDataset", algorithm=algorithm, cpu_budget=budget)
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
        element = specs.normalize(map_structure(_joined, tensors))
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
        element = specs.normalize(map_structure(_joined, tensors))
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


DatasetV2._made = Made


def _joined(component):
    """A list (or lists in a list) of datasets with like elements as one tensor of datasets; everything else as it is."""
    if not isinstance(component, list) or not component:
        return component
    parts = [_joined(c) for c in component]
    if not all(isinstance(p, DatasetV2 | Nested) for p in parts):
        return component
    first, *others = [specs.spec_of(p) for p in parts]
    if any(other != first for other in others):
        return component
    return Nested(registry["Pack"]([p._variant_tensor for p in parts]), first._batch(len(parts)))


def _source(kind, spec, *inputs, **attrs):
    """A dataset made by an operation without datasets as inputs."""
    if not attrs:
        attrs = flat_attrs(spec)
    return Made(registry[kind](*inputs, **attrs), spec, name=kind)


# --------------------------------------------------------------------------------------------------- datasets as elements

DatasetSpec.value_type = DatasetV2


class _DatasetKind(specs.Kind):
    def flat(self, spec):
        return [TensorSpec(spec._dataset_shape, dtypes.variant)]

    def encode(self, spec, value):
        return [value._variant_tensor]

    def decode(self, spec, tensors):
        if spec._dataset_shape.ndims == 0:
            return Made(tensors[0], spec._element_spec, name="_VariantDataset")
        return Nested(tensors[0], spec)

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
