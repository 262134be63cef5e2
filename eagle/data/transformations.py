"""Transformations for `Dataset.apply`: `tf.data.experimental` and `tf.contrib.data`."""

from ..core import dtypes
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export, public
from ..core.scopes import name_scope
from ..core.shape import as_shape
from ..core.sparse_tensor import SparseTensorSpec
from ..core.static_values import constant_value
from ..core.tensor_spec import TensorSpec
from . import readers, specs
from .dataset import DatasetV2, Made
from .dataset_v1 import DatasetV1Adapter
from .functions import DatasetFunction
from .reducing import fixed_point
from .seeds import get_seed
from .specs import flat_attrs
from .structures import flatten, map_structure, map_structure_up_to
from .transforming import check_predicate


def _both(name):
    """Exports a function as `tf.data.experimental`'s and `tf.contrib.data`'s."""
    return export("data.experimental." + name, "contrib.data." + name)


# -------------------------------------------------------------------------------------------------------------- batches


@export("data.experimental.map_and_batch", "data.experimental.map_and_batch_with_legacy_function", "contrib.data.map_and_batch")
def map_and_batch(map_func, batch_size, num_parallel_batches=None, drop_remainder=False, num_parallel_calls=None):
    """A map and a `batch` in one, with several calls of the function at a time.

    Args:
      map_func: a function of the components of an element.
      batch_size: how many results make a batch.
      num_parallel_batches: how many batches may be under way; not together with `num_parallel_calls`.
      drop_remainder: whether a last batch that is smaller is left out.
      num_parallel_calls: how many calls may run at a time.

    Raises:
      ValueError: both numbers are given.
    """
    if num_parallel_batches is not None and num_parallel_calls is not None:
        raise ValueError("The `num_parallel_batches` and `num_parallel_calls` arguments are mutually exclusive.")
    if num_parallel_calls is None:
        num_parallel_calls = batch_size if num_parallel_batches is None else batch_size * num_parallel_batches

    def apply(dataset):
        function = DatasetFunction(map_func, "tf.data.experimental.map_and_batch()", dataset.element_spec)
        size = convert(batch_size, dtypes.int64, "batch_size")
        calls = convert(num_parallel_calls, dtypes.int64, "num_parallel_calls")
        drops = convert(drop_remainder, dtypes.bool_, "drop_remainder")
        count = constant_value(size) if constant_value(drops) else None
        spec = specs.batched(function.output_spec, None if count is None else int(count))
        variant = registry["MapAndBatchDataset"](
            dataset._variant_tensor, function.captured, size, calls, drops, f=function.concrete, preserve_cardinality=True,
            **flat_attrs(spec),
        )  # fmt: skip
        return Made(variant, spec, (dataset,), (function,), "_MapAndBatchDataset")

    return apply


@_both("unbatch")
def unbatch():
    """The slices of the elements along their first dimension."""
    return lambda dataset: dataset.unbatch()


@export("contrib.data.batch_and_drop_remainder")
def batch_and_drop_remainder(batch_size):
    """`batch` without a last batch that is smaller."""
    return lambda dataset: dataset.batch(batch_size, drop_remainder=True)


@export("contrib.data.padded_batch_and_drop_remainder")
def padded_batch_and_drop_remainder(batch_size, padded_shapes, padding_values=None):
    """`padded_batch` without a last batch that is smaller."""
    return lambda dataset: dataset.padded_batch(batch_size, padded_shapes, padding_values, drop_remainder=True)


