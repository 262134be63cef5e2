"""`tf.python_io`: record files, written and read by programs without a graph."""

from ..core import compat, errors
from ..core.export import export
from .records import RecordReader, RecordWriter


@export("io.TFRecordCompressionType", "python_io.TFRecordCompressionType", "python.lib.io.tf_record.TFRecordCompressionType")
class TFRecordCompressionType:
    """How a file of records is compressed."""

    NONE = 0
    ZLIB = 1
    GZIP = 2


@export("io.TFRecordOptions", "python_io.TFRecordOptions", "python.lib.io.tf_record.TFRecordOptions")
class TFRecordOptions:
    """How a file of records is written.

    Args:
      compression_type: `"GZIP"`, `"ZLIB"`, `""` for none, or one of `TFRecordCompressionType`.
      flush_mode: how zlib flushes whenever its input has filled `input_buffer_size`.
      input_buffer_size, output_buffer_size: sizes of buffers, in bytes.
      window_bits, compression_level, compression_method, mem_level, compression_strategy: as in zlib.

    Raises:
      ValueError: the compression type is unknown.
    """

    compression_type_map = {
        TFRecordCompressionType.ZLIB: "ZLIB",
        TFRecordCompressionType.GZIP: "GZIP",
        TFRecordCompressionType.NONE: "",
    }

    def __init__(self, compression_type=None, flush_mode=None, input_buffer_size=None, output_buffer_size=None, window_bits=None,
                 compression_level=None, compression_method=None, mem_level=None, compression_strategy=None):  # fmt: skip
        self.get_compression_type_string(compression_type)
        self.compression_type = compression_type
        self.flush_mode = flush_mode
        self.input_buffer_size, self.output_buffer_size = input_buffer_size, output_buffer_size
        self.window_bits, self.compression_level = window_bits, compression_level
        self.compression_method, self.mem_level, self.compression_strategy = compression_method, mem_level, compression_strategy

    @classmethod
    def get_compression_type_string(cls, options):
        """The compression as text: `"ZLIB"`, `"GZIP"` or `""`.

        Args:
          options: a `TFRecordOptions`, one of `TFRecordCompressionType`, or text.

        Raises:
          ValueError: it is none of these.
        """
        if not options:
            return ""
        if isinstance(options, TFRecordOptions):
            return cls.get_compression_type_string(options.compression_type)
        if options in cls.compression_type_map:
            return cls.compression_type_map[options]
        if options in cls.compression_type_map.values():
            return options
        raise ValueError('Not a valid compression_type: "%s"' % (options,))

    def writer_options(self):
        """The keywords for a `RecordWriter`."""
        given = {
            "flush_mode": self.flush_mode, "input_size": self.input_buffer_size, "bits": self.window_bits,
            "level": self.compression_level, "method": self.compression_method, "memory": self.mem_level,
            "strategy": self.compression_strategy,
        }  # fmt: skip
        return {k: v for k, v in given.items() if v is not None}


@export("io.TFRecordWriter", "python_io.TFRecordWriter", "python.lib.io.tf_record.TFRecordWriter")
class TFRecordWriter:
    """Writes a file of records.  It can be used in a `with` statement, which closes the file.

    Args:
      path: the path of the file; what it held is lost.
      options: a `TFRecordOptions`, one of `TFRecordCompressionType`, or a compression as text.

    Raises:
      NotFoundError, PermissionDeniedError, ...: the file can't be written.
      ValueError, InvalidArgumentError: the options are not valid.
    """

    def __init__(self, path, options=None):
        if not isinstance(options, TFRecordOptions):
            options = TFRecordOptions(options)
        compression = TFRecordOptions.get_compression_type_string(options)
        self._writer = RecordWriter(compat.path_to_str(path), compression, **options.writer_options())

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close()

    def _checked(self):
        if self._writer is None:
            raise errors.FailedPreconditionError(None, None, "Writer not initialized or previously closed")
        return self._writer

    def write(self, record):
        """Writes a record.

        Args:
          record: its bytes.

        Raises:
          TypeError: `record` is not bytes.
          FailedPreconditionError: the file is closed.
        """
        if record is None:
            record = b""
        if not isinstance(record, bytes):
            raise TypeError("expected bytes, %s found" % type(record).__name__)
        self._checked().write(record)

    def flush(self):
        """Writes what is still held back to the file; raises FailedPreconditionError if it is closed."""
        self._checked().flush()

    def close(self):
        """Closes the file."""
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.close()


@export("io.tf_record_iterator", "python_io.tf_record_iterator", "python.lib.io.tf_record.tf_record_iterator")
def tf_record_iterator(path, options=None):
    """A generator of the records of a file.

    Args:
      path: the path of the file.
      options: a `TFRecordOptions`, one of `TFRecordCompressionType`, or a compression as text.

    Yields:
      The bytes of each record.

    Raises:
      NotFoundError, ...: the file can't be read.
      DataLossError: it is damaged.
    """
    reader = RecordReader(compat.as_text(compat.path_to_str(path)), TFRecordOptions.get_compression_type_string(options))
    try:
        yield from reader
    finally:
        reader.close()
