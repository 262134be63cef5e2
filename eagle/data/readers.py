"""Datasets of files: `tf.data.TextLineDataset`, `TFRecordDataset`, `FixedLengthRecordDataset`."""

from ..core import dtypes
from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export, public
from ..core.tensor_spec import TensorSpec
from . import specs
from .dataset import DatasetV2, Made
from .dataset_v1 import DatasetV1Adapter
from .functions import DatasetFunction
from .nested import DatasetSpec

_BUFFER = 256 * 1024
_STRING = TensorSpec([], dtypes.string)


def optional_tensor(name, value, default=0, dtype=dtypes.int64):
    """An argument, or what it is by default, as a tensor."""
    return convert(default if value is None else value, dtype, name)


def filenames_dataset(filenames):
    """The dataset of some names: one, a list or a tensor of them, or a dataset, whose elements are checked.

    Raises:
      TypeError: they are no strings.
    """
    if isinstance(filenames, DatasetV2):
        if specs.get_output_types(filenames) != dtypes.string:
            raise TypeError("`filenames` must be a `tf.data.Dataset` of `tf.string` elements.")
        if not specs.get_output_shapes(filenames).is_compatible_with([]):
            raise TypeError("`filenames` must be a `tf.data.Dataset` of scalar `tf.string` elements.")
        return filenames
    names = convert(filenames, dtypes.string)
    return DatasetV2.from_tensor_slices(public.reshape(names, [-1], name="flat_filenames"))


def parallel_interleave(dataset, map_func, cycle_length, block_length, sloppy, buffer_output_elements, prefetch_input_elements):
    """The dataset that `tf.data.experimental.parallel_interleave` makes."""
    function = DatasetFunction(map_func, "tf.data.experimental.parallel_interleave()", dataset.element_spec)
    if not isinstance(function.output_spec, DatasetSpec):
        raise TypeError("`map_func` must return a `Dataset` object.")
    spec = function.output_spec._element_spec
    variant = registry["ParallelInterleaveDataset"](
        dataset._variant_tensor, function.captured,
        convert(cycle_length, dtypes.int64, "cycle_length"),
        convert(block_length, dtypes.int64, "block_length"),
        convert(sloppy, dtypes.bool_, "sloppy"),
        optional_tensor("buffer_output_elements", buffer_output_elements, 2 * block_length),
        optional_tensor("prefetch_input_elements", prefetch_input_elements, 2 * cycle_length),
        f=function.concrete, **specs.flat_attrs(spec),
    )  # fmt: skip
    return Made(variant, spec, (dataset,), (function,), "ParallelInterleaveDataset")


class _Reader(DatasetV2):
    """A dataset of what files hold.

    Args:
      filenames: as of `filenames_dataset`.
      num_parallel_reads: how many files are read at a time.

    A class says by `_of_file` what one file gives.
    """

    element_spec = _STRING

    def __init__(self, filenames, num_parallel_reads):
        filenames = filenames_dataset(filenames)
        self._filenames = filenames

        def read_one_file(filename):
            return self._of_file(convert(filename, dtypes.string, "filename"))

        if num_parallel_reads is None:
            self._impl = filenames.flat_map(read_one_file)
        else:
            self._impl = parallel_interleave(filenames, read_one_file, num_parallel_reads, 1, False, None, None)
        super().__init__(self._impl._variant_tensor)

    def _of_file(self, filename):
        raise NotImplementedError

    def _inputs(self):
        return []

    def _functions(self):
        return self._impl._functions()


def _one(kind, *inputs):
    return Made(registry[kind](*inputs), _STRING, name="_" + kind)


@export("compat.v2.data.TextLineDataset", "python.data.ops.readers.TextLineDatasetV2")
class TextLineDatasetV2(_Reader):
    """A dataset of the lines of text files.

    Args:
      filenames: a name, a list or tensor of names, or a dataset of names.
      compression_type: `""`, `"ZLIB"` or `"GZIP"`.
      buffer_size: how many bytes are read at once.
      num_parallel_reads: how many files are read at a time, in turn; by default one after the other.
    """

    _kind = "TextLineDataset"

    def __init__(self, filenames, compression_type=None, buffer_size=None, num_parallel_reads=None):
        self._compression_type, self._buffer_size = compression_type, buffer_size
        self._num_parallel_reads = num_parallel_reads
        super().__init__(filenames, num_parallel_reads)

    def _of_file(self, filename):
        compression = optional_tensor("compression_type", self._compression_type, "", dtypes.string)
        return _one(self._kind, filename, compression, optional_tensor("buffer_size", self._buffer_size, _BUFFER))