@_both("dense_to_sparse_batch")
def dense_to_sparse_batch(batch_size, row_shape):
    """Batches of elements of different shapes as sparse tensors.

    Args:
      batch_size: how many elements make a batch.
      row_shape: the shape of a row of the result, at least that of any element; unknown sizes are those of the largest.
    """

    def apply(dataset):
        if not isinstance(dataset.element_spec, TensorSpec):
            raise TypeError(
                "DenseToSparseDataset requires an input whose elements have a single component, whereas the input has %r."
                % (specs.legacy(dataset.element_spec, 0),)
            )
        shape = as_shape(row_shape)
        spec = SparseTensorSpec(specs.TensorShape([None]).concatenate(shape), dataset.element_spec.dtype)
        row = convert([-1 if d is None else d for d in shape.as_list()], dtypes.int64)
        variant = registry["DenseToSparseBatchDataset"](dataset._variant_tensor, batch_size, row, **flat_attrs(spec))
        return Made(variant, spec, (dataset,), name="_DenseToSparseBatchDataset")

    return apply


@export("contrib.data.assert_element_shape")
def assert_element_shape(expected_shapes):
    """Elements that are checked to have shapes, which are then known.

    Args:
      expected_shapes: a structure of shapes.

    Raises:
      InvalidArgumentError: (when run) an element has another shape.
    """

    def apply(dataset):
        have = specs.get_output_shapes(dataset)

        def check(*elements):
            flat = flatten(elements)
            for wanted, found in zip(flatten(expected_shapes), flat):
                shape = as_shape(wanted)
                if shape.ndims is None:
                    continue
                for i, d in enumerate(shape._dims):
                    if d is not None:
                        checked = public.assert_equal(public.shape(found)[i], d, message="Unexpected shape of an element")
                        with public.control_dependencies([checked]):
                            found = public.identity(found)
            return elements if len(elements) > 1 else elements[0]

        checked = dataset.map(check)
        merged = map_structure_up_to(have, lambda a, b: a.merge_with(as_shape(b)), have, expected_shapes)
        spec = specs.from_legacy(specs.get_output_types(dataset), merged, specs.get_output_classes(dataset))
        return Made(checked._variant_tensor, spec, (checked,), name="_RestructuredDataset")

    return apply


@export("contrib.data.sliding_window_batch")
def sliding_window_batch(window_size, stride=None, window_shift=None, window_stride=1):
    """Batches of elements that overlap.

    Args:
      window_size: how many elements make a batch.
      stride: the old name of `window_shift`.
      window_shift: how far it is from batch to batch, by default 1.
      window_stride: how far it is from element to element in a batch.

    Raises:
      ValueError: `stride` and `window_shift` are both given.
    """
    if stride is not None and window_shift is not None:
        raise ValueError("Cannot specify both `stride` and `window_shift`")
    shift = 1 if stride is None and window_shift is None else stride if window_shift is None else window_shift

    def apply(dataset):
        size = convert(window_size, dtypes.int64, "window_stride")  # TensorFlow names it so too
        step = convert(window_stride, dtypes.int64, "window_stride")
        spec = specs.batched(dataset.element_spec, None)
        variant = registry["SlidingWindowDataset"](
            dataset._variant_tensor, size, convert(shift, dtypes.int64, "window_shift"), step, **flat_attrs(spec)
        )
        return Made(variant, spec, (dataset,), name="_SlideDataset")

    return apply


# ----------------------------------------------------------------------------------------------------- order and chance


@_both("shuffle_and_repeat")
def shuffle_and_repeat(buffer_size, count=None, seed=None):
    """A `shuffle` and a `repeat` in one: the buffer holds elements of several epochs, but none before its epoch.

    Args:
      buffer_size: how many elements are held back, among which the next is chosen.
      count: how many epochs; None or -1 means without end.
      seed: the seed of the order.
    """

    def apply(dataset):
        size = convert(buffer_size, dtypes.int64, "buffer_size")
        epochs = convert(-1 if count is None else count, dtypes.int64, "count")
        seeds = get_seed(seed)
        return dataset._like("ShuffleAndRepeatDataset", size, *seeds, epochs)

    return apply


@_both("enumerate_dataset")
def enumerate_dataset(start=0):
    """Pairs of a number and an element."""
    return lambda dataset: dataset.enumerate(start)


@_both("ignore_errors")
def ignore_errors():
    """The elements that did not fail."""
    return lambda dataset: dataset._like("IgnoreErrorsDataset")


