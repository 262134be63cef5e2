"""Event files: records, each a serialized `Event`, which TensorBoard follows."""

import os
import queue
import socket
import threading
import time

from .. import protos
from ..core import compat
from ..core.errors import DataLossError
from ..core.export import export
from ..platform import gfile
from ..platform.tf_record import TFRecordWriter, tf_record_iterator

_VERSION = "brain.Event:2"


@export("pywrap_tensorflow.EventsWriter", "python.pywrap_tensorflow.EventsWriter")
class EventsWriter:
    """Writes events to a file, which is there from the first event on.

    Args:
      file_prefix: what the file's name begins with; time and host follow.
    """

    def __init__(self, file_prefix):
        self._prefix, self._suffix = compat.as_text(file_prefix), ""
        self._path = self._records = None
        self._pending = 0

    def InitWithSuffix(self, suffix):
        """Makes the file, whose name ends with `suffix`; returns whether that worked."""
        self._suffix = compat.as_text(suffix)
        return self._ready()

    def Init(self):
        """Makes the file; returns whether that worked."""
        return self.InitWithSuffix("")

    def _ready(self):
        """Makes the file if there is none (any more)."""
        if self._records is not None and os.path.exists(self._path):
            return True
        seconds = int(time.time())
        self._path = "%s.out.tfevents.%010d.%s%s" % (self._prefix, seconds, socket.gethostname(), self._suffix)
        self._records = TFRecordWriter(self._path)
        self._pending = 0
        self.WriteEvent(protos.Event(wall_time=seconds, file_version=_VERSION))
        return self.Flush()

    def FileName(self):
        """The path of the file, as bytes."""
        if self._path is None:
            self._ready()
        return self._path.encode()

    def WriteEvent(self, event):
        """Writes an `Event`."""
        self._write_serialized(event.SerializeToString())

    def _write_serialized(self, text):
        if self._records is None:
            self._ready()
        self._pending += 1
        self._records.write(text)

    _WriteSerializedEvent = _write_serialized

    def Flush(self):
        """Writes what is still held back; returns whether the file is there."""
        if not self._pending:
            return True
        self._records.flush()
        self._pending = 0
        return os.path.exists(self._path)

    def Close(self):
        """Closes the file; what is written afterwards goes to a new one."""
        good = self.Flush()
        if self._records is not None:
            self._records.close()
            self._records = None
        return good


@export("python.summary.writer.event_file_writer.EventFileWriter")
class EventFileWriter:
    """Writes events to a file in a folder; a thread of its own does so.

    Args:
      logdir: the folder; it is made if need be.
      max_queue: how many events may wait to be written.
      flush_secs: after how many seconds the file is flushed.
      filename_suffix: how the file's name ends.
    """

    def __init__(self, logdir, max_queue=10, flush_secs=120, filename_suffix=None):
        self._logdir = str(logdir)
        if not gfile.isdir(self._logdir):
            gfile.makedirs(self._logdir)
        self._event_queue = queue.Queue(max_queue)
        self._ev_writer = EventsWriter(os.path.join(self._logdir, "events"))
        self._flush_secs = flush_secs
        if filename_suffix:
            self._ev_writer.InitWithSuffix(filename_suffix)
        self._start()

    def _start(self):
        self._closed = False
        self._worker = _Worker(self._event_queue, self._ev_writer, self._flush_secs)
        self._worker.start()

    def get_logdir(self):
        """The folder."""
        return self._logdir

    def reopen(self):
        """Lets events be written again after `close`, to a new file."""
        if self._closed:
            self._start()

    def add_event(self, event):
        """Adds an `Event`; does nothing after `close`."""
        if not self._closed:
            self._event_queue.put(event)

    def flush(self):
        """Waits until all events are in the file."""
        self._event_queue.join()
        self._ev_writer.Flush()

    def close(self):
        """Writes what is left and closes the file."""
        self.add_event(None)
        self.flush()
        self._worker.join()
        self._ev_writer.Close()
        self._closed = True


class _Worker(threading.Thread):
    """Writes the events of a queue until a None comes."""

    def __init__(self, events, writer, flush_secs):
        super().__init__(daemon=True)
        self._events, self._writer, self._flush_secs = events, writer, flush_secs
        self._next_flush = 0

    def run(self):
        while True:
            event = self._events.get()
            try:
                if event is None:
                    return
                self._writer.WriteEvent(event)
                if time.time() > self._next_flush:
                    self._writer.Flush()
                    self._next_flush = time.time() + self._flush_secs
            finally:
                self._events.task_done()


@export("train.summary_iterator", "python.summary.summary_iterator.summary_iterator")
def summary_iterator(path):
    """A generator of the `Event`s of a file; raises as `tf.python_io.tf_record_iterator`, DataLossError also for other records."""
    from google.protobuf.message import DecodeError

    for record in tf_record_iterator(path):
        try:
            yield protos.Event.FromString(record)
        except DecodeError:
            raise DataLossError(None, None, "A record of %s is no Event" % (path,)) from None