@export("compat.v2.data.TFRecordDataset", "python.data.ops.readers.TFRecordDatasetV2")
class TFRecordDatasetV2(TextLineDatasetV2):
    """A dataset of the records of record files.

    Args:
      filenames: a name, a list or tensor of names, or a dataset of names.
      compression_type: `""`, `"ZLIB"` or `"GZIP"`.
      buffer_size: how many bytes are read at once.
      num_parallel_reads: how many files are read at a time, in turn; by default one after the other.

    Raises:
      TypeError: the names are no strings.
    """

    _kind = "TFRecordDataset"

    def _inputs(self):
        return self._impl._inputs()

    def _clone(self, filenames=None, compression_type=None, buffer_size=None, num_parallel_reads=None):
        return type(self)(
            filenames or self._filenames, compression_type or self._compression_type, buffer_size or self._buffer_size,
            num_parallel_reads or self._num_parallel_reads,
        )  # fmt: skip


@export("compat.v2.data.FixedLengthRecordDataset", "python.data.ops.readers.FixedLengthRecordDatasetV2")
class FixedLengthRecordDatasetV2(_Reader):
    """A dataset of the parts of equal length of files.

    Args:
      filenames: a name, a list or tensor of names, or a dataset of names.
      record_bytes: the length.
      header_bytes: how many bytes at the beginning of a file to leave out.
      footer_bytes: how many bytes at its end to leave out.
      buffer_size: how many bytes are read at once.
      compression_type: `""`, `"ZLIB"` or `"GZIP"`.
      num_parallel_reads: how many files are read at a time, in turn; by default one after the other.
    """

    def __init__(self, filenames, record_bytes, header_bytes=None, footer_bytes=None, buffer_size=None, compression_type=None,
                 num_parallel_reads=None):  # fmt: skip
        self._arguments = record_bytes, header_bytes, footer_bytes, buffer_size, compression_type
        super().__init__(filenames, num_parallel_reads)

    def _of_file(self, filename):
        record_bytes, header_bytes, footer_bytes, buffer_size, compression_type = self._arguments
        length = convert(record_bytes, dtypes.int64, "record_bytes")
        header, footer = optional_tensor("header_bytes", header_bytes), optional_tensor("footer_bytes", footer_bytes)
        size = optional_tensor("buffer_size", buffer_size, _BUFFER)
        compression = optional_tensor("compression_type", compression_type, "", dtypes.string)
        return _one("FixedLengthRecordDatasetV2", filename, header, length, footer, size, compression)


class _V1(DatasetV1Adapter):
    @property
    def _filenames(self):
        return self._dataset._filenames

    @_filenames.setter
    def _filenames(self, value):
        self._dataset._filenames = value


@export("data.TextLineDataset", "python.data.ops.readers.TextLineDataset", "python.data.ops.readers.TextLineDatasetV1")
class TextLineDatasetV1(_V1):
    __doc__ = TextLineDatasetV2.__doc__

    def __init__(self, filenames, compression_type=None, buffer_size=None, num_parallel_reads=None):
        super().__init__(TextLineDatasetV2(filenames, compression_type, buffer_size, num_parallel_reads))


@export("data.TFRecordDataset", "python.data.ops.readers.TFRecordDataset", "python.data.ops.readers.TFRecordDatasetV1")
class TFRecordDatasetV1(_V1):
    __doc__ = TFRecordDatasetV2.__doc__

    def __init__(self, filenames, compression_type=None, buffer_size=None, num_parallel_reads=None):
        super().__init__(TFRecordDatasetV2(filenames, compression_type, buffer_size, num_parallel_reads))

    def _clone(self, filenames=None, compression_type=None, buffer_size=None, num_parallel_reads=None):
        d = self._dataset
        return type(self)(
            filenames or d._filenames, compression_type or d._compression_type, buffer_size or d._buffer_size,
            num_parallel_reads or d._num_parallel_reads,
        )  # fmt: skip


@export("data.FixedLengthRecordDataset", "python.data.ops.readers.FixedLengthRecordDataset",
        "python.data.ops.readers.FixedLengthRecordDatasetV1")  # fmt: skip
class FixedLengthRecordDatasetV1(_V1):
    __doc__ = FixedLengthRecordDatasetV2.__doc__

    def __init__(self, filenames, record_bytes, header_bytes=None, footer_bytes=None, buffer_size=None, compression_type=None,
                 num_parallel_reads=None):  # fmt: skip
        super().__init__(
            FixedLengthRecordDatasetV2(
                filenames, record_bytes, header_bytes, footer_bytes, buffer_size, compression_type, num_parallel_reads
            )
        )