@_both("unique")
def unique():
    """The elements, scalars of type int32, int64 or string, each once.

    Raises:
      TypeError: (when applied) they have another type.
    """

    def apply(dataset):
        if specs.get_output_types(dataset) not in (dtypes.int32, dtypes.int64, dtypes.string):
            raise TypeError(
                "`tf.data.experimental.unique()` only supports inputs with a single `tf.int32`, `tf.int64`, or `tf.string` "
                "component."
            )
        return dataset._like("UniqueDataset")

    return apply


@export("data.experimental.take_while")
def take_while(predicate):
    """The elements up to the first for which a function is false.

    Args:
      predicate: a function of the components of an element that gives a scalar of type bool.
    """

    def apply(dataset):
        function = DatasetFunction(predicate, "tf.data.experimental.take_while()", dataset.element_spec)
        check_predicate(function, "`predicate`")
        spec = dataset.element_spec
        variant = registry["TakeWhileDataset"](
            dataset._variant_tensor, function.captured, predicate=function.concrete, **flat_attrs(spec)
        )
        return Made(variant, spec, (dataset,), (function,), "_TakeWhileDataset")

    return apply


@_both("scan")
def scan(initial_state, scan_func):
    """What a function makes of a state and each element.

    Args:
      initial_state: the state to begin with, a structure of tensors.
      scan_func: a function of the state and an element that gives the next state and an element.

    Raises:
      TypeError: (when applied) it gives something else, or a state of other types.
    """

    def apply(dataset):
        initial = specs.normalize(initial_state)

        def state_of(spec):
            if not (isinstance(spec, tuple | list) and len(spec) == 2):
                raise TypeError("The scan function must return a pair comprising the new state and the output value.")
            return spec[0]

        state_spec, function = fixed_point(initial, scan_func, "tf.data.experimental.scan()", dataset.element_spec, state_of)
        spec = function.output_spec[1]
        variant = registry["ScanDataset"](
            dataset._variant_tensor, specs.to_tensors(state_spec, initial), function.captured, f=function.concrete,
            preserve_cardinality=True, **flat_attrs(spec),
        )  # fmt: skip
        return Made(variant, spec, (dataset,), (function,), "_ScanDataset")

    return apply


@export("compat.v2.data.experimental.Counter")
def counter(start=0, step=1, dtype=dtypes.int64):
    """A dataset of numbers without end.

    Args:
      start: the first number.
      step: what is added from number to number.
      dtype: their type.
    """
    with name_scope("counter"):
        start = convert(start, dtypes.as_dtype(dtype), "start")
        step = convert(step, dtypes.as_dtype(dtype), "step")
        return DatasetV2.from_tensors(0).repeat(None).apply(scan(start, lambda state, _: (state + step, state)))


@_both("Counter")
def counter_v1(start=0, step=1, dtype=dtypes.int64):
    """A dataset of numbers without end; see `tf.compat.v2.data.experimental.Counter`."""
    return DatasetV1Adapter(counter(start, step, dtype))


def _random(seed):
    spec = TensorSpec([], dtypes.int64)
    return Made(registry["RandomDataset"](*get_seed(seed), **flat_attrs(spec)), spec, name="RandomDatasetV2")


@_both("RandomDataset")
class RandomDataset(DatasetV1Adapter):
    """A dataset of random int64 numbers without end.

    Args:
      seed: the seed.
    """

    def __init__(self, seed=None):
        super().__init__(_random(seed))


# --------------------------------------------------------------------------------------------------------- several inputs


