"""Readers of files whose names come from a queue: `tf.TextLineReader`, `tf.TFRecordReader` and their kin."""

from ..core import dtypes
from ..core.context import here
from ..core.dispatch import registry
from ..core.export import export, resolve
from ..core.tensor import Tensor
from .reader_ops import OPS


@export("ReaderBase")
class ReaderBase:
    """What readers have in common.

    Args:
      reader_ref: the tensor with the reader's handle.
      supports_serialize: whether its state can be serialized.

    Raises:
      RuntimeError: eagerly.
    """

    def __init__(self, reader_ref, supports_serialize=False):
        if here.eager:
            raise RuntimeError("Readers are not supported when eager execution is enabled. Instead, please use tf.data to get data "
                               "into your model.")  # fmt: skip
        self._reader_ref = reader_ref
        self._supports_serialize = supports_serialize

    reader_ref = property(lambda self: self._reader_ref)
    supports_serialize = property(lambda self: self._supports_serialize)

    @property
    def _is_resource(self):
        return self._reader_ref.dtype == dtypes.resource

    def _op(self, name):
        """The op of this name that fits the handle."""
        return OPS[name + "V2" if self._is_resource else name]

    def _handle_of(self, queue):
        """The handle of a queue, as the reader's ops want it."""
        handle = queue if isinstance(queue, Tensor) else queue.queue_ref
        return handle if self._is_resource else registry["FakeQueue"](handle)

    def read(self, queue, name=None):
        """The next record; waits for the name of a file in a queue if need be.

        Args:
          queue: a queue of strings, or its handle.
          name: the name of the operation.

        Returns:
          A pair of scalar string tensors: key and value.

        Raises:
          OutOfRangeError (when it runs): the queue is closed and empty.
        """
        return self._op("ReaderRead")(self._reader_ref, self._handle_of(queue), name=name)

    def read_up_to(self, queue, num_records, name=None):
        """Several records, fewer at the end of a file.

        Args:
          queue: a queue of strings, or its handle.
          num_records: how many at most, an int64 scalar.
          name: the name of the operation.

        Returns:
          A pair of string vectors: keys and values.

        Raises:
          OutOfRangeError (when it runs): the queue is closed and empty.
        """
        return self._op("ReaderReadUpTo")(self._reader_ref, self._handle_of(queue), num_records, name=name)

    def num_records_produced(self, name=None):
        """How many records were read, an int64 tensor."""
        return self._op("ReaderNumRecordsProduced")(self._reader_ref, name=name)

    def num_work_units_completed(self, name=None):
        """How many files were read to the end, an int64 tensor."""
        return self._op("ReaderNumWorkUnitsCompleted")(self._reader_ref, name=name)

    def serialize_state(self, name=None):
        """The state as a scalar string tensor.

        Raises:
          UnimplementedError (when it runs): the reader does not support it.
        """
        return self._op("ReaderSerializeState")(self._reader_ref, name=name)

    def restore_state(self, state, name=None):
        """An operation that makes the reader go on from a state.

        Args:
          state: what `serialize_state` gave, a scalar string tensor.
          name: the name of the operation.

        Raises:
          UnimplementedError, InvalidArgumentError (when it runs): the reader does not support it, or the state is none.
        """
        return self._op("ReaderRestoreState")(self._reader_ref, state, name=name)

    def reset(self, name=None):
        """An operation that makes the reader begin anew, with another file."""
        return self._op("ReaderReset")(self._reader_ref, name=name)


def _given(**attrs):
    """Attributes without those that are None."""
    return {n: v for n, v in attrs.items() if v is not None}


@export("WholeFileReader")
class WholeFileReader(ReaderBase):
    """Reads whole files: keys are their names, values what they hold.

    Args:
      name: the name of the operation.
    """

    def __init__(self, name=None):
        super().__init__(registry["WholeFileReaderV2"](name=name), supports_serialize=True)


@export("IdentityReader")
class IdentityReader(ReaderBase):
    """Gives what the queue holds as keys and values.

    Args:
      name: the name of the operation.
    """

    def __init__(self, name=None):
        super().__init__(registry["IdentityReaderV2"](name=name), supports_serialize=True)


@export("TextLineReader")
class TextLineReader(ReaderBase):
    """Reads the lines of text files, without what ends them.

    Args:
      skip_header_lines: how many lines to leave out at the beginning of each file.
      name: the name of the operation.
    """

    def __init__(self, skip_header_lines=None, name=None):
        super().__init__(registry["TextLineReaderV2"](name=name, **_given(skip_header_lines=skip_header_lines)))


@export("FixedLengthRecordReader")
class FixedLengthRecordReader(ReaderBase):
    """Reads parts of one length.

    Args:
      record_bytes: their length.
      header_bytes, footer_bytes: how many bytes to leave out at the beginning and at the end of each file.
      hop_bytes: how far it is from one record to the next; by default `record_bytes`.
      name: the name of the operation.
      encoding: `"ZLIB"`, `"GZIP"`, or nothing.
    """

    def __init__(self, record_bytes, header_bytes=None, footer_bytes=None, hop_bytes=None, name=None, encoding=None):
        attrs = _given(header_bytes=header_bytes, footer_bytes=footer_bytes, hop_bytes=hop_bytes, encoding=encoding)
        super().__init__(registry["FixedLengthRecordReaderV2"](record_bytes=record_bytes, name=name, **attrs))


@export("TFRecordReader")
class TFRecordReader(ReaderBase):
    """Reads the records of record files.

    Args:
      name: the name of the operation.
      options: a `TFRecordOptions`, for files that are compressed.
    """

    def __init__(self, name=None, options=None):
        compression = "" if options is None else resolve("python_io.TFRecordOptions").get_compression_type_string(options)
        super().__init__(registry["TFRecordReaderV2"](name=name, compression_type=compression))


@export("LMDBReader")
class LMDBReader(ReaderBase):
    """Would read LMDB files, which Eagle can't (when it runs).

    Args:
      name: the name of the operation.
      options: not used by TensorFlow either.
    """

    def __init__(self, name=None, options=None):
        del options
        super().__init__(registry["LMDBReader"](name=name))