@_both("parallel_interleave")
def parallel_interleave(map_func, cycle_length, block_length=1, sloppy=False, buffer_output_elements=None,
                        prefetch_input_elements=None):  # fmt: skip
    """The elements of the datasets that a function makes of elements, read in advance, several datasets at a time in turn.

    Args:
      map_func: a function of the components of an element that gives a dataset.
      cycle_length: how many datasets at a time.
      block_length: how many elements of each in a row.
      sloppy: whether elements may come in another order; in Eagle they do not.
      buffer_output_elements: how many elements of each dataset are read in advance.
      prefetch_input_elements: how many datasets are made in advance.
    """

    def apply(dataset):
        return readers.parallel_interleave(
            dataset, map_func, cycle_length, block_length, sloppy, buffer_output_elements, prefetch_input_elements
        )

    return apply


@export("contrib.data.sloppy_interleave")
def sloppy_interleave(map_func, cycle_length, block_length=1):
    """`parallel_interleave` that may change the order."""
    return parallel_interleave(map_func, cycle_length, block_length, sloppy=True)


def _directed(selector, datasets):
    """The dataset that takes elements of several as numbers say.

    Raises:
      TypeError: the datasets have other types or classes.
    """
    first = datasets[0]
    for d in datasets[1:]:
        for which, what in ((0, "types"), (2, "classes")):
            if specs.legacy(d.element_spec, which) != specs.legacy(first.element_spec, which):
                raise TypeError("All elements of the input datasets must have the same type (%s)." % what)
    shapes = specs.legacy(first.element_spec, 1)
    for d in datasets[1:]:
        shapes = map_structure(lambda a, b: a.most_specific_compatible_shape(b), shapes, specs.legacy(d.element_spec, 1))
    spec = specs.from_legacy(specs.legacy(first.element_spec, 0), shapes, specs.legacy(first.element_spec, 2))
    variant = registry["DirectedInterleaveDataset"](
        selector._variant_tensor, [d._variant_tensor for d in datasets], **flat_attrs(spec)
    )
    return Made(variant, spec, [selector, *datasets], name="_DirectedInterleaveDataset")


@export("compat.v2.data.experimental.sample_from_datasets")
def sample_from_datasets(datasets, weights=None, seed=None):
    """Elements of several datasets, of which chance chooses.

    Args:
      datasets: a list of datasets.
      weights: how probable each is: a vector of floats, or a dataset of such vectors; by default all are equally probable.
      seed: the seed.

    Raises:
      TypeError: the weights are no floats.
      ValueError: there are fewer or more weights than datasets.
    """
    if isinstance(weights, DatasetV2):
        logits = weights.map(lambda *p: public.log(p, name="logits"))
        both = DatasetV2.zip((logits, _random(seed).batch(2)))
        return _directed(without_parallelism(both, lambda logits, seed: _drawn(logits, seed)), datasets)
    if weights is None:
        logits = [[1.0] * len(datasets)]
    else:
        weights = convert(weights, None, "weights")
        if weights.dtype not in (dtypes.float32, dtypes.float64):
            raise TypeError("`weights` must be convertible to a tensor of `tf.float32` or `tf.float64` elements.")
        if not weights.shape.is_compatible_with([len(datasets)]):
            raise ValueError("`weights` must be a vector of length `len(datasets)`.")
        logits = public.expand_dims(public.log(weights, name="logits"), 0)
    if len(datasets) == 1:
        return datasets[0]
    return _directed(without_parallelism(_random(seed).batch(2), lambda seed: _drawn(logits, seed)), datasets)


def _drawn(logits, seed):
    return public.squeeze(registry["StatelessMultinomial"](logits, 1, seed), axis=[0, 1])


def without_parallelism(dataset, map_func):
    """A map whose calls run one after the other."""
    function = DatasetFunction(map_func, "Dataset.map()", dataset.element_spec)
    variant = registry["MapDataset"](
        dataset._variant_tensor, function.captured, f=function.concrete, use_inter_op_parallelism=False,
        **flat_attrs(function.output_spec),
    )  # fmt: skip
    return Made(variant, function.output_spec, (dataset,), (function,), "MapDataset")


@_both("sample_from_datasets")
def sample_from_datasets_v1(datasets, weights=None, seed=None):
    """Elements of several datasets, of which chance chooses; see `tf.compat.v2.data.experimental.sample_from_datasets`."""
    return DatasetV1Adapter(sample_from_datasets(datasets, weights, seed))


@export("compat.v2.data.experimental.choose_from_datasets")
def choose_from_datasets(datasets, choice_dataset):
    """Elements of several datasets, as the numbers of another dataset say.

    Args:
      datasets: a list of datasets.
      choice_dataset: a dataset of int64 scalars.

    Raises:
      TypeError: it has other elements.
    """
    if not specs.compatible(choice_dataset.element_spec, TensorSpec([], dtypes.int64)):
        raise TypeError("`choice_dataset` must be a dataset of scalar `tf.int64` tensors.")
    return _directed(choice_dataset, datasets)


@_both("choose_from_datasets")
def choose_from_datasets_v1(datasets, choice_dataset):
    """Elements of several datasets, as numbers say; see `tf.compat.v2.data.experimental.choose_from_datasets`."""
    return DatasetV1Adapter(choose_from_datasets(datasets, choice_dataset))


# --------------------------------------------------------------------------------------------------------------- values


@_both("get_single_element")
def get_single_element(dataset):
    """The one element of a dataset, as tensors.

    Raises:
      TypeError: `dataset` is none.
      InvalidArgumentError: (when run) there is none, or more than one.
    """
    if not isinstance(dataset, DatasetV2):
        raise TypeError("`dataset` must be a `tf.data.Dataset` object.")
    flat = registry["DatasetToSingleElement"](dataset._variant_tensor, **flat_attrs(dataset.element_spec))
    return specs.from_tensors(dataset.element_spec, flat)


export("data.experimental.INFINITE_CARDINALITY")(-1)
export("data.experimental.UNKNOWN_CARDINALITY")(-2)


@export("data.experimental.cardinality")
def cardinality(dataset):
    """The number of elements as an int64 scalar: `INFINITE_CARDINALITY` or `UNKNOWN_CARDINALITY` if it is none."""
    return registry["DatasetCardinality"](dataset._variant_tensor)


@_both("prefetch_to_device")
def prefetch_to_device(device, buffer_size=None):
    """Gets elements in advance, to be used on a device.

    Args:
      device: the device; values live in the memory of the processor until a program uses them there.
      buffer_size: how many elements.
    """
    device_checked(device)
    return lambda dataset: dataset.prefetch(buffer_size)


@_both("copy_to_device")
def copy_to_device(target_device, source_device="/cpu:0"):
    """The elements, to be used on a device.

    Args:
      target_device: the device; values live in the memory of the processor until a program uses them there.
      source_device: where they come from.
    """
    device_checked(target_device)
    device_checked(source_device)
    return lambda dataset: dataset._like("ModelDataset")


def device_checked(name):
    """Raises ValueError unless a name is that of a device."""
    public.DeviceSpec.from_string(name)


@_both("TFRecordWriter")
class TFRecordWriter:
    """Writes datasets of strings to record files.

    Args:
      filename: the file.
      compression_type: `""`, `"ZLIB"` or `"GZIP"`.
    """

    def __init__(self, filename, compression_type=None):
        self._filename = convert(filename, dtypes.string, "filename")
        self._compression_type = readers.optional_tensor("compression_type", compression_type, "", dtypes.string)

    def write(self, dataset):
        """An operation that writes a dataset.

        Raises:
          TypeError: it is none, or its elements are no scalars of type string.
        """
        if not isinstance(dataset, DatasetV2):
            raise TypeError("`dataset` must be a `tf.data.Dataset` object.")
        if not specs.compatible(dataset.element_spec, TensorSpec([], dtypes.string)):
            raise TypeError(
                "`dataset` must produce scalar `DT_STRING` tensors whereas it produces shape %s and types %s"
                % (specs.get_output_shapes(dataset), specs.get_output_types(dataset))
            )
        return registry["DatasetToTFRecord"](dataset._variant_tensor, self._filename, self._compression_type)
